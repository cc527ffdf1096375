"""A chart for the pages of others: one day's figures, no scripts, a link to all the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from dash import html
from flask import Blueprint, Response, request

from config.schema import Indicator
from dashboard import addresses
from dashboard.figures.picture import THEMES
from dashboard.figures.shapes import legend
from dashboard.figures.svg import clean, draw
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.page import notice_list
from dashboard.render import markup, to_html
from dashboard.sharing import DIGITS, content_hash, freeze, providers
from dashboard.state import Notice, first_values
from dashboard.store import Store
from dashboard.transformed import notes as made_notes
from dashboard.view import IndicatorView, indicator_view, read_state, refusal_notices

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)
"""Any page may frame it; it runs nothing and loads nothing but its stylesheet."""

_DIGEST = re.compile(f"[0-9a-f]{{{DIGITS}}}")


def blueprint(store: Store, version: str) -> Blueprint:
    """The route of the embedded charts. `version`: of the stylesheet."""
    routes = Blueprint("embeds", __name__)

    @routes.get("/<any(en, es):language>/embed/<name>")
    def embedded(language: str, name: str) -> Response:
        t, found = Translator(language), store.catalog.indicators.get(name)
        if found is None:
            response = Response(missing(name, version, t), 404, mimetype="text/html")
        else:
            pairs = list(request.args.items(multi=True))
            text = document(store, found, pairs, version, t)
            response = Response(text, mimetype="text/html")
            response.add_etag()
            response.headers["Cache-Control"] = "no-cache"
            response.make_conditional(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Content-Language"] = t.locale.replace("_", "-")
        return response

    return routes


def document(
    store: Store,
    indicator: Indicator,
    pairs: Sequence[tuple[str, str]],
    version: str,
    t: Translator,
) -> str:
    """The HTML of an embedded chart. `pairs`: the parameters of the address."""
    arguments, notices = first_values(pairs)
    theme, about_theme = _word(arguments, "theme", THEMES)
    digest, about_digest = _digest(arguments)
    state, ignored = read_state(store, indicator, arguments)
    asked = indicator_view(store, indicator, state, t)
    refused = refusal_notices(store.catalog, asked, t)
    view = freeze(store, asked, t)
    notices = [*about_theme, *about_digest, *ignored, *notices, *refused]
    return _html(_body(store, view, notices, digest, t), view.chart.title, version, theme, t)


def missing(name: str, version: str, t: Translator) -> str:
    """What stands in the frame of a chart that is not there."""
    text = t("There is no chart {name} here.", name=name)
    link = html.A(
        t("All indicators of Two-Track"),
        href=addresses.page(t.language, "indicators"),
        target="_top",
    )
    body = [html.Main([html.H1(text), html.P(link)])]
    return _html(body, text, version, None, t)


def _html(body: Sequence[Any], title: str, version: str, theme: str | None, t: Translator) -> str:
    chosen = f' data-theme="{theme}"' if theme else ""
    return f"""<!DOCTYPE html>
<html lang="{t.locale.replace("_", "-")}"{chosen}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Two-Track</title>
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="{addresses.asset("twotrack.css", version)}">
<link rel="icon" type="image/svg+xml" href="{addresses.asset("icon.svg", version)}">
</head>
<body class="embed">
{to_html(list(body))}
</body>
</html>
"""


def _body(
    store: Store, view: IndicatorView, notices: Sequence[Notice], digest: str | None, t: Translator
) -> list[Any]:
    shown = content_hash(view)
    page = addresses.indicator(t.language, view.indicator.id, view.state)
    known = day(view.state.asof or store.clock().date(), t.locale)
    names = ", ".join(providers(store, view, t, short=False))
    changed = None
    if digest is not None and digest != shown:
        text = t(
            "The figures of that day read otherwise now: this chart was embedded with content "
            "{old} and shows {new}.",
            old=digest,
            new=shown,
        )
        changed = html.P(text, className="notice", role="status")
    slot = html.Div(
        [
            html.Div([markup(_linked(draw(chart, wide, tall), page))], className=f"static {name}")
            for name, chart, wide, tall in (
                ("wide", view.chart, 900, 400),
                ("narrow", replace(view.chart, id="chart-narrow"), 360, 380),
            )
        ],
        className="chart-slot",
    )
    events = [
        html.Li(f"{event.label} ({event.start.year})", value=str(event.number))
        for event in view.chart.visible_events()
    ]
    source = t("Source: {names}.", names=names) if names else t("Source: figures of articles.")
    return [
        html.Main(
            [
                html.H1(view.chart.title),
                # A day that was asked for is in the title.
                html.P(t("As known on {day}.", day=known), className="known")
                if view.chart.title == view.title
                else None,
                notice_list(notices, t),
                changed,
                html.Figure(slot),
                markup(legend(view.chart)),
                *(
                    html.P(note, className="made")
                    for note in made_notes(view.made, store.catalog, view.unit, t)
                ),
                html.Details([html.Summary(t("Events on the chart")), html.Ol(events)])
                if events
                else None,
                html.P(
                    [
                        f"{source} ",
                        t("Content {digest}.", digest=shown),
                        " ",
                        html.A(
                            t("Table, sources and who cited it: the whole page at Two-Track"),
                            href=page,
                            target="_top",
                        ),
                    ],
                    className="source-line",
                ),
            ]
        )
    ]


def _linked(svg: str, page: str) -> str:
    """The marks' links, which lead to cards below the chart, led to those of the whole page."""
    return svg.replace(' href="#', f' target="_top" href="{clean(page)}#')


def _word(
    arguments: dict[str, str], name: str, valid: Sequence[str]
) -> tuple[str | None, list[Notice]]:
    text = arguments.pop(name, "")
    if text in valid:
        return text, []
    return None, [Notice.among(name, text, valid, text)] if text else []


def _digest(arguments: dict[str, str]) -> tuple[str | None, list[Notice]]:
    text = arguments.pop("hash", "")
    if _DIGEST.fullmatch(text):
        return text, []
    return None, [Notice("hash", text, valid=("0123456789ab",))] if text else []
