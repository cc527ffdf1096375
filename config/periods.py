"""Periods as SDMX writes them, with the days that they cover (SDMX 3.0, time formats).

`2024`, `2024-Q3`, `2024-07`, `2024-W05`, `2024-07-15`; ranges `2014-01-01/P5Y`, start and
duration (ISO 8601); US fiscal years `FY2024`, which run from 2023-10-01 to 2024-09-30
(31 U.S.C. 1102).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

FORMS = "2024, FY2024, 2024-Q3, 2024-07, 2024-W05, 2024-07-15 or 2014-01-01/P5Y"
FREQUENCY_OF_FORM = {
    "year": "A",
    "fiscal": "A",
    "quarter": "Q",
    "month": "M",
    "week": "W",
    "day": "D",
}

_PATTERNS = {
    "year": re.compile(r"([0-9]{4})"),
    "fiscal": re.compile(r"FY([0-9]{4})"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "month": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    "week": re.compile(r"([0-9]{4})-W([0-9]{2})"),
    "day": re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})"),
    "range": re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/P([1-9][0-9]?)Y"),
}


@dataclass(frozen=True, order=True)
class Period:
    """A time period: first and last day, both inside, and the text that names it."""

    start: date
    end: date
    text: str
    freq: str

    @property
    def fiscal(self) -> bool:
        """Whether it is a US fiscal year, which begins in the October before."""
        return self.text.startswith("FY")


def parse_period(text: str) -> Period:
    """Read a time period. Raises ValueError with the forms that are understood."""
    for form, pattern in _PATTERNS.items():
        match = pattern.fullmatch(text)
        if match:
            try:
                start, end = _days(form, match)
            except ValueError as error:
                raise ValueError(f"{text!r} is no period: {error}") from error
            freq = f"A{match[2]}" if form == "range" else FREQUENCY_OF_FORM[form]
            return Period(start, end, text, freq)
    raise ValueError(f"{text!r} is no period; understood are {FORMS}")


def _days(form: str, match: re.Match[str]) -> tuple[date, date]:
    if form == "day":
        day = date.fromisoformat(match[1])
        return day, day
    if form == "range":
        start = date.fromisoformat(match[1])
        return start, date(start.year + int(match[2]), start.month, start.day) - timedelta(days=1)
    year = int(match[1])
    if form == "year":
        return date(year, 1, 1), date(year, 12, 31)
    if form == "fiscal":
        return date(year - 1, 10, 1), date(year, 9, 30)
    if form == "quarter":
        last = 3 * int(match[2])
        return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1])
    if form == "week":
        return date.fromisocalendar(year, int(match[2]), 1), date.fromisocalendar(
            year, int(match[2]), 7
        )
    month = int(match[2])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def end_of(day: date) -> datetime:
    """The moment up to which a release counts as known on `day`: its last microsecond, UTC."""
    return datetime.combine(day, time.max, UTC)
