"""The `twotrack` command: composition root, and the only module that imports every package.

Exit codes: 0 ok, 1 some source failed, 2 bad usage or bad configuration.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn
from urllib.error import URLError
from urllib.request import urlopen

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from config.catalog import Catalog, check_tables, load_catalog
from config.loader import ConfigErrors
from config.schema import Source
from config.settings import Settings, read_settings

# Imported where they are used: a fast command does not load what it does not need.
if TYPE_CHECKING:
    from db.engine import Engine
    from ingest.articles.reading import Text
    from ingest.articles.watch import Found
    from ingest.pipeline import Context, Outcome
    from ingest.web import Fetcher

VERSION = "0.1.0"
PR_SET_PDEATHSIG = 1
START_SECONDS = 60
STOP_SECONDS = 5

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
ingest_app = typer.Typer(no_args_is_help=True, help="Read official sources and articles.")
export_app = typer.Typer(no_args_is_help=True, help="Write CSV to standard output or a file.")
config_app = typer.Typer(no_args_is_help=True, help="The catalogue under config/.")
articles_app = typer.Typer(no_args_is_help=True, help="Read, draft and review articles.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(ingest_app, name="ingest")
app.add_typer(export_app, name="export")
app.add_typer(articles_app, name="articles")
app.add_typer(config_app, name="config")
app.add_typer(db_app, name="db")

SHOWN_ISSUES = 20

# A file or a pipe has no width: a table that is cut there loses data.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 240)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@app.callback()
def _twotrack() -> None:
    """Figures that articles cite, beside those that official sources record."""


def _fail(message: str, code: int) -> typer.Exit:
    err.print(message, markup=False)
    return typer.Exit(code)


def _settings() -> Settings:
    try:
        return read_settings()
    except ValueError as error:
        raise _fail(f"settings: {error}", 2) from error


def _catalog(settings: Settings) -> Catalog:
    try:
        return load_catalog(settings.config_dir)
    except ConfigErrors as failure:
        raise _broken(settings, failure) from failure


def _broken(settings: Settings, failure: ConfigErrors) -> typer.Exit:
    return _fail(f"{failure}\n{_count_errors(len(failure.errors), settings)}", 2)


def _count_errors(count: int, settings: Settings) -> str:
    return f"{count} error{'s' if count > 1 else ''} in {settings.config_dir}"


def _engine(settings: Settings, *, read_only: bool = False) -> Engine:
    from db.engine import make_engine  # noqa: PLC0415

    try:
        return make_engine(settings.url, read_only=read_only)
    except ValueError as error:
        raise _fail(str(error), 2) from error


def _upgraded(settings: Settings) -> Engine:
    from db.engine import DatabaseError, reason, shown  # noqa: PLC0415
    from db.migrations import upgrade  # noqa: PLC0415

    engine = _engine(settings)
    try:
        upgrade(engine)
    except RuntimeError as error:
        raise _fail(str(error), 2) from error
    except DatabaseError as error:
        raise _fail(f"{shown(settings.url)}: {reason(error)}", 2) from error
    return engine


def _engine_to_read(settings: Settings) -> Engine:
    """The database as it is, for what must change nothing; where there is none yet, an empty one
    that goes with the process."""
    from db.engine import DatabaseError, is_there, make_engine, reason, shown  # noqa: PLC0415
    from db.migrations import HEAD, current_revision, upgrade  # noqa: PLC0415

    try:
        engine = _engine(settings, read_only=True) if is_there(settings.url) else None
        revision = current_revision(engine) if engine else None
    except ValueError as error:
        raise _fail(str(error), 2) from error
    except DatabaseError as error:
        raise _fail(f"{shown(settings.url)}: {reason(error)}", 2) from error
    if engine is not None and revision == HEAD:
        return engine
    if revision is not None:
        said = f"the database stands at revision {revision}, this version needs {HEAD}"
        raise _fail(f"{said}: run `twotrack db upgrade`", 2)
    folder = TemporaryDirectory(prefix="twotrack-")
    atexit.register(folder.cleanup)
    empty = make_engine(f"sqlite:///{folder.name}/empty.db")
    upgrade(empty)
    return empty


def _engine_for(settings: Settings, dry_run: bool) -> Engine:
    return _engine_to_read(settings) if dry_run else _upgraded(settings)


def _context(
    settings: Settings, catalog: Catalog, engine: Engine, writing: threading.Lock | None = None
) -> Context:
    """`writing` is held while a run writes; a lock of the context's own where none is given."""
    from ingest.articles.drafts import Drafts  # noqa: PLC0415
    from ingest.pipeline import Context  # noqa: PLC0415
    from ingest.scheduler import next_due  # noqa: PLC0415
    from ingest.snapshots import SnapshotStore  # noqa: PLC0415

    return Context(
        catalog=catalog,
        engine=engine,
        store=SnapshotStore(settings.snapshots),
        user_agent=_user_agent(settings),
        base_urls=settings.base_urls,
        next_due=next_due,
        keys=settings.keys,
        drafts=Drafts(settings.drafts_dir),
        writing=writing or threading.Lock(),
    )


def _user_agent(settings: Settings) -> str:
    contact = f" ({settings.contact})" if settings.contact else ""
    return f"two-track/{VERSION}{contact}"


