from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config.catalog import Catalog, load_catalog
from config.schema import Source
from db import tables as t
from db.engine import Engine
from db.migrations import upgrade
from db.queries import ObservationQuery, issues, observations, runs
from db.records import Changes, RunStatus, SeriesKey
from ingest import pipeline
from ingest.http import Client
from ingest.pipeline import Context, Outcome, run_source
from ingest.sources import worldbank
from tests.broken import edit
from tests.ingest.loopback import Loopback, Reply
from tests.stores import (
    KEY,
    NOW,
    Loaded,
    a_context,
    homicide_feed,
    load_all,
    spans,
    stored,
    world_bank_path,
)

TABLE = "tables/homicide-rate.world-bank.csv"
SEED_DAY, LIVE_DAY = "2022-07-20", "2026-07-13"
FIRST = "homicide-rate,rate,source-type=compiled,GTM,,A,1992,27.4912262920361,0,A,world-bank"


@pytest.fixture
def context(engine: Engine, catalog: Catalog, config_copy: Path, tmp_path: Path) -> Context:
    """An empty database and a catalogue that may be broken."""
    return a_context(replace(catalog, root=config_copy), engine, tmp_path)


def again(context: Context) -> Context:
    """The same installation after a file was edited."""
    return replace(context, catalog=load_catalog(context.catalog.root))


def run(context: Context, source: str = "world-bank", **options: bool) -> Outcome:
    """Run what is local of a source; it has one part."""
    (outcome,) = run_source(context, context.catalog.sources[source], local_only=True, **options)
    return outcome


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    return [
        (str(e.series), e.time_period, str(e.value), e.obs_status, e.valid_from, e.valid_to)
        for e in stored(engine)
    ]


def rows_in(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in t.metadata.tables.items()
        }


# --- tables ---


def test_the_same_bytes_are_not_loaded_twice(context: Context) -> None:
    assert run(context).changes == Changes(new=140)
    before = everything(context.engine)
    outcome = run(context)
    assert (outcome.status, outcome.changes) == (RunStatus.UNCHANGED, Changes())
    assert everything(context.engine) == before
    last = runs(context.engine, "world-bank")[0]
    assert (last.status, last.message) == (RunStatus.UNCHANGED, "same bytes as the last run")


def test_the_bytes_are_kept_and_lead_to_the_values(context: Context) -> None:
    run(context)
    body = (context.catalog.root / TABLE).read_bytes()
    (sha256,) = {each.raw_sha256 for each in stored(context.engine)}
    assert context.store.get(sha256 or "").read() == body
    assert {each.raw_url for each in stored(context.engine)} == {TABLE}


def test_a_run_says_when_the_next_is_due(context: Context) -> None:
    run(context)
    assert runs(context.engine)[0].next_due == datetime(2026, 12, 2, 5, 17, tzinfo=UTC)


def test_a_corrected_row_replaces_what_the_table_said(context: Context) -> None:
    run(context)
    edit(context.catalog.root / TABLE, "27.4912262920361", "27.5")
    assert run(again(context)).changes == Changes(revised=1, unchanged=139)
    found = [each for each in stored(context.engine) if each.time_period == "1992"]
    assert str(found[0].value) == "27.5"
    assert found[0].valid_to is None


def test_a_new_vintage_in_the_table_is_a_revision(context: Context) -> None:
    run(context)
    row = FIRST.replace("27.4912262920361", "28") + ",2025-01-01,wdi-homicide-2022-07-20,"
    path = context.catalog.root / TABLE
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    assert run(again(context)).changes == Changes(revised=1, unchanged=140)
    old, new = (
        each
        for each in stored(context.engine)
        if each.time_period == "1992" and each.series.ref_area == "GTM"
    )
    assert (str(old.value), str(new.value)) == ("27.4912262920361", "28")
    assert old.valid_to == new.valid_from == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_removed_row_takes_its_figure_along(context: Context) -> None:
    run(context)
    path = context.catalog.root / TABLE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    assert run(again(context)).changes == Changes(withdrawn=1, unchanged=139)
    assert len(stored(context.engine)) == 139


