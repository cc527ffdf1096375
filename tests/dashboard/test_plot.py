"""The Plotly drawing: accepted by plotly, scatter only, and legible in both themes."""

from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest

from dashboard.figures.model import Chart, EventMark, Line, Mark, Point
from dashboard.figures.plot import (
    CONFIG,
    EVENT_COLOUR,
    MARK_COLOUR,
    PALETTE,
    SYMBOL,
    SYMBOLS,
    THEMES,
    config,
    plotly_figure,
    theme,
)

BACKGROUNDS = {"light": "#ffffff", "dark": "#14181d"}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def point(period: str, value: float | None, provisional: bool = False) -> Point:
    return Point.of(period, value, f"{value} per 100,000", provisional=provisional)


def chart(language: str = "en") -> Chart:
    line = Line(
        "mex", "Mexico <b>%{x}",
        (point("2008", 8.0), point("2009", None), point("2010", 9.0), point("2011", 9.5),
         point("2012", 9.7, provisional=True)),
    )  # fmt: skip
    monthly = Line("m", "Monthly", (point("2011-03", 4.0),), 3, dash=True)
    year = date(2008, 1, 1), date(2008, 12, 31)
    marks = (
        Mark("a/one", *year, 8.0, 7.5, 8.5, "8 in 2008", "Author 2021"),
        Mark("a/two", *year, 8.0, 8.0, None, "more than 8", "Other 2021", open_high=True),
        Mark("a/three", *year, 8.1, None, None, "8.1", "Third 2021"),
    )
    events = (
        EventMark(1, date(2009, 5, 1), None, "One"),
        EventMark(2, date(2009, 6, 1), date(2010, 6, 1), "Two"),
        EventMark(3, date(1990, 6, 1), None, "Outside"),
    )
    return Chart(
        "rate", "Rate", "", "per 100,000", 1, (line, monthly), marks, events,
        date(2008, 1, 1), date(2012, 12, 31), language, "rate",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_plotly_accepts_it(language: str) -> None:
    figure = plotly_figure(chart(language))
    accepted = go.Figure(figure)
    assert {trace.type for trace in accepted.data} == {"scatter"}
    assert "template" not in figure["layout"]


def test_an_empty_chart_is_accepted() -> None:
    figure = plotly_figure(replace(chart(), lines=(), marks=(), events=()))
    go.Figure(figure)
    assert figure["data"] == []
    assert figure["layout"]["annotations"][-1]["text"] == "No data for this period"


def test_gaps_and_the_provisional_part() -> None:
    solid, dashed = plotly_figure(chart())["data"][:2]
    assert solid["y"] == [8.0, None, 9.0, 9.5, None]
    assert dashed["y"] == [None, None, None, 9.5, 9.7]
    assert dashed["marker"]["size"] == [SYMBOL, SYMBOL, SYMBOL, 0, SYMBOL]
    assert solid["connectgaps"] is dashed["connectgaps"] is False
    assert (solid["showlegend"], dashed["showlegend"]) == (True, False)
    assert (solid["line"]["dash"], dashed["line"]["dash"]) == ("solid", "3px,3px")


def test_hover_texts_are_in_the_language() -> None:
    data = plotly_figure(chart("es"))["data"]
    monthly = next(trace for trace in data if trace["name"] == "Monthly")
    assert monthly["customdata"] == ["marzo de 2011"]
    assert monthly["text"] == ["4.0 per 100,000"]
    assert "más" in data[-1]["hovertext"][1]
    assert data[-1]["name"] == "Cifras citadas"


def test_labels_are_no_markup() -> None:
    trace = plotly_figure(chart())["data"][0]
    assert trace["name"] == "Mexico &lt;b&gt;%&#123;x}"
    assert "%{x}" not in trace["hovertemplate"]


def test_marks_carry_their_claim_and_interval() -> None:
    figure = plotly_figure(chart())
    marks = figure["data"][-1]
    assert marks["customdata"] == ["a/one", "a/two", "a/three"]
    top = figure["layout"]["yaxis"]["range"][1]
    assert marks["error_y"]["array"] == [0.5, top - 8.0, 0.0]
    assert marks["error_y"]["arrayminus"] == [0.5, 0.0, 0.0]
    assert len(set(marks["x"])) == 3


def test_events_are_shapes_with_numbers() -> None:
    layout = plotly_figure(chart())["layout"]
    assert [shape["type"] for shape in layout["shapes"]] == ["line", "line", "rect"]
    numbers = [a for a in layout["annotations"] if "hovertext" in a]
    # They stand too close for a number each.
    assert [a["text"] for a in numbers] == ["1–2"]
    assert [a["hovertext"] for a in numbers] == ["1. One; 2. Two"]


def test_an_announced_value_holds_until_the_next() -> None:
    steps = Line("s", "Rate", (point("2008", 5.0), point("2009", 10.0)), step=True)
    traces = plotly_figure(replace(chart(), lines=(*chart().lines, steps)))["data"]
    shapes = {trace["meta"]["line"]: trace["line"]["shape"] for trace in traces[:-1]}
    assert shapes == {"mex": "linear", "m": "linear", "s": "hv"}


def test_many_points_have_symbols_only_where_one_stands_alone() -> None:
    days = [point(f"2009-0{month}-{day:02d}", 3.0) for month in (3, 5) for day in range(1, 32)]
    dense = Line("d", "Dense", (*days, point("2012-01", None), point("2012-02", 4.0)))
    (trace, *_) = plotly_figure(replace(chart(), lines=(dense,)))["data"]
    sizes = trace["marker"]["size"]
    assert set(sizes[:-1]) == {0}
    assert sizes[-1] > 0


def test_the_mark_asked_for_is_selected() -> None:
    marks = plotly_figure(replace(chart(), selected="a/two"))["data"][-1]
    assert [marks["customdata"][index] for index in marks["selectedpoints"]] == ["a/two"]
    assert "selectedpoints" not in plotly_figure(chart())["data"][-1]


def test_an_interval_far_beyond_the_values_is_open_but_said() -> None:
    year = date(2008, 1, 1), date(2008, 12, 31)
    billions = Mark("a/b", *year, 2e9, 2e9, 1e12, "billions", "Author 2021")
    figure = plotly_figure(replace(chart(), lines=(), marks=(billions,)))
    assert figure["layout"]["yaxis"]["range"][1] < 5e9
    (hover,) = figure["data"][-1]["hovertext"]
    assert "2 billion to 1 trillion" in hover


def test_palette_is_legible_in_both_themes() -> None:
    assert len(set(PALETTE)) == len(set(SYMBOLS)) == 6
    for colour in (*PALETTE, MARK_COLOUR, EVENT_COLOUR):
        for background in BACKGROUNDS.values():
            assert contrast(colour, background) >= 3, (colour, background)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_themes_are_legible(name: str) -> None:
    assert contrast(THEMES[name]["font.color"], BACKGROUNDS[name]) >= 4.5
    figure = plotly_figure(chart())
    changes = theme(figure, name)
    count = len(figure["layout"]["annotations"])
    assert changes.keys() == THEMES[name].keys() | {
        f"annotations[{index}].font.color" for index in range(count)
    }


def test_config() -> None:
    assert CONFIG["displayModeBar"] is False
    assert config("es")["locale"] == "es-MX"
