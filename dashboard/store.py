"""What the pages read: the catalogue and the database, with small caches that follow the data.

A worker keeps what it read until a run has changed the data; `version` is the one cheap question
asked per request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar, cast

from config.catalog import Catalog
from db import queries
from db.engine import Engine
from db.freshness import Freshness, source_freshness
from db.records import Issue, Observation, Run, SeriesKey, SourceRecord, StoredClaim
from db.verdicts import Assessment, assess

T = TypeVar("T")


def assess_all(engine: Engine, catalog: Catalog, today: date) -> dict[str, Assessment]:
    """Hold every stored claim against the whole history of its indicator."""
    found: dict[str, Assessment] = {}
    by_indicator: dict[str, list[StoredClaim]] = {}
    for claim in queries.claims(engine):
        by_indicator.setdefault(claim.indicator, []).append(claim)
    for indicator, claims in by_indicator.items():
        query = queries.ObservationQuery(indicator=indicator, history=True)
        history = list(queries.observations(engine, query))
        for claim in claims:
            found[claim.id] = assess(claim, catalog, history, claim.article_date, today)
    return found


MOST_CACHED = 256
MOST_RUNS = 400
"""Runs of a source that are looked at: more than a year of nights."""
TABLE = "table"
"""The adapter of reviewed tables, which a source may have beside its own."""


@dataclass(frozen=True)
class RawFile:
    """Bytes as fetched."""

    origin: str
    """What was asked for: URL without secrets, or file name of a table."""
    sha256: str
    retrieved_at: datetime
    size: int | None
    """In bytes; None where it is not known."""


@dataclass
class Store:
    """One per worker process."""

    catalog: Catalog
    engine: Engine
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _version: str = ""
    _cache: dict[Hashable, object] = field(default_factory=dict)

    def refresh(self) -> str:
        """Drop what is outdated; returns the version of the data. Called once per request."""
        version = queries.data_version(self.engine)
        if version != self._version:
            self._cache.clear()
            self._version = version
        return version

    def _kept(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._cache:
            if len(self._cache) >= MOST_CACHED:
                self._cache.pop(next(iter(self._cache)))
            self._cache[key] = make()
        return cast("T", self._cache[key])

    def series(self, indicator: str) -> list[SeriesKey]:
        return self._kept(
            ("series", indicator), lambda: queries.series_keys(self.engine, indicator)
        )

    def observations(self, keys: tuple[SeriesKey, ...], as_of: date | None) -> list[Observation]:
        """Observations of some series as known on a day, or now."""
        if not keys:
            return []
        query = queries.ObservationQuery(series=tuple(map(str, keys)), as_of=as_of)
        return self._kept(
            ("observations", query.series, as_of),
            lambda: list(queries.observations(self.engine, query)),
        )

    def history(self, keys: tuple[SeriesKey, ...]) -> list[Observation]:
        """Every vintage of some series."""
        if not keys:
            return []
        query = queries.ObservationQuery(series=tuple(map(str, keys)), history=True)
        return self._kept(
            ("history", query.series), lambda: list(queries.observations(self.engine, query))
        )

    def claims(self) -> list[StoredClaim]:
        """Accepted claims of class core, in order of date: what pages show."""
        return self._kept(
            ("claims",),
            lambda: [
                claim
                for claim in queries.claims(self.engine)
                if claim.review_state == "accepted" and claim.claim_class == "core"
            ],
        )

    def assessments(self) -> dict[str, Assessment]:
        """What each claim comes to against the official series, then and now, by claim id."""
        today = self.clock().date()
        return self._kept(
            ("assessments", today), lambda: assess_all(self.engine, self.catalog, today)
        )

    def source_records(self) -> dict[str, SourceRecord]:
        adapters = {s.id: s.adapter for s in self.catalog.sources.values()}
        return self._kept(("sources",), lambda: queries.source_records(self.engine, adapters))

    def freshness(self, source: str) -> Freshness:
        record = self.source_records()[source]
        return source_freshness(self.catalog.sources[source], record, self.clock())

    def runs(self, source: str) -> list[Run]:
        """The newest runs of a source, newest first: by its adapter and of its table."""
        return self._kept(
            ("runs", source), lambda: queries.runs(self.engine, source, limit=MOST_RUNS)
        )

    def issues(self, run: Run) -> list[Issue]:
        """What validation found in one run."""
        return self._kept(("issues", run.id), lambda: queries.issues(self.engine, run.id))

    def raw_files(self, source: str) -> list[RawFile]:
        """The bytes behind the data shown, newest first: those of the newest good run."""
        return self._kept(("raw", source), lambda: self._raw_files(source))

    def _raw_files(self, source: str) -> list[RawFile]:
        adapter = self.catalog.sources[source].adapter
        met = queries.last_payloads(self.engine, source, adapter)
        if not met and self.source_records()[source].last_success is None:
            met = queries.last_payloads(self.engine, source, TABLE)
        found = {
            (s.origin, s.sha256): RawFile(s.origin, s.sha256, s.retrieved_at, s.size)
            for s in met.values()
        }
        if not found:
            # After a failed run: the files that the figures shown were read from.
            for o in queries.observations(self.engine, queries.ObservationQuery(source=source)):
                if o.raw_url and o.raw_sha256 and o.retrieved_at:
                    raw = RawFile(o.raw_url, o.raw_sha256, o.retrieved_at, None)
                    found.setdefault((o.raw_url, o.raw_sha256), raw)
        return sorted(found.values(), key=lambda f: (f.retrieved_at, f.origin), reverse=True)

    def last_loaded(self) -> datetime | None:
        return self._kept(("loaded",), lambda: queries.last_loaded(self.engine))
