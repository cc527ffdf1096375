"""Spans of time that a sentence names, resolved against the day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from ingest.articles.quantities.calendar import (
    Calendar,
    Period,
    Span,
    fiscal_span,
    shift_months,
    year_span,
)
from ingest.articles.quantities.parts import span_at
from ingest.articles.quantities.relative import ago_at, relative_at, stretch_of
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
    """seen veia veian visto vista ocurria registraba lowest highest first strongest worst best
    largest biggest fewest least record steepest weakest sharpest deepest smallest fastest
    slowest alta alto bajo baja mayor menor mejor peor maximo minimo altos bajos altas"""
)
_COMPARED = words("than compared comparado frente versus against contra respecto up down from que")
_SAYING = words(
    """showed shows show mostraron muestran unsealed filed issued obtained seen reviewed posted
    said says told announced confirmed added stated declared published released disclosed
    unveiled dijo informo anuncio reporto confirmo agrego senalo declaro publico difundio
    detallo preciso aseguro afirmo revelo divulgo explico informaron anunciaron publicaron
    difundieron confirmaron publicado publicada publicados publicadas difundidos difundidas
    presentado presentados presentadas divulgados divulgadas"""
)
_BEGAN = words(
    """began started opened launched ended effect office took passed introduced adopted enacted
    created founded inicio empezo comenzo arranco entro vigor asumio gobierno termino abrio
    lanzo creo promulgo implemento begun begins implemented signed"""
)
_EFFECTIVE = words("a starting beginning effective")
_SHOWING = words("presento presentaron presented")
_DAY_LEADS = words("on late early the el este a este mismo apenas tambien also in statement ha")
_PARTICIPLES = ("ed", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas")
_NO_EXTREMES = words("forest interest arrest request harvest northwest southwest protest midwest")
_CHANGED = words(
    """percent % increase decrease drop decline rise fall up down jump gain growth more less fewer
    higher lower points reduction surge cent incremento aumento alza baja caida reduccion descenso
    crecimiento mas menos puntos ciento rises rising falls increases improvement porcentuales"""
)
_FILLERS = words(
    """in on the of a al el la las los con de del en to with for during para por same mismo misma
    lapso igual que periodo period month quarter mes trimestre semestre registrados
    registradas lo registrado those as at level levels half fecha ano year cifra un una its
    their su sus nivel it they he she did was were had been do does es era fue eran fueron
    hubo tenia about almost casi nearly previous prior anterior enero first half of primer
    primeros mismos mismas meses months semanas weeks esos esas igual iguales record maximo
    minimo total cifra high low toda todo all whole entire end start"""
)
_SINCE_FILLERS = words(
    """ano year el la los the hace at least early late mid - inicios finales principios de
    mediados last"""
)
_UNTIL_FILLERS = words("next la the end of el al de cierre finales late early fin mid -")
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
        near = bool(found) and period.first - found[-1].last == 1
        base = _is_base(tokens, period.first, day=period.grain == "day", after_period=near)
        grain = "told" if _is_told(tokens, period) else period.grain
        found.append(period._replace(base=base, grain=grain))
        place = max(period.last, place + 1)
    return found


def _held_against(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a comparison alone stands between a year and the fiscal year before it."""
    folds = [token.fold for token in tokens[last:first]]
    return len(folds) <= 9 and not _COMPARED.isdisjoint(folds) and "calendar" not in folds


def _is_told(tokens: Sequence[Token], period: Period) -> bool:
    """Whether a day is the one on which somebody said it: `the ministry said on Monday`, `las
    cifras que presentó ayer`."""
    if period.grain != "day" or period.start != period.end:
        return False
    before = [fold for fold in behind(tokens, period.first, 4) if fold not in _DAY_LEADS]
    after = ahead(tokens, period.last, 1)[0]
    shown = bool(before) and before[-1] in _SHOWING
    if shown and not {"que", "that", "which"} & set(behind(tokens, period.first, 5)):
        # "presentó ayer una demanda" happened then; "las cifras que presentó ayer" were shown.
        return False
    return shown or (bool(before) and before[-1] in _SAYING) or after in _SAYING


def _fiscal_too(tokens: Sequence[Token], period: Period, found: Sequence[Period]) -> Period:
    """ "para el año fiscal 2022 ...; en el de 2021": that year is a fiscal one as well."""
    like = any(other.grain == "fiscal" for other in found)
    if period.grain != "year" or period.start is None or not like:
        return period
    one, two = behind(tokens, period.first, 2)
    leads = (["el", "de"], ["that", "of"], ["that", "for"], ["those", "of"], ["los", "de"])
    if [one, two] not in leads and not _held_against(tokens, period.first, found[-1].last):
        return period
    start, end = fiscal_span(period.start.year)
    return period._replace(start=start, end=end, grain="fiscal")


