"""What the series of an indicator count, in cards side by side, and why they are kept apart.

An indicator says in its file between which measures, values of a facet and sources this matters
(`measures_apart`, `apart` of a facet, `sources_apart`); the words of the cards are its definitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import html

from config.catalog import Catalog
from config.schema import Indicator, LocalText
from dashboard import addresses, labels
from dashboard.i18n import Translator
from dashboard.render import wild
from dashboard.view import IndicatorView
from db.records import SeriesKey


@dataclass(frozen=True)
class Kind:
    """One thing counted, with the series that count it."""

    id: str
    name: str
    definition: LocalText | None
    keys: tuple[SeriesKey, ...]
    measure: str | None = None
    """Its own measure, where a chart of its own can be asked for."""


@dataclass(frozen=True)
class Group:
    """Kinds whose series must be kept apart."""

    id: str
    name: str
    why: LocalText
    kinds: tuple[Kind, ...]


def groups(
    catalog: Catalog, indicator: Indicator, keys: Sequence[SeriesKey], t: Translator
) -> list[Group]:
    """The groups of which at least two kinds have series: one alone cannot be added to another."""
    found = [
        *_of_sources(catalog, indicator, keys, t),
        *_of_measures(indicator, keys, t),
        *_of_facets(indicator, keys, t),
    ]
    held = [replace(g, kinds=tuple(kind for kind in g.kinds if kind.keys)) for g in found]
    return [group for group in held if len(group.kinds) > 1]


def _of_sources(
    catalog: Catalog, indicator: Indicator, keys: Sequence[SeriesKey], t: Translator
) -> list[Group]:
    apart = indicator.sources_apart
    if apart is None:
        return []
    kinds = tuple(
        Kind(
            name,
            catalog.provider_of(name).short[t.language],
            counts,
            tuple(key for key in keys if key.source == name),
        )
        for name, counts in apart.counts.items()
    )
    return [Group("sources", t("Sources"), apart.why, kinds)]


def _of_measures(indicator: Indicator, keys: Sequence[SeriesKey], t: Translator) -> list[Group]:
    if indicator.measures_apart is None:
        return []
    kinds = tuple(
        Kind(
            name,
            measure.name[t.language],
            measure.definition,
            tuple(key for key in keys if key.measure == name),
            name,
        )
        for name, measure in indicator.measures.items()
    )
    return [Group("measures", t("Measures"), indicator.measures_apart, kinds)]


def _of_facets(indicator: Indicator, keys: Sequence[SeriesKey], t: Translator) -> list[Group]:
    return [
        Group(
            name,
            facet.name[t.language],
            facet.apart,
            tuple(
                Kind(
                    value,
                    what.name[t.language],
                    what.definition,
                    tuple(key for key in keys if key.facet_values.get(name) == value),
                )
                for value, what in facet.values.items()
            ),
        )
        for name, facet in indicator.facets.items()
        if facet.apart is not None
    ]


def cards(
    catalog: Catalog, view: IndicatorView, keys: Sequence[SeriesKey], t: Translator
) -> list[Any]:
    """The section's content for one view; empty where nothing needs to be kept apart."""
    parts: list[Any] = []
    for number, group in enumerate(groups(catalog, view.indicator, keys, t)):
        drawn = [kind for kind in group.kinds if _is_drawn(view, kind)]
        count = t.n("{n} definition side by side", "{n} definitions side by side", len(group.kinds))
        parts += [
            html.H3(group.name),
            html.P(
                [html.Strong(t("Never added, never joined:")), " ", group.why[t.language]],
                className="apart",
            ),
            # On a phone cards make a long page: what the chart does not mix is folded there.
            html.Details(
                [
                    html.Summary(count),
                    html.Ul([_card(catalog, view, k, t) for k in group.kinds], className="kinds"),
                ],
                open=True,
                className="group",
                **wild(data_fold=None if number == 0 or len(drawn) > 1 else "narrow"),
            ),
        ]
    return parts


def _is_drawn(view: IndicatorView, kind: Kind) -> bool:
    return any(key in view.observations for key in kind.keys)


def _card(catalog: Catalog, view: IndicatorView, kind: Kind, t: Translator) -> html.Li:
    name: Any = kind.name
    if kind.measure is not None and kind.measure != view.measure_id:
        state = replace(view.state, measure=kind.measure, series=(), freq=None, claim=None)
        name = html.A(name, href=addresses.indicator(t.language, view.indicator.id, state))
    badge = (
        html.Span(t("on the chart"), className="badge on-chart") if _is_drawn(view, kind) else None
    )
    providers = dict.fromkeys(
        catalog.provider_of(key.source).short[t.language] for key in kind.keys
    )
    measures = dict.fromkeys(key.measure for key in kind.keys)
    units = dict.fromkeys(
        labels.unit_label(catalog.unit_of(view.indicator.id, measure), t) for measure in measures
    )
    definition = kind.definition
    return html.Li(
        [
            html.H4([name, " ", badge]),
            html.P(definition[t.language] if definition else t("No definition was found.")),
            html.Dl(
                [
                    html.Div([html.Dt(t("Unit")), html.Dd(", ".join(units))]),
                    html.Div([html.Dt(t("Provider")), html.Dd(", ".join(providers))]),
                ]
            ),
        ],
        **wild(data_kind=kind.id),
    )
