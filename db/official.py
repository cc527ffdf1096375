"""The official value O of one definition, for a period, as it was known at a date. Pure.

A definition is what one source counts under one set of facets; its rows may come in several
frequencies and, where a claim speaks of several areas together, in several areas.

What a date may use. `valid_from` of an observation is the day by which its figure was published:
the release date itself (`day`), the last day of the month of release (`month`), a later day by
which it was out (`no-later-than`), or the day of our first retrieval (`first-seen`). On and after
that day it was surely known, so `then` may use it. `no-earlier-than` bounds the release from the
wrong side: such a row is used for `then` only where its bytes were in our hands by that day. `now`
uses whatever stood at the end of the day asked for.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from config.periods import Period, end_of, parse_period
from config.schema import ObsStatus
from db.intervals import Interval, Value, as_interval, published_value, quotient, total
from db.records import Observation, SeriesKey

DAYS = {"A": (365, 366), "A5": (1826, 1827), "Q": (90, 92), "M": (28, 31), "W": (7, 7), "D": (1, 1)}
"""Shortest and longest length of one period of a frequency, in days."""
ADDITIVE = frozenset({"flow", "stock", "running-total"})
"""Kinds of measure that may be summed over areas; only flows are summed over time."""
LEVELS = frozenset({"stock", "running-total"})
"""Kinds of which the last observation at or before a day speaks for that day."""

Area = tuple[str, str | None]


@dataclass(frozen=True)
class Need:
    """What a claim asks of a definition."""

    kind: str
    """Kind of the measure; `announced` also for a flow whose stage is a promise."""
    start: date | None
    end: date
    areas: tuple[Area, ...]
    ratio: bool = False
    """O(end) / O(start) instead of the value of the period."""

    @property
    def days(self) -> int | None:
        """Length of the period, both ends inside; None where its start is open."""
        return None if self.start is None else (self.end - self.start).days + 1

    @property
    def whole_years(self) -> tuple[int, int] | None:
        """First and last year where the period runs from a 1 January to a 31 December."""
        if self.start is None:
            return None
        ends = (self.start.month, self.start.day) == (1, 1) and (self.end.month, self.end.day) == (
            12,
            31,
        )
        return (self.start.year, self.end.year) if ends else None


@dataclass(frozen=True)
class Official:
    """O with the rows that it was read from."""

    value: Value
    rows: tuple[Observation, ...]
    alignment: str = ""
    """`fiscal` or `calendar` where the rows are fiscal years: how they were laid on the period."""
    other: Value | None = None
    """O under the other alignment, where that can be formed as well."""


@dataclass(frozen=True)
class Gap:
    """No O, and why: `missing`, `stale`, `too-coarse`, `no-start`, `never-summed`, `zero-base`."""

    reason: str
    partial: Value | None = None
    """Sum of the periods that are there, a lower bound; for `stale` the last value."""
    rows: tuple[Observation, ...] = ()


# ---- what was known when


def as_of(history: Iterable[Observation], day: date) -> list[Observation]:
    """The rows that stood at the end of `day`: valid_from <= that moment < valid_to."""
    moment = end_of(day)
    return [
        row
        for row in history
        if row.valid_from <= moment and (row.valid_to is None or moment < row.valid_to)
    ]


def surely_known(history: Iterable[Observation], day: date) -> list[Observation]:
    """Those rows of `as_of` whose figure was out by `day` beyond doubt."""
    return [row for row in as_of(history, day) if _sure(row, day)]


def _sure(row: Observation, day: date) -> bool:
    if row.precision == "no-earlier-than":
        return row.retrieved_at is not None and row.retrieved_at <= end_of(day)
    if row.precision == "month":
        released = row.valid_from.date()
        return day >= released.replace(day=monthrange(released.year, released.month)[1])
    return True


def stated_after(row: Observation, day: date) -> bool:
    """Whether the source states a release date, and it lies wholly after `day`."""
    released = row.valid_from.date()
    if row.precision == "month":
        released = released.replace(day=1)
    return row.precision in {"day", "month"} and released > day


def unreleased(
    history: Sequence[Observation], needed: Sequence[Observation], day: date
) -> bool | None:
    """Whether what is needed had surely no release by `day`; None where all of it was known.

    True only where the earliest vintage held of every row that was not yet known states a release
    date after `day`, and that vintage can be the first of its period: the series was held before,
    without the period, or begins with it. A file of many years that we hold from a late edition
    on says nothing about the first release of any of them. False is "not archived".
    """
    known = surely_known(history, day)
    have = {(row.series, row.time_period) for row in known}
    followed = {row.series for row in known}
    lacking = [row for row in needed if (row.series, row.time_period) not in have]
    if not lacking:
        return None
    return all(_first_release(history, row, followed, day) for row in lacking)


def _first_release(
    history: Sequence[Observation], row: Observation, followed: set[SeriesKey], day: date
) -> bool:
    own = [other for other in history if other.series == row.series]
    vintages = [other for other in own if other.time_period == row.time_period]
    earliest = min(vintages, key=lambda other: other.valid_from)
    if not stated_after(earliest, day):
        return False
    older = any(
        other.valid_from == earliest.valid_from and other.period_end < earliest.period_end
        for other in own
    )
    return row.series in followed or not older


# ---- from rows to O


def official_values(rows: Iterable[Observation], need: Need) -> list[Official] | Gap:
    """O from the rows of one definition at one vintage.

    One value, except for announcements: each is an event of its own, and all inside the period
    are given.
    """
    rows = [row for row in rows if row.value is not None]
    if need.ratio:
        found = _ratio(rows, need)
        return found if isinstance(found, Gap) else [found]
    if need.kind == "announced":
        return _announced(rows, need)
    return _one_value(rows, need)


def _one_value(rows: Sequence[Observation], need: Need) -> list[Official] | Gap:
    by_area: dict[Area, list[Observation]] = defaultdict(list)
    for row in rows:
        by_area[row.series.ref_area, row.series.counterpart_area].append(row)
    found = [_of_area(by_area.get(area, []), need) for area in need.areas]
    good = [part for part in found if isinstance(part, Official)]
    if len(good) == len(found) == 1:
        return [good[0]]
    if len(good) == len(found) and len({_span(part) for part in good}) == 1:
        return [_sum_of_areas(good)]
    return _gap_of_areas(found)


def _span(part: Official) -> tuple[str, ...]:
    return tuple(row.time_period for row in part.rows)


def _sum_of_areas(parts: Sequence[Official]) -> Official:
    others = [part.other for part in parts if part.other is not None]
    return Official(
        total([part.value for part in parts]),
        tuple(row for part in parts for row in part.rows),
        parts[0].alignment,
        total(others) if len(others) == len(parts) else None,
    )


def _gap_of_areas(found: Sequence[Official | Gap]) -> Gap:
    gaps = [part for part in found if isinstance(part, Gap)]
    values = [part.value for part in found if isinstance(part, Official)]
    values += [gap.partial for gap in gaps if gap.partial is not None]
    reason = gaps[0].reason if gaps else "missing"
    return Gap(
        reason, total(values) if values else None, tuple(row for part in found for row in part.rows)
    )


def _of_area(rows: Sequence[Observation], need: Need) -> Official | Gap:
    """O of one area: the coarsest frequency that answers, for levels the latest."""
    by_freq: dict[str, list[Observation]] = defaultdict(list)
    for row in rows:
        by_freq[row.series.freq].append(row)
    freqs = sorted(by_freq, key=lambda freq: (freq == "A5", -DAYS[freq][0]))
    tried = [_of_frequency(sorted(by_freq[f], key=_when), f, need) for f in freqs]
    good = [part for part in tried if isinstance(part, Official)]
    if good:
        if need.kind in LEVELS:
            return max(good, key=lambda part: part.rows[-1].period_end)
        return good[0]
    gaps = [part for part in tried if isinstance(part, Gap)]
    return max(gaps, key=lambda gap: len(gap.rows), default=Gap("missing"))


def _when(row: Observation) -> tuple[date, date]:
    return row.period_end, row.period_start


def _of_frequency(rows: Sequence[Observation], freq: str, need: Need) -> Official | Gap:
    if need.kind in LEVELS:
        return _last(rows, freq, need)
    if need.kind == "flow":
        return _flow(rows, freq, need)
    return _level_of_period(rows, freq, need)


def value_of(row: Observation) -> Value:
    """A row's value, as a bound where its source words it so. Rows without one do not get here."""
    assert row.value is not None, "rows without a value were left out"
    return published_value(row.value, row.note)


