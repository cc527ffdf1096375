"""A cited figure against the official one, as known then and as known now: pure functions.

`assess` takes a claim, the catalogue and the observations of all vintages, and answers in codes and
exact numbers; words are made where they are shown. A verdict speaks of a figure, never of its
author.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import product
from typing import Protocol

from config.schema import Comparator, Indicator, Measure, Provider, Source, Unit, parse_facets
from db.intervals import (
    ABOVE,
    BELOW,
    FACTORS,
    Cited,
    Interval,
    Value,
    accept_interval,
    as_interval,
    cited,
    inside,
    meets,
    nearest,
)
from db.official import (
    ADDITIVE,
    Area,
    Gap,
    Need,
    Official,
    as_of,
    neighbours,
    official_values,
    percent_change,
    period_average,
    series_of,
    surely_known,
    unreleased,
)
from db.records import Observation, SeriesKey, StoredClaim

__all__ = [
    "Assessment",
    "CatalogView",
    "Caveat",
    "CaveatKind",
    "Code",
    "Finding",
    "Hint",
    "HintKind",
    "Interval",
    "Numeric",
    "Verdict",
    "accept_interval",
    "assess",
    "cited_by",
    "combine",
    "label",
    "numeric_verdict",
]

CLOSE = Decimal("0.02")
"""|d| up to this is NEAR."""
LOOSE_ABOVE = Decimal("1.25")
LOOSE_BELOW = Decimal("0.8")
PROMISES = frozenset({"promised", "planned", "proposed", "threatened"})
"""Statuses of what is not there yet: never held against deliveries, payments or rates in force."""
SENT = frozenset({"shipped", "delivered"})
RATIO, PERCENT_CHANGE, TON = "ratio", "percent-change", "ton"
SOFT_FACETS = frozenset({"stage", "source-type", "method"})
"""Facets that name another stage or register of the same thing; any other names another thing."""
TOTAL = "all"
"""The facet value of the whole: what is under another value of the facet is a part of it."""
SOFT_UNITS = {
    frozenset(pair)
    for pair in (
        ("persons", "cases"),
        ("persons", "case-files"),
        ("persons", "investigations"),
        ("persons", "deaths"),
        ("deaths", "case-files"),
        ("deaths", "investigations"),
        ("case-files", "investigations"),
        ("cases", "case-files"),
        ("cases", "reports"),
    )
}
"""A register's files against those whom they concern. Counts of events are not among them."""
REGIONS: Mapping[str, frozenset[str]] = {"XCA": frozenset({"GTM", "HND", "SLV"})}
"""Areas that lie in a wider one and stand under codes of their own."""
UNOFFICIAL = frozenset({"ngo"})
"""Kinds of provider whose own counts are shown beside a verdict and never decide it. Researchers
and academic providers here pass official records on."""
EXCHANGE_RATE = ("exchange-rate", "monthly-mean")
EXCHANGE_SPREAD = Decimal("0.01")


class Code(StrEnum):
    """Verdicts, in the words of the method."""

    MATCH = "MATCH"
    MATCH_LOOSE = "MATCH_LOOSE"
    COMPATIBLE = "COMPATIBLE"
    NEAR = "NEAR"
    BORDERLINE = "BORDERLINE"
    DIFFERS = "DIFFERS"
    DEFINITION_MISMATCH = "DEFINITION_MISMATCH"
    PARTIAL_COVERAGE = "PARTIAL_COVERAGE"
    NOT_YET_PUBLISHED = "NOT_YET_PUBLISHED"
    UNKNOWN_VINTAGE = "UNKNOWN_VINTAGE"
    NO_OFFICIAL_SERIES = "NO_OFFICIAL_SERIES"
    NOT_CHECKABLE = "NOT_CHECKABLE"


AGREE = frozenset({Code.MATCH, Code.MATCH_LOOSE, Code.COMPATIBLE})
NUMERIC = AGREE | {Code.NEAR, Code.BORDERLINE, Code.DIFFERS}


