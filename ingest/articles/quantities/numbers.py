"""Numbers in digits and words, with scale words, to exact decimals.

A number's `place` is the place of its last digit that is not zero, times the scale word: the
rounding unit of verdicts, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ingest.articles.quantities.digits import ONE, Separators, parse_digits, trailing
from ingest.articles.quantities.lexicon import Lexicon
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_VULGAR = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal("0.33"),
    "⅔": Decimal("0.67"),
    "⅛": Decimal("0.125"),
}
_TENTH = Decimal("0.1")
_ALONE_BEFORE = frozenset(["", ";", ",", "and", "y", "while", "mientras", "that", "que"])
_ALONE_AFTER = words("were are have fled quedaron")
_ONE_MORE = words("a an another otro otra")
_LONG_SHORTS = words("bn mn mln bln tn trn")


class Number(NamedTuple):
    low: Decimal
    high: Decimal
    place: Decimal
    first: int
    last: int
    """Tokens `first` to `last`, the end not included."""
    form: str
    """`digits`, `words`, `order`, and what `shares` adds: `fraction`, `share`, `ratio`, `vague`."""
    currency: str | None = None
    """Named by the scale itself (`mdd`)."""
    scaled: bool = False
    """A scale word belongs to it."""


def number_at(
    tokens: Sequence[Token], first: int, lexicon: Lexicon, style: Separators
) -> Number | None:
    """The number that begins at a token, as long as it goes."""
    token = tokens[first]
    if token.kind == "n" or token.text in _VULGAR or token.text == ".":
        return _Reader(tokens, first, lexicon, style).in_digits()
    if token.kind != "w" or token.fold not in lexicon.numeric:
        return None
    found = _Reader(tokens, first, lexicon, style).in_words()
    order = lexicon.orders.at(tokens, first)
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
    after = ahead(tokens, last, 1)[0]
    if lexicon.code == "es" and tokens[last - 1].fold == "miles":
        stands = after in {"", "de"}
    else:
        stands = length > 1 or after in lexicon.of | {"more"} or _stands_alone(tokens, first, after)
    if not stands:
        return None
    dozens = low % 24 == 0 and low % 100 != 0
    place = Decimal(12) if dozens else trailing(low)
    return Number(low, high, place, first, last, "order", None, scaled=True)


def _stands_alone(tokens: Sequence[Token], first: int, after: str) -> bool:
    """Whether an order is the subject itself: "dozens were hurt", "decenas resultaron heridas"."""
    if behind(tokens, first, 1)[0] not in _ALONE_BEFORE:
        return False
    return after.endswith(("ed", "ron")) or after in _ALONE_AFTER


class _Reader:
    """Reads one number from a token on: a first part, then scale words and what they add."""

    def __init__(
        self, tokens: Sequence[Token], first: int, lexicon: Lexicon, style: Separators
    ) -> None:
        self.tokens, self.first, self.lexicon, self.style = tokens, first, lexicon, style
        self.spanish = lexicon.code == "es"
        self.form = "digits"
        self.last = first
        self.total, self.place = Decimal(0), ONE
        self.least: Decimal | None = None
        """The scale read last."""
        self.currency: str | None = None

    def _fold(self, place: int) -> str:
        return self.tokens[place].fold if place < len(self.tokens) else ""

    def _number(self) -> Number:
        return Number(
            self.total, self.total, self.place, self.first, self.last, self.form, self.currency,
            scaled=self.least is not None,
        )  # fmt: skip

    def in_digits(self) -> Number | None:
        token = self.tokens[self.first]
        self.last = self.first + 1
        if token.text in _VULGAR:
            self.total, self.place = _VULGAR[token.text], _TENTH
        elif token.text == ".":
            if not self._point_first():
                return None
        else:
            read = parse_digits(self._grouped(), self.style)
            if read is None:
                return None
            self.total, self.place = read
            if self.last < len(self.tokens) and self.tokens[self.last].text in _VULGAR:
                self.total += _VULGAR[self.tokens[self.last].text]
                self.place = _TENTH
                self.last += 1
        self._scales()
        return self._number()

    def _point_first(self) -> bool:
        """`.5 percent`: a point right before digits and not right after anything."""
        if self.tokens[self.first].glued or self.last >= len(self.tokens):
            return False
        digits = self.tokens[self.last]
        if not digits.glued or not digits.text.isdigit() or len(digits.text) > 4:
            return False
        self.total = Decimal(f"0.{digits.text}")
        self.place = ONE.scaleb(-len(digits.text))
        self.last += 1
        return True

    def _grouped(self) -> str:
        """The digits, with the groups of three that plain spaces set apart (`12 400`)."""
        text = self.tokens[self.first].text
        if not self.style.spaced or not text.isdigit() or len(text) > 3:
            return text
        while self.last < len(self.tokens) and len(text) <= 12:
            group = self.tokens[self.last]
            gap = group.start - self.tokens[self.last - 1].end
            if gap != 1 or len(group.text) != 3 or not group.text.isdigit():
                break
            text += group.text
            self.last += 1
        return text

    def in_words(self) -> Number | None:
        self.form = "words"
        fold, following = ahead(self.tokens, self.first, 2)
        if fold in self.lexicon.halves:
            return self._half(self.first + 1)
        if (
            fold in self.lexicon.indefinite
            and not self.spanish
            and (following in self.lexicon.halves)
        ):
            return self._half(self.first + 2)
        if not self._first_words(fold, following):
            return None
        self.place = trailing(self.total)
        self._scales()
        # Of a number in words alone only its zeros tell the place.
        if self.total == self.total.to_integral_value():
            self.place = max(self.place, trailing(self.total))
        return self._number()

    def _first_words(self, fold: str, following: str) -> bool:
        """Reads the words before any scale; whether there were any."""
        self.last = self.first + 1
        if fold in self.lexicon.indefinite and following in self.lexicon.hundred:
            self.total = Decimal(100)
            self.last += 1
            self._over_hundred()
        elif (
            fold in self.lexicon.indefinite
            and following in self.lexicon.scales
            and (following != "mil")
        ):
            self.total = ONE
            return fold in self.lexicon.small or fold in _ONE_MORE
        elif fold in self.lexicon.small:
            self.total, self.last = self._small(self.first)
        elif self.spanish and fold == "mil":
            self.total, self.last = ONE, self.first
        else:
            return False
        return True

    def _over_hundred(self) -> None:
        """`and fifty-two` after "a hundred"."""
        at = self.last + (self._fold(self.last) in self.lexicon.joints)
        more = self.lexicon.small.get(self._fold(at))
        if at == self.last or more is None or not 0 < more < 100:
            return
        value, self.last = self._small(at)
        self.total += value

    def _half(self, after: int) -> Number | None:
        """`half a million`, `half a dozen`, `medio millón`."""
        after += self._fold(after) in {"a", "an", "-"}
        scale = self.lexicon.scales.get(self._fold(after))
        if scale is None:
            return None
        value = scale / 2
        return Number(value, value, trailing(value), self.first, after + 1, "words", None,
                      scaled=True)  # fmt: skip

    def _small(self, first: int) -> tuple[Decimal, int]:
        """A number below a thousand in words, and the token after it."""
        total = Decimal(self.lexicon.small[self.tokens[first].fold])
        place = first + 1
        while place < len(self.tokens):
            if self._fold(place) in self.lexicon.hundred and total < 100:
                total *= 100
                place += 1
                continue
            joint = self._fold(place) == "-" or self._joins(place, total)
            more = self.lexicon.small.get(self._fold(place + joint))
            if more is None or not self._adds(total, more, place, joint=joint):
                break
            total += more
            place += 1 + joint
        return total, place

    def _joins(self, place: int, total: Decimal) -> bool:
        """Whether "and" or "y" goes on with a number: "two hundred and six", "treinta y uno"."""
        if self._fold(place) not in self.lexicon.joints:
            return False
        return total % 100 >= 30 if self.spanish else total >= 100

    def _adds(self, total: Decimal, more: int, place: int, *, joint: bool) -> bool:
        tens = total % 100
        if total >= 100 and not tens:
            return more < 100 and self._fold(place) != "-"
        return joint and tens >= 20 and not tens % 10 and 0 < more < 10

    def _scales(self) -> None:
        """Reads the scale words, and what Spanish adds to them (`3 mil 451`)."""
        while self.last < len(self.tokens):
            if self._and_half():
                continue
            at = self.last
            hyphen = self._fold(at) == "-" and self.tokens[at].glued
            at += hyphen
            scale = self.lexicon.scales.get(self._fold(at))
            if scale is None and self.form == "digits" and not hyphen:
                scale = self._short(at)
            if scale is None or not self._may_scale(scale):
                return
            self.total *= scale
            self.place *= scale
            self.least, self.last = scale, at + 1
            self._add(scale)

    def _may_scale(self, scale: Decimal) -> bool:
        if self.least is None:
            return True
        if scale == self.least or (scale < self.least and self.least < 1000):
            return False
        return self.spanish or self.form == "words"

    def _and_half(self) -> bool:
        """`one and a half million`, `dos millones y medio`."""
        if self._fold(self.last) not in self.lexicon.joints | self.lexicon.and_:
            return False
        after = self.last + 1
        if not self.spanish:
            if self._fold(after) != "a":
                return False
            after += 1
        if self._fold(after) not in self.lexicon.halves or self.total >= 10**12:
            return False
        unit = self.least or ONE
        self.total += unit / 2
        self.place, self.last = unit / 10, after + 1
        return True

    def _short(self, at: int) -> Decimal | None:
        """A scale in letters: `bn`, `m`, `mdd`."""
        fold, token = self._fold(at), self.tokens[at]
        scale = self.lexicon.short_scales.get(fold)
        if scale is None:
            return None
        if fold in self.lexicon.money_scales and self.least in {None, 1000}:
            # "2 mil 500 mdp" goes on after a scale word.
            self.currency = self.lexicon.money_scales[fold]
            return scale
        if self.least is not None:
            return None
        if fold in _LONG_SHORTS:
            return scale
        # One letter alone may be metres: it is a scale behind money and before people only.
        money = behind(self.tokens, self.first, 1)[0] in {"$", "€", "£"}
        people = fold == "m" and self.lexicon.nouns.get(self._fold(at + 1)) == "persons"
        sure = money or people or fold == "k" or token.text == "M"
        return scale if token.glued and sure else None

    def _add(self, scale: Decimal) -> None:
        """Reads what follows a scale and is smaller: `3 mil 451`, `two million three hundred
        thousand`, `5 millones 300 mil 200`."""
        while scale >= 1000 and self.last < len(self.tokens):
            part = self._part(scale)
            if part is None:
                return
            value, place, last = part
            inner = self.lexicon.scales.get(self._fold(last))
            if inner == 1000 and scale > 1000:
                self.total += value * inner
                self.place, self.last, self.least = place * inner, last + 1, inner
                scale = inner
                continue
            self.total += value
            self.place, self.last = place, last
            return

    def _part(self, scale: Decimal) -> tuple[Decimal, Decimal, int] | None:
        """(value, place, token after) of a number smaller than the scale before it."""
        token = self.tokens[self.last]
        if token.kind == "n":
            if not self.spanish or not token.text.isdigit() or len(token.text) > 3:
                return None
            value = Decimal(token.text)
            return value, trailing(value), self.last + 1
        if self.form == "digits":
            return None
        at = self.last + (not self.spanish and token.fold in self.lexicon.joints)
        if self._fold(at) not in self.lexicon.small or self._fold(at) in {"un", "una"}:
            return None
        value, last = self._small(at)
        if at > self.last and value >= 100:
            return None
        return value, trailing(value), last
