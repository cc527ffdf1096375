from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from db import tables as t
from db import writer
from db.engine import Engine, is_postgresql, make_engine
from db.migrations import upgrade
from db.process import Holder, process
from db.queries import ObservationQuery, issues, runs
from db.records import Issue, Reading, RunStatus, SeriesKey, Snapshot, Vintage
from db.revisions import Release, history
from db.writer import (
    AlreadyRunningError,
    Load,
    TakenOverError,
    fail_run,
    finish_unchanged,
    load_series,
    preview,
    read_history,
    start_run,
    table_origins,
)
from tests.processes import Processes
from tests.stores import ADAPTER, KEY, TABLE, UNITS, a_vintage, day, load, open_run, spans, stored

A_SNAPSHOT = Snapshot("a" * 64, "world-bank", "https://example.org/1", day("2023-01-01"), 10)


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(table)).all())


# --- loads ---


def test_a_load_writes_series_releases_values_and_closes_its_run(engine: Engine) -> None:
    assert load(engine, a_vintage("2022-01-01", {"2019": "12.640", "2020": "11"})) == (
        2,
        0,
        0,
        0,
        0,
    )
    assert spans(engine) == [
        ("2019", "12.640", "2022-01-01", None),
        ("2020", "11", "2022-01-01", None),
    ]
    (run,) = runs(engine)
    assert (run.status, run.changes.new, run.error_class) == (RunStatus.OK, 2, "")
    assert run.finished_at is not None
    first = stored(engine)[0]
    assert (first.unit, str(first.series)) == (
        "per-100k",
        "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled",
    )
    assert (first.published_on, first.precision) == (date(2022, 1, 1), "day")


def test_a_revision_keeps_both_values(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2019": "1", "2020": "2"}))
    assert load(engine, a_vintage("2023-01-01", {"2019": "1.0", "2020": "3"})) == (0, 1, 0, 0, 1)
    assert spans(engine) == [
        ("2019", "1", "2022-01-01", None),
        ("2020", "2", "2022-01-01", "2023-01-01"),
        ("2020", "3", "2023-01-01", None),
    ]


def test_26_1_and_26_10_are_one_value(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "26.1"}))
    assert load(engine, a_vintage("2023-01-01", {"2020": "26.10"})) == (0, 0, 0, 0, 1)
    assert spans(engine) == [("2020", "26.1", "2022-01-01", None)]


def test_withdrawn_and_reinstated(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2019": "1", "2020": "2"}, complete=True))
    gone = a_vintage("2023-01-01", {"2020": "2"}, complete=True)
    assert load(engine, gone) == (0, 0, 1, 0, 1)
    assert len(stored(engine, ObservationQuery())) == 1
    back = a_vintage("2024-01-01", {"2019": "1", "2020": "2"}, complete=True)
    assert load(engine, back) == (0, 0, 0, 1, 1)
    assert spans(engine) == [
        ("2019", "1", "2022-01-01", "2023-01-01"),
        ("2019", "1", "2024-01-01", None),
        ("2020", "2", "2022-01-01", None),
    ]


def test_an_empty_complete_release_withdraws_the_series(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2019": "1"}, complete=True))
    assert load(engine, a_vintage("2023-01-01", {}, complete=True)) == (0, 0, 1, 0, 0)
    assert spans(engine) == [("2019", "1", "2022-01-01", "2023-01-01")]


def test_a_replaced_table_takes_its_vanished_rows_along(engine: Engine) -> None:
    old = [
        a_vintage("2022-01-01", {"2019": "1", "2020": "2"}),
        a_vintage("2023-01-01", {"2020": "3"}),
    ]
    load(engine, *old, origin=TABLE, replace=True)
    new = a_vintage("2022-01-01", {"2020": "2"})
    assert load(engine, new, origin=TABLE, replace=True) == (0, 0, 1, 0, 1)
    assert spans(engine) == [("2020", "2", "2022-01-01", None)]
    assert load(engine, origin=TABLE, replace=True) == (0, 0, 1, 0, 0)
    assert spans(engine) == []
    assert table_origins(engine, "world-bank") == []


def test_a_replaced_table_leaves_what_others_said(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}), origin=TABLE, replace=True)
    load(engine, a_vintage("2023-01-01", {"2020": "3"}))
    load(engine, origin=TABLE, replace=True)
    assert spans(engine) == [("2020", "3", "2023-01-01", None)]


