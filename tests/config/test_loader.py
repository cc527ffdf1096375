from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loader import (
    ConfigError,
    ConfigErrors,
    dotted,
    load_model,
    nearest,
    read_table,
    read_text,
    read_yaml,
)
from config.schema import (
    TABLE_COLUMNS,
    Area,
    Claim,
    Indicator,
    Schedule,
    Source,
    TableRow,
    format_facets,
    parse_facets,
)


def value(text: str) -> Any:
    return read_yaml(text, "file.yaml").value


def errors(model: type[Any], text: str) -> list[ConfigError]:
    with pytest.raises(ConfigErrors) as caught:
        load_model(model, read_yaml(text, "file.yaml"))
    return caught.value.errors


@pytest.mark.parametrize("word", ["NO", "no", "No", "yes", "on", "off", "y", "n", "Yes", "ON"])
def test_words_that_yaml_1_1_takes_for_truth_are_text(word: str) -> None:
    assert value(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("010", 10),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2021-06-15", "2021-06-15"),
        ("'12'", "12"),
        ('"null"', "null"),
        ("0x1F", "0x1F"),
        (".nan", ".nan"),
        (".inf", ".inf"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, expected: object) -> None:
    found = value(f"a: {text}")["a"]
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("text", ["0.1", "12.6400", "1e3", "-0.30", ".5", "5."])
def test_numbers_with_a_point_are_exact_and_keep_their_digits(text: str) -> None:
    found = value(f"a: {text}")["a"]
    assert isinstance(found, Decimal)
    assert str(found) == str(Decimal(text))


def test_a_key_given_twice_names_both_lines() -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", "file.yaml")
    assert str(caught.value) == "file.yaml:5: b.c: key is given twice, first in line 3"


def test_lines_are_those_of_the_keys() -> None:
    source = read_yaml("# note\na:\n  - x: 1\n    y: 2\n  - x: 3\n", "f")
    assert source.line(("a", 0, "y")) == 4
    assert source.line(("a", 1, "x")) == 5
    assert source.line(("a", 1, "missing", "deeper")) == 5
    assert source.line(("nothing",)) == 2


def test_an_alias_of_itself_is_an_error() -> None:
    with pytest.raises(ConfigError, match="nested more than 40 levels deep"):
        read_yaml("a: &again [1, *again]\n", "file.yaml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb: 3\n", 2),
        ('a: "open\n', 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: b: c\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: *nobody\n", 1),
        ("a: @x\n", 1),
        ("a: 1\n b: 2\n", 2),
    ],
)
def test_broken_yaml_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml(text, "file.yaml")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"file.yaml:{line}: not valid YAML: ")


def test_a_control_character_is_said() -> None:
    with pytest.raises(ConfigError, match=r"file.yaml:1: not valid YAML"):
        read_yaml("a: \x01\n", "file.yaml")


def test_a_key_must_be_a_word() -> None:
    with pytest.raises(ConfigError, match="a key must be a word"):
        read_yaml("[1, 2]: x\n", "file.yaml")


def test_an_empty_file_is_no_model() -> None:
    (error,) = errors(Area, "")
    assert (error.file, error.line) == ("file.yaml", 1)


def test_an_unknown_key_gets_the_nearest() -> None:
    text = "id: MEX\nname: {en: Mexico, es: México}\nkindd: country\nstandard: ISO\n"
    unknown, missing = sorted(errors(Area, text), key=lambda error: -error.line)
    assert str(unknown) == "file.yaml:3: kindd: unknown key (did you mean 'kind'?)"
    assert missing.message == "key is missing"
    assert missing.key == "kind"


def test_unknown_keys_deep_inside_get_the_nearest_of_that_place() -> None:
    text = "id: x\nmeasures:\n  rate:\n    nam: {en: a, es: b}\n    unit: usd\n    kind: rate\n"
    found = {error.key: error for error in errors(Indicator, text)}
    assert found["measures.rate.nam"].line == 4
    assert found["measures.rate.nam"].suggestion == "did you mean 'name'?"
    assert found["measures.rate.name"].message == "key is missing"


def test_a_wrong_word_gets_the_nearest() -> None:
    text = "id: MEX\nname: {en: Mexico, es: México}\nkind: contry\nstandard: ISO\n"
    (error,) = errors(Area, text)
    assert str(error) == "file.yaml:3: kind: 'contry' is not allowed (did you mean 'country'?)"


