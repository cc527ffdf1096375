"""The file of the dated events: those of the page, with the same parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.catalog import Catalog
from config.schema import Event
from dashboard.export.columns import EVENT_COLUMNS
from dashboard.export.csv import app_version, lines
from dashboard.export.parameters import refuse
from dashboard.filters import chosen, event_filter


def event_lines(catalog: Catalog, arguments: Mapping[str, str]) -> Iterator[str]:
    """CSV in chunks, in order of time. Raises BadParameterError for what the page would only have
    noticed."""
    asked, notices = event_filter(arguments, catalog.pair.indicators)
    refuse(notices)
    build = app_version()
    rows = (_row(catalog, event, build) for event in chosen(catalog.pair.events, asked))
    return lines(EVENT_COLUMNS, rows)


def _row(catalog: Catalog, event: Event, build: str) -> tuple[str, ...]:
    return (
        event.id,
        event.kind,
        event.date.isoformat(),
        event.date_end.isoformat() if event.date_end else "",
        event.precision,
        event.label.en,
        event.label.es,
        ";".join(event.indicators or catalog.pair.indicators),
        ";".join(event.articles),
        event.source,
        event.source_url or "",
        build,
    )
