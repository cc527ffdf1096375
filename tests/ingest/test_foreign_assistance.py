from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, ParseError
from ingest.sources.foreign_assistance import ForeignAssistance
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    as_figures,
    by_key,
    case,
    catalog,
    figures,
    recorded,
    run,
    shipped,
)

PATH = "/files.explorer.devtechlab.com/us_foreign_aid_country.csv"
ALL = "account=all;part=all;programme=all-aid;stage="
SOURCE, FEEDS = shipped("foreign-assistance")


def the_file(name: str = "snake-case") -> str:
    return case(f"foreign-assistance/{name}/us_foreign_aid_country.csv").decode()


def parse(body: bytes | str, feeds: list[BoundFeed] | None = None) -> list[RawObservation]:
    body = body.encode() if isinstance(body, str) else body
    payload = a_payload(body, f"https://s3.amazonaws.com{PATH}")
    return list(ForeignAssistance().parse(SOURCE, feeds or FEEDS, [payload]))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = ForeignAssistance()
    assert adapter.recipe


@pytest.mark.parametrize("name", ["snake-case", "title-case"])
def test_both_headers_give_the_same_figures(provider_server: Loopback, name: str) -> None:
    provider_server.on(PATH, Reply(the_file(name).encode(), media_type="text/csv"))
    found = by_key(run(ForeignAssistance(), "foreign-assistance", provider_server))
    values = {
        (key[1].removeprefix(ALL), key[3], key[4]): (row.value, row.obs_status)
        for key, row in found.items()
    }
    assert values == {
        ("obligated", "MEX", "FY1976"): ("-5", "A"),
        ("obligated", "MEX", "1976-Q3"): ("2000", "A"),
        ("obligated", "MEX", "FY2022"): ("300", "A"),
        ("obligated", "MEX", "FY2023"): ("-40", "P"),
        ("disbursed", "MEX", "FY2023"): ("120", "P"),
        ("requested", "MEX", "FY2024"): ("111400000", "A"),
        ("appropriated", "MEX", "FY2023"): ("7", "A"),
        ("allocated", "MEX", "FY2022"): ("8", "A"),
        ("stage=obligated", "GTM", "FY2022"): ("55", "A"),
    }
    quarter = found["aid", f"{ALL}obligated", "USA", "MEX", "1976-Q3"]
    assert (quarter.freq, quarter.locator) == ("Q", "line 3 (MEX Obligations 1976tq)")
    assert quarter.note == "transition quarter, July to September 1976; 1976tq in the file"
    running = found["aid", f"{ALL}obligated", "USA", "MEX", "FY2023"]
    assert running.note == "fiscal year not over at this vintage"
    parted = found["aid", "stage=obligated", "USA", "GTM", "FY2022"]
    assert parted.note == "computed: sum of 2 rows"
    assert {row.published_on for row in found.values()} == {None}


@pytest.mark.parametrize(
    ("name", "published"),
    [("2021vintage", "2021-06-28"), ("2023vintage_trimmed", "2023-09-29")],
)
def test_recorded_files_continue_the_tables(
    provider_server: Loopback, name: str, published: str
) -> None:
    name = f"us_foreign_aid_country_{name}.csv"
    body = recorded(f"foreignassistance/{name}")
    provider_server.on(PATH, Reply(body, media_type="text/csv"))
    rows = run(ForeignAssistance(), "foreign-assistance", provider_server)
    collected = set(figures("foreign_aid__foreignassistance_gov", name))
    assert as_figures(rows) == collected
    lines = [
        line
        for table in ("merida-spending", "central-america-aid")
        for line in (catalog().root / "tables" / f"{table}.foreign-assistance.csv")
        .read_text(encoding="utf-8")
        .splitlines()
        if f",{published}," in line
    ]
    assert len(rows) == len(lines)
    starts = {
        ",".join([row.indicator, row.measure, row.facets, row.ref_area, row.counterpart_area or "",
                  row.freq, row.time_period, row.value or "", "0", row.obs_status])
        for row in rows
    }  # fmt: skip
    assert starts == {line.partition(",foreign-assistance,")[0] for line in lines}
    notes = {row.note for row in rows if row.note}
    assert all(any(note in line for line in lines) for note in notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "", "found nothing"),
        (lambda _: "<!DOCTYPE html>\n", "a page of HTML"),
        (lambda text: text.partition("\n")[0] + "\n", "rows of GTM, HND, MEX, SLV, found none"),
        (lambda text: text.replace("current_amount", "amount", 1),
         "column 'current_amount' missing, 'amount' instead"),
        (lambda text: text.replace("region_name", "region", 1), "unknown column 'region'"),
        (lambda text: text.replace("constant_amount", "current_amount", 1), "every column once"),
        (lambda text: text[:-30], "11 columns in every line"),
        (lambda text: text[:-3], "cut off"),
        (lambda text: text.replace("Disbursements", "Disbursement", 1),
         "did you mean 'Disbursements'"),
        (lambda text: text.replace(",3,Disb", ",2,Disb", 1), "id 3 for Disbursements, found '2'"),
        (lambda text: text.replace("1976tq", "1976TQ", 1), "a fiscal year like 2020, or 1976tq"),
        (lambda text: text + text.splitlines(keepends=True)[1], "line 13 again"),
        (lambda text: text + text.splitlines()[1].replace("-5", "5") + "\r\n", "line 13 again"),
        (lambda text: text.encode().replace(b"Berlin", b"B\xe9rlin"), "text in utf-8-sig"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[str], bytes | str], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(change(the_file()))


