"""What the tests of verdicts share: claims and rows made in one line."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from config.catalog import Catalog, load_catalog
from config.periods import parse_period
from db.records import Observation, SeriesKey, StoredClaim
from tests.broken import CONFIG

TODAY = date(2026, 11, 21)


def d(number: str | int) -> Decimal:
    return Decimal(number)


@cache
def catalog() -> Catalog:
    return load_catalog(CONFIG)


def claim(**changes: Any) -> StoredClaim:
    """A claim: 23 homicides per 100,000 inhabitants of Mexico in 2020, unless said otherwise."""
    fields: dict[str, Any] = {
        "id": "article/claim",
        "article": "article",
        "article_title": "",
        "article_author": None,
        "article_publisher": None,
        "article_url": None,
        "article_date": date(2021, 9, 30),
        "article_date_basis": "stated",
        "article_language": "en",
        "excerpt_exact": "",
        "excerpt_prefix": "",
        "excerpt_suffix": "",
        "excerpt_start": 0,
        "quote": "",
        "char_start": 0,
        "char_end": 0,
        "indicator": "homicide-rate",
        "measure": "rate",
        "facets": "",
        "value_low": Decimal(23),
        "value_high": Decimal(23),
        "comparator": "eq",
        "rounding_unit": Decimal(1),
        "unit": "per-100k",
        "currency": None,
        "geography": ("MEX",),
        "ref_areas": ("MEX",),
        "counterpart_areas": (),
        "period_start": date(2020, 1, 1),
        "period_end": date(2020, 12, 31),
        "status": "stated",
        "attributed_to": None,
        "claim_class": "core",
        "review_state": "accepted",
        "reviewer": None,
        "reviewed_on": None,
        "extractor": "person",
    }
    unknown = changes.keys() - fields.keys()
    assert not unknown, unknown
    return StoredClaim(**{**fields, **changes})


RATE = "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled"


def row(
    period: str,
    value: str | None,
    *,
    key: str = RATE,
    known: str = "2021-07-01",
    until: str | None = None,
    precision: Any = "day",
    status: str = "A",
    note: str = "",
    retrieved: str | None = None,
) -> Observation:
    """One stored value. `known` and `until` are days."""
    span, series = parse_period(period), SeriesKey.parse(key)
    return Observation(
        series=series,
        time_period=period,
        period_start=span.start,
        period_end=span.end,
        value=None if value is None else Decimal(value),
        obs_status=status,
        note=note,
        evidence=None,
        valid_from=_moment(known),
        valid_to=None if until is None else _moment(until),
        published_on=None if precision == "first-seen" else date.fromisoformat(known),
        precision=precision,
        retrieved_at=None if retrieved is None else _moment(retrieved),
        raw_sha256=None,
        raw_url=None,
        unit=catalog().indicators[series.indicator].measures[series.measure].unit,
    )


def _moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), dt.time.min, UTC)
