"""A figure while it is read: its number, and what the stages have bound to it so far."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.articles.quantities.numbers import Number


@dataclass(slots=True, eq=False)
class Draft:
    """Places are token indexes of one sentence; ends are not included."""

    low: Decimal
    high: Decimal
    place: Decimal
    first: int
    """Where the quote begins: the comparator, the sign of money, or the number."""
    last: int
    """Where the quote ends."""
    number_first: int
    number_last: int
    form: str
    """`digits`, `words`, `order`, `fraction`, `share`, `ratio`, `vague`."""
    comparator: str = "eq"
    hedged: bool = False
    """The comparator stands in the text, rather than being carried or none."""
    unit: str | None = None
    currency: str | None = None
    per: str | None = None
    """What the unit is said per, `day` or `barrel`."""
    noun: int | None = None
    carried: bool = False
    """The unit comes from another figure or from the subject."""
    scaled: bool = False
    ranged: bool = False
    sign: int = 0
    """Of a change: 1 up, -1 down, 0 where it is none."""
    compared: bool = False
    """It stands after `up from` or `compared with`: what something else is held against."""
    past: bool = False
    """It stands in a sentence before."""
    series: int = 0
    """1 at the first end of "from 8 to 23", 2 at its second, else 0."""

    @property
    def bare(self) -> bool:
        return self.unit is None


def draft_of(number: Number) -> Draft:
    """A draft of a number alone."""
    return Draft(
        low=number.low,
        high=number.high,
        place=number.place,
        first=number.first,
        last=number.last,
        number_first=number.first,
        number_last=number.last,
        form=number.form,
        comparator="order" if number.form == "order" else "eq",
        currency=number.currency,
        unit=number.currency.lower() if number.currency else None,
        scaled=number.scaled,
    )
