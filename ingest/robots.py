"""What a site asks of programs: robots.txt by RFC 9309.

`urllib.robotparser` knows neither wildcards nor the rule of the longest match, so that it reads
`Disallow: /*?print=` as allowing what is meant. Verified against the text of the RFC: groups and
the product token (2.2.1), longest match and ties (2.2.2), `*` and `$` (2.2.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

MOST_BYTES = 500 * 1024
"""As much as a crawler has to read (2.5); what stands behind it does not count."""
LONGEST_DELAY = 30.0
"""Of `Crawl-delay`, which is no part of the RFC and is honoured up to here."""

_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True)
class Rule:
    """One line of a robots.txt: a pattern of paths that may be asked, or may not."""

    allows: bool
    pattern: str


@dataclass(frozen=True)
class Robots:
    """The rules for one program."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0
    """Seconds between two requests."""

    def allows(self, url: str) -> bool:
        """Whether an address may be asked: by its longest rule; of two as long, the one that
        allows."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        fitting = [(len(r.pattern), r.allows) for r in self.rules if matches(r.pattern, path)]
        return max(fitting)[1] if fitting else True


def read_robots(body: bytes, product: str) -> Robots:
    """The rules of a file for the program `product`: its own groups, else those of `*`."""
    own: list[tuple[str, str]] = []
    other: list[tuple[str, str]] = []
    found = False
    for agents, lines in _groups(body[:MOST_BYTES].decode("utf-8-sig", "replace")):
        if product.lower() in agents:
            found = True
            own += lines
        elif "*" in agents:
            other += lines
    lines = own if found else other
    rules = tuple(
        Rule(key == "allow", _normal(text))
        for key, text in lines
        if key in {"allow", "disallow"} and text
    )
    return Robots(rules, max((_seconds(t) for k, t in lines if k == "crawl-delay"), default=0.0))


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    agents: set[str] = set()
    lines: list[tuple[str, str]] = []
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if lines:
                yield agents, lines
                agents, lines = set(), []
            token = _TOKEN.match(value)
            agents.add("*" if value.startswith("*") else token[0].lower() if token else value)
        elif key in {"allow", "disallow", "crawl-delay"} and agents:
            lines.append((key, value))
    if agents:
        yield agents, lines


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        return 0.0
    return min(float(text), LONGEST_DELAY)


def _normal(path: str) -> str:
    """One spelling for a path, however its letters are escaped; `*` and `$` stay."""
    return quote(unquote_to_bytes(path), safe="/?&=:;,@!$'()*+~#[]-._")


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern fits the beginning of a path, or all of it where it ends in `$`.

    >>> matches("/*.pdf$", "/a/b.pdf"), matches("/*.pdf$", "/a/b.pdf?x"), matches("/a*b", "/axxbyy")
    (True, False, True)
    """
    ends = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for number, part in enumerate(parts):
        if ends and number == len(parts) - 1:
            return len(path) - len(part) >= place and path.endswith(part)
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return not ends or place == len(path)
