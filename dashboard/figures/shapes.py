"""The shapes of cited figures, one for each tone of a verdict, and the legend that explains them.

Circle, diamond, square and ring are told apart by outline and filling alone, in print and without
colour; the sign of the verdict stands in each. A figure that nobody has reviewed has no verdict:
it is a diamond without a sign.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.figures.model import Chart, Mark, Tone
from dashboard.i18n import Translator

SIZE = 6
"""Half a diamond without a verdict, in user units."""
TONES: tuple[Tone, ...] = ("agree", "near", "differ", "open", "")
GLYPHS = {
    "=": "M-3-1.75h6M-3 1.75h6",
    "≥": "M-2.5-4l5 2.25-5 2.25M-2.5 3.5h5",
    "≈": "M-2.8-1.2q1.4-1.8 2.8 0t2.8 0M-2.8 2q1.4-1.8 2.8 0t2.8 0",
    "≠": "M-3.5-1.75h7M-3.5 1.75h7M2.25-4.25l-4.5 8.5",
}
"""Signs as strokes about the middle of a shape; the ring needs none."""


@dataclass(frozen=True)
class Look:
    """How a mark is drawn."""

    tone: Tone
    sign: str
    automatic: bool = False

    @classmethod
    def of(cls, mark: Mark) -> Look:
        """The look of a mark."""
        return cls(mark.tone, mark.sign, mark.automatic)

    @property
    def classes(self) -> str:
        """Classes of its outline, for the stylesheet."""
        return f"diamond {self.tone}".strip()

    def outline(self, x: float, y: float) -> str:
        """The path about a point; it begins above its middle."""
        if self.tone == "agree":
            return f"M{x:g} {y - 6.5:g}a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z"
        if self.tone == "open":
            return f"M{x:g} {y - 5:g}a5 5 0 1 1 0 10a5 5 0 1 1 0-10z"
        if self.tone == "differ":
            return f"M{x:g} {y - 6:g}h6v12h-12v-12z"
        half = 8 if self.tone == "near" else SIZE
        return f"M{x:g} {y - half:g}l{half} {half}l-{half} {half}l-{half}-{half}z"

    def drawn(self, x: float, y: float) -> str:
        """SVG elements about a point, with classes and without colours."""
        x, y = round(x, 2), round(y, 2)
        outline = f'<path class="{self.classes}" d="{self.outline(x, y)}"/>'
        glyph = GLYPHS.get(self.sign)
        if glyph is None:
            return outline
        return (
            f'{outline}<path class="sign {self.tone}" fill="none"'
            f' transform="translate({x:g} {y:g})" d="{glyph}"/>'
        )

    def words(self, t: Translator) -> str:
        """What the shape stands for."""
        texts = {
            ("agree", "≥"): t("bound holds"),
            ("agree", "≈"): t("does not conflict with the official bound"),
            ("agree", "="): t("matches an official figure"),
        }
        by_tone = {
            "agree": t("matches an official figure"),
            "near": t("close to an official figure"),
            "differ": t("differs from the official figure"),
            "open": t("not comparable with an official figure"),
            "": t("not reviewed") if self.automatic else t("cited figure"),
        }
        return texts.get((self.tone, self.sign), by_tone[self.tone])


def looks(chart: Chart) -> list[Look]:
    """The looks that occur among the marks of a chart, each once."""
    found = {Look.of(mark) for mark in chart.visible_marks()}
    return sorted(found, key=lambda look: (TONES.index(look.tone), look.sign, look.automatic))


def icon(look: Look) -> str:
    """The shape alone, for a legend or a list. Decoration: the words beside it say the same."""
    automatic = " automatic" if look.automatic else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="shape{automatic}"'
        ' viewBox="-10 -10 20 20" width="20" height="20" aria-hidden="true" focusable="false">'
        f"{look.drawn(0, 0)}</svg>"
    )


def legend(chart: Chart) -> str:
    """A paragraph of HTML that explains the shapes on a chart; empty where it has no marks."""
    t = Translator(chart.language)
    items = "".join(f"<span>{icon(look)} {look.words(t)}</span>" for look in looks(chart))
    return f'<p class="shapes"><span>{t("Marks:")}</span>{items}</p>' if items else ""
