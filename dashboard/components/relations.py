"""How a cited figure stands to those of other articles, and to those of its own sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dash import html

from config.catalog import Catalog
from config.schema import parse_facets
from dashboard import addresses, labels
from dashboard.components import verdicts
from dashboard.components.claims import accepted, status_words
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, period, shortest
from dashboard.store import Store
from dashboard.view import short_article
from db.consistency import Comparison, Pair, Relation, Steps, is_narrower
from db.records import Observation, StoredClaim
from db.verdicts import AGREE

SIGNS = {
    Relation.AGREES: "=",
    Relation.REFINES: "≈",
    Relation.CONTRADICTS: "≠",
    Relation.DIFFERENT_SCOPE: "○",
}
TONES = {
    Relation.AGREES: "agree",
    Relation.REFINES: "agree",
    Relation.CONTRADICTS: "differ",
    Relation.DIFFERENT_SCOPE: "open",
}
MOST = 12
"""More figures of other articles than this are not listed on a card; the file has them all."""


def block(
    store: Store,
    claim: StoredClaim,
    t: Translator,
    *,
    here: bool,
    automatic: bool,
    asof: date | None = None,
) -> html.Div | None:
    """What other articles say of the same indicator, and what the sentence says of itself.

    `here`: the other claims stand on the same page, as on the page of an indicator. `automatic`:
    claims that nobody has reviewed are among the others. `asof`: the day whose articles and
    official figures are spoken of, instead of this day's.
    """
    inside = _internal(store, claim, t, asof)
    beside = _known(store.pairs_of(claim, automatic=automatic), claim, asof)
    near = [pair for pair in beside if _is_near(pair.comparison)]
    far = [pair for pair in beside if not _is_near(pair.comparison)]
    parts: list[Any] = [*inside]
    if near:
        items = _items(store, claim, near, t, here=here, asof=asof)
        parts += [html.P(html.Strong(t("Other articles:"))), items]
    if far:
        count = t.n(
            "{n} figure of another article is on this indicator and not comparable",
            "{n} figures of other articles are on this indicator and not comparable",
            len(far),
        )
        items = _items(store, claim, far, t, here=here, asof=asof)
        parts.append(html.Details([html.Summary(count), items]))
    return html.Div(parts, className="relations") if parts else None


def _known(pairs: Sequence[Pair], claim: StoredClaim, asof: date | None) -> Sequence[Pair]:
    """The pairs whose other article was written by a day, resolved by what was announced by it."""
    if asof is None:
        return pairs
    found = []
    for pair in pairs:
        other = pair.other if claim.id == pair.one.id else pair.one
        if other.article_date > asof:
            continue
        later = pair.steps is not None and pair.steps.one.valid_from.date() > asof
        found.append(replace(pair, steps=None) if later else pair)
    return found


def _is_near(comparison: Comparison) -> bool:
    """Whether two claims can be compared, or state the same amount of another thing."""
    if comparison.relation is not Relation.DIFFERENT_SCOPE:
        return True
    same = comparison.amounts is Relation.AGREES
    return same and not {"measure", "cumulative"} & set(comparison.fields)


def _items(
    store: Store,
    claim: StoredClaim,
    pairs: Sequence[Pair],
    t: Translator,
    *,
    here: bool,
    asof: date | None,
) -> html.Ul:
    """The newest of them, at most `MOST`, in order of date."""
    items = [_item(store, claim, pair, t, here=here, asof=asof) for pair in pairs[-MOST:]]
    if len(pairs) > MOST:
        left = t.n("{n} more, in a file", "{n} more, in a file", len(pairs) - MOST)
        items.append(html.Li(html.A(left, href=addresses.consistency_csv(claim.indicator))))
    return html.Ul(items)


def _item(
    store: Store,
    claim: StoredClaim,
    pair: Pair,
    t: Translator,
    *,
    here: bool,
    asof: date | None,
) -> html.Li:
    catalog, comparison = store.catalog, pair.comparison
    other = pair.other if claim.id == pair.one.id else pair.one
    word = relation_words(catalog, claim, other, comparison, t)
    tone = TONES[comparison.relation]
    if pair.steps is not None:
        tone = "near"
    address = addresses.of_claim(t.language, other, asof)
    if here:
        address = f"#{addresses.claim_anchor(other.id)}"
    value = labels.cited_value(other, catalog.units[other.unit], t)
    link = html.A(
        [f"{value} · ", html.Span(short_article(other), lang=other.article_language)], href=address
    )
    parts: list[Any] = [
        html.Span(f"{SIGNS[comparison.relation]} {word}", className=f"verdict-badge {tone}"),
        " ",
        link,
    ]
    if addresses.is_automatic(other):
        parts += [" ", html.Span(t("not reviewed"), className="badge warn")]
    fields = [field_words(catalog, field, claim, other, t) for field in comparison.fields]
    if fields:
        parts.append(html.Span(f" — {'; '.join(fields)}", className="fields"))
    if pair.steps is not None:
        parts.append(html.P(steps_words(catalog, pair.steps, t), className="resolved"))
    return html.Li(parts)


def relation_words(
    catalog: Catalog, claim: StoredClaim, other: StoredClaim, comparison: Comparison, t: Translator
) -> str:
    """The relation as the beginning of a sentence that ends with the other figure."""
    match comparison.relation:
        case Relation.AGREES:
            return t("Agrees with")
        case Relation.REFINES if is_narrower(claim, other, catalog):
            return t("More exact than")
        case Relation.REFINES:
            return t("Less exact than")
        case Relation.CONTRADICTS:
            return t("Contradicts")
        case Relation.DIFFERENT_SCOPE if _is_near(comparison):
            return t("Same amount, not the same thing:")
        case Relation.DIFFERENT_SCOPE:
            return t("Not comparable:")


def field_words(
    catalog: Catalog, field: str, claim: StoredClaim, other: StoredClaim, t: Translator
) -> str:
    """In what two claims differ, with what the other says and what this one says."""
    indicator = catalog.indicators[claim.indicator]
    name, theirs, mine = field, "", ""
    match field:
        case "measure" | "cumulative":
            name = t("measure") if field == "measure" else t("one is a running total")
            theirs, mine = (indicator.measures[c.measure].name[t.language] for c in (other, claim))
        case "geography":
            name = t("place")
            theirs, mine = (_places(catalog, c.geography, t) for c in (other, claim))
            if theirs == mine:
                # The article says the same place, the figure is of some people there.
                theirs, mine = (
                    _places(catalog, (*c.ref_areas, *c.counterpart_areas), t)
                    for c in (other, claim)
                )
        case "unit":
            name = t("unit")
            theirs, mine = (labels.unit_label(catalog.units[c.unit], t) for c in (other, claim))
        case "status":
            name = t("status")
            theirs, mine = (status_words(c.status, t) for c in (other, claim))
        case "period":
            name = t("period")
            theirs, mine = (labels.claim_period(c, t) for c in (other, claim))
        case _:
            facet = indicator.facets.get(field)
            name = facet.name[t.language].lower() if facet else field
            theirs, mine = (_facet(catalog, c, field, t) for c in (other, claim))
    if theirs == mine:
        return name
    return t("{field}: {theirs}, here {mine}", field=name, theirs=theirs, mine=mine)


def _places(catalog: Catalog, codes: Sequence[str], t: Translator) -> str:
    return ", ".join(labels.area(catalog, code, t) for code in codes)


def _facet(catalog: Catalog, claim: StoredClaim, field: str, t: Translator) -> str:
    value = parse_facets(claim.facets).get(field)
    facet = catalog.indicators[claim.indicator].facets.get(field)
    if value is None:
        return t("not stated")
    known = facet.values.get(value) if facet else None
    return known.name[t.language] if known else value


def steps_words(catalog: Catalog, steps: Steps, t: Translator) -> str:
    """Why two figures that contradict each other on the text alone are both right of their step."""
    in_order = sorted((steps.one, steps.other), key=lambda row: row.period_start)
    first, second = (_step(catalog, row, t) for row in in_order)
    return t(
        "On the text alone. Both are steps of one schedule, announced on {day} ({who}): {first}, "
        "then {second}. Each figure matches its step.",
        who=catalog.provider_of(steps.one.series.source).short[t.language],
        day=day(steps.one.valid_from.date(), t.locale),
        first=first,
        second=second,
    )


def _step(catalog: Catalog, row: Observation, t: Translator) -> str:
    measure = catalog.indicators[row.series.indicator].measures[row.series.measure]
    value = labels.short_value(row.value, catalog.units[measure.unit], measure.decimals, t)
    return t("{value} from {period}", value=value, period=period(row.time_period, t.locale))


def _internal(store: Store, claim: StoredClaim, t: Translator, asof: date | None) -> Sequence[Any]:
    """A stated ratio held against the two values of its sentence."""
    found = store.internal(claim)
    if found is None:
        return []
    end, start, ratio = (
        shortest(number, t.locale, 3)
        for number in (found.end.value_low, found.start.value_low, found.value)
    )
    agrees = found.numeric.code in AGREE
    words = (
        t("Consistent at its rounding")
        if agrees
        else t("Not consistent: differs by {x}", x=verdicts.percent(found.numeric.difference, t))
    )
    tone = "agree" if agrees else "differ"
    parts: list[Any] = [
        html.Strong(t("Inside the sentence:")),
        " ",
        html.Span(f"{'=' if agrees else '≠'} {words}", className=f"verdict-badge {tone}"),
        f" {end} / {start} = {ratio} ",
        t("(accepted: {interval})", interval=accepted(claim, store.catalog.units[claim.unit], t)),
    ]
    notes = []
    if found.count_against_rate:
        notes.append(
            t("A count against a rate: the ratio is said of a number, both values are rates.")
        )
    shifted = store.counted_from(claim, found.start, asof)
    if shifted is not None:
        year, official = shifted
        notes.append(
            t(
                "The stated start, {start}, matches {year}; counted from that year, the official "
                "ratio is {ratio}.",
                start=start,
                year=year,
                ratio=verdicts.value_words(store.catalog, claim, official, t),
            )
        )
    return [
        html.P(parts),
        html.Ul([html.Li(note) for note in notes], className="hints") if notes else None,
    ]
