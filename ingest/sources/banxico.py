"""Banco de México, Sistema de Información Económica: JSON, a token in a header.

What is peculiar about it, and how far each point is known. *Seen*: in public code, on synthetic
answers only. *Unverified*: neither there nor in a recorded answer.

- seen: `GET .../SieAPIRest/service/v1/series/SF43718/datos/<YYYY-MM-DD>/<YYYY-MM-DD>` with header
  `Bmx-Token`. The token may stand in the query as well, where it would leak: it never does here.
- seen: the answer is `{"bmx":{"series":[{"idSerie","titulo","datos":[{"fecha","dato"}]}]}}`, days
  as `dd/mm/yyyy`, numbers as text, with commas for thousands. `N/E` means that there is none.
- unverified: `datos` is absent where there is nothing; errors come as `{"error":{"mensaje"}}`.
- unverified: only days with a value are listed; the series SF43718 begins in November 1991.

Asked is for whole months, from option `from` (like 1991-11) to the last month that has ended in
Mexico City, so that equal requests in a month bring equal bytes. A feed selects `series`, and with
`mean: daily` and `decimals` the mean of the days of a month, as for FRED; without them, values of
a monthly or daily series as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.schema import Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import NeedsKeyError, ParseError
from ingest.http import Client
from ingest.sources._ignore import check_fields, holds_ignored
from ingest.sources._reading import (
    group,
    listed,
    number,
    observation,
    read_json,
    refuse,
    selected,
    shape,
    url_of,
)

KEY = "TWOTRACK_KEY_BANXICO"
MISSING = "N/E"
SERIES_FIELDS, OTHER_FIELDS = ("idSerie", "datos"), ("titulo",)
FIELDS = ("fecha", "dato")
FROM = "1991-11"
FIRST_DAYS = 7
"""A month whose first value comes later than on this day did not begin with the series."""

_SERIES = re.compile(r"[A-Z]{2}[0-9]+")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_RANGE = re.compile(r"/([A-Z]{2}[0-9]+)/datos(?:/[0-9-]{10}/([0-9]{4}-[0-9]{2}-[0-9]{2}))?/?")
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_CITY = ZoneInfo("America/Mexico_City")


@dataclass(frozen=True)
class _Datum:
    day: date
    value: str | None
    locator: str


def today_in_mexico() -> date:
    """The day in Mexico City now."""
    return datetime.now(_CITY).date()


class Banxico:
    """Adapter of the SIE. `today` is the day in Mexico City."""

    recipe = "banxico-1"

    def __init__(self, *, today: Callable[[], date] = today_in_mexico) -> None:
        self._today = today

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each series once. Raises FetchError, NeedsKeyError, ContractError."""
        wanted = _by_series(feeds)
        start = str(source.options.get("from", FROM))
        base = url_of(source, "url that ends in /SieAPIRest/service/v1/series")
        if source.options.keys() - {"from"} or not _MONTH.fullmatch(start):
            refuse(f"source {source.id}", "option from like 1991-11", str(source.options))
        token = client.secret(source.provider)
        if token is None:
            raise NeedsKeyError(source.provider, KEY)
        end = self._today().replace(day=1) - timedelta(days=1)
        for series in wanted:
            url = f"{base.rstrip('/')}/{series}/datos/{start}-01/{end.isoformat()}"
            headers = {"Bmx-Token": token, "Accept": "application/json"}
            yield payload_of(client.get(url, provider=source.provider, headers=headers))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the answer on each series. Raises ContractError, ParseError."""
        wanted = _by_series(feeds)
        answers: dict[str, tuple[Payload, list[_Datum]]] = {}
        for payload in payloads:
            series, data = _read(source, payload)
            if series not in wanted or series in answers:
                refuse(payload.origin, f"one answer each on {listed(wanted)}", series)
            answers[series] = payload, data
        for series, bound in wanted.items():
            if series not in answers:
                refuse(f"source {source.id}", f"an answer on {series}", "none")
            payload, data = answers[series]
            for each in bound:
                read = _means if "mean" in each.feed.select else _values
                yield from read(each, data, payload.origin)


def _by_series(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by Banxico's id of the series. Raises ContractError for a wrong feed."""
    for bound in feeds:
        select = selected(bound, {"series": "SF43718"}, ("mean", "decimals"))
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        if not _SERIES.fullmatch(select["series"]):
            refuse(name, "series like SF43718", select["series"])
        if ("mean" in select) != ("decimals" in select):
            refuse(name, "mean and decimals together", listed(select))
        computed = "mean" in select
        if computed and (
            select["mean"] != "daily"
            or bound.feed.freq != "M"
            or not select["decimals"].isdecimal()
        ):
            refuse(name, "mean: daily for months, decimals like 4", listed(select.values()))
        if bound.feed.freq not in {"M", "D"}:
            refuse(name, "frequency M or D", bound.feed.freq)
        if len(bound.feed.ref_areas) != 1 or len(bound.feed.counterpart_areas) > 1:
            refuse(name, "one area and at most one counterpart", "more")
    return group(feeds, lambda bound: bound.feed.select["series"])


