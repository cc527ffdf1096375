from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, IngestError, ParseError
from ingest.sources import unodc
from ingest.sources.unodc import Unodc, newest_link
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    by_key,
    case,
    client_for,
    recorded,
    run,
    shipped,
    value_of,
)
from tests.ingest.workbook import workbook

PAGE = "/dp-intentional-homicide-victims"
NAME = "data_cts_intentional_homicide"
FILE = f"/sites/dataportal.unodc.org/files/2026-05/{NAME}.xlsx"
SOURCE, FEEDS = shipped("unodc")
LANDING = case("unodc/workbook/landing.html")

Rows = list[list[str | float | None]]


def rows_of(text: str) -> Rows:
    """A table as a sheet has it: numbers as numbers, and the header in row 3."""
    table = list(csv.reader(io.StringIO(text)))
    value, year = table[0].index("VALUE"), table[0].index("Year")
    rows: Rows = [["UNODC"], []]
    rows.append([*table[0]])
    for line in table[1:]:
        cells: list[str | float | None] = [*line]
        cells[value] = float(line[value]) if line[value] else None
        cells[year] = int(line[year])
        rows.append(cells)
    return rows


def the_rows() -> Rows:
    return rows_of(case("unodc/workbook/rows.csv").decode())


def a_workbook(rows: Rows, name: str = NAME) -> bytes:
    return workbook(
        {"Notes": [["nothing"]], name: rows, "data_cts_homicide_reg_estimates": [["x"]]}
    )


def parse(body: bytes, feeds: list[BoundFeed] | None = None) -> list[RawObservation]:
    payload = a_payload(body, f"https://data.unodc.org{FILE}")
    return list(Unodc().parse(SOURCE, feeds or FEEDS, [payload]))


def serve(server: Loopback, page: bytes = LANDING, body: bytes | None = None) -> None:
    server.on(PAGE, Reply(page, media_type="text/html"))
    server.on(FILE, Reply(body or a_workbook(the_rows())))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Unodc()
    assert adapter.recipe


def test_the_newest_workbook_is_found_and_read(provider_server: Loopback) -> None:
    serve(provider_server)
    found = by_key(run(Unodc(), "unodc", provider_server))
    assert [asked.path for asked in provider_server.requests] == [PAGE, FILE]
    rate, count = "source-type=compiled", "crime=intentional-homicide;method=compiled"
    assert {(*key[:3], key[4]): str(value_of(row)) for key, row in found.items()} == {
        ("rate", rate, "MEX", "2015"): "17.14843",
        ("rate", rate, "MEX", "2016"): "20.08894",
        ("rate", rate, "USA", "2015"): "4.8701963",
        ("rate", rate, "USA", "2016"): "5.28982",
        ("victims", count, "MEX", "2015"): "20762",
        ("victims", count, "MEX", "2016"): "24559",
    }
    row = found["rate", rate, "MEX", None, "2015"]
    assert row.origin == f"https://data.unodc.org{FILE}"
    assert row.locator == f"sheet {NAME}, row 6 (MEX 2015)"
    assert (row.note, row.published_on) == ("UNODC names as source: CTS", None)


@pytest.mark.parametrize(
    ("links", "newest"),
    [
        (["2025-11/{}.xlsx", "2026-07/{}.xlsx"], "2026-07/{}.xlsx"),
        (["2026-07/{}.xlsx", "{}.xlsx"], "2026-07/{}.xlsx"),
        (["2026-07/{}.xlsx", "2026-07/{}_0.xlsx"], "2026-07/{}_0.xlsx"),
        (["{}.xlsx"], "{}.xlsx"),
        (["2026-07/metadata_{}.xlsx", "{}.pdf"], None),
        ([], None),
    ],
)
def test_the_folder_decides_which_link_is_newest(links: list[str], newest: str | None) -> None:
    text = "".join(f'<a href="/files/{link.format(NAME)}">x</a>' for link in links)
    page = a_payload(text.encode(), f"https://data.unodc.org{PAGE}")
    wanted = newest and f"https://data.unodc.org/files/{newest.format(NAME)}"
    assert newest_link(page, NAME) == wanted


