"""US Customs and Border Protection: CSV files behind landing pages, no API, no key.

What is peculiar about them, and how far each point is known. *Verified*: in a recorded file or
page. *Seen*: in public code whose author says it was measured. *Unverified*: neither.

- verified: landing pages (`/document/stats/nationwide-encounters`, `.../weapons-and-ammunition-
  seizures`; seen: `.../southwest-land-border-encounters`) link every release of a file, twice each,
  as `/sites/default/files/<YYYY-MM>/<stem>-fy23-fy26-<mon>[-aor|-state][_0].csv`; older ones as
  `/sites/default/files/assets/documents/2023-Nov/...`. Files of ended years have no month. So the
  newest is found by its folder; the month in the name begins anew every fiscal year.
- verified: the headers in LAYOUTS. Southwest files have CRLF, citizenships in title case;
  nationwide files write them in capitals, `"CHINA, PEOPLES REPUBLIC OF"` in quotes.
- verified: `Fiscal Year` is `2025` or, for the running year, `2025 (FYTD)`; October to December
  belong to the calendar year before. `Month Grouping` parts past years at the present month: FYTD
  and Remaining together are the year.
- verified: counts are events, not persons. Border Patrol and Office of Field Operations are both in
  a file; that a month lacks one of them while others have it is refused, for its sum would mislead.
- verified: files overlap by three fiscal years and restate them; only the newest is read.
- verified: weapons files have a row for each event and category; Event ID and quantity print as
  `2144569237.0`. Events are counted by distinct Event ID. Border Patrol's direction is OTHER.
- verified: `UAC` and, in files until 2024, seen: `UC / Single Minors` in Demographic.

A feed selects `file` (and `cut` of a nationwide one), for weapons `count` (events, quantity), and
any label of a column, written like `component: U.S. Border Patrol`, `land_border_region: ...`.
`_O` in its counterpart_areas is every citizenship that no feed of the same measure names. A month
without a row is no figure; a fiscal year is the sum of its months, provisional (P) before the
twelfth, and no figure where the file lacks its beginning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter

from config.schema import Area, ObsStatus, Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ParseError
from ingest.http import Client
from ingest.sources._cbp_files import LAYOUTS, MONTHS, Layout, newest_file
from ingest.sources._csv import Repeats, lacking, read_rows
from ingest.sources._ignore import kept, unknown_column, unknown_label, without
from ingest.sources._links import links_of
from ingest.sources._reading import (
    beginning,
    listed,
    number,
    refuse,
    unknown,
    url_of,
    what_instead,
)

_NAMES = (
    "October", "November", "December", "January", "February", "March",
    "April", "May", "June", "July", "August", "September",
)  # fmt: skip
_YEAR = re.compile(r"(20[0-9]{2})( \(FYTD\))?")


@dataclass
class _Sum:
    """What the rows of one group come to, and where the first of them stands."""

    line: int
    total: int | Decimal = 0
    events: set[str] = field(default_factory=set)


@dataclass
class _Content:
    """A file, added up: `groups` by fiscal year, month (0 is October) and the wanted columns."""

    columns: Sequence[str]
    groups: dict[tuple[int, int, tuple[str, ...]], _Sum] = field(default_factory=dict)
    months: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    components: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What was found in the wanted columns."""


