from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, Payload, RawObservation
from ingest.errors import ContractError, IngestError, ParseError
from ingest.sources.unhcr import Unhcr
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

BASE = "/population/v1"
SOURCE, FEEDS = shipped("unhcr")
REQUESTS = (
    ("asylum-applications", "MEX", 2),
    ("asylum-applications", "USA", 1),
    ("asylum-decisions", "MEX", 1),
    ("population", "MEX", 1),
    ("population", "USA", 1),
)
"""Endpoint, country of asylum, pages of the case."""
DERIVED = {
    "asylum-applications": "unhcr/derived_asylum-applications_coa-MEX_and_MEX-to-USA.csv",
    "population": "unhcr/derived_population_coa-MEX_and_MEX-to-USA.csv",
}


def page_of(endpoint: str, coa: str, number: int = 1) -> bytes:
    return case(f"unhcr/latin-america/{endpoint}-{coa}-{number}.json")


def serve(server: Loopback) -> None:
    for endpoint, coa, pages in REQUESTS:
        for number in range(1, pages + 1):
            server.on(
                f"{BASE}/{endpoint}/",
                Reply(page_of(endpoint, coa, number)),
                query={"coa": coa, "page": str(number)},
            )


def feeds_of(endpoint: str, coa: str) -> list[BoundFeed]:
    return [
        each
        for each in FEEDS
        if each.feed.select["endpoint"] == endpoint and coa in each.feed.ref_areas
    ]


def origin(endpoint: str, coa: str, number: int = 1) -> str:
    return f"https://api.unhcr.org{BASE}/{endpoint}/?coa={coa}&coo_all=true&page={number}"


def answer(items: list[dict[str, Any]], page: int = 1, pages: int = 1) -> bytes:
    return json.dumps({"page": page, "maxPages": pages, "total": [], "items": items}).encode()


def parse(
    *bodies: bytes, endpoint: str = "asylum-applications", coa: str = "MEX"
) -> list[RawObservation]:
    payloads = [
        a_payload(body, origin(endpoint, coa, number)) for number, body in enumerate(bodies, 1)
    ]
    return list(Unhcr().parse(SOURCE, feeds_of(endpoint, coa), payloads))


def items_of(endpoint: str, coa: str, number: int = 1) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(page_of(endpoint, coa, number))["items"]
    return items


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Unhcr()
    assert adapter.recipe


def test_fetch_asks_for_codes_of_iso_and_both_ends_of_the_years(provider_server: Loopback) -> None:
    serve(provider_server)
    run(Unhcr(), "unhcr", provider_server)
    asked = {
        (each.path, each.query["coa"], each.query["page"]): each.query
        for each in provider_server.requests
    }
    assert len(asked) == len(provider_server.requests) == 5
    for query in asked.values():
        assert query["cf_type"] == "ISO"
        assert query["limit"] == "10000"
        assert query["yearFrom"] == "1951"
        assert int(query["yearTo"]) >= 2025
    mexico = asked[f"{BASE}/asylum-applications/", "MEX", "2"]
    assert (mexico["coo_all"], "coo" in mexico) == ("true", False)
    assert asked[f"{BASE}/population/", "USA", "1"]["coo"] == "MEX"
    assert "coo_all" not in asked[f"{BASE}/population/", "USA", "1"]


def test_one_origin_is_what_unhcr_states(provider_server: Loopback) -> None:
    serve(provider_server)
    found = by_key(run(Unhcr(), "unhcr", provider_server))
    seeds = seeded("asylum-cases.unhcr")
    stated = {key: row for key, row in found.items() if key[3] != "_T" and key in seeds}
    assert len(stated) > 20
    for key, row in stated.items():
        assert (value_of(row), row.note) == seeds[key]
    row = found["applications", "procedure=all", "MEX", "HND", "2020"]
    assert (row.value, row.locator) == ("15469", "page 2, row 4 (HND in MEX 2020)")
    assert row.note == "UNHCR codes: app_type N, dec_level FI"
    assert row.published_on is None
    eo = found["applications", "procedure=eo", "USA", "MEX", "2012"]
    assert eo.note == "UNHCR codes: procedure G, app_type A, dec_level EO, app_pc P"
    assert ("applications", "procedure=eo", "USA", "MEX", "2001") not in found  # these were cases
    assert found["applications-cases", "procedure=eo", "USA", "MEX", "2001"].value == "12737"