def test_a_page_without_a_link_is_kept_and_refused(provider_server: Loopback) -> None:
    page = b"<!DOCTYPE html><html>Portal</html>"
    serve(provider_server, page)
    with client_for(provider_server, SOURCE) as client:
        payloads = list(Unodc().fetch(SOURCE, FEEDS, client))
    assert [payload.body for payload in payloads] == [page]
    with pytest.raises(ContractError, match=f"a link to {NAME}.xlsx, found a page of HTML"):
        list(Unodc().parse(SOURCE, FEEDS, payloads))


def test_html_instead_of_the_workbook_is_refused(provider_server: Loopback) -> None:
    serve(provider_server, body=b"<!DOCTYPE html><html>Sorry</html>")
    with pytest.raises(ContractError, match="a page of HTML"):
        run(Unodc(), "unodc", provider_server)


def test_a_year_without_a_value_is_no_observation_and_never_zero() -> None:
    rows = the_rows()
    rows[5][11] = None
    rows[6][11] = 0.0
    found = [row for row in parse(a_workbook(rows)) if row.measure == "rate"]
    assert [(row.ref_area, row.time_period, row.value) for row in found] == [
        ("MEX", "2016", "0"),
        ("USA", "2015", "4.8701963"),
        ("USA", "2016", "5.28982"),
    ]


def test_modelled_counts_keep_their_fraction() -> None:
    rows = the_rows()
    rows[9][11] = 20762.25
    counts = [row.value for row in parse(a_workbook(rows)) if row.measure == "victims"]
    assert counts == ["20762.25", "24559"]


def _renamed(old: str, new: str) -> Callable[[Rows], object]:
    def change(rows: Rows) -> None:
        rows[:] = [[new if cell == old else cell for cell in row] for row in rows]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_renamed("Iso3_code", "ISO3"), "a header with Iso3_code in the first 10 rows, found none"),
        (_renamed("VALUE", "Values"), "'Values' at row 3"),
        (_renamed("Unit of measurement", "Unit"), "columns.*'Unit' at row 3"),
        (_renamed("Age", "Sex"), "one column Sex|one column Age"),
        (lambda rows: rows[2].append("Note"), "'Note' at row 3"),
        (
            _renamed("Victims of intentional homicide", "Victims of homicide"),
            "Indicator Victims of intentional homicide",
        ),
        (
            _renamed("Rate per 100,000 population", "Rate per 100 000 population"),
            "did you mean 'Rate per 100 000 population'",
        ),
        (_renamed("Total", "All"), "Dimension Total; it has"),
        (lambda rows: rows.append(rows[5]), r"row 14 \(MEX 2015\) again after 6"),
        (lambda rows: rows.__delitem__(slice(3, None)), "Indicator Victims.*found"),
    ],
)
def test_what_is_renamed_or_comes_twice_is_refused(
    change: Callable[[Rows], object], words: str
) -> None:
    rows = the_rows()
    change(rows)
    with pytest.raises(ContractError, match=words):
        parse(a_workbook(rows))


def test_another_sheet_is_refused() -> None:
    with pytest.raises(ContractError, match=f"{NAME}"):
        parse(a_workbook(the_rows(), "Sheet1"))


@pytest.mark.parametrize(
    ("place", "cell", "words"),
    [(11, "n/a", "must be a number, got 'n/a'"), (9, "2015/16", "must be a year")],
)
def test_a_bad_cell_is_told_with_its_place(place: int, cell: str, words: str) -> None:
    rows = the_rows()
    rows[5][place] = cell
    with pytest.raises(ParseError, match=rf"sheet {NAME}, row 6 \(MEX .*{words}"):
        parse(a_workbook(rows))


