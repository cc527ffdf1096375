"""The pages of what cannot be answered: as sound as every other one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.app import create_app
from dashboard.i18n import Translator
from dashboard.pages import errors
from tests.browser.album import LANGUAGES, NARROW, WIDE
from tests.browser.checks import axe, overflow
from tests.browser.conftest import Reader, Visitor
from tests.stores import NOW, Loaded

pytestmark = pytest.mark.browser

WHEN = datetime(2026, 12, 1, 12, 0, 5, tzinfo=UTC)
MISSING = "indicators/homicide-rates-of-a-name-that-is-long"
WAYS = {"en": ("light", (WIDE, 320, NARROW)), "es": ("dark", (NARROW, 320, WIDE))}


def check(reader: Reader, page: Page, status: int, widths: tuple[int, ...]) -> None:
    """It is there, fits, passes axe, and leads on; the browser notes its status and no more."""
    expect(page.locator("h1")).to_be_visible()
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width
    assert page.locator("main a").count() >= 2
    assert axe(page) == []
    assert [line for line in reader.wrong if f"status of {status}" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there(language: str, readers: Visitor) -> None:
    theme, widths = WAYS[language]
    reader = readers(widths[0], theme)
    check(reader, reader.visit(f"/{language}/{MISSING}"), 404, widths)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_takes_nothing(language: str, readers: Visitor) -> None:
    theme, widths = WAYS[language]
    reader = readers(widths[0], theme)
    page = reader.visit(f"/{language}/about")
    send = (
        "document.querySelector('main').innerHTML = '<form method=post><button>x</button></form>'"
    )
    page.evaluate(send)
    with page.expect_navigation():
        page.locator("main button").click()
    check(reader, page, 405, widths)
    page.locator("main a").first.click()
    page.wait_for_url(f"**/{language}/about")


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_could_not_be_made(
    language: str, status: int, loaded: Loaded, readers: Visitor
) -> None:
    app, t = create_app(loaded.catalog, loaded.engine, lambda: NOW), Translator(language)
    make = errors.broken if status == 500 else errors.no_database
    with app.server.test_request_context():
        body = app.render(make("sources", WHEN, t), t).get_data(as_text=True)

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)

    theme, widths = WAYS[language]
    reader = readers(widths[0], theme)
    address = f"**/{language}/sources"
    reader.page.route(address, answer)
    try:
        check(reader, reader.visit(f"/{language}/sources"), status, widths)
    finally:
        reader.page.unroute(address)
