"""Units that a figure takes over: from the other end of a series, from what its sentence speaks
of, from the figure before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.articles.quantities import units
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.lexicon import words
from ingest.articles.quantities.tokens import Token

REMEMBERED = 8
_APART = words(
    """pages states countries municipalities cities towns regions districts provinces counties
    chapters articles schools centers stations points helicopters offices meetings times visits
    sites phases pillars areas measures questions ports airports bridges neighborhoods"""
)
"""Counts of places and papers, which the numbers after them seldom go on with."""
_CHANGES = {"percent-change", "percentage-points", "basis-points", "ratio"}
_RATE_WORDS = words("rate rates tasa tasas ratio share percentage proportion porcentaje proporcion")
_COPULAS = words("were are was is fueron eran son eran era es")
_FROM = words("from de del desde")
_TO = words("to a al hasta")
_NO_SUBJECTS = words(
    "objectives goals targets measures programs plans records levels points steps times"
)
_MONEY_STEMS = ("invers", "inver", "ayuda", "presupuest", "cost", "gast", "fondo", "desembols",
                "deuda", "funding", "budget", "spent", "spend", "worth", "aid", "financ", "deficit",
                "remesa", "remittanc", "exporta", "importa", "export", "import", "recaud", "ingreso",
                "revenue", "pag", "paid", "debt", "valor", "value")  # fmt: skip
_EXCEED = words(
    "exceeded exceeds surpassed topped tops supero superaron supera rebaso rebasaron rozo"
)
_HEADLESS = words("number numbers total count figure figures numero cifra cifras suma amount")


@dataclass
class Memory:
    """What the sentences before have said: their last figures, the newest first."""

    drafts: list[Draft] = field(default_factory=list)

    def keep(self, found: Sequence[Draft]) -> None:
        """Remembers the figures of a sentence that others may take a unit from."""
        fresh = [draft for draft in found if draft.unit and draft.form != "vague"]
        self.drafts = (list(reversed(fresh)) + self.drafts)[:REMEMBERED]


def fill(
    tokens: Sequence[Token],
    drafts: list[Draft],
    memory: Memory,
    masked: bytearray,
    context: Context,
) -> list[Draft]:
    """Gives bare figures a unit where the text tells one; drops those that stay without."""
    kept: list[Draft] = []
    _mark_series(tokens, drafts, context)
    for one, other in zip(drafts, drafts[1:], strict=False):
        if one.series == 1 and other.series == 2:
            _scale_like(one, other)
    _resolve(tokens, drafts, context)
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
            units.extend(tokens, draft, context)
            kept.append(draft)
    return kept


def _resolve(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """Units told by what follows a list: "fewer than 2,000 and at least 1,500 are missing"."""
    for draft, following in zip(reversed(drafts[:-1]), reversed(drafts[1:]), strict=True):
        if following.unit is None:
            noun = _copula_noun(tokens, following, context)
            if noun is None or not _linked(tokens, draft, following, context):
                continue
            following.unit, following.carried = noun, True


def _mark_series(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """The two ends of "from 8 homicides in 2008 to 23 in 2020"."""
    spanish = context.lexicon.code == "es"
    to = {"a", "al", "hasta"} if spanish else {"to"}
    for one, other in zip(drafts, drafts[1:], strict=False):
        lead = tokens[one.first - 1].fold if one.first else ""
        end = tokens[other.first - 1].fold if other.first else ""
        if lead in _FROM and end in to and other.first - one.last <= 14 and not other.ranged:
            changed = any(
                token.fold in context.lexicon.change
                for token in tokens[max(0, one.first - 12) : one.first]
            )
            if changed or lead == "from":
                one.series, other.series = 1, 2


def _is_compared(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    lexicon, place = context.lexicon, draft.first
    if draft.series:
        return False
    while place and (tokens[place - 1].fold in lexicon.articles or tokens[place - 1].text in "$("):
        place -= 1
    found = lexicon.contrasts.before(tokens, place)
    if found is None:
        return False
    word = tokens[place - 1].fold
    if word == "que":
        return place >= 2 and tokens[place - 2].fold in {"mas", "menos", "mayor", "menor"}
    if found[0] == 1 and word == "from":
        return not _ends_at_to(tokens, draft, context)
    return word not in {"ante", "cuando", "de"} or found[0] > 1


def _ends_at_to(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """ "from 8 ... to 23": the first end of a series, which is no figure compared with."""
    return any(
        token.fold in context.lexicon.range_middle and token.kind == "w"
        for token in tokens[draft.last : draft.last + 8]
        if not (token.fold == "a" and context.lexicon.code == "en")
    )


def _may_carry(
    tokens: Sequence[Token],
    draft: Draft,
    kept: Sequence[Draft],
    following: Draft | None,
    context: Context,
) -> bool:
    """Whether a number without a unit looks like a figure at all."""
    first, last = draft.number_first, draft.number_last
    token = tokens[first]
    before = tokens[draft.first - 1] if draft.first else None
    after = tokens[last] if last < len(tokens) else None
    lexicon = context.lexicon
    plain = token.text.isdigit() and last == first + 1
    if plain and len(token.text) == 4 and 1900 <= int(token.text) <= 2100 and not draft.hedged:
        return False
    if plain and token.text.startswith("0") and len(token.text) > 1:
        return False
    if (
        after is not None
        and after.kind == "w"
        and (after.glued or (after.text[0].isupper() and not draft.hedged and after.text != "I"))
    ):
        return False
    lead = before.fold if before is not None else ""
    bracketed = lead == "(" and after is not None and after.text in {")", ","}
    if bracketed:
        return draft.low > 1
    if (
        draft.low < 1000
        and before is not None
        and before.kind == "w"
        and before.text[0].isupper()
        and draft.first > 1
        and (lead not in lexicon.amounts and not draft.hedged and not draft.scaled)
    ):
        return False
    if draft.hedged or draft.scaled or draft.form == "order":
        return True
    if draft.compared:
        return True
    led = lead in lexicon.amounts | _TO | _FROM | lexicon.range_from | {
        "with",
        "con",
        "another",
        "otros",
        "otras",
        "only",
        "solo",
        "remaining",
        "for",
        "at",
        "en",
    } or lead in lexicon.and_ | {",", "los", "las", "the"}
    many = draft.low >= 100 or not plain
    if draft.form == "words" and _of_them(tokens, draft):
        return True
    if draft.form == "words" and draft.low <= 12 and not (lead in _FROM | _TO and kept):
        return False
    if not plain and draft.form == "digits":
        return True
    near = [token.fold for token in tokens[max(0, draft.first - 3) : draft.first]]
    if (
        draft.form == "digits"
        and lead in lexicon.amounts | _FROM | {"of"}
        and any(
            fold in {"fue", "was", "era", "were", "es", "is", "stood", "ubico", "situo"}
            for fold in near
        )
    ):
        return True
    if lead in _TO | _FROM and (kept or following is not None):
        return True
    if first == draft.first == 0:
        return many
    if _copula_noun(tokens, draft, context) is not None:
        return True
    return led and (many or bool(kept) or lead in lexicon.amounts | {"at"})


def _of_them(tokens: Sequence[Token], draft: Draft) -> bool:
    """`three of them`, `tres de ellos`, `two of whom`."""
    folds = [token.fold for token in tokens[draft.last : draft.last + 3]]
    return folds[:2] in (
        ["of", "them"], ["of", "whom"], ["of", "those"], ["of", "which"],
        ["de", "ellos"], ["de", "ellas"],
    ) or folds in (["de", "los", "cuales"], ["de", "las", "cuales"])  # fmt: skip


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
    lead = tokens[draft.first - 1].fold if draft.first else ""
    if following is not None and following.unit and _linked(tokens, draft, following, context):
        if _fits(draft, following) or (following.scaled and not draft.scaled):
            _scale_like(draft, following)
            _copy(draft, following)
            return True
    noun = (
        _copula_noun(tokens, draft, context)
        or _number_of(tokens, draft, context)
        or _of_whole(tokens, draft, masked, context)
    )
    if noun is not None:
        draft.unit = noun
        return True
    previous = kept[-1] if kept else None
    if (
        previous is not None
        and _fits(draft, previous)
        and (draft.compared or lead in _TO | context.lexicon.and_ | {","} or previous.compared)
    ):
        if _series(previous, draft, tokens) or draft.compared:
            _copy(draft, previous)
            return True
    subject = _subject(tokens, draft, masked, context)
    if subject == "rate":
        return _take_rate(tokens, draft, [*reversed(kept), *memory.drafts])
    if subject is not None and not (
        draft.scaled
        and draft.low >= 10**6
        and _money_last([*reversed(kept), *memory.drafts])
        and subject not in {"persons", "doses"}
    ):
        draft.unit = subject
        return True
    sentence_rate = any(token.fold in {"tasa", "tasas", "rate", "rates"} for token in tokens)
    if sentence_rate and _take_rate(tokens, draft, [*reversed(kept), *memory.drafts]):
        return True
    if draft.form == "order" and draft.last < len(tokens) and draft.noun is None:
        draft.unit = "persons"
        return True
    others = [*reversed(kept), *memory.drafts]
    if not draft.scaled and draft.low >= 100:
        # Plain counts are seldom money: what is no money comes first.
        others.sort(key=lambda other: other.currency is not None)
    for other in others:
        if _fits(draft, other) and (other.unit not in context.lexicon.durations.values()):
            _copy(draft, other, spanish=context.lexicon.code == "es")
            return True
        if previous is other and draft.compared and other.unit not in _CHANGES:
            _copy(draft, other)
            return True
    if (
        draft.scaled
        and draft.low >= 10**6
        and (draft.low >= 10**9 or any(token.fold.startswith(_MONEY_STEMS) for token in tokens))
    ):
        draft.currency = "USD" if context.lexicon.code == "en" else context.dollar_sign
        draft.unit = draft.currency.lower()
        return True
    return False


def _series(previous: Draft, draft: Draft, tokens: Sequence[Token]) -> bool:
    """`from 8 homicides ... in 2008 to 23`: the ends stand close to each other."""
    return draft.first - previous.last <= 12


def _money_last(others: Sequence[Draft]) -> bool:
    return any(other.currency for other in others[:4])


def _take_rate(tokens: Sequence[Token], draft: Draft, others: Sequence[Draft]) -> bool:
    for other in others:
        unit = other.unit or ""
        if unit.startswith("per-") or (unit == "percent" and draft.low <= 100):
            _copy(draft, other)
            return True
    return False


def _linked(tokens: Sequence[Token], draft: Draft, following: Draft, context: Context) -> bool:
    """Whether the next figure goes on with this one: `from 23.4 to 21.1 per ...`, `300 and 450
    people`."""
    gap = tokens[draft.last : following.first]
    lead = tokens[draft.first - 1].fold if draft.first else ""
    if lead in _FROM and gap and gap[-1].fold in _TO and len(gap) <= 6:
        return True
    return 0 < len(gap) <= 3 and all(
        token.fold in context.lexicon.and_ | context.lexicon.articles | context.lexicon.of
        or token.text == ","
        for token in gap
    )


def _scale_like(draft: Draft, other: Draft) -> None:
    """`from 1.2 to 1.5 million`: the scale word is said once."""
    if not other.scaled or (draft.scaled and draft.low >= 10**6):
        return
    if draft.scaled:
        # "de 20 mil a 35 mil millones"
        if other.low >= 10**9 and draft.low * 10**6 <= other.low * 100:
            draft.low, draft.high = draft.low * 10**6, draft.high * 10**6
            draft.place *= 10**6
        return
    if draft.low >= 1000:
        return
    for power in (12, 9, 6, 3):
        factor = Decimal(10) ** power
        if other.high >= factor and draft.low * factor <= other.high * 100:
            draft.low, draft.high = draft.low * factor, draft.high * factor
            draft.place *= factor
            draft.scaled = True
            return


def _fits(draft: Draft, other: Draft) -> bool:
    """Whether a number can be in another figure's unit."""
    unit = other.unit
    if unit is None or unit in _CHANGES or unit in _APART or other.form in {"vague"}:
        return False
    if draft.low >= 10**9 and not other.currency:
        return False
    if unit == "percent":
        return draft.low <= 100 and not draft.scaled
    if unit.startswith("per-"):
        return draft.low < 2000 and not draft.scaled
    if draft.scaled and draft.low >= 10**6 and not other.currency:
        return other.high >= 10**5 or unit in {"doses", "persons"}
    if other.currency and not draft.scaled and other.scaled and draft.low < 1000:
        return False
    return True


