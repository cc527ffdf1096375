"""From catalogue, data and ViewState to what one indicator page shows. Pure but for the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from config.catalog import Catalog
from config.periods import parse_period
from config.schema import Comparator, Event, Indicator, Measure, SeriesSelector, Unit
from dashboard import labels
from dashboard.components import verdicts
from dashboard.figures.model import Chart, EventMark, Line, Mark, Point, middle
from dashboard.figures.summary import summary
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.state import FREQUENCIES, SCALES, Choices, Notice, ViewState, parse
from dashboard.store import Store
from dashboard.transform import Refusal, Why, method_of, no_meaning, of_frequency
from dashboard.transformed import (
    Made,
    Telling,
    fits,
    keeps_marks,
    make,
    methods_for,
    notes,
    parts_for_totals,
    population_series,
    refusal_words,
    telling,
    title_words,
)
from db.freshness import Freshness
from db.records import Observation, SeriesKey, StoredClaim
from db.verdicts import Interval, Verdict, accept_interval

MOST_LINES = 8
"""More lines than this cannot be told apart; the page says how many it leaves out."""
LATE = {Freshness.LATE, Freshness.FAILING, Freshness.DUE}
AT_THE_END = {"stock", "running-total", "announced"}
"""Kinds of measure whose claims speak of the last day of their period."""


def matches(key: SeriesKey, selector: SeriesSelector) -> bool:
    """Whether a selector picks a series; absent fields do not restrict."""
    wanted = (
        (selector.measure, key.measure),
        (selector.ref_area, key.ref_area),
        (selector.counterpart_area, key.counterpart_area),
        (selector.freq, key.freq),
        (selector.source, key.source),
    )
    facets = key.facet_values
    return all(want is None or want == have for want, have in wanted) and all(
        facets.get(name) == value for name, value in selector.facets.items()
    )


def headline_series(
    store: Store, indicator: Indicator, asof: date | None = None
) -> SeriesKey | None:
    """The series that a card leads with; of several that fit, the one that reaches furthest, now
    or as known on the day `asof`; before any had a value, the one that had the first."""
    selector = indicator.headline
    if selector is None:
        return None
    fitting = [key for key in store.series(indicator.id) if matches(key, selector)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    newest: dict[SeriesKey, date] = {}
    for observation in store.observations(tuple(fitting), asof):
        if observation.value is not None:
            newest[observation.series] = observation.period_end
    if asof is not None and not newest:
        return min(fitting, key=lambda key: store.first_known([key]) or date.max)
    return max(fitting, key=lambda key: newest.get(key, date.min))


def settled(rows: Sequence[Observation]) -> list[Observation]:
    """Rows with a value, without a last period that is still running (status P), for headlines."""
    known = [row for row in rows if row.value is not None]
    whole = [row for row in known if row.obs_status != "P"]
    return known[: known.index(whole[-1]) + 1] if whole else known


def default_measure(
    indicator: Indicator, keys: Sequence[SeriesKey], claims: Sequence[StoredClaim]
) -> str:
    """The headline's measure if articles cite it, else the most cited official one; where no
    article cites an official one, that of the series which the catalogue draws first."""
    cited = [claim.measure for claim in claims]
    if indicator.headline is None:
        return max(indicator.measures, key=cited.count)
    first = indicator.headline.measure or next(iter(indicator.measures))
    if first in cited:
        return first
    official = {key.measure for key in keys}
    candidates = [
        measure for measure in indicator.measures if measure in official and measure in cited
    ]
    if candidates:
        return max(candidates, key=cited.count)
    drawn = indicator.chart[0].measure if indicator.chart else None
    return drawn or first


@dataclass(frozen=True)
class IndicatorView:
    """Everything that the page of one indicator shows for one state."""

    indicator: Indicator
    measure_id: str
    measure: Measure
    unit: Unit
    state: ViewState
    choices: Choices
    keys: tuple[SeriesKey, ...]
    """The series shown, in the order of their colours."""
    left_out: int
    observations: Mapping[SeriesKey, Sequence[Observation]]
    """As shown: published, or made of what is published."""
    claims: Sequence[StoredClaim]
    """All of the indicator, whatever the measure."""
    events: Sequence[Event]
    chart: Chart
    made: Made
    """How the values shown were made of the published ones."""
    told: Telling
    """How they are written."""
    title: str = ""
    """Of the chart, without the day as of which it is."""
    refused: tuple[Refusal, ...] = ()
    """What was asked for and has no meaning; `state` is without it."""

    def freq_of(self, key: SeriesKey) -> str:
        """The frequency of what is shown of a series."""
        return self.made.freq or key.freq if key in self.made.methods else key.freq

    @property
    def drawn(self) -> set[str]:
        """Ids of the claims that have a mark on the chart."""
        return {mark.id for mark in self.chart.visible_marks()}

    def periods(self) -> list[str]:
        """Periods of the table, newest first."""
        found = {o.time_period for rows in self.observations.values() for o in rows}
        return sorted(found, key=lambda text: (parse_period(text).end, text), reverse=True)


def choices_of(
    indicator: Indicator, keys: Sequence[SeriesKey], claims: Sequence[StoredClaim]
) -> Choices:
    """What the page's parameters may be."""
    areas = {key.ref_area for key in keys} | {k.counterpart_area or "" for k in keys}
    freqs = {key.freq for key in keys}
    # Years and quarters can be made of shorter periods; where not, the reader is told why.
    freqs |= {"A", "Q"} if freqs else set()
    return Choices(
        measures=tuple(indicator.measures),
        areas=tuple(sorted(areas - {""})),
        freqs=tuple(f for f in FREQUENCIES if f in freqs),
        series=tuple(map(str, keys)),
        claims=tuple(claim.id for claim in claims),
    )


