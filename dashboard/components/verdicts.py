"""Verdicts in words: what a cited figure comes to, then and now. Of figures, never of authors."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import labels
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, percent_space, period, shortest
from dashboard.store import Store
from db.records import StoredClaim
from db.verdicts import AGREE, Assessment, Code, Finding, Hint, HintKind, Interval, Verdict

SIGNS = {
    Code.MATCH: "=",
    Code.MATCH_LOOSE: "≥",
    Code.COMPATIBLE: "≈",
    Code.NEAR: "≈",
    Code.BORDERLINE: "≈",
    Code.DIFFERS: "≠",
}
"""A sign beside the words, so that colour is never alone; the other verdicts have a ring."""


def block(store: Store, claim: StoredClaim, t: Translator) -> html.Div:
    """The two verdicts of a claim with the official value, its series and what helps to read it."""
    assessment = store.assessments()[claim.id]
    catalog = store.catalog
    when = day(claim.article_date, t.locale)
    parts: list[Any] = [
        html.P([html.Strong(t("When written ({day}):", day=when)), " ", badge(assessment.then, t)]),
        html.P(
            [
                html.Strong(t("Now:")),
                " ",
                badge(assessment.now, t),
                *_official(catalog, claim, assessment.now, t),
            ]
        ),
    ]
    summary = label_words(assessment, t)
    if summary:
        parts.append(html.P(summary, className="origin"))
    hints = [hint_words(catalog, claim, hint, t) for hint in assessment.now.hints]
    hints += _others(catalog, claim, assessment.now, t)
    if hints:
        parts.append(html.Ul([html.Li(text) for text in hints], className="hints"))
    return html.Div(parts, className=f"verdict {tone(assessment.now.code)}")


def tone(code: Code) -> str:
    """Class for the stylesheet: agree, near, differ, or open where no number decides."""
    if code in AGREE:
        return "agree"
    if code in {Code.NEAR, Code.BORDERLINE}:
        return "near"
    return "differ" if code is Code.DIFFERS else "open"


def badge(verdict: Verdict, t: Translator) -> html.Span:
    sign = SIGNS.get(verdict.code, "○")
    text = f"{sign} {words(verdict, t)}"
    return html.Span(text, className=f"verdict-badge {tone(verdict.code)}")


def words(verdict: Verdict, t: Translator) -> str:  # noqa: PLR0912 - one branch per verdict
    """The verdict as a sentence."""
    by = _percent(verdict.difference, t)
    match verdict.code:
        case Code.MATCH:
            return t("Matches official figure")
        case Code.MATCH_LOOSE:
            return t("Bound holds; official differs by {x}", x=by)
        case Code.COMPATIBLE:
            return t("Does not conflict; official figure is a bound")
        case Code.NEAR:
            return t("Close: differs by {x}", x=by)
        case Code.BORDERLINE:
            return t("Only at this rounding: differs by {x}", x=by)
        case Code.DIFFERS if verdict.factor is not None:
            return t("Differs by a factor of {n}", n=shortest(verdict.factor, t.locale, 1))
        case Code.DIFFERS:
            return t("Differs by {x}", x=by)
        case Code.DEFINITION_MISMATCH:
            return t("Definitions do not match")
        case Code.PARTIAL_COVERAGE:
            return t("Official figures cover only part of the period")
        case Code.NOT_YET_PUBLISHED:
            return t("Not published when written")
        case Code.UNKNOWN_VINTAGE:
            return t("Earlier official figure not archived")
        case Code.NO_OFFICIAL_SERIES:
            return t("No official series")
        case Code.NOT_CHECKABLE:
            return t("Cannot be checked")


def label_words(assessment: Assessment, t: Translator) -> str:
    """What the two verdicts say together, where it is more than either says alone."""
    texts = {
        "matched-then-revised": t("Matched when written; the official figure was revised since."),
        "matched-then": t("Matched when written; other definitions or periods are known now."),
        "matches-after-revision": t("Did not match when written; matches after revision."),
        "matches-now": t("Did not match when written; matches what is known now."),
    }
    return texts.get(assessment.label, "")


def _percent(difference: Decimal | None, t: Translator) -> str:
    if difference is None:
        return "–"
    sign = "+" if difference > 0 else ""
    return f"{sign}{shortest(difference * 100, t.locale, 1)}{percent_space(t.locale)}%"


def _value(
    catalog: Catalog, claim: StoredClaim, value: Decimal | Interval | None, t: Translator
) -> str:
    if value is None:
        return ""
    if claim.unit == "ratio":
        return shortest(value, t.locale, 2) if isinstance(value, Decimal) else ""
    measure = catalog.indicators[claim.indicator].measures[claim.measure]
    unit = catalog.units[measure.unit]
    if isinstance(value, Interval):
        if value.low is None:
            high = labels.short_value(value.high, unit, measure.decimals, t)
            return t("up to {high}", high=high)
        low = labels.short_value(value.low, unit, measure.decimals, t)
        return t("more than {value}", value=low)
    return labels.short_value(value, unit, measure.decimals, t)


def _official(catalog: Catalog, claim: StoredClaim, verdict: Verdict, t: Translator) -> list[Any]:
    """The official value beside the badge, with its periods and source."""
    if verdict.official is None:
        return []
    text = _value(catalog, claim, verdict.official, t)
    finding = next((one for one in verdict.tested if one.series == verdict.series), None)
    detail = _finding_detail(catalog, finding, t) if finding else ""
    return [f" {t('Official:')} ", html.Strong(text), f" ({detail})" if detail else ""]


def _finding_detail(catalog: Catalog, finding: Finding, t: Translator) -> str:
    if not finding.series:
        return ""
    key = finding.series[0]
    facets = catalog.indicators[key.indicator].facets
    stated = [
        facets[name].values[value].name[t.language]
        for name, value in key.facet_values.items()
        if value != "all"
    ]
    periods = finding.periods
    span = ""
    if periods:
        first, last = period(periods[0], t.locale), period(periods[-1], t.locale)
        span = first if first == last else f"{first} – {last}"
    return ", ".join(
        part for part in (catalog.provider_of(key.source).short[t.language], *stated, span) if part
    )


def hint_words(catalog: Catalog, claim: StoredClaim, hint: Hint, t: Translator) -> str:
    """A hint as a sentence."""
    match hint.kind:
        case HintKind.PERIOD_SHIFT:
            return t("It matches {period} instead.", period=period(hint.period, t.locale))
        case HintKind.FISCAL_YEAR if hint.detail == "fiscal":
            return t("Held against US fiscal years, October to September.")
        case HintKind.FISCAL_YEAR:
            return t("Held against calendar years.")
        case HintKind.UNIT_GUESS:
            return t("With another kind of unit the verdict would be another one.")
        case HintKind.CONVERTED:
            return t("Units were converted.")
        case HintKind.ONLY_UNDER:
            names = [_series(catalog, key, t) for key in hint.series]
            return t("It agrees only under: {series}.", series="; ".join(names))
        case HintKind.STATUS:
            return t("The figure is of something announced, not of something done.")
        case HintKind.ATTRIBUTED:
            return t("The article names its source: {source}.", source=hint.detail)


def _series(catalog: Catalog, key: Any, t: Translator) -> str:
    facets = catalog.indicators[key.indicator].facets
    stated = [
        facets[n].values[v].name[t.language] for n, v in key.facet_values.items() if v != "all"
    ]
    return ", ".join([catalog.provider_of(key.source).short[t.language], *stated])


def _others(catalog: Catalog, claim: StoredClaim, verdict: Verdict, t: Translator) -> Sequence[str]:
    """The other definitions that were tested, and counts that are not official."""
    other = [one for one in verdict.tested if one.series != verdict.series]
    texts = [
        _other(catalog, claim, finding, t) for finding in other if finding.official is not None
    ]
    texts += [
        t(
            "Not official, beside it: {source}: {value}",
            source=_finding_detail(catalog, finding, t),
            value=_value(catalog, claim, finding.official, t),
        )
        for finding in verdict.beside
        if finding.official is not None
    ]
    return texts


def _other(catalog: Catalog, claim: StoredClaim, finding: Finding, t: Translator) -> str:
    source = _finding_detail(catalog, finding, t)
    value = _value(catalog, claim, finding.official, t)
    if finding.difference is None:
        return t("{source}: {value}", source=source, value=value)
    x = _percent(finding.difference, t)
    return t("{source}: {value}, differs by {x}", source=source, value=value, x=x)


def counts(store: Store, claims: Sequence[StoredClaim], t: Translator) -> str:
    """How many of these claims agree, are close, differ, or have nothing to be held against."""
    tones = [tone(store.assessments()[claim.id].now.code) for claim in claims]
    agree, near, differ, unsettled = (tones.count(x) for x in ("agree", "near", "differ", "open"))
    parts = []
    if agree:
        parts.append(t.n("{n} matches", "{n} match", agree))
    if near:
        parts.append(t.n("{n} is close", "{n} are close", near))
    if differ:
        parts.append(t.n("{n} differs", "{n} differ", differ))
    if unsettled:
        parts.append(
            t.n("{n} without an official figure", "{n} without an official figure", unsettled)
        )
    return ", ".join(parts)
