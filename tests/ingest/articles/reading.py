"""Short forms of what a text was read as, for tables of tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config.catalog import Catalog, load_catalog
from ingest.articles.extract import Extracted, extract

CATALOG: Catalog = load_catalog(Path(__file__).parents[3] / "config")
TODAY = date(2023, 4, 12)
"""A Wednesday."""


def read(text: str, language: str = "en", today: date | None = TODAY) -> list[Extracted]:
    return extract(text, language, today, CATALOG)


def short(found: Extracted) -> str:
    """`gt 3000000000 usd`, `range 60..70 percent`."""
    ends = [end for end in (found.value_low, found.value_high) if end is not None]
    values = "..".join(dict.fromkeys(f"{end:f}" for end in ends))
    return f"{found.comparator.value} {values} {found.unit}"


def shorts(text: str, language: str = "en") -> list[str]:
    return [short(found) for found in read(text, language)]


def span(found: Extracted) -> str:
    """`2020-01-01/2020-12-31`, with nothing for an open end."""
    return f"{found.period_start or ''}/{found.period_end or ''}"
