"""What a chart shows, apart from how: the SVG and the Plotly drawing are made from this alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from config.periods import parse_period

Kind = Literal["flow", "stock", "running-total", "rate", "share", "price", "announced"]
Tone = Literal["", "agree", "near", "differ", "open"]
"""What a cited figure comes to, as its shape tells it; "" of one that nobody has reviewed."""

LINE_STYLES = ("", "", "", "12,4", "8,3,2,3", "12,3,2,3,2,3")
"""Dashes by colour index, in px; `""` is solid. Colour is never the only difference."""
DASHED = "7,5"
PROVISIONAL = "3,3"
FURTHEST = 10.0
"""An end of an interval this many times beyond all values is drawn as an arrow: "billions" may be
anything up to a trillion, and an axis that reaches there shows nothing else."""
HEADROOM = 1.15
"""A bound that is open upwards needs this much of its value above it for its arrow."""


def middle(start: date, end: date) -> date:
    """The day in the middle of a period, where its point is drawn."""
    return start + timedelta(days=((end - start).days + 1) // 2)


def finite(value: float | None) -> float | None:
    """The value if it can be drawn: NaN and infinities are gaps."""
    return None if value is None or not math.isfinite(value) else float(value)


@dataclass(frozen=True)
class Point:
    """One observation."""

    x: date
    """The middle of its period."""
    period: str
    """As SDMX writes it: `2020`, `FY2020`, `2021-03`."""
    value: float | None
    """None breaks the line."""
    provisional: bool
    text: str
    """Value and unit as readers write them."""

    @classmethod
    def of(cls, period: str, value: float | None, text: str, *, provisional: bool = False) -> Point:
        """A point in the middle of its period. Raises ValueError where `period` is none."""
        parsed = parse_period(period)
        return cls(middle(parsed.start, parsed.end), period, value, provisional, text)


@dataclass(frozen=True)
class Line:
    """One official series, its points in order of time."""

    id: str
    label: str
    points: tuple[Point, ...]
    colour: int = 0
    """Index into the palette, which begins again after its last colour."""
    dash: bool = False
    step: bool = False
    """Whether a value holds until the next one, as an announced rate does."""


@dataclass(frozen=True)
class Mark:
    """One cited figure with its accept interval.

    An end that is None is open. Where both are None and neither flag is set there is no interval.
    """

    id: str
    """`<article>/<claim>`"""
    x_start: date
    x_end: date
    value: float
    """What is cited; of a bound or a range its nearest end."""
    low: float | None
    high: float | None
    text: str
    """For example `8 in 2008`."""
    label: str
    """The article in short, for example `Benítez 2021`."""
    open_low: bool = False
    open_high: bool = False
    automatic: bool = False
    """Read by a program and reviewed by nobody."""
    tone: Tone = ""
    sign: str = ""
    """Of the verdict, before the value: `≠`. Empty: no verdict."""
    verdict: str = ""
    """The verdict in words, as the claim's card says it."""

    @property
    def signed(self) -> str:
        """The text with the sign of the verdict: `≠ 8 in 2008`."""
        return f"{self.sign} {self.text}" if self.sign else self.text

    @property
    def name(self) -> str:
        """All of it in words, for those who do not see the shape."""
        said = ", ".join(filter(None, (self.text, self.label)))
        return f"{said}: {self.verdict}" if self.verdict else said

    @property
    def x(self) -> date:
        """The day at which its diamond stands: the middle of what it is said of."""
        return middle(self.x_start, self.x_end)

    @property
    def anchor(self) -> str:
        """Id of the claim's card on the page."""
        return "claim-" + self.id.replace("/", "-")

    def interval(self, bottom: float, top: float) -> tuple[float, float, bool, bool] | None:
        """Low and high end of the error bar, and whether each is open; open ends reach the axis.

        An end beyond the axis is open too, as the bar does not show it.
        """
        low, high = finite(self.low), finite(self.high)
        if low is None and high is None and not (self.open_low or self.open_high):
            return None
        open_low = self.open_low or low is None or low < bottom
        open_high = self.open_high or high is None or high > top
        return (
            bottom if open_low or low is None else low,
            top if open_high or high is None else high,
            open_low,
            open_high,
        )


