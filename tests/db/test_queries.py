from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.pool import QueuePool

from config.catalog import read_checked_table
from config.periods import parse_period
from config.schema import TableRow, format_facets
from db.copy import copy_database
from db.engine import Engine, make_engine
from db.queries import (
    ObservationQuery,
    claims,
    count_observations,
    data_version,
    end_of,
    issues,
    last_content,
    last_loaded,
    observations,
    runs,
    series_keys,
    source_records,
)
from db.records import Issue, Observation, RunStatus, SeriesKey
from db.writer import fail_run, finish_unchanged
from tests.broken import CONFIG
from tests.postgres import Server
from tests.stores import KEY, Loaded, a_vintage, load, open_run, stored

TABLES = CONFIG / "tables"
AID = {"stage": "obligated", "programme": "all-aid"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(loaded: Loaded, request: pytest.FixtureRequest) -> Iterator[Loaded]:
    """All tables and articles, on either database."""
    if request.param == "sqlite":
        yield loaded
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create()
    writer, reader = make_engine(url), make_engine(url, read_only=True)
    copy_database(loaded.engine, writer)
    writer.dispose()
    yield dataclasses.replace(loaded, engine=reader)
    reader.dispose()
    server.drop(url)


def values(engine: Engine, query: ObservationQuery) -> list[str]:
    return [str(each.value) for each in observations(engine, query)]


def obligations(as_of: date | None, *, history: bool = False) -> ObservationQuery:
    return ObservationQuery(
        indicator="merida-spending",
        measure="aid",
        source="foreign-assistance",
        facets=AID,
        ref_area=["USA"],
        counterpart_area=["MEX"],
        period_from=date(2020, 9, 30),
        period_to=date(2019, 10, 1),
        as_of=as_of,
        history=history,
    )


# --- the figures that are loaded ---


def test_everything_loads_without_a_failure(loaded: Loaded) -> None:
    assert {outcome.status for outcome in loaded.outcomes} == {RunStatus.OK}
    files = {"articles", *(path.stem.split(".")[1] for path in TABLES.glob("*.csv"))}
    assert {outcome.source for outcome in loaded.outcomes} == files


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2021, 6, 27), []),
        (date(2021, 6, 28), ["72115313"]),
        (date(2022, 1, 1), ["72115313"]),
        (date(2023, 9, 28), ["72115313"]),
        (date(2023, 9, 29), ["270272657"]),
        (None, ["270272657"]),
    ],
)
def test_us_obligations_to_mexico_in_fy2020_as_known_then_and_now(
    loaded: Loaded, as_of: date | None, expected: list[str]
) -> None:
    assert values(loaded.engine, obligations(as_of)) == expected


def test_history_holds_every_vintage_up_to_a_day(loaded: Loaded) -> None:
    both = list(observations(loaded.engine, obligations(None, history=True)))
    assert [str(each.value) for each in both] == ["72115313", "270272657"]
    assert both[0].valid_to == both[1].valid_from == datetime(2023, 9, 29, tzinfo=UTC)
    early = obligations(date(2022, 1, 1), history=True)
    assert values(loaded.engine, early) == ["72115313"]


@pytest.mark.parametrize(
    ("source", "expected"), [("world-bank", "12.6390521335363"), ("owid-homicide", "12.689549")]
)
def test_two_sources_of_one_rate(loaded: Loaded, source: str, expected: str) -> None:
    query = ObservationQuery(
        indicator="homicide-rate",
        source=source,
        ref_area=["MEX"],
        period_from=date(2008, 1, 1),
        period_to=date(2008, 12, 31),
    )
    assert values(loaded.engine, query) == [expected]


