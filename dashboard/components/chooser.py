"""The form by which series are chosen to stand beside each other, and their names there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import addresses, labels
from dashboard.comparison import MOST, CompareState
from dashboard.components.fields import date_field
from dashboard.i18n import Translator
from dashboard.render import markup
from db.records import SeriesKey


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
        return labels.series_names(catalog, chosen, t)
    found = {}
    for key in chosen:
        indicator = catalog.indicators[key.indicator].name[t.language]
        name = labels.series_label(catalog, key, held[key.indicator], t)
        found[key] = f"{indicator} · {name}"
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
        autoComplete="off",
        className="controls",
    )


def _options(catalog: Catalog, held: Mapping[str, Sequence[SeriesKey]], t: Translator) -> str:
    """Every series by its name, in groups by indicator: the same for each select."""
    groups = []
    for indicator in catalog.pair_indicators:
        keys = held.get(indicator.id, ())
        if not keys:
            continue
        names = labels.series_names(catalog, keys, t)
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
