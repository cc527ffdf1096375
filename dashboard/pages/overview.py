"""The first page: one card per indicator, and the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from dash import html

from config.schema import Indicator, Unit
from dashboard import addresses, labels
from dashboard.cards import Card
from dashboard.components import releases, verdicts
from dashboard.components.claims import article_date
from dashboard.components.controls import day_form
from dashboard.components.sources import freshness_note, unverified
from dashboard.figures.svg import sparkline
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, percent_change, period, shortest
from dashboard.page import Page, section, svg
from dashboard.pages import changes, ledger
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.view import headline_series, settled, short_article
from db.records import Observation, SeriesKey, StoredClaim

SPARK_POINTS = 40


def page(store: Store, state: ViewState, t: Translator) -> Page:
    """One card for each indicator, what changed lately, the articles, and releases to come."""
    catalog = store.catalog
    pair = catalog.pair
    asof = state.asof
    claims = written_by(store.claims(), asof)
    later = len(store.claims()) - len(claims)
    cards = [_card(store, indicator, state, t) for indicator in catalog.pair_indicators]
    official = sum(1 for indicator in catalog.pair_indicators if indicator.official)
    scope = t(
        "{indicators} indicators of {pair}, {official} of them with an official series; "
        "{claims} figures cited by {articles} articles.",
        indicators=len(cards),
        pair=pair.name[t.language],
        official=official,
        claims=len(claims),
        articles=len({claim.article for claim in claims}),
    )
    known = t("As known on {day}.", day=day(asof or store.clock().date(), t.locale))
    lead = [scope, " ", known]
    if later:
        left_out = t.n(
            "{n} figure that was cited later is left out.",
            "{n} figures that were cited later are left out.",
            later,
        )
        lead += [" ", left_out]
    reset = addresses.home(t.language, replace(state, asof=None))
    return Page(
        title=as_known(t("Overview"), asof, t),
        description=f"{scope} {known}" if asof else scope,
        body=[
            html.H1(
                as_known(t("What articles cite, beside what official sources record"), asof, t)
            ),
            html.P(lead, className="lead"),
            day_form(addresses.home(t.language), state, reset, t),
            *held(store, t, asof=asof),
            section(t("Indicators"), [html.Ul(cards, className="cards")], "indicators"),
            # What is new and what comes next is of this day.
            *([] if asof else _changed(store, t)),
            section(t("Articles"), [article_list(store, state, t)], "articles"),
            *([] if asof else releases.upcoming(store, t)),
        ],
        path="",
        card=_card_of(store, asof, t),
        query=state.query(),
    )


def as_known(title: str, asof: date | None, t: Translator) -> str:
    """A title with the day of knowledge, where one is asked for."""
    if asof is None:
        return title
    return t("{title}, as known on {day}", title=title, day=day(asof, t.locale))


def written_by(claims: Sequence[StoredClaim], asof: date | None) -> list[StoredClaim]:
    """Those of articles that had been written by a day; None: all."""
    return [claim for claim in claims if asof is None or claim.article_date <= asof]


def _card_of(store: Store, asof: date | None, t: Translator) -> Card | None:
    """The chart of the indicator with an official series that is cited most."""
    cited = [claim.indicator for claim in store.claims()]
    official = [each for each in store.catalog.pair_indicators if each.official]
    if not official:
        return None
    indicator = max(official, key=lambda each: cited.count(each.id))
    return Card(indicator.id, ViewState(asof=asof), indicator.name[t.language])


def _changed(store: Store, t: Translator) -> list[Any]:
    found = changes.newest(store, t)
    return [section(t("Changed lately"), found, "changed")] if found else []


def held(store: Store, t: Translator, *, asof: date | None = None) -> list[Any]:
    """What all cited figures come to, and the way to those without an official series.

    `asof`: those cited by that day, as known then; the ledger is of now alone.
    """
    claims = written_by(store.claims(), asof)
    if not claims:
        return []
    return [
        html.Div(
            [
                html.P(t("Cited figures held against official ones:")),
                verdicts.totals(store, claims, t, asof=asof),
                None if asof else ledger.link(store, t),
            ],
            className="held",
        )
    ]


def _card(store: Store, indicator: Indicator, state: ViewState, t: Translator) -> html.Li:
    shown = written_by(store.claims(automatic=state.automatic), state.asof)
    claims = [claim for claim in shown if claim.indicator == indicator.id]
    reviewed = sum(not addresses.is_automatic(claim) for claim in claims)
    cited = t.n("{n} cited figure", "{n} cited figures", reviewed)
    counted = verdicts.counts(store, claims, t, asof=state.asof)
    cited = f"{cited}: {counted}" if counted else cited
    key = headline_series(store, indicator, state.asof)
    if key is not None:
        body = _latest(store, indicator, key, state.asof, t)
    elif indicator.official:
        body = [html.P(t("No official value is held yet."), className="none")]
    else:
        body = _no_series(store, claims, t)
    return html.Li(
        html.Article(
            [
                html.H3(
                    html.A(
                        indicator.name[t.language],
                        href=addresses.indicator(
                            t.language, indicator.id, ViewState(asof=state.asof)
                        ),
                    )
                ),
                *body,
                html.P(cited, className="cited" if claims else "cited no-claims"),
            ],
            className="card",
        )
    )


def _no_series(store: Store, claims: Sequence[StoredClaim], t: Translator) -> list[Any]:
    """The newest cited figure, said to be cited, where there is no official one."""
    none = html.P(t("No official series: only articles state it."), className="none")
    if not claims:
        return [none]
    claim = claims[-1]
    value = labels.cited_value(claim, store.catalog.units[claim.unit], t)
    origin: list[Any] = [
        f"{labels.claim_period_short(claim, t)} · ",
        html.Span(short_article(claim), lang=claim.article_language),
    ]
    return [html.P(f"◇ {value}", className="value"), html.P(origin, className="period"), none]


def _latest(
    store: Store, indicator: Indicator, key: SeriesKey, asof: date | None, t: Translator
) -> list[Any]:
    measure = indicator.measures[key.measure]
    unit = store.catalog.units[measure.unit]
    rows = settled(store.observations((key,), asof))
    if not rows and asof:
        text = t("The collection holds no official value as known on that day.")
        return [html.P(text, className="none")]
    if not rows:
        return [html.P(t("No data has been loaded yet."), className="none")]
    latest = rows[-1]
    shown = [None if o.value is None else float(o.value) for o in rows[-SPARK_POINTS:]]
    published = latest.published_on
    released = (
        t("Published {day}", day=day(published, t.locale))
        if published
        else t("Date of publication unknown")
    )
    return [
        html.P(labels.short_value(latest.value, unit, measure.decimals, t), className="value"),
        html.P(
            [
                period(latest.time_period, t.locale),
                " · ",
                labels.series_scope_short(store.catalog, key, t),
            ],
            className="period",
        ),
        # One value has no course that a line could show.
        svg(sparkline(shown), "spark-box") if len(shown) > 1 else None,
        html.P([_change(rows, unit, t)], className="change"),
        html.P(
            [
                store.catalog.provider_of(key.source).short[t.language],
                " · ",
                released,
                " ",
                # Of this day: it says nothing of what was known on another.
                None if asof else freshness_note(store, key.source, t),
                _secondary(t) if unverified(store.catalog, latest) else None,
            ],
            className="origin",
        ),
    ]


def _secondary(t: Translator) -> html.Span:
    return html.Span(t("not from the provider itself"), className="badge warn")


def _change(rows: Sequence[Observation], unit: Unit, t: Translator) -> str:
    """Change on the same period a year before; said to be on the one before where there is none."""
    latest = rows[-1]
    year_before = [
        row for row in rows[:-1] if 360 <= (latest.period_end - row.period_end).days <= 370
    ]
    base = year_before[-1] if year_before else rows[-2] if len(rows) > 1 else None
    if base is None:
        return t("The only value")
    if "E" in {base.obs_status, latest.obs_status}:
        return t("Stated in round words: no change is computed")
    change = _difference(base.value, latest.value, unit, t)
    if year_before:
        return t("{change} on a year before", change=change)
    return t("{change} on {period}", change=change, period=period(base.time_period, t.locale))


def _difference(old: Decimal | None, new: Decimal | None, unit: Unit, t: Translator) -> str:
    """In percent; of percentages in points, since a percentage of one misleads."""
    if unit.id != "percent" or old is None or new is None:
        return percent_change(old, new, t.locale)
    sign = "+" if new > old else ""
    return t("{n} points", n=sign + shortest(new - old, t.locale))


def article_list(store: Store, state: ViewState, t: Translator) -> html.Ul:
    """Every article with its date and what its figures come to, newest first.

    As known on a day: the articles of that day and before.
    A draft, of which nothing has been reviewed, is among them only where it is asked for.
    """
    by_article: dict[str, list[StoredClaim]] = {}
    for claim in store.claims(automatic=state.automatic):
        by_article.setdefault(claim.article, []).append(claim)
    items = []
    for article in reversed(list(store.articles().values())):
        if state.asof and article.published_on > state.asof:
            continue
        claims = by_article.get(article.id, [])
        if not claims and article.id not in store.catalog.articles:
            continue
        reviewed = [claim for claim in claims if not addresses.is_automatic(claim)]
        cited = t.n("{n} cited figure", "{n} cited figures", len(reviewed))
        counted = verdicts.counts(store, claims, t, asof=state.asof)
        by = ", ".join(part for part in (article.author, article.publisher) if part)
        items.append(
            html.Li(
                [
                    html.A(
                        html.Cite(article.title, lang=article.language),
                        href=addresses.article(
                            t.language,
                            article.id,
                            automatic=len(reviewed) < len(claims),
                            asof=state.asof,
                        ),
                    ),
                    html.P(
                        [
                            f"{by}, " if by else "",
                            *article_date(article.published_on, article.date_basis, t),
                            " · ",
                            f"{cited}: {counted}" if counted else cited,
                        ],
                        className="byline",
                    ),
                ]
            )
        )
    return html.Ul(items, className="articles")