@contextmanager
def _progress(total: int, label: str) -> Iterator[Any]:
    """A bar where a person looks on, plain lines elsewhere. Yields `step(text)`."""
    if not err.is_terminal:
        yield lambda text: err.print(f"{label}: {text}", markup=False)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda text: progress.update(task, description=f"{label}: {text}", advance=1)


# --- ingest ---------------------------------------------------------------------------------


def _pick(catalog: Catalog, names: Sequence[str]) -> list[str]:
    from config.loader import nearest  # noqa: PLC0415

    for name in names:
        if name not in catalog.sources:
            hint = nearest(name, catalog.sources)
            more = hint or "`twotrack ingest list` names them"
            raise _fail(f"unknown source {name!r} ({more})", 2)
    return list(names) or list(catalog.sources)


def _run(
    context: Context, names: Sequence[str], *, dry_run: bool = False, accept: bool = False
) -> list[Outcome]:
    from ingest.pipeline import run_sources  # noqa: PLC0415

    sources = [context.catalog.sources[name] for name in names]
    # A run that is told to end marks itself interrupted, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _progress(len(names), "ingest") as step:
            return run_sources(context, sources, dry_run=dry_run, accept=accept, started=step)
    except KeyboardInterrupt:
        if threading.active_count() > 1:
            # What ran is marked; threads that wait for a provider must not hold up the end.
            err.print("interrupted", markup=False)
            os._exit(130)
        raise


@ingest_app.command("run")
def ingest_run(
    sources: Annotated[list[str] | None, typer.Argument(help="Ids; all if none is given.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Load what the checks of the source find: somebody has looked at it. "
            "The findings are kept as warnings.",
        ),
    ] = False,
) -> None:
    """Run sources now, whatever their schedule says."""
    settings = _settings()
    engine = _engine_for(settings, dry_run)
    try:
        catalog = load_catalog(settings.config_dir)
    except ConfigErrors as failure:
        from ingest.pipeline import refuse  # noqa: PLC0415

        folder = settings.config_dir / "sources"
        for name in sources or ["articles"]:
            if not dry_run and (folder / f"{name}.yaml").is_file():
                refuse(engine, name, failure)
        raise _broken(settings, failure) from failure
    names = _pick(catalog, sources or [])
    if accept and not sources:
        raise typer.BadParameter("--accept is for named sources, of which the findings were read")
    context = _context(settings, catalog, engine)
    outcomes = _run(context, names, dry_run=dry_run, accept=accept)
    out.print(_outcome_table(outcomes, dry_run))
    if dry_run:
        _print_differences(outcomes)
    for outcome in outcomes:
        if outcome.message and outcome.status in {"needs-key", "failed", "running"}:
            err.print(f"{outcome.source}: {outcome.message}", markup=False)
        for issue in outcome.issues[:SHOWN_ISSUES]:
            place = f" {issue.locator}" if issue.locator else ""
            err.print(f"  {issue.severity}{place}: {issue.message}", markup=False)
        if len(outcome.issues) > SHOWN_ISSUES:
            err.print(f"  and {len(outcome.issues) - SHOWN_ISSUES} more", markup=False)
    if any(outcome.status in {"failed", "running"} for outcome in outcomes):
        raise typer.Exit(1)


def _outcome_table(outcomes: Sequence[Outcome], dry_run: bool) -> Table:
    table = Table("source", "adapter", "status", box=None, pad_edge=False)
    for column in ("new", "revised", "withdrawn", "reinstated", "unchanged"):
        table.add_column(column, justify="right")
    for outcome in outcomes:
        changes = outcome.changes
        status = f"{outcome.status} (dry run)" if dry_run else str(outcome.status)
        counts = (
            changes.new,
            changes.revised,
            changes.withdrawn,
            changes.reinstated,
            changes.unchanged,
        )
        table.add_row(outcome.source, outcome.adapter, status, *(f"{n:,}" for n in counts))
    return table


def _print_differences(outcomes: Sequence[Outcome], most: int = 40) -> None:
    """Which values would be written, oldest period first."""
    columns = ("series", "time_period", "valid_from", "value", "obs_status")
    table = Table(*columns, box=None, pad_edge=False)
    rows = [
        (
            str(key),
            i.time_period,
            i.valid_from.date().isoformat(),
            str(i.reading.value),
            i.reading.obs_status,
        )
        for outcome in outcomes
        for key, difference in outcome.differences
        for i in difference.insert
    ]
    for row in rows[:most]:
        table.add_row(*row)
    if rows:
        out.print(table)
    if len(rows) > most:
        out.print(f"... and {len(rows) - most:,} more")


@ingest_app.command("list")
def ingest_list() -> None:
    """The sources, with adapter, schedule and provider."""
    catalog = _catalog(_settings())
    table = Table("source", "adapter", "cron", "time zone", "provider", box=None, pad_edge=False)
    for source in catalog.sources.values():
        provider = catalog.provider_of(source.id).name.en
        table.add_row(
            source.id, source.adapter, source.schedule.cron, source.schedule.timezone, provider
        )
    out.print(table)


