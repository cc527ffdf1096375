"""Strict YAML 1.2 (core schema, https://yaml.org/spec/1.2.2/) into typed models.

Every error is a ConfigError that names file, line and key, and the nearest valid value where there
is one. Nothing is guessed: `NO` is text, an unknown or repeated key is an error, numbers are exact.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError, compose

from config.schema import TABLE_COLUMNS, ObsStatus, TableRow, parse_facets

try:
    # Its parser alone is used: what a scalar means is decided here, by YAML 1.2.
    from yaml import CSafeLoader as Parser
except ImportError:  # a PyYAML that was built without libyaml
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

M = TypeVar("M", bound=BaseModel)
Path_ = tuple[str | int, ...]

MAX_DEPTH = 40

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CORE_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class ConfigError(Exception):
    """A file under `config/` is not valid. Carries where, what, and what would be valid."""

    def __init__(
        self, file: str, line: int, key: str, message: str, suggestion: str | None = None
    ) -> None:
        self.file = file
        self.line = line
        self.key = key
        self.message = message
        self.suggestion = suggestion
        super().__init__(str(self))

    def __str__(self) -> str:
        hint = f" ({self.suggestion})" if self.suggestion else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.message}{hint}"


class ConfigErrors(Exception):
    """All errors of one load, so that they can be mended in one go."""

    def __init__(self, errors: list[ConfigError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


@dataclass
class Source:
    """A parsed file: plain values, and the line of each key."""

    file: str
    value: Any
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Iterable[str | int]) -> int:
        """The line of the deepest known part of `path`."""
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)

    def error(
        self, path: Iterable[str | int], message: str, suggestion: str | None = None
    ) -> ConfigError:
        """An error at a place of this file: `path` leads to the key, as the YAML nests."""
        parts = tuple(path)
        return ConfigError(self.file, self.line(parts), dotted(parts), message, suggestion)


def dotted(path: Iterable[str | int]) -> str:
    """`("claims", 2, "unit")` as `claims[2].unit`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def nearest(value: object, valid: Iterable[str]) -> str | None:
    """`did you mean ...?` for a misspelt word, or the list of valid words if that is short."""
    words = sorted(valid)
    close = get_close_matches(str(value), words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if words and len(words) <= 12:
        return f"valid are {', '.join(words)}"
    return None


def read_yaml(text: str, file: str) -> Source:
    """Parse one YAML 1.2 document. Raises ConfigError for bad syntax and repeated keys."""
    try:
        node = compose(text, Loader=Parser)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError(file, line, "", f"not valid YAML: {error.problem}") from error
    except YAMLError as error:
        raise ConfigError(file, 1, "", f"not valid YAML: {error}") from error
    source = Source(file, None)
    if node is not None:
        source.value = _plain(node, (), source)
    return source


def _plain(node: Node, path: Path_, source: Source) -> Any:
    if len(path) > MAX_DEPTH:  # an alias of a list inside that list has no end
        raise source.error(path[:1], f"nested more than {MAX_DEPTH} levels deep")
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), source) for index, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        raise source.error(path, "only mappings, lists and scalars are understood")
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise ConfigError(source.file, line, dotted(path), "a key must be a word")
        key = key_node.value
        if key in mapping:
            first = source.lines[(*path, key)]
            message = f"key is given twice, first in line {first}"
            raise ConfigError(source.file, line, dotted((*path, key)), message)
        source.lines[(*path, key)] = line
        mapping[key] = _plain(value_node, (*path, key), source)
    return mapping


def _scalar(node: ScalarNode) -> str | int | Decimal | bool | None:
    """YAML 1.2 core schema: only plain scalars are anything else than text."""
    text: str = node.value
    if node.style:
        return text
    if text in _CORE_WORDS:
        return _CORE_WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _FLOAT.fullmatch(text) else text


def load_model(model: type[M], source: Source, at: Path_ = ()) -> M:
    """Validate the part of `source` at `at`. Raises ConfigErrors with one entry per finding."""
    value = source.value
    for part in at:
        value = value[part]
    try:
        return model.model_validate(value)
    except ValidationError as failure:
        found = [_finding(model, source, at, error) for error in failure.errors()]
        raise ConfigErrors(found) from failure


