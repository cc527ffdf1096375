"""Columns and labels that nobody reads: they fail a run until they are listed with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from config.schema import Ignore, Source
from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, IngestError
from ingest.sources._ignore import kept, without
from ingest.sources.banxico import Banxico
from ingest.sources.cbp import Cbp
from ingest.sources.census import Census
from ingest.sources.foreign_assistance import ForeignAssistance
from ingest.sources.fred import Fred
from ingest.sources.inegi import Inegi
from ingest.sources.ohss import Ohss
from ingest.sources.owid import Owid
from ingest.sources.sesnsp import Sesnsp
from ingest.sources.unhcr import Unhcr
from ingest.sources.unodc import Unodc
from ingest.sources.worldbank import WorldBank
from ingest.sources.worldbank_archives import WorldBankArchives
from tests.ingest import (
    test_cbp,
    test_census,
    test_fred,
    test_inegi,
    test_ohss,
    test_owid,
    test_unhcr,
)
from tests.ingest.replay import a_payload, case, catalog, shipped
from tests.ingest.test_foreign_assistance import the_file as the_aid
from tests.ingest.test_ohss import the_sheets
from tests.ingest.test_sesnsp import the_file as the_crimes
from tests.ingest.test_unodc import FILE, a_workbook, the_rows
from tests.ingest.workbook import workbook

WHY = "seen in a test; nothing is read from it"


@dataclass(frozen=True)
class Table:
    """A good file of a source, and what it becomes with a column or a label more."""

    source: str
    adapter: Adapter
    origin: str
    good: bytes
    needed: str
    """A column that is read."""
    column: str
    wider: bytes
    words: str = "unknown column"
    label: tuple[str, str] | None = None
    """Column and label, where the labels of a column are known."""
    longer: bytes = b""
    label_words: str = ""
    feeds: Sequence[BoundFeed] = ()
    """Those that the file answers, where not all of the source's."""

    def parse(self, body: bytes, **ignored: Any) -> list[RawObservation]:
        source, feeds = shipped(self.source)
        source = source.model_copy(update={"ignore": Ignore(**ignored)})
        feeds = [*self.feeds] or feeds
        return list(self.adapter.parse(source, feeds, [a_payload(body, self.origin)]))


def wider(text: str, column: str, cell: str = "x", delimiter: str = ",") -> str:
    """A CSV file with one column more at its end."""
    lines = text.splitlines(keepends=True)
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    return "".join(
        f"{line.rstrip()}{delimiter}{column if at == 0 else cell}{end}"
        for at, (line, end) in enumerate(zip(lines, ends, strict=True))
    )


def longer(text: str, old: str, new: str) -> str:
    """A CSV file with a row more: the first that has `old`, with `new` in its place."""
    row = next(line for line in text.splitlines(keepends=True) if old in line)
    return text + row.replace(old, new, 1)


def _cbp(source: str, text: str, label: tuple[str, str], old: str) -> Table:
    column, new = label
    return Table(
        source,
        Cbp(catalog().areas),
        "https://www.cbp.gov/file.csv",
        text.encode(),
        needed="Fiscal Year",
        column="Port of Entry",
        wider=wider(text, "Port of Entry").encode(),
        label=label,
        longer=longer(text, f",{old},", f",{new},").encode(),
        label_words=f"{column} of",
    )


def _aid(name: str, columns: tuple[str, str, str]) -> Table:
    text = the_aid(name)
    needed, more, types = columns
    return Table(
        "foreign-assistance",
        ForeignAssistance(),
        "https://s3.amazonaws.com/us_foreign_aid_country.csv",
        text.encode(),
        needed=needed,
        column=more,
        wider=wider(text, more).encode(),
        label=(types, "Rescissions"),
        longer=longer(text, ",2,Obligations,", ",20,Rescissions,").encode(),
        label_words="transaction type of",
    )


def _sesnsp() -> Table:
    text = the_crimes()
    return Table(
        "sesnsp",
        Sesnsp(),
        "https://example.sharepoint.com/x",
        text.encode("latin-1"),
        needed="Entidad",
        column="Región",
        wider=wider(text, "Región").encode("latin-1"),
        label=("Modalidad", "Con dron"),
        longer=longer(text, ",Con arma de fuego,", ",Con dron,").encode("latin-1"),
        label_words="Modalidad of",
    )


