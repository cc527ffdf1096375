"""Engines: all knowledge of SQLite and PostgreSQL in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

__all__ = ["Engine", "make_engine", "reading"]

BUSY_MS = 30_000
"""How long a writer waits for another one."""


def make_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for `url`. `read_only` engines cannot write, whatever the code above asks.

    SQLite runs in WAL mode, so readers never wait for the writer, and every writing transaction
    begins with BEGIN IMMEDIATE: a deferred one that reads before it writes fails at once with
    "database is locked", in spite of the busy time-out. `reading` gives connections without it.
    Raises ValueError for an address that SQLAlchemy cannot read.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError(f"TWOTRACK_DATABASE_URL {url!r} is no database address") from error
    if parsed.get_backend_name() != "sqlite":
        options = {"options": "-c default_transaction_read_only=on"} if read_only else {}
        return create_engine(parsed, pool_pre_ping=True, connect_args=options)
    return _sqlite(parsed, read_only)


def _sqlite(url: URL, read_only: bool) -> Engine:
    if url.database and not read_only:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    address = url
    if read_only and url.database:
        address = URL.create(
            "sqlite", database=f"file:{quote(url.database)}", query={"mode": "ro", "uri": "true"}
        )
    # A reader keeps its connections; the writer opens one per transaction and leaves none behind.
    pool: type[QueuePool | NullPool] = QueuePool if read_only else NullPool
    engine = create_engine(
        address,
        poolclass=pool,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -64000")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = read_only or connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def reading(engine: Engine) -> Connection:
    """A connection that only reads: it neither waits for a writer nor makes one wait.

    However slowly it is read from, for example by a person who pages through an export.
    """
    return engine.connect().execution_options(reading=True)
