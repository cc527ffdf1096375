"""Spans of time that a sentence names, resolved against the day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.articles.quantities.calendar import Calendar, Period, Span, fiscal_span
from ingest.articles.quantities.parts import span_at
from ingest.articles.quantities.relative import relative_at
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_SINCE = words("since desde")
_UNTIL = words("until till hasta through by")
_TWO_ENDS = words("between entre from de del")
_EDGES = words("start beginning middle early late mid finales fines inicio inicios principios"
               " mediados comienzos")  # fmt: skip
_LAST_DAYS = words("end close cierre termino final fin")
_COMPARING = words(
    """than compared comparado comparada comparados comparadas comparacion respecto frente versus
    encima debajo vs against contra contraste relacion comparison relative inferior superior
    inferiores superiores above below"""
)
_MORE = words("mas menos mayor menor mayores menores superior doble triple igual % ciento")
_EXTREMES = words(
    """lowest highest first strongest worst best largest biggest fewest least record steepest
    weakest sharpest deepest smallest fastest slowest alta alto bajo baja mayor menor mejor peor
    maximo minimo altos bajos altas"""
)
_CHANGED = words(
    """percent % increase decrease drop decline rise fall up down jump gain growth more less fewer
    higher lower points reduction surge cent"""
)
_FILLERS = words(
    """in on the of a al el la las los con de del en to with for during same mismo misma lapso
    igual que periodo period month quarter mes trimestre semestre registrados registradas lo
    registrado those as at level levels half fecha ano year cifra un una its their su sus nivel"""
)
_SINCE_FILLERS = words("el la los the hace at least early late mid - inicios finales principios de"
                       " mediados last")  # fmt: skip
_UNTIL_FILLERS = words("the end of el al de cierre finales late early fin mid -")
_TO = words("to through until a al hasta - – — till")
_NO_YEAR_BEFORE = words(
    """$ € £ us$ than least nearly almost menos casi roughly some unos unas no no. num num. #
    approximately aproximadamente"""
)
_NO_YEAR_AFTER = words("% percent million mil millones people personas pesos dollars dolares")
_YEAR_BEFORE = words("in since of en de desde del ano year until hasta by from the (")
_HAD = words("habia habian ha han")
_GRAINS = ({"month"}, {"day"}, {"year"}, {"fiscal"}, {"quarter"}, {"month", "day"},
           {"year", "month"}, {"year", "range"}, {"fiscal", "year"})  # fmt: skip


def find(tokens: Sequence[Token], calendar: Calendar) -> list[Period]:
    """The periods of a sentence, in order."""
    found: list[Period] = []
    place = 0
    while place < len(tokens):
        period = _at(tokens, place, calendar)
        if period is None:
            place += 1
            continue
        period = _fiscal_too(tokens, period, found)
        found.append(period._replace(base=_is_base(tokens, period.first)))
        place = max(period.last, place + 1)
    return found


def _fiscal_too(tokens: Sequence[Token], period: Period, found: Sequence[Period]) -> Period:
    """ "para el año fiscal 2022 ...; en el de 2021": that year is a fiscal one as well."""
    like = any(other.grain == "fiscal" for other in found)
    if period.grain != "year" or period.start is None or not like:
        return period
    if behind(tokens, period.first, 2) not in (["el", "de"], ["that", "of"], ["that", "for"]):
        return period
    start, end = fiscal_span(period.start.year)
    return period._replace(start=start, end=end, grain="fiscal")


def _is_base(tokens: Sequence[Token], first: int) -> bool:
    """Whether a comparison leads to the period: `than in 2019`, `respecto al mismo mes`; or a
    superlative, `the lowest since 2015`."""
    folds = behind(tokens, first, 8)
    if tokens[first].fold in _SINCE:
        return not _EXTREMES.isdisjoint(folds)
    for back in range(len(folds) - 1, -1, -1):
        fold = folds[back]
        if fold in _COMPARING:
            return True
        if fold in {"over", "from"} and back >= len(folds) - 2:
            return not _CHANGED.isdisjoint(folds[max(0, back - 3) : back])
        if fold == "que" and back >= len(folds) - 7:
            return back > 0 and folds[back - 1] in _MORE
        if fold not in _FILLERS:
            return False
    return False


def _at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    token = tokens[place]
    if token.kind in "sx" or (token.kind == "w" and token.fold not in calendar.lexicon.dated):
        return None
    if token.fold in _TWO_ENDS:
        return _two_ends(tokens, place, calendar)
    led = None
    if token.fold in _SINCE:
        led = _since(tokens, place, calendar)
    elif token.fold in _UNTIL:
        led = _until(tokens, place, calendar)
    spoken = led or relative_at(tokens, place, calendar)
    if spoken is not None:
        return spoken if led is not None else _with_edge(tokens, spoken)
    span = span_at(tokens, place, calendar)
    if span is None:
        return None
    joined = _joined(tokens, place, span, calendar)
    if joined is not None or not is_time(tokens, place, span):
        return joined
    found = Period(span.start, span.end, place, span.last, masked=True, grain=span.grain)
    return _with_edge(tokens, found)


def is_time(tokens: Sequence[Token], place: int, span: Span) -> bool:
    """Whether four digits that could be a year are one."""
    if span.grain != "year" or span.last > place + 1:
        return True
    further, before = behind(tokens, place, 2)
    after = ahead(tokens, place + 1, 1)[0]
    if before in _NO_YEAR_BEFORE or after in _NO_YEAR_AFTER:
        return False
    if before in {"de", "mas"} and further in {"mas", "menos", "cerca"}:
        return False
    return 1980 <= span.start.year <= 2050 or before in _YEAR_BEFORE


def _with_edge(tokens: Sequence[Token], period: Period) -> Period:
    """`at the end of 2020` is its last day; `as of March 1` has no start."""
    if period.prior is not None or not period.masked:
        return period
    start, first = period.start, period.first
    back = first - 1
    while back >= 0 and tokens[back].fold in {"the", "of", "de", "del", "el", "-", "year", "ano"}:
        back -= 1
    lead = tokens[back].fold if 0 <= back < first - 1 else ""
    if lead in _LAST_DAYS:
        start, first = period.end, back
    elif lead in _EDGES:
        first = back
    elif behind(tokens, first, 1)[0] in {"early", "late"}:
        first -= 1
    at_day = period.grain == "day" and behind(tokens, first, 1)[0] in {"a", "al"}
    if at_day and any(token.fold in _HAD for token in tokens):
        # "se habían ejecutado a 31 de octubre": a total.
        return period._replace(start=None, first=first)
    before = first - (behind(tokens, first, 1)[0] in {"last", "the"})
    if behind(tokens, before, 2) == ["as", "of"] and period.grain in {"day", "now"}:
        # "As of" a day tells of all before it.
        start = None
    return period._replace(start=start, first=first)


def _since(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`since 2018`, `desde enero`, `since its launch in 2008`: to the day of publication."""
    two = _two_ends(tokens, place, calendar) if calendar.spanish else None
    if two is not None:
        return two
    for at in range(place + 1, min(len(tokens), place + 7)):
        filled = all(token.fold in _SINCE_FILLERS for token in tokens[place + 1 : at])
        event = tokens[at - 1].fold in {"in", "en"} and at > place + 1
        if (filled and at < place + 4) or event:
            span = span_at(tokens, at, calendar)
            if span is not None and is_time(tokens, at, span):
                today = calendar.today
                end = today if today is None or today >= span.start else None
                return Period(span.start, end, place, span.last, masked=True, grain=span.grain)
        if tokens[at].kind == "s" and tokens[at].text != "-":
            return None
    return None


