"""How fresh a source is, in one word: a pure function of its schedule, its runs and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.schema import Source
from db.records import RunStatus, SourceRecord

GRACE = timedelta(hours=6)
"""A run may be this late before its source counts as due: machines sleep at night."""


class Freshness(StrEnum):
    """How fresh a source is; `freshness` says which word applies."""

    NEW = "new"
    """Never run."""
    OK = "ok"
    DUE = "due"
    """A run should have happened and has not."""
    LATE = "late"
    """Runs succeed, yet the provider's newest release is older than it should be."""
    FAILING = "failing"
    """The last run failed; the data of the last good one is shown."""
    PAUSED = "paused"
    NEEDS_KEY = "needs-key"
    """The provider wants a key and none is set: nobody's failure."""


@dataclass(frozen=True)
class SourceState:
    """What is known of a source, from its file and from the database."""

    paused: bool
    next_due: datetime | None
    """First time of the schedule after the last run; None where there was none."""
    last_run_ok: bool | None
    """None where the source never ran."""
    newest_release: date | None
    cadence_days: int | None
    needs_key: bool = False
    """The last run stopped for want of a key."""


def freshness(state: SourceState, now: datetime) -> Freshness:
    """Paused, new, needs a key, failing, due, late, ok: the first that applies."""
    if state.paused:
        return Freshness.PAUSED
    if state.last_run_ok is None:
        return Freshness.NEW
    if state.needs_key:
        return Freshness.NEEDS_KEY
    if not state.last_run_ok:
        return Freshness.FAILING
    if state.next_due is not None and now > state.next_due + GRACE:
        return Freshness.DUE
    if state.cadence_days is not None and state.newest_release is not None:
        age = (now.date() - state.newest_release).days
        if age > 2 * state.cadence_days:
            return Freshness.LATE
    return Freshness.OK


def source_freshness(source: Source, record: SourceRecord, now: datetime) -> Freshness:
    """The word for one source, from its file and its record."""
    run = record.last_run
    good = {RunStatus.OK, RunStatus.UNCHANGED}
    state = SourceState(
        paused=source.paused,
        next_due=run.next_due if run else None,
        last_run_ok=None if run is None else run.status in good,
        newest_release=record.newest_release,
        cadence_days=source.cadence_days,
        needs_key=run is not None and run.status == RunStatus.NEEDS_KEY,
    )
    return freshness(state, now)


def expected_release(source: Source, record: SourceRecord) -> date | None:
    """About when the provider's next release is to be expected: the newest one that is held and
    its usual rhythm. No announcement of the provider's; None where there is no rhythm or release.
    """
    if source.cadence_days is None or record.newest_release is None:
        return None
    return record.newest_release + timedelta(days=source.cadence_days)


def status_rows(
    sources: Mapping[str, Source], records: Mapping[str, SourceRecord], now: datetime
) -> list[dict[str, str | int]]:
    """One row per source for people and machines: what the command and the API both answer."""
    rows: list[dict[str, str | int]] = []
    for name, record in records.items():
        run = record.last_run
        said = run is not None and run.status in {RunStatus.FAILED, RunStatus.NEEDS_KEY}
        rows.append(
            {
                "source": name,
                "freshness": str(source_freshness(sources[name], record, now)),
                "last_run": run.started_at.isoformat(timespec="seconds") if run else "",
                "newest_release": str(record.newest_release or ""),
                "observations": record.observations,
                "message": run.message if run is not None and said else "",
            }
        )
    return rows
