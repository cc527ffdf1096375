"""Alembic, one linear history, valid on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text

from db.engine import is_postgresql, reading

HEAD = "0003"
"""The newest revision. The suite checks it against the scripts; it saves importing Alembic."""
_LOCK = int.from_bytes(b"2trackUP")
"""The advisory lock of an upgrade on PostgreSQL: of two at once, one waits for the other."""


def current_revision(engine: Engine) -> str | None:
    """The revision that a database stands at; None for an empty one."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, revision: str = HEAD) -> str | None:
    """Bring a database to HEAD. Returns the revision it came from, or HEAD if it stood there.

    Raises RuntimeError for a database that a newer Two-Track has written.
    """
    before = current_revision(engine)
    if before == revision:
        return before
    from alembic import command  # noqa: PLC0415 -- 0.3 s that a warm start need not pay
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        ScriptDirectory.from_config(config).get_revision(before or "base")
    except CommandError as error:
        message = f"the database stands at revision {before}, which this version does not know"
        raise RuntimeError(f"{message}: install the newer version that wrote it") from error
    with engine.begin() as connection:
        if is_postgresql(engine):  # SQLite's writers wait for one another as it is
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return before
