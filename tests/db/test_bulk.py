"""The bulk way of loading gives what the general way gives."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from db import tables as t
from db import writer
from db.bulk import pack, unpack, unpack_all
from db.engine import Engine, make_engine
from db.migrations import upgrade
from db.records import Changes, Reading, Snapshot, Vintage
from db.writer import Load, load_series
from tests.bench.load import main, vintages
from tests.stores import ADAPTER, KEY, UNITS, a_vintage, day, load, open_run, spans

KEYS = [replace(KEY, ref_area=area) for area in ("MEX", "USA", "GTM")]
MOMENTS = ["2021-01-01", "2022-01-01", "2023-01-01"]
BYTES = ["a" * 64, "b" * 64]
READINGS = st.lists(
    st.builds(
        lambda period, value, status, note, evidence: Reading(
            period, None if value is None else Decimal(value), status, note, evidence
        ),
        st.sampled_from(["2018", "2019", "2020-Q1", "FY2020"]),
        st.sampled_from(["1", "1.0", "26.1", "26.10", "1E+3", "-0.0000001", None]),
        st.sampled_from(["A", "A", "P"]),
        st.sampled_from(["", "", "é\n"]),
        st.sampled_from([None, None, "doc"]),
    ),
    unique_by=lambda reading: reading.time_period,
    max_size=4,
)


@st.composite
def vintages_of_a_run(draw: st.DrawFn) -> list[Vintage]:
    """One or two releases each of some series."""
    found = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1)):
        for moment in draw(st.lists(st.sampled_from(MOMENTS), unique=True, max_size=2)):
            vintage = a_vintage(moment, {}, key=key, complete=draw(st.booleans()))
            dated = draw(st.booleans())
            found.append(
                replace(
                    vintage,
                    readings=tuple(draw(READINGS)),
                    published_on=vintage.published_on if dated else None,
                    raw_sha256=draw(st.sampled_from(BYTES)),
                    seen_at=day(draw(st.sampled_from(["2024-01-01", "2024-02-01"]))),
                )
            )
    return found


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('bulk') / 'x.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def after(engine: Engine, runs: Sequence[Sequence[Vintage]]) -> tuple[list[Changes], list[Any]]:
    """What each run changed, and all rows at the end; ids of series by their key."""
    with engine.begin() as connection:
        for table in (t.observation, t.vintage, t.series, t.payload, t.snapshot, t.run):
            connection.execute(delete(table))
    snapshots = [Snapshot(each, "world-bank", each, day("2024-01-01"), 1) for each in BYTES]
    changes = []
    for vintages_ in runs:
        one = Load(vintages_, UNITS, ADAPTER, snapshots=snapshots)
        changes.append(load_series(engine, open_run(engine), [one], "hash"))
    with engine.connect() as connection:
        keys = {row.id: row.key for row in connection.execute(select(t.series))}
        rows = []
        for table in (t.observation, t.vintage):
            for row in connection.execute(select(table)):
                found = row._asdict()
                found["series_id"] = keys[found["series_id"]]
                rows.append(sorted((name, repr(value)) for name, value in found.items()))
    return changes, sorted([*rows, *([("key", key)] for key in keys.values())])


@given(runs=st.lists(vintages_of_a_run(), min_size=1, max_size=3), again=st.booleans())
def test_both_ways_give_the_same(
    scratch: Engine, runs: list[list[Vintage]], *, again: bool
) -> None:
    runs = [*runs, *(runs[-1:] if again else [])]
    fast = after(scratch, runs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "in_bulk", lambda _c, _r, _o, incoming, *_: (Changes(), incoming))
        slow = after(scratch, runs)
    assert fast == slow


def test_nearly_all_takes_the_bulk_way(scratch: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would compare nothing."""

    def refuse(*_: object) -> None:
        raise AssertionError("this is for the bulk way")

    after(scratch, [])
    monkeypatch.setattr(writer, "read_history", refuse)
    releases = [a_vintage("2022-01-01", {"2019": "1", "2020": "2.50"}, key=key) for key in KEYS]
    assert load(scratch, *releases) == (6, 0, 0, 0, 0)
    assert load(scratch, *releases) == (0, 0, 0, 0, 6)
    later = [replace(each, seen_at=day("2024-01-01")) for each in releases]
    assert load(scratch, *later) == (0, 0, 0, 0, 6)
    with pytest.raises(AssertionError, match="bulk way"):
        load(scratch, a_vintage("2022-01-01", {"2019": "1", "2020": "2.5"}))


def test_what_is_no_figure_is_refused_by_either_way(engine: Engine) -> None:
    bad = replace(a_vintage("2022-01-01", {}), readings=(Reading("2020", Decimal("NaN"), "A"),))
    with pytest.raises(ValueError, match="NaN is no figure"):
        load(engine, bad)
    assert spans(engine) == []


def test_many_series_in_several_batches(engine: Engine) -> None:
    keys = [replace(KEY, facets=f"part=p{number:04}") for number in range(1_201)]
    releases = [a_vintage("2022-01-01", {"2020": str(n)}, key=key) for n, key in enumerate(keys)]
    assert load(engine, *releases) == (1_201, 0, 0, 0, 0)
    assert load(engine, *releases) == (0, 0, 0, 0, 1_201)
    assert sorted(int(span[1] or -1) for span in spans(engine)) == list(range(1_201))


def test_readings_are_packed_and_unpacked() -> None:
    readings = {
        "2019": Reading("2019", Decimal("1.10"), "A", "", None),
        "2018": Reading("2018", None, "M", "ñ", "doc"),
    }
    assert unpack(pack(readings)) == readings
    assert str(unpack(pack(readings))["2019"].value) == "1.10"
    assert unpack(pack({})) == {}
    assert unpack_all(pack(readings, {"2021", "2020"})) == (
        readings,
        frozenset({"2020", "2021"}),
    )
    assert unpack_all(pack(readings)) == (readings, frozenset())


def test_readings_packed_row_by_row_are_read() -> None:
    old = zlib.compress(json.dumps([["2019", "1.10", "A", "", None]]).encode())
    assert unpack(old) == {"2019": Reading("2019", Decimal("1.10"), "A", "", None)}


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert sum(len(each.readings) for each in vintages(1_000)) == 1_000
    main(["--rows", "1000", "--repeat", "1"])
    assert "load_series, once more" in capsys.readouterr().out
