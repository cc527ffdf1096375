"""From raw observations to releases: numbers, periods, bounds and keys are checked here, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from config.catalog import Catalog
from config.periods import parse_period
from config.schema import Document, Feed, ObsStatus, Source, Unit, format_facets
from db.records import Issue, Precision, Reading, SeriesKey, Vintage
from ingest.adapter import RawObservation
from ingest.corrections import Corrector
from ingest.errors import ValidationFailed
from ingest.parse import parse_number

_STATUSES = {status.value for status in ObsStatus}


@dataclass(frozen=True)
class Received:
    """When and as which bytes a payload arrived."""

    retrieved_at: datetime
    sha256: str


@dataclass(frozen=True)
class Valid:
    """Releases that may be loaded, and what was found beside them."""

    vintages: list[Vintage]
    warnings: list[Issue]


def validate(
    catalog: Catalog,
    source: Source,
    raws: Iterable[RawObservation],
    received: Mapping[str, Received],
    today: date,
    *,
    complete: bool,
    allow_empty: bool,
    corrector: Corrector | None = None,
) -> Valid:
    """Check every observation of one run and group them into releases, one per series and date.

    `received` maps the origin of a payload to its arrival. `complete`: the payloads are the whole
    extract, so that a release of a feed states all series of that feed, if only by silence.
    `corrector` puts right what was declared.
    Raises ValidationFailed with all errors; then nothing of the run may be loaded.
    """
    errors: list[Issue] = []
    warnings: list[Issue] = []
    groups: dict[tuple[SeriesKey, datetime], _Group] = {}
    for raw in raws:
        key = _key(source, raw)
        try:
            reading = _reading(raw)
            if corrector is not None and not raw.absent:
                reading = corrector.apply(key, reading)
            _check_bounds(reading.value, catalog.unit_of(raw.indicator, raw.measure))
            release = _release(catalog, raw, received[raw.origin], today)
        except ValueError as error:
            errors.append(_issue("error", "value", str(error), raw))
            continue
        group = groups.setdefault((key, release.valid_from), _Group(release, received[raw.origin]))
        earlier = group.readings.setdefault(reading.time_period, reading)
        if earlier is reading:
            continue
        if earlier == reading:
            warnings.append(_issue("warning", "duplicate", "the same row twice; kept once", raw))
        else:
            message = f"contradicts an earlier row, which says {earlier.value}"
            errors.append(_issue("error", "duplicate", message, raw))
    stated = any(group.stated for group in groups.values())
    if not stated and not errors and not allow_empty:
        message = "no observation at all, which this source does not allow"
        errors.append(Issue("error", "empty", message, locator=source.id))
    if errors:
        raise ValidationFailed([*errors, *warnings])
    if complete:
        for indicator, feed in catalog.feeds_of(source.id):
            _add_silent(groups, list(_series_of(indicator, feed)))
    if corrector is not None:
        warnings.extend(corrector.warnings())
    vintages = [
        Vintage(
            key,
            valid_from,
            group.release.published_on,
            group.release.precision,
            tuple(group.stated),
            complete,
            group.received.sha256,
            group.received.retrieved_at,
            frozenset(group.readings) - {reading.time_period for reading in group.stated},
        )
        for (key, valid_from), group in groups.items()
    ]
    return Valid(vintages, warnings)


@dataclass(frozen=True)
class _Release:
    valid_from: datetime
    published_on: date | None
    precision: Precision


class _Group:
    def __init__(self, release: _Release, received: Received) -> None:
        self.release = release
        self.received = received
        self.readings: dict[str, Reading] = {}
        """By period; without a status where there is no figure."""

    @property
    def stated(self) -> list[Reading]:
        """Those that are stored."""
        return [reading for reading in self.readings.values() if reading.obs_status]


def _series_of(indicator: str, feed: Feed) -> Iterator[SeriesKey]:
    """The series that a feed asks for."""
    facets = format_facets(feed.facets)
    for area in feed.ref_areas:
        for other in (*feed.counterpart_areas,) or (None,):
            yield SeriesKey(indicator, feed.measure, feed.freq, area, other, feed.source, facets)


def _add_silent(
    groups: dict[tuple[SeriesKey, datetime], _Group], series: Sequence[SeriesKey]
) -> None:
    """Give the series that a complete release leaves out their empty part of it."""
    stated = {moment: group for (key, moment), group in groups.items() if key in series}
    for moment, group in stated.items():
        for key in series:
            groups.setdefault((key, moment), _Group(group.release, group.received))


def _key(source: Source, raw: RawObservation) -> SeriesKey:
    return SeriesKey(
        raw.indicator,
        raw.measure,
        raw.freq,
        raw.ref_area,
        raw.counterpart_area,
        source.id,
        raw.facets,
    )


def _reading(raw: RawObservation) -> Reading:
    """Raises ValueError that says what is wrong and what would be valid."""
    period = parse_period(raw.time_period)
    if period.freq != raw.freq:
        raise ValueError(f"period {raw.time_period!r} is not of frequency {raw.freq}")
    if raw.obs_status not in _STATUSES and not raw.absent:
        known = ", ".join(sorted(_STATUSES))
        raise ValueError(f"unknown obs_status {raw.obs_status!r}; valid are {known}")
    value = None if raw.value is None else parse_number(raw.value).scaleb(raw.unit_mult)
    return Reading(raw.time_period, value, raw.obs_status, raw.note, raw.evidence)


def _check_bounds(value: Decimal | None, unit: Unit) -> None:
    if value is None:
        return
    if (unit.minimum is not None and value < unit.minimum) or (
        unit.maximum is not None and value > unit.maximum
    ):
        bounds = f"{unit.minimum} to {unit.maximum}"
        raise ValueError(f"{value} lies outside the bounds of unit {unit.id}, {bounds}")


def _release(catalog: Catalog, raw: RawObservation, received: Received, today: date) -> _Release:
    """When a figure became known: the stated date of release, else when it was first seen."""
    document = catalog.documents.get(raw.evidence) if raw.evidence else None
    if raw.published_on is None:
        seen = received.retrieved_at
        if document is not None and document.retrieved_on is not None:
            seen = _midnight(document.retrieved_on)
        return _Release(seen, None, "first-seen")
    if raw.published_on > today:
        raise ValueError(f"published_on {raw.published_on} lies in the future")
    precision = _precision(document) if document else raw.precision
    return _Release(_midnight(raw.published_on), raw.published_on, precision)


def _precision(document: Document) -> Precision:
    if document.published_precision == "unknown":
        raise ValueError(f"has a date, yet the date of document {document.id!r} is said unknown")
    return document.published_precision


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _issue(severity: str, check: str, message: str, raw: RawObservation) -> Issue:
    text = ",".join(
        str(part)
        for part in (raw.indicator, raw.measure, raw.ref_area, raw.time_period, raw.value)
        if part is not None
    )
    return Issue("error" if severity == "error" else "warning", check, message, raw.locator, text)
