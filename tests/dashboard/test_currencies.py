"""Sums in pesos, held against official figures in dollars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.schema import LocalText
from dashboard.app import create_app
from dashboard.store import assess_all
from db.engine import Engine
from db.queries import ObservationQuery, observations
from db.verdicts import Code, HintKind
from tests.dashboard.drafts import DRAFT, a_claim, a_draft, store_articles
from tests.dashboard.pages import parsed
from tests.stores import NOW, Loaded

YEAR = 2016
CLAIM = f"{DRAFT}/rate-2018"
CAVEAT = LocalText(en="In pesos.", es="En pesos.")


@pytest.fixture
def database(loaded: Loaded, tmp_path: Path) -> Iterator[Engine]:
    """All tables, and an article that gives US exports to Mexico in pesos."""
    engine = loaded.copy(tmp_path)
    exports = sum(_values(engine, "trade", "exports"), Decimal(0))
    rates = _values(engine, "exchange-rate", "monthly-mean")
    pesos = round(exports * sum(rates, Decimal(0)) / len(rates), -10)
    claim = a_claim(
        2018, "accepted", indicator="trade", measure="exports", unit="mxn", currency="MXN",
        value_low=pesos, value_high=pesos, rounding_unit=Decimal(10) ** 10, caveats=[CAVEAT],
        ref_areas=["USA"], counterpart_areas=["MEX"],
        period_start=date(YEAR, 1, 1), period_end=date(YEAR, 12, 31),
    )  # fmt: skip
    store_articles(engine, loaded.catalog, a_draft([claim]))
    yield engine
    engine.dispose()


def _values(engine: Engine, indicator: str, measure: str) -> list[Decimal]:
    """The twelve values of the year."""
    rows = observations(engine, ObservationQuery(indicator=indicator))
    own = [o for o in rows if o.series.measure == measure and o.period_start.year == YEAR]
    values = [o.value for o in own if o.value is not None]
    assert len(values) == 12
    return values


def test_a_sum_in_pesos_is_converted(loaded: Loaded, database: Engine) -> None:
    found = assess_all(database, loaded.catalog, NOW.date())[CLAIM].now
    assert found.code is Code.MATCH
    (hint,) = [hint for hint in found.hints if hint.kind is HintKind.CONVERTED]
    assert [str(key) for key in hint.series] == ["exchange-rate.monthly-mean.M.MEX.USA.fred"]
    alone = assess_all(database, loaded.catalog, NOW.date(), frozenset({"trade"}))
    assert alone[CLAIM].now == found


def test_the_page_says_so(loaded: Loaded, database: Engine) -> None:
    site = create_app(loaded.catalog, database, lambda: NOW)
    answer = site.server.test_client().get(f"/en/articles/{DRAFT}").get_data(as_text=True)
    readings = parsed(answer).all("div", class_="reading")
    (card,) = [each for each in readings if each.has({"data-claim": CLAIM})]
    assert "= Matches official figure" in card.text
    assert "Units were converted." in card.text
    assert "another currency" not in card.text.partition("Now:")[2]
