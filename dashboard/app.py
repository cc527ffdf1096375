"""The Dash application: pages from the server, the chart taken over by Dash and Plotly.

Each page is a whole HTML document made on the server: it can be read before any script has run.
On a page with a chart, Dash mounts one graph in the place of the static drawing. Its layout
follows from the address of the page, which the browser names as the referrer of its request.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from config.catalog import Catalog
from dashboard import addresses, bundles, kept
from dashboard.asked import data_state, search_state
from dashboard.chart import Chart
from dashboard.export import atom, images
from dashboard.export.routes import blueprint, for_machines, refused_in_json
from dashboard.figures.plot import config, plotly_figure
from dashboard.filters import event_filter, since
from dashboard.i18n import LANGUAGES, Translator
from dashboard.page import Page, document
from dashboard.pages import (
    about,
    article,
    changes,
    compare,
    data,
    embed,
    errors,
    events,
    indicator,
    ledger,
    lists,
    overview,
    search,
    source,
    sources,
)
from dashboard.state import PARAMETERS, Choices, Notice, ViewState, first_values, parse
from dashboard.store import Store
from dashboard.view import IndicatorView, indicator_view, read_state
from db.engine import DatabaseError, Engine

ASSETS = Path(__file__).parent / "assets"
YEAR = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Nothing is loaded from another host; Dash and Plotly write styles and one inline script."""
FIRST_ASKED = ("/_dash-layout", "/_dash-dependencies")
"""What the renderer asks for as soon as it runs: the browser asks before."""
RETRY_SECONDS = 30
"""After which a client may ask again for what the database did not give."""
UNUSED = frozenset({"end_id", "python_version", "dash_version_url", "ddk_version"})
"""Of the renderer's configuration."""


class Site(Dash):
    """Dash whose index is the page that was rendered for the request."""

    def __init__(self, store: Store, **options: Any) -> None:
        super().__init__(**options)
        self.store = store
        self.assets_version = _fingerprint()
        self.parts = {"version": self.assets_version, "style": bundles.stylesheet()}

    def render(self, page: Page, t: Translator) -> Response:
        """A page as a response: with Dash's scripts where it has a chart, without elsewhere."""
        if page.live:
            request.environ["twotrack.page"] = (page, t)
            text = str(self.index())  # type: ignore[no-untyped-call]
        else:
            text = document(self.store, page, t, self.parts)
        response = Response(text, status=page.status, mimetype="text/html")
        response.headers["Content-Language"] = t.locale.replace("_", "-")
        if page.status == 200:
            response.add_etag()
            response.headers["Cache-Control"] = "no-cache"
            response.make_conditional(request)
        return response

    def _config(self) -> dict[str, Any]:
        """What the renderer is told: without what is of no use here.

        A page is the same for every reader and each time, so that it can be kept, here and by the
        browser; Dash's token of a page load guards jobs in the background, and there are none.
        """
        given: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        given["children_props"] = {Chart._namespace: given["children_props"][Chart._namespace]}
        return {name: value for name, value in given.items() if name not in UNUSED}

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Dash's renderer around the page that was rendered for this request."""
        page, t = request.environ["twotrack.page"]
        # Of Dash's scripts only what runs a component of our own: no library of components is used
        # in the browser.
        wanted = re.findall(
            r'<script src="([^"]*/(?:deps/prop-types|deps/react|dash-renderer/)[^"]*)"',
            parts["scripts"],
        )
        *react, renderer = wanted
        ours = [addresses.asset(name, self.assets_version) for name in ("chart.js", "start.js")]
        # Inert, until `twotrack.js` takes them out of the template.
        asked = [
            f'<link rel="preload" href="{path}" as="fetch" crossorigin>' for path in FIRST_ASKED
        ]
        scripts = [f'<script id="plotly" src="{bundles.plotly_address()}"></script>']
        scripts += [f'<script src="{each}"></script>' for each in (*react, ours[0], renderer)]
        scripts += [f'<script id="_dash-renderer" src="{ours[1]}"></script>']
        head = f'<template id="live">{"".join(asked + scripts)}</template>\n'
        given = {"head": head, "scripts": parts["config"], **self.parts}
        return document(self.store, page, t, given)


