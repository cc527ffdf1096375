"""Workbooks of providers: sheets as rows of cells, once it is sure that they can be unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from config.loader import nearest
from ingest.adapter import Payload
from ingest.errors import ContractError
from ingest.sources._reading import what_instead
from ingest.sources._zip import SIGNATURE, open_zip

Cell = int | float | str | bool | time | date | datetime | timedelta

MOST_BYTES = 512 * 2**20
"""Unpacked. The largest workbook known here, UNODC's, stays far below."""

_SAVED = re.compile(rb"<dcterms:modified[^>]*>\s*([0-9]{4}-[0-9]{2}-[0-9]{2})T")


class Workbook:
    """A workbook in memory. Raises ContractError for anything that is not a whole xlsx file."""

    def __init__(self, payload: Payload, most_bytes: int = MOST_BYTES) -> None:
        self.origin = payload.origin
        body = payload.body
        if not body.startswith(SIGNATURE):
            raise ContractError(self.origin, "a workbook (xlsx)", what_instead(body[:512]))
        with open_zip(self.origin, BytesIO(body), most_bytes) as archive:
            names = archive.namelist()
            properties = archive.read("docProps/core.xml") if "docProps/core.xml" in names else b""
        self.saved_on = _saved_on(properties)
        """The day on which the provider saved it, where it says so."""
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(body))
        except (CalamineError, ValueError, OSError) as error:
            found = f"another file ({error})"
            raise ContractError(self.origin, "a workbook (xlsx)", found) from None

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """Rows of a sheet with their numbers, from row 1. Raises ContractError without it."""
        names = self._book.sheet_names
        if sheet not in names:
            hint = nearest(sheet, names)
            found = f"{len(names)} others" + (f" ({hint})" if hint else "")
            raise ContractError(self.origin, f"sheet {sheet!r}", found)
        try:
            cells = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError) as error:
            raise ContractError(
                self.origin, f"sheet {sheet!r}", f"one that cannot be read ({error})"
            ) from None
        yield from enumerate(cells, start=1)


def _saved_on(properties: bytes) -> date | None:
    match = _SAVED.search(properties)
    try:
        return date.fromisoformat(match[1].decode()) if match else None
    except ValueError:
        return None
