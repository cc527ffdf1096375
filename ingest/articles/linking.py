"""From a figure to the indicator, measure, facets and places that it speaks of.

Everything that is particular to an indicator is in its `cues:` (config/indicators); here is only
how cues are weighed: a word counts the more the nearer it stands to the figure, a measure must
count in the figure's unit, and a sentence without a word of its own goes on with the indicator of
the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from config.catalog import Catalog
from config.schema import Indicator
from ingest.articles.cues import Hit, Index
from ingest.articles.quantities.context import LEXICONS
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.lexicon import Phrases
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

NEAR = 3.0
FAR = 0.6
LOSS = 0.08
"""What a word of an indicator is worth next to the figure, at least, and lost for each token."""
UNIT_FITS = 1.5
MEASURE_WORD = 1.2
GOES_ON = 0.4
STATUS_REACH = 14
PLACE_REACH = 25
REMEMBERED = 3
RIVALRY = 0.5
"""By how much the words must outweigh those of what the figure may be of instead."""
_PLEDGED = frozenset({"aid", "health", "economy"})
"""Topics whose figures may be promised, planned or threatened instead of having happened."""

_CHANGES = frozenset({"percent-change", "percentage-points", "ratio"})
"""Changes of a quantity belong to its indicator; a share has to be what a measure counts."""
_RELATIVE = _CHANGES | {"percent"}

_PARTS = words("of de del among entre")
_PRONOUNS = words("it they them this these those eso esto ello ellos ellas")
_POINTERS = _PRONOUNS | words("which whom esas esos estas estos cuales")
_HEADS = words(
    """figure figures number numbers total share proportion rate percentage count toll
    cifra cifras numero proporcion tasa porcentaje suma cuenta"""
)
_ARTICLES = words("the that this la las el los ese esa este esta")
_LEADING = words("in by during since until en durante desde hasta para")
_UNTOLD = _ARTICLES | words(
    """about only and but some just almost nearly more less than over under at least
    around roughly up to down by a an or solo casi y pero un una unos cerca
    de mas menos al alrededor of o so again"""
)
"""Before a figure at the head of its sentence: it has no subject there."""


@dataclass(frozen=True)
class Link:
    indicator: str = ""
    measure: str = ""
    facets: dict[str, str] = field(default_factory=dict)
    ref_areas: tuple[str, ...] = ()
    counterpart_areas: tuple[str, ...] = ()
    geography: tuple[str, ...] = ()
    status: str = "stated"
    unit: str | None = None
    """The catalogue's unit where the measure names one that the text does not."""
    plain_unit: bool = False
    weak: bool = False
    """Linked only by what stood before."""


