"""The World Bank's Indicators API, version 2: JSON, no key, all years of all areas asked for.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded answer.
*Seen*: in public code whose author says it was measured. *Unverified*: neither.

- verified: an answer is `[header, rows]`; a row has `indicator`, `country` (its `id` is the
  two-letter code), `countryiso3code`, `date` (text), `value` (number or null), `obs_status`.
- verified: `countryiso3code` is empty for some aggregates; `country.id` is there then.
- verified: years without a figure are rows with `value: null`.
- verified: `lastupdated` in the header is the day of the release.
- verified: `per_page` is a number in some answers and text in others; so any count may be either.
- verified: errors come with HTTP 200, as a list of one with `message`: id 120 for an unknown
  country or indicator, id 175 for an archived indicator.
- seen: `rows` may be null where there are none. A page past the end says `pages: 1` and has no
  rows, so that only page 1 tells how many pages there are.
- seen: HTTP 400 with a page of HTML passes; HTTP 400 with JSON does not.
- seen: JSON behind a byte-order mark, hence `utf-8-sig`.
- seen: one indicator a call; `per_page` may be up to 25,000.
- unverified: header with `page: 0`, `pages: 0` where nothing was found; quarters as `2020Q1` and
  months as `2020M01`; any `obs_status` other than the empty one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from config.schema import Area, ObsStatus, Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ContractError, ParseError
from ingest.http import Client, Response
from ingest.parse import area_from_iso2, parse_number

PER_PAGE = 1000
MOST_PAGES = 500
"""Far above any answer that can be meant: 500,000 rows. More is an error of the API."""
OPTIONS = {
    "date": re.compile(r"\d{4}([QM]\d{1,2})?(:\d{4}([QM]\d{1,2})?)?", re.ASCII),
    "per_page": re.compile(r"[1-9]\d{0,4}", re.ASCII),
}
"""What `options` of a source may say: window (`2000:2024`; absent: all years), rows of a page."""

_INDICATOR = re.compile(r"[A-Za-z0-9_.-]+")
_COUNTRY = re.compile(r"[A-Z]{3}")
_DATES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("A", re.compile(r"([0-9]{4})"), lambda found: found[1]),
    ("Q", re.compile(r"([0-9]{4})Q([1-4])"), lambda found: f"{found[1]}-Q{found[2]}"),
    ("M", re.compile(r"([0-9]{4})M(0[1-9]|1[0-2])"), lambda found: f"{found[1]}-{found[2]}"),
)


class _Digits(str):
    """A JSON number as it is written, so that no digit is lost and none is made up."""

    __slots__ = ()


@dataclass(frozen=True)
class _Page:
    origin: str
    number: int
    pages: int
    total: int
    last_updated: str
    rows: list[Any]


@dataclass(frozen=True)
class _Row:
    """One row that has been read, before it is known which feeds want it."""

    area: str
    freq: str
    time_period: str
    value: str | None
    obs_status: str
    locator: str


class WorldBank:
    """Adapter of the World Bank. `areas`, by id, resolve rows that have a two-letter code only."""

    recipe = "worldbank-1"

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
        if source.url is None:
            _refuse(f"source {source.id}", "url, like https://api.worldbank.org/v2", "none")
        base = source.url.rstrip("/")
        options = _options(source)
        for indicator, bound in _by_indicator(source, feeds).items():
            url = f"{base}/country/{';'.join(_areas_of(bound))}/indicator/{indicator}"
            number, pages = 1, 1
            while number <= pages:
                query = {"format": "json", **options, "page": str(number)}
                answer = client.get(url, query, provider=source.provider, transient=is_transient)
                payload = payload_of(answer)
                yield payload
                if number == 1:
                    pages = _pages_of(payload)
                number += 1

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read all pages of one run; they may come in any order. Raises ContractError, ParseError.

        A year for which the World Bank has neither a figure nor a status is no observation.
        """
        wanted = _by_indicator(source, feeds)
        answers: dict[str, list[Payload]] = {indicator: [] for indicator in wanted}
        for payload in payloads:
            indicator = _indicator_of(payload.origin)
            if indicator not in answers:
                raise ContractError(
                    payload.origin,
                    f"an answer on {_listed(wanted)}",
                    f"one on {indicator or 'nothing'}",
                )
            answers[indicator].append(payload)
        for indicator, bound in wanted.items():
            pages = _whole(
                source, indicator, [_read_page(payload) for payload in answers[indicator]]
            )
            yield from self._observations(indicator, bound, pages)

    def _observations(
        self, indicator: str, bound: Sequence[BoundFeed], pages: Sequence[_Page]
    ) -> Iterator[RawObservation]:
        asked = _areas_of(bound)
        seen: dict[tuple[str, str], str] = {}
        for page in pages:
            for place, raw in enumerate(page.rows, start=1):
                row = self._row(page, place, raw, indicator, asked)
                earlier = seen.setdefault((row.area, row.time_period), row.locator)
                if earlier != row.locator:
                    raise ContractError(
                        page.origin,
                        "each area and period once",
                        f"{row.locator} again after {earlier}",
                    )
                takers = [each for each in bound if each.feed.freq == row.freq]
                if not takers:
                    feeds = _listed(each.feed.freq for each in bound)
                    raise ContractError(
                        page.origin,
                        f"dates of frequency {feeds}",
                        f"{row.time_period} in {row.locator}",
                    )
                if row.value is None and not row.obs_status:
                    continue
                published = _published_on(page)
                yield from (
                    _observation(each, row, page.origin, published)
                    for each in takers
                    if row.area in each.feed.ref_areas
                )

    def _row(self, page: _Page, place: int, raw: Any, indicator: str, asked: Sequence[str]) -> _Row:
        locator = f"page {page.number}, row {place}"
        if not isinstance(raw, dict):
            raise ContractError(page.origin, f"an object at {locator}", _shape(raw))
        found = _text(page, locator, _object(page, locator, raw, "indicator"), "id")
        if found != indicator:
            raise ContractError(page.origin, f"indicator {indicator}", f"{found} at {locator}")
        area = self._area(page, locator, raw)
        day = _text(page, locator, raw, "date")
        locator = f"{locator} ({area} {day})"
        if area not in asked:
            raise ContractError(page.origin, f"rows of {_listed(asked)} only", locator)
        freq, time_period = _period(page, locator, day)
        return _Row(
            area,
            freq,
            time_period,
            _value(locator, raw, page),
            _status(page, locator, raw),
            locator,
        )

    def _area(self, page: _Page, locator: str, raw: Mapping[str, Any]) -> str:
        iso3 = _text(page, locator, raw, "countryiso3code")
        if iso3:
            return iso3
        iso2 = _text(page, locator, _object(page, locator, raw, "country"), "id")
        try:
            return area_from_iso2(iso2, self._areas)
        except ValueError as error:
            raise ContractError(
                page.origin, f"an area that was asked for at {locator}", str(error)
            ) from error


