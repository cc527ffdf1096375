"""What a page shows is its address: the codec between `ViewState` and the query string.

Parsing is total: an unknown parameter or value is left out and becomes a notice, never an error.
Writing is canonical: parameters in a fixed order, defaults left out, so that equal views have
equal addresses.
"""

from __future__ import annotations

import re
from calendar import IllegalMonthError, monthrange
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Literal
from urllib.parse import urlencode

View = Literal["chart", "table"]
VIEWS: tuple[View, ...] = ("chart", "table")
Readings = Literal["reviewed", "automatic"]
READINGS: tuple[Readings, ...] = ("reviewed", "automatic")
Scale = Literal["level", "change", "percent-change", "index", "share", "per-capita"]
SCALES: tuple[Scale, ...] = ("level", "change", "percent-change", "index", "share", "per-capita")
"""How values are told: as published, or as `dashboard.transform` makes them of published ones."""
FREQUENCIES = ("A", "A5", "Q", "M", "W", "D")
"""SDMX CL_FREQ, as far as series have them; A5 is of five years together."""
DAYS = ("2021-06-15", "2021-06", "2021")
"""Examples of what is understood as a day."""
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
MOST_NAMED = 12
PARAMETERS = (
    "measure", "geo", "unit", "freq", "series", "from", "to", "asof", "events", "readings", "view",
    "claim",
)  # fmt: skip


@dataclass(frozen=True)
class ViewState:
    """One view of an indicator. None or empty: the default."""

    measure: str | None = None
    geo: tuple[str, ...] = ()
    unit: Scale = "level"
    freq: str | None = None
    series: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    asof: date | None = None
    events: bool = True
    readings: Readings = "reviewed"
    """`automatic`: figures that a program read and nobody has reviewed are shown as well."""
    view: View = "chart"
    claim: str | None = None

    @property
    def automatic(self) -> bool:
        """Whether readings that nobody has reviewed are shown as well."""
        return self.readings == "automatic"

    def query(self) -> str:
        """The query string without `?`; empty for the default view."""
        pairs = [
            ("measure", self.measure),
            ("geo", ",".join(self.geo)),
            ("unit", None if self.unit == "level" else self.unit),
            ("freq", self.freq),
            ("series", ",".join(self.series)),
            ("from", self.first and self.first.isoformat()),
            ("to", self.last and self.last.isoformat()),
            ("asof", self.asof and self.asof.isoformat()),
            ("events", None if self.events else "no"),
            ("readings", self.readings if self.automatic else None),
            ("view", None if self.view == "chart" else self.view),
            ("claim", self.claim),
        ]
        return urlencode([(name, value) for name, value in pairs if value], safe=",/=;:")


