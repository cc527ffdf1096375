"""The World Bank's Indicators API, version 2: JSON, no key, all years of all areas asked for.

Read as well, where somebody has one: the CSV file of an indicator that the World Bank hands out.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded answer.
*Seen*: in public code whose author says it was measured. *Unverified*: neither.

- verified: an answer is `[header, rows]`; a row has `indicator`, `country` (its `id` is the
  two-letter code), `countryiso3code`, `date` (text), `value` (number or null), `obs_status`.
- verified: `countryiso3code` is empty for some aggregates; `country.id` is there then.
- verified: years without a figure are rows with `value: null`. So a figure that becomes null was
  withdrawn, while rows may be missing for other reasons.
- verified: `lastupdated` in the header is the day of the release.
- verified: `per_page` is a number in some answers and text in others; so any count may be either.
- verified: errors come with HTTP 200, as a list of one with `message`: id 120 for an unknown
  country or indicator, id 175 for an archived indicator.
- seen: `rows` may be null where there are none. A page past the end says `pages: 1` and has no
  rows, so that only page 1 tells how many pages there are.
- seen: HTTP 400 with a page of HTML passes; HTTP 400 with JSON does not.
- seen: JSON behind a byte-order mark, hence `utf-8-sig`.
- seen: one indicator a call; `per_page` may be up to 25,000.
- verified: the file that the World Bank hands out for one indicator is CSV with a byte-order mark,
  four lines before the header, among them "Last Updated Date", a comma at the end of every line,
  all areas, and a column a year; a year without a figure is empty. Unverified: its address,
  `/en/indicator/VC.IHR.PSRC.P5?downloadformat=csv`, and that it comes as a zip file in which only
  the member with the data has a name that begins with `API_`.
- unverified: header with `page: 0`, `pages: 0` where nothing was found; quarters as `2020Q1` and
  months as `2020M01`; any `obs_status` other than the empty one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from config.schema import Area, ObsStatus, Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.content import Content
from ingest.errors import ContractError
from ingest.http import Client
from ingest.parse import area_from_iso2
from ingest.sources import _worldbank as bank
from ingest.sources._ignore import check_fields, holds_ignored, kept
from ingest.sources._reading import listed, read_json, refuse, shape
from ingest.sources._worldbank import Page, Row, Rows
from ingest.sources._zip import SIGNATURE, open_zip

MOST_BYTES = 64 * 2**20
"""Of an unpacked file: a hundred times one indicator."""
FIRST_CELL = "Data Source"
COLUMNS = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
"""Of the CSV file, before its years."""
FIELDS = ("indicator", "country", "countryiso3code", "date", "value", "obs_status")
OTHER_FIELDS = ("unit", "decimal")
"""Of a row; not read."""

_BOM = b"\xef\xbb\xbf"


class WorldBank:
    """Adapter of the World Bank. `areas`, by id, resolve rows that have a two-letter code only."""

    recipe = "worldbank-2"

    def __init__(self, areas: Mapping[str, Area] | None = None) -> None:
        self._areas = areas or {}

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each World Bank indicator once, for the areas of all of its feeds, page by page.

        An answer that cannot be read ends the paging and is handed out like any other, so that its
        bytes are kept; `parse` says what is wrong with it. Raises FetchError, and ContractError for
        feeds and options that cannot be asked for.
        """
        base, options = bank.base_url(source), bank.options_of(source)
        for indicator, bound in bank.by_indicator(source, feeds).items():
            url = f"{base}/country/{';'.join(bank.areas_of(bound))}/indicator/{indicator}"
            number, pages = 1, 1
            while number <= pages:
                query = {"format": "json", **options, "page": str(number)}
                answer = client.get(
                    url, query, provider=source.provider, transient=bank.is_transient
                )
                payload = payload_of(answer)
                yield payload
                if number == 1:
                    pages = _pages_of(source, payload)
                number += 1

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read all pages of one run, in any order, or files. Raises ContractError, ParseError.

        A year for which the World Bank has neither a figure nor a status is no observation. A file
        says nothing of the indicators that it is not about.
        """
        wanted = bank.by_indicator(source, feeds)
        answers: dict[str, list[Payload]] = {indicator: [] for indicator in wanted}
        files = [payload for payload in payloads if _is_file(payload.content)]
        for payload in payloads:
            if payload in files:
                continue
            indicator = _indicator_of(payload.origin)
            if indicator not in answers:
                refuse(
                    payload.origin,
                    f"an answer on {listed(wanted)}",
                    f"one on {indicator or 'nothing'}",
                )
            answers[indicator].append(payload)
        for payload in files:
            yield from _of_file(_read_file(source, payload.origin, payload.content), wanted)
        for indicator, bound in wanted.items():
            if answers[indicator]:
                pages = bank.whole(_read_page(source, payload) for payload in answers[indicator])
                yield from self._observations(source, indicator, bound, pages)
            elif not files:
                refuse(f"source {source.id}", f"an answer on {indicator}", "none")

    def address_of(self, source: Source, content: Content) -> str | None:
        """Where the World Bank hands out a file of its own; None for what is an answer of the API.

        Raises ContractError for a file that is not of the known form.
        """
        if not _is_file(content):
            return None
        file = _read_file(source, "a file", content)
        return f"{bank.base_url(source)}/en/indicator/{file.indicator}?downloadformat=csv"

    def _observations(
        self, source: Source, indicator: str, bound: Sequence[BoundFeed], pages: Sequence[Page]
    ) -> Iterator[RawObservation]:
        if not any(page.rows for page in pages):
            return
        asked = bank.areas_of(bound)
        rows = Rows(bound, _published_on(pages[0]))
        for page in pages:
            for place, raw in enumerate(page.rows, start=1):
                locator = f"page {page.number}, row {place}"
                if not isinstance(raw, dict):
                    refuse(page.origin, f"an object at {locator}", shape(raw))
                check_fields(source, page.origin, raw, FIELDS, OTHER_FIELDS, locator)
                if not holds_ignored(source, raw):
                    row = self._row(page.origin, locator, raw, indicator, asked)
                    yield from rows.observations(page.origin, row)

    def _row(
        self,
        origin: str,
        locator: str,
        raw: Mapping[str, Any],
        indicator: str,
        asked: Sequence[str],
    ) -> Row:
        found = bank.text_of(
            origin, locator, bank.object_of(origin, locator, raw, "indicator"), "id"
        )
        if found != indicator:
            refuse(origin, f"indicator {indicator}", f"{found} at {locator}")
        area = self._area(origin, locator, raw)
        day = bank.text_of(origin, locator, raw, "date")
        locator = f"{locator} ({area} {day})"
        if area not in asked:
            refuse(origin, f"rows of {listed(asked)} only", locator)
        freq, time_period = bank.period_of(origin, locator, day)
        value = bank.value_of(origin, locator, raw)
        return Row(area, freq, time_period, value, _status(origin, locator, raw), locator)

    def _area(self, origin: str, locator: str, raw: Mapping[str, Any]) -> str:
        iso3 = bank.text_of(origin, locator, raw, "countryiso3code")
        if iso3:
            return iso3
        country = bank.object_of(origin, locator, raw, "country")
        iso2 = bank.text_of(origin, locator, country, "id")
        try:
            return area_from_iso2(iso2, self._areas)
        except ValueError as error:
            raise ContractError(
                origin, f"an area that was asked for at {locator}", str(error)
            ) from error


# --- answers of the API ---


def _indicator_of(origin: str) -> str:
    """What a page was asked about, which a page without rows does not say itself."""
    return unquote(urlsplit(origin).path.rpartition("/indicator/")[2])


def _read_page(source: Source, payload: Payload) -> Page:
    """Take one answer apart. Raises ContractError, with the provider's own words for errors."""
    content = read_json(payload)
    if not isinstance(content, list) or not content or not isinstance(content[0], dict):
        refuse(payload.origin, "a list of header and rows", shape(content))
    header = content[0]
    if "message" in header:
        said = f"an error of the World Bank: {bank.errors(header)}"
        refuse(payload.origin, "header and rows", said)
    if len(content) != 2:
        refuse(payload.origin, "a list of header and rows", shape(content))
    return bank.page_of(source, payload.origin, header, content[1])


