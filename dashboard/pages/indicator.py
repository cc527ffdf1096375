"""The page of one indicator: definition, chart, table, who cited it, revisions, sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html

from config.schema import Indicator
from dashboard import addresses, labels
from dashboard import comparison as compared
from dashboard.cards import Card
from dashboard.comparison import MOST, CompareState
from dashboard.components import cite, kinds, relations, revisions, verdicts
from dashboard.components.claims import (
    article_line,
    automatic_switch,
    by_excerpt,
    caveats,
    excerpt,
    facts,
    reading,
)
from dashboard.components.controls import controls
from dashboard.components.dated import event_list
from dashboard.components.sources import (
    late_notice,
    source_block,
    status_legend,
    unverified_legend,
    with_signs,
)
from dashboard.figures.plot import THEMES
from dashboard.figures.shapes import Look, icon, legend
from dashboard.figures.svg import draw
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, period
from dashboard.page import Page, buttons, section, table
from dashboard.render import markup, wild
from dashboard.state import Notice, ViewState
from dashboard.store import Store
from dashboard.transformed import title_words
from dashboard.view import (
    IndicatorView,
    headline_series,
    indicator_view,
    inside,
    late_sources,
    refusal_notices,
    settled,
    short_article,
)
from db.records import Observation, SeriesKey, StoredClaim


def page(store: Store, view: IndicatorView, notices: Sequence[Notice], t: Translator) -> Page:
    """Everything of one view, in the order in which it is read."""
    indicator, state = view.indicator, view.state
    shown = [o for rows in view.observations.values() for o in rows]
    published = [o for rows in view.made.published.values() for o in rows]
    sources = [key.source for key in view.keys]
    title = indicator.name[t.language]
    if state.asof:
        title = t("{title}, as known on {day}", title=title, day=day(state.asof, t.locale))
    body: list[Any] = [
        html.H1(title),
        _headline(store, view, t),
        _known_on_paper(store, state, t),
        html.P(indicator.definition[t.language], className="lead"),
        html.P([html.Strong(t("What it is not:")), " ", indicator.not_this[t.language]]),
        *_no_official(view, t),
        _measures(view, t),
        *controls(store, view, t),
        section(_heading(view, t), _chart_section(store, view, t), "chart"),
        section(t("Table"), _table(store, view, shown, t), "table"),
        section(t("Who cited this"), _cited(store, view, t), "cited"),
    ]
    counted = kinds.cards(store.catalog, view, store.series(indicator.id), t)
    if counted:
        body.append(section(t("What these series count"), counted, "kinds"))
    revised = _revisions(store, view, t)
    if revised:
        body.append(section(t("Revisions"), revised, "revisions"))
    if sources:
        body.append(section(t("Sources"), source_block(store, published, sources, t), "sources"))
    body.append(section(t("Download and cite"), _download(store, view, t), "download"))
    return Page(
        title=_page_title(view, title, t),
        description=indicator.definition[t.language],
        body=body,
        path=f"indicators/{indicator.id}",
        notices=[*notices, *refusal_notices(store.catalog, view, t)],
        live=True,
        query=state.query(),
        card=Card(indicator.id, state, view.chart.title),
        shared=view.chart.summary.split("\n")[0] if view.keys else "",
    )


def _page_title(view: IndicatorView, title: str, t: Translator) -> str:
    """With what was done to the values, as two views of an indicator are two pages."""
    done = title_words(view.made, view.unit, t)
    return f"{title}: {done}" if done else title


def _heading(view: IndicatorView, t: Translator) -> str:
    """The title of the chart without the name of the indicator, which the page's title has said."""
    return view.title.removeprefix(f"{view.indicator.name[t.language]}: ")


