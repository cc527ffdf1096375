"""Charts as plain dicts for Plotly: no template, no go.Figure, traces of type scatter only.

Ticks, hover texts and numbers are written here in the chart's language, so that no locale file of
plotly.js is needed. Zooming is off: the period is chosen with the page's own fields.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from dashboard.figures.model import (
    DASHED,
    LINE_STYLES,
    PROVISIONAL,
    Chart,
    EventMark,
    Line,
    Mark,
    Point,
    Tone,
    finite,
)
from dashboard.figures.scale import Axis, chart_axis, tick_labels, time_ticks
from dashboard.i18n import LOCALES, Translator
from dashboard.i18n.formats import compact, period

PALETTE = ("#1d76cd", "#e86d11", "#739a7c", "#d10ea3", "#656c58", "#da0701")
"""Each at least 3:1 on #ffffff and on #14181d (WCAG 2.2, 1.4.11), so both themes share them."""
SYMBOLS = ("circle", "square", "triangle-up", "x", "cross", "star")
MARK_COLOUR = "#7a5fd0"
VERDICT_COLOURS: dict[Tone, str] = {
    "": MARK_COLOUR,
    "agree": "#2e8b57",
    "near": "#b5710f",
    "differ": "#d9453b",
    "open": "#7b8491",
}
"""Of marks by the tone of their verdict, as legible in both themes as the palette."""
MARK_SYMBOLS: dict[Tone, str] = {
    "": "diamond-open",
    "agree": "circle",
    "near": "diamond-open",
    "differ": "square",
    "open": "circle-open",
}
EVENT_COLOUR = "#7b8491"
FONT = "system-ui, sans-serif"
DENSE = 40
"""Where a line has more points than this, all have symbols only where a point stands alone."""
SYMBOL = 5
"""Size of a symbol in px."""

THEMES: dict[str, dict[str, str]] = {
    "light": {
        "font.color": "#1b1f24",
        "xaxis.linecolor": "#7b8491",
        "yaxis.gridcolor": "#d9dde2",
        "yaxis.zerolinecolor": "#7b8491",
        "hoverlabel.bgcolor": "#ffffff",
        "hoverlabel.font.color": "#1b1f24",
    },
    "dark": {
        "font.color": "#e6e9ed",
        "xaxis.linecolor": "#7b8491",
        "yaxis.gridcolor": "#363d46",
        "yaxis.zerolinecolor": "#7b8491",
        "hoverlabel.bgcolor": "#14181d",
        "hoverlabel.font.color": "#e6e9ed",
    },
}
"""What differs between the themes, as Plotly.relayout takes it."""

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "staticPlot": False,
    "scrollZoom": False,
    "doubleClick": False,
    "locale": "en-US",
}

Part = dict[str, Any]


def config(language: str) -> Part:
    """`CONFIG` for a language."""
    return {**CONFIG, "locale": LOCALES[language].replace("_", "-")}


def safe(text: str) -> str:
    """For Plotly's texts, which read HTML tags and fill in `%{...}`."""
    return escape(text, quote=False).replace("%{", "%&#123;")


def plotly_figure(chart: Chart) -> Part:
    """The chart as a figure in the light theme; `theme` gives what the dark one changes."""
    axis = chart_axis(chart)
    data = [trace for line in chart.lines for trace in _line(chart, line)]
    if chart.visible_marks():
        data.append(_marks(chart, axis))
    layout = _layout(chart, axis)
    for path, colour in THEMES["light"].items():
        *parents, name = path.split(".")
        place = layout
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = colour
    return {"data": data, "layout": layout}


def theme(figure: Part, name: str) -> dict[str, str]:
    """Changes that bring a drawn figure into the theme `light` or `dark`, for Plotly.relayout.

    Raises KeyError for another name. Lines, marks and events keep their colours in both.
    """
    changes = dict(THEMES[name])
    for index in range(len(figure["layout"].get("annotations", ()))):
        changes[f"annotations[{index}].font.color"] = changes["font.color"]
    return changes


def _trace(
    line: Line,
    points: Sequence[Point | None],
    joins: Sequence[bool],
    locale: str,
    *,
    provisional: bool,
    dense: bool,
) -> Part:
    """A scatter trace of points, None being a gap; a join is drawn without a symbol of its own."""
    colour = line.colour % len(PALETTE)
    dash = PROVISIONAL if provisional else DASHED if line.dash else LINE_STYLES[colour]
    symbol = SYMBOLS[colour] + ("-open" if provisional else "")
    label = safe(line.label)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": label,
        "legendgroup": line.id,
        "showlegend": not provisional,
        "meta": {"line": line.id, "label": line.label, "provisional": provisional},
        "x": [None if point is None else point.x.isoformat() for point in points],
        "y": [None if point is None else finite(point.value) for point in points],
        "customdata": ["" if point is None else period(point.period, locale) for point in points],
        "text": ["" if point is None else safe(point.text) for point in points],
        "connectgaps": False,
        "line": {
            "color": PALETTE[colour],
            "width": 2,
            # plotly.js takes lengths with their unit, or a name.
            "dash": ",".join(f"{length}px" for length in dash.split(",")) if dash else "solid",
            "shape": "hv" if line.step else "linear",
        },
        "marker": {
            "color": PALETTE[colour],
            "symbol": symbol,
            "size": _sizes(points, joins, dense=dense),
        },
        "hovertemplate": f"<b>{label}</b><br>%{{customdata}}: %{{text}}<extra></extra>",
    }


