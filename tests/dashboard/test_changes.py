"""The page of changes, the overview's block and the Atom feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.export.atom import tag
from db.engine import make_engine
from db.migrations import upgrade
from db.records import RunStatus
from db.writer import fail_run
from tests.dashboard.pages import Markup, parsed
from tests.stores import KEY, NOW, Loaded, a_vintage, load, open_run

Get = Callable[[str], Markup]

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = "2026-11-25"
"""Later than every release in the tables."""


@pytest.fixture(scope="module")
def revised(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The collection after one more release, which revises a value and adds two."""
    engine = loaded.copy(tmp_path_factory.mktemp("revised"))
    figures = {"2019": "30.5", "2023": "24.9", "2024": "25.6"}
    load(engine, a_vintage(DAY, figures))
    yield create_app(loaded.catalog, engine, lambda: NOW).server.test_client()
    engine.dispose()


@pytest.fixture
def nothing(loaded: Loaded, tmp_path: Path) -> Iterator[FlaskClient]:
    """A database that has not been loaded."""
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(engine)
    yield create_app(loaded.catalog, engine, lambda: NOW).server.test_client()
    engine.dispose()


def read(client: FlaskClient, address: str) -> Markup:
    response = client.get(address)
    assert response.status_code == 200, address
    return parsed(response.get_data(as_text=True))


def main_text(markup: Markup) -> str:
    return markup.one("main").text


def feed(client: FlaskClient, address: str) -> ET.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.data)


def text(element: ET.Element, name: str) -> str:
    found = element.findtext(ATOM + name)
    assert found, name
    return found


# --- the page -------------------------------------------------------------------------------


def test_by_itself_it_looks_thirty_days_back_from_the_newest_change(revised: FlaskClient) -> None:
    said = main_text(read(revised, "/en/changes"))
    assert (
        "Changed since 26 October 2026, which is 30 days before the newest change, of "
        "25 November 2026." in said
    )
    dicho = main_text(read(revised, "/es/changes"))
    assert "30 días antes del cambio más reciente, del 25 de noviembre de 2026" in dicho


def test_counts_come_first_and_changes_stand_by_release(revised: FlaskClient) -> None:
    found = read(revised, f"/en/changes?since={DAY}")
    counts = [li.text for li in found.one("ul", class_="counts").all("li")]
    assert counts[0] == "1 revised value, 2 new values, in 1 indicator"
    (release,) = found.all("details", class_="release")
    assert "open" in release.attributes
    summary = release.all("summary")[0].text
    assert (
        summary
        == "World Bank, 25 November 2026, stated by the source: 1 revised value, 2 new values"
    )
    rows = [[c.text for c in row.all("th") + row.all("td")] for row in release.all("tr")[1:]]
    assert rows[0][1:4] == ["revised", "28.74", "30.50"]
    assert rows[0][4].startswith("+1.76 (+6.")
    assert rows[0][0].startswith("2019")
    assert [row[1:] for row in rows[1:]] == [["new", "–", "25.60", "–"], ["new", "–", "24.90", "–"]]
    (link,) = [a for a in release.all("a") if "Revisions" in a.text]
    address, _, fragment = link.attributes["href"].partition("#")
    assert fragment in read(revised, address).ids


def test_a_verdict_that_reads_otherwise_is_shown_before_and_now(page: Get) -> None:
    found = page("/en/changes?since=2022-07-20")
    (flip,) = found.one("ul", class_="flips").all("li")
    badges = [span.text for span in flip.all("span", class_="verdict-badge")]
    assert badges[0] == "○ Official figures cover only part of the period"
    assert badges[1].startswith("≠ Differs")
    assert flip.all("q")[0].attributes["lang"] == "en"
    assert any("claim-benitez-2021-two-track-homicides-tripled" in a for a in found.links())
    assert "1 verdict changed" in main_text(found)
    # What had been known by then is what is known now.
    assert "No verdict changed" in main_text(page("/en/changes?since=2026-01-01"))


def test_long_lists_are_folded_and_say_how_much_they_leave_out(page: Get) -> None:
    found = page("/en/changes?since=2000-01-01")
    long = [d for d in found.all("details", class_="release") if "500 new" in d.text]
    assert long
    assert "open" not in long[0].attributes
    assert "3 of 500 changes are listed." in long[0].text
    assert len(found.source) < 250_000


