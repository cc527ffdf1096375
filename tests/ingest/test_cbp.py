from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, IngestError, ParseError
from ingest.sources._cbp_files import newest_file
from ingest.sources._links import Link, links_of
from ingest.sources.cbp import Cbp
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    as_figures,
    by_key,
    case,
    catalog,
    client_for,
    figures,
    recorded,
    run,
    seeded,
    shipped,
    value_of,
)

SOUTHWEST = "sbo-encounters-fy24-fy25-nov.csv"
PAGE = "/document/stats/southwest-land-border-encounters"
FILE = f"/sites/default/files/2024-12/{SOUTHWEST}"
WEAPONS = "weapons/weapons-ammunition-seizures-fy25-fy26-nov.csv"
AOR = "nationwide/nationwide-encounters-fy24-fy25-nov-aor.csv"
STATE = "nationwide/nationwide-encounters-fy24-fy25-nov-state.csv"
RECORDED_SBO = "sbo-encounters-fy22-fy25-aug.csv"
RECORDED_WEAPONS = "cbp/weapons-ammunition-seizures-fy23-fy26-jul_excerpt.csv"


def serve(server: Loopback, page: bytes, body: bytes) -> None:
    server.on(PAGE, Reply(page, media_type="text/html"))
    server.on(FILE, Reply(body, media_type="text/csv"))


def southwest() -> str:
    return case(f"cbp/southwest/{SOUTHWEST}").decode()


def parse(
    body: bytes | str, source: str = "cbp", feeds: list[BoundFeed] | None = None
) -> list[RawObservation]:
    of, shipped_feeds = shipped(source)
    body = body.encode() if isinstance(body, str) else body
    payload = a_payload(body, "https://www.cbp.gov/sites/default/files/2025-01/file.csv")
    return list(Cbp(catalog().areas).parse(of, feeds or shipped_feeds, [payload]))


def a_feed(source: str = "cbp", **changes: Any) -> BoundFeed:
    bound = shipped(source)[1][0]
    return BoundFeed(bound.indicator, bound.feed.model_copy(update=changes))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Cbp()
    assert adapter.recipe


def test_the_newest_file_is_found_on_the_landing_page_and_added_up(
    provider_server: Loopback,
) -> None:
    serve(provider_server, case("cbp/southwest/landing.html"), southwest().encode())
    found = by_key(run(Cbp(catalog().areas), "cbp", provider_server))
    assert [asked.path for asked in provider_server.requests] == [PAGE, FILE]
    both = "component=all"
    # Per month i: 101 i from Mexico, 202 i from Guatemala, 505 i others; in October 7 Hondurans.
    assert found["encounters", both, "USA", "MEX", "2023-12"].value == "303"
    assert found["encounters", both, "USA", "_O", "2024-09"].value == str(505 * 12)
    assert found["encounters", both, "USA", "HND", "2023-10"].value == "7"
    assert ("encounters", both, "USA", "HND", "2023-11") not in found
    assert found["encounters", "component=usbp", "USA", "_T", "2024-01"].value == str(800 * 4)
    whole = found["encounters", both, "USA", "_T", "FY2024"]
    assert (whole.value, whole.obs_status, whole.note) == (str(808 * 78 + 7), "A", "")
    assert whole.origin == f"https://www.cbp.gov{FILE}"
    assert whole.locator == "line 2 and others"
    assert whole.published_on is None
    part = found["encounters", both, "USA", "MEX", "FY2025"]
    assert (part.value, part.obs_status) == ("303", "P")
    assert part.note == "October 2024 to November 2024 only"


def test_the_recorded_southwest_file_continues_the_table(provider_server: Loopback) -> None:
    path = f"/sites/default/files/2025-09/{RECORDED_SBO}"
    page = f'<a href="https://www.cbp.gov{path}">FY22 - FY25 (FYTD)</a>'.encode()
    provider_server.on(PAGE, Reply(page, media_type="text/html"))
    provider_server.on(path, Reply(recorded(f"cbp/{RECORDED_SBO}"), media_type="text/csv"))
    rows = run(Cbp(catalog().areas), "cbp", provider_server)
    assert as_figures(rows) >= set(figures("border_encounters__cbp_sbo", RECORDED_SBO))
    seeds = seeded("border-encounters.cbp")
    found = by_key(rows)
    assert len(found) == 408
    assert found.keys() <= seeds.keys()
    assert {key: (value_of(row), row.note) for key, row in found.items()} == {
        key: seeds[key] for key in found
    }
    assert {row.time_period for row in rows if row.obs_status == "P"} == {"FY2025"}


