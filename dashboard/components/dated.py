"""Dated events in words, and the list below a chart that says what its numbers stand for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from dash import html

from config.schema import Event
from dashboard.figures.model import Chart
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, month


def kind_words(kind: str, t: Translator) -> str:
    """The kind of an event."""
    words = {
        "announced": t("Announcement"),
        "in-force": t("In force"),
        "ended": t("End"),
        "meeting": t("Meeting"),
        "court": t("Justice"),
        "other": t("Other"),
    }
    return words[kind]


def when(event: Event, t: Translator) -> str:
    """The day, month or year of an event as precisely as it is known; a span by both its ends."""

    def write(value: date) -> str:
        if event.precision == "year":
            return str(value.year)
        return (day if event.precision == "day" else month)(value, t.locale)

    start = write(event.date)
    return f"{start} – {write(event.date_end)}" if event.date_end else start


def origin(event: Event) -> html.Span | html.A:
    """Who says that it happened, in English as in the catalogue, with the way there."""
    source = html.Span(event.source, lang="en")
    if event.source_url is None:
        return source
    return html.A(source, href=event.source_url, rel="external")


def event_list(chart: Chart, events: Iterable[Event], t: Translator) -> html.Details | None:
    """The numbered events of a chart with their dates and sources."""
    shown = {event.number: event for event in chart.visible_events()}
    if not shown:
        return None
    by_label = {(e.date, e.label[t.language]): e for e in events}
    items = []
    for number, mark in shown.items():
        event = by_label[mark.start, mark.label]
        parts: list[Any] = [html.Strong(when(event, t)), f" {mark.label} (", origin(event), ")"]
        items.append(html.Li(parts, value=str(number)))
    count = t.n("{n} event on the chart", "{n} events on the chart", len(items))
    return html.Details([html.Summary(count), html.Ol(items)], className="events")
