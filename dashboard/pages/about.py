"""About and method, in plain words."""

from __future__ import annotations

from decimal import Decimal

from dash import html

from config.schema import Comparator
from dashboard import addresses
from dashboard.i18n import Translator
from dashboard.i18n.formats import shortest
from dashboard.page import Page, section, table
from dashboard.store import Store
from db.verdicts import accept_interval


def page(store: Store, t: Translator) -> Page:
    """What the site does and how, with examples that are computed as the verdicts are."""
    return Page(
        title=t("About and method"),
        description=t("What Two-Track does, how figures are read, and where its limits are."),
        body=[
            html.H1(t("About and method")),
            html.P(
                t(
                    "Articles cite figures; official sources record them. Two-Track keeps "
                    "both, with the day on which each became known, and shows them on one "
                    "chart."
                ),
                className="lead",
            ),
            section(t("How a cited figure is read"), [_reading(t), _examples(t)], "reading"),
            section(
                t("What was known when"),
                [
                    html.P(
                        t(
                            "Nothing is overwritten. When a source revises a value, the "
                            "old one is kept with the days on which it stood, so any chart "
                            "can be redrawn as it was known on any day. A value counts as "
                            "known from the release date that its source states; where "
                            "none is stated, from the day on which it was first read."
                        )
                    )
                ],
                "vintages",
            ),
            section(
                t("Values made of published ones"),
                [
                    html.P(
                        [
                            t(
                                "Changes, indices, shares, values per inhabitant, and years or "
                                "quarters of shorter periods are computed here, and said to be. "
                                "What has no meaning is refused: no series are added to each "
                                "other, no rates averaged."
                            ),
                            " ",
                            html.A(
                                t("How each is defined"),
                                href=addresses.data(t.language, fragment="transformations"),
                            ),
                            ".",
                        ]
                    )
                ],
                "transformations",
            ),
            section(
                t("Limits"),
                [
                    html.Ul(
                        [
                            html.Li(
                                t(
                                    "Many official figures have no address that a machine "
                                    "can read. They stand in reviewed tables, each row "
                                    "with its evidence; where the evidence is a copy or a "
                                    "press report, the page says so with †."
                                )
                            ),
                            html.Li(
                                t(
                                    "Series of different definitions are never added or "
                                    "joined: registered deaths are not case files, "
                                    "appropriated money is not spent money."
                                )
                            ),
                            html.Li(
                                t(
                                    "The dates of some articles are inferred from their "
                                    "text and marked so."
                                )
                            ),
                        ]
                    )
                ],
                "limits",
            ),
            section(
                t("Errors"),
                [
                    html.P(
                        t(
                            "Every figure and claim is a line in a reviewed file of the "
                            "project. Report an error with the address of the page and "
                            "what the source says."
                        )
                    )
                ],
                "errors",
            ),
        ],
        path="about",
    )


def _reading(t: Translator) -> html.P:
    return html.P(
        t(
            "A figure in a text is rounded. “23” may stand for anything from 22.5 to 23.5, "
            "“more than 3 billion” for everything above. The interval of official values "
            "that a figure would match is drawn as a bar through its mark."
        )
    )


def _examples(t: Translator) -> html.Div:
    d = Decimal
    cases = (
        (t("23 per 100,000"), Comparator.EQ, d(23), d(23), d(1)),
        (t("2.7 million doses"), Comparator.EQ, d(2_700_000), d(2_700_000), d(100_000)),
        (t("around 11 million"), Comparator.APPROX, d(11_000_000), d(11_000_000), d(1_000_000)),
        (t("more than 3 billion"), Comparator.GT, d(3_000_000_000), None, d(1_000_000_000)),
        (t("almost 200"), Comparator.ALMOST, None, d(200), d(100)),
        (t("60 to 70 percent"), Comparator.RANGE, d(60), d(70), d(1)),
    )
    rows = []
    for text, comparator, low, high, unit in cases:
        interval = accept_interval(comparator, low, high, unit)
        ends = [
            shortest(end, t.locale) if end is not None else t("no limit")
            for end in (interval.low, interval.high)
        ]
        rows.append([text, *ends])
    head = [t("Cited"), t("Lowest match"), t("Highest match")]
    return table(t("Cited figures and the official values that they match"), head, rows)