def test_decisions_are_asked_for_apart(provider_server: Loopback) -> None:
    serve(provider_server)
    found = by_key(run(Unhcr(), "unhcr-decisions", provider_server))
    assert found["decisions", "procedure=all", "MEX", "HND", "2020"].value is not None
    assert {key[0] for key in found} == {"decisions", "recognized", "rejected"}
    assert [each.path for each in provider_server.requests] == [f"{BASE}/asylum-decisions/"]


def test_all_origins_are_added_and_the_note_says_so() -> None:
    found = by_key(parse(*(page_of("asylum-applications", "MEX", number) for number in (1, 2))))
    row = found["applications", "procedure=all", "MEX", "_T", "2002"]
    assert row.value == str(56 + 9 + 41 + 9 + 10 + 7)
    assert row.note == (
        "computed: sum over countries of origin; UNHCR codes: app_type V, dec_level FI"
    )
    assert row.locator == "page 1, row 1 (COL in MEX 2002) and 5 more"


def test_rows_of_two_authorities_are_added() -> None:
    items = items_of("asylum-applications", "MEX")
    for item in items:
        item["coo_iso"] = "GTM"
    items = [items[0], items[1]]
    row = by_key(parse(answer(items)))["applications", "procedure=all", "MEX", "GTM", "2002"]
    assert row.value == "65"
    assert row.note == ("computed: sum over authorities; UNHCR codes: app_type V, dec_level FI")


@pytest.mark.parametrize("cell", ["0", 0])
def test_a_zero_is_a_zero_and_a_dash_is_nothing(cell: Any) -> None:
    items = items_of("population", "USA")
    items[0] |= {"refugees": cell, "asylum_seekers": "-"}
    found = parse(answer(items[:1]), endpoint="population", coa="USA")
    assert [(row.measure, row.time_period, row.value) for row in found] == [
        ("refugees", "1994", "0")
    ]


def test_a_first_year_leaves_out_what_lies_before() -> None:
    found = parse(page_of("population", "MEX"), endpoint="population")
    years = {(row.measure, row.time_period) for row in found}
    assert ("refugees", "1983") in years
    assert ("asylum-seekers", "1983") not in years
    assert ("asylum-seekers", "2020") in years


def test_a_total_of_unhcr_is_taken_as_it_is() -> None:
    item = items_of("asylum-applications", "MEX")[0]
    item |= dict.fromkeys(("coo_id", "coo_name", "coo", "coo_iso"), "-") | {"applied": 130}
    (row,) = parse(answer([item]))
    assert (row.counterpart_area, row.value) == ("_T", "130")
    assert row.note == "UNHCR codes: app_type V, dec_level FI"
    with pytest.raises(ContractError, match="a total or countries of origin"):
        parse(answer([item, *items_of("asylum-applications", "MEX")]))


def test_pages_may_come_in_any_order() -> None:
    bodies = [page_of("asylum-applications", "MEX", number) for number in (1, 2)]
    payloads = [
        a_payload(body, origin("asylum-applications", "MEX", number))
        for number, body in enumerate(bodies, 1)
    ]
    feeds = feeds_of("asylum-applications", "MEX")
    one = by_key(Unhcr().parse(SOURCE, feeds, payloads))
    two = by_key(Unhcr().parse(SOURCE, feeds, payloads[::-1]))
    assert {key: row.value for key, row in one.items()} == {
        key: row.value for key, row in two.items()
    }


def test_two_requests_may_share_a_row_that_says_the_same() -> None:
    both = [*items_of("population", "MEX"), *items_of("population", "USA")]
    feeds = [each for coa in ("MEX", "USA") for each in feeds_of("population", coa)]
    payloads = [a_payload(answer(both), origin("population", coa)) for coa in ("MEX", "USA")]
    found = by_key(Unhcr().parse(SOURCE, feeds, payloads))
    alone = by_key(parse(page_of("population", "MEX"), endpoint="population"))
    assert {key: found[key].value for key in alone} == {key: alone[key].value for key in alone}


