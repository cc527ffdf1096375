from __future__ import annotations

from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, IngestError, ParseError
from ingest.sources.owid import Owid
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    as_figures,
    by_key,
    case,
    catalog,
    client_for,
    figures,
    recorded,
    run,
    seeded,
    shipped,
    value_of,
)

CHART = "/grapher/homicide-rate-unodc.csv"
FILE = "/owid/covid-19-data/master/public/data/vaccinations/vaccinations.csv"
HOMICIDE, (HOMICIDE_FEED,) = shipped("owid-homicide")
VACCINATIONS, VACCINATION_FEEDS = shipped("owid-vaccinations")
OLD = "owid/vaccinations-2021/vaccinations.csv"
COMPACT = "owid/vaccinations-compact/compact.csv"


def chart(body: str | bytes, feed: BoundFeed = HOMICIDE_FEED) -> list[RawObservation]:
    body = body.encode() if isinstance(body, str) else body
    origin = f"https://ourworldindata.org{CHART}?v=1&csvType=full"
    return list(Owid(catalog().areas).parse(HOMICIDE, [feed], [a_payload(body, origin)]))


def vaccinations(body: str | bytes, adapter: Owid | None = None) -> list[RawObservation]:
    body = body.encode() if isinstance(body, str) else body
    payload = a_payload(body, VACCINATIONS.url or "")
    return list(
        (adapter or Owid(catalog().areas)).parse(VACCINATIONS, VACCINATION_FEEDS, [payload])
    )


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Owid()
    assert adapter.recipe


def test_a_chart_is_read_by_the_places_of_its_columns(provider_server: Loopback) -> None:
    body = case("owid/homicide/homicide-rate-unodc.csv")
    provider_server.on(CHART, Reply(body, media_type="text/csv"))
    found = run(Owid(), "owid-homicide", provider_server)
    (asked,) = provider_server.requests
    assert asked.query == {"v": "1", "csvType": "full", "useColumnShortNames": "false"}
    assert [(row.ref_area, row.time_period, row.value) for row in found] == [
        ("MEX", "2019", "29.150867"),
        ("MEX", "2020", "29.001005"),
        ("USA", "2019", "4.934722"),
        ("USA", "2020", "6.3546557"),
    ]
    assert (found[0].locator, found[0].note, found[0].published_on) == (
        "line 2 (MEX 2019)",
        "",
        None,
    )
    assert all(
        by_key(found)[key] for key in by_key(found) if key in seeded("homicide-rate.owid-homicide")
    )


def test_title_and_case_of_a_chart_may_change() -> None:
    for header in ("Entity,Code,Year,Homicides", "entity,code,year,homicide_rate"):
        (row,) = chart(f"{header}\nMexico,MEX,2020,29.0\n")
        assert row.value == "29.0"


def test_a_column_appended_to_a_chart_is_refused_unless_it_is_listed() -> None:
    assert "World region according to OWID" in HOMICIDE.ignore.columns
    header = "Entity,Code,Year,Homicides,World region according to OWID"
    assert chart(f"{header}\nMexico,MEX,2020,29.0,North America\n")[0].value == "29.0"
    with pytest.raises(ContractError, match="unknown column 'Upper bound'"):
        chart(f"{header},Upper bound\nMexico,MEX,2020,29.0,North America,31.2\n")


def test_a_blank_cell_of_a_chart_is_no_observation() -> None:
    (row,) = chart("Entity,Code,Year,Homicides\nMexico,MEX,2019,\nMexico,MEX,2020,0\n")
    assert (row.time_period, row.value) == ("2020", "0")


