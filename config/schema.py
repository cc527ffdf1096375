"""Typed models of everything that `config/` may say.

Words are those of the field: SDMX for areas, frequencies, observation status and units
(CL_OBS_STATUS, CL_FREQ, UNIT_MULT), the W3C Web Annotation model for quotes (TextQuoteSelector).
Every model refuses unknown keys. References between files are checked in `config.catalog`.
"""

from __future__ import annotations

import datetime as dt
import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

MAX_EXCERPT = 300
"""Longest excerpt in characters, prefix and suffix included: the texts of articles are not ours."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^(_[A-Z]|[A-Z]{3}|[A-Z]{2,3}-[A-Z]{2,3})$")]
Frequency = Literal["A", "A5", "Q", "M", "W", "D"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


def _as_decimal(value: object) -> object:
    """YAML numbers become exact decimals: 0.1 in a file is one tenth, not its nearest double."""
    if isinstance(value, bool):
        raise ValueError("a number, not true or false")
    return Decimal(str(value)) if isinstance(value, int | float) else value


Number = Annotated[Decimal, BeforeValidator(_as_decimal)]


class Model(BaseModel):
    """Frozen, and closed: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalText(Model):
    """The same words in English and in Mexican Spanish."""

    en: Text
    es: Text

    def __getitem__(self, language: str) -> str:
        return self.es if language == "es" else self.en


class PluralText(Model):
    """A unit's name for one and for other counts, in both languages."""

    en: tuple[Text, Text]
    es: tuple[Text, Text]


class ObsStatus(StrEnum):
    """SDMX CL_OBS_STATUS, the codes used here."""

    NORMAL = "A"
    BREAK = "B"
    DEFINITION_DIFFERS = "D"
    ESTIMATED = "E"
    FORECAST = "F"
    MISSING = "M"
    PROVISIONAL = "P"
    SUPPRESSED = "Q"
    LOW_RELIABILITY = "U"
    UNVALIDATED = "V"


class Comparator(StrEnum):
    """How an article binds its figure to the world (verdicts, section 1)."""

    EQ = "eq"
    APPROX = "approx"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    ALMOST = "almost"
    ORDER = "order"
    RANGE = "range"


class Licence(Model):
    """Under which terms a provider's figures may be shown."""

    name: LocalText
    url: Url | None = None
    cite: Text
    """Attribution as the provider asks for it."""
    verified: StrictBool
    """Whether the licence was read on the provider's own page or file."""


class Provider(Model):
    """An organisation that produces figures."""

    id: Slug
    name: LocalText
    short: LocalText
    kind: Literal["official", "international", "academic", "ngo", "researcher", "own"]
    url: Url | None = None
    licence: Licence


class Words(Model):
    """Words and phrases of running text, lower case and without accents. The last word of one may
    end in `*`, which stands for any ending."""

    en: list[Text] = []
    es: list[Text] = []

    def __getitem__(self, language: str) -> list[str]:
        return self.es if language == "es" else self.en


