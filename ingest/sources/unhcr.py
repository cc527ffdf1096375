"""UNHCR's Refugee Population Statistics Database: JSON, no key, all years asked for.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded row, in the
data that UNHCR's R package publishes, or in that package's documentation. *Seen*: in public notes
whose author says that the live API was probed. *Unverified*: neither.

- seen: `GET https://api.unhcr.org/population/v1/asylum-applications/?coa=MEX&coo_all=true`
  `&cf_type=ISO&yearFrom=1951&yearTo=2026&limit=10000&page=1`; also `asylum-decisions`,
  `population`. `coa` is the country of asylum (here `ref_area`), `coo` that of origin.
- seen: codes are ISO only with `cf_type=ISO`; verified: HND, GTM and SLV differ in UNHCR's own.
- seen: `yearFrom` or `yearTo` alone is ignored, so both are sent. A misspelt parameter is ignored
  as well and gives the world's totals: a row that was not asked for is refused.
- seen: an answer is `{page, short-url, maxPages, total, items}`. `total` adds cases to persons and
  is left alone. An unknown code gives status 200, `maxPages: 0` and no items: refused.
- verified: cells mix numbers, the text `"0"` and `"-"`, which is no value and not zero. A dimension
  that was summed over is `"-"`: then the row is UNHCR's own total.
- verified: codes of `procedure_type`, `app_type`, `dec_level`, `app_pc` and `dec_pc` are those
  listed below; P are persons, C cases.
- verified: two rows of one year, origin and country may differ in the authority
  (`procedure_type`), which are added; where they differ in `app_type` or `dec_level`, nobody may
  add them. Small counts are rounded, so origins need not add up to a total.
- verified: nothing in an answer says when it was released.

A feed selects `endpoint` and `field`, the codes that it takes (`app_type: "N,V"`: either, but one
an origin and year), and `from`, its first year. Under `_T` origins are added, which the note says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.schema import Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ContractError, ParseError
from ingest.http import Client, utc_now
from ingest.sources import _reading as reading
from ingest.sources._ignore import check_fields, holds_ignored, unknown_label
from ingest.sources._reading import listed

LIMIT = 10_000
MOST_PAGES = 200
FIRST_YEAR = 1951

_LEVELS = ["FI", "AR", "RA", "FA", "EO", "IN", "JR", "NA", "TA", "SP", "CA", "BL", "TP", "TR"]
_PROCEDURES = ["G", "J", "U"]
_UNITS = ["P", "C"]
CODES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "asylum-applications": {
        "procedure_type": _PROCEDURES,
        "app_type": ["N", "R", "A", "V", "NR", "J", "NA", "RA", "FA", "SP"],
        "dec_level": _LEVELS,
        "app_pc": _UNITS,
    },
    "asylum-decisions": {
        "procedure_type": _PROCEDURES,
        "dec_level": _LEVELS,
        "dec_pc": _UNITS,
    },
    "population": {},
}
"""By endpoint, what distinguishes the rows of a year and two countries, with all known codes."""
FIELDS: Mapping[str, Sequence[str]] = {
    "asylum-applications": ["applied"],
    "asylum-decisions": ["dec_recognized", "dec_other", "dec_rejected", "dec_closed", "dec_total"],
    "population": [
        "refugees",
        "asylum_seekers",
        "returned_refugees",
        "idps",
        "returned_idps",
        "stateless",
        "ooc",
        "oip",
        "hst",
    ],
}
NO_VALUE = "-"
ALL = "_T"

_IDENTITY = ["coo_id", "coo_name", "coo", "coa_id", "coa_name", "coa"]
_AUTHORITY = "procedure_type"
_LABELS = {_AUTHORITY: "procedure"}
_YEAR = re.compile(r"[0-9]{4}")
_ISO3 = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class _Row:
    year: str
    coa: str
    coo: str
    codes: tuple[str, ...]
    values: Mapping[str, str | None]
    locator: str
    origin: str


@dataclass
class _Sum:
    """Rows that make one observation."""

    rows: list[_Row] = field(default_factory=list)
    total: Decimal = Decimal()


class Unhcr:
    """Adapter of UNHCR's population statistics."""

    recipe = "unhcr-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask once for each endpoint and country of asylum, page by page.

        An answer that cannot be read ends the paging and is handed out; `parse` says what is wrong
        with it. Raises FetchError, and ContractError for a feed that cannot be asked for.
        """
        base = reading.url_of(source, "url, like https://api.unhcr.org/population/v1")
        for (endpoint, coa), origins in _asked(feeds).items():
            url = f"{base.rstrip('/')}/{endpoint}/"
            number, pages = 1, 1
            while number <= pages:
                query = {
                    "coa": coa,
                    **({"coo": ",".join(origins)} if origins else {"coo_all": "true"}),
                    "cf_type": "ISO",
                    "yearFrom": str(FIRST_YEAR),
                    "yearTo": str(utc_now().year),
                    "limit": str(LIMIT),
                    "page": str(number),
                }
                payload = payload_of(client.get(url, query, provider=source.provider))
                yield payload
                if number == 1:
                    pages = _pages_of(payload)
                number += 1

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read all pages of one run; they may come in any order. Raises ContractError, ParseError.

        A cell without a value is no observation.
        """
        asked = _asked(feeds)
        answers: dict[tuple[str, str], list[Payload]] = {key: [] for key in asked}
        for payload in payloads:
            key = _key_of(payload.origin)
            if key not in answers:
                wanted = listed(" ".join(each) for each in asked)
                reading.refuse(payload.origin, f"an answer on {wanted}", " ".join(key))
            answers[key].append(payload)
        sums: list[dict[tuple[str, str, str], _Sum]] = [{} for _ in feeds]
        seen: dict[tuple[str, ...], tuple[_Row, tuple[str, str]]] = {}
        for key, pages in answers.items():
            if not pages:
                reading.refuse(f"source {source.id}", f"an answer on {' '.join(key)}", "none")
            for row in _rows(source, key[0], pages, asked):
                if _is_new(key, row, seen):
                    for bound, sums_of_feed in zip(feeds, sums, strict=True):
                        _take(key[0], bound, row, sums_of_feed)
        for bound, sums_of_feed in zip(feeds, sums, strict=True):
            for (_, other, year), found in sorted(sums_of_feed.items()):
                yield _observation(bound, other, year, found)


