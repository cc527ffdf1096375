"""Axes: their ticks are round and ascending, and cover what is drawn."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.figures.scale import nice_ticks, tick_labels, time_ticks, value_axis

NUMBERS = st.floats(-1e15, 1e15, allow_nan=False, allow_infinity=False)


@given(NUMBERS, NUMBERS, st.integers(1, 12))
@example(0.0, 2.2e-311, 1)
@example(1e15, 1e15 + 1, 5)
def test_ticks_ascend_and_cover_the_domain(one: float, two: float, count: int) -> None:
    ticks = nice_ticks(one, two, count)
    assert all(low < high for low, high in itertools.pairwise(ticks))
    assert ticks[0] <= min(one, two)
    assert ticks[-1] >= max(one, two)
    assert len(ticks) <= 2 * count + 4


@given(
    st.lists(st.one_of(st.none(), st.floats()), max_size=20),
    st.sampled_from(["flow", "rate", "price"]),
)
def test_axis_holds_every_finite_value(values: list[float | None], kind: str) -> None:
    axis = value_axis(values, kind)  # type: ignore[arg-type]
    assert axis.low < axis.high
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    for value in values:
        if value is not None and abs(value) <= 1e100:
            assert axis.low <= value <= axis.high or abs(value) < 1e-100


def test_counts_include_zero_and_prices_do_not() -> None:
    assert value_axis([17.5, 20.2], "rate").low == 0
    assert value_axis([17.5, 20.2], "price").low > 15


def test_negative_values_keep_zero_at_the_top() -> None:
    axis = value_axis([-8.0, -3.0])
    assert axis.low <= -8
    assert axis.high == 0


@pytest.mark.parametrize("values", [[], [None], [0.0], [float("nan"), float("inf")]])
def test_without_data_the_axis_is_zero_to_one(values: list[float | None]) -> None:
    assert value_axis(values).ticks == (0.0, 1.0)


def test_a_single_price_lies_inside() -> None:
    axis = value_axis([20.0], "price")
    assert 0 < axis.low < 20 < axis.high


def test_a_share_of_all_ends_near_100() -> None:
    axis = value_axis([65.8, 100.0], "share")
    assert axis.ticks[-1] == 100
    assert 100 < axis.high < 110


def test_labels_have_the_decimals_of_the_step() -> None:
    assert tick_labels((0.0, 0.5, 1.0), "en_US") == ("0", "0.5", "1")
    assert tick_labels((0.0, 500_000.0, 1_000_000.0), "es_MX") == ("0", "500,000", "1 millón")
    assert tick_labels((0.0, 2.5e9), "es_MX") == ("0", "2.5 mil millones")


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.integers(0, 40_000),
    st.integers(1, 15),
    st.sampled_from(["en_US", "es_MX"]),
)
def test_time_ticks_ascend_inside_the_axis(start: date, days: int, count: int, locale: str) -> None:
    end = start + timedelta(days=days)
    ticks = time_ticks(start, end, count, locale)
    assert ticks
    assert len(ticks) <= count + 2
    assert all(start <= tick.day <= end for tick in ticks)
    assert all(one.day < two.day for one, two in itertools.pairwise(ticks))
    assert len({tick.label for tick in ticks}) == len(ticks)


def test_a_year_is_named_in_its_middle() -> None:
    ticks = time_ticks(date(2007, 1, 1), date(2020, 12, 31), 7, "en_US")
    assert [tick.label for tick in ticks] == [
        "2008",
        "2010",
        "2012",
        "2014",
        "2016",
        "2018",
        "2020",
    ]
    assert ticks[0].day == date(2008, 7, 2)


def test_months_are_named_in_the_language() -> None:
    ticks = time_ticks(date(2021, 1, 1), date(2021, 6, 30), 6, "es_MX")
    assert [tick.label for tick in ticks][:2] == ["ene 2021", "feb 2021"]