class Area(Model):
    """A place that figures are of (SDMX REF_AREA)."""

    id: AreaCode
    name: LocalText
    words: Words = Words()
    """How texts name it, beside its name: short forms and the words for its people."""
    kind: Literal["country", "border", "subdivision", "region", "group"]
    standard: Text
    """Where the code comes from: ISO 3166-1 alpha-3, ISO 3166-2, SDMX, or ours."""
    iso2: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class Unit(Model):
    """What figures are counted in, with the bounds that none of them may leave."""

    id: Slug
    name: PluralText
    symbol: LocalText | None = None
    """Short form for axes and cards, for example `%` or `US$`."""
    symbol_before: StrictBool = False
    words: Words = Words()
    """What texts count in this unit, beside its name."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    minimum: Number | None = None
    maximum: Number | None = None


class Measure(Model):
    """One thing counted, in one unit: figures of two measures are never added or joined."""

    name: LocalText
    unit: Slug
    kind: Literal["flow", "stock", "running-total", "rate", "share", "price", "announced"]
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    definition: LocalText | None = None


class FacetValue(Model):
    """One of the values of a facet."""

    name: LocalText
    definition: LocalText | None = None


class Facet(Model):
    """What distinguishes two series of one measure (stage, source type, product ...)."""

    name: LocalText
    values: dict[Slug, FacetValue]
    apart: LocalText | None = None
    """Why series of two of its values are never added or joined; pages show it with them."""


class SourcesApart(Model):
    """Sources of one indicator whose series are never added or joined."""

    why: LocalText
    counts: dict[Slug, LocalText] = Field(min_length=2)
    """What each of them counts, by source."""


class SeriesSelector(Model):
    """Picks series of an indicator; an absent field does not restrict."""

    measure: Slug | None = None
    ref_area: AreaCode | None = None
    counterpart_area: AreaCode | None = None
    freq: Frequency | None = None
    source: Slug | None = None
    facets: dict[Slug, Slug] = {}


class Feed(Model):
    """How a source's adapter finds one measure of this indicator."""

    source: Slug
    measure: Slug
    facets: dict[Slug, Slug] = {}
    freq: Frequency
    ref_areas: list[AreaCode] = Field(min_length=1)
    counterpart_areas: list[AreaCode] = []
    select: dict[str, str]
    """What the adapter needs to ask for, for example `indicator: VC.IHR.PSRC.P5`."""


class MeasureCues(Model):
    """How a figure of a text is told to be of this measure, not of the indicator's others."""

    words: Words = Words()
    """At least one of them stands in the sentence; without any, the unit alone decides."""
    without: Words = Words()
    """None of them stands nearer to the figure than the indicator's words."""
    units: list[Slug] = []
    """Units that a text may use for it, beside the measure's own."""
    same_units: list[Slug] = []
    """Units that are the measure's own under another name: applications for asylum are persons."""
    ref_areas: list[AreaCode] | None = None
    counterpart_areas: list[AreaCode] | None = None
    """The measure's own sides, where they are not those of the indicator."""
    bare: Words = Words()
    """Beside one of these a number without a unit is read in the measure's own."""
    bare_maximum: Number | None = None


class Cues(Model):
    """What links a figure of a text to the indicator: its words, its units, its places."""

    words: Words
    """At least one of them stands in the sentence, or in the one before it."""
    also: Words = Words()
    """One of these too, in the sentence or in the three before it, where there are any."""
    without: Words = Words()
    """None of them stands nearer to the figure than the words: what it may be of instead."""
    measures: dict[Slug, MeasureCues] = Field(min_length=1)
    facets: dict[Slug, dict[Slug, Words]] = {}
    """For each facet and value the words that tell it; a facet that no word tells stays open."""
    ref_areas: list[AreaCode] = []
    counterpart_areas: list[AreaCode] = []
    named: Literal["ref", "counterpart"] | None = None
    """The side that takes the places a text names instead of the ones given here."""
    named_areas: list[AreaCode] = []
    """The places that may be taken so; any but those of the other side where empty."""


class Indicator(Model):
    """What is measured: its measures, what tells its series apart, and where they come from."""

    id: Slug
    name: LocalText
    topic: Literal["security", "aid", "migration", "health", "economy"]
    definition: LocalText
    not_this: LocalText
    """What the indicator is often taken for and is not."""
    caveats: list[LocalText] = []
    official: StrictBool = True
    """False: only articles state it; the pages say that there is no official series."""
    measures: dict[Slug, Measure] = Field(min_length=1)
    measures_apart: LocalText | None = None
    """Why figures of two measures are never added or joined, where it needs to be said."""
    facets: dict[Slug, Facet] = {}
    sources_apart: SourcesApart | None = None
    headline: SeriesSelector | None = None
    """The series whose latest value stands on the card and at the head of the page."""
    chart: list[SeriesSelector] = []
    """The series drawn when the reader has chosen none; all of the headline's measure if empty."""
    feeds: list[Feed] = []
    cues: Cues | None = None
    """None: no figure of a text is linked to it by rule."""

    @model_validator(mode="after")
    def _official_has_headline(self) -> Self:
        if self.official and self.headline is None:
            raise ValueError(
                "headline is missing: an official indicator names the series it leads with"
            )
        return self


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON_FIELDS = (
    ("minute", [str(number) for number in range(60)]),
    ("hour", [str(number) for number in range(24)]),
    ("day of month", [str(number) for number in range(1, 32)]),
    ("month", [str(number) for number in range(1, 13)]),
    # By name only: 0 is Sunday to cron(8) and Monday to others.
    ("day of week", list(_WEEKDAYS)),
)
_CRON_PART = re.compile(r"(?:\*|([a-z]+|[0-9]+)(?:-([a-z]+|[0-9]+))?)(?:/([1-9][0-9]?))?")


