"""Fields of forms that work without scripts: a label, and what is chosen or written below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from html import escape
from typing import Any

from dash import html

from dashboard.render import markup, wild

Option = tuple[str, str]
"""What the address says, and what the reader reads."""


def select(
    name: str,
    label: str,
    options: Sequence[Option],
    chosen: str | None,
    *,
    form: str = "field",
    closed: Collection[str] = (),
    described: str | None = None,
) -> html.Div:
    """One of some options. `chosen` None is the one without a value.

    `form`: goes into the id, where two forms of a page have fields of one name. `closed`: values
    that cannot be chosen; `described`: id of the text that says why.
    """
    field = f"{form}-{name}"
    return html.Div(
        [
            html.Label(label, htmlFor=field),
            html.Select(
                [
                    html.Option(
                        text,
                        value=value,
                        selected=value == (chosen or ""),
                        disabled=value in closed,
                    )
                    for value, text in options
                ],
                name=name,
                id=field,
                **wild(aria_describedby=described),
            ),
        ],
        className="field",
    )


def date_field(name: str, label: str, value: date | None, *, form: str = "field") -> html.Div:
    """A day; `form` as in `select`."""
    # dash.html has no input: dcc.Input needs React, and this form must work without it.
    filled = f' value="{value.isoformat()}"' if value else ""
    field = f"{form}-{name}"
    return html.Div(
        [
            html.Label(label, htmlFor=field),
            markup(f'<input type="date" name="{name}" id="{field}"{filled}>'),
        ],
        className="field",
    )


def hidden(name: str, value: str) -> Any:
    """What a form sends besides, unseen."""
    return markup(f'<input type="hidden" name="{name}" value="{escape(value)}">')
