from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalog import Catalog, load_catalog
from config.loader import ConfigErrors
from config.schema import Watch, WatchedFeed, WatchedFolder
from db.engine import Engine
from db.queries import claims
from ingest.articles.drafts import BusyError, Drafts
from ingest.articles.watch import Found, Watcher, read_feed
from ingest.errors import ContractError
from ingest.pipeline import run_source
from ingest.web import Fetcher
from tests.broken import edit
from tests.ingest.articles.desks import Session
from tests.ingest.articles.stub import ARTICLE, a_page, extract
from tests.ingest.loopback import Loopback, Reply
from tests.stores import Loaded, a_context

ID = "lopez-2022-rates-homicide"
DAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def rss(server: str, *items: tuple[str, str], updated: str = "") -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>{server}{path}</link>"
        f"<pubDate>Tue, 03 May 2022 12:00:00 GMT</pubDate>"
        + (f"<updated xmlns='http://www.w3.org/2005/Atom'>{updated}</updated>" if updated else "")
        + "</item>"
        for path, title in items
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entries}'
        "</channel></rss>"
    ).encode()


Look = Callable[..., list[Found]]


class Place:
    """A home folder with an inbox and drafts, and what is watched."""

    def __init__(self, catalog: Catalog, home: Path, server: str) -> None:
        self.home = home
        self.server = server
        self.inbox = home / "inbox"
        self.inbox.mkdir(parents=True)
        self.drafts = Drafts(home / "drafts")
        self.catalog = catalog
        self.now = DAY
        self.extractor: Any = extract
        self.watch(folders=[WatchedFolder(id="inbox", path="inbox")])

    def watch(self, **watched: Any) -> None:
        self.catalog = replace(self.catalog, watch=Watch(**watched))

    def watch_feed(self, **fields: Any) -> None:
        self.watch(feeds=[WatchedFeed(id="news", url=f"{self.server}/feed", **fields)])

    def drop(self, text: str, name: str = "a.txt") -> Path:
        path = self.inbox / name
        path.write_text(text, encoding="utf-8")
        return path

    def look(self) -> list[Found]:
        fetcher = Fetcher("two-track/0", refuses=None, delay=0, retries=0, sleep=lambda _: None)
        with fetcher:
            return Watcher(
                self.catalog, self.drafts, fetcher, self.extractor, self.home, lambda: self.now
            ).look()

    def states(self) -> list[str]:
        return [found.state for found in self.look()]


@pytest.fixture
def place(catalog: Catalog, tmp_path: Path, provider_server: Loopback) -> Place:
    return Place(catalog, tmp_path / "home", provider_server.url)


# --- folders ---


def test_a_dropped_text_becomes_a_draft(place: Place) -> None:
    place.drop(ARTICLE)
    (found,) = place.look()
    assert found == Found("inbox", "a.txt", "drafted", "2 claims to review", ID)
    (filed,), broken = place.drafts.load(place.catalog)
    assert not broken
    assert filed.pending == 2
    text = place.drafts.text_of(filed.article)
    assert text is not None
    assert text.text == ARTICLE
    assert place.look() == []


def test_a_dropped_page_and_its_copy_are_one_article(place: Place) -> None:
    place.drop(ARTICLE)
    place.drop(ARTICLE, "b.txt")
    place.drop(ARTICLE, "c.md")
    assert [(f.state, f.article) for f in place.look()] == [
        ("drafted", ID),
        ("known", ID),
        ("known", ID),
    ]


def test_a_text_without_a_day_gets_that_of_its_file(place: Place) -> None:
    path = place.drop(ARTICLE.replace("Ciudad de México, May 3, 2022\n", ""))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    place.look()
    (filed,), _ = place.drafts.load(place.catalog)
    assert (filed.article.published_on, filed.article.date_basis) == (
        date(2023, 11, 14),
        "inferred",
    )


def test_bad_files_are_told_once_and_stop_nothing(place: Place) -> None:
    place.drop("", "0-empty.txt")
    (place.inbox / "1-binary.txt").write_bytes(b"\x00\x01")
    place.drop(ARTICLE, "2-good.txt")
    place.drop("Der Anteil der Menschen ist gestiegen. " * 20, "3-german.txt")
    place.drop("no article", ".hidden.txt")
    place.drop("no article", "picture.png")
    found = place.look()
    assert [each.state for each in found] == ["failed", "failed", "drafted", "nothing"]
    assert "the file is empty" in found[0].message
    assert "not text" in found[1].message
    assert found[3].message.startswith("the text is neither in English nor in Spanish")
    assert place.look() == []


