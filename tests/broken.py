"""A copy of the catalogue, broken on purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.catalog import Catalog, check_tables, load_catalog
from config.loader import ConfigError, ConfigErrors

CONFIG = Path(__file__).parents[1] / "config"


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first `old` by `new` and return the line where it began."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def pause_providers(root: Path, *, but: str = "") -> None:
    """Pause every source of the catalogue at `root` that would ask a provider, `but` one."""
    for path in (root / "sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        local = "\nadapter: table\n" in text or "\nadapter: articles\n" in text
        if not local and path.stem != but and "\npaused: true" not in text:
            path.write_text(f"{text.rstrip()}\npaused: true\n", encoding="utf-8")


def faults(root: Path) -> list[ConfigError]:
    """What is wrong with the catalogue at `root`; the test fails if nothing is."""
    with pytest.raises(ConfigErrors) as caught:
        load_catalog(root)
    return caught.value.errors


def table_faults(catalog: Catalog, root: Path) -> list[ConfigError]:
    """What is wrong with the tables at `root`, whose catalogue is the sound one."""
    return check_tables(replace(catalog, root=root))
