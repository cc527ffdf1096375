from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from config.settings import Settings, read_settings


def test_the_defaults() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8050, 2)
    assert settings.home == Path("var")
    assert settings.url == f"sqlite:///{Path.cwd() / 'var' / 'twotrack.db'}"
    assert settings.snapshots == Path("var/snapshots")
    assert (settings.config_dir / "indicators").is_dir()
    assert settings.base_urls == {}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "TWOTRACK_HOME": str(tmp_path),
        "TWOTRACK_CONFIG_DIR": "/etc/two-track",
        "TWOTRACK_CONTACT": "data@example.org",
        "PORT": "8051",
        "HOST": "0.0.0.0",
        "WEB_CONCURRENCY": "4",
        "TWOTRACK_BASE_URL_WORLDBANK": "http://127.0.0.1:9",
        "TWOTRACK_BASE_URL_EMPTY": "",
        "TWOTRACK_SOMETHING_ELSE": "ignored",
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.url == f"sqlite:///{tmp_path}/twotrack.db"
    assert settings.config_dir == Path("/etc/two-track")
    assert settings.contact == "data@example.org"
    assert (settings.host, settings.port, settings.workers) == ("0.0.0.0", 8051, 4)
    assert settings.base_urls == {"worldbank": "http://127.0.0.1:9"}


def test_our_own_names_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8051")
    monkeypatch.setenv("TWOTRACK_PORT", "8052")
    assert read_settings().port == 8052


def test_an_address_of_a_database_wins_over_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOTRACK_DATABASE_URL", "postgresql://localhost/two_track")
    assert read_settings().url == "postgresql://localhost/two_track"


@pytest.mark.parametrize(
    "name", ["PORT", "TWOTRACK_HOME", "TWOTRACK_CONFIG_DIR", "TWOTRACK_DATABASE_URL"]
)
def test_an_empty_variable_is_one_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plain = read_settings()
    monkeypatch.setenv(name, "")
    assert read_settings() == plain


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "65536"), ("PORT", "eighty"), ("WEB_CONCURRENCY", "0")],
)
def test_values_out_of_range_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        read_settings()


@pytest.mark.parametrize("name", ["a b", "50%25", "a?b", "a#b", "ñ"])
def test_any_folder_makes_an_address(tmp_path: Path, name: str) -> None:
    url = make_url(Settings(home=tmp_path / name).url)
    assert url.database == str(tmp_path / name / "twotrack.db")
    assert not url.query
