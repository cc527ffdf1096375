"""Who leads, and who is at work: one scheduler of several, one run of a source at a time.

On PostgreSQL both are advisory locks of a session of their own, which end with the process however
it ends, on whichever machine. (A pooler that shares sessions between clients breaks them: give
Two-Track sessions of its own.) On SQLite the leader keeps a row with a term, which it renews; a row
whose term is over, or whose process is dead, is free to take.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row, delete, event, func, insert, select, update

from db import tables as t
from db.engine import DatabaseError, is_postgresql, reading
from db.process import Holder, alive, this_process

log = logging.getLogger(__name__)

TERM_SECONDS = 60.0
"""How long a leader on SQLite may be silent. It renews three times in a term."""
POLL_SECONDS = 2.0
"""How often one who waits looks again."""
RELEASE_MS = 500
SLACK = timedelta(seconds=5)
"""A row that was renewed in the future by more than this tells of a clock that was set back."""
_LEADER = int.from_bytes(b"2trackLD")


class Lease(Protocol):
    """Leadership. Whoever acts on it asks `held` before each thing that he does."""

    def held(self) -> bool:
        """Take it if it is free, keep it if it is ours. False: another process leads."""

    def release(self) -> None:
        """Let the next one lead at once."""


def make_lease(engine: Engine, *, seconds: float = TERM_SECONDS) -> Lease:
    """The lease of the schedule in a database. `seconds`: its term, on SQLite."""
    return _SessionLease(engine) if is_postgresql(engine) else _RowLease(engine, seconds)


def wait_to_lead(lease: Lease, waits: Callable[[], None], poll: float = POLL_SECONDS) -> None:
    """Return as soon as the lease is ours; `waits` is called once if that takes time."""
    if lease.held():
        return
    waits()
    while not lease.held():
        time.sleep(poll)


class _Session:
    """A connection of its own that holds one advisory lock for as long as it lives."""

    def __init__(self, engine: Engine, number: int) -> None:
        self._engine = engine
        self._number = number
        self._connection: Connection | None = None

    def held(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.execute(select(1))
            except DatabaseError:
                log.warning("the session that held a lock is lost; it is asked for again")
                self.release()
            else:
                return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Should this machine vanish, the server notices within half a minute.
        for name, value in (("idle", 10), ("interval", 5), ("count", 3)):
            connection.exec_driver_sql(f"SET tcp_keepalives_{name} = {value}")
        lock = select(func.pg_try_advisory_lock(self._number))
        if connection.execute(lock).scalar_one():
            self._connection = connection
        else:
            _end(connection)
        return self._connection is not None

    def release(self) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        try:
            # Said, not left to the end of the session, which the server may notice only later.
            if not connection.invalidated:
                connection.execute(select(func.pg_advisory_unlock(self._number)))
        except DatabaseError as error:
            log.info("the lock ends with its session: %s", error.orig)
        finally:
            _end(connection)


def _end(connection: Connection) -> None:
    """End the session; back in the pool it would keep its settings, and its lock."""
    connection.invalidate()
    connection.close()


class _SessionLease:
    def __init__(self, engine: Engine) -> None:
        self._session = _Session(engine, _LEADER)

    def held(self) -> bool:
        return self._session.held()

    def release(self) -> None:
        self._session.release()


class _RowLease:
    def __init__(
        self,
        engine: Engine,
        seconds: float,
        name: str = "schedule",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._term = timedelta(seconds=seconds)
        self._name = name
        self._clock = clock
        self._ended = threading.Event()
        self._renewal: threading.Thread | None = None

    def held(self) -> bool:
        # Look before asking for the one place of a writer: who waits disturbs nobody.
        with reading(self._engine) as connection:
            if not self._may_take(connection):
                return self._lost()
        with self._engine.begin() as connection:
            if not self._may_take(connection):
                return self._lost()
            now = self._clock()
            connection.execute(delete(t.lease).where(t.lease.c.name == self._name))
            connection.execute(
                insert(t.lease).values(
                    name=self._name,
                    holder=str(this_process()),
                    renewed_at=now,
                    expires_at=now + self._term,
                )
            )
        if self._renewal is None:
            self._ended = threading.Event()
            self._renewal = threading.Thread(
                target=self._renew, args=(self._ended,), name="lease", daemon=True
            )
            self._renewal.start()
        return True

    def release(self) -> None:
        self._lost()
        c = t.lease.c
        mine = delete(t.lease).where(c.name == self._name, c.holder == str(this_process()))
        # A process that is told to end does not wait for a long load of another. The row of a
        # process that is dead is free as well.
        try:
            with reading(self._engine) as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {RELEASE_MS}")
                connection.execute(mine)
                connection.commit()
        except DatabaseError as error:
            log.info("the lease was not given back: %s", error.orig)

    def _lost(self) -> bool:
        self._ended.set()
        self._renewal = None
        return False

    def _row(self, connection: Connection) -> Row[Any, Any, Any] | None:
        c = t.lease.c
        columns = select(c.holder, c.renewed_at, c.expires_at)
        return connection.execute(columns.where(c.name == self._name)).first()

    def _may_take(self, connection: Connection) -> bool:
        row = self._row(connection)
        if row is None or row.holder == str(this_process()):
            return True
        holder, now = Holder.parse(row.holder), self._clock()
        in_term = row.renewed_at - SLACK <= now < row.expires_at
        return not in_term or holder is None or alive(holder) is False

    def _renew(self, ended: threading.Event) -> None:
        """During a run of many minutes nobody asks `held`."""
        c, me = t.lease.c, str(this_process())
        while not ended.wait(self._term.total_seconds() / 3):
            now = self._clock()
            renewed = (
                update(t.lease)
                .where(c.name == self._name, c.holder == me)
                .values(renewed_at=now, expires_at=now + self._term)
            )
            try:
                with self._engine.begin() as connection:
                    if not ended.is_set() and connection.execute(renewed).rowcount == 0:
                        return
            except DatabaseError as error:
                log.warning("the lease could not be renewed: %s", error.orig)


_present: weakref.WeakKeyDictionary[Engine, tuple[int, _Session]] = weakref.WeakKeyDictionary()
_attending = threading.Lock()


def attend(engine: Engine) -> Holder:
    """Who this process is; on PostgreSQL it is present from now on, as `at_work` can see."""
    me = this_process()
    if not is_postgresql(engine):
        return me
    with _attending:
        pid, session = _present.get(engine, (0, None))
        if session is None or pid != me.pid:
            session = _Session(engine, me.number)
            _present[engine] = me.pid, session
            event.listen(engine, "engine_disposed", _leave)
        # Another engine of this process may be the one that is present; that is as good.
        session.held()
    return me


def _leave(engine: Engine) -> None:
    pid, session = _present.pop(engine, (0, None))
    if session is not None and pid == this_process().pid:
        session.release()


def at_work(connection: Connection, holder: str) -> bool:
    """Whether the process that opened a run still lives.

    On this machine the system knows. Of another one PostgreSQL does: a process that runs a source
    is present. SQLite lives on one machine: who cannot be seen there was a container that is gone.
    """
    known = Holder.parse(holder)
    if known is None:
        return False
    here = alive(known)
    if here is not None:
        return here
    if not is_postgresql(connection):
        return False
    # Taken for the length of this transaction: it is free where nobody is present.
    free = connection.execute(select(func.pg_try_advisory_xact_lock(known.number))).scalar_one()
    return not free
