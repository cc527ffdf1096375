"""What adapters have in common: what feeds select, JSON, numbers, refusing in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from config.loader import nearest
from config.schema import Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation
from ingest.errors import ContractError, ParseError
from ingest.parse import parse_number

_PEEK = 512


class Digits(str):
    """A JSON number as it is written, so that no digit is lost and none is made up."""

    __slots__ = ()


def refuse(origin: str, expected: str, found: str) -> NoReturn:
    """Raises ContractError: the payload is not what its provider documents."""
    raise ContractError(origin, expected, found)


def listed(values: Iterable[object]) -> str:
    """Values for a message: without repetition, in their order."""
    return ", ".join(dict.fromkeys(str(value) for value in values)) or "none"


def unknown(origin: str, what: str, found: str, valid: Iterable[str], where: str = "") -> NoReturn:
    """Refuse a word that is not among the `valid` ones, and name the nearest."""
    words = list(valid)
    hint = nearest(found, words)
    place = f" at {where}" if where else ""
    refuse(origin, f"{what} {listed(words)}", f"{found!r}{place}{f' ({hint})' if hint else ''}")


def is_page(start: bytes) -> bool:
    """Whether a body that begins like this is HTML or XML, which no provider's data is."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def what_instead(start: bytes) -> str:
    """What a body is that begins like this and is not what was asked for."""
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return "nothing"
    if is_page(start):
        return "a page of HTML or XML"
    return f"bytes that begin with {start[:40].decode('utf-8', 'replace')!r}"


def beginning(payload: Payload) -> bytes:
    """The first 512 bytes, or all where there are fewer."""
    with payload.open() as stream:
        return stream.read(_PEEK)


def read_json(payload: Payload) -> Any:
    """JSON of an answer, its numbers as `Digits`. Raises ContractError."""
    with payload.open() as stream:
        body = stream.read()
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            parse_float=Digits,
            parse_int=Digits,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError):
        refuse(payload.origin, "JSON", what_instead(body[:_PEEK]))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def shape(value: object) -> str:
    """What a piece of JSON is, in few words."""
    if isinstance(value, dict):
        return f"an object with {listed(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else repr(value)


def number(locator: str, text: str) -> Decimal:
    """The number in a cell. Raises ParseError with the place and the text."""
    try:
        return parse_number(text)
    except ValueError as error:
        raise ParseError(locator, text, "must be a number") from error


def url_of(source: Source, expected: str) -> str:
    """Where a source is asked. Raises ContractError where it does not say, with what it should."""
    if source.url is None:
        refuse(f"source {source.id}", expected, "none")
    return source.url


def selected(
    bound: BoundFeed, needed: Mapping[str, str], allowed: Sequence[str] = ()
) -> Mapping[str, str]:
    """What a feed selects. `needed` maps a key to an example of it. Raises ContractError."""
    name = f"feed of {bound.indicator}, source {bound.feed.source}"
    select = bound.feed.select
    for key, example in needed.items():
        if not select.get(key):
            refuse(name, f"select with {key}, like {example}", f"{select.get(key, 'none')!r}")
    for key in select:
        if key not in needed and key not in allowed:
            unknown(name, "select with", key, [*needed, *allowed])
    return select


def group(
    feeds: Iterable[BoundFeed], key: Callable[[BoundFeed], str]
) -> dict[str, list[BoundFeed]]:
    """Feeds by a key of each, in their order."""
    grouped: dict[str, list[BoundFeed]] = {}
    for bound in feeds:
        grouped.setdefault(key(bound), []).append(bound)
    return grouped


def observation(
    bound: BoundFeed,
    area: str,
    other: str | None,
    time_period: str,
    value: str,
    locator: str,
    origin: str,
    note: str = "",
    unit_mult: int = 0,
) -> RawObservation:
    """What was read of a feed, stated without a status or a day of release of its own."""
    return RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=bound.feed.freq,
        ref_area=area,
        counterpart_area=other,
        time_period=time_period,
        value=value,
        locator=locator,
        origin=origin,
        note=note,
        unit_mult=unit_mult,
    )
