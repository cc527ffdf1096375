"""The choice of a file on the data page: two forms, the address they make, its first rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

from dash import html

from dashboard import addresses, labels
from dashboard.asked import DataState
from dashboard.components.fields import Option, date_field, hidden, select
from dashboard.export.columns import CLAIM_COLUMNS, OBSERVATION_COLUMNS
from dashboard.export.csv import app_version, claim_rows, observation_row
from dashboard.export.parameters import observation_query, single_values
from dashboard.i18n import Translator
from dashboard.i18n.formats import number
from dashboard.page import section, table
from dashboard.render import markup, wild
from dashboard.state import FREQUENCIES
from dashboard.store import Store
from db import queries
from db.queries import ObservationQuery
from db.records import Observation, SeriesKey

PREVIEW = 5
"""Rows shown of a file."""
SHOWN = {
    "observations": (
        "indicator", "measure", "geo", "counterpart_area", "facets", "time_period", "value", "unit",
        "status", "source", "released_at", "known_from",
    ),
    "claims": (
        "claim_id", "indicator", "measure", "quote", "value", "unit", "verdict_then", "verdict_now",
        "official_now", "review_state",
    ),
}  # fmt: skip
"""Columns of the first rows that are shown; the file has all of them."""
COLUMNS = {"observations": OBSERVATION_COLUMNS, "claims": CLAIM_COLUMNS}

Rows = tuple[int, list[tuple[str, ...]]]


def picker(store: Store, state: DataState, t: Translator) -> list[Any]:
    """Both forms, and below the one that was sent what it chose."""
    official = state if state.table == "observations" else DataState("observations")
    cited = state if state.table == "claims" else DataState("claims")
    return [
        section(
            t("Choose official figures"),
            [_observation_form(store, official, t), *_chosen(store, state, "observations", t)],
            "choose-observations",
        ),
        section(
            t("Choose cited figures"),
            [_claim_form(store, cited, t), *_chosen(store, state, "claims", t)],
            "choose-claims",
        ),
    ]


# --- the forms ------------------------------------------------------------------------------


def _keys(store: Store) -> list[SeriesKey]:
    found = (store.series(indicator.id) for indicator in store.catalog.pair_indicators)
    return [key for keys in found for key in keys]


def _observation_form(store: Store, state: DataState, t: Translator) -> html.Form:
    keys = _keys(store)
    freqs = {key.freq for key in keys} | {state.freq}
    sources = {key.source for key in keys} | {state.source}
    words = labels.frequency_words(t)
    official = [
        (each.id, each.name[t.language])
        for each in store.catalog.pair_indicators
        if each.official or each.id == state.indicator
    ]
    named = ((s.id, s.name[t.language]) for s in store.catalog.sources.values() if s.id in sources)
    fields: list[Any] = [
        _select("o", "indicator", t("Indicator"), official, state.indicator, t("any")),
        _select("o", "source", t("Source"), _by_name(named), state.source, t("any")),
        _select(
            "o", "freq", t("Frequency"), [(f, words[f]) for f in FREQUENCIES if f in freqs],
            state.freq, t("any"),
        ),
        _areas(store, "ref_area", t("Area"), (k.ref_area for k in keys), state.ref_area, t),
        _areas(
            store, "counterpart_area", t("Counterpart area"),
            (k.counterpart_area or "" for k in keys), state.counterpart_area, t,
        ),
        date_field("from", t("From"), state.first, form="o"),
        date_field("to", t("To"), state.last, form="o"),
        date_field("asof", t("As known on"), state.asof, form="o"),
        _select(
            "o", "history", t("Vintages"), [("1", t("every one, with all revisions"))],
            "1" if state.history else None, t("one: the newest, or that of the day"),
        ),
    ]  # fmt: skip
    return _form(fields, "observations", state, t)


def _claim_form(store: Store, state: DataState, t: Translator) -> html.Form:
    indicators = [(i.id, i.name[t.language]) for i in store.catalog.pair_indicators]
    cited = {claim.article for claim in store.claims(automatic=state.review != "accepted")}
    articles = [
        (article.id, article.title)
        for article in reversed(list(store.articles().values()))
        if article.id in {*cited, *store.catalog.articles, state.article}
    ]
    reviews = [("pending", t("waits for review")), ("all", t("all, rejected ones too"))]
    chosen = None if state.review == "accepted" else state.review
    fields: list[Any] = [
        _select("c", "indicator", t("Indicator"), indicators, state.indicator, t("any")),
        _select("c", "article", t("Article"), articles, state.article, t("any")),
        _select("c", "review", t("Review"), reviews, chosen, t("accepted")),
    ]
    return _form(fields, "claims", state, t)


def _form(fields: Sequence[Any], name: str, state: DataState, t: Translator) -> html.Form:
    reset = None
    if state.file_query():
        reset = html.A(t("Reset"), href=addresses.data(t.language), className="reset")
    return html.Form(
        [
            hidden("table", name),
            *fields,
            html.Button(t("Show address and rows"), type="submit"),
            reset,
        ],
        action=addresses.data(t.language, fragment=f"choose-{name}"),
        method="get",
        className="controls picker",
    )


def _by_name(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: option[1].casefold())


def _select(
    form: str, name: str, label: str, options: Sequence[Option], chosen: str | None, default: str
) -> html.Div:
    """`default`: what is asked for where none of the options is."""
    return select(name, label, [("", default), *options], chosen, form=form)


def _areas(
    store: Store, name: str, label: str, held: Iterable[str], chosen: Sequence[str], t: Translator
) -> html.Details:
    """Boxes of the areas that series are of; none ticked is all."""
    present = {*held, *chosen} - {""}
    codes = [code for code in store.catalog.areas if code in present]
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(code)}"'
        f"{' checked' if code in chosen else ''}> "
        f"{escape(labels.area(store.catalog, code, t))}</label>"
        for code in codes
    )
    said = ", ".join(labels.area(store.catalog, code, t) for code in chosen) if chosen else t("any")
    legend = f'<legend class="hidden">{escape(label)}</legend>'
    return html.Details(
        [
            html.Summary(f"{label}: {said}"),
            markup(f'<fieldset class="boxes">{legend}{boxes}</fieldset>'),
        ],
        open=bool(chosen),
        className="field wide-field",
    )


# --- what was chosen ------------------------------------------------------------------------


def rows_of(store: Store, state: DataState) -> Rows:
    """How many rows the file of a choice has, and the first of them with all columns."""
    key = ("rows", state, store.clock().date())
    return store.derived(key, lambda: _rows(store, state))


def _rows(store: Store, state: DataState) -> Rows:
    catalog, engine = store.catalog, store.engine
    if state.table == "claims":
        found = list(
            claim_rows(
                engine,
                catalog,
                store.assessments(),
                indicator=state.indicator,
                article=state.article,
                review=state.review,
            )
        )
        return len(found), found[:PREVIEW]
    # Read as the file's address is read, so that the page cannot promise anything else.
    query = observation_query(catalog, single_values(parse_qs(state.file_query())))
    build = app_version()
    asof = "" if query.as_of is None else query.as_of.isoformat()
    count = queries.count_observations(engine, query)
    if not count:
        return 0, []
    first = [observation_row(catalog, row, asof, build) for row in _first(store, query)]
    return count, first


def _first(store: Store, query: ObservationQuery) -> list[Observation]:
    """The first rows of a query, asked for series by series: the whole need not be sorted."""
    found: list[Observation] = []
    for key in store.derived("all series", lambda: queries.series_keys(store.engine)):
        if not _fits(key, query):
            continue
        one = replace(query, series=(str(key),))
        with closing(queries.observations(store.engine, one)) as rows:  # type: ignore[type-var]
            found += islice(rows, PREVIEW - len(found))
        if len(found) == PREVIEW:
            break
    return found


def _fits(key: SeriesKey, query: ObservationQuery) -> bool:
    """Whether a series is one that the form's choices leave."""
    return (
        query.indicator in {None, key.indicator}
        and query.source in {None, key.source}
        and query.freq in {None, key.freq}
        and (not query.ref_area or key.ref_area in query.ref_area)
        and (not query.counterpart_area or key.counterpart_area in query.counterpart_area)
    )


