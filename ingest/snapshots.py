"""The bytes as fetched, kept by their hash: equal bytes are one file.

Their index is in the database.
"""

from __future__ import annotations

import gzip
import os
import re
import secrets
import shutil
import zlib
from pathlib import Path

from ingest.content import Content, Spool
from ingest.errors import IngestError

_CHUNK = 256 * 2**10
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

    def put(self, content: Content) -> str:
        """Store bytes and return their SHA-256. A damaged copy of the same bytes is replaced."""
        if not self._is_sound(content.sha256):
            _write_atomically(self.path(content.sha256), content)
        return content.sha256

    def get(self, sha256: str) -> Content:
        """The bytes of that hash, verified. Raises SnapshotError."""
        path, spool = self.path(sha256), Spool()
        try:
            with gzip.open(path) as file:
                while part := file.read(_CHUNK):
                    spool.write(part)
        except FileNotFoundError:
            raise SnapshotError(sha256, f"there is no file {path}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            spool.discard()
            raise SnapshotError(sha256, f"{path} is damaged: {error}") from error
        content = spool.finish()
        if content.sha256 != sha256:
            raise SnapshotError(sha256, f"{path} holds other bytes, of hash {content.sha256}")
        return content

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


def _write_atomically(path: Path, content: Content) -> None:
    """Write compressed, and so that a loss of power leaves the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            # No time and no name in the file: equal bytes make equal files.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed, content.open() as source:
                shutil.copyfileobj(source, packed, _CHUNK)
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
