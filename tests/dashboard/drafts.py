"""An article that a program has read and nobody has reviewed, for the tests of what is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from config.catalog import Catalog
from config.schema import Article, Claim, Comparator, Excerpt, LocalText, Review
from db.engine import Engine
from db.writer import save_articles
from tests.stores import open_run

DRAFT = "2022-two-rates"
TEXT = "Homicides fell from 29 per 100,000 inhabitants in 2018 to around 25 in 2022."
YEARS = {2018: ("29 per 100,000 inhabitants in 2018", 29), 2022: ("around 25 in 2022", 25)}


def a_claim(year: int, state: Literal["pending", "accepted", "rejected"], **more: Any) -> Claim:
    """The rate that `TEXT` gives for a year."""
    quote, rate = YEARS[year]
    decided = {} if state == "pending" else {"reviewer": "ana", "reviewed_on": date(2026, 11, 1)}
    given: dict[str, Any] = {
        "id": f"rate-{year}",
        "quote": quote,
        "indicator": "homicide-rate",
        "measure": "rate",
        "value_low": Decimal(rate),
        "value_high": Decimal(rate),
        "comparator": Comparator.EQ if year == 2018 else Comparator.APPROX,
        "rounding_unit": Decimal(1),
        "unit": "per-100k",
        "geography": ["MEX"],
        "ref_areas": ["MEX"],
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
        "class": "core",
        "extractor": "grammar",
        "review": Review(state=state, **decided),
    }
    return Claim.model_validate(given | more)


def a_draft(claims: Sequence[Claim], name: str = DRAFT) -> Article:
    """An article with `TEXT` as its only excerpt."""
    return Article(
        id=name,
        title="Two rates of homicide",
        publisher="The Example",
        language="en",
        published_on=date(2023, 3, 1),
        date_basis="stated",
        licence_note=LocalText(en="None is stated.", es="No se indica ninguna."),
        text_sha256=hashlib.sha256(name.encode()).hexdigest(),
        excerpts=[Excerpt(exact=TEXT, start=0, claims=list(claims))],
    )


def store_articles(engine: Engine, catalog: Catalog, *drafts: Article) -> None:
    """Load the catalogue's articles with drafts beside them, as the run of articles does."""
    run = open_run(engine, "articles", "articles")
    save_articles(engine, run, [*catalog.articles.values(), *drafts], (), "hash")
