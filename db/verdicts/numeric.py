"""One figure against one official value."""

from __future__ import annotations

from decimal import Decimal

from config.schema import Comparator
from db.intervals import ABOVE, BELOW, Cited, Interval, Value, as_interval, inside, meets, nearest
from db.verdicts.codes import AGREE, Code, Numeric

CLOSE = Decimal("0.02")
"""|d| up to this is NEAR."""
LOOSE_ABOVE = Decimal("1.25")
LOOSE_BELOW = Decimal("0.8")


def numeric_verdict(claim: Cited, official: Value) -> Numeric:
    """The rules in their order: MATCH_LOOSE, MATCH, COMPATIBLE, NEAR, BORDERLINE, DIFFERS.

    An official interval stands at the end that is nearest to the cited figure. BORDERLINE needs one
    stated value with its rounding, or the lower end of an order of magnitude: a bound is either
    kept or not, at whatever rounding.
    """
    stated = claim.stated(official)
    point = nearest(official, stated)
    distance = stated - point
    difference = distance / abs(point) if point != 0 else None
    if _loose(claim, official):
        code = Code.MATCH_LOOSE
    elif inside(official, claim.accept):
        code = Code.MATCH
    elif meets(official, claim.accept):
        code = Code.COMPATIBLE
    elif point != 0 and abs(distance) <= CLOSE * abs(point):
        code = Code.NEAR
    elif _borderline(claim, official):
        code = Code.BORDERLINE
    else:
        code = Code.DIFFERS
    return Numeric(code, difference, _factor(claim, point, code))


def _loose(claim: Cited, official: Value) -> bool:
    """A bound that holds with more than a quarter, or a fifth below it, to spare."""
    interval = as_interval(official)
    if claim.comparator in ABOVE and claim.low is not None and claim.low > 0:
        limit = claim.low * LOOSE_ABOVE
        return inside(interval, Interval(limit, None, low_open=True))
    if claim.comparator in BELOW and claim.high is not None and claim.high > 0:
        limit = claim.high * LOOSE_BELOW
        return inside(interval, Interval(None, limit, high_open=True))
    return False


def _borderline(claim: Cited, official: Value) -> bool:
    if claim.comparator is Comparator.ORDER and claim.low is not None:
        return inside(official, Interval(claim.low / 2, claim.low, high_open=True))
    band = claim.rounding_band
    return band is not None and inside(official, band)


def _factor(claim: Cited, point: Decimal, code: Code) -> Decimal | None:
    if claim.comparator is not Comparator.ORDER or code in AGREE:
        return None
    if claim.high is not None and claim.high > 0 and point >= claim.high:
        return point / claim.high
    if claim.low is not None and 0 < point < claim.low:
        return claim.low / point
    return None
