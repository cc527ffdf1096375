"""Zip archives of providers, opened only when it is sure how large their content really is."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from ingest.errors import ContractError

SIGNATURE = b"PK"
MOST_MEMBERS = 2000
_CHUNK = 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def open_zip(origin: str, stream: BinaryIO, most_bytes: int) -> zipfile.ZipFile:
    """The archive, after all of its members were unpacked once and thrown away.

    What a member says of its own size may be a lie; what was unpacked is not. Raises ContractError
    for an archive that is damaged, cut off, encrypted or larger than `most_bytes` when unpacked.
    """
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise ContractError(
                origin, f"a zip file of at most {MOST_MEMBERS} files", f"{len(members)}"
            )
        size = 0
        for member in members:
            with archive.open(member) as content:
                while part := content.read(_CHUNK):
                    size += len(part)
                    if size > most_bytes:
                        raise ContractError(
                            origin,
                            f"a zip file that unpacks to at most {most_bytes:,} bytes",
                            f"more, in {member.filename!r}",
                        )
    except _BROKEN as error:
        raise ContractError(origin, "a whole zip file", f"a damaged one ({error})") from None
    return archive
