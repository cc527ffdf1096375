from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalog import Catalog, read_article
from config.schema import MAX_EXCERPT
from ingest.articles.check import misplaced
from ingest.articles.drafting import (
    Draft,
    DraftError,
    article_id,
    draft,
    excerpts_of,
    slug,
)
from ingest.articles.reading import Text
from tests.ingest.articles.stub import ARTICLE, Figure, extract

TEXT = Text(
    ARTICLE,
    "a.txt",
    title="Two rates: a story",
    author="Ana López",
    published_on=date(2022, 5, 3),
    canonical_url="https://example.org/rates",
)


def a_draft(catalog: Catalog, text: Text = TEXT, **options: Any) -> Draft:
    return draft(text, catalog, extract, **options)


def test_a_draft_is_a_valid_file_with_pending_claims(catalog: Catalog) -> None:
    made = a_draft(catalog)
    article = read_article(catalog, made.yaml, "a.yaml")
    assert article == made.article
    assert article.id == "lopez-2022-rates-story"
    assert (article.title, article.author) == ("Two rates: a story", "Ana López")
    assert (article.published_on, article.date_basis) == (date(2022, 5, 3), "stated")
    assert article.text_sha256 == TEXT.sha256
    assert {claim.review.state for claim in article.claims} == {"pending"}
    assert {claim.extractor for claim in article.claims} == {"grammar"}
    assert [claim.id for claim in article.claims] == [
        "homicide-rate-2007",
        "homicide-rate-2018",
    ]


def test_claims_of_one_sentence_share_a_verbatim_excerpt(catalog: Catalog) -> None:
    (excerpt,) = a_draft(catalog).article.excerpts
    assert excerpt.exact.startswith("The rate in Mexico was 8")
    assert excerpt.exact.endswith("inhabitants in 2018.")
    assert len(excerpt.claims) == 2
    assert misplaced(excerpt, ARTICLE) is None
    assert ARTICLE.count(excerpt.prefix + excerpt.exact + excerpt.suffix) == 1


def test_figures_without_an_indicator_are_named_in_a_comment(catalog: Catalog) -> None:
    made = a_draft(catalog)
    assert [each.quote for each in made.unlinked] == ["15 years"]
    assert f"#   {ARTICLE.index('15 years')}: 15 years\n" in made.yaml


def test_the_day_is_said_by_somebody_or_inferred_or_asked_for(catalog: Catalog) -> None:
    undated = replace(TEXT, published_on=None)
    with pytest.raises(DraftError, match="states no day of publication"):
        a_draft(catalog, undated)
    assert a_draft(catalog, undated, published_on=date(2021, 1, 1)).article.date_basis == "stated"
    found = a_draft(catalog, undated, found_on=date(2026, 1, 1)).article
    assert (found.published_on, found.date_basis) == (date(2026, 1, 1), "inferred")
    assert found.date_note is not None
    assert a_draft(catalog, found_on=date(2026, 1, 1)).article.published_on == date(2022, 5, 3)


def test_nothing_to_draft_is_said(catalog: Catalog) -> None:
    with pytest.raises(DraftError, match="no figure, none of which belongs"):
        draft(TEXT, catalog, lambda *_: [])
    german = replace(TEXT, text="Der Anteil der Menschen ist auf 8 gestiegen. " * 9)
    for text in (german, replace(german, published_on=None)):
        with pytest.raises(DraftError, match=r"a\.txt: the text is neither in English"):
            a_draft(catalog, text)

    def refuses(*_: Any) -> Any:
        raise ValueError("not that one")

    with pytest.raises(DraftError, match=r"a\.txt: not that one"):
        draft(TEXT, catalog, refuses)


def test_ids_are_free(catalog: Catalog) -> None:
    taken = {"lopez-2022-rates-story", *catalog.articles}
    assert a_draft(catalog, taken=taken).article.id == "lopez-2022-rates-story-2"
    bare = Text("x", "a.txt")
    assert article_id(bare, date(2022, 1, 1), ()) == f"2022-{bare.sha256[:8]}"
    assert slug("  ¿Más de 3?  ") == "mas-de-3"


# --- excerpts ---


def figure(text: str, quote: str, **fields: Any) -> Figure:
    start = text.index(quote)
    return Figure(quote, start, start + len(quote), Decimal(8), Decimal(8), **fields)


