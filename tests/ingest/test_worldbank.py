from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from config.schema import Area, Feed, LocalText, Schedule, Source
from ingest.adapter import Adapter, BoundFeed, Payload, RawObservation
from ingest.content import Content
from ingest.errors import ContractError, FetchError, IngestError, ParseError
from ingest.http import Client
from ingest.sources.worldbank import WorldBank
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import as_figures, figures, stated

CASES = Path(__file__).parents[1] / "payloads" / "worldbank"
SHARED = Path(__file__).parents[2].parent / "shared" / "payloads" / "worldbank"
FIVE = ["TCD", "ETH", "KEN", "RWA", "SSD"]
HOMICIDE = "VC.IHR.PSRC.P5"
PATH = f"/v2/country/MEX;USA/indicator/{HOMICIDE}"
BASE = "https://api.worldbank.org"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MEXICO = Area(
    id="MEX",
    name=LocalText(en="Mexico", es="México"),
    kind="country",
    standard="ISO 3166-1 alpha-3",
    iso2="MX",
)


def a_source(**changes: Any) -> Source:
    return Source(
        **{
            "id": "world-bank",
            "name": LocalText(en="World Bank", es="Banco Mundial"),
            "provider": "world-bank",
            "adapter": "worldbank",
            "url": f"{BASE}/v2",
            "allowed_hosts": ["api.worldbank.org"],
            "schedule": Schedule(cron="0 6 * * *"),
            **changes,
        }
    )


def a_feed(
    indicator: str = HOMICIDE, areas: Sequence[str] = ("MEX", "USA"), **changes: Any
) -> BoundFeed:
    feed = Feed(
        **{
            "source": "world-bank",
            "measure": "rate",
            "facets": {"source-type": "compiled"},
            "freq": "A",
            "ref_areas": list(areas),
            "select": {"indicator": indicator},
            **changes,
        }
    )
    return BoundFeed("homicide-rate", feed)


def a_payload(body: bytes, page: int = 1, path: str = PATH) -> Payload:
    return Payload(f"{BASE}{path}?format=json&per_page=1000&page={page}", Content.of(body), NOW)


def case(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CASES / name).glob("page-*"))]


def parse(
    *bodies: bytes, feeds: Sequence[BoundFeed] = (), areas: Mapping[str, Area] | None = None
) -> list[RawObservation]:
    payloads = [a_payload(body, page) for page, body in enumerate(bodies, start=1)]
    return stated(WorldBank(areas).parse(a_source(), feeds or [a_feed()], payloads))


def altered(change: Callable[[dict[str, Any], list[dict[str, Any]]], object]) -> bytes:
    """The homicide case on one page, header and rows changed in place."""
    pages = [json.loads(body) for body in case("homicide-mex-usa")]
    header, rows = pages[0][0] | {"pages": 1}, pages[0][1] + pages[1][1]
    change(header, rows)
    return json.dumps([header, rows]).encode()


@pytest.fixture
def client(provider_server: Loopback) -> Iterator[Client]:
    with Client(
        "two-track/0 (test)",
        frozenset({"api.worldbank.org"}),
        {"worldbank": provider_server.url},
        sleep=lambda _: None,
        clock=lambda: NOW,
    ) as client:
        yield client


def test_it_is_an_adapter() -> None:
    adapter: Adapter = WorldBank()
    assert adapter.recipe


def test_fetch_asks_for_all_pages_and_keeps_their_bytes(
    provider_server: Loopback, client: Client
) -> None:
    pages = case("homicide-mex-usa")
    provider_server.replay(PATH, pages)
    source = a_source(options={"date": "2002:2020", "per_page": 4})
    payloads = list(WorldBank().fetch(source, [a_feed()], client))
    assert [payload.body for payload in payloads] == pages
    assert [payload.origin for payload in payloads] == [
        f"{BASE}{PATH}?format=json&per_page=4&date=2002:2020&page={page}" for page in (1, 2)
    ]
    assert {payload.retrieved_at for payload in payloads} == {NOW}
    assert {payload.media_type for payload in payloads} == {"application/json"}
    assert [asked.query["page"] for asked in provider_server.requests] == ["1", "2"]
    assert provider_server.requests[0].query["date"] == "2002:2020"