class HintKind(StrEnum):
    """What helps to read a verdict and never changes it."""

    PERIOD_SHIFT = "PERIOD_SHIFT"
    """`detail` is `-1` or `+1`, `period` the neighbour that the figure matches."""
    FISCAL_YEAR = "FISCAL_YEAR"
    """`detail` is the alignment used, `fiscal` or `calendar`; `period` the years, first to last;
    `value` O under the other alignment, where it can be formed."""
    UNIT_GUESS = "UNIT_GUESS"
    """`detail` is the unit under which the verdict would be another one."""
    CONVERTED = "CONVERTED"
    """`detail` names the two units, `value` is the rate or factor."""
    ONLY_UNDER = "ONLY_UNDER"
    """`series` are those under which the figure agrees."""
    STATUS = "STATUS"
    """`detail` is the claim's status."""
    ATTRIBUTED = "ATTRIBUTED"
    """`detail` is the source that the article names."""


@dataclass(frozen=True)
class Hint:
    """One hint; which fields speak is said at its kind."""

    kind: HintKind
    detail: str = ""
    series: tuple[SeriesKey, ...] = ()
    period: str = ""
    value: Value | None = None


class CaveatKind(StrEnum):
    """What is to be printed with a verdict."""

    FACET_NOT_STATED = "FACET_NOT_STATED"
    """`detail` is `facet=value` of the official series."""
    OTHER_FACET = "OTHER_FACET"
    """`detail` is `facet=value` of the series, where the claim states another value."""
    OTHER_UNIT = "OTHER_UNIT"
    """`detail` is `cited/official`."""
    OTHER_STATUS = "OTHER_STATUS"
    """The claim says sent or committed, the series is of announcements; `detail` is the status."""
    OTHER_REGION = "OTHER_REGION"
    """`detail` is the wider region that is or holds the other side."""
    OBS_STATUS = "OBS_STATUS"
    """`detail` is the SDMX status of rows that are not plain: E, P, B ..."""
    DATE_INFERRED = "DATE_INFERRED"
    """The article has no date; the one used was inferred from its text."""


@dataclass(frozen=True)
class Caveat:
    kind: CaveatKind
    detail: str = ""


@dataclass(frozen=True)
class Numeric:
    """A figure against one official value."""

    code: Code
    difference: Decimal | None
    """(cited − official) / |official|; above 0 the article is higher. None where official is 0."""
    factor: Decimal | None = None
    """Of an order of magnitude outside its band: how many times beyond the nearer end, above 1."""


@dataclass(frozen=True)
class Finding:
    """The claim against one definition."""

    series: tuple[SeriesKey, ...]
    code: Code | None
    """None where numbers are shown without a verdict."""
    official: Value | None = None
    difference: Decimal | None = None
    factor: Decimal | None = None
    hints: tuple[Hint, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    reason: str = ""
    rows: tuple[Observation, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.time_period for row in self.rows))


@dataclass(frozen=True)
class Verdict:
    """One verdict with its numbers. Shares are fractions: 0.05 is five percent."""

    code: Code
    official: Value | None = None
    """In the measure's unit (a ratio's own); a lower bound under PARTIAL_COVERAGE."""
    difference: Decimal | None = None
    factor: Decimal | None = None
    hints: tuple[Hint, ...] = ()
    series: tuple[SeriesKey, ...] = ()
    """Those that `official` was read from."""
    caveats: tuple[Caveat, ...] = ()
    reason: str = ""
    """Why there is no numeric verdict, as a key: `vague`, `no-base`, `unit`, `missing` ..."""
    span: tuple[Decimal, Decimal] | None = None
    """Least and greatest difference where several definitions were tested."""
    accept: Interval | None = None
    """A in the measure's unit."""
    tested: tuple[Finding, ...] = ()
    """Every official definition."""
    beside: tuple[Finding, ...] = ()
    """Counts that are not official; they decide nothing."""


