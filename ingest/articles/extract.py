"""Every figure of a text, in its normalised reading.

Stages, each a module of `quantities`: sentences and tokens with offsets, spans of time, numbers
and what stands next to them, exclusions, carried units, changes, the span of each figure, its
class; then `linking` names indicator, places and facets by the catalogue's cues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from config.catalog import Catalog
from config.schema import Comparator
from ingest.articles import linking
from ingest.articles.cues import index_of
from ingest.articles.quantities import (
    binding,
    carried,
    changes,
    classes,
    figures,
    furniture,
    periods,
)
from ingest.articles.quantities.calendar import told
from ingest.articles.quantities.carried import Memory
from ingest.articles.quantities.context import LEXICONS, Context, make_context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.timeline import Bounds, Timeline, reported
from ingest.articles.quantities.tokens import Sentence, Token, fold, sentences, tokenise
from ingest.articles.quantities.wordsets import words
from ingest.articles.tongues import language_of


@dataclass(frozen=True)
class Extracted:
    """One figure. `text[start:end] == quote`; values are in `unit`, scale words multiplied out."""

    quote: str
    start: int
    end: int
    value_low: Decimal | None
    value_high: Decimal | None
    comparator: Comparator
    rounding_unit: Decimal
    unit: str | None
    """An id of config/units.yaml, or a plural noun in English where that has none; money of
    another currency than the US dollar is its ISO code in lower case."""
    currency: str | None
    geography: tuple[str, ...]
    """Areas that the sentence names for the figure."""
    period_start: date | None
    period_end: date | None
    claim_class: Literal["core", "context", "vague", "implicit"]
    indicator: str
    """Id, or empty where no indicator's cues stand near."""
    measure: str
    facets: dict[str, str]
    ref_areas: tuple[str, ...]
    counterpart_areas: tuple[str, ...]
    status: str
    confidence: float
    """0 to 1: how many readings the rules had to guess. 0.95 where number, unit and link stand
    side by side; less for a carried unit, a missing period, a bare small count, a weak link."""


_DIGIT = re.compile(r"[0-9½¼¾⅓⅔]")
_WORD = re.compile(r"[^\W\d_]+")
_AHEAD = words(
    """will would planned plans plan expected expects scheduled due next upcoming prometio preve
    planea preven shall going promised pledged"""
)
MAX_NUMBERS = 60
"""Most numbers of one sentence; what has more is a table."""
TITLE_WITHIN = 200
"""A date in a title holds for the text; titles stand in the first characters."""


def extract(
    text: str, language: str | None, published_on: date | None, catalog: Catalog
) -> list[Extracted]:
    """The figures of a text in order of place; they do not overlap.

    `language` is `en`, `es` or None for the one that the text is in. Relative dates are resolved
    against `published_on`, and left open without it. Raises `OtherLanguageError` where the text is
    in neither language.
    """
    code = language or language_of(text)
    if code not in LEXICONS:
        raise ValueError(f"language {code!r} is not known; known are en and es")
    index = index_of(catalog, code)
    context = make_context(text, code, published_on, index.unit_words)
    found: list[Extracted] = []
    timeline, memory = Timeline(), Memory()
    linker = linking.Linker(index)
    for sentence in _worth_reading(text, context):
        tokens = tokenise(text, sentence.start, sentence.end)
        if _is_table(tokens, context):
            continue
        drafts, spans = _read(text, sentence, tokens, timeline, memory, context, linker)
        links = linker.link(tokens, drafts, sentence.paragraph)
        for draft, bounds, link in zip(drafts, spans, links, strict=True):
            found.append(_extracted(text, tokens, draft, bounds, link, context))
    return found


def _is_table(tokens: list[Token], context: Context) -> bool:
    """Whether a stretch holds more numbers than prose can: their nouns stand elsewhere."""
    if len(tokens) <= MAX_NUMBERS:
        return False
    openers = context.lexicon.small.keys() | context.lexicon.scales.keys() | context.lexicon.halves
    return sum(token.kind == "n" or token.fold in openers for token in tokens) > MAX_NUMBERS


def _worth_reading(text: str, context: Context) -> Iterator[Sentence]:
    """The sentences that can hold a figure or a date, without notices and lists of sources."""
    end = furniture.body_end(text)
    lexicon = context.lexicon
    opening = lexicon.telling
    for sentence in sentences(text[:end] if end < len(text) else text):
        lowered = fold(text[sentence.start : sentence.end])
        # Titles have no figures, but tell what those below are of.
        worth = (
            sentence.start < TITLE_WITHIN
            or _DIGIT.search(lowered)
            or not opening.isdisjoint(_WORD.findall(lowered))
        )
        if worth and not furniture.is_notice(lowered):
            yield sentence


def _read(
    text: str,
    sentence: Sentence,
    tokens: list[Token],
    timeline: Timeline,
    memory: Memory,
    context: Context,
    linker: linking.Linker,
) -> tuple[list[Draft], list[Bounds]]:
    """The figures of a sentence with their spans of time."""
    context.calendar.ahead = [
        place for place, token in enumerate(tokens) if token.kind == "w" and _is_ahead(token)
    ]
    timeline.enter(sentence.paragraph)
    context.calendar.fiscal_year = timeline.fiscal[1].year if timeline.fiscal[1] else None
    context.calendar.told_year = timeline.told_year(context.published_on)
    named = reported(periods.find(tokens, context.calendar), timeline, context.published_on)
    masked = figures.mask_of(tokens, named)
    drafts = figures.read(tokens, masked, context)
    if drafts:
        linker.read_bare(tokens, drafts)
        drafts = carried.fill(tokens, drafts, memory, masked, context)
        changes.mark(tokens, drafts, masked, context)
        memory.keep(drafts)
    drafts = _apart(drafts)
    spans = binding.bind(tokens, drafts, named, timeline, context)
    if not drafts and len(named) == 1 and _is_title(sentence, tokens):
        timeline.head()
    return drafts, spans


