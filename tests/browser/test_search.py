"""Search and the choice of a file, as a reader with a keyboard or a phone uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

FILE = "data?table=observations&indicator=homicide-rate&ref_area=MEX,USA&from=2015-01-01"


@pytest.mark.parametrize("width", [320, 375, 1100, 1280])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_are_quiet_and_fit(language: str, width: int, readers: Visitor) -> None:
    reader = readers(width, "dark" if width == 375 else "light")
    for path in ("search", "search?q=mexico", "search?q=homcide", FILE, "data?table=claims"):
        page = reader.visit(f"/{language}/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        # One of the two is there, never both.
        link = page.locator(".to-search").is_visible()
        assert link is (width < 1089 or path.startswith("search"))
        assert page.locator(".site-search").is_visible() is not link
        header = page.locator("header.top").bounding_box()
        assert header is not None
        assert header["height"] <= (70 if width > 1088 else 120)
    assert reader.wrong == []


def test_a_word_in_the_header_finds(readers: Visitor) -> None:
    reader = readers(1280)
    page = reader.visit("/es/about")
    page.get_by_label("Palabras que se buscan").fill("homicide méxico")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/search?q=homicide+m%C3%A9xico")
    expect(page.locator(".result mark").first).to_be_visible()
    page.locator("#excerpts .result a").first.click()
    page.wait_for_url("**/es/articles/*#claim-*")
    assert page.evaluate("!!document.querySelector(location.hash)")
    assert reader.wrong == []


def test_a_phone_has_the_link(readers: Visitor) -> None:
    reader = readers(320)
    page = reader.visit("/en/")
    link = page.locator(".to-search")
    box = link.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    link.click()
    page.get_by_label("Words to look for").fill("homcide")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="homicide", exact=True).click()
    expect(page.locator("#indicators .result").first).to_be_visible()
    assert reader.wrong == []


def test_a_file_is_chosen_by_keyboard(readers: Visitor) -> None:
    reader = readers(1280)
    page = reader.visit("/en/data")
    form = page.locator("#choose-observations form")
    form.get_by_label("Indicator").select_option("homicide-rate")
    form.get_by_text("Area: any", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    form.get_by_label("From").fill("2015-01-01")
    form.get_by_role("button").press("Enter")
    page.wait_for_url("**/en/data?table=observations*ref_area=MEX*#choose-observations")
    expect(page.locator(".chosen code")).to_contain_text(
        "/api/v1/observations.csv?indicator=homicide-rate&ref_area=MEX&from=2015-01-01"
    )
    expect(page.locator(".preview tbody tr")).to_have_count(5)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "observations.csv"
    assert reader.wrong == []