class Linker:
    """Links the figures of one text, sentence by sentence."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._before: tuple[int, Link, str] | None = None
        """Paragraph, link and unit of the figure before."""
        self._topics: dict[str, int] = {}
        """Indicators whose words stood in the last sentences, with how many ago."""
        self._also: dict[str, int] = {}
        self._seen: dict[str, dict[str, str]] = {}
        """Facets by indicator, as the last sentences told them."""
        self._paragraph = -1
        self._hits: list[Hit] = []
        self._of: Sequence[Token] = ()

    def _met(self, tokens: Sequence[Token]) -> list[Hit]:
        if self._of is not tokens:
            self._hits, self._of = self.index.cues.hits(tokens), tokens
        return self._hits

    def read_bare(self, tokens: Sequence[Token], drafts: Sequence[Draft]) -> None:
        """Gives numbers without a unit the one that a measure's `bare` words imply."""
        if not any(_implied(draft) for draft in drafts):
            return
        bare = [hit for hit in self._met(tokens) if hit.target.kind == "bare"]
        if not bare:
            return
        for draft in drafts:
            if not _implied(draft):
                continue
            for hit in bare:
                if self._imply(tokens, draft, hit):
                    break

    def _imply(self, tokens: Sequence[Token], draft: Draft, hit: Hit) -> bool:
        indicator = self.index.catalog.indicators[hit.target.indicator]
        measure = indicator.measures[hit.target.name]
        told = indicator.cues.measures[hit.target.name] if indicator.cues else None
        most = told.bare_maximum if told else None
        if most is not None and draft.high > most:
            return False
        text = tokens[draft.number_first].text
        if draft.low == draft.low.to_integral_value() and "." not in text and "," not in text:
            lead = tokens[draft.first - 1].fold if draft.first else ""
            lexicon = LEXICONS[self.index.language]
            if lead not in lexicon.amounts | {"of", "de", "to", "at", "from"} and not draft.hedged:
                return False
        if draft.currency and measure.unit == "per-100k":
            return False
        draft.unit, draft.currency, draft.per = measure.unit, None, None
        return True

    def link(self, tokens: Sequence[Token], drafts: Sequence[Draft], paragraph: int) -> list[Link]:
        """One link for each figure of a sentence."""
        hits = self._met(tokens)
        self._paragraph = paragraph
        self._topics = _aged(self._topics)
        self._also = _aged(self._also)
        for hit in hits:
            if hit.target.kind == "word":
                self._topics[hit.target.indicator] = 0
            elif hit.target.kind == "also":
                self._also[hit.target.indicator] = 0
        self._seen = {name: told for name, told in self._seen.items() if name in self._topics}
        for hit in hits:
            if hit.target.kind == "facet" and hit.target.indicator in self._topics:
                told = self._seen.setdefault(hit.target.indicator, {})
                told[hit.target.name] = hit.target.value
        links = []
        for index, draft in enumerate(drafts):
            until = drafts[index + 1].first if index + 1 < len(drafts) else len(tokens)
            link = self._link(tokens, draft, hits, until)
            links.append(link)
            if link.indicator:
                self._before = (paragraph, link, draft.unit or "")
        return links

    def _link(self, tokens: Sequence[Token], draft: Draft, hits: Sequence[Hit], until: int) -> Link:
        geography = _places(draft, hits, until)
        lexicon = LEXICONS[self.index.language]
        duration = draft.unit in lexicon.durations.values() or draft.form == "vague"
        if duration or draft.unit is None:
            return Link(geography=geography)
        best: tuple[float, str, str, bool] | None = None
        for name in self._topics:
            scored = self._score(self.index.catalog.indicators[name], draft, hits)
            if scored is not None and (best is None or scored[0] > best[0]):
                best = (scored[0], name, scored[1], scored[2])
        if best is None:
            return Link(geography=geography)
        _, name, measure, weak = best
        indicator = self.index.catalog.indicators[name]
        ref, counterpart = _sides(indicator, measure, _named_places(indicator, draft, hits, until))
        return Link(
            indicator=name,
            measure=measure,
            facets=self._told(indicator, draft, hits, weak=weak),
            ref_areas=ref,
            counterpart_areas=counterpart,
            geography=geography,
            unit=_renamed(self.index.catalog, indicator, measure, draft),
            status=(
                _status(tokens, draft, lexicon.statuses)
                if indicator.topic in _PLEDGED
                else "stated"
            ),
            weak=weak,
        )

    def _told(
        self, indicator: Indicator, draft: Draft, hits: Sequence[Hit], *, weak: bool
    ) -> dict[str, str]:
        """The facets that the sentence tells; those of the one before where it has no word of the
        indicator."""
        found = _facets(indicator, draft, hits)
        return self._seen.get(indicator.id, {}) | found if weak else found

    def _score(
        self, indicator: Indicator, draft: Draft, hits: Sequence[Hit]
    ) -> tuple[float, str, bool] | None:
        """(score, measure, weak) of a figure under an indicator; None where it does not fit."""
        name = indicator.id
        own = [hit for hit in hits if hit.target.indicator == name]
        if indicator.cues is None or (indicator.cues.also.en and name not in self._also):
            return None
        near = [
            _worth(draft, hit) + 0.3 * (hit.target.kind == "bare")
            for hit in own
            if hit.target.kind in {"word", "bare"}
        ]
        rivals = [_worth(draft, hit) for hit in own if hit.target.kind == "not"]
        if rivals and max(rivals) >= max(near, default=0) - RIVALRY:
            return None
        weak = not near
        score = max(near, default=GOES_ON / (1 + self._topics[name]))
        score += 0.1 * max(0, len(near) - 1)
        best: tuple[float, str] | None = None
        unit = draft.unit or ""
        for measure, told in indicator.cues.measures.items():
            words = [
                _worth(draft, hit)
                for hit in own
                if hit.target.kind == "measure" and hit.target.name == measure
            ]
            goes_on = weak and self._goes_on(name) and self._before_measure() == measure
            if told.words[self.index.language] and not words and not goes_on:
                continue
            without = [
                _worth(draft, hit)
                for hit in own
                if hit.target.kind == "not-measure" and hit.target.name == measure
            ]
            if without and max(without) >= max(words or near, default=0):
                continue
            fits = unit in {indicator.measures[measure].unit, *told.units, *told.same_units}
            if not fits and unit not in _CHANGES:
                continue
            total = UNIT_FITS * fits + (MEASURE_WORD * max(words) / NEAR if words else 0.0)
            if best is None or total > best[0]:
                best = (total, measure)
        if best is None:
            return None
        if weak and not (self._goes_on(name) or (best[0] >= UNIT_FITS and unit != "persons")):
            return None
        if weak and unit in _RELATIVE and not _points_back(self._of, draft):
            return None
        return score + best[0], best[1], weak

    def _goes_on(self, name: str) -> bool:
        """Whether the figure before, in the same paragraph, is of the indicator."""
        return (
            self._before is not None
            and self._before[1].indicator == name
            and self._before[0] == self._paragraph
        )

    def _before_measure(self) -> str:
        return self._before[1].measure if self._before is not None else ""


