"""Sources and their state: what is read, when, and whether it worked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import html

from config.schema import Source
from dashboard import addresses
from dashboard.components.sources import freshness_note, state_sentence
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number
from dashboard.page import Page, section, table
from dashboard.store import Store
from db.freshness import Freshness
from db.records import SourceRecord


def page(store: Store, t: Translator) -> Page:
    """Every source in a table, and below it what failed."""
    records = store.source_records()
    rows = [_row(store, source, records[source.id], t) for source in store.catalog.sources.values()]
    head = [
        t("Source"),
        t("State"),
        t("Way of reading"),
        t("Last run"),
        t("Next run due"),
        t("Newest release"),
        t("Observations"),
        t("Licence"),
    ]
    return Page(
        title=t("Sources and status"),
        description=t("Every source with its state, licence and last run."),
        body=[
            html.H1(t("Sources and status")),
            html.P(
                t(
                    "A failing source changes nothing: its last good data stays. Late "
                    "means that runs succeed but the provider's newest release is older "
                    "than usual."
                ),
                className="lead",
            ),
            table(t("Sources, with times in UTC"), head, rows),
            section(t("What failed"), _failures(store, records, t), "failures"),
        ],
        path="sources",
    )


def adapter_words(adapter: str, t: Translator) -> str:
    """How a source is read: by a program, or from files that people review."""
    words = {
        "table": t("reviewed table, not from an API"),
        "articles": t("reviewed files"),
    }
    return words.get(adapter, t("read from the provider"))


def _row(store: Store, source: Source, record: SourceRecord, t: Translator) -> list[Any]:
    provider = store.catalog.provider_of(source.id)
    name = html.A(source.name[t.language], href=addresses.source(t.language, source.id))
    licence = provider.licence.name[t.language]
    if not provider.licence.verified:
        licence = f"{licence} ({t('not verified')})"
    run = record.last_run
    return [
        name,
        freshness_note(store, source.id, t) or html.Span(t("as entered"), className="badge"),
        adapter_words(source.adapter, t),
        _moment(run.started_at if run else None),
        _moment(run.next_due if run and not source.paused else None),
        day(record.newest_release, t.locale) if record.newest_release else "–",
        number(record.observations, 0, t.locale),
        licence,
    ]


def _moment(when: datetime | None) -> html.Span | str:
    """Day and time, which may stand below each other where there is little room."""
    if when is None:
        return "–"
    return html.Span(
        [html.Span(f"{when:%Y-%m-%d}"), " ", html.Span(f"{when:%H:%M}")], className="moment"
    )


def _failures(store: Store, records: dict[str, SourceRecord], t: Translator) -> list[Any]:
    items = [
        html.Li(
            [
                html.A(
                    store.catalog.sources[name].name[t.language],
                    href=addresses.source(t.language, name),
                ),
                ". ",
                state_sentence(store, name, t),
                html.Br(),
                html.Span(record.last_run.message, lang="en", className="said"),
            ]
        )
        for name, record in records.items()
        if record.last_run and store.freshness(name) is Freshness.FAILING
    ]
    if not items:
        return [
            html.P(
                t("The last run of every source succeeded or is still to come."), className="none"
            )
        ]
    return [html.Ul(items)]
