"""What changed since a day: values by release, changed verdicts, sources gone quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard import addresses, labels, news
from dashboard.components import revisions, verdicts
from dashboard.components.claims import readable
from dashboard.components.fields import date_field
from dashboard.components.sources import freshness_badge, state_sentence
from dashboard.filters import Since
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number, period
from dashboard.news import Flip, News
from dashboard.page import Page, section, table
from dashboard.render import wild
from dashboard.state import Notice
from dashboard.store import Store
from dashboard.view import short_article
from db.changes import total
from db.records import Changes, RunStatus

OPEN = 8
"""Changes of one release that are shown unfolded."""
MOST_ROWS = 150
"""Changes that the page lists, so far as `FEWEST_ROWS` of each release allow."""
FEWEST_ROWS = 3
DAYS_AS = {"en": "en-GB", "es": "es-MX"}
"""Languages as browsers write days like `dashboard.i18n.formats.day`: the day before the month."""
NEWEST = 3
"""Releases in the overview's block."""


def page(store: Store, asked: Since, notices: Sequence[Notice], t: Translator) -> Page:
    """The changes since the day asked for, or of the thirty days before the newest one."""
    usual = news.default_first(store)
    first = asked.day or (usual[0] if usual else None)
    body: list[Any] = [html.H1(t("Changes"))]
    if first is None:
        body.append(html.P(t("No data has been loaded yet."), className="none"))
        found: list[News] = []
    else:
        found = news.since(store, first)
        body += [
            html.P(_since_words(asked, first, usual, t), className="lead"),
            last_visit(t, first_time=True),
            _form(first, t),
            *_parts(store, found, first, t),
        ]
    body.append(_feeds(store, found, t))
    return Page(
        title=t("Changes"),
        description=t("New, revised and withdrawn values, changed verdicts, sources."),
        body=body,
        path="changes",
        query=asked.query(),
        notices=notices,
    )


def _since_words(asked: Since, first: date, usual: tuple[date, date] | None, t: Translator) -> str:
    when = day(first, t.locale)
    if asked.day or usual is None:
        return t("Changed since {day}.", day=when)
    return t(
        "Changed since {day}, which is 30 days before the newest change, of {newest}.",
        day=when,
        newest=day(usual[1], t.locale),
    )


def last_visit(t: Translator, *, first_time: bool = False) -> html.P:
    """Where the script puts the way to what is new since the reader's last visit.

    `first_time`: whether it says so where there was none.
    """
    return html.P(
        "",
        id="last-visit",
        hidden=True,
        **wild(
            data_text=t("Since your last visit ({day})", day="{day}"),
            data_first=t("First visit with this browser: nothing to compare yet.")
            if first_time
            else None,
            data_address=addresses.changes(t.language),
            data_locale=DAYS_AS[t.language],
        ),
    )


def _form(first: date, t: Translator) -> html.Form:
    return html.Form(
        [
            date_field("since", t("Changed since"), first),
            html.Button(t("Show"), type="submit"),
        ],
        action=addresses.changes(t.language),
        method="get",
        className="controls",
    )


def _parts(store: Store, found: Sequence[News], first: date, t: Translator) -> list[Any]:
    indicators = {each.key.indicator for each in found}
    flipped = news.flips(store, first, indicators)
    quiet = _quiet(store, first)
    return [
        html.Ul(
            [
                html.Li(html.A(text, href=f"#{anchor}"))
                for text, anchor in (
                    (_value_count(found, t), "values"),
                    (
                        t.n(
                            "{n} verdict changed",
                            "{n} verdicts changed",
                            len(flipped),
                        ),
                        "verdicts",
                    ),
                    (_quiet_count(quiet, t), "sources"),
                )
            ],
            className="counts",
        ),
        section(t("Verdicts"), _flips(store, flipped, first, t), "verdicts"),
        section(t("Values"), _values(store, found, t), "values"),
        section(t("Sources"), _sources(store, quiet, first, t), "sources"),
    ]


def _value_count(found: Sequence[News], t: Translator) -> str:
    if not found:
        return t("no value changed")
    counted = news.counts_words(total([each.counts for each in found]), t)
    where = t.n(
        "in {n} indicator",
        "in {n} indicators",
        len({each.key.indicator for each in found}),
    )
    return f"{counted}, {where}"


# --- verdicts -------------------------------------------------------------------------------


