"""The whole of `config/`, loaded and checked against itself.

`load_catalog` reads every YAML file and reports all errors together; `check_tables` reads the
tables of official figures as well, which only ingest and `twotrack config check` need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from config.loader import (
    ConfigError,
    ConfigErrors,
    load_model,
    nearest,
    read_table,
    read_text,
    read_yaml,
)
from config.loader import (
    Source as File,
)
from config.periods import parse_period
from config.schema import (
    Area,
    Article,
    CheckSet,
    Claim,
    Correction,
    Corrections,
    Cues,
    Document,
    Facet,
    Feed,
    Indicator,
    Pair,
    Provider,
    Selected,
    SeriesSelector,
    Source,
    TableRow,
    Unit,
    Watch,
)

M = TypeVar("M", bound=BaseModel)

NO_WATCH = Watch()
"""Where there is no `feeds.yaml`: nothing is watched."""


@dataclass(frozen=True)
class Catalog:
    """Everything that exists, by id. `root` is the folder it was read from."""

    root: Path
    areas: Mapping[str, Area]
    units: Mapping[str, Unit]
    providers: Mapping[str, Provider]
    documents: Mapping[str, Document]
    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    pairs: Mapping[str, Pair]
    articles: Mapping[str, Article]
    corrections: Mapping[str, Corrections]
    watch: Watch = NO_WATCH

    @property
    def pair(self) -> Pair:
        """The pair that the pages show: the first by id."""
        return self.pairs[min(self.pairs)]

    @cached_property
    def pair_indicators(self) -> list[Indicator]:
        """The pair's indicators in the pair's order; those that no pair names follow by name."""
        named = {name for pair in self.pairs.values() for name in pair.indicators}
        rest = sorted(self.indicators.keys() - named)
        return [self.indicators[name] for name in (*self.pair.indicators, *rest)]

    def unit_of(self, indicator: str, measure: str) -> Unit:
        """The unit of one measure. Raises KeyError for ids that there are not."""
        return self.units[self.indicators[indicator].measures[measure].unit]

    def provider_of(self, source: str) -> Provider:
        """Who produces the figures of a source. Raises KeyError."""
        return self.providers[self.sources[source].provider]

    def feeds_of(self, source: str) -> list[tuple[str, Feed]]:
        """(indicator id, feed) for every feed that names the source."""
        return [
            (indicator.id, feed)
            for indicator in self.indicators.values()
            for feed in indicator.feeds
            if feed.source == source
        ]

    def corrections_of(self, source: str) -> list[Correction]:
        """The declared corrections of a source; none where it has no such file."""
        declared = self.corrections.get(source)
        return declared.corrections if declared else []

    def tables_of(self, source: str) -> list[Path]:
        """The tables of a source, by name: `tables/<indicator>.<source>.csv`."""
        return sorted((self.root / "tables").glob(f"*.{source}.csv"))


class _Loader:
    """Collects errors instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.errors: list[ConfigError] = []
        self.files: dict[tuple[str, str], tuple[File, tuple[str | int, ...]]] = {}

    def _read(self, path: Path) -> File | None:
        try:
            return read_yaml(read_text(path, self.root), path.relative_to(self.root).as_posix())
        except ConfigError as error:
            self.errors.append(error)
            return None

    def _model(self, model: type[M], file: File, at: tuple[str | int, ...]) -> M | None:
        try:
            return load_model(model, file, at)
        except ConfigErrors as failure:
            self.errors.extend(failure.errors)
            return None

    def folder(self, model: type[M], name: str) -> dict[str, M]:
        """One model per file; the file is named after the id."""
        found: dict[str, M] = {}
        for path in sorted((self.root / name).glob("*.yml")):
            stray = path.relative_to(self.root).as_posix()
            hint = f"rename the file to {path.stem}.yaml"
            self.errors.append(ConfigError(stray, 1, "", "is not read: the ending is .yaml", hint))
        for path in sorted((self.root / name).glob("*.yaml")):
            file = self._read(path)
            if file is None:
                continue
            item = self._model(model, file, ())
            if item is None:
                continue
            key: str = item.id  # type: ignore[attr-defined]
            if key != path.stem:
                message = f"id {key!r} is not the file's name"
                self.errors.append(file.error(("id",), message, f"rename the file to {key}.yaml"))
            found[key] = item
            self.files[name, key] = (file, ())
        return found

    def one(self, model: type[M], name: str) -> M:
        """One model that is a whole file; its defaults where there is no such file."""
        path = self.root / f"{name}.yaml"
        file = self._read(path) if path.is_file() else None
        item = self._model(model, file, ()) if file is not None else None
        return model() if item is None else item

    def list(self, model: type[M], name: str) -> dict[str, M]:
        """Many models in one file, under one key named like the file."""
        found: dict[str, M] = {}
        path = self.root / f"{name}.yaml"
        file = self._read(path)
        if file is None:
            return found
        if not isinstance(file.value, dict) or list(file.value) != [name]:
            self.errors.append(file.error((), f"the file must hold one key, {name!r}, with a list"))
            return found
        items = file.value[name]
        if not isinstance(items, list):
            self.errors.append(file.error((name,), "must be a list"))
            return found
        for index, _ in enumerate(items):
            item = self._model(model, file, (name, index))
            if item is None:
                continue
            key: str = item.id  # type: ignore[attr-defined]
            if key in found:
                self.errors.append(file.error((name, index, "id"), f"{key!r} is given twice"))
            found[key] = item
            self.files[name, key] = (file, (name, index))
        return found

    def reference(
        self,
        owner: tuple[str, str],
        path: Iterable[str | int],
        value: str,
        valid: Iterable[str],
        what: str,
    ) -> bool:
        """Check that `value` is one of `valid`; else note an error with the nearest."""
        words = list(valid)
        if value in words:
            return True
        file, at = self.files[owner]
        message = f"unknown {what} {value!r}"
        self.errors.append(file.error((*at, *path), message, nearest(value, words)))
        return False

    def fault(self, owner: tuple[str, str], path: Iterable[str | int], message: str) -> None:
        file, at = self.files[owner]
        self.errors.append(file.error((*at, *path), message))


