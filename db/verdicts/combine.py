"""One verdict from the findings under several definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from db.verdicts.codes import AGREE, NUMERIC, Code, Finding, Hint, HintKind, Verdict


def combine(tested: Sequence[Finding]) -> Verdict:
    """One verdict from all official definitions, of which at least one was tested.

    All agree, or all fail in the same way: that verdict, at the smallest difference. Some agree:
    theirs, with ONLY_UNDER. None agrees, each in its own way: DIFFERS with the smallest difference
    and the span. Without a number: UNKNOWN_VINTAGE, NOT_YET_PUBLISHED, PARTIAL_COVERAGE, the first
    that one of them has; a definition that may have been out by then is not "not yet published".
    """
    numbers = [one for one in tested if one.code in NUMERIC]
    if not numbers:
        order = (Code.UNKNOWN_VINTAGE, Code.NOT_YET_PUBLISHED, Code.PARTIAL_COVERAGE)
        lead = min(
            tested,
            key=lambda one: (
                order.index(one.code or Code.PARTIAL_COVERAGE),
                one.official is None,
            ),
        )
        return _from(lead, lead.code or Code.PARTIAL_COVERAGE, tested, lead.hints)
    agreeing = [one for one in numbers if one.code in AGREE]
    codes = {one.code for one in numbers}
    if not agreeing:
        lead = closest(numbers)
        code = codes.pop() if len(codes) == 1 else Code.DIFFERS
        shifts = [h for one in numbers for h in one.hints if h.kind is HintKind.PERIOD_SHIFT]
        return _from(lead, code or Code.DIFFERS, tested, _once([*lead.hints, *shifts]))
    lead = strongest(agreeing)
    hints = list(lead.hints)
    if len(agreeing) < len(numbers):
        hints += [Hint(HintKind.ONLY_UNDER, str(o.series[0]), o.series) for o in agreeing]
    return _from(lead, lead.code or Code.MATCH, tested, hints)


def strongest(agreeing: Sequence[Finding]) -> Finding:
    """The finding that agrees best, of equals the closest. Raises ValueError where none agrees."""
    for code in (Code.MATCH, Code.MATCH_LOOSE, Code.COMPATIBLE):
        found = [one for one in agreeing if one.code is code]
        if found:
            return closest(found)
    raise ValueError("nothing agrees")


def closest(tested: Sequence[Finding]) -> Finding:
    """The one with the smallest difference; of equals the first by name."""
    far = Decimal("Infinity")
    return min(
        tested,
        key=lambda one: (
            far if one.difference is None else abs(one.difference),
            [str(key) for key in one.series],
        ),
    )


def _once(hints: Iterable[Hint]) -> list[Hint]:
    """The first of each kind and detail."""
    first: dict[tuple[HintKind, str], Hint] = {}
    for hint in hints:
        first.setdefault((hint.kind, hint.detail), hint)
    return list(first.values())


def _from(lead: Finding, code: Code, tested: Sequence[Finding], hints: Iterable[Hint]) -> Verdict:
    differences = [
        one.difference for one in tested if one.code in NUMERIC and one.difference is not None
    ]
    span = (min(differences), max(differences)) if len(differences) > 1 else None
    return Verdict(
        code,
        lead.official,
        lead.difference,
        lead.factor,
        tuple(hints),
        lead.series,
        lead.caveats,
        lead.reason,
        span,
        tested=tuple(tested),
    )


def best_of(options: Sequence[Finding]) -> Finding:
    """Of several announcements the one that the claim can only speak of: the nearest."""
    agreeing = [one for one in options if one.code in AGREE]
    return strongest(agreeing) if agreeing else closest(options)
