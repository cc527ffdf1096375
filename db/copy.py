"""From one database into another: everything, in one transaction, verified before it counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Row, Table, func, insert, inspect, select

from db.engine import DatabaseError, is_postgresql, reading, reason
from db.migrations import HEAD, current_revision, upgrade
from db.tables import lease, metadata

BATCH = 5_000
LEFT_BEHIND = {lease.name}
"""Who leads on one database leads nothing on another."""


class CopyError(Exception):
    """Nothing was copied, and why."""


@dataclass(frozen=True)
class TableCopy:
    """What one table came to."""

    table: str
    rows: int
    checksum: str
    """Of all rows in any order, 64 hexadecimal digits."""


class Checksum:
    """A sum of the hashes of rows: equal for equal rows, in whatever order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Iterable[Any]) -> None:
        """Count one row in. Raises TypeError for a value without canonical text."""
        digest = sha256(canonical(row).encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(digest)) % (1 << 256)
        self.rows += 1

    @property
    def text(self) -> str:
        """The sum so far, 64 hexadecimal digits."""
        return f"{self._sum:064x}"


def canonical(row: Iterable[Any]) -> str:
    """The values of a row as text, the same whichever database they were read from."""
    return json.dumps([_plain(value) for value in row])


def _plain(value: Any) -> Any:
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return ["float", value.hex()]
        case Decimal():
            return ["decimal", format(value, "f")]
        case datetime() | date():
            return ["time", value.isoformat()]
        case bytes() | memoryview():
            return ["bytes", bytes(value).hex()]
    raise TypeError(f"{type(value).__name__} has no canonical text")


def copy_database(
    source: Engine, target: Engine, step: Callable[[str], object] = lambda table: None
) -> list[TableCopy]:
    """Copy every table of `source` into the empty `target`, which is brought to the newest schema.

    Counts and checksums of both sides are compared before the transaction ends: what goes wrong
    leaves no row behind. Raises CopyError, also for a target that is not empty.
    """
    if current_revision(source) != HEAD:
        raise CopyError("the database to copy from does not stand at the newest revision")
    _check_empty(target)
    try:
        upgrade(target)
    except RuntimeError as error:
        raise CopyError(str(error)) from error
    tables = [table for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]
    done = []
    with reading(source) as reads, target.begin() as writes:
        for table in tables:
            step(table.name)
            # Whoever else writes into the target waits, or is seen.
            if is_postgresql(target):
                writes.exec_driver_sql(f'LOCK TABLE "{table.name}" IN SHARE ROW EXCLUSIVE MODE')
            if writes.execute(select(func.count()).select_from(table)).scalar_one():
                raise CopyError(f"the target is not empty: there are rows in {table.name}")
        for table in tables:
            step(table.name)
            read = _copy_table(reads, writes, table)
            written = _checksum(writes, table)
            if (read.rows, read.text) != (written.rows, written.text):
                raise CopyError(
                    f"{table.name}: {read.rows:,} rows with checksum {read.text[:16]} were read, "
                    f"{written.rows:,} with {written.text[:16]} stand in the target"
                )
            done.append(TableCopy(table.name, read.rows, read.text))
        if is_postgresql(target):
            _continue_sequences(writes, tables)
    return done


def _check_empty(target: Engine) -> None:
    """Before anything is written: a database of something else is not even migrated."""
    with reading(target) as connection:
        present = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        if present and not inspect(connection).has_table("alembic_version"):
            raise CopyError(f"the target is not empty: it has other tables ({present[0]})")
        for name in present:
            if name in LEFT_BEHIND:
                continue
            table = metadata.tables.get(name)
            if table is None:
                raise CopyError(f"the target is not empty: it has another table ({name})")
            rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if rows:
                raise CopyError(f"the target is not empty: {name} has {rows:,} rows")


def _copy_table(reads: Connection, writes: Connection, table: Table) -> Checksum:
    checksum = Checksum()
    for rows in _batches(reads, table):
        for row in rows:
            checksum.add(row)
        try:
            writes.execute(insert(table), [dict(row._mapping) for row in rows])
        except DatabaseError as error:
            raise CopyError(f"{table.name}: {reason(error)}") from error
    return checksum


def _checksum(connection: Connection, table: Table) -> Checksum:
    checksum = Checksum()
    for rows in _batches(connection, table):
        for row in rows:
            checksum.add(row)
    return checksum


def _batches(connection: Connection, table: Table) -> Iterable[Sequence[Row[Any]]]:
    statement = select(table).order_by(*table.primary_key.columns)
    return connection.execute(statement.execution_options(yield_per=BATCH)).partitions()


def _continue_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """The next id of a table is the one after the highest: rows came with theirs."""
    for table in tables:
        (key, *more) = table.primary_key.columns
        if more or not isinstance(key.type, Integer):
            continue
        highest = connection.execute(select(func.max(key))).scalar()
        if highest is not None:
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
            connection.execute(select(func.setval(sequence, highest)))
