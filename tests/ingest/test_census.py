from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.schema import Source
from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, IngestError, NeedsKeyError, ParseError
from ingest.sources.census import Census
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    by_key,
    case,
    client_for,
    recorded,
    run,
    shipped,
    value_of,
)

BASE = "/data/timeseries/intltrade"
SOURCE, FEEDS = shipped("census")
QUERY = {
    "exports/hs": "get=CTY_CODE,CTY_NAME,ALL_VAL_MO&CTY_CODE=2010&time=from%202013-01",
    "imports/hs": "get=CTY_CODE,CTY_NAME,GEN_VAL_MO&CTY_CODE=2010&time=from%202013-01",
}


def a_feed(dataset: str = "imports/hs", **changes: Any) -> BoundFeed:
    (bound,) = (each for each in FEEDS if each.feed.select["dataset"] == dataset)
    return BoundFeed(bound.indicator, bound.feed.model_copy(update=changes))


def serve(server: Loopback) -> None:
    for name in ("exports", "imports"):
        server.on(f"{BASE}/{name}/hs", Reply(case(f"census/totals/{name}.json")))


def parse(
    body: bytes, bound: BoundFeed | None = None, query: str = QUERY["imports/hs"]
) -> list[RawObservation]:
    payload = a_payload(body, f"https://api.census.gov{BASE}/imports/hs?{query}")
    return list(Census().parse(SOURCE, [bound or a_feed()], [payload]))


def altered(change: Callable[[list[list[Any]]], object]) -> bytes:
    table = json.loads(case("census/totals/imports.json"))
    change(table)
    return json.dumps(table).encode()


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Census()
    assert adapter.recipe


def test_exports_and_imports_are_asked_for_from_the_first_month_on(
    provider_server: Loopback,
) -> None:
    serve(provider_server)
    found = by_key(run(Census(), "census", provider_server))
    assert {asked.path: asked.query for asked in provider_server.requests} == {
        f"{BASE}/{name}/hs": {
            "get": f"CTY_CODE,CTY_NAME,{variable}",
            "CTY_CODE": "2010",
            "time": "from 2013-01",
        }
        for name, variable in (("exports", "ALL_VAL_MO"), ("imports", "GEN_VAL_MO"))
    }
    assert {(key[0], key[4]): int(value_of(row)) for key, row in found.items()} == {
        ("exports", "2016-10"): 20_211_400_000,
        ("exports", "2016-11"): 19_592_500_000,
        ("exports", "2016-12"): 19_110_400_000,
        ("imports", "2016-10"): 26_405_400_000,
        ("imports", "2016-11"): 25_385_500_000,
        ("imports", "2016-12"): 23_503_800_000,
    }
    row = found["imports", "", "USA", "MEX", "2016-12"]
    assert (row.value, row.unit_mult, row.note) == ("23503800000", 0, "")
    assert (row.locator, row.published_on) == ("row 3 (2010 2016-12)", None)


def test_the_key_goes_along_and_is_kept_nowhere(provider_server: Loopback) -> None:
    serve(provider_server)
    with client_for(provider_server, SOURCE, {"census": "very-secret"}) as client:
        payloads = list(Census().fetch(SOURCE, FEEDS, client))
    assert {asked.query["key"] for asked in provider_server.requests} == {"very-secret"}
    assert not any("secret" in payload.origin for payload in payloads)
    assert len(list(Census().parse(SOURCE, FEEDS, payloads))) == 6


def test_a_page_that_asks_for_a_key_is_told_as_such(provider_server: Loopback) -> None:
    page = case("census/missing-key/page.html")
    provider_server.on(
        f"{BASE}/exports/hs", Reply(b"", 302, {"Location": "/data/missing_key.html"})
    )
    provider_server.on("/data/missing_key.html", Reply(page, media_type="text/html"))
    with pytest.raises(NeedsKeyError, match="TWOTRACK_KEY_CENSUS"):
        run(Census(), "census", provider_server)


def test_with_a_key_such_a_page_is_kept_and_refused(provider_server: Loopback) -> None:
    page = case("census/missing-key/page.html")
    for name in ("exports", "imports"):
        provider_server.on(f"{BASE}/{name}/hs", Reply(page, media_type="text/html"))
    with client_for(provider_server, SOURCE, {"census": "expired"}) as client:
        payloads = list(Census().fetch(SOURCE, FEEDS, client))
    assert [payload.body for payload in payloads] == [page, page]
    with pytest.raises(ContractError, match="a page of HTML"):
        list(Census().parse(SOURCE, FEEDS, payloads))


def test_groupings_and_other_countries_are_left_alone() -> None:
    def more(table: list[list[Any]]) -> None:
        codes = ("-", "0003", "1XXX", "1220")
        table.extend([code, "OTHER", "1", code, "2016-12"] for code in codes)

    assert len(parse(altered(more))) == 3


def test_nothing_is_no_observation_and_zero_is_zero() -> None:
    def change(table: list[list[Any]]) -> None:
        table[1][2], table[2][2] = None, "0"

    assert [(row.time_period, row.value) for row in parse(altered(change))] == [
        ("2016-11", "0"),
        ("2016-12", "23503800000"),
    ]