def _sizes(
    points: Sequence[Point | None], joins: Sequence[bool], *, dense: bool
) -> int | list[int]:
    """Sizes of the symbols in px: one for all, or one for each point."""
    drawn = [point is not None and finite(point.value) is not None for point in points]
    if not dense:
        return [0 if join else SYMBOL for join in joins] if any(joins) else SYMBOL
    alone = [
        here and not any(drawn[max(index - 1, 0) : index] + drawn[index + 1 : index + 2])
        for index, here in enumerate(drawn)
    ]
    return [SYMBOL if here else 0 for here in alone]


def _line(chart: Chart, line: Line) -> list[Part]:
    """The line, and its provisional part where it has one: segments that touch such a point."""
    locale = LOCALES[chart.language]
    points = chart.visible_points(line)
    unsure = [point.provisional and finite(point.value) is not None for point in points]
    # None in place of a provisional point breaks the solid line, as a missing value does.
    solid = [None if doubtful else point for point, doubtful in zip(points, unsure, strict=True)]
    dense = any(len(chart.visible_points(other)) > DENSE for other in chart.lines)
    none = [False] * len(solid)
    traces = [_trace(line, solid, none, locale, provisional=False, dense=dense)]
    if not any(unsure):
        return traces
    dashed: list[Point | None] = []
    joins: list[bool] = []
    for index, point in enumerate(points):
        near = any(unsure[max(index - 1, 0) : index + 2])
        dashed.append(point if near else None)
        joins.append(near and not unsure[index])
    note = Translator(chart.language)("Provisional")
    trace = _trace(line, dashed, joins, locale, provisional=True, dense=dense)
    # A point at a join belongs to the solid line, whose hover text does not say provisional.
    trace["hovertemplate"] = [
        traces[0]["hovertemplate"]
        if join
        else trace["hovertemplate"].replace("<extra>", f"<br>{note}<extra>")
        for join in joins
    ]
    traces.append(trace)
    return traces


