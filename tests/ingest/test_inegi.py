from __future__ import annotations

import json
import logging
from datetime import date
from typing import Any

import pytest

from config.schema import Feed
from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, NeedsKeyError, ParseError
from ingest.sources.inegi import Inegi
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import a_payload, case, client_for, shipped

TOKEN = "a1b2c3d4-0000-secret"
ROOT = "/app/api/indicadores/desarrolladores/jsonxml/INDICATOR"
PATH = f"{ROOT}/1000000001/es/00/false/BISE/2.0"
BASE = "https://www.inegi.org.mx"
SOURCE, SHIPPED_FEEDS = shipped("inegi")


def a_feed(**changes: Any) -> BoundFeed:
    feed = {
        "source": "inegi",
        "measure": "deaths",
        "facets": {"crime": "homicide", "method": "death-registration"},
        "freq": "A",
        "ref_areas": ["MEX"],
        "select": {"indicator": "1000000001"},
        **changes,
    }
    return BoundFeed("homicide-count", Feed.model_validate(feed))


def the_answer() -> Any:
    return json.loads(case("inegi/indicator/annual.json"))


def parse(body: Any, feed: BoundFeed | None = None) -> list[RawObservation]:
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    payload = a_payload(body, f"{BASE}{PATH}/KEY?type=json")
    return list(Inegi().parse(SOURCE, [feed or a_feed()], [payload]))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Inegi()
    assert adapter.recipe


def test_it_is_paused_for_no_indicator_is_known() -> None:
    assert SOURCE.paused
    assert SHIPPED_FEEDS == []


def test_the_token_goes_in_the_path_and_is_shown_nowhere(
    provider_server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # The library below the client logs paths at that level, and is not ours to silence.
    caplog.set_level(logging.INFO, logger="urllib3")
    provider_server.on(f"{PATH}/{TOKEN}", Reply(case("inegi/indicator/annual.json")))
    with client_for(provider_server, SOURCE, {"inegi": TOKEN}) as client:
        payloads = list(Inegi().fetch(SOURCE, [a_feed()], client))
    (asked,) = provider_server.requests
    assert (asked.path, asked.query) == (f"{PATH}/{TOKEN}", {"type": "json"})
    assert payloads[0].origin == f"{BASE}{PATH}/KEY?type=json"
    found = list(Inegi().parse(SOURCE, [a_feed()], payloads))
    assert [(row.time_period, row.value) for row in found] == [
        ("2023", "123.00000000000000000000"),
        ("2021", "100.5"),
    ]
    assert found[0].published_on == date(2025, 9, 24)
    assert found[0].locator == "observation 1 (2023)"
    assert TOKEN not in caplog.text + repr(payloads) + repr(found)


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_error_does_not_tell_the_token(provider_server: Loopback, status: int) -> None:
    provider_server.on(f"{PATH}/{TOKEN}", Reply(TOKEN.encode(), status=status))
    with (
        client_for(provider_server, SOURCE, {"inegi": TOKEN}) as client,
        pytest.raises(FetchError) as caught,
    ):
        list(Inegi().fetch(SOURCE, [a_feed()], client))
    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.issues}"
    assert "/2.0/KEY" in str(caught.value)


def test_without_a_token_nothing_is_asked(provider_server: Loopback) -> None:
    with (
        client_for(provider_server, SOURCE) as client,
        pytest.raises(NeedsKeyError, match="TWOTRACK_KEY_INEGI"),
    ):
        list(Inegi().fetch(SOURCE, [a_feed()], client))
    assert provider_server.requests == []


@pytest.mark.parametrize(
    ("freq", "written", "period"),
    [("A", "2023", "2023"), ("Q", "2023/03", "2023-Q3"), ("M", "2023/11", "2023-11")],
)
def test_periods_are_read_by_the_frequency_of_the_feed(
    freq: str, written: str, period: str
) -> None:
    answer = the_answer()
    answer["Series"][0]["OBSERVATIONS"] = [{"TIME_PERIOD": written, "OBS_VALUE": "1"}]
    (found,) = parse(answer, a_feed(freq=freq))
    assert (found.freq, found.time_period) == (freq, period)
    with pytest.raises(ContractError, match="periods of frequency"):
        parse(answer, a_feed(freq="A" if freq != "A" else "M"))


def series(**changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = the_answer()
    answer["Series"][0].update(changes)
    return answer


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON, found nothing"),
        (b"<html>Error</html>", "JSON, found a page of HTML"),
        (case("inegi/indicator/annual.json")[:300], "JSON, found bytes"),
        (case("inegi/indicator/no-results.json"),
         "ErrorInfo:No se encontraron resultados, .*ErrorCode:100"),
        (json.dumps([f"ErrorInfo:token {TOKEN}"]).encode(), "a series, found ErrorInfo$"),
        ({}, "a list Series with one series"),
        ({"Series": []}, "a list Series with one series"),
        (series(LASTUPDATE=None), "LASTUPDATE in the series"),
        (series(LASTUPDATE="hoy"), "LASTUPDATE like 24/09/2026"),
        (series(OBSERVATIONS=[]), "observations of 1000000001, found none"),
        (series(OBSERVATIONS=[1]), "texts TIME_PERIOD and OBS_VALUE"),
        (series(OBSERVATIONS=[{"TIME_PERIOD": "2023", "OBS_VALUE": [5]}]), "texts TIME_PERIOD"),
        (series(OBSERVATIONS=[{"TIME_PERIOD": "2023", "OBS_VALUE": "5"}] * 2), "each period once"),
        (series(INDICADOR="7"), "indicator 1000000001, found 7"),
        (series(UNIT_MULT="6"), "UNIT_MULT empty or 0, found '6'"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_known_shape_is_refused(body: Any, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(body)


@pytest.mark.parametrize(
    "body",
    [
        series(LASTUPDATE="31/02/2026"),
        series(OBSERVATIONS=[{"TIME_PERIOD": "2023", "OBS_VALUE": "n.d."}]),
    ],
)
def test_a_bad_cell_is_a_parse_error(body: Any) -> None:
    with pytest.raises(ParseError):
        parse(body)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {"area": "00"}}, "select with indicator"),
        ({"select": {"indicator": "../x"}}, "indicator and area in digits"),
        ({"select": {"indicator": "1", "bank": "BOSE"}}, "bank BISE or BIE"),
        ({"select": {"indicator": "1", "area": "0/0"}}, "indicator and area in digits"),
        ({"freq": "D"}, "frequency A, Q, M"),
        ({"counterpart_areas": ["USA"]}, "no counterpart"),
    ],
)
def test_a_feed_that_cannot_be_asked_for_is_refused(
    changes: dict[str, Any], words: str, provider_server: Loopback
) -> None:
    with (
        client_for(provider_server, SOURCE, {"inegi": TOKEN}) as client,
        pytest.raises(ContractError, match=words),
    ):
        list(Inegi().fetch(SOURCE, [a_feed(**changes)], client))
    assert provider_server.requests == []
