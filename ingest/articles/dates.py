"""The day that the head of an article states, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ingest.articles.quantities.wordsets import words

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "enero", "ene"),
            ("february", "feb", "febrero"),
            ("march", "mar", "marzo"),
            ("april", "apr", "abril", "abr"),
            ("may", "mayo"),
            ("june", "jun", "junio"),
            ("july", "jul", "julio"),
            ("august", "aug", "agosto", "ago"),
            ("september", "sep", "sept", "septiembre", "setiembre"),
            ("october", "oct", "octubre"),
            ("november", "nov", "noviembre"),
            ("december", "dec", "diciembre", "dic"),
        ),
        start=1,
    )
    for name in names
}
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\d\d)\b")
_DAY_FIRST = re.compile(
    r"(?<![\d/])(\d{1,2})(?:º|°)? (?:de )?([A-Za-z]{3,10})\.?,? (?:de |del )?((?:19|20)\d\d)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = words(
    """a at by de del el en la las los of on por posted published publicado publicada updated
    actualizado hrs am pm et"""
)
MOST_PLACE_WORDS = 4
"""Of a place or a name beside a day; more words are a title."""
LONGEST_LINE = 160
"""A date in a longer line is one that the text tells of."""


def stated_day(lines: Iterable[str]) -> date | None:
    """The first day in lines that are short: a date line, a by-line, a dateline of an agency.

    `03/18/21` is not read: which of its numbers is the month differs between the two countries.

    >>> stated_day(["By A. Writer", "Global Research, January 28, 2021"])
    datetime.date(2021, 1, 28)
    >>> stated_day(["Ciudad de México, 3 de mayo de 2022"])
    datetime.date(2022, 5, 3)
    """
    for line in lines:
        if len(line) > LONGEST_LINE:
            continue
        for year, month, day in _candidates(line):
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def is_dateline(line: str) -> bool:
    """Whether a line is a day, and where or by whom, and no title that names a day.

    >>> is_dateline("San Diego, March 3, 2024")
    True
    >>> is_dateline("Ciudad de México, 3 de mayo de 2022")
    True
    >>> is_dateline("Homicides rose until March 3, 2024")
    False
    """
    if stated_day([line]) is None:
        return False
    for pattern in (_ISO, _MONTH_FIRST, _DAY_FIRST):
        line = pattern.sub(" ", line)
    rest = [word for word in _WORD.findall(line) if word.lower() not in _AROUND]
    return len(rest) <= MOST_PLACE_WORDS and all(word[0].isupper() for word in rest)


def _candidates(line: str) -> Iterable[tuple[int, int, int]]:
    for match in _ISO.finditer(line):
        yield int(match[1]), int(match[2]), int(match[3])
    for match in _MONTH_FIRST.finditer(line):
        yield int(match[3]), _MONTHS.get(match[1].lower(), 0), int(match[2])
    for match in _DAY_FIRST.finditer(line):
        yield int(match[3]), _MONTHS.get(match[2].lower(), 0), int(match[1])
