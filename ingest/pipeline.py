"""One run of one source: fetch, keep the bytes, parse, validate, load. The one error boundary.

A run that fails changes nothing but its own record: the last good data stays, the other sources go
on. Adapters raise, this module alone catches.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from config.catalog import Catalog
from config.loader import ConfigErrors
from config.schema import Article, Correction, Schedule, Source
from db.engine import Engine
from db.queries import (
    known_values,
    last_content,
    last_payloads,
    last_retrieved,
    last_stated,
)
from db.records import Changes, Issue, RunStatus, SeriesKey, Snapshot
from db.revisions import Difference
from db.writer import (
    AlreadyRunningError,
    Load,
    contradictions,
    fail_run,
    finish_unchanged,
    interrupt_runs,
    load_series,
    preview,
    replay_articles,
    replay_series,
    save_articles,
    start_run,
    table_origins,
)
from ingest.adapter import Archive, Archived, BoundFeed, HandsOut, Payload, RawObservation
from ingest.articles.drafts import Drafts
from ingest.checks import Stored, findings, row_findings, silent_feeds
from ingest.content import Content
from ingest.corrections import Corrector
from ingest.errors import IngestError, NeedsKeyError, ValidationFailed
from ingest.http import Client, Known, name_key
from ingest.snapshots import SnapshotError, SnapshotStore
from ingest.sources import table
from ingest.sources.registry import ADAPTERS, ARCHIVES
from ingest.validate import Received, validate

log = logging.getLogger(__name__)


NO_CHANGES = Changes()
MOST_AT_ONCE = 8
"""Providers that are asked at the same time."""
PATIENCE_SECONDS = 10.0
"""How long an end that was asked for waits for a load to be whole."""


@dataclass(frozen=True)
class Context:
    """What a run is given; nothing below reaches for anything else."""

    catalog: Catalog
    engine: Engine
    store: SnapshotStore
    user_agent: str
    base_urls: Mapping[str, str]
    next_due: Callable[[Schedule, datetime], datetime | None]
    """First time of a schedule after a moment."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Keys of providers, as `base_urls` by the name of a provider, a source or an adapter."""
    writing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    """Held while a run writes: SQLite takes one writer, and the others would wait too long."""
    drafts: Drafts | None = None
    """Articles that wait for review; none where there is no such folder."""


@dataclass(frozen=True)
class Outcome:
    """What one part of a run came to. A source with seed tables and an adapter has two parts."""

    source: str
    adapter: str
    status: RunStatus
    changes: Changes = NO_CHANGES
    message: str = ""
    issues: Sequence[Issue] = ()
    differences: Sequence[tuple[SeriesKey, Difference]] = ()
    """Only of a dry run."""


def run_source(
    context: Context,
    source: Source,
    *,
    dry_run: bool = False,
    local_only: bool = False,
    accept: bool = False,
) -> list[Outcome]:
    """Execute a source now: its tables first, then its adapter. Never raises for a bad source.

    `local_only` reads files and leaves the provider alone, for a start that waits for nobody.
    `accept`: a person has looked at what the source's checks find, and it is loaded nevertheless.
    """
    parts: list[_Part] = []
    tables = context.catalog.tables_of(source.id) or table_origins(context.engine, source.id)
    if tables or source.adapter == "table":
        parts.append(_part(context, source, "table"))
    if source.adapter == "articles" or (source.adapter in ADAPTERS and not local_only):
        parts.append(_part(context, source, source.adapter))
    for part in parts:
        part.accept = accept
    return [_run_part(context, source, part, dry_run) for part in parts]


def _part(context: Context, source: Source, adapter: str, vintage: date | None = None) -> _Part:
    """The part of a source that `adapter` reads. Raises KeyError for one that there is not."""
    if adapter == "table":
        return _TablePart(context, source)
    if adapter == "articles":
        return _ArticlePart(context, source)
    return _AdapterPart(context, source, vintage)


