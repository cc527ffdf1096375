"""Settings of a source, and several sources at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from config.catalog import Catalog
from config.schema import Source
from db.engine import Engine
from db.freshness import Freshness, source_freshness
from db.queries import runs, source_records
from db.records import RunStatus
from ingest import pipeline
from ingest.adapter import BoundFeed, Payload
from ingest.http import Client
from ingest.pipeline import Context, by_host, run_source, run_sources, setting_of
from ingest.sources.banxico import Banxico
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import case
from tests.stores import a_context, stored

TOKEN = "a1b2c3-secret"
RATES = "/SieAPIRest/service/v1/series/SF43718/datos/1991-11-01/2026-02-28"
NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


# --- what is set for a source ---


@pytest.mark.parametrize("name", ["cbp_weapons", "CBP-WEAPONS", "cbpweapons", "cbp", "Cbp"])
def test_a_setting_is_found_by_any_name_of_its_source(catalog: Catalog, name: str) -> None:
    assert setting_of(catalog.sources["cbp-weapons"], {name: "x", "other": "y"}) == {"cbp": "x"}


def test_a_setting_is_found_by_source_then_provider_then_adapter(catalog: Catalog) -> None:
    source = catalog.sources["foreign-assistance"]
    assert source.provider == "foreignassistance-gov"
    named = {"foreign_assistance": "1", "foreignassistance_gov": "2"}
    assert setting_of(source, named) == {source.provider: "1"}
    del named["foreign_assistance"]
    assert setting_of(source, named) == {source.provider: "2"}
    assert setting_of(catalog.sources["dhs-ohss"], {"ohss": "3"}) == {"dhs-ohss": "3"}
    assert setting_of(source, {"unhcr": "4"}) == {}


# --- a key that is missing ---


@pytest.fixture
def banxico(
    catalog: Catalog,
    engine: Engine,
    provider_server: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Context:
    """A Bank of Mexico on loopback, and nobody who has a key."""
    adapters = {"banxico": lambda _: Banxico(today=lambda: date(2026, 3, 15))}
    monkeypatch.setattr(pipeline, "ADAPTERS", adapters)
    provider_server.on(RATES, Reply(case("banxico/sf43718/datos.json")))
    home = tmp_path_factory.mktemp("home")
    return a_context(catalog, engine, home, {"banxico": provider_server.url}, lambda: NOW)


def freshness_of(context: Context, source: str) -> Freshness:
    adapters = {s.id: s.adapter for s in context.catalog.sources.values()}
    record = source_records(context.engine, adapters)[source]
    return source_freshness(context.catalog.sources[source], record, NOW)


def test_without_a_key_a_source_needs_one_and_is_not_failing(
    banxico: Context, provider_server: Loopback
) -> None:
    source = banxico.catalog.sources["banxico"]
    outcome = run_source(banxico, source)[-1]
    assert outcome.status is RunStatus.NEEDS_KEY
    assert outcome.message == "banxico needs a key: set TWOTRACK_KEY_BANXICO"
    assert runs(banxico.engine, "banxico")[0].status is RunStatus.NEEDS_KEY
    assert freshness_of(banxico, "banxico") is Freshness.NEEDS_KEY
    assert provider_server.requests == []


def test_with_a_key_it_loads_and_the_key_is_nowhere(
    banxico: Context, provider_server: Loopback
) -> None:
    source = banxico.catalog.sources["banxico"]
    run_source(banxico, source)
    keyed = replace(banxico, keys={"banxico": TOKEN})
    outcome = run_source(keyed, source)[-1]
    assert outcome.status is RunStatus.OK
    assert stored(keyed.engine)
    assert provider_server.requests[-1].headers["bmx-token"] == TOKEN
    assert freshness_of(keyed, "banxico") in {Freshness.OK, Freshness.LATE}
    assert TOKEN not in repr(keyed)
    with keyed.engine.connect() as connection:
        dump = [row for table in ("run", "snapshot", "issue") for row in connection.exec_driver_sql(
            f'SELECT * FROM "{table}"')]  # fmt: skip
    assert TOKEN not in repr(dump)


# --- several at once ---


def test_sources_are_grouped_by_the_hosts_they_ask(catalog: Catalog) -> None:
    names = ["pew", "cbp", "unhcr", "white-house", "cbp-weapons"]
    groups = by_host([catalog.sources[name] for name in names])
    found = sorted(sorted(source.id for source in group) for group in groups)
    assert found == [["cbp", "cbp-weapons"], ["pew", "white-house"], ["unhcr"]]


def test_a_source_of_two_hosts_joins_their_groups(catalog: Catalog) -> None:
    one, other, both = (
        a_source(catalog.sources[name], url, allowed_hosts=hosts)
        for name, url, hosts in (
            ("unhcr", "https://a.example.org", []),
            ("fred", "https://b.example.org", []),
            ("unodc", "https://c.example.org", ["A.example.org", "b.example.org"]),
        )
    )
    (group,) = by_host([one, other, both])
    assert {source.id for source in group} == {"unhcr", "fred", "unodc"}


class Watched(Lines):
    """Notes who is at work with whom."""

    def __init__(self, together: threading.Barrier | None = None) -> None:
        self.together = together
        self.lock = threading.Lock()
        self.at_work: list[str] = []
        self.seen: list[frozenset[str]] = []

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        with self.lock:
            self.at_work.append(source.id)
            self.seen.append(frozenset(self.at_work))
        if self.together is not None:
            self.together.wait(10)
        yield from super().fetch(source, feeds, client)
        with self.lock:
            self.at_work.remove(source.id)


def two_sources(catalog: Catalog, *hosts: str) -> list[Source]:
    return [
        a_source(catalog.sources[name], f"http://{host}")
        for name, host in zip(("unhcr", "fred"), hosts, strict=True)
    ]


@pytest.fixture
def two_hosts(
    catalog: Catalog,
    engine: Engine,
    provider_server: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Lines], Context]:
    """Two providers on loopback, read by an adapter of the test's, and no tables beside it."""

    def read_by(adapter: Lines) -> Context:
        adapters = dict.fromkeys(("unhcr", "fred"), lambda _: adapter)
        monkeypatch.setattr(pipeline, "ADAPTERS", adapters)
        home = tmp_path_factory.mktemp("home")
        urls = {"unhcr": provider_server.url, "fred": provider_server.url}
        return a_context(replace(catalog, root=home / "nowhere"), engine, home, urls)

    return read_by


