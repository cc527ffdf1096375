"""The page of a source, and what pages and charts say of one that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import KEY_PREFIX
from dashboard.app import create_app
from dashboard.components.sources import KEYS, failure_words, key_setting
from dashboard.i18n import Translator
from dashboard.pages.source import duration, size_words
from db.engine import Engine
from db.records import Issue, Run, RunStatus, Snapshot
from db.writer import Load, fail_run, finish_unchanged, load_series, start_run
from ingest import errors
from ingest.sources import banxico, census, inegi
from tests.dashboard.pages import Markup, parsed
from tests.stores import NOW, UNITS, Loaded, a_vintage, load, open_run

EN, ES = Translator("en"), Translator("es")
SHA = "ab" * 32
ORIGIN = "https://api.worldbank.org/v2/country/MEX/indicator/VC.IHR.PSRC.P5?format=json"


@pytest.fixture(scope="module")
def failing(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The World Bank read once and failing since, twice; Banxico stopped for want of a key."""
    engine = loaded.copy(tmp_path_factory.mktemp("failing"))
    load(engine, a_vintage("2026-11-30", {"2021": "28.2"}), origin="worldbank")
    for number in (1, 2):
        issues = [Issue("error", "columns", f"finding {n}", f"row {n}", "<raw>") for n in range(5)]
        run = start_run(engine, "world-bank", "worldbank", "recipe", NOW)
        message = f"HTML instead of data, time {number}"
        fail_run(
            engine, run, RunStatus.FAILED, message=message, error_class="FetchError", issues=issues
        )
    run = start_run(engine, "banxico", "banxico", "recipe", NOW)
    message = "banxico needs a key: set TWOTRACK_KEY_BANXICO"
    fail_run(engine, run, RunStatus.NEEDS_KEY, message=message, error_class="NeedsKeyError")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def browser(failing: Engine, loaded: Loaded) -> FlaskClient:
    return visitor(loaded, failing)


def visitor(loaded: Loaded, engine: Engine) -> FlaskClient:
    server: Flask = create_app(loaded.catalog, engine, lambda: NOW).server
    return server.test_client()


def get(client: FlaskClient, address: str) -> Markup:
    response = client.get(address)
    assert response.status_code == 200, address
    return parsed(response.get_data(as_text=True))


def test_a_failing_source_says_since_when_and_what_is_shown(browser: FlaskClient) -> None:
    lead = get(browser, "/en/sources/world-bank").one("p", class_="lead").text
    assert lead.startswith("failing The last 2 runs failed, the first of them on ")
    assert re.search(r"The last good data, read on .+, is shown\.$", lead)
    assert " The provider could not be reached, or refused to answer. " in lead
    spanish = get(browser, "/es/sources/world-bank").one("p", class_="lead").text
    assert "No se pudo llegar al proveedor" in spanish
    assert "Las últimas 2 ejecuciones fallaron" in spanish
    assert "Se muestran los últimos datos válidos" in spanish


def test_its_runs_are_told_newest_first(browser: FlaskClient) -> None:
    rows = get(browser, "/en/sources/world-bank").one("section", id="runs").all("tr")[1:]
    assert "time 2" in rows[0].text
    assert "time 1" in rows[1].text
    assert rows[0].all("td")[0].text == "failed, nothing was loaded"
    assert rows[2].all("td")[0].text == "loaded"
    assert rows[2].all("td")[3].text == "1"
    findings = rows[0].all("details")[0]
    assert findings.all("summary")[0].text == "5 findings"
    assert [item.text.split(" (")[0] for item in findings.all("li")[:3]] == [
        f"error columns: finding {n}" for n in range(3)
    ]
    assert findings.all("li")[3].text == "and 2 more"
    assert findings.all("code")[0].text == "<raw>"


def test_at_most_ten_runs_are_shown(browser: FlaskClient, failing: Engine) -> None:
    for _ in range(12):
        run = start_run(failing, "census", "census", "recipe", NOW)
        fail_run(failing, run, RunStatus.FAILED, message="no", error_class="X")
    section = get(browser, "/en/sources/census").one("section", id="runs")
    assert len(section.all("tr")) == 11
    assert "Older runs" in section.text
    lead = get(browser, "/en/sources/census").one("p", class_="lead").text
    assert "The last 12 runs failed" in lead
    assert "There is no earlier data to show." in lead


def test_the_chart_itself_says_that_its_source_fails(browser: FlaskClient) -> None:
    for language, words, line in (
        ("en", "The last good data", "! Failing: World Bank. The last good data is shown."),
        ("es", "últimos datos válidos", "! Con fallas: Banco Mundial. Se muestran los últimos"),
    ):
        found = get(browser, f"/{language}/indicators/homicide-rate")
        notices = [p.text for p in found.one("section", id="chart").all("p", class_="notice")]
        assert len(notices) == 1
        assert words in notices[0]
        for drawing in found.all("svg", class_="chart"):
            drawn = " ".join(text.text for text in drawing.all("text", class_="warning"))
            assert drawn.startswith(line)
            assert line.removeprefix("! ") in drawing.all("desc")[0].text


def test_a_chart_of_fresh_sources_is_not_marked(browser: FlaskClient) -> None:
    found = get(browser, "/en/indicators/merida-spending?measure=running-total")
    assert not found.all("text", class_="warning")