def _marks(chart: Chart, axis: Axis) -> Part:
    marks = sorted(chart.visible_marks(), key=lambda mark: (mark.x, mark.value, mark.id))
    t = Translator(chart.language)
    bars = [mark.interval(axis.low, axis.high) or (mark.value, mark.value) for mark in marks]
    days = _apart(chart, axis, marks)
    chosen = [index for index, mark in enumerate(marks) if mark.id == chart.selected]
    selection = {"selectedpoints": chosen} if chosen else {}
    return {
        **selection,
        "selected": {"marker": {"size": 20}},
        "unselected": {"marker": {"opacity": 1}},
        "type": "scatter",
        "mode": "markers+text",
        "name": t("Cited figures"),
        "meta": {"cited": True},
        "x": [day.isoformat() for day in days],
        "y": [mark.value for mark in marks],
        "customdata": [mark.id for mark in marks],
        "text": [safe(mark.signed) for mark in marks],
        "textposition": _text_positions(chart, axis, marks, days),
        "cliponaxis": False,
        "marker": {
            "symbol": [
                "diamond-open-dot" if mark.automatic else MARK_SYMBOLS[mark.tone] for mark in marks
            ],
            "size": 12,
            "color": [VERDICT_COLOURS[mark.tone] for mark in marks],
            "line": {"width": 2},
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [max(bar[1] - mark.value, 0.0) for mark, bar in zip(marks, bars, strict=True)],
            "arrayminus": [
                max(mark.value - bar[0], 0.0) for mark, bar in zip(marks, bars, strict=True)
            ],
            "color": MARK_COLOUR,
            "thickness": 2,
            "width": 7,
        },
        "hovertext": [_hover(mark, t) for mark in marks],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _apart(chart: Chart, axis: Axis, marks: Sequence[Mark]) -> list[date]:
    """The day at which each mark is drawn: those that would cover another stand beside it."""
    step = max((chart.x_max - chart.x_min) // 50, timedelta(1))
    near = (axis.high - axis.low) / 30
    days: list[date] = []
    for mark in marks:
        true = mark.x if mark.x_start >= chart.x_min and mark.x_end <= chart.x_max else None
        true = true or chart.clamp(mark.x_start) + (
            (chart.clamp(mark.x_end) - chart.clamp(mark.x_start)) // 2
        )
        places = (true + step * k * sign for k in range(60) for sign in ((1, -1) if k else (1,)))
        days.append(
            next(
                (
                    place
                    for place in places
                    if chart.x_min <= place <= chart.x_max
                    and all(
                        abs(place - day) >= step or abs(mark.value - other.value) > near
                        for day, other in zip(days, marks, strict=False)
                    )
                ),
                true,
            )
        )
    return days


def _text_positions(
    chart: Chart, axis: Axis, marks: Sequence[Mark], days: Sequence[date]
) -> list[str]:
    """Where each mark's text stands: beside it, towards the middle of the chart.

    In a group of marks the first has it above and the others at their outer sides.
    """
    wide = (chart.x_max - chart.x_min) / 8
    high = (axis.high - axis.low) / 15
    late = chart.x_min + (chart.x_max - chart.x_min) * 3 / 4
    positions = []
    for mark, day in zip(marks, days, strict=True):
        offsets = [
            other_day - day
            for other, other_day in zip(marks, days, strict=True)
            if other is not mark
            and abs(other_day - day) < wide
            and abs(other.value - mark.value) < high
        ]
        right_is_free = all(offset < timedelta(0) for offset in offsets)
        left_is_free = all(offset > timedelta(0) for offset in offsets)
        if right_is_free and (day <= late or not left_is_free):
            positions.append("middle right")
        else:
            positions.append("middle left" if left_is_free else "top center")
    return positions


def _hover(mark: Mark, t: Translator) -> str:
    texts = [f"<b>{safe(mark.text)}</b>", safe(mark.label)]
    if mark.verdict:
        texts.append(safe(f"{mark.sign} {mark.verdict}"))
    interval = mark.interval(-math.inf, math.inf)
    if interval:
        low, high, open_low, open_high = interval
        ends = {"low": compact(low, t.locale, 4), "high": compact(high, t.locale, 4)}
        if open_high and not open_low:
            texts.append(t("Accepted: {low} or more", low=ends["low"]))
        elif open_low and not open_high:
            texts.append(t("Accepted: {high} or less", high=ends["high"]))
        elif not open_low:
            texts.append(t("Accepted: {low} to {high}", **ends))
    return "<br>".join(texts)


def _layout(chart: Chart, axis: Axis) -> Part:
    locale = LOCALES[chart.language]
    ticks = time_ticks(chart.x_min, chart.x_max, 6, locale)
    events = chart.visible_events()
    groups = chart.event_groups(max((chart.x_max - chart.x_min) // 30, timedelta(1)))
    annotations = [
        {
            "x": group.day.isoformat(),
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 2,
            "text": group.label,
            "hovertext": safe(group.title),
            "showarrow": False,
            "bordercolor": EVENT_COLOUR,
            "borderpad": 2,
            "font": {"size": 11, "color": THEMES["light"]["font.color"]},
        }
        for group in groups
    ]
    top = 32 if groups else 12
    if chart.unit_label:
        annotations.append(
            {
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "yshift": top - 8,
                "text": safe(chart.unit_label),
                "showarrow": False,
                "font": {"size": 12, "color": THEMES["light"]["font.color"]},
            }
        )
        top += 18
    if not chart.values():
        annotations.append(
            {
                "x": 0.5,
                "xref": "paper",
                "y": 0.5,
                "yref": "paper",
                "text": Translator(chart.language)("No data for this period"),
                "showarrow": False,
                "font": {"size": 14, "color": THEMES["light"]["font.color"]},
            }
        )
    return {
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12},
        "margin": {"l": 8, "r": 12, "t": top, "b": 8},
        "separators": ".,",
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": -0.12,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "xaxis": {
            "type": "date",
            "range": [chart.x_min.isoformat(), chart.x_max.isoformat()],
            "fixedrange": True,
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "tickmode": "array",
            "tickvals": [tick.day.isoformat() for tick in ticks],
            "ticktext": [tick.label for tick in ticks],
        },
        "yaxis": {
            "range": [axis.low, axis.high],
            "fixedrange": True,
            "automargin": True,
            "showgrid": True,
            "zeroline": True,
            "tickmode": "array",
            "tickvals": list(axis.ticks),
            "ticktext": list(tick_labels(axis.ticks, locale))
            if chart.values()
            else [""] * len(axis.ticks),
        },
        "shapes": [shape for event in events for shape in _event(chart, event)],
        "annotations": annotations,
    }


def _event(chart: Chart, event: EventMark) -> list[Part]:
    start = chart.clamp(event.start).isoformat()
    shapes: list[Part] = [
        {
            "type": "line",
            "yref": "paper",
            "x0": start,
            "x1": start,
            "y0": 0,
            "y1": 1,
            "line": {"color": EVENT_COLOUR, "width": 1, "dash": "dot"},
        }
    ]
    if event.end is not None and event.end > event.start:
        shapes.append(
            {
                "type": "rect",
                "yref": "paper",
                "layer": "below",
                "x0": start,
                "x1": chart.clamp(event.end).isoformat(),
                "y0": 0,
                "y1": 1,
                "fillcolor": EVENT_COLOUR,
                "opacity": 0.12,
                "line": {"width": 0},
            }
        )
    return shapes
