"""Search: the index by itself, and the page over the loaded database."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from dashboard import addresses
from dashboard.app import create_app
from dashboard.asked import KINDS, SearchState, search_state
from dashboard.i18n import LANGUAGES
from dashboard.search import (
    MOST_CHARACTERS,
    NAME,
    TEXT,
    TITLE,
    Document,
    Field,
    Index,
    composed,
    covered,
    fold,
    pieces,
    snippet,
    stem,
    terms,
)
from tests.dashboard.drafts import DRAFT, a_claim, a_draft, store_articles
from tests.dashboard.pages import Element, Markup
from tests.stores import NOW, Loaded

Get = Callable[[str], Markup]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def a_document(name: str, title: str, text: str = "", names: str = "") -> Document:
    fields = (Field(title, TITLE), Field(names, NAME), Field(text, TEXT))
    return Document("indicators", name, fields)


INDEX = Index(
    [
        a_document("text", "Security", "Homicides of all kinds, and México."),
        a_document("named", "Violence", names="asesinat*, homicide counts"),
        a_document("title", "Homicide rate", "Per inhabitants."),
        a_document("migration", "Migración a México", "Encuentros en la frontera."),
    ]
)


def found(query: str, index: Index = INDEX) -> list[str]:
    return [hit.document.id for hit in index.search(terms(query))]


# --- the index ------------------------------------------------------------------------------


def test_titles_come_before_names_before_texts() -> None:
    assert found("homicide") == ["title", "named", "text"]


def test_case_accents_and_composition_make_no_difference() -> None:
    for query in ("mexico", "MÉXICO", "Me\u0301xico", "mÉxIc"):
        assert found(query) == ["migration", "text"], query
    assert fold("Ñandú ÅNGSTRÖM ß") == "nandu angstrom ss"


def test_every_word_must_be_found_by_how_it_begins() -> None:
    assert found("homi rat") == ["title"]
    assert found("homicide frontera") == []
    assert found("omicide") == []


def test_a_plural_finds_the_singular() -> None:
    assert found("homicides") == ["title", "named", "text"]
    assert found("migraciones") == ["migration"]
    assert stem("agencies") == "agenc"
    assert stem("crisis") == "crisi"
    assert stem("class") == "class"
    assert stem("uses") == "uses"


def test_an_asterisk_stands_for_any_ending() -> None:
    assert found("asesinatos") == ["named"]
    assert found("asesina") == ["named"]
    marked = [piece.text for piece in pieces("asesinat*, robos", ["asesinatos"]) if piece.found]
    assert marked == ["asesinat"]


def test_small_words_need_not_be_found_unless_they_are_all() -> None:
    assert found("the rate of homicide") == ["title"]
    assert terms("de la") == ("de", "la")
    assert found("la") == ["migration"]


def test_nothing_is_looked_for_without_a_word() -> None:
    for query in ("", "  ", "%%%", "—", "\u0301"):
        assert terms(query) == ()
        assert found(query) == []


def test_nearest_words() -> None:
    assert INDEX.suggestions(terms("homcide")) == [("homicide", 3), ("homicides", 3)]
    assert INDEX.suggestions(terms("frontrea")) == [("frontera", 1)]
    # Spelt as the texts spell it, and the right word stays.
    assert INDEX.suggestions(terms("migracoin mexico"))[0] == ("migración méxico", 1)
    assert INDEX.suggestions(terms("rate frontera")) == [("rate", 1), ("frontera", 1)]
    assert INDEX.suggestions(terms("zzzzzz")) == []
    # No word that only begins others is put to a reader.
    assert INDEX.nearest("asesinat") == []


def test_the_whole_of_a_long_query_is_bounded() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefghijkl" for b in "aeiou" for c in "lmnrst"]
    index = Index(a_document(str(n), f"{w} {w}ab", " ".join(words)) for n, w in enumerate(words))
    start = time.perf_counter()
    for query in (
        " ".join("abcdefghijklmnopqrstuvwxyz"),
        "a" * 10_000,
        " ".join(words),
        "lam " * 99,
    ):
        asked = terms(query)
        assert len("".join(asked)) <= MOST_CHARACTERS
        index.search(asked)
        index.suggestions(asked)
    assert time.perf_counter() - start < 5


@given(TEXTS, TEXTS)
def test_pieces_are_the_text(text: str, query: str) -> None:
    asked = terms(query)
    assert "".join(piece.text for piece in pieces(text, asked)) == composed(text)


@given(TEXTS)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    index = Index([a_document("it", text)])
    asked = terms(text[:60])
    assert covered(text, asked) >= covered(text[:60], asked)
    if asked and len(text) <= 60:
        assert index.search(asked)[0].in_title


@given(TEXTS, TEXTS, st.integers(20, 80))
def test_snippets_are_short_and_of_the_text(text: str, query: str, most: int) -> None:
    short = snippet(text, terms(query), most)
    assert len(short) <= most + len("…  …")
    assert short.removeprefix("… ").removesuffix(" …") in composed(text)


def test_a_snippet_begins_near_the_word() -> None:
    text = " ".join(f"word{n}" for n in range(200))
    short = snippet(text, ["word150"], 100)
    assert "word150" in short
    assert short.startswith("… word")
    assert short.endswith(" …")


# --- the address ----------------------------------------------------------------------------


@given(TEXTS, st.sampled_from([None, *KINDS]))
def test_an_address_says_the_same_again(text: str, kind: str | None) -> None:
    state, _ = search_state([("q", text), ("kind", kind or "")])
    again, notices = search_state(parse_qsl(state.query(), keep_blank_values=True))
    assert again == state
    assert not notices
    assert len(state.text) <= MOST_CHARACTERS


def test_what_is_not_understood_is_noticed() -> None:
    state, notices = search_state([("q", "a  b"), ("q", "c"), ("kind", "event"), ("y", "1")])
    assert state == SearchState("a b")
    assert [(n.parameter, n.near, n.repeated) for n in notices] == [
        ("q", None, True),
        ("kind", "events", False),
        ("y", None, False),
    ]
    _, notices = search_state([("q", "x" * 201)])
    assert [n.parameter for n in notices] == ["q"]


# --- the page -------------------------------------------------------------------------------


def results(markup: Markup, kind: str) -> list[Element]:
    sections = markup.all("section", id=kind)
    return sections[0].all("li", class_="result") if sections else []


def links(items: list[Element]) -> list[str]:
    return [item.all("h3")[0].all("a")[0].attributes["href"] for item in items]


def marks(element: Element) -> set[str]:
    return {mark.text for mark in element.all("mark")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["homicide", "HOMICIDIO", "homicídios"])
def test_a_word_of_either_language_finds_the_indicator(language: str, word: str, page: Get) -> None:
    indicators = results(page(f"/{language}/search?q={quote(word)}"), "indicators")
    assert f"/{language}/indicators/homicide-rate" in links(indicators)


def test_where_a_word_of_the_other_language_stands_is_said(page: Get) -> None:
    (item,) = results(page("/es/search?q=remain+in+mexico"), "indicators")
    (beside,) = item.all("p", class_="beside")
    assert beside.text == 'En inglés: "Remain in Mexico" (MPP)'
    (text,) = beside.all("span")
    assert text.attributes["lang"] == "en"
    assert marks(text) == {"Remain", "Mexico"}


def test_every_kind_is_found(page: Get) -> None:
    asked = page("/en/search?q=mexico")
    for kind in KINDS:
        items = results(asked, kind)
        assert 0 < len(items) <= 20
        assert all(marks(item) for item in items), kind
    counts = {
        match[1]: int(match[2])
        for a in asked.one("nav", class_="kinds-found").all("a")
        if (match := re.fullmatch(r"(.*) \((\d+)\)", a.text))
    }
    assert len(counts) == len(KINDS)
    assert asked.one("p", class_="total").text == f"{sum(counts.values())} results for “mexico”"
    assert asked.one("h1").text == "Search"
    assert asked.one("input", id="search-words").attributes["value"] == "mexico"


def test_articles_by_title_author_and_publisher(page: Get) -> None:
    for query in ("two-track", "benitez", "Benítez two"):
        found_ = links(results(page(f"/en/search?q={quote(query)}"), "articles"))
        assert "/en/articles/benitez-2021-two-track" in found_, query


def test_excerpts_lead_to_the_card_of_their_figure(page: Get, client: FlaskClient) -> None:
    items = results(page("/en/search?q=astrazeneca"), "excerpts")
    assert items
    for item, href in zip(items, links(items), strict=True):
        target = urlsplit(href)
        assert target.path.startswith("/en/articles/")
        assert target.fragment in page(target.path).ids
        assert item.all("blockquote")[0].attributes["lang"] == "en"


def test_events_and_sources_lead_where_they_stand(page: Get) -> None:
    asked = page("/es/search?q=quédate")
    for href in links(results(asked, "events")):
        target = urlsplit(href)
        assert target.path == "/es/events"
        assert target.fragment in page("/es/events").ids
    sources = links(results(page("/es/search?q=banco+mundial"), "sources"))
    assert sources[0] == "/es/sources/world-bank"


def test_more_than_twenty_have_a_page_of_their_own(page: Get) -> None:
    asked = page("/en/search?q=the")
    (section,) = asked.all("section", id="sources")
    assert len(section.all("li", class_="result")) == 20
    (more,) = section.all("p")[-1].all("a")
    everything = page(more.attributes["href"])
    (whole,) = everything.all("section")
    heading = re.search(r"\((\d+)\)", whole.all("h2")[0].text)
    assert heading
    assert len(whole.all("li", class_="result")) == int(heading[1]) > 20
    assert more.text == f"All {heading[1]}: Sources"
    assert everything.one("a", aria_current="page", href=more.attributes["href"])


def test_nothing_asked_for(page: Get) -> None:
    asked = page("/es/search")
    assert not asked.all("li", class_="result")
    for link in asked.one("main").all("a"):
        if "q=" in link.attributes["href"]:
            assert page(link.attributes["href"]).one("p", class_="total")


def test_nothing_found(page: Get) -> None:
    asked = page("/en/search?q=homcide")
    assert asked.one("p", class_="none").text == "Nothing was found for “homcide”."
    links_ = [a.attributes["href"] for a in asked.one("main").all("a")]
    assert addresses.search("en", SearchState("homicide")) in links_
    other = page("/en/search?q=leiroz+firearms")
    assert "Each word is found, but not together:" in other.one("main").text
    assert "has no word to look for" in page("/en/search?q=%25").one("main").text
    assert "No word of the collection" in page("/en/search?q=qqqqqq").one("main").text
    none = page("/en/search?q=leiroz&kind=events")
    assert none.one("p", class_="none").text == "Nothing of this kind was found: Events."


def test_what_is_asked_for_is_never_markup(client: FlaskClient) -> None:
    text = client.get('/en/search?q="><script>alert(1)</script>').get_data(as_text=True)
    assert "<script>alert" not in text
    assert '""' not in text.partition("<body>")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_the_form_and_the_link(language: str, page: Get) -> None:
    header = page(f"/{language}/about").all("header")[0]
    (form,) = header.all("form", role="search")
    assert form.attributes["action"] == f"/{language}/search"
    (field,) = form.all("input", name="q")
    assert form.all("label", for_=field.attributes["id"])[0].text
    assert form.all("button")[0].text
    assert header.all("a", class_="to-search")[0].text
    # The search page has one form, and it is in the page.
    asked = page(f"/{language}/search?q=trade")
    assert len(asked.all("form", role="search")) == 1
    assert asked.one("a", class_="to-search").attributes["aria-current"] == "page"
    other = next(code for code in LANGUAGES if code != language)
    assert asked.one("a", class_="switch", hreflang=other).attributes["href"] == (
        f"/{other}/search?q=trade"
    )


def test_only_what_was_accepted_is_found_and_the_index_follows_the_data(
    loaded: Loaded, tmp_path: Path
) -> None:
    engine = loaded.copy(tmp_path)
    client = create_app(loaded.catalog, engine, lambda: NOW).server.test_client()

    def count() -> int:
        text = client.get("/en/search?q=homicide+inhabitants").get_data(as_text=True)
        return text.count(f'href="/en/articles/{DRAFT}')

    assert count() == 0
    store_articles(engine, loaded.catalog, a_draft([a_claim(2018, "pending")]))
    assert count() == 0
    store_articles(engine, loaded.catalog, a_draft([a_claim(2018, "accepted")]))
    assert count() == 1
    engine.dispose()
