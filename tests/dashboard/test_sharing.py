"""What leaves the site: pictures, embeds, citations, link previews."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from dashboard import addresses
from dashboard.app import create_app
from dashboard.cards import Card
from dashboard.components import cite
from dashboard.figures import picture, raster
from dashboard.figures.picture import COLOURS, THEMES, Caption
from dashboard.i18n import LANGUAGES, Translator
from dashboard.proxies import behind
from dashboard.sharing import Citation, digest
from dashboard.state import ViewState
from tests.dashboard.pages import Markup, parsed
from tests.dashboard.test_pages import INDICATORS, RATE
from tests.dashboard.test_palette import PAIRS
from tests.dashboard.test_svg import chart
from tests.stores import NOW, Loaded, a_vintage, load

Get = Callable[[str], Markup]

SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG\r\n\x1a\n"
DAY = "2026-12-01"
"""Of `NOW`."""
needs_font = pytest.mark.skipif(not raster.can_write(), reason="this machine has no font")


def texts(svg: str) -> str:
    return " ".join("".join(part.itertext()) for part in ET.fromstring(svg).iter(f"{SVG}text"))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def shared(found: Markup) -> dict[str, str]:
    """The properties that a page names for previews; no property twice."""
    metas = [m.attributes for m in found.all("meta") if "property" in m.attributes]
    pairs = [(m["property"], m["content"]) for m in metas]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


# --- the picture ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INDICATORS)
def test_every_chart_is_a_file_that_needs_nothing_else(
    name: str, language: str, client: FlaskClient
) -> None:
    theme = THEMES[LANGUAGES.index(language)]
    response = client.get(f"/{language}/indicators/{name}.svg?theme={theme}")
    assert response.mimetype == "image/svg+xml"
    svg = response.get_data(as_text=True)
    root = ET.fromstring(svg.encode())
    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("font-family")) == ("720", "sans-serif")
    for word in ("var(", "class=", "style", "data-", 'href="#'):
        assert word not in svg
    colours = set(re.findall(r"#[0-9a-f]{6}", svg))
    other = COLOURS[THEMES[1 - THEMES.index(theme)]]
    assert COLOURS[theme]["page"] in colours
    assert not colours & (set(other.values()) - set(COLOURS[theme].values()))
    for part in root.iter():
        shown = part.tag.removeprefix(SVG)
        if shown in {"text", "rect", "circle"}:
            assert part.get("fill"), ET.tostring(part)
        if shown in {"path", "line"} and part.get("fill-opacity") != "0":
            assert part.get("stroke"), ET.tostring(part)
    said = texts(svg)
    assert {"en": "as known on 1 December 2026", "es": "el 1 de diciembre de 2026"}[
        language
    ].split()[-1] in said
    address = f"http://localhost/{language}/indicators/{name}?asof={DAY}"
    assert address in said.replace(" ", "")
    for link in root.iter(f"{SVG}a"):
        assert link.get("href", "").startswith(f"{address}#claim-")


def test_a_picture_names_title_unit_sources_events_and_what_a_diamond_is(
    client: FlaskClient,
) -> None:
    said = texts(client.get(f"{RATE}.svg").get_data(as_text=True))
    for part in (
        "Homicide rate: Homicides per 100,000 inhabitants",
        "per 100,000 inhabitants",
        "Source: World Bank, OWID, as known on 1 December 2026.",
        "Mexico · World Bank",
        "1 General Cienfuegos arrested in the United States (2020);",
        "Cited by an article;",
    ):
        assert part in said
    assert "General" not in texts(client.get(f"{RATE}.svg?events=no").get_data(as_text=True))


def test_a_picture_has_the_colours_of_the_stylesheet() -> None:
    for index, theme in enumerate(THEMES):
        for name, colour in COLOURS[theme].items():
            assert PAIRS[name][index] == colour


def test_what_is_selected_or_not_reviewed_is_drawn_so() -> None:
    (mark,) = chart().marks
    drawn = chart(marks=(replace(mark, automatic=True),), selected=mark.id)
    svg = picture.picture(drawn, Caption("Source: none.", ""))
    (link,) = ET.fromstring(svg).iter(f"{SVG}a")
    diamond = [part for part in link.iter(f"{SVG}path") if part.get("stroke-width") == "4"]
    assert [part.get("stroke-dasharray") for part in diamond] == ["3 2"]
    assert link.get("href") == f"#{mark.anchor}"


def test_a_picture_holds_any_text() -> None:
    svg = picture.picture(
        chart(title="<&> \x00 title" * 20), Caption("Source & <more>.", "http://a/?b&c")
    )
    assert "Source & <more>." in texts(svg)


@pytest.mark.parametrize("width", [320, 333, 720, 1600])
def test_a_picture_is_as_wide_as_asked(width: int, client: FlaskClient) -> None:
    root = ET.fromstring(client.get(f"{RATE}.svg?width={width}").data)
    assert root.get("width") == str(width)
    assert root.get("viewBox", "").split()[2] == str(width)
    for text in root.iter(f"{SVG}text"):
        if text.get("text-anchor") is None and text.get("x") == "16":
            wide = len(text.text or "") * float(text.get("font-size", "12")) * 0.5
            assert 16 + wide <= width


@needs_font
@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("events=no", (1200, 630)),
        ("events=no&theme=dark&width=2400", (2400, None)),
        ("", (1200, None)),
    ],
)
def test_png(query: str, size: tuple[int, int | None], client: FlaskClient) -> None:
    response = client.get(f"{RATE}.png?{query}")
    assert response.mimetype == "image/png"
    width, height = size_of(response.data)
    assert width == size[0]
    assert size[1] in {None, height}


@needs_font
def test_texts_are_drawn() -> None:
    svg = picture.picture(chart(title="A title"), Caption("", ""))
    assert raster.png(svg, 600) != raster.png(svg.replace("A title", ""), 600)


@pytest.mark.parametrize("ending", ["svg", pytest.param("png", marks=needs_font)])
def test_a_picture_that_has_not_changed_is_not_sent_again(ending: str, client: FlaskClient) -> None:
    address = f"{RATE}.{ending}?from=2001"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(address.replace("2001", "2002"))
    assert other.headers["ETag"] != first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("widht=900", ["widht", "width", "theme", "asof"]),
        ("width=10", ["width=10", "320 to 1600"]),
        ("width=-5", ["320 to 1600"]),
        ("width=%D9%A3%D9%A3%D9%A3", ["320 to 1600"]),
        ("theme=blue", ["light, dark"]),
        ("from=yesterday", ["2021-06-15"]),
        ("asof=2020&asof=2021", ["asof is given 2 times"]),
    ],
)
def test_a_picture_refuses_what_it_does_not_understand(
    query: str, words: list[str], client: FlaskClient
) -> None:
    response = client.get(f"{RATE}.svg?{query}")
    assert response.status_code == 400
    for word in words:
        assert word in response.get_json()["error"]


def test_no_picture_of_what_is_not_there(client: FlaskClient) -> None:
    response = client.get("/en/indicators/nothing.png")
    assert (response.status_code, response.mimetype) == (404, "application/json")


def test_without_fonts_a_machine_offers_no_png(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "can_write", lambda: False)
    response = client.get(f"{RATE}.png")
    assert response.status_code == 503
    assert "no font" in response.get_json()["error"]
    found = parsed(client.get(RATE).get_data(as_text=True))
    assert "og:image" not in shared(found)
    assert found.one("meta", name="twitter:card").attributes["content"] == "summary"
    assert not [link for link in found.links() if ".png" in link]
    assert client.get(f"{RATE}.svg").status_code == 200


# --- link previews --------------------------------------------------------------------------


@needs_font
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["", "indicators/homicide-rate", "articles/benitez-2021-two-track"]
)
def test_a_shared_link_shows_a_chart(
    path: str, language: str, page: Get, client: FlaskClient
) -> None:
    found = page(f"/{language}/{path}")
    named = shared(found)
    assert named["og:url"] == f"http://localhost/{language}/{path}"
    assert found.one("link", rel="canonical").attributes["href"] == named["og:url"]
    assert named["og:locale"] == {"en": "en_US", "es": "es_MX"}[language]
    assert named["og:locale:alternate"] == {"en": "es_MX", "es": "en_US"}[language]
    assert named["og:title"] == found.one("head").all("title")[0].text
    assert named["og:description"]
    assert named["og:image:alt"]
    assert found.one("meta", name="twitter:card").attributes["content"] == "summary_large_image"
    image = named["og:image"]
    assert image.startswith(f"http://localhost/{language}/indicators/")
    drawn = client.get(image.removeprefix("http://localhost"))
    assert size_of(drawn.data) == (1200, 630)
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")


def test_a_view_is_said_in_the_words_of_its_summary(page: Get) -> None:
    english = shared(page(f"{RATE}?from=2008"))
    assert english["og:description"].startswith("Mexico · World Bank, per 100,000 inhabitants: ")
    assert english["og:url"] == f"http://localhost{RATE}?from=2008-01-01"
    image = english.get("og:image", f"http://localhost{RATE}.png?from=2008-01-01&events=no")
    assert image == f"http://localhost{RATE}.png?from=2008-01-01&events=no"
    spanish = shared(page("/es/indicators/homicide-rate"))
    assert "Máximo" in spanish["og:description"]
    only_articles = shared(page("/en/indicators/criminal-organizations"))
    assert "No official series" not in only_articles["og:description"]


def test_a_page_that_is_not_there_has_no_address_of_its_own(client: FlaskClient) -> None:
    found = parsed(client.get("/en/nothing").get_data(as_text=True))
    assert not found.all("link", rel="canonical")
    assert not shared(found)


def test_previews_leave_out_what_a_picture_cannot_show() -> None:
    card = Card("homicide-rate", ViewState(claim="a/b", asof=date(2020, 1, 1)), "alt")
    assert card.address("es") == "/es/indicators/homicide-rate.png?asof=2020-01-01&events=no"


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "other.example"}


def test_a_forwarded_header_is_not_believed(client: FlaskClient) -> None:
    found = parsed(client.get(RATE, headers=FORWARDED).get_data(as_text=True))
    assert shared(found)["og:url"].startswith("http://localhost/")
    assert "other.example" not in found.source


@pytest.mark.parametrize(
    ("proxies", "origin"), [(0, "http://localhost"), (1, "https://other.example")]
)
def test_a_setting_says_how_many_proxies_are_believed(proxies: int, origin: str) -> None:
    server = Flask(__name__)
    server.add_url_rule("/", view_func=lambda: addresses.absolute(request.path))
    behind(server, proxies)
    assert server.test_client().get("/", headers=FORWARDED).text == f"{origin}/"


# --- the embed ------------------------------------------------------------------------------

EMBED = "/en/embed/homicide-rate"


def policy(client: FlaskClient, address: str) -> dict[str, str]:
    with client.get(address) as response:
        parts = response.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


@pytest.mark.parametrize("address", ["/en/", RATE, f"{RATE}.svg", f"{RATE}.csv", "/es/nothing"])
def test_only_the_embed_may_be_framed(address: str, client: FlaskClient) -> None:
    assert policy(client, address)["frame-ancestors"] == "'self'"


@pytest.mark.parametrize("address", [EMBED, "/es/embed/nothing"])
def test_the_embed_runs_nothing(address: str, client: FlaskClient) -> None:
    rules = policy(client, address)
    assert rules["frame-ancestors"] == "*"
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    source = client.get(address).get_data(as_text=True)
    assert "<script" not in source
    assert "style=" not in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_embed_is_of_one_day_and_leads_to_the_page(
    language: str, client: FlaskClient, page: Get
) -> None:
    found = parsed(client.get(f"/{language}/embed/homicide-rate").get_data(as_text=True))
    assert found.one("html").attributes["lang"] == {"en": "en-US", "es": "es-MX"}[language]
    assert len(found.ids) == len(set(found.ids))
    assert len(found.all("svg", class_="chart")) == 2
    assert not found.all("p", class_="notice")
    whole = f"/{language}/indicators/homicide-rate?asof={DAY}"
    assert whole in found.links()
    ids = page(whole).ids
    for link in found.all("a"):
        address, _, anchor = link.attributes["href"].partition("#")
        assert address == whole
        assert link.attributes["target"] == "_top"
        assert not anchor or anchor in ids


def test_an_embed_has_a_theme_where_one_is_asked_for(client: FlaskClient) -> None:
    dark = parsed(client.get(f"{EMBED}?theme=dark").get_data(as_text=True))
    assert dark.one("html").attributes["data-theme"] == "dark"
    assert "data-theme" not in client.get(EMBED).text


def test_an_embed_says_what_it_does_not_understand(client: FlaskClient) -> None:
    said = client.get(f"{EMBED}?theme=blue&hash=%3Cb%3E&geo=MARS&x=1").text
    for word in ("theme=blue", "dark, light", "hash=&lt;b&gt;", "geo=MARS", "x=1"):
        assert word in said


def test_an_embed_of_nothing_leads_to_what_is_there(client: FlaskClient) -> None:
    response = client.get("/es/embed/nothing")
    assert response.status_code == 404
    assert parsed(response.text).links() == ["/es/indicators"]


# --- the content hash -----------------------------------------------------------------------


def hash_of(text: str) -> str:
    found = re.search(r"Content ([0-9a-f]{12})\.", text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "query", [f"?asof={DAY}", "?asof=2022-06-01&geo=MEX&from=2000&to=2015", "?measure=rate&freq=A"]
)
def test_anyone_can_compute_the_hash_from_the_files(query: str, client: FlaskClient) -> None:
    found = parsed(client.get(f"{EMBED}{query}").get_data(as_text=True))
    drawn = {mark.attributes["data-claim"] for mark in found.all("a", class_="mark")}
    columns = {
        f"{RATE}.csv{query}": "series_id,time_period,value,status",
        "/api/v1/claims.csv": (
            "claim_id,comparator,value_low,value_high,unit,period_start,period_end"
        ),
    }
    lines = []
    for address, names in columns.items():
        with client.get(address) as response:
            rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
        assert rows
        lines += [
            ",".join(row[name] for name in names.split(","))
            for row in rows
            if "claim_id" not in row or row["claim_id"] in drawn
        ]
    assert digest(lines) == hash_of(found.source)
    page = client.get("/en/data").text
    assert all(names in page for names in columns.values())


def test_the_hash_stays_until_a_value_is_revised(loaded: Loaded, tmp_path: Path) -> None:
    engine = loaded.copy(tmp_path)
    client = create_app(loaded.catalog, engine, lambda: NOW).server.test_client()
    before = hash_of(client.get(f"{EMBED}?asof=2026-06-01").text)
    assert hash_of(client.get(f"{EMBED}?asof=2026-06-01&events=no").text) == before
    address = f"{EMBED}?asof=2026-06-01&hash={before}"
    assert "read otherwise now" not in client.get(address).text
    # A release that nobody had seen on that day, although it had been published before.
    load(engine, a_vintage("2026-05-01", {"2008": "99.9"}))
    text = client.get(address).text
    after = hash_of(text)
    assert after != before
    said = "embedded with content {} and shows {}."
    assert said.format(before, after) in text
    assert hash_of(client.get(f"{EMBED}?asof=2026-04-01").text) == before
    engine.dispose()


def test_the_hash_does_not_depend_on_the_order() -> None:
    assert digest(["b", "a"]) == digest(["a", "b"]) != digest(["a"])
    assert re.fullmatch(r"[0-9a-f]{12}", digest([]))


# --- citing ---------------------------------------------------------------------------------


def copied(found: Markup) -> dict[str, str]:
    """The texts to copy by their ids, as they are."""
    areas = found.one("details", class_="share").all("textarea")
    labels = {label.attributes["for"] for label in found.all("label")}
    assert all("readonly" in area.attributes and area.attributes["id"] in labels for area in areas)
    return {a.attributes["id"]: "".join(map(str, a.children)) for a in areas}


def test_citations_as_they_are_written(page: Get, client: FlaskClient) -> None:
    shown = hash_of(client.get(f"{EMBED}?asof={DAY}").text)
    found = copied(page(RATE))
    assert found == {
        "embed-snippet": (
            f'<iframe loading="lazy" height="{cite.FRAME_HEIGHT}" '
            f'src="http://localhost/en/embed/homicide-rate?asof={DAY}&amp;hash={shown}" '
            'style="border:0" title="Homicide rate: Homicides per 100,000 inhabitants, as known '
            'on 1 December 2026" width="100%"></iframe>'
        ),
        "cite-view": (
            "Two-Track, “Homicide rate: Homicides per 100,000 inhabitants”, as known on 1 "
            "December 2026. Data: World Bank; Our World in Data. "
            f"http://localhost/en/indicators/homicide-rate?asof={DAY} (accessed on 1 December "
            f"2026; content {shown})."
        ),
        "bibtex-view": (
            f"@misc{{twotrack-homicide-rate-{shown},\n"
            "  author = {{Two-Track}},\n"
            "  title = {{Homicide rate: Homicides per 100,000 inhabitants}},\n"
            "  year = {2026},\n"
            f"  url = {{http://localhost/en/indicators/homicide-rate?asof={DAY}}},\n"
            f"  urldate = {{{DAY}}},\n"
            f"  note = {{As known on {DAY}; content {shown}; data: World Bank; Our World in "
            "Data},\n}"
        ),
    }


@pytest.mark.parametrize("query", ["", "?from=2000&asof=2026-06-01"])
def test_paper_has_the_citation_of_the_view(query: str, page: Get) -> None:
    """It names the day, the sources and the address; the texts to copy are folded away there."""
    found = page(f"{RATE}{query}")
    (said,) = found.one("section", id="download").all("p", class_="on-paper")
    assert said.text == copied(found)["cite-view"]


def test_a_view_is_cited_beside_its_indicator(page: Get) -> None:
    found = copied(page("/es/indicators/homicide-rate?from=2000&asof=2026-06-01"))
    assert list(found) == [
        "embed-snippet", "cite-view", "bibtex-view", "cite-indicator", "bibtex-indicator"
    ]  # fmt: skip
    start = (
        "Two-Track, «Tasa de homicidios: Homicidios por cada 100,000 habitantes», según lo "
        "conocido el 1 de junio de 2026. Datos: Banco Mundial; Our World in Data. "
        "http://localhost/es/indicators/homicide-rate?"
    )
    of_view, of_all = found["cite-view"], found["cite-indicator"]
    assert of_view.startswith(f"{start}from=2000-01-01&asof=2026-06-01 (consultado el 1 de dic")
    assert of_all.startswith(f"{start}asof=2026-06-01 (consultado el 1 de diciembre de 2026; ")
    assert of_view[-14:] != of_all[-14:]


def test_only_who_said_something_then_is_named(page: Get) -> None:
    found = copied(page("/es/indicators/homicide-rate?asof=2021-06-01"))
    assert "Datos: cifras que citan los artículos. http" in found["cite-view"]


def test_a_claim_that_is_shown_is_not_part_of_what_is_cited(page: Get) -> None:
    claim = "benitez-2021-two-track/homicide-rate-2008"
    found = copied(page(f"{RATE}?claim={claim}"))
    assert f"?measure=rate&asof={DAY} " in found["cite-view"]


def test_what_tex_would_read_otherwise_is_escaped() -> None:
    day = date(2026, 1, 2)
    cited = Citation(
        "x", "50% of {A} & B_1 ~ \\", ("R&D",), day, day, "http://a/?b=1&c=%2C", "0" * 12
    )
    entry = cited.bibtex(Translator("en"))
    assert r"title = {{50\% of \{A\} \& B\_1 \textasciitilde{} \textbackslash{}}}" in entry
    assert "url = {http://a/?b=1&c=%2C}" in entry
    assert r"data: R\&D}" in entry
