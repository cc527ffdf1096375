"""Data and API: the addresses of the CSV files and a dictionary of their columns."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.asked import DataState
from dashboard.components import cite, picker
from dashboard.export.columns import (
    CLAIM_COLUMNS,
    CONSISTENCY_COLUMNS,
    OBSERVATION_COLUMNS,
    PARAMETERS,
    dictionary,
)
from dashboard.i18n import Translator
from dashboard.page import Page, section, table
from dashboard.state import Notice
from dashboard.store import Store


def page(store: Store, state: DataState, notices: Sequence[Notice], t: Translator) -> Page:
    """What the files are; with a choice of rows, its address and first rows."""
    words = dictionary(t)
    addresses = (
        (
            "/api/v1/observations.csv",
            t("Official figures; as known now, on a day, or with every revision."),
        ),
        (
            "/api/v1/claims.csv",
            t(
                "Cited figures with their quotes, normalised readings and verdicts. What a program "
                "read and nobody has reviewed is left out unless review is pending or all."
            ),
        ),
        (
            "/api/v1/claims.json",
            t(
                "The same columns as one JSON object; numbers keep their digits, an empty cell is "
                "null."
            ),
        ),
        (
            "/api/v1/consistency.csv",
            t(
                "How cited figures of different articles stand to each other, each pair once, and "
                "ratios held against the two values of their own sentence."
            ),
        ),
        ("/api/v1/consistency.json", t("The same as JSON.")),
    )
    example = "/api/v1/observations.csv?indicator=merida-spending&asof=2022-01-01"
    return Page(
        title=t("Data and API"),
        description=t("Everything as CSV: addresses, parameters and columns."),
        body=[
            html.H1(t("Data and API")),
            html.P(
                t(
                    "CSV in UTF-8 with a header row, streamed and never cut. Values keep "
                    "the digits that were published. No key is needed."
                ),
                className="lead",
            ),
            *picker.picker(store, state, t),
            section(
                t("Addresses"),
                [
                    html.Dl(
                        [
                            part
                            for address, text in addresses
                            for part in (
                                html.Dt(html.A(html.Code(address), href=address)),
                                html.Dd(
                                    [
                                        text,
                                        " ",
                                        t("Parameters:"),
                                        " ",
                                        html.Code(", ".join(PARAMETERS[address])),
                                    ]
                                ),
                            )
                        ]
                    ),
                    html.P([t("For example:"), " ", html.A(html.Code(example), href=example)]),
                    html.P(
                        t(
                            "An unknown parameter or value is answered with status 400 and "
                            "the valid ones."
                        )
                    ),
                ],
                "addresses",
            ),
            section(
                t("Columns of official figures"),
                [
                    table(
                        t("Columns of observations.csv"),
                        [t("Column"), t("Meaning")],
                        [[html.Code(c), words[c]] for c in OBSERVATION_COLUMNS],
                    )
                ],
                "observation-columns",
            ),
            section(
                t("Columns of cited figures"),
                [
                    table(
                        t("Columns of claims.csv"),
                        [t("Column"), t("Meaning")],
                        [[html.Code(c), words[c]] for c in CLAIM_COLUMNS],
                    )
                ],
                "claim-columns",
            ),
            section(
                t("Columns of consistency"),
                [
                    table(
                        t("Columns of consistency.csv"),
                        [t("Column"), t("Meaning")],
                        [[html.Code(c), words[c]] for c in CONSISTENCY_COLUMNS],
                    )
                ],
                "consistency-columns",
            ),
            *cite.documentation(t),
        ],
        path="data",
        query=state.query(),
        notices=notices,
    )
