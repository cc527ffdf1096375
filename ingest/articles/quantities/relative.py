"""Spans said against the day of publication (`last year`) or against another (`a year earlier`).

Readers are tried in order; each takes the folds from a token on and gives (span, number of
tokens), or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ingest.articles.quantities.calendar import (
    Calendar,
    Period,
    month_span,
    months_span,
    shift_months,
    week_span,
    year_of,
    year_span,
)
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_MONTHS = {"year": 12, "years": 12, "month": 1, "months": 1, "decade": 120, "decades": 120,
           "quarter": 3, "quarters": 3, "ano": 12, "anos": 12, "mes": 1, "meses": 1, "decada": 120,
           "decadas": 120, "trimestre": 3, "trimestres": 3, "sexenio": 72, "sexenios": 72,
           "semestre": 6, "bimestre": 2}  # fmt: skip
_DAYS = {"week": 7, "weeks": 7, "day": 1, "days": 1, "semana": 7, "semanas": 7, "dia": 1,
         "dias": 1}  # fmt: skip
_EARLIER = words("earlier before ago prior previously")
_LENGTHS = _MONTHS.keys() | _DAYS.keys()
_LATER = words("later after despues")
_ELSEWHEN = words("antes atras") | _LATER
_CLOSERS = frozenset(["", ",", ".", ";", "and", "while", "with", ")"])
_AHEAD = words("next coming proximos proximas siguientes proximo")
_BACK = words("past last recent ultimos ultimas pasados ultima ultimo")
_ALONE = words("past coming ultima ultimo")
_BY_YEAR = {
    ("year", "on", "year"): 12,
    ("year", "over", "year"): 12,
    ("month", "on", "month"): 1,
    ("month", "over", "month"): 1,
}


class Told(NamedTuple):
    """What a reader found."""

    start: date | None
    end: date | None
    length: int
    """Tokens."""
    grain: str = "relative"
    masked: bool = True


def ago_at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`two years ago`, `hace tres meses`: that day; `two years earlier` goes back from what is
    compared. The number is a figure of its own."""
    at = place + (tokens[place].fold == "hace")
    if ahead(tokens, at + 1, 1)[0] not in _LENGTHS:
        return None
    count, at = _count(tokens, at, calendar)
    unit, word = ahead(tokens, at, 2)
    led = at > place + 1 and tokens[place].fold == "hace"
    if not count or (count == 1 and not led) or not (led or word in _EARLIER | _ELSEWHEN):
        return None
    last = at + 2 - led
    if not led and word not in {"ago", "atras"}:
        months = _MONTHS.get(unit, 0) * (-count if word in _LATER else count)
        return Period(None, None, place, last, masked=False, prior=months) if months else None
    if calendar.today is None:
        return None
    if unit in _MONTHS:
        day = shift_months(calendar.today, -_MONTHS[unit] * count)
    elif unit in _DAYS:
        day = calendar.today - timedelta(days=_DAYS[unit] * count)
    else:
        return None
    return Period(day, day, place, last, masked=False, grain="ago")


def relative_at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """The relative span that begins at a token."""
    folds = ahead(tokens, place, 7)
    prior = (_spanish_prior if calendar.spanish else _english_prior)(folds)
    today = calendar.today
    if prior is not None:
        length, months = prior
        # "A year ago" is also a day, where nothing else tells what it is a year before.
        ago = today is not None and ("ago" in folds[:length] or folds[0] == "hace")
        day = shift_months(today, -months) if ago and today is not None else None
        grain = "that" if folds[0] in {"ese", "esa", "that"} and not months else ""
        return Period(day, day, place, place + length, masked=True, prior=months, grain=grain)
    if today is None:
        return None
    for reader in _SPANISH if calendar.spanish else _ENGLISH:
        told = reader(folds, today)
        if told is not None:
            break
    else:
        told = _weekday(tokens, place, calendar, today) or _stretch(tokens, place, calendar, today)
    if told is None:
        return None
    return Period(told.start, told.end, place, place + told.length, told.masked, grain=told.grain)


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
    if unit == "weekend":
        monday = week_span(today)[0] + timedelta(days=7 * offset)
        return monday + timedelta(days=5), monday + timedelta(days=6)
    return None


def _told(span: tuple[date, date] | None, length: int, grain: str) -> Told | None:
    return None if span is None else Told(*span, length, grain)


def _weekend(today: date, length: int) -> Told | None:
    """The weekend that is, or that was last."""
    return _told(_named("weekend", 0 if today.weekday() >= 5 else -1, today), length, "weekend")


