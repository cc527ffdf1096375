"""The README's indicator, added as it says: one file, and its commands with their real output."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import twotrack
from config.catalog import load_catalog
from tests.ingest.loopback import Loopback, Reply
from tests.test_readme import README

HOMICIDE = "/v2/country/{}/indicator/VC.IHR.PSRC.P5"
POPULATION = "/v2/country/MEX/indicator/SP.POP.TOTL"
# As the World Bank's answer of 2026-04-08 has it.
_ISO2 = {"MEX": "MX", "USA": "US", "GTM": "GT", "HND": "HN", "SLV": "SV"}
PEOPLE = [("MX", "MEX", "2023", "129739759")]


def _answer(indicator: str, released: str, rows: list[tuple[str, str, str, str]]) -> Reply:
    head = {"page": 1, "pages": 1, "per_page": 1000, "total": len(rows), "sourceid": "2"}
    body = [
        {
            "indicator": {"id": indicator, "value": indicator},
            "country": {"id": iso2, "value": iso3},
            "countryiso3code": iso3,
            "date": year,
            "value": json.loads(value),
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for iso2, iso3, year, value in rows
    ]
    return Reply(json.dumps([{**head, "lastupdated": released}, body]).encode())


def _homicide(config: Path) -> list[tuple[str, str, str, str]]:
    """The homicide rates as the table has them, so that the provider says nothing new of them."""
    table = config / "tables/homicide-rate.world-bank.csv"
    with table.open(encoding="utf-8", newline="") as file:
        return [
            (_ISO2[row["ref_area"]], row["ref_area"], row["time_period"], row["value"])
            for row in csv.DictReader(file)
            if row["value"]
        ]


def _block(start: str) -> str:
    """The fenced block of the README that begins so."""
    blocks = re.findall(r"```\w+\n(.*?)```", README, flags=re.DOTALL)
    (found,) = [block for block in blocks if block.startswith(start)]
    return str(found)


def test_an_indicator_is_one_file(
    config_copy: Path, tmp_path: Path, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _homicide(config_copy)
    areas = next(feed for _, feed in load_catalog(config_copy).feeds_of("world-bank")).ref_areas
    provider_server.on(
        HOMICIDE.format(";".join(areas)), _answer("VC.IHR.PSRC.P5", "2022-07-20", rows)
    )
    provider_server.on(POPULATION, _answer("SP.POP.TOTL", "2026-04-08", PEOPLE))
    for name, value in (
        ("HOME", str(tmp_path / "home")),
        ("CONFIG_DIR", str(config_copy)),
        ("BASE_URL_WORLDBANK", provider_server.url),
    ):
        monkeypatch.setenv(f"TWOTRACK_{name}", value)
    runner = CliRunner()
    loaded = runner.invoke(twotrack.app, ["ingest", "run", "world-bank"])
    assert loaded.exit_code == 0, loaded.output

    (config_copy / "indicators/population.yaml").write_text(
        _block("id: population"), encoding="utf-8"
    )
    session = _block("$ .venv/bin/twotrack config check\nok: 18")
    for shown in session.split("$ .venv/bin/twotrack ")[1:]:
        command, _, expected = shown.partition("\n")
        result = runner.invoke(twotrack.app, command.split())
        print(result.output)
        assert result.exit_code == 0, result.output
        assert [line.rstrip() for line in result.stdout.splitlines()] == [
            line.rstrip() for line in expected.splitlines()
        ]
