from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from ingest.content import Content
from ingest.errors import IngestError
from ingest.snapshots import SnapshotError, SnapshotStore

BODY = b'[{"page":1}]' * 100
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


def _files(store: SnapshotStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("body", [BODY, b"", bytes(range(256)) * 300])
def test_what_is_put_can_be_got(store: SnapshotStore, body: bytes) -> None:
    sha256 = store.put(Content.of(body))
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert store.exists(sha256)
    assert store.get(sha256).read() == body


def test_a_file_is_named_for_its_content(store: SnapshotStore) -> None:
    store.put(Content.of(BODY))
    assert _files(store) == [store.root / SHA256[:2] / f"{SHA256[2:]}.gz"]
    assert gzip.decompress(_files(store)[0].read_bytes()) == BODY


def test_equal_bytes_are_one_file_that_is_written_once(store: SnapshotStore) -> None:
    store.put(Content.of(BODY))
    before = store.path(SHA256).stat().st_ino
    assert store.put(Content.of(BODY)) == SHA256
    assert store.path(SHA256).stat().st_ino == before
    assert len(_files(store)) == 1


def test_the_same_bytes_make_the_same_file(tmp_path: Path) -> None:
    one, two = SnapshotStore(tmp_path / "one"), SnapshotStore(tmp_path / "two")
    one.put(Content.of(BODY))
    two.put(Content.of(BODY))
    assert one.path(SHA256).read_bytes() == two.path(SHA256).read_bytes()


def test_what_is_not_there_is_said_to_be_missing(store: SnapshotStore) -> None:
    assert not store.exists(SHA256)
    with pytest.raises(SnapshotError, match="there is no file"):
        store.get(SHA256)
    assert issubclass(SnapshotError, IngestError)


@pytest.mark.parametrize(
    "damage",
    [b"", b"no gzip", gzip.compress(BODY)[:-5], gzip.compress(BODY)[:10] + b"xxxx"],
    ids=["empty", "no-gzip", "cut", "garbled"],
)
def test_a_damaged_file_is_never_handed_out_and_is_replaced(
    store: SnapshotStore, damage: bytes
) -> None:
    store.put(Content.of(BODY))
    store.path(SHA256).write_bytes(damage)
    with pytest.raises(SnapshotError, match=r"damaged|other bytes"):
        store.get(SHA256)
    store.put(Content.of(BODY))
    assert store.get(SHA256).read() == BODY


def test_other_bytes_under_the_name_are_noticed(store: SnapshotStore) -> None:
    store.put(Content.of(BODY))
    store.path(SHA256).write_bytes(gzip.compress(b"other"))
    with pytest.raises(SnapshotError, match="holds other bytes"):
        store.get(SHA256)


def test_a_write_that_fails_leaves_nothing(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.snapshots.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(Content.of(BODY))
    assert _files(store) == []
    assert not store.exists(SHA256)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", SHA256[:-1], SHA256.upper(), SHA256 + "\n"]
)
def test_only_a_hash_is_looked_up(store: SnapshotStore, name: str) -> None:
    with pytest.raises(ValueError, match="is no SHA-256"):
        store.get(name)
