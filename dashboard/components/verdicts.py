"""Verdicts in words: what a cited figure comes to, then and now. Of figures, never of authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from dash import html

from config.catalog import Catalog
from dashboard import labels
from dashboard.export.csv import lead
from dashboard.figures.model import Tone
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, percent_space, period, shortest
from dashboard.render import to_html
from dashboard.store import Store
from db.records import StoredClaim
from db.verdicts import (
    AGREE,
    NUMERIC,
    RATIO,
    Assessment,
    Caveat,
    CaveatKind,
    Code,
    Finding,
    Hint,
    HintKind,
    Interval,
    Verdict,
)

PERCENT_CHANGE = "percent-change"
MOST_DIGITS = 12
Value = Decimal | Interval
SIGNS = {
    Code.MATCH: "=",
    Code.MATCH_LOOSE: "≥",
    Code.COMPATIBLE: "≈",
    Code.NEAR: "≈",
    Code.BORDERLINE: "≈",
    Code.DIFFERS: "≠",
}
"""A sign beside the words, so that colour is never alone; the other verdicts have a ring."""


def block(store: Store, claim: StoredClaim, t: Translator, *, asof: date | None = None) -> html.Div:
    """The two verdicts of a claim with the official values, their series and what helps to read.

    `asof`: the day whose knowledge the second verdict is of, instead of this day's.
    """
    assessment = store.assessment(claim, asof)
    catalog = store.catalog
    when = day(claim.article_date, t.locale)
    inferred = any(c.kind is CaveatKind.DATE_INFERRED for c in assessment.then.caveats)
    written = (
        t("When written ({day}, inferred):", day=when)
        if inferred
        else t("When written ({day}):", day=when)
    )
    later = t("As known on {day}:", day=day(asof, t.locale)) if asof else t("Now:")
    then, now = (
        [" ", badge(verdict, t), *_official(catalog, claim, verdict, t)]
        for verdict in (assessment.then, assessment.now)
    )
    if asof is None and to_html(html.Span(then)) == to_html(html.Span(now)):
        # Said once: that nothing changed is seen at a glance.
        both = (
            t("When written ({day}, inferred) and now:", day=when)
            if inferred
            else t("When written ({day}) and now:", day=when)
        )
        parts: list[Any] = [html.P([html.Strong(both), *now])]
    else:
        parts = [
            html.P([html.Strong(said), *verdict])
            for said, verdict in ((written, then), (later, now))
        ]
    # Of a day before the article, nothing was changed since it was written.
    before = asof is not None and asof < claim.article_date
    summary = "" if before else label_words(catalog, claim, assessment, t)
    if summary:
        parts.append(html.P(summary, className="origin"))
    hints = [hint_words(catalog, claim, hint, t) for hint in _joined(assessment.now.hints)]
    hints += caveat_words(catalog, claim, assessment, t)
    hints += _others(catalog, claim, assessment.now, t)
    if hints:
        parts.append(html.Ul([html.Li(text) for text in hints], className="hints"))
    return html.Div(parts, className=f"verdict {tone(assessment.now.code)}")


def tone(code: Code) -> Tone:
    """Class for the stylesheet: agree, near, differ, or open where no number decides."""
    if code in AGREE:
        return "agree"
    if code in {Code.NEAR, Code.BORDERLINE}:
        return "near"
    return "differ" if code is Code.DIFFERS else "open"


def badge(verdict: Verdict, t: Translator) -> html.Span:
    """A verdict as sign and words."""
    sign = SIGNS.get(verdict.code, "○")
    text = f"{sign} {words(verdict, t)}"
    return html.Span(text, className=f"verdict-badge {tone(verdict.code)}")


def words(verdict: Verdict, t: Translator) -> str:  # noqa: PLR0912 - one branch per verdict
    """The verdict as a sentence."""
    by = percent(verdict.difference, t)
    far = _far(verdict, t)
    match verdict.code:
        case Code.MATCH:
            return t("Matches official figure")
        case Code.MATCH_LOOSE:
            return _loose(verdict.difference, t)
        case Code.COMPATIBLE:
            return t("Does not conflict; official figure is a bound")
        case Code.NEAR if verdict.difference == 0:
            # Both are bounds, and touch: "more than half" against "slightly fewer than half".
            return t("Close: differs by less than {x}", x=_least(t))
        case Code.NEAR:
            return t("Close: differs by {x}", x=by)
        case Code.BORDERLINE:
            return t("Only at this rounding: differs by {x}", x=by)
        case Code.DIFFERS if verdict.factor is not None:
            n = shortest(verdict.factor, t.locale, 1)
            if verdict.difference is not None and verdict.difference < 0:
                return t("Differs by a factor of {n}: lower", n=n)
            return t("Differs by a factor of {n}: higher", n=n)
        case Code.DIFFERS if far:
            return t("Differs by {x}, by other definitions up to {y}", x=by, y=far)
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


def _loose(difference: Decimal | None, t: Translator) -> str:
    """By how much the official figure is higher or lower than the bound, of which it is a part."""
    if difference is None or difference == -1:
        return t("Bound holds; the official figure is far from it")
    official = -difference / (1 + difference)
    x = f"{shortest(abs(official) * 100, t.locale, 1)}{percent_space(t.locale)}%"
    if official > 0:
        return t("Bound holds; official is {x} higher", x=x)
    return t("Bound holds; official is {x} lower", x=x)


def _least(t: Translator) -> str:
    """The smallest difference that is said with one decimal."""
    return f"0.1{percent_space(t.locale)}%"


def _far(verdict: Verdict, t: Translator) -> str:
    """The difference under the definition that is furthest away, where that is another number."""
    if verdict.span is None or verdict.difference is None:
        return ""
    far = percent(max(verdict.span, key=abs), t)
    return far if far != percent(verdict.difference, t) else ""


def label_words(catalog: Catalog, claim: StoredClaim, assessment: Assessment, t: Translator) -> str:
    """What the two verdicts say together, where it is more than either says alone."""
    revised = _revised(assessment)
    if revised is not None:
        old, new = _told_apart(catalog, claim, revised, t)
        if assessment.label == "matched-then-revised":
            return t(
                "Matched when written; official figure since revised from {old} to {new}.",
                old=old,
                new=new,
            )
        if assessment.label == "matches-after-revision":
            return t(
                "Did not match when written; matches since the official figure was revised from "
                "{old} to {new}.",
                old=old,
                new=new,
            )
    texts = {
        "matched-then": t("Matched when written; other definitions or periods are known now."),
        "matches-now": t("Did not match when written; matches what is known now."),
    }
    return texts.get(assessment.label, "")


def _told_apart(
    catalog: Catalog, claim: StoredClaim, values: tuple[Value, Value], t: Translator
) -> tuple[str, str]:
    """Two values in words, with as many digits as it takes not to say the same of both."""
    one, other = values
    for more in range(MOST_DIGITS):
        said = (
            value_words(catalog, claim, one, t, more=more),
            value_words(catalog, claim, other, t, more=more),
        )
        if said[0] != said[1]:
            break
    return said


def _revised(assessment: Assessment) -> tuple[Value, Value] | None:
    """Two official values of one definition and period that differ, the verdict's own first."""
    before = {(one.series, one.periods): one.official for one in assessment.then.tested}
    now = sorted(assessment.now.tested, key=lambda one: one.series != assessment.now.series)
    for one in now:
        old = before.get((one.series, one.periods))
        if old is not None and one.official is not None and old != one.official:
            return old, one.official
    return None