def _is_cron(text: str) -> str:
    fields = text.split(" ")
    if len(fields) != len(_CRON_FIELDS):
        names = ", ".join(name for name, _ in _CRON_FIELDS)
        raise ValueError(f"{text!r} has not the five fields of cron: {names}")
    for written, (name, words) in zip(fields, _CRON_FIELDS, strict=True):
        for part in written.split(","):
            match = _CRON_PART.fullmatch(part)
            ends = [end for end in match.groups()[:2] if end] if match else [part]
            if any(end not in words for end in ends):
                raise ValueError(f"{part!r} is no {name}; valid are {words[0]} to {words[-1]}")
            if len(ends) == 2 and words.index(ends[0]) > words.index(ends[1]):
                raise ValueError(f"{part!r} ends before it starts")
    return text


def _is_timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{text!r} is no time zone; write it like America/Mexico_City") from error
    return text


class Schedule(Model):
    """When a source is asked."""

    cron: Annotated[str, AfterValidator(_is_cron)]
    """Five fields of cron: minute, hour, day of month, month, day of week (mon to sun)."""
    timezone: Annotated[Text, AfterValidator(_is_timezone)] = "UTC"


Factor = Annotated[Number, Field(gt=1)]
Share = Annotated[Number, Field(ge=0, le=1)]


class Selected(Model):
    """The series of a source that a check looks at; all where nothing is selected."""

    indicator: Slug | None = None
    measure: Slug | None = None
    freq: Frequency | None = None
    ref_area: AreaCode | None = None
    facets: dict[Slug, Slug] = {}


class RowRule(Selected):
    """What every observation has to satisfy."""

    minimum: Number | None = None
    maximum: Number | None = None
    whole: StrictBool = False
    """True: counts, which have no fraction."""
    stated: StrictBool = False
    """True: every row has a value."""

    @model_validator(mode="after")
    def _rules_something(self) -> Self:
        low, high = self.minimum, self.maximum
        if low is None and high is None and not self.whole and not self.stated:
            raise ValueError("the rule asks for nothing; give minimum, maximum, whole or stated")
        if low is not None and high is not None and low > high:
            raise ValueError("minimum is above maximum")
        return self


class MaximumChange(Selected):
    """How far a value may lie from another, as a factor: 10 is an order of magnitude."""

    revision: Factor | None = None
    """From the value that is known of the same period."""
    step: Factor | None = None
    """From the value of the nearest earlier period in the same answer."""
    floor: Annotated[Number, Field(gt=0)] = Decimal(1)
    """Smaller amounts count as this one, in the measure's unit: from 1 case to 30 is no sign of
    an error. The sign does not count."""
    settled_years: Annotated[int, Field(ge=0)] = 0
    """Only periods that ended so many years before the run, where figures of the newest are still
    being filled in."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.revision is None and self.step is None:
            raise ValueError("the check limits nothing; give revision, step or both")
        return self


class CheckSet(Model):
    """What an answer of a provider has to satisfy."""

    minimum_rows: Annotated[int, Field(ge=1)] | None = None
    """Observations in one run."""
    maximum_missing: Share | None = None
    """Share of the observations of the provider's answer before that this one may lack."""
    maximum_change: list[MaximumChange] = []
    rows: list[RowRule] = []


class Checks(Model):
    """Two severities. After an error nothing of a run is loaded; a warning is noted with it."""

    error: CheckSet = CheckSet()
    warning: CheckSet = CheckSet()