def _day(folds: Sequence[str], today: date) -> Told | None:
    """`yesterday`, `today`, `now`, `hoy`."""
    if folds[0] in {"yesterday", "ayer", "anoche"}:
        day = today - timedelta(days=1)
        return Told(day, day, 1, "day")
    if folds[0] in {"today", "now", "currently", "hoy", "actualmente", "ahora"}:
        return Told(today, today, 1, "now")
    if folds[0] == "tonight":
        return Told(today, today, 1, "day")
    if folds[0] == "this" and folds[1] in {"morning", "afternoon", "evening"}:
        return Told(today, today, 2, "day")
    return None


def _to_date(folds: Sequence[str], today: date) -> Told | None:
    """`so far this year`, `to date`, `year to date`, `a la fecha`."""
    one, two, three, four = folds[:4]
    if (one, two, three) == ("so", "far", "in") and four.isdigit() and len(four) == 4:
        year = int(four)
        return Told(date(year, 1, 1), today, 4) if 1800 < year <= today.year else None
    if (one, two) in {("to", "date"), ("so", "far")} and [three, *folds[3:5]] == [
        "this", "fiscal", "year"]:  # fmt: skip
        return Told(date(today.year - (today.month < 10), 10, 1), today, 5)
    if (one, two) in {("to", "date"), ("so", "far")}:
        span = _named(four, 0, today) if three == "this" else None
        return Told(span[0], today, 4) if span is not None else Told(None, today, 2)
    if one == "this" and (three, four) == ("so", "far"):
        span = _named(two, 0, today)
        return None if span is None else Told(span[0], today, 4)
    first_day = date(today.year, 1, 1)
    if one == "year" and list(folds[1:5]) == ["-", "to", "-", "date"]:
        return Told(first_day, today, 5)
    if (one, two, three) == ("year", "to", "date"):
        return Told(first_day, today, 3)
    counted = three[:1].isdigit() and not (len(three) == 4 and three.isdigit())
    if (one, two) == ("el", "ano") and (three == "con" or three.startswith("cerrar")):
        return Told(first_day, date(today.year, 12, 31), 2, "the-year")
    if (one, two) == ("el", "ano") and (counted or three in {"", ":", ",", "."}):
        return Told(first_day, date(today.year, 12, 31), 2, "the-year")
    if (one, two, three) in {("a", "la", "fecha"), ("hasta", "la", "fecha")}:
        return Told(None, today, 3)
    if (one, two) == ("hasta", "ahora"):
        return Told(None, today, 2)
    if list(folds[:5]) == ["hasta", "el", "dia", "de", "hoy"]:
        return Told(None, today, 5)
    return Told(None, today, 2) if (one, two) == ("hasta", "hoy") else None


def _english_named(folds: Sequence[str], today: date) -> Told | None:
    """`last year`, `this month`, `next week`, `the weekend`."""
    one, two = folds[:2]
    if (one, two) == ("the", "weekend"):
        return _weekend(today, 2)
    offset = {"last": -1, "this": 0, "next": 1}.get(one)
    if offset is not None and two == "calendar" and folds[2] == "year":
        return _told(_named("year", offset, today), 3, "year")
    return None if offset is None else _told(_named(two, offset, today), 2, two)


def _rest(folds: Sequence[str], today: date) -> Told | None:
    """`the rest of the year`, `el resto del año`."""
    last_day = date(today.year, 12, 31)
    if list(folds[:4]) == ["rest", "of", "the", "year"]:
        return Told(today, last_day, 4)
    return Told(today, last_day, 3) if list(folds[:3]) == ["resto", "del", "ano"] else None


def _spanish_named(folds: Sequence[str], today: date) -> Told | None:
    """`este año`, `el mes pasado`, `la próxima semana`, `el fin de semana`."""
    one, two = folds[:2]
    if list(folds[:3]) == ["fin", "de", "semana"]:
        return _weekend(today, 3 + (folds[3] == "pasado"))
    if one in {"este", "esta", "presente"}:
        if list(folds[1:4]) == ["fin", "de", "semana"]:
            return _told(_named("weekend", 0, today), 4, "weekend")
        return _told(_named(two, 0, today), 2, two)
    if one in {"proximo", "proxima", "pasado", "pasada"}:
        return _told(_named(two, -1 if one.startswith("pasad") else 1, today), 2, two)
    offset = {"pasado": -1, "pasada": -1, "proximo": 1, "proxima": 1, "actual": 0,
              "entrante": 1}.get(two)  # fmt: skip
    return None if offset is None else _told(_named(one, offset, today), 2, one)