def _flips(store: Store, flipped: Sequence[Flip], first: date, t: Translator) -> list[Any]:
    if not flipped:
        return [html.P(t("No verdict changed since then."), className="none")]
    items = [_flip(store, each, t) for each in flipped]
    before = t(
        "A cited figure held against what was known until {day} and against what is known now.",
        day=day(news.before(first), t.locale),
    )
    return [html.P(before), html.Ul(items, className="list flips")]


def _flip(store: Store, flip: Flip, t: Translator) -> html.Li:
    claim = flip.claim
    indicator = store.catalog.indicators[claim.indicator]
    return html.Li(
        [
            html.Q(readable(claim.quote), lang=claim.article_language),
            " ",
            html.A(
                html.Span(short_article(claim), lang=claim.article_language),
                href=addresses.of_claim(t.language, claim),
            ),
            " · ",
            html.A(indicator.name[t.language], href=addresses.claim_on_chart(t.language, claim)),
            html.P(
                [
                    t("Before:"),
                    " ",
                    verdicts.badge(flip.before, t),
                    " ",
                    html.Span("→", **wild(aria_hidden="true")),
                    " ",
                    t("Now:"),
                    " ",
                    verdicts.badge(flip.now, t),
                ]
            ),
        ]
    )


# --- values ---------------------------------------------------------------------------------


