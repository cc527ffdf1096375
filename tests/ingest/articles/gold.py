"""The gold of the extraction benchmark: texts with every figure annotated.

Two sorts: the passages beside this file (conventions in `passages/README.md`), and the five
articles with their `figures.csv` where that material is at hand.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from config.schema import Claim, Comparator

FigureClass = Literal["core", "context", "vague", "implicit"]
Kind = Literal["news", "fact-sheet", "speech", "statistics-release", "article"]
Language = Literal["en", "es"]
Span = tuple[int, int]

PASSAGES = Path(__file__).parent / "passages"
SETS = ("known", "held-out")
ROOT = Path(__file__).parents[3]
ARTICLES = ROOT.parent / "shared" / "articles"

FIGURE_KEYS = frozenset(
    [
        "quote",
        "value_low",
        "value_high",
        "comparator",
        "rounding_unit",
        "unit",
        "currency",
        "period_start",
        "period_end",
        "class",
        "indicator",
    ]
)
PASSAGE_KEYS = frozenset(["kind", "language", "published_on", "text", "figures", "traps"])


class GoldError(ValueError):
    """An annotation that does not hold: names the passage and, where it can, the quote."""


@dataclass(frozen=True)
class Figure:
    """One annotated figure; `text[start:end] == quote` holds for the text of its passage."""

    quote: str
    start: int
    end: int
    value_low: Decimal | None
    value_high: Decimal | None
    comparator: Comparator
    rounding_unit: Decimal | None
    """In units of the value; None in the five articles, whose list does not give it."""
    unit: str | None
    currency: str | None
    period_start: date | None
    period_end: date | None
    claim_class: FigureClass
    indicator: str
    """Id of the catalogue, or empty. Always empty in the five articles: theirs are no ids."""

    @property
    def has_period(self) -> bool:
        return self.period_start is not None or self.period_end is not None


@dataclass(frozen=True)
class Passage:
    slug: str
    kind: Kind
    language: Language
    published_on: date
    text: str
    figures: tuple[Figure, ...]
    """In order of place."""
    traps: tuple[str, ...]
    """Strings of the text that are no figures."""

    @property
    def trap_spans(self) -> list[Span]:
        """Every place at which a trap stands."""
        return [span for trap in self.traps for span in _places(trap, self.text)]


def load_passages(*sets: str) -> list[Passage]:
    """The passages of the sets named (all of them if none is), checked, in order of slug.

    Raises GoldError for what breaks the format.
    """
    paths = [path for name in sets or SETS for path in sorted((PASSAGES / name).glob("*.yaml"))]
    return [read_passage(path) for path in paths]


def read_passage(path: Path) -> Passage:
    """One passage from its file. Raises GoldError for what breaks the format."""
    return parse_passage(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))


def parse_passage(slug: str, data: dict[str, Any]) -> Passage:
    """One passage from what its YAML holds. Raises GoldError for what breaks the format."""
    _no_other_keys(slug, data, PASSAGE_KEYS)
    _one_of(slug, "kind", data["kind"], get_args(Kind))
    _one_of(slug, "language", data["language"], get_args(Language))
    text = data["text"]
    figures = tuple(_figure(slug, text, entry) for entry in data["figures"])
    return _checked(
        Passage(
            slug,
            data["kind"],
            data["language"],
            data["published_on"],
            text,
            figures,
            tuple(data["traps"]),
        )
    )


def load_articles(folder: Path = ARTICLES) -> list[Passage]:
    """The five articles with the figures listed for them; empty where they are not at hand.

    Rows of class boilerplate become traps. Raises GoldError for a row that does not hold.
    """
    table = folder / "figures.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        _article(folder / name, [row for row in rows if row["seed_file"] == name])
        for name in dict.fromkeys(row["seed_file"] for row in rows)
    ]


def _article(path: Path, rows: list[dict[str, str]]) -> Passage:
    text = path.read_text(encoding="utf-8")
    classes = [_class_of(row["note"]) for row in rows]
    figures = [
        _listed_figure(path.stem, text, row, name)
        for row, name in zip(rows, classes, strict=True)
        if name != "boilerplate"
    ]
    traps = [row["quote"] for row, name in zip(rows, classes, strict=True) if name == "boilerplate"]
    figures.sort(key=lambda figure: (figure.start, figure.end))
    published_on, language = _dated(path.name)
    return _checked(
        Passage(path.stem, "article", language, published_on, text, tuple(figures), tuple(traps))
    )


def _dated(text_file: str) -> tuple[date, Language]:
    for path in sorted((ROOT / "config" / "articles").glob("*.yaml")):
        article = yaml.safe_load(path.read_text(encoding="utf-8"))
        if article.get("text_file") == text_file:
            return article["published_on"], article["language"]
    raise GoldError(f"{text_file}: no article of the catalogue names this text")


def _class_of(note: str) -> str:
    found = re.match(r"class=([a-z]+)", note)
    if found is None:
        raise GoldError(f"{note!r} does not begin with a class")
    return found[1]


def _listed_figure(slug: str, text: str, row: dict[str, str], name: str) -> Figure:
    """A row of `figures.csv`, its units in the project's words."""
    currency = row["currency"] or None
    unit = currency.lower() if currency else row["unit"].replace("_", "-")
    entry: dict[str, Any] = {
        "quote": row["quote"],
        "value_low": row["value_low"] or None,
        "value_high": row["value_high"] or None,
        "comparator": row["comparator"],
        "rounding_unit": None,
        "unit": unit or None,
        "currency": currency,
        "period_start": _day(row["period_start"]),
        "period_end": _day(row["period_end"]),
        "class": name,
        "indicator": "",
    }
    return _figure(slug, text, entry)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _figure(slug: str, text: str, entry: dict[str, Any]) -> Figure:
    _no_other_keys(slug, {key: entry[key] for key in entry if key != "nth"}, FIGURE_KEYS)
    quote = entry["quote"]
    _one_of(slug, "class", entry["class"], get_args(FigureClass))
    start = _nth_place(slug, quote, text, entry.get("nth", 1))
    figure = Figure(
        quote=quote,
        start=start,
        end=start + len(quote),
        value_low=_number(entry["value_low"]),
        value_high=_number(entry["value_high"]),
        comparator=Comparator(entry["comparator"]),
        rounding_unit=_number(entry["rounding_unit"]),
        unit=entry["unit"],
        currency=entry["currency"],
        period_start=entry["period_start"],
        period_end=entry["period_end"],
        claim_class=entry["class"],
        indicator=entry["indicator"],
    )
    _holds_as_claim(slug, figure)
    return figure


