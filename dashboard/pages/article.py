"""The page of one article: metadata, excerpts with highlighted figures, and the figures read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from config.schema import Article
from dashboard import addresses
from dashboard.components import verdicts
from dashboard.components.claims import article_date, by_excerpt, caveats, excerpt, facts
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.page import Page, section
from dashboard.render import wild
from dashboard.state import Notice
from dashboard.store import Store
from db.records import StoredClaim


def page(store: Store, article: Article, notices: Sequence[Notice], t: Translator) -> Page:
    claims = [claim for claim in store.claims() if claim.article == article.id]
    cited = t.n("{n} cited figure", "{n} cited figures", len(claims))
    groups = [_group(store, group, t) for group in by_excerpt(claims)]
    return Page(
        title=article.title,
        description=f"{article.title}: {cited}.",
        body=[
            html.H1(article.title, lang=article.language),
            _metadata(article, cited, verdicts.counts(store, claims, t), t),
            section(
                t("Excerpts and the figures they cite"),
                [html.P(t("Each highlighted figure leads to its place on the chart.")), *groups],
                "excerpts",
            ),
            section(
                t("Other articles on the same figures"),
                [_others(store, article, claims, t)],
                "others",
            ),
        ],
        path=f"articles/{article.id}",
        notices=notices,
    )


def _metadata(article: Article, cited: str, counted: str, t: Translator) -> html.Dl:
    rows: list[tuple[str, Any]] = []
    if article.author:
        rows.append((t("Author"), article.author))
    if article.publisher:
        inferred = f" ({t('inferred')})" if article.publisher_inferred else ""
        rows.append((t("Publisher"), article.publisher + inferred))
    when = day(article.published_on, t.locale)
    dated = article_date(article.published_on.isoformat(), when, article.date_basis, t)
    if article.date_note:
        dated.append(html.Small(f" {article.date_note[t.language]}"))
    rows.append((t("Published"), dated))
    if article.url:
        rows.append((t("Address"), html.A(article.url, href=article.url, rel="external")))
    rows.append((t("Licence"), article.licence_note[t.language]))
    rows.append((t("Figures"), f"{cited}: {counted}" if counted else cited))
    return html.Dl(
        [part for name, text in rows for part in (html.Dt(name), html.Dd(text))],
        className="metadata",
    )


def _group(store: Store, group: Sequence[StoredClaim], t: Translator) -> html.Article:
    parts: list[Any] = [excerpt(group, t.language, link_to_chart=True, ids=True)]
    for claim in group:
        indicator = store.catalog.indicators[claim.indicator]
        address = addresses.claim_on_chart(t.language, claim.indicator, claim.id, claim.measure)
        parts.append(
            html.Div(
                [
                    html.P(
                        html.A(indicator.name[t.language], href=address), className="indicator-link"
                    ),
                    facts(store.catalog, claim, t),
                    verdicts.block(store, claim, t),
                    *caveats(store.catalog, claim, t),
                ],
                className="reading",
                **wild(data_claim=claim.id),
            )
        )
    return html.Article(parts, className="claim")


def _others(store: Store, article: Article, claims: Sequence[StoredClaim], t: Translator) -> Any:
    mine = {claim.indicator for claim in claims}
    found: dict[str, set[str]] = {}
    for claim in store.claims():
        if claim.article != article.id and claim.indicator in mine:
            found.setdefault(claim.article, set()).add(claim.indicator)
    if not found:
        return html.P(
            t("No other article in the collection cites these indicators."), className="none"
        )
    items = []
    for name, indicators in found.items():
        other = store.catalog.articles[name]
        names = ", ".join(store.catalog.indicators[i].name[t.language] for i in sorted(indicators))
        link = html.A(
            html.Cite(other.title, lang=other.language), href=addresses.article(t.language, name)
        )
        items.append(html.Li([link, f": {names}"]))
    return html.Ul(items)