def _headline(store: Store, view: IndicatorView, t: Translator) -> html.P | None:
    """The newest value of the leading series, as known on the day asked for."""
    key = headline_series(store, view.indicator, view.state.asof)
    if key is None and view.indicator.official:
        return html.P(t("No official value is held yet."), className="headline none")
    if key is None:
        return None
    rows = settled(store.observations((key,), view.state.asof))
    if not rows:
        return html.P(_not_then(store, view, key, t), className="headline none")
    latest = rows[-1]
    measure = view.indicator.measures[key.measure]
    unit = store.catalog.units[measure.unit]
    return html.P(
        [
            html.Strong(labels.short_value(latest.value, unit, measure.decimals, t)),
            " ",
            html.Span(
                f"{period(latest.time_period, t.locale)} · "
                f"{labels.series_scope_short(store.catalog, key, t)} · "
                f"{store.catalog.provider_of(key.source).short[t.language]}"
            ),
        ],
        className="headline",
    )


def _known_on_paper(store: Store, state: ViewState, t: Translator) -> html.P | None:
    """The day of what is shown, which a sheet outlives; one that was asked for is in the title."""
    if state.asof:
        return None
    today = day(store.clock().date(), t.locale)
    return html.P(t("As known on {day}.", day=today), className="on-paper")


def _not_then(store: Store, view: IndicatorView, key: SeriesKey, t: Translator) -> list[Any]:
    """That no value was known on the day asked for: of the leading series, or of none at all."""
    name = view.indicator.id
    if not store.has_value(name, view.state.asof):
        text = t("The collection holds no official value as known on that day.")
        return [text, *_earliest(store, view, store.series(name), t)]
    text = t(
        "The collection holds no value of the leading series ({series}) as known on that day.",
        series=f"{labels.series_scope_short(store.catalog, key, t)} · "
        f"{store.catalog.provider_of(key.source).short[t.language]}",
    )
    return [text, *_earliest(store, view, [key], t)]


def _earliest(
    store: Store, view: IndicatorView, keys: Sequence[SeriesKey], t: Translator
) -> list[Any]:
    """The way to the first day on which a value of some series was known."""
    first = store.first_known(keys)
    if first is None:
        return []
    state = replace(view.state, asof=first)
    address = addresses.indicator(t.language, view.indicator.id, state)
    text = t("See the first that it holds, known on {day}.", day=day(first, t.locale))
    return [" ", html.A(text, href=address)]


def _no_official(view: IndicatorView, t: Translator) -> list[Any]:
    if view.indicator.official:
        return []
    text = t("No official series exists for this: the chart shows only what articles state.")
    ledger = html.A(t("All figures without an official series"), href=addresses.ledger(t.language))
    return [html.P([text, " ", ledger], className="notice")]


def _measures(view: IndicatorView, t: Translator) -> html.Nav | None:
    """The measures of the indicator as links: each is a chart of its own, in its own unit."""
    if len(view.indicator.measures) < 2:
        return None
    items = []
    for name, measure in view.indicator.measures.items():
        count = sum(1 for claim in _written(view) if claim.measure == name)
        text: list[Any] = [measure.name[t.language]]
        if count:
            cited = t.n("{n} cited figure", "{n} cited figures", count)
            text.append(html.Span(f" · {cited}", className="count"))
        state = replace(view.state, measure=name, series=(), unit="level", freq=None, claim=None)
        current = wild(aria_current="true" if name == view.measure_id else None)
        address = addresses.indicator(t.language, view.indicator.id, state)
        items.append(html.Li(html.A(text, href=address, **current)))
    return html.Nav(html.Ul(items), className="measures", **wild(aria_label=t("Measure")))


