"""Spans of the calendar, and dates as texts name them without words around: years, months, days.

Spans are (first day, last day), both inside. US fiscal years begin in October (31 U.S.C. 1102).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ingest.articles.quantities.lexicon import Lexicon
from ingest.articles.quantities.tokens import Token
from ingest.articles.quantities.wordsets import listed, words


class Span(NamedTuple):
    start: date
    end: date
    last: int
    """The token after the span's last."""
    grain: str
    """`day`, `month`, `quarter`, `season`, `year`, `fiscal`, `decade`, `range`."""
    bare: bool = False
    """No year was said: resolved against the day of publication."""


class Period(NamedTuple):
    start: date | None
    end: date | None
    first: int
    last: int
    """Tokens `first` to `last`, the end not included."""
    masked: bool
    """Its numbers are no figures; "the last three years" has one."""
    prior: int | None = None
    """Months to go back from the span spoken of (`a year earlier`); 0 is that span itself."""
    base: bool = False
    """It names what something is compared with: `than in 2019`."""
    grain: str = ""


def month_span(year: int, month: int) -> tuple[date, date]:
    """A month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def months_span(year: int, first: int, last: int) -> tuple[date, date]:
    """From one month of a year to another."""
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def year_span(year: int) -> tuple[date, date]:
    """A calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def fiscal_span(year: int) -> tuple[date, date]:
    """A US fiscal year, labelled by the year that it ends in."""
    return date(year - 1, 10, 1), date(year, 9, 30)


def shift_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return day
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_span(start: date, end: date, months: int) -> tuple[date, date]:
    """A span so many months on; one that ends with a month still does."""
    whole = end.day == monthrange(end.year, end.month)[1]
    moved = shift_months(end, months)
    if whole:
        moved = moved.replace(day=monthrange(moved.year, moved.month)[1])
    return shift_months(start, months), moved


