"""When the next figures are to be expected, told from how often a provider publishes."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from config.schema import Source
from dashboard import addresses
from dashboard.components.sources import freshness_note
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, month
from dashboard.page import section
from dashboard.store import Store
from db.freshness import expected_release

EVERY_MONTH = 31
"""Usual days between releases up to which a day is named, which is less than a month off."""


def upcoming(store: Store, t: Translator) -> list[Any]:
    """The section with what each source that has a rhythm is to publish next, the soonest first;
    after them those of which a newer release than the one held should be out."""
    today = store.clock().date()
    found = [
        (when, source)
        for source in store.catalog.sources.values()
        if not source.paused
        and (when := expected_release(source, store.source_records()[source.id])) is not None
    ]
    found.sort(key=lambda each: (each[0], each[1].id))
    coming = [_item(store, when, source, t) for when, source in found if when >= today]
    missed = [_item(store, when, source, t) for when, source in found if when < today]
    if not found:
        return []
    parts: list[Any] = [
        html.P(
            t(
                "Estimated from the newest release that is held and how often the provider "
                "usually publishes; no provider has announced these days."
            ),
            className="byline",
        )
    ]
    if coming:
        parts.append(html.Ul(coming, className="list"))
    if missed:
        count = t.n(
            "{n} source should have a newer release than the one held",
            "{n} sources should have a newer release than the one held",
            len(missed),
        )
        parts.append(html.Details([html.Summary(count), html.Ul(missed, className="list")]))
    return [section(t("Next releases"), parts, "releases")]


def expected_words(store: Store, source: Source, t: Translator) -> str:
    """When the next release of one source is to be expected, or that it cannot be told."""
    when = expected_release(source, store.source_records()[source.id])
    if when is None or source.paused:
        return "–"
    if when < store.clock().date():
        return t("was to be expected {when}", when=_about(source, when, t))
    return t("to be expected {when}", when=_about(source, when, t))


def _about(source: Source, when: date, t: Translator) -> str:
    """As precisely as the rhythm allows."""
    if (source.cadence_days or 0) <= EVERY_MONTH:
        return t("about {day}", day=day(when, t.locale))
    return t("about {month}", month=month(when, t.locale))


def _item(store: Store, when: date, source: Source, t: Translator) -> html.Li:
    held = store.source_records()[source.id].newest_release
    links: list[Any] = []
    for indicator in store.indicators_of(source.id):
        links += [
            ", " if links else "",
            html.A(indicator.name[t.language], href=addresses.indicator(t.language, indicator.id)),
        ]
    about = _about(source, when, t)
    return html.Li(
        [
            html.Strong(about[:1].upper() + about[1:]),
            " · ",
            html.A(source.name[t.language], href=addresses.source(t.language, source.id)),
            " ",
            freshness_note(store, source.id, t),
            html.P(
                [*links, " · " if links else "", t("held: {day}", day=day(held, t.locale))]
                if held
                else links,
                className="byline",
            ),
        ]
    )
