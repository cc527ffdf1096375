"""CSV files of providers as streams of rows: one row in memory, whatever the size of the file."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO, NoReturn

from config.loader import nearest
from config.schema import Source
from ingest.errors import ContractError
from ingest.sources._ignore import kept, unknown_column
from ingest.sources._reading import listed

_BUCKETS = 256


def read_rows(
    origin: str, stream: BinaryIO, *, encoding: str = "utf-8-sig", delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Header and rows with the number of their line; closes `stream` at the end.

    Every row has as many cells as the header, and every line an end: the files of all providers
    read with this end so, which tells a file that was cut off. Raises ContractError.
    """
    width = 0
    lines = _Lines(stream, encoding)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    with stream:
        while True:
            try:
                cells = next(reader, None)
            except UnicodeDecodeError as error:
                raise ContractError(origin, f"text in {encoding}", _undecodable(error)) from None
            except csv.Error as error:
                raise ContractError(
                    origin, "CSV", f"{error} at line {reader.line_num}: damaged or cut off"
                ) from None
            if cells is None:
                break
            if not width:
                _check_start(origin, cells)
                width = len(cells)
            if len(cells) != width:
                expected = f"{width} columns in every line"
                found = f"{len(cells)} in line {reader.line_num}"
                raise ContractError(origin, expected, found)
            yield reader.line_num, cells
    if not width:
        raise ContractError(origin, "a CSV file with a header", "nothing")
    if not lines.ended:
        raise ContractError(
            origin,
            "an end of line after the last line",
            f"none after line {reader.line_num}: cut off",
        )


class _Lines:
    """Lines of a text, and whether the last of them came to its end."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = TextIOWrapper(stream, encoding, newline="")
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        line = "\n"
        for line in self._text:
            yield line
        self.ended = line.endswith(("\n", "\r"))


def _check_start(origin: str, header: Sequence[str]) -> None:
    if header and header[0].lstrip("\ufeff \t").startswith("<"):
        raise ContractError(origin, "a CSV file", "a page of HTML or XML")
    if not any(header):
        raise ContractError(origin, "a CSV file with a header", "an empty first line")


def _undecodable(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x}, which is not"


def check_header(
    source: Source,
    origin: str,
    header: Sequence[str],
    required: Iterable[str],
    known: Iterable[str] = (),
    spelled: Callable[[str], str] = str,
) -> dict[str, int]:
    """Position of every column but the ignored ones, by its name as `spelled` writes it.

    Raises ContractError where one is missing, unknown or twice. `known` are columns that may be
    there and are not read.
    """
    required = list(required)
    valid = [*required, *known]
    places = kept(source, header, required, spelled)
    names = [spelled(header[at]) for at in places]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ContractError(origin, "every column once", f"column {twice[0]!r} again")
    missing = [name for name in required if name not in names]
    strange = [header[at] for at, name in zip(places, names, strict=True) if name not in valid]
    if missing:
        found = f"column {missing[0]!r} missing"
        if strange:
            found += f", {strange[0]!r} instead" if len(strange) == 1 else f" from {listed(header)}"
        raise ContractError(origin, f"columns {listed(required)}", found)
    if strange:
        unknown_column(source, origin, strange[0], valid)
    return dict(zip(names, places, strict=True))


def lacking(origin: str, what: str, label: str, found: Iterable[str]) -> NoReturn:
    """Refuse a file without any row of a wanted label: it was renamed, not emptied."""
    hint = nearest(label, found)
    raise ContractError(origin, f"{what} {label!r}", "none" + (f" ({hint})" if hint else ""))


class Repeats:
    """Finds keys that come twice among millions: eight bytes a key instead of the key itself.

    Two keys may share a hash. So `check` looks at the keys themselves, where any came twice.
    """

    def __init__(self) -> None:
        self._buckets = [array("q") for _ in range(_BUCKETS)]

    def add(self, key: Hashable) -> None:
        """Note a key."""
        number = hash(key)
        self._buckets[number % _BUCKETS].append(number)

    def check(self, origin: str, keys: Callable[[], Iterable[tuple[int, Hashable]]]) -> None:
        """Raises ContractError for a key that was added twice.

        `keys` gives all that were added once more, with their lines; asked where hashes came twice.
        """
        again = self._again()
        if not again:
            return
        seen: dict[Hashable, int] = {}
        for line, key in keys():
            if hash(key) in again:
                earlier = seen.setdefault(key, line)
                if earlier != line:
                    found = f"line {line} again after line {earlier}"
                    raise ContractError(origin, "each row once", found)

    def _again(self) -> set[int]:
        """Hashes that were added more than once."""
        found: set[int] = set()
        for bucket in self._buckets:
            seen: set[int] = set()
            for number in bucket:
                if number in seen:
                    found.add(number)
                seen.add(number)
        return found
