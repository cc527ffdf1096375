"""What one figure takes over from another: its unit, what it is said per, its scale word."""

from __future__ import annotations

from decimal import Decimal

from ingest.articles.quantities import rates, subjects
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.wordsets import words

MILLION = 10**6
MEASURED = words(
    """years months weeks days hours minutes tonnes tons kilograms kilometers miles meters liters
    hectares acres pounds ounces gallons barrels megawatts gigawatts feet points mxn-per-usd"""
)
DURATIONS = words("years months weeks days hours minutes")
CHANGES = words("percent-change percentage-points basis-points ratio")


def scale_like(draft: Draft, other: Draft) -> None:
    """`from 1.2 to 1.5 million`, `de 20 mil a 35 mil millones`: the scale word is said once."""
    if not other.scaled:
        return
    if draft.scaled:
        if draft.low < MILLION and other.low >= 1000 * MILLION:
            _multiply(draft, other, MILLION)
    elif draft.low < 1000:
        power = next((p for p in (12, 9, 6, 3) if other.high >= 10**p), 0)
        _multiply(draft, other, 10**power)


def _multiply(draft: Draft, other: Draft, factor: int) -> None:
    """Scales a figure up, where that leaves it within a hundred times the other."""
    if draft.low * factor <= other.high * 100:
        draft.low, draft.high = draft.low * factor, draft.high * factor
        draft.place *= factor
        draft.scaled = True


def fits(draft: Draft, other: Draft) -> bool:
    """Whether a number can be in another figure's unit."""
    unit = other.unit
    if unit is None or unit in CHANGES or unit in subjects.APART or other.form == "vague":
        return False
    if unit == "percent" and draft.per is not None:
        return False
    if unit == "percent":
        return draft.low <= 100 and not draft.scaled
    if unit.startswith("per-"):
        plain = draft.low >= 1000 and other.high < 200
        return draft.low < 2000 and not draft.scaled and not plain
    if other.currency:
        broken = draft.low % 1 != 0 and not other.past
        thousands = other.low < MILLION and draft.low <= other.low
        parts = 100 <= draft.low < MILLION <= draft.low * MILLION < other.low and not other.past
        unscaled = draft.low >= 1000 or broken or thousands or parts
        return draft.scaled or not other.scaled or unscaled
    if unit in DURATIONS and draft.low >= 1000:
        return False
    broken = (draft.low % 1 != 0 or draft.high % 1 != 0) and not draft.scaled
    whole = other.low % 1 == 0 and not other.currency and unit not in MEASURED
    if broken and whole and other.per is None and draft.per is None:
        # Half a person there is only in a rate.
        return False
    if draft.low >= 1000 * MILLION:
        return False
    large = draft.scaled and draft.low >= MILLION
    return not large or other.high >= 10**5 or unit in {"doses", "persons"}


def per_goes_on(draft: Draft, other: Draft) -> bool:
    """Whether what a figure is said per holds for another: prices do, other than counts, which
    one sentence must hold together."""
    reach = (10 if other.currency else 2) if other.past else (1000 if other.currency else 20)
    if not draft.low / reach <= other.high <= draft.low * reach:
        return False
    return bool(other.currency) or other.per in rates.TIMES


def copy_unit(draft: Draft, other: Draft, context: Context) -> None:
    """Takes over unit, currency and what the unit is said per, as far as they hold."""
    spanish = context.lexicon.code == "es"
    draft.unit, draft.currency, draft.per = other.unit, other.currency, other.per
    broken = draft.low % 1 != 0 and not other.past and not draft.scaled and draft.low < 1000
    if draft.currency and other.scaled and broken and other.low >= MILLION:
        # "64 million dollars; in 2021 it was 148.5"
        scale_like(draft, other)
    elif draft.currency and spanish and other.scaled and 100 <= draft.low < MILLION <= other.low:
        # "de los 11,500 millones, 8,300 ...": the scale word is said once.
        _multiply(draft, other, MILLION)
    if draft.per and not per_goes_on(draft, other):
        draft.per = None
    if draft.unit in {"percent", "per-100k"} and draft.low == draft.low.to_integral_value():
        draft.place = Decimal(1)