def percent(difference: Decimal | None, t: Translator) -> str:
    """With its sign and one decimal; as many more as it takes not to say 0 of what is not."""
    if difference is None:
        return "–"
    sign = "+" if difference > 0 else ""
    share = difference * 100
    decimals = 1
    while share and round(share, decimals) == 0:
        decimals += 1
    return f"{sign}{shortest(share, t.locale, decimals)}{percent_space(t.locale)}%"


def value_words(
    catalog: Catalog,
    claim: StoredClaim,
    value: Value | None,
    t: Translator,
    *,
    apart: bool = False,
    more: int = 0,
) -> str:
    """An official value in the unit of its measure, or as the ratio that it is.

    `apart`: the claim differs from it, and its digits are to show that. `more`: decimals beyond
    the usual ones.
    """
    if value is None:
        return ""

    def say(number: Decimal) -> str:
        if claim.unit in {RATIO, PERCENT_CHANGE}:
            text = shortest(number, t.locale, 2 + more)
            return text if claim.unit == RATIO else f"{text}{percent_space(t.locale)}%"
        measure = catalog.indicators[claim.indicator].measures[claim.measure]
        unit = catalog.units[measure.unit]
        if apart and claim.unit == measure.unit:
            return labels.apart_value(number, claim, unit, measure.decimals, t)
        return labels.short_value(number, unit, measure.decimals + more, t)

    if not isinstance(value, Interval):
        return say(value)
    if value.low is None and value.high is None:
        return ""
    if value.low is None:
        # A bound of the source's own words: "slightly fewer than 50 percent".
        high = say(value.high)  # type: ignore[arg-type]
        if value.high_open:
            return t("less than {value}", value=high)
        return t("up to {high}", high=high)
    low = say(value.low)
    if value.high is not None:
        return t("{low} to {high}", low=low, high=say(value.high))
    return t("more than {value}", value=low) if value.low_open else t("at least {value}", value=low)


