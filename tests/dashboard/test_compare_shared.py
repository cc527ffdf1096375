"""What leaves the site of a comparison: pictures, JSON, citations, link previews."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from dashboard.figures import raster
from dashboard.sharing import digest
from tests.dashboard.pages import Markup
from tests.dashboard.test_sharing import DAY, SVG, needs_font, shared, size_of, texts

Get = Callable[[str], Markup]

MEXICO = "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled"
STATES = "homicide-rate.rate.A.USA._Z.world-bank.source-type=compiled"
TWO = f"series={MEXICO}&series={STATES}"
UNITS = "series=exchange-rate.monthly-mean.M.MEX.USA.fred&series=trade.exports.M.USA.MEX.fred"


def drawn(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)[:300]
    assert response.mimetype == "image/svg+xml"
    return response.get_data(as_text=True)


@pytest.mark.parametrize(("language", "ends"), [("en", "as known on"), ("es", "según")])
@pytest.mark.parametrize("query", [TWO, f"{TWO}&scale=index&events=no", f"{TWO}&from=1800&to=1801"])
def test_a_comparison_is_a_picture(
    query: str, language: str, ends: str, client: FlaskClient
) -> None:
    svg = drawn(client, f"/{language}/compare.svg?{query}&theme=dark&width=800")
    root = ET.fromstring(svg.encode())
    assert (root.tag, root.get("width")) == (f"{SVG}svg", "800")
    for word in ("var(", "class=", "data-"):
        assert word not in svg
    said = texts(svg)
    assert f"asof={DAY}" in said.replace(" ", "")
    assert ends in said


def test_a_picture_has_the_lines_of_the_page(page: Get, client: FlaskClient) -> None:
    said = texts(drawn(client, f"/en/compare.svg?{TWO}"))
    found = page(f"/en/compare?{TWO}")
    assert found.one("section", id="chart").all("h3")[0].text in said
    assert "Source: World Bank, as known on 1 December 2026." in said


def test_the_day_that_is_asked_for_stands_in_the_title(client: FlaskClient) -> None:
    asked = drawn(client, f"/en/compare.svg?{TWO}&asof=2025-01-01")
    title = ET.fromstring(asked.encode()).findtext(f"{SVG}title") or ""
    assert title.endswith(", as known on 1 January 2025")
    assert title.count("as known on") == 1
    unasked = drawn(client, f"/en/compare.svg?{TWO}")
    assert "as known on" not in (ET.fromstring(unasked.encode()).findtext(f"{SVG}title") or "")


def test_of_several_charts_the_first_is_the_picture(page: Get, client: FlaskClient) -> None:
    headings = [h.text for h in page(f"/en/compare?{UNITS}").one("section", id="chart").all("h3")]
    assert len(headings) == 2
    svg = drawn(client, f"/en/compare.svg?{UNITS}")
    assert ET.fromstring(svg.encode()).findtext(f"{SVG}title") == headings[0]


@needs_font
def test_a_preview_shows_the_chart(page: Get, client: FlaskClient) -> None:
    for language in ("en", "es"):
        found = shared(page(f"/{language}/compare?{TWO}&asof=2026-11-01"))
        address = found["og:image"].removeprefix("http://localhost")
        assert address.startswith(f"/{language}/compare.png?")
        assert "asof=2026-11-01" in address
        assert "events=no" in address
        response = client.get(address)
        assert response.mimetype == "image/png"
        size = (int(found["og:image:width"]), int(found["og:image:height"]))
        assert size_of(response.data) == size
        assert size[0] == raster.WIDTH
        assert found["og:image:alt"]
        assert found["og:description"]


def test_a_preview_without_a_chart_has_no_picture(page: Get) -> None:
    assert "og:image" not in shared(page("/en/compare"))


@pytest.mark.parametrize("ending", ["svg", "png", "json", "csv"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "series is missing"),
        (f"{TWO}&other=1", "other=1 is not understood"),
        ("series=homicide-rate.rate", "is unknown"),
        (f"series={MEXICO}&series={MEXICO}", "given twice"),
        (f"{TWO}&from=1800&to=1801&scale=index", "scale=index has no meaning here"),
    ],
)
def test_every_file_refuses_what_the_csv_refuses(
    ending: str, query: str, said: str, client: FlaskClient
) -> None:
    if ending == "png" and not raster.can_write():
        pytest.skip("this machine has no font")
    response = client.get(f"/en/compare.{ending}?{query}")
    assert response.status_code == 400
    assert said in response.get_json()["error"]


@pytest.mark.parametrize("option", ["theme=blue", "width=10", "width=800&width=900"])
def test_a_picture_refuses_wrong_options(option: str, client: FlaskClient) -> None:
    assert client.get(f"/en/compare.svg?{TWO}&{option}").status_code == 400


def test_a_comparison_in_no_language(client: FlaskClient) -> None:
    for ending in ("svg", "png", "json", "zip"):
        response = client.get(f"/fr/compare.{ending}?{TWO}")
        assert response.status_code == 404
        assert response.get_json()["error"]


@pytest.mark.parametrize("scale", ["level", "index"])
def test_json_has_the_rows_of_the_csv(scale: str, client: FlaskClient) -> None:
    query = f"{TWO}&scale={scale}"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/en/compare.csv?{query}").text)))
    found = client.get(f"/en/compare.json?{query}").get_json()["observations"]
    assert [each["series_id"] for each in found] == [row["series_id"] for row in rows]
    assert [each["transform"] for each in found] == [row["transform"] for row in rows]
    assert [each["value"] for each in found] == [float(Decimal(row["value"])) for row in rows]


@pytest.mark.parametrize("scale", ["level", "index"])
def test_a_citation_has_the_day_and_the_content_of_the_file(
    scale: str, page: Get, client: FlaskClient
) -> None:
    query = f"{TWO}&scale={scale}&asof=2026-11-01"
    rows = csv.DictReader(io.StringIO(client.get(f"/en/compare.csv?{query}").text))
    content = digest(
        ",".join(row[name] for name in ("series_id", "time_period", "value", "status"))
        for row in rows
    )
    found = page(f"/en/compare?{query}")
    plain = found.one("textarea", id="cite-view").text
    assert f"content {content}" in plain
    assert "as known on 1 November 2026" in plain
    assert plain.count("as known on") == 1
    assert "http://localhost/en/compare?" in plain
    assert found.one("textarea", id="bibtex-view").text.startswith(
        f"@misc{{twotrack-compare-{content},"
    )
    spanish = page(f"/es/compare?{query}").one("textarea", id="cite-view").text
    assert "según lo conocido el" in spanish


def test_a_page_names_its_files(page: Get, client: FlaskClient) -> None:
    links = page(f"/es/compare?{TWO}").links()
    for ending in ("csv", "json", "svg"):
        (link, *_) = [each for each in links if each.startswith(f"/es/compare.{ending}?")]
        assert client.get(link).status_code == 200


def test_what_had_not_happened_by_the_day_is_not_drawn(page: Get, client: FlaskClient) -> None:
    query = f"{TWO}&from=2000-01-01&to=2025-12-31"
    assert "Cienfuegos" in texts(drawn(client, f"/en/compare.svg?{query}"))
    assert "Cienfuegos" not in texts(drawn(client, f"/en/compare.svg?{query}&asof=2020-01-01"))
    assert "Cienfuegos" not in page(f"/en/compare?{query}&asof=2020-01-01").one("main").text
