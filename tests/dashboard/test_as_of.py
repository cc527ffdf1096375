"""A page as known on a day tells nothing of what came after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dashboard.app import Site
from tests.dashboard.pages import Element, Markup

Get = Callable[[str], Markup]
INDICATORS = "/en/indicators/"
RATE = f"{INDICATORS}homicide-rate"
MPP = f"{INDICATORS}mpp-cases"
TRIPLED = "benitez-2021-two-track/homicides-tripled"
NONE = "The collection holds no official value as known on that day."


def card(found: Markup, claim: str) -> Element:
    (element,) = [e for e in found.all("div", class_="reading") if e.has({"data-claim": claim})]
    return element


def written(found: Markup, claim: str) -> str:
    """The first verdict of a claim."""
    (block,) = card(found, claim).all("div", class_="verdict")
    return block.all("p")[0].text


@pytest.mark.parametrize("day", ["2021-10-15", "2023-01-01", "2026-06-01"])
def test_what_was_known_when_it_was_written_does_not_change(day: str, page: Get) -> None:
    now, then = written(page(RATE), TRIPLED), written(page(f"{RATE}?asof={day}"), TRIPLED)
    assert "Earlier official figure not archived" in now
    assert then == now


def test_the_headline_leads_with_a_series_that_was_known(page: Get) -> None:
    """The World Bank's values are known since 20 July 2022, those that lead now since 2026."""
    found = page(f"{RATE}?asof=2023-01-01").one("p", class_="headline")
    assert found.all("strong")
    assert "World Bank" in found.text


def test_a_series_without_a_value_is_named_where_others_have_one(page: Get) -> None:
    found = page(f"{RATE}?asof=2021-10-15").one("p", class_="headline")
    assert NONE not in found.text
    assert "of the leading series (Homicides per 100,000 inhabitants, Mexico · World Bank)" in (
        found.text
    )
    (link,) = found.all("a")
    assert link.attributes["href"] == f"{RATE}?asof=2022-07-20"
    assert page(link.attributes["href"]).one("p", class_="headline").all("strong")


def test_no_value_is_said_only_where_there_is_none(page: Get) -> None:
    (link,) = page(f"{RATE}?asof=2005-01-01").one("p", class_="headline").all("a")
    first = link.attributes["href"]
    assert NONE not in page(first).one("p", class_="headline").text


def test_events_that_had_not_happened_are_not_told(page: Get) -> None:
    early = page(f"{RATE}?asof=2019-01-01")
    assert not early.all("details", class_="events")
    assert "Cienfuegos" not in early.one("section", id="chart").text
    years = {text.text[-4:] for text in early.one("div", class_="wide").all("text")}
    assert not {"2020", "2021"} & years


@pytest.mark.parametrize(
    ("language", "lasting", "ended"),
    [
        ("en", "Remain in Mexico (MPP) in force (", "until its formal end"),
        ("es", "Quédate en México (MPP) en vigor (", "hasta su fin formal"),
    ],
)
def test_the_end_of_a_span_that_lasted_is_not_told(
    language: str, lasting: str, ended: str, page: Get, client: FlaskClient
) -> None:
    address = f"/{language}/indicators/mpp-cases"
    events = page(f"{address}?asof=2020-06-01").one("details", class_="events").text
    assert lasting in events
    assert ended not in events
    assert "2021" not in events
    assert ended in page(address).one("details", class_="events").text
    picture = client.get(f"{address}.svg?asof=2020-06-01").text
    assert f"{lasting}2019)" in picture
    chart = page(f"{address}?asof=2020-06-01").one("section", id="chart")
    assert chart.all("rect", class_="event-span")


def test_other_articles_are_those_written_by_then(page: Get) -> None:
    """The article of December 2020 was contradicted in September 2021."""
    claim = "mexico-usa-2020-distrust/tariff-threat-2019"
    address = f"{INDICATORS}tariff-threat"
    assert "Benítez" in card(page(address), claim).text
    assert "Benítez" not in card(page(f"{address}?asof=2021-01-31"), claim).text


