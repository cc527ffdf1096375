"""Which span of time a figure belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.articles.quantities.calendar import Period, shift_span, year_span
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.timeline import NONE, Bounds, Timeline, level_day
from ingest.articles.quantities.tokens import Token

_CHANGES = {"percent-change", "percentage-points", "basis-points", "ratio"}
_BASES = {"annual": 12, "anual": 12, "yearly": 12, "interanual": 12, "mensual": 1, "monthly": 1,
          "anuales": 12}  # fmt: skip


def bind(
    tokens: Sequence[Token],
    drafts: Sequence[Draft],
    periods: Sequence[Period],
    timeline: Timeline,
    context: Context,
) -> list[Bounds]:
    """The first and last day of each draft, None where the text tells none. Remembers the
    sentence's own span for the sentences after it."""
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
        bounds = _of(tokens, draft, periods, left, right, taken, raws, drafts, timeline)
        raw = bounds
        raws.append(raw)
        if draft.unit in _CHANGES:
            held = index + 1 < len(drafts) and drafts[index + 1].compared
            reach = _reach(drafts, index, right, len(tokens)) if held else right
            bounds = _with_base(tokens, draft, periods, bounds, raws[:-1], drafts, reach, timeline)
        elif _is_difference(tokens, draft):
            told = _reference(raws[:-1], drafts, draft, timeline)
            bounds = _from_base(periods, draft, right, told, timeline) or bounds
        bounds = level_day(draft, bounds, context.published_on)
        spans.append(bounds)
        if draft.compared and main is not None:
            timeline.compare(main, bounds)
        aside = draft.compared or draft.series == 1
        if main is None and not aside and raw != NONE:
            main = raw
    _split_series(drafts, spans)
    _series_base(drafts, spans, timeline)
    _span_series(drafts, spans)
    said = [p for p in periods if _is_said(p, context.published_on)]
    if main is not None:
        timeline.current = main
    elif said:
        timeline.current = (said[-1].start, said[-1].end)
    return spans


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


def _split_series(drafts: Sequence[Draft], spans: list[Bounds]) -> None:
    """ "tripled between 2019 and 2021, from 122 to 366": each end has its own year."""
    for index, draft in enumerate(drafts[:-1]):
        if draft.series != 1 or drafts[index + 1].series != 2:
            continue
        start, end = spans[index]
        if spans[index] != spans[index + 1] or start is None or end is None:
            continue
        if start.year < end.year and (start.month, start.day) == (1, 1) and end.month == 12:
            spans[index] = year_span(start.year)
            spans[index + 1] = year_span(end.year)


def _series_base(drafts: Sequence[Draft], spans: list[Bounds], timeline: Timeline) -> None:
    """ "The rate went from 43.6 to 37.6": the first is of what was last compared with."""
    for index, draft in enumerate(drafts[:-1]):
        if draft.series == 1 and spans[index] == spans[index + 1]:
            base = timeline.held_against(spans[index])
            spans[index] = base if base != NONE else spans[index]


def _reach(drafts: Sequence[Draft], index: int, right: int, end: int) -> int:
    """ "22 percent less than the 2.84 hectares of a year before": what is said of the figure held
    against holds for the change."""
    if drafts[index + 1].first - drafts[index].last > 5:
        return right
    return drafts[index + 2].first if index + 2 < len(drafts) else end


def _is_difference(tokens: Sequence[Token], draft: Draft) -> bool:
    """`up $3.4 billion from February`."""
    before = tokens[draft.first - 1].fold if draft.first else ""
    return before in {"up", "down"}


def _from_base(
    periods: Sequence[Period], draft: Draft, right: int, reference: Bounds, timeline: Timeline
) -> Bounds | None:
    """The span of a difference whose base stands behind it."""
    for period in periods:
        if draft.last <= period.first <= right and period.start is not None:
            end = reference[1]
            if period.first - draft.last > 2 or end is None or period.start >= end:
                return None
            timeline.compare(reference, (period.start, period.end))
            return period.start, end
    return None


def _span_series(drafts: Sequence[Draft], spans: list[Bounds]) -> None:
    """ "cut by half, from 24 in 2017 to 13 last year": the change runs from one to the other."""
    for index in range(len(drafts) - 2):
        one, other = drafts[index + 1], drafts[index + 2]
        if drafts[index].unit in _CHANGES and one.series == 1 and other.series == 2:
            start, end = spans[index + 1][0], spans[index + 2][1]
            if start is not None and end is not None and start < end:
                spans[index] = (start, end)


def _inside(draft: Draft, periods: Sequence[Period]) -> int | None:
    """The period that a duration is part of: `three years` in "the last three years"."""
    for index, period in enumerate(periods):
        if not period.masked and period.first <= draft.number_first < period.last:
            return index
    return None


