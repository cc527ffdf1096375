"""Search and the choice of a file, as a reader with a keyboard or a phone uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


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
