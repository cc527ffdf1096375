"""Figure requests, beside Datasette's JSON of the same rows: `python -m tests.bench.requests`.

The figure is what a page's chart asks for: the layout of one indicator's view with 300 monthly
values. Datasette serves a plain SQLite table of the same observations, indexed by series and
period, and is asked for the same 300 rows: as its documentation does, and without everything beside
the rows that can be left out. That all sides answer with the same 300 values is looked at first.

Then the same with many more observations in the database: of made-up series of every indicator, the
one asked for too, with areas, sources and facets of the catalogue.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from config.catalog import Catalog, load_catalog
from config.schema import Indicator, format_facets
from config.settings import Settings
from db.engine import make_engine
from db.queries import ObservationQuery, count_observations, series_keys
from db.records import SeriesKey
from db.writer import Load, load_series, start_run
from tests.bench import servers
from tests.bench.generator import CONNECTIONS, Ask, has_wrk, rate
from tests.bench.load import PERIODS, vintages
from tests.bench.servers import DidNotStart, NotAtHand, Server

SERIES = "border-encounters.encounters.M.USA._T.dhs-ohss.component=usbp"
INDICATOR = "border-encounters"
FIRST, LAST = "1999-10-01", "2024-09-30"
ROWS = 300
WORKERS = 2
TIMES_DATASETTE = 8.0
OF_SMALL = 0.8
SMALL, LARGE = 50_000, 5_000_000
BATCH = 500_000
WARM_SECONDS = 0.5
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


@dataclass(frozen=True)
class Side:
    """Something that is asked for, and how the 300 values are read from its answer."""

    name: str
    server: Server
    ask: Ask
    values: Callable[[bytes], list[float]]


def _view() -> str:
    query = urlencode({"series": SERIES, "from": FIRST, "to": LAST})
    return f"/en/indicators/{INDICATOR}?{query}"


def figure(server: Server, *, compressed: bool = True) -> Side:
    """The chart's data, asked for as the browser does on the indicator's page."""
    headers = {"Referer": server.base + _view(), **(BROWSER if compressed else {})}
    name = "chart data" if compressed else "chart data, not compressed"
    return Side(name, server, Ask(f"{server.base}/_dash-layout", headers), _of_figure)


def page(server: Server) -> Side:
    return Side("page", server, Ask(server.base + _view(), BROWSER), _of_nothing)


def table(server: Server) -> Side:
    query = urlencode({"series": SERIES, "from": FIRST, "to": LAST})
    return Side(
        "CSV", server, Ask(f"{server.base}/api/v1/observations.csv?{query}", BROWSER), _of_csv
    )


def peer(server: Server, *, bare: bool) -> Side:
    asked = {"series": SERIES, "period__gte": FIRST[:7], "period__lte": LAST[:7], "_size": "300"}
    if bare:
        asked |= {"_shape": "array", "_nocount": "1", "_nofacet": "1", "_nosuggest": "1"}
    name = "Datasette, rows alone" if bare else "Datasette"
    ask = Ask(f"{server.base}/plain/observation.json?{urlencode(asked)}", BROWSER)
    return Side(name, server, ask, _of_bare if bare else _of_datasette)


def _of_figure(answer: bytes) -> list[float]:
    data = json.loads(answer)["props"]["figure"]["data"]
    return [value for trace in data for value in trace["y"] if value is not None]


def _of_csv(answer: bytes) -> list[float]:
    return [float(row["value"]) for row in csv.DictReader(io.StringIO(answer.decode()))]


def _of_datasette(answer: bytes) -> list[float]:
    found = json.loads(answer)
    return [row[found["columns"].index("value")] for row in found["rows"]]


def _of_bare(answer: bytes) -> list[float]:
    return [row["value"] for row in json.loads(answer)]


def _of_nothing(_answer: bytes) -> list[float]:
    return []


def check(sides: Sequence[Side]) -> None:
    """All that give values give the same 300. Raises RuntimeError where one does not."""
    known: list[float] | None = None
    for side in sides:
        headers = {k: v for k, v in side.ask.headers.items() if k != "Accept-Encoding"}
        # The first page of a large database takes its time: it reads the history of every claim.
        asked = urllib.request.Request(side.ask.url, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=600) as answer:
                values = side.values(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{side.name}: {error.code} {error.read(300)!r}") from error
        if not values:
            continue
        known = known or values
        if len(values) != ROWS or values != known:
            raise RuntimeError(f"{side.name}: {len(values)} values, or others than the first side")


@dataclass
class Found:
    """Of each round: answers per second, and ms of processor that the server took for one."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def add(self, side: Side, seconds: float) -> None:
        used, start = side.server.cpu_seconds(), time.perf_counter()
        per_second = rate(side.ask, seconds)
        answers = per_second * (time.perf_counter() - start)
        self.rates.append(per_second)
        self.costs.append((side.server.cpu_seconds() - used) * 1000 / max(answers, 1.0))


