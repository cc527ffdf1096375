"""The read side. Every function takes an engine and answers with records; none of them writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, Table, and_, func, or_, select

from config.periods import end_of
from db import tables as t
from db.bulk import unpack
from db.claims import of_rows
from db.engine import reading
from db.records import (
    Changes,
    Issue,
    Observation,
    Run,
    RunStatus,
    SeriesKey,
    Snapshot,
    SourceRecord,
    StoredClaim,
)

CHUNK = 5_000


@dataclass(frozen=True)
class ObservationQuery:
    """What to read. Empty fields do not restrict. Days are inclusive."""

    indicator: str | None = None
    measure: str | None = None
    ref_area: Sequence[str] = ()
    counterpart_area: Sequence[str] = ()
    source: str | None = None
    freq: str | None = None
    facets: Mapping[str, str] | None = None
    series: Sequence[str] = ()
    period_from: date | None = None
    """Periods that end on or after this day."""
    period_to: date | None = None
    """Periods that begin on or before this day."""
    as_of: date | None = None
    """As known on that day. None: as known now."""
    history: bool = False
    """Every vintage instead of one; `as_of` then cuts off what was learnt later."""


def observations(engine: Engine, query: ObservationQuery) -> Iterator[Observation]:
    """Stream observations, ordered by series, period and vintage."""
    with (
        reading(engine) as connection,
        # Closed here, also where the reader stops half-way: PostgreSQL keeps a cursor for it.
        connection.execution_options(yield_per=CHUNK).execute(_statement(query)) as result,
    ):
        keys: dict[str, SeriesKey] = {}
        for partition in result.partitions():
            for row in partition:
                key = keys.get(row.key) or keys.setdefault(row.key, SeriesKey.parse(row.key))
                yield _observation(row, key)


def _statement(query: ObservationQuery) -> Select[Any]:
    o, s, n = t.observation.c, t.series.c, t.snapshot.c
    return (
        select(
            s.key,
            s.unit,
            o.time_period,
            o.period_start,
            o.period_end,
            o.value_text,
            o.obs_status,
            o.note,
            o.evidence,
            o.valid_from,
            o.valid_to,
            o.published_on,
            o.precision,
            n.retrieved_at,
            n.sha256,
            n.origin,
        )
        .join(t.series, s.id == o.series_id)
        .outerjoin(t.snapshot, n.id == o.snapshot_id)
        .where(and_(True, *_conditions(query)))
        .order_by(s.key, o.period_start, o.period_end, o.valid_from)
    )


def _conditions(query: ObservationQuery) -> Iterator[ColumnElement[bool]]:
    o, s = t.observation.c, t.series.c
    for column, value in (
        (s.indicator, query.indicator),
        (s.measure, query.measure),
        (s.source, query.source),
        (s.freq, query.freq),
    ):
        if value is not None:
            yield column == value
    for column, values in (
        (s.ref_area, query.ref_area),
        (s.counterpart_area, query.counterpart_area),
        (s.key, query.series),
    ):
        if values:
            yield column.in_(list(values))
    for name, value in (query.facets or {}).items():
        # Facets are stored as `a=b;c=d`; with the separators put around, one LIKE finds a pair.
        yield (";" + s.facets + ";").contains(f";{name}={value};", autoescape=True)
    if query.period_from is not None:
        yield o.period_end >= query.period_from
    if query.period_to is not None:
        yield o.period_start <= query.period_to
    if query.as_of is not None:
        moment = end_of(query.as_of)
        yield o.valid_from <= moment
        if not query.history:
            yield or_(o.valid_to.is_(None), o.valid_to > moment)
    elif not query.history:
        yield o.valid_to.is_(None)


def _observation(row: Row[Any], key: SeriesKey) -> Observation:
    return Observation(
        key,
        row.time_period,
        row.period_start,
        row.period_end,
        row.value_text,
        row.obs_status,
        row.note,
        row.evidence,
        row.valid_from,
        row.valid_to,
        row.published_on,
        row.precision,
        row.retrieved_at,
        row.sha256,
        row.origin,
        row.unit,
    )


def count_observations(engine: Engine, query: ObservationQuery) -> int:
    """How many rows `observations` would give."""
    inner = _statement(query).order_by(None).subquery()
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())


def series_keys(engine: Engine, indicator: str | None = None) -> list[SeriesKey]:
    """All series, or those of one indicator, that have at least one observation."""
    statement = select(t.series.c.key).where(
        select(t.observation.c.series_id).where(t.observation.c.series_id == t.series.c.id).exists()
    )
    if indicator is not None:
        statement = statement.where(t.series.c.indicator == indicator)
    with reading(engine) as connection:
        keys = connection.execute(statement.order_by(t.series.c.key)).scalars().all()
    return [SeriesKey.parse(key) for key in keys]


def claims(
    engine: Engine, *, indicator: str | None = None, article: str | None = None
) -> list[StoredClaim]:
    """Claims with their excerpts and articles, in the order of the articles' dates and texts."""
    c, a, e = t.claim.c, t.article.c, t.excerpt.c
    parts = (t.article, t.excerpt, t.claim)
    columns = [each.label(f"{part.name}.{each.name}") for part in parts for each in part.c]
    statement = (
        select(*columns)
        .join_from(t.claim, t.article, a.id == c.article_id)
        .join(t.excerpt, and_(e.article_id == c.article_id, e.position == c.excerpt_position))
        .order_by(a.published_on, a.id, c.char_start, c.id)
    )
    if indicator is not None:
        statement = statement.where(c.indicator == indicator)
    if article is not None:
        statement = statement.where(c.article_id == article)
    with reading(engine) as connection:
        found = connection.execute(statement).mappings()
        return [of_rows(*(_part(row, part) for part in parts)) for row in found]


