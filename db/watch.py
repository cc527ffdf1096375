"""The version of the data, asked for so cheaply that every request may ask."""

from __future__ import annotations

import os
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from db.queries import data_version


class Watch:
    """Answers as `db.queries.data_version` does, and puts its question only when it has to.

    SQLite tells a connection by `PRAGMA data_version` whether any other one, of this process or of
    another, has committed since (https://www.sqlite.org/pragma.html#pragma_data_version): while
    none has, the last answer holds. PostgreSQL has no such word, and is asked each time. Safe to
    share between threads, and to carry across a fork.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Databases in memory are another one on each connection.
        named = engine.url.database not in {None, "", ":memory:"}
        self._marks = engine.dialect.name == "sqlite" and named
        self._lock = Lock()
        self._connection: Any = None
        self._process = 0
        self._seen: tuple[int, str] | None = None

    def version(self) -> str:
        """A word that changes whenever a run has finished. Raises DBAPIError as queries do."""
        if not self._marks:
            return data_version(self._engine)
        with self._lock:
            try:
                mark = self._mark()
            except self._engine.dialect.loaded_dbapi.Error:
                self._drop()
                return data_version(self._engine)
            # In this order: what is committed between the two is met by the next question.
            if self._seen is None or self._seen[0] != mark:
                self._seen = mark, data_version(self._engine)
            return self._seen[1]

    def _mark(self) -> int:
        if self._process != os.getpid():
            # Whatever was open is the parent's. One connection stays open: marks of two
            # connections do not compare.
            fairy = self._engine.raw_connection()
            fairy.detach()
            self._connection, self._process, self._seen = fairy, os.getpid(), None
        cursor = self._connection.cursor()
        try:
            found: int = cursor.execute("PRAGMA data_version").fetchone()[0]
        finally:
            cursor.close()
        return found

    def close(self) -> None:
        """Let the connection go; the next question opens another."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection, self._process, self._seen = None, 0, None
