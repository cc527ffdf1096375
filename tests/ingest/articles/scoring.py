"""How well an extractor's figures meet the gold: precision, recall, F1, periods, traps.

Matching. Within one text a gold figure and an emitted one may match if their spans overlap. Pairs
are taken one to one, best overlap first: by shared over joint length (Jaccard), then by place.

Right. A matched pair is right if value, comparator and unit agree: both ends of the value within
one in a thousand (fractions are rounded: two thirds is 66.67) and an open end in both or in
neither; the same comparator; the same unit id and the same currency.

Counting, for each class and language. Gold figures of the class are what is to be found. Emitted
for the class is what matches one of them, right or wrong, and besides what matches no gold figure
of any class and calls itself of this class. So an emitted figure that matches a gold figure counts
under the gold's class whatever class it gives itself, and an emitted figure is a false positive of
core only if it matches no gold figure of any class and its own class is core; a pair that is
matched but wrong costs both precision and recall.

Periods. Right if both ends agree to the day, over the gold figures that have one; a figure that
was not found has no right period.

Traps. An emitted figure that matches no gold figure and overlaps a trap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from tests.ingest.articles.gold import Figure, Passage, Span

TOLERANCE = Decimal("0.001")
ALL = "all"
"""Key of the sums over classes or over languages."""


class Emitted(Protocol):
    """What scoring asks of an extracted figure; offsets are into the passage's text."""

    @property
    def quote(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def value_low(self) -> Decimal | None: ...
    @property
    def value_high(self) -> Decimal | None: ...
    @property
    def comparator(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def period_start(self) -> date | None: ...
    @property
    def period_end(self) -> date | None: ...
    @property
    def claim_class(self) -> str: ...


@dataclass(frozen=True)
class Pair:
    """A gold figure and the emitted one that was matched to it."""

    gold: Figure
    emitted: Emitted


@dataclass(frozen=True)
class Matching:
    """How one text's figures fell together."""

    pairs: tuple[Pair, ...]
    missed: tuple[Figure, ...]
    surplus: tuple[Emitted, ...]
    """Emitted, and matched to no gold figure of any class."""


@dataclass
class Counts:
    """Sums over texts; shares are None where there is nothing to divide by."""

    gold: int = 0
    emitted: int = 0
    matched: int = 0
    right: int = 0
    with_period: int = 0
    period_right: int = 0

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.emitted)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: 2 right / (gold + emitted)."""
        return _share(2 * self.right, self.gold + self.emitted)

    @property
    def period_accuracy(self) -> float | None:
        return _share(self.period_right, self.with_period)

    def add(self, other: Counts) -> None:
        self.gold += other.gold
        self.emitted += other.emitted
        self.matched += other.matched
        self.right += other.right
        self.with_period += other.with_period
        self.period_right += other.period_right


@dataclass
class Scores:
    """Counts by (class, language), each with sums under `all`, and the traps emitted."""

    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    surplus: int = 0
    traps: list[str] = field(default_factory=list)
    """`slug: quote` of each emitted trap."""

    def of(self, claim_class: str = ALL, language: str = ALL) -> Counts:
        return self.counts.get((claim_class, language), Counts())

    def note(self, claim_class: str, language: str, counts: Counts) -> None:
        for one in (claim_class, ALL):
            for other in (language, ALL):
                self.counts.setdefault((one, other), Counts()).add(counts)


def score(texts: Iterable[tuple[Passage, Sequence[Emitted]]]) -> Scores:
    """Scores of an extractor: each passage with what was emitted for it."""
    scores = Scores()
    for passage, emitted in texts:
        matching = match(passage.figures, emitted)
        for pair in matching.pairs:
            scores.note(pair.gold.claim_class, passage.language, _of_pair(pair))
        for figure in matching.missed:
            missed = Counts(gold=1, with_period=int(figure.has_period))
            scores.note(figure.claim_class, passage.language, missed)
        for extra in matching.surplus:
            scores.note(extra.claim_class, passage.language, Counts(emitted=1))
        scores.surplus += len(matching.surplus)
        spans = passage.trap_spans
        scores.traps += [
            f"{passage.slug}: {extra.quote}"
            for extra in matching.surplus
            if any(overlap((extra.start, extra.end), span) for span in spans)
        ]
    return scores


def match(gold: Sequence[Figure], emitted: Sequence[Emitted]) -> Matching:
    """One-to-one matching of one text's figures, best overlap first."""
    candidates = sorted(
        (-closeness, i, j)
        for i, figure in enumerate(gold)
        for j, found in enumerate(emitted)
        if (closeness := _jaccard((figure.start, figure.end), (found.start, found.end))) > 0
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in candidates:
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    return Matching(
        tuple(Pair(gold[i], emitted[j]) for i, j in sorted(taken.items())),
        tuple(figure for i, figure in enumerate(gold) if i not in taken),
        tuple(found for j, found in enumerate(emitted) if j not in used),
    )


def is_right(gold: Figure, emitted: Emitted) -> bool:
    """Whether value, comparator and unit (with its currency) agree."""
    return (
        same_value(gold.value_low, emitted.value_low)
        and same_value(gold.value_high, emitted.value_high)
        and str(gold.comparator) == str(emitted.comparator)
        and (gold.unit, gold.currency) == (emitted.unit, emitted.currency)
    )


def same_value(gold: Decimal | None, emitted: Decimal | None) -> bool:
    """Whether two ends agree within one in a thousand; no end agrees with no end only."""
    if gold is None or emitted is None:
        return gold is emitted
    return abs(gold - emitted) <= TOLERANCE * abs(gold)


def period_is_right(gold: Figure, emitted: Emitted) -> bool:
    return (gold.period_start, gold.period_end) == (emitted.period_start, emitted.period_end)


def overlap(one: Span, other: Span) -> int:
    """Characters that both spans hold."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def as_table(scores: Scores) -> str:
    """The scores as lines of text: one per class and language, then surplus and traps."""
    head = f"{'class':<10}{'lang':<6}{'gold':>6}{'emit':>6}{'right':>6}"
    lines = [f"{head}{'prec':>7}{'rec':>7}{'F1':>7}{'period':>8}"]
    for (claim_class, language), counts in sorted(scores.counts.items()):
        shares = (counts.precision, counts.recall, counts.f1)
        lines.append(
            f"{claim_class:<10}{language:<6}{counts.gold:>6}{counts.emitted:>6}{counts.right:>6}"
            + "".join(f"{_shown(share):>7}" for share in shares)
            + f"{_shown(counts.period_accuracy):>8}"
        )
    lines.append(f"matching no gold figure: {scores.surplus}; traps emitted: {len(scores.traps)}")
    return "\n".join(lines)


def _of_pair(pair: Pair) -> Counts:
    has_period = pair.gold.has_period
    return Counts(
        gold=1,
        emitted=1,
        matched=1,
        right=int(is_right(pair.gold, pair.emitted)),
        with_period=int(has_period),
        period_right=int(has_period and period_is_right(pair.gold, pair.emitted)),
    )


def _jaccard(one: Span, other: Span) -> float:
    shared = overlap(one, other)
    return shared / (one[1] - one[0] + other[1] - other[0] - shared) if shared else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _shown(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"
