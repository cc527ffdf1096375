"""What changes and differences are held against: their spans reach back to the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.articles.quantities.calendar import Period, shift_span
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.timeline import Bounds, Timeline
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

CHANGES = {"percent-change", "percentage-points", "basis-points", "ratio"}
_SAME = words("same mismo misma mismos mismas igual iguales esos esas")
_ROSE = words("rose fell grew dropped climbed declined increased decreased jumped shrank")
_DEGREES = words("more fewer less mas menos")
_BASES = {"annual": 12, "anual": 12, "yearly": 12, "interanual": 12, "mensual": 1, "monthly": 1,
          "anuales": 12}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """A figure in its sentence, and what is told of time there and before."""

    tokens: Sequence[Token]
    draft: Draft
    drafts: Sequence[Draft]
    """All figures of the sentence."""
    periods: Sequence[Period]
    spans: Sequence[Bounds]
    """Of the figures before it, before changes reach back to their base."""
    timeline: Timeline

    @property
    def reference(self) -> Bounds:
        """What "a year earlier" is a year before: the span of the figures before it."""
        before = self.drafts[: len(self.spans)]
        for bounds, other in zip(reversed(self.spans), reversed(before), strict=True):
            if bounds[1] is not None and not other.compared:
                return bounds
        return self.timeline.current


def prior_span(period: Period, reference: Bounds) -> Bounds:
    start, end = reference
    if end is None:
        return period.start, period.end
    moved = shift_span(start or end, end, -(period.prior or 0))
    return (moved[0] if start else None), moved[1]


def same_span(tokens: Sequence[Token], period: Period, reference: Bounds) -> Bounds:
    """`the same quarter of 2023`: the year is said, the span is that of the figure compared."""
    start, end = reference
    before = [token.fold for token in tokens[max(0, period.first - 5) : period.first]]
    start = start or end
    if period.grain != "year" or start is None or end is None or period.start is None:
        return period.start, period.end
    if _SAME.isdisjoint(before) or (end - start).days > 360:
        return period.start, period.end
    return shift_span(start, end, 12 * (period.start.year - end.year))


def _earlier_base(
    tokens: Sequence[Token], draft: Draft, bounds: Bounds, reference: Bounds
) -> Bounds | None:
    """ "double the amount found in 2021": the year said is what the span spoken of is held
    against. Verbs ("doubled in 2021") say their own."""
    compares = draft.form == "ratio" and not tokens[draft.number_last - 1].fold.endswith(
        ("d", "ing", "o", "aron", "fold", "ado")
    )
    if not compares or bounds[0] is None or bounds[1] is None:
        return None
    start, end = reference
    return (bounds[0], end) if start is not None and bounds[1] < start else None


def is_difference(tokens: Sequence[Token], draft: Draft) -> bool:
    """`up $3.4 billion from February`."""
    before = tokens[draft.first - 1].fold if draft.first else ""
    beside = {tokens[draft.last - 1].fold, *ahead(tokens, draft.last, 1)}
    return before in {"up", "down"} | _ROSE or not beside.isdisjoint(_DEGREES)


def from_base(at: Setting, right: int) -> Bounds | None:
    """The span of a difference whose base stands behind it, before the token `right`."""
    reference = at.reference
    for period in at.periods:
        if not at.draft.last <= period.first <= right:
            continue
        end = reference[1]
        if end is None or not (period.base or period.first - at.draft.last <= 2):
            return None
        base = (
            prior_span(period, reference)
            if period.prior is not None
            else same_span(at.tokens, period, reference)
        )
        if base[0] is None or base[0] >= end:
            return None
        at.timeline.compare(reference, base)
        return base[0], end
    return None


def with_base(at: Setting, bounds: Bounds, right: int) -> Bounds:
    """The span of a change: from the first day of its base, as far as that is said before the
    token `right`."""
    tokens, draft = at.tokens, at.draft
    start, end = bounds
    limit = max(right, draft.last)
    if draft.form == "ratio" and ahead(tokens, draft.last, 1)[0] in {"that", "eso"} and at.spans:
        # "it had to destroy twice that number"
        first = at.spans[-1][0]
        if first is not None and end is not None and first < end:
            return first, end
    earlier = _earlier_base(tokens, draft, bounds, at.reference)
    if earlier is not None:
        return earlier
    for period in at.periods:
        if period.prior and draft.first - 8 <= period.first < limit and end is not None:
            base_span = prior_span(period, (start, end))
            at.timeline.compare(bounds, base_span)
            return base_span[0], end
        since = tokens[period.first].fold in {"since", "desde"}
        if period.base and not since and draft.last <= period.first < limit + 1:
            spread = same_span(tokens, period, (start, end))
            base = spread[0] or period.end
            if base is not None and (end is None or base < end):
                at.timeline.compare(bounds, spread)
                return base, end or bounds[1]
    told = _told_before(at, bounds)
    return bounds if told is None else told


def _told_before(at: Setting, bounds: Bounds) -> Bounds | None:
    """The base that an adjective tells (`an annual rise`), or the figures before: "down from 1,955
    the year before, a drop of 7 percent"."""
    draft, spans, timeline = at.draft, at.spans, at.timeline
    before = at.drafts[: len(spans)]
    start, end = bounds
    if start is None or end is None:
        return None
    since = max([draft.first - 8, 0, *(d.last for d in before)])
    near = [token.fold for token in at.tokens[since : draft.last + 3]]
    months = next((_BASES[fold] for fold in near if fold in _BASES), 0)
    if ("en", "doce", "meses") in zip(near, near[1:], near[2:], strict=False):
        months = 12
    if months:
        base_span = shift_span(start, end, -months)
        timeline.compare(bounds, base_span)
        return base_span[0], end
    if before and before[-1].compared and spans[-1][0] is not None:
        base = spans[-1][0]
        return (base, end) if base < end else bounds
    if bounds in timeline.pair and not at.periods and draft.unit == "percent-change":
        # "... That is a drop of 42 percent."
        return timeline.pair[0][0], timeline.pair[1][1]
    earlier_base = timeline.held_against(bounds)[0]
    return (earlier_base, end) if earlier_base is not None and draft.unit != "ratio" else None
