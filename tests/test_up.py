"""`twotrack up` as an operator meets it: it answers, it stops whole, it leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.processes import Processes

SECONDS = 60


@pytest.fixture
def children() -> Iterator[Processes]:
    started = Processes()
    yield started
    started.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until(condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/en/indicators/homicide-rate", timeout=5) as answer:
            return b"12.64" in answer.read()
    except (URLError, OSError):
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def running(
    config_copy: Path, tmp_path: Path, children: Processes
) -> tuple[subprocess.Popen[str], int]:
    """`twotrack up` on files alone: sources that would go out to the network are paused."""
    for path in (config_copy / "sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "\nadapter: table" not in text and "\nadapter: articles" not in text:
            paused = text if "\npaused: true" in text else f"{text}paused: true\n"
            path.write_text(paused, encoding="utf-8")
    port = _free_port()
    env = {
        "TWOTRACK_HOME": str(tmp_path / "home"),
        "TWOTRACK_CONFIG_DIR": str(config_copy),
        "PORT": str(port),
    }
    process = children.python("-m", "twotrack", "up", env=env)
    assert _until(lambda: _answers(port)), process.poll()
    return process, port


def test_a_signal_stops_everything(running: tuple[subprocess.Popen[str], int]) -> None:
    process, port = running
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert _is_free(port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_killed_parent_takes_its_children_along(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = running
    process.kill()
    process.wait(10)
    assert _until(lambda: _is_free(port), 15)
