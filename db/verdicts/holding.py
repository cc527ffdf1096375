"""A claim held against one official definition, as known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from db.intervals import Cited, Interval, Value, as_interval
from db.official import (
    Gap,
    Need,
    Official,
    as_of,
    neighbours,
    official_values,
    percent_change,
    series_of,
    surely_known,
    unreleased,
)
from db.verdicts.case import PERCENT_CHANGE, Case
from db.verdicts.codes import AGREE, Caveat, CaveatKind, Code, Finding, Hint, HintKind, Numeric
from db.verdicts.combine import best_of
from db.verdicts.definitions import Definition
from db.verdicts.numeric import numeric_verdict
from db.verdicts.reading import Reading


def hold(
    case: Case, definition: Definition, reading: Reading | str, day: date, sure: bool
) -> Finding:
    """The claim against one definition as known on a day."""
    need = Need(definition.kind, case.claim.period_start, case.end, definition.areas, case.relative)
    pick = surely_known if sure else as_of
    known = pick(definition.rows, day)
    found = official_values(known, need)
    if isinstance(found, Gap):
        return _untested(case, definition, need, found, day, sure)
    if isinstance(reading, str):
        return _tested(case, definition, found[0], None, ())
    options = [
        _tested(case, definition, o, _held(case, reading.cited, o), _hints(case, reading, o))
        for o in found
    ]
    best = best_of(options)
    if best.code in AGREE:
        return replace(best, caveats=(*best.caveats, *reading.caveats))
    used = found[options.index(best)]
    shifts = tuple(
        Hint(HintKind.PERIOD_SHIFT, f"{step:+d}", series_of(o.rows), o.rows[-1].time_period)
        for step, o in neighbours(known, need, used)
        if _held(case, reading.cited, o).code in AGREE
    )
    return replace(best, hints=(*best.hints, *shifts), caveats=(*best.caveats, *reading.caveats))


def _untested(
    case: Case, definition: Definition, need: Need, gap: Gap, day: date, sure: bool
) -> Finding:
    """Why there is nothing to test: not published, not archived, or not covered."""
    series = series_of(gap.rows or definition.rows)
    if sure:
        later = official_values(as_of(definition.rows, case.today), need)
        needed = [row for o in later for row in o.rows] if not isinstance(later, Gap) else []
        early = unreleased(definition.rows, needed, day)
        if early is not None:
            code = Code.NOT_YET_PUBLISHED if early else Code.UNKNOWN_VINTAGE
            return Finding(series_of(needed), code, caveats=definition.caveats)
    partial = gap.partial
    if partial is not None and gap.reason == "missing":
        floor = as_interval(partial)
        partial = Interval(floor.low, None, floor.low_open)
    return Finding(
        series,
        Code.PARTIAL_COVERAGE,
        partial,
        caveats=definition.caveats,
        reason=gap.reason,
        rows=gap.rows,
    )


def _value(case: Case, official: Official) -> Value:
    change = case.relative and case.claim.unit == PERCENT_CHANGE
    return percent_change(official.value) if change else official.value


def _held(case: Case, figure: Cited, official: Official) -> Numeric:
    return numeric_verdict(figure, _value(case, official))


def _hints(case: Case, reading: Reading, official: Official) -> tuple[Hint, ...]:
    hints = []
    if official.alignment:
        names = [row.time_period for row in official.rows]
        years = f"{min(names)}/{max(names)}" if len(set(names)) > 1 else names[0]
        hints.append(
            Hint(
                HintKind.FISCAL_YEAR,
                official.alignment,
                series_of(official.rows),
                years,
                official.other,
            )
        )
    if reading.guess is not None:
        codes = {_held(case, f, official).code for f in (reading.cited, reading.guess)}
        if len(codes) > 1:
            hints.append(Hint(HintKind.UNIT_GUESS, reading.guess_unit))
    return tuple(hints)


def _tested(
    case: Case,
    definition: Definition,
    official: Official,
    numeric: Numeric | None,
    hints: tuple[Hint, ...],
) -> Finding:
    statuses = sorted({row.obs_status for row in official.rows} - {"A"})
    return Finding(
        series_of(official.rows),
        numeric.code if numeric else None,
        _value(case, official),
        numeric.difference if numeric else None,
        numeric.factor if numeric else None,
        hints,
        (*definition.caveats, *(Caveat(CaveatKind.OBS_STATUS, s) for s in statuses)),
        rows=official.rows,
    )
