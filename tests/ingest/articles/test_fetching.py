"""Robots, addresses and pages: what is asked of whom. Servers are on 127.0.0.1."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles.fetching import canonical, fetch_text, is_address
from ingest.articles.reading import BinaryError, NoTextError
from ingest.errors import FetchError
from ingest.robots import MOST_BYTES, Robots, matches, read_robots
from ingest.web import Fetcher, refusal
from tests.ingest.articles.stub import a_page, a_pdf
from tests.ingest.loopback import Loopback, Reply

PAGE = Reply(a_page(), media_type="text/html; charset=utf-8")
AGENT = "two-track/0.1.0 (ana@example.org)"


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept)


def but_loopback(address: str) -> str | None:
    """The policy, with this machine's own address let through for the test's server."""
    return None if address == "127.0.0.1" else refusal(address)


Make = Callable[..., Fetcher]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Fetcher] = []

    def new(**options: Any) -> Fetcher:
        time = FakeTime()
        settings = {"refuses": but_loopback, "sleep": time.sleep, "monotonic": time.monotonic}
        made.append(Fetcher(AGENT, **{**settings, **options}))
        return made[-1]

    yield new
    for fetcher in made:
        fetcher.__exit__(None, None, None)


def paths(server: Loopback) -> list[str]:
    return [asked.path for asked in server.requests]


# --- addresses ---

REFUSED = [
    ("127.0.0.1", "this machine"),
    ("127.8.9.1", "this machine"),
    ("::1", "this machine"),
    ("0.0.0.0", "an unspecified address"),
    ("::", "an unspecified address"),
    ("169.254.169.254", "a link-local address"),
    ("fe80::1", "a link-local address"),
    ("fe80::1%eth0", "a link-local address"),
    ("224.0.0.1", "a multicast address"),
    ("ff02::1", "a multicast address"),
    ("10.0.0.1", "a private address"),
    ("172.16.0.1", "a private address"),
    ("192.168.1.1", "a private address"),
    ("fd00::1", "a private address"),
    ("100.64.0.1", "no public address"),
    ("255.255.255.255", "a private address"),
    ("240.0.0.1", "a private address"),
    ("::ffff:10.0.0.1", "a private address"),
    ("::ffff:127.0.0.1", "this machine"),
    ("::ffff:169.254.169.254", "a link-local address"),
    ("64:ff9b::a00:1", "a private address"),
    ("2002:a00:1::", "a private address"),
    ("not an address", "which is no address"),
]


@pytest.mark.parametrize(("address", "kind"), REFUSED)
def test_addresses_that_are_not_asked(address: str, kind: str) -> None:
    assert kind in (refusal(address) or "")


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_asked(address: str) -> None:
    assert refusal(address) is None


@given(st.ip_addresses())
def test_only_what_is_public_is_asked(address: Any) -> None:
    if refusal(str(address)) is None and address.version == 4:
        assert address.is_global
        assert not address.is_multicast


def resolve_as(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name means these addresses; each of them means itself."""

    def resolve(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = [name] if name in addresses else addresses
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_nothing_is_asked_of_this_machine(provider_server: Loopback, host: str, make: Make) -> None:
    with pytest.raises(FetchError, match="this machine, which is not asked unless TWOTRACK_ALLOW_"):
        make(refuses=refusal).get(f"http://{host}:{provider_server.server_port}/a")
    assert provider_server.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "news.example"])