def _vaccinations() -> Table:
    text = case(test_owid.OLD).decode()
    return Table(
        "owid-vaccinations",
        Owid(catalog().areas),
        test_owid.VACCINATIONS.url or "",
        text.encode(),
        needed="date",
        column="doses_returned",
        wider=wider(text, "doses_returned").encode(),
        label=("iso_code", "MX"),
        longer=longer(text, ",MEX,", ",MX,").encode(),
        label_words="code MEX of Mexico",
    )


def _chart() -> Table:
    text = "Entity,Code,Year,Homicides\nMexico,MEX,2019,29.2\nMexico,MEX,2020,29.0\n"
    return Table(
        "owid-homicide",
        Owid(catalog().areas),
        f"https://ourworldindata.org{test_owid.CHART}",
        text.encode(),
        needed="Year",
        column="Region",
        wider=text.replace(",MEX,", ",MEX,America,").replace("Code,", "Code,Region,").encode(),
        words="columns Entity, Code, Year",
        label=("Code", "MX"),
        longer=longer(text, ",MEX,", ",MX,").encode(),
        label_words="code MEX of Mexico",
    )


def _fred() -> Table:
    text = case("fred/new-header/EXPMX.csv").decode()
    return Table(
        "fred",
        Fred(),
        f"https://fred.stlouisfed.org{test_fred.PATH}?id=EXPMX",
        text.encode(),
        needed="EXPMX",
        column="realtime_end",
        wider=wider(text, "realtime_end").encode(),
        feeds=[test_fred.a_feed("EXPMX")],
    )


def _unodc() -> Table:
    rows = the_rows()
    more = [[*row, "Note" if at == 2 else "x"] if row else row for at, row in enumerate(rows)]
    return Table(
        "unodc",
        Unodc(),
        f"https://data.unodc.org{FILE}",
        a_workbook(rows),
        needed="Region",
        column="Note",
        wider=a_workbook(more),
    )


def _ohss(sheet: str, column: str, label: str) -> Table:
    good, more, new = the_sheets(), the_sheets(), the_sheets()
    for at, row in enumerate(more[sheet]):
        row.append("As of\nday" if at == 0 else "x")
    place = new[sheet][0].index(column)
    row = [*next(row for row in new[sheet] if "Southwest Land Border" in row)]
    row[place] = label
    new[sheet].append(row)
    return Table(
        "dhs-ohss",
        Ohss(catalog().areas),
        f"https://ohss.dhs.gov{test_ohss.FILE}",
        workbook(good),
        needed="Fiscal Year",
        column="As of day",
        wider=workbook(more),
        label=(column, label),
        longer=workbook(new),
        label_words=f"{column} of",
    )


def _census() -> Table:
    good = case("census/totals/exports.json")
    more, new = json.loads(good), json.loads(good)
    for at, row in enumerate(more):
        row.append("REGION" if at == 0 else None)
    new.append(["MX" if cell == "2010" else cell for cell in new[1]])
    return Table(
        "census",
        Census(),
        f"https://api.census.gov{test_census.BASE}/exports/hs?{test_census.QUERY['exports/hs']}",
        good,
        needed="CTY_CODE",
        column="REGION",
        wider=json.dumps(more).encode(),
        label=("CTY_CODE", "MX"),
        longer=json.dumps(new).encode(),
        label_words="a country like 2010",
        feeds=[test_census.a_feed("exports/hs")],
    )


def _unhcr() -> Table:
    pages = [json.loads(test_unhcr.page_of("asylum-applications", "MEX", at)) for at in (1, 2)]
    items = [item for page in pages for item in page["items"]]
    more = [each | {"applied_by_proxy": 3} for each in items]
    new = [*items, items[0] | {"procedure_type": "X"}]
    return Table(
        "unhcr",
        Unhcr(),
        test_unhcr.origin("asylum-applications", "MEX"),
        test_unhcr.answer(items),
        needed="year",
        column="applied_by_proxy",
        wider=test_unhcr.answer(more),
        label=("procedure_type", "X"),
        longer=test_unhcr.answer(new),
        label_words="procedure_type, of",
        feeds=test_unhcr.feeds_of("asylum-applications", "MEX"),
    )