def _asked(catalog: Catalog, name: str) -> Source:
    from ingest.pipeline import has_adapter  # noqa: PLC0415

    source = catalog.sources[_pick(catalog, [name])[0]]
    if not has_adapter(source):
        raise _fail(f"source {name} has no adapter that asks a provider", 2)
    return source


@ingest_app.command("backfill")
def ingest_backfill(
    source: Annotated[str, typer.Argument(help="Id of a source.")],
    snapshot: Annotated[
        list[Path] | None, typer.Option(help="A file; once for each of several.")
    ] = None,
    vintage: Annotated[
        str | None, typer.Option(help="Day of the release of --snapshot, 2021-06-28.")
    ] = None,
    url: Annotated[
        list[str] | None, typer.Option(help="Address of each file, where its adapter needs it.")
    ] = None,
    archive: Annotated[
        list[str] | None,
        typer.Option(help="A past release that the provider keeps, 202204; `all` for every one."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
) -> None:
    """Load older figures of a provider as its release of their day, in any order.

    Either a file, with --snapshot and --vintage, or what the provider itself keeps, with --archive.
    """
    from ingest.contributing import load_older  # noqa: PLC0415
    from ingest.errors import IngestError  # noqa: PLC0415

    files = bool(snapshot and vintage)
    if files == bool(archive) or (archive and (snapshot or vintage or url)):
        raise _fail("say either --snapshot FILE --vintage DATE or --archive RELEASE", 2)
    settings = _settings()
    catalog = _catalog(settings)
    chosen = _asked(catalog, source)
    if not snapshot or not vintage:
        return _backfill_archived(settings, catalog, chosen, archive or (), dry_run=dry_run)
    try:
        day = date.fromisoformat(vintage)
    except ValueError as error:
        raise _fail(f"--vintage {vintage!r} is no day; write it like 2021-06-28", 2) from error
    context = _context(settings, catalog, _engine_for(settings, dry_run))
    try:
        outcome = load_older(context, chosen, snapshot, day, url or (), dry_run=dry_run)
    except OSError as error:
        raise _fail(f"{error.filename}: {error.strerror}", 2) from error
    except (IngestError, ValueError) as error:
        raise _fail(str(error), 2) from error
    out.print(_outcome_table([outcome], dry_run))
    if dry_run:
        _print_differences([outcome])
    if outcome.status != "ok":
        raise _fail(f"{outcome.source}: {outcome.message}", 1)
    return None


def _backfill_archived(
    settings: Settings, catalog: Catalog, source: Source, names: Sequence[str], *, dry_run: bool
) -> None:
    from ingest.contributing import past_releases  # noqa: PLC0415
    from ingest.errors import IngestError  # noqa: PLC0415
    from ingest.pipeline import backfill_archived  # noqa: PLC0415

    context = _context(settings, catalog, _engine_for(settings, dry_run))
    try:
        releases = past_releases(context, source, names)
    except (IngestError, LookupError) as error:
        raise _fail(str(error), 1 if isinstance(error, IngestError) else 2) from error
    outcomes: list[Outcome] = []
    with _progress(len(releases), "backfill") as step:
        for release in releases:
            if outcomes:  # the provider wants to be asked slowly, and each is asked for afresh
                time.sleep(float(source.delay_seconds))
            step(f"{source.id} {release.id}")
            outcome = backfill_archived(context, source, release, dry_run=dry_run)
            outcomes.append(replace(outcome, source=f"{source.id} {release.id}"))
    out.print(_outcome_table(outcomes, dry_run))
    if dry_run:
        _print_differences(outcomes)
    for message in dict.fromkeys(outcome.message for outcome in outcomes if outcome.message):
        concerned = [outcome.source for outcome in outcomes if outcome.message == message]
        err.print(f"{', '.join(concerned)}: {message}", markup=False)
    if any(outcome.status != "ok" for outcome in outcomes):
        raise typer.Exit(1)


@ingest_app.command("record")
def ingest_record(
    source: Annotated[str, typer.Argument(help="Id of a source.")],
    case: Annotated[str, typer.Option(help="Name of the case, like southwest.")],
    to: Annotated[Path, typer.Option(help="Folder of all payloads.")] = Path("tests/payloads"),
) -> None:
    """Keep what the provider answers now as a test payload."""
    from ingest.contributing import is_case, record  # noqa: PLC0415
    from ingest.errors import IngestError  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    chosen = _asked(catalog, source)
    if not is_case(case):
        raise _fail(f"--case {case!r} is no name; write it like title-case", 2)
    context = _context(settings, catalog, _engine_to_read(settings))
    try:
        files = record(context, chosen, to / chosen.adapter / case)
    except FileExistsError as error:
        raise _fail(str(error), 2) from error
    except IngestError as error:
        raise _fail(f"{source}: {error}", 1) from error
    for path in files:
        out.print(f"{path}  {path.stat().st_size:,} bytes", markup=False)


@ingest_app.command("check")
def ingest_check(
    sources: Annotated[list[str] | None, typer.Argument(help="Ids; all if none is given.")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask every provider one small thing.")
    ] = False,
) -> None:
    """Whether the providers answer: status, time, newest release. Nothing is stored."""
    from db.queries import source_records  # noqa: PLC0415
    from ingest.contributing import can_be_asked, check_live  # noqa: PLC0415

    if not live:
        raise _fail("ingest check asks the providers themselves: say --live", 2)
    settings = _settings()
    catalog = _catalog(settings)
    engine = _engine_to_read(settings)
    context = _context(settings, catalog, engine)
    chosen = [catalog.sources[name] for name in _pick(catalog, sources or [])]
    stored = source_records(engine, {s.id: s.adapter for s in chosen})
    answers = []
    with _progress(len(chosen), "check") as step:
        for each in filter(can_be_asked, chosen):
            step(each.id)
            answers.append(check_live(context, each))
    table = Table("source", "answers", "status", box=None, pad_edge=False)
    table.add_column("ms", justify="right")
    table.add_column("newest release")
    for answer in answers:
        release = answer.released or stored[answer.source].newest_release
        word = "yes" if answer.ok else "no"
        table.add_row(
            answer.source, word, answer.status, f"{answer.milliseconds:,}", str(release or "")
        )
    out.print(table)
    if not all(answer.ok for answer in answers):
        raise typer.Exit(1)


@ingest_app.command("rebuild")
def ingest_rebuild(
    to: Annotated[str | None, typer.Option(help="Address of an empty database.")] = None,
    home: Annotated[
        Path | None, typer.Option(help="A new home folder: database and snapshots.")
    ] = None,
) -> None:
    """Tell the history again: replay all snapshots, in their order, into an empty database."""
    from db.engine import make_engine  # noqa: PLC0415
    from db.migrations import upgrade  # noqa: PLC0415
    from ingest.rebuild import NotEmptyError, rebuild  # noqa: PLC0415
    from ingest.snapshots import SnapshotStore  # noqa: PLC0415

    if (to is None) == (home is None):
        raise _fail("say where to: either --to URL or --home DIR", 2)
    settings = _settings()
    catalog = _catalog(settings)
    context = _context(settings, catalog, _upgraded(settings))
    moved = settings.model_copy(update={"database_url": to or "", "home": home or settings.home})
    keep = SnapshotStore(moved.snapshots) if home else None
    try:
        target = make_engine(moved.url)
        upgrade(target)
        with _progress(1, "rebuild") as step:
            done = rebuild(
                context, target, keep, lambda run: step(f"{run.source} {run.started_at:%Y-%m-%d}")
            )
    except (NotEmptyError, RuntimeError, ValueError) as error:
        raise _fail(str(error), 2) from error
    for run, reason in done.failures:
        err.print(f"{run.source} ({run.adapter}) of {run.started_at}: {reason}", markup=False)
    out.print(f"{done.replayed:,} runs replayed, {len(done.failures):,} failed")
    if done.failures:
        raise typer.Exit(1)


# --- articles -------------------------------------------------------------------------------


WhereArgument = Annotated[
    str, typer.Argument(metavar="FILE|URL", help="A file, an address, or - for standard input.")
]
LanguageOption = Annotated[
    Literal["en", "es"] | None,
    typer.Option(help="The text's language; recognised where it is not said."),
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="Day of publication; else the text's own."),
]


def _fetcher(settings: Settings) -> Fetcher:
    from ingest.web import Fetcher, refusal  # noqa: PLC0415

    refuses = None if settings.allow_private_addresses else refusal
    return Fetcher(_user_agent(settings), refuses=refuses)


def _text(settings: Settings, where: str) -> Text:
    """The text of a file, an address or standard input; what cannot be read ends with 1."""
    from ingest.articles.fetching import fetch_text, is_address  # noqa: PLC0415
    from ingest.articles.reading import MAX_FILE_BYTES, read_bytes, read_file  # noqa: PLC0415
    from ingest.errors import IngestError  # noqa: PLC0415

    try:
        if is_address(where):
            with _fetcher(settings) as fetcher:
                return fetch_text(fetcher, where)
        if where == "-":
            return read_bytes(sys.stdin.buffer.read(MAX_FILE_BYTES + 1), "standard input")
        return read_file(Path(where))
    except IngestError as error:
        raise _fail(str(error), 1) from error
    except OSError as error:
        raise _fail(f"{where}: {error.strerror}", 1) from error


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _fail(f"--date {text!r} is no day; write it like 2021-06-28", 2) from error


@articles_app.command("extract")
def articles_extract(
    where: WhereArgument,
    listing: Annotated[
        Literal["json", "table"], typer.Option("--format", help="Lines of JSON, or a table.")
    ] = "json",
    language: LanguageOption = None,
    day: DateOption = None,
) -> None:
    """Every figure of a text, with its reading. Nothing is stored."""
    from ingest.articles.extract import as_record, extract  # noqa: PLC0415
    from ingest.articles.reading import printable  # noqa: PLC0415
    from ingest.articles.tongues import language_of  # noqa: PLC0415

    settings = _settings()
    published_on = _day(day)
    catalog = _catalog(settings)
    text = _text(settings, where)
    try:
        spoken = language or language_of(text.text)
        found = extract(text.text, spoken, published_on or text.published_on, catalog)
    except ValueError as error:
        raise _fail(f"{text.origin}: {error}", 1) from error
    records = [as_record(each) for each in found]
    if listing == "json":
        _write((json.dumps(each, ensure_ascii=False) + "\n" for each in records), None)
        return
    columns = ("start", "quote", "comparator", "value_low", "value_high", "unit", "indicator")
    table = Table(*columns, "class", box=None, pad_edge=False)
    for each in records:
        cells = (each[name] for name in (*columns, "class"))
        words = (" ".join(str(cell).split()) if cell is not None else "" for cell in cells)
        table.add_row(*(escape(printable(word)) for word in words))
    out.print(table)


@articles_app.command("suggest")
def articles_suggest(
    where: WhereArgument,
    language: LanguageOption = None,
    day: DateOption = None,
    print_: Annotated[
        bool, typer.Option("--print", help="Write the YAML to standard output; store nothing.")
    ] = False,
) -> None:
    """Draft an article's file, with claims that wait for `articles review`."""
    from ingest.articles.drafting import draft  # noqa: PLC0415
    from ingest.articles.drafts import Drafts  # noqa: PLC0415
    from ingest.articles.extract import extract  # noqa: PLC0415
    from ingest.articles.reading import printable  # noqa: PLC0415
    from ingest.errors import IngestError  # noqa: PLC0415

    settings = _settings()
    published_on = _day(day)
    catalog = _catalog(settings)
    drafts = Drafts(settings.drafts_dir)
    text = _text(settings, where)
    if not print_ and (known := drafts.known(catalog, text)):
        raise _fail(f"{text.origin}: known already, as {known}", 1)
    taken = {path.stem for path in drafts.files()}
    try:
        made = draft(
            text, catalog, extract, language=language, published_on=published_on, taken=taken
        )
    except IngestError as error:
        raise _fail(str(error), 1) from error
    if print_:
        _write(iter([made.yaml]), None)
        return
    try:
        path = drafts.add(made, text)
    except OSError as error:
        raise _fail(f"{drafts.folder}: {error.strerror or error}", 1) from error
    _load_articles(settings)
    for each in made.unlinked:
        err.print(f"no claim of: {printable(' '.join(each.quote.split()))}", markup=False)
    count = len(made.article.claims)
    out.print(f"{path}: {count} claim{'s' if count > 1 else ''} to review", markup=False)


def _load_articles(settings: Settings) -> None:
    """Have the database follow the files of articles and drafts."""
    from ingest.pipeline import run_source  # noqa: PLC0415

    catalog = _catalog(settings)
    engine = _upgraded(settings)
    if _load_first(settings, catalog, engine):
        return
    context = _context(settings, catalog, engine)
    for source in catalog.sources.values():
        if source.adapter == "articles":
            for outcome in run_source(context, source):
                if outcome.message:
                    err.print(f"{outcome.source}: {outcome.message}", markup=False)
    engine.dispose()


def _load_first(settings: Settings, catalog: Catalog, engine: Engine) -> bool:
    """Load what a first start loads where no figure is loaded yet: held against nothing, a claim
    would seem to have no official series. Returns whether it did."""
    from db.queries import series_keys  # noqa: PLC0415

    if series_keys(engine):
        return False
    _load_files(settings, catalog, engine, ())
    return True


@articles_app.command("review")
def articles_review(
    article: Annotated[str | None, typer.Argument(help="Id; all that wait if none.")] = None,
    reviewer: Annotated[str, typer.Option(help="Who decides; else TWOTRACK_REVIEWER.")] = "",
    texts: Annotated[
        Path | None, typer.Option(help="Folder of texts, for those that are not beside the drafts.")
    ] = None,
) -> None:
    """Walk through the claims that wait: accept, edit, or reject with a reason."""
    from ingest.articles.drafts import Drafts  # noqa: PLC0415
    from ingest.articles.review import Desk, review  # noqa: PLC0415
    from ingest.articles.yaml_text import EditError  # noqa: PLC0415

    settings = _settings()
    name = (reviewer or settings.reviewer).strip()
    if not name:
        raise _fail("say who reviews: --reviewer NAME, or set TWOTRACK_REVIEWER", 2)
    catalog, engine = _catalog(settings), _upgraded(settings)
    _load_first(settings, catalog, engine)
    desk = Desk(
        catalog=catalog,
        engine=engine,
        drafts=Drafts(settings.drafts_dir),
        reviewer=name,
        today=datetime.now(UTC).date(),
        ask=input,
        say=lambda line: out.print(line, markup=False),
        publish=lambda: _load_articles(settings),
        texts=texts,
    )
    try:
        tally = review(desk, article)
    except LookupError as error:
        raise _fail(str(error), 2) from error
    except (ConfigErrors, EditError, OSError) as error:
        raise _fail(f"nothing more is changed: {error}", 1) from error
    for moved in tally.moved:
        out.print(f"{moved} is now in {settings.config_dir / 'articles'}", markup=False)
    out.print(f"{tally.accepted} accepted, {tally.rejected} rejected, {tally.skipped} skipped")


def _look(settings: Settings, catalog: Catalog, *, only_if_due: bool = False) -> list[Found]:
    """Look at the watched feeds and folders; what is new is in the database afterwards."""
    from ingest.articles.drafts import BusyError, Drafts  # noqa: PLC0415
    from ingest.articles.extract import extract  # noqa: PLC0415
    from ingest.articles.watch import Watcher  # noqa: PLC0415
    from ingest.scheduler import next_due  # noqa: PLC0415

    with _fetcher(settings) as fetcher:
        drafts = Drafts(settings.drafts_dir)
        watcher = Watcher(catalog, drafts, fetcher, extract, settings.home)
        last = watcher.last_look()
        if only_if_due and last is not None:
            due = next_due(catalog.watch.schedule, last)
            if due is None or due > datetime.now(UTC):
                return []
        try:
            found = watcher.look()
        except BusyError:
            if only_if_due:
                return []
            raise
    if any(each.state in {"drafted", "changed"} for each in found):
        _load_articles(settings)
    return found


@articles_app.command("watch")
def articles_watch(
    once: Annotated[bool, typer.Option("--once", help="Look once, now, and end.")] = False,
) -> None:
    """Look for new articles in the feeds and folders of `config/feeds.yaml`.

    They wait for `articles review`. The schedule looks by itself; this is for a machine without.
    """
    from ingest.articles.drafts import BusyError  # noqa: PLC0415
    from ingest.scheduler import run_forever  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    if not once:
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
        run_forever(lambda: _print_found(_look(settings, _catalog(settings), only_if_due=True)))
        _leave()
    try:
        found = _look(settings, catalog)
    except (BusyError, OSError) as error:
        raise _fail(str(error), 1) from error
    _print_found(found)
    if not found:
        out.print("nothing new")
    if any(each.state == "failed" for each in found):
        raise typer.Exit(1)


def _print_found(found: Sequence[Found]) -> None:
    for each in found:
        parts = (each.watched, each.state, each.article, each.where, each.message)
        out.print("  ".join(part for part in parts if part), markup=False)


@articles_app.command("check")
def articles_check(
    texts: Annotated[Path, typer.Option(help="Folder of the articles' texts.")],
) -> None:
    """Whether every excerpt stands verbatim in its text, where the text is at hand."""
    from ingest.articles.check import check_articles  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    if not texts.is_dir():
        raise _fail(f"{texts}: no such folder", 2)
    checked = check_articles(catalog, texts)
    for name in checked.without_text:
        err.print(f"{name}: its text is not at hand", markup=False)
    for fault in checked.faults:
        err.print(str(fault), markup=False)
    if checked.faults:
        raise typer.Exit(1)
    held = len(catalog.articles) - len(checked.without_text)
    out.print(f"ok: {checked.excerpts} excerpts of {held} articles stand in their texts")


# --- serving --------------------------------------------------------------------------------


def _load_files(settings: Settings, catalog: Catalog, engine: Engine, told: Sequence[int]) -> None:
    """Tables and articles: everything that needs no network. A signal ends it between two."""
    context = _context(settings, catalog, engine)
    local = [s.id for s in catalog.sources.values() if s.adapter in {"table", "articles"}]
    seeded = [
        s.id for s in catalog.sources.values() if s.id not in local and catalog.tables_of(s.id)
    ]
    from ingest.pipeline import run_source  # noqa: PLC0415

    with _progress(len(local) + len(seeded), "loading") as step:
        for name in [*local, *seeded]:
            if told:
                break
            step(name)
            for outcome in run_source(context, catalog.sources[name], local_only=True):
                if outcome.status == "failed":
                    err.print(f"{name}: {outcome.message}", markup=False)
    engine.dispose()


def _server_command(settings: Settings) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "dashboard.wsgi:server",
        "--bind", f"{settings.host}:{settings.port}",
        "--workers", str(settings.workers),
        # Threads, so that connections stay open and slow readers of large files hold up nobody.
        "--worker-class", "gthread",
        "--threads", "4",
        "--access-logfile", "/dev/null",
        "--log-level", "warning",
        "--preload",
        "--no-control-socket",
        # Of its own it would believe whoever connects from this machine; a setting says whom.
        "--forwarded-allow-ips", "",
    ]  # fmt: skip


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "TWOTRACK_HOME": str(settings.home.resolve()),
        "TWOTRACK_CONFIG_DIR": str(settings.config_dir.resolve()),
        "TWOTRACK_PORT": str(settings.port),
        "TWOTRACK_HOST": settings.host,
    }