def test_the_world_has_a_code_of_its_own() -> None:
    feed = BoundFeed(
        HOMICIDE_FEED.indicator, HOMICIDE_FEED.feed.model_copy(update={"ref_areas": ["WLD"]})
    )
    (row,) = chart(case("owid/homicide/homicide-rate-unodc.csv"), feed)
    assert (row.ref_area, row.time_period, row.value) == ("WLD", "2023", "5.197053")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty first line|nothing"),
        ("<!DOCTYPE html>\n<html></html>", "a page of HTML"),
        ("Entity,Code,Year,Homicides", "rows of MEX, USA, GTM, HND, SLV, found none"),
        ("Country,Code,Year,Homicides\nMexico,MEX,2020,29.0", "columns Entity, Code, Year"),
        ("Entity,Code,Day,Homicides\nMexico,MEX,2020,29.0", "columns Entity, Code, Year"),
        ("Entity,Code,Year,Region\nMexico,MEX,2020,29.0", "about homicide, found 'Region'"),
        ("Entity,Code,Year,Homicides\nMexico,MEX,20", "4 columns"),
        (
            "Entity,Code,Year,Homicides\nMexico,MEX,2020,29.0\nMexico,MEX,2020,29.0",
            "MEX 2020 in line 3 again after line 2",
        ),
    ],
)
def test_what_is_no_such_chart_is_refused(body: str, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        chart(body)


@pytest.mark.parametrize(
    ("row", "words"),
    [("2020,n/a", r"line 2 \(MEX 2020\): must be a number, got 'n/a'"), ("20,1", "must be a year")],
)
def test_a_bad_cell_of_a_chart_is_told_with_its_place(row: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        chart(f"Entity,Code,Year,Homicides\nMexico,MEX,{row}")


@pytest.mark.parametrize("name", [OLD, COMPACT])
def test_both_files_give_the_last_reported_day_of_each_month(
    provider_server: Loopback, name: str
) -> None:
    provider_server.on(FILE, Reply(case(name), media_type="text/csv"))
    found = by_key(run(Owid(), "owid-vaccinations", provider_server))
    seeds = seeded("vaccine-doses.owid-vaccinations")
    january = {key: row for key, row in found.items() if key[4].startswith("2021-01")}
    assert len(january) == 6
    for key, row in january.items():
        assert (value_of(row), row.note) == seeds[key]
    row = found["doses-given", "product=all", "MEX", None, "2021-01-31"]
    assert "(MEX 2021-01-31 total_vaccinations)" in row.locator


def test_both_files_say_the_same() -> None:
    old, compact = (by_key(vaccinations(case(name))) for name in (OLD, COMPACT))
    assert {key: row.value for key, row in old.items()} == {
        key: row.value for key, row in compact.items()
    }


def test_a_day_without_a_report_is_passed_over() -> None:
    header = "location,iso_code,date,total_vaccinations,people_vaccinated,people_fully_vaccinated"
    found = vaccinations(
        f"{header}\nMexico,MEX,2021-01-30,5,,0\nMexico,MEX,2021-01-31,,,\nMexico,MEX,2021-01-02,4,3,\n"
    )
    assert [(row.measure, row.time_period, row.value) for row in found] == [
        ("doses-given", "2021-01-30", "5"),
        ("people-vaccinated", "2021-01-02", "3"),
        ("people-fully-vaccinated", "2021-01-30", "0"),
    ]


def test_a_file_without_codes_is_read_by_names() -> None:
    header = "country,date,total_vaccinations,people_vaccinated,people_fully_vaccinated"
    body = f"{header}\nMexico,2021-01-30,5,4,3\nMexico City,2021-01-31,1,1,1\n"
    found = vaccinations(body, Owid(catalog().areas))
    assert [(row.ref_area, row.value) for row in found] == [
        ("MEX", "5"),
        ("MEX", "4"),
        ("MEX", "3"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "", "nothing"),
        (lambda text: "<html>\n</html>\n", "a page of HTML"),
        (lambda text: text.split("\n")[0] + "\n", "rows of MEX, USA.*found none"),
        (
            lambda text: text.replace("total_vaccinations,", "total_vaccination,", 1),
            "column 'total_vaccinations' missing",
        ),
        (
            lambda text: text.replace("daily_vaccinations_raw", "weekly", 1),
            "unknown column 'weekly'",
        ),
        (lambda text: text[:-30], "columns in every line|cut off"),
        (lambda text: text[:-1], "cut off"),
        (
            lambda text: text + text.splitlines()[1] + "\n",
            "MEX 2021-01-25 in line .* again after line 2",
        ),
    ],
)
def test_what_is_no_such_file_is_refused(change: Any, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        vaccinations(change(case(OLD).decode()))


def test_a_needed_column_of_the_maintained_file_must_be_there() -> None:
    body = case(COMPACT).replace(b",people_vaccinated,", b",persons_vaccinated,", 1)
    with pytest.raises(ContractError, match="column 'people_vaccinated' missing"):
        vaccinations(body)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("MEX,2021-01-25,", "MEX,2021-02-30,", "must be a day like"),
        ("MEX,2021-01-25,", "MEX,25/01/2021,", "must be a day like"),
    ],
)
def test_a_bad_day_is_told_with_its_place(old: str, new: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        vaccinations(case(OLD).decode().replace(old, new))


def test_a_bad_number_is_told_with_its_place() -> None:
    header = "location,iso_code,date,total_vaccinations,people_vaccinated,people_fully_vaccinated"
    with pytest.raises(ParseError, match=r"line 2 \(MEX 2021-01-30 total_vaccinations\)"):
        vaccinations(f"{header}\nMexico,MEX,2021-01-30,many,,\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"select": {"chart": "../x"}},
        {"select": {"chart": "a", "column": "b"}},
        {"select": {}},
        {"freq": "M"},
        {"counterpart_areas": ["USA"]},
    ],
)
def test_a_feed_that_cannot_be_asked_for_is_refused(
    provider_server: Loopback, changes: dict[str, Any]
) -> None:
    feed = BoundFeed(HOMICIDE_FEED.indicator, HOMICIDE_FEED.feed.model_copy(update=changes))
    with client_for(provider_server, HOMICIDE) as client, pytest.raises(IngestError):
        list(Owid().fetch(HOMICIDE, [feed], client))
    assert provider_server.requests == []


