from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from db.engine import make_engine
from db.types import ExactDecimal, FiniteFloat, UtcDateTime

metadata = MetaData()
probe = Table(
    "probe",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("moment", UtcDateTime),
    Column("number", ExactDecimal),
    Column("figure", FiniteFloat),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('types') / 'types.db'}"
    else:
        url = request.getfixturevalue("postgres").create()
    engine = make_engine(url)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def through(connection: Connection, column: Column[Any], value: Any) -> Any:
    (key,) = (
        connection.execute(insert(probe).values({column.name: value})).inserted_primary_key or ()
    )
    return connection.execute(select(column).where(probe.c.id == key)).scalar_one()


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001 -- Hypothesis adds the zone
    datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=ZONES,
    allow_imaginary=False,
)


@given(moment=MOMENTS)
def test_a_moment_comes_back_aware_in_utc_and_exact(
    connection: Connection, moment: datetime
) -> None:
    back = through(connection, probe.c.moment, moment)
    assert back == moment
    assert back.tzinfo is UTC


def test_nothing_comes_back_as_nothing(connection: Connection) -> None:
    assert through(connection, probe.c.moment, None) is None
    assert through(connection, probe.c.number, None) is None


def test_a_moment_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="a moment without a time zone cannot be stored"):
        through(connection, probe.c.moment, datetime(2026, 1, 1))  # noqa: DTZ001 -- the point


@given(first=MOMENTS, second=MOMENTS)
def test_moments_compare_in_the_database_as_they_do_here(
    connection: Connection, first: datetime, second: datetime
) -> None:
    later = through(connection, probe.c.moment, first)
    key = connection.execute(select(probe.c.id).order_by(probe.c.id.desc()).limit(1)).scalar_one()
    found = connection.execute(
        select(probe.c.id).where(probe.c.id == key, probe.c.moment < second)
    ).first()
    assert (found is not None) is (later < second)


@pytest.mark.parametrize(
    "text", ["12.6400", "0", "-0.50", "26.10", "0.1", "123456789.123456789012"]
)
def test_a_decimal_keeps_its_digits(connection: Connection, text: str) -> None:
    assert str(through(connection, probe.c.number, Decimal(text))) == text


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
)
def test_any_decimal_comes_back_equal(connection: Connection, number: Decimal) -> None:
    assert through(connection, probe.c.number, number) == number


def test_an_exponent_is_written_out(connection: Connection) -> None:
    assert str(through(connection, probe.c.number, Decimal("1.3").scaleb(9))) == "1300000000"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_figure_is_refused(connection: Connection, text: str) -> None:
    with pytest.raises(StatementError, match="is no figure"):
        through(connection, probe.c.number, Decimal(text))
    with pytest.raises(StatementError, match="is no figure"):
        through(connection, probe.c.figure, float(text))


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_figure_comes_back_exact(connection: Connection, number: float) -> None:
    assert through(connection, probe.c.figure, number) == number
