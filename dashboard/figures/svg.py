"""Charts as static SVG: readable before any script has run, and without one.

Colours come from the stylesheet, so that themes and forced colours need no second drawing. Classes:
chart, grid, zero, axis, tick, unit, event, event-line, event-span, event-disc, event-number, band,
plot (what the live chart draws too), line with line-0 to line-5 and dash or provisional, dot,
leader, line-label, key, warning, mark (and automatic), interval, open, reach, diamond, sign, hit,
mark-text, mark-label, empty; spark, spark-dot in sparklines.

`data-area` is the plot area (left, top, right, bottom, in user units) and `data-at` the part of the
time axis at which a mark stands: from them the live chart takes the same places.

The links on marks lie outside the group with role `img`: what is inside an image is hidden from
assistive technology, so a link there could be focused and would have no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby, pairwise
from math import hypot
from textwrap import wrap

from dashboard.figures.model import (
    DASHED,
    LINE_STYLES,
    PROVISIONAL,
    Chart,
    EventGroup,
    EventMark,
    Line,
    Mark,
    finite,
)
from dashboard.figures.scale import Axis, chart_axis, day_part, tick_labels, time_ticks, value_axis
from dashboard.figures.shapes import Look
from dashboard.i18n import LOCALES, Translator

FONT = 12
"""Size of text in user units; the stylesheet must not enlarge it, since places are computed."""
CHARACTER = 0.56
"""Mean width of a character in ems: generous for the usual sans-serif fonts."""
ROW = 15
DISC = 8
HIT = 12
"""Half the side of the area that takes a click (WCAG 2.2, 2.5.8: 24 px)."""
HIT_SHAPE = f"h{2 * HIT}v{2 * HIT}h-{2 * HIT}z"
SHIFT = 14
CAP = 6
"""Half a cap of an error bar: as wide as the diamond, so that a narrow interval is still seen."""
BOLD = 1.14
"""Texts of marks and labels of lines are drawn bold, so they are wider."""
HIDES = 200
"""Cost of a label that lies on another thing, beside which all other costs are small."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Box:
    """A rectangle in user units, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether some of the two is in both; edges that touch do not meet."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: Box) -> bool:
        """Whether nothing of it lies outside the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it or on its edge."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def away(self, x: float, y: float) -> float:
        """How far a point is from it; 0 inside."""
        return hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))


@dataclass(frozen=True)
class Frame:
    """The plot area in user units with its two scales."""

    chart: Chart
    axis: Axis
    area: Box

    def x(self, day: date) -> float:
        """Where a day stands; one beyond the axis stands at its end."""
        part = day_part(self.chart.clamp(day), self.chart.x_min, self.chart.x_max)
        return self.area.left + part * (self.area.right - self.area.left)

    def y(self, value: float) -> float:
        """Where a value stands; one beyond the axis stands at its end."""
        return self.area.bottom - self.axis.part(value) * (self.area.bottom - self.area.top)


def text_width(text: str, size: float = FONT) -> float:
    """Estimated width of a text in user units."""
    return len(text) * size * CHARACTER


def allowed(text: str) -> str:
    """Without the characters that XML 1.0 does not allow."""
    return _FORBIDDEN.sub("", text)


def clean(text: str) -> str:
    """Escaped for XML, without the characters that it does not allow."""
    return escape(allowed(text), quote=True)


