from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schema import Area, LocalText
from ingest.parse import area_from_iso2, parse_number

_AREAS = [
    Area(
        id="XCA",
        name=LocalText(en="Central America", es="Centroamérica"),
        kind="group",
        standard="ours",
    ),
    Area(
        id="MEX",
        name=LocalText(en="Mexico", es="México"),
        kind="country",
        standard="ISO 3166-1 alpha-3",
        iso2="MX",
    ),
]
AREAS = {area.id: area for area in _AREAS}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("1234.5", "1234.5"),
        ("-3", "-3"),
        ("0", "0"),
        ("0.50", "0.50"),
        ("1e3", "1000"),
        ("2.5E-7", "0.00000025"),
        ("1.8E+4", "18000"),
        ("12,345,678", "12345678"),
        ("1832641364775.52", "1832641364775.52"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "es-MX"])
def test_numbers_as_mexico_and_the_united_states_write_them(
    text: str, value: str, locale: str
) -> None:
    assert parse_number(text, locale) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,5", "1234.5"), ("1234,5", "1234.5"), ("-0,7", "-0.7"), ("1.234", "1234"), ("3", "3")],
)
def test_numbers_with_a_decimal_comma(text: str, value: str) -> None:
    assert parse_number(text, "es") == Decimal(value)


def test_published_digits_are_kept() -> None:
    assert str(parse_number("26.10")) == "26.10"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1.234,5", "nan", "NaN", "inf", "-inf", "Infinity", "N/E", ".", "-", "..", "n.a.",
        " 1", "1 ", "1\n", "1 234", "1_000", "+3", "--3", "- 3", "(3)", "3%", "$3", ".5", "5.",
        "12,34", "1,2345", "1,23,456", "0,123", "1234,567", ",123", "1,234e3", "1e", "e3", "1e999",
        "0x10", "١٢", "²", "−3", "1" * 61,
    ],
)  # fmt: skip
def test_what_is_doubtful_is_refused_with_what_is_valid(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no number; valid are 1234\.5, 1,234\.5, -3 or 1e3"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1,234.5", "1234.5", "1,234,5", ""])
def test_a_decimal_comma_is_as_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"valid are 1234,5, 1\.234,5, -3 or 1e3"):
        parse_number(text, "es")


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(ValueError, match="'de' is no locale of numbers; known are en, es-MX, es"):
        parse_number("1", "de")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
    )
)
def test_what_is_written_is_read(value: Decimal) -> None:
    assert parse_number(f"{value:f}") == value
    assert parse_number(f"{value:,f}") == value
    spanish = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    assert parse_number(spanish, "es") == value


@settings(max_examples=50)
@given(st.text(alphabet="0123456789.,eE+- a²", max_size=8))
def test_any_text_is_a_finite_number_or_a_value_error(text: str) -> None:
    try:
        value = parse_number(text)
    except ValueError:
        return
    assert value.is_finite()


def test_an_area_is_found_by_its_two_letters() -> None:
    assert area_from_iso2("MX", AREAS) == "MEX"
    for code in ("", "mx", "XC", "MEX"):
        with pytest.raises(ValueError, match="no two-letter code of an area"):
            area_from_iso2(code, AREAS)
