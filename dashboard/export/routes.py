"""The addresses of the files: one Flask blueprint. Unknown parameters are answered with 400."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from config.loader import nearest
from dashboard.export.columns import PARAMETERS
from dashboard.export.csv import claim_lines, observation_lines
from dashboard.i18n import LANGUAGES, Translator
from dashboard.state import parse, read_day
from dashboard.store import Store
from dashboard.view import choices_of, indicator_view
from db.queries import ObservationQuery
from db.records import SeriesKey


class BadParameterError(ValueError):
    """A request that cannot be answered; the message names what would be valid."""


def blueprint(store: Store) -> Blueprint:
    """Routes of the CSV files."""
    files = Blueprint("files", __name__)

    @files.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @files.get("/api/v1/observations.csv")
    def observations() -> Response:
        query = observation_query(store, request.args)
        return _csv(observation_lines(store.engine, store.catalog, query), "observations.csv")

    @files.get("/api/v1/claims.csv")
    def claims() -> Response:
        _known(request.args, PARAMETERS["/api/v1/claims.csv"])
        indicator = _one_of("indicator", request.args, store.catalog.indicators)
        article = _one_of("article", request.args, store.catalog.articles)
        assessments = store.assessments()
        chunks = claim_lines(
            store.engine, store.catalog, assessments, indicator=indicator, article=article
        )
        return _csv(chunks, "claims.csv")

    @files.get("/<language>/indicators/<name>.csv")
    def indicator_file(language: str, name: str) -> Response:
        if language not in LANGUAGES or name not in store.catalog.indicators:
            abort(404)
        arguments = request.args.to_dict()
        spreadsheet = arguments.pop("bom", "") == "yes"
        query = view_query(store, name, arguments, Translator(language))
        chunks = observation_lines(store.engine, store.catalog, query, spreadsheet=spreadsheet)
        return _csv(chunks, f"{name}.csv", attachment=spreadsheet)

    return files


def _csv(chunks: Iterator[str], name: str, *, attachment: bool = False) -> Response:
    response = Response((chunk.encode() for chunk in chunks), mimetype="text/csv")
    response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    disposition = "attachment" if attachment else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


def view_query(
    store: Store, name: str, arguments: Mapping[str, str], t: Translator
) -> ObservationQuery:
    """The rows of an indicator page: the same state, the same series. Without a state, all series.

    Raises BadParameterError for what the page would only have noticed.
    """
    indicator = store.catalog.indicators[name]
    keys = store.series(name)
    claims = [claim for claim in store.claims() if claim.indicator == name]
    state, notices = parse(arguments, choices_of(indicator, keys, claims))
    if notices:
        first = notices[0]
        hint = f": {first.hint}" if first.hint else ""
        raise BadParameterError(f"{first.parameter}={first.value} is not understood{hint}")
    if not state.query():
        return ObservationQuery(indicator=name)
    view = indicator_view(store, indicator, state, t)
    return ObservationQuery(
        indicator=name,
        # No series fits: ask for one that cannot exist, and the file has its header only.
        series=tuple(map(str, view.keys)) or ("-",),
        period_from=state.first,
        period_to=state.last,
        as_of=state.asof,
    )


def observation_query(store: Store, arguments: Mapping[str, Any]) -> ObservationQuery:
    """Read the parameters of `/api/v1/observations.csv`. Raises BadParameterError."""
    _known(arguments, PARAMETERS["/api/v1/observations.csv"])
    catalog = store.catalog
    indicator = _one_of("indicator", arguments, catalog.indicators)
    measures = (
        catalog.indicators[indicator].measures
        if indicator
        else {name for i in catalog.indicators.values() for name in i.measures}
    )
    series = _split(arguments, "series")
    for text in series:
        try:
            SeriesKey.parse(text)
        except ValueError as error:
            raise BadParameterError(str(error)) from error
    history = arguments.get("history", "0")
    if history not in {"0", "1"}:
        raise BadParameterError(f"history={history} is not understood: 0 or 1")
    return ObservationQuery(
        indicator=indicator,
        measure=_one_of("measure", arguments, measures),
        ref_area=_all_of("ref_area", arguments, catalog.areas),
        counterpart_area=_all_of("counterpart_area", arguments, catalog.areas),
        source=_one_of("source", arguments, catalog.sources),
        freq=_one_of("freq", arguments, ("A", "A5", "Q", "M", "W", "D")),
        series=series,
        period_from=_day("from", arguments, last=False),
        period_to=_day("to", arguments, last=True),
        as_of=_day("asof", arguments, last=True),
        history=history == "1",
    )


def _known(arguments: Mapping[str, Any], valid: Sequence[str]) -> None:
    for name in arguments:
        if name not in valid:
            message = f"unknown parameter {name!r}; valid are {', '.join(valid)}"
            hint = nearest(name, valid)
            raise BadParameterError(f"{message} ({hint})" if hint else message)


def _one_of(name: str, arguments: Mapping[str, Any], valid: Iterable[str]) -> str | None:
    value = arguments.get(name)
    return _checked(name, str(value), valid) if value else None


def _all_of(name: str, arguments: Mapping[str, Any], valid: Iterable[str]) -> tuple[str, ...]:
    words = list(valid)
    return tuple(_checked(name, part, words) for part in _split(arguments, name))


def _split(arguments: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(part for part in str(arguments.get(name, "")).split(",") if part)


def _checked(name: str, value: str, valid: Iterable[str]) -> str:
    words = sorted(valid)
    if value not in words:
        hint = nearest(value, words) or f"valid are {', '.join(words)}"
        raise BadParameterError(f"{name}={value} is unknown; {hint}")
    return value


def _day(name: str, arguments: Mapping[str, Any], *, last: bool) -> date | None:
    text = arguments.get(name)
    if not text:
        return None
    day = read_day(str(text), last=last)
    if day is None:
        raise BadParameterError(f"{name}={text} is no day; write it like 2021-06-15 or 2021")
    return day
