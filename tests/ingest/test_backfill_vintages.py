"""The recorded vintages of two providers: loaded by the command, seen in CSV and on a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config.catalog import Catalog
from dashboard.app import create_app
from db.engine import make_engine
from tests.dashboard.pages import parsed
from tests.ingest.replay import MATERIAL
from tests.processes import run_twotrack
from tests.stores import NOW

FILES: Mapping[str, tuple[str, str]] = {
    "2021-06-28": (
        "foreign-assistance",
        "foreignassistance/us_foreign_aid_country_2021vintage.csv",
    ),
    "2022-07-20": ("world-bank", "worldbank/API_VC.IHR.PSRC.P5_DS2_en_csv_v2_4355130.csv"),
    "2023-09-29": (
        "foreign-assistance",
        "foreignassistance/us_foreign_aid_country_2023vintage_trimmed.csv",
    ),
}
"""By their days: the World Bank's is stated in the file, the others were committed on theirs."""
AID = ("2021-06-28", "2023-09-29")
OBLIGATED = "account=all;part=all;programme=all-aid;stage=obligated"

Rows = list[dict[str, str]]


def backfilled(url: str, home: Path, days: Sequence[str]) -> str:
    """Load the files of `days` in this order into the database at `url`, and give it back."""
    for day in days:
        source, name = FILES[day]
        path = MATERIAL / "payloads" / name
        if not path.exists():
            pytest.skip(f"no {path}")
        done = run_twotrack(
            ["ingest", "backfill", source, "--snapshot", str(path), "--vintage", day],
            {"TWOTRACK_HOME": str(home), "TWOTRACK_DATABASE_URL": url},
        )
        assert done.returncode == 0, done.stderr
    return url


@contextmanager
def browser(catalog: Catalog, url: str) -> Iterator[FlaskClient]:
    """On the application over the database at `url`."""
    engine = make_engine(url)
    try:
        yield create_app(catalog, engine, lambda: NOW).server.test_client()
    finally:
        engine.dispose()


def observations(client: FlaskClient, query: str) -> Rows:
    response = client.get(f"/api/v1/observations.csv?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def obligations(rows: Rows, period: str) -> list[tuple[str, str, str]]:
    """(value, first day, day after the last) of what was obligated to Mexico in a fiscal year."""
    found = [
        (row["value"], row["known_from"][:10], row["known_to"][:10])
        for row in rows
        if (row["facets"], row["time_period"]) == (OBLIGATED, period)
    ]
    return sorted(found, key=lambda each: each[1])


def changes_on_page(client: FlaskClient, language: str, view: str) -> list[str]:
    """Lines of the table of revisions on the page of a view."""
    page = parsed(client.get(f"/{language}/indicators/{view}").get_data(as_text=True))
    (found,) = [e for e in page.root.elements() if e.attributes.get("id") == "revisions"]
    section = found if found.tag == "section" or found.parent is None else found.parent
    return [row.text for row in section.all("tr")]


def test_every_vintage_is_in_the_csv_and_on_the_page(
    new_url: Callable[[], str], tmp_path: Path, catalog: Catalog
) -> None:
    url = backfilled(new_url(), tmp_path, ["2023-09-29", "2021-06-28", "2022-07-20"])
    with browser(catalog, url) as client:
        aid = observations(client, "indicator=merida-spending&history=1")
        assert {row["released_at"] for row in aid} == set(AID)
        assert obligations(aid, "FY2020") == [
            ("72115313", "2021-06-28", "2023-09-29"),
            ("270272657", "2023-09-29", ""),
        ]
        homicides = observations(client, "indicator=homicide-rate&history=1")
        assert {row["released_at"] for row in homicides} == {"2022-07-20"}
        assert len(homicides) == 140
        for language in ("en", "es"):
            lines = changes_on_page(client, language, "merida-spending?measure=aid")
            (revised,) = [line for line in lines if "72,115,313" in line and "270,272,657" in line]
            assert "2020" in revised
            assert "2023" in revised
        for day, value in (("2023-09-28", "72115313"), ("2023-09-29", "270272657")):
            rows = observations(client, f"indicator=merida-spending&asof={day}")
            assert [each[0] for each in obligations(rows, "FY2020")] == [value]
        assert observations(client, "indicator=merida-spending&asof=2021-06-27") == []


def test_the_order_of_the_files_does_not_matter(
    new_url: Callable[[], str], tmp_path: Path, catalog: Catalog
) -> None:
    told = []
    for days in (AID, AID[::-1]):
        with browser(catalog, backfilled(new_url(), tmp_path / days[0], days)) as client:
            rows = observations(client, "history=1")
        # When the bytes were read is not what was known when.
        told.append([{**row, "retrieved_at": ""} for row in rows])
    assert told[0] == told[1]
    assert len(told[0]) > 700