def _finding(model: type[BaseModel], source: Source, at: Path_, error: Any) -> ConfigError:
    loc = tuple(part for part in error["loc"] if part != "[key]")
    path = (*at, *loc)
    kind, message = error["type"], error["msg"]
    if kind == "extra_forbidden":
        valid = _fields_at(model, loc[:-1])
        return source.error(path, "unknown key", nearest(loc[-1], valid))
    if kind in {"missing", "model_type", "dict_type"} and kind == "missing":
        return source.error(path, "key is missing")
    if kind in {"literal_error", "enum"}:
        valid = re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))
        return source.error(
            path, f"{error['input']!r} is not allowed", nearest(error["input"], valid)
        )
    message = message.removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        message = f"{error['input']!r} does not fit the form {error['ctx']['pattern']}"
    return source.error(path, message[:1].lower() + message[1:])


def _fields_at(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """Names of the fields that are valid at a place inside `model`."""
    current: Any = model
    for part in loc:
        current = _model_inside(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            info = next((f for n, f in current.model_fields.items() if part in {n, f.alias}), None)
            current = info.annotation if info else None
        else:
            arguments = get_args(current)
            current = arguments[-1] if arguments else None
    current = _model_inside(current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [info.alias or name for name, info in current.model_fields.items()]
    return []


def _model_inside(annotation: Any) -> Any:
    """`X | None` without the None."""
    if get_origin(annotation) in {Union, UnionType}:
        inner = [a for a in get_args(annotation) if a is not type(None)]
        return inner[0] if inner else None
    return annotation


def read_table(text: str, file: str) -> Iterator[tuple[int, TableRow | ConfigError]]:
    """Read one table of official figures (RFC 4180). Yields line number and row, or what is wrong.

    Raises ConfigError where the header is not the documented one: then no row can be trusted.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise ConfigError(file, 1, "", f"not valid CSV: {error}") from error
    if tuple(header) != TABLE_COLUMNS:
        odd = [name for name in header if name not in TABLE_COLUMNS]
        hint = nearest(odd[0], TABLE_COLUMNS) if odd else None
        expected = ",".join(TABLE_COLUMNS)
        raise ConfigError(file, 1, odd[0] if odd else "", f"header must be {expected}", hint)
    try:
        for cells in reader:
            yield reader.line_num, _table_row(cells, file, reader.line_num)
    except csv.Error as error:
        raise ConfigError(file, reader.line_num, "", f"not valid CSV: {error}") from error


def _table_row(cells: list[str], file: str, line: int) -> TableRow | ConfigError:
    if len(cells) != len(TABLE_COLUMNS):
        return ConfigError(file, line, "", f"{len(cells)} cells, {len(TABLE_COLUMNS)} are expected")
    row: dict[str, Any] = dict(zip(TABLE_COLUMNS, cells, strict=True))
    for column, read in _CELLS.items():
        try:
            row[column] = read(row[column])
        except (ValueError, InvalidOperation) as error:
            message = (
                str(error) if isinstance(error, ValueError) else f"{row[column]!r} is no number"
            )
            return ConfigError(file, line, column, message)
    # `model_construct` would skip the checks of ids; a table is small, so check all of it.
    try:
        return TableRow.model_validate(row)
    except ValidationError as failure:
        first = failure.errors()[0]
        column = str(first["loc"][0])
        valid = [status.value for status in ObsStatus] if column == "obs_status" else []
        return ConfigError(file, line, column, first["msg"], nearest(row[column], valid))


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    if not _FLOAT.fullmatch(text):
        raise ValueError(f"{text!r} is no number; write it like 1234.5, without grouping")
    return Decimal(text)


def _exponent(text: str) -> int:
    if text and not _INTEGER.fullmatch(text):
        raise ValueError(f"{text!r} is no power of ten; write 6 for millions")
    return int(text or "0")


def _day(text: str) -> date | None:
    if not text:
        return None
    message = f"{text!r} is no date; write it like 2021-06-15"
    # `fromisoformat` alone would take 20210615 and 2021-W24-2 as well.
    if not _DAY.fullmatch(text):
        raise ValueError(message)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(message) from error


_CELLS: dict[str, Any] = {
    "facets": parse_facets,
    "counterpart_area": lambda text: text or None,
    "value": _number,
    "unit_mult": _exponent,
    "published_on": _day,
}


def read_text(path: Path, root: Path) -> str:
    """A file's text in UTF-8. Raises ConfigError that names the first bad byte."""
    name = path.relative_to(root).as_posix()
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(name, line, "", f"not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise ConfigError(name, 1, "", f"cannot be read: {error.strerror}") from error
