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
from db.records import Observation, SeriesKey, SourceRecord, StoredClaim
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

    def last_loaded(self) -> datetime | None:
        return self._kept(("loaded",), lambda: queries.last_loaded(self.engine))
