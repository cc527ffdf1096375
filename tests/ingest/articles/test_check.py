from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from config.catalog import Catalog, load_catalog
from config.schema import Excerpt
from ingest.articles.check import check_articles, misplaced, shortened
from tests.broken import edit
from tests.ingest.replay import MATERIAL

AMLO = "articles/leiroz-2021-amlo-harris.yaml"
NAME = "002_c5308fe1adc55eac.txt"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A copy of the texts. Skips the test where the material is not at hand."""
    folder = MATERIAL / "articles"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    copy = tmp_path / "texts"
    shutil.copytree(folder, copy)
    return copy


def one(catalog: Catalog) -> Catalog:
    name = "leiroz-2021-amlo-harris"
    return replace(catalog, articles={name: catalog.articles[name]})


def test_the_excerpts_of_the_catalogue_stand_in_their_texts(catalog: Catalog, texts: Path) -> None:
    checked = check_articles(catalog, texts)
    assert checked.faults == []
    assert checked.without_text == []
    assert checked.excerpts == sum(len(a.excerpts) for a in catalog.articles.values())


def test_a_text_is_found_by_its_hash(catalog: Catalog, texts: Path) -> None:
    (texts / NAME).rename(texts / "renamed.txt")
    assert check_articles(one(catalog), texts).without_text == []


def test_a_text_that_is_not_at_hand_is_no_fault(catalog: Catalog, tmp_path: Path) -> None:
    checked = check_articles(catalog, tmp_path)
    assert (checked.faults, checked.excerpts) == ([], 0)
    assert set(checked.without_text) == set(catalog.articles)


def test_an_excerpt_that_is_moved_is_named_with_its_line(config_copy: Path, texts: Path) -> None:
    line = edit(config_copy / AMLO, "start: 4935", "start: 4934")
    (fault,) = check_articles(load_catalog(config_copy), texts).faults
    assert (fault.file, fault.article) == (AMLO, "leiroz-2021-amlo-harris")
    assert fault.line < line
    assert fault.message == "stands at 4935, not at 4934"
    assert fault.excerpt.startswith("Washington recently shipped 2.7 million")


def test_an_excerpt_that_is_not_there_is_named(config_copy: Path, texts: Path) -> None:
    edit(config_copy / AMLO, "Washington recently shipped", "Washington once shipped")
    (fault,) = check_articles(load_catalog(config_copy), texts).faults
    assert fault.message == "does not stand in the text"
    assert str(fault).startswith(f"{AMLO}:{fault.line}: leiroz-2021-amlo-harris: 'Washington once")


def test_a_text_that_has_changed_is_named(catalog: Catalog, texts: Path) -> None:
    path = texts / NAME
    path.write_text(path.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    (fault,) = check_articles(one(catalog), texts).faults
    assert "`twotrack articles review` asks again" in fault.message
    path.write_bytes(b"\x00\x01")
    (fault,) = check_articles(one(catalog), texts).faults
    assert "not text" in fault.message


@pytest.mark.parametrize(
    ("prefix", "suffix", "start", "expected"),
    [
        ("six ", " nine", 4, None),
        ("ten ", " nine", 4, "is not preceded by 'ten '"),
        ("six ", " ten", 4, "is not followed by ' ten'"),
        ("", "", 5, "stands at 4, not at 5"),
    ],
)
def test_misplaced(prefix: str, suffix: str, start: int, expected: str | None) -> None:
    excerpt = Excerpt.model_construct(exact="eight", prefix=prefix, suffix=suffix, start=start)
    assert misplaced(excerpt, "six eight nine") == expected


def test_shortened() -> None:
    assert shortened("a" * 60) == "a" * 60
    assert shortened("a" * 61) == "a" * 59 + "…"
