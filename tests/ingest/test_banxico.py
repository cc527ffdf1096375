from __future__ import annotations

import json
import logging
from datetime import date
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, NeedsKeyError, ParseError
from ingest.sources.banxico import Banxico, today_in_mexico
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import a_payload, case, client_for, shipped

TOKEN = "a1b2c3-secret"
PATH = "/SieAPIRest/service/v1/series/SF43718/datos/1991-11-01/2026-02-28"
BASE = "https://www.banxico.org.mx"
SOURCE, FEEDS = shipped("banxico")


def an_adapter() -> Banxico:
    return Banxico(today=lambda: date(2026, 3, 15))


def the_answer() -> Any:
    return json.loads(case("banxico/sf43718/datos.json"))


def parse(
    body: Any, feeds: list[BoundFeed] | None = None, path: str = PATH
) -> list[RawObservation]:
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(an_adapter().parse(SOURCE, feeds or FEEDS, [a_payload(body, f"{BASE}{path}")]))


def a_feed(**changes: Any) -> BoundFeed:
    return BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Banxico()
    assert adapter.recipe
    assert today_in_mexico() > date(2026, 1, 1)


def test_the_token_goes_in_the_header_and_nowhere_else(
    provider_server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider_server.on(PATH, Reply(case("banxico/sf43718/datos.json")))
    with client_for(provider_server, SOURCE, {"banxico": TOKEN}) as client:
        payloads = list(an_adapter().fetch(SOURCE, FEEDS, client))
    (asked,) = provider_server.requests
    assert asked.headers["bmx-token"] == TOKEN
    assert asked.query == {}
    assert payloads[0].origin == f"{BASE}{PATH}"
    found = list(an_adapter().parse(SOURCE, FEEDS, payloads))
    # December begins in its midst; February is whole, for it was asked for to its end.
    assert [(row.time_period, row.value, row.note) for row in found] == [
        ("2026-01", "17.9501", "mean of 2 daily values"),
        ("2026-02", "625.7500", "mean of 2 daily values"),
    ]
    assert (found[0].ref_area, found[0].counterpart_area) == ("MEX", "USA")
    assert found[0].locator == "datum 3 (02/01/2026) to datum 5 (30/01/2026)"
    assert TOKEN not in caplog.text + repr(payloads) + repr(found)


def test_without_a_token_nothing_is_asked(provider_server: Loopback) -> None:
    with (
        client_for(provider_server, SOURCE) as client,
        pytest.raises(NeedsKeyError, match="TWOTRACK_KEY_BANXICO"),
    ):
        list(an_adapter().fetch(SOURCE, FEEDS, client))
    assert provider_server.requests == []


def test_a_refused_token_is_not_told(provider_server: Loopback) -> None:
    provider_server.on(PATH, Reply(f'{{"error":"{TOKEN}"}}'.encode(), status=401))
    with (
        client_for(provider_server, SOURCE, {"banxico": TOKEN}) as client,
        pytest.raises(FetchError) as caught,
    ):
        list(an_adapter().fetch(SOURCE, FEEDS, client))
    assert TOKEN not in f"{caught.value} {caught.value.issues}"


def test_an_answer_whose_request_is_not_known_may_end_in_the_midst_of_a_month() -> None:
    path = "/SieAPIRest/service/v1/series/SF43718/datos"
    assert [row.time_period for row in parse(the_answer(), path=path)] == ["2026-01"]


def test_series_may_be_taken_as_they_are() -> None:
    days = parse(the_answer(), [a_feed(freq="D", select={"series": "SF43718"})])
    assert [(row.time_period, row.value) for row in days][:3] == [
        ("2025-12-15", "18.0000"),
        ("2025-12-31", "18.1000"),
        ("2026-01-02", "17.9000"),
    ]
    assert len(days) == 6
    monthly = [a_feed(select={"series": "SF43718"})]
    with pytest.raises(ContractError, match=r"first days of months, found datum 1 \(15/12"):
        parse(the_answer(), monthly)
    answer = the_answer()
    answer["bmx"]["series"][0]["datos"] = [{"fecha": "01/12/2025", "dato": "18.0"}]
    assert [(row.time_period, row.value) for row in parse(answer, monthly)] == [("2025-12", "18.0")]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON, found nothing"),
        (b"<html>Mantenimiento</html>", "JSON, found a page of HTML"),
        (case("banxico/sf43718/datos.json")[:200], "JSON, found bytes"),
        (b"[]", "bmx as dict, found a list"),
        ({"error": {"mensaje": TOKEN}}, "an error of Banxico$"),
        ({"bmx": {"series": []}}, "one series"),
        ({"bmx": {"series": [{"idSerie": "SF43718"}]}}, "datos as list"),
        ({"bmx": {"series": [{"idSerie": "SF43718", "datos": []}]}}, "data of SF43718, found none"),
        ({"bmx": {"series": [{"idSerie": "SF1", "datos": []}]}}, "series SF43718, found SF1"),
        ({"bmx": {"series": [{"idSerie": "SF43718", "datos": [{"fecha": "01/01/2026"}]}]}},
         "dato as str, found an object with fecha"),
        ({"bmx": {"series": [{"idSerie": "SF43718", "datos": [
            {"fecha": "02/01/2026", "dato": "1"}, {"fecha": "02/01/2026", "dato": "1"}]}]}},
         "each day once and in order, found datum 2"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_documented_shape_is_refused(body: Any, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(body)


@pytest.mark.parametrize(
    ("day", "value"), [("31/02/2026", "1"), ("2026-01-02", "1"), ("02/01/2026", "n.d.")]
)
def test_a_bad_datum_is_told_with_its_place(day: str, value: str) -> None:
    answer = the_answer()
    answer["bmx"]["series"][0]["datos"][0] = {"fecha": day, "dato": value}
    with pytest.raises(ParseError) as caught:
        parse(answer)
    assert caught.value.locator == f"datum 1 ({day})"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {}}, "select with series"),
        ({"select": {"series": "DEXMXUS"}}, "series like SF43718"),
        ({"select": {"series": "SF43718", "mean": "daily"}}, "mean and decimals together"),
        ({"freq": "D"}, "mean: daily for months"),
        ({"freq": "Q", "select": {"series": "SF43718"}}, "frequency M or D"),
        ({"counterpart_areas": ["USA", "GTM"]}, "one area and at most one"),
    ],
)
def test_a_feed_that_cannot_be_answered_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(the_answer(), [a_feed(**changes)])


def test_an_answer_missing_or_given_twice_is_refused() -> None:
    with pytest.raises(ContractError, match="an answer on SF43718, found none"):
        list(an_adapter().parse(SOURCE, FEEDS, []))
    payload = a_payload(case("banxico/sf43718/datos.json"), f"{BASE}{PATH}")
    with pytest.raises(ContractError, match="one answer each on SF43718"):
        list(an_adapter().parse(SOURCE, FEEDS, [payload, payload]))