def _official(catalog: Catalog, claim: StoredClaim, verdict: Verdict, t: Translator) -> list[Any]:
    """The official value beside the badge, with its periods and source, or why there is none."""
    if verdict.official is None:
        why = reason_words(catalog, claim, verdict.reason, t)
        return [f" ({why})"] if why else []
    apart = verdict.code in NUMERIC - AGREE
    text = value_words(catalog, claim, verdict.official, t, apart=apart)
    finding = lead(verdict)
    detail = _finding_detail(catalog, finding, t) if finding else ""
    said = [f" {t('Official:')} ", html.Strong(text), f" ({detail})" if detail else ""]
    why = reason_words(catalog, claim, verdict.reason, t)
    return [*said, f"; {why}"] if why else said


def reason_words(catalog: Catalog, claim: StoredClaim, reason: str, t: Translator) -> str:
    """Why there is no numeric verdict; empty where the verdict itself says so."""
    texts = {
        "context": t("said in passing, about no figure that is recorded"),
        "vague": t("too vague: it has no number to hold on to"),
        "implicit": t("a quantity without a number"),
        "rejected": t("rejected in review"),
        "no-base": t("a change without the year it is counted from"),
        "unit": t("another unit"),
        "currency": t("another currency, without a rate"),
        "geography": t("another place"),
        "missing": t("periods are missing"),
        "stale": t("the last figure is too old for the period"),
        "too-coarse": t("official periods are longer than the one cited"),
        "no-start": t("the article gives no start of the period"),
        "never-summed": t("rates and shares are never summed over years"),
        "zero-base": t("the official figure at the start is zero"),
    }
    if reason in texts:
        return texts[reason]
    facet = catalog.indicators[claim.indicator].facets.get(reason)
    return t("another {facet}", facet=facet.name[t.language].lower()) if facet else ""


def caveat_words(
    catalog: Catalog, claim: StoredClaim, assessment: Assessment, t: Translator
) -> list[str]:
    """What is to be known of the definitions behind the verdict now, each thing once."""
    said = [_caveat(catalog, claim, caveat, t) for caveat in assessment.now.caveats]
    return [text for text in dict.fromkeys(said) if text]


def _caveat(catalog: Catalog, claim: StoredClaim, caveat: Caveat, t: Translator) -> str:
    facets = catalog.indicators[claim.indicator].facets
    name, _, value = caveat.detail.partition("=")
    match caveat.kind:
        case CaveatKind.FACET_NOT_STATED:
            return t(
                "{facet}: not stated by the article; here {value}.",
                facet=facets[name].name[t.language],
                value=facets[name].values[value].name[t.language],
            )
        case CaveatKind.OTHER_FACET:
            return t(
                "The official figure is of another {facet}: {value}.",
                facet=facets[name].name[t.language].lower(),
                value=facets[name].values[value].name[t.language],
            )
        case CaveatKind.OTHER_UNIT:
            cited, _, official = caveat.detail.partition("/")
            return t(
                "The article counts {cited}, the official figure {official}.",
                cited=labels.unit_label(catalog.units[cited], t),
                official=labels.unit_label(catalog.units[official], t),
            )
        case CaveatKind.OTHER_STATUS:
            return t("The official figure is of an announcement.")
        case CaveatKind.OTHER_REGION:
            area = labels.area(catalog, caveat.detail, t)
            return t("One side is of a wider region: {area}.", area=area)
        case CaveatKind.OBS_STATUS:
            status = labels.status_words(caveat.detail, t)
            return t("Official figure: {status}.", status=status) if status else ""
        case CaveatKind.DATE_INFERRED:
            return ""


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


