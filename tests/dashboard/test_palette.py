"""The colours of the stylesheet: stated once for both themes, and legible in both."""

from __future__ import annotations

import re

import pytest

from dashboard.app import ASSETS
from dashboard.figures.plot import THEMES
from tests.dashboard.test_plot import contrast

CSS = (ASSETS / "twotrack.css").read_text(encoding="utf-8")
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", CSS)
}


def test_every_colour_of_both_themes_is_stated_once() -> None:
    assert len(PAIRS) > 10
    for name, pair in PAIRS.items():
        assert CSS.count(f"--{name}: light-dark(") == 1
        # Paper and forced colours have words and black and white of their own.
        assert not re.findall(rf"--{name}: #(?!fff;|000;|333;)", CSS), name
        assert pair[0] != pair[1]


@pytest.mark.parametrize("ground", ["page", "raised"])
@pytest.mark.parametrize("name", ["ink", "quiet", "link", "good", "warn", "bad", "cited-text"])
def test_text_is_legible(name: str, ground: str) -> None:
    for text, behind in zip(PAIRS[name], PAIRS[ground], strict=True):
        assert contrast(text, behind) >= 4.5


@pytest.mark.parametrize("ground", ["page", "raised"])
def test_controls_are_seen(ground: str) -> None:
    for control, behind in zip(PAIRS["control"], PAIRS[ground], strict=True):
        assert contrast(control, behind) >= 3


def test_the_live_chart_has_the_same_ground() -> None:
    light, dark = PAIRS["page"]
    assert light in THEMES["light"].values()
    assert dark in THEMES["dark"].values()