def _until(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`until 2020`, `hasta el 8 de mayo`, `by the end of 2022`: no start."""
    for at in range(place + 1, min(len(tokens), place + 6)):
        coming = tokens[place].fold == "by" and bool(calendar.ahead)
        if coming:
            calendar.ahead.append(at)
        span = span_at(tokens, at, calendar)
        if coming:
            calendar.ahead.pop()
        if span is not None and is_time(tokens, at, span):
            return Period(None, span.end, place, span.last, masked=True, grain=span.grain)
        told = None if coming else relative_at(tokens, at, calendar)
        if told is not None and told.grain in {"day", "now"} and told.end is not None:
            # "hasta el viernes", "by Thursday"
            return told._replace(start=None, first=place)
        if tokens[at - 1].fold in {"the", "del", "de"} and _LAST_DAYS & set(behind(tokens, at, 4)):
            # "by the end of the month"
            whole = calendar.current(tokens[at].fold)
            if whole is not None:
                return Period(None, whole[1], place, at + 1, masked=True, grain="day")
        if tokens[at].fold not in _UNTIL_FILLERS:
            return None
    return None


def _two_ends(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`between 2008 and 2020`, `from January to May 2021`, `de enero a mayo de 2021`."""
    at = place + 1
    while at < len(tokens) and at < place + 3 and tokens[at].fold in {"el", "los", "the", "ano",
                                                                      "anos", "de"}:  # fmt: skip
        at += 1
    one = span_at(tokens, at, calendar) if at < len(tokens) else None
    if one is None or not is_time(tokens, at, one):
        return None
    between = tokens[place].fold in {"between", "entre"}
    joined = _joined(tokens, at, one, calendar, between=between)
    return None if joined is None else joined._replace(first=place)


def _joined(
    tokens: Sequence[Token], place: int, one: Span, calendar: Calendar, *, between: bool = False
) -> Period | None:
    """Two dates with `to` between them; a year said once holds for both."""
    word = ahead(tokens, one.last, 1)[0]
    joints = {"and", "y", "e", "to", "a", "-", "–"} if between else _TO
    led = behind(tokens, place, 1)[0] in {"", "from", "de", "desde", "del", "(", ","}
    if one.grain == "year" and not between and not led:
        # "in 2019 a ..." goes on with something else.
        joints = joints - {"a", "al"}
    if word not in joints:
        return None
    at = one.last + 1
    while at < len(tokens) and tokens[at].fold in {"el", "los", "la", "the", "ano"}:
        at += 1
    other = span_at(tokens, at, calendar) if at < len(tokens) else None
    if other is None or not is_time(tokens, at, other):
        return None
    if {one.grain, other.grain} not in _GRAINS:
        return None
    start = _same_year(one, other)
    if start > other.end:
        return None
    return Period(start, other.end, place, other.last, masked=True, grain=other.grain)


def _same_year(one: Span, other: Span) -> date:
    """The first day of a span without a year of its own, so that it lies before the other."""
    if not one.bare:
        return one.start
    year = other.end.year
    later = (one.start.month, one.start.day) > (other.end.month, other.end.day)
    try:
        return one.start.replace(year=year - later)
    except ValueError:
        return one.start.replace(year=year - later, day=28)
