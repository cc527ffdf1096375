"""Comparing series: the address, the index, what is subtracted, the page and its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from config.periods import parse_period
from dashboard.app import Site
from dashboard.comparison import (
    MOST,
    PARAMETERS,
    Apart,
    Asked,
    CompareState,
    Index,
    Kind,
    NoIndex,
    Refusal,
    apart,
    common_periods,
    index_of,
    read,
    table,
)
from dashboard.export.columns import OBSERVATION_COLUMNS
from dashboard.i18n import LANGUAGES, Translator
from dashboard.labels import series_names
from dashboard.pages.compare import examples_held, span
from db.records import Observation, SeriesKey
from tests.dashboard.pages import Element, Markup
from tests.stores import Loaded

Get = Callable[[str], Markup]

RATE = "homicide-rate.rate.A.{}._Z.world-bank.source-type=compiled"
MEXICO, USA = RATE.format("MEX"), RATE.format("USA")
REGISTERED = "homicide-rate.rate.A.MEX._Z.computed-homicide-rate.source-type=deaths"
AID = "central-america-aid.aid.A.USA.GTM.foreign-assistance.stage={}"
PESO = "exchange-rate.monthly-mean.M.MEX.USA.fred"
IMPORTS, EXPORTS = "trade.imports.M.USA.MEX.fred", "trade.exports.M.USA.MEX.fred"
TARIFF = "tariff-threat.announced-rate.D.USA.MEX.white-house"
BORDER = "border-encounters.encounters.{}.USA._T.cbp.component=all"
ASYLUM_SEEKERS = "asylum-cases.asylum-seekers.A.MEX.GTM.unhcr.procedure=all"
KNOWN = (MEXICO, USA, PESO, IMPORTS, EXPORTS, TARIFF)


def address(*series: str, language: str = "en", ending: str = "", **more: str) -> str:
    pairs = [*(("series", each) for each in series), *more.items()]
    return f"/{language}/compare{ending}?{urlencode(pairs, safe=',/=;:')}"


def observed(key: SeriesKey, period: str, value: str | None, status: str = "A") -> Observation:
    days = parse_period(period)
    return Observation(
        key, period, days.start, days.end, None if value is None else Decimal(value), status, "",
        None, datetime(2020, 1, 1, tzinfo=UTC), None, None, "day", None, None, None, "unit",
    )  # fmt: skip


def rows_of(figures: Mapping[str, Mapping[str, str | None]]) -> dict[SeriesKey, list[Observation]]:
    keys = {SeriesKey.parse(text): values for text, values in figures.items()}
    return {key: [observed(key, *pair) for pair in values.items()] for key, values in keys.items()}


def plain(rows: Mapping[SeriesKey, Sequence[Observation]]) -> dict[SeriesKey, str]:
    return dict.fromkeys(rows, "flow")


def left_out(asked: Asked) -> list[object]:
    return [*asked.notices, *asked.unknown, *asked.twice, *asked.beyond]


# --- the address ----------------------------------------------------------------------------


states = st.builds(
    CompareState,
    st.lists(st.sampled_from(KNOWN), max_size=MOST, unique=True).map(tuple),
    st.none() | st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.none() | st.dates(),
    st.booleans(),
    st.sampled_from(("level", "index")),
)


@given(states)
def test_an_address_is_read_as_it_was_written(state: CompareState) -> None:
    asked = read(parse_qsl(state.query(), keep_blank_values=True), KNOWN)
    assert asked.state == state
    assert left_out(asked) == []


@given(
    st.lists(st.tuples(st.sampled_from(PARAMETERS) | st.text(), st.sampled_from(KNOWN) | st.text()))
)
def test_reading_is_total_and_what_is_left_is_canonical(pairs: list[tuple[str, str]]) -> None:
    state = read(pairs, KNOWN).state
    again = read(parse_qsl(state.query(), keep_blank_values=True), KNOWN)
    assert again.state == state
    assert left_out(again) == []


def test_what_a_form_leaves_empty_says_nothing() -> None:
    asked = read([("series", ""), ("series", PESO), ("from", ""), ("scale", "")], KNOWN)
    assert asked.state == CompareState((PESO,))
    assert not asked.notices


def test_the_first_four_known_series_count() -> None:
    pairs = [("series", text) for text in ("nothing", *KNOWN, PESO)]
    asked = read(pairs, KNOWN)
    assert asked.state.series == KNOWN[:4]
    assert asked.beyond == list(KNOWN[4:])
    assert asked.twice == [PESO]
    assert [unknown.text for unknown in asked.unknown] == ["nothing"]


def test_the_nearest_series_is_named() -> None:
    (unknown,) = read([("series", PESO + "s")], KNOWN).unknown
    assert unknown.near == PESO


def test_parameters_that_are_not_understood() -> None:
    pairs = [("scale", "log"), ("seris", PESO), ("from", "soon"), ("to", "2020"), ("to", "2021")]
    notices = read(pairs, KNOWN).notices
    assert {(n.parameter, n.value, n.repeated) for n in notices} == {
        ("scale", "log", False), ("seris", PESO, False), ("from", "soon", False),
        ("to", "2021", True),
    }  # fmt: skip


# --- the index ------------------------------------------------------------------------------


def test_the_base_is_the_first_period_that_all_have() -> None:
    rows = rows_of(
        {MEXICO: {"2000": "5", "2001": "8", "2002": "12"}, USA: {"2000": None, "2001": "4"}}
    )
    index = index_of(rows, plain(rows))
    assert isinstance(index, Index)
    assert index.base == "2001"
    shown = {row.period: row.values for row in table(rows, index)}
    assert shown == {
        "2002": (Decimal(150), None), "2001": (Decimal(100), Decimal(100)),
        "2000": (Decimal("62.5"), None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "kind", "why", "against"),
    [
        ({MEXICO: {"2001": "1"}, USA: {"2002": "1"}}, "flow", NoIndex.NOTHING_IN_COMMON, None),
        ({MEXICO: {"2001": "1"}, PESO: {"2001-01": "1"}}, "flow", NoIndex.NOTHING_IN_COMMON, None),
        ({MEXICO: {}}, "flow", NoIndex.NOTHING_IN_COMMON, None),
        ({MEXICO: {"2001": "1"}, USA: {"2001": "0", "2002": "1"}}, "flow",
         NoIndex.BASE_NOT_POSITIVE, USA),
        ({MEXICO: {"2001": "-3", "2002": "1"}}, "flow", NoIndex.BASE_NOT_POSITIVE, MEXICO),
        ({MEXICO: {"2001": "1"}}, "announced", NoIndex.ANNOUNCED, MEXICO),
    ],
)  # fmt: skip
def test_an_index_without_meaning_is_refused(
    figures: Mapping[str, Mapping[str, str | None]], kind: str, why: NoIndex, against: str | None
) -> None:
    rows = rows_of(figures)
    refusal = index_of(rows, dict.fromkeys(rows, kind))
    assert isinstance(refusal, Refusal)
    assert refusal.why is why
    assert (refusal.series and str(refusal.series)) == against


# --- differences ----------------------------------------------------------------------------


def test_a_difference_needs_both_values_and_a_ratio_a_meaning() -> None:
    rows = rows_of(
        {
            MEXICO: {"2000": "1.1", "2001": "-2", "2002": "3", "2003": None, "2004": "7"},
            USA: {"2000": "0.4", "2001": "4", "2002": "0", "2003": "5"},
        }
    )
    found = {row.period: (row.difference, row.ratio) for row in table(rows, subtract=True)}
    assert found == {
        "2004": (None, None), "2003": (None, None), "2002": (Decimal(3), None),
        "2001": (Decimal(-6), None), "2000": (Decimal("0.7"), Decimal("2.75")),
    }  # fmt: skip
    assert [row.period for row in table(rows)] == ["2004", "2003", "2002", "2001", "2000"]
    assert common_periods(rows) == ["2000", "2001", "2002"]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (MEXICO, USA, None),
        (IMPORTS, EXPORTS, None),
        (MEXICO, "homicide-rate.rate.A.MEX._Z.owid-homicide.source-type=compiled", None),
        (MEXICO, PESO, Kind.UNIT),
        (AID.format("obligated"), IMPORTS, Kind.INDICATOR),
        (AID.format("obligated"), AID.format("appropriated"), Kind.DEFINITION),
        (MEXICO, REGISTERED, Kind.DEFINITION),
        (BORDER.format("A"), BORDER.format("M"), Kind.FREQUENCY),
    ],
)
def test_what_is_not_the_same_is_not_subtracted(
    one: str, other: str, kind: Kind | None, loaded: Loaded
) -> None:
    rows = rows_of({one: {"2010": "2"}, other: {"2010": "1"}})
    found = apart(loaded.catalog, rows)
    assert (found and found.kind) == kind
    assert (found is not None and found.why is not None) == (kind is Kind.DEFINITION)


def test_periods_that_only_look_alike_are_not_the_same(loaded: Loaded) -> None:
    one, other = BORDER.format("A"), BORDER.format("A").replace("._T.", ".MEX.")
    years = rows_of({one: {"FY2010": "2"}, other: {"2010": "1"}})
    assert apart(loaded.catalog, years) == Apart(Kind.YEARS)
    nothing = rows_of({one: {"FY2010": "2"}, other: {"FY2011": "1"}})
    assert apart(loaded.catalog, nothing) == Apart(Kind.PERIODS)


@given(st.none() | st.dates(), st.none() | st.dates(date(1000, 1, 1), date(9000, 1, 1)))
def test_the_axis_has_a_length(first: date | None, last: date | None) -> None:
    if first is not None and first > date(9000, 1, 1):
        return
    low, high = span([], first, last)
    assert low < high


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_series_has_a_name_of_its_own(language: str, site: Site, loaded: Loaded) -> None:
    t = Translator(language)
    for indicator in loaded.catalog.pair_indicators:
        names = series_names(loaded.catalog, site.store.series(indicator.id), t)
        assert len(set(names.values())) == len(names), indicator.id


# --- the page -------------------------------------------------------------------------------


def cells(found: Markup) -> dict[str, list[str]]:
    """The table by the period of its rows."""
    rows = found.one("section", id="table").all("tbody")[0].all("tr")
    return {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in rows}


def heads(found: Markup) -> list[str]:
    return [head.text for head in found.one("section", id="table").all("thead")[0].all("th")]


def drawings(found: Markup) -> list[Element]:
    return [
        div.all("svg")[0]
        for div in found.all("div", class_="drawing")
        if div.has({"class": "wide"})
    ]


def test_nothing_chosen_shows_three_examples_that_work(page: Get, site: Site) -> None:
    for language in LANGUAGES:
        found = page(f"/{language}/compare")
        links = [link.attributes["href"] for link in found.one("section", id="examples").all("a")]
        assert len(links) == 3
        for link in links:
            shown = page(link)
            assert drawings(shown)
            assert shown.all("p", id="not-subtracted") == [] or "scale=index" in link
            assert not shown.one("main").all("div", class_="notice")
        assert len(found.all("select", name="series")) == MOST
    kinds = [example.kind for example in examples_held(site.store)]
    assert kinds == ["places", "measures", "index"]


def test_the_form_offers_every_series_in_words(page: Get, site: Site) -> None:
    (select, *_) = page("/en/compare").all("select", name="series")
    options = [option.attributes["value"] for option in select.all("option")]
    held = [str(k) for i in site.store.catalog.pair_indicators for k in site.store.series(i.id)]
    assert options == ["", *held]
    assert all(group.attributes["label"] for group in select.all("optgroup"))
    assert not any(option.text in held for option in select.all("option"))


def test_the_form_keeps_what_is_chosen(page: Get) -> None:
    found = page(address(PESO, IMPORTS, scale="index", asof="2024-09-30", **{"from": "2015-01-01"}))
    chosen = [
        [o.attributes["value"] for o in select.all("option") if "selected" in o.attributes]
        for select in found.all("select", name="series")
    ]
    assert chosen == [[PESO], [IMPORTS], [""], [""]]
    assert found.one("input", name="asof").attributes["value"] == "2024-09-30"
    assert found.one("input", name="from").attributes["value"] == "2015-01-01"
    (scale,) = found.all("select", name="scale")
    assert [o.attributes["value"] for o in scale.all("option", selected="")] == ["index"]


def test_two_places_on_one_axis_with_their_difference(page: Get) -> None:
    found = page(address(MEXICO, USA))
    (drawing,) = drawings(found)
    assert len(drawing.all("path", class_="line-0")) >= 1
    assert len(drawing.all("path", class_="line-3")) >= 1
    dashes = {
        path.attributes.get("stroke-dasharray") for path in drawing.all("path", class_="line")
    }
    assert len(dashes) == 2
    assert cells(found)["2008"] == ["12.64", "5.43", "+7.21", "2.33"]
    assert [head.split("per")[0] for head in heads(found)[3:]] == [
        "First minus second", "First divided by secondtimes as much",
    ]  # fmt: skip
    links = [a.attributes["href"] for a in found.one("section", id="series").all("a")]
    assert links == [f"/en/indicators/homicide-rate?measure=rate&series={k}" for k in (MEXICO, USA)]
    assert "World Bank" in found.one("section", id="sources").text


def test_the_chart_comes_first_and_a_definition_once(page: Get) -> None:
    found = page(address(MEXICO, USA))
    ids = [s.attributes["id"] for s in found.all("section") if "id" in s.attributes]
    assert ids[:3] == ["chart", "series", "table"]
    assert len(found.one("ol", class_="compared").all("p", class_="said")) == 1
    assert len(page(address(MEXICO, PESO)).one("ol", class_="compared").all("p")) == 2


def test_other_units_have_charts_of_their_own_with_shared_events(page: Get) -> None:
    found = page(address(IMPORTS, EXPORTS, PESO, **{"from": "2014-01-01"}))
    money, peso = drawings(found)
    assert money.all("path", class_="line-0")
    assert money.all("path", class_="line-3")
    assert peso.all("path", class_="line-4")

    def numbers(drawing: Element) -> list[str]:
        return [text.text for text in drawing.all("text", class_="event-number")]

    assert numbers(money) == numbers(peso) != []
    assert len(found.all("details", class_="events")) == 1
    assert len(heads(found)) == 4
    hidden = page(address(IMPORTS, PESO, events="no"))
    assert not any(numbers(drawing) for drawing in drawings(hidden))


def test_an_index_states_its_base(page: Get) -> None:
    found = page(address(PESO, IMPORTS, scale="index"))
    assert len(drawings(found)) == 1
    assert "index (October 2014 = 100)" in found.one("section", id="chart").text
    assert cells(found)["October 2014"] == ["100.0", "100.0"]
    why = found.one("p", id="not-subtracted").text
    assert "not in the same unit" in why
    two = page(address(IMPORTS, EXPORTS, scale="index"))
    assert cells(two)["December 2006"] == ["100.0", "100.0", "0.0", "1.00"]
    assert "points of the index" in heads(two)[3]


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ((TARIFF,), "states what was announced"),
        ((PESO, MEXICO), "There is no period for which all series have a value."),
        ((ASYLUM_SEEKERS,), "is zero or below zero in"),
    ],
)
def test_a_refused_index_says_why_and_shows_the_levels(
    series: tuple[str, ...], words: str, page: Get
) -> None:
    found = page(address(*series, scale="index"))
    notice = " ".join(p.text for p in found.all("p", class_="notice"))
    assert words in notice
    assert drawings(found)
    assert "= 100" not in found.one("section", id="table").text


def test_stages_are_neither_added_nor_subtracted(page: Get) -> None:
    found = page(address(AID.format("appropriated"), AID.format("obligated")))
    assert "counts a dollar twice" in found.one("p", id="not-subtracted").text
    assert len(heads(found)) == 3
    spanish = page(address(AID.format("appropriated"), AID.format("obligated"), language="es"))
    assert "No se restan" in spanish.one("p", id="not-subtracted").text


def test_months_and_years_are_not_the_same_periods(page: Get) -> None:
    found = page(address(BORDER.format("A"), BORDER.format("M")))
    why = found.one("p", id="not-subtracted").text
    assert "one is yearly, the other monthly" in why


def test_a_fifth_series_and_an_unknown_one_are_said(page: Get) -> None:
    found = page(address(MEXICO, USA, PESO, IMPORTS, EXPORTS))
    (notice,) = found.one("main").all("div", class_="notice")
    assert "the first four count" in notice.text
    assert "US exports to Mexico" in notice.text
    found = page(address(MEXICO, RATE.format("USB")))
    (notice,) = found.one("main").all("div", class_="notice")
    assert RATE.format("USB") in notice.text
    assert notice.all("a")[0].attributes["href"] == address(MEXICO, USA)
    assert len(heads(found)) == 2


def test_as_of_a_day(page: Get) -> None:
    facets = "account=all;part=all;programme=all-aid;stage=obligated"
    key = f"merida-spending.aid.A.USA.MEX.foreign-assistance.{facets}"
    then = page(address(key, asof="2022-01-01"))
    assert "as known on 1 January 2022" in then.one("h1").text
    assert "72,115,313" in then.one("section", id="table").text
    assert "72,115,313" not in page(address(key)).one("section", id="table").text
    before = page(address(key, asof="1990-01-01"))
    assert "None of these series has a value" in before.one("section", id="table").text
    assert "No data for this period" in drawings(before)[0].text


def test_the_language_switch_keeps_the_comparison(page: Get) -> None:
    found = page(address(MEXICO, USA, scale="index"))
    assert found.one("a", class_="switch").attributes["href"] == address(
        MEXICO, USA, language="es", scale="index"
    )


def test_the_page_needs_no_scripts_of_dash(page: Get) -> None:
    assert "_dash-config" not in page(address(MEXICO, USA)).source


def test_an_indicator_leads_to_the_comparison_of_its_series(page: Get) -> None:
    found = page("/en/indicators/homicide-rate?geo=MEX&freq=A&from=2010-01-01&asof=2024-01-01")
    (link,) = [a for a in found.all("a") if a.text == "Compare these series"]
    target = link.attributes["href"]
    assert target.endswith("&from=2010-01-01&asof=2024-01-01")
    assert target.count("series=") == MOST
    shown = page(target)
    assert len(drawings(shown)) == 1
    assert not shown.one("main").all("div", class_="notice")
    cited_only = page("/en/indicators/violence-extent")
    assert not [a for a in cited_only.all("a") if a.text == "Compare these series"]


# --- the file -------------------------------------------------------------------------------


def rows_in(client: FlaskClient, target: str) -> list[dict[str, str]]:
    response = client.get(target)
    assert response.status_code == 200, response.get_data(as_text=True)
    text = response.get_data(as_text=True).removeprefix("\ufeff")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    assert tuple(reader.fieldnames or ()) == OBSERVATION_COLUMNS
    return list(reader)


def test_the_file_has_the_rows_of_the_page(client: FlaskClient, page: Get) -> None:
    found = page(address(MEXICO, USA, **{"from": "2005-01-01", "to": "2008-12-31"}))
    links = [a.attributes["href"] for a in found.one("section", id="download").all("a")]
    for link in (each for each in links if ".csv" in each):
        rows = rows_in(client, link)
        assert {row["transform"] for row in rows} == {"level"}
        values = {(row["series_id"], row["time_period"]): row["value"] for row in rows}
        shown = cells(found)
        stated = {
            (key, period): texts[column]
            for period, texts in shown.items()
            for column, key in enumerate((MEXICO, USA))
            if texts[column]
        }
        assert values.keys() == stated.keys()
        for place, text in stated.items():
            assert text == "–" or round(Decimal(values[place]), 2) == Decimal(text)


def test_the_file_of_an_index_names_its_base(client: FlaskClient) -> None:
    rows = rows_in(client, address(PESO, IMPORTS, ending=".csv", scale="index"))
    assert {row["transform"] for row in rows} == {"index 2014-10=100"}
    assert {row["unit"] for row in rows} == {"index"}
    assert {row["currency"] for row in rows} == {""}
    base = [row["value"] for row in rows if row["time_period"] == "2014-10"]
    assert base == ["100.000000"] * 2


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/en/compare.csv", "series is missing"),
        (address("nothing", ending=".csv"), "series=nothing is unknown"),
        (address(MEXICO + "x", ending=".csv"), MEXICO),
        (address(MEXICO, USA, PESO, IMPORTS, EXPORTS, ending=".csv"), "more than 4"),
        (address(MEXICO, MEXICO, ending=".csv"), "given twice"),
        (address(MEXICO, ending=".csv", scale="log"), "index, level"),
        (address(MEXICO, ending=".csv", seris="x"), "series"),
        (address(MEXICO, ending=".csv", bom="perhaps"), "yes or no"),
        (address(TARIFF, ending=".csv", scale="index"), "announced"),
        (address(MEXICO, ending=".csv") + "&to=2001&to=2002", "to is given twice"),
    ],
)
def test_a_file_refuses_what_it_does_not_understand(
    target: str, words: str, client: FlaskClient
) -> None:
    response = client.get(target)
    assert response.status_code == 400
    assert words in response.get_json()["error"]


def test_a_file_in_no_language(client: FlaskClient) -> None:
    assert client.get(address(MEXICO, ending=".csv").replace("/en/", "/fr/")).status_code == 404
