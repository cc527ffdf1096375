from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, ParseError
from ingest.sources._links import Link
from ingest.sources._xlsx import Workbook
from ingest.sources.ohss import Ohss, newest_workbook
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
from tests.ingest.workbook import workbook

PAGE = "/khsm/cbp-encounters"
FILE = "/sites/default/files/2025-01/KHSM%20Encounters%20(USBP)%20fy25m11.xlsx"
RECORDED = "KHSM-Encounters-USBP-fy25m11.xlsx"
USBP = "component=usbp"
SOURCE, FEEDS = shipped("dhs-ohss")

Sheets = dict[str, list[list[str | float | None]]]


def the_sheets() -> Sheets:
    names = ("Annual Region", "Monthly Region", "Annual Rgn and Citp")
    sheets: Sheets = {}
    for name in names:
        rows = list(csv.reader(io.StringIO(case(f"ohss/workbook/{name}.csv").decode())))
        sheets[name] = [[*rows[0]]]
        for row in rows[1:]:
            cells = [float(cell) if cell.isdecimal() else cell for cell in row]
            sheets[name].append([*cells])
    return sheets


def parse(body: bytes, feeds: list[BoundFeed] | None = None) -> list[RawObservation]:
    payload = a_payload(body, f"https://ohss.dhs.gov{FILE}")
    return list(Ohss(catalog().areas).parse(SOURCE, feeds or FEEDS, [payload]))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Ohss()
    assert adapter.recipe


def test_the_newest_workbook_on_border_patrol_is_found_and_read(provider_server: Loopback) -> None:
    page = case("ohss/workbook/landing.html")
    provider_server.on(PAGE, Reply(page, media_type="text/html"))
    provider_server.on(FILE, Reply(workbook(the_sheets())))
    found = by_key(run(Ohss(catalog().areas), "dhs-ohss", provider_server))
    assert [asked.path for asked in provider_server.requests] == [PAGE, FILE]
    # As the sheet states it, though the months sum to 78,000.
    year = found["encounters", USBP, "USA", "_T", "FY2024"]
    assert (year.value, year.obs_status, year.note) == ("78010", "A", "sheet Annual Region")
    assert year.locator == "sheet Annual Region, row 4"
    part = found["encounters", USBP, "USA", "MEX", "FY2025"]
    assert (part.value, part.obs_status) == ("2000", "P")
    assert part.note == "sheet Annual Rgn and Citp; October-November 2024 only"
    assert found["encounters", USBP, "USA", "_T", "2023-10"].value == "1000"
    assert found["encounters", USBP, "USA", "_T", "2024-09"].value == "12000"
    assert {row.published_on for row in found.values()} == {None}


def test_the_recorded_workbook_continues_the_table(provider_server: Loopback) -> None:
    body = recorded(f"cbp/{RECORDED}")
    page = f'<a href="/sites/{RECORDED}">USBP</a>'.encode()
    provider_server.on(PAGE, Reply(page, media_type="text/html"))
    provider_server.on(f"/sites/{RECORDED}", Reply(body))
    rows = run(Ohss(catalog().areas), "dhs-ohss", provider_server)
    assert as_figures(rows) == set(figures("border_encounters__ohss_usbp", RECORDED))
    found = {key: (value_of(row), row.note) for key, row in by_key(rows).items()}
    assert found == seeded("border-encounters.dhs-ohss")
    assert {row.published_on for row in rows} == {date(2025, 1, 16)}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2025-01/KHSM (USBP) fy24m09.xlsx", "2024-12/KHSM (USBP) fy25m10.xlsx"),
        ("2025-01/KHSM (USBP) fy25m12.xlsx", "2025-02/KHSM (USBP) fy25m01.xlsx"),
        ("2025-01/usbp.xlsx", "2025-02/usbp.xlsx"),
        ("2025-01/KHSM (USBP) fy25m11.xlsx", "2025-08/khsm-usbp-fy2025_m06.xlsx"),
    ],
)
def test_what_is_newer(older: str, newer: str) -> None:
    links = [Link(f"https://ohss.dhs.gov/files/{name}", "") for name in (newer, older)]
    assert newest_workbook(links) == newest_workbook(links[::-1]) == links[0]


