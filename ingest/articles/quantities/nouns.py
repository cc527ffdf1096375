"""The thing that a number counts: the noun behind it, and the unit that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.tokens import Token
from ingest.articles.quantities.wordsets import words

REACH = 7
"""Words that may stand between a number and its noun in English; Spanish puts the noun first."""
SPANISH_REACH = 4
_QUOTES = frozenset("\"“”'‘«")
_DETERMINERS = words("the these those its their our all")
_SPANISH_DETERMINERS = words("sus esos estos")
_OF_THESE = words("sus los las estos estas esos esas nuestros nuestras")
_MEASURES = words("feet hours miles kilometers days years months")
_PLURALS = words(
    """people men women children police personnel staff troops crew cattle feet dead aircraft
    missing lives guards consortia"""
)
_IN_MOS = words("tramos ramos extremos reclamos racimos gramos sismos maximos minimos")
_NOW = words("currently now today")
_COMPOUNDS = words("seekers officers files")
_SHARES = {"fraction", "share"}


class Noun(NamedTuple):
    place: int
    unit: str
    last: int
    """The token after it."""


def known(tokens: Sequence[Token], place: int, context: Context) -> tuple[int, str] | None:
    """(words, unit) of a thing counted that begins at a token: the catalogue's words first."""
    found = context.units.at(tokens, place)
    if found is not None:
        return found
    word = tokens[place].fold
    if word in {"metric", "metricas"} and place + 1 < len(tokens):
        # A metric ton is a tonne.
        return (2, "tonnes") if tokens[place + 1].fold in {"ton", "tons", "tonnes"} else None
    unit = context.lexicon.nouns.get(word) or context.lexicon.durations.get(word)
    return None if unit is None else (1, unit)


def find(
    tokens: Sequence[Token],
    at: int,
    form: str,
    masked: bytearray,
    context: Context,
    *,
    one: bool,
    scaled: bool,
) -> Noun | None:
    """The noun of a number that ends before a token; `one` if the number is one, `scaled` if it
    has a scale word (after which Spanish puts "de")."""
    if context.lexicon.code == "es":
        return _spanish(tokens, at, form, masked, context, scaled=scaled)
    return _English(tokens, form, masked, context, one=one).find(at)


class _English:
    """Walks from the number over modifiers to the head noun, the last of a compound."""

    def __init__(
        self, tokens: Sequence[Token], form: str, masked: bytearray, context: Context, *, one: bool
    ) -> None:
        self.tokens, self.form, self.masked = tokens, form, masked
        self.context, self.one = context, one
        self.best: Noun | None = None
        self.spare: Noun | None = None
        """A word that looks like a plural, for want of a known one."""

    def find(self, start: int) -> Noun | None:
        place, end = start, min(len(self.tokens), start + REACH)
        while place < end:
            following = self._step(start, place)
            if following is None:
                break
            # What is joined by a hyphen counts as one word.
            end = min(len(self.tokens), end + max(0, following - place - 1))
            place = following
        return self.best or self.spare

    def _step(self, start: int, place: int) -> int | None:
        """The token to go on from; None at the end of the phrase."""
        token = self.tokens[place]
        if self.masked[place]:
            return place + 1 if token.fold in _NOW else None
        if token.kind != "w":
            return self._over_sign(place)
        if token.fold in {"and", "or"}:
            ended = self.best is not None or self.spare is not None or place == start
            return None if ended else place + 1
        found = known(self.tokens, place, self.context)
        if found is None and token.fold in self.context.lexicon.stops:
            return self._over_determiner(start, place)
        if token.fold == "of":
            return place + 1 if place == start or self.form in _SHARES else None
        last = place + (found[0] if found else 1)
        if _hyphened(self.tokens, last):
            return self._compound(place, last + 1)
        if found is not None:
            self.best = Noun(place, found[1], last)
            return last
        return self._unknown(place)

    def _over_sign(self, place: int) -> int | None:
        text = self.tokens[place].text
        if self.best is not None:
            return None
        if text == "-":
            return place + 2
        return place + 1 if text == "&" or text in _QUOTES else None

    def _over_determiner(self, start: int, place: int) -> int | None:
        of = place > start and self.tokens[place - 1].fold == "of"
        determiner = self.tokens[place].fold in _DETERMINERS
        return place + 1 if of and determiner and self.best is None else None

    def _compound(self, place: int, second: int) -> int:
        """Of "acre-feet" both words are the unit, of "farm-workers" the second."""
        thing = known(self.tokens, second, self.context)
        word = self.tokens[second].fold
        if thing is None or not _many(word):
            return second + 1
        unit = f"{self.tokens[place].fold}-{word}" if word in _MEASURES else thing[1]
        self.best = Noun(place, unit, second + thing[0])
        return second + thing[0]

    def _unknown(self, place: int) -> int | None:
        token = self.tokens[place]
        modifier = token.fold in self.context.lexicon.modifiers
        plural = not modifier and _plural(token)
        if self.best is not None:
            # "5 school bullies": one word more after a noun in the singular.
            single = not self.one and not _many(self.tokens[self.best.place].fold)
            if single and plural and self.best.last == place:
                self.best = Noun(place, _slug(token.fold), place + 1)
            return None
        if self.spare is not None:
            return None
        if plural:
            self.spare = Noun(place, _slug(token.fold), place + 1)
        return place + 1


