"""Checks and corrections in files: what they refer to must be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalog import Catalog, load_catalog
from tests.broken import CONFIG, edit, faults

UNHCR = "sources/unhcr.yaml"
CORRECTIONS = """\
id: world-bank
corrections:
  - indicator: homicide-rate
    measure: rate
    facets: {source-type: compiled}
    ref_area: MEX
    freq: A
    time_period: "2020"
    expect: 281
    value: 28.1
    reason: {en: The point is missing., es: Falta el punto.}
    evidence: %s
"""


def test_every_source_that_asks_a_provider_declares_checks(catalog: Catalog) -> None:
    for source in catalog.sources.values():
        if source.adapter not in {"table", "articles"} and catalog.feeds_of(source.id):
            error, warning = source.checks.error, source.checks.warning
            assert error.rows or error.maximum_change, source.id
            assert warning.minimum_rows, source.id
            assert not source.complete or error.maximum_missing is not None, source.id


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "hint"),
    [
        (
            "minimum_rows",
            "minimum_row",
            "checks.warning.minimum_row",
            "unknown key",
            "did you mean 'minimum_rows'?",
        ),
        (
            "rows: [{indicator: asylum-cases,",
            "rows: [{indicator: asylum-case,",
            "checks.error.rows[0].indicator",
            "unknown indicator 'asylum-case'",
            "did you mean 'asylum-cases'?",
        ),
        (
            "rows: [{indicator: asylum-cases,",
            "rows: [{measure: refugee,",
            "checks.error.rows[0].measure",
            "unknown measure 'refugee'",
            "did you mean 'refugees'?",
        ),
        (
            "rows: [{indicator: asylum-cases,",
            "rows: [{ref_area: SLV,",
            "checks.error.rows[0].ref_area",
            "unknown ref_area 'SLV'",
            None,
        ),
        (
            "maximum_change: [{indicator: asylum-cases, revision: 10, step: 100,",
            "maximum_change: [{facets: {procedur: all}, revision: 10,",
            "checks.error.maximum_change[0].facets.procedur",
            "unknown facet 'procedur'",
            "did you mean 'procedure'?",
        ),
    ],
)
def test_a_check_of_what_is_not_there(
    config_copy: Path, old: str, new: str, key: str, message: str, hint: str | None
) -> None:
    line = edit(config_copy / UNHCR, old, new)
    (error,) = faults(config_copy)
    assert (error.file, error.line, error.key) == (UNHCR, line, key)
    assert message in error.message
    if hint:
        assert hint in (error.suggestion or "")


def test_half_of_a_whole_extract_must_be_watched_for(config_copy: Path) -> None:
    edit(config_copy / UNHCR, "    maximum_missing: 0.1\n", "")
    (error,) = faults(config_copy)
    assert "checks.error.maximum_missing must say how much may be missing" in error.message


def test_a_correction_is_loaded(config_copy: Path) -> None:
    document = min(load_catalog(CONFIG).documents)
    folder = config_copy / "corrections"
    folder.mkdir(exist_ok=True)
    (folder / "world-bank.yaml").write_text(CORRECTIONS % document, encoding="utf-8")
    (correction,) = load_catalog(config_copy).corrections_of("world-bank")
    assert (str(correction.expect), str(correction.value)) == ("281", "28.1")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("homicide-rate", "homicide-rat", "corrections[0].indicator", "unknown indicator"),
        ("measure: rate", "measure: rates", "corrections[0].measure", "unknown measure 'rates'"),
        ("ref_area: MEX", "ref_area: MEY", "corrections[0].ref_area", "unknown area 'MEY'"),
        ('"2020"', '"2020-01"', "corrections[0].time_period", "is not of frequency A"),
        ('"2020"', '"20"', "corrections[0].time_period", "'20' is no period"),
        ("{source-type: compiled}", "{}", "corrections[0].facets", "facets missing: source-type"),
        ("compiled", "compild", "corrections[0].facets.source-type", "unknown value of facet"),
        ("    expect: 281\n", "", "corrections[0]", "expect"),
        ("evidence: ", "evidence: not-", "corrections[0].evidence", "unknown document 'not-"),
    ],
)
def test_a_correction_of_what_is_not_there(
    config_copy: Path, old: str, new: str, key: str, message: str
) -> None:
    text = (CORRECTIONS % min(load_catalog(CONFIG).documents)).replace(old, new)
    folder = config_copy / "corrections"
    folder.mkdir(exist_ok=True)
    (folder / "world-bank.yaml").write_text(text, encoding="utf-8")
    (error,) = faults(config_copy)
    assert error.file == "corrections/world-bank.yaml"
    assert error.key.startswith(key)
    assert message in str(error)