@dataclass(frozen=True)
class Assessment:
    """The verdict as of the article's date, as of today, and the key of what the two say."""

    then: Verdict
    now: Verdict
    label: str


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


# ---- one figure against one value


def numeric_verdict(claim: Cited, official: Value) -> Numeric:
    """The rules in their order: MATCH_LOOSE, MATCH, COMPATIBLE, NEAR, BORDERLINE, DIFFERS.

    An official interval stands at the end that is nearest to the cited figure. BORDERLINE needs one
    stated value with its rounding, or the lower end of an order of magnitude: a bound is either
    kept or not, at whatever rounding.
    """
    stated = claim.stated(official)
    point = nearest(official, stated)
    distance = stated - point
    difference = distance / abs(point) if point != 0 else None
    if _loose(claim, official):
        code = Code.MATCH_LOOSE
    elif inside(official, claim.accept):
        code = Code.MATCH
    elif meets(official, claim.accept):
        code = Code.COMPATIBLE
    elif point != 0 and abs(distance) <= CLOSE * abs(point):
        code = Code.NEAR
    elif _borderline(claim, official):
        code = Code.BORDERLINE
    else:
        code = Code.DIFFERS
    return Numeric(code, difference, _factor(claim, point, code))


def _loose(claim: Cited, official: Value) -> bool:
    """A bound that holds with more than a quarter, or a fifth below it, to spare."""
    interval = as_interval(official)
    if claim.comparator in ABOVE and claim.low is not None and claim.low > 0:
        limit = claim.low * LOOSE_ABOVE
        return inside(interval, Interval(limit, None, low_open=True))
    if claim.comparator in BELOW and claim.high is not None and claim.high > 0:
        limit = claim.high * LOOSE_BELOW
        return inside(interval, Interval(None, limit, high_open=True))
    return False


def _borderline(claim: Cited, official: Value) -> bool:
    if claim.comparator is Comparator.ORDER and claim.low is not None:
        return inside(official, Interval(claim.low / 2, claim.low, high_open=True))
    band = claim.rounding_band
    return band is not None and inside(official, band)


def _factor(claim: Cited, point: Decimal, code: Code) -> Decimal | None:
    if claim.comparator is not Comparator.ORDER or code in AGREE:
        return None
    if claim.high is not None and claim.high > 0 and point >= claim.high:
        return point / claim.high
    if claim.low is not None and 0 < point < claim.low:
        return claim.low / point
    return None


# ---- several definitions


def combine(tested: Sequence[Finding]) -> Verdict:
    """One verdict from all official definitions, of which at least one was tested.

    All agree, or all fail in the same way: that verdict, at the smallest difference. Some agree:
    theirs, with ONLY_UNDER. None agrees, each in its own way: DIFFERS with the smallest difference
    and the span. Without a number: UNKNOWN_VINTAGE, NOT_YET_PUBLISHED, PARTIAL_COVERAGE, the first
    that one of them has; a definition that may have been out by then is not "not yet published".
    """
    numbers = [one for one in tested if one.code in NUMERIC]
    if not numbers:
        order = (Code.UNKNOWN_VINTAGE, Code.NOT_YET_PUBLISHED, Code.PARTIAL_COVERAGE)
        lead = min(
            tested,
            key=lambda one: (
                order.index(one.code or Code.PARTIAL_COVERAGE),
                one.official is None,
            ),
        )
        return _from(lead, lead.code or Code.PARTIAL_COVERAGE, tested, lead.hints)
    agreeing = [one for one in numbers if one.code in AGREE]
    codes = {one.code for one in numbers}
    if not agreeing:
        lead = _closest(numbers)
        code = codes.pop() if len(codes) == 1 else Code.DIFFERS
        shifts = [h for one in numbers for h in one.hints if h.kind is HintKind.PERIOD_SHIFT]
        return _from(lead, code or Code.DIFFERS, tested, _once([*lead.hints, *shifts]))
    lead = _strongest(agreeing)
    hints = list(lead.hints)
    if len(agreeing) < len(numbers):
        hints += [Hint(HintKind.ONLY_UNDER, str(o.series[0]), o.series) for o in agreeing]
    return _from(lead, lead.code or Code.MATCH, tested, hints)


