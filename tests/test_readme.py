"""What the README says is so: commands, settings, parameters, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import typer

import twotrack
from config.catalog import Catalog
from dashboard.export.columns import PARAMETERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands(group: click.Command, prefix: str) -> Iterator[str]:
    if isinstance(group, typer.core.TyperGroup):
        for name, command in group.commands.items():
            yield from _commands(command, f"{prefix} {name}")
    else:
        yield prefix


def test_every_command_is_documented() -> None:
    found = list(_commands(typer.main.get_command(twotrack.app), "twotrack"))
    assert "twotrack up" in found
    missing = [command for command in found if f"`{command}" not in README]
    assert not missing


def test_every_setting_is_documented() -> None:
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r"^\| `(TWOTRACK_\w+)", source, flags=re.MULTILINE))
    assert {"TWOTRACK_HOME", "TWOTRACK_DATABASE_URL", "TWOTRACK_CONFIG_DIR"} <= names
    assert not [name for name in names if name not in README]


def test_every_parameter_of_the_api_is_documented() -> None:
    rows = {
        line.split("|")[1].strip(" `"): line for line in README.split("\n") if "/api/v1" in line
    }
    for address, parameters in PARAMETERS.items():
        assert set(parameters) <= set(re.findall(r"\w+", rows[address])), address


def test_the_counts_are_those_of_the_catalogue(catalog: Catalog) -> None:
    claims = sum(len(article.claims) for article in catalog.articles.values())
    line = (
        f"ok: {len(catalog.indicators)} indicators, {len(catalog.sources)} sources, "
        f"{len(catalog.articles)} articles with {claims} claims, "
        f"{len(catalog.documents)} documents"
    )
    assert line in README


def test_every_file_that_is_named_exists() -> None:
    targets = re.findall(r"\]\(((?!https?://)[^)#]+)\)", README)
    assert targets
    assert not [target for target in targets if not (ROOT / target).exists()]
