"""The spans of time that a text has spoken of so far: its title's, the last, and what they were
held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.articles.quantities.calendar import Period, fiscal_span, year_span
from ingest.articles.quantities.draft import Draft

Bounds = tuple[date | None, date | None]
NONE: Bounds = (None, None)


def _is_inside(one: Bounds, other: Bounds) -> bool:
    """Whether a span lies in another."""
    if None in one or None in other:
        return False
    return bool(other[0] <= one[0] and one[1] <= other[1])  # type: ignore[operator]


@dataclass
class Timeline:
    """The span that the sentences before have spoken of."""

    current: Bounds = NONE
    headline: Bounds = NONE
    """What the title says; each paragraph begins with it again."""
    paragraph: int = -1
    pair: tuple[Bounds, Bounds] = (NONE, NONE)
    """The times of two figures of one thing that stood side by side."""
    stretches: dict[int, Bounds] = field(default_factory=dict)
    """The quarter and the half year named last, by their months."""
    last: Bounds = NONE
    """That of the last sentence, whatever paragraph it stands in."""
    by: Bounds = NONE
    """The span last told with "by" a day."""
    fiscal: Bounds = NONE
    """The fiscal year named last."""
    base: tuple[Bounds, Bounds] | None = None
    """The span last compared, and what it was held against: the changes after it go on so."""

    def told_year(self, today: date | None) -> int | None:
        """The year of a title that names a whole one before the day of publication."""
        start, end = self.headline
        if start is None or end is None or today is None or end >= today:
            return None
        return start.year if (start, end) == year_span(start.year) else None

    def held_against(self, bounds: Bounds) -> Bounds:
        """What a span was last held against, as far as the text said."""
        if self.base is None or self.base[0] != bounds or bounds == NONE:
            return NONE
        return self.base[1]

    def compare(self, bounds: Bounds, base: Bounds) -> None:
        """Remembers what a span is held against."""
        if bounds[1] is not None and base[0] is not None and base[0] < bounds[1]:
            self.base = (bounds, base)

    def head(self) -> None:
        """Takes the span just read for that of the title, unless there is one that is as fine."""
        if self.headline == NONE or _is_inside(self.current, self.headline):
            self.headline = self.current

    def enter(self, paragraph: int) -> None:
        """Tells in which paragraph the next sentence stands."""
        if paragraph != self.paragraph and self.headline != NONE:
            self.current = self.headline
        self.paragraph = paragraph


def reported(periods: Sequence[Period], timeline: Timeline, today: date | None) -> list[Period]:
    """The year to date of a release ends with the month that its title names."""
    start, end = timeline.headline
    year = timeline.current
    if year[0] is not None and year[1] is not None and year == year_span(year[0].year):
        # "en el año" goes on with the year spoken of.
        periods = [
            period._replace(start=year[0], end=year[1]) if period.grain == "the-year" else period
            for period in periods
        ]
    if timeline.fiscal != NONE:
        # "In the fiscal year" goes on with the one spoken of.
        fiscal_start, fiscal_end = timeline.fiscal
        periods = [
            period._replace(start=fiscal_start, end=fiscal_end)
            if period.grain == "the-fiscal"
            else period
            for period in periods
        ]
    for index, period in enumerate(periods):
        months = (
            round((period.end - period.start).days / 30.4)
            if period.start is not None and period.end is not None
            else 0
        )
        latest = timeline.stretches.get(months, NONE)[1]
        later = latest is None or (period.end is not None and period.end >= latest)
        if period.grain == "that" and timeline.last != NONE:
            periods = list(periods)
            last_start, last_end = timeline.last
            periods[index] = period._replace(start=last_start, end=last_end, prior=None)
        if months in {1, 3, 6} and not period.base and later:
            timeline.stretches[months] = (period.start, period.end)
        named = period.grain.removeprefix("the-").removesuffix("-end")
        if period.grain.startswith("the-") and named.isdigit():
            told_start, told_end = timeline.stretches.get(int(named), NONE)
            told_start = told_end if period.grain.endswith("-end") else told_start
            periods = list(periods)
            periods[index] = period._replace(start=told_start, end=told_end)
    years = [
        period.end.year
        for period in periods
        if period.grain == "fiscal" and period.end is not None and not period.base
    ]
    if years:
        timeline.fiscal = fiscal_span(max(years))
    periods = [
        period._replace(start=timeline.current[0] or timeline.current[1])
        if period.grain == "since-then"
        else period
        for period in periods
    ]
    if today is None or start is None or end is None or (end - start).days > 100 or end >= today:
        return list(periods)
    first = date(end.year, 1, 1)
    whole = ((first, today), year_span(end.year))
    return [
        period._replace(start=first, end=end)
        if period.grain in {"relative", "the-year"} and (period.start, period.end) in whole
        else period
        for period in periods
    ]


def level_day(draft: Draft, bounds: Bounds, today: date | None) -> Bounds:
    """A share as of a day is that day's, other than a total."""
    start, end = bounds
    past = end is not None and today is not None and end <= today
    level = draft.unit == "percent" and draft.form not in {"fraction", "share"}
    return (end, end) if level and start is None and past else bounds
