"""The grammar of figures, sentence by sentence: value, comparator and unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.articles.quantities.digits import Separators, parse_digits, separators
from tests.ingest.articles.reading import read, shorts

ENGLISH = [
    ("Donors pledged US$1.2bn and $450m in loans.", ["eq 1200000000 usd", "eq 450000000 usd"]),
    ("It spent more than US\\$3 billion on police.", ["gt 3000000000 usd"]),
    ("The company paid a $3.3-billion fine.", ["eq 3300000000 usd"]),
    ("The loan is worth €200 million.", ["eq 200000000 eur"]),
    ("One in five migrants is a child.", ["eq 20 percent"]),
    ("Nearly 9 in 10 guns were traced.", ["almost 90 percent"]),
    ("One truck in four carries parts.", ["eq 25 percent"]),
    ("About half of the 3,400 detainees left.", ["approx 50 percent", "eq 3400 persons"]),
    ("Two-thirds of the victims were men.", ["eq 66.67 percent"]),
    ("A quarter of a million doses arrived.", ["eq 250000 doses"]),
    ("Half a million doses arrived.", ["eq 500000 doses"]),
    ("Two and a half million people fled.", ["eq 2500000 persons"]),
    ("A dozen officers were hurt.", ["eq 12 persons"]),
    ("Tens of thousands of refugees waited.", ["order 20000..100000 persons"]),
    ("Hundreds of thousands of Hondurans left.", ["order 200000..1000000 persons"]),
    ("It would invest billions of dollars.", ["order 2000000000..1000000000000 usd"]),
    ("Dozens of people were hurt.", ["order 24..100 persons"]),
    ("Several hundred people marched.", ["order 200..1000 persons"]),
    ("It fell by 1.5 percentage points to 7.2 percent.",
     ["eq -1.5 percentage-points", "eq 7.2 percent"]),
    ("Arrests rose 12% to 3,400.", ["eq 12 percent-change", "eq 3400 arrests"]),
    ("Prices fell by more than 10 percent.", ["lt -10 percent-change"]),
    ("Sales were down by a tenth.", ["eq -10 percent-change"]),
    ("The key rate rose by 25 basis points.", ["eq 25 basis-points"]),
    ("It is 60 to 70 percent of all arms.", ["range 60..70 percent"]),
    ("It costs between $80 and $95 million.", ["range 80000000..95000000 usd"]),
    ("Agents seized 1.5–2 million pills.", ["range 1500000..2000000 pills"]),
    ("Exports jumped from $1.2 billion to $1.9 billion.",
     ["eq 1200000000 usd", "eq 1900000000 usd"]),
    ("Investment rose from 1.2 to 1.9 billion dollars.",
     ["eq 1200000000 usd", "eq 1900000000 usd"]),
    ("The rate rose from 8 homicides for every 100,000 inhabitants in 2008 to 23 in 2020.",
     ["eq 8 per-100k", "eq 23 per-100k"]),
    ("The murder rate was 29 per 100,000 people, up from 20.",
     ["eq 29 per-100k", "eq 20 per-100k"]),
    ("Over 32,000 weapons, 17 million rounds and 2,300 grenades were seized.",
     ["gt 32000 firearms", "gt 17000000 rounds", "gt 2300 grenades"]),
    ("Some 300 men and six women left.", ["approx 300 persons", "eq 6 persons"]),
    ("Almost 200 criminal organizations turn to extortion and more than 150 to kidnapping.",
     ["almost 200 organizations", "gt 150 organizations"]),
    ("Fewer than 2,000 and at least 1,500 are missing.", ["lt 2000 persons", "ge 1500 persons"]),
    ("Up to 750 MW of capacity.", ["le 750 megawatts"]),
    ("As many as 400 people left.", ["le 400 persons"]),
    ("Homicides have tripled.", ["eq 3 ratio"]),
    ("There are twice as many cases.", ["eq 2 ratio"]),
    ("It is three times larger.", ["eq 3 ratio"]),
    ("It rose more than fivefold.", ["gt 5 ratio"]),
    ("Rain was half the long-term average.", ["eq 0.5 ratio"]),
    ("Fewer than 2,000 trucks a day crossed; today it is almost 2,900.",
     ["lt 2000 trucks-per-day", "almost 2900 trucks-per-day"]),
    ("95 people were killed each day.", ["eq 95 persons-per-day"]),
    ("Oil costs $80 per barrel.", ["eq 80 usd-per-barrel"]),
    ("The peso closed at 17.05 per dollar.", ["eq 17.05 mxn-per-usd"]),
    ("Farmers took 1.75 million acre-feet.", ["eq 1750000 acre-feet"]),
    ("Mexico sued eleven U.S. arms manufacturers.", ["eq 11 organizations"]),
    ("He ships one million single-dose Johnson & Johnson vaccines.", ["eq 1000000 doses"]),
    ("There are around 11 million currently irregular and undocumented immigrants.",
     ["approx 11000000 persons"]),
    ("A four-year term.", ["eq 4 years"]),
    ("Employers added 261,000 jobs, well above the 205,000 expected.",
     ["eq 261000 jobs", "eq 205000 jobs"]),
    ("The jobless rate edged up to 3.7% from 3.5%.", ["eq 3.7 percent", "eq 3.5 percent"]),
    ("Of the 21,000 guns, 15,000 were traced.", ["eq 21000 firearms", "eq 15000 firearms"]),
    ("He was there for decades.", ["ge 20 years"]),
    ("Nobody else was hurt. 5 Mexicans died.", ["eq 5 persons"]),
    ("Its newsletter has 20,000 readers, and 3,000 people subscribe each month.",
     ["eq 20000 readers", "eq 3000 persons-per-month"]),
    ("Scouts sold 3 million boxes of cookies.", ["eq 3000000 boxes"]),
    ("The copyright industries paid $2 billion.", ["eq 2000000000 usd"]),
    ("Both countries share this border of 3,100 kilometers.", ["eq 3100 kilometers"]),
    ("Only 1,200 people sign up for asylum.", ["eq 1200 persons"]),
]  # fmt: skip

SPANISH = [
    ("Prometieron 1.2 mil millones de dólares y 450 mdd.",
     ["eq 1200000000 usd", "eq 450000000 usd"]),
    ("Son 3 mil 451 carpetas de investigación.", ["eq 3451 case-files"]),
    ("Llegaron mil 200 elementos.", ["eq 1200 persons"]),
    ("Donó 1 millón 350 mil dosis.", ["eq 1350000 doses"]),
    ("Suman dos millones y medio de personas.", ["eq 2500000 persons"]),
    ("Tres de cada 10 migrantes son menores.", ["eq 30 percent"]),
    ("De cada cien empleos nuevos, cincuenta y ocho son de mujeres.", ["eq 58 percent"]),
    ("Una tasa de 23 homicidios por cada 100 mil habitantes.", ["eq 23 per-100k"]),
    ("La tasa pasó de 23.4 a 21.1 por cada 100 mil habitantes.",
     ["eq 23.4 per-100k", "eq 21.1 per-100k"]),
    ("Más de la mitad del país la padece.", ["gt 50 percent"]),
    ("Casi la cuarta parte de los casos.", ["almost 25 percent"]),
    ("Se aseguraron de 1.5 a 2 millones de pastillas.", ["range 1500000..2000000 pills"]),
    ("La inversión pasó de 20 mil a 35 mil millones de dólares.",
     ["eq 20000000000 usd", "eq 35000000000 usd"]),
    ("Costará entre 80 y 95 millones de euros.", ["range 80000000..95000000 eur"]),
    ("Poco más de 1,700 millones de pesos, casi 12 por ciento del presupuesto.",
     ["gt 1700000000 mxn", "almost 12 percent"]),
    ("Cerca de siete mil personas; unos 2,300 eran niños.",
     ["approx 7000 persons", "approx 2300 persons"]),
    ("No más de 50 personas; hasta 300 por día.", ["le 50 persons", "le 300 persons-per-day"]),
    ("Decenas de miles de personas marcharon.", ["order 20000..100000 persons"]),
    ("Miles de millones de dólares.", ["order 2000000000..1000000000000 usd"]),
    ("Cayeron un 34.7 % en el año.", ["eq -34.7 percent-change"]),
    ("Subió a 12 por ciento.", ["eq 12 percent"]),
    ("Fue 0.3 puntos porcentuales menor.", ["eq -0.3 percentage-points"]),
    ("Bajó 9% y hubo 5% más casos.", ["eq -9 percent-change", "eq 5 percent-change"]),
    ("El número de casos se triplicó.", ["eq 3 ratio"]),
    ("Costó el doble de lo previsto.", ["eq 2 ratio"]),
    ("El homicidio bajó a la mitad.", ["eq 0.5 ratio"]),
    ("Superó ayer por primera vez los 9 euros por kilo.", ["gt 9 eur-per-kilogram"]),
    ("El tipo de cambio cerró en 17.05 pesos por dólar.", ["eq 17.05 mxn-per-usd"]),
    ("Cada mes llegan 1,200 haitianos.", ["eq 1200 persons-per-month"]),
    ("De los 11,500 millones de dólares anunciados, 8,300 serán privados.",
     ["eq 11500000000 usd", "eq 8300000000 usd"]),
    ("Hay 1,5 millones de viajeros y 3.400 empleos, con 2,5 % de aumento.",
     ["eq 1500000 persons", "eq 3400 jobs", "eq 2.5 percent-change"]),
    ("Gana 18 mil 500 pesos al mes.", ["eq 18500 mxn-per-month"]),
    ("Medio millón de litros a la semana.", ["eq 500000 liters-per-week"]),
]  # fmt: skip

NOTHING = [
    ("en", "A 34-year-old man was shot at 10:30 p.m. on Route 66."),
    ("en", "The F-16 and the Boeing 737 flew over; COVID-19 rules under Section 230 apply."),
    ("en", "Articles 4 and 16 and Title 42 stand; see page 3, Table 2a and No. 5."),
    ("en", "The G20, the S&P 500 and Catch-22."),
    ("en", "The bill passed 68-32; the Lakers won 103-98 on Sunday, by a vote of 61 to 38."),
    ("en", "Call 555-123-4567 or +1 202 555 0147, room 204, or see https://x.org/2021/11.html."),
    ("en", "Since 9/11, on March 15, 2021, between 2008 and 2013, in the 1990s."),
    ("en", "The two countries signed the 1944 Treaty under Minute 325."),
    ("en", "The one-dose vaccine and two-track diplomacy; Second Amendment."),
    ("en", "Marie, 29, arrived; adults aged 18 to 35 and those over 60 did not."),
    ("en", "1. Introduction\n2) Method\n[3] A note"),
    ("en", "The people.12 And others.¹"),
    ("en", "One of the men said that no one came, at one point."),
    ("en", "The people left.\n5 Mexico's National Guard is new.\n\n6 Ibid."),
    ("en", "Subscribe to our newsletter and get 12 free issues. 5 min read."),
    ("en", "We use cookies of 30 partners. Sign up for the Border Report newsletter, 3 a week."),
    ("en", "Copyright 2021 by 30 authors. Advertisement 3 of 12."),
    ("en", "Photo by Ana López/Getty Images, one of 12 pictures (Getty Images)."),
    (
        "es",
        "Suscríbete y recibe 12 números. Comparte esta nota con 5. Usamos cookies de 30.",
    ),
    ("es", "Un hombre de 34 años fue detenido a las 10:30 horas en la calle 5 de Mayo número 12."),
    ("es", "El artículo 27, la Ley 1234, el capítulo 3 y los artículos 4 y 16."),
    ("es", "Uno de los dos presidentes; una mujer, de 52 años; mayores de 65 años."),
    ("es", "El 3 de junio de 2021, en los años noventa, desde 2018."),
    ("es", "El kilómetro 84 de la carretera 45, expediente 376/22, tel. 600 360 7777."),
    ("es", "La Agenda 2030, la CIE-10, el T-MEC y la base 2016=100."),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[str]) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(("text", "expected"), SPANISH)
def test_spanish(text: str, expected: list[str]) -> None:
    assert shorts(text, "es") == expected


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_what_is_no_figure(language: str, text: str) -> None:
    assert shorts(text, language) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2.7 million doses", "100000"),
        ("11 million people", "1000000"),
        ("1,100 cases", "100"),
        ("5,046 cases", "1"),
        ("65.8% of cases", "0.1"),
        ("60 percent", "1"),
        ("half of the people", "5"),
        ("fifty countries", "10"),
        ("200 groups", "100"),
        ("tripled the number", "1"),
        ("23 per 100,000 people", "1"),
        ("hundreds of thousands of people", "100000"),
    ],
)
def test_the_rounding_unit_is_the_place_of_the_last_digit(text: str, place: str) -> None:
    (found,) = read(f"There were {text}.")
    assert found.rounding_unit == Decimal(place)


@pytest.mark.parametrize(
    ("written", "comma", "value", "place"),
    [
        ("1,234.5", False, "1234.5", "0.1"),
        ("1.234,5", True, "1234.5", "0.1"),
        ("1,234", False, "1234", "1"),
        ("1.234", True, "1234", "1"),
        ("1.234", False, "1.234", "0.001"),
        ("1.234.567", False, "1234567", "1"),
        ("1'234,567", False, "1234567", "1"),
        ("0,125", False, "0.125", "0.001"),
        ("2,7", False, "2.7", "0.1"),
        ("12,400", False, "12400", "100"),
    ],
)
def test_digits(written: str, comma: bool, value: str, place: str) -> None:
    style = Separators(decimal_comma=comma, spaced=True)
    assert parse_digits(written, style) == (Decimal(value), Decimal(place))


@pytest.mark.parametrize("written", ["1,2,3", "12,34.5.6", "1" * 40, "1,23,456"])
def test_digits_that_are_no_number(written: str) -> None:
    assert parse_digits(written, Separators(decimal_comma=False, spaced=False)) is None


def test_the_text_tells_its_decimal_mark() -> None:
    assert separators("un 34,7 % y 587.300 toneladas", "es").decimal_comma
    assert not separators("1,844 millones y 2.9%", "es").decimal_comma
    assert not separators("12 de 30", "es").decimal_comma
    assert not separators("un 34,7 %", "en").decimal_comma


def test_a_peso_is_that_of_the_country_named() -> None:
    assert shorts("En Chile cuesta 4.500 pesos.", "es") == ["eq 4500 clp"]
    assert shorts("Cuesta $ 4,500, o 4,500 pesos.", "es") == ["eq 4500 mxn", "eq 4500 mxn"]
    assert shorts("Cuesta $4,500.", "es") == ["eq 4500 usd"]