def _field(body: bytes, of: Callable[[Any], Sequence[dict[str, Any]]], name: str) -> bytes:
    """An answer in JSON with a field more in some of its objects."""
    content = json.loads(body)
    for item in of(content):
        item[name] = "x"
    return json.dumps(content).encode()


def _world_bank(field: Callable[[Any], Sequence[dict[str, Any]]]) -> Table:
    first, second = (
        json.loads(case(f"worldbank/homicide-mex-usa/page-{at}.json")) for at in (1, 2)
    )
    good = json.dumps([first[0] | {"pages": 1}, [*first[1], *second[1]]]).encode()
    return Table(
        "world-bank",
        WorldBank(catalog().areas),
        "https://api.worldbank.org/v2/country/MEX;USA/indicator/VC.IHR.PSRC.P5?page=1",
        good,
        needed="date",
        column="footnote",
        wider=_field(good, field, "footnote"),
    )


def _archives(field: Callable[[Any], Sequence[dict[str, Any]]]) -> Table:
    good = case("worldbank/archives/homicide-202204/page-1.json")
    path = "sources/57/country/MEX;USA/series/VC.IHR.PSRC.P5/time/all/version/202204/data"
    return Table(
        "world-bank",
        WorldBankArchives(),
        f"https://api.worldbank.org/v2/{path}",
        good,
        needed="variable",
        column="footnote",
        wider=_field(good, field, "footnote"),
    )


def _banxico(field: Callable[[Any], Sequence[dict[str, Any]]]) -> Table:
    good = case("banxico/sf43718/datos.json")
    return Table(
        "banxico",
        Banxico(),
        "https://www.banxico.org.mx/SieAPIRest/service/v1/series/SF43718/datos",
        good,
        needed="fecha",
        column="incrementos",
        wider=_field(good, field, "incrementos"),
    )


def _inegi(field: Callable[[Any], Sequence[dict[str, Any]]]) -> Table:
    good = case("inegi/indicator/annual.json")
    return Table(
        "inegi",
        Inegi(),
        "https://www.inegi.org.mx/app/jsonxml/INDICATOR/1000000001/es/00/false/BISE/2.0/KEY",
        good,
        needed="TIME_PERIOD",
        column="COBER_TEM",
        wider=_field(good, field, "COBER_TEM"),
        feeds=[test_inegi.a_feed()],
    )


TABLES: dict[str, Table] = {
    "world-bank, header": _world_bank(lambda content: [content[0]]),
    "world-bank, rows": _world_bank(lambda content: content[1]),
    "archives, header": _archives(lambda content: [content]),
    "archives, rows": _archives(lambda content: content["source"]["data"]),
    "banxico, series": _banxico(lambda content: content["bmx"]["series"]),
    "banxico, values": _banxico(lambda content: content["bmx"]["series"][0]["datos"]),
    "inegi, series": _inegi(lambda content: content["Series"]),
    "inegi, values": _inegi(lambda content: content["Series"][0]["OBSERVATIONS"]),
    "cbp": _cbp(
        "cbp",
        test_cbp.southwest(),
        ("Component", "Air and Marine Operations"),
        "Office of Field Operations",
    ),
    "cbp-nationwide": _cbp(
        "cbp-nationwide",
        case(f"cbp/{test_cbp.AOR}").decode(),
        ("Citizenship", "CHILE"),
        "MEXICO",
    ),
    "cbp-weapons": _cbp(
        "cbp-weapons",
        case(f"cbp/{test_cbp.WEAPONS}").decode(),
        ("Seizure Type", "Drones"),
        "Weapons",
    ),
    "foreign-assistance, snake case": _aid(
        "snake-case", ("fiscal_year", "managing_agency_name", "transaction_type_name")
    ),
    "foreign-assistance, title case": _aid(
        "title-case", ("Fiscal Year", "Managing Agency Name", "Transaction Type Name")
    ),
    "sesnsp": _sesnsp(),
    "owid-vaccinations": _vaccinations(),
    "owid-homicide": _chart(),
    "fred": _fred(),
    "unodc": _unodc(),
    "ohss, regions": _ohss("Annual Region", "Region", "Pacific Border"),
    "ohss, months": _ohss("Monthly Region", "Month", "13 Adjustments"),
    "census": _census(),
    "unhcr": _unhcr(),
}
LABELLED = [name for name, table in TABLES.items() if table.label]


