"""The US Census Bureau's international trade API: goods by month and partner; a key is optional.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded answer.
*Seen*: in public code whose author says it was measured. *Unverified*: neither.

- seen: `GET https://api.census.gov/data/timeseries/intltrade/exports/hs?get=CTY_CODE,CTY_NAME,`
  `ALL_VAL_MO&CTY_CODE=2010&time=from 2013-01`; imports are `imports/hs` with `GEN_VAL_MO`. Without
  a commodity, the values are those of all goods.
- verified: an answer is a list of lists of text, the header first. What was asked for as a
  condition comes back as a column; so a column may stand there twice.
- verified: Mexico is `2010`. Without a condition on the country, groupings (`0003`), continents
  (`1XXX`) and the total (`-`) stand among the countries (four digits, the first from 1 to 7).
- seen: the key goes into the query as `key`. Without one, the API may lead to a page that says so.
- unverified: values are US dollars; the first month is January 2013; where there is nothing, the
  answer is 204 without a body.

A feed selects `dataset` (`imports/hs`), `variable` (`GEN_VAL_MO`), `country` (`2010`), and for
one commodity `commodity` with `level` (`HS10`). A file on a commodity is never read as all goods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.schema import Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import NeedsKeyError
from ingest.http import Client, Response
from ingest.sources import _reading as reading
from ingest.sources._ignore import kept, unknown_column, unknown_label, without
from ingest.sources._reading import listed

START = "2013-01"
"""First month asked for, unless the source's option `from` says otherwise."""
KEY_VARIABLE = "TWOTRACK_KEY_CENSUS"

_COUNTRY = re.compile(r"[1-7][0-9]{3}")
_GROUPING = re.compile(r"0[0-9]{3}|[1-7]XXX|-")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DATASET = re.compile(r"(exports|imports)/[a-z]+")
_COMMODITY = {"exports": "E_COMMODITY", "imports": "I_COMMODITY"}
_NO_COMMODITY = frozenset({"", "-"})
_OTHER_COLUMNS = re.compile(
    r"CTY_CODE|CTY_NAME|time|YEAR|MONTH|COMM_LVL|SUMMARY_LVL2?|[EI]_COMMODITY(_[SL]DESC)?|"
    r"(ALL|AIR|VES|CNT|CON|GEN|DUT|CAL|CARDS|QTY|UNIT|CC)_[A-Z0-9_]+"
)
"""Columns known of both data sets. Which come depends on what was asked for."""


