"""Screenshots of every page, and one sheet of all of them to look through."""

from __future__ import annotations

import os
import re
from html import escape
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
LANGUAGES = ("en", "es")
WIDE, NARROW = 1280, 375
VIEWS = list(product((WIDE, NARROW), LANGUAGES, THEMES))
"""What each row of the sheet shows, from left to right."""
TALLEST = 6000
"""Of a long page, this much of its top is kept, CSS pixels."""
SHEET = "contact-sheet.png"


def asked_for() -> Path | None:
    """The folder that TWOTRACK_SCREENSHOTS names for screenshots; None where it names none."""
    folder = os.environ.get("TWOTRACK_SCREENSHOTS")
    return Path(folder).resolve() if folder else None


class Album:
    """Where screenshots go: `folder`/pages; nowhere without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def take(self, page: Page, path: str, language: str) -> None:
        """The page as it stands, in both themes and at both widths."""
        if self.folder is None:
            return
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            for width in (WIDE, NARROW):
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(100)  # the live chart follows the drawing
                height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                page.screenshot(
                    path=self._file(path, language, theme, width),
                    type="jpeg",
                    quality=80,
                    full_page=True,
                    clip={"x": 0, "y": 0, "width": width, "height": height},
                )

    def _file(self, path: str, language: str, theme: str, width: int) -> Path:
        assert self.folder is not None
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:150] or "overview"
        return self.folder / "pages" / f"{name}.{language}.{theme}.{width}.jpg"

    def sheet(self, browser: Browser) -> None:
        """All that the folder holds on one picture, a row for each page."""
        if self.folder is None:
            return
        pages = self.folder / "pages"
        names = sorted({path.name.split(".")[0] for path in pages.glob("*.jpg")})
        rows = []
        for name in names:
            images = "".join(
                f'<img class="{"wide" if width == WIDE else "narrow"}"'
                f' src="pages/{name}.{language}.{theme}.{width}.jpg">'
                for width, language, theme in VIEWS
            )
            rows.append(f"<section><h2>{escape(name)}</h2>{images}</section>")
        source = self.folder / "contact-sheet.html"
        source.write_text(f"<!DOCTYPE html><style>{STYLE}</style>{''.join(rows)}", encoding="utf-8")
        page = browser.new_page(viewport={"width": 1640, "height": 900})
        page.goto(source.as_uri(), wait_until="load")
        page.screenshot(path=self.folder / SHEET, full_page=True)
        page.close()


STYLE = """
body { margin: 12px; font: 12px sans-serif; background: #9aa1a9; }
h2 { font-size: 12px; margin: 6px 0 2px; }
section { white-space: nowrap; }
img { height: 190px; object-fit: cover; object-position: top; margin-right: 6px; }
.wide { width: 290px; }
.narrow { width: 100px; }
"""
