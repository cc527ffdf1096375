"""The verdicts of the shipped articles as their pages say them, then and now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard import labels
from dashboard.app import Site
from dashboard.components.verdicts import label_words, percent, value_words, words
from dashboard.i18n import Translator
from db.records import StoredClaim
from db.verdicts import Assessment, Code, Finding, Interval, Verdict
from tests.dashboard.pages import Markup

Get = Callable[[str], Markup]
EN, ES = Translator("en"), Translator("es")
d = Decimal

BENITEZ, HARRIS = "benitez-2021-two-track", "leiroz-2021-amlo-harris"
PROMISES, DISTRUST = "leiroz-2021-biden-promises", "mexico-usa-2020-distrust"
SIGNAL = "scortez-2021-signal-changes"
NONE, OLD = "○ No official series", "○ Earlier official figure not archived"
MATCHES = "= Matches official figure"

TABLE = [
    (
        f"{BENITEZ}/homicide-rate-2008",
        "≠ Differs by −32.9%, by other definitions up to −37%",
        "≠ Differs by −32.9%, by other definitions up to −37%",
        ["It matches 2007 instead.", "OWID, UNODC compilation, 2008: 12.69", "differs by −37%"],
    ),
    (
        f"{BENITEZ}/homicide-rate-2020",
        OLD,
        f"{MATCHES} Official: 22.56 per 100,000",
        ["It agrees only under: Two-Track, Case files (SESNSP).", "29.00", "differs by −20.7%"],
    ),
    (
        f"{BENITEZ}/homicides-tripled",
        OLD,
        "≠ Differs by +31.3%, by other definitions up to +33.6% Official: 2.29",
        ["3 times as much", "Consistent at its rounding", "3.56"],
    ),
    (
        f"{BENITEZ}/merida-spending",
        f"{MATCHES} Official: US$3.1 billion (CRS",
        f"{MATCHES} Official: US$3.1 billion (CRS",
        ["US$3 billion or more", "fiscal years", "Stage: not stated by the article; here App"],
    ),
    (
        f"{HARRIS}/astrazeneca-shipped",
        f"{MATCHES} Official: 2.71 million doses",
        f"{MATCHES} Official: 2.71 million doses",
        ["2.65 million to 2.75 million doses"],
    ),
    (
        f"{HARRIS}/johnson-promised",
        f"{MATCHES} Official: 1 million doses",
        f"{MATCHES} Official: 1 million doses",
        ["The figure is of something announced"],
    ),
    (
        f"{BENITEZ}/vaccine-doses-gifted",
        "≠ Differs by +5.7% Official: 7.57 million doses",
        "≠ Differs by +5.7% Official: 7.57 million doses",
        ["It matches 19 October 2021 instead.", "(30 September 2021, inferred)"],
    ),
    (
        f"{PROMISES}/unauthorized-immigrants",
        OLD,
        f"{MATCHES} Official: 11.4 million persons (DHS OIS, 2018)",
        ["9.9 million to 12.1 million persons"],
    ),
    (
        f"{SIGNAL}/undocumented-immigrants",
        f"{MATCHES} Official: 11.4 million persons (DHS OIS, 2018)",
        f"{MATCHES} Official: 11.4 million persons (DHS OIS, 2018)",
        ["Not official, beside it: Pew, 2017: 10.5 million persons, matches"],
    ),
    (
        f"{PROMISES}/mexican-origin-share",
        OLD,
        "≈ Close: differs by less than 0.1% Official: less than 50% (DHS OIS, 2018)",
        ["It matches 2015 instead.", "50% or more"],
    ),
    (
        f"{HARRIS}/latinos-to-legalize",
        "≠ Differs by a factor of 11.4: lower",
        "≠ Differs by a factor of 11.4: lower",
        ["from 2,000 to under 1 million persons"],
    ),
    (f"{PROMISES}/northern-triangle-aid", NONE, NONE, ["something announced"]),
    (f"{DISTRUST}/northern-triangle-aid", NONE, NONE, ["something announced"]),
    (f"{SIGNAL}/central-america-aid", NONE, NONE, ["committed"]),
    (
        f"{DISTRUST}/tariff-threat-2019",
        f"{MATCHES} Official: 5% (White House, 10 June 2019)",
        f"{MATCHES} Official: 5% (White House, 10 June 2019)",
        ["something announced"],
    ),
    (
        f"{BENITEZ}/tariff-threat-2019",
        f"{MATCHES} Official: 25% (White House, 1 October 2019)",
        f"{MATCHES} Official: 25% (White House, 1 October 2019)",
        ["something announced"],
    ),
    (
        f"{DISTRUST}/stranded-asylum-seekers",
        f"{MATCHES} Official: 68,000 cases",
        f"{MATCHES} Official: 68,000 cases",
        ["from 20,000 to under 100,000", "The article counts persons, the official figure cases."],
    ),
    (
        f"{SIGNAL}/reported-attacks",
        NONE,
        NONE,
        ["Human Rights Watch", "Human Rights First, 28 February 2020: more than 1,000 reports"],
    ),
    (f"{BENITEZ}/arms-suit-defendants", NONE, NONE, []),
]
"""Claim, then, now, and what else is said: the table of the method over what is shipped."""


@pytest.mark.parametrize(("claim", "then", "now", "more"), TABLE, ids=[row[0] for row in TABLE])
def test_the_table_of_the_method(
    claim: str, then: str, now: str, more: list[str], page: Get
) -> None:
    readings = page(f"/en/articles/{claim.partition('/')[0]}").all("div", class_="reading")
    (card,) = [e for e in readings if e.has({"data-claim": claim})]
    (verdict,) = card.all("div", class_="verdict")
    written, *later = [p.text for p in verdict.all("p")]
    _, both, said = written.partition(") and now: ")
    if then == now:
        # What did not change is said once.
        assert both
        assert said.startswith(then)
    else:
        assert written.partition("): ")[2].startswith(then)
        assert later[0].partition("Now: ")[2].startswith(now)
    for text in more:
        assert text in card.text


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ("0.057", "+5.7%"),
        ("-0.37", "−37%"),
        ("-0.0008", "−0.1%"),
        ("-0.0004", "−0.04%"),
        ("0.00004", "+0.004%"),
        ("0.0000000004", "+0.00000004%"),
        ("0", "0%"),
    ],
)
def test_a_small_difference_is_not_called_none(difference: str, said: str) -> None:
    assert percent(d(difference), EN) == said


@pytest.mark.parametrize(
    ("verdict", "english", "spanish"),
    [
        # More than 8 million against 12 million: the official figure is half again as high.
        (
            Verdict(Code.MATCH_LOOSE, difference=d(-1) / 3),
            "Bound holds; official is 50% higher",
            "El límite se cumple; la oficial es 50% mayor",
        ),
        # Up to 100 against 50.
        (
            Verdict(Code.MATCH_LOOSE, difference=d(1)),
            "Bound holds; official is 50% lower",
            "El límite se cumple; la oficial es 50% menor",
        ),
        (
            Verdict(Code.NEAR, difference=d("-0.0004")),
            "Close: differs by −0.04%",
            "Cercana: difiere en −0.04%",
        ),
        (
            Verdict(Code.DIFFERS, difference=d(2), factor=d("2.5")),
            "Differs by a factor of 2.5: higher",
            "Difiere por un factor de 2.5: mayor",
        ),
        (
            Verdict(Code.DIFFERS, difference=d("0.1"), span=(d("0.1"), d("0.1"))),
            "Differs by +10%",
            "Difiere en +10%",
        ),
    ],
)
def test_words(verdict: Verdict, english: str, spanish: str) -> None:
    assert words(verdict, EN) == english
    assert words(verdict, ES) == spanish


def test_a_revision_is_said_with_both_values(site: Site) -> None:
    store = site.store
    claim = next(c for c in store.claims() if c.id == f"{BENITEZ}/homicide-rate-2008")
    now = store.assessments()[claim.id].now
    (row,) = next(one for one in now.tested if one.series == now.series).rows

    def verdict(code: Code, value: str) -> Verdict:
        finding = Finding(now.series, code, d(value), rows=(row,))
        return Verdict(code, d(value), series=now.series, tested=(finding,))

    assessment = Assessment(
        verdict(Code.MATCH, "8.1"), verdict(Code.DIFFERS, "9.25"), "matched-then-revised"
    )
    said = label_words(store.catalog, claim, assessment, EN).replace("\u00a0", " ")
    assert said == (
        "Matched when written; official figure since revised from 8.10 per 100,000 to 9.25 per "
        "100,000."
    )
    little = replace(assessment, now=verdict(Code.DIFFERS, "8.1004"))
    said = label_words(store.catalog, claim, little, EN).replace("\u00a0", " ")
    assert "revised from 8.1000 per 100,000 to 8.1004 per 100,000" in said
    after = replace(assessment, label="matches-after-revision")
    assert "se revisó de 8.10" in label_words(store.catalog, claim, after, ES)
    plain = replace(assessment, label="match")
    assert label_words(store.catalog, claim, plain, EN) == ""


def test_an_interval_without_ends_says_nothing(site: Site) -> None:
    store = site.store
    claim = store.claims()[0]
    assert value_words(store.catalog, claim, Interval(None, None), EN) == ""


@pytest.mark.parametrize(
    ("value", "step", "english", "spanish"),
    [
        ("8.1", "0.1", "8.1 per 100,000", "8.1 por 100,000"),
        ("8", "0.1", "8.0 per 100,000", "8.0 por 100,000"),
        ("8.15", "0.01", "8.15 per 100,000", "8.15 por 100,000"),
        ("8.125", "0.001", "8.125 per 100,000", "8.125 por 100,000"),
        ("23", "1", "23 per 100,000", "23 por 100,000"),
    ],
)
def test_a_rate_is_shown_with_the_digits_it_was_cited_with(
    site: Site, value: str, step: str, english: str, spanish: str
) -> None:
    claim = _rate(site, value, step)
    unit = site.store.catalog.units["per-100k"]
    assert _plain(labels.cited_value(claim, unit, EN)) == english
    assert _plain(labels.cited_value(claim, unit, ES)) == spanish


@pytest.mark.parametrize(
    ("value", "step", "unit", "english", "spanish"),
    [
        ("2700000", "100000", "doses", "2.7 million doses", "2.7 millones de dosis"),
        ("2716000", "1000", "doses", "2.716 million doses", "2.716 millones de dosis"),
        ("2716543", "1", "doses", "2,716,543 doses", "2,716,543 dosis"),
        ("1000000", "1000000", "doses", "1 million doses", "1 millón de dosis"),
        ("3326700000", "100000", "usd", "US$3,326.7 million", "US$3,326.7 millones"),
        ("4000000000", "1000000000", "usd", "US$4 billion", "US$4 mil millones"),
        ("65.8", "0.1", "percent", "65.8%", "65.8%"),
        ("50", "5", "percent", "50%", "50%"),
        ("2.5", "0.5", "ratio", "2.5 times as much", "2.5 veces"),
        ("5046", "1", "doses", "5,046 doses", "5,046 dosis"),
    ],
)
def test_a_count_is_shown_with_the_digits_it_was_cited_with(
    site: Site, value: str, step: str, unit: str, english: str, spanish: str
) -> None:
    claim = replace(_rate(site, value, step), unit=unit)
    units = site.store.catalog.units
    assert _plain(labels.cited_value(claim, units[unit], EN)) == english
    assert _plain(labels.cited_value(claim, units[unit], ES)).startswith(spanish)


@pytest.mark.parametrize(
    ("value", "step", "official", "said"),
    [
        ("8.1", "0.1", "8.15789", "8.16 per 100,000"),
        ("8.15", "0.01", "8.1578", "8.16 per 100,000"),
        ("8.15", "0.01", "8.1449", "8.14 per 100,000"),
        # More than 8.15 against a shade less.
        ("8.15", "0.01", "8.14999", "8.14999 per 100,000"),
        ("8.125", "0.001", "8.1234", "8.123 per 100,000"),
    ],
)
def test_an_official_value_is_shown_with_the_digits_that_tell_it_apart(
    site: Site, value: str, step: str, official: str, said: str
) -> None:
    catalog = site.store.catalog
    words_ = value_words(catalog, _rate(site, value, step), d(official), EN, apart=True)
    assert _plain(words_) == said


def _rate(site: Site, value: str, step: str) -> StoredClaim:
    claim = next(c for c in site.store.claims() if c.id == f"{BENITEZ}/homicide-rate-2008")
    return replace(claim, value_low=d(value), value_high=d(value), rounding_unit=d(step))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")
