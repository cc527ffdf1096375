"""The whole application by keyboard: nothing out of reach, the focus always seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.album import NARROW, WIDE
from tests.browser.checks import tab_through
from tests.browser.conftest import LIVE, Visitor
from tests.browser.test_every_page import CHOSEN, COMPARED

pytestmark = pytest.mark.browser

PATHS = [
    *("en/", "es/indicators", "en/articles", "es/ledger", "en/events", "es/sources", "en/about"),
    *("es/sources/world-bank", "en/changes", "en/search?q=mexico"),
    *("es/data", f"en/{CHOSEN}", "en/compare", f"es/{COMPARED}"),
    *("en/indicators/homicide-rate", "es/indicators/merida-spending"),
    *("en/indicators/criminal-organizations", "es/articles/benitez-2021-two-track"),
    "en/embed/homicide-rate",
]
FOCUSED = "document.activeElement"


@pytest.mark.parametrize("path", PATHS)
def test_tab_leads_through_a_page(path: str, readers: Visitor) -> None:
    """With all that folds unfolded."""
    turn = PATHS.index(path) % 2
    reader = readers((WIDE, NARROW)[turn], ("dark", "light")[turn], still=True)
    page = reader.visit(f"/{path}", live="indicators/" in path)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert tab_through(page) == []
    assert reader.wrong == []


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until an element that the selector matches has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    pytest.fail(f"{most} presses of Tab do not lead to {selector}")


def test_the_skip_link_skips(readers: Visitor) -> None:
    reader = readers(NARROW, still=True)
    page = reader.visit("/es/articles")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(f"!!{FOCUSED}.closest('main')")
    assert reader.wrong == []


def test_from_the_overview_to_an_older_day(readers: Visitor) -> None:
    """Header, list, controls: what was known on a day."""
    reader = readers(WIDE, still=True)
    page = reader.visit("/en/")
    tab_to(page, "nav a[href='/en/indicators']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/indicators")
    tab_to(page, "main a[href='/en/indicators/homicide-rate']")
    page.keyboard.press("Enter")
    page.wait_for_selector(LIVE)
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "#field-asof")
    page.keyboard.type("12312019")
    tab_to(page, ".controls button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/indicators/homicide-rate?*asof=2019-12-31*")
    page.wait_for_selector(LIVE)
    expect(page.locator("h1")).to_have_text("Homicide rate, as known on 31 December 2019")
    assert reader.wrong == []


def test_language_and_theme_are_switched(readers: Visitor) -> None:
    reader = readers(NARROW, still=True)
    page = reader.visit("/en/events")
    tab_to(page, "#theme-switch")
    page.keyboard.press("Space")
    expect(page.locator("#theme-switch")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#theme-switch")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#theme-switch")).to_have_attribute("aria-pressed", "false")
    page.evaluate("localStorage.removeItem('theme')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/events")
    assert reader.wrong == []


def test_a_table_scrolls(readers: Visitor) -> None:
    """By the arrow keys, sideways and down."""
    reader = readers(320, still=True)
    page = reader.visit("/en/indicators/homicide-rate", live=True)
    tab_to(page, "#table .scroll")
    table = page.locator("#table .scroll")
    for key, measure in (("ArrowRight", "scrollLeft"), ("ArrowDown", "scrollTop")):
        page.keyboard.press(key)
        page.wait_for_function(f"() => document.querySelector('#table .scroll').{measure} > 0")
    expect(table).to_be_focused()
    assert reader.wrong == []


def test_series_are_compared(readers: Visitor) -> None:
    """Choose two in the lists by the keys of their names, ask, and change the scale."""
    reader = readers(WIDE, still=True)
    page = reader.visit("/en/compare")
    for number in (0, 1):
        box = page.locator("main select[name='series']").nth(number)
        tab_to(page, "select[name='series']")
        expect(box).to_be_focused()
        for _ in range(2 + number):
            page.keyboard.press("ArrowDown")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*series=*series=*")
    expect(page.locator("main .drawing:visible svg").first).to_be_visible()
    expect(page.locator("main table").first).to_be_visible()
    assert reader.wrong == []


def test_a_search_is_followed(readers: Visitor) -> None:
    reader = readers(WIDE, still=True)
    page = reader.visit("/es/about")
    tab_to(page, "#site-search")
    page.keyboard.type("homicidios")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/search?q=homicidios")
    tab_to(page, ".result a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/indicators/**")
    assert reader.wrong == []
