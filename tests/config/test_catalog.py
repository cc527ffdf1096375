from __future__ import annotations

from pathlib import Path

import pytest

from config.catalog import Catalog, load_catalog
from tests.broken import CONFIG, edit, faults, table_faults

ARTICLE = "articles/leiroz-2021-biden-promises.yaml"
HOMICIDE = "indicators/homicide-rate.yaml"
TABLE = "tables/homicide-rate.world-bank.csv"
UNDATED = "tables/arms-seizures.atf.csv"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    (error,) = faults(tmp_path / "nowhere")
    assert str(error).endswith("nowhere:1: no such folder")


def test_a_broken_indicator_is_said_with_line_and_suggestion(config_copy: Path) -> None:
    line = edit(config_copy / HOMICIDE, "    decimals: 2", "    decimal: 2")
    (error,) = faults(config_copy)
    assert str(error) == (
        f"{HOMICIDE}:{line}: measures.rate.decimal: unknown key (did you mean 'decimals'?)"
    )


def test_errors_of_many_files_come_together_and_in_order(config_copy: Path) -> None:
    edit(config_copy / HOMICIDE, "topic: security", "topic: securty")
    edit(config_copy / "areas.yaml", "kind: country", "kind: contry")
    (config_copy / "sources" / "fred.yaml").write_text("id: [\n", encoding="utf-8")
    (config_copy / "providers.yaml").write_bytes(b"providers: \xff\n")
    found = faults(config_copy)
    assert [error.file for error in found] == [
        "areas.yaml",
        HOMICIDE,
        "providers.yaml",
        "sources/fred.yaml",
    ]
    assert "not UTF-8 at byte 11" in found[2].message


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "message", "hint"),
    [
        (HOMICIDE, "unit: per-100k", "unit: per-100", "measures.rate.unit", "unknown unit", "k'"),
        (
            HOMICIDE,
            "source: world-bank",
            "source: worldbank",
            "chart[0].source",
            "unknown source 'worldbank'",
            "did you mean 'world-bank'?",
        ),
        (
            HOMICIDE,
            "ref_area: MEX",
            "ref_area: MEY",
            "headline.ref_area",
            "unknown area 'MEY'",
            "did you mean 'MEX'?",
        ),
        (
            HOMICIDE,
            "facets: {source-type: compiled}",
            "facets: {source-typ: compiled}",
            "headline.facets.source-typ",
            "unknown facet 'source-typ'",
            "did you mean 'source-type'?",
        ),
        (
            HOMICIDE,
            "facets: {source-type: compiled}",
            "facets: {source-type: compield}",
            "headline.facets.source-type",
            "unknown value of facet source-type 'compield'",
            "did you mean 'compiled'?",
        ),
        (
            HOMICIDE,
            "headline:\n  measure: rate",
            "headline:\n  measure: ratio",
            "headline.measure",
            "unknown measure 'ratio'",
            "did you mean 'rate'?",
        ),
        (
            HOMICIDE,
            "ref_areas: [MEX, USA,",
            "ref_areas: [MEX, USB,",
            "feeds[0].ref_areas[1]",
            "unknown area 'USB'",
            "did you mean 'USA'?",
        ),
        (
            HOMICIDE,
            "    measure: rate\n    facets: {source-type: compiled}",
            "    measure: rate\n    facets: {}",
            "feeds[0].facets",
            "facets missing: source-type",
            None,
        ),
        (
            "sources/world-bank.yaml",
            "provider: world-bank",
            "provider: worldbank",
            "provider",
            "unknown provider 'worldbank'",
            "did you mean 'world-bank'?",
        ),
        (
            "pairs/mex-usa.yaml",
            "  - homicide-rate\n",
            "  - homicide-rates\n",
            "indicators[0]",
            "unknown indicator 'homicide-rates'",
            "did you mean 'homicide-rate'?",
        ),
        (
            "pairs/mex-usa.yaml",
            "counterpart_area: USA",
            "counterpart_area: USS",
            "counterpart_area",
            "unknown area 'USS'",
            "did you mean",
        ),
        (
            ARTICLE,
            "indicator: unauthorized-population",
            "indicator: unauthorised-population",
            "excerpts[0].claims[0].indicator",
            "unknown indicator 'unauthorised-population'",
            "did you mean 'unauthorized-population'?",
        ),
        (
            ARTICLE,
            "measure: population",
            "measure: populations",
            "excerpts[0].claims[0].measure",
            "unknown measure 'populations'",
            "did you mean 'population'?",
        ),
        (
            ARTICLE,
            "unit: persons",
            "unit: person",
            "excerpts[0].claims[0].unit",
            "unknown unit 'person'",
            "did you mean 'persons'?",
        ),
        (
            ARTICLE,
            "geography: [USA]",
            "geography: [UAS]",
            "excerpts[0].claims[0].geography[0]",
            "unknown area 'UAS'",
            "did you mean 'USA'?",
        ),
        (
            "sources/world-bank.yaml",
            'cron: "17 5 * * *"',
            'cron: "17 25 * * *"',
            "schedule.cron",
            "'25' is no hour",
            None,
        ),
    ],
)
def test_references_that_lead_nowhere_get_the_nearest(
    config_copy: Path, file: str, old: str, new: str, key: str, message: str, hint: str | None
) -> None:
    line = edit(config_copy / file, old, new)
    found = [error for error in faults(config_copy) if error.key == key]
    (error,) = found
    assert error.file == file
    assert line <= error.line <= line + old.count("\n") + 1
    assert message in error.message
    assert (hint or "") in (error.suggestion or "")
    assert (error.suggestion is None) is (hint is None)


