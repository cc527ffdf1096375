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


ARMS = "Seventy percent of the guns traced in Mexico came from the United States. "
ARMAS = "El 70 por ciento de las armas rastreadas en México viene de Estados Unidos. "


@pytest.mark.parametrize(
    ("language", "text", "goes_on"),
    [
        ("en", ARMS + "In 2015, it was 68 percent.", True),
        ("en", ARMS + "The share rose to 74 percent in 2020.", True),
        ("en", ARMS + "Two thirds in 2015.", True),
        ("es", ARMAS + "La proporción subió a 74 por ciento.", True),
        ("en", ARMS + "A third of respondents fear crime.", False),
        ("en", ARMS + "The government spent a third of its budget on police.", False),
        ("en", ARMS + "Inflation reached 12.5 percent.", False),
        ("en", ARMS + "The economy shrank 12.5 percent.", False),
        ("en", ARMS + "He said that unemployment stood at 12.5 percent.", False),
        ("en", ARMS + "The other 12.5 percent are from Europe.", False),
        ("es", ARMAS + "La inflación llegó a 12.5 por ciento.", False),
        ("es", ARMAS + "Un tercio de los encuestados teme al crimen.", False),
    ],
)
def test_a_share_goes_on_where_it_has_no_subject_of_its_own(
    language: str, text: str, goes_on: bool
) -> None:
    found = read(text, language)
    assert found[0].measure == "us-sourced-share"
    assert (found[1].measure == "us-sourced-share") == goes_on
    assert bool(found[1].indicator) == goes_on


def test_a_share_is_no_count() -> None:
    found = read("Mexico seized 30,000 weapons in 2020. A third were rifles.")
    assert found[1].indicator == ""


@pytest.mark.parametrize(
    ("language", "text", "measure"),
    [
        ("en", "U.S. exports to Mexico were $276 billion.", "exports"),
        ("en", "U.S. imports from Mexico were $455 billion.", "imports"),
        ("en", "Mexico's imports from the United States reached $324 billion.", "exports"),
        ("en", "Mexico exported $450 billion to the United States.", "imports"),
        ("en", "Exports to the United States rose to $450 billion, Mexico said.", "imports"),
        ("en", "Mexico imported $324 billion of goods from the United States.", "exports"),
        # From and to whom is not said: it may be everybody.
        ("en", "Mexico imported $580 billion of goods.", ""),
        ("en", "Mexican exports reached $590 billion.", ""),
        ("en", "Mexico imported $20 billion of corn from the United States.", ""),
        ("es", "Las exportaciones de Estados Unidos a México sumaron 324 mil millones de dólares.",
         "exports"),
        ("es", "Las exportaciones mexicanas a Estados Unidos sumaron 490 mil millones de dólares.",
         "imports"),
        ("es", "México importó bienes desde Estados Unidos por 324 mil millones de dólares.",
         "exports"),
        ("es", "Las importaciones mexicanas sumaron 600 mil millones de dólares.", ""),
    ],
)  # fmt: skip
def test_what_one_side_sells_the_other_buys(language: str, text: str, measure: str) -> None:
    found = read(text, language)[0]
    assert found.measure == measure
    assert found.indicator == ("trade" if measure else "")


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