def _copy(draft: Draft, other: Draft, *, spanish: bool = False) -> None:
    draft.unit, draft.currency, draft.per = other.unit, other.currency, other.per
    if draft.currency and spanish and other.scaled and 100 <= draft.low < 10**6 <= other.low:
        # "de los 11,500 millones, 8,300 ...": the scale word is said once.
        if other.low <= draft.low * 10**6 * 100:
            draft.low, draft.high = draft.low * 10**6, draft.high * 10**6
            draft.place *= 10**6
            draft.scaled = True
    if draft.per and not draft.low / 1000 <= other.high <= draft.low * 1000:
        draft.per = None
    if draft.unit in {"percent", "per-100k"} and draft.low == draft.low.to_integral_value():
        draft.place = Decimal(1)


def _copula_noun(tokens: Sequence[Token], draft: Draft, context: Context) -> str | None:
    """`31,062 fueron hombres`, `2,300 were children`."""
    at = draft.last
    if at + 1 >= len(tokens) or tokens[at].fold not in _COPULAS:
        return None
    found = units.known(tokens, at + 1, context)
    if found is None or found[1] in context.lexicon.durations.values():
        return None
    return found[1]


def _number_of(tokens: Sequence[Token], draft: Draft, context: Context) -> str | None:
    """`calcula en 38,000 el número de venezolanos`."""
    for place in range(draft.last, min(len(tokens) - 2, draft.last + 4)):
        if tokens[place].fold in {"numero", "number"} and tokens[place + 1].fold in {"de", "of"}:
            found = units.known(tokens, place + 2, context)
            return found[1] if found is not None else None
    return None


