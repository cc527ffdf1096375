"""What a shared link shows: Open Graph and the card that follows from it, and the canonical link.

Protocol: https://ogp.me/. Addresses in it must be whole, so each begins as the request's did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from dashboard import addresses
from dashboard.comparison import CompareState
from dashboard.figures import picture, raster
from dashboard.i18n import LANGUAGES, LOCALES, Translator
from dashboard.state import ViewState

SITE = "Two-Track"


@dataclass(frozen=True)
class Card:
    """A chart that stands for a page."""

    indicator: str
    state: ViewState
    alt: str
    """What the picture shows, in words."""

    def address(self, language: str) -> str:
        """Of the picture, which has the shape that previews have."""
        # Numbers of events would need their list, which makes the picture taller than a preview.
        state = replace(self.state, events=False, claim=None)
        return addresses.indicator_picture(language, self.indicator, "png", state)


@dataclass(frozen=True)
class ComparedCard:
    """The first chart of a comparison, which stands for its page."""

    state: CompareState
    alt: str
    """What the picture shows, in words."""

    def address(self, language: str) -> str:
        """Of the picture, without events as that of `Card`."""
        return addresses.compare_picture(language, "png", replace(self.state, events=False))


def head(
    title: str,
    description: str,
    card: Card | ComparedCard | None,
    address: str,
    t: Translator,
    *,
    article: bool,
) -> str:
    """The elements for a document's head. `address`: of the page, without scheme and host.

    A machine without fonts draws no picture, so none is named.
    """
    named = {
        "og:site_name": SITE,
        "og:type": "article" if article else "website",
        "og:title": title,
        "og:description": description,
        "og:url": addresses.absolute(address),
        "og:locale": t.locale,
    }
    pairs = list(named.items())
    pairs += [("og:locale:alternate", LOCALES[code]) for code in LANGUAGES if code != t.language]
    drawn = card is not None and raster.can_write()
    if card is not None and drawn:
        pairs += [
            ("og:image", addresses.absolute(card.address(t.language))),
            ("og:image:type", "image/png"),
            ("og:image:width", str(raster.WIDTH)),
            ("og:image:height", str(round(raster.WIDTH * picture.SHAPE))),
            ("og:image:alt", card.alt),
        ]
    lines = [f'<link rel="canonical" href="{escape(addresses.absolute(address))}">']
    lines += [f'<meta property="{name}" content="{escape(text)}">' for name, text in pairs]
    kind = "summary_large_image" if drawn else "summary"
    lines.append(f'<meta name="twitter:card" content="{kind}">')
    return "\n".join(lines)
