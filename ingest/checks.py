"""The checks that a source's file declares, against what was read and what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from config.periods import parse_period
from config.schema import Checks, CheckSet, MaximumChange, RowRule, Selected, format_facets
from db.records import Issue, Reading, SeriesKey, Vintage
from ingest.adapter import BoundFeed

Severity = Literal["error", "warning"]
SHOWN = 5
"""Periods that one message names."""
OF_TABLES = Decimal("0.4")
"""Share of what tables hold that the first answer of a provider may lack: they may have been
collected from several releases, and a limit for two answers of one provider is too narrow."""


@dataclass(frozen=True)
class Stored:
    """What the database holds of a source before a run."""

    values: Mapping[SeriesKey, Mapping[str, Decimal | None]] = field(default_factory=dict)
    """Period to value, as known now."""
    last: Mapping[SeriesKey, Set[str]] = field(default_factory=dict)
    """Periods that the answer before stated, of the same origin."""


def findings(
    checks: Checks, vintages: Sequence[Vintage], known: Stored, today: date
) -> list[Issue]:
    """All that the checks find, errors first; of one place and check the worse alone."""
    errors = list(_findings("error", checks.error, vintages, known, today))
    places = {(issue.check, issue.locator) for issue in errors}
    warnings = _findings("warning", checks.warning, vintages, known, today)
    return [*errors, *(each for each in warnings if (each.check, each.locator) not in places)]


def row_findings(checks: Checks, vintages: Sequence[Vintage]) -> list[Issue]:
    """What the rules of single rows find: all that can be asked of an old file."""
    rules = Checks(
        error=CheckSet(rows=checks.error.rows), warning=CheckSet(rows=checks.warning.rows)
    )
    return findings(rules, vintages, Stored(), date.max)


def silent_feeds(feeds: Iterable[BoundFeed], vintages: Iterable[Vintage]) -> list[Issue]:
    """A warning for each feed of which nothing was read."""
    heard = {
        (key.indicator, key.measure, key.freq, key.facets)
        for key in (vintage.key for vintage in vintages if vintage.readings)
    }
    return [
        Issue("warning", "feed", f"nothing was read of {name}", bound.feed.source, raw)
        for bound in feeds
        for name in [f"{bound.indicator}, measure {bound.feed.measure}, freq {bound.feed.freq}"]
        for raw in [", ".join(f"{key}: {value}" for key, value in bound.feed.select.items())]
        if (bound.indicator, bound.feed.measure, bound.feed.freq, format_facets(bound.feed.facets))
        not in heard
    ]


def _findings(
    severity: Severity, wanted: CheckSet, vintages: Sequence[Vintage], known: Stored, today: date
) -> Iterator[Issue]:
    yield from _rows(severity, wanted, vintages)
    yield from _missing(severity, wanted, vintages, known)
    for rule in wanted.rows:
        yield from _rule(severity, rule, vintages)
    for limit in wanted.maximum_change:
        yield from _change(severity, limit, vintages, known, today)


def _rows(severity: Severity, wanted: CheckSet, vintages: Sequence[Vintage]) -> Iterator[Issue]:
    count = sum(len(vintage.readings) for vintage in vintages)
    if wanted.minimum_rows is not None and count < wanted.minimum_rows:
        message = f"{count} observations, at least {wanted.minimum_rows} are expected"
        yield Issue(severity, "minimum-rows", message)


def _missing(
    severity: Severity, wanted: CheckSet, vintages: Sequence[Vintage], known: Stored
) -> Iterator[Issue]:
    before = {(key, period) for key, periods in known.last.items() for period in periods}
    most, whose = wanted.maximum_missing, "the answer before"
    if most is not None and not before:
        before = {
            (key, period)
            for key, values in known.values.items()
            for period, value in values.items()
            if value is not None
        }
        most, whose = max(most, OF_TABLES), "the tables"
    if most is None or not before:
        return
    stated = {(v.key, reading.time_period) for v in vintages for reading in v.readings}
    gone = sorted(before - stated)
    if len(gone) > most * len(before):
        message = (
            f"{len(gone)} of the {len(before)} observations of {whose} are missing, "
            f"at most {most:.0%} may be; the first are "
            + "; ".join(f"{key} {period}" for key, period in gone[:SHOWN])
        )
        yield Issue(severity, "maximum-missing", message)


def _rule(severity: Severity, rule: RowRule, vintages: Iterable[Vintage]) -> Iterator[Issue]:
    for vintage in vintages:
        if not _selects(rule, vintage.key):
            continue
        for reading in vintage.readings:
            if message := _broken(rule, reading.value):
                yield _issue(severity, "row", message, vintage.key, reading)


def _broken(rule: RowRule, value: Decimal | None) -> str:
    if value is None:
        return "has no value" if rule.stated else ""
    if rule.minimum is not None and value < rule.minimum:
        return f"{value} is less than {rule.minimum}"
    if rule.maximum is not None and value > rule.maximum:
        return f"{value} is more than {rule.maximum}"
    if rule.whole and value != value.to_integral_value():
        return f"{value} is no whole number"
    return ""


def _change(
    severity: Severity,
    limit: MaximumChange,
    vintages: Iterable[Vintage],
    known: Stored,
    today: date,
) -> Iterator[Issue]:
    for vintage in vintages:
        if not _selects(limit, vintage.key):
            continue
        stored = known.values.get(vintage.key, {})
        earlier: Decimal | None = None
        for reading in sorted(vintage.readings, key=_start):
            value = reading.value
            if value is None:
                continue
            before = stored.get(reading.time_period)
            settled = parse_period(reading.time_period).end.year + limit.settled_years <= today.year
            # What is known already was looked at when it came.
            if settled and (before is None or before != value):
                for what, other, most in (
                    ("known", before, limit.revision),
                    ("period before, with", earlier, limit.step),
                ):
                    if message := _too_far(value, other, most, limit.floor, what):
                        yield _issue(severity, "maximum-change", message, vintage.key, reading)
                        break
            earlier = value


def _selects(selected: Selected, key: SeriesKey) -> bool:
    return (
        selected.indicator in {None, key.indicator}
        and selected.measure in {None, key.measure}
        and selected.freq in {None, key.freq}
        and selected.ref_area in {None, key.ref_area}
        and selected.facets.items() <= key.facet_values.items()
    )


def _start(reading: Reading) -> date:
    return parse_period(reading.time_period).start


def _too_far(
    value: Decimal, other: Decimal | None, most: Decimal | None, floor: Decimal, what: str
) -> str:
    if other is None or most is None:
        return ""
    small, large = sorted((max(abs(value), floor), max(abs(other), floor)))
    if large <= most * small:
        return ""
    factor = f"{large / small:,.1f}".removesuffix(".0")
    return f"{value} against the {what} {other}: a factor of {factor}, at most {most} is allowed"


def _issue(severity: Severity, check: str, message: str, key: SeriesKey, reading: Reading) -> Issue:
    return Issue(severity, check, message, f"{key} {reading.time_period}", str(reading.value))