def test_fetch_asks_for_a_thousand_rows_and_all_years_by_default(
    provider_server: Loopback, client: Client
) -> None:
    provider_server.replay(PATH, case("no-rows"))
    list(WorldBank().fetch(a_source(), [a_feed()], client))
    (asked,) = provider_server.requests
    assert asked.query == {"format": "json", "per_page": "1000", "page": "1"}


def test_feeds_of_one_indicator_are_one_request(provider_server: Loopback, client: Client) -> None:
    provider_server.replay(PATH, case("homicide-mex-usa"))
    feeds = [a_feed(areas=["MEX"]), a_feed(areas=["USA", "MEX"], measure="other")]
    payloads = list(WorldBank().fetch(a_source(), feeds, client))
    assert len(payloads) == 2
    found = stated(WorldBank().parse(a_source(), feeds, payloads))
    assert [(row.measure, row.ref_area) for row in found] == [
        ("rate", "MEX"),
        ("other", "MEX"),
    ] * 3 + [("other", "USA")]


def test_parse_keeps_the_published_digits_and_the_place() -> None:
    found = parse(*case("homicide-mex-usa"))
    assert found[0] == RawObservation(
        indicator="homicide-rate",
        measure="rate",
        facets="source-type=compiled",
        freq="A",
        ref_area="MEX",
        counterpart_area=None,
        time_period="2020",
        value="28.3706033950892",
        locator="page 1, row 1 (MEX 2020)",
        origin=f"{BASE}{PATH}?format=json&per_page=1000&page=1",
        published_on=date(2022, 7, 20),
    )
    assert [(row.ref_area, row.time_period, row.value) for row in found[1:]] == [
        ("MEX", "2019", "28.7367023185144"),
        ("MEX", "2018", "29.0710616247707"),
        ("USA", "2002", "5.64920595465642"),
    ]
    assert found[-1].locator == "page 2, row 2 (USA 2002)"


@pytest.mark.parametrize("digits", ["26.10", "0.1", "1E-7", "12345678901234567890.5", "-0.0"])
def test_no_digit_is_lost_or_made_up(digits: str) -> None:
    body = altered(lambda _, rows: rows[0].update(value=1234.5)).replace(b"1234.5", digits.encode())
    assert parse(body)[0].value == digits


def test_pages_may_come_in_any_order() -> None:
    pages = [a_payload(body, page) for page, body in enumerate(case("homicide-mex-usa"), start=1)]
    found = list(WorldBank().parse(a_source(), [a_feed()], pages[::-1]))
    assert found == list(WorldBank().parse(a_source(), [a_feed()], pages))


def test_a_year_without_figure_and_status_is_said_to_have_none_and_never_zero() -> None:
    pages = [a_payload(body, page) for page, body in enumerate(case("homicide-mex-usa"), start=1)]
    found = list(WorldBank().parse(a_source(), [a_feed()], pages))
    absent = [row for row in found if row.absent]
    assert [(row.ref_area, row.time_period, row.value) for row in absent] == [
        ("USA", "2004", None),
        ("USA", "2003", None),
    ]
    missing = parse(altered(lambda _, rows: rows[3].update(obs_status="M")))[3]
    assert (missing.time_period, missing.value, missing.obs_status) == ("2004", None, "M")


def test_a_status_of_sdmx_is_passed_on() -> None:
    found = parse(altered(lambda _, rows: rows[0].update(obs_status="E")))
    assert [row.obs_status for row in found] == ["E", "A", "A", "A"]


@pytest.mark.parametrize("second", [b"null", b"[]"])
@pytest.mark.parametrize("count", [b"0", b'"0"'])
def test_no_rows_are_no_observations(second: bytes, count: bytes) -> None:
    assert parse(*case("no-rows")) == []
    header = b'{"page":1,"pages":1,"per_page":"50","total":%b,"lastupdated":"2022-07-20"}' % count
    assert parse(b"[%b,%b]" % (header, second)) == []