def test_every_row_of_every_table_is_known_from_its_date(loaded: Loaded) -> None:
    spans: dict[tuple[str, str], list[Observation]] = {}
    for each in stored(loaded.engine):
        spans.setdefault((str(each.series), each.time_period), []).append(each)
    rows = 0
    for path in sorted((loaded.catalog.root / "tables").glob("*.csv")):
        for _, row in read_checked_table(loaded.catalog, path):
            assert isinstance(row, TableRow)
            rows += 1
            key = SeriesKey(
                row.indicator,
                row.measure,
                row.freq,
                row.ref_area,
                row.counterpart_area,
                row.source,
                format_facets(row.facets),
            )
            seen = loaded.catalog.documents[row.evidence].retrieved_on
            known = row.published_on or seen
            assert known is not None
            moment = datetime(known.year, known.month, known.day, tzinfo=UTC)
            (span,) = (
                each
                for each in spans[str(key), row.time_period]
                if each.valid_from <= moment and (each.valid_to is None or moment < each.valid_to)
            )
            assert row.value is not None
            assert span.value == row.value.scaleb(row.unit_mult), (path.name, row)
            if span.valid_from == moment:
                assert (span.published_on, span.evidence) == (row.published_on, row.evidence)
    assert rows == 3600


def test_claims_come_with_article_and_excerpt_in_order(loaded: Loaded) -> None:
    found = claims(loaded.engine)
    assert len(found) == 28
    order = [(each.article_date, each.article, each.char_start) for each in found]
    assert order == sorted(order)
    for claim in found:
        start = claim.char_start - claim.excerpt_start
        assert claim.excerpt_exact[start : start + len(claim.quote)] == claim.quote
        assert claim.char_end - claim.char_start == len(claim.quote)
    articles = {each.article for each in found}
    assert sum(len(claims(loaded.engine, article=name)) for name in articles) == 28
    indicators = {each.indicator for each in found}
    assert sum(len(claims(loaded.engine, indicator=name)) for name in indicators) == 28


def test_the_claims_are_those_of_the_catalogue(loaded: Loaded) -> None:
    articles = loaded.catalog.articles.values()
    wanted = {f"{a.id}/{c.id}": c for a in articles for c in a.claims}
    found = {each.id: each for each in claims(loaded.engine)}
    assert found.keys() == wanted.keys()
    for name, claim in wanted.items():
        row = found[name]
        assert (row.quote, row.value_low, row.value_high) == (
            claim.quote,
            claim.value_low,
            claim.value_high,
        )
        assert (row.comparator, row.rounding_unit) == (claim.comparator, claim.rounding_unit)
        assert (row.geography, row.ref_areas) == (tuple(claim.geography), tuple(claim.ref_areas))
        assert (row.period_start, row.period_end) == (claim.period_start, claim.period_end)
        assert (row.facets, row.status) == (format_facets(claim.facets), claim.status)


# --- filters ---


def all_of(loaded: Loaded, **filters: object) -> list[Observation]:
    return list(observations(loaded.engine, ObservationQuery(**filters)))  # type: ignore[arg-type]


def test_filters_restrict_and_combine(loaded: Loaded) -> None:
    everything = all_of(loaded)
    for name in ("indicator", "measure", "source", "freq"):
        for value in {getattr(each.series, name) for each in everything}:
            found = all_of(loaded, **{name: value})
            assert found == [each for each in everything if getattr(each.series, name) == value]
    two = all_of(loaded, ref_area=["MEX", "USA"], indicator="homicide-rate", freq="A")
    assert {each.series.ref_area for each in two} == {"MEX", "USA"}
    assert all_of(loaded, counterpart_area=["GTM"], indicator="homicide-rate") == []


def test_unknown_words_find_nothing(loaded: Loaded) -> None:
    for filters in ({"indicator": "x"}, {"facets": {"stage": "x"}}, {"series": ["a.b.c.d.e.f"]}):
        assert all_of(loaded, **filters) == []