def _strongest(agreeing: Sequence[Finding]) -> Finding:
    for code in (Code.MATCH, Code.MATCH_LOOSE, Code.COMPATIBLE):
        found = [one for one in agreeing if one.code is code]
        if found:
            return _closest(found)
    raise ValueError("nothing agrees")


def _closest(tested: Sequence[Finding]) -> Finding:
    """The one with the smallest difference; of equals the first by name."""
    far = Decimal("Infinity")
    return min(
        tested,
        key=lambda one: (
            far if one.difference is None else abs(one.difference),
            [str(key) for key in one.series],
        ),
    )


def _once(hints: Iterable[Hint]) -> list[Hint]:
    """The first of each kind and detail."""
    first: dict[tuple[HintKind, str], Hint] = {}
    for hint in hints:
        first.setdefault((hint.kind, hint.detail), hint)
    return list(first.values())


def _from(lead: Finding, code: Code, tested: Sequence[Finding], hints: Iterable[Hint]) -> Verdict:
    differences = [
        one.difference for one in tested if one.code in NUMERIC and one.difference is not None
    ]
    span = (min(differences), max(differences)) if len(differences) > 1 else None
    return Verdict(
        code,
        lead.official,
        lead.difference,
        lead.factor,
        tuple(hints),
        lead.series,
        lead.caveats,
        lead.reason,
        span,
        tested=tuple(tested),
    )


# ---- a claim


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


def assess(
    claim: StoredClaim,
    catalog: CatalogView,
    history: Sequence[Observation],
    article_date: date,
    today: date,
) -> Assessment:
    """The claim as of the end of its article's day and as of the end of today, UTC.

    `history` holds all vintages of every series that may answer: those of the claim's indicator and
    measure, and of `exchange-rate` for sums in pesos; what does not fit the claim is left aside.

    `then` uses a figure only where it was surely published by the article's date (`db.official`).
    Where what it needs was not: NOT_YET_PUBLISHED if the earliest vintage states a release date
    after that day and nothing speaks for an earlier release, else UNKNOWN_VINTAGE. `now` uses
    whatever stands today, whenever it was first seen.
    """
    case = _Case(claim, catalog, tuple(history), article_date, today)
    then = case.verdict(article_date, sure=True)
    if claim.article_date_basis == "inferred":
        then = replace(then, caveats=(*then.caveats, Caveat(CaveatKind.DATE_INFERRED)))
    now = case.verdict(today, sure=False)
    return Assessment(then, now, label(then, now))


