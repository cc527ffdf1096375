"""The addresses of the files: one Flask blueprint. Unknown parameters are answered with 400."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from config.loader import nearest
from config.schema import Indicator
from dashboard.comparison import read_asked
from dashboard.export.columns import CLAIM_COLUMNS, CONSISTENCY_COLUMNS, OBSERVATION_COLUMNS
from dashboard.export.compare import compare_rows
from dashboard.export.csv import (
    claim_rows,
    consistency_rows,
    json_lines,
    lines,
    observation_rows,
)
from dashboard.export.events import event_lines
from dashboard.export.package import archive, metadata, metadata_text, view_rows
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


def blueprint(store: Store) -> Blueprint:
    """Routes of the files of rows."""
    files = Blueprint("files", __name__)

    @files.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @files.get("/api/v1/observations.csv", defaults={"ending": "csv"})
    @files.get("/api/v1/observations.json", defaults={"ending": "json"})
    def observations(ending: str) -> Response:
        query = observation_query(store.catalog, single_values(request.args.to_dict(flat=False)))
        rows = observation_rows(store.engine, store.catalog, query)
        return _table(f"observations.{ending}", OBSERVATION_COLUMNS, rows)

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

    _view_routes(files, store)
    return files


def _view_routes(files: Blueprint, store: Store) -> None:
    """The files of pages, each with the parameters of its page."""

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
        view = strict_view(store, store.catalog.indicators[name], arguments, Translator(language))
        chunks = lines(OBSERVATION_COLUMNS, view_rows(store, view), spreadsheet=spreadsheet)
        return _csv(chunks, f"{name}.csv", attachment=spreadsheet)

    @files.get("/<language>/indicators/<name>.<any(json, zip):ending>")
    def indicator_package(language: str, name: str, ending: str) -> Response:
        # A rule for `.metadata.json` would meet that of `.json`: the shorter one takes both.
        described = ending == "json" and name.endswith(".metadata")
        name = name.removesuffix(".metadata") if described else name
        if language not in LANGUAGES or name not in store.catalog.indicators:
            abort(404)
        arguments = single_values(request.args.to_dict(flat=False), lists=())
        t = Translator(language)
        view = strict_view(store, store.catalog.indicators[name], arguments, t)
        if described:
            text = metadata_text(metadata(store, view, view_rows(store, view), t))
            return _whole(text.encode(), "application/json", f"{name}.metadata.json")
        if ending == "zip":
            return _whole(archive(store, view, t), "application/zip", f"{name}.zip")
        return _table("observations.json", OBSERVATION_COLUMNS, view_rows(store, view))

    @files.get("/<language>/compare.json")
    def compare_json(language: str) -> Response:
        if language not in LANGUAGES:
            abort(404)
        asked = read_asked(store, request.args.items(multi=True))
        return _table("observations.json", OBSERVATION_COLUMNS, compare_rows(store, asked))

    @files.get("/<language>/compare.csv")
    def compare_file(language: str) -> Response:
        if language not in LANGUAGES:
            abort(404)
        given = list(request.args.items(multi=True))
        bom = [value for name, value in given if name == "bom"]
        if bom not in ([], ["yes"], ["no"]):
            raise BadParameterError(f"bom={','.join(bom)} is not understood: yes or no")
        asked = read_asked(store, [pair for pair in given if pair[0] != "bom"])
        rows = compare_rows(store, asked)
        chunks = lines(OBSERVATION_COLUMNS, rows, spreadsheet=bom == ["yes"])
        return _csv(chunks, "compare.csv", attachment=bom == ["yes"])


FILES = (".atom", ".csv", ".json", ".svg", ".png", ".zip")


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


def _whole(content: bytes, media_type: str, name: str) -> Response:
    """A file that is made before it is sent; asked for again, it says whether it changed."""
    response = Response(content, mimetype=media_type)
    disposition = "attachment" if name.endswith(".zip") else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
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
