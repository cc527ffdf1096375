"""Links of landing pages: how files are found whose address changes with every release."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urljoin, urlsplit

from ingest.adapter import Payload

_LARGEST_PAGE = 8 * 2**20


@dataclass(frozen=True)
class Link:
    """`url` is absolute and safe to ask for, `text` what the page shows for it."""

    url: str
    text: str

    @property
    def name(self) -> str:
        """The file's name, decoded: the last part of the path."""
        return unquote(urlsplit(self.url).path).rpartition("/")[2]


def links_of(page: Payload) -> list[Link]:
    """All links of a page in their order; none where it is no page. Never raises."""
    with page.open() as stream:
        text = stream.read(_LARGEST_PAGE).decode("utf-8", "replace")
    parser = _Anchors()
    parser.feed(text)
    parser.close()
    found = []
    for href, words in parser.found:
        try:
            url = urljoin(page.origin, quote(href.strip(), safe="%/:?=&#;,@!$'()*+~[]"))
            if urlsplit(url).hostname:
                found.append(Link(url.partition("#")[0], " ".join(words.split())))
        except ValueError:
            continue  # no address at all
    return found


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._open = False

    def parse_html_declaration(self, i: int) -> int:
        """Take `<![` for a comment, as browsers do; the base class raises for a word it lacks, and
        bytes of a workbook may hold one by chance."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a":
            self._open = bool(href)
            if href:
                self.found.append((href, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            href, words = self.found[-1]
            self.found[-1] = (href, words + data)