def test_seizures_are_distinct_events_and_summed_quantities() -> None:
    found = by_key(parse(case(f"cbp/{WEAPONS}"), "cbp-weapons"))
    assert {(key[0], key[4]): row.value for key, row in found.items()} == {
        ("seizure-events", "2025-10"): "2",
        ("seizure-events", "2025-11"): "1",
        ("seizure-events", "FY2026"): "3",
        ("weapons-seized", "2025-10"): "4",
        ("weapons-seized", "FY2026"): "4",
        ("ammunition-seized", "2025-10"): "252",
        ("ammunition-seized", "2025-11"): "1000.5",
        ("ammunition-seized", "FY2026"): "1252.5",
    }
    assert found["seizure-events", "", "USA", "MEX", "2025-10"].note == (
        "computed: distinct Event IDs"
    )
    assert found["seizure-events", "", "USA", "MEX", "FY2026"].note == (
        "computed: distinct Event IDs; October 2025 to November 2025 only"
    )


def test_recorded_seizures_agree_with_a_count_by_hand() -> None:
    body = recorded(RECORDED_WEAPONS)
    rows = [
        row
        for row in csv.DictReader(io.StringIO(body.decode()))
        if (row["Region"], row["Inbound/Outbound"]) == ("Southwest Border", "OUTBOUND")
    ]
    weapons = [float(row["Quantity Seized"]) for row in rows if row["Seizure Type"] == "Weapons"]
    found = by_key(parse(body, "cbp-weapons"))
    # An excerpt has not all months, so no year.
    assert {key[4] for key in found} == {"2026-07"}
    events = found["seizure-events", "", "USA", "MEX", "2026-07"]
    assert value_of(events) == len({row["Event ID"] for row in rows}) == 14
    assert value_of(found["weapons-seized", "", "USA", "MEX", "2026-07"]) == sum(weapons) == 42


def test_nationwide_files() -> None:
    found = by_key(parse(case(f"cbp/{AOR}"), "cbp-nationwide"))
    values = {(key[1][10:], key[3]): row.value for key, row in found.items() if key[4] == "2024-10"}
    assert values == {
        ("all", "MEX"): "90",
        ("all", "SLV"): "16",
        ("all", "_O"): "5",
        ("all", "_T"): "111",
        ("usbp", "_T"): "17",
        ("ofo", "_T"): "94",
    }
    year = found["nationwide-encounters", "component=all", "USA", "_T", "FY2025"]
    assert (year.value, year.obs_status) == ("111", "P")
    assert year.note == "computed: sum of the file's rows; October 2024 only"
    border = a_feed(
        "cbp-nationwide",
        counterpart_areas=["_T"],
        select={
            "file": "nationwide-encounters",
            "cut": "aor",
            "land_border_region": "Southwest Land Border",
        },
    )
    assert [row.value for row in parse(case(f"cbp/{AOR}"), feeds=[border])] == ["106"]


def test_files_by_state() -> None:
    select = {"file": "nationwide-encounters", "cut": "state", "state": "TX"}
    feed = a_feed("cbp-nationwide", counterpart_areas=["MEX"], select=select)
    assert [row.value for row in parse(case(f"cbp/{STATE}"), feeds=[feed])] == ["100"]
    gone = a_feed("cbp-nationwide", counterpart_areas=["MEX"], select=select | {"state": "NM"})
    with pytest.raises(ContractError, match=r"rows of state 'NM', found none .valid are AZ, TX"):
        parse(case(f"cbp/{STATE}"), feeds=[gone])


@pytest.mark.parametrize("cut", ["fy23-fy26-jul-aor_excerpt", "fy22-fy25-state_excerpt"])
def test_recorded_nationwide_excerpts(cut: str) -> None:
    body = recorded(f"cbp/nationwide-encounters-{cut}.csv")
    kind = "state" if "state" in cut else "aor"
    select = {"file": "nationwide-encounters", "cut": kind}
    feed = a_feed("cbp-nationwide", counterpart_areas=["_T"], select=select)
    rows = list(csv.reader(io.StringIO(body.decode())))[1:]
    found = parse(body, feeds=[feed])
    assert sum(value_of(row) for row in found) == sum(int(row[-1]) for row in rows)