def test_a_file_that_is_mended_is_read_again(place: Place) -> None:
    place.drop("", "a.txt")
    assert place.states() == ["failed"]
    place.drop(ARTICLE, "a.txt")
    assert place.states() == ["drafted"]


def test_a_draft_that_nobody_has_touched_is_drafted_anew(place: Place) -> None:
    place.drop(ARTICLE)
    place.look()
    place.drop(ARTICLE.replace("29 homicides", "27 homicides"))
    (found,) = place.look()
    assert (found.state, found.article) == ("drafted", ID)
    (filed,), _ = place.drafts.load(place.catalog)
    assert [claim.value_low for claim in filed.article.claims] == [8, 27]


def test_a_draft_under_review_is_asked_again(place: Place) -> None:
    place.drop(ARTICLE)
    place.look()
    path = place.drafts.folder / f"{ID}.yaml"
    decided = "{state: accepted, reviewer: ana, reviewed_on: 2026-11-22}"
    edit(path, "{state: pending}", decided)
    place.drop(ARTICLE.replace("29 homicides", "27 homicides"))
    (found,) = place.look()
    assert (found.state, found.article) == ("changed", ID)
    assert decided in path.read_text(encoding="utf-8")
    (filed,), _ = place.drafts.load(place.catalog)
    text = place.drafts.text_of(filed.article)
    assert text is not None
    assert text.sha256 != filed.article.text_sha256
    assert place.look() == []


def test_an_extractor_that_fails_is_told_and_stops_nothing(place: Place) -> None:
    def fails_once(text: str, *rest: Any) -> list[Any]:
        if "29" in text:
            raise RuntimeError("no such word")
        return extract(text, *rest)

    place.extractor = fails_once
    place.drop(ARTICLE, "a.txt")
    place.drop(ARTICLE.replace("29", "27"), "b.txt")
    found = place.look()
    assert [each.state for each in found] == ["failed", "drafted"]
    assert found[0].message == "RuntimeError: no such word"


def test_a_folder_that_is_not_there_or_paused_is_passed_over(place: Place) -> None:
    place.drop(ARTICLE)
    place.watch(
        folders=[
            WatchedFolder(id="inbox", path="inbox", paused=True),
            WatchedFolder(id="other", path="no-such"),
        ]
    )
    assert place.look() == []


def test_two_looks_at_once_are_one(place: Place) -> None:
    with place.drafts.alone(), pytest.raises(BusyError):
        place.look()


def test_a_broken_state_is_no_end(place: Place) -> None:
    place.drop(ARTICLE)
    place.look()
    (place.drafts.folder / "seen.json").write_text("{", encoding="utf-8")
    assert place.states() == ["known"]


# --- feeds ---


@pytest.fixture
def news(place: Place, provider_server: Loopback) -> Place:
    """A feed with one article."""
    place.watch_feed(publisher="A Newspaper")
    provider_server.on("/feed", Reply(rss(place.server, ("/a", "Rates")), media_type="text/xml"))
    provider_server.on("/a", Reply(a_page(), media_type="text/html"))
    return place


def paths(server: Loopback) -> list[str]:
    return [asked.path for asked in server.requests]


def test_an_entry_becomes_a_draft_with_its_address(news: Place, provider_server: Loopback) -> None:
    (found,) = news.look()
    assert (found.watched, found.state) == ("news", "drafted")
    (filed,), _ = news.drafts.load(news.catalog)
    article = filed.article
    assert article.url == f"{news.server}/a"
    assert article.published_on == date(2022, 5, 3)
    assert article.publisher == "The Newspaper"
    assert news.look() == []
    assert paths(provider_server).count("/a") == 1


def test_a_feed_that_has_not_changed_is_not_sent_again(
    news: Place, provider_server: Loopback
) -> None:
    provider_server.on(
        "/cond", Reply(rss(news.server, ("/a", "R")), headers={"ETag": '"1"'}), Reply(status=304)
    )
    news.watch(feeds=[WatchedFeed(id="news", url=f"{news.server}/cond")])
    assert news.states() == ["drafted"]
    assert news.states() == ["unchanged"]
    assert provider_server.requests[-1].headers["if-none-match"] == '"1"'


