"""Spans said against the day of publication (`last year`) or against another (`a year earlier`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ingest.articles.quantities.calendar import (
    Calendar,
    Period,
    month_span,
    months_span,
    shift_months,
    week_span,
    year_span,
)
from ingest.articles.quantities.tokens import Token

_MONTHS = {"year": 12, "years": 12, "month": 1, "months": 1, "decade": 120, "decades": 120,
           "quarter": 3, "quarters": 3, "ano": 12, "anos": 12, "mes": 1, "meses": 1, "decada": 120,
           "decadas": 120, "trimestre": 3, "trimestres": 3, "sexenio": 72, "sexenios": 72,
           "semestre": 6, "bimestre": 2}  # fmt: skip
_DAYS = {"week": 7, "weeks": 7, "day": 1, "days": 1, "semana": 7, "semanas": 7, "dia": 1,
         "dias": 1, "hours": 0, "horas": 0}  # fmt: skip
_EARLIER = {"earlier", "before", "ago", "prior", "previously"}


def relative_at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """The relative span that begins at a token."""
    reader = _spanish if calendar.spanish else _english
    return reader(tokens, place, calendar)


def _make(
    span: tuple[date | None, date | None], first: int, last: int, *, masked: bool = True,
    prior: int | None = None, grain: str = "relative",
) -> Period:  # fmt: skip
    return Period(span[0], span[1], first, last, masked, prior, grain=grain)


def _folds(tokens: Sequence[Token], place: int) -> list[str]:
    found = [token.fold for token in tokens[place : place + 7]]
    return found + [""] * (7 - len(found))


def _named(unit: str, offset: int, today: date) -> tuple[date, date] | None:
    """The year, month, week ... that lies `offset` of them from today's."""
    if unit in {"year", "ano"}:
        return year_span(today.year + offset)
    if unit in {"month", "mes"}:
        moved = shift_months(today.replace(day=1), offset)
        return month_span(moved.year, moved.month)
    if unit in {"week", "semana"}:
        return week_span(today + timedelta(days=7 * offset))
    if unit in {"quarter", "trimestre"}:
        moved = shift_months(today.replace(day=1), 3 * offset)
        first = moved.month - (moved.month - 1) % 3
        return months_span(moved.year, first, first + 2)
    if unit in {"weekend"}:
        monday = week_span(today)[0] + timedelta(days=7 * offset)
        return monday + timedelta(days=5), monday + timedelta(days=6)
    return None


def _last_weekday(number: int, today: date, *, strictly: bool = False) -> date:
    back = (today.weekday() - number) % 7
    return today - timedelta(days=back or (7 if strictly else 0))


def _count(tokens: Sequence[Token], place: int, calendar: Calendar) -> tuple[int, int]:
    """(number, token after) of `three` in "the last three years"; one where there is none."""
    if place < len(tokens):
        token = tokens[place]
        if token.text.isdigit() and token.kind == "n" and len(token.text) <= 2:
            return int(token.text), place + 1
        small = calendar.lexicon.small.get(token.fold)
        if small is not None and 0 < small < 100:
            return small, place + 1
    return 0, place


def _stretch(unit: str, count: int, today: date, *, ahead: bool) -> tuple[date, date] | None:
    """So many years or months back, from the first day of the month then; or on."""
    months = _MONTHS.get(unit)
    if months is not None:
        if ahead:
            moved = shift_months(today, months * count)
            return today, month_span(moved.year, moved.month)[1]
        return shift_months(today, -months * count).replace(day=1), today
    days = _DAYS.get(unit)
    if days:
        span = timedelta(days=days * count)
        return (today, today + span) if ahead else (today - span, today)
    return None


