"""Search: what was found, in groups by kind; what to try where nothing was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from dash import html

from config.schema import Event
from dashboard import addresses, labels
from dashboard.asked import KINDS, Kind, SearchState
from dashboard.components.claims import by_excerpt, readable
from dashboard.components.dated import kind_words, when
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.page import Page, section
from dashboard.render import markup, wild
from dashboard.search import (
    MOST_CHARACTERS,
    TITLE,
    Document,
    Field,
    Hit,
    covered,
    pieces,
    snippet,
    terms,
)
from dashboard.searchable import index_of
from dashboard.state import Notice
from dashboard.store import Store
from dashboard.view import short_article
from db.records import StoredClaim

MOST_OF_A_KIND = 20
MOST_OF_ALL = 500
"""Results of one kind on the page that shows all of them."""
MOST_BESIDE = 2
"""Texts shown of a result beside its title and first text, for words that stand in neither."""


def page(store: Store, state: SearchState, notices: Sequence[Notice], t: Translator) -> Page:
    """What was found; without a word to look for, what there is."""
    title = t("Search: {text}", text=state.text) if state.text else t("Search")
    return Page(
        title=title,
        description=t("Search over indicators, articles, excerpts, events and sources."),
        body=[
            html.H1(t("Search")),
            form(state.text, t),
            *(_results(store, state, t) if state.text else _empty(store, t)),
        ],
        path="search",
        query=state.query(),
        notices=notices,
    )


def kind_names(kind: Kind, t: Translator) -> str:
    """A group of results."""
    names = {
        "indicators": t("Indicators"),
        "articles": t("Articles"),
        "excerpts": t("Excerpts with cited figures"),
        "events": t("Events"),
        "sources": t("Sources"),
    }
    return names[kind]


def form(text: str, t: Translator) -> html.Form:
    """The field of the page itself, with the words that were asked for."""
    filled = f' value="{escape(text)}"' if text else ""
    return html.Form(
        [
            html.Label(t("Words to look for"), htmlFor="search-words"),
            html.Div(
                [
                    markup(
                        f'<input type="search" name="q" id="search-words"{filled} '
                        f'maxlength="{MOST_CHARACTERS}" autocomplete="off" '
                        'aria-describedby="search-help">'
                    ),
                    html.Button(t("Search"), type="submit"),
                ],
                className="search-line",
            ),
            html.P(
                t(
                    "Words in English or Spanish, or how they begin; accents and capitals make no "
                    "difference. Of several words all must be found."
                ),
                id="search-help",
                className="legend",
            ),
        ],
        action=addresses.search(t.language),
        method="get",
        role="search",
        className="search-form",
    )


# --- nothing asked for, nothing found -------------------------------------------------------


def _empty(store: Store, t: Translator) -> list[Any]:
    index = index_of(store)
    counts = Counter(document.kind for document in index.documents)
    ways: tuple[tuple[Kind, str | None], ...] = (
        ("indicators", addresses.page(t.language, "indicators")),
        ("articles", addresses.page(t.language, "articles")),
        ("excerpts", None),
        ("events", addresses.events(t.language)),
        ("sources", addresses.page(t.language, "sources")),
    )
    items = [
        html.Li(
            [
                html.A(kind_names(kind, t), href=address) if address else kind_names(kind, t),
                f" ({counts[kind]})",
            ]
        )
        for kind, address in ways
    ]
    cited = Counter(claim.indicator for claim in store.claims())
    most = [store.catalog.indicators[name].name[t.language] for name, _ in cited.most_common(4)]
    parts: list[Any] = [html.P(t("What can be found:")), html.Ul(items, className="queries")]
    if most:
        parts.append(html.P(t("For example:")))
        parts.append(_queries([(name, None) for name in most], t))
    return parts


def _queries(found: Sequence[tuple[str, int | None]], t: Translator) -> html.Ul:
    """Links to other queries, each with how much it finds."""
    return html.Ul(
        [
            html.Li(
                [
                    html.A(query, href=addresses.search(t.language, SearchState(query))),
                    "" if count is None else f" ({t.n('{n} result', '{n} results', count)})",
                ]
            )
            for query, count in found
        ],
        className="queries",
    )


def _nothing(store: Store, state: SearchState, asked: Sequence[str], t: Translator) -> list[Any]:
    if not asked:
        return [html.P(t("“{text}” has no word to look for.", text=state.text), className="none")]
    index = index_of(store)
    parts: list[Any] = [
        html.P(t("Nothing was found for “{text}”.", text=state.text), className="none")
    ]
    together = len(asked) > 1 and not index.missing(asked)
    near = index.suggestions(asked)
    if near:
        text = t("Each word is found, but not together:") if together else t("Nearest words:")
        parts += [html.P(text), _queries(near, t)]
    else:
        parts.append(html.P(t("No word of the collection is spelt like it.")))
    ways = (
        (t("All indicators"), addresses.page(t.language, "indicators")),
        (t("All articles"), addresses.page(t.language, "articles")),
    )
    parts.append(html.P(t("Or look through:")))
    items = [html.Li(html.A(name, href=address)) for name, address in ways]
    parts.append(html.Ul(items, className="queries"))
    return parts


# --- what was found -------------------------------------------------------------------------


def _results(store: Store, state: SearchState, t: Translator) -> list[Any]:
    asked = terms(state.text)
    hits = index_of(store).search(asked)
    if not hits:
        return _nothing(store, state, asked, t)
    by_kind = {kind: [hit for hit in hits if hit.document.kind == kind] for kind in KINDS}
    present = [kind for kind in KINDS if by_kind[kind]]
    total = t.n("{n} result for “{text}”", "{n} results for “{text}”", len(hits), text=state.text)
    parts: list[Any] = [html.P(total, className="total", **wild(role="status"))]
    parts.append(_counts(state, {kind: len(by_kind[kind]) for kind in present}, t))
    if state.kind is None:
        return parts + [_group(store, state, kind, by_kind[kind], asked, t) for kind in present]
    if not by_kind[state.kind]:
        text = t("Nothing of this kind was found: {kind}.", kind=kind_names(state.kind, t))
        return [*parts, html.P(text, className="none")]
    return [*parts, _group(store, state, state.kind, by_kind[state.kind], asked, t)]


def _counts(state: SearchState, counts: dict[Kind, int], t: Translator) -> html.Nav:
    """How many of each kind: on the page of all kinds links down it, else to the other kinds."""
    items = []
    for kind, count in counts.items():
        text = f"{kind_names(kind, t)} ({count})"
        if state.kind is None:
            items.append(html.Li(html.A(text, href=f"#{kind}")))
            continue
        here = "page" if kind == state.kind else None
        address = addresses.search(t.language, SearchState(state.text, kind))
        items.append(html.Li(html.A(text, href=address, **wild(aria_current=here))))
    if state.kind is not None:
        address = addresses.search(t.language, SearchState(state.text))
        items.insert(0, html.Li(html.A(t("All kinds"), href=address)))
    return html.Nav(html.Ul(items), className="kinds-found", **wild(aria_label=t("Kinds")))


def _group(
    store: Store, state: SearchState, kind: Kind, hits: Sequence[Hit], asked: Sequence[str],
    t: Translator,
) -> html.Section:  # fmt: skip
    most = MOST_OF_A_KIND if state.kind is None else MOST_OF_ALL
    look = _Look(store, asked, t)
    items = [html.Li(look.item(hit.document), className="result") for hit in hits[:most]]
    children: list[Any] = [html.Ul(items, className="results")]
    if len(hits) > most and state.kind is None:
        address = addresses.search(t.language, SearchState(state.text, kind))
        text = t("All {n}: {kind}", n=len(hits), kind=kind_names(kind, t))
        children.append(html.P(html.A(text, href=address)))
    elif len(hits) > most:
        text = t("The first {n} of {all} are shown: one more word leaves fewer.")
        children.append(html.P(text.format(n=most, all=len(hits)), className="legend"))
    return section(f"{kind_names(kind, t)} ({len(hits)})", children, kind)


class _Look:
    """How the results of one query look."""

    def __init__(self, store: Store, asked: Sequence[str], t: Translator) -> None:
        self.store, self.asked, self.t = store, asked, t
        self.excerpts: dict[str, list[StoredClaim]] = {
            group[0].id: group for group in by_excerpt(store.claims())
        }
        self.events = {event.id: event for event in store.catalog.pair.events}

    def item(self, document: Document) -> list[Any]:
        """One result, as things of its kind look."""
        return {
            "indicators": self._indicator,
            "articles": self._article,
            "excerpts": self._excerpt,
            "events": self._event,
            "sources": self._source,
        }[document.kind](document)

    def marked(self, text: str) -> list[Any]:
        """A text with the words that were asked for."""
        return [
            html.Mark(piece.text) if piece.found else piece.text
            for piece in pieces(text, self.asked)
        ]

    def _indicator(self, document: Document) -> list[Any]:
        t = self.t
        indicator = self.store.catalog.indicators[document.id]
        name, definition = indicator.name[t.language], indicator.definition[t.language]
        short = snippet(definition, self.asked)
        return [
            self._title(name, addresses.indicator(t.language, document.id)),
            html.P(self.marked(short)),
            *self._beside(document, (name, short)),
        ]

    def _article(self, document: Document) -> list[Any]:
        t = self.t
        article = self.store.articles()[document.id]
        by = ", ".join(part for part in (article.author, article.publisher) if part)
        line = f"{by}, {day(article.published_on, t.locale)}" if by else (
            day(article.published_on, t.locale)
        )  # fmt: skip
        return [
            self._title(article.title, addresses.article(t.language, article.id), article.language),
            html.P(self.marked(line), className="byline"),
        ]

    def _excerpt(self, document: Document) -> list[Any]:
        t, catalog = self.t, self.store.catalog
        group = self.excerpts[document.id]
        first = group[0]
        names = dict.fromkeys(catalog.indicators[c.indicator].name[t.language] for c in group)
        title, who = ", ".join(names), short_article(first)
        before, after = readable(first.excerpt_prefix), readable(first.excerpt_suffix)
        said = "; ".join(
            f"{labels.cited_value(claim, catalog.units[claim.unit], t)} "
            f"({labels.claim_period_short(claim, t)})"
            for claim in group
        )
        return [
            self._title(title, addresses.of_claim(t.language, first)),
            html.Blockquote(
                html.P(
                    [
                        html.Span(["… ", *self.marked(before)], className="context"),
                        *self.marked(readable(first.excerpt_exact)),
                        html.Span([*self.marked(after), " …"], className="context"),
                    ]
                ),
                lang=first.article_language,
            ),
            html.P(
                [html.Span(self.marked(who), lang=first.article_language), ": ",
                 *self.marked(said)],
                className="byline",
            ),
            *self._beside(document, (title, before + readable(first.excerpt_exact) + after, who,
                                     said)),
        ]  # fmt: skip

    def _event(self, document: Document) -> list[Any]:
        t = self.t
        event: Event = self.events[document.id]
        label, time = event.label[t.language], when(event, t)
        return [
            self._title(label, addresses.event(t.language, event.id)),
            html.P([*self.marked(time), " · ", kind_words(event.kind, t)], className="byline"),
            *self._beside(document, (label, time)),
        ]

    def _source(self, document: Document) -> list[Any]:
        t = self.t
        source = self.store.catalog.sources[document.id]
        name = source.name[t.language]
        provider = self.store.catalog.provider_of(source.id).name[t.language]
        return [
            self._title(name, addresses.source(t.language, source.id)),
            html.P(self.marked(provider), className="byline"),
            *self._beside(document, (name, provider)),
        ]

    def _title(self, text: str, address: str, language: str | None = None) -> html.H3:
        lang = language if language != self.t.language else None
        return html.H3(html.A(self.marked(text), href=address, lang=lang))

    def _beside(self, document: Document, shown: Sequence[str]) -> list[html.P]:
        """Other texts of a document, with the words that stand in nothing shown so far.

        Those of the page's language first: a Spanish word finds the English page's thing as well,
        and it is said where.
        """
        missing = set(self.asked) - covered(" ".join(shown), self.asked)
        lines: list[html.P] = []
        fields = sorted(document.fields, key=lambda f: f.language not in {None, self.t.language})
        while missing and len(lines) < MOST_BESIDE:
            best = max(fields, key=lambda f: (len(missing & covered(f.text, self.asked)), f.weight))
            have = missing & covered(best.text, self.asked)
            if not have:
                break
            missing -= have
            lines.append(self._line(best))
        return lines

    def _line(self, field: Field) -> html.P:
        lang = field.language if field.language not in {None, self.t.language} else None
        text = snippet(field.text, self.asked, 160)
        label = label_words(field, self.t)
        return html.P([f"{label}: ", html.Span(self.marked(text), lang=lang)], className="beside")


def label_words(field: Field, t: Translator) -> str:
    """What a text is of a document; a title that is not shown is that of the other language."""
    if field.label == "title" and field.weight == TITLE:
        return t("In Spanish") if field.language == "es" else t("In English")
    words = {
        "definition": t("Definition"),
        "measures": t("Measures"),
        "facets": t("Distinctions"),
        "words": t("Words in articles"),
        "areas": t("Areas"),
        "not": t("What it is not"),
        "caveats": t("To be known"),
        "value": t("Cited figure"),
        "attributed": t("Source that the article names"),
        "source": t("Source"),
        "provider": t("Provider"),
        "id": t("Name in addresses"),
        "indicators": t("Indicators"),
        "published": t("Year"),
        "article": t("Article"),
        "excerpt": t("Excerpt"),
        "author": t("Author"),
        "publisher": t("Publisher"),
    }
    return words[field.label]
