"""What a comparison of series is: its address, its index, its differences. Pure but for the store.

Two series are subtracted only where they count one thing in one unit over the same periods; in
every other case the reason is given instead. Nothing is ever added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal
from urllib.parse import urlencode

from config.catalog import Catalog
from config.periods import parse_period
from config.schema import Indicator, LocalText
from dashboard.state import Choices, Notice, first_values, parse
from dashboard.store import Store
from db.records import Observation, SeriesKey

MOST = 4
"""Series that one comparison shows."""
MOST_SEARCHED = 4
"""Unknown series for which the nearest known one is looked for: an address may hold thousands."""
PARAMETERS = ("series", "from", "to", "asof", "events", "scale")
INDEX_DECIMALS = 1
LEAST_COMMON = 5
"""Periods that the series of an example have in common."""

Scale = Literal["level", "index"]
SCALES: tuple[Scale, ...] = ("level", "index")
Rows = Mapping[SeriesKey, Sequence[Observation]]


# --- the address ----------------------------------------------------------------------------


@dataclass(frozen=True)
class CompareState:
    """One comparison. None or empty: the default."""

    series: tuple[str, ...] = ()
    """In the reader's order: the second is subtracted from the first."""
    first: date | None = None
    last: date | None = None
    asof: date | None = None
    events: bool = True
    scale: Scale = "level"

    def query(self) -> str:
        """The query string without `?`; empty for no comparison."""
        pairs = [
            *(("series", key) for key in self.series),
            ("from", self.first and self.first.isoformat()),
            ("to", self.last and self.last.isoformat()),
            ("asof", self.asof and self.asof.isoformat()),
            ("events", None if self.events else "no"),
            ("scale", None if self.scale == "level" else self.scale),
        ]
        return urlencode([(name, value) for name, value in pairs if value], safe=",/=;:")


