"""The way out to the network: one session, and the only module that imports requests.

A request goes to allowed hosts only, redirects included. What may pass is tried again with
exponential back-off; what cannot is a FetchError in plain words. An answer is complete or it is an
error: a body that ends before its Content-Length, its last chunk or its gzip trailer never gets
through.
"""

from __future__ import annotations

import logging
import random
import socket
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import NameResolutionError

from ingest.content import Content, Spool
from ingest.errors import FetchError

SECRET_PARAMETERS = frozenset(
    {"access_token", "api_key", "apikey", "key", "subscription-key", "token"}
)
"""Query parameters that are left out of every URL that is shown or stored."""
SHORTEST_KEY = 6
MAX_REDIRECTS = 5
MAX_BYTES = 1024 * 2**20
BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0

# At DEBUG it prints the paths of requests, and some providers want their key in the path.
logging.getLogger("urllib3").setLevel(logging.INFO)

_CHUNK = 64 * 2**10
_ERROR_BYTES = 64 * 2**10
"""As much of an error's body as anybody needs in order to tell errors apart."""
_ANSWERS = frozenset({200, 203, 204})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504})
_REASONS = {
    401: "the provider asks for a key or a password",
    403: "the provider refuses access",
    404: "the provider has nothing at this address",
    410: "the provider has removed what was at this address",
    429: "the provider asks for fewer requests",
    500: "the provider's server failed",
    502: "the provider's server cannot be reached behind its gateway",
    503: "the provider's server is out of service for now",
    504: "the provider's server did not answer its gateway in time",
}


@dataclass(frozen=True)
class Response:
    """One answer, whole. `headers` is looked up without regard to case."""

    status: int
    url: str
    """The provider's address as asked for: without secrets, and not that of an override."""
    content: Content
    """Decoded of any transfer compression. Where `not_modified`, the bytes of the last time if the
    client knows them, else empty."""
    headers: Mapping[str, str]
    media_type: str
    """Lower case, without parameters: `application/json`. Empty where the provider states none."""
    not_modified: bool
    retrieved_at: datetime

    @property
    def body(self) -> bytes:
        """All of the content in memory."""
        return self.content.read()


@dataclass(frozen=True)
class Known:
    """What was had of an address the last time, so that the provider need not send it again."""

    etag: str | None
    last_modified: str | None
    media_type: str
    content: Callable[[], Content | None]
    """The bytes; None where they are lost, so that they have to be sent again after all."""


