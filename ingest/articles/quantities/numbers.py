"""Numbers in digits and words, with scale words, to exact decimals.

A number's `place` is the place of its last digit that is not zero, times the scale word: the
rounding unit of verdicts, section 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ingest.articles.quantities.lexicon import Lexicon
from ingest.articles.quantities.tokens import Token

MAX_DIGITS = 18
_SPACES = "\u00a0\u202f\u2009"
_VULGAR = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal("0.33"),
    "⅔": Decimal("0.67"),
    "⅛": Decimal("0.125"),
}
_ONE = Decimal(1)


class Number(NamedTuple):
    low: Decimal
    high: Decimal
    place: Decimal
    first: int
    last: int
    """Tokens `first` to `last`, the end not included."""
    form: str
    """`digits`, `words`, `order`, and what `figures` adds: `fraction`, `share`, `ratio`."""
    currency: str | None = None
    """Named by the scale itself (`mdd`)."""
    scaled: bool = False
    """A scale word belongs to it."""


@dataclass(frozen=True)
class Separators:
    """How a text writes numbers."""

    decimal_comma: bool
    """`1.234,5`; otherwise `1,234.5`."""
    spaced: bool
    """A plain space may group thousands (`12 400`)."""


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
_SAMPLE = 200_000


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
    """(value, place) of a number in digits, or None where the text is no number.

    >>> parse_digits("1,234.5", Separators(False, False))
    (Decimal('1234.5'), Decimal('0.1'))
    """
    if len(text) > 2 * MAX_DIGITS:
        return None
    whole, fraction = text, ""
    marks = [c for c in text if not c.isdigit()]
    if marks:
        decimal = "," if style.decimal_comma else "."
        last = marks[-1]
        tail = text.rsplit(last, 1)[1]
        if last in ".," and marks.count(last) == 1:
            # Three digits after the only mark are a group, unless the mark is the decimal one.
            is_fraction = last == decimal or len(tail) != 3 or text.startswith("0")
            if is_fraction:
                whole, fraction = text.rsplit(last, 1)
        parts = re.split(r"[.,'’\u00a0\u202f\u2009]", whole)
        if len(parts) > 1 and (
            not 1 <= len(parts[0]) <= 3 or any(len(part) != 3 for part in parts[1:])
        ):
            return None
        whole = "".join(parts)
    if len(whole) + len(fraction) > MAX_DIGITS:
        return None
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    place = _ONE.scaleb(-len(fraction)) if fraction else trailing(value)
    return value, place


def trailing(value: Decimal) -> Decimal:
    """The place of the last digit of a whole number that is not zero; 1 for zero."""
    if not value:
        return _ONE
    digits = str(int(value))
    return _ONE.scaleb(len(digits) - len(digits.rstrip("0")))


def number_at(
    tokens: Sequence[Token], first: int, lexicon: Lexicon, style: Separators
) -> Number | None:
    """The number that begins at a token, as long as it goes."""
    order = lexicon.orders.at(tokens, first)
    token = tokens[first]
    if token.kind == "n" or token.text in _VULGAR or token.text == ".":
        return _from_digits(tokens, first, lexicon, style)
    if token.kind != "w":
        return None
    found = _from_words(tokens, first, lexicon, style)
    if order is not None and (found is None or found.last <= first + order[0]):
        return _order(tokens, first, order, lexicon)
    return found


def _order(
    tokens: Sequence[Token],
    first: int,
    order: tuple[int, tuple[Decimal, Decimal]],
    lexicon: Lexicon,
) -> Number | None:
    length, (low, high) = order
    last = first + length
    # "millions" in "2.7 millions" belongs to its number, "miles" may be the distance.
    if lexicon.code == "es" and tokens[last - 1].fold == "miles":
        if last < len(tokens) and tokens[last].fold != "de":
            return None
    elif length == 1 and (last >= len(tokens) or tokens[last].fold not in lexicon.of | {"more"}):
        if not _stands_alone(tokens, first, last):
            return None
    first_digit = Decimal(12) if low % 24 == 0 and low % 100 else trailing(low)
    return Number(low, high, first_digit, first, last, "order", None, scaled=True)


def _stands_alone(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether an order is the subject itself: "dozens were hurt", "decenas resultaron heridas"."""
    before = tokens[first - 1].fold if first else ""
    if before not in {"", ";", ",", "and", "y", "while", "mientras", "that", "que"}:
        return False
    after = tokens[last].fold if last < len(tokens) else ""
    return after.endswith(("ed", "ron")) or after in {"were", "are", "have", "fled", "quedaron"}