def _many(word: str) -> bool:
    return word in _PLURALS or word.endswith("s")


def _hyphened(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word goes on with a hyphen: `family-owned` is no family."""
    if place + 1 >= len(tokens):
        return False
    hyphen, word = tokens[place], tokens[place + 1]
    glued = hyphen.text == "-" and hyphen.glued and word.glued
    return glued and word.kind == "w" and word.fold not in _COMPOUNDS


def _plural(token: Token) -> bool:
    word = token.fold
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s"))
        and word.isascii()
        and not token.text[0].isupper()
    )


def _slug(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word).strip("-")


def _spanish(
    tokens: Sequence[Token],
    at: int,
    form: str,
    masked: bytearray,
    context: Context,
    *,
    scaled: bool,
) -> Noun | None:
    start = _after_de(tokens, at, form, context, scaled=scaled)
    spare: Noun | None = None
    for place in range(start, min(len(tokens), start + SPANISH_REACH)):
        token = tokens[place]
        if token.kind != "w" or masked[place]:
            if token.text in _QUOTES and not masked[place]:
                continue
            break
        found = known(tokens, place, context)
        modifier = token.fold in context.lexicon.modifiers
        if found is not None and not (modifier and _noun_follows(tokens, place, context)):
            return Noun(place, found[1], place + found[0])
        if modifier:
            continue
        if token.fold in context.lexicon.stops or token.fold == "de":
            break
        participle = token.fold.endswith(("ados", "adas", "idos", "idas"))
        verb = token.fold.endswith(("amos", "emos", "imos")) and tokens[place - 1].kind != "w"
        if (
            spare is not None
            or not _plural(token)
            or (verb and token.fold not in _IN_MOS)
            or context.lexicon.frequencies.at(tokens, place) is not None
            or (participle and tokens[place - 1].fold != "de")
        ):
            break
        spare = Noun(place, _slug(token.fold), place + 1)
    return spare


def _after_de(
    tokens: Sequence[Token], at: int, form: str, context: Context, *, scaled: bool
) -> int:
    """The token after "de" and "de los", where the number takes one before its noun."""
    folds = [token.fold for token in tokens[at : at + 2]]
    if (
        folds[:1] == ["de"]
        and folds[1:]
        and folds[1] in _OF_THESE
        and _noun_follows(tokens, at + 1, context)
    ):
        # "9 mil de sus compatriotas", "12 de los detenidos"
        return at + 2
    takes = scaled or form in {"fraction", "share", "order"}
    if not takes or at >= len(tokens) or tokens[at].fold not in {"de", "del"}:
        return at
    at += 1
    if form in {"digits", "words"}:
        return at
    while at < len(tokens) and tokens[at].fold in context.lexicon.articles | _SPANISH_DETERMINERS:
        at += 1
    return at


def _noun_follows(tokens: Sequence[Token], place: int, context: Context) -> bool:
    return place + 1 < len(tokens) and known(tokens, place + 1, context) is not None