def _asked(feeds: Sequence[BoundFeed]) -> dict[tuple[str, str], list[str]]:
    """By endpoint and country of asylum the origins to ask for; none stands for all of them."""
    asked: dict[tuple[str, str], list[str]] = {}
    for bound in feeds:
        _check_feed(bound)
        for coa in bound.feed.ref_areas:
            origins = asked.setdefault((bound.feed.select["endpoint"], coa), [])
            origins += bound.feed.counterpart_areas
    return {
        key: [] if ALL in origins else list(dict.fromkeys(origins))
        for key, origins in asked.items()
    }


def _check_feed(bound: BoundFeed) -> None:
    name = f"feed of {bound.indicator}, source {bound.feed.source}"
    endpoint = bound.feed.select.get("endpoint", "")
    if endpoint not in CODES:
        reading.unknown(name, "select with endpoint, one of", endpoint, CODES)
    codes = CODES[endpoint]
    select = reading.selected(
        bound,
        {"endpoint": endpoint, "field": FIELDS[endpoint][0]},
        ["from", *codes],
    )
    if select["field"] not in FIELDS[endpoint]:
        reading.unknown(name, "field, one of", select["field"], FIELDS[endpoint])
    for code, known in codes.items():
        if code not in select and code != _AUTHORITY:
            reading.refuse(name, f"select with {code}, of {listed(known)}", "none")
        for value in select.get(code, known[0]).split(","):
            if value not in known:
                reading.unknown(name, f"{code}, of", value, known)
    if not _YEAR.fullmatch(select.get("from", str(FIRST_YEAR))):
        reading.refuse(name, "from, like 2000", select["from"])
    areas = [*bound.feed.ref_areas, *bound.feed.counterpart_areas]
    wrong = [area for area in areas if not _ISO3.fullmatch(area) and area != ALL]
    if wrong or ALL in bound.feed.ref_areas or not bound.feed.counterpart_areas:
        reading.refuse(
            name,
            "countries of asylum as ref_areas, of origin as counterpart_areas",
            listed(wrong or areas),
        )
    if bound.feed.freq != "A":
        reading.refuse(name, "freq A", bound.feed.freq)


