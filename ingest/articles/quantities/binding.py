"""Which span of time a figure belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.articles.quantities import series
from ingest.articles.quantities.bases import (
    CHANGES,
    Setting,
    from_base,
    is_difference,
    prior_span,
    same_span,
    with_base,
)
from ingest.articles.quantities.calendar import Period
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.periods import LEVELS
from ingest.articles.quantities.timeline import NONE, Bounds, Timeline, level_day
from ingest.articles.quantities.tokens import Token
from ingest.articles.quantities.wordsets import words

_PARTING = words(
    """than compared comparado comparada comparados frente versus respecto comparacion while
    mientras whereas tras luego after since desde because"""
)
_FISCAL_MONTH = 10
_HAD = words("habia habian had")
_AT_ONCE = words("against versus vs compared frente contra comparado comparacion")
_BEFORE = words(
    """before earlier previously prior previous last ago expected forecast antes anterior previo
    previa anteriores pasado pasada hace esperado esperaba pronosticado estimado then entonces
    pandemic pandemia"""
)
_AGAINST = words("contra against vs")
_TIMELESS = words(
    """would could will might may should can costs sells rents pays earns charges takes comes leave
    leaves promised pledged offered approved proposed announced planned cuesta cuestan costaria
    costarian costara costaran podria podrian habria habrian seria serian sera seran renta rentan
    paga pagan cobra cobran gana ganan vende venden manda mandan aporta aportan ofrecieron ofrecio
    prometio prometieron anuncio anunciaron aprobo aprobaron propuso propusieron"""
)
_VERB_REACH = 10


def bind(
    tokens: Sequence[Token],
    drafts: Sequence[Draft],
    periods: Sequence[Period],
    timeline: Timeline,
    context: Context,
) -> list[Bounds]:
    """The first and last day of each draft, None where the text tells none. Remembers the
    sentence's own span for the sentences after it."""
    periods = [period for period in periods if period.grain != "told"]
    spans: list[Bounds] = []
    raws: list[Bounds] = []
    """Before changes reach back to their base."""
    inner = [_inside(draft, periods) for draft in drafts]
    edges = _edges(drafts, inner, len(tokens))
    taken: set[int] = set()
    main: Bounds | None = None
    for index, draft in enumerate(drafts):
        if inner[index] is not None:
            period = periods[inner[index] or 0]
            spans.append((period.start, period.end))
            raws.append(spans[-1])
            continue
        left, right = edges[index]
        at = Setting(tokens, draft, drafts, periods, tuple(raws), timeline)
        bounds = _of(at, left, right, taken)
        raw = bounds
        raws.append(raw)
        if draft.unit in CHANGES:
            held = index + 1 < len(drafts) and drafts[index + 1].compared
            reach = _reach(drafts, index, right, len(tokens)) if held else right
            bounds = with_base(at, bounds, reach)
        elif is_difference(tokens, draft):
            bounds = from_base(at, right) or bounds
        if any(_is_by(tokens, period, bounds) for period in periods):
            timeline.by = bounds
        if bounds != timeline.by and (main is not None or not _is_done(tokens, bounds)):
            bounds = level_day(draft, bounds, context.published_on)
        spans.append(bounds)
        if draft.compared and main is not None:
            timeline.compare(main, bounds)
        ago = any(p.prior is not None and (p.start, p.end) == raw != NONE for p in periods)
        held = draft.unit in CHANGES and raw != bounds and raw[1] is not None
        based = held and bounds[1] is not None and raw[1] < bounds[1]  # type: ignore[operator]
        coming = any(p.grain == "the-year" and (p.start, p.end) == raw for p in periods)
        aside = draft.compared or draft.series == 1 or ago or based or coming
        if main is None and not aside and raw != NONE:
            main = raw
    series.settle(tokens, drafts, spans, timeline)
    said = [p for p in periods if _is_said(p, context.published_on)]
    if main is not None:
        timeline.last = main
        if timeline.current == NONE or not _is_coming(main, context.published_on):
            timeline.current = main
    elif said:
        timeline.current = (said[-1].start, said[-1].end)
    return spans


def _is_coming(bounds: Bounds, today: date | None) -> bool:
    """Whether a span lies ahead: after a forecast a text returns to what has been."""
    start, end = bounds
    if today is None or end is None or end <= today:
        return False
    # Fiscal years to come are what budgets are of.
    return start is None or (start > today and start.month != _FISCAL_MONTH)