def test_counts_may_be_text_and_a_byte_order_mark_may_lead() -> None:
    body = altered(lambda header, _: header.update(page="1", pages="1", per_page="50", total="6"))
    assert len(parse(b"\xef\xbb\xbf" + body)) == 4


@pytest.mark.parametrize(
    ("written", "freq", "period"), [("2020Q1", "Q", "2020-Q1"), ("2020M01", "M", "2020-01")]
)
def test_quarters_and_months_become_sdmx(written: str, freq: str, period: str) -> None:
    def one(header: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        del rows[1:]
        rows[0].update(date=written)
        header.update(total=1)

    (found,) = parse(altered(one), feeds=[a_feed(freq=freq)])
    assert (found.freq, found.time_period) == (freq, period)
    with pytest.raises(ContractError, match=f"dates of frequency A, found {period}"):
        parse(altered(one))


def test_without_three_letters_the_two_letters_count() -> None:
    body = altered(lambda _, rows: rows[0].update(countryiso3code=""))
    assert parse(body, areas={"MEX": MEXICO})[0].ref_area == "MEX"
    with pytest.raises(ContractError, match="'MX' is no two-letter code"):
        parse(body)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("error-120", r"id 120 \(Invalid value: The provided parameter value is not valid\)"),
        ("error-175", r"id 175 \(Invalid format: The indicator was not found"),
    ],
)
def test_an_error_with_status_200_is_told_in_the_providers_words(
    provider_server: Loopback, client: Client, name: str, words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(*case(name))
    provider_server.replay(PATH, case(name))
    payloads = list(WorldBank().fetch(a_source(), [a_feed()], client))
    assert [payload.body for payload in payloads] == case(name)
    with pytest.raises(ContractError, match=words):
        list(WorldBank().parse(a_source(), [a_feed()], payloads))


def test_html_with_status_400_passes(provider_server: Loopback, client: Client) -> None:
    (html,) = case("html-400")
    pages = case("homicide-mex-usa")
    broken = Reply(html, 400, media_type="text/html")
    provider_server.on(PATH, broken, broken, Reply(pages[0]), query={"page": "1"})
    provider_server.on(PATH, broken, Reply(pages[1]), query={"page": "2"})
    payloads = list(WorldBank().fetch(a_source(), [a_feed()], client))
    assert [payload.body for payload in payloads] == pages


def test_html_with_status_400_that_stays_is_an_error(
    provider_server: Loopback, client: Client
) -> None:
    provider_server.on(PATH, Reply(case("html-400")[0], 400, media_type="text/html"))
    with pytest.raises(FetchError, match=r"failed for a moment \(HTTP 400\) \(tried 4 times\)"):
        list(WorldBank().fetch(a_source(), [a_feed()], client))


def test_json_with_status_400_is_final(provider_server: Loopback, client: Client) -> None:
    provider_server.on(PATH, Reply(case("error-120")[0], 400))
    with pytest.raises(FetchError, match="HTTP 400"):
        list(WorldBank().fetch(a_source(), [a_feed()], client))
    assert len(provider_server.requests) == 1


def test_pages_are_counted_on_the_first_page_only(
    provider_server: Loopback, client: Client
) -> None:
    first, second = case("homicide-mex-usa")
    second = second.replace(b'"pages":2', b'"pages":1')
    provider_server.replay(PATH, [first, second])
    payloads = list(WorldBank().fetch(a_source(), [a_feed()], client))
    assert len(stated(WorldBank().parse(a_source(), [a_feed()], payloads))) == 4


@pytest.mark.parametrize(
    ("old", "new"), [(b'"total":6', b'"total":7'), (b"2022-07-20", b"2022-07-21")]
)
def test_data_that_change_between_pages_are_refused(old: bytes, new: bytes) -> None:
    first, second = case("homicide-mex-usa")
    with pytest.raises(ContractError, match="the data changed between the pages") as caught:
        parse(first, second.replace(old, new))
    assert caught.value.origin.endswith("page=2")


def test_pages_that_lack_or_come_twice_are_refused() -> None:
    first, second = case("homicide-mex-usa")
    for bodies in ([first], [second], [first, first], [first, second, second]):
        with pytest.raises(ContractError, match="expected pages 1, 2"):
            parse(*bodies)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda header, _: header.update(total=7), "expected 7 rows.*found 6: truncated"),
        (lambda _, rows: rows.pop(), "expected 6 rows.*found 5: truncated"),
        (lambda header, _: header.pop("pages"), "pages as a whole number, found nothing"),
        (lambda header, _: header.update(page="one"), "page as a whole number, found 'one'"),
        (lambda header, _: header.update(pages=10**6), "at most 500 pages"),
        (lambda header, _: header.update(lastupdated=None), "lastupdated like"),
        (lambda header, _: header.update(lastupdated="20 July"), "lastupdated like"),
        (
            lambda _, rows: rows[0].update(countryiso3code="CAN"),
            r"rows of MEX, USA only.*\(CAN 2020\)",
        ),
        (
            lambda _, rows: rows[0]["indicator"].update(id="SP.POP.TOTL"),
            "SP.POP.TOTL at page 1, row 1",
        ),
        (lambda _, rows: rows[0].update(indicator=None), "object indicator at page 1, row 1"),
        (lambda _, rows: rows[0].update(obs_status="Z"), "obs_status empty or one of A, B.*'Z'"),
        (lambda _, rows: rows[0].pop("obs_status"), "text obs_status at page 1, row 1"),
        (lambda _, rows: rows[0].pop("value"), "value at page 1, row 1"),
        (lambda _, rows: rows[0].update(date="20"), "a date like 2020.*'20'"),
        (lambda _, rows: rows[0].update(date=2020), "text date"),
        (lambda _, rows: rows[0].update(date="2020Q5"), "a date like 2020"),
        (
            lambda _, rows: rows[1].update(date="2020"),
            r"row 2 \(MEX 2020\) again after page 1, row 1",
        ),
        (lambda _, rows: rows.__setitem__(0, "text"), "an object at page 1, row 1"),
    ],
)
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[dict[str, Any], list[dict[str, Any]]], object], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(altered(change))


