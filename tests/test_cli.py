"""The command, as operators and scripts use it: words, files, exit codes."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import twotrack
from config.catalog import Catalog
from db.engine import make_engine
from db.migrations import HEAD, current_revision, upgrade
from db.queries import issues, runs
from db.records import RunStatus
from tests.broken import edit, pause_providers
from tests.dashboard.drafts import a_claim, a_draft, store_articles
from tests.processes import environment, run_twotrack
from tests.stores import Loaded

HOMICIDE = "indicators/homicide-rate.yaml"
PEW = "tables/unauthorized-population.pew.csv"

Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command with its own home folder; `config_copy` becomes its catalogue if used."""
    monkeypatch.setenv("TWOTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "250")

    def run(*arguments: object, config: Path | None = None) -> Result:
        if config is not None:
            monkeypatch.setenv("TWOTRACK_CONFIG_DIR", str(config))
        return CliRunner().invoke(twotrack.app, [str(each) for each in arguments])

    return run


@pytest.fixture
def full(command: Command, loaded: Loaded, tmp_path: Path) -> Command:
    """The command with everything loaded."""
    (tmp_path / "home").mkdir()
    loaded.copy(tmp_path / "home").dispose()
    return command


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- config check ---


def test_a_sound_catalogue_is_ok(command: Command) -> None:
    result = command("config", "check")
    assert result.exit_code == 0
    assert result.stdout.startswith("ok: 17 indicators, ")
    assert "5 articles with 28 claims" in result.stdout


def test_a_broken_indicator_ends_with_2_file_line_and_suggestion(config_copy: Path) -> None:
    """As a person runs it: a process of its own."""
    line = edit(config_copy / HOMICIDE, "    decimals: 2", "    decimal: 2")
    result = run_twotrack(["config", "check"], {"TWOTRACK_CONFIG_DIR": str(config_copy)})
    assert result.returncode == 2
    assert f"{HOMICIDE}:{line}: measures.rate.decimal: unknown key" in result.stderr
    assert "did you mean 'decimals'?" in result.stderr
    assert f"1 error in {config_copy}" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("tables/homicide-rate.world-bank.csv", ",GTM,", ",GTX,", ":2: ref_area: unknown ref_area"),
        ("sources/fred.yaml", "schedule:", "schedul:", "did you mean 'schedule'?"),
        ("areas.yaml", "areas:\n", "areas:\n- [\n", "areas.yaml:"),
        ("sources/fred.yaml", "* * *", "* * 1", "'1' is no day of week; valid are mon to sun"),
    ],
)
def test_every_kind_of_broken_file_ends_with_2(
    command: Command, config_copy: Path, file: str, old: str, new: str, said: str
) -> None:
    edit(config_copy / file, old, new)
    result = command("config", "check", config=config_copy)
    assert result.exit_code == 2
    assert f"{file}:" in result.stderr
    assert said in result.stderr


def test_a_folder_that_is_not_there_ends_with_2(command: Command, tmp_path: Path) -> None:
    result = command("config", "check", config=tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere:1: no such folder" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "high", "port"),
        ("TWOTRACK_DATABASE_URL", "nonsense", "is no database address"),
    ],
)
def test_bad_settings_end_with_2(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    result = command("status")
    assert result.exit_code == 2
    assert said in result.stderr.lower()


@pytest.mark.parametrize("arguments", [["--nonsense"], ["ingest", "rnu"], ["config", "check", "x"]])
def test_bad_usage_ends_with_2(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).exit_code == 2


def test_help_names_the_commands(command: Command) -> None:
    text = command("--help").stdout
    for word in ("up", "serve", "schedule", "ingest", "export", "status", "config", "db"):
        assert word in text


# --- ingest ---


def test_the_list_of_sources(command: Command, catalog: Catalog) -> None:
    result = command("ingest", "list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["source", "adapter", "cron", "time", "zone", "provider"]
    assert [line.split()[0] for line in lines[1:]] == list(catalog.sources)


def test_a_source_is_run_and_then_unchanged(command: Command) -> None:
    first = command("ingest", "run", "pew", "white-house")
    assert first.exit_code == 0
    assert [line.split()[:4] for line in first.stdout.splitlines()[1:]] == [
        ["pew", "table", "ok", "7"],
        ["white-house", "table", "ok", "5"],
    ]
    assert "ingest: pew" in first.stderr
    second = command("ingest", "run", "pew")
    assert second.stdout.splitlines()[1].split()[2] == "unchanged"


def test_an_unknown_source_gets_the_nearest_and_runs_nothing(
    command: Command, tmp_path: Path
) -> None:
    result = command("ingest", "run", "pew", "worldbank")
    assert result.exit_code == 2
    assert result.stderr.strip() == "unknown source 'worldbank' (did you mean 'world-bank'?)"
    engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'twotrack.db'}")
    assert runs(engine) == []
    engine.dispose()


def test_a_source_that_fails_ends_with_1_and_the_others_run(
    command: Command, config_copy: Path, tmp_path: Path
) -> None:
    edit(config_copy / PEW, ",6.9,", ",6.9 million,")
    result = command("ingest", "run", "pew", "white-house", config=config_copy)
    assert result.exit_code == 1
    assert [line.split()[2] for line in result.stdout.splitlines()[1:]] == ["failed", "ok"]
    said = f"{PEW}:2: value: '6.9 million' is no number"
    assert f"pew: {said}" in result.stderr
    assert f"  error {said}" in result.stderr
    engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'twotrack.db'}")
    (run,) = runs(engine, "pew")
    assert run.status is RunStatus.FAILED
    assert issues(engine, run.id)[0].raw.startswith("unauthorized-population,population,,USA,MEX")
    engine.dispose()


