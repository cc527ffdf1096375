"""What a sentence speaks of, where a number stands without a noun: `homicides reached 300`."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.classes import CORE
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.nouns import known
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

RATE = "rate"
"""The subject is a rate: the unit is that of the last rate said."""
APART = words(
    """pages states countries municipalities cities towns regions districts provinces counties
    chapters articles schools centers stations points helicopters offices meetings times visits
    sites phases pillars areas measures questions ports airports bridges neighborhoods"""
)
"""Counts of places and papers, which the numbers after them seldom go on with."""
_HUNDRED = 100
_VERB_REACH = 24
_NOUN_REACH = 16
_RATE_WORDS = words("rate rates tasa tasas ratio share percentage proportion porcentaje proporcion")
_COPULAS = words("were are was is fueron eran son era es")
_NO_SUBJECTS = words(
    """units objectives goals targets measures programs plans records levels points steps times
    investments sales taxes debts losses purchases subsidies pensions salaries wages fines bonds
    damages conditions reasons types principles problems challenges rights commitments promises
    tariffs fees factors indicators variables categories policies strategies"""
)
_EXCEED = words(
    "exceeded exceeds surpassed topped tops supero superaron supera rebaso rebasaron rozo"
)
_NO_VERBS = words("to at a en below above de")
_HEADLESS = words("number numbers total count figure figures numero cifra cifras suma amount")
_INNER = words(
    """without sin under bajo segun of from in by among for to at on with de del en por contra con
    a para"""
)
_POINTERS = words("the these those los las estos estas all its their")
_MENTIONED = words(
    """persons deaths firearms cases case-files doses encounters seizures visas permits passports
    applications claims arrests tests jobs homes crimes attacks kidnappings requests extraditions
    deportations vehicles trucks"""
)
_HARMED = words(
    """killed arrested deported injured wounded hospitalized vaccinated detained rescued displaced
    asesinados asesinadas detenidos deportados deportadas"""
)
_AGENTS = words(
    """officers agents soldiers troops officials prosecutors judges marines guards analysts experts
    researchers economists investigators police policias agentes soldados elementos funcionarios
    fiscales jueces marinos guardias analistas expertos investigadores economistas autoridades
    authorities inspectors inspectores doctors medicos"""
)
"""Who act, seize and count; seldom what is counted."""
_COUNTING = words(
    """recorded registered counted recorded registro registra registraron contabilizo
    contabilizaron reported reporto"""
)
PRONOUN = "pronoun"
"""The subject stands for what was said before: `Los de venezolanos pasaron de ...`."""
_SPEAK = words(
    """say says said estimate estimated put believe reckon argue warn claim dicen hablan calculan
    estiman afirman aseguran advierten sostienen"""
)
_STANDING = words("los las el la those that")
_WHOLES = words("of de del among entre")


def told_beside(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """A unit that other words of the sentence tell for sure."""
    return (
        copula_noun(tokens, draft, context)
        or _number_of(tokens, draft, context)
        or _of_whole(tokens, draft, masked, context)
        or _of_those(tokens, draft)
        or _a_rate_of(tokens, draft)
    )


def _of_those(tokens: Sequence[Token], draft: Draft) -> str | None:
    """`fewer than 650 of those enrolled`, `300 of those who left`: persons."""
    one, two, three = ahead(tokens, draft.last, 3)
    whose = (one, two) == ("of", "those") and (three == "who" or three.endswith("ed"))
    return "persons" if whose else None


def _a_rate_of(tokens: Sequence[Token], draft: Draft) -> str | None:
    """`1,341, a rate of 19.7`, `con una tasa de 19.7`."""
    word, lead = behind(tokens, draft.first, 2)
    return RATE if word in {"rate", "tasa"} and lead in {"of", "de"} else None


def label(tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context) -> str | None:
    """The noun of a label before a colon that the number follows at once: `Homicidios: 300`."""
    colon = draft.first - 1 - (behind(tokens, draft.first, 1)[0] in {"de", "from", "del"})
    if colon < 1 or tokens[colon].text != ":":
        return None
    for place in range(colon - 1, max(-1, colon - 7), -1):
        if tokens[place].kind != "w" or masked[place]:
            return None
        unit = _thing(tokens, place, context)
        if unit is not None and unit not in _NO_SUBJECTS:
            return unit
    return None


def in_brackets(tokens: Sequence[Token], draft: Draft, first: int, context: Context) -> str | None:
    """The thing between a share and the number that says it again: `52% of the population (65
    million)`."""
    if behind(tokens, draft.first, 1)[0] != "(" or draft.low < _HUNDRED:
        return None
    for place in range(draft.first - 1, first, -1):
        unit = _thing(tokens, place, context) if tokens[place].kind == "w" else None
        if unit is not None:
            return unit
    return None


def mentioned(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """The nearest thing counted, in the plural, that the sentence has named before a number."""
    for place in range(draft.first - 1, max(-1, draft.first - _VERB_REACH), -1):
        token = tokens[place]
        if token.kind != "w" or masked[place] or not token.fold.endswith("s"):
            continue
        if token.fold in _AGENTS or _is_adjective(tokens, place, context):
            continue
        unit = _thing(tokens, place, context)
        if unit in _MENTIONED:
            return unit
    return None


def _thing(tokens: Sequence[Token], place: int, context: Context) -> str | None:
    """The unit of a thing counted that is no duration."""
    found = known(tokens, place, context)
    if found is None or found[1] in context.lexicon.durations.values():
        return None
    return found[1]


def copula_noun(tokens: Sequence[Token], draft: Draft, context: Context) -> str | None:
    """`31,062 fueron hombres`, `2,300 were children`."""
    at = draft.last
    if at + 1 >= len(tokens) or tokens[at].fold not in _COPULAS:
        return None
    if tokens[at + 1].fold in _HARMED:
        return "persons"
    return _thing(tokens, at + 1, context)


def _number_of(tokens: Sequence[Token], draft: Draft, context: Context) -> str | None:
    """`calcula en 38,000 el número de venezolanos`."""
    for place in range(draft.last, min(len(tokens) - 2, draft.last + 4)):
        if tokens[place].fold in {"numero", "number"} and tokens[place + 1].fold in {"de", "of"}:
            return _thing(tokens, place + 2, context)
    return None


def _of_whole(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """`Of the arms recovered in 2020, 15,600 were traced`."""
    if draft.first == 0 or tokens[0].fold not in _WHOLES:
        return None
    if not _RATE_WORDS.isdisjoint(token.fold for token in tokens[: draft.first]):
        return None
    for place in range(1, min(draft.first, 12)):
        if masked[place]:
            continue
        if tokens[place].kind == "n":
            return None
        unit = _thing(tokens, place, context)
        if unit is not None and unit not in APART:
            return unit
    return None


def subject(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """The unit of the noun before the verb of amount or change that leads to a number; `RATE` for
    a rate."""
    verb = _verb(tokens, draft, masked, context)
    if verb is None:
        return None
    if _stands_for(tokens, verb):
        return PRONOUN
    spare: str | None = None
    bracket = 0
    for place in range(verb - 1, max(-1, verb - 1 - _NOUN_REACH), -1):
        token = tokens[place]
        if token.text == "(" and not bracket:
            break
        bracket += (token.text == ")") - (token.text == "(")
        if bracket:
            # "peaked at 36,661 (29 per 100,000 people) and declined to ..."
            continue
        if token.text in {";", ":", ","}:
            break
        if token.kind != "w" or masked[place]:
            continue
        if token.fold in _RATE_WORDS:
            return RATE
        if (
            _in_name(tokens, place)
            or (token.fold in _AGENTS and tokens[verb].fold in _COUNTING)
            or _is_adjective(tokens, place, context)
            or tokens[place + 1].fold in _SPEAK
        ):
            continue
        unit = _thing(tokens, place, context)
        if unit is None or unit in _NO_SUBJECTS:
            continue
        single = not token.fold.endswith("s") and unit not in CORE
        if single or (unit in APART and token.text[0].isupper()):
            # "el principal mercado", "Ciudad de México"
            continue
        # In "encounters of children rose" the head is what the preposition leads back to.
        inner = _is_inner(tokens, place)
        if not inner or inner in _HEADLESS:
            # "The states with most cases are Guanajuato (3,260) ..." tells of cases.
            return spare if spare is not None and unit in APART else unit
        spare = unit
    return spare


def _stands_for(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the clause begins with a pronoun for what was said before: `Los de venezolanos
    pasaron ...`, `...; el de los excursionistas superó ...`, `those from Honduras rose`."""
    start = verb
    while start and tokens[start - 1].text not in {";", ":", "."} and verb - start < _VERB_REACH:
        start -= 1
    lead, of = ahead(tokens, start, 2)
    return lead in _STANDING and of in {"de", "del", "of", "from"}


