from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from db.records import Changes, Reading
from db.revisions import Interval, Release, add_release, diff, history
from tests.stores import day


def release(
    moment: str,
    figures: Mapping[str, str | None],
    origin: str = "a",
    *,
    complete: bool = False,
    snapshot: int | None = None,
    absent: Iterable[str] = (),
) -> Release:
    readings = {
        period: Reading(
            period, None if text is None else Decimal(text), "M" if text is None else "A"
        )
        for period, text in figures.items()
    }
    at = day(moment)
    return Release(at, origin, readings, complete, at.date(), "day", 1, snapshot, frozenset(absent))


def told(*releases: Release) -> list[str]:
    """`2019 12.6 2022-01-01..2023-01-01` for every interval."""
    return [
        f"{each.time_period} {each.reading.value} {each.valid_from.date()}.."
        f"{each.valid_to.date() if each.valid_to else ''}"
        for each in history(releases)
    ]


def changes(before: list[Release], after: list[Release], stated: int) -> Changes:
    return diff(history(before), history(after), stated).changes


ONE = release("2022-01-01", {"2018": "1", "2019": "2"})


def test_a_first_release_is_the_history() -> None:
    assert told(ONE) == ["2018 1 2022-01-01..", "2019 2 2022-01-01.."]
    assert changes([], [ONE], 2) == Changes(new=2)


def test_a_period_that_is_said_to_have_no_figure_was_withdrawn() -> None:
    two = release("2023-01-01", {}, absent=["2017", "2019"])
    three = release("2024-01-01", {"2019": "2"})
    told_ = [
        "2018 1 2022-01-01..",
        "2019 2 2022-01-01..2023-01-01",
        "2019 2 2024-01-01..",
    ]
    for order in permutations([ONE, two, three]):
        assert told(*order) == told_
    assert changes([ONE], [ONE, two], 0) == Changes(withdrawn=1)
    assert changes([ONE, two], [ONE, two, three], 1) == Changes(reinstated=1)


@pytest.mark.parametrize("first", [True, False])
def test_a_figure_and_none_of_one_day_contradict_each_other(first: bool) -> None:
    none = release("2022-01-01", {"2018": "1"}, absent=["2019"])
    known, read = (ONE, none) if first else (none, ONE)
    seen = day("2022-05-01")
    assert add_release({known.valid_from: known}, read, seen).valid_from == seen
    assert add_release({known.valid_from: known}, known, seen) == known


def test_none_of_another_period_adds_to_a_release() -> None:
    more = release("2022-01-01", {"2018": "1"}, absent=["2017"])
    merged = add_release({ONE.valid_from: ONE}, more, day("2022-05-01"))
    assert (merged.readings, merged.absent) == (ONE.readings, frozenset({"2017"}))


def test_a_revision_closes_the_old_value() -> None:
    two = release("2023-01-01", {"2018": "1", "2019": "3", "2020": "4"})
    assert told(two, ONE) == [
        "2018 1 2022-01-01..",
        "2019 2 2022-01-01..2023-01-01",
        "2019 3 2023-01-01..",
        "2020 4 2023-01-01..",
    ]
    assert changes([ONE], [ONE, two], 3) == Changes(new=1, revised=1, unchanged=1)


def test_more_digits_of_the_same_number_are_no_revision() -> None:
    first, second = (
        release("2022-01-01", {"2020": "26.1"}),
        release("2023-01-01", {"2020": "26.10"}),
    )
    assert told(first, second) == ["2020 26.1 2022-01-01.."]
    assert changes([first], [first, second], 1) == Changes(unchanged=1)


@pytest.mark.parametrize(("status", "note"), [("P", ""), ("A", "restated")])
def test_another_status_or_note_is_a_revision(status: str, note: str) -> None:
    other = Reading("2019", Decimal(2), status, note)
    two = Release(day("2023-01-01"), "a", {"2019": other}, False, None, "day", 1, None)
    assert changes([ONE], [ONE, two], 1) == Changes(revised=1)


def test_null_is_a_value_and_not_zero() -> None:
    first, second = release("2022-01-01", {"2020": "0"}), release("2023-01-01", {"2020": None})
    assert told(first, second) == ["2020 0 2022-01-01..2023-01-01", "2020 None 2023-01-01.."]


def test_only_a_complete_release_withdraws() -> None:
    partial = release("2023-01-01", {"2019": "2"})
    whole = release("2023-01-01", {"2019": "2"}, complete=True)
    assert told(ONE, partial) == told(ONE)
    assert told(ONE, whole) == ["2018 1 2022-01-01..2023-01-01", "2019 2 2022-01-01.."]
    assert changes([ONE], [ONE, whole], 1) == Changes(withdrawn=1, unchanged=1)


