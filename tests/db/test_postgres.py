"""PostgreSQL, where it needs more than what every test of the two databases shows."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from dashboard.export.csv import observation_lines
from db import engine as engines
from db import tables as t
from db.engine import Engine, make_engine, reading, reason, shown
from db.queries import ObservationQuery, observations, series_keys
from db.records import SeriesKey
from db.writer import AlreadyRunningError
from tests.postgres import Server
from tests.processes import run_twotrack
from tests.stores import KEY, UNITS, Loaded, a_vintage, load, open_run, stored

COUNT = select(t.run.c.id)
ANY = ObservationQuery()


def address(engine: Engine) -> str:
    return str(engine.url.render_as_string(hide_password=False))


@pytest.fixture
def engine(postgresql_engine: Engine) -> Engine:
    return postgresql_engine


@pytest.fixture
def reader(engine: Engine) -> Iterator[Engine]:
    found = make_engine(address(engine), read_only=True)
    yield found
    found.dispose()


def setting(engine: Engine, name: str) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text(f"SHOW {name}")).scalar_one())


def test_time_outs_zone_and_mode(engine: Engine, reader: Engine) -> None:
    for each in (engine, reader):
        assert setting(each, "timezone") == "UTC"
        assert setting(each, "lock_timeout") == "30s"
        assert setting(each, "application_name") == "twotrack"
    assert setting(reader, "statement_timeout") == "1min"
    assert setting(engine, "statement_timeout") == "0"
    assert setting(reader, "transaction_isolation") == "repeatable read"
    assert (setting(reader, "transaction_read_only"), setting(engine, "transaction_read_only")) == (
        "on",
        "off",
    )


def test_options_in_the_address_are_kept(engine: Engine) -> None:
    url = engine.url.update_query_dict({"options": "-c work_mem=7MB", "connect_timeout": "3"})
    other = make_engine(url.render_as_string(hide_password=False))
    assert (setting(other, "work_mem"), setting(other, "timezone")) == ("7MB", "UTC")
    other.dispose()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM run", "CREATE TABLE x (id integer)", "UPDATE run SET pid = 1"]
)
def test_a_read_only_engine_and_a_reading_connection_refuse_to_write(
    engine: Engine, reader: Engine, statement: str
) -> None:
    for connection in (reader.connect(), reading(engine)):
        with connection, pytest.raises(DBAPIError, match="read-only transaction"):
            connection.execute(text(statement))
    with engine.begin() as connection:  # what was returned to the pool writes again
        connection.execute(text("DELETE FROM run"))


def test_what_is_read_is_of_one_moment(engine: Engine, reader: Engine) -> None:
    for connection in (reader.connect(), reading(engine)):
        with connection:
            before = connection.execute(COUNT).all()
            open_run(engine, "other")
            assert connection.execute(COUNT).all() == before


def test_readers_do_not_wait_for_a_writer(engine: Engine, reader: Engine) -> None:
    open_run(engine)
    with engine.begin() as writing:
        writing.execute(update(t.run).values(pid=1))
        for connection in (reader.connect(), reading(engine)):
            with connection:
                assert connection.execute(select(t.run.c.pid)).scalar_one() == os.getpid()


def test_a_writer_gives_up_after_its_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    open_run(engine)
    monkeypatch.setattr(engines, "BUSY_MS", 100)
    impatient = make_engine(address(engine))
    change = update(t.run).values(pid=1)
    with engine.begin() as connection:
        connection.execute(change)
        with pytest.raises(DBAPIError, match="lock timeout") as caught, impatient.begin() as second:
            second.execute(change)
    assert reason(caught.value).startswith("canceling statement due to lock timeout")
    impatient.dispose()


def test_of_two_that_begin_at_once_the_database_refuses_one(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"source": "world-bank", "adapter": "x", "status": "running"}
        moment = text("now()")
        connection.execute(insert(t.run).values(**row, started_at=moment))
        # Not committed: the other one cannot see it, and waits for it.
        begun = time.monotonic()
        second = make_engine(f"{address(engine)}&options=-c%20lock_timeout%3D200")
        with pytest.raises(DBAPIError, match="lock timeout"):
            open_run(second)
        assert time.monotonic() - begun < 5
    second.dispose()


def test_the_refusal_of_the_database_is_said(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_run(engine)
    monkeypatch.setattr("db.writer._close_run", lambda *_, **__: True)
    with pytest.raises(AlreadyRunningError, match="world-bank is being run by another process"):
        open_run(engine)


def test_a_child_does_not_use_its_parents_connections(engine: Engine) -> None:
    with engine.connect() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            os.write(theirs, str(found).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(ours, 20)) != mine
    os.close(ours)
    os.close(theirs)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == mine


def test_series_sort_by_their_bytes(engine: Engine, sqlite_engine: Engine) -> None:
    names = ["a-b", "a_b", "ab", "a.b".replace(".", "-c"), "aB", "Z", "ñ", "n", "z"]
    keys = [SeriesKey("homicide-rate", "rate", "A", "MEX", None, name) for name in names]
    found = []
    for each in (engine, sqlite_engine):
        for key in keys:
            load(each, a_vintage("2022-01-01", {"2020": "1"}, key=key), units=UNITS)
        assert [str(o.series) for o in observations(each, ANY)] == sorted(map(str, keys))
        found.append([str(key) for key in series_keys(each)])
    assert found[0] == found[1] == sorted(map(str, keys))


def test_facets_are_compared_with_their_case(engine: Engine, sqlite_engine: Engine) -> None:
    for each in (engine, sqlite_engine):
        load(each, a_vintage("2022-01-01", {"2020": "1"}))
        for value, count in (("compiled", 1), ("COMPILED", 0)):
            query = ObservationQuery(facets={"source-type": value})
            assert len(stored(each, query)) == count
    assert KEY.facets == "source-type=compiled"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:secret@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:a@b:c@h:5/d?x=1", "postgresql://u:***@h:5/d?x=1"),
        ("postgresql://h/d?user=u&password=secret&x=1", "postgresql://h/d?user=u&password=***&x=1"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_passwords_are_not_shown(url: str, expected: str) -> None:
    assert shown(url) == expected


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_it_means_psycopg_3(name: str) -> None:
    pytest.importorskip("psycopg")
    assert make_engine(f"{name}://h/d").url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "postgresql+psycopg2://u:secret@h/d"])
def test_another_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite .* and PostgreSQL .* are understood") as caught:
        make_engine(url)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(engines, "create_engine", missing)
    with pytest.raises(ValueError, match="the extra `postgres`"):
        make_engine("postgresql://h/d")


def test_the_command_works_on_it(postgres: Server, loaded: Loaded, tmp_path: Path) -> None:
    url = postgres.create()
    env = {"TWOTRACK_DATABASE_URL": url, "TWOTRACK_HOME": str(tmp_path)}
    done = run_twotrack(["ingest", "run", "pew"], env)
    assert done.returncode == 0, done.stderr
    engine = make_engine(url)
    there, here = (
        "".join(observation_lines(each, loaded.catalog, ObservationQuery(source="pew")))
        for each in (engine, loaded.engine)
    )
    rows = [[line.split(",")[1:9] for line in text.splitlines()] for text in (there, here)]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 1
    engine.dispose()
    postgres.drop(url)


def test_a_server_that_is_away_is_said() -> None:
    env = {"TWOTRACK_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/d"}
    done = run_twotrack(["db", "upgrade"], env)
    assert done.returncode == 2
    assert "postgresql://u:***@127.0.0.1:1/d: connection failed" in done.stderr
    assert "secret" not in done.stderr