def _values(store: Store, found: Sequence[News], t: Translator) -> list[Any]:
    if not found:
        return [html.P(t("No value changed since then."), className="none")]
    by_indicator: dict[str, list[News]] = {}
    for each in found:
        by_indicator.setdefault(each.key.indicator, []).append(each)
    # An equal share for each release, so that a long new one does not hide what others revised.
    most = max(FEWEST_ROWS, MOST_ROWS // len(found))
    parts: list[Any] = []
    for name, releases in by_indicator.items():
        indicator = store.catalog.indicators[name]
        counts = news.counts_words(total([each.counts for each in releases]), t)
        parts += [
            html.H3(
                html.A(indicator.name[t.language], href=addresses.indicator(t.language, name)),
                id=f"of-{name}",
            ),
            html.P(counts, className="byline"),
            *(_release(store, each, most, t) for each in releases),
        ]
    parts.append(
        html.P(
            t(
                "Values stand under the day of their release, or, where the source states none, "
                "under the day by which they were known here."
            ),
            className="legend",
        )
    )
    return parts


def _release(store: Store, release: News, most: int, t: Translator) -> html.Details:
    head: list[Any] = [
        html.Strong(news.source_name(store.catalog, release.key.source, t)),
        f", {news.release_words(release, t)}: {news.counts_words(release.counts, t)}",
    ]
    every = sum(release.counts.values())
    rows = release.rows[:most]
    parts: list[Any] = []
    if rows:
        parts.append(_table(store, release, rows, t))
    rest: list[Any] = []
    if len(rows) < every:
        rest = [
            t.n(
                "{shown} of {n} change is listed.",
                "{shown} of {n} changes are listed.",
                every,
                shown=number(len(rows), 0, t.locale),
            ),
            " ",
        ]
    changed = any(row.kind != "new" for row in release.rows)
    link = html.A(
        t("Revisions of these series") if changed else t("These series in a table"),
        href=news.address(t.language, release),
    )
    parts.append(html.P([*rest, link], className="legend"))
    return html.Details([html.Summary(head), *parts], open=every <= OPEN, className="release")


def _table(store: Store, release: News, rows: Sequence[Any], t: Translator) -> html.Div:
    catalog = store.catalog
    names = labels.series_names(catalog, release.series, t)
    only_new = all(row.kind == "new" for row in rows)
    head: list[Any] = [t("Period and series")]
    head += [t("Value")] if only_new else [t("Change"), t("Before"), t("After"), t("Difference")]
    cells: list[list[Any]] = []
    for row in rows:
        measure = catalog.indicators[row.series.indicator].measures[row.series.measure]
        unit = catalog.units[measure.unit]
        change = news.as_change(row)
        decimals = revisions.digits(change, measure.decimals)
        after = number(row.after, decimals, t.locale)
        small = f"{names[row.series]} · {labels.unit_label(unit, t)}"
        first: list[Any] = [period(row.time_period, t.locale), html.Br(), html.Small(small)]
        if only_new:
            cells.append([first, after])
            continue
        cells.append(
            [
                first,
                html.Span(revisions.kind_words(row.kind, t), className=f"change-{row.kind}"),
                number(row.before, decimals, t.locale),
                after,
                revisions.difference(change, unit, decimals, t),
            ]
        )
    caption = t(
        "{indicator}: changes by {source}, {day}",
        indicator=catalog.indicators[release.key.indicator].name[t.language],
        source=news.source_name(catalog, release.key.source, t),
        day=news.release_words(release, t),
    )
    return table(caption, head, cells)


# --- sources --------------------------------------------------------------------------------


def _quiet(store: Store, first: date) -> list[tuple[str, date]]:
    """Sources that have gone late or failing since a day, the newest first."""
    found = [(name, news.gone(store, name)) for name in store.catalog.sources]
    dated = [(name, news.day_of(moment)) for name, moment in found if moment is not None]
    return sorted(
        ((name, when) for name, when in dated if when >= first), key=lambda e: e[1], reverse=True
    )


def _sources(
    store: Store, quiet: Sequence[tuple[str, date]], first: date, t: Translator
) -> list[Any]:
    parts: list[Any] = []
    if quiet:
        items = html.Ul([_source(store, name, when, t) for name, when in quiet], className="list")
        many = len(quiet) > OPEN
        parts.append(_folded(_quiet_count(quiet, t), items) if many else items)
    else:
        text = t("No source has gone late or failed since then.")
        parts.append(html.P(text, className="none"))
    everything = html.A(
        t("All sources and their state"), href=addresses.page(t.language, "sources")
    )
    return [*parts, *_read(store, first, t), html.P(everything)]


def _quiet_count(quiet: Sequence[object], t: Translator) -> str:
    return t.n(
        "{n} source has gone late or failed", "{n} sources have gone late or failed", len(quiet)
    )


def _folded(title: str, content: Any) -> html.Details:
    return html.Details([html.Summary(title), content])


def _source(store: Store, name: str, when: date, t: Translator) -> html.Li:
    source = store.catalog.sources[name]
    return html.Li(
        [
            html.A(source.name[t.language], href=addresses.source(t.language, name)),
            " ",
            freshness_badge(store.freshness(name), t),
            " ",
            t("since {day}", day=day(when, t.locale)),
            html.P(state_sentence(store, name, t)),
        ]
    )


def _read(store: Store, first: date, t: Translator) -> list[Any]:
    """What was read since that day, of releases of any day: an older file may come in late."""
    items = []
    for name, record in store.source_records().items():
        if record.last_change is None or record.last_change.date() < first:
            continue
        met = [
            run.changes
            for run in store.runs(name)
            if run.finished_at and run.finished_at.date() >= first and run.status is RunStatus.OK
        ]
        counted = news.counts_words(_together(met), t)
        if counted:
            link = html.A(
                store.catalog.sources[name].name[t.language],
                href=addresses.source(t.language, name),
            )
            items.append(html.Li([link, f": {counted}"]))
    if not items:
        return []
    head = t.n(
        "Read here since then, releases of any day: {n} source",
        "Read here since then, releases of any day: {n} sources",
        len(items),
    )
    return [_folded(head, html.Ul(items))]


def _together(runs: Sequence[Changes]) -> dict[Any, int]:
    return {
        kind: sum(getattr(changes, kind) for changes in runs)
        for kind in ("revised", "withdrawn", "reinstated", "new")
    }


def _feeds(store: Store, found: Sequence[News], t: Translator) -> html.Nav:
    """The feeds of all changes and of the indicators that changed."""
    links: list[Any] = [
        html.A(t("Atom feed of all changes"), href=addresses.changes_feed(t.language))
    ]
    for name in dict.fromkeys(each.key.indicator for each in found):
        text = store.catalog.indicators[name].name[t.language]
        links.append(html.A(text, href=addresses.indicator_feed(t.language, name)))
    return html.Nav(
        html.Ul([html.Li(link) for link in links]), className="feeds", **wild(aria_label=t("Feeds"))
    )


# --- on the overview ------------------------------------------------------------------------


def newest(store: Store, t: Translator) -> list[Any]:
    """The newest releases that changed something, and the way to the rest."""
    found = news.lately(store, least=NEWEST)[:NEWEST]
    if not found:
        return []
    items = [
        html.Li(
            [
                html.A(
                    store.catalog.indicators[each.key.indicator].name[t.language],
                    href=news.address(t.language, each),
                ),
                " · ",
                news.source_name(store.catalog, each.key.source, t),
                html.P(
                    f"{news.release_words(each, t)}: {news.counts_words(each.counts, t)}",
                    className="byline",
                ),
            ]
        )
        for each in found
    ]
    links: list[Any] = [
        html.A(t("All changes"), href=addresses.changes(t.language)),
        " · ",
        html.A(t("Dated events"), href=addresses.events(t.language)),
    ]
    return [html.Ul(items, className="list lately"), last_visit(t), html.P(links)]
