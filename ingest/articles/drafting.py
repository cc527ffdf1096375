"""A text and what was extracted from it, as an article's file with claims that wait for review.

Only figures that belong to an indicator of the catalogue become claims; the others are named in
comments at the head of the file. A draft is as valid as a reviewed file: excerpts are short,
verbatim and unambiguous, references exist, a unit other than the measure's carries a caveat.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import ValidationError

from config.catalog import Catalog
from config.schema import MAX_EXCERPT, Article, Claim, Excerpt, LocalText, Review
from ingest.articles.quantities.tokens import sentences
from ingest.articles.reading import Text, printable
from ingest.articles.tongues import language_of
from ingest.articles.yaml_text import article_yaml
from ingest.errors import IngestError

if TYPE_CHECKING:
    from ingest.articles.extract import Extracted

CONTEXT = 32
"""Characters of prefix and of suffix, at most."""
LONGEST_EXACT = MAX_EXCERPT - 2 * CONTEXT
MOST_COMMENTS = 30

LICENCE_NOTE = LocalText(
    en="Copyright of the author or publisher. Only short attributed excerpts are shown.",
    es="Derechos reservados del autor o de la editorial. Solo se muestran extractos breves con "
    "atribución.",
)
FOUND_NOTE = LocalText(
    en="The text states no day of publication; the day on which it was found is used.",
    es="El texto no indica la fecha de publicación; se usa el día en que se encontró.",
)

_WORD_EDGE = re.compile(r"\s")


class Extractor(Protocol):
    """`ingest.articles.extract.extract`, or what stands in for it. Raises ValueError for a text
    in a language that it does not read."""

    def __call__(
        self, text: str, language: str | None, published_on: date | None, catalog: Catalog
    ) -> list[Extracted]: ...


class DraftError(IngestError):
    """No article can be drafted from this text."""


@dataclass(frozen=True)
class Draft:
    """An article's file that waits for review."""

    article: Article
    unlinked: Sequence[Extracted]
    """Figures that belong to no indicator, or that no claim can be made of."""
    yaml: str


def draft(
    text: Text,
    catalog: Catalog,
    extractor: Extractor,
    *,
    language: Literal["en", "es"] | None = None,
    published_on: date | None = None,
    found_on: date | None = None,
    taken: Collection[str] = (),
) -> Draft:
    """Draft the article of a text.

    `published_on` is what a person says, `found_on` what stands in where nobody does. `taken` are
    ids that the article cannot have. Raises DraftError where no figure belongs to an indicator or
    the day is not known.
    """
    try:
        spoken = language or language_of(text.text)
        day = _known(published_on or text.published_on or found_on)
        found = extractor(text.text, spoken, day, catalog)
    except ValueError as error:
        raise DraftError(f"{text.origin}: {error}") from error
    excerpts, unlinked = excerpts_of(text.text, found, catalog)
    if not excerpts:
        count = f"{len(found)} figures" if found else "no figure"
        raise DraftError(f"{text.origin}: {count}, none of which belongs to an indicator")
    name = article_id(text, day, {*catalog.articles, *taken})
    stated = published_on is not None or text.published_on is not None
    try:
        article = _article(name, text, day, stated, spoken, excerpts)
    except ValidationError as error:
        raise DraftError(f"{text.origin}: {error.errors()[0]['msg']}") from error
    return Draft(article, unlinked, article_yaml(article, _comments(unlinked)))


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("the text states no day of publication; say it with --date YYYY-MM-DD")
    return day


def _article(
    name: str,
    text: Text,
    day: date,
    stated: bool,
    language: Literal["en", "es"],
    excerpts: list[Excerpt],
) -> Article:
    return Article(
        id=name,
        title=text.title or name,
        author=text.author,
        publisher=text.publisher,
        url=text.canonical_url,
        language=language,
        published_on=day,
        date_basis="stated" if stated else "inferred",
        date_note=None if stated else FOUND_NOTE,
        licence_note=LICENCE_NOTE,
        text_file=f"{name}.txt",
        text_sha256=text.sha256,
        excerpts=excerpts,
    )