def backfill(
    context: Context,
    source: Source,
    payloads: Sequence[Payload],
    vintage: date,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Load older files of a provider as its release of the day `vintage`.

    In which order such files come does not matter. A release of that day that is known and says
    otherwise is not touched: the run fails. Never raises for bad files.
    """
    return _run_part(context, source, _Backfill(context, source, payloads, vintage), dry_run)


def archived(context: Context, source: Source) -> list[Archived]:
    """The past releases that the provider of a source keeps, oldest first; none where it does not.

    Raises what fetching raises.
    """
    name = ARCHIVES.get(source.adapter)
    reader = ADAPTERS[name](context.catalog) if name else None
    if not isinstance(reader, Archive):
        return []
    with _AdapterPart(context, source).client(Client) as client:
        return reader.versions(source, client)


def backfill_archived(
    context: Context, source: Source, release: Archived, *, dry_run: bool = False
) -> Outcome:
    """Fetch a past release that the provider keeps, and load it as that of its day.

    As `backfill`. A release that holds nothing of the source is loaded as well, and says so.
    """
    return _run_part(context, source, _ArchivedPart(context, source, release), dry_run)


def address_of(context: Context, source: Source, content: Content) -> str | None:
    """Where the provider hands out a file that its API would not answer with; else None.

    Raises ContractError for a file that is not of the known form.
    """
    reader = ADAPTERS[source.adapter](context.catalog)
    return reader.address_of(source, content) if isinstance(reader, HandsOut) else None


def has_adapter(source: Source) -> bool:
    """Whether anything asks the provider of a source."""
    return source.adapter in ADAPTERS


def ask(context: Context, source: Source, client: Callable[..., Client]) -> list[Payload]:
    """What the adapter of a source gets through a client of one's own making.

    Raises KeyError where there is no such adapter, and what fetching raises.
    """
    return _AdapterPart(context, source).ask(client)


def replay(
    context: Context,
    source: Source,
    adapter: str,
    run_id: int,
    payloads: Sequence[Payload],
    vintage: date | None = None,
    recipe: str = "",
) -> Changes:
    """Write what a run of the past wrote, from the bytes that it met. Its record is not touched.

    `context.clock` must stand at that run's moment; `recipe` is the run's. Raises what parsing and
    validation raise, and KeyError for an adapter that there is not.
    """
    of_then = source.model_copy(update={"adapter": adapter}) if adapter != "table" else source
    part = _part(context, of_then, adapter, vintage)
    part.recall(recipe)
    return part.replay(run_id, payloads)


def run_sources(
    context: Context,
    sources: Sequence[Source],
    *,
    dry_run: bool = False,
    accept: bool = False,
    started: Callable[[str], None] = lambda _: None,
    wanted: Callable[[Source], bool] = lambda _: True,
) -> list[Outcome]:
    """Execute several sources, in parallel where they ask different hosts. In order of `sources`.

    `wanted` is asked before each begins; one that is not has no outcome. `started` is told the id
    of each source as it begins. Neither is called by two threads at once. Where the process is told
    to end, sources that have not begun do not, those that have are marked interrupted, and the
    exception goes on; their threads may still wait for an answer then.
    """
    outcomes: dict[str, list[Outcome]] = {}
    telling = threading.Lock()

    def run_in_turn(group: Sequence[Source]) -> None:
        for source in group:
            with telling:
                if not wanted(source):
                    continue
                started(source.id)
            outcomes[source.id] = run_source(context, source, dry_run=dry_run, accept=accept)

    groups = by_host(sources)
    if len(groups) > 1:
        _run_groups(context, groups, run_in_turn)
    else:
        run_in_turn(sources)
    return [outcome for source in sources for outcome in outcomes.get(source.id, ())]


def _run_groups(
    context: Context,
    groups: Sequence[Sequence[Source]],
    run_in_turn: Callable[[Sequence[Source]], None],
) -> None:
    pool = ThreadPoolExecutor(min(MOST_AT_ONCE, len(groups)), "ingest")
    try:
        running: list[Future[None]] = [pool.submit(run_in_turn, group) for group in groups]
        for done in as_completed(running):
            done.result()
    except Exception:
        pool.shutdown(cancel_futures=True)
        raise
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        with ended(context):
            raise
    pool.shutdown()


@contextmanager
def ended(context: Context) -> Iterator[None]:
    """Mark what this process runs as interrupted. Until the block is over nothing begins.

    A load that has begun may end first; what is marked cannot be loaded after that. Raises
    DatabaseError where that load takes longer than the database waits: its run is marked by
    whoever runs its source next.
    """
    held = context.writing.acquire(timeout=PATIENCE_SECONDS)
    try:
        interrupt_runs(context.engine, "the process was ended")
        yield
    finally:
        if held:
            context.writing.release()


def by_host(sources: Sequence[Source]) -> list[list[Source]]:
    """Sources in groups, of which no two ask the same host; those that ask nobody are one group."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts = _hosts(source) or {""}
        mine = [group for group in groups if group[0] & hosts]
        groups = [group for group in groups if not group[0] & hosts]
        members = [each for _, group in mine for each in group]
        groups.append((hosts.union(*(asked for asked, _ in mine)), [*members, source]))
    return [members for _, members in groups]


def _hosts(source: Source) -> set[str]:
    if source.adapter in {"table", "articles"}:
        return set()
    hosts = {host.lower() for host in source.allowed_hosts}
    if source.url:
        hosts.add(urlsplit(source.url).hostname or "")
    return hosts


def setting_of(source: Source, settings: Mapping[str, str]) -> dict[str, str]:
    """What is set for a source, under its provider's name, as a client wants it; or nothing.

    It is found under the id of the source, of its provider, the name of its adapter, or an alias,
    in this order; case, `-` and `_` do not count.
    """
    named = {name_key(name): value for name, value in settings.items()}
    for name in (source.id, source.provider, source.adapter, *source.aliases):
        if (value := named.get(name_key(name))) is not None:
            return {source.provider: value}
    return {}


def refuse(engine: Engine, source: str, failure: ConfigErrors) -> None:
    """Note a run that could not begin, because files under `config/` are not valid."""
    issues = [
        Issue("error", "config", f"{e.key}: {e.message}", f"{e.file}:{e.line}", e.suggestion or "")
        for e in failure.errors
    ]
    adapter = "articles" if source == "articles" else "table"
    try:
        run_id = start_run(engine, source, adapter, "", None)
    except AlreadyRunningError as error:
        log.warning("the failure of %s is not noted: %s", source, error)
        return
    fail_run(
        engine,
        run_id,
        RunStatus.FAILED,
        message=str(failure),
        error_class=type(failure).__name__,
        issues=issues,
    )


def _run_part(context: Context, source: Source, part: _Part, dry_run: bool) -> Outcome:
    if dry_run:
        return _guarded(source, part, lambda: part.dry_run(part.fetch()), None)
    due = context.next_due(source.schedule, context.clock())
    try:
        with context.writing:
            run_id = start_run(
                context.engine, source.id, part.adapter, part.recipe, due, part.vintage
            )
    except AlreadyRunningError as error:
        return Outcome(source.id, part.adapter, RunStatus.RUNNING, message=str(error))

    payloads: list[Payload] = []

    def execute() -> Outcome:
        payloads.extend(part.in_time(part.fetch()))
        for payload in payloads:
            context.store.put(payload.content)
        content = _content_hash(payloads)
        last = last_content(context.engine, source.id, part.adapter)
        if last == (part.recipe, content) and part.vintage is None:
            with context.writing:
                finish_unchanged(context.engine, run_id, content, part.snapshots(payloads))
            return Outcome(source.id, part.adapter, RunStatus.UNCHANGED)
        return part.load(run_id, payloads, content)

    def failed(status: RunStatus, message: str, kind: str, issues: Sequence[Issue]) -> None:
        with context.writing:
            fail_run(
                context.engine,
                run_id,
                status,
                message=message,
                error_class=kind,
                issues=issues,
                payloads=part.snapshots(payloads),
            )

    return _guarded(source, part, execute, failed)


def _guarded(
    source: Source,
    part: _Part,
    execute: Callable[[], Outcome],
    failed: Callable[[RunStatus, str, str, Sequence[Issue]], None] | None,
) -> Outcome:
    """Run `execute`; what it raises becomes a failed outcome, noted by `failed`."""
    try:
        return execute()
    except (KeyboardInterrupt, SystemExit) as error:
        if failed:
            failed(RunStatus.INTERRUPTED, "the process was ended", type(error).__name__, ())
        raise
    except Exception as error:
        kind, message = type(error).__name__, _storable(_words(error))
        found = error.issues if isinstance(error, IngestError) else ()
        issues = [
            replace(
                issue,
                message=_storable(issue.message),
                locator=_storable(issue.locator),
                raw=_storable(issue.raw),
            )
            for issue in found
        ]
        status = RunStatus.NEEDS_KEY if isinstance(error, NeedsKeyError) else RunStatus.FAILED
        log.warning("run of %s: %s: %s: %s", source.id, status, kind, message)
        if failed:
            try:
                failed(status, message, kind, issues)
            except Exception:
                # A database that takes no figure takes no record of that, either. The next run of
                # the source marks this one interrupted.
                log.exception("the failed run of %s could not be noted", source.id)
        return Outcome(source.id, part.adapter, status, message=message, issues=issues)


def _words(error: Exception) -> str:
    """What an error says, without the statement and its parameters where a database says it."""
    said = getattr(error, "orig", None)
    return str(error) if said is None else f"the database refused the load: {said}"


def _storable(text: str) -> str:
    """Text that can be kept: a provider's may hold half a surrogate pair, or zero bytes, which
    PostgreSQL does not take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def _content_hash(payloads: Sequence[Payload]) -> str:
    """One hash for all bytes of a run, whatever their order."""
    parts = sorted(f"{p.origin} {p.content.sha256}" for p in payloads)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _recipe(*parts: object) -> str:
    """A run is repeated on equal bytes when anything that shapes its reading has changed."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _accepted(issue: Issue) -> Issue:
    if issue.severity == "warning":
        return issue
    return replace(issue, severity="warning", message=f"accepted: {issue.message}")


def _units(catalog: Catalog) -> list[str]:
    """What a figure's reading takes from the catalogue: the units of all measures, their bounds."""
    return sorted(
        f"{indicator.id} {name} {unit.id} {unit.minimum} {unit.maximum}"
        for indicator in catalog.indicators.values()
        for name, measure in indicator.measures.items()
        for unit in [catalog.units[measure.unit]]
    )


class _Part:
    """One way in which a source is read."""

    adapter: str
    recipe: str
    vintage: date | None = None
    """The day as whose release the payloads count, whatever they say themselves."""
    accept = False
    """Whether what the source's checks find was looked at and is loaded nevertheless."""

    def __init__(self, context: Context, source: Source) -> None:
        self.context = context
        self.source = source

    def fetch(self) -> list[Payload]:
        raise NotImplementedError

    def in_time(self, payloads: list[Payload]) -> list[Payload]:
        """The payloads, had after all that was had before."""
        return payloads

    def load(self, run_id: int, payloads: Sequence[Payload], content: str) -> Outcome:
        raise NotImplementedError

    def dry_run(self, payloads: Sequence[Payload]) -> Outcome:
        raise NotImplementedError

    def recall(self, recipe: str) -> None:
        """Be what a run of the past was, whose recipe this is; of files the newest state counts."""

    def replay(self, run_id: int, payloads: Sequence[Payload]) -> Changes:
        raise NotImplementedError

    def snapshots(self, payloads: Sequence[Payload]) -> list[Snapshot]:
        return [self.snapshot(payload) for payload in payloads]

    def snapshot(self, payload: Payload) -> Snapshot:
        return Snapshot(
            sha256=payload.content.sha256,
            source=self.source.id,
            origin=payload.origin,
            retrieved_at=payload.retrieved_at,
            size=payload.content.size,
            media_type=payload.media_type[:120],
            etag=payload.etag,
            last_modified=payload.last_modified,
        )


class _SeriesPart(_Part):
    """A part that yields observations."""

    replace = False
    warnings: Sequence[Issue] = ()
    """What was found before anything was read."""
    complete = False
    may_vanish = False
    may_be_empty = False

    def new_corrector(self) -> Corrector | None:
        """What puts declared errors right while the payloads are read."""
        return None

    def checked(self, loads: Sequence[Load]) -> Sequence[Issue]:
        """What the source's checks find. Raises ValidationFailed for an error among it."""
        return ()

    def parse(self, payloads: Sequence[Payload]) -> Iterable[RawObservation]:
        raise NotImplementedError

    def _loads(self, payloads: Sequence[Payload]) -> tuple[list[Load], list[Issue]]:
        snapshots = {p.origin: self.snapshot(p) for p in payloads}
        # One moment for the whole run: a series may lie on two pages, and is still one release.
        seen = max((p.retrieved_at for p in payloads), default=self.context.clock())
        received = {name: Received(seen, s.sha256) for name, s in snapshots.items()}
        valid = validate(
            self.context.catalog,
            self.source,
            list(self.parse(payloads)),
            received,
            self.context.clock().date(),
            complete=self.complete,
            allow_empty=(
                self.source.allow_empty or self.may_be_empty or (self.may_vanish and not payloads)
            ),
            corrector=self.new_corrector(),
        )
        by_hash = {s.sha256: name for name, s in snapshots.items()}
        units = {
            (indicator.id, name): measure.unit
            for indicator in self.context.catalog.indicators.values()
            for name, measure in indicator.measures.items()
        }
        loads = []
        for origin in self.origins(payloads):
            mine = [
                v for v in valid.vintages if self.origin_of(by_hash[v.raw_sha256 or ""]) == origin
            ]
            kept = [s for name, s in snapshots.items() if self.origin_of(name) == origin]
            loads.append(Load(mine, units, origin, self.replace, kept))
        return loads, [*self.warnings, *valid.warnings]

    def origins(self, payloads: Sequence[Payload]) -> list[str]:
        """Under which names the releases are filed."""
        return sorted({self.origin_of(p.origin) for p in payloads})

    def origin_of(self, payload_origin: str) -> str:
        raise NotImplementedError

    def load(self, run_id: int, payloads: Sequence[Payload], content: str) -> Outcome:
        loads, warnings = self._loads(payloads)
        return self.write(run_id, payloads, content, loads, [*warnings, *self.checked(loads)])

    def write(
        self,
        run_id: int,
        payloads: Sequence[Payload],
        content: str,
        loads: Sequence[Load],
        warnings: Sequence[Issue],
    ) -> Outcome:
        with self.context.writing:
            changes = load_series(
                self.context.engine, run_id, loads, content, warnings, self.snapshots(payloads)
            )
        return Outcome(self.source.id, self.adapter, RunStatus.OK, changes, issues=warnings)

    def replay(self, run_id: int, payloads: Sequence[Payload]) -> Changes:
        loads, _ = self._loads(payloads)
        return replay_series(self.context.engine, run_id, loads)

    def dry_run(self, payloads: Sequence[Payload]) -> Outcome:
        loads, warnings = self._loads(payloads)
        found = [*warnings, *self.checked(loads)]
        changes, differences = preview(self.context.engine, loads)
        return Outcome(self.source.id, self.adapter, RunStatus.OK, changes, "", found, differences)


class _TablePart(_SeriesPart):
    adapter = "table"
    replace = True

    def __init__(self, context: Context, source: Source) -> None:
        super().__init__(context, source)
        # Seed tables of a source with an adapter are a beginning, never the whole extract.
        seed = source.adapter != self.adapter
        self.complete = source.complete and not seed
        self.may_vanish = seed
        documents = sorted(
            f"{d.id} {d.published_precision} {d.retrieved_on}"
            for d in context.catalog.documents.values()
        )
        self.recipe = _recipe(table.RECIPE, self.complete, *_units(context.catalog), *documents)

    def fetch(self) -> list[Payload]:
        catalog, now = self.context.catalog, self.context.clock()
        return table.fetch_tables(catalog, self.source.id, now)

    def parse(self, payloads: Sequence[Payload]) -> Iterable[RawObservation]:
        catalog, allow_empty = self.context.catalog, self.source.allow_empty
        return table.parse_tables(catalog, payloads, allow_empty=allow_empty)

    def origin_of(self, payload_origin: str) -> str:
        return payload_origin

    def origins(self, payloads: Sequence[Payload]) -> list[str]:
        # A table that was deleted takes its figures along.
        stored = table_origins(self.context.engine, self.source.id)
        return sorted({*super().origins(payloads), *stored})


class _AdapterPart(_SeriesPart):
    def __init__(self, context: Context, source: Source, vintage: date | None = None) -> None:
        super().__init__(context, source)
        self.vintage = vintage
        self.adapter = source.adapter
        self._reader = ADAPTERS[source.adapter](context.catalog)
        self._feeds = [BoundFeed(name, feed) for name, feed in context.catalog.feeds_of(source.id)]
        self.complete = source.complete
        # Long ago there was no such series.
        self.may_be_empty = self.adapter in ARCHIVES.values()
        self._corrections = context.catalog.corrections_of(source.id)
        self._older = vintage is not None
        self.recipe = self._recipe_with(self._corrections)

    def _recipe_with(self, corrections: Sequence[Correction]) -> str:
        return _recipe(
            self._reader.recipe,
            self.source.options,
            self.source.ignore.model_dump_json(),
            self.complete,
            *(each.model_dump_json() for each in corrections),
            *_units(self.context.catalog),
            *(f"{bound.indicator} {bound.feed.model_dump_json()}" for bound in self._feeds),
        )

    def recall(self, recipe: str) -> None:
        """Take the corrections that were declared when a run had this recipe.

        They are added at the end of their file, so that those of then are the first of today's.
        Where anything else has changed since, that cannot be told: then today's count, and one that
        finds neither the error nor the right value is no fault of a file of the past.
        """
        for count in range(len(self._corrections), -1, -1):
            if self._recipe_with(self._corrections[:count]) == recipe:
                self._corrections = self._corrections[:count]
                return
        self._older = True

    def new_corrector(self) -> Corrector:
        return Corrector(self.source.id, self._corrections, older=self._older)

    def checked(self, loads: Sequence[Load]) -> Sequence[Issue]:
        vintages = [vintage for load in loads for vintage in load.vintages]
        checks = self.source.checks
        if self.vintage is not None:
            found = row_findings(checks, vintages)
        else:
            engine, origin = self.context.engine, self.origin_of("")
            known = Stored(
                known_values(engine, self.source.id),
                last_stated(engine, self.source.id, origin),
            )
            silent = silent_feeds(self._feeds, vintages)
            today = self.context.clock().date()
            found = [*findings(checks, vintages, known, today), *silent]
        if self.accept:
            return [_accepted(issue) for issue in found]
        if any(issue.severity == "error" for issue in found):
            raise ValidationFailed(found)
        return found

    def fetch(self) -> list[Payload]:
        return self.ask(Client)

    def client(self, make: Callable[..., Client]) -> Client:
        return make(
            self.context.user_agent,
            frozenset(_hosts(self.source)),
            base_urls=setting_of(self.source, self.context.base_urls),
            keys=setting_of(self.source, self.context.keys),
            delay=float(self.source.delay_seconds),
            clock=self.context.clock,
            conditions=self._conditions(),
        )

    def ask(self, make: Callable[..., Client]) -> list[Payload]:
        with self.client(make) as client:
            return list(self._reader.fetch(self.source, self._feeds, client))

    def in_time(self, payloads: list[Payload]) -> list[Payload]:
        """The payloads; where the clock was set back, as if had right after those before.

        What states no date counts from when it was seen, so that the order of the moments has to be
        that of the runs: a new figure must not be filed behind an old one.
        """
        last = last_retrieved(self.context.engine, self.source.id, self.adapter)
        if last is None or not payloads or max(p.retrieved_at for p in payloads) > last:
            return payloads
        log.warning("%s: the clock was set back, to before %s", self.source.id, last)
        message = f"the clock was set back: this source had been read at {last.isoformat()} already"
        self.warnings = [Issue("warning", "clock", message, self.source.id)]
        moment = last + timedelta(microseconds=1)
        return [replace(payload, retrieved_at=moment) for payload in payloads]

    def _conditions(self) -> Callable[[str], Known | None]:
        """What the last run had, if it was good: what failed to be read is asked for whole."""
        store = self.context.store
        had = last_payloads(self.context.engine, self.source.id, self.adapter)

        def content(sha256: str) -> Content | None:
            try:
                return store.get(sha256)
            except SnapshotError:
                return None

        def of(url: str) -> Known | None:
            last = had.get(url)
            if last is None:
                return None
            stored = partial(content, last.sha256)
            return Known(last.etag, last.last_modified, last.media_type, stored)

        return of

    def parse(self, payloads: Sequence[Payload]) -> Iterable[RawObservation]:
        found = self._reader.parse(self.source, self._feeds, payloads)
        return found if self.vintage is None else map(self._of_vintage, found)

    def _of_vintage(self, raw: RawObservation) -> RawObservation:
        """A figure of a past release. What a person says of its day is that it was out by then."""
        if raw.published_on == self.vintage:
            return raw
        return replace(raw, published_on=self.vintage, precision="no-later-than")

    def origin_of(self, payload_origin: str) -> str:
        return f"adapter/{self.adapter}"


class _Backfill(_AdapterPart):
    """Files in place of what the provider would answer."""

    def __init__(
        self, context: Context, source: Source, payloads: Sequence[Payload], vintage: date
    ) -> None:
        super().__init__(context, source, vintage)
        self._payloads = payloads

    def fetch(self) -> list[Payload]:
        return list(self._payloads)

    def in_time(self, payloads: list[Payload]) -> list[Payload]:
        return payloads

    def load(self, run_id: int, payloads: Sequence[Payload], content: str) -> Outcome:
        loads, warnings = self._loads(payloads)
        warnings = [*warnings, *self.checked(loads)]
        if known := contradictions(self.context.engine, loads):
            message = f"a release of {self.vintage} is known, and says otherwise of {known[0]}"
            raise ValidationFailed([Issue("error", "vintage", message, payloads[0].origin)])
        return self.write(run_id, payloads, content, loads, warnings)


class _ArchivedPart(_Backfill):
    """A past release, asked for where the provider keeps them."""

    def __init__(self, context: Context, source: Source, release: Archived) -> None:
        options = {**source.options, "version": release.id}
        of_then = source.model_copy(
            update={"adapter": ARCHIVES[source.adapter], "options": options}
        )
        super().__init__(context, of_then, (), release.published_on)

    def fetch(self) -> list[Payload]:
        return self.ask(Client)

    def write(
        self,
        run_id: int,
        payloads: Sequence[Payload],
        content: str,
        loads: Sequence[Load],
        warnings: Sequence[Issue],
    ) -> Outcome:
        outcome = super().write(run_id, payloads, content, loads, warnings)
        if any(load.vintages for load in loads):
            return outcome
        return replace(outcome, message="the release holds nothing of what is asked for")


class _ArticlePart(_Part):
    """Articles were validated with the catalogue; here their files become rows.

    Drafts are articles as well, whose claims wait for review. One that does not load is left out.
    """

    adapter = "articles"
    recipe = "articles-2"

    def fetch(self) -> list[Payload]:
        root, now = self.context.catalog.root, self.context.clock()
        named = {
            path.relative_to(root).as_posix(): path
            for path in sorted((root / "articles").glob("*.yaml"))
        }
        if self.context.drafts is not None:
            named |= {f"drafts/{path.name}": path for path in self.context.drafts.files()}
        return [
            Payload(name, Content.of(path.read_bytes()), now, "application/yaml")
            for name, path in named.items()
        ]

    def _articles(self) -> list[Article]:
        found = list(self.context.catalog.articles.values())
        if self.context.drafts is not None:
            drafts, broken = self.context.drafts.load(self.context.catalog)
            for errors in broken:
                log.warning("a draft is left out: %s", errors)
            found += [filed.article for filed in drafts]
        return found

    def load(self, run_id: int, payloads: Sequence[Payload], content: str) -> Outcome:
        articles = self._articles()
        with self.context.writing:
            changes = save_articles(
                self.context.engine, run_id, articles, self.snapshots(payloads), content
            )
        return Outcome(self.source.id, self.adapter, RunStatus.OK, changes)

    def replay(self, run_id: int, payloads: Sequence[Payload]) -> Changes:
        # Of articles the newest state counts, and it stands in the files.
        return replay_articles(self.context.engine, run_id, self._articles())

    def dry_run(self, payloads: Sequence[Payload]) -> Outcome:
        count = sum(len(article.claims) for article in self._articles())
        message = f"{len(payloads)} articles with {count} claims are valid"
        return Outcome(self.source.id, self.adapter, RunStatus.OK, message=message)