def test_the_same_article_under_two_addresses_is_one(
    place: Place, provider_server: Loopback
) -> None:
    place.watch_feed()
    items = [("/a?utm_source=rss", "A"), ("/a", "A"), ("/b", "B")]
    body = rss(place.server, *items).replace(b"&", b"&amp;")
    provider_server.on("/feed", Reply(body))
    provider_server.on("/a", Reply(a_page(), media_type="text/html"))
    provider_server.on("/b", Reply(a_page(), media_type="text/html"))
    assert place.states() == ["drafted", "known"]


def test_a_page_that_does_not_answer_is_asked_again_and_in_the_end_given_up(
    place: Place, provider_server: Loopback
) -> None:
    place.watch_feed()
    feed = Reply(rss(place.server, ("/a", "A")), headers={"ETag": '"1"'})
    provider_server.on("/feed", feed)
    provider_server.on("/a", Reply(status=503))
    for _ in range(5):
        assert place.states() == ["failed"]
    assert place.states() == []
    assert paths(provider_server).count("/a") == 5
    assert "if-none-match" not in provider_server.requests[-3].headers


def test_a_page_that_answers_in_the_end_is_drafted(place: Place, provider_server: Loopback) -> None:
    place.watch_feed()
    provider_server.on("/feed", Reply(rss(place.server, ("/a", "A")), headers={"ETag": '"1"'}))
    provider_server.on("/a", Reply(status=503), Reply(a_page(), media_type="text/html"))
    assert place.states() == ["failed"]
    assert place.states() == ["drafted"]


def test_a_page_without_text_is_not_asked_again(place: Place, provider_server: Loopback) -> None:
    place.watch_feed()
    provider_server.on("/feed", Reply(rss(place.server, ("/a", "A"))))
    provider_server.on("/a", Reply(b"<html><p>Log in.</p></html>", media_type="text/html"))
    (found,) = place.look()
    assert "behind a subscription" in found.message
    assert place.look() == []


def test_an_entry_that_was_updated_is_read_again(place: Place, provider_server: Loopback) -> None:
    place.watch_feed()
    first = rss(place.server, ("/a", "A"), updated="2022-05-03T12:00:00Z")
    second = rss(place.server, ("/a", "A"), updated="2022-05-04T12:00:00Z")
    provider_server.on("/feed", Reply(first), Reply(first), Reply(second))
    changed = ARTICLE.replace("29 homicides", "27 homicides")
    pages = [Reply(a_page(text), media_type="text/html") for text in (ARTICLE, changed)]
    provider_server.on("/a", *pages)
    assert place.states() == ["drafted"]
    assert place.states() == []
    assert place.states() == ["drafted"]
    (filed,), _ = place.drafts.load(place.catalog)
    assert [claim.value_low for claim in filed.article.claims] == [8, 27]


