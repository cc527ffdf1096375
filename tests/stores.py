"""Databases, contexts of runs, releases: what tests of the data way begin with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Integer, delete, text

from config.catalog import Catalog
from config.schema import Feed
from db.engine import Engine, is_postgresql, make_engine
from db.queries import ObservationQuery, observations
from db.records import Observation, Reading, SeriesKey, Vintage
from db.tables import metadata
from db.writer import Load, load_series, start_run
from ingest.pipeline import Context, Outcome, run_source
from ingest.scheduler import next_due
from ingest.snapshots import SnapshotStore

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
"""Later than every date in the tables."""
KEY = SeriesKey("homicide-rate", "rate", "A", "MEX", None, "world-bank", "source-type=compiled")
UNITS = {("homicide-rate", "rate"): "per-100k"}
TABLE = "tables/homicide-rate.world-bank.csv"
ADAPTER = "adapter/worldbank"


@dataclass(frozen=True)
class Loaded:
    """A database with all tables and articles."""

    catalog: Catalog
    home: Path
    engine: Engine
    """Read-only."""
    outcomes: Sequence[Outcome]

    def copy(self, home: Path) -> Engine:
        """A copy to write to, in `home`."""
        shutil.copyfile(self.home / "twotrack.db", home / "twotrack.db")
        return make_engine(f"sqlite:///{home / 'twotrack.db'}")


def a_context(
    catalog: Catalog,
    engine: Engine,
    home: Path,
    base_urls: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
) -> Context:
    store = SnapshotStore(home / "snapshots")
    return Context(catalog, engine, store, "two-track/0 (test)", base_urls or {}, next_due, clock)


def load_all(context: Context) -> list[Outcome]:
    """What a first start loads: everything that needs no network."""
    return [
        outcome
        for source in context.catalog.sources.values()
        for outcome in run_source(context, source, local_only=True)
    ]


def world_bank_path(catalog: Catalog) -> str:
    """Where the World Bank's homicide rates are asked for."""
    areas = ";".join(homicide_feed(catalog).ref_areas)
    return f"/v2/country/{areas}/indicator/{homicide_feed(catalog).select['indicator']}"


def homicide_feed(catalog: Catalog) -> Feed:
    (feed,) = [feed for name, feed in catalog.feeds_of("world-bank") if name == "homicide-rate"]
    return feed


def day(text: str) -> datetime:
    """Midnight of a day, UTC."""
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)


def a_vintage(
    published_on: str,
    figures: Mapping[str, str | None],
    *,
    complete: bool = False,
    key: SeriesKey = KEY,
    seen_at: datetime | None = None,
    raw_sha256: str | None = None,
) -> Vintage:
    """A release of one series: period to figure."""
    readings = tuple(
        Reading(period, None if text is None else Decimal(text), "M" if text is None else "A")
        for period, text in figures.items()
    )
    return Vintage(
        key,
        day(published_on),
        date.fromisoformat(published_on),
        "day",
        readings,
        complete,
        raw_sha256,
        seen_at,
    )


def open_run(engine: Engine, source: str = "world-bank", adapter: str = "worldbank") -> int:
    return start_run(engine, source, adapter, "recipe", None)


def load(
    engine: Engine,
    *vintages: Vintage,
    origin: str = ADAPTER,
    replace: bool = False,
    units: Mapping[tuple[str, str], str] = UNITS,
) -> tuple[int, int, int, int, int]:
    """One run. Returns (new, revised, withdrawn, reinstated, unchanged)."""
    run_id = open_run(engine)
    changes = load_series(engine, run_id, [Load(vintages, units, origin, replace)], "hash")
    return (
        changes.new,
        changes.revised,
        changes.withdrawn,
        changes.reinstated,
        changes.unchanged,
    )


def empty(engine: Engine) -> None:
    """Remove every row, and begin to count anew."""
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        if is_postgresql(engine):
            for table in metadata.sorted_tables:
                if "id" in table.c and isinstance(table.c.id.type, Integer):
                    sequence = f"{table.name}_id_seq"
                    connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))


def stored(engine: Engine, query: ObservationQuery | None = None) -> list[Observation]:
    """Every vintage of everything, or what `query` asks for."""
    return list(observations(engine, query or ObservationQuery(history=True)))


def spans(engine: Engine) -> list[tuple[str, str | None, str, str | None]]:
    """(period, value as stored, first day, day after the last or None) of every stored interval."""
    return [
        (
            each.time_period,
            None if each.value is None else format(each.value, "f"),
            each.valid_from.date().isoformat(),
            each.valid_to.date().isoformat() if each.valid_to else None,
        )
        for each in stored(engine)
    ]
