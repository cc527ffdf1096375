"""Articles by their addresses: the text of a page, and one spelling for each address."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.articles.reading import Text, read_bytes
from ingest.http import Response
from ingest.web import Fetcher

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|cmpid", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_address(where: str) -> bool:
    """Whether an argument names a page and not a file."""
    return re.match(r"https?://", where, re.I) is not None


def fetch_text(fetcher: Fetcher, url: str) -> Text:
    """The text of a page. Raises FetchError, ReadingError."""
    return text_of(fetcher.get(url), url)


def text_of(answer: Response, url: str) -> Text:
    """The text of an answer. Its address is the page's own canonical one where it states one."""
    text = read_bytes(answer.body, url, answer.media_type, charset_of(answer), url)
    address = text.canonical_url or url
    # A page may name the front page, or another site's copy: that is no name for this article.
    if urlsplit(address).path in {"", "/"}:
        address = url
    return replace(text, canonical_url=canonical(address))


def charset_of(answer: Response) -> str | None:
    """The encoding that the Content-Type of an answer names."""
    message = Message()
    message["Content-Type"] = answer.headers.get("Content-Type", "")
    return message.get_content_charset()


def canonical(url: str) -> str:
    """One spelling of an address: without fragment, default port and what only tracks readers.

    >>> canonical("HTTPS://Example.org:443/a?utm_source=x&id=7#part")
    'https://example.org/a?id=7'
    """
    parts = urlsplit("%20".join(url.split()))
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{parts.port}"
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)]
    if len(kept) < len(pairs):
        query = urlencode(kept)
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", query, ""))
