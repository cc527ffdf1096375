"""What a provider says it has not modified is not sent again, nor read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.catalog import Catalog
from db.engine import Engine
from db.queries import last_payloads, runs
from db.records import RunStatus
from ingest import pipeline
from ingest.pipeline import Outcome, run_source
from tests.ingest.lines import Lines, a_file, a_source
from tests.ingest.loopback import Loopback, Reply
from tests.stores import NOW, a_context, spans

TAG, DAY = '"v1"', "Wed, 01 May 2024 10:00:00 GMT"
UNCHANGED = Reply(status=304)


class Reader(Lines):
    """Counts how often it reads."""

    recipe = "lines-1"
    times = 0

    def parse(self, *arguments: object) -> object:  # type: ignore[override]
        Reader.times += 1
        return super().parse(*arguments)  # type: ignore[arg-type]


class Place:
    def __init__(self, catalog: Catalog, engine: Engine, server: Loopback, home: Path) -> None:
        self.server, self.now = server, NOW
        bare = replace(catalog, root=home / "nowhere")
        self.context = a_context(bare, engine, home, clock=lambda: self.now)
        paths = {"paths": ["/one.csv", "/two.csv"]}
        self.source = a_source(catalog.sources["unhcr"], server.url, options=paths)

    def run(self, one: Reply, two: Reply) -> Outcome:
        self.now += timedelta(days=1)
        self.server._replies.clear()
        self.server.requests.clear()
        self.server.on("/one.csv", one, one)
        self.server.on("/two.csv", two)
        return run_source(self.context, self.source)[-1]

    def asked(self) -> list[tuple[str | None, str | None]]:
        names = ("if-none-match", "if-modified-since")
        return [(each.headers.get(names[0]), each.headers.get(names[1])) for each in
                self.server.requests]  # fmt: skip


@pytest.fixture
def place(
    catalog: Catalog,
    engine: Engine,
    provider_server: Loopback,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    Reader.times = 0
    monkeypatch.setattr(pipeline, "ADAPTERS", {"unhcr": lambda _: Reader()})
    return Place(catalog, engine, provider_server, tmp_path)


def one(value: str = "28.1", **headers: str) -> Reply:
    return Reply(a_file(f"MEX,2020,{value}"), headers=headers, media_type="text/csv")


TWO = Reply(a_file("USA,2020,6.5"), headers={"Last-Modified": DAY})


def test_what_is_not_modified_is_unchanged_and_not_read(place: Place) -> None:
    assert place.run(one(ETag=TAG), TWO).status is RunStatus.OK
    assert place.asked() == [(None, None), (None, None)]
    for _ in range(2):
        assert place.run(UNCHANGED, UNCHANGED).status is RunStatus.UNCHANGED
        assert place.asked() == [(TAG, None), (None, DAY)]
    assert Reader.times == 1
    assert len(spans(place.context.engine)) == 2


def test_the_stored_bytes_stand_in_where_only_one_has_changed(place: Place) -> None:
    place.run(one(ETag=TAG), TWO)
    outcome = place.run(one("28.2", ETag='"v2"'), UNCHANGED)
    assert (outcome.status, outcome.changes.revised, outcome.changes.new) == (RunStatus.OK, 1, 0)
    assert [span[1] for span in spans(place.context.engine)] == ["28.1", "28.2", "6.5"]
    place.run(UNCHANGED, UNCHANGED)
    assert place.asked() == [('"v2"', None), (None, DAY)]
    had = last_payloads(place.context.engine, "unhcr", "unhcr")
    assert {each.retrieved_at for each in had.values()} == {place.now}
    assert had[f"{place.server.url}/one.csv"].media_type == "text/csv"


def test_a_provider_without_marks_is_asked_whole(place: Place) -> None:
    place.run(one(), Reply(TWO.body))
    assert place.run(one(), Reply(TWO.body)).status is RunStatus.UNCHANGED
    assert place.asked() == [(None, None), (None, None)]


def test_lost_bytes_are_sent_again(place: Place) -> None:
    place.run(one(ETag=TAG), TWO)
    for path in place.context.store.root.rglob("*.gz"):
        path.unlink()
    place.server._replies.clear()
    place.server.requests.clear()
    place.server.on("/one.csv", UNCHANGED, one(ETag=TAG))
    place.server.on("/two.csv", TWO)
    assert run_source(place.context, place.source)[-1].status is RunStatus.UNCHANGED
    assert place.asked() == [(TAG, None), (None, None), (None, DAY)]


def test_what_could_not_be_read_is_asked_for_whole(place: Place) -> None:
    """A server that sends a good file under the mark of a bad one must not be believed."""
    place.run(one(ETag=TAG), TWO)
    bad = Reply(b"<html>", headers={"ETag": '"v2"'})
    assert place.run(bad, UNCHANGED).status is RunStatus.FAILED
    assert place.run(one("28.3", ETag='"v2"'), TWO).status is RunStatus.OK
    assert place.asked() == [(None, None), (None, None)]


def test_a_reader_that_was_mended_reads_the_stored_bytes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run(one(ETag=TAG), TWO)
    monkeypatch.setattr(Reader, "recipe", "lines-2")
    assert place.run(UNCHANGED, UNCHANGED).status is RunStatus.OK
    assert Reader.times == 2


def test_not_modified_without_having_been_asked_is_a_failure(place: Place) -> None:
    outcome = place.run(UNCHANGED, TWO)
    assert outcome.status is RunStatus.FAILED
    assert 'says "not modified" without having been asked' in outcome.message
    assert runs(place.context.engine)[0].message == outcome.message
