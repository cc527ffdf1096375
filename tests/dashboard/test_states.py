"""What pages say where there is nothing to show: why, in words that hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from config.catalog import Catalog
from dashboard.app import create_app
from dashboard.components.sources import state_sentence
from dashboard.i18n import Translator
from dashboard.store import Store
from db.engine import Engine
from tests.dashboard.pages import Markup, parsed
from tests.stores import NOW, Loaded

HELD = "No official value is held yet."
NOT_THEN = "The collection holds no official value as known on that day."


def test_an_empty_collection_holds_no_value_yet(catalog: Catalog, sqlite_engine: Engine) -> None:
    server: Flask = create_app(catalog, sqlite_engine, lambda: NOW).server
    response = server.test_client().get("/en/indicators/homicide-rate")
    page = parsed(response.get_data(as_text=True))
    assert response.status_code == 200
    assert HELD in page.one("p", class_="headline").text
    assert page.one("section", id="table").all("p", class_="none")[0].text == HELD


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("homicide-rate?asof=2005-01-01", NOT_THEN),
        ("homicide-rate?from=1900-01-01&to=1901-01-01", "No official value for this selection."),
    ],
)
def test_the_table_says_why_it_is_empty(
    address: str, said: str, page: Callable[[str], Markup]
) -> None:
    section = page(f"/en/indicators/{address}").one("section", id="table")
    assert section.all("p", class_="none")[0].text.startswith(said)


def test_a_sheet_says_of_which_day_it_is(page: Callable[[str], Markup]) -> None:
    """Once: in the title where a day was asked for."""
    for address, lines in (("homicide-rate", 1), ("homicide-rate?asof=2022-01-01", 0)):
        found = page(f"/en/indicators/{address}").all("p", class_="on-paper")
        assert sum(p.text == "As known on 1 December 2026." for p in found) == lines


def test_a_paused_source_says_that_its_figures_stay(loaded: Loaded) -> None:
    sources = dict(loaded.catalog.sources)
    for name in ("atf", "census"):
        sources[name] = sources[name].model_copy(update={"paused": True})
    store = Store(replace(loaded.catalog, sources=sources), loaded.engine, lambda: NOW)
    t = Translator("en")
    assert state_sentence(store, "atf", t).startswith("No run is planned. The last good data")
    assert state_sentence(store, "census", t) == "No run is planned."
