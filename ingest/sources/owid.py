"""Our World in Data: charts as CSV (the grapher), and the COVID-19 vaccinations; no key.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded file.
*Seen*: in public code. *Unverified*: neither.

Charts, `GET https://ourworldindata.org/grapher/<chart>.csv?v=1&csvType=full&useColumnShortNames=…`:

- verified: header `Entity,Code,Year,"<title of the chart>"`. The title changes, so the first four
  columns are read by their place. A column with the region has been appended: what stands behind
  the fourth is refused unless it is listed under `ignore`.
- unverified: with short column names the header is in lower case; so case does not count.
- verified: `Code` is ISO 3166-1 alpha-3, empty or `OWID_…` for regions and the world. A wanted
  place under another code is refused: its rows would go missing without a word.
- verified: values are float32 (`17.499361`); the last line has no end.

Vaccinations, one row a place and day:

- seen: the old file, `vaccinations.csv` of the repository covid-19-data, is frozen since August
  2024. Verified: it has 14 columns in 2021, with `location` and `iso_code`; unverified: 16 later.
- seen: the maintained file, `compact.csv` of the catalogue, has 61 columns, with `country` and
  `code`. Columns of its other subjects are left alone. Unverified: about 150 MB.
- verified: an empty cell is a day without a report, in cumulative columns too. Never zero.

A feed selects `chart` (and `title`, a word that the fourth column's name must hold), or `column`
of the vaccinations, of which the last day with a report in each month is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import BinaryIO
from urllib.parse import urlsplit

from config.schema import Area, Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ParseError
from ingest.http import Client
from ingest.sources import _reading as reading
from ingest.sources._csv import check_header, read_rows
from ingest.sources._ignore import kept, unknown_column, without
from ingest.sources._reading import listed

CHART_QUERY = {"v": "1", "csvType": "full", "useColumnShortNames": "false"}
CHART_COLUMNS = ("entity", "code", "year")
OLD_COLUMNS = (
    "location",
    "iso_code",
    "date",
    "total_vaccinations",
    "people_vaccinated",
    "people_fully_vaccinated",
    "total_boosters",
    "daily_vaccinations_raw",
    "daily_vaccinations",
    "total_vaccinations_per_hundred",
    "people_vaccinated_per_hundred",
    "people_fully_vaccinated_per_hundred",
    "total_boosters_per_hundred",
    "daily_vaccinations_per_million",
    "daily_people_vaccinated",
    "daily_people_vaccinated_per_hundred",
)
"""All columns of the old file; the last two were added after 2021."""
CODES = {"WLD": "OWID_WRL"}
"""Our codes of areas to Our World in Data's, where they differ."""

_CHART = re.compile(r"[a-z0-9-]+")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Owid:
    """Adapter of Our World in Data. `areas`, by id, name places in a file without codes."""

    recipe = "owid-1"

    def __init__(self, areas: Mapping[str, Area] | None = None) -> None:
        self._areas = areas or {}

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each chart once, or for the one file of vaccinations.

        `url` of the source is the folder of the charts, or the address of that file. Raises
        FetchError, and ContractError for a feed that cannot be asked for.
        """
        url = reading.url_of(source, "url, like https://ourworldindata.org/grapher")
        for chart in _by_chart(feeds):
            if chart:
                address = f"{url.rstrip('/')}/{chart}.csv"
                answer = client.get(address, CHART_QUERY, provider=source.provider)
            else:
                answer = client.get(url, provider=source.provider)
            yield payload_of(answer)

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the files of one run. Raises ContractError, ParseError."""
        wanted = _by_chart(feeds)
        files: dict[str, Payload] = {}
        for payload in payloads:
            name = urlsplit(payload.origin).path.rpartition("/")[2].removesuffix(".csv")
            chart = name if name in wanted else ""
            if chart not in wanted or chart in files:
                reading.refuse(payload.origin, f"one file each of {listed(wanted)}", name or "none")
            files[chart] = payload
        for chart, bound in wanted.items():
            if chart not in files:
                reading.refuse(f"source {source.id}", f"a file of {chart or source.url}", "none")
            read = self._chart if chart else self._vaccinations
            yield from read(source, bound, files[chart])

    def _chart(
        self, source: Source, bound: Sequence[BoundFeed], payload: Payload
    ) -> Iterator[RawObservation]:
        places = self._places(bound, by_name=False)
        named = self._places(bound, by_name=True)
        seen: dict[tuple[str, str], int] = {}
        rows = without(source, read_rows(payload.origin, _with_last_end(payload)))
        header = next(rows)[1]
        columns = kept(source, header, CHART_COLUMNS, str.lower)
        _check_chart(source, payload, bound, [header[at] for at in columns])
        for line, cells in rows:
            entity, code, year, value = (cells[at] for at in columns[:4])
            area = places.get(code)
            if area is None:
                _check_code(payload, named, entity, code, line)
                continue
            locator = f"line {line} ({area} {year})"
            if not _YEAR.fullmatch(year):
                raise ParseError(locator, year, "must be a year")
            _once(payload, seen, (area, year), line)
            if not value:
                continue
            reading.number(locator, value)
            for each in bound:
                if area in each.feed.ref_areas:
                    yield reading.observation(
                        each, area, None, year, value, locator, payload.origin
                    )
        _require_rows(payload, bound, seen)

    def _vaccinations(
        self, source: Source, bound: Sequence[BoundFeed], payload: Payload
    ) -> Iterator[RawObservation]:
        """Of each month the last day with a value; the rows come in any order."""
        latest: dict[tuple[str, str, str], tuple[str, str, int]] = {}
        seen: dict[tuple[str, str], int] = {}
        columns = list(dict.fromkeys(each.feed.select["column"] for each in bound))
        rows = without(source, read_rows(payload.origin, payload.open()))
        at = _vaccination_columns(source, payload, columns, next(rows)[1])
        places = self._places(bound, by_name="code" not in at)
        named = self._places(bound, by_name=True)
        for line, cells in rows:
            code = cells[at["code" if "code" in at else "name"]]
            area = places.get(code)
            if area is None:
                _check_code(payload, named, cells[at["name"]], code, line)
                continue
            day = cells[at["date"]]
            _check_day(f"line {line} ({area})", day)
            _once(payload, seen, (area, day), line)
            for column in columns:
                value = cells[at[column]]
                if not value:
                    continue
                reading.number(f"line {line} ({area} {day} {column})", value)
                key = (column, area, day[:7])
                latest[key] = max(latest.get(key, ("", "", 0)), (day, value, line))
        _require_rows(payload, bound, seen)
        for each in bound:
            for (column, area, _), (day, value, line) in sorted(latest.items()):
                if column == each.feed.select["column"] and area in each.feed.ref_areas:
                    locator = f"line {line} ({area} {day} {column})"
                    yield reading.observation(each, area, None, day, value, locator, payload.origin)

    def _places(self, bound: Sequence[BoundFeed], *, by_name: bool) -> dict[str, str]:
        areas = dict.fromkeys(area for each in bound for area in each.feed.ref_areas)
        if not by_name:
            return {CODES.get(area, area): area for area in areas}
        return {self._areas[area].name.en: area for area in areas if area in self._areas}


