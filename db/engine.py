"""Engines: all knowledge of SQLite and PostgreSQL in one place."""

from __future__ import annotations

import os
import re
import weakref
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

__all__ = [
    "DatabaseError",
    "Engine",
    "is_postgresql",
    "is_there",
    "make_engine",
    "reading",
    "reason",
    "shown",
]

BUSY_MS = 30_000
"""How long a writer waits for another one."""
READ_MS = 60_000
"""How long one statement of a read-only engine may take (PostgreSQL)."""
CONNECT_SECONDS = 10
"""How long a server may take to answer (PostgreSQL)."""

DatabaseError = DBAPIError
"""What a database raises: it is away, full, locked, or refuses a value."""

_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
_pooled: weakref.WeakSet[Engine] = weakref.WeakSet()


def make_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for `url`. `read_only` engines cannot write, whatever the code above asks.

    SQLite runs in WAL mode, so readers never wait for the writer, and every writing transaction
    begins with BEGIN IMMEDIATE: a deferred one that reads before it writes fails at once with
    "database is locked", in spite of the busy time-out. `reading` gives connections without it.
    PostgreSQL is reached through psycopg 3, the extra `postgres`.
    Raises ValueError for an address that is of neither database.
    """
    parsed = _parsed(url)
    if parsed.drivername in _POSTGRESQL:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), read_only)
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _sqlite(parsed, read_only)
    raise ValueError(
        f"TWOTRACK_DATABASE_URL {shown(url)!r} is an address of {parsed.drivername}; "
        "those of SQLite (sqlite:///file) and PostgreSQL (postgresql://host/name) are understood"
    )


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise ValueError(f"TWOTRACK_DATABASE_URL {shown(url)!r} is no database address") from error


def is_there(url: str) -> bool:
    """Whether there is a database to read, as far as it can be known without making one.

    Raises ValueError for an address that is no database's.
    """
    parsed = _parsed(url)
    if parsed.drivername in _POSTGRESQL:
        return True
    return parsed.database is not None and Path(parsed.database).is_file()


def is_postgresql(engine: Engine | Connection) -> bool:
    """Whether it is PostgreSQL; else it is SQLite."""
    return engine.dialect.name == "postgresql"


def shown(url: str) -> str:
    """An address as it may be printed: without its password."""
    hidden = re.sub(r"(?<=://)([^/@:]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)([?&]password=)[^&]*", r"\1***", hidden)


def reason(error: DBAPIError) -> str:
    """The database's own words, on one line, without the statement and its values."""
    return " ".join(str(error.orig).split())


def _postgresql(url: URL, read_only: bool) -> Engine:
    # Moments come back in UTC. A reader sees one state in all its statements, as on SQLite.
    settings = ["timezone=UTC", f"lock_timeout={BUSY_MS}"]
    if read_only:
        settings += [
            "default_transaction_read_only=on",
            r"default_transaction_isolation=repeatable\ read",
            f"statement_timeout={READ_MS}",
        ]
    asked = url.query.get("options", "")
    options = " ".join([*(f"-c {each}" for each in settings), str(asked)]).strip()
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "utf8",
        "application_name": "twotrack",
        # A server that has vanished is noticed in a minute, not after hours.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": BUSY_MS,
    }
    chosen = {name: value for name, value in arguments.items() if name not in url.query}
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={**chosen, "options": options})
    except ModuleNotFoundError as error:
        message = "PostgreSQL needs psycopg: pip install 'psycopg[binary]', or the extra `postgres`"
        raise ValueError(message) from error
    _pooled.add(engine)
    return engine


def _forget() -> None:
    """In a child that was forked: the connections are the parent's, who goes on using them."""
    for engine in _pooled:
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


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
        cursor.execute("PRAGMA case_sensitive_like = ON")  # as on PostgreSQL
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

    However slowly it is read from, for example by a person who pages through an export. All that
    it reads is of one moment.
    """
    if is_postgresql(engine):
        return engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return engine.connect().execution_options(reading=True)
