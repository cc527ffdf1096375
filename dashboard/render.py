"""Components to HTML on the server: the first response holds the page, whatever scripts do later.

Understands `dash.html` elements, plain text and `Markup`; everything is escaped but `Markup`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from dash.development.base_component import Component

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
ATTRIBUTES = {"className": "class", "htmlFor": "for"}
LEFT_OUT = frozenset({"children", "n_clicks", "n_clicks_timestamp", "key", "disable_n_clicks"})


@dataclass(frozen=True)
class Markup:
    """HTML or SVG of our own making that goes to the page as it is."""

    text: str


def markup(text: str) -> Any:
    """`Markup` as a child: the stubs of Dash know text and components only."""
    return Markup(text)


def wild(**attributes: object) -> dict[str, Any]:
    """Attributes `aria-*` and `data-*`, which are no names in Python: `**wild(aria_label="Main")`.

    None leaves an attribute out.
    """
    given = {name.replace("_", "-"): value for name, value in attributes.items()}
    return {name: value for name, value in given.items() if value is not None}


Node = Component | Markup | str | int | float | None | Iterable["Node"]


def to_html(node: Any) -> str:
    """The HTML of a component tree. Raises TypeError for what cannot be drawn without scripts."""
    if node is None or node is False:
        return ""
    if isinstance(node, Markup):
        return node.text
    if isinstance(node, str | int | float):
        return escape(str(node), quote=False)
    if isinstance(node, Component):
        return _element(node)
    if isinstance(node, list | tuple):
        return "".join(map(to_html, node))
    raise TypeError(f"{type(node).__name__} cannot be rendered on the server")


def _element(component: Component) -> str:
    if component._namespace != "dash_html_components":
        raise TypeError(f"{type(component).__name__} cannot be rendered on the server")
    tag = type(component).__name__.lower()
    props = component.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    attributes = "".join(_attribute(name, props[name]) for name in props if name not in LEFT_OUT)
    if tag in VOID:
        return f"<{tag}{attributes}>"
    return f"<{tag}{attributes}>{to_html(props.get('children'))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    html_name = ATTRIBUTES.get(name, name.lower())
    if value is True and not html_name.startswith(("aria-", "data-")):
        return f" {html_name}"
    if isinstance(value, dict):
        value = ";".join(f"{_hyphened(key)}:{part}" for key, part in value.items())
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f' {html_name}="{escape(text, quote=True)}"'


def _hyphened(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name)