def test_an_excerpt_that_is_too_long_is_refused(config_copy: Path) -> None:
    edit(config_copy / ARTICLE, 'suffix: " President', f'suffix: "{"x" * 200} President')
    (error,) = faults(config_copy)
    assert error.file == ARTICLE
    assert error.key == "excerpts[0]"
    assert error.message.endswith("at most 300 are allowed")


def test_a_quote_that_is_too_long_is_refused(config_copy: Path) -> None:
    edit(config_copy / ARTICLE, 'quote: "around', f'quote: "{"x" * 300} around')
    found = faults(config_copy)
    assert found[0].key == "excerpts[0].claims[0].quote"
    assert "at most 300 are allowed" in found[0].message


def test_a_quote_that_is_not_in_the_excerpt_is_refused(config_copy: Path) -> None:
    edit(config_copy / ARTICLE, 'quote: "around 11 million', 'quote: "around 12 million')
    (error,) = faults(config_copy)
    assert (error.file, error.key) == (ARTICLE, "excerpts[0]")
    assert "'unauthorized-immigrants' does not stand exactly once in the excerpt" in error.message


def test_values_must_fit_the_comparator(config_copy: Path) -> None:
    edit(config_copy / ARTICLE, "comparator: approx", "comparator: gt")
    (error,) = faults(config_copy)
    assert error.key == "excerpts[0].claims[0]"
    assert error.message == "comparator gt takes value_low and nothing else"


def test_a_claim_in_another_unit_needs_a_caveat(config_copy: Path) -> None:
    path = config_copy / ARTICLE
    text = path.read_text(encoding="utf-8")
    start = text.index("        caveats:\n")
    end = text.index("        review:") if "        review:" in text[start:] else len(text)
    end = min(e for e in (text.find(f"        {k}:", start) for k in ("class", "review")) if e > 0)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    load_catalog(config_copy)
    edit(path, "unit: persons", "unit: cases")
    (error,) = faults(config_copy)
    assert error.message == "unit 'cases' is not that of the measure, 'persons': add a caveat"


