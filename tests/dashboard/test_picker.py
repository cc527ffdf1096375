"""The choice of a file on the data page: what it shows is what the file has."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from config.catalog import Catalog
from dashboard import addresses
from dashboard.asked import DataState, data_state
from dashboard.i18n import LANGUAGES
from dashboard.state import FREQUENCIES
from tests.dashboard.pages import Element, Markup

Get = Callable[[str], Markup]
BOTH = "/en/data?table=observations&indicator=homicide-rate&ref_area=MEX&ref_area=USA&from=2015"


def the_file(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


def chosen(markup: Markup) -> str:
    """The address that the page shows, without the host."""
    (link,) = markup.one("p", class_="chosen").all("a")
    assert link.text == f"http://localhost{link.attributes['href']}"
    return link.attributes["href"]


def preview(markup: Markup) -> list[dict[str, str]]:
    (table,) = markup.one("div", class_="preview").all("table")
    head = [cell.text for cell in table.all("thead")[0].all("th")]
    rows = table.all("tbody")[0].all("tr")
    return [
        dict(zip(head, (c.text for c in row.all("th") + row.all("td")), strict=True))
        for row in rows
    ]


def selected(form: Element) -> dict[str, str]:
    return {
        select.attributes["name"]: next(
            option.attributes["value"]
            for option in select.all("option")
            if "selected" in option.attributes
        )
        for select in form.all("select")
    }


@pytest.mark.parametrize(
    "query",
    [
        "table=observations",
        "table=observations&indicator=merida-spending&asof=2022-01-01",
        "table=observations&indicator=merida-spending&history=1",
        "table=observations&source=world-bank&freq=A&from=2010&to=2012",
        "table=observations&indicator=trade&asof=1999-01-01",
        "table=observations&counterpart_area=GTM&counterpart_area=HND",
        "table=claims",
        "table=claims&indicator=homicide-rate",
        "table=claims&article=benitez-2021-two-track&review=all",
    ],
)
def test_rows_are_those_of_the_file(query: str, page: Get, client: FlaskClient) -> None:
    asked = page(f"/en/data?{query}")
    rows = the_file(client, chosen(asked))
    said = asked.one("p", class_="row-count").text
    assert said.startswith(f"{len(rows):,} row")
    if not rows:
        assert asked.one("p", class_="none").text.startswith("No row fits: the file has its header")
        return
    shown = preview(asked)
    assert len(shown) == min(len(rows), 5)
    for row, full in zip(shown, rows, strict=False):
        assert row == {name: " ".join(full[name].split()) for name in row}


def test_the_form_keeps_what_was_chosen(page: Get) -> None:
    asked = page(BOTH)
    official, cited = asked.one("main").all("form", class_="picker")
    assert selected(official)["indicator"] == "homicide-rate"
    assert selected(cited) == {"indicator": "", "article": "", "review": ""}
    ticked = [
        (box.attributes["name"], box.attributes["value"])
        for box in official.all("input", type="checkbox")
        if "checked" in box.attributes
    ]
    assert ticked == [("ref_area", "MEX"), ("ref_area", "USA")]
    assert official.all("input", name="from")[0].attributes["value"] == "2015-01-01"
    assert chosen(asked) == (
        "/api/v1/observations.csv?indicator=homicide-rate&ref_area=MEX,USA&from=2015-01-01"
    )
    assert (
        "/es/data?table=observations&indicator=homicide-rate&ref_area=MEX,USA&from=2015-01-01"
        in [link.attributes["href"] for link in asked.all("link", rel="alternate")]
    )


def test_every_choice_offered_is_understood(page: Get, client: FlaskClient) -> None:
    for form in page("/en/data").one("main").all("form", class_="picker"):
        action = urlsplit(form.attributes["action"])
        assert action.fragment in page("/en/data").ids
        table = form.all("input", type="hidden")[0].attributes["value"]
        options = [
            (select.attributes["name"], option.attributes["value"])
            for select in form.all("select")
            for option in select.all("option")
        ]
        boxes = form.all("input", type="checkbox")
        options += [(box.attributes["name"], box.attributes["value"]) for box in boxes]
        assert options
        for name, value in options:
            asked = page(f"/en/data?table={table}&{name}={value}")
            assert not asked.all("div", class_="notice"), (name, value)
            client.head(chosen(asked)).close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_counted_until_it_is_asked_for(language: str, page: Get) -> None:
    asked = page(f"/{language}/data")
    assert not asked.all("p", class_="row-count")
    assert not asked.all("div", class_="preview")


def test_empty_fields_of_the_form_are_no_choice(page: Get) -> None:
    sent = "table=observations&indicator=&source=&freq=&from=&to=&asof=&history="
    asked = page(f"/en/data?{sent}")
    assert not asked.all("div", class_="notice")
    assert chosen(asked) == "/api/v1/observations.csv"


def test_what_is_not_understood_is_noticed(catalog: Catalog) -> None:
    def read(*pairs: tuple[str, str]) -> tuple[str, list[tuple[str, str, str | None]]]:
        state, notices = data_state(pairs, catalog)
        return state.query(), [(n.parameter, n.value, n.near) for n in notices]

    assert read(("table", "claim")) == ("", [("table", "claim", "claims")])
    assert read(("indicator", "trade")) == ("table=observations&indicator=trade", [])
    assert read(("x", "1"), ("table", "claims")) == ("table=claims", [("x", "1", None)])
    assert read(("table", "claims"), ("ref_area", "MEX")) == (
        "table=claims",
        [("ref_area", "MEX", None)],
    )
    assert read(("ref_area", "MEX,XXX"), ("ref_area", "USA"), ("freq", "Y")) == (
        "table=observations&ref_area=MEX,USA",
        [("freq", "Y", None), ("ref_area", "XXX", None)],
    )
    assert read(("from", "2020"), ("to", "2019"), ("asof", "soon")) == (
        "table=observations",
        [("asof", "soon", None), ("from", "2020", None), ("to", "2019", None)],
    )
    query, notices = read(("indicator", "homicide-rat"), ("history", "1"), ("history", "0"))
    assert query == "table=observations&history=1"
    assert ("indicator", "homicide-rat", "homicide-rate") in notices


DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.data())
def test_an_address_says_the_same_again(catalog: Catalog, data: st.DataObject) -> None:
    def one(words: list[str]) -> st.SearchStrategy[str | None]:
        return st.none() | st.sampled_from(words)

    codes = list(catalog.areas)
    some = st.sets(st.sampled_from(codes)).map(lambda found: tuple(c for c in codes if c in found))
    first, last = data.draw(DAYS), data.draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    observations = st.builds(
        DataState,
        table=st.just("observations"),
        indicator=one(list(catalog.indicators)),
        ref_area=some,
        counterpart_area=some,
        source=one(list(catalog.sources)),
        freq=one(list(FREQUENCIES)),
        first=st.just(first),
        last=st.just(last),
        asof=DAYS,
        history=st.booleans(),
    )
    claims = st.builds(
        DataState,
        table=st.just("claims"),
        indicator=one(list(catalog.indicators)),
        article=one(list(catalog.articles)),
        review=st.sampled_from(["accepted", "pending", "all"]),
    )
    state = data.draw(observations | claims)
    query = urlsplit(addresses.data("en", state)).query
    again, notices = data_state(parse_qsl(query), catalog)
    assert again == state
    assert not notices
