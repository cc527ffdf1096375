"""The ledger of figures that have no official series."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dashboard.app import Site
from dashboard.pages.ledger import entries
from db.verdicts import Code
from tests.dashboard.pages import Element, Markup

Get = Callable[[str], Markup]


def entry(found: Markup, words: str) -> Element:
    (element,) = [li for li in found.one("main").all("li") if words in li.text]
    return element


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_such_figure_is_there_once(language: str, page: Get, site: Site) -> None:
    found = page(f"/{language}/ledger")
    wanted = entries(site.store)
    assert len(wanted) == 14
    for claim in wanted:
        anchor = "claim-" + claim.id.replace("/", "-")
        address = f"/{language}/articles/{claim.article}#{anchor}"
        (heading,) = [h for h in found.all("h3") if h.all("a", href=address)]
        assert heading
    assert len(found.all("h3")) == len(wanted)
    now = [site.store.assessments()[claim.id].now.code for claim in site.store.claims()]
    assert now.count(Code.NO_OFFICIAL_SERIES) == len(wanted)


def test_it_says_why(page: Get) -> None:
    found = page("/en/ledger")
    only = found.one("section", id="only-articles")
    assert "11 organizations" in only.text
    assert "no office that publishes such figures" in only.text
    other = found.one("section", id="something-else")
    assert "not held against a promise" in entry(found, "aid valued at 4 billion dollars").text
    assert "No series of this measure is held" in entry(found, "60 to 70 percent").text
    assert "11 organizations" not in other.text


def test_a_count_that_is_not_official_stands_beside(page: Get) -> None:
    text = entry(page("/en/ledger"), "1,100 reported cases").text
    assert "Only a count that is not official is held: Human Rights First." in text
    assert "The article names its source: Human Rights Watch." in text
    assert "Human Rights First, 28 February 2020: more than 1,000 reports" in text


@pytest.mark.parametrize("address", ["/en/", "/en/articles", "/en/indicators/violence-extent"])
def test_it_is_reached_from(address: str, page: Get) -> None:
    assert "/en/ledger" in page(address).links()


def test_totals_add_up(page: Get, site: Site) -> None:
    """Then and now, every claim is counted once."""
    for address in ("/en/", "/en/articles"):
        (totals,) = page(address).all("ul", class_="totals")
        for item in totals.all("li"):
            counts = [int(part.split()[0]) for part in item.text.partition(": ")[2].split(", ")]
            assert sum(counts) == len(site.store.claims())
    now, then = [item.text for item in totals.all("li")]
    assert now == "Now: 9 match, 1 is close, 4 differ, 14 without an official series"
    assert then.startswith("When written: 7 match, 3 differ, 4 not archived")
