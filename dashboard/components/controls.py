"""The controls of an indicator page: a plain form, so that every view has an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import addresses, labels
from dashboard.components.fields import Option, date_field, hidden, select
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.transform import Refusal
from dashboard.transformed import refusal_words, scale_words
from dashboard.view import IndicatorView, refusals


def controls(store: Store, view: IndicatorView, t: Translator) -> list[Any]:
    """Area, frequency, unit, period, as-of and events. Works without scripts: it is a GET form.

    What has no meaning for the series at hand cannot be chosen; below it is said why. The form is
    folded, since on a phone it would fill the screen before the chart; what was chosen is beside.
    """
    catalog = store.catalog
    state, choices = view.state, view.choices
    fields: list[Any] = []
    if len(view.indicator.measures) > 1:
        fields.append(hidden("measure", view.measure_id))
    if state.series:
        # Series that were named stay: an area would ask for others.
        fields.append(hidden("series", ",".join(state.series)))
    elif len(choices.areas) > 1:
        options = [("", t("Default selection"))]
        options += [(code, labels.area(catalog, code, t)) for code in choices.areas]
        fields.append(select("geo", t("Area"), options, state.geo[0] if state.geo else None))
    refused = refusals(store, view)
    if choices.freqs:
        words = labels.frequency_words(t)
        options = [("", t("Default")), *((code, words[code]) for code in choices.freqs)]
        fields.append(_closing("freq", t("Frequency"), options, state.freq, refused))
    if view.keys or view.refused:
        units: list[Option] = [
            ("" if scale == "level" else scale, words) for scale, words in scale_words(t).items()
        ]
        chosen = None if state.unit == "level" else state.unit
        fields.append(_closing("unit", t("Values"), units, chosen, refused))
    fields += [
        date_field("from", t("From"), state.first),
        date_field("to", t("To"), state.last),
        date_field("asof", t("As known on"), state.asof),
        select(
            "events",
            t("Events"),
            [("", t("shown")), ("no", t("hidden"))],
            None if state.events else "no",
        ),
        select(
            "readings",
            t("Automatic readings"),
            [("", t("left out")), ("automatic", t("shown"))],
            "automatic" if state.automatic else None,
        ),
    ]
    form = html.Form(
        [
            *fields,
            _reasons(refused, store.catalog, t),
            html.Button(t("Show"), type="submit"),
        ],
        action=addresses.indicator(t.language, view.indicator.id),
        method="get",
        # After a step back, a browser would fill in again what another view was asked for by.
        autoComplete="off",
        className="controls",
    )
    summary = html.Summary(t("Choose area, values, period and date of knowledge"))
    return [html.Details([summary, form]), _chosen(catalog, view, t)]


def _chosen(catalog: Catalog, view: IndicatorView, t: Translator) -> html.P | None:
    """What the address asks for beside the defaults, and the way back to them."""
    state = view.state
    said = [
        (t("Area"), ", ".join(labels.area(catalog, code, t) for code in state.geo)),
        (t("Series"), number(len(state.series), 0, t.locale) if state.series else ""),
        (t("Frequency"), labels.frequency_words(t)[state.freq] if state.freq else ""),
        (t("Values"), "" if state.unit == "level" else scale_words(t)[state.unit]),
        (t("From"), day(state.first, t.locale) if state.first else ""),
        (t("To"), day(state.last, t.locale) if state.last else ""),
        (t("As known on"), day(state.asof, t.locale) if state.asof else ""),
        (t("Events"), "" if state.events else t("hidden")),
        (t("Automatic readings"), t("shown") if state.automatic else ""),
    ]
    text = " · ".join(f"{name}: {value}" for name, value in said if value)
    if not text:
        return None
    # The measure is chosen elsewhere on the page.
    address = addresses.indicator(t.language, view.indicator.id, ViewState(measure=state.measure))
    reset = html.A(t("Reset"), href=address)
    return html.P([text, " ", reset], className="chosen on-screen")


def day_form(address: str, state: ViewState, reset: str, t: Translator) -> html.Form:
    """The day of knowledge alone, for a page at `address` that has no other choices.

    `reset`: the address of the page as known now.
    """
    return html.Form(
        [
            date_field("asof", t("As known on"), state.asof),
            hidden("readings", state.readings) if state.automatic else None,
            html.Button(t("Show"), type="submit"),
            html.A(t("Reset"), href=reset, className="reset") if state.asof else None,
        ],
        action=address,
        method="get",
        autoComplete="off",
        className="controls day-form on-screen",
    )


def _closing(
    name: str,
    label: str,
    options: Sequence[Option],
    chosen: str | None,
    refused: Sequence[Refusal],
) -> html.Div:
    """A select without what has no meaning for the series at hand."""
    closed = {each.value for each in refused if each.parameter == name}
    described = HELP if closed else None
    return select(name, label, options, chosen, closed=closed, described=described)


HELP = "choice-help"
"""Id of the text that says why some choices are closed."""


def _reasons(refused: Sequence[Refusal], catalog: Catalog, t: Translator) -> html.Details | None:
    """Why choices are closed, those of one reason together."""
    if not refused:
        return None
    names = labels.frequency_words(t) | {str(scale): text for scale, text in scale_words(t).items()}
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