def test_a_claim_given_twice_is_refused(config_copy: Path) -> None:
    path = config_copy / "articles/benitez-2021-two-track.yaml"
    text = path.read_text(encoding="utf-8")
    ids = [line.split("id: ")[1] for line in text.splitlines() if "      - id: " in line]
    edit(path, f"- id: {ids[1]}\n", f"- id: {ids[0]}\n")
    (error,) = faults(config_copy)
    assert error.message == f"claim id given twice: {ids[0]}"


def test_a_file_named_otherwise_than_its_id_is_refused(config_copy: Path) -> None:
    (config_copy / HOMICIDE).rename(config_copy / "indicators/homicides.yaml")
    (error,) = faults(config_copy)
    assert (error.file, error.line, error.key) == ("indicators/homicides.yaml", 1, "id")
    assert error.suggestion == "rename the file to homicide-rate.yaml"


def test_a_file_that_would_not_be_read_is_refused(config_copy: Path) -> None:
    (config_copy / HOMICIDE).rename(config_copy / "indicators/homicide-rate.yml")
    (error,) = faults(config_copy)
    assert error.file == "indicators/homicide-rate.yml"
    assert error.suggestion == "rename the file to homicide-rate.yaml"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", "", "the file must hold one key, 'areas', with a list"),
        ("area: []\n", "", "the file must hold one key, 'areas', with a list"),
        ("areas: []\nunits: []\n", "", "the file must hold one key"),
        ("areas:\n", "areas", "must be a list"),
        ("areas: {MEX: Mexico}\n", "areas", "must be a list"),
        ("areas: 5\n", "areas", "must be a list"),
        ("areas: [MEX]\n", "areas[0]", "should be a valid dictionary"),
    ],
)
def test_a_list_file_holds_its_list(config_copy: Path, text: str, key: str, message: str) -> None:
    (config_copy / "areas.yaml").write_text(text, encoding="utf-8")
    (error,) = faults(config_copy)
    assert (error.file, error.key) == ("areas.yaml", key)
    assert message in error.message


def test_an_item_given_twice_is_refused(config_copy: Path) -> None:
    line = edit(config_copy / "areas.yaml", "id: USA\n", "id: MEX\n")
    found = [error for error in faults(config_copy) if error.file == "areas.yaml"]
    assert (found[0].line, found[0].message) == (line, "'MEX' is given twice")


def test_an_event_or_indicator_given_twice_is_refused(config_copy: Path) -> None:
    edit(config_copy / "pairs/mex-usa.yaml", "  - trade\n", "  - trade\n  - trade\n")
    (error,) = faults(config_copy)
    assert error.message == "indicator given twice: trade"


def test_a_missing_file_is_said(config_copy: Path) -> None:
    (config_copy / "units.yaml").unlink()
    (error,) = faults(config_copy)
    assert str(error) == "units.yaml:1: cannot be read: No such file or directory"


def test_no_pair_at_all_is_said(config_copy: Path) -> None:
    (config_copy / "pairs/mex-usa.yaml").unlink()
    (error,) = faults(config_copy)
    assert error.message == "no pair of countries is configured"


# --- tables ---


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("homicide-rates.world-bank.csv", "unknown indicator", "did you mean 'homicide-rate'?"),
        ("homicide-rate.worldbank.csv", "unknown source", "did you mean 'world-bank'?"),
        ("homicide-rate.csv", "a table is named <indicator>.<source>.csv", None),
        ("homicide-rate.world-bank.txt", "a table is named <indicator>.<source>.csv", None),
    ],
)
def test_a_table_named_wrongly_is_refused(
    config_copy: Path, name: str, message: str, hint: str | None
) -> None:
    (config_copy / TABLE).rename(config_copy / "tables" / name)
    (error,) = faults(config_copy)
    assert (error.file, error.line) == (f"tables/{name}", 1)
    assert message in error.message
    assert error.suggestion == hint