def _chart_section(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    # The drawing says it in a line of its own; here it is said in full, after what it is about.
    late = [late_notice(store, name, t) for name in late_sources(store, view.keys)]
    warnings: list[Any] = []
    if view.left_out:
        text = t.n(
            "{n} more series fits this selection and is not drawn; narrow the selection.",
            "{n} more series fit this selection and are not drawn; narrow the selection.",
            view.left_out,
        )
        warnings.append(html.P(text, className="notice"))
    narrow = replace(view.chart, id=f"{view.chart.id}-narrow")
    slot = html.Div(
        [
            html.Div([markup(draw(view.chart, 900, 400))], className="static wide"),
            html.Div(
                [markup(draw(narrow, 360, 380))],
                className="static narrow",
            ),
            # The drawing names and describes the chart, and its links are the marks.
            markup('<div id="react-entry-point" class="live" aria-hidden="true"></div>'),
        ],
        id="chart-slot",
        className="chart-slot",
        **wild(
            data_themes=json.dumps(THEMES),
            data_claim=view.state.claim or "",
            data_ready=t("The chart can now be explored."),
        ),
    )
    lines = view.chart.summary.split("\n")
    return [
        *warnings,
        html.Figure(
            [
                slot,
                html.Figcaption(
                    html.Ul([html.Li(line) for line in lines]), id="chart-text", className="summary"
                ),
            ]
        ),
        *late,
        _keep_apart(store, view, t),
        _marks(view, t),
        event_list(view.chart, view.events, t),
        html.P("", id="announce", className="hidden", role="status", **wild(aria_live="polite")),
    ]


def _keep_apart(store: Store, view: IndicatorView, t: Translator) -> html.P | None:
    """The way from the chart to what its series count, where they must not be added or joined."""
    if not kinds.groups(store.catalog, view.indicator, store.series(view.indicator.id), t):
        return None
    text = t("What these series count, and why they are never added or joined")
    return html.P(html.A(text, href="#kinds"), className="to-kinds")


def _marks(view: IndicatorView, t: Translator) -> html.Div | None:
    """The marks as a list of links: a text that finds no room on the chart stands here."""
    marks = view.chart.visible_marks()
    if not marks:
        return None
    languages = {claim.id: claim.article_language for claim in view.claims}
    links = [
        html.A(
            [f"{mark.text}, ", html.Span(mark.label, lang=languages[mark.id])],
            href=f"#{mark.anchor}",
            **wild(data_claim=mark.id),
        )
        for mark in marks
    ]
    rows = [
        html.Li(
            [
                markup(icon(Look.of(mark))),
                html.Span([link, f": {mark.sign}\u00a0{mark.verdict}"] if mark.verdict else link),
            ]
        )
        for mark, link in zip(marks, links, strict=True)
    ]
    return html.Div(
        [
            html.Strong(t("Cited figures on this chart")),
            markup(legend(view.chart)),
            html.Ul(rows),
        ],
        className="cited-list",
    )


def _table(
    store: Store, view: IndicatorView, shown: Sequence[Observation], t: Translator
) -> list[Any]:
    if not shown and not view.indicator.official and view.chart.visible_marks():
        return [_cited_table(store, view, t)]
    if not shown:
        return [html.P(_nothing(store, view, t), className="none")]
    by_cell = {(o.series, o.time_period): o for o in shown}
    unit = view.told.axis
    head: list[Any] = [t("Period")]
    names = labels.series_names(store.catalog, view.keys, t)
    head += [[names[key], html.Br(), html.Small(unit)] for key in view.keys]
    rows = [
        [
            period(text, t.locale),
            *(_cell(store, view, by_cell.get((key, text)), t) for key in view.keys),
        ]
        for text in view.periods()
    ]
    return [
        table(view.chart.title, head, rows, label=f"{t('Table')}: {view.chart.title}"),
        status_legend(shown, t),
        unverified_legend(store.catalog, shown, t),
    ]


def _nothing(store: Store, view: IndicatorView, t: Translator) -> str:
    """Why there is no official value: none exists, is held, was known on the day, or fits."""
    held = store.series(view.indicator.id)
    if not view.indicator.official:
        return t("No official series exists for this: the chart shows only what articles state.")
    if not held:
        return t("No official value is held yet.")
    if view.state.asof and not store.observations(tuple(held), view.state.asof):
        return t("The collection holds no official value as known on that day.")
    return t("No official value for this selection.")


def _cited_table(store: Store, view: IndicatorView, t: Translator) -> Any:
    """What the chart shows where there is no official series: the cited figures."""
    claims = {claim.id: claim for claim in view.claims}
    rows = []
    for mark in view.chart.visible_marks():
        claim = claims[mark.id]
        value = labels.cited_value(claim, store.catalog.units[claim.unit], t)
        rows.append(
            [
                labels.claim_period_short(claim, t),
                html.A(value, href=f"#{mark.anchor}"),
                html.Span(short_article(claim), lang=claim.article_language),
            ]
        )
    head = [t("Period"), t("Cited"), t("Article")]
    return table(view.chart.title, head, rows, label=f"{t('Table')}: {view.chart.title}")


def _cell(store: Store, view: IndicatorView, observation: Observation | None, t: Translator) -> Any:
    if observation is None:
        return ""
    return with_signs(store.catalog, observation, view.told.cell(observation, t), t)


def _cited(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    switch = _switch(store, view, t)
    if not view.claims:
        none = t("No article in the collection cites this indicator.")
        return [html.P(none, className="none"), switch]
    written = _written(view)
    later = len(view.claims) - len(written)
    return [
        switch,
        _written_later(view, later, t) if later else None,
        *(_claim_group(store, view, group, t) for group in by_excerpt(written)),
    ]


def _written(view: IndicatorView) -> list[StoredClaim]:
    """The claims of the articles that existed on the day asked for, and the one asked for."""
    asof, chosen = view.state.asof, view.state.claim
    return [c for c in view.claims if asof is None or c.article_date <= asof or c.id == chosen]


def _written_later(view: IndicatorView, count: int, t: Translator) -> html.P:
    """What articles cited that did not exist on the day asked for, and the way to it."""
    text = t.n(
        "{n} cited figure is of an article written after that day.",
        "{n} cited figures are of articles written after that day.",
        count,
    )
    state = replace(view.state, asof=None)
    address = addresses.indicator(t.language, view.indicator.id, state, "cited")
    link = html.A(t("Show as known now"), href=address)
    return html.P([text, " ", link], className="none")


def _switch(store: Store, view: IndicatorView, t: Translator) -> html.P | None:
    """The way to the readings of the indicator that nobody has reviewed, or back."""
    state, name = view.state, view.indicator.id
    mine = [c for c in store.claims(automatic=True) if c.indicator == name]
    other = replace(state, readings="reviewed" if state.automatic else "automatic", claim=None)
    address = addresses.indicator(t.language, name, other, "cited")
    waiting = sum(map(addresses.is_automatic, mine))
    return automatic_switch(waiting, address, t, shown=state.automatic)


def _claim_group(
    store: Store, view: IndicatorView, group: Sequence[StoredClaim], t: Translator
) -> html.Article:
    parts: list[Any] = [
        excerpt(
            group,
            t.language,
            link_to_chart=True,
            ids=True,
            selected=view.state.claim,
            to_chart=lambda claim: addresses.claim_on_chart(
                t.language, claim, kept_for(store, view, claim)
            ),
        ),
        article_line(group[0], t, view.state.asof),
    ]
    parts += [
        reading(
            claim,
            [
                facts(store.catalog, claim, t),
                verdicts.block(store, claim, t, asof=view.state.asof),
                *caveats(store, claim, t),
                relations.block(
                    store,
                    claim,
                    t,
                    here=True,
                    automatic=view.state.automatic,
                    asof=view.state.asof,
                ),
                _to_chart(store, view, claim, t),
            ],
            t,
            selected=claim.id == view.state.claim,
        )
        for claim in group
    ]
    return html.Article(parts, className="claim")


def kept_for(store: Store, view: IndicatorView, claim: StoredClaim) -> ViewState:
    """What of a view holds where the chart shows a claim: all of it where it is drawn already.

    Else the day if the article was written by it, the period if it holds the claim's, and the
    places if the measure has series of them. Values are as published, as only these have marks.
    """
    state = view.state
    if claim.id in view.drawn:
        return state
    start = claim.period_start or claim.period_end or claim.article_date
    end = claim.period_end or claim.period_start or claim.article_date
    holds = inside(start, end, state)
    areas = {
        area
        for key in store.series(view.indicator.id)
        if key.measure == claim.measure
        for area in (key.ref_area, key.counterpart_area)
    }
    return ViewState(
        geo=state.geo if set(state.geo) <= areas else (),
        first=state.first if holds else None,
        last=state.last if holds else None,
        asof=state.asof if state.asof and claim.article_date <= state.asof else None,
        events=state.events,
        readings=state.readings,
    )


def _to_chart(store: Store, view: IndicatorView, claim: StoredClaim, t: Translator) -> html.P:
    if claim.unit == "ratio":
        return html.P(t("A ratio has no place on this axis."), className="origin")
    address = addresses.claim_on_chart(t.language, claim, kept_for(store, view, claim))
    if claim.id in view.drawn:
        address = "#chart"
    link = html.A(t("Show on the chart"), href=address, **wild(data_claim=claim.id))
    return html.P(link, className="origin on-screen")


def _revisions(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    """What releases changed, of the values that the page shows."""
    state = view.state
    rows = [o for o in store.history(view.keys) if inside(o.period_start, o.period_end, state)]
    found = revisions.changes(rows, state.asof)
    content = revisions.content(store.catalog, found, view.keys, view.measure, view.unit, t)
    if content and not view.made.is_published:
        content.insert(
            0, html.P(t("These are the values as published, of which those above are made."))
        )
    return content


def _explicit(view: IndicatorView) -> ViewState:
    """The state with its series named, so that the file holds what the page shows."""
    return replace(
        view.state, measure=view.measure_id, series=tuple(map(str, view.keys)), claim=None
    )


def _compared(view: IndicatorView) -> CompareState:
    """The series shown, as many as a comparison takes, with the same period and day."""
    state = view.state
    series = tuple(map(str, view.keys[:MOST]))
    scale: compared.Scale = "index" if state.unit == "index" else "level"
    return CompareState(series, state.first, state.last, state.asof, state.events, scale)


def _download(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    language, name = t.language, view.indicator.id
    files = [
        (
            t("CSV of this view, for spreadsheets"),
            addresses.indicator_csv(language, name, _explicit(view), bom=True),
        ),
        (t("JSON of this view"), addresses.indicator_file(language, name, "json", _explicit(view))),
        (
            t("ZIP of this view: CSV with metadata"),
            addresses.indicator_file(language, name, "zip", _explicit(view)),
        ),
        (t("CSV of all series"), addresses.observations_csv(indicator=name)),
        (t("CSV with every revision"), addresses.observations_csv(indicator=name, history=True)),
        (t("CSV of the cited figures"), addresses.claims_csv(name)),
    ]
    if view.keys:
        files.append((t("Compare these series"), addresses.compare(language, _compared(view))))
    providers = dict.fromkeys(
        store.catalog.provider_of(key.source).licence.cite for key in view.keys
    )
    return [
        buttons(files),
        html.P(
            [
                t("Cite the provider:"),
                " ",
                html.Span("; ".join(providers), lang="en")
                if providers
                else t("no official series"),
                ". ",
                t("As shown by Two-Track, {day}.", day=day(store.clock().date(), t.locale)),
            ]
        ),
        *cite.block(store, view, t),
    ]


def build(
    store: Store, indicator: Indicator, state: ViewState, notices: Sequence[Notice], t: Translator
) -> Page:
    """The page for a parsed state."""
    return page(store, indicator_view(store, indicator, state, t), notices, t)
