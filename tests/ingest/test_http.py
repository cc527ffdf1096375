from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.errors import FetchError
from ingest.http import Client, Response, retry_after, without_parameters
from tests.ingest.loopback import Loopback, Reply

REAL = "https://api.example.org/v2/data"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GOOD = Reply(b'{"fine": true}', media_type="application/json; charset=utf-8")


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept)

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=sum(self.slept))


class Maker:
    """Makes clients of the test server, and closes them."""

    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.time = FakeTime()
        self.clients: list[Client] = []

    def __call__(self, **options: Any) -> Client:
        settings: dict[str, Any] = {
            "user_agent": "two-track/0 (test)",
            "allowed_hosts": frozenset({"api.example.org"}),
            "base_urls": {"example": self.server.url},
            "sleep": self.time.sleep,
            "clock": self.time.clock,
            "monotonic": self.time.monotonic,
            "jitter": lambda: 1.0,
        }
        client = Client(**{**settings, **options})
        self.clients.append(client)
        return client

    def get(self, url: str = REAL, **options: Any) -> Response:
        return self().get(url, provider="example", **options)


@pytest.fixture
def make(provider_server: Loopback) -> Iterator[Maker]:
    maker = Maker(provider_server)
    yield maker
    for client in maker.clients:
        client.close()


def test_an_answer_has_the_providers_address_and_not_the_overrides(
    make: Maker, provider_server: Loopback
) -> None:
    provider_server.on("/v2/data", GOOD)
    answer = make.get(params={"date": "2000:2024", "per_page": "10"})
    assert answer.url == "https://api.example.org/v2/data?date=2000:2024&per_page=10"
    assert (answer.status, answer.body) == (200, b'{"fine": true}')
    assert answer.media_type == "application/json"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert not answer.not_modified
    assert answer.retrieved_at == NOW
    (asked,) = provider_server.requests
    assert asked.query == {"date": "2000:2024", "per_page": "10"}
    assert asked.headers["user-agent"] == "two-track/0 (test)"


@pytest.mark.parametrize("name", ["world-bank", "WORLD_BANK", "worldbank"])
def test_an_override_is_found_by_any_spelling_of_the_provider(
    make: Maker, provider_server: Loopback, name: str
) -> None:
    provider_server.on("/v2/data", GOOD)
    client = make(base_urls={"worldbank": provider_server.url})
    assert client.get(REAL, provider=name).status == 200


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1/v2", "http://me:pw@127.0.0.1"]
)
def test_an_override_is_scheme_and_host_only(url: str) -> None:
    with pytest.raises(ValueError, match="must be scheme and host"):
        Client("test", frozenset(), {"example": url})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again_with_growing_pauses(
    make: Maker, provider_server: Loopback, status: int
) -> None:
    provider_server.on("/v2/data", *[Reply(b"no", status)] * 3, GOOD)
    assert make.get().body == GOOD.body
    assert make.time.slept == [1.0, 2.0, 4.0]


def test_jitter_shortens_a_pause_by_half_at_most(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"no", 500), Reply(b"no", 500), GOOD)
    make(jitter=lambda: 0.0).get(REAL, provider="example")
    assert make.time.slept == [0.5, 1.0]


def test_what_keeps_failing_is_an_error_in_plain_words(
    make: Maker, provider_server: Loopback
) -> None:
    provider_server.on("/v2/data", Reply(b"no", 503))
    with pytest.raises(FetchError) as caught:
        make.get()
    assert str(caught.value) == (
        f"{REAL}: the provider's server is out of service for now (HTTP 503) (tried 4 times)"
    )
    assert (caught.value.url, caught.value.status) == (REAL, 503)
    assert len(provider_server.requests) == 4


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "does not accept"), (401, "key or a password"), (403, "refuses"), (404, "nothing at")],
)
def test_what_does_not_pass_is_asked_once(
    make: Maker, provider_server: Loopback, status: int, words: str
) -> None:
    provider_server.on("/v2/data", Reply(b"{}", status))
    with pytest.raises(FetchError, match=words) as caught:
        make.get()
    assert caught.value.status == status
    assert len(provider_server.requests) == 1
    assert make.time.slept == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("86400", 120.0),
        ("soon", 1.0),
        ("-5", 1.0),
    ],
)
def test_retry_after_is_honoured_within_bounds(
    make: Maker, provider_server: Loopback, text: str, seconds: float
) -> None:
    provider_server.on("/v2/data", Reply(b"", 429, {"Retry-After": text}), GOOD)
    make.get()
    assert make.time.slept == [seconds]


