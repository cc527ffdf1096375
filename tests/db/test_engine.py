from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from config.settings import Settings
from db import engine as engines
from db.engine import Engine, make_engine, reading
from db.migrations import upgrade
from db.writer import start_run

INSERT = text(
    "INSERT INTO run (source, adapter, status, started_at) "
    "VALUES ('a', 'b', 'running', '2026-01-01 00:00:00.000000')"
)


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What follows is about SQLite; test_postgres.py is about the other one."""
    return sqlite_engine


def address(engine: Engine) -> str:
    return str(engine.url.render_as_string(hide_password=False))


def reader_of(engine: Engine) -> Engine:
    return make_engine(address(engine), read_only=True)


def test_the_database_is_in_wal_mode_and_keeps_its_references(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO issue VALUES (1, 1, 'error', 'x', 'x', 'x', 'x')",
        "DELETE FROM run",
        "CREATE TABLE other (id INTEGER)",
        "PRAGMA user_version = 7",
    ],
)
def test_a_read_only_engine_refuses_to_write(engine: Engine, statement: str) -> None:
    reader = reader_of(engine)
    with (
        pytest.raises(OperationalError, match="attempt to write a readonly database"),
        reader.connect() as connection,
    ):
        connection.execute(text(statement))
    reader.dispose()


def test_a_read_only_engine_does_not_create_a_database(tmp_path: Path) -> None:
    reader = make_engine(f"sqlite:///{tmp_path / 'none.db'}", read_only=True)
    with pytest.raises(OperationalError, match="unable to open"), reader.connect() as connection:
        connection.execute(text("SELECT 1"))
    reader.dispose()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a b", "100%", "a#b", "ñandú", "50%25", "a?mode=rwc&b"])
def test_any_folder_name_can_be_read(tmp_path: Path, name: str) -> None:
    url = Settings(home=tmp_path / name).url
    writer = make_engine(url)
    upgrade(writer)
    writer.dispose()
    reader = make_engine(url, read_only=True)
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 0
    reader.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_readers_go_on_while_a_writer_writes(engine: Engine) -> None:
    reader = reader_of(engine)
    with engine.begin() as writing:
        writing.execute(INSERT)
        for reads in (reader.connect(), reading(engine)):
            with reads as connection:
                assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 0
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 1
    reader.dispose()


def test_a_slow_reader_does_not_hold_up_a_writer(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(text("SELECT count(*) FROM run")).scalar()
        began = time.monotonic()
        start_run(engine, "a", "table", "", None)
        assert time.monotonic() - began < 5


def test_a_second_writer_waits_for_the_first(engine: Engine) -> None:
    held, order = threading.Event(), []

    def second() -> None:
        held.wait()
        with engine.begin() as connection:
            # A plain BEGIN that reads before it writes would fail at once.
            count = connection.execute(text("SELECT count(*) FROM run")).scalar()
            order.append(f"second sees {count}")

    thread = threading.Thread(target=second)
    thread.start()
    with engine.begin() as connection:
        held.set()
        time.sleep(0.2)
        connection.execute(INSERT)
        order.append("first writes")
    thread.join()
    assert order == ["first writes", "second sees 1"]


def test_a_writer_gives_up_after_its_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 100)
    impatient = make_engine(address(engine))
    with (
        engine.begin(),
        pytest.raises(OperationalError, match="database is locked"),
        impatient.begin(),
    ):
        pass
    impatient.dispose()


@pytest.mark.parametrize("url", ["not an address", "sqlite", ""])
def test_an_address_that_cannot_be_read_is_said(url: str) -> None:
    with pytest.raises(ValueError, match="is no database address"):
        make_engine(url)


def test_folders_are_made_for_a_database_that_is_written(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'x.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER)"))
    engine.dispose()
    assert (tmp_path / "a" / "b" / "x.db").is_file()
