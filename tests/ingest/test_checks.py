from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from config.schema import Checks, CheckSet, MaximumChange, RowRule
from db.records import Issue, Reading, SeriesKey, Vintage
from ingest.checks import Stored, findings, row_findings, silent_feeds
from tests.stores import homicide_feed

KEY = SeriesKey("homicide-rate", "rate", "A", "MEX", None, "world-bank", "source-type=compiled")
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
TODAY = MOMENT.date()


def states(key: SeriesKey = KEY, **values: str | None) -> Vintage:
    """A release; `y2020="28.1"` is the value of 2020."""
    readings = tuple(
        Reading(period.removeprefix("y"), None if value is None else Decimal(value), "A")
        for period, value in values.items()
    )
    return Vintage(key, MOMENT, None, "first-seen", readings)


def known(**values: str | None) -> Stored:
    numbers = {p.removeprefix("y"): None if v is None else Decimal(v) for p, v in values.items()}
    return Stored({KEY: numbers}, {KEY: frozenset(numbers)})


def error(**wanted: Any) -> Checks:
    return Checks(error=CheckSet(**wanted))


def found(checks: Checks, vintage: Vintage, stored: Stored | None = None) -> list[Issue]:
    return findings(checks, [vintage], stored or Stored(), TODAY)


def test_no_check_finds_nothing() -> None:
    assert found(Checks(), states(y2020="28.1")) == []


def test_too_few_rows() -> None:
    vintage = states(y2019="29.1", y2020="28.1")
    assert found(error(minimum_rows=2), vintage) == []
    (issue,) = found(error(minimum_rows=3), vintage)
    assert (issue.severity, issue.check) == ("error", "minimum-rows")
    assert issue.message == "2 observations, at least 3 are expected"


@pytest.mark.parametrize(("share", "fails"), [("0", True), ("0.49", True), ("0.5", False)])
def test_half_an_answer(share: str, fails: bool) -> None:
    issues = found(
        error(maximum_missing=Decimal(share)),
        states(y2020="28.1"),
        known(y2019="29.1", y2020="28.1"),
    )
    assert bool(issues) is fails
    if fails:
        assert "1 of the 2 observations of the answer before are missing" in issues[0].message
        assert f"{KEY} 2019" in issues[0].message


def test_nothing_is_missing_in_the_first_answer() -> None:
    assert found(error(maximum_missing=Decimal(0)), states(y2020="28.1")) == []


def test_half_of_what_tables_hold_is_no_first_answer() -> None:
    """What was never said by the provider itself is held against it with more patience."""
    tables = known(y2018="29", y2019="29.1", y2020="28.1")
    tables = Stored(tables.values, {})
    checks = error(maximum_missing=Decimal(0))
    assert found(checks, states(y2019="29.1", y2020="28.1"), tables) == []
    (issue,) = found(checks, states(y2020="28.1"), tables)
    assert "2 of the 3 observations of the tables are missing, at most 40% may be" in issue.message


def test_of_figures_that_are_still_filled_in_more_is_allowed() -> None:
    limit = MaximumChange(revision=Decimal(2), settled_years=3)
    stored = known(y2022="10", y2023="10", y2024="10")
    vintage = states(y2022="100", y2023="100", y2024="100")
    issues = found(error(maximum_change=[limit]), vintage, stored)
    assert [issue.locator for issue in issues] == [f"{KEY} 2022", f"{KEY} 2023"]


@pytest.mark.parametrize(
    ("rule", "value", "message"),
    [
        ({"minimum": 0}, "-0.1", "-0.1 is less than 0"),
        ({"minimum": 0}, "0", ""),
        ({"maximum": 100}, "100.1", "100.1 is more than 100"),
        ({"maximum": 100}, "100", ""),
        ({"whole": True}, "3.5", "3.5 is no whole number"),
        ({"whole": True}, "3.0", ""),
        ({"stated": True}, None, "has no value"),
        ({"minimum": 0}, None, ""),
        ({"minimum": 0, "measure": "rate"}, "-1", "-1 is less than 0"),
        ({"minimum": 0, "measure": "deaths"}, "-1", ""),
        ({"minimum": 0, "indicator": "trade"}, "-1", ""),
        ({"minimum": 0, "freq": "M"}, "-1", ""),
        ({"minimum": 0, "ref_area": "USA"}, "-1", ""),
        ({"minimum": 0, "facets": {"source-type": "deaths"}}, "-1", ""),
        ({"minimum": 0, "facets": {"source-type": "compiled"}}, "-1", "-1 is less than 0"),
    ],
)
def test_rules_of_rows(rule: dict[str, Any], value: str | None, message: str) -> None:
    issues = found(error(rows=[RowRule(**rule)]), states(y2020=value))
    assert [issue.message for issue in issues] == ([message] if message else [])
    if message:
        assert (issues[0].check, issues[0].locator) == ("row", f"{KEY} 2020")


