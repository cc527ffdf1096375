"""Older files as releases of their day, in any order; payloads for tests; live checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import twotrack
from config.catalog import Catalog, load_catalog
from dashboard.export.csv import observation_lines
from db.engine import Engine, make_engine
from db.migrations import upgrade
from db.queries import ObservationQuery, runs, source_records
from db.records import Changes, RunStatus, SourceRecord
from ingest import pipeline
from ingest.adapter import Payload
from ingest.content import Content
from ingest.contributing import check_live, load_older, record
from ingest.errors import FetchError
from ingest.pipeline import Context, backfill, run_source
from ingest.rebuild import rebuild
from ingest.sources.banxico import Banxico
from ingest.sources.cbp import Cbp
from ingest.sources.ohss import Ohss
from ingest.sources.worldbank import WorldBank
from tests.broken import CONFIG
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import PAYLOADS
from tests.stores import NOW, a_context, empty, spans, stored

DAYS = ["2021-06-28", "2022-03-30", "2023-09-29", "2024-12-20"]
SOURCE = a_source(load_catalog(CONFIG).sources["unhcr"], "https://example.org")


@pytest.fixture
def bare(
    catalog: Catalog, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Context:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"unhcr": lambda _: Lines()})
    return a_context(replace(catalog, root=tmp_path / "nowhere"), engine, tmp_path)


def a_payload(body: bytes, context: Context) -> Payload:
    return Payload("https://example.org/rates.csv", Content.of(body), context.clock(), "text/csv")


def older(
    context: Context, vintage: str, *figures: str, complete: bool = False
) -> pipeline.Outcome:
    source = SOURCE.model_copy(update={"complete": complete})
    payload = a_payload(a_file(*figures), context)
    return backfill(context, source, [payload], date.fromisoformat(vintage))


def export(context: Context, engine: Engine | None = None) -> str:
    query = ObservationQuery(history=True)
    return "".join(observation_lines(engine or context.engine, context.catalog, query))


def test_an_older_file_goes_before_what_is_known(bare: Context) -> None:
    older(bare, "2023-09-29", "MEX,2020,28.4", "MEX,2021,27.9")
    outcome = older(bare, "2021-06-28", "MEX,2020,28.1")
    assert (outcome.status, outcome.changes) == (RunStatus.OK, Changes(new=1))
    assert spans(bare.engine) == [
        ("2020", "28.1", "2021-06-28", "2023-09-29"),
        ("2020", "28.4", "2023-09-29", None),
        ("2021", "27.9", "2023-09-29", None),
    ]


def test_what_the_file_says_of_its_day_does_not_count(bare: Context) -> None:
    body = a_file("MEX,2020,28.1", released="2024-05-01")
    backfill(bare, SOURCE, [a_payload(body, bare)], date(2021, 6, 28))
    assert spans(bare.engine) == [("2020", "28.1", "2021-06-28", None)]


def test_a_live_release_after_and_before(bare: Context, provider_server: Loopback) -> None:
    """A backfill is no contact with the provider: neither unchanged nor the last run."""
    live = a_source(SOURCE, provider_server.url)
    older(bare, "2021-06-28", "MEX,2020,28.1")
    provider_server.on("/rates.csv", Reply(a_file("MEX,2020,28.4")))
    assert run_source(bare, live)[-1].changes == Changes(revised=1)
    older(bare, "2023-09-29", "MEX,2020,28.2")
    assert run_source(bare, live)[-1].status is RunStatus.UNCHANGED
    assert [span[1] for span in spans(bare.engine)] == ["28.1", "28.2", "28.4"]


def test_a_second_file_of_one_day_that_says_otherwise_is_refused(bare: Context) -> None:
    older(bare, "2021-06-28", "MEX,2020,28.1")
    outcome = older(bare, "2021-06-28", "MEX,2020,28.2")
    assert outcome.status is RunStatus.FAILED
    assert outcome.message.startswith(
        "https://example.org/rates.csv: a release of 2021-06-28 is known, and says otherwise of "
    )
    assert [span[1] for span in spans(bare.engine)] == ["28.1"]
    assert older(bare, "2021-06-28", "USA,2020,6.5").changes == Changes(new=1)
    assert older(bare, "2021-06-28", "MEX,2020,28.1").changes == Changes(unchanged=1)


def test_a_file_from_the_future_is_refused(bare: Context) -> None:
    outcome = older(bare, "2027-01-01", "MEX,2020,28.1")
    assert "lies in the future" in outcome.message
    assert runs(bare.engine)[0].status is RunStatus.FAILED


def test_a_dry_run_writes_nothing(bare: Context) -> None:
    payload = a_payload(a_file("MEX,2020,28.1"), bare)
    outcome = backfill(bare, SOURCE, [payload], date(2021, 6, 28), dry_run=True)
    assert outcome.changes == Changes(new=1)
    assert spans(bare.engine) == []
    assert runs(bare.engine) == []


def test_backfilled_releases_are_told_again_by_a_rebuild(bare: Context, tmp_path: Path) -> None:
    catalog = replace(bare.catalog, sources={"unhcr": SOURCE})
    context = replace(bare, catalog=catalog)
    older(context, "2023-09-29", "MEX,2020,28.4", "MEX,2021,27.9")
    older(context, "2021-06-28", "MEX,2020,28.1")
    target = make_engine(f"sqlite:///{tmp_path / 'again.db'}")
    upgrade(target)
    assert rebuild(context, target).failures == []
    assert export(bare, target) == export(bare)
    target.dispose()


# --- any order ---

FILES = st.dictionaries(
    st.sampled_from(DAYS),
    st.tuples(
        st.lists(
            st.builds(
                lambda area, year, value: f"{area},{year},{value}",
                st.sampled_from(["MEX", "USA"]),
                st.sampled_from(["2019", "2020"]),
                st.sampled_from(["1", "1.0", "2", "26.1", ""]),
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda line: line.rpartition(",")[0],
        ),
        st.booleans(),
    ),
    min_size=1,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scratch(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    home = tmp_path_factory.mktemp("scratch")
    of_its_own = f"sqlite:///{home / 'x.db'}"
    if request.param == "postgresql":
        of_its_own = request.getfixturevalue("postgres").create()
    engine = make_engine(of_its_own)
    upgrade(engine)
    yield a_context(replace(load_catalog(CONFIG), root=home / "nowhere"), engine, home)
    engine.dispose()


def loaded(context: Context, files: Sequence[tuple[str, tuple[list[str], bool]]]) -> str:
    empty(context.engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "ADAPTERS", {"unhcr": lambda _: Lines()})
        for day, (figures, complete) in files:
            assert older(context, day, *figures, complete=complete).status is RunStatus.OK
    return export(context)


@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_any_order_of_files_gives_the_same_export(scratch: Context, data: st.DataObject) -> None:
    files = list(data.draw(FILES).items())
    other = data.draw(st.permutations(files))
    assert loaded(scratch, files) == loaded(scratch, other)


@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_files_again_change_nothing(scratch: Context, data: st.DataObject) -> None:
    files = list(data.draw(FILES).items())
    assert loaded(scratch, files) == loaded(scratch, [*files, *files])


# --- files of real adapters ---


def test_files_get_the_addresses_that_the_adapter_asks(
    bare: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"worldbank": lambda c: WorldBank(c.areas)})
    homicide = bare.catalog.indicators["homicide-rate"]
    only = replace(bare.catalog, indicators={"homicide-rate": homicide})
    pages = [PAYLOADS / f"worldbank/homicide-mex-usa/page-{n}.json" for n in (1, 2)]
    source = only.sources["world-bank"]
    context = replace(bare, catalog=only)
    outcome = load_older(context, source, pages, date(2022, 7, 20))
    assert (outcome.status, outcome.message) == (RunStatus.OK, "")
    assert {span[2] for span in spans(bare.engine)} == {"2022-07-20"}
    with pytest.raises(FetchError, match=r"page=2: no file is given for this address"):
        load_older(context, source, pages[:1], date(2022, 7, 21))


def test_a_file_that_was_handed_out_gets_the_address_of_that(
    bare: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else the source is asked for: the file is about one indicator, and names it."""
    monkeypatch.setattr(pipeline, "ADAPTERS", {"worldbank": lambda c: WorldBank(c.areas)})
    homicide = bare.catalog.indicators["homicide-rate"]
    (feed,) = [feed for feed in homicide.feeds if feed.source == "world-bank"]
    more = feed.model_copy(update={"select": {"indicator": "SP.POP.TOTL"}})
    both = homicide.model_copy(update={"feeds": [feed, more]})
    context = replace(bare, catalog=replace(bare.catalog, indicators={"homicide-rate": both}))
    (path,) = (PAYLOADS / "worldbank/file").iterdir()
    outcome = load_older(context, bare.catalog.sources["world-bank"], [path], date(2022, 7, 20))
    assert (outcome.status, outcome.message) == (RunStatus.OK, "")
    address = "https://api.worldbank.org/v2/en/indicator/VC.IHR.PSRC.P5?downloadformat=csv"
    assert {row.raw_url for row in stored(bare.engine)} == {address}


