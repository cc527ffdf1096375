from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.catalog import Catalog
from config.schema import Schedule, Source
from db.queries import runs
from db.records import Run, RunStatus
from ingest.scheduler import due_sources, next_due, run_forever
from tests.broken import pause_providers
from tests.ingest.loopback import Loopback, Reply
from tests.processes import Processes
from tests.stores import Loaded, world_bank_path

SOON = 20.0
PROMPT = 5.0
"""Seconds in which the schedule must end."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("17 5 * * *", "UTC", "2026-03-01T05:16", "2026-03-01T05:17"),
        ("17 5 * * *", "UTC", "2026-03-01T05:17", "2026-03-02T05:17"),
        ("17 5 * * *", "UTC", "2026-12-31T06:00", "2027-01-01T05:17"),
        # Mexico City is six hours behind UTC, and has no summer time since 2022.
        ("0 6 * * *", "America/Mexico_City", "2026-07-01T00:00", "2026-07-01T12:00"),
        ("0 6 * * *", "America/Mexico_City", "2026-01-01T12:00", "2026-01-02T12:00"),
        # New York's clocks go forward on 8 March 2026.
        ("0 6 * * *", "America/New_York", "2026-03-07T12:00", "2026-03-08T10:00"),
        ("0 6 * * *", "America/New_York", "2026-03-06T12:00", "2026-03-07T11:00"),
        ("0 6 * * mon", "UTC", "2026-03-01T12:00", "2026-03-02T06:00"),
        ("0 6 1 * *", "UTC", "2026-03-01T12:00", "2026-04-01T06:00"),
        ("*/15 * * * *", "UTC", "2026-03-01T12:01", "2026-03-01T12:15"),
    ],
)
def test_the_next_time_of_a_schedule(cron: str, zone: str, after: str, expected: str) -> None:
    assert next_due(Schedule(cron=cron, timezone=zone), utc(after)) == utc(expected)


def test_a_day_that_never_comes() -> None:
    assert next_due(Schedule(cron="0 6 31 2 *"), utc("2026-03-01T00:00")) is None


def test_every_schedule_of_the_catalogue_has_a_next_time(catalog: Catalog) -> None:
    for source in catalog.sources.values():
        assert next_due(source.schedule, utc("2026-03-01T00:00")) is not None


def a_run(started_at: str, status: RunStatus = RunStatus.OK) -> Run:
    return Run(1, "world-bank", "worldbank", status, utc(started_at), None)


def due(source: Source, last: Mapping[str, Run | None], now: str) -> bool:
    return due_sources([source], last, utc(now)) == [source]


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (None, "2026-03-01T00:00", True),
        (a_run("2026-03-01T05:17"), "2026-03-01T05:18", False),
        (a_run("2026-03-01T05:17"), "2026-03-02T05:16", False),
        (a_run("2026-03-01T05:17"), "2026-03-02T05:17", True),
        # Slept through two nights: one run, then none until the next morning.
        (a_run("2026-03-01T05:17"), "2026-03-03T09:00", True),
        (a_run("2026-03-03T09:00"), "2026-03-03T09:01", False),
        (a_run("2026-03-03T09:00"), "2026-03-04T05:17", True),
        # A failed run is tried again in its turn, not every half minute.
        (a_run("2026-03-01T05:17", RunStatus.FAILED), "2026-03-01T05:18", False),
        # One that was cut short is, and one that was killed has no end.
        (a_run("2026-03-01T05:17", RunStatus.INTERRUPTED), "2026-03-01T05:18", True),
        (a_run("2026-03-01T05:17", RunStatus.RUNNING), "2026-03-01T05:18", True),
    ],
)
def test_a_source_is_due_once_its_time_has_passed(
    catalog: Catalog, last: Run | None, now: str, expected: bool
) -> None:
    source = catalog.sources["world-bank"]
    assert due(source, {"world-bank": last} if last else {}, now) is expected


def test_a_paused_source_is_never_due(catalog: Catalog) -> None:
    paused = catalog.sources["world-bank"].model_copy(update={"paused": True})
    assert not due(paused, {}, "2026-03-01T00:00")


def test_a_tick_that_fails_does_not_end_the_schedule(caplog: pytest.LogCaptureFixture) -> None:
    ticks: list[int] = []
    handler = signal.getsignal(signal.SIGTERM)

    def tick() -> None:
        ticks.append(len(ticks))
        if len(ticks) == 1:
            raise OSError("disk full")
        os.kill(os.getpid(), signal.SIGTERM)

    run_forever(tick, seconds=1)
    assert ticks == [0, 1]
    assert "a tick of the schedule failed" in caplog.text
    assert signal.getsignal(signal.SIGTERM) is handler


def test_a_signal_ends_the_wait_and_raises_nothing_anywhere() -> None:
    """Whatever a tick does: an exception in the midst of it would leave it half done."""
    came, done = threading.Event(), threading.Event()

    def tick() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        came.wait(SOON)
        done.set()

    run_forever(tick)
    assert not done.is_set()
    came.set()
    assert done.wait(SOON)


def end_of(
    processes: Processes, env: Mapping[str, str], wait_for: Callable[[], object]
) -> tuple[int, str, float]:
    """Start the schedule, send SIGTERM once `wait_for()` holds. Gives status, output, seconds."""
    process = processes.python("-m", "twotrack", "schedule", env=env)
    deadline = time.monotonic() + SOON
    while not wait_for():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=SOON)[1]
    return process.returncode, output, time.monotonic() - began


def test_the_schedule_runs_what_is_due_and_ends_when_told(
    loaded: Loaded, tmp_path: Path, config_copy: Path, processes: Processes
) -> None:
    engine = loaded.copy(tmp_path)
    pause_providers(config_copy)
    for old, new in (
        ("sources/white-house.yaml", "sources/extra.yaml"),
        ("tables/tariff-threat.white-house.csv", "tables/tariff-threat.extra.csv"),
    ):
        text = (config_copy / old).read_text(encoding="utf-8")
        text = text.replace("id: white-house", "id: extra", 1).replace(",white-house,", ",extra,")
        (config_copy / new).write_text(text, encoding="utf-8")
    env = {"TWOTRACK_HOME": str(tmp_path), "TWOTRACK_CONFIG_DIR": str(config_copy)}

    def done() -> bool:
        found = runs(engine, "extra")
        return bool(found) and found[0].status is RunStatus.OK

    code, output, seconds = end_of(processes, env, done)
    assert (code, seconds < PROMPT) == (0, True), output
    assert "Traceback" not in output
    assert runs(engine, "world-bank")[0].adapter == "table"
    assert runs(engine, "extra")[0].changes.new == 5
    engine.dispose()


def test_a_run_in_progress_is_interrupted_and_noted(
    loaded: Loaded,
    tmp_path: Path,
    config_copy: Path,
    provider_server: Loopback,
    processes: Processes,
) -> None:
    engine = loaded.copy(tmp_path)
    pause_providers(config_copy, but="world-bank")
    provider_server.on(world_bank_path(loaded.catalog), Reply(b"[]", delay=60))
    env = {
        "TWOTRACK_HOME": str(tmp_path),
        "TWOTRACK_CONFIG_DIR": str(config_copy),
        "TWOTRACK_BASE_URL_WORLDBANK": provider_server.url,
    }
    code, output, seconds = end_of(processes, env, lambda: provider_server.requests)
    assert (code, seconds < PROMPT) == (0, True), output
    assert "Traceback" not in output
    run = runs(engine, "world-bank")[0]
    assert (run.adapter, run.status) == ("worldbank", RunStatus.INTERRUPTED)
    assert run.message == "the process was ended"
    engine.dispose()
