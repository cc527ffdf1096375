"""The watch: feeds and folders are looked at for texts that are not known yet.

A new text is extracted and becomes a draft that waits for review (`ingest.articles.drafts` says
why drafts lie with the data). A text is known by its address, in one spelling, and by its hash:
among the articles of the catalogue, among the drafts, and among what was looked at before and gave
nothing to review. The last lies in `seen.json` beside the drafts, with what feeds said of
themselves, so that an unchanged feed is not sent again, and when was looked.

Where the text at a known address has changed, a draft that nobody has begun to review is drafted
anew; an article that is under review, or reviewed, is asked again at the next review.
"""

from __future__ import annotations

import json
import logging
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from config.catalog import Catalog
from config.loader import ConfigErrors
from config.schema import WatchedFeed, WatchedFolder
from ingest.articles.drafting import DraftError, Extractor, draft
from ingest.articles.drafts import Drafts, Filed, replace_file
from ingest.articles.fetching import canonical, is_address, text_of
from ingest.articles.reading import ReadingError, Text, read_file
from ingest.errors import ContractError, FetchError, IngestError
from ingest.web import Fetcher

log = logging.getLogger(__name__)

MOST_ENTRIES = 50
"""Of one feed at one time; the rest waits for the next."""
MOST_ATTEMPTS = 5
"""How often a page that does not answer is asked again."""
MOST_SEEN = 20_000
ENDINGS = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf"})

State = Literal["drafted", "changed", "known", "nothing", "failed", "unchanged"]


@dataclass(frozen=True)
class Found:
    """What became of one text, or of a feed or folder as a whole."""

    watched: str
    """Id of the feed or folder."""
    where: str
    state: State
    message: str = ""
    article: str = ""


@dataclass
class Seen:
    """What was looked at before. Keys of `texts` are addresses and hashes."""

    looked_at: datetime | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """To what came of it: `nothing`, or `failed 2` for the second time."""
    feeds: dict[str, dict[str, str]] = field(default_factory=dict)
    """Feed to its ETag and Last-Modified."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """File to its size, its time of change, and the article that it became."""

    @classmethod
    def read(cls, path: Path) -> Seen:
        """What the file says; nothing where there is none, or none that can be read."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            looked = stored["looked_at"]
            return cls(
                datetime.fromisoformat(looked) if looked else None,
                dict(stored["texts"]),
                dict(stored["feeds"]),
                dict(stored["files"]),
            )
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError):
            log.warning("%s cannot be read; everything is looked at anew", path)
            return cls()

    def write(self, path: Path) -> None:
        """Replace the file by what is known now. Raises OSError."""
        # The oldest go: a feed does not name them any more.
        self.texts = dict(list(self.texts.items())[-MOST_SEEN:])
        stored = asdict(self)
        stored["looked_at"] = self.looked_at.isoformat() if self.looked_at else None
        replace_file(path, json.dumps(stored, indent=1, ensure_ascii=False) + "\n")