class Cbp:
    """Adapter of CBP's files. `areas`, by id, give the names of citizenships."""

    recipe = "cbp-1"

    def __init__(self, areas: Mapping[str, Area] | None = None) -> None:
        self._areas = areas or {}

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Find the newest file of each kind on the landing page and get it.

        A landing page without such a file is handed out in its place, so that its bytes are kept;
        `parse` refuses it. Raises FetchError, and ContractError for a wrong feed.
        """
        url = url_of(source, "url of a landing page")
        wanted = _by_file(feeds)
        page = payload_of(client.get(url, provider=source.provider))
        links = links_of(page)
        for stem, cut in wanted:
            newest = newest_file(links, stem, cut)
            if newest is None:
                yield page
                return
            yield payload_of(client.get(newest.url, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Add up the files of one run. Raises ContractError, ParseError."""
        wanted = _by_file(feeds)
        found: dict[tuple[str, str], Payload] = {}
        for payload in payloads:
            kind = _kind_of(source, payload, list(wanted))
            if kind in found:
                refuse(payload.origin, "one file of each kind", "a second one")
            found[kind] = payload
        for kind, bound in wanted.items():
            if kind not in found:
                refuse(f"source {source.id}", f"a file {_name(kind)}", "none")
            layout = LAYOUTS[kind]
            content = _read(source, found[kind], layout, bound)
            for each in bound:
                named = self._citizenships(layout, bound, each)
                yield from _observations(found[kind].origin, layout, content, each, named)

    def _citizenships(
        self, layout: Layout, bound: Sequence[BoundFeed], feed: BoundFeed
    ) -> dict[str | None, frozenset[str] | None]:
        """The labels that each counterpart of a feed stands for; None where it is all rows."""
        if layout.citizenship is None:
            other = feed.feed.counterpart_areas
            return dict.fromkeys(other) if other else {None: None}
        valid = layout.columns[layout.citizenship] or frozenset()
        siblings = [each for each in bound if each.feed.measure == feed.feed.measure]
        named = {
            area: self._label(feed, area, valid)
            for each in siblings
            for area in each.feed.counterpart_areas
            if not area.startswith("_")
        }
        result: dict[str | None, frozenset[str] | None] = {}
        for area in feed.feed.counterpart_areas:
            if area == "_T":
                result[area] = None
            elif area == "_O":
                result[area] = valid - set(named.values())
            else:
                result[area] = frozenset({named[area]})
        return result or {None: None}

    def _label(self, feed: BoundFeed, area: str, valid: Iterable[str]) -> str:
        name = self._areas[area].name.en if area in self._areas else area
        labels = {label.casefold(): label for label in valid}
        if name.casefold() not in labels:
            owner = f"feed of {feed.indicator}, source {feed.feed.source}"
            unknown(owner, "citizenship", name, labels.values())
        return labels[name.casefold()]


def _by_file(feeds: Sequence[BoundFeed]) -> dict[tuple[str, str], list[BoundFeed]]:
    """Feeds by the file that they read. Raises ContractError for what no file can answer."""
    grouped: dict[tuple[str, str], list[BoundFeed]] = {}
    for bound in feeds:
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        select = bound.feed.select
        kind = (select.get("file", ""), select.get("cut", ""))
        if kind not in LAYOUTS:
            files = [_name(each) for each in LAYOUTS]
            unknown(name, "select with file and cut of", _name(kind), files)
        layout = LAYOUTS[kind]
        for key, label in _filters(bound).items():
            columns = {_key(column): column for column in layout.columns}
            if key not in columns:
                unknown(name, "select with columns of", key, columns)
            valid = layout.columns[columns[key]]
            if valid is not None and label not in valid:
                unknown(name, f"select with {key} of", label, valid)
        if (select.get("count") in {"events", "quantity"}) != (layout.event is not None):
            refuse(name, "count: events or quantity, for weapons only", select.get("count", "none"))
        if bound.feed.freq not in {"A", "M"} or len(bound.feed.ref_areas) != 1:
            refuse(name, "frequency A or M and one ref_area", bound.feed.freq)
        grouped.setdefault(kind, []).append(bound)
    return grouped


def _filters(bound: BoundFeed) -> dict[str, str]:
    """Labels that the rows of a feed must have, by key of the column."""
    own = {"file", "cut", "count"}
    return {key: label for key, label in bound.feed.select.items() if key not in own}


def _key(column: str) -> str:
    """`inbound_outbound` for `Inbound/Outbound`.

    >>> _key("Month (abbv)")
    'month_abbv'
    """
    return re.sub(r"[^a-z]+", "_", column.lower()).strip("_")


def _kind_of(
    source: Source, payload: Payload, wanted: Sequence[tuple[str, str]]
) -> tuple[str, str]:
    """Which of the wanted files this is, by its header. Raises ContractError."""
    names = [_name(kind) for kind in wanted]
    instead = what_instead(beginning(payload))
    if not instead.startswith("bytes"):
        refuse(payload.origin, f"a CSV file {listed(names)}, or a link to one", instead)
    layouts = {kind: list(LAYOUTS[kind].columns) for kind in wanted}
    columns = list(dict.fromkeys(column for layout in layouts.values() for column in layout))
    header = next(read_rows(payload.origin, payload.open()))[1]
    found = [header[at] for at in kept(source, header, columns)]
    kinds = [kind for kind, layout in layouts.items() if layout == found]
    if not kinds:
        whole = any(set(layout) <= set(found) for layout in layouts.values())
        for column in found:
            if column not in columns and whole:
                unknown_column(source, payload.origin, column, columns)
            if column not in columns:
                unknown(payload.origin, "columns of", column, columns)
        expected = " or ".join(listed(layout) for layout in layouts.values())
        refuse(payload.origin, f"columns {expected}", listed(found))
    return kinds[0]


