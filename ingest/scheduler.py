"""The timer: its own process, which runs what is due. The only module that imports APScheduler.

Due-ness follows from the history of runs, not from timers held in memory: a night that the machine
slept through is caught up at the next tick, and a restart repeats nothing.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
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
    """Call `tick` now and every `seconds`, one at a time, until SIGTERM or SIGINT; then return.

    Ticks run in a thread of their own. A signal is only noted: an exception out of its handler
    would come up in the midst of whatever the main thread does. So a tick may still be at work when
    this returns; the caller, which is the main thread, says what becomes of it.
    """
    told: SimpleQueue[int] = SimpleQueue()  # whose `put` may be called from a handler

    def stop(number: int, _frame: FrameType | None) -> None:
        told.put(number)

    def guarded() -> None:
        try:
            tick()
        except Exception:
            log.exception("a tick of the schedule failed; the next one is in %s s", seconds)

    scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
    # It would warn of every tick that begins late because the one before takes long.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
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
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        scheduler.start()
        told.get()
        scheduler.shutdown(wait=False)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
