"""Marks of cited figures tell their verdict: by shape, by sign and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from dashboard.figures.model import Chart, Tone
from dashboard.figures.plot import MARK_SYMBOLS, VERDICT_COLOURS, plotly_figure
from dashboard.figures.shapes import TONES, Look, icon, legend, looks
from dashboard.figures.svg import draw
from dashboard.i18n import Translator
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.view import indicator_view
from tests.dashboard.pages import Markup
from tests.dashboard.test_plot import BACKGROUNDS, contrast
from tests.dashboard.test_svg import SVG, chart, mark, of_class, parse
from tests.stores import NOW, Loaded

RATE = "/en/indicators/homicide-rate"
DIFFERS = "benitez-2021-two-track/homicide-rate-2008"
Get = Callable[[str], Markup]


def judged() -> Chart:
    """A match, one close, one that differs, one without an official figure, one unreviewed."""
    one = mark("one", 2008, 8.0)
    return chart(
        marks=(
            replace(one, tone="agree", sign="=", verdict="Matches official figure"),
            replace(mark("two", 2009, 8.0), tone="near", sign="≈", verdict="Close"),
            replace(mark("three", 2010, 8.0), tone="differ", sign="≠", verdict="Differs by −33%"),
            replace(mark("four", 2011, 8.0), tone="open", sign="○", verdict="No official series"),
            replace(mark("five", 2012, 8.0), automatic=True),
        )
    )


def chart_of(loaded: Loaded, indicator: str, **state: str) -> Chart:
    store = Store(loaded.catalog, loaded.engine, lambda: NOW)
    found = loaded.catalog.indicators[indicator]
    return indicator_view(store, found, ViewState(**state), Translator("en")).chart  # type: ignore[arg-type]


def test_each_tone_has_an_outline_of_its_own() -> None:
    assert set(TONES) == set(get_args(Tone)) == set(MARK_SYMBOLS) == set(VERDICT_COLOURS)
    outlines = {Look(tone, "").outline(0, 0) for tone in TONES}
    assert len(outlines) == len(TONES)
    # Where the outline is alike the sign is not: that without a verdict has none.
    assert len({MARK_SYMBOLS[tone] for tone in TONES if tone}) == 4


def test_colours_of_verdicts_are_legible_in_both_themes() -> None:
    for colour in VERDICT_COLOURS.values():
        for ground in BACKGROUNDS.values():
            assert contrast(colour, ground) >= 3, (colour, ground)


def test_the_drawing_says_each_verdict_by_shape_sign_and_words() -> None:
    root = parse(draw(judged()))
    links = {link.get("data-claim", ""): link for link in root.iter(f"{SVG}a")}
    assert len(links) == 5
    shapes = {of_class(link, "diamond")[0].get("class") for link in links.values()}
    assert shapes == {"diamond agree", "diamond near", "diamond differ", "diamond open", "diamond"}
    differs = links["article/three"]
    assert differs.get("aria-label") == "8 in 2010, Author 2021: Differs by −33%"
    (title,) = differs.iter(f"{SVG}title")
    assert title.text == differs.get("aria-label")
    texts = {part.text for part in of_class(root, "mark-text")}
    assert texts <= {"= 8 in 2008", "≈ 8 in 2009", "≠ 8 in 2010", "○ 8 in 2011", "8 in 2012"}
    assert "≠ 8 in 2010" in texts
    assert len(of_class(root, "sign")) == 3
    assert "automatic" in links["article/five"].get("class", "")


def test_the_live_chart_says_them_too() -> None:
    trace = plotly_figure(judged())["data"][-1]
    symbols = trace["marker"]["symbol"]
    assert len(set(symbols)) == len(symbols) == 5
    assert "<br>≠ Differs by −33%" in trace["hovertext"][2]
    assert "= Matches official figure" in trace["hovertext"][0]
    assert trace["text"][2] == "≠ 8 in 2010"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_legend_explains_the_shapes_that_occur(language: str) -> None:
    whole = replace(judged(), language=language)
    t = Translator(language)
    root = ET.fromstring(legend(whole))
    assert len(list(root.iter(f"{SVG}svg"))) == 5
    said = " ".join(root.itertext())
    for look in looks(whole):
        assert look.words(t) in said
    assert not legend(replace(whole, marks=()))
    assert 'aria-hidden="true"' in icon(Look("agree", "="))


@pytest.mark.parametrize("asof", [{}, {"asof": NOW.date()}])
def test_a_cited_rate_that_differs(asof: dict[str, str], loaded: Loaded) -> None:
    (found,) = [m for m in chart_of(loaded, "homicide-rate", **asof).marks if m.id == DIFFERS]
    assert (found.tone, found.sign) == ("differ", "≠")
    assert found.verdict.startswith("Differs by −")


def test_a_cited_shipment_that_matches(loaded: Loaded) -> None:
    shipped = chart_of(loaded, "vaccine-doses", measure="shipped").marks
    (found,) = [m for m in shipped if m.text.startswith("2.7 million")]
    assert (found.tone, found.sign) == ("agree", "=")
    assert found.verdict == "Matches official figure"


def test_the_page_lists_what_each_comes_to(page: Get) -> None:
    found = page(RATE)
    (cited,) = found.all("div", class_="cited-list")
    assert "≠ Differs by −" in cited.text
    assert "differs from the official figure" in cited.text
    labels = [
        link.attributes["aria-label"]
        for link in found.all("svg", class_="chart")[0].all("a", class_="mark")
        if link.attributes["data-claim"] == DIFFERS
    ]
    assert ": Differs by −" in labels[0]


def test_picture_and_embed_explain_the_shapes(client: FlaskClient) -> None:
    for address in (f"{RATE}.svg", "/en/embed/homicide-rate"):
        assert "differs from the official figure" in client.get(address).get_data(as_text=True)
    spanish = client.get("/es/indicators/homicide-rate.svg").get_data(as_text=True)
    assert "difiere de la cifra oficial" in spanish
