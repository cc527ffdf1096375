"""What every test gets: no network but loopback, the catalogue, databases, processes that end."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from config.catalog import Catalog, load_catalog
from db.engine import Engine, make_engine
from db.migrations import upgrade
from tests.broken import CONFIG
from tests.postgres import Server, Unavailable
from tests.processes import Processes
from tests.stores import Loaded, a_context, empty, load_all

# The blob printed with a failure repeats it: @reproduce_failure(...).
_ALWAYS: dict[str, Any] = {
    "print_blob": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("suite", max_examples=50, **_ALWAYS)
settings.register_profile("thorough", max_examples=2_000, **_ALWAYS)
settings.load_profile("suite")


class NetworkBlockedError(Exception):
    """A test reached for another host. Not an OSError, which a client would try again."""


def _is_loopback(host: object) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(patch: pytest.MonkeyPatch) -> None:
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}
    resolve = socket.getaddrinfo

    def guarded(name: str) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            ours = self.family == socket.AF_UNIX or _is_loopback(address[0])
            if not ours:
                raise NetworkBlockedError(f"the suite may not connect to {address!r}")
            return real[name](self, address)

        return connect

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not _is_loopback(host):
            raise NetworkBlockedError(f"the suite may not look up {host!r}")
        return resolve(host, *rest, **named)

    for name in real:
        patch.setattr(socket.socket, name, guarded(name))
    patch.setattr(socket, "getaddrinfo", getaddrinfo)


def pytest_configure(config: pytest.Config) -> None:
    """Guard from the first import on, not only while tests run; and read no setting of a person."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    _guard(patch)
    for name in _of_two_track():
        patch.delenv(name)


def _of_two_track() -> list[str]:
    names = {"PORT", "HOST", "WEB_CONCURRENCY"}
    ours = {"TWOTRACK_SCREENSHOTS"}
    """Asked for by whoever runs the suite; no setting of the program."""
    return [
        name
        for name in os.environ
        if (name.startswith("TWOTRACK_") and name not in ours) or name in names
    ]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue that the project ships."""
    return load_catalog(CONFIG)


@pytest.fixture
def config_copy(tmp_path: Path) -> Path:
    """A copy of config/ to break."""
    copy = tmp_path / "config"
    shutil.copytree(CONFIG, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; tests that ask for it are skipped where there is none."""
    try:
        server = Server()
    except Unavailable as error:
        pytest.skip(str(error))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_postgres(postgres: Server) -> Iterator[Engine]:
    """A database on it with the newest schema, which every test leaves empty."""
    engine = make_engine(postgres.create())
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.param)


@pytest.fixture
def engine(backend: str, request: pytest.FixtureRequest) -> Engine:
    """An empty database with the newest schema, on either kind."""
    found: Engine = request.getfixturevalue(f"{backend}_engine")
    return found


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'twotrack.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(shared_postgres: Engine) -> Iterator[Engine]:
    yield shared_postgres
    empty(shared_postgres)
    shared_postgres.dispose()


@pytest.fixture
def new_url(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Gives addresses of databases without a table."""
    made: list[str] = []

    def create() -> str:
        if backend == "sqlite":
            made.append(f"sqlite:///{tmp_path / f'new-{len(made)}.db'}")
        else:
            made.append(request.getfixturevalue("postgres").create())
        return made[-1]

    yield create
    if backend == "postgresql":
        for url in made:
            request.getfixturevalue("postgres").drop(url)


@pytest.fixture(scope="session")
def loaded(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """All tables and articles in a database. Read it; to change it, take `copy`."""
    home = tmp_path_factory.mktemp("loaded")
    engine = make_engine(f"sqlite:///{home / 'twotrack.db'}")
    upgrade(engine)
    outcomes = load_all(a_context(catalog, engine, home))
    engine.dispose()
    reader = make_engine(f"sqlite:///{home / 'twotrack.db'}", read_only=True)
    yield Loaded(catalog, home, reader, outcomes)
    reader.dispose()


@pytest.fixture
def processes() -> Iterator[Processes]:
    """Starts processes; those that still run when the test ends are ended."""
    started = Processes()
    yield started
    started.end()
