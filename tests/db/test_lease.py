from __future__ import annotations

import dataclasses
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from db import lease as leases
from db import tables as t
from db.engine import Engine, make_engine
from db.lease import Lease, _RowLease, _Session, make_lease, wait_to_lead
from db.migrations import upgrade
from db.process import Holder, alive, process, this_process
from db.queries import runs
from db.records import RunStatus
from db.writer import AlreadyRunningError
from tests.processes import Processes
from tests.stores import open_run

SOON = 60.0
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def until(condition: Callable[[], Any], seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def other(processes: Processes) -> Holder:
    """Another live process of this machine."""
    child = processes.python("-c", "print('up', flush=True); import time; time.sleep(60)")
    assert child.stdout is not None
    child.stdout.readline()
    return process(child.pid)


# --- processes ---


def test_a_process_knows_itself_and_its_text() -> None:
    me = this_process()
    assert (me.pid, alive(me)) == (os.getpid(), True)
    assert Holder.parse(str(me)) == me
    assert me.number == this_process().number


@pytest.mark.parametrize("words", ["", "a/b/c", "a/b/c/1", "host/boot/-1/2"])
def test_what_is_no_holder_is_none(words: str) -> None:
    assert Holder.parse(words) is None


def test_the_dead_the_reborn_and_those_elsewhere(other: Holder) -> None:
    assert alive(other) is True
    assert alive(dataclasses.replace(other, born=other.born - 1)) is False
    assert alive(dataclasses.replace(other, host="another-machine")) is None
    assert alive(dataclasses.replace(other, machine="after a restart")) is None
    os.kill(other.pid, signal.SIGKILL)  # not waited for: a zombie is dead, too
    until(lambda: alive(other) is False)


# --- SQLite: a row with a term ---


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lease(sqlite_engine: Engine, clock: Clock) -> Iterator[_RowLease]:
    found = _RowLease(sqlite_engine, 60, clock=clock)
    yield found
    found.release()


def row_of(engine: Engine, holder: Holder, renewed: datetime = NOW) -> None:
    """Let another process lead, which renewed its term of a minute."""
    with engine.begin() as connection:
        connection.execute(t.lease.delete())
        connection.execute(
            insert(t.lease).values(
                name="schedule",
                holder=str(holder),
                renewed_at=renewed,
                expires_at=renewed + timedelta(seconds=60),
            )
        )


def test_a_free_lease_is_taken_kept_and_given_back(
    sqlite_engine: Engine, lease: _RowLease, clock: Clock
) -> None:
    assert lease.held()
    clock.now += timedelta(days=1)
    assert lease.held()
    with sqlite_engine.connect() as connection:
        row = connection.execute(select(t.lease)).one()
    assert (row.holder, row.expires_at) == (str(this_process()), clock.now + timedelta(seconds=60))
    lease.release()
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(t.lease)).all() == []


@pytest.mark.parametrize(
    ("seconds", "taken"), [(0, False), (59, False), (60, True), (86_400, True), (-4, False)]
)
def test_a_live_leader_keeps_its_term(
    sqlite_engine: Engine,
    lease: _RowLease,
    clock: Clock,
    other: Holder,
    seconds: int,
    taken: bool,
) -> None:
    row_of(sqlite_engine, other)
    clock.now += timedelta(seconds=seconds)
    assert lease.held() is taken


def test_a_clock_that_was_set_back_does_not_leave_the_schedule_without_a_leader(
    sqlite_engine: Engine, lease: _RowLease, clock: Clock, other: Holder
) -> None:
    elsewhere = dataclasses.replace(other, host="another-machine")
    row_of(sqlite_engine, elsewhere)
    clock.now -= timedelta(days=1)
    assert lease.held()


def test_a_dead_leader_is_followed_at_once(
    sqlite_engine: Engine, lease: _RowLease, other: Holder
) -> None:
    row_of(sqlite_engine, other)
    assert not lease.held()
    os.kill(other.pid, signal.SIGKILL)
    until(lease.held)


def test_whoever_lost_the_lease_knows_when_asked(
    sqlite_engine: Engine, lease: _RowLease, clock: Clock, other: Holder
) -> None:
    """The other one's clock is a day ahead: two may lead until the first one's next step."""
    assert lease.held()
    row_of(sqlite_engine, other, NOW + timedelta(seconds=1))
    assert not lease.held()
    lease.release()
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(t.lease.c.holder)).scalar_one() == str(other)


def test_a_term_is_renewed_while_nobody_asks(sqlite_engine: Engine) -> None:
    lease = make_lease(sqlite_engine, seconds=0.3)
    assert lease.held()

    def expires() -> datetime:
        with sqlite_engine.connect() as connection:
            return connection.execute(select(t.lease.c.expires_at)).scalar_one()

    first = expires()
    until(lambda: expires() > max(first + timedelta(seconds=0.3), datetime.now(UTC)))
    lease.release()


def test_a_lease_is_given_back_without_waiting_for_a_writer(sqlite_engine: Engine) -> None:
    lease = make_lease(sqlite_engine)
    assert lease.held()
    with sqlite_engine.begin():
        began = time.monotonic()
        lease.release()
        assert time.monotonic() - began < 3