def _read(source: Source, payload: Payload) -> tuple[str, list[_Datum]]:
    """The one series of an answer, in order of time. Raises ContractError and ParseError."""
    content = read_json(payload)
    if isinstance(content, dict) and "error" in content:
        # Not its details: they may quote the token.
        refuse(payload.origin, "data", "an error of Banxico")
    series = _member(payload, _member(payload, content, "bmx", dict), "series", list)
    if len(series) != 1 or not isinstance(series[0], dict):
        refuse(payload.origin, "one series", shape(series))
    check_fields(source, payload.origin, series[0], SERIES_FIELDS, OTHER_FIELDS, "the series")
    name = _member(payload, series[0], "idSerie", str)
    asked = _RANGE.search(urlsplit(payload.origin).path)
    if asked and asked[1] != name:
        refuse(payload.origin, f"series {asked[1]}", name)
    data: list[_Datum] = []
    for place, raw in enumerate(_member(payload, series[0], "datos", list), start=1):
        day = _member(payload, raw, "fecha", str)
        check_fields(source, payload.origin, raw, FIELDS, (), f"datum {place}")
        if holds_ignored(source, raw):
            continue
        datum = _datum(day, _member(payload, raw, "dato", str), f"datum {place} ({day})")
        if data and datum.day <= data[-1].day:
            refuse(payload.origin, "each day once and in order", datum.locator)
        data.append(datum)
    if not data:
        refuse(payload.origin, f"data of {name}", "none")
    return name, data


def _member(payload: Payload, raw: Any, name: str, kind: type) -> Any:
    value = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(value, kind):
        found = shape(raw) if value is None else shape(value)
        refuse(payload.origin, f"{name} as {kind.__name__}", found)
    return value


def _datum(day: str, value: str, locator: str) -> _Datum:
    match = _DAY.fullmatch(day)
    try:
        when = date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        when = None
    if when is None:
        raise ParseError(locator, day, "fecha must be a day like 31/12/2024")
    if value == MISSING:
        return _Datum(when, None, locator)
    number(locator, value)
    return _Datum(when, value, locator)


def _values(bound: BoundFeed, data: Sequence[_Datum], origin: str) -> Iterator[RawObservation]:
    """The series as Banxico has it."""
    for datum in data:
        if bound.feed.freq == "M" and datum.day.day != 1:
            refuse(origin, "first days of months", datum.locator)
        if datum.value is not None:
            period = f"{datum.day:%Y-%m}" if bound.feed.freq == "M" else datum.day.isoformat()
            yield _observation(bound, period, datum.value, datum.locator, origin)


def _means(bound: BoundFeed, data: Sequence[_Datum], origin: str) -> Iterator[RawObservation]:
    """Means of the days of each month that is whole."""
    months: dict[str, list[_Datum]] = {}
    for datum in data:
        months.setdefault(f"{datum.day:%Y-%m}", []).append(datum)
    asked = _RANGE.search(urlsplit(origin).path)
    # An answer whose request is not known may end in the midst of a month.
    end = date.fromisoformat(asked[2]) if asked and asked[2] else data[-1].day.replace(day=1)
    step = Decimal(1).scaleb(-int(bound.feed.select["decimals"]))
    for month, days in months.items():
        values = [number(each.locator, each.value) for each in days if each.value is not None]
        whole = _last_day(days[0].day) <= end and (
            days is not months[f"{data[0].day:%Y-%m}"] or days[0].day.day <= FIRST_DAYS
        )
        if whole and values:
            mean = (sum(values, Decimal()) / len(values)).quantize(step, ROUND_HALF_UP)
            locator = f"{days[0].locator} to {days[-1].locator}"
            note = f"mean of {len(values)} daily values"
            yield _observation(bound, month, format(mean, "f"), locator, origin, note)


def _last_day(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _observation(
    bound: BoundFeed, period: str, value: str, locator: str, origin: str, note: str = ""
) -> RawObservation:
    other = bound.feed.counterpart_areas
    return observation(
        bound, bound.feed.ref_areas[0], other[0] if other else None, period, value, locator, origin,
        note,
    )  # fmt: skip
