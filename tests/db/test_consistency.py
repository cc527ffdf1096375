"""Claims against each other: the pairs of the shipped articles, and the rules behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from db.consistency import Comparison, Relation, compare, internal_ratio
from db.queries import claims
from db.records import StoredClaim
from db.verdicts import Code
from tests.db.test_verdicts_support import catalog, claim, d
from tests.stores import Loaded

PROMISES = "leiroz-2021-biden-promises"
DISTRUST = "mexico-usa-2020-distrust"
HARRIS = "leiroz-2021-amlo-harris"
SIGNAL = "scortez-2021-signal-changes"
TWO_TRACK = "benitez-2021-two-track"


@pytest.fixture(scope="module")
def real(loaded: Loaded) -> dict[str, StoredClaim]:
    return {claim.id: claim for claim in claims(loaded.engine)}


def held(one: StoredClaim, other: StoredClaim) -> Comparison:
    found, back = compare(one, other, catalog()), compare(other, one, catalog())
    assert found is not None
    assert back == found
    return found


def test_five_percent_contradicts_25(real: dict[str, StoredClaim]) -> None:
    found = held(real[f"{DISTRUST}/tariff-threat-2019"], real[f"{TWO_TRACK}/tariff-threat-2019"])
    assert found.relation is Relation.CONTRADICTS


@pytest.mark.parametrize(
    "name", [f"{PROMISES}/unauthorized-immigrants", f"{SIGNAL}/undocumented-immigrants"]
)
def test_thousands_contradict_eleven_million(real: dict[str, StoredClaim], name: str) -> None:
    assert held(real[f"{HARRIS}/latinos-to-legalize"], real[name]).relation is Relation.CONTRADICTS


def test_around_11_million_agrees_with_11_million(real: dict[str, StoredClaim]) -> None:
    """One A lies in the other, which alone would refine it; both state the same value, so they
    agree."""
    one, other = (
        real[f"{PROMISES}/unauthorized-immigrants"],
        real[f"{SIGNAL}/undocumented-immigrants"],
    )
    assert held(one, other).relation is Relation.AGREES
    narrower = replace(
        other, value_low=d(11_200_000), value_high=d(11_200_000), rounding_unit=d(100_000)
    )
    assert held(one, narrower).relation is Relation.REFINES


@pytest.mark.parametrize(
    "name", [f"{PROMISES}/northern-triangle-aid", f"{DISTRUST}/northern-triangle-aid"]
)
def test_four_billion(real: dict[str, StoredClaim], name: str) -> None:
    found = held(real[name], real[f"{SIGNAL}/central-america-aid"])
    assert (found.relation, found.amounts) == (Relation.DIFFERENT_SCOPE, Relation.AGREES)
    assert {"geography", "status"} <= set(found.fields)


@pytest.mark.parametrize("name", [f"{HARRIS}/astrazeneca-shipped", f"{HARRIS}/johnson-promised"])
def test_doses_of_june_and_of_autumn(real: dict[str, StoredClaim], name: str) -> None:
    found = held(real[name], real[f"{TWO_TRACK}/vaccine-doses-gifted"])
    assert found.relation is Relation.DIFFERENT_SCOPE
    assert {"cumulative", "period"} <= set(found.fields)


def test_tripled_is_consistent_at_its_rounding(real: dict[str, StoredClaim]) -> None:
    found = internal_ratio(real[f"{TWO_TRACK}/homicides-tripled"], real.values(), catalog())
    assert found is not None
    assert found.value == d("2.875")
    assert found.numeric.code is Code.MATCH
    assert found.count_against_rate
    assert (found.start.value_low, found.end.value_low) == (d(8), d(23))


def test_a_ratio_without_its_values_is_not_tested(real: dict[str, StoredClaim]) -> None:
    ratio = real[f"{TWO_TRACK}/homicides-tripled"]
    assert internal_ratio(ratio, [ratio], catalog()) is None
    assert internal_ratio(real[f"{TWO_TRACK}/homicide-rate-2008"], real.values(), catalog()) is None


def test_other_indicators_are_not_compared(real: dict[str, StoredClaim]) -> None:
    one, other = real[f"{TWO_TRACK}/merida-spending"], real[f"{TWO_TRACK}/homicide-rate-2008"]
    assert compare(one, other, catalog()) is None


def test_rates_of_two_years_are_of_different_scope() -> None:
    earlier = claim(
        value_low=d(8),
        value_high=d(8),
        period_start=date(2008, 1, 1),
        period_end=date(2008, 12, 31),
    )
    assert held(claim(), earlier) == Comparison(
        Relation.DIFFERENT_SCOPE, ("period",), Relation.CONTRADICTS
    )


def a_total(value: int, end: date) -> StoredClaim:
    return claim(
        indicator="vaccine-doses",
        measure="running-total",
        value_low=d(value),
        value_high=d(value),
        rounding_unit=d(1),
        unit="doses",
        ref_areas=("USA",),
        counterpart_areas=("MEX",),
        period_start=None,
        period_end=end,
    )


def test_a_running_total_may_grow_and_not_shrink() -> None:
    june, autumn = date(2021, 6, 9), date(2021, 9, 30)
    assert held(a_total(3, june), a_total(8, autumn)).relation is Relation.DIFFERENT_SCOPE
    assert held(a_total(8, june), a_total(3, autumn)).relation is Relation.CONTRADICTS


def test_a_part_is_not_more_than_the_whole() -> None:
    def shipped(value: int, start: date, end: date) -> StoredClaim:
        return replace(a_total(value, end), measure="shipped", period_start=start)

    year = shipped(8, date(2021, 1, 1), date(2021, 12, 31))
    month = (date(2021, 6, 1), date(2021, 6, 30))
    assert held(shipped(3, *month), year).relation is Relation.DIFFERENT_SCOPE
    assert held(shipped(10, *month), year).relation is Relation.CONTRADICTS


def test_units_and_facets_are_named() -> None:
    deaths = claim(facets="source-type=deaths")
    assert held(claim(), deaths).fields == ("source-type",)
    tripled = claim(unit="ratio", value_low=d(3), value_high=d(3))
    assert held(claim(), tripled) == Comparison(Relation.DIFFERENT_SCOPE, ("unit",), None)
