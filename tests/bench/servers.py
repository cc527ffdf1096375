"""What is measured against each other, running: our server as it is served, and its peers.

Peers are installed anew, each in an environment of its own under a temporary folder, with whatever
index the package client is set to; never in the environment of the project.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.catalog import load_catalog
from config.settings import Settings
from db.engine import make_engine
from db.migrations import upgrade
from tests.processes import ROOT, environment
from tests.stores import a_context, load_all

PEERS = Path(__file__).parent / "peers"
SECONDS = 60


class NotAtHand(Exception):
    """What a measurement needs is not here; the text says what."""


class DidNotStart(Exception):
    """A server did not answer; the text has the last line that it wrote."""


@dataclass(frozen=True)
class Server:
    base: str
    """Its address without a path."""
    pid: int

    def cpu_seconds(self) -> float:
        """What it and its workers have used of the processors, which other work on the machine
        changes less than it changes the time. Linux only; 0 elsewhere."""
        return _cpu_seconds(self.pid)


def _cpu_seconds(pid: int) -> float:
    folder = Path(f"/proc/{pid}")
    try:
        # utime and stime, by proc(5); the name before them may hold spaces.
        user, system = folder.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
        children = folder.joinpath(f"task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_seconds(int(child)) for child in children)


def prepare(home: Path) -> None:
    """A database with what a first start loads, tables and articles, in `home`."""
    home.mkdir(parents=True)
    settings = Settings(home=home)
    engine = make_engine(settings.url)
    upgrade(engine)
    catalog = load_catalog(settings.config_dir)
    load_all(a_context(catalog, engine, home, clock=lambda: datetime.now(UTC)))
    engine.dispose()


def install(folder: Path, *packages: str) -> Path:
    """The Python of a new environment with some packages. Raises NotAtHand where there is none."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    python = folder / "bin" / "python"
    if uv:
        commands = [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)],
        ]
    else:
        commands = [
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
        ]
    commands[1] += packages
    for command in commands:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise NotAtHand(f"{packages[0]} could not be installed: {said}")
    return python


def version(python: Path, package: str) -> str:
    """`Streamlit 1.67.0`, as installed for a Python."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return f"{package.capitalize()} {done.stdout.strip()}"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], base: str, path: str, log: Path, variables: Mapping[str, str]
) -> Iterator[Server]:
    """A server until the end of the block, once it answers at a path.

    Raises DidNotStart where it does not.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**variables),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, base + path, log)
        yield Server(base, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=SECONDS):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    raise DidNotStart(f"{log.stem} did not start: {lines[-1]}")


@contextmanager
def ours(home: Path, folder: Path, workers: int = 2) -> Iterator[Server]:
    """`twotrack serve` on the database in `home`, with its workers."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    variables = {
        "TWOTRACK_HOME": str(home), "TWOTRACK_PORT": str(port), "WEB_CONCURRENCY": str(workers),
    }  # fmt: skip
    command = [sys.executable, "-m", "twotrack", "serve"]
    with running(command, base, "/healthz", folder / f"{home.name}.log", variables) as server:
        yield server


@contextmanager
def streamlit(python: Path, data: Path, folder: Path) -> Iterator[Server]:
    base = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(str(python), "-m", "streamlit", "run", str(PEERS / "streamlit_page.py")),
        *("--server.headless", "true", "--server.address", "127.0.0.1"),
        *("--server.port", str(port), "--browser.gatherUsageStats", "false"),
        *("--server.fileWatcherType", "none"),
    ]
    variables = {"BENCH_DATA": str(data), "PYTHONPATH": ""}
    with running(command, base, "/", folder / "streamlit.log", variables) as server:
        yield server


@contextmanager
def vizro(python: Path, data: Path, folder: Path, workers: int = 2) -> Iterator[Server]:
    base = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(str(python), "-m", "gunicorn", "vizro_page:server", "--workers", str(workers)),
        *("--bind", f"127.0.0.1:{port}", "--no-control-socket"),
    ]
    variables = {"BENCH_DATA": str(data), "PYTHONPATH": str(PEERS)}
    with running(command, base, "/", folder / "vizro.log", variables) as server:
        yield server


@contextmanager
def datasette(python: Path, database: Path, folder: Path) -> Iterator[Server]:
    base = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(str(python), "-m", "datasette", "serve", str(database)),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
    with running(
        command, base, "/-/versions.json", folder / "datasette.log", {"PYTHONPATH": ""}
    ) as server:
        yield server