def test_a_dry_run_shows_what_would_be_new(command: Command) -> None:
    result = command("ingest", "run", "pew", "--dry-run")
    assert result.exit_code == 0
    assert "ok (dry run)" in result.stdout
    assert "unauthorized-population.population.A.USA.MEX.pew" in result.stdout


def test_a_dry_run_makes_no_database_and_no_folder(command: Command, tmp_path: Path) -> None:
    assert command("ingest", "run", "pew", "--dry-run").exit_code == 0
    assert not (tmp_path / "home").exists()


def test_a_dry_run_leaves_a_database_of_another_version_alone(
    command: Command, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'home' / 'twotrack.db'}"
    engine = make_engine(url)
    upgrade(engine, "0001")
    result = command("ingest", "run", "pew", "--dry-run")
    assert result.exit_code == 2
    assert "stands at revision 0001" in result.stderr
    assert "twotrack db upgrade" in result.stderr
    assert current_revision(engine) == "0001"
    engine.dispose()


def test_nothing_is_run_with_a_broken_catalogue_and_that_is_noted(
    command: Command, config_copy: Path, tmp_path: Path
) -> None:
    edit(config_copy / HOMICIDE, "topic: security", "topic: securty")
    result = command("ingest", "run", "pew", config=config_copy)
    assert result.exit_code == 2
    assert "did you mean 'security'?" in result.stderr
    engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'twotrack.db'}")
    (run,) = runs(engine, "pew")
    assert (run.status, run.error_class) == (RunStatus.FAILED, "ConfigErrors")
    (issue,) = issues(engine, run.id)
    assert issue.locator.startswith(f"{HOMICIDE}:")
    engine.dispose()


# --- export ---

KEY_COLUMNS = ("indicator", "series_id", "period_start", "period_end", "value", "unit", "source")


def test_observations_are_written_to_standard_output(full: Command, loaded: Loaded) -> None:
    result = full("export", "observations", "--indicator", "homicide-rate", "--ref-area", "MEX")
    assert result.exit_code == 0
    found = rows(result.stdout)
    assert found
    assert set(KEY_COLUMNS) <= found[0].keys()
    assert {row["indicator"] for row in found} == {"homicide-rate"}
    eight = [r for r in found if r["period_start"] == "2008-01-01" and r["source"] == "world-bank"]
    assert [row["value"] for row in eight] == ["12.6390521335363"]


@pytest.mark.parametrize(
    ("asof", "expected"), [("2022-01-01", "72115313"), (None, "270272657"), ("2021-01-01", None)]
)
def test_observations_as_of_a_day(full: Command, asof: str | None, expected: str | None) -> None:
    arguments = ["--indicator", "merida-spending", "--from", "2020-09-30", "--to", "2020-09-30"]
    result = full("export", "observations", *arguments, *(["--asof", asof] if asof else []))
    assert result.exit_code == 0
    found = [
        row["value"]
        for row in rows(result.stdout)
        if "obligated" in row["series_id"] and "foreign-assistance" in row["series_id"]
    ]
    assert found == ([expected] if expected else [])


def test_history_holds_both_vintages(full: Command) -> None:
    arguments = ["--indicator", "merida-spending", "--from", "2020-09-30", "--to", "2020-09-30"]
    found = rows(full("export", "observations", *arguments, "--history").stdout)
    values = [r["value"] for r in found if "stage=obligated" in r["series_id"]]
    assert values == ["72115313", "270272657"]