def _so_far(folds: Sequence[str], today: date) -> Told | None:
    """`en lo que va del año`, `en lo que va de 2022`, `en lo que va del sexenio`."""
    lead = 1 if folds[0] in {"en", "por"} else 0
    so_far = (["lo", "que", "va"], ["lo", "corrido", "de"], ["lo", "corrido", "del"])
    if list(folds[lead : lead + 3]) in so_far[1:]:
        span = _named(folds[lead + 3 + (folds[lead + 3] == "este")], 0, today)
        length = lead + 4 + (folds[lead + 3] == "este")
        return None if span is None else Told(span[0], today, length)
    if list(folds[lead : lead + 3]) != ["lo", "que", "va"] or folds[lead + 3] not in {"de", "del"}:
        return None
    at = lead + 4
    at += folds[at] in {"este", "presente"}
    word = folds[at] if at < len(folds) else ""
    start: date | None = date(today.year, 1, 1)
    if word == "ano" and "fiscal" in folds[at + 1 :]:
        start = date(today.year - (today.month < 10), 10, 1)
        at += 1
    elif word.isdigit() and len(word) == 4 and 1800 < int(word) <= today.year:
        start = date(int(word), 1, 1)
    elif word == "mes":
        start = today.replace(day=1)
    elif word == "semana":
        start = week_span(today)[0]
    elif word in {"sexenio", "administracion", "siglo", "gobierno"}:
        start = None
    return Told(start, today, at + 1)


_ENGLISH = (_day, _to_date, _english_named, _rest)
_SPANISH = (_day, _to_date, _so_far, _spanish_named, _rest)


def _weekday(tokens: Sequence[Token], place: int, calendar: Calendar, today: date) -> Told | None:
    """The last such day: `on Monday`, `el lunes pasado`; and `last May`."""
    word, after = ahead(tokens, place, 2)
    before = behind(tokens, place, 1)[0]
    if word in {"last", "this"} and after in calendar.lexicon.months:
        month = calendar.lexicon.months[after]
        back = month > today.month or (word == "last" and month == today.month)
        return Told(*month_span(today.year - back, month), 2, "month")
    number = calendar.lexicon.weekdays.get(word)
    if number is None:
        return None
    if calendar.spanish:
        if before not in {"el", "este", "pasado", "del", "al"}:
            return None
        if after in {"a", "y"} and _names_day(tokens, place + 2, calendar):
            # "del lunes a viernes"
            return None
    elif not tokens[place].text[0].isupper():
        return None
    back_days = (today.weekday() - number) % 7
    if before == "last" and not back_days:
        back_days = 7
    day = today - timedelta(days=back_days)
    length = 1 + (calendar.spanish and after == "pasado")
    part = tuple(ahead(tokens, place + length, 3))
    if part[0] in {"night", "morning", "afternoon", "evening"}:
        length += 1
    elif part[:2] in {("por", "la"), ("en", "la")} and part[2] in {"noche", "tarde", "manana"}:
        length += 3
    return Told(day, day, length, "day")


def _names_day(tokens: Sequence[Token], place: int, calendar: Calendar) -> bool:
    folds = ahead(tokens, place, 2)
    return not calendar.lexicon.weekdays.keys().isdisjoint(folds)


def _stretch(tokens: Sequence[Token], place: int, calendar: Calendar, today: date) -> Told | None:
    """`the last three years`: from the first day of the month then to today; its number is a
    figure of its own."""
    word = tokens[place].fold
    if word not in _BACK and word not in _AHEAD:
        return None
    count, at = _count(tokens, place + 1, calendar)
    unit = tokens[at].fold if at < len(tokens) else ""
    if not count and word not in _ALONE:
        return None
    count = count or 1
    length, on = at + 1 - place, word in _AHEAD
    if unit in _MONTHS:
        months = _MONTHS[unit] * count
        ended = _of_year(tokens, at + 1) if months < 12 and not on else None
        if ended is not None:
            # "the last three months of 2021"
            last_day = date(ended, 12, 31)
            first = months_span(ended, 13 - months, 12)[0]
            return Told(first, last_day, length + 2, "range")
        if on:
            moved = shift_months(today, months)
            return Told(today, month_span(moved.year, moved.month)[1], length, masked=False)
        return Told(shift_months(today, -months).replace(day=1), today, length, masked=False)
    if unit in _DAYS:
        span = timedelta(days=_DAYS[unit] * count)
        ends = (today, today + span) if on else (today - span, today)
        return Told(*ends, length, masked=False)
    return None


def _of_year(tokens: Sequence[Token], place: int) -> int | None:
    of = ahead(tokens, place, 1)[0] in {"of", "de"}
    return year_of(tokens[place + 1]) if of and place + 1 < len(tokens) else None


