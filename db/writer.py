"""Writes, one transaction each. What a transaction cannot finish leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from config.periods import parse_period
from config.schema import Article
from db import tables as t
from db.bulk import in_bulk, pack, unpack_all
from db.claims import article_row, claim_row, excerpt_row
from db.engine import reading
from db.lease import at_work, attend
from db.process import this_process
from db.records import Changes, Issue, Reading, RunStatus, SeriesKey, Snapshot, Vintage
from db.revisions import Difference, Interval, Release, add_release, diff, history

BATCH = 5_000
_END = datetime.max.replace(tzinfo=UTC)
TAKEN_OVER = "the run was given up for dead and marked interrupted, so what it read is not loaded"


class AlreadyRunningError(Exception):
    """Another process is executing the source at this moment."""


class TakenOverError(Exception):
    """The run was marked interrupted by another process while it went on."""


@dataclass(frozen=True)
class Load:
    """What one run writes of one origin: releases, and the bytes that they came from."""

    vintages: Sequence[Vintage]
    units: Mapping[tuple[str, str], str]
    """(indicator, measure) to unit."""
    origin: str
    replace: bool = False
    """True for a reviewed file: what it no longer says was never said."""
    snapshots: Sequence[Snapshot] = ()


def start_run(
    engine: Engine,
    source: str,
    adapter: str,
    recipe: str,
    next_due: datetime | None,
    vintage: date | None = None,
) -> int:
    """Open a run and return its id. Runs of the source whose process died are marked interrupted.

    `next_due` is the first time of the source's schedule after now; `vintage` the day as whose
    release an older file counts. Raises AlreadyRunningError
    where a live process holds the source. Of two that begin at once one is refused by the database.
    """
    me, now = attend(engine), datetime.now(UTC)
    try:
        with engine.begin() as connection:
            running = connection.execute(
                select(t.run.c.id, t.run.c.host, t.run.c.pid, t.run.c.holder).where(
                    t.run.c.source == source, t.run.c.status == RunStatus.RUNNING
                )
            ).all()
            for run_id, host, pid, holder in running:
                if holder != str(me) and at_work(connection, holder):
                    where = "" if host == me.host else f" on {host}"
                    raise AlreadyRunningError(f"{source} is being run by process {pid}{where}")
                ended = "the process ended early"
                _close_run(connection, run_id, RunStatus.INTERRUPTED, now, ended)
            row = connection.execute(
                insert(t.run).values(
                    source=source,
                    adapter=adapter,
                    status=RunStatus.RUNNING,
                    started_at=now,
                    recipe=recipe,
                    next_due=next_due,
                    vintage=vintage,
                    host=me.host,
                    pid=me.pid,
                    holder=str(me),
                )
            )
            return _new_id(row)
    except IntegrityError as error:
        raise AlreadyRunningError(f"{source} is being run by another process") from error


def _new_id(result: CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None, "an insert of one row has a key"
    return int(key[0])


def _close_run(
    connection: Connection, run_id: int, status: RunStatus, now: datetime, message: str, **more: Any
) -> bool:
    """Close a run, unless somebody has marked it interrupted; whether that was so."""
    closed = connection.execute(
        update(t.run)
        .where(t.run.c.id == run_id, t.run.c.status != RunStatus.INTERRUPTED)
        .values(status=status, finished_at=now, message=message, **more)
    )
    return closed.rowcount == 1


def fail_run(
    engine: Engine,
    run_id: int,
    status: RunStatus,
    *,
    message: str,
    error_class: str,
    issues: Sequence[Issue] = (),
    payloads: Sequence[Snapshot] = (),
) -> None:
    """Close a run that loaded nothing, with what went wrong in plain words and its findings.

    `payloads`: the bytes that could not be read, so that they can be found and looked at.
    """
    with engine.begin() as connection:
        _note_payloads(connection, run_id, payloads)
        _insert_issues(connection, run_id, issues)
        _close_run(connection, run_id, status, datetime.now(UTC), message, error_class=error_class)


def interrupt_runs(engine: Engine, message: str) -> None:
    """Mark the runs that this very process has in hand as interrupted."""
    c = t.run.c
    mine = (c.status == RunStatus.RUNNING, c.holder == str(this_process()))
    with engine.begin() as connection:
        connection.execute(
            update(t.run)
            .where(*mine)
            .values(status=RunStatus.INTERRUPTED, finished_at=datetime.now(UTC), message=message)
        )


def finish_unchanged(
    engine: Engine, run_id: int, content_hash: str, payloads: Sequence[Snapshot] = ()
) -> None:
    """Close a run that met the bytes of the last one."""
    with engine.begin() as connection:
        _note_payloads(connection, run_id, payloads)
        closed = _close_run(
            connection,
            run_id,
            RunStatus.UNCHANGED,
            datetime.now(UTC),
            "same bytes as the last run",
            content_hash=content_hash,
        )
        if not closed:
            raise TakenOverError(TAKEN_OVER)


def load_series(
    engine: Engine,
    run_id: int,
    loads: Sequence[Load],
    content_hash: str,
    issues: Sequence[Issue] = (),
    payloads: Sequence[Snapshot] = (),
) -> Changes:
    """Write all releases of a run and close it, in one transaction. Returns what changed.

    `payloads` are all bytes that the run met, in its order.
    """
    with engine.begin() as connection:
        _note_payloads(connection, run_id, payloads)
        changes = sum((_load(connection, run_id, load) for load in loads), Changes())
        _insert_issues(connection, run_id, issues)
        _finish(connection, run_id, changes, content_hash)
    return changes


def replay_series(engine: Engine, run_id: int, loads: Sequence[Load]) -> Changes:
    """Write the releases of a run that is told again; its record stays as it was."""
    with engine.begin() as connection:
        return sum((_load(connection, run_id, load) for load in loads), Changes())


def preview(
    engine: Engine, loads: Sequence[Load]
) -> tuple[Changes, list[tuple[SeriesKey, Difference]]]:
    """What `load_series` would do, without doing it."""
    differences: list[tuple[SeriesKey, Difference]] = []
    with reading(engine) as connection:
        for load in loads:
            ids = {s.sha256: _snapshot_id(connection, s) for s in load.snapshots}
            found = _differences(connection, 0, load, _incoming(connection, load), ids)
            differences += [(key, difference) for key, _, difference in found]
    return sum((d.changes for _, d in differences), Changes()), differences


def contradictions(engine: Engine, loads: Sequence[Load]) -> list[SeriesKey]:
    """Series of which a release of the same day is known, and says otherwise."""
    found = []
    with reading(engine) as connection:
        for load in loads:
            ids = {s.sha256: _snapshot_id(connection, s) for s in load.snapshots}
            for key, vintages in _incoming(connection, load).items():
                _, releases = read_history(connection, key)
                own = {each.valid_from: each for each in releases if each.origin == load.origin}
                filed = [
                    add_release(own, _release(v, load.origin, 0, ids.get(v.raw_sha256 or "")), _END)
                    for v in vintages
                ]
                if any(each.valid_from == _END for each in filed):
                    found.append(key)
    return found


def _finish(connection: Connection, run_id: int, changes: Changes, content_hash: str) -> None:
    closed = _close_run(
        connection,
        run_id,
        RunStatus.OK,
        datetime.now(UTC),
        "",
        content_hash=content_hash,
        new=changes.new,
        revised=changes.revised,
        withdrawn=changes.withdrawn,
        reinstated=changes.reinstated,
        unchanged=changes.unchanged,
    )
    if not closed:
        raise TakenOverError(TAKEN_OVER)


def _insert_issues(connection: Connection, run_id: int, issues: Sequence[Issue]) -> None:
    if issues:
        rows = [
            {
                "run_id": run_id,
                "severity": i.severity,
                "check": i.check,
                "message": i.message,
                "locator": i.locator,
                "raw": i.raw,
            }
            for i in issues
        ]
        connection.execute(insert(t.issue), rows)


def _note_payloads(connection: Connection, run_id: int, payloads: Sequence[Snapshot]) -> None:
    rows = [
        {
            "run_id": run_id,
            "position": position,
            "snapshot_id": save_snapshot(connection, payload),
            "retrieved_at": payload.retrieved_at,
            "etag": payload.etag,
            "last_modified": payload.last_modified,
        }
        for position, payload in enumerate(payloads)
    ]
    if rows:
        connection.execute(insert(t.payload), rows)


def save_snapshot(connection: Connection, snapshot: Snapshot) -> int:
    """Note that these bytes were had from this origin; the first time that they were counts."""
    known = _snapshot_id(connection, snapshot)
    if known is not None:
        return known
    row = connection.execute(insert(t.snapshot).values(**vars(snapshot)))
    return _new_id(row)


def _snapshot_id(connection: Connection, snapshot: Snapshot) -> int | None:
    known: int | None = connection.execute(
        select(t.snapshot.c.id).where(
            t.snapshot.c.source == snapshot.source,
            t.snapshot.c.origin == snapshot.origin,
            t.snapshot.c.sha256 == snapshot.sha256,
        )
    ).scalar()
    return known


def _load(connection: Connection, run_id: int, load: Load) -> Changes:
    ids: dict[str, int | None] = {s.sha256: save_snapshot(connection, s) for s in load.snapshots}
    changes, rest = Changes(), _incoming(connection, load)
    if not load.replace:
        changes, rest = in_bulk(connection, run_id, load.origin, rest, load.units, ids)
    for key, releases, difference in _differences(connection, run_id, load, rest, ids):
        series_id = _series_id(connection, key, load.units.get((key.indicator, key.measure)))
        _write_vintages(connection, series_id, releases, load)
        _write_observations(connection, series_id, difference)
        changes += difference.changes
    return changes


def _incoming(connection: Connection, load: Load) -> dict[SeriesKey, Sequence[Vintage]]:
    """The releases of a load by series; none for a series that a replaced file no longer has."""
    incoming: dict[SeriesKey, list[Vintage]] = {}
    for vintage in load.vintages:
        incoming.setdefault(vintage.key, []).append(vintage)
    if load.replace:
        for key in _series_of_origin(connection, load.origin):
            incoming.setdefault(key, [])
    return {**incoming}


def _differences(
    connection: Connection,
    run_id: int,
    load: Load,
    incoming: Mapping[SeriesKey, Sequence[Vintage]],
    snapshot_ids: Mapping[str, int | None],
) -> Iterable[tuple[SeriesKey, list[Release], Difference]]:
    """Per series: all its releases after the load, and the change of its history."""
    for key, vintages in incoming.items():
        current, releases = read_history(connection, key)
        kept = [release for release in releases if release.origin != load.origin]
        known = [release for release in releases if release.origin == load.origin]
        own = {} if load.replace else {release.valid_from: release for release in known}
        for vintage in vintages:
            snapshot = snapshot_ids.get(vintage.raw_sha256 or "")
            release = _release(vintage, load.origin, run_id, snapshot)
            filed = add_release(own, release, vintage.seen_at or vintage.valid_from)
            own[filed.valid_from] = filed
        wanted_releases = [*kept, *own.values()]
        stated = sum(len(v.readings) for v in vintages)
        yield key, wanted_releases, diff(current, history(wanted_releases), stated)


def _release(vintage: Vintage, origin: str, run_id: int, snapshot_id: int | None) -> Release:
    return Release(
        vintage.valid_from,
        origin,
        {r.time_period: r for r in vintage.readings},
        vintage.complete,
        vintage.published_on,
        vintage.precision,
        run_id,
        snapshot_id,
        vintage.absent,
    )


def table_origins(engine: Engine, source: str) -> list[str]:
    """Tables that releases of a source were read from."""
    statement = (
        select(t.vintage.c.origin)
        .join(t.series, t.series.c.id == t.vintage.c.series_id)
        .where(t.series.c.source == source, t.vintage.c.origin.startswith("tables/"))
        .distinct()
    )
    with reading(engine) as connection:
        return list(connection.execute(statement).scalars())


def _series_of_origin(connection: Connection, origin: str) -> list[SeriesKey]:
    rows = connection.execute(
        select(t.series.c.key)
        .join(t.vintage, t.vintage.c.series_id == t.series.c.id)
        .where(t.vintage.c.origin == origin)
        .distinct()
    )
    return [SeriesKey.parse(key) for key in rows.scalars()]


def _series_id(connection: Connection, key: SeriesKey, unit: str | None) -> int:
    """The id of a series, known or new. `unit` is None for one that the catalogue has dropped."""
    known = connection.execute(
        select(t.series.c.id, t.series.c.unit).where(t.series.c.key == str(key))
    ).first()
    if known is not None:
        if unit not in {known.unit, None}:
            renamed = update(t.series).where(t.series.c.id == known.id).values(unit=unit)
            connection.execute(renamed)
        return int(known.id)
    row = connection.execute(
        insert(t.series).values(
            key=str(key),
            indicator=key.indicator,
            measure=key.measure,
            freq=key.freq,
            ref_area=key.ref_area,
            counterpart_area=key.counterpart_area,
            source=key.source,
            facets=key.facets,
            unit=unit,
        )
    )
    return _new_id(row)


def read_history(connection: Connection, key: SeriesKey) -> tuple[list[Interval], list[Release]]:
    """The stored intervals of a series, and the releases that they follow from."""
    series_id = connection.execute(select(t.series.c.id).where(t.series.c.key == str(key))).scalar()
    if series_id is None:
        return [], []
    o, v = t.observation.c, t.vintage.c
    stored = select(t.observation).where(o.series_id == series_id)
    intervals = [
        Interval(
            row.time_period,
            row.valid_from,
            row.valid_to,
            Reading(row.time_period, row.value_text, row.obs_status, row.note, row.evidence),
            # The dates and the bytes that the row was written with; what else its release says
            # stands among the releases.
            Release(
                row.valid_from,
                "",
                {},
                False,
                row.published_on,
                row.precision,
                row.run_id,
                row.snapshot_id,
            ),
        )
        for row in connection.execute(stored.order_by(o.time_period, o.valid_from))
    ]
    vintages = select(t.vintage).where(v.series_id == series_id)
    releases = [
        Release(
            row.valid_from,
            row.origin,
            readings,
            row.complete,
            row.published_on,
            row.precision,
            row.run_id,
            row.snapshot_id,
            absent,
        )
        for row in connection.execute(vintages.order_by(v.valid_from, v.origin))
        for readings, absent in [unpack_all(row.readings)]
    ]
    return intervals, releases


def _write_vintages(
    connection: Connection, series_id: int, releases: Sequence[Release], load: Load
) -> None:
    gone = delete(t.vintage).where(
        t.vintage.c.series_id == series_id, t.vintage.c.origin == load.origin
    )
    connection.execute(gone)
    rows = [
        {
            "series_id": series_id,
            "valid_from": release.valid_from,
            "origin": release.origin,
            "published_on": release.published_on,
            "precision": release.precision,
            "complete": release.complete,
            "readings": pack(release.readings, release.absent),
            "snapshot_id": release.snapshot_id,
            "run_id": release.run_id,
        }
        for release in releases
        if release.origin == load.origin
    ]
    if rows:
        connection.execute(insert(t.vintage), rows)


def _write_observations(connection: Connection, series_id: int, difference: Difference) -> None:
    c = t.observation.c
    for interval in difference.delete:
        connection.execute(
            delete(t.observation).where(
                c.series_id == series_id,
                c.time_period == interval.time_period,
                c.valid_from == interval.valid_from,
            )
        )
    rows = [_row(series_id, interval) for interval in difference.insert]
    for first in range(0, len(rows), BATCH):
        connection.execute(insert(t.observation), rows[first : first + BATCH])


def _row(series_id: int, interval: Interval) -> dict[str, Any]:
    period, reading, release = (
        parse_period(interval.time_period),
        interval.reading,
        interval.release,
    )
    return {
        "series_id": series_id,
        "time_period": interval.time_period,
        "valid_from": interval.valid_from,
        "valid_to": interval.valid_to,
        "period_start": period.start,
        "period_end": period.end,
        "value": None if reading.value is None else float(reading.value),
        "value_text": reading.value,
        "obs_status": reading.obs_status,
        "note": reading.note,
        "evidence": reading.evidence,
        "published_on": release.published_on,
        "precision": release.precision,
        "snapshot_id": release.snapshot_id,
        "run_id": release.run_id,
    }


def save_articles(
    engine: Engine,
    run_id: int,
    articles: Sequence[Article],
    payloads: Sequence[Snapshot],
    content_hash: str,
) -> Changes:
    """Make the stored articles, excerpts and claims those of the files, and close the run."""
    with engine.begin() as connection:
        _note_payloads(connection, run_id, payloads)
        changes = _write_articles(connection, run_id, articles)
        _finish(connection, run_id, changes, content_hash)
    return changes


def replay_articles(engine: Engine, run_id: int, articles: Sequence[Article]) -> Changes:
    """Make the stored articles those of the files; the record of the run stays as it was."""
    with engine.begin() as connection:
        return _write_articles(connection, run_id, articles)


def _write_articles(connection: Connection, run_id: int, articles: Sequence[Article]) -> Changes:
    rows = [_article_rows(article, run_id) for article in articles]
    wanted = {claim["id"]: claim for _, _, claims in rows for claim in claims}
    known = {row.id: row._asdict() for row in connection.execute(select(t.claim))}
    new = len(wanted.keys() - known.keys())
    gone = len(known.keys() - wanted.keys())
    unchanged = sum(1 for key, row in wanted.items() if known.get(key) == row)
    for table in (t.claim, t.excerpt, t.article):
        connection.execute(delete(table))
    for row, excerpts, claims in rows:
        connection.execute(insert(t.article), row)
        connection.execute(insert(t.excerpt), excerpts)
        connection.execute(insert(t.claim), claims)
    revised = len(wanted) - new - unchanged
    return Changes(new=new, revised=revised, withdrawn=gone, unchanged=unchanged)


def _article_rows(
    article: Article, run_id: int
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    excerpts, claims = [], []
    for position, excerpt in enumerate(article.excerpts):
        place = {"article_id": article.id, "position": position}
        excerpts.append(place | excerpt_row(excerpt))
        for number, claim in enumerate(excerpt.claims):
            place = {"article_id": article.id, "excerpt_position": position, "position": number}
            claims.append(place | claim_row(article.id, excerpt, claim))
    return article_row(article) | {"run_id": run_id}, excerpts, claims
