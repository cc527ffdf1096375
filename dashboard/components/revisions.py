"""How each value changed from release to release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from dash import html

from config.catalog import Catalog
from config.periods import end_of
from config.schema import Measure, Unit
from dashboard import labels
from dashboard.i18n import Translator
from dashboard.i18n.formats import (
    MISSING,
    day,
    month,
    number,
    percent_change,
    period,
    signed,
)
from dashboard.page import table
from db.records import Observation, Precision, SeriesKey

ChangeKind = Literal["new", "revised", "withdrawn", "reinstated"]
MOST_CHANGES = 120
"""Rows of the table; a value's changes are never parted."""
MOST_DECIMALS = 6
MOST_TIMES = 10
"""Changes of this many times a value are given as a number alone."""


@dataclass(frozen=True)
class Change:
    """What one release did to one value."""

    series: SeriesKey
    time_period: str
    period_end: date
    kind: ChangeKind
    before: Decimal | None
    after: Decimal | None
    """None: withdrawn, or stated to have no value."""
    at: datetime
    """The moment from which it counts."""
    published_on: date | None
    precision: Precision | None
    """None where only the moment is known: the withdrawal itself leaves no row."""


def changes(rows: Iterable[Observation], as_of: date | None = None) -> list[list[Change]]:
    """The changes of every value that changed at all, oldest change first.

    `rows` is a history: all intervals, ordered by series, period and time. What was learnt after
    `as_of` is left out. A release that repeats a value, or changes its status alone, is no change.
    """
    found = []
    for _, group in groupby(rows, key=lambda o: (o.series, o.time_period)):
        told = _told(list(group))
        known = [c for c in told if as_of is None or c.at <= end_of(as_of)]
        if len(known) > 1:
            found.append(known)
    return found


def _told(rows: Sequence[Observation]) -> list[Change]:
    told: list[Change] = []
    for index, row in enumerate(rows):
        last = told[-1] if told else None
        if last is None or last.kind == "withdrawn":
            told.append(_change(row, "reinstated" if last else "new", None))
        elif last.after != row.value:
            told.append(_change(row, "revised", last.after))
        following = rows[index + 1].valid_from if index + 1 < len(rows) else None
        if row.valid_to is not None and (following is None or following > row.valid_to):
            gone = Change(
                row.series,
                row.time_period,
                row.period_end,
                "withdrawn",
                row.value,
                None,
                row.valid_to,
                None,
                None,
            )
            told.append(gone)
    return told


def _change(row: Observation, kind: ChangeKind, before: Decimal | None) -> Change:
    return Change(
        row.series,
        row.time_period,
        row.period_end,
        kind,
        before,
        row.value,
        row.valid_from,
        row.published_on,
        row.precision,
    )


def content(
    catalog: Catalog,
    found: Sequence[Sequence[Change]],
    keys: Sequence[SeriesKey],
    measure: Measure,
    unit: Unit,
    t: Translator,
) -> list[Any]:
    """The section's content: a count and a table, newest period first, a value's changes together.

    Empty where nothing changed.
    """
    if not found:
        return []
    newest = sorted(found, key=lambda each: each[0].period_end, reverse=True)
    shown: list[Change] = []
    values = 0
    for each in newest:
        if shown and len(shown) + len(each) > MOST_CHANGES:
            break
        shown += each
        values += 1
    unit_name = html.Small(labels.unit_label(unit, t))
    head: list[Any] = [
        t("Period and series"),
        t("Change"),
        [t("Before"), html.Br(), unit_name],
        [t("After"), html.Br(), unit_name],
        t("Difference"),
        t("Day of publication"),
    ]
    names = labels.series_names(catalog, keys, t)
    cells = [_row(change, names[change.series], measure, unit, t) for change in shown]
    parts: list[Any] = [
        html.P(
            t.n(
                "{n} value of the series shown changed after it was first published.",
                "{n} values of the series shown changed after they were first published.",
                len(found),
            )
        ),
        table(t("Changes of values, newest period first"), head, cells),
        html.P(
            t(
                "Where the source states no day of publication, the day on which the value was "
                "first seen here is shown."
            ),
            className="legend",
        ),
    ]
    if values < len(found):
        parts.append(
            html.P(t("The table stops at {n} values; the CSV with history has all.", n=values))
        )
    return parts


def _row(change: Change, name: str, measure: Measure, unit: Unit, t: Translator) -> list[Any]:
    decimals = digits(change, measure.decimals)
    return [
        [
            period(change.time_period, t.locale),
            html.Br(),
            html.Small(name),
        ],
        html.Span(kind_words(change.kind, t), className=f"change-{change.kind}"),
        number(change.before, decimals, t.locale),
        number(change.after, decimals, t.locale),
        difference(change, unit, decimals, t),
        when(change, t),
    ]


def digits(change: Change, usual: int) -> int:
    """The decimals to write: the usual ones, or as many as it takes to tell old from new."""
    if change.before is None or change.after is None:
        return usual
    apart = abs(change.after - change.before)
    return next((d for d in range(usual, MOST_DECIMALS) if apart.scaleb(d) >= 1), MOST_DECIMALS)


def when(change: Change, t: Translator) -> str:
    """The day of a release as precisely as it is known, and whether its source stated it."""
    if change.precision is None:
        return t("{day}, by a release without it", day=day(change.at.date(), t.locale))
    return day_words(change.at.date(), change.published_on, change.precision, t)


def day_words(at: date, published_on: date | None, precision: Precision, t: Translator) -> str:
    """The day of a release that counts from `at`, as precisely as it is known."""
    known = at if precision == "first-seen" else published_on or at
    full = day(known, t.locale)
    words = {
        "day": t("{day}, stated by the source"),
        "month": t("{month}, stated by the source"),
        "no-later-than": t("no later than {day}"),
        "no-earlier-than": t("no earlier than {day}"),
        "first-seen": t("{day}, first seen"),
    }
    return words[precision].format(day=full, month=month(known, t.locale))


def kind_words(kind: ChangeKind, t: Translator) -> str:
    """What a release did to a value."""
    words = {
        "new": t("new"),
        "revised": t("revised"),
        "withdrawn": t("withdrawn"),
        "reinstated": t("reinstated"),
    }
    return words[kind]


def difference(change: Change, unit: Unit, decimals: int, t: Translator) -> str:
    """After less before, with a sign; in percent too, where a percentage of it says something."""
    if change.before is None or change.after is None:
        return MISSING
    text = signed(change.after - change.before, decimals, t.locale)
    if unit.id == "percent":
        return t("{n} points", n=text)
    # Of what was negative or next to nothing a percentage tells nothing.
    if change.before <= 0 or abs(change.after - change.before) >= MOST_TIMES * change.before:
        return text
    return f"{text} ({percent_change(change.before, change.after, t.locale)})"
