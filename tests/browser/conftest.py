"""One server, one Chromium and one tab per kind of reader for the whole session."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.album import Album, Theme, asked_for
from tests.processes import ROOT, environment
from tests.stores import Loaded

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LIVE = ".chart-slot.is-live"
SECONDS = 30
SHIFTS = """
window.shifts = 0;
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (entry) {
    if (!entry.hadRecentInput) window.shifts += entry.value;
  });
}).observe({ type: "layout-shift", buffered: true });
"""
"""Sums up the layout shifts of a page, as Cumulative Layout Shift counts them."""


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to use: that of the variable CHROMIUM, else Debian's."""
    path = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not path.exists():
        pytest.skip(f"no Chromium at {path}: apt-get install chromium, or set CHROMIUM to its path")
    return path


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(
    chromium: Path, loaded: Loaded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The dashboard as it is served, on the loaded database; its address without a path."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [
        *(sys.executable, "-m", "gunicorn", "dashboard.wsgi:server"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket"),
        # Browsers open connections ahead of need, and one that is idle would hold up all others.
        *("--worker-class", "gthread", "--threads", "4"),
    ]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(TWOTRACK_HOME=str(loaded.home)),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, process, log)
            yield base
        finally:
            process.terminate()
            process.wait(SECONDS)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=SECONDS):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@dataclass
class Reader:
    """A tab that takes down what goes wrong in it."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)
    """Console messages, script errors, failed requests and requests to another host."""

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)

    def _console(self, message: ConsoleMessage) -> None:
        self.wrong.append(f"console: {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it still asks for.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.wrong.append(f"failed: {request.url}: {request.failure}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.wrong.append(f"another host: {request.url}")

    def visit(self, path: str, *, live: bool = False) -> Page:
        """Open a page of the site; `live`: and wait until its chart has come to life."""
        self.page.goto(self.base + path)
        if live:
            self.page.wait_for_selector(LIVE)
        return self.page


Visitor = Callable[..., Reader]


@pytest.fixture(scope="session")
def readers(browser: Browser, server: str) -> Iterator[Visitor]:
    """Readers by what they have: `width`, `theme`, `scripts`, `still`. Equal ones share a tab.

    `still`: a reader who asks for reduced motion.
    """
    known: dict[tuple[Theme, bool, bool], Reader] = {}

    def reader(
        width: int = 1280, theme: Theme = "light", *, scripts: bool = True, still: bool = False
    ) -> Reader:
        kind = (theme, scripts, still)
        if kind not in known:
            context = browser.new_context(
                java_script_enabled=scripts,
                reduced_motion="reduce" if still else "no-preference",
                locale="en-US",
            )
            context.set_default_timeout(SECONDS * 1000)
            context.add_init_script(SHIFTS)
            known[kind] = Reader(context.new_page(), server)
        found = known[kind]
        # A page that is to be left need not be drawn anew.
        found.page.goto("about:blank")
        found.page.emulate_media(color_scheme=theme)
        found.page.set_viewport_size({"width": width, "height": 900})
        found.wrong.clear()
        return found

    yield reader
    for each in known.values():
        each.page.context.close()


@pytest.fixture(scope="session")
def album(browser: Browser) -> Iterator[Album]:
    """Keeps screenshots where TWOTRACK_SCREENSHOTS names a folder, and makes a sheet of them."""
    album = Album(asked_for())
    yield album
    album.sheet(browser)