def _name(kind: tuple[str, str]) -> str:
    return "-".join(part for part in kind if part)


def _read(source: Source, payload: Payload, layout: Layout, bound: Sequence[BoundFeed]) -> _Content:
    """Add up a file by what its feeds ask for, one row at a time."""
    rows = without(source, read_rows(payload.origin, payload.open()))
    header = next(rows)[1]
    columns = dict(zip(layout.columns, kept(source, header, layout.columns), strict=True))
    value_at = columns[layout.value]
    event_at = columns[layout.event] if layout.event else None
    filters = [_filters(each) for each in bound]
    told_apart = _told_apart(layout, filters)
    content = _Content([_key(column) for column in told_apart])
    # Millions of rows share a few thousand combinations of labels: each is looked at once.
    labels = {column for column, valid in layout.columns.items() if valid is not None}
    combined = {"Fiscal Year", *labels, *told_apart}
    combination = itemgetter(*[at for name, at in columns.items() if name in combined])
    identity = _identity(len(header), value_at, event_at)
    groups: dict[tuple[str, ...], _Sum | None] = {}
    years: dict[str, int] = {}
    repeats = Repeats()
    for line, cells in rows:
        found = combination(cells)
        if found not in groups:
            row = {name: cells[at] for name, at in columns.items()}
            _check_labels(source, payload.origin, line, layout, row)
            groups[found] = _group(payload.origin, line, layout, row, content, filters, years)
        summed = groups[found]
        if summed is None:
            continue
        repeats.add(identity(cells))
        summed.total += _count(line, cells[value_at])
        if event_at is not None:
            summed.events.add(_event(line, cells[event_at]))
    if not content.months:
        refuse(payload.origin, "rows below the header", "none")
    _check_filters(payload.origin, layout, content, filters)
    repeats.check(
        payload.origin,
        lambda: (
            (line, identity(cells))
            for line, cells in without(source, read_rows(payload.origin, payload.open()))
        ),
    )
    _check_components(payload.origin, content)
    return content