@pytest.mark.parametrize(
    "facets",
    [
        {"programme": "merida"},
        {"stage": "obligated"},
        {"part": "all", "account": "all"},
        {"part": "al"},
    ],
)
def test_facets_are_whole_words(loaded: Loaded, facets: dict[str, str]) -> None:
    everything = all_of(loaded, indicator="merida-spending")
    wanted = [e for e in everything if facets.items() <= e.series.facet_values.items()]
    assert all_of(loaded, indicator="merida-spending", facets=facets) == wanted
    assert bool(wanted) is (facets != {"part": "al"})


def test_facets_take_no_wildcards(loaded: Loaded) -> None:
    assert all_of(loaded, facets={"stage": "%"}) == []
    assert all_of(loaded, facets={"stag_": "obligated"}) == []


def test_one_series_by_its_key(loaded: Loaded) -> None:
    found = all_of(loaded, series=[str(KEY)])
    assert {str(each.series) for each in found} == {str(KEY)}
    assert len(found) == len({each.time_period for each in found}) > 25


def test_days_are_inclusive_at_both_ends(loaded: Loaded) -> None:
    def years(first: date, last: date) -> list[str]:
        return [
            e.time_period
            for e in all_of(loaded, series=[str(KEY)], period_from=first, period_to=last)
        ]

    assert years(date(2008, 1, 1), date(2008, 12, 31)) == ["2008"]
    assert years(date(2008, 12, 31), date(2009, 1, 1)) == ["2008", "2009"]
    assert years(date(2009, 1, 1), date(2008, 12, 31)) == []


def test_order_is_series_period_vintage(loaded: Loaded) -> None:
    found = all_of(loaded, history=True)
    order = [(str(e.series), e.period_start, e.period_end, e.valid_from) for e in found]
    assert order == sorted(order)
    assert len(order) == len(set(order))
    for each in found:
        period = parse_period(each.time_period)
        assert (each.period_start, each.period_end) == (period.start, period.end)


def test_a_count_is_that_of_the_rows(loaded: Loaded) -> None:
    for query in (ObservationQuery(), ObservationQuery(history=True), obligations(None)):
        assert count_observations(loaded.engine, query) == len(stored(loaded.engine, query))


def test_rows_are_streamed_and_the_connection_returns(loaded: Loaded) -> None:
    pool = loaded.engine.pool
    assert isinstance(pool, QueuePool)
    rows = observations(loaded.engine, ObservationQuery(history=True))
    next(rows)
    assert pool.checkedout() == 1
    rows.close()  # type: ignore[attr-defined]
    assert pool.checkedout() == 0


def test_series_are_listed_in_order(loaded: Loaded) -> None:
    keys = series_keys(loaded.engine)
    assert [str(key) for key in keys] == sorted(str(key) for key in keys)
    assert KEY in keys
    assert {key.indicator for key in series_keys(loaded.engine, "trade")} == {"trade"}
    for key in keys:
        assert SeriesKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "a.b.c", "a.b.c.d.e.f.g=h.i", "a.b.c.d.e.f.nonsense"])
def test_what_is_no_series_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is"):
        SeriesKey.parse(text)


# --- moments ---


def test_a_day_ends_with_its_last_microsecond() -> None:
    end = end_of(date(2022, 1, 1))
    assert end == datetime(2022, 1, 1, 23, 59, 59, 999999, tzinfo=UTC)
    assert end + timedelta(microseconds=1) == datetime(2022, 1, 2, tzinfo=UTC)


def test_as_of_counts_the_whole_day(engine: Engine) -> None:
    noon = datetime(2022, 6, 15, 12, 0, tzinfo=UTC)
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    load(engine, a_vintage("2022-01-01", {"2020": "2"}, seen_at=noon))

    def known(day: date) -> list[str]:
        return [str(each.value) for each in observations(engine, ObservationQuery(as_of=day))]

    assert known(date(2021, 12, 31)) == []
    assert known(date(2022, 1, 1)) == ["1"]
    assert known(date(2022, 6, 14)) == ["1"]
    assert known(date(2022, 6, 15)) == ["2"]
    assert known(date(2100, 1, 1)) == ["2"]


