"""What a program has read and nobody has reviewed: shown to who asks, and labelled so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config.schema import Article
from dashboard.app import Site, create_app
from dashboard.components.relations import MOST
from dashboard.export.columns import CLAIM_COLUMNS
from db.engine import Engine
from tests.dashboard.drafts import DRAFT, a_claim, a_draft, store_articles
from tests.dashboard.pages import Markup, parsed
from tests.stores import NOW, Loaded

ASKED = "readings=automatic"
RATE = "/en/indicators/homicide-rate"
PENDING = f"{DRAFT}/rate-2018"
LABEL = "Read automatically (grammar), not reviewed"


@pytest.fixture
def database(loaded: Loaded, tmp_path: Path) -> Iterator[Engine]:
    engine = loaded.copy(tmp_path)
    yield engine
    engine.dispose()


Served = Callable[..., FlaskClient]


@pytest.fixture
def served(loaded: Loaded, database: Engine) -> Served:
    """The application over the catalogue's articles and those given."""
    site = create_app(loaded.catalog, database, lambda: NOW)

    def with_articles(*articles: Article) -> FlaskClient:
        store_articles(database, loaded.catalog, *articles)
        return site.server.test_client()

    return with_articles


@pytest.fixture
def client(served: Served) -> FlaskClient:
    """With a draft of two figures, both of which wait for review."""
    return served(a_draft([a_claim(2018, "pending"), a_claim(2022, "pending")]))


def get(client: FlaskClient, address: str) -> Markup:
    response = client.get(address)
    assert response.status_code == 200, address
    return parsed(response.get_data(as_text=True))


PAGES = ["/en/", "/en/indicators", "/en/articles", "/en/ledger", RATE, f"/en/articles/{DRAFT}"]


@pytest.mark.parametrize("address", PAGES)
def test_by_default_nothing_of_it_is_shown_or_counted(
    address: str, client: FlaskClient, site: Site
) -> None:
    found = get(client, address)
    assert not found.all("div", class_="automatic")
    assert PENDING not in found.source
    assert LABEL not in found.source
    if DRAFT not in address:
        assert "Two rates" not in found.source
        without = parsed(site.server.test_client().get(address).get_data(as_text=True))
        counts = [p.text for p in found.all("p", class_="cited")]
        assert counts == [p.text for p in without.all("p", class_="cited")]
        assert [e.text for e in found.all("ul", class_="totals")] == [
            e.text for e in without.all("ul", class_="totals")
        ]


@pytest.mark.parametrize("address", ["/en/articles", RATE, f"/en/articles/{DRAFT}"])
def test_the_way_there_and_back(address: str, client: FlaskClient) -> None:
    for asked, text in (("", "Show automatic readings"), (f"?{ASKED}", "Hide automatic readings")):
        (switch,) = get(client, f"{address}{asked}").all("p", class_="automatic-switch")
        (link,) = switch.all("a")
        assert link.text == text
        back = link.attributes["href"].partition("#")[0]
        assert back == (address if asked else f"{address}?{ASKED}")
        get(client, back)


def test_no_switch_where_nothing_waits(site: Site) -> None:
    client = site.server.test_client()
    for address in ("/en/articles", RATE, "/en/ledger"):
        assert not get(client, address).all("p", class_="automatic-switch")


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_asks_sees_them_labelled(language: str, client: FlaskClient) -> None:
    label = {"en": LABEL, "es": "Leída automáticamente (grammar), sin revisar"}[language]
    for path in (f"articles/{DRAFT}", "indicators/homicide-rate"):
        found = get(client, f"/{language}/{path}?{ASKED}")
        cards = [e for e in found.all("div", class_="reading") if e.has({"class": "automatic"})]
        assert len(cards) == 2
        assert all(label in card.text for card in cards)
        # They are held against the official series, as any other.
        assert all(card.all("div", class_="verdict") for card in cards)
        assert len([m for m in found.all("mark") if m.has({"class": "automatic"})]) == 2
        switch = found.one("a", class_="switch")
        assert ASKED in switch.attributes["href"]


def test_their_marks_are_set_apart(client: FlaskClient) -> None:
    found = get(client, f"{RATE}?{ASKED}")
    for drawing in found.all("svg", class_="chart"):
        marks = drawing.all("a", class_="mark")
        apart = [mark for mark in marks if mark.has({"class": "automatic"})]
        assert (len(marks), len(apart)) == (4, 2)
        assert all("not reviewed" in mark.attributes["aria-label"] for mark in apart)
    assert "4 cited figures are marked. 2 of them have not been reviewed." in found.source
    response = client.get("/_dash-layout", headers={"Referer": f"http://localhost{RATE}?{ASKED}"})
    assert PENDING in json.dumps(response.get_json())
    response = client.get("/_dash-layout", headers={"Referer": f"http://localhost{RATE}"})
    assert PENDING not in json.dumps(response.get_json())


