"""A small load generator: so many connections that each ask again as soon as they are answered.

Connections are kept open where the server allows it. One thread and no parsing beyond the length of
an answer, so that it takes little of the processors that the servers need; `wrk`, where it is
installed, takes less still and is used instead, for both sides.
"""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECTIONS = 8
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_RATE = re.compile(r"Requests/sec: *([0-9.]+)")


@dataclass(frozen=True)
class Ask:
    """One address, with what a client says when it asks for it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def rate(ask: Ask, seconds: float, connections: int = CONNECTIONS) -> float:
    """Answers per second. Raises RuntimeError for any answer but 200."""
    return _wrk(ask, seconds, connections) if has_wrk() else generate(ask, seconds, connections)


def _wrk(ask: Ask, seconds: float, connections: int) -> float:
    headers = [word for name, text in ask.headers.items() for word in ("-H", f"{name}: {text}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", *headers, ask.url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = _RATE.search(said)
    if found is None or "Non-2xx" in said:
        raise RuntimeError(f"{ask.url}: {said}")
    return float(found[1])


@dataclass
class _Connection:
    request: bytes
    place: tuple[str, int]
    wire: socket.socket | None = None
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    wanted: int | None = None
    """Bytes of the whole answer, once its head is read; None for one that says no length."""
    chunked: bool = False
    closes: bool = False
    headed: bool = False

    def ask(self) -> socket.socket:
        """Send the request; returns the socket to wait for."""
        if self.wire is None:
            self.wire = socket.create_connection(self.place, timeout=60)
            self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.parts, self.size, self.wanted = [], 0, None
        self.chunked = self.closes = self.headed = False
        self.wire.sendall(self.request)
        return self.wire

    def take(self) -> bool:
        """Read what is there; whether the answer is whole."""
        assert self.wire is not None
        read = self.wire.recv(262_144)
        if read:
            self.parts.append(read)
            self.size += len(read)
        if not self.headed:
            self._head(ended=not read)
        if not read:
            if self.wanted is not None and self.size < self.wanted:
                raise RuntimeError("an answer was cut")
            return self.headed
        if self.wanted is not None:
            return self.size >= self.wanted
        if self.chunked and self.headed:
            return b"".join(self.parts[-2:])[-5:] == b"0\r\n\r\n"
        return False

    def _head(self, *, ended: bool) -> None:
        text = b"".join(self.parts)
        end = text.find(b"\r\n\r\n")
        if end < 0:
            if ended:
                raise RuntimeError("a connection was closed without an answer")
            return
        head = text[: end + 2]
        if b" 200 " not in head[:16]:
            raise RuntimeError(f"answered {head[:40]!r}")
        self.headed = True
        self.closes = bool(_CLOSE.search(head))
        self.chunked = bool(_CHUNKED.search(head))
        length = _LENGTH.search(head)
        if length is not None:
            self.wanted = end + 4 + int(length[1])

    def drop(self) -> None:
        if self.wire is not None:
            self.wire.close()
            self.wire = None


def generate(ask: Ask, seconds: float, connections: int = CONNECTIONS) -> float:
    """`rate` without wrk."""
    address = urlsplit(ask.url)
    place = (address.hostname or "127.0.0.1", address.port or 80)
    target = f"{address.path}?{address.query}" if address.query else address.path
    headers = {"Host": address.netloc, "Accept": "*/*", **ask.headers}
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    chosen = selectors.DefaultSelector()
    every = [_Connection(request, place) for _ in range(connections)]
    count = 0
    start = time.perf_counter()
    try:
        for each in every:
            chosen.register(each.ask(), selectors.EVENT_READ, each)
        # What was asked for is waited for, so that no work of a server goes uncounted.
        while chosen.get_map():
            for key, _ in chosen.select(timeout=60) or _none(ask):
                one: _Connection = key.data
                if not one.take():
                    continue
                count += 1
                ends = time.perf_counter() - start >= seconds
                if one.closes or ends:
                    chosen.unregister(key.fileobj)
                    one.drop()
                if ends:
                    continue
                if one.closes:
                    chosen.register(one.ask(), selectors.EVENT_READ, one)
                else:
                    one.ask()
        return count / (time.perf_counter() - start)
    finally:
        chosen.close()
        for each in every:
            each.drop()


def _none(ask: Ask) -> list[tuple[selectors.SelectorKey, int]]:
    raise RuntimeError(f"{ask.url}: no answer within 60 s")