def test_a_deleted_table_takes_its_figures_along(context: Context) -> None:
    run(context, "cbp")
    (context.catalog.root / "tables/mpp-cases.cbp.csv").unlink()
    assert run(again(context), "cbp").changes == Changes(withdrawn=39, unchanged=504)
    assert {each.series.indicator for each in stored(context.engine)} == {"border-encounters"}


def test_deleted_seed_figures_go_when_the_provider_is_asked_instead(context: Context) -> None:
    run(context)
    (context.catalog.root / TABLE).unlink()
    assert run(again(context)).changes == Changes(withdrawn=140)
    assert stored(context.engine) == []
    assert run_source(again(context), context.catalog.sources["world-bank"], local_only=True) == []


def test_the_last_table_of_a_source_does_not_vanish_unnoticed(context: Context) -> None:
    run(context, "pew")
    before = everything(context.engine)
    (context.catalog.root / "tables/unauthorized-population.pew.csv").unlink()
    outcome = run(again(context), "pew")
    assert outcome.status is RunStatus.FAILED
    assert outcome.message == "pew: no observation at all, which this source does not allow"
    assert everything(context.engine) == before


@pytest.mark.parametrize("name", ["mpp-cases.cbp.csv", "border-encounters.cbp.csv"])
def test_a_table_without_a_row_is_a_failure(context: Context, name: str) -> None:
    run(context, "cbp")
    path = context.catalog.root / "tables" / name
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    outcome = run(again(context), "cbp")
    assert (outcome.status, outcome.message) == (
        RunStatus.FAILED,
        f"tables/{name}:1: no row at all",
    )
    assert len(stored(context.engine)) == 543


def test_zero_rows_pass_where_the_source_allows_them(context: Context) -> None:
    edit(context.catalog.root / "sources/pew.yaml", "id: pew", "allow_empty: true\nid: pew")
    run(again(context), "pew")
    path = context.catalog.root / "tables/unauthorized-population.pew.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert run(again(context), "pew").status is RunStatus.OK
    assert stored(context.engine) == []


def test_a_failed_run_keeps_the_data_and_says_every_bad_row(context: Context) -> None:
    run(context)
    before = everything(context.engine)
    path = context.catalog.root / TABLE
    edit(path, ",27.4912262920361,", ",many,")
    edit(path, ",1994,", ",94,")
    outcome = run(again(context))
    assert outcome.status is RunStatus.FAILED
    assert outcome.message.startswith(f"{TABLE}:2: value: 'many' is no number")
    assert outcome.message.endswith("(and 1 more)")
    assert everything(context.engine) == before
    last = runs(context.engine)[0]
    assert (last.status, last.error_class) == (RunStatus.FAILED, "ValidationFailed")
    assert last.message == outcome.message
    first, second = issues(context.engine, last.id)
    assert (first.severity, first.check, first.locator) == ("error", "table", f"{TABLE}:2")
    assert first.raw == FIRST.replace("27.4912262920361", "many") + (
        ",2022-07-20,wdi-homicide-2022-07-20,"
    )
    assert second.locator == f"{TABLE}:4"
    # Its bytes can be looked at, and the repaired file loads.
    assert rows_in(context.engine)["snapshot"] == 2
    edit(path, ",many,", ",27.4912262920361,")
    edit(path, ",94,", ",1994,")
    assert run(again(context)).status is RunStatus.UNCHANGED


def test_a_broken_table_stops_no_other_source(context: Context) -> None:
    (context.catalog.root / TABLE).write_bytes(b"\xff\xfe")
    outcomes = {o.source: o for o in load_all(context)}
    assert outcomes["world-bank"].status is RunStatus.FAILED
    assert "not UTF-8 at byte 0" in outcomes["world-bank"].message
    assert {o.status for name, o in outcomes.items() if name != "world-bank"} == {RunStatus.OK}


def test_old_line_ends_do_not_confuse_the_raw_row(context: Context) -> None:
    path = context.catalog.root / TABLE
    edit(path, ",27.4912262920361,", ",many,")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    run(again(context))
    (issue,) = issues(context.engine, runs(context.engine)[0].id)
    assert issue.raw.endswith("wdi-homicide-2022-07-20,")


