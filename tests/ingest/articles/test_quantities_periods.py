"""The span of time of each figure, resolved against Wednesday 12 April 2023."""

from __future__ import annotations

import pytest

from tests.ingest.articles.reading import read, span

YEAR_20 = "2020-01-01/2020-12-31"
LAST_YEAR = "2022-01-01/2022-12-31"

ENGLISH = [
    ("There were 300 cases in 2020.", [YEAR_20]),
    ("In 2020, 43% of them were women, up from 31% in 2010.", [YEAR_20, "2010-01-01/2010-12-31"]),
    ("It seized 300 guns in 2016-17.", ["2016-01-01/2017-12-31"]),
    ("It spent $3 million between 2008 and 2020.", ["2008-01-01/2020-12-31"]),
    ("It spent $3 million from FY2008 to FY2020.", ["2007-10-01/2020-09-30"]),
    ("There were 300 cases in fiscal year 2021.", ["2020-10-01/2021-09-30"]),
    ("There were 300 cases in the first half of 2022.", ["2022-01-01/2022-06-30"]),
    ("There were 300 cases in the third quarter.", ["2022-07-01/2022-09-30"]),
    ("There were 300 cases in the first five months of 2021.", ["2021-01-01/2021-05-31"]),
    ("Between January and May 2022, 300 people left.", ["2022-01-01/2022-05-31"]),
    ("There were 300 cases in June.", ["2022-06-01/2022-06-30"]),
    ("It will send 300 doses in June.", ["2023-06-01/2023-06-30"]),
    ("There were 300 cases on March 15, 2021.", ["2021-03-15/2021-03-15"]),
    ("There were 300 cases on 15 March.", ["2023-03-15/2023-03-15"]),
    ("There were 300 cases on Monday.", ["2023-04-10/2023-04-10"]),
    ("There were 300 cases last week.", ["2023-04-03/2023-04-09"]),
    ("There were 300 cases last month.", ["2023-03-01/2023-03-31"]),
    ("There were 300 cases last year.", [LAST_YEAR]),
    ("There were 300 cases so far this year.", ["2023-01-01/2023-04-12"]),
    ("There have been 300 cases since 2018.", ["2018-01-01/2023-04-12"]),
    ("Since its launch in 2008 it has cost $3 million.", ["2008-01-01/2023-04-12"]),
    ("As of March 1, 300 cases were known.", ["/2023-03-01"]),
    ("It had 300 cases at the end of 2020.", ["2020-12-31/2020-12-31"]),
    ("In spring 2019 there were 300 cases.", ["2019-03-01/2019-05-31"]),
    ("In the 1990s there were 300 cases.", ["1990-01-01/1999-12-31"]),
    ("In the last three years, 300 people left.", ["2020-04-01/2023-04-12"] * 2),
    ("Deaths fell from 36,661 in 2019 to 36,579 in 2020.", ["2019-01-01/2019-12-31", YEAR_20]),
    ("Seizures tripled between 2019 and 2021, from 122 to 366.",
     ["2019-01-01/2021-12-31", "2019-01-01/2019-12-31", "2021-01-01/2021-12-31"]),
    ("There were 1,812 deaths in 2022, down from 1,955 the year before.",
     [LAST_YEAR, "2021-01-01/2021-12-31"]),
    ("There were 300 cases in March, a 23 percent increase over February.",
     ["2023-03-01/2023-03-31", "2023-02-01/2023-03-31"]),
    ("In 2022 it was 7%, 2 points more than in 2020.", [LAST_YEAR, "2020-01-01/2022-12-31"]),
    ("In 2020 it had 300 cases. Half of them were men.", [YEAR_20, YEAR_20]),
    ("There were 300 cases.", ["/"]),
    ("In 2020 it had 300 cases. Congress approved $20 billion.", [YEAR_20, "/"]),
    ("In 2020 it had 300 cases. A visa costs $185.", [YEAR_20, "/"]),
    ("In 2020 it had 300 cases. Exports were $20 billion.", [YEAR_20, YEAR_20]),
    ("In 2020 it had 300 cases. A wall would take $20 billion in 2022.", [YEAR_20, LAST_YEAR]),
    ("It had 300 cases, the lowest since 2015.", ["/"]),
]  # fmt: skip

