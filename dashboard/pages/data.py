"""Data and API: the addresses of the CSV files and a dictionary of their columns."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.asked import DataState
from dashboard.components import cite, picker, transformations
from dashboard.export.columns import (
    CLAIM_COLUMNS,
    CONSISTENCY_COLUMNS,
    EVENT_COLUMNS,
    OBSERVATION_COLUMNS,
    PARAMETERS,
    dictionary,
)
from dashboard.i18n import Translator
from dashboard.page import Page, section, table, terms
from dashboard.state import Notice
from dashboard.store import Store


def page(store: Store, state: DataState, notices: Sequence[Notice], t: Translator) -> Page:
    """What the files are; with a choice of rows, its address and first rows."""
    addresses = (
        (
            "/api/v1/observations.csv",
            t("Official figures; as known now, on a day, or with every revision."),
        ),
        ("/api/v1/observations.json", t("The same as JSON.")),
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
        (
            "/api/v1/events.csv",
            t("The dated events with their sources; of a period those that meet it."),
        ),
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
                    terms(
                        [
                            (
                                html.A(html.Code(address), href=address),
                                [
                                    text,
                                    " ",
                                    t("Parameters:"),
                                    " ",
                                    html.Code(", ".join(PARAMETERS[address])),
                                ],
                            )
                            for address, text in addresses
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
            *transformations.documentation(t),
            *(
                section(title, [_columns(f"{name}.csv", columns, t)], anchor)
                for title, name, columns, anchor in (
                    (
                        t("Columns of official figures"),
                        "observations",
                        OBSERVATION_COLUMNS,
                        "observation-columns",
                    ),
                    (t("Columns of cited figures"), "claims", CLAIM_COLUMNS, "claim-columns"),
                    (
                        t("Columns of consistency"),
                        "consistency",
                        CONSISTENCY_COLUMNS,
                        "consistency-columns",
                    ),
                    (t("Columns of events"), "events", EVENT_COLUMNS, "event-columns"),
                )
            ),
            *cite.documentation(t),
        ],
        path="data",
        query=state.query(),
        notices=notices,
    )


def _columns(name: str, columns: Sequence[str], t: Translator) -> html.Div:
    """What each column of a file means, in their order."""
    words = dictionary(t)
    rows = [[html.Code(column), words[column]] for column in columns]
    return table(t("Columns of {name}", name=name), [t("Column"), t("Meaning")], rows)