def _fingerprint() -> str:
    """Changes with any of our own assets, so that they may be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(ASSETS.glob("*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def create_app(
    catalog: Catalog,
    engine: Engine,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    keep: int = 0,
) -> Site:
    """The application on a read-only engine. `app.server` is the WSGI application.

    `keep`: bytes of memory for whole answers that are kept ready; 0 makes each anew.
    """
    store = Store(catalog, engine, clock)
    server = Flask(__name__, static_folder=None)
    server.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    server.config["COMPRESS_ALGORITHM"] = list(kept.ENCODINGS)
    server.config["COMPRESS_ALGORITHM_STREAMING"] = list(kept.ENCODINGS)
    server.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
        "image/svg+xml", "text/csv",
    ]  # fmt: skip
    app = Site(
        store,
        name=__name__,
        server=server,
        assets_folder=str(ASSETS),
        include_assets_files=False,
        compress=True,
        use_async=False,
        use_pages=False,
        # The layout of a page without a referrer has no figure yet; its callbacks are ours.
        suppress_callback_exceptions=True,
        title="Two-Track",
        update_title="",
        add_log_handler=False,
    )
    app.layout = lambda: chart_layout(store)
    _callbacks(app, store)
    _routes(app, server, store)
    # Threaded servers answer the first callbacks with 500 unless Dash was set up by one request.
    with server.test_client() as client:
        client.get("/_dash-dependencies")
    if keep:
        answers = kept.Kept(server.wsgi_app, store.state, keep)
        server.wsgi_app = answers.__call__  # type: ignore[method-assign]
    return app


# --- the live chart -------------------------------------------------------------------------


def _asked(store: Store, address: str) -> tuple[IndicatorView, Translator] | None:
    """The indicator view at an address of ours; None for any other address."""
    parts = urlsplit(address)
    segments = parts.path.strip("/").split("/")
    if len(segments) != 3 or segments[0] not in LANGUAGES or segments[1] != "indicators":
        return None
    found = store.catalog.indicators.get(segments[2])
    if found is None:
        return None
    t = Translator(segments[0])
    arguments, _ = first_values(parse_qsl(parts.query, keep_blank_values=True))
    state, _ = read_state(store, found, arguments)
    return indicator_view(store, found, state, t), t


def chart_layout(store: Store) -> Chart:
    """The one live part of a page. Without a referrer the figure comes by a callback instead."""
    address = request.headers.get("Referer", "") if _in_request() else ""
    asked = _asked(store, address) if address else None
    if asked is None:
        return Chart("chart", config=config(LANGUAGES[0]))
    view, t = asked
    return Chart("chart", plotly_figure(view.chart), config(t.language))


def _in_request() -> bool:
    return bool(request)


def _callbacks(app: Site, store: Store) -> None:
    @app.callback(
        Output("chart", "figure"),
        Output("chart", "config"),
        Input("chart", "address"),
        prevent_initial_call=True,
    )
    def draw(address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The chart of an address that the browser has told."""
        asked = _asked(store, address)
        if asked is None:
            raise PreventUpdate
        view, t = asked
        return plotly_figure(view.chart), config(t.language)


# --- the pages ------------------------------------------------------------------------------


