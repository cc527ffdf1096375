"""The codec between a view and its address: total to read, canonical to write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import (
    PARAMETERS,
    READINGS,
    SCALES,
    VIEWS,
    Choices,
    Notice,
    ViewState,
    first_values,
    parse,
    read_day,
)

SERIES = (
    "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled",
    "homicide-rate.rate.A.USA._Z.world-bank.source-type=compiled",
)
CHOICES = Choices(
    measures=("rate", "deaths"),
    areas=("GTM", "MEX", "USA", "_T"),
    freqs=("A", "M"),
    series=SERIES,
    claims=("article/one", "article/two"),
)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Any of the words, in their order."""
    return st.sets(st.sampled_from(words)).map(
        lambda chosen: tuple(word for word in words if word in chosen)
    )


@st.composite
def states(draw: st.DrawFn) -> ViewState:
    first, last = draw(DAYS), draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    return ViewState(
        measure=draw(st.none() | st.sampled_from(CHOICES.measures)),
        geo=draw(some(CHOICES.areas)),
        unit=draw(st.sampled_from(SCALES)),
        freq=draw(st.none() | st.sampled_from(CHOICES.freqs)),
        series=draw(some(CHOICES.series)),
        first=first,
        last=last,
        asof=draw(DAYS),
        events=draw(st.booleans()),
        readings=draw(st.sampled_from(READINGS)),
        view=draw(st.sampled_from(VIEWS)),
        claim=draw(st.none() | st.sampled_from(CHOICES.claims)),
    )


@given(states())
def test_what_is_written_is_read_again(state: ViewState) -> None:
    assert parse(dict(parse_qsl(state.query())), CHOICES) == (state, [])


@given(states())
def test_writing_is_canonical(state: ViewState) -> None:
    names = [name for name, _ in parse_qsl(state.query())]
    assert names == [name for name in PARAMETERS if name in names]


@given(st.dictionaries(st.sampled_from(PARAMETERS) | st.text(), st.text()))
def test_reading_is_total(arguments: dict[str, str]) -> None:
    state, notices = parse(arguments, CHOICES)
    assert parse(dict(parse_qsl(state.query())), CHOICES) == (state, [])
    unknown = {name for name in arguments if name not in PARAMETERS}
    assert unknown <= {notice.parameter for notice in notices}


def test_the_default_view_has_no_query() -> None:
    assert ViewState().query() == ""
    assert parse({}, CHOICES) == (ViewState(), [])
    assert parse({"geo": "", "asof": ""}, CHOICES) == (ViewState(), [])


def test_one_selection_has_one_address() -> None:
    one, _ = parse({"geo": "USA,MEX,USA"}, CHOICES)
    assert one.query() == "geo=MEX,USA"


@pytest.mark.parametrize(
    ("arguments", "notice", "hint"),
    [
        ({"mesure": "rate"}, ("mesure", "rate"), "did you mean 'measure'?"),
        ({"measure": "rates"}, ("measure", "rates"), "did you mean 'rate'?"),
        ({"freq": "Q"}, ("freq", "Q"), "valid are A, M"),
        ({"geo": "MEX,MARS"}, ("geo", "MARS"), None),
        ({"from": "2020-13-01"}, ("from", "2020-13-01"), "valid are 2021-06-15, 2021-06, 2021"),
        ({"events": "1"}, ("events", "1"), "valid are yes, no"),
    ],
)
def test_a_notice_says_what_would_be_understood(
    arguments: dict[str, str], notice: tuple[str, str], hint: str | None
) -> None:
    _, (found,) = parse(arguments, CHOICES)
    assert (found.parameter, found.value) == notice
    assert hint is None or found.hint == hint


def test_both_ends_of_a_period_that_runs_backwards_are_noticed_as_written() -> None:
    state, notices = parse({"from": "2021", "to": "2010-06"}, CHOICES)
    assert state == ViewState()
    assert [(n.parameter, n.value, n.hint) for n in notices] == [
        ("from", "2021", "valid are <= 2010-06"),
        ("to", "2010-06", "valid are >= 2021"),
    ]


def test_a_page_names_the_parameters_that_it_takes() -> None:
    state, (notice,) = parse({"geo": "MEX", "asof": "2020"}, CHOICES, ("asof", "readings"))
    assert state == ViewState(asof=date(2020, 12, 31))
    assert notice.hint == "valid are asof, readings"


def test_many_words_are_not_listed() -> None:
    words = [f"word-{number}" for number in range(100)]
    assert Notice.among("claim", "zzz", words, "zzz").hint is None


def test_a_year_stands_for_its_first_or_last_day() -> None:
    assert read_day("2020", last=False) == date(2020, 1, 1)
    assert read_day("2020", last=True) == date(2020, 12, 31)
    assert read_day("2020-02-30", last=True) is None
    state, _ = parse({"from": "2008", "to": "2008", "asof": "2020"}, CHOICES)
    whole = ViewState(first=date(2008, 1, 1), last=date(2008, 12, 31), asof=date(2020, 12, 31))
    assert state == whole
    assert replace(whole, asof=None).query() == "from=2008-01-01&to=2008-12-31"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-12", date(2021, 12, 1), date(2021, 12, 31)),
        ("2021-06-15", date(2021, 6, 15), date(2021, 6, 15)),
    ],
)
def test_a_month_stands_for_its_first_or_last_day(text: str, first: date, last: date) -> None:
    assert (read_day(text, last=False), read_day(text, last=True)) == (first, last)


@pytest.mark.parametrize(
    "text", ["2021-13", "2021-00", "0000", "0000-01", "2021-6", "2021-W05-1", " 201", "２０２１"]
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert read_day(text, last=False) is None
    assert read_day(text, last=True) is None


@given(st.dates(date(1, 1, 1)), st.booleans())
def test_a_month_holds_its_days(day: date, last: bool) -> None:
    read = read_day(day.isoformat()[:7], last=last)
    assert read is not None
    assert (read.year, read.month) == (day.year, day.month)
    assert read >= day if last else read <= day


def test_of_two_values_the_first_counts() -> None:
    pairs = [("geo", "MEX"), ("freq", ""), ("geo", "USA"), ("freq", "A"), ("geo", "GTM")]
    found, notices = first_values(pairs)
    assert found == {"geo": "MEX", "freq": ""}
    assert [(n.parameter, n.value, n.repeated) for n in notices] == [
        ("geo", "USA", True),
        ("freq", "A", True),
        ("geo", "GTM", True),
    ]