def _of(
    tokens: Sequence[Token],
    draft: Draft,
    periods: Sequence[Period],
    left: int,
    right: int,
    taken: set[int],
    spans: Sequence[Bounds],
    drafts: Sequence[Draft],
    timeline: Timeline,
) -> Bounds:
    after = _after(tokens, draft, periods, right, drafts)
    if after is not None:
        period = periods[after]
        if draft.compared or draft.series == 1:
            taken.add(after)
        if period.prior is not None:
            return _prior(period, _reference(spans, drafts, draft, timeline))
        return _same_span(tokens, period, _reference(spans, drafts, draft, timeline))
    preceding = [
        index
        for index, period in enumerate(periods)
        if period.last <= draft.first
        and index not in taken
        and (not period.base or draft.compared or _when(tokens, period, draft))
        and not (period.masked is False and period.start is None)
    ]
    near = [index for index in preceding if periods[index].first >= left]
    for index in reversed(near or preceding):
        period = periods[index]
        if period.prior is not None:
            if not near:
                continue
            return _prior(period, _reference(spans, drafts, draft, timeline))
        if draft.compared and index not in near:
            continue
        return period.start, period.end
    later = [
        period
        for period in periods
        if period.first >= draft.last
        and not period.base
        and period.prior is None
        and not _barrier(tokens, draft.last, period.first)
        and not _is_of_other(tokens, period, draft, drafts)
        and not any(d.series and 0 <= period.first - d.last <= 4 for d in drafts)
    ]
    if later and not draft.compared:
        return later[0].start, later[0].end
    if draft.compared:
        return NONE
    return timeline.current


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
        if period.base or (period.prior and not draft.compared):
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
    for place in range(first, last):
        token = tokens[place]
        if token.text in {";", ":"}:
            return True
        if token.fold in {"than", "compared", "comparado", "frente", "versus", "against",
                          "respecto", "comparacion", "while", "mientras", "whereas", "tras",
                          "luego", "after", "since", "desde", "because"}:  # fmt: skip
            return True
        if token.fold == "from" and place and tokens[place - 1].fold in {"up", "down"}:
            return True
    return False


def _when(tokens: Sequence[Token], period: Period, draft: Draft) -> bool:
    return any(token.fold in {"when", "cuando"} for token in tokens[period.last : draft.first])


def _reference(
    spans: Sequence[Bounds], drafts: Sequence[Draft], draft: Draft, timeline: Timeline
) -> Bounds:
    """What "a year earlier" is a year before: the span of the figures before it."""
    for bounds, other in zip(reversed(spans), reversed(drafts[: len(spans)]), strict=True):
        if bounds[1] is not None and not other.compared:
            return bounds
    return timeline.current


def _prior(period: Period, reference: Bounds) -> Bounds:
    start, end = reference
    if end is None:
        return NONE
    moved = shift_span(start or end, end, -(period.prior or 0))
    return (moved[0] if start else None), moved[1]


def _same_span(tokens: Sequence[Token], period: Period, reference: Bounds) -> Bounds:
    """`the same quarter of 2023`: the year is said, the span is that of the figure compared."""
    start, end = reference
    before = [token.fold for token in tokens[max(0, period.first - 5) : period.first]]
    start = start or end
    if period.grain != "year" or start is None or end is None or period.start is None:
        return period.start, period.end
    if not {"same", "mismo", "misma", "igual"} & set(before) or (end - start).days > 360:
        return period.start, period.end
    return shift_span(start, end, 12 * (period.start.year - end.year))


def _earlier_base(
    tokens: Sequence[Token], draft: Draft, bounds: Bounds, reference: Bounds
) -> Bounds | None:
    """ "double the amount found in 2021": the year said is what the span spoken of is held
    against. Verbs ("doubled in 2021") say their own."""
    compares = draft.form == "ratio" and not tokens[draft.number_last - 1].fold.endswith(
        ("d", "ing", "o", "aron", "fold", "ado")
    )
    if not compares or bounds[0] is None or bounds[1] is None:
        return None
    start, end = reference
    return (bounds[0], end) if start is not None and bounds[1] < start else None


def _with_base(
    tokens: Sequence[Token],
    draft: Draft,
    periods: Sequence[Period],
    bounds: Bounds,
    spans: Sequence[Bounds],
    drafts: Sequence[Draft],
    right: int,
    timeline: Timeline,
) -> Bounds:
    """A change whose base is said runs from the base's first day."""
    start, end = bounds
    limit = max(right, draft.last)
    earlier = _earlier_base(tokens, draft, bounds, _reference(spans, drafts, draft, timeline))
    if earlier is not None:
        return earlier
    for period in periods:
        if period.prior and draft.first - 8 <= period.first < limit and end is not None:
            base_span = _prior(period, (start, end))
            timeline.compare(bounds, base_span)
            return base_span[0], end
        if period.base and draft.last <= period.first < limit + 1:
            spread = _same_span(tokens, period, (start, end))
            base = spread[0] or period.end
            if base is not None and (end is None or base < end):
                timeline.compare(bounds, spread)
                return base, end or bounds[1]
    if start is not None and end is not None:
        since = max([draft.first - 8, 0, *(d.last for d in drafts[: len(spans)])])
        near = [token.fold for token in tokens[since : draft.last + 3]]
        months = next((_BASES[fold] for fold in near if fold in _BASES), 0)
        if ("en", "doce", "meses") in zip(near, near[1:], near[2:], strict=False):
            months = 12
        if months:
            base_span = shift_span(start, end, -months)
            timeline.compare(bounds, base_span)
            return base_span[0], end
        # "down from 1,955 the year before, a drop of 7 percent"
        if spans and drafts[len(spans) - 1].compared and spans[-1][0] is not None:
            base = spans[-1][0]
            return (base, end) if base < end else bounds
        earlier_base = timeline.held_against(bounds)[0]
        if earlier_base is not None and draft.unit != "ratio":
            return earlier_base, end
    return bounds
