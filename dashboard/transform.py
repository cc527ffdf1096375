"""Values made of published ones: another frequency, changes, an index, shares, per inhabitant.

Pure: observations in, observations out, in Decimal. What has no meaning is refused with a reason.
Series are never added to each other: a sum is of the parts of one period of one series.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from config.periods import Period, parse_period
from config.schema import Measure, Unit
from dashboard.comparison import common_periods
from dashboard.state import Scale
from db.records import Observation, SeriesKey

Method = Literal["sum", "last", "mean"]
METHODS: Mapping[str, Method] = {
    "flow": "sum",
    "stock": "last",
    "running-total": "last",
    "price": "mean",
}
"""By kind of measure how a longer period follows from shorter ones."""
FINER: Mapping[str, tuple[str, ...]] = {"A": ("Q", "M", "W", "D"), "Q": ("M", "W", "D")}
"""The frequencies that can be made, and of which, the nearest first."""
COUNTED = {"flow", "stock", "running-total"}
"""Kinds of measure that are amounts of something, so that a part of a whole has a meaning."""
SIX = Decimal("0.000001")
"""Place to which computed values are rounded; sums and differences stay exact."""
PERCENT = 100
HEADS = 100_000
"""Counts are told per so many inhabitants, money per one."""
TOTAL = "_T"
"""The counterpart area that stands for all of them."""
WORST = ("P", "F", "E", "U", "V", "D", "B")
"""Of two observation statuses the first of these is that of what is computed of both."""

Rows = Mapping[SeriesKey, Sequence[Observation]]


class Why(StrEnum):
    """Why something that was asked for has no meaning."""

    RATE = "rate"
    SHARE = "share"
    ANNOUNCED = "announced"
    NOT_PUBLISHED = "not-published"
    COARSER = "coarser"
    NO_WHOLE_PERIOD = "no-whole-period"
    NO_SERIES = "no-series"
    FIVE_YEARS = "five-years"
    NO_YEAR_BEFORE = "no-year-before"
    PERCENT_OF_PERCENT = "percent-of-percent"
    NO_BASE = "no-base"
    BASE_NOT_POSITIVE = "base-not-positive"
    NOT_COUNTED = "not-counted"
    NO_TOTAL = "no-total"
    TOTAL_ITSELF = "total-itself"
    NO_POPULATION = "no-population"


@dataclass(frozen=True)
class Refusal:
    """A parameter that is not followed, and why."""

    parameter: Literal["unit", "freq"]
    value: str
    why: Why
    series: SeriesKey | None = None
    """The one that stands against it."""
    period: str = ""


# --- what may be asked ----------------------------------------------------------------------


def method_of(kind: str, freq: str, wanted: str) -> Method | Why:
    """How a series of a frequency is brought to a longer one, or why it is not."""
    if wanted not in FINER:
        return Why.NOT_PUBLISHED
    if freq not in FINER[wanted]:
        return Why.COARSER
    reasons = {"rate": Why.RATE, "share": Why.SHARE, "announced": Why.ANNOUNCED}
    return METHODS[kind] if kind in METHODS else reasons[kind]


def of_frequency(
    keys: Sequence[SeriesKey], kind: str, wanted: str
) -> tuple[list[SeriesKey], Why | None]:
    """The series that are published at a frequency, else those that it can be made of."""
    published = [key for key in keys if key.freq == wanted]
    if published or not keys:
        return published, None
    nearest = next((f for f in FINER.get(wanted, ()) if f in {key.freq for key in keys}), None)
    if nearest is None:
        return [], Why.COARSER if wanted in FINER else Why.NOT_PUBLISHED
    method = method_of(kind, nearest, wanted)
    if isinstance(method, Why):
        return [], method
    return [key for key in keys if key.freq == nearest], None


def total_of(key: SeriesKey, keys: Collection[SeriesKey]) -> SeriesKey | None:
    """The series of all counterpart areas that a series is a part of."""
    if key.counterpart_area in {None, TOTAL}:
        return None
    whole = replace(key, counterpart_area=TOTAL)
    return whole if whole in keys else None


def parts_of(total: SeriesKey, keys: Collection[SeriesKey]) -> list[SeriesKey]:
    """The series of single counterpart areas that belong to a total."""
    return [key for key in keys if key != total and total_of(key, keys) == total]


def no_meaning(
    scale: Scale,
    measure: Measure,
    unit: Unit,
    keys: Sequence[SeriesKey],
    population: Collection[SeriesKey],
) -> Why | None:
    """Why a scale has no meaning for series of a measure, as far as that follows from what they
    are; None where their values have to be asked. `population`: the series of inhabitants."""
    if scale == "level":
        return None
    if not keys:
        return Why.NO_SERIES
    if measure.kind == "announced":
        return Why.ANNOUNCED
    if scale in {"change", "percent-change"}:
        if all(parse_freq(key.freq) > 1 for key in keys):
            return Why.FIVE_YEARS
        if scale == "percent-change" and unit.id == "percent":
            return Why.PERCENT_OF_PERCENT
    if scale in {"share", "per-capita"} and measure.kind not in COUNTED:
        return Why.NOT_COUNTED
    if scale == "share":
        known = set(keys)
        if not any(total_of(key, known) for key in keys):
            return Why.NO_TOTAL
    if scale == "per-capita":
        counted = {key.ref_area for key in population}
        if not any(key.ref_area in counted for key in keys):
            return Why.NO_POPULATION
    return None


def parse_freq(freq: str) -> int:
    """Years that a period of a frequency lasts; 1 for a year and all that is shorter."""
    return int(freq[1:]) if freq.startswith("A") and len(freq) > 1 else 1


# --- another frequency ----------------------------------------------------------------------


@dataclass(frozen=True)
class Aggregate:
    """A series at a longer frequency."""

    rows: tuple[Observation, ...]
    incomplete: tuple[str, ...] = ()
    """Periods of which a part has no value, in order of time; they have no row."""
    early: Mapping[str, str] = field(default_factory=dict)
    """Of last values that are not of the end of their period: of which shorter one they are."""

    def at_the_end(self) -> tuple[Observation, ...]:
        """The rows that may be held against those of other periods: none of an early value."""
        return tuple(row for row in self.rows if row.time_period not in self.early)


def aggregate(rows: Iterable[Observation], freq: str, method: Method) -> Aggregate:
    """Calendar years (`A`) or quarters (`Q`) of one series of shorter periods.

    A sum and a mean are of periods whose every day is covered; a last value is that of the last
    shorter period with a value. Periods of a fiscal year are no part of a calendar year.
    """
    groups: dict[str, list[Observation]] = {}
    for row in rows:
        whole = period_around(row, freq)
        if whole is not None:
            groups.setdefault(whole, []).append(row)
    made: list[Observation] = []
    incomplete: list[str] = []
    early: dict[str, str] = {}
    for text in sorted(groups, key=lambda each: parse_period(each).start):
        known = sorted(
            (row for row in groups[text] if row.value is not None), key=lambda row: row.period_start
        )
        whole_period = parse_period(text)
        if method == "last" and known:
            last = known[-1]
            made.append(_joined(whole_period, [last], last.value, f"value of {last.time_period}"))
            if last.period_end < whole_period.end:
                early[text] = last.time_period
        elif method != "last" and _covered(whole_period, known):
            total = sum((_value(row) for row in known), Decimal(0))
            value = total if method == "sum" else (total / len(known)).quantize(SIX)
            made.append(_joined(whole_period, known, value))
        else:
            incomplete.append(text)
    return Aggregate(tuple(made), tuple(incomplete), early)


def period_around(row: Observation, freq: str) -> str | None:
    """The calendar year or quarter that a period lies in; None where it lies in two."""
    start, end = row.period_start, row.period_end
    first, last = ((day.month - 1) // 3 + 1 for day in (start, end))
    if start.year != end.year or (freq == "Q" and first != last):
        return None
    return f"{start.year}-Q{first}" if freq == "Q" else str(start.year)


def _covered(whole: Period, rows: Sequence[Observation]) -> bool:
    """Whether periods that do not overlap make up a longer one, day for day."""
    days = sum((row.period_end - row.period_start).days + 1 for row in rows)
    return days == (whole.end - whole.start).days + 1


def _value(row: Observation) -> Decimal:
    assert row.value is not None, "rows without a value were left out"
    return row.value


def _joined(
    whole: Period, parts: Sequence[Observation], value: Decimal | None, note: str = ""
) -> Observation:
    """A row for a period that is made of others: known once the last of them was."""
    made = computed(parts[-1], value, parts)
    return replace(
        made,
        time_period=whole.text,
        period_start=whole.start,
        period_end=whole.end,
        note="; ".join(filter(None, (note, made.note))),
    )


def computed(row: Observation, value: Decimal | None, of: Sequence[Observation]) -> Observation:
    """A row with a value that was computed of some rows, itself one of them.

    It was known once the last of them was, it stands as long as all do, and it names the file and
    the document that they share.
    """
    newest = max(of, key=lambda each: each.valid_from)
    ends = [each.valid_to for each in of if each.valid_to is not None]
    days = [each.published_on for each in of if each.published_on is not None]
    had = [each.retrieved_at for each in of if each.retrieved_at is not None]
    notes = list(dict.fromkeys(each.note for each in of if each.note))
    return replace(
        row,
        value=value,
        obs_status=worst(each.obs_status for each in of),
        note="; ".join(notes) if len(notes) == 1 or len(of) <= 2 else "",
        evidence=_shared(each.evidence for each in of),
        valid_from=newest.valid_from,
        valid_to=min(ends, default=None),
        published_on=max(days, default=None),
        precision=newest.precision,
        retrieved_at=max(had, default=None),
        raw_sha256=_shared(each.raw_sha256 for each in of),
        raw_url=_shared(each.raw_url for each in of),
    )


def worst(codes: Iterable[str]) -> str:
    """The status of what is computed of values with some statuses."""
    found = set(codes)
    return next((code for code in WORST if code in found), "A")


def _shared(texts: Iterable[str | None]) -> str | None:
    found = set(texts)
    return found.pop() if len(found) == 1 else None


# --- on the year before ---------------------------------------------------------------------


def year_before(text: str) -> str | None:
    """The same period a year earlier; None where there is none, or where it lasts many years."""
    period = parse_period(text)
    if parse_freq(period.freq) > 1:
        return None
    sign, rest = ("FY", text[2:]) if period.fiscal else ("", text)
    earlier = f"{sign}{int(rest[:4]) - 1:04}{rest[4:]}"
    try:
        return parse_period(earlier).text
    except ValueError:  # 29 February, week 53
        return None


def change(rows: Sequence[Observation], *, percent: bool) -> list[Observation]:
    """Each value less that of the year before; `percent`: in percent of it.

    A row is left out where either has no value, where the series breaks or its definition changes
    between the two, and, in percent, where the earlier one is not above zero.
    """
    ordered = sorted(rows, key=lambda row: row.period_start)
    place = {row.time_period: index for index, row in enumerate(ordered)}
    made = []
    for index, row in enumerate(ordered):
        earlier = place.get(year_before(row.time_period) or "")
        if earlier is None or _breaks(ordered[earlier : index + 1]):
            continue
        before = ordered[earlier]
        if row.value is None or before.value is None or (percent and before.value <= 0):
            continue
        value = row.value - before.value
        if percent:
            value = (value / before.value * PERCENT).quantize(SIX)
        made.append(computed(row, value, (before, row)))
    return made


def _breaks(rows: Sequence[Observation]) -> bool:
    """Whether the last of some rows is not comparable with the first."""
    differs = {rows[0].obs_status == "D", rows[-1].obs_status == "D"}
    return len(differs) > 1 or any(row.obs_status == "B" for row in rows[1:])


# --- index ----------------------------------------------------------------------------------


def bases(rows: Rows) -> dict[SeriesKey, Observation] | Refusal:
    """The value that is 100, for each series with a value: that of the first period in which all
    have one or, where there is no such period, of its own first."""
    known = {key: [o for o in each if o.value is not None] for key, each in rows.items()}
    known = {key: sorted(each, key=lambda o: o.period_start) for key, each in known.items() if each}
    if not known:
        return Refusal("unit", "index", Why.NO_BASE)
    common = common_periods(known)
    found = {
        key: next(o for o in each if not common or o.time_period == common[0])
        for key, each in known.items()
    }
    for key, base in found.items():
        if _value(base) <= 0:
            return Refusal("unit", "index", Why.BASE_NOT_POSITIVE, key, base.time_period)
    return found


def index(rows: Iterable[Observation], base: Observation) -> list[Observation]:
    """Each value in percent of the base, which is above zero."""
    hundred = _value(base)
    return [
        computed(row, (row.value / hundred * PERCENT).quantize(SIX), (row, base))
        for row in rows
        if row.value is not None
    ]


# --- shares and inhabitants -----------------------------------------------------------------


def share(rows: Iterable[Observation], totals: Iterable[Observation]) -> list[Observation]:
    """Each value in percent of the total of the same period; left out where none is above zero."""
    whole = {row.time_period: row for row in totals}
    made = []
    for row in rows:
        total = whole.get(row.time_period)
        if row.value is None or total is None or total.value is None or total.value <= 0:
            continue
        value = (row.value / total.value * PERCENT).quantize(SIX)
        made.append(computed(row, value, (row, total)))
    return made


def heads(unit: Unit) -> int:
    """Per how many inhabitants amounts of a unit are told."""
    return 1 if unit.currency else HEADS


def per_capita(
    rows: Iterable[Observation], population: Iterable[Observation], per: int
) -> list[Observation]:
    """Each value per so many inhabitants, of the same period or the calendar year of its middle.

    Left out where the inhabitants of that year are not known.
    """
    counted = {row.time_period: row for row in population if row.value}
    made = []
    for row in rows:
        year = str(_middle(row.period_start, row.period_end).year)
        people = counted.get(row.time_period) or counted.get(year)
        if row.value is None or people is None or _value(people) <= 0:
            continue
        value = (row.value / _value(people) * per).quantize(SIX)
        # The source of a row is that of what was counted.
        made.append(computed(row, value, (row,)))
    return made


def _middle(start: date, end: date) -> date:
    return start + (end - start) / 2
