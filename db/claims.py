"""A claim between the files that state it, the rows that keep it, and the record that is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.schema import Article, Claim, Excerpt, format_facets
from db.records import StoredClaim

_LISTS = ("geography", "ref_areas", "counterpart_areas")
_OF_ARTICLE = ("title", "author", "publisher", "url", "date_basis", "language")
_OF_EXCERPT = ("exact", "prefix", "suffix", "start")
_PLACES = ("article_id", "excerpt_position", "position")
"""Where a row belongs; the record names the article and holds the excerpt."""


def article_row(article: Article) -> dict[str, Any]:
    """The columns of table `article`, but for the run."""
    return {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "publisher": article.publisher,
        "url": article.url,
        "language": article.language,
        "published_on": article.published_on,
        "date_basis": article.date_basis,
        "text_sha256": article.text_sha256,
    }


def excerpt_row(excerpt: Excerpt) -> dict[str, Any]:
    """The columns of table `excerpt`, but for its place."""
    return {name: getattr(excerpt, name) for name in _OF_EXCERPT}


def claim_row(article: str, excerpt: Excerpt, claim: Claim) -> dict[str, Any]:
    """The columns of table `claim`, but for its place. `article` is an id."""
    start = excerpt.start + excerpt.exact.index(claim.quote)
    return {
        "id": f"{article}/{claim.id}",
        "quote": claim.quote,
        "char_start": start,
        "char_end": start + len(claim.quote),
        "indicator": claim.indicator,
        "measure": claim.measure,
        "facets": format_facets(claim.facets),
        "value_low": claim.value_low,
        "value_high": claim.value_high,
        "comparator": claim.comparator.value,
        "rounding_unit": claim.rounding_unit,
        "unit": claim.unit,
        "currency": claim.currency,
        "geography": ";".join(claim.geography),
        "ref_areas": ";".join(claim.ref_areas),
        "counterpart_areas": ";".join(claim.counterpart_areas),
        "period_start": claim.period_start,
        "period_end": claim.period_end,
        "status": claim.status,
        "attributed_to": claim.attributed_to,
        "claim_class": claim.claim_class,
        "review_state": claim.review.state,
        "reviewer": claim.review.reviewer,
        "reviewed_on": claim.review.reviewed_on,
        "extractor": claim.extractor,
    }


def of_rows(
    article: Mapping[str, Any], excerpt: Mapping[str, Any], claim: Mapping[str, Any]
) -> StoredClaim:
    """The record of a claim, from its three rows."""
    plain = {name: value for name, value in claim.items() if name not in _PLACES}
    lists = {name: tuple(filter(None, claim[name].split(";"))) for name in _LISTS}
    return StoredClaim(
        **plain | lists,
        article=article["id"],
        article_date=article["published_on"],
        **{f"article_{name}": article[name] for name in _OF_ARTICLE},
        **{f"excerpt_{name}": excerpt[name] for name in _OF_EXCERPT},
    )


def of_files(article: Article, excerpt: Excerpt, claim: Claim) -> StoredClaim:
    """The record of a claim that is not stored, as it would be read."""
    return of_rows(
        article_row(article), excerpt_row(excerpt), claim_row(article.id, excerpt, claim)
    )
