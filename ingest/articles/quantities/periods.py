"""Spans of time that a sentence names, resolved against the day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ingest.articles.quantities.calendar import (
    Calendar,
    Period,
    Span,
    fiscal_span,
    months_span,
    shift_months,
    year_of,
    year_span,
)
from ingest.articles.quantities.relative import relative_at
from ingest.articles.quantities.tokens import Token


_PARTS = {"quarter": 3, "half": 6, "trimestre": 3, "semestre": 6, "bimestre": 2,
          "cuatrimestre": 4, "mitad": 6}  # fmt: skip
_SINCE = {"since", "desde"}
_UNTIL = {"until", "till", "hasta", "through"}
_EDGES = {"start", "beginning", "middle", "early", "late", "mid", "finales", "fines", "inicio",
          "inicios", "principios", "mediados", "comienzos"}  # fmt: skip
_LAST_DAYS = {"end", "close", "cierre", "termino", "final", "fin"}


def find(tokens: Sequence[Token], calendar: Calendar) -> list[Period]:
    """The periods of a sentence, in order."""
    found: list[Period] = []
    place = 0
    while place < len(tokens):
        period = _at(tokens, place, calendar)
        if period is None:
            place += 1
            continue
        found.append(period._replace(base=_is_base(tokens, period.first)))
        place = max(period.last, place + 1)
    return found


def _is_base(tokens: Sequence[Token], first: int) -> bool:
    """Whether a comparison leads to the period: `than in 2019`, `respecto al mismo mes`."""
    folds = [token.fold for token in tokens[max(0, first - 7) : first]]
    if tokens[first].fold in _SINCE and _EXTREMES & set(folds):
        return True
    for back, fold in enumerate(reversed(folds)):
        if fold in {"than", "compared", "comparado", "comparacion", "respecto", "frente",
                    "versus", "vs", "against", "contra", "contraste", "relacion", "comparison",
                    "comparada", "relative", "comparados", "comparadas", "inferior", "superior",
                    "inferiores", "superiores"}:  # fmt: skip
            return True
        if fold in {"over", "from"} and back <= 1:
            near = set(folds[max(0, len(folds) - back - 4) : len(folds) - back - 1])
            return bool(near & _CHANGED)
        if fold == "que" and back <= 4:
            before = folds[len(folds) - back - 2] if len(folds) - back - 2 >= 0 else ""
            return before in {"mas", "menos", "mayor", "menor", "mayores", "menores", "superior",
                              "doble", "triple", "igual", "%", "ciento"}  # fmt: skip
        if fold not in _FILLERS:
            return False
    return False


_EXTREMES = frozenset(
    "lowest highest first strongest worst best largest biggest fewest least record steepest weakest"
    " sharpest alta alto bajo baja mayor menor mejor peor maximo minimo record altos bajos altas"
    " deepest smallest fastest slowest".split()
)
_CHANGED = frozenset(
    "percent % increase decrease drop decline rise fall up down jump gain growth more less fewer"
    " higher lower points reduction surge cent".split()
)
_FILLERS = frozenset(
    "in on the of a al el la las los con de del en to with for during same mismo misma lapso igual"
    " que periodo period month quarter mes trimestre semestre los registrados registradas lo"
    " registrado those as at level levels half fecha ano year cifra un una".split()
)


def _at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    token = tokens[place]
    fold = token.fold
    if token.kind in "sx" or (token.kind == "w" and fold not in calendar.lexicon.dated):
        return None
    led = None
    if fold in _SINCE:
        led = _since(tokens, place, calendar)
    elif fold in _UNTIL or fold == "by":
        led = _until(tokens, place, calendar)
    elif fold in {"between", "entre", "from", "de", "del"}:
        led = _two_ends(tokens, place, calendar)
    if led is not None or fold in {"by", "between", "entre", "from", "de", "del", "since"}:
        return led
    spoken = relative_at(tokens, place, calendar)
    if spoken is not None:
        return _edge_of(tokens, spoken, calendar)
    span = span_at(tokens, place, calendar)
    if span is None:
        return None
    if span.last < len(tokens) and span.grain in {"month", "day", "year"}:
        joined = _joined(tokens, place, span, calendar)
        if joined is not None:
            return joined
    if not is_time(tokens, place, span):
        return None
    return _edge_of(
        tokens,
        Period(span.start, span.end, place, span.last, masked=True, grain=span.grain),
        calendar,
    )


def is_time(tokens: Sequence[Token], place: int, span: Span) -> bool:
    """Whether four digits that could be a year are one."""
    if span.grain != "year" or span.last > place + 1:
        return True
    year = span.start.year
    before = tokens[place - 1].fold if place else ""
    after = tokens[place + 1].fold if place + 1 < len(tokens) else ""
    if before in {"$", "€", "£", "us$", "than", "least", "nearly", "almost", "menos", "casi",
                  "roughly", "some", "unos", "unas", "no", "no.", "num", "num.", "#", "nearly",
                  "approximately", "aproximadamente"}:  # fmt: skip
        return False
    if after in {"%", "percent", "million", "mil", "millones", "por", "people", "personas",
                 "pesos", "dollars", "dolares"}:  # fmt: skip
        return after == "por" and before in {"en", "in"}
    if before in {"de", "mas"} and place > 1 and tokens[place - 2].fold in {"mas", "menos",
                                                                           "cerca"}:  # fmt: skip
        return False
    if 1980 <= year <= 2050:
        return True
    return before in {"in", "since", "of", "en", "de", "desde", "del", "ano", "year", "until",
                      "hasta", "by", "from", "the", "("}  # fmt: skip


def _edge_of(tokens: Sequence[Token], period: Period, calendar: Calendar) -> Period:
    """`at the end of 2020` is its last day, `as of March 1` has no start."""
    if period.prior is not None or not period.masked:
        return period
    start, end, first = period.start, period.end, period.first
    back = first - 1
    while back >= 0 and tokens[back].fold in {"the", "of", "de", "del", "el", "-", "year", "ano"}:
        back -= 1
    lead = tokens[back].fold if back >= 0 and back < first - 1 else ""
    close = tokens[first - 1].fold if first else ""
    if lead in _LAST_DAYS:
        start, first = end, back
    elif lead in _EDGES or close in {"early", "late"}:
        first = back if lead in _EDGES else first - 1
    lead_end = first - (first > 0 and tokens[first - 1].fold in {"last", "the"})
    folds = [token.fold for token in tokens[max(0, lead_end - 3) : lead_end]]
    # "As of" a day tells of all before it.
    if folds[-2:] == ["as", "of"] and period.grain in {"day", "now"}:
        start = None
    return period._replace(start=start, end=end, first=first)


def span_at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """A span that begins at a token, without what leads to it."""
    token = tokens[place]
    fold = token.fold
    fiscal = _fiscal(tokens, place, calendar)
    if fiscal is not None:
        return fiscal
    if fold in calendar.lexicon.ordinals or fold in {"primeros", "first", "ultimo"}:
        return _part(tokens, place, calendar)
    if len(fold) == 1 and fold in "qh" and place + 1 < len(tokens) and tokens[place + 1].glued:
        return _lettered(tokens, place, calendar)
    if fold in calendar.lexicon.seasons:
        return _season(tokens, place, calendar)
    if calendar.spanish and fold in {"anos", "decada"}:
        return _decade(tokens, place, calendar)
    return calendar.plain_at(tokens, place)


def _fiscal(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    folds = [token.fold for token in tokens[place : place + 4]] + ["", "", "", ""]
    at = 0
    if folds[0] in {"fy", "fys"}:
        at = 1
    elif folds[0] == "fiscal" and folds[1] in {"year", "years"}:
        at = 2
    elif folds[0] == "fiscal" and not calendar.spanish:
        at = 1
    elif folds[0] in {"ano", "ejercicio"} and folds[1] == "fiscal":
        at = 3 if folds[2] == "de" else 2
    if not at or place + at > len(tokens):
        return None
    lead = tokens[place - 1].fold if place else ""
    if place + at == len(tokens) or year_of(tokens[place + at]) is None:
        # "this fiscal year"
        if (
            at == 2
            and lead in {"this", "the", "current", "last", "este", "el", "actual", "presente"}
            and calendar.today
        ):
            now = calendar.today
            year = now.year + (now.month >= 10) - (lead == "last")
            return Span(*fiscal_span(year), place + at, "fiscal", bare=True)
        if folds[0] != "fy":
            return None
    token = tokens[place + at]
    year = year_of(token)
    if year is None and folds[0] == "fy" and token.text.isdigit() and len(token.text) == 2:
        year = 2000 + int(token.text)
    if year is None or year < 1800:
        return None
    last = place + at + 1
    # Mexico's "ejercicio fiscal" is the calendar year.
    span = year_span(year) if folds[0] == "ejercicio" else fiscal_span(year)
    if last + 1 < len(tokens) and tokens[last].text in {"-", "–"} and tokens[last].glued:
        other = year_of(tokens[last + 1])
        if other is not None and year < other:
            return Span(span[0], fiscal_span(other)[1], last + 2, "fiscal")
    return Span(*span, last, "fiscal")


def _within(tokens: Sequence[Token], at: int, calendar: Calendar) -> tuple[date, int, bool] | None:
    """The first day of the year that a part belongs to, the token after, and whether it is said."""
    place = at
    if place < len(tokens) and tokens[place].fold in {"of", "de", "del", ",", "in"}:
        place += 1
    if place < len(tokens):
        if tokens[place].fold in {"the", "this"} and place + 1 < len(tokens):
            fiscal = _fiscal(tokens, place + 1, calendar)
        else:
            fiscal = _fiscal(tokens, place, calendar)
        if fiscal is not None:
            return fiscal.start, fiscal.last, True
        year = year_of(tokens[place])
        if year is not None and year >= 1800:
            return date(year, 1, 1), place + 1, True
    named = calendar.named_year(tokens, at) or calendar.named_year(tokens, place)
    if named is not None:
        return date(named[0], 1, 1), named[1], True
    if calendar.today is None:
        return None
    return date(calendar.today.year, 1, 1), at, False


def _part(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`first quarter of 2022`, `primer semestre`, `first five months of 2021`."""
    fold = tokens[place].fold
    number = calendar.lexicon.ordinals.get(fold, 1)
    at = place + 1
    if at >= len(tokens):
        return None
    size = _PARTS.get(tokens[at].fold)
    if size is None and number == 1:
        count = calendar.lexicon.small.get(tokens[at].fold)
        if tokens[at].text.isdigit() and len(tokens[at].text) <= 2:
            count = int(tokens[at].text)
        if count is None or at + 1 >= len(tokens) or not 1 <= count <= 12:
            return None
        if tokens[at + 1].fold not in {"months", "meses"}:
            return None
        inside = _within(tokens, at + 2, calendar)
        if inside is None:
            return None
        start, last, _ = inside
        return Span(start, shift_months(start, count) - timedelta(days=1), last, "range")
    if size is None:
        return None
    half = _half_month(tokens, at, number, calendar)
    if half is not None:
        return half
    inside = _within(tokens, at + 1, calendar)
    if inside is None:
        return None
    start, last, said = inside
    parts = 12 // size
    if number == -1:
        number = parts
    if number > parts:
        return None
    first = shift_months(start, size * (number - 1))
    if (
        not said
        and calendar.today is not None
        and first > calendar.today
        and not calendar.is_ahead(place)
    ):
        first = shift_months(first, -12)
    return Span(first, shift_months(first, size) - timedelta(days=1), last, "quarter", not said)


