"""Every page as a browser without scripts gets it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from dashboard.app import Site
from dashboard.i18n import LANGUAGES
from dashboard.view import default_measure
from tests.dashboard.pages import Markup

Get = Callable[[str], Markup]

CONFIG = Path(config.__file__).parent
INDICATORS = sorted(path.stem for path in (CONFIG / "indicators").glob("*.yaml"))
ARTICLES = sorted(path.stem for path in (CONFIG / "articles").glob("*.yaml"))
SOURCES = sorted(path.stem for path in (CONFIG / "sources").glob("*.yaml"))
PATHS = [
    "",
    *("indicators", "articles", "ledger", "compare", "events", "changes"),
    *("sources", "data", "about"),
    "search",
    *(f"indicators/{name}" for name in INDICATORS),
    *(f"articles/{name}" for name in ARTICLES),
    *(f"sources/{name}" for name in SOURCES),
]
ADDRESSES = [f"/{language}/{path}" for language in LANGUAGES for path in PATHS]
TAGS = {"en": "en-US", "es": "es-MX"}
RATE = "/en/indicators/homicide-rate"
CLAIM = "benitez-2021-two-track/homicide-rate-2008"


def claims_of(markup: Markup) -> dict[str, str]:
    """Anchor to claim id, of the excerpts on a page."""
    return {
        mark.attributes["id"]: mark.all("a")[0].attributes["data-claim"]
        for mark in markup.all("mark")
    }


# --- every page -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_whole(address: str, page: Get) -> None:
    found = page(address)
    language = address.split("/")[1]
    assert found.one("html").attributes["lang"] == TAGS[language]
    assert "Two-Track" in found.one("head").all("title")[0].text
    assert found.one("h1").text
    assert found.one("meta", name="description").attributes["content"]
    assert len(found.ids) == len(set(found.ids))
    for element in found.root.elements():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in element.attributes.get(name, "").split():
                assert target in found.ids, f"{name}={target}"
    assert found.one("main").attributes["id"] == "main"
    assert found.all("a")[0].attributes["href"] == "#main"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_names_itself_in_both_languages(path: str, page: Get) -> None:
    for language in LANGUAGES:
        found = page(f"/{language}/{path}")
        alternates = {
            link.attributes["hreflang"]: link.attributes["href"]
            for link in found.all("link", rel="alternate")
            if "hreflang" in link.attributes
        }
        assert alternates == {code: f"/{code}/{path}" for code in LANGUAGES}
        switch = found.one("a", class_="switch")
        assert switch.attributes["href"] == alternates[switch.attributes["hreflang"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_headings_do_not_skip_a_level(address: str, page: Get) -> None:
    levels = [int(e.tag[1]) for e in page(address).root.elements() if re.match(r"h[1-6]$", e.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("address", ADDRESSES)
def test_tables_have_captions_and_scopes(address: str, page: Get) -> None:
    for table in page(address).all("table"):
        assert table.all("caption")[0].text
        assert all("scope" in cell.attributes for cell in table.all("th"))
        columns = len(table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.all("th") + row.all("td")) == columns


def test_every_link_of_every_page_leads_somewhere(page: Get, client: FlaskClient) -> None:
    answers: dict[str, int] = {}
    for address in ADDRESSES:
        for href in page(address).links():
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                assert parts.scheme in {"https", "http"}, href
                continue
            if not parts.path:
                assert parts.fragment in page(address).ids, f"{address}: {href}"
                continue
            target = parts._replace(fragment="").geturl()
            if target not in answers:
                response = client.get(target)
                answers[target] = response.status_code
                response.close()
            if parts.fragment:
                assert parts.fragment in page(target).ids, f"{address}: {href}"
    assert {target: code for target, code in answers.items() if code != 200} == {}
    assert len(answers) > 100


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_part_is_reached_from_every_page(address: str, page: Get) -> None:
    """From the header, or from the footer; where a reader stands is said there."""
    found, language = page(address), address.split("/")[1]
    header, footer = found.root.all("header")[0], found.one("footer")
    of_header = [a.attributes["href"] for a in header.all("a")]
    of_footer = [a.attributes["href"] for a in footer.all("a")]
    leading = ("", "indicators", "articles", "compare", "data", "search")
    assert {f"/{language}/{name}" for name in leading} <= set(of_header)
    names = ("sources", "changes", "events", "about", "data")
    assert {f"/{language}/{name}" for name in names} <= set(of_footer)
    here = [a for a in footer.all("a") if a.attributes.get("aria-current") == "page"]
    assert [a.attributes["href"] for a in here] == [address] * (address in of_footer)


def test_nothing_of_another_host_is_loaded(page: Get) -> None:
    for address in ADDRESSES:
        for element in page(address).root.elements():
            loaded = element.attributes.get("src") or (
                element.attributes.get("href")
                if element.tag == "link" and element.attributes["rel"] != "canonical"
                else None
            )
            assert loaded is None or loaded.startswith("/"), (address, loaded)


def test_spanish_pages_are_in_spanish(page: Get) -> None:
    """No word of the interface is English, in what is not marked as such."""
    words = re.compile(
        r"\b(the|of|and|with|cited|figures?|sources?|published|per|from|shown|known)\b"
    )
    cites = page("/es/articles").all("cite")
    titles = sorted((cite.text.split(":")[0] for cite in cites), key=len, reverse=True)
    for path in PATHS:
        found = page(f"/es/{path}")
        for element in found.root.elements():
            if element.tag in {"script", "style", "code"} or element.language == "en":
                continue
            own = " ".join(child for child in element.children if isinstance(child, str))
            # Names of institutions and addresses stay as they are.
            own = re.sub(r"https?://\S+|(?:[A-Z][\w.]+ (?:of|and|in|the) )+[A-Z]\w+", "", own)
            # In a drawing, where an article without an author is called by its title.
            own = re.sub("|".join(map(re.escape, titles)), "", own)
            assert not words.search(own), (path, own)


# --- an indicator ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_is_readable_without_scripts(name: str, language: str, page: Get) -> None:
    found = page(f"/{language}/indicators/{name}")
    drawings = found.all("svg", class_="chart")
    assert len(drawings) == 2
    official = "no official series" not in page(f"/en/indicators/{name}").one("main").text.lower()
    assert bool(found.all("section", id="table")[0].all("table")) or not official
    # A headline is the newest value of a series, so there is a line or a dot of one.
    drawn = found.all("path", class_="line") + found.all("circle", class_="dot")
    assert drawn or not found.all("p", class_="headline")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INDICATORS)
def test_marks_lead_to_excerpts_and_excerpts_to_marks(name: str, language: str, page: Get) -> None:
    found = page(f"/{language}/indicators/{name}")
    excerpts = claims_of(found)
    for drawing in found.all("svg", class_="chart"):
        for mark in drawing.all("a", class_="mark"):
            anchor = mark.attributes["href"].removeprefix("#")
            assert excerpts[anchor] == mark.attributes["data-claim"]
            assert mark.attributes["aria-label"]
    for anchor, claim in excerpts.items():
        (link,) = found.one("mark", id=anchor).all("a")
        target = page(link.attributes["href"].partition("#")[0])
        ratio = not target.all("a", class_="mark", data_claim=claim)
        if ratio:
            assert "◇" not in target.one("mark", id=anchor).text
            assert claim.endswith(("tripled", "ratio")), f"{claim} has no mark"
        else:
            assert target.one("div", id="chart-slot").attributes["data-claim"] == claim
            assert target.one("mark", class_="selected").attributes["id"] == anchor


def test_the_homicide_rate_as_published(page: Get) -> None:
    found = page(RATE)
    assert found.one("h1").text == "Homicide rate"
    assert "24.86" in found.one("p", class_="headline").text
    quotes = " ".join(quote.text for quote in found.all("blockquote"))
    assert "8 homicides for every 100,000 inhabitants in 2008" in quotes
    rows = found.one("section", id="table").all("tbody")[0].all("tr")
    (of_2008,) = [row for row in rows if row.all("th")[0].text == "2008"]
    assert [cell.text for cell in of_2008.all("td")][:2] == ["12.64", "12.69"]


def test_what_an_article_does_not_say_of_a_year_is_not_drawn(page: Get) -> None:
    """The counts were said to have tripled: a ratio, which has no place on the axis."""
    found = page(RATE)
    assert len(found.all("mark")) == 3
    assert len(found.all("svg", class_="chart")[0].all("a", class_="mark")) == 2


def test_spanish_indicator(page: Get) -> None:
    found = page("/es/indicators/homicide-rate")
    assert found.one("h1").text == "Tasa de homicidios"
    assert "Quién citó esta cifra" in [h.text for h in found.all("h2")]
    assert {quote.attributes["lang"] for quote in found.all("blockquote")} == {"en"}
    assert all(cite.language == "en" for cite in found.all("cite"))
    rows = found.one("section", id="table").all("tbody")[0].all("tr")
    assert "12.64" in next(row.text for row in rows if row.text.startswith("2008"))


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        # Cited, and the headline's.
        ("homicide-rate", "rate"),
        ("mpp-cases", "court-cases-total"),
        # None that is official is cited, so the one that the catalogue draws first.
        ("arms-seizures", "us-sourced"),
        # No official series: the most cited.
        ("criminal-organizations", "major-groups"),
    ],
)
def test_a_page_opens_on_the_measure_that_says_most(name: str, measure: str, site: Site) -> None:
    store = site.store
    claims = [claim for claim in store.claims() if claim.indicator == name]
    indicator = store.catalog.indicators[name]
    assert default_measure(indicator, store.series(name), claims) == measure


@pytest.mark.parametrize("name", INDICATORS)
def test_every_measure_has_a_view(name: str, page: Get) -> None:
    found = page(f"/en/indicators/{name}")
    for nav in found.all("nav", class_="measures"):
        for link in nav.all("a"):
            shown = page(link.attributes["href"])
            current = shown.one("nav", class_="measures").all("a", aria_current="true")
            assert [c.text for c in current] == [link.text]
            assert shown.all("svg", class_="chart")


def test_nothing_is_said_twice_on_the_way_to_the_chart(page: Get) -> None:
    found = page("/en/indicators/trade?measure=imports")
    assert found.one("section", id="chart").all("h2")[0].text == "US imports from Mexico"
    assert (
        found.one("p", class_="headline")
        .all("span")[0]
        .text.endswith("US imports from Mexico · FRED")
    )
    doses = page("/en/indicators/vaccine-doses").one("p", class_="headline").text
    assert "Doses sent in all, United States – Mexico · " in doses
    # A programme is called so; its name says no place.
    courts = page("/en/indicators/mpp-cases").one("p", class_="headline").text
    assert "Court cases in all, United States – Mexico · " in courts
    aid = page("/en/indicators/central-america-aid").one("p", class_="headline").text
    # The title names three countries, so this one is said.
    assert "Aid, Guatemala · " in aid


def test_the_list_says_the_newest_figure_and_what_the_cited_ones_come_to(page: Get) -> None:
    item = next(
        li for li in page("/en/indicators").all("li") if li.text.startswith("Homicide rate")
    )
    assert item.all("strong")[0].text == "24.86 per 100,000"
    assert "2023 · Homicides per 100,000 inhabitants, Mexico" in item.text
    assert "3 cited figures: 1 matches, 2 differ" in item.text


def test_who_cited_it_comes_before_what_its_series_count(page: Get) -> None:
    found = page(RATE)
    ids = [s.attributes["id"] for s in found.all("section") if "id" in s.attributes]
    assert ids[:4] == ["chart", "table", "cited", "kinds"]


def test_a_choice_is_said_where_the_form_is_folded(page: Get) -> None:
    found = page("/es/indicators/vaccine-doses?asof=2021-07-01&events=no&measure=running-total")
    folded = next(d for d in found.all("details") if d.all("form", class_="controls"))
    assert "open" not in folded.attributes
    chosen = found.one("p", class_="chosen")
    assert chosen.text.startswith(
        "Tal como se conocía el: 1 de julio de 2021 · Acontecimientos: ocultos"
    )
    (reset,) = chosen.all("a")
    assert "asof" not in reset.attributes["href"]
    assert not page("/es/indicators/vaccine-doses").all("p", class_="chosen")


def test_articles_only_figures_are_said_to_be_so(page: Get) -> None:
    found = page("/en/indicators/criminal-organizations")
    assert "No official series exists" in found.one("p", class_="notice").text
    rows = found.one("section", id="table").all("tbody")[0].all("tr")
    assert [row.all("td")[0].text for row in rows] == ["2 organizations", "6 organizations"]
    assert not found.all("path", class_="line")
    assert found.all("a", class_="mark")


def test_as_of_a_day_the_verdicts_are_of_it_too(page: Get) -> None:
    """The article is of 30 September 2021; what matches it was published on 19 October."""
    address = "/en/indicators/vaccine-doses?asof={}"
    then = page(address.format("2021-09-30")).one("section", id="cited").text
    assert "As known on 30 September 2021:" in then
    assert "It matches 19 October 2021 instead." not in then
    assert "Now:" not in then
    later = page(address.format("2022-01-01")).one("section", id="cited").text
    assert "It matches 19 October 2021 instead." in later
    early = page(address.format("2021-07-01")).one("section", id="cited")
    assert "1 cited figure is of an article written after that day." in early.text
    assert len(early.all("div", class_="reading")) == 2


def test_before_the_first_release_the_way_to_it_is_shown(page: Get) -> None:
    found = page(f"{RATE}?asof=2005-01-01").one("p", class_="headline")
    assert found.text.startswith("The collection holds no official value as known on that day.")
    (link,) = found.all("a")
    # It is of another series than that which leads, which has its own first day.
    first = page(link.attributes["href"]).one("p", class_="headline")
    assert "no value of the leading series" in first.text
    (link,) = first.all("a")
    leading = page(link.attributes["href"])
    assert leading.one("p", class_="headline").all("strong")


def test_as_of_a_day_shows_what_was_known(page: Get) -> None:
    address = "/en/indicators/merida-spending?measure=aid&asof={}&from=2019-10-01&to=2020-09-30"
    then = page(address.format("2022-01-01"))
    now = page(address.format("2026-01-01"))
    assert "as known on 1 January 2022" in then.one("h1").text
    assert "72,115,313" in then.one("section", id="table").text
    assert "270,272,657" not in then.one("section", id="table").text
    assert "270,272,657" in now.one("section", id="table").text


# --- parameters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("asoff=2020", ["asoff=2020", "asof"]),
        ("measure=rat", ["measure=rat", "rate"]),
        ("from=yesterday", ["from=yesterday", "2021-06-15"]),
        ("geo=MEX,MARS", ["geo=MARS"]),
        ("events=maybe", ["events=maybe", "yes, no"]),
        ("from=2020-01-01&to=2010-01-01", ["from=2020-01-01"]),
        ("claim=%3Cscript%3E", ["claim=<script>"]),
    ],
)
def test_what_is_not_understood_is_said_and_left_out(
    query: str, words: list[str], page: Get
) -> None:
    (notice,) = page(f"{RATE}?{query}").all("div", class_="notice")
    for word in words:
        assert word in notice.text
    spanish = page(f"/es/indicators/homicide-rate?{query}").all("div", class_="notice")
    assert "no se entiende" in spanish[0].text


def test_pages_without_parameters_say_so_too(page: Get) -> None:
    (notice,) = page("/en/about?utm_source=x").all("div", class_="notice")
    assert "utm_source=x" in notice.text


def test_the_state_stays_in_the_switch_of_language(page: Get) -> None:
    found = page(f"{RATE}?claim={CLAIM}")
    switch = found.one("a", class_="switch")
    assert switch.attributes["href"] == f"/es/indicators/homicide-rate?claim={CLAIM}"


# --- articles, overview, sources ------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ARTICLES)
def test_each_figure_of_an_article_leads_to_its_mark(name: str, language: str, page: Get) -> None:
    found = page(f"/{language}/articles/{name}")
    claims = claims_of(found)
    assert claims
    for anchor in claims:
        (link,) = found.one("mark", id=anchor).all("a")
        assert link.attributes["href"].startswith(f"/{language}/indicators/")
        target = page(link.attributes["href"].partition("#")[0])
        assert target.one("mark", id=anchor).has({"class": "selected"})


def test_an_inferred_date_is_called_inferred(page: Get) -> None:
    assert "date inferred" in page("/en/articles/mexico-usa-2020-distrust").one("main").text
    assert "inferred" not in page("/en/articles/leiroz-2021-amlo-harris").one("main").text


def test_excerpts_are_short(page: Get) -> None:
    for name in ARTICLES:
        for quote in page(f"/en/articles/{name}").all("blockquote"):
            assert len(quote.text) < 700


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_needs_no_scripts_of_dash(language: str, page: Get) -> None:
    found = page(f"/{language}/")
    assert len(found.one("ul", class_="cards").all("article")) == len(INDICATORS)
    assert len(found.one("ul", class_="articles").all("li")) == len(ARTICLES)
    scripts = [e.attributes["src"] for e in found.all("script") if "src" in e.attributes]
    assert len(scripts) == 1
    assert scripts[0].startswith("/assets/twotrack.js")
    assert "_dash-config" not in found.source


def test_points_are_not_percents(page: Get) -> None:
    """From 20 to 25 percent is five points, not a quarter more."""
    (card,) = [
        e for e in page("/en/").all("article") if e.all("a", href="/en/indicators/tariff-threat")
    ]
    assert "+5 points on 1 September 2019" in card.text


# --- answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "/es/"),
        ("en-GB", "/en/"),
        ("fr", "/en/"),
        ("fr,es;q=0.5", "/es/"),
        (None, "/en/"),
    ],
)
def test_the_root_leads_to_the_readers_language(
    accepted: str | None, home: str, client: FlaskClient
) -> None:
    response = client.get("/", headers={"Accept-Language": accepted} if accepted else {})
    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).path == home
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    "address",
    ["/en/nothing", "/es/indicators/nada", "/en/articles/x/y", "/fr/", "/nothing", "/en/../x"],
)
def test_what_is_not_there_is_404(address: str, client: FlaskClient) -> None:
    response = client.get(address)
    assert response.status_code == 404
    text = response.get_data(as_text=True)
    assert ("No se encontró" if address.startswith("/es/") else "Not found") in text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/api/v1/obsrvations.csv", "did you mean '/api/v1/observations.csv'?"),
        ("/api/v1/", "did you mean '/api/v1/events.csv'?"),
        ("/api", "/api/v1/health.json"),
        ("/en/indicators/nothing.csv", "there is nothing at /en/indicators/nothing.csv"),
        ("/fr/indicators/trade.csv", "there is nothing at"),
        ("/api/<script>", "there is nothing at /api/<script>"),
    ],
)
def test_a_machine_is_told_in_json_what_is_not_there(
    address: str, said: str, client: FlaskClient
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.mimetype == "application/json"
    assert said in response.get_json()["error"]


def test_a_machine_is_told_in_json_what_it_may_not_do(client: FlaskClient) -> None:
    response = client.post("/api/v1/claims.csv")
    assert (response.status_code, response.mimetype) == (405, "application/json")
    assert "GET" in response.headers["Allow"]


def test_a_path_is_not_markup(client: FlaskClient) -> None:
    response = client.get("/en/<script>alert(1)</script>")
    assert response.status_code == 404
    assert b"<script>alert" not in response.data


@pytest.mark.parametrize("address", ["/en/", RATE, "/en/nothing", "/api/v1/claims.csv"])
def test_headers_say_what_may_be_loaded(address: str, client: FlaskClient) -> None:
    response = client.get(address)
    parts = response.headers["Content-Security-Policy"].split(";")
    policy = dict(part.strip().split(" ", 1) for part in parts)
    assert policy["default-src"] == "'self'"
    assert "http" not in " ".join(policy.values())
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.close()


def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/en/")
    again = client.get("/en/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok"


# --- the live chart -------------------------------------------------------------------------


def test_the_layout_has_the_figure_of_the_page_it_is_asked_from(client: FlaskClient) -> None:
    response = client.get("/_dash-layout", headers={"Referer": f"http://localhost{RATE}"})
    layout = response.get_json()
    assert (layout["namespace"], layout["type"]) == ("twotrack", "Chart")
    figure = layout["props"]["figure"]
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}
    (cited,) = [trace for trace in figure["data"] if trace["meta"].get("cited")]
    assert CLAIM in cited["customdata"]
    elsewhere = client.get("/_dash-layout", headers={"Referer": "http://localhost/en/about"})
    assert elsewhere.get_json()["props"]["figure"] is None


def update(client: FlaskClient, address: str) -> TestResponse:
    """What the browser posts where the layout came without a figure."""
    outputs = [{"id": "chart", "property": name} for name in ("figure", "config")]
    body = {
        "output": "..chart.figure...chart.config..",
        "outputs": outputs,
        "inputs": [{"id": "chart", "property": "address", "value": address}],
        "changedPropIds": ["chart.address"],
    }
    return client.post(
        "/_dash-update-component", data=json.dumps(body), content_type="application/json"
    )


def test_the_callback_draws_the_chart_of_an_address(client: FlaskClient) -> None:
    response = update(client, "http://localhost/es/indicators/homicide-rate?from=2000-01-01")
    assert response.status_code == 200
    chart = response.get_json()["response"]["chart"]
    assert chart["config"]["locale"] == "es-MX"
    assert chart["figure"]["layout"]["xaxis"]["range"][0].startswith("2000")
    names = {trace["name"] for trace in chart["figure"]["data"]}
    assert "Cifras citadas" in names


@pytest.mark.parametrize(
    "address", ["http://localhost/en/about", "http://localhost/en/indicators/nothing", ""]
)
def test_the_callback_draws_nothing_of_another_address(address: str, client: FlaskClient) -> None:
    assert update(client, address).status_code == 204


def test_of_a_parameter_given_twice_the_first_counts_everywhere(
    page: Get, client: FlaskClient
) -> None:
    """On the page, in its drawing and in the live chart; a file refuses it."""
    query = "geo=USA&geo=MEX&from=&from=2010"
    found = page(f"{RATE}?{query}")
    (notice,) = found.all("div", class_="notice")
    assert "geo more than once: the first counts, MEX was left out" in notice.text
    assert "2010 was left out" in notice.text
    spanish = page(f"/es/indicators/homicide-rate?{query}").all("div", class_="notice")
    assert "más de una vez" in spanish[0].text
    heads = [th.text for th in found.one("section", id="table").all("thead")[0].all("th")[1:]]
    assert all(head.startswith("United States") for head in heads)
    answer = update(client, f"http://localhost{RATE}?{query}").get_json()["response"]
    figure = answer["chart"]["figure"]
    names = {trace["name"] for trace in figure["data"] if not trace["meta"].get("cited")}
    assert names
    assert all(name.startswith("United States") for name in names)
    assert figure["layout"]["xaxis"]["range"][0] < "2000"
    file = client.get(f"/en/indicators/homicide-rate.csv?{query}")
    assert (file.status_code, file.get_json()["error"]) == (
        400,
        "geo is given 2 times; it takes one value",
    )


def test_the_button_gives_the_rows_of_the_view(client: FlaskClient) -> None:
    """The file for spreadsheets of the default page holds the series that the page shows."""
    page_text = client.get("/en/indicators/homicide-rate").get_data(as_text=True)
    address = unescape(re.search(r'href="([^"]*bom=yes)"', page_text)[1])  # type: ignore[index]
    rows = list(csv.DictReader(client.get(address).get_data(as_text=True)[1:].splitlines()))
    assert {row["geo"] for row in rows} == {"MEX", "USA"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("indicator=homicide-rate&indicator=trade", "indicator is given 2 times"),
        ("from=2021&to=2019", "lies after"),
        ("ref_aera=MEX", "valid are indicator"),
    ],
)
def test_what_the_api_cannot_answer_is_400(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/api/v1/observations.csv?{query}")
    assert answer.status_code == 400
    assert said in answer.get_json()["error"]


def test_a_list_may_be_given_in_parts(client: FlaskClient) -> None:
    address = "/api/v1/observations.csv?indicator=homicide-rate"
    one = client.get(f"{address}&ref_area=MEX&ref_area=USA").get_data()
    assert one == client.get(f"{address}&ref_area=MEX,USA").get_data()
    assert b",USA," in one


def test_health_names_every_source(client: FlaskClient) -> None:
    rows = client.get("/api/v1/health.json").get_json()["sources"]
    assert {row["source"] for row in rows} == {p.stem for p in (CONFIG / "sources").glob("*.yaml")}
    by_name = {row["source"]: row for row in rows}
    assert by_name["crs"]["freshness"] == "ok"
    assert by_name["crs"]["observations"] == 7
