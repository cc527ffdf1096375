"""Names of series beside each other, and the form by which some of them are chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import addresses, labels
from dashboard.comparison import MOST, CompareState
from dashboard.components.controls import date_field, frequency_words
from dashboard.i18n import Translator
from dashboard.render import markup
from db.records import SeriesKey


def series_names(
    catalog: Catalog, keys: Sequence[SeriesKey], t: Translator
) -> dict[SeriesKey, str]:
    """What tells the series of one indicator from each other; their source always. No two alike.

    `Mexico · World Bank`, `Guatemala · Obligated · ForeignAssistance.gov · quarterly`.
    """
    full = _named(catalog, keys, t, all_named=True)
    # «All» need not be said where nothing else has the name without it.
    short = _named(catalog, keys, t, all_named=False)
    often = Counter(short.values())
    return {key: full[key] if often[short[key]] > 1 else short[key] for key in keys}


def _named(
    catalog: Catalog, keys: Sequence[SeriesKey], t: Translator, *, all_named: bool
) -> dict[SeriesKey, str]:
    facets = {key: key.facet_values for key in keys}
    measures = len({key.measure for key in keys}) > 1
    areas = len({key.ref_area for key in keys}) > 1
    others = len({key.counterpart_area for key in keys}) > 1
    freqs = len({key.freq for key in keys}) > 1
    differing = {
        name
        for each in facets.values()
        for name in each
        if len({values.get(name) for values in facets.values()}) > 1
    }
    found, words = {}, frequency_words(t)
    for key in keys:
        indicator = catalog.indicators[key.indicator]
        parts: list[str] = []
        if measures:
            parts.append(indicator.measures[key.measure].name[t.language])
        if areas:
            parts.append(labels.area(catalog, key.ref_area, t))
        if others and key.counterpart_area:
            parts.append(labels.area(catalog, key.counterpart_area, t))
        parts += [
            indicator.facets[name].values[value].name[t.language]
            for name, value in facets[key].items()
            if name in differing and (all_named or value != "all")
        ]
        if not parts:
            parts.append(labels.area(catalog, key.counterpart_area or key.ref_area, t))
        parts.append(catalog.provider_of(key.source).short[t.language])
        if freqs:
            parts.append(words[key.freq])
        found[key] = " · ".join(parts)
    return found


def compared_names(
    catalog: Catalog,
    chosen: Sequence[SeriesKey],
    held: Mapping[str, Sequence[SeriesKey]],
    t: Translator,
) -> dict[SeriesKey, str]:
    """Names of chosen series for one drawing, with the indicator where it is not the same for all.

    held: every series of each indicator.
    """
    if len({key.indicator for key in chosen}) < 2:
        return series_names(catalog, chosen, t)
    found = {}
    for key in chosen:
        indicator = catalog.indicators[key.indicator].name[t.language]
        found[key] = f"{indicator} · {series_names(catalog, held[key.indicator], t)[key]}"
    return found


def form(
    catalog: Catalog, state: CompareState, held: Mapping[str, Sequence[SeriesKey]], t: Translator
) -> html.Form:
    """As many selects as series may be compared, then period, as-of, scale and events: GET."""
    options = _options(catalog, held, t)
    chosen = [*state.series, *[""] * (MOST - len(state.series))]
    fields: list[Any] = [
        _select(
            f"series-{number}",
            "series",
            t("Series {n}", n=number),
            f'<option value="">{escape(t("no series"))}</option>{options}',
            name,
            "field wide-field",
        )
        for number, name in enumerate(chosen, start=1)
    ]
    fields += [
        date_field("from", t("From"), state.first),
        date_field("to", t("To"), state.last),
        date_field("asof", t("As known on"), state.asof),
        _select(
            "scale",
            "scale",
            t("Scale"),
            _plain(("", t("as published")), ("index", t("index, first common period = 100"))),
            "" if state.scale == "level" else state.scale,
        ),
        _select(
            "events",
            "events",
            t("Events"),
            _plain(("", t("shown")), ("no", t("hidden"))),
            "" if state.events else "no",
        ),
    ]
    return html.Form(
        [
            *fields,
            html.Button(t("Compare"), type="submit"),
            html.A(t("Reset"), href=addresses.compare(t.language), className="reset"),
        ],
        action=addresses.compare(t.language),
        method="get",
        className="controls",
    )


def _options(catalog: Catalog, held: Mapping[str, Sequence[SeriesKey]], t: Translator) -> str:
    """Every series by its name, in groups by indicator: the same for each select."""
    groups = []
    for indicator in catalog.pair_indicators:
        keys = held.get(indicator.id, ())
        if not keys:
            continue
        names = series_names(catalog, keys, t)
        items = "".join(
            f'<option value="{escape(str(key))}">{escape(name)}</option>'
            for key, name in names.items()
        )
        groups.append(f'<optgroup label="{escape(indicator.name[t.language])}">{items}</optgroup>')
    return "".join(groups)


def _plain(*options: tuple[str, str]) -> str:
    return "".join(f'<option value="{value}">{escape(text)}</option>' for value, text in options)


def _select(
    name: str, parameter: str, label: str, options: str, chosen: str, class_name: str = "field"
) -> html.Div:
    value = f'value="{escape(chosen)}"'
    options = options.replace(f"{value}>", f"{value} selected>", 1)
    return html.Div(
        [
            html.Label(label, htmlFor=f"field-{name}"),
            # A hundred options four times are quicker written than made of components.
            markup(f'<select name="{parameter}" id="field-{name}">{options}</select>'),
        ],
        className=class_name,
    )