@pytest.mark.parametrize(
    ("page", "stem", "cut", "newest"),
    [
        (
            "nationwide-encounters_2026-09-06",
            "nationwide-encounters",
            "aor",
            "/2026-08/nationwide-encounters-fy23-fy26-jul-aor.csv",
        ),
        (
            "nationwide-encounters_2026-09-06",
            "nationwide-encounters",
            "state",
            "/2026-08/nationwide-encounters-fy23-fy26-jul-state.csv",
        ),
        (
            "weapons-and-ammunition-seizures_2026-09-12",
            "weapons-ammunition-seizures",
            "",
            "/2026-08/weapons-ammunition-seizures-fy23-fy26-jul.csv",
        ),
    ],
)
def test_recorded_landing_pages(page: str, stem: str, cut: str, newest: str) -> None:
    body = recorded(f"cbp/landing_{page}.html")
    links = links_of(a_payload(body, "https://www.cbp.gov/document/stats/page"))
    found = newest_file(links, stem, cut)
    assert found is not None
    assert found.url == f"https://www.cbp.gov/sites/default/files{newest}"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2025-12/sbo-encounters-fy23-fy26-nov", "2026-01/sbo-encounters-fy23-fy26-dec"),
        ("assets/documents/2023-Dec/sbo-encounters-fy20-fy23", "2024-01/sbo-encounters-fy21-fy24"),
        ("assets/documents/2023-Apr/sbo-encounters-fy20-fy23",
         "assets/documents/2023-Nov/sbo-encounters-fy20-fy23"),
        ("2025-11/sbo-encounters-fy22-fy25", "2025-11/sbo-encounters-fy23-fy26-oct"),
        ("2025-11/sbo-encounters-fy22-fy25-sep", "2025-11/sbo-encounters-fy22-fy25"),
        ("2026-06/sbo-encounters-fy23-fy26-may", "2026-06/sbo-encounters-fy23-fy26-may_0"),
        ("2026-06/sbo-encounters-fy23-fy26-may_0", "2026-06/sbo-encounters-fy23-fy26-may_1"),
    ],
)  # fmt: skip
def test_what_is_newer(older: str, newer: str) -> None:
    links = [
        Link(f"https://www.cbp.gov/sites/default/files/{name}.csv", "") for name in (newer, older)
    ]
    assert newest_file(links, "sbo-encounters", "") == links[0]
    assert newest_file(links[::-1], "sbo-encounters", "") == links[0]


@pytest.mark.parametrize(
    ("name", "stem", "cut"),
    [
        ("2025-11/nationwide-encounters-fy22-fy25-aor", "nationwide-encounters", "aor"),
        ("2025-11/nationwide-encounters-fy22-fy25-state", "nationwide-encounters", "state"),
        ("assets/documents/2023-Nov/nationwide-encounters-fy20-fy23-aor_0",
         "nationwide-encounters", "aor"),
        ("2025-12/nationwide-encounters-fy23-fy26-nov-aor_0", "nationwide-encounters", "aor"),
        ("assets/documents/2022-Oct/weapons-ammunition-seizures-fy19-fy22_0",
         "weapons-ammunition-seizures", ""),
        ("2025-11/SBO-Encounters-FY22-FY25-Sept", "sbo-encounters", ""),
        ("2025-11/sbo-encounters-fy2022-fy2025", "sbo-encounters", ""),
        ("sbo-encounters-fy22-fy25-aug_final", "sbo-encounters", ""),
    ],
)  # fmt: skip
def test_names_that_files_have(name: str, stem: str, cut: str) -> None:
    link = Link(f"https://www.cbp.gov/sites/default/files/{name}.csv", "")
    other = "state" if cut == "aor" else "aor"
    assert newest_file([link], stem, cut) == link
    assert newest_file([link], stem, other) is None


def test_a_link_without_cbps_folder_counts_as_old() -> None:
    links = [
        Link(f"https://www.cbp.gov/{path}", "")
        for path in ("sbo-encounters-fy23-fy26-nov.csv", "2025-11/sbo-encounters-fy22-fy25.csv")
    ]
    assert newest_file(links, "sbo-encounters", "") == links[1]