def test_a_page_without_a_workbook_is_kept_and_refused(provider_server: Loopback) -> None:
    page = b'<a href="/files/KHSM%20Encounters%20(OFO)%20fy25m11.xlsx">OFO</a>'
    provider_server.on(PAGE, Reply(page, media_type="text/html"))
    with client_for(provider_server, SOURCE) as client:
        payloads = list(Ohss().fetch(SOURCE, FEEDS, client))
    assert [payload.body for payload in payloads] == [page]
    with pytest.raises(ContractError, match=r"a workbook .xlsx., found a page of HTML"):
        list(Ohss(catalog().areas).parse(SOURCE, FEEDS, payloads))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sheets: sheets.pop("Monthly Region"), "sheet 'Monthly Region', found 2 others"),
        (lambda sheets: sheets["Annual Region"][0].__setitem__(2, "Count"),
         "column 'Quantity' missing, 'Count' instead"),
        (lambda sheets: sheets["Annual Region"][0].append("Note"), "unknown column 'Note'"),
        (lambda sheets: sheets["Annual Region"][1].__setitem__(1, "Southwest Border"),
         "did you mean 'Southwest Land Border'"),
        (lambda sheets: sheets["Monthly Region"][3].__setitem__(1, "October"),
         "did you mean '01 October'"),
        (lambda sheets: sheets["Annual Region"].append([2024.0, "Southwest Land Border", 5.0]),
         "row 8 again after sheet Annual Region, row 4"),
        (lambda sheets: [row.__setitem__(2, "México") for row in sheets["Annual Rgn and Citp"]
                         if row[2] == "Mexico"], "for 'Mexico', found none .did you mean 'México'"),
        (lambda sheets: sheets.update({"Annual Region": sheets["Annual Region"][:1]}),
         "rows of Southwest Land Border in sheet Annual Region, found none"),
        (lambda sheets: sheets["Monthly Region"].pop(6), "from October without a gap"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[Sheets], object], words: str
) -> None:
    sheets = the_sheets()
    change(sheets)
    with pytest.raises(ContractError, match=words):
        parse(workbook(sheets))


@pytest.mark.parametrize("cell", ["n/a", "", -10.0, 2.5])
def test_a_bad_cell_is_told_with_its_place(cell: str | float) -> None:
    sheets = the_sheets()
    sheets["Annual Region"][3][2] = cell
    with pytest.raises(ParseError, match="sheet Annual Region, row 4: must be a whole number"):
        parse(workbook(sheets))


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"PK\x03\x04 and no more", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(body: bytes) -> None:
    with pytest.raises(ContractError):
        parse(body)


def test_a_workbook_that_was_cut_off_or_damaged_is_refused() -> None:
    body = workbook(the_sheets())
    for broken in (body[: len(body) // 2], body[:100] + b"\x00" * 50 + body[150:]):
        with pytest.raises(ContractError):
            parse(broken)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(ContractError, match="a workbook"):
        parse(buffer.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened() -> None:
    body = workbook(the_sheets() | {"Bomb": [["x" * 5_000_000]]})
    assert len(body) < 50_000
    with pytest.raises(ContractError, match="unpacks to at most 1,000,000 bytes"):
        Workbook(a_payload(body, "https://example.org/a.xlsx"), most_bytes=1_000_000)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {"sheet": "Annual Region"}}, "select with region"),
        ({"select": {"sheet": "Sheet1", "region": "Southwest Land Border"}}, "sheet"),
        ({"select": {"sheet": "Annual Region", "region": "South"}, "freq": "A"}, "region"),
        ({"freq": "A"}, "the frequency of Monthly Region"),
        ({"counterpart_areas": ["MEX"]}, "the counterpart _T"),
    ],
)
def test_a_feed_that_no_sheet_can_answer_is_refused(changes: dict[str, Any], words: str) -> None:
    feed = BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))
    with pytest.raises(ContractError, match=words):
        parse(b"", feeds=[feed])


@pytest.mark.parametrize(
    ("months", "status", "note"),
    [(3, "P", "; October-December 2024 only"), (8, "P", "; October 2024-May 2025 only"),
     (12, "A", "")],
)  # fmt: skip
def test_a_later_workbook(months: int, status: str, note: str) -> None:
    sheets = the_sheets()
    monthly = sheets["Monthly Region"]
    border = [row for row in monthly[1:] if "Southwest Land Border" in row]
    last = [row for row in border if row[0] == 2025.0]
    labels = sorted({str(row[1]) for row in border})
    monthly += [[2025.0, label, "Southwest Land Border", 9000.0]
                for label in labels[len(last) : months]]  # fmt: skip
    found = by_key(parse(workbook(sheets)))
    year = found["encounters", USBP, "USA", "_T", "FY2025"]
    assert (year.obs_status, year.note) == (status, f"sheet Annual Region{note}")
    assert sum(key[4] in {"2024-12", "2025-05", "2025-09"} for key in found) == {
        3: 1, 8: 2, 12: 3}[months]  # fmt: skip


def test_sheets_beside_and_columns_in_another_order_do_not_count() -> None:
    sheets: Sheets = {"Cover": [["Key Homeland Security Metrics"]], **the_sheets()}
    for name in ("Annual Region", "Monthly Region", "Annual Rgn and Citp"):
        sheets[name] = [row[::-1] for row in sheets[name]]
    assert {(row.time_period, row.value) for row in parse(workbook(sheets))} == {
        (row.time_period, row.value) for row in parse(workbook(the_sheets()))
    }
