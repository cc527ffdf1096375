"""Units that a figure takes over: from the other end of a series, from what its sentence speaks
of, from the figure before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.articles.quantities import elided, rates, subjects, transfer
from ingest.articles.quantities.bare import FROM, TO, Bare, looks_like_figure, looks_like_name
from ingest.articles.quantities.classes import CORE
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

REMEMBERED = 6
"""Figures of one kind."""
SERIES_REACH = 14
_HUNDRED = 100
_NEXT_TO = 3
_MANKIND = 9 * 10**9
_WHOLE = words("persons deaths cases case-files firearms organizations jobs households families")
_IT_WAS = {("it", "was"), ("it", "is"), ("was", "at"), ("it", "stood")}
_AGES = 120
"""What is more is no number of years."""
_MANY = 1000
_DATING = words("in en of de del the el la los las ,")
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
        left = dict.fromkeys(("percent", "rate", "money", "count"), REMEMBERED)
        kept = []
        for draft in [*reversed(fresh), *self.drafts]:
            kind = _kind(draft)
            if left[kind]:
                left[kind] -= 1
                kept.append(draft)
        self.drafts = kept


def _kind(draft: Draft) -> str:
    """Figures of each kind are remembered by themselves, so that a row of shares does not make
    the count before it forgotten."""
    unit = draft.unit or ""
    if unit.startswith(("percent", "basis")):
        return "percent"
    if unit.startswith("per-"):
        return "rate"
    return "money" if draft.currency is not None else "count"


def fill(
    tokens: Sequence[Token],
    drafts: list[Draft],
    memory: Memory,
    masked: bytearray,
    context: Context,
) -> list[Draft]:
    """Gives bare figures a unit where the text tells one; drops those that stay without."""
    drafts = _under_header(tokens, drafts, context)
    _mark_series(tokens, drafts, context)
    _from_behind(tokens, drafts, context)
    kept: list[Draft] = []
    for index, draft in enumerate(drafts):
        draft.compared = _is_compared(tokens, draft, context) or _is_compared_too(
            tokens, draft, kept, masked, context
        )
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        bare = Bare(tokens, draft, kept, following, memory.drafts, masked, context)
        if draft.unit is not None:
            kept.append(draft)
        elif _complete(bare):
            draft.carried = True
            rates.bind_frequency(tokens, draft, context)
            kept.append(draft)
    return kept


def _under_header(tokens: Sequence[Token], drafts: list[Draft], context: Context) -> list[Draft]:
    """ "Obligations (in millions of dollars): Guatemala, 1,082; Honduras, 846": the scale and the
    unit of all that follows."""
    for index, draft in enumerate(drafts):
        led = behind(tokens, draft.first, 1)[0] in {"in", "en"} and draft.form == "order"
        colon = next(
            (at for at in range(draft.last, min(len(tokens), draft.last + 6))
             if tokens[at].text == ":"), None
        )  # fmt: skip
        if not led or colon is None:
            continue
        money = next(
            (found for at in range(draft.number_last, colon)
             if (found := context.lexicon.currencies.at(tokens, at)) is not None), None
        )  # fmt: skip
        for below in drafts[index + 1 :]:
            if below.unit is None and not below.scaled:
                factor = draft.low / 2
                below.low, below.high = below.low * factor, below.high * factor
                below.place, below.scaled = below.place * factor, True
                below.unit, below.carried = draft.unit, True
                if money is not None:
                    below.currency, below.unit = money[1], money[1].lower()
        return [*drafts[:index], *drafts[index + 1 :]]
    return drafts


def _complete(bare: Bare) -> bool:
    """Whether a figure without a unit has got one, and stays."""
    tokens, draft, context = bare.tokens, bare.draft, bare.context
    if draft.scaled and draft.low >= transfer.MILLION and _says_pesos(tokens):
        draft.currency, draft.unit = context.peso, context.peso.lower()
        return True
    told = elided.told_unit(tokens, draft, bare.masked, context)
    if told is not None and not looks_like_name(tokens, draft, context, listed=False):
        draft.unit = told
        return True
    others = bare.others or bare.following
    left_out = bool(others) and elided.is_elided(tokens, draft, bare.masked, context)
    bare = replace(bare, left_out=left_out)
    draft.per = rates.frequency_behind(tokens, draft, context)
    if not looks_like_figure(bare) or not _take(bare):
        return False
    often = draft.per or rates.frequency_behind(tokens, draft, context)
    whole = draft.unit in _WHOLE and often is None and not draft.scaled
    return not (whole and draft.low % 1 != 0)


def _mark_series(tokens: Sequence[Token], drafts: Sequence[Draft], context: Context) -> None:
    """The two ends of "from 8 homicides in 2008 to 23 in 2020"."""
    to = {"a", "al", "hasta"} if context.lexicon.code == "es" else {"to"}
    for one, other in pairwise(drafts):
        lead, end = behind(tokens, one.first, 1)[0], behind(tokens, other.first, 1)[0]
        near = other.first - one.last <= SERIES_REACH and not other.ranged
        if lead not in FROM or end not in to or not near:
            continue
        if (context.lexicon.contrasts.before(tokens, other.first) or (0, 0))[0] > 1:
            # "de 2.7%, frente a 3.5%"
            continue
        if one.unit is not None and other.unit is not None and one.unit != other.unit:
            # "un alza de 12 por ciento, a 4,100 millones de dólares"
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


def _is_compared_too(
    tokens: Sequence[Token],
    draft: Draft,
    kept: Sequence[Draft],
    masked: bytearray,
    context: Context,
) -> bool:
    """ "That compares with 162,317 in February and 222,239 in March 2022": both are."""
    if not kept or not kept[-1].compared or draft.hedged:
        return False
    gap = [place for place in range(kept[-1].last, draft.first) if not masked[place]]
    folds = {tokens[place].fold for place in gap}
    return bool(folds & context.lexicon.and_) and folds <= context.lexicon.and_ | _DATING


def _ends_at_to(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """In "from 8 ... to 23" the first end is no figure compared with."""
    article = {"a"} if context.lexicon.code == "en" else set()
    return any(
        token.kind == "w" and token.fold in context.lexicon.range_middle - article
        for token in tokens[draft.last : draft.last + 8]
    )


def _take(bare: Bare) -> bool:
    """Sets the unit of a bare figure; whether there was one to take."""
    tokens, draft, context = bare.tokens, bare.draft, bare.context
    if _from_following(bare):
        return True
    draft.unit = subjects.told_beside(tokens, draft, bare.masked, context)
    if draft.unit == subjects.RATE:
        draft.unit = None
        return _take_rate(tokens, draft, bare.others, context)
    if draft.unit is not None or _from_sentence(bare):
        return True
    subject = subjects.subject(tokens, draft, bare.masked, context)
    if subject == subjects.RATE:
        return _take_rate(tokens, draft, bare.others, context)
    if subject is not None and _from_subject(bare, subject):
        return True
    if subjects.speaks_of_rates(tokens) and _take_rate(tokens, draft, bare.others, context):
        return True
    if draft.form == "order":
        draft.unit = "persons"
        return True
    return _from_others(bare) or _take_money(tokens, draft, context)


def _from_sentence(bare: Bare) -> bool:
    """From the figures of the sentence, from brackets and labels."""
    tokens, draft, context = bare.tokens, bare.draft, bare.context
    money = bool(bare.kept) and draft.scaled and bare.kept[-1].currency is not None
    if money and _from_previous(tokens, draft, bare.kept, context):
        # "10 mil 860 mdd, 412 millones más que un año antes"
        return True
    if bare.left_out and _from_counted(bare):
        return True
    if _from_previous(tokens, draft, bare.kept, context):
        return True
    if bare.kept and bare.kept[-1].unit == "percent":
        draft.unit = subjects.in_brackets(tokens, draft, bare.kept[-1].first, context)
    if draft.unit is None and draft.low % 1 != 0 and _take_stated(tokens, draft, context):
        return True
    draft.unit = draft.unit or subjects.label(tokens, draft, bare.masked, context)
    return draft.unit is not None or _in_brackets_too(bare) or _of_it(bare)


def _in_brackets_too(bare: Bare) -> bool:
    """ "peaked at 36,661 in 2018 (29 per 100,000) and declined to 33,287 in 2022 (26)"."""
    if bare.lead != "(":
        return False
    for other in reversed(bare.kept):
        if behind(bare.tokens, other.first, 1)[0] == "(":
            return _first_fit(bare.draft, [other], bare.context)
    return False


def _of_it(bare: Bare) -> bool:
    """ "The wait is now under 90 days. In November it was more than 500." """
    folds = behind(bare.tokens, bare.draft.first, 3)
    led = any(pair in _IT_WAS for pair in pairwise(folds))
    last = next(iter(bare.past), None)
    if not led or bare.kept or last is None or last.unit in transfer.CHANGES:
        return False
    transfer.copy_unit(bare.draft, last, bare.context)
    return last.unit in transfer.DURATIONS


def _from_subject(bare: Bare, subject: str) -> bool:
    """From what the sentence speaks of."""
    draft, context = bare.draft, bare.context
    if subject == subjects.PRONOUN:
        here = [each for each in reversed(bare.kept) if each.unit not in transfer.DURATIONS]
        past = [each for each in bare.others if _counts(each, context)]
        return _first_fit(draft, [*here, *past], context)
    if _is_money_rather(draft, subject, bare.others) or draft.low > _MANKIND:
        return False
    draft.unit = subject
    beside = bare.kept[-1] if bare.kept else None
    if beside is not None and beside.unit == subject and beside.per in rates.TIMES:
        draft.per = beside.per if transfer.per_goes_on(draft, beside) else None
    return True


def _from_following(bare: Bare) -> bool:
    """From the next figure: `300 and 450 people`, `5 of the 43 students`."""
    tokens, draft, following = bare.tokens, bare.draft, bare.following
    if following is None or not following.unit:
        return False
    if bare.left_out and _is_part_of(tokens, draft, following, bare.context):
        return True
    if not _goes_on(tokens, draft, following, bare.context):
        return False
    if following.high * 1000 < draft.low and not following.scaled:
        # "That leaves 360,000 and two winters."
        return False
    if not transfer.fits(draft, following) and (draft.scaled or not following.scaled):
        return False
    transfer.scale_like(draft, following)
    transfer.copy_unit(draft, following, bare.context)
    return True


def _is_part_of(tokens: Sequence[Token], draft: Draft, following: Draft, context: Context) -> bool:
    """Whether the whole behind a figure tells what it counts; it then has its unit."""
    of = ahead(tokens, draft.last, 1)[0] in {"of", "de"}
    if not of or following.first - draft.last > _NEXT_TO:
        return False
    if following.scaled and not draft.scaled and draft.low < following.low / transfer.MILLION:
        # "3 of the 5.2 million doses"
        transfer.scale_like(draft, following)
    if following.unit in subjects.APART:
        draft.unit = following.unit
        return True
    return _counts(following, context) and _first_fit(draft, [following], context)


def _from_previous(
    tokens: Sequence[Token], draft: Draft, kept: Sequence[Draft], context: Context
) -> bool:
    """From the figure before in the sentence, where words tie the two together."""
    durations = context.lexicon.durations.values()
    previous = kept[-1] if kept else None
    lasts = draft.low <= _AGES and (draft.compared or draft.series)
    if previous is not None and previous.unit in durations and not lasts:
        # "to 221,303 in March, the highest in two decades, from 165,902"
        previous = kept[-2] if len(kept) > 1 else None
    if previous is None:
        return False
    lead = behind(tokens, draft.first, 1)[0]
    if previous.currency and lead in context.lexicon.and_ and draft.first - previous.last <= 6:
        # "116.5 millones en 2008 y 300 en 2009"
        transfer.scale_like(draft, previous)
    if not transfer.fits(draft, previous):
        return False
    tied = lead in TO | context.lexicon.and_ | {","} or previous.compared
    if not draft.compared and not (tied and draft.first - previous.last <= 12):
        return False
    transfer.copy_unit(draft, previous, context)
    return True


def _from_counted(bare: Bare) -> bool:
    """From what the sentence has counted, then from what it names, then from what was counted
    before: figures of statistics rather than of places and papers."""
    draft, context = bare.draft, bare.context
    if draft.low > _MANKIND:
        return False
    here = [other for other in reversed(bare.kept) if _counts(other, context)]
    named = subjects.mentioned(bare.tokens, draft, bare.masked, context)
    small = here and here[0].unit not in CORE | {named} and here[0].high * 20 < draft.low
    small = small or (here and here[0].unit == "organizations" and here[0].high * 20 < draft.low)
    if (not small or named is None) and _first_fit(draft, here, context):
        return True
    if named is not None:
        draft.unit = named
        return True
    past = [other for other in bare.past if _counts(other, context)]
    past.sort(key=lambda other: (other.unit or "") not in CORE)
    return _first_fit(draft, past, context)


def _counts(other: Draft, context: Context) -> bool:
    """Whether a figure counts things: no money, share, rate or duration, nor one thing alone."""
    unit = other.unit or ""
    apart = unit in transfer.CHANGES or unit in subjects.APART or other.low == 1
    if apart or unit.startswith(("per-", "percent")) or other.currency is not None:
        return False
    return unit not in context.lexicon.durations.values()


def _first_fit(draft: Draft, others: Sequence[Draft], context: Context) -> bool:
    for other in others:
        if transfer.fits(draft, other):
            transfer.copy_unit(draft, other, context)
            return True
    return False


def _is_money_rather(draft: Draft, subject: str, others: Sequence[Draft]) -> bool:
    """Millions beside sums of money are money, unless they count people or doses."""
    large = draft.scaled and draft.low >= transfer.MILLION and subject not in {"persons", "doses"}
    return large and any(other.currency for other in others[:4])


def _from_others(bare: Bare) -> bool:
    """From the nearest figure before, here or in the sentences before, that it fits."""
    draft, context, others = bare.draft, bare.context, bare.others
    durations = context.lexicon.durations.values()
    previous = bare.kept[-1] if bare.kept else None
    if _MANY <= draft.low < transfer.MILLION and not any(
        transfer.fits(draft, other) and other.unit not in durations for other in bare.kept
    ):
        draft.unit = subjects.mentioned(bare.tokens, draft, bare.masked, context)
        if draft.unit is not None:
            return True
    if not draft.scaled and draft.low >= _HUNDRED and draft.low % 1 == 0:
        # Plain counts are seldom money: what is no money comes first.
        others = sorted(others, key=lambda other: other.currency is not None)
    if previous is not None and previous.unit in durations and draft.form == "words":
        # "five months in 2019; this year it is close to eleven"
        others = [previous]
        durations = {}.values()
    for other in others:
        aside = other.unit not in CORE and other.high * _HUNDRED < draft.low
        aside = aside and other.currency is None and _counts(other, context)
        if aside:
            # "14 sites, at up to 40,000 a day": not of sites.
            continue
        if transfer.fits(draft, other) and other.unit not in durations:
            transfer.copy_unit(draft, other, context)
            return True
        level = behind(bare.tokens, other.first, 1)[0] in TO or other.unit not in transfer.CHANGES
        if previous is other and draft.compared and level and other.form != "ratio":
            transfer.copy_unit(draft, other, context)
            return True
    following = bare.following
    if bare.left_out and following is not None and _counts(following, context):
        return _first_fit(draft, [following], context)
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


def _says_pesos(tokens: Sequence[Token]) -> bool:
    """ "Measured in pesos, the amount was 103 billion." """
    return any(
        one.fold in {"in", "en"} and other.fold == "pesos" for one, other in pairwise(tokens)
    )


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
    # Rates per inhabitants are called rates alone, percentages mostly by their name.
    for other in sorted(others, key=lambda other: not (other.unit or "").startswith("per-")):
        unit = other.unit or ""
        if (unit.startswith("per-") and transfer.fits(draft, other)) or (
            unit == "percent" and draft.low <= _HUNDRED
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
    if behind(tokens, draft.first, 1)[0] in FROM and gap[-1].fold in TO and len(gap) <= 6:
        return True
    lexicon = context.lexicon
    linking = lexicon.and_ | lexicon.articles | lexicon.of | {","}
    return len(gap) <= 3 and all(token.fold in linking for token in gap)
