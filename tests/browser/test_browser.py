"""What a reader does on an indicator and on articles: by mouse, without scripts, on paper."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.album import LANGUAGES, NARROW, WIDE
from tests.browser.checks import chart, overflow
from tests.browser.conftest import LIVE, Visitor

pytestmark = pytest.mark.browser

RATE = "/en/indicators/homicide-rate"
CLAIM = "benitez-2021-two-track/homicide-rate-2008"
ANCHOR = "claim-benitez-2021-two-track-homicide-rate-2008"
OF_CLAIM = f'[data-claim="{CLAIM}"]'

# --- without scripts ------------------------------------------------------------------------


def test_without_scripts_all_can_be_read(readers: Visitor) -> None:
    reader = readers(WIDE, scripts=False)
    page = reader.visit(RATE)
    expect(page.locator("h1")).to_have_text("Homicide rate")
    expect(page.locator(".headline strong")).to_be_visible()
    expect(page.locator(".static.wide svg")).to_be_visible()
    expect(page.locator(".static.wide path.line")).to_have_count(4)
    expect(page.get_by_text("8 homicides for every 100,000 inhabitants in 2008")).to_be_visible()
    row = page.locator("#table tbody tr", has=page.locator("th", has_text="2008"))
    expect(row.locator("td")).to_have_text(["12.64", "12.69", "5.43", "5.40"])
    expect(page.locator("#theme-switch")).to_be_hidden()
    page.locator(f".static.wide .mark{OF_CLAIM} .hit").click()
    assert page.url.endswith(f"#{ANCHOR}")
    expect(page.locator(f"#{ANCHOR}")).to_be_in_viewport(ratio=1)
    page.locator(f"#{ANCHOR} a").click()
    assert f"claim={CLAIM}" in page.url
    expect(page.locator(f".static.wide .mark.selected{OF_CLAIM}")).to_be_visible()
    expect(page.locator(f"mark.selected{OF_CLAIM}")).to_be_visible()
    assert reader.wrong == []


# --- from a mark to its excerpt and back ----------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_click_on_a_mark_leads_to_its_excerpt_and_back(language: str, readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"/{language}/indicators/homicide-rate", live=True)
    page.locator(f".static.wide .mark{OF_CLAIM} .hit").click()
    expect(page.locator(f"#{ANCHOR}")).to_have_class("selected")
    expect(page.locator(f"#{ANCHOR} a")).to_be_focused()
    expect(page.locator(f"#{ANCHOR}")).to_be_in_viewport(ratio=1)
    page.locator(f"#{ANCHOR} a").click()
    mark = page.locator(f".static.wide .mark{OF_CLAIM}")
    expect(mark).to_be_focused()
    expect(mark).to_have_class("mark selected")
    selected = "document.querySelector('.js-plotly-plot')._fullData.at(-1).selectedpoints"
    assert page.evaluate(selected) == [0]
    # The list below the chart leads to the excerpts too.
    page.locator(f".cited-list a{OF_CLAIM}").click()
    expect(page.locator(f"#{ANCHOR} a")).to_be_focused()
    assert reader.wrong == []


def test_a_click_on_the_live_chart_itself_leads_there_too(readers: Visitor) -> None:
    """Beside the link's own area Plotly takes the click, and Dash passes it on."""
    reader = readers(WIDE)
    page = reader.visit(RATE, live=True)
    page.add_style_tag(content=".static * { pointer-events: none !important; }")
    page.locator("#chart-slot").scroll_into_view_if_needed()
    x, y = chart(page)["marks"][CLAIM]
    page.mouse.move(x + 3, y + 3)
    page.wait_for_selector(".hoverlayer .hovertext")
    page.mouse.click(x + 3, y + 3)
    expect(page.locator(f"#{ANCHOR}")).to_have_class("selected")
    assert reader.wrong == []


