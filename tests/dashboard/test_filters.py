"""Addresses of the pages with filters: total, canonical, there and back."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalog import Catalog
from config.schema import Event, LocalText
from dashboard.filters import (
    KINDS,
    EventFilter,
    Since,
    event_filter,
    numbers,
    overlaps,
    since,
    years_around,
)
from dashboard.i18n import Translator
from dashboard.state import ViewState
from dashboard.view import indicator_view
from tests.dashboard.conftest import Site

INDICATORS = ("homicide-rate", "mpp-cases")
TODAY = date(2026, 12, 1)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def an_event(start: date, end: date | None = None, indicators: tuple[str, ...] = ()) -> Event:
    return Event(
        id="happened",
        date=start,
        date_end=end,
        kind="other",
        label=LocalText(en="It happened", es="Ocurrió"),
        source="A source",
        indicators=list(indicators),
    )


@given(
    st.none() | st.sampled_from(KINDS),
    st.none() | st.sampled_from(INDICATORS),
    st.tuples(st.none() | days, st.none() | days),
)
def test_a_filter_comes_back_from_its_address(
    kind: str | None, indicator: str | None, ends: tuple[date | None, date | None]
) -> None:
    first, last = ends
    if first and last and first > last:
        first, last = last, first
    asked = EventFilter(kind, indicator, first, last)
    assert event_filter(dict(parse_qsl(asked.query())), INDICATORS) == (asked, [])


@given(st.none() | st.dates(date(1990, 1, 1), TODAY))
def test_a_day_comes_back_from_its_address(day: date | None) -> None:
    asked = Since(day)
    assert since(dict(parse_qsl(asked.query())), TODAY) == (asked, [])


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=4))
def test_any_address_is_read(arguments: dict[str, str]) -> None:
    event_filter(arguments, INDICATORS)
    since(arguments, TODAY)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kind": "meetings"}, ("kind", "meetings", "meeting")),
        ({"indicator": "homicide-rat"}, ("indicator", "homicide-rat", "homicide-rate")),
        ({"from": "soon"}, ("from", "soon", None)),
        ({"knd": "court"}, ("knd", "court", "kind")),
    ],
)
def test_what_is_not_understood_is_said(
    arguments: dict[str, str], said: tuple[str, str, str | None]
) -> None:
    asked, (notice,) = event_filter(arguments, INDICATORS)
    assert (notice.parameter, notice.value, notice.near) == said
    assert asked == EventFilter()


def test_both_ends_of_a_period_that_runs_backwards_are_said() -> None:
    asked, notices = event_filter({"from": "2022", "to": "2021"}, INDICATORS)
    assert [(n.parameter, n.value) for n in notices] == [("from", "2022"), ("to", "2021")]
    assert asked == EventFilter()


def test_a_day_to_come_is_not_one_to_look_back_from() -> None:
    asked, (notice,) = since({"since": "2026-12-02"}, TODAY)
    assert asked == Since()
    assert notice.valid == ("<= 2026-12-01",)
    assert since({"since": "2020"}, TODAY) == (Since(date(2020, 1, 1)), [])


def test_a_span_is_met_by_any_of_its_days() -> None:
    span = an_event(date(2019, 5, 30), date(2019, 6, 7))
    assert overlaps(span, date(2019, 6, 7), None)
    assert overlaps(span, None, date(2019, 5, 30))
    assert overlaps(span, date(2019, 6, 1), date(2019, 6, 2))
    assert not overlaps(span, date(2019, 6, 8), None)
    assert not overlaps(span, None, date(2019, 5, 29))
    assert years_around(span) == (date(2017, 1, 1), date(2021, 12, 31))


def test_an_event_without_indicators_is_on_every_chart() -> None:
    everywhere = an_event(date(2019, 1, 1))
    one = an_event(date(2019, 1, 1), None, ("mpp-cases",))
    asked = EventFilter(indicator="homicide-rate")
    assert asked.holds(everywhere)
    assert not asked.holds(one)
    assert EventFilter(indicator="mpp-cases").holds(one)
    assert EventFilter().holds(one)
    assert numbers([everywhere], "homicide-rate", None, None) == {"happened": 1}


def test_numbers_are_those_of_the_charts(catalog: Catalog, site: Site) -> None:
    store, t = site.store, Translator("en")
    seen = 0
    for indicator in catalog.pair_indicators:
        for state in (ViewState(), ViewState(first=date(2019, 1, 1), last=date(2021, 12, 31))):
            chart = indicator_view(store, indicator, state, t).chart
            found = numbers(catalog.pair.events, indicator.id, chart.x_min, chart.x_max)
            label = {event.id: event.label.en for event in catalog.pair.events}
            drawn = {(mark.number, mark.label) for mark in chart.events}
            assert {(number, label[name]) for name, number in found.items()} == drawn
            seen += len(drawn)
    assert seen > 40