def test_retry_after_that_cannot_be_read_is_none() -> None:
    assert retry_after(None, NOW) is None
    assert retry_after("tomorrow", NOW) is None
    assert retry_after("²", NOW) is None


@pytest.mark.parametrize(
    "bad",
    [
        Reply(b"x" * 100, truncate=40),
        Reply(b"x" * 100, content_length=200),
        Reply(b"x" * 100, chunked=True, truncate=40),
        Reply(b"x" * 100, chunked=True, truncate=0),
        Reply(gzip.compress(b"x" * 5000)[:-9], headers={"Content-Encoding": "gzip"}),
        Reply(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
        Reply(reset=True),
    ],
    ids=["cut", "length", "chunk", "empty-chunk", "cut-gzip", "no-gzip", "reset"],
)
def test_a_body_that_is_not_whole_is_fetched_again_and_never_handed_out(
    make: Maker, provider_server: Loopback, bad: Reply
) -> None:
    provider_server.on("/v2/data", bad, GOOD)
    assert make.get().body == GOOD.body
    provider_server.on("/v2/bad", bad)
    with pytest.raises(FetchError, match=r"tried 4 times"):
        make.get("https://api.example.org/v2/bad")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"abc" * 9999, gzip=True),
        Reply(b"abc" * 9999, gzip=True, chunked=True),
        Reply(b"abc" * 9999, chunked=True),
        Reply(
            gzip.compress(b"abc" * 9000) + gzip.compress(b"abc" * 999),
            headers={"Content-Encoding": "gzip"},
        ),
    ],
    ids=["gzip", "gzip-chunked", "chunked", "two-members"],
)
def test_transfer_codings_are_undone(make: Maker, provider_server: Loopback, reply: Reply) -> None:
    provider_server.on("/v2/data", reply)
    assert make.get().body == b"abc" * 9999


def test_an_encoding_that_was_not_asked_for_is_refused(
    make: Maker, provider_server: Loopback
) -> None:
    provider_server.on("/v2/data", Reply(b"???", headers={"Content-Encoding": "br"}))
    with pytest.raises(FetchError, match="compressed as 'br'"):
        make.get()
    assert provider_server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"x" * 1001),
        Reply(b"x" * 1001, chunked=True),
        Reply(b"x" * 5_000_000, gzip=True),
        Reply(b"x" * 5_000_000, gzip=True, chunked=True),
    ],
    ids=["plain", "chunked", "gzip", "gzip-chunked"],
)
def test_the_limit_counts_decoded_bytes(
    make: Maker, provider_server: Loopback, reply: Reply
) -> None:
    provider_server.on("/v2/data", reply)
    with pytest.raises(FetchError, match="larger than the limit of 1,000 bytes"):
        make(max_bytes=1000).get(REAL, provider="example")
    assert len(provider_server.requests) == 1


@pytest.mark.parametrize("zipped", [False, True])
def test_exactly_the_limit_is_allowed(
    make: Maker, provider_server: Loopback, *, zipped: bool
) -> None:
    provider_server.on("/v2/data", Reply(b"x" * 1000, gzip=zipped))
    assert make(max_bytes=1000).get(REAL, provider="example").body == b"x" * 1000


def test_silence_is_a_time_out(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"late", delay=5.0))
    with pytest.raises(FetchError, match=r"did not answer in time \(tried 2 times\)"):
        make(timeouts=(1.0, 0.05), retries=1).get(REAL, provider="example")