def test_a_series_that_the_catalogue_dropped_can_still_be_replaced(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}), origin=TABLE, replace=True)
    assert load(engine, origin=TABLE, replace=True, units={}) == (0, 0, 1, 0, 0)


def test_another_unit_in_the_catalogue_arrives(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    load(
        engine, a_vintage("2022-01-01", {"2020": "2"}), units={("homicide-rate", "rate"): "percent"}
    )
    assert {each.unit for each in stored(engine)} == {"percent"}


@pytest.mark.parametrize("first", ["table", "adapter"])
def test_of_two_origins_at_one_moment_the_table_wins_and_the_other_is_remembered(
    engine: Engine, first: str
) -> None:
    table = a_vintage("2022-01-01", {"2019": "12.64"})
    adapter = a_vintage("2022-01-01", {"2019": "12.65", "2020": "9"}, complete=True)
    order = [(table, TABLE, True), (adapter, ADAPTER, False)]
    for vintage, origin, replace in order if first == "table" else reversed(order):
        load(engine, vintage, origin=origin, replace=replace)
    both = [("2019", "12.64", "2022-01-01", None), ("2020", "9", "2022-01-01", None)]
    assert spans(engine) == both
    # The table is taken back: what the adapter had said all along stands.
    load(engine, origin=TABLE, replace=True)
    assert spans(engine) == [("2019", "12.65", "2022-01-01", None), both[1]]


def test_a_silent_complete_release_at_the_same_moment_can_be_read_back(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2019": "1", "2020": "2"}))
    load(engine, a_vintage("2022-01-01", {"2020": "2"}, complete=True), origin="tables/z.csv")
    assert spans(engine) == [("2020", "2", "2022-01-01", None)]
    load(engine, a_vintage("2023-01-01", {"2019": "1"}))
    assert spans(engine) == [
        ("2019", "1", "2023-01-01", None),
        ("2020", "2", "2022-01-01", None),
    ]


def test_a_confirmation_is_remembered_with_its_own_digits_and_evidence(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "26.1"}), origin=TABLE, replace=True)
    load(engine, a_vintage("2023-01-01", {"2020": "26.10"}))
    load(engine, a_vintage("2022-01-01", {"2020": "25"}), origin=TABLE, replace=True)
    assert spans(engine) == [
        ("2020", "25", "2022-01-01", "2023-01-01"),
        ("2020", "26.10", "2023-01-01", None),
    ]


def test_corrected_digits_evidence_and_dates_of_a_table_arrive(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "26.1"}), origin=TABLE, replace=True)
    moment = day("2022-01-01")
    reading = Reading("2020", Decimal("26.10"), "A", "", "other-document")
    mended = Vintage(KEY, moment, None, "no-later-than", (reading,))
    assert load(engine, mended, origin=TABLE, replace=True) == (0, 0, 0, 0, 1)
    (row,) = stored(engine)
    assert (str(row.value), row.evidence) == ("26.10", "other-document")
    assert (row.published_on, row.precision) == (None, "no-later-than")


def test_figures_changed_without_a_new_date_do_not_overwrite(engine: Engine) -> None:
    seen = day("2023-03-01")
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    changed = a_vintage("2022-01-01", {"2020": "3"}, seen_at=seen)
    assert load(engine, changed) == (0, 1, 0, 0, 0)
    assert load(engine, a_vintage("2022-01-01", {"2020": "3"}, seen_at=day("2023-03-02")))[4] == 1
    assert spans(engine) == [
        ("2020", "2", "2022-01-01", "2023-03-01"),
        ("2020", "3", "2023-03-01", None),
    ]