def _routes(app: Site, server: Flask, store: Store) -> None:
    server.register_blueprint(blueprint(store))
    server.register_blueprint(images.blueprint(store))
    server.register_blueprint(embed.blueprint(store, app.assets_version))
    server.register_blueprint(atom.blueprint(store))
    server.register_blueprint(bundles.blueprint())
    _errors(app, server, store)
    _list_routes(app, server, store)
    _single_routes(app, server, store)
    _form_routes(app, server, store)

    @server.before_request
    def _fresh() -> Response | None:
        scripts = ("/assets/", "/scripts/", "/_dash-component")
        if request.endpoint is None or request.path.startswith(scripts):
            return None
        if kept.CHECKED not in request.environ:
            store.refresh()
        # Dash answers `/` and every unknown path with its index and status 200.
        if request.path == "/":
            return _to_language()
        return _missing(app) if _is_catch_all() else _to_canonical()

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.path == kept.LAYOUT:
            # On the way back through pages browsers show what they have: not of another page.
            response.vary.add("Referer")
        return response

    @server.get("/healthz")
    def healthz() -> Response:
        return Response("ok", mimetype="text/plain")

    @server.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")


def _errors(app: Site, server: Flask, store: Store) -> None:
    """Pages and, for machines, JSON for what cannot be answered."""

    @server.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response:
        """Also what nobody foresaw: Flask has written it to the log and calls it a 500."""
        if for_machines(request.path):
            return refused_in_json(error)
        path, t = _path_and_language()
        status = error.code or 500
        if status == 405:
            page = errors.only_read(path, t)
        elif status < 500:
            page = errors.not_answered(path, status, t)
        else:
            page = errors.broken(path, datetime.now(UTC), t)
        response = app.render(page, t)
        for name, value in error.get_headers():
            response.headers.setdefault(name, value)
        return response

    @server.errorhandler(DatabaseError)
    def out_of_reach(error: DatabaseError) -> Response:
        server.logger.error("the database cannot be read", exc_info=error)
        if for_machines(request.path):
            response = refused_in_json(ServiceUnavailable("the database cannot be read just now"))
        else:
            path, t = _path_and_language()
            response = app.render(errors.no_database(path, datetime.now(UTC), t), t)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response


def _list_routes(app: Site, server: Flask, store: Store) -> None:
    """The pages that list all there is of something."""

    @server.get("/<any(en, es):language>/")
    def home(language: str) -> Response:
        t = Translator(language)
        state, notices = _given("asof", "readings")
        return app.render(_noticed(overview.page(store, state, t), notices), t)

    simple: dict[str, Callable[[Store, Translator], Page]] = {
        "indicators": lists.indicators,
        "sources": sources.page,
        "about": about.page,
    }
    of_claims: dict[str, Callable[[Store, ViewState, Translator], Page]] = {
        "articles": lists.articles,
        "ledger": ledger.page,
    }

    @server.get("/<any(en, es):language>/<any(indicators, sources, about):name>")
    def simple_page(language: str, name: str) -> Response:
        t = Translator(language)
        return app.render(_noticed(simple[name](store, t), _given()[1]), t)

    @server.get("/<any(en, es):language>/<any(articles, ledger):name>")
    def page_of_claims(language: str, name: str) -> Response:
        t = Translator(language)
        state, notices = _given("readings")
        return app.render(_noticed(of_claims[name](store, state, t), notices), t)


def _single_routes(app: Site, server: Flask, store: Store) -> None:
    """The pages of one indicator, one article and one source."""

    @server.get("/<any(en, es):language>/indicators/<name>")
    def indicator_page(language: str, name: str) -> Response:
        found = store.catalog.indicators.get(name)
        if found is None:
            return _missing(app)
        t = Translator(language)
        arguments, repeated = first_values(request.args.items(multi=True))
        state, notices = read_state(store, found, arguments)
        notices = [*notices, *repeated]
        return app.render(indicator.build(store, found, state, notices, t), t)

    @server.get("/<any(en, es):language>/articles/<name>")
    def article_page(language: str, name: str) -> Response:
        found = store.articles().get(name)
        if found is None:
            return _missing(app)
        t = Translator(language)
        state, notices = _given("asof", "readings")
        return app.render(article.page(store, found, state, notices, t), t)

    @server.get("/<any(en, es):language>/sources/<name>")
    def source_page(language: str, name: str) -> Response:
        found = store.catalog.sources.get(name)
        if found is None:
            return _missing(app)
        t = Translator(language)
        return app.render(_noticed(source.page(store, found, t), _given()[1]), t)


