"""What is said where nothing can be answered: to readers in a page, to machines in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.store import Store
from tests.dashboard.pages import parsed
from tests.stores import NOW, Loaded


@pytest.fixture
def without(loaded: Loaded, tmp_path: Path) -> Iterator[FlaskClient]:
    """A site whose database loses its tables after the site has started."""
    engine = loaded.copy(tmp_path)
    server: Flask = create_app(loaded.catalog, engine, lambda: NOW).server
    raw = engine.raw_connection()
    raw.executescript(  # type: ignore[attr-defined]
        "PRAGMA foreign_keys = OFF; DROP TABLE observation; DROP TABLE run; DROP TABLE claim;"
    )
    raw.close()
    engine.dispose()
    yield server.test_client()
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "language", "title"),
    [
        ("/en/indicators/homicide-rate", "en-US", "Nothing can be sent here"),
        ("/es/", "es-MX", "Aquí no se puede enviar nada"),
    ],
)
def test_a_page_takes_nothing(client: FlaskClient, address: str, language: str, title: str) -> None:
    response = client.post(address, data={"geo": "MEX"})
    assert (response.status_code, response.mimetype) == (405, "text/html")
    assert "GET" in response.headers["Allow"]
    page = parsed(response.get_data(as_text=True))
    assert page.one("html").attributes["lang"] == language
    assert page.one("h1").text == title
    assert address.rstrip("/") in {
        a.attributes["href"].rstrip("/") for a in page.one("main").all("a")
    }


@pytest.mark.parametrize(
    ("address", "title"), [("/en/", "Out of reach"), ("/es/sources", "Fuera de alcance")]
)
def test_without_the_database_a_page_says_so(
    without: FlaskClient, address: str, title: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = without.get(address)
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert int(response.headers["Retry-After"]) > 0
    assert "no-cache" not in response.headers.get("Cache-Control", "")
    page = parsed(response.get_data(as_text=True))
    assert page.one("h1").text == title
    # Neither what the database said nor a day that could not be read from it.
    assert "no such table" not in page.source
    assert "no such table" in caplog.text


def test_without_the_database_a_machine_is_told_in_json(without: FlaskClient) -> None:
    response = without.get("/api/v1/claims.csv")
    assert (response.status_code, response.mimetype) == (503, "application/json")
    assert response.get_json() == {"error": "the database cannot be read just now"}
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("address", "title"), [("/en/sources", "Something went wrong"), ("/es/sources", "Algo salió")]
)
def test_an_error_of_ours_is_said_and_logged(
    client: FlaskClient,
    address: str,
    title: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_store: Store) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(Store, "source_records", broken)
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (500, "text/html")
    page = parsed(response.get_data(as_text=True))
    assert title in page.one("h1").text
    assert "secret" not in page.source
    assert "a secret of ours" in caplog.text
    health = client.get("/api/v1/health.json")
    assert (health.status_code, health.mimetype) == (500, "application/json")
    assert "secret" not in health.get_data(as_text=True)