def test_a_narrower_window_of_the_same_release_takes_nothing_away(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2019": "1", "2020": "2"}))
    assert load(engine, a_vintage("2022-01-01", {"2020": "2"}))[2] == 0
    assert len(spans(engine)) == 2
    load(engine, a_vintage("2023-01-01", {"2019": "1.5"}))
    assert spans(engine)[0] == ("2019", "1", "2022-01-01", "2023-01-01")


def test_bytes_are_noted_once_and_lead_to_their_values(engine: Engine) -> None:
    vintage = a_vintage("2022-01-01", {"2020": "2"}, raw_sha256="a" * 64)
    for _ in range(2):
        run_id = open_run(engine)
        load_series(engine, run_id, [Load([vintage], UNITS, ADAPTER, snapshots=[A_SNAPSHOT])], "h")
    assert count(engine, t.snapshot) == 1
    (row,) = stored(engine)
    assert (row.raw_sha256, row.raw_url) == ("a" * 64, "https://example.org/1")
    assert row.retrieved_at == day("2023-01-01")


def test_a_mended_reader_replaces_what_was_misread_from_the_same_bytes(engine: Engine) -> None:
    for value in ("200", "2"):
        vintage = a_vintage(
            "2022-01-01", {"2020": value}, raw_sha256="a" * 64, seen_at=day("2023-01-01")
        )
        one = Load([vintage], UNITS, ADAPTER, snapshots=[A_SNAPSHOT])
        differences = preview(engine, [one])[1]
        load_series(engine, open_run(engine), [one], "h")
    assert spans(engine) == [("2020", "2", "2022-01-01", None)]
    assert [str(i.reading.value) for _, d in differences for i in d.insert] == ["2"]


def test_a_preview_tells_and_writes_nothing(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    before = spans(engine), count(engine, t.run), count(engine, t.vintage)
    one = Load([a_vintage("2023-01-01", {"2020": "3", "2021": "4"})], UNITS, ADAPTER)
    changes, differences = preview(engine, [one])
    assert (changes.new, changes.revised) == (1, 1)
    assert [key for key, _ in differences] == [KEY]
    assert (spans(engine), count(engine, t.run), count(engine, t.vintage)) == before


# --- one transaction ---


@pytest.mark.parametrize(
    "step", ["_write_vintages", "_write_observations", "_insert_issues", "_finish"]
)
def test_an_error_in_the_middle_leaves_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    before = spans(engine), count(engine, t.vintage), count(engine, t.series)

    def break_off(*_: object, **__: object) -> None:
        raise OSError("disk full")

    run_id = open_run(engine)
    other = SeriesKey("homicide-rate", "rate", "A", "USA", None, "world-bank", KEY.facets)
    vintages = [
        a_vintage("2023-01-01", {"2020": "3"}),
        a_vintage("2023-01-01", {"2020": "5"}, key=other),
    ]
    monkeypatch.setattr(writer, step, break_off)
    one = Load(vintages, UNITS, ADAPTER, snapshots=[A_SNAPSHOT])
    with pytest.raises(OSError, match="disk full"):
        load_series(engine, run_id, [one], "h", [Issue("warning", "x", "y")])
    assert (spans(engine), count(engine, t.vintage), count(engine, t.series)) == before
    assert count(engine, t.snapshot) == 0
    assert count(engine, t.issue) == 0
    assert runs(engine)[0].status == RunStatus.RUNNING


def test_two_current_values_of_one_period_are_impossible(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    with engine.connect() as connection:
        row = connection.execute(select(t.observation)).one()._asdict()
    with pytest.raises(IntegrityError, match=r"(?i)unique"), engine.begin() as connection:
        connection.execute(insert(t.observation), {**row, "valid_from": day("2023-01-01")})
    with pytest.raises(IntegrityError, match=r"(?i)check"), engine.begin() as connection:
        connection.execute(
            insert(t.observation),
            {**row, "valid_from": day("2021-01-01"), "valid_to": day("2020-01-01")},
        )


# --- runs ---


def test_a_run_that_failed_keeps_its_words_findings_and_bytes(engine: Engine) -> None:
    run_id = open_run(engine)
    issue = Issue("error", "value", "no number", "page 1, row 3", "2008,twelve")
    fail_run(
        engine,
        run_id,
        RunStatus.FAILED,
        message="page 1, row 3: no number",
        error_class="ValidationFailed",
        issues=[issue],
        payloads=[A_SNAPSHOT],
    )
    (run,) = runs(engine)
    assert (run.status, run.message) == (RunStatus.FAILED, "page 1, row 3: no number")
    assert run.error_class == "ValidationFailed"
    assert issues(engine, run_id) == [issue]
    assert count(engine, t.snapshot) == 1


def a_run_of(engine: Engine, holder: Holder) -> int:
    with engine.begin() as connection:
        row = connection.execute(
            insert(t.run).values(
                source="world-bank",
                adapter="worldbank",
                status=RunStatus.RUNNING,
                started_at=datetime.now(UTC),
                host=holder.host,
                pid=holder.pid,
                holder=str(holder),
            )
        )
        return int((row.inserted_primary_key or (0,))[0])


@pytest.fixture
def sleeper(processes: Processes) -> Iterator[int]:
    process = processes.python("-c", "print('up', flush=True); import time; time.sleep(60)")
    assert process.stdout is not None
    process.stdout.readline()
    return process.pid


def test_a_live_process_holds_its_source(engine: Engine, sleeper: int) -> None:
    a_run_of(engine, process(sleeper))
    with pytest.raises(AlreadyRunningError, match=f"world-bank is being run by process {sleeper}"):
        open_run(engine)
    assert start_run(engine, "fred", "table", "", None) > 0


def test_a_number_that_another_process_has_now_holds_nothing(engine: Engine, sleeper: int) -> None:
    a_run_of(engine, dataclasses.replace(process(sleeper), born=1))
    open_run(engine)
    assert runs(engine)[1].status == RunStatus.INTERRUPTED


def test_the_run_of_a_dead_process_is_marked_interrupted(
    engine: Engine, processes: Processes
) -> None:
    ended = processes.python("-c", "print('up', flush=True); import time; time.sleep(60)")
    assert ended.stdout is not None
    ended.stdout.readline()
    dead = process(ended.pid)
    ended.kill()
    ended.wait()
    a_run_of(engine, dead)
    open_run(engine)
    a_run_of_another = dataclasses.replace(process(os.getpid()), host="another-machine")
    with engine.begin() as connection:
        connection.execute(update(t.run).values(holder=str(a_run_of_another)))
    open_run(engine)
    current, second, first = runs(engine)
    assert current.status == RunStatus.RUNNING
    for run in (first, second):
        assert (run.status, run.message) == (RunStatus.INTERRUPTED, "the process ended early")
        assert run.finished_at is not None


def test_two_runs_of_a_source_at_once_are_impossible(engine: Engine) -> None:
    open_run(engine)
    with pytest.raises(IntegrityError):
        a_run_of(engine, process(os.getpid()))


def test_a_run_that_was_given_up_for_dead_loads_nothing(engine: Engine) -> None:
    run_id = open_run(engine)
    open_run(engine)
    one = Load([a_vintage("2022-01-01", {"2020": "2"})], UNITS, ADAPTER)
    with pytest.raises(TakenOverError, match="marked interrupted"):
        load_series(engine, run_id, [one], "hash")
    with pytest.raises(TakenOverError):
        finish_unchanged(engine, run_id, "hash")
    assert spans(engine) == []
    fail_run(engine, run_id, RunStatus.FAILED, message="x", error_class="X")
    assert runs(engine)[1].status is RunStatus.INTERRUPTED


KILLED = """
    import sys, time
    from db import writer
    from tests.stores import a_vintage, load
    from db.engine import make_engine

    def stop(*_):
        print("in the middle", flush=True)
        time.sleep(60)

    writer._finish = stop
    figures = {str(year): "3" for year in range(1900, 2021)}
    load(make_engine(sys.argv[1]), a_vintage("2023-01-01", figures))
"""


def test_a_process_killed_in_the_middle_of_a_load_leaves_a_sound_database(
    engine: Engine, processes: Processes
) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "2"}))
    url = engine.url.render_as_string(hide_password=False)
    process = processes.python("-c", textwrap.dedent(KILLED), url)
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n", process.communicate()[1]
    process.send_signal(signal.SIGKILL)
    process.wait()

    again = make_engine(url)
    with again.connect() as connection:
        if not is_postgresql(again):
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert spans(again) == [("2020", "2", "2022-01-01", None)]
    assert runs(again)[0].status == RunStatus.RUNNING
    assert load(again, a_vintage("2023-01-01", {"2020": "3"})) == (0, 1, 0, 0, 0)
    assert [run.status for run in runs(again)] == [
        RunStatus.OK,
        RunStatus.INTERRUPTED,
        RunStatus.OK,
    ]
    again.dispose()