class _Failure(Exception):
    def __init__(
        self,
        message: str,
        status: int | None = None,
        *,
        passing: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.passing = passing
        self.wait = wait


@dataclass(frozen=True)
class _Ask:
    """What one `get` asks for; the same for all of its attempts."""

    url: str
    shown: str
    override: str | None
    headers: Mapping[str, str]
    private: frozenset[str]
    """Names of the headers that may hold a key, so that they stay with the host they are for."""
    conditional: bool
    ends: float


class _Session(requests.Session):
    """A session that never follows redirects by itself, not even to look where they would lead.

    requests reads the whole body of a redirect, without a limit, before `allow_redirects` counts.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class _Guarded(HTTPAdapter):
    """Connects to addresses only that `refuses` has no reason against.

    The name is looked up once, and what was looked at is what is connected to: a name that means
    another address a moment later (DNS rebinding) gains nothing by it.
    """

    def __init__(self, refuses: Callable[[str], str | None]) -> None:
        def connect(connection: HTTPConnection) -> Iterator[str]:
            name = connection.host.strip("[]")
            try:
                found = socket.getaddrinfo(name, connection.port, type=socket.SOCK_STREAM)
            except socket.gaierror as error:
                raise NameResolutionError(connection.host, connection, error) from error
            addresses = dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)
            for address in addresses:
                if reason := refuses(address):
                    where = "" if name == address else f"at {address}, "
                    raise _Failure(f"{name} is {where}{reason}")
            yield from addresses

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _first(self, connect(self), super()._new_conn)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _first(self, connect(self), super()._new_conn)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _first(
    connection: HTTPConnection, addresses: Iterator[str], connect: Callable[[], socket.socket]
) -> socket.socket:
    """A connection to the first of some addresses that answers; the name stays for TLS."""
    name, failure = connection._dns_host, None
    try:
        for address in addresses:
            connection._dns_host = address
            try:
                return connect()
            except TransportError as error:
                failure = error
    finally:
        connection._dns_host = name
    raise failure or NameResolutionError(name, connection, socket.gaierror("no address"))


class _Gunzip:
    """Decoder of gzip that knows whether its end was reached.

    urllib3 2.8 takes a stream that was cut off for a whole one.
    """

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self._started = False

    @property
    def complete(self) -> bool:
        return self._stream.eof or not self._started

    def decode(self, data: bytes, room: int) -> bytes:
        """Decode `data`, and stop one byte past `room` bytes of output. Raises zlib.error."""
        out = bytearray()
        while data and len(out) <= room:
            if self._stream.eof:  # a gzip file may consist of several members
                self._stream = zlib.decompressobj(wbits=31)
            self._started = True
            out += self._stream.decompress(data, room + 1 - len(out))
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        return bytes(out)


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def without_parameters(url: str, names: Collection[str]) -> str:
    """`url` without the query parameters `names`, without user and password, else to the letter.

    >>> without_parameters("https://example.org/a?year=2020&key=secret", {"key"})
    'https://example.org/a?year=2020'
    """
    parts = urlsplit(url)
    lowered = {name.lower() for name in names}
    query = "&".join(
        part
        for part in parts.query.split("&")
        if unquote_plus(part.partition("=")[0]).lower() not in lowered
    )
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, section 10.2.3).

    It holds a number of seconds or an HTTP date. None where it is absent or cannot be read.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class Client:
    """Fetches over HTTP, politely and within limits. Not for use by several threads at once.

    `base_urls` maps a provider to a scheme and host that stand in for the provider's own, for a
    mirror or a test; `-` and `_` and case do not count in the provider's name. `timeouts` are
    seconds to connect and between two reads, `deadline` seconds for one `get` with all of its
    attempts, `retries` attempts after the first, `delay` seconds between two requests to one host.
    `keys` maps a provider to its key, which no address that is shown or stored contains.
    `conditions` tells of an address, as it is shown, what is known of it: such a request is
    conditional, and where the provider says "not modified" the known bytes stand in.
    `clock` gives the present moment in UTC; `monotonic` seconds that only grow.

    `allowed_hosts` None allows every host. Then `refuses` says of a numeric address why it is not
    connected to, or None, and proxies are left aside, because they look names up themselves; and
    `admits` is told every address before it is asked, redirects included: it may wait, or raise
    FetchError.
    """

    def __init__(
        self,
        user_agent: str,
        allowed_hosts: frozenset[str] | None,
        base_urls: Mapping[str, str] | None = None,
        timeouts: tuple[float, float] = (10.0, 60.0),
        max_bytes: int = MAX_BYTES,
        retries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], datetime] = utc_now,
        *,
        deadline: float = 300.0,
        delay: float = 0.0,
        redact: Collection[str] = SECRET_PARAMETERS,
        keys: Mapping[str, str] | None = None,
        conditions: Callable[[str], Known | None] = lambda _: None,
        longest_wait: float = 120.0,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        refuses: Callable[[str], str | None] | None = None,
        admits: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._allowed = None if allowed_hosts is None else frozenset(map(str.lower, allowed_hosts))
        self._refuses = refuses
        self._admits = admits
        self._overrides = {
            name_key(provider): _checked_base(provider, url)
            for provider, url in (base_urls or {}).items()
        }
        self._timeouts = timeouts
        self._max_bytes = max_bytes
        self._retries = retries
        self._sleep = sleep
        self._clock = clock
        self._deadline = deadline
        self._delay = delay
        self._redact = redact
        self._keys = {name_key(name): key for name, key in (keys or {}).items() if key}
        self._conditions = conditions
        self._longest_wait = longest_wait
        self._monotonic = monotonic
        self._jitter = jitter
        self._last_request: dict[str, float] = {}
        self._session = _Session()
        for scheme in ("https://", "http://"):
            adapter = _Guarded(refuses) if refuses else HTTPAdapter(max_retries=0)
            self._session.mount(scheme, adapter)
        # gzip only: it is the encoding of which the end can be checked (see _Gunzip).
        self._session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip"})
        # Without this, requests would send what it finds in ~/.netrc.
        self._session.auth = _as_is

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        provider: str = "worldbank",
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        transient: Callable[[Response], bool] | None = None,
    ) -> Response:
        """Get one address, whole. Raises FetchError.

        With `etag` or `last_modified` the request is conditional, and the answer may be
        `not_modified`. `transient` says of an answer, whatever its status, that it will pass: a
        provider's own way of failing for a moment.
        """
        ask = self._ask(url, params, provider, headers or {}, etag, last_modified)
        known = None if ask.conditional else self._conditions(ask.shown)
        if known is None or not (known.etag or known.last_modified):
            return self._attempts(ask, transient)
        stated = _conditions_of(known.etag, known.last_modified)
        conditional = replace(ask, headers={**ask.headers, **stated}, conditional=True)
        answer = self._attempts(conditional, transient)
        if not answer.not_modified:
            return answer
        content = known.content()
        if content is None:
            return self._attempts(ask, transient)
        return replace(
            answer,
            status=int(HTTPStatus.OK),
            content=content,
            media_type=known.media_type,
            headers=_still_valid(answer.headers, known),
        )

    def _attempts(self, ask: _Ask, transient: Callable[[Response], bool] | None) -> Response:
        attempt = 0
        while True:
            try:
                return self._exchange(ask, transient)
            except _Failure as error:
                failure = error
            attempt += 1
            wait = self._wait(failure, attempt)
            if not failure.passing or attempt > self._retries:
                break
            if wait >= ask.ends - self._monotonic():
                failure.message += (
                    f"; a next attempt would exceed the limit of {self._deadline:g} s"
                )
                break
            self._sleep(wait)
        tried = f" (tried {attempt} times)" if attempt > 1 else ""
        # Raised outside the except clause: the error below may quote a URL with its secrets.
        raise FetchError(ask.shown, failure.message + tried, failure.status)

    def secret(self, provider: str) -> str | None:
        """The key for a provider, if one is set."""
        return self._keys.get(name_key(provider))

    def now(self) -> datetime:
        """The moment by the client's clock, aware."""
        return self._clock()

    def address(self, url: str, params: Mapping[str, str] | None = None) -> str:
        """The address of a request as it may be shown and stored. Raises FetchError."""
        return self._ask(url, params, "", {}, None, None).shown

    def without_secrets(self, url: str) -> str:
        """The address as it may be shown and stored: some providers want their key in the path."""
        shown = without_parameters(url, self._redact)
        for key in self._keys.values():
            if len(key) < SHORTEST_KEY:  # no provider's key; it would hide parts of any address
                continue
            shown = shown.replace(quote(key, safe=""), "KEY").replace(key, "KEY")
        return shown

    def _ask(
        self,
        url: str,
        params: Mapping[str, str] | None,
        provider: str,
        headers: Mapping[str, str],
        etag: str | None,
        last_modified: str | None,
    ) -> _Ask:
        if params:
            query = urlencode(params, quote_via=quote, safe=":;,")
            url = f"{url}{'&' if '?' in url else '?'}{query}"
        try:
            shown = self.without_secrets(url)
        except ValueError:
            shown = ""
        if not shown:
            raise FetchError("(address)", "the address is not valid, nor safe to be shown")
        stated = _conditions_of(etag, last_modified)
        return _Ask(
            url=url,
            shown=shown,
            override=self._overrides.get(name_key(provider)),
            headers={**headers, **stated},
            private=frozenset(headers),
            conditional=bool(stated),
            ends=self._monotonic() + self._deadline,
        )

    def _wait(self, failure: _Failure, attempt: int) -> float:
        if failure.wait is not None:
            return min(failure.wait, self._longest_wait)
        longest: float = min(LONGEST_BACKOFF_SECONDS, BACKOFF_SECONDS * 2.0 ** (attempt - 1))
        # Between half and all of it, so that clients that failed together do not return together.
        return longest * (0.5 + 0.5 * self._jitter())

    def _exchange(self, ask: _Ask, transient: Callable[[Response], bool] | None) -> Response:
        """One attempt: request, redirects and body. Raises _Failure and nothing else."""
        try:
            with closing(self._follow(ask)) as answer:
                return self._read(ask, answer, transient)
        except (requests.RequestException, TransportError, OSError, UnicodeError) as error:
            failure = _failure_of(error)
        raise failure

    def _follow(self, ask: _Ask) -> requests.Response:
        """Send, and follow redirects by hand: each is checked like the first request."""
        _require_plain(ask.url)
        url = _with_base(ask.url, ask.override)
        headers = dict(ask.headers)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._send(ask, url, headers)
            if answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            location = answer.headers.get("Location")
            if not location:
                raise _Failure("the provider redirects without saying where to", answer.status_code)
            target = _joined(url, location)
            _require_plain(target)
            if _host(target) == _host(ask.url):
                target = _with_base(target, ask.override)
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                raise _Failure(
                    "the provider redirects from https to an open line", answer.status_code
                )
            if _host(target) != _host(url):
                headers = {name: text for name, text in headers.items() if name not in ask.private}
            url = target
        raise _Failure(f"the provider redirects more than {MAX_REDIRECTS} times")

    def _send(self, ask: _Ask, url: str, headers: Mapping[str, str]) -> requests.Response:
        prepared = self._session.prepare_request(
            requests.Request("GET", url, headers=dict(headers))
        )
        # The address as it will be sent is what counts, not as it was written.
        address = prepared.url or ""
        host = self._checked_host(ask, address)
        self._keep_distance(host)
        left = self._left(ask)
        around = self._session.merge_environment_settings(address, {}, True, None, None)
        return self._session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(min(self._timeouts[0], left), min(self._timeouts[1], left)),
            proxies={} if self._refuses or _is_loopback(host) else around["proxies"],
            verify=around["verify"],
            cert=around["cert"],
        )

    def _checked_host(self, ask: _Ask, url: str) -> str:
        _require_plain(url)
        host = _host(url)
        if self._allowed is None and host:
            self._admits(url)
            return host
        allowed = (self._allowed or frozenset()) | (
            {_host(ask.override)} if ask.override else frozenset()
        )
        if host not in allowed:
            listed = ", ".join(sorted(allowed)) or "none"
            raise _Failure(
                f"host {host or '(none)'} is not allowed for this source; allowed: {listed}"
            )
        return host

    def _keep_distance(self, host: str) -> None:
        last = self._last_request.get(host)
        if last is not None and (wait := last + self._delay - self._monotonic()) > 0:
            self._sleep(wait)
        self._last_request[host] = self._monotonic()

    def _left(self, ask: _Ask) -> float:
        left = ask.ends - self._monotonic()
        if left <= 0:
            raise _Failure(f"the answer took longer than the limit of {self._deadline:g} s in all")
        return left

    def _read(
        self, ask: _Ask, answer: requests.Response, transient: Callable[[Response], bool] | None
    ) -> Response:
        status = answer.status_code
        response = Response(
            status=status,
            url=ask.shown,
            content=Content.of(b""),
            headers=answer.headers,
            media_type=answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            not_modified=status == HTTPStatus.NOT_MODIFIED,
            retrieved_at=self._clock(),
        )
        if response.not_modified:
            if ask.conditional:
                return response
            raise _Failure('the provider says "not modified" without having been asked', status)
        content = self._body(ask, answer) if status in _ANSWERS else self._error_body(ask, answer)
        response = replace(response, content=content)
        if transient is not None and transient(response):
            raise _Failure(
                f"the provider failed for a moment (HTTP {status})", status, passing=True
            )
        if status in _ANSWERS:
            return response
        reason = _REASONS.get(status, "the provider does not accept the request")
        raise _Failure(
            f"{reason} (HTTP {status})",
            status,
            passing=status in _PASSING,
            wait=retry_after(answer.headers.get("Retry-After"), self._clock()),
        )

    def _error_body(self, ask: _Ask, answer: requests.Response) -> Content:
        """As much of it as can be had: the status is the message, the body only a help."""
        body = bytearray()
        try:
            for part in self._parts(ask, answer, _ERROR_BYTES):
                body += part
        except (_Failure, TransportError, OSError):
            pass
        return Content.of(bytes(body[:_ERROR_BYTES]))

    def _body(self, ask: _Ask, answer: requests.Response) -> Content:
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise _Failure(self._too_large(), answer.status_code)
        spool = Spool()
        try:
            for part in self._parts(ask, answer, self._max_bytes):
                spool.write(part)
        except BaseException:
            spool.discard()
            raise
        if spool.size > self._max_bytes:
            spool.discard()
            raise _Failure(self._too_large(), answer.status_code)
        return spool.finish()

    def _parts(self, ask: _Ask, answer: requests.Response, limit: int) -> Iterator[bytes]:
        """The decoded body as it arrives, at most one byte or one packet past `limit`."""
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise _Failure(f"the answer is compressed as {encoding!r}, which was not asked for")
        gunzip = _Gunzip() if "gzip" in encoding else None
        size = 0
        # read1 returns after each packet, so that a body which only drips meets the deadline.
        while size <= limit and (data := answer.raw.read1(_CHUNK, decode_content=False)):
            self._left(ask)
            try:
                part = gunzip.decode(data, limit - size) if gunzip else data
            except zlib.error:
                broken = "the answer is not the gzip that it says it is"
                raise _Failure(broken, answer.status_code, passing=True) from None
            size += len(part)
            yield part
        if gunzip is not None and size <= limit and not gunzip.complete:
            raise _Failure("the compressed answer ended early", answer.status_code, passing=True)

    def _too_large(self) -> str:
        return f"the answer is larger than the limit of {self._max_bytes:,} bytes"


