from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import String, inspect, text
from sqlalchemy.exc import IntegrityError

from db import migrations
from db.engine import Engine, make_engine
from db.migrations import HEAD, current_revision, upgrade
from db.tables import metadata


@pytest.fixture
def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_head_is_the_newest_script_of_one_line(scripts: ScriptDirectory) -> None:
    assert scripts.get_heads() == [HEAD]
    assert len(scripts.get_bases()) == 1


def test_the_tables_are_those_that_the_scripts_make(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def parts(sql: str) -> list[str]:
    """The clauses of a CREATE statement: columns that came later stand last, as they may."""
    head, _, body = " ".join(sql.split()).partition("(")
    found, depth = [""], 0
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if depth < 0 or (letter == "," and depth == 0):
            found.append("")
        else:
            found[-1] += letter
    return [head.strip(), *sorted(part.strip() for part in found)]


def test_what_alembic_does_not_compare_is_equal_too(sqlite_engine: Engine, tmp_path: Path) -> None:
    """Defaults, WITHOUT ROWID, checks, partial indexes: the statements themselves."""
    direct = make_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(direct)

    def statements(of: Engine) -> dict[str, list[str]]:
        query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        with of.connect() as connection:
            return {
                name: parts(sql)
                for name, sql in connection.execute(query)
                if name != "alembic_version"
            }

    assert statements(sqlite_engine) == statements(direct)
    direct.dispose()


def test_an_upgrade_says_where_it_came_from(new_url: Callable[[], str]) -> None:
    engine = make_engine(new_url())
    assert current_revision(engine) is None
    assert upgrade(engine) is None
    assert current_revision(engine) == HEAD
    assert upgrade(engine) == HEAD
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    new_url: Callable[[], str],
) -> None:
    engine = make_engine(new_url())
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError, match=r"stands at revision 9999.*install the newer version"):
        upgrade(engine)
    assert current_revision(engine) == "9999"
    engine.dispose()


def test_two_processes_may_upgrade_at_once(new_url: Callable[[], str]) -> None:
    url = new_url()
    failures: list[BaseException] = []
    barrier = threading.Barrier(3)

    def work() -> None:
        engine = make_engine(url)
        barrier.wait()
        try:
            upgrade(engine)
        except Exception as error:
            failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    engine = make_engine(url)
    assert current_revision(engine) == HEAD
    engine.dispose()


def test_an_upgrade_that_fails_leaves_no_table(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(new_url())
    made = Operations.create_table

    def break_off(self: Operations, name: str, *columns: object, **named: object) -> object:
        if name == "vintage":
            raise OSError("no space left on device")
        return made(self, name, *columns, **named)

    monkeypatch.setattr(Operations, "create_table", break_off)
    with pytest.raises(OSError, match="no space left"):
        upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    monkeypatch.undo()
    upgrade(engine)
    assert current_revision(engine) == HEAD
    engine.dispose()


def test_the_second_schema_ends_all_but_the_newest_of_several_runs(
    new_url: Callable[[], str],
) -> None:
    engine = make_engine(new_url())
    upgrade(engine, "0001")
    insert = text(
        "INSERT INTO run (source, adapter, status, started_at) "
        "VALUES (:source, 'x', :status, '2026-01-01 00:00:00')"
    )
    with engine.begin() as connection:
        for source, status in (("a", "running"), ("a", "ok"), ("a", "running"), ("b", "running")):
            connection.execute(insert, {"source": source, "status": status})
    assert upgrade(engine) == "0001"
    found = text("SELECT status FROM run ORDER BY id")
    with engine.connect() as connection:
        states = connection.execute(found).scalars().all()
    assert states == ["interrupted", "ok", "running", "running"]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert, {"source": "a", "status": "running"})
    engine.dispose()


def test_every_text_of_postgresql_sorts_by_its_bytes(postgresql_engine: Engine) -> None:
    query = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND collation_name = 'C'"
    )
    with postgresql_engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(query)}
    # Decimals are kept as text, which has no order that would mean anything.
    texts = {
        (column.table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String)
    }
    assert texts - found == set()
