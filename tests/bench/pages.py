"""An indicator's page beside the same in Streamlit and Vizro: `python -m tests.bench.pages`.

Chart, table and a choice of countries, on the same rows: ours on a database as a first start loads
it, the peers on the CSV file of all its observations. Each is loaded in turn in one Chromium, cold
(a new context, so an empty cache) and warm (the same page again), after a first round that does not
count, in which the servers fill what caches they have.

A chart is visible from the frame that shows it on the first screen: its layout is done then, and
nothing counts as visible before the browser's own first contentful paint. Streamlit's data comes by
WebSocket, which is not counted among its bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.bench import servers

RATE = "/en/indicators/homicide-rate"
QUIET_SECONDS = 0.5
LOAD_SECONDS = 60
PLOTLY = ".js-plotly-plot .main-svg .scatterlayer .trace path"
WATCH = """
(function () {
  var seen = (window.seen = { shift: 0 });
  var wanted = WANTED;
  new PerformanceObserver(function (list) {
    list.getEntries().forEach(function (entry) {
      if (!entry.hadRecentInput) seen.shift += entry.value;
    });
  }).observe({ type: "layout-shift", buffered: true });
  function drawn(selector) {
    return Array.prototype.some.call(document.querySelectorAll(selector), function (element) {
      var box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && box.top < innerHeight;
    });
  }
  function look() {
    var missing = Object.keys(wanted).filter(function (name) {
      return !(name in seen);
    });
    missing.forEach(function (name) {
      if (drawn(wanted[name])) seen[name] = performance.now();
    });
    if (missing.length) requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
})();
"""
"""Takes down when each of the things WANTED was on the first screen, and the layout shifts."""


@dataclass(frozen=True)
class Site:
    name: str
    address: str
    first: str
    """Selector of what shows the chart first."""
    live: str
    """Selector of what is there when the chart answers to the mouse."""


@dataclass(frozen=True)
class Loaded:
    """One load of a page. Times in ms since its navigation began."""

    kilobytes: float
    requests: float
    paint: float
    first: float
    live: float
    shift: float


@dataclass(frozen=True)
class Measure:
    title: str
    of: Callable[[Loaded], float]
    form: str = "{:,.0f}"


MEASURES = (
    Measure("KB transferred", lambda load: load.kilobytes, "{:,.1f}"),
    Measure("requests", lambda load: load.requests),
    Measure("first contentful paint, ms", lambda load: load.paint),
    Measure("first chart visible, ms", lambda load: load.first),
    Measure("interactive chart, ms", lambda load: load.live),
    Measure("cumulative layout shift", lambda load: load.shift, "{:.3f}"),
)
BYTES, _, _, FIRST, LIVE, SHIFT = MEASURES


@dataclass(frozen=True)
class Goal:
    measure: Measure
    warm: bool
    limit: float
    of_best: bool
    """Whether the limit is a share of the best peer's."""


GOALS = (
    Goal(FIRST, warm=False, limit=0.10, of_best=True),
    Goal(LIVE, warm=False, limit=0.30, of_best=True),
    Goal(BYTES, warm=False, limit=0.07, of_best=True),
    Goal(BYTES, warm=True, limit=20, of_best=False),
    Goal(SHIFT, warm=False, limit=0.05, of_best=False),
)


class Traffic:
    """What a tab has received since the last `reset`: bytes on the wire, with headers."""

    def __init__(self, page: Page) -> None:
        self.reset()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestServedFromCache", self._kept)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.loadingFailed", self._failed)

    def reset(self) -> None:
        self.asked: set[str] = set()
        self.kept: set[str] = set()
        self.open: set[str] = set()
        self.bytes = 0.0
        self.last = time.monotonic()

    @property
    def requests(self) -> int:
        """Those that reached the server."""
        return len(self.asked - self.kept)

    def is_quiet(self) -> bool:
        return not self.open and time.monotonic() - self.last > QUIET_SECONDS

    def _asked(self, event: Mapping[str, Any]) -> None:
        self.last = time.monotonic()
        if event["request"]["url"].startswith("http"):
            self.asked.add(event["requestId"])
            self.open.add(event["requestId"])

    def _kept(self, event: Mapping[str, Any]) -> None:
        self.kept.add(event["requestId"])

    def _answered(self, event: Mapping[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromServiceWorker"):
            self.kept.add(event["requestId"])

    def _finished(self, event: Mapping[str, Any]) -> None:
        self.last = time.monotonic()
        self.open.discard(event["requestId"])
        if event["requestId"] not in self.kept:
            self.bytes += event["encodedDataLength"]

    def _failed(self, event: Mapping[str, Any]) -> None:
        self.open.discard(event["requestId"])


def load_twice(browser: Browser, site: Site) -> tuple[Loaded, Loaded]:
    """A cold load and a warm one. Raises playwright's Error where no chart appears."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    try:
        context.set_default_timeout(LOAD_SECONDS * 1000)
        wanted = f"{{ first: {site.first!r}, live: {site.live!r} }}"
        context.add_init_script(WATCH.replace("WANTED", wanted))
        page = context.new_page()
        traffic = Traffic(page)
        page.goto(site.address, wait_until="commit")
        cold = _settled(page, traffic)
        traffic.reset()
        page.reload(wait_until="commit")
        return cold, _settled(page, traffic)
    finally:
        context.close()


def _settled(page: Page, traffic: Traffic) -> Loaded:
    end = time.monotonic() + LOAD_SECONDS
    # Asked again and again: a function that waits in the page would need its policy's leave.
    while not (traffic.is_quiet() and page.evaluate("!!(window.seen && seen.first && seen.live)")):
        if time.monotonic() > end:
            raise Error(f"nothing of {page.url} was drawn within {LOAD_SECONDS} s")
        page.wait_for_timeout(50)
    seen = page.evaluate(
        "Object.assign({paint: performance.getEntriesByName('first-contentful-paint')[0]"
        ".startTime}, seen)"
    )
    return Loaded(
        traffic.bytes / 1000,
        traffic.requests,
        seen["paint"],
        max(seen["paint"], seen["first"]),
        max(seen["paint"], seen["live"]),
        seen["shift"],
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the variable CHROMIUM, else Debian's. Raises NotAtHand where there is none."""
    path = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not path.exists():
        raise servers.NotAtHand(f"no Chromium at {path}: install one, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def _sites(stack: ExitStack, folder: Path) -> Iterator[Site]:
    """Ours, then each peer that can be had; what is missing is said."""
    servers.prepare(folder / "home")
    base = stack.enter_context(servers.ours(folder / "home", folder)).base
    print(f"ours with {_plotly()}")
    yield Site("Two-Track", base + RATE, "#chart-slot .static svg", "#chart-slot.is-live .main-svg")
    data = folder / "observations.csv"
    urllib.request.urlretrieve(f"{base}/api/v1/observations.csv", data)
    rows = data.read_bytes().count(b"\n") - 1
    print(f"one indicator of a table of {rows:,} rows: two countries, two sources, 1990 to 2023")
    peers = (("streamlit", servers.streamlit, ("plotly",)), ("vizro", servers.vizro, ("gunicorn",)))
    for name, serve, more in peers:
        try:
            python = servers.install(folder / name, name, *more)
            address = stack.enter_context(serve(python, data, folder)).base
        except (servers.NotAtHand, servers.DidNotStart) as missing:
            print(f"left out: {missing}")
            continue
        yield Site(
            servers.version(python, name), f"{address}/", PLOTLY, ".js-plotly-plot .nsewdrag"
        )


def _plotly() -> str:
    from dashboard.bundles import BASIC, plotly_script  # noqa: PLC0415

    script = plotly_script()
    which = "Plotly's basic bundle" if script.plain.name == BASIC else "the whole Plotly"
    return which if script.brotli else f"{which}, no copies compressed at set-up"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    chosen = parser.parse_args(arguments)
    loads: dict[Site, list[tuple[Loaded, Loaded]]] = {}
    try:
        with (
            chromium() as browser,
            tempfile.TemporaryDirectory() as name,
            ExitStack() as stack,
        ):
            version = browser.version
            for site in _sites(stack, Path(name)):
                loads[site] = []
            for number in range(chosen.repeat + 1):
                for site, found in loads.items():
                    pair = load_twice(browser, site)
                    if number:
                        found.append(pair)
    except servers.NotAtHand as missing:
        print(f"not measured: {missing}")
        return 0
    except Error as error:
        print(f"a page did not come to its chart: {error}")
        return 1
    print(f"medians [least, most] of {chosen.repeat} loads in Chromium {version}, 1280 x 900\n")
    return report(loads)


def report(loads: Mapping[Site, Sequence[tuple[Loaded, Loaded]]]) -> int:
    """Print the table. 1 where a goal is missed."""
    missed = 0
    names = [site.name for site in loads]
    print(f"{'':34}" + "".join(f"{name:>28}" for name in names) + "   ours / best   wanted")
    for warm in (False, True):
        for measure in MEASURES:
            found = [[measure.of(pair[warm]) for pair in each] for each in loads.values()]
            mine, *others = [median(each) for each in found]
            cells = "".join(f"{_cell(measure, each):>28}" for each in found)
            best = min(others, default=0.0)
            ratio = f"{mine / best:.3f}" if best else ""
            word = "warm: " if warm else "cold: "
            said = ""
            for goal in GOALS:
                if (goal.measure, goal.warm) != (measure, warm):
                    continue
                if goal.of_best and not best:
                    said = "no peer to compare"
                    continue
                reached = mine <= goal.limit * best if goal.of_best else mine <= goal.limit
                missed += not reached
                said = f"<= {goal.limit:g}" + (" of the best" if goal.of_best else "")
                said += "" if reached else "  MISSED"
            print(f"{word + measure.title:34}{cells}   {ratio:>11}   {said}".rstrip())
    return 1 if missed else 0


def _cell(measure: Measure, values: Sequence[float]) -> str:
    low, middle, high = (measure.form.format(f(values)) for f in (min, median, max))
    return middle if low == high else f"{middle} [{low}, {high}]"


if __name__ == "__main__":
    sys.exit(main())