class Ignore(Model):
    """What a provider's files may hold and is not read, each with the reason."""

    columns: dict[str, Text] = {}
    labels: dict[str, dict[str, Text]] = {}
    """By column."""


class Source(Model):
    """One feed of one provider: where it is asked, when, how it is read and checked."""

    id: Slug
    name: LocalText
    provider: Slug
    adapter: Literal[
        "table",
        "articles",
        "worldbank",
        "unhcr",
        "owid",
        "unodc",
        "fred",
        "census",
        "cbp",
        "ohss",
        "foreign-assistance",
        "sesnsp",
        "banxico",
        "inegi",
    ]
    url: Url | None = None
    allowed_hosts: list[Text] = []
    aliases: list[Slug] = []
    """Other names under which the environment's settings for this source are found."""
    schedule: Schedule
    cadence_days: Annotated[int, Field(ge=1)] | None = None
    """Usual days between two releases of the provider; past twice that the source is late.
    Absent for one-off documents, which are never late."""
    complete: StrictBool = False
    """True: each payload is the whole extract, so what is missing was withdrawn."""
    allow_empty: StrictBool = False
    paused: StrictBool = False
    delay_seconds: Annotated[Number, Field(ge=0, le=60)] = Decimal(0)
    """Pause between two requests to one host, for providers that want to be asked slowly."""
    checks: Checks = Checks()
    ignore: Ignore = Ignore()
    caveats: list[LocalText] = []
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def _ignore_is_of_a_provider(self) -> Self:
        if self.adapter in {"table", "articles"} and self.ignore != Ignore():
            raise ValueError(
                f"ignore is for the files of providers; adapter {self.adapter} reads files of "
                "this catalogue, of which everything is read"
            )
        return self

    @model_validator(mode="after")
    def _complete_is_checked(self) -> Self:
        reads_provider = self.adapter not in {"table", "articles"}
        if self.complete and reads_provider and self.checks.error.maximum_missing is None:
            raise ValueError(
                "complete is true, so that half an answer would withdraw the other half: "
                "checks.error.maximum_missing must say how much may be missing, for example 0.2"
            )
        return self


class Correction(Model):
    """An error of a provider that is put right here, for as long as the provider states it."""

    indicator: Slug
    measure: Slug
    facets: dict[Slug, Slug] = {}
    ref_area: AreaCode
    counterpart_area: AreaCode | None = None
    freq: Frequency
    time_period: Text
    expect: Number
    """The guard: what the provider states. Where it states anything else, the run fails."""
    value: Number | None
    """What is loaded instead; null where the right value is not known."""
    reason: LocalText
    evidence: Slug
    """The document that shows the error."""


class Corrections(Model):
    """`config/corrections/<source>.yaml`: the declared corrections of one source."""

    id: Slug
    corrections: list[Correction] = Field(min_length=1)


class Document(Model):
    """Evidence: the file or page in which official figures were read."""

    id: Slug
    title: Text
    url: Url | None = None
    """The provider's address, or that of the page that quotes it. None for own calculations."""
    kind: Literal["provider-file", "provider-page", "copy", "press", "compilation", "calculation"]
    issuer: Text | None = None
    """Who stated the figure, where it is not the source's provider itself."""
    published_precision: Literal["day", "month", "no-later-than", "no-earlier-than", "unknown"]
    retrieved_on: date | None = None
    file: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    note: Text | None = None

    @property
    def secondary(self) -> bool:
        """The figure reached us through somebody else than its provider."""
        return self.kind in {"copy", "press", "compilation"}


