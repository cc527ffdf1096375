"""The columns of the CSV files, in order, with their meaning."""

from __future__ import annotations

from dashboard import comparison, state
from dashboard.i18n import Translator

OBSERVATION_COLUMNS = (
    "indicator", "series_id", "geo", "period_start", "period_end", "value", "unit", "currency",
    "status", "facets", "source", "source_url", "licence", "released_at", "known_from", "known_to",
    "retrieved_at", "raw_sha256", "transform", "asof_requested", "app_version", "measure",
    "counterpart_area", "freq", "time_period", "known_from_precision", "evidence", "note",
)  # fmt: skip

CLAIM_COLUMNS = (
    "indicator", "series_id", "geo", "period_start", "period_end", "value", "unit", "currency",
    "status", "facets", "source", "source_url", "licence", "released_at", "known_from", "known_to",
    "retrieved_at", "raw_sha256", "transform", "asof_requested", "app_version", "article_id",
    "article_date", "quote", "char_start", "char_end", "comparator", "value_low", "value_high",
    "accept_low", "accept_high", "verdict_then", "verdict_now", "difference_pct", "hints",
    "extractor", "reviewer", "claim_id", "measure", "rounding_unit", "class", "article_date_basis",
    "article_title", "attributed_to", "reviewed_on", "official_then", "official_now", "label",
    "series_then", "vintage_then", "vintage_now", "official_periods", "caveats", "review_state",
)  # fmt: skip

CONSISTENCY_COLUMNS = (
    "indicator", "claim_id", "other_claim_id", "relation", "fields", "amounts", "resolved_by",
    "period", "other_period", "stated_ratio", "computed_ratio", "app_version",
)  # fmt: skip

EVENT_COLUMNS = (
    "event_id", "kind", "date", "date_end", "precision", "label_en", "label_es", "indicators",
    "articles", "source", "source_url", "app_version",
)  # fmt: skip

PARAMETERS = {
    "/api/v1/observations.csv": (
        "indicator", "measure", "ref_area", "counterpart_area", "freq", "source", "series", "from",
        "to", "asof", "history",
    ),
    "/api/v1/observations.json": (
        "indicator", "measure", "ref_area", "counterpart_area", "freq", "source", "series", "from",
        "to", "asof", "history",
    ),
    "/api/v1/claims.csv": ("indicator", "article", "review"),
    "/api/v1/claims.json": ("indicator", "article", "review"),
    "/api/v1/consistency.csv": ("indicator", "article", "review"),
    "/api/v1/consistency.json": ("indicator", "article", "review"),
    "/api/v1/events.csv": ("kind", "indicator", "from", "to"),
}  # fmt: skip
"""What each address takes; anything else is answered with 400."""


VIEW_PARAMETERS = {
    "/en/indicators/homicide-rate.csv": (*state.PARAMETERS, "bom"),
    "/en/indicators/homicide-rate.json": state.PARAMETERS,
    "/en/indicators/homicide-rate.metadata.json": state.PARAMETERS,
    "/en/indicators/homicide-rate.zip": state.PARAMETERS,
    "/en/compare.csv": (*comparison.PARAMETERS, "bom"),
    "/en/compare.json": comparison.PARAMETERS,
}
"""The same of the files of views, each by an example."""


