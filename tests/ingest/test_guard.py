"""The suite cannot reach another host."""

from __future__ import annotations

import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import requests

from tests.conftest import NetworkBlockedError
from tests.ingest.loopback import Loopback, Reply


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_no_other_host_can_be_reached(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    for name in ("connect", "connect_ex"):
        with socket.socket(family) as client, pytest.raises(NetworkBlockedError):
            getattr(client, name)(address)


def test_no_name_can_be_looked_up() -> None:
    with pytest.raises(NetworkBlockedError, match=r"may not look up 'api\.worldbank\.org'"):
        requests.get("https://api.worldbank.org", timeout=1)
    with pytest.raises((NetworkBlockedError, URLError)):
        urlopen("http://example.org", timeout=1)


def test_this_machine_can_be_reached(provider_server: Loopback) -> None:
    provider_server.on("/", Reply(b"{}"))
    assert requests.get(provider_server.url, timeout=5).content == b"{}"
    address = provider_server.url.replace("127.0.0.1", "localhost")
    assert requests.get(address, timeout=5).status_code == 200


def test_sockets_of_the_file_system_are_allowed() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert other.recv(1) == b"x"
    with socket.socket(socket.AF_UNIX) as client, pytest.raises(FileNotFoundError):
        client.connect("/nowhere/socket")