def test_a_file_behind_a_page_of_links_goes_by_its_name(
    bare: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"cbp": lambda c: Cbp(c.areas)})
    path = PAYLOADS / "cbp/southwest/sbo-encounters-fy24-fy25-nov.csv"
    outcome = load_older(bare, bare.catalog.sources["cbp"], [path], date(2024, 12, 19))
    assert (outcome.status, outcome.message) == (RunStatus.OK, "")


def test_as_many_addresses_as_files(bare: Context) -> None:
    with pytest.raises(ValueError, match="1 files and 2 addresses"):
        load_older(bare, SOURCE, [Path("a")], date(2024, 1, 1), ["b", "c"])


# --- record, check ---


def test_what_a_provider_answers_is_recorded_with_its_addresses(
    bare: Context, provider_server: Loopback, tmp_path: Path
) -> None:
    source = a_source(SOURCE, provider_server.url, options={"paths": ["/a/rates.csv", "/b/rates"]})
    body = a_file("MEX,2020,28.1")
    provider_server.on("/a/rates.csv", Reply(body, media_type="text/csv"))
    provider_server.on("/b/rates", Reply(body, media_type="text/csv"))
    folder = tmp_path / "payloads"
    files = record(bare, source, folder)
    assert [path.name for path in files] == ["rates.csv", "2-rates.csv", "urls.json"]
    assert files[0].read_bytes() == body
    assert json.loads(files[2].read_text()) == {
        "rates.csv": f"{provider_server.url}/a/rates.csv",
        "2-rates.csv": f"{provider_server.url}/b/rates",
    }
    assert spans(bare.engine) == []
    with pytest.raises(FileExistsError, match="is not empty"):
        record(bare, source, folder)