def dictionary(t: Translator) -> dict[str, str]:
    """What each column means, for the page about the data."""
    return {
        "indicator": t("Id of the indicator."),
        "series_id": t(
            "Id of the series: indicator, measure, frequency, area, counterpart, source "
            "and facets, joined by dots; _Z is not applicable. For a claim, empty where no "
            "one series is meant."
        ),
        "geo": t(
            "Area that the figure is about, ISO 3166-1 alpha-3; the areas of a claim as "
            "its article states them, joined by semicolons."
        ),
        "period_start": t("First day of the period."),
        "period_end": t("Last day of the period."),
        "value": t(
            "Value in the unit of the next column, with the digits that were published; "
            "empty where none was. For a claim, the stated number, empty where it is an "
            "interval."
        ),
        "unit": t("Id of the unit."),
        "currency": t("ISO 4217, for money."),
        "status": t(
            "Observation status, SDMX CL_OBS_STATUS; for a claim, how its article puts it "
            "(stated, promised ...)."
        ),
        "facets": t("What distinguishes the series further, as facet=value, joined by semicolons."),
        "source": t(
            "Id of the source; for a claim, the article's publisher; for an event, who says so."
        ),
        "source_url": t(
            "Address of the file or page in which the value was read; for a claim, of the article; "
            "for an event, of its source."
        ),
        "licence": t("Licence, and whether it was verified; for a claim, the note of the article."),
        "released_at": t(
            "Day of publication, as the source states it; empty where it states none."
        ),
        "known_from": t(
            "Moment from which the value was known, UTC; for a claim, the day of its article."
        ),
        "known_to": t("Moment until which it stood; empty if it still does."),
        "retrieved_at": t("Day or moment at which the bytes were had."),
        "raw_sha256": t(
            "SHA-256 of the file that the value was read from; for a claim, of the article's text."
        ),
        "transform": t("How the value was changed; level means not at all."),
        "asof_requested": t("The day asked for with asof; empty for now."),
        "app_version": t("Version of Two-Track."),
        "measure": t("What is measured, id within the indicator."),
        "counterpart_area": t("The other area of a two-country figure; _T is all, _O the others."),
        "freq": t("Frequency, SDMX CL_FREQ: A, A5, Q, M, W, D."),
        "time_period": t("The period as SDMX writes it; FY2020 is a US fiscal year."),
        "known_from_precision": t(
            "How well known_from is known: day, month, no-later-than, no-earlier-than, first-seen."
        ),
        "evidence": t("Id of the document that states the value, for figures entered by hand."),
        "note": t("What has to be known of this one value."),
        "article_id": t("Id of the article."),
        "article_date": t("Day of the article."),
        "quote": t("The figure as quoted, verbatim."),
        "char_start": t("Offset of the quote in the article's text, in characters."),
        "char_end": t("End of the quote."),
        "comparator": t("eq, approx, gt, ge, lt, le, almost, order or range."),
        "value_low": t("Lower end of what is stated."),
        "value_high": t("Upper end of what is stated."),
        "accept_low": t("Lowest official value that the figure would match; empty for no limit."),
        "accept_high": t("Highest official value that it would match; empty for no limit."),
        "verdict_then": t("Verdict against the official series as known on the article's date."),
        "verdict_now": t("Verdict against the official series as known now."),
        "difference_pct": t("Difference of the cited from the official value now, in percent."),
        "hints": t("What helps to read the verdict."),
        "extractor": t("Who read the figure: a person or a program."),
        "reviewer": t("Who reviewed it."),
        "claim_id": t("Id of the claim: article and claim, joined by a slash."),
        "rounding_unit": t("Place of the last stated digit."),
        "class": t("Class of the claim: core, context, vague or implicit."),
        "article_date_basis": t("Whether the article's date is stated or inferred."),
        "article_title": t("Title of the article."),
        "attributed_to": t("The source that the article names for the figure."),
        "reviewed_on": t("Day of the review."),
        "official_then": t(
            "Official value as known on the article's date; low..high where it is a bound."
        ),
        "official_now": t("Official value as known now; low..high where it is a bound."),
        "label": t("What the two verdicts say together."),
        "series_then": t("Ids of the series that official_then was read from."),
        "vintage_then": t(
            "Moment from which the newest of the values behind official_then was known, UTC."
        ),
        "vintage_now": t("The same of official_now, which was read from series_id."),
        "official_periods": t(
            "Periods behind official_now, as SDMX writes them; of several the first and the last."
        ),
        "caveats": t("What sets the official figure off from the cited one."),
        "review_state": t("accepted, pending or rejected; see the parameter review."),
        "other_claim_id": t(
            "Id of the other claim, of a later article; of an internal check the two values, at "
            "the start and the end of the ratio's period, joined by a semicolon."
        ),
        "relation": t(
            "AGREES, REFINES (one interval lies inside the other), CONTRADICTS, DIFFERENT_SCOPE; "
            "INTERNAL for a ratio held against the two values of its own sentence."
        ),
        "fields": t(
            "In what the two differ: measure, cumulative, geography, a facet, unit, status, "
            "period; of an internal check count-against-rate."
        ),
        "amounts": t(
            "What the numbers alone say; of an internal check the verdict of the stated ratio."
        ),
        "resolved_by": t(
            "Series whose announcements both figures match, each its own: a contradiction on the "
            "text alone."
        ),
        "period": t("The announcement that the claim matches."),
        "other_period": t("The announcement that the other claim matches."),
        "stated_ratio": t("Of an internal check: the ratio as stated."),
        "event_id": t("Id of the event."),
        "kind": t("announced, in-force, ended, meeting, court or other."),
        "date": t("Day of the event, or first day of a span; as exact as precision says."),
        "date_end": t("Last day of an event that is a span; empty for one of a single date."),
        "precision": t("How well the dates are known: day, month or year."),
        "label_en": t("The event in English."),
        "label_es": t("The event in Spanish."),
        "indicators": t("Ids of the indicators on whose charts it stands, joined by semicolons."),
        "articles": t("Ids of the articles that speak of it, joined by semicolons."),
        "computed_ratio": t("Of an internal check: stated end divided by stated start."),
    }
