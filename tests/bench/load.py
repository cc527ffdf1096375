"""How fast a bulk load is, beside plain sqlite3: `python -m tests.bench.load`.

Every number is a ratio to what the same machine does in the same run, for a time alone says nothing
about another machine.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median

from db.engine import Engine, make_engine
from db.migrations import upgrade
from db.records import Reading, SeriesKey, Vintage
from db.writer import Load, load_series, start_run

PERIODS = [f"{year}-{month:02}" for year in range(1980, 2022) for month in range(1, 13)][:500]
RELEASED = date(2022, 1, 1)
UNITS = {("homicide-rate", "rate"): "per-100k"}
LEAST_OF_PLAIN = 0.5
LEAST_TIMES_FASTER = 5.0


def a_key(number: int) -> SeriesKey:
    return SeriesKey("homicide-rate", "rate", "M", "MEX", None, "bench", f"part=p{number:05}")


def vintages(rows: int, keys: Iterable[SeriesKey] | None = None) -> list[Vintage]:
    """One release each of many series of 500 months: the first of `keys`, or of made-up ones."""
    moment = datetime(2022, 1, 1, tzinfo=UTC)
    numbers = range(rows // len(PERIODS))
    found = []
    for number, key in zip(numbers, keys or map(a_key, numbers), strict=False):
        readings = tuple(
            Reading(period, Decimal((number * 7919 + place * 104_729) % 1_000_003).scaleb(-3), "A")
            for place, period in enumerate(PERIODS)
        )
        found.append(Vintage(key, moment, RELEASED, "day", readings))
    return found


def new_database(folder: Path, name: str) -> Engine:
    engine = make_engine(f"sqlite:///{folder / name}.db")
    upgrade(engine)
    return engine


def load(engine: Engine, releases: Sequence[Vintage]) -> float:
    """Seconds of one load, from the releases in memory to the end of the transaction."""
    run_id = start_run(engine, "bench", "bench", "", None)
    return timed(
        lambda: load_series(engine, run_id, [Load(releases, UNITS, "adapter/bench")], "hash")
    )


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain(folder: Path, loaded: Path, name: str) -> float:
    """Seconds in which sqlite3 alone writes the same rows, in order of their key, into the same
    table with the same settings."""
    with sqlite3.connect(loaded) as source:
        rows = source.execute(
            "SELECT * FROM observation ORDER BY series_id, time_period, valid_from"
        ).fetchall()
        series = source.execute("SELECT * FROM series").fetchall()
        runs = source.execute("SELECT * FROM run").fetchall()
    source.close()
    new_database(folder, name).dispose()
    target = sqlite3.connect(folder / f"{name}.db", isolation_level=None)
    target.execute("PRAGMA synchronous = NORMAL")
    target.execute("PRAGMA cache_size = -64000")

    def insert(table: str, values: Sequence[Sequence[object]]) -> None:
        marks = ", ".join("?" * len(values[0]))
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", values)

    insert("run", runs)
    insert("series", series)

    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        insert("observation", rows)
        target.execute("COMMIT")

    seconds = timed(write)
    target.close()
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args(arguments)
    releases = vintages(chosen.rows)
    rows = sum(len(each.readings) for each in releases)
    first, again, bare = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(chosen.repeat):
            engine = new_database(folder, f"loaded-{number}")
            first.append(load(engine, releases))
            again.append(load(engine, releases))
            engine.dispose()
            bare.append(plain(folder, folder / f"loaded-{number}.db", f"plain-{number}"))
            for path in folder.iterdir():
                path.unlink()
    of_plain = median(one / other for one, other in zip(bare, first, strict=True))
    faster = median(one / other for one, other in zip(first, again, strict=True))
    print(f"{rows:,} observations, median of {chosen.repeat}")
    print(f"{'':28}{'seconds':>9}{'rows/s':>12}   {'ratio':>6}  wanted")
    for what, seconds, ratio, least in (
        ("sqlite3 executemany", bare, "", ""),
        ("load_series, first", first, f"{of_plain:.2f}", f">= {LEAST_OF_PLAIN} of sqlite3"),
        ("load_series, once more", again, f"{faster:.1f}", f">= {LEAST_TIMES_FASTER} x the first"),
    ):
        time_ = median(seconds)
        print(f"{what:28}{time_:9.2f}{rows / time_:12,.0f}   {ratio:>6}  {least}")
    return 0 if of_plain >= LEAST_OF_PLAIN and faster >= LEAST_TIMES_FASTER else 1


if __name__ == "__main__":
    sys.exit(main())