@pytest.mark.parametrize(
    "page", [b"<a href='/x'>y</a><![if [", b"<a href='/x'>y</a> <![foo[ bar ]]>", b"\x00<![\xff"]
)
def test_no_page_is_too_odd_for_its_links(page: bytes) -> None:
    found = links_of(a_payload(page, "https://www.cbp.gov/page"))
    assert [link.url for link in found] == ["https://www.cbp.gov/x"] * page.count(b"href")


def test_a_file_of_ended_years_with_the_labels_of_earlier_ones() -> None:
    text = southwest()
    lines = [line for line in text.splitlines(keepends=True) if "(FYTD)" not in line]
    older = "".join(lines).replace("2024,", "2021,").replace(",UAC,", ",UC / Single Minors,")
    older = older.replace("Title 8,Apprehensions", "Title 42,Expulsions")
    found = by_key(parse(older))
    both = "component=all"
    whole = found["encounters", both, "USA", "_T", "FY2021"]
    assert (whole.value, whole.obs_status) == (str(808 * 78 + 7), "A")
    assert found["encounters", both, "USA", "MEX", "2020-12"].value == "303"
    assert found["encounters", both, "USA", "_O", "2021-09"].value == str(505 * 12)


@pytest.mark.parametrize(
    ("source", "body", "old", "new", "words"),
    [
        ("cbp", "southwest", "U.S. Border Patrol", "Air and Marine Operations", "Component of"),
        ("cbp", "southwest", "Guatemala", "Nicaragua", "Citizenship Grouping of"),
        ("cbp", "southwest", "Title 8", "Title 50", "Title of Authority of"),
        ("cbp", "southwest", "FYTD,", "YTD,", "Month Grouping of"),
        ("cbp-nationwide", AOR, "Southwest Land Border", "Southern Border", "Land Border Region"),
        ("cbp-nationwide", AOR, ",MEXICO,", ",CHILE,", "Citizenship of"),
        ("cbp-weapons", WEAPONS, ",OUTBOUND,", ",OUT,", "Inbound/Outbound of"),
        ("cbp-weapons", WEAPONS, ",Weapons,", ",Firearms,", "Seizure Type of"),
        ("cbp-weapons", WEAPONS, "Southwest Border", "Southern Border", "rows of region"),
    ],
)  # fmt: skip
def test_a_label_that_nobody_knows_is_never_dropped(
    source: str, body: str, old: str, new: str, words: str
) -> None:
    text = southwest() if body == "southwest" else case(f"cbp/{body}").decode()
    assert old in text
    changed = text.replace(old, new)
    with pytest.raises(ContractError, match=f"{words}.*found"):
        parse(changed, source)


def test_a_page_without_the_file_is_kept_and_refused(provider_server: Loopback) -> None:
    page = b'<html><a href="/sites/default/files/2026-01/drugs-fy23-fy26-dec.csv">Drugs</a></html>'
    serve(provider_server, page, b"")
    source, feeds = shipped("cbp")
    with client_for(provider_server, source) as client:
        payloads = list(Cbp().fetch(source, feeds, client))
    assert [payload.body for payload in payloads] == [page]
    with pytest.raises(ContractError, match="sbo-encounters, or a link to one, found a page of"):
        list(Cbp(catalog().areas).parse(source, feeds, payloads))


def test_a_link_to_another_host_is_not_followed(provider_server: Loopback) -> None:
    source, feeds = shipped("cbp")
    away = provider_server.url.replace("127.0.0.1", "localhost")
    link = f'<a href="{away}/sites/default/files/2026-01/sbo-encounters-fy23-fy26-dec.csv">x</a>'
    provider_server.on(PAGE, Reply(status=302, headers={"Location": f"{away}/x"}))
    with client_for(provider_server, source) as client, pytest.raises(FetchError, match="allowed"):
        list(Cbp().fetch(source, feeds, client))
    assert links_of(a_payload(link.encode(), "https://www.cbp.gov/p"))[0].url.startswith(away)


