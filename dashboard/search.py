"""Search in memory, blind to case and accents: every word of a query must begin one of a document.

Pure: documents in, hits out. The index is a sorted vocabulary with the documents of each word, so
that a query costs what its words meet and not the length of the texts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import NamedTuple

MOST_CHARACTERS = 200
"""More of a query is cut off."""
TITLE, NAME, TEXT = 3, 2, 1
"""Weights: what a result is called, what it is known by besides, what is said of it."""
SHORTEST_OPEN = 3
MOST_SUGGESTED_FOR = 3
"""Words of a query for which nearer ones are looked for."""
LONGEST_SUGGESTED_FOR = 40
NEAR = 0.72
"""Least similarity of a suggested word, of difflib's ratio."""

_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?:(?<=..[aeiou][dlnrz])es|(?<=.{4})ies|(?<=..[^s])s)$")
"""Endings of plurals in Spanish and English: naciones, agencies, homicides, homicidios."""
_SMALL = frozenset(
    ["a", "al", "an", "and", "at", "by", "con", "de", "del", "e", "el", "en", "for", "from", "in",
     "la", "las", "los", "o", "of", "on", "or", "para", "por", "que", "se", "su", "the", "to", "u",
     "un", "una", "with", "y"]
)  # fmt: skip
"""Articles, prepositions and conjunctions of both languages."""


class Word(NamedTuple):
    """A word in a text: where it stands, and how it is compared."""

    start: int
    end: int
    folded: str
    open: bool = False
    """Whether it stands for every word that begins so: an asterisk follows it (`asesinat*`)."""

    def answers(self, term: str) -> bool:
        """Whether it is what a term asks for."""
        if self.folded.startswith(stem(term)):
            return True
        return self.open and len(self.folded) >= SHORTEST_OPEN and term.startswith(self.folded)


def fold(text: str) -> str:
    """Without accents and case: `México` is `mexico`."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def composed(text: str) -> str:
    """With each accented letter as one character, as `words` counts them."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> Iterator[Word]:
    """The words of a composed text: runs of letters and digits."""
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        if folded:
            open_ = text[match.end() : match.end() + 1] == "*"
            yield Word(match.start(), match.end(), folded, open_)


def terms(query: str) -> tuple[str, ...]:
    """What has to be found: the query's words, of small ones only where there are no others."""
    found = dict.fromkeys(word.folded for word in words(composed(query[:MOST_CHARACTERS])))
    return tuple(word for word in found if word not in _SMALL) or tuple(found)


def stem(term: str) -> str:
    """What a word must begin with to match: the term, in the singular where it looks plural."""
    return _PLURAL.sub("", term) if len(term) > 4 else term


@dataclass(frozen=True)
class Field:
    """A text of a document."""

    text: str
    weight: int
    label: str = ""
    """What of the document it is: a word that the page knows how to say."""
    language: str | None = None
    """None: a name, which is of no language."""


@dataclass(frozen=True)
class Document:
    """One thing that can be found."""

    kind: str
    id: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Hit:
    """A document that has every word, and how well."""

    document: Document
    in_title: bool
    """Whether every word stands in a title."""
    score: int


