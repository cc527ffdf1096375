"""What a language's words mean to the grammar: the shape of `english.LEXICON`, `spanish.LEXICON`.

All words are folded: lower case, no accents (`tokens.fold`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar

from ingest.articles.quantities.tokens import Token
from ingest.articles.quantities.wordsets import words

T = TypeVar("T")


class Phrases(Generic[T]):
    """Phrases of one and more words, found at a place or right before it, the longest first."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        # By first word, then by second, for some words begin very many phrases.
        self._first: dict[str, dict[str, list[tuple[tuple[str, ...], T]]]] = {}
        self._last: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in phrases:
            parts = tuple(phrase.split())
            second = parts[1] if len(parts) > 1 else ""
            self._first.setdefault(parts[0], {}).setdefault(second, []).append((parts, meaning))
            self._last.setdefault(parts[-1], []).append((parts, meaning))
        for entries in self._last.values():
            entries.sort(key=_longest)
        for seconds in self._first.values():
            for entries in seconds.values():
                entries.sort(key=_longest)

    @property
    def first_words(self) -> frozenset[str]:
        """The words with which a phrase begins."""
        return frozenset(self._first)

    def at(self, tokens: Sequence[Token], place: int) -> tuple[int, T] | None:
        """The longest phrase that begins at `place`: (number of words, meaning)."""
        if place >= len(tokens):
            return None
        seconds = self._first.get(tokens[place].fold)
        if seconds is None:
            return None
        if place + 1 < len(tokens):
            for parts, meaning in seconds.get(tokens[place + 1].fold, ()):
                length = len(parts)
                if length == 2 or (
                    place + length <= len(tokens)
                    and all(tokens[place + k].fold == parts[k] for k in range(2, length))
                ):
                    return length, meaning
        alone = seconds.get("")
        return None if alone is None else (1, alone[0][1])

    def before(self, tokens: Sequence[Token], place: int) -> tuple[int, T] | None:
        """The longest phrase whose last word stands right before `place`."""
        if place <= 0:
            return None
        for parts, meaning in self._last.get(tokens[place - 1].fold, ()):
            length = len(parts)
            first = place - length
            if first >= 0 and all(tokens[first + k].fold == parts[k] for k in range(length)):
                return length, meaning
        return None


def _longest(entry: tuple[tuple[str, ...], object]) -> int:
    return -len(entry[0])


_DATED = words(
    """starting beginning effective that before antes since desde until till hasta through by
    between entre from de del fy fys fiscal ano ejercicio first primeros ultimo q h anos
    decada yesterday today now currently tonight this to so year past last previous next
    coming preceding recent rest the a one same month ayer anoche hoy actualmente ahora en
    lo este esta presente fin proximo proxima pasado pasada ultimos ultimas proximos
    proximas pasados ultima siguientes resto por un una mes trimestre quarter semestre
    interanual anual hace el mismo misma ese esa semana dia semestre bimestre sexenio
    quarter decade trimestres meses dias semanas decadas sexenios"""
)


_TELLING = words(
    """year years month months week today yesterday now currently fiscal quarter decade weekend
    ano anos mes meses semana hoy ayer actualmente trimestre semestre bimestre decada dia
    diarios dobles cada daily mitad parte mayoria doble triple cuadruple quintuple hundred
    thousand million billion dozen half third quarter fifth tenth most tercio cuarto millon
    sixth seventh eighth decima decimas septima octava quinta
    docena"""
)
_SLIGHT = words(
    """a an un una el la las al del otra otro another the one to will would could may might can
    than nearly almost about roughly many few several"""
)
"""Words that begin a figure only with others that tell it anyway."""


@dataclass(frozen=True)
class Lexicon:
    code: str
    small: Mapping[str, int]
    """Number words below a hundred, and those of hundreds that stand as one word."""
    hundred: frozenset[str]
    """Words that multiply by a hundred."""
    scales: Mapping[str, Decimal]
    short_scales: Mapping[str, Decimal]
    """Scales written behind digits only (`bn`, `mdd`)."""
    money_scales: Mapping[str, str]
    """Short scales that name their currency: `mdd` is millions of dollars."""
    joints: frozenset[str]
    """Words inside a number: `two hundred and six`."""
    orders: Phrases[tuple[Decimal, Decimal]]
    """Orders of magnitude, to (low, high)."""
    fractions: Phrases[Decimal]
    """Shares in words, to percent."""
    ratios: Phrases[Decimal]
    """`tripled` and its like, to how many times."""
    times: Phrases[int]
    """What follows a number to make it a ratio (`times as many`)."""
    halves: frozenset[str]
    indefinite: frozenset[str]
    """Articles that stand for one before a scale: `a million`."""
    before: Phrases[str]
    """Comparators right before the number, to their code."""
    after: Phrases[str]
    """Comparators right after it."""
    comparisons: frozenset[str]
    """Comparators that, after a quantity, compare instead: `12 percent more than 300`."""
    articles: frozenset[str]
    and_: frozenset[str]
    range_middle: frozenset[str]
    range_from: frozenset[str]
    between: frozenset[str]
    change: frozenset[str]
    """Verbs and nouns of change: after one, `from 5 to 7` are two figures."""
    percent: Phrases[str]
    currencies: Phrases[str]
    """Currency words after the number, to ISO 4217."""
    per: Phrases[int]
    """What begins the base of a rate."""
    frequencies: Phrases[str]
    """`a month`, `each day`: read over, so that they belong to the quote."""
    of: frozenset[str]
    stops: frozenset[str]
    """Words that end the phrase of what is counted."""
    modifiers: frozenset[str]
    """Words between a number and its noun that are never the noun."""
    skipped: Phrases[int]
    """Set phrases with number words that count nothing."""
    nouns: Mapping[str, str]
    """Things counted, to unit (an English plural where config/units.yaml has none)."""
    durations: Mapping[str, str]
    numbered: frozenset[str]
    """Words whose number is a name: `Title 42`, `page 3`."""
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    ordinals: Mapping[str, int]
    seasons: Mapping[str, tuple[int, int]]
    decades: Mapping[str, int]
    amounts: frozenset[str]
    """Verbs that lead from a subject to its number: `homicides reached 300`."""
    contrasts: Phrases[int]
    """What introduces the figure compared with: `up from`, `compared with`."""
    statuses: Phrases[str] = field(default_factory=lambda: Phrases([]))

    @cached_property
    def openers(self) -> frozenset[str]:
        """Words with which a figure can begin; a look into one set spares most words the rest."""
        return frozenset().union(
            self.small,
            self.scales,
            self.halves,
            self.indefinite,
            self.durations,
            self.orders.first_words,
            self.fractions.first_words,
            self.ratios.first_words,
            {"most", "la", "las"},
        )

    @cached_property
    def numeric(self) -> frozenset[str]:
        """Words with which a number can begin."""
        return frozenset().union(
            self.small, self.scales, self.halves, self.indefinite, self.orders.first_words
        )

    @cached_property
    def telling(self) -> frozenset[str]:
        """A sentence without digits and without any of these is not read."""
        return (self.openers - _SLIGHT).union(self.months, self.weekdays, self.seasons, _TELLING)

    @cached_property
    def dated(self) -> frozenset[str]:
        """Words with which a span of time can begin."""
        return frozenset().union(
            self.months, self.weekdays, self.ordinals, self.seasons, self.decades, _DATED
        )
