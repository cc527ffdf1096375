"""The two loads that are nearly all loads, in bulk: a series' first release, and one that says what
is known. Whatever is neither takes the general way (`db.writer`), which would give the same.

Readings are handled in columns, so that the work of each is done by a few calls in C.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice, repeat
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, insert, select, update

from config.periods import parse_period
from db import tables as t
from db.records import Changes, Reading, SeriesKey, Vintage, precision_again

SERIES_AT_ONCE = 500
ROWS_AT_ONCE = 20_000
_LEVEL = 1
"""Of compression: what is stored is small already, and a higher one takes longer than the rest."""
_PERIOD = attrgetter("time_period")
_ABSENT = "absent"
_COLUMNS = (
    "series_id", "time_period", "valid_from", "valid_to", "period_start", "period_end", "value",
    "value_text", "obs_status", "note", "evidence", "published_on", "precision", "snapshot_id",
    "run_id",
)  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """The readings of one release, ordered by period, each period once."""

    periods: list[str]
    values: list[str | None]
    """With the published digits."""
    statuses: list[str]
    notes: list[str]
    evidence: list[str | None]
    absent: list[str]
    """Periods without a figure, ordered; none of those above."""

    @property
    def text(self) -> bytes:
        """Equal for equal readings, and for no others: 26.1 is not 26.10 here."""
        columns = {
            "period": self.periods,
            "value": self.values,
            "status": _short(self.statuses),
            "note": _short(self.notes),
            "evidence": _short(self.evidence),
        }
        if self.absent:
            columns[_ABSENT] = self.absent
        return json.dumps(columns, separators=(",", ":")).encode()


def _short(column: Sequence[str | None]) -> Any:
    """A column of one value as that value."""
    return column[0] if column and column.count(column[0]) == len(column) else column


def _columns(readings: Sequence[Reading], absent: Iterable[str] = ()) -> _Columns | None:
    """None where a period stands twice. Raises ValueError for a value that is no figure."""
    periods = [each.time_period for each in readings]
    ordered = sorted(periods)
    if ordered != periods:
        readings, periods = sorted(readings, key=_PERIOD), ordered
    if len(set(periods)) != len(periods):
        return None
    return _Columns(
        periods,
        _digits([each.value for each in readings]),
        [each.obs_status for each in readings],
        [each.note for each in readings],
        [each.evidence for each in readings],
        sorted(absent),
    )


def _digits(values: Sequence[Decimal | None]) -> list[str | None]:
    texts: list[str | None] = list(map(str, values))
    # None, NaN, Infinity and powers of ten have a letter; figures, nearly always, have none.
    if not {"E", "N", "I"}.isdisjoint("".join(texts)):  # type: ignore[arg-type]
        return [None if value is None else digits(value) for value in values]
    return texts


def digits(value: Decimal) -> str:
    """A figure as it is stored. Raises ValueError for what is none."""
    if not value.is_finite():
        raise ValueError(f"{value} is no figure")
    return format(value, "f")


def pack(readings: Mapping[str, Reading], absent: Iterable[str] = ()) -> bytes:
    """Readings, ordered by period, as compressed text with the published digits; with them the
    periods that are said to have no figure."""
    columns = _columns([readings[period] for period in sorted(readings)], absent)
    assert columns is not None, "a mapping has no key twice"
    return zlib.compress(columns.text, _LEVEL)


def unpack(packed: bytes) -> dict[str, Reading]:
    """The readings that were packed, by period."""
    return unpack_all(packed)[0]


def unpack_all(packed: bytes) -> tuple[dict[str, Reading], frozenset[str]]:
    """What was packed: readings by period, and the periods without a figure."""
    content = json.loads(zlib.decompress(packed))
    rows: Iterable[Sequence[Any]]
    absent: Sequence[str] = ()
    if isinstance(content, list):  # as it was packed at first, row by row
        rows = content
    else:
        absent = content.pop(_ABSENT, ())
        columns = content.values()
        count = len(content["period"])
        rows = zip(*(c if isinstance(c, list) else [c] * count for c in columns), strict=True)
    readings = {
        period: Reading(period, None if value is None else Decimal(value), *rest)
        for period, value, *rest in rows
    }
    return readings, frozenset(absent)


def in_bulk(
    connection: Connection,
    run_id: int,
    origin: str,
    incoming: Mapping[SeriesKey, Sequence[Vintage]],
    units: Mapping[tuple[str, str], str],
    snapshot_ids: Mapping[str, int | None],
) -> tuple[Changes, dict[SeriesKey, Sequence[Vintage]]]:
    """Write what can be written in bulk. Gives what changed, and the releases that are left."""
    changes, rest = Changes(), {}
    writer = _Writer(connection, run_id, origin, snapshot_ids)
    keys = iter(incoming.items())
    while batch := list(islice(keys, SERIES_AT_ONCE)):
        known, stored = _read(connection, [str(key) for key, _ in batch])
        first: list[_First] = []
        for key, vintages in batch:
            unit = units.get((key.indicator, key.measure))
            row = known.get(str(key))
            releases = stored.get(row.id, []) if row else []
            (one, *more) = vintages or (None,)
            columns = None if one is None or more else _columns(one.readings, one.absent)
            if columns is not None and not releases:
                first.append(_First(key, row.id if row else None, unit, vintages[0], columns))
                changes += Changes(new=len(columns.periods))
            elif columns is not None and _confirms(vintages[0], columns, releases, origin):
                changes += Changes(unchanged=len(columns.periods))
            else:
                rest[key] = vintages
                continue
            if row is not None and unit not in {row.unit, None}:
                renamed = update(t.series).where(t.series.c.id == row.id).values(unit=unit)
                connection.execute(renamed)
        writer.write(first)
    writer.flush()
    return changes, rest


def _read(
    connection: Connection, keys: Sequence[str]
) -> tuple[dict[str, Any], dict[int, list[Any]]]:
    """Series by key, and their releases by the id of the series."""
    s, v = t.series.c, t.vintage.c
    found = connection.execute(select(s.id, s.key, s.unit).where(s.key.in_(keys)))
    known = {row.key: row for row in found}
    columns = (
        v.series_id, v.valid_from, v.origin, v.published_on, v.precision, v.complete, v.readings,
    )  # fmt: skip
    ids = [row.id for row in known.values()]
    stored: dict[int, list[Any]] = {}
    for row in connection.execute(select(*columns).where(v.series_id.in_(ids))) if ids else ():
        stored.setdefault(row.series_id, []).append(row)
    return known, stored


def _confirms(vintage: Vintage, columns: _Columns, releases: Sequence[Any], origin: str) -> bool:
    """Whether a release is known to the letter, so that nothing is to be done.

    It is compared with the very release that `db.revisions.add_release` would.
    """
    known = [
        row
        for row in releases
        if row.origin == origin
        and (
            row.valid_from == vintage.valid_from
            or (vintage.published_on is not None and row.published_on == vintage.published_on)
        )
    ]
    if not known:
        return False
    newest = max(known, key=lambda row: row.valid_from)
    said = (newest.published_on, newest.complete, newest.precision)
    precision = precision_again(newest.precision, vintage.precision)
    says = (vintage.published_on, vintage.complete, precision)
    return said == says and zlib.decompress(newest.readings) == columns.text


@dataclass(frozen=True)
class _First:
    """The first release of a series. `series_id` is None for a series that is not stored yet."""

    key: SeriesKey
    series_id: int | None
    unit: str | None
    vintage: Vintage
    columns: _Columns


class _Writer:
    """Collects rows of many series and writes them a batch at a time."""

    def __init__(
        self,
        connection: Connection,
        run_id: int,
        origin: str,
        snapshot_ids: Mapping[str, int | None],
    ) -> None:
        self._connection = connection
        self._run_id = run_id
        self._origin = origin
        self._snapshot_ids = snapshot_ids
        self._rows: list[tuple[Any, ...]] = []
        dialect = connection.dialect
        mark = "?" if dialect.paramstyle == "qmark" else "%s"
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        marks = ", ".join([mark] * len(_COLUMNS))
        self._statement = f"INSERT INTO observation ({names}) VALUES ({marks})"
        self._bind = {name: _binder(t.observation.c[name].type, dialect) for name in _COLUMNS}
        self._days: dict[str, tuple[Any, Any]] = {}

    def write(self, first: Sequence[_First]) -> None:
        """Write series and releases; their observations may wait for `flush`."""
        if not first:
            return
        ids = self._series_ids(first)
        rows = [
            {
                "series_id": ids[str(each.key)],
                "valid_from": each.vintage.valid_from,
                "origin": self._origin,
                "published_on": each.vintage.published_on,
                "precision": each.vintage.precision,
                "complete": each.vintage.complete,
                "readings": zlib.compress(each.columns.text, _LEVEL),
                "snapshot_id": self._snapshot_ids.get(each.vintage.raw_sha256 or ""),
                "run_id": self._run_id,
            }
            for each in first
        ]
        self._connection.execute(insert(t.vintage), rows)
        # By the key of the table, so that it grows at its end.
        for each in sorted(first, key=lambda each: ids[str(each.key)]):
            self._rows += self._observations(ids[str(each.key)], each.vintage, each.columns)
            if len(self._rows) >= ROWS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        if self._rows:
            self._connection.exec_driver_sql(self._statement, self._rows)
            self._rows = []

    def _series_ids(self, first: Sequence[_First]) -> dict[str, int]:
        known = {str(each.key): each.series_id for each in first if each.series_id is not None}
        new = [
            {
                "key": str(each.key),
                "indicator": each.key.indicator,
                "measure": each.key.measure,
                "freq": each.key.freq,
                "ref_area": each.key.ref_area,
                "counterpart_area": each.key.counterpart_area,
                "source": each.key.source,
                "facets": each.key.facets,
                "unit": each.unit,
            }
            for each in first
            if each.series_id is None
        ]
        if new:
            self._connection.execute(insert(t.series), new)
            s = t.series.c
            made = select(s.key, s.id).where(s.key.in_([row["key"] for row in new]))
            known |= {row.key: row.id for row in self._connection.execute(made)}
        return known

    def _observations(
        self, series_id: int, vintage: Vintage, columns: _Columns
    ) -> Iterator[tuple[Any, ...]]:
        bind, days = self._bind, [self._days_of(period) for period in columns.periods]
        texts = columns.values
        floats: Sequence[float | None] = (
            [None if text is None else float(text) for text in texts]
            if None in texts
            else list(map(float, texts))  # type: ignore[arg-type]
        )
        return zip(
            repeat(series_id),
            columns.periods,
            repeat(bind["valid_from"](vintage.valid_from)),
            repeat(None),
            [each[0] for each in days],
            [each[1] for each in days],
            floats,
            texts,
            columns.statuses,
            columns.notes,
            columns.evidence,
            repeat(bind["published_on"](vintage.published_on)),
            repeat(vintage.precision),
            repeat(self._snapshot_ids.get(vintage.raw_sha256 or "")),
            repeat(self._run_id),
        )

    def _days_of(self, text: str) -> tuple[Any, Any]:
        """First and last day of a period, as the database takes them."""
        known = self._days.get(text)
        if known is None:
            start, end = _ends(text)
            known = self._bind["period_start"](start), self._bind["period_end"](end)
            self._days[text] = known
        return known


@lru_cache(maxsize=50_000)
def _ends(text: str) -> tuple[date, date]:
    period = parse_period(text)
    return period.start, period.end


def _binder(kind: Any, dialect: Any) -> Callable[[Any], Any]:
    """What makes of a value that which the driver takes."""
    found = kind.dialect_impl(dialect).bind_processor(dialect)
    return found or (lambda value: value)
