"""What the pages read: the catalogue and the database, with small caches that follow the data.

A worker keeps what it read until a run has changed the data; whether one has is the one cheap
question asked per request. Threads may share a store: what one of them makes of newer data never
comes among what another still makes of older.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from threading import Lock
from typing import TypeVar, cast

from config.catalog import Catalog, read_article
from config.loader import ConfigError, ConfigErrors, read_text
from config.periods import end_of, parse_period
from config.schema import Article, Indicator
from db import changes, queries
from db.changes import Changed, Release
from db.consistency import Internal, Pair, internal_ratio, pairs
from db.engine import Engine
from db.freshness import GRACE, Freshness, source_freshness
from db.queries import StoredArticle
from db.records import Issue, Observation, Run, SeriesKey, SourceRecord, StoredClaim
from db.verdicts import (
    EXCHANGE_RATE,
    Assessment,
    HintKind,
    Interval,
    answering,
    assess,
    label,
    other_currency,
)
from db.watch import Watch

T = TypeVar("T")
Value = Decimal | Interval


def is_known(catalog: Catalog, claim: StoredClaim) -> bool:
    """Whether the catalogue has what a claim is of. It may have been read before the claim was."""
    indicator = catalog.indicators.get(claim.indicator)
    return (
        indicator is not None
        and claim.measure in indicator.measures
        and (claim.unit in catalog.units)
    )


def assess_all(
    engine: Engine, catalog: Catalog, today: date, indicators: Collection[str] | None = None
) -> dict[str, Assessment]:
    """Hold every stored claim that the catalogue knows against the history of what answers it.

    `indicators`: claims of these only.
    """
    claims = [
        claim
        for claim in queries.claims(engine)
        if is_known(catalog, claim) and (indicators is None or claim.indicator in indicators)
    ]
    asked = {name for claim in claims for name in _indicators(claim, catalog)}
    keys = {name: queries.series_keys(engine, name) for name in asked}
    # Claims of one kind are held against the same series, which are read once.
    together: dict[tuple[str, ...], list[StoredClaim]] = {}
    for claim in claims:
        known = [key for name in _indicators(claim, catalog) for key in keys[name]]
        names = tuple(map(str, answering(claim, catalog, known)))
        together.setdefault(names, []).append(claim)
    found: dict[str, Assessment] = {}
    for names, alike in together.items():
        history = _history(engine, names)
        for claim in alike:
            found[claim.id] = assess(claim, catalog, history, claim.article_date, today)
    return found


def _indicators(claim: StoredClaim, catalog: Catalog) -> list[str]:
    """Whose figures a claim is held against: its indicator's, and for a sum in another currency
    the rates of exchange."""
    names = [claim.indicator]
    if other_currency(claim, catalog) and EXCHANGE_RATE[0] in catalog.indicators:
        names.append(EXCHANGE_RATE[0])
    return names


def _history(engine: Engine, series: tuple[str, ...]) -> list[Observation]:
    """Every vintage of some series; of none where none is named."""
    if not series:
        return []
    return list(queries.observations(engine, queries.ObservationQuery(series=series, history=True)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


MOST_CACHED = 256
MOST_RUNS = 400
"""Runs of a source that are looked at: more than a year of nights."""
NEWEST_RELEASES = 60
"""Releases among which the newest changes are looked for."""
MOST_RELEASES = 2_000
TABLE = "table"
"""The adapter of reviewed tables, which a source may have beside its own."""


def _stored(article: Article) -> StoredArticle:
    """An article of the catalogue that has not been loaded."""
    return StoredArticle(
        article.id,
        article.title,
        article.author,
        article.publisher,
        article.url,
        article.language,
        article.published_on,
        article.date_basis,
        article.text_sha256,
    )


@dataclass(frozen=True)
class RawFile:
    """Bytes as fetched."""

    origin: str
    """What was asked for: URL without secrets, or file name of a table."""
    sha256: str
    retrieved_at: datetime
    size: int | None
    """In bytes; None where it is not known."""


LEAST = timedelta(microseconds=1)
"""The smallest step of a clock."""


@dataclass(frozen=True)
class Span:
    """A stretch of time in which the clock changes no word."""

    version: str
    """Of the data."""
    first: datetime
    last: datetime


@dataclass
class Store:
    """One per worker process."""

    catalog: Catalog
    engine: Engine
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _version: str = ""
    _cache: dict[Hashable, object] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _watch: Watch = field(init=False)
    _span: Span | None = None

    def __post_init__(self) -> None:
        self._watch = Watch(self.engine)

    def refresh(self) -> str:
        """Drop what is outdated; returns the version of the data. Called once per request."""
        version = self._watch.version()
        with self._lock:
            if version != self._version:
                # A new one: whoever still makes something of the older data puts it to them.
                self._cache = {}
                self._version, self._span = version, None
        return version

    def state(self) -> Hashable:
        """All that an address may be answered otherwise by: the data, and what the clock says.

        The clock is in the words of pages by its day, and by the time of day from which a source
        counts as due. Drops what is outdated, as `refresh` does.
        """
        version, now = self.refresh(), self.clock()
        span = self._span
        if span is None or span.version != version or not span.first <= now <= span.last:
            span = self._span = self._span_of(version, now)
        return version, span.first

    def _span_of(self, version: str, now: datetime) -> Span:
        midnight = _midnight(now.date())
        runs = [record.last_run for record in self.source_records().values()]
        turns = [run.next_due + GRACE for run in runs if run and run.next_due]
        past = [midnight, *(each + LEAST for each in turns if each < now)]
        ahead = [midnight + timedelta(days=1) - LEAST, *(each for each in turns if each >= now)]
        return Span(version, max(past), min(ahead))

    def close(self) -> None:
        """Let go of every connection, before a fork; the next request opens others."""
        self._watch.close()
        self.engine.dispose()

    def _kept(self, key: Hashable, make: Callable[[], T]) -> T:
        cache = self._cache
        try:
            return cast("T", cache[key])
        except KeyError:
            made = make()
        with self._lock:
            while len(cache) >= MOST_CACHED:
                cache.pop(next(iter(cache)))
            cache[key] = made
        return made

    def derived(self, name: Hashable, make: Callable[[], T]) -> T:
        """What a page makes of the catalogue and the data, kept until the data change."""
        return self._kept(("derived", name), make)

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
        names = tuple(map(str, keys))
        return self._kept(("history", names), lambda: _history(self.engine, names))

    def first_known(self, keys: Sequence[SeriesKey]) -> date | None:
        """The first day on which a value of some series was known."""
        names = tuple(map(str, keys))
        found = self._kept(("first known", names), lambda: queries.first_known(self.engine, names))
        return None if found is None else found.date()

    def has_value(self, indicator: str, asof: date | None) -> bool:
        """Whether a value of an indicator was known on a day, or is now."""
        rows = self.observations(tuple(self.series(indicator)), asof)
        return self._kept(
            ("has value", indicator, asof), lambda: any(row.value is not None for row in rows)
        )

    def _all_claims(self) -> list[StoredClaim]:
        return self._kept(
            ("claims",),
            lambda: [c for c in queries.claims(self.engine) if is_known(self.catalog, c)],
        )

    def claims(self, *, automatic: bool = False) -> list[StoredClaim]:
        """Claims of class core, in order of date: the accepted ones, which pages show and count.

        `automatic`: and those that wait for review, for who asks for them.
        """
        states = {"accepted", "pending"} if automatic else {"accepted"}
        return [
            claim
            for claim in self._all_claims()
            if claim.review_state in states and claim.claim_class == "core"
        ]

    def unchecked(self, article: str) -> list[StoredClaim]:
        """Accepted figures of an article that no official figure is asked of, by their class."""
        return [
            claim
            for claim in self._all_claims()
            if (claim.article, claim.review_state) == (article, "accepted")
            and claim.claim_class != "core"
        ]

    def articles(self) -> Mapping[str, StoredArticle]:
        """By id and in order of date: what is stored, drafts too, and what the catalogue has."""
        return self._kept(("articles",), self._articles)

    def _articles(self) -> dict[str, StoredArticle]:
        found = {article.id: article for article in queries.articles(self.engine)}
        for article in self.catalog.articles.values():
            found.setdefault(article.id, _stored(article))
        return dict(sorted(found.items(), key=lambda item: (item[1].published_on, item[0])))

    def article_file(self, name: str) -> Article | None:
        """What its file says of an article beyond what is stored: notes and caveats.

        An article that was reviewed since the catalogue was read is looked for in its folder; a
        draft has no file there.
        """
        known = self.catalog.articles.get(name)
        return known or self._kept(("article", name), lambda: self._read_article(name))

    def _read_article(self, name: str) -> Article | None:
        path = self.catalog.root / "articles" / f"{name}.yaml"
        if name not in self.articles() or not path.is_file():
            return None
        try:
            return read_article(self.catalog, read_text(path, self.catalog.root), path.name)
        except (ConfigError, ConfigErrors, OSError):
            return None

    def pairs(self, *, automatic: bool = False) -> Sequence[Pair]:
        """How claims of different articles on one indicator stand to each other."""
        day = self.clock().date()
        return self._kept(
            ("pairs", automatic, day),
            lambda: list(pairs(self.claims(automatic=automatic), self.assessments(), self.catalog)),
        )

    def pairs_of(self, claim: StoredClaim, *, automatic: bool = False) -> Sequence[Pair]:
        """The pairs that a claim is one of."""
        return self._kept(
            ("pairs of", automatic, self.clock().date()), lambda: self._by_claim(automatic)
        ).get(claim.id, [])

    def _by_claim(self, automatic: bool) -> dict[str, list[Pair]]:
        found: dict[str, list[Pair]] = {}
        for pair in self.pairs(automatic=automatic):
            found.setdefault(pair.one.id, []).append(pair)
            found.setdefault(pair.other.id, []).append(pair)
        return found

    def internal(self, claim: StoredClaim) -> Internal | None:
        """A stated ratio against the two values of its own sentence, as far as they are shown."""
        automatic = claim.review_state != "accepted"
        return internal_ratio(claim, self.claims(automatic=automatic), self.catalog)

    def counted_from(
        self, claim: StoredClaim, start: StoredClaim, asof: date | None = None
    ) -> tuple[str, Value] | None:
        """The year that a ratio's stated start matches instead, and the official ratio from there.

        Of the series that the ratio is held against, where it reaches back so far, as known on a
        day, or now. None where the start matches no neighbouring year.
        """
        hints = self.assessment(start, asof).now.hints
        shifts = [h.period for h in hints if h.kind is HintKind.PERIOD_SHIFT]
        periods = [parse_period(text) for text in shifts]
        first = next((p for p in periods if p.freq == "A" and not p.fiscal), None)
        if first is None:
            return None
        shifted = replace(claim, period_start=first.start)
        today = asof or self.clock().date()
        found = self._kept(
            ("shifted", claim.id, first.text, today),
            lambda: assess(
                shifted,
                self.catalog,
                self._answers(shifted),
                claim.article_date,
                today,
            ),
        )
        usual = self.assessment(claim, asof).now.series
        same = (one.official for one in found.now.tested if one.series == usual)
        official = next((value for value in same if value is not None), found.now.official)
        return None if official is None else (first.text, official)

    def _answers(self, claim: StoredClaim) -> list[Observation]:
        asked = _indicators(claim, self.catalog)
        known = [key for name in asked for key in self.series(name)]
        names = answering(claim, self.catalog, known)
        return _history(self.engine, tuple(map(str, names)))

    def assessments(self) -> dict[str, Assessment]:
        """What each claim comes to against the official series, then and now, by claim id."""
        today = self.clock().date()
        return self._kept(
            ("assessments", today), lambda: assess_all(self.engine, self.catalog, today)
        )

    def assessments_on(self, day: date, indicators: frozenset[str]) -> dict[str, Assessment]:
        """What the claims of some indicators came to as known on a day, by claim id."""
        return self._kept(
            ("assessments", day, indicators),
            lambda: assess_all(self.engine, self.catalog, day, indicators),
        )

    def assessment(self, claim: StoredClaim, asof: date | None = None) -> Assessment:
        """What one claim comes to: when it was written, and as known on a day, or now.

        What was known when it was written does not depend on the day of the reader.
        """
        found = self.assessments()[claim.id]
        if asof is None:
            return found
        on = self.assessments_on(asof, frozenset({claim.indicator}))[claim.id].now
        return Assessment(found.then, on, label(found.then, on))

    def changed(self, first: date, indicator: str | None = None) -> Changed:
        """What releases changed from a day on, until now."""
        return self._kept(
            ("changed", first, indicator),
            lambda: changes.changes(
                self.engine, _midnight(first), end_of(self.clock().date()), indicator=indicator
            ),
        )

    def releases(self, indicator: str | None = None, first: date | None = None) -> list[Release]:
        """The newest releases, newest first; `first`: those of that day and later."""
        start = None if first is None else _midnight(first)
        return self._kept(
            ("releases", indicator, first),
            lambda: changes.releases(
                self.engine,
                indicator=indicator,
                start=start,
                limit=NEWEST_RELEASES if first is None else MOST_RELEASES,
            ),
        )

    def source_records(self) -> dict[str, SourceRecord]:
        adapters = {s.id: s.adapter for s in self.catalog.sources.values()}
        return self._kept(("sources",), lambda: queries.source_records(self.engine, adapters))

    def indicators_of(self, source: str) -> list[Indicator]:
        """Those that have a series of the source, in the order of the catalogue."""
        return [
            indicator
            for indicator in self.catalog.indicators.values()
            if any(key.source == source for key in self.series(indicator.id))
        ]

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
