from __future__ import annotations

from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, IngestError, ParseError
from ingest.sources.fred import Fred
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    as_figures,
    by_key,
    case,
    client_for,
    figures,
    recorded,
    run,
    seeded,
    shipped,
    value_of,
)

PATH = "/graph/fredgraph.csv"
SERIES = ("EXPMX", "IMPMX", "DEXMXUS")
SOURCE, FEEDS = shipped("fred")


def serve(server: Loopback, bodies: dict[str, bytes]) -> None:
    for series, body in bodies.items():
        server.on(PATH, Reply(body, media_type="text/csv"), query={"id": series})


def cases(name: str) -> dict[str, bytes]:
    return {series: case(f"fred/{name}/{series}.csv") for series in SERIES}


def a_feed(series: str, **changes: Any) -> BoundFeed:
    (bound,) = (each for each in FEEDS if each.feed.select["id"] == series)
    return BoundFeed(bound.indicator, bound.feed.model_copy(update=changes))


def parse(body: bytes | str, bound: BoundFeed) -> list[RawObservation]:
    body = body.encode() if isinstance(body, str) else body
    origin = f"https://fred.stlouisfed.org{PATH}?id={bound.feed.select['id']}"
    return list(Fred().parse(SOURCE, [bound], [a_payload(body, origin)]))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Fred()
    assert adapter.recipe


@pytest.mark.parametrize("name", ["old-header", "new-header"])
def test_both_forms_give_months_and_means(provider_server: Loopback, name: str) -> None:
    serve(provider_server, cases(name))
    found = by_key(run(Fred(), "fred", provider_server))
    asked = [asked.query for asked in provider_server.requests]
    assert sorted(asked, key=str) == [{"id": series} for series in sorted(SERIES)]
    exports = found["exports", "", "USA", "MEX", "2016-12"]
    assert (exports.value, exports.unit_mult) == ("19110.4", 6)
    assert exports.locator == "line 4 (2016-12-01)"
    assert exports.published_on is None
    mean = found["monthly-mean", "", "MEX", "USA", "2024-01"]
    seed = seeded("exchange-rate.fred")["monthly-mean", "", "MEX", "USA", "2024-01"]
    assert (value_of(mean), mean.note) == seed


def test_a_month_that_the_file_cuts_is_left_out() -> None:
    months = [row.time_period for row in parse(cases("old-header")["DEXMXUS"], a_feed("DEXMXUS"))]
    assert months == ["2024-01"]
    # 1 and 2 June 2024 are a weekend, and so are 29 and 30 June.
    rows = "".join(f"2024-06-{day:02},17.{day}\n" for day in range(3, 29))
    (whole,) = parse(f"DATE,DEXMXUS\n{rows}", a_feed("DEXMXUS"))
    assert (whole.time_period, whole.note) == ("2024-06", "mean of 26 daily values")
    assert parse(f"DATE,DEXMXUS\n{rows.partition(chr(10))[2]}", a_feed("DEXMXUS")) == []
    last = rows.rindex("2024-06-28")
    assert parse(f"DATE,DEXMXUS\n{rows[:last]}", a_feed("DEXMXUS")) == []


def test_a_mean_is_rounded_half_up() -> None:
    rows = "".join(f"2024-06-{day:02},{'1.00005' if day == 3 else '.'}\n" for day in range(3, 29))
    (mean,) = parse(f"DATE,DEXMXUS\n{rows}", a_feed("DEXMXUS"))
    assert (mean.value, mean.note) == ("1.0001", "mean of 1 daily values")


@pytest.mark.parametrize("missing", [".", ""])
def test_a_missing_value_is_no_observation_and_never_zero(missing: str) -> None:
    found = parse(f"DATE,EXPMX\n2016-11-01,{missing}\n2016-12-01,0\n", a_feed("EXPMX"))
    assert [(row.time_period, row.value) for row in found] == [("2016-12", "0")]


