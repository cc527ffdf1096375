"""Whether a number without a unit looks like a figure at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.articles.quantities import rates, subjects, transfer
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

FROM = words("from de del desde")
TO = words("to a al hasta")
_BE = words("fue was era were es is stood ubico situo estaba esta estan estaban quedo")
_LEADS = words("with con another otros otras only solo remaining for at en , los las the")
_WHOLES_OF = words(
    """capacity total average maximum minimum record toll number count median peak target goal
    capacidad promedio maximo minimo numero meta cupo tope saldo cifra media mediana"""
)
_LISTING = words("and y , ; in en with con de del la los of at a")
_ADVERBS = words("barely just only apenas solo unicamente")
_TWELVE = 12
_HUNDRED = 100


@dataclass(frozen=True)
class Bare:
    """A number without a unit, and what stands around it."""

    tokens: Sequence[Token]
    draft: Draft
    kept: Sequence[Draft]
    """The figures of the sentence before it."""
    following: Draft | None
    past: Sequence[Draft]
    """Those of the sentences before, the newest first."""
    masked: bytearray
    context: Context
    left_out: bool = False
    """Its noun is left out (`elided`)."""

    @property
    def lead(self) -> str:
        """The word before it."""
        further, lead = behind(self.tokens, self.draft.first, 2)
        return further if lead in _ADVERBS else lead

    @property
    def others(self) -> list[Draft]:
        """The figures before it, the nearest first."""
        return [*reversed(self.kept), *self.past]


def looks_like_figure(bare: Bare) -> bool:
    """Whether a number without a unit can be a figure that takes one over."""
    tokens, draft, context = bare.tokens, bare.draft, bare.context
    rated = bool(bare.kept) and (bare.kept[-1].unit or "").startswith(("per-", "percent"))
    goes_on = _goes_on_list(tokens, draft, bare.kept)
    listed = rated or goes_on or rates.rate_of_sentence(tokens, context) is not None
    if looks_like_name(tokens, draft, context, listed=listed):
        return False
    if bare.lead == "(" and ahead(tokens, draft.number_last, 1)[0] in {")", ","}:
        return draft.low > 1
    if goes_on or bare.left_out or (bare.lead == ":" and draft.form == "digits"):
        return True
    if draft.hedged or draft.scaled or draft.compared or draft.form == "order":
        return True
    ended = bare.lead in TO | FROM
    if draft.form == "words":
        if subjects.of_them(tokens, draft):
            return True
        if draft.low <= _TWELVE and not (ended and bare.kept):
            return _is_contrast(tokens, draft, bare.kept)
    elif not _is_plain(tokens, draft) or _after_be(tokens, draft, context):
        return True
    return _is_led(bare, ended=ended)


def _is_led(bare: Bare, *, ended: bool) -> bool:
    """Whether the words before a plain number, or a verb behind it, tell that it counts."""
    tokens, draft, lexicon, lead = bare.tokens, bare.draft, bare.context.lexicon, bare.lead
    if ended and (bare.kept or bare.following is not None):
        return True
    if draft.first == 0:
        return draft.low >= _HUNDRED
    if subjects.copula_noun(tokens, draft, bare.context) is not None:
        return True
    before = behind(tokens, draft.first, 2)[0]
    if bare.kept and (lead in {"up", "down"} or (lead == "de" and before == ",")):
        # "nurses number 35, up 4", "la más larga, de 43"
        return True
    if lead in {"by", "en"} and before in lexicon.change:
        return True
    if lead in {"of", "de"} and before in _WHOLES_OF:
        return True
    led = lead in lexicon.amounts | lexicon.range_from | lexicon.and_ | _LEADS | TO | FROM
    sure = draft.low >= _HUNDRED or bool(bare.kept) or lead in lexicon.amounts | {"at"}
    return led and sure


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


def _goes_on_list(tokens: Sequence[Token], draft: Draft, kept: Sequence[Draft]) -> bool:
    """`Tijuana recorded 1,900 killings, Juárez 1,045 and Acapulco 530`: only names and joints
    stand between."""
    if not kept or kept[-1].unit in transfer.CHANGES:
        return False
    gap = tokens[kept[-1].last : draft.first]
    joined = any(token.fold in _LISTING for token in gap)
    return (
        joined
        and len(gap) <= 7
        and all(
            token.fold in _LISTING or (token.kind == "w" and token.text[0].isupper())
            for token in gap
        )
    )


def _is_plain(tokens: Sequence[Token], draft: Draft) -> bool:
    """One token of nothing but digits."""
    one = draft.number_last == draft.number_first + 1
    return one and tokens[draft.number_first].text.isdigit()


def _after_be(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`fue de 29`, `was 29`."""
    near = behind(tokens, draft.first, 3)
    leads = near[-1] in context.lexicon.amounts | FROM | {"of", "al"}
    return leads and any(fold in _BE for fold in near)


def looks_like_name(
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
    bound = bound or ((draft.low % 1 != 0 or draft.low >= 10) and listed)
    return not bound and before.fold not in context.lexicon.amounts
