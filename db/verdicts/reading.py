"""The figure of a claim in the unit of the official ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.intervals import FACTORS, Cited
from db.official import period_average, series_of
from db.records import Observation, StoredClaim
from db.verdicts.case import Case, CatalogView, cited_by
from db.verdicts.codes import Caveat, CaveatKind, Hint, HintKind

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
EXCHANGE_RATE = ("exchange-rate", "monthly-mean")
EXCHANGE_SPREAD = Decimal("0.01")
TON = "ton"


@dataclass(frozen=True)
class Reading:
    """The claim in one unit that the official figures have."""

    cited: Cited
    hints: tuple[Hint, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    guess: Cited | None = None
    """The other reading of a unit that the article leaves open."""
    guess_unit: str = ""


def read(case: Case, known: Sequence[Observation]) -> Reading | str:
    """The claim in the unit of the official figures, or the key of the conflict."""
    figure, own, theirs = cited_by(case.claim, case.catalog), case.claim.unit, case.measure.unit
    if case.relative:
        return Reading(figure)
    currency = other_currency(case.claim, case.catalog)
    if currency:
        return _converted(case, figure, known, currency)
    if own == theirs:
        return Reading(figure)
    if (own, theirs) in FACTORS:
        factor = FACTORS[own, theirs]
        hint = Hint(HintKind.CONVERTED, f"{own}/{theirs}", value=factor)
        return Reading(figure.converted(factor), (hint,))
    if own == TON and ("tonne", theirs) in FACTORS:
        metric, short = (figure.converted(FACTORS[u, theirs]) for u in ("tonne", "short-ton"))
        return Reading(metric, guess=short, guess_unit="short-ton")
    if frozenset((own, theirs)) in SOFT_UNITS:
        return Reading(figure, caveats=(Caveat(CaveatKind.OTHER_UNIT, f"{own}/{theirs}"),))
    return "unit"


def other_currency(claim: StoredClaim, catalog: CatalogView) -> str:
    """The currency of the official figures where the claim is in another; else empty."""
    measure = catalog.indicators[claim.indicator].measures[claim.measure]
    currency = catalog.units[measure.unit].currency
    return currency if claim.currency and currency and claim.currency != currency else ""


def _converted(
    case: Case, figure: Cited, known: Sequence[Observation], currency: str
) -> Reading | str:
    """Pesos to dollars at the mean official rate of the period, ± 1 percent."""
    if (case.claim.currency, currency) != ("MXN", "USD"):
        return "currency"
    for rows in _rates(case.catalog, known):
        rate = period_average(rows, case.claim.period_start or case.end, case.end)
        if rate:
            hint = Hint(HintKind.CONVERTED, f"MXN/{currency}", series_of(rows), value=rate)
            return Reading(figure.converted(1 / rate, EXCHANGE_SPREAD), (hint,))
    return "currency"


def _rates(catalog: CatalogView, known: Sequence[Observation]) -> list[list[Observation]]:
    """The rates of each source, never mixed: first those that the indicator leads with."""
    by_source: dict[str, list[Observation]] = {}
    for row in known:
        if (row.series.indicator, row.series.measure) == EXCHANGE_RATE:
            by_source.setdefault(row.series.source, []).append(row)
    indicator = catalog.indicators.get(EXCHANGE_RATE[0])
    first = indicator.headline.source if indicator and indicator.headline else ""
    return [by_source[name] for name in sorted(by_source, key=lambda name: (name != first, name))]
