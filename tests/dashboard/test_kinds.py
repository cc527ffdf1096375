"""What series count: the cards, and that the catalogue says why they are kept apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.catalog import Catalog
from dashboard.components.kinds import groups
from dashboard.i18n import LANGUAGES, Translator
from db.queries import series_keys
from db.records import SeriesKey
from tests.dashboard.pages import Element, Markup
from tests.stores import Loaded

Get = Callable[[str], Markup]

APART = {
    "homicide-count": {"measures": {"deaths", "case-files", "victims", "investigations"}},
    "homicide-rate": {"source-type": {"compiled", "deaths", "case-files", "investigations"}},
    "merida-spending": {
        "stage": {"requested", "allocated", "appropriated", "obligated", "disbursed"}
    },
    "border-encounters": {"sources": {"cbp", "dhs-ohss"}, "component": {"all", "usbp", "ofo"}},
    "asylum-cases": {"sources": {"unhcr", "comar"}, "procedure": {"all", "eo", "in", "ar"}},
    "unauthorized-population": {"sources": {"dhs-ois", "pew"}},
}
"""What must be told apart, at the least."""


def cards_of(markup: Markup) -> dict[str, Element]:
    """Kind to its card. One id may stand in two groups: the last one counts."""
    section = markup.one("section", id="kinds")
    return {card.attributes["data-kind"]: card for card in section.all("li") if card.all("h4")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(APART))
def test_what_must_be_told_apart_is(name: str, language: str, loaded: Loaded) -> None:
    indicator = loaded.catalog.indicators[name]
    t = Translator(language)
    keys = series_keys(loaded.engine, name)
    found = {group.id: group for group in groups(loaded.catalog, indicator, keys, t)}
    for group, kinds in APART[name].items():
        assert {kind.id for kind in found[group].kinds} >= kinds
        assert all(kind.definition for kind in found[group].kinds), group


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(APART))
def test_each_card_has_name_definition_unit_and_provider(
    name: str, language: str, page: Get
) -> None:
    for card in cards_of(page(f"/{language}/indicators/{name}")).values():
        assert card.all("h4")[0].text
        assert len(card.all("p")[0].text) > 10
        values = [value.text for value in card.all("dd")]
        assert len(values) == 2
        assert all(values)


def test_the_cards_of_homicides_say_who_counts_what(page: Get) -> None:
    cards = cards_of(page("/en/indicators/homicide-count"))
    assert "INEGI registers" in cards["deaths"].text
    assert "deaths" in cards["deaths"].all("dd")[0].text
    assert "SESNSP" in cards["case-files"].all("dd")[1].text
    assert "on the chart" in cards["case-files"].all("h4")[0].text
    assert cards["victims"].all("a")[0].attributes["href"].endswith("?measure=victims")


def test_the_reason_is_said_in_both_languages(page: Get) -> None:
    english = page("/en/indicators/border-encounters").one("section", id="kinds")
    assert "Never added, never joined:" in english.text
    assert "rounded to 10" in english.text
    spanish = page("/es/indicators/border-encounters").one("section", id="kinds")
    assert "Nunca se suman ni se unen:" in spanish.text
    assert "redondeada a decenas" in spanish.text


def test_the_chart_leads_to_its_definitions(page: Get) -> None:
    chart = page("/en/indicators/merida-spending").one("section", id="chart")
    assert chart.all("a", href="#kinds")
    alone = page("/en/indicators/tariff-threat")
    assert not alone.all("a", href="#kinds")
    assert not alone.all("section", id="kinds")


def test_what_is_not_verified_is_said_so(page: Get) -> None:
    cards = cards_of(page("/en/indicators/asylum-cases"))
    assert "not verified" in cards["eo"].text
    assert "no está verificado" in cards_of(page("/es/indicators/asylum-cases"))["in"].text


def test_one_kind_alone_needs_no_reason(catalog: Catalog) -> None:
    indicator = catalog.indicators["homicide-rate"]
    key = SeriesKey("homicide-rate", "rate", "A", "MEX", None, "world-bank", "source-type=compiled")
    t = Translator("en")
    assert groups(catalog, indicator, [key], t) == []
    other = SeriesKey("homicide-rate", "rate", "A", "MEX", None, "owid-homicide", key.facets)
    (group,) = groups(catalog, indicator, [key, other], t)
    assert [kind.id for kind in group.kinds] == ["world-bank", "owid-homicide"]


def test_every_facet_that_is_apart_has_definitions(catalog: Catalog) -> None:
    missing = [
        f"{indicator.id}: {name}.{value}"
        for indicator in catalog.indicators.values()
        for name, facet in indicator.facets.items()
        if facet.apart
        for value, what in facet.values.items()
        if what.definition is None
    ]
    missing += [
        f"{indicator.id}: {name}"
        for indicator in catalog.indicators.values()
        if indicator.measures_apart
        for name, measure in indicator.measures.items()
        if measure.definition is None
    ]
    assert missing == []