def _from_digits(
    tokens: Sequence[Token], first: int, lexicon: Lexicon, style: Separators
) -> Number | None:
    token = tokens[first]
    last = first + 1
    if token.text in _VULGAR:
        value, place = _VULGAR[token.text], Decimal("0.1")
    elif token.text == ".":
        # ".5 percent": a point right before digits and not right after anything.
        if token.glued or last >= len(tokens) or tokens[last].kind != "n" or not tokens[last].glued:
            return None
        if not tokens[last].text.isdigit() or len(tokens[last].text) > 4:
            return None
        value = Decimal(f"0.{tokens[last].text}")
        place = _ONE.scaleb(-len(tokens[last].text))
        last += 1
    else:
        text = token.text
        if style.spaced:
            while (
                last < len(tokens)
                and len(tokens[last].text) == 3
                and tokens[last].text.isdigit()
                and tokens[last].start - tokens[last - 1].end == 1
                and text.replace(" ", "").isdigit()
                and len(text) <= 12
                and (len(text) <= 3 or " " in text)
            ):
                text += f" {tokens[last].text}"
                last += 1
        read = parse_digits(text.replace(" ", ""), style)
        if read is None:
            return None
        value, place = read
        if last < len(tokens) and tokens[last].text in _VULGAR:
            value, place = value + _VULGAR[tokens[last].text], Decimal("0.1")
            last += 1
    return _scaled(tokens, first, last, value, place, lexicon, style, "digits")


def _from_words(
    tokens: Sequence[Token], first: int, lexicon: Lexicon, style: Separators
) -> Number | None:
    fold = tokens[first].fold
    place_after = first + 1
    if fold in lexicon.halves:
        half = _half_scale(tokens, first, place_after, lexicon)
        if half is not None:
            return half
        return None
    value: Decimal | None = None
    if fold in lexicon.indefinite and place_after < len(tokens):
        following = tokens[place_after].fold
        if following in lexicon.halves and lexicon.code == "en":
            return _half_scale(tokens, first, place_after + 1, lexicon)
        if following in lexicon.hundred:
            value, place_after = Decimal(100), place_after + 1
        elif following in lexicon.scales and following not in {"mil"}:
            value = _ONE
            if fold not in lexicon.small and fold not in {"a", "an"}:
                return None
    if value is None and fold in lexicon.small:
        value, place_after = _small(tokens, first, lexicon)
        if (
            fold in {"un", "una"}
            and place_after == first + 1
            and (place_after >= len(tokens) or tokens[place_after].fold not in lexicon.scales)
        ):
            value = _ONE
    if value is None and lexicon.code == "es" and fold == "mil":
        value, place_after = _ONE, first
    if value is None:
        return None
    found = _scaled(tokens, first, place_after, value, trailing(value), lexicon, style, "words")
    # Of a number in words alone only its zeros tell the place.
    if found.low == found.low.to_integral_value():
        return found._replace(place=max(found.place, trailing(found.low)))
    return found


def _half_scale(tokens: Sequence[Token], first: int, after: int, lexicon: Lexicon) -> Number | None:
    """`half a million`, `half a dozen`, `medio millón`."""
    if after < len(tokens) and tokens[after].fold in {"a", "an", "-"}:
        after += 1
    if after >= len(tokens) or tokens[after].fold not in lexicon.scales:
        return None
    value = lexicon.scales[tokens[after].fold] / 2
    return Number(value, value, trailing(value), first, after + 1, "words", None, scaled=True)