# --- any order of releases ---

FIGURES = st.dictionaries(
    st.sampled_from(["2018", "2019", "2020"]),
    st.sampled_from(["1", "1.0", "2", "26.1", "26.10", None]),
    max_size=3,
)
MOMENTS = ["2021-01-01", "2022-01-01", "2022-06-30", "2023-01-01"]


@st.composite
def loads_in_two_orders(draw: st.DrawFn) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Releases of two adapters and a table; one says one thing at one moment."""
    loads: list[tuple[Any, ...]] = []
    for origin in ("adapter/a", "adapter/b"):
        for moment in draw(st.lists(st.sampled_from(MOMENTS), unique=True, max_size=4)):
            vintage = a_vintage(moment, draw(FIGURES), complete=draw(st.booleans()))
            loads.append(([vintage], origin, False))
    table = [
        a_vintage(m, draw(FIGURES)) for m in draw(st.lists(st.sampled_from(MOMENTS), unique=True))
    ]
    loads.append((table, TABLE, True))
    return loads, draw(st.permutations(loads))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scratch(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database that each example empties."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('scratch') / 'x.db'}"
    else:
        url = request.getfixturevalue("postgres").create()
    engine = make_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()


def outcome(scratch: Engine, loads: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All that is stored after `loads`, without ids of runs."""
    with scratch.begin() as connection:
        for table in (t.observation, t.vintage, t.series, t.run):
            connection.execute(delete(table))
    run_id = open_run(scratch)
    for vintages, origin, replace in loads:
        load_series(scratch, run_id, [Load(vintages, UNITS, origin, replace)], "hash")
    with scratch.connect() as connection:
        intervals, releases = read_history(connection, KEY)
    assert shown(intervals) == shown(history(releases))
    return shown(intervals)