def test_a_late_source_says_how_old_its_release_is(loaded: Loaded, tmp_path: Path) -> None:
    engine = loaded.copy(tmp_path)
    run = start_run(engine, "world-bank", "worldbank", "recipe", NOW)
    finish_unchanged(engine, run, "hash", [])
    client = visitor(loaded, engine)
    lead = get(client, "/en/sources/world-bank").one("p", class_="lead").text
    assert lead.startswith("late Runs succeed, but the newest release, of 20 July 2022, is 1,595 ")
    chart = get(client, "/es/indicators/homicide-rate")
    (text, *_) = chart.all("svg", class_="chart")[0].all("text", class_="warning")
    assert text.text.startswith("! Con retraso: Banco Mundial.")
    assert chart.one("section", id="chart").all("span", class_="fresh-late")
    engine.dispose()


def test_a_missing_key_names_its_setting_and_is_no_failure(browser: FlaskClient) -> None:
    found = get(browser, "/en/sources/banxico")
    assert found.one("p", class_="lead").text.startswith("needs a key")
    assert "Nothing has failed." in found.one("p", class_="lead").text
    assert "TWOTRACK_KEY_BANXICO" in found.one("p", class_="notice").text
    failed = get(browser, "/en/sources").one("section", id="failures").text
    assert "Bank of Mexico" not in failed
    assert "World Bank" in failed


def test_the_settings_are_those_that_the_adapters_ask_for(loaded: Loaded) -> None:
    asked = {
        "banxico": banxico.KEY,
        "inegi": inegi.KEY,
        "census": census.KEY_VARIABLE,
    }
    assert asked == {name: KEY_PREFIX + name.upper() for name in KEYS}
    for source in loaded.catalog.sources.values():
        assert key_setting(source) == asked.get(source.adapter)


def test_no_page_shows_a_key(
    browser: FlaskClient, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(KEY_PREFIX + name.upper(), "s3cr3t-of-the-installation")
    for name in loaded.catalog.sources:
        assert b"s3cr3t" not in browser.get(f"/en/sources/{name}").data


def test_the_raw_files_are_those_of_the_figures(browser: FlaskClient) -> None:
    section = get(browser, "/en/sources/crs").one("section", id="files")
    row = section.all("tr")[1]
    assert row.all("th")[0].text == "tables/merida-spending.crs.csv"
    assert re.fullmatch(r"[0-9a-f]{64}", row.all("code", class_="hash")[0].text)
    assert re.fullmatch(r"[\d.]+ kB", row.all("td")[1].text)
    empty = get(browser, "/en/sources/inegi").one("section", id="files")
    assert "No file has been kept yet." in empty.text


def test_after_a_failure_the_file_of_the_good_run_stays(loaded: Loaded, tmp_path: Path) -> None:
    engine = loaded.copy(tmp_path)
    seen = datetime(2026, 11, 30, 4, 17, tzinfo=UTC)
    snapshot = Snapshot(SHA, "world-bank", ORIGIN, seen, 2048)
    release = a_vintage("2026-11-30", {"2021": "28.2"}, raw_sha256=SHA)
    loads = [Load([release], UNITS, "worldbank", snapshots=[snapshot])]
    client = visitor(loaded, engine)
    load_series(engine, open_run(engine), loads, "hash", payloads=[snapshot])
    cells = get(client, "/en/sources/world-bank").one("section", id="files").all("tr")[1]
    assert (cells.all("th")[0].text, cells.all("td")[1].text) == (ORIGIN, "2 kB")
    fail_run(engine, open_run(engine), RunStatus.FAILED, message="no", error_class="X")
    section = get(client, "/en/sources/world-bank").one("section", id="files")
    assert SHA in section.text
    assert ORIGIN in section.text
    engine.dispose()


def test_the_page_leads_to_its_indicators(browser: FlaskClient) -> None:
    links = get(browser, "/es/sources/foreign-assistance").links()
    assert "/es/indicators/merida-spending" in links
    assert "/es/indicators/central-america-aid" in links
    assert "/api/v1/observations.csv?source=foreign-assistance&history=1" in links


def test_an_unknown_source_is_404(browser: FlaskClient) -> None:
    assert browser.get("/es/sources/nada").status_code == 404


@pytest.mark.parametrize(
    ("size", "words"),
    [(None, "–"), (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1450, "1.5 kB"),
     (999_960, "1 MB"), (2_850_000, "2.9 MB"), (3_000_000_000_000, "3,000 GB")],
)  # fmt: skip
def test_sizes(size: int | None, words: str) -> None:
    assert size_words(size, EN) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (0.04, "0 s"), (0.42, "0.4 s"), (59.9, "59.9 s"), (60, "1 min"),
     (185, "3 min 5 s")],
)  # fmt: skip
def test_durations(seconds: float | None, words: str) -> None:
    end = None if seconds is None else NOW + timedelta(seconds=seconds)
    run = Run(1, "world-bank", "worldbank", RunStatus.OK, NOW, end)
    assert duration(run, EN) == words


def test_every_error_of_a_run_has_words_that_are_there() -> None:
    # Named by text there: what the dashboard shows may not depend on the ingest.
    named = {"FetchError", "ContractError", "ParseError", "ValidationFailed"}
    assert named <= set(dir(errors))
    for name in (*named, "ConfigErrors"):
        assert failure_words(name, EN) != failure_words(name, ES)
    assert failure_words("OSError", EN) == ""