def _form_routes(app: Site, server: Flask, store: Store) -> None:
    """The pages whose address says what was asked for in a form."""

    @server.get("/<any(en, es):language>/compare")
    def compare_page(language: str) -> Response:
        t = Translator(language)
        return app.render(compare.page(store, request.args.items(multi=True), t), t)

    @server.get("/<any(en, es):language>/events")
    def events_page(language: str) -> Response:
        t = Translator(language)
        arguments, repeated = first_values(request.args.items(multi=True))
        asked, notices = event_filter(arguments, store.catalog.pair.indicators)
        return app.render(events.page(store, asked, [*notices, *repeated], t), t)

    @server.get("/<any(en, es):language>/changes")
    def changes_page(language: str) -> Response:
        t = Translator(language)
        arguments, repeated = first_values(request.args.items(multi=True))
        asked, notices = since(arguments, store.clock().date())
        return app.render(changes.page(store, asked, [*notices, *repeated], t), t)

    @server.get("/<any(en, es):language>/search")
    def search_page(language: str) -> Response:
        t = Translator(language)
        asked, notices = search_state(request.args.items(multi=True))
        return app.render(search.page(store, asked, notices, t), t)

    @server.get("/<any(en, es):language>/data")
    def data_page(language: str) -> Response:
        t = Translator(language)
        given = request.args.items(multi=True)
        asked, notices = data_state(given, store.catalog, store.articles())
        return app.render(data.page(store, asked, notices, t), t)


def _given(*taken: str) -> tuple[ViewState, list[Notice]]:
    """What the address says of a page without a chart, which has these parameters."""
    arguments, repeated = first_values(request.args.items(multi=True))
    state, notices = parse(arguments, Choices(), taken)
    return state, [*notices, *repeated]


def _noticed(page: Page, notices: Sequence[Notice]) -> Page:
    """A page that says what of its address was left out."""
    return replace(page, notices=[*page.notices, *notices])


def _to_language() -> Response:
    """From `/` to the language that the reader's browser asks for."""
    response = Response(status=302)
    response.headers["Location"] = addresses.home(_reader_language())
    response.headers["Vary"] = "Accept-Language"
    return response


def _to_canonical() -> Response | None:
    """From what a form sends to the address without its empty fields; None where it has none.

    Where an empty value stands before another of its name, it is the one that counts: then the
    page says so.
    """
    if "language" not in (request.view_args or {}) or request.blueprint is not None:
        return None
    pairs = list(request.args.items(multi=True))
    filled = [(name, value) for name, value in pairs if value]
    first, _ = first_values(pairs)
    in_the_way = {name for name, _ in filled if not first[name]} - {"series"}
    if len(filled) == len(pairs) or in_the_way:
        return None
    if request.endpoint == "indicator_page":
        filled.sort(key=lambda pair: (*PARAMETERS, pair[0]).index(pair[0]))
    query = urlencode(filled, safe=",/=;:")
    response = Response(status=303)
    response.headers["Location"] = f"{quote(request.path)}{'?' if query else ''}{query}"
    return response


def _reader_language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _is_catch_all() -> bool:
    rule = request.url_rule
    return rule is not None and rule.rule in {"/<path:path>", "/<path:path>/"}


def _path_and_language() -> tuple[str, Translator]:
    """Of the request: its path without the language, and that of the address or of the reader."""
    first, _, rest = request.path.lstrip("/").partition("/")
    if first in LANGUAGES:
        return rest, Translator(first)
    return request.path.lstrip("/"), Translator(_reader_language())


def _missing(app: Site) -> Response:
    """404, in the language of the address or of the reader."""
    if for_machines(request.path):
        abort(404)
    path, t = _path_and_language()
    return app.render(errors.not_found(path, t), t)