def test_a_body_that_only_drips_meets_the_deadline(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"x" * 500, drip=0.01))
    ticks = iter(range(10_000))
    client = make(deadline=20.0, monotonic=lambda: float(next(ticks)))
    with pytest.raises(FetchError, match="limit of 20 s in all"):
        client.get(REAL, provider="example")


def test_no_attempt_is_made_past_the_deadline(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"", 503, {"Retry-After": "60"}))
    with pytest.raises(FetchError, match=r"HTTP 503.*would exceed the limit of 100 s.*2 times"):
        make(deadline=100.0).get(REAL, provider="example")
    assert make.time.slept == [60.0]


def test_a_refused_connection_is_tried_again(make: Maker) -> None:
    client = make(base_urls={"example": "http://127.0.0.1:1"})
    with pytest.raises(FetchError, match=r"connection to the provider failed \(tried 4 times\)"):
        client.get(REAL, provider="example")


def test_a_hook_says_what_else_passes(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"<html>Request Error", 400), GOOD)
    seen: list[tuple[int, bytes]] = []

    def transient(response: Response) -> bool:
        seen.append((response.status, response.body))
        return response.status == 400

    assert make.get(transient=transient).body == GOOD.body
    assert seen == [(400, b"<html>Request Error"), (200, GOOD.body)]


def test_a_hook_that_never_relents_is_an_error(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"<html>"))
    with pytest.raises(FetchError, match=r"failed for a moment \(HTTP 200\) \(tried 4 times\)"):
        make.get(transient=lambda _: True)


def test_a_conditional_request_may_be_answered_not_modified(
    make: Maker, provider_server: Loopback
) -> None:
    provider_server.on("/v2/data", Reply(status=304, headers={"ETag": '"a"'}))
    answer = make.get(etag='"a"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT")
    assert (answer.not_modified, answer.status, answer.body) == (True, 304, b"")
    asked = provider_server.requests[0].headers
    assert asked["if-none-match"] == '"a"'
    assert asked["if-modified-since"] == "Sun, 01 Mar 2026 11:00:00 GMT"
    with pytest.raises(FetchError, match="without having been asked"):
        make.get()


def test_an_answer_without_content_is_an_answer(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(status=204))
    assert (make.get().status, make.get().body) == (204, b"")


def _redirect(to: str, status: int = 302, body: bytes = b"") -> Reply:
    return Reply(body, status, {"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["/elsewhere?a=1", "https://api.example.org/elsewhere?a=1"])
def test_redirects_are_followed_to_allowed_hosts(
    make: Maker, provider_server: Loopback, status: int, to: str
) -> None:
    provider_server.on("/v2/data", _redirect(to, status))
    provider_server.on("/elsewhere", GOOD)
    answer = make.get()
    assert answer.body == GOOD.body
    assert answer.url == REAL
    assert provider_server.requests[-1].query == {"a": "1"}


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "http://localhost/x",
        "http://api.example.org@evil.example/x",
        "http://evil.example\\@api.example.org/x",
        "https://[::1/x",
        "file:///etc/passwd",
        "ftp://api.example.org/x",
        "http://api.example.org.evil.example/x",
    ],
)
def test_redirects_to_anywhere_else_are_not(
    make: Maker, provider_server: Loopback, to: str
) -> None:
    provider_server.on("/v2/data", _redirect(to))
    with pytest.raises(FetchError, match=r"not allowed|only plain http|not valid"):
        make(base_urls={"example": provider_server.url}).get(REAL, provider="example")
    assert len(provider_server.requests) == 1


def test_a_redirects_body_is_not_read(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(b"x" * 50, 302, {"Location": "/b"}, drip=0.2))
    provider_server.on("/b", GOOD)
    assert make.get().body == GOOD.body


def test_five_redirects_are_followed_and_no_more(make: Maker, provider_server: Loopback) -> None:
    for step in range(5):
        provider_server.on(f"/{step}", _redirect(f"/{step + 1}"))
    provider_server.on("/5", GOOD)
    assert make.get("https://api.example.org/0").body == GOOD.body
    provider_server.on("/loop", _redirect("/loop"))
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        make.get("https://api.example.org/loop")
    assert sum(asked.path == "/loop" for asked in provider_server.requests) == 6


def test_a_redirect_needs_an_address(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", Reply(status=302))
    with pytest.raises(FetchError, match="without saying where to"):
        make.get()


def test_private_headers_stay_with_their_host(make: Maker, provider_server: Loopback) -> None:
    other = provider_server.url.replace("127.0.0.1", "localhost")
    provider_server.on("/v2/data", _redirect(f"{other}/b"))
    provider_server.on("/b", GOOD)
    client = make(allowed_hosts=frozenset({"localhost"}))
    client.get(REAL, provider="example", headers={"Bmx-Token": "secret"}, etag='"a"')
    first, second = provider_server.requests
    assert first.headers["bmx-token"] == "secret"
    assert "bmx-token" not in second.headers
    assert second.headers["if-none-match"] == '"a"'


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://other.example.org/", "other.example.org is not allowed"),
        ("file:///etc/passwd", "only plain http"),
        ("https://me:secret@api.example.org/", "user or password"),
        ("https://", "not valid"),
        ("https://[::1/", "not valid"),
        ("api.example.org/v2", "only plain http"),
    ],
)
def test_nothing_is_sent_to_a_host_that_is_not_allowed(make: Maker, url: str, words: str) -> None:
    client = make(base_urls={}, allowed_hosts=frozenset({"api.example.org"}))
    with pytest.raises(FetchError, match=words) as caught:
        client.get(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"no", 403),
        Reply(b"x", content_length=9),
        Reply(reset=True),
        _redirect("/x?key=hunter2"),
    ],
    ids=["refused", "cut", "reset", "redirect"],
)
def test_secrets_are_in_the_request_and_in_no_error(
    make: Maker, provider_server: Loopback, reply: Reply
) -> None:
    provider_server.on("/v2/data", reply)
    with pytest.raises(FetchError) as caught:
        make.get(f"{REAL}?Key=hunter2", params={"year": "2020", "token": "hunter2"})
    assert provider_server.requests[0].query["token"] == "hunter2"
    error: BaseException | None = caught.value
    assert caught.value.url == f"{REAL}?year=2020"
    while error is not None:
        assert "hunter2" not in repr(error)
        assert "token" not in repr(error)
        error = error.__cause__ or error.__context__