def test_other_spellings_and_names_are_judged_by_what_they_mean(
    provider_server: Loopback, host: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_as(monkeypatch, "127.0.0.1")
    with pytest.raises(FetchError, match=rf"{host} is at 127\.0\.0\.1, this machine"):
        make(refuses=refusal).get(f"http://{host}:{provider_server.server_port}/a")
    assert provider_server.requests == []


def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(
    make: Make, provider_server: Loopback
) -> None:
    there = f"http://[::1]:{provider_server.server_port}/secret"
    provider_server.on("/a", Reply(status=302, headers={"Location": there}))
    with pytest.raises(FetchError, match="::1 is this machine, which is not asked"):
        make().get(f"{provider_server.url}/a")
    assert paths(provider_server) == ["/robots.txt", "/a"]


def test_a_name_that_changes_its_meaning_gains_nothing(
    make: Make, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what was looked at is what is connected to, and it is looked up once."""
    provider_server.on("/a", PAGE)
    answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def resolve(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if name != "news.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, port))]
        asked.append(name)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = f"http://news.example:{provider_server.server_port}/a"
    with pytest.raises(FetchError, match=r"news\.example is at 10\.0\.0\.1, a private address"):
        make().get(url)
    assert paths(provider_server) == ["/robots.txt"]
    assert len(asked) == 2


def test_one_bad_address_among_good_ones_is_enough(
    make: Make, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_as(monkeypatch, "127.0.0.1", "169.254.169.254")
    with pytest.raises(FetchError, match=r"169\.254\.169\.254, a link-local address"):
        make().get(f"http://news.example:{provider_server.server_port}/a")
    assert provider_server.requests == []


def test_the_next_address_is_tried_where_one_does_not_answer(
    make: Make, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider_server.on("/a", PAGE)

    resolve_as(monkeypatch, "127.0.0.9", "127.0.0.1")  # nobody listens at the first
    url = f"http://news.example:{provider_server.server_port}/a"
    assert make(refuses=lambda _: None).get(url).status == 200
    assert provider_server.requests[-1].headers["host"].startswith("news.example:")


def test_a_setting_lets_every_address_through(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/a", PAGE)
    assert make(refuses=None).get(f"{provider_server.url}/a").status == 200


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "http://u:p@example.org/",
        "http:///a",
        "http://",
    ],
)
def test_only_plain_addresses_are_asked(make: Make, url: str) -> None:
    with pytest.raises(FetchError):
        make().get(url)


def test_a_proxy_of_the_environment_is_left_aside(
    make: Make, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look names up itself, where nobody sees what they mean."""
    monkeypatch.setenv("http_proxy", provider_server.url)
    resolve_as(monkeypatch, "10.0.0.1")
    with pytest.raises(FetchError, match="a private address"):
        make().get("http://10.0.0.1/a")
    assert provider_server.requests == []


# --- how it is asked ---


def test_the_agent_says_who_asks(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/a", PAGE)
    make().get(f"{provider_server.url}/a")
    assert {asked.headers["user-agent"] for asked in provider_server.requests} == {AGENT}


def test_a_host_is_given_time(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 7\n"))
    provider_server.on("/a", PAGE)
    time = FakeTime()
    fetcher = make(sleep=time.sleep, monotonic=time.monotonic, delay=2.0)
    fetcher.get(f"{provider_server.url}/a")
    fetcher.get(f"{provider_server.url}/a")
    assert time.slept == [7.0]
    assert paths(provider_server) == ["/robots.txt", "/a", "/a"]


def test_too_large_an_answer_is_cut_off(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/a", Reply(b"x" * 2_000, chunked=True))
    with pytest.raises(FetchError, match="larger than the limit of 1,000 bytes"):
        make(max_bytes=1_000).get(f"{provider_server.url}/a")


def test_an_answer_that_drips_is_cut_off(provider_server: Loopback) -> None:
    provider_server.on("/a", Reply(b"x" * 100, drip=0.05))
    fetcher = Fetcher(AGENT, refuses=but_loopback, seconds=0.5, delay=0, retries=0)
    with fetcher, pytest.raises(FetchError, match=r"longer than the limit of 0\.5 s"):
        fetcher.get(f"{provider_server.url}/a")


def test_an_address_that_does_not_answer_is_a_clear_error(make: Make) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(FetchError, match="connection to the site failed"):
        make().get(f"http://127.0.0.1:{port}/a")


# --- robots.txt ---


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"User-agent: *\nDisallow: /a\n"), "does not want this to be read"),
        (Reply(b"User-agent: Two-Track\nDisallow: /\n"), "does not want this to be read"),
        (Reply(status=503), "the site's server is out of service for now"),
        (Reply(status=500), "no page is asked without its robots.txt"),
        (Reply(status=429), "no page is asked without its robots.txt"),
        (Reply(reset=True), "no page is asked without its robots.txt"),
    ],
)
def test_where_it_does_not_want_it_nothing_is_asked(
    make: Make, provider_server: Loopback, reply: Reply, said: str
) -> None:
    provider_server.on("/robots.txt", reply)
    provider_server.on("/a", PAGE)
    with pytest.raises(FetchError, match=said):
        make().get(f"{provider_server.url}/a")
    assert "/a" not in paths(provider_server)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=404),
        Reply(status=403),
        Reply(b""),
        Reply(b"<html>no such page</html>"),
        Reply(b"User-agent: two-track\nAllow: /\n\nUser-agent: *\nDisallow: /\n"),
    ],
)
def test_where_it_does_not_mind_it_is_asked(
    make: Make, provider_server: Loopback, reply: Reply
) -> None:
    provider_server.on("/robots.txt", reply)
    provider_server.on("/a", PAGE)
    assert make().get(f"{provider_server.url}/a").status == 200


def test_the_target_of_a_redirect_is_judged_by_its_own(
    make: Make, provider_server: Loopback
) -> None:
    provider_server.on("/robots.txt", Reply(b"User-agent: *\nDisallow: /b\n"))
    provider_server.on("/a", Reply(status=301, headers={"Location": "/b"}))
    with pytest.raises(FetchError, match="does not want this"):
        make().get(f"{provider_server.url}/a")
    assert paths(provider_server) == ["/robots.txt", "/a"]