def _of_whole(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """`Of the arms recovered in 2020, 15,600 were traced`."""
    if draft.first == 0 or tokens[0].fold not in {"of", "de", "del", "among", "entre"}:
        return None
    for place in range(1, min(draft.first, 12)):
        if tokens[place].kind == "n" and not masked[place]:
            return None
        found = None if masked[place] else units.known(tokens, place, context)
        if (
            found is not None
            and found[1] not in context.lexicon.durations.values()
            and (found[1] not in _APART)
        ):
            return found[1]
    return None


def _subject(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """The unit of what the sentence speaks of: the noun before its verb of amount or change;
    `rate` for a rate."""
    lexicon = context.lexicon
    place, verb = draft.first - 1, -1
    if draft.hedged and tokens[draft.first].fold in lexicon.amounts | _EXCEED:
        verb, place = draft.first, -1
    if place > 1 and tokens[place].fold in {"at", "con", "with"} and tokens[place - 1].text == ",":
        verb, place = place - 1, -1
    while place >= 0 and draft.first - place <= 24:
        token = tokens[place]
        if token.text in ";":
            return None
        fold = token.fold
        if (fold in lexicon.amounts or fold in lexicon.change) and not masked[place]:
            if fold not in {"to", "at", "a", "en", "below", "above", "de"}:
                verb = place
                break
        place -= 1
    if verb < 0:
        return None
    spare: str | None = None
    place = verb - 1
    while place >= 0 and verb - place <= 16:
        token = tokens[place]
        if token.text in {";", ":", ",", "("}:
            break
        if token.kind == "w" and not masked[place]:
            if token.fold in _RATE_WORDS:
                return "rate"
            found = units.known(tokens, place, context)
            if (
                found is not None
                and found[1] not in lexicon.durations.values()
                and (found[1] not in _NO_SUBJECTS)
            ):
                lead = tokens[place - 1].fold if place else ""
                further = tokens[place - 2].fold if place > 1 else ""
                inner = {"of", "from", "in", "by", "among", "for", "to", "at", "on", "with", "de",
                         "del", "en", "por", "contra", "con", "a", "para"}  # fmt: skip
                if lead in inner or further in inner:
                    head = (
                        tokens[place - 2].fold
                        if lead in inner and place > 1
                        else (tokens[place - 3].fold if place > 2 else "")
                    )
                    if head in _HEADLESS:
                        return found[1]
                    spare = found[1]
                else:
                    return found[1]
        place -= 1
    return spare
