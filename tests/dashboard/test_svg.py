"""The static drawing: well formed, complete, and without colours of its own."""

import itertools
import math
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.figures.model import Chart, EventMark, Line, Mark, Point
from dashboard.figures.svg import Box, draw, sparkline, text_width

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = st.one_of(st.none(), st.floats())


def point(year: int, value: float | None, provisional: bool = False) -> Point:
    return Point.of(str(year), value, str(value), provisional=provisional)


def mark(name: str, year: int, value: float, **fields: object) -> Mark:
    given_fields = {"low": value - 0.5, "high": value + 0.5} | fields
    return Mark(
        f"article/{name}", date(year, 1, 1), date(year, 12, 31), value,
        text=f"{value:g} in {year}", label="Author 2021", **given_fields,  # type: ignore[arg-type]
    )  # fmt: skip


def chart(**fields: object) -> Chart:
    line = Line(
        "a", "Mexico", (point(2008, 8.0), point(2009, 9.0), point(2010, None), point(2011, 7.0),
                        point(2012, 6.0), point(2013, 5.0, provisional=True)),
    )  # fmt: skip
    whole = Chart(
        "rate", "Rate", "What it shows.", "per 100,000", 1, (line,), (mark("one", 2008, 8.0),),
        (EventMark(1, date(2009, 5, 1), None, "Something <began> & went on"),),
        date(2008, 1, 1), date(2014, 12, 31), "en", "rate",
    )  # fmt: skip
    return replace(whole, **fields)  # type: ignore[arg-type]


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [part for part in root.iter() if name in part.get("class", "").split()]


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    root = parse(draw(chart()))
    assert root.get("viewBox") == "0 0 760 400"
    assert root.get("width") == "100%"
    image = next(part for part in root.iter() if part.get("role") == "img")
    ids = {part.get("id"): part.text for part in image.iter() if part.get("id")}
    assert ids[image.get("aria-labelledby")] == "Rate"
    assert ids[image.get("aria-describedby")] == "What it shows."


def test_links_are_not_inside_the_image() -> None:
    root = parse(draw(chart()))
    image = next(part for part in root.iter() if part.get("role") == "img")
    assert not list(image.iter(f"{SVG}a"))
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "#claim-article-one"
    assert link.get("aria-label") == "8 in 2008, Author 2021"
    assert of_class(link, "diamond")
    assert of_class(link, "interval")


def test_it_names_no_colour() -> None:
    svg = draw(chart())
    assert not re.search(r'(fill|stroke)="(?!none")', svg)
    assert "style=" not in svg
    assert not re.search(r"#[0-9a-f]{3,8}\b(?!-)", svg.replace("#claim", ""))


def test_missing_values_part_the_line_and_provisional_ones_are_dashed() -> None:
    root = parse(draw(chart()))
    paths = of_class(root, "line-0")
    solid = next(p for p in paths if p.get("class") == "line line-0")
    assert solid.get("d", "").count("M") == 2
    (dashed,) = of_class(root, "provisional")
    assert dashed.get("d", "").count("L") == 1
    assert dashed.get("stroke-dasharray")


def test_one_point_alone_is_a_dot() -> None:
    line = Line("a", "Mexico", (point(2009, 3.0),))
    root = parse(draw(chart(lines=(line,))))
    assert not [p for p in root.iter(f"{SVG}path") if "line" in p.get("class", "").split()]
    assert len(of_class(root, "dot")) == 1


def test_marks_at_one_point_stand_apart() -> None:
    marks = tuple(mark(name, 2010, 6.0) for name in ("one", "two", "three"))
    root = parse(draw(chart(marks=marks)))
    starts = [d.get("d", "")[1:].split("l")[0].split() for d in of_class(root, "diamond")]
    xs = sorted(float(x) for x, _ in starts)
    assert len(xs) == 3
    assert all(two - one >= 13 for one, two in itertools.pairwise(xs))


def boxes(
    root: ET.Element, name: str, size: float = 13.2
) -> list[tuple[float, float, float, float]]:
    found = []
    for part in of_class(root, name):
        wide, x, y = (
            len(part.text or "") * size * 0.5,
            float(part.get("x", 0)),
            float(part.get("y", 0)),
        )
        left = {"end": x - wide, "middle": x - wide / 2}.get(part.get("text-anchor", ""), x)
        found.append((left, y - size + 2, left + wide, y + 1))
    return found


