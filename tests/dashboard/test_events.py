"""The page of dated events."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from config.catalog import Catalog
from tests.dashboard.pages import Element, Markup

Get = Callable[[str], Markup]


def items(markup: Markup) -> dict[str, Element]:
    return {li.attributes["id"]: li for li in markup.all("li", class_="event-item")}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_event_stands_there_in_order_with_its_source(
    language: str, page: Get, catalog: Catalog
) -> None:
    found = items(page(f"/{language}/events"))
    events = sorted(catalog.pair.events, key=lambda e: (e.date, e.id))
    assert list(found) == [f"event-{event.id}" for event in events]
    for event in events:
        item = found[f"event-{event.id}"]
        assert event.label[language] in item.text
        assert " ".join(event.source.split()) in item.text
        links = [a.attributes["href"] for a in item.all("a")]
        assert event.source_url is None or event.source_url in links
        for name in event.indicators:
            assert any(href.startswith(f"/{language}/indicators/{name}?") for href in links)
        for name in event.articles:
            assert f"/{language}/articles/{name}" in links


def test_a_span_has_both_its_days(page: Get) -> None:
    item = items(page("/en/events"))["event-tariff-threat-2019"]
    assert "30 May 2019 – 7 June 2019" in item.text
    assert "a span of 9 days" in item.text
    assert "is-span" in item.attributes["class"]
    month = items(page("/es/events"))["event-migration-agreement-2019"]
    assert "junio de 2019" in month.text
    assert "1 de junio" not in month.text


def test_the_number_beside_a_link_is_that_on_the_chart_it_leads_to(page: Get) -> None:
    item = items(page("/en/events"))["event-mpp-terminated"]
    link = next(a for a in item.all("a") if "border-encounters" in a.attributes["href"])
    assert link.text == "Encounters at the southwest border (no. 6)"
    address = link.attributes["href"].partition("#")[0]
    listed = page(address).one("details", class_="events").all("li", value="6")
    assert listed[0].text.startswith("1 June 2021 Remain in Mexico")


def test_filters_hold_together(page: Get) -> None:
    asked = page("/en/events?kind=meeting&indicator=vaccine-doses&from=2021&to=2021")
    (name,) = items(asked)
    assert name == "event-harris-in-mexico-city"
    assert "1 of 20 events" in asked.one("main").text
    assert asked.one("h1").text == "Events: COVID-19 vaccine doses"
    chosen = {o.attributes["value"] for o in asked.all("option") if "selected" in o.attributes}
    assert chosen == {"meeting", "vaccine-doses"}
    assert {i.attributes.get("value") for i in asked.one("main").all("input")} == {
        "2021-01-01",
        "2021-12-31",
    }
    assert "/es/events?kind=meeting&indicator=vaccine-doses&from=2021-01-01&to=2021-12-31" in [
        link.attributes["href"] for link in asked.all("link", rel="alternate")
    ]


def test_events_of_one_indicator_are_numbered_as_on_its_chart(page: Get) -> None:
    asked = page("/en/events?indicator=border-encounters&kind=meeting")
    first, second = items(asked).values()
    marks = [item.all("span", class_="event-no")[0].text for item in (first, second)]
    link = asked.one("p", class_="legend").all("a")[0].attributes["href"]
    assert "from=2021-01-01&to=2021-12-31" in link
    chart = page(link.partition("#")[0]).one("details", class_="events")
    for mark, item in zip(marks, (first, second), strict=True):
        (listed,) = chart.all("li", value=mark.split()[-1])
        assert item.all("h2")[0].text in listed.text


def test_no_event_fits(page: Get) -> None:
    asked = page("/es/events?to=2001")
    assert not items(asked)
    none = asked.one("p", class_="none")
    assert none.text.startswith("Ningún acontecimiento corresponde a este filtro.")
    assert none.all("a")[0].attributes["href"] == "/es/events"


def test_a_bad_parameter_is_said_and_left_out(client: FlaskClient) -> None:
    text = client.get("/en/events?kind=cort&x=1&from=2020&from=2021").get_data(as_text=True)
    assert "kind=cort" in text
    assert "Perhaps court was meant." in text
    assert "x=1" in text
    assert "from more than once" in text
