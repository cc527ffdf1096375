"""What holds for any text: quotes are the text's own, in order and apart, in bounded time."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.catalog import Catalog, load_catalog
from ingest.articles.extract import Extracted, as_record, extract

ROOT = Path(__file__).parents[3]
TODAY = date(2023, 4, 12)
CATALOG: Catalog = load_catalog(ROOT / "config")
WORDS = (
    "the of in a and to from between about more than nearly up down rose fell by one two twenty"
    " hundred thousand million half third dozen tens percent % $ US$ € pesos dollars people deaths"
    " homicides per 100,000 inhabitants 8 23 2,300 1.5 2008 2020 FY2021 March May year last since"
    ' first quarter of tripled twice as many each day , . ; : ( ) - – " “ ” \n \n\n 1. Article 27'
    " COVID-19 F-16 http://x.mx/1 [1] ¹ ½ US\\$3 de la el que en mil millones millón cada por"
    " ciento más menos casi unos hasta entre y a pasó subió cayó puntos porcentuales tasa"
    " homicidios personas dosis año pasado enero mayo primer semestre doble la mitad tercio"
    " dos cien veinte 1,2 1.234.567 12 400 ' ’ / = + # & ° º İ ﬁ \u00a0 \u202f 𝟛 ٣"
)
PIECES = re.split(" ", WORDS)
"""Line ends among them, so the words are told apart by spaces alone."""


def checked(text: str, found: list[Extracted]) -> None:
    last = 0
    for each in found:
        assert text[each.start : each.end] == each.quote
        assert each.quote.strip()
        assert last <= each.start < each.end
        last = each.end
        assert 0 <= each.confidence <= 1
        assert each.rounding_unit > 0
        low, high = each.value_low, each.value_high
        assert low is not None or high is not None
        assert low is None or high is None or low <= high
        if each.period_start and each.period_end:
            assert each.period_start <= each.period_end
        as_record(each)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400), st.sampled_from(["en", "es"]))
def test_any_text_is_read(text: str, language: str) -> None:
    checked(text, extract(text, language, TODAY, CATALOG))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.sampled_from(["en", "es"]),
    st.sampled_from([TODAY, None, date(2024, 2, 29)]),
)
def test_any_words_of_the_grammar_are_read(text: str, language: str, today: date | None) -> None:
    checked(text, extract(text, language, today, CATALOG))


@pytest.mark.parametrize(
    "piece",
    ["1", ",", "de ", "(", "1 ", "1,", ".", "\n", "\n ", '"', "5% ", "<a", "a.", "a@", "1-", "mil ",
     "one million ", "one and ", "half ", "from 1 to ", "in 2020 ", "more than 5 people, ", "a",
     "a1", "since ", "May ", "between 5 and ", "de cada ", "555 ", "http://", "$", "\\", " ", ". ",
     "## ", "más de ", "1 a 2 ", "a a ", "...a", "1.1"],
)  # fmt: skip
def test_time_is_linear_in_what_repeats(piece: str) -> None:
    """Eight times the text takes at most about eight times the time, with much to spare."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        start = time.process_time()
        extract(text, "en" if length % 2 else "es", TODAY, CATALOG)
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(12_000), seconds(96_000)
    assert long < max(24 * short, 0.6), f"{short:.3f} s, then {long:.3f} s"


@pytest.mark.parametrize("piece", ["1", ",", "de ", "(", "one of the many people who came. "])
def test_a_text_of_one_megabyte_is_fine(piece: str) -> None:
    text = (piece * (1_000_000 // len(piece)))[:1_000_000]
    start = time.process_time()
    extract(text, "en", TODAY, CATALOG)
    assert time.process_time() - start < 20
