from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.periods import parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "freq"),
    [
        ("2024", "2024-01-01", "2024-12-31", "A"),
        ("FY2020", "2019-10-01", "2020-09-30", "A"),
        ("1976-Q3", "1976-07-01", "1976-09-30", "Q"),
        ("2024-Q1", "2024-01-01", "2024-03-31", "Q"),
        ("2024-02", "2024-02-01", "2024-02-29", "M"),
        ("2023-02", "2023-02-01", "2023-02-28", "M"),
        ("2024-W01", "2024-01-01", "2024-01-07", "W"),
        ("2020-W53", "2020-12-28", "2021-01-03", "W"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "D"),
        ("2014-01-01/P5Y", "2014-01-01", "2018-12-31", "A5"),
        ("2015-07-01/P10Y", "2015-07-01", "2025-06-30", "A10"),
    ],
)
def test_a_period_covers_its_days(text: str, start: str, end: str, freq: str) -> None:
    period = parse_period(text)
    assert (str(period.start), str(period.end), period.freq) == (start, end, freq)
    assert period.text == text
    assert period.fiscal is text.startswith("FY")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2024",
        "2024 ",
        "2024\n",
        "24",
        "02024",
        "fy2020",
        "FY20",
        "2024-Q0",
        "2024-Q5",
        "2024-q1",
        "2024-13",
        "2024-00",
        "2024-1",
        "2023-02-29",
        "2024-02-30",
        "20240101",
        "2023-W53",
        "2024-W00",
        "2014-01-01/P0Y",
        "2014-01-01/P05Y",
        "2014-01-01/P100Y",
        "2014-01-01/P5M",
        "2014/P5Y",
        "2016-02-29/P5Y",
        "9998-01-01/P5Y",
        "0000",
        "FY0001",
        "２０２４",
        "٢٠٢٤-٠١",
    ],
)
def test_what_is_no_period_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        parse_period(text)


def test_the_message_names_the_forms() -> None:
    with pytest.raises(ValueError, match=r"understood are 2024, FY2024, 2024-Q3"):
        parse_period("spring 2024")


YEARS = st.integers(2, 9_000)
MOST_DAYS = {"A": 366, "Q": 92, "M": 31, "W": 7, "D": 1}


def texts() -> st.SearchStrategy[str]:
    days = st.dates(date(2, 1, 1), date(9_000, 12, 28)).filter(lambda day: day.day < 29)
    return st.one_of(
        YEARS.map(lambda year: f"{year:04}"),
        YEARS.map(lambda year: f"FY{year:04}"),
        st.tuples(YEARS, st.integers(1, 4)).map(lambda p: f"{p[0]:04}-Q{p[1]}"),
        st.tuples(YEARS, st.integers(1, 12)).map(lambda p: f"{p[0]:04}-{p[1]:02}"),
        st.tuples(YEARS, st.integers(1, 52)).map(lambda p: f"{p[0]:04}-W{p[1]:02}"),
        days.map(str),
        st.tuples(days, st.integers(1, 99)).map(lambda p: f"{p[0]}/P{p[1]}Y"),
    )


@given(texts())
def test_every_form_is_read_and_keeps_its_text(text: str) -> None:
    period = parse_period(text)
    assert period.text == text
    assert parse_period(period.text) == period
    days = (period.end - period.start).days + 1
    if "/" not in text:
        assert MOST_DAYS[period.freq] * 0.9 < days <= MOST_DAYS[period.freq]
    else:
        assert 365 <= days / int(period.freq[1:]) <= 366


@given(texts().filter(lambda text: "/" not in text and "FY" not in text))
def test_the_next_period_begins_the_day_after(text: str) -> None:
    period = parse_period(text)
    after = period.end + timedelta(days=1)
    written = {
        "A": f"{after:%Y}".rjust(4, "0"),
        "Q": f"{after.year:04}-Q{(after.month + 2) // 3}",
        "M": f"{after.year:04}-{after.month:02}",
        "W": "{:04}-W{:02}".format(*after.isocalendar()),
        "D": after.isoformat(),
    }[period.freq]
    assert parse_period(written).start == after


@given(st.text(alphabet="0123456789FYQW-/P", max_size=16))
def test_anything_else_is_a_value_error(text: str) -> None:
    try:
        period = parse_period(text)
    except ValueError:
        return
    assert period.start <= period.end
