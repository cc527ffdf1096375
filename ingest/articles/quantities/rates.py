"""What a figure is said per: `per 100,000 inhabitants`, `a day`, `por barril`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.nouns import known
from ingest.articles.quantities.numbers import Number, number_at
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

_BASES = {1000: "per-1k", 10_000: "per-10k", 100_000: "per-100k", 1_000_000: "per-million"}
_PEOPLE = words(
    """inhabitants people residents population persons habitantes personas births nacimientos
    nacidos mujeres women hombres men vivos live adults children"""
)
_EACH = words("each every cada")
_AFTER_VERBS = words("each every cada daily al diarios diarias")
_ENDS = words("in on to from en de and y with")
_THEN = words("earlier before ago prior later antes despues atras")
_WEIGHED = words("gallons ounces tons pounds kilograms tonnes liters barrels hours grams")
_PERS = words("per por for de para a in out to")
TIMES = words("second minute hour day night week month quarter year")
_COUNTED = words("deaths persons cases firearms crimes robberies kidnappings births infections")
_RATES_BELOW = 1000
_COSTS = words("cost costs costing cuesta cuestan costaba cuestan vale valia sold sells")
_EXCHANGED = {"dolar": "USD", "dollar": "USD", "euro": "EUR", "real": "BRL"}
_SINGULAR = {"boxes": "box", "countries": "country", "families": "family", "cities": "city",
             "lives": "life", "municipalities": "municipality"}  # fmt: skip


def base_of_rate(tokens: Sequence[Token], place: int, context: Context) -> tuple[str, int] | None:
    """(unit, token after) of `per 100,000 inhabitants`, `por cada 100 mil habitantes`."""
    found = context.lexicon.per.at(tokens, place)
    if found is None:
        return None
    at = place + found[0]
    at += ahead(tokens, at, 1)[0] in _EACH
    if at >= len(tokens):
        return None
    number = number_at(tokens, at, context.lexicon, context.style)
    if number is not None:
        value, last = number.low, number.last
    elif tokens[at].fold in context.lexicon.hundred:
        # "for every hundred thousand": the article before the number is left out.
        scale = context.lexicon.scales.get(ahead(tokens, at + 1, 1)[0], Decimal(1))
        value, last = 100 * scale, at + (2 if scale > 1 else 1)
    else:
        value, last = context.lexicon.scales.get(tokens[at].fold, Decimal(0)), at + 1
    if value not in _BASES:
        return None
    for _ in range(3):
        one, two = ahead(tokens, last, 2)
        last += one in _PEOPLE or (one == "de" and two in _PEOPLE)
    return _BASES[int(value)], last


def is_base(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Whether a number is what a rate is said per: "per 100,000 inhabitants the rate went ..."."""
    if number.low not in _BASES:
        return False
    for back in (1, 2, 3):
        base = base_of_rate(tokens, number.first - back, context) if number.first >= back else None
        if base is not None and base[1] >= number.last:
            return True
    return False


def rate_of_sentence(tokens: Sequence[Token], context: Context) -> str | None:
    """The unit of the first rate whose base the sentence says."""
    for place, token in enumerate(tokens):
        if token.fold in _PERS:
            base = base_of_rate(tokens, place, context)
            if base is not None:
                return base[0]
    return None


def bind_rate(tokens: Sequence[Token], draft: Draft, context: Context, masked: bytearray) -> None:
    """`8 homicides for every 100,000 inhabitants` is a rate, whatever its noun."""
    if draft.form in {"ratio", "order"} or (draft.unit or "").startswith("percent"):
        return
    opened = base_of_rate(tokens, 0, context)
    if opened is not None and draft.unit in _COUNTED and draft.low < _RATES_BELOW:
        # "Per 100,000 residents, Colima had 86.2 killings."
        draft.unit = opened[0]
        return
    for place in range(draft.last, min(len(tokens), draft.last + 5)):
        token = tokens[place]
        if masked[place] or token.kind == "n" or (token.kind == "s" and token.text not in "()"):
            return
        base = base_of_rate(tokens, place, context)
        if base is not None:
            draft.unit, draft.last = base
            draft.currency = None
            return
        if token.fold in context.lexicon.stops and token.fold not in {"per", "por", "for"}:
            return


