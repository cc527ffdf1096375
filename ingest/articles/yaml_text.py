"""The YAML of an article: written anew for a draft, changed line by line by a review.

A change touches the lines of one key and nothing else, so that comments and the order of a file
that people edit stay. Every change is read back before it is given out: what it was to change is
changed, and all else is as it was.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from config.loader import read_yaml
from config.schema import Article, Claim, Excerpt, LocalText, Review

WIDTH = 100
Path_ = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.()-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


class EditError(Exception):
    """A file is written in a way that cannot be changed line by line: edit it by hand."""


# --- scalars ---


def scalar(value: object) -> str:
    """One value as YAML 1.2: text plain where it stays text, else in double quotes.

    >>> scalar("two-track"), scalar("8 homicides"), scalar(Decimal("1E+2"))
    ('two-track', '"8 homicides"', '100')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {scalar(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(scalar(each) for each in value) + "]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A double-quoted scalar on one line; what does not print is escaped (YAML 1.2, 5.7)."""
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    if letter in named:
        return named[letter]
    if letter.isprintable():
        return letter
    number = ord(letter)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _block(key: str, text: str, indent: int) -> list[str]:
    """`key: "text"`, or a folded scalar where the line were too long and folding loses nothing."""
    pad = " " * indent
    line = f"{pad}{key}: {scalar(text)}"
    folds = text.isprintable() and text == " ".join(text.split())
    if len(line) <= WIDTH or not folds:
        return [line]
    wrapped = textwrap.wrap(
        text, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False
    )
    return [f"{pad}{key}: >-", *(f"{pad}  {part}" for part in wrapped)]


def _local(key: str, text: LocalText, indent: int) -> list[str]:
    pad = " " * indent
    return [f"{pad}{key}:", *_block("en", text.en, indent + 2), *_block("es", text.es, indent + 2)]


# --- a whole article ---


def article_yaml(article: Article, comments: Iterable[str] = ()) -> str:
    """An article's file. Raises ValueError where it would not read as the same article."""
    lines = [f"# {comment}".rstrip() for comment in comments]
    lines.append(f"id: {article.id}")
    for key in ("title", "author", "publisher"):
        if (text := getattr(article, key)) is not None:
            lines += _block(key, text, 0)
    if article.publisher_inferred:
        lines.append("publisher_inferred: true")
    if article.url is not None:
        lines.append(f"url: {quoted(article.url)}")
    lines.append(f"language: {article.language}")
    lines.append(f"published_on: {article.published_on}")
    lines.append(f"date_basis: {article.date_basis}")
    if article.date_note is not None:
        lines += _local("date_note", article.date_note, 0)
    lines += _local("licence_note", article.licence_note, 0)
    if article.text_file is not None:
        lines.append(f"text_file: {scalar(article.text_file)}")
    lines.append(f"text_sha256: {quoted(article.text_sha256)}")
    lines.append("excerpts:")
    for excerpt in article.excerpts:
        lines += _excerpt_lines(excerpt)
    text = "\n".join(lines) + "\n"
    if Article.model_validate(read_yaml(text, article.id).value) != article:
        raise ValueError(f"{article.id}: the file does not read as what was written")
    return text


def _excerpt_lines(excerpt: Excerpt) -> list[str]:
    head = _block("exact", excerpt.exact, 4)
    head[0] = f"  - {head[0].lstrip()}"
    lines = head
    for key in ("prefix", "suffix"):
        if text := getattr(excerpt, key):
            lines.append(f"    {key}: {quoted(text)}")
    lines += [f"    start: {excerpt.start}", "    claims:"]
    for claim in excerpt.claims:
        lines += _claim_lines(claim)
    return lines


FIELDS = (
    "indicator",
    "measure",
    "facets",
    "value_low",
    "value_high",
    "comparator",
    "rounding_unit",
    "unit",
    "currency",
    "geography",
    "ref_areas",
    "counterpart_areas",
    "period_start",
    "period_end",
    "status",
    "attributed_to",
)
"""Of a claim, in the order of its file; those that a reviewer may change, with `class`."""


def _claim_lines(claim: Claim) -> list[str]:
    lines = [f"      - id: {claim.id}", *_block("quote", claim.quote, 8)]
    for key in FIELDS:
        value = getattr(claim, key)
        if value is None or (value in ({}, []) and key != "ref_areas"):
            continue
        if key == "status" and value == "stated":
            continue
        lines.append(f"        {key}: {scalar(value)}")
    if claim.caveats:
        lines.append("        caveats:")
        for caveat in claim.caveats:
            first, *rest = _local("", caveat, 10)[1:]
            lines += [f"          - {first.lstrip()}", *rest]
    lines.append(f"        class: {claim.claim_class}")
    lines.append(f"        extractor: {claim.extractor}")
    return [*lines, *review_lines(claim.review, 8)]


def review_lines(review: Review, indent: int) -> list[str]:
    """The `review` of a claim: on one line where it fits."""
    pad = " " * indent
    said: dict[str, object] = {"state": review.state}
    for key in ("reviewer", "reviewed_on", "note"):
        if (value := getattr(review, key)) is not None:
            said[key] = value
    line = f"{pad}review: {scalar(said)}"
    if len(line) <= WIDTH:
        return [line]
    return [
        f"{pad}review:",
        *(part for key, value in said.items() for part in _block_of(key, value, indent + 2)),
    ]


def _block_of(key: str, value: object, indent: int) -> list[str]:
    if isinstance(value, str):
        return _block(key, value, indent)
    return [f"{' ' * indent}{key}: {scalar(value)}"]


# --- changes ---


def with_values(text: str, changes: Sequence[tuple[Path_, object]], file: str) -> str:
    """`text` with other values at some paths; None removes the key. All else stays as it is.

    A path ends in the key of a mapping that is written in block style. A value is a scalar, a
    mapping or a list of scalars, or a Review. Raises EditError.
    """
    before = read_yaml(text, file).value
    expected = before
    for path, value in changes:
        text = _with_value(text, path, value)
        expected = _replaced(expected, path, _as_read(value))
    if read_yaml(text, file).value != expected:
        raise EditError(f"{file} cannot be changed line by line; edit it by hand")
    return text


def _as_read(value: object) -> object:
    if isinstance(value, Review):
        value = value.model_dump(mode="python", exclude_none=True)
    return None if value is None else read_yaml(f"v: {scalar(value)}", "").value["v"]


def _replaced(whole: Any, path: Path_, value: object) -> Any:
    first, *rest = path
    if isinstance(whole, list):
        changed = list(whole)
        changed[int(first)] = _replaced(changed[int(first)], tuple(rest), value)
        return changed
    copy = dict(whole)
    if rest:
        copy[first] = _replaced(copy[first], tuple(rest), value)
    elif value is None:
        copy.pop(first, None)
    else:
        copy[first] = value
    return copy


def _with_value(text: str, path: Path_, value: object) -> str:
    """One change. Lines are those of the file; ends of lines stay."""
    mapping = _node(text, path[:-1])
    key = str(path[-1])
    if not isinstance(mapping, yaml.MappingNode) or mapping.flow_style or not mapping.value:
        raise EditError(f"{'.'.join(map(str, path))} is not written in block style")
    indent = mapping.value[0][0].start_mark.column
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    new = [] if value is None else [f"{part}{newline}" for part in _lines_of(key, value, indent)]
    for key_node, value_node in mapping.value:
        if key_node.value == key:
            first, last = key_node.start_mark.line, _last_line(value_node, lines)
            if key_node is mapping.value[0][0] and new:
                # The first key of a list's item stands behind its dash.
                new[0] = lines[first][:indent] + new[0][indent:]
            elif key_node is mapping.value[0][0]:
                raise EditError(f"{key} is the first key and cannot be removed")
            comment = _comment_behind(value_node, lines[last], first == last)
            if len(new) == 1 and comment:
                new[-1] = f"{new[-1].rstrip()}  {comment}{newline}"
            elif new and comment and key_node is not mapping.value[0][0]:
                new.insert(0, f"{' ' * indent}{comment}{newline}")
            return "".join([*lines[:first], *new, *lines[last + 1 :]])
    before = next((k for k, _ in mapping.value if k.value == "review"), None)
    if before is None or not new:
        place = _last_line(mapping.value[-1][1], lines) + 1
    else:
        place = before.start_mark.line
    return "".join([*lines[:place], *new, *lines[place:]])


def _lines_of(key: str, value: object, indent: int) -> list[str]:
    if isinstance(value, Review):
        return review_lines(value, indent)
    return _block_of(key, value, indent)


def _node(text: str, path: Path_) -> yaml.Node | None:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for part in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        else:
            return None
    return node


def _last_line(node: yaml.Node, lines: Sequence[str]) -> int:
    """The last line of a value. A block's end mark stands before the next token, lines later."""
    end = node.end_mark
    last = end.line if end.column else end.line - 1
    first = node.start_mark.line
    if end.column and not lines[min(end.line, len(lines) - 1)][: end.column].strip(" -"):
        last = end.line - 1
    while last > first and (not lines[last].strip() or lines[last].lstrip().startswith("#")):
        last -= 1
    return max(first, last)


def _comment_behind(node: yaml.Node, line: str, one_line: bool) -> str:
    """A comment behind a value on its line."""
    is_block = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}
    if not one_line or is_block or node.end_mark.column > len(line):
        return ""
    rest = line[node.end_mark.column :].strip()
    return rest if rest.startswith("#") else ""
