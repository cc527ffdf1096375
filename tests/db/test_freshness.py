from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.catalog import Catalog
from db.freshness import (
    GRACE,
    Freshness,
    SourceState,
    expected_release,
    freshness,
    source_freshness,
)
from db.records import Run, RunStatus, SourceRecord

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GOOD = SourceState(
    paused=False,
    next_due=NOW + timedelta(hours=1),
    last_run_ok=True,
    newest_release=date(2026, 2, 20),
    cadence_days=30,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Freshness.OK),
        ({"paused": True, "last_run_ok": None}, Freshness.PAUSED),
        ({"last_run_ok": None, "next_due": None}, Freshness.NEW),
        ({"last_run_ok": False}, Freshness.FAILING),
        ({"last_run_ok": False, "needs_key": True}, Freshness.NEEDS_KEY),
        ({"last_run_ok": False, "needs_key": True, "paused": True}, Freshness.PAUSED),
        ({"last_run_ok": False, "next_due": NOW - timedelta(days=9)}, Freshness.FAILING),
        ({"next_due": NOW - GRACE}, Freshness.OK),
        ({"next_due": NOW - GRACE - timedelta(seconds=1)}, Freshness.DUE),
        ({"next_due": None}, Freshness.OK),
        ({"newest_release": date(2025, 12, 31)}, Freshness.OK),
        ({"newest_release": date(2025, 12, 30)}, Freshness.LATE),
        ({"newest_release": date(2000, 1, 1), "cadence_days": None}, Freshness.OK),
        ({"newest_release": None}, Freshness.OK),
        ({"next_due": NOW - timedelta(days=1), "newest_release": date(2000, 1, 1)}, Freshness.DUE),
    ],
)
def test_the_first_word_that_applies(changes: dict[str, object], expected: Freshness) -> None:
    assert freshness(replace(GOOD, **changes), NOW) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (RunStatus.OK, Freshness.OK),
        (RunStatus.UNCHANGED, Freshness.OK),
        (RunStatus.FAILED, Freshness.FAILING),
        (RunStatus.INTERRUPTED, Freshness.FAILING),
        (RunStatus.NEEDS_KEY, Freshness.NEEDS_KEY),
    ],
)
def test_a_source_is_as_fresh_as_its_last_run(
    catalog: Catalog, status: RunStatus, expected: Freshness
) -> None:
    run = Run(1, "world-bank", "worldbank", status, NOW, NOW, NOW + timedelta(days=1))
    record = SourceRecord("world-bank", run, NOW, NOW, date(2026, 1, 1), 140)
    assert source_freshness(catalog.sources["world-bank"], record, NOW) is expected


def test_a_source_without_a_run_is_new(catalog: Catalog) -> None:
    record = SourceRecord("world-bank", None, None, None, None, 0)
    assert source_freshness(catalog.sources["world-bank"], record, NOW) is Freshness.NEW


@pytest.mark.parametrize(
    ("name", "newest", "expected"),
    [
        ("world-bank", date(2025, 7, 1), date(2026, 7, 1)),
        ("world-bank", None, None),
        ("atf", date(2021, 2, 28), None),
    ],
)
def test_the_next_release_follows_from_the_newest_and_the_rhythm(
    catalog: Catalog, name: str, newest: date | None, expected: date | None
) -> None:
    record = SourceRecord(name, None, None, None, newest, 0)
    assert expected_release(catalog.sources[name], record) == expected