def stretch_of(tokens: Sequence[Token], place: int) -> tuple[int, int, bool] | None:
    """(tokens, months, at its end) of `in the quarter`, `en el semestre`, `at the end of the
    quarter`: a stretch that the text has named before."""
    word = tokens[place].fold
    if word not in _NAMED_STRETCHES:
        return None
    lead = behind(tokens, place, 3)
    if lead[-1] not in {"the", "that", "el", "ese", "este", "del"} or (
        lead[-2] not in {"in", "of", "for", "en", "during", "durante", "de"} and lead[-1] != "del"
    ):
        return None
    if ahead(tokens, place + 1, 1)[0] in {"of", "de", "del", "that", "que", "anterior", "pasado"}:
        return None
    ended = lead[-3:] == ["end", "of", "the"] or lead[-2:] == ["cierre", "del"]
    return 1, _NAMED_STRETCHES[word], ended


_NAMED_STRETCHES = {"month": 1, "mes": 1, "quarter": 3, "trimestre": 3, "semestre": 6}


def _count(tokens: Sequence[Token], place: int, calendar: Calendar) -> tuple[int, int]:
    """(number, token after) of `three` in "the last three years"; zero where there is none."""
    if place < len(tokens):
        token = tokens[place]
        if token.kind == "n" and token.text.isdigit() and len(token.text) <= 2:
            return int(token.text), place + 1
        small = calendar.lexicon.small.get(token.fold)
        if small is not None and 0 < small < 100:
            return small, place + 1
    return 0, place


def _english_prior(folds: Sequence[str]) -> tuple[int, int] | None:
    """(tokens, months back) of a span said against what is compared."""
    one, two, three = folds[:3]
    led = one in {"a", "one"} or (one == "the" and three != "ago")
    if led and two in {"year", "month", "quarter", "decade"} and three in _EARLIER:
        return 3, _MONTHS[two]
    if (
        one == "the"
        and two in {"previous", "prior", "preceding"}
        and (three in {"year", "month", "quarter"})
    ):
        return 3, _MONTHS[three]
    if list(folds[:4]) == ["the", "year", "before", "that"]:
        return 4, 12
    if one in {"a", "one"} and two in {"year", "month", "quarter", "decade"} and three == "later":
        return 3, -_MONTHS[two]
    if (one, two) == ("the", "following") and three in {"year", "month", "quarter"}:
        return 3, -_MONTHS[three]
    if (one, two, three) in _BY_YEAR:
        return 3, _BY_YEAR[one, two, three]
    if one == "year" and folds[1] == folds[3] == "-" and folds[4] == "year":
        return 5, 12
    if one == "that" and two == "period" and three in _CLOSERS:
        return 2, 0
    return _same(folds) if one == "same" else None


def _same(folds: Sequence[str]) -> tuple[int, int] | None:
    """`the same month`, `the same quarter last year`, `the same period of the previous year`."""
    if folds[1] not in {"month", "year", "period", "quarter", "day", "week", "half"}:
        return None
    if folds[2] in _CLOSERS:
        return 2, 0
    at = 2 + (folds[2] in {"of", "in"})
    if folds[at : at + 2] == ["last", "year"]:
        return at + 2, 12
    if folds[at] == "the" and folds[at + 1] in {"previous", "prior"}:
        return at + 3, 12
    return (at + 3, 12) if folds[at : at + 2] == ["a", "year"] else None


def _spanish_prior(folds: Sequence[str]) -> tuple[int, int] | None:
    """(tokens, months back) of a span said against what is compared."""
    one, two, three = folds[:3]
    if (
        one in {"un", "una"}
        and two in {"ano", "mes", "trimestre", "decada"}
        and (three in {"antes", "atras", "previo"})
    ):
        return 3, _MONTHS[two]
    if one in {"un", "una"} and two in _MONTHS and three in {"despues", "mas"}:
        return 3 + (three == "mas"), -_MONTHS[two]
    if (one, two) == ("el", "anterior") and three in _CLOSERS:
        return 2, 12
    if one in {"ano", "mes", "trimestre"} and two == "siguiente":
        return 2, -_MONTHS[one]
    if one == "hace" and two in {"un", "una"} and three in {"ano", "mes", "decada"}:
        return 3, _MONTHS[three]
    if one in {"ano", "mes", "trimestre"} and two in {"anterior", "previo"}:
        return 2, _MONTHS[one]
    if one not in {"mismo", "misma", "ese", "esa"}:
        return None
    if two not in {"mes", "ano", "periodo", "lapso", "trimestre", "fecha", "dia", "semestre",
                   "bimestre"}:  # fmt: skip
        return None
    if three not in {"de", "del", "que"}:
        return 2, 0
    if folds[3] == "un" and folds[4] == "ano":
        return 6, 12
    last_year = folds[3] == "ano" and folds[4] in {"pasado", "anterior", "previo"}
    return (5, 12) if last_year else None