def cadence(rows: Sequence[Observation], freq: str) -> int:
    """Days from one observation to the next: the median of what was observed, and at least the
    length of one period. Some annual estimates appear every third year only."""
    ends = sorted({row.period_end for row in rows})
    gaps = [(later - earlier).days for earlier, later in pairwise(ends)]
    return max(DAYS[freq][1], int(median(gaps)) if gaps else 0)


def _last(rows: Sequence[Observation], freq: str, need: Need) -> Official | Gap:
    """The last observation at or before the end, no older than twice the cadence."""
    before = [row for row in rows if row.period_end <= need.end]
    if not before:
        return Gap("missing")
    row = before[-1]
    if (need.end - row.period_end).days > 2 * cadence(rows, freq):
        return Gap("stale", value_of(row), (row,))
    alignment = ""
    if parse_period(row.time_period).fiscal:
        named = (need.end.month, need.end.day, row.time_period) == (12, 31, f"FY{need.end.year}")
        alignment = "fiscal" if named else "calendar"
    return Official(value_of(row), (row,), alignment)


def _level_of_period(rows: Sequence[Observation], freq: str, need: Need) -> Official | Gap:
    """A rate, share or price: that of the very period, never a mean of several.

    A claim that speaks of a shorter time than the series has ("currently") takes the last period
    that was over by then.
    """
    shortest, longest = DAYS[freq]
    if need.days is None or need.days < shortest:
        return _last(rows, freq, need)
    exact = [row for row in rows if (row.period_start, row.period_end) == (need.start, need.end)]
    if exact:
        return Official(value_of(exact[-1]), (exact[-1],))
    years = need.whole_years
    if years is not None and years[0] == years[1]:
        named = [row for row in rows if row.time_period == f"FY{years[0]}"]
        if named:
            return Official(value_of(named[-1]), (named[-1],), "fiscal")
    return Gap("missing" if need.days <= longest else "never-summed")


