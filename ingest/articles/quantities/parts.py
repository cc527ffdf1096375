"""Fiscal years, quarters, halves, seasons and decades: the parts and bundles of years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ingest.articles.quantities.calendar import (
    DAYS,
    Calendar,
    Span,
    fiscal_span,
    months_span,
    shift_months,
    year_of,
    year_span,
)
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_PARTS = {"quarter": 3, "half": 6, "trimestre": 3, "semestre": 6, "bimestre": 2,
          "cuatrimestre": 4, "mitad": 6}  # fmt: skip
_CURRENT = words("this the current last este el actual presente")


def span_at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """A span that begins at a token, without what leads to it."""
    fold = tokens[place].fold
    fiscal = _fiscal(tokens, place, calendar)
    if fiscal is not None:
        return fiscal
    if fold in DAYS:
        day = calendar.day_at(tokens, place)
        if day is not None:
            return day
    if fold in calendar.lexicon.ordinals or fold == "primeros":
        return _part(tokens, place, calendar)
    if fold in {"q", "h"} and place + 1 < len(tokens) and tokens[place + 1].glued:
        return _lettered(tokens, place, calendar)
    if fold in calendar.lexicon.seasons:
        return _season(tokens, place, calendar)
    if calendar.spanish and fold in {"anos", "decada"}:
        return _decade(tokens, place, calendar)
    if fold in calendar.lexicon.decades and behind(tokens, place, 1)[0] in {"los", "the"}:
        return _named_decade(tokens, place, calendar)
    return calendar.plain_at(tokens, place)


def _named_decade(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`en los noventa`, `the nineties`."""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after is not None and after.kind == "w":
        lexicon = calendar.lexicon
        counts = lexicon.nouns.keys() | lexicon.scales.keys() | lexicon.durations.keys()
        if after.fold in counts | lexicon.joints or after.fold.endswith("s"):
            return None
    decade = calendar.lexicon.decades[tokens[place].fold]
    year = 1900 + decade if decade > 20 else 2000 + decade
    return Span(date(year, 1, 1), date(year + 9, 12, 31), place + 1, "decade")


