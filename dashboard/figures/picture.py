"""The chart as a picture of its own: an SVG file that needs no stylesheet, and says what it shows.

The drawing of the page has classes and no colours. Here each class becomes attributes, in the
colours of one theme, and around the drawing stand title, numbered events and source.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Literal
from xml.etree import ElementTree as ET

from dashboard.figures.model import Chart
from dashboard.figures.plot import EVENT_COLOUR, MARK_COLOUR, PALETTE
from dashboard.figures.shapes import Look, looks
from dashboard.figures.svg import BOLD, CHARACTER, allowed, draw, n, text_width
from dashboard.i18n import LOCALES, Translator

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
COLOURS: dict[Theme, dict[str, str]] = {
    "light": {
        "page": "#ffffff",
        "ink": "#1b1f24",
        "quiet": "#4e5761",
        "good": "#1a6b35",
        "warn": "#8a4b00",
        "bad": "#b3261e",
        "grid": "#d9dde2",
        "cited-text": "#6a4fc2",
    },
    "dark": {
        "page": "#14181d",
        "ink": "#e6e9ed",
        "quiet": "#aeb7c1",
        "good": "#6fca8b",
        "warn": "#f0b060",
        "bad": "#ff8a80",
        "grid": "#363d46",
        "cited-text": "#b7a6f0",
    },
}
"""As in the stylesheet, by the same names; a test holds them together."""
AXIS_COLOUR = "#7b8491"

WIDTH = 720
NARROWEST, WIDEST = 320, 1600
SHAPE = 630 / 1200
"""Height by width, as previews of links are cut."""
PAD = 16
TITLE, TITLE_ROW = 17, 22
NOTE, NOTE_ROW = 11, 15
ICON, LEGEND_ROW = 16, 19
"""Width of a shape in the legend, and height of its rows."""
LEAST = 200
"""Height of the drawing that is kept, however much is written around it."""
NAMESPACE = "http://www.w3.org/2000/svg"

TONES_NAMED = {"agree": "good", "near": "warn", "differ": "bad", "open": "quiet"}
FILLED = {"agree", "differ"}

Attributes = dict[str, str]


@dataclass(frozen=True)
class Caption:
    """What is written below a picture."""

    source: str
    """A sentence: who published the figures, and as known on which day."""
    address: str
    """The page that the picture was made from. Empty: none is named."""


def height_of(width: int) -> int:
    """Height of a picture without events, where nothing needs more."""
    return round(width * SHAPE)


def picture(chart: Chart, caption: Caption, theme: Theme = "light", width: int = WIDTH) -> str:
    """A whole SVG document, `width` units wide. A list of events makes it taller.

    Links on marks lead to the page at `caption.address`.
    """
    colours = COLOURS[theme]
    inner = width - 2 * PAD
    titles = _rows(chart.title, inner, TITLE * BOLD)
    events = [row for text in _events(chart) for row in _rows(text, inner, NOTE)]
    cited = _rows(_cited(chart), inner, NOTE)
    legend = _legend(chart, inner)
    notes = _rows(caption.source, inner, NOTE) + _rows(caption.address, inner, NOTE)
    written = LEGEND_ROW * len(legend) + NOTE_ROW * (len(cited) + len(notes))
    around = 2 * PAD + TITLE_ROW * len(titles) + written + 4
    least = LEAST + (0 if inner > 600 else 18 * len(chart.lines))
    tall = max(height_of(width) - around, least)
    height = around + tall + NOTE_ROW * len(events)

    root = ET.Element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "xml:lang": LOCALES[chart.language].replace("_", "-"),
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "font-family": "sans-serif",
        },
    )
    ET.SubElement(root, "title").text = allowed(chart.title)
    ET.SubElement(
        root, "rect", {"width": str(width), "height": str(height), "fill": colours["page"]}
    )
    y: float = PAD + TITLE
    for row in titles:
        _text(root, row, PAD, y, TITLE, colours["ink"]).set("font-weight", "600")
        y += TITLE_ROW
    y += PAD / 2 - TITLE
    root.append(_drawing(chart, inner, tall, y, caption.address, colours))
    y += tall + NOTE_ROW
    for items in legend:
        for x, look, words in items:
            root.append(_shape(look, PAD + x + ICON / 2, y - 4, colours))
            _text(root, words, PAD + x + ICON + 4, y, NOTE, colours["quiet"])
        y += LEGEND_ROW
    for row in [*cited, *events, *notes]:
        _text(root, row, PAD, y, NOTE, colours["quiet"])
        y += NOTE_ROW
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _rows(text: str, width: float, size: float) -> list[str]:
    """Lines of a text that are no wider than `width`, by the usual width of a character."""
    most = max(int(width / (size * CHARACTER)), 10)
    # An address with a line break after a hyphen would be read without the hyphen.
    return wrap(allowed(text), most, break_on_hyphens=False)


def _text(
    parent: ET.Element, text: str, x: float, y: float, size: float, colour: str
) -> ET.Element:
    attributes = {"x": n(x), "y": n(y), "font-size": n(size), "fill": colour}
    element = ET.SubElement(parent, "text", attributes)
    element.text = text
    return element


def _events(chart: Chart) -> list[str]:
    """What the numbers on the drawing stand for, in one text."""
    said = []
    for event in chart.visible_events():
        ends = (event.start, None if event.lasts else event.end)
        years = dict.fromkeys(str(day.year) for day in ends if day)
        said.append(f"{event.number} {event.label} ({'–'.join(years)})")
    return ["; ".join(said)] if said else []


def _cited(chart: Chart) -> str:
    """What a mark is; empty where there is none."""
    if not chart.visible_marks():
        return ""
    return Translator(chart.language)("Cited by an article; the bar is what its words admit.")


def _legend(chart: Chart, width: float) -> list[list[tuple[float, Look, str]]]:
    """The shapes that occur with what they stand for, in rows of (x, look, words)."""
    rows: list[list[tuple[float, Look, str]]] = []
    t = Translator(chart.language)
    x = width
    for look in looks(chart):
        words = look.words(t)
        needed = ICON + 4 + text_width(words, NOTE)
        if not rows or x + needed > width:
            rows.append([])
            x = 0
        rows[-1].append((x, look, words))
        x += needed + 10
    return rows


def _shape(look: Look, x: float, y: float, colours: Attributes) -> ET.Element:
    group = ET.fromstring(f"<g>{look.drawn(x, y)}</g>")
    for part in group:
        _resolve(part, {"automatic"} if look.automatic else set(), "", colours)
    return group


def _drawing(
    chart: Chart, width: int, height: int, top: float, address: str, colours: Attributes
) -> ET.Element:
    """The drawing of the page as a group, each part with the attributes of its classes."""
    # Without its namespace, which the root has, so that names stay as they are.
    plain = draw(chart, width, height).replace(f' xmlns="{NAMESPACE}"', "", 1)
    drawn = ET.fromstring(plain)
    group = ET.Element(
        "g", {"transform": f"translate({PAD} {n(top)})", "font-size": drawn.get("font-size", "")}
    )
    group.extend(drawn)
    for part in group:
        _resolve(part, set(), address, colours)
    return group


def _resolve(element: ET.Element, above: set[str], address: str, colours: Attributes) -> None:
    classes = set(element.attrib.pop("class", "").split())
    for name in [name for name in element.attrib if name.startswith("data-")]:
        del element.attrib[name]
    anchor = element.get("href", "")
    if anchor.startswith("#"):
        element.set("href", address + anchor)
    element.attrib.update(_painted(element.tag, classes, above, colours))
    for child in element:
        _resolve(child, above | classes, address, colours)


def _painted(tag: str, classes: set[str], above: set[str], colours: Attributes) -> Attributes:
    """The attributes that stand for what the stylesheet says of an element."""
    if tag == "text":
        return _text_style(classes, above, colours)
    found: Attributes = {}
    rules: dict[str, Attributes] = {
        "grid": {"stroke": colours["grid"]},
        "zero": {"stroke": AXIS_COLOUR},
        "axis": {"stroke": AXIS_COLOUR},
        "leader": {"stroke": AXIS_COLOUR, "stroke-dasharray": "1 4"},
        "event-line": {"stroke": EVENT_COLOUR, "stroke-dasharray": "2 3"},
        "event-disc": {"fill": colours["page"], "stroke": EVENT_COLOUR},
        "event-span": {"fill": EVENT_COLOUR},
        "band": {"fill": MARK_COLOUR},
        "diamond": {"fill": colours["page"], "stroke": MARK_COLOUR, "stroke-width": "2.5"},
        "interval": {"stroke": MARK_COLOUR, "stroke-width": "1.75"},
        "reach": {"stroke": MARK_COLOUR, "stroke-width": "1.75"},
    }
    for name, attributes in rules.items():
        if name in classes:
            found.update(attributes)
    colour = next((PALETTE[int(c[5:])] for c in classes if c[5:].isdigit()), None)
    if "line" in classes and colour:
        found.update({"stroke": colour, "stroke-width": "2"})
    if "dot" in classes and colour:
        found["fill"] = colour
    tone = next((TONES_NAMED[name] for name in classes if name in TONES_NAMED), "")
    if tone and "diamond" in classes:
        filled = classes & FILLED
        found.update({"fill": colours[tone if filled else "page"], "stroke": colours[tone]})
    if tone and "sign" in classes:
        stroke = colours["page" if classes & FILLED else tone]
        found.update({"stroke": stroke, "stroke-width": "1.6"})
    if "diamond" in classes and "selected" in above:
        found.update({"stroke": MARK_COLOUR, "stroke-width": "4"})
        if not tone:
            found["fill"] = MARK_COLOUR
    if classes & {"diamond", "interval"} and "automatic" in above:
        found["stroke-dasharray"] = "3 2"
    return found


def _text_style(classes: set[str], above: set[str], colours: Attributes) -> Attributes:
    found = {"fill": colours["quiet" if classes & {"tick", "unit"} else "ink"]}
    if "warning" in classes:
        found["fill"] = colours["warn"]
    if classes & {"warning", "line-label", "mark-text"}:
        found["font-weight"] = "600"
    if "mark" in above:
        halo = {"stroke": colours["page"], "stroke-width": "3", "paint-order": "stroke"}
        found.update(halo)
    if "selected" in above and "mark-text" in classes:
        found["fill"] = colours["cited-text"]
    return found
