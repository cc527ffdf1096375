"""The page of dated events."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from config.catalog import Catalog
from dashboard.export.columns import EVENT_COLUMNS, PARAMETERS, dictionary
from dashboard.i18n import Translator
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
    # Days of a span that is known by month are not counted.
    months = items(page("/en/events"))["event-mpp-in-force"]
    assert "January 2019 – June 2021 In force a span Remain" in " ".join(
        e.text for e in months.elements() if e.tag in {"span", "h2"}
    )


def test_the_number_beside_a_link_is_that_on_the_chart_it_leads_to(page: Get) -> None:
    item = items(page("/en/events"))["event-mpp-terminated"]
    link = next(a for a in item.all("a") if "border-encounters" in a.attributes["href"])
    assert link.text == "Encounters at the southwest border (no. 7)"
    address = link.attributes["href"].partition("#")[0]
    listed = page(address).one("details", class_="events").all("li", value="7")
    assert listed[0].text.startswith("1 June 2021 Remain in Mexico")


def test_filters_hold_together(page: Get) -> None:
    asked = page("/en/events?kind=meeting&indicator=vaccine-doses&from=2021&to=2021")
    (name,) = items(asked)
    assert name == "event-harris-in-mexico-city"
    assert "1 of 21 events" in asked.one("main").text
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


# --- the file -------------------------------------------------------------------------------

FILE = "/api/v1/events.csv"


def the_file(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{FILE}{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    text = response.get_data(as_text=True)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    assert tuple(reader.fieldnames or ()) == EVENT_COLUMNS
    return rows


def test_the_file_has_every_event_as_the_catalogue_has_it(
    client: FlaskClient, catalog: Catalog
) -> None:
    rows = the_file(client)
    events = sorted(catalog.pair.events, key=lambda e: (e.date, e.id))
    for row, event in zip(rows, events, strict=True):
        assert row["event_id"] == event.id
        assert (row["kind"], row["precision"]) == (event.kind, event.precision)
        assert row["date"] == event.date.isoformat()
        assert row["date_end"] == (event.date_end.isoformat() if event.date_end else "")
        assert (row["label_en"], row["label_es"]) == (event.label.en, event.label.es)
        assert row["indicators"].split(";") == (event.indicators or list(catalog.pair.indicators))
        assert [name for name in row["articles"].split(";") if name] == event.articles
        assert (row["source"], row["source_url"]) == (event.source, event.source_url or "")
        assert row["app_version"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=court",
        "?indicator=border-encounters&kind=meeting",
        "?from=2019-06-07&to=2019-06-07",
        "?to=2020&from=",
    ],
)
def test_page_and_file_have_the_same_events(query: str, page: Get, client: FlaskClient) -> None:
    found = page(f"/es/events{query}")
    rows = the_file(client, query)
    assert [f"event-{row['event_id']}" for row in rows] == list(items(found))
    (link,) = found.one("section", id="download").all("a")
    assert the_file(client, link.attributes["href"].removeprefix(FILE)) == rows


def test_a_file_of_no_event_has_its_header(page: Get, client: FlaskClient) -> None:
    assert the_file(client, "?to=2001") == []
    assert not page("/en/events?to=2001").all("section", id="download")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=meetings", "kind=meetings is not understood: did you mean 'meeting'?"),
        ("since=2020", "since=2020 is not understood: valid are from, indicator, kind, to"),
        ("from=soon", "from=soon is not understood: valid are 2021-06-15, 2021-06, 2021"),
        ("from=2022&to=2021", "from=2022 is not understood"),
        ("kind=court&kind=other", "kind is given 2 times; it takes one value"),
    ],
)
def test_the_file_refuses_what_it_does_not_understand(
    query: str, said: str, client: FlaskClient
) -> None:
    response = client.get(f"{FILE}?{query}")
    assert (response.status_code, response.mimetype) == (400, "application/json")
    assert said in response.get_json()["error"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_data_page_explains_the_file(language: str, page: Get) -> None:
    found = page(f"/{language}/data")
    assert FILE in found.links()
    rows = found.one("section", id="event-columns").all("tbody")[0].all("tr")
    words = dictionary(Translator(language))
    assert [[row.all("th")[0].text, row.all("td")[0].text] for row in rows] == [
        [column, words[column]] for column in EVENT_COLUMNS
    ]
    said = " ".join(PARAMETERS[FILE]).replace(" ", ", ")
    assert said in found.one("section", id="addresses").text