SPANISH = [
    ("Hubo 300 casos en 2020.", [YEAR_20]),
    ("Hubo 300 casos de enero a mayo de 2021.", ["2021-01-01/2021-05-31"]),
    ("Entre 2014 y 2018 hubo 300 casos.", ["2014-01-01/2018-12-31"]),
    ("En el primer semestre de 2022 hubo 300 casos.", ["2022-01-01/2022-06-30"]),
    ("En los primeros nueve meses de 2022 hubo 300 casos.", ["2022-01-01/2022-09-30"]),
    ("En lo que va del año hubo 300 casos.", ["2023-01-01/2023-04-12"]),
    ("El año pasado hubo 300 casos.", [LAST_YEAR]),
    ("En 2020 hubo 300 casos. La obra costará 20 millones de pesos.", [YEAR_20, "/"]),
    ("En 2020 hubo 300 casos. El gasto sumó 20 millones de pesos.", [YEAR_20, YEAR_20]),
    ("Este año hubo 300 casos.", ["2023-01-01/2023-12-31"]),
    ("Hubo 300 casos desde 2018.", ["2018-01-01/2023-04-12"]),
    ("Hubo 300 casos en octubre.", ["2022-10-01/2022-10-31"]),
    ("En octubre llegarán 300 personas.", ["2023-10-01/2023-10-31"]),
    ("Hasta el 8 de abril hubo 300 casos.", ["/2023-04-08"]),
    ("Al cierre de 2020 había 300 casos.", ["2020-12-31/2020-12-31"]),
    ("Ayer hubo 300 casos.", ["2023-04-11/2023-04-11"]),
    ("El martes hubo 300 casos.", ["2023-04-11/2023-04-11"]),
    ("El fin de semana hubo 300 casos.", ["2023-04-08/2023-04-09"]),
    ("Hubo 300 casos en el año fiscal 2021.", ["2020-10-01/2021-09-30"]),
    ("Hubo 300 casos en la década de 1990.", ["1990-01-01/1999-12-31"]),
    ("En los próximos tres años serán 300 casos.", ["2023-04-12/2026-04-30"] * 2),
    ("Hubo 300 casos en 2022, 9% menos que en 2021.",
     [LAST_YEAR, "2021-01-01/2022-12-31"]),
    ("Hubo 300 casos en el primer trimestre, 9% menos que en igual lapso de 2022.",
     ["2023-01-01/2023-03-31", "2022-01-01/2023-03-31"]),
    ("La desocupación fue de 2.7% en marzo, frente a 3.5% un año antes.",
     ["2023-03-01/2023-03-31", "2022-03-01/2022-03-31"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[str]) -> None:
    assert [span(found) for found in read(text)] == expected


@pytest.mark.parametrize(("text", "expected"), SPANISH)
def test_spanish(text: str, expected: list[str]) -> None:
    assert [span(found) for found in read(text, "es")] == expected


def test_the_date_of_a_title_holds_for_each_paragraph() -> None:
    text = (
        "Deaths, March 2022\n\nThere were 300 deaths. In 2020 there were 200.\n\n"
        "Men made up 66 percent."
    )
    expected = ["2022-03-01/2022-03-31", YEAR_20, "2022-03-01/2022-03-31"]
    assert [span(found) for found in read(text)] == expected


def test_without_a_day_of_publication_relative_dates_stay_open() -> None:
    assert [span(found) for found in read("There were 300 cases last year.", today=None)] == ["/"]
    assert [span(found) for found in read("In 2020 there were 300 cases.", today=None)] == [YEAR_20]
