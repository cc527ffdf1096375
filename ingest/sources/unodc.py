"""UNODC's workbook of intentional homicide, behind a page of its data portal; no key.

What is peculiar about it, and how far each point is known. *Verified*: in public copies of the
address or of the table. *Seen*: in public code. *Unverified*: neither.

- verified: the address moves. It was a fixed one at dataunodc.un.org, and has a folder with the
  month of release at data.unodc.org: `/sites/dataportal.unodc.org/files/2026-05/<file>.xlsx`. So
  it is looked up on the portal's page, and the newest folder counts.
- seen: the page `dp-intentional-homicide-victims`. Unverified: that it holds the link in its text.
- seen: a page of HTML comes instead of the workbook.
- verified: a sheet named like the file, its header in row 3, a row for each country, indicator,
  dimension, category, sex, age, year and unit. A second sheet holds regional estimates.
- verified: recent years may have counts without a rate. Seen: modelled counts with a fraction.
- unverified: `Iso3_code` of parts of a country is longer than three letters (`GBR_E_W`).
- The folder's month is not a day of release, so figures date from when they were first seen.

A feed selects `file`, `indicator` and `unit`. Dimension, category, sex and age are `Total` unless
it says otherwise.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from config.schema import Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ParseError
from ingest.http import Client
from ingest.sources import _reading as reading
from ingest.sources._ignore import kept, unknown_column, without
from ingest.sources._reading import listed
from ingest.sources._xlsx import Workbook
from ingest.sources._zip import SIGNATURE

COLUMNS = (
    "Iso3_code",
    "Country",
    "Region",
    "Subregion",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "VALUE",
    "Source",
)
MOST_BYTES = 256 * 2**20
"""Of a workbook once unpacked: a table of some 20 MB as text stays far below."""

_HEADER_ROWS = 10
_SELECTORS = {
    "indicator": "Indicator",
    "unit": "Unit of measurement",
    "dimension": "Dimension",
    "category": "Category",
    "sex": "Sex",
    "age": "Age",
}
_TOTAL = ("dimension", "category", "sex", "age")
_FILE = re.compile(r"[a-z0-9_]+")
_MONTH = re.compile(r"/([0-9]{4}-[0-9]{2})/")


class Unodc:
    """Adapter of UNODC's workbooks."""

    recipe = "unodc-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Look up the newest workbook of each file name on the page `url`, and ask for it.

        A page without a link is handed out in its stead; `parse` says what is wrong with it. Raises
        FetchError, and ContractError for a wrong feed.
        """
        url = reading.url_of(source, "url of the page with the link")
        wanted = _by_file(feeds)
        page = payload_of(client.get(url, provider=source.provider))
        for file in wanted:
            link = newest_link(page, file)
            if link is None:
                yield page
                return
            yield payload_of(client.get(link, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the workbooks of one run. Raises ContractError, ParseError."""
        wanted = _by_file(feeds)
        files: dict[str, Payload] = {}
        for payload in payloads:
            name = _name_of(payload, list(wanted))
            if name not in wanted:
                found = reading.what_instead(reading.beginning(payload))
                reading.refuse(payload.origin, f"a link to {listed(wanted)}.xlsx", found)
            if name in files:
                reading.refuse(payload.origin, "each workbook once", f"{name} again")
            files[name] = payload
        for name, bound in wanted.items():
            if name not in files:
                reading.refuse(f"source {source.id}", f"a workbook {name}", "none")
            yield from _observations(source, bound, files[name], name)


def newest_link(page: Payload, file: str) -> str | None:
    """Address of `<file>.xlsx` in the newest folder that the page names, in whatever markup."""
    with page.open() as stream:
        text = html.unescape(stream.read().decode("utf-8", "replace")).replace("\\/", "/")
    pattern = re.compile(rf"[^\s\"'<>()\[\]=]*/{file}(?:_[0-9]+)?\.xlsx", re.IGNORECASE)
    links = {urljoin(page.origin, found[0]) for found in pattern.finditer(text)}
    return max(links, key=lambda link: (_folder(link), link), default=None)


def _folder(link: str) -> str:
    """Month of the folder, empty where there is none: such addresses are older."""
    months = _MONTH.findall(urlsplit(link).path)
    return months[-1] if months else ""


def _name_of(payload: Payload, wanted: Sequence[str]) -> str:
    """Which of the wanted files this is: by its address, or as the only one that it can be.

    An archive that comes at any other address is read by its sheet, which has the file's name.
    """
    name = unquote(urlsplit(payload.origin).path.rpartition("/")[2])
    name = re.sub(r"(_[0-9]+)?\.xlsx$", "", name, flags=re.IGNORECASE).lower()
    if len(wanted) == 1 and reading.beginning(payload).startswith(SIGNATURE):
        return wanted[0]
    return name