def test_a_ratio_is_counted_by_the_figures_of_the_day(page: Get) -> None:
    said = "counted from that year, the official ratio is"
    now = card(page(RATE), TRIPLED).text.partition(said)[2]
    then = card(page(f"{RATE}?asof=2023-01-01"), TRIPLED).text.partition(said)[2]
    assert then != now
    assert then.startswith(" 3.49.")
    assert said not in card(page(f"{RATE}?asof=2021-10-15"), TRIPLED).text


def test_measures_count_the_articles_of_the_day(page: Get) -> None:
    assert "cited figure" in page(MPP).one("nav", class_="measures").text
    assert "cited" not in page(f"{MPP}?asof=2020-06-01").one("nav", class_="measures").text


def test_the_day_is_in_every_title(page: Get, client: FlaskClient) -> None:
    known = ", as known on 1 January 2023"
    found = page(f"{RATE}?asof=2023-01-01")
    assert found.one("h1").text.endswith(known)
    assert not found.one("section", id="chart").all("h2")[0].text.endswith(known)
    assert found.one("div", class_="wide").all("title")[0].text.endswith(known)
    picture = client.get(f"{RATE}.svg?asof=2023-01-01").text
    assert f"inhabitants{known}</title>" in picture
    embedded = page("/en/embed/homicide-rate?asof=2023-01-01")
    assert embedded.one("h1").text.endswith(known)
    assert f"{known} · Two-Track" in embedded.one("head").all("title")[0].text
    assert not embedded.all("p", class_="known")
    today = page("/en/embed/homicide-rate")
    assert "as known" not in today.one("h1").text
    assert today.all("p", class_="known")
    snippet = found.one("textarea", id="embed-snippet").text
    assert f'{known}" width' in snippet


def to_chart(found: Markup, claim: str) -> tuple[str, str]:
    """Where the card's link and the quote lead."""
    (card_link,) = [a for a in card(found, claim).all("a") if a.text == "Show on the chart"]
    (quote,) = [
        a for mark in found.all("mark") for a in mark.all("a") if a.has({"data-claim": claim})
    ]
    return card_link.attributes["href"], quote.attributes["href"]


def test_the_way_to_the_chart_keeps_the_view(page: Get) -> None:
    name = f"{INDICATORS}vaccine-doses"
    query = "from=2021-01-01&to=2021-12-31&asof=2022-01-01&events=no"
    found = page(f"{name}?measure=promised&{query}")
    ids = [e.attributes["data-claim"] for e in found.all("div", class_="reading")]
    ways = {claim: to_chart(found, claim) for claim in ids}
    drawn = {a.attributes["data-claim"] for a in found.one("div", class_="cited-list").all("a")}
    assert drawn
    assert set(ids) - drawn
    for claim, (link, quote) in ways.items():
        assert query in quote
        assert quote.endswith(f"&claim={claim}#chart")
        assert link == ("#chart" if claim in drawn else quote)
        shown = page(quote.partition("#")[0])
        assert [a for a in shown.all("a", class_="mark") if a.has({"data-claim": claim})]


def test_the_way_to_the_chart_leaves_out_what_does_not_hold(page: Get) -> None:
    """On changes no figure is marked; a period without the claim's does not show it."""
    claim = "benitez-2021-two-track/homicide-rate-2008"
    link, quote = to_chart(page(f"{RATE}?from=2015-01-01&unit=change&asof=2023-01-01"), claim)
    assert link == quote == f"{RATE}?measure=rate&asof=2023-01-01&claim={claim}#chart"


def test_a_comparison_tells_no_later_event(page: Get, site: Site) -> None:
    key = next(k for k in site.store.series("mpp-cases") if k.measure == "court-cases-total")
    address = f"/en/compare?series={key}&from=2019-01-01&to=2021-12-31"
    ended, later = "until its formal end", "Court orders Remain in Mexico (MPP) to resume"
    now = page(address).one("main").text
    assert ended in now
    assert later in now
    then = page(f"{address}&asof=2020-06-01").one("main").text
    assert "Remain in Mexico (MPP) in force" in then
    assert ended not in then
    assert later not in then