def _check_port(settings: Settings) -> None:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            address = f"{settings.host}:{settings.port}"
            message = f"{address} cannot be used: {error.strerror}. Choose another with PORT=8051"
            raise _fail(message, 2) from error


@app.command()
def serve() -> None:
    """Serve the dashboard. The database must be there (`twotrack db upgrade`)."""
    from db.migrations import HEAD, current_revision  # noqa: PLC0415

    settings = _settings()
    _catalog(settings)
    _check_port(settings)
    if current_revision(_engine(settings)) != HEAD:
        raise _fail("the database is not at this version's schema: run `twotrack db upgrade`", 2)
    os.execve(sys.executable, _server_command(settings), _environment(settings))


@app.command()
def schedule() -> None:
    """Run what is due, for ever: the ingest schedule, in a process of its own.

    Of several on one database one leads; the others wait, and one takes over when it ends.
    """
    from db.engine import DatabaseError, reason  # noqa: PLC0415
    from db.lease import make_lease, wait_to_lead  # noqa: PLC0415
    from db.queries import source_records  # noqa: PLC0415
    from ingest.pipeline import ended, refuse, run_sources  # noqa: PLC0415
    from ingest.scheduler import due_sources, run_forever  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    settings = _settings()
    engine = _upgraded(settings)
    last_good = [_catalog(settings)]
    lease, writing = make_lease(engine), threading.Lock()

    def due(catalog: Catalog, names: Sequence[str]) -> list[str]:
        adapters = {name: catalog.sources[name].adapter for name in names}
        last = {name: r.last_run for name, r in source_records(engine, adapters).items()}
        sources = [catalog.sources[name] for name in names]
        return [source.id for source in due_sources(sources, last, datetime.now(UTC))]

    def tick() -> None:
        wait_to_lead(lease, lambda: err.print("schedule: another process leads; waiting"))
        # Read anew: an edited file counts at the next tick. A broken one fails the articles, which
        # are nothing but files; every other source goes on with the last catalogue that was whole.
        broken: ConfigErrors | None = None
        try:
            last_good[0] = load_catalog(settings.config_dir)
        except ConfigErrors as failure:
            broken = failure
        catalog = last_good[0]
        context = _context(settings, catalog, engine, writing)
        names = due(catalog, list(catalog.sources))
        if broken is not None:
            for name in names:
                if catalog.sources[name].adapter == "articles":
                    refuse(engine, name, broken)
            names = [name for name in names if catalog.sources[name].adapter != "articles"]

        def still_due(source: Source) -> bool:
            # Asked again before each: meanwhile another may have come to lead, and have run it.
            return lease.held() and bool(due(catalog, [source.id]))

        sources = [catalog.sources[name] for name in names]
        for outcome in run_sources(context, sources, wanted=still_due):
            err.print(
                f"schedule: {outcome.source} ({outcome.adapter}) {outcome.status} "
                f"{outcome.message}",
                markup=False,
            )
        if lease.held():
            for found in _look(settings, catalog, only_if_due=True):
                err.print(f"schedule: {found.watched} {found.state} {found.where}", markup=False)

    run_forever(tick)
    try:
        with ended(_context(settings, last_good[0], engine, writing)):
            lease.release()
            _leave()
    except DatabaseError as error:
        err.print(f"schedule: what runs could not be marked: {reason(error)}", markup=False)
        _leave()