def _chosen(store: Store, state: DataState, name: str, t: Translator) -> list[Any]:
    if state.table != name:
        return []
    count, first = rows_of(store, state)
    address = addresses.absolute(addresses.data_file(state))
    files = [html.Li(html.A(t("Download CSV"), href=addresses.data_file(state), download=""))]
    if name == "claims":
        json = addresses.data_file(state, "json")
        files.append(html.Li(html.A(t("Download JSON"), href=json, download="")))
    rows = t.n("{n} row", "{n} rows", count)
    parts: list[Any] = [
        html.P(
            [html.Strong(rows), " ", t("at this address:")],
            className="row-count",
            **wild(role="status"),
        ),
        html.P(html.A(html.Code(address), href=addresses.data_file(state)), className="chosen"),
        html.Ul(files, className="buttons"),
    ]
    if not count:
        none = t("No row fits: the file has its header and nothing below it.")
        return [*parts, html.P([none, " ", _looser(state, t)], className="none")]
    return [*parts, _preview(state, first, count, t)]


def _looser(state: DataState, t: Translator) -> str:
    """What may be in the way of any row."""
    if state.asof is not None:
        return t("Perhaps nothing was known of it on that day; try a later one.")
    if state.first or state.last:
        return t("Try a longer period.")
    return t("Leave one of the choices open.")


def _preview(
    state: DataState, first: Sequence[tuple[str, ...]], count: int, t: Translator
) -> html.Div:
    assert state.table is not None
    columns, shown = COLUMNS[state.table], SHOWN[state.table]
    at = [columns.index(name) for name in shown]
    caption = t(
        "Rows 1 to {n} of {count}; {shown} of {columns} columns",
        n=len(first),
        count=number(count, 0, t.locale),
        shown=len(shown),
        columns=len(columns),
    )
    cells = [[row[i] for i in at] for row in first]
    return html.Div(table(caption, [html.Code(name) for name in shown], cells), className="preview")
