"""The text summary that stands below a chart and describes it to those who do not see it."""

from __future__ import annotations

from dashboard.figures.model import Chart, Line, Point, finite
from dashboard.i18n import Translator
from dashboard.i18n.formats import compact, number, period

MOST_LINES = 6
SPOKEN = 1_000_000
"""From here on a number is said with a word for its size; the table has all digits."""


def summary(chart: Chart) -> str:
    """At most six lines of text: one for each series, the last for the cited figures."""
    t = Translator(chart.language)
    texts = of_lines(chart)
    cited = len(chart.visible_marks())
    if cited:
        said = t.n("{n} cited figure is marked.", "{n} cited figures are marked.", cited)
        waiting = sum(mark.automatic for mark in chart.visible_marks())
        if waiting:
            said += " " + t.n(
                "{n} of them has not been reviewed.",
                "{n} of them have not been reviewed.",
                waiting,
            )
        texts.append(said)
    else:
        texts.append(t("No cited figure is marked."))
    return "\n".join(texts)


def of_lines(chart: Chart) -> list[str]:
    """At most five lines of text: one for each series."""
    t = Translator(chart.language)
    lines = chart.lines
    room = MOST_LINES - 1
    if len(lines) > room:
        lines = lines[: room - 1]
    # All lines have one unit: the first says it for all.
    texts = [
        _line(chart, line, chart.unit_label if index == 0 else "", t)
        for index, line in enumerate(lines)
    ]
    left = len(chart.lines) - len(lines)
    if left:
        texts.append(
            t.n("{n} more series is in the table.", "{n} more series are in the table.", left)
        )
    if not chart.lines:
        texts.append(t("No official series is drawn."))
    return texts


def _line(chart: Chart, line: Line, unit: str, t: Translator) -> str:
    name = f"{line.label}, {unit}" if unit else line.label
    points = [
        (value, point)
        for point in chart.visible_points(line)
        if (value := finite(point.value)) is not None
    ]

    def say(value: float) -> str:
        if abs(value) >= SPOKEN:
            return compact(value, t.locale, max(chart.decimals, 2))
        return number(value, chart.decimals, t.locale)

    def when(point: Point) -> str:
        text = period(point.period, t.locale)
        return t("{period}, provisional", period=text) if point.provisional else text

    if not points:
        return t("{line}: no values.", line=name)
    (first_value, first), (last_value, last) = points[0], points[-1]
    if len(points) == 1:
        return t(
            "{line}: only one value, {value} ({period}).",
            line=name,
            value=say(first_value),
            period=when(first),
        )
    # The earliest of equal extremes, as one would find it on reading from the left.
    low_value, low = min(points, key=lambda pair: pair[0])
    high_value, high = max(points, key=lambda pair: pair[0])
    if low_value == high_value:
        return t(
            "{line}: constant at {value} from {first} to {last}.",
            line=name,
            value=say(first_value),
            first=when(first),
            last=when(last),
        )
    return t(
        "{line}: {first_value} ({first}) to {last_value} ({last}). "
        "Highest {high_value} ({high}), lowest {low_value} ({low}).",
        line=name,
        first_value=say(first_value),
        first=when(first),
        last_value=say(last_value),
        last=when(last),
        high_value=say(high_value),
        high=when(high),
        low_value=say(low_value),
        low=when(low),
    )
