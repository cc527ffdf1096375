"""DHS Office of Homeland Security Statistics: workbook of Border Patrol encounters, no key.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded workbook.
*Seen*: in public code or pages. *Unverified*: neither.

- verified: the page `https://ohss.dhs.gov/khsm/cbp-encounters` offers a workbook named like
  `KHSM Encounters (USBP) fy25m11.xlsx`; the name's fiscal year and calendar month are the last
  that it holds (`fy25m11`: November 2024). Unverified: the address behind the link. So it is any
  xlsx whose name or words speak of USBP, the newest by that mark.
- verified: sixteen sheets, `Annual` and `Monthly`, by region, citizenship and so on, a header
  with a line break (`Fiscal\\nYear`) in row 1, months as `01 October` in fiscal order.
- verified: every cell is rounded to 10, so that sheets do not sum to each other: a figure is read
  where it is stated, never added up. A country of which a sheet has no row has no figure.
- verified: Border Patrol only; ports of entry are not in it.
- verified: the workbook says when it was saved; that day dates the release.
- seen: no workbook newer than that of January 2025.

A feed selects `sheet` and `region`. The last fiscal year is provisional (P) until the sheet
`Monthly Region` has its twelve months.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.schema import Area, ObsStatus, Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ParseError
from ingest.http import Client
from ingest.sources._csv import check_header, lacking
from ingest.sources._ignore import unknown_label, without
from ingest.sources._links import Link, links_of
from ingest.sources._reading import listed, refuse, selected, unknown, url_of
from ingest.sources._xlsx import Cell, Workbook

MONTHS = (
    "01 October", "02 November", "03 December", "04 January", "05 February", "06 March",
    "07 April", "08 May", "09 June", "10 July", "11 August", "12 September",
)  # fmt: skip
REGIONS = ("Coastal Border", "Northern Land Border", "Southwest Land Border")
MONTHLY = "Monthly Region"
"""The sheet that tells how many months of its last fiscal year a workbook holds."""
SHEETS: Mapping[str, tuple[str, ...]] = {
    "Annual Region": ("Fiscal Year", "Region", "Quantity"),
    "Monthly Region": ("Fiscal Year", "Month", "Region", "Quantity"),
    "Annual Rgn and Citp": ("Fiscal Year", "Region", "Citizenship", "Quantity"),
    "Monthly Rgn and Citp": ("Fiscal Year", "Month", "Region", "Citizenship", "Quantity"),
}
_ISSUE = re.compile(r"fy(?:20)?([0-9]{2})[\s_-]*m([0-9]{2})", re.IGNORECASE)
_FOLDER = re.compile(r"/(20[0-9]{2})-([0-9]{2})/")


@dataclass(frozen=True)
class _Row:
    year: int
    month: int | None
    """0 is October."""
    citizenship: str | None
    value: str
    locator: str


class Ohss:
    """Adapter of OHSS. `areas`, by id, give the names of citizenships."""

    recipe = "ohss-1"

    def __init__(self, areas: Mapping[str, Area] | None = None) -> None:
        self._areas = areas or {}

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Find the newest workbook on the page and get it; the page itself where it has none."""
        _check_feeds(feeds)
        url = url_of(source, "url of a landing page")
        page = payload_of(client.get(url, provider=source.provider))
        newest = newest_workbook(links_of(page))
        if newest is None:
            yield page
        else:
            yield payload_of(client.get(newest.url, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read one workbook. Raises ContractError, ParseError."""
        _check_feeds(feeds)
        if len(payloads) != 1:
            refuse(f"source {source.id}", "one workbook", f"{len(payloads)}")
        book = Workbook(payloads[0])
        regions = {bound.feed.select["region"] for bound in feeds}
        months = {region: _months(source, book, region) for region in regions}
        for bound in feeds:
            counted = months[bound.feed.select["region"]]
            yield from self._observations(source, book, bound, counted)

    def _observations(
        self, source: Source, book: Workbook, bound: BoundFeed, months: Mapping[int, int]
    ) -> Iterator[RawObservation]:
        sheet, region = bound.feed.select["sheet"], bound.feed.select["region"]
        wanted = {self._name(area): area for area in bound.feed.counterpart_areas}
        found: set[str] = set()
        for row in _rows(source, book, sheet, region):
            name = row.citizenship or "_T"
            found.add(name)
            if name in wanted:
                yield _observation(book, bound, row, wanted[name], months)
        for name in wanted:
            if name not in found:
                lacking(book.origin, f"rows of {sheet} for", name, found)

    def _name(self, area: str) -> str:
        return self._areas[area].name.en if area in self._areas and area[0] != "_" else area


def newest_workbook(links: Sequence[Link]) -> Link | None:
    """The link to the workbook on Border Patrol with the latest data."""
    found = [
        link
        for link in links
        if link.name.lower().endswith(".xlsx")
        and re.search(r"usbp|border patrol", f"{link.name} {link.text}", re.IGNORECASE)
    ]
    return max(found, key=_age) if found else None


def _age(link: Link) -> tuple[int, ...]:
    folder = _FOLDER.search(link.url)
    issue = _ISSUE.search(link.name)
    # Calendar months 10 to 12 open the fiscal year.
    mark = (int(issue[1]), (int(issue[2]) + 2) % 12) if issue else (0, 0)
    return (*mark, *((int(folder[1]), int(folder[2])) if folder else (0, 0)))


def _check_feeds(feeds: Sequence[BoundFeed]) -> None:
    for bound in feeds:
        select = selected(bound, {"sheet": "Annual Region", "region": "Southwest Land Border"})
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        if select["sheet"] not in SHEETS:
            unknown(name, "sheet", select["sheet"], SHEETS)
        if select["region"] not in REGIONS:
            unknown(name, "region", select["region"], REGIONS)
        columns = SHEETS[select["sheet"]]
        if bound.feed.freq != ("M" if "Month" in columns else "A"):
            refuse(name, f"the frequency of {select['sheet']}", bound.feed.freq)
        total = bound.feed.counterpart_areas == ["_T"]
        if len(bound.feed.ref_areas) != 1 or total == ("Citizenship" in columns):
            refuse(
                name,
                "one ref_area and the counterpart _T, or countries in sheets by citizenship",
                listed(bound.feed.counterpart_areas),
            )


def _rows(source: Source, book: Workbook, sheet: str, region: str) -> Iterator[_Row]:
    """Rows of one region. Raises ContractError and ParseError; each row may come once."""
    seen: dict[tuple[int, int | None, str | None], str] = {}
    rows = without(source, _table(book, sheet))
    header = [str(cell) for cell in next(rows)[1]]
    columns = check_header(source, f"{book.origin}, sheet {sheet}", header, SHEETS[sheet])
    for number, cells in rows:
        locator = f"sheet {sheet}, row {number}"
        if not any(cell != "" for cell in cells):
            continue
        found = str(cells[columns["Region"]])
        if found not in REGIONS:
            unknown_label(source, book.origin, "Region of", "Region", found, REGIONS, locator)
        if found != region:
            continue
        row = _row(source, book.origin, columns, cells, locator)
        earlier = seen.setdefault((row.year, row.month, row.citizenship), locator)
        if earlier != locator:
            refuse(book.origin, "each row once", f"{locator} again after {earlier}")
        yield row
    if not seen:
        refuse(book.origin, f"rows of {region} in sheet {sheet}", "none")


def _table(book: Workbook, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
    """Rows of a sheet, its header without breaks of lines."""
    rows = book.rows(sheet)
    for number, header in rows:
        yield number, [" ".join(str(cell).split()) for cell in header]
        yield from rows


def _row(
    source: Source,
    origin: str,
    columns: Mapping[str, int],
    cells: Sequence[Cell],
    locator: str,
) -> _Row:
    month = None
    if "Month" in columns:
        label = str(cells[columns["Month"]])
        if label not in MONTHS:
            unknown_label(source, origin, "Month of", "Month", label, MONTHS, locator)
        month = MONTHS.index(label)
    return _Row(
        year=int(_whole(cells[columns["Fiscal Year"]], locator)),
        month=month,
        citizenship=str(cells[columns["Citizenship"]]) if "Citizenship" in columns else None,
        value=_whole(cells[columns["Quantity"]], locator),
        locator=locator,
    )


def _whole(cell: Cell, locator: str) -> str:
    """The digits of a whole number: a workbook has no other than doubles."""
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if isinstance(cell, int | float) and number and cell >= 0 and float(cell).is_integer():
        return str(int(cell))
    raise ParseError(locator, str(cell), "must be a whole number, not below 0")


def _months(source: Source, book: Workbook, region: str) -> dict[int, int]:
    """How many months of each fiscal year the workbook holds. They begin with October."""
    months: dict[int, list[int]] = {}
    for row in _rows(source, book, MONTHLY, region):
        months.setdefault(row.year, []).append(row.month or 0)
    for year, found in months.items():
        if sorted(found) != list(range(len(found))):
            refuse(
                book.origin,
                f"months of fiscal year {year} from October without a gap",
                listed(MONTHS[month] for month in sorted(found)),
            )
    return {year: len(found) for year, found in months.items()}


def _observation(
    book: Workbook, bound: BoundFeed, row: _Row, area: str, months: Mapping[int, int]
) -> RawObservation:
    note, status = f"sheet {bound.feed.select['sheet']}", ObsStatus.NORMAL
    if row.month is None:
        period = f"FY{row.year}"
        count = months.get(row.year, 0)
        if count < len(MONTHS):
            status = ObsStatus.PROVISIONAL
            note += f"; {_span(row.year, count)} only" if count else "; months not stated"
    else:
        period = f"{_calendar_year(row.year, row.month)}-{(row.month + 9) % 12 + 1:02}"
    return RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=bound.feed.freq,
        ref_area=bound.feed.ref_areas[0],
        counterpart_area=area,
        time_period=period,
        value=row.value,
        locator=row.locator,
        origin=book.origin,
        obs_status=status.value,
        note=note,
        published_on=book.saved_on,
    )


def _span(year: int, count: int) -> str:
    """`October-November 2024`, `October 2024-March 2025`."""
    first, last = MONTHS[0][3:], MONTHS[count - 1][3:]
    end = f"{last} {_calendar_year(year, count - 1)}"
    if count == 1:
        return end
    return f"{first}-{end}" if count <= 3 else f"{first} {year - 1}-{end}"


def _calendar_year(year: int, month: int) -> int:
    return year - 1 if month < 3 else year