@dataclass(frozen=True)
class Unknown:
    """A series that nobody has, and the nearest that is known."""

    text: str
    near: str | None


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and what of it was left out."""

    state: CompareState
    notices: Sequence[Notice] = ()
    unknown: Sequence[Unknown] = ()
    twice: Sequence[str] = ()
    beyond: Sequence[str] = ()
    """Known series after the fourth."""


def read(pairs: Iterable[tuple[str, str]], known: Collection[str]) -> Asked:
    """Read the parameters of an address, in their order. Never raises.

    `series` is given once for each series; a form sends empty ones, which say nothing.
    """
    given = list(pairs)
    wanted = [text for name, text in given if name == "series" and text]
    arguments, notices = first_values((n, text) for n, text in given if n != "series")
    shared = {n: text for n, text in arguments.items() if n in {"from", "to", "asof", "events"}}
    view, not_read = parse(shared, Choices())
    notices += not_read
    scale: Scale = "level"
    for name, text in arguments.items():
        if name not in PARAMETERS:
            notices.append(Notice.among(name, text, PARAMETERS, name))
        elif name == "scale" and text in SCALES:
            scale = "index" if text == "index" else "level"
        elif name == "scale" and text:
            notices.append(Notice.among(name, text, SCALES, text))
    names = list(dict.fromkeys(wanted))
    found = [name for name in names if name in known]
    state = CompareState(tuple(found[:MOST]), view.first, view.last, view.asof, view.events, scale)
    return Asked(
        state,
        notices,
        _unknown([name for name in names if name not in known], known),
        [name for name in found if wanted.count(name) > 1],
        found[MOST:],
    )


def _unknown(names: Sequence[str], known: Collection[str]) -> list[Unknown]:
    near = [get_close_matches(name, known, n=1, cutoff=0.6) for name in names[:MOST_SEARCHED]]
    nearest = [match[0] if match else None for match in near]
    nearest += [None] * (len(names) - len(nearest))
    return [Unknown(*pair) for pair in zip(names, nearest, strict=True)]


def known_series(store: Store) -> dict[str, list[SeriesKey]]:
    """The series that are held, by indicator, in the order of the pair."""
    return {each.id: store.series(each.id) for each in store.catalog.pair_indicators}


def read_asked(store: Store, pairs: Iterable[tuple[str, str]]) -> Asked:
    """What an address of the page or of its file asks for, of the series that are held."""
    held = known_series(store)
    return read(pairs, {str(key) for keys in held.values() for key in keys})


def with_series(state: CompareState, name: str) -> CompareState:
    """The comparison with one series more, as far as there is room."""
    return replace(state, series=tuple(dict.fromkeys([*state.series, name]))[:MOST])


# --- the index ------------------------------------------------------------------------------


class NoIndex(StrEnum):
    """Why an index has no meaning."""

    ANNOUNCED = "announced"
    NOTHING_IN_COMMON = "nothing-in-common"
    BASE_NOT_POSITIVE = "base-not-positive"


@dataclass(frozen=True)
class Refusal:
    """Why there is no index of some series."""

    why: NoIndex
    series: SeriesKey | None = None
    """The one that stands against it."""
    period: str = ""


@dataclass(frozen=True)
class Index:
    """Every series as a percentage of its own value in the base period."""

    base: str
    """The first period in which all series have a value."""
    values: Mapping[SeriesKey, Decimal]
    """Of the base period; all above zero."""

    def of(self, key: SeriesKey, value: Decimal | None) -> Decimal | None:
        """A value of a series in percent of its base."""
        return None if value is None else value / self.values[key] * 100


def common_periods(rows: Rows) -> list[str]:
    """Periods in which every series has a value, in order of time."""
    held = [{o.time_period for o in each if o.value is not None} for each in rows.values()]
    found = set.intersection(*held) if held else set()
    return sorted(found, key=lambda text: (parse_period(text).start, text))


def index_of(rows: Rows, kinds: Mapping[SeriesKey, str]) -> Index | Refusal:
    """The index of some series, or why there is none. `kinds`: of the measure of each series."""
    announced = next((key for key in rows if kinds[key] == "announced"), None)
    if announced is not None:
        return Refusal(NoIndex.ANNOUNCED, announced)
    common = common_periods(rows)
    if not common:
        return Refusal(NoIndex.NOTHING_IN_COMMON)
    base = common[0]
    values = {
        key: o.value
        for key, each in rows.items()
        for o in each
        if o.time_period == base and o.value is not None
    }
    low = next((key for key in rows if values[key] <= 0), None)
    return Refusal(NoIndex.BASE_NOT_POSITIVE, low, base) if low else Index(base, values)


# --- what is not the same -------------------------------------------------------------------


class Kind(StrEnum):
    """In what two series differ so that one is not subtracted from the other."""

    UNIT = "unit"
    INDICATOR = "indicator"
    DEFINITION = "definition"
    FREQUENCY = "frequency"
    YEARS = "years"
    PERIODS = "periods"


@dataclass(frozen=True)
class Apart:
    """Why one series is not subtracted from another."""

    kind: Kind
    why: LocalText | None = None
    """Of a definition: what the catalogue says of it."""


def definitions_apart(indicator: Indicator, keys: Sequence[SeriesKey]) -> list[LocalText]:
    """Why some series of an indicator are never added or joined: measures, then facets."""
    found = []
    if indicator.measures_apart and len({key.measure for key in keys}) > 1:
        found.append(indicator.measures_apart)
    for name, facet in indicator.facets.items():
        if facet.apart and len({key.facet_values.get(name) for key in keys}) > 1:
            found.append(facet.apart)
    return found


def sources_apart(indicator: Indicator, keys: Sequence[SeriesKey]) -> LocalText | None:
    """Why its sources are never joined. They may be compared: that is what they are kept for."""
    apart = indicator.sources_apart
    counted = {key.source for key in keys if apart and key.source in apart.counts}
    return apart.why if apart and len(counted) > 1 else None


def apart(catalog: Catalog, rows: Rows) -> Apart | None:
    """Why the second of two series is not subtracted from the first; None where it may be."""
    one, other = rows
    if catalog.unit_of(one.indicator, one.measure) != catalog.unit_of(
        other.indicator, other.measure
    ):
        return Apart(Kind.UNIT)
    if one.indicator != other.indicator:
        return Apart(Kind.INDICATOR)
    why = definitions_apart(catalog.indicators[one.indicator], (one, other))
    if why:
        return Apart(Kind.DEFINITION, why[0])
    if one.freq != other.freq:
        return Apart(Kind.FREQUENCY)
    if common_periods(rows):
        return None
    fiscal = [{parse_period(o.time_period).fiscal for o in each} for each in rows.values()]
    other_years = one.freq == "A" and len(set.union(*fiscal)) > 1
    return Apart(Kind.YEARS if other_years else Kind.PERIODS)


# --- the table ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One period: what each series has for it, in their order."""

    period: str
    cells: tuple[Observation | None, ...]
    values: tuple[Decimal | None, ...]
    """As shown: as published, or of the index."""
    difference: Decimal | None = None
    """First minus second; None where not both have a value."""
    ratio: Decimal | None = None
    """First over second; None also where one is below zero or the second is zero."""


