"""The dated events of the pair: filters, spans, sources, and the charts that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from config.schema import Event
from dashboard import addresses
from dashboard.components.dated import kind_words, origin, when
from dashboard.components.fields import date_field, select
from dashboard.filters import KINDS, EventFilter, chosen, numbers, years_around
from dashboard.i18n import Translator
from dashboard.page import Page, buttons, section
from dashboard.state import Notice, ViewState
from dashboard.store import Store


def page(store: Store, asked: EventFilter, notices: Sequence[Notice], t: Translator) -> Page:
    """All events, or those of a filter, in order of time."""
    pair = store.catalog.pair
    shown = chosen(pair.events, asked)
    title = t("Events")
    name = asked.indicator and store.catalog.indicators[asked.indicator].name[t.language]
    if name:
        title = t("Events: {name}", name=name)
    return Page(
        title=title,
        description=t("Dated events of {pair}, each with its source.", pair=pair.name[t.language]),
        body=[
            html.H1(title),
            html.P(
                t(
                    "What happened between the two countries while the figures were counted. "
                    "Charts show these events as numbered lines and spans. That two things "
                    "happened one after the other does not mean that one caused the other."
                ),
                className="lead",
            ),
            _form(store, asked, t),
            _count(shown, pair.events, t),
            *_list(store, asked, shown, t),
            *_download(asked, shown, t),
        ],
        path="events",
        query=asked.query(),
        notices=notices,
    )


def _form(store: Store, asked: EventFilter, t: Translator) -> html.Form:
    present = {event.kind for event in store.catalog.pair.events}
    kinds = [("", t("All")), *((k, kind_words(k, t)) for k in KINDS if k in present)]
    named = {name for event in store.catalog.pair.events for name in event.indicators}
    indicators = [("", t("All"))]
    indicators += [
        (each.id, each.name[t.language])
        for each in store.catalog.pair_indicators
        if each.id in named
    ]
    fields: list[Any] = [
        select("kind", t("Kind"), kinds, asked.kind),
        select("indicator", t("Indicator"), indicators, asked.indicator),
        date_field("from", t("From"), asked.first),
        date_field("to", t("To"), asked.last),
        html.Button(t("Show"), type="submit"),
    ]
    if asked.query():
        fields.append(html.A(t("Reset"), href=addresses.events(t.language), className="reset"))
    return html.Form(
        fields, action=addresses.events(t.language), method="get", className="controls"
    )


def _count(shown: Sequence[Event], of: Sequence[Event], t: Translator) -> html.P:
    if len(shown) == len(of):
        text = t.n("{n} event", "{n} events", len(of))
    else:
        text = t("{n} of {all} events", n=len(shown), all=len(of))
    return html.P(text, className="byline")


def _list(store: Store, asked: EventFilter, shown: Sequence[Event], t: Translator) -> list[Any]:
    if not shown:
        none = (
            t("No event fits this filter.")
            if store.catalog.pair.events
            else t("The collection holds no event.")
        )
        everything = html.A(t("Show all events"), href=addresses.events(t.language))
        return [html.P([none, " ", everything if asked.query() else None], className="none")]
    parts: list[Any] = []
    on_chart: Mapping[str, int] = {}
    if asked.indicator:
        first, last = _axis(asked, shown)
        on_chart = numbers(store.catalog.pair.events, asked.indicator, first, last)
        link = html.A(
            t("the chart of this indicator, {first} to {last}", first=first.year, last=last.year),
            href=addresses.indicator(
                t.language, asked.indicator, ViewState(first=first, last=last), "chart"
            ),
        )
        parts.append(html.P([t("The numbers are those on"), " ", link, "."], className="legend"))
    items = [_item(store, event, on_chart.get(event.id), t) for event in shown]
    return [*parts, html.Ol(items, className="event-list")]


def _download(asked: EventFilter, shown: Sequence[Event], t: Translator) -> list[Any]:
    """The events of the list as a file; of none there is no file to offer."""
    if not shown:
        return []
    files = [(t("CSV of these events"), addresses.events_csv(asked))]
    return [section(t("Download"), [buttons(files)], "download")]


def _axis(asked: EventFilter, shown: Sequence[Event]) -> tuple[date, date]:
    """First and last day of a chart that has all events shown: the period asked for, or theirs."""
    first = asked.first or date(min(event.date for event in shown).year, 1, 1)
    newest = max(event.date_end or event.date for event in shown)
    return first, asked.last or date(newest.year, 12, 31)


def _item(store: Store, event: Event, on_chart: int | None, t: Translator) -> html.Li:
    """`on_chart`: its number on the chart that the list is of."""
    number: Any = None
    if on_chart is not None:
        hidden = html.Span(t("Number on the chart:"), className="hidden")
        number = html.Span([hidden, " ", str(on_chart)], className="event-no")
    span = None
    if event.date_end:
        days = (event.date_end - event.date).days + 1
        said = (
            t.n("a span of {n} day", "a span of {n} days", days)
            if event.precision == "day"
            else t("a span")
        )
        span = html.Span(said, className="badge span")
    return html.Li(
        [
            html.P(
                [
                    number,
                    html.Span(when(event, t), className="when"),
                    " ",
                    html.Span(kind_words(event.kind, t), className="badge"),
                    span,
                ]
            ),
            html.H2(event.label[t.language]),
            html.P([t("Source:"), " ", origin(event)], className="origin"),
            _charts(store, event, t),
            _articles(store, event, t),
        ],
        id=f"event-{event.id}",
        className=f"event-item{' is-span' if event.date_end else ''}",
    )


def _charts(store: Store, event: Event, t: Translator) -> html.Div:
    """The charts at that time, each with the number that the event has there."""
    first, last = years_around(event)
    named = event.indicators or list(store.catalog.pair.indicators)
    links: list[Any] = []
    for name in named:
        found = numbers(store.catalog.pair.events, name, first, last)[event.id]
        text = t("{name} (no. {n})", name=store.catalog.indicators[name].name[t.language], n=found)
        links.append(html.Li(html.A(text, href=addresses.event_on_chart(t.language, event, name))))
    years = f"{first.year}–{last.year}"
    return html.Div(
        [html.Span(t("On the charts, {years}:", years=years)), html.Ul(links)], className="inline"
    )


def _articles(store: Store, event: Event, t: Translator) -> html.Div | None:
    links = []
    for name in event.articles:
        article = store.articles().get(name)
        if article is not None:
            cite = html.Cite(article.title, lang=article.language)
            links.append(html.Li(html.A(cite, href=addresses.article(t.language, name))))
    if not links:
        return None
    return html.Div([html.Span(t("In articles:")), html.Ul(links)], className="inline")