def _small(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> tuple[Decimal, int]:
    """A number below a thousand in words, and the token after it."""
    total = Decimal(lexicon.small[tokens[first].fold])
    place = first + 1
    while place < len(tokens):
        fold = tokens[place].fold
        if fold in lexicon.hundred and total < 100:
            total *= 100
            place += 1
            continue
        skip = place
        if fold == "-" or (fold in lexicon.joints and _joins(total, lexicon)):
            skip += 1
        if skip >= len(tokens) or tokens[skip].fold not in lexicon.small:
            break
        more = lexicon.small[tokens[skip].fold]
        tens = total % 100
        fits = (
            total >= 100 and not tens and more < 100 and (skip > place or lexicon.code == "es")
        ) or (tens >= 20 and not tens % 10 and 0 < more < 10 and skip > place)
        if total >= 100 and not tens and more < 100 and lexicon.code == "en" and skip == place:
            fits = True
        if not fits or (fold == "-" and total >= 100):
            break
        total += more
        place = skip + 1
    return total, place


def _joins(total: Decimal, lexicon: Lexicon) -> bool:
    """Whether "and" or "y" may go on with a number: "two hundred and six", "treinta y uno"."""
    return total >= 100 if lexicon.code == "en" else total % 100 >= 30


def _scaled(
    tokens: Sequence[Token],
    first: int,
    last: int,
    value: Decimal,
    place: Decimal,
    lexicon: Lexicon,
    style: Separators,
    form: str,
) -> Number:
    """Reads the scale words after a number, and what Spanish adds to them (`3 mil 451`)."""
    total, scaled, currency = value, False, None
    least: Decimal | None = None
    while last < len(tokens):
        at = last
        if tokens[at].fold == "-" and tokens[at].glued and at + 1 < len(tokens):
            at += 1
        fold = tokens[at].fold
        scale = lexicon.scales.get(fold)
        if scale is None and form == "digits":
            scale = _short_scale(tokens, at, first, lexicon)
            if scale is not None and at != last:
                scale = None
            currency = lexicon.money_scales.get(fold, currency) if scale is not None else currency
        if (
            scale is None
            and at == last
            and fold in lexicon.joints | lexicon.and_
            and at + 1 < len(tokens)
        ):
            # "one and a half million", "dos millones y medio"
            half = _and_half(tokens, at, lexicon)
            if half and (scaled or form == "words" or total < 1000):
                unit = least or _ONE
                total, place, last = total + unit / 2, unit / 10, half
                continue
        if scale is None or (scaled and least is not None and scale <= least and least < 1000):
            break
        if scaled and scale == least:
            break
        if lexicon.code == "en" and scaled and not (form == "words"):
            break
        if fold in {"m", "b", "mm"} and scaled:
            break
        total, place = total * scale, place * scale
        least, scaled, last = scale, True, at + 1
        added = _added(tokens, last, scale, lexicon, style, form)
        if added is not None:
            more, more_place, last, inner = added
            total, place = total + more, more_place
            least = inner or scale
            if inner is None and last < len(tokens) and tokens[last].fold in lexicon.scales:
                continue
    return Number(total, total, place, first, last, form, currency, scaled=scaled)


def _and_half(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    after = at + 1
    if lexicon.code == "en" and tokens[after].fold == "a":
        after += 1
    elif lexicon.code == "en":
        return None
    if after < len(tokens) and tokens[after].fold in lexicon.halves:
        return after + 1
    return None


def _short_scale(tokens: Sequence[Token], at: int, first: int, lexicon: Lexicon) -> Decimal | None:
    fold = tokens[at].fold
    scale = lexicon.short_scales.get(fold)
    if scale is None:
        return None
    if fold in lexicon.money_scales or fold in {"bn", "mn", "mln", "bln", "tn", "trn"}:
        return scale
    if not tokens[at].glued:
        return None
    # One letter alone may be metres: only behind money, or k, is it a scale.
    money = first > 0 and tokens[first - 1].text in {"$", "€", "£"}
    counted = at + 1 < len(tokens) and lexicon.nouns.get(tokens[at + 1].fold) == "persons"
    million = fold == "m" and (tokens[at].text == "M" or counted)
    return scale if money or fold == "k" or million else None


def _added(
    tokens: Sequence[Token],
    last: int,
    scale: Decimal,
    lexicon: Lexicon,
    style: Separators,
    form: str,
) -> tuple[Decimal, Decimal, int, Decimal | None] | None:
    """What follows a scale and is smaller than it: (value, place, token after, inner scale)."""
    if last >= len(tokens) or scale < 1000:
        return None
    token = tokens[last]
    if token.kind == "n" and lexicon.code == "es" and form == "digits":
        read = parse_digits(token.text, style) if token.text.isdigit() else None
        if read is None or read[0] >= min(scale, 1000) or len(token.text) > 3:
            return None
        value, place = read
        after = last + 1
        if after < len(tokens) and tokens[after].fold == "mil" and scale > 1000:
            value, place, after = value * 1000, place * 1000, after + 1
            rest = _added(tokens, after, Decimal(1000), lexicon, style, form)
            if rest is not None:
                return value + rest[0], rest[1], rest[2], Decimal(1000)
            return value, place, after, Decimal(1000)
        return value, place, after, None
    if form == "digits" and not (lexicon.code == "es" and token.kind == "w"):
        return None
    at = last
    if lexicon.code == "en" and token.fold in lexicon.joints and last + 1 < len(tokens):
        at = last + 1
    if tokens[at].fold == "mil" and lexicon.code == "es" and scale > 1000:
        return None
    if form == "digits":
        return None
    if lexicon.code == "es" and tokens[at].kind == "n" and tokens[at].text.isdigit():
        # "mil 200 elementos"
        if len(tokens[at].text) <= 3 and Decimal(tokens[at].text) < scale:
            value = Decimal(tokens[at].text)
            return value, trailing(value), at + 1, None
        return None
    if tokens[at].fold not in lexicon.small or tokens[at].fold in {"un", "una"}:
        return None
    value, after = _small(tokens, at, lexicon)
    if at > last and value >= 100:
        return None
    if after < len(tokens) and scale > 1000:
        inner = lexicon.scales.get(tokens[after].fold)
        if inner == 1000:
            rest = _added(tokens, after + 1, inner, lexicon, style, form)
            if rest is not None:
                return value * inner + rest[0], rest[1], rest[2], inner
            return value * inner, trailing(value) * inner, after + 1, inner
    return value, trailing(value), after, None
