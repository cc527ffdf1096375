"""Politely to anybody's pages: which addresses are asked, how often, and what their owners want.

Articles lie at addresses that people and feeds name, so nothing can be known of them beforehand.
Connections go to public addresses only, redirects included, unless a setting says otherwise: a
link must not make this machine ask its neighbours. Where a robots.txt does not want it, nothing is
asked; where one cannot be had for now, not now (RFC 9309, section 2.3.1).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from ingest.errors import FetchError
from ingest.http import Client, Response
from ingest.robots import MOST_BYTES, Robots, read_robots

PRODUCT = "two-track"
"""The name in the User-Agent that a robots.txt may speak to."""
MAX_BYTES = 32 * 2**20
SECONDS = 60.0
"""For one page with all of its redirects and attempts."""
DELAY_SECONDS = 2.0
"""Between two requests to one host; longer where its robots.txt asks for that."""
SETTING = "TWOTRACK_ALLOW_PRIVATE_ADDRESSES"
"""What to set for articles at addresses that are not public (`config.settings`)."""

_NAT64 = IPv6Network("64:ff9b::/96")


def refusal(address: str) -> str | None:
    """Why an address is not connected to, in words; None for one of the public internet.

    IPv6 addresses that stand for an IPv4 address (mapped, 6to4, Teredo, NAT64) are judged by both.

    >>> refusal("169.254.169.254")
    'a link-local address, which is not asked unless TWOTRACK_ALLOW_PRIVATE_ADDRESSES is 1'
    >>> refusal("1.1.1.1")
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "which is no address"
    for each in (found, *_inside(found)):
        kind = _kind(each)
        if kind is not None:
            return f"{kind}, which is not asked unless {SETTING} is 1"
    return None


def _inside(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _kind(address: IPv4Address | IPv6Address) -> str | None:
    for name, holds in (
        ("an unspecified address", address.is_unspecified),
        ("this machine", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("a private address", address.is_private),
        ("no public address", address.is_reserved or not address.is_global),
    ):
        if holds and not _is_stand_in(address):
            return name
    return None


def _is_stand_in(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address says nothing of itself: what it stands for is judged."""
    return isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None or address in _NAT64
    )


class Fetcher:
    """Gets pages and feeds. Not for use by several threads at once.

    `refuses` says why a numeric address is not connected to; with None every address is, and the
    proxies of the environment are used.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        refuses: Callable[[str], str | None] | None = refusal,
        delay: float = DELAY_SECONDS,
        max_bytes: int = MAX_BYTES,
        seconds: float = SECONDS,
        retries: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        def client(size: int, admits: Callable[[str], None]) -> Client:
            return Client(
                user_agent,
                None,
                timeouts=(10.0, 20.0),
                max_bytes=size,
                retries=retries,
                deadline=seconds,
                longest_wait=seconds / 2,
                sleep=sleep,
                monotonic=monotonic,
                refuses=refuses,
                admits=admits,
            )

        self._pages = client(max_bytes, self._admit)
        self._robots_client = client(4 * MOST_BYTES, lambda _: None)
        self._robots: dict[str, Robots | FetchError] = {}
        self._last: dict[str, float] = {}
        self._delay = delay
        self._sleep = sleep
        self._monotonic = monotonic

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pages.close()
        self._robots_client.close()

    def get(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Response:
        """Get one address, whole. Raises FetchError.

        With `etag` or `last_modified` the answer may be `not_modified`.
        """
        try:
            return self._pages.get(url, provider="", etag=etag, last_modified=last_modified)
        except FetchError as error:
            said = error.issues[0].message.replace("the provider", "the site")
            raise FetchError(error.url, said, error.status) from None

    def _admit(self, url: str) -> None:
        """Ask the robots.txt of an address, then wait until its host may be asked again."""
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        robots = self._robots[origin]
        if isinstance(robots, FetchError):
            raise robots
        if not robots.allows(url):
            raise FetchError(url, "the robots.txt of the site does not want this to be read")
        self._keep_distance(url, robots.delay)

    def _read_robots(self, origin: str) -> Robots | FetchError:
        address = f"{origin}/robots.txt"
        try:
            return read_robots(self._robots_client.get(address, provider="").body, PRODUCT)
        except FetchError as error:
            # There is none, or it is nobody's business: then nothing is forbidden.
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return Robots()
            said = error.issues[0].message.replace("the provider", "the site")
            return FetchError(
                address, f"{said}; no page is asked without its robots.txt", error.status
            )

    def _keep_distance(self, url: str, delay: float) -> None:
        host = urlsplit(url).netloc.lower()
        last = self._last.get(host)
        if last is not None:
            wait = last + max(self._delay, delay) - self._monotonic()
            if wait > 0:
                self._sleep(wait)
        self._last[host] = self._monotonic()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