@dataclass(frozen=True)
class StoredArticle:
    """An article as loaded: one of the catalogue, or a draft that waits for review."""

    id: str
    title: str
    author: str | None
    publisher: str | None
    url: str | None
    language: str
    published_on: date
    date_basis: str
    text_sha256: str


def articles(engine: Engine) -> list[StoredArticle]:
    """All stored articles, in the order of their dates."""
    a = t.article.c
    columns = [column for column in a if column.name != "run_id"]
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).order_by(a.published_on, a.id))
        return [StoredArticle(**row._mapping) for row in rows]


def _part(row: Mapping[Any, Any], table: Table) -> dict[str, Any]:
    return {column.name: row[f"{table.name}.{column.name}"] for column in table.c}


def runs(engine: Engine, source: str | None = None, limit: int = 50) -> list[Run]:
    """Runs, newest first."""
    statement = select(t.run).order_by(t.run.c.id.desc()).limit(limit)
    if source is not None:
        statement = statement.where(t.run.c.source == source)
    with reading(engine) as connection:
        return [_run(row) for row in connection.execute(statement)]


def _run(row: Row[Any]) -> Run:
    changes = Changes(row.new, row.revised, row.withdrawn, row.reinstated, row.unchanged)
    return Run(
        row.id,
        row.source,
        row.adapter,
        RunStatus(row.status),
        row.started_at,
        row.finished_at,
        row.next_due,
        row.message,
        row.error_class,
        changes,
    )


def issues(engine: Engine, run_id: int) -> list[Issue]:
    """The findings of one run."""
    c = t.issue.c
    columns = (c.severity, c.check, c.message, c.locator, c.raw)
    statement = select(*columns).where(c.run_id == run_id).order_by(c.id)
    with reading(engine) as connection:
        return [Issue(*row) for row in connection.execute(statement)]