def test_a_date_in_the_future_is_refused(context: Context) -> None:
    path = context.catalog.root / TABLE
    edit(path, ",world-bank,2022-07-20,", ",world-bank,2026-12-02,")
    outcome = run(again(context))
    assert outcome.status is RunStatus.FAILED
    assert outcome.message == f"{TABLE}:2: published_on 2026-12-02 lies in the future"
    tomorrow = replace(again(context), clock=lambda: NOW + timedelta(days=1))
    assert run(tomorrow).status is RunStatus.OK


def test_a_dry_run_writes_nothing_at_all(context: Context) -> None:
    before = rows_in(context.engine)
    outcome = run(context, dry_run=True)
    assert (outcome.status, outcome.changes) == (RunStatus.OK, Changes(new=140))
    assert sum(len(difference.insert) for _, difference in outcome.differences) == 140
    assert rows_in(context.engine) == before
    assert not context.store.root.exists()
    edit(context.catalog.root / TABLE, ",1992,", ",92,")
    failed = run(again(context), dry_run=True)
    assert failed.status is RunStatus.FAILED
    assert [issue.locator for issue in failed.issues] == [f"{TABLE}:2"]
    assert rows_in(context.engine) == before


def test_a_dry_run_tells_what_a_run_then_does(context: Context) -> None:
    run(context)
    edit(context.catalog.root / TABLE, "27.4912262920361", "27.5")
    foretold = run(again(context), dry_run=True)
    assert foretold.changes == run(again(context)).changes


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("documents.yaml", "published_precision: day", "published_precision: no-later-than"),
        ("indicators/exchange-rate.yaml", "unit: mxn-per-usd", "unit: ratio"),
        ("units.yaml", "minimum: 0", "minimum: -1"),
    ],
)
def test_equal_bytes_are_read_again_when_their_meaning_changed(
    context: Context, file: str, old: str, new: str
) -> None:
    source = "fred" if "exchange" in file else "world-bank"
    run(context, source)
    path = context.catalog.root / file
    if file == "documents.yaml":
        text = path.read_text(encoding="utf-8")
        start = text.index("id: wdi-homicide-2022-07-20")
        path.write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")
    else:
        edit(path, old, new)
    outcome = run(again(context), source)
    assert outcome.status is RunStatus.OK
    if file == "documents.yaml":
        assert {each.precision for each in stored(context.engine)} == {"no-later-than"}
    if source == "fred":
        units = {e.unit for e in stored(context.engine) if e.series.indicator == "exchange-rate"}
        assert units == {"ratio"}


def test_a_file_broken_between_two_ticks_is_caught(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(context.store), "put", cannot)
    outcome = run(context)
    assert outcome.status is RunStatus.FAILED
    assert outcome.message == "[Errno 28] No space left on device"
    assert runs(context.engine)[0].error_class == "OSError"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(0)])