def test_links_to_them_carry_the_parameter(client: FlaskClient) -> None:
    found = get(client, f"/en/articles/{DRAFT}?{ASKED}")
    links = [a.attributes["href"] for m in found.all("mark") for a in m.all("a")]
    assert all(ASKED in link for link in links)
    target = get(client, links[0].partition("#")[0])
    assert not target.all("div", class_="notice")
    assert target.one("mark", class_="selected")
    listed = get(client, f"/en/articles?{ASKED}")
    assert f"/en/articles/{DRAFT}?{ASKED}" in listed.links()


def test_counts_say_how_many_are_not_reviewed(client: FlaskClient) -> None:
    found = get(client, f"/en/articles?{ASKED}")
    (entry,) = [li for li in found.all("li") if "Two rates" in li.text and li.all("cite")]
    assert "0 cited figures: 2 not reviewed" in entry.text


def test_the_claim_of_the_address_is_not_known_unless_asked_for(client: FlaskClient) -> None:
    (notice,) = get(client, f"{RATE}?claim={PENDING}").all("div", class_="notice")
    assert PENDING in notice.text
    assert not get(client, f"{RATE}?claim={PENDING}&{ASKED}").all("div", class_="notice")


@pytest.mark.parametrize("address", ["/en/articles", RATE])
def test_another_word_is_not_understood(address: str, client: FlaskClient) -> None:
    (notice,) = get(client, f"{address}?readings=all").all("div", class_="notice")
    assert "readings=all" in notice.text
    assert "reviewed" in notice.text


def test_the_form_has_the_choice(client: FlaskClient) -> None:
    (field,) = get(client, f"{RATE}?{ASKED}").all("select", name="readings")
    (chosen,) = [o for o in field.all("option") if "selected" in o.attributes]
    assert chosen.attributes["value"] == "automatic"


def test_a_persons_reading_that_is_asked_again_says_so(served: Served) -> None:
    client = served(a_draft([a_claim(2018, "pending", extractor="person")]))
    found = get(client, f"/en/articles/{DRAFT}?{ASKED}")
    assert "Read by a person, waits for review again" in found.source


def test_what_was_rejected_is_never_shown(served: Served) -> None:
    client = served(a_draft([a_claim(2018, "rejected"), a_claim(2022, "accepted")]))
    for query in ("", f"?{ASKED}"):
        assert PENDING not in get(client, f"{RATE}{query}").source


# --- many figures, and figures that are not checked ------------------------------------------


def test_a_card_lists_no_more_than_can_be_read(served: Served) -> None:
    """Of twenty articles that all say the same; the file has every pair."""
    drafts = [a_draft([a_claim(2018, "accepted")], f"said-{n:02d}") for n in range(20)]
    client = served(*drafts)
    found = get(client, "/en/articles/said-00")
    (card,) = found.all("div", class_="relations")
    near, far = card.all("ul")
    assert len(near.all("li")) == MOST + 1
    assert near.all("li")[-1].text == "7 more, in a file"
    assert "Agrees with 29 per 100,000" in near.text
    assert len(far.all("li")) == 3
    table = client.get("/api/v1/consistency.csv?article=said-00").get_data(as_text=True)
    assert len(table.splitlines()) == 1 + 19 + 3
    marks = get(client, RATE).all("svg", class_="chart")[0].all("a", class_="mark")
    places = {mark.all("path", class_="diamond")[0].attributes["d"] for mark in marks}
    assert len(places) == len(marks) == 22


def test_what_is_not_checked_is_folded_with_the_reason(served: Served) -> None:
    vague = a_claim(2022, "accepted", **{"class": "vague"})
    client = served(a_draft([a_claim(2018, "accepted"), vague]))
    found = get(client, f"/en/articles/{DRAFT}")
    (folded,) = found.one("section", id="unchecked").all("details")
    assert "open" not in folded.attributes
    assert folded.all("summary")[0].text == "1 figure and why"
    assert "too vague" in folded.text
    assert "1 cited figure" in found.one("dl", class_="metadata").text
    assert "Cifras que no se comprueban" in get(client, f"/es/articles/{DRAFT}").source


# --- reviewed since the application began ---------------------------------------------------