def test_a_word_far_from_all_gets_the_list() -> None:
    assert nearest("zzz", ["b", "a"]) == "valid are a, b"
    assert nearest("zzz", [f"word-{number}" for number in range(13)]) is None
    assert nearest("zzz", []) is None


def test_all_errors_of_a_file_come_together() -> None:
    found = errors(Area, "id: mexico\nname: {en: ''}\nkind: country\nstandard: ISO\n")
    assert [error.key for error in found] == ["id", "name.en", "name.es"]
    assert "does not fit the form" in found[0].message


@pytest.mark.parametrize("word", ["NO", "yes", "off", "1", "'true'"])
def test_only_true_and_false_are_flags(word: str) -> None:
    text = f"id: x\npaused: {word}\n"
    assert "paused" in [error.key for error in errors(Source, text)]


@pytest.mark.parametrize("number", ["true", ".nan", ".inf", "1,000", "twelve"])
def test_a_number_is_a_number(number: str) -> None:
    found = errors(Claim, f"id: x\nrounding_unit: {number}\n")
    assert "rounding_unit" in [error.key for error in found]


def test_a_number_is_exact() -> None:
    text = (
        "id: x\nquote: q\nindicator: i\nmeasure: m\nvalue_low: 0.1\nvalue_high: 0.1\n"
        "comparator: eq\nrounding_unit: 0.1\nunit: usd\ngeography: [MEX]\nref_areas: []\n"
        "review: {state: pending}\n"
    )
    claim = load_model(Claim, read_yaml(text, "f"))
    assert claim.value_low == Decimal("0.1")
    assert str(claim.rounding_unit) == "0.1"


@pytest.mark.parametrize(
    "cron",
    ["17 5 * * *", "*/15 * * * *", "0 6-18/2 1,15 * *", "0 0 * 1-6 mon-fri", "5 4 * * sun"],
)
def test_cron_lines(cron: str) -> None:
    assert Schedule(cron=cron).cron == cron


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("60 5 * * *", "'60' is no minute; valid are 0 to 59"),
        ("0 24 * * *", "'24' is no hour"),
        ("0 5 0 * *", "'0' is no day of month"),
        ("0 5 * 13 *", "'13' is no month"),
        ("0 5 * * 1", "'1' is no day of week; valid are mon to sun"),
        ("0 5 * * *  ", "has not the five fields"),
        ("0 5 * *", "has not the five fields of cron: minute, hour, day of month, month"),
        ("0 5-3 * * *", "'5-3' ends before it starts"),
        ("*/0 5 * * *", "'*/0' is no minute"),
        ("@daily", "has not the five fields"),
        ("0 x * * *", "'x' is no hour"),
        ("0 1- * * *", "'1-' is no hour"),
    ],
)
def test_bad_cron_lines_are_said_with_their_line(cron: str, problem: str) -> None:
    (error,) = errors(Schedule, f"timezone: UTC\ncron: {cron!r}\n")
    assert (error.line, error.key) == (2, "cron")
    assert problem in error.message


@pytest.mark.parametrize("zone", ["Mexico City", "America/Mexico", "../etc/passwd", "America"])
def test_bad_time_zones_are_said(zone: str) -> None:
    (error,) = errors(Schedule, f"cron: 0 5 * * *\ntimezone: {zone}\n")
    assert (error.line, error.key) == (2, "timezone")
    assert "is no time zone" in error.message


def test_dotted_paths() -> None:
    assert dotted(("excerpts", 0, "claims", 2, "unit")) == "excerpts[0].claims[2].unit"
    assert dotted(()) == ""


@pytest.mark.parametrize(
    ("body", "line", "byte"), [(b"a: 1\nb: \xff\n", 2, 8), (b"\xe9", 1, 0), (b"a\n\n\xc3(", 3, 3)]
)
def test_bytes_that_are_no_utf8_are_said_with_their_line(
    tmp_path: Path, body: bytes, line: int, byte: int
) -> None:
    (tmp_path / "x.yaml").write_bytes(body)
    with pytest.raises(ConfigError) as caught:
        read_text(tmp_path / "x.yaml", tmp_path)
    assert str(caught.value) == f"x.yaml:{line}: not UTF-8 at byte {byte}"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml:1: cannot be read: No such file"):
        read_text(tmp_path / "x.yaml", tmp_path)


# --- tables ---

HEADER = ",".join(TABLE_COLUMNS)
GOOD = "homicide-rate,rate,source-type=compiled,MEX,,A,2008,12.640,0,A,world-bank,2022-07-20,wdi,"