@pytest.mark.parametrize("width", [360, 760])
def test_texts_of_marks_do_not_cover_each_other(width: int) -> None:
    marks = tuple(mark(f"m{k}", 2009 + k % 3, 6.0 + k % 2) for k in range(9))
    root = parse(draw(chart(marks=marks), width, 320))
    assert len(of_class(root, "diamond")) == 9
    found = boxes(root, "mark-text")
    assert found
    for index, one in enumerate(found):
        for two in found[index + 1 :]:
            apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
            assert apart


def test_labels_at_line_ends_do_not_overlap() -> None:
    lines = tuple(Line(str(k), f"Line {k}", (point(2012, 5 + k / 100),), k) for k in range(6))
    root = parse(draw(chart(lines=lines)))
    ys = sorted(float(part.get("y", 0)) for part in of_class(root, "line-label"))
    assert len(ys) == 6
    assert all(two - one >= 14.9 for one, two in itertools.pairwise(ys))


def test_long_labels_go_into_a_key() -> None:
    lines = (Line("a", "A series with a very long name indeed, compiled", (point(2012, 5.0),)),)
    root = parse(draw(chart(lines=lines), 360, 300))
    assert not of_class(root, "line-label")
    assert len(of_class(root, "key")) == 1


def test_an_open_interval_reaches_the_axis_with_an_arrow() -> None:
    root = parse(draw(chart(marks=(mark("one", 2010, 6.0, low=6.0, high=None),))))
    assert len(of_class(root, "open")) == 1
    root = parse(draw(chart(marks=(mark("one", 2010, 6.0, low=None, high=None),))))
    assert not of_class(root, "interval")


def test_events_are_numbered_and_near_ones_share_a_number() -> None:
    events = (
        EventMark(1, date(2010, 5, 1), None, "One"),
        EventMark(2, date(2010, 5, 20), date(2011, 1, 1), "Two"),
        EventMark(3, date(2030, 1, 1), None, "Outside"),
    )
    root = parse(draw(chart(events=events)))
    assert [part.text for part in of_class(root, "event-number")] == ["1–2"]
    assert len(of_class(root, "event-span")) == 1


def test_the_live_chart_learns_its_area_and_the_places_of_marks() -> None:
    root = parse(draw(chart(), 900, 400))
    left, top, right, bottom = map(float, root.get("data-area", "").split())
    assert 0 < left < right < 900
    assert 0 < top < bottom < 400
    (link,) = of_class(root, "mark")
    assert link.get("data-claim") == "article/one"
    # The middle of 2008 on an axis of seven years.
    assert float(link.get("data-at", "")) == pytest.approx(0.5 / 7, abs=0.005)


def test_the_mark_asked_for_is_selected() -> None:
    root = parse(draw(chart(selected="article/one")))
    assert len(of_class(root, "selected")) == 1
    assert not of_class(parse(draw(chart())), "selected")


def test_an_announced_value_holds_until_the_next() -> None:
    line = Line("a", "Rate", (point(2008, 5.0), point(2009, 10.0)), step=True)
    (path,) = of_class(parse(draw(chart(lines=(line,)))), "line")
    assert re.fullmatch(r"M[\d. ]+H[\d.]+V[\d.]+", path.get("d", ""))


def test_without_data_it_says_so() -> None:
    root = parse(draw(chart(lines=(), marks=(), events=(), language="es")))
    assert [part.text for part in of_class(root, "empty")] == ["Sin datos para este periodo"]


TEXT = st.text(max_size=30)


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(st.tuples(NUMBER, st.booleans()), max_size=8),
    cited=st.lists(st.tuples(st.floats(), NUMBER, NUMBER, st.booleans()), max_size=5),
    text=TEXT,
    first=st.integers(1990, 2020),
    years=st.integers(0, 30),
    size=st.sampled_from([(320, 200), (760, 400)]),
    language=st.sampled_from(["en", "es"]),
)
def test_any_chart_is_well_formed_and_has_only_finite_coordinates(
    values: list[tuple[float | None, bool]],
    cited: list[tuple[float, float | None, float | None, bool]],
    text: str,
    first: int,
    years: int,
    size: tuple[int, int],
    language: str,
) -> None:
    points = tuple(point(2000 + k, value, doubt) for k, (value, doubt) in enumerate(values))
    marks = tuple(
        Mark(f"{text}/{k}", date(2000 + k, 1, 1), date(2001 + k, 1, 1), value, low, high, text, "",
             open_high=is_open)
        for k, (value, low, high, is_open) in enumerate(cited)
    )  # fmt: skip
    end = date(first + years, 12, 31) if years else date(first, 1, 1)
    svg = draw(
        chart(
            id="x", title=text, summary=text, unit_label=text, marks=marks, language=language,
            lines=(Line(text, text, points, 7),), x_min=date(first, 1, 1), x_max=end,
            events=(EventMark(1, date(2005, 1, 1), date(2006, 1, 1), text),),
        ),
        *size,
    )  # fmt: skip
    root = parse(svg)
    for part in root.iter():
        for name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
            value = part.get(name)
            assert value is None or value.endswith("%") or math.isfinite(float(value))
        assert not re.search("nan|inf", part.get("d", ""))
    assert not re.search(r"\d\.\d{3,}", "".join(part.get("d", "") for part in root.iter()))


