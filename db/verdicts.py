"""A cited figure against the official one: pure functions.

The accept interval A is the set of official values that a cited figure, read with its comparator
and the rounding of its last digit, would match.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from config.schema import Comparator

TENTH = Decimal("0.1")
QUARTER = Decimal("0.25")


@dataclass(frozen=True)
class Interval:
    """A closed interval; None is an open end."""

    low: Decimal | None
    high: Decimal | None


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
    0.9 v to v, a range its ends ± u/2, and an order of magnitude its band. Ends are included.
    Raises ValueError where the comparator's value is missing.
    """
    half = rounding_unit / 2
    if comparator in {Comparator.GT, Comparator.GE}:
        interval = Interval(_given(value_low, comparator), None)
    elif comparator in {Comparator.LT, Comparator.LE}:
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
        interval = Interval(low - margin, high + margin)
    return _clipped(interval, minimum, maximum)


def _given(value: Decimal | None, comparator: Comparator) -> Decimal:
    if value is None:
        raise ValueError(f"a claim with comparator {comparator} needs its value")
    return value


def _clipped(interval: Interval, minimum: Decimal | None, maximum: Decimal | None) -> Interval:
    low, high = interval.low, interval.high
    if minimum is not None and low is not None:
        low = max(low, minimum)
    if maximum is not None and high is not None:
        high = min(high, maximum)
    return Interval(low, high)