@pytest.mark.parametrize(
    ("freq", "day", "period"),
    [
        ("A", "2016-01-01", "2016"),
        ("Q", "2016-10-01", "2016-Q4"),
        ("D", "2016-10-03", "2016-10-03"),
    ],
)
def test_other_frequencies(freq: str, day: str, period: str) -> None:
    (found,) = parse(f"DATE,EXPMX\n{day},1.50\n", a_feed("EXPMX", freq=freq))
    assert (found.freq, found.time_period, found.value) == (freq, period, "1.50")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "found nothing"),
        ("\n", "empty first line"),
        ("<!DOCTYPE html>\n<html>Sorry</html>\n", "a page of HTML"),
        ("DATE,EXPMX\n", "rows below the header, found none"),
        (
            "DATE,IMPMX\n2016-12-01,1\n",
            "columns DATE or observation_date, EXPMX, found DATE, IMPMX",
        ),
        ("observed_date,EXPMX\n2016-12-01,1\n", "did you mean 'observation_date'"),
        ("DATE,EXPMX,more\n2016-12-01,1,2\n", "unknown column 'more'"),
        ("DATE,more,EXPMX\n2016-12-01,2,1\n", "unknown column 'more'"),
        ("EXPMX,DATE\n1,2016-12-01\n", "columns DATE or observation_date, EXPMX"),
        ("DATE,EXPMX\n2016-12-01,1", "cut off"),
        ("DATE,EXPMX\n2016-12-01\n", "2 columns"),
        ("DATE,EXPMX\n2016-12-01,1\n2016-12-01,1\n", "line 3.*after 2016-12-01"),
        ("DATE,EXPMX\n2016-12-01,1\n2016-11-01,1\n", "in order"),
        ("DATE,EXPMX\n2016-12-15,1\n", "first days of periods of frequency M, found line 2"),
        (b"DATE,EXPMX\n2016-12-01,\xff\n", "utf-8"),
    ],
)
def test_what_is_no_such_file_is_refused(body: bytes | str, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(body, a_feed("EXPMX"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2016-12-01,n/a", "line 2 .2016-12-01.: must be a number, got 'n/a'"),
        ("2016-13-01,1", "line 2: must be a day"),
        ("20161201,1", "line 2: must be a day"),
    ],
)
def test_a_bad_cell_is_told_with_its_place(row: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        parse(f"DATE,EXPMX\n{row}\n", a_feed("EXPMX"))


def test_a_file_belongs_to_the_series_in_its_address() -> None:
    payload = a_payload(cases("old-header")["EXPMX"], f"https://fred.stlouisfed.org{PATH}?id=GDP")
    with pytest.raises(ContractError, match="one file each of EXPMX, found GDP"):
        list(Fred().parse(SOURCE, [a_feed("EXPMX")], [payload]))
    with pytest.raises(ContractError, match="a file of EXPMX, found none"):
        list(Fred().parse(SOURCE, [a_feed("EXPMX")], []))


@pytest.mark.parametrize(
    "changes",
    [
        {"select": {}},
        {"select": {"id": "EXPMX", "ids": "1"}},
        {"select": {"id": "EXPMX", "mean": "daily"}},
        {"select": {"id": "EXPMX", "mean": "weekly", "decimals": "4"}},
        {"select": {"id": "EXPMX", "unit_mult": "million"}},
        {"freq": "W"},
        {"ref_areas": ["USA", "MEX"]},
    ],
)
def test_a_feed_that_cannot_be_asked_for_is_refused(
    provider_server: Loopback, changes: dict[str, Any]
) -> None:
    with client_for(provider_server, SOURCE) as client, pytest.raises(IngestError):
        list(Fred().fetch(SOURCE, [a_feed("EXPMX", **changes)], client))
    assert provider_server.requests == []


def test_an_unknown_series_is_a_fetch_error(provider_server: Loopback) -> None:
    with pytest.raises(FetchError, match="404"):
        run(Fred(), "fred", provider_server)


def test_recorded_files_give_the_collected_figures(provider_server: Loopback) -> None:
    serve(provider_server, {series: recorded(f"fred/{series}.csv") for series in SERIES})
    found = run(Fred(), "fred", provider_server)
    wanted = [
        each
        for name, series in (("trade", SERIES[:2]), ("exchange_rate", SERIES[2:]))
        for one in series
        for each in figures(f"{name}__fred", f"{one}.csv")
    ]
    assert len(wanted) == 361
    assert set(wanted) == as_figures(found)
    read = {key: (value_of(row), row.note) for key, row in by_key(found).items()}
    assert read == seeded("trade.fred") | seeded("exchange-rate.fred")
