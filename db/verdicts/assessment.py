"""A claim against all official definitions, as known then and as known now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from db.official import as_of, surely_known
from db.records import Observation, StoredClaim
from db.verdicts.case import PROMISES, Case, CatalogView, cited_by
from db.verdicts.codes import (
    AGREE,
    NUMERIC,
    Assessment,
    Caveat,
    CaveatKind,
    Code,
    Finding,
    Hint,
    HintKind,
    Verdict,
)
from db.verdicts.combine import combine
from db.verdicts.definitions import Choice, choose
from db.verdicts.holding import hold
from db.verdicts.reading import Reading, read


def assess(
    claim: StoredClaim,
    catalog: CatalogView,
    history: Sequence[Observation],
    article_date: date,
    today: date,
) -> Assessment:
    """The claim as of the end of its article's day and as of the end of today, UTC.

    `history` holds all vintages of every series that may answer: those of the claim's indicator and
    measure, and of `exchange-rate` for sums in pesos; what does not fit the claim is left aside.

    `then` uses a figure only where it was surely published by the article's date (`db.official`).
    Where what it needs was not: NOT_YET_PUBLISHED if the earliest vintage states a release date
    after that day and nothing speaks for an earlier release, else UNKNOWN_VINTAGE. `now` uses
    whatever stands today, whenever it was first seen.
    """
    case = Case(claim, catalog, tuple(history), article_date, today)
    then = _verdict(case, article_date, sure=True)
    if claim.article_date_basis == "inferred":
        then = replace(then, caveats=(*then.caveats, Caveat(CaveatKind.DATE_INFERRED)))
    now = _verdict(case, today, sure=False)
    return Assessment(then, now, label(then, now))


def _verdict(case: Case, day: date, *, sure: bool) -> Verdict:
    """The verdict as of a day; `sure` leaves out what may not have been published by then."""
    hints = _claim_hints(case)
    reason = _not_checkable(case)
    if reason:
        return Verdict(Code.NOT_CHECKABLE, hints=hints, reason=reason)
    accept = cited_by(case.claim, case.catalog).accept
    choice = choose(case) if case.indicator.official else Choice()
    reading = read(case, (surely_known if sure else as_of)(case.history, day))
    beside = [d for d in choice.definitions if not d.official]
    shown = tuple(hold(case, d, reading, day, sure) for d in beside)
    mismatch = choice.mismatch or (reading if isinstance(reading, str) else "")
    official = [d for d in choice.definitions if d.official]
    if not official:
        return Verdict(
            Code.NO_OFFICIAL_SERIES,
            hints=hints,
            accept=accept,
            beside=_bare(shown, mismatch),
        )
    tested = tuple(hold(case, d, reading, day, sure) for d in official)
    if mismatch:
        bare = _bare(tested, mismatch)
        lead = next((one for one in bare if one.official is not None), bare[0])
        return Verdict(
            Code.DEFINITION_MISMATCH,
            lead.official,
            hints=hints,
            series=lead.series,
            caveats=lead.caveats,
            reason=mismatch,
            accept=accept,
            tested=bare,
            beside=_bare(shown, mismatch),
        )
    assert isinstance(reading, Reading), "a conflict of units is a mismatch"
    found = combine(tested)
    return replace(
        found,
        hints=(*hints, *reading.hints, *found.hints),
        accept=reading.cited.accept,
        beside=shown,
    )


def _bare(tested: Sequence[Finding], mismatch: str) -> tuple[Finding, ...]:
    """Numbers without verdicts, where there is a conflict of definitions."""
    if not mismatch:
        return tuple(tested)
    return tuple(replace(one, code=None, difference=None, factor=None, hints=()) for one in tested)


def _claim_hints(case: Case) -> tuple[Hint, ...]:
    hints = []
    if case.claim.status in PROMISES:
        hints.append(Hint(HintKind.STATUS, case.claim.status))
    if case.claim.attributed_to:
        hints.append(Hint(HintKind.ATTRIBUTED, case.claim.attributed_to))
    return tuple(hints)


def _not_checkable(case: Case) -> str:
    claim = case.claim
    if claim.claim_class != "core":
        return claim.claim_class
    if claim.review_state == "rejected":
        return "rejected"
    if case.relative and claim.period_start is None:
        return "no-base"
    return ""


def label(then: Verdict, now: Verdict) -> str:
    """Key of what the two verdicts say together.

    `not-yet-published`, `unknown-vintage`: of the first verdict, whatever the second is.
    `matched-then-revised`, `matches-after-revision`: the sides differ and a value that both used
    was revised. `matched-then`, `matches-now`: the sides differ because other definitions or
    periods are known. Else the code of the verdict now, as a key: `match`, `match-loose`,
    `compatible`, `near`, `borderline`, `differs`, `partial-coverage` ...
    """
    if then.code in {Code.NOT_YET_PUBLISHED, Code.UNKNOWN_VINTAGE}:
        return _key(then.code)
    if then.code in NUMERIC and now.code in NUMERIC and (then.code in AGREE) != (now.code in AGREE):
        revised = _revised(then, now)
        if then.code in AGREE:
            return "matched-then-revised" if revised else "matched-then"
        return "matches-after-revision" if revised else "matches-now"
    return _key(now.code)


def _key(code: Code) -> str:
    return code.value.lower().replace("_", "-")


def _revised(then: Verdict, now: Verdict) -> bool:
    """Whether some definition gave both verdicts from the same periods with other values."""
    before = {(one.series, one.periods): one.official for one in then.tested if one.rows}
    return any(
        (one.series, one.periods) in before and before[one.series, one.periods] != one.official
        for one in now.tested
        if one.rows
    )
