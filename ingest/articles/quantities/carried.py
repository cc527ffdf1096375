"""Units that a figure takes over: from the other end of a series, from what its sentence speaks
of, from the figure before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.articles.quantities import rates, subjects, transfer
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

REMEMBERED = 8
SERIES_REACH = 14
_MANY = 1000
_FROM = words("from de del desde")
_TO = words("to a al hasta")
_BE = words("fue was era were es is stood ubico situo estaba esta estan estaban quedo")
_LEADS = words("with con another otros otras only solo remaining for at en , los las the")
_MONEY_STEMS = ("invers", "inver", "ayuda", "presupuest", "cost", "gast", "fondo", "desembols",
                "deuda", "funding", "budget", "spent", "spend", "worth", "aid", "financ", "deficit",
                "remesa", "remittanc", "exporta", "importa", "export", "import", "recaud",
                "ingreso", "revenue", "pag", "paid", "debt", "valor", "value")  # fmt: skip


@dataclass
class Memory:
    """What the sentences before have said: their last figures, the newest first."""

    drafts: list[Draft] = field(default_factory=list)

    def keep(self, found: Sequence[Draft]) -> None:
        """Remembers the figures of a sentence that others may take a unit from."""
        fresh = [draft for draft in found if draft.unit and draft.form != "vague"]
        for draft in fresh:
            draft.past = True
        self.drafts = (list(reversed(fresh)) + self.drafts)[:REMEMBERED]


def fill(
    tokens: Sequence[Token],
    drafts: list[Draft],
    memory: Memory,
    masked: bytearray,
    context: Context,
) -> list[Draft]:
    """Gives bare figures a unit where the text tells one; drops those that stay without."""
    _mark_series(tokens, drafts, context)
    _from_behind(tokens, drafts, context)
    kept: list[Draft] = []
    for index, draft in enumerate(drafts):
        draft.compared = _is_compared(tokens, draft, context)
        if draft.unit is not None:
            kept.append(draft)
            continue
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if not _may_carry(tokens, draft, kept, following, context):
            continue
        if _take(tokens, draft, kept, following, memory, masked, context):
            draft.carried = True
            rates.bind_frequency(tokens, draft, context)
            kept.append(draft)
    return kept


def _mark_series(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """The two ends of "from 8 homicides in 2008 to 23 in 2020"."""
    to = {"a", "al", "hasta"} if context.lexicon.code == "es" else {"to"}
    for one, other in pairwise(drafts):
        lead, end = behind(tokens, one.first, 1)[0], behind(tokens, other.first, 1)[0]
        near = other.first - one.last <= SERIES_REACH and not other.ranged
        if lead not in _FROM or end not in to or not near:
            continue
        if (context.lexicon.contrasts.before(tokens, other.first) or (0, 0))[0] > 1:
            # "de 2.7%, frente a 3.5%"
            continue
        before = tokens[max(0, one.first - 12) : one.first]
        if lead == "de":
            # "de 20 pasamos a 40"
            before = [*before, *tokens[one.last : other.first]]
        if lead == "from" or any(token.fold in context.lexicon.change for token in before):
            one.series, other.series = 1, 2
            transfer.scale_like(one, other)


def _from_behind(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """Units told by what follows a list: "fewer than 2,000 and at least 1,500 are missing"."""
    for draft, following in pairwise(drafts):
        if following.unit is None:
            noun = subjects.copula_noun(tokens, following, context)
            if noun is not None and _goes_on(tokens, draft, following, context):
                following.unit, following.carried = noun, True


def _is_compared(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether a figure is what another is held against: `up from 300`, `frente a 300`."""
    lexicon, place = context.lexicon, draft.first
    if draft.series:
        return False
    while place and (tokens[place - 1].fold in lexicon.articles or tokens[place - 1].text in "$("):
        place -= 1
    found = lexicon.contrasts.before(tokens, place)
    if found is None:
        return False
    before, word = behind(tokens, place, 2)
    if word == "que":
        return before in {"mas", "menos", "mayor", "menor"}
    if found[0] == 1 and word == "from":
        return not _ends_at_to(tokens, draft, context)
    return found[0] > 1 or word not in {"ante", "cuando", "de"}


