"""How values changed: the changes told from a history, and the table of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from config.catalog import Catalog
from dashboard.components.revisions import Change, changes, difference, digits, when
from dashboard.i18n import Translator
from db.records import Observation, Precision
from tests.dashboard.pages import Markup
from tests.stores import KEY, day

Get = Callable[[str], Markup]
EN, ES = Translator("en"), Translator("es")


def stood(
    value: str | None,
    first: str,
    last: str | None = None,
    period: str = "2019",
    status: str = "A",
    precision: str = "day",
) -> Observation:
    """A value that stood from one day until another."""
    year = int(period)
    return Observation(
        KEY, period, date(year, 1, 1), date(year, 12, 31),
        None if value is None else Decimal(value), status, "", None,
        day(first), day(last) if last else None, date.fromisoformat(first),
        cast("Precision", precision), None, None, None, "per-100k",
    )  # fmt: skip


def told(*rows: Observation, as_of: date | None = None) -> list[tuple[str, ...]]:
    return [
        (c.kind, str(c.before), str(c.after), c.at.date().isoformat())
        for each in changes(rows, as_of)
        for c in each
    ]


def test_a_value_that_never_changed_is_not_told() -> None:
    assert told(stood("1", "2020-01-01")) == []


def test_a_revision_has_old_and_new() -> None:
    rows = (stood("1.5", "2020-01-01", "2021-01-01"), stood("1.7", "2021-01-01"))
    assert told(*rows) == [
        ("new", "None", "1.5", "2020-01-01"),
        ("revised", "1.5", "1.7", "2021-01-01"),
    ]


def test_a_status_alone_is_no_change_of_the_value() -> None:
    rows = (stood("1", "2020-01-01", "2021-01-01", status="P"), stood("1.0", "2021-01-01"))
    assert told(*rows) == []


def test_withdrawn_and_reinstated() -> None:
    rows = (stood("1", "2020-01-01", "2021-01-01"), stood("1", "2022-01-01", "2023-01-01"))
    assert told(*rows) == [
        ("new", "None", "1", "2020-01-01"),
        ("withdrawn", "1", "None", "2021-01-01"),
        ("reinstated", "None", "1", "2022-01-01"),
        ("withdrawn", "1", "None", "2023-01-01"),
    ]


def test_what_was_learnt_later_is_left_out() -> None:
    rows = (stood("1", "2020-01-01", "2021-01-01"), stood("2", "2021-01-01"))
    assert told(*rows, as_of=date(2020, 12, 31)) == []
    assert len(told(*rows, as_of=date(2021, 1, 1))) == 2
    gone = (stood("1", "2020-01-01", "2021-01-01"),)
    assert told(*gone, as_of=date(2020, 12, 31)) == []


def test_values_of_two_periods_are_two_stories() -> None:
    rows = (
        stood("1", "2020-01-01", "2021-01-01"),
        stood("2", "2021-01-01"),
        stood("3", "2020-01-01", period="2020"),
    )
    assert [each[0].time_period for each in changes(rows)] == ["2019"]


@pytest.mark.parametrize(
    ("precision", "english", "spanish"),
    [
        ("day", "4 March 2021, stated by the source", "4 de marzo de 2021, según la fuente"),
        ("month", "March 2021, stated by the source", "marzo de 2021, según la fuente"),
        ("no-later-than", "no later than 4 March 2021", "a más tardar el 4 de marzo de 2021"),
        ("no-earlier-than", "no earlier than 4 March 2021", "no antes del 4 de marzo de 2021"),
        ("first-seen", "4 March 2021, first seen", "4 de marzo de 2021, visto por primera vez"),
    ],
)
def test_the_day_is_as_precise_as_it_is_known(precision: str, english: str, spanish: str) -> None:
    rows = (stood("1", "2020-01-01", "2021-03-04"), stood("2", "2021-03-04", precision=precision))
    change = changes(rows)[0][1]
    assert when(change, EN) == english
    assert when(change, ES) == spanish


def test_a_withdrawal_has_the_day_of_the_release_that_lacks_it() -> None:
    change = changes((stood("1", "2020-01-01", "2021-03-04"),))[0][1]
    assert when(change, EN) == "4 March 2021, by a release without it"


def a_change(before: str, after: str) -> Change:
    rows = (stood(before, "2020-01-01", "2021-01-01"), stood(after, "2021-01-01"))
    return changes(rows)[0][1]


@pytest.mark.parametrize(
    ("before", "after", "unit", "text"),
    [
        ("100", "112.5", "per-100k", "+12.50 (+12.5%)"),
        ("72115313", "270272657", "usd", "+198,157,344 (+274.8%)"),
        ("10", "1000", "usd", "+990"),
        ("-5", "10", "usd", "+15"),
        ("0", "10", "usd", "+10"),
        ("66", "64.5", "percent", "−1.50 points"),
        ("12.641", "12.643", "per-100k", "+0.002 (0.0%)"),
    ],
)
def test_differences(before: str, after: str, unit: str, text: str, catalog: Catalog) -> None:
    change = a_change(before, after)
    usual = 0 if unit == "usd" else 2
    assert difference(change, catalog.units[unit], digits(change, usual), EN) == text


def test_the_page_shows_both_releases_of_us_aid(page: Get) -> None:
    address = "/en/indicators/merida-spending?measure=aid&from=2019-10-01&to=2020-09-30"
    section = page(address).one("section", id="revisions")
    (row,) = [
        row
        for row in section.all("tr")
        if "72,115,313" in row.text and "Obligated" in row.text and "revised" in row.text
    ]
    cells = [cell.text for cell in row.all("td")]
    assert cells == [
        "revised",
        "72,115,313",
        "270,272,657",
        "+198,157,344 (+274.8%)",
        "no later than 29 September 2023",
    ]
    assert row.all("th")[0].text.startswith("FY 2020")


def test_the_page_as_of_a_day_knows_no_later_revision(page: Get) -> None:
    address = "/en/indicators/merida-spending?measure=aid&asof=2022-01-01"
    assert "270,272,657" not in page(address).one("main").text


def test_every_release_of_a_value_is_there(page: Get) -> None:
    section = page("/es/indicators/asylum-cases").one("section", id="revisions")
    text = " ".join(row.text for row in section.all("tr") if row.text.startswith("2020"))
    for value in ("41,212", "41,133", "41,004", "40,912"):
        assert value in text
    assert "nuevo" in text
    assert "revisado" in text