@given(st.lists(NUMBER, max_size=30))
def test_sparklines_are_decoration(values: list[float | None]) -> None:
    svg = sparkline(values)
    root = parse(svg)
    assert root.get("aria-hidden") == "true"
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_long_label_goes_on_in_the_next_row_of_the_key() -> None:
    label = "All countries · Border Patrol (USBP), between ports of entry · DHS OHSS"
    root = parse(draw(chart(lines=(replace(chart().lines[0], label=label),)), 360, 380))
    rows = [part.text or "" for part in of_class(root, "key")]
    assert len(rows) == 2
    assert " ".join(rows) == label


def test_the_text_of_a_mark_is_shortened_where_it_has_no_room() -> None:
    text = "more than 8 million doses (until 30 September 2009)"
    marks = (replace(mark("one", 2011, 8.0), text=text),)
    wide, narrow = (parse(draw(chart(marks=marks), size, 400)) for size in (900, 360))
    assert [part.text for part in of_class(wide, "mark-text")] == [text]
    assert [part.text for part in of_class(narrow, "mark-text")] == ["more than 8 million doses"]
    (link,) = of_class(narrow, "mark")
    assert link.get("aria-label") == f"{text}, Author 2021"


def test_no_text_stands_nearer_to_another_mark() -> None:
    marks = tuple(
        replace(mark(f"{k}", 2010 + k % 3, 4.0 + k // 3), text="US$4 billion (2010)")
        for k in range(6)
    )
    root = parse(draw(chart(marks=marks), 360, 380))
    places = {}
    for link in of_class(root, "mark"):
        (diamond,) = of_class(link, "diamond")
        x, y = re.match(r"M([\d.]+) ([\d.]+)", diamond.get("d", "")).groups()  # type: ignore[union-attr]
        places[link.get("data-claim")] = (float(x), float(y) + 6)
    shown = 0
    for link in of_class(root, "mark"):
        for text in of_class(link, "mark-text"):
            shown += 1
            x, y = float(text.get("x", "")), float(text.get("y", "")) + 2
            wide = text_width(text.text or "", 12 * 1.14)
            anchor = text.get("text-anchor", "")
            left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
            box = Box(left, y - 15, left + wide, y + 15)
            own = box.away(*places[link.get("data-claim")])
            assert all(own <= box.away(*other) + 0.01 for other in places.values())
    assert shown


def test_a_sparkline_has_gaps() -> None:
    (path,) = of_class(parse(sparkline([1, 2, None, 4, 5])), "spark")
    assert path.get("d", "").count("M") == 2


# --- warnings -------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [360, 760])
def test_a_warning_stands_below_the_plot_and_fits(width: int) -> None:
    text = "Failing: World Bank, Our World in Data, UNODC, SESNSP. The last good data is shown."
    root = parse(draw(chart(warnings=(text,)), width, 380))
    rows = of_class(root, "warning")
    assert " ".join(row.text or "" for row in rows) == f"! {text}"
    bottom = float((root.get("data-area") or "").split()[3])
    places = [float(row.get("y") or 0) for row in rows]
    assert bottom + 18 < places[0] <= places[-1] < 380
    assert all(after - before >= 12 for before, after in itertools.pairwise(places))
    assert all(len(row.text or "") * 12 * 0.56 <= width for row in rows)
    assert text in (next(root.iter(f"{SVG}desc")).text or "")


def test_a_key_and_a_warning_do_not_cover_each_other() -> None:
    lines = tuple(
        Line(str(n), f"A series with a long name, number {n}", (point(2008 + n, float(n)),), n)
        for n in range(5)
    )
    root = parse(draw(chart(lines=lines, warnings=("Late: CBP.",)), 360, 380))
    keys = [float(key.get("y") or 0) for key in of_class(root, "key")]
    (warning,) = of_class(root, "warning")
    assert keys
    assert max(keys) + 12 <= float(warning.get("y") or 0)


def test_without_a_warning_the_drawing_is_as_it_was() -> None:
    assert draw(chart()) == draw(chart(warnings=()))
    assert not of_class(parse(draw(chart())), "warning")