def _change(name: str, value: Any) -> Callable[[list[dict[str, Any]]], object]:
    return lambda items: items[0].update({name: value})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda items: items.append(items[0]), "each row once"),
        (lambda items: items.append(items[0] | {"applied": 1}), "each row once"),
        (
            lambda items: items.append(items[0] | {"app_type": "N"}),
            "one app_type an origin and year, for they cannot be added",
        ),
        (
            lambda items: items.append(items[0] | {"dec_level": "FA"}),
            "one dec_level an origin and year",
        ),
        (_change("coa_iso", "DEU"), "rows that were asked for, found.*COL in DEU 2002"),
        (_change("coa_iso", "-"), "rows that were asked for"),
        (_change("coo_iso", "Colombia"), "rows that were asked for"),
        (_change("app_type", "Q"), "app_type, of N, R, A.*'Q'"),
        (_change("dec_level", "XX"), "dec_level, of"),
        (_change("procedure_type", "-"), "procedure_type, of G, J, U"),
        (_change("app_pc", "H"), "app_pc, of P, C"),
        (_change("year", "20"), "a year like 2020"),
        (_change("applied", [1]), "number or text applied"),
        (_change("applied_persons", 1), "did you mean 'applied'"),
        (lambda items: items[0].pop("applied"), "a field applied"),
        (lambda items: items[0].update(apply=items[0].pop("applied")), "did you mean 'apply'"),
        (lambda items: items.insert(0, "text"), "an object at page 1, row 1"),
        (lambda items: items.clear(), "rows, found none on page 1"),
    ],
)
def test_what_is_not_of_the_described_shape_is_refused(
    change: Callable[[Any], object], words: str
) -> None:
    items = items_of("asylum-applications", "MEX")
    change(items)
    with pytest.raises(ContractError, match=words):
        parse(answer(items))


@pytest.mark.parametrize("value", ["many", "1.5", "-3.2"])
def test_a_value_that_is_no_count_is_told_with_its_place(value: str) -> None:
    items = items_of("asylum-applications", "MEX")
    items[0]["applied"] = value
    with pytest.raises(ParseError, match=r"page 1, row 1 \(COL in MEX 2002\): must be a"):
        parse(answer(items))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<!DOCTYPE html>", b"[]", b"null", b'{"items":[]}', b'{"page":1,"maxPages":1}',
        b'{"page":1,"maxPages":"x","items":[]}', b'{"page":1,"maxPages":999,"items":[]}',
        b'{"page":1,"maxPages":1,"items":[{}]}', b'{"page":1,"maxPages":1,"items":[', b"\xff",
    ],
)  # fmt: skip
def test_whatever_comes_is_a_contract_error_at_worst(body: bytes) -> None:
    with pytest.raises(ContractError):
        parse(body)


def test_an_unknown_code_gives_no_rows_which_is_refused(provider_server: Loopback) -> None:
    for endpoint in ("asylum-applications", "asylum-decisions", "population"):
        provider_server.on(f"{BASE}/{endpoint}/", Reply(case("unhcr/nothing/empty.json")))
    with pytest.raises(ContractError, match="expected rows, found none"):
        run(Unhcr(), "unhcr", provider_server)


def test_pages_that_lack_come_twice_or_change_are_refused() -> None:
    first, second = (page_of("asylum-applications", "MEX", number) for number in (1, 2))
    for bodies in ([first], [second], [first, first], [first, second, second]):
        with pytest.raises(ContractError, match="expected pages 1 to 2"):
            parse(*bodies)
    with pytest.raises(ContractError, match="the data changed between the pages"):
        parse(first, second.replace(b'"maxPages":2', b'"maxPages":3'))


def test_an_unreadable_answer_is_handed_out(provider_server: Loopback) -> None:
    serve(provider_server)
    first = {"coo_all": "true", "coa": "MEX", "page": "1"}
    provider_server.on(f"{BASE}/asylum-applications/", Reply(b"<html>"), query=first)
    with client_for(provider_server, SOURCE) as client:
        payloads = list(Unhcr().fetch(SOURCE, FEEDS, client))
    assert len(payloads) == 4
    with pytest.raises(ContractError, match="a page of HTML"):
        list(Unhcr().parse(SOURCE, FEEDS, payloads))


