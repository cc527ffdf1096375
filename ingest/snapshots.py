"""The bytes as fetched, kept by their hash: equal bytes are one file.

Their index is in the database.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import secrets
import zlib
from pathlib import Path

from ingest.errors import IngestError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class SnapshotError(IngestError):
    """A snapshot is missing or is no longer what was stored."""

    def __init__(self, sha256: str, message: str) -> None:
        super().__init__(f"snapshot {sha256}: {message}")
        self.sha256 = sha256


class SnapshotStore:
    """A folder of gzip files, `ab/cdef….gz` for the SHA-256 of what is in them, not of the file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, body: bytes) -> str:
        """Store bytes and return their SHA-256. A damaged copy of the same bytes is replaced."""
        sha256 = hashlib.sha256(body).hexdigest()
        if not self._is_sound(sha256):
            _write_atomically(self.path(sha256), gzip.compress(body, mtime=0))
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of that hash, verified. Raises SnapshotError."""
        path = self.path(sha256)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise SnapshotError(sha256, f"there is no file {path}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise SnapshotError(sha256, f"{path} is damaged: {error}") from error
        found = hashlib.sha256(body).hexdigest()
        if found != sha256:
            raise SnapshotError(sha256, f"{path} holds other bytes, of hash {found}")
        return body

    def exists(self, sha256: str) -> bool:
        """Whether there is a file of that hash; `get` tells whether it is sound."""
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the bytes of that hash are kept. Raises ValueError for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256: 64 digits 0-9 and a-f are expected")
        return self.root / sha256[:2] / f"{sha256[2:]}.gz"

    def _is_sound(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except SnapshotError:
            return False
        return True


def _write_atomically(path: Path, data: bytes) -> None:
    """Write so that the file is either not there or whole, also after a loss of power."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # a folder cannot be opened on Windows
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