def _aged(topics: dict[str, int]) -> dict[str, int]:
    """One sentence later; what stood more than three sentences ago is forgotten."""
    return {name: ago + 1 for name, ago in topics.items() if ago < REMEMBERED}


def _implied(draft: Draft) -> bool:
    return (
        (draft.unit is None or draft.currency == "MXN")
        and not draft.scaled
        and (draft.form in {"digits", "words"})
    )


def _points_back(tokens: Sequence[Token], draft: Draft) -> bool:
    """Whether a share or a change without a subject of its own is of what was spoken of before:
    "In 2020, it fell 12 percent", "The figure doubled", "Two thirds in 2015". Not so "Inflation
    reached 12 percent", "A third of respondents agreed" and "The other 30 percent"."""
    whole = ahead(tokens, draft.number_last, draft.last - draft.number_last + 2)
    for of, whose in pairwise(whole):
        if of in _PARTS and whose not in _POINTERS:
            return False
    first = draft.first
    if ahead(tokens, 0, 1)[0] in _LEADING:
        comma = next((at for at in range(first) if tokens[at].text == ","), -1)
        before = tokens[comma + 1 : first]
    else:
        before = tokens[:first]
    if all(token.fold in _UNTOLD for token in before):
        return True
    folds = [token.fold for token in before]
    if folds[0] in _POINTERS | {"that"} or not _PRONOUNS.isdisjoint(folds):
        return True
    return any(
        lead in _ARTICLES and head in _HEADS and of not in _PARTS
        for lead, head, of in zip(folds, folds[1:], [*folds[2:], ""], strict=False)
    )


def _worth(draft: Draft, hit: Hit) -> float:
    """What a cue is worth to a figure: the nearer the more; inside the quote the most."""
    if hit.last <= draft.first:
        distance = draft.first - hit.last + 1
    elif hit.place >= draft.last:
        distance = hit.place - draft.last
    else:
        return NEAR
    return max(FAR, NEAR - LOSS * (distance + 1))