def _flow(rows: Sequence[Observation], freq: str, need: Need) -> Official | Gap:
    """Sum of the periods wholly inside.

    Days are events, such as shipments: there is no row for a day on which nothing happened, so none
    is missed. Of every other frequency all periods must be there, each to its end.
    """
    if freq == "D":
        inside = [row for row in rows if _inside(row, need)]
        return _summed(inside) if inside else Gap("missing")
    if need.start is None:
        return Gap("no-start")
    if not any(parse_period(row.time_period).fiscal for row in rows):
        return _complete_sum(rows, _expected(freq, need), freq, need)
    calendar = _aligned(_complete_sum(rows, _fiscal_inside(need), freq, need), "calendar")
    if need.whole_years is None:
        return calendar
    first, last = need.whole_years
    named = [f"FY{year}" for year in range(first, last + 1)]
    fiscal = _aligned(_complete_sum(rows, named, freq, need), "fiscal")
    if isinstance(fiscal, Official) and isinstance(calendar, Official):
        return replace(fiscal, other=calendar.value)
    return calendar if isinstance(calendar, Official) else fiscal


def _aligned(found: Official | Gap, alignment: str) -> Official | Gap:
    return replace(found, alignment=alignment) if isinstance(found, Official) else found


def _inside(row: Observation, need: Need) -> bool:
    return row.period_end <= need.end and (need.start is None or row.period_start >= need.start)


def _summed(rows: Sequence[Observation]) -> Official:
    return Official(total([value_of(row) for row in rows]), tuple(rows))


def _complete_sum(
    rows: Sequence[Observation], expected: Sequence[str], freq: str, need: Need
) -> Official | Gap:
    if not expected:
        return Gap("too-coarse")
    by_period = {row.time_period: row for row in rows if _whole(row)}
    there = [by_period[period] for period in expected if period in by_period]
    if len(there) == len(expected):
        return _summed(there)
    begun = [row for row in rows if row.time_period in expected]
    partial = total([value_of(row) for row in begun]) if begun else None
    return Gap("missing", partial, tuple(begun))


def _whole(row: Observation) -> bool:
    """Whether a row covers its period to the end.

    A provisional sum does only where a stated release date lies after the period: the figures of a
    running fiscal year are published as well, and marked so.
    """
    if row.obs_status != ObsStatus.PROVISIONAL:
        return True
    return row.precision in {"day", "month"} and row.valid_from.date() > row.period_end


def _expected(freq: str, need: Need) -> list[str]:
    """Names of the periods of a frequency that lie wholly inside the period asked for."""
    assert need.start is not None, "a flow has a start"
    if freq == "A5":
        return _five_years(need.start, need.end)
    periods = _calendar(freq, need.start, need.end)
    return [p.text for p in periods if p.start >= need.start and p.end <= need.end]


def _five_years(start: date, end: date) -> list[str]:
    """Spans of five years laid end to end from the start; none unless they fill the period."""
    names = []
    while start <= end:
        period = parse_period(f"{start.isoformat()}/P5Y")
        names.append(period.text)
        start = period.end + timedelta(days=1)
    return names if start == end + timedelta(days=1) else []


def _calendar(freq: str, start: date, end: date) -> Iterator[Period]:
    """Calendar periods of a frequency that touch the days from start to end."""
    day = start
    while day <= end:
        period = parse_period(_name(freq, day))
        yield period
        day = period.end + timedelta(days=1)


