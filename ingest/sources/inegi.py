"""INEGI (Mexico), indicator API: JSON, a token in the path.

What is peculiar about it, and how far each point is known. *Seen*: in public code; a short answer
that its author says was recorded. *Unverified*: neither.

- seen: `GET .../jsonxml/INDICATOR/<id>/es/<area>/false/<bank>/2.0/<token>?type=json`; the area is
  00, 0700 or 00000 for the country, the bank BISE or BIE.
- seen: the answer is `{"Header":{...},"Series":[{"INDICADOR","FREQ","UNIT","UNIT_MULT","NOTE",
  "SOURCE","LASTUPDATE","STATUS","OBSERVATIONS":[{"TIME_PERIOD","OBS_VALUE","OBS_STATUS",...}]}]}`,
  newest first, values as text with trailing zeros, `2026/07` for a month, empty where there is no
  value, `LASTUPDATE` as `24/09/2026 12:00:00 a. m.`.
- seen: without a result, HTTP 200 and `["ErrorInfo:No se encontraron resultados",...]`.
- unverified: what the codes in FREQ mean; so a feed's frequency says how periods are read: `2020`
  for years, `2020/03` for quarters (01 to 04) and months. UNIT_MULT other than empty or 0 is
  refused until its meaning is known; so are the codes of OBS_STATUS left unread.

The token is part of the path. The client writes KEY in its place wherever an address is shown or
stored, and nothing of an answer but the fields above is ever quoted.

A feed selects `indicator`, and `area` (00) and `bank` (BISE) where others are meant. Which id
stands for deaths by homicide is not known here, so no feed is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from config.schema import Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import NeedsKeyError, ParseError
from ingest.http import Client
from ingest.sources._ignore import check_fields, holds_ignored
from ingest.sources._reading import (
    group,
    listed,
    number,
    read_json,
    refuse,
    selected,
    shape,
    url_of,
)

KEY = "TWOTRACK_KEY_INEGI"
AREA, BANK = "00", "BISE"
SERIES_FIELDS = ("INDICADOR", "LASTUPDATE", "OBSERVATIONS", "UNIT_MULT")
OTHER_SERIES_FIELDS = ("FREQ", "TOPIC", "UNIT", "NOTE", "SOURCE", "STATUS")
FIELDS = ("TIME_PERIOD", "OBS_VALUE")
OTHER_FIELDS = ("OBS_EXCEPTION", "OBS_STATUS", "OBS_SOURCE", "OBS_NOTE", "COBER_GEO")
"""What is known of an answer and not read."""
BANKS = ("BISE", "BIE", "BIE-BISE")

_ID = re.compile(r"[0-9]{1,12}")
_PATH = re.compile(r"/INDICATOR/([0-9]+)/")
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})\b")
_PERIODS = {
    "A": re.compile(r"([0-9]{4})"),
    "Q": re.compile(r"([0-9]{4})/0([1-4])"),
    "M": re.compile(r"([0-9]{4})/(0[1-9]|1[0-2])"),
}


class Inegi:
    """Adapter of the indicator API."""

    recipe = "inegi-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each indicator once. Raises FetchError, NeedsKeyError, ContractError."""
        wanted = _by_indicator(feeds)
        base = url_of(source, "url that ends in /jsonxml/INDICATOR")
        token = client.secret(source.provider)
        if token is None:
            raise NeedsKeyError(source.provider, KEY)
        for indicator, bound in wanted.items():
            area, bank = _place(bound[0])
            path = f"{indicator}/es/{area}/false/{bank}/2.0/{quote(token, safe='')}"
            url = f"{base.rstrip('/')}/{path}"
            yield payload_of(client.get(url, {"type": "json"}, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the answer on each indicator. Raises ContractError, ParseError."""
        wanted = _by_indicator(feeds)
        answers: dict[str, tuple[Payload, Mapping[str, Any]]] = {}
        for payload in payloads:
            series = _series(source, payload)
            indicator = str(series["INDICADOR"])
            if indicator not in wanted or indicator in answers:
                refuse(payload.origin, f"one answer each on {listed(wanted)}", indicator)
            answers[indicator] = payload, series
        for indicator, bound in wanted.items():
            if indicator not in answers:
                refuse(f"source {source.id}", f"an answer on {indicator}", "none")
            for each in bound:
                yield from _observations(source, each, *answers[indicator])


def _by_indicator(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by INEGI's id of the indicator. Raises ContractError for a wrong feed."""
    for bound in feeds:
        select = selected(bound, {"indicator": "1002000001"}, ("area", "bank"))
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        area, bank = _place(bound)
        if not _ID.fullmatch(select["indicator"]) or not _ID.fullmatch(area) or bank not in BANKS:
            refuse(name, "indicator and area in digits, bank BISE or BIE", listed(select.values()))
        if bound.feed.freq not in _PERIODS:
            refuse(name, f"frequency {listed(_PERIODS)}", bound.feed.freq)
        if len(bound.feed.ref_areas) != 1 or bound.feed.counterpart_areas:
            refuse(name, "one ref_area and no counterpart", listed(bound.feed.ref_areas))
    grouped = group(feeds, lambda bound: bound.feed.select["indicator"])
    for indicator, bound_feeds in grouped.items():
        if len({_place(bound) for bound in bound_feeds}) != 1:
            refuse(f"feeds of INEGI's indicator {indicator}", "one area and bank", "several")
    return grouped


def _place(bound: BoundFeed) -> tuple[str, str]:
    return bound.feed.select.get("area", AREA), bound.feed.select.get("bank", BANK)


def _series(source: Source, payload: Payload) -> Mapping[str, Any]:
    """The one series of an answer. Raises ContractError, with INEGI's words for its errors."""
    content = read_json(payload)
    if isinstance(content, list):
        words = [text for text in content if isinstance(text, str) and text.startswith("Error")]
        refuse(payload.origin, "a series", listed(_plain(text) for text in words) or "a list")
    series = content.get("Series") if isinstance(content, dict) else None
    if not isinstance(series, list) or len(series) != 1 or not isinstance(series[0], dict):
        refuse(payload.origin, "a list Series with one series", shape(content))
    found: dict[str, Any] = series[0]
    check_fields(source, payload.origin, found, SERIES_FIELDS, OTHER_SERIES_FIELDS, "the series")
    for name, kind in (("INDICADOR", str), ("LASTUPDATE", str), ("OBSERVATIONS", list)):
        if not isinstance(found.get(name), kind):
            refuse(payload.origin, f"{name} in the series", listed(found))
    if found.get("UNIT_MULT") not in {None, "", "0"}:
        refuse(payload.origin, "UNIT_MULT empty or 0", repr(found["UNIT_MULT"]))
    asked = _PATH.search(urlsplit(payload.origin).path)
    if asked and asked[1] != found["INDICADOR"]:
        refuse(payload.origin, f"indicator {asked[1]}", found["INDICADOR"])
    if not found["OBSERVATIONS"]:
        refuse(payload.origin, f"observations of {found['INDICADOR']}", "none")
    return found


def _plain(text: str) -> str:
    """An error's words, unless they look as if they quoted a token."""
    return text if re.fullmatch(r"Error[A-Za-z]+:[\w ,.]{0,80}", text) else text.partition(":")[0]


def _observations(
    source: Source, bound: BoundFeed, payload: Payload, series: Mapping[str, Any]
) -> Iterator[RawObservation]:
    published = _published_on(payload, series["LASTUPDATE"])
    seen: dict[str, int] = {}
    for place, raw in enumerate(series["OBSERVATIONS"], start=1):
        written = raw.get("TIME_PERIOD") if isinstance(raw, dict) else None
        if not isinstance(written, str) or not isinstance(raw.get("OBS_VALUE"), str | None):
            refuse(payload.origin, "texts TIME_PERIOD and OBS_VALUE", f"{shape(raw)} at {place}")
        locator = f"observation {place} ({written})"
        check_fields(source, payload.origin, raw, FIELDS, OTHER_FIELDS, locator)
        if holds_ignored(source, raw):
            continue
        period = _period(payload, bound.feed.freq, written, locator)
        if seen.setdefault(period, place) != place:
            refuse(payload.origin, "each period once", f"{locator} again after {seen[period]}")
        value = raw.get("OBS_VALUE")
        if not value:
            continue
        number(locator, value)
        yield RawObservation(
            indicator=bound.indicator,
            measure=bound.feed.measure,
            facets=format_facets(bound.feed.facets),
            freq=bound.feed.freq,
            ref_area=bound.feed.ref_areas[0],
            counterpart_area=None,
            time_period=period,
            value=value,
            locator=locator,
            origin=payload.origin,
            published_on=published,
        )


def _period(payload: Payload, freq: str, written: str, locator: str) -> str:
    match = _PERIODS[freq].fullmatch(written)
    if match is None:
        refuse(payload.origin, f"periods of frequency {freq}, like 2020 or 2020/03", locator)
    return {"A": "{0}", "Q": "{0}-Q{1}", "M": "{0}-{1}"}[freq].format(*match.groups())


def _published_on(payload: Payload, text: str) -> date:
    match = _DAY.match(text)
    if match is None:
        refuse(payload.origin, "LASTUPDATE like 24/09/2026", repr(text))
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError as error:
        raise ParseError("LASTUPDATE", text, "must be a day like 24/09/2026") from error