def _joined(hints: Sequence[Hint]) -> list[Hint]:
    """The series under which alone a figure agrees as one hint."""
    only = [hint for hint in hints if hint.kind is HintKind.ONLY_UNDER]
    rest = [hint for hint in hints if hint.kind is not HintKind.ONLY_UNDER]
    if only:
        rest.append(replace(only[0], series=tuple(key for hint in only for key in hint.series)))
    return rest


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
        t("Not official, beside it: {finding}", finding=text)
        for text in beside_words(catalog, claim, verdict, t)
    ]
    return texts


def beside_words(
    catalog: Catalog, claim: StoredClaim, verdict: Verdict, t: Translator
) -> list[str]:
    """Counts that are not official and decide nothing, each with its source and period."""
    return [
        _other(catalog, claim, finding, t)
        for finding in verdict.beside
        if finding.official is not None
    ]


def _other(catalog: Catalog, claim: StoredClaim, finding: Finding, t: Translator) -> str:
    source = _finding_detail(catalog, finding, t)
    apart = finding.code in NUMERIC - AGREE
    value = value_words(catalog, claim, finding.official, t, apart=apart)
    if finding.code in AGREE:
        return t("{source}: {value}, matches", source=source, value=value)
    if finding.difference is None or finding.code is None:
        why = reason_words(catalog, claim, finding.reason, t)
        said = t("{source}: {value}", source=source, value=value)
        return f"{said}; {why}" if why else said
    if finding.difference == 0:
        return t(
            "{source}: {value}, differs by less than {x}", source=source, value=value, x=_least(t)
        )
    x = percent(finding.difference, t)
    return t("{source}: {value}, differs by {x}", source=source, value=value, x=x)


def counts(
    store: Store,
    claims: Sequence[StoredClaim],
    t: Translator,
    *,
    then: bool = False,
    asof: date | None = None,
) -> str:
    """How many of these claims agree, are close, differ, or have nothing to be held against.

    Now or as known on the day `asof`; `then`: as known on the day of each article. What waits for
    review is not counted, but said.
    """
    reviewed = [claim for claim in claims if claim.review_state == "accepted"]
    found = [store.assessment(claim, asof) for claim in reviewed]
    codes = [one.then.code if then else one.now.code for one in found]
    tones = [tone(code) for code in codes]
    apart = (Code.NO_OFFICIAL_SERIES, Code.UNKNOWN_VINTAGE, Code.NOT_YET_PUBLISHED)
    none, old, later = map(codes.count, apart)
    rest = tones.count("open") - none - old - later
    waiting = 0 if then else len(claims) - len(reviewed)
    said = (
        (t.n("{n} matches", "{n} match", n := tones.count("agree")), n),
        (t.n("{n} is close", "{n} are close", n := tones.count("near")), n),
        (t.n("{n} differs", "{n} differ", n := tones.count("differ")), n),
        (t.n("{n} not archived", "{n} not archived", old), old),
        (t.n("{n} not yet published", "{n} not yet published", later), later),
        (t.n("{n} not comparable", "{n} not comparable", rest), rest),
        (t.n("{n} without an official series", "{n} without an official series", none), none),
        (t.n("{n} not reviewed", "{n} not reviewed", waiting), waiting),
    )
    return ", ".join(text for text, count in said if count)


def totals(
    store: Store, claims: Sequence[StoredClaim], t: Translator, *, asof: date | None = None
) -> html.Ul:
    """The counts of many claims, now or as known on the day `asof`, and when each was written."""
    later = t("As known on {day}:", day=day(asof, t.locale)) if asof else t("Now:")
    return html.Ul(
        [
            html.Li([html.Strong(said), " ", counts(store, claims, t, then=then, asof=asof)])
            for said, then in ((later, False), (t("When written:"), True))
        ],
        className="totals",
    )
