"""Every page once in each language, and in one theme and at one width there, the other here.

Where TWOTRACK_SCREENSHOTS names a folder, `pages/` in it gets a picture of each page in both
languages, both themes and at both widths, and `contact-sheet.png` shows all of them:

    TWOTRACK_SCREENSHOTS=build/screenshots make test ARGS="tests/browser"
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.album import LANGUAGES, NARROW, THEMES, WIDE, Album, Theme, asked_for
from tests.browser.checks import axe, chart, check_chart, overflow
from tests.browser.conftest import Visitor
from tests.dashboard.test_pages import ARTICLES, INDICATORS

pytestmark = pytest.mark.browser

HOMICIDES = "homicide-rate.rate.A.{}._Z.owid-homicide.source-type=compiled"
COMPARED = f"compare?series={HOMICIDES.format('MEX')}&series={HOMICIDES.format('USA')}"
CHOSEN = "data?table=observations&indicator=homicide-rate&ref_area=MEX,USA&from=2015-01-01"
NOTHING_KNOWN = "indicators/homicide-rate?asof=2005-01-01&view=table&nonsense=1"
"""Of a day before any figure of it was published."""
PAGES = [
    "",
    *("indicators", "articles", "ledger", "events", "sources", "about", "compare", COMPARED),
    *("changes", "changes?since=2020-01-01", "sources/world-bank", "sources/articles"),
    *(CHOSEN, "search", "search?q=mexico", "embed/vaccine-doses?asof=2021-07-01"),
    # Indicators of each kind: rate, money by stages, days and running totals, months, with only
    # articles that state it, and one of which nothing is known.
    *(f"indicators/{name}" for name in ("homicide-rate", "merida-spending", "vaccine-doses")),
    *(f"indicators/{name}" for name in ("border-encounters", "criminal-organizations")),
    NOTHING_KNOWN,
    *(f"articles/{name}" for name in ARTICLES[:2]),
]
"""Of every kind of page one or more, without the language."""
MORE = [
    *("data", "data?table=claims", "search?q=homcide", "sources/computed-homicide-rate"),
    *(f"{COMPARED}&scale=index", "indicators/homicide-rate?unit=index&events=no"),
    *(f"articles/{name}" for name in ARTICLES[2:]),
    *(f"indicators/{name}" for name in INDICATORS if f"indicators/{name}" not in PAGES),
]
"""Pages that are made as others are: for axe nothing is new there."""


@dataclass(frozen=True)
class Visit:
    path: str
    language: str
    theme: Theme
    widths: tuple[int, ...]
    """From the one that the page is opened at to the one that axe sees."""

    def __str__(self) -> str:
        return f"{self.language}/{self.path}-{self.theme}-{self.widths[-1]}"


WAYS = (WIDE, 320, NARROW), (NARROW, 320, WIDE)


def visits() -> list[Visit]:
    """Each page twice, so that it is seen in both languages and both themes, and axe sees both
    widths; those that are made as others are, once. Pages take turns in which goes with which.

    For screenshots all are opened in both languages.
    """
    twice, once = (PAGES, MORE) if not asked_for() else ([*PAGES, *MORE], [])
    found = [
        Visit(path, language, THEMES[(turn + number) % 2], WAYS[(turn + number // 2) % 2])
        for number, path in enumerate(twice)
        for turn, language in enumerate(LANGUAGES)
    ]
    more = [
        Visit(path, LANGUAGES[number % 2], THEMES[number // 2 % 2], WAYS[number // 4 % 2])
        for number, path in enumerate(once)
    ]
    return [*found, *more]


@pytest.mark.parametrize("visit", visits(), ids=str)
def test_a_page_is_sound(visit: Visit, readers: Visitor, album: Album) -> None:
    """Quiet, complete, as wide as the screen at each width, and axe finds nothing."""
    reader = readers(visit.widths[0], visit.theme)
    live = visit.path.startswith("indicators/")
    page = reader.visit(f"/{visit.language}/{visit.path}", live=live)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("!!window.Plotly") is live
    assert page.evaluate("window.shifts") < 0.05
    for width in visit.widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width
        check_header(page, width)
        if live and visit.path != NOTHING_KNOWN and width != 320:
            fitted(page)
            check_chart(chart(page))
    # Twice the size of text on a phone is more than twice of it on a wide screen.
    size = "document.documentElement.style.fontSize = '{}'"
    if not live or width == NARROW:
        page.evaluate(size.format("200%"))
        assert overflow(page) <= 0, f"{width} with text of twice its size"
        page.evaluate(size.format(""))
    album.take(page, visit.path, visit.language)
    if visit.path in PAGES:
        assert axe(page) == []
    assert reader.wrong == []


def fitted(page: Page) -> None:
    """Wait until the live chart has the width of its place."""
    page.wait_for_function(
        """() => {
          const width = selector => document.querySelector(selector).getBoundingClientRect().width;
          return Math.abs(width("#chart-slot") - width(".js-plotly-plot .main-svg")) <= 1;
        }"""
    )


def check_header(page: Page, width: int) -> None:
    """Search is a form in the header of a wide screen and a link in that of a narrow one."""
    found = page.evaluate(HEADER)
    if found is None:  # an embedded chart has none
        return
    assert found["link"] is (width < 1089 or found["here"])
    assert found["form"] is not found["link"]
    assert found["height"] <= (70 if width > 1088 else 120)


HEADER = """() => {
  const header = document.querySelector("header.top");
  const shown = selector => !!document.querySelector(selector)?.checkVisibility();
  return header && {
    here: location.pathname.endsWith("/search"),
    link: shown(".to-search"),
    form: shown(".site-search"),
    height: header.getBoundingClientRect().height,
  };
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_between_phone_and_wide_screen(language: str, readers: Visitor) -> None:
    reader = readers(1100)
    page = reader.visit(f"/{language}/events")
    for width in (1100, 1088, 768, 580, 480):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width
        check_header(page, width)
    assert reader.wrong == []