@dataclass(frozen=True)
class Choices:
    """What is valid on one page."""

    measures: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    freqs: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A parameter that was not understood."""

    parameter: str
    value: str
    near: str | None = None
    """What was probably meant."""
    valid: tuple[str, ...] = ()
    """What would be understood, where that is not too much to say."""
    repeated: bool = False
    """Whether it was left out because the parameter stands in the address before."""
    reason: str = ""
    """Of what is understood and has no meaning here: why, in the language of the page."""

    @classmethod
    def among(cls, parameter: str, value: str, words: Iterable[str], wrong: str) -> Notice:
        """With the nearest of the valid words to what is wrong, or all of them where they are few.

        `wrong` is the parameter's name or its value.
        """
        known = sorted(words)
        close = get_close_matches(wrong, known, n=1, cutoff=0.6)
        few = tuple(known) if len(known) <= MOST_NAMED else ()
        return cls(parameter, value, close[0] if close else None, () if close else few)

    @property
    def hint(self) -> str | None:
        """In English, as the API answers."""
        if self.reason:
            return self.reason
        if self.near:
            return f"did you mean {self.near!r}?"
        return f"valid are {', '.join(self.valid)}" if self.valid else None


def first_values(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[Notice]]:
    """One value per parameter, the first that an address gives; a notice of each one after it."""
    found: dict[str, str] = {}
    notices = []
    for name, value in pairs:
        if name in found:
            notices.append(Notice(name, value, repeated=True))
        else:
            found[name] = value
    return found, notices


def parse(
    arguments: Mapping[str, str], choices: Choices, taken: Collection[str] = PARAMETERS
) -> tuple[ViewState, list[Notice]]:
    """Read a query string's parameters. Never raises.

    `taken`: those that the page has; any other is left out, and the notice names these.
    """
    notices: list[Notice] = []
    state = ViewState()
    for name, text in arguments.items():
        if name not in taken:
            notices.append(Notice.among(name, text, taken, name))
        elif text:
            state = _READERS[name](state, name, text, choices, notices)
    first, last = in_order(state.first, state.last, arguments, notices)
    return replace(state, first=first, last=last), notices


def _one(
    field: str, valid: Callable[[Choices], Iterable[str]]
) -> Callable[[ViewState, str, str, Choices, list[Notice]], ViewState]:
    def read(
        state: ViewState, name: str, text: str, choices: Choices, notices: list[Notice]
    ) -> ViewState:
        words = list(valid(choices))
        if text in words:
            return replace(state, **{field: text})  # type: ignore[arg-type]
        notices.append(Notice.among(name, text, words, text))
        return state

    return read


def _many(
    field: str, valid: Callable[[Choices], Iterable[str]]
) -> Callable[[ViewState, str, str, Choices, list[Notice]], ViewState]:
    def read(
        state: ViewState, name: str, text: str, choices: Choices, notices: list[Notice]
    ) -> ViewState:
        words = list(valid(choices))
        kept = []
        for part in dict.fromkeys(text.split(",")):
            if part in words:
                kept.append(part)
            else:
                notices.append(Notice.among(name, part, words, part))
        # In the order of the choices, so that one selection has one address.
        chosen = tuple(word for word in words if word in kept)
        return replace(state, **{field: chosen})  # type: ignore[arg-type]

    return read


def read_day(text: str, *, last: bool) -> date | None:
    """A day, or the first (`last`: the last) day of a year or month; None for anything else."""
    if not _DAY.fullmatch(text):
        return None
    year, *rest = map(int, text.split("-"))
    month = rest[0] if rest else 12 if last else 1
    try:
        if len(rest) == 2:
            return date(year, month, rest[1])
        return date(year, month, monthrange(year, month)[1] if last else 1)
    except (ValueError, IllegalMonthError):
        return None


def read_day_or_say(name: str, text: str, notices: list[Notice], *, last: bool) -> date | None:
    """As `read_day`; a notice of the parameter is added where the text is no day."""
    day = read_day(text, last=last)
    if day is None:
        notices.append(Notice(name, text, valid=DAYS))
    return day


def in_order(
    first: date | None, last: date | None, arguments: Mapping[str, str], notices: list[Notice]
) -> tuple[date | None, date | None]:
    """The two ends of a period; neither, and a notice of each, where the first lies after the last.

    `arguments`: the parameters `from` and `to` as they were written.
    """
    if first and last and first > last:
        start, end = arguments["from"], arguments["to"]
        notices.append(Notice("from", start, valid=(f"<= {end}",)))
        notices.append(Notice("to", end, valid=(f">= {start}",)))
        return None, None
    return first, last


def _date(field: str) -> Callable[[ViewState, str, str, Choices, list[Notice]], ViewState]:
    def read(
        state: ViewState, name: str, text: str, _choices: Choices, notices: list[Notice]
    ) -> ViewState:
        day = read_day_or_say(name, text, notices, last=field != "first")
        return replace(state, **{field: day})  # type: ignore[arg-type]

    return read


def _events(
    state: ViewState, name: str, text: str, _choices: Choices, notices: list[Notice]
) -> ViewState:
    if text not in {"yes", "no"}:
        notices.append(Notice(name, text, valid=("yes", "no")))
        return state
    return replace(state, events=text == "yes")


_READERS: dict[str, Callable[[ViewState, str, str, Choices, list[Notice]], ViewState]] = {
    "measure": _one("measure", lambda choices: choices.measures),
    "geo": _many("geo", lambda choices: choices.areas),
    "unit": _one("unit", lambda _choices: SCALES),
    "freq": _one("freq", lambda choices: choices.freqs),
    "series": _many("series", lambda choices: choices.series),
    "from": _date("first"),
    "to": _date("last"),
    "asof": _date("asof"),
    "events": _events,
    "readings": _one("readings", lambda _choices: READINGS),
    "view": _one("view", lambda _choices: VIEWS),
    "claim": _one("claim", lambda choices: choices.claims),
}