def _key_of(origin: str) -> tuple[str, str]:
    address = urlsplit(origin)
    endpoint = address.path.rstrip("/").rpartition("/")[2]
    return endpoint, parse_qs(address.query).get("coa", [""])[0]


def _page(payload: Payload) -> tuple[int, int, list[Any]]:
    """Number of the page, number of pages, rows."""
    content = reading.read_json(payload)
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        reading.refuse(
            payload.origin, "an object with page, maxPages, items", reading.shape(content)
        )
    counts = []
    for name in ("page", "maxPages"):
        count = content.get(name)
        if not isinstance(count, str) or not re.fullmatch(r"[0-9]{1,6}", count):
            reading.refuse(
                payload.origin, f"{name} as a whole number", reading.shape(content.get(name))
            )
        counts.append(int(count))
    if counts[1] > MOST_PAGES:
        reading.refuse(payload.origin, f"at most {MOST_PAGES} pages", str(counts[1]))
    return counts[0], counts[1], content["items"]


def _pages_of(first: Payload) -> int:
    try:
        return _page(first)[1]
    except ContractError:
        return 1


def _rows(
    source: Source,
    endpoint: str,
    payloads: Sequence[Payload],
    asked: Mapping[tuple[str, str], Sequence[str]],
) -> Iterator[_Row]:
    """Rows of all pages of one request, once it is sure that they are all and once each."""
    pages = {payload.origin: _page(payload) for payload in payloads}
    most = max(count for _, count, _ in pages.values())
    for origin, (number, count, _) in pages.items():
        if count != most:
            reading.refuse(
                origin,
                f"maxPages {most} as on the other pages",
                f"{count} on page {number}: the data changed between the pages",
            )
    numbers = sorted(number for number, _, _ in pages.values())
    if numbers != list(range(1, most + 1)) and most:
        reading.refuse(payloads[0].origin, f"pages 1 to {most}", f"pages {listed(numbers)}")
    for payload in payloads:
        number, _, items = pages[payload.origin]
        if not items:
            reading.refuse(payload.origin, "rows", f"none on page {number} of {most}")
        for place, item in enumerate(items, start=1):
            locator = f"page {number}, row {place}"
            if not isinstance(item, dict):
                reading.refuse(payload.origin, f"an object at {locator}", reading.shape(item))
            if not holds_ignored(source, item):
                yield _row(source, endpoint, payload.origin, locator, item, asked)


def _row(
    source: Source,
    endpoint: str,
    origin: str,
    locator: str,
    item: Mapping[str, object],
    asked: Mapping[tuple[str, str], Sequence[str]],
) -> _Row:
    codes, fields = CODES[endpoint], FIELDS[endpoint]
    needed = ["year", "coo_iso", "coa_iso", *codes, *fields]
    for name in needed:
        if name not in item:
            reading.unknown(origin, f"a field {name}; there are", name, item, locator)
    check_fields(source, origin, item, needed, _IDENTITY, locator)
    cells = {name: _text(origin, locator, name, item[name]) for name in needed}
    coa, coo, year = cells["coa_iso"], cells["coo_iso"], cells["year"]
    locator = f"{locator} ({coo} in {coa} {year})"
    if not _YEAR.fullmatch(year):
        reading.refuse(origin, "a year like 2020", f"{year!r} at {locator}")
    origins = asked.get((endpoint, coa))
    if (
        origins is None
        or (origins and coo not in origins)
        or not (_ISO3.fullmatch(coo) or coo == NO_VALUE)
    ):
        reading.refuse(origin, "rows that were asked for", locator)
    for name, known in codes.items():
        if cells[name] not in known:
            unknown_label(source, origin, f"{name}, of", name, cells[name], known, locator)
    values: dict[str, str | None] = {}
    for name in fields:
        # An empty cell is not described anywhere; it can mean nothing else.
        values[name] = None if cells[name] in {NO_VALUE, ""} else cells[name]
    return _Row(year, coa, coo, tuple(cells[name] for name in codes), values, locator, origin)