def _half_month(tokens: Sequence[Token], at: int, number: int, calendar: Calendar) -> Span | None:
    """`the first half of March`."""
    if tokens[at].fold not in {"half", "mitad"} or at + 2 >= len(tokens):
        return None
    month = calendar.month_at(tokens, at + 2)
    span = calendar.plain_at(tokens, at + 2) if month is not None else None
    if span is None or span.grain != "month":
        return None
    if number == 1:
        return Span(span.start, span.start.replace(day=15), span.last, "half-month", span.bare)
    return Span(span.start.replace(day=16), span.end, span.last, "half-month", span.bare)


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
    first, last = calendar.lexicon.seasons[tokens[place].fold]
    before = tokens[place - 1].fold if place else ""
    found = calendar._year_after(tokens, place + 1)
    if found is None:
        if before not in {"last", "this", "pasado", "pasada"} or calendar.today is None:
            return None
        year = calendar.today.year
        if date(year, first, 1) > calendar.today or (before == "last" and
                                                     calendar.today.month <= last):  # fmt: skip
            year -= 1
        return Span(*months_span(year, first, last), place + 1, "season", bare=True)
    return Span(*months_span(found[0], first, last), found[1], "season")


def _decade(tokens: Sequence[Token], place: int, calendar: Calendar) -> Span | None:
    """`los años noventa`, `la década de 1990`, `la década de los noventa`."""
    at = place + 1
    while at < len(tokens) and at < place + 3 and tokens[at].fold in {"de", "los"}:
        at += 1
    if at >= len(tokens):
        return None
    decade = calendar.lexicon.decades.get(tokens[at].fold)
    year = year_of(tokens[at])
    if decade is not None and (tokens[place].fold == "decada" or at == place + 1):
        year = 1900 + decade if decade > 20 else 2000 + decade
    elif tokens[place].fold != "decada":
        return None
    if year is None or year % 10:
        return None
    return Span(date(year, 1, 1), date(year + 9, 12, 31), at + 1, "decade")


