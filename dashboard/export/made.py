"""The file of a page whose values were made of published ones, in the columns of all others."""

from __future__ import annotations

from collections.abc import Iterator

from config.catalog import Catalog
from dashboard.export.columns import OBSERVATION_COLUMNS
from dashboard.export.csv import app_version, observation_row
from dashboard.transformed import file_unit, note_cell, transform_cell
from dashboard.view import IndicatorView


def made_rows(catalog: Catalog, view: IndicatorView) -> Iterator[tuple[str, ...]]:
    """The rows of the page, as `OBSERVATION_COLUMNS`. `transform` names what was done to the
    published values, `unit` and `freq` are those of the result, and `note` says it in words."""
    build = app_version()
    asof = "" if view.state.asof is None else view.state.asof.isoformat()
    unit = file_unit(view.made, view.unit)
    for key in sorted(view.observations, key=str):
        for observation in view.observations[key]:
            row = observation_row(catalog, observation, asof, build)
            cells = dict(zip(OBSERVATION_COLUMNS, row, strict=True))
            cells |= {
                "unit": unit,
                "currency": cells["currency"] if unit == view.unit.id else "",
                "transform": transform_cell(view.made, key),
                "freq": view.freq_of(key),
                "note": note_cell(view.made, observation, view.unit),
            }
            yield tuple(cells[name] for name in OBSERVATION_COLUMNS)
