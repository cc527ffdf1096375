"""Kept answers: the same as fresh ones, for the right reader, and never longer than they hold."""

from __future__ import annotations

import gzip
from collections.abc import Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from werkzeug.test import Client, TestResponse

from config.catalog import Catalog
from dashboard.app import Site, create_app
from dashboard.i18n import LANGUAGES
from dashboard.kept import Answer, Kept, Shelf
from dashboard.state import READINGS, SCALES, VIEWS, ViewState
from dashboard.store import Store
from db import tables as t
from db.engine import Engine, make_engine
from db.freshness import GRACE, Freshness
from db.watch import Watch
from tests.processes import Processes
from tests.stores import KEY, NOW, Loaded, a_vintage, load, open_run

ENOUGH = 50_000_000
BROWSER = "gzip, deflate, br, zstd"
RATE = "/en/indicators/homicide-rate"
PAGES = (
    "", "indicators", "sources", "about", "articles", "ledger", "compare", "events", "changes",
    "search", "search?q=homicide", "data", "compare?unknown=1", "embed/homicide-rate",
    "sources/world-bank", "changes.atom", "indicators/homicide-rate.atom", "compare.csv",
    "indicators/homicide-rate.svg", "indicators/nothing", "nothing", "indicators/nothing.csv",
)  # fmt: skip
FILES = (
    "observations.csv", "observations.csv?indicator=homicide-rate", "claims.csv", "claims.json",
    "consistency.csv", "consistency.json", "health.json", "observations.csv?nothing=1",
)  # fmt: skip
LOADER = """
import sys
from db.engine import make_engine
from tests.stores import a_vintage, load
load(make_engine(sys.argv[1]), a_vintage("2021-01-01", {"2020": sys.argv[2]}))
"""


@pytest.fixture(scope="module")
def keeping(loaded: Loaded) -> Server:
    return Server(create_app(loaded.catalog, loaded.engine, lambda: NOW, ENOUGH))


class Server:
    """An application that keeps answers, with what it keeps at hand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept: Kept = site.server.wsgi_app.__self__
        self.client = site.server.test_client()

    @property
    def count(self) -> int:
        return len(self.kept.shelf)


def said(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. The date is of each answer, and a stream says no length."""
    left_out = {"date", "content-length"}
    headers = {n.lower(): v for n, v in response.headers if n.lower() not in left_out}
    body = response.get_data()
    if headers.get("content-encoding") == "gzip":
        # Its head says when it was compressed (RFC 1952).
        body = body[:4] + body[8:]
    return response.status_code, headers, body


def opened(response: TestResponse) -> bytes:
    encoding = response.headers.get("Content-Encoding")
    body = response.get_data()
    if encoding == "br":
        return brotli.decompress(body)  # type: ignore[no-any-return]
    return gzip.decompress(body) if encoding == "gzip" else body


# --- the same as fresh ones -----------------------------------------------------------------


def states(catalog: Catalog) -> st.SearchStrategy[str]:
    """Addresses of indicator pages, of their files, and of what is embedded of them."""
    days = st.none() | st.dates(date(1990, 1, 1), date(2026, 12, 31))

    @st.composite
    def address(draw: st.DrawFn) -> str:
        indicator = draw(st.sampled_from(sorted(catalog.indicators)))
        areas = draw(st.sets(st.sampled_from(sorted(catalog.areas)), max_size=2))
        state = ViewState(
            measure=draw(st.none() | st.sampled_from(list(catalog.indicators[indicator].measures))),
            geo=tuple(sorted(areas)),
            unit=draw(st.sampled_from(SCALES)),
            first=draw(days),
            asof=draw(days),
            events=draw(st.booleans()),
            readings=draw(st.sampled_from(READINGS)),
            view=draw(st.sampled_from(VIEWS)),
        )
        form = draw(st.sampled_from(["indicators/{}", "indicators/{}.csv", "embed/{}"]))
        return f"/{draw(st.sampled_from(LANGUAGES))}/{form.format(indicator)}?{state.query()}"

    return address()


@given(data=st.data())
@settings(max_examples=25)
def test_every_view_is_the_same_kept_and_fresh(
    data: st.DataObject, site: Site, keeping: Server
) -> None:
    address = data.draw(states(site.store.catalog))
    encoding = data.draw(st.sampled_from(["", "gzip", BROWSER]))
    _same_kept_and_fresh(address, {"Accept-Encoding": encoding}, site, keeping)


@pytest.mark.parametrize(
    "address",
    [f"/{language}/{page}" for language in LANGUAGES for page in PAGES]
    + [f"/api/v1/{name}" for name in FILES],
)
def test_every_address_is_the_same_kept_and_fresh(
    address: str, site: Site, keeping: Server
) -> None:
    _same_kept_and_fresh(address, {"Accept-Encoding": BROWSER}, site, keeping)


