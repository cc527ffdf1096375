from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ingest.loopback import Loopback


@pytest.fixture
def provider_server() -> Iterator[Loopback]:
    """A provider on 127.0.0.1, running."""
    server = Loopback()
    server.start()
    try:
        yield server
    finally:
        server.stop()
