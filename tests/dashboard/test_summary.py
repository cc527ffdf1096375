"""The text below a chart."""

from datetime import date

from dashboard.figures.model import Chart, Line, Mark, Point
from dashboard.figures.summary import MOST_LINES, summary


def point(year: int, value: float | None, provisional: bool = False) -> Point:
    return Point.of(str(year), value, "", provisional=provisional)


def chart(lines: tuple[Line, ...], cited: int = 0, language: str = "en", unit: str = "") -> Chart:
    marks = tuple(
        Mark(f"a/{k}", date(2008, 1, 1), date(2008, 12, 31), 8, None, None, "", "")
        for k in range(cited)
    )
    return Chart(
        "c", "", "", unit, 1, lines, marks, (), date(2000, 1, 1), date(2020, 12, 31), language
    )


MEXICO = Line(
    "a", "Mexico", (point(2008, 12.5), point(2009, 8.0), point(2010, None), point(2011, 23.0),
                    point(2012, 20.0, provisional=True)),
)  # fmt: skip


def test_first_last_highest_and_lowest() -> None:
    assert summary(chart((MEXICO,), 2, unit="per 100,000")).splitlines() == [
        (
            "Mexico, per 100,000: 12.5 (2008) to 20.0 (2012, provisional). "
            "Highest 23.0 (2011), lowest 8.0 (2009)."
        ),
        "2 cited figures are marked.",
    ]


def test_spanish() -> None:
    assert summary(chart((MEXICO,), 1, "es")).splitlines() == [
        "Mexico: de 12.5 (2008) a 20.0 (2012, provisional). Máximo 23.0 (2011), mínimo 8.0 (2009).",
        "1 cifra citada está señalada.",
    ]


def test_short_and_empty_series() -> None:
    lines = (
        Line("a", "One", (point(2008, 1.0),)),
        Line("b", "None", (point(2008, None), point(1990, 4.0))),
        Line("c", "Same", (point(2008, 1.0), point(2009, 1.0))),
    )
    assert summary(chart(lines)).splitlines() == [
        "One: only one value, 1.0 (2008).",
        "None: no values.",
        "Same: constant at 1.0 from 2008 to 2009.",
        "No cited figure is marked.",
    ]


def test_large_numbers_are_said_with_words() -> None:
    aid = Line("a", "Aid", (point(2001, 999_999.0), point(2002, 15_072_100_000.0)))
    assert summary(chart((aid,), unit="US dollars")).startswith(
        "Aid, US dollars: 999,999.0 (2001) to 15.07 billion (2002). Highest 15.07 billion (2002)"
    )
    assert "15.07 mil millones (2002)" in summary(chart((aid,), 0, "es"))


def test_no_series() -> None:
    assert summary(chart((), 1)).splitlines() == [
        "No official series is drawn.",
        "1 cited figure is marked.",
    ]


def test_it_stays_short() -> None:
    for count in range(1, 12):
        texts = summary(chart((MEXICO,) * count)).splitlines()
        assert len(texts) <= MOST_LINES
    assert texts[-2] == "7 more series are in the table."