def load_catalog(root: Path) -> Catalog:
    """Read and cross-check `root`. Raises ConfigErrors with everything that is wrong."""
    if not root.is_dir():
        raise ConfigErrors([ConfigError(str(root), 1, "", "no such folder")])
    loader = _Loader(root)
    catalog = Catalog(
        root=root,
        areas=loader.list(Area, "areas"),
        units=loader.list(Unit, "units"),
        providers=loader.list(Provider, "providers"),
        documents=loader.list(Document, "documents"),
        sources=loader.folder(Source, "sources"),
        indicators=loader.folder(Indicator, "indicators"),
        pairs=loader.folder(Pair, "pairs"),
        articles=loader.folder(Article, "articles"),
        corrections=loader.folder(Corrections, "corrections"),
        watch=loader.one(Watch, "feeds"),
    )
    # Files that did not load would make every reference to them an error as well.
    if not loader.errors:
        _check_sources(catalog, loader)
        _check_indicators(catalog, loader)
        _check_pairs(catalog, loader)
        _check_articles(catalog, loader)
        _check_corrections(catalog, loader)
        loader.errors.extend(_table_names(catalog))
    if loader.errors:
        raise ConfigErrors(sorted(loader.errors, key=lambda e: (e.file, e.line)))
    return catalog


def _check_sources(catalog: Catalog, loader: _Loader) -> None:
    for source in catalog.sources.values():
        owner = ("sources", source.id)
        loader.reference(owner, ("provider",), source.provider, catalog.providers, "provider")
        for severity in ("error", "warning"):
            wanted: CheckSet = getattr(source.checks, severity)
            for kind in ("rows", "maximum_change"):
                for index, selected in enumerate(getattr(wanted, kind)):
                    path = ("checks", severity, kind, index)
                    _check_selected(catalog, loader, owner, path, selected)


def _check_selected(
    catalog: Catalog,
    loader: _Loader,
    owner: tuple[str, str],
    path: tuple[str | int, ...],
    selected: Selected,
) -> None:
    """A check that selects what its source never has would look at nothing."""
    feeds = catalog.feeds_of(owner[1])
    indicators = {name: catalog.indicators[name] for name, _ in feeds}
    of = list(indicators.values())
    if selected.indicator is not None:
        valid = indicators.keys()
        if not loader.reference(
            owner, (*path, "indicator"), selected.indicator, valid, "indicator"
        ):
            return
        of = [indicators[selected.indicator]]
        feeds = [(name, feed) for name, feed in feeds if name == selected.indicator]
    for name, value, words in (
        ("measure", selected.measure, {feed.measure for _, feed in feeds}),
        ("freq", selected.freq, {feed.freq for _, feed in feeds}),
        ("ref_area", selected.ref_area, {area for _, feed in feeds for area in feed.ref_areas}),
    ):
        if value is not None:
            loader.reference(owner, (*path, name), value, words, name)
    declared = {name: facet for indicator in of for name, facet in indicator.facets.items()}
    _check_facets(loader, owner, (*path, "facets"), selected.facets, declared)