def read_state(
    store: Store, indicator: Indicator, arguments: Mapping[str, str]
) -> tuple[ViewState, list[Notice]]:
    """The state that an address of the indicator's page or file asks for, and what it ignores."""
    automatic = arguments.get("readings") == "automatic"
    claims = _claims(store, indicator, automatic=automatic)
    return parse(arguments, choices_of(indicator, store.series(indicator.id), claims))


def _claims(store: Store, indicator: Indicator, *, automatic: bool) -> list[StoredClaim]:
    found = store.claims(automatic=automatic)
    return [claim for claim in found if claim.indicator == indicator.id]


def indicator_view(
    store: Store, indicator: Indicator, state: ViewState, t: Translator
) -> IndicatorView:
    """Assemble the page's content.

    What has no meaning is taken out of the state and kept, with its reason, in `refused`.
    """
    keys = store.series(indicator.id)
    claims = _claims(store, indicator, automatic=state.automatic)
    measure_id = _measure(indicator, keys, claims, state)
    measure = indicator.measures[measure_id]
    unit = store.catalog.units[measure.unit]
    of_measure = [key for key in keys if key.measure == measure_id]
    refusal = refused(store, measure, unit, of_measure, state)
    chosen = [] if refusal else _chosen(store, indicator, measure_id, keys, state)
    shown = chosen[:MOST_LINES]
    made = refusal or make(
        store,
        measure,
        unit,
        shown,
        of_measure,
        state,
        lambda start, end: inside(start, end, state),
    )
    if isinstance(made, Refusal):
        rest = (
            replace(state, unit="level") if made.parameter == "unit" else replace(state, freq=None)
        )
        view = indicator_view(store, indicator, rest, t)
        return replace(view, refused=(made, *view.refused))
    events = events_as_known(_events(store.catalog, indicator.id), state.asof)
    view = IndicatorView(
        indicator,
        measure_id,
        measure,
        unit,
        state,
        choices_of(indicator, keys, claims),
        tuple(made.rows),
        len(chosen) - len(shown),
        made.rows,
        claims,
        events if state.events else [],
        _EMPTY,
        made,
        telling(made, measure, unit, t),
        _undated(indicator, measure, made, unit, t),
    )
    chart = _chart(store, view, t)
    return replace(view, chart=replace(chart, warnings=late_warnings(store, view.keys, t)))


def refused(
    store: Store, measure: Measure, unit: Unit, keys: Sequence[SeriesKey], state: ViewState
) -> Refusal | None:
    """What of a state has no meaning for the series of a measure, by what they are."""
    fitting = _fitting(keys, state)
    if state.freq is not None and state.series:
        methods = methods_for(measure, fitting, state)
        other = next((k for k in fitting if k.freq != state.freq and k not in methods), None)
        if other is not None:
            why = method_of(measure.kind, other.freq, state.freq)
            return Refusal("freq", state.freq, Why(why))
    elif state.freq is not None:
        _, reason = of_frequency(fitting, measure.kind, state.freq)
        if reason is not None:
            return Refusal("freq", state.freq, reason)
    people = list(population_series(store).values()) if state.unit == "per-capita" else []
    reason = no_meaning(state.unit, measure, unit, keys, people)
    return None if reason is None else Refusal("unit", state.unit, reason)


