"""The controls of an indicator page: a plain form, so that every view has an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import addresses, labels
from dashboard.i18n import Translator
from dashboard.render import markup, wild
from dashboard.store import Store
from dashboard.transform import Refusal
from dashboard.transformed import refusal_words, scale_words
from dashboard.view import IndicatorView, refusals


def controls(store: Store, view: IndicatorView, t: Translator) -> html.Details:
    """Area, frequency, unit, period, as-of and events. Works without scripts: it is a GET form.

    What has no meaning for the series at hand cannot be chosen; below it is said why.
    """
    catalog = store.catalog
    state, choices = view.state, view.choices
    fields: list[Any] = []
    if len(view.indicator.measures) > 1:
        fields.append(_hidden("measure", view.measure_id))
    if state.series:
        # Series that were named stay: an area would ask for others.
        fields.append(_hidden("series", ",".join(state.series)))
    elif len(choices.areas) > 1:
        options = [("", t("Default selection"))]
        options += [(code, labels.area(catalog, code, t)) for code in choices.areas]
        fields.append(_select("geo", t("Area"), options, state.geo[0] if state.geo else ""))
    refused = refusals(store, view)
    if choices.freqs:
        words = frequency_words(t)
        options = [("", t("Default")), *((code, words[code]) for code in choices.freqs)]
        fields.append(_select("freq", t("Frequency"), options, state.freq or "", refused))
    if view.keys or view.refused:
        units: list[tuple[str, str]] = [
            ("" if scale == "level" else scale, words) for scale, words in scale_words(t).items()
        ]
        chosen = "" if state.unit == "level" else state.unit
        fields.append(_select("unit", t("Values"), units, chosen, refused))
    fields += [
        date_field("from", t("From"), state.first),
        date_field("to", t("To"), state.last),
        date_field("asof", t("As known on"), state.asof),
        _select(
            "events",
            t("Events"),
            [("", t("shown")), ("no", t("hidden"))],
            "" if state.events else "no",
        ),
        _select(
            "readings",
            t("Automatic readings"),
            [("", t("hidden")), ("automatic", t("shown"))],
            "automatic" if state.automatic else "",
        ),
    ]
    reset = addresses.indicator(t.language, view.indicator.id)
    form = html.Form(
        [
            *fields,
            _reasons(refused, store.catalog, t),
            html.Button(t("Show"), type="submit"),
            html.A(t("Reset"), href=reset, className="reset"),
        ],
        action=addresses.indicator(t.language, view.indicator.id),
        method="get",
        className="controls",
    )
    # A claim or a measure is chosen elsewhere on the page.
    changed = bool(replace(state, claim=None, measure=None).query())
    return html.Details(
        [html.Summary(t("Choose area, values, period and date of knowledge")), form], open=changed
    )


def frequency_words(t: Translator) -> dict[str, str]:
    return {
        "A": t("yearly"),
        "A5": t("five years"),
        "Q": t("quarterly"),
        "M": t("monthly"),
        "W": t("weekly"),
        "D": t("daily"),
    }


HELP = "choice-help"
"""Id of the text that says why some choices are closed."""


def _reasons(refused: Sequence[Refusal], catalog: Catalog, t: Translator) -> html.Details | None:
    """Why choices are closed, those of one reason together."""
    if not refused:
        return None
    names = frequency_words(t) | {str(scale): text for scale, text in scale_words(t).items()}
    by_reason: dict[str, list[str]] = {}
    for each in refused:
        by_reason.setdefault(refusal_words(each, catalog, t), []).append(names[each.value])
    items = [
        html.Li([html.Strong(", ".join(closed) + ":"), " ", reason])
        for reason, closed in by_reason.items()
    ]
    return html.Details(
        [html.Summary(t("Why some choices are closed")), html.Ul(items, id=HELP)],
        className="choice-help",
    )


def _select(
    name: str,
    label: str,
    options: list[tuple[str, str]],
    chosen: str,
    refused: Sequence[Refusal] = (),
) -> html.Div:
    closed = {each.value for each in refused if each.parameter == name}
    told = wild(aria_describedby=HELP if closed else None)
    return html.Div(
        [
            html.Label(label, htmlFor=f"field-{name}"),
            html.Select(
                [
                    html.Option(
                        text, value=value, selected=value == chosen, disabled=value in closed
                    )
                    for value, text in options
                ],
                name=name,
                id=f"field-{name}",
                **told,
            ),
        ],
        className="field",
    )


def date_field(name: str, label: str, value: date | None) -> html.Div:
    # dash.html has no input: dcc.Input needs React, and this form must work without it.
    filled = f' value="{value.isoformat()}"' if value else ""
    return html.Div(
        [
            html.Label(label, htmlFor=f"field-{name}"),
            markup(f'<input type="date" name="{name}" id="field-{name}"{filled}>'),
        ],
        className="field",
    )


def _hidden(name: str, value: str) -> Any:
    return markup(f'<input type="hidden" name="{name}" value="{escape(value)}">')