@pytest.mark.parametrize("value", ["28.4", "..", True, [1], {"a": 1}])
def test_a_value_that_is_no_number_is_told_with_its_place(value: object) -> None:
    with pytest.raises(ParseError, match="value must be a number or null") as caught:
        parse(altered(lambda _, rows: rows[0].update(value=value)))
    assert caught.value.locator == "page 1, row 1 (MEX 2020)"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"{}", b"[]", b"[[]]", b"[{}]", b"[{},[],[]]", b'[{"page":1}', b"\xff\xfe[",
        b'[{"page":1,"pages":1,"total":0},{}]', b"[" * 100_000, b'[{"message":"down"}]',
        b'[{"page":1,"pages":1,"total":1,"lastupdated":"2022-07-20"},[NaN]]',
        b"<html><body>Sorry</body></html>", b"\xef\xbb\xbf<!DOCTYPE html>",
    ],
)  # fmt: skip
def test_whatever_comes_is_a_contract_error_at_worst(body: bytes) -> None:
    with pytest.raises(ContractError):
        parse(body)


def test_html_is_called_html() -> None:
    with pytest.raises(ContractError, match="expected JSON, found a page of HTML"):
        parse(b"\xef\xbb\xbf<!DOCTYPE html><html>Request Error</html>")


def test_an_answer_belongs_to_the_indicator_in_its_address() -> None:
    (body,) = case("no-rows")
    stray = a_payload(body, path="/v2/country/MEX/indicator/SP.POP.TOTL")
    with pytest.raises(ContractError, match=f"an answer on {HOMICIDE}, found one on SP.POP.TOTL"):
        list(WorldBank().parse(a_source(), [a_feed()], [stray]))
    with pytest.raises(ContractError, match=f"an answer on {HOMICIDE}, found none"):
        list(WorldBank().parse(a_source(), [a_feed()], []))


