"""How to take a view away: an embed, pictures, citations; and what a content hash is."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import addresses
from dashboard.figures import picture, raster
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.page import buttons, section
from dashboard.render import to_html
from dashboard.sharing import Citation, citation, freeze, whole
from dashboard.store import Store
from dashboard.view import IndicatorView

FRAME_HEIGHT = 620
"""Of the frame in the snippet: the chart of a phone with what stands around it."""


def block(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    """For the page of an indicator: everything as known on the view's day, or today.

    On paper the citation alone, which has the day, the sources and the address.
    """
    frozen = freeze(store, view, t)
    of_view = citation(store, frozen, t)
    of_all = citation(store, whole(store, frozen, t), t)
    cited = cited_as(of_view, t("Cite this view"), "view", t)
    if of_all.address != of_view.address:
        cited += cited_as(of_all, t("Cite the indicator"), "indicator", t)
    address = addresses.embed(t.language, view.indicator.id, frozen.state, of_view.digest)
    return [
        html.P(of_view.plain(t), className="on-paper"),
        html.Details(
            [
                html.Summary(t("Embed and cite")),
                html.P(
                    [
                        t(
                            "All of it is frozen as known on {day}; its content is {digest}.",
                            day=day(of_view.known_on, t.locale),
                            digest=of_view.digest,
                        ),
                        " ",
                        html.A(
                            t("What the content hash is"),
                            href=addresses.data(t.language, fragment="content-hash"),
                        ),
                    ]
                ),
                buttons(_files(frozen, t)),
                *_copied(t("Embed this chart"), "embed-snippet", _snippet(of_view, address, t), 5),
                html.P(html.A(t("See the embedded chart"), href=address), className="see"),
                *cited,
            ],
            className="share",
        ),
    ]


def _files(view: IndicatorView, t: Translator) -> list[tuple[str, str]]:
    language, name, state = t.language, view.indicator.id, view.state
    found = [(t("Picture, SVG"), addresses.indicator_picture(language, name, "svg", state))]
    if raster.can_write():
        found.append((t("Picture, PNG"), addresses.indicator_picture(language, name, "png", state)))
    found.append((t("Figures, CSV"), addresses.indicator_csv(language, name, state)))
    zipped = addresses.indicator_file(language, name, "zip", state)
    return [*found, (t("Figures with metadata, ZIP"), zipped)]


def of_comparison(cited: Citation, t: Translator) -> list[Any]:
    """For the page of a comparison; on paper the citation alone."""
    return [
        html.P(cited.plain(t), className="on-paper"),
        html.Details(
            [html.Summary(t("Cite")), *cited_as(cited, t("Cite this view"), "view", t)],
            className="share",
        ),
    ]


def _snippet(cited: Citation, address: str, t: Translator) -> str:
    frame = html.Iframe(
        src=addresses.absolute(address),
        title=t("{title}, as known on {day}", title=cited.title, day=day(cited.known_on, t.locale)),
        width="100%",
        height=str(FRAME_HEIGHT),
        style={"border": "0"},
    )
    # Dash has no name for it, browsers have.
    return to_html(frame).replace("<iframe ", '<iframe loading="lazy" ', 1)


def cited_as(cited: Citation, title: str, name: str, t: Translator) -> list[Any]:
    """A citation to copy, as text and for BibTeX. `name`: for the ids of its fields."""
    return [
        *_copied(title, f"cite-{name}", cited.plain(t), 5),
        *_copied(f"{title}, BibTeX", f"bibtex-{name}", cited.bibtex(t), 10),
    ]


def _copied(label: str, name: str, text: str, rows: int) -> list[Any]:
    """A text to copy, with its name."""
    return [
        html.Label(label, htmlFor=name),
        html.Textarea(text, id=name, readOnly="readonly", rows=rows, className="copied"),
    ]


def documentation(t: Translator) -> list[Any]:
    """For the page of the data: the files of a chart, the embed and the content hash."""
    words = ", ".join(picture.THEMES)
    return [
        section(
            t("Pictures and embeds"),
            [
                html.P(
                    [
                        t("Each view of an indicator is also a picture and an embed:"),
                        " ",
                        html.Code("/en/indicators/homicide-rate.svg"),
                        ", ",
                        html.Code(".png"),
                        ", ",
                        html.Code("/en/embed/homicide-rate"),
                        ". ",
                        t("They take the parameters of the page, and:"),
                    ]
                ),
                html.Dl(
                    [
                        html.Dt(html.Code("theme")),
                        html.Dd(words),
                        html.Dt(html.Code("width")),
                        html.Dd(
                            t(
                                "Of a picture, in pixels: {svg} for SVG, {png} for PNG.",
                                svg=f"{picture.NARROWEST}–{picture.WIDEST}",
                                png=f"{raster.NARROWEST}–{raster.WIDEST}",
                            )
                        ),
                        html.Dt(html.Code("hash")),
                        html.Dd(
                            t(
                                "Of an embed: the content that it was made with. Where that day's "
                                "figures read otherwise now, the embed says so."
                            )
                        ),
                    ]
                ),
                html.P(
                    [
                        t("Of a comparison the first chart is a picture, too:"),
                        " ",
                        html.Code("/en/compare.svg"),
                        ", ",
                        html.Code(".png"),
                        ".",
                    ]
                ),
            ],
            "pictures",
        ),
        section(
            t("Content hash"),
            [
                html.P(
                    t(
                        "The first twelve digits of a SHA-256 over what a chart shows, by which "
                        "two readers know that they saw the same. Anyone can compute it from the "
                        "CSV files: one line for each official figure and each cited one that is "
                        "drawn, their cells joined by commas, sorted by code point, each ended by "
                        "a line feed, in UTF-8. The cells are these columns:"
                    )
                ),
                html.Ul(
                    [
                        html.Li(html.Code("series_id,time_period,value,status")),
                        html.Li(
                            html.Code(
                                "claim_id,comparator,value_low,value_high,unit,period_start,"
                                "period_end"
                            )
                        ),
                    ]
                ),
            ],
            "content-hash",
        ),
    ]