def test_a_source_that_has_begun_to_fail_is_listed(loaded: Loaded, tmp_path: Path) -> None:
    engine = loaded.copy(tmp_path)
    run_id = open_run(engine, "world-bank", "worldbank")
    fail_run(engine, run_id, RunStatus.FAILED, message="no answer", error_class="FetchError")
    client = create_app(loaded.catalog, engine, lambda: NOW).server.test_client()
    found = read(client, "/en/changes?since=2000-01-01")
    engine.dispose()
    assert "1 source has gone late or failed" in main_text(found)
    section = found.one("section", id="sources")
    assert section.all("span", class_="fresh-failing")
    (item,) = section.all("ul", class_="list")[0].all("li")
    assert item.text.startswith("World Bank Indicators API failing since ")
    assert "The last run failed" in item.text
    assert "Read here since then" in section.text


def test_nothing_changed_since_today(page: Get) -> None:
    said = main_text(page("/en/changes?since=2026-12-01"))
    for sentence in (
        "no value changed",
        "No value changed since then.",
        "No verdict changed since then.",
        "No source has gone late or failed since then.",
    ):
        assert sentence in said


def test_a_day_that_is_none_is_said_and_left_out(client: FlaskClient) -> None:
    said = main_text(read(client, "/en/changes?since=yesterday&until=2020"))
    assert "since=yesterday" in said
    assert "until=2020" in said
    assert "30 days before the newest change" in said
    assert "Valid: &lt;= 2026-12-01" in client.get("/en/changes?since=2027").get_data(as_text=True)


def test_an_empty_collection_says_so(nothing: FlaskClient) -> None:
    assert "No data has been loaded yet." in main_text(read(nothing, "/en/changes"))
    root = feed(nothing, "/en/changes.atom")
    assert root.findall(f"{ATOM}entry") == []
    assert text(root, "updated") == "1970-01-01T00:00:00Z"
    assert "Changed lately" not in main_text(read(nothing, "/en/"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/en/", "No official value is held yet."),
        ("/es/", "Todavía no se tiene ningún valor oficial."),
        ("/en/indicators/homicide-rate", "No official value is held yet."),
        ("/en/indicators/violence-extent", "No official series exists for this"),
        ("/en/ledger", "The collection has no such figure."),
        ("/en/compare", "No data has been loaded yet."),
        ("/en/articles/benitez-2021-two-track", "No figure of this article has been reviewed yet."),
        ("/en/sources/world-bank", "No run yet."),
        ("/en/data?table=observations", "No row fits"),
    ],
)
def test_every_page_of_an_empty_collection_says_what_is_missing(
    address: str, said: str, nothing: FlaskClient
) -> None:
    assert said in main_text(read(nothing, address))


def test_only_articles_are_said_to_state_what_no_office_publishes(
    nothing: FlaskClient, loaded: Loaded
) -> None:
    cards = read(nothing, "/en/").one("ul", class_="cards").all("article")
    indicators = loaded.catalog.pair_indicators
    for card, indicator in zip(cards, indicators, strict=True):
        assert ("only articles state it" in card.text) is not indicator.official


def test_the_last_visit_is_left_to_the_browser(page: Get) -> None:
    place = page("/es/changes").one("p", id="last-visit")
    assert place.text == ""
    assert "hidden" in place.attributes
    assert place.attributes["data-address"] == "/es/changes"
    assert "{day}" in place.attributes["data-text"]
    assert "data-first" not in page("/es/").one("p", id="last-visit").attributes


def test_the_overview_has_the_newest_three(revised: FlaskClient) -> None:
    block = read(revised, "/en/").one("section", id="changed")
    lines = [li.text for li in block.all("ul")[0].all("li")]
    assert len(lines) == 3
    assert lines[0].startswith(
        "Homicide rate · World Bank25 November 2026, stated by the source: 1 revised"
    )
    hrefs = [a.attributes["href"] for a in block.all("a")]
    assert {"/en/changes", "/en/events"} <= set(hrefs)


def test_every_page_leads_to_changes_and_events(page: Get) -> None:
    for address in ("/en/", "/en/indicators/trade", "/en/about"):
        footer = page(address).one("footer")
        assert {"/en/changes", "/en/events"} <= {a.attributes["href"] for a in footer.all("a")}


# --- the feeds ------------------------------------------------------------------------------