def table(rows: Rows, index: Index | None = None, *, subtract: bool = False) -> list[Row]:
    """The values by period, the newest first. `subtract`: with difference and ratio of the two."""
    held = {(o.series, o.time_period): o for each in rows.values() for o in each}
    periods = {o.time_period for each in rows.values() for o in each}
    found = []
    for period in sorted(periods, key=lambda text: (parse_period(text).end, text), reverse=True):
        cells = tuple(held.get((key, period)) for key in rows)
        values = tuple(None if o is None else shown(o, index) for o in cells)
        row = Row(period, cells, values)
        if subtract:
            one, other = values
            row = replace(row, difference=_difference(one, other), ratio=_ratio(one, other))
        found.append(row)
    return found


def shown(observation: Observation, index: Index | None) -> Decimal | None:
    """A value as published or, with an index, in percent of its base."""
    return index.of(observation.series, observation.value) if index else observation.value


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _ratio(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None or one < 0 or other <= 0:
        return None
    return one / other


# --- examples -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A comparison that the data at hand gives, of one of three kinds."""

    kind: Literal["places", "measures", "sources", "index"]
    series: tuple[SeriesKey, SeriesKey]
    scale: Scale = "level"


def examples(
    catalog: Catalog, keys: Sequence[SeriesKey], leading: Sequence[SeriesKey], rows: Rows
) -> list[Example]:
    """At most three comparisons, each of another kind, of series that have periods in common.

    leading: the headline series, which an index is made of. keys: what may stand beside them, as
    `candidates` finds it, the likelier first. rows: the observations of both.
    """
    found = [
        _beside("places", leading, keys, catalog, rows),
        _beside("measures", leading, keys, catalog, rows)
        or _beside("sources", leading, keys, catalog, rows),
        _of_index(catalog, leading, rows),
    ]
    return [example for example in found if example]


Beside = Literal["places", "measures", "sources"]
FIELDS: Mapping[Beside, str] = {"places": "ref_area", "measures": "measure", "sources": "source"}


def _only(kind: Beside, one: SeriesKey, other: SeriesKey) -> bool:
    """Whether two series differ in one dimension and in nothing else."""
    field = FIELDS[kind]
    if one.indicator != other.indicator or one == other:
        return False
    return replace(one, **{field: getattr(other, field)}) == other


def candidates(leading: Sequence[SeriesKey], keys: Iterable[SeriesKey]) -> list[SeriesKey]:
    """The series that differ from a leading one in place, measure or source alone."""
    return [key for key in keys if any(_only(kind, one, key) for one in leading for kind in FIELDS)]


def _beside(
    kind: Beside,
    leading: Sequence[SeriesKey],
    keys: Sequence[SeriesKey],
    catalog: Catalog,
    rows: Rows,
) -> Example | None:
    """The first leading series beside one that differs from it in that alone."""
    for one in leading:
        for other in keys:
            if not _only(kind, one, other):
                continue
            two = {key: rows.get(key, ()) for key in (one, other)}
            if len(common_periods(two)) >= LEAST_COMMON and apart(catalog, two) is None:
                return Example(kind, (one, other))
    return None


def _of_index(catalog: Catalog, leading: Sequence[SeriesKey], rows: Rows) -> Example | None:
    """The two leading series in different units that have most periods in common."""
    best: tuple[int, tuple[SeriesKey, SeriesKey]] | None = None
    kinds = kinds_of(catalog, leading)
    for number, one in enumerate(leading):
        for other in leading[number + 1 :]:
            two = {key: rows.get(key, ()) for key in (one, other)}
            alike = catalog.unit_of(one.indicator, one.measure) == catalog.unit_of(
                other.indicator, other.measure
            )
            common = 0 if alike else len(common_periods(two))
            least = best[0] if best else LEAST_COMMON - 1
            if common > least and isinstance(index_of(two, kinds), Index):
                best = common, (one, other)
    return Example("index", best[1], "index") if best else None


def kinds_of(catalog: Catalog, keys: Iterable[SeriesKey]) -> dict[SeriesKey, str]:
    """The kind of measure of each series."""
    return {key: catalog.indicators[key.indicator].measures[key.measure].kind for key in keys}