def last_content(engine: Engine, source: str, adapter: str) -> tuple[str, str] | None:
    """(recipe, content hash) of the newest run of a source that loaded or met the same bytes."""
    c = t.run.c
    statement = (
        select(c.recipe, c.content_hash)
        .where(
            c.source == source,
            c.adapter == adapter,
            c.status.in_([RunStatus.OK, RunStatus.UNCHANGED]),
            c.content_hash.is_not(None),
            c.vintage.is_(None),
        )
        .order_by(c.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        row = connection.execute(statement).first()
    return None if row is None else (row.recipe, row.content_hash)


def last_payloads(engine: Engine, source: str, adapter: str) -> dict[str, Snapshot]:
    """What the newest run that loaded or met the same bytes had, by origin.

    Nothing where a run has failed since: its bytes have the better right to be looked at again.
    """
    r, p, n = t.run.c, t.payload.c, t.snapshot.c
    newest = (
        select(r.id, r.status)
        .where(
            r.source == source,
            r.adapter == adapter,
            r.vintage.is_(None),
            r.status.in_([RunStatus.OK, RunStatus.UNCHANGED, RunStatus.FAILED]),
        )
        .order_by(r.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        run = connection.execute(newest).first()
        if run is None or run.status == RunStatus.FAILED:
            return {}
        rows = connection.execute(
            select(
                n.sha256,
                n.source,
                n.origin,
                p.retrieved_at,
                n.size,
                n.media_type,
                n.published_on,
                p.etag,
                p.last_modified,
            )
            .join(t.snapshot, n.id == p.snapshot_id)
            .where(p.run_id == run.id)
            .order_by(p.position)
        )
        return {row.origin: Snapshot(*row) for row in rows}


def last_retrieved(engine: Engine, source: str, adapter: str) -> datetime | None:
    """The latest moment at which anything was had of a source through an adapter."""
    r, p = t.run.c, t.payload.c
    statement = (
        select(func.max(p.retrieved_at))
        .join(t.run, r.id == p.run_id)
        .where(r.source == source, r.adapter == adapter, r.vintage.is_(None))
    )
    with reading(engine) as connection:
        return connection.execute(statement).scalar()


def known_values(engine: Engine, source: str) -> dict[SeriesKey, dict[str, Decimal | None]]:
    """All observations of a source as known now: series to period to value."""
    o = t.observation.c
    statement = (
        select(t.series.c.key, o.time_period, o.value_text)
        .join(t.series, t.series.c.id == o.series_id)
        .where(t.series.c.source == source, o.valid_to.is_(None))
    )
    found: dict[str, dict[str, Decimal | None]] = {}
    with reading(engine) as connection:
        for key, period, value in connection.execute(statement):
            found.setdefault(key, {})[period] = value
    return {SeriesKey.parse(key): values for key, values in found.items()}


def last_stated(engine: Engine, source: str, origin: str) -> dict[SeriesKey, frozenset[str]]:
    """Periods that the newest release of an origin states, by series of a source."""
    s, v = t.series.c, t.vintage.c
    rank = func.row_number().over(partition_by=v.series_id, order_by=v.valid_from.desc())
    newest = (
        select(s.key, v.readings, rank.label("rank"))
        .join(t.series, s.id == v.series_id)
        .where(s.source == source, v.origin == origin)
        .subquery()
    )
    statement = select(newest.c.key, newest.c.readings).where(newest.c.rank == 1)
    with reading(engine) as connection:
        return {
            SeriesKey.parse(key): frozenset(unpack(readings))
            for key, readings in connection.execute(statement)
        }


def source_records(engine: Engine, sources: Mapping[str, str]) -> dict[str, SourceRecord]:
    """State of each source. `sources` maps id to adapter: runs of seed tables do not count as
    contact with a provider that has an adapter of its own."""
    with reading(engine) as connection:
        good = (RunStatus.OK, RunStatus.UNCHANGED)
        newest: dict[str, Run] = {}
        successes: dict[str, datetime] = {}
        changes: dict[str, datetime] = {}
        older: set[str] = set()
        for row in connection.execute(select(t.run).order_by(t.run.c.id)):
            if row.status in good and row.new + row.revised + row.withdrawn + row.reinstated:
                changes[row.source] = row.finished_at
            if row.status in good and row.vintage is not None:
                older.add(row.source)
            if sources.get(row.source) != row.adapter or row.vintage is not None:
                continue
            if row.status != RunStatus.RUNNING:
                newest[row.source] = _run(row)
            if row.status in good:
                successes[row.source] = row.finished_at
        stored = connection.execute(
            select(t.series.c.source, func.count())
            .join(t.observation, t.observation.c.series_id == t.series.c.id)
            .where(t.observation.c.valid_to.is_(None))
            .group_by(t.series.c.source)
        )
        counts = {source: int(rows) for source, rows in stored}
        # Of the vintages, not the observations: a release that only confirms is a release, too.
        dated = connection.execute(
            select(t.series.c.source, func.max(t.vintage.c.published_on))
            .join(t.vintage, t.vintage.c.series_id == t.series.c.id)
            .group_by(t.series.c.source)
        )
        releases = {row[0]: row[1] for row in dated}
    return {
        source: SourceRecord(
            source,
            newest.get(source),
            successes.get(source),
            changes.get(source),
            releases.get(source),
            counts.get(source, 0),
            source in older,
        )
        for source in sources
    }


def data_version(engine: Engine) -> str:
    """A word that changes whenever a run has finished: the tag of cached answers."""
    with reading(engine) as connection:
        newest = connection.execute(
            select(func.max(t.run.c.id), func.max(t.run.c.finished_at))
        ).one()
    return f"{newest[0] or 0}-{newest[1] or ''}"


def first_known(engine: Engine, series: Sequence[str]) -> datetime | None:
    """When a value of some series, by their keys, was first known."""
    o, s = t.observation.c, t.series.c
    statement = (
        select(func.min(o.valid_from))
        .join(t.series, s.id == o.series_id)
        .where(s.key.in_(list(series)), o.value_text.is_not(None))
    )
    with reading(engine) as connection:
        return connection.execute(statement).scalar()


def last_loaded(engine: Engine) -> datetime | None:
    """When data last changed."""
    c = t.run.c
    statement = select(func.max(c.finished_at)).where(c.status == RunStatus.OK)
    with reading(engine) as connection:
        return connection.execute(statement).scalar()
