"""A claim with everything that its verdicts need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from config.schema import Comparator, Indicator, Measure, Provider, Source, Unit, parse_facets
from db.intervals import Cited, cited
from db.official import Area
from db.records import Observation, SeriesKey, StoredClaim

PROMISES = frozenset({"promised", "planned", "proposed", "threatened"})
"""Statuses of what is not there yet: never held against deliveries, payments or rates in force."""
RATIO, PERCENT_CHANGE = "ratio", "percent-change"


class CatalogView(Protocol):
    """What of the catalogue a verdict needs; `config.catalog.Catalog` is one."""

    @property
    def indicators(self) -> Mapping[str, Indicator]: ...
    @property
    def units(self) -> Mapping[str, Unit]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...
    @property
    def providers(self) -> Mapping[str, Provider]: ...


@dataclass(frozen=True)
class Case:
    """One claim with everything that its verdicts need."""

    claim: StoredClaim
    catalog: CatalogView
    history: tuple[Observation, ...]
    article_date: date
    today: date
    stated_facets: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated_facets", parse_facets(self.claim.facets))

    @property
    def indicator(self) -> Indicator:
        """The indicator that the claim is on."""
        return self.catalog.indicators[self.claim.indicator]

    @property
    def measure(self) -> Measure:
        """The measure that the claim is on."""
        return self.indicator.measures[self.claim.measure]

    @property
    def end(self) -> date:
        """A claim without an end of its period speaks of the article's day."""
        return self.claim.period_end or self.article_date

    @property
    def relative(self) -> bool:
        """Whether the claim states a ratio or a change of what the measure counts."""
        return self.claim.unit in {RATIO, PERCENT_CHANGE} and self.measure.unit != self.claim.unit

    @property
    def awaited(self) -> bool:
        """What the claim speaks of is announced, not done."""
        return self.claim.status in PROMISES or self.stated_facets.get("stage") == "promised"

    def kind_of(self, series: SeriesKey) -> str:
        """Kind of the measure; promises are announced, whatever is promised."""
        promised = series.facet_values.get("stage") == "promised"
        return "announced" if promised else self.measure.kind


def area_of(series: SeriesKey) -> Area:
    """(ref_area, counterpart_area)"""
    return series.ref_area, series.counterpart_area


def cited_by(claim: StoredClaim, catalog: CatalogView) -> Cited:
    """The figure that a claim states, in its own unit and clipped to the bounds of that unit."""
    unit = catalog.units.get(claim.unit)
    return cited(
        Comparator(claim.comparator),
        claim.value_low,
        claim.value_high,
        claim.rounding_unit,
        unit.minimum if unit else None,
        unit.maximum if unit else None,
    )