class Index:
    """Documents by their words. Hits are in order: titles first, then by score, then as given."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        self._weights: dict[str, dict[int, int]] = {}
        self._open: dict[str, dict[int, int]] = {}
        self._spelt: dict[str, str] = {}
        for number, document in enumerate(self.documents):
            for field in document.fields:
                text = composed(field.text)
                for word in words(text):
                    for table in (self._weights, self._open) if word.open else (self._weights,):
                        known = table.setdefault(word.folded, {})
                        known[number] = max(known.get(number, 0), field.weight)
                    if not word.open:
                        self._spelt.setdefault(word.folded, text[word.start : word.end].lower())
        self._words = sorted(self._weights)

    def search(self, asked: Sequence[str]) -> list[Hit]:
        """Documents that have, for each of the terms, a word that begins with it. None for none."""
        if not asked:
            return []
        found: dict[int, int] | None = None
        lowest: dict[int, int] = {}
        # The longest first: it is met least often, and the rest is looked up among what is left.
        for term in sorted(asked, key=len, reverse=True):
            met = self._met(term)
            kept = met.keys() if found is None else met.keys() & found.keys()
            found = {number: (found or {}).get(number, 0) + met[number] for number in kept}
            lowest = {number: min(lowest.get(number, met[number]), met[number]) for number in kept}
            if not found:
                return []
        hits = [
            Hit(self.documents[number], lowest[number] >= 2 * TITLE, score)
            for number, score in sorted((found or {}).items())
        ]
        return sorted(hits, key=lambda hit: (not hit.in_title, -hit.score))

    def _met(self, term: str) -> dict[int, int]:
        """Documents of a term, each with twice its best weight, one more where a word is whole."""
        beginning = stem(term)
        whole = {beginning, term}
        found: dict[int, int] = {}
        for position in range(bisect_left(self._words, beginning), len(self._words)):
            word = self._words[position]
            if not word.startswith(beginning):
                break
            more = word in whole
            for number, weight in self._weights[word].items():
                found[number] = max(found.get(number, 0), 2 * weight + more)
        for end in range(SHORTEST_OPEN, len(term) + 1) if self._open else ():
            for number, weight in self._open.get(term[:end], {}).items():
                found[number] = max(found.get(number, 0), 2 * weight)
        return found

    def missing(self, asked: Sequence[str]) -> list[str]:
        """Terms that no document has."""
        return [term for term in asked if not self._met(term)]

    def nearest(self, term: str, most: int = 3) -> list[str]:
        """Words of the documents that are spelt like a term, as they are written there."""
        if len(term) > LONGEST_SUGGESTED_FOR:
            return []
        room = max(1, len(term) // 3)
        # One of the first letters is nearly always right; comparing with every word is slow.
        near = [
            word
            for word in self._spelt
            if len(word) > 2
            and abs(len(word) - len(term)) <= room
            and (word[0] == term[0] or word[1:3] == term[1:3])
        ]
        return [self._spelt[word] for word in get_close_matches(term, near, n=most, cutoff=NEAR)]

    def suggestions(self, asked: Sequence[str], most: int = 5) -> list[tuple[str, int]]:
        """Queries near to one that finds nothing, each with how many documents it finds.

        One word that is not found is changed for one that is spelt like it; where every word is
        found, but not together, each word alone.
        """
        wrong = self.missing(asked)
        tried: list[tuple[str, ...]]
        if not wrong:
            tried = [(term,) for term in asked[:most]] if len(asked) > 1 else []
        else:
            tried = _replaced(asked, {w: self.nearest(w) for w in wrong[:MOST_SUGGESTED_FOR]})
        found: dict[str, int] = {}
        for words_ in tried:
            query = " ".join(self._spelt.get(word, word) for word in words_)
            count = len(self.search(terms(query)))
            if count:
                found.setdefault(query, count)
        return list(found.items())[:most]


def _replaced(asked: Sequence[str], near: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """The query with every wrong word changed, best first; the changed words alone after that."""
    alone: list[tuple[str, ...]] = [(word,) for words_ in near.values() for word in words_]
    if not all(near.values()):
        return alone
    ranks = product(*(range(len(words_)) for words_ in near.values()))
    whole: list[tuple[str, ...]] = []
    for ranked in sorted(ranks, key=sum):
        chosen = {w: near[w][rank] for w, rank in zip(near, ranked, strict=True)}
        whole.append(tuple(chosen.get(word, word) for word in asked))
    return [*whole, *alone]


class Piece(NamedTuple):
    """A part of a text."""

    text: str
    found: bool
    """Whether it is a word that was asked for."""


def pieces(text: str, asked: Sequence[str]) -> list[Piece]:
    """A text cut at the words that were asked for; joined, the pieces are the composed text."""
    text = composed(text)
    parts = []
    position = 0
    for word in words(text):
        if any(map(word.answers, asked)):
            parts.append(Piece(text[position : word.start], found=False))
            parts.append(Piece(text[word.start : word.end], found=True))
            position = word.end
    parts.append(Piece(text[position:], found=False))
    return [part for part in parts if part.text]


def covered(text: str, asked: Sequence[str]) -> frozenset[str]:
    """The terms that a text has."""
    have = list(words(composed(text)))
    return frozenset(term for term in asked if any(word.answers(term) for word in have))


def snippet(text: str, asked: Sequence[str], most: int = 240) -> str:
    """As much of a text as there is room for, from a little before the first word asked for."""
    text = composed(text)
    if len(text) <= most:
        return text
    at = next((word.start for word in words(text) if any(map(word.answers, asked))), 0)
    start = 0 if at < most * 2 // 3 else text.rfind(" ", 0, at - most // 4) + 1
    end = len(text) if start + most >= len(text) else text.rfind(" ", start, start + most)
    end = start + most if end <= start else end
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return f"{before}{text[start:end]}{after}"
