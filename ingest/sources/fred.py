"""FRED of the Federal Reserve Bank of St. Louis: one series a CSV file, no key.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded file.
*Seen*: in public code whose author says it was measured. *Unverified*: neither.

- seen: `GET https://fred.stlouisfed.org/graph/fredgraph.csv?id=EXPMX`.
- verified: header `DATE,<ID>` in files up to September 2024; seen: `observation_date,<ID>` since.
  So column 0 may have either name, and is read by its place.
- verified: a missing value is a lone `.`; seen: empty in the new form. Neither is zero.
- verified: files of daily series list every day from Monday to Friday, holidays with a missing
  value; files of monthly series list the first of each month. Lines end with LF, the last too.
- verified: the recorded files hold about ten years. Whether an answer is the whole series or a
  window of it is unverified, so that nothing counts as withdrawn because it is not there.
- verified: the file states no unit. Unverified: EXPMX and IMPMX are in millions of US dollars.

A feed selects `id`, and `unit_mult` (power of ten) where the series counts in millions. With
`mean: daily` and `decimals`, the mean of the days of a month is computed here; a month of which
the file lacks a working day at its beginning or end is left out.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urlsplit

from config.schema import Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ContractError, ParseError
from ingest.http import Client
from ingest.sources import _reading as reading
from ingest.sources._csv import read_rows
from ingest.sources._ignore import kept, unknown_column, without
from ingest.sources._reading import listed

DATE_COLUMNS = ("DATE", "observation_date")
MISSING = frozenset({"", "."})

_SATURDAY = 5
_PERIODS: Mapping[str, tuple[Callable[[date], bool], Callable[[date], str]]] = {
    "A": (lambda day: (day.month, day.day) == (1, 1), lambda day: f"{day:%Y}"),
    "Q": (
        lambda day: day.day == 1 and day.month % 3 == 1,
        lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    ),
    "M": (lambda day: day.day == 1, lambda day: f"{day:%Y-%m}"),
    "D": (lambda _: True, lambda day: day.isoformat()),
}
"""By frequency: whether FRED dates such a period like this, and how SDMX writes it."""


@dataclass(frozen=True)
class _Row:
    day: date
    value: str | None
    locator: str


class Fred:
    """Adapter of FRED's graph download."""

    recipe = "fred-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each series once. Raises FetchError, and ContractError for a wrong feed."""
        base = reading.url_of(source, "url, like https://fred.stlouisfed.org")
        url = f"{base.rstrip('/')}/graph/fredgraph.csv"
        for series in _by_series(feeds):
            yield payload_of(client.get(url, {"id": series}, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the file of each series. Raises ContractError, ParseError."""
        wanted = _by_series(feeds)
        files: dict[str, Payload] = {}
        for payload in payloads:
            series = ",".join(parse_qs(urlsplit(payload.origin).query).get("id", []))
            if series not in wanted or series in files:
                reading.refuse(
                    payload.origin, f"one file each of {listed(wanted)}", series or "none"
                )
            files[series] = payload
        for series, bound in wanted.items():
            if series not in files:
                reading.refuse(f"source {source.id}", f"a file of {series}", "none")
            rows = list(_rows(source, files[series], series))
            for each in bound:
                means = "mean" in each.feed.select
                read = _means if means else _values
                yield from read(each, rows, files[series].origin)


def _by_series(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by FRED's id of the series. Raises ContractError for what cannot be asked for."""
    for bound in feeds:
        select = reading.selected(bound, {"id": "EXPMX"}, ("unit_mult", "mean", "decimals"))
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        computed = "mean" in select
        if computed and (select["mean"] != "daily" or bound.feed.freq != "M"):
            reading.refuse(
                name, "mean: daily for months", f"{select['mean']} for {bound.feed.freq}"
            )
        if computed != ("decimals" in select):
            reading.refuse(name, "mean and decimals together", listed(select))
        for key in ("unit_mult", "decimals"):
            if not select.get(key, "0").isdecimal():
                reading.refuse(name, f"{key} as a whole number", select[key])
        if bound.feed.freq not in _PERIODS:
            reading.refuse(name, f"frequency {listed(_PERIODS)}", bound.feed.freq)
        if len(bound.feed.ref_areas) != 1 or len(bound.feed.counterpart_areas) > 1:
            reading.refuse(name, "one area and at most one counterpart", "more")
    return reading.group(feeds, lambda bound: bound.feed.select["id"])


def _rows(source: Source, payload: Payload, series: str) -> Iterator[_Row]:
    """Rows of one file, in order of time."""
    before: date | None = None
    rows = without(source, read_rows(payload.origin, payload.open()))
    day_at, value_at = _columns(source, payload, next(rows)[1], series)
    for line, cells in rows:
        text, value = cells[day_at], cells[value_at]
        day = _day(f"line {line}", text)
        locator = f"line {line} ({text})"
        if before is not None and day <= before:
            reading.refuse(
                payload.origin, "each day once and in order", f"{locator} after {before}"
            )
        before = day
        if value not in MISSING:
            reading.number(locator, value)
        yield _Row(day, None if value in MISSING else value, locator)
    if before is None:
        reading.refuse(payload.origin, "rows below the header", "none")


def _columns(
    source: Source, payload: Payload, header: Sequence[str], series: str
) -> tuple[int, int]:
    """Positions of the days and of the values."""
    needed = (*DATE_COLUMNS, series)
    places = kept(source, header, needed)
    names = [header[at] for at in places]
    strange = [name for name in names if name not in needed]
    if strange and series in names and any(name in names for name in DATE_COLUMNS):
        unknown_column(source, payload.origin, strange[0], needed)
    if len(names) != 2 or names[1] != series:
        reading.refuse(
            payload.origin,
            f"columns {' or '.join(DATE_COLUMNS)}, {series}",
            listed(names),
        )
    if names[0] not in DATE_COLUMNS:
        reading.unknown(payload.origin, "a column of dates named", names[0], DATE_COLUMNS)
    return places[0], places[1]


def _day(locator: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ParseError(locator, text, "must be a day like 2024-09-06")
    return day


def _values(bound: BoundFeed, rows: Iterable[_Row], origin: str) -> Iterator[RawObservation]:
    """The series as FRED has it."""
    starts, write = _PERIODS[bound.feed.freq]
    for row in rows:
        if not starts(row.day):
            raise ContractError(
                origin, f"first days of periods of frequency {bound.feed.freq}", row.locator
            )
        if row.value is not None:
            yield _observation(bound, write(row.day), row.value, row.locator, origin)


def _means(bound: BoundFeed, rows: Sequence[_Row], origin: str) -> Iterator[RawObservation]:
    """Means of the days of each month that the file does not cut."""
    months: dict[str, list[_Row]] = {}
    for row in rows:
        months.setdefault(f"{row.day:%Y-%m}", []).append(row)
    cut = set(_cut_months(rows[0].day, rows[-1].day))
    step = Decimal(1).scaleb(-int(bound.feed.select["decimals"]))
    for month, days in months.items():
        values = [Decimal(row.value) for row in days if row.value is not None]
        if month in cut or not values:
            continue
        mean = (sum(values, Decimal()) / len(values)).quantize(step, ROUND_HALF_UP)
        locator = f"{days[0].locator} to {days[-1].locator}"
        note = f"mean of {len(values)} daily values"
        yield _observation(bound, month, format(mean, "f"), locator, origin, note)


def _cut_months(first: date, last: date) -> Iterator[str]:
    """Months at the ends that lack a day from Monday to Friday."""
    if _working_days(first.replace(day=1), first):
        yield f"{first:%Y-%m}"
    after = last.replace(day=calendar.monthrange(last.year, last.month)[1]) + timedelta(days=1)
    if _working_days(last + timedelta(days=1), after):
        yield f"{last:%Y-%m}"


def _working_days(start: date, end: date) -> int:
    """Days from Monday to Friday, `end` excluded."""
    days = (start + timedelta(days=number) for number in range((end - start).days))
    return sum(day.weekday() < _SATURDAY for day in days)


def _observation(
    bound: BoundFeed, time_period: str, value: str, locator: str, origin: str, note: str = ""
) -> RawObservation:
    feed = bound.feed
    return reading.observation(
        bound,
        feed.ref_areas[0],
        feed.counterpart_areas[0] if feed.counterpart_areas else None,
        time_period,
        value,
        locator,
        origin,
        note,
        int(feed.select.get("unit_mult", "0")),
    )
