"""The language of a text, told by its function words."""

from __future__ import annotations

import re

from ingest.articles.quantities.context import LEXICONS
from ingest.articles.quantities.tokens import fold

SAMPLE = 20_000
LEAST_WORDS = 3
LEAST_SHARE = 0.08
"""English and Spanish prose has 0.3 and more of its words among these."""

_WORD = re.compile(r"[^\W\d_]+")


class UnknownLanguage(ValueError):
    """The text is neither English nor Spanish."""


def detect(text: str) -> str:
    """`en` or `es`; raises `UnknownLanguage`."""
    found = [fold(match[0]) for match in _WORD.finditer(text[:SAMPLE])]
    scores = {
        code: sum(word in lexicon.function_words for word in found)
        for code, lexicon in LEXICONS.items()
    }
    best = max(scores, key=lambda code: scores[code])
    other = min(scores.values())
    if scores[best] < max(LEAST_WORDS, LEAST_SHARE * len(found)) or scores[best] == other:
        raise UnknownLanguage(
            "the text is neither in English nor in Spanish, or too short to tell;"
            " say which with the language en or es"
        )
    return best