def _ends_at_to(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """In "from 8 ... to 23" the first end is no figure compared with."""
    article = {"a"} if context.lexicon.code == "en" else set()
    return any(
        token.kind == "w" and token.fold in context.lexicon.range_middle - article
        for token in tokens[draft.last : draft.last + 8]
    )


def _may_carry(
    tokens: Sequence[Token],
    draft: Draft,
    kept: Sequence[Draft],
    following: Draft | None,
    context: Context,
) -> bool:
    """Whether a number without a unit looks like a figure at all."""
    rated = bool(kept) and (kept[-1].unit or "").startswith(("per-", "percent"))
    listed = rated or rates.rate_of_sentence(tokens, context) is not None
    if _looks_like_name(tokens, draft, context, listed=listed):
        return False
    lexicon = context.lexicon
    lead = behind(tokens, draft.first, 1)[0]
    if lead == "(" and ahead(tokens, draft.number_last, 1)[0] in {")", ","}:
        return draft.low > 1
    if draft.hedged or draft.scaled or draft.compared or draft.form == "order":
        return True
    ended = lead in _TO | _FROM
    if draft.form == "words":
        if subjects.of_them(tokens, draft):
            return True
        if draft.low <= 12 and not (ended and kept):
            return _is_contrast(tokens, draft, kept)
    elif not _is_plain(tokens, draft) or _after_be(tokens, draft, context):
        return True
    if ended and (kept or following is not None):
        return True
    if draft.first == 0:
        return draft.low >= 100
    if subjects.copula_noun(tokens, draft, context) is not None:
        return True
    led = lead in lexicon.amounts | lexicon.range_from | lexicon.and_ | _LEADS | _TO | _FROM
    return led and (draft.low >= 100 or bool(kept) or lead in lexicon.amounts | {"at"})


def _is_contrast(tokens: Sequence[Token], draft: Draft, kept: Sequence[Draft]) -> bool:
    """`a person each hour; last year, four.`, `Of ten colonies, six were ...`."""
    if not kept or behind(tokens, draft.first, 1)[0] != ",":
        return False
    after = ahead(tokens, draft.last, 1)[0]
    if tokens[0].fold in {"of", "de"} and kept[-1].low > draft.low:
        return after in _BE
    return after in {"", ".", ";"} and any(
        token.text == ";" for token in tokens[kept[-1].last : draft.first]
    )


def _is_plain(tokens: Sequence[Token], draft: Draft) -> bool:
    """One token of nothing but digits."""
    one = draft.number_last == draft.number_first + 1
    return one and tokens[draft.number_first].text.isdigit()


def _after_be(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`fue de 29`, `was 29`."""
    near = behind(tokens, draft.first, 3)
    leads = near[-1] in context.lexicon.amounts | _FROM | {"of", "al"}
    return leads and any(fold in _BE for fold in near)


def _looks_like_name(
    tokens: Sequence[Token], draft: Draft, context: Context, *, listed: bool
) -> bool:
    """Years, codes, and what stands after or before a capital."""
    text = tokens[draft.number_first].text
    if _is_plain(tokens, draft):
        if text.startswith("0") and len(text) > 1:
            return True
        if len(text) == 4 and 1900 <= int(text) <= 2100 and not draft.hedged:
            return True
    after = tokens[draft.number_last] if draft.number_last < len(tokens) else None
    if (
        after is not None
        and after.kind == "w"
        and (after.glued or (after.text[0].isupper() and not draft.hedged))
    ):
        return True
    before = tokens[draft.first - 1] if draft.first > 1 else None
    if before is None or before.kind != "w" or not before.text[0].isupper():
        return False
    bound = draft.hedged or draft.scaled or draft.low >= 1000 or before.text == "("
    # "Colima 86.2 and Yucatán 2.1", where a rate has been said.
    bound = bound or (draft.low % 1 != 0 and listed)
    return not bound and before.fold not in context.lexicon.amounts


def _take(
    tokens: Sequence[Token],
    draft: Draft,
    kept: Sequence[Draft],
    following: Draft | None,
    memory: Memory,
    masked: bytearray,
    context: Context,
) -> bool:
    """Sets the unit of a bare figure; whether there was one to take."""
    others = [*reversed(kept), *memory.drafts]
    if _from_following(tokens, draft, following, context):
        return True
    draft.unit = subjects.told_beside(tokens, draft, masked, context)
    if draft.unit == subjects.RATE:
        draft.unit = None
        return _take_rate(tokens, draft, others, context)
    if draft.unit is not None or _from_previous(tokens, draft, kept, context):
        return True
    draft.unit = subjects.label(tokens, draft, masked, context)
    if draft.unit is not None:
        return True
    if draft.low % 1 != 0 and _take_stated(tokens, draft, context):
        return True
    subject = subjects.subject(tokens, draft, masked, context)
    if subject == subjects.RATE:
        return _take_rate(tokens, draft, others, context)
    if subject is not None and not _is_money_rather(draft, subject, others):
        draft.unit = subject
        beside = kept[-1] if kept else None
        if beside is not None and beside.unit == subject and beside.per in rates.TIMES:
            draft.per = beside.per if transfer.per_goes_on(draft, beside) else None
        return True
    if subjects.speaks_of_rates(tokens) and _take_rate(tokens, draft, others, context):
        return True
    if draft.form == "order":
        draft.unit = "persons"
        return True
    return _from_others(tokens, draft, kept, others, masked, context) or _take_money(
        tokens, draft, context
    )


def _from_following(
    tokens: Sequence[Token], draft: Draft, following: Draft | None, context: Context
) -> bool:
    if following is None or not following.unit:
        return False
    if not _goes_on(tokens, draft, following, context):
        return False
    if not transfer.fits(draft, following) and (draft.scaled or not following.scaled):
        return False
    transfer.scale_like(draft, following)
    transfer.copy_unit(draft, following, context)
    return True


def _from_previous(
    tokens: Sequence[Token], draft: Draft, kept: Sequence[Draft], context: Context
) -> bool:
    """From the figure before in the sentence, where words tie the two together."""
    previous = kept[-1] if kept else None
    if previous is None:
        return False
    lead = behind(tokens, draft.first, 1)[0]
    if previous.currency and lead in context.lexicon.and_ and draft.first - previous.last <= 6:
        # "116.5 millones en 2008 y 300 en 2009"
        transfer.scale_like(draft, previous)
    if not transfer.fits(draft, previous):
        return False
    tied = lead in _TO | context.lexicon.and_ | {","} or previous.compared
    if not draft.compared and not (tied and draft.first - previous.last <= 12):
        return False
    transfer.copy_unit(draft, previous, context)
    return True


def _is_money_rather(draft: Draft, subject: str, others: Sequence[Draft]) -> bool:
    """Millions beside sums of money are money, unless they count people or doses."""
    large = draft.scaled and draft.low >= transfer.MILLION and subject not in {"persons", "doses"}
    return large and any(other.currency for other in others[:4])


def _from_others(
    tokens: Sequence[Token],
    draft: Draft,
    kept: Sequence[Draft],
    others: list[Draft],
    masked: bytearray,
    context: Context,
) -> bool:
    """From the nearest figure before, here or in the sentences before, that it fits."""
    durations = context.lexicon.durations.values()
    previous = kept[-1] if kept else None
    if _MANY <= draft.low < transfer.MILLION and not any(
        transfer.fits(draft, other) and other.unit not in durations for other in kept
    ):
        draft.unit = subjects.mentioned(tokens, draft, masked, context)
        if draft.unit is not None:
            return True
    if not draft.scaled and draft.low >= 100 and draft.low % 1 == 0:
        # Plain counts are seldom money: what is no money comes first.
        others = sorted(others, key=lambda other: other.currency is not None)

    for other in others:
        if transfer.fits(draft, other) and other.unit not in durations:
            transfer.copy_unit(draft, other, context)
            return True
        if previous is other and draft.compared and other.unit not in transfer.CHANGES:
            transfer.copy_unit(draft, other, context)
            return True
    return False


def _take_money(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Millions without any noun, in a sentence about money, and billions anywhere."""
    if not draft.scaled or draft.low < transfer.MILLION:
        return False
    if draft.low < 1000 * transfer.MILLION and not any(
        token.fold.startswith(_MONEY_STEMS) for token in tokens
    ):
        return False
    draft.currency = "USD" if context.lexicon.code == "en" else context.dollar_sign
    draft.unit = draft.currency.lower()
    return True


def _take_stated(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """ "Per 100,000 inhabitants the rate went from 43.6 to 37.6." """
    stated = rates.rate_of_sentence(tokens, context)
    if stated is None or draft.low >= _MANY or draft.scaled:
        return False
    draft.unit = stated
    return True


def _take_rate(
    tokens: Sequence[Token], draft: Draft, others: Sequence[Draft], context: Context
) -> bool:
    if _take_stated(tokens, draft, context):
        return True
    for other in others:
        unit = other.unit or ""
        if (unit.startswith("per-") and transfer.fits(draft, other)) or (
            unit == "percent" and draft.low <= 100
        ):
            transfer.copy_unit(draft, other, context)
            return True
    return False


def _goes_on(tokens: Sequence[Token], draft: Draft, following: Draft, context: Context) -> bool:
    """Whether the next figure goes on with this one: `from 23.4 to 21.1 per ...`, `300 and 450
    people`."""
    gap = tokens[draft.last : following.first]
    if not gap:
        return False
    if behind(tokens, draft.first, 1)[0] in _FROM and gap[-1].fold in _TO and len(gap) <= 6:
        return True
    lexicon = context.lexicon
    linking = lexicon.and_ | lexicon.articles | lexicon.of | {","}
    return len(gap) <= 3 and all(token.fold in linking for token in gap)
