"""Intervals of exact numbers: what a cited figure accepts, and what a published bound says.

Decimals throughout. A value is either a point (a Decimal) or an Interval with None for an open
end. Nothing here knows of series, dates or words of a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.schema import Comparator

TENTH = Decimal("0.1")
QUARTER = Decimal("0.25")
ABOVE = frozenset({Comparator.GT, Comparator.GE})
BELOW = frozenset({Comparator.LT, Comparator.LE})
BANDS = frozenset({Comparator.ORDER, Comparator.RANGE})
POINTS = frozenset({Comparator.EQ, Comparator.APPROX})

FACTORS = {
    ("lb", "kg"): Decimal("0.45359237"),
    ("short-ton", "kg"): Decimal("907.18474"),
    ("tonne", "kg"): Decimal(1000),
    ("mi", "km"): Decimal("1.609344"),
}
"""Exact by definition: (cited unit, official unit) to what one of the first is in the second."""


@dataclass(frozen=True)
class Interval:
    """Every number from `low` to `high`; None is no end at all. Ends belong to it unless open."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, point: Decimal) -> bool:
        return inside(point, self)

    @property
    def empty(self) -> bool:
        """No number lies in it: clipping can turn an interval round."""
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return self.low > self.high or self.low_open or self.high_open

    def scaled(self, factor: Decimal, spread: Decimal = Decimal(0)) -> Interval:
        """Both ends times a positive factor, then each moved outwards by `spread` of itself."""
        low = None if self.low is None else self.low * factor - abs(self.low * factor) * spread
        high = None if self.high is None else self.high * factor + abs(self.high * factor) * spread
        return Interval(low, high, self.low_open, self.high_open)


Value = Interval | Decimal
"""A point, or an interval where the source publishes bounds or itself says "more than"."""


def as_interval(value: Value) -> Interval:
    """A point as the interval that holds nothing else."""
    return value if isinstance(value, Interval) else Interval(value, value)


def inside(one: Value, other: Interval) -> bool:
    """Whether `one` is not empty and lies in `other` as a whole."""
    part = as_interval(one)
    return not part.empty and _reaches_low(part, other) and _reaches_high(part, other)


def _reaches_low(part: Interval, whole: Interval) -> bool:
    if whole.low is None:
        return True
    if part.low is None or part.low < whole.low:
        return False
    return part.low > whole.low or part.low_open or not whole.low_open


def _reaches_high(part: Interval, whole: Interval) -> bool:
    if whole.high is None:
        return True
    if part.high is None or part.high > whole.high:
        return False
    return part.high < whole.high or part.high_open or not whole.high_open


def meets(one: Value, other: Value) -> bool:
    """Whether some number lies in both."""
    a, b = as_interval(one), as_interval(other)
    if a.empty or b.empty:
        return False
    return _begins_before_end(a, b) and _begins_before_end(b, a)


def _begins_before_end(a: Interval, b: Interval) -> bool:
    if a.low is None or b.high is None or a.low < b.high:
        return True
    return a.low == b.high and not a.low_open and not b.high_open


def nearest(value: Value, to: Decimal) -> Decimal:
    """The number of `value` that lies nearest to `to`; an open end counts as its own limit."""
    interval = as_interval(value)
    if interval.low is not None and to < interval.low:
        return interval.low
    if interval.high is not None and to > interval.high:
        return interval.high
    return to


def total(values: Sequence[Value]) -> Value:
    """Sum; one bound among the parts makes the sum a bound."""
    if all(isinstance(value, Decimal) for value in values):
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
    parts = [as_interval(value) for value in values]
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    return Interval(
        None if None in lows else sum((low for low in lows if low is not None), Decimal(0)),
        None if None in highs else sum((high for high in highs if high is not None), Decimal(0)),
        any(part.low_open for part in parts),
        any(part.high_open for part in parts),
    )


def quotient(end: Value, start: Value) -> Value | None:
    """end / start for amounts that are not negative. None where start is, or may be, zero."""
    if isinstance(end, Decimal) and isinstance(start, Decimal):
        return end / start if start > 0 else None
    a, b = as_interval(end), as_interval(start)
    if b.low is None or b.low <= 0:
        return None
    return Interval(
        Decimal(0) if a.low is None or b.high is None else a.low / b.high,
        None if a.high is None else a.high / b.low,
        a.low_open or b.high_open,
        a.high_open or b.low_open,
    )


_QUOTED = re.compile(r'"([^"]*)"')
_LOWER_OPEN = re.compile(r"^(?:slightly |well )?(?:more than|over|above|exceeding)\b", re.I)
_LOWER = re.compile(r"^(?:at least|no fewer than|no less than)\b", re.I)
_UPPER_OPEN = re.compile(r"^(?:slightly |well )?(?:fewer than|less than|under|below)\b", re.I)
_UPPER = re.compile(r"^(?:up to|at most|no more than|as many as|as much as)\b", re.I)


