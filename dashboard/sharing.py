"""What leaves the site with an address: frozen views, content hashes, citations. Pure but for the
store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dashboard import addresses
from dashboard.figures.picture import Caption
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.state import ViewState
from dashboard.store import Store
from dashboard.view import IndicatorView, indicator_view, inside
from db.records import Observation, SeriesKey, StoredClaim

DIGITS = 12
"""Of the hash, as shown: enough to tell two states of one chart apart."""


def freeze(store: Store, view: IndicatorView, t: Translator) -> IndicatorView:
    """The same view as known on its day, or today. What is selected in it is left out.

    That a source is late today says nothing of the figures of an earlier day.
    """
    today = store.clock().date()
    state = replace(
        view.state,
        measure=view.measure_id if view.state.claim else view.state.measure,
        asof=view.state.asof or today,
        view="chart",
        claim=None,
    )
    if view.state.asof and view.state.asof < today:
        view = replace(view, chart=replace(view.chart, warnings=()))
    if state == view.state:
        return view
    shown = [o for rows in view.observations.values() for o in rows]
    known = store.observations(tuple(view.keys), state.asof)
    then = [o for o in known if inside(o.period_start, o.period_end, state)]
    same = len(then) == len(shown) and set(map(_official, then)) == set(map(_official, shown))
    # What is known today is what is shown, so as a rule nothing has to be made a second time.
    if same:
        return replace(view, state=state)
    return freeze(store, indicator_view(store, view.indicator, state, t), t)


def content_hash(view: IndicatorView) -> str:
    """The first digits of the SHA-256 of what the chart shows.

    Of its lines, sorted: `series_id,time_period,value,status` of each official figure and
    `claim_id,comparator,value_low,value_high,unit,period_start,period_end` of each cited one, as
    the CSV files write them, in UTF-8, each ended by a line feed.
    """
    official = (_official(o) for rows in view.observations.values() for o in rows)
    cited = (_cited(claim) for claim in view.claims if claim.id in view.drawn)
    return digest([*official, *cited])


def digest(lines: Iterable[str]) -> str:
    """Of lines without their ends, in any order."""
    text = "".join(f"{line}\n" for line in sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _official(observation: Observation) -> str:
    return official_line(observation, cell(observation.value))


def official_line(observation: Observation, value: str) -> str:
    """A line of the content hash. `value`: as the CSV file writes it."""
    o = observation
    return ",".join((str(o.series), o.time_period, value, o.obs_status))


def _cited(claim: StoredClaim) -> str:
    cells = (claim.value_low, claim.value_high, claim.unit, claim.period_start, claim.period_end)
    return ",".join((claim.id, claim.comparator, *map(cell, cells)))


def cell(value: object) -> str:
    """As the CSV files write it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def providers(store: Store, view: IndicatorView, t: Translator, *, short: bool) -> list[str]:
    """Who published the official figures of a view, each once."""
    shown = [key for key in view.keys if view.observations[key]]
    return providers_of(store, shown, t, short=short)


def providers_of(
    store: Store, keys: Iterable[SeriesKey], t: Translator, *, short: bool
) -> list[str]:
    """Who published these series, each once."""
    found = [store.catalog.provider_of(key.source) for key in keys]
    return list(dict.fromkeys((p.short if short else p.name)[t.language] for p in found))


def caption(store: Store, view: IndicatorView, t: Translator) -> Caption:
    """What is written below a picture of the view, which is frozen."""
    known = day(_known(view), t.locale)
    names = providers(store, view, t, short=True)
    source = (
        source_words(names, _known(view), t)
        if names
        else t("Source: articles in the collection of Two-Track, as known on {day}.", day=known)
    )
    return Caption(source, page_address(view, t))


def source_words(names: Iterable[str], known_on: date, t: Translator) -> str:
    """Who published the figures of a picture, and as known on which day."""
    day_ = day(known_on, t.locale)
    return t("Source: {names}, as known on {day}.", names=", ".join(names), day=day_)


def page_address(view: IndicatorView, t: Translator) -> str:
    """The whole address of the view's page."""
    return addresses.absolute(addresses.indicator(t.language, view.indicator.id, view.state))


def _known(view: IndicatorView) -> date:
    assert view.state.asof is not None, "the view is frozen"
    return view.state.asof


@dataclass(frozen=True)
class Citation:
    """How a view is cited: what, as known when, seen when, where, and with which content."""

    indicator: str
    """Its id; of a comparison the word for it."""
    title: str
    sources: tuple[str, ...]
    known_on: date
    accessed: date
    address: str
    digest: str

    def plain(self, t: Translator) -> str:
        """One sentence after another, for a footnote."""
        return t(
            "Two-Track, “{title}”, as known on {known}. Data: {sources}. {address} (accessed on "
            "{accessed}; content {digest}).",
            title=self.title,
            known=day(self.known_on, t.locale),
            sources=self._data(t),
            address=self.address,
            accessed=day(self.accessed, t.locale),
            digest=self.digest,
        )

    def undated(self, t: Translator) -> str:
        """Without the day of reading, for a file that is the same on any day."""
        return t(
            "Two-Track, “{title}”, as known on {known}. Data: {sources}. {address} (content "
            "{digest}).",
            title=self.title,
            known=day(self.known_on, t.locale),
            sources=self._data(t),
            address=self.address,
            digest=self.digest,
        )

    def bibtex(self, t: Translator) -> str:
        """An entry that BibTeX and BibLaTeX take."""
        known, data = self.known_on.isoformat(), _tex(self._data(t))
        note = t("As known on {day}; content {digest}; data: {sources}", day=known,
                 digest=self.digest, sources=data)  # fmt: skip
        fields = {
            "author": "{Two-Track}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.accessed.year),
            "url": self.address,
            "urldate": self.accessed.isoformat(),
            "note": note,
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{twotrack-{self.indicator}-{self.digest},\n{body}}}"

    def _data(self, t: Translator) -> str:
        return "; ".join(self.sources) or t("figures that articles cite")


_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def _tex(text: str) -> str:
    """Escaped for TeX, in which ten characters have another meaning."""
    return "".join(_TEX.get(sign, sign) for sign in text)


def citation(store: Store, view: IndicatorView, t: Translator) -> Citation:
    """Of a frozen view."""
    return Citation(
        view.indicator.id,
        view.title,
        tuple(providers(store, view, t, short=False)),
        _known(view),
        store.clock().date(),
        page_address(view, t),
        content_hash(view),
    )


def whole(store: Store, view: IndicatorView, t: Translator) -> IndicatorView:
    """The indicator as its page shows it unasked, as known on the same day as a frozen view."""
    state = ViewState(asof=view.state.asof)
    return view if state == view.state else indicator_view(store, view.indicator, state, t)
