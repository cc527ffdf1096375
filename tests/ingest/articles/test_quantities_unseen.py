"""Rules for rates, carried units, ratios, traps and the bases of changes, one by one."""

from __future__ import annotations

import pytest

from tests.ingest.articles.reading import read, shorts, span

ENGLISH = [
    ("The plant pumps 300 gallons of water a minute.", ["eq 300 gallons-per-minute"]),
    ("It ships 3,000 metric tons of zinc a month.", ["eq 3000 tonnes-per-month"]),
    ("About 40 people a day cross here; in winter, 15.",
     ["approx 40 persons-per-day", "eq 15 persons-per-day"]),
    ("Per 100,000 residents the rate went from 40.5 to 35.1.", ["eq 40.5 per-100k",
                                                                "eq 35.1 per-100k"]),
    ("Homicides were 86.2 per 100,000 in Colima, Guerrero 40.1.", ["eq 86.2 per-100k",
                                                                   "eq 40.1 per-100k"]),
    ("Sales were multiplied by 3.", ["eq 3 ratio"]),
    ("It is a tenth of what it was.", ["eq 0.1 ratio"]),
    ("An eighth of the households left.", ["eq 12.5 percent"]),
    ("It holds an eighth of the total.", ["eq 12.5 percent"]),
    ("It is an eighth of the record.", ["eq 0.125 ratio"]),
    ("The rate fell by two tenths of a point.", ["eq -0.2 percentage-points"]),
    ("The bank cut its rate by half a point.", ["eq -0.5 percentage-points"]),
    ("The city had 978 homicides, below the 1,220 of 2021.", ["eq 978 deaths", "eq 1220 deaths"]),
    ("The fund held $64 million; in 2021 it was 48.5.", ["eq 64000000 usd", "eq 48500000 usd"]),
    ("Deaths fell 4 percent and injuries 7 percent.", ["eq -4 percent-change",
                                                       "eq -7 percent-change"]),
    ("Nearly three decades later the treaty stands.", ["almost 30 years"]),
    ("The wait is a year and a half.", ["eq 1.5 years"]),
    ("Of every ten victims, nine are men.", ["eq 90 percent"]),
    ("A gallon of gas costs $4.20.", ["eq 4.2 usd-per-gallon"]),
    ("Fewer than 240 of those interviewed agreed.", ["lt 240 persons"]),
    ("Offices are open 9 to 5.", []),
    ("One file may hold several victims.", []),
    ("See P.L. 116-260. Call ext. 2214.", []),
]  # fmt: skip

SPANISH = [
    ("La planta procesa 300 litros de agua por minuto.", ["eq 300 liters-per-minute"]),
    ("Llegaron 9,000 personas en junio, 300 diarias.",
     ["eq 9000 persons", "eq 300 persons-per-day"]),
    ("El consumo ronda ya los 45 millones de barriles diarios.",
     ["approx 45000000 barrels-per-day"]),
    ("De 30 pasamos a 50 patrullas.", ["eq 30 patrols", "eq 50 patrols"]),
    ("Los casos pasaron de 2 mil a 5 mil: se multiplicaron por 2.5.",
     ["eq 2000 cases", "eq 5000 cases", "eq 2.5 ratio"]),
    ("La tasa anda por 28 por cada 100 mil habitantes.", ["approx 28 per-100k"]),
    ("Hubo 300 robos, por debajo de los 420 de mayo.", ["eq 300 robberies", "eq 420 robberies"]),
    ("Las quejas se triplicaron con creces.", ["gt 3 ratio"]),
    ("El desempleo bajó tres décimas.", ["eq -0.3 percentage-points"]),
    ("Gastó la décima parte del presupuestado.", ["eq 0.1 ratio"]),
    ("Tiene un tercio del mercado.", ["eq 33.33 percent"]),
    ("La mina opera desde hace dos décadas.", ["eq 20 years"]),
    ("Lleva año y medio en el cargo.", ["eq 1.5 years"]),
    ("El pueblo pasó 72 horas de calma.", ["eq 72 hours"]),
    ("Deportaron a 9 mil de sus compatriotas.", ["eq 9000 persons"]),
    ("Bogotá gastará $ 41.000 millones, unos 9,5 millones de dólares.",
     ["eq 41000000000 cop", "approx 9500000 usd"]),
    ("En Chile el cambio subió a 825 pesos por dólar.", ["eq 825 clp-per-usd"]),
    ("Habrá servicio de 4 a 10 de la mañana.", []),
    ("Informes en el 912 140 505.", []),
    ("Código arancelario 0304.41.", []),
    ("No ocurría desde el Mundial del 94.", []),
]  # fmt: skip

PERIODS = [
    ("en", "In March output was 21 tons, 22 percent less than the 27 tons of a year before.", 1,
     "2022-03-01/2023-03-31"),
    ("en", "In the nineties, some 300,000 people crossed.", 0, "1990-01-01/1999-12-31"),
    ("en", "By Friday, 12,000 doses had been given.", 0, "/2023-04-07"),
    ("en", "It sold 300 cars in the last three months of 2021.", 0, "2021-10-01/2021-12-31"),
    ("en", "Exports were $28 billion in March, up $3 billion from February.", 1,
     "2023-02-01/2023-03-31"),
    ("en", "Exports, March 2023\n\nYear to date, exports totaled $77 billion.", 0,
     "2023-01-01/2023-03-31"),
    ("en", "Deaths in 2020\n\nIn April there were 300 deaths.", 0, "2020-04-01/2020-04-30"),
    ("en", "It is to reach 300 cases by the end of the month.", 0, "/2023-04-30"),
    ("es", "En los noventa había cuatro cárteles.", 0, "1990-01-01/1999-12-31"),
    ("es", "Hasta el viernes se habían aplicado 300 dosis.", 0, "/2023-04-07"),
    ("es", "Se habían gastado 300 pesos a 31 de marzo.", 0, "/2023-03-31"),
    ("es", "En el año fiscal 2022 fueron 64 millones de dólares; en el de 2021, 50 millones.", 1,
     "2020-10-01/2021-09-30"),
    ("es", "En marzo los envíos bajaron 2.4 % en doce meses. Los de cobre cayeron 21.9 %.", 2,
     "2022-03-01/2023-03-31"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[str]) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(("text", "expected"), SPANISH)
def test_spanish(text: str, expected: list[str]) -> None:
    assert shorts(text, "es") == expected


@pytest.mark.parametrize(("language", "text", "which", "expected"), PERIODS)
def test_periods(language: str, text: str, which: int, expected: str) -> None:
    assert span(read(text, language)[which]) == expected
