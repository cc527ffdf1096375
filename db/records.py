"""The frozen records that cross the border of the database. No SQL, no Dash, no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, get_args

from config.schema import format_facets, parse_facets

NOT_APPLICABLE = "_Z"
"""SDMX code for a dimension that does not apply."""

Precision = Literal["day", "month", "no-later-than", "no-earlier-than", "first-seen"]
"""How well `valid_from` is known, the surest first. `no-later-than`: somebody had it by that day.
`first-seen`: the provider states no release date."""


def precision_again(known: Precision, read: Precision) -> Precision:
    """The precision of a release that is known, and read again: the one that says more.

    One whose figures were changed without a date (`first-seen`) stays that.
    """
    if known == "first-seen":
        return known
    return min(known, read, key=get_args(Precision).index)


@dataclass(frozen=True, order=True)
class SeriesKey:
    """Identity of a series. Its text form is SDMX-like: dimensions joined by dots.

    `homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled`
    """

    indicator: str
    measure: str
    freq: str
    ref_area: str
    counterpart_area: str | None
    source: str
    facets: str = ""
    """As `config.schema.format_facets` writes them."""

    def __str__(self) -> str:
        parts = [
            self.indicator,
            self.measure,
            self.freq,
            self.ref_area,
            self.counterpart_area or NOT_APPLICABLE,
            self.source,
        ]
        return ".".join([*parts, self.facets] if self.facets else parts)

    @classmethod
    def parse(cls, text: str) -> SeriesKey:
        """Read the text form. Raises ValueError where it has not six or seven parts."""
        parts = text.split(".")
        if len(parts) not in {6, 7}:
            raise ValueError(
                f"{text!r} is no series: six or seven parts joined by dots are expected"
            )
        indicator, measure, freq, ref_area, counterpart, source = parts[:6]
        facets = format_facets(parse_facets(parts[6])) if len(parts) == 7 else ""
        other = None if counterpart == NOT_APPLICABLE else counterpart
        return cls(indicator, measure, freq, ref_area, other, source, facets)

    @property
    def facet_values(self) -> dict[str, str]:
        """Facets by name."""
        return parse_facets(self.facets)


@dataclass(frozen=True)
class Reading:
    """What one payload says of one period of one series."""

    time_period: str
    value: Decimal | None
    """In the measure's unit, with the published digits; None where the provider states none."""
    obs_status: str
    note: str = ""
    evidence: str | None = None
    """Id of the document in the catalogue, for figures that were entered by hand."""


@dataclass(frozen=True)
class Vintage:
    """One release of one series: everything that it says, and when it was published."""

    key: SeriesKey
    valid_from: datetime
    """UTC. The release date where stated, else the moment first seen."""
    published_on: date | None
    precision: Precision
    readings: tuple[Reading, ...]
    complete: bool = False
    """True: periods that are not in it were withdrawn by it."""
    raw_sha256: str | None = None
    """The snapshot that it was read from."""
    seen_at: datetime | None = None
    """When it was retrieved; None: at `valid_from`."""
    absent: frozenset[str] = frozenset()
    """Periods of which it says that there is no figure: one that was known was withdrawn by it."""


@dataclass(frozen=True)
class Observation:
    """A stored value, valid from one moment until another (None: until now)."""

    series: SeriesKey
    time_period: str
    period_start: date
    period_end: date
    value: Decimal | None
    obs_status: str
    note: str
    evidence: str | None
    valid_from: datetime
    valid_to: datetime | None
    published_on: date | None
    precision: Precision
    retrieved_at: datetime | None
    raw_sha256: str | None
    raw_url: str | None
    unit: str


@dataclass(frozen=True)
class Snapshot:
    """Bytes as fetched: content-addressed, so equal bytes are kept once."""

    sha256: str
    source: str
    origin: str
    """What was asked for: URL, or file name of a table."""
    retrieved_at: datetime
    size: int
    media_type: str = ""
    published_on: date | None = None
    etag: str | None = None
    last_modified: str | None = None


class RunStatus(StrEnum):
    """What became of a run."""

    RUNNING = "running"
    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NEEDS_KEY = "needs-key"
    """The provider answers only to those who have a key, and none is set."""


@dataclass(frozen=True)
class Changes:
    """What a load did, in observations."""

    new: int = 0
    revised: int = 0
    withdrawn: int = 0
    reinstated: int = 0
    unchanged: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.new + other.new,
            self.revised + other.revised,
            self.withdrawn + other.withdrawn,
            self.reinstated + other.reinstated,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True)
class Issue:
    """One finding of validation. `raw` is the row as the provider or the file gave it."""

    severity: Literal["error", "warning"]
    check: str
    message: str
    locator: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Run:
    """One execution of one source."""

    id: int
    source: str
    adapter: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    next_due: datetime | None = None
    message: str = ""
    error_class: str = ""
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True)
class SourceRecord:
    """What the database knows of one source."""

    source: str
    last_run: Run | None
    last_success: datetime | None
    last_change: datetime | None
    newest_release: date | None
    observations: int
    older: bool = False
    """Whether a release of the past was loaded by hand."""


@dataclass(frozen=True)
class StoredClaim:
    """A claim as loaded, with the article and the excerpt that it stands in."""

    id: str
    """`<article>/<claim>`"""
    article: str
    article_title: str
    article_author: str | None
    article_publisher: str | None
    article_url: str | None
    article_date: date
    article_date_basis: str
    article_language: str
    excerpt_exact: str
    excerpt_prefix: str
    excerpt_suffix: str
    excerpt_start: int
    quote: str
    char_start: int
    char_end: int
    indicator: str
    measure: str
    facets: str
    value_low: Decimal | None
    value_high: Decimal | None
    comparator: str
    rounding_unit: Decimal
    unit: str
    currency: str | None
    geography: tuple[str, ...]
    ref_areas: tuple[str, ...]
    counterpart_areas: tuple[str, ...]
    period_start: date | None
    period_end: date | None
    status: str
    attributed_to: str | None
    claim_class: str
    review_state: str
    reviewer: str | None
    reviewed_on: date | None
    extractor: str
    """`person` for a claim that was entered by hand."""