RFC = b"""\
# As in section 5.1 of the RFC, shortened.
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot/2.0
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("product", "path", "expected"),
    [
        ("two-track", "/", True),
        ("two-track", "/a.gif", False),
        ("two-track", "/a.gif?x", True),
        ("two-track", "/example/page", False),
        ("two-track", "/publications/a.gif", True),
        ("FooBot", "/", False),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/other", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/", True),
        ("quxbot", "/example/", True),
        ("foobot", "/robots.txt", True),
    ],
)
def test_groups_and_rules(product: str, path: str, expected: bool) -> None:
    assert read_robots(RFC, product).allows(f"https://example.org{path}") is expected


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /a/\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a\nDisallow: /a/b", "/a/b", False),
        ("Disallow:", "/a", True),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow: /a%2fb", "/a/b", False),
        ("Disallow: /*?print=", "/a?print=1", False),
        ("Disallow: /*?print=", "/a?x=1", True),
        ("Disallow: /a # not b", "/a", False),
        ("disallow : /a", "/a", False),
        ("Sitemap: /a\nDisallow: /b", "/a", True),
    ],
)
def test_rules(rules: str, path: str, expected: bool) -> None:
    robots = read_robots(f"User-agent: *\r\n{rules}\r\n".encode(), "two-track")
    assert robots.allows(f"https://example.org{path}") is expected


@pytest.mark.parametrize(
    ("text", "seconds"), [("3", 3.0), ("0.5", 0.5), ("900", 30.0), ("soon", 0.0), ("-1", 0.0)]
)
def test_crawl_delay(text: str, seconds: float) -> None:
    body = f"User-agent: *\nCrawl-delay: {text}\n".encode()
    assert read_robots(body, "two-track").delay == seconds


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_robots_can_be_read(body: bytes, path: str) -> None:
    robots = read_robots(b"User-agent: *\nDisallow: " + body, "two-track")
    assert robots.allows(f"https://example.org/{path}") in {True, False}


def test_a_pattern_of_many_wildcards_is_no_trap() -> None:
    assert not matches("/" + "*a" * 2_000 + "b$", "/" + "a" * 4_000)
    assert read_robots(b"x" * (3 * MOST_BYTES), "two-track") == Robots()


# --- pages ---


def test_the_text_of_a_page(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/a", PAGE)
    url = f"{provider_server.url}/a?utm_source=feed&id=7#top"
    text = fetch_text(make(), url)
    assert "8 homicides per 100,000" in text.text
    assert text.canonical_url == f"{provider_server.url}/a?id=7"
    assert text.origin == url


def test_a_canonical_address_that_names_the_front_page_does_not_count(
    make: Make, provider_server: Loopback
) -> None:
    head = '<link rel="canonical" href="https://example.org/">'
    provider_server.on("/a", Reply(a_page(head=head), media_type="text/html"))
    text = fetch_text(make(), f"{provider_server.url}/a")
    assert text.canonical_url == f"{provider_server.url}/a"


def test_a_pdf_and_an_encoding_by_their_headers(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/pdf", Reply(a_pdf([["8 homicides"] * 12]), media_type="application/pdf"))
    assert "8 homicides" in fetch_text(make(), f"{provider_server.url}/pdf").text
    body = "más de 3 años".encode("iso-8859-2", "replace")
    kind = "text/plain; charset=iso-8859-2"
    provider_server.on("/plain", Reply(body, media_type=kind))
    assert fetch_text(make(), f"{provider_server.url}/plain").text == body.decode("iso-8859-2")


def test_pages_without_text_are_clear_errors(make: Make, provider_server: Loopback) -> None:
    provider_server.on("/closed", Reply(b"<html><p>Log in.</p></html>", media_type="text/html"))
    provider_server.on("/png", Reply(b"\x89PNG....", media_type="image/png"))
    with pytest.raises(NoTextError, match="/closed: no article on the page"):
        fetch_text(make(), f"{provider_server.url}/closed")
    with pytest.raises(BinaryError, match="/png: a picture"):
        fetch_text(make(), f"{provider_server.url}/png")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/A", "https://example.org/A"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://[2606:4700::1]:80/a", "http://[2606:4700::1]/a"),
        ("https://e.org/a?b=%C3%A9&utm_medium=x&c", "https://e.org/a?b=%C3%A9&c="),
        ("https://e.org/a?b=1&c", "https://e.org/a?b=1&c"),
        ("https://e.org/a#b", "https://e.org/a"),
        ("https://e.org/a b\n", "https://e.org/a%20b"),
        ("https://e.org/a?fbclid=1", "https://e.org/a"),
    ],
)
def test_one_spelling_for_an_address(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


def test_what_is_an_address() -> None:
    assert is_address("https://example.org")
    assert is_address("HTTP://example.org")
    assert not is_address("http.txt")
    assert not is_address("C:/a.txt")