def _leave() -> NoReturn:
    """End well and at once: threads that wait for a provider must not hold up the end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@app.command()
def up() -> None:
    """Everything at once: database, tables, articles, dashboard, and the schedule beside it."""
    settings = _settings()
    _check_port(settings)
    told: list[int] = []
    # Only noted: an exception out of the handler would come up in the midst of a load.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: told.append(number))
    catalog = _catalog(settings)
    engine = _upgraded(settings)
    environment = _environment(settings)
    # The server starts while the files are read: its workers see new data when it is there.
    with subprocess.Popen(
        _server_command(settings),
        env=environment,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread runs
    ) as server:
        address = f"http://{settings.host}:{settings.port}"
        try:
            _load_files(settings, catalog, engine, told)
            if not _wait_for(f"{address}/healthz", server, told):
                return
            out.print(f"Two-Track is at {address}  (stop with Ctrl-C)")
            scheduler = subprocess.Popen(
                [sys.executable, "-m", "twotrack", "schedule"],
                env=environment,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread runs
            )
            _watch([server, scheduler], told)
        finally:
            _stop(server)


def _end_with_parent() -> None:
    """Run in a child: have the kernel end it when this process dies, however it dies.

    Linux only (prctl(2), PR_SET_PDEATHSIG); elsewhere a killed `twotrack up` leaves its children.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for(address: str, server: subprocess.Popen[bytes], told: Sequence[int]) -> bool:
    """Wait until the server answers. False: a signal came first."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if told:
            return False
        if server.poll() is not None:
            raise _fail(f"the server ended with status {server.returncode}; see above", 1)
        try:
            with urlopen(address, timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.05)
    raise _fail(f"the server did not answer within {START_SECONDS} s", 1)


def _watch(processes: Sequence[subprocess.Popen[bytes]], told: Sequence[int]) -> None:
    """Wait until one ends or a signal comes, then stop all."""
    try:
        while not told and all(process.poll() is None for process in processes):
            time.sleep(0.3)
        code = 0 if told else max(abs(process.returncode or 0) for process in processes)
        raise typer.Exit(1 if code else 0)
    finally:
        for process in processes:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# --- reading --------------------------------------------------------------------------------


OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
]


def _write(chunks: Iterator[str], output: Path | None) -> None:
    if output is None:
        try:
            for chunk in chunks:
                sys.stdout.write(chunk)
            sys.stdout.flush()
        except BrokenPipeError:  # `| head` has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)
    err.print(f"written: {output}", markup=False)


@export_app.command("observations")
def export_observations(
    indicator: Annotated[str | None, typer.Option(help="Id of one indicator.")] = None,
    ref_area: Annotated[
        list[str] | None, typer.Option("--ref-area", help="ISO 3166-1 alpha-3.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day, 2008-01-01.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day.")] = None,
    asof: Annotated[str | None, typer.Option(help="As known on this day.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Every vintage.")] = False,
    output: OutputOption = None,
) -> None:
    """Official figures as CSV, the columns of `/api/v1/observations.csv`."""
    from dashboard.export.csv import observation_lines  # noqa: PLC0415
    from dashboard.export.parameters import (  # noqa: PLC0415
        BadParameterError,
        observation_query,
    )

    settings = _settings()
    catalog = _catalog(settings)
    given = {
        "indicator": indicator,
        "ref_area": ",".join(ref_area or ()),
        "from": from_,
        "to": to,
        "asof": asof,
        "history": "1" if history else None,
    }
    try:
        query = observation_query(catalog, {name: text for name, text in given.items() if text})
    except BadParameterError as error:
        raise _fail(str(error), 2) from error
    _write(observation_lines(_upgraded(settings), catalog, query), output)


@export_app.command("claims")
def export_claims(
    indicator: Annotated[str | None, typer.Option(help="Id of one indicator.")] = None,
    article: Annotated[str | None, typer.Option(help="Id of one article.")] = None,
    review: Annotated[
        str | None, typer.Option(help="accepted (if not said), pending or all.")
    ] = None,
    output: OutputOption = None,
) -> None:
    """Cited figures as CSV, the columns of `/api/v1/claims.csv`."""
    from dashboard.export.csv import claim_lines  # noqa: PLC0415
    from dashboard.export.parameters import BadParameterError, claim_filter  # noqa: PLC0415
    from dashboard.store import assess_all  # noqa: PLC0415
    from db.queries import articles  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    given = {"indicator": indicator, "article": article, "review": review}
    engine = _upgraded(settings)
    stored = [each.id for each in articles(engine)]
    try:
        asked = claim_filter(catalog, {name: text for name, text in given.items() if text}, stored)
    except BadParameterError as error:
        raise _fail(str(error), 2) from error
    lines = claim_lines(
        engine,
        catalog,
        assess_all(engine, catalog, datetime.now(UTC).date()),
        indicator=asked.indicator,
        article=asked.article,
        review=asked.review,
    )
    _write(lines, output)


@app.command()
def status(
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if a source is failing, due or late.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """How fresh every source is."""
    from db.freshness import status_rows  # noqa: PLC0415
    from db.queries import source_records  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    engine = _upgraded(settings)
    adapters = {s.id: s.adapter for s in catalog.sources.values()}
    records = source_records(engine, adapters)
    rows = status_rows(catalog.sources, records, datetime.now(UTC))
    if json_:
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    else:
        table = Table(*rows[0], box=None, pad_edge=False) if rows else Table()
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        out.print(table)
    if exit_code and any(row["freshness"] in {"failing", "due", "late"} for row in rows):
        raise typer.Exit(1)


@config_app.command("check")
def config_check() -> None:
    """Check every file under config/: YAML, tables, references, cron lines."""
    from ingest.scheduler import next_due  # noqa: PLC0415

    settings = _settings()
    catalog = _catalog(settings)
    errors = [str(error) for error in check_tables(catalog)]
    for source in catalog.sources.values():
        try:
            next_due(source.schedule, datetime.now(UTC))
        except (ValueError, LookupError) as error:
            errors.append(f"sources/{source.id}.yaml: schedule: {error}")
    if errors:
        raise _fail("\n".join([*errors, _count_errors(len(errors), settings)]), 2)
    claims = sum(len(article.claims) for article in catalog.articles.values())
    out.print(
        f"ok: {len(catalog.indicators)} indicators, {len(catalog.sources)} sources, "
        f"{len(catalog.articles)} articles with {claims} claims, {len(catalog.documents)} documents"
    )


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Create the database or bring it to the newest schema."""
    from db.migrations import HEAD  # noqa: PLC0415

    settings = _settings()
    _upgraded(settings)
    out.print(f"database at revision {HEAD}")