def _fitting(keys: Sequence[SeriesKey], state: ViewState) -> list[SeriesKey]:
    """The series of a measure that a state names, or that are of its areas."""
    if state.series:
        return [key for key in keys if str(key) in state.series]
    if state.geo:
        return [key for key in keys if {key.ref_area, key.counterpart_area} & set(state.geo)]
    return list(keys)


def refusals(store: Store, view: IndicatorView) -> list[Refusal]:
    """What of frequency and unit has no meaning for the measure and the choice of a view."""
    keys = [k for k in store.series(view.indicator.id) if k.measure == view.measure_id]
    state = replace(view.state, unit="level", freq=None)
    asked = [
        *(replace(state, freq=freq) for freq in view.choices.freqs),
        *(replace(state, unit=scale) for scale in SCALES),
    ]
    found = (refused(store, view.measure, view.unit, keys, each) for each in asked)
    return [refusal for refusal in found if refusal is not None]


def refusal_notices(catalog: Catalog, view: IndicatorView, t: Translator) -> list[Notice]:
    """What was asked for and is not shown, with the reasons."""
    return [Notice(r.parameter, r.value, reason=refusal_words(r, catalog, t)) for r in view.refused]


def _measure(
    indicator: Indicator,
    keys: Sequence[SeriesKey],
    claims: Sequence[StoredClaim],
    state: ViewState,
) -> str:
    """The measure asked for, or that of the claim or series asked for, or the default."""
    if state.measure:
        return state.measure
    asked = next((claim.measure for claim in claims if claim.id == state.claim), None)
    if asked is None and state.series:
        asked = SeriesKey.parse(state.series[0]).measure
    return asked or default_measure(indicator, keys, claims)


def _chosen(
    store: Store, indicator: Indicator, measure: str, keys: Sequence[SeriesKey], state: ViewState
) -> Sequence[SeriesKey]:
    """The series asked for, else the catalogue's choice, else all of the measure."""
    known = [key for key in keys if key.measure == measure]
    of_measure = _fitting(known, state)
    if state.series:
        return of_measure
    chosen = _unnamed(store, indicator, measure, of_measure, state)
    return parts_for_totals(chosen, known) if state.unit == "share" else chosen


def _unnamed(
    store: Store,
    indicator: Indicator,
    measure: str,
    of_measure: Sequence[SeriesKey],
    state: ViewState,
) -> Sequence[SeriesKey]:
    """The series to show where none is named."""
    freq = state.freq or _default_freq(indicator, of_measure)
    of_freq: Sequence[SeriesKey] = of_measure
    if freq:
        of_freq, _ = of_frequency(of_measure, indicator.measures[measure].kind, freq)
    if state.geo:
        return of_freq
    selected = [s for s in indicator.chart if s.measure in {None, measure}]
    if state.freq is None and selected:
        of_freq = of_measure
    picked = [key for s in selected for key in of_freq if matches(key, s)]
    if picked:
        return list(dict.fromkeys(picked))
    head = headline_series(store, indicator, state.asof)
    return sorted(of_freq, key=lambda key: key != head)


def _default_freq(indicator: Indicator, keys: Sequence[SeriesKey]) -> str | None:
    present = {key.freq for key in keys}
    wanted = indicator.headline.freq if indicator.headline else None
    if wanted in present:
        return wanted
    return next((f for f in FREQUENCIES if f in present), None)


def late_sources(store: Store, keys: Iterable[SeriesKey]) -> list[str]:
    """The sources of some series that are not as fresh as they should be."""
    return [name for name in dict.fromkeys(k.source for k in keys) if store.freshness(name) in LATE]


def late_warnings(store: Store, keys: Iterable[SeriesKey], t: Translator) -> tuple[str, ...]:
    """What the drawing itself says of them, so that it is not parted from it: one line a state."""
    by_word: dict[Freshness, list[str]] = {}
    for name in late_sources(store, keys):
        provider = store.catalog.provider_of(name).short[t.language]
        by_word.setdefault(store.freshness(name), []).append(provider)
    texts = {
        Freshness.FAILING: t("Failing: {names}. The last good data is shown."),
        Freshness.LATE: t("Late: {names}. The newest release is older than usual."),
        Freshness.DUE: t("Due, not read yet: {names}. The last good data is shown."),
    }
    return tuple(
        text.format(names=", ".join(dict.fromkeys(by_word[word])))
        for word, text in texts.items()
        if word in by_word
    )