def n(value: float) -> str:
    """A coordinate with two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def draw(chart: Chart, width: int = 760, height: int = 400) -> str:
    """The chart as an SVG element as wide as its container. Draw for narrow screens at 360.

    Ids in it are `<chart.id>-title` and `<chart.id>-summary`.
    """
    locale = LOCALES[chart.language]
    axis = chart_axis(chart, 5 if height >= 260 else 3)
    labels = tick_labels(axis.ticks, locale)
    groups = _event_groups(chart, width)
    left = max(map(text_width, labels)) + 12
    ends = _end_labels_width(chart, width)
    keys = [] if ends else _key_rows(chart, width)
    warned = _warning_rows(chart, width)
    head = (ROW + 3 if chart.unit_label else 8) + (2 * DISC + 3 if groups else 0)
    # What is written below the plot, from the bottom of the drawing upwards: warnings, keys.
    below = height - len(warned) * (ROW + 1) - (4 if warned else 0)
    area = Box(left, head + 6, width - (ends or 14), below - 26 - len(keys) * (ROW + 3))
    frame = Frame(chart, axis, area)
    labelled = _end_places(frame, width) if ends else []
    title, description = f"{clean(chart.id)}-title", f"{clean(chart.id)}-summary"
    picture = [
        f'<title id="{title}">{clean(chart.title)}</title>',
        f'<desc id="{description}">{clean(chr(10).join((chart.summary, *chart.warnings)))}</desc>',
        *_grid(frame, labels),
        *_time_axis(frame, locale),
        *_events(frame, groups, head),
        *_bands(frame),
        '<g class="plot">',
        *(part for line in chart.lines for part in _line(frame, line)),
        "</g>",
        *(_end_labels(labelled) if ends else _keys(keys, below)),
        *_warnings(warned, height),
        *_nothing(frame),
    ]
    taken = [_disc(frame, group, head) for group in groups] + [end.box for end in labelled]
    marks = _marks(frame, groups, taken, width)
    edges = " ".join(map(n, (area.left, area.top, area.right, area.bottom)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}"'
        f' width="100%" font-size="{FONT}" data-area="{edges}">'
        f'<g role="img" aria-labelledby="{title}" aria-describedby="{description}">'
        f"{''.join(picture)}</g>{''.join(marks)}</svg>"
    )


def _grid(frame: Frame, labels: Sequence[str]) -> Iterable[str]:
    left, right = n(frame.area.left), n(frame.area.right)
    if not frame.chart.values():
        labels = [""] * len(labels)
    for tick, label in zip(frame.axis.ticks, labels, strict=True):
        y = frame.y(tick)
        kind = "zero" if tick == 0 else "grid"
        yield f'<line class="{kind}" x1="{left}" y1="{n(y)}" x2="{right}" y2="{n(y)}"/>'
        yield (
            f'<text class="tick" x="{n(frame.area.left - 6)}" y="{n(y + 4)}"'
            f' text-anchor="end">{clean(label)}</text>'
        )
    if frame.chart.unit_label:
        yield f'<text class="unit" x="0" y="{FONT}">{clean(frame.chart.unit_label)}</text>'


def _time_axis(frame: Frame, locale: str) -> Iterable[str]:
    area = frame.area
    bottom = n(area.bottom)
    yield f'<path class="axis" fill="none" d="M{n(area.left)} {bottom}H{n(area.right)}"/>'
    short = (frame.chart.x_max - frame.chart.x_min).days < 900
    count = int((area.right - area.left) / (80 if short else 56))
    free = float("-inf")
    for tick in time_ticks(frame.chart.x_min, frame.chart.x_max, count, locale):
        x, half = frame.x(tick.day), text_width(tick.label) / 2
        if x - half < free:
            continue
        free = x + half + 4
        yield (
            f'<line class="axis" x1="{n(x)}" y1="{bottom}" x2="{n(x)}" y2="{n(area.bottom + 4)}"/>'
            f'<text class="tick" x="{n(x)}" y="{n(area.bottom + 18)}"'
            f' text-anchor="middle">{clean(tick.label)}</text>'
        )


def _event_groups(chart: Chart, width: int) -> tuple[EventGroup, ...]:
    """Events whose discs would cover each other share one."""
    # Wide margins, since the plot area, which is narrower, depends on the labels.
    return chart.event_groups((chart.x_max - chart.x_min) * (2.5 * DISC / (0.7 * width)))


def _disc(frame: Frame, group: EventGroup, head: float) -> Box:
    """The rounded frame of a group's number."""
    x, half = frame.x(group.day), max(DISC, text_width(group.label, 10) / 2 + 4)
    return Box(x - half, head - 2 * DISC, x + half, head)