def test_a_live_check_asks_one_small_thing(bare: Context, provider_server: Loopback) -> None:
    source = a_source(SOURCE, provider_server.url, options={"paths": ["/rates.csv", "/more.csv"]})
    modified = {"Last-Modified": "Wed, 01 May 2024 10:00:00 GMT"}
    whole = Reply(b"x" * 2**20, headers=modified, chunked=True, repeat=4096)
    provider_server.on("/rates.csv", whole)
    found = check_live(bare, source)
    assert (found.ok, found.status, found.released) == (True, "200", date(2024, 5, 1))
    assert len(provider_server.requests) == 1
    assert runs(bare.engine) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"", 503), "the provider's server is out of service for now (HTTP 503)"),
        (Reply(b"", 404), "the provider has nothing at this address (HTTP 404)"),
        (Reply(reset=True), "the connection to the provider failed"),
    ],
)
def test_a_live_check_says_what_is_wrong_and_does_not_insist(
    bare: Context, provider_server: Loopback, reply: Reply, said: str
) -> None:
    provider_server.on("/rates.csv", reply)
    found = check_live(bare, a_source(SOURCE, provider_server.url))
    assert (found.ok, found.status) == (False, said)
    assert len(provider_server.requests) == 1


HTML = b"\xef\xbb\xbf\n<!doctype html><title>Down for maintenance</title>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (HTML, "a page of HTML or XML, without what is looked for"),
        (b"<?xml version='1.0'?><error/>", "a page of HTML or XML, without what is looked for"),
        (b"", "nothing instead of data"),
    ],
)
def test_a_live_check_does_not_take_a_page_for_an_answer(
    bare: Context, provider_server: Loopback, body: bytes, said: str
) -> None:
    provider_server.on("/rates.csv", Reply(body))
    found = check_live(bare, a_source(SOURCE, provider_server.url))
    assert (found.ok, found.status, found.released) == (False, said, None)


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (b"PK\x03\x04...", (True, "200", 2)),
        (HTML, (False, "a page of HTML or XML instead of data", 2)),
        (None, (False, "a page of HTML or XML, without what is looked for", 1)),
    ],
)
def test_a_live_check_of_a_page_of_links_asks_for_the_file(
    bare: Context,
    monkeypatch: pytest.MonkeyPatch,
    provider_server: Loopback,
    file: bytes | None,
    found: tuple[bool, str, int],
) -> None:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"ohss": lambda catalog: Ohss(catalog.areas)})
    source = bare.catalog.sources["dhs-ohss"]
    asked = {"url": f"{provider_server.url}/page", "allowed_hosts": []}
    name = "KHSM-Encounters-USBP-fy25m11.xlsx"
    link = f'<a href="/{name}">Tables</a>' if file is not None else ""
    # Far down in the page, as such links are.
    provider_server.on("/page", Reply(b"<html>" + b" " * 200_000 + link.encode()))
    provider_server.on(f"/{name}", Reply(file or b""))
    answer = check_live(bare, source.model_copy(update=asked))
    assert (answer.ok, answer.status, len(provider_server.requests)) == found