def _name(freq: str, day: date) -> str:
    if freq == "W":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if freq == "Q":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return f"{day.year:04d}-{day.month:02d}" if freq == "M" else f"{day.year:04d}"


def _fiscal_inside(need: Need) -> list[str]:
    assert need.start is not None, "a flow has a start"
    names = (f"FY{year}" for year in range(need.start.year, need.end.year + 2))
    periods = [parse_period(name) for name in names]
    return [p.text for p in periods if p.start >= need.start and p.end <= need.end]


def _announced(rows: Sequence[Observation], need: Need) -> list[Official] | Gap:
    """Every announcement inside the period, each for itself; without one the last before it, which
    still stands. An announcement counts from the day on which what it announces begins."""
    areas = set(need.areas)
    so_far = [
        row
        for row in sorted(rows, key=lambda row: (row.period_start, row.period_end))
        if (row.series.ref_area, row.series.counterpart_area) in areas
        and row.period_start <= need.end
    ]
    inside = [row for row in so_far if need.start is None or row.period_start >= need.start]
    return [Official(value_of(row), (row,)) for row in inside or so_far[-1:]] or Gap("missing")


def _ratio(rows: Sequence[Observation], need: Need) -> Official | Gap:
    """O(end) / O(start) of one definition at one vintage.

    Where the period is of whole years, its ends are its first and its last year.
    """
    assert need.start is not None, "a ratio without a start is not checkable"
    first, last = (need.start, need.start), (need.end, need.end)
    if need.whole_years is not None:
        first = (need.start, date(need.start.year, 12, 31))
        last = (date(need.end.year, 1, 1), need.end)
    ends = [
        _one_value(rows, replace(need, ratio=False, start=start, end=end))
        for start, end in (first, last)
    ]
    gaps = [end for end in ends if isinstance(end, Gap)]
    if gaps:
        return Gap(gaps[0].reason, None, tuple(row for gap in gaps for row in gap.rows))
    start, end = (values[0] for values in ends if not isinstance(values, Gap))
    value = quotient(end.value, start.value)
    used = (*start.rows, *end.rows)
    alignment = start.alignment or end.alignment
    return Gap("zero-base", None, used) if value is None else Official(value, used, alignment)


def percent_change(ratio: Value) -> Value:
    """A ratio as the percentage by which it departs from one: 4 is 300 percent more."""
    if isinstance(ratio, Decimal):
        return (ratio - 1) * 100
    part = as_interval(ratio)
    return Interval(
        None if part.low is None else (part.low - 1) * 100,
        None if part.high is None else (part.high - 1) * 100,
        part.low_open,
        part.high_open,
    )


def neighbours(
    rows: Iterable[Observation], need: Need, official: Official
) -> list[tuple[int, Official]]:
    """What stands beside O: the year before and after for a figure of one year, else the
    observation before and after. With -1 or +1. None for ratios, announcements and longer sums.
    """
    rows = [row for row in rows if row.value is not None]
    if need.ratio or need.kind == "announced" or len(need.areas) != 1:
        return []
    years = need.whole_years
    if need.kind not in LEVELS and years is not None:
        return _neighbouring_years(rows, need, years) if years[0] == years[1] else []
    if need.kind == "flow":
        return []
    used = official.rows[0]
    line = sorted((row for row in rows if row.series == used.series), key=_when)
    place = line.index(used)
    beside = [(step, place + step) for step in (-1, 1) if 0 <= place + step < len(line)]
    return [(step, Official(value_of(line[at]), (line[at],))) for step, at in beside]


def _neighbouring_years(
    rows: Sequence[Observation], need: Need, years: tuple[int, int]
) -> list[tuple[int, Official]]:
    found = []
    for step in (-1, 1):
        year = years[0] + step
        shifted = replace(need, start=date(year, 1, 1), end=date(year, 12, 31))
        values = _one_value(rows, shifted)
        if not isinstance(values, Gap):
            found.append((step, values[0]))
    return found


def series_of(rows: Iterable[Observation]) -> tuple[SeriesKey, ...]:
    """The series of some rows, each once, in the rows' order."""
    return tuple(dict.fromkeys(row.series for row in rows))


def period_average(rows: Iterable[Observation], start: date, end: date) -> Decimal | None:
    """Mean of a monthly rate over the months that touch a period; None where one is not there."""
    by_month: Mapping[str, Decimal] = {
        row.time_period: row.value for row in rows if row.value is not None
    }
    months = [period.text for period in _calendar("M", start, end)]
    if not months or any(month not in by_month for month in months):
        return None
    return sum((by_month[month] for month in months), Decimal(0)) / len(months)
