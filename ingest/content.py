"""Bytes as they arrive: small ones in memory, large ones in a file, hashed on the way."""

from __future__ import annotations

import hashlib
import os
import tempfile
import weakref
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

IN_MEMORY = 4 * 2**20
"""Larger bodies go to a temporary file, so that the memory of a run does not follow their size."""


class Content:
    """The exact bytes of one answer or file, to be read as often as needed."""

    def __init__(self, data: bytes, path: Path | None, sha256: str, size: int) -> None:
        self._data = data
        self._path = path
        self.sha256 = sha256
        self.size = size
        """In bytes."""
        if path is not None:
            weakref.finalize(self, path.unlink, missing_ok=True)

    @classmethod
    def of(cls, data: bytes) -> Content:
        """Bytes that are in memory already."""
        return cls(data, None, hashlib.sha256(data).hexdigest(), len(data))

    def open(self) -> BinaryIO:
        """A stream from the beginning; the caller closes it."""
        return BytesIO(self._data) if self._path is None else self._path.open("rb")

    def read(self) -> bytes:
        """All of it. For what is known to be small."""
        return self._data if self._path is None else self._path.read_bytes()


class Spool:
    """Takes bytes in parts and gives them back as one Content."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self.size = 0

    def write(self, part: bytes) -> None:
        """Append a part. Raises OSError where the disk is full."""
        self._hash.update(part)
        self.size += len(part)
        if self._file is None and self.size > self._in_memory:
            number, name = tempfile.mkstemp(prefix="twotrack-")
            self._path, self._file = Path(name), os.fdopen(number, "wb")
            self._file.write(self._buffer)
            self._buffer.clear()
        if self._file is None:
            self._buffer += part
        else:
            self._file.write(part)

    def finish(self) -> Content:
        """The content; nothing can be written after this."""
        if self._file is not None:
            self._file.close()
        data = b"" if self._path else bytes(self._buffer)
        return Content(data, self._path, self._hash.hexdigest(), self.size)

    def discard(self) -> None:
        """Drop what was written."""
        if self._file is not None and self._path is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)