def test_a_live_check_of_a_source_without_its_key(
    bare: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"banxico": lambda _: Banxico()})
    found = check_live(bare, bare.catalog.sources["banxico"])
    assert (found.ok, found.status) == (True, "needs a key")


# --- the commands ---


@pytest.fixture
def unhcr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider_server: Loopback) -> Loopback:
    monkeypatch.setenv("TWOTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TWOTRACK_BASE_URL_UNHCR", provider_server.url)
    adapter = Lines()
    monkeypatch.setattr(pipeline, "ADAPTERS", {"unhcr": lambda _: adapter})
    provider_server.on("/population/v1/rates.csv", Reply(a_file("MEX,2020,28.1")))
    return provider_server


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(twotrack.app, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_the_command_loads_an_older_file(unhcr: Loopback, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(a_file("MEX,2020,28.1", "MEX,2021,27.9"))
    asked = ("ingest", "backfill", "unhcr", "--snapshot", path, "--vintage")
    assert command(*asked, "2021-06-28")[0] == 0
    code, said = command(*asked, "28/6/2021")
    assert code == 2
    assert "write it like 2021-06-28" in said
    path.write_bytes(a_file("MEX,2020,28.2"))
    code, said = command(*asked, "2021-06-28")
    assert code == 1
    assert "is known, and says otherwise" in said
    code, said = command(*asked, "2022-06-28", "--dry-run")
    assert code == 0
    assert "28.2" in said
    path.unlink()
    assert command(*asked, "2021-06-28") == (2, f"{path}: No such file or directory\n")
    assert command("ingest", "backfill", "pew", "--snapshot", path, "--vintage", "2021-06-28") == (
        2,
        "source pew has no adapter that asks a provider\n",
    )


def test_the_command_records(unhcr: Loopback, tmp_path: Path) -> None:
    code, said = command("ingest", "record", "unhcr", "--case", "one", "--to", tmp_path / "p")
    assert code == 0
    assert (tmp_path / "p/unhcr/one/rates.csv").read_bytes() == a_file("MEX,2020,28.1")
    assert "urls.json" in said
    assert command("ingest", "record", "unhcr", "--case", "../x")[0] == 2


def test_the_command_checks(unhcr: Loopback) -> None:
    code, said = command("ingest", "check", "--live")
    assert code == 0
    assert said.splitlines()[-1].split()[:3] == ["unhcr", "yes", "200"]
    unhcr._replies.clear()
    code, said = command("ingest", "check", "--live", "unhcr")
    assert code == 1
    assert "nothing at this address" in said
    assert command("ingest", "check")[0] == 2


def test_the_clock_of_a_backfill_does_not_matter(bare: Context) -> None:
    late = replace(bare, clock=lambda: NOW + timedelta(days=9))
    older(late, "2023-09-29", "MEX,2020,28.4")
    assert older(bare, "2021-06-28", "MEX,2020,28.1").issues == []


def test_a_day_that_a_person_gave_is_not_said_to_be_stated(bare: Context) -> None:
    """Unless the file says the same."""
    for day, released, precision in (
        ("2021-06-28", None, "no-later-than"),
        ("2022-03-30", "2022-03-01", "no-later-than"),
        ("2023-09-29", "2023-09-29", "day"),
    ):
        body = a_file(f"MEX,2020,{day[3]}", released=released)
        payload = Payload("https://example.org/rates.csv", Content.of(body), NOW)
        backfill(bare, SOURCE, [payload], date.fromisoformat(day))
        newest = max(stored(bare.engine), key=lambda each: each.valid_from)
        assert (str(newest.published_on), newest.precision) == (day, precision)


@pytest.mark.parametrize("person_first", [True, False])
def test_the_provider_is_surer_of_its_day_than_a_person(
    bare: Context, provider_server: Loopback, person_first: bool
) -> None:
    released = Reply(a_file("MEX,2020,28.1", released="2021-06-28"))
    provider_server.on("/rates.csv", released)
    asked = a_source(SOURCE, provider_server.url)

    def by_a_person() -> None:
        older(bare, "2021-06-28", "MEX,2020,28.1")

    def by_the_provider() -> None:
        run_source(bare, asked)

    steps = [by_a_person, by_the_provider]
    for step in steps if person_first else steps[::-1]:
        step()
    (row,) = stored(bare.engine)
    assert (str(row.published_on), row.precision) == ("2021-06-28", "day")


def test_a_source_of_which_only_the_past_was_loaded_says_so(bare: Context) -> None:
    def record() -> SourceRecord:
        return source_records(bare.engine, {SOURCE.id: SOURCE.adapter})[SOURCE.id]

    assert not record().older
    older(bare, "2021-06-28", "MEX,2020,28.1")
    assert (record().older, record().last_run, record().observations) == (True, None, 1)