@pytest.mark.parametrize(
    ("source", "feed", "words"),
    [
        (a_source(options={"dates": "2000"}), a_feed(), "found dates: 2000"),
        (a_source(options={"date": "2000&page=9"}), a_feed(), "found date: 2000&page=9"),
        (a_source(url=None), a_feed(), "expected url"),
        (a_source(), a_feed(select={}), "select with indicator"),
        (a_source(), a_feed("A;B"), "select with indicator"),
        (a_source(), a_feed(areas=["MEX", "USA-MEX"]), "three letters, found USA-MEX"),
        (a_source(), a_feed(counterpart_areas=["USA"]), "no counterpart_areas"),
    ],
)
def test_a_feed_that_cannot_be_asked_for_is_refused(
    client: Client, provider_server: Loopback, source: Source, feed: BoundFeed, words: str
) -> None:
    with pytest.raises(IngestError, match=words):
        list(WorldBank().fetch(source, [feed], client))
    assert provider_server.requests == []


def _recorded(name: str) -> list[Any]:
    path = SHARED / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no recorded answers in {SHARED}")
    pages: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return pages


def _recorded_pages(indicator: str) -> list[bytes]:
    pages = _recorded(f"recorded_country__{'-'.join(FIVE)}__indicator__{indicator}")
    return [json.dumps(page).encode() for page in pages]


def _replayed(
    server: Loopback, client: Client, indicator: str, bodies: list[bytes]
) -> list[RawObservation]:
    feeds = [a_feed(indicator, FIVE, measure="population", facets={})]
    server.replay(f"/v2/country/{';'.join(FIVE)}/indicator/{indicator}", bodies)
    payloads = list(WorldBank().fetch(a_source(), feeds, client))
    return stated(WorldBank().parse(a_source(), feeds, payloads))


def test_recorded_pages_of_five_countries(provider_server: Loopback, client: Client) -> None:
    bodies = _recorded_pages("SP.POP.TOTL")
    found = _replayed(provider_server, client, "SP.POP.TOTL", bodies)
    rows = [row for page in _recorded_rows(bodies) for row in page if row["value"] is not None]
    assert len(provider_server.requests) == 4
    assert [(row.ref_area, row.time_period, row.value) for row in found] == [
        (row["countryiso3code"], row["date"], str(row["value"])) for row in rows
    ]
    assert {row.ref_area for row in found} == set(FIVE)
    assert {row.published_on for row in found} == {date(2026, 7, 13)}
    assert found[0].value == "135472051"
    assert found[0].locator == "page 1, row 1 (ETH 2025)"


def test_recorded_pages_of_a_sparse_indicator(provider_server: Loopback, client: Client) -> None:
    bodies = _recorded_pages("FX.OWN.TOTL.ZS")
    found = _replayed(provider_server, client, "FX.OWN.TOTL.ZS", bodies)
    figures = sum(row["value"] is not None for page in _recorded_rows(bodies) for row in page)
    assert 0 < len(found) == figures < 330
    assert found[0].value == "48.8302767819942"


def _recorded_rows(bodies: list[bytes]) -> list[list[dict[str, Any]]]:
    return [json.loads(body)[1] for body in bodies]


def test_recorded_answer_on_an_archived_indicator(
    provider_server: Loopback, client: Client
) -> None:
    bodies = _recorded_pages("IC.REG.DURS")
    with pytest.raises(ContractError, match=r"id 175.*deleted or archived"):
        _replayed(provider_server, client, "IC.REG.DURS", bodies)


def test_recorded_answer_on_an_invalid_value() -> None:
    body = json.dumps(_recorded("error_invalid_value_http200")).encode()
    with pytest.raises(ContractError, match="id 120"):
        parse(body)


def test_recorded_compact_answer() -> None:
    body = json.dumps(_recorded("wire_SP.POP.TOTL_MEX_2023_from_doc")).encode()
    path = "/v2/country/MEX/indicator/SP.POP.TOTL"
    feeds = [a_feed("SP.POP.TOTL", ["MEX"])]
    (found,) = WorldBank().parse(a_source(), feeds, [a_payload(body, path=path)])
    assert (found.ref_area, found.time_period, found.value) == ("MEX", "2023", "129739759")


# --- the file that the World Bank hands out ---