# --- PostgreSQL: a lock of a session ---


@pytest.fixture
def second_engine(postgresql_engine: Engine) -> Iterator[Engine]:
    engine = make_engine(postgresql_engine.url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def test_one_of_two_sessions_leads(postgresql_engine: Engine, second_engine: Engine) -> None:
    first, second = make_lease(postgresql_engine), make_lease(second_engine)
    assert [first.held(), second.held(), first.held()] == [True, False, True]
    first.release()
    assert [second.held(), first.held()] == [True, False]
    second.release()


def test_a_leader_whose_session_broke_knows_when_asked(
    postgresql_engine: Engine, second_engine: Engine
) -> None:
    first, second = make_lease(postgresql_engine), make_lease(second_engine)
    assert first.held()
    with second_engine.connect() as connection:
        others = text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        connection.execute(others)
    until(second.held)
    assert not first.held()
    second.release()
    assert first.held()
    first.release()


def test_a_process_on_another_machine_holds_its_run_as_long_as_it_lives(
    postgresql_engine: Engine, second_engine: Engine, other: Holder
) -> None:
    elsewhere = dataclasses.replace(other, host="another-machine")
    open_run(postgresql_engine)
    with postgresql_engine.begin() as connection:
        connection.execute(update(t.run).values(host=elsewhere.host, holder=str(elsewhere)))
    presence = _Session(second_engine, elsewhere.number)
    assert presence.held()
    with pytest.raises(AlreadyRunningError, match=r"run by process \d+ on another-machine"):
        open_run(postgresql_engine)
    presence.release()
    open_run(postgresql_engine)
    assert runs(postgresql_engine)[1].status is RunStatus.INTERRUPTED


def test_a_process_that_runs_a_source_is_present(
    postgresql_engine: Engine, second_engine: Engine
) -> None:
    open_run(postgresql_engine)
    mine = _Session(second_engine, this_process().number)
    assert not mine.held()
    postgresql_engine.dispose()
    until(mine.held)
    mine.release()


# --- either ---


def test_one_who_waits_says_so_once_and_then_leads() -> None:
    answers, said = iter([False, False, True]), []

    class Slow(Lease):
        def held(self) -> bool:
            return next(answers)

    wait_to_lead(Slow(), lambda: said.append("waits"), poll=0.001)
    assert (said, list(answers)) == (["waits"], [])


SOURCES = 12


def only_extras(config: Path) -> None:
    """Pause all sources but `extra-0` and so on, each with a small table of its own."""
    for path in (config / "sources").glob("*.yaml"):
        words = path.read_text(encoding="utf-8")
        if "\npaused: true" not in words:
            path.write_text(f"{words.rstrip()}\npaused: true\n", encoding="utf-8")
    for number in range(SOURCES):
        add_source(config, f"extra-{number}")


def add_source(config: Path, name: str) -> None:
    words = (config / "sources/white-house.yaml").read_text(encoding="utf-8")
    words = words.replace("id: white-house", f"id: {name}", 1).replace("\npaused: true", "")
    table = (config / "tables/tariff-threat.white-house.csv").read_text(encoding="utf-8")
    path = config / f"tables/tariff-threat.{name}.csv"
    path.write_text(table.replace(",white-house,", f",{name},"), encoding="utf-8")
    (config / f"sources/{name}.yaml").write_text(words, encoding="utf-8")


def counts(engine: Engine) -> dict[str, int]:
    """Runs of each source that have ended."""
    c = t.run.c
    ended = select(c.source, func.count()).where(c.status != RunStatus.RUNNING).group_by(c.source)
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(ended)}


def test_two_schedules_run_nothing_twice_and_one_follows_the_other(
    new_url: Callable[[], str], config_copy: Path, tmp_path: Path, processes: Processes
) -> None:
    only_extras(config_copy)
    url = new_url()
    env = {
        "TWOTRACK_DATABASE_URL": url,
        "TWOTRACK_HOME": str(tmp_path),
        "TWOTRACK_CONFIG_DIR": str(config_copy),
    }
    both = {}
    for _ in range(2):
        child = processes.python("-m", "twotrack", "schedule", env=env)
        both[child.pid] = child
    engine = make_engine(url)
    upgrade(engine)
    until(lambda: len(counts(engine)) == SOURCES)
    time.sleep(leases.POLL_SECONDS + 0.5)
    assert set(counts(engine).values()) == {1}
    with engine.connect() as connection:
        (leader,) = connection.execute(select(t.run.c.pid).distinct()).scalars()
    add_source(config_copy, "late")
    both[leader].kill()
    both.pop(leader).wait()
    began = time.monotonic()
    until(lambda: "late" in counts(engine))
    assert time.monotonic() - began < 10
    (follower,) = both.values()
    follower.terminate()
    _, said = follower.communicate(timeout=SOON)
    assert follower.returncode == 0
    assert "another process leads; waiting" in said
    assert "Traceback" not in said
    assert set(counts(engine).values()) == {1}
    engine.dispose()