@pytest.mark.parametrize("cell", ["", "NULL", "1.2.3"])
def test_a_bad_amount_is_told_with_its_place(cell: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(the_file().replace(",2000,", f",{cell},"))
    assert caught.value.locator == "line 3 (MEX Obligations 1976tq)"
    assert caught.value.raw == cell


def test_amounts_of_other_countries_are_not_looked_at() -> None:
    assert parse(the_file().replace("31900000", "NULL"))


def test_a_body_that_breaks_off_is_a_fetch_error(provider_server: Loopback) -> None:
    provider_server.on(PATH, Reply(the_file().encode(), truncate=300))
    with pytest.raises(FetchError):
        run(ForeignAssistance(), "foreign-assistance", provider_server)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {}}, "select with transaction"),
        ({"select": {"transaction": "Obligation"}}, "did you mean 'Obligations'"),
        ({"freq": "M"}, "frequency A, or Q"),
        ({"counterpart_areas": []}, "counterpart_areas"),
    ],
)
def test_a_feed_that_the_file_cannot_answer_is_refused(changes: dict[str, Any], words: str) -> None:
    feed = BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))
    with pytest.raises(ContractError, match=words):
        parse(the_file(), [feed])


# --- other files of the same provider ---


def _quoted(text: str) -> str:
    """The header of the file of 2024: every name in quotes."""
    header, _, rows = text.partition("\n")
    return ",".join(f'"{name}"' for name in header.strip().split(",")) + f"\n{rows}"


@pytest.mark.parametrize(
    "change",
    [
        _quoted,
        lambda text: text.replace("\r\n", "\n"),
        lambda text: f"\ufeff{text}",
        lambda text: text.replace("current_amount", "Current Dollar Amount", 1),
        lambda text: text.replace("Region Name", "region_name", 1).replace("NULL", ""),
        lambda text: text + "CIV,C\u00f4te d'Ivoire,5,Africa,LMIC,Lower,2,Obligations,2023,9,9\r\n",
    ],
    ids=["quotes", "LF", "mark", "another name", "mixed names", "letters with accents"],
)  # fmt: skip
def test_forms_in_which_the_file_is_seen(change: Callable[[str], str]) -> None:
    def said(text: str) -> set[tuple[str, str, str | None]]:
        return {(row.facets, row.time_period, row.value) for row in parse(text)}

    text = the_file("title-case")
    assert said(change(text)) == said(text)


def test_a_later_file_ends_what_was_running() -> None:
    later = "MEX,Mexico,6,Western Hemisphere,UMIC,Upper Middle Income Country,2,Obligations,{}\r\n"
    text = the_file("title-case") + later.format("2024,70.5,69") + later.format("2025,-3,-3")
    found = {(row.facets, row.time_period): row for row in parse(text)}
    status = {period: row.obs_status for (facets, period), row in found.items()
              if facets == f"{ALL}obligated"}  # fmt: skip
    assert (status["FY2023"], status["FY2024"], status["FY2025"]) == ("A", "A", "P")
    assert found[f"{ALL}obligated", "FY2024"].value == "70.5"


def test_a_type_that_nobody_knows_is_never_dropped() -> None:
    row = "MEX,Mexico,6,Western Hemisphere,UMIC,Upper,20,Rescissions,2025,1,1\r\n"
    with pytest.raises(ContractError, match=r"transaction type of .*'Rescissions' at line 13"):
        parse(the_file("title-case") + row)


def test_many_rows_of_one_country_type_and_year_are_added() -> None:
    """A file that parts further has them: here by a group of income for every row."""
    row = "MEX,Mexico,6,Western Hemisphere,G{0},Group {0},2,Obligations,2022,0.{0:05},1\r\n"
    count = 50_000
    rows = "".join(row.format(number) for number in range(1, count + 1))
    text = "".join(
        line
        for line in the_file("title-case").splitlines(keepends=True)
        if ",Obligations,2022," not in line or not line.startswith("MEX")
    )
    found = {(row.facets, row.counterpart_area, row.time_period): row for row in parse(text + rows)}
    total = found[f"{ALL}obligated", "MEX", "FY2022"]
    assert total.value is not None
    assert Decimal(total.value) == Decimal(count * (count + 1) // 2).scaleb(-5)
    assert total.note == f"computed: sum of {count} rows"
    repeated = f"line {count + 12} again after line {count // 2 + 11}"
    with pytest.raises(ContractError, match=repeated):
        parse(text + rows + row.format(count // 2))


def test_amounts_with_commas_for_thousands_are_added() -> None:
    text = the_file().replace(",2022,50,", ',2022,"1,050",').replace(",2022,300,", ',2022,"1,300",')
    found = {(row.counterpart_area, row.facets): row for row in parse(text)
             if row.time_period == "FY2022"}  # fmt: skip
    assert found["GTM", "stage=obligated"].value == "1055"
    assert found["MEX", f"{ALL}obligated"].value == "1,300"
