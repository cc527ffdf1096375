"""Whether excerpts stand verbatim at their offsets, where an article's text is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.catalog import Catalog
from config.loader import Source, read_text, read_yaml
from config.schema import Article, Excerpt
from ingest.articles.reading import ReadingError, Text, read_file


@dataclass(frozen=True)
class Fault:
    """One excerpt, or one text, that is not what the article's file says."""

    file: str
    line: int
    article: str
    excerpt: str
    """Its beginning; empty where the fault is the whole text's."""
    message: str

    def __str__(self) -> str:
        excerpt = f": {self.excerpt!r}" if self.excerpt else ""
        return f"{self.file}:{self.line}: {self.article}{excerpt}: {self.message}"


@dataclass(frozen=True)
class Checked:
    """What a check came to."""

    faults: list[Fault]
    excerpts: int
    """Held against their text."""
    without_text: list[str]
    """Ids of the articles whose text is not at hand."""


def check_articles(catalog: Catalog, texts: Path) -> Checked:
    """Hold every excerpt of the catalogue against its text in the folder `texts`.

    A text is the file that the article names, else the one whose hash the article states.
    """
    faults: list[Fault] = []
    missing: list[str] = []
    count = 0
    by_hash: dict[str, Text] | None = None
    for article in catalog.articles.values():
        path = texts / article.text_file if article.text_file else None
        name = f"articles/{article.id}.yaml"
        source = read_yaml(read_text(catalog.root / name, catalog.root), name)
        if path is not None and path.is_file():
            try:
                text = read_file(path)
            except (ReadingError, OSError) as error:
                faults.append(_of_text(source, article, "text_file", str(error)))
                continue
        else:
            by_hash = _by_hash(texts) if by_hash is None else by_hash
            if article.text_sha256 not in by_hash:
                missing.append(article.id)
                continue
            text = by_hash[article.text_sha256]
        if text.sha256 != article.text_sha256:
            message = "the text is not the one that was read; `twotrack articles review` asks again"
            faults.append(_of_text(source, article, "text_sha256", message))
        count += len(article.excerpts)
        faults.extend(_of_excerpts(source, article, text.text))
    return Checked(faults, count, missing)


def _by_hash(texts: Path) -> dict[str, Text]:
    found = {}
    for path in sorted(texts.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            try:
                text = read_file(path)
            except (ReadingError, OSError):
                continue
            found[text.sha256] = text
    return found


def _of_text(source: Source, article: Article, key: str, message: str) -> Fault:
    return Fault(source.file, source.line((key,)), article.id, "", message)


def _of_excerpts(source: Source, article: Article, text: str) -> Iterator[Fault]:
    for number, excerpt in enumerate(article.excerpts):
        message = misplaced(excerpt, text)
        if message is not None:
            line = source.line(("excerpts", number, "exact"))
            yield Fault(source.file, line, article.id, shortened(excerpt.exact), message)


def misplaced(excerpt: Excerpt, text: str) -> str | None:
    """What is wrong with the place of an excerpt in its text; None if nothing is.

    >>> eight = Excerpt.model_construct(exact="eight", prefix="", suffix="", start=3)
    >>> misplaced(eight, "six eight")
    'stands at 4, not at 3'
    """
    start, end = excerpt.start, excerpt.start + len(excerpt.exact)
    if text[start:end] != excerpt.exact:
        place = text.find(excerpt.exact)
        if place < 0:
            return "does not stand in the text"
        return f"stands at {place}, not at {start}"
    if not text[:start].endswith(excerpt.prefix):
        return f"is not preceded by {excerpt.prefix!r}"
    if not text[end:].startswith(excerpt.suffix):
        return f"is not followed by {excerpt.suffix!r}"
    return None


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, for messages."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
