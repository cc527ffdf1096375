"""The scripts of a live chart: which they are, and how they are sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from plotly.offline import get_plotlyjs_version

from dashboard import bundles
from dashboard.app import Site
from dashboard.figures.plot import plotly_figure
from dashboard.i18n import Translator
from dashboard.view import indicator_view, read_state

RATE = "/en/indicators/homicide-rate"
BASIC_TYPES = {"scatter", "bar", "pie"}
"""What the bundle `basic` draws; it takes any other type for scatter, without a word."""


def scripts_of(client: FlaskClient, address: str = RATE) -> list[str]:
    return re.findall(r'<script[^>]* ?src="([^"]+)"', client.get(address).get_data(as_text=True))


def test_a_page_with_a_chart_asks_for_these_scripts_only(client: FlaskClient) -> None:
    names = [re.sub(r"\.v[0-9_a-z]+m[0-9]+|\?.*", "", each) for each in scripts_of(client)]
    version = r"-[0-9.]+-[0-9]+|@[0-9]+(\.[0-9]+)*"
    short = [re.sub(version, "", name.rpartition("/")[2]) for name in names]
    assert short == [
        "twotrack.js",
        "plotly.js",
        "react.min.js",
        "react-dom.min.js",
        "prop-types.min.js",
        "chart.js",
        "dash_renderer.min.js",
        "start.js",
    ]
    assert all(name.startswith("/") for name in names)


@pytest.mark.parametrize("place", range(8))
def test_each_of_them_is_there_and_may_be_kept(client: FlaskClient, place: int) -> None:
    with client.get(scripts_of(client)[place]) as answer:
        assert answer.status_code == 200
        assert "javascript" in answer.headers["Content-Type"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "Content-Encoding" not in answer.headers


def test_who_takes_brotli_gets_the_copies(client: FlaskClient) -> None:
    for address in scripts_of(client):
        with client.get(address) as answer:
            plain = answer.get_data()
        with client.get(address, headers={"Accept-Encoding": "gzip, br"}) as packed:
            assert packed.headers["Content-Encoding"] == "br", address
            assert brotli.decompress(packed.get_data()) == plain
        with client.get(address, headers={"Accept-Encoding": "br;q=0, identity"}) as refused:
            assert refused.get_data() == plain


def test_the_bundle_is_of_the_version_that_plotly_py_carries(client: FlaskClient) -> None:
    script = bundles.plotly_script().plain
    assert get_plotlyjs_version() in bundles.plotly_address()
    assert get_plotlyjs_version().encode() in script.read_bytes()[:500]
    assert client.get("/scripts/plotly-0.0.0-1.js").status_code == 404


def test_without_the_small_bundle_the_whole_one_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for content in (None, b"/*\n* plotly.js (basic - minified) v0.0.1\n*/", b"<html>"):
        if content is not None:
            (tmp_path / bundles.BASIC).write_bytes(content)
        monkeypatch.setattr(bundles, "SHARE", tmp_path)
        bundles.plotly_script.cache_clear()
        try:
            assert bundles.plotly_script().plain.name == "plotly.min.js"
        finally:
            bundles.plotly_script.cache_clear()


def test_the_bundle_is_marked_once_to_be_compiled_at_once(tmp_path: Path) -> None:
    bundle = tmp_path / bundles.BASIC
    bundles.mark(bundle)
    assert not bundle.exists()
    bundle.write_bytes(b"/*\n* plotly.js\n*/ draw()")
    for _ in range(2):
        bundles.mark(bundle)
        assert bundle.read_bytes() == b"//# allFunctionsCalledOnLoad\n/*\n* plotly.js\n*/ draw()"
    assert list(tmp_path.iterdir()) == [bundle]


def test_every_chart_is_of_types_that_the_bundle_draws(site: Site) -> None:
    store = site.store
    for indicator in store.catalog.indicators.values():
        state, _ = read_state(store, indicator, {})
        figure = plotly_figure(indicator_view(store, indicator, state, Translator("en")).chart)
        assert {trace["type"] for trace in figure["data"]} <= BASIC_TYPES


def test_a_page_is_painted_by_its_first_answer(client: FlaskClient) -> None:
    text = client.get(RATE).get_data(as_text=True)
    head = text.partition("</head>")[0]
    assert "stylesheet" not in head
    assert f"<style>{bundles.stylesheet()}</style>" in head
    inert = re.search(r'<template id="live">(.*?)</template>', head)
    assert inert is not None
    # What takes the processor comes when the page is painted; until then it is markup only.
    assert len(re.findall(r"<script [^>]*src=", inert[1])) == 7
    (waiting,) = re.findall(r"<script [^>]*src=[^>]*>", head.replace(inert[0], ""))
    assert "twotrack.js" in waiting
    assert " defer" in waiting


def test_the_style_in_the_page_is_that_of_the_file() -> None:
    def words(text: str) -> list[str]:
        return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split()

    whole = (bundles.ASSETS / "twotrack.css").read_text(encoding="utf-8")
    assert words(bundles.stylesheet()) == words(whole)
    assert "/*" not in bundles.stylesheet()
    assert "</" not in bundles.stylesheet()


def test_what_the_renderer_asks_first_is_asked_for_ahead(client: FlaskClient) -> None:
    text = client.get(RATE).get_data(as_text=True)
    ahead = re.findall(r'<link rel="preload" href="([^"]+)" as="fetch" crossorigin>', text)
    assert ahead == ["/_dash-layout", "/_dash-dependencies"]
    for address in ahead:
        assert client.get(address, headers={"Referer": f"http://localhost{RATE}"}).is_json


def test_the_renderer_is_told_nothing_of_one_reader(client: FlaskClient) -> None:
    text = client.get(RATE).get_data(as_text=True)
    found = re.search(r'id="_dash-config" type="application/json">(.*?)</script>', text)
    assert found is not None
    given = json.loads(found[1])
    assert given["children_props"] == {"twotrack": {"Chart": []}}
    assert not given.keys() & {"end_id", "python_version"}
