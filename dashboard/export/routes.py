"""The addresses of the files: one Flask blueprint. Unknown parameters are answered with 400."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from config.loader import nearest
from config.schema import Indicator
from dashboard.comparison import read_asked
from dashboard.export.columns import CLAIM_COLUMNS, CONSISTENCY_COLUMNS
from dashboard.export.compare import compare_lines
from dashboard.export.csv import (
    claim_rows,
    consistency_rows,
    json_lines,
    lines,
    observation_lines,
)
from dashboard.export.events import event_lines
from dashboard.export.made import made_lines
from dashboard.export.parameters import (
    BadParameterError,
    ClaimFilter,
    claim_filter,
    observation_query,
    refuse,
    single_values,
)
from dashboard.i18n import LANGUAGES, Translator
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.transformed import refusal_words
from dashboard.view import IndicatorView, indicator_view, read_state
from db.freshness import status_rows
from db.queries import ObservationQuery


def blueprint(store: Store) -> Blueprint:
    """Routes of the CSV files."""
    files = Blueprint("files", __name__)

    @files.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @files.get("/api/v1/observations.csv")
    def observations() -> Response:
        query = observation_query(store.catalog, single_values(request.args.to_dict(flat=False)))
        return _csv(observation_lines(store.engine, store.catalog, query), "observations.csv")

    @files.get("/api/v1/claims.csv", defaults={"ending": "csv"})
    @files.get("/api/v1/claims.json", defaults={"ending": "json"})
    def claims(ending: str) -> Response:
        asked = _asked_claims(store)
        rows = claim_rows(
            store.engine,
            store.catalog,
            store.assessments(),
            indicator=asked.indicator,
            article=asked.article,
            review=asked.review,
        )
        return _table(f"claims.{ending}", CLAIM_COLUMNS, rows)

    @files.get("/api/v1/consistency.csv", defaults={"ending": "csv"})
    @files.get("/api/v1/consistency.json", defaults={"ending": "json"})
    def consistency(ending: str) -> Response:
        asked = _asked_claims(store)
        shown = store.claims(automatic=asked.review != "accepted")
        pairs = [
            pair
            for pair in store.pairs(automatic=asked.review != "accepted")
            if asked.holds(pair.one) or asked.holds(pair.other)
        ]
        checks = ((claim, store.internal(claim)) for claim in shown if asked.holds(claim))
        internal = [(claim, check) for claim, check in checks if check is not None]
        rows = consistency_rows(pairs, internal)
        return _table(f"consistency.{ending}", CONSISTENCY_COLUMNS, rows)

    @files.get("/api/v1/events.csv")
    def events() -> Response:
        arguments = single_values(request.args.to_dict(flat=False))
        return _csv(event_lines(store.catalog, arguments), "events.csv")

    @files.get("/api/v1/health.json")
    def health() -> Response:
        records = store.source_records()
        rows = status_rows(store.catalog.sources, records, store.clock())
        return jsonify(sources=rows)

    @files.get("/<language>/indicators/<name>.csv")
    def indicator_file(language: str, name: str) -> Response:
        if language not in LANGUAGES or name not in store.catalog.indicators:
            abort(404)
        # The page takes the first of two values and says so; a file cannot say it, and refuses.
        arguments = single_values(request.args.to_dict(flat=False), lists=())
        bom = arguments.pop("bom", "no")
        if bom not in {"yes", "no"}:
            raise BadParameterError(f"bom={bom} is not understood: yes or no")
        spreadsheet = bom == "yes"
        chunks = view_lines(store, name, arguments, Translator(language), spreadsheet=spreadsheet)
        return _csv(chunks, f"{name}.csv", attachment=spreadsheet)

    @files.get("/<language>/compare.csv")
    def compare_file(language: str) -> Response:
        if language not in LANGUAGES:
            abort(404)
        given = list(request.args.items(multi=True))
        bom = [value for name, value in given if name == "bom"]
        if bom not in ([], ["yes"], ["no"]):
            raise BadParameterError(f"bom={','.join(bom)} is not understood: yes or no")
        asked = read_asked(store, [pair for pair in given if pair[0] != "bom"])
        chunks = compare_lines(store, asked, spreadsheet=bom == ["yes"])
        return _csv(chunks, "compare.csv", attachment=bom == ["yes"])

    return files


FILES = (".atom", ".csv", ".json", ".svg", ".png")


def for_machines(path: str) -> bool:
    """Whether an address is one of files, to which no page is an answer."""
    return path.startswith("/api/") or path == "/api" or path.endswith(FILES)


def refused_in_json(error: HTTPException) -> Response:
    """What a machine is told that asked for something which is not there: it reads no page."""
    answer = jsonify(error=_said(error))
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _said(error: HTTPException) -> str:
    """In a sentence what is wrong; for an address that is not there, which ones are."""
    if error.code != 404:
        return error.description or error.name
    text = f"there is nothing at {request.path}"
    if not request.path.startswith("/api"):
        return text
    known = [r.rule for r in current_app.url_map.iter_rules() if r.rule.startswith("/api/")]
    hint = nearest(request.path, known)
    return f"{text}; {hint}" if hint else text


def _asked_claims(store: Store) -> ClaimFilter:
    arguments = single_values(request.args.to_dict(flat=False))
    return claim_filter(store.catalog, arguments, store.articles())


def _table(name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Response:
    """Rows as CSV or as JSON, by the ending of the name."""
    if name.endswith(".csv"):
        return _csv(lines(columns, rows), name)
    chunks = json_lines(name.removesuffix(".json"), columns, rows)
    return Response((chunk.encode() for chunk in chunks), mimetype="application/json")


def _csv(chunks: Iterator[str], name: str, *, attachment: bool = False) -> Response:
    response = Response((chunk.encode() for chunk in chunks), mimetype="text/csv")
    response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    disposition = "attachment" if attachment else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


def strict_state(store: Store, indicator: Indicator, arguments: Mapping[str, str]) -> ViewState:
    """The state of an address. Raises BadParameterError for what a page would only have noticed."""
    state, notices = read_state(store, indicator, arguments)
    refuse(notices)
    return state


def strict_view(
    store: Store, indicator: Indicator, arguments: Mapping[str, str], t: Translator
) -> IndicatorView:
    """The view of an address. Raises BadParameterError for what a page would only have noticed,
    and for what has no meaning."""
    state = strict_state(store, indicator, arguments)
    view = indicator_view(store, indicator, state, t)
    if view.refused:
        first = view.refused[0]
        why = refusal_words(first, store.catalog, Translator("en"))
        raise BadParameterError(f"{first.parameter}={first.value} has no meaning here: {why}")
    return view


def view_lines(
    store: Store, name: str, arguments: Mapping[str, str], t: Translator, *, spreadsheet: bool
) -> Iterator[str]:
    """The rows of an indicator page as CSV: the same state, series and values. Without a state,
    all series. Raises BadParameterError as `strict_view` does."""
    indicator = store.catalog.indicators[name]
    view = strict_view(store, indicator, arguments, t)
    if not view.made.is_published:
        return made_lines(store.catalog, view, spreadsheet=spreadsheet)
    query = _published(view) if view.state.query() else ObservationQuery(indicator=name)
    return observation_lines(store.engine, store.catalog, query, spreadsheet=spreadsheet)


def _published(view: IndicatorView) -> ObservationQuery:
    state = view.state
    return ObservationQuery(
        indicator=view.indicator.id,
        # No series fits: ask for one that cannot exist, and the file has its header only.
        series=tuple(map(str, view.keys)) or ("-",),
        period_from=state.first,
        period_to=state.last,
        as_of=state.asof,
    )