def _with_commodity(value: str) -> Callable[[list[list[Any]]], object]:
    def change(table: list[list[Any]]) -> None:
        for row, cell in zip(table, ["I_COMMODITY", *[value] * 3], strict=True):
            row.append(cell)

    return change


def _cell(row: int, place: int, value: Any) -> Callable[[list[list[Any]]], object]:
    return lambda table: table[row].__setitem__(place, value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_with_commodity("8703"), "all goods together, found commodity 8703 at row 1"),
        (_cell(0, 2, "GEN_VAL_YR"), "a column GEN_VAL_MO"),
        (_cell(0, 1, "COUNTRY"), "unknown column 'COUNTRY'"),
        (_cell(1, 0, "MEX"), "one CTY_CODE at row 1, found MEX and 2010"),
        (_cell(1, 4, "2016"), "time like 2021-01"),
        (_cell(1, 4, "2016-13"), "time like 2021-01"),
        (_cell(1, 2, 5), "text at row 1"),
        (lambda table: table[1].pop(), "5 cells at row 1"),
        (lambda table: table.append(table[1]), r"row 4 \(2010 2016-10\) again after row 1"),
        (lambda table: table.__delitem__(slice(1, None)), "rows below the header, found none"),
        (lambda table: table.__setitem__(1, "text"), "a list of header and rows"),
        (
            lambda table: [row.__setitem__(place, "1220") for row in table[1:] for place in (0, 3)],
            "rows of country 2010, found none",
        ),
        (
            lambda table: [row.__setitem__(place, "MX") for row in table[1:] for place in (0, 3)],
            "a country like 2010, or a grouping like 0003, 1XXX, -, found 'MX'",
        ),
    ],
)
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[list[list[Any]]], object], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(altered(change))


@pytest.mark.parametrize("value", ["n/a", "(D)", "1.2.3"])
def test_a_value_that_is_no_number_is_told_with_its_place(value: str) -> None:
    with pytest.raises(ParseError, match=r"row 1 \(2010 2016-10\): must be a number"):
        parse(altered(_cell(1, 2, value)))


def test_all_goods_may_be_marked_with_a_dash() -> None:
    assert parse(altered(_with_commodity("-")))[0].value == "26405400000"


@pytest.mark.parametrize(
    "body", [b"", b" ", b"null", b"{}", b"[]", b"[[]]", b"[1]", b"<html>", b'[["CTY_CODE"', b"\xff"]
)
def test_whatever_comes_is_a_contract_error_at_worst(body: bytes) -> None:
    with pytest.raises(ContractError):
        parse(body)


def test_an_empty_answer_is_refused(provider_server: Loopback) -> None:
    for name in ("exports", "imports"):
        provider_server.on(f"{BASE}/{name}/hs", Reply(b"", 204))
    with pytest.raises(ContractError, match="a list of header and rows, found nothing"):
        run(Census(), "census", provider_server)


def test_an_answer_belongs_to_a_request() -> None:
    with pytest.raises(ContractError, match="imports/hs GEN_VAL_MO 2010, found imports/hs CON_VAL"):
        parse(b"[]", query="get=CTY_CODE,CON_VAL_MO&CTY_CODE=2010")
    with pytest.raises(ContractError, match="an answer on imports/hs GEN_VAL_MO 2010, found none"):
        list(Census().parse(SOURCE, [a_feed()], []))


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        (SOURCE, {"select": {}}),
        (SOURCE, {"select": {"dataset": "../x", "variable": "GEN_VAL_MO", "country": "2010"}}),
        (SOURCE, {"select": {"dataset": "imports/hs", "variable": "V", "country": "MEX"}}),
        (SOURCE, {"select": {**a_feed().feed.select, "commodity": "8703"}}),
        (SOURCE, {"freq": "A"}),
        (SOURCE, {"counterpart_areas": []}),
        (SOURCE.model_copy(update={"options": {"from": "2013"}}), {}),
        (SOURCE.model_copy(update={"options": {"since": "2013-01"}}), {}),
        (SOURCE.model_copy(update={"url": None}), {}),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    provider_server: Loopback, source: Source, changes: dict[str, Any]
) -> None:
    with client_for(provider_server, SOURCE) as client, pytest.raises(IngestError):
        list(Census().fetch(source, [a_feed(**changes)], client))
    assert provider_server.requests == []


def test_the_recorded_answer_on_one_commodity(provider_server: Loopback) -> None:
    body = recorded("census/imports_8483408000_2026-06.json")
    select = {**a_feed().feed.select, "commodity": "8483408000", "level": "HS10"}
    feed = a_feed(select=select)
    provider_server.on(f"{BASE}/imports/hs", Reply(body), query={"COMM_LVL": "HS10"})
    with client_for(provider_server, SOURCE) as client:
        payloads = list(Census().fetch(SOURCE, [feed], client))
    (row,) = Census().parse(SOURCE, [feed], payloads)
    table = json.loads(body)
    (mexico,) = (cells for cells in table if cells[0] == "2010")
    assert (row.time_period, row.value) == ("2026-06", mexico[2])
    with pytest.raises(ContractError, match="all goods together, found commodity 8483408000"):
        parse(body)
