"""The rules of a verdict, one by one, on figures made for them: what is official, what was known
when, what may be added up, what is another thing altogether."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalog import Catalog
from config.schema import Measure, Unit
from db.intervals import Interval
from db.official import Gap, Need, Official, as_of, cadence, end_of, official_values, surely_known
from db.records import Observation, StoredClaim
from db.verdicts import (
    AGREE,
    NUMERIC,
    Assessment,
    Caveat,
    CaveatKind,
    Code,
    HintKind,
    Verdict,
    answering,
    assess,
    label,
)
from tests.db.test_verdicts_support import RATE, TODAY, catalog, claim, d, row

WRITTEN = date(2021, 9, 30)
OWID = RATE.replace("world-bank", "owid-homicide")
FILES = "homicide-rate.rate.A.MEX._Z.computed-homicide-rate.source-type=case-files"
AID = "central-america-aid.aid.A.USA.GTM.foreign-assistance.stage=disbursed"
TRADE = "trade.exports.M.USA.MEX.fred"
DOSES = "vaccine-doses.running-total.D.USA.MEX.vaccine-announcements.product=all"
PEOPLE = "unauthorized-population.population.A.USA._T.dhs-ois"
ENCOUNTERS = "border-encounters.encounters.A.USA._T.cbp.component=all"


def found(said: StoredClaim, *history: Observation, among: Catalog | None = None) -> Assessment:
    """The assessment by a history; the same by those of its series alone that answer the claim."""
    known = among or catalog()
    whole = assess(said, known, history, said.article_date, TODAY)
    own = {one.series for one in history if one.series.indicator == said.indicator}
    left_out = own - set(answering(said, known, own))
    rest = [one for one in history if one.series not in left_out]
    assert assess(said, known, rest, said.article_date, TODAY) == whole
    return whole


def now(said: StoredClaim, *history: Observation) -> Verdict:
    return found(said, *history).now


def exactly(value: str | int, **changes: Any) -> StoredClaim:
    return claim(value_low=d(value), value_high=d(value), **changes)


def year(number: int) -> dict[str, Any]:
    return {"period_start": date(number, 1, 1), "period_end": date(number, 12, 31)}


def on(number: int, month: int, day: int) -> dict[str, Any]:
    """The period of a claim that speaks of a day."""
    moment = date(number, month, day)
    return {"period_start": moment, "period_end": moment}


def reasons(verdict: Verdict) -> list[str]:
    return [one.reason for one in verdict.tested]


# ---- then and now


def test_then_and_now_take_what_stood_at_the_end_of_their_day() -> None:
    history = [
        row("2020", "23.4", known="2021-07-01", until="2021-10-01"),
        row("2020", "29.0", known="2021-10-01"),
    ]
    seen = found(claim(), *history)
    assert (seen.then.official, seen.now.official) == (d("23.4"), d("29.0"))
    assert seen.label == "matched-then-revised"
    on_the_day = found(claim(article_date=date(2021, 10, 1)), *history)
    assert on_the_day.then.official == d("29.0")
    the_day_before = found(claim(article_date=date(2021, 7, 1)), *history)
    assert the_day_before.then.official == d("23.4")


def test_last_moment_of_a_day_belongs_to_it() -> None:
    last = end_of(WRITTEN)
    assert as_of([replace(row("2020", "23"), valid_from=last)], WRITTEN)
    assert not as_of([replace(row("2020", "23"), valid_to=last)], WRITTEN)


def test_today_is_a_date_like_any_other() -> None:
    history = [row("2020", "23", until="2022-01-01"), row("2020", "29", known="2022-01-01")]
    early = assess(claim(), catalog(), history, WRITTEN, date(2021, 12, 31))
    assert early.now.official == d(23)


def test_rate_of_2011_was_revised() -> None:
    """22.8 as cited in 2015, 23.6 in the table of today: matched then, lower by 3.4 percent now."""
    said = exactly("22.8", rounding_unit=d("0.1"), article_date=date(2015, 4, 25), **year(2011))
    seen = found(
        said,
        row("2011", "22.8", known="2014-01-01", until="2026-02-02"),
        row("2011", "23.6", known="2026-02-02"),
    )
    assert (seen.then.code, seen.now.code) == (Code.MATCH, Code.DIFFERS)
    assert seen.now.difference is not None
    assert round(seen.now.difference * 100, 1) == d("-3.4")
    assert seen.label == "matched-then-revised"


@pytest.mark.parametrize(
    ("precision", "known", "code"),
    [
        ("day", "2021-09-30", Code.MATCH),
        ("no-later-than", "2021-09-30", Code.MATCH),
        ("first-seen", "2021-09-30", Code.MATCH),
        ("month", "2021-08-31", Code.MATCH),
        ("month", "2021-09-30", Code.MATCH),
        # Some day of September, filed on its first: it may have been after the article.
        ("month", "2021-09-01", Code.MATCH),
        ("no-earlier-than", "2021-08-28", Code.UNKNOWN_VINTAGE),
        ("day", "2021-10-01", Code.NOT_YET_PUBLISHED),
        ("month", "2021-10-31", Code.NOT_YET_PUBLISHED),
        ("no-later-than", "2021-10-01", Code.UNKNOWN_VINTAGE),
        ("first-seen", "2021-10-01", Code.UNKNOWN_VINTAGE),
        ("no-earlier-than", "2021-10-01", Code.UNKNOWN_VINTAGE),
    ],
)
def test_what_then_may_use(precision: str, known: str, code: Code) -> None:
    seen = found(claim(), row("2020", "23", known=known, precision=precision))
    assert seen.then.code is code
    assert seen.now.code is Code.MATCH


def test_month_of_release_that_holds_the_article_is_not_sure() -> None:
    said = claim(article_date=date(2021, 9, 15))
    for known in ("2021-09-01", "2021-09-30"):
        seen = found(said, row("2020", "23", known=known, precision="month"))
        assert seen.then.code is Code.UNKNOWN_VINTAGE


def test_bytes_in_hand_prove_a_release() -> None:
    held = row(
        "2020", "23", known="2021-08-28", precision="no-earlier-than", retrieved="2021-09-01"
    )
    assert found(claim(), held).then.code is Code.MATCH


def test_late_edition_of_many_years_says_nothing_of_first_release() -> None:
    late = [row(period, "23", known="2022-07-20") for period in ("2019", "2020", "2021")]
    assert found(claim(), *late).then.code is Code.UNKNOWN_VINTAGE
    # With an earlier edition that ends before it, the year was surely not out.
    before = row("2018", "23", known="2020-07-20")
    assert found(claim(), before, *late).then.code is Code.NOT_YET_PUBLISHED


def test_one_definition_that_may_have_been_out_is_not_not_yet_published() -> None:
    seen = found(
        claim(),
        row("2020", "23", known="2021-10-29"),
        row("2020", "23", key=OWID, known="2026-02-02", precision="no-later-than"),
    )
    assert [one.code for one in seen.then.tested] == [
        Code.UNKNOWN_VINTAGE,
        Code.NOT_YET_PUBLISHED,
    ]
    assert seen.then.code is Code.UNKNOWN_VINTAGE
    assert seen.label == "unknown-vintage"


def test_earlier_vintage_counts_for_the_first_release() -> None:
    """First seen in October, and revised on a stated day later: when it came out is not known."""
    seen = found(
        claim(),
        row("2020", "23", known="2021-10-29", until="2022-01-01", precision="first-seen"),
        row("2020", "29", known="2022-01-01"),
    )
    assert seen.then.code is Code.UNKNOWN_VINTAGE


def test_date_that_was_inferred_is_said() -> None:
    seen = found(claim(article_date_basis="inferred"), row("2020", "23"))
    assert Caveat(CaveatKind.DATE_INFERRED) in seen.then.caveats
    assert Caveat(CaveatKind.DATE_INFERRED) not in seen.now.caveats


MATCHED, DIFFERED = Verdict(Code.MATCH), Verdict(Code.DIFFERS)


@pytest.mark.parametrize(
    ("then", "later", "key"),
    [
        (Code.MATCH, Code.MATCH, "match"),
        (Code.DIFFERS, Code.DIFFERS, "differs"),
        (Code.NOT_YET_PUBLISHED, Code.MATCH, "not-yet-published"),
        (Code.UNKNOWN_VINTAGE, Code.DIFFERS, "unknown-vintage"),
        (Code.MATCH, Code.DIFFERS, "matched-then"),
        (Code.DIFFERS, Code.MATCH_LOOSE, "matches-now"),
        (Code.NEAR, Code.NEAR, "near"),
        (Code.BORDERLINE, Code.DIFFERS, "differs"),
        (Code.COMPATIBLE, Code.MATCH, "match"),
        (Code.NO_OFFICIAL_SERIES, Code.NO_OFFICIAL_SERIES, "no-official-series"),
        (Code.PARTIAL_COVERAGE, Code.MATCH, "match"),
        (Code.MATCH, Code.PARTIAL_COVERAGE, "partial-coverage"),
    ],
)
def test_labels(then: Code, later: Code, key: str) -> None:
    assert label(Verdict(then), Verdict(later)) == key


def test_only_a_revision_is_called_one() -> None:
    """Another definition that came later did not revise anything."""
    seen = found(claim(), row("2020", "29"), row("2020", "23", key=FILES, known="2021-10-29"))
    assert (seen.then.code, seen.now.code) == (Code.DIFFERS, Code.MATCH)
    assert seen.label == "matches-now"
    revised = found(
        claim(), row("2020", "29", until="2022-01-01"), row("2020", "23", known="2022-01-01")
    )
    assert revised.label == "matches-after-revision"


# ---- what is checked at all


@pytest.mark.parametrize("kind", ["context", "vague", "implicit"])
def test_only_core_claims_are_checked(kind: str) -> None:
    verdict = now(claim(claim_class=kind), row("2020", "23"))
    assert (verdict.code, verdict.reason) == (Code.NOT_CHECKABLE, kind)


def test_rejected_claims_are_not_checked() -> None:
    verdict = now(claim(review_state="rejected"), row("2020", "23"))
    assert (verdict.code, verdict.reason) == (Code.NOT_CHECKABLE, "rejected")


def test_change_against_an_unstated_base() -> None:
    said = exactly(300, unit="percent-change", period_start=None)
    verdict = now(said, row("2008", "5"), row("2020", "20"))
    assert (verdict.code, verdict.reason) == (Code.NOT_CHECKABLE, "no-base")


def test_no_official_series() -> None:
    other_area = row("2020", "23", key=RATE.replace("MEX", "USA"))
    assert now(claim(), other_area).code is Code.NO_OFFICIAL_SERIES
    assert now(claim()).code is Code.NO_OFFICIAL_SERIES
    attributed = now(claim(attributed_to="Somebody"))
    assert [(h.kind, h.detail) for h in attributed.hints] == [(HintKind.ATTRIBUTED, "Somebody")]


def test_not_checkable_comes_before_no_official_series() -> None:
    assert now(claim(claim_class="vague")).code is Code.NOT_CHECKABLE


def test_counts_of_an_organization_stand_beside() -> None:
    pew = PEOPLE.replace("dhs-ois", "pew")
    said = exactly(11, indicator="unauthorized-population", measure="population", unit="persons")
    said = replace(
        said, ref_areas=("USA",), counterpart_areas=("_T",), geography=("USA",), **on(2021, 3, 18)
    )
    alone = now(said, row("2020", "11", key=pew))
    assert (alone.code, alone.tested) == (Code.NO_OFFICIAL_SERIES, ())
    assert [one.code for one in alone.beside] == [Code.MATCH]
    both = now(said, row("2020", "11", key=pew), row("2020", "14", key=PEOPLE))
    assert (both.code, both.official) == (Code.DIFFERS, d(14))
    assert [one.code for one in both.beside] == [Code.MATCH]


# ---- definitions


def test_facet_not_stated_some_agree() -> None:
    verdict = now(
        claim(), row("2020", "28.37"), row("2020", "29", key=OWID), row("2020", "22.56", key=FILES)
    )
    assert (verdict.code, verdict.official) == (Code.MATCH, d("22.56"))
    (only,) = verdict.hints
    assert (only.kind, only.detail) == (HintKind.ONLY_UNDER, FILES)
    assert verdict.span == (d(23) / 29 - 1, d("0.44") / d("22.56"))


def test_facet_not_stated_all_agree() -> None:
    verdict = now(claim(), row("2020", "22.9"), row("2020", "23.4", key=OWID))
    assert (verdict.code, verdict.official, verdict.hints) == (Code.MATCH, d("22.9"), ())


def test_facet_not_stated_none_agrees() -> None:
    verdict = now(claim(), row("2020", "28"), row("2020", "29", key=OWID))
    assert (verdict.code, verdict.official) == (Code.DIFFERS, d(28))
    assert verdict.span == (d(-6) / 29, d(-5) / 28)


def test_none_agrees_each_in_its_own_way() -> None:
    """Close under one and far under another is DIFFERS, with the smallest difference."""
    verdict = now(
        exactly("22.0", rounding_unit=d("0.1")), row("2020", "22.3"), row("2020", "29", key=OWID)
    )
    assert (verdict.code, verdict.official) == (Code.DIFFERS, d("22.3"))
    near = now(
        exactly("22.0", rounding_unit=d("0.1")), row("2020", "22.3"), row("2020", "22.2", key=OWID)
    )
    assert (near.code, near.official) == (Code.NEAR, d("22.2"))


def test_stated_facet_picks_its_definition() -> None:
    said = claim(facets="source-type=compiled")
    verdict = now(said, row("2020", "29"), row("2020", "23", key=FILES))
    assert (verdict.code, verdict.hints, verdict.caveats) == (Code.DIFFERS, (), ())


def test_another_register_is_a_soft_conflict() -> None:
    said = claim(facets="source-type=deaths")
    verdict = now(said, row("2020", "23", key=FILES))
    assert verdict.code is Code.MATCH
    assert verdict.caveats == (Caveat(CaveatKind.OTHER_FACET, "source-type=case-files"),)


def doses(value: int, **changes: Any) -> StoredClaim:
    fields: dict[str, Any] = {
        "indicator": "vaccine-doses",
        "measure": "running-total",
        "unit": "doses",
        "ref_areas": ("USA",),
        "counterpart_areas": ("MEX",),
        "period_start": None,
        "period_end": date(2021, 9, 21),
    }
    return exactly(value, **{**fields, **changes})


def test_another_product_is_a_hard_conflict() -> None:
    verdict = now(doses(8, facets="product=janssen"), row("2021-09-21", "8", key=DOSES))
    assert (verdict.code, verdict.reason) == (Code.DEFINITION_MISMATCH, "product")
    # The number is shown, without a verdict.
    assert (verdict.official, verdict.difference) == (d(8), None)
    assert [one.code for one in verdict.tested] == [None]


def test_a_part_is_no_other_definition_of_the_whole() -> None:
    part = DOSES.replace("product=all", "product=janssen")
    verdict = now(doses(8), row("2021-09-21", "9", key=DOSES), row("2021-09-21", "8", key=part))
    assert (verdict.code, len(verdict.tested)) == (Code.DIFFERS, 1)


def test_hard_conflict_comes_before_the_vintage() -> None:
    late = row("2021-09-21", "8", key=DOSES, known="2022-01-01")
    seen = found(doses(8, facets="product=janssen"), late)
    assert seen.then.code is Code.DEFINITION_MISMATCH


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("encounters", Code.MATCH),
        ("persons", Code.DEFINITION_MISMATCH),
        ("cases", Code.DEFINITION_MISMATCH),
    ],
)
def test_persons_are_not_events(unit: str, code: Code) -> None:
    said = exactly(
        8,
        indicator="border-encounters",
        measure="encounters",
        unit=unit,
        geography=("USA",),
        ref_areas=("USA",),
        counterpart_areas=("_T",),
    )
    verdict = now(said, row("FY2020", "8", key=ENCOUNTERS))
    assert verdict.code is code
    assert verdict.official == d(8)


def test_rate_is_not_a_count_and_percent_not_percentage_points() -> None:
    for unit in ("deaths", "percent", "percentage-points"):
        verdict = now(claim(unit=unit), row("2020", "23"))
        assert (verdict.code, verdict.reason) == (Code.DEFINITION_MISMATCH, "unit")


def test_place_that_the_series_does_not_stand_for() -> None:
    verdict = now(claim(geography=("MX-TAM",)), row("2020", "23"))
    assert (verdict.code, verdict.reason) == (Code.DEFINITION_MISMATCH, "geography")


# ---- periods


def test_rates_are_never_summed_or_averaged() -> None:
    said = claim(period_start=date(2019, 1, 1))
    verdict = now(said, row("2019", "23"), row("2020", "23"))
    assert (verdict.code, reasons(verdict)) == (Code.PARTIAL_COVERAGE, ["never-summed"])
    assert verdict.official is None


def test_rate_of_now_is_that_of_the_last_year() -> None:
    said = claim(**on(2021, 9, 30))
    assert now(said, row("2019", "29"), row("2020", "23"), row("2021", "8")).official == d(23)
    old = now(said, row("2017", "23"), row("2018", "23"))
    assert (old.code, old.reason, old.official) == (Code.PARTIAL_COVERAGE, "stale", d(23))


def test_rate_without_its_year_is_not_covered() -> None:
    verdict = now(claim(), row("2019", "23"), row("2021", "23"))
    assert (verdict.code, verdict.reason) == (Code.PARTIAL_COVERAGE, "missing")
    assert now(claim(), row("2020", None, status="M")).code is Code.PARTIAL_COVERAGE


def test_neighbouring_year() -> None:
    rows = [row("2019", "29"), row("2020", "30"), row("2021", "23.2")]
    verdict = now(claim(), *rows)
    (shift,) = verdict.hints
    assert (verdict.code, shift.kind) == (Code.DIFFERS, HintKind.PERIOD_SHIFT)
    assert (shift.detail, shift.period) == ("+1", "2021")
    before = now(claim(), row("2019", "23"), row("2020", "30"))
    assert [hint.detail for hint in before.hints] == ["-1"]
    # A figure that matches its own year needs no other.
    assert now(claim(), row("2019", "23"), row("2020", "23")).hints == ()


def test_five_years_are_one_figure() -> None:
    key = "arms-seizures.us-sourced-share.A5.MEX.USA.atf"
    said = exactly(
        70,
        indicator="arms-seizures",
        measure="us-sourced-share",
        unit="percent",
        counterpart_areas=("USA",),
        period_start=date(2014, 1, 1),
        period_end=date(2018, 12, 31),
    )
    assert now(said, row("2014-01-01/P5Y", "70", key=key)).code is Code.MATCH
    one_year = replace(said, **year(2016))
    assert now(one_year, row("2014-01-01/P5Y", "70", key=key)).code is Code.PARTIAL_COVERAGE


def test_rate_of_a_fiscal_year() -> None:
    verdict = now(claim(), row("FY2020", "23"))
    assert (verdict.code, verdict.hints[0].detail) == (Code.MATCH, "fiscal")


ARMS = "arms-seizures.us-sourced.A5.MEX.USA.atf"


@pytest.mark.parametrize(
    ("last", "reason"), [(2018, ""), (2023, ""), (2020, "too-coarse"), (2028, "missing")]
)
def test_spans_of_five_years_must_fill_the_period(last: int, reason: str) -> None:
    said = exactly(
        5,
        indicator="arms-seizures",
        measure="us-sourced",
        unit="firearms",
        counterpart_areas=("USA",),
        period_start=date(2014, 1, 1),
        period_end=date(last, 12, 31),
    )
    rows = [row("2014-01-01/P5Y", "5", key=ARMS), row("2019-01-01/P5Y", "7", key=ARMS)]
    verdict = now(said, *rows)
    assert verdict.reason == reason
    if not reason:
        assert verdict.official == d(5 if last == 2018 else 12)


@pytest.mark.parametrize(
    ("freq", "periods"),
    [
        ("Q", ["2020-Q4", "2021-Q1"]),
        ("M", ["2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03"]),
        ("W", ["2020-W53", "2021-W01"]),
    ],
)
def test_periods_wholly_inside(freq: str, periods: list[str]) -> None:
    start, end = date(2020, 8, 15), date(2021, 4, 2)
    if freq == "W":
        start, end = date(2020, 12, 22), date(2021, 1, 10)
    key = TRADE.replace(".M.", f".{freq}.")
    need = Need("flow", start, end, (("USA", "MEX"),))
    outside = {"Q": "2021-Q2", "M": "2020-08", "W": "2020-W52"}[freq]
    rows = [row(period, "1", key=key) for period in [outside, *periods]]
    official = official_values(rows, need)
    assert not isinstance(official, Gap)
    assert [used.time_period for used in official[0].rows] == periods


def test_claim_without_a_counterpart() -> None:
    key = "homicide-count.deaths.A.MEX._Z.inegi-sesnsp-compiled.crime=homicide"
    said = exactly(30, indicator="homicide-count", measure="deaths", unit="deaths")
    assert now(said, row("2020", "30", key=key)).code is Code.MATCH
    everybody = "asylum-cases.applications.A.MEX._T.comar.procedure=all"
    applied = exactly(30, indicator="asylum-cases", measure="applications", unit="persons")
    assert now(applied, row("2020", "30", key=everybody)).code is Code.MATCH


def test_region_stands_for_its_countries_and_says_so() -> None:
    three = ("GTM", "HND", "SLV")
    rates = [row("2020", "23", key=RATE.replace("MEX", area)) for area in three]
    region = claim(ref_areas=("XCA",), geography=("XCA",))
    verdict = now(region, *rates)
    assert (verdict.code, len(verdict.tested)) == (Code.MATCH, 3)
    assert Caveat(CaveatKind.OTHER_REGION, "XCA") in verdict.caveats
    parts = claim(ref_areas=three, geography=three)
    whole = now(parts, row("2020", "23", key=RATE.replace("MEX", "XCA")))
    assert Caveat(CaveatKind.OTHER_REGION, "XCA") in whole.caveats


def people(**changes: Any) -> StoredClaim:
    fields: dict[str, Any] = {
        "indicator": "unauthorized-population",
        "measure": "population",
        "unit": "persons",
        "geography": ("USA",),
        "ref_areas": ("USA",),
        "counterpart_areas": ("_T",),
        **on(2021, 3, 18),
    }
    return exactly(11, **{**fields, **changes})


def test_stock_is_the_last_at_or_before() -> None:
    rows = [row("2019", "10", key=PEOPLE), row("2020", "11", key=PEOPLE)]
    assert now(people(), *rows, row("2021", "12", key=PEOPLE)).official == d(11)
    assert now(people(period_end=date(2020, 12, 31)), *rows).official == d(11)
    assert now(people(**on(2020, 12, 30)), *rows).official == d(10)


def test_stock_older_than_twice_the_cadence() -> None:
    alone = now(people(), row("2018", "11", key=PEOPLE))
    assert (alone.code, alone.reason, alone.official) == (Code.PARTIAL_COVERAGE, "stale", d(11))
    # An estimate every third year is not late after two years.
    every_third = [row(str(y), "11", key=PEOPLE) for y in (2012, 2015, 2018)]
    assert cadence(every_third, "A") == 1095
    assert now(people(), *every_third).code is Code.MATCH
    assert cadence([row("2020", "11")], "A") == 366


def exports(value: str | int, **changes: Any) -> StoredClaim:
    fields: dict[str, Any] = {
        "indicator": "trade",
        "measure": "exports",
        "unit": "usd",
        "currency": "USD",
        "ref_areas": ("USA",),
        "counterpart_areas": ("MEX",),
        **year(2016),
    }
    return exactly(value, **{**fields, **changes})


MONTHS = [row(f"2016-{month:02d}", str(month), key=TRADE) for month in range(1, 13)]


def test_flow_is_the_sum_of_the_periods_inside() -> None:
    more = [row("2015-12", "100", key=TRADE), row("2017-01", "100", key=TRADE)]
    assert now(exports(78), *MONTHS, *more).code is Code.MATCH
    part = exports(6, period_start=date(2015, 12, 15), period_end=date(2016, 3, 31))
    assert now(part, *MONTHS).official == d(6)


def test_flow_that_lacks_a_period() -> None:
    verdict = now(exports(78), *MONTHS[:5], *MONTHS[6:])
    assert (verdict.code, verdict.reason) == (Code.PARTIAL_COVERAGE, "missing")
    assert verdict.official == Interval(d(72), None)
    assert verdict.difference is None


def test_flow_in_periods_that_are_too_long() -> None:
    said = exports(1, period_start=date(2016, 3, 2), period_end=date(2016, 3, 20))
    assert now(said, *MONTHS).reason == "too-coarse"
    assert now(exports(1, period_start=None), *MONTHS).reason == "no-start"


def aid(value: str | int, **changes: Any) -> StoredClaim:
    fields: dict[str, Any] = {
        "indicator": "central-america-aid",
        "measure": "aid",
        "facets": "stage=disbursed",
        "unit": "usd",
        "currency": "USD",
        "geography": ("GTM",),
        "ref_areas": ("USA",),
        "counterpart_areas": ("GTM",),
        "period_start": date(2018, 1, 1),
        "period_end": date(2020, 12, 31),
    }
    return exactly(value, **{**fields, **changes})


FISCAL = [row(f"FY{y}", v, key=AID) for y, v in ((2018, "100"), (2019, "20"), (2020, "3"))]


def test_fiscal_years_by_name_and_by_the_calendar() -> None:
    verdict = now(aid(123), *FISCAL)
    assert verdict.code is Code.MATCH
    (hint,) = verdict.hints
    assert (hint.kind, hint.detail) == (HintKind.FISCAL_YEAR, "fiscal")
    assert (hint.period, hint.value) == ("FY2018/FY2020", d(23))


def test_calendar_alignment_where_the_years_by_name_are_not_there() -> None:
    verdict = now(aid(23), *FISCAL[1:])
    assert (verdict.code, verdict.hints[0].detail) == (Code.MATCH, "calendar")


def test_period_that_is_a_fiscal_year() -> None:
    said = aid(20, period_start=date(2018, 10, 1), period_end=date(2019, 9, 30))
    verdict = now(said, *FISCAL)
    assert (verdict.code, verdict.hints[0].period) == (Code.MATCH, "FY2019")


@pytest.mark.parametrize(
    ("known", "precision", "code"),
    [
        ("2020-06-28", "no-later-than", Code.PARTIAL_COVERAGE),
        ("2020-09-30", "day", Code.PARTIAL_COVERAGE),
        ("2020-10-01", "day", Code.MATCH),
        # Published by then, and so perhaps before the year was over.
        ("2020-10-08", "no-later-than", Code.PARTIAL_COVERAGE),
    ],
)
def test_fiscal_year_that_was_not_over(known: str, precision: str, code: Code) -> None:
    last = row("FY2020", "3", key=AID, known=known, precision=precision, status="P")
    assert now(aid(123), *FISCAL[:2], last).code is code


def test_several_areas_are_added_up() -> None:
    three = ("GTM", "HND", "SLV")
    said = aid(6, counterpart_areas=three, geography=three, **year(2020))
    rows = [row("FY2020", str(i), key=AID.replace("GTM", a)) for i, a in enumerate(three, 1)]
    verdict = now(said, *rows)
    assert (verdict.code, verdict.official) == (Code.MATCH, d(6))
    assert len(verdict.series) == 3
    lacking = now(said, *rows[:2])
    assert (lacking.code, lacking.official) == (Code.PARTIAL_COVERAGE, Interval(d(3), None))


def test_stocks_of_different_years_are_not_added_up() -> None:
    both = people(counterpart_areas=("GTM", "HND"), geography=("GTM", "HND"))
    one, other = (PEOPLE.replace("_T", area) for area in ("GTM", "HND"))
    last = row("2020", "5", key=one)
    assert now(both, last, row("2020", "6", key=other)).code is Code.MATCH
    assert now(both, last, row("2019", "6", key=other)).code is Code.PARTIAL_COVERAGE


def test_rates_of_several_areas_are_tested_one_by_one() -> None:
    both = claim(ref_areas=("MEX", "USA"), geography=("MEX", "USA"))
    verdict = now(both, row("2020", "23"), row("2020", "6", key=RATE.replace("MEX", "USA")))
    assert [one.code for one in verdict.tested] == [Code.MATCH, Code.DIFFERS]


def test_shipments_are_events() -> None:
    """Days without a row are days without a shipment."""
    key = "vaccine-doses.shipped.D.USA.MEX.vaccine-announcements.product=astrazeneca"
    said = doses(5, measure="shipped", facets="product=astrazeneca", period_start=date(2021, 3, 1))
    rows = [row("2021-03-28", "2", key=key), row("2021-04-01", "3", key=key)]
    outside = [row("2021-02-01", "9", key=key), row("2021-10-19", "9", key=key)]
    assert now(said, *rows, *outside).official == d(5)
    assert now(replace(said, period_end=date(2021, 3, 2)), *rows).code is Code.PARTIAL_COVERAGE


def test_running_total_and_the_next_one() -> None:
    rows = [row("2021-08-24", "5", key=DOSES), row("2021-09-21", "7", key=DOSES)]
    later = row("2021-10-19", "10", key=DOSES, known="2021-10-19")
    seen = found(replace(doses(8), comparator="gt", value_high=None), *rows, later)
    assert (seen.then.official, seen.now.official) == (d(7), d(7))
    assert [h.detail for h in seen.now.hints] == ["+1"]
    assert seen.then.hints == ()


def test_bound_of_the_source_makes_an_interval() -> None:
    said = replace(doses(8), comparator="gt", value_high=None)
    over_9 = now(said, row("2021-09-21", "9", key=DOSES, note='"more than 9"', status="E"))
    assert (over_9.code, over_9.official) == (Code.MATCH, Interval(d(9), None, low_open=True))
    assert over_9.caveats == (Caveat(CaveatKind.OBS_STATUS, "E"),)
    over_5 = now(said, row("2021-09-21", "5", key=DOSES, note='"over 5"'))
    assert over_5.code is Code.COMPATIBLE


# ---- status


@pytest.mark.parametrize("status", ["promised", "planned", "proposed", "threatened"])
def test_promises_are_not_held_against_deliveries(status: str) -> None:
    delivered = row("2021-09-21", "8", key=DOSES)
    verdict = now(doses(8, status=status), delivered)
    assert verdict.code is Code.NO_OFFICIAL_SERIES
    assert [(h.kind, h.detail) for h in verdict.hints] == [(HintKind.STATUS, status)]


PROMISED = DOSES.replace("running-total", "promised")


def test_announced_and_delivered_are_a_soft_conflict() -> None:
    verdict = now(
        doses(8, measure="promised", status="delivered"), row("2021-09-01", "8", key=PROMISED)
    )
    assert verdict.code is Code.MATCH
    assert verdict.caveats == (Caveat(CaveatKind.OTHER_STATUS, "delivered"),)


def test_each_announcement_stands_for_itself() -> None:
    said = doses(8, measure="promised", status="promised")
    rows = [
        row("2021-03-18", "2", key=PROMISED),
        row("2021-06-03", "8", key=PROMISED),
        row("2021-08-10", "5", key=PROMISED, known="2021-08-10"),
    ]
    assert now(said, *rows).official == d(8)
    # One made before the period still stands where none is inside.
    autumn = replace(said, period_start=date(2021, 7, 1))
    assert now(autumn, *rows).official == d(5)
    assert now(autumn, *rows[:2]).official == d(8)


# ---- ratios and units


def test_ratio_is_of_one_vintage() -> None:
    said = exactly(3, unit="ratio", period_start=date(2008, 1, 1))
    history = [
        row("2008", "8", until="2021-10-01"),
        row("2020", "23", until="2021-10-01"),
        row("2008", "12.5", known="2021-10-01"),
        row("2020", "29", known="2021-10-01"),
    ]
    seen = found(said, *history)
    assert (seen.then.official, seen.then.code) == (d("2.875"), Code.MATCH)
    assert (seen.now.official, seen.now.code) == (d("2.32"), Code.DIFFERS)
    assert seen.label == "matched-then-revised"


def test_ratio_to_nothing() -> None:
    said = exactly(3, unit="ratio", period_start=date(2008, 1, 1))
    verdict = now(said, row("2008", "0"), row("2020", "23"))
    assert (verdict.code, verdict.reason) == (Code.PARTIAL_COVERAGE, "zero-base")


def test_percent_change_is_a_ratio_less_one() -> None:
    said = exactly(300, unit="percent-change", period_start=date(2008, 1, 1))
    verdict = now(said, row("2008", "5"), row("2020", "20"))
    assert (verdict.code, verdict.official) == (Code.MATCH, d(300))
    bound = now(said, row("2008", "5"), row("2020", "15", note='"more than"'))
    assert (bound.code, bound.official) == (
        Code.COMPATIBLE,
        Interval(d(200), None, low_open=True),
    )


def test_ratio_of_flows_is_of_years() -> None:
    said = exports(2, unit="ratio", currency=None, period_start=date(2015, 1, 1))
    before = [row(f"2015-{m:02d}", str(m), key=TRADE) for m in range(1, 13)]
    doubled = [row(f"2016-{m:02d}", str(2 * m), key=TRADE) for m in range(1, 13)]
    assert now(said, *before, *doubled).official == d(2)


PESOS = "exchange-rate.monthly-mean.M.MEX.USA.fred"


def test_pesos_are_converted_at_the_mean_of_the_period() -> None:
    said = exports(1560, currency="MXN")
    rates = [row(f"2016-{m:02d}", "19" if m % 2 else "21", key=PESOS) for m in range(1, 13)]
    verdict = now(said, *MONTHS, *rates)
    assert verdict.code is Code.MATCH
    (hint,) = verdict.hints
    assert (hint.kind, hint.detail, hint.value) == (HintKind.CONVERTED, "MXN/USD", d(20))
    # 1,559.5 to 1,560.5 pesos at 20 are 77.975 to 78.025 dollars, and one percent around.
    assert verdict.accept == Interval(d("77.195250"), d("78.805250"))
    without = now(said, *MONTHS, *rates[1:])
    assert (without.code, without.reason) == (Code.DEFINITION_MISMATCH, "currency")
    unsure = [replace(rate, precision="no-earlier-than") for rate in rates]
    assert found(said, *MONTHS, *unsure).then.reason == "currency"
    assert now(exports(78, currency="EUR"), *MONTHS, *rates).reason == "currency"


def in_kilograms() -> Catalog:
    """The catalogue with doses counted in kilograms, for want of an indicator that is."""
    known = catalog()
    kilogram = Unit.model_validate(
        {"id": "kg", "name": {"en": ["kilogram", "kilograms"], "es": ["kilogramo", "kilogramos"]}}
    )
    shipped: Measure = known.indicators["vaccine-doses"].measures["running-total"]
    measures = {"running-total": shipped.model_copy(update={"unit": "kg"})}
    changed = known.indicators["vaccine-doses"].model_copy(update={"measures": measures})
    return replace(
        known,
        units={**known.units, "kg": kilogram},
        indicators={**known.indicators, "vaccine-doses": changed},
    )


@pytest.mark.parametrize(
    ("unit", "kilograms", "code", "hints"),
    [
        ("lb", "4.5359237", Code.MATCH, [HintKind.CONVERTED]),
        ("tonne", "10000", Code.MATCH, [HintKind.CONVERTED]),
        # Ten tons are 10,000 kg, or 9,072 if short ones are meant.
        ("ton", "10000", Code.MATCH, [HintKind.UNIT_GUESS]),
        ("ton", "9071.8474", Code.DIFFERS, [HintKind.UNIT_GUESS]),
        ("ton", "20000", Code.DIFFERS, []),
        ("short-ton", "9071.8474", Code.MATCH, [HintKind.CONVERTED]),
    ],
)
def test_exact_units(unit: str, kilograms: str, code: Code, hints: list[HintKind]) -> None:
    said = doses(10, unit=unit)
    verdict = found(said, row("2021-09-21", kilograms, key=DOSES), among=in_kilograms()).now
    assert (verdict.code, [h.kind for h in verdict.hints]) == (code, hints)


# ---- what holds for all histories

days = st.dates(date(2021, 1, 1), date(2022, 12, 31))
readings = st.builds(
    lambda value, known, gap, precision, key: row(
        "2020",
        str(value),
        key=key,
        known=known.isoformat(),
        until=None if gap is None else max(known, gap).isoformat(),
        precision=precision,
    ),
    st.integers(1, 60),
    days,
    st.none() | days,
    st.sampled_from(["day", "month", "no-later-than", "no-earlier-than", "first-seen"]),
    st.sampled_from([RATE, OWID, FILES]),
)
histories = st.lists(readings, max_size=5, unique_by=lambda one: one.series)


@given(histories, days)
def test_then_uses_nothing_that_was_learnt_later(history: list[Observation], day: date) -> None:
    seen = assess(claim(), catalog(), history, day, TODAY)
    known = [one for one in history if one.valid_from.date() <= day]
    alone = assess(claim(), catalog(), known, day, TODAY)
    if seen.then.code in NUMERIC:
        assert seen.then.code is alone.then.code
        assert seen.then.official == alone.then.official
    else:
        assert alone.then.code not in NUMERIC
    for one in seen.then.tested:
        assert all(used.valid_from.date() <= day for used in one.rows)


def test_of_many_series_few_answer_a_claim() -> None:
    other = [RATE.replace("MEX", area) for area in ("USA", "GTM", "HND")]
    keys = [row("2020", "29", key=key).series for key in (RATE, *other, OWID, AID, TRADE)]
    assert [str(key) for key in answering(claim(), catalog(), keys)] == [RATE, OWID]


@given(histories, days)
def test_surely_known_is_part_of_what_stood(history: list[Observation], day: date) -> None:
    assert set(map(id, surely_known(history, day))) <= set(map(id, as_of(history, day)))


@given(histories)
def test_verdict_is_that_of_its_definitions(history: list[Observation]) -> None:
    verdict = assess(claim(), catalog(), history, WRITTEN, TODAY).now
    codes = {one.code for one in verdict.tested if one.code in NUMERIC}
    only = [hint for hint in verdict.hints if hint.kind is HintKind.ONLY_UNDER]
    if codes & AGREE:
        assert verdict.code in codes & AGREE
        assert bool(only) == bool(codes - AGREE)
    elif codes:
        assert verdict.code in codes | {Code.DIFFERS}
        assert not only
    assert (verdict.difference is None) == (verdict.code not in NUMERIC)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12), st.randoms())
def test_sum_does_not_depend_on_the_order(values: list[int], shuffled: Any) -> None:
    rows = [row(f"2016-{m:02d}", str(v), key=TRADE) for m, v in enumerate(values, 1)]
    shuffled.shuffle(rows)
    need = Need("flow", date(2016, 1, 1), date(2016, 12, 31), (("USA", "MEX"),))
    official = official_values(rows, need)
    if len(values) == 12:
        assert not isinstance(official, Gap)
        assert official[0] == Official(Decimal(sum(values)), official[0].rows)
        assert [r.time_period for r in official[0].rows] == sorted(r.time_period for r in rows)
    else:
        assert isinstance(official, Gap)
        assert official.partial == sum(values)