def _comments(unlinked: Sequence[Extracted]) -> Iterator[str]:
    yield "Drafted by `twotrack articles`; the claims wait for `twotrack articles review`."
    if unlinked:
        yield f"Figures of the text that no claim was made of: {len(unlinked)}."
    for each in unlinked[:MOST_COMMENTS]:
        quote = printable(" ".join(each.quote.split()))
        yield f"  {each.start}: {quote[:70]}{'…' if len(quote) > 70 else ''}"


# --- excerpts ---


def excerpts_of(
    text: str, found: Iterable[Extracted], catalog: Catalog
) -> tuple[list[Excerpt], list[Extracted]]:
    """Excerpts with their claims, in order of place, and the figures that no claim was made of.

    Claims of one sentence share an excerpt where it is not too long for that.
    """
    linked: list[Extracted] = []
    rest: list[Extracted] = []
    for each in sorted(found, key=lambda e: (e.start, e.end)):
        fits = _is_linked(each, catalog) and each.end - each.start <= LONGEST_EXACT
        (linked if fits else rest).append(each)
    excerpts: list[Excerpt] = []
    ids: set[str] = set()
    for group, bounds in _groups(text, linked):
        start, end = _window(text, group[0].start, group[-1].end, bounds)
        claims = []
        for each in group:
            claim = _claim(text, each, (start, end), catalog, ids)
            if claim is None:
                rest.append(each)
            else:
                claims.append(claim)
                ids.add(claim.id)
        if claims:
            prefix, suffix = surroundings(text, start, end)
            excerpts.append(
                Excerpt(
                    exact=text[start:end], prefix=prefix, suffix=suffix, start=start, claims=claims
                )
            )
    return excerpts, sorted(rest, key=lambda e: e.start)


def _is_linked(each: Extracted, catalog: Catalog) -> bool:
    indicator = catalog.indicators.get(each.indicator)
    return (
        indicator is not None and each.measure in indicator.measures and each.unit in catalog.units
    )


def _groups(
    text: str, figures: Sequence[Extracted]
) -> Iterator[tuple[list[Extracted], tuple[int, int]]]:
    """Figures that can share an excerpt, with the bounds of their sentence."""
    spans = [(each.start, each.end) for each in sentences(text)]
    place = 0
    group: list[Extracted] = []
    bounds = (0, 0)
    for each in figures:
        while place + 1 < len(spans) and spans[place][1] <= each.start:
            place += 1
        last = place
        while last + 1 < len(spans) and spans[last][1] < each.end:
            last += 1
        mine = (min(spans[place][0], each.start), max(spans[last][1], each.end))
        if group and mine[0] < bounds[1] and each.end - group[0].start <= LONGEST_EXACT:
            bounds = (bounds[0], max(bounds[1], mine[1]))
        else:
            if group:
                yield group, bounds
            group, bounds = [], mine
        group.append(each)
    if group:
        yield group, bounds


