"""Comparators before and after a number, and their scope over the list that follows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.articles.quantities.calendar import year_of
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.lexicon import Lexicon
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

CARRIED = {"gt", "ge", "lt", "le", "approx", "almost"}
_QUANTITY_ENDS = words("percent cent points times ciento veces puntos porcentuales percentage")
_HOW_LONG = words("for after of took takes take lasted lasts spent was is than by to from within")
_POINTING = words("el al del the its su")
_AMOUNT_WORDS = words("$ % percent million billion thousand dollars")
_OF_ONE = {"some", "unos", "unas", "sobre"}
"""These hedge the number they stand before, and no other."""
_EXCEEDING = words(
    """supero superaron supera superan rebaso rebasa rebasaron rebasan exceeded surpassed topped
    exceeds surpasses excedio supere superado superar rebasado rebasar"""
)


def bind(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """Reads the comparator of a draft and takes it into the quote."""
    if draft.form == "vague":
        return
    before = _before(tokens, draft, context)
    if before is not None:
        code, first = before
        draft.comparator = _combine(draft, code)
        draft.first, draft.hedged = first, True
        return
    if draft.form != "order" and _exceeds(tokens, draft, context):
        draft.comparator, draft.hedged = "gt", True
        return
    after = context.lexicon.after.at(tokens, draft.number_last)
    if after is None:
        after = context.lexicon.after.at(tokens, draft.last)
        end = draft.last
    else:
        end = draft.number_last
    if (
        after is not None
        and (end + after[0] < len(tokens))
        and (
            tokens[end + after[0]].kind == "n"
            or tokens[end + after[0]].fold in context.lexicon.small
            or tokens[end + after[0]].fold in {"de", "than", "que", "del"}
        )
    ):
        after = None
    if after is not None and draft.form != "order":
        draft.comparator = _combine(draft, after[1])
        draft.last = max(draft.last, end + after[0])
        draft.hedged = True
        return
    plus = draft.number_last
    if plus < len(tokens) and tokens[plus].text == "+" and tokens[plus].glued:
        draft.comparator, draft.hedged = "ge", True


def _exceeds(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Words may stand between the verb and the number: `superó ayer por primera vez los 9`."""
    place = draft.first - 1
    if place < 0 or tokens[place].fold not in {"los", "las", "the", "el"}:
        return False
    for back in range(place, max(-1, place - 8), -1):
        token = tokens[back]
        if token.fold in _EXCEEDING:
            return True
        if token.kind != "w":
            return False
    return False


def _combine(draft: Draft, code: str) -> str:
    """An order stays one, save that "more than" and its like bound it from below."""
    if draft.ranged:
        return "range"
    return "order" if draft.form == "order" else code


def _before(tokens: Sequence[Token], draft: Draft, context: Context) -> tuple[str, int] | None:
    lexicon = context.lexicon
    place = draft.first
    for skipped in range(3):
        found = lexicon.before.before(tokens, place)
        if found is not None:
            length, code = found
            first = place - length
            aside = tokens[place - 1].fold in {"above", "below", "over", "under", "than"}
            if skipped and aside and tokens[draft.first - 1].fold == "the":
                return None
            if (
                tokens[first].fold in {"up", "down"}
                and first
                and (tokens[first - 1].fold in lexicon.change)
            ):
                return None
            if _compares(tokens, first, place, lexicon.comparisons) and _after_quantity(
                tokens, first, context
            ):
                return None
            if _beside(tokens, first, place, draft.first, lexicon):
                return None
            if (
                code == "gt"
                and tokens[first].fold == "over"
                and _is_span(tokens, first, draft, context)
            ):
                return None
            if code == "le" and _is_to(tokens, first, place, context):
                return None
            if code == "le" and first and tokens[first - 1].fold in _POINTING:
                # "por encima del máximo de 130,600": the peak that was.
                return None
            # "de más de", "a más de": the outer word only leads there.
            outer = lexicon.before.before(tokens, first)
            if outer is not None and outer[1] in {"le", "approx"} and length >= 1:
                first -= outer[0] if outer[1] == "approx" and code in {"gt", "lt"} else 0
            return code, first
        if place and tokens[place - 1].fold in lexicon.articles | {"ya", "hoy"}:
            place -= 1
            continue
        if place and tokens[place - 1].text in {'"', "“", "(", "«"}:
            place -= 1
            continue
        return None
    return None