def bind_frequency(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """`trucks a day`, `dollars per barrel`: sets what the unit is said per."""
    if draft.unit is None or draft.unit.startswith(("per-", "percent")):
        return
    if ahead(tokens, draft.last, 2)[1] == "single":
        _every_single(tokens, draft, context)
        return
    for reader in (_next_to, _one_word_on, _each_before, _each_after, _per_thing):
        if reader(tokens, draft, context):
            return
    if draft.currency is not None and draft.per is None:
        _costs(tokens, draft, context)
        _exchanged(tokens, draft)
        opened = context.lexicon.frequencies.at(tokens, 0)
        if draft.per is None and opened is not None and opened[1] in {"person", "capita"}:
            # "Por habitante, la ayuda equivale a 17,8 dólares."
            draft.per = opened[1]


def _exchanged(tokens: Sequence[Token], draft: Draft) -> None:
    """`El dólar se cotizó ayer en 4.930 pesos`, `el real promedió 18,9 pesos`: a rate of exchange
    of the money that the sentence speaks of."""
    if draft.scaled or draft.currency in _EXCHANGED.values():
        return
    for place in range(draft.first - 1, max(0, draft.first - 12), -1):
        token = tokens[place]
        if token.text in {";", ":", ",", "."}:
            return
        code = _EXCHANGED.get(token.fold)
        if code is not None and tokens[place - 1].fold in {"el", "the", "un", "a", "each", "cada"}:
            draft.unit, draft.currency = f"{draft.unit}-per-{code.lower()}", None
            return


def frequency_behind(tokens: Sequence[Token], draft: Draft, context: Context) -> str | None:
    """What the words right behind a number say it per, as `daily` in "85.2 daily"."""
    found = context.lexicon.frequencies.at(tokens, draft.last)
    if found is None or ahead(tokens, draft.last + found[0], 1)[0] in _THEN:
        return None
    return found[1]


def _costs(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """`A kilo of tortillas costs 22 pesos`, `el barril se vende a 80 dólares`."""
    for verb in range(draft.first - 1, max(-1, draft.first - 4), -1):
        if tokens[verb].fold not in _COSTS:
            continue
        for place in range(verb - 1, max(0, verb - 8), -1):
            thing = known(tokens, place, context)
            if tokens[place].kind != "w":
                return
            led = tokens[place - 1].fold in {"a", "an", "the", "un", "una", "el", "la", "each"}
            if led and thing is not None and thing[1] in _WEIGHED:
                draft.per = thing[1].removesuffix("s")
                return
        return


def _every_single(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    each, _, word = ahead(tokens, draft.last, 3)
    unit = context.lexicon.durations.get(word)
    if each in _EACH and unit is not None:
        draft.per, draft.last = unit.removesuffix("s"), draft.last + 3


def _next_to(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    found = context.lexicon.frequencies.at(tokens, draft.last)
    if found is None:
        return False
    # "7.5 a year before" is no frequency.
    if ahead(tokens, draft.last + found[0], 1)[0] not in _THEN:
        draft.per, draft.last = found[1], draft.last + found[0]
    return True


def _one_word_on(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """One word more between: "homicidios dolosos al día"."""
    if draft.noun is None or draft.last >= len(tokens) or tokens[draft.last].kind != "w":
        return False
    found = context.lexicon.frequencies.at(tokens, draft.last + 1)
    if tokens[draft.last].fold in context.lexicon.of:
        return _over_material(tokens, draft, context)
    if tokens[draft.last].fold in context.lexicon.stops:
        return False
    if found is None:
        return False
    draft.per, draft.last = found[1], draft.last + 1 + found[0]
    return True


def _over_material(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`toneladas de CO2 al año`, `barrels of crude oil a day`: the stuff stands between."""
    for place in range(draft.last + 2, min(len(tokens), draft.last + 5)):
        token = tokens[place - 1]
        if token.kind == "s" or token.fold in context.lexicon.stops:
            return False
        found = context.lexicon.frequencies.at(tokens, place)
        if found is not None:
            draft.per, draft.last = found[1], place + found[0]
            return True
    return False


def _each_before(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`each year 500,000 guns cross`: the frequency stands before."""
    if draft.unit in context.lexicon.durations.values():
        return False
    for place in range(draft.first - 2, max(-1, draft.first - 10), -1):
        token = tokens[place]
        if token.text in ",;:" or token.kind == "n":
            return False
        if token.fold in _EACH:
            found = context.lexicon.frequencies.at(tokens, place)
            if found is not None and found[0] == 2:
                draft.per = found[1]
            return found is not None
    return False


def _each_after(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`95 people were killed each day`: verbs may stand between."""
    if draft.noun is None or draft.unit in context.lexicon.durations.values():
        return False
    for place in range(draft.last, min(len(tokens), draft.last + 5)):
        found = context.lexicon.frequencies.at(tokens, place)
        if found is not None and tokens[place].fold in _AFTER_VERBS:
            draft.per = found[1]
            return True
        if tokens[place].kind != "w" or tokens[place].fold in _ENDS:
            return False
    return False


def _per_thing(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`17.05 per dollar`, `dollars per barrel`, `dólares la libra`."""
    spanish = context.lexicon.code == "es"
    lead, second = ahead(tokens, draft.last, 2)
    place = draft.last + 1 + (second in {"cada", "the", "every"})
    if place >= len(tokens):
        return False
    word = tokens[place].fold
    leads = {"per", "por", "a", "an", "la", "el", "each"}
    if lead not in leads and (lead, second) != ("to", "the"):
        return False
    if word in {"dollar", "dolar", "usd"} and draft.currency not in {None, "USD"}:
        draft.unit, draft.currency, draft.per = f"{draft.unit}-per-usd", None, None
        draft.last = place + 1
        return True
    thing = known(tokens, place, context)
    if thing is None or (word.endswith("s") and word != "dosis"):
        return False
    if spanish and lead in {"la", "el"}:
        takes = draft.currency is not None and thing[1] in _WEIGHED
    elif lead in ({"per", "por"} if spanish else {"per", "a", "an"}):
        counted = lead == "per" or word in context.lexicon.durations
        takes = draft.currency is not None or counted
    else:
        takes = False
    if takes:
        draft.per = _SINGULAR.get(thing[1], thing[1].removesuffix("s"))
        draft.last = place + thing[0]
    return takes