def test_a_failing_provider_is_a_fetch_error(provider_server: Loopback) -> None:
    provider_server.on(PAGE, Reply(case("cbp/southwest/landing.html"), media_type="text/html"))
    provider_server.on(FILE, Reply(southwest().encode(), truncate=500))
    with pytest.raises(FetchError):
        run(Cbp(), "cbp", provider_server)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "", "found nothing"),
        (lambda _: "<html>Sorry</html>\n", "a page of HTML"),
        (lambda text: text.partition("\n")[0] + "\n", "rows below the header, found none"),
        (lambda text: text.replace("Citizenship Grouping", "Citizenship"),
         "'Citizenship' .did you mean 'Citizenship Grouping'"),
        (lambda text: text.replace("Encounter Type,", "", 1), "columns Fiscal Year, Month"),
        (lambda text: text[:-40], "9 columns in every line, found"),
        (lambda text: text[:-3], "cut off"),
        (lambda text: text.replace("Guatemala", "Guatemela", 1),
         "'Guatemela' at line 3 .did you mean 'Guatemala'"),
        (lambda text: text.replace("FMUA", "All", 1), "Demographic of"),
        (lambda text: text.replace("Title 8", "Title 9", 1), "did you mean 'Title 8'"),
        (lambda text: text.replace(",OCT,", ",OCTOBER,", 1), "did you mean 'OCT'"),
        (lambda text: text.replace("2024,", "FY24,", 1), "a Fiscal Year like 2025"),
        (lambda text: text.replace("2025 (FYTD)", "2025", 1), "written in one way"),
        (lambda text: text + text.splitlines(keepends=True)[1], "line 88 again after line 2"),
        (lambda text: text + text.splitlines()[1][:-1] + "5\r\n", "line 88 again after line 2"),
        (lambda text: "".join(
            line for line in text.splitlines(keepends=True) if "JAN,Office" not in line),
         "none of Office of Field Operations in January 2024"),
        (lambda text: text.replace("Mexico", "M\x00xico", 1), "x00xico"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[str], str], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(change(southwest()))


@pytest.mark.parametrize("cell", ["", "n/a", "-3", "1.2.3"])
def test_a_bad_count_is_told_with_its_line(cell: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(southwest().replace("Inadmissibles,2\r", f"Inadmissibles,{cell}\r", 1))
    assert (caught.value.locator, caught.value.raw) == ("line 3", cell)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("OUTBOUND", "OUTBUOND", "did you mean 'OUTBOUND'"),
        (
            "Southwest Border",
            "SW Border",
            "rows of region 'Southwest Border', found none .did you mean 'SW Border'",
        ),
        ("2144572511.0,3.0", ",3.0", "must be an Event ID"),
        ("Event ID", "Event", "did you mean 'Event ID'"),
    ],
)
def test_bad_seizures_are_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(IngestError, match=words):
        parse(case(f"cbp/{WEAPONS}").decode().replace(old, new), "cbp-weapons")


def test_a_seizure_given_twice_is_refused() -> None:
    text = case(f"cbp/{WEAPONS}").decode()
    with pytest.raises(ContractError, match="line 10 again after line 2"):
        parse(text + text.splitlines(keepends=True)[1], "cbp-weapons")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {}}, "select with file and cut of"),
        ({"select": {"file": "sbo-encounters", "sector": "El Paso"}}, "select with columns of"),
        ({"select": {"file": "sbo-encounters", "component": "CBP"}}, "select with component of"),
        ({"select": {"file": "sbo-encounters", "count": "events"}}, "for weapons only"),
        ({"freq": "Q"}, "frequency A or M"),
        ({"counterpart_areas": ["USA"]}, "citizenship"),
    ],
)
def test_a_feed_that_no_file_can_answer_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(southwest(), feeds=[a_feed(**changes)])


def test_a_file_of_another_kind_and_two_files_are_refused() -> None:
    source, feeds = shipped("cbp")
    payload = a_payload(southwest().encode(), "https://www.cbp.gov/a.csv")
    with pytest.raises(ContractError, match="one file of each kind"):
        list(Cbp(catalog().areas).parse(source, feeds, [payload, payload]))
    with pytest.raises(ContractError, match="a file sbo-encounters, found none"):
        list(Cbp(catalog().areas).parse(source, feeds, []))
    with pytest.raises(ContractError, match="columns"):
        parse(case(f"cbp/{WEAPONS}"))