def test_an_answer_belongs_to_a_request() -> None:
    stray = a_payload(page_of("population", "MEX"), origin("population", "DEU"))
    feeds = feeds_of("population", "MEX")
    with pytest.raises(ContractError, match="an answer on population MEX, found population DEU"):
        list(Unhcr().parse(SOURCE, feeds, [stray]))
    with pytest.raises(ContractError, match="an answer on population MEX, found none"):
        list(Unhcr().parse(SOURCE, feeds, []))


@pytest.mark.parametrize(
    "changes",
    [
        {"select": {"endpoint": "asylum-application"}},
        {"select": {"endpoint": "population", "field": "refugee"}},
        {"select": {"endpoint": "population", "field": "refugees", "app_type": "N"}},
        {"select": {"endpoint": "population", "field": "refugees", "from": "20"}},
        {"select": {"endpoint": "asylum-decisions", "field": "dec_total", "dec_pc": "P"}},
        {
            "select": {
                "endpoint": "asylum-decisions", "field": "dec_total", "dec_pc": "X",
                "dec_level": "FI",
            }
        },
        {"freq": "M"},
        {"counterpart_areas": []},
        {"ref_areas": ["_T"]},
        {"ref_areas": ["USA-MEX"]},
    ],
)  # fmt: skip
def test_a_feed_that_cannot_be_asked_for_is_refused(
    provider_server: Loopback, changes: dict[str, Any]
) -> None:
    bound = feeds_of("population", "USA")[0]
    feed = BoundFeed(bound.indicator, bound.feed.model_copy(update=changes))
    with client_for(provider_server, SOURCE) as client, pytest.raises(IngestError):
        list(Unhcr().fetch(SOURCE, [feed], client))
    assert provider_server.requests == []


def _derived(endpoint: str, coa: str) -> Iterator[dict[str, Any]]:
    """Rows of the published data as the API writes them: `"0"` is text, no value is `"-"`."""
    text = recorded(DERIVED[endpoint]).decode()
    for row in csv.DictReader(io.StringIO(text)):
        if row["coa_iso"] == coa and (coa == "MEX" or row["coo_iso"] == "MEX"):
            yield {
                name: int(cell) if cell.isdecimal() and cell != "0" else cell or "-"
                for name, cell in row.items()
            }


def test_the_published_data_give_the_collected_figures() -> None:
    feeds = [each for each in FEEDS if each.feed.select["endpoint"] in DERIVED]
    payloads: list[Payload] = [
        a_payload(answer(list(_derived(endpoint, coa))), origin(endpoint, coa))
        for endpoint in DERIVED
        for coa in ("MEX", "USA")
    ]
    found = list(Unhcr().parse(SOURCE, feeds, payloads))
    wanted = figures("asylum__unhcr", "derived_")
    assert len(wanted) == 500
    assert set(wanted) == as_figures(found)
    assert seeded("asylum-cases.unhcr") == {
        key: (value_of(row), row.note) for key, row in by_key(found).items()
    }


def test_recorded_total_of_a_country() -> None:
    """Appeals and new claims, persons and cases, each by its own feed; nothing is added."""
    items = json.loads(recorded("unhcr/CONSTRUCTED_asylum-applications_coa-USA_2015-2016.json"))
    bounds = [
        BoundFeed(each.indicator, each.feed.model_copy(update={"counterpart_areas": ["_T"]}))
        for each in feeds_of("asylum-applications", "USA")
    ]
    payload = a_payload(json.dumps(items).encode(), origin("asylum-applications", "USA"))
    found = by_key(Unhcr().parse(SOURCE, bounds, [payload]))
    assert {(key[0], key[1], key[4]): row.value for key, row in found.items()} == {
        ("applications", "procedure=eo", "2015"): "45394",
        ("applications", "procedure=eo", "2016"): "80567",
        ("applications-cases", "procedure=in", "2015"): "90582",
        ("applications-cases", "procedure=in", "2016"): "124234",
    }
