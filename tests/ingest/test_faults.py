"""What providers, disks, clocks and machines do to a run: over real HTTP, through the pipeline.

After each fault the last good data is served, the run says in plain words what happened, and the
next good answer loads.
"""

from __future__ import annotations

import gzip
import io
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from config.catalog import Catalog
from config.schema import Ignore, Source
from db.engine import Engine
from db.queries import issues, runs
from db.records import Changes, RunStatus
from db.writer import AlreadyRunningError
from ingest import pipeline
from ingest.http import Client
from ingest.pipeline import Context, Outcome, run_source
from ingest.sources import _zip
from ingest.sources.foreign_assistance import ForeignAssistance
from ingest.sources.sesnsp import Sesnsp
from ingest.sources.worldbank import WorldBank
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import case
from tests.ingest.test_sesnsp import serve, the_file
from tests.processes import Processes
from tests.stores import a_context, homicide_feed, spans, stored, world_bank_path

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AID = "/files.explorer.devtechlab.com/us_foreign_aid_country.csv"
MOST = 2**20
"""The limit of an answer here: a real one of 4 GB would take as long as it is large."""


class Place:
    """An installation without tables, and one source of it with its provider on loopback."""

    def __init__(self, context: Context, source: Source, server: Loopback, path: str) -> None:
        self.now = NOW
        self.server, self.path, self.source = server, path, source
        self.context = replace(
            context, clock=lambda: self.now, base_urls={source.provider: server.url}
        )

    def meets(self, *replies: Reply | bytes) -> Outcome:
        """An hour later the provider answers so, in turn, and is asked."""
        self.now += timedelta(hours=1)
        self.server._replies.clear()
        self.server.on(self.path, *(r if isinstance(r, Reply) else Reply(r) for r in replies))
        return self.run()

    def run(self) -> Outcome:
        return run_source(self.context, self.source)[-1]

    @property
    def data(self) -> list[tuple[Any, ...]]:
        return [
            (str(e.series), e.time_period, e.value, e.obs_status, e.valid_from, e.valid_to)
            for e in stored(self.context.engine)
        ]