def _check_corrections(catalog: Catalog, loader: _Loader) -> None:
    for declared in catalog.corrections.values():
        owner = ("corrections", declared.id)
        loader.reference(owner, ("id",), declared.id, catalog.sources, "source")
        for index, correction in enumerate(declared.corrections):
            _check_correction(catalog, loader, owner, index, correction)


def _check_correction(
    catalog: Catalog, loader: _Loader, owner: tuple[str, str], index: int, correction: Correction
) -> None:
    path = ("corrections", index)
    loader.reference(owner, (*path, "evidence"), correction.evidence, catalog.documents, "document")
    for place in ("ref_area", "counterpart_area"):
        area = getattr(correction, place)
        if area is not None:
            loader.reference(owner, (*path, place), area, catalog.areas, "area")
    try:
        if parse_period(correction.time_period).freq != correction.freq:
            message = f"is not of frequency {correction.freq}"
            loader.fault(owner, (*path, "time_period"), message)
    except ValueError as error:
        loader.fault(owner, (*path, "time_period"), str(error))
    here = (*path, "indicator")
    if not loader.reference(owner, here, correction.indicator, catalog.indicators, "indicator"):
        return
    indicator = catalog.indicators[correction.indicator]
    measures = indicator.measures
    loader.reference(owner, (*path, "measure"), correction.measure, measures, "measure")
    _check_facets(loader, owner, (*path, "facets"), correction.facets, indicator.facets)
    if missing := indicator.facets.keys() - correction.facets.keys():
        message = f"facets missing: {', '.join(sorted(missing))}"
        loader.fault(owner, (*path, "facets"), message)


def _check_indicators(catalog: Catalog, loader: _Loader) -> None:
    for indicator in catalog.indicators.values():
        owner = ("indicators", indicator.id)
        for name, measure in indicator.measures.items():
            path = ("measures", name, "unit")
            loader.reference(owner, path, measure.unit, catalog.units, "unit")
        for name in indicator.sources_apart.counts if indicator.sources_apart else ():
            path = ("sources_apart", "counts", name)
            loader.reference(owner, path, name, catalog.sources, "source")
        selectors: list[tuple[tuple[str | int, ...], SeriesSelector]] = [
            (("chart", index), selector) for index, selector in enumerate(indicator.chart)
        ]
        if indicator.headline:
            selectors.append((("headline",), indicator.headline))
        for path_, selector in selectors:
            _check_selector(catalog, loader, indicator, path_, selector)
        for index, feed in enumerate(indicator.feeds):
            _check_feed(catalog, loader, indicator, index, feed)
        if indicator.cues is not None:
            _check_cues(catalog, loader, indicator, indicator.cues)


def _check_cues(catalog: Catalog, loader: _Loader, indicator: Indicator, cues: Cues) -> None:
    """Units of a text need not be the catalogue's, so they are not checked."""
    owner = ("indicators", indicator.id)
    areas: list[tuple[tuple[str, ...], list[str] | None]] = [
        (("cues", name), getattr(cues, name))
        for name in ("ref_areas", "counterpart_areas", "named_areas")
    ]
    for name, told in cues.measures.items():
        at = ("cues", "measures", name)
        loader.reference(owner, at, name, indicator.measures, "measure")
        areas += [((*at, side), getattr(told, side)) for side in ("ref_areas", "counterpart_areas")]
    for path, named in areas:
        for index, area in enumerate(named or []):
            loader.reference(owner, (*path, index), area, catalog.areas, "area")
    for name, values in cues.facets.items():
        at = ("cues", "facets", name)
        if loader.reference(owner, at, name, indicator.facets, "facet"):
            for value in values:
                valid = indicator.facets[name].values
                loader.reference(owner, (*at, value), value, valid, "value")


def _check_selector(
    catalog: Catalog,
    loader: _Loader,
    indicator: Indicator,
    path: tuple[str | int, ...],
    selector: SeriesSelector,
) -> None:
    owner = ("indicators", indicator.id)
    checks = (
        ("measure", indicator.measures, "measure"),
        ("ref_area", catalog.areas, "area"),
        ("counterpart_area", catalog.areas, "area"),
        ("source", catalog.sources, "source"),
    )
    for name, valid, what in checks:
        value = getattr(selector, name)
        if value is not None:
            loader.reference(owner, (*path, name), value, valid, what)
    _check_facets(loader, owner, (*path, "facets"), selector.facets, indicator.facets)


