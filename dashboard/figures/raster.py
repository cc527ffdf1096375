"""Pictures as PNG, drawn by resvg from the SVG with the fonts of this machine."""

from __future__ import annotations

from functools import cache, lru_cache

import resvg_py

FAMILY = "DejaVu Sans"
"""Drawn with where it is there (Debian: fonts-dejavu-core), else with what resvg finds."""
DENSITY = 5 / 3
"""Pixels per unit of the drawing: a preview of 1,200 pixels has texts that can be read."""
WIDTH = 1200
NARROWEST, WIDEST = 540, 2400
MOST_KEPT = 64

_BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
_LETTER = '<text x="2" y="16" font-size="14" font-family="sans-serif">M</text>'


def units(width: int) -> int:
    """Width of the drawing of a PNG that is `width` pixels wide."""
    return round(width / DENSITY)


@cache
def can_write() -> bool:
    """Whether this machine has a font. Without one resvg leaves every text out, with no error."""
    return _drawn(_BLANK.format(_LETTER), 20) != _drawn(_BLANK.format(""), 20)


@lru_cache(maxsize=MOST_KEPT)
def png(svg: str, width: int) -> bytes:
    """The picture, `width` pixels wide. Raises ValueError for what is no SVG."""
    return _drawn(svg, width)


def _drawn(svg: str, width: int) -> bytes:
    return resvg_py.svg_to_bytes(svg_string=svg, width=width, sans_serif_family=FAMILY)