def test_the_recorded_chart_gives_the_collected_figures(provider_server: Loopback) -> None:
    provider_server.on(CHART, Reply(recorded("owid/homicide-rate-unodc.csv")))
    found = run(Owid(), "owid-homicide", provider_server)
    wanted = figures("homicide_rate__owid_unodc", "homicide-rate-unodc.csv")
    assert len(wanted) == 155
    assert set(wanted) == as_figures(found)
    assert seeded("homicide-rate.owid-homicide") == {
        key: (value_of(row), row.note) for key, row in by_key(found).items()
    }


def test_the_recorded_file_gives_the_collected_figures(provider_server: Loopback) -> None:
    provider_server.on(FILE, Reply(recorded("owid/vaccinations_2021-08-27_trimmed.csv")))
    found = run(Owid(), "owid-vaccinations", provider_server)
    wanted = figures("vaccinations__owid", "vaccinations_2021-08-27")
    assert len(wanted) == 52
    assert set(wanted) == as_figures(found)
    assert seeded("vaccine-doses.owid-vaccinations") == {
        key: (value_of(row), row.note) for key, row in by_key(found).items()
    }


# --- other files of the same provider ---


@pytest.mark.parametrize(
    "header",
    [
        'Entity,Code,Year,"Homicide rate, per 100,000 people"',
        "entity,code,year,value__category_total__sex_total__age_total__unit_rate",
    ],
    ids=["another title", "short names"],
)
def test_headers_that_a_chart_may_have(header: str) -> None:
    rows = "Mexico,MEX,2024,23.5\nMexico,MEX,2025,\nAmericas,OWID_NAM,2024,14\nX,,2024,1"
    found = chart(f"{header}\n{rows}")
    assert [(row.ref_area, row.time_period, row.value) for row in found] == [
        ("MEX", "2024", "23.5")
    ]


def test_ends_of_lines_of_a_chart_do_not_count() -> None:
    text = "Entity,Code,Year,Homicides\nMexico,MEX,2024,23.5"
    for body in (text, text.replace("\n", "\r\n"), f"\ufeff{text}\n"):
        assert [row.value for row in chart(body)] == ["23.5"]


def test_another_code_of_a_wanted_place_is_not_dropped() -> None:
    with pytest.raises(ContractError, match="code MEX of Mexico, found 'MX' in line 3"):
        chart("Entity,Code,Year,Homicides\nUnited States,USA,2020,6.4\nMexico,MX,2020,29.0")


def test_sixteen_columns_of_the_vaccinations() -> None:
    """As the file has had them since the end of 2021; a seventeenth is refused."""
    lines = case("owid/vaccinations-2021/vaccinations.csv").decode().splitlines()
    more = ("daily_people_vaccinated", "daily_people_vaccinated_per_hundred")
    present = [name for name in more if name not in lines[0]]
    longer = [",".join([lines[0], *present]), *(line + ",1" * len(present) for line in lines[1:])]
    body = "\n".join(longer) + "\n"
    assert vaccinations(body) == vaccinations("\n".join(lines) + "\n")
    wider = body.replace("\n", ",\n").replace(",\n", ",doses_returned\n", 1)
    with pytest.raises(ContractError, match="unknown column 'doses_returned'"):
        vaccinations(wider)


def test_another_code_of_a_wanted_place_in_the_vaccinations() -> None:
    text = case("owid/vaccinations-2021/vaccinations.csv").decode().replace(",MEX,", ",MX,")
    with pytest.raises(ContractError, match="code MEX of Mexico, found 'MX'"):
        vaccinations(text)