def _fiscal(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`FY2021`, `fiscal year 2021`, `año fiscal 2021`, `this fiscal year`."""
    length = _fiscal_words(ahead(tokens, place, 3), calendar)
    if not length:
        return None
    at = place + length
    year = None if at >= len(tokens) else _fiscal_year(tokens, place, at)
    if year is None:
        lead = behind(tokens, place, 1)[0]
        if length != 2 or lead not in _CURRENT or calendar.today is None:
            return None
        year = calendar.today.year + (calendar.today.month >= 10) - (lead == "last")
        if lead in {"the", "el"} and calendar.fiscal_year is not None:
            year = calendar.fiscal_year
        grain = "the-fiscal" if lead in {"the", "el"} else "fiscal"
        return Span(*fiscal_span(year), at, grain, bare=True)
    # Mexico's "ejercicio fiscal" is the calendar year.
    start, end = year_span(year) if tokens[place].fold == "ejercicio" else fiscal_span(year)
    last = at + 1
    if last + 1 < len(tokens) and tokens[last].text in {"-", "–"} and tokens[last].glued:
        other = year_of(tokens[last + 1])
        if other is not None and year < other:
            return Span(start, fiscal_span(other)[1], last + 2, "fiscal")
    return Span(start, end, last, "fiscal")


def _fiscal_words(folds: Sequence[str], calendar: Calendar) -> int:
    """How many words lead to a fiscal year's number; 0 for none."""
    if folds[0] in {"fy", "fys"}:
        return 1
    if folds[0] == "fiscal" and not calendar.spanish:
        return 2 if folds[1] in {"year", "years"} else 1
    if folds[0] in {"ano", "ejercicio"} and folds[1] == "fiscal":
        return 3 if folds[2] == "de" else 2
    return 0


def _fiscal_year(tokens: Sequence[Token], place: int, at: int) -> int | None:
    token = tokens[at]
    year = year_of(token)
    if year is None and tokens[place].fold == "fy" and len(token.text) == 2:
        return 2000 + int(token.text) if token.text.isdigit() else None
    return year if year is not None and year >= 1800 else None


def _within(tokens: Sequence[Token], at: int, calendar: Calendar) -> tuple[date, int, bool] | None:
    """The first day of the year that a part belongs to, the token after, and whether it is said."""
    place = at + (ahead(tokens, at, 1)[0] in {"of", "de", "del", ",", "in"})
    if place < len(tokens):
        skipped = tokens[place].fold in {"the", "this"} and place + 1 < len(tokens)
        fiscal = _fiscal(tokens, place + skipped, calendar)
        if fiscal is not None:
            return fiscal.start, fiscal.last, True
        year = year_of(tokens[place])
        if year is not None and year >= 1800:
            return date(year, 1, 1), place + 1, True
    named = calendar.named_year(tokens, at) or calendar.named_year(tokens, place)
    if named is not None:
        return date(named[0], 1, 1), named[1], True
    return None if calendar.today is None else (date(calendar.today.year, 1, 1), at, False)


def _part(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`first quarter of 2022`, `primer semestre`, `first five months of 2021`."""
    number = calendar.lexicon.ordinals.get(tokens[place].fold, 1)
    at = place + 1
    if at >= len(tokens):
        return None
    size = _PARTS.get(tokens[at].fold)
    if size is None:
        return _first_months(tokens, at, calendar) if number == 1 else None
    half = _half_month(tokens, at, number, calendar)
    inside = None if half is not None else _within(tokens, at + 1, calendar)
    if inside is None:
        return half
    start, last, said = inside
    parts = 12 // size
    number = parts if number == -1 else number
    if number > parts:
        return None
    first = shift_months(start, size * (number - 1))
    today = calendar.today
    if not said and today is not None and first > today and not calendar.is_ahead(place):
        first = shift_months(first, -12)
    return Span(first, shift_months(first, size) - timedelta(days=1), last, "quarter", not said)


def _first_months(tokens: Sequence[Token], at: int, calendar: Calendar) -> Span | None:
    """`five months of 2021` after "first"."""
    word = tokens[at]
    count = calendar.lexicon.small.get(word.fold, 0)
    if word.kind == "n" and word.text.isdigit() and len(word.text) <= 2:
        count = int(word.text)
    if not 1 <= count <= 12 or ahead(tokens, at + 1, 1)[0] not in {"months", "meses"}:
        return None
    inside = _within(tokens, at + 2, calendar)
    if inside is None:
        return None
    start, last, _ = inside
    return Span(start, shift_months(start, count) - timedelta(days=1), last, "range")


def _half_month(tokens: Sequence[Token], at: int, number: int, calendar: Calendar) -> Span | None:
    """`the first half of March`."""
    if tokens[at].fold not in {"half", "mitad"} or at + 2 >= len(tokens):
        return None
    month = calendar.month_at(tokens, at + 2)
    span = calendar.plain_at(tokens, at + 2) if month is not None else None
    if span is None or span.grain != "month":
        return None
    if number == 1:
        return span._replace(end=span.start.replace(day=15), grain="half-month")
    return span._replace(start=span.start.replace(day=16), grain="half-month")


def _lettered(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`Q1 2022`, `H1`."""
    size = 3 if tokens[place].fold == "q" else 6
    text = tokens[place + 1].text
    if text not in {"1", "2", "3", "4"} or (size == 6 and int(text) > 2):
        return None
    inside = _within(tokens, place + 2, calendar)
    if inside is None:
        return None
    first = shift_months(inside[0], size * (int(text) - 1))
    return Span(first, shift_months(first, size) - timedelta(days=1), inside[1], "quarter")


def _season(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`spring 2019`, `el verano de 2020`, `last summer`."""
    first, last = calendar.lexicon.seasons[tokens[place].fold]
    found = calendar.year_after(tokens, place + 1)
    if found is not None:
        return Span(*months_span(found[0], first, last), found[1], "season")
    before, today = behind(tokens, place, 1)[0], calendar.today
    if before not in {"last", "this"} or today is None:
        return None
    year = today.year
    if date(year, first, 1) > today or (before == "last" and today.month <= last):
        year -= 1
    return Span(*months_span(year, first, last), place + 1, "season", bare=True)


def _decade(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`los años noventa`, `la década de 1990`, `la década de los noventa`."""
    at = place + 1
    while at < len(tokens) and at < place + 3 and tokens[at].fold in {"de", "los"}:
        at += 1
    if at >= len(tokens):
        return None
    decade = calendar.lexicon.decades.get(tokens[at].fold)
    named = tokens[place].fold == "decada"
    if decade is not None and (named or at == place + 1):
        year = 1900 + decade if decade > 20 else 2000 + decade
    else:
        year = (year_of(tokens[at]) if named else None) or 0
    if not year or year % 10:
        return None
    return Span(date(year, 1, 1), date(year + 9, 12, 31), at + 1, "decade")