def week_span(day: date) -> tuple[date, date]:
    """Monday to Sunday of the week that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def year_of(token: Token) -> int | None:
    """The year that four digits may be."""
    if token.kind == "n" and len(token.text) == 4 and token.text.isdigit():
        year = int(token.text)
        return year if 1700 <= year <= 2100 else None
    return None


def short_year(token: Token, century: int) -> int | None:
    """The second year of `2016-17`."""
    if token.kind == "n" and len(token.text) == 2 and token.text.isdigit():
        return century - century % 100 + int(token.text)
    return None


_BEFORE_MONTH = words(
    """ended closed finished in of since until till by from to and or between last this next late
    early mid through - – during before after than every each"""
)


NO_YEAR = 1200
"""Stands for the year, a leap year, of a day or month where neither text nor publication tells it.
A calculation with it works, and what comes of it is left open at the end: `told`."""
_FIRST_TOLD = 1500

DAYS = {
    name: number
    for number, name in enumerate(
        listed(
            """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
        thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
        twentieth"""
        ),
        start=1,
    )
} | {"primero": 1}
"""Days of a month in words."""


class Calendar:
    """Reads dates of one language, against the day of publication."""

    def __init__(self, lexicon: Lexicon, today: date | None) -> None:
        self.lexicon = lexicon
        self.today = today
        self.spanish = lexicon.code == "es"
        self.ahead: list[int] = []
        """Where the sentence at hand has words of what is to come."""
        self.coming = False
        self.told_year: int | None = None
        """The past year that the title says: months without a year belong to it."""
        self.fiscal_year: int | None = None
        """The fiscal year that the text spoke of last."""

    def month_at(self, tokens: Sequence[Token], place: int) -> int | None:
        """The month that a token names: in English it has a capital, and an abbreviation has a
        day or a year beside it."""
        token = tokens[place]
        month = self.lexicon.months.get(token.fold)
        if month is None or token.kind != "w":
            return None
        self.coming = self.is_ahead(place)
        if not self.spanish and not token.text[0].isupper():
            return None
        if len(token.fold) <= 4 and token.fold not in {"may", "june", "july", "mayo"}:
            beside = [tokens[k] for k in (place - 1, place + 1, place + 2) if 0 <= k < len(tokens)]
            if not any(each.kind == "n" for each in beside):
                return None
        if token.fold == "may" and not self.spanish and not self._number_after(tokens, place):
            # The verb, but "in May", "last May".
            before = tokens[place - 1] if place else None
            if before is None or (before.kind != "n" and before.fold not in _BEFORE_MONTH):
                return None
        return month

    def _number_after(self, tokens: Sequence[Token], place: int) -> bool:
        return place + 1 < len(tokens) and tokens[place + 1].kind == "n"

    def is_ahead(self, place: int) -> bool:
        """Whether a word of what is to come leads to a date, or follows it at once."""
        return any(-4 <= place - word <= 24 for word in self.ahead)

    def current(self, word: str) -> tuple[date, date] | None:
        """The month, year or week of the day of publication."""
        if self.today is None:
            return None
        if word in {"month", "mes"}:
            return month_span(self.today.year, self.today.month)
        if word in {"year", "ano"}:
            return year_span(self.today.year)
        return week_span(self.today) if word in {"week", "semana"} else None

    def latest(self, month: int, day: int = 1) -> int:
        """The year of a month named without one."""
        if self.today is None:
            return 0
        if self.told_year is not None and not self.coming:
            return self.told_year
        passed = (month, day) <= (self.today.month, self.today.day)
        if self.coming:
            return self.today.year + (month < self.today.month)
        return self.today.year if passed else self.today.year - 1

    def year_after(self, tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
        """(year, token after) of `2021`, `, 2021`, `of 2021`, `de 2021`, `del 2021`, `del año`."""
        at = place
        if at < len(tokens) and tokens[at].fold in {",", "of", "de", "del", "in", "'", "’"}:
            at += 1
            if at < len(tokens) and tokens[at].fold in {"ano", "the"}:
                at += 1
        if at >= len(tokens):
            return None
        year = year_of(tokens[at])
        if year is not None:
            return year, at + 1
        return self.named_year(tokens, at) or self.named_year(tokens, place)

    def named_year(self, tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
        """(year, token after) of `this year`, `last year`, `del año pasado`, `este año`."""
        if self.today is None or at >= len(tokens):
            return None
        folds = [token.fold for token in tokens[at : at + 4]]
        folds += [""] * (4 - len(folds))
        year = self.today.year
        if self.spanish:
            offset = 1 if folds[0] in {"el", "del", "de"} else 0
            if folds[0] in {"este", "presente"} and folds[1] == "ano":
                return year, at + 2
            if folds[offset] == "ano":
                after = folds[offset + 1]
                if after in {"pasado", "anterior"}:
                    return year - 1, at + offset + 2
                if after in {"actual", "en"}:
                    return year, at + offset + (2 if after == "actual" else 1)
                if offset:
                    return year, at + 2
            if folds[offset] in {"presente", "este"} and folds[offset + 1] == "ano":
                return year, at + offset + 2
            return None
        if folds[0] in {"this", "the"} and folds[1] == "year":
            return year, at + 2
        if folds[0] in {"last", "next"} and folds[1] == "year":
            return year + (1 if folds[0] == "next" else -1), at + 2
        return None

    def day_at(self, tokens: Sequence[Token], place: int) -> Span | None:
        """A day: `15 March 2021`, `March 15, 2021`, `15 de marzo de 2021`, `2021-03-15`."""
        token = tokens[place]
        number = DAYS.get(token.fold)
        if number is not None and place + 2 < len(tokens):
            # "the first of October", "primero de octubre"
            month = self.month_at(tokens, place + 2)
            if month is not None and tokens[place + 1].fold in {"of", "de"}:
                return self._day(tokens, number, month, place + 3)
        if token.kind == "d":
            try:
                day = date.fromisoformat(token.text)
            except ValueError:
                return None
            return Span(day, day, place + 1, "day")
        if token.kind == "n" and token.text.isdigit() and 1 <= len(token.text) <= 2:
            number, at = int(token.text), place + 1
            while at < len(tokens) and tokens[at].fold in {"º", "°", "o", "th", "st", "nd", "rd",
                                                           "de", "of"}:  # fmt: skip
                at += 1
            if at < len(tokens) and at <= place + 3:
                month = self.month_at(tokens, at)
                if month is not None:
                    return self._day(tokens, number, month, at + 1)
            return None
        month = self.month_at(tokens, place) if not self.spanish else None
        if month is not None and place + 1 < len(tokens):
            dot = tokens[place + 1].text == "." and place + 2 < len(tokens)
            following = tokens[place + 1 + dot]
            if following.kind == "n" and following.text.isdigit() and len(following.text) <= 2:
                at = place + 2 + dot
                if at < len(tokens) and tokens[at].glued and tokens[at].fold in {"st", "nd", "rd",
                                                                                 "th"}:  # fmt: skip
                    at += 1
                return self._day(tokens, int(following.text), month, at)
        return None

    def _day(self, tokens: Sequence[Token], number: int, month: int, at: int) -> Span | None:
        found = self.year_after(tokens, at)
        bare = found is None
        if found is None:
            year, after = self.latest(month, number), at
        else:
            year, after = found
        if not year:
            year = NO_YEAR if bare else year
        try:
            day = date(year, month, number)
        except ValueError:
            return None
        return Span(day, day, after, "day", bare)

    def plain_at(self, tokens: Sequence[Token], place: int) -> Span | None:
        """A day, a month or a year."""
        day = self.day_at(tokens, place)
        if day is not None:
            return day
        month = self.month_at(tokens, place)
        if month is not None:
            found = self.year_after(tokens, place + 1)
            bare = found is None
            year, after = found or (self.latest(month) or NO_YEAR, place + 1)
            return Span(*month_span(year, month), after, "month", bare)
        return self.year_at(tokens, place)

    def year_at(self, tokens: Sequence[Token], place: int) -> Span | None:
        """A year, or two: `2016-17`, `2008–2020`, `2018/19`."""
        year = year_of(tokens[place])
        if year is None or not 1800 <= year <= 2099:
            return None
        after = place + 1
        if after < len(tokens) and tokens[after].glued:
            if tokens[after].fold == "s":
                return Span(date(year, 1, 1), date(year + 9, 12, 31), after + 1, "decade")
            if tokens[after].text in {"-", "–", "/", "—"} and after + 1 < len(tokens):
                second = tokens[after + 1]
                last = year_of(second) or short_year(second, year)
                if last is not None and second.glued and year < last <= year + 60:
                    return Span(date(year, 1, 1), date(last, 12, 31), after + 2, "range")
        return Span(*year_span(year), after, "year")


def told(day: date | None) -> date | None:
    """A day, unless it was reckoned from a year that nobody told."""
    return day if day is None or day.year >= _FIRST_TOLD else None