def test_the_layout_of_each_page_is_its_own(site: Site, keeping: Server) -> None:
    pages = [f"http://localhost/{language}/indicators/homicide-rate" for language in LANGUAGES]
    for referrer in (*pages, f"{pages[0]}?geo=MEX", "http://localhost/", ""):
        _same_kept_and_fresh("/_dash-layout", {"Referer": referrer}, site, keeping)


def _same_kept_and_fresh(
    address: str, headers: dict[str, str], site: Site, keeping: Server
) -> None:
    fresh = said(site.server.test_client().get(address, headers=headers))
    assert said(keeping.client.get(address, headers=headers)) == fresh
    before = keeping.count
    assert said(keeping.client.get(address, headers=headers)) == fresh
    assert keeping.count == before


def test_what_is_kept_is_not_made_again(keeping: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = [RATE, f"{RATE}.csv", "/api/v1/claims.json", "/en/changes.atom", f"{RATE}.svg"]
    first = [said(keeping.client.get(address)) for address in addresses]
    monkeypatch.setattr(keeping.kept, "app", _nothing_else)
    assert [said(keeping.client.get(address)) for address in addresses] == first


def _nothing_else(*_: object) -> Iterable[bytes]:
    raise AssertionError("the application was asked")


# --- for the right reader -------------------------------------------------------------------


def test_languages_hosts_and_schemes_are_not_mixed(keeping: Server) -> None:
    bases = ["http://localhost", "https://localhost", "http://example.org"]
    for base, language in [*product(bases, LANGUAGES)] * 2:
        response = keeping.client.get(f"/{language}/indicators/homicide-rate", base_url=base)
        text = response.get_data(as_text=True)
        assert response.headers["Content-Language"].startswith(language)
        assert f'<html lang="{language}' in text
        canonical = f'rel="canonical" href="{base}/{language}/indicators/homicide-rate'
        assert canonical in text


@pytest.mark.parametrize("address", [RATE, f"{RATE}.csv", "/api/v1/claims.csv"])
def test_each_reader_gets_an_encoding_that_it_takes(
    address: str, site: Site, keeping: Server
) -> None:
    plain = site.server.test_client().get(address).get_data()
    cases = {
        "": None,
        "identity": None,
        "zstd": None,
        "gzip": "gzip",
        "gzip;q=0": None,
        "br;q=0, gzip": "gzip",
        "br;q=0.5, gzip;q=0.8": "gzip",
        "br;q=0.5, identity": None,
        "*": "br",
        BROWSER: "br",
    }
    for accepted, expected in [*cases.items()] * 2:
        response = keeping.client.get(address, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == expected, accepted
        assert "Accept-Encoding" in response.headers["Vary"]
        assert opened(response) == plain, accepted


def test_head_is_answered_without_a_body(keeping: Server) -> None:
    address = "/es/indicators/homicide-rate"
    heads = [keeping.client.head(address)]
    whole = keeping.client.get(address)
    heads.append(keeping.client.head(address))
    for head in heads:
        assert said(head) == (200, said(whole)[1], b"")
        assert head.headers["Content-Length"] == str(len(whole.get_data()))
    assert keeping.client.get(address).get_data() == whole.get_data()


# --- conditional requests -------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
@pytest.mark.parametrize("address", [RATE, "/en/changes.atom", f"{RATE}.svg"])
def test_who_has_it_is_told_so(
    address: str, encoding: str, loaded: Loaded, site: Site, keeping: Server
) -> None:
    sent = {"Accept-Encoding": encoding}
    first = keeping.client.get(address, headers=sent)
    has = sent | {"If-None-Match": first.headers["ETag"]}
    never_asked = Server(create_app(loaded.catalog, loaded.engine, lambda: NOW, ENOUGH))
    fresh = site.server.test_client().get(address, headers=has)
    for client in (keeping.client, never_asked.client):
        assert said(client.get(address, headers=has)) == said(fresh)
        assert fresh.status_code == 304
        assert fresh.get_data() == b""
    assert never_asked.count == 1  # for the next one who has it not
    other = sent | {"If-None-Match": '"other"'}
    assert said(keeping.client.get(address, headers=other)) == said(first)


# --- as long as it holds --------------------------------------------------------------------


@pytest.fixture
def reader(engine: Engine) -> Iterator[Engine]:
    """Reads a database that is empty at first, of either kind."""
    found = make_engine(address_of(engine), read_only=True)
    yield found
    found.dispose()


def address_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_what_another_process_loads_is_seen_at_the_next_request(
    engine: Engine, reader: Engine, catalog: Catalog, processes: Processes
) -> None:
    server = Server(create_app(catalog, reader, lambda: NOW, ENOUGH))
    csv, page = "/api/v1/observations.csv?indicator=homicide-rate", RATE
    for value in ("27.5", "28.25"):
        old = [server.client.get(each).get_data(as_text=True) for each in (csv, page)]
        assert server.count == 2
        loader = processes.python("-c", LOADER, address_of(engine), value)
        assert loader.wait() == 0, loader.communicate()
        assert not any(f",{value}," in text for text in old)
        assert f",{value}," in server.client.get(csv).get_data(as_text=True)
        assert server.count == 1  # nothing of what is outdated is left
        assert server.client.get(page).get_data(as_text=True) != old[1]


def test_the_watch_says_what_a_query_says(engine: Engine, reader: Engine) -> None:
    watch = Watch(reader)
    empty = watch.version()
    assert watch.version() == empty
    run = open_run(engine)
    started = watch.version()
    assert started != empty
    watch.close()
    assert watch.version() == started
    with engine.begin() as connection:  # another process renews its lease: no run has ended
        connection.execute(
            insert(t.lease).values(name="x", holder="y", renewed_at=NOW, expires_at=NOW)
        )
    assert watch.version() == started
    with engine.begin() as connection:
        connection.execute(t.run.update().where(t.run.c.id == run).values(finished_at=NOW))
    assert watch.version() not in {empty, started}
    watch.close()


def test_the_clock_alone_changes_the_day_and_what_is_due(loaded: Loaded) -> None:
    now = [NOW]
    store = Store(loaded.catalog, loaded.engine, lambda: now[0])
    runs = [record.last_run for record in store.source_records().values()]
    turns = sorted({run.next_due + GRACE for run in runs if run and run.next_due})
    assert len(turns) > 1
    tick = timedelta(microseconds=1)
    midnight = datetime(2026, 12, 2, tzinfo=UTC)
    moments = sorted(
        {NOW, midnight - tick, midnight, *turns, *(turn + tick for turn in turns)}
        | {turn - timedelta(hours=1) for turn in turns}
    )

    def words() -> tuple[date, dict[str, Freshness]]:
        return now[0].date(), {name: store.freshness(name) for name in loaded.catalog.sources}

    known: dict[Hashable, Any] = {}
    for moment in (*moments, *reversed(moments)):
        now[0] = moment
        assert known.setdefault(store.state(), words()) == words()
    assert len(known) > len(turns)
    # And no more states than there are days and turns: most moments change nothing.
    days = {moment.date() for moment in moments}
    assert len(known) <= len(days) + len(turns) + 1


def test_a_day_later_the_page_is_made_again(loaded: Loaded) -> None:
    now = [NOW]
    server = Server(create_app(loaded.catalog, loaded.engine, lambda: now[0], ENOUGH))
    assert "1 December 2026" in server.client.get("/en/").get_data(as_text=True)
    now[0] += timedelta(days=1)
    text = server.client.get("/en/").get_data(as_text=True)
    assert "2 December 2026" in text
    assert "As known on 1 December 2026" not in text


# --- what is not kept, and how much ---------------------------------------------------------


@pytest.fixture
def counted() -> tuple[Flask, list[str]]:
    """An application that takes down what it was asked."""
    server, asked = Flask(__name__), []

    @server.get("/<path:path>")
    def answer(path: str) -> Response:
        asked.append(path)
        last = path.rpartition("/")[2]
        response = Response(b"x" * (int(last) if last.isdigit() else 10))
        if last == "cookie":
            response.set_cookie("reader", "1")
        if last in {"no-store", "private"}:
            response.headers["Cache-Control"] = last
        if last == "stream":
            response = Response(iter([b"a", b"b"]))
        if last == "broken":
            response = Response(_broken())
        if last == "long":
            response = Response(b"x" * 1_000 for _ in range(100))
        response.status_code = {"missing": 404, "moved": 302, "error": 500}.get(last, 200)
        return response

    return server, asked


def _broken() -> Iterator[bytes]:
    yield b"a"
    raise RuntimeError("half-way")


def client_of(server: Flask, most: int) -> tuple[Client, Kept]:
    found = Kept(server.wsgi_app, lambda: "state", most)
    return Client(found), found


@pytest.mark.parametrize(
    ("path", "times"),
    [
        ("/en/page", 1),
        ("/en/stream", 1),
        ("/api/v1/page", 1),
        *((f"/en/{name}", 2) for name in ("cookie", "no-store", "private", "long", "200000")),
        *((f"/en/{name}", 2) for name in ("missing", "moved", "error")),
        *((path, 2) for path in ("/api/v1/health.json", "/de/page", "/enough/page", "/healthz")),
    ],
)
def test_what_is_kept(path: str, times: int, counted: tuple[Flask, list[str]]) -> None:
    server, asked = counted
    client, _ = client_of(server, 100_000)
    assert said(client.get(path)) == said(client.get(path))
    assert len(asked) == times


def test_a_stream_that_breaks_off_is_not_kept(counted: tuple[Flask, list[str]]) -> None:
    client, found = client_of(counted[0], 100_000)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="half-way"):
            client.get("/en/broken").get_data()
    assert len(found.shelf) == 0


def test_a_stream_that_nobody_reads_to_its_end_is_not_kept(
    counted: tuple[Flask, list[str]],
) -> None:
    client, found = client_of(counted[0], 100_000)
    response = client.get("/en/stream", buffered=False)
    assert next(response.iter_encoded()) == b"a"
    response.close()
    assert len(found.shelf) == 0
    assert client.get("/en/stream").get_data() == b"ab"
    assert len(found.shelf) == 1


def test_what_another_asks_for_a_part_is_left_to_the_application(
    counted: tuple[Flask, list[str]],
) -> None:
    client, found = client_of(counted[0], 100_000)
    for headers in ({"Range": "bytes=0-1"}, {"Authorization": "Bearer x"}):
        client.get("/en/page", headers=headers)
    client.post("/en/page")
    assert len(found.shelf) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4_000)), max_size=60))