def inside(start: date, end: date, state: ViewState) -> bool:
    """Whether a period meets that which a state asks for."""
    after = state.first is None or end >= state.first
    return after and (state.last is None or start <= state.last)


def _events(catalog: Catalog, indicator: str) -> list[Event]:
    events = [e for e in catalog.pair.events if not e.indicators or indicator in e.indicators]
    return sorted(events, key=lambda event: (event.date, event.id))


def events_as_known(events: Iterable[Event], asof: date | None) -> list[Event]:
    """The events that had begun by a day; the end of a span that lasted longer is not told."""
    if asof is None:
        return list(events)
    return [
        event.model_copy(update={"date_end": None, "label": event.label_open or event.label})
        if event.date_end is not None and event.date_end > asof
        else event
        for event in events
        if event.date <= asof
    ]


def drawn_ends(catalog: Catalog, asof: date | None) -> dict[str, date | None]:
    """To which day each event is drawn: a span that lasted on the day asked for, to that day."""
    return {
        event.id: min(event.date_end, asof) if event.date_end and asof else event.date_end
        for event in catalog.pair.events
    }


def event_mark(number: int, event: Event, end: date | None, t: Translator) -> EventMark:
    """An event as it is drawn. `end`: of `drawn_ends`, where the event itself tells none."""
    lasts = event.date_end is None and end is not None
    return EventMark(number, event.date, end, event.label[t.language], lasts)


def interval_of(claim: StoredClaim, unit: Unit) -> Interval:
    """The accept interval of a claim, in its own unit."""
    return accept_interval(
        Comparator(claim.comparator),
        claim.value_low,
        claim.value_high,
        claim.rounding_unit,
        unit.minimum,
        unit.maximum,
    )


def _chart(store: Store, view: IndicatorView, t: Translator) -> Chart:
    catalog = store.catalog
    names = labels.series_names(catalog, view.keys, t)
    lines = tuple(_line(view, index, names[key], t) for index, key in enumerate(view.keys))
    asof = view.state.asof
    wanted = [
        claim
        for claim in view.claims
        if claim.measure == view.measure_id
        and claim.unit != "ratio"
        and (asof is None or claim.article_date <= asof)
    ]
    placed = [c for c in wanted if keeps_marks(view.made) and fits(view.made, c)]
    # As the claim's card says.
    marks = tuple(
        _mark(catalog, view, claim, store.assessment(claim, asof).now, t) for claim in placed
    )
    first, last = _span(view, marks)
    ends = drawn_ends(catalog, asof)
    numbered = [e for e in view.events if first <= (ends[e.id] or e.date) and e.date <= last]
    chart = Chart(
        id="chart",
        title=_title(view, t),
        summary="",
        unit_label=view.told.axis,
        decimals=view.told.decimals,
        lines=lines,
        marks=tuple(mark for mark in marks if first <= mark.x <= last),
        events=tuple(
            event_mark(number, event, ends[event.id], t)
            for number, event in enumerate(numbered, start=1)
        ),
        x_min=first,
        x_max=last,
        language=t.language,
        kind=view.told.kind,
        selected=view.state.claim,
    )
    hidden = [claim for claim in wanted if claim not in placed]
    said = [summary(chart), *notes(view.made, catalog, view.unit, t), *_hidden(view, hidden, t)]
    return replace(chart, summary="\n".join(said))


def _undated(indicator: Indicator, measure: Measure, made: Made, unit: Unit, t: Translator) -> str:
    title = f"{indicator.name[t.language]}: {measure.name[t.language]}"
    done = title_words(made, unit, t)
    return f"{title}, {done}" if done else title


def _title(view: IndicatorView, t: Translator) -> str:
    """Of the chart, with the day as of which it was asked for."""
    asof = view.state.asof
    if asof is None:
        return view.title
    return t("{title}, as known on {day}", title=view.title, day=day(asof, t.locale))


def _hidden(view: IndicatorView, claims: Sequence[StoredClaim], t: Translator) -> list[str]:
    """Why cited figures have no mark on values that were made of others."""
    if not claims:
        return []
    if keeps_marks(view.made):
        return [
            t.n(
                "{n} cited figure is not marked: it is not of such a period.",
                "{n} cited figures are not marked: they are not of such periods.",
                len(claims),
            )
        ]
    return [
        t.n(
            "{n} cited figure is not marked: it states a value as published, not one told so.",
            "{n} cited figures are not marked: they state values as published, not told so.",
            len(claims),
        )
    ]