@dataclass(frozen=True)
class EventMark:
    """A dated event; its number refers to the list below the chart."""

    number: int
    start: date
    end: date | None
    label: str
    lasts: bool = False
    """Whether it lasted on the day as of which the chart is: its end is that day, not its own."""


@dataclass(frozen=True)
class EventGroup:
    """Events that stand too close for a number each: they share one, `1–5`."""

    events: tuple[EventMark, ...]
    day: date
    """Where the number stands: the middle of the events' first days."""

    @property
    def label(self) -> str:
        """The numbers of its events: `3`, `1–5`."""
        first, last = self.events[0].number, self.events[-1].number
        return str(first) if first == last else f"{first}–{last}"

    @property
    def title(self) -> str:
        """Its events by number and name."""
        return "; ".join(f"{event.number}. {event.label}" for event in self.events)


@dataclass(frozen=True)
class Chart:
    """One chart. Everything outside `x_min` to `x_max` is left out."""

    id: str
    """Prefix of the ids in the drawing: two drawings on one page need two ids."""
    title: str
    summary: str
    unit_label: str
    decimals: int
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    events: tuple[EventMark, ...]
    x_min: date
    x_max: date
    language: str
    kind: Kind = "flow"
    """Of the measure: the axis of a price need not begin at zero."""
    selected: str | None = None
    """Id of the mark that the page was asked for."""
    warnings: tuple[str, ...] = ()
    """What the reader must know of the data before the lines are believed: a late source."""

    def shows(self, start: date, end: date | None = None) -> bool:
        """Whether some day from start to end lies on the axis."""
        return start <= self.x_max and (end or start) >= self.x_min

    def visible_marks(self) -> tuple[Mark, ...]:
        """The marks of which some day lies on the axis and whose value can be drawn."""
        return tuple(
            mark
            for mark in self.marks
            if self.shows(mark.x_start, mark.x_end) and finite(mark.value) is not None
        )

    def visible_events(self) -> tuple[EventMark, ...]:
        """The events of which some day lies on the axis."""
        return tuple(event for event in self.events if self.shows(event.start, event.end))

    def visible_points(self, line: Line) -> tuple[Point, ...]:
        """The points of a line that lie on the axis, those without a value too."""
        return tuple(point for point in line.points if self.shows(point.x))

    def event_groups(self, apart: timedelta) -> tuple[EventGroup, ...]:
        """Events in order of time, those that follow within `apart` of the last in one group."""
        groups: list[list[EventMark]] = []
        for event in sorted(self.visible_events(), key=lambda e: (e.start, e.number)):
            last = groups[-1][-1] if groups else None
            if last is not None and self.clamp(event.start) - self.clamp(last.start) < apart:
                groups[-1].append(event)
            else:
                groups.append([event])
        return tuple(
            EventGroup(
                tuple(sorted(group, key=lambda event: event.number)),
                middle(self.clamp(group[0].start), self.clamp(group[-1].start)),
            )
            for group in groups
        )

    def clamp(self, day: date) -> date:
        """The nearest day that lies on the axis."""
        return min(max(day, self.x_min), self.x_max)

    def values(self) -> list[float]:
        """Every finite number that must lie on the axis: values, cited figures, interval ends."""
        marks = self.visible_marks()
        found = [point.value for line in self.lines for point in self.visible_points(line)]
        found += [mark.value for mark in marks]
        known = [value for value in map(finite, found) if value is not None]
        reach = FURTHEST * max((abs(value) for value in known), default=0.0)
        ends = [end for mark in marks for end in _closed_ends(mark)]
        ends += [mark.value * HEADROOM for mark in marks if mark.open_high and mark.value > 0]
        return known + [end for end in map(finite, ends) if end is not None and abs(end) <= reach]


def _closed_ends(mark: Mark) -> tuple[float | None, float | None]:
    return (None if mark.open_low else mark.low, None if mark.open_high else mark.high)
