"""The page of one source: its state, its runs, its raw files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import html

from config.schema import Source
from dashboard import addresses
from dashboard.components import releases
from dashboard.components.sources import (
    KEYS,
    freshness_note,
    key_setting,
    moment,
    state_sentence,
)
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number, shortest
from dashboard.page import Page, buttons, section, table, terms
from dashboard.pages.sources import adapter_words
from dashboard.store import Store
from db.freshness import Freshness
from db.records import Run, RunStatus

MOST_RUNS = 10
MOST_ISSUES = 3
MOST_FILES = 20
LONGEST_RAW = 200
UNITS = ("B", "kB", "MB", "GB")


def page(store: Store, source: Source, t: Translator) -> Page:
    """Its state in a sentence, its schedule, runs and files, and what it has figures of."""
    title = source.name[t.language]
    return Page(
        title=title,
        description=t("State, runs and raw files of the source {name}.", name=title),
        body=[
            html.P(
                html.A(t("Sources and status"), href=addresses.page(t.language, "sources")),
                className="up",
            ),
            html.H1(title),
            html.P(
                [
                    freshness_note(store, source.id, t)
                    or html.Span(t("as entered"), className="badge"),
                    " ",
                    state_sentence(store, source.id, t),
                ],
                className="lead",
            ),
            _facts(store, source, t),
            *(html.P(caveat[t.language], className="caveat") for caveat in source.caveats),
            *_key(store, source, t),
            section(t("Runs"), _runs(store, source, t), "runs"),
            section(t("Raw files"), _files(store, source, t), "files"),
            section(t("Its figures"), _figures(store, source, t), "figures"),
        ],
        path=f"sources/{source.id}",
    )


def _facts(store: Store, source: Source, t: Translator) -> html.Dl:
    provider = store.catalog.provider_of(source.id)
    record = store.source_records()[source.id]
    name: Any = provider.name[t.language]
    if source.url:
        name = html.A(name, href=source.url, rel="external")
    licence: Any = provider.licence.name[t.language]
    if provider.licence.url:
        licence = html.A(licence, href=provider.licence.url, rel="external license")
    verified = "" if provider.licence.verified else f" ({t('not verified')})"
    due = record.last_run.next_due if record.last_run else None
    cadence = (
        t.n("every day", "every {n} days", source.cadence_days)
        if source.cadence_days
        else t("no rhythm: single documents")
    )
    newest = day(record.newest_release, t.locale) if record.newest_release else "–"
    if record.newest_release:
        age = max((store.clock().date() - record.newest_release).days, 0)
        newest = f"{newest} ({t.n('{n} day ago', '{n} days ago', age)})"
    rows: list[tuple[str, Any]] = [
        (t("Provider"), name),
        (t("Licence"), [licence, verified]),
        (t("Way of reading"), adapter_words(source.adapter, t)),
        (
            t("Schedule"),
            [html.Code(source.schedule.cron), f" ({source.schedule.timezone}, cron)"],
        ),
        (t("Next run due"), _when(None if source.paused else due, t)),
        (t("Last success"), _when(record.last_success, t)),
        (t("Last change"), _when(record.last_change, t)),
        (t("Usual rhythm of releases"), cadence),
        (t("Newest release"), newest),
        (t("Next release"), releases.expected_words(store, source, t)),
        (t("Observations"), number(record.observations, 0, t.locale)),
    ]
    return terms(rows, "facts")


def _when(value: datetime | None, t: Translator) -> str:
    return f"{moment(value, t)} UTC" if value else "–"


def _key(store: Store, source: Source, t: Translator) -> list[Any]:
    """What to set where a key is missing. Whether one is set is not for a public page to say."""
    setting = key_setting(source)
    if setting is None:
        return []
    needed = (
        t("The provider wants a key. Whoever runs Two-Track gives it in the setting")
        if KEYS[source.adapter]
        else t("The provider may want a key. Whoever runs Two-Track gives it in the setting")
    )
    rest = t("It is sent to the provider only; pages, files and messages never show it.")
    stopped = store.freshness(source.id) is Freshness.NEEDS_KEY
    return [
        html.P(
            [needed, " ", html.Code(setting), ". ", rest], className="notice" if stopped else None
        )
    ]


# --- runs -----------------------------------------------------------------------------------


def run_words(status: RunStatus, t: Translator) -> str:
    """What came of a run."""
    words = {
        RunStatus.RUNNING: t("running"),
        RunStatus.OK: t("loaded"),
        RunStatus.UNCHANGED: t("nothing new"),
        RunStatus.FAILED: t("failed, nothing was loaded"),
        RunStatus.INTERRUPTED: t("interrupted, nothing was loaded"),
        RunStatus.NEEDS_KEY: t("stopped: needs a key"),
    }
    return words[status]


def duration(run: Run, t: Translator) -> str:
    """`0.4 s`, `3 min 5 s`; `–` while it runs."""
    if run.finished_at is None:
        return "–"
    seconds = max((run.finished_at - run.started_at).total_seconds(), 0.0)
    if seconds < 60:
        return f"{shortest(seconds, t.locale, 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def _runs(store: Store, source: Source, t: Translator) -> list[Any]:
    runs = store.runs(source.id)
    if not runs:
        return [html.P(t("No run yet."), className="none")]
    head = [
        t("Begun (UTC)"),
        t("Result"),
        t("Duration"),
        t("Way of reading"),
        t("New"),
        t("Revised"),
        t("Withdrawn"),
        t("Message"),
    ]
    caption = t.n("The last run", "The last {n} runs, newest first", len(runs[:MOST_RUNS]))
    parts: list[Any] = [table(caption, head, [_run(store, r, t) for r in runs[:MOST_RUNS]])]
    if len(runs) > MOST_RUNS:
        text = t("Older runs are in the database of the installation.")
        parts.append(html.P(text, className="legend"))
    return parts


def _run(store: Store, run: Run, t: Translator) -> list[Any]:
    changes = run.changes
    counts = (changes.new, changes.revised, changes.withdrawn)
    return [
        f"{run.started_at:%Y-%m-%d %H:%M}",
        html.Span(run_words(run.status, t), className=f"run-{run.status}"),
        duration(run, t),
        adapter_words(run.adapter, t),
        *(number(count, 0, t.locale) for count in counts),
        _said(store, run, t),
    ]


def _said(store: Store, run: Run, t: Translator) -> list[Any]:
    """The message as it was noted, in English, and the first findings of validation."""
    parts: list[Any] = [html.Span(run.message, lang="en")] if run.message else []
    reinstated = run.changes.reinstated
    if reinstated:
        text = t.n("{n} value reinstated.", "{n} values reinstated.", reinstated)
        parts.append(html.Div(text))
    issues = store.issues(run)
    if issues:
        items: list[Any] = [
            html.Li(
                [
                    html.Strong(t("error") if issue.severity == "error" else t("warning")),
                    " ",
                    html.Span(
                        f"{issue.check}: {issue.message}"
                        + (f" ({issue.locator})" if issue.locator else ""),
                        lang="en",
                    ),
                    *([html.Br(), html.Code(issue.raw[:LONGEST_RAW])] if issue.raw else []),
                ]
            )
            for issue in issues[:MOST_ISSUES]
        ]
        more = len(issues) - MOST_ISSUES
        if more > 0:
            items.append(html.Li(t.n("and {n} more", "and {n} more", more)))
        count = t.n("{n} finding", "{n} findings", len(issues))
        parts.append(html.Details([html.Summary(count), html.Ul(items)]))
    return parts or ["–"]


# --- raw files ------------------------------------------------------------------------------


def _files(store: Store, source: Source, t: Translator) -> list[Any]:
    files = store.raw_files(source.id)
    if not files:
        return [html.P(t("No file has been kept yet."), className="none")]
    head = [t("Asked for"), t("Retrieved (UTC)"), t("Size"), "SHA-256"]
    rows = [
        [
            html.Code(file.origin, lang="en"),
            f"{file.retrieved_at:%Y-%m-%d %H:%M}",
            size_words(file.size, t),
            html.Code(file.sha256, className="hash"),
        ]
        for file in files[:MOST_FILES]
    ]
    parts: list[Any] = [
        html.P(
            t(
                "The bytes behind the figures shown are kept as they were fetched. Secrets are "
                "not part of the addresses."
            )
        ),
        table(t("Files of the newest good run, newest first"), head, rows),
    ]
    if len(files) > MOST_FILES:
        more = len(files) - MOST_FILES
        parts.append(html.P(t.n("and {n} more", "and {n} more", more), className="legend"))
    return parts


def size_words(size: int | None, t: Translator) -> str:
    """`512 B`, `1.4 MB` (SI, powers of 1000); `–` where it is not known."""
    if size is None:
        return "–"
    value, unit = float(size), UNITS[0]
    for unit in UNITS:
        if round(value, 1) < 1000 or unit == UNITS[-1]:
            break
        value /= 1000
    return f"{shortest(value, t.locale, 1)} {unit}"


def _figures(store: Store, source: Source, t: Translator) -> list[Any]:
    """The indicators that the source has figures of, and the file of all its figures."""
    having = store.indicators_of(source.id)
    if not having:
        return [html.P(t("None in the collection yet."), className="none")]
    links = [
        html.Li(html.A(i.name[t.language], href=addresses.indicator(t.language, i.id)))
        for i in having
    ]
    files = (
        (t("CSV of its figures"), addresses.observations_csv(source=source.id)),
        (
            t("CSV with every revision"),
            addresses.observations_csv(source=source.id, history=True),
        ),
    )
    return [html.Ul(links), buttons(files, t("Files"))]
