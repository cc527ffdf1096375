"""The parameters of the files: checked once, for the addresses and for the command alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from config.catalog import Catalog
from config.loader import nearest
from dashboard.export.columns import PARAMETERS
from dashboard.export.csv import REVIEWS
from dashboard.state import FREQUENCIES, Notice, read_day
from db.queries import ObservationQuery
from db.records import SeriesKey, StoredClaim

LISTS = frozenset({"ref_area", "counterpart_area", "series", "geo"})
"""Parameters that take several values, joined by commas or given several times."""


class BadParameterError(ValueError):
    """A request that cannot be answered; the message names what would be valid."""


def single_values(
    arguments: Mapping[str, Sequence[str]], lists: Collection[str] = LISTS
) -> dict[str, str]:
    """One text per parameter. Raises BadParameterError for one given twice that is no list."""
    found: dict[str, str] = {}
    for name, values in arguments.items():
        if len(values) > 1 and name not in lists:
            raise BadParameterError(f"{name} is given {len(values)} times; it takes one value")
        found[name] = ",".join(values)
    return found


def refuse(notices: Iterable[Notice]) -> None:
    """Raises BadParameterError for the first thing that a page would only have noticed."""
    for notice in notices:
        if notice.repeated:
            raise BadParameterError(f"{notice.parameter} is given twice; it takes one value")
        hint = f": {notice.hint}" if notice.hint else ""
        raise BadParameterError(f"{notice.parameter}={notice.value} is not understood{hint}")


class ClaimFilter(NamedTuple):
    """Which claims are asked for."""

    indicator: str | None
    article: str | None
    review: str

    def holds(self, claim: StoredClaim) -> bool:
        """Whether a claim is asked for."""
        return (
            self.indicator in {None, claim.indicator}
            and self.article in {None, claim.article}
            and claim.review_state in REVIEWS[self.review]
        )


def claim_filter(
    catalog: Catalog, arguments: Mapping[str, str], articles: Iterable[str] = ()
) -> ClaimFilter:
    """What `/api/v1/claims.csv` is asked for. Raises BadParameterError.

    `articles`: ids that are stored beside those of the catalogue.
    """
    known(arguments, PARAMETERS["/api/v1/claims.csv"])
    indicator = _one_of("indicator", arguments, catalog.indicators)
    article = _one_of("article", arguments, {*catalog.articles, *articles})
    return ClaimFilter(indicator, article, _one_of("review", arguments, REVIEWS) or "accepted")


def observation_query(catalog: Catalog, arguments: Mapping[str, str]) -> ObservationQuery:
    """Read the parameters of `/api/v1/observations.csv`. Raises BadParameterError."""
    known(arguments, PARAMETERS["/api/v1/observations.csv"])
    indicator = _one_of("indicator", arguments, catalog.indicators)
    measures = (
        catalog.indicators[indicator].measures
        if indicator
        else {name for i in catalog.indicators.values() for name in i.measures}
    )
    series = _split(arguments, "series")
    for text in series:
        try:
            SeriesKey.parse(text)
        except ValueError as error:
            raise BadParameterError(str(error)) from error
    history = arguments.get("history", "0")
    if history not in {"0", "1"}:
        raise BadParameterError(f"history={history} is not understood: 0 or 1")
    first = _day("from", arguments, last=False)
    last = _day("to", arguments, last=True)
    if first and last and first > last:
        raise BadParameterError(f"from={first} lies after to={last}")
    return ObservationQuery(
        indicator=indicator,
        measure=_one_of("measure", arguments, measures),
        ref_area=_all_of("ref_area", arguments, catalog.areas),
        counterpart_area=_all_of("counterpart_area", arguments, catalog.areas),
        source=_one_of("source", arguments, catalog.sources),
        freq=_one_of("freq", arguments, FREQUENCIES),
        series=series,
        period_from=first,
        period_to=last,
        as_of=_day("asof", arguments, last=True),
        history=history == "1",
    )


def known(arguments: Mapping[str, str], valid: Sequence[str]) -> None:
    """Raises BadParameterError for a parameter that is not among the valid ones."""
    for name in arguments:
        if name not in valid:
            raise BadParameterError(f"unknown parameter {name!r}; valid are {', '.join(valid)}")


def _one_of(name: str, arguments: Mapping[str, str], valid: Iterable[str]) -> str | None:
    value = arguments.get(name)
    return _checked(name, str(value), valid) if value else None


def _all_of(name: str, arguments: Mapping[str, str], valid: Iterable[str]) -> tuple[str, ...]:
    words = list(valid)
    return tuple(_checked(name, part, words) for part in _split(arguments, name))


def _split(arguments: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in str(arguments.get(name, "")).split(",") if part)


def _checked(name: str, value: str, valid: Iterable[str]) -> str:
    words = sorted(valid)
    if value not in words:
        hint = nearest(value, words) or f"valid are {', '.join(words)}"
        raise BadParameterError(f"{name}={value} is unknown; {hint}")
    return value


def _day(name: str, arguments: Mapping[str, str], *, last: bool) -> date | None:
    text = arguments.get(name)
    if not text:
        return None
    day = read_day(str(text), last=last)
    if day is None:
        raise BadParameterError(
            f"{name}={text} is no day; write it like 2021-06-15, 2021-06 or 2021"
        )
    return day
