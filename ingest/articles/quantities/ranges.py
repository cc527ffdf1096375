"""Ranges: two numbers that bound one figure, `60 to 70 percent`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities import units
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft, draft_of
from ingest.articles.quantities.numbers import Number, number_at
from ingest.articles.quantities.tokens import Token
from ingest.articles.quantities.wordsets import words

_MILLION = 10**6
_SIGNS = words("$ € £ us us$")
_BEFORE_NUMBER = _SIGNS | {"some", "about", "roughly", "\\"}
_DASHES = frozenset("-–—")


def join(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> Draft | None:
    """The range that begins with a figure: `between 80 and 95 million`, `de 60 a 70 por ciento`."""
    lexicon, at = context.lexicon, draft.last
    if at + 1 >= len(tokens) or masked[at] or draft.form == "order" or draft.ranged:
        return None
    lead = draft.first - 1
    while lead >= 0 and tokens[lead].fold in lexicon.articles | _BEFORE_NUMBER:
        lead -= 1
    before, middle = tokens[lead].fold if lead >= 0 else "", tokens[at].fold
    between = before in lexicon.between and middle in lexicon.and_ | {"a", "to"}
    led = between or before in lexicon.range_from
    if not between and (middle not in lexicon.range_middle or (middle == "hasta" and not led)):
        return None
    if not led and draft.noun is not None:
        return None
    other = _other_end(tokens, at + 1, masked, context)
    if other is None or not _agrees(tokens, draft, other, masked, context):
        return None
    if not led and middle in {"a", "al"} and draft.form == "words" and other.form != "words":
        return None
    if led and not between and draft.unit is not None and draft.noun is None:
        probe = draft_of(other)
        units.bind(tokens, probe, context, masked)
        if probe.unit is None and draft.currency is not None and _named(tokens, draft):
            # "de 17,4 pesos a 18,2": a range says its unit at its end.
            return None
    if led and not between and _changes(tokens, lead, context):
        return None
    ends = _ends(draft, other)
    if ends is None:
        return None
    first = draft.first
    if led:
        first = lead - (lead > 0 and tokens[lead - 1].fold == "anywhere")
    joined = Draft(
        *ends, first, other.last, draft.number_first, other.last, "digits", comparator="range",
        ranged=True, scaled=draft.scaled or other.scaled,
        currency=draft.currency or other.currency, unit=draft.unit,
    )  # fmt: skip
    kept = joined.unit, joined.currency
    units.bind(tokens, joined, context, masked)
    if joined.unit is None or (kept[1] and not joined.currency):
        joined.unit, joined.currency = kept
    return None if joined.unit is None and middle in _DASHES else joined


def _other_end(
    tokens: Sequence[Token], start: int, masked: bytearray, context: Context
) -> Number | None:
    while start < len(tokens) and tokens[start].fold in context.lexicon.articles | _SIGNS:
        start += 1
    if start >= len(tokens):
        return None
    other = number_at(tokens, start, context.lexicon, context.style)
    if other is None or other.form == "order" or any(masked[other.first : other.last]):
        return None
    return other


def _agrees(
    tokens: Sequence[Token], draft: Draft, other: Number, masked: bytearray, context: Context
) -> bool:
    """Whether both ends have one unit: "rose 12 percent to 3,400" are two figures."""
    if draft.unit is None or draft.currency or draft.noun is not None:
        return True
    probe = draft_of(other)
    units.bind(tokens, probe, context, masked)
    return probe.unit == draft.unit


def _ends(draft: Draft, other: Number) -> tuple[Decimal, Decimal, Decimal] | None:
    """(low, high, place) of both ends; a scale word said once holds for both."""
    low, high, place = draft.low, other.high, draft.place
    factor = Decimal(1)
    if draft.scaled and low < _MILLION and high >= 1000 * _MILLION:
        # "de 20 mil a 35 mil millones"
        factor = Decimal(_MILLION)
    elif other.scaled and not draft.scaled and low < 1000:
        factor = _scale_of(other)
    if low * factor <= high:
        low, place = low * factor, place * factor
    return (low, high, min(place, other.place)) if low < high else None


def _scale_of(number: Number) -> Decimal:
    """The scale word's worth in a number: a million for `2 million`."""
    factor = Decimal(1)
    for power in (3, 6, 9, 12):
        if number.low < Decimal(10) ** power:
            break
        factor = Decimal(10) ** power
    return factor


def _changes(tokens: Sequence[Token], lead: int, context: Context) -> bool:
    """Whether a word of change stands before "from": then its ends are two figures."""
    near = tokens[max(0, lead - 8) : max(0, lead)]
    return any(token.fold in context.lexicon.change for token in near)


def _named(tokens: Sequence[Token], draft: Draft) -> bool:
    """Whether the money stands behind the number, in words."""
    return draft.last > draft.number_last and tokens[draft.last - 1].kind == "w"