def _line(view: IndicatorView, index: int, name: str, t: Translator) -> Line:
    key = view.keys[index]
    points = [
        Point.of(
            observation.time_period,
            None if observation.value is None else float(observation.value),
            view.told.text(observation, t),
            provisional=observation.obs_status in {"P", "F"},
        )
        for observation in view.observations[key]
    ]
    return Line(
        str(key),
        name,
        tuple(with_gaps(points, view.freq_of(key), view.measure.kind)),
        index,
        view.measure.kind in {"running-total", "announced"} and len(points) < 2,
        view.measure.kind == "announced",
    )


def with_gaps(points: Sequence[Point], freq: str, kind: str) -> Iterable[Point]:
    """A missing year, quarter or month breaks the line; days and events are not regular.

    A running total is stated now and then: between two statements it can only have grown.
    """
    step = {"A": 366, "Q": 93, "M": 32}.get(freq) if kind != "running-total" else None
    for index, point in enumerate(points):
        if index and step and (point.x - points[index - 1].x).days > step + 2:
            middle = points[index - 1].x + (point.x - points[index - 1].x) / 2
            yield Point(middle, points[index - 1].period, None, False, "")
        yield point


def _mark(
    catalog: Catalog,
    view: IndicatorView,
    claim: StoredClaim,
    verdict: Verdict,
    t: Translator,
) -> Mark:
    unit = catalog.units[claim.unit]
    interval = interval_of(claim, unit)
    start = claim.period_start or claim.period_end or claim.article_date
    end = claim.period_end or claim.period_start or claim.article_date
    if view.measure.kind in AT_THE_END:
        start = end = claim.period_end or claim.article_date
    what = labels.cited_value(claim, unit, t)
    automatic = claim.review_state == "pending"
    when = labels.claim_period_short(claim, t)
    mark = Mark(
        claim.id,
        start,
        end,
        float(_cited(claim)),
        None if interval.low is None else float(interval.low),
        None if interval.high is None else float(interval.high),
        f"{what} ({when})",
        f"{short_article(claim)} · {t('not reviewed')}" if automatic else short_article(claim),
        interval.low is None,
        # The upper end of an order of magnitude is a band, not a bound that may be passed.
        interval.high is None,
        automatic,
    )
    if automatic:
        return mark
    return replace(
        mark,
        tone=verdicts.tone(verdict.code),
        sign=verdicts.SIGNS.get(verdict.code, "○"),
        verdict=verdicts.words(verdict, t),
    )


def _cited(claim: StoredClaim) -> Decimal:
    """The number at which a claim is drawn: a range at its middle, all else at its stated end."""
    low, high = claim.value_low, claim.value_high
    if claim.comparator == "range" and low is not None and high is not None:
        return (low + high) / 2
    value = low if low is not None else high
    assert value is not None, "the schema asks every comparator for a value"
    return value


def short_article(claim: StoredClaim) -> str:
    """`Leiroz de Almeida 2021`; publisher or title where no author is stated."""
    name = claim.article_author or claim.article_publisher or claim.article_title.split(":")[0]
    words = name.split()
    if claim.article_author and len(words) > 1:
        name = " ".join(words[1:])
    return f"{name} {claim.article_date.year}"


def _span(view: IndicatorView, marks: Sequence[Mark]) -> tuple[date, date]:
    """First and last day of the axis: the period asked for, else that of lines and marks."""
    days = [day for o in _shown(view) for day in (o.period_start, o.period_end)]
    days += [day for mark in marks for day in (mark.x_start, mark.x_end)]
    if not days:
        days = [event.date for event in view.events] or [view.state.asof or date(2000, 1, 1)]
    first = view.state.first or min(days)
    last = view.state.last or max(days)
    if first >= last:
        return date(last.year, 1, 1), date(last.year, 12, 31)
    # What stands on an edge is hard to see, so the axis goes on a little behind it.
    room = (last - first) / 40
    drawn = [mark.x for mark in marks]
    drawn += [middle(o.period_start, o.period_end) for o in _shown(view)]
    if view.state.first is None and min(drawn, default=last) - first < room:
        first -= room
    if view.state.last is None and last - max(drawn, default=first) < room:
        last += room
    return first, last


def _shown(view: IndicatorView) -> list[Observation]:
    return [o for rows in view.observations.values() for o in rows]


_EMPTY = Chart("", "", "", "", 0, (), (), (), date(2000, 1, 1), date(2000, 12, 31), "en")