def test_what_was_withdrawn_is_still_known_as_of_then(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "1"}, complete=True))
    load(engine, a_vintage("2023-01-01", {}, complete=True))
    assert values(engine, ObservationQuery()) == []
    assert values(engine, ObservationQuery(as_of=date(2022, 12, 31))) == ["1"]
    assert values(engine, ObservationQuery(history=True)) == ["1"]
    assert series_keys(engine) == [KEY]


# --- runs and sources ---


def test_runs_are_newest_first_and_limited(engine: Engine) -> None:
    ids = [open_run(engine, name) for name in ("a", "b", "a")]
    assert [run.id for run in runs(engine)] == ids[::-1]
    assert [run.id for run in runs(engine, "a")] == [ids[2], ids[0]]
    assert [run.id for run in runs(engine, limit=1)] == ids[2:]


def fail(engine: Engine, run_id: int, found: Sequence[Issue] = ()) -> None:
    fail_run(engine, run_id, RunStatus.FAILED, message="bad", error_class="X", issues=found)


def test_last_content_is_that_of_the_last_good_run(engine: Engine) -> None:
    assert last_content(engine, "world-bank", "worldbank") is None
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    fail(engine, open_run(engine))
    assert last_content(engine, "world-bank", "worldbank") == ("recipe", "hash")
    assert last_content(engine, "world-bank", "table") is None
    finish_unchanged(engine, open_run(engine), "other")
    assert last_content(engine, "world-bank", "worldbank") == ("recipe", "other")


def test_issues_keep_their_order(engine: Engine) -> None:
    found = [Issue("error", "b", "2", "x", "raw,1"), Issue("warning", "a", "1")]
    run_id = open_run(engine)
    fail(engine, run_id, found)
    assert issues(engine, run_id) == found


def test_the_record_of_a_source(engine: Engine) -> None:
    adapters = {"world-bank": "worldbank", "fred": "table"}
    empty = source_records(engine, adapters)
    assert empty["fred"].last_run is None
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    changed = runs(engine)[0].finished_at
    finish_unchanged(engine, open_run(engine), "hash")
    fail(engine, open_run(engine))
    open_run(engine)
    record = source_records(engine, adapters)["world-bank"]
    assert record.last_run is not None
    assert record.last_run.status is RunStatus.FAILED
    assert record.last_change == changed
    assert record.last_success is not None
    assert changed is not None
    assert record.last_success > changed
    assert (record.observations, record.newest_release) == (1, date(2022, 1, 1))


def test_a_release_that_only_confirms_is_the_newest_release(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    load(engine, a_vintage("2026-01-01", {"2020": "1"}))
    record = source_records(engine, {"world-bank": "worldbank"})["world-bank"]
    assert record.newest_release == date(2026, 1, 1)


def test_seed_tables_are_no_contact_with_a_provider(engine: Engine) -> None:
    run_id = open_run(engine, adapter="table")
    finish_unchanged(engine, run_id, "hash")
    record = source_records(engine, {"world-bank": "worldbank"})["world-bank"]
    assert (record.last_run, record.last_success) == (None, None)


def test_the_version_of_the_data_changes_with_every_run_that_ends(engine: Engine) -> None:
    seen = [data_version(engine)]
    assert last_loaded(engine) is None
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    seen.append(data_version(engine))
    assert last_loaded(engine) == runs(engine)[0].finished_at
    run_id = open_run(engine)
    fail(engine, run_id)
    seen.append(data_version(engine))
    assert len(set(seen)) == 3


def test_queries_work_on_a_writing_engine_too(engine: Engine) -> None:
    load(engine, a_vintage("2022-01-01", {"2020": "1"}))
    with engine.begin():  # a writer is at work
        assert values(engine, ObservationQuery()) == ["1"]
        assert source_records(engine, {"world-bank": "worldbank"})
