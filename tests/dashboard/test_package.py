"""The files of a view beside its CSV: JSON, metadata, ZIP."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from dashboard.export.columns import OBSERVATION_COLUMNS
from dashboard.export.csv import NUMBERS
from tests.dashboard.pages import Markup
from tests.dashboard.test_pages import INDICATORS

RATE = "/en/indicators/homicide-rate"
KEY = "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled"
QUERIES = ["", f"series={KEY}&from=2008-01-01&to=2012-12-31&asof=2026-11-01", "unit=index"]
ENDINGS = ["json", "metadata.json", "zip"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def read(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.mimetype == "application/json"
    return json.loads(response.data, parse_float=Decimal, parse_int=Decimal)


def files_of(archive: bytes) -> dict[str, str]:
    with ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.parametrize("query", QUERIES)
def test_json_has_the_cells_of_the_csv(query: str, client: FlaskClient) -> None:
    rows = rows_of(client.get(f"{RATE}.csv?{query}").get_data(as_text=True))
    (found,) = read(client, f"{RATE}.json?{query}").values()
    assert len(found) == len(rows) > 0
    for made, row in zip(found, rows, strict=True):
        assert tuple(made) == OBSERVATION_COLUMNS
        for name, cell in row.items():
            expected = Decimal(cell) if cell and name in NUMBERS else cell or None
            assert made[name] == expected


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_archive_holds_the_view_and_its_own_proof(
    language: str, query: str, client: FlaskClient
) -> None:
    address = f"/{language}/indicators/homicide-rate"
    response = client.get(f"{address}.zip?{query}")
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="homicide-rate.zip"'
    files = files_of(response.data)
    assert list(files) == ["data.csv", "metadata.json", "README.txt", "SHA256SUMS"]
    assert files["data.csv"].encode() == client.get(f"{address}.csv?{query}").data
    described = client.get(f"{address}.metadata.json?{query}")
    assert files["metadata.json"].encode() == described.data
    sums = {line[66:]: line[:64] for line in files["SHA256SUMS"].splitlines()}
    assert sums == {
        name: hashlib.sha256(files[name].encode()).hexdigest()
        for name in ("data.csv", "metadata.json", "README.txt")
    }
    said = files["README.txt"]
    found = json.loads(described.data)
    for part in (found["definition"][language], found["not_this"][language], found["citation"]):
        assert part in said
    assert {"en": "Sources and licences:", "es": "Fuentes y licencias:"}[language] in said


def test_an_archive_has_nothing_of_the_clock(client: FlaskClient) -> None:
    first, second = (client.get(f"{RATE}.zip?{QUERIES[1]}") for _ in range(2))
    assert first.data == second.data
    with ZipFile(io.BytesIO(first.data)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    again = client.get(f"{RATE}.zip?{QUERIES[1]}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_metadata_says_what_the_rows_are(client: FlaskClient) -> None:
    found = read(client, f"{RATE}.metadata.json?{QUERIES[1]}")
    assert found["indicator"] == "homicide-rate"
    assert set(found["definition"]) == set(found["not_this"]) == {"en", "es"}
    assert found["measures"]["rate"]["unit"] == "per-100k"
    assert found["units"]["per-100k"]["name"]["en"]
    assert [each["series_id"] for each in found["series"]] == [KEY]
    assert found["series"][0]["rows"] == found["rows"] == 5
    assert list(found["sources"]) == ["world-bank"]
    licence = found["sources"]["world-bank"]["licence"]
    assert set(licence) == {"name", "url", "cite", "verified"}
    view = found["view"]
    assert view["asof"] == view["chart_known_on"] == "2026-11-01"
    assert view["parameters"]["series"] == KEY
    assert view["page"].startswith("http://localhost/en/indicators/homicide-rate?")
    assert len(view["chart_content"]) == 12
    assert f"(content {view['chart_content']})" in found["citation"]
    assert tuple(found["columns"]) == OBSERVATION_COLUMNS
    assert all(set(words) == {"en", "es"} for words in found["columns"].values())


@pytest.mark.parametrize("name", INDICATORS)
def test_every_indicator_has_its_archive(name: str, client: FlaskClient) -> None:
    files = files_of(client.get(f"/es/indicators/{name}.zip").data)
    found = json.loads(files["metadata.json"])
    rows = rows_of(files["data.csv"])
    assert found["rows"] == len(rows)
    assert sorted({row["series_id"] for row in rows}) == sorted(
        each["series_id"] for each in found["series"]
    )
    assert {row["source"] for row in rows} == set(found["sources"])
    assert {row["unit"] for row in rows} <= set(found["units"])


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("query", "said"),
    [("not-one=1", "not-one"), ("asof=soon", "asof"), ("unit=share", "no meaning here"),
     ("asof=2021&asof=2022", "asof is given 2 times")],
)  # fmt: skip
def test_what_the_csv_refuses_is_refused(
    query: str, said: str, ending: str, client: FlaskClient
) -> None:
    answers = [client.get(f"{RATE}.{each}?{query}") for each in (ending, "csv")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].get_json() == answers[1].get_json()
    assert said in answers[0].get_json()["error"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_is_not_there_is_told_in_json(ending: str, client: FlaskClient) -> None:
    for address in (f"/en/indicators/none.{ending}", f"/fr/indicators/homicide-rate.{ending}"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.get_json()["error"].startswith(f"there is nothing at {address}")


def test_a_page_names_the_files_of_its_view(
    page: Callable[[str], Markup], client: FlaskClient
) -> None:
    links = page(f"{RATE}?series={KEY}&asof=2026-11-01").links()
    for ending in ("json", "zip"):
        (link, *_) = [each for each in links if each.startswith(f"{RATE}.{ending}?")]
        assert f"series={KEY}" in link
        assert "asof=2026-11-01" in link
        assert client.get(link).status_code == 200


def test_all_official_figures_as_json(page: Callable[[str], Markup], client: FlaskClient) -> None:
    query = "indicator=homicide-rate&from=2020-01-01&history=1"
    rows = rows_of(client.get(f"/api/v1/observations.csv?{query}").get_data(as_text=True))
    found = read(client, f"/api/v1/observations.json?{query}")["observations"]
    assert [each["series_id"] for each in found] == [row["series_id"] for row in rows]
    assert client.get("/api/v1/observations.json?history=2").status_code == 400
    assert "/api/v1/observations.json" in page("/en/data").links()
