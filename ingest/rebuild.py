"""History from snapshots: every run of the past is told again into an empty database.

What an adapter's run once loaded follows from the bytes that it met and from when it met them, and
both were kept. A correction holds from the run on that first had it. Of tables and articles, which
are files under review, the newest state counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from db.engine import Engine
from db.records import RunStatus, Snapshot
from db.replay import PastRun, copy_records, is_empty
from ingest.adapter import Payload
from ingest.pipeline import Context, replay
from ingest.snapshots import SnapshotStore


class NotEmptyError(Exception):
    """The database that was to be filled holds something."""


@dataclass(frozen=True)
class Rebuilt:
    """What came of it."""

    replayed: int
    """Runs."""
    failures: Sequence[tuple[PastRun, str]]
    """Runs that could not be told again, and why. The history lacks what they had loaded."""


def rebuild(
    context: Context,
    target: Engine,
    keep: SnapshotStore | None = None,
    started: Callable[[PastRun], None] = lambda _: None,
) -> Rebuilt:
    """Replay the snapshots of `context` into `target`, which has the newest schema and no row.

    Records of runs, snapshots and findings are copied, so that the new database knows what was read
    when. `keep` is a store that gets the bytes, too. Raises NotEmptyError.
    """
    if not is_empty(target):
        raise NotEmptyError("the database to rebuild into is not empty")
    past = copy_records(context.engine, target)
    if keep is not None:
        for sha256 in dict.fromkeys(p.sha256 for run in past for p in run.payloads):
            if context.store.exists(sha256):
                keep.put(context.store.get(sha256))
    runs, failures = told_again(past), []
    for run in runs:
        started(run)
        try:
            _replay(context, target, run)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            failures.append((run, reason))
    return Rebuilt(len(runs) - len(failures), failures)


def told_again(runs: Sequence[PastRun]) -> list[PastRun]:
    """Runs that made the history, in their order: all that loaded from an adapter, and of tables
    and articles the last of each source."""
    loaded = [run for run in runs if run.status is RunStatus.OK]
    last = {(run.source, run.adapter): run.id for run in loaded}
    of_files = {"table", "articles"}
    return [
        run
        for run in loaded
        if run.adapter not in of_files or (run.payloads and last[run.source, run.adapter] == run.id)
    ]


def _replay(context: Context, target: Engine, run: PastRun) -> None:
    source = context.catalog.sources.get(run.source)
    if source is None:
        raise LookupError(f"there is no source {run.source} any more")
    if not run.payloads:
        raise LookupError("nothing is known of the bytes that it met")
    moment = max(payload.retrieved_at for payload in run.payloads)
    then = replace(context, engine=target, clock=lambda: moment)
    payloads = [payload_from(context.store, payload) for payload in run.payloads]
    replay(then, source, run.adapter, run.id, payloads, run.vintage, run.recipe)


def payload_from(store: SnapshotStore, snapshot: Snapshot) -> Payload:
    """A payload as it once arrived. Raises SnapshotError for bytes that were lost."""
    return Payload(
        origin=snapshot.origin,
        content=store.get(snapshot.sha256),
        retrieved_at=snapshot.retrieved_at,
        media_type=snapshot.media_type,
        etag=snapshot.etag,
        last_modified=snapshot.last_modified,
    )