def test_a_file_is_written_and_named(full: Command, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    result = full("export", "observations", "--output", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert str(path) in result.stderr.replace("\n", "")
    body = path.read_bytes()
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") > 3000
    assert len(rows(body.decode())) > 3000


def test_no_row_is_still_a_header(full: Command) -> None:
    result = full("export", "observations", "--to", "1900-01-01")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert result.stdout.startswith("indicator,series_id,")


def test_claims_are_written(full: Command, tmp_path: Path) -> None:
    found = rows(full("export", "claims").stdout)
    assert len(found) == 28
    assert all(row["quote"] and row["article_date"] for row in found)
    path = tmp_path / "claims.csv"
    assert full("export", "claims", "-o", path).exit_code == 0
    assert rows(path.read_text(encoding="utf-8")) == found
    some = rows(full("export", "claims", "--indicator", "homicide-rate").stdout)
    assert {row["indicator"] for row in some} == {"homicide-rate"}
    assert 0 < len(some) < 28


def test_claims_that_wait_are_written_where_they_are_asked_for(
    full: Command, catalog: Catalog, tmp_path: Path
) -> None:
    """In the words of the API."""
    engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'twotrack.db'}")
    draft = a_draft([a_claim(2018, "pending"), a_claim(2022, "rejected")])
    store_articles(engine, catalog, draft)
    engine.dispose()
    for review, states in (
        ("accepted", {"accepted": 28}),
        ("pending", {"pending": 1}),
        ("all", {"accepted": 28, "pending": 1, "rejected": 1}),
    ):
        found = rows(full("export", "claims", "--review", review).stdout)
        assert Counter(row["review_state"] for row in found) == states
    assert len(rows(full("export", "claims").stdout)) == 28
    some = rows(full("export", "claims", "--review", "all", "--article", draft.id).stdout)
    assert {row["article_id"] for row in some} == {draft.id}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["observations", "--indicator", "homicide-rates"], "did you mean 'homicide-rate'?"),
        (["observations", "--from", "last year"], "from=last year is no day"),
        (["observations", "--asof", "2022-02-30"], "asof=2022-02-30 is no day"),
        (["observations", "--from", "2021", "--to", "2019"], "lies after to=2019"),
        (["observations", "--ref-area", "MEXX"], "ref_area=MEXX is unknown; did you mean 'MEX'?"),
        (["claims", "--review", "zzzz"], "review=zzzz is unknown; valid are "),
        (["claims", "--indicator", "zzzz"], "indicator=zzzz is unknown; valid are "),
        (["claims", "--article", "benitez-2021"], "did you mean 'benitez-2021-two-track'?"),
    ],
)
def test_bad_filters_end_with_2(full: Command, arguments: list[str], said: str) -> None:
    result = full("export", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_reader_that_has_enough_is_no_error(loaded: Loaded, tmp_path: Path) -> None:
    loaded.copy(tmp_path).dispose()
    with subprocess.Popen(
        [sys.executable, "-m", "twotrack", "export", "observations", "--history"],
        env=environment(TWOTRACK_HOME=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"indicator,")
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


# --- status ---


def test_the_status_of_an_empty_installation_is_new_and_no_failure(command: Command) -> None:
    result = command("status", "--exit-code", "--json")
    assert result.exit_code == 0
    assert {row["freshness"] for row in json.loads(result.stdout)} <= {"new", "paused"}


def test_the_status_says_what_failed_and_why(command: Command, config_copy: Path) -> None:
    pause_providers(config_copy)
    edit(config_copy / PEW, ",6.9,", ",much,")
    assert command("ingest", "run", "pew", config=config_copy).exit_code == 1
    plain = command("status")
    assert plain.exit_code == 0
    assert any(line.split()[:2] == ["pew", "failing"] for line in plain.stdout.splitlines())
    assert command("status", "--exit-code").exit_code == 1
    (row,) = (r for r in json.loads(command("status", "--json").stdout) if r["source"] == "pew")
    assert row["message"].startswith(f"{PEW}:2: value: 'much' is no number")
    edit(config_copy / PEW, ",much,", ",6.9,")
    assert command("ingest", "run", "pew").exit_code == 0
    assert command("status", "--exit-code").exit_code == 0


def test_a_full_installation_counts_its_figures(full: Command, loaded: Loaded) -> None:
    found = {row["source"]: row for row in json.loads(full("status", "--json").stdout)}
    assert found.keys() == loaded.catalog.sources.keys()
    assert found["world-bank"]["observations"] == 140
    assert found["world-bank"]["newest_release"] == "2022-07-20"


# --- db ---


def test_the_database_is_made_and_named(command: Command, tmp_path: Path) -> None:
    for _ in range(2):
        result = command("db", "upgrade")
        assert (result.exit_code, result.stdout) == (0, f"database at revision {HEAD}\n")
    assert (tmp_path / "home/twotrack.db").is_file()


def test_a_database_of_a_newer_version_ends_with_2(command: Command, tmp_path: Path) -> None:
    command("db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "home/twotrack.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    result = command("status")
    assert result.exit_code == 2
    assert "install the newer version that wrote it" in result.stderr
