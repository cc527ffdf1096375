"""What a reader selects by scripts stands in the address, and back leads out of it again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.album import WIDE
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

RATE = "/en/indicators/homicide-rate"
CLAIM = "benitez-2021-two-track/homicide-rate-2008"
ANCHOR = "claim-benitez-2021-two-track-homicide-rate-2008"


def selected(page: Page) -> list[str]:
    """Claims of the readings that are shown as selected."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".reading.selected")].map(e => e.dataset.claim)"""
    )
    return found


def test_a_mark_and_the_way_back_to_the_chart_are_in_the_address(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{RATE}?from=2000-01-01", live=True)
    assert selected(page) == []
    page.locator(f".static.wide .mark[data-claim='{CLAIM}']").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"\?from=2000-01-01#{ANCHOR}$"))
    assert selected(page) == [CLAIM]
    page.locator(f".reading[data-claim='{CLAIM}'] a", has_text="Show on the chart").click()
    expect(page).to_have_url(re.compile(rf"\?from=2000-01-01&claim={CLAIM}#chart$"))
    assert selected(page) == [CLAIM]
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?from=2000-01-01$"))
    assert selected(page) == []
    page.go_forward()
    expect(page).to_have_url(re.compile(r"#chart$"))
    assert selected(page) == [CLAIM]
    assert reader.wrong == []


def test_the_address_of_a_selection_shows_it_again(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{RATE}#{ANCHOR}", live=True)
    assert selected(page) == [CLAIM]
    assert reader.wrong == []


def test_after_a_step_back_the_form_says_what_the_page_shows(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{RATE}?from=2000-01-01", live=True)
    page.locator("details:has(form.controls) summary").first.click()
    page.get_by_label("As known on").fill("2022-01-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**{RATE}?from=2000-01-01&asof=2022-01-01")
    page.go_back()
    page.wait_for_url(f"**{RATE}?from=2000-01-01")
    expect(page.locator("#field-asof")).to_have_value("")
    expect(page.locator("#field-from")).to_have_value("2000-01-01")
    assert reader.wrong == []
