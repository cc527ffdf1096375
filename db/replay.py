"""What a rebuild needs of the old database: its records of runs and of bytes, no figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from db import tables as t
from db.engine import reading
from db.records import RunStatus, Snapshot

BATCH = 5_000
_ENDED = {"status": RunStatus.INTERRUPTED, "message": "the database was rebuilt meanwhile"}


@dataclass(frozen=True)
class PastRun:
    """A run that is over, and the bytes that it met, in its order."""

    id: int
    source: str
    adapter: str
    status: RunStatus
    started_at: datetime
    vintage: date | None
    recipe: str
    payloads: tuple[Snapshot, ...]


def is_empty(engine: Engine) -> bool:
    """Whether a database of the newest schema holds nothing."""
    with reading(engine) as connection:
        return not any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (t.run, t.snapshot, t.series, t.article)
        )


def copy_records(old: Engine, new: Engine) -> list[PastRun]:
    """Copy snapshots, runs, their payloads and findings, and give the runs, oldest first.

    Ids are given anew, in the same order. One transaction; `new` must be empty.
    """
    with reading(old) as source, new.begin() as target:
        snapshots: dict[int, tuple[int, Snapshot]] = {}
        for row in _rows(source, t.snapshot):
            number = row.pop("id")
            snapshots[number] = _inserted(target, t.snapshot, row), Snapshot(**row)
        runs: dict[int, tuple[int, dict[str, Any]]] = {}
        for row in _rows(source, t.run):
            number = row.pop("id")
            if row["status"] == RunStatus.RUNNING:
                row |= {**_ENDED, "finished_at": row["started_at"]}
            runs[number] = _inserted(target, t.run, row), row
        met: dict[int, list[Snapshot]] = {}
        payloads = []
        for row in _rows(source, t.payload):
            snapshot_id, snapshot = snapshots[row["snapshot_id"]]
            run_id = runs[row["run_id"]][0]
            met.setdefault(run_id, []).append(
                Snapshot(
                    snapshot.sha256,
                    snapshot.source,
                    snapshot.origin,
                    row["retrieved_at"],
                    snapshot.size,
                    snapshot.media_type,
                    snapshot.published_on,
                    row["etag"],
                    row["last_modified"],
                )
            )
            payloads.append({**row, "run_id": run_id, "snapshot_id": snapshot_id})
        issues = [{**row, "run_id": runs[row["run_id"]][0]} for row in _rows(source, t.issue)]
        for issue in issues:
            del issue["id"]
        _insert_all(target, t.payload, payloads)
        _insert_all(target, t.issue, issues)
    return [
        PastRun(
            run_id,
            row["source"],
            row["adapter"],
            RunStatus(row["status"]),
            row["started_at"],
            row["vintage"],
            row["recipe"],
            tuple(met.get(run_id, ())),
        )
        for run_id, row in runs.values()
    ]


def _rows(connection: Connection, table: Any) -> list[dict[str, Any]]:
    statement = select(table).order_by(*table.primary_key.columns)
    return [row._asdict() for row in connection.execute(statement)]


def _inserted(connection: Connection, table: Any, row: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    assert key is not None, "an insert of one row has a key"
    return int(key[0])


def _insert_all(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), BATCH):
        connection.execute(insert(table), rows[first : first + BATCH])
