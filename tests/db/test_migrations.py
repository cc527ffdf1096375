from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

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


def test_what_alembic_does_not_compare_is_equal_too(engine: Engine, tmp_path: Path) -> None:
    """Defaults, WITHOUT ROWID, checks, partial indexes: the statements themselves."""
    direct = make_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(direct)

    def statements(of: Engine) -> dict[str, list[str]]:
        query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        with of.connect() as connection:
            return {
                name: sorted(part.strip(" \t,") for part in sql.splitlines())
                for name, sql in connection.execute(query)
                if name != "alembic_version"
            }

    assert statements(engine) == statements(direct)
    direct.dispose()


def test_an_upgrade_says_where_it_came_from(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert current_revision(engine) is None
    assert upgrade(engine) is None
    assert current_revision(engine) == HEAD
    assert upgrade(engine) == HEAD
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError, match=r"stands at revision 9999.*install the newer version"):
        upgrade(engine)
    assert current_revision(engine) == "9999"


def test_two_processes_may_upgrade_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(3)

    def work() -> None:
        engine = make_engine(f"sqlite:///{tmp_path / 'twotrack.db'}")
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
    engine = make_engine(f"sqlite:///{tmp_path / 'twotrack.db'}")
    assert current_revision(engine) == HEAD
    engine.dispose()


def test_an_upgrade_that_fails_leaves_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'broken.db'}")
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
