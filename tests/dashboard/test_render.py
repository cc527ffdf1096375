"""Components to HTML: everything is escaped, nothing is lost."""

from __future__ import annotations

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.render import markup, to_html, wild
from tests.dashboard.pages import parsed


def test_a_tree() -> None:
    tree = html.Ul([html.Li("a"), None, html.Li(["b", 1, html.Br(), 1.5])], className="list")
    assert to_html(tree) == '<ul class="list"><li>a</li><li>b1<br>1.5</li></ul>'


def test_names_of_attributes() -> None:
    label = html.Label("Area", htmlFor="field", hidden=True, tabIndex="-1", lang=None)
    (found,) = parsed(to_html(label)).all("label")
    assert found.attributes == {"for": "field", "hidden": "", "tabindex": "-1"}
    style = html.Div(style={"fontSize": "2rem", "color": "red"})
    assert to_html(style) == '<div style="font-size:2rem;color:red"></div>'


def test_wild_attributes() -> None:
    link = html.A("x", **wild(aria_current="page", data_claim="a/b", aria_label=None))
    (found,) = parsed(to_html(link)).all("a")
    assert found.attributes == {"aria-current": "page", "data-claim": "a/b"}
    assert to_html(html.P(**wild(aria_hidden=True))) == '<p aria-hidden="true"></p>'


def test_what_only_scripts_can_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="Graph"):
        to_html(html.Div([dcc.Graph()]))
    with pytest.raises(TypeError, match="object"):
        to_html(object())


def test_markup_is_left_as_it_is() -> None:
    assert to_html(html.P(markup("<b>&amp;</b>"))) == "<p><b>&amp;</b></p>"


@given(st.text(), st.text())
def test_text_is_never_markup(text: str, value: str) -> None:
    source = to_html(html.P([text, html.Span("end")], title=value))
    # A parser reads carriage returns as line feeds and drops NUL, as browsers do.
    found = parsed(source).one("p")
    assert [e.tag for e in found.elements()] == ["span"]
    assert set(found.attributes) == {"title"}
