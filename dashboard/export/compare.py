"""The file of a comparison: the rows that its page shows, in the columns of all observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from dashboard.comparison import MOST, Asked, Index, NoIndex, Refusal, index_of, kinds_of, shown
from dashboard.export.columns import OBSERVATION_COLUMNS
from dashboard.export.csv import app_version, observation_row, observation_rows
from dashboard.export.parameters import BadParameterError, refuse
from dashboard.store import Store
from db import queries
from db.queries import ObservationQuery
from db.records import Observation, SeriesKey

SIX = Decimal("0.000001")
"""Place to which an index is written."""
REASONS = {
    NoIndex.ANNOUNCED: "{series} is of announced values",
    NoIndex.NOTHING_IN_COMMON: "there is no period for which all series have a value",
    NoIndex.BASE_NOT_POSITIVE: "{series} is zero or below in {period}, the first common period",
}


def compare_rows(store: Store, asked: Asked) -> Iterator[tuple[str, ...]]:
    """Rows of `OBSERVATION_COLUMNS`. Raises BadParameterError for what the page would only have
    noticed.

    Of an index `value` is in percent of the base, to six decimals, and `transform` names the base.
    """
    strict(asked)
    state = asked.state
    query = ObservationQuery(
        series=state.series, period_from=state.first, period_to=state.last, as_of=state.asof
    )
    if state.scale == "level":
        return observation_rows(store.engine, store.catalog, query)
    keys = [SeriesKey.parse(text) for text in state.series]
    rows: dict[SeriesKey, list[Observation]] = {key: [] for key in keys}
    for observation in queries.observations(store.engine, query):
        rows[observation.series].append(observation)
    index = index_of(rows, kinds_of(store.catalog, keys))
    if isinstance(index, Refusal):
        raise no_index(index)
    asof = "" if state.asof is None else state.asof.isoformat()
    observations = (o for key in sorted(rows, key=str) for o in rows[key])
    return _of_index(store, observations, index, asof)


def no_index(refusal: Refusal) -> BadParameterError:
    """Why there is no index, as a file says it."""
    why = REASONS[refusal.why].format(series=refusal.series, period=refusal.period)
    return BadParameterError(f"scale=index has no meaning here: {why}")


def strict(asked: Asked) -> None:
    """Raises BadParameterError for what a page would only have noticed."""
    refuse(asked.notices)
    for unknown in asked.unknown:
        hint = f"; did you mean {unknown.near!r}?" if unknown.near else ""
        raise BadParameterError(f"series={unknown.text} is unknown{hint}")
    if asked.beyond:
        raise BadParameterError(f"series is given more than {MOST} times")
    if asked.twice:
        raise BadParameterError(f"series={asked.twice[0]} is given twice")
    if not asked.state.series:
        raise BadParameterError(f"series is missing: give one to {MOST}, each as a parameter")


def index_cell(value: Decimal | None) -> str:
    """A value of an index, as the file writes it."""
    return "" if value is None else format(value.quantize(SIX), "f")


def _of_index(
    store: Store, observations: Iterable[Observation], index: Index, asof: str
) -> Iterator[tuple[str, ...]]:
    build = app_version()
    for observation in observations:
        row = observation_row(store.catalog, observation, asof, build)
        value = shown(observation, index)
        cells = dict(zip(OBSERVATION_COLUMNS, row, strict=True)) | {
            "value": index_cell(value),
            "unit": "index",
            "currency": "",
            "transform": f"index {index.base}=100",
        }
        yield tuple(cells[name] for name in OBSERVATION_COLUMNS)
