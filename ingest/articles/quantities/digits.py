"""Numbers in digits: which mark is the decimal one, and what the digits are worth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_DIGITS = 18
ONE = Decimal(1)
_SAMPLE = 200_000

_COMMA_DECIMAL = re.compile(
    r"(?<![0-9.,])(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,3}|[0-9]{1,6},[0-9]{1,2}"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,5})(?![0-9]|[.,][0-9])"
)
_POINT_DECIMAL = re.compile(
    r"(?<![0-9.,])(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}\.[0-9]{1,3}|[0-9]{1,6}\.[0-9]{1,2}"
    r"|[0-9]{1,3}(?:,[0-9]{3}){2,5})(?![0-9]|[.,][0-9])"
)
_COMMA_GROUP = re.compile(r"(?<![0-9.,])[0-9]{1,3},[0-9]{3}(?![0-9]|[.,][0-9])")
_POINT_GROUP = re.compile(r"(?<![0-9.,])[0-9]{1,3}\.[0-9]{3}(?![0-9]|[.,][0-9])")
_MARK = re.compile(r"[.,'’\u00a0\u202f\u2009]")


@dataclass(frozen=True)
class Separators:
    """How a text writes numbers."""

    decimal_comma: bool
    """`1.234,5`; otherwise `1,234.5`."""
    spaced: bool
    """A plain space may group thousands (`12 400`)."""


def separators(text: str, language: str) -> Separators:
    """Which mark the text uses for decimals, by counting the numbers that can only be read one
    way. Without any, a point is the decimal mark, as in English and in Mexico."""
    if language == "en":
        return Separators(decimal_comma=False, spaced=False)
    sample = text[:_SAMPLE]
    comma = len(_COMMA_DECIMAL.findall(sample))
    point = len(_POINT_DECIMAL.findall(sample))
    if comma == point:
        # Groups of three alone: the mark used more often groups.
        comma = len(_POINT_GROUP.findall(sample))
        point = len(_COMMA_GROUP.findall(sample))
    return Separators(decimal_comma=comma > point, spaced=True)


def parse_digits(text: str, style: Separators) -> tuple[Decimal, Decimal] | None:
    """(value, place) of a number in digits, or None where the text is no number. `place` is that
    of the last digit that is not zero, or of the last decimal.

    >>> parse_digits("1,234.5", Separators(False, False))
    (Decimal('1234.5'), Decimal('0.1'))
    """
    if len(text) > 2 * MAX_DIGITS:
        return None
    whole, fraction = text, ""
    marks = _MARK.findall(text)
    if marks and marks[-1] in ".," and marks.count(marks[-1]) == 1:
        head, tail = text.rsplit(marks[-1], 1)
        decimal = "," if style.decimal_comma else "."
        # Three digits after the only mark are a group, unless the mark is the decimal one.
        if marks[-1] == decimal or len(tail) != 3 or text.startswith("0"):
            whole, fraction = head, tail
    parts = _MARK.split(whole)
    grouped = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    if len(parts) > 1 and not grouped:
        return None
    whole = "".join(parts)
    if len(whole) + len(fraction) > MAX_DIGITS:
        return None
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return value, ONE.scaleb(-len(fraction)) if fraction else trailing(value)


def trailing(value: Decimal) -> Decimal:
    """The place of the last digit of a whole number that is not zero; 1 for zero."""
    if not value:
        return ONE
    digits = str(int(value))
    return ONE.scaleb(len(digits) - len(digits.rstrip("0")))
