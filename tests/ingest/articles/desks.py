"""Reviewers without a terminal: answers that are given in turn, and what they were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from config.catalog import Catalog, load_catalog
from db.engine import Engine
from ingest.articles.drafting import draft
from ingest.articles.drafts import Drafts
from ingest.articles.reading import read_bytes
from ingest.articles.review import Desk, Tally, review
from tests.ingest.articles.stub import ARTICLE, extract

TODAY = date(2026, 11, 22)
ID = "lopez-2022-rates-homicide"


def a_file(drafts: Drafts, catalog: Catalog, text: str = ARTICLE, name: str = "a.txt") -> Path:
    """A draft of a text, with the text beside it."""
    read = read_bytes(text.encode(), name)
    taken = {path.stem for path in drafts.files()}
    made = draft(read, catalog, extract, found_on=TODAY, taken=taken)
    return drafts.add(made, read)


class Session:
    """One review: gives `answers`, then nothing more; notes what was said and when it published."""

    def __init__(self, root: Path, engine: Engine, drafts: Drafts) -> None:
        self.root = root
        self.engine = engine
        self.drafts = drafts
        self.said: list[str] = []
        self.asked: list[str] = []
        self.published = 0
        self.texts: Path | None = None
        self._read: tuple[object, Catalog] | None = None

    def __call__(self, *answers: str, only: str | None = None) -> Tally:
        given: Iterator[str] = iter(answers)

        def answer(_question: str) -> str:
            try:
                return next(given)
            except StopIteration:
                raise EOFError from None

        return self.answered_by(answer, only)

    def answered_by(self, answer: Callable[[str], str], only: str | None = None) -> Tally:
        """One review in which `answer` is asked. It raises EOFError where nobody answers."""
        self.said.clear()
        self.asked.clear()

        def ask(question: str) -> str:
            self.asked.append(question)
            return answer(question)

        def publish() -> None:
            self.published += 1

        desk = Desk(
            self._catalog(), self.engine, self.drafts, "Ana López", TODAY, ask,
            self.said.append, publish, self.texts,
        )  # fmt: skip
        return review(desk, only)

    def _catalog(self) -> Catalog:
        """Read anew where an article was changed."""
        state = [(p, p.stat().st_mtime_ns) for p in sorted((self.root / "articles").iterdir())]
        if self._read is None or self._read[0] != state:
            self._read = state, load_catalog(self.root)
        return self._read[1]

    @property
    def shown(self) -> str:
        return "\n".join(self.said)