def test_secrets_are_not_in_the_address_of_an_answer(
    make: Maker, provider_server: Loopback
) -> None:
    provider_server.on("/v2/data", GOOD)
    answer = make(redact={"code"}).get(f"{REAL}?code=a&b=2000%3A2024&c", provider="example")
    assert answer.url == f"{REAL}?b=2000%3A2024&c"


def test_a_netrc_is_not_read(
    make: Maker, provider_server: Loopback, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    provider_server.on("/v2/data", GOOD)
    make.get()
    assert "authorization" not in provider_server.requests[0].headers


def test_this_machine_is_not_reached_through_a_proxy(
    make: Maker, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    provider_server.on("/v2/data", GOOD)
    assert make.get().status == 200


def test_requests_to_one_host_keep_their_distance(make: Maker, provider_server: Loopback) -> None:
    provider_server.on("/v2/data", GOOD)
    client = make(delay=2.0)
    for _ in range(3):
        client.get(REAL, provider="example")
    assert make.time.slept == [2.0, 2.0]


def test_parameters_are_left_out_to_the_letter() -> None:
    url = "https://u:p@example.org/a;b?x=1%2C2&API_KEY=s&&api%5Fkey=s#part"
    assert without_parameters(url, {"api_key"}) == "https://example.org/a;b?x=1%2C2&"


def test_a_client_closes_its_session(provider_server: Loopback) -> None:
    provider_server.on("/v2/data", GOOD)
    with Client("test", frozenset(), {"example": provider_server.url}) as client:
        assert client.get(REAL, provider="example").status == 200
