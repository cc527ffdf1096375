"""The official definitions that a claim is held against: which series fit it, and how well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from config.schema import parse_facets
from db.official import ADDITIVE, Area
from db.records import Observation, SeriesKey, StoredClaim
from db.verdicts.case import Case, CatalogView, area_of
from db.verdicts.codes import Caveat, CaveatKind
from db.verdicts.reading import EXCHANGE_RATE, other_currency

SOFT_FACETS = frozenset({"stage", "source-type", "method"})
"""Facets that name another stage or register of the same thing; any other names another thing."""
TOTAL = "all"
"""The facet value of the whole: what is under another value of the facet is a part of it."""
REGIONS: Mapping[str, frozenset[str]] = {"XCA": frozenset({"GTM", "HND", "SLV"})}
"""Areas that lie in a wider one and stand under codes of their own."""
UNOFFICIAL = frozenset({"ngo"})
"""Kinds of provider whose own counts are shown beside a verdict and never decide it. Researchers
and academic providers here pass official records on."""
SENT = frozenset({"shipped", "delivered"})


@dataclass(frozen=True)
class Definition:
    """The rows of one definition, all vintages, with what sets it off from the claim."""

    areas: tuple[Area, ...]
    rows: tuple[Observation, ...]
    official: bool
    kind: str
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Choice:
    """The definitions that a claim is held against, or why it cannot be."""

    definitions: tuple[Definition, ...] = ()
    mismatch: str = ""
    """Key of a hard conflict; numbers are shown, no numeric verdict."""


def choose(case: Case) -> Choice:
    """The definitions that may answer, of all vintages, or the key of a hard conflict."""
    claim = case.claim
    rows = [
        row
        for row in case.history
        if (row.series.indicator, row.series.measure) == (claim.indicator, claim.measure)
    ]
    if case.awaited:
        rows = [row for row in rows if case.kind_of(row.series) == "announced"]
    areas, region = _areas(case, {area_of(row.series) for row in rows})
    wanted = set(areas)
    rows = [row for row in rows if area_of(row.series) in wanted]
    names, mismatch = _facets(case, {row.series.facets for row in rows})
    rows = [row for row in rows if row.series.facets in names]
    groups: dict[tuple[object, ...], list[Observation]] = defaultdict(list)
    for row in rows:
        apart = None if case.kind_of(row.series) in ADDITIVE else area_of(row.series)
        groups[row.series.source, row.series.facets, str(apart)].append(row)
    definitions = tuple(
        _definition(case, groups[key], areas, region) for key in sorted(groups, key=str)
    )
    return Choice(definitions, mismatch or _geography(case, areas))


def answering(
    claim: StoredClaim, catalog: CatalogView, keys: Iterable[SeriesKey]
) -> list[SeriesKey]:
    """Of all series those whose observations the verdicts of a claim follow from.

    `keys`: those of the claim's indicator that have observations, and of `exchange-rate` for a sum
    in another currency (`other_currency`). What `assess` says by the history of these is what it
    says by that of all; where there are many series, they are few.
    """
    # Neither day has a part in the choice.
    case = Case(claim, catalog, (), claim.article_date, claim.article_date)
    keys = list(keys)
    rates = [key for key in keys if (key.indicator, key.measure) == EXCHANGE_RATE]
    if not other_currency(claim, catalog):
        rates = []
    known = [
        key for key in keys if (key.indicator, key.measure) == (claim.indicator, claim.measure)
    ]
    if case.awaited:
        known = [key for key in known if case.kind_of(key) == "announced"]
    areas, _ = _areas(case, {area_of(key) for key in known})
    known = [key for key in known if area_of(key) in set(areas)]
    names, mismatch = _facets(case, {key.facets for key in known})
    # A conflict is named by all the facets that are there.
    fitting = known if mismatch else [key for key in known if key.facets in names]
    return [*fitting, *rates]


def _areas(case: Case, there: set[Area]) -> tuple[tuple[Area, ...], str]:
    """The areas to add up, and the wider region where one stands for others."""
    claim = case.claim
    refs, counterparts = set(claim.ref_areas), set(claim.counterpart_areas)
    for ref, counterpart, region in _widenings(refs, counterparts):
        others: list[str | None] = [*sorted(counterpart)] or [None]
        wanted = list(product(sorted(ref), others))
        if not counterparts:
            # A series of everybody says so in one source and says nothing in another.
            wanted = [
                (one, other) for one, _ in wanted for other in (None, "_T") if (one, other) in there
            ] or wanted
        if there & set(wanted):
            return tuple(wanted), region
    return (), ""


def _facets(case: Case, there: set[str]) -> tuple[set[str], str]:
    """Facets of the definitions to test, and the facet that is in hard conflict."""
    fits, soft, hard = set[str](), set[str](), dict[str, str]()
    for text in there:
        values = parse_facets(text)
        against = {n for n, v in case.stated_facets.items() if values.get(n) != v}
        if not against:
            fits.add(text)
        elif against <= SOFT_FACETS:
            soft.add(text)
        else:
            hard[text] = min(against - SOFT_FACETS)
    chosen = fits or soft or set(hard)
    mismatch = "" if fits or soft else min(hard.values(), default="")
    return _wholes(case, chosen), mismatch


def _wholes(case: Case, there: set[str]) -> set[str]:
    """Of a facet that the claim does not state the whole, where there is one: parts of it are
    no other definition of it."""
    for name in case.indicator.facets:
        if name in case.stated_facets:
            continue
        whole = {text for text in there if parse_facets(text).get(name) == TOTAL}
        there = whole or there
    return there


def _geography(case: Case, areas: Sequence[Area]) -> str:
    """`geography` where the article names a place that the series do not stand for."""
    if not areas:
        return ""
    stated = set(case.claim.geography)
    held = {area for pair in areas for area in pair if area}
    wider = {r for r, parts in REGIONS.items() if parts & held} | {
        part for r, parts in REGIONS.items() if r in held for part in parts
    }
    return "" if stated <= held | wider else "geography"


def _definition(
    case: Case, rows: Sequence[Observation], areas: tuple[Area, ...], region: str
) -> Definition:
    key = rows[0].series
    kind = case.kind_of(key)
    own = areas if kind in ADDITIVE else tuple(dict.fromkeys(area_of(r.series) for r in rows))
    if kind in ADDITIVE and not case.claim.counterpart_areas:
        # "_T" and nothing are two ways to write the same, not two areas to add.
        there = {area_of(row.series) for row in rows}
        own = tuple(area for area in areas if area in there) or areas
    caveats = [*_facet_caveats(case, key)]
    held = {area for pair in areas for area in pair}
    wider = [region] if region else sorted(set(case.claim.geography) - held)
    caveats += [Caveat(CaveatKind.OTHER_REGION, area) for area in wider]
    if kind == "announced" and case.claim.status in SENT | {"committed"}:
        caveats.append(Caveat(CaveatKind.OTHER_STATUS, case.claim.status))
    return Definition(own, tuple(rows), _is_official(case, key.source), kind, tuple(caveats))


def _facet_caveats(case: Case, key: SeriesKey) -> Iterable[Caveat]:
    for name, value in key.facet_values.items():
        if name not in case.stated_facets:
            if value != TOTAL:
                yield Caveat(CaveatKind.FACET_NOT_STATED, f"{name}={value}")
        elif case.stated_facets[name] != value:
            yield Caveat(CaveatKind.OTHER_FACET, f"{name}={value}")


def _is_official(case: Case, source: str) -> bool:
    known = case.catalog.sources.get(source)
    provider = case.catalog.providers.get(known.provider) if known else None
    return provider is None or provider.kind not in UNOFFICIAL


def _widenings(refs: set[str], counterparts: set[str]) -> Iterable[tuple[set[str], set[str], str]]:
    """The claim's areas as they are, then a region as its parts, then parts as their region."""
    yield refs, counterparts, ""
    for region, parts in REGIONS.items():
        if region in counterparts:
            yield refs, (counterparts - {region}) | parts, region
        if region in refs:
            yield (refs - {region}) | parts, counterparts, region
        if counterparts and counterparts <= parts:
            yield refs, {region}, region
        if refs and refs <= parts:
            yield {region}, counterparts, region