def test_what_was_withdrawn_can_come_back() -> None:
    gone = release("2023-01-01", {"2019": "2"}, complete=True)
    back = release("2024-01-01", {"2018": "1", "2019": "2"}, complete=True)
    assert told(ONE, gone, back)[:2] == ["2018 1 2022-01-01..2023-01-01", "2018 1 2024-01-01.."]
    assert changes([ONE, gone], [ONE, gone, back], 2) == Changes(reinstated=1, unchanged=1)


def test_a_value_that_returns_is_two_revisions() -> None:
    two, three = release("2023-01-01", {"2018": "9"}), release("2024-01-01", {"2018": "1"})
    assert told(ONE, two, three)[:3] == [
        "2018 1 2022-01-01..2023-01-01",
        "2018 9 2023-01-01..2024-01-01",
        "2018 1 2024-01-01..",
    ]


def test_an_older_release_that_arrives_later_ends_where_the_next_begins() -> None:
    two = release("2023-01-01", {"2019": "3"})
    confirmed = release("2024-01-01", {"2019": "3"})
    between = release("2023-06-01", {"2019": "2.5"})
    assert told(ONE, two, confirmed, between)[1:] == [
        "2019 2 2022-01-01..2023-01-01",
        "2019 3 2023-01-01..2023-06-01",
        "2019 2.5 2023-06-01..2024-01-01",
        "2019 3 2024-01-01..",
    ]


def test_of_two_origins_at_one_moment_the_last_by_name_wins() -> None:
    table = release("2022-01-01", {"2019": "5"}, "tables/x")
    adapter = release("2022-01-01", {"2019": "4", "2018": "1"}, "adapter/x")
    for order in ([table, adapter], [adapter, table]):
        assert told(*order) == ["2018 1 2022-01-01..", "2019 5 2022-01-01.."]


def test_an_interval_is_written_again_when_what_is_shown_of_it_changes() -> None:
    (interval,) = history([release("2022-01-01", {"2020": "26.1"})])
    (digits,) = history([release("2022-01-01", {"2020": "26.10"})])
    evidence = Interval(
        "2020",
        interval.valid_from,
        None,
        Reading("2020", Decimal("26.1"), "A", evidence="doc"),
        interval.release,
    )
    for other in (digits, evidence):
        difference = diff([interval], [other], 1)
        assert (difference.insert, difference.delete) == ([other], [interval])
        assert difference.changes == Changes(unchanged=1)
    assert diff([interval], [interval], 1).insert == []


# --- one origin, one release, read more than once ---

SEEN = day("2022-02-01")


def test_a_release_read_again_is_that_release() -> None:
    assert add_release({ONE.valid_from: ONE}, ONE, SEEN) == ONE


def test_a_narrower_window_takes_nothing_away() -> None:
    filed = add_release({ONE.valid_from: ONE}, release("2022-01-01", {"2019": "2"}), SEEN)
    assert filed == ONE


def test_a_wider_window_adds_to_the_release() -> None:
    filed = add_release({ONE.valid_from: ONE}, release("2022-01-01", {"2017": "7"}), SEEN)
    assert filed.valid_from == ONE.valid_from
    assert sorted(filed.readings) == ["2017", "2018", "2019"]


def test_figures_changed_without_a_new_date_count_from_when_they_were_seen() -> None:
    changed = release("2022-01-01", {"2018": "1", "2019": "2.2"}, snapshot=2)
    filed = add_release({ONE.valid_from: ONE}, changed, SEEN)
    assert (filed.valid_from, filed.precision) == (SEEN, "first-seen")
    assert filed.published_on == ONE.published_on
    assert told(ONE, filed)[1:] == ["2019 2 2022-01-01..2022-02-01", "2019 2.2 2022-02-01.."]


def test_a_change_without_a_new_date_is_noted_once() -> None:
    changed = release("2022-01-01", {"2018": "1", "2019": "2.2"}, snapshot=2)
    first = add_release({ONE.valid_from: ONE}, changed, SEEN)
    own = {ONE.valid_from: ONE, first.valid_from: first}
    assert add_release(own, changed, SEEN + timedelta(days=1)) == first


def test_a_whole_extract_that_lost_rows_without_a_new_date_withdraws_them_when_seen() -> None:
    whole = release("2022-01-01", {"2018": "1", "2019": "2"}, complete=True)
    less = release("2022-01-01", {"2019": "2"}, complete=True)
    filed = add_release({whole.valid_from: whole}, less, SEEN)
    assert told(whole, filed) == ["2018 1 2022-01-01..2022-02-01", "2019 2 2022-01-01.."]


def test_the_same_bytes_read_otherwise_replace_what_was_misread() -> None:
    misread = release("2022-01-01", {"2019": "200"}, snapshot=7)
    mended = release("2022-01-01", {"2019": "2"}, snapshot=7)
    filed = add_release({misread.valid_from: misread}, mended, SEEN)
    assert filed == mended
