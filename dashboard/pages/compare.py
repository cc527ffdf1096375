"""Up to four series beside each other: on one axis, each in its unit, or as an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dash import html

from config.schema import Event, Indicator
from dashboard import addresses, labels
from dashboard.cards import ComparedCard
from dashboard.comparison import (
    INDEX_DECIMALS,
    MOST,
    Apart,
    Asked,
    CompareState,
    Example,
    Index,
    Kind,
    NoIndex,
    Refusal,
    Row,
    Rows,
    apart,
    candidates,
    definitions_apart,
    examples,
    index_of,
    kinds_of,
    known_series,
    read_asked,
    shown,
    sources_apart,
    with_series,
)
from dashboard.comparison import table as rows_of
from dashboard.components import cite
from dashboard.components.chooser import compared_names, form
from dashboard.components.dated import event_list
from dashboard.components.sources import (
    late_notice,
    source_block,
    status_legend,
    unverified_legend,
    with_signs,
)
from dashboard.export.compare import index_cell
from dashboard.figures import raster
from dashboard.figures.model import LINE_STYLES, Chart, Line, Point, middle
from dashboard.figures.model import Kind as MeasureKind
from dashboard.figures.summary import of_lines
from dashboard.figures.svg import draw
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number, period, shortest, signed
from dashboard.page import Page, buttons, section, table
from dashboard.render import markup
from dashboard.sharing import Citation, cell, digest, official_line, providers_of
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.view import (
    drawn_ends,
    event_mark,
    events_as_known,
    headline_series,
    inside,
    late_sources,
    late_warnings,
    with_gaps,
)
from db.records import Observation, SeriesKey

COLOURS = (0, 3, 4, 5)
"""Of the palette, those of which each has a dash of its own: no line is told by colour alone."""
WIDE, NARROW = (900, 400), (360, 380)
WIDE_MULTIPLE, NARROW_MULTIPLE = (900, 270), (360, 290)


@dataclass(frozen=True)
class Comparison:
    """What the page shows for one state."""

    asked: Asked
    keys: tuple[SeriesKey, ...]
    rows: Rows
    names: Mapping[SeriesKey, str]
    refusal: Refusal | None
    """Why there is no index although one is asked for."""
    index: Index | None

    @property
    def state(self) -> CompareState:
        """What of the address was understood."""
        return self.asked.state

    @property
    def observations(self) -> list[Observation]:
        """The values of all its series."""
        return [o for each in self.rows.values() for o in each]


def comparison(store: Store, asked: Asked, t: Translator) -> Comparison:
    """The series of a state with their values."""
    state = asked.state
    keys = tuple(map(SeriesKey.parse, state.series))
    rows: dict[SeriesKey, list[Observation]] = {key: [] for key in keys}
    for o in store.observations(keys, state.asof):
        # An interval of days, as the state of an indicator's page has it.
        if inside(o.period_start, o.period_end, ViewState(first=state.first, last=state.last)):
            rows[o.series].append(o)
    names = compared_names(store.catalog, keys, known_series(store), t)
    found = index_of(rows, kinds_of(store.catalog, keys)) if state.scale == "index" else None
    index = found if isinstance(found, Index) else None
    return Comparison(
        asked, keys, rows, names, found if isinstance(found, Refusal) else None, index
    )


def page(store: Store, pairs: Iterable[tuple[str, str]], t: Translator) -> Page:
    """The page for the parameters of an address, in their order."""
    asked = read_asked(store, pairs)
    state = asked.state
    made = comparison(store, asked, t)
    what = dict.fromkeys(
        store.catalog.indicators[key.indicator].name[t.language] for key in made.keys
    )
    title = t("Compare: {names}", names=", ".join(what)) if what else t("Compare")
    if state.asof:
        title = t("{title}, as known on {day}", title=title, day=day(state.asof, t.locale))
    lead = t(
        "Up to four series beside each other, in their own units or as an index. Nothing is ever "
        "added; what does not count the same thing is not subtracted."
    )
    chooser = form(store.catalog, state, known_series(store), t)
    body: list[Any] = [html.H1(title)]
    if made.keys:
        body += [
            *_left_out(store, asked, t),
            html.Details([html.Summary(t("Choose series, period and scale")), chooser]),
            *_shown(store, made, t),
        ]
    else:
        body += [
            html.P(lead, className="lead"),
            *_left_out(store, asked, t),
            *_examples(store, t),
            section(t("Choose series"), [chooser], "choose"),
        ]
    drawn = charts(store, made, t)[0] if made.observations else None
    return Page(
        title=title,
        description=lead,
        body=body,
        path="compare",
        notices=asked.notices,
        query=state.query(),
        card=ComparedCard(state, drawn.title) if drawn else None,
        # Of each line what it says, but not so much that a preview would cut it.
        shared=" ".join(drawn.summary.split("\n")[:2]) if drawn else "",
    )


def frozen(store: Store, made: Comparison, t: Translator) -> Comparison:
    """The same comparison as known on its day, or today."""
    if made.state.asof:
        return made
    state = replace(made.state, asof=store.clock().date())
    return comparison(store, replace(made.asked, state=state), t)


def citation(store: Store, made: Comparison, t: Translator) -> Citation:
    """Of a frozen comparison. The content is that of all its charts."""
    assert made.state.asof is not None, "the comparison is frozen"
    held = [key for key in made.keys if made.rows[key]]
    return Citation(
        "compare",
        "; ".join(chart.title for chart in charts(store, made, t)),
        tuple(providers_of(store, held, t, short=False)),
        made.state.asof,
        store.clock().date(),
        addresses.absolute(addresses.compare(t.language, made.state)),
        digest(official_line(o, _hashed(o, made.index)) for o in made.observations),
    )


def _hashed(observation: Observation, index: Index | None) -> str:
    if index is None:
        return cell(observation.value)
    return index_cell(shown(observation, index))


def _shown(store: Store, made: Comparison, t: Translator) -> list[Any]:
    sources = list(dict.fromkeys(key.source for key in made.keys))
    return [
        *_refused(made, t),
        section(t("Chart"), _charts(store, made, t), "chart"),
        _compared(store, made, t),
        section(t("Table"), _table(store, made, t), "table"),
        section(t("Sources"), source_block(store, made.observations, sources, t), "sources"),
        section(
            t("Download and cite"),
            [
                _download(made.state, t),
                *cite.of_comparison(citation(store, frozen(store, made, t), t), t),
            ],
            "download",
        ),
    ]


# --- what was left out ----------------------------------------------------------------------


def _left_out(store: Store, asked: Asked, t: Translator) -> list[Any]:
    """What the address names and the page does not show, each with the way on."""
    items: list[Any] = []
    for unknown in asked.unknown:
        said: list[Any] = [t("The series {name} is not known and was left out.", name=unknown.text)]
        if unknown.near and len(asked.state.series) < MOST:
            name = _whole_name(store, SeriesKey.parse(unknown.near), t)
            address = addresses.compare(t.language, with_series(asked.state, unknown.near))
            said += [" ", t("The nearest that is known:"), " ", html.A(name, href=address), "."]
        items.append(html.Li(said))
    items += [
        html.Li(t("{name} was chosen more than once; it is shown once.", name=name))
        for name in (_whole_name(store, SeriesKey.parse(key), t) for key in asked.twice)
    ]
    if asked.beyond:
        names = (_whole_name(store, SeriesKey.parse(key), t) for key in asked.beyond)
        text = t("Four series at most: the first four count. Left out: {names}.",
                 names="; ".join(names))  # fmt: skip
        items.append(html.Li(text))
    return [html.Div(html.Ul(items), className="notice", role="status")] if items else []


def _whole_name(store: Store, key: SeriesKey, t: Translator) -> str:
    """A series with its indicator, told from all others that are held."""
    indicator = store.catalog.indicators[key.indicator].name[t.language]
    name = labels.series_label(store.catalog, key, store.series(key.indicator), t)
    return f"{indicator}: {name}"


def _refused(made: Comparison, t: Translator) -> list[Any]:
    """Why the index that was asked for is not shown."""
    refusal = made.refusal
    if refusal is None:
        return []
    name = made.names[refusal.series] if refusal.series else ""
    when = period(refusal.period, t.locale) if refusal.period else ""
    why = {
        NoIndex.ANNOUNCED: t(
            "{name} states what was announced, which has no course to be measured.", name=name
        ),
        NoIndex.NOTHING_IN_COMMON: t("There is no period for which all series have a value."),
        NoIndex.BASE_NOT_POSITIVE: t(
            "{name} is zero or below zero in {period}, the first common period.",
            name=name,
            period=when,
        ),
    }[refusal.why]
    text = t("No index is shown: {why} The values stand as published.", why=why)
    return [html.P(text, className="notice", role="status")]


# --- what is compared -----------------------------------------------------------------------


def _compared(store: Store, made: Comparison, t: Translator) -> html.Section:
    """Each series in words, with the sign of its line and the way to its indicator."""
    items = []
    before: set[str] = set()
    for number_, key in enumerate(made.keys):
        indicator = store.catalog.indicators[key.indicator]
        measure = indicator.measures[key.measure]
        unit = labels.unit_label(store.catalog.units[measure.unit], t)
        state = ViewState(
            measure=key.measure,
            series=(str(key),),
            first=made.state.first,
            last=made.state.last,
            asof=made.state.asof,
        )
        definition = measure.definition or indicator.definition
        often = labels.frequency_words(t)[key.freq]
        said = f"{measure.name[t.language]}; {unit}; {often}. {definition[t.language]}"
        items.append(
            html.Li(
                [
                    markup(_swatch(COLOURS[number_])),
                    html.A(
                        _whole_name(store, key, t),
                        href=addresses.indicator(t.language, key.indicator, state),
                    ),
                    # What two places have in common is said once.
                    None if said in before else html.P(said, className="said"),
                ]
            )
        )
        before.add(said)
    whys = [why[t.language] for group in _groups(store, made.keys) for why in _why(*group)]
    warnings: list[Any] = [
        html.P([html.Strong(t("Never added, never joined:")), " ", why], className="apart")
        for why in dict.fromkeys(whys)
    ]
    return section(
        t("What is compared"), [html.Ol(items, className="compared"), *warnings], "series"
    )


def _groups(store: Store, keys: Sequence[SeriesKey]) -> list[tuple[Indicator, list[SeriesKey]]]:
    """The series by their indicator."""
    names = dict.fromkeys(key.indicator for key in keys)
    return [
        (store.catalog.indicators[name], [key for key in keys if key.indicator == name])
        for name in names
    ]


def _why(indicator: Indicator, keys: Sequence[SeriesKey]) -> list[Any]:
    of_sources = sources_apart(indicator, keys)
    return [*definitions_apart(indicator, keys), *([of_sources] if of_sources else [])]


def _swatch(colour: int) -> str:
    """A piece of the line as the chart draws it."""
    dash = f' stroke-dasharray="{LINE_STYLES[colour]}"' if LINE_STYLES[colour] else ""
    return (
        '<svg class="swatch" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true"'
        f' focusable="false"><path class="line line-{colour}" fill="none"{dash} d="M0 5h28"/></svg>'
    )


# --- charts ---------------------------------------------------------------------------------


def _charts(store: Store, made: Comparison, t: Translator) -> list[Any]:
    """One axis where all series share a unit or are an index, else one chart for each unit."""
    late: list[Any] = [late_notice(store, name, t) for name in late_sources(store, made.keys)]
    drawn = charts(store, made, t)
    several = len(drawn) > 1
    parts: list[Any] = []
    for chart in drawn:
        wide, narrow = (WIDE_MULTIPLE, NARROW_MULTIPLE) if several else (WIDE, NARROW)
        small = replace(chart, id=f"{chart.id}-narrow")
        parts.append(
            html.Figure(
                [
                    html.H3(chart.title),
                    html.Div(markup(draw(chart, *wide)), className="drawing wide"),
                    html.Div(markup(draw(small, *narrow)), className="drawing narrow"),
                    html.Figcaption(
                        html.Ul([html.Li(line) for line in of_lines(chart)], className="summary")
                    ),
                ],
                className="compared-chart",
            )
        )
    if several:
        text = t("The units differ, so each has a chart of its own; the time axis is the same.")
        parts.insert(0, html.P(text, className="said"))
    return [*parts, *late, event_list(drawn[0], _events(store, made), t)]


def charts(store: Store, made: Comparison, t: Translator) -> list[Chart]:
    """The charts of a comparison, of which at least one series is chosen."""
    ends = span(made.observations, made.state.first, made.state.last)
    events = _events(store, made)
    return [
        _chart(store, made, keys, f"compare-{number_}", ends, events, t)
        for number_, keys in enumerate(_by_unit(store, made), start=1)
    ]


def _by_unit(store: Store, made: Comparison) -> list[tuple[SeriesKey, ...]]:
    """The series that share a chart."""
    if made.index is not None:
        return [made.keys]
    groups: dict[str, list[SeriesKey]] = {}
    for key in made.keys:
        unit = store.catalog.unit_of(key.indicator, key.measure)
        groups.setdefault(unit.id, []).append(key)
    return [tuple(group) for group in groups.values()]


def span(rows: Sequence[Observation], first: date | None, last: date | None) -> tuple[date, date]:
    """First and last day of the time axis: the period asked for, else that of the values."""
    days = [end for o in rows for end in (o.period_start, o.period_end)]
    low = first or min(days, default=(last or date(2001, 1, 1)) - timedelta(days=365))
    high = last or max(days, default=low + timedelta(days=365))
    if low >= high:
        return date(high.year, 1, 1), date(high.year, 12, 31)
    # What stands on an edge is hard to see, so the axis goes on a little behind it.
    room = (high - low) / 40
    drawn = [middle(o.period_start, o.period_end) for o in rows]
    if first is None and min(drawn, default=high) - low < room:
        low -= room
    if last is None and high - max(drawn, default=low) < room:
        high += room
    return low, high


def _events(store: Store, made: Comparison) -> list[Event]:
    """The events of all indicators that are compared, which every chart shares."""
    if not made.state.events:
        return []
    first, last = span(made.observations, made.state.first, made.state.last)
    names = {key.indicator for key in made.keys}
    ends = drawn_ends(store.catalog, made.state.asof)
    of_these = (e for e in store.catalog.pair.events if not e.indicators or names & {*e.indicators})
    found = [
        event
        for event in events_as_known(of_these, made.state.asof)
        if first <= (ends[event.id] or event.date) and event.date <= last
    ]
    return sorted(found, key=lambda event: (event.date, event.id))


def _chart(
    store: Store,
    made: Comparison,
    keys: Sequence[SeriesKey],
    name: str,
    ends: tuple[date, date],
    events: Sequence[Event],
    t: Translator,
) -> Chart:
    catalog = store.catalog
    measures = [catalog.indicators[key.indicator].measures[key.measure] for key in keys]
    unit = catalog.units[measures[0].unit]
    kinds = {measure.kind for measure in measures}
    kind: MeasureKind = kinds.pop() if len(kinds) == 1 else "flow"
    if made.index is not None:
        # An index is read by its change: its axis need not begin at zero.
        kind = "price"
    drawn_to = drawn_ends(store.catalog, made.state.asof)
    base = period(made.index.base, t.locale) if made.index else ""
    label = t("{period} = 100", period=base) if made.index else labels.unit_label(unit, t)
    chart = Chart(
        id=name,
        title=_chart_title(store, made, keys, t),
        summary="",
        unit_label=label,
        decimals=INDEX_DECIMALS if made.index else max(m.decimals for m in measures),
        lines=tuple(_line(store, made, key, t) for key in keys),
        marks=(),
        events=tuple(
            event_mark(number_, event, drawn_to[event.id], t)
            for number_, event in enumerate(events, start=1)
        ),
        x_min=ends[0],
        x_max=ends[1],
        language=t.language,
        kind=kind,
        warnings=late_warnings(store, keys, t),
    )
    return replace(chart, summary="\n".join(of_lines(chart)))


def _chart_title(store: Store, made: Comparison, keys: Sequence[SeriesKey], t: Translator) -> str:
    """What the lines are of; the unit or the base stands beside the axis."""
    named = dict.fromkeys(
        f"{indicator.name[t.language]}: {indicator.measures[key.measure].name[t.language]}"
        for indicator, group in _groups(store, keys)
        for key in group
    )
    title = "; ".join(named)
    if made.index is None:
        return title
    base = period(made.index.base, t.locale)
    return t("{title}, index ({period} = 100)", title=title, period=base)


def _line(store: Store, made: Comparison, key: SeriesKey, t: Translator) -> Line:
    measure = store.catalog.indicators[key.indicator].measures[key.measure]
    unit = store.catalog.units[measure.unit]

    def say(o: Observation) -> str:
        if made.index is None:
            return labels.value(o, unit, measure.decimals, t)
        return number(shown(o, made.index), INDEX_DECIMALS, t.locale)

    points = [
        Point.of(
            o.time_period,
            None if (value := shown(o, made.index)) is None else float(value),
            say(o),
            provisional=o.obs_status in {"P", "F"},
        )
        for o in made.rows[key]
    ]
    return Line(
        str(key),
        made.names[key],
        tuple(with_gaps(points, key.freq, measure.kind)),
        COLOURS[made.keys.index(key)],
        measure.kind in {"running-total", "announced"} and len(points) < 2,
        measure.kind == "announced",
    )


# --- table ----------------------------------------------------------------------------------


def _table(store: Store, made: Comparison, t: Translator) -> list[Any]:
    if not made.observations:
        text = t("None of these series has a value in this period, as known on that day.")
        return [html.P(text, className="none")]
    two = len(made.keys) == 2
    why = apart(store.catalog, made.rows) if two else None
    subtract = two and why is None
    head: list[Any] = [t("Period")]
    head += [
        [made.names[key], html.Br(), html.Small(_unit_words(store, made, key, t))]
        for key in made.keys
    ]
    if subtract:
        unit = _difference_unit(store, made, t)
        head += [
            [t("First minus second"), html.Br(), html.Small(unit)],
            [t("First divided by second"), html.Br(), html.Small(t("times as much"))],
        ]
    rows = [_row(store, made, row, t, subtract=subtract) for row in rows_of(
        made.rows, made.index, subtract=subtract
    )]  # fmt: skip
    parts: list[Any] = []
    if why is not None:
        parts.append(html.P([html.Strong(t("Not subtracted:")), " ", _apart_words(why, made, t)],
                            className="apart", id="not-subtracted"))  # fmt: skip
    parts.append(table(t("Values by period, newest first"), head, rows))
    if subtract:
        text = t("–: not both have a value for the same period.")
        parts.append(html.P(text, className="legend"))
    parts.append(status_legend(made.observations, t))
    parts.append(unverified_legend(store.catalog, made.observations, t))
    return parts


def _unit_words(store: Store, made: Comparison, key: SeriesKey, t: Translator) -> str:
    if made.index is not None:
        return t("{period} = 100", period=period(made.index.base, t.locale))
    return labels.unit_label(store.catalog.unit_of(key.indicator, key.measure), t)


def _difference_unit(store: Store, made: Comparison, t: Translator) -> str:
    if made.index is not None:
        return t("points of the index")
    key = made.keys[0]
    unit = store.catalog.unit_of(key.indicator, key.measure)
    return t("percentage points") if unit.id == "percent" else labels.unit_label(unit, t)


def _row(store: Store, made: Comparison, row: Row, t: Translator, *, subtract: bool) -> list[Any]:
    cells: list[Any] = [period(row.period, t.locale)]
    decimals = [_decimals(store, made, key) for key in made.keys]
    for observation, value, places in zip(row.cells, row.values, decimals, strict=True):
        cells.append(_cell(store, observation, value, places, t))
    if subtract:
        cells.append(signed(row.difference, max(decimals), t.locale))
        cells.append(_times(row.ratio, t))
    return cells


def _decimals(store: Store, made: Comparison, key: SeriesKey) -> int:
    if made.index is not None:
        return INDEX_DECIMALS
    return store.catalog.indicators[key.indicator].measures[key.measure].decimals


def _cell(
    store: Store, observation: Observation | None, value: Decimal | None, places: int, t: Translator
) -> Any:
    if observation is None:
        return ""
    return with_signs(store.catalog, observation, number(value, places, t.locale), t)


def _times(ratio: Decimal | None, t: Translator) -> str:
    """With two decimals, or as many more as show two digits of a small one."""
    if ratio is None:
        return shortest(None, t.locale)
    places = next((d for d in (2, 3, 4, 5) if ratio * 10**d >= 10), 6)
    return number(ratio, places, t.locale)


def _apart_words(why: Apart, made: Comparison, t: Translator) -> str:
    one, other = made.keys
    freqs = labels.frequency_words(t)
    texts = {
        Kind.UNIT: t("the two are not in the same unit."),
        Kind.INDICATOR: t("the two do not have the same definition: they are of two indicators."),
        Kind.DEFINITION: t("the two do not have the same definition. {why}",
                           why=why.why[t.language] if why.why else ""),
        Kind.FREQUENCY: t("the two do not have the same periods: one is {one}, the other {other}.",
                          one=freqs[one.freq], other=freqs[other.freq]),
        Kind.YEARS: t("the two do not have the same periods: a US fiscal year is not a calendar "
                      "year."),
        Kind.PERIODS: t("there is no period for which both have a value."),
    }  # fmt: skip
    return texts[why.kind]


def _download(state: CompareState, t: Translator) -> html.Ul:
    language = t.language
    files = [
        (
            t("CSV of this view, for spreadsheets"),
            addresses.compare_csv(language, state, bom=True),
        ),
        (t("CSV of this view"), addresses.compare_csv(language, state)),
        (t("JSON of this view"), addresses.compare_json(language, state)),
        (t("Picture, SVG"), addresses.compare_picture(language, "svg", state)),
    ]
    if raster.can_write():
        files.append((t("Picture, PNG"), addresses.compare_picture(language, "png", state)))
    return buttons(files)


# --- nothing chosen -------------------------------------------------------------------------


def _examples(store: Store, t: Translator) -> list[Any]:
    """Comparisons that the data at hand gives, as links."""
    found = examples_held(store)
    if not found:
        none = t("No data has been loaded yet.")
        return [html.P(none, className="none")] if not any(known_series(store).values()) else []
    items = [_example(store, example, t) for example in found]
    return [section(t("For example"), [html.Ul(items, className="list")], "examples")]


def examples_held(store: Store) -> list[Example]:
    """The examples of what is in the database."""
    catalog = store.catalog
    leading = [key for i in catalog.pair_indicators if (key := headline_series(store, i))]
    pair = (catalog.pair.ref_area, catalog.pair.counterpart_area)
    keys = [key for keys in known_series(store).values() for key in keys]
    # The pair's own countries first: the comparison that its readers look for.
    near = sorted(candidates(leading, keys), key=lambda key: key.ref_area not in pair)
    chosen = tuple(dict.fromkeys([*leading, *near]))
    rows: dict[SeriesKey, list[Observation]] = {key: [] for key in chosen}
    for o in store.observations(chosen, None):
        rows[o.series].append(o)
    return examples(catalog, near, leading, rows)


def _example(store: Store, example: Example, t: Translator) -> html.Li:
    one, other = example.series
    names = compared_names(store.catalog, example.series, known_series(store), t)
    what = {
        "places": t("Two places on one axis"),
        "measures": t("Two measures on one axis"),
        "sources": t("Two sources of one figure"),
        "index": t("Two units as an index"),
    }[example.kind]
    text = f"{names[one]}; {names[other]}"
    if one.indicator == other.indicator:
        text = f"{store.catalog.indicators[one.indicator].name[t.language]}: {text}"
    state = CompareState(tuple(map(str, example.series)), scale=example.scale)
    link = html.A(text, href=addresses.compare(t.language, state))
    return html.Li([html.Strong(what), html.P(link)])