@db_app.command("copy")
def db_copy(
    to: Annotated[str, typer.Option("--to", help="An empty database: postgresql://host/name.")],
) -> None:
    """Copy everything into another, empty database, and verify it row by row.

    The files of the snapshots are no part of the database: they stay where they are.
    """
    from db.copy import CopyError, copy_database  # noqa: PLC0415
    from db.engine import DatabaseError, make_engine, reason, shown  # noqa: PLC0415

    source = _upgraded(_settings())
    try:
        target = make_engine(to)
    except ValueError as error:
        raise _fail(str(error).replace("TWOTRACK_DATABASE_URL", "--to"), 2) from error
    try:
        copied = copy_database(source, target)
    except CopyError as error:
        raise _fail(f"{shown(to)}: {error}", 2) from error
    except DatabaseError as error:
        raise _fail(f"{shown(to)}: {reason(error)}", 2) from error
    finally:
        target.dispose()
    table = Table("table", box=None, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("checksum")
    for each in copied:
        table.add_row(each.table, f"{each.rows:,}", each.checksum[:16])
    out.print(table)
    out.print(f"copied and verified: {sum(each.rows for each in copied):,} rows")


def main() -> None:
    """Entry point of the `twotrack` command."""
    app()


if __name__ == "__main__":
    main()
