"""What the grammar knows of the whole text: its language, its numerals, its money, its day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ingest.articles.quantities.calendar import Calendar
from ingest.articles.quantities.digits import Separators, separators
from ingest.articles.quantities.english import LEXICON as ENGLISH
from ingest.articles.quantities.lexicon import Lexicon, Phrases
from ingest.articles.quantities.spanish import LEXICON as SPANISH
from ingest.articles.quantities.tokens import fold

LEXICONS = {"en": ENGLISH, "es": SPANISH}
_SAMPLE = 100_000

_PESOS = (
    ("ARS", r"\bargentin[oa]s?\b|\bbuenos aires\b|\baglomerados\b|\bbonaerense"),
    ("COP", r"\bcolombian?[oa]?s?\b|\bbogota\b|\bmedellin\b|\bcali\b|\bbarranquilla\b"),
    ("CLP", r"\bchil(?:e|en[oa]s?)\b|\bvacunatorios?\b|\bcomunas?\b"),
    ("UYU", r"\burugua?y[oa]?s?\b|\bmontevideo\b"),
    ("DOP", r"\bdominican[oa]s?\b"),
)


@dataclass(frozen=True)
class Context:
    """Read once for a text; everything else looks at one sentence."""

    text: str
    lexicon: Lexicon
    style: Separators
    published_on: date | None
    units: Phrases[str] = field(default_factory=lambda: Phrases([]))
    """The catalogue's own words for units."""

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.lexicon, self.published_on)

    @cached_property
    def peso(self) -> str:
        """Whose pesos the text means: Mexico's, unless another country of pesos is named."""
        sample = fold(self.text[:_SAMPLE])
        if re.search(r"\bmexic|\bmx\b", sample):
            return "MXN"
        for code, pattern in _PESOS:
            if re.search(pattern, sample):
                return code
        return "MXN"

    @cached_property
    def dollar_sign(self) -> str:
        """The currency of a bare `$`: pesos in a Spanish text that counts in them."""
        sample = fold(self.text[:_SAMPLE])
        if self.lexicon.code != "es":
            return "USD"
        # Where dollars are named in words or as US$, the bare sign is that of the country.
        named = re.search(r"\bpesos\b|\bdolares\b|us\$", sample)
        if re.search(r"\bpesos\b|\bmdp\b|\bmxn?\$", sample) or (named and self.peso != "MXN"):
            return self.peso
        return "USD"


def make_context(
    text: str, language: str, published_on: date | None, units: Phrases[str]
) -> Context:
    """The context of a text in `en` or `es`."""
    style: Separators = separators(text, language)
    return Context(text, LEXICONS[language], style, published_on, units)
