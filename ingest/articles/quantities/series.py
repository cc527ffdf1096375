"""Figures that stand side by side: the two ends of a series, and the change from one to the
other."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.bases import CHANGES
from ingest.articles.quantities.calendar import year_span
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.timeline import NONE, Bounds, Timeline
from ingest.articles.quantities.tokens import Token


def settle(
    tokens: Sequence[Token], drafts: Sequence[Draft], spans: list[Bounds], timeline: Timeline
) -> None:
    """Sets the spans of a sentence's series and of the changes that go with them right."""
    _keep_pair(drafts, spans, timeline)
    _split_series(drafts, spans)
    _series_base(drafts, spans, timeline)
    _span_series(tokens, drafts, spans)


def _keep_pair(drafts: Sequence[Draft], spans: Sequence[Bounds], timeline: Timeline) -> None:
    """Remembers two figures of one thing at two times: "in January 448 kilos; in February, 262"."""
    for index in range(len(drafts) - 1):
        one, two = spans[index], spans[index + 1]
        same = drafts[index].unit == drafts[index + 1].unit not in CHANGES
        if same and one[1] is not None and two[0] is not None and one[1] < two[0]:
            timeline.pair = (one, two)


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


def _says_change(tokens: Sequence[Token], before: Draft, change: Draft) -> bool:
    """Whether only `, a drop of`, `, una reducción de` stands between."""
    gap = tokens[before.last : change.first]
    return len(gap) <= 6 and bool(gap) and gap[0].text == ","


def _span_series(tokens: Sequence[Token], drafts: Sequence[Draft], spans: list[Bounds]) -> None:
    """A change beside the two figures that it led from and to runs from one to the other: "cut by
    half, from 24 in 2017 to 13 last year", "from 24 to 13, a drop of half", "rose 8 percent to 300
    in March from 277 in February"."""
    for index in range(len(drafts) - 2):
        one, two, three = drafts[index : index + 3]
        if one.unit in CHANGES and two.series == 1 and three.series == 2:
            change, ends = index, (spans[index + 1][0], spans[index + 2][1])
        elif one.series == 1 and two.series == 2 and three.unit in CHANGES:
            if spans[index + 2] != spans[index + 1]:
                continue
            change, ends = index + 2, (spans[index][0], spans[index + 1][1])
        elif (
            three.unit in CHANGES
            and one.unit == two.unit
            and spans[index] != spans[index + 1] == spans[index + 2]
            and _says_change(tokens, two, three)
        ):
            change, ends = index + 2, (spans[index][0], spans[index + 1][1])
        elif one.unit in CHANGES and three.compared and two.unit not in CHANGES:
            if spans[index] != spans[index + 1] or two.unit != three.unit:
                continue
            change, ends = index, (spans[index + 2][0], spans[index + 1][1])
        else:
            continue
        if ends[0] is not None and ends[1] is not None and ends[0] < ends[1]:
            spans[change] = ends