def _is_by(tokens: Sequence[Token], period: Period, bounds: Bounds) -> bool:
    """Whether "by" a day leads to a span: what was done by then is a total, shares too."""
    return tokens[period.first].fold == "by" and (period.start, period.end) == bounds


def _is_done(tokens: Sequence[Token], bounds: Bounds) -> bool:
    """`al 30 de septiembre se había comprometido una cuarta parte`: a total, a share too."""
    return bounds[0] is None and any(token.fold in _HAD for token in tokens)


def _is_said(period: Period, today: date | None) -> bool:
    """Whether a period holds for sentences to come: not the day of publication in a dateline."""
    if period.prior is not None or period.base or period.start is period.end is None:
        return False
    return not (period.grain == "day" and period.start == period.end == today)


def _edges(drafts: Sequence[Draft], inner: Sequence[int | None], end: int) -> list[tuple[int, int]]:
    """Where the figure before each one ends and the one after begins, durations that are part of
    a span left out."""
    lefts, left = [], 0
    for draft, within in zip(drafts, inner, strict=True):
        lefts.append(left)
        left = draft.last if within is None else left
    rights, right = [], end
    for draft, within in zip(reversed(drafts), reversed(inner), strict=True):
        rights.append(right)
        right = draft.first if within is None else right
    return list(zip(lefts, reversed(rights), strict=True))


def _reach(drafts: Sequence[Draft], index: int, right: int, end: int) -> int:
    """ "22 percent less than the 2.84 hectares of a year before": what is said of the figure held
    against holds for the change."""
    if drafts[index + 1].first - drafts[index].last > 5:
        return right
    return drafts[index + 2].first if index + 2 < len(drafts) else end


def _inside(draft: Draft, periods: Sequence[Period]) -> int | None:
    """The period that a duration is part of: `three years` in "the last three years"."""
    for index, period in enumerate(periods):
        if not period.masked and period.first <= draft.number_first < period.last:
            return index
    return None


def _of(at: Setting, left: int, right: int, taken: set[int]) -> Bounds:
    """The span of one figure, between the figures that end at `left` and begin at `right`; notes
    in `taken` the period that is no other's."""
    tokens, draft, drafts, periods = at.tokens, at.draft, at.drafts, at.periods
    after = _after(tokens, draft, periods, right, drafts)
    if after is not None and _stands_right_before(
        tokens, draft, periods, (left, right), periods[after]
    ):
        after = None
    if after is not None:
        period = periods[after]
        if draft.compared or draft.series == 1:
            taken.add(after)
        if period.prior is not None:
            return prior_span(period, at.reference)
        return same_span(tokens, period, at.reference)
    preceding = [
        index
        for index, period in enumerate(periods)
        if period.last <= draft.first
        and index not in taken
        and (
            not period.base
            or draft.compared
            or _when(tokens, period, draft)
            or _is_level(tokens, period, draft)
        )
        and not (period.masked is False and period.start is None and period.prior is None)
    ]
    near = [index for index in preceding if periods[index].first >= left]
    for index in reversed(near or preceding):
        period = periods[index]
        if period.prior is not None:
            if not near:
                continue
            return prior_span(period, at.reference)
        if draft.compared and index not in near:
            continue
        return same_span(tokens, period, at.reference)
    later = [
        period
        for period in periods
        if period.first >= draft.last
        and not period.base
        and period.prior is None
        and not _barrier(tokens, draft.last, period.first)
        and not _is_of_other(tokens, period, draft, drafts)
        and not _is_of_ratio(tokens, period, draft, drafts)
        and not any(d.series and 0 <= period.first - d.last <= 4 for d in drafts)
    ]
    if later and not draft.compared:
        return later[0].start, later[0].end
    if draft.compared:
        at_once = _is_at_once(tokens, draft, right)
        return at.reference if at_once else NONE
    return NONE if _is_at_no_time(tokens, draft, left) else at.timeline.current


def _is_at_no_time(tokens: Sequence[Token], draft: Draft, left: int) -> bool:
    """Whether a sum is a price, a plan or a promise, and not of the time spoken of before: "A visa
    costs $185", "It would take $3 million", "Congress approved $20 billion"."""
    if draft.currency is None:
        return False
    lead = tokens[max(left, draft.first - _VERB_REACH) : draft.first]
    return any(token.fold in _TIMELESS for token in lead)


