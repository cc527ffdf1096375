"""How figures stand to those of other articles, on the pages and in the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from dashboard.app import Site
from dashboard.export.columns import CONSISTENCY_COLUMNS
from db.consistency import Relation, pairs, steps
from db.verdicts import Code, Verdict
from tests.dashboard.pages import Element, Markup
from tests.stores import Loaded

Get = Callable[[str], Markup]
ARTICLES = "/en/articles/"
FIVE = "mexico-usa-2020-distrust/tariff-threat-2019"
TWENTY_FIVE = "benitez-2021-two-track/tariff-threat-2019"
THOUSANDS = "leiroz-2021-amlo-harris/latinos-to-legalize"
AROUND = "leiroz-2021-biden-promises/unauthorized-immigrants"
ELEVEN = "scortez-2021-signal-changes/undocumented-immigrants"
CENTRAL_AMERICA = "scortez-2021-signal-changes/central-america-aid"
TRIPLED = "benitez-2021-two-track/homicides-tripled"


def card(found: Markup, claim: str) -> Element:
    (element,) = [e for e in found.all("div", class_="reading") if e.has({"data-claim": claim})]
    return element


def relations(found: Markup, claim: str) -> str:
    (element,) = card(found, claim).all("div", class_="relations")
    return element.text


def on_article(page: Get, claim: str, language: str = "en") -> str:
    return relations(page(f"/{language}/articles/{claim.partition('/')[0]}"), claim)


def test_a_contradiction_is_resolved_by_the_schedule(page: Get) -> None:
    for claim, other in ((FIVE, "25% · Benítez"), (TWENTY_FIVE, "5% · Mexico and the USA")):
        said = on_article(page, claim)
        assert f"≠ Contradicts {other}" in said
        assert "5% from 10 June 2019, then 25% from 1 October 2019" in said
        assert "announced on 30 May 2019 (White House)" in said
    assert "pasos de un mismo calendario" in on_article(page, FIVE, "es")


def test_what_is_not_announced_together_is_not_resolved(site: Site) -> None:
    found = site.store.assessments()
    five, other = found[FIVE].now, found[TWENTY_FIVE].now
    catalog = site.store.catalog
    assert steps(five, other, catalog) is not None
    assert steps(five, five, catalog) is None
    assert steps(five, Verdict(Code.NO_OFFICIAL_SERIES), catalog) is None
    (finding,) = other.tested
    (row,) = finding.rows
    later = replace(row, valid_from=row.valid_from.replace(year=2020))
    apart = replace(other, tested=(replace(finding, rows=(later,)),))
    assert steps(five, apart, catalog) is None


def test_bands_that_do_not_meet_contradict_each_other(page: Get) -> None:
    said = on_article(page, THOUSANDS)
    assert "≠ Contradicts about 11 million persons" in said
    assert "≠ Contradicts 11 million persons" in said
    assert "schedule" not in said
    assert "≠ Contradicts from 2,000 to under 1 million persons" in on_article(page, ELEVEN)


def test_the_same_value_agrees(page: Get) -> None:
    assert "= Agrees with 11 million persons" in on_article(page, AROUND)
    assert "= Concuerda con 11 millones de personas" in on_article(page, AROUND, "es")


def test_the_same_amount_of_another_thing(page: Get) -> None:
    said = on_article(page, CENTRAL_AMERICA)
    assert "Same amount, not the same thing: US$4 billion · Leiroz de Almeida 2021" in said
    assert "place: Honduras, El Salvador, Guatemala, here Central America" in said
    assert "status: promised, here committed" in said
    assert "Contradicts" not in said


def test_what_is_not_comparable_is_folded(page: Get) -> None:
    name = "benitez-2021-two-track"
    found = card(page(f"{ARTICLES}{name}"), f"{name}/vaccine-doses-gifted")
    (folded,) = found.all("details")
    assert "open" not in folded.attributes
    assert folded.all("summary")[0].text.startswith("2 figures of other articles")
    assert "one is a running total: Doses shipped, here Doses sent in all" in folded.text


def test_every_relation_is_linked_both_ways(site: Site, page: Get) -> None:
    """On the pages of both articles, and within the page of the indicator."""
    store = site.store
    assert len(store.pairs()) > 10
    for pair in store.pairs():
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            name, anchor = other.article, "claim-" + other.id.replace("/", "-")
            of_one = card(page(f"{ARTICLES}{one.article}"), one.id)
            assert of_one.all("a", href=f"{ARTICLES}{name}#{anchor}")
            indicator = page(f"/en/indicators/{one.indicator}")
            assert card(indicator, one.id).all("a", href=f"#{anchor}")


def test_a_ratio_is_held_against_its_own_sentence(page: Get) -> None:
    for found in (page(f"{ARTICLES}benitez-2021-two-track"), page("/en/indicators/homicide-rate")):
        said = relations(found, TRIPLED)
        assert "= Consistent at its rounding 23 / 8 = 2.875 (accepted: 2.7 to 3.3)" in said
        assert "A count against a rate" in said
        # 2007, which the stated start matches: 29.00 / 8.15 by the series that is held against it.
        assert "matches 2007; counted from that year, the official ratio is 3.56" in said
    assert "Consistente con su redondeo" in on_article(page, TRIPLED, "es")


def test_a_ratio_that_does_not_fit_its_values_is_said_to(loaded: Loaded, site: Site) -> None:
    store = site.store
    ratio = next(claim for claim in store.claims() if claim.id == TRIPLED)
    doubled = replace(ratio, value_low=Decimal(2), value_high=Decimal(2))
    found = store.internal(doubled)
    assert found is not None
    assert found.numeric.code is Code.DIFFERS


def test_pairs_come_once_and_never_from_one_article(site: Site) -> None:
    store = site.store
    found = list(pairs(store.claims(), store.assessments(), store.catalog))
    names = [frozenset((pair.one.id, pair.other.id)) for pair in found]
    assert len(names) == len(set(names))
    assert all(pair.one.article != pair.other.article for pair in found)
    assert all(pair.one.article_date <= pair.other.article_date for pair in found)
    resolved = [pair for pair in found if pair.steps]
    assert [pair.comparison.relation for pair in resolved] == [Relation.CONTRADICTS]


# --- the files ---


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def test_the_file_has_the_pairs_and_the_internal_checks(client: FlaskClient, site: Site) -> None:
    found = rows(client, "/api/v1/consistency.csv")
    assert tuple(found[0]) == CONSISTENCY_COLUMNS
    assert len(found) == len(site.store.pairs()) + 1
    (tariff,) = [row for row in found if row["indicator"] == "tariff-threat"]
    assert (tariff["claim_id"], tariff["other_claim_id"]) == (FIVE, TWENTY_FIVE)
    assert (tariff["relation"], tariff["period"]) == ("CONTRADICTS", "2019-06-10")
    assert tariff["resolved_by"].endswith(".white-house")
    (internal,) = [row for row in found if row["relation"] == "INTERNAL"]
    assert (internal["claim_id"], internal["computed_ratio"]) == (TRIPLED, "2.875")
    assert (internal["fields"], internal["amounts"]) == ("count-against-rate", "MATCH")


@pytest.mark.parametrize("article", ["scortez-2021-signal-changes", "benitez-2021-two-track"])
def test_the_file_of_an_article_has_both_sides(client: FlaskClient, article: str) -> None:
    found = rows(client, f"/api/v1/consistency.csv?article={article}")
    assert found
    assert all(article in row["claim_id"] + row["other_claim_id"] for row in found)


def test_json_says_the_same(client: FlaskClient) -> None:
    answer = client.get("/api/v1/consistency.json?indicator=homicide-rate")
    assert answer.mimetype == "application/json"
    (row,) = answer.get_json()["consistency"]
    assert (row["stated_ratio"], row["computed_ratio"]) == (3, 2.875)
    assert row["resolved_by"] is None
