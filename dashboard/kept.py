"""Whole answers, kept ready: what was answered once is answered again without making it anew.

Around the WSGI application. An answer is kept with its headers as it was sent, compressed, by all
that can change it: address, host and scheme (canonical links are whole addresses), encoding, the
referrer where the chart's layout is asked for, and the state of data and clock. With another state
all are dropped. Only what a page or a file answers with 200 is kept, never what sets a cookie.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from db.engine import DatabaseError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LAYOUT = "/_dash-layout"
PLACES = (
    "/en/", "/es/", "/api/v1/", "/assets/", "/scripts/", "/_dash-component-suites/",
    "/_dash-dependencies", LAYOUT,
)  # fmt: skip
NEVER = frozenset({"/api/v1/health.json"})
"""Asked for by machines that want to know how it is at this moment."""
SHARE = 8
"""One answer takes at most so large a part of the memory; what is larger is streamed, not kept."""
OVERHEAD = 1_000
"""Bytes that Python's objects of one answer take, besides its text."""
ENCODINGS = ("br", "gzip")
"""What answers are compressed with, best first."""
PLAIN = "identity"
CHECKED = "twotrack.checked"
"""In the environment of a request: the data have been looked at."""
_CONDITIONS = (
    "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE",
)  # fmt: skip
_OTHERWISE = ("HTTP_RANGE", "HTTP_AUTHORIZATION")
"""Headers of requests that are left to the application."""


@dataclass(frozen=True)
class Answer:
    """One answer, as it goes over the wire."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size(self) -> int:
        """In bytes of memory, or somewhat more."""
        return OVERHEAD + len(self.body) + sum(len(n) + len(v) + 100 for n, v in self.headers)


class Shelf:
    """Answers of one state, the least recently asked for given away first. Threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        """Bytes."""
        self.size = 0
        self._state: Hashable = None
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, state: Hashable, key: tuple[str, ...]) -> Answer | None:
        """What is kept; with another state than before, nothing is any more."""
        with self._lock:
            if state != self._state:
                self._answers.clear()
                self._state, self.size = state, 0
                return None
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, state: Hashable, key: tuple[str, ...], answer: Answer) -> None:
        """Keep an answer that was made in a state, unless that is over."""
        room = _room(key, answer)
        with self._lock:
            if state != self._state or key in self._answers or room > self.most // SHARE:
                return
            while self.size + room > self.most:
                self.size -= _room(*self._answers.popitem(last=False))
            self._answers[key] = answer
            self.size += room


def _room(key: tuple[str, ...], answer: Answer) -> int:
    return answer.size + sum(len(part) + 50 for part in key)


class Kept:
    """WSGI middleware. `state`: of data and clock, looked at once per request."""

    def __init__(self, app: WSGIApplication, state: Callable[[], Hashable], most: int) -> None:
        self.app = app
        self.state = state
        self.shelf = Shelf(most)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _may_be_kept(environ):
            return self.app(environ, start_response)
        try:
            state = self.state()
        except DatabaseError:
            # The application says it, as it does for every other address.
            return self.app(environ, start_response)
        environ[CHECKED] = True
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = _key(environ, encoding)
        found = self.shelf.get(state, key)
        if found is not None:
            return _send(found, environ, start_response)
        if environ["REQUEST_METHOD"] != "GET":
            return self.app(environ, start_response)
        return self._make(environ, start_response, state, key)

    def _make(
        self,
        environ: WSGIEnvironment,
        start: StartResponse,
        state: Hashable,
        key: tuple[str, ...],
    ) -> Iterable[bytes]:
        """Ask the application, and keep what it answers if that may be."""
        # Asked for unconditionally, so that the next reader finds it, and in the encoding of the
        # key, whatever else the client would take.
        asked = {name: environ[name] for name in environ if name not in _CONDITIONS}
        asked["HTTP_ACCEPT_ENCODING"] = key[0]
        status, headers, parts = _ask(self.app, asked)
        if not status.startswith("200 ") or _is_private(headers):
            start(status, headers)
            return parts
        if not any(name == "Content-Length" for name, _ in headers):
            start(status, headers)
            return _Passing(self.shelf, state, key, headers, parts)
        try:
            answer = _answer(headers, b"".join(parts))
        finally:
            _close(parts)
        self.shelf.put(state, key, answer)
        return _send(answer, environ, start)


class _Passing:
    """A stream on its way to the client, kept if it turns out to be short enough."""

    def __init__(
        self,
        shelf: Shelf,
        state: Hashable,
        key: tuple[str, ...],
        headers: Iterable[tuple[str, str]],
        parts: Iterable[bytes],
    ) -> None:
        self._shelf, self._state, self._key, self._headers = shelf, state, key, headers
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        seen: list[bytes] | None = []
        size = 0
        for part in self._parts:
            size += len(part)
            if size > self._shelf.most // SHARE:
                seen = None
            elif seen is not None:
                seen.append(part)
            yield part
        # Only here is it whole: an error, or a client who has gone, ends it before.
        if seen is not None:
            body = b"".join(seen)
            whole = [*self._headers, ("Content-Length", str(len(body)))]
            self._shelf.put(self._state, self._key, _answer(whole, body))

    def close(self) -> None:
        _close(self._parts)


def _may_be_kept(environ: WSGIEnvironment) -> bool:
    path = environ["PATH_INFO"]
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and path.startswith(PLACES)
        and path not in NEVER
        and not any(name in environ for name in _OTHERWISE)
    )


def _key(environ: WSGIEnvironment, encoding: str) -> tuple[str, ...]:
    """What of a request can change its answer.

    The query is taken as it came: in another order it may be answered with notices in another
    order, and every link of the site is canonical already.
    """
    path = environ["PATH_INFO"]
    return (
        encoding,
        path,
        environ.get("QUERY_STRING", ""),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        environ.get("SCRIPT_NAME", ""),
        environ.get("HTTP_REFERER", "") if path == LAYOUT else "",
    )


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str:
    """The one of ours that a client likes best: of `Accept-Encoding` (RFC 9110, 12.5.3)."""
    taken = parse_accept_header(accepted)
    best = max(ENCODINGS, key=taken.quality)
    return best if taken.quality(best) > 0 and taken[best] >= taken["identity"] else PLAIN


def _ask(
    app: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """Status, headers and body, which is still to be closed."""
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        said.append((status, headers))
        return _no_writing

    parts = app(environ, start)
    status, headers = said[-1]
    return status, headers, parts


def _no_writing(_data: bytes) -> None:
    raise NotImplementedError("Flask answers with a body, never by write()")


def _close(parts: Iterable[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()


def _is_private(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer is for one reader, or for now."""
    found = Headers(list(headers))
    control = found.get("Cache-Control", "")
    return "Set-Cookie" in found or "private" in control or "no-store" in control


def _answer(headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
    # The server writes the date of each answer itself.
    return Answer(tuple(pair for pair in headers if pair[0] != "Date"), body)


def _send(answer: Answer, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """The answer, or that nothing has changed since the client got it."""
    if any(name in environ for name in _CONDITIONS):
        response = Response(answer.body, headers=Headers(list(answer.headers)))
        return response.make_conditional(environ)(environ, start)
    start("200 OK", list(answer.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]