class Event(Model):
    """Something dated that charts show."""

    id: Slug
    date: dt.date
    date_end: dt.date | None = None
    precision: Literal["day", "month", "year"] = "day"
    kind: Literal["announced", "in-force", "ended", "meeting", "court", "other"]
    label: LocalText
    label_open: LocalText | None = None
    """What it is called while it lasts, where its label tells of its end."""
    source: Text
    source_url: Url | None = None
    articles: list[Slug] = []
    indicators: list[Slug] = []
    """The charts on which the event is drawn; all of the pair's where empty."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.date_end is not None and self.date_end < self.date:
            raise ValueError("date_end lies before date")
        return self


class Pair(Model):
    """Two areas, their indicators in the order of the pages, and their events."""

    id: Slug
    name: LocalText
    ref_area: AreaCode
    counterpart_area: AreaCode
    indicators: list[Slug] = Field(min_length=1)
    events: list[Event] = []

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        for what, ids in (
            ("event", [event.id for event in self.events]),
            ("indicator", self.indicators),
        ):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"{what} given twice: {', '.join(twice)}")
        return self


class Review(Model):
    """What a person decided of a claim; pending until somebody did."""

    state: Literal["pending", "accepted", "rejected"]
    reviewer: Text | None = None
    reviewed_on: date | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _decided_by_somebody(self) -> Self:
        if self.state != "pending" and (self.reviewer is None or self.reviewed_on is None):
            raise ValueError(f"review is {self.state}, so reviewer and reviewed_on must be given")
        return self


def _quote_is_short(text: str) -> str:
    if len(text) > MAX_EXCERPT:
        raise ValueError(f"{len(text)} characters, at most {MAX_EXCERPT} are allowed")
    return text


class Claim(Model):
    """One figure that an article states, in its normalised reading."""

    id: Slug
    quote: Annotated[str, AfterValidator(_quote_is_short)]
    """Verbatim, and a substring of the excerpt that holds it."""
    indicator: Slug
    measure: Slug
    facets: dict[Slug, Slug] = {}
    value_low: Number | None = None
    value_high: Number | None = None
    comparator: Comparator
    rounding_unit: Number
    """Place of the last digit stated, in units of the value (2.7 million: 100000)."""
    unit: Slug
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    geography: list[AreaCode] = Field(min_length=1)
    """The place as the article states it."""
    ref_areas: list[AreaCode]
    """With `counterpart_areas`, the link to series: the areas under which they stand."""
    counterpart_areas: list[AreaCode] = []
    period_start: date | None = None
    period_end: date | None = None
    status: Literal[
        "stated",
        "promised",
        "planned",
        "proposed",
        "committed",
        "threatened",
        "shipped",
        "delivered",
    ] = "stated"
    attributed_to: Text | None = None
    """The source that the article itself names for the figure."""
    caveats: list[LocalText] = []
    claim_class: Literal["core", "context", "vague", "implicit"] = Field("core", alias="class")
    extractor: Literal["person", "grammar"] = "person"
    """Who read the figure first; a review does not change it."""
    review: Review

    @model_validator(mode="after")
    def _values_fit_comparator(self) -> Self:
        low, high = self.value_low, self.value_high
        need_low = self.comparator not in {Comparator.LT, Comparator.LE, Comparator.ALMOST}
        need_high = self.comparator not in {Comparator.GT, Comparator.GE}
        if need_low != (low is not None) or need_high != (high is not None):
            wanted = " and ".join(
                name for name, need in (("value_low", need_low), ("value_high", need_high)) if need
            )
            raise ValueError(f"comparator {self.comparator} takes {wanted} and nothing else")
        if low is not None and high is not None and low > high:
            raise ValueError("value_low is above value_high")
        if self.comparator in {Comparator.EQ, Comparator.APPROX} and low != high:
            raise ValueError(f"comparator {self.comparator} takes value_low equal to value_high")
        if self.period_start and self.period_end and self.period_start > self.period_end:
            raise ValueError("period_start lies after period_end")
        if self.rounding_unit < 0:
            raise ValueError("rounding_unit is negative")
        return self


class Excerpt(Model):
    """A quoted span, kept as a TextQuoteSelector (https://www.w3.org/TR/annotation-model/)."""

    exact: Text
    prefix: str = ""
    suffix: str = ""
    start: Annotated[int, Field(ge=0)]
    """Offset of `exact` in the article's text, in characters."""
    claims: list[Claim] = Field(min_length=1)

    @model_validator(mode="after")
    def _short_and_verbatim(self) -> Self:
        length = len(self.prefix) + len(self.exact) + len(self.suffix)
        if length > MAX_EXCERPT:
            raise ValueError(
                f"excerpt has {length} characters with prefix and suffix, "
                f"at most {MAX_EXCERPT} are allowed"
            )
        for claim in self.claims:
            if self.exact.count(claim.quote) != 1:
                raise ValueError(
                    f"quote of claim {claim.id!r} does not stand exactly once in the excerpt"
                )
        return self


class Article(Model):
    """A text that states figures: who, when, and short excerpts with their claims."""

    id: Slug
    title: Text
    author: Text | None = None
    publisher: Text | None = None
    publisher_inferred: StrictBool = False
    url: Url | None = None
    language: Literal["en", "es"]
    published_on: date
    date_basis: Literal["stated", "inferred"]
    date_note: LocalText | None = None
    licence_note: LocalText
    text_file: Text | None = None
    text_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    excerpts: list[Excerpt] = Field(min_length=1)

    @property
    def claims(self) -> list[Claim]:
        """All claims, in the order of the excerpts."""
        return [claim for excerpt in self.excerpts for claim in excerpt.claims]

    @model_validator(mode="after")
    def _inferred_says_why(self) -> Self:
        if self.date_basis == "inferred" and self.date_note is None:
            raise ValueError("date_basis is inferred, so date_note must say from what")
        ids = [claim.id for claim in self.claims]
        twice = {name for name in ids if ids.count(name) > 1}
        if twice:
            raise ValueError(f"claim id given twice: {', '.join(sorted(twice))}")
        return self


class WatchedFeed(Model):
    """An RSS or Atom feed whose entries are read as articles."""

    id: Slug
    url: Url
    publisher: Text | None = None
    """Who publishes its articles, where their pages do not say."""
    language: Literal["en", "es"] | None = None
    """The language of its articles; recognised from each text where absent."""
    paused: StrictBool = False


class WatchedFolder(Model):
    """A folder into which people drop articles: text, Markdown, HTML or PDF."""

    id: Slug
    path: Text
    """Relative to TWOTRACK_HOME, or absolute."""
    publisher: Text | None = None
    language: Literal["en", "es"] | None = None
    paused: StrictBool = False


class Watch(Model):
    """`config/feeds.yaml`: where new articles come from, and how often is looked."""

    schedule: Schedule = Schedule(cron="*/30 * * * *")
    feeds: list[WatchedFeed] = []
    folders: list[WatchedFolder] = []

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [*(feed.id for feed in self.feeds), *(folder.id for folder in self.folders)]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"id given twice: {', '.join(twice)}")
        return self


