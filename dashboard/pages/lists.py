"""The index pages: indicators by topic, articles by date."""

from __future__ import annotations

from dash import html

from config.schema import Indicator
from dashboard import addresses, labels
from dashboard.components import verdicts
from dashboard.components.claims import automatic_switch
from dashboard.i18n import Translator
from dashboard.i18n.formats import period
from dashboard.page import Page, section
from dashboard.pages.overview import article_list, held
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.view import headline_series, settled


def topic_words(topic: str, t: Translator) -> str:
    """What an indicator is about, as the heading of a list."""
    words = {
        "security": t("Security"),
        "aid": t("Aid"),
        "migration": t("Migration"),
        "health": t("Health"),
        "economy": t("Economy"),
    }
    return words[topic]


def indicators(store: Store, t: Translator) -> Page:
    """All indicators by topic, each with its definition."""
    by_topic: dict[str, list[Indicator]] = {}
    for indicator in store.catalog.pair_indicators:
        by_topic.setdefault(indicator.topic, []).append(indicator)
    parts = [
        section(
            topic_words(topic, t),
            [html.Ul([_item(store, i, t) for i in found], className="list")],
            topic,
        )
        for topic, found in by_topic.items()
    ]
    return Page(
        title=t("Indicators"),
        description=t("All indicators with their definitions."),
        body=[html.H1(t("Indicators")), *parts],
        path="indicators",
    )


def _newest(store: Store, indicator: Indicator, t: Translator) -> html.P | None:
    """The newest value of the leading series, as the page of the indicator says it first."""
    key = headline_series(store, indicator)
    rows = settled(store.observations((key,), None)) if key else []
    if key is None or not rows:
        return None
    measure = indicator.measures[key.measure]
    unit = store.catalog.units[measure.unit]
    value = labels.short_value(rows[-1].value, unit, measure.decimals, t)
    when = period(rows[-1].time_period, t.locale)
    scope = labels.series_scope_short(store.catalog, key, t)
    return html.P([html.Strong(value), html.Span(f" · {when} · {scope}", className="said")])


def _item(store: Store, indicator: Indicator, t: Translator) -> html.Li:
    claims = [claim for claim in store.claims() if claim.indicator == indicator.id]
    cited = t.n("{n} cited figure", "{n} cited figures", len(claims))
    counted = verdicts.counts(store, claims, t)
    words = [f"{cited}: {counted}" if counted else cited]
    if not (indicator.official or counted):
        words.append(t("no official series"))
    return html.Li(
        [
            html.A(indicator.name[t.language], href=addresses.indicator(t.language, indicator.id)),
            html.P(indicator.definition[t.language]),
            _newest(store, indicator, t),
            html.P(" · ".join(words), className="byline"),
        ]
    )


def articles(store: Store, state: ViewState, t: Translator) -> Page:
    """All articles, newest first, with what their figures come to."""
    waiting = sum(map(addresses.is_automatic, store.claims(automatic=True)))
    address = addresses.articles(t.language, automatic=not state.automatic)
    return Page(
        title=t("Articles"),
        description=t("Articles whose figures are held beside official ones."),
        body=[
            html.H1(t("Articles")),
            html.P(
                t(
                    "The texts are read for their figures and never shown whole: only "
                    "short excerpts with their source."
                ),
                className="lead",
            ),
            *held(store, t),
            automatic_switch(waiting, address, t, shown=state.automatic),
            article_list(store, state, t),
        ],
        path="articles",
        query=ViewState(readings=state.readings).query(),
    )
