from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from config.schema import Comparator
from tests.ingest.articles.gold import Figure, FigureClass, Language, Passage, load_passages
from tests.ingest.articles.scoring import as_table, match, overlap, same_value, score

TEXT = "In 2020, 4 billion dollars over a four-year term; 12 cases; see page 3 of COVID-19."


@dataclass(frozen=True)
class Found:
    quote: str
    start: int
    end: int
    value_low: Decimal | None
    value_high: Decimal | None
    comparator: str
    unit: str | None
    currency: str | None
    period_start: date | None
    period_end: date | None
    claim_class: str


def gold(
    quote: str,
    value: str,
    unit: str | None,
    claim_class: FigureClass = "core",
    currency: str | None = None,
    period: tuple[date | None, date | None] = (None, None),
) -> Figure:
    start = TEXT.index(quote)
    return Figure(
        quote=quote,
        start=start,
        end=start + len(quote),
        value_low=Decimal(value),
        value_high=Decimal(value),
        comparator=Comparator.EQ,
        rounding_unit=Decimal(1),
        unit=unit,
        currency=currency,
        period_start=period[0],
        period_end=period[1],
        claim_class=claim_class,
        indicator="",
    )


YEAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))
MONEY = gold(
    "4 billion dollars over a four-year term", "4e9", "usd", currency="USD", period=YEAR_2020
)
TERM = gold("four-year term", "4", "years", "context")
CASES = gold("12 cases", "12", "cases")


def passage(*figures: Figure, language: Language = "en", traps: tuple[str, ...] = ()) -> Passage:
    return Passage("here", "news", language, date(2021, 1, 1), TEXT, figures, traps)


def found(figure: Figure) -> Found:
    """A figure as an extractor without a fault would give it."""
    return Found(
        figure.quote,
        figure.start,
        figure.end,
        figure.value_low,
        figure.value_high,
        str(figure.comparator),
        figure.unit,
        figure.currency,
        figure.period_start,
        figure.period_end,
        figure.claim_class,
    )


def emitted(quote: str, claim_class: str = "core") -> Found:
    start = TEXT.index(quote)
    one = Decimal(1)
    end = start + len(quote)
    return Found(quote, start, end, one, one, "eq", None, None, None, None, claim_class)


def test_what_is_gold_scores_full() -> None:
    passages = load_passages()
    scores = score((each, [found(figure) for figure in each.figures]) for each in passages)
    for counts in scores.counts.values():
        assert counts.precision == counts.recall == counts.f1 == 1
        assert counts.period_accuracy in {1, None}
    assert scores.of().gold == sum(len(each.figures) for each in passages)
    assert (scores.surplus, scores.traps) == (0, [])


def test_nothing_emitted() -> None:
    counts = score([(passage(MONEY, CASES), [])]).of("core")
    assert (counts.precision, counts.recall, counts.f1) == (None, 0, 0)
    assert counts.period_accuracy == 0


def test_one_to_one_by_best_overlap() -> None:
    term = replace(found(TERM), quote="four-year")
    money = emitted("4 billion dollars")
    matching = match([MONEY, TERM], [term, money])
    assert [(pair.gold, pair.emitted) for pair in matching.pairs] == [(MONEY, money), (TERM, term)]
    second = emitted("dollars over")
    matching = match([MONEY], [second, money])
    assert matching.pairs[0].emitted is money
    assert matching.surplus == (second,)
    assert match([CASES], [money]).missed == (CASES,)


def test_overlap_counts_shared_characters() -> None:
    assert overlap((0, 5), (3, 9)) == overlap((3, 9), (0, 5)) == 2
    assert overlap((0, 5), (5, 9)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"value_low": Decimal(13), "value_high": Decimal(13)},
        {"value_high": None},
        {"comparator": "approx"},
        {"unit": "persons"},
        {"unit": None},
        {"currency": "USD"},
    ],
)
def test_value_comparator_unit_and_currency_must_be_right(wrong: dict[str, object]) -> None:
    counts = score([(passage(CASES), [replace(found(CASES), **wrong)])]).of("core")  # type: ignore[arg-type]
    assert (counts.gold, counts.emitted, counts.matched, counts.right) == (1, 1, 1, 0)
    assert (counts.precision, counts.recall, counts.f1) == (0, 0, 0)


def test_fractions_may_be_rounded() -> None:
    assert same_value(Decimal("66.67"), Decimal(200) / 3)
    assert not same_value(Decimal("66.67"), Decimal(66))
    assert same_value(Decimal(-7), Decimal(-7))
    assert not same_value(Decimal(-7), Decimal(7))
    assert same_value(None, None)
    assert not same_value(None, Decimal(0))
    assert same_value(Decimal(0), Decimal(0))


def test_surplus_counts_under_the_class_it_gives_itself() -> None:
    page = emitted("3 of", "core")
    year = emitted("2020", "context")
    scores = score([(passage(CASES), [found(CASES), page, year])])
    core, context = scores.of("core"), scores.of("context")
    assert (core.right, core.emitted, core.precision, core.recall) == (1, 2, 0.5, 1)
    assert core.f1 == pytest.approx(2 / 3)
    assert (context.gold, context.emitted, context.precision, context.recall) == (0, 1, 0, None)
    assert scores.surplus == 2


def test_a_matched_figure_counts_under_the_class_of_the_gold() -> None:
    as_core = replace(found(TERM), claim_class="core")
    scores = score([(passage(TERM), [as_core])])
    assert scores.of("core").emitted == 0
    assert scores.of("context").right == 1


def test_periods_are_scored_where_the_gold_has_one() -> None:
    shifted = replace(found(MONEY), period_end=date(2020, 9, 30))
    both = passage(MONEY, CASES)
    assert score([(both, [found(MONEY)])]).of("core").period_accuracy == 1
    counts = score([(both, [shifted, found(CASES)])]).of("core")
    assert (counts.with_period, counts.period_right, counts.right) == (1, 0, 2)


def test_traps_are_surplus_that_overlaps_them() -> None:
    here = passage(CASES, traps=("page 3", "COVID-19"))
    scores = score([(here, [found(CASES), emitted("19"), emitted("2020")])])
    assert scores.traps == ["here: 19"]


def test_sums_over_languages_and_classes() -> None:
    texts = [
        (passage(MONEY, TERM, language="en"), [found(MONEY)]),
        (passage(CASES, language="es"), [found(CASES)]),
    ]
    scores = score(texts)
    assert scores.of("core", "en").gold == scores.of("core", "es").gold == 1
    assert scores.of("core").gold == 2
    assert scores.of("all", "en").recall == 0.5
    assert scores.of().gold == 3
    assert scores.of("vague").gold == 0
    table = as_table(scores).splitlines()
    assert len(table) == len(scores.counts) + 2
    assert any(line.split()[:3] == ["core", "all", "2"] for line in table)