def test_a_run_that_is_ended_is_marked_and_passes_the_signal_on(
    context: Context, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def end(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "load_series", end)
    with pytest.raises(type(error)):
        run(context)
    last = runs(context.engine)[0]
    assert (last.status, last.message) == (RunStatus.INTERRUPTED, "the process was ended")


# --- articles ---


def test_articles_are_loaded_once_and_changes_are_counted(context: Context) -> None:
    assert run(context, "articles").changes == Changes(new=28)
    assert run(context, "articles").status is RunStatus.UNCHANGED
    path = context.catalog.root / "articles/leiroz-2021-biden-promises.yaml"
    edit(path, "id: unauthorized-immigrants", "id: immigrants")
    edit(path, "title:", "# A note of no consequence.\ntitle:")
    assert run(again(context), "articles").changes == Changes(new=1, withdrawn=1, unchanged=27)
    edit(path, "rounding_unit: 1000000", "rounding_unit: 500000")
    assert run(again(context), "articles").changes == Changes(revised=1, unchanged=27)
    name = path.stem
    path.unlink()
    pair = context.catalog.root / "pairs/mex-usa.yaml"
    text = pair.read_text(encoding="utf-8")
    pair.write_text(text.replace(name, "leiroz-2021-amlo-harris"), encoding="utf-8")
    gone = len(context.catalog.articles[name].claims)
    changes = run(again(context), "articles").changes
    assert changes == Changes(withdrawn=gone, unchanged=28 - gone)


def test_a_dry_run_of_the_articles_only_counts_them(context: Context) -> None:
    outcome = run(context, "articles", dry_run=True)
    assert outcome.message == "5 articles with 28 claims are valid"
    assert rows_in(context.engine)["claim"] == 0


# --- the World Bank, over HTTP ---


class Bank:
    """An installation with the seed table loaded, and a World Bank on 127.0.0.1."""

    def __init__(self, context: Context, server: Loopback, source: Source) -> None:
        self.context = replace(context, base_urls={"worldbank": server.url})
        self.server = server
        self.source = source
        self.path = world_bank_path(context.catalog)
        self.seed = {
            (each.series.ref_area, each.time_period): str(each.value)
            for each in observations(context.engine, ObservationQuery(indicator="homicide-rate"))
        }

    def answer(self, updated: str = LIVE_DAY, **figures: str | None) -> bytes:
        """All seed figures, save that `MEX_2008="1"` says otherwise, in the provider's form."""
        values: dict[tuple[str, str], str | None] = {**self.seed}
        for name, figure in figures.items():
            area, _, year = name.partition("_")
            values[area, year] = figure
        rows = [
            {
                "indicator": {"id": "VC.IHR.PSRC.P5", "value": "Intentional homicides"},
                "country": {"id": area[:2], "value": area},
                "countryiso3code": area,
                "date": year,
                "value": f"<{value}>" if value is not None else None,
                "unit": "",
                "obs_status": "",
                "decimal": 0,
            }
            for (area, year), value in sorted(values.items())
            if value != "absent"
        ]
        header = {
            "page": 1,
            "pages": 1,
            "per_page": 1000,
            "total": len(rows),
            "lastupdated": updated,
        }
        # Numbers with the digits as given, not as Python would write them.
        return json.dumps([header, rows]).replace('"<', "").replace('>"', "").encode()

    def says(self, *replies: Reply | bytes) -> None:
        self.server._replies.clear()
        self.server.on(self.path, *(r if isinstance(r, Reply) else Reply(r) for r in replies))

    def run(self, **options: bool) -> Outcome:
        return run_source(self.context, self.source, **options)[-1]

    def mexico(self, year: str) -> list[tuple[str | None, str, str | None]]:
        return [
            span[1:]
            for span in spans(self.context.engine)
            if span[0] == year and span in self._of_mexico()
        ]

    def _of_mexico(self) -> list[tuple[str, str | None, str, str | None]]:
        found = observations(self.context.engine, ObservationQuery(series=[str(KEY)], history=True))
        return [
            (
                e.time_period,
                None if e.value is None else format(e.value, "f"),
                e.valid_from.date().isoformat(),
                e.valid_to.date().isoformat() if e.valid_to else None,
            )
            for e in found
        ]


@pytest.fixture
def bank(
    engine: Engine,
    catalog: Catalog,
    tmp_path: Path,
    provider_server: Loopback,
    monkeypatch: pytest.MonkeyPatch,
) -> Bank:
    monkeypatch.setattr(pipeline, "Client", partial(Client, sleep=lambda _: None))
    feed = homicide_feed(catalog)
    others = {
        name: indicator.model_copy(
            update={"feeds": [f for f in indicator.feeds if f == feed or f.source != "world-bank"]}
        )
        for name, indicator in catalog.indicators.items()
    }
    only = replace(catalog, indicators=others)
    context = a_context(only, engine, tmp_path)
    (outcome,) = run_source(context, catalog.sources["world-bank"], local_only=True)
    assert outcome.status is RunStatus.OK
    return Bank(context, provider_server, catalog.sources["world-bank"])


def test_a_live_release_after_the_seed_gives_revisions(bank: Bank) -> None:
    old = bank.seed["MEX", "2008"]
    bank.says(bank.answer(MEX_2008="11.5", MEX_2021="28.25", USA_2003="5.0", MEX_2022=None))
    outcome = bank.run()
    assert (outcome.adapter, outcome.status) == ("worldbank", RunStatus.OK)
    assert outcome.changes == Changes(new=2, revised=1, unchanged=139)
    assert bank.mexico("2008") == [(old, SEED_DAY, LIVE_DAY), ("11.5", LIVE_DAY, None)]
    assert bank.mexico("2021") == [("28.25", LIVE_DAY, None)]
    assert bank.mexico("2009") == [(bank.seed["MEX", "2009"], SEED_DAY, None)]
    row = next(e for e in stored(bank.context.engine) if str(e.value) == "11.5")
    assert (str(row.published_on), row.precision) == (LIVE_DAY, "day")
    assert row.raw_url == (f"https://api.worldbank.org{bank.path}?format=json&per_page=1000&page=1")
    assert bank.context.store.get(row.raw_sha256 or "")


def test_a_live_release_and_then_the_same_bytes(bank: Bank) -> None:
    bank.says(bank.answer(MEX_2008="11.5"))
    bank.run()
    before = everything(bank.context.engine)
    tables, live = run_source(bank.context, bank.source)
    assert (tables.status, live.status) == (RunStatus.UNCHANGED, RunStatus.UNCHANGED)
    assert everything(bank.context.engine) == before


def test_the_live_release_before_the_seed_gives_the_same_history(bank: Bank) -> None:
    bank.says(bank.answer(MEX_2008="11.5", MEX_2021="28.25"))
    bank.run()
    seed_first = everything(bank.context.engine)
    with bank.context.engine.begin() as connection:
        for table in reversed(t.metadata.sorted_tables):
            connection.execute(table.delete())
    no_tables = replace(bank.context, catalog=replace(bank.context.catalog, root=Path("/nowhere")))
    assert run_source(no_tables, bank.source)[-1].status is RunStatus.OK
    assert len(run_source(bank.context, bank.source, local_only=True)) == 1
    assert everything(bank.context.engine) == seed_first


def test_the_release_of_the_seed_itself_changes_nothing(bank: Bank) -> None:
    before = everything(bank.context.engine)
    bank.says(bank.answer(SEED_DAY))
    assert bank.run().changes == Changes(unchanged=140)
    assert everything(bank.context.engine) == before


def test_an_incomplete_source_withdraws_nothing(bank: Bank) -> None:
    bank.source = bank.source.model_copy(update={"complete": False})
    bank.says(bank.answer(MEX_2008="absent"))
    assert bank.run().changes == Changes(unchanged=139)
    assert len(bank.mexico("2008")) == 1


def test_a_figure_that_becomes_null_was_withdrawn(bank: Bank) -> None:
    """Null is said of a year; a row that is missing says nothing."""
    bank.says(bank.answer(MEX_2008=None, MEX_1971=None))
    assert bank.run().changes == Changes(withdrawn=1, unchanged=139)
    assert bank.mexico("2008") == [(bank.seed["MEX", "2008"], SEED_DAY, LIVE_DAY)]
    assert bank.mexico("1971") == []
    bank.says(bank.answer("2026-08-01"))
    assert bank.run().changes == Changes(reinstated=1, unchanged=139)


def test_a_null_of_an_older_release_that_is_read_later(bank: Bank) -> None:
    old = bank.seed["MEX", "2008"]
    bank.says(bank.answer("2021-01-01", MEX_2008=None))
    assert bank.run().status is RunStatus.OK
    assert bank.mexico("2008") == [(old, SEED_DAY, None)]
    bank.says(bank.answer("2020-01-01"))
    bank.run()
    assert bank.mexico("2008") == [(old, "2020-01-01", "2021-01-01"), (old, SEED_DAY, None)]


def test_a_complete_source_withdraws_what_is_missing_even_a_whole_series(bank: Bank) -> None:
    bank.source = bank.source.model_copy(update={"complete": True})
    gone = {f"SLV_{year}": "absent" for area, year in bank.seed if area == "SLV"}
    bank.says(bank.answer(MEX_2008="absent", **gone))
    assert bank.run().changes == Changes(withdrawn=1 + len(gone), unchanged=139 - len(gone))
    assert bank.mexico("2008") == [(bank.seed["MEX", "2008"], SEED_DAY, LIVE_DAY)]
    bank.says(bank.answer("2026-08-01"))
    assert bank.run().changes.reinstated == 1 + len(gone)


def test_the_seed_of_a_complete_source_is_no_whole_extract(bank: Bank) -> None:
    bank.source = bank.source.model_copy(update={"complete": True})
    bank.says(bank.answer("2020-01-01", MEX_1985="9.9"))
    bank.run()
    assert bank.mexico("1985") == [("9.9", "2020-01-01", None)]


def test_a_dry_run_over_http_writes_nothing(bank: Bank) -> None:
    before = rows_in(bank.context.engine)
    files = sorted(bank.context.store.root.rglob("*"))
    bank.says(bank.answer(MEX_2008="11.5"))
    outcome = bank.run(dry_run=True)
    assert outcome.changes == Changes(revised=1, unchanged=139)
    assert rows_in(bank.context.engine) == before
    assert sorted(bank.context.store.root.rglob("*")) == files


def changed(change: Callable[[list[Any]], object]) -> Callable[[Bank], bytes]:
    def body(bank: Bank) -> bytes:
        content = json.loads(bank.answer())
        change(content)
        return json.dumps(content).encode()

    return body


ERROR_120 = (
    b'[{"message":[{"id":"120","key":"Invalid value",'
    b'"value":"The provided parameter value is not valid"}]}]'
)
BAD: dict[str, tuple[Callable[[Bank], Reply | bytes], str, str]] = {
    "html": (
        lambda _: Reply(b"<html><body>Maintenance</body></html>", media_type="text/html"),
        "contract",
        "expected JSON, found a page of HTML",
    ),
    "html 400": (
        lambda _: Reply(b"<html>Request Error</html>", status=400, media_type="text/html"),
        "fetch",
        "",
    ),
    "empty": (lambda _: b"", "contract", "expected JSON, found nothing"),
    "cut JSON": (lambda bank: bank.answer()[:-200], "contract", "expected JSON"),
    "cut transfer": (lambda bank: Reply(bank.answer(), truncate=300), "fetch", ""),
    "503": (lambda _: Reply(b"", status=503), "fetch", "out of service"),
    "404": (lambda _: Reply(b"", status=404), "fetch", "nothing at this address"),
    "error in 200": (lambda _: ERROR_120, "contract", "an error of the World Bank: id 120"),
    "other shape": (lambda _: b'{"data": []}', "contract", "expected a list of header and rows"),
    "null": (lambda _: b"null", "contract", "expected a list of header and rows"),
    "rows missing": (changed(lambda c: c[1].pop()), "contract", "truncated"),
    "no rows": (
        lambda _: b'[{"page":1,"pages":1,"per_page":1000,"total":0,"lastupdated":"2026-07-13"},[]]',
        "empty",
        "no observation at all",
    ),
    "another indicator": (
        changed(lambda c: c[1][0]["indicator"].update(id="SP.POP.TOTL")),
        "contract",
        "expected indicator VC.IHR.PSRC.P5, found SP.POP.TOTL",
    ),
    "text for a number": (
        changed(lambda c: c[1][0].update(value="many")),
        "parse",
        "value must be a number or null",
    ),
    "NaN": (changed(lambda c: c[1][0].update(value=float("nan"))), "contract", "expected JSON"),
    "below its bounds": (
        changed(lambda c: c[1][0].update(value=-1)),
        "value",
        "-1 lies outside the bounds of unit per-100k",
    ),
    "from the future": (
        lambda bank: bank.answer("2027-01-01"),
        "value",
        "published_on 2027-01-01 lies in the future",
    ),
    "no date of release": (
        changed(lambda c: c[0].pop("lastupdated")),
        "contract",
        "expected lastupdated like 2026-07-13",
    ),
    "half a surrogate pair": (
        changed(lambda c: c[1][0].update(date="\ud800")),
        "contract",
        "expected a date like 2020",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_fails_the_run_and_leaves_the_data(bank: Bank, name: str) -> None:
    body, check, message = BAD[name]
    before = everything(bank.context.engine)
    bank.says(body(bank))
    tables, outcome = run_source(bank.context, bank.source)
    assert (tables.status, outcome.status) == (RunStatus.UNCHANGED, RunStatus.FAILED)
    assert message in outcome.message
    assert everything(bank.context.engine) == before

    last = runs(bank.context.engine)[0]
    assert (last.adapter, last.status, last.message) == (
        "worldbank",
        RunStatus.FAILED,
        outcome.message,
    )
    found = issues(bank.context.engine, last.id)
    assert found[0].check == check
    assert message in found[0].message
    assert found[0].locator
    if check != "fetch":  # what arrived can be looked at
        answered = body(bank)
        wanted = answered.body if isinstance(answered, Reply) else answered
        with bank.context.engine.connect() as connection:
            newest = connection.execute(
                select(t.snapshot).order_by(t.snapshot.c.id.desc()).limit(1)
            ).one()
        assert newest.origin.startswith("https://api.worldbank.org/")
        assert bank.context.store.get(newest.sha256).read() == wanted

    bank.says(bank.answer(MEX_2008="11.5"))
    assert bank.run().changes == Changes(revised=1, unchanged=139)


def test_figures_changed_without_a_new_release_date_are_kept_apart(bank: Bank) -> None:
    bank.says(bank.answer(MEX_2008="11.5"))
    bank.run()
    bank.says(bank.answer(MEX_2008="11.75"))
    moment = NOW.date().isoformat()
    assert bank.run().changes == Changes(revised=1, unchanged=139)
    *_, before, after = bank.mexico("2008")
    assert before == ("11.5", LIVE_DAY, moment)
    assert after == ("11.75", moment, None)


def test_a_series_over_two_pages_without_a_release_date_is_one_release(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages arrive one after the other; a whole extract must not withdraw its own first page."""
    monkeypatch.setattr(worldbank, "_published_on", lambda _: None)
    bank.source = bank.source.model_copy(update={"complete": True})
    whole = json.loads(bank.answer())
    half = len(whole[1]) // 2
    pages = [
        json.dumps([{**whole[0], "page": n, "pages": 2}, rows]).encode()
        for n, rows in ((1, whole[1][:half]), (2, whole[1][half:]))
    ]
    bank.server._replies.clear()
    bank.server.replay(bank.path, pages)
    assert bank.run().changes == Changes(unchanged=140)


def test_the_override_of_an_address_counts(bank: Bank) -> None:
    bank.says(bank.answer())
    bank.run()
    assert {asked.path for asked in bank.server.requests} == {bank.path}
    agents = {asked.headers["user-agent"] for asked in bank.server.requests}
    assert agents == {"two-track/0 (test)"}


# --- everything ---


def test_loading_everything_again_changes_nothing(loaded: Loaded, tmp_path: Path) -> None:
    engine = loaded.copy(tmp_path)
    upgrade(engine)
    before = everything(engine)
    outcomes = load_all(a_context(loaded.catalog, engine, tmp_path))
    assert {outcome.status for outcome in outcomes} == {RunStatus.UNCHANGED}
    assert everything(engine) == before
    engine.dispose()


def test_a_source_that_is_being_run_elsewhere_is_left_alone(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> Sequence[int]:
        raise pipeline.AlreadyRunningError("world-bank is being run by process 7")

    monkeypatch.setattr(pipeline, "start_run", busy)
    outcome = run(context)
    assert (outcome.status, outcome.message) == (
        RunStatus.RUNNING,
        "world-bank is being run by process 7",
    )
    assert stored(context.engine) == []


def test_keys_are_as_the_catalogue_says(loaded: Loaded) -> None:
    for each in stored(loaded.engine):
        assert SeriesKey.parse(str(each.series)) == each.series
        unit = loaded.catalog.unit_of(each.series.indicator, each.series.measure)
        assert each.unit == unit.id
        assert unit.minimum is None or Decimal(each.value or 0) >= unit.minimum