class Census:
    """Adapter of the Census Bureau's international trade API."""

    recipe = "census-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each series once, all months. Raises FetchError, ContractError, NeedsKeyError."""
        base = reading.url_of(source, "url, like https://api.census.gov/data/timeseries/intltrade")
        start = str(source.options.get("from", START))
        if not _MONTH.fullmatch(start) or source.options.keys() - {"from"}:
            reading.refuse(f"source {source.id}", "option from, like 2013-01", str(source.options))
        key = client.secret(source.provider)
        for bound in _by_query(feeds).values():
            select = bound[0].feed.select
            query = {
                "get": f"CTY_CODE,CTY_NAME,{select['variable']}",
                "CTY_CODE": select["country"],
            }
            if "commodity" in select:
                query[_commodity_column(select["dataset"])] = select["commodity"]
                query["COMM_LVL"] = select["level"]
            query["time"] = f"from {start}"
            if key:
                query["key"] = key
            url = f"{base.rstrip('/')}/{select['dataset']}"
            answer = client.get(url, query, provider=source.provider)
            if key is None and _asks_for_key(answer):
                raise NeedsKeyError(source.provider, KEY_VARIABLE)
            yield payload_of(answer)

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the answers of one run. Raises ContractError, ParseError."""
        wanted = _by_query(feeds)
        answers: dict[str, Payload] = {}
        for payload in payloads:
            query = _query_of(payload.origin)
            if query not in wanted or query in answers:
                reading.refuse(payload.origin, f"one answer each on {listed(wanted)}", query)
            answers[query] = payload
        for query, bound in wanted.items():
            if query not in answers:
                reading.refuse(f"source {source.id}", f"an answer on {query}", "none")
            yield from _observations(source, bound, answers[query])


def _by_query(feeds: Sequence[BoundFeed]) -> dict[str, list[BoundFeed]]:
    """Feeds by what they ask for. Raises ContractError for what cannot be asked for."""
    needed = {"dataset": "imports/hs", "variable": "GEN_VAL_MO", "country": "2010"}
    for bound in feeds:
        select = reading.selected(bound, needed, ("commodity", "level"))
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        if not _DATASET.fullmatch(select["dataset"]) or not _COUNTRY.fullmatch(select["country"]):
            reading.refuse(name, "dataset imports/hs and country 2010", listed(select.items()))
        if ("commodity" in select) != ("level" in select):
            reading.refuse(name, "commodity and level together", listed(select))
        feed = bound.feed
        if feed.freq != "M" or len(feed.ref_areas) != 1 or len(feed.counterpart_areas) != 1:
            reading.refuse(name, "freq M, one ref_area and one counterpart", feed.freq)
    return reading.group(feeds, _query_key)


def _query_key(bound: BoundFeed) -> str:
    select = bound.feed.select
    parts = [select["dataset"], select["variable"], select["country"], select.get("commodity", "")]
    return " ".join(part for part in parts if part)


def _query_of(origin: str) -> str:
    """What an answer is on, read off its address."""
    address = urlsplit(origin)
    query = parse_qs(address.query)
    dataset = "/".join(address.path.rstrip("/").split("/")[-2:])
    parts = [
        dataset,
        query.get("get", [""])[-1].split(",")[-1],
        query.get("CTY_CODE", [""])[0],
        query.get(_commodity_column(dataset), [""])[0],
    ]
    return " ".join(part for part in parts if part)


def _commodity_column(dataset: str) -> str:
    return _COMMODITY.get(dataset.partition("/")[0], "I_COMMODITY")


def _asks_for_key(answer: Response) -> bool:
    start = answer.body.lstrip()
    return start.startswith(b"<") and b"key" in start.lower()


def _observations(
    source: Source, bound: Sequence[BoundFeed], payload: Payload
) -> Iterator[RawObservation]:
    select = bound[0].feed.select
    seen: dict[str, str] = {}
    rows = without(source, _rows(payload))
    header = [str(cell) for cell in next(rows)[1]]
    columns = _columns(source, payload, header, select)
    for place, cells in rows:
        row = _row(payload, f"row {place}", [(header[at], cells[at]) for at in columns])
        code = row["CTY_CODE"]
        if not _COUNTRY.fullmatch(code) and not _GROUPING.fullmatch(code):
            unknown_label(
                source,
                payload.origin,
                "a country like 2010, or a grouping like",
                "CTY_CODE",
                code,
                ("0003", "1XXX", "-"),
                f"row {place}",
            )
        if code != select["country"]:
            continue
        month = row["time"]
        locator = f"row {place} ({code} {month})"
        if not _MONTH.fullmatch(month):
            reading.refuse(payload.origin, "time like 2021-01", f"{month!r} at {locator}")
        _check_commodity(payload, locator, row, bound[0])
        earlier = seen.setdefault(month, locator)
        if earlier != locator:
            reading.refuse(payload.origin, "each month once", f"{locator} again after {earlier}")
        value = row[select["variable"]]
        if not value:
            continue
        reading.number(locator, value)
        for each in bound:
            area, other = each.feed.ref_areas[0], each.feed.counterpart_areas[0]
            yield reading.observation(each, area, other, month, value, locator, payload.origin)
    if not seen:
        reading.refuse(payload.origin, f"rows of country {select['country']}", "none")


def _rows(payload: Payload) -> Iterator[tuple[int, list[Any]]]:
    """Header, as row 0, and rows of an answer, which are as wide."""
    table = reading.read_json(payload) if reading.beginning(payload).strip() else None
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        reading.refuse(payload.origin, "a list of header and rows", reading.shape(table))
    if len(table) < 2:
        reading.refuse(payload.origin, "rows below the header", "none")
    width = len(table[0])
    for place, cells in enumerate(table):
        if len(cells) != width:
            reading.refuse(payload.origin, f"{width} cells at row {place}", str(len(cells)))
        yield place, cells


def _columns(
    source: Source, payload: Payload, header: Sequence[str], select: Mapping[str, str]
) -> list[int]:
    """Positions of all columns but the ignored ones."""
    needed = ("CTY_CODE", "time", select["variable"])
    # Without its commodity, a file on one would be read as one on all goods.
    places = kept(source, header, (*needed, _commodity_column(select["dataset"])))
    names = [header[at] for at in places]
    for name in needed:
        if name not in names:
            reading.unknown(payload.origin, f"a column {name}; it has", name, names)
    for column in names:
        if not _OTHER_COLUMNS.fullmatch(column):
            unknown_column(source, payload.origin, column, needed)
    return places


def _row(payload: Payload, locator: str, cells: Iterable[tuple[str, object]]) -> dict[str, str]:
    """One row by column; nothing (null) becomes empty."""
    row: dict[str, str] = {}
    for column, cell in cells:
        if cell is not None and (not isinstance(cell, str) or isinstance(cell, reading.Digits)):
            reading.refuse(payload.origin, f"text at {locator}", f"{column} {reading.shape(cell)}")
        text = "" if cell is None else cell
        if row.setdefault(column, text) != text:
            reading.refuse(
                payload.origin, f"one {column} at {locator}", f"{row[column]} and {text}"
            )
    return row


def _check_commodity(payload: Payload, locator: str, row: dict[str, str], bound: BoundFeed) -> None:
    select = bound.feed.select
    found = row.get(_commodity_column(select["dataset"]), "")
    wanted = select.get("commodity", "")
    if found != wanted and not (not wanted and found in _NO_COMMODITY):
        reading.refuse(
            payload.origin,
            f"commodity {wanted}" if wanted else "all goods together",
            f"commodity {found or 'none'} at {locator}",
        )