@dataclass
class Watcher:
    """What a look needs. `home` is the folder that relative paths of folders begin from."""

    catalog: Catalog
    drafts: Drafts
    fetcher: Fetcher
    extractor: Extractor
    home: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _seen: Seen = field(default_factory=Seen)
    _by_url: dict[str, Filed] = field(default_factory=dict)
    _by_hash: dict[str, Filed] = field(default_factory=dict)
    _by_id: dict[str, Filed] = field(default_factory=dict)

    @property
    def _state(self) -> Path:
        return self.drafts.folder / "seen.json"

    def last_look(self) -> datetime | None:
        """When somebody looked last; None where nobody did."""
        return Seen.read(self._state).looked_at

    def look(self) -> list[Found]:
        """Look at everything that is watched, once. Never raises for a bad feed, page or file.

        Raises BusyError where another process looks already, OSError where drafts cannot be
        written.
        """
        with self.drafts.alone():
            self._seen = Seen.read(self._state)
            self._seen.looked_at = self.clock()
            self._index()
            found: list[Found] = []
            try:
                for folder in self.catalog.watch.folders:
                    if not folder.paused:
                        found += self._folder(folder)
                for feed in self.catalog.watch.feeds:
                    if not feed.paused:
                        found += self._feed(feed)
            finally:
                self._seen.write(self._state)
        return found

    def _index(self) -> None:
        folder = self.catalog.root / "articles"
        known = [Filed(folder / f"{name}.yaml", a) for name, a in self.catalog.articles.items()]
        drafted, _ = self.drafts.load(self.catalog)
        for filed in (*known, *drafted):
            self._note(filed)

    def _note(self, filed: Filed) -> None:
        self._by_id[filed.article.id] = filed
        self._by_hash[filed.article.text_sha256] = filed
        if filed.article.url:
            self._by_url[canonical(filed.article.url)] = filed

    # --- folders ---

    def _folder(self, folder: WatchedFolder) -> Iterator[Found]:
        root = self.home / folder.path
        try:
            paths = sorted(path for path in root.iterdir() if _is_article(path))
        except FileNotFoundError:
            return
        except OSError as error:
            yield Found(folder.id, str(root), "failed", error.strerror or str(error))
            return
        for path in paths:
            try:
                yield from self._file(folder, path)
            except OSError as error:
                yield Found(folder.id, path.name, "failed", error.strerror or str(error))

    def _file(self, folder: WatchedFolder, path: Path) -> Iterator[Found]:
        """Read a file unless it is as it was. Raises OSError."""
        status = path.stat()
        state = {"size": status.st_size, "changed": status.st_mtime_ns}
        before = self._seen.files.get(str(path), {})
        article = str(before.get("article", ""))
        if before == {**state, "article": article}:
            return
        try:
            text = read_file(path)
        except ReadingError as error:
            # Told once; it is read again when the file changes.
            self._seen.files[str(path)] = {**state, "article": article}
            yield Found(folder.id, path.name, "failed", str(error))
            return
        day = datetime.fromtimestamp(status.st_mtime, UTC).date()
        text = replace(text, publisher=text.publisher or folder.publisher)
        known = self._by_id.get(article)
        found = self._take(folder.id, path.name, text, folder.language, day, known)
        self._seen.files[str(path)] = {**state, "article": found.article or article}
        yield found

    # --- feeds ---

    def _feed(self, feed: WatchedFeed) -> Iterator[Found]:
        said = self._seen.feeds.get(feed.id, {})
        if said.get("url") != feed.url:
            said = {}
        try:
            answer = self.fetcher.get(feed.url, said.get("etag"), said.get("last_modified"))
            if answer.not_modified:
                yield Found(feed.id, feed.url, "unchanged")
                return
            entries = read_feed(answer.body, feed.url)
        except IngestError as error:
            yield Found(feed.id, feed.url, "failed", str(error))
            return
        whole = True
        for entry in entries[:MOST_ENTRIES]:
            found = self._entry(feed, entry)
            whole = whole and not self._worth_another(entry.url)
            if found is not None:
                yield found
        # A feed that is not through is asked for again, whether it has changed or not.
        if whole and len(entries) <= MOST_ENTRIES:
            stated = {"etag": "ETag", "last_modified": "Last-Modified"}
            kept = {key: answer.headers.get(name) for key, name in stated.items()}
            self._seen.feeds[feed.id] = {"url": feed.url} | {k: v for k, v in kept.items() if v}

    def _worth_another(self, url: str) -> bool:
        return self._seen.texts.get(url, "").startswith("failed ")

    def _entry(self, feed: WatchedFeed, entry: Entry) -> Found | None:
        """Read the page of an entry, if it is not known. None: it is."""
        before = self._seen.texts.get(entry.url, "")
        attempts = int(before.removeprefix("failed ")) if before.startswith("failed ") else 0
        known = self._by_url.get(entry.url)
        stamp = f"read {entry.stamp}" if entry.stamp else "read"
        if before in {stamp, "given up"}:
            return None
        if known is not None and not before:
            # Read elsewhere, perhaps from another form of the page: only a change from here on
            # counts as one.
            self._seen.texts[entry.url] = stamp
            return None
        try:
            text = text_of(self.fetcher.get(entry.url), entry.url)
        except (FetchError, ReadingError) as error:
            # What a page lacks it will lack tomorrow; who does not answer may answer then.
            again = isinstance(error, FetchError) and attempts + 1 < MOST_ATTEMPTS
            self._seen.texts.pop(entry.url, None)
            self._seen.texts[entry.url] = f"failed {attempts + 1}" if again else "given up"
            return Found(feed.id, entry.url, "failed", str(error))
        text = replace(
            text,
            title=text.title or entry.title,
            published_on=entry.published_on or text.published_on,
            publisher=text.publisher or feed.publisher,
        )
        found = self._take(feed.id, entry.url, text, feed.language, self.clock().date())
        self._seen.texts[entry.url] = stamp
        return found

    # --- texts ---

    def _take(
        self,
        watched: str,
        where: str,
        text: Text,
        language: Literal["en", "es"] | None,
        found_on: date,
        known: Filed | None = None,
    ) -> Found:
        """Draft a text that is not known. `known` is the article that stood at its place before."""
        same = self._by_hash.get(text.sha256)
        if same is not None:
            return Found(watched, where, "known", article=same.article.id)
        if text.sha256 in self._seen.texts:
            return Found(watched, where, "known", "looked at before, nothing to review")
        named = self._by_url.get(canonical(text.canonical_url)) if text.canonical_url else None
        before = named or known
        if before is not None and not self._is_untouched(before):
            return self._changed(watched, where, text, before)
        taken = {path.stem for path in self.drafts.files()} | self._by_id.keys()
        taken -= {before.article.id} if before else set()
        try:
            made = draft(
                text,
                self.catalog,
                self.extractor,
                language=language,
                found_on=found_on,
                taken=taken,
            )
        except (DraftError, ValueError) as error:
            self._seen.texts[text.sha256] = "nothing"
            return Found(watched, where, "nothing", str(error).removeprefix(f"{text.origin}: "))
        except Exception as error:  # one text must not keep the others from being looked at
            log.exception("%s cannot be drafted", where)
            return Found(watched, where, "failed", f"{type(error).__name__}: {error}")
        with self.drafts.writing():
            if before is not None and not self._is_untouched(before):
                return self._changed(watched, where, text, before)
            if before is not None:
                before.path.unlink()
            path = self.drafts.add(made, text)
        self._note(Filed(path, made.article))
        count = len(made.article.claims)
        message = f"{count} claim{'s' if count != 1 else ''} to review"
        return Found(watched, where, "drafted", message, made.article.id)

    def _changed(self, watched: str, where: str, text: Text, before: Filed) -> Found:
        """Keep the new text of an article that is under review, or reviewed."""
        self.drafts.keep_text(before.article.id, text)
        self._by_hash[text.sha256] = before
        message = "its text has changed; the next review asks again"
        return Found(watched, where, "changed", message, before.article.id)

    def _is_untouched(self, filed: Filed) -> bool:
        """Whether nobody has decided anything of a draft yet; the file has the last word."""
        if filed.path.parent != self.drafts.folder:
            return False
        try:
            claims = self.drafts.read(filed.path, self.catalog).article.claims
        except ConfigErrors:
            return False
        return all(claim.review.state == "pending" for claim in claims)


