"""What a verdict is made of: codes and exact numbers. Words are made where they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from db.intervals import Interval, Value
from db.records import Observation, SeriesKey


class Code(StrEnum):
    """Verdicts, in the words of the method."""

    MATCH = "MATCH"
    MATCH_LOOSE = "MATCH_LOOSE"
    COMPATIBLE = "COMPATIBLE"
    NEAR = "NEAR"
    BORDERLINE = "BORDERLINE"
    DIFFERS = "DIFFERS"
    DEFINITION_MISMATCH = "DEFINITION_MISMATCH"
    PARTIAL_COVERAGE = "PARTIAL_COVERAGE"
    NOT_YET_PUBLISHED = "NOT_YET_PUBLISHED"
    UNKNOWN_VINTAGE = "UNKNOWN_VINTAGE"
    NO_OFFICIAL_SERIES = "NO_OFFICIAL_SERIES"
    NOT_CHECKABLE = "NOT_CHECKABLE"


AGREE = frozenset({Code.MATCH, Code.MATCH_LOOSE, Code.COMPATIBLE})
NUMERIC = AGREE | {Code.NEAR, Code.BORDERLINE, Code.DIFFERS}


class HintKind(StrEnum):
    """What helps to read a verdict and never changes it."""

    PERIOD_SHIFT = "PERIOD_SHIFT"
    """`detail` is `-1` or `+1`, `period` the neighbour that the figure matches."""
    FISCAL_YEAR = "FISCAL_YEAR"
    """`detail` is the alignment used, `fiscal` or `calendar`; `period` the years, first to last;
    `value` O under the other alignment, where it can be formed."""
    UNIT_GUESS = "UNIT_GUESS"
    """`detail` is the unit under which the verdict would be another one."""
    CONVERTED = "CONVERTED"
    """`detail` names the two units, `value` is the rate or factor."""
    ONLY_UNDER = "ONLY_UNDER"
    """`series` are those under which the figure agrees."""
    STATUS = "STATUS"
    """`detail` is the claim's status."""
    ATTRIBUTED = "ATTRIBUTED"
    """`detail` is the source that the article names."""


@dataclass(frozen=True)
class Hint:
    """One hint; which fields speak is said at its kind."""

    kind: HintKind
    detail: str = ""
    series: tuple[SeriesKey, ...] = ()
    period: str = ""
    value: Value | None = None


class CaveatKind(StrEnum):
    """What is to be printed with a verdict."""

    FACET_NOT_STATED = "FACET_NOT_STATED"
    """`detail` is `facet=value` of the official series."""
    OTHER_FACET = "OTHER_FACET"
    """`detail` is `facet=value` of the series, where the claim states another value."""
    OTHER_UNIT = "OTHER_UNIT"
    """`detail` is `cited/official`."""
    OTHER_STATUS = "OTHER_STATUS"
    """The claim says sent or committed, the series is of announcements; `detail` is the status."""
    OTHER_REGION = "OTHER_REGION"
    """`detail` is the wider region that is or holds the other side."""
    OBS_STATUS = "OBS_STATUS"
    """`detail` is the SDMX status of rows that are not plain: E, P, B ..."""
    DATE_INFERRED = "DATE_INFERRED"
    """The article has no date; the one used was inferred from its text."""


@dataclass(frozen=True)
class Caveat:
    """What a reader of a verdict must know; `detail` is by its kind."""

    kind: CaveatKind
    detail: str = ""


@dataclass(frozen=True)
class Numeric:
    """A figure against one official value."""

    code: Code
    difference: Decimal | None
    """(cited − official) / |official|; above 0 the article is higher. None where official is 0."""
    factor: Decimal | None = None
    """Of an order of magnitude outside its band: how many times beyond the nearer end, above 1."""


@dataclass(frozen=True)
class Finding:
    """The claim against one definition."""

    series: tuple[SeriesKey, ...]
    code: Code | None
    """None where numbers are shown without a verdict."""
    official: Value | None = None
    difference: Decimal | None = None
    factor: Decimal | None = None
    hints: tuple[Hint, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    reason: str = ""
    rows: tuple[Observation, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods that were used, each once."""
        return tuple(dict.fromkeys(row.time_period for row in self.rows))


@dataclass(frozen=True)
class Verdict:
    """One verdict with its numbers. Shares are fractions: 0.05 is five percent."""

    code: Code
    official: Value | None = None
    """In the measure's unit (a ratio's own); a lower bound under PARTIAL_COVERAGE."""
    difference: Decimal | None = None
    factor: Decimal | None = None
    hints: tuple[Hint, ...] = ()
    series: tuple[SeriesKey, ...] = ()
    """Those that `official` was read from."""
    caveats: tuple[Caveat, ...] = ()
    reason: str = ""
    """Why there is no numeric verdict, as a key: `vague`, `no-base`, `unit`, `missing` ..."""
    span: tuple[Decimal, Decimal] | None = None
    """Least and greatest difference where several definitions were tested."""
    accept: Interval | None = None
    """A in the measure's unit."""
    tested: tuple[Finding, ...] = ()
    """Every official definition."""
    beside: tuple[Finding, ...] = ()
    """Counts that are not official; they decide nothing."""


@dataclass(frozen=True)
class Assessment:
    """The verdict as of the article's date, as of today, and the key of what the two say."""

    then: Verdict
    now: Verdict
    label: str