def _compares_to(folds: Sequence[str], back: int) -> bool:
    """`twice as many as in 2019`, `0.9% menor a la de igual trimestre`."""
    if folds[back] == "as":
        return back > 0 and folds[back - 1] in _AS_MUCH
    after = folds[back + 1] if back + 1 < len(folds) else ""
    return folds[back] in {"menor", "mayor", "menores", "mayores"} and after in {"a", "al"}


def _names_level(tokens: Sequence[Token], first: int) -> bool:
    """`nine times the 2006 toll of 400`: the year is that of what is held against."""
    further, lead = behind(tokens, first, 2)
    after = ahead(tokens, first + 1, 1)[0]
    if lead in {"of", "de"} and further in {"record", "peak", "high", "low", "maximo", "nivel"}:
        # "surpassing the record of 2021"
        return tokens[first].kind == "n"
    return lead in {"the", "its", "their"} and after in LEVELS and tokens[first].kind == "n"


LEVELS = words("toll level average peak rate low high record number estimate")
_TO_END = words("el los la the ano end of fin fines finales")
_ENDS_VERB = words("termine acabe concluya finalice cierre")
_UNTIL_GRAINS = {"day", "now", "week", "semana", "month", "mes"}
_AS_MUCH = words("many much high low large big often likely fast strong")
_ALWAYS_SO = {("hasta", "ahora"), ("to", "date"), ("hasta", "hoy"), ("until", "now")}


def _is_base(tokens: Sequence[Token], first: int, *, day: bool, after_period: bool = False) -> bool:
    """Whether a comparison leads to the period: `than in 2019`, `respecto al mismo mes`; or a
    superlative, `the lowest since 2015`."""
    folds = behind(tokens, first, 8)
    if tokens[first].fold in _SINCE or tuple(ahead(tokens, first, 2)) in _ALWAYS_SO:
        if "mas" in folds[-4:] and tokens[first].fold == "hasta":
            return True
        return not _EXTREMES.isdisjoint(folds) or any(
            before == "the" and len(fold) > 5 and fold.endswith("est") and fold not in _NO_EXTREMES
            for before, fold in pairwise(folds)
        )
    if tokens[first].fold in {"this", "este", "esta"} and any(
        lead == "the" and len(word) > 5 and word.endswith("est") and word not in _NO_EXTREMES
        for lead, word in pairwise(folds)
    ):
        # "the largest load seized at the port this year"
        return True
    if _names_level(tokens, first):
        return True
    for back in range(len(folds) - 1, -1, -1):
        fold = folds[back]
        if fold in _COMPARING or _compares_to(folds, back):
            return True
        if fold in {"on", "over"} and (day or folds[back - 1] in {"year", "month"}):
            # Not "year on year in the second quarter".
            return False
        if fold == "from" and back == len(folds) - 1 and after_period:
            # "dropped by half in January from December"
            return True
        if fold in {"over", "on", "sobre"} or (
            fold in {"from", "desde"} and back >= len(folds) - 2
        ):
            reach = 8 if folds[back - 1] == ")" else 3
            return not _CHANGED.isdisjoint(folds[max(0, back - reach) : back])
        if fold == "que" and back >= len(folds) - 7:
            return back > 0 and folds[back - 1] in _MORE
        if fold not in _FILLERS and not fold.endswith(_PARTICIPLES):
            return False
    return False


