"""Numbers, dates and periods in English and Mexican Spanish."""

from datetime import date
from decimal import Decimal

import pytest

from config.schema import Unit
from dashboard.i18n.formats import (
    compact,
    day,
    measure_value,
    month,
    number,
    percent_change,
    period,
    shortest,
    signed,
)

EN, ES = "en_US", "es_MX"


@pytest.mark.parametrize("locale", [EN, ES])
def test_numbers(locale: str) -> None:
    assert number(Decimal("1234.5"), 1, locale) == "1,234.5"
    assert number(-3, 0, locale) == "\u22123"
    assert number(-0.001, 2, locale) == "0.00"
    assert number(Decimal("2.675"), 2, locale) == "2.68"
    assert number(2.675, 2, locale) == "2.68"
    assert number(None, 2, locale) == "–"
    assert number(float("nan"), 2, locale) == "–"
    assert number(Decimal("12345678901234567890123456789012.5"), 1, locale).endswith(",012.5")
    assert shortest(7.50, locale) == "7.5"
    assert shortest(23.0, locale) == "23"


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (0, "0", "0"),
        (12_300, "12,300", "12,300"),
        (999_999, "999,999", "999,999"),
        (999_999.99, "1 million", "1 millón"),
        (1_000_000, "1 million", "1 millón"),
        (2_700_000, "2.7 million", "2.7 millones"),
        (999_960_000, "1 billion", "1 mil millones"),
        (3_300_000_000, "3.3 billion", "3.3 mil millones"),
        (-3_300_000_000, "\u22123.3 billion", "\u22123.3 mil millones"),
        (1e12, "1 trillion", "1 billón"),
        (2e12, "2 trillion", "2 billones"),
        (None, "–", "–"),
    ],
)
def test_compact(value: float | None, english: str, spanish: str) -> None:
    assert compact(value, EN) == english
    assert compact(value, ES) == spanish


def test_dates() -> None:
    assert day(date(2021, 6, 15), EN) == "15 June 2021"
    assert day(date(2021, 6, 15), ES) == "15 de junio de 2021"
    assert month(date(2021, 6, 15), EN) == "June 2021"
    assert month(date(2021, 6, 15), ES) == "junio de 2021"


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("2020", "2020", "2020"),
        ("FY2020", "FY 2020", "año fiscal 2020"),
        ("2021-03", "March 2021", "marzo de 2021"),
        ("1976-Q3", "Q3 1976", "3.er trimestre de 1976"),
        ("1976-Q2", "Q2 1976", "2.º trimestre de 1976"),
        ("2024-W05", "week 5 of 2024", "semana 5 de 2024"),
        ("2021-06-15", "15 June 2021", "15 de junio de 2021"),
        ("2014-01-01/P5Y", "2014–2018", "2014–2018"),
        ("2014-01-01/P1Y", "2014", "2014"),
        ("2014-10-01/P5Y", "October 2014 – September 2019", "octubre de 2014 – septiembre de 2019"),
    ],
)
def test_periods(text: str, english: str, spanish: str) -> None:
    assert period(text, EN) == english
    assert period(text, ES) == spanish


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(ValueError, match="no period"):
        period("last year", EN)


def unit(**fields: object) -> Unit:
    return Unit.model_validate(
        {"id": "deaths", "name": {"en": ["death", "deaths"], "es": ["defunción", "defunciones"]}}
        | fields
    )


def test_units() -> None:
    deaths = unit()
    assert measure_value(1, deaths, 0, EN) == "1 death"
    assert measure_value(1100, deaths, 0, ES) == "1,100 defunciones"
    assert measure_value(1, deaths, 0, ES) == "1 defunción"
    assert measure_value(None, deaths, 0, ES) == "–"
    dollars = unit(symbol={"en": "US$", "es": "US$"}, symbol_before=True)
    assert measure_value(3000, dollars, 0, EN) == "US$3,000"
    assert measure_value(-5, dollars, 0, EN) == "\u2212US$5"
    percent = unit(symbol={"en": "%", "es": "%"})
    assert measure_value(65.8, percent, 1, EN) == "65.8%"
    assert measure_value(65.8, percent, 1, ES) == "65.8%"
    assert measure_value(65.8, percent, 1, "es_ES") == "65,8\u00a0%"
    assert measure_value(2, unit(symbol={"en": "kg", "es": "kg"}), 0, EN) == "2\u00a0kg"


def test_percent_change() -> None:
    assert percent_change(8, 23, EN) == "+187.5%"
    assert percent_change(Decimal(100), Decimal(96), ES) == "\u22124.0%"
    assert percent_change(5, 5, EN) == "0.0%"
    assert percent_change(-10, -5, EN) == "+50.0%"
    assert percent_change(0, 5, EN) == "–"
    assert percent_change(None, 5, EN) == "–"


def test_a_difference_has_its_sign() -> None:
    assert signed(Decimal("1234.5"), 1, "es_MX") == "+1,234.5"
    assert signed(Decimal(-3), 0, "en_US") == "\N{MINUS SIGN}3"
    assert signed(Decimal("0.004"), 2, "en_US") == "0.00"
    assert signed(None, 2, "en_US") == "–"