def is_transient(response: Response) -> bool:
    """HTTP 400 with a page of HTML instead of JSON: this API's way of failing for a moment."""
    start = response.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return response.status == 400 and start not in {b"[", b"{"}


def _options(source: Source) -> dict[str, str]:
    """The query that the source's options ask for. Raises ContractError for what is no option."""
    options = {name: str(value) for name, value in source.options.items()}
    for name, value in options.items():
        if name not in OPTIONS or not OPTIONS[name].fullmatch(value):
            raise ContractError(
                f"source {source.id}",
                "options date (like 2000:2024) and per_page (like 1000) only",
                f"{name}: {value}",
            )
    return {"per_page": str(PER_PAGE), **options}


def _by_indicator(source: Source, feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by the World Bank's id of what they ask for. Raises ContractError."""
    grouped: dict[str, list[BoundFeed]] = {}
    for bound in feeds:
        name = f"feed of {bound.indicator}, source {source.id}"
        indicator = bound.feed.select.get("indicator", "")
        if not _INDICATOR.fullmatch(indicator):
            raise ContractError(
                name, "select with indicator, like VC.IHR.PSRC.P5", f"{indicator!r}"
            )
        if bound.feed.counterpart_areas:
            raise ContractError(name, "no counterpart_areas", _listed(bound.feed.counterpart_areas))
        unknown = [area for area in bound.feed.ref_areas if not _COUNTRY.fullmatch(area)]
        if unknown:
            raise ContractError(name, "areas with a code of three letters", _listed(unknown))
        grouped.setdefault(indicator, []).append(bound)
    return grouped


def _areas_of(bound: Sequence[BoundFeed]) -> list[str]:
    return list(dict.fromkeys(area for each in bound for area in each.feed.ref_areas))


def _indicator_of(origin: str) -> str:
    """What a page was asked about, which a page without rows does not say itself."""
    return unquote(urlsplit(origin).path.rpartition("/indicator/")[2])


def _read_page(payload: Payload) -> _Page:
    """Take one answer apart. Raises ContractError, with the provider's own words for errors."""
    content = _json(payload)
    if not isinstance(content, list) or not content or not isinstance(content[0], dict):
        _refuse(payload.origin, "a list of header and rows", _shape(content))
    header = content[0]
    if "message" in header:
        _refuse(payload.origin, "header and rows", f"an error of the World Bank: {_errors(header)}")
    if len(content) != 2:
        _refuse(payload.origin, "a list of header and rows", _shape(content))
    rows = [] if content[1] is None else content[1]
    if not isinstance(rows, list):
        _refuse(payload.origin, "a list of rows, or null", _shape(rows))
    pages = _count(payload.origin, header, "pages")
    if pages > MOST_PAGES:
        _refuse(payload.origin, f"at most {MOST_PAGES} pages", str(pages))
    updated = header.get("lastupdated")
    return _Page(
        origin=payload.origin,
        number=_count(payload.origin, header, "page"),
        pages=pages,
        total=_count(payload.origin, header, "total"),
        last_updated=updated if isinstance(updated, str) else "",
        rows=rows,
    )


def _pages_of(first: Payload) -> int:
    try:
        return _read_page(first).pages
    except ContractError:
        return 1


def _json(payload: Payload) -> Any:
    try:
        text = payload.body.decode("utf-8-sig")
        return json.loads(text, parse_float=_Digits, parse_int=_Digits, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse(payload.origin, "JSON", _what_instead(payload.body))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _what_instead(body: bytes) -> str:
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:40]
    if not start:
        return "nothing"
    if start.startswith(b"<"):
        return "a page of HTML or XML"
    return f"{len(body):,} bytes that begin with {start.decode('utf-8', 'replace')!r}"


def _errors(header: Mapping[str, Any]) -> str:
    messages = header["message"]
    texts = [
        f"id {each.get('id')} ({each.get('key')}: {each.get('value')})"
        for each in (messages if isinstance(messages, list) else [])
        if isinstance(each, dict)
    ]
    return ", ".join(texts) or "without words"


def _whole(source: Source, indicator: str, pages: list[_Page]) -> list[_Page]:
    """Pages in order, once it is sure that they are all, once each and of one release."""
    if not pages:
        _refuse(f"source {source.id}", f"an answer on {indicator}", "none")
    pages = sorted(pages, key=lambda page: page.number)
    first = pages[0]
    numbers = [page.number for page in pages]
    # Only the first page knows how many there are; without any row, that may be page 0 of 0.
    expected = list(range(1, first.pages + 1)) if first.pages else [first.number]
    if numbers != expected:
        _refuse(first.origin, f"pages {_listed(expected)}", f"pages {_listed(numbers)}")
    for page in pages[1:]:
        before, after = (first.total, first.last_updated), (page.total, page.last_updated)
        if before != after:
            _refuse(
                page.origin,
                f"total {before[0]}, lastupdated {before[1]} as on page {first.number}",
                f"total {after[0]}, lastupdated {after[1]}: the data changed between the pages",
            )
    count = sum(len(page.rows) for page in pages)
    if count != first.total:
        _refuse(first.origin, f"{first.total} rows, as its total says", f"{count}: truncated")
    return pages


def _observation(bound: BoundFeed, row: _Row, origin: str, published_on: date) -> RawObservation:
    return RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=row.freq,
        ref_area=row.area,
        counterpart_area=None,
        time_period=row.time_period,
        value=row.value,
        locator=row.locator,
        origin=origin,
        obs_status=row.obs_status or ObsStatus.NORMAL.value,
        published_on=published_on,
    )