def _by_file(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    needed = {
        "file": "data_cts_intentional_homicide",
        "indicator": "Victims of intentional homicide",
        "unit": "Counts",
    }
    for bound in feeds:
        select = reading.selected(bound, needed, _TOTAL)
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        if not _FILE.fullmatch(select["file"]):
            reading.refuse(name, f"file, like {needed['file']}", select["file"])
        if bound.feed.freq != "A" or bound.feed.counterpart_areas:
            reading.refuse(name, "freq A and no counterpart_areas", bound.feed.freq)
    return reading.group(feeds, lambda bound: bound.feed.select["file"])


def _rows(payload: Payload, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of the sheet `name` by their numbers, from the header on, cells as text."""
    started = False
    for number, cells in Workbook(payload, MOST_BYTES).rows(name):
        texts = [_text(cell) for cell in cells]
        started = started or COLUMNS[0] in texts
        if started:
            yield number, texts
        elif number > _HEADER_ROWS:
            break
    if not started:
        reading.refuse(
            payload.origin, f"a header with {COLUMNS[0]} in the first {_HEADER_ROWS} rows", "none"
        )


def _text(cell: object) -> str:
    """A cell as text; numbers with the digits that they need."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _observations(
    source: Source, bound: Sequence[BoundFeed], payload: Payload, name: str
) -> Iterator[RawObservation]:
    labels: dict[str, set[str]] = {column: set() for column in _SELECTORS.values()}
    seen: dict[tuple[int, str, str], int] = {}
    rows = without(source, _rows(payload, name))
    at = _header(source, payload, *next(rows))
    for number, cells in rows:
        if not any(cells):
            continue
        row = {column: cells[place] for column, place in at.items()}
        for column, found in labels.items():
            found.add(row[column])
        for index, each in enumerate(bound):
            if row["Iso3_code"] not in each.feed.ref_areas or not _fits(each, row):
                continue
            locator = f"sheet {name}, row {number} ({row['Iso3_code']} {row['Year']})"
            earlier = seen.setdefault((index, row["Iso3_code"], row["Year"]), number)
            if earlier != number:
                reading.refuse(
                    payload.origin, "each country and year once", f"{locator} again after {earlier}"
                )
            if not re.fullmatch(r"[0-9]{4}", row["Year"]):
                raise ParseError(locator, row["Year"], "must be a year")
            if row["VALUE"]:
                reading.number(locator, row["VALUE"])
                yield _observation(each, row, locator, payload.origin)
    for each in bound:
        _check_labels(payload, each, labels)


def _header(
    source: Source, payload: Payload, number: int, cells: Sequence[str]
) -> Mapping[str, int]:
    found = [cells[at] for at in kept(source, cells, COLUMNS) if cells[at]]
    whole = set(COLUMNS) <= set(found)
    for column in found:
        if column not in COLUMNS and whole:
            unknown_column(source, payload.origin, column, COLUMNS, f"row {number}")
        if column not in COLUMNS:
            reading.unknown(payload.origin, "columns", column, COLUMNS, f"row {number}")
    for column in COLUMNS:
        if found.count(column) != 1:
            reading.unknown(
                payload.origin, f"one column {column}; it has", column, found, f"row {number}"
            )
    return {column: cells.index(column) for column in COLUMNS}


def _wanted(bound: BoundFeed, key: str) -> str:
    return bound.feed.select.get(key, "Total")


def _fits(bound: BoundFeed, row: Mapping[str, str]) -> bool:
    return all(row[column] == _wanted(bound, key) for key, column in _SELECTORS.items())


def _check_labels(payload: Payload, bound: BoundFeed, labels: Mapping[str, set[str]]) -> None:
    """A label that no row has was renamed, and its figures did not vanish."""
    for key, column in _SELECTORS.items():
        wanted = _wanted(bound, key)
        if wanted not in labels[column]:
            reading.unknown(
                payload.origin, f"{column} {wanted}; it has", wanted, sorted(labels[column])
            )


def _observation(
    bound: BoundFeed, row: Mapping[str, str], locator: str, origin: str
) -> RawObservation:
    note = f"UNODC names as source: {row['Source']}" if row["Source"] else ""
    return reading.observation(
        bound, row["Iso3_code"], None, row["Year"], row["VALUE"], locator, origin, note
    )