def _told_apart(layout: Layout, filters: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns by which rows are told apart."""
    keys = {key for wants in filters for key in wants}
    return [
        column for column in layout.columns if _key(column) in keys or column == layout.citizenship
    ]


def _group(
    origin: str,
    line: int,
    layout: Layout,
    row: Mapping[str, str],
    content: _Content,
    filters: Sequence[Mapping[str, str]],
    years: dict[str, int],
) -> _Sum | None:
    """Where to add up rows with these labels; None where no feed wants them."""
    year = _year(origin, line, row["Fiscal Year"], years)
    month = MONTHS.index(row["Month (abbv)"])
    content.months[year].add(month)
    if layout.event is None and "Component" in row:
        content.components[year, month].add(row["Component"])
    keyed = {_key(column): label for column, label in row.items()}
    values = {key: keyed[key] for key in content.columns}
    for key, label in values.items():
        content.labels[key].add(label)
    if not any(wants.items() <= values.items() for wants in filters):
        return None
    group = (year, month, tuple(values.values()))
    return content.groups.setdefault(group, _Sum(line))


def _check_labels(
    source: Source, origin: str, line: int, layout: Layout, row: Mapping[str, str]
) -> None:
    for column, label in row.items():
        valid = layout.columns[column]
        if valid is not None and label not in valid:
            unknown_label(
                source, origin, f"{column} of", column, label, sorted(valid), f"line {line}"
            )


def _check_filters(
    origin: str, layout: Layout, content: _Content, filters: Sequence[Mapping[str, str]]
) -> None:
    """Refuse a file that lacks a wanted label in a column where any may stand."""
    free = {_key(column) for column, valid in layout.columns.items() if valid is None}
    for wants in filters:
        for key, label in wants.items():
            if key in free and label not in content.labels[key]:
                lacking(origin, f"rows of {key}", label, content.labels[key])


def _identity(
    width: int, value_at: int, event_at: int | None
) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """What may come once only: all labels of encounters; of seizures the quantity as well."""
    if event_at is not None:
        return tuple
    return itemgetter(*[at for at in range(width) if at != value_at])


def _year(origin: str, line: int, text: str, years: dict[str, int]) -> int:
    if text in years:
        return years[text]
    match = _YEAR.fullmatch(text)
    if not match:
        refuse(origin, "a Fiscal Year like 2025 or 2025 (FYTD)", f"{text!r} at line {line}")
    year = int(match[1])
    if year in years.values():
        refuse(origin, "each Fiscal Year written in one way", f"{text!r} at line {line} as well")
    years[text] = year
    return year


def _count(line: int, text: str) -> int | Decimal:
    if text.isascii() and text.isdecimal():
        return int(text)
    value = number(f"line {line}", text)
    if value < 0:
        raise ParseError(f"line {line}", text, "must not be negative")
    return value


def _event(line: int, text: str) -> str:
    """An Event ID without the `.0` that its file prints."""
    event = text.removesuffix(".0")
    if not event:
        raise ParseError(f"line {line}", text, "must be an Event ID")
    return event


def _check_components(origin: str, content: _Content) -> None:
    """Refuse a file of which one month lacks what the others have."""
    both = set().union(*content.components.values())
    for (year, month), found in sorted(content.components.items()):
        if found != both:
            missing = listed(sorted(both - found))
            refuse(origin, f"rows of {listed(sorted(both))} in every month",
                   f"none of {missing} in {_named(year, month)}")  # fmt: skip


def _observations(
    origin: str,
    layout: Layout,
    content: _Content,
    bound: BoundFeed,
    named: Mapping[str | None, frozenset[str] | None],
) -> Iterator[RawObservation]:
    filters = _filters(bound)
    citizenship = _key(layout.citizenship) if layout.citizenship else None
    for area, labels in named.items():
        periods: dict[tuple[int, int], list[_Sum]] = defaultdict(list)
        for (year, month, values), summed in content.groups.items():
            row = dict(zip(content.columns, values, strict=True))
            if filters.items() <= row.items() and (
                labels is None or citizenship is None or row[citizenship] in labels
            ):
                periods[year, month].append(summed)
                periods[year, -1].append(summed)
        for (year, month), parts in sorted(periods.items()):
            if (month < 0) == (bound.feed.freq == "A"):
                yield from _observation(origin, layout, content, bound, area, year, month, parts)


def _observation(
    origin: str,
    layout: Layout,
    content: _Content,
    bound: BoundFeed,
    area: str | None,
    year: int,
    month: int,
    parts: Sequence[_Sum],
) -> Iterator[RawObservation]:
    """The figure of a month, or of a fiscal year (`month` -1) that the file has from October."""
    notes = [_how(bound) if layout.event else layout.note]
    status = ObsStatus.NORMAL
    period = f"{_calendar_year(year, month)}-{_calendar_month(month):02}"
    if month < 0:
        months = sorted(content.months[year])
        if months != list(range(len(months))):
            return
        period = f"FY{year}"
        if len(months) < len(MONTHS):
            status = ObsStatus.PROVISIONAL
            notes.append(f"{_span(year, months[-1])} only")
    if bound.feed.select.get("count") == "events":
        value = Decimal(len(set[str]().union(*(part.events for part in parts))))
    else:
        value = sum((Decimal(part.total) for part in parts), Decimal())
    first = min(part.line for part in parts)
    yield RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=bound.feed.freq,
        ref_area=bound.feed.ref_areas[0],
        counterpart_area=area,
        time_period=period,
        value=_digits(value),
        locator=f"line {first} and others",
        origin=origin,
        obs_status=status.value,
        note="; ".join(note for note in notes if note),
    )


def _how(bound: BoundFeed) -> str:
    counts = bound.feed.select["count"] == "events"
    return "computed: distinct Event IDs" if counts else "computed: sum of Quantity Seized"


def _digits(value: Decimal) -> str:
    whole = value.to_integral_value()
    return format(whole if whole == value else value.normalize(), "f")


def _span(year: int, last: int) -> str:
    return _named(year, 0) if last == 0 else f"{_named(year, 0)} to {_named(year, last)}"


def _named(year: int, month: int) -> str:
    return f"{_NAMES[month]} {_calendar_year(year, month)}"


def _calendar_year(year: int, month: int) -> int:
    return year - 1 if month < 3 else year


def _calendar_month(month: int) -> int:
    return (month + 9) % 12 + 1
