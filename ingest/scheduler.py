"""The timer: its own process, which runs what is due. The only module that imports APScheduler.

Due-ness follows from the history of runs, not from timers held in memory: a night that the machine
slept through is caught up at the next tick, and a restart repeats nothing.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_SUBMITTED, SchedulerEvent
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from config.schema import Schedule, Source
from db.records import Run, RunStatus

log = logging.getLogger(__name__)

TICK_SECONDS = 30


def next_due(schedule: Schedule, after: datetime) -> datetime | None:
    """First time of `schedule` later than `after` (aware); None where there is none."""
    zone = ZoneInfo(schedule.timezone)
    trigger = CronTrigger.from_crontab(schedule.cron, timezone=zone)
    # The trigger counts a moment as its own successor; a microsecond later it does not.
    moment: datetime | None = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    return moment


def due_sources(
    sources: Iterable[Source], last_runs: Mapping[str, Run | None], now: datetime
) -> list[Source]:
    """Sources to run at `now`: never run, past the first scheduled time after the last run, or
    without an end of it. A run that is still at work is not begun again, for it holds its source.
    """
    unended = {RunStatus.INTERRUPTED, RunStatus.RUNNING}
    due = []
    for source in sources:
        if source.paused:
            continue
        last = last_runs.get(source.id)
        moment = None if last is None else next_due(source.schedule, last.started_at)
        if last is None or last.status in unended or (moment is not None and moment <= now):
            due.append(source)
    return due


def run_forever(tick: Callable[[], None], *, seconds: int = TICK_SECONDS) -> None:
    """Call `tick` now and every `seconds`, until SIGTERM or SIGINT; then return.

    Ticks run in the main thread, so that a signal reaches the run in progress: it rolls back, is
    marked interrupted, and the process ends at once.
    """
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": DebugExecutor()})
    ending = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        ending.set()
        raise SystemExit(0)

    def guarded() -> None:
        try:
            tick()
        except SystemExit:
            ending.set()  # the executor would swallow it
        except Exception:
            log.exception("a tick of the schedule failed; the next one is in %s s", seconds)

    def end(_event: SchedulerEvent) -> None:
        # Sent when the scheduler is done with its jobs: it cannot be shut down from inside of one.
        if ending.is_set():
            scheduler.shutdown(wait=False)

    scheduler.add_listener(end, EVENT_JOB_SUBMITTED)
    scheduler.add_job(
        guarded,
        "interval",
        seconds=seconds,
        next_run_time=datetime.now(UTC),
        jitter=max(1, seconds // 6),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        scheduler.start()
    except SystemExit:
        if scheduler.running:
            scheduler.shutdown(wait=False)