@pytest.mark.parametrize("name", TABLES)
def test_an_unknown_column_fails_until_it_is_listed(name: str) -> None:
    table = TABLES[name]
    with pytest.raises(ContractError) as caught:
        table.parse(table.wider)
    assert table.words in str(caught.value)
    if table.words == "unknown column":
        assert f"unknown column {table.column!r}" in str(caught.value)
        place = f"or list it under ignore.columns of sources/{table.source}.yaml, with the reason"
        assert place in str(caught.value)
    figures = table.parse(table.good)
    assert figures
    assert table.parse(table.wider, columns={table.column: WHY}) == figures


@pytest.mark.parametrize("name", LABELLED)
def test_rows_of_an_unknown_label_fail_until_it_is_listed(name: str) -> None:
    table = TABLES[name]
    assert table.label
    column, label = table.label
    with pytest.raises(ContractError, match=table.label_words) as caught:
        table.parse(table.longer)
    if not table.source.startswith("owid"):
        place = f"ignore.labels, column {column!r}, of sources/{table.source}.yaml, with the reason"
        assert place in str(caught.value)
    figures = table.parse(table.good)
    assert figures
    assert table.parse(table.longer, labels={column: {label: WHY}}) == figures


@pytest.mark.parametrize(
    ("name", "column", "old", "new"),
    [
        ("world-bank, rows", "obs_status", '"obs_status": ""', '"obs_status": "NEW"'),
        ("banxico, values", "dato", '"18.0001"', '"SUSPENDIDO"'),
        ("inegi, values", "OBS_VALUE", '"123.00000000000000000000"', '"reservado"'),
    ],
)
def test_rows_of_json_of_an_unknown_label_fail_until_it_is_listed(
    name: str, column: str, old: str, new: str
) -> None:
    table = TABLES[name]
    label = new.rpartition(": ")[2].strip('"')
    body = table.good.replace(old.encode(), new.encode(), 1)
    with pytest.raises(IngestError, match=label):
        table.parse(body)
    left = table.parse(body, labels={column: {label: WHY}})
    assert left != table.parse(table.good)


@pytest.mark.parametrize("adapter", ["table", "articles"])
def test_a_file_of_the_catalogue_has_nothing_to_ignore(adapter: str) -> None:
    known = catalog().sources["pew"].model_dump(mode="json", exclude={"ignore", "adapter"})
    assert Source(**known, adapter=adapter)
    with pytest.raises(ValidationError, match="ignore is for the files of providers"):
        Source(**known, adapter=adapter, ignore={"columns": {"note": WHY}})


@pytest.mark.parametrize("name", TABLES)
def test_a_column_that_is_read_cannot_be_ignored(name: str) -> None:
    table = TABLES[name]
    words = f"source {table.source}: .* columns that are read, found '{table.needed}'"
    with pytest.raises(ContractError, match=words):
        table.parse(table.good, columns={table.needed: WHY})


@pytest.mark.parametrize("name", TABLES)
def test_what_is_listed_and_met_nowhere_does_not_matter(name: str) -> None:
    table = TABLES[name]
    columns, labels = {"Nowhere": WHY}, {"Nowhere": {"x": WHY}, table.needed: {"nothing": WHY}}
    assert table.parse(table.good, columns=columns, labels=labels) == table.parse(table.good)