def _pages_of(source: Source, first: Payload) -> int:
    try:
        return _read_page(source, first).pages
    except ContractError:
        return 1


def _published_on(page: Page) -> date:
    return _day(page.origin, page.last_updated)


def _day(origin: str, day: str) -> date:
    """Raises ContractError."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        refuse(origin, "lastupdated like 2026-07-13", repr(day))


def _status(origin: str, locator: str, raw: Mapping[str, Any]) -> str:
    """The SDMX code of the row, empty where it states none."""
    status = bank.text_of(origin, locator, raw, "obs_status")
    if status and status not in {code.value for code in ObsStatus}:
        expected = f"obs_status empty or one of {listed(ObsStatus)}"
        refuse(origin, expected, f"{status!r} at {locator}")
    return status


# --- files ---


@dataclass(frozen=True)
class _File:
    """The CSV file of one indicator: cells as they stand."""

    origin: str
    indicator: str
    published_on: date
    days: Sequence[str]
    rows: Sequence[tuple[int, str, Sequence[str]]]
    """Line, area, one cell for each of `days`."""


def _is_file(content: Content) -> bool:
    with content.open() as stream:
        start = stream.read(64).removeprefix(_BOM)
    return start.startswith((SIGNATURE, f'"{FIRST_CELL}"'.encode(), FIRST_CELL.encode()))


def _unpacked(origin: str, content: Content) -> bytes:
    """The CSV, out of its zip file where it is in one. Raises ContractError."""
    body = content.read()
    if not body.startswith(SIGNATURE):
        return body
    with open_zip(origin, BytesIO(body), MOST_BYTES) as archive:
        names = [name for name in archive.namelist() if name.startswith("API_")]
        if len(names) != 1:
            refuse(origin, "one file API_….csv in the zip file", listed(archive.namelist()))
        return archive.read(names[0])


def _read_file(source: Source, origin: str, content: Content) -> _File:
    """Raises ContractError."""
    body = _unpacked(origin, content)
    try:
        text = body.decode("utf-8-sig")
        lines = list(csv.reader(text.splitlines(), strict=True))
    except UnicodeDecodeError:
        refuse(origin, "text in UTF-8", "other bytes")
    except csv.Error as error:
        refuse(origin, "CSV", f"{error}: damaged or cut off")
    numbered = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cells)]
    if len(numbered) < 4 or not text.endswith("\n"):
        refuse(origin, "lines before the header, a header, rows", "a file that was cut off")
    (_, first), (_, second), (_, header) = numbered[:3]
    if first[0] != FIRST_CELL or second[0] != "Last Updated Date" or len(second) < 2:
        refuse(origin, f"{FIRST_CELL} and Last Updated Date in front", listed([*first, *second]))
    width, places = len(header), kept(source, header, COLUMNS)
    header = [header[at] for at in places]
    days = header[len(COLUMNS) : -1]
    if header[: len(COLUMNS)] != COLUMNS or header[-1] or not days:
        refuse(origin, f"columns {listed(COLUMNS)}, then years, a comma at the end", listed(header))
    rows = numbered[3:]
    for number, cells in rows:
        if len(cells) != width or cells[-1]:
            refuse(origin, f"{width - 1} columns in every line", f"{len(cells)} in line {number}")
    rows = [(number, [cells[at] for at in places]) for number, cells in rows]
    indicators = {cells[3] for _, cells in rows}
    if len(indicators) != 1:
        refuse(origin, "one indicator", listed(sorted(indicators)))
    return _File(
        origin,
        indicators.pop(),
        _day(origin, second[1]),
        days,
        [(number, cells[1], cells[len(COLUMNS) : -1]) for number, cells in rows],
    )


def _of_file(file: _File, wanted: Mapping[str, Sequence[BoundFeed]]) -> Iterator[RawObservation]:
    """Figures of the areas that are asked for; the others in the file are passed over."""
    bound = wanted.get(file.indicator)
    if bound is None:
        refuse(file.origin, f"a file on {listed(wanted)}", f"one on {file.indicator}")
    asked = bank.areas_of(bound)
    rows = Rows(bound, file.published_on)
    for number, area, cells in file.rows:
        if area not in asked:
            continue
        for day, cell in zip(file.days, cells, strict=True):
            locator = f"line {number} ({area} {day})"
            freq, time_period = bank.period_of(file.origin, locator, day)
            value = bank.checked(locator, cell) if cell else None
            yield from rows.observations(
                file.origin, Row(area, freq, time_period, value, "", locator)
            )
