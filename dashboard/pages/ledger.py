"""The ledger of figures that no official series can be held against, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import addresses, labels
from dashboard.components import verdicts
from dashboard.components.claims import (
    article_line,
    automatic_switch,
    not_reviewed,
    readable,
)
from dashboard.i18n import Translator
from dashboard.page import Page, section
from dashboard.state import ViewState
from dashboard.store import Store
from db.records import SeriesKey, StoredClaim
from db.verdicts import Code
from db.verdicts.case import PROMISES


def entries(store: Store, *, automatic: bool = False) -> list[StoredClaim]:
    """The claims whose verdict now is that there is no official series."""
    return [
        claim
        for claim in store.claims(automatic=automatic)
        if store.assessments()[claim.id].now.code is Code.NO_OFFICIAL_SERIES
    ]


def page(store: Store, state: ViewState, t: Translator) -> Page:
    """What only articles state, and what official series are not of, each with the reason."""
    found = entries(store, automatic=state.automatic)
    unheard = [c for c in found if not store.catalog.indicators[c.indicator].official]
    other = [c for c in found if c not in unheard]
    waiting = sum(map(addresses.is_automatic, entries(store, automatic=True)))
    address = addresses.ledger(t.language, automatic=not state.automatic)
    title = t("Figures without an official series")
    return Page(
        title=title,
        description=t("Cited figures that no official series can be held against, and why."),
        body=[
            html.H1(title),
            html.P(
                t(
                    "No official figure stands beside these, so nothing is said of them but what "
                    "they are and who states them."
                ),
                className="lead",
            ),
            automatic_switch(waiting, address, t, shown=state.automatic),
            None if found else html.P(t("The collection has no such figure."), className="none"),
            *_part(
                store,
                t("Only articles state them"),
                t("The collection knows of no office that publishes such figures."),
                unheard,
                "only-articles",
                t,
            ),
            *_part(
                store,
                t("Official series are of something else"),
                "",
                other,
                "something-else",
                t,
            ),
        ],
        path="ledger",
        query=ViewState(readings=state.readings).query(),
    )


def link(store: Store, t: Translator) -> html.P | None:
    """The way to the ledger from another page."""
    count = len(entries(store))
    if not count:
        return None
    text = t.n(
        "{n} figure without an official series, and why",
        "{n} figures without an official series, and why",
        count,
    )
    return html.P(html.A(text, href=addresses.ledger(t.language)), className="to-ledger")


def _part(
    store: Store, title: str, said: str, claims: Sequence[StoredClaim], anchor: str, t: Translator
) -> list[Any]:
    if not claims:
        return []
    order = list(store.catalog.indicators)
    claims = sorted(claims, key=lambda c: order.index(c.indicator))
    items = html.Ul([_entry(store, claim, t) for claim in claims], className="ledger")
    return [section(f"{title} ({len(claims)})", [html.P(said) if said else None, items], anchor)]


def _entry(store: Store, claim: StoredClaim, t: Translator) -> html.Li:
    catalog = store.catalog
    indicator = catalog.indicators[claim.indicator]
    value = labels.cited_value(claim, catalog.units[claim.unit], t)
    beside = verdicts.beside_words(catalog, claim, store.assessments()[claim.id].now, t)
    parts: list[Any] = [
        html.H3(
            [
                html.A(
                    value,
                    href=addresses.of_claim(t.language, claim),
                ),
                html.Span(f" · {indicator.name[t.language]}", className="of"),
            ]
        ),
        not_reviewed(claim, t) if addresses.is_automatic(claim) else None,
        html.P(html.Q(readable(claim.quote), lang=claim.article_language)),
        article_line(claim, t),
    ]
    if indicator.official:
        parts.append(html.P([html.Strong(t("Why:")), " ", why(store, claim, t)]))
    if claim.attributed_to:
        text = t("The article names its source: {source}.", source=claim.attributed_to)
        parts.append(html.P(text))
    parts += [html.P(t("Not official, beside it: {finding}", finding=text)) for text in beside]
    return html.Li(parts)


def why(store: Store, claim: StoredClaim, t: Translator) -> str:
    """Why no series of an indicator that has official ones answers, from what is held."""
    indicator = store.catalog.indicators[claim.indicator]
    held = [key for key in store.series(indicator.id) if key.measure == claim.measure]
    measure = indicator.measures[claim.measure]
    names = dict.fromkeys(store.catalog.provider_of(k.source).short[t.language] for k in held)
    if not held:
        return t("No series of this measure is held: {measure}.", measure=measure.name[t.language])
    if store.assessments()[claim.id].now.beside:
        return t("Only a count that is not official is held: {names}.", names=", ".join(names))
    if claim.status in PROMISES or "stage=promised" in claim.facets:
        return t(
            "It is of something announced. The series held are of other stages ({stages}) and are "
            "not held against a promise.",
            stages=_stages(store, held, t) or measure.name[t.language],
        )
    return t("The series held are of other places or things: {names}.", names=", ".join(names))


def _stages(store: Store, keys: Sequence[SeriesKey], t: Translator) -> str:
    """The stages that some series are of, in words."""
    facets = store.catalog.indicators[keys[0].indicator].facets
    if "stage" not in facets:
        return ""
    found = dict.fromkeys(key.facet_values.get("stage", "") for key in keys)
    names = [facets["stage"].values[value].name[t.language] for value in found if value]
    return ", ".join(names).lower()