@pytest.mark.parametrize(
    ("before", "now", "fails"),
    [
        ("28.1", "281", True),
        ("28.1", "2.81", True),
        ("28.1", "280.9", False),
        ("28.1", "28.1", False),
        ("28.1", "-281", True),
        ("0.02", "9", False),  # both lie under or near the floor
        ("0", "10.1", True),
        (None, "28.1", False),
        ("28.1", None, False),
    ],
)
def test_a_revision_of_another_order_of_magnitude(
    before: str | None, now: str | None, fails: bool
) -> None:
    limit = MaximumChange(revision=Decimal("9.999"))
    issues = found(error(maximum_change=[limit]), states(y2020=now), known(y2020=before))
    assert bool(issues) is fails
    if fails:
        assert issues[0].check == "maximum-change"
        assert f"{now} against the known {before}" in issues[0].message


def test_a_step_is_measured_from_the_nearest_earlier_value() -> None:
    limit = MaximumChange(step=Decimal(5))
    vintage = states(y2021="300", y2019="28", y2020=None)
    (issue,) = found(error(maximum_change=[limit]), vintage)
    assert issue.locator == f"{KEY} 2021"
    assert "300 against the period before, with 28: a factor of 10.7" in issue.message


def test_a_step_that_is_known_was_looked_at_when_it_came() -> None:
    limit = MaximumChange(step=Decimal(5))
    vintage = states(y2019="28", y2020="300")
    assert found(error(maximum_change=[limit]), vintage, known(y2020="300")) == []


def test_of_two_severities_the_worse_is_said_once() -> None:
    checks = Checks(
        error=CheckSet(maximum_change=[MaximumChange(revision=Decimal(10))]),
        warning=CheckSet(maximum_change=[MaximumChange(revision=Decimal(2))]),
    )
    stored = known(y2020="28", y2021="27")
    issues = found(checks, states(y2020="290", y2021="81"), stored)
    assert [(i.severity, i.locator) for i in issues] == [
        ("error", f"{KEY} 2020"),
        ("warning", f"{KEY} 2021"),
    ]


def test_of_an_old_file_the_rows_alone_are_asked() -> None:
    checks = error(
        minimum_rows=10,
        maximum_missing=Decimal(0),
        maximum_change=[MaximumChange(step=Decimal(2))],
        rows=[RowRule(maximum=Decimal(100))],
    )
    issues = row_findings(checks, [states(y2019="20", y2020="101")])
    assert [(i.check, i.locator) for i in issues] == [("row", f"{KEY} 2020")]


def test_a_feed_of_which_nothing_was_read(catalog: Any) -> None:
    from ingest.adapter import BoundFeed  # noqa: PLC0415

    feed = homicide_feed(catalog)
    bound = BoundFeed("homicide-rate", feed)
    assert silent_feeds([bound], [states(y2020="28.1")]) == []
    (issue,) = silent_feeds([bound], [states()])
    assert (issue.severity, issue.check) == ("warning", "feed")
    assert issue.message == "nothing was read of homicide-rate, measure rate, freq A"


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (RowRule, {"measure": "rate"}, "the rule asks for nothing"),
        (RowRule, {"minimum": 2, "maximum": 1}, "minimum is above maximum"),
        (MaximumChange, {"floor": 10}, "the check limits nothing"),
        (MaximumChange, {"revision": 1}, "greater than 1"),
        (MaximumChange, {"revision": 2, "floor": 0}, "greater than 0"),
        (CheckSet, {"maximum_missing": "1.1"}, "less than or equal to 1"),
        (CheckSet, {"minimum_rows": 0}, "greater than or equal to 1"),
        (CheckSet, {"maximum_share": 1}, "Extra inputs"),
    ],
)
def test_checks_that_check_nothing_are_refused(
    model: Any, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        model(**given)
