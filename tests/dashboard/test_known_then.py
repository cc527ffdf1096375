"""The day of knowledge on pages without a chart, and what of an address they do not have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.dashboard.pages import Markup

Get = Callable[[str], Markup]

THEN = "asof=2021-06-30"
ARTICLE = "benitez-2021-two-track"
"""Of 30 September 2021."""


def card_of(overview: Markup, indicator: str) -> str:
    """The text of the card whose link leads to an indicator."""
    (card,) = [
        each
        for each in overview.one("ul", class_="cards").all("article")
        if f"/indicators/{indicator}" in each.all("a")[0].attributes["href"]
    ]
    return card.text


def test_the_overview_is_of_the_day_asked_for(page: Get) -> None:
    now, then = page("/en/"), page(f"/en/?{THEN}")
    assert then.one("h1").text.endswith("official sources record, as known on 30 June 2021")
    assert then.one("title").text.startswith("Overview, as known on 30 June 2021")
    lead = then.one("p", class_="lead").text
    assert "As known on 30 June 2021." in lead
    assert "figures that were cited later are left out." in lead
    assert "13.14 million" in card_of(now, "vaccine-doses")
    assert "4.07 million" in card_of(then, "vaccine-doses")
    assert "Now:" not in then.one("main").text
    assert not then.all("div", class_="notice")


def test_an_overview_of_a_day_leads_on_to_pages_of_that_day(page: Get) -> None:
    found = page(f"/en/?{THEN}")
    links = [
        each.attributes["href"]
        for name in ("cards", "articles")
        for each in found.one("ul", class_=name).all("a")
    ]
    assert links
    assert all(THEN in link for link in links)
    assert not [link for link in links if ARTICLE in link]
    (reset,) = found.all("a", class_="reset")
    assert reset.attributes["href"] == "/en/"
    (spanish,) = found.all("a", href=f"/es/?{THEN}")
    assert spanish.text == "Español"


def test_an_overview_before_all_articles_and_values_says_so(page: Get) -> None:
    found = page("/es/?asof=1950-01-01")
    cards = found.one("ul", class_="cards").text
    assert "La colección no tiene ningún valor oficial tal como se conocía en esa fecha." in cards
    assert "cifras citadas después" in found.one("p", class_="lead").text


def test_an_article_is_held_against_what_was_known_on_a_day(page: Get) -> None:
    found = page(f"/en/articles/{ARTICLE}?asof=2022-01-01")
    assert found.one("h1").text.endswith(", as known on 1 January 2022")
    readings = [each.text for each in found.all("div", class_="verdict")]
    assert readings
    assert all("As known on 1 January 2022:" in text for text in readings)
    assert found.one("input", type="date").attributes["value"] == "2022-01-01"
    marks = [each.all("a")[0].attributes["href"] for each in found.all("mark")]
    assert all("asof=2022-01-01" in link for link in marks)
    assert "written after that day" in page(f"/en/articles/{ARTICLE}?{THEN}").one("main").text


@pytest.mark.parametrize("path", ["", f"articles/{ARTICLE}"])
def test_a_page_names_the_parameters_that_it_has(path: str, page: Get) -> None:
    (notice,) = page(f"/en/{path}?geo=MEX").all("div", class_="notice")
    assert "geo=MEX" in notice.text
    assert "Valid: asof, readings." in notice.text


@pytest.mark.parametrize("path", ["articles", "ledger"])
def test_a_list_without_a_day_says_that_it_left_one_out(path: str, page: Get) -> None:
    (notice,) = page(f"/en/{path}?{THEN}").all("div", class_="notice")
    assert "asof=2021-06-30" in notice.text
    assert "Valid: readings." in notice.text


@pytest.mark.parametrize("path", ["indicators", "sources", "about", "sources/world-bank"])
def test_a_page_without_parameters_leaves_all_out(path: str, page: Get) -> None:
    (notice,) = page(f"/en/{path}?{THEN}").all("div", class_="notice")
    assert "asof=2021-06-30" in notice.text
    assert "Valid" not in notice.text


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("/en/?asof=", "/en/"),
        ("/es/?asof=2021-06-30&readings=", "/es/?asof=2021-06-30"),
        (
            "/en/indicators/homicide-rate?measure=rate&geo=MEX&freq=A&unit=index&from=&events=",
            "/en/indicators/homicide-rate?measure=rate&geo=MEX&unit=index&freq=A",
        ),
        (
            "/en/compare?series=&series=trade.exports%3Dx&series=&scale=index",
            "/en/compare?series=trade.exports=x&scale=index",
        ),
        ("/en/search?q=&kind=", "/en/search"),
    ],
)
def test_empty_fields_of_a_form_are_not_in_the_address(
    sent: str, canonical: str, client: FlaskClient
) -> None:
    response = client.get(sent)
    assert (response.status_code, response.headers["Location"]) == (303, canonical)
    assert client.get(canonical).status_code == 200


def test_an_empty_value_that_counts_stays_in_the_address(client: FlaskClient) -> None:
    assert client.get("/en/indicators/homicide-rate?from=&from=2010").status_code == 200
    assert client.get("/api/v1/events.csv?from=").status_code == 200