@pytest.fixture
def table_copy(tmp_path: Path) -> Path:
    """A folder with two of the tables."""
    for name in (TABLE, UNDATED):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((CONFIG / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "hint"),
    [
        (",27.4912262920361,", ',"27,491",', "value", "'27,491' is no number", None),
        (",27.4912262920361,", ",-1,", "value", "-1 lies outside the bounds of unit", None),
        (",27.4912262920361,", ",,", "value", "is empty, which only obs_status M or Q", None),
        (",1992,", ",1992-13,", "time_period", "'1992-13' is no period", None),
        (",1992,", ",1992-Q1,", "freq", "'A' does not fit the period '1992-Q1'", "use Q"),
        (",GTM,", ",GTX,", "ref_area", "unknown ref_area 'GTX'", "did you mean 'GTM'?"),
        ("source-type=compiled", "source=compiled", "facets", "unknown facets", "'source-type'"),
        ("source-type=compiled", "", "facets", "facet missing: 'source-type'", None),
        (
            "source-type=compiled",
            "source-type=compield",
            "facets",
            "unknown facets 'compield'",
            "did you mean 'compiled'?",
        ),
        (
            "wdi-homicide-2022-07-20",
            "wdi-homicide-2022-07-21",
            "evidence",
            "unknown evidence",
            "did you mean 'wdi-homicide-2022-07-20'?",
        ),
        ("homicide-rate,rate", "homicide-rate,rates", "measure", "unknown measure", "'rate'"),
        ("homicide-rate,rate", "homicide-count,rate", "indicator", "that of the file's name", None),
        (",world-bank,", ",fred,", "source", "'fred' is not that of the file's name", None),
        (",2022-07-20,", ",2022-7-20,", "published_on", "is no date", None),
        (",A,world-bank", ",Z,world-bank", "obs_status", "Input should be", None),
    ],
)
def test_a_bad_row_is_said_with_line_column_and_nearest(
    catalog: Catalog, table_copy: Path, old: str, new: str, key: str, message: str, hint: str | None
) -> None:
    line = edit(table_copy / TABLE, old, new)
    found = table_faults(catalog, table_copy)
    assert len(found) == 1
    error = found[0]
    assert (error.file, error.line, error.key) == (TABLE, line, key)
    assert message in error.message
    assert (hint or "") in (error.suggestion or "")


def test_a_row_given_twice_is_refused(catalog: Catalog, table_copy: Path) -> None:
    path = table_copy / TABLE
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1], ""]), encoding="utf-8")
    (error,) = table_faults(catalog, table_copy)
    assert error.line == len(lines) + 1
    assert error.message == "repeats line 2: same series, time_period and published_on"


def test_a_table_with_another_header_is_refused(catalog: Catalog, table_copy: Path) -> None:
    edit(table_copy / TABLE, "time_period", "period")
    (error,) = table_faults(catalog, table_copy)
    assert (error.file, error.line) == (TABLE, 1)
    assert error.message.startswith("header must be indicator,measure,facets")


def test_a_table_that_is_no_utf8_is_refused(catalog: Catalog, table_copy: Path) -> None:
    path = table_copy / TABLE
    path.write_bytes(path.read_bytes() + b"\xff")
    (error,) = table_faults(catalog, table_copy)
    assert "not UTF-8 at byte" in error.message


def test_an_undated_row_needs_evidence_with_a_day(catalog: Catalog, table_copy: Path) -> None:
    edit(table_copy / TABLE, ",2022-07-20,wdi", ",,wdi")
    (error,) = table_faults(catalog, table_copy)
    assert error.key == "published_on"
    assert "document 'wdi-homicide-2022-07-20' must say retrieved_on" in error.message


def test_all_bad_rows_of_all_tables_come_together(catalog: Catalog, table_copy: Path) -> None:
    edit(table_copy / TABLE, ",1992,", ",92,")
    edit(table_copy / TABLE, ",1993,", ",93,")
    edit(table_copy / UNDATED, ",2016,", ",16,")
    found = table_faults(catalog, table_copy)
    assert [(error.file, error.line) for error in found] == [(UNDATED, 2), (TABLE, 2), (TABLE, 3)]
