"""What a source's file lists under `ignore`: columns and labels of a provider that are not read.

Whatever is unknown in a file fails its run until it is read or listed there, with the reason. Names
are the provider's own. Ignored columns stay in the rows: what differs in them alone is no row that
came twice, and where an adapter adds rows up, it adds over them as over any column it does not
tell apart; where a figure is stated once, two of them are refused as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NoReturn, TypeVar

from config.loader import nearest
from config.schema import Source
from ingest.sources._reading import listed, refuse

_Cell = TypeVar("_Cell")


def kept(
    source: Source,
    header: Sequence[str],
    needed: Collection[str],
    spelled: Callable[[str], str] = str,
) -> list[int]:
    """Positions of the columns that are not ignored.

    `spelled` writes the name of a column as `needed` has it. Raises ContractError where a needed
    column is ignored.
    """
    ignored = source.ignore.columns
    if not ignored:
        return list(range(len(header)))
    for name in header:
        if name in ignored and spelled(name) in needed:
            file = f"ignore.columns of {_file(source)}"
            refuse(f"source {source.id}", f"{file} without the columns that are read", repr(name))
    return [at for at, name in enumerate(header) if name not in ignored]


def without(
    source: Source, rows: Iterator[tuple[int, list[_Cell]]]
) -> Iterator[tuple[int, list[_Cell]]]:
    """The header, which comes first, and all rows that hold no ignored label; one at a time."""
    return _without(source.ignore.labels, rows) if source.ignore.labels else rows


def _without(
    labels: Mapping[str, Collection[str]], rows: Iterator[tuple[int, list[_Cell]]]
) -> Iterator[tuple[int, list[_Cell]]]:
    number, header = next(rows)
    yield number, header
    ignored = [(at, labels[str(name)]) for at, name in enumerate(header) if str(name) in labels]
    for number, cells in rows:
        if not any(_label(cells[at]) in of_column for at, of_column in ignored):
            yield number, cells


def holds_ignored(source: Source, item: Mapping[str, object]) -> bool:
    """Whether a row that names its fields holds an ignored label."""
    return any(
        name in item and _label(item[name]) in labels
        for name, labels in source.ignore.labels.items()
    )


def check_fields(
    source: Source,
    origin: str,
    item: Mapping[str, object],
    needed: Collection[str],
    others: Collection[str] = (),
    where: str = "",
) -> None:
    """See to it that an object of JSON has no field that is neither known nor ignored.

    `others` are known and not read. Raises ContractError, also where a needed field is ignored.
    """
    names = list(item)
    for at in kept(source, names, needed):
        if names[at] not in needed and names[at] not in others:
            unknown_column(source, origin, names[at], [*needed, *others], where)


def unknown_column(
    source: Source, origin: str, column: str, valid: Iterable[str], where: str = ""
) -> NoReturn:
    """Refuse a column that is not among the `valid` ones, and say where it can be listed."""
    words = list(valid)
    found = f"unknown column {_named(column, words, where)}"
    refuse(origin, f"columns {listed(words)}", f"{found}{_remedy(source, 'columns')}")


def unknown_label(
    source: Source,
    origin: str,
    what: str,
    column: str,
    label: str,
    valid: Iterable[str],
    where: str,
) -> NoReturn:
    """Refuse a label that is not among the `valid` ones, and say where it can be listed."""
    words = list(valid)
    remedy = _remedy(source, f"labels, column {column!r},")
    refuse(origin, f"{what} {listed(words)}", f"{_named(label, words, where)}{remedy}")


def _named(word: str, valid: Sequence[str], where: str) -> str:
    hint = nearest(word, valid)
    place = f" at {where}" if where else ""
    return f"{word!r}{place}{f' ({hint})' if hint else ''}"


def _remedy(source: Source, part: str) -> str:
    return (
        f": teach its adapter to read it, or list it under ignore.{part} of {_file(source)}, "
        "with the reason"
    )


def _file(source: Source) -> str:
    return f"sources/{source.id}.yaml"


def _label(cell: object) -> str:
    """A cell as one would write it: of a workbook, 2025.0 is 2025."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
