"""Changes, indices, shares and longer periods: the arithmetic, and the pages that show it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from config.periods import parse_period
from config.schema import LocalText, Measure, PluralText, Unit
from dashboard.app import Site
from dashboard.export.columns import VIEW_PARAMETERS
from dashboard.figures.plot import plotly_figure
from dashboard.i18n import Translator
from dashboard.state import SCALES
from dashboard.store import Store
from dashboard.transform import (
    Aggregate,
    Refusal,
    Why,
    aggregate,
    bases,
    change,
    heads,
    index,
    method_of,
    no_meaning,
    of_frequency,
    per_capita,
    share,
    total_of,
    worst,
    year_before,
)
from dashboard.view import IndicatorView, indicator_view, read_state
from db.records import Observation, SeriesKey
from tests.dashboard.pages import Markup

KEY = SeriesKey("trade", "exports", "M", "USA", "MEX", "fred")
OTHER = replace(KEY, ref_area="GTM")
FIRST_KNOWN = datetime(2020, 1, 1, tzinfo=UTC)
Figures = Mapping[str, str | int | Decimal | None]


def row(period: str, value: str | int | Decimal | None, **changes: object) -> Observation:
    parsed = parse_period(period)
    made = Observation(
        KEY,
        period,
        parsed.start,
        parsed.end,
        None if value is None else Decimal(value),
        "A",
        "",
        None,
        FIRST_KNOWN,
        None,
        None,
        "day",
        None,
        None,
        None,
        "usd",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def rows(figures: Figures) -> list[Observation]:
    return [row(period, value) for period, value in figures.items()]


def values(made: Sequence[Observation]) -> dict[str, Decimal | None]:
    return {each.time_period: each.value for each in made}


def months(year: int, numbers: Sequence[Decimal | int]) -> list[Observation]:
    return [row(f"{year}-{month:02}", number) for month, number in enumerate(numbers, start=1)]


AMOUNTS = st.decimals(Decimal(-(10**12)), Decimal(10**12), places=2)
POSITIVE = st.decimals(Decimal("0.01"), Decimal(10**12), places=2)
YEARS = st.integers(1900, 2100)


# --- longer periods -------------------------------------------------------------------------


@given(YEARS, st.lists(AMOUNTS, min_size=12, max_size=12))
def test_quarters_of_months_add_up_to_the_year(year: int, numbers: list[Decimal]) -> None:
    of_months = months(year, numbers)
    quarters = aggregate(of_months, "Q", "sum").rows
    assert [q.time_period for q in quarters] == [f"{year}-Q{n}" for n in (1, 2, 3, 4)]
    (whole,) = aggregate(of_months, "A", "sum").rows
    (by_quarters,) = aggregate(quarters, "A", "sum").rows
    assert whole.value == by_quarters.value == sum(numbers)
    assert (whole.period_start, whole.period_end) == (date(year, 1, 1), date(year, 12, 31))


@given(YEARS, st.lists(AMOUNTS, min_size=12, max_size=12), st.integers(0, 11))
def test_a_year_with_a_month_missing_is_left_out(
    year: int, numbers: list[Decimal], gone: int
) -> None:
    whole = months(year, numbers)
    without = [each for number, each in enumerate(whole) if number != gone]
    empty = [replace(each, value=None) if n == gone else each for n, each in enumerate(whole)]
    for method in ("sum", "mean"):
        assert aggregate(without, "A", method) == Aggregate((), (str(year),))
        assert aggregate(empty, "A", method) == Aggregate((), (str(year),))
    assert len(aggregate(without, "Q", "sum").rows) == 3


@given(YEARS, AMOUNTS)
def test_the_mean_of_what_is_constant_is_the_same(year: int, number: Decimal) -> None:
    (whole,) = aggregate(months(year, [number] * 12), "A", "mean").rows
    assert whole.value == number


@given(st.permutations(months(2015, range(12))))
def test_the_order_of_rows_says_nothing(mixed: list[Observation]) -> None:
    assert values(aggregate(mixed, "A", "sum").rows) == {"2015": Decimal(66)}
    assert values(aggregate(mixed, "A", "last").rows) == {"2015": Decimal(11)}


def test_a_last_value_says_of_when_it_is() -> None:
    made = aggregate(rows({"2020-12": 5, "2021-03": 7, "2021-11": None}), "A", "last")
    assert values(made.rows) == {"2020": Decimal(5), "2021": Decimal(7)}
    assert made.early == {"2021": "2021-03"}
    assert [each.note for each in made.rows] == ["value of 2020-12", "value of 2021-03"]
    assert values(made.at_the_end()) == {"2020": Decimal(5)}


def test_fiscal_years_and_weeks_over_two_years_are_no_part_of_a_calendar_year() -> None:
    mixed = rows({"FY2020": 1, "2020-W53": 2})
    assert aggregate(mixed, "A", "last") == Aggregate(())
    assert aggregate(rows({"FY2020": 1}), "Q", "sum") == Aggregate(())


def test_every_day_of_a_quarter_makes_it_whole() -> None:
    days = [row(date.fromordinal(n).isoformat(), 1) for n in range(date(2021, 1, 1).toordinal(),
            date(2021, 4, 1).toordinal())]  # fmt: skip
    assert values(aggregate(days, "Q", "sum").rows) == {"2021-Q1": Decimal(90)}
    assert aggregate(days[:-1], "Q", "sum").incomplete == ("2021-Q1",)


def test_a_sum_is_known_when_its_last_part_is_and_as_sure_as_the_least_sure() -> None:
    parts = months(2015, range(12))
    later = datetime(2021, 5, 1, tzinfo=UTC)
    parts[3] = replace(parts[3], valid_from=later, published_on=date(2021, 5, 1), obs_status="P")
    parts[4] = replace(parts[4], raw_sha256="other", valid_to=datetime(2022, 1, 1, tzinfo=UTC))
    (whole,) = aggregate(parts, "A", "sum").rows
    assert (whole.valid_from, whole.published_on, whole.obs_status) == (
        later,
        date(2021, 5, 1),
        "P",
    )
    assert whole.raw_sha256 is None
    assert whole.valid_to == datetime(2022, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "freq", "wanted", "method"),
    [
        ("flow", "M", "A", "sum"),
        ("flow", "Q", "A", "sum"),
        ("stock", "M", "Q", "last"),
        ("running-total", "D", "A", "last"),
        ("price", "M", "A", "mean"),
        ("rate", "M", "A", Why.RATE),
        ("share", "M", "A", Why.SHARE),
        ("announced", "D", "Q", Why.ANNOUNCED),
        ("flow", "A", "Q", Why.COARSER),
        ("flow", "A5", "A", Why.COARSER),
        ("flow", "D", "M", Why.NOT_PUBLISHED),
    ],
)
def test_the_kind_of_measure_says_how(kind: str, freq: str, wanted: str, method: str) -> None:
    assert method_of(kind, freq, wanted) == method


def test_what_is_published_is_not_made_again() -> None:
    yearly, quarterly = replace(KEY, freq="A"), replace(KEY, freq="Q")
    assert of_frequency([KEY, yearly], "flow", "A") == ([yearly], None)
    assert of_frequency([KEY, quarterly], "flow", "A") == ([quarterly], None)
    assert of_frequency([KEY], "rate", "A") == ([], Why.RATE)
    assert of_frequency([yearly], "flow", "Q") == ([], Why.COARSER)
    assert of_frequency([yearly], "flow", "D") == ([], Why.NOT_PUBLISHED)
    assert of_frequency([], "flow", "A") == ([], None)


# --- changes --------------------------------------------------------------------------------


@given(st.lists(POSITIVE, min_size=2, max_size=20), st.sampled_from(["", "FY"]))
def test_a_change_leads_back(numbers: list[Decimal], sign: str) -> None:
    series = rows({f"{sign}{2000 + n}": number for n, number in enumerate(numbers)})
    changed = change(series, percent=False)
    assert len(changed) == len(series) - 1
    for before, after, made in zip(series, series[1:], changed, strict=False):
        assert before.value is not None
        assert made.value is not None
        assert before.value + made.value == after.value
    for before, after, made in zip(series, series[1:], change(series, percent=True), strict=False):
        assert before.value is not None
        assert made.value is not None
        assert after.value is not None
        assert abs(before.value * (1 + made.value / 100) - after.value) <= before.value / 10**8


def test_a_change_is_on_the_same_month_a_year_earlier() -> None:
    series = rows({"2020-01": 10, "2020-02": 50, "2021-01": 15, "2021-03": 9})
    assert values(change(series, percent=False)) == {"2021-01": Decimal(5)}
    assert values(change(series, percent=True)) == {"2021-01": Decimal(50)}


def test_there_is_no_change_over_a_break_or_of_nothing() -> None:
    series = [row("2018", 4), row("2019", 5, obs_status="B"), row("2020", 6), row("2021", None)]
    assert values(change(series, percent=False)) == {"2020": Decimal(1)}
    defined = [row("2018", 4), row("2019", 5, obs_status="D"), row("2020", 6, obs_status="D")]
    assert values(change(defined, percent=False)) == {"2020": Decimal(1)}
    broken = rows({f"2020-{n:02}": n for n in range(1, 13)}) + rows({"2021-01": 20})
    broken[6] = replace(broken[6], obs_status="B")
    assert change(broken, percent=False) == []
    assert change(rows({"2019": 0, "2020": -3, "2021": 4}), percent=True) == []


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("2020", "2019"),
        ("FY2020", "FY2019"),
        ("2020-Q3", "2019-Q3"),
        ("2020-07", "2019-07"),
        ("2020-02-28", "2019-02-28"),
        ("2020-02-29", None),
        ("2020-W53", None),
        ("2014-01-01/P5Y", None),
    ],
)
def test_the_year_before(text: str, earlier: str | None) -> None:
    assert year_before(text) == earlier


# --- index, share, inhabitants --------------------------------------------------------------


@given(POSITIVE, st.integers(1, 30))
def test_the_index_of_what_is_constant_is_100(number: Decimal, count: int) -> None:
    series = rows({str(1990 + n): number for n in range(count)})
    found = bases({KEY: series})
    assert not isinstance(found, Refusal)
    assert {each.value for each in index(series, found[KEY])} == {Decimal(100)}


@given(st.lists(POSITIVE, min_size=1, max_size=9), POSITIVE)
def test_an_index_does_not_depend_on_the_unit(numbers: list[Decimal], factor: Decimal) -> None:
    one = rows({str(1990 + n): number for n, number in enumerate(numbers)})
    scaled = [replace(each, value=each.value * factor) for each in one if each.value is not None]
    pairs = zip(index(one, one[0]), index(scaled, scaled[0]), strict=True)
    for each, other in pairs:
        assert each.value is not None
        assert other.value is not None
        assert abs(each.value - other.value) <= max(Decimal("0.000002"), each.value / 10**20)


def test_the_base_is_the_first_period_that_all_have() -> None:
    found = bases({KEY: rows({"1990": 4, "1991": 5}), OTHER: rows({"1991": 2, "1992": 3})})
    assert not isinstance(found, Refusal)
    assert {each.time_period for each in found.values()} == {"1991"}
    apart = bases({KEY: rows({"1990": 4}), OTHER: rows({"FY1990": 2})})
    assert not isinstance(apart, Refusal)
    assert [each.time_period for each in apart.values()] == ["1990", "FY1990"]


def test_nothing_is_no_base() -> None:
    assert bases({KEY: rows({"1990": 0, "1991": 5})}) == Refusal(
        "unit", "index", Why.BASE_NOT_POSITIVE, KEY, "1990"
    )
    assert bases({KEY: rows({"1990": None})}) == Refusal("unit", "index", Why.NO_BASE)


@given(st.lists(POSITIVE, min_size=1, max_size=6))
def test_shares_of_all_parts_make_100(numbers: list[Decimal]) -> None:
    total = [row("2020", sum(numbers, Decimal(0)))]
    parts = [share([row("2020", number)], total)[0].value for number in numbers]
    made = sum((part for part in parts if part is not None), Decimal(0))
    assert abs(made - 100) < Decimal("0.00001")


def test_a_share_needs_the_total_of_its_period() -> None:
    totals = rows({"2019": 10, "2020": 0, "2022": None})
    made = share(rows({"2019": 4, "2020": 0, "2021": 3, "2022": 1}), totals)
    assert values(made) == {"2019": Decimal(40)}


def test_the_total_differs_in_the_counterpart_alone() -> None:
    whole = replace(KEY, counterpart_area="_T")
    assert total_of(KEY, {KEY, whole}) == whole
    assert total_of(whole, {KEY, whole}) is None
    assert total_of(KEY, {replace(whole, source="census"), replace(whole, freq="A")}) is None


def test_amounts_per_inhabitant_take_the_people_of_their_year() -> None:
    people = rows({"2019": 1_000_000, "2020": 2_000_000})
    made = per_capita(rows({"2019": 50, "2020-07": 30, "FY2020": 8, "2021": 1}), people, 100_000)
    assert values(made) == {"2019": Decimal(5), "2020-07": Decimal("1.5"), "FY2020": Decimal("0.4")}


def unit(name: str, currency: str | None = None) -> Unit:
    return Unit(id=name, name=PluralText(en=("a", "b"), es=("a", "b")), currency=currency)


def test_money_is_told_per_inhabitant_and_counts_per_100_000() -> None:
    assert heads(unit("usd", "USD")) == 1
    assert heads(unit("deaths")) == 100_000


def test_what_has_no_meaning_is_refused() -> None:
    def measure(kind: str) -> Measure:
        return Measure.model_validate(
            {"name": LocalText(en="a", es="b"), "unit": "usd", "kind": kind}
        )

    flow, usd = measure("flow"), unit("usd", "USD")
    total = replace(KEY, counterpart_area="_T")
    people = [SeriesKey("population", "inhabitants", "A", "USA", None, "world-bank")]
    assert no_meaning("level", measure("announced"), usd, [], []) is None
    assert no_meaning("index", measure("announced"), usd, [KEY], []) is Why.ANNOUNCED
    assert no_meaning("index", flow, usd, [], []) is Why.NO_SERIES
    assert no_meaning("change", flow, usd, [replace(KEY, freq="A5")], []) is Why.FIVE_YEARS
    assert (
        no_meaning("percent-change", measure("share"), unit("percent"), [KEY], [])
        is Why.PERCENT_OF_PERCENT
    )
    assert no_meaning("share", measure("rate"), usd, [KEY, total], []) is Why.NOT_COUNTED
    assert no_meaning("share", flow, usd, [KEY], []) is Why.NO_TOTAL
    assert no_meaning("share", flow, usd, [KEY, total], []) is None
    assert no_meaning("per-capita", flow, usd, [KEY], []) is Why.NO_POPULATION
    assert no_meaning("per-capita", flow, usd, [OTHER], people) is Why.NO_POPULATION
    assert no_meaning("per-capita", flow, usd, [KEY], people) is None


def test_what_is_computed_is_as_sure_as_the_least_sure() -> None:
    assert worst(["A", "E", "P"]) == "P"
    assert worst(["A", "A"]) == "A"


# --- figures of the tables ------------------------------------------------------------------

PAGE = "/en/indicators/"
REVISED = "asylum-cases.applications.A.MEX._T.comar.procedure=all"
"""A series whose values were published more than once."""


@pytest.fixture
def view(site: Site) -> Callable[..., IndicatorView]:
    """The view of an indicator, by the parameters of its address."""

    def get(name: str, **arguments: str) -> IndicatorView:
        store: Store = site.store
        indicator = store.catalog.indicators[name]
        given = {key.rstrip("_"): value for key, value in arguments.items()}
        state, notices = read_state(store, indicator, given)
        assert not notices
        return indicator_view(store, indicator, state, Translator("en"))

    return get


def only(view: IndicatorView) -> dict[str, Decimal | None]:
    (found,) = view.observations.values()
    return values(found)


def test_trade_of_a_year_is_the_sum_of_its_months(view: Callable[..., IndicatorView]) -> None:
    monthly = only(view("trade"))
    year = view("trade", freq="A")
    of_2015 = [value for text, value in monthly.items() if text.startswith("2015-")]
    assert only(year)["2015"] == sum(value or 0 for value in of_2015) == Decimal("296407900000")
    assert "2006" not in only(year)
    assert year.made.incomplete == ["2006"]
    assert year.chart.title.endswith("sum of each calendar year")
    assert "Left out, as a part of them is missing: 2006." in year.chart.summary
    assert [p.period for p in year.chart.lines[0].points] == [str(n) for n in range(2007, 2017)]


def test_a_change_looks_behind_the_period_that_is_shown(
    view: Callable[..., IndicatorView],
) -> None:
    shown = view("trade", freq="A", unit="change", from_="2016")
    assert only(shown) == {"2016": Decimal("-2256900000")}
    assert shown.chart.lines[0].points[0].text == "−US$2,256,900,000"
    in_percent = view("trade", freq="A", unit="percent-change", from_="2010", to="2010")
    assert in_percent.chart.lines[0].points[0].text == "+30.2%"


def test_an_index_begins_where_the_period_does(view: Callable[..., IndicatorView]) -> None:
    shown = view("trade", freq="Q", unit="index", from_="2010")
    assert only(shown)["2010-Q1"] == Decimal(100)
    assert "Q1 2010 = 100" in shown.chart.unit_label


def test_drawings_have_the_same_values_as_the_table(
    view: Callable[..., IndicatorView], page: Callable[[str], Markup]
) -> None:
    shown = view("trade", freq="A", unit="percent-change")
    (trace,) = plotly_figure(shown.chart)["data"]
    assert trace["text"][-1] == "−0.8%"
    found = page(f"{PAGE}trade?freq=A&unit=percent-change")
    assert found.one("section", id="table").all("td")[0].text == "−0.8"


def test_months_of_fiscal_data_make_calendar_years(view: Callable[..., IndicatorView]) -> None:
    key = "border-encounters.encounters.M.USA._T.cbp.component=all"
    made = view("border-encounters", series=key, freq="A")
    monthly = only(view("border-encounters", series=key))
    of_2023 = [value or 0 for text, value in monthly.items() if text.startswith("2023-")]
    assert only(made)["2023"] == sum(of_2023)
    published = view("border-encounters", freq="A", geo="_T")
    assert {row.time_period[:2] for each in published.observations.values() for row in each} == {
        "FY"
    }
    assert published.made.is_published


def test_shares_are_of_the_total_and_the_total_is_not_shown(
    view: Callable[..., IndicatorView],
) -> None:
    made = view("border-encounters", unit="share")
    assert {key.counterpart_area for key in made.keys} == {"GTM", "HND", "MEX", "SLV", "_O"}
    of_month: dict[str, Decimal] = {}
    for each in made.observations.values():
        for one in each:
            of_month[one.time_period] = of_month.get(one.time_period, Decimal(0)) + (one.value or 0)
    assert all(abs(total - 100) < Decimal("0.00001") for total in of_month.values())
    key = "border-encounters.encounters.M.USA._T.cbp.component=all"
    alone = view("border-encounters", unit="share", series=key)
    assert [refusal.why for refusal in alone.refused] == [Why.TOTAL_ITSELF]


def test_a_price_is_averaged_and_a_running_total_taken_at_its_end(
    view: Callable[..., IndicatorView],
) -> None:
    monthly = only(view("exchange-rate"))
    of_2020 = [v or Decimal(0) for text, v in monthly.items() if text.startswith("2020-")]
    mean = only(view("exchange-rate", freq="A"))["2020"]
    assert mean == (sum(of_2020, Decimal(0)) / 12).quantize(Decimal("0.000001"))
    doses = view("vaccine-doses", measure="doses-given", freq="Q", geo="MEX")
    assert only(doses)["2021-Q3"] == Decimal(84026447)
    assert doses.made.early["2021-Q3"] in {"2021-08-27", "2021-08-28"}
    assert "The value is not of the end of the period" in doses.chart.summary


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("homicide-rate", {"freq": "Q"}, Why.COARSER),
        ("homicide-rate", {"unit": "share"}, Why.NOT_COUNTED),
        ("trade", {"unit": "share"}, Why.NO_TOTAL),
        ("trade", {"unit": "per-capita"}, Why.NO_POPULATION),
        ("tariff-threat", {"unit": "index"}, Why.ANNOUNCED),
        ("vaccine-doses", {"measure": "shipped", "freq": "Q"}, Why.NO_WHOLE_PERIOD),
        ("arms-seizures", {"measure": "us-sourced-share", "unit": "change"}, Why.FIVE_YEARS),
        ("criminal-organizations", {"unit": "index"}, Why.NO_SERIES),
    ],
)
def test_a_page_says_why_it_does_not_follow(
    name: str,
    arguments: dict[str, str],
    why: Why,
    view: Callable[..., IndicatorView],
    page: Callable[[str], Markup],
    client: FlaskClient,
) -> None:
    made = view(name, **arguments)
    assert [refusal.why for refusal in made.refused] == [why]
    assert (made.state.unit, made.state.freq) == ("level", None)
    query = "&".join(f"{key}={value}" for key, value in arguments.items())
    for language, words in (("en", "is not shown:"), ("es", "No se muestra")):
        notices = page(f"/{language}/indicators/{name}?{query}").all("div", class_="notice")
        assert any(words in notice.text for notice in notices)
    for ending in ("csv", "svg"):
        answer = client.get(f"{PAGE}{name}.{ending}?{query}")
        assert answer.status_code == 400
        assert "has no meaning here" in answer.get_json()["error"]
    embedded = client.get(f"/en/embed/{name}?{query}").get_data(as_text=True)
    assert "is not shown:" in embedded


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_data_page_defines_every_transformation(
    language: str, page: Callable[[str], Markup]
) -> None:
    found = page(f"/{language}/data")
    (table,) = found.one("section", id="transformations").all("table")
    asked = [row.all("th")[0].text for row in table.all("tbody")[0].all("tr")]
    assert asked == [*(f"unit={scale}" for scale in SCALES[1:]), "freq=A, freq=Q"]
    assert f"/{language}/data#transformations" in page(f"/{language}/about").links()


@pytest.mark.parametrize("address", VIEW_PARAMETERS)
def test_files_of_views_take_what_the_data_page_says(
    address: str, page: Callable[[str], Markup], client: FlaskClient
) -> None:
    said = page("/en/data").one("section", id="views").text
    assert f"{address}" in said
    assert ", ".join(VIEW_PARAMETERS[address]) in said
    needed = {"series": "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled", "bom": "no"}
    for name in (*VIEW_PARAMETERS[address], "not-one"):
        given = {"series": needed["series"], name: needed.get(name, "")}
        with client.get(address, query_string=given) as answer:
            assert answer.status_code == (400 if name == "not-one" else 200), name


def test_closed_choices_have_their_reason(page: Callable[[str], Markup]) -> None:
    found = page(f"{PAGE}homicide-rate")
    units = found.one("select", id="field-unit")
    closed = [o.attributes["value"] for o in units.all("option") if "disabled" in o.attributes]
    assert closed == ["share", "per-capita"]
    reasons = found.one("ul", id=units.attributes["aria-describedby"]).text
    assert "only amounts can be told so, not a rate" in reasons


def test_series_that_were_named_stay_when_a_unit_is_chosen(page: Callable[[str], Markup]) -> None:
    key = "trade.exports.M.USA.MEX.fred"
    found = page(f"{PAGE}trade?series={key}&unit=index")
    assert found.one("input", name="series").attributes["value"] == key
    assert not found.all("select", id="field-geo")


@pytest.mark.parametrize(
    ("query", "unit_", "transform"),
    [
        ("freq=A", "usd", "sum by year"),
        ("freq=Q&unit=change", "usd", "sum by quarter; change on the year before"),
        ("unit=percent-change", "percent", "percent change on the year before"),
        ("unit=index&from=2010", "index", "index 2010-01=100"),
    ],
)
def test_the_file_has_the_rows_of_the_page(
    query: str, unit_: str, transform: str, client: FlaskClient, page: Callable[[str], Markup]
) -> None:
    text = client.get(f"{PAGE}trade.csv?{query}").get_data(as_text=True)
    found = list(csv.DictReader(io.StringIO(text)))
    assert {each["unit"] for each in found} == {unit_}
    assert {each["transform"] for each in found} == {transform}
    assert {each["currency"] for each in found} == ({"USD"} if unit_ == "usd" else {""})
    assert all(each["note"].startswith("computed by Two-Track: ") for each in found)
    table = page(f"{PAGE}trade?{query}").one("section", id="table")
    assert len(table.all("tr")) - 1 == len(found)
    link = next(a for a in page(f"{PAGE}trade?{query}").links() if ".csv?" in a and "bom" in a)
    again = client.get(link).get_data(as_text=True).removeprefix("\ufeff")
    assert [each["value"] for each in csv.DictReader(io.StringIO(again))] == [
        each["value"] for each in found
    ]


def test_a_vintage_is_transformed_as_it_was(view: Callable[..., IndicatorView]) -> None:
    key = REVISED
    then = {"series": key, "asof": "2021-12-31"}
    levels, changed = view("asylum-cases", **then), view("asylum-cases", unit="change", **then)
    known = only(levels)
    for text, value in only(changed).items():
        after, before = known[text], known[str(int(text) - 1)]
        assert after is not None
        assert before is not None
        assert value == after - before
    now = only(view("asylum-cases", series=key, unit="change"))
    assert any(now[text] != value for text, value in only(changed).items())


def test_cited_levels_are_not_marked_on_what_is_no_level(
    view: Callable[..., IndicatorView], page: Callable[[str], Markup]
) -> None:
    assert view("homicide-rate").drawn
    for scale in ("change", "percent-change", "index"):
        made = view("homicide-rate", unit=scale)
        assert not made.drawn
        assert "2 cited figures are not marked: they state values" in made.chart.summary
    # Revisions and sources stay those of what was published.
    found = page(f"{PAGE}asylum-cases?series={REVISED}&unit=index")
    assert "values as published, of which those above are made" in found.source
    assert found.one("section", id="sources").all("h3")


def test_a_transformed_view_is_embedded_and_drawn(
    page: Callable[[str], Markup], client: FlaskClient
) -> None:
    query = "freq=A&unit=percent-change"
    found = page(f"/en/embed/trade?{query}")
    assert "change on the year before in percent" in found.one("h1").text
    assert any("Computed by Two-Track" in p.text for p in found.all("p", class_="made"))
    svg = client.get(f"{PAGE}trade.svg?{query}").get_data(as_text=True)
    assert "change on the year before in percent" in re.sub(r"\s+", " ", svg)
    compared = [a for a in page(f"{PAGE}trade?unit=index").links() if "/compare?" in a]
    assert any("scale=index" in address for address in compared)
