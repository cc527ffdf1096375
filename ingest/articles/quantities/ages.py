"""Ages and brackets of age, which are no figures."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.numbers import Number
from ingest.articles.quantities.spanish_nouns import NOUNS, PERSONS
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

OLDEST = 120
_AGED = words("age ages aged edad edades")
_BRACKETS = words("mayores menores mayor menor older younger")
_SPANS = words("years year months month weeks week days day")
_OLD = words("old olds")
_OR_OVER = words("older over under younger up")
_THOSE = words(
    """children people adults minors those anyone women men aged youths persons everyone girls
    boys"""
)
_BE = words("were are was is aged be those of who")
_GROUPS = words("grupo grupos rango rangos quienes segmento cohorte franja")
_CLAUSE_ENDS = frozenset(["", ".", ",", ";", ")", "and", "or", "when", "at", "in", "but"])
_HAS = words("tiene tenia cumplio cumple tenian tienen cumplido cumplir cumplidos cumplieron")
_YEARS = words("anos ano meses")


def is_age(tokens: Sequence[Token], number: Number, language: str) -> bool:
    """Whether a number is somebody's age, or an end of a bracket of age."""
    if number.low > OLDEST or number.scaled:
        return False
    after = ahead(tokens, number.last, 5)
    before = behind(tokens, number.first, 4)
    if language == "es":
        return _spanish(tokens, number, before, after)
    return (
        _years_old(before, after)
        or _bracket(tokens, number, before, after)
        or _between_commas(tokens, number, before, after)
    )


def _years_old(before: list[str], after: list[str]) -> bool:
    """`34-year-old`, `34 years old`, `aged 34`, `at the age of 34`."""
    if after[0] == "-" and after[1] in _SPANS and after[2] == "-" and after[3] in _OLD:
        return True
    if after[0] in _SPANS and (after[1] in _OLD or after[1:3] == ["of", "age"]):
        return True
    return before[-1] in _AGED or (before[-1] == "of" and before[-2] in _AGED)


def _bracket(tokens: Sequence[Token], number: Number, before: list[str], after: list[str]) -> bool:
    """`aged 18 to 35`, `65 and older`, `children under 5`."""
    if before[-1] in {"to", "and", "-"} and _AGED & set(before):
        return True
    if after[0] in {"and", "or"} and after[1] in _OR_OVER and number.form != "order":
        return number.first == 0 or tokens[number.first - 1].kind != "n"
    if before[-1] in {"over", "under", "below", "above"} and number.low < 100:
        told = before[-2] in _THOSE or (before[-2] in _BE and number.low >= 5)
        return after[0] in {"-", "s"} or (told and after[0] in _CLAUSE_ENDS)
    return False


def _between_commas(
    tokens: Sequence[Token], number: Number, before: list[str], after: list[str]
) -> bool:
    """`Marie, 29, arrived`."""
    if before[-1] != "," or after[0] != "," or number.form != "digits" or number.first < 2:
        return False
    name = tokens[number.first - 2]
    return name.kind == "w" and name.text[0].isupper() and number.low >= 10


def _spanish(tokens: Sequence[Token], number: Number, before: list[str], after: list[str]) -> bool:
    if after[0] in _YEARS and _of_years(tokens, number, before, after):
        return True
    if before[-2] in _BRACKETS and before[-1] == "de" and after[0] not in {"por", "%"}:
        return after[0] in {"", ",", ".", "y", "anos"}
    # "jóvenes de 18 a 29 años", "entre 15 y 24 años"
    low = after[0] in {"a", "y"} and after[2] == "anos" and before[-1] in {"de", "entre"}
    high = before[-1] in {"a", "y"} and after[0] == "anos" and before[-2].isdigit()
    if low or high:
        return _person_near(tokens, number)
    return before[-1] == "edad" or before[-2:] == ["edad", "de"]


def _of_years(tokens: Sequence[Token], number: Number, before: list[str], after: list[str]) -> bool:
    """`un hombre de 34 años`, `de 52 años de edad`, `mayores de 65 años`, `60 años y más`."""
    if after[1:3] in (["de", "edad"], ["cumplidos", ","], ["y", "mas"], ["o", "mas"]):
        return True
    if _BRACKETS & set(before) or _HAS & set(before[-3:]):
        return True
    if before[-2:] == ["menos", "de"] and before[-3] in {"de", "con", "tienen", "tenian"}:
        # "niños de menos de 12 años"
        return before[-3] != "con" or after[1] == "de"
    if before[-1] != "de" or number.first < 2:
        return False
    previous = tokens[number.first - 2]
    named = previous.kind == "w" and previous.text[0].isupper()
    person = NOUNS.get(previous.fold, NOUNS.get(f"{previous.fold}s")) == "persons"
    return named or previous.text == "," or person


def _person_near(tokens: Sequence[Token], number: Number) -> bool:
    near = tokens[max(0, number.first - 6) : number.first]
    return any(token.fold in PERSONS | _AGED | _GROUPS for token in near)