def _since(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    at = place + 1
    lead = {"el", "la", "los", "the", "hace", "at", "least", "early", "late", "mid", "-", "inicios",
            "finales", "principios", "de", "mediados", "fiscal-", "last"}  # fmt: skip
    while at < len(tokens) and at < place + 4:
        span = span_at(tokens, at, calendar)
        if span is not None:
            if tokens[place].fold == "desde":
                two = _two_ends(tokens, place, calendar)
                if two is not None:
                    return two
            end = calendar.today
            end = end if end is None or end >= span.start else None
            return Period(span.start, end, place, span.last, masked=True, grain=span.grain)
        if tokens[at].fold not in lead:
            return _since_event(tokens, place, at, calendar)
        at += 1
    return None


def _since_event(tokens: Sequence[Token], place: int, at: int, calendar: Calendar) -> Period | None:
    """`since its launch in 2008`, `desde que inició en 2008`."""
    for start in range(at + 1, min(len(tokens), at + 6)):
        if tokens[start].kind == "s":
            return None
        if tokens[start - 1].fold in {"in", "en"}:
            span = calendar.plain_at(tokens, start)
            if span is not None and is_time(tokens, start, span):
                return Period(span.start, calendar.today, place, span.last, masked=True,
                              grain=span.grain)  # fmt: skip
    return None


def _until(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    at = place + 1
    while at < len(tokens) and at < place + 5:
        if tokens[place].fold == "by" and calendar.ahead:
            calendar.ahead.append(at)
            span = span_at(tokens, at, calendar)
            calendar.ahead.pop()
        else:
            span = span_at(tokens, at, calendar)
        if span is not None and is_time(tokens, at, span):
            return Period(None, span.end, place, span.last, masked=True, grain=span.grain)
        if tokens[at].fold not in {"the", "end", "of", "el", "al", "de", "cierre", "finales",
                                   "late", "early", "fin", "mid", "-"}:  # fmt: skip
            return None
        at += 1
    return None


def _two_ends(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`between 2008 and 2020`, `from January to May 2021`, `de enero a mayo de 2021`."""
    at = place + 1
    while at < len(tokens) and at < place + 3 and tokens[at].fold in {"el", "los", "the", "ano",
                                                                      "anos", "de"}:  # fmt: skip
        at += 1
    if at >= len(tokens):
        return None
    one = span_at(tokens, at, calendar)
    if one is None or not is_time(tokens, at, one):
        return None
    joined = _joined(tokens, at, one, calendar, between=tokens[place].fold in {"between", "entre"})
    return None if joined is None else joined._replace(first=place)


def _joined(
    tokens: Sequence[Token], place: int, one: Span, calendar: Calendar, *, between: bool = False
) -> Period | None:
    """Two dates with `to` between them; a year said once holds for both."""
    at = one.last
    if at >= len(tokens):
        return None
    word = tokens[at].fold
    joints = {"to", "through", "until", "a", "al", "hasta", "-", "–", "—", "till"}
    if between:
        joints = {"and", "y", "e", "to", "a", "-", "–"}
    elif (
        place
        and not between
        and one.grain == "year"
        and tokens[place - 1].fold not in {"from", "de", "desde", "del", "(", ","}
    ):
        joints = joints - {"a", "al"}
    if word not in joints:
        return None
    at += 1
    while at < len(tokens) and tokens[at].fold in {"el", "los", "la", "the", "ano"}:
        at += 1
    if at >= len(tokens):
        return None
    other = span_at(tokens, at, calendar)
    if other is None or not is_time(tokens, at, other):
        return None
    if {one.grain, other.grain} not in ({"month"}, {"day"}, {"year"}, {"month", "day"},
                                        {"year", "month"}, {"year", "range"}, {"fiscal"},
                                        {"quarter"}, {"fiscal", "year"}):  # fmt: skip
        return None
    start = one.start
    if one.bare and not other.bare:
        year = other.end.year
        start = _with_year(
            start,
            year if (start.month, start.day) <= (other.end.month, other.end.day) else year - 1,
        )
    elif one.bare and other.bare and start > other.end:
        start = _with_year(start, other.end.year - 1)
        if (start.month, start.day) <= (other.end.month, other.end.day):
            start = _with_year(start, other.end.year)
    if start > other.end:
        return None
    return Period(start, other.end, place, other.last, masked=True, grain=other.grain)


def _with_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
