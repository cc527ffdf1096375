"""A PostgreSQL server of the suite's own: Debian's binaries, a folder and a socket in /tmp."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from db.engine import make_engine

START_SECONDS = 30
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


class Unavailable(Exception):
    """There is no PostgreSQL to test against, and why."""


def _binaries() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, else what PATH leads to."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        raise Unavailable("no PostgreSQL server is installed (Debian: apt install postgresql)")
    return Path(initdb).resolve().parent


def _owner() -> str | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no user `postgres`")


class Server:
    """Runs until `stop`, or until the suite dies. A database takes some 0.2 s to make."""

    def __init__(self) -> None:
        if find_spec("psycopg") is None:
            raise Unavailable("psycopg is not installed (the extra `postgres`)")
        binaries, owner = _binaries(), _owner()
        # Short, for the path of a socket has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="two-track-pg-", dir="/tmp"))
        if owner is not None:
            shutil.chown(self.folder, owner)
        data = self.folder / "data"
        options = ["-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        # A language that does not sort by bytes, so that a forgotten collation is found.
        language = ["--locale-provider=icu", "--icu-locale=es-MX"]
        made = subprocess.run(
            [binaries / "initdb", *options, *language],
            user=owner,
            cwd=self.folder,
            env={},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            self._remove()
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")
        chosen = [f"unix_socket_directories={self.folder}", "listen_addresses=", *FAST]
        settings = [part for each in chosen for part in ("-c", each)]
        setpriv = shutil.which("setpriv")
        dies_with_us = [setpriv, "--pdeathsig", "INT"] if setpriv else []
        self._log = (self.folder / "log").open("w+b")
        self._process = subprocess.Popen(
            [*dies_with_us, binaries / "postgres", "-D", data, *settings],
            user=owner,
            cwd=self.folder,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._names = count(1)
        self._wait()

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self) -> str:
        """Make a database and give its address."""
        name = f"d{next(self._names)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._execute(f"DROP DATABASE {name_of(url)} WITH (FORCE)")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            # It waits for those who are connected; now it does not.
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _execute(self, statement: str) -> None:
        import psycopg  # noqa: PLC0415 -- an extra

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _wait(self) -> None:
        import psycopg  # noqa: PLC0415

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._execute("SELECT 1")
            except psycopg.OperationalError as error:
                if self._process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                self._log.seek(0)
                log = self._log.read().decode(errors="replace")
                self.stop()
                raise RuntimeError(f"PostgreSQL did not start: {log}") from error


def name_of(url: str) -> str:
    """The database in an address."""
    return str(make_engine(url).url.database)
