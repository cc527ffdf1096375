"""Accept intervals and the numeric verdict: every vector of the method, and what holds for all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.schema import Comparator
from db.intervals import (
    Cited,
    Interval,
    Value,
    cited,
    inside,
    meets,
    nearest,
    published_value,
    quotient,
    total,
)
from db.verdicts import AGREE, Code, accept_interval, numeric_verdict
from tests.db.test_verdicts_support import d

M = 1_000_000
EQ, APPROX, GT, LT = Comparator.EQ, Comparator.APPROX, Comparator.GT, Comparator.LT
ALMOST, ORDER, RANGE = Comparator.ALMOST, Comparator.ORDER, Comparator.RANGE


def said(
    comparator: Comparator, low: str | int | None, high: str | int | None, u: str | int
) -> Cited:
    return cited(
        comparator, None if low is None else d(low), None if high is None else d(high), d(u)
    )


EXACTLY_23 = said(EQ, 23, 23, 1)
EXACTLY_8 = said(EQ, 8, 8, 1)
TRIPLED = said(EQ, 3, 3, 1)
ONE_MILLION = said(EQ, M, M, M)
MILLIONS_2_7 = said(EQ, 2_700_000, 2_700_000, 100_000)
OVER_8_MILLION = said(GT, 8 * M, None, M)
ALMOST_200 = said(ALMOST, None, 200, 100)
TENS_OF_THOUSANDS = said(ORDER, 20_000, 100_000, 10_000)
RANGE_60_70 = said(RANGE, 60, 70, 1)


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [
        (EXACTLY_23, "22.5", "23.5"),
        (TRIPLED, "2.7", "3.3"),
        (ONE_MILLION, 900_000, 1_100_000),
        (MILLIONS_2_7, 2_650_000, 2_750_000),
        (said(APPROX, 11 * M, 11 * M, M), 9_900_000, 12_100_000),
        (said(APPROX, M, M, M), 750_000, 1_250_000),
        (OVER_8_MILLION, 8 * M, None),
        (said(LT, None, 750, 10), None, 750),
        (ALMOST_200, 180, 200),
        (RANGE_60_70, "59.5", "70.5"),
    ],
)
def test_accept_interval(figure: Cited, low: str | int | None, high: str | int | None) -> None:
    assert figure.accept.low == (None if low is None else d(low))
    assert figure.accept.high == (None if high is None else d(high))


def test_upper_end_of_an_order_band_is_open() -> None:
    assert TENS_OF_THOUSANDS.accept == Interval(d(20_000), d(100_000), high_open=True)
    assert numeric_verdict(TENS_OF_THOUSANDS, d("99999.9")).code is Code.MATCH
    # 100,000 is "hundreds of thousands"; the distance to the band is none, so it is close.
    assert numeric_verdict(TENS_OF_THOUSANDS, d(100_000)).code is Code.NEAR


def test_accept_interval_is_clipped_to_the_unit() -> None:
    all_of_them = accept_interval(EQ, d(100), d(100), d(1), d(0), d(100))
    assert all_of_them == Interval(d("99.5"), d(100))
    assert accept_interval(RANGE, d(0), d(3), d(1), d(0)) == Interval(d(0), d("3.5"))
    # An end that is not there is not put in: "more than half" is [50, ∞).
    assert accept_interval(GT, d(50), None, d(5), d(0), d(100)) == Interval(d(50), None)


def test_a_comparator_needs_its_value() -> None:
    with pytest.raises(ValueError, match="needs its value"):
        accept_interval(GT, None, d(5), d(1))


OVER_3_BN = said(GT, 3 * 10**9, None, 10**9)


@pytest.mark.parametrize(
    ("figure", "official", "code", "percent"),
    [
        (EXACTLY_23, d("22.5"), Code.MATCH, None),
        (EXACTLY_23, d("23.5"), Code.MATCH, None),
        (EXACTLY_23, d("23.51"), Code.DIFFERS, "-2.2"),
        (EXACTLY_23, d("29.0"), Code.DIFFERS, "-20.7"),
        (EXACTLY_8, d("12.69"), Code.DIFFERS, "-37.0"),
        (said(EQ, 5046, 5046, 1), d(5050), Code.NEAR, "-0.1"),
        (MILLIONS_2_7, d(2_720_000), Code.MATCH, None),
        (MILLIONS_2_7, d(2_500_000), Code.DIFFERS, "8.0"),
        (ONE_MILLION, d(1_350_000), Code.BORDERLINE, "-25.9"),
        (TRIPLED, d("2.875"), Code.MATCH, None),
        (TRIPLED, d("3.4"), Code.BORDERLINE, None),
        (TRIPLED, d("2.29"), Code.DIFFERS, "31.0"),
        (OVER_8_MILLION, d(8 * M), Code.MATCH, None),
        (OVER_8_MILLION, d(7_900_000), Code.NEAR, None),
        # Inside v ± u/2 or not, a bound that is missed is missed: see the next test.
        (OVER_8_MILLION, d(7 * M), Code.DIFFERS, "14.3"),
        (OVER_8_MILLION, d(12 * M), Code.MATCH_LOOSE, None),
        (ALMOST_200, d(200), Code.MATCH, None),
        (ALMOST_200, d(203), Code.NEAR, None),
        (ALMOST_200, d(150), Code.DIFFERS, "33.3"),
        (TENS_OF_THOUSANDS, d(12_000), Code.BORDERLINE, None),
        (TENS_OF_THOUSANDS, d(68_000), Code.MATCH, None),
        (TENS_OF_THOUSANDS, d(250_000), Code.DIFFERS, None),
        (RANGE_60_70, d("59.6"), Code.MATCH, None),
        (OVER_3_BN, Interval(d(3_200_000_000), None, low_open=True), Code.MATCH, None),
        (OVER_8_MILLION, Interval(d(5 * M), None, low_open=True), Code.COMPATIBLE, None),
    ],
)
def test_vectors(figure: Cited, official: Value, code: Code, percent: str | None) -> None:
    found = numeric_verdict(figure, official)
    assert found.code is code
    if percent is not None:
        assert found.difference is not None
        assert round(found.difference * 100, 1) == d(percent)


def test_borderline_is_not_for_bounds() -> None:
    """150 lies inside 200 ± 100/2, and 7.57 million inside 8 ± 1/2 million: read as "only at this
    rounding" both would be BORDERLINE. The method calls "almost 200" against 150, and more than
    eight million doses against 7.57 million, DIFFERS: a bound is kept or it is not.
    """
    assert numeric_verdict(ALMOST_200, d(150)).code is Code.DIFFERS
    found = numeric_verdict(OVER_8_MILLION, d(7_570_000))
    assert found.code is Code.DIFFERS
    assert found.difference is not None
    assert round(found.difference * 100, 1) == d("5.7")


def test_factor_of_an_order_of_magnitude() -> None:
    assert numeric_verdict(TENS_OF_THOUSANDS, d(250_000)).factor == d("2.5")
    low = numeric_verdict(TENS_OF_THOUSANDS, d(5_000))
    assert low.code is Code.DIFFERS
    assert (low.factor, low.difference) == (d(4), d(3))
    assert numeric_verdict(TENS_OF_THOUSANDS, d(68_000)).factor is None


def test_lower_half_of_an_order_of_magnitude() -> None:
    assert numeric_verdict(TENS_OF_THOUSANDS, d(10_000)).code is Code.BORDERLINE
    assert numeric_verdict(TENS_OF_THOUSANDS, d(9_999)).code is Code.DIFFERS


def test_distance_to_a_band_is_from_its_nearer_end() -> None:
    above = numeric_verdict(RANGE_60_70, d(100)).difference
    below = numeric_verdict(RANGE_60_70, d(50)).difference
    assert (above, below) == (d("-0.3"), d("0.2"))
    assert numeric_verdict(RANGE_60_70, d(65)).difference == 0


def test_bounds_that_hold_by_far() -> None:
    assert numeric_verdict(OVER_8_MILLION, d(10 * M)).code is Code.MATCH
    assert numeric_verdict(OVER_8_MILLION, d(10 * M + 1)).code is Code.MATCH_LOOSE
    up_to = said(LT, None, 750, 10)
    assert numeric_verdict(up_to, d(600)).code is Code.MATCH
    assert numeric_verdict(up_to, d(599)).code is Code.MATCH_LOOSE
    assert numeric_verdict(up_to, d(755)).code is Code.NEAR
    assert numeric_verdict(up_to, d(800)).code is Code.DIFFERS


def test_nothing_is_near_zero() -> None:
    found = numeric_verdict(EXACTLY_8, d(0))
    assert (found.code, found.difference) == (Code.DIFFERS, None)
    assert numeric_verdict(said(EQ, 0, 0, 1), d(0)).code is Code.MATCH


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ('"more than 1,000": a lower bound', Interval(d(5), None, low_open=True)),
        ('"over 70,000": a lower bound; month from the page', Interval(d(5), None, low_open=True)),
        ('"at least"; current as of 19 February', Interval(d(5), None)),
        ('"slightly fewer than 50 percent"', Interval(None, d(5), high_open=True)),
        ('day it was announced; "up to" 5 million', Interval(None, d(5))),
        ('"nearly 68,000"', d(5)),
        ('"around 12,500"', d(5)),
        ('"$3.5 billion from FY2008 to FY2021"', d(5)),
        ('"currently pending" in the report', d(5)),
        ("computed: sum over 12 months", d(5)),
        ("", d(5)),
    ],
)
def test_bounds_are_read_from_the_words_of_the_source(note: str, expected: Value) -> None:
    assert published_value(d(5), note) == expected


def test_a_bound_below_half_is_close_to_more_than_half() -> None:
    """ "Slightly fewer than 50 percent" leaves 50 out, so it does not meet "more than half"."""
    half = said(GT, 50, None, 5)
    found = numeric_verdict(half, Interval(None, d(50), high_open=True))
    assert (found.code, found.difference) == (Code.NEAR, d(0))
    assert numeric_verdict(half, Interval(None, d(50))).code is Code.COMPATIBLE


def test_arithmetic_of_bounds() -> None:
    bound = Interval(d(5), None, low_open=True)
    assert total([d(1), d(2)]) == d(3)
    assert total([d(1), bound]) == Interval(d(6), None, low_open=True)
    assert quotient(d(6), d(3)) == d(2)
    assert quotient(bound, d(5)) == Interval(d(1), None, low_open=True)
    assert quotient(d(10), bound) == Interval(d(0), d(2), high_open=True)
    assert quotient(d(6), d(0)) is None
    assert quotient(d(6), Interval(None, d(3))) is None


def test_conversion_moves_the_ends_of_a() -> None:
    pounds = said(EQ, 100, 100, 10).converted(d("0.45359237"))
    assert pounds.accept == Interval(d("43.09127515"), d("47.62719885"))
    spread = said(EQ, 2000, 2000, 1000).converted(d("0.05"), d("0.01"))
    assert spread.accept == Interval(d("89.1"), d("111.1"))
    assert (spread.low, spread.rounding_unit) == (d(100), d(50))


# ---- what holds for all figures

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
positive = st.decimals(min_value="0.01", max_value=10**9, places=2)
units = st.sampled_from([d("0.01"), d("0.1"), d(1), d(10), d(1000), d(10**6)])


@st.composite
def figures(draw: st.DrawFn) -> Cited:
    comparator = draw(st.sampled_from(list(Comparator)))
    low, more = draw(positive), draw(positive)
    high = low
    if comparator is RANGE:
        high = low + more
    elif comparator is ORDER:
        high = low * 5
    needs_low = comparator not in {Comparator.LT, Comparator.LE, ALMOST}
    needs_high = comparator not in {GT, Comparator.GE}
    return cited(comparator, low if needs_low else None, high if needs_high else None, draw(units))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    return Interval(
        draw(st.sampled_from([low, None])),
        draw(st.sampled_from([high, None])),
        draw(st.booleans()),
        draw(st.booleans()),
    )


values = st.one_of(numbers, intervals())


@given(figures(), numbers)
def test_a_point_agrees_exactly_where_it_lies_in_a(figure: Cited, official: Decimal) -> None:
    code = numeric_verdict(figure, official).code
    assert (code in AGREE) == (official in figure.accept)
    assert code is not Code.COMPATIBLE


@given(figures(), values)
def test_agreement_is_that_official_meets_a(figure: Cited, official: Value) -> None:
    code = numeric_verdict(figure, official).code
    assert (code in AGREE) == meets(official, figure.accept)
    if code in {Code.MATCH, Code.MATCH_LOOSE}:
        assert inside(official, figure.accept)
    if code is Code.COMPATIBLE:
        assert not inside(official, figure.accept)


@given(figures())
def test_what_is_stated_matches_itself(figure: Cited) -> None:
    for stated in (figure.low, figure.high):
        if stated is not None and not (figure.comparator is ORDER and stated == figure.high):
            assert numeric_verdict(figure, stated).code is Code.MATCH


@given(figures(), positive)
def test_sign_and_size_of_the_difference(figure: Cited, official: Decimal) -> None:
    found = numeric_verdict(figure, official)
    assert found.difference is not None
    stated = figure.stated(official)
    assert (found.difference > 0) == (stated > official)
    if found.code is Code.NEAR:
        assert abs(found.difference) <= d("0.02") + d("1e-20")
    if found.code in {Code.BORDERLINE, Code.DIFFERS}:
        assert abs(found.difference) > d("0.02") - d("1e-20")


@given(figures(), positive, positive)
def test_further_out_is_never_better(figure: Cited, official: Decimal, step: Decimal) -> None:
    """Beyond A, moving away from it never improves the verdict."""
    ranks = [Code.NEAR, Code.BORDERLINE, Code.DIFFERS]
    high = figure.accept.high
    if high is None:
        return
    near, far = high + official, high + official + step
    first, second = (numeric_verdict(figure, point).code for point in (near, far))
    assert ranks.index(first) <= ranks.index(second)


@given(figures(), numbers, st.sampled_from([d("0.5"), d(2), d(8)]))
def test_verdict_does_not_depend_on_the_unit(
    figure: Cited, official: Decimal, factor: Decimal
) -> None:
    """A is built first and converted, so a change of unit changes nothing."""
    before = numeric_verdict(figure, official)
    after = numeric_verdict(figure.converted(factor), official * factor)
    assert (before.code, before.factor) == (after.code, after.factor)


@given(values, intervals())
def test_inside_is_a_kind_of_meeting(one: Value, other: Interval) -> None:
    if inside(one, other):
        assert meets(one, other)
    assert meets(one, other) == meets(other, one)


@given(intervals(), numbers)
def test_nearest_point_is_of_the_interval_or_its_limit(interval: Interval, point: Decimal) -> None:
    found = nearest(interval, point)
    closed = Interval(interval.low, interval.high)
    if not closed.empty:
        assert found in closed
    if point in interval:
        assert found == point
