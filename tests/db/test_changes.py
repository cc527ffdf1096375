"""What changed between two moments, on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.periods import end_of
from db.changes import ReleaseKey, changes, releases, total
from db.engine import Engine
from tests.stores import KEY, a_vintage, day, load

EARLIEST = day("1990-01-01")
LATEST = day("2030-01-01")
OTHER = replace(KEY, ref_area="USA")


def key(published_on: str) -> ReleaseKey:
    return ReleaseKey("homicide-rate", "world-bank", date.fromisoformat(published_on))


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Four releases: new; revised, confirmed and new; withdrawn; reinstated."""
    for release in (
        a_vintage("2020-01-10", {"2017": "25", "2018": "29", "2019": None}),
        a_vintage("2021-01-10", {"2017": "26.1", "2018": "29.0", "2020": "28"}),
        a_vintage("2022-01-10", {"2017": "26.1", "2020": "28"}, complete=True),
        a_vintage("2023-01-10", {"2017": "26.10", "2018": "29"}),
    ):
        load(engine, release)
    return engine


def test_every_kind_is_counted_under_the_day_of_its_release(told: Engine) -> None:
    found = changes(told, EARLIEST, LATEST)
    assert found.counts == {
        key("2023-01-10"): {"reinstated": 1},
        key("2022-01-10"): {"withdrawn": 2},
        key("2021-01-10"): {"revised": 1, "new": 1},
        key("2020-01-10"): {"new": 3},
    }
    assert list(found.counts) == sorted(found.counts, key=lambda each: each.day, reverse=True)
    assert total(list(found.counts.values())) == {
        "revised": 1,
        "withdrawn": 2,
        "reinstated": 1,
        "new": 4,
    }


def test_a_change_says_what_stood_before_and_what_stands_after(told: Engine) -> None:
    rows = changes(told, EARLIEST, LATEST).rows
    said = {
        release.day.year: [(r.kind, r.time_period, str(r.before), str(r.after)) for r in each]
        for release, each in rows.items()
    }
    assert said[2021] == [("revised", "2017", "25", "26.1"), ("new", "2020", "None", "28")]
    assert said[2022] == [
        ("withdrawn", "2019", "None", "None"),
        ("withdrawn", "2018", "29", "None"),
    ]
    assert said[2023] == [("reinstated", "2018", "None", "29")]
    (again,) = rows[key("2023-01-10")]
    assert (again.series, again.period_end) == (KEY, date(2018, 12, 31))
    assert again.at == day("2023-01-10")


def test_both_moments_are_inside(told: Engine) -> None:
    moment = day("2021-01-10")
    assert list(changes(told, moment, moment).counts) == [key("2021-01-10")]
    after = moment + timedelta(microseconds=1)
    assert key("2021-01-10") not in changes(told, after, LATEST).counts
    assert changes(told, after, end_of(date(2021, 12, 31))).counts == {}


def test_rows_stop_at_the_limit_and_counts_do_not(told: Engine) -> None:
    found = changes(told, EARLIEST, LATEST, limit=1)
    assert {len(each) for each in found.rows.values()} == {1}
    assert found.counts[key("2020-01-10")] == {"new": 3}
    # What was known before comes first, then the newest period.
    assert found.rows[key("2021-01-10")][0].kind == "revised"
    assert found.rows[key("2020-01-10")][0].time_period == "2019"


def test_a_new_status_alone_is_no_change(engine: Engine) -> None:
    first = a_vintage("2020-01-10", {"2018": "29"})
    load(engine, first)
    (reading,) = first.readings
    final = replace(reading, obs_status="P")
    load(engine, replace(a_vintage("2021-01-10", {}), readings=(final,)))
    assert list(changes(engine, EARLIEST, LATEST).counts) == [key("2020-01-10")]


def test_series_of_one_release_are_counted_together(engine: Engine) -> None:
    load(
        engine,
        a_vintage("2020-01-10", {"2018": "29"}),
        a_vintage("2020-01-10", {"2018": "5", "2017": "5"}, key=OTHER),
    )
    found = changes(engine, EARLIEST, LATEST)
    assert found.counts == {key("2020-01-10"): {"new": 3}}
    assert {row.series for row in found.rows[key("2020-01-10")]} == {KEY, OTHER}


def test_one_indicator_is_asked_for(told: Engine) -> None:
    everything = changes(told, EARLIEST, LATEST)
    assert changes(told, EARLIEST, LATEST, indicator="homicide-rate") == everything
    assert changes(told, EARLIEST, LATEST, indicator="trade").counts == {}
    assert releases(told, indicator="trade") == []


def test_releases_are_listed_newest_first_whether_or_not_they_change_anything(
    told: Engine,
) -> None:
    load(told, a_vintage("2024-01-10", {"2017": "26.1"}))
    found = releases(told)
    days = ["2024-01-10", "2023-01-10", "2022-01-10", "2021-01-10", "2020-01-10"]
    assert [release.key for release in found] == [key(each) for each in days]
    assert {release.precision for release in found} == {"day"}
    assert found[0].published_on == date(2024, 1, 10)
    assert abs(found[0].read_at - datetime.now(UTC)) < timedelta(hours=1)
    assert releases(told, limit=2) == found[:2]
    assert releases(told, start=day("2022-01-10")) == found[:3]
    assert key("2024-01-10") not in changes(told, EARLIEST, LATEST).counts


def test_nothing_is_nothing(engine: Engine) -> None:
    found = changes(engine, EARLIEST, LATEST)
    assert (found.counts, found.rows) == ({}, {})
    assert releases(engine) == []
