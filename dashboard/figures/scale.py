"""Axes: round ticks (1, 2, 5 times a power of ten) and ticks of time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.figures.model import Chart, Kind, finite
from dashboard.i18n.formats import compact, short_day, short_month

HEADROOM = 0.04
"""Part of the axis kept free above the highest value (below the lowest, where that is negative)."""
LARGEST = 1e100
"""Beyond this nothing is drawn to scale; it keeps the arithmetic of ticks finite."""
SMALLEST = 1e-100
"""A smaller span is no span."""


@dataclass(frozen=True)
class Axis:
    """A linear axis: its ends, and ticks from below the lowest value to above the highest."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def part(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end; values outside are clamped."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class TimeTick:
    """A labelled day of the time axis."""

    day: date
    label: str


def nice_step(span: float, count: int) -> tuple[int, int]:
    """Step as (mantissa 1, 2 or 5; power of ten) so that about `count` steps make up the span."""
    rough = span / max(count, 1)
    power = math.floor(math.log10(rough))
    for mantissa in (1, 2, 5):
        if rough <= mantissa * 10.0**power * (1 + 1e-9):
            return mantissa, power
    return 1, power + 1


def nice_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Ascending round numbers, the first at or below `low`, the last at or above `high`."""
    low, high = (max(-LARGEST, min(LARGEST, value)) for value in sorted((low, high)))
    # A span that doubles can hardly resolve would give the same tick twice.
    least = max(abs(low) * 1e-9, abs(high) * 1e-9, SMALLEST)
    if high - low < least:
        low, high = low - least, high + least
    mantissa, power = nice_step(high - low, count)
    step = mantissa * 10.0**power

    def tick(index: int) -> float:
        # Dividing by a power of ten rounds once: 3 / 10 is 0.3, while 3 * 0.1 is not.
        return index * mantissa * 10.0**power if power >= 0 else index * mantissa / 10.0**-power

    first, last = math.floor(low / step), math.ceil(high / step)
    while tick(first) > low:
        first -= 1
    while tick(last) < high:
        last += 1
    return tuple(tick(index) for index in range(first, last + 1))


def value_axis(values: Iterable[float | None], kind: Kind = "flow", count: int = 5) -> Axis:
    """The axis for these values. It includes zero, except for prices, which are read by change."""
    known = [max(-LARGEST, min(LARGEST, v)) for v in map(finite, values) if v is not None]
    if not known:
        return Axis(0.0, 1.0, (0.0, 1.0))
    low, high = min(known), max(known)
    if kind == "price" and low > 0:
        if low == high:
            low, high = low * 0.95, high * 1.05
    else:
        low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            return Axis(0.0, 1.0, (0.0, 1.0))
    if high - low < SMALLEST:
        return Axis(0.0, 1.0, (0.0, 1.0))
    ticks = nice_ticks(low, high, count)
    room = (ticks[-1] - ticks[0]) * HEADROOM
    top = ticks[-1] if high <= ticks[-1] - room or high == 0 else ticks[-1] + room
    bottom = ticks[0] if low >= ticks[0] + room or low == 0 else ticks[0] - room
    if kind == "price" and low > 0:
        bottom = max(bottom, 0.0)
    return Axis(bottom, top, ticks)


def chart_axis(chart: Chart, count: int = 5) -> Axis:
    """The value axis of a chart: lines, cited figures and the closed ends of their intervals."""
    return value_axis(chart.values(), chart.kind, count)


def tick_labels(ticks: Sequence[float], locale: str) -> tuple[str, ...]:
    """Compact labels with as few decimals as keep them apart and true to the tick."""
    exact = tuple(compact(tick, locale, 12) for tick in ticks)
    if len(set(exact)) < len(exact):
        return tuple(f"{tick:g}" for tick in ticks)
    return next(
        labels
        for decimals in range(13)
        if (labels := tuple(compact(tick, locale, decimals) for tick in ticks)) == exact
    )


def day_part(day: date, start: date, end: date) -> float:
    """Where a day lies between start (0) and end (1); 0.5 where both are the same day."""
    span = (end - start).days
    return 0.5 if span == 0 else (day - start).days / span


def time_ticks(start: date, end: date, count: int, locale: str) -> tuple[TimeTick, ...]:
    """At most about `count` labelled days; below two months single days, else years or months.

    A label stands in the middle of the year or month that it names, where that period's point is.
    """
    if start > end:
        start, end = end, start
    count = max(count, 1)
    days = (end - start).days
    if days / 365.25 > 2.5 or days / 30 > 6 * count:
        return _years(start, end, count)
    if days > 61:
        return _months(start, end, count, locale)
    step = next((s for s in (1, 2, 7, 14, 31) if days // s + 1 <= count), 61)
    return tuple(
        TimeTick(day, short_day(day, locale))
        for day in (start + timedelta(days=n) for n in range(0, days + 1, step))
    )


def _years(start: date, end: date, count: int) -> tuple[TimeTick, ...]:
    steps = (m * 10**p for p in range(5) for m in (1, 2, 5))
    years = end.year - start.year + 1
    step = next(step for step in steps if math.ceil(years / step) <= count or step >= years)
    return tuple(
        TimeTick(day, str(day.year))
        for day in (date(y, 7, 2) for y in range(start.year, end.year + 1) if y % step == 0)
        if start <= day <= end
    ) or (TimeTick(start + (end - start) // 2, str((start + (end - start) // 2).year)),)


def _months(start: date, end: date, count: int, locale: str) -> tuple[TimeTick, ...]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    total = last - first + 1
    step = next((s for s in (1, 2, 3, 4, 6) if math.ceil(total / s) <= count), 12)
    found = (
        date(index // 12, index % 12 + 1, 16)
        for index in range(first, last + 1)
        if index % step == 0
    )
    return tuple(
        TimeTick(day, short_month(day, locale)) for day in found if start <= day <= end
    ) or (TimeTick(start + (end - start) // 2, short_month(start + (end - start) // 2, locale)),)
