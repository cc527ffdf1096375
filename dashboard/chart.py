"""The one live component of our own: a chart that Plotly draws in the place of the static one.

Dash's `dcc.Graph` would do the same and bring all of `dash_core_components` along, three times the
script that draws nothing. Its other half is `assets/chart.js`.
"""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Chart(Component):
    """`figure`: data and layout as Plotly takes them; `config`: Plotly's; `address`: that of the
    page, which the browser tells where the server could not know it when it made the layout."""

    _namespace = "twotrack"
    _type = "Chart"
    _children_props: list[str] = []  # noqa: RUF012 - as Dash declares them
    _base_nodes: list[str] = []  # noqa: RUF012 - as Dash declares them
    _prop_names: list[str] = ["id", "figure", "config", "address"]  # noqa: RUF012 - as Dash declares them
    available_properties: list[str] = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012 - as Dash declares them
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012 - as Dash declares them

    def __init__(
        self,
        id: str,  # noqa: A002 - Dash names it so
        figure: dict[str, Any] | None = None,
        config: dict[str, Any] | None = None,
        address: str = "",
    ) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            id=id, figure=figure, config=config or {}, address=address
        )