def _apart(drafts: list[Draft]) -> list[Draft]:
    """The figures with quotes that do not overlap: what two would quote goes to the later one's
    comparator, and a figure whose number lies in another's quote is dropped."""
    kept: list[Draft] = []
    for draft in drafts:
        if kept:
            before = kept[-1]
            if draft.number_first < before.number_last:
                continue
            draft.first = max(draft.first, before.number_last)
            before.last = min(before.last, draft.first)
        kept.append(draft)
    return kept


def _is_title(sentence: Sentence, tokens: list[Token]) -> bool:
    return sentence.start < TITLE_WITHIN and tokens[-1].text not in ".!?:"


def _is_ahead(token: Token) -> bool:
    """Whether a word speaks of what is to come: `will`, `llegarán`."""
    return token.fold in _AHEAD or (
        len(token.text) > 4 and token.text.endswith(("rá", "rán", "remos")) and token.text.islower()
    )


def _extracted(
    text: str,
    tokens: list[Token],
    draft: Draft,
    bounds: Bounds,
    link: linking.Link,
    context: Context,
) -> Extracted:
    start, end = tokens[draft.first].start, tokens[draft.last - 1].end
    low, high, comparator = _values(draft)
    unit = draft.unit
    if unit is not None and draft.per is not None and not link.plain_unit:
        unit = f"{unit}-per-{draft.per}"
    figure_class = classes.class_of(draft, context)
    if link.indicator and figure_class == "context" and unit not in _DURATIONS:
        figure_class = "core"
    first, last = told(bounds[0]), told(bounds[1])
    if first is not None and last is not None and first > last:
        first = None
    return Extracted(
        quote=text[start:end],
        start=start,
        end=end,
        value_low=low,
        value_high=high,
        comparator=comparator,
        rounding_unit=_plain(_place(draft)),
        unit=link.unit or unit,
        currency=draft.currency,
        geography=link.geography,
        period_start=first,
        period_end=last,
        claim_class=figure_class,
        indicator=link.indicator,
        measure=link.measure,
        facets=link.facets,
        ref_areas=link.ref_areas,
        counterpart_areas=link.counterpart_areas,
        status=link.status,
        confidence=_confidence(draft, bounds, link),
    )


_DURATIONS = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "decades"})
_WHOLE = {"percent", "percent-change", "percentage-points", "ratio", "basis-points"}


def _place(draft: Draft) -> Decimal:
    """The rounding unit: one for percent, rates and ratios without decimals."""
    unit = draft.unit or ""
    whole = unit in _WHOLE or unit.startswith("per-")
    if whole and draft.place > 1 and draft.form not in {"fraction", "share", "vague"}:
        return Decimal(1)
    return draft.place


def _values(draft: Draft) -> tuple[Decimal | None, Decimal | None, Comparator]:
    """Both ends as the comparator takes them; a fall has its sign, and turns bounds round."""
    low, high, code = _plain(draft.low), _plain(draft.high), draft.comparator
    if draft.sign < 0:
        low, high = -high, -low
        code = changes.FLIPPED.get(code, code)
    comparator = Comparator(code)
    if comparator in {Comparator.GT, Comparator.GE}:
        return low, None, comparator
    if comparator in {Comparator.LT, Comparator.LE, Comparator.ALMOST}:
        return None, high, comparator
    return low, high, comparator


def _plain(value: Decimal) -> Decimal:
    """Without zeros after the point and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _confidence(draft: Draft, bounds: Bounds, link: linking.Link) -> float:
    confidence = 0.95
    for doubt, factor in (
        (draft.carried, 0.8),
        (draft.form == "vague", 0.5),
        (bounds == (None, None), 0.9),
        (not link.indicator, 0.8),
        (link.weak, 0.8),
        (draft.form == "words" and draft.low < 13 and not draft.hedged, 0.9),
        (draft.unit is not None and draft.noun is None and draft.per is None
         and draft.currency is None and not draft.unit.startswith("per"), 0.9),
    ):  # fmt: skip
        if doubt:
            confidence *= factor
    return round(confidence, 2)


def as_record(found: Extracted) -> dict[str, object]:
    """A figure as the JSON line that the command prints: numbers as numbers where they are exact
    as such, dates as ISO 8601."""
    return {
        "quote": found.quote,
        "start": found.start,
        "end": found.end,
        "value_low": _number(found.value_low),
        "value_high": _number(found.value_high),
        "comparator": found.comparator.value,
        "rounding_unit": _number(found.rounding_unit),
        "unit": found.unit,
        "currency": found.currency,
        "geography": list(found.geography),
        "period_start": found.period_start and found.period_start.isoformat(),
        "period_end": found.period_end and found.period_end.isoformat(),
        "class": found.claim_class,
        "indicator": found.indicator,
        "measure": found.measure,
        "facets": dict(found.facets),
        "ref_areas": list(found.ref_areas),
        "counterpart_areas": list(found.counterpart_areas),
        "status": found.status,
        "confidence": found.confidence,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
