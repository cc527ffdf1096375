"""The catalogue's cues, made ready to be found in one pass over a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.catalog import Catalog
from config.schema import Indicator, Words
from ingest.articles.quantities.lexicon import Phrases
from ingest.articles.quantities.tokens import Token, fold, tokenise

KEPT_WORDS = 20_000


class Target(NamedTuple):
    """What a cue points to: (`word`, indicator), (`not`, indicator), (`measure`, indicator,
    measure), (`facet`, indicator, facet, value), (`area`, area) ..."""

    kind: str
    indicator: str = ""
    name: str = ""
    value: str = ""


class Hit(NamedTuple):
    place: int
    last: int
    target: Target


class CueWords:
    """Words, stems and phrases, found in one pass over a sentence."""

    def __init__(self) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], Target]]] = {}
        self._stems: dict[str, list[tuple[tuple[str, ...], Target]]] = {}
        self._lengths: list[int] = []
        self._begun: dict[str, list[tuple[tuple[str, ...], Target]]] = {}

    def add(self, phrase: str, target: Target) -> None:
        """One phrase; the last word may end in `*`, and so may the only one."""
        words = tuple(fold(word) for word in phrase.split())
        index = self._phrases
        if words[0].endswith("*"):
            words = (words[0][:-1], *words[1:])
            index = self._stems
            if len(words[0]) not in self._lengths:
                self._lengths.append(len(words[0]))
        entries = index.setdefault(words[0], [])
        if (words, target) not in entries:
            entries.append((words, target))

    def hits(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every cue of the sentence, in order of place."""
        found = []
        for place, token in enumerate(tokens):
            if token.kind != "w":
                continue
            begun = self._begun.get(token.fold)
            if begun is None:
                begun = self._begin(token.fold)
            if not begun or (token.fold == "us" and not token.text.isupper()):
                continue
            for words, target in begun:
                if len(words) == 1 or _goes_on(tokens, place, words):
                    found.append(Hit(place, place + len(words), target))
        return _outermost(found)

    def _begin(self, word: str) -> list[tuple[tuple[str, ...], Target]]:
        """What may begin with a word; kept, since texts repeat their words."""
        begun = list(self._phrases.get(word, ()))
        for length in self._lengths:
            if len(word) >= length:
                begun += self._stems.get(word[:length], ())
        if len(self._begun) >= KEPT_WORDS:
            self._begun.clear()
        self._begun[word] = begun
        return begun


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Without the areas inside a longer name: Central America in "northern triangle of Central
    America"."""
    longest: dict[int, int] = {}
    for hit in hits:
        if hit.target.kind == "area":
            for place in range(hit.place, hit.last):
                longest[place] = max(longest.get(place, 0), hit.last - hit.place)
    return [
        hit
        for hit in hits
        if hit.target.kind != "area"
        or all(longest[place] == hit.last - hit.place for place in range(hit.place, hit.last))
    ]


def _goes_on(tokens: Sequence[Token], place: int, words: tuple[str, ...]) -> bool:
    if place + len(words) > len(tokens):
        return False
    for step in range(1, len(words)):
        word, met = words[step], tokens[place + step].fold
        if word != met and not (word.endswith("*") and met.startswith(word[:-1])):
            return False
    return True


@dataclass(frozen=True)
class Index:
    """A catalogue's cues in one language."""

    catalog: Catalog
    language: str
    cues: CueWords
    unit_words: Phrases[str]


_LAST: dict[str, Index] = {}


def index_of(catalog: Catalog, language: str) -> Index:
    """The index of a catalogue, built once for each language and kept until another comes."""
    kept = _LAST.get(language)
    if kept is None or kept.catalog is not catalog:
        kept = _build(catalog, language)
        _LAST[language] = kept
    return kept


def _build(catalog: Catalog, language: str) -> Index:
    cues = CueWords()
    for area in catalog.areas.values():
        if area.id.startswith("_"):
            continue
        for phrase in (area.name[language], *area.words[language]):
            cues.add(_spaced(phrase), Target("area", area.id))
    for indicator in catalog.indicators.values():
        _add_indicator(cues, indicator, language)
    words: dict[str, str] = {}
    for unit in catalog.units.values():
        names = unit.name.es if language == "es" else unit.name.en
        # Units that are no things counted (percent, money, rates) have their own grammar.
        if unit.currency or "-per-" in unit.id or unit.id in {"percent", "ratio", "per-100k"}:
            continue
        for phrase in (*names, *unit.words[language]):
            words[_spaced(phrase)] = unit.id
    return Index(catalog, language, cues, Phrases(words.items()))


def _spaced(phrase: str) -> str:
    """A phrase as the tokens of a text come: folded, a hyphen a word of its own."""
    return " ".join(token.fold for token in tokenise(phrase, 0, len(phrase)))


def _add_indicator(cues: CueWords, indicator: Indicator, language: str) -> None:
    if indicator.cues is None:
        return
    name = indicator.id

    def add(words: Words, target: Target) -> None:
        for phrase in words[language]:
            cues.add(phrase, target)

    add(indicator.cues.words, Target("word", name))
    add(indicator.cues.also, Target("also", name))
    add(indicator.cues.without, Target("not", name))
    for measure, told in indicator.cues.measures.items():
        add(told.words, Target("measure", name, measure))
        add(told.without, Target("not-measure", name, measure))
        add(told.bare, Target("bare", name, measure))
    for facet, values in indicator.cues.facets.items():
        for value, words in values.items():
            add(words, Target("facet", name, facet, value))