def _at(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    token = tokens[place]
    if token.kind in "sx":
        return None
    if token.kind == "n" or token.fold == "hace" or token.fold in calendar.lexicon.small:
        ago = ago_at(tokens, place, calendar)
        if ago is not None:
            return ago
    if token.kind == "w" and token.fold not in calendar.lexicon.dated:
        return None
    effective = _effective(tokens, place, calendar) if token.fold in _EFFECTIVE else None
    if effective is not None:
        return effective
    if token.fold in _TWO_ENDS:
        return (
            _days_of_month(tokens, place, calendar)
            or _from_now(tokens, place, calendar)
            or _two_ends(tokens, place, calendar)
        )
    if token.fold in {"before", "antes"}:
        return _before(tokens, place, calendar)
    led = _led(tokens, place, calendar)
    stretch = stretch_of(tokens, place)
    if stretch is not None:
        grain = f"the-{stretch[1]}" + ("-end" if stretch[2] else "")
        return Period(None, None, place, place + 1, masked=True, grain=grain)
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
    return _with_edge(tokens, _ended(tokens, found))


def _led(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """A span that "since" or "until" leads to."""
    if tokens[place].fold in _SINCE:
        return _since(tokens, place, calendar)
    return _until(tokens, place, calendar) if tokens[place].fold in _UNTIL else None


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


def _ended(tokens: Sequence[Token], period: Period) -> Period:
    """`which ended May at 17.01`: the last day."""
    lead, after = behind(tokens, period.first, 1)[0], ahead(tokens, period.last, 1)[0]
    if lead in {"ended", "finished", "closed", "finish", "end"} and after == "at":
        return period._replace(start=period.end)
    return period


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
    if behind(tokens, before, 2) == ["as", "of"] and period.grain in {"day", "now", "month"}:
        # "As of" a day tells of all before it.
        start = None
    return period._replace(start=start, first=first)


def _since(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`since 2018`, `desde enero`, `since its launch in 2008`: to the day of publication."""
    two = _two_ends(tokens, place, calendar) if calendar.spanish else None
    if two is not None:
        return two
    if ahead(tokens, place, 2) in (["since", "then"], ["desde", "entonces"]):
        return Period(None, calendar.today, place, place + 2, masked=True, grain="since-then")
    told = relative_at(tokens, place + 1, calendar) if place + 1 < len(tokens) else None
    if told is not None and told.masked and told.start is not None and told.prior is None:
        # "since Friday", "since last week"
        return told._replace(end=calendar.today, first=place)
    for at in range(place + 1, min(len(tokens), place + 7)):
        filled = all(token.fold in _SINCE_FILLERS for token in tokens[place + 1 : at])
        event = tokens[at - 1].fold in {"in", "en"} and at > place + 1
        if (filled and at < place + 4) or event:
            span = span_at(tokens, at, calendar)
            if span is not None and is_time(tokens, at, span):
                today = calendar.today
                end = today if today is None or today >= span.start else None
                return Period(span.start, end, place, span.last, masked=True, grain=span.grain)
        if tokens[at].kind == "n" or (tokens[at].kind == "s" and tokens[at].text != "-"):
            return None
    return _since_event(tokens, place, calendar)


def _since_event(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`since the program known as Remain in Mexico began in January 2019`."""
    for at in range(place + 3, min(len(tokens), place + 16)):
        if tokens[at - 1].kind == "n" or (tokens[at].kind == "s" and tokens[at].text != "-"):
            return None
        if tokens[at - 1].fold in {"in", "en", "on", "el"} and not _BEGAN.isdisjoint(
            behind(tokens, at, 3)
        ):
            span = span_at(tokens, at, calendar)
            if span is None or not is_time(tokens, at, span):
                return None
            today = calendar.today
            end = today if today is None or today >= span.start else None
            return Period(span.start, end, place, span.last, masked=True, grain=span.grain)
    return None


def _until(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`until 2020`, `hasta el 8 de mayo`, `by the end of 2022`: no start."""
    if ahead(tokens, place + 1, 3) == ["year", "-", "end"] and calendar.today is not None:
        day = date(calendar.today.year, 12, 31)
        return Period(None, day, place, place + 4, masked=True, grain="day")
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
        if told is not None and told.grain in _UNTIL_GRAINS and told.end is not None:
            # "hasta el viernes", "by Thursday"
            return told._replace(start=None, first=place)
        if tokens[at - 1].fold in {"the", "del", "de"} and _LAST_DAYS & set(behind(tokens, at, 4)):
            # "by the end of the month"
            whole = calendar.current(tokens[at].fold)
            if whole is not None:
                return Period(None, whole[1], place, at + 1, masked=True, grain="day")
        if told is not None and told.masked and _LAST_DAYS & set(behind(tokens, at, 3)):
            # "by the end of last month"
            return told._replace(start=None, first=place)
        if tokens[at].fold not in _UNTIL_FILLERS:
            return None
    return None


def _effective(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`a partir del 10 de junio`, `starting June 10`: what takes effect on a day has no end."""
    if calendar.spanish:
        if ahead(tokens, place, 2) != ["a", "partir"]:
            return None
        at = place + 3 + (ahead(tokens, place + 3, 1)[0] in {"el", "la"})
    elif tokens[place].fold == "a":
        return None
    else:
        at = place + 1 + (ahead(tokens, place + 1, 1)[0] in {"on", "in", "from"})
    if at >= len(tokens):
        return None
    span = span_at(tokens, at, calendar)
    if span is None or not is_time(tokens, at, span):
        return None
    today = calendar.today
    end = today if today is not None and today > span.start and span.grain != "day" else None
    return Period(span.start, end, place, span.last, masked=True, grain=span.grain)


def _days_of_month(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`del 3 al 9 de abril`: the month is said once."""
    if not calendar.spanish or place + 3 >= len(tokens):
        return None
    first, joint = tokens[place + 1], tokens[place + 2].fold
    if first.kind != "n" or not first.text.isdigit() or joint not in {"a", "al", "y"}:
        return None
    at = place + 3 + (tokens[place + 3].fold == "el")
    other = calendar.day_at(tokens, at) if at < len(tokens) else None
    if other is None or not 1 <= int(first.text[:3]) < other.end.day:
        return None
    start = other.end.replace(day=int(first.text))
    return Period(start, other.end, place, other.last, masked=True, grain="range")


def _from_now(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`de aquí a octubre`, `between now and October`."""
    if ahead(tokens, place, 3) not in (["de", "aqui", "a"], ["between", "now", "and"]):
        return None
    at = place + 3 + (ahead(tokens, place + 3, 1)[0] in {"the", "el"})
    if calendar.today is None or at >= len(tokens):
        return None
    calendar.ahead.append(at)
    span = span_at(tokens, at, calendar)
    calendar.ahead.pop()
    if span is None or span.end < calendar.today:
        return None
    return Period(calendar.today, span.end, place, span.last, masked=True, grain="range")


def _before(tokens: Sequence[Token], place: int, calendar: Calendar) -> Period | None:
    """`before March`, `antes de octubre`, `antes de que termine el año`: up to the day before."""
    spanish = tokens[place].fold == "antes"
    at = place + 1 + spanish
    if at >= len(tokens) or (spanish and tokens[at - 1].fold not in {"de", "del"}):
        return None
    folds = ahead(tokens, at, 5)
    if calendar.today is not None:
        year_end = date(calendar.today.year, 12, 31)
        if folds[0] == "que" and folds[1] in _ENDS_VERB and folds[2:4] == ["el", "ano"]:
            return Period(None, year_end, place, at + 4, masked=True, grain="day")
        if folds[:5] == ["the", "end", "of", "the", "year"]:
            return Period(None, year_end, place, at + 5, masked=True, grain="day")
    calendar.ahead.append(at)
    span = span_at(tokens, at, calendar) if _is_ahead(tokens, place, calendar) else None
    calendar.ahead.pop()
    span = span or span_at(tokens, at, calendar)
    if span is None or not is_time(tokens, at, span):
        return None
    return Period(
        None, span.start - timedelta(days=1), place, span.last, masked=True, grain=span.grain
    )


def _is_ahead(tokens: Sequence[Token], place: int, calendar: Calendar) -> bool:
    return bool(calendar.ahead) and any(word < place for word in calendar.ahead[:-1])


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
    comma = between and ahead(tokens, one.last, 1)[0] == ","
    one = one._replace(last=one.last + comma)
    word = ahead(tokens, one.last, 1)[0]
    joints = {"and", "y", "e", "to", "a", "-", "–"} if between else _TO
    if one.grain == "month" and behind(tokens, place, 1)[0] in {"in", "en", "during", "durante"}:
        # "in April and May"
        both = _two_months(tokens, place, one, calendar)
        if both is not None:
            return both
    led = behind(tokens, place, 1)[0] in {"", "from", "de", "desde", "del", "(", ","}
    if one.grain == "year" and not between and not led:
        # "in 2019 a ..." goes on with something else.
        joints = joints - {"a", "al"}
    if word not in joints:
        return None
    at = one.last + 1
    named = calendar.named_year(tokens, at)
    while at < len(tokens) and tokens[at].fold in _TO_END:
        at += 1
    other = span_at(tokens, at, calendar) if at < len(tokens) else None
    if other is None and named is not None:
        # "de 2008 al año pasado"
        other = Span(*year_span(named[0]), named[1], "year")
    if other is None and between and at < len(tokens):
        told = relative_at(tokens, at, calendar)
        if told is not None and told.grain == "relative" and told.end is not None:
            # "entre 2019 y lo que va de 2022"
            return told._replace(start=one.start, first=place)
    if other is None or not is_time(tokens, at, other):
        return None
    if {one.grain, other.grain} not in _GRAINS:
        return None
    if one.grain == "fiscal" and other.grain == "year":
        # "fiscal years 2016 to 2019"
        other = other._replace(end=fiscal_span(other.end.year)[1], grain="fiscal")
    start = _same_year(one, other)
    if start > other.end:
        return None
    return Period(start, other.end, place, other.last, masked=True, grain=other.grain)


def _two_months(
    tokens: Sequence[Token], place: int, one: Span, calendar: Calendar
) -> Period | None:
    """Two months that follow each other, said together."""
    if ahead(tokens, one.last, 1)[0] not in {"and", "y"} or one.last + 1 >= len(tokens):
        return None
    other = span_at(tokens, one.last + 1, calendar)
    if other is None or other.grain != "month" or not one.bare:
        return None
    start = _same_year(one, other)
    if shift_months(start, 1) != other.start:
        return None
    return Period(start, other.end, place, other.last, masked=True, grain="range")


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
