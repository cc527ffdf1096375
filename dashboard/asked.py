"""Addresses of the pages that have a form of their own: search, and the choice of a file.

As in `dashboard.state`: reading is total, what is not understood becomes a notice; writing is
canonical, defaults are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode

from config.catalog import Catalog
from dashboard.export.columns import PARAMETERS
from dashboard.export.csv import REVIEWS
from dashboard.search import MOST_CHARACTERS, composed
from dashboard.state import FREQUENCIES, Notice, first_values, in_order, read_day_or_say

Pairs = Iterable[tuple[str, str]]

# --- search ---------------------------------------------------------------------------------

Kind = Literal["indicators", "articles", "excerpts", "events", "sources"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class SearchState:
    """What is looked for. Empty: nothing yet."""

    text: str = ""
    """With single spaces, of at most `MOST_CHARACTERS`."""
    kind: Kind | None = None
    """Everything found of one kind instead of the best of each."""

    def query(self) -> str:
        """The query string without `?`."""
        pairs = [("q", self.text), ("kind", self.kind)]
        return urlencode([(name, value) for name, value in pairs if value])


def search_state(pairs: Pairs) -> tuple[SearchState, list[Notice]]:
    """Read the parameters of the search page. Never raises."""
    arguments, notices = first_values(pairs)
    state = SearchState()
    for name, value in arguments.items():
        if name == "q":
            text = " ".join(composed(value).split())
            cut = text[:MOST_CHARACTERS].rstrip()
            if len(text) > MOST_CHARACTERS:
                notices.append(Notice("q", f"… {text[MOST_CHARACTERS:][:40]}"))
            state = replace(state, text=cut)
        elif name == "kind" and value in KINDS:
            state = replace(state, kind=value)
        elif name == "kind" and value:
            notices.append(Notice.among(name, value, KINDS, value))
        elif name != "kind":
            notices.append(Notice.among(name, value, ("q", "kind"), name))
    return state, notices


# --- the choice of a file -------------------------------------------------------------------

Table = Literal["observations", "claims"]
TABLES: tuple[Table, ...] = get_args(Table)


@dataclass(frozen=True)
class DataState:
    """Which rows of which file are asked for. None or empty: not restricted."""

    table: Table | None = None
    """None: no file has been chosen yet."""
    indicator: str | None = None
    ref_area: tuple[str, ...] = ()
    counterpart_area: tuple[str, ...] = ()
    source: str | None = None
    freq: str | None = None
    first: date | None = None
    last: date | None = None
    asof: date | None = None
    history: bool = False
    article: str | None = None
    review: str = "accepted"

    def file_query(self) -> str:
        """The query string of the file, without `?`."""
        days = (("from", self.first), ("to", self.last), ("asof", self.asof))
        pairs = [
            ("indicator", self.indicator),
            ("ref_area", ",".join(self.ref_area)),
            ("counterpart_area", ",".join(self.counterpart_area)),
            ("freq", self.freq),
            ("source", self.source),
            *((name, day and day.isoformat()) for name, day in days),
            ("history", "1" if self.history else None),
            ("article", self.article),
            ("review", None if self.review == "accepted" else self.review),
        ]
        return urlencode([(name, value) for name, value in pairs if value], safe=",")

    def query(self) -> str:
        """The query string of the page that shows the choice, without `?`."""
        if self.table is None:
            return ""
        return "&".join(filter(None, (f"table={self.table}", self.file_query())))


def data_state(
    pairs: Pairs, catalog: Catalog, articles: Collection[str] = ()
) -> tuple[DataState, list[Notice]]:
    """Read the parameters of the data page. Never raises.

    `articles`: ids that are stored beside those of the catalogue.
    """
    # Boxes that are ticked come one by one, as an address may join them by commas.
    ticked: dict[str, list[str]] = {}
    single = []
    for name, value in pairs:
        if name in {"ref_area", "counterpart_area"}:
            ticked.setdefault(name, []).extend(value.split(","))
        else:
            single.append((name, value))
    arguments, notices = first_values(single)
    table = arguments.pop("table", "")
    if table and table not in TABLES:
        notices.append(Notice.among("table", table, TABLES, table))
    named = {*arguments, *ticked}
    if table not in TABLES and not named & set(_offered("observations")):
        notices += [Notice.among(n, v, ("table",), n) for n, v in arguments.items()]
        return DataState(), notices
    # What an address of the official figures' file says is understood without the table's name.
    chosen: Table = "claims" if table == "claims" else "observations"
    valid = ("table", *PARAMETERS[f"/api/v1/{chosen}.csv"])
    state = DataState(chosen)
    words = {
        "indicator": tuple(catalog.indicators),
        "source": tuple(catalog.sources),
        "freq": FREQUENCIES,
        "article": tuple({*catalog.articles, *articles}),
        "review": tuple(REVIEWS),
        "history": ("0", "1"),
    }
    for name, value in arguments.items():
        if name not in valid or name in {"measure", "series"}:
            notices.append(Notice.among(name, value, _offered(chosen), name))
        elif value and name in {"from", "to", "asof"}:
            state = _with_day(state, name, value, notices)
        elif value and value in words[name]:
            given = value == "1" if name == "history" else value
            state = replace(state, **{name: given})  # type: ignore[arg-type]
        elif value:
            notices.append(Notice.among(name, value, words[name], value))
    for name, values in ticked.items():
        state = _with_areas(state, name, values, tuple(catalog.areas), notices)
    first, last = in_order(state.first, state.last, arguments, notices)
    return replace(state, first=first, last=last), notices


def _with_areas(
    state: DataState, name: str, values: list[str], areas: tuple[str, ...], notices: list[Notice]
) -> DataState:
    assert state.table is not None
    if name not in PARAMETERS[f"/api/v1/{state.table}.csv"]:
        notices.append(Notice.among(name, ",".join(values), _offered(state.table), name))
        return state
    notices += [
        Notice.among(name, value, areas, value)
        for value in dict.fromkeys(values)
        if value and value not in areas
    ]
    # In the order of the catalogue, so that one choice has one address.
    known = tuple(code for code in areas if code in values)
    return replace(state, **{name: known})  # type: ignore[arg-type]


_FIELDS: Mapping[str, str] = {"from": "first", "to": "last", "asof": "asof"}


def _with_day(state: DataState, name: str, value: str, notices: list[Notice]) -> DataState:
    day = read_day_or_say(name, value, notices, last=name != "from")
    return replace(state, **{_FIELDS[name]: day})  # type: ignore[arg-type]


def _offered(table: Table) -> tuple[str, ...]:
    """What the form of a file offers; its address takes a measure and series, too."""
    taken = PARAMETERS[f"/api/v1/{table}.csv"]
    return ("table", *(name for name in taken if name not in {"measure", "series"}))