def _by_chart(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by chart, those of the vaccinations under the empty name. Raises ContractError."""
    for bound in feeds:
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        if "chart" in bound.feed.select:
            chart = reading.selected(bound, {"chart": "homicide-rate-unodc"}, ("title",))["chart"]
            if not _CHART.fullmatch(chart):
                reading.refuse(name, "chart, like homicide-rate-unodc", repr(chart))
        else:
            reading.selected(bound, {"column": "total_vaccinations"})
        freq = "A" if "chart" in bound.feed.select else "D"
        if bound.feed.freq != freq or bound.feed.counterpart_areas:
            reading.refuse(name, f"freq {freq} and no counterpart_areas", bound.feed.freq)
    return reading.group(feeds, lambda bound: bound.feed.select.get("chart", ""))


def _check_chart(
    source: Source, payload: Payload, bound: Sequence[BoundFeed], cells: Sequence[str]
) -> None:
    if tuple(cell.lower() for cell in cells[:3]) != CHART_COLUMNS or len(cells) < 4:
        reading.refuse(
            payload.origin,
            "columns Entity, Code, Year and the title of the chart",
            listed(cells),
        )
    if len(cells) > 4:
        unknown_column(source, payload.origin, cells[4], cells[:4])
    if cells[0].islower():
        return  # short column names: the fourth is no title
    for each in bound:
        word = each.feed.select.get("title", "")
        if word.lower() not in cells[3].lower():
            reading.refuse(payload.origin, f"a fourth column about {word}", repr(cells[3]))


def _require_rows(
    payload: Payload, bound: Sequence[BoundFeed], seen: Mapping[tuple[str, str], int]
) -> None:
    if not seen:
        areas = listed(area for each in bound for area in each.feed.ref_areas)
        reading.refuse(payload.origin, f"rows of {areas}", "none")


def _check_code(
    payload: Payload, named: Mapping[str, str], name: str, code: str, line: int
) -> None:
    """Refuse another code of a wanted place: its rows must not go missing without a word."""
    if name in named:
        area = named[name]
        reading.refuse(
            payload.origin,
            f"code {CODES.get(area, area)} of {name}",
            f"{code or 'none'!r} in line {line}",
        )


def _with_last_end(payload: Payload) -> BinaryIO:
    """The file with an end of its last line, which charts do not have."""
    with payload.open() as stream:
        body = stream.read()
    return BytesIO(body if body.endswith(b"\n") else body + b"\n")


def _vaccination_columns(
    source: Source, payload: Payload, columns: Sequence[str], cells: Sequence[str]
) -> dict[str, int]:
    """Places of the columns that are read, under the names of the old file."""
    old = "country" not in cells
    names = {"name": "location", "code": "iso_code"} if old else {"name": "country", "code": "code"}
    if not old and "code" not in cells:
        del names["code"]
    names |= {"date": "date"} | {column: column for column in columns}
    known = OLD_COLUMNS if old else [name for name in cells if name not in names.values()]
    places = check_header(source, payload.origin, cells, names.values(), known)
    return {key: places[name] for key, name in names.items()}


def _check_day(locator: str, text: str) -> None:
    try:
        date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise ParseError(locator, text, "must be a day like 2021-08-27") from error


def _once(
    payload: Payload, seen: dict[tuple[str, str], int], key: tuple[str, str], line: int
) -> None:
    earlier = seen.setdefault(key, line)
    if earlier != line:
        reading.refuse(
            payload.origin,
            "each place and period once",
            f"{' '.join(key)} in line {line} again after line {earlier}",
        )
