"""What releases changed between two moments, read from the intervals of the history.

Every change stands at a moment at which some release of its series was filed (`vintage`), so only
series with a release between the two moments are looked at. A release that repeats a value, or
changes its status alone, is no change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Engine,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from db import tables as t
from db.engine import reading
from db.records import Precision, SeriesKey

ChangeKind = Literal["new", "revised", "withdrawn", "reinstated"]
FIRST: tuple[ChangeKind, ...] = ("revised", "withdrawn", "reinstated", "new")
"""Kinds in the order in which they are kept where not all are: what was known before comes first.
"""


@dataclass(frozen=True)
class ReleaseKey:
    """One release: what one source made known of one indicator on one day (UTC)."""

    indicator: str
    source: str
    day: date


@dataclass(frozen=True)
class Release:
    """A release as it was filed, whether or not it changed anything."""

    key: ReleaseKey
    published_on: date | None
    precision: Precision
    """Of several the vaguest, which is the last of the alphabet, too."""
    read_at: datetime
    """When the last of it was read here; it may be much later than the release."""


@dataclass(frozen=True)
class ValueChange:
    """What one release did to one value."""

    series: SeriesKey
    time_period: str
    period_end: date
    kind: ChangeKind
    before: Decimal | None
    after: Decimal | None
    """None: withdrawn, or stated to have no value."""
    at: datetime
    """The moment from which it counts."""


@dataclass(frozen=True)
class Changed:
    """All changes between two moments, counted, and some of each release in full."""

    counts: dict[ReleaseKey, dict[ChangeKind, int]]
    """Newest release first."""
    rows: dict[ReleaseKey, list[ValueChange]]
    """Of each release at most `limit`: revised ones first, newest periods first."""


def releases(
    engine: Engine, *, indicator: str | None = None, start: datetime | None = None, limit: int = 60
) -> list[Release]:
    """The newest releases, newest first; of one indicator, and from `start` on, where given."""
    s, v, r = t.series.c, t.vintage.c, t.run.c
    day = _day(v.valid_from)
    statement = (
        select(
            s.indicator,
            s.source,
            day.label("day"),
            func.max(v.published_on).label("published_on"),
            func.max(v.precision).label("precision"),
            func.max(r.started_at).label("read_at"),
        )
        .join(t.series, s.id == v.series_id)
        .join(t.run, r.id == v.run_id)
        .group_by(s.indicator, s.source, day)
        .order_by(day.desc(), s.indicator, s.source)
        .limit(limit)
    )
    if indicator is not None:
        statement = statement.where(s.indicator == indicator)
    if start is not None:
        statement = statement.where(v.valid_from >= start)
    with reading(engine) as connection:
        return [
            Release(ReleaseKey(*row[:3]), row.published_on, row.precision, row.read_at)
            for row in connection.execute(statement)
        ]


def changes(
    engine: Engine, start: datetime, end: datetime, *, indicator: str | None = None, limit: int = 25
) -> Changed:
    """What changed from `start` to `end`, both inside, by release.

    Counts are of everything; rows are at most `limit` of each release.
    """
    found = _found(start, end, indicator)
    of_release = (found.c.indicator, found.c.source, found.c.day)
    counted = (
        select(*of_release, found.c.kind, func.count().label("n"))
        .group_by(*of_release, found.c.kind)
        .order_by(found.c.day.desc(), found.c.indicator, found.c.source)
    )
    rank = func.row_number().over(
        partition_by=of_release,
        order_by=(
            case({kind: place for place, kind in enumerate(FIRST)}, value=found.c.kind),
            found.c.period_end.desc(),
            found.c.time_period,
            found.c.key,
        ),
    )
    ranked = select(found, rank.label("rank")).subquery()
    listed = (
        select(ranked)
        .where(ranked.c.rank <= limit)
        .order_by(ranked.c.day.desc(), ranked.c.indicator, ranked.c.source, ranked.c.rank)
    )
    counts: dict[ReleaseKey, dict[ChangeKind, int]] = {}
    rows: dict[ReleaseKey, list[ValueChange]] = {}
    with reading(engine) as connection:
        for row in connection.execute(counted):
            counts.setdefault(ReleaseKey(*row[:3]), {})[row.kind] = row.n
        for row in connection.execute(listed):
            key = ReleaseKey(row.indicator, row.source, row.day)
            rows.setdefault(key, []).append(_change(row))
    return Changed(counts, rows)


def _change(row: Any) -> ValueChange:
    return ValueChange(
        SeriesKey.parse(row.key),
        row.time_period,
        row.period_end,
        row.kind,
        row.before,
        row.after,
        row.at,
    )


def _day(moment: ColumnElement[datetime]) -> ColumnElement[date]:
    """The day of a moment, in UTC: PostgreSQL's sessions are in it (`db.engine`)."""
    return func.date(moment, type_=Date)


def _found(start: datetime, end: datetime, indicator: str | None) -> CTE:
    """Every change between the two moments: intervals that begin, and those that merely end."""
    o, s, v = t.observation.c, t.series.c, t.vintage.c
    touched = (
        select(s.id, s.key, s.indicator, s.source)
        .where(
            s.id.in_(select(v.series_id).where(v.valid_from >= start, v.valid_from <= end)),
            *([] if indicator is None else [s.indicator == indicator]),
        )
        .cte("touched")
    )
    before = t.observation.alias("before")
    earlier = t.observation.alias("earlier")
    later = t.observation.alias("later")
    was_known = (
        select(earlier.c.series_id)
        .where(
            earlier.c.series_id == o.series_id,
            earlier.c.time_period == o.time_period,
            earlier.c.valid_from < o.valid_from,
        )
        .exists()
    )
    named = (touched.c.key, touched.c.indicator, touched.c.source, o.time_period, o.period_end)
    begun: Select[Any] = (
        select(
            *named,
            case(
                (before.c.series_id.is_not(None), literal("revised")),
                (was_known, literal("reinstated")),
                else_=literal("new"),
            ).label("kind"),
            before.c.value_text.label("before"),
            o.value_text.label("after"),
            o.valid_from.label("at"),
            _day(o.valid_from).label("day"),
        )
        .join(touched, touched.c.id == o.series_id)
        .outerjoin(
            before,
            and_(
                before.c.series_id == o.series_id,
                before.c.time_period == o.time_period,
                before.c.valid_to == o.valid_from,
            ),
        )
        .where(
            o.valid_from >= start,
            o.valid_from <= end,
            # Decimals are kept as texts: 26.1 and 26.10 are one number, so numbers are compared.
            or_(before.c.series_id.is_(None), before.c.value.is_distinct_from(o.value)),
        )
    )
    goes_on = (
        select(later.c.series_id)
        .where(
            later.c.series_id == o.series_id,
            later.c.time_period == o.time_period,
            later.c.valid_from == o.valid_to,
        )
        .exists()
    )
    ended: Select[Any] = (
        select(
            *named,
            literal("withdrawn").label("kind"),
            o.value_text.label("before"),
            null().label("after"),
            o.valid_to.label("at"),
            _day(o.valid_to).label("day"),
        )
        .join(touched, touched.c.id == o.series_id)
        .where(o.valid_to >= start, o.valid_to <= end, ~goes_on)
    )
    return union_all(begun, ended).cte("found")


def total(counts: Sequence[dict[ChangeKind, int]]) -> dict[ChangeKind, int]:
    """Counts of several releases together, in the order of `FIRST`; kinds without any left out."""
    found: dict[ChangeKind, int] = {}
    for kind in FIRST:
        n = sum(each.get(kind, 0) for each in counts)
        if n:
            found[kind] = n
    return found
