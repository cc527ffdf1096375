"""Text to sentences to tokens, with offsets in characters into the text as given.

Every pattern here runs in time linear in the text: runs are guarded by a look-behind, so that a
run which fails is not tried again from its middle, and all other repeats are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.articles.quantities.wordsets import words

MAX_SENTENCE = 1500
"""Longest sentence in characters; a longer one is cut at a space, so that windows stay small."""

_FOLD = str.maketrans("áéíóúàèìòùâêîôûäëïöüñç’‘", "aeiouaeiouaeiouaeiounc''")


class Token(NamedTuple):
    """One token; `fold` is its text in lower case without accents."""

    text: str
    fold: str
    start: int
    end: int
    kind: str
    """`w` word, `n` number in digits, `s` sign, `x` what can be no figure (link, time, phone),
    `d` a day in digits."""
    glued: bool
    """No space stands before it, and it does not begin the sentence."""


class Sentence(NamedTuple):
    start: int
    end: int
    paragraph: int
    """Sentences of one paragraph share a number."""


_TOKEN = re.compile(
    r"""
    # Most words end in a space or a comma: they need not be tried as addresses first.
    (?P<v>[A-Za-zÀ-ÖØ-öø-ÿ]++(?=[\s,]))
  | (?P<x>
        (?:https?://|www\.)\S+
      | [A-Za-z0-9_%+-]{1,64}(?:\.[A-Za-z0-9_%+-]{1,64}){0,6}@[A-Za-z0-9-]{1,64}
        (?:\.[A-Za-z0-9-]{1,64}){1,6}
      | <[/!a-zA-Z][^<>\n]{0,300}>
      | @[A-Za-z0-9_\\.]{2,40}
      | [A-Za-z0-9-]{2,64}\.(?:com|org|net|gov|gob|edu|ca|mx|es|eu|int|info)(?:\.[a-z]{2})?
        (?![A-Za-z0-9])(?:/\S*)?
      | \+[0-9]{1,3}(?:[ ().-]{1,2}[0-9]{2,5}){2,5}(?![0-9])
      | (?<![0-9])\(?[0-9]{2,3}\)?[ .-][0-9]{3,4}[.-][0-9]{4}(?![0-9])
      | (?<![0-9,.])(?![0-9]{1,3}(?:[ ][0-9]{3}){1,5}(?![0-9]|[ ][0-9]))
        [0-9]{1,4}(?:[ -][0-9]{2,4}){2,5}(?![0-9]|[.,][0-9])
      | (?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])
      | (?<![0-9])[0-9]{1,3}/[0-9]{1,3}/[0-9]{2,4}(?![0-9/])
    )
  | (?P<d>(?<![0-9])(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9]))
  | (?P<w>
        EE\.\ ?UU\.?
      | (?<![^\W\d_])(?:[^\W\d_]\.){1,6}[^\W\d_](?![^\W\d_])\.?
      | (?:(?![²³¹½¼¾⅓⅔⅛⁰-₉ªº])[^\W\d_])+(?:['’](?:(?![²³¹½¼¾ªº])[^\W\d_])+)*
    )
  | (?P<n>[0-9]+(?:[.,'’\u00a0\u202f\u2009][0-9]+)*)
  | (?P<s>[^\w\s]|[½¼¾⅓⅔⅛²³¹⁰-₉ªº_])
    """,
    re.VERBOSE,
)


def tokenise(text: str, start: int, end: int) -> list[Token]:
    """The tokens of one stretch of the text."""
    found = []
    last = start
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or "s"
        kind = "w" if kind == "v" else kind
        piece = match[0]
        first = match.start()
        found.append(
            Token(
                piece,
                fold(piece),
                first,
                match.end(),
                kind,
                first == last and first > start,
            )
        )
        last = match.end()
    return found


def ahead(tokens: Sequence[Token], place: int, count: int) -> list[str]:
    """The folds of so many tokens from a place on; empty where the sentence ends before."""
    found = [token.fold for token in tokens[place : place + count]]
    return found + [""] * (count - len(found))


def behind(tokens: Sequence[Token], place: int, count: int) -> list[str]:
    """The folds of so many tokens before a place, the nearest last; empty before the sentence."""
    found = [token.fold for token in tokens[max(0, place - count) : max(0, place)]]
    return [""] * (count - len(found)) + found


def fold(piece: str) -> str:
    """Lower case, without accents."""
    lowered = piece.lower()
    return lowered if lowered.isascii() else lowered.translate(_FOLD)


_BREAK = re.compile(
    r"""
    (?P<blank>(?<![\n])\n[ \t\r]{0,20}\n\s*)
  | (?P<line>\n)
  | (?P<stop>(?<![.!?…])[.!?…]+["'”’»)\]*_]{0,4}(?=\s|[“«¿¡]))
    """,
    re.VERBOSE,
)
_BULLET = re.compile(r"[ \t]{0,20}(?:[-*•·–—■▪►]|[0-9]{1,2}[.)]|[a-z]\)|#{1,6}|\||>)[ \t]")
_ABBREVIATIONS = words(
    """mr mrs ms dr sen rep gov gen lt col sgt st no nos vs inc corp co ltd prof pres sec fig art
    approx est ca cf eg ie dept ave jan feb mar apr jun jul aug sept sep oct nov dec mt ft sr
    sra srta lic ing mtro mtra dra num nums pag pags pp vol cap arts av gral tte cmdte aprox ej
    etc ud uds adm hon ext tel telef u.s ee.uu d.c u.k p m a"""
)
_LAST_WORD = re.compile(r"[^\W_][^\s]{0,12}\Z")


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order, without the space around them."""
    start = paragraph = 0
    for match in _BREAK.finditer(text):
        if match.start() < start:
            continue
        kind = match.lastgroup
        if kind == "stop" and not _ends(text, start, match):
            continue
        if kind == "line" and not _new_line(text, start, match.start()):
            continue
        yield from _pieces(text, start, match.end(), paragraph)
        start = match.end()
        if kind == "blank":
            paragraph += 1
    yield from _pieces(text, start, len(text), paragraph)


def _pieces(text: str, start: int, end: int, paragraph: int) -> Iterator[Sentence]:
    """One sentence without the space around it, cut where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
        cut = cut if cut > 0 else start + MAX_SENTENCE
        yield Sentence(start, cut, paragraph)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield Sentence(start, end, paragraph)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop ends the sentence, rather than an abbreviation or a list's number."""
    after = match.end()
    while after < len(text) and text[after].isspace():
        after += 1
        if after - match.end() > 40:
            return True
    following = text[after : after + 1]
    if following.islower():
        return False
    if text[match.start()] != "." or match.group()[:2] == "..":
        return True
    word = _LAST_WORD.search(text, max(start, match.start() - 14), match.start())
    if word is None:
        return True
    last = fold(word[0])
    if last in _ABBREVIATIONS:
        # "in the U.S. The" ends there, "the U.S. Senate" does not: only an article or a
        # pronoun tells.
        opener = fold(text[after : after + 6].split(" ", 1)[0])
        return last in {"u.s", "ee.uu", "d.c", "u.k"} and opener in _OPENERS
    if len(last) == 1 and last.isalpha():
        return False
    if "." in last and following.isdigit():
        # "P.L. 116-260"
        return False
    return not (last.isdigit() and len(last) <= 2 and match.start() - start <= 3)


_OPENERS = words("the in a an it he she they this that these of but and we en el la los")


def _new_line(text: str, start: int, line_end: int) -> bool:
    """Whether a line's end ends the sentence: before a list's item, and after a heading."""
    if _BULLET.match(text, line_end + 1):
        return True
    line = text[max(start, text.rfind("\n", max(0, line_end - 200), line_end) + 1) : line_end]
    line = line.rstrip(" \t\r\"'”’»)*_")
    if not line or line[-1] in ".!?…:|":
        return True
    following = text[line_end + 1 : line_end + 2]
    return len(line) < 50 and line[-1].isalnum() and not following.islower()