def _number(value: float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _holds_as_claim(slug: str, figure: Figure) -> None:
    """The rules of a claim (values per comparator, order of dates) are those of the project."""
    try:
        Claim.model_validate(
            {
                "id": "gold",
                "quote": figure.quote,
                "indicator": figure.indicator or "none",
                "measure": "none",
                "value_low": figure.value_low,
                "value_high": figure.value_high,
                "comparator": figure.comparator,
                "rounding_unit": 0 if figure.rounding_unit is None else figure.rounding_unit,
                "unit": figure.unit or "none",
                "currency": figure.currency,
                "geography": ["WLD"],
                "ref_areas": [],
                "period_start": figure.period_start,
                "period_end": figure.period_end,
                "class": figure.claim_class,
                "review": {"state": "pending"},
            }
        )
    except ValueError as error:
        raise GoldError(f"{slug}: {figure.quote!r}: {error}") from error


def _places(part: str, text: str) -> Iterator[Span]:
    start = text.find(part)
    while start >= 0:
        yield start, start + len(part)
        start = text.find(part, start + 1)


def _nth_place(slug: str, quote: str, text: str, nth: int) -> int:
    places = [start for start, _ in _places(quote, text)]
    if not 1 <= nth <= len(places):
        raise GoldError(f"{slug}: {quote!r} stands {len(places)} times, not {nth}")
    return places[nth - 1]


def _no_other_keys(slug: str, entry: dict[str, Any], keys: frozenset[str]) -> None:
    if entry.keys() != keys:
        wrong = ", ".join(sorted(entry.keys() ^ keys))
        raise GoldError(f"{slug}: missing or unknown: {wrong}")


def _one_of(slug: str, what: str, value: object, valid: tuple[str, ...]) -> None:
    if value not in valid:
        raise GoldError(f"{slug}: {what} {value!r} is none of {', '.join(valid)}")


def _checked(passage: Passage) -> Passage:
    for check in _CHECKS:
        check(passage)
    return passage


def _in_order(passage: Passage) -> None:
    starts = [(figure.start, figure.end) for figure in passage.figures]
    if starts != sorted(starts):
        raise GoldError(f"{passage.slug}: figures are not in order of place")
    if len(set(starts)) != len(starts):
        raise GoldError(f"{passage.slug}: one place is annotated twice")


def _traps_stand_apart(passage: Passage) -> None:
    for trap in passage.traps:
        if trap not in passage.text:
            raise GoldError(f"{passage.slug}: trap {trap!r} does not stand in the text")
    for start, end in passage.trap_spans:
        for figure in passage.figures:
            if start < figure.end and figure.start < end:
                trap = passage.text[start:end]
                raise GoldError(f"{passage.slug}: trap {trap!r} overlaps {figure.quote!r}")


_CHECKS: tuple[Callable[[Passage], None], ...] = (_in_order, _traps_stand_apart)
