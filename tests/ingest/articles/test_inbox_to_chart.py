"""The whole way of a new article, by the commands that people use, before a running dashboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import twotrack
from config.catalog import load_catalog
from dashboard.app import create_app
from db.engine import make_engine
from tests.stores import NOW, Loaded

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## New articles")[2].partition("\n## ")[0]
NEWS = SECTION.partition("```text\n")[2].partition("```")[0]
SESSION = SECTION.partition("```console\n")[2].partition("```")[0]
QUOTE = "29 per 100,000"
Page = Callable[[str], str]


@pytest.fixture
def home(
    tmp_path: Path, config_copy: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> Path:
    home = tmp_path / "home"
    (home / "inbox").mkdir(parents=True)
    loaded.copy(home).dispose()
    monkeypatch.setenv("TWOTRACK_HOME", str(home))
    monkeypatch.setenv("TWOTRACK_CONFIG_DIR", str(config_copy))
    monkeypatch.setenv("TWOTRACK_REVIEWER", "ana")
    return home


@pytest.fixture
def page(home: Path, config_copy: Path) -> Iterator[Page]:
    """A dashboard that was started before the article came."""
    engine = make_engine(f"sqlite:///{home / 'twotrack.db'}", read_only=True)
    client = create_app(load_catalog(config_copy), engine, lambda: NOW).server.test_client()

    def get(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200
        return str(response.get_data(as_text=True))

    yield get
    engine.dispose()


def shown(command: str) -> list[str]:
    """What the README shows of a command's output."""
    after = SESSION.partition(f"twotrack articles {command}")[2].partition("\n")[2]
    return [line.rstrip() for line in after.partition("\n$ ")[0].splitlines() if line != "..."]


def articles(*arguments: str, answers: str = "") -> str:
    result = CliRunner().invoke(twotrack.app, ["articles", *arguments], input=answers)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_dropped_article_is_on_its_indicators_chart_once_it_is_reviewed(
    home: Path, page: Page
) -> None:
    rate = "/en/indicators/homicide-rate"
    csv = "/api/v1/claims.csv"
    (home / "inbox" / "news.txt").write_text(NEWS, encoding="utf-8")
    assert "2 claims to review" in articles("watch", "--once")
    for address in (rate, csv):
        assert QUOTE not in page(address), "shown before it was reviewed"
    assert "2 accepted" in articles("review", answers="a\na\n")
    after = page(rate)
    assert QUOTE in after
    assert "A decade of homicides" in after
    assert QUOTE in page(csv)
    assert articles("watch", "--once") == "nothing new\n"


def test_the_session_of_the_readme_is_what_happens(home: Path) -> None:
    path = home / "inbox" / "news.txt"
    path.write_text(NEWS, encoding="utf-8")
    for arguments in (["extract", str(path), "--format", "table"], ["watch", "--once"]):
        said = [line.rstrip() for line in articles(*arguments).splitlines()]
        assert said == shown(arguments[0])
    said = articles("review", "--reviewer", "Ana López", answers="a\na\n").splitlines()
    answered = "[q]uit > a"
    assert [line for line in shown("review") if line not in said and answered not in line] == []
