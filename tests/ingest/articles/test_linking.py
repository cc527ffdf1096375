"""From figures to indicator, measure, facets and places, by the catalogue's cues alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalog import load_catalog
from config.schema import Article
from ingest.articles.cues import index_of
from ingest.articles.extract import Extracted, extract
from tests.broken import edit, faults
from tests.ingest.articles.gold import ARTICLES
from tests.ingest.articles.reading import CATALOG, TODAY, read

HOMICIDE = "indicators/homicide-rate.yaml"


def linked(found: Extracted) -> str:
    """`indicator measure ref>counterpart facet=value`."""
    sides = ">".join(",".join(side) for side in (found.ref_areas, found.counterpart_areas))
    facets = " ".join(f"{name}={value}" for name, value in found.facets.items())
    return f"{found.indicator} {found.measure} {sides} {facets}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rate was 29 homicides per 100,000 people.", "homicide-rate rate MEX>"),
        ("The murder rate in Honduras fell to 38.9.", "homicide-rate rate HND>"),
        ("There were 33,308 homicides in 2021.", "homicide-count deaths MEX>"),
        ("INEGI counted 33,308 homicides.",
         "homicide-count deaths MEX> crime=homicide method=death-registration"),
        ("The Mérida Initiative has cost $3.3 billion since 2008.",
         "merida-spending running-total USA>MEX programme=merida"),
        ("Congress appropriated $145 million for the Mérida Initiative.",
         "merida-spending aid USA>MEX programme=merida stage=appropriated"),
        ("Of the guns traced, 70 percent came from the United States.",
         "arms-seizures us-sourced-share MEX>USA"),
        ("Mexico sued eleven U.S. arms manufacturers.", "arms-suit-defendants defendants MEX>"),
        ("Mexico received 131,448 asylum applications.", "asylum-cases applications MEX>_T"),
        ("It received 36,300 asylum applications from Hondurans.",
         "asylum-cases applications MEX>HND"),
        ("Under Remain in Mexico there were 1,544 attacks.", "mpp-cases reported-attacks MEX>USA"),
        ("Washington shipped 2.7 million doses of AstraZeneca.",
         "vaccine-doses shipped USA>MEX product=astrazeneca"),
        ("It promised one million Johnson & Johnson vaccines.",
         "vaccine-doses promised USA>MEX product=janssen"),
        ("Biden promised $4 billion in aid to Central America.",
         "central-america-aid aid USA>XCA stage=promised"),
        ("Agents counted 191,900 encounters at the border.", "border-encounters encounters USA>_T"),
        ("There are 11 million undocumented immigrants.",
         "unauthorized-population population USA>_T"),
        ("A 25-percent tariff on Mexican products.", "tariff-threat announced-rate USA>MEX"),
        ("U.S. exports to Mexico were $276 billion.", "trade exports USA>MEX"),
        ("The peso closed at 17.05 per dollar.", "exchange-rate monthly-mean MEX>USA"),
        ("Almost 200 criminal groups live by extortion.",
         "criminal-organizations extortion-groups MEX>"),
        ("Hundreds of thousands of Hondurans and Guatemalans left their homes.",
         "northern-triangle-emigration emigrants HND,GTM>USA"),
        ("More than half the country is swept up in violence.",
         "violence-extent share-of-country MEX>"),
        ("The bridge cost $3 million.", ">"),
        ("Some 300 farmers protested.", ">"),
    ],
)  # fmt: skip
def test_english(text: str, expected: str) -> None:
    found = read(text)[0]
    assert linked(found).replace("crime=homicide ", "") == expected.replace("crime=homicide ", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Una tasa de 23 homicidios por cada 100 mil habitantes.", "homicide-rate rate MEX>"),
        ("Hubo 33,308 homicidios dolosos.",
         "homicide-count deaths MEX> crime=intentional-homicide"),
        ("La Iniciativa Mérida suma 3 mil millones de dólares desde 2008.",
         "merida-spending running-total USA>MEX programme=merida"),
        ("Siete de cada diez armas vienen de Estados Unidos.",
         "arms-seizures us-sourced-share MEX>USA"),
        ("Recibió 131,448 solicitudes de asilo.", "asylum-cases applications MEX>_T"),
        ("Se han aplicado 84 millones de dosis de la vacuna.", "vaccine-doses doses-given USA>MEX"),
        ("Los encuentros sumaron 2,378,944.", "border-encounters encounters USA>_T"),
        ("Hay 11 millones de indocumentados.", "unauthorized-population population USA>_T"),
        ("El tipo de cambio fue de 17.2315.", "exchange-rate monthly-mean MEX>USA"),
        ("Prometió 4,000 millones de dólares a Guatemala, Honduras y El Salvador.",
         "central-america-aid aid USA>GTM,HND,SLV stage=promised"),
    ],
)  # fmt: skip
def test_spanish(text: str, expected: str) -> None:
    assert linked(read(text, "es")[0]) == expected


def test_a_sentence_goes_on_with_the_indicator_of_the_one_before() -> None:
    text = (
        "The Mérida Initiative began in 2007. The United States spent $3 billion from 2008 to 2020."
    )
    (found,) = read(text)
    assert linked(found) == "merida-spending running-total USA>MEX programme=merida"


def test_the_nearer_subject_wins() -> None:
    text = "The cartel asked $5 million, and U.S. imports from Mexico came to $39 billion."
    assert [found.indicator for found in read(text)][1] == "trade"
    text = "COVID-19 killed 300,000 people."
    assert [found.indicator for found in read(text)] == [""]


def test_a_promise_is_told_from_a_shipment() -> None:
    text = "It shipped 2.7 million doses of the vaccine and promised 1 million doses."
    assert [found.status for found in read(text)] == ["shipped", "promised"]


def test_the_places_of_a_figure_are_those_that_the_text_names() -> None:
    (found,) = read("Mexico lent 300 doses to Honduras and Guatemala.")
    assert found.geography == ("HND", "GTM")
    (found,) = read("He told us that 300 people left.")
    assert found.geography == ()


def claims() -> list[object]:
    return [
        pytest.param(article, claim.id, id=f"{article.id}-{claim.id}")
        for article in CATALOG.articles.values()
        for claim in article.claims
    ]


@pytest.mark.skipif(not ARTICLES.exists(), reason="the texts of the articles are not at hand")
@pytest.mark.parametrize(("article", "claim_id"), claims())
def test_reviewed_claims_are_linked_as_the_reviewer_did(article: Article, claim_id: str) -> None:
    text = (ARTICLES / str(article.text_file)).read_text(encoding="utf-8")
    excerpt, claim = next(
        (excerpt, claim)
        for excerpt in article.excerpts
        for claim in excerpt.claims
        if claim.id == claim_id
    )
    start = excerpt.start + excerpt.exact.index(claim.quote)
    end = start + len(claim.quote)
    (found,) = (
        each
        for each in extract(text, article.language, article.published_on, CATALOG)
        if each.start < end and start < each.end and each.claim_class == "core"
    )
    assert (found.indicator, found.measure) == (claim.indicator, claim.measure)
    assert set(found.ref_areas) == set(claim.ref_areas)
    assert set(found.counterpart_areas) == set(claim.counterpart_areas)


def test_a_new_indicator_brings_its_own_linking(config_copy: Path) -> None:
    text = "In March 320 whales passed the strait."
    assert extract(text, "en", TODAY, CATALOG)[0].indicator == ""
    (config_copy / "indicators" / "whales.yaml").write_text(
        """\
