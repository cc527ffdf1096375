from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from db import copy as copying
from db import tables as t
from db.copy import Checksum, CopyError, canonical, copy_database
from db.engine import Engine, make_engine
from db.migrations import HEAD, current_revision, upgrade
from db.queries import ObservationQuery, claims, runs
from db.records import RunStatus
from db.tables import metadata
from tests.processes import run_twotrack
from tests.stores import Loaded, a_vintage, empty, load, open_run, stored


@pytest.fixture
def target(new_url: Callable[[], str]) -> Iterator[Engine]:
    """A database without a table."""
    engine = make_engine(new_url())
    yield engine
    engine.dispose()


def test_everything_arrives_as_it_was(loaded: Loaded, target: Engine) -> None:
    copied = {each.table: each for each in copy_database(loaded.engine, target)}
    assert copied.keys() == metadata.tables.keys() - {"lease"}
    assert copied["observation"].rows == len(stored(loaded.engine))
    assert current_revision(target) == HEAD
    assert stored(target) == stored(loaded.engine)
    assert claims(target) == claims(loaded.engine)
    assert runs(target, limit=999) == runs(loaded.engine, limit=999)


def test_there_and_back_gives_the_same_checksums(
    loaded: Loaded, target: Engine, tmp_path: Path
) -> None:
    there = copy_database(loaded.engine, target)
    home = make_engine(f"sqlite:///{tmp_path / 'home.db'}")
    assert copy_database(target, home) == there
    home.dispose()


def test_work_goes_on_in_the_copy(sqlite_engine: Engine, target: Engine) -> None:
    load(sqlite_engine, a_vintage("2022-01-01", {"2020": "2"}))
    open_run(sqlite_engine, "other")
    copy_database(sqlite_engine, target)
    assert load(target, a_vintage("2023-01-01", {"2020": "3"})) == (0, 1, 0, 0, 0)
    assert [run.id for run in runs(target)] == [3, 2, 1]
    open_run(target, "other")
    assert runs(target)[2].status is RunStatus.INTERRUPTED


def test_a_leader_leads_no_copy(sqlite_engine: Engine, target: Engine) -> None:
    row = {"name": "schedule", "holder": "x", "renewed_at": MOMENT, "expires_at": MOMENT}
    with sqlite_engine.begin() as connection:
        connection.execute(insert(t.lease), row)
    copy_database(sqlite_engine, target)
    with target.connect() as connection:
        assert connection.execute(select(t.lease)).all() == []


MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_target_that_is_not_empty_is_refused_and_left_alone(
    sqlite_engine: Engine, target: Engine
) -> None:
    upgrade(target)
    load(target, a_vintage("2022-01-01", {"2020": "2"}))
    before = stored(target)
    with pytest.raises(CopyError, match=r"the target is not empty: .* 1 rows"):
        copy_database(sqlite_engine, target)
    assert stored(target) == before
    empty(target)
    assert copy_database(sqlite_engine, target)


def test_a_database_of_something_else_is_not_touched(sqlite_engine: Engine, target: Engine) -> None:
    with target.begin() as connection:
        connection.execute(text("CREATE TABLE customer (id INTEGER)"))
    with pytest.raises(CopyError, match=r"not empty: it has other tables \(customer\)"):
        copy_database(sqlite_engine, target)
    assert current_revision(target) is None


@pytest.mark.parametrize("step", ["_checksum", "_continue_sequences"])
def test_what_does_not_arrive_whole_leaves_nothing(
    sqlite_engine: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    load(sqlite_engine, a_vintage("2022-01-01", {"2020": "2"}))
    if step == "_checksum":
        real = copying._checksum

        def broken(connection: object, table: object) -> Checksum:
            found = real(connection, table)  # type: ignore[arg-type]
            if table is t.observation:
                found.add(["a row more"])
            return found

        monkeypatch.setattr(copying, step, broken)
        expected = r"observation: [\d,]+ rows with checksum \w+ were read, [\d,]+ with \w+ stand"
        with pytest.raises(CopyError, match=expected):
            copy_database(sqlite_engine, target)
    else:

        def full(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(copying, step, full)
        monkeypatch.setattr(copying, "_checksum", full)
        with pytest.raises(OSError, match="disk full"):
            copy_database(sqlite_engine, target)
    monkeypatch.undo()
    assert copy_database(sqlite_engine, target)


def test_an_old_source_is_refused(target: Engine, tmp_path: Path) -> None:
    old = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(old, "0001")
    with pytest.raises(CopyError, match="does not stand at the newest revision"):
        copy_database(old, target)
    old.dispose()


def test_text_that_the_target_refuses_is_named(
    sqlite_engine: Engine, postgresql_engine: Engine
) -> None:
    with sqlite_engine.begin() as connection:
        row = {"source": "a", "adapter": "x", "status": "ok", "started_at": MOMENT}
        connection.execute(insert(t.run), {**row, "message": "zero \0 byte"})
    with pytest.raises(CopyError, match=r"run: .*NUL"):
        copy_database(sqlite_engine, postgresql_engine)
    assert runs(postgresql_engine) == []


# --- checksums ---

ROWS = [
    ["a", 1, None, 0.1, Decimal("26.10"), date(2026, 1, 1), MOMENT, b"\0\xff", True],
    ["a", 1, None, 0.1, Decimal("26.1"), date(2026, 1, 1), MOMENT, b"\0\xff", True],
    ["", 0, None, -0.0, Decimal(0), date(1, 1, 1), MOMENT, b"", False],
]


def checksum(rows: list[list[object]]) -> str:
    found = Checksum()
    for row in rows:
        found.add(row)
    return found.text


def test_the_order_of_rows_does_not_count_their_number_and_their_values_do() -> None:
    whole = checksum(ROWS)
    for seed in range(5):
        assert checksum(random.Random(seed).sample(ROWS, 3)) == whole
    others = [ROWS[:2], [*ROWS, ROWS[0], ROWS[0]], [ROWS[0], ROWS[0], ROWS[2]]]
    assert len({whole, *map(checksum, others)}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", 1), (1, 1.0), (1, Decimal(1)), (None, "null"), ("", None), (b"a", "61"), (0.0, -0.0)],
)
def test_unlike_values_have_unlike_texts(one: object, other: object) -> None:
    assert canonical([one]) != canonical([other])


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no canonical text"):
        canonical([object()])


# --- the command ---


def test_the_command_copies_and_says_so(
    loaded: Loaded, new_url: Callable[[], str], tmp_path: Path
) -> None:
    loaded.copy(tmp_path).dispose()
    url, env = new_url(), {"TWOTRACK_HOME": str(tmp_path)}
    done = run_twotrack(["db", "copy", "--to", url], env)
    assert done.returncode == 0, done.stderr
    rows = len(stored(loaded.engine, ObservationQuery(history=True)))
    assert any(line.split()[:2] == ["observation", f"{rows:,}"] for line in done.stdout.split("\n"))
    assert "copied and verified:" in done.stdout


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("mysql://u:secret@h/d", "--to 'mysql://u:***@h/d' is an address of mysql"),
        ("postgresql://u:secret@127.0.0.1:1/d", "Connection refused"),
    ],
)
def test_a_target_that_cannot_be_had_is_said(tmp_path: Path, to: str, said: str) -> None:
    done = run_twotrack(["db", "copy", "--to", to], {"TWOTRACK_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