FEEDS = [
    f"/{language}/{name}.atom"
    for language in ("en", "es")
    for name in ("changes", "indicators/homicide-rate", "indicators/criminal-organizations")
]


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_what_the_standard_asks_for(address: str, client: FlaskClient) -> None:
    root = feed(client, address)
    assert root.tag == f"{ATOM}feed"
    language = {"en": "en-US", "es": "es-MX"}[address.split("/")[1]]
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Two-Track"
    links = {e.attrib["rel"]: e.attrib["href"] for e in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost{address}"
    assert client.get(urlsplit(links["alternate"]).path).status_code == 200
    entries = root.findall(f"{ATOM}entry")
    ids = [text(root, "id"), *(text(entry, "id") for entry in entries)]
    assert len(set(ids)) == len(ids)
    for each in (root, *entries):
        assert re.fullmatch(r"tag:localhost,2026:/\S+", text(each, "id"))
        assert text(each, "title")
        moment = text(each, "updated")
        assert moment.endswith("Z")
        assert datetime.fromisoformat(moment).tzinfo is not None
    for entry in entries:
        assert text(entry, "published") <= text(entry, "updated") <= text(root, "updated")
        assert text(entry, "summary")
    published = [text(entry, "published") for entry in entries]
    assert published == sorted(published, reverse=True)


def test_an_entry_tells_of_its_release(revised: FlaskClient) -> None:
    entry = feed(revised, "/en/indicators/homicide-rate.atom").find(f"{ATOM}entry")
    assert entry is not None
    assert text(entry, "id").endswith(f":/en/indicators/homicide-rate/world-bank/{DAY}")
    assert (
        text(entry, "title") == "Homicide rate: World Bank, 25 November 2026, stated by the source"
    )
    counts, first, *_ = text(entry, "summary").splitlines()
    assert counts == "1 revised value, 2 new values."
    assert re.search(r"2019: 28\.74 → 30\.50, \+1\.76 \(\+6\.1%\)$", first)
    link = entry.find(f"{ATOM}link")
    assert link is not None
    parts = urlsplit(link.attrib["href"])
    target = read(revised, f"{parts.path}?{parts.query}")
    assert parts.fragment == "revisions"
    assert parts.fragment in target.ids
    assert str(KEY) in parts.query


def test_an_entry_is_the_same_in_both_feeds_and_another_in_each_language(
    revised: FlaskClient,
) -> None:
    def ids(address: str) -> list[str]:
        return [text(e, "id") for e in feed(revised, address).findall(f"{ATOM}entry")]

    own = ids("/en/indicators/homicide-rate.atom")
    assert own[0] == ids("/en/changes.atom")[0]
    assert own[0] != ids("/es/changes.atom")[0]
    spanish = feed(revised, "/es/changes.atom").find(f"{ATOM}entry/{ATOM}summary")
    assert spanish is not None
    assert (spanish.text or "").startswith("1 valor revisado, 2 valores nuevos.")


@pytest.mark.parametrize("address", FEEDS)
def test_what_has_not_changed_is_not_sent_again(address: str, client: FlaskClient) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    since = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    assert first.headers["Content-Language"] in {"en-US", "es-MX"}


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/en/changes.atom?since=2020", 400, "since"),
        ("/en/indicators/nothing.atom", 404, "nothing.atom"),
        ("/fr/changes.atom", 404, "/fr/changes.atom"),
    ],
)
def test_a_feed_that_is_not_there_is_refused_in_json(
    address: str, status: int, said: str, client: FlaskClient
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert said in response.get_json()["error"]


def test_pages_name_their_feeds(page: Get, client: FlaskClient) -> None:
    def named(address: str) -> list[str]:
        links = page(address).all("link", rel="alternate", type="application/atom+xml")
        assert all(link.attributes["title"] for link in links)
        return [link.attributes["href"] for link in links]

    assert named("/en/") == ["/en/changes.atom"]
    of_both = named("/es/indicators/trade")
    assert of_both == ["/es/indicators/trade.atom", "/es/changes.atom"]
    for address in of_both:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("https://two-track.example.org", "two-track.example.org"),
        ("http://127.0.0.1:8050", "127.0.0.1"),
        ("http://[::1]:8050", "localhost"),
        ("http://UPPER.example:80", "upper.example"),
        ("http://bad_host", "localhost"),
    ],
)
def test_tags_are_made_by_the_host(host: str, name: str) -> None:
    assert tag(host, "/en/changes.atom") == f"tag:{name},2026:/en/changes.atom"