def _events(frame: Frame, groups: Sequence[EventGroup], head: float) -> Iterable[str]:
    for group in groups:
        lines = "".join(_event_line(frame, event, head) for event in group.events)
        disc = _disc(frame, group, head)
        yield (
            f'<g class="event"><title>{clean(group.title)}</title>{lines}'
            f'<rect class="event-disc" x="{n(disc.left)}" y="{n(disc.top)}"'
            f' width="{n(disc.right - disc.left)}" height="{2 * DISC}" rx="{DISC}"/>'
            f'<text class="event-number" x="{n(frame.x(group.day))}" y="{n(head - DISC + 3.5)}"'
            f' font-size="10" text-anchor="middle">{group.label}</text></g>'
        )


def _event_line(frame: Frame, event: EventMark, head: float) -> str:
    area, x, span = frame.area, frame.x(event.start), ""
    if event.end is not None and (end := frame.x(event.end)) > x:
        span = (
            f'<rect class="event-span" x="{n(x)}" y="{n(area.top)}" width="{n(end - x)}"'
            f' height="{n(area.bottom - area.top)}" fill-opacity="0.12"/>'
        )
    line = f'x1="{n(x)}" y1="{n(head)}" x2="{n(x)}" y2="{n(area.bottom)}"'
    return f'{span}<line class="event-line" {line}/>'


def _bands(frame: Frame) -> Iterable[str]:
    """The accept interval over the period that the figure is said of."""
    for mark in frame.chart.visible_marks():
        interval = mark.interval(frame.axis.low, frame.axis.high)
        if interval is None:
            continue
        left, right = frame.x(mark.x_start), frame.x(mark.x_end)
        low, high = frame.y(interval[0]), frame.y(interval[1])
        yield (
            f'<rect class="band" x="{n(left)}" y="{n(high)}" width="{n(max(right - left, 1))}"'
            f' height="{n(max(low - high, 1))}" fill-opacity="0.15"/>'
        )


@dataclass(frozen=True)
class Dot:
    """A point of a line in user units."""

    x: float
    y: float
    provisional: bool


def _runs(frame: Frame, line: Line) -> list[list[Dot]]:
    """The line's dots, parted where a value is missing."""
    runs: list[list[Dot]] = [[]]
    for point in frame.chart.visible_points(line):
        value = finite(point.value)
        if value is None:
            runs.append([])
        else:
            runs[-1].append(Dot(frame.x(point.x), frame.y(value), point.provisional))
    return [run for run in runs if run]


def _path(dots: Sequence[Dot], *, step: bool) -> str:
    first, *rest = dots
    path = f"M{n(first.x)} {n(first.y)}"
    for dot in rest:
        path += f"H{n(dot.x)}V{n(dot.y)}" if step else f"L{n(dot.x)} {n(dot.y)}"
    return path


def _line(frame: Frame, line: Line) -> Iterable[str]:
    colour = line.colour % len(LINE_STYLES)
    solid: list[str] = []
    dashed: list[str] = []
    runs = _runs(frame, line)
    for run in runs:
        # A segment is provisional where one of its ends is.
        segments = groupby(pairwise(run), lambda pair: pair[0].provisional or pair[1].provisional)
        for unsure, group in segments:
            pairs = list(group)
            path = _path([pairs[0][0], *(two for _, two in pairs)], step=line.step)
            (dashed if unsure else solid).append(path)
    style = DASHED if line.dash else LINE_STYLES[colour]
    dash = " dash" if line.dash else ""
    for paths, name, pattern in ((solid, dash, style), (dashed, " provisional", PROVISIONAL)):
        if paths:
            array = f' stroke-dasharray="{pattern}"' if pattern else ""
            yield (
                f'<path class="line line-{colour}{name}" fill="none"{array} d="{"".join(paths)}"/>'
            )
    ends = [run[0] for run in runs[:-1] if len(run) == 1] + ([runs[-1][-1]] if runs else [])
    for dot in ends:
        yield f'<circle class="dot line-{colour}" cx="{n(dot.x)}" cy="{n(dot.y)}" r="3"/>'