def test_two_hosts_are_asked_at_once_and_both_are_loaded(
    catalog: Catalog,
    engine: Engine,
    provider_server: Loopback,
    two_hosts: Callable[[Lines], Context],
) -> None:
    adapter = Watched(threading.Barrier(2))
    provider_server.on("/rates.csv", Reply(a_file("MEX,2020,28.1", released="2024-05-01")))
    context = two_hosts(adapter)
    told: list[str] = []
    sources = two_sources(catalog, "a.example.org", "b.example.org")
    outcomes = run_sources(context, sources, started=told.append)
    assert [(o.source, o.status, o.changes.new) for o in outcomes] == [
        ("unhcr", RunStatus.OK, 1),
        ("fred", RunStatus.OK, 1),
    ]
    assert sorted(told) == ["fred", "unhcr"]
    assert frozenset({"unhcr", "fred"}) in adapter.seen
    assert len(stored(engine)) == 2


def test_one_host_is_asked_by_one_source_after_the_other(
    catalog: Catalog,
    provider_server: Loopback,
    two_hosts: Callable[[Lines], Context],
) -> None:
    adapter = Watched()
    provider_server.on("/rates.csv", Reply(a_file("MEX,2020,28.1"), delay=0.1))
    context = two_hosts(adapter)
    outcomes = run_sources(context, two_sources(catalog, "a.example.org", "a.example.org"))
    assert {outcome.status for outcome in outcomes} == {RunStatus.OK}
    assert adapter.seen == [frozenset({"unhcr"}), frozenset({"fred"})]


def test_one_that_fails_does_not_stop_the_one_beside_it(
    catalog: Catalog,
    provider_server: Loopback,
    two_hosts: Callable[[Lines], Context],
) -> None:
    provider_server.on("/rates.csv", Reply(a_file("MEX,2020,28.1")))
    provider_server.on("/bad.csv", Reply(b"<html>", status=404))
    context = two_hosts(Lines())
    bad, good = two_sources(catalog, "a.example.org", "b.example.org")
    bad = bad.model_copy(update={"options": {"paths": ["/bad.csv"]}})
    outcomes = run_sources(context, [bad, good])
    assert [o.status for o in outcomes] == [RunStatus.FAILED, RunStatus.OK]
    assert "nothing at this address" in outcomes[0].message


def test_an_end_marks_what_is_running_as_interrupted(
    catalog: Catalog,
    engine: Engine,
    provider_server: Loopback,
    two_hosts: Callable[[Lines], Context],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider_server.on("/rates.csv", Reply(a_file("MEX,2020,28.1"), delay=60))
    context = two_hosts(Lines())

    def end(_: object) -> None:
        while len(provider_server.requests) < 2:
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "as_completed", end)
    with pytest.raises(KeyboardInterrupt):
        run_sources(context, two_sources(catalog, "a.example.org", "b.example.org"))
    assert [(run.status, run.message) for run in runs(engine)] == [
        (RunStatus.INTERRUPTED, "the process was ended")
    ] * 2
    provider_server.stopping.set()
    for thread in threading.enumerate():
        if thread.name.startswith("ingest"):
            thread.join()
    # They had an answer in the end, and it was too late.
    assert stored(engine) == []
    assert {run.status for run in runs(engine)} == {RunStatus.INTERRUPTED}