def test_an_article_of_the_catalogue_is_not_read_because_a_feed_names_it(
    news: Place, provider_server: Loopback
) -> None:
    (name, article), *_ = news.catalog.articles.items()
    known = article.model_copy(update={"url": f"{news.server}/a"})
    news.catalog = replace(news.catalog, articles={name: known})
    assert news.look() == []
    assert "/a" not in paths(provider_server)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"<html>no feed</html>", media_type="text/html"), "a feed of RSS or Atom"),
        (Reply(b""), "a feed of RSS or Atom"),
        (Reply(status=404), "nothing at this address"),
        (Reply(b"x" * 100, truncate=10), "ended early|broke before"),
    ],
)
def test_a_bad_feed_is_told_and_stops_nothing(
    place: Place, provider_server: Loopback, reply: Reply, said: str
) -> None:
    provider_server.on("/feed", reply)
    feed = WatchedFeed(id="news", url=f"{place.server}/feed")
    place.watch(feeds=[feed], folders=[WatchedFolder(id="inbox", path="inbox")])
    place.drop(ARTICLE)
    drafted, failed = place.look()
    assert (drafted.state, failed.state) == ("drafted", "failed")
    assert any(part in failed.message for part in said.split("|"))


ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
<entry><title>One &amp; two</title><link href="/one"/><updated>2022-05-03T10:00:00Z</updated>
</entry><entry><title>Mail</title><link href="mailto:a@example.org"/></entry>
<entry><title>Again</title><link href="https://example.org/one#x"/></entry>
<entry><title>No day</title><link href="https://example.org/two"/></entry>
</feed>"""


def test_atom_with_relative_links() -> None:
    one, two = read_feed(ATOM, "https://example.org/feed.xml")
    assert (one.url, one.title) == ("https://example.org/one", "One & two")
    assert one.published_on == date(2022, 5, 3)
    assert (two.url, two.published_on) == ("https://example.org/two", None)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_a_clear_error(body: bytes) -> None:
    for whole in (body, ATOM[: 40 + len(body)] + body):
        try:
            entries = read_feed(whole, "https://example.org/feed")
        except ContractError:
            continue
        assert all(entry.url.startswith("http") for entry in entries)


def test_a_feed_that_names_a_file_on_this_machine_reads_none(tmp_path: Path) -> None:
    path = tmp_path / "secret.xml"
    path.write_bytes(ATOM)
    with pytest.raises(ContractError):
        read_feed(str(path).encode(), "https://example.org/feed")


def test_an_entity_of_a_feed_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    body = ATOM.replace(
        b"<feed", f'<!DOCTYPE f [<!ENTITY x SYSTEM "{secret.as_uri()}">]><feed'.encode()
    ).replace(b"One", b"&x;")
    entries = read_feed(body, "https://example.org/feed")
    assert "hidden" not in str(entries)


# --- configuration ---


def test_the_shipped_watch_is_one_inbox(catalog: Catalog) -> None:
    (folder,) = catalog.watch.folders
    assert (folder.id, folder.path, catalog.watch.feeds) == ("inbox", "inbox", [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("schedule", "schedul", "did you mean 'schedule'?"),
        ("*/30 * * * *", "*/30 * * *", "five fields"),
        ("feeds: []", "feeds:\n  - {id: inbox, url: https://example.org}", "id given twice"),
        ("feeds: []", "feeds:\n  - {id: a, url: ftp://example.org}", "feeds[0].url"),
        ("path: inbox", "paths: inbox", "folders[0]"),
    ],
)
def test_a_wrong_file_is_named(config_copy: Path, old: str, new: str, said: str) -> None:
    edit(config_copy / "feeds.yaml", old, new)
    with pytest.raises(ConfigErrors, match=r"feeds\.yaml:") as caught:
        load_catalog(config_copy)
    assert said in str(caught.value)


def test_without_the_file_nothing_is_watched(config_copy: Path) -> None:
    (config_copy / "feeds.yaml").unlink()
    watch = load_catalog(config_copy).watch
    assert (watch.feeds, watch.folders) == ([], [])


# --- the whole way ---


@pytest.fixture
def database(loaded: Loaded, tmp_path: Path) -> Iterator[Engine]:
    engine = loaded.copy(tmp_path)
    yield engine
    engine.dispose()


def test_from_the_inbox_to_the_database_and_through_review(
    catalog: Catalog, config_copy: Path, tmp_path: Path, database: Engine
) -> None:
    """What is dropped is stored as pending; what is accepted is accepted there, too."""
    place = Place(load_catalog(config_copy), tmp_path / "home", "http://127.0.0.1:9")
    place.drop(ARTICLE)

    def publish() -> dict[str, str]:
        context = a_context(load_catalog(config_copy), database, place.home)
        context = replace(context, drafts=place.drafts)
        (outcome,) = run_source(context, context.catalog.sources["articles"])
        assert outcome.status in {"ok", "unchanged"}
        stored = [c for c in claims(database) if c.article == ID]
        assert {c.extractor for c in stored} == {"grammar"}
        return {c.id.partition("/")[2]: c.review_state for c in stored}

    assert place.states() == ["drafted"]
    assert set(publish().values()) == {"pending"}
    session = Session(config_copy, database, place.drafts)
    assert session("a", "r", "no").moved == [ID]
    assert sorted(publish().values()) == ["accepted", "rejected"]
    assert len(claims(database)) == 28 + 2


def test_a_draft_that_does_not_load_stops_no_run(
    catalog: Catalog, place: Place, database: Engine
) -> None:
    place.drop(ARTICLE)
    place.look()
    (place.drafts.folder / "broken.yaml").write_text("id: [", encoding="utf-8")
    context = replace(a_context(catalog, database, place.home), drafts=place.drafts)
    (outcome,) = run_source(context, catalog.sources["articles"])
    assert (outcome.status, outcome.changes.new) == ("ok", 2)


def test_the_state_is_a_file_that_people_can_read(place: Place) -> None:
    place.drop(ARTICLE)
    place.look()
    stored = json.loads((place.drafts.folder / "seen.json").read_text(encoding="utf-8"))
    assert stored["looked_at"] == DAY.isoformat()
    (state,) = stored["files"].values()
    assert state["article"] == ID