def rows(*lines: str, header: str = HEADER, end: str = "\n") -> list[tuple[int, Any]]:
    return list(read_table(end.join([header, *lines, ""]), "tables/t.csv"))


def cell(column: str, text: str) -> str:
    cells = GOOD.split(",")
    cells[TABLE_COLUMNS.index(column)] = text
    return ",".join(cells)


def test_a_row_of_a_table() -> None:
    ((line, row),) = rows(GOOD)
    assert line == 2
    assert isinstance(row, TableRow)
    assert (str(row.value), row.published_on) == ("12.640", date(2022, 7, 20))
    assert row.facets == {"source-type": "compiled"}
    assert (row.counterpart_area, row.unit_mult, row.note) == (None, 0, "")


def test_windows_line_ends_and_quoted_line_breaks_keep_the_count_of_lines() -> None:
    found = rows(GOOD + '"two\r\nlines"', GOOD, end="\r\n")
    assert [line for line, _ in found] == [3, 4]
    assert found[0][1].note == "two\r\nlines"


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("value", "12,5", "is no number"),
        ("value", "n/a", "'n/a' is no number; write it like 1234.5, without grouping"),
        ("value", "nan", "is no number"),
        ("value", " 12", "is no number"),
        ("value", "1_000", "is no number"),
        ("unit_mult", "six", "'six' is no power of ten; write 6 for millions"),
        ("unit_mult", " 6", "is no power of ten"),
        ("unit_mult", "13", "less than or equal to 12"),
        ("unit_mult", "-1", "greater than or equal to 0"),
        ("published_on", "20220720", "'20220720' is no date; write it like 2021-06-15"),
        ("published_on", "2022-W29-3", "is no date"),
        ("published_on", "2022-02-30", "is no date"),
        ("published_on", "yesterday", "is no date"),
        ("facets", "source-type", "is not of the form facet=value;facet=value"),
        ("facets", "a=b;a=c", "names a facet twice"),
        ("obs_status", "Z", "Input should be"),
        ("obs_status", "", "Input should be"),
        ("ref_area", "Mexico", "String should match"),
        ("freq", "Y", "Input should be"),
        ("time_period", "", "at least 1 character"),
        ("evidence", "", "String should match"),
    ],
)
def test_bad_cells_are_said_with_line_and_column(column: str, text: str, problem: str) -> None:
    quoted = f'"{text}"' if "," in text else text
    (_, good), (line, error) = rows(GOOD, cell(column, quoted))
    assert isinstance(good, TableRow)
    assert isinstance(error, ConfigError)
    assert (error.file, error.line, error.key) == ("tables/t.csv", 3, column)
    assert line == 3
    assert problem in error.message


def test_a_row_of_too_few_cells_is_said() -> None:
    ((_, error),) = rows("a,b,c")
    assert str(error) == f"tables/t.csv:2: 3 cells, {len(TABLE_COLUMNS)} are expected"


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (HEADER.replace("time_period", "timeperiod"), "did you mean 'time_period'?"),
        (HEADER + ",extra", None),
        (HEADER.rpartition(",")[0], None),
        ("", None),
    ],
)
def test_another_header_is_refused(header: str, hint: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        rows(GOOD, header=header)
    assert caught.value.line == 1
    assert "header must be indicator,measure,facets" in caught.value.message
    if hint:
        assert caught.value.suggestion == hint


@pytest.mark.parametrize("header", ['"a"b', f'{HEADER}"open', '"never closed'])
def test_a_header_that_is_no_csv_is_a_config_error(header: str) -> None:
    with pytest.raises(ConfigError):
        rows(header=header)


def test_broken_quotes_are_said() -> None:
    with pytest.raises(ConfigError, match=r"tables/t.csv:\d: not valid CSV"):
        rows(GOOD, GOOD + '"a"b')
    with pytest.raises(ConfigError, match=r"tables/t.csv:\d: not valid CSV"):
        rows(GOOD, GOOD + '"open')


SLUGS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


@given(st.dictionaries(SLUGS, SLUGS, max_size=5))
def test_facets_are_read_as_written(facets: dict[str, str]) -> None:
    assert parse_facets(format_facets(facets)) == facets


@given(st.text(max_size=60))
def test_any_text_is_yaml_or_a_config_error(text: str) -> None:
    try:
        read_yaml(text, "file.yaml")
    except ConfigError as error:
        line = error.line
    else:
        line = 1
    assert line >= 1
