"""A provider on 127.0.0.1: replays payloads by path and query, and fails as it is told to."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer, and what is wrong with it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    delay: float = 0.0
    """Seconds before the answer, cut short when the server stops."""
    gzip: bool = False
    truncate: int | None = None
    """Send only so many bytes of what Content-Length, or the chunk, announces."""
    content_length: int | None = None
    """A Content-Length other than the true one."""
    chunked: bool = False
    drip: float = 0.0
    """Seconds between two bytes of the body."""
    repeat: int = 1
    """Send the body so many times, made as it is sent: more than anybody would hold in memory."""
    reset: bool = False
    """Reset the connection instead of answering."""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""


class Loopback(ThreadingHTTPServer):
    """`on` says what to answer; `requests` is what was asked, in order."""

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Asked] = []
        self.stopping = threading.Event()
        self._replies: list[tuple[str, Mapping[str, str], list[Reply]]] = []
        self._connections: list[socket.socket] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def on(self, path: str, *replies: Reply, query: Mapping[str, str] | None = None) -> None:
        """Answer `path` with `replies` in turn, the last one for ever.

        `query` are parameters that the request must have; the longest match wins.
        """
        self._replies.append((path, query or {}, list(replies)))

    def replay(self, path: str, pages: Sequence[bytes]) -> None:
        """Answer `page=1`, `page=2` ... of `path` with these bodies."""
        for number, body in enumerate(pages, start=1):
            self.on(path, Reply(body), query={"page": str(number)})

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            self.requests.append(asked)
            fitting = [
                (len(query), replies)
                for path, query, replies in self._replies
                if path == asked.path and query.items() <= asked.query.items()
            ]
            if not fitting:
                return Reply(b'[{"message":[{"id":"404"}]}]', status=404)
            replies = max(fitting, key=lambda pair: pair[0])[1]
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.append(request)
        super().process_request(request, client_address)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop at once: wake handlers that wait for a next request on a kept connection."""
        self.stopping.set()
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # closed long ago
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away before the end is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Loopback

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
        )
        reply = self.server.answer(asked)
        if reply.delay:
            self.server.stopping.wait(reply.delay)
        if reply.reset:
            self._reset()
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = gzip.compress(reply.body, mtime=0) if reply.gzip else reply.body
        self.send_response(reply.status)
        headers = {"Content-Type": reply.media_type, **reply.headers}
        if reply.gzip:
            headers["Content-Encoding"] = "gzip"
        if reply.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif reply.status not in {204, 304}:
            length = len(body) if reply.content_length is None else reply.content_length
            headers["Content-Length"] = str(length)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        sent = body if reply.truncate is None else body[: reply.truncate]
        if reply.chunked:
            self.wfile.write(b"%x\r\n" % (len(body) * reply.repeat))
        for _ in range(reply.repeat):
            self._write(sent, reply.drip)
        whole = reply.truncate is None and reply.content_length is None
        if reply.chunked and whole:
            self.wfile.write(b"\r\n0\r\n\r\n")
        self.close_connection = self.close_connection or not whole

    def _write(self, body: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.server.stopping.wait(drip):
                break

    def _reset(self) -> None:
        # Linger of zero seconds: closing sends a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