def _is_adjective(tokens: Sequence[Token], place: int, context: Context) -> bool:
    """Whether a Spanish word that could be a noun goes with the one before it: `exportaciones
    mexicanas`."""
    if context.lexicon.code != "es" or place == 0:
        return False
    before = tokens[place - 1]
    content = before.kind == "w" and len(before.fold) > 3 and before.fold.endswith("s")
    lexicon = context.lexicon
    return content and before.fold not in lexicon.stops | lexicon.modifiers | lexicon.articles


def _in_name(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word is a part of a name in capitals: `the Migrant Protection Protocols`."""
    if place == 0 or not tokens[place].text[0].isupper():
        return False
    beside = tokens[place - 1 : place + 2 : 2]
    return any(token.kind == "w" and token.text[0].isupper() for token in beside)


def _verb(tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context) -> int | None:
    """Where the verb of amount or change stands before a number."""
    lexicon = context.lexicon
    verbs = lexicon.amounts | lexicon.change
    if draft.hedged and tokens[draft.first].fold in lexicon.amounts | _EXCEED:
        return draft.first
    lead, comma = behind(tokens, draft.first, 2)[::-1]
    if comma == "," and lead in {"at", "con", "with"} and draft.first > 2:
        # "The population, at 59,762, ...": the comma stands for the verb.
        return draft.first - 2
    for place in range(draft.first - 1, max(-1, draft.first - 1 - _VERB_REACH), -1):
        fold = tokens[place].fold
        if fold == ";":
            return None
        if fold in verbs and fold not in _NO_VERBS and not masked[place]:
            return place
    return None


def _is_inner(tokens: Sequence[Token], place: int) -> str:
    """The word before the preposition that leads to a noun, or the preposition; empty for a noun
    of its own."""
    before, head, further, lead = behind(tokens, place, 4)
    if head in _INNER and further in _POINTERS:
        # "killings in the two countries averaged ..."
        return before or head
    if lead in _INNER:
        return further or lead
    if further in _INNER:
        return head or further
    return ""


def speaks_of_rates(tokens: Sequence[Token]) -> bool:
    """Whether the sentence is about rates."""
    return any(token.fold in {"tasa", "tasas", "rate", "rates"} for token in tokens)


def of_them(tokens: Sequence[Token], draft: Draft) -> bool:
    """`three of them`, `tres de ellos`, `two of whom`."""
    one, two, three = ahead(tokens, draft.last, 3)
    if one == "of":
        return two in {"them", "whom", "those", "which"}
    return one == "de" and (
        two in {"ellos", "ellas"} or (two in {"los", "las"} and three == "cuales")
    )