def test_memory_is_bounded_and_what_is_asked_for_stays(asked: list[tuple[int, int]]) -> None:
    shelf = Shelf(20_000)
    shelf.get("state", ("first",))
    for name, size in asked:
        shelf.put("state", (str(name),), Answer((("A", "b"),), b"x" * size))
        assert shelf.size <= shelf.most
        assert shelf.size >= sum(
            len(found.body)
            for each in range(10)
            if (found := shelf.get("state", (str(each),))) is not None
        )


def test_the_least_recently_asked_for_goes_first() -> None:
    shelf = Shelf(10_000)
    shelf.get("state", ("0",))
    small = Answer((), b"x" * 100)
    for name in range(6):
        shelf.put("state", (str(name),), small)
    shelf.get("state", ("0",))
    for name in range(6, 12):
        shelf.put("state", (str(name),), small)
    assert shelf.get("state", ("0",)) is not None
    assert shelf.get("state", ("1",)) is None
    assert shelf.size <= shelf.most


def test_what_was_made_of_older_data_is_not_kept() -> None:
    shelf = Shelf(100_000)
    assert shelf.get("old", ("page",)) is None
    assert shelf.get("new", ("page",)) is None
    shelf.put("old", ("page",), Answer((), b"old"))
    assert shelf.get("new", ("page",)) is None
    shelf.put("new", ("page",), Answer((), b"new"))
    assert shelf.get("new", ("page",)) == Answer((), b"new")
    assert shelf.get("newer", ("page",)) is None
    assert shelf.size == 0