def measure(sides: Sequence[Side], rounds: int, seconds: float) -> list[Found]:
    """What was found of each side; each round takes all in turn."""
    found = [Found() for _ in sides]
    for side in sides:
        rate(side.ask, WARM_SECONDS)
    for _ in range(rounds):
        for side, each in zip(sides, found, strict=True):
            each.add(side, seconds)
    return found


# --- databases ------------------------------------------------------------------------------


def _facets(indicator: Indicator) -> Iterator[str]:
    """All combinations of the values of an indicator's facets."""
    names = sorted(indicator.facets)
    for values in itertools.product(*(indicator.facets[name].values for name in names)):
        yield format_facets(dict(zip(names, values, strict=True)))


def keys(catalog: Catalog, taken: set[SeriesKey]) -> Iterator[SeriesKey]:
    """Series that the catalogue has words for and the database does not hold: one of each
    indicator's measures in turn, in no order but always the same."""
    chance = random.Random(1)
    groups = []
    for indicator in catalog.indicators.values():
        for measure_id in indicator.measures:
            areas = list(catalog.areas)
            places = itertools.product(areas, [None, *areas], catalog.sources, _facets(indicator))
            group = [SeriesKey(indicator.id, measure_id, "M", *place) for place in places]
            chance.shuffle(group)
            groups.append([key for key in group if key not in taken])
    for row in itertools.zip_longest(*groups):
        yield from (key for key in row if key is not None)


def fill(home: Path, observations: int) -> int:
    """Bring the database in `home` to so many observations or a few more; returns how many."""
    settings = Settings(home=home)
    catalog = load_catalog(settings.config_dir)
    engine = make_engine(settings.url)
    units = {
        (indicator.id, name): measure.unit
        for indicator in catalog.indicators.values()
        for name, measure in indicator.measures.items()
    }
    every = ObservationQuery(history=True)
    new = keys(catalog, set(series_keys(engine)))
    missing = observations - count_observations(engine, every)
    for begin in range(0, missing, BATCH):
        # A whole last series, so that at least so many are there.
        releases = vintages(min(BATCH, missing - begin) + len(PERIODS) - 1, new)
        run_id = start_run(engine, "bench", "bench", "", None)
        load_series(engine, run_id, [Load(releases, units, f"bench/{begin}")], f"{begin}")
    count = count_observations(engine, every)
    engine.dispose()
    return count


def plain_copy(base: str, place: Path) -> None:
    """All current observations of our server as one SQLite table with one index."""
    with urllib.request.urlopen(f"{base}/api/v1/observations.csv") as answer:
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
    with closing(sqlite3.connect(place)) as database, database:
        database.execute(
            "CREATE TABLE observation (id INTEGER PRIMARY KEY, series TEXT, period TEXT, "
            "value REAL, status TEXT)"
        )
        columns = ("series_id", "time_period", "value", "status")
        database.executemany(
            "INSERT INTO observation (series, period, value, status) VALUES (?, ?, ?, ?)",
            [tuple(row[name] or None for name in columns) for row in rows],
        )
        database.execute("CREATE INDEX series_period ON observation (series, period)")
        database.execute("ANALYZE")