def _window(text: str, first: int, last: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """The sentence, or as much of it around the figures as may be quoted; no space at its ends."""
    start, end = bounds
    if end - start > LONGEST_EXACT:
        room = LONGEST_EXACT - (last - first)
        start = max(start, first - room // 2)
        end = min(end, last + room - (first - start))
        start = max(bounds[0], start - (LONGEST_EXACT - (end - start)))
        while start > bounds[0] and start < first and not text[start - 1].isspace():
            start += 1
        while end < bounds[1] and end > last and not text[end].isspace():
            end -= 1
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, end


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, by whole words, so that all three together stand once."""
    for size in range(CONTEXT, MAX_EXCERPT, CONTEXT):
        room = min(size, (MAX_EXCERPT - (end - start)) // 2)
        before, after = text[max(0, start - room) : start], text[end : end + room]
        if start > room and (edge := _WORD_EDGE.search(before)):
            before = before[edge.end() :]
        if end + room < len(text):
            after = after[: max((m.start() for m in _WORD_EDGE.finditer(after)), default=0)]
        whole = before + text[start:end] + after
        if room < size or text.find(whole, text.find(whole) + 1) < 0:
            break
    return before, after


# --- claims ---


def _claim(
    text: str, each: Extracted, window: tuple[int, int], catalog: Catalog, ids: Collection[str]
) -> Claim | None:
    """One figure as a pending claim; None where its reading is not one that a claim can have."""
    quote = _unique_quote(text, each.start, each.end, window)
    refs = [area for area in each.ref_areas if area in catalog.areas]
    geography = _geography(each, refs, catalog)
    try:
        return Claim(
            id=_claim_id(each, ids),
            quote=quote,
            indicator=each.indicator,
            measure=each.measure,
            facets=_facets(each, catalog),
            value_low=each.value_low,
            value_high=each.value_high,
            comparator=each.comparator,
            rounding_unit=each.rounding_unit,
            unit=each.unit or "",
            currency=each.currency,
            geography=geography,
            ref_areas=refs,
            counterpart_areas=[a for a in each.counterpart_areas if a in catalog.areas],
            period_start=each.period_start,
            period_end=each.period_end,
            status=each.status,
            caveats=_unit_caveat(each, catalog),
            **{"class": each.claim_class},
            extractor="grammar",
            review=Review(state="pending"),
        )
    except ValidationError:
        return None


def _facets(each: Extracted, catalog: Catalog) -> dict[str, str]:
    declared = catalog.indicators[each.indicator].facets
    return {
        name: value
        for name, value in each.facets.items()
        if name in declared and value in declared[name].values
    }


def _geography(each: Extracted, refs: Sequence[str], catalog: Catalog) -> list[str]:
    """The places that a text names; its border is no other place than the country that counts
    there, unless the figures themselves are the border's."""
    named = [area for area in each.geography if area in catalog.areas]
    places = [a for a in named if a in refs or catalog.areas[a].kind != "border" or not refs]
    return places or list(refs) or [catalog.pair.ref_area]


def _unit_caveat(each: Extracted, catalog: Catalog) -> list[LocalText]:
    measure = catalog.unit_of(each.indicator, each.measure)
    if each.unit in {measure.id, "ratio"}:
        return []
    cited = catalog.units[each.unit or ""]
    return [
        LocalText(
            en=f"The article counts {cited.name.en[1]}; the official series is in "
            f"{measure.name.en[1]}.",
            es=f"El artículo cuenta {cited.name.es[1]}; la serie oficial está en "
            f"{measure.name.es[1]}.",
        )
    ]


def _unique_quote(text: str, start: int, end: int, window: tuple[int, int]) -> str:
    """The quote, with as many words more as it takes to stand once in its excerpt."""
    exact = text[window[0] : window[1]]
    while exact.count(text[start:end]) > 1:
        if end < window[1]:
            end += 1
            while end < window[1] and not text[end].isspace():
                end += 1
        else:
            start -= 1
            while start > window[0] and not text[start - 1].isspace():
                start -= 1
    return text[start:end]


def _claim_id(each: Extracted, ids: Collection[str]) -> str:
    """`homicide-rate-2008`; a number tells two figures of one year apart."""
    words = slug(each.indicator).split("-")
    words += [word for word in slug(each.measure).split("-") if word not in words]
    year = [str(each.period_end.year)] if each.period_end else []
    return _free("-".join([*words, *year])[:70].strip("-"), ids)


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 2, name
    while found in taken:
        found = f"{name}-{number}"
        number += 1
    return found


def article_id(text: Text, day: date, taken: Collection[str]) -> str:
    """`leiroz-2021-amlo-harris`: who, when, and what it is about."""
    who = (text.author or text.publisher or "").replace(",", " ").split()
    words = [w for w in slug(text.title or "").split("-") if len(w) > 3][:4]
    name = slug(" ".join([*who[-1:], str(day.year), *(words or [text.sha256[:8]])]))
    return _free(name[:74].strip("-"), taken)


def slug(text: str) -> str:
    """Lower-case words of ASCII letters and digits, joined by hyphens.

    >>> slug("Raúl Benítez: más de 3")
    'raul-benitez-mas-de-3'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
