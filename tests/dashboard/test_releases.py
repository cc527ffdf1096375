"""What is to be published next, by the rhythm of each source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from dashboard.app import Site, create_app
from db.freshness import expected_release
from tests.dashboard.pages import Element, Markup, parsed
from tests.stores import Loaded

Get = Callable[[str], Markup]


def items_of(loaded: Loaded, now: datetime, language: str = "en") -> list[Element]:
    server: Flask = create_app(loaded.catalog, loaded.engine, lambda: now).server
    text = server.test_client().get(f"/{language}/").get_data(as_text=True)
    return parsed(text).one("section", id="releases").all("li")


def test_every_source_with_a_rhythm_and_a_release_is_named(page: Get, site: Site) -> None:
    store = site.store
    dated = {
        source.id: expected_release(source, store.source_records()[source.id])
        for source in store.catalog.sources.values()
        if not source.paused
    }
    wanted = {f"/en/sources/{name}" for name, when in dated.items() if when}
    part = page("/en/").one("section", id="releases")
    links = {a.attributes["href"] for a in part.all("a")}
    assert {link for link in links if "/sources/" in link} == wanted
    assert len(wanted) > 3


def test_what_is_to_come_leads_and_what_is_overdue_is_folded(loaded: Loaded) -> None:
    # OWID's file of 2 February 2026, one a year; UNHCR's of 25 June 2026, two a year.
    early = items_of(loaded, datetime(2026, 12, 1, tzinfo=UTC))
    (owid,) = [item for item in early if "/en/sources/owid-homicide" in hrefs(item)]
    assert owid.text.startswith("About February 2027 · ")
    assert "held: 2 February 2026" in owid.text
    assert "/en/indicators/homicide-rate" in hrefs(owid)
    assert not any(each.tag == "details" for each in owid.above())
    (unhcr,) = [item for item in early if "/en/sources/unhcr" in hrefs(item)]
    assert unhcr.text.startswith("About December 2026 · ")

    late = items_of(loaded, datetime(2027, 3, 1, tzinfo=UTC))
    (owid,) = [item for item in late if "/en/sources/owid-homicide" in hrefs(item)]
    assert any(each.tag == "details" for each in owid.above())


def test_the_soonest_is_first(loaded: Loaded, site: Site) -> None:
    store = site.store
    now = datetime(2026, 12, 1, tzinfo=UTC)
    named = [
        href.removeprefix("/es/sources/")
        for item in items_of(loaded, now, "es")
        if not any(each.tag == "details" for each in item.above())
        for href in hrefs(item)
        if "/sources/" in href
    ]
    days = [
        expected_release(store.catalog.sources[name], store.source_records()[name])
        for name in named
    ]
    assert days
    assert None not in days
    assert days == sorted(days, key=lambda each: each or date.max)


@pytest.mark.parametrize(
    ("source", "said"),
    [("owid-homicide", "to be expected about February 2027"), ("atf", "–")],
)
def test_the_page_of_a_source_says_it(page: Get, source: str, said: str) -> None:
    facts = page(f"/en/sources/{source}").one("dl", class_="facts")
    terms = [each.text for each in facts.all("dt")]
    assert facts.all("dd")[terms.index("Next release")].text == said


def hrefs(element: Element) -> set[str]:
    return {a.attributes["href"] for a in element.all("a")}
