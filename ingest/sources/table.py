"""Adapter of reviewed tables: `config/tables/<indicator>.<source>.csv`, each row with evidence.

They hold figures that no API serves, and first-run figures of those that one does.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from config.catalog import Catalog, read_checked_table
from config.loader import ConfigError
from config.schema import TableRow, format_facets
from db.records import Issue
from ingest.adapter import Payload, RawObservation
from ingest.content import Content
from ingest.errors import ValidationFailed

RECIPE = "table-1"


def fetch_tables(catalog: Catalog, source: str, now: datetime) -> list[Payload]:
    """The bytes of a source's tables."""
    return [
        Payload(_origin(catalog, path), Content.of(path.read_bytes()), now, "text/csv")
        for path in catalog.tables_of(source)
    ]


def _origin(catalog: Catalog, path: Path) -> str:
    return path.relative_to(catalog.root).as_posix()


def parse_tables(
    catalog: Catalog, payloads: Sequence[Payload], *, allow_empty: bool = False
) -> Iterator[RawObservation]:
    """Rows of all tables. Raises ValidationFailed with every bad row of every table.

    Each table holds at least one row unless `allow_empty`.
    """
    issues: list[Issue] = []
    rows: list[RawObservation] = []
    for payload in payloads:
        found = len(rows) + len(issues)
        try:
            text = payload.body.decode("utf-8")
            lines = io.StringIO(text, newline="").readlines()  # as the CSV reader counts them
            for line, row in read_checked_table(catalog, catalog.root / payload.origin, text):
                if isinstance(row, ConfigError):
                    issues.append(_issue(row, lines[line - 1].rstrip("\r\n")))
                else:
                    rows.append(_raw(row, payload.origin, line))
        except ConfigError as error:
            issues.append(_issue(error, ""))
        except UnicodeDecodeError as error:
            fault = ConfigError(payload.origin, 1, "", f"not UTF-8 at byte {error.start}")
            issues.append(_issue(fault, ""))
        if found == len(rows) + len(issues) and not allow_empty:
            issues.append(_issue(ConfigError(payload.origin, 1, "", "no row at all"), ""))
    if issues:
        raise ValidationFailed(issues)
    yield from rows


def _issue(error: ConfigError, raw: str) -> Issue:
    key = f"{error.key}: " if error.key else ""
    hint = f" ({error.suggestion})" if error.suggestion else ""
    message = f"{key}{error.message}{hint}"
    return Issue("error", "table", message, f"{error.file}:{error.line}", raw)


def _raw(row: TableRow, origin: str, line: int) -> RawObservation:
    return RawObservation(
        indicator=row.indicator,
        measure=row.measure,
        facets=format_facets(row.facets),
        freq=row.freq,
        ref_area=row.ref_area,
        counterpart_area=row.counterpart_area,
        time_period=row.time_period,
        value=None if row.value is None else format(row.value, "f"),
        unit_mult=row.unit_mult,
        obs_status=row.obs_status.value,
        note=row.note,
        published_on=row.published_on,
        evidence=row.evidence,
        origin=origin,
        locator=f"{origin}:{line}",
    )
