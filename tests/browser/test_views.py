"""Views of a page that not every reader has: of an earlier day, framed, on paper, without scripts,
in forced colours, at rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.album import LANGUAGES, NARROW, WIDE
from tests.browser.checks import overflow
from tests.browser.conftest import LIVE, Visitor
from tests.browser.test_every_page import COMPARED, PAGES

pytestmark = pytest.mark.browser

DOSES = "/en/indicators/vaccine-doses"
THEN = "asof=2021-07-01"
"""Between two statements of the doses sent."""


# --- the day of knowledge, and the way back ---------------------------------------------------


def test_an_earlier_day_is_asked_for_and_left_again(readers: Visitor) -> None:
    """Title, headline, chart and table are of the day; back and forward go between the two."""
    reader = readers(WIDE)
    page = reader.visit(DOSES, live=True)
    title, headline, newest = page.locator("h1"), page.locator(".headline"), "2 December 2021"
    rows = page.locator("#table tbody th")
    last = """() => document.querySelector(".js-plotly-plot")._fullData
      .filter(trace => !(trace.meta || {}).cited).flatMap(trace => [...trace.x]).sort().at(-1)"""

    def now() -> None:
        expect(title).to_have_text("COVID-19 vaccine doses")
        expect(headline).to_contain_text("13.14 million")
        expect(rows.first).to_have_text(newest)
        page.wait_for_selector(LIVE)
        assert page.evaluate(last).startswith("2021-12-02")

    def then() -> None:
        expect(title).to_have_text("COVID-19 vaccine doses, as known on 1 July 2021")
        expect(headline).to_contain_text("4.07 million")
        expect(rows.first).to_have_text("15 June 2021")
        page.wait_for_selector(LIVE)
        assert page.evaluate(last).startswith("2021-06-15")

    now()
    page.locator("summary").first.click()
    page.get_by_label("As known on").fill("2021-07-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**?*{THEN}*")
    then()
    page.go_back()
    now()
    page.go_forward()
    then()
    page.get_by_role("link", name="Español").click()
    expect(title).to_have_text(re.compile("tal como se conocía el 1 de julio de 2021$"))
    page.get_by_role("link", name="Restablecer").click()
    expect(headline).to_contain_text("13.14 millones")
    assert reader.wrong == []


def test_the_file_of_a_view_is_of_its_day_too(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{DOSES}?{THEN}", live=True)
    with page.expect_download() as download:
        page.locator("#download a[href*='.csv']").first.click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "2021-06-15" in text
    assert "2021-12-02" not in text
    assert reader.wrong == []


# --- in a frame of another page ---------------------------------------------------------------


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """The address of one page of another origin."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>A blog</title>{body}".encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """The base class writes to standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_the_code_to_embed_shows_the_chart_elsewhere(readers: Visitor) -> None:
    reader = readers(WIDE)
    page = reader.visit(f"{DOSES}?{THEN}", live=True)
    code = page.locator("textarea", has_text="<iframe").input_value()
    asked: list[str] = []
    with another_site(code) as blog, closing(page.context.new_page()) as tab:
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(blog)
        frame = tab.frame_locator("iframe")
        expect(frame.locator("h1")).to_be_visible()
        expect(frame.locator(".static svg:visible path.line").first).to_be_visible()
        expect(frame.locator("h1")).to_contain_text("as known on 1 July 2021")
        expect(frame.locator(".notice")).to_have_count(0)
        assert frame.locator("script").count() == 0
        link = frame.locator(f"a[href*='{THEN}'][target='_top']").last
        link.click()
        tab.wait_for_url(f"{reader.base}{DOSES}?{THEN}*")
    assert all(url.startswith((blog, reader.base)) for url in asked)
    assert reader.wrong == []


# --- without scripts --------------------------------------------------------------------------


def test_every_page_is_there_without_scripts(readers: Visitor) -> None:
    """The languages take turns: the pages of both are made alike."""
    reader = readers(NARROW, scripts=False)
    for number, path in enumerate(PAGES):
        language = LANGUAGES[number % 2]
        page = reader.visit(f"/{language}/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert overflow(page) <= 0, path
        if path.startswith("indicators/"):
            expect(page.locator(".static.narrow svg")).to_be_visible()
            assert page.locator(".static.narrow svg text").count() > 1, path
            assert page.locator("#download a").count() > 0, path
        if "/" not in path:
            assert page.locator("#theme-switch").is_hidden(), path
    assert reader.wrong == []


# --- on paper ---------------------------------------------------------------------------------

A4, LETTER = (595, 842), (612, 792)
ON_PAPER = 680
"""Width of a sheet of A4 between its margins, CSS pixels; Letter has some more."""
FEWEST = 6
"""Lines of text on a sheet: with less it were better not begun."""


def printed(page: Page, path: Path, size: str) -> tuple[str, int, tuple[int, int]]:
    """The text of a page on paper, with single spaces; how many sheets; their size in points.

    No sheet is next to empty, and each has its number.
    """
    page.pdf(path=path, format=size)
    sheets = [sheet.extract_text() for sheet in PdfReader(path).pages]
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in sheet
        assert len(sheet.strip().splitlines()) >= FEWEST, sheet
    box = PdfReader(path).pages[0].mediabox
    # Fonts draw "fi" as one letter.
    text = " ".join(normalize("NFKC", " ".join(sheets)).split())
    return text, len(sheets), (int(box.width), int(box.height))


def test_a_sheet_of_a4_has_all_of_an_indicator(readers: Visitor, tmp_path: Path) -> None:
    """Also where the screen is dark: chart, table, claims, source, address; no controls."""
    reader = readers(WIDE, "dark")
    page = reader.visit("/en/indicators/homicide-rate", live=True)
    text, sheets, size = printed(page, tmp_path / "brief.pdf", "A4")
    assert size == A4
    assert sheets <= 4
    for part in (
        "Homicide rate 24.86 per 100,000",
        "As known on ",
        "1990 1995 2000 2005 2010 2015 2020",  # the axis of the chart
        "1990 17.27 17.50 9.30 9.25",  # the last row of the table
        "8 homicides for every 100,000 inhabitants in 2008",
        "Benítez Manaut",
        "Our World in Data",
        "Data loaded on",
        f"{reader.base}/en/indicators/homicide-rate",
    ):
        assert part in text, part
    for part in ("Choose area", "Dark theme", "Skip to content", "Download CSV", "Embed and cite"):
        assert part not in text, part
    assert reader.wrong == []


def test_a_sheet_of_letter_has_the_view_of_a_day(readers: Visitor, tmp_path: Path) -> None:
    reader = readers(NARROW)
    page = reader.visit(f"/es/indicators/vaccine-doses?{THEN}", live=True)
    text, sheets, size = printed(page, tmp_path / "brief.pdf", "Letter")
    assert size == LETTER
    assert sheets <= 4
    for part in (
        "tal como se conocía el 1 de julio de 2021",
        "4.07 millones de dosis",
        "15 de junio de 2021",
        "Declaraciones oficiales",
        f"{reader.base}/es/indicators/vaccine-doses?{THEN}",
    ):
        assert part in text, part
    assert "2 de diciembre de 2021" not in text
    assert reader.wrong == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("indicators/merida-spending", 4),
        ("indicators/merida-spending?measure=aid", 7),
        ("indicators/criminal-organizations", 3),
        ("articles/benitez-2021-two-track", 5),
        (COMPARED, 3),
        ("sources/world-bank", 2),
    ],
)
def test_other_briefs_are_short_too(path: str, most: int, readers: Visitor, tmp_path: Path) -> None:
    reader = readers(WIDE)
    for language, size in (("en", "A4"), ("es", "Letter")):
        page = reader.visit(f"/{language}/{path}")
        _, sheets, _ = printed(page, tmp_path / "brief.pdf", size)
        assert sheets <= most, (language, sheets)


def test_nothing_is_cut_on_paper(readers: Visitor) -> None:
    """Where a page is wider than the paper, browsers cut it or make all of it smaller."""
    reader = readers(ON_PAPER, scripts=False)
    reader.page.emulate_media(media="print")
    try:
        for number, path in enumerate(PAGES):
            page = reader.visit(f"/{LANGUAGES[number % 2]}/{path}")
            if not path.startswith("embed/"):
                assert overflow(page) <= 0, path
                assert page.locator("main :is(input, select, button):visible").count() == 0, path
    finally:
        reader.page.emulate_media(media="screen")


# --- while a page comes -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["en/about", "en/sources/world-bank", f"en/{COMPARED}"])
def test_the_header_of_a_phone_does_not_grow(path: str, readers: Visitor) -> None:
    """The theme switch comes with the scripts, into a place that was kept for it."""
    reader = readers(NARROW)
    page = reader.visit(f"/{path}")
    expect(page.locator("#theme-switch")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.01
    assert reader.wrong == []


# --- tables on a phone ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["es/sources", "es/sources/world-bank", "en/about"])
def test_the_caption_of_a_table_stays_on_the_screen(path: str, readers: Visitor) -> None:
    """A table may be wider than a phone and be moved; what it is called is read at once."""
    reader = readers(NARROW)
    page = reader.visit(f"/{path}")
    ends = page.evaluate(
        """() => [...document.querySelectorAll(".scroll")].flatMap(place => {
          const caption = place.querySelector("caption");
          const box = place.getBoundingClientRect();
          return [0, place.scrollWidth].map(by => {
            place.scrollLeft = by;
            const { left, right } = caption.getBoundingClientRect();
            return [left - box.left, box.right - right];
          });
        })"""
    )
    assert ends
    assert all(0 <= end <= 2 for both in ends for end in both), ends
    assert reader.wrong == []


# --- colours of the system, and rest ----------------------------------------------------------

LOOKS = """() => {
  const drawing = [...document.querySelectorAll(".static svg")].find(svg => svg.checkVisibility());
  const look = element => {
    const style = getComputedStyle(element);
    return [style.stroke, style.strokeDasharray, style.strokeWidth].join(" ");
  };
  return {
    ground: getComputedStyle(document.body).backgroundColor,
    lines: [...drawing.querySelectorAll("path.line")].map(line => [
      [...line.classList].find(name => /^line-/.test(name)), look(line),
    ]),
    mark: look(drawing.querySelector(".mark .diamond")),
    text: getComputedStyle(drawing.querySelector("text")).fill,
  };
}"""


def test_forced_colours_keep_lines_and_marks_apart(readers: Visitor) -> None:
    """Lines have one colour there, and differ by their dashes; texts and marks are drawn in it."""
    reader = readers(WIDE, scripts=False)
    page = reader.visit("/en/indicators/homicide-rate")
    page.emulate_media(forced_colors="active")
    try:
        found = page.evaluate(LOOKS)
        looks = dict(found["lines"])
        assert len(looks) == 4
        assert len(set(looks.values())) == 4
        assert found["ground"] not in {found["text"], found["mark"].rpartition(")")[0] + ")"}
        assert len({look.rpartition(")")[0] for look in looks.values()}) == 1
        for selector in (".badge", ".claim", ".verdict-badge"):
            expect(page.locator(selector).first).to_be_visible()
    finally:
        page.emulate_media(forced_colors="none")
    assert reader.wrong == []


@pytest.mark.parametrize("path", ["", "indicators/homicide-rate", "events"])
def test_nothing_moves_for_who_asks_for_rest(path: str, readers: Visitor) -> None:
    reader = readers(WIDE, still=True)
    page = reader.visit(f"/en/{path}", live=path.startswith("indicators/"))
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = """[...document.querySelectorAll("body *")].filter(element => {
      const style = getComputedStyle(element);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).map(element => element.outerHTML.slice(0, 100))"""
    assert page.evaluate(moving) == []
    assert reader.wrong == []
