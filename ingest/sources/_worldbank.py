"""What the World Bank's answers have in common: pages, rows, feeds, errors in its own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.schema import ObsStatus, Source, format_facets
from db.records import Precision
from ingest.adapter import BoundFeed, RawObservation
from ingest.errors import ContractError, ParseError
from ingest.http import Response
from ingest.parse import parse_number
from ingest.sources._ignore import check_fields
from ingest.sources._reading import Digits, listed, refuse, shape

PER_PAGE = 1000
MOST_PAGES = 500
"""Far above any answer that can be meant: 500,000 rows. More is an error of the API."""
OPTIONS = {
    "date": re.compile(r"\d{4}([QM]\d{1,2})?(:\d{4}([QM]\d{1,2})?)?", re.ASCII),
    "per_page": re.compile(r"[1-9]\d{0,4}", re.ASCII),
}
"""What `options` of a source may say: window (`2000:2024`; absent: all years), rows of a page."""

HEADER = ("page", "pages", "total", "lastupdated")
OTHER_HEADER = ("per_page", "sourceid")
"""Not read."""

_INDICATOR = re.compile(r"[A-Za-z0-9_.-]+")
_COUNTRY = re.compile(r"[A-Z]{3}")
_DATES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("A", re.compile(r"([0-9]{4})"), lambda found: found[1]),
    ("Q", re.compile(r"([0-9]{4})Q([1-4])"), lambda found: f"{found[1]}-Q{found[2]}"),
    ("M", re.compile(r"([0-9]{4})M(0[1-9]|1[0-2])"), lambda found: f"{found[1]}-{found[2]}"),
)


@dataclass(frozen=True)
class Page:
    """One page of an answer, with what its header says of all of them."""

    origin: str
    number: int
    pages: int
    total: int
    last_updated: str
    rows: list[Any]


@dataclass(frozen=True)
class Row:
    """One row that has been read, before it is known which feeds want it."""

    area: str
    freq: str
    time_period: str
    value: str | None
    obs_status: str
    """Empty where the row states none."""
    locator: str


class Rows:
    """Turns rows of one indicator into observations, and sees to it that no cell comes twice."""

    def __init__(
        self, bound: Sequence[BoundFeed], published_on: date, precision: Precision = "day"
    ) -> None:
        self._bound = bound
        self._published_on = published_on
        self._precision = precision
        self._seen: dict[tuple[str, str], str] = {}

    def observations(self, origin: str, row: Row) -> Iterator[RawObservation]:
        """One for each feed that wants the row; a cell without figure and status has neither.

        Raises ContractError for a cell that was there before, and for a frequency of no feed.
        """
        earlier = self._seen.setdefault((row.area, row.time_period), row.locator)
        if earlier != row.locator:
            refuse(origin, "each area and period once", f"{row.locator} again after {earlier}")
        takers = [each for each in self._bound if each.feed.freq == row.freq]
        if not takers:
            feeds = listed(each.feed.freq for each in self._bound)
            refuse(origin, f"dates of frequency {feeds}", f"{row.time_period} in {row.locator}")
        for each in takers:
            if row.area in each.feed.ref_areas:
                yield self._observation(each, row, origin)

    def _observation(self, bound: BoundFeed, row: Row, origin: str) -> RawObservation:
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
            obs_status=row.obs_status or ("" if row.value is None else ObsStatus.NORMAL.value),
            published_on=self._published_on,
            precision=self._precision,
        )


def is_transient(response: Response) -> bool:
    """HTTP 400 with a page of HTML instead of JSON: this API's way of failing for a moment."""
    start = response.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return response.status == 400 and start not in {b"[", b"{"}


def base_url(source: Source) -> str:
    """Raises ContractError for a source without url."""
    if source.url is None:
        refuse(f"source {source.id}", "url, like https://api.worldbank.org/v2", "none")
    return source.url.rstrip("/")


def options_of(source: Source) -> dict[str, str]:
    """The query that the source's options ask for. Raises ContractError for what is no option."""
    options = {name: str(value) for name, value in source.options.items()}
    for name, value in options.items():
        if name not in OPTIONS or not OPTIONS[name].fullmatch(value):
            refuse(
                f"source {source.id}",
                "options date (like 2000:2024) and per_page (like 1000) only",
                f"{name}: {value}",
            )
    return {"per_page": str(PER_PAGE), **options}