id: whales
name: {en: Whales, es: Ballenas}
topic: economy
official: false
definition: {en: Whales that pass., es: Ballenas que pasan.}
not_this: {en: Not dolphins., es: No son delfines.}
measures:
  passages:
    name: {en: Passages, es: Pasos}
    unit: items
    kind: flow
cues:
  words: {en: [whale*], es: [ballena*]}
  measures:
    passages: {units: [whales]}
  ref_areas: [MEX]
""",
        encoding="utf-8",
    )
    (found,) = extract(text, "en", TODAY, load_catalog(config_copy))
    assert linked(found) == "whales passages MEX>"


def test_the_catalogue_s_words_for_a_unit_are_read(config_copy: Path) -> None:
    edit(
        config_copy / "units.yaml",
        "en: [investigation files,",
        "en: [dossiers, investigation files,",
    )
    (found,) = extract("It opened 320 dossiers.", "en", TODAY, load_catalog(config_copy))
    assert found.unit == "case-files"


def test_the_index_is_built_once_for_a_catalogue() -> None:
    assert index_of(CATALOG, "en") is index_of(CATALOG, "en")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("    rate:\n      units", "    rates:\n      units", "cues.measures.rates",
         "unknown measure"),
        ("  ref_areas: [MEX]\n  named", "  ref_areas: [MEY]\n  named", "cues.ref_areas[0]",
         "unknown area"),
        ("    source-type:\n      deaths", "    source-typ:\n      deaths",
         "cues.facets.source-typ", "unknown facet"),
        ("      case-files:\n        en: [sesnsp", "      case-file:\n        en: [sesnsp",
         "cues.facets.source-type.case-file", "unknown value"),
    ],
)  # fmt: skip
def test_cues_that_name_what_is_not_there_are_refused(
    config_copy: Path, old: str, new: str, key: str, message: str
) -> None:
    path = config_copy / HOMICIDE
    head, tail = path.read_text(encoding="utf-8").split("\ncues:\n")
    assert old in tail
    path.write_text(f"{head}\ncues:\n{tail.replace(old, new)}", encoding="utf-8")
    (error,) = faults(config_copy)
    assert error.key == key
    assert message in error.message
