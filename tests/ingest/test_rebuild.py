"""The history, told again from the snapshots, is the same to the byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import twotrack
from config.catalog import Catalog, load_catalog
from config.schema import Correction, Corrections, Source
from config.settings import read_settings
from dashboard.export.csv import claim_lines, observation_lines
from dashboard.store import assess_all
from db.engine import Engine, make_engine
from db.migrations import upgrade
from db.queries import ObservationQuery, issues, runs
from db.records import RunStatus
from ingest import pipeline
from ingest.pipeline import Context, Outcome, run_source
from ingest.rebuild import NotEmptyError, rebuild
from ingest.snapshots import SnapshotStore
from tests.broken import edit
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.stores import NOW, a_context, spans

TABLE = "tables/homicide-rate.world-bank.csv"


class Place:
    """An installation with a provider whose answers change as days go by."""

    def __init__(self, context: Context, server: Loopback, source: Source) -> None:
        self.now = NOW
        self.server = server
        catalog = replace(context.catalog, sources={**context.catalog.sources, source.id: source})
        self.context = replace(context, catalog=catalog, clock=lambda: self.now)
        self.source = source

    def says(self, *figures: str, released: str | None = None) -> Outcome:
        return self.answers(Reply(a_file(*figures, released=released)))

    def answers(self, reply: Reply) -> Outcome:
        """A day later the provider answers so, and is asked."""
        self.now += timedelta(days=1)
        self.server._replies.clear()
        self.server.on("/rates.csv", reply)
        return run_source(self.context, self.source)[-1]

    def without_table(self) -> None:
        (self.context.catalog.root / TABLE).unlink()

    def edit(self, old: str, new: str) -> Outcome:
        """A row of the seed table is edited, and the table is read."""
        self.now += timedelta(days=1)
        edit(self.context.catalog.root / TABLE, old, new)
        return run_source(self.context, self.source, local_only=True)[0]


@pytest.fixture
def place(
    catalog: Catalog,
    engine: Engine,
    config_copy: Path,
    provider_server: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Place:
    monkeypatch.setattr(pipeline, "ADAPTERS", {"worldbank": lambda _: Lines()})
    context = a_context(replace(catalog, root=config_copy), engine, tmp_path)
    source = a_source(catalog.sources["world-bank"], provider_server.url, complete=True)
    return Place(context, provider_server, source)


@pytest.fixture
def target(new_url: Callable[[], str]) -> Iterator[Engine]:
    engine = make_engine(new_url())
    upgrade(engine)
    yield engine
    engine.dispose()


def export(engine: Engine, catalog: Catalog) -> str:
    """`/api/v1/observations.csv?history=1`."""
    return "".join(observation_lines(engine, catalog, ObservationQuery(history=True)))


def an_eventful_year(place: Place) -> None:
    """All ways in which a history grows, and runs that failed or met nothing new."""
    run_source(place.context, place.source, local_only=True)
    place.says("MEX,2020,28.1", "USA,2020,6.5", released="2024-05-01")
    place.says("MEX,2020,28.1", "USA,2020,6.5", released="2024-05-01")
    place.says("MEX,2020,28.4", "USA,2020,6.5", released="2024-05-01")  # changed, not dated anew
    place.says("MEX,2020,28.4", "MEX,2021,27.9", released="2025-05-01")  # one withdrawn
    place.answers(Reply(b"<html>Maintenance</html>"))
    place.says("MEX,2020,28.5", "MEX,2021,27.9")  # no date at all: counts from when it was seen
    place.says("MEX,2020,28.6", "MEX,2021,27.9")
    place.says("MEX,2020,28.5", "MEX,2021,27.9")  # the very bytes of two days ago
    place.edit("27.4912262920361", "27.5")
    place.edit(",27.5,", ",many,")
    place.edit(",many,", ",27.6,")
    place.says("MEX,2020,28.5", "MEX,2021,27.9", "USA,2020,6.5", released="2026-05-01")


def test_an_eventful_year_is_told_again(place: Place, target: Engine) -> None:
    an_eventful_year(place)
    run_source(place.context, place.context.catalog.sources["articles"])
    run_source(place.context, place.context.catalog.sources["pew"])
    before = export(place.context.engine, place.context.catalog)
    assert len(spans(place.context.engine)) > 150
    done = rebuild(place.context, target)
    assert done.failures == []
    # Eight of the adapter, one each of two tables and of the articles.
    assert done.replayed == 10
    assert export(target, place.context.catalog) == before
    assert claims(target, place.context.catalog) == claims(
        place.context.engine, place.context.catalog
    )


def claims(engine: Engine, catalog: Catalog) -> str:
    verdicts = assess_all(engine, catalog, NOW.date())
    return "".join(claim_lines(engine, catalog, verdicts))


def test_the_records_of_runs_are_kept(place: Place, target: Engine) -> None:
    an_eventful_year(place)
    rebuild(place.context, target)
    old, new = (runs(engine, limit=99) for engine in (place.context.engine, target))
    assert [replace(run, id=0) for run in new] == [replace(run, id=0) for run in old]
    (failed,) = [run for run in new if run.error_class == "ContractError"]
    assert issues(target, failed.id)[0].check == "contract"


def test_life_goes_on_in_the_new_database(place: Place, target: Engine) -> None:
    an_eventful_year(place)
    rebuild(place.context, target)
    old = place.context.engine
    place.context = replace(place.context, engine=target)
    same = ["MEX,2020,28.5", "MEX,2021,27.9", "USA,2020,6.5"]
    assert place.says(*same, released="2026-05-01").status is RunStatus.UNCHANGED
    changes = place.says("MEX,2020,29", *same[1:], released="2026-06-01").changes
    assert (changes.revised, changes.unchanged) == (1, 2)
    assert export(target, place.context.catalog) != export(old, place.context.catalog)


def test_a_first_seen_moment_is_that_of_then(place: Place, target: Engine) -> None:
    place.without_table()
    place.says("MEX,2020,28.1")
    first = place.now
    place.says("MEX,2020,28.2")
    rebuild(replace(place.context, clock=lambda: NOW + timedelta(days=999)), target)
    query = ObservationQuery(history=True)
    text = "".join(observation_lines(target, place.context.catalog, query))
    moments = [line.split(",")[14] for line in text.splitlines()[1:]]
    assert [datetime.fromisoformat(each) for each in moments] == [first, place.now]
    assert text.count("first-seen") == 2


def test_what_cannot_be_told_again_is_named_and_the_rest_is(place: Place, target: Engine) -> None:
    place.without_table()
    place.says("MEX,2020,28.1", released="2024-05-01")
    place.says("MEX,2020,28.2", released="2025-05-01")
    place.context.store.path(hashes(place)[0]).unlink()
    done = rebuild(place.context, target)
    ((run, reason),) = done.failures
    assert (run.source, done.replayed) == ("world-bank", 1)
    assert "there is no file" in reason
    assert [span[1] for span in spans(target)] == ["28.2"]


def hashes(place: Place) -> list[str]:
    with place.context.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sha256 FROM snapshot ORDER BY id")
        return [row[0] for row in rows]


def test_a_database_with_anything_in_it_is_refused(place: Place) -> None:
    place.says("MEX,2020,28.1")
    with pytest.raises(NotEmptyError, match="not empty"):
        rebuild(place.context, place.context.engine)


def declared(place: Place, *corrections: Correction) -> None:
    """From here on these are declared."""
    of_source = Corrections(id=place.source.id, corrections=list(corrections))
    catalog = replace(place.context.catalog, corrections={place.source.id: of_source})
    place.context = replace(place.context, catalog=catalog)


def a_correction(place: Place, period: str, expect: str, value: str) -> Correction:
    return Correction(
        indicator="homicide-rate",
        measure="rate",
        facets={"source-type": "compiled"},
        ref_area="MEX",
        freq="A",
        time_period=period,
        expect=expect,
        value=value,
        reason={"en": "A slip of the comma.", "es": "Un error de coma."},
        evidence=min(place.context.catalog.documents),
    )


def test_a_correction_holds_from_the_run_on_that_first_had_it(place: Place, target: Engine) -> None:
    """What stood uncorrected stays so, and what stated something else then is no failure."""
    place.without_table()
    place.says("MEX,2019,29.0", "MEX,2020,27.5", released="2023-05-01")
    place.says("MEX,2019,29.0", "MEX,2020,281", released="2024-05-01")
    first = a_correction(place, "2020", "281", "28.1")
    declared(place, first)
    place.says("MEX,2019,290", "MEX,2020,281", released="2025-05-01")
    declared(place, first, a_correction(place, "2019", "290", "29.0"))
    place.says("MEX,2019,290", "MEX,2020,281", released="2026-05-01")
    before = spans(place.context.engine)
    assert [(each[1], each[2]) for each in before] == [
        ("29.0", "2023-05-01"),
        ("290", "2025-05-01"),
        ("29.0", "2026-05-01"),
        ("27.5", "2023-05-01"),
        ("281", "2024-05-01"),
        ("28.1", "2025-05-01"),
    ]
    assert rebuild(place.context, target).failures == []
    assert spans(target) == before


def test_where_the_recipe_tells_nothing_a_correction_fails_no_file_of_the_past(
    place: Place, target: Engine
) -> None:
    place.without_table()
    place.says("MEX,2020,27.5", released="2023-05-01")
    with place.context.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET recipe = 'of an older version'")
    declared(place, a_correction(place, "2020", "281", "28.1"))
    assert rebuild(place.context, target).failures == []
    assert [each[1] for each in spans(target)] == ["27.5"]


# --- the command ---


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWOTRACK_HOME", str(tmp_path / "home"))
    return tmp_path


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(twotrack.app, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_a_new_home_is_whole(home: Path) -> None:
    assert command("ingest", "run", "pew", "white-house", "articles")[0] == 0
    code, said = command("ingest", "rebuild", "--home", home / "new")
    assert (code, said.splitlines()[-1]) == (0, "3 runs replayed, 0 failed")
    old, new = (make_engine(f"sqlite:///{home / name / 'twotrack.db'}") for name in ("home", "new"))
    catalog = load_catalog(read_settings().config_dir)
    assert export(old, catalog) == export(new, catalog)
    files = [sorted(p.name for p in SnapshotStore(home / n / "snapshots").root.rglob("*.gz"))
             for n in ("home", "new")]  # fmt: skip
    assert files[0] == files[1] != []
    old.dispose()
    new.dispose()


def test_another_database_is_filled_once(home: Path) -> None:
    command("ingest", "run", "pew")
    url = f"sqlite:///{home / 'other.db'}"
    assert command("ingest", "rebuild", "--to", url)[0] == 0
    code, said = command("ingest", "rebuild", "--to", url)
    assert (code, said.strip()) == (2, "the database to rebuild into is not empty")


@pytest.mark.parametrize("options", [[], ["--to", "sqlite://", "--home", "x"]])
def test_the_command_wants_to_know_where_to(home: Path, options: list[str]) -> None:
    assert command("ingest", "rebuild", *options) == (
        2,
        "say where to: either --to URL or --home DIR\n",
    )