def _is_of_ratio(
    tokens: Sequence[Token], period: Period, draft: Draft, drafts: Sequence[Draft]
) -> bool:
    """ "se perdieron 1.1 millones, el doble de los que se habían creado en 2019": the year is that
    of what a ratio or a change holds the figure against."""
    for other in drafts:
        if draft.last <= other.first and other.last <= period.first and other.unit in CHANGES:
            gap = {token.fold for token in tokens[other.last : period.first]}
            return not gap.isdisjoint({"que", "than", "what", "those", "as", "of", "de"})
    return False


def _stands_right_before(
    tokens: Sequence[Token],
    draft: Draft,
    periods: Sequence[Period],
    edges: tuple[int, int],
    after: Period,
) -> bool:
    """Whether a period leads to the figure at once while the one behind stands off: "y en junio
    1.35 millones, de manera que el total a la fecha ..."."""
    left, right = edges
    if after.first - draft.last <= 2 and right - after.last > 2:
        return False
    comma = any(token.text == "," for token in tokens[draft.last : after.first])
    return comma and any(
        left <= period.first and 0 <= draft.first - period.last <= 2 and not period.base
        for period in periods
    )


def _is_at_once(tokens: Sequence[Token], draft: Draft, right: int) -> bool:
    """Whether two figures are held against each other at one time: "412,000 homes, against 23
    million with a gas boiler"."""
    leads = {token.fold for token in tokens[max(0, draft.first - 4) : draft.first]}
    if leads.isdisjoint(_AT_ONCE) or leads & {"up", "down", "than", "from"}:
        return False
    behind_it = {token.fold for token in tokens[draft.last : right]}
    return behind_it.isdisjoint(_BEFORE)


def _is_of_other(
    tokens: Sequence[Token], period: Period, draft: Draft, drafts: Sequence[Draft]
) -> bool:
    """In "978 homicides, below the 1,220 of 2021" the year is that of the later figure."""
    if not period.first or tokens[period.first - 1].fold not in {"of", "de"}:
        return False
    return any(other.first > draft.last and 0 <= period.first - other.last <= 2 for other in drafts)


def _after(
    tokens: Sequence[Token],
    draft: Draft,
    periods: Sequence[Period],
    right: int,
    drafts: Sequence[Draft],
) -> int | None:
    """The first period behind the figure and before the next one."""
    for index, period in enumerate(periods):
        if period.first < draft.number_last:
            continue
        if period.first >= right:
            return None
        if _barrier(tokens, draft.last, period.first):
            return None
        beside = period.first - draft.last <= 1 and draft.unit not in CHANGES
        if period.base or (period.prior and not draft.compared and not beside):
            continue
        lead = period.first - 1
        while lead > draft.last and tokens[lead].fold in {"in", "en", "during", "durante", "for",
                                                          "by", "on", "el", "para"}:  # fmt: skip
            lead -= 1
        opens = lead >= draft.last and tokens[lead].fold in {"and", ",", "y", ";", "while",
                                                             "mientras", "but", "pero"}  # fmt: skip
        if opens and 0 <= right - period.last <= 3 and right < len(tokens):
            return None
        return index
    return None


def _barrier(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether something stands between a figure and a period that parts them."""
    for place in range(first, last):
        token = tokens[place]
        if token.text in {";", ":"} or token.fold in _PARTING:
            return True
        if token.fold in _AGAINST and _leads_number(tokens, place + 1):
            return True
        if token.fold == "from" and place and tokens[place - 1].fold in {"up", "down"}:
            return True
    return False


def _leads_number(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number follows, rather than what a vaccine or a war is against."""
    return any(token.kind == "n" for token in tokens[place : place + 5])


def _when(tokens: Sequence[Token], period: Period, draft: Draft) -> bool:
    return any(token.fold in {"when", "cuando"} for token in tokens[period.last : draft.first])


def _is_level(tokens: Sequence[Token], period: Period, draft: Draft) -> bool:
    """`the 2006 toll of 400`."""
    near = 0 < draft.first - period.last <= 3
    return near and tokens[period.last].fold in LEVELS