@dataclass(frozen=True)
class _Reading:
    """The claim in one unit that the official figures have."""

    cited: Cited
    hints: tuple[Hint, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    guess: Cited | None = None
    """The other reading of a unit that the article leaves open."""
    guess_unit: str = ""


@dataclass(frozen=True)
class _Definition:
    """The rows of one definition, all vintages, with what sets it off from the claim."""

    areas: tuple[Area, ...]
    rows: tuple[Observation, ...]
    official: bool
    kind: str
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class _Choice:
    """The definitions that a claim is held against, or why it cannot be."""

    definitions: tuple[_Definition, ...] = ()
    mismatch: str = ""
    """Key of a hard conflict; numbers are shown, no numeric verdict."""


@dataclass(frozen=True)
class _Case:
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
        return self.catalog.indicators[self.claim.indicator]

    @property
    def measure(self) -> Measure:
        return self.indicator.measures[self.claim.measure]

    @property
    def end(self) -> date:
        """A claim without an end of its period speaks of the article's day."""
        return self.claim.period_end or self.article_date

    @property
    def relative(self) -> bool:
        return self.claim.unit in {RATIO, PERCENT_CHANGE} and self.measure.unit != self.claim.unit

    @property
    def awaited(self) -> bool:
        """What the claim speaks of is announced, not done."""
        return self.claim.status in PROMISES or self.stated_facets.get("stage") == "promised"

    # -- the steps of a verdict, in order of precedence

    def verdict(self, day: date, *, sure: bool) -> Verdict:
        """The verdict as of a day; `sure` leaves out what may not have been published by then."""
        hints = self._claim_hints()
        reason = self._not_checkable()
        if reason:
            return Verdict(Code.NOT_CHECKABLE, hints=hints, reason=reason)
        accept = cited_by(self.claim, self.catalog).accept
        choice = self._choose() if self.indicator.official else _Choice()
        reading = self._reading((surely_known if sure else as_of)(self.history, day))
        beside = [d for d in choice.definitions if not d.official]
        shown = tuple(self._test(d, reading, day, sure) for d in beside)
        mismatch = choice.mismatch or (reading if isinstance(reading, str) else "")
        official = [d for d in choice.definitions if d.official]
        if not official:
            return Verdict(
                Code.NO_OFFICIAL_SERIES,
                hints=hints,
                accept=accept,
                beside=self._bare(shown, mismatch),
            )
        tested = tuple(self._test(d, reading, day, sure) for d in official)
        if mismatch:
            bare = self._bare(tested, mismatch)
            lead = next((one for one in bare if one.official is not None), bare[0])
            return Verdict(
                Code.DEFINITION_MISMATCH,
                lead.official,
                hints=hints,
                series=lead.series,
                caveats=lead.caveats,
                reason=mismatch,
                accept=accept,
                tested=bare,
                beside=self._bare(shown, mismatch),
            )
        assert isinstance(reading, _Reading), "a conflict of units is a mismatch"
        found = combine(tested)
        return replace(
            found,
            hints=(*hints, *reading.hints, *found.hints),
            accept=reading.cited.accept,
            beside=shown,
        )

    @staticmethod
    def _bare(tested: Sequence[Finding], mismatch: str) -> tuple[Finding, ...]:
        """Numbers without verdicts, where there is a conflict of definitions."""
        if not mismatch:
            return tuple(tested)
        return tuple(
            replace(one, code=None, difference=None, factor=None, hints=()) for one in tested
        )

    def _claim_hints(self) -> tuple[Hint, ...]:
        hints = []
        if self.claim.status in PROMISES:
            hints.append(Hint(HintKind.STATUS, self.claim.status))
        if self.claim.attributed_to:
            hints.append(Hint(HintKind.ATTRIBUTED, self.claim.attributed_to))
        return tuple(hints)

    def _not_checkable(self) -> str:
        claim = self.claim
        if claim.claim_class != "core":
            return claim.claim_class
        if claim.review_state == "rejected":
            return "rejected"
        if self.relative and claim.period_start is None:
            return "no-base"
        return ""

    # -- units

    def _reading(self, known: Sequence[Observation]) -> _Reading | str:
        """The claim in the unit of the official figures, or the key of the conflict."""
        figure, own, theirs = cited_by(self.claim, self.catalog), self.claim.unit, self.measure.unit
        if self.relative:
            return _Reading(figure)
        currency = self.catalog.units[theirs].currency
        if self.claim.currency and currency and self.claim.currency != currency:
            return self._converted(figure, known, currency)
        if own == theirs:
            return _Reading(figure)
        if (own, theirs) in FACTORS:
            factor = FACTORS[own, theirs]
            hint = Hint(HintKind.CONVERTED, f"{own}/{theirs}", value=factor)
            return _Reading(figure.converted(factor), (hint,))
        if own == TON and ("tonne", theirs) in FACTORS:
            metric, short = (figure.converted(FACTORS[u, theirs]) for u in ("tonne", "short-ton"))
            return _Reading(metric, guess=short, guess_unit="short-ton")
        if frozenset((own, theirs)) in SOFT_UNITS:
            return _Reading(figure, caveats=(Caveat(CaveatKind.OTHER_UNIT, f"{own}/{theirs}"),))
        return "unit"

    def _converted(
        self, figure: Cited, known: Sequence[Observation], currency: str
    ) -> _Reading | str:
        """Pesos to dollars at the mean official rate of the period, ± 1 percent."""
        if (self.claim.currency, currency) != ("MXN", "USD"):
            return "currency"
        rows = [o for o in known if (o.series.indicator, o.series.measure) == EXCHANGE_RATE]
        rate = period_average(rows, self.claim.period_start or self.end, self.end)
        if not rate:
            return "currency"
        hint = Hint(HintKind.CONVERTED, f"MXN/{currency}", series_of(rows), value=rate)
        return _Reading(figure.converted(1 / rate, EXCHANGE_SPREAD), (hint,))

    # -- definitions

    def _choose(self) -> _Choice:
        claim = self.claim
        rows = [
            row
            for row in self.history
            if (row.series.indicator, row.series.measure) == (claim.indicator, claim.measure)
        ]
        if self.awaited:
            rows = [row for row in rows if self._kind(row.series) == "announced"]
        areas, region = self._areas({_area(row.series) for row in rows})
        wanted = set(areas)
        rows = [row for row in rows if _area(row.series) in wanted]
        names, mismatch = self._facets({row.series.facets for row in rows})
        rows = [row for row in rows if row.series.facets in names]
        groups: dict[tuple[object, ...], list[Observation]] = defaultdict(list)
        for row in rows:
            apart = None if self._kind(row.series) in ADDITIVE else _area(row.series)
            groups[row.series.source, row.series.facets, str(apart)].append(row)
        definitions = tuple(
            self._definition(groups[key], areas, region) for key in sorted(groups, key=str)
        )
        return _Choice(definitions, mismatch or self._geography(areas))

    def _kind(self, series: SeriesKey) -> str:
        promised = series.facet_values.get("stage") == "promised"
        return "announced" if promised else self.measure.kind

    def _areas(self, there: set[Area]) -> tuple[tuple[Area, ...], str]:
        """The areas to add up, and the wider region where one stands for others."""
        claim = self.claim
        refs, counterparts = set(claim.ref_areas), set(claim.counterpart_areas)
        for ref, counterpart, region in _widenings(refs, counterparts):
            others: list[str | None] = [*sorted(counterpart)] or [None]
            wanted = list(product(sorted(ref), others))
            if not counterparts:
                # A series of everybody says so in one source and says nothing in another.
                wanted = [
                    (one, other)
                    for one, _ in wanted
                    for other in (None, "_T")
                    if (one, other) in there
                ] or wanted
            if there & set(wanted):
                return tuple(wanted), region
        return (), ""

    def _facets(self, there: set[str]) -> tuple[set[str], str]:
        """Facets of the definitions to test, and the facet that is in hard conflict."""
        fits, soft, hard = set[str](), set[str](), dict[str, str]()
        for text in there:
            values = parse_facets(text)
            against = {n for n, v in self.stated_facets.items() if values.get(n) != v}
            if not against:
                fits.add(text)
            elif against <= SOFT_FACETS:
                soft.add(text)
            else:
                hard[text] = min(against - SOFT_FACETS)
        chosen = fits or soft or set(hard)
        mismatch = "" if fits or soft else min(hard.values(), default="")
        return self._wholes(chosen), mismatch

    def _wholes(self, there: set[str]) -> set[str]:
        """Of a facet that the claim does not state the whole, where there is one: parts of it are
        no other definition of it."""
        for name in self.indicator.facets:
            if name in self.stated_facets:
                continue
            whole = {text for text in there if parse_facets(text).get(name) == TOTAL}
            there = whole or there
        return there

    def _geography(self, areas: Sequence[Area]) -> str:
        """`geography` where the article names a place that the series do not stand for."""
        if not areas:
            return ""
        stated = set(self.claim.geography)
        held = {area for pair in areas for area in pair if area}
        wider = {r for r, parts in REGIONS.items() if parts & held} | {
            part for r, parts in REGIONS.items() if r in held for part in parts
        }
        return "" if stated <= held | wider else "geography"

    def _definition(
        self, rows: Sequence[Observation], areas: tuple[Area, ...], region: str
    ) -> _Definition:
        key = rows[0].series
        kind = self._kind(key)
        own = areas if kind in ADDITIVE else tuple(dict.fromkeys(_area(r.series) for r in rows))
        if kind in ADDITIVE and not self.claim.counterpart_areas:
            # "_T" and nothing are two ways to write the same, not two areas to add.
            there = {_area(row.series) for row in rows}
            own = tuple(area for area in areas if area in there) or areas
        caveats = [*self._facet_caveats(key)]
        held = {area for pair in areas for area in pair}
        wider = [region] if region else sorted(set(self.claim.geography) - held)
        caveats += [Caveat(CaveatKind.OTHER_REGION, area) for area in wider]
        if kind == "announced" and self.claim.status in SENT | {"committed"}:
            caveats.append(Caveat(CaveatKind.OTHER_STATUS, self.claim.status))
        return _Definition(own, tuple(rows), self._is_official(key.source), kind, tuple(caveats))

    def _facet_caveats(self, key: SeriesKey) -> Iterable[Caveat]:
        for name, value in key.facet_values.items():
            if name not in self.stated_facets:
                if value != TOTAL:
                    yield Caveat(CaveatKind.FACET_NOT_STATED, f"{name}={value}")
            elif self.stated_facets[name] != value:
                yield Caveat(CaveatKind.OTHER_FACET, f"{name}={value}")

    def _is_official(self, source: str) -> bool:
        known = self.catalog.sources.get(source)
        provider = self.catalog.providers.get(known.provider) if known else None
        return provider is None or provider.kind not in UNOFFICIAL

    # -- tests

    def _test(
        self, definition: _Definition, reading: _Reading | str, day: date, sure: bool
    ) -> Finding:
        """The claim against one definition as known on a day."""
        need = Need(
            definition.kind, self.claim.period_start, self.end, definition.areas, self.relative
        )
        pick = surely_known if sure else as_of
        known = pick(definition.rows, day)
        found = official_values(known, need)
        if isinstance(found, Gap):
            return self._untested(definition, need, found, day, sure)
        if isinstance(reading, str):
            return self._tested(definition, found[0], None, ())
        options = [
            self._tested(definition, o, self._held(reading.cited, o), self._hints(reading, o))
            for o in found
        ]
        best = _best(options)
        if best.code in AGREE:
            return replace(best, caveats=(*best.caveats, *reading.caveats))
        used = found[options.index(best)]
        shifts = tuple(
            Hint(HintKind.PERIOD_SHIFT, f"{step:+d}", series_of(o.rows), o.rows[-1].time_period)
            for step, o in neighbours(known, need, used)
            if self._held(reading.cited, o).code in AGREE
        )
        return replace(
            best, hints=(*best.hints, *shifts), caveats=(*best.caveats, *reading.caveats)
        )

    def _untested(
        self, definition: _Definition, need: Need, gap: Gap, day: date, sure: bool
    ) -> Finding:
        """Why there is nothing to test: not published, not archived, or not covered."""
        series = series_of(gap.rows or definition.rows)
        if sure:
            later = official_values(as_of(definition.rows, self.today), need)
            needed = [row for o in later for row in o.rows] if not isinstance(later, Gap) else []
            early = unreleased(definition.rows, needed, day)
            if early is not None:
                code = Code.NOT_YET_PUBLISHED if early else Code.UNKNOWN_VINTAGE
                return Finding(series_of(needed), code, caveats=definition.caveats)
        partial = gap.partial
        if partial is not None and gap.reason == "missing":
            floor = as_interval(partial)
            partial = Interval(floor.low, None, floor.low_open)
        return Finding(
            series,
            Code.PARTIAL_COVERAGE,
            partial,
            caveats=definition.caveats,
            reason=gap.reason,
            rows=gap.rows,
        )

    def _value(self, official: Official) -> Value:
        change = self.relative and self.claim.unit == PERCENT_CHANGE
        return percent_change(official.value) if change else official.value

    def _held(self, figure: Cited, official: Official) -> Numeric:
        return numeric_verdict(figure, self._value(official))

    def _hints(self, reading: _Reading, official: Official) -> tuple[Hint, ...]:
        hints = []
        if official.alignment:
            names = [row.time_period for row in official.rows]
            years = f"{min(names)}/{max(names)}" if len(set(names)) > 1 else names[0]
            hints.append(
                Hint(
                    HintKind.FISCAL_YEAR,
                    official.alignment,
                    series_of(official.rows),
                    years,
                    official.other,
                )
            )
        if reading.guess is not None:
            codes = {self._held(f, official).code for f in (reading.cited, reading.guess)}
            if len(codes) > 1:
                hints.append(Hint(HintKind.UNIT_GUESS, reading.guess_unit))
        return tuple(hints)

    def _tested(
        self,
        definition: _Definition,
        official: Official,
        numeric: Numeric | None,
        hints: tuple[Hint, ...],
    ) -> Finding:
        statuses = sorted({row.obs_status for row in official.rows} - {"A"})
        return Finding(
            series_of(official.rows),
            numeric.code if numeric else None,
            self._value(official),
            numeric.difference if numeric else None,
            numeric.factor if numeric else None,
            hints,
            (*definition.caveats, *(Caveat(CaveatKind.OBS_STATUS, s) for s in statuses)),
            rows=official.rows,
        )


def _area(series: SeriesKey) -> Area:
    return series.ref_area, series.counterpart_area


def _best(options: Sequence[Finding]) -> Finding:
    """Of several announcements the one that the claim can only speak of: the nearest."""
    agreeing = [one for one in options if one.code in AGREE]
    return _strongest(agreeing) if agreeing else _closest(options)


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


# ---- then and now


def label(then: Verdict, now: Verdict) -> str:
    """Key of what the two verdicts say together.

    `not-yet-published`, `unknown-vintage`: of the first verdict, whatever the second is.
    `matched-then-revised`, `matches-after-revision`: the sides differ and a value that both used
    was revised. `matched-then`, `matches-now`: the sides differ because other definitions or
    periods are known. Else the code of the verdict now, as a key: `match`, `match-loose`,
    `compatible`, `near`, `borderline`, `differs`, `partial-coverage` ...
    """
    if then.code in {Code.NOT_YET_PUBLISHED, Code.UNKNOWN_VINTAGE}:
        return _key(then.code)
    if then.code in NUMERIC and now.code in NUMERIC and (then.code in AGREE) != (now.code in AGREE):
        revised = _revised(then, now)
        if then.code in AGREE:
            return "matched-then-revised" if revised else "matched-then"
        return "matches-after-revision" if revised else "matches-now"
    return _key(now.code)


def _key(code: Code) -> str:
    return code.value.lower().replace("_", "-")


def _revised(then: Verdict, now: Verdict) -> bool:
    """Whether some definition gave both verdicts from the same periods with other values."""
    before = {(one.series, one.periods): one.official for one in then.tested if one.rows}
    return any(
        (one.series, one.periods) in before and before[one.series, one.periods] != one.official
        for one in now.tested
        if one.rows
    )