FILE = next((CASES / "file").iterdir()).read_bytes()
FILE_URL = f"{BASE}/v2/en/indicator/{HOMICIDE}?downloadformat=csv"


def zipped(**members: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(f"{name}.csv", body)
    return packed.getvalue()


def parse_file(body: bytes, *feeds: BoundFeed) -> list[RawObservation]:
    payload = Payload(FILE_URL, Content.of(body), NOW)
    return stated(WorldBank().parse(a_source(), feeds or [a_feed()], [payload]))


def test_the_file_holds_what_the_api_states() -> None:
    found = parse_file(FILE)
    assert {(row.ref_area, row.published_on) for row in found} == {
        ("MEX", date(2022, 7, 20)),
        ("USA", date(2022, 7, 20)),
    }
    told = {(row.ref_area, row.time_period): row.value for row in found}
    for row in parse(*case("homicide-mex-usa")):
        assert told[row.ref_area, row.time_period] == row.value
    assert ("USA", "2004") not in told
    assert len(told) == len(found)
    assert found[0].locator == "line 7 (MEX 1990)"


def test_the_file_may_be_zipped() -> None:
    body = zipped(API_VC=FILE, Metadata_Country=b"x", Metadata_Indicator=b"y")
    assert parse_file(body) == parse_file(FILE)
    for names in ({"other": FILE}, {"API_a": FILE, "API_b": FILE}):
        with pytest.raises(ContractError, match="one file API_"):
            parse_file(zipped(**names))


def test_a_file_says_nothing_of_other_indicators() -> None:
    feeds = [a_feed(), a_feed("SP.POP.TOTL", measure="population")]
    assert parse_file(FILE, *feeds) == parse_file(FILE)
    with pytest.raises(ContractError, match=f"a file on SP.POP.TOTL, found one on {HOMICIDE}"):
        parse_file(FILE, feeds[1])


def test_a_file_tells_where_it_was_handed_out() -> None:
    assert WorldBank().address_of(a_source(), Content.of(FILE)) == FILE_URL
    for page in case("homicide-mex-usa"):
        assert WorldBank().address_of(a_source(), Content.of(page)) is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"Last Updated Date"', b'"Date"', "Last Updated Date in front"),
        (b"2022-07-20", b"20 July 2022", "lastupdated like"),
        (b'"Country Code"', b'"Code"', "columns Country Name, Country Code"),
        (b'"1960"', b'"year"', "a date like 2020"),
        (b'"2021",\n', b'"2021"\n', "a comma at the end"),
        (b'"Aruba",', b"", r"66 columns in every line, found 66 in line 6"),
        (b'"Aruba","ABW"', b'"Mexico","MEX"', r"line 7 \(MEX 1960\) again after line 6"),
        (b'","VC.IHR.PSRC.P5","","', b'","X","","', "one indicator, found"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbf\xff", "expected JSON"),
        (b"Aruba", b"Aruba\xff", "text in UTF-8"),
        (b"Aruba", b'Ar"uba', "damaged or cut off"),
    ],
)
def test_a_file_of_another_form_is_refused(old: bytes, new: bytes, words: str) -> None:
    assert old in FILE
    with pytest.raises(ContractError, match=words):
        parse_file(FILE.replace(old, new, 1))


@pytest.mark.parametrize("length", [20, 60, 300, 1000, len(FILE) - 1])
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ContractError):
        parse_file(FILE[:length])


def test_a_figure_in_a_file_that_is_none_is_told_with_its_place() -> None:
    with pytest.raises(ParseError, match="a number or null") as caught:
        parse_file(FILE.replace(b'"5.64920595465642"', b'"about 6"'))
    assert caught.value.locator == "line 8 (USA 2002)"


def test_the_recorded_file() -> None:
    path = SHARED / "API_VC.IHR.PSRC.P5_DS2_en_csv_v2_4355130.csv"
    if not path.exists():
        pytest.skip(f"no {path}")
    found = parse_file(path.read_bytes(), a_feed(areas=["MEX", "USA", "GTM", "HND", "SLV"]))
    collected = figures("homicide_rate__world_bank", path.name)
    assert as_figures(found) == set(collected)
    assert len(found) == len(collected) == 140
