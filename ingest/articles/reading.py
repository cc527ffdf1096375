"""Text out of files and pages: plain text, Markdown, HTML and PDF.

Plain text and Markdown stay as they are given, so that offsets are those of the file. Of a page
the main text is taken (trafilatura), of a PDF the text of its pages, with lines joined to
paragraphs; there, offsets are those of the text that was made, which is kept beside the draft.

The libraries are imported where they are used: trafilatura alone costs a third of a second.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ingest.articles.dates import is_dateline, stated_day
from ingest.errors import IngestError

MAX_FILE_BYTES = 32 * 2**20
MAX_PAGE_BYTES = 8 * 2**20
"""Of HTML: the largest pages of newspapers are a tenth of that."""
MAX_TAGS = 60_000
"""Of HTML, closing ones included: trafilatura takes time by their number, and a page with more is
a table of data."""
MAX_CHARACTERS = 4 * 2**20
"""More is no article; the grammar of figures takes it in linear time, a reviewer never."""
MAX_PAGES = 1_000
FEWEST_WORDS = 25
"""A page with fewer has no article on it: what there is are a teaser, or a menu."""
FEWEST_WORDS_IF_CLOSED = 150
"""The same for a page that says of itself that it is not free to read."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S
)
_LANGUAGE = re.compile(r"<html\b[^>]*?\b(?:xml:)?lang\s*=\s*[\"']?([A-Za-z]{2,3})", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_CLOSED = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false\"?", re.I)
_LD_JSON = re.compile(
    r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>(.{0,200000}?)</script>", re.I | re.S
)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.{0,5000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NOT_TEXT = {
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an office document of the old format",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a recording",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"{\\rtf": "a document in rich text format",
    b"SQLite format 3\x00": "a database",
}


class ReadingError(IngestError):
    """A file or page out of which no text can be had. `origin` is its name or address."""

    def __init__(self, origin: str, message: str) -> None:
        super().__init__(f"{origin}: {message}")
        self.origin = origin


class EmptyError(ReadingError):
    """There is nothing in it."""


class BinaryError(ReadingError):
    """It is not text, nor a format of which the text can be read."""


class EncryptedError(ReadingError):
    """A PDF that opens with a password only."""


class DamagedError(ReadingError):
    """It says that it is a PDF, and cannot be read as one."""


class NoTextError(ReadingError):
    """A page or PDF without an article's text: behind a subscription, or pictures of pages."""


class TooLargeError(ReadingError):
    """More than an article."""


@dataclass(frozen=True)
class Text:
    """An article's text, and what its file or page says of it. None: it does not say."""

    text: str
    origin: str
    """File name or address."""
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_on: date | None = None
    canonical_url: str | None = None
    language: str | None = None
    """Two letters, as the page declares it; the text itself has the last word."""

    @property
    def sha256(self) -> str:
        """Of the text in UTF-8: for plain text that of its file."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def printable(text: str) -> str:
    """Without control characters: a text must not steer the terminal it is shown in."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)


def read_file(path: Path) -> Text:
    """Read a file. Raises ReadingError; OSError where it cannot be opened."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return read_bytes(data, path.name)


def read_bytes(
    data: bytes, name: str, media_type: str = "", charset: str | None = None, url: str | None = None
) -> Text:
    """Read bytes as what they are: by their beginning, then `media_type`, then the name's ending.

    `charset` is what a server says of their encoding. Raises ReadingError.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TooLargeError(name, f"larger than the limit of {MAX_FILE_BYTES:,} bytes")
    if not data.strip():
        raise EmptyError(name, "the file is empty")
    ending = PurePosixPath(urlsplit(name).path if url else name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        text = _from_pdf(data, name)
    elif _is_html(data, media_type, ending):
        text = _from_html(data, name, charset, url)
    else:
        text = _from_plain(_decoded(data, name, charset), name, ending, media_type)
    if len(text.text) > MAX_CHARACTERS:
        raise TooLargeError(name, f"its text is longer than {MAX_CHARACTERS:,} characters")
    if not _WORD.search(text.text):
        raise EmptyError(name, "there is no word in it")
    return replace(text, canonical_url=text.canonical_url or url)


def _is_html(data: bytes, media_type: str, ending: str) -> bool:
    if media_type in {"text/html", "application/xhtml+xml"} or ending in {".html", ".htm"}:
        return True
    return media_type != "text/plain" and _HTML_START.match(data[:4096]) is not None


# --- plain text and Markdown ---


def _decoded(data: bytes, name: str, charset: str | None = None) -> str:
    """Text of bytes: UTF-8 or UTF-16 by their marks, else as declared, else Windows-1252."""
    for start, what in _NOT_TEXT.items():
        if data.startswith(start):
            _binary(name, what)
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            marked = _strictly(data, encoding)
            return _binary(name) if marked is None else marked
    if b"\x00" in data:
        _binary(name)
    text = _strictly(data, "utf-8")
    if text is None and charset is not None:
        text = _strictly(data, charset)
    if text is None:
        text = _strictly(data, "cp1252")
    if text is None or _is_noise(text):
        _binary(name)
    return text


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _is_noise(text: str) -> bool:
    """Whether control characters stand where text has none: one in a hundred is too many."""
    sample = text[:20_000]
    odd = sum(1 for letter in sample if letter < " " and letter not in "\t\n\r\f")
    return odd * 100 > len(sample)


def _binary(name: str, what: str = "not text") -> NoReturn:
    raise BinaryError(name, f"{what}; plain text, Markdown, HTML and PDF are read")


def _from_plain(text: str, name: str, ending: str, media_type: str) -> Text:
    head = text[:4_000]
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    said = _front_matter(head)
    title = said.get("title")
    if title is None and (ending in {".md", ".markdown"} or media_type == "text/markdown"):
        title = next((line.lstrip("# ") for line in lines if line.startswith("# ")), None)
    if title is None and not said:
        title = _title_line(lines)
    day = stated_day([said["date"]]) if "date" in said else stated_day(lines[:15])
    return Text(
        text,
        name,
        title=title,
        author=said.get("author") or _by_line(lines),
        publisher=said.get("publisher"),
        published_on=day,
        canonical_url=_address(said.get("url") or said.get("canonical_url")),
        language=_two_letters(said.get("language") or said.get("lang")),
    )


def _front_matter(head: str) -> dict[str, str]:
    """Lines `key: text` between `---` at the very beginning, as Markdown files have them."""
    match = _FRONT_MATTER.match(head)
    if match is None:
        return {}
    found: dict[str, str] = {}
    for line in match[1].splitlines():
        key, colon, text = line.partition(":")
        if colon and key.strip().isidentifier() and text.strip():
            found.setdefault(key.strip().lower(), text.strip().strip("\"'"))
    return found


def _title_line(lines: Sequence[str]) -> str | None:
    """The first line that can be a title: several words, no sentence, no credit of a picture, no
    dateline."""
    plain = [line.strip("#* ") for line in lines[:6]]
    fitting = [
        each
        for each in plain
        if len(each) <= 200
        and not each.endswith((".", ";", ":"))
        and " / " not in each
        and not is_dateline(each)
    ]
    long = (each for each in fitting if len(each.split()) >= 4)
    return next(long, None) or next((each for each in fitting if " " in each), None)


def _by_line(lines: Sequence[str]) -> str | None:
    """`By Ana López` or `Por Ana López` near the top."""
    for line in lines[:8]:
        match = re.fullmatch(r"(?:By|Por)\s+([^\W\d_][^\d:;|]{2,80})", line)
        if match:
            return match[1].strip(" .,")
    return None


def _address(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"https?://\S{1,2000}", text) else None


def _two_letters(text: str | None) -> str | None:
    return text[:2].lower() if text else None


# --- HTML ---


def _from_html(data: bytes, name: str, charset: str | None, url: str | None) -> Text:
    from trafilatura import bare_extraction  # noqa: PLC0415

    if len(data) > MAX_PAGE_BYTES:
        raise TooLargeError(name, f"larger than the limit of {MAX_PAGE_BYTES:,} bytes for a page")
    if data.count(b"<") > MAX_TAGS:
        raise TooLargeError(name, f"a page of more than {MAX_TAGS:,} tags is no article")
    declared = _CHARSET.search(data[:4096])
    page = _decoded(data, name, charset or (declared[1].decode() if declared else None))
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = bare_extraction(
        page,
        url=url,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = getattr(found, "text", None) or ""
    words = len(_WORD.findall(body))
    if words < FEWEST_WORDS or (words < FEWEST_WORDS_IF_CLOSED and _is_closed(page)):
        raise NoTextError(
            name,
            f"no article on the page: {words} words of text; it may be behind a subscription "
            "or a log-in, or be put together by scripts. Save its text to a file and read that",
        )
    language = _LANGUAGE.search(page[:20_000])
    return Text(
        body,
        name,
        title=_said(found, "title"),
        author=_said(found, "author"),
        publisher=_said(found, "sitename"),
        published_on=stated_day([_said(found, "date") or ""]),
        canonical_url=_address(_said(found, "url")),
        language=_two_letters(language[1] if language else None),
    )


def _said(found: Any, name: str) -> str | None:
    text = getattr(found, name, None)
    return " ".join(str(text).split()) or None if text else None


def _is_closed(page: str) -> bool:
    """Whether the page says of itself, by schema.org's isAccessibleForFree, that it is not free."""
    return any(_CLOSED.search(_minified(match[1])) for match in _LD_JSON.finditer(page))


def _minified(text: str) -> str:
    try:
        return json.dumps(json.loads(text))
    except (ValueError, RecursionError):
        return text


# --- PDF ---


def _from_pdf(data: bytes, name: str) -> Text:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages, title, author = _pdf_pages(data, name)
    except ReadingError:
        raise
    except Exception as error:  # a broken file raises whatever its parts raise
        raise DamagedError(name, f"the PDF cannot be read ({type(error).__name__})") from error
    text = paragraphs(pages)
    if len(_WORD.findall(text)) < FEWEST_WORDS // 4:
        raise NoTextError(
            name, "the PDF has no text: its pages are pictures, and must be put through OCR first"
        )
    lines = [line.strip() for line in text[:4_000].splitlines() if line.strip()]
    return Text(text, name, title, author, published_on=stated_day(lines[:15]))


def _pdf_pages(data: bytes, name: str) -> tuple[list[str], str | None, str | None]:
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError  # noqa: PLC0415

    locked = EncryptedError(
        name, "the PDF is encrypted: save a copy without a password and read that"
    )
    try:
        reader = PdfReader(BytesIO(data))
        # Many are locked against printing only, and open with the empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        if len(reader.pages) > MAX_PAGES:
            raise TooLargeError(name, f"it has more than {MAX_PAGES:,} pages")
        said = reader.metadata
        title = _plain(said.title if said else None)
        author = _plain(said.author if said else None)
        pages, size = [], 0
        for page in reader.pages:
            pages.append(page.extract_text())
            size += len(pages[-1])
            if size > MAX_CHARACTERS:
                raise TooLargeError(name, f"its text is longer than {MAX_CHARACTERS:,} characters")
    except (DependencyError, FileNotDecryptedError, WrongPasswordError):
        raise locked from None
    return pages, title, author


def _plain(text: object) -> str | None:
    return " ".join(str(text).split()) or None if text else None


def paragraphs(pages: Sequence[str]) -> str:
    """The pages of a PDF as paragraphs: lines joined, running heads and page numbers left out.

    >>> paragraphs(["The rate rose to 23 homi-\\ncides for every\\n100,000.\\n1"])
    'The rate rose to 23 homicides for every 100,000.'
    """
    split = [[line.strip() for line in page.splitlines()] for page in pages]
    furniture = _furniture(split)
    kept = [
        [line for line in lines if line not in furniture and not _is_page_number(line)]
        for lines in split
    ]
    return "\n\n".join(part for lines in _joined_pages(kept) for part in _joined(lines))


def _furniture(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines at the head or foot of at least three pages."""
    edges: Counter[str] = Counter()
    for lines in pages:
        full = [line for line in lines if line]
        edges.update({*full[:2], *full[-2:]})
    return {line for line, count in edges.items() if count >= 3 and len(line) < 120}


def _is_page_number(line: str) -> bool:
    pattern = r"(?:(?:page|p\.|página|pág\.)\s*)?\d{1,4}(?:\s*(?:/|of|de)\s*\d{1,4})?"
    return re.fullmatch(pattern, line, re.I) is not None


def _joined_pages(pages: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Lines of pages; a page that ends within a sentence goes on with the next."""
    held: list[str] = []
    for lines in pages:
        full = list(lines)
        while full and not full[-1]:
            full.pop()
        while full and not full[0]:
            full.pop(0)
        held += full
        if full and full[-1].endswith((".", "!", "?", ":", "”", '"')):
            yield held
            held = []
    if held:
        yield held


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs of lines: an empty line parts them, and a line much shorter than the others that
    ends a sentence."""
    usual = sorted(len(line) for line in lines if line)
    long = usual[len(usual) * 3 // 4] if usual else 0
    current = ""
    for line in lines:
        if not line:
            if current:
                yield current
            current = ""
            continue
        if current.endswith("-") and line[:1].islower() and current[-2:-1].isalpha():
            current = current[:-1] + line
        else:
            current = f"{current} {line}" if current else line
        if len(line) < long * 0.75 and line.endswith((".", "!", "?", ":", "”", '"')):
            yield current
            current = ""
    if current:
        yield current
