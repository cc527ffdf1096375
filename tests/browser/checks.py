"""What is looked for in an open page: width, charts, axe's findings, the way of the Tab key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
"""Of axe's rules: WCAG 2.2 at level AA with all before it, and what is good besides."""

ALIKE = 3
"""Of neighbours that are made of the same elements in the same classes, axe sees so many."""

AXE = """([tags, alike]) => {
  const name = element => element.tagName + "." + (element.getAttribute("class") || "");
  const made = element =>
    [name(element), ...new Set([...element.querySelectorAll("*")].map(name).sort())].join();
  for (const parent of [...document.body.querySelectorAll("*")]) {
    if (!parent.isConnected || parent.children.length <= alike) continue;
    const seen = {};
    for (const child of [...parent.children]) {
      const kind = made(child);
      seen[kind] = (seen[kind] || 0) + 1;
      if (seen[kind] > alike) child.remove();
    }
  }
  const only = { type: "tag", values: tags };
  const asked = { resultTypes: ["violations"], runOnly: only, preload: false };
  return axe.run(asked).then(found => found.violations.flatMap(rule => rule.nodes.map(node => {
    const why = [...node.any, ...node.all, ...node.none].map(check => check.message);
    return `${rule.id}: ${node.target.join(" ")}: ${why.join("; ")}`;
  })));
}"""

CHART = """() => {
  const slot = document.querySelector("#chart-slot");
  const plot = slot.querySelector(".js-plotly-plot");
  const drawing = [...slot.querySelectorAll(".static svg")]
    .find(svg => svg.getBoundingClientRect().width > 0);
  const middle = element => {
    const box = element.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const cited = plot._fullData.findIndex(trace => (trace.meta || {}).cited);
  const points = cited < 0 ? [] :
    [...plot.querySelectorAll(".scatterlayer .trace")].slice(-1)[0].querySelectorAll(".point");
  const marks = {};
  for (const mark of drawing.querySelectorAll(".mark"))
    marks[mark.dataset.claim] = middle(mark.querySelector(".diamond"));
  const traces = plot._fullData.filter((_, index) => index !== cited);
  return {
    types: plot._fullData.map(trace => trace.type),
    lines: new Set(traces.map(trace => trace.meta.line)).size,
    values: traces.flatMap(trace => [...trace.y]).filter(value => value !== null).length,
    cited: cited < 0 ? [] : plot._fullData[cited].customdata,
    points: [...points].map(middle),
    marks,
    drawn: new Set([...drawing.querySelectorAll("path.line, circle.dot")]
      .map(e => [...e.classList].find(name => /^line-/.test(name)))).size,
    slot: slot.getBoundingClientRect().toJSON(),
    plot: plot.getBoundingClientRect().toJSON(),
  };
}"""
"""What the live chart shows, and where; and what the drawing over it shows."""

TABS = """() => {
  const look = element => {
    const mark = element.querySelector(".hit");
    const style = getComputedStyle(mark || element);
    const ringed = mark ? style.stroke !== "none" && parseFloat(style.strokeWidth) >= 2
      : style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
    const seen = [...(mark || element).getClientRects()].some(box => {
      const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
      const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
      const there = document.elementFromPoint(x, y);
      return there && (element.contains(there) || there.contains(element)
        && there.matches("p, li, svg, .chart-slot *"));
    });
    if (!ringed) window.faults.push("no ring: " + element.outerHTML.slice(0, 150));
    if (!seen) window.faults.push("not to be seen: " + element.outerHTML.slice(0, 150));
  };
  window.stops = [];
  window.faults = [];
  window.around = false;
  document.addEventListener("keydown", event => {
    const element = document.activeElement;
    if (window.stops.length && element === document.body) window.around = true;
    if (event.key !== "Tab" || window.around) return;
    if (element === document.body || element === window.stops.at(-1)) return;
    window.stops.push(element);
    look(element);
  }, true);
}"""
"""At every press of Tab: what had the focus, whether it had a ring and was not covered."""

TABBED = """() => {
  const wanted = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter(e => !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  const at = wanted.findIndex((element, index) => element !== window.stops[index]);
  const name = element => element ? element.outerHTML.slice(0, 150) : "nothing";
  if (at >= 0) window.faults.push(`${name(wanted[at])} is not next, but ${name(window.stops[at])}`);
  return window.faults;
}"""


STEPS = 10
"""Presses of Tab between two looks at whether the end has come."""


def chart(page: Page) -> dict[str, Any]:
    """What the live chart of a page shows, and what the drawing over it."""
    found = page.evaluate(CHART)
    assert isinstance(found, dict)
    return found


def check_marks(found: dict[str, Any]) -> None:
    """Every cited figure is drawn in both layers at one place."""
    assert set(found["cited"]) == set(found["marks"])
    for claim, point in zip(found["cited"], found["points"], strict=True):
        assert point == pytest.approx(found["marks"][claim], abs=2.5), claim


def check_chart(found: dict[str, Any]) -> None:
    """The live chart shows what the drawing shows, at the same place."""
    assert set(found["types"]) <= {"scatter"}
    assert found["lines"] == found["drawn"]
    assert found["values"] > 0 or found["lines"] == 0
    assert found["types"], "the chart shows nothing at all"
    check_marks(found)
    assert found["plot"] == pytest.approx(found["slot"], abs=1)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Page, tags: Sequence[str] = TAGS) -> list[str]:
    """Axe's findings in an open page: rule, place, what is wrong. The page loses what repeats."""
    page.evaluate(_axe())
    return list(page.evaluate(AXE, [list(tags), ALIKE]))


def tab_through(page: Page, most: int = 600) -> list[str]:
    """Press Tab from the top of the page to its end: what is wrong on the way.

    Everything that can be used is reached, once, in the order of the page, and is then seen: with
    a ring, in the window, under nothing else.
    """
    page.evaluate(TABS)
    for _ in range(0, most, STEPS):
        for _ in range(STEPS):
            page.keyboard.press("Tab")
        if page.evaluate("window.around"):
            break
    else:
        return [f"{most} presses of Tab do not lead to the end"]
    return list(page.evaluate(TABBED))
