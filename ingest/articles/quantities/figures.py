"""One sentence to drafts of its figures, each with what stands next to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities import comparators, ranges, shares, units
from ingest.articles.quantities.calendar import Period
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft, draft_of
from ingest.articles.quantities.exclusions import excluded
from ingest.articles.quantities.nouns import known
from ingest.articles.quantities.numbers import Number, number_at
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_HYPHENATED = words(
    """year month week day hour minute page mile ton tonne acre member bed percent point strong
    kilometer kilometre foot meter metre pound kilogram kilo barrel million billion dollar
    trillion peso euro room seat decade megawatt gigawatt gram hectare person unit basis
    percentage per thousand plus"""
)
_DEFINITE = words(
    """the our these those its their both los las nuestros nuestras estos estas esos esas sus
    ambos ambas dichos dichas"""
)
_PLACED = words("in en from de at to a since desde")
_PARTIES = words(
    """countries governments leaders nations presidents parties partners sides neighbors
    neighbours administrations paises"""
)


def mask_of(tokens: Sequence[Token], periods: Sequence[Period]) -> bytearray:
    """1 for every token that belongs to a span of time or can be no figure."""
    masked = bytearray(len(tokens))
    for period in periods:
        if period.masked:
            for place in range(period.first, period.last):
                masked[place] = 1
    for place, token in enumerate(tokens):
        if token.kind in "xd":
            masked[place] = 1
    return masked


def read(tokens: Sequence[Token], masked: bytearray, context: Context) -> list[Draft]:
    """The drafts of a sentence in order of place."""
    found: list[Draft] = []
    place = 0
    while place < len(tokens):
        draft, following = (
            (None, place + 1) if masked[place] else _at(tokens, place, masked, context)
        )
        if draft is not None:
            found.append(draft)
        place = max(following, place + 1)
    comparators.scope(tokens, found, context)
    return found


def _at(
    tokens: Sequence[Token], place: int, masked: bytearray, context: Context
) -> tuple[Draft | None, int]:
    """The draft that begins at a token, and the token to go on from."""
    draft: Draft | None = None
    if tokens[place].kind == "w":
        if tokens[place].fold not in context.lexicon.openers | context.lexicon.hundred:
            return None, place + 1
        draft = (
            shares.ratio_word(tokens, place, context)
            or shares.part_of_point(tokens, place, context)
            or shares.fraction(tokens, place, masked, context)
            or shares.single(tokens, place, context)
            or shares.vague(tokens, place, context)
        )
    if draft is None:
        number = shares.half_unit(tokens, place, context) or number_at(
            tokens, place, context.lexicon, context.style
        )
        if number is None and behind(tokens, place, 2) in (["of", "every"], ["of", "each"]):
            hundred = tokens[place].fold in context.lexicon.hundred
            value = Decimal(100)
            number = Number(value, value, value, place, place + 1, "words") if hundred else None
        if number is None or any(masked[number.first : number.last]):
            return None, place + 1
        draft = _of_number(tokens, number, masked, context)
        if draft is None:
            return None, number.last
    return draft, draft.last


def _of_number(
    tokens: Sequence[Token], number: Number, masked: bytearray, context: Context
) -> Draft | None:
    """What a number tells; None where it is no figure."""
    share = shares.share(tokens, number, masked, context)
    if share is not None:
        return share
    if excluded(tokens, number, context):
        return None
    times = shares.times_as(tokens, number, context)
    if times is None and context.lexicon.code == "es":
        times = shares.tenths(tokens, number, context)
    if times is not None:
        return times
    draft = draft_of(number)
    joined = ranges.join(tokens, draft, masked, context)
    if joined is None:
        units.bind(tokens, draft, context, masked)
        joined = ranges.join(tokens, draft, masked, context)
    draft = joined or draft
    comparators.bind(tokens, draft, context)
    if _only_names(tokens, draft, context) or _points_at(tokens, draft, context):
        return None
    return draft


def _only_names(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether a hyphen makes a name of the number: `two-track`, `single-dose`. Durations and
    measures count all the same: `four-year term`, `40-ton`, and take their unit here."""
    lexicon, at = context.lexicon, draft.number_last
    if lexicon.code != "en" or at + 1 >= len(tokens) or draft.ranged:
        return False
    hyphen, word = tokens[at], tokens[at + 1]
    if hyphen.text != "-" or not hyphen.glued or not word.glued or word.kind != "w":
        return False
    unit = draft.unit or ""
    if draft.last > at + 1 and (unit.startswith("percent") or draft.currency):
        return False
    if word.fold not in _HYPHENATED:
        return True
    own = lexicon.durations.get(word.fold) or lexicon.nouns.get(word.fold)
    own = "persons" if own is None and word.fold == "strong" else own
    if own is not None:
        draft.unit, draft.currency, draft.noun, draft.last = own, None, at + 1, at + 2
    return own is None and word.fold != "plus"


def _points_at(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether the number only points at things known: `the two countries`, `at least one dose`;
    or names: `Minute 325 allows`."""
    if draft.scaled or draft.ranged or draft.currency:
        return False
    if draft.low == 1 and draft.comparator == "ge":
        return True
    if not draft.first or ahead(tokens, draft.number_last, 1)[0] == "-":
        return False
    lead = tokens[draft.first - 1]
    noun = tokens[draft.noun].fold if draft.noun is not None else ""
    if draft.form == "words" and draft.low <= 3 and lead.fold in _DEFINITE:
        return draft.low == 2 or (noun in _PARTIES and draft.low == 3 and lead.fold != "the")
    return _is_name(tokens, draft, lead, context)


def _is_name(tokens: Sequence[Token], draft: Draft, lead: Token, context: Context) -> bool:
    """A capital before a plain number, and after it a verb that looks like a plural."""
    if context.lexicon.code != "en":
        return False
    if draft.noun is None or draft.low >= 1000 or not tokens[draft.number_first].text.isdigit():
        return False
    named = lead.kind == "w" and lead.text[0].isupper() and draft.first > 0
    beside = tokens[draft.number_last]
    if draft.noun == draft.number_last + 1 and beside.fold.endswith("s") and draft.first > 1:
        # "Plant 4 takes home": a verb stands before what looks like the noun.
        return named and known(tokens, draft.number_last, context) is None
    if lead.fold in context.lexicon.months or behind(tokens, draft.first - 1, 1)[0] in _PLACED:
        return False
    common = lead.fold in context.lexicon.stops or lead.fold in context.lexicon.articles
    return named and not common and known(tokens, draft.noun, context) is None
