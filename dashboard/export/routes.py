"""The addresses of the files: one Flask blueprint. Unknown parameters are answered with 400."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from config.loader import nearest
from dashboard.export.csv import claim_lines, observation_lines
from dashboard.export.parameters import (
    BadParameterError,
    claim_filter,
    observation_query,
    single_values,
)
from dashboard.i18n import LANGUAGES, Translator
from dashboard.store import Store
from dashboard.view import indicator_view, read_state
from db.freshness import status_rows
from db.queries import ObservationQuery


def blueprint(store: Store) -> Blueprint:
    """Routes of the CSV files."""
    files = Blueprint("files", __name__)

    @files.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @files.app_errorhandler(HTTPException)
    def _wrong(error: HTTPException) -> HTTPException | Response:
        """What a machine asked for is refused in JSON: it reads no page."""
        if not for_machines(request.path):
            return error
        answer = jsonify(error=_said(error))
        answer.status_code = error.code or 500
        for name, value in error.get_headers():
            if name not in {"Content-Type", "Content-Length"}:
                answer.headers[name] = value
        return answer

    @files.get("/api/v1/observations.csv")
    def observations() -> Response:
        query = observation_query(store.catalog, single_values(request.args.to_dict(flat=False)))
        return _csv(observation_lines(store.engine, store.catalog, query), "observations.csv")

    @files.get("/api/v1/claims.csv")
    def claims() -> Response:
        arguments = single_values(request.args.to_dict(flat=False))
        indicator, article = claim_filter(store.catalog, arguments)
        chunks = claim_lines(
            store.engine,
            store.catalog,
            store.assessments(),
            indicator=indicator,
            article=article,
        )
        return _csv(chunks, "claims.csv")

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
        query = view_query(store, name, arguments, Translator(language))
        chunks = observation_lines(store.engine, store.catalog, query, spreadsheet=spreadsheet)
        return _csv(chunks, f"{name}.csv", attachment=spreadsheet)

    return files


def for_machines(path: str) -> bool:
    """Whether an address is one of files, to which no page is an answer."""
    return path.startswith("/api/") or path == "/api" or path.endswith((".csv", ".json"))


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
    state, notices = read_state(store, indicator, arguments)
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