def test_a_unit_other_than_the_measures_carries_a_caveat(catalog: Catalog) -> None:
    text = "There were 8 deaths in all."
    excerpts, rest = excerpts_of(text, [figure(text, "8 deaths", unit="deaths")], catalog)
    (claim,) = excerpts[0].claims
    assert not rest
    assert claim.caveats[0].en == (
        "The article counts deaths; the official series is in per 100,000 inhabitants."
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": ""},
        {"indicator": "no-such"},
        {"measure": "no-such"},
        {"unit": "languages"},
        {"unit": None},
        {"comparator": "gt"},
        {"status": "no-such"},
        {"period_start": date(2022, 1, 1), "period_end": date(2021, 1, 1)},
    ],
)
def test_what_no_claim_can_be_made_of_is_left_out(catalog: Catalog, fields: dict[str, Any]) -> None:
    text = "There were 8 deaths in all."
    each = figure(text, "8 deaths", **fields)
    assert excerpts_of(text, [each], catalog) == ([], [each])


def test_a_quote_that_stands_twice_gets_the_words_around_it(catalog: Catalog) -> None:
    text = "It was 8 in 2007 and 8 in 2008, and some more later."
    places = [text.index("8 in 2007"), text.index("8 in 2008")]
    figures = [Figure("8", at, at + 1, Decimal(8), Decimal(8)) for at in places]
    (excerpt,), _ = excerpts_of(text, figures, catalog)
    assert [claim.quote for claim in excerpt.claims] == ["8 in 2007", "8 in 2008,"]


def test_a_sentence_that_stands_twice_is_told_apart_by_what_is_around_it(catalog: Catalog) -> None:
    text = "First of all. It was 8 then. " + "Other words stand here. " * 5 + "It was 8 then. End."
    at = text.rindex("8")
    (excerpt,), _ = excerpts_of(text, [Figure("8", at, at + 1, Decimal(8), Decimal(8))], catalog)
    assert misplaced(excerpt, text) is None
    assert text.count(excerpt.prefix + excerpt.exact + excerpt.suffix) == 1


@pytest.mark.parametrize(
    ("named", "refs", "written"),
    [
        (("USA-MEX",), ("USA",), ["USA"]),
        (("USA-MEX",), ("USA-MEX",), ["USA-MEX"]),
        (("USA-MEX", "HND"), ("USA",), ["HND"]),
        (("HND",), ("USA",), ["HND"]),
        (("USA-MEX",), (), ["USA-MEX"]),
    ],
)
def test_what_a_country_counts_at_its_border_is_of_that_country(
    named: tuple[str, ...], refs: tuple[str, ...], written: list[str], catalog: Catalog
) -> None:
    text = "There were 8 of them."
    each = figure(text, "8", geography=named, ref_areas=refs)
    ((excerpt,), _) = excerpts_of(text, [each], catalog)
    assert [claim.geography for claim in excerpt.claims] == [written]


def test_unknown_areas_and_facets_are_not_written(catalog: Catalog) -> None:
    text = "There were 8 of them."
    each = figure(
        text,
        "8",
        geography=("ATL",),
        ref_areas=("ATL", "MEX"),
        facets={"a": "b", "source-type": "x"},
    )
    ((excerpt,), _) = excerpts_of(text, [each], catalog)
    (claim,) = excerpt.claims
    assert (claim.geography, claim.ref_areas, claim.facets) == (["MEX"], ["MEX"], {})


@given(
    st.lists(
        st.text("ab .\n\t8¿", min_size=1, max_size=120) | st.sampled_from(["word " * 60, "8"]),
        min_size=1,
        max_size=10,
    ),
    st.data(),
)
def test_excerpts_of_any_text_are_short_verbatim_and_complete(
    catalog: Catalog, parts: list[str], data: st.DataObject
) -> None:
    text = "".join(parts)
    figures: list[Any] = []
    place = 0
    while place < len(text) and len(figures) < 8:
        start = data.draw(st.integers(place, len(text) - 1))
        end = data.draw(st.integers(start + 1, min(len(text), start + 60)))
        if text[start:end] == text[start:end].strip():
            figures.append(Figure(text[start:end], start, end, Decimal(8), Decimal(8)))
        place = end
    excerpts, rest = excerpts_of(text, figures, catalog)
    assert len(rest) + sum(len(each.claims) for each in excerpts) == len(figures)
    assert not rest
    for excerpt in excerpts:
        assert misplaced(excerpt, text) is None
        assert len(excerpt.prefix + excerpt.exact + excerpt.suffix) <= MAX_EXCERPT
    assert [e.start for e in excerpts] == sorted(e.start for e in excerpts)
