"""What can be made of published values, and how it is asked for: for the page of the data."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.export.columns import VIEW_PARAMETERS
from dashboard.i18n import Translator
from dashboard.page import section, table, terms
from dashboard.transformed import scale_definitions, scale_words

ANCHOR = "transformations"


def documentation(t: Translator) -> list[Any]:
    """The files of views with their parameters, and each transformation with its definition."""
    addresses = (
        (
            "/en/indicators/homicide-rate.csv",
            t("The rows of an indicator's page; without a parameter, all its series."),
        ),
        (
            "/en/indicators/homicide-rate.json",
            t(
                "The same rows as one JSON object; numbers keep their digits, an empty cell is "
                "null."
            ),
        ),
        (
            "/en/indicators/homicide-rate.metadata.json",
            t(
                "What these rows are: definitions, series, sources with their licences, citation, "
                "content hash, and the meaning of each column in both languages."
            ),
        ),
        (
            "/en/indicators/homicide-rate.zip",
            t(
                "The CSV, the metadata, a README and the SHA-256 of each; the same view gives the "
                "same bytes as long as the data are the same and asof is given."
            ),
        ),
        (
            "/en/compare.csv",
            t(
                "The rows of a comparison; series is given once for each, at most four times, and "
                "scale=index tells each series in percent of the first period that all have."
            ),
        ),
        ("/en/compare.json", t("The same as JSON.")),
    )
    return [
        section(
            t("Files of a view"),
            [
                html.P(t("A page of figures and its file take the same parameters:")),
                terms(
                    [
                        (
                            html.Code(address),
                            [text, " ", html.Code(", ".join(VIEW_PARAMETERS[address]))],
                        )
                        for address, text in addresses
                    ]
                ),
                html.P(
                    t(
                        "bom=yes makes the file one for spreadsheets: with a byte-order mark, and "
                        "an apostrophe before text that would be run as a formula."
                    )
                ),
            ],
            "views",
        ),
        section(
            t("Values made of published ones"),
            [
                html.P(
                    t(
                        "Pages, pictures and files of an indicator tell its values otherwise where "
                        "they are asked to. Everything is made of what was known on the day asked "
                        "for; what has no meaning is refused with the reason, by a file with "
                        "status 400. In the files the column transform names what was done."
                    )
                ),
                table(
                    t("Transformations"),
                    [t("Parameter"), t("Values"), t("How they are made")],
                    _rows(t),
                ),
            ],
            ANCHOR,
        ),
    ]


def _rows(t: Translator) -> list[list[Any]]:
    names, definitions = scale_words(t), scale_definitions(t)
    rows: list[list[Any]] = [
        [html.Code(f"unit={scale}"), names[scale], definition]
        for scale, definition in definitions.items()
    ]
    longer = t(
        "Computed by Two-Track of shorter periods: amounts are added, only of periods of which "
        "every part is published; of stocks and running totals the last published value stands; "
        "prices are averaged, without weights. Rates and shares are neither added nor averaged."
    )
    rows.append([html.Code("freq=A, freq=Q"), t("calendar years, quarters"), longer])
    return rows
