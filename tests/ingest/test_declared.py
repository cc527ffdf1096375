"""What a source's files declare, through the whole pipeline: checks, corrections, delays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from config.catalog import Catalog
from config.schema import Checks, CheckSet, Correction, Corrections, LocalText, MaximumChange
from db.engine import Engine
from db.queries import issues, runs
from db.records import Changes, RunStatus
from ingest import pipeline
from ingest.http import Client
from ingest.pipeline import Outcome, run_source
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.stores import a_context, stored

CHECKS = Checks(
    error=CheckSet(
        maximum_missing=Decimal("0.2"), maximum_change=[MaximumChange(revision=Decimal(10))]
    ),
    warning=CheckSet(maximum_change=[MaximumChange(revision=Decimal(2))]),
)


class Place:
    """A source of lines, with its provider on loopback."""

    def __init__(self, catalog: Catalog, engine: Engine, home: Path, server: Loopback) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.server = server
        self.source = a_source(catalog.sources["unhcr"], server.url, checks=CHECKS, complete=True)
        self.context = replace(
            a_context(replace(catalog, root=home / "nowhere"), engine, home),
            clock=lambda: self.now,
            base_urls={self.source.provider: server.url},
        )

    def meets(self, *rows: str, accept: bool = False, dry_run: bool = False) -> Outcome:
        self.now += timedelta(hours=1)
        self.server._replies.clear()
        self.server.on("/rates.csv", Reply(a_file(*rows)))
        return run_source(self.context, self.source, accept=accept, dry_run=dry_run)[-1]

    @property
    def values(self) -> list[str]:
        return [str(each.value) for each in stored(self.context.engine) if each.valid_to is None]


@pytest.fixture
def place(
    catalog: Catalog,
    engine: Engine,
    tmp_path: Path,
    provider_server: Loopback,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"unhcr": lambda _: Lines()})
    return Place(catalog, engine, tmp_path, provider_server)


def test_an_error_loads_nothing_until_somebody_has_looked(place: Place) -> None:
    place.meets("MEX,2019,29.1", "MEX,2020,28.1")
    outcome = place.meets("MEX,2019,29.1", "MEX,2020,2810")
    assert outcome.status is RunStatus.FAILED
    assert "2810 against the known 28.1: a factor of 100, at most 10 is allowed" in outcome.message
    assert place.values == ["29.1", "28.1"]
    assert place.meets("MEX,2019,29.1", "MEX,2020,2810", dry_run=True).status is RunStatus.FAILED

    outcome = place.meets("MEX,2019,29.1", "MEX,2020,2810", accept=True)
    assert (outcome.status, outcome.changes) == (
        RunStatus.OK,
        Changes(revised=1, unchanged=1),
    )
    assert place.values == ["29.1", "2810"]
    kept = issues(place.context.engine, runs(place.context.engine)[0].id)
    assert [(i.severity, i.check) for i in kept if i.check != "feed"] == [
        ("warning", "maximum-change")
    ]
    assert kept[0].message.startswith("accepted: 2810")


def test_a_warning_is_noted_and_the_run_loads(place: Place) -> None:
    place.meets("MEX,2020,28.1")
    outcome = place.meets("MEX,2020,60")
    assert (outcome.status, place.values) == (RunStatus.OK, ["60"])
    assert [i.check for i in outcome.issues if i.check != "feed"] == ["maximum-change"]


def test_half_an_answer_withdraws_nothing(place: Place) -> None:
    rows = [f"MEX,{year},28.1" for year in range(2010, 2020)]
    place.meets(*rows)
    outcome = place.meets(*rows[:5])
    assert outcome.status is RunStatus.FAILED
    assert "5 of the 10 observations of the answer before are missing" in outcome.message
    assert len(place.values) == 10
    assert place.meets(*rows[:-1]).changes == Changes(withdrawn=1, unchanged=9)


def test_a_failed_answer_is_no_measure_for_the_next(place: Place) -> None:
    rows = [f"MEX,{year},28.1" for year in range(2010, 2020)]
    place.meets(*rows)
    place.meets(*rows[:5])
    assert place.meets(*rows[:5]).status is RunStatus.FAILED


def test_a_declared_correction_is_loaded_and_guarded(place: Place) -> None:
    correction = Correction(
        indicator="homicide-rate",
        measure="rate",
        facets={"source-type": "compiled"},
        ref_area="MEX",
        freq="A",
        time_period="2020",
        expect=Decimal(281),
        value=Decimal("28.1"),
        reason=LocalText(en="The point is missing.", es="Falta el punto."),
        evidence="some-document",
    )
    declared = {"unhcr": Corrections(id="unhcr", corrections=[correction])}
    plain = place.context
    place.meets("MEX,2020,281")
    place.context = replace(plain, catalog=replace(plain.catalog, corrections=declared))
    outcome = place.meets("MEX,2020,281")
    # The same bytes are read anew, for what is declared of them has changed.
    assert (outcome.status, outcome.changes) == (RunStatus.OK, Changes(revised=1))
    (observation,) = [o for o in stored(place.context.engine) if o.valid_to is None]
    assert observation.value == Decimal("28.1")
    assert observation.note == "The provider states 281. The point is missing."
    assert observation.evidence == "some-document"

    outcome = place.meets("MEX,2020,27.9")
    assert outcome.status is RunStatus.FAILED
    assert "corrections/unhcr.yaml expects 281 here, found 27.9" in outcome.message
    assert place.values == ["28.1"]


def test_a_host_is_asked_as_slowly_as_its_source_says(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(pipeline, "Client", partial(Client, sleep=slept.append))
    paths = ["/one.csv", "/two.csv", "/three.csv"]
    place.source = place.source.model_copy(
        update={"delay_seconds": Decimal(2), "options": {"paths": paths}}
    )
    for number, path in enumerate(paths):
        place.server.on(path, Reply(a_file(f"MEX,{2018 + number},28.1")))
    assert run_source(place.context, place.source)[-1].status is RunStatus.OK
    assert len(slept) == 2
    assert all(1.5 < seconds <= 2 for seconds in slept)