def test_a_label_of_an_ignored_column_takes_its_rows_out() -> None:
    """A new column that parts the figures: one of its labels is what was stated before."""
    table = TABLES["owid-vaccinations"]
    text = table.good.decode()
    header, _, rows = wider(text, "kind", "all").partition("\n")
    parted = f"{header}\n{rows}{rows.replace(',all', ',children')}".encode()
    with pytest.raises(ContractError, match="each place and period once"):
        table.parse(parted, columns={"kind": WHY})
    found = table.parse(parted, columns={"kind": WHY}, labels={"kind": {"children": WHY}})
    assert found == table.parse(table.good)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("cbp", "utf-8"), ("foreign-assistance, title case", "utf-8"), ("sesnsp", "latin-1")],
)
def test_counts_are_added_over_an_ignored_column_as_over_any_other(
    name: str, encoding: str
) -> None:
    """No row comes twice that differs in what is ignored; one that does not, does."""
    table = TABLES[name]
    text = table.good.decode(encoding)
    rows = text.splitlines(keepends=True)
    twice = wider(text, table.column, "a") + "".join(
        wider("".join(rows), table.column, "b").splitlines(keepends=True)[1:]
    )
    columns = {table.column: WHY}
    once, both = table.parse(table.good), table.parse(twice.encode(encoding), columns=columns)
    assert [(row.facets, row.time_period, float(row.value or 0)) for row in both] == [
        (row.facets, row.time_period, 2 * float(row.value or 0)) for row in once
    ]
    again = twice + twice.splitlines(keepends=True)[1]
    with pytest.raises(ContractError, match="each row once"):
        table.parse(again.encode(encoding), columns=columns)


def test_a_commodity_cannot_be_made_all_goods_by_ignoring_it() -> None:
    table = TABLES["census"]
    rows = json.loads(table.good)
    for at, row in enumerate(rows):
        row.append("E_COMMODITY" if at == 0 else "8703")
    with pytest.raises(ContractError, match="found 'E_COMMODITY'"):
        table.parse(json.dumps(rows).encode(), columns={"E_COMMODITY": WHY})


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("cbp", lambda text: text.replace("Citizenship Grouping", "Citizenship"), "'Citizenship'"),
        ("foreign-assistance, title case", lambda text: text.replace("Fiscal Year", "Year", 1),
         "column 'fiscal_year' missing, 'Year' instead"),
    ],
)  # fmt: skip
def test_a_column_that_was_renamed_is_not_one_to_list(
    name: str, change: Callable[[str], str], words: str
) -> None:
    table = TABLES[name]
    with pytest.raises(ContractError, match=words) as caught:
        table.parse(change(table.good.decode()).encode())
    assert "ignore" not in str(caught.value)


# --- one row at a time ---

SOURCE = shipped("cbp")[0]


def ignoring(**ignored: Any) -> Any:
    return SOURCE.model_copy(update={"ignore": Ignore(**ignored)})


def numbered(*rows: Sequence[Any]) -> Iterator[tuple[int, list[Any]]]:
    return ((number, list(cells)) for number, cells in enumerate(rows, start=1))


def test_where_nothing_is_ignored_rows_are_handed_on_as_they_are() -> None:
    rows = numbered(["a"], ["1"])
    assert without(SOURCE, rows) is rows
    assert without(ignoring(columns={"a": WHY}), rows) is rows
    assert kept(SOURCE, ["a", "b"], ["a"]) == [0, 1]


def test_rows_are_not_read_ahead() -> None:
    read: list[int] = []

    def endless() -> Iterator[tuple[int, list[str]]]:
        yield 1, ["a"]
        for line in range(2, 10**9):
            read.append(line)
            yield line, ["x" if line % 2 else "y"]

    rows = without(ignoring(labels={"a": {"x": WHY}}), endless())
    assert [next(rows)[0] for _ in range(3)] == [1, 2, 4]
    assert read == [2, 3, 4]


def test_labels_of_a_workbook_or_of_json_are_told_as_one_would_write_them() -> None:
    rows = numbered(["Year", "Name"], [2025.0, "a"], [2024.0, None], [2023.5, "b"])
    labels = {"Year": {"2025": WHY}, "Name": {"": WHY}}
    assert [number for number, _ in without(ignoring(labels=labels), rows)] == [1, 4]


def test_columns_are_known_by_the_providers_own_names() -> None:
    source = ignoring(columns={"Fiscal Year": WHY})
    assert kept(source, ["fiscal year", "b"], ["fiscal year"], str.lower) == [0, 1]
    with pytest.raises(ContractError, match="found 'Fiscal Year'"):
        kept(source, ["Fiscal Year", "b"], ["fiscal year"], str.lower)