def _check_facets(
    loader: _Loader,
    owner: tuple[str, str],
    path: tuple[str | int, ...],
    facets: Mapping[str, str],
    declared: Mapping[str, Facet],
) -> None:
    for name, value in facets.items():
        if loader.reference(owner, (*path, name), name, declared, "facet"):
            values = declared[name].values
            loader.reference(owner, (*path, name), value, values, f"value of facet {name}")


def _check_feed(
    catalog: Catalog, loader: _Loader, indicator: Indicator, index: int, feed: Feed
) -> None:
    owner, path = ("indicators", indicator.id), ("feeds", index)
    loader.reference(owner, (*path, "source"), feed.source, catalog.sources, "source")
    loader.reference(owner, (*path, "measure"), feed.measure, indicator.measures, "measure")
    for place in ("ref_areas", "counterpart_areas"):
        for position, area in enumerate(getattr(feed, place)):
            loader.reference(owner, (*path, place, position), area, catalog.areas, "area")
    _check_facets(loader, owner, (*path, "facets"), feed.facets, indicator.facets)
    missing = indicator.facets.keys() - feed.facets.keys()
    if missing:
        message = f"facets missing: {', '.join(sorted(missing))}"
        loader.fault(owner, (*path, "facets"), message)


def _check_pairs(catalog: Catalog, loader: _Loader) -> None:
    if not catalog.pairs:
        loader.errors.append(ConfigError("pairs", 1, "", "no pair of countries is configured"))
    for pair in catalog.pairs.values():
        owner = ("pairs", pair.id)
        for name in ("ref_area", "counterpart_area"):
            loader.reference(owner, (name,), getattr(pair, name), catalog.areas, "area")
        for index, indicator in enumerate(pair.indicators):
            path = ("indicators", index)
            loader.reference(owner, path, indicator, catalog.indicators, "indicator")
        for index, event in enumerate(pair.events):
            at = ("events", index)
            for position, name in enumerate(event.indicators):
                here = (*at, "indicators", position)
                loader.reference(owner, here, name, catalog.indicators, "indicator")
            for position, name in enumerate(event.articles):
                here = (*at, "articles", position)
                loader.reference(owner, here, name, catalog.articles, "article")


def read_article(catalog: Catalog, text: str, name: str) -> Article:
    """One article's file, held against the catalogue. `name` stands in messages.

    Raises ConfigErrors with everything that is wrong.
    """
    loader = _Loader(catalog.root)
    try:
        file = read_yaml(text, name)
    except ConfigError as error:
        raise ConfigErrors([error]) from error
    article = load_model(Article, file)
    loader.files["articles", article.id] = (file, ())
    _check_article(catalog, loader, article)
    if loader.errors:
        raise ConfigErrors(sorted(loader.errors, key=lambda e: e.line))
    return article


def _check_articles(catalog: Catalog, loader: _Loader) -> None:
    for article in catalog.articles.values():
        _check_article(catalog, loader, article)


def _check_article(catalog: Catalog, loader: _Loader, article: Article) -> None:
    for number, excerpt in enumerate(article.excerpts):
        for position, claim in enumerate(excerpt.claims):
            path = ("excerpts", number, "claims", position)
            _check_claim(catalog, loader, ("articles", article.id), path, claim)


def _check_claim(
    catalog: Catalog,
    loader: _Loader,
    owner: tuple[str, str],
    path: tuple[str | int, ...],
    claim: Claim,
) -> None:
    loader.reference(owner, (*path, "unit"), claim.unit, catalog.units, "unit")
    for place in ("geography", "ref_areas", "counterpart_areas"):
        for position, area in enumerate(getattr(claim, place)):
            loader.reference(owner, (*path, place, position), area, catalog.areas, "area")
    here = (*path, "indicator")
    if not loader.reference(owner, here, claim.indicator, catalog.indicators, "indicator"):
        return
    indicator = catalog.indicators[claim.indicator]
    _check_facets(loader, owner, (*path, "facets"), claim.facets, indicator.facets)
    here = (*path, "measure")
    if loader.reference(owner, here, claim.measure, indicator.measures, "measure"):
        unit = indicator.measures[claim.measure].unit
        # An article may count cases where the source counts persons: a reader must be told.
        if claim.unit not in {unit, "ratio"} and not claim.caveats:
            message = f"unit {claim.unit!r} is not that of the measure, {unit!r}: add a caveat"
            loader.fault(owner, (*path, "unit"), message)


