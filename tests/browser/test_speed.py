"""What a page does in which order: the first screen first, the live chart as soon as it can."""

from __future__ import annotations

import time

from playwright.sync_api import Route, expect

from tests.browser.conftest import LIVE, Visitor

RATE = "/en/indicators/homicide-rate"


def test_the_chart_waits_for_plotly_and_nothing_else_does(readers: Visitor) -> None:
    reader = readers()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))

    def late(route: Route) -> None:
        # Dash has asked for the figure before Plotly is there.
        end = time.monotonic() + 10
        while not any("_dash-layout" in each for each in asked) and time.monotonic() < end:
            reader.page.wait_for_timeout(20)
        reader.page.wait_for_timeout(300)
        route.continue_()

    reader.page.route("**/scripts/plotly-*", late)
    try:
        page = reader.visit(RATE, live=True)
    finally:
        reader.page.unroute("**/scripts/plotly-*")
    expect(page.locator(LIVE)).to_have_count(1)
    for name in ("_dash-layout", "_dash-dependencies"):
        # What was asked for ahead is what the renderer gets.
        assert len([each for each in asked if each.endswith(name)]) == 1
    assert reader.wrong == []


def test_what_is_below_the_first_screen_is_laid_out_soon(readers: Visitor) -> None:
    page = readers().visit(RATE, live=True)
    page.wait_for_selector(":root:not(.starting)")
    kinds = "[...document.querySelectorAll('main > section, footer')]"
    assert page.evaluate(
        f"{kinds}.every((each) => getComputedStyle(each).contentVisibility === 'visible')"
    )
    assert page.evaluate("window.shifts") < 0.05


def test_who_comes_to_a_place_gets_the_page_whole_at_once(readers: Visitor) -> None:
    page = readers().visit(f"{RATE}#download")
    assert not page.evaluate("document.documentElement.classList.contains('starting')")
    expect(page.locator("#download h2")).to_be_in_viewport()