def test_a_reviewed_article_is_there_without_a_restart(served: Served) -> None:
    client = served()
    assert client.get(f"/en/articles/{DRAFT}").status_code == 404
    served(a_draft([a_claim(2018, "accepted"), a_claim(2022, "accepted")]))
    for language in ("en", "es"):
        found = get(client, f"/{language}/articles/{DRAFT}")
        assert len(found.all("mark")) == 2
    assert DRAFT in get(client, "/en/").source
    marks = get(client, RATE).all("svg", class_="chart")[0].all("a", class_="mark")
    assert PENDING in {mark.attributes["data-claim"] for mark in marks}
    assert len(rows(client, f"article={DRAFT}")) == 2


def test_notes_of_a_reviewed_article_are_read_from_its_file(
    loaded: Loaded, config_copy: Path, database: Engine
) -> None:
    """The catalogue was read before its file was there."""
    name = "scortez-2021-signal-changes"
    path = config_copy / "articles" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text("not: yet whole", encoding="utf-8")
    before = {each: file for each, file in loaded.catalog.articles.items() if each != name}
    catalog = replace(loaded.catalog, root=config_copy, articles=before)
    site = create_app(catalog, database, lambda: NOW)
    client, address = site.server.test_client(), f"/en/articles/{name}"
    assert "Not read yet" in get(client, address).source
    path.write_text(text, encoding="utf-8")
    store_articles(database, loaded.catalog)
    found = get(client, address)
    assert "The text states no licence" in found.source
    assert found.all("p", class_="caveat")


def test_a_claim_that_the_catalogue_does_not_know_is_left_out(
    loaded: Loaded, database: Engine
) -> None:
    """Its indicator was added since the catalogue was read."""
    store_articles(database, loaded.catalog, a_draft([a_claim(2018, "accepted")]))
    with database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE claim SET indicator = 'added-since' WHERE id = ?", (PENDING,)
        )
    client = create_app(loaded.catalog, database, lambda: NOW).server.test_client()
    for address in ("/en/", RATE, "/en/ledger", f"/en/articles/{DRAFT}"):
        assert PENDING not in get(client, address).source
    assert PENDING not in client.get("/api/v1/claims.csv?review=all").get_data(as_text=True)


# --- the files ------------------------------------------------------------------------------


def rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/api/v1/claims.csv?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def test_files_hold_them_only_where_asked(served: Served) -> None:
    client = served(
        a_draft([a_claim(2018, "pending"), a_claim(2022, "accepted")]),
        a_draft([a_claim(2018, "rejected")], "another"),
    )
    states = {
        review: [row["review_state"] for row in rows(client, f"indicator=homicide-rate{review}")]
        for review in ("", "&review=accepted", "&review=pending", "&review=all")
    }
    assert states[""] == states["&review=accepted"] == ["accepted"] * 4
    assert states["&review=pending"] == ["pending"]
    assert sorted(states["&review=all"]) == ["accepted"] * 4 + ["pending", "rejected"]


def test_a_file_refuses_another_word(client: FlaskClient) -> None:
    answer = client.get("/api/v1/claims.csv?review=maybe")
    assert answer.status_code == 400
    assert "valid are accepted, all, pending" in answer.get_json()["error"]


def test_consistency_compares_them_only_where_asked(client: FlaskClient) -> None:
    assert DRAFT not in client.get("/api/v1/consistency.csv").get_data(as_text=True)
    found = client.get("/api/v1/consistency.csv?review=pending").get_data(as_text=True)
    assert all(DRAFT in line for line in found.splitlines()[1:])
    assert DRAFT in found


def test_json_has_the_columns_of_the_csv(client: FlaskClient) -> None:
    answer = client.get("/api/v1/claims.json")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    found = json.loads(text, parse_float=str, parse_int=str)["claims"]
    table = rows(client)
    assert [tuple(row) for row in found] == [CLAIM_COLUMNS] * len(table)
    for one, other in zip(found, table, strict=True):
        assert {name: cell or "" for name, cell in one.items()} == other
    assert json.loads(text)["claims"][0]["char_start"] > 0


def test_rows_say_which_vintage_was_used(client: FlaskClient) -> None:
    (row,) = [r for r in rows(client) if r["claim_id"].endswith("/astrazeneca-shipped")]
    assert row["vintage_then"] == row["vintage_now"] == "2021-04-02T00:00:00Z"
    assert row["official_periods"] == "2021-03-28/2021-04-01"
    assert row["series_then"] == row["series_id"] != ""
    (other,) = [r for r in rows(client) if r["claim_id"].endswith("/merida-spending")]
    assert "FACET_NOT_STATED(stage=appropriated)" in other["caveats"]