# --- the two comparisons --------------------------------------------------------------------


def beside_datasette(folder: Path, home: Path, rounds: int, seconds: float) -> bool:
    """Whether the goal is reached, or cannot be tried."""
    with ExitStack() as stack:
        server = stack.enter_context(servers.ours(home, folder, WORKERS))
        sides = [figure(server), figure(server, compressed=False), page(server), table(server)]
        try:
            python = servers.install(folder / "datasette", "datasette")
            plain_copy(server.base, folder / "plain.db")
            other = stack.enter_context(servers.datasette(python, folder / "plain.db", folder))
            sides += [peer(other, bare=False), peer(other, bare=True)]
            print(f"beside {servers.version(python, 'datasette')}, {ROWS} rows")
        except (NotAtHand, DidNotStart) as missing:
            print(f"left out: {missing}")
        check(sides)
        found = measure(sides, rounds, seconds)
    names = [side.name for side in sides]
    known = names.index("Datasette") if "Datasette" in names else None
    return _print(names, found, known, "x Datasette", {0: TIMES_DATASETTE})


def beside_itself(folder: Path, homes: Mapping[int, Path], rounds: int, seconds: float) -> bool:
    """The smaller database against the larger, in turn in one run."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(servers.ours(home, folder, WORKERS)) for home in homes.values()
        ]
        sides = [make(server) for make in (figure, table) for server in running]
        check(sides)
        found = measure(sides, rounds, seconds)
    reached = True
    for first, what in ((0, "chart data"), (2, "CSV")):
        names = [f"{what}, {count:,}" for count in homes]
        goals = {1: OF_SMALL} if first == 0 else {}
        reached &= _print(names, found[first : first + 2], 0, "of the smaller", goals)
    return reached


def _print(
    names: Sequence[str],
    found: Sequence[Found],
    one: int | None,
    of: str,
    goals: Mapping[int, float],
) -> bool:
    """A table of medians with their ratio to one of them; whether the goals are reached."""
    reached = True
    base = median(found[one].rates) if one is not None else 0.0
    for place, (name, each) in enumerate(zip(names, found, strict=True)):
        middle = median(each.rates)
        wanted = ""
        if place in goals and base:
            good = middle >= goals[place] * base
            reached &= good
            wanted = f">= {goals[place]:g}" + ("" if good else "  MISSED")
        spread = f"[{min(each.rates):,.0f}, {max(each.rates):,.0f}]"
        ratio = f"{middle / base:8.2f} {of}" if base else ""
        cost = f"{median(each.costs):8.2f} ms"
        print(f"  {name:28}{middle:9,.0f}/s {spread:18}{cost}{ratio}   {wanted}".rstrip())
    return reached


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.requests", description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rows", type=int, default=LARGE, help="of the larger database")
    chosen = parser.parse_args(arguments)
    tool = "wrk" if has_wrk() else "a generator in Python (wrk is not installed)"
    print(
        f"{WORKERS} workers, {CONNECTIONS} connections by {tool}; medians [least, most] of "
        f"{chosen.repeat} x {chosen.seconds:g} s, and the server's processor time for an answer",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        servers.prepare(folder / "first")
        homes = {}
        reached = beside_datasette(folder, folder / "first", chosen.repeat, chosen.seconds)
        for rows in (SMALL, chosen.rows):
            home = folder / f"rows-{rows}"
            home.mkdir()
            shutil.copyfile(folder / "first" / "twotrack.db", home / "twotrack.db")
            homes[fill(home, rows)] = home
        print("with more observations in the database")
        try:
            reached &= beside_itself(folder, homes, chosen.repeat, chosen.seconds)
        except (OSError, RuntimeError) as error:
            print(f"  no answer: {error}  MISSED")
            reached = False
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
