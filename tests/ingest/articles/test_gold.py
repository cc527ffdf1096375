from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from config.schema import Comparator
from tests.ingest.articles.gold import (
    ARTICLES,
    PASSAGES,
    ROOT,
    SETS,
    GoldError,
    Passage,
    load_articles,
    load_passages,
    parse_passage,
)

LANGUAGES = ("en", "es")
KINDS = ("news", "fact-sheet", "speech", "statistics-release")


@pytest.fixture(scope="module", params=SETS)
def passages(request: pytest.FixtureRequest) -> list[Passage]:
    found = load_passages(request.param)
    if not found:
        pytest.skip(f"no passages in {request.param}")
    return found


def test_both_languages_and_four_kinds_in_equal_parts(passages: list[Passage]) -> None:
    of_language, of_kind = len(passages) // len(LANGUAGES), len(passages) // len(KINDS)
    assert len(passages) in {48, 160}
    assert Counter(passage.language for passage in passages) == dict.fromkeys(
        LANGUAGES, of_language
    )
    assert Counter(passage.kind for passage in passages) == dict.fromkeys(KINDS, of_kind)
    both = {(passage.kind, passage.language) for passage in passages}
    assert len(both) == len(KINDS) * len(LANGUAGES)


def test_texts_are_of_the_length_of_a_passage(passages: list[Passage]) -> None:
    lengths = {passage.slug: len(passage.text.split()) for passage in passages}
    assert [slug for slug, words in lengths.items() if not 60 <= words <= 250] == []


def test_every_text_has_figures_traps_and_its_own_name() -> None:
    passages = load_passages()
    assert [passage.slug for passage in passages if not passage.figures or not passage.traps] == []
    assert (
        len({passage.slug for passage in passages}) == len(passages) >= len(load_passages("known"))
    )
    assert len({passage.text for passage in passages}) == len(passages)


def test_quotes_stand_at_their_offsets(passages: list[Passage]) -> None:
    for passage in passages:
        for figure in passage.figures:
            assert passage.text[figure.start : figure.end] == figure.quote


def test_classes_and_comparators_all_occur() -> None:
    figures = [figure for passage in load_passages() for figure in passage.figures]
    assert {figure.claim_class for figure in figures} == {"core", "context", "vague", "implicit"}
    assert {figure.comparator for figure in figures} == set(Comparator)


def test_indicators_and_currencies_are_those_of_the_catalogue() -> None:
    indicators = {path.stem for path in (ROOT / "config" / "indicators").glob("*.yaml")}
    units = yaml.safe_load((ROOT / "config" / "units.yaml").read_text(encoding="utf-8"))["units"]
    currency_of = {unit["id"]: unit.get("currency") for unit in units}
    for passage in load_passages():
        for figure in passage.figures:
            assert figure.indicator in indicators | {""}, (passage.slug, figure.quote)
            money = figure.currency and figure.currency.lower()
            if money:
                assert figure.unit is not None
                assert figure.unit.split("-per-")[0] == money, (passage.slug, figure.quote)
            elif figure.unit in currency_of:
                assert currency_of[figure.unit] is None, (passage.slug, figure.quote)


def test_every_digit_is_annotated_a_trap_or_a_year() -> None:
    for passage in load_passages():
        spans = [(figure.start, figure.end) for figure in passage.figures] + passage.trap_spans
        left = [
            word
            for word in _numbers(passage.text, spans)
            if not (len(word) == 4 and word[:2] in {"19", "20"})
        ]
        # Days of a month, calendar spans and the base of a rate are no figures and no traps.
        assert all(word in NOT_ANNOTATED.get(passage.slug, ()) for word in left), (
            passage.slug,
            left,
        )


NOT_ANNOTATED = {
    "en-fact-monarchs": ("97",),
    "en-fact-water-treaty": ("26",),
    "en-stats-firearms-tracing": ("15",),
    "en-stats-isthmus-homicide": ("100", "000"),
    "en-stats-vaccine-shipments-weekly": ("16",),
    "es-stats-asilo-espana": ("31",),
}


def _numbers(text: str, covered: list[tuple[int, int]]) -> list[str]:
    """Runs of digits outside the spans."""
    words, word = [], ""
    for place, character in enumerate(f"{text} "):
        inside = any(start <= place < end for start, end in covered)
        if character in "0123456789" and not inside:
            word += character
        elif word:
            words.append(word)
            word = ""
    return words


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the texts of the articles are not at hand")
def test_the_five_articles() -> None:
    articles = load_articles()
    figures = [figure for article in articles for figure in article.figures]
    assert len(articles) == 5
    assert len(figures) == 54
    assert sum(figure.claim_class == "core" for figure in figures) == 28
    assert [trap for article in articles for trap in article.traps] == [
        "27 languages",
        "51 languages",
    ]
    money = next(figure for figure in figures if figure.quote.startswith("more than US"))
    assert (money.value_low, money.comparator) == (Decimal(3_000_000_000), Comparator.GT)
    assert (money.unit, money.currency) == ("usd", "USD")
    rate = next(figure for figure in figures if figure.quote == "23 in 2020")
    assert (rate.unit, rate.period_end) == ("per-100k", date(2020, 12, 31))


def test_articles_are_left_out_where_they_are_not_at_hand() -> None:
    assert load_articles(PASSAGES) == []


def figure(**changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "quote": "12 cases",
        "value_low": 12,
        "value_high": 12,
        "comparator": "eq",
        "rounding_unit": 1,
        "unit": "cases",
        "currency": None,
        "period_start": None,
        "period_end": None,
        "class": "core",
        "indicator": "",
    }
    return entry | changes


def passage(*figures: dict[str, Any], **changes: Any) -> Passage:
    data: dict[str, Any] = {
        "kind": "news",
        "language": "en",
        "published_on": date(2024, 5, 6),
        "text": "On page 3: 12 cases in May, then 12 cases in June.",
        "figures": list(figures),
        "traps": ["page 3"],
    }
    return parse_passage("here", data | changes)


def test_nth_says_which_of_several() -> None:
    found = passage(figure(), figure(nth=2))
    assert [each.start for each in found.figures] == [11, 33]
    assert found.trap_spans == [(3, 9)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quote": "13 cases"}, "stands 0 times"),
        ({"nth": 3}, "stands 2 times, not 3"),
        ({"comparator": "gt"}, "takes value_low and nothing else"),
        ({"comparator": "range", "value_high": None}, "takes value_low and value_high"),
        ({"comparator": "almost", "value_high": None}, "takes value_high and nothing else"),
        ({"value_high": 13}, "value_low equal to value_high"),
        ({"class": "boilerplate"}, "class 'boilerplate' is none of"),
        ({"unit": "Cases!"}, "unit"),
        ({"measure": "deaths"}, "missing or unknown: measure"),
        ({"quote": "page 3: 12 cases"}, "trap 'page 3' overlaps"),
        (
            {"period_start": date(2024, 6, 1), "period_end": date(2024, 5, 1)},
            "period_start lies after period_end",
        ),
    ],
)
def test_a_figure_that_does_not_hold_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        passage(figure(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "poem"}, "kind 'poem' is none of"),
        ({"language": "fr"}, "language 'fr' is none of"),
        ({"traps": ["page 4"]}, "trap 'page 4' does not stand"),
        ({"title": "A title"}, "missing or unknown: title"),
        ({"figures": [figure(nth=2), figure()]}, "not in order of place"),
        ({"figures": [figure(), figure()]}, "annotated twice"),
    ],
)
def test_a_passage_that_does_not_hold_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        passage(**changes)