def _text(origin: str, locator: str, name: str, cell: object) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        reading.refuse(origin, f"number or text {name} at {locator}", reading.shape(cell))
    return str(cell).strip()


def _is_new(
    key: tuple[str, str], row: _Row, seen: dict[tuple[str, ...], tuple[_Row, tuple[str, str]]]
) -> bool:
    """Whether the row is the first of its kind. Two requests may share a row, if they agree."""
    identity = (key[0], row.year, row.coa, row.coo, *row.codes)
    earlier, asked = seen.setdefault(identity, (row, key))
    if earlier is row:
        return True
    if asked == key or earlier.values != row.values:
        reading.refuse(row.origin, "each row once", f"{row.locator} again after {earlier.locator}")
    return False


def _take(
    endpoint: str, bound: BoundFeed, row: _Row, sums: dict[tuple[str, str, str], _Sum]
) -> None:
    """Add the row to what the feed asks for, where it does."""
    feed, select = bound.feed, bound.feed.select
    if select["endpoint"] != endpoint or row.coa not in feed.ref_areas:
        return
    if row.year < select.get("from", ""):
        return
    for name, code in zip(CODES[endpoint], row.codes, strict=True):
        if name in select and code not in select[name].split(","):
            return
    value = row.values[select["field"]]
    if value is None:
        return
    number = reading.number(row.locator, value)
    if number != number.to_integral_value():
        raise ParseError(row.locator, value, "must be a whole number")
    for other in {ALL if row.coo == NO_VALUE else row.coo, ALL} & {*feed.counterpart_areas}:
        found = sums.setdefault((row.coa, other, row.year), _Sum())
        for before in found.rows:
            _check_sum(endpoint, before, row)
        found.rows.append(row)
        found.total += number


def _check_sum(endpoint: str, before: _Row, row: _Row) -> None:
    """Refuse to add what is no part of one whole."""
    if NO_VALUE in {before.coo, row.coo} and before.coo != row.coo:
        reading.refuse(
            row.origin, "a total or countries of origin", f"{row.locator} and {before.locator}"
        )
    if before.coo != row.coo:
        return
    for name, one, two in zip(CODES[endpoint], before.codes, row.codes, strict=True):
        if name != _AUTHORITY and one != two:
            reading.refuse(
                row.origin,
                f"one {name} an origin and year, for they cannot be added",
                f"{two} at {row.locator}, {one} at {before.locator}",
            )


def _observation(bound: BoundFeed, other: str, year: str, found: _Sum) -> RawObservation:
    first = found.rows[0]
    single = len(found.rows) == 1
    value = first.values[bound.feed.select["field"]] if single else None
    more = "" if single else f" and {len(found.rows) - 1} more"
    return reading.observation(
        bound,
        first.coa,
        other,
        year,
        value or format(found.total, "f"),
        f"{first.locator}{more}",
        first.origin,
        _note(bound, other, found.rows),
    )


def _note(bound: BoundFeed, other: str, rows: Sequence[_Row]) -> str:
    """What was computed, and UNHCR's codes: of the authority too where the feed asks for one."""
    select = bound.feed.select
    endpoint = select["endpoint"]
    parts = []
    if other == ALL and rows[0].coo != NO_VALUE:
        parts.append("computed: sum over countries of origin")
    elif len(rows) > 1:
        parts.append("computed: sum over authorities")
    columns = [*zip(CODES[endpoint], zip(*(row.codes for row in rows), strict=True), strict=True)]
    shown = [
        f"{_LABELS.get(name, name)} {' and '.join(sorted(set(codes)))}"
        for name, codes in columns
        if _AUTHORITY in select or name in {"app_type", "dec_level"}
    ]
    if shown:
        parts.append(f"UNHCR codes: {', '.join(shown)}")
    return "; ".join(parts)