class TableRow(Model):
    """One row of `config/tables/<indicator>.<source>.csv`: a published figure with its evidence."""

    indicator: Slug
    measure: Slug
    facets: dict[Slug, Slug]
    ref_area: AreaCode
    counterpart_area: AreaCode | None
    freq: Frequency
    time_period: Text
    value: Decimal | None
    unit_mult: Annotated[int, Field(ge=0, le=12)]
    obs_status: ObsStatus
    source: Slug
    published_on: date | None
    evidence: Slug
    note: str


TABLE_COLUMNS = tuple(TableRow.model_fields)


FACETS_PATTERN = re.compile(r"^([a-z0-9-]+=[a-z0-9-]+)(;[a-z0-9-]+=[a-z0-9-]+)*$")


def parse_facets(text: str) -> dict[str, str]:
    """Read `stage=obligated;programme=all-aid`; the empty string is no facets."""
    if not text:
        return {}
    if not FACETS_PATTERN.match(text):
        raise ValueError(f"{text!r} is not of the form facet=value;facet=value")
    pairs = [part.split("=") for part in text.split(";")]
    facets = dict(pairs)
    if len(facets) != len(pairs):
        raise ValueError(f"{text!r} names a facet twice")
    return facets


def format_facets(facets: dict[str, str]) -> str:
    """Write facets as `parse_facets` reads them, in order of name."""
    return ";".join(f"{name}={facets[name]}" for name in sorted(facets))
