"""The page of one article: metadata, excerpts with highlighted figures, and the figures read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard import addresses
from dashboard.cards import Card
from dashboard.components import relations, verdicts
from dashboard.components.claims import (
    article_date,
    automatic_switch,
    by_excerpt,
    caveats,
    excerpt,
    facts,
    readable,
    reading,
)
from dashboard.components.controls import day_form
from dashboard.i18n import Translator
from dashboard.page import Page, section, terms
from dashboard.pages.overview import as_known, written_by
from dashboard.state import Notice, ViewState
from dashboard.store import Store
from db.queries import StoredArticle
from db.records import StoredClaim


def page(
    store: Store, article: StoredArticle, state: ViewState, notices: Sequence[Notice], t: Translator
) -> Page:
    """Its excerpts with their figures, and each figure held against the official ones."""
    shown = [c for c in store.claims(automatic=state.automatic) if c.article == article.id]
    reviewed = [c for c in shown if not addresses.is_automatic(c)]
    cited = t.n("{n} cited figure", "{n} cited figures", len(reviewed))
    asof = state.asof
    groups = [_group(store, group, state, t) for group in by_excerpt(shown)]
    unchecked = store.unchecked(article.id)
    body: list[Any] = [
        _title(article, asof, t),
        day_form(
            addresses.article(t.language, article.id),
            state,
            addresses.article(t.language, article.id, automatic=state.automatic),
            t,
        ),
        html.P(t("The article was written after that day."), className="none")
        if asof and article.published_on > asof
        else None,
        _metadata(store, article, cited, reviewed, asof, t),
        _switch(store, article, state, t),
        section(
            t("Excerpts and the figures they cite"),
            [html.P(t("Each highlighted figure leads to its place on the chart.")), *groups]
            if groups
            else [html.P(t("No figure of this article has been reviewed yet."), className="none")],
            "excerpts",
        ),
    ]
    if unchecked:
        body.append(
            section(
                t("Figures that are not checked"), [_unchecked(store, unchecked, t)], "unchecked"
            )
        )
    body.append(
        section(
            t("Other articles on the same figures"),
            [_others(store, article, shown, asof, t)],
            "others",
        )
    )
    return Page(
        title=as_known(article.title, asof, t),
        description=f"{as_known(article.title, asof, t)}: {cited}.",
        body=body,
        path=f"articles/{article.id}",
        card=_card(store, reviewed, asof, t),
        notices=notices,
        query=state.query(),
    )


def _title(article: StoredArticle, asof: date | None, t: Translator) -> html.H1:
    """The article's own title in its language, and the day of knowledge in the reader's."""
    if asof is None:
        return html.H1(article.title, lang=article.language)
    before, after = as_known("\0", asof, t).split("\0")
    return html.H1([before, html.Span(article.title, lang=article.language), after])


def _card(
    store: Store, claims: Sequence[StoredClaim], asof: date | None, t: Translator
) -> Card | None:
    """The chart of the first figure that has a place on one."""
    drawn = next((claim for claim in claims if claim.unit != "ratio"), None)
    if drawn is None:
        return None
    name = store.catalog.indicators[drawn.indicator].name[t.language]
    return Card(drawn.indicator, ViewState(measure=drawn.measure, asof=asof), name)


def _switch(store: Store, article: StoredArticle, state: ViewState, t: Translator) -> html.P | None:
    all_of_it = [c for c in store.claims(automatic=True) if c.article == article.id]
    waiting = sum(map(addresses.is_automatic, all_of_it))
    address = addresses.article(
        t.language, article.id, automatic=not state.automatic, asof=state.asof
    )
    return automatic_switch(waiting, address, t, shown=state.automatic)


def _metadata(
    store: Store,
    article: StoredArticle,
    cited: str,
    claims: Sequence[StoredClaim],
    asof: date | None,
    t: Translator,
) -> html.Dl:
    file = store.article_file(article.id)
    rows: list[tuple[str, Any]] = []
    if article.author:
        rows.append((t("Author"), article.author))
    if article.publisher:
        inferred = f" ({t('inferred')})" if file and file.publisher_inferred else ""
        rows.append((t("Publisher"), article.publisher + inferred))
    dated = article_date(article.published_on, article.date_basis, t)
    if file and file.date_note:
        dated.append(html.Small(f" {file.date_note[t.language]}"))
    rows.append((t("Published"), dated))
    if article.url:
        rows.append((t("Address"), html.A(article.url, href=article.url, rel="external")))
    licence = (
        file.licence_note[t.language] if file else t("Not read yet. Only short excerpts are shown.")
    )
    rows.append((t("Licence"), licence))
    if claims:
        rows.append((t("Figures"), [cited, verdicts.totals(store, claims, t, asof=asof)]))
    return terms(rows, "metadata")


def _group(
    store: Store, group: Sequence[StoredClaim], state: ViewState, t: Translator
) -> html.Article:
    parts: list[Any] = [excerpt(group, t.language, link_to_chart=True, ids=True, asof=state.asof)]
    for claim in group:
        indicator = store.catalog.indicators[claim.indicator]
        address = addresses.claim_on_chart(t.language, claim, asof=state.asof)
        content = [
            html.P(html.A(indicator.name[t.language], href=address), className="indicator-link"),
            facts(store.catalog, claim, t),
            verdicts.block(store, claim, t, asof=state.asof),
            *caveats(store, claim, t),
            relations.block(
                store, claim, t, here=False, automatic=state.automatic, asof=state.asof
            ),
        ]
        parts.append(reading(claim, content, t, selected=False))
    return html.Article(parts, className="claim")


def _unchecked(store: Store, claims: Sequence[StoredClaim], t: Translator) -> html.Details:
    """What the article says in numbers, or nearly so, and no official figure is asked of."""
    items = [
        html.Li(
            [
                html.Q(readable(claim.quote), lang=claim.article_language),
                f": {verdicts.reason_words(store.catalog, claim, claim.claim_class, t)}",
            ]
        )
        for claim in claims
    ]
    count = t.n("{n} figure and why", "{n} figures and why", len(items))
    return html.Details([html.Summary(count), html.Ul(items)])


def _others(
    store: Store,
    article: StoredArticle,
    claims: Sequence[StoredClaim],
    asof: date | None,
    t: Translator,
) -> Any:
    mine = {claim.indicator for claim in claims}
    found: dict[str, set[str]] = {}
    for claim in written_by(store.claims(), asof):
        if claim.article != article.id and claim.indicator in mine:
            found.setdefault(claim.article, set()).add(claim.indicator)
    if not found:
        return html.P(
            t("No other article in the collection cites these indicators."), className="none"
        )
    items = []
    for name, indicators in found.items():
        other = store.articles()[name]
        names = ", ".join(store.catalog.indicators[i].name[t.language] for i in sorted(indicators))
        link = html.A(
            html.Cite(other.title, lang=other.language),
            href=addresses.article(t.language, name, asof=asof),
        )
        items.append(html.Li([link, f": {names}"]))
    return html.Ul(items)
