"""The folder of drafts: articles that wait for review, each with the text it was drafted from.

It lies with the data and not in the catalogue. What a program wrote unasked has no place among
files that people review like code, and a draft that does not load must not stop the catalogue from
loading. The run of the source `articles` reads both: claims of a draft are in the database with
their state of review, and an article moves to `config/articles/` once every claim is decided and
one at least is accepted. Its text stays here, because texts belong to their authors and are no part
of the catalogue. Where several machines share a database, they share this folder, too.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.catalog import Catalog, read_article
from config.loader import ConfigError, ConfigErrors, read_text
from config.schema import Article
from ingest.articles.drafting import Draft
from ingest.articles.fetching import canonical
from ingest.articles.reading import ReadingError, Text, read_file


class BusyError(Exception):
    """Another process works in the folder."""


@dataclass(frozen=True)
class Filed:
    """An article's file that loads."""

    path: Path
    article: Article

    @property
    def pending(self) -> int:
        """How many of its claims wait for review."""
        return sum(claim.review.state == "pending" for claim in self.article.claims)


@dataclass(frozen=True)
class Drafts:
    """`folder` need not exist until something is written."""

    folder: Path

    def files(self) -> list[Path]:
        """The drafts by name; none where there is no folder."""
        return sorted(self.folder.glob("*.yaml"))

    def load(self, catalog: Catalog) -> tuple[list[Filed], list[ConfigErrors]]:
        """Drafts by name, and what is wrong with those that do not load.

        A draft of which the catalogue has the article is left out.
        """
        found: list[Filed] = []
        broken: list[ConfigErrors] = []
        for path in self.files():
            try:
                filed = self.read(path, catalog)
            except ConfigErrors as errors:
                broken.append(errors)
                continue
            if filed.article.id not in catalog.articles:
                found.append(filed)
        return found, broken

    def read(self, path: Path, catalog: Catalog) -> Filed:
        """A file of an article, as it is now. Raises ConfigErrors."""
        try:
            text = read_text(path, path.parent)
        except ConfigError as error:
            raise ConfigErrors([error]) from error
        return Filed(path, read_article(catalog, text, path.name))

    def add(self, draft: Draft, text: Text) -> Path:
        """Write a draft and its text. Raises FileExistsError, OSError."""
        name = draft.article.id
        path = self.folder / f"{name}.yaml"
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        self.keep_text(name, text)
        replace_file(path, draft.yaml)
        return path

    def keep_text(self, name: str, text: Text) -> None:
        """Keep an article's text beside the drafts. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self.folder / f"{name}.txt", text.text)

    def text_of(self, article: Article, texts: Path | None = None) -> Text | None:
        """The text of an article where it is at hand: in `texts`, else in this folder."""
        for folder in (texts, self.folder):
            for name in (article.text_file, f"{article.id}.txt"):
                path = folder / name if folder and name else None
                if path is not None and path.is_file():
                    try:
                        return read_file(path)
                    except ReadingError:
                        continue
        return None

    def known(self, catalog: Catalog, text: Text) -> str | None:
        """The article or draft that has this text or this address already."""
        drafted, _ = self.load(catalog)
        for article in (*catalog.articles.values(), *(filed.article for filed in drafted)):
            url = text.canonical_url
            same_page = bool(article.url and url) and canonical(article.url or "") == url
            if same_page or article.text_sha256 == text.sha256:
                return article.id
        return None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder, so that two processes do not draft the same text. Raises BusyError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BusyError(f"another process works in {self.folder}") from error
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the files of articles while one is read and replaced: another process waits.

        Not to be entered twice. What may take long is not done inside.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".writing").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, whole. Line ends stay as given."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            new.chmod(stat.S_IMODE(path.stat().st_mode))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