def by_indicator(source: Source, feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by the World Bank's id of what they ask for. Raises ContractError."""
    grouped: dict[str, list[BoundFeed]] = {}
    for bound in feeds:
        name = f"feed of {bound.indicator}, source {source.id}"
        indicator = bound.feed.select.get("indicator", "")
        if not _INDICATOR.fullmatch(indicator):
            refuse(name, "select with indicator, like VC.IHR.PSRC.P5", f"{indicator!r}")
        if bound.feed.counterpart_areas:
            refuse(name, "no counterpart_areas", listed(bound.feed.counterpart_areas))
        unknown = [area for area in bound.feed.ref_areas if not _COUNTRY.fullmatch(area)]
        if unknown:
            refuse(name, "areas with a code of three letters", listed(unknown))
        grouped.setdefault(indicator, []).append(bound)
    return grouped


def areas_of(bound: Sequence[BoundFeed]) -> list[str]:
    """The areas that the feeds ask for, each once, in their order."""
    return list(dict.fromkeys(area for each in bound for area in each.feed.ref_areas))


def errors(header: Mapping[str, Any]) -> str:
    """The World Bank's own words, of an answer that has `message` for a header."""
    messages = header["message"]
    texts = [
        f"id {each.get('id')} ({each.get('key')}: {each.get('value')})"
        for each in (messages if isinstance(messages, list) else [])
        if isinstance(each, dict)
    ]
    return ", ".join(texts) or "without words"


def page_of(
    source: Source, origin: str, header: Mapping[str, Any], rows: Any, others: Sequence[str] = ()
) -> Page:
    """A page from its counts and its rows, which may be null for none. Raises ContractError.

    `others` are fields of the header that the caller reads.
    """
    check_fields(source, origin, header, (*HEADER, *others), OTHER_HEADER, "the header")
    rows = [] if rows is None else rows
    if not isinstance(rows, list):
        refuse(origin, "a list of rows, or null", shape(rows))
    pages = _count(origin, header, "pages")
    if pages > MOST_PAGES:
        refuse(origin, f"at most {MOST_PAGES} pages", str(pages))
    updated = header.get("lastupdated")
    return Page(
        origin=origin,
        number=_count(origin, header, "page"),
        pages=pages,
        total=_count(origin, header, "total"),
        last_updated=updated if isinstance(updated, str) else "",
        rows=rows,
    )


def whole(pages: Iterable[Page]) -> list[Page]:
    """Pages in order, once it is sure that they are all, once each and of one release.

    There is one at least. Raises ContractError.
    """
    ordered = sorted(pages, key=lambda page: page.number)
    first = ordered[0]
    numbers = [page.number for page in ordered]
    # Only the first page knows how many there are; without any row, that may be page 0 of 0.
    expected = list(range(1, first.pages + 1)) if first.pages else [first.number]
    if numbers != expected:
        refuse(first.origin, f"pages {listed(expected)}", f"pages {listed(numbers)}")
    for page in ordered[1:]:
        before, after = (first.total, first.last_updated), (page.total, page.last_updated)
        if before != after:
            refuse(
                page.origin,
                f"total {before[0]}, lastupdated {before[1]} as on page {first.number}",
                f"total {after[0]}, lastupdated {after[1]}: the data changed between the pages",
            )
    found = sum(len(page.rows) for page in ordered)
    if found != first.total:
        refuse(first.origin, f"{first.total} rows, as its total says", f"{found}: truncated")
    return ordered


def period_of(origin: str, locator: str, day: str) -> tuple[str, str]:
    """Frequency and SDMX period of a date as the World Bank writes it. Raises ContractError."""
    for freq, pattern, write in _DATES:
        match = pattern.fullmatch(day)
        if match:
            return freq, write(match)
    raise ContractError(origin, "a date like 2020, 2020Q1 or 2020M01", f"{day!r} at {locator}")


def value_of(origin: str, locator: str, raw: Mapping[str, Any]) -> str | None:
    """The digits of a row, None for null. Raises ContractError, and ParseError for text."""
    if "value" not in raw:
        refuse(origin, f"value at {locator}", listed(raw))
    value = raw["value"]
    if value is None:
        return None
    if not isinstance(value, Digits):
        raise ParseError(locator, str(value), "value must be a number or null")
    return checked(locator, value)


def checked(locator: str, digits: str) -> str:
    """The digits, which are a number. Raises ParseError."""
    try:
        parse_number(digits)
    except ValueError as error:
        raise ParseError(locator, digits, "value must be a number or null") from error
    return str(digits)


def object_of(origin: str, locator: str, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Raises ContractError where `name` is no object."""
    value = raw.get(name)
    if not isinstance(value, dict):
        refuse(origin, f"object {name} at {locator}", shape(value))
    return value


def text_of(origin: str, locator: str, raw: Mapping[str, Any], name: str) -> str:
    """Raises ContractError where `name` is no text."""
    value = raw.get(name)
    if not isinstance(value, str) or isinstance(value, Digits):
        refuse(origin, f"text {name} at {locator}", shape(value))
    return value


def _count(origin: str, header: Mapping[str, Any], name: str) -> int:
    """A count of the header, which the World Bank writes now as a number and now as text."""
    value = header.get(name)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
        refuse(origin, f"{name} as a whole number", shape(value))
    return int(value)