def _english(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    folds, today = _folds(tokens, place), calendar.today
    one, two, three = folds[0], folds[1], folds[2]
    prior = _english_prior(folds)
    if prior is not None:
        return _make((None, None), place, place + prior[0], prior=prior[1])
    if today is None:
        return None
    if one in {"yesterday"}:
        day = today - timedelta(days=1)
        return _make((day, day), place, place + 1, grain="day")
    if one in {"today", "now", "currently"}:
        return _make((today, today), place, place + 1, grain="now")
    if one == "tonight" or (one == "this" and two in {"morning", "afternoon", "evening"}):
        return _make((today, today), place, place + 2, grain="day")
    if (one, two) in {("to", "date"), ("so", "far")}:
        if folds[2:4] == ["this", "year"] or folds[2:4] == ["this", "month"]:
            span = _named(folds[3], 0, today)
            return span and _make((span[0], today), place, place + 4)
        return _make((None, today), place, place + 2)
    if one == "this" and two in {"year", "month"} and folds[2:4] == ["so", "far"]:
        span = _named(two, 0, today)
        return span and _make((span[0], today), place, place + 4)
    if one == "year" and (folds[1:5] == ["-", "to", "-", "date"] or folds[1:3] == ["to", "date"]):
        length = 5 if two == "-" else 3
        return _make((date(today.year, 1, 1), today), place, place + length)
    if one in calendar.lexicon.weekdays and tokens[place].text[0].isupper():
        before = tokens[place - 1].fold if place else ""
        day = _last_weekday(calendar.lexicon.weekdays[one], today, strictly=before == "last")
        return _make((day, day), place, place + 1, grain="day")
    if one in {"last", "this", "next"}:
        offset = {"last": -1, "this": 0, "next": 1}[one]
        if two in calendar.lexicon.months and offset <= 0:
            month = calendar.lexicon.months[two]
            back = month > today.month or (offset < 0 and month == today.month)
            span = month_span(today.year - back, month)
            return _make(span, place, place + 2, grain="month")
        found = _named(two, offset, today)
        if found is not None:
            return _make(found, place, place + 2, grain=two)
    if one in {"past", "last", "previous", "next", "coming", "preceding", "recent"}:
        count, at = _count(tokens, place + 1, calendar)
        if at < len(tokens) and (count or one in {"past", "coming"}):
            stretch = _stretch(tokens[at].fold, count or 1, today, ahead=one in {"next", "coming"})
            if stretch is not None:
                return _make(stretch, place, at + 1, masked=False)
    if one == "rest" and folds[1:4] == ["of", "the", "year"]:
        return _make((today, date(today.year, 12, 31)), place, place + 4)
    if (one, two) == ("the", "weekend"):
        found = _named("weekend", 0 if today.weekday() >= 5 else -1, today)
        return found and _make(found, place, place + 2)
    if one == "the" and two == "year" and three in {"to"}:
        return _make((date(today.year, 1, 1), today), place, place + 3)
    return None


def _english_prior(folds: Sequence[str]) -> tuple[int, int] | None:
    """(tokens, months back) of a span said against what is compared."""
    one, two, three, four = folds[:4]
    if one in {"a", "one"} and two in {"year", "month", "quarter", "decade"} and three in _EARLIER:
        return (3, _MONTHS[two]) if three != "ago" else (3, _MONTHS[two])
    if one == "the" and two in {"year", "month", "quarter"} and three in _EARLIER - {"ago"}:
        return 3, _MONTHS[two]
    if (
        one == "the"
        and two in {"previous", "prior", "preceding"}
        and three in {"year", "month", "quarter"}
    ):
        return 3, _MONTHS[three]
    if one == "year" and folds[1:5] == ["-", "on", "-", "year"]:
        return 5, 12
    if one == "year" and folds[1:5] == ["-", "over", "-", "year"]:
        return 5, 12
    if (one, two, three) in {("year", "on", "year"), ("year", "over", "year")}:
        return 3, 12
    if (one, two, three) in {("month", "on", "month"), ("month", "over", "month")}:
        return 3, 1
    if (
        one == "same"
        and two in {"month", "year", "period", "quarter", "day", "week"}
        and (three in {"", ",", ".", ";", "and", "while", "with", ")"})
    ):
        return 2, 0
    if (
        one == "same"
        and two in {"month", "period", "quarter", "half", "week"}
        and three in {"last", "of", "a", "in", "the"}
    ):
        if folds[3:4] == ["last"] or three == "last":
            at = 3 if three == "last" else 4
            return (at + 1, 12) if folds[at] == "year" else None
        if four == "the" and folds[4] == "previous":
            return 6, 12
        if three == "the" and four in {"previous", "prior"}:
            return 5, 12
        if three == "a" and four == "year":
            return 5, 12
    return None


def _spanish(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    folds, today = _folds(tokens, place), calendar.today
    one, two, three = folds[0], folds[1], folds[2]
    prior = _spanish_prior(folds)
    if prior is not None:
        return _make((None, None), place, place + prior[0], prior=prior[1])
    if today is None:
        return None
    if one in {"ayer", "anoche"}:
        day = today - timedelta(days=1)
        return _make((day, day), place, place + 1, grain="day")
    if one in {"hoy", "actualmente"} or (one, two) == ("ahora", ""):
        return _make((today, today), place, place + 1, grain="now")
    if folds[:4] == ["a", "la", "fecha", folds[3]] or folds[:3] == ["hasta", "ahora", folds[2]]:
        return _make((None, today), place, place + 3 - (one == "hasta"))
    if folds[:3] == ["hasta", "la", "fecha"]:
        return _make((None, today), place, place + 3)
    if folds[:4] in (["en", "lo", "que", "va"], ["lo", "que", "va", "del"], ["lo", "que", "va",
                     "de"], ["por", "lo", "que", "va"]):  # fmt: skip
        return _so_far(tokens, place, folds, today)
    if one == "este" or one == "esta" or (one == "presente"):
        if two == "fin" and folds[2:4] == ["de", "semana"]:
            found = _named("weekend", 0, today)
            return found and _make(found, place, place + 4)
        found = _named(two, 0, today)
        if found is not None:
            return _make(found, place, place + 2, grain=two)
    if one == "fin" and folds[1:3] == ["de", "semana"]:
        found = _named("weekend", 0 if today.weekday() >= 5 else -1, today)
        return found and _make(found, place, place + 3 + (three == "" or folds[3] == "pasado"))
    if one in _MONTHS or one in _DAYS:
        offset = {"pasado": -1, "pasada": -1, "proximo": 1, "proxima": 1, "actual": 0,
                  "entrante": 1}.get(two)  # fmt: skip
        found = None if offset is None else _named(one, offset, today)
        if found is not None:
            return _make(found, place, place + 2, grain=one)
    if one in {"proximo", "proxima", "pasado", "pasada"}:
        if two in calendar.lexicon.weekdays:
            return None
        found = _named(two, -1 if one.startswith("pasad") else 1, today)
        if found is not None:
            return _make(found, place, place + 2, grain=two)
    if one in {"ultimos", "ultimas", "proximos", "proximas", "pasados", "ultima", "ultimo",
               "siguientes"}:  # fmt: skip
        count, at = _count(tokens, place + 1, calendar)
        if at < len(tokens) and (count or one in {"ultima", "ultimo"}):
            stretch = _stretch(
                tokens[at].fold,
                count or 1,
                today,
                ahead=one[0] in "p" and one != "pasados" or one == "siguientes",
            )
            if stretch is not None:
                return _make(stretch, place, at + 1, masked=False)
    if one in calendar.lexicon.weekdays:
        before = tokens[place - 1].fold if place else ""
        if before in {"el", "este", "pasado", "del"} and two not in {"a", "y"}:
            day = _last_weekday(calendar.lexicon.weekdays[one], today)
            return _make((day, day), place, place + 1 + (two == "pasado"), grain="day")
    if one == "resto" and folds[1:3] == ["del", "ano"]:
        return _make((today, date(today.year, 12, 31)), place, place + 3)
    return None


def _so_far(
    tokens: Sequence[Token], place: int, folds: Sequence[str], today: date
) -> Period | None:
    """`en lo que va del año`, `en lo que va de 2022`, `en lo que va del sexenio`."""
    at = list(folds).index("va") + 1
    last = place + at
    start: date | None = date(today.year, 1, 1)
    if last < len(tokens) and tokens[last].fold in {"de", "del"}:
        last += 1
        if last < len(tokens) and tokens[last].fold in {"este", "presente"}:
            last += 1
        if last < len(tokens):
            word = tokens[last]
            if word.kind == "n" and word.text.isdigit() and len(word.text) == 4:
                start = date(int(word.text), 1, 1) if int(word.text) > 1800 else start
            elif word.fold == "mes":
                start = today.replace(day=1)
            elif word.fold in {"sexenio", "administracion", "siglo", "gobierno"}:
                start = None
            elif word.fold == "semana":
                start = week_span(today)[0]
            last += 1
    return _make((start, today), place, last)


def _spanish_prior(folds: Sequence[str]) -> tuple[int, int] | None:
    """(tokens, months back) of a span said against what is compared."""
    one, two, three, four = folds[:4]
    if one in {"un", "una"} and two in {"ano", "mes", "trimestre"} and three in {"antes", "atras",
                                                                                 "previo"}:  # fmt: skip
        return 3, _MONTHS[two]
    if one in {"ano", "mes", "trimestre"} and two in {"anterior", "previo"}:
        return 2, _MONTHS[one]
    if one in {"interanual", "anual"} and two not in {"de"}:
        return None
    if (
        one in {"mismo", "misma", "ese", "esa"}
        and two in {"mes", "ano", "periodo", "lapso", "trimestre", "fecha", "dia", "semestre"}
        and three not in {"de", "del", "que"}
    ):
        return 2, 0
    if one == "mismo" and two in {"mes", "periodo", "lapso", "trimestre", "semestre", "bimestre"}:
        at = 2
        if folds[at] in {"de", "del"}:
            at += 1
        if folds[at] == "un" and folds[at + 1] == "ano":
            return at + 3, 12
        if folds[at] == "ano" and folds[at + 1] in {"pasado", "anterior", "previo"}:
            return at + 2, 12
    return None