def test_the_keyboard_goes_all_the_way(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(RATE, live=True)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('mark')"):
            break
    mark = page.locator(f".static.wide .mark{OF_CLAIM}")
    expect(mark).to_be_focused()
    # What the mouse is told by hovering, the keyboard is told too; Escape takes it away.
    expect(page.locator(".hoverlayer")).to_contain_text("7.5 to 8.5")
    page.keyboard.press("Escape")
    expect(page.locator(".hoverlayer .hovertext")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{ANCHOR} a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(mark).to_be_focused()
    assert reader.wrong == []


def test_focus_is_seen(readers: Visitor) -> None:
    page = readers(WIDE).visit("/en/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_an_article_leads_to_its_mark(language: str, readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"/{language}/articles/benitez-2021-two-track")
    page.locator(f"#{ANCHOR} a").click()
    page.wait_for_selector(LIVE)
    assert f"/{language}/indicators/homicide-rate" in page.url
    expect(page.locator(f".static.wide .mark{OF_CLAIM}")).to_have_class("mark selected")
    expect(page.locator(f"#{ANCHOR}")).to_have_class("selected")
    expect(page.locator("#chart-slot")).to_be_in_viewport(ratio=1)
    page.locator(".claim .byline a").first.click()
    assert f"/{language}/articles/benitez-2021-two-track#claim-" in page.url
    assert reader.wrong == []


# --- themes, languages, paper ---------------------------------------------------------------


def test_the_theme_is_switched_and_kept(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(RATE, live=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    label = "document.querySelector('.js-plotly-plot').layout.hoverlabel.bgcolor"
    light = page.evaluate(ground), page.evaluate(label)
    page.locator("#theme-switch").click()
    dark = page.evaluate(ground), page.evaluate(label)
    assert dark == ("rgb(20, 24, 29)", "#14181d")
    assert light != dark
    expect(page.locator("#theme-switch")).to_have_attribute("aria-pressed", "true")
    reader.visit("/en/about")
    assert page.evaluate(ground) == dark[0]
    page.locator("#theme-switch").click()
    assert page.evaluate(ground) == light[0]
    page.evaluate("localStorage.removeItem('theme')")
    assert reader.wrong == []


def test_the_readers_own_theme_is_the_first(readers: Visitor) -> None:
    reader = readers(NARROW, "dark")
    page = reader.visit("/es/indicators/homicide-rate", live=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
    label = "document.querySelector('.js-plotly-plot').layout.hoverlabel.bgcolor"
    assert page.evaluate(label) == "#14181d"
    assert reader.wrong == []


def test_the_language_is_switched_in_place(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{RATE}?from=2000-01-01")
    page.get_by_role("link", name="Español").click()
    assert page.url.endswith("/es/indicators/homicide-rate?from=2000-01-01")
    expect(page.locator("h1")).to_have_text("Tasa de homicidios")


def test_the_form_makes_an_address(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(RATE)
    page.locator("summary").first.click()
    page.get_by_label("From").fill("2000-01-01")
    page.get_by_label("Area").select_option("MEX")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector(LIVE)
    expect(page.locator("#table tbody tr").last.locator("th")).to_have_text("2000")
    assert "from=2000-01-01" in page.url
    expect(page.locator(".notice")).to_have_count(0)
    assert reader.wrong == []


def test_targets_on_a_phone_can_be_touched(readers: Visitor) -> None:
    page = readers(NARROW).visit("/es/")
    for link in page.locator(".top nav a, .switch").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 24
    header = page.locator("header.top").bounding_box()
    assert header is not None
    assert header["height"] <= 120


def test_paper_has_the_table_whole_and_no_controls(readers: Visitor) -> None:
    page = readers(NARROW, "dark").visit(RATE, live=True)
    page.emulate_media(media="print")
    try:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
            "rgb(255, 255, 255)"
        }
        expect(page.locator(".top nav")).to_be_hidden()
        expect(page.locator(".controls")).to_be_hidden()
        cut = "(() => { const e = document.querySelector('#table .scroll');"
        assert page.evaluate(f"{cut} return e.scrollHeight - e.clientHeight; }})()") <= 1
        drawing = page.locator(".static svg:visible")
        expect(drawing.locator("path.line").first).to_be_visible()
    finally:
        page.emulate_media(media="null")


# --- figures of several articles --------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_not_comparable_unfolds_and_leads_there_and_back(
    readers: Visitor, theme: str
) -> None:
    reader = readers(NARROW, theme)
    page = reader.visit("/es/articles/leiroz-2021-amlo-harris")
    card = '.reading[data-claim$="/{}"] .relations'
    mine = page.locator(card.format("astrazeneca-shipped"))
    link = mine.get_by_role("link", name="Benítez")
    expect(link).to_be_hidden()
    mine.locator("summary").click()
    expect(link).to_be_visible()
    assert overflow(page) <= 0
    link.click()
    assert page.url.endswith("#claim-benitez-2021-two-track-vaccine-doses-gifted")
    back = page.locator(card.format("vaccine-doses-gifted"))
    back.locator("summary").click()
    back.get_by_role("link", name="2.7 millones").click()
    assert page.url.endswith("#claim-leiroz-2021-amlo-harris-astrazeneca-shipped")
    assert reader.wrong == []


# --- the picture of the README --------------------------------------------------------------


def test_the_picture_for_the_readme(readers: Visitor) -> None:
    folder = os.environ.get("TWOTRACK_SCREENSHOTS")
    if not folder:
        pytest.skip("TWOTRACK_SCREENSHOTS does not name a folder to write to")
    reader = readers(WIDE)
    page = reader.visit(RATE, live=True)
    page.screenshot(path=Path(folder) / "homicide-rate.png")
    assert reader.wrong == []