# --- threads --------------------------------------------------------------------------------


def test_threads_get_what_one_alone_gets(loaded: Loaded, client: FlaskClient) -> None:
    addresses = [f"/{language}/{page}" for language in LANGUAGES for page in PAGES[:8]]
    alone = {address: said(client.get(address)) for address in addresses}
    # So little room that answers come and go.
    site = create_app(loaded.catalog, loaded.engine, lambda: NOW, 400_000)

    def ask(address: str) -> bool:
        return said(site.server.test_client().get(address)) == alone[address]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, addresses * 3))
    assert Server(site).kept.shelf.size <= 400_000


def test_threads_and_new_data(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> None:
    """While one thread loads, nobody gets an older answer than the last that anyone has got."""
    home = tmp_path_factory.mktemp("threads")
    writer = loaded.copy(home)
    reader = make_engine(str(writer.url), read_only=True)
    server = create_app(loaded.catalog, reader, lambda: NOW, ENOUGH).server
    csv = "/api/v1/observations.csv?indicator=homicide-rate&ref_area=HND"
    key = replace(KEY, ref_area="HND")
    done: list[int] = [0]

    def ask(_: int) -> bool:
        least = done[0]
        text = server.test_client().get(csv).get_data(as_text=True)
        return all(f",{1000 + number}," in text for number in range(1, least + 1))

    def change() -> None:
        for number in range(1, 6):
            load(writer, a_vintage("2026-11-01", {str(1900 + number): str(1000 + number)}, key=key))
            done[0] = number

    with ThreadPoolExecutor(4) as pool:
        changing = pool.submit(change)
        asked: list[bool] = []
        while not changing.done():
            asked += pool.map(ask, range(3))
        changing.result()
        asked += pool.map(ask, range(3))
    assert all(asked)
    assert done == [5]
    for each in (reader, writer):
        each.dispose()
