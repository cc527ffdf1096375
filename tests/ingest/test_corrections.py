from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from config.catalog import Catalog
from config.schema import Correction, LocalText, format_facets
from db.records import Reading, SeriesKey
from ingest.adapter import RawObservation
from ingest.corrections import Corrector
from ingest.errors import ValidationFailed
from ingest.validate import Received, validate

KEY = SeriesKey("homicide-rate", "rate", "A", "MEX", None, "world-bank", "source-type=compiled")
ORIGIN = "https://example.org/rates"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_correction(**changes: Any) -> Correction:
    return Correction(
        **{
            "indicator": "homicide-rate",
            "measure": "rate",
            "facets": {"source-type": "compiled"},
            "ref_area": "MEX",
            "freq": "A",
            "time_period": "2020",
            "expect": 281,
            "value": "28.1",
            "reason": LocalText(en="The point is missing.", es="Falta el punto."),
            "evidence": "some-document",
            **changes,
        }
    )


def reading(value: str | None, period: str = "2020", note: str = "") -> Reading:
    return Reading(period, None if value is None else Decimal(value), "A", note)


def test_what_is_expected_is_put_right_and_says_so() -> None:
    corrector = Corrector("world-bank", [a_correction()])
    right = corrector.apply(KEY, reading("281.0", note="Provisional."))
    assert (right.value, right.obs_status, right.evidence) == (
        Decimal("28.1"),
        "A",
        "some-document",
    )
    assert right.note == "Provisional. The provider states 281. The point is missing."
    assert list(corrector.warnings()) == []


def test_a_figure_may_be_taken_out() -> None:
    corrector = Corrector("world-bank", [a_correction(value=None)])
    assert corrector.apply(KEY, reading("281")).value is None


def test_others_are_left_alone() -> None:
    corrector = Corrector("world-bank", [a_correction()])
    other = SeriesKey("homicide-rate", "rate", "A", "USA", None, "world-bank", KEY.facets)
    for key, given in ((KEY, reading("281", "2021")), (other, reading("281"))):
        assert corrector.apply(key, given) is given
    (warning,) = corrector.warnings()
    assert warning.message == f"the correction of {KEY}, 2020: met no row"
    assert warning.locator == "corrections/world-bank.yaml"


@pytest.mark.parametrize("value", ["27.9", None])
def test_the_guard_refuses_what_was_not_expected(value: str | None) -> None:
    corrector = Corrector("world-bank", [a_correction()])
    with pytest.raises(ValueError, match=r"world-bank\.yaml expects 281 here, found") as refused:
        corrector.apply(KEY, reading(value))
    assert "change or remove the correction" in str(refused.value)


def test_a_provider_that_has_mended_it_is_believed() -> None:
    corrector = Corrector("world-bank", [a_correction()])
    given = reading("28.10")
    assert corrector.apply(KEY, given) is given
    (warning,) = corrector.warnings()
    assert "the provider states the right value itself now" in warning.message


def test_an_old_file_may_state_something_else() -> None:
    corrector = Corrector("world-bank", [a_correction()], older=True)
    given = reading("27.9")
    assert corrector.apply(KEY, given) is given
    assert list(corrector.warnings()) == []


def test_bounds_are_those_of_the_right_value(catalog: Catalog) -> None:
    """A figure that no unit allows can be put right; one that is made so cannot be loaded."""
    raw = RawObservation(
        "homicide-rate",
        "rate",
        format_facets({"source-type": "compiled"}),
        "A",
        "MEX",
        None,
        "2020",
        "-28.1",
        "row 1",
        ORIGIN,
    )

    def loaded(**changes: Any) -> Any:
        source = catalog.sources["world-bank"]
        corrector = Corrector("world-bank", [a_correction(expect="-28.1", **changes)])
        return validate(
            catalog,
            source,
            [raw],
            {ORIGIN: Received(NOW, "0" * 64)},
            date(2026, 3, 1),
            complete=False,
            allow_empty=False,
            corrector=corrector,
        )

    (vintage,) = loaded().vintages
    assert vintage.readings[0].value == Decimal("28.1")
    with pytest.raises(ValidationFailed, match="outside the bounds"):
        loaded(value="-28.2")