def _drawn(chart: Chart) -> list[Line]:
    return [
        line
        for line in chart.lines
        if any(finite(point.value) is not None for point in chart.visible_points(line))
    ]


def _end_labels_width(chart: Chart, width: int) -> float:
    """Width of the right margin with labels at the lines' ends; 0 where they would not fit."""
    lines = _drawn(chart)
    needed = max((text_width(line.label, FONT * BOLD) for line in lines), default=0) + 20
    return needed if lines and needed <= width * 0.28 and len(lines) <= len(LINE_STYLES) else 0


@dataclass(frozen=True)
class EndLabel:
    """The label of a line beside its last point."""

    line: Line
    dot: Dot
    x: float
    y: float

    @property
    def box(self) -> Box:
        """The place of its text."""
        wide = text_width(self.line.label, FONT * BOLD)
        return Box(self.x, self.y - ROW / 2, self.x + wide, self.y + ROW / 2)


def _end_places(frame: Frame, width: int) -> list[EndLabel]:
    """Labels at the lines' ends, none above another."""
    ends = sorted(
        ((line, _runs(frame, line)[-1][-1]) for line in _drawn(frame.chart)),
        key=lambda end: end[1].y,
    )
    # Pushed down from the one above, then up again from the bottom of the plot.
    ys = [dot.y for _, dot in ends]
    for index in range(1, len(ys)):
        ys[index] = max(ys[index], ys[index - 1] + ROW)
    ys[-1] = min(ys[-1], frame.area.bottom - 4)
    for index in range(len(ys) - 2, -1, -1):
        ys[index] = min(ys[index], ys[index + 1] - ROW)
    x = width - max(text_width(line.label, FONT * BOLD) for line, _ in ends) - 4
    return [EndLabel(line, dot, x, y) for (line, dot), y in zip(ends, ys, strict=True)]


def _end_labels(places: Iterable[EndLabel]) -> Iterable[str]:
    for place in places:
        dot, x, y = place.dot, place.x, place.y
        if x - dot.x > 20 or abs(y - dot.y) > 6:
            yield (
                f'<path class="leader" fill="none" d="M{n(dot.x + 5)} {n(dot.y)}'
                f'L{n(max(x - 4, dot.x + 6))} {n(y)}"/>'
            )
        yield (
            f'<text class="line-label line-{place.line.colour % len(LINE_STYLES)}" x="{n(x)}"'
            f' y="{n(y + 4)}">{clean(place.line.label)}</text>'
        )


def _key_rows(chart: Chart, width: int) -> list[list[tuple[float, Line | None, str]]]:
    """The key below the plot, where labels at the ends do not fit: rows of (x, line, label).

    What goes on a label of the row above has no line.
    """
    rows: list[list[tuple[float, Line | None, str]]] = []
    most = int((width - 30) / (FONT * CHARACTER))
    x = float(width)
    for line in _drawn(chart):
        label, *more = wrap(line.label, most) or [""]
        needed = 26 + text_width(label) + 14
        if x + needed > width + 14:
            rows.append([])
            x = 0
        rows[-1].append((x, line, label))
        rows += [[(0.0, None, text)] for text in more]
        x = float(width) if more else x + needed
    return rows