def _beside(tokens: Sequence[Token], first: int, last: int, number: int, lexicon: Lexicon) -> bool:
    """`incautó 2.315 armas, por debajo de las 2.640 de 2021`, `300 files, below the 420 of May`:
    after a quantity and a comma, what the article points at is another figure."""
    pointed = last < number and tokens[last].fold in {"los", "las", "the"}
    if not pointed or not _compares(tokens, first, last, lexicon.comparisons):
        return False
    comma = tokens[first - 1].text == "," if first else False
    return comma and any(token.kind == "n" for token in tokens[max(0, first - 6) : first])


def _compares(tokens: Sequence[Token], first: int, last: int, comparisons: frozenset[str]) -> bool:
    return " ".join(token.fold for token in tokens[first:last]) in comparisons


def _after_quantity(tokens: Sequence[Token], first: int, context: Context) -> bool:
    """Whether a quantity stands right before: `12 percent more than 300`."""
    if first == 0:
        return False
    before = tokens[first - 1]
    return (
        (before.kind == "n" and year_of(before) is None)
        or before.text == "%"
        or before.fold in _QUANTITY_ENDS
        or (
            before.fold in context.lexicon.nouns
            and first > 1
            and tokens[first - 2].kind == "n"
            and tokens[first].fold in {"more", "fewer", "less"}
        )
    )


def _is_span(tokens: Sequence[Token], first: int, draft: Draft, context: Context) -> bool:
    """ "over" before a duration tells in how long, where a quantity has been said before it: "$4
    billion over four years"; "for over four years" bounds it."""
    if draft.unit not in context.lexicon.durations.values():
        return False
    if ahead(tokens, draft.last, 1)[0] in {"ago", "old"}:
        return False
    if first == 0:
        return True
    lead = tokens[first - 1].fold
    if lead in _HOW_LONG or lead in context.lexicon.change:
        return False
    return any(_tells_amount(token) for token in tokens[max(0, first - 14) : first])


def _tells_amount(token: Token) -> bool:
    return (token.kind == "n" and year_of(token) is None) or token.fold in _AMOUNT_WORDS


def _is_to(tokens: Sequence[Token], first: int, last: int, context: Context) -> bool:
    """ "hasta" after a change leads to where it ended: `cayeron 34 %, hasta 587,300`."""
    if last - first != 1 or tokens[first].fold != "hasta":
        return False
    return any(token.fold in context.lexicon.change for token in tokens[max(0, first - 12) : first])


def scope(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """Carries a comparator over a list: `over 32,000 weapons, 17 million rounds and 2,300 grenades`
    are three bounds. Between two of them may stand a comma, "and", and the rest of a noun."""
    lexicon = context.lexicon
    for one, other in pairwise(drafts):
        if (
            one.comparator not in CARRIED
            or tokens[one.first].fold in _OF_ONE
            or other.hedged
            or other.comparator != "eq"
        ):
            continue
        if other.form in {"ratio", "vague"} or one.form == "ratio" or one.ranged or other.ranged:
            continue
        if (one.unit or "").startswith("percent") != (other.unit or "").startswith("percent"):
            continue
        if one.sign or other.sign:
            continue
        gap = tokens[one.last : other.first]
        if not gap or len(gap) > 4:
            continue
        joint = [
            k for k, token in enumerate(gap) if token.fold in lexicon.and_ or token.text == ","
        ]
        if not joint:
            continue
        # A comma alone may lead to the same thing said again: "410 pounds, 232 packages".
        if not _ends_list(tokens, gap, other, lexicon):
            continue
        # Before the joint at most "of heroin"; after it only articles.
        lead, rest = gap[: joint[0]], gap[joint[0] + 1 :]
        if lead and not (lead[0].fold in lexicon.of and len(lead) <= 2):
            continue
        if any(
            token.fold not in lexicon.and_ | lexicon.articles and token.text != ","
            for token in rest
        ):
            continue
        other.comparator = one.comparator


def _ends_list(
    tokens: Sequence[Token], gap: Sequence[Token], other: Draft, lexicon: Lexicon
) -> bool:
    """Whether two figures are conjuncts: "and" stands between them, or follows the second."""
    after = tokens[other.last : other.last + 5]
    return any(token.fold in lexicon.and_ for token in [*gap, *after])