def _renamed(catalog: Catalog, indicator: Indicator, measure: str, draft: Draft) -> str | None:
    """The measure's unit where a text's word for it is no unit of the catalogue: applications for
    asylum are persons."""
    unit = indicator.measures[measure].unit
    told = indicator.cues.measures[measure] if indicator.cues else None
    if draft.unit is None or draft.per or draft.unit in catalog.units or told is None:
        return None
    return unit if draft.unit in told.same_units else None


def _places(draft: Draft, hits: Iterable[Hit], until: int) -> tuple[str, ...]:
    """The areas named for a figure: those in its quote and behind it, else those before it."""
    areas = [hit for hit in hits if hit.target.kind == "area"]
    end = max(draft.last, min(until, draft.last + PLACE_REACH // 2))
    behind = [h for h in areas if draft.first <= h.place < end]
    ahead = [h for h in areas if draft.first - PLACE_REACH <= h.place < draft.first]
    chosen = behind or ahead
    return tuple(dict.fromkeys(hit.target.indicator for hit in chosen))


def _named_places(
    indicator: Indicator, draft: Draft, hits: Iterable[Hit], until: int
) -> tuple[str, ...]:
    """The places that a series may be named after: those in the quote and behind it; before it
    where they are what is measured, and where money goes ("provide Honduras with four billion").
    """
    areas = [hit for hit in hits if hit.target.kind == "area"]
    end = max(draft.last, min(until, draft.last + PLACE_REACH // 2))
    behind = [h for h in areas if draft.first <= h.place < end]
    ahead = [h for h in areas if draft.first - PLACE_REACH <= h.place < draft.first]
    measured = indicator.cues is not None and indicator.cues.named == "ref"
    chosen = behind or (ahead if draft.currency or measured else [])
    return tuple(dict.fromkeys(hit.target.indicator for hit in chosen))


def _sides(
    indicator: Indicator, measure: str, named_places: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The areas under which the indicator's series stand."""
    cues = indicator.cues
    if cues is None:
        return (), ()
    told = cues.measures[measure]
    ref = tuple(cues.ref_areas if told.ref_areas is None else told.ref_areas)
    counterpart = tuple(
        cues.counterpart_areas if told.counterpart_areas is None else told.counterpart_areas
    )
    if cues.named is None or told.ref_areas is not None:
        return ref, counterpart
    allowed = set(cues.named_areas)
    other = set(counterpart if cues.named == "ref" else ref)
    named = tuple(
        area for area in named_places if (area in allowed if allowed else area not in other)
    )
    if not named:
        return ref, counterpart
    return (named, counterpart) if cues.named == "ref" else (ref, named)


def _facets(indicator: Indicator, draft: Draft, hits: Iterable[Hit]) -> dict[str, str]:
    best: dict[str, tuple[float, str]] = {}
    for hit in hits:
        if hit.target.kind == "facet" and hit.target.indicator == indicator.id:
            worth = _worth(draft, hit)
            if hit.target.name not in best or worth > best[hit.target.name][0]:
                best[hit.target.name] = (worth, hit.target.value)
    return {facet: value for facet, (_, value) in sorted(best.items())}


def _status(tokens: Sequence[Token], draft: Draft, statuses: Phrases[str]) -> str:
    """`promised`, `threatened` ...: the nearest such word before the figure, or right behind."""
    for place in range(draft.first - 1, max(-1, draft.first - STATUS_REACH), -1):
        found = statuses.at(tokens, place)
        if found is not None:
            return found[1]
    for place in range(draft.last, min(len(tokens), draft.last + 3)):
        found = statuses.at(tokens, place)
        if found is not None and found[1] in {"delivered", "shipped", "promised"}:
            return found[1]
    return "stated"
