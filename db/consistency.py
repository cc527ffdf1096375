"""Cited figures against each other: between articles, and inside one sentence. Pure.

Two claims are comparable if indicator, measure, geography, facets, unit and status agree and their
periods overlap. Whatever else differs is named, and nothing is concluded from the numbers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from config.schema import Comparator, parse_facets
from db.intervals import inside, meets
from db.records import Observation, StoredClaim
from db.verdicts import (
    AGREE,
    RATIO,
    Assessment,
    CatalogView,
    Numeric,
    Verdict,
    cited_by,
    numeric_verdict,
)

CUMULATIVE = "running-total"
ANNOUNCED = "announced"
MOMENTS = frozenset({"stock", "share"})
"""Kinds that articles state for "now": two of one calendar year speak of the same time."""
_COUNT = re.compile(r"\bnumber of\b|\bnúmero de\b", re.IGNORECASE)


class Relation(StrEnum):
    """How two cited figures stand to each other."""

    AGREES = "AGREES"
    """The accept intervals overlap, or the same value is stated."""
    REFINES = "REFINES"
    """One accept interval lies inside the other."""
    CONTRADICTS = "CONTRADICTS"
    """The accept intervals have nothing in common."""
    DIFFERENT_SCOPE = "DIFFERENT_SCOPE"
    """Not comparable; `fields` says in what."""


@dataclass(frozen=True)
class Comparison:
    """Two claims on one indicator."""

    relation: Relation
    fields: tuple[str, ...] = ()
    """What differs: `measure`, `cumulative` (one is a running total), `geography`, a facet's name,
    `unit`, `status`, `period`."""
    amounts: Relation | None = None
    """What the numbers alone would say; None where their units differ."""


def compare(one: StoredClaim, other: StoredClaim, catalog: CatalogView) -> Comparison | None:
    """How two claims stand to each other; None where they speak of different indicators.

    A running total never contradicts an earlier, lower one, and a sum never one over a shorter
    time inside it; the other way round they do.
    """
    if one.indicator != other.indicator:
        return None
    amounts = _amounts(one, other, catalog)
    fields = tuple(_scope(one, other, catalog))
    if fields == ("period",) and _shrinks(one, other, catalog):
        return Comparison(Relation.CONTRADICTS, fields, amounts)
    if fields or amounts is None:
        return Comparison(Relation.DIFFERENT_SCOPE, fields, amounts)
    return Comparison(amounts, (), amounts)


def _amounts(one: StoredClaim, other: StoredClaim, catalog: CatalogView) -> Relation | None:
    """The accept intervals alone. The same stated value agrees, however it is hedged."""
    if (one.unit, one.currency) != (other.unit, other.currency):
        return None
    a, b = cited_by(one, catalog), cited_by(other, catalog)
    if not meets(a.accept, b.accept):
        return Relation.CONTRADICTS
    if (a.low, a.high) == (b.low, b.high):
        return Relation.AGREES
    nested = inside(a.accept, b.accept) or inside(b.accept, a.accept)
    return Relation.REFINES if nested else Relation.AGREES


def is_narrower(one: StoredClaim, other: StoredClaim, catalog: CatalogView) -> bool:
    """Whether everything that `one` accepts lies within what `other` accepts, and not all of it."""
    a, b = cited_by(one, catalog).accept, cited_by(other, catalog).accept
    return inside(a, b) and not inside(b, a)


@dataclass(frozen=True)
class Steps:
    """Two figures that contradict each other on the text alone: steps of one schedule."""

    one: Observation
    """The announcement that the first claim matches."""
    other: Observation


def steps(one: Verdict, other: Verdict, catalog: CatalogView) -> Steps | None:
    """The two announcements that two claims match, if one announcer made both on one day.

    None where a claim matches none, where both match the same one, or where the announcements are
    of different series or days: then nothing says that they belong together.
    """
    for mine in _announcements(one, catalog):
        for theirs in _announcements(other, catalog):
            together = (mine.series, mine.valid_from) == (theirs.series, theirs.valid_from)
            if together and mine.time_period != theirs.time_period:
                return Steps(mine, theirs)
    return None


def _announcements(verdict: Verdict, catalog: CatalogView) -> Iterator[Observation]:
    """The announcements under which a verdict agrees."""
    for finding in verdict.tested:
        if finding.code in AGREE and len(finding.rows) == 1:
            key = finding.rows[0].series
            if catalog.indicators[key.indicator].measures[key.measure].kind == ANNOUNCED:
                yield finding.rows[0]


@dataclass(frozen=True)
class Pair:
    """Two claims of different articles on one indicator, the one of the earlier article first."""

    one: StoredClaim
    other: StoredClaim
    comparison: Comparison
    steps: Steps | None = None
    """What resolves a contradiction."""


def pairs(
    claims: Sequence[StoredClaim], assessments: Mapping[str, Assessment], catalog: CatalogView
) -> Iterator[Pair]:
    """Every two claims of different articles on one indicator, each pair once, in their order.

    `assessments` by claim id: a contradiction is resolved by what both figures match today.
    """
    by_indicator: dict[str, list[StoredClaim]] = {}
    for claim in claims:
        by_indicator.setdefault(claim.indicator, []).append(claim)
    for group in by_indicator.values():
        for one, other in combinations(group, 2):
            comparison = compare(one, other, catalog) if one.article != other.article else None
            if comparison is None:
                continue
            resolved = None
            if comparison.relation is Relation.CONTRADICTS:
                resolved = steps(assessments[one.id].now, assessments[other.id].now, catalog)
            yield Pair(one, other, comparison, resolved)


def _kind(claim: StoredClaim, catalog: CatalogView) -> str:
    return catalog.indicators[claim.indicator].measures[claim.measure].kind


def _scope(one: StoredClaim, other: StoredClaim, catalog: CatalogView) -> Iterator[str]:
    kinds = {_kind(one, catalog), _kind(other, catalog)}
    if one.measure != other.measure:
        yield "cumulative" if CUMULATIVE in kinds and len(kinds) == 2 else "measure"
    if _places(one) != _places(other):
        yield "geography"
    a, b = parse_facets(one.facets), parse_facets(other.facets)
    yield from (name for name in sorted({*a, *b}) if a.get(name) != b.get(name))
    if (one.unit, one.currency) != (other.unit, other.currency):
        yield "unit"
    if one.status != other.status:
        yield "status"
    if not _same_time(one, other, kinds):
        yield "period"


def _places(claim: StoredClaim) -> tuple[frozenset[str], ...]:
    places = (claim.geography, claim.ref_areas, claim.counterpart_areas)
    return tuple(frozenset(areas) for areas in places)


def _same_time(one: StoredClaim, other: StoredClaim, kinds: set[str]) -> bool:
    """Sums must be over the same days, running totals to the same day; levels must overlap."""
    if kinds & {CUMULATIVE, "flow"}:
        ends = one.period_end == other.period_end
        return ends and (CUMULATIVE in kinds or one.period_start == other.period_start)
    whole_years = kinds <= MOMENTS
    (a, b), (c, e) = _span(one, whole_years), _span(other, whole_years)
    return a <= e and c <= b


def _span(claim: StoredClaim, whole_years: bool) -> tuple[date, date]:
    start, end = claim.period_start or date.min, claim.period_end or date.max
    if whole_years:
        return date(start.year, 1, 1), date(end.year, 12, 31)
    return start, end


def _shrinks(one: StoredClaim, other: StoredClaim, catalog: CatalogView) -> bool:
    """Whether the later running total, or the sum over the longer time, is the lower one."""
    kind = _kind(one, catalog)
    for less, more in ((one, other), (other, one)):
        (start, end), (outer_start, outer_end) = _span(less, False), _span(more, False)
        grown = kind == CUMULATIVE and end < outer_end
        holds = kind == "flow" and outer_start <= start and end <= outer_end
        if not (grown or holds):
            continue
        a, b = cited_by(less, catalog).accept, cited_by(more, catalog).accept
        if a.low is not None and b.high is not None and b.high < a.low:
            return True
    return False


@dataclass(frozen=True)
class Internal:
    """A stated ratio against the two values of the same sentence."""

    start: StoredClaim
    end: StoredClaim
    value: Decimal
    """Stated end / stated start."""
    numeric: Numeric
    """The stated ratio against `value`: MATCH is consistent at its rounding."""
    count_against_rate: bool
    """The ratio is said of a number of things, the values are rates."""


def internal_ratio(
    ratio: StoredClaim, claims: Iterable[StoredClaim], catalog: CatalogView
) -> Internal | None:
    """Test "tripled: from 8 in 2008 to 23 in 2020" against itself; None without both values.

    The values are claims of the same excerpt, indicator and measure, for the years in which the
    ratio's period begins and ends.
    """
    if ratio.unit != RATIO or ratio.period_start is None or ratio.period_end is None:
        return None
    beside = [c for c in claims if c.unit != RATIO and _together(c, ratio)]
    start = _in_year(beside, ratio.period_start.year)
    end = _in_year(beside, ratio.period_end.year)
    if start is None or end is None or not start.value_low or end.value_low is None:
        return None
    value = end.value_low / start.value_low
    kind = _kind(ratio, catalog)
    flagged = kind == "rate" and _COUNT.search(ratio.quote) is not None
    return Internal(start, end, value, numeric_verdict(cited_by(ratio, catalog), value), flagged)


def _together(claim: StoredClaim, ratio: StoredClaim) -> bool:
    return (claim.article, claim.excerpt_start, claim.indicator, claim.measure) == (
        ratio.article,
        ratio.excerpt_start,
        ratio.indicator,
        ratio.measure,
    )


def _in_year(claims: Iterable[StoredClaim], year: int) -> StoredClaim | None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    exact = {Comparator.EQ, Comparator.APPROX}
    return next(
        (
            claim
            for claim in claims
            if claim.comparator in exact and (claim.period_start, claim.period_end) == (first, last)
        ),
        None,
    )