def shown(intervals: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [
        (
            each.time_period,
            str(each.valid_from),
            str(each.valid_to),
            str(each.reading.value),
            each.reading.obs_status,
            each.release.published_on,
        )
        for each in intervals
    ]


@settings(max_examples=settings.default.max_examples // 2)
@given(orders=loads_in_two_orders())
def test_any_order_of_loads_gives_the_same_history(scratch: Engine, orders: Any) -> None:
    one, other = orders
    assert outcome(scratch, one) == outcome(scratch, other)


@settings(max_examples=settings.default.max_examples // 2)
@given(orders=loads_in_two_orders())
def test_loading_everything_twice_changes_nothing(scratch: Engine, orders: Any) -> None:
    one, other = orders
    assert outcome(scratch, one) == outcome(scratch, [*one, *other])


@given(
    releases=st.lists(
        st.builds(
            lambda moment, figures, complete: a_vintage(moment, figures, complete=complete),
            st.sampled_from(MOMENTS),
            FIGURES,
            st.booleans(),
        ),
        unique_by=lambda vintage: vintage.valid_from,
        max_size=4,
    )
)
def test_at_every_moment_the_history_says_what_the_last_release_said(
    releases: list[Vintage],
) -> None:
    filed = [
        Release(
            v.valid_from,
            "a",
            {r.time_period: r for r in v.readings},
            v.complete,
            None,
            "day",
            1,
            None,
        )
        for v in releases
    ]
    intervals = history(filed)
    for moment in [day(m) for m in MOMENTS]:
        expected: dict[str, Decimal | None] = {}
        for release in sorted(filed, key=lambda r: r.valid_from):
            if release.valid_from <= moment:
                kept = {} if release.complete else expected
                expected = {**kept, **{p: r.value for p, r in release.readings.items()}}
        found = {
            i.time_period: i.reading.value
            for i in intervals
            if i.valid_from <= moment and (i.valid_to is None or moment < i.valid_to)
        }
        assert found == expected
    for before, after in itertools.pairwise(intervals):
        if before.time_period == after.time_period:
            assert before.valid_to is not None
            assert before.valid_to <= after.valid_from
