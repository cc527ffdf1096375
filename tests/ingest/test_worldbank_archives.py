"""Past releases of the World Bank: their list, one of them, and what they become in a history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import twotrack
from config.catalog import Catalog
from config.schema import Source
from dashboard.export.csv import observation_lines
from db.engine import Engine, make_engine
from db.migrations import upgrade
from db.queries import ObservationQuery, runs
from db.records import Changes, RunStatus
from ingest.adapter import Adapter, Archive, Archived, BoundFeed, RawObservation
from ingest.contributing import load_older, past_releases
from ingest.errors import ContractError, FetchError, IngestError, ParseError
from ingest.http import Client
from ingest.pipeline import Context, Outcome, archived, backfill_archived, run_source
from ingest.rebuild import rebuild
from ingest.sources.worldbank_archives import WorldBankArchives
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import a_payload, client_for, shipped, stated
from tests.stores import a_context, spans

CASES = Path(__file__).parents[1] / "payloads" / "worldbank"
ARCHIVES = CASES / "archives"
BASE = "https://api.worldbank.org"
HOMICIDE = "VC.IHR.PSRC.P5"
SOURCE, (FEED, *_) = shipped("world-bank")
AREAS = ";".join(FEED.feed.ref_areas)
LIST = "/v2/sources/57/version"
JULY = Archived("202207", date(2022, 7, 31))
APRIL = Archived("202204", date(2022, 4, 30))

Change = Callable[[dict[str, Any]], object]


def path_of(version: str, indicator: str = HOMICIDE, areas: str = AREAS) -> str:
    return f"/v2/sources/57/country/{areas}/series/{indicator}/time/all/version/{version}/data"


def bodies(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((ARCHIVES / name).iterdir())]


def of(version: str, **options: object) -> Source:
    return SOURCE.model_copy(update={"options": {**options, "version": version}})


def parse(*pages: bytes, version: str = "202207", feed: BoundFeed = FEED) -> list[RawObservation]:
    payloads = [
        a_payload(page, f"{BASE}{path_of(version)}?page={n}") for n, page in enumerate(pages)
    ]
    return stated(WorldBankArchives().parse(SOURCE, [feed], payloads))


def altered(change: Change, name: str = "homicide-202204") -> bytes:
    content = json.loads(bodies(name)[0])
    change(content)
    return json.dumps(content).encode()


@pytest.fixture
def client(provider_server: Loopback) -> Iterator[Client]:
    with client_for(provider_server, SOURCE) as made:
        yield made


def test_it_is_an_adapter_of_past_releases() -> None:
    adapter: Adapter = WorldBankArchives()
    assert isinstance(adapter, Archive)


# --- their list ---


def test_the_list_of_releases(provider_server: Loopback, client: Client) -> None:
    provider_server.replay(LIST, bodies("versions"))
    found = WorldBankArchives().versions(SOURCE, client)
    assert [each.id for each in found] == [
        "199309", "201703", "201704", "202107", "202204", "202207", "202607"
    ]  # fmt: skip
    # By their ids, not by their labels, of which three here say another month.
    assert found[0].published_on == date(1993, 9, 30)
    assert [each.published_on.month for each in found[1:3]] == [3, 4]
    assert found[-2] == JULY
    (asked,) = provider_server.requests
    assert asked.query == {"format": "json", "per_page": "1000", "page": "1"}


def test_a_list_of_several_pages(provider_server: Loopback, client: Client) -> None:
    content = json.loads(bodies("versions")[0])
    (concept,) = content["source"][0]["concept"]
    everything, pages = concept["variable"], []
    for number, part in enumerate((everything[4:], everything[:4]), start=1):
        concept["variable"] = part
        pages.append(json.dumps({**content, "page": number, "pages": 2}).encode())
    provider_server.replay(LIST, pages)
    assert len(WorldBankArchives().versions(SOURCE, client)) == 7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(source=[]), "the list of releases of source 57"),
        (lambda c: c.pop("source"), "the list of releases of source 57"),
        (lambda c: c["source"][0].update(id="2"), "the list of releases.*found 2, version"),
        (lambda c: c["source"][0]["concept"][0].update(id="time"), "found 57, time"),
        (lambda c: c["source"][0]["concept"][0]["variable"].pop(), "7 rows.*found 6: truncated"),
        (
            lambda c: c["source"][0]["concept"][0]["variable"][0].update(id="2022 Apr"),
            "version as year and month, like 202204, found '2022 Apr'",
        ),
        (
            lambda c: c["source"][0]["concept"][0]["variable"][0].update(id="202213"),
            "found '202213'",
        ),
    ],
)
def test_a_list_that_is_none_is_refused(
    provider_server: Loopback, client: Client, change: Change, words: str
) -> None:
    provider_server.on(LIST, Reply(altered(change, "versions")))
    with pytest.raises(ContractError, match=words):
        WorldBankArchives().versions(SOURCE, client)


# --- one of them ---


def test_one_release_is_asked_for_page_by_page(provider_server: Loopback, client: Client) -> None:
    provider_server.replay(path_of("202207"), bodies("homicide-202207"))
    source = of("202207", per_page=3, date="2000:2020")
    payloads = list(WorldBankArchives().fetch(source, [FEED], client))
    assert [payload.body for payload in payloads] == bodies("homicide-202207")
    assert [asked.query for asked in provider_server.requests] == [
        {"format": "json", "per_page": "3", "page": page} for page in ("1", "2")
    ]
    found = stated(WorldBankArchives().parse(source, [FEED], payloads[::-1]))
    assert found[0] == RawObservation(
        indicator="homicide-rate",
        measure="rate",
        facets="source-type=compiled",
        freq="A",
        ref_area="MEX",
        counterpart_area=None,
        time_period="2020",
        value="28.3706033950892",
        locator="page 1, row 1 (MEX YR2020)",
        origin=f"{BASE}{path_of('202207')}?format=json&per_page=3&page=1",
        published_on=date(2022, 7, 31),
        precision="month",
    )
    assert [(row.ref_area, row.time_period, row.value) for row in found[1:]] == [
        ("MEX", "2019", "28.7367023185144"),
        ("USA", "2002", "5.64920595465642"),
    ]


def test_a_recorded_release(provider_server: Loopback, client: Client) -> None:
    indicator, areas = "NY.GDP.PCAP.KD", ["ADO", "AND", "FRA", "WLD"]
    feed = FEED.feed.model_copy(update={"ref_areas": areas, "select": {"indicator": indicator}})
    bound = [BoundFeed("gdp", feed)]
    provider_server.replay(path_of("202407", indicator, ";".join(areas)), bodies("gdp-202407"))
    payloads = list(WorldBankArchives().fetch(of("202407"), bound, client))
    found = stated(WorldBankArchives().parse(of("202407"), bound, payloads))
    assert [(row.ref_area, row.time_period, row.value) for row in found] == [
        ("AND", "2015", "38885.5303222983"),
        ("FRA", "2015", "36652.9223052178"),
        ("FRA", "2016", "36956.7958003293"),
        ("WLD", "2016", "10343.8355623003"),
    ]
    assert {row.published_on for row in found} == {date(2024, 7, 31)}


def test_a_release_without_the_series_says_nothing(
    provider_server: Loopback, client: Client
) -> None:
    (body,) = bodies("not-found")
    provider_server.on(path_of("199309"), Reply(body, media_type="text/xml"))
    payloads = list(WorldBankArchives().fetch(of("199309"), [FEED], client))
    assert list(WorldBankArchives().parse(of("199309"), [FEED], payloads)) == []
    assert len(provider_server.requests) == 1


def test_another_error_in_xml_is_one() -> None:
    (body,) = bodies("not-found")
    with pytest.raises(ContractError, match=r"id 105 \(Data not found\.: The provided"):
        parse(body.replace(b'"160"', b'"105"'))


@pytest.mark.parametrize("name", ["error-120", "error-175"])
def test_an_error_in_json_is_one(name: str) -> None:
    with pytest.raises(ContractError, match=f"id {name[-3:]}"):
        parse((CASES / name / "page-1.json").read_bytes())


def test_a_moment_of_html_passes_and_an_error_does_not(
    provider_server: Loopback, client: Client
) -> None:
    html = Reply((CASES / "html-400/page-1.html").read_bytes(), 400, media_type="text/html")
    provider_server.on(path_of("202204"), html, Reply(bodies("homicide-202204")[0]))
    list(WorldBankArchives().fetch(of("202204"), [FEED], client))
    assert len(provider_server.requests) == 2
    provider_server.on(path_of("199309"), Reply(bodies("not-found")[0], 400))
    with pytest.raises(FetchError, match="HTTP 400"):
        list(WorldBankArchives().fetch(of("199309"), [FEED], client))
    assert len(provider_server.requests) == 3


def a_row(content: dict[str, Any], place: int = 0) -> dict[str, Any]:
    row: dict[str, Any] = content["source"]["data"][place]
    return row


def variable(concept: str, **changes: object) -> Change:
    def change(content: dict[str, Any]) -> None:
        (found,) = [v for v in a_row(content)["variable"] if v["concept"] == concept]
        found.update(changes)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(total=4), "expected 4 rows.*found 3: truncated"),
        (lambda c: c.update(pages=2), "expected pages 1, 2"),
        (lambda c: c.pop("total"), "total as a whole number"),
        (lambda c: c["source"].update(id="2"), "source with id 57"),
        (lambda c: c.update(source=[]), "source with id 57, found a list of 0"),
        (lambda c: c["source"].pop("data"), "source with data"),
        (lambda c: c["source"].update(data={}), "a list of rows, or null"),
        (lambda c: c["source"]["data"].__setitem__(0, 1), "an object at page 1, row 1"),
        (lambda c: a_row(c).pop("value"), "value at page 1, row 1"),
        (lambda c: a_row(c).update(variable={}), "a list variable at page 1, row 1"),
        (lambda c: a_row(c)["variable"].pop(), "concepts Country, Series, Time, Version"),
        (
            lambda c: a_row(c)["variable"].append({"concept": "Sex", "id": "F"}),
            "found Country, Time, Series, Version, Sex",
        ),
        (lambda c: a_row(c)["variable"].append(a_row(c)["variable"][0]), "concepts Country"),
        (variable("Version", id="202207"), "Version 202204, found 202207 at page 1, row 1"),
        (variable("Series", id="SP.POP.TOTL"), "found SP.POP.TOTL at page 1, row 1"),
        (variable("Country", id="CAN"), r"rows of MEX, .* only, found .*CAN YR2020"),
        (variable("Country", id=1), "text id at page 1, row 1"),
        (variable("Time", id="2020"), "a time like YR2020, found '2020'"),
        (variable("Time", id="YR20"), "a date like 2020"),
        (variable("Time", id="YR2020Q1"), "dates of frequency A, found 2020-Q1"),
        (variable("Time", id="YR2019"), r"row 2 \(MEX YR2019\) again after page 1, row 1"),
    ],
)
def test_what_is_not_of_the_known_shape_is_refused(change: Change, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(altered(change), version="202204")


@pytest.mark.parametrize("value", ["28.4", "..", True, [1]])
def test_a_value_that_is_no_number_is_told_with_its_place(value: object) -> None:
    with pytest.raises(ParseError, match="a number or null") as caught:
        parse(altered(lambda c: a_row(c).update(value=value)), version="202204")
    assert caught.value.locator == "page 1, row 1 (MEX YR2020)"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"[1]", b"<html>Sorry</html>", b'{"page":1', b"\xff\xfe["]
)
def test_whatever_comes_is_a_contract_error_at_worst(body: bytes) -> None:
    with pytest.raises(ContractError):
        parse(body)


def test_no_rows_are_no_observations() -> None:
    for nothing in (None, []):
        body = altered(lambda c, n=nothing: (c.update(total=0), c["source"].update(data=n)))
        assert parse(body, version="202204") == []


def test_an_answer_belongs_to_what_its_address_asks() -> None:
    (body,) = bodies("homicide-202204")
    stray = a_payload(body, f"{BASE}{path_of('202204', 'SP.POP.TOTL')}")
    with pytest.raises(ContractError, match=f"on {HOMICIDE}, found one on SP.POP.TOTL"):
        list(WorldBankArchives().parse(SOURCE, [FEED], [stray]))
    with pytest.raises(ContractError, match="found one on nothing"):
        list(WorldBankArchives().parse(SOURCE, [FEED], [a_payload(body, f"{BASE}/v2/x")]))
    with pytest.raises(ContractError, match=f"on {HOMICIDE}, found none"):
        list(WorldBankArchives().parse(SOURCE, [FEED], []))


@pytest.mark.parametrize("version", ["", "2022", "2022-04", "202213", "202204;202207"])
def test_a_version_that_is_none_is_not_asked_for(
    provider_server: Loopback, client: Client, version: str
) -> None:
    with pytest.raises(IngestError, match="version as year and month"):
        list(WorldBankArchives().fetch(of(version), [FEED], client))
    assert provider_server.requests == []


# --- what becomes of them ---


def only_homicides(catalog: Catalog) -> Catalog:
    """The catalogue as if the World Bank were asked for nothing else, and had no seed tables."""
    indicator = catalog.indicators["homicide-rate"]
    return replace(catalog, indicators={"homicide-rate": indicator}, root=Path("/nowhere"))


@pytest.fixture
def context(catalog: Catalog, engine: Engine, tmp_path: Path, provider_server: Loopback) -> Context:
    provider_server.replay(LIST, bodies("versions"))
    for version in ("202204", "202207"):
        provider_server.replay(path_of(version), bodies(f"homicide-{version}"))
    not_found = Reply(bodies("not-found")[0], media_type="text/xml")
    for version in ("199309", "201703", "201704", "202107", "202607"):
        provider_server.on(path_of(version), not_found)
    return a_context(only_homicides(catalog), engine, tmp_path, {"world-bank": provider_server.url})


def export(context: Context, engine: Engine | None = None) -> str:
    query = ObservationQuery(history=True)
    return "".join(observation_lines(engine or context.engine, context.catalog, query))


def test_past_releases_are_vintages_of_the_series(context: Context) -> None:
    assert backfill_archived(context, SOURCE, JULY).changes == Changes(new=3)
    outcome = backfill_archived(context, SOURCE, APRIL)
    assert (outcome.status, outcome.changes.new) == (RunStatus.OK, 2)
    assert spans(context.engine) == [
        ("2019", "29.5", "2022-04-30", "2022-07-31"),
        ("2019", "28.7367023185144", "2022-07-31", None),
        ("2020", "28.3706033950892", "2022-07-31", None),
        ("2002", "5.64920595465642", "2022-04-30", None),
    ]
    assert ",month," in export(context)
    assert [(run.source, run.adapter) for run in runs(context.engine)] == [
        ("world-bank", "worldbank-archives")
    ] * 2


def test_a_past_release_is_no_contact_with_the_source(context: Context) -> None:
    backfill_archived(context, SOURCE, JULY)
    assert backfill_archived(context, SOURCE, JULY).changes == Changes(unchanged=3)


def test_a_release_that_changed_in_the_archive_is_refused(
    context: Context, provider_server: Loopback
) -> None:
    backfill_archived(context, SOURCE, APRIL)
    before = export(context)
    other = bodies("homicide-202204")[0].replace(b"29.5", b"29.6")
    provider_server.on(path_of("202204"), Reply(other), query={"page": "1", "format": "json"})
    outcome = backfill_archived(context, SOURCE, APRIL)
    assert outcome.status is RunStatus.FAILED
    assert "a release of 2022-04-30 is known, and says otherwise of " in outcome.message
    assert export(context) == before


def test_a_dry_run_of_a_past_release_writes_nothing(context: Context) -> None:
    outcome = backfill_archived(context, SOURCE, JULY, dry_run=True)
    assert outcome.changes == Changes(new=3)
    assert (spans(context.engine), runs(context.engine)) == ([], [])


def test_a_release_that_holds_nothing_is_loaded_and_says_so(context: Context) -> None:
    outcome = backfill_archived(context, SOURCE, Archived("199309", date(1993, 9, 30)))
    assert (outcome.status, outcome.changes) == (RunStatus.OK, Changes())
    assert outcome.message == "the release holds nothing of what is asked for"


def test_all_past_releases_are_told_again_by_a_rebuild(context: Context, tmp_path: Path) -> None:
    for release in past_releases(context, SOURCE, ["all"]):
        assert backfill_archived(context, SOURCE, release).status is RunStatus.OK
    target = make_engine(f"sqlite:///{tmp_path / 'again.db'}")
    upgrade(target)
    assert rebuild(context, target).failures == []
    assert export(context, target) == export(context)
    target.dispose()


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_releases_files_and_the_live_answer_in_any_order(
    context: Context, provider_server: Loopback, order: tuple[int, ...]
) -> None:
    live = json.loads((CASES / "homicide-mex-usa/page-1.json").read_bytes())
    rows = [{**live[1][0], "value": 30.1}, live[1][1]]
    header = {**live[0], "pages": 1, "total": 2, "lastupdated": "2023-01-15"}
    now = f"/v2/country/{AREAS}/indicator/{HOMICIDE}"
    provider_server.on(now, Reply(json.dumps([header, rows]).encode()))
    (file,) = (CASES / "file").iterdir()
    steps: list[Callable[[], Outcome]] = [
        lambda: backfill_archived(context, SOURCE, APRIL),
        lambda: backfill_archived(context, SOURCE, JULY),
        lambda: load_older(context, SOURCE, [file], date(2022, 7, 20)),
        # The live answer has two rows only, which the source's checks would refuse after a file.
        lambda: run_source(context, SOURCE, accept=True)[-1],
    ]
    for step in order:
        outcome = steps[step]()
        assert (outcome.status, outcome.message) == (RunStatus.OK, "")
    known = [span for span in spans(context.engine) if span[0] in {"2019", "2020"}]
    assert known == [
        ("2019", "29.5", "2022-04-30", "2022-07-20"),
        ("2019", "28.7367023185144", "2022-07-20", None),
        ("2020", "28.3706033950892", "2022-07-20", "2023-01-15"),
        ("2020", "30.1", "2023-01-15", None),
        # The United States, of which the live answer here says nothing.
        *known[4:],
    ]
    assert len(known) == 6


# --- which of them ---


def test_which_releases_are_meant(context: Context) -> None:
    def ids(*names: str) -> list[str]:
        return [each.id for each in past_releases(context, SOURCE, names)]

    assert [each.id for each in archived(context, SOURCE)][-1] == "202607"
    assert ids("202207", "202204", "202207") == ["202204", "202207"]
    assert ids("all")[-1] == "202607"
    with pytest.raises(LookupError, match="no release '202206'; nearest are 202204 and 202207"):
        ids("202206")
    with pytest.raises(LookupError, match="nearest are 199309"):
        ids("1")
    with pytest.raises(LookupError, match="unhcr keeps no past releases"):
        past_releases(context, context.catalog.sources["unhcr"], ["all"])


def test_a_month_that_is_not_over_waits(context: Context) -> None:
    early = replace(context, clock=lambda: datetime(2026, 7, 30, tzinfo=UTC))
    with pytest.raises(LookupError, match="202607 is not known; it counts from 2026-07-31"):
        past_releases(early, SOURCE, ["202607"])
    assert [each.id for each in past_releases(early, SOURCE, ["all"])][-1] == "202207"


# --- the command ---


def command(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(twotrack.app, ["ingest", "backfill", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider_server: Loopback, catalog: Catalog
) -> Loopback:
    monkeypatch.setenv("TWOTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TWOTRACK_BASE_URL_WORLDBANK", provider_server.url)
    monkeypatch.setattr(twotrack, "load_catalog", lambda _: only_homicides(catalog))
    provider_server.replay(LIST, bodies("versions"))
    for version in ("202204", "202207"):
        provider_server.replay(path_of(version), bodies(f"homicide-{version}"))
    return provider_server


def test_the_command_loads_past_releases(served: Loopback) -> None:
    code, said = command("world-bank", "--archive", "202204", "--archive", "202207")
    assert code == 0
    assert [line.split()[:4] for line in said.splitlines()[-2:]] == [
        ["world-bank", "202204", "worldbank-archives", "ok"],
        ["world-bank", "202207", "worldbank-archives", "ok"],
    ]
    code, said = command("world-bank", "--archive", "202206")
    assert (code, "nearest are 202204 and 202207" in said) == (2, True)
    assert command("unhcr", "--archive", "202204")[0] == 2
    assert command("world-bank", "--archive", "202204", "--dry-run")[0] == 0


def test_the_command_goes_on_after_a_release_that_fails(served: Loopback) -> None:
    served.on(
        path_of("202204"), Reply(b"<html>Sorry</html>"), query={"page": "1", "format": "json"}
    )
    served.on(path_of("199309"), Reply(bodies("not-found")[0]))
    names = [part for each in ("199309", "202204", "202207") for part in ("--archive", each)]
    code, said = command("world-bank", *names)
    assert code == 1
    assert "world-bank 199309: the release holds nothing of what is asked for" in said
    assert "expected JSON, found a page of HTML" in said
    last = next(line for line in said.splitlines() if line.startswith("world-bank 202207"))
    assert last.split()[3:5] == ["ok", "3"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--snapshot", "x.csv"),
        ("--vintage", "2022-07-20"),
        ("--archive", "all", "--snapshot", "x.csv", "--vintage", "2022-07-20"),
        ("--archive", "all", "--vintage", "2022-07-20"),
    ],
)
def test_the_command_wants_files_or_past_releases(arguments: tuple[str, ...]) -> None:
    code, said = command("world-bank", *arguments)
    assert code == 2
    assert "either --snapshot FILE --vintage DATE or --archive RELEASE" in " ".join(said.split())