def _conditions_of(etag: str | None, last_modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _still_valid(headers: Mapping[str, str], known: Known) -> Mapping[str, str]:
    """Headers of a "not modified", which need not repeat what the next request has to quote."""
    kept = CaseInsensitiveDict(headers)
    for name, value in (("ETag", known.etag), ("Last-Modified", known.last_modified)):
        if value is not None:
            kept.setdefault(name, value)
    return kept


def name_key(name: str) -> str:
    """One name for `world-bank`, `WORLD_BANK` (as in an environment variable) and `worldbank`."""
    return name.lower().replace("-", "").replace("_", "")


def _checked_base(provider: str, url: str) -> str:
    parts = urlsplit(url)
    plain = (
        parts.path in {"", "/"} and not (parts.query or parts.fragment) and "@" not in parts.netloc
    )
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValueError(
            f"base URL of {provider} must be scheme and host, "
            f"like http://127.0.0.1:8000, not {url!r}"
        )
    return url


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        pass
    raise _Failure("the provider redirects to an address that is not valid")


def _require_plain(url: str) -> None:
    """Refuse addresses of which two parsers may name two hosts, and all but http and https."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or "\\" in url or "@" in parts.netloc:
        raise _Failure("only plain http and https addresses without user or password are asked")


def _with_base(url: str, base: str | None) -> str:
    if base is None:
        return url
    stand_in, parts = urlsplit(base), urlsplit(url)
    return urlunsplit((stand_in.scheme, stand_in.netloc, parts.path, parts.query, ""))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_loopback(host: str) -> bool:
    """Whether the host is this machine, which no proxy can reach."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _as_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _failure_of(error: Exception) -> _Failure:
    """What an error of the libraries means. Quotes nothing of it: it may hold secrets."""
    text = repr(error)
    if isinstance(error, ValueError):
        return _Failure("the address or a header of the request is not valid")
    if "CERTIFICATE_VERIFY_FAILED" in text or "CertificateError" in text:
        return _Failure("the certificate of the provider's server cannot be trusted")
    if "timed out" in text.lower() or isinstance(error, requests.Timeout | TimeoutError):
        return _Failure("the provider did not answer in time", passing=True)
    if "NameResolutionError" in text:
        return _Failure("the provider's host name cannot be found", passing=True)
    if isinstance(error, requests.ConnectionError):
        return _Failure("the connection to the provider failed", passing=True)
    return _Failure("the connection broke before the answer was complete", passing=True)
