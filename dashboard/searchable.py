"""What can be found: indicators, articles, excerpts, events and sources as documents for search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from config.catalog import Catalog
from config.schema import Area, Event, Indicator, LocalText, Source, Words
from dashboard import labels
from dashboard.components.claims import by_excerpt, readable
from dashboard.i18n import LANGUAGES, Translator
from dashboard.search import NAME, TEXT, TITLE, Document, Field, Index
from dashboard.store import Store
from dashboard.view import short_article
from db.queries import StoredArticle
from db.records import SeriesKey, StoredClaim


def index_of(store: Store) -> Index:
    """The index of everything, made once for each state of the data."""
    return store.derived("search", lambda: Index(documents(store)))


def documents(store: Store) -> Iterator[Document]:
    """In the order in which equally good ones are shown."""
    catalog = store.catalog
    series = {each.id: store.series(each.id) for each in catalog.pair_indicators}
    for indicator in catalog.pair_indicators:
        yield _indicator(catalog, indicator, series[indicator.id])
    claims = store.claims()
    cited = {claim.article for claim in claims}
    for article in reversed(list(store.articles().values())):
        # A draft, of which nothing has been reviewed, is not shown.
        if article.id in cited or article.id in catalog.articles:
            yield _article(article)
    for group in by_excerpt(claims):
        yield _excerpt(catalog, group)
    for event in sorted(catalog.pair.events, key=lambda event: (event.date, event.id)):
        yield _event(event)
    fed = _fed(series)
    for source in catalog.sources.values():
        yield _source(catalog, source, fed.get(source.id, ()))


def _both(text: LocalText, weight: int, label: str) -> Iterator[Field]:
    for language in LANGUAGES:
        yield Field(text[language], weight, label, language)


def _listed(texts: Iterable[LocalText], weight: int, label: str) -> Iterator[Field]:
    """Several short texts as one field in each language."""
    texts = list(texts)
    for language in LANGUAGES if texts else ():
        yield Field(" · ".join(text[language] for text in texts), weight, label, language)


def _cues(words: Iterable[Words]) -> Iterator[Field]:
    """The words by which articles tell it, with their asterisks."""
    words = list(words)
    for language in LANGUAGES:
        found = dict.fromkeys(word for each in words for word in each[language])
        if found:
            yield Field(", ".join(found), NAME, "words", language)


def _indicator(catalog: Catalog, indicator: Indicator, keys: Iterable[SeriesKey]) -> Document:
    measures = indicator.measures.values()
    facets = indicator.facets.values()
    values = [value for facet in facets for value in facet.values.values()]
    definitions = [*(m.definition for m in measures), *(v.definition for v in values)]
    cues = indicator.cues
    told: list[Words] = []
    if cues:
        told = [cues.words, *(m.words for m in cues.measures.values())]
        told += [m.bare for m in cues.measures.values()]
        told += [words for by_value in cues.facets.values() for words in by_value.values()]
    codes = {code for key in keys for code in (key.ref_area, key.counterpart_area) if code}
    areas = [catalog.areas[code] for code in sorted(codes) if code in catalog.areas]
    return Document(
        "indicators",
        indicator.id,
        (
            *_both(indicator.name, TITLE, "title"),
            *_both(indicator.definition, TEXT, "definition"),
            *_listed((m.name for m in measures), NAME, "measures"),
            *_listed((v.name for v in values), NAME, "facets"),
            *_cues(told),
            *_listed((area.name for area in areas), NAME, "areas"),
            *_peoples(areas),
            *(part for text in definitions if text for part in _both(text, TEXT, "definition")),
            *_both(indicator.not_this, TEXT, "not"),
            *(part for text in indicator.caveats for part in _both(text, TEXT, "caveats")),
        ),
    )


def _peoples(areas: Iterable[Area]) -> Iterator[Field]:
    """How texts name the areas beside their names: Mexican, Guatemalans."""
    areas = list(areas)
    for language in LANGUAGES:
        found = dict.fromkeys(word for area in areas for word in area.words[language])
        if found:
            yield Field(", ".join(found), TEXT, "areas", language)


def _article(article: StoredArticle) -> Document:
    names = (("author", article.author), ("publisher", article.publisher))
    return Document(
        "articles",
        article.id,
        (
            Field(article.title, TITLE, "title", article.language),
            *(Field(name, NAME, label) for label, name in names if name),
            Field(str(article.published_on.year), TEXT, "published"),
        ),
    )


def _excerpt(catalog: Catalog, group: list[StoredClaim]) -> Document:
    """One excerpt with its figures. Its id is that of its first claim."""
    first = group[0]
    indicators = dict.fromkeys(claim.indicator for claim in group)
    whole = f"{first.excerpt_prefix}{first.excerpt_exact}{first.excerpt_suffix}"
    values = [
        Field(", ".join(_said(catalog, claim, t) for claim in group), TEXT, "value", t.language)
        for t in map(Translator, LANGUAGES)
    ]
    codes = dict.fromkeys(code for claim in group for code in claim.geography)
    areas = [catalog.areas[code].name for code in codes if code in catalog.areas]
    named = {claim.attributed_to for claim in group if claim.attributed_to}
    return Document(
        "excerpts",
        first.id,
        (
            *_listed((catalog.indicators[name].name for name in indicators), TITLE, "title"),
            Field(readable(whole), NAME, "excerpt", first.article_language),
            Field(short_article(first), NAME, "article"),
            *values,
            *(Field(name, TEXT, "attributed") for name in sorted(named)),
            *_listed((_measure(catalog, claim) for claim in group), TEXT, "measures"),
            *_listed(areas, TEXT, "areas"),
        ),
    )


def _measure(catalog: Catalog, claim: StoredClaim) -> LocalText:
    return catalog.indicators[claim.indicator].measures[claim.measure].name


def _said(catalog: Catalog, claim: StoredClaim, t: Translator) -> str:
    value = labels.cited_value(claim, catalog.units[claim.unit], t)
    return f"{value} ({labels.claim_period_short(claim, t)})"


def _event(event: Event) -> Document:
    return Document(
        "events",
        event.id,
        (
            *_both(event.label, TITLE, "title"),
            Field(event.source, TEXT, "source", "en"),
            Field(str(event.date.year), NAME, "published"),
        ),
    )


def _fed(series: Mapping[str, Iterable[SeriesKey]]) -> dict[str, list[str]]:
    """The indicators that each source has series of."""
    found: dict[str, dict[str, None]] = {}
    for indicator, keys in series.items():
        for key in keys:
            found.setdefault(key.source, {})[indicator] = None
    return {source: list(names) for source, names in found.items()}


def _source(catalog: Catalog, source: Source, indicators: Iterable[str]) -> Document:
    provider = catalog.provider_of(source.id)
    return Document(
        "sources",
        source.id,
        (
            *_both(source.name, TITLE, "title"),
            *_both(provider.name, NAME, "provider"),
            *_both(provider.short, NAME, "provider"),
            Field(source.id, TEXT, "id"),
            *_listed((catalog.indicators[name].name for name in indicators), TEXT, "indicators"),
            *(part for text in source.caveats for part in _both(text, TEXT, "caveats")),
        ),
    )
