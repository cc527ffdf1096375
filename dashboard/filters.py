"""Addresses of the pages that have a filter instead of a chart: events and changes.

As in `dashboard.state`: parsing is total, what is not understood becomes a notice; writing is
canonical, defaults are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args
from urllib.parse import urlencode

from config.schema import Event
from dashboard.state import Notice, in_order, read_day_or_say

KINDS: tuple[str, ...] = get_args(Event.model_fields["kind"].annotation)


@dataclass(frozen=True)
class EventFilter:
    """Which events are asked for. None: any."""

    kind: str | None = None
    indicator: str | None = None
    first: date | None = None
    """Events that are over before this day are left out."""
    last: date | None = None

    def query(self) -> str:
        """The query string without `?`; empty where nothing is asked for."""
        pairs = [
            ("kind", self.kind),
            ("indicator", self.indicator),
            ("from", self.first and self.first.isoformat()),
            ("to", self.last and self.last.isoformat()),
        ]
        return urlencode([(name, value) for name, value in pairs if value])

    def holds(self, event: Event) -> bool:
        """Whether an event is asked for. One without indicators is on every chart."""
        return (
            self.kind in {None, event.kind}
            and (not event.indicators or self.indicator in {None, *event.indicators})
            and overlaps(event, self.first, self.last)
        )


def chosen(events: Iterable[Event], asked: EventFilter) -> list[Event]:
    """Those that a filter asks for, in order of time."""
    return sorted(filter(asked.holds, events), key=lambda event: (event.date, event.id))


def overlaps(event: Event, first: date | None, last: date | None) -> bool:
    """Whether some day of the event lies from `first` to `last`."""
    end = event.date_end or event.date
    return (first is None or first <= end) and (last is None or event.date <= last)


AROUND = 2
"""Whole years that a chart shows before and after an event."""


def years_around(event: Event) -> tuple[date, date]:
    """The first and last day of a chart at the time of an event."""
    end = event.date_end or event.date
    return date(event.date.year - AROUND, 1, 1), date(end.year + AROUND, 12, 31)


def numbers(
    events: Iterable[Event], indicator: str, first: date | None, last: date | None
) -> dict[str, int]:
    """Event id to its number on the chart of an indicator whose axis runs from `first` to `last`.

    As `dashboard.view` numbers them: those that meet the axis, in order of their days.
    """
    shown = [
        event
        for event in sorted(events, key=lambda event: (event.date, event.id))
        if (not event.indicators or indicator in event.indicators) and overlaps(event, first, last)
    ]
    return {event.id: number for number, event in enumerate(shown, start=1)}


def event_filter(
    arguments: Mapping[str, str], indicators: Iterable[str]
) -> tuple[EventFilter, list[Notice]]:
    """Read the parameters of the page of events. Never raises."""
    notices = _unknown(arguments, ("kind", "indicator", "from", "to"))
    first = _day(arguments, "from", notices, last=False)
    last = _day(arguments, "to", notices, last=True)
    first, last = in_order(first, last, arguments, notices)
    kind = _one(arguments, "kind", KINDS, notices)
    indicator = _one(arguments, "indicator", tuple(indicators), notices)
    return EventFilter(kind, indicator, first, last), notices


@dataclass(frozen=True)
class Since:
    """From which day on changes are asked for. None: the page chooses."""

    day: date | None = None

    def query(self) -> str:
        """The query string without `?`."""
        return urlencode({"since": self.day.isoformat()}) if self.day else ""


def since(arguments: Mapping[str, str], today: date) -> tuple[Since, list[Notice]]:
    """Read the parameters of the page of changes. Never raises."""
    notices = _unknown(arguments, ("since",))
    day = _day(arguments, "since", notices, last=False)
    if day is not None and day > today:
        notices.append(Notice("since", arguments["since"], valid=(f"<= {today.isoformat()}",)))
        day = None
    return Since(day), notices


def _unknown(arguments: Mapping[str, str], valid: tuple[str, ...]) -> list[Notice]:
    return [
        Notice.among(name, text, valid, name)
        for name, text in arguments.items()
        if name not in valid
    ]


def _one(
    arguments: Mapping[str, str], name: str, valid: tuple[str, ...], notices: list[Notice]
) -> str | None:
    text = arguments.get(name) or None
    if text is None or text in valid:
        return text
    notices.append(Notice.among(name, text, valid, text))
    return None


def _day(
    arguments: Mapping[str, str], name: str, notices: list[Notice], *, last: bool
) -> date | None:
    text = arguments.get(name)
    if not text:
        return None
    return read_day_or_say(name, text, notices, last=last)