def _keys(rows: Sequence[Sequence[tuple[float, Line | None, str]]], height: float) -> Iterable[str]:
    for index, row in enumerate(rows):
        y = height - 5 - (len(rows) - 1 - index) * (ROW + 3)
        for x, line, label in row:
            if line is not None:
                colour = line.colour % len(LINE_STYLES)
                pattern = DASHED if line.dash else LINE_STYLES[colour]
                array = f' stroke-dasharray="{pattern}"' if pattern else ""
                start = f"M{n(x)} {n(y - 4)}h20"
                yield f'<path class="line line-{colour}" fill="none"{array} d="{start}"/>'
            yield f'<text class="key" x="{n(x + 26)}" y="{n(y)}">{clean(label)}</text>'


def _warning_rows(chart: Chart, width: int) -> list[str]:
    """The warnings, each begun with a sign, in rows that are no wider than the drawing."""
    most = int(width / (FONT * CHARACTER))
    return [row for text in chart.warnings for row in wrap(f"! {text}", most)]


def _warnings(rows: Sequence[str], height: int) -> Iterable[str]:
    for index, row in enumerate(rows):
        y = height - 4 - (len(rows) - 1 - index) * (ROW + 1)
        yield f'<text class="warning" x="0" y="{n(y)}">{clean(row)}</text>'


def _nothing(frame: Frame) -> Iterable[str]:
    if frame.chart.values():
        return
    area = frame.area
    text = Translator(frame.chart.language)("No data for this period")
    yield (
        f'<text class="empty" x="{n((area.left + area.right) / 2)}"'
        f' y="{n((area.top + area.bottom) / 2)}" text-anchor="middle">{clean(text)}</text>'
    )


def _places(frame: Frame) -> list[tuple[Mark, float, float]]:
    """Each mark with the middle of its diamond; marks at one point stand side by side."""
    taken: list[tuple[float, float]] = []
    places = []
    for mark in sorted(frame.chart.visible_marks(), key=lambda mark: (mark.x, mark.value, mark.id)):
        start = frame.chart.clamp(mark.x_start)
        end = frame.chart.clamp(mark.x_end)
        true = (frame.x(start) + frame.x(end)) / 2
        y = frame.y(mark.value)
        steps = (sign * SHIFT * k for k in range(60) for sign in ((1, -1) if k else (1,)))
        x = next(
            (
                true + step
                for step in steps
                if frame.area.left <= true + step <= frame.area.right
                and all(
                    abs(true + step - a) >= SHIFT - 0.5 or abs(y - b) >= SHIFT for a, b in taken
                )
            ),
            true,
        )
        taken.append((x, y))
        places.append((mark, x, y))
    return places


