"""Constructions of prose, one by one (`constructions.txt`): what a figure takes over, what it is a
share of, what it is held against, its span of time; and what is no figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.articles.reading import read, shorts, span

CONSTRUCTIONS = Path(__file__).with_name("constructions.txt")


def cases(*, periods: bool) -> list[tuple[str, str, str]]:
    """(language, text, expected) of the sections that tell spans of time, or of the others."""
    section, case = "", ("", "")
    found = []
    for line in CONSTRUCTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("    ") and (section == "periods") == periods:
            found.append((*case, line.strip()))
        elif line and line[0] not in "# ":
            language, text = line.split(": ", 1)
            case = language, text.replace(r"\n", "\n")
    return found


@pytest.mark.parametrize(("language", "text", "expected"), cases(periods=False))
def test_constructions(language: str, text: str, expected: str) -> None:
    assert (" | ".join(shorts(text, language)) or "-") == expected


@pytest.mark.parametrize(("language", "text", "expected"), cases(periods=True))
def test_periods(language: str, text: str, expected: str) -> None:
    which, bounds = expected.split(": ")
    assert span(read(text, language)[int(which)]) == bounds