def test_what_is_no_whole_workbook_is_refused() -> None:
    whole = a_workbook(the_rows())
    for body in (b"", b"PK", whole[: len(whole) // 2], b"<html>", b"a,b\n1,2\n"):
        with pytest.raises(ContractError):
            parse(body)


def test_a_zip_of_something_else_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ContractError):
        parse(buffer.getvalue())


def test_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unodc, "MOST_BYTES", 2**20)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2**20 + 1))
    with pytest.raises(ContractError, match="at most 1,048,576 bytes"):
        parse(buffer.getvalue())


@pytest.mark.parametrize(
    "changes",
    [
        {"select": {}},
        {"select": {"file": "../x", "indicator": "a", "unit": "b"}},
        {"select": {"file": NAME, "indicator": "a", "unit": "b", "gender": "Male"}},
        {"freq": "M"},
        {"counterpart_areas": ["USA"]},
    ],
)
def test_a_feed_that_cannot_be_asked_for_is_refused(
    provider_server: Loopback, changes: dict[str, Any]
) -> None:
    feed = BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))
    with client_for(provider_server, SOURCE) as client, pytest.raises(IngestError):
        list(Unodc().fetch(SOURCE, [feed], client))
    assert provider_server.requests == []


def test_recorded_rows_are_read_by_a_feed_for_them() -> None:
    rows = rows_of(recorded(f"unodc/{NAME}_excerpt.csv").decode())
    select = {
        "file": NAME,
        "indicator": "Persons arrested/suspected for intentional homicide",
        "unit": "Counts",
        "dimension": "by citizenship",
        "category": "National citizens",
        "sex": "Male",
    }
    changes = {"ref_areas": ["GTM", "HND"], "select": select}
    feed = BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))
    assert {
        (row.ref_area, row.time_period): row.value for row in parse(a_workbook(rows), [feed])
    } == {
        ("GTM", "2013"): "2764",
        ("HND", "2013"): "905",
        ("GTM", "2014"): "2649",
        ("HND", "2014"): "1319",
        ("GTM", "2015"): "2415",
        ("HND", "2015"): "1879",
    }
    with pytest.raises(ContractError, match="Indicator Victims of intentional homicide"):
        parse(a_workbook(rows))


# --- other workbooks of the same provider ---


def test_a_later_workbook_with_its_columns_in_another_order() -> None:
    rows = the_rows()
    latest = [*rows[9]]  # a count of Mexico
    latest[9], latest[11] = 2025, 24000.0
    rows.append(latest)
    rows.append(["GBR_E_W", "England and Wales", *latest[2:]])
    rows = [rows[0], *([row[::-1] for row in rows[2:]])]  # and in row 2
    found = {(row.measure, row.ref_area, row.time_period): row.value for row in
             parse(a_workbook(rows))}  # fmt: skip
    assert found["victims", "MEX", "2025"] == "24000"
    # A count without a rate is no rate.
    assert ("rate", "MEX", "2025") not in found
    assert len(found) == 7


def test_a_table_whose_numbers_are_text_is_read_alike() -> None:
    rows: Rows = [[None if cell is None else str(cell) for cell in row] for row in the_rows()]
    assert [(row.time_period, value_of(row)) for row in parse(a_workbook(rows))] == [
        (row.time_period, value_of(row)) for row in parse(a_workbook(the_rows()))
    ]


def test_a_workbook_in_place_of_its_page_is_read(provider_server: Loopback) -> None:
    provider_server.on(PAGE, Reply(a_workbook(the_rows()), media_type="application/octet-stream"))
    assert len(run(Unodc(), "unodc", provider_server)) == 6


def test_another_workbook_in_place_of_the_page_is_refused() -> None:
    payload = a_payload(a_workbook(the_rows(), "data_cts_other"), f"https://data.unodc.org{PAGE}")
    with pytest.raises(ContractError, match=f"sheet '{NAME}'"):
        list(Unodc().parse(SOURCE, FEEDS, [payload]))


def test_the_recorded_excerpt_has_no_figure_that_is_asked_for() -> None:
    rows = rows_of(recorded("unodc/data_cts_intentional_homicide_excerpt.csv").decode())
    with pytest.raises(ContractError, match="Indicator Victims of intentional homicide"):
        parse(a_workbook(rows))
