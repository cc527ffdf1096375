"""From releases to history: pure functions over the vintages of one series.

A release (vintage) asserts values at a moment. The history of a period is the list of intervals in
which one value stood. Two rules make it independent of the order in which releases arrive:
the intervals are always derived from all assertions, and every release is remembered whole (table
`vintage`): one that merely confirms a value, since an older release that arrives later may have to
end there, and one that loses against another of the same moment, which may be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from db.records import Changes, Precision, Reading, precision_again


@dataclass(frozen=True)
class Release:
    """One vintage of one series as an assertion: what it states, and where it came from."""

    valid_from: datetime
    origin: str
    """What was read: an adapter's name, or a table. One origin says one thing at one moment."""
    readings: Mapping[str, Reading]
    complete: bool
    published_on: date | None
    precision: Precision
    run_id: int
    snapshot_id: int | None
    absent: frozenset[str] = frozenset()
    """Periods of which it says that there is no figure; none of those in `readings`."""


@dataclass(frozen=True)
class Interval:
    """One value of one period, from one moment until another (None: until now)."""

    time_period: str
    valid_from: datetime
    valid_to: datetime | None
    reading: Reading
    release: Release


def same(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same; 26.1 and 26.10 do (decimal equality)."""
    return (one.value, one.obs_status, one.note) == (other.value, other.obs_status, other.note)


def add_release(own: Mapping[datetime, Release], release: Release, seen: datetime) -> Release:
    """The release as it is to be filed among those of its origin, `own`, by their moments.

    A release that is read again confirms what is known of it, or adds to it (a wider window of
    years). Where other bytes contradict it, the provider has changed figures without dating the
    change: they count from the moment they were `seen`, for nothing is overwritten. The same bytes
    read differently are a reader mended, and replace what it said before.
    """
    known = [
        each
        for each in own.values()
        if each.valid_from == release.valid_from
        or (release.published_on is not None and each.published_on == release.published_on)
    ]
    if not known:
        return release
    newest = max(known, key=lambda each: each.valid_from)
    precision = precision_again(newest.precision, release.precision)
    if release.snapshot_id is not None and release.snapshot_id == newest.snapshot_id:
        mended = replace(release, valid_from=newest.valid_from, precision=precision)
        return newest if _to_the_letter(mended) == _to_the_letter(newest) else mended
    if _contradicts(newest, release):
        return replace(release, valid_from=max(seen, newest.valid_from), precision="first-seen")
    adds = (
        not release.readings.keys() <= newest.readings.keys() or not release.absent <= newest.absent
    )
    return replace(
        release if adds else newest,
        valid_from=newest.valid_from,
        precision=precision,
        readings={**release.readings, **newest.readings},
        absent=release.absent | newest.absent,
        complete=newest.complete or release.complete,
    )


def _to_the_letter(release: Release) -> tuple[object, ...]:
    """All that a release says, digit by digit; not which run filed it."""
    readings = {
        period: (_digits(each.value), each.obs_status, each.note, each.evidence)
        for period, each in release.readings.items()
    }
    return readings, release.absent, release.complete, release.published_on, release.precision


def _contradicts(known: Release, release: Release) -> bool:
    one, other = known.readings, release.readings
    return (
        any(not same(one[period], other[period]) for period in one.keys() & other.keys())
        or not known.absent.isdisjoint(other)
        or not release.absent.isdisjoint(one)
        or (known.complete and not other.keys() <= one.keys())
        or (release.complete and not one.keys() <= other.keys())
    )


def history(releases: Iterable[Release]) -> list[Interval]:
    """All intervals of a series, ordered by period and time, from all its releases in any order.

    Of two releases at one moment the one whose origin sorts last wins.
    """
    ordered = sorted(releases, key=lambda release: (release.valid_from, release.origin))
    periods = {period for release in ordered for period in release.readings}
    stated: dict[str, list[tuple[Release, Reading | None]]] = defaultdict(list)
    for release in ordered:
        named = periods if release.complete else release.readings.keys() | release.absent
        for period in named:
            entry = (release, release.readings.get(period))
            entries = stated[period]
            if entries and entries[-1][0].valid_from == release.valid_from:
                entries[-1] = entry
            else:
                entries.append(entry)
    return [
        interval for period in sorted(stated) for interval in _intervals(period, stated[period])
    ]


def _intervals(
    period: str, entries: Sequence[tuple[Release, Reading | None]]
) -> Iterable[Interval]:
    opened: tuple[Release, Reading] | None = None
    for release, reading in entries:
        if opened is not None:
            if reading is not None and same(opened[1], reading):
                continue
            yield Interval(period, opened[0].valid_from, release.valid_from, opened[1], opened[0])
        opened = None if reading is None else (release, reading)
    if opened is not None:
        yield Interval(period, opened[0].valid_from, None, opened[1], opened[0])


@dataclass(frozen=True)
class Difference:
    """What has to be written to turn one history into another."""

    insert: list[Interval]
    delete: list[Interval]
    changes: Changes


def diff(current: Sequence[Interval], wanted: Sequence[Interval], stated: int) -> Difference:
    """Compare the stored history with the wanted one.

    `stated` is the number of readings in the release that is being loaded; those that leave no
    interval of their own are counted as unchanged.
    """
    old = {_identity(interval): interval for interval in current}
    new = {_identity(interval): interval for interval in wanted}
    insert = [interval for key, interval in new.items() if key not in old]
    delete = [interval for key, interval in old.items() if key not in new]
    return Difference(insert, delete, _count(current, wanted, stated))


def _identity(interval: Interval) -> tuple[object, ...]:
    """All that is shown of an interval: a corrected digit, evidence or date is written as well."""
    reading, release = interval.reading, interval.release
    return (
        interval.time_period,
        interval.valid_from,
        interval.valid_to,
        _digits(reading.value),
        reading.obs_status,
        reading.note,
        reading.evidence,
        release.published_on,
        release.precision,
    )


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _count(current: Sequence[Interval], wanted: Sequence[Interval], stated: int) -> Changes:
    starts = {(i.time_period, i.valid_from): i for i in current}
    by_period: dict[str, list[Interval]] = defaultdict(list)
    for interval in wanted:
        by_period[interval.time_period].append(interval)
    new = revised = reinstated = 0
    for intervals in by_period.values():
        for position, interval in enumerate(intervals):
            before = starts.get((interval.time_period, interval.valid_from))
            if before is not None and same(before.reading, interval.reading):
                continue
            if before is not None:
                revised += 1
            elif position == 0:
                new += 1
            elif intervals[position - 1].valid_to == interval.valid_from:
                revised += 1
            else:
                reinstated += 1
    open_now = {i.time_period for i in wanted if i.valid_to is None}
    withdrawn = sum(1 for i in current if i.valid_to is None and i.time_period not in open_now)
    unchanged = max(0, stated - new - revised - reinstated)
    return Changes(new, revised, withdrawn, reinstated, unchanged)
