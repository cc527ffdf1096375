"""Runs of shipped sources against a provider on loopback, and the figures they must arrive at."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import config
from config.catalog import Catalog, load_catalog, read_checked_table
from config.schema import Source, TableRow, format_facets
from ingest.adapter import Adapter, BoundFeed, Payload, RawObservation
from ingest.content import Content
from ingest.http import Client
from tests.ingest.loopback import Loopback

PAYLOADS = Path(__file__).parents[1] / "payloads"
MATERIAL = Path(__file__).parents[2].parent / "shared"
NOW = datetime(2026, 3, 1, tzinfo=UTC)

Key = tuple[str, str, str, str | None, str]
"""Measure, facets, area, counterpart, period."""


@cache
def catalog() -> Catalog:
    return load_catalog(Path(config.__file__).parent)


def shipped(source: str) -> tuple[Source, list[BoundFeed]]:
    """A source of the catalogue with its feeds."""
    feeds = [BoundFeed(name, feed) for name, feed in catalog().feeds_of(source)]
    return catalog().sources[source], feeds


def client_for(server: Loopback, source: Source, keys: Mapping[str, str] | None = None) -> Client:
    return Client(
        "two-track/0 (test)",
        frozenset({*source.allowed_hosts, urlsplit(source.url or "").hostname or ""}),
        {source.provider: server.url},
        sleep=lambda _: None,
        clock=lambda: NOW,
        keys=keys or {},
    )


def run(adapter: Adapter, source: str, server: Loopback) -> list[RawObservation]:
    """Fetch and parse a shipped source."""
    of, feeds = shipped(source)
    with client_for(server, of) as client:
        payloads = list(adapter.fetch(of, feeds, client))
    return list(adapter.parse(of, feeds, payloads))


def a_payload(body: bytes, origin: str) -> Payload:
    return Payload(origin, Content.of(body), NOW)


def recorded(name: str) -> bytes:
    """A recorded answer. Skips the test where the material is not at hand."""
    path = MATERIAL / "payloads" / name
    if not path.exists():
        pytest.skip(f"no {path}")
    return path.read_bytes()


def case(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def by_key(rows: Iterable[RawObservation]) -> dict[Key, RawObservation]:
    """Observations by series and period, each once."""
    found: dict[Key, RawObservation] = {}
    for row in rows:
        key = (row.measure, row.facets, row.ref_area, row.counterpart_area, row.time_period)
        assert key not in found, key
        found[key] = row
    return found


def value_of(row: RawObservation) -> Decimal:
    assert row.value is not None
    return Decimal(row.value).scaleb(row.unit_mult)


def seeded(table: str) -> dict[Key, tuple[Decimal, str]]:
    """Values and notes of a table of the catalogue."""
    path = catalog().root / "tables" / f"{table}.csv"
    found: dict[Key, tuple[Decimal, str]] = {}
    for _, row in read_checked_table(catalog(), path):
        assert isinstance(row, TableRow)
        assert row.value is not None
        facets = format_facets(row.facets)
        key = (row.measure, facets, row.ref_area, row.counterpart_area, row.time_period)
        found[key] = (row.value.scaleb(row.unit_mult), row.note)
    return found


def figures(name: str, evidence: str) -> list[tuple[str, str | None, str, Decimal]]:
    """Area, counterpart, period and value of the collected figures that one payload evidences."""
    path = MATERIAL / "figures" / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"no {path}")
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (
                row["ref_area"],
                row["counterpart_area"] or None,
                row["time_period"],
                Decimal(row["obs_value"]) * (10**6 if "million" in row["unit"] else 1),
            )
            for row in csv.DictReader(file)
            if evidence in row["evidence"]
        ]


def as_figures(rows: Iterable[RawObservation]) -> set[tuple[str, str | None, str, Decimal]]:
    return {(row.ref_area, row.counterpart_area, row.time_period, value_of(row)) for row in rows}


def stated(rows: Iterable[RawObservation]) -> list[RawObservation]:
    """Rows but for the cells that are said to have no figure."""
    return [row for row in rows if not row.absent]
