"""Excerpts with highlighted figures, and the cards of claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from dash import html

from config.catalog import Catalog
from config.schema import Unit
from dashboard import addresses, labels
from dashboard.i18n import Translator
from dashboard.i18n.formats import compact, day, shortest
from dashboard.page import terms
from dashboard.render import wild
from dashboard.store import Store
from dashboard.view import interval_of
from db.records import StoredClaim

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$&])")


def readable(text: str) -> str:
    """Quoted text without the backslashes of Markdown: `US\\$3 billion` is US$3 billion."""
    return _ESCAPED.sub(r"\1", text)


def excerpt(
    claims: Sequence[StoredClaim],
    language: str,
    *,
    link_to_chart: bool,
    ids: bool,
    selected: str | None = None,
    asof: date | None = None,
    to_chart: Callable[[StoredClaim], str] | None = None,
) -> html.Blockquote:
    """One excerpt with the figures of `claims` highlighted, all of them standing in it.

    Each highlight is a link: to the chart at that figure, or to the claim's card. `ids`: whether
    the highlights carry the anchors that marks on the chart lead to. `selected`: the claim that
    the page was asked for. `asof`: the day of knowledge, which the way to the chart keeps.
    `to_chart`: that way in the view of a page, where it keeps more.
    """
    to_chart = to_chart or (lambda claim: addresses.claim_on_chart(language, claim, asof=asof))
    first = claims[0]
    parts: list[Any] = []
    position = 0
    for claim in sorted(claims, key=lambda c: c.char_start):
        start = claim.char_start - first.excerpt_start
        parts.append(readable(first.excerpt_exact[position:start]))
        target = to_chart(claim) if link_to_chart else f"#{addresses.claim_anchor(claim.id)}"
        anchor = addresses.claim_anchor(claim.id) if ids else None
        parts.append(
            html.Mark(
                html.A(readable(claim.quote), href=target, **wild(data_claim=claim.id)),
                **wild(id=anchor, data_claim=claim.id),
                className=_classes(
                    selected=claim.id == selected, automatic=addresses.is_automatic(claim)
                ),
            )
        )
        position = start + len(claim.quote)
    parts.append(readable(first.excerpt_exact[position:]))
    before = [html.Span(f"… {readable(first.excerpt_prefix)}", className="context")]
    after = [html.Span(f"{readable(first.excerpt_suffix)} …", className="context")]
    return html.Blockquote(html.P([*before, *parts, *after]), lang=first.article_language)


def _classes(**given: bool) -> str | None:
    return " ".join(name for name, holds in given.items() if holds) or None


def reading(claim: StoredClaim, parts: Sequence[Any], t: Translator, *, selected: bool) -> html.Div:
    """The card of one claim; one that nobody has reviewed says so first."""
    waits = addresses.is_automatic(claim)
    return html.Div(
        [not_reviewed(claim, t) if waits else None, *parts],
        className=_classes(reading=True, selected=selected, automatic=waits),
        **wild(data_claim=claim.id),
    )


def not_reviewed(claim: StoredClaim, t: Translator) -> html.P:
    """Who read a figure that nobody has reviewed."""
    if claim.extractor == "person":
        text = t("Read by a person, waits for review again: the text has changed.")
    else:
        text = t("Read automatically ({extractor}), not reviewed", extractor=claim.extractor)
    return html.P(html.Span(text, className="badge warn"), className="not-reviewed")


def automatic_switch(waiting: int, address: str, t: Translator, *, shown: bool) -> html.P | None:
    """The way to the automatic readings of a page, or back; none where there is nothing to show."""
    if shown:
        text = t("Automatic readings are shown: a program read them, nobody has reviewed them.")
        link = html.A(t("Hide automatic readings"), href=address)
    elif waiting:
        text = t.n(
            "{n} figure was read by a program and waits for review.",
            "{n} figures were read by a program and wait for review.",
            waiting,
        )
        link = html.A(t("Show automatic readings"), href=address)
    else:
        return None
    return html.P([text, " ", link], className="automatic-switch")


def by_excerpt(claims: Sequence[StoredClaim]) -> list[list[StoredClaim]]:
    """Claims grouped by the excerpt that holds them, in order."""
    groups: dict[tuple[str, int], list[StoredClaim]] = {}
    for claim in claims:
        groups.setdefault((claim.article, claim.excerpt_start), []).append(claim)
    return list(groups.values())


def article_line(claim: StoredClaim, t: Translator, asof: date | None = None) -> html.P:
    """Who wrote it, where and when; an inferred date is called inferred. `asof`: the day of
    knowledge, which the way to it keeps."""
    by = ", ".join(part for part in (claim.article_author, claim.article_publisher) if part)
    return html.P(
        [
            html.A(
                html.Cite(claim.article_title, lang=claim.article_language),
                href=addresses.of_claim(t.language, claim, asof),
            ),
            f" — {by}, " if by else ", ",
            *article_date(claim.article_date, claim.article_date_basis, t),
        ],
        className="byline",
    )


def article_date(when: date, basis: str, t: Translator) -> list[Any]:
    """The day of an article; one that its text does not state is called inferred."""
    stated: list[Any] = [html.Time(day(when, t.locale), dateTime=when.isoformat())]
    if basis == "inferred":
        stated += [" ", html.Span(t("date inferred"), className="badge")]
    return stated


def status_words(status: str, t: Translator) -> str:
    """How an article puts a figure: as a fact, or as something still to come."""
    words = {
        "stated": t("stated as a fact"),
        "promised": t("promised"),
        "planned": t("planned"),
        "proposed": t("proposed"),
        "committed": t("committed"),
        "threatened": t("threatened"),
        "shipped": t("shipped"),
        "delivered": t("delivered"),
    }
    return words[status]


def facts(catalog: Catalog, claim: StoredClaim, t: Translator) -> html.Dl:
    """The normalised reading of a claim as a list of terms."""
    unit = catalog.units[claim.unit]
    indicator = catalog.indicators[claim.indicator]
    places = ", ".join(labels.area(catalog, code, t) for code in claim.geography)
    rows: list[tuple[str, Any]] = [
        (t("Cited"), html.Strong(labels.cited_value(claim, unit, t))),
        (t("Matches") if indicator.official else t("Would match"), accepted(claim, unit, t)),
        (t("Place"), places),
        (t("Period"), labels.claim_period(claim, t)),
        (t("Status"), status_words(claim.status, t)),
    ]
    if len(indicator.measures) > 1:
        rows.append((t("Measure"), indicator.measures[claim.measure].name[t.language]))
    if claim.attributed_to:
        rows.append((t("Source named by the article"), claim.attributed_to))
    return terms(rows)


def accepted(claim: StoredClaim, unit: Unit, t: Translator) -> str:
    """The accept interval of a claim in its unit."""
    interval = interval_of(claim, unit)

    def say(number: Any) -> str:
        if unit.id == "ratio":
            return shortest(number, t.locale)
        return labels.short_value(number, unit, 4, t, exact=True)

    if interval.low is None:
        return t("up to {high}", high=say(interval.high))
    if interval.high is None:
        return t("{low} or more", low=say(interval.low))
    low = (
        say(interval.low)
        if unit.symbol and unit.symbol_before
        else compact(interval.low, t.locale, decimals=4)
    )
    if interval.high_open:
        return t("from {low} to under {high}", low=low, high=say(interval.high))
    return t("{low} to {high}", low=low, high=say(interval.high))


def caveats(store: Store, claim: StoredClaim, t: Translator) -> list[html.P]:
    """What a reader must know to compare: the reviewer's sentences on this claim."""
    article = store.article_file(claim.article)
    if article is None:
        return []
    found = next((c for c in article.claims if f"{article.id}/{c.id}" == claim.id), None)
    return [
        html.P(text[t.language], className="caveat") for text in (found.caveats if found else [])
    ]