def _samples(frame: Frame) -> list[tuple[float, float]]:
    """Points along all lines, to keep labels off them."""
    found = []
    for line in frame.chart.lines:
        for run in _runs(frame, line):
            found += [(dot.x, dot.y) for dot in run]
            corners = [(dot.x, dot.y) for dot in run]
            if line.step:
                level = [(two.x, one.y) for one, two in pairwise(run)]
                corners = [at for pair in zip(corners, level, strict=False) for at in pair]
                corners.append((run[-1].x, run[-1].y))
            for (x, y), (to_x, to_y) in pairwise(corners):
                steps = int(max(abs(to_x - x), abs(to_y - y)) // 5)
                found += [
                    (x + (to_x - x) * k / steps, y + (to_y - y) * k / steps)
                    for k in range(1, steps)
                ]
    return found


def _reach(frame: Frame, mark: Mark) -> tuple[float, float] | None:
    """From where to where the line of a mark goes, whose figure is of more than a year."""
    if (mark.x_end - mark.x_start).days <= 400:
        return None
    return frame.x(mark.x_start), frame.x(mark.x_end)


def _reach_samples(
    frame: Frame, places: Sequence[tuple[Mark, float, float]]
) -> list[tuple[float, float]]:
    """Points along the lines of marks, but for the diamonds that stand on them."""
    return [
        (float(at), y)
        for mark, x, y in places
        if (reach := _reach(frame, mark))
        for at in range(round(reach[0]), round(reach[1]), 5)
        if abs(at - x) > HIT
    ]


_OFFSETS = tuple(
    (dx, dy, anchor)
    for reach in (1, 2, 3, 4.5, 6.5)
    for dx, dy, anchor in (
        (12, 0, "start"),
        (-12, 0, "end"),
        (8, -20 * reach, "start"),
        (-8, -20 * reach, "end"),
        (8, 20 * reach, "start"),
        (-8, 20 * reach, "end"),
        (0, -24 * reach, "middle"),
        (0, 24 * reach, "middle"),
    )
    if reach == 1 or dy
)


def _label_box(x: float, y: float, wide: float, anchor: str) -> Box:
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return Box(left, y - ROW, left + wide, y + ROW)


def _marks(
    frame: Frame, groups: Sequence[EventGroup], others: Sequence[Box], width: int
) -> Iterable[str]:
    """The marks with their texts, which keep off `others`."""
    places = _places(frame)
    samples = _samples(frame) + _reach_samples(frame, places)
    verticals = [frame.x(event.start) for group in groups for event in group.events]
    taken = list(others)
    taken += [Box(x - 8, y - 8, x + 8, y + 8) for _, x, y in places]
    for mark, x, _ in places:
        interval = mark.interval(frame.axis.low, frame.axis.high)
        if interval:
            taken.append(Box(x - 3, frame.y(interval[1]), x + 3, frame.y(interval[0])))
    bounds = Box(frame.area.left + 2, frame.area.top - 4, width - 2.0, frame.area.bottom)
    for mark, x, y in places:
        rows = _mark_rows(mark, frame.area.right - frame.area.left)
        wide = _rows_width(rows)

        def astray(box: Box, x: float = x, y: float = y) -> bool:
            """Whether one would take it for the text of another mark, which is nearer."""
            return any(box.away(a, b) < box.away(x, y) for _, a, b in places)

        def cost(
            offset: tuple[float, float, str],
            x: float = x,
            y: float = y,
            wide: float = wide,
            astray: Callable[[Box], bool] = astray,
        ) -> float:
            dx, dy, anchor = offset
            box = _label_box(x + dx, y + dy, wide, anchor)
            return (
                1000 * (not box.inside(bounds))
                + HIDES * (sum(box.meets(other) for other in taken) + astray(box))
                + 20 * sum(box.holds(*sample) for sample in samples)
                + 30 * sum(box.left - 2 <= vertical <= box.right + 2 for vertical in verticals)
                + abs(dx) / 4
                + abs(dy)
            )

        dx, dy, anchor = min(_OFFSETS, key=cost)
        box = _label_box(x + dx, y + dy, wide, anchor)
        label = None
        # A text that would hide another is left out: the link's name and the card still say it.
        if box.inside(bounds) and not (astray(box) or any(box.meets(other) for other in taken)):
            taken.append(box)
            label = (x + dx, y + dy, anchor)
        yield _mark(frame, mark, (x, y), rows, label)


def _mark_rows(mark: Mark, room: float) -> tuple[str, str]:
    """The two rows of a mark's text: on a narrow drawing the period goes down, then away.

    The axis tells the period too, and the link's name says all.
    """
    value, bracket, period = mark.signed.rpartition(" (")
    if not bracket:
        return mark.signed, mark.label
    choices = [(mark.signed, mark.label), (value, f"({period} {mark.label}"), (value, mark.label)]
    fitting = (rows for rows in choices if _rows_width(rows) <= 0.75 * room)
    return next(fitting, choices[-1])


def _rows_width(rows: tuple[str, str]) -> float:
    return max(text_width(rows[0], FONT * BOLD), text_width(rows[1], FONT - 1))


def _mark(
    frame: Frame,
    mark: Mark,
    place: tuple[float, float],
    rows: tuple[str, str],
    label: tuple[float, float, str] | None,
) -> str:
    x, y = place
    parts = [
        f'<path class="hit" fill-opacity="0" d="M{n(x - HIT)} {n(y - HIT)}{HIT_SHAPE}"/>',
    ]
    if reach := _reach(frame, mark):
        parts.append(f'<path class="reach" fill="none" d="M{n(reach[0])} {n(y)}H{n(reach[1])}"/>')
    interval = mark.interval(frame.axis.low, frame.axis.high)
    if interval:
        parts += _interval(x, frame.y(interval[0]), frame.y(interval[1]), interval[2], interval[3])
    parts.append(Look.of(mark).drawn(x, y))
    if label:
        parts += _mark_text(rows, place, label)
    name = clean(mark.name)
    at = (x - frame.area.left) / (frame.area.right - frame.area.left)
    selected = " selected" if mark.id == frame.chart.selected else ""
    selected += " automatic" if mark.automatic else ""
    return (
        f'<a class="mark{selected}" href="#{clean(mark.anchor)}" aria-label="{name}"'
        f' data-claim="{clean(mark.id)}" data-at="{at:.4f}">'
        f"<title>{name}</title>{''.join(parts)}</a>"
    )


def _mark_text(
    rows: tuple[str, str], place: tuple[float, float], label: tuple[float, float, str]
) -> Iterable[str]:
    x, y = place
    text_x, text_y, anchor = label
    if abs(text_y - y) > 26:
        edge = text_y + (ROW if text_y < y else -ROW)
        yield f'<path class="leader" fill="none" d="M{n(x)} {n(y)}L{n(text_x)} {n(edge)}"/>'
    yield (
        f'<text class="mark-text" x="{n(text_x)}" y="{n(text_y - 2)}"'
        f' text-anchor="{anchor}">{clean(rows[0])}</text>'
        f'<text class="mark-label" x="{n(text_x)}" y="{n(text_y + 11)}" font-size="{FONT - 1}"'
        f' text-anchor="{anchor}">{clean(rows[1])}</text>'
    )


def _interval(x: float, low: float, high: float, open_low: bool, open_high: bool) -> Iterable[str]:
    """An error bar: a cap at a closed end, an arrow at an open one."""
    yield f'<path class="interval" fill="none" d="M{n(x)} {n(low)}V{n(high)}"/>'
    for y, is_open, inwards in ((low, open_low, -6), (high, open_high, 6)):
        if is_open:
            shape = f"M{n(x - 4)} {n(y + inwards)}L{n(x)} {n(y)}L{n(x + 4)} {n(y + inwards)}"
        else:
            shape = f"M{n(x - CAP)} {n(y)}h{2 * CAP}"
        yield f'<path class="interval{" open" if is_open else ""}" fill="none" d="{shape}"/>'


def sparkline(values: Sequence[float | None], width: int = 120, height: int = 32) -> str:
    """A small line for a card, with a dot on the last value. Decoration: the card says the values.

    Its axis spans the values, so it shows the course and not the size.
    """
    known = [finite(value) for value in values]
    axis = value_axis(known, "price")
    present = [value for value in known if value is not None]
    body = ""
    if present:
        low, high = min(present), max(present)
        if high > low:
            axis = Axis(low, high, (low, high))
        step = (width - 8) / max(len(known) - 1, 1)
        dots = [
            None
            if value is None
            else (4 + index * step, height - 4 - axis.part(value) * (height - 8))
            for index, value in enumerate(known)
        ]
        path, pen = "", "M"
        for dot in dots:
            if dot:
                path += f"{pen}{n(dot[0])} {n(dot[1])}"
            pen = "L" if dot else "M"
        x, y = next(dot for dot in reversed(dots) if dot)
        body = (
            f'<path class="spark" fill="none" d="{path}"/>'
            f'<circle class="spark-dot" cx="{n(x)}" cy="{n(y)}" r="2.5"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" aria-hidden="true" focusable="false">{body}</svg>'
    )