def _published_on(page: _Page) -> date:
    try:
        return date.fromisoformat(page.last_updated)
    except ValueError:
        _refuse(page.origin, "lastupdated like 2026-07-13", repr(page.last_updated))


def _period(page: _Page, locator: str, day: str) -> tuple[str, str]:
    """Frequency and SDMX period of a date as the World Bank writes it."""
    for freq, pattern, write in _DATES:
        match = pattern.fullmatch(day)
        if match:
            return freq, write(match)
    raise ContractError(page.origin, "a date like 2020, 2020Q1 or 2020M01", f"{day!r} at {locator}")


def _value(locator: str, raw: Mapping[str, Any], page: _Page) -> str | None:
    if "value" not in raw:
        _refuse(page.origin, f"value at {locator}", _listed(raw))
    value = raw["value"]
    if value is None:
        return None
    if not isinstance(value, _Digits):
        raise ParseError(locator, str(value), "value must be a number or null")
    try:
        parse_number(value)
    except ValueError as error:
        raise ParseError(locator, value, "value must be a number or null") from error
    return str(value)


def _status(page: _Page, locator: str, raw: Mapping[str, Any]) -> str:
    """The SDMX code of the row, empty where it states none."""
    status = _text(page, locator, raw, "obs_status")
    if status and status not in {code.value for code in ObsStatus}:
        _refuse(
            page.origin,
            f"obs_status empty or one of {_listed(ObsStatus)}",
            f"{status!r} at {locator}",
        )
    return status


def _object(page: _Page, locator: str, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    if not isinstance(value, dict):
        _refuse(page.origin, f"object {name} at {locator}", _shape(value))
    return value


def _text(page: _Page, locator: str, raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or isinstance(value, _Digits):
        _refuse(page.origin, f"text {name} at {locator}", _shape(value))
    return value


def _count(origin: str, header: Mapping[str, Any], name: str) -> int:
    """A count of the header, which the World Bank writes now as a number and now as text."""
    value = header.get(name)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
        _refuse(origin, f"{name} as a whole number", _shape(value))
    return int(value)


def _refuse(origin: str, expected: str, found: str) -> NoReturn:
    raise ContractError(origin, expected, found)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(str(value) for value in values)) or "none"


def _shape(value: object) -> str:
    """What a piece of JSON is, in few words."""
    if isinstance(value, dict):
        return f"an object with {_listed(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else repr(value)