def _is_article(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in ENDINGS and not path.name.startswith(".")


# --- RSS and Atom ---


@dataclass(frozen=True)
class Entry:
    """One item of a feed."""

    url: str
    """In its one spelling."""
    title: str | None = None
    published_on: date | None = None
    stamp: str = ""
    """When the entry was last updated, as the feed says it."""


def read_feed(body: bytes, url: str) -> list[Entry]:
    """Entries of an RSS or Atom feed, in its order, each address once.

    Raises ContractError where it is none.
    """
    import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415

    # A stream, and nothing else: feedparser fetches what looks like an address and opens what is
    # the name of a file, also where it is given as bytes.
    parsed: Any = feedparser.parse(
        BytesIO(body),
        response_headers={"content-location": url},
        resolve_relative_uris=True,
        sanitize_html=False,
    )
    if not parsed.get("version"):
        raise ContractError(url, "a feed of RSS or Atom", "something else")
    entries: dict[str, Entry] = {}
    for item in parsed.entries:
        link = str(item.get("link") or "")
        if not is_address(link):
            continue
        try:
            address = canonical(link)
        except ValueError:
            continue
        entries.setdefault(address, _entry(address, item))
    return list(entries.values())


def _entry(address: str, item: Mapping[str, Any]) -> Entry:
    # As a plain mapping: feedparser's own look-up of `updated` falls back, and warns of it.
    item = dict(item)
    published = item.get("published_parsed") or item.get("updated_parsed")
    title = " ".join(str(item.get("title") or "").split()) or None
    day = None
    if published is not None:
        try:
            day = datetime.fromtimestamp(timegm(published), UTC).date()
        except (ValueError, OverflowError, OSError):
            day = None
    return Entry(address, title, day, str(item.get("updated") or ""))
