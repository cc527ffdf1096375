"""Numbers whose noun is left out: `214 slept there`, `buried two`, `de los cuales 30 son niños`.

What they count was said before, in their sentence or in one that it goes on from.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_MORE = words("more fewer others mas menos restantes remaining faltantes")
_ADVERBS = words(
    """only just another some otros otras otro otra apenas solo unicamente barely even almost
    nearly casi about roughly further additional other the los las unos unas also tambien ya"""
)
_JOINTS = words("and y but pero while mientras that que where donde whereas e or o") | frozenset(
    [",", ";", "—", "–", "(", ":"]
)
_RELATIVES = words("whom which cuales quienes que")
_PAST_ENDS = ("ed", "aron", "ieron", "imos", "amos", "ados", "adas", "idos", "idas")
_AUXILIARIES = words(
    """have has had were was are is will would could can may might must did do does never then
    han habian habia fueron son eran estan estaban siguen seguian seran serian tienen tenian viven
    vivian llevan esperan quedan van vienen estaran podran no ni ya still remain remained since
    later se"""
)
_PAST = words(
    """had have has slept died came went left fled took got made lost won fell rose stood sat ran
    spent found saw began held kept met sold bought sent built paid caught buried drew gave
    hit wore knew became brought drove led said told thought fought spoke broke chose rode
    flew grew wrote shot stole swore let cut put read set"""
)
_OBJECT_ENDS = words(
    """in on at during en el este last this y and for from since por para durante desde a of de
    alive dead vivos muertos there here to with con between entre through per that que more
    yesterday today ayer hoy back home out up down when cuando within by so already"""
) | frozenset(["", ".", ",", ";", ")", ":", "—", "–", "?", "!", '"', "”"])
_OF_AMOUNT = (
    "correspond", "equival", "limit", "ascend", "descend", "aproxim", "acerc", "adelant", "reduj",
    "sum", "iguala", "oblig", "conden", "sentenc",
    "duplic", "triplic", "cuadruplic", "quintuplic",
)  # fmt: skip
_TIME_WORDS = words("el en esos ese esa esas meses mes dias dia semana semanas ano ya tambien")
_DOZEN = 13
_COPULAS = words("fueron eran son were are numbered")
_OF_AGE = words("turned aged cumplio")
_OF_PERSONS = words("us you whom quienes nosotros nosotras ustedes")
_OBJECT_PERSONS = (
    "employ", "killing", "injur", "wound", "arrest", "detain", "deport", "hired", "hires",
    "hire", "hiring", "evacuat", "rescu", "displac", "kidnap", "recruit", "contrat", "detuv",
    "deten", "mato", "mataron", "hirio", "asesin", "secuestr", "rescat", "evacu", "emplea",
    "desplaz", "reclut", "repatri", "infect", "vaccinat", "vacun", "hospitaliz",
)  # fmt: skip


def is_elided(tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context) -> bool:
    """Whether a number without a noun stands where a noun with its number would."""
    if draft.low < 2:
        return False
    return (
        _is_part(tokens, draft)
        or ahead(tokens, draft.last, 1)[0] in _MORE
        or behind(tokens, draft.first, 2) in (["of", "the"], ["de", "los"], ["de", "las"])
        or _is_subject(tokens, draft, masked)
        or _is_object(tokens, draft, context)
    )


def _is_part(tokens: Sequence[Token], draft: Draft) -> bool:
    """`5 of the 43`, `40 de ellos`, `of whom 208`, `de los cuales 30`."""
    one, two = ahead(tokens, draft.last, 2)
    if one == "of" and two in {"the", "its", "those", "them", "these", "their", "us", "whom",
                               "which", "our", "his", "her", "you"}:  # fmt: skip
        return True
    if one == "de" and two in {"los", "las", "ellos", "ellas", "sus", "esos", "esas", "estos",
                               "estas", "nosotros"}:  # fmt: skip
        return True
    return _relative(tokens, draft) != ""


def _relative(tokens: Sequence[Token], draft: Draft) -> str:
    """The word of `of whom`, `de los cuales`, `de las que` before a number."""
    place = _over_adverbs(tokens, draft.first)
    one, two, three = behind(tokens, place, 3)
    if three not in _RELATIVES:
        return ""
    articles = one == "de" and two in {"los", "las"}
    led = two == "of" or articles or (two == "de" and three == "quienes")
    return three if led else ""


def _over_adverbs(tokens: Sequence[Token], place: int) -> int:
    for _ in range(2):
        if place and tokens[place - 1].fold in _ADVERBS:
            place -= 1
    return place


def _is_subject(tokens: Sequence[Token], draft: Draft, masked: bytearray) -> bool:
    """A clause begins with the number, and its verb follows."""
    place = _over_adverbs(tokens, draft.first)
    opens = place == 0 or masked[place - 1] or tokens[place - 1].fold in _JOINTS
    if not opens or draft.last >= len(tokens):
        return False
    after = tokens[draft.last]
    return after.kind == "w" and after.text.islower() and is_verb(after)


def is_verb(token: Token) -> bool:
    """Whether a word looks like a finite verb in the past, or is an auxiliary."""
    fold = token.fold
    return (
        fold in _AUXILIARIES
        or fold in _PAST
        or (len(fold) > 4 and fold.endswith(("ed", "aron", "ieron", "aban", "ian")))
        or (len(fold) > 4 and token.text.endswith(("rán", "rían")))
    )


def _is_object(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """A verb in the past stands right before, and nothing that the number could count behind."""
    after = ahead(tokens, draft.last, 1)[0]
    if after not in _OBJECT_ENDS:
        return False
    place = _over_adverbs(tokens, draft.first)
    place -= bool(place and tokens[place - 1].fold == "a")
    if not place or tokens[place - 1].kind != "w" or not tokens[place - 1].text.islower():
        return False
    verb = tokens[place - 1]
    if draft.form == "words" and verb.fold in _COPULAS and draft.low < _DOZEN:
        # "En Yucatán las víctimas fueron nueve."
        return True
    if verb.fold in context.lexicon.amounts | context.lexicon.change or verb.fold in _OF_AGE:
        return False
    return (
        verb.fold in _PAST
        or verb.fold.startswith(_OBJECT_PERSONS)
        or (len(verb.fold) > 4 and verb.fold.endswith(_PAST_ENDS))
        or (len(verb.text) > 4 and verb.text.endswith("ó"))
    )


def told_unit(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> str | None:
    """`persons` where the words around tell as much: `13,400 of us`, `of whom 30`, `6,000, of
    whom`, `killing 12`."""
    one, two, three = ahead(tokens, draft.last, 3)
    if one in {"of", "de"} and two in _OF_PERSONS:
        return "persons"
    if one == "," and two in {"of", "de"} and three in _OF_PERSONS:
        return "persons"
    if _relative(tokens, draft) in _OF_PERSONS:
        return "persons"
    place = _over_adverbs(tokens, draft.first)
    place -= bool(place and tokens[place - 1].fold in {"a", "an"})
    if place and tokens[place - 1].fold.startswith(_OBJECT_PERSONS):
        return "persons"
    we = behind(tokens, place, 2)
    if we[1] in {"somos", "eramos", "seremos"} or (we[0] == "we" and we[1] in {"are", "were"}):
        return "persons" if ahead(tokens, draft.last, 1)[0] in _OBJECT_ENDS else None
    return "persons" if _is_personal(tokens, draft, masked, context) else None


def _is_personal(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> bool:
    """The "a" that Spanish puts before persons: `atendió a 300`, `recibió el domingo a más de
    450`."""
    place = draft.first - 1
    if context.lexicon.code != "es" or place < 1 or tokens[place].fold != "a":
        return False
    if ahead(tokens, draft.last, 1)[0] not in _OBJECT_ENDS:
        return False
    place -= 1
    for _ in range(5):
        place -= bool(place and (masked[place] or tokens[place].fold in _TIME_WORDS))
    verb = tokens[place]
    led = verb.fold in context.lexicon.amounts | context.lexicon.change
    if led or verb.kind != "w" or verb.fold.startswith(_OF_AMOUNT):
        return False
    return len(verb.text) > 4 and verb.text.endswith(("ó", "aron", "ieron", "ará", "arán"))
