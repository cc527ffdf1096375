"""What an indicator page shows of its series: frequency and unit asked for, and the words for both.

The arithmetic is in `dashboard.transform`; here it meets the store and the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from config.catalog import Catalog
from config.periods import parse_period
from config.schema import LocalText, Measure, PluralText, Unit
from dashboard import labels
from dashboard.figures.model import Kind
from dashboard.i18n import Translator
from dashboard.i18n.formats import measure_value, number, period, signed
from dashboard.state import Scale, ViewState
from dashboard.store import Store
from dashboard.transform import (
    HEADS,
    Method,
    Refusal,
    Rows,
    Why,
    aggregate,
    bases,
    change,
    heads,
    index,
    method_of,
    parts_of,
    per_capita,
    share,
    total_of,
)
from db.records import Observation, SeriesKey, StoredClaim

POPULATION = "population"
"""The indicator whose series count the inhabitants of areas, where the catalogue has it."""
ONE_DECIMAL = 1
MOST_NAMED = 6
"""Periods that are named as left out; of more the number is said."""

Window = Callable[[date, date], bool]
"""Whether a period, by its first and last day, lies in the one that the page shows."""


@dataclass(frozen=True)
class Made:
    """The rows of a page, and how they were made of the published ones."""

    rows: Rows
    """Of the series that are shown, in their order, in the period that is shown."""
    published: Rows
    """What was published of them in that period."""
    scale: Scale = "level"
    freq: str | None = None
    """The frequency that some of the series were brought to."""
    methods: Mapping[SeriesKey, Method] = field(default_factory=dict)
    """Of the series that were brought to it."""
    incomplete: Sequence[str] = ()
    """Periods shown that a series has no row for, as a part of them is missing."""
    early: Mapping[str, str] = field(default_factory=dict)
    """Periods shown whose last value is not of their end, and of which shorter one it is."""
    base: Mapping[SeriesKey, Observation] = field(default_factory=dict)
    """Of an index."""
    totals: Mapping[SeriesKey, SeriesKey] = field(default_factory=dict)
    """Of shares."""
    without: Sequence[SeriesKey] = ()
    """Series that were chosen and have no total, or no inhabitants, to be told by."""
    people: Mapping[SeriesKey, SeriesKey] = field(default_factory=dict)
    """The series of inhabitants."""

    @property
    def is_published(self) -> bool:
        """Whether all values stand as published."""
        return self.scale == "level" and not self.methods

    @property
    def common_base(self) -> str | None:
        """The period that is 100 for all series."""
        found = {row.time_period for row in self.base.values()}
        return found.pop() if len(found) == 1 else None


# --- making ---------------------------------------------------------------------------------


def population_series(store: Store) -> dict[str, SeriesKey]:
    """The yearly series of inhabitants by area: of the source that its indicator leads with."""
    indicator = store.catalog.indicators.get(POPULATION)
    if indicator is None:
        return {}
    leading = indicator.headline.source if indicator.headline else None
    keys = [
        key
        for key in store.series(POPULATION)
        if key.freq == "A" and indicator.measures[key.measure].unit == "persons"
    ]
    found: dict[str, SeriesKey] = {}
    for key in sorted(keys, key=lambda key: key.source != leading):
        found.setdefault(key.ref_area, key)
    return found


def parts_for_totals(keys: Iterable[SeriesKey], known: Sequence[SeriesKey]) -> list[SeriesKey]:
    """For shares: in the place of a total the series that it is the total of."""
    held = set(known)
    found: list[SeriesKey] = []
    for key in keys:
        parts = [] if total_of(key, held) else parts_of(key, held)
        found += sorted(parts, key=str) or [key]
    return list(dict.fromkeys(found))


def make(
    store: Store,
    measure: Measure,
    unit: Unit,
    keys: Sequence[SeriesKey],
    known: Sequence[SeriesKey],
    state: ViewState,
    inside: Window,
) -> Made | Refusal:
    """The rows that a state asks for, or why they have no meaning.

    `known`: all series of the measure, among them the totals that shares are of. Everything is
    made of what was known on the day that is asked for.
    """
    methods = methods_for(measure, keys, state)
    raw = _read(store, keys, state)
    published = _inside(raw, inside)
    if state.unit == "level" and not methods:
        return Made(published, published)
    rows, incomplete, early = _at(raw, methods, state)
    if methods and any(raw.values()) and not any(rows.values()):
        return Refusal("freq", state.freq or "", Why.NO_WHOLE_PERIOD)
    made = Made(
        rows,
        published,
        state.unit,
        state.freq if methods else None,
        methods,
        [text for text in incomplete if inside(*_days(text))],
        {text: part for text, part in early.items() if inside(*_days(text))},
    )
    if state.unit == "index":
        found = bases(_inside(rows, inside))
        if isinstance(found, Refusal):
            return found
        indexed = {key: index(rows[key], found[key]) if key in found else [] for key in keys}
        made = replace(made, rows=indexed, base=found)
    elif state.unit in {"change", "percent-change"}:
        percent = state.unit == "percent-change"
        changed = {key: change(each, percent=percent) for key, each in rows.items()}
        made = replace(made, rows=changed)
    elif state.unit == "share":
        made = _shares(store, made, known, state)
    elif state.unit == "per-capita":
        made = _per_capita(store, made, unit, state)
    shown = _inside(made.rows, inside)
    if any(published.values()) and not any(shown.values()):
        return Refusal("unit", state.unit, _nothing(made, known))
    return replace(made, rows=shown, published={key: published[key] for key in shown})


def _read(
    store: Store, keys: Iterable[SeriesKey], state: ViewState
) -> dict[SeriesKey, list[Observation]]:
    """All observations of some series as known on the day asked for."""
    found: dict[SeriesKey, list[Observation]] = {key: [] for key in keys}
    for observation in store.observations(tuple(found), state.asof):
        found[observation.series].append(observation)
    return found


def _inside(rows: Rows, inside: Window) -> dict[SeriesKey, list[Observation]]:
    return {
        key: [o for o in each if inside(o.period_start, o.period_end)] for key, each in rows.items()
    }


def _days(text: str) -> tuple[date, date]:
    parsed = parse_period(text)
    return parsed.start, parsed.end


def _at(
    raw: Rows, methods: Mapping[SeriesKey, Method], state: ViewState
) -> tuple[dict[SeriesKey, Sequence[Observation]], list[str], dict[str, str]]:
    """The rows at the frequency asked for, the periods that some series has no row for, and those
    with an early last value, which is not held against values of other periods or series."""
    found = dict(raw)
    incomplete: set[str] = set()
    early: dict[str, str] = {}
    for key, method in methods.items():
        made = aggregate(raw[key], state.freq or "", method)
        found[key] = made.rows if state.unit in {"level", "index"} else made.at_the_end()
        incomplete.update(made.incomplete)
        early |= made.early
    return found, sorted(incomplete, key=_days), dict(sorted(early.items()))


def _shares(store: Store, made: Made, known: Sequence[SeriesKey], state: ViewState) -> Made:
    held = set(known)
    found = {key: total_of(key, held) for key in made.rows}
    totals = {key: total for key, total in found.items() if total is not None}
    raw = _read(store, dict.fromkeys(totals.values()), state)
    methods = {total: made.methods[key] for key, total in totals.items() if key in made.methods}
    whole, _, _ = _at(raw, methods, state)
    return replace(
        made,
        rows={key: share(made.rows[key], whole[total]) for key, total in totals.items()},
        totals=totals,
        without=[key for key in made.rows if key not in totals],
    )


def _per_capita(store: Store, made: Made, unit: Unit, state: ViewState) -> Made:
    counted = population_series(store)
    people = {key: counted[key.ref_area] for key in made.rows if key.ref_area in counted}
    raw = _read(store, dict.fromkeys(people.values()), state)
    return replace(
        made,
        rows={key: per_capita(made.rows[key], raw[of], heads(unit)) for key, of in people.items()},
        people=people,
        without=[key for key in made.rows if key not in people],
    )


def _nothing(made: Made, known: Sequence[SeriesKey]) -> Why:
    """Why no row is left."""
    if made.scale == "share":
        held = set(known)
        return Why.TOTAL_ITSELF if any(parts_of(k, held) for k in made.without) else Why.NO_TOTAL
    return Why.NO_POPULATION if made.scale == "per-capita" else Why.NO_YEAR_BEFORE


def methods_for(
    measure: Measure, keys: Iterable[SeriesKey], state: ViewState
) -> dict[SeriesKey, Method]:
    """How each series that has another frequency than the one asked for is brought to it."""
    found: dict[SeriesKey, Method] = {}
    for key in keys:
        if state.freq is not None and key.freq != state.freq:
            method = method_of(measure.kind, key.freq, state.freq)
            if not isinstance(method, Why):
                found[key] = method
    return found


# --- telling --------------------------------------------------------------------------------

INDEX = Unit(id="index", name=PluralText(en=("point", "points"), es=("punto", "puntos")))
POINTS = Unit(
    id="percentage-points",
    name=PluralText(
        en=("percentage point", "percentage points"), es=("punto porcentual", "puntos porcentuales")
    ),
)
PERCENT = Unit(
    id="percent",
    name=PluralText(en=("percent", "percent"), es=("por ciento", "por ciento")),
    symbol=LocalText(en="%", es="%"),
)


@dataclass(frozen=True)
class Telling:
    """How the values of a page are written."""

    unit: Unit
    decimals: int
    axis: str
    """The unit as the title of an axis."""
    kind: Kind
    """What the axis needs to know of the values."""
    signed: bool = False
    bare: bool = False
    """Whether the number alone says it, as that of an index does."""

    def text(self, row: Observation, t: Translator) -> str:
        """A value with its unit."""
        if self.bare:
            return self.cell(row, t)
        text = measure_value(row.value, self.unit, self.decimals, t.locale)
        return f"+{text}" if self.signed and row.value is not None and row.value > 0 else text

    def cell(self, row: Observation, t: Translator) -> str:
        """A value without its unit."""
        write = signed if self.signed else number
        return write(row.value, self.decimals, t.locale)


def telling(made: Made, measure: Measure, unit: Unit, t: Translator) -> Telling:
    """How the values are written that were made of those of a measure in a unit."""
    name, kind = labels.unit_label(unit, t), measure.kind
    if made.scale == "change":
        shown = POINTS if unit.id == "percent" else unit
        axis = t("{unit}, change on the year before", unit=labels.unit_label(shown, t))
        return Telling(shown, measure.decimals, axis, "flow", signed=True)
    if made.scale == "percent-change":
        axis = t("percent, change on the year before")
        return Telling(PERCENT, ONE_DECIMAL, axis, "flow", signed=True)
    if made.scale == "index":
        axis = _index_words(made, t)
        # An index is read by its change: its axis need not begin at zero.
        return Telling(INDEX, ONE_DECIMAL, axis, "price", bare=True)
    if made.scale == "share":
        return Telling(PERCENT, ONE_DECIMAL, t("percent of the total"), "share")
    if made.scale == "per-capita":
        axis = f"{name} {_per_words(unit, t)}"
        return Telling(unit, 2, axis, "rate", bare=unit.symbol is None)
    return Telling(unit, measure.decimals, name, kind)


def _per_words(unit: Unit, t: Translator) -> str:
    if heads(unit) == 1:
        return t("per inhabitant")
    return t("per {n} inhabitants", n=number(heads(unit), 0, t.locale))


def _index_words(made: Made, t: Translator) -> str:
    base = made.common_base
    if base is None:
        return t("first period of each series = 100")
    return t("{period} = 100", period=period(base, t.locale))


def title_words(made: Made, unit: Unit, t: Translator) -> str:
    """What was done to the values, for the end of a title; empty where they are as published."""
    parts = []
    if made.methods:
        each = _each(made.freq, t)
        parts += [_title_of(method, each, t) for method in dict.fromkeys(made.methods.values())]
    if made.scale == "change":
        parts.append(t("change on the year before"))
    elif made.scale == "percent-change":
        parts.append(t("change on the year before in percent"))
    elif made.scale == "index":
        parts.append(t("index ({base})", base=_index_words(made, t)))
    elif made.scale == "share":
        parts.append(t("share of the total"))
    elif made.scale == "per-capita":
        parts.append(_per_words(unit, t))
    return ", ".join(parts)


def _title_of(method: Method, each: str, t: Translator) -> str:
    words = {
        "sum": t("sum of {each}"),
        "last": t("last value of {each}"),
        "mean": t("mean of {each}"),
    }
    return words[method].format(each=each)


def _each(freq: str | None, t: Translator) -> str:
    return t("each quarter") if freq == "Q" else t("each calendar year")


def notes(made: Made, catalog: Catalog, unit: Unit, t: Translator) -> list[str]:
    """Sentences on how the values were made, and what was left out on the way."""
    said = [_method_note(method, made, t) for method in dict.fromkeys(made.methods.values())]
    if made.incomplete:
        named = [period(text, t.locale) for text in made.incomplete[:MOST_NAMED]]
        more = len(made.incomplete) - len(named)
        periods = _and_more(named, more, t)
        said.append(t("Left out, as a part of them is missing: {periods}.", periods=periods))
    if made.early:
        named = [
            f"{period(text, t.locale)} ({period(part, t.locale)})"
            for text, part in list(made.early.items())[:MOST_NAMED]
        ]
        more = len(made.early) - len(named)
        words = (
            t("The value is not of the end of the period: {periods}.")
            if made.scale in {"level", "index"}
            else t("Left out, as the value is not of the end of the period: {periods}.")
        )
        said.append(words.format(periods=_and_more(named, more, t)))
    if made.scale != "level":
        said.append(_scale_note(made, catalog, unit, t))
    if made.without:
        names = labels.series_names(catalog, made.without, t).values()
        said.append(t("Not shown, as there is nothing to tell them by: {names}.",
                      names="; ".join(names)))  # fmt: skip
    return said


def _and_more(named: Sequence[str], more: int, t: Translator) -> str:
    periods = ", ".join(named)
    if not more:
        return periods
    return t.n("{periods} and {n} more", "{periods} and {n} more", more, periods=periods)


def _method_note(method: Method, made: Made, t: Translator) -> str:
    each = _each(made.freq, t)
    words = {
        "sum": t(
            "Computed by Two-Track: the sum of the published values of {each}; only of periods of "
            "which every part is published."
        ),
        "last": t("The last published value of {each}; nothing is added up."),
        "mean": t(
            "Computed by Two-Track: the unweighted mean of the published values of {each}; only of "
            "periods of which every part is published."
        ),
    }
    return words[method].format(each=each)


def scale_definitions(t: Translator) -> dict[Scale, str]:
    """How values are made of published ones, for each unit that they can be told in."""
    return {
        "change": t(
            "Computed by Two-Track: each value less that of the same period a year earlier. Where "
            "one of the two is missing, or the series breaks between them, nothing is shown."
        ),
        "percent-change": t(
            "Computed by Two-Track: each value less that of the same period a year earlier, in "
            "percent of the earlier one. Where one of the two is missing, the earlier one is not "
            "above zero, or the series breaks between them, nothing is shown."
        ),
        "index": t(
            "Computed by Two-Track: each value in percent of that of the first period shown for "
            "which every series has one; where there is none, of the first one of its series."
        ),
        "share": t(
            "Computed by Two-Track: each value in percent of that which the same source states for "
            "all countries together in the same period."
        ),
        "per-capita": t(
            "Computed by Two-Track: each value per {n} inhabitants of the area, money per "
            "inhabitant, by the population of the calendar year.",
            n=number(HEADS, 0, t.locale),
        ),
    }


def _scale_note(made: Made, catalog: Catalog, unit: Unit, t: Translator) -> str:
    """The definition, with what is known of it on one page: the base, whose inhabitants."""
    if made.scale == "index":
        return _index_note(made, catalog, t)
    if made.scale != "per-capita":
        return scale_definitions(t)[made.scale]
    counted = dict.fromkeys(
        catalog.provider_of(key.source).short[t.language] for key in made.people.values()
    )
    return t(
        "Computed by Two-Track: each value {per} of the area, by the population of the calendar "
        "year ({names}).",
        per=_per_words(unit, t),
        names=", ".join(counted),
    )


def _index_note(made: Made, catalog: Catalog, t: Translator) -> str:
    if made.common_base is not None:
        return t(
            "Computed by Two-Track: each value in percent of that of {period}, the first period "
            "shown for which every series has one.",
            period=period(made.common_base, t.locale),
        )
    names = labels.series_names(catalog, list(made.base), t)
    named = [f"{names[key]}: {period(row.time_period, t.locale)}" for key, row in made.base.items()]
    return t(
        "Computed by Two-Track: each value in percent of the first one shown of its series, as no "
        "period has a value of every series ({names}).",
        names="; ".join(named),
    )


def keeps_marks(made: Made) -> bool:
    """Whether cited figures, which are levels, can stand on the chart."""
    return made.scale == "level"


def fits(made: Made, claim: StoredClaim) -> bool:
    """Whether a cited figure is of a period like those that were added up.

    What an article says of a month has no place among sums of years.
    """
    if not {"sum", "mean"} & set(made.methods.values()):
        return True
    start, end = claim.period_start, claim.period_end
    if start is None or end is None:
        return False
    text = f"{start.year}-Q{(start.month + 2) // 3}" if made.freq == "Q" else str(start.year)
    return _days(text) == (start, end)


def refusal_words(refusal: Refusal, catalog: Catalog, t: Translator) -> str:
    """Why a parameter is not followed: a clause with its full stop."""
    words = {
        Why.RATE: t(
            "rates of shorter periods are neither added nor averaged; that needs the counts they "
            "are of."
        ),
        Why.SHARE: t(
            "shares of shorter periods are neither added nor averaged; that needs the counts they "
            "are of."
        ),
        Why.ANNOUNCED: t("what was announced is no measurement and is shown as announced."),
        Why.NOT_PUBLISHED: t("no series of this selection is published at this frequency."),
        Why.COARSER: t("no series of this selection is published for shorter periods."),
        Why.NO_WHOLE_PERIOD: t("of no such period is every part published."),
        Why.NO_SERIES: t("no official series is held of this measure."),
        Why.FIVE_YEARS: t("figures of several years together have no year before."),
        Why.NO_YEAR_BEFORE: t(
            "no period shown can be compared with the same period a year earlier."
        ),
        Why.PERCENT_OF_PERCENT: t(
            "the change of a percentage is told in percentage points, as the plain change is."
        ),
        Why.NO_BASE: t("no series has a value in the period shown."),
        Why.BASE_NOT_POSITIVE: t(
            "{series} is zero or below in {period}, where the index would be 100; a later start "
            "may do."
        ),
        Why.NOT_COUNTED: t("only amounts can be told so, not a rate, a share or a price."),
        Why.NO_TOTAL: t("no series of all countries together is held that these are a part of."),
        Why.TOTAL_ITSELF: t("what was chosen is the total itself."),
        Why.NO_POPULATION: t("no series of the number of inhabitants is held for these areas."),
    }
    text = words[refusal.why]
    if refusal.series is None:
        return text
    series = labels.series_label(catalog, refusal.series, (refusal.series,), t)
    return text.format(series=series, period=period(refusal.period, t.locale))


def scale_words(t: Translator) -> dict[Scale, str]:
    """The units that values can be told in, for a control."""
    return {
        "level": t("as published"),
        "change": t("change on the year before"),
        "percent-change": t("change on the year before in percent"),
        "index": t("index, first period shown = 100"),
        "share": t("share of the total"),
        "per-capita": t("per inhabitants"),
    }


# --- files ----------------------------------------------------------------------------------


def file_unit(made: Made, unit: Unit) -> str:
    """What the column `unit` says of values that were made."""
    if made.scale in {"percent-change", "share"}:
        return "percent"
    if made.scale == "index":
        return "index"
    if made.scale == "change":
        return "percentage-points" if unit.id == "percent" else unit.id
    if made.scale == "per-capita":
        return f"{unit.id}-per-{heads(unit)}-inhabitants"
    return unit.id


def transform_cell(made: Made, key: SeriesKey) -> str:
    """What the column `transform` says of the rows of a series."""
    steps = []
    if key in made.methods:
        each = "quarter" if made.freq == "Q" else "year"
        steps.append(f"{made.methods[key]} by {each}")
    if made.scale == "change":
        steps.append("change on the year before")
    elif made.scale == "percent-change":
        steps.append("percent change on the year before")
    elif made.scale == "index":
        steps.append(f"index {made.base[key].time_period}=100")
    elif made.scale == "share":
        steps.append(f"percent of {made.totals[key]}")
    elif made.scale == "per-capita":
        steps.append(f"per inhabitants of {made.people[key]}")
    return "; ".join(steps) or "level"


def note_cell(made: Made, row: Observation, unit: Unit) -> str:
    """What the column `note` says: unit and method, before the note of the published value."""
    t = Translator("en")
    key = row.series
    if key not in made.methods and made.scale == "level":
        return row.note
    if made.methods.get(key) == "last" and made.scale == "level":
        said = "last published value of the period"
    else:
        said = f"computed by Two-Track: {title_words(_alone(made, key), unit, t)}"
    return f"{said}; {row.note}" if row.note else said


def _alone(made: Made, key: SeriesKey) -> Made:
    """As far as it is of one series."""
    methods = {k: method for k, method in made.methods.items() if k == key}
    return replace(made, methods=methods, base={k: v for k, v in made.base.items() if k == key})