def published_value(value: Decimal, note: str) -> Value:
    """The official figure as its source words it.

    `note` quotes the source in double quotes. "More than" and "over" make the value an open lower
    bound, "at least" a closed one, "fewer than" and "under" an open upper bound, "up to" a closed
    one. "Nearly", "around" and "roughly" round a point; they state no bound.
    """
    for quoted in _QUOTED.findall(note):
        words = quoted.strip()
        if _LOWER_OPEN.match(words):
            return Interval(value, None, low_open=True)
        if _LOWER.match(words):
            return Interval(value, None)
        if _UPPER_OPEN.match(words):
            return Interval(None, value, high_open=True)
        if _UPPER.match(words):
            return Interval(None, value)
    return value


def accept_interval(
    comparator: Comparator,
    value_low: Decimal | None,
    value_high: Decimal | None,
    rounding_unit: Decimal,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> Interval:
    """A, in the unit of the claim, clipped to the bounds of that unit.

    With v the stated value and u its rounding unit: a bare number accepts v ± min(u/2, 10 %), an
    approximate one v ± max(min(u/2, 25 %), 10 %), a bound everything on its side, "almost" from
    0.9 v to v, a range its ends ± u/2, and an order of magnitude its band. Ends are included,
    except the upper end of an order band. An end that is not there stays so: what the unit cannot
    reach, no official figure reaches either. Raises ValueError where the comparator's value is
    missing.
    """
    half = rounding_unit / 2
    if comparator in ABOVE:
        interval = Interval(_given(value_low, comparator), None)
    elif comparator in BELOW:
        interval = Interval(None, _given(value_high, comparator))
    elif comparator is Comparator.ALMOST:
        high = _given(value_high, comparator)
        interval = Interval(high - TENTH * abs(high), high)
    else:
        low, high = _given(value_low, comparator), _given(value_high, comparator)
        if comparator is Comparator.EQ:
            margin = min(half, TENTH * abs(low))
        elif comparator is Comparator.APPROX:
            margin = max(min(half, QUARTER * abs(low)), TENTH * abs(low))
        else:
            margin = half if comparator is Comparator.RANGE else Decimal(0)
        open_end = comparator is Comparator.ORDER
        interval = Interval(low - margin, high + margin, high_open=open_end)
    return _clipped(interval, minimum, maximum)


def _given(value: Decimal | None, comparator: Comparator) -> Decimal:
    if value is None:
        raise ValueError(f"a claim with comparator {comparator} needs its value")
    return value


def _clipped(interval: Interval, minimum: Decimal | None, maximum: Decimal | None) -> Interval:
    low, high, high_open = interval.low, interval.high, interval.high_open
    if minimum is not None and low is not None:
        low = max(low, minimum)
    if maximum is not None and high is not None and maximum < high:
        high, high_open = maximum, False
    return Interval(low, high, interval.low_open, high_open)


@dataclass(frozen=True)
class Cited:
    """A stated figure with everything that its verdict needs, in one unit."""

    comparator: Comparator
    low: Decimal | None
    high: Decimal | None
    rounding_unit: Decimal
    accept: Interval

    def stated(self, official: Value) -> Decimal:
        """v: the value stated; of a band the end nearer to `official`.

        Where the official figure lies between the stated ends there is no distance to either, so
        v is that figure itself.
        """
        if self.comparator in BANDS:
            middle = _anchor(official, self.low, self.high)
            return nearest(Interval(self.low, self.high), middle)
        value = self.high if self.low is None else self.low
        return _given(value, self.comparator)

    @property
    def rounding_band(self) -> Interval | None:
        """v ± u/2, where one value is stated; None for bounds and bands."""
        if self.comparator not in POINTS:
            return None
        value, half = _given(self.low, self.comparator), self.rounding_unit / 2
        return Interval(value - half, value + half)

    def converted(self, factor: Decimal, spread: Decimal = Decimal(0)) -> Cited:
        """In another unit: A was built in the cited one, so its ends are what is converted."""
        return Cited(
            self.comparator,
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.rounding_unit * factor,
            self.accept.scaled(factor, spread),
        )


def _anchor(official: Value, low: Decimal | None, high: Decimal | None) -> Decimal:
    """The number of `official` from which the nearer end of a band is sought."""
    start = low if low is not None else high
    assert start is not None, "a band has ends"
    candidates = [nearest(official, end) for end in (low, high) if end is not None]
    band = Interval(low, high)
    return min(candidates, key=lambda point: abs(point - nearest(band, point)))


def cited(
    comparator: Comparator,
    value_low: Decimal | None,
    value_high: Decimal | None,
    rounding_unit: Decimal,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> Cited:
    """A stated figure with its accept interval. Errors as `accept_interval`."""
    accept = accept_interval(comparator, value_low, value_high, rounding_unit, minimum, maximum)
    return Cited(comparator, value_low, value_high, rounding_unit, accept)