def _table_names(catalog: Catalog) -> Iterator[ConfigError]:
    for path in sorted((catalog.root / "tables").glob("*")):
        name = path.relative_to(catalog.root).as_posix()
        parts = path.name.split(".")
        if len(parts) != 3 or parts[2] != "csv":
            yield ConfigError(name, 1, "", "a table is named <indicator>.<source>.csv")
            continue
        for part, valid, what in (
            (parts[0], catalog.indicators, "indicator"),
            (parts[1], catalog.sources, "source"),
        ):
            if part not in valid:
                yield ConfigError(name, 1, "", f"unknown {what} {part!r}", nearest(part, valid))


def read_checked_table(
    catalog: Catalog, path: Path, text: str | None = None
) -> Iterator[tuple[int, TableRow | ConfigError]]:
    """Rows of one table with their line numbers, each checked against the catalogue.

    `text` is the file's content where it was read already. Raises ConfigError for a file that
    cannot be read as a table at all.
    """
    name = path.relative_to(catalog.root).as_posix()
    body = read_text(path, catalog.root) if text is None else text
    seen: dict[tuple[object, ...], int] = {}
    for line, row in read_table(body, name):
        if isinstance(row, ConfigError):
            yield line, row
            continue
        error = _row_error(catalog, path, name, line, row)
        key = (
            row.measure,
            tuple(sorted(row.facets.items())),
            row.ref_area,
            row.counterpart_area,
            row.freq,
            row.time_period,
            row.published_on,
        )
        if error is None and key in seen:
            message = f"repeats line {seen[key]}: same series, time_period and published_on"
            error = ConfigError(name, line, "time_period", message)
        seen.setdefault(key, line)
        yield line, error or row


def _row_error(
    catalog: Catalog, path: Path, name: str, line: int, row: TableRow
) -> ConfigError | None:
    def fault(key: str, message: str, hint: str | None = None) -> ConfigError:
        return ConfigError(name, line, key, message, hint)

    for column, value, part in (
        ("indicator", row.indicator, path.name.split(".")[0]),
        ("source", row.source, path.name.split(".")[1]),
    ):
        if value != part:
            return fault(column, f"{value!r} is not that of the file's name, {part!r}")
    indicator = catalog.indicators[row.indicator]
    checks: tuple[tuple[str, str | None, Iterable[str]], ...] = (
        ("measure", row.measure, indicator.measures),
        ("ref_area", row.ref_area, catalog.areas),
        ("counterpart_area", row.counterpart_area, catalog.areas),
        ("evidence", row.evidence, catalog.documents),
        *(("facets", facet, indicator.facets) for facet in row.facets),
        *(
            ("facets", value, indicator.facets[facet].values)
            for facet, value in row.facets.items()
            if facet in indicator.facets
        ),
        *(("facets", facet, row.facets) for facet in indicator.facets),
    )
    for column, value_, valid in checks:
        words = list(valid)
        if value_ is not None and value_ not in words:
            what = "facet missing:" if value_ in indicator.facets else f"unknown {column}"
            return fault(column, f"{what} {value_!r}", nearest(value_, words))
    try:
        period = parse_period(row.time_period)
    except ValueError as error:
        return fault("time_period", str(error))
    if period.freq != row.freq:
        return fault(
            "freq",
            f"{row.freq!r} does not fit the period {row.time_period!r}",
            f"use {period.freq}",
        )
    if row.published_on is None and catalog.documents[row.evidence].retrieved_on is None:
        # Its vintage would be the moment of the load, and another one at each load.
        message = f"is empty, so document {row.evidence!r} must say retrieved_on"
        return fault("published_on", message)
    return _value_error(catalog, row, fault)


def _value_error(
    catalog: Catalog, row: TableRow, fault: Callable[[str, str], ConfigError]
) -> ConfigError | None:
    unit = catalog.unit_of(row.indicator, row.measure)
    if row.value is None:
        if row.obs_status.value not in {"M", "Q"}:
            return fault("value", "is empty, which only obs_status M or Q allows")
        return None
    value = row.value.scaleb(row.unit_mult)
    if (unit.minimum is not None and value < unit.minimum) or (
        unit.maximum is not None and value > unit.maximum
    ):
        message = (
            f"{value} lies outside the bounds of unit {unit.id}, {unit.minimum} to {unit.maximum}"
        )
        return fault("value", message)
    return None


def check_tables(catalog: Catalog) -> list[ConfigError]:
    """Every error of every table."""
    errors: list[ConfigError] = []
    for path in sorted((catalog.root / "tables").glob("*.csv")):
        try:
            found = [row for _, row in read_checked_table(catalog, path)]
        except ConfigError as error:
            errors.append(error)
            continue
        errors.extend(row for row in found if isinstance(row, ConfigError))
    return errors