@pytest.fixture
def bare(
    catalog: Catalog, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Context:
    impatient = partial(
        Client, sleep=lambda _: None, timeouts=(2.0, 0.2), max_bytes=MOST, deadline=10.0
    )
    monkeypatch.setattr(pipeline, "Client", impatient)
    adapters = {
        "foreign-assistance": lambda _: ForeignAssistance(),
        "sesnsp": lambda _: Sesnsp(),
        "worldbank": lambda _: WorldBank(),
        "unhcr": lambda _: Lines(),
    }
    monkeypatch.setattr(pipeline, "ADAPTERS", adapters)
    return a_context(replace(catalog, root=tmp_path / "nowhere"), engine, tmp_path)


@pytest.fixture
def aid(bare: Context, provider_server: Loopback) -> Place:
    """The aid file: a real format, of real quirks."""
    return Place(bare, bare.catalog.sources["foreign-assistance"], provider_server, AID)


@pytest.fixture
def rates(bare: Context, provider_server: Loopback) -> Place:
    source = a_source(bare.catalog.sources["unhcr"], provider_server.url)
    return Place(bare, source, provider_server, "/rates.csv")


GOOD = case("foreign-assistance/snake-case/us_foreign_aid_country.csv")
NEWER = GOOD.replace(b",2022,300,290", b",2022,301,290")
ROW = next(line for line in GOOD.splitlines(keepends=True) if b",2022,300," in line)
assert NEWER != GOOD

FAILS: dict[str, tuple[Sequence[Reply | bytes], str]] = {
    "time-out": ([Reply(GOOD, delay=30)], "the provider did not answer in time (tried 4 times)"),
    "a body that stops": ([Reply(GOOD, drip=0.5)], "did not answer in time"),
    "reset": ([Reply(reset=True)], "the connection to the provider failed (tried 4 times)"),
    "reset in mid-body": (
        [Reply(GOOD, truncate=300)],
        "the connection broke before the answer was complete (tried 4 times)",
    ),
    "reset in a chunk": (
        [Reply(GOOD, truncate=300, chunked=True)],
        "the connection broke before the answer was complete (tried 4 times)",
    ),
    "truncated CSV": ([GOOD[:-30]], "columns in every line"),
    "truncated between two digits": ([GOOD.rstrip()[:-1]], "cut off"),
    "gzip that lies": (
        [Reply(GOOD, headers={"Content-Encoding": "gzip"})],
        "the answer is not the gzip that it says it is",
    ),
    "gzip that ends early": ([Reply(GOOD, gzip=True, truncate=90)], "broke before"),
    "429 for ever": (
        [Reply(b"", 429, {"Retry-After": "1"})],
        "the provider asks for fewer requests (HTTP 429) (tried 4 times)",
    ),
    "500 for ever": ([Reply(b"", 500)], "the provider's server failed (HTTP 500) (tried 4 times)"),
    "HTML with status 200": (
        [Reply(b"<!DOCTYPE html><html>Mantenimiento</html>\n", media_type="text/html")],
        "expected a CSV file, found a page of HTML or XML",
    ),
    "nothing at all": ([b""], "expected a CSV file with a header, found nothing"),
    "a header and no row": (
        [GOOD.splitlines(keepends=True)[0]],
        "expected rows of GTM, HND, MEX, SLV, found none",
    ),
    "a renamed column": (
        [GOOD.replace(b"fiscal_year", b"year_fiscal", 1)],
        "column 'fiscal_year' missing, 'year_fiscal' instead",
    ),
    "an unknown label": ([GOOD.replace(b",2,Obligations,2022", b",9,Pledges,2022")], "Pledges"),
    "a duplicated row": ([GOOD.replace(ROW, ROW * 2)], ""),
    "a value of another order of magnitude": (
        [GOOD.replace(b",2022,300,", b",2022,300000000000,")],
        "a factor of",
    ),
    "half of the rows": (
        [b"".join(GOOD.splitlines(keepends=True)[:-6])],
        "of the answer before are missing",
    ),
    "text for a figure": ([GOOD.replace(b",2022,300,", b",2022,many,")], "many"),
    "not UTF-8": (
        [GOOD.replace(b"Mexico", b"M\xe9xico", 1)],
        "expected text in utf-8-sig, found byte 0xe9, which is not",
    ),
    "a redirect to another host": (
        [Reply(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data"})],
        "host 169.254.169.254 is not allowed for this source",
    ),
    "4 GB, as it says": (
        [Reply(GOOD, content_length=4 * 2**30)],
        "the answer is larger than the limit of 1,048,576 bytes",
    ),
    "4 GB, without a word": (
        [Reply(GOOD * 1000, chunked=True, repeat=4 * 2**30 // (len(GOOD) * 1000))],
        "the answer is larger than the limit of 1,048,576 bytes",
    ),
    "4 GB of gzip": (
        [Reply(gzip.compress(b"0" * 40 * 2**20), headers={"Content-Encoding": "gzip"})],
        "the answer is larger than the limit of 1,048,576 bytes",
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_fault_fails_the_run_and_nothing_else(aid: Place, name: str) -> None:
    replies, words = FAILS[name]
    assert aid.meets(GOOD).status is RunStatus.OK
    before, files = aid.data, sorted(aid.context.store.root.rglob("*.gz"))
    assert before
    outcome = aid.meets(*replies)
    assert outcome.status is RunStatus.FAILED
    assert words in outcome.message
    assert "Traceback" not in outcome.message
    last = runs(aid.context.engine)[0]
    assert (last.status, last.message) == (RunStatus.FAILED, outcome.message)
    assert issues(aid.context.engine, last.id)
    assert aid.data == before
    if "4 GB" in name:
        assert sorted(aid.context.store.root.rglob("*.gz")) == files

    assert aid.meets(NEWER).changes == Changes(revised=1, unchanged=len(before) - 1)


def _wider(text: bytes, name: bytes) -> bytes:
    """The file with one column more."""
    header, *rows = text.replace(b"\r\n", b",x\r\n").splitlines(keepends=True)
    return b"".join([header.replace(b",x\r\n", b"," + name + b"\r\n"), *rows])


WHY = "new in the answer of an hour ago; nothing is read from it"
LISTED: dict[str, tuple[bytes, str, Ignore]] = {
    "a new column": (
        _wider(NEWER, b"managing_agency_name"),
        "unknown column 'managing_agency_name'",
        Ignore(columns={"managing_agency_name": WHY}),
    ),
    "a renamed column, not read": (
        NEWER.replace(b"region_name", b"region", 1),
        "unknown column 'region'",
        Ignore(columns={"region": WHY}),
    ),
    "an unknown label": (
        NEWER + ROW.replace(b",2,Obligations,", b",20,Rescissions,"),
        "'Rescissions' at line 13",
        Ignore(labels={"transaction_type_name": {"Rescissions": WHY}}),
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_what_nobody_knows_loads_once_it_is_listed(aid: Place, name: str) -> None:
    body, words, ignore = LISTED[name]
    new = aid.meets(GOOD).changes.new
    before = aid.data
    outcome = aid.meets(body)
    assert outcome.status is RunStatus.FAILED
    assert words in outcome.message
    part = "columns" if ignore.columns else "labels"
    assert f"list it under ignore.{part}" in outcome.message
    assert "of sources/foreign-assistance.yaml, with the reason" in outcome.message
    assert aid.data == before
    aid.source = aid.source.model_copy(update={"ignore": ignore})
    assert aid.meets(body).changes == Changes(revised=1, unchanged=new - 1)
    assert aid.meets(body).status is RunStatus.UNCHANGED


def test_listing_a_column_that_is_read_fails_and_says_so(aid: Place) -> None:
    aid.meets(GOOD)
    before = aid.data
    aid.source = aid.source.model_copy(update={"ignore": Ignore(columns={"fiscal_year": WHY})})
    outcome = aid.meets(NEWER)
    assert outcome.status is RunStatus.FAILED
    assert "without the columns that are read, found 'fiscal_year'" in outcome.message
    assert aid.data == before


PASSES: dict[str, Sequence[Reply | bytes]] = {
    "429 once": [Reply(b"", 429, {"Retry-After": "7"}), NEWER],
    "500 three times": [*[Reply(b"no", 500)] * 3, NEWER],
    "reset once": [Reply(reset=True), NEWER],
    "cut off once": [Reply(NEWER, truncate=200), NEWER],
    "a lying gzip once": [Reply(NEWER, headers={"Content-Encoding": "gzip"}), NEWER],
}


@pytest.mark.parametrize("name", PASSES)
def test_what_passes_is_waited_for(aid: Place, name: str) -> None:
    before = aid.meets(GOOD).changes.new
    assert aid.meets(*PASSES[name]).changes == Changes(revised=1, unchanged=before - 1)


def test_a_retry_waits_as_long_as_it_is_asked_to(
    aid: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(pipeline, "Client", partial(Client, sleep=slept.append))
    aid.source = aid.source.model_copy(update={"delay_seconds": Decimal(0)})
    aid.meets(*PASSES["429 once"])
    assert slept == [7.0]


# --- archives ---


def bomb(name: str, size: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w") as member,
    ):
        for _ in range(size // 2**20):
            member.write(b"0" * 2**20)
    return buffer.getvalue()


def test_a_zip_bomb_is_not_unpacked(
    bare: Context, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.sources import sesnsp  # noqa: PLC0415 - only what is patched

    place = Place(bare, bare.catalog.sources["sesnsp"], provider_server, "/")
    real = _zip.open_zip
    monkeypatch.setattr(sesnsp, "open_zip", lambda origin, stream, _: real(origin, stream, MOST))
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("IDEFC_NM_mar21.csv", the_file().encode("latin-1"))
    serve(provider_server, good.getvalue())
    assert place.run().status is RunStatus.OK
    before = place.data
    assert before

    provider_server._replies.clear()
    serve(provider_server, bomb("IDEFC_NM_mar21.csv", 64 * 2**20))
    place.now += timedelta(hours=1)
    outcome = place.run()
    assert outcome.status is RunStatus.FAILED
    assert "expected a zip file that unpacks to at most 1,048,576 bytes" in outcome.message
    assert place.data == before

    provider_server._replies.clear()
    serve(provider_server, good.getvalue())
    assert place.run().status is RunStatus.UNCHANGED


# --- pages ---


def test_a_page_count_that_changes_between_two_pages(
    bare: Context, provider_server: Loopback
) -> None:
    feed = homicide_feed(bare.catalog)
    indicators = {
        name: indicator.model_copy(
            update={"feeds": [f for f in indicator.feeds if f == feed or f.source != "world-bank"]}
        )
        for name, indicator in bare.catalog.indicators.items()
    }
    only = replace(bare, catalog=replace(bare.catalog, indicators=indicators))
    path = world_bank_path(only.catalog)
    place = Place(only, only.catalog.sources["world-bank"], provider_server, path)

    def serve_pages(*totals: int, value: float = 28.1) -> Outcome:
        """Pages of one row each; the header of each says another total."""
        provider_server._replies.clear()
        for number, total in enumerate(totals, start=1):
            header = (
                f'{{"page":{number},"pages":{totals[0]},"per_page":1,"total":{total},'
                f'"lastupdated":"2026-0{1 if value == 28.1 else 2}-01"}}'
            )
            row = (
                '{"indicator":{"id":"VC.IHR.PSRC.P5","value":"x"},"country":{"id":"MX","value":"x"}'
                f',"countryiso3code":"MEX","date":"{2018 + number}","value":{value},"unit":"",'
                '"obs_status":"","decimal":0}'
            )
            body = f"[{header},[{row}]]".encode()
            provider_server.on(path, Reply(body), query={"page": str(number)})
        place.now += timedelta(hours=1)
        return place.run()

    assert serve_pages(2, 2).changes == Changes(new=2)
    before = place.data
    outcome = serve_pages(2, 3, value=28.2)
    assert outcome.status is RunStatus.FAILED
    assert "the data changed between the pages" in outcome.message
    assert place.data == before
    assert serve_pages(2, 2, value=28.2).changes == Changes(revised=2)


# --- clocks ---


@pytest.mark.parametrize("days", [400, 1, 0])
def test_a_clock_that_is_set_back_does_not_turn_the_history_round(rates: Place, days: int) -> None:
    rates.meets(a_file("MEX,2020,28.1"))
    first = rates.now
    rates.now -= timedelta(days=days, hours=1)
    outcome = rates.meets(a_file("MEX,2020,28.2"))
    assert outcome.status is RunStatus.OK
    assert ("warning", "clock") in [(i.severity, i.check) for i in outcome.issues]
    assert "the clock was set back" in outcome.issues[0].message
    rates.meets(a_file("MEX,2020,28.3"))
    last = stored(rates.context.engine)
    assert [str(each.value) for each in last] == ["28.1", "28.2", "28.3"]
    assert last[0].valid_from == first < last[1].valid_from < last[2].valid_from
    rates.now = first + timedelta(days=2)
    later = rates.meets(a_file("MEX,2020,28.4"))
    assert "clock" not in {issue.check for issue in later.issues}
    assert [each.value for each in stored(rates.context.engine) if each.valid_to is None] == [
        stored(rates.context.engine)[-1].value
    ]


def test_a_clock_that_was_ahead_is_caught_up_with(rates: Place) -> None:
    rates.now += timedelta(days=3650)
    rates.meets(a_file("MEX,2020,28.1"))
    rates.now = NOW
    assert rates.meets(a_file("MEX,2020,28.2")).status is RunStatus.OK
    assert [str(each.value) for each in stored(rates.context.engine)] == ["28.1", "28.2"]


def test_a_release_from_the_future_waits_until_the_clock_is_right(rates: Place) -> None:
    rates.meets(a_file("MEX,2020,28.1", released="2025-12-01"))
    before = rates.data
    rates.now -= timedelta(days=60)
    outcome = rates.meets(a_file("MEX,2020,28.2", released="2026-02-01"))
    assert outcome.status is RunStatus.FAILED
    assert "published_on 2026-02-01 lies in the future" in outcome.message
    assert rates.data == before
    rates.now = NOW + timedelta(days=1)
    assert rates.meets(a_file("MEX,2020,28.2", released="2026-02-01")).changes.revised == 1


# --- disks ---


def test_a_disk_that_is_full_for_snapshots(rates: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    rates.meets(a_file("MEX,2020,28.1"))
    before = rates.data

    def full(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if "x" in mode:
            raise OSError(28, "No space left on device", str(self))
        return opened(self, mode, *rest, **named)

    opened = Path.open
    monkeypatch.setattr(Path, "open", full)
    outcome = rates.meets(a_file("MEX,2020,28.2"))
    monkeypatch.undo()
    assert outcome.status is RunStatus.FAILED
    assert "No space left on device" in outcome.message
    assert runs(rates.context.engine)[0].message == outcome.message
    assert rates.data == before
    assert not list(rates.context.store.root.rglob("*.part"))


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("room", [0, 3])
def test_a_disk_that_is_full_for_the_database(
    rates: Place, sqlite_engine: Engine, room: int
) -> None:
    """SQLite says the same where a limit of pages is reached. `room`: pages that are left."""
    rates.meets(a_file("MEX,2020,28.1"))
    before = rates.data
    with sqlite_engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + room}")

    event.listen(sqlite_engine, "connect", limit)
    many = [f"MEX,{year},{year}.{year}" for year in range(1000, 3000)]
    outcome = rates.meets(a_file(*many))
    event.remove(sqlite_engine, "connect", limit)
    assert outcome.status is RunStatus.FAILED
    assert outcome.message == "the database refused the load: database or disk is full"
    assert rates.data == before
    assert rates.meets(a_file("MEX,2020,28.2")).changes.revised == 1
    assert runs(sqlite_engine)[1].status in {RunStatus.FAILED, RunStatus.INTERRUPTED}


FULL = """
    CREATE SEQUENCE taken;
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('taken') > {room} THEN
            RAISE EXCEPTION 'could not extend file "base/5/16384": No space left on device'
            USING ERRCODE = 'disk_full';
        END IF;
        RETURN NEW;
    END $$;
"""
GONE = "DROP FUNCTION IF EXISTS full_disk CASCADE; DROP SEQUENCE IF EXISTS taken"


@contextmanager
def no_more_than(engine: Engine, room: int, tables: Sequence[str]) -> Iterator[None]:
    """A server that says of every row past `room` what it says where its disk is full: 53100."""
    try:
        with engine.begin() as connection:
            connection.execute(text(FULL.format(room=room)))
            for table in tables:
                connection.execute(
                    text(
                        f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} "
                        "FOR EACH ROW EXECUTE FUNCTION full_disk()"
                    )
                )
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(GONE))


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("room", "tables", "noted"),
    [
        (0, ["observation"], True),
        (1_500, ["observation"], True),
        (0, ["vintage"], True),
        # The record that the run begins fits, and nothing after it: not that it failed, either.
        (1, ["run", "issue", "snapshot", "payload", "vintage", "observation"], False),
    ],
)
def test_a_disk_that_is_full_for_the_server(
    rates: Place, postgresql_engine: Engine, room: int, tables: Sequence[str], noted: bool
) -> None:
    rates.meets(a_file("MEX,2020,28.1"))
    before = rates.data
    many = [f"MEX,{year},{year}.{year}" for year in range(1000, 3000)]
    with no_more_than(postgresql_engine, room, tables):
        outcome = rates.meets(a_file(*many))
        assert rates.data == before
    assert outcome.status is RunStatus.FAILED
    refused = "the database refused the load: could not extend file"
    assert outcome.message.startswith(refused)
    assert "No space left on device" in outcome.message
    assert "INSERT" not in outcome.message
    if noted:
        assert runs(postgresql_engine)[0].message == outcome.message
    assert rates.data == before
    assert rates.meets(a_file("MEX,2020,28.2")).changes.revised == 1
    status = RunStatus.FAILED if noted else RunStatus.INTERRUPTED
    assert runs(postgresql_engine)[1].status is status


# --- kill -9 ---

CHILD = """
    import sys
    from pathlib import Path
    from config.catalog import load_catalog
    from dataclasses import replace
    from db.engine import make_engine
    from ingest import pipeline
    from tests.broken import CONFIG
    from tests.ingest.lines import Lines, a_source
    from tests.stores import a_context

    database, home, url = sys.argv[1:]
    pipeline.ADAPTERS = {"unhcr": lambda _: Lines()}
    catalog = load_catalog(CONFIG)
    source = a_source(catalog.sources["unhcr"], url)
    bare = replace(catalog, root=Path(home) / "nowhere")
    context = a_context(bare, make_engine(database), Path(home))
    print("begins", flush=True)
    pipeline.run_source(context, source)
    print("ends", flush=True)
"""


def test_kill_9_at_any_moment_leaves_the_old_or_the_new(
    rates: Place, processes: Processes, tmp_path: Path
) -> None:
    many = [f"{area},{year}" for area in ("MEX", "USA", "GTM", "HND", "SLV") for year in
            range(1000, 1800)]  # fmt: skip
    rates.meets(a_file(*(f"{each},1" for each in many)))
    old, value, outcomes = spans(rates.context.engine), 1, []
    database = rates.context.engine.url.render_as_string(hide_password=False)
    for delay in (0.0, 0.1, 0.2, 0.4):
        value += 1
        rates.server._replies.clear()
        rates.server.on("/rates.csv", Reply(a_file(*(f"{each},{value}" for each in many))))
        child = processes.python(
            "-c", textwrap.dedent(CHILD), database, str(tmp_path), rates.server.url
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "begins\n", child.communicate()[1]
        time.sleep(delay)
        child.kill()
        child.wait()
        found = spans(rates.context.engine)
        outcomes.append(found == old)
        assert found == old or [span[1] for span in found if span[3] is None] == [str(value)] * len(
            many
        )
        old = found
    assert True in outcomes, "no run was met in the middle"
    rates.now = datetime.now(UTC)
    rates.context = replace(rates.context, clock=lambda: datetime.now(UTC))
    assert eventually(lambda: rates.meets(a_file("MEX,1000,99"))).status is RunStatus.OK
    assert {run.status for run in runs(rates.context.engine)} <= {
        RunStatus.OK,
        RunStatus.INTERRUPTED,
        RunStatus.UNCHANGED,
    }
    if rates.context.engine.dialect.name == "sqlite":
        with rates.context.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def eventually(run: Callable[[], Outcome]) -> Outcome:
    """A server may notice a moment later that a client is dead."""
    for _ in range(50):
        outcome = run()
        if outcome.status is not RunStatus.RUNNING:
            return outcome
        time.sleep(0.1)
    raise AlreadyRunningError
