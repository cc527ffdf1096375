"""What changed, release by release: from the database to what the page and the feeds show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.catalog import Catalog
from dashboard import addresses, labels
from dashboard.components import revisions
from dashboard.components.sources import failing_since
from dashboard.i18n import Translator
from dashboard.i18n.formats import number, period
from dashboard.state import ViewState
from dashboard.store import Store
from db.changes import ChangeKind, ReleaseKey, ValueChange, total
from db.freshness import GRACE, Freshness
from db.records import Precision, SeriesKey, StoredClaim
from db.verdicts import Verdict

LATELY = timedelta(days=30)
MOST_SERIES = 8
"""Series that a link to an indicator's page names; its chart draws no more."""


@dataclass(frozen=True)
class News:
    """One release that changed something."""

    key: ReleaseKey
    published_on: date | None
    precision: Precision
    read_at: datetime | None
    """None where the release is older than those that were looked up."""
    counts: dict[ChangeKind, int]
    rows: Sequence[ValueChange]
    """Some of them; `counts` are of all."""

    @property
    def series(self) -> list[SeriesKey]:
        """The series of the rows, each once."""
        return list(dict.fromkeys(row.series for row in self.rows))


def since(store: Store, first: date, indicator: str | None = None) -> list[News]:
    """The releases from a day on that changed something, newest first."""
    known = store.catalog.indicators
    meta = {release.key: release for release in store.releases(indicator, first)}
    found = store.changed(first, indicator)
    news = []
    for key, counts in found.counts.items():
        if key.indicator not in known:
            continue
        release = meta.get(key)
        news.append(
            News(
                key,
                release.published_on if release else None,
                release.precision if release else "day",
                release.read_at if release else None,
                counts,
                [
                    row
                    for row in found.rows.get(key, ())
                    if row.series.measure in known[key.indicator].measures
                ],
            )
        )
    return news


def lately(store: Store, indicator: str | None = None, least: int | None = None) -> list[News]:
    """The newest releases that changed something, newest first; of one indicator where named.

    `least`: so many will do, which is quicker to find where little is new.
    """
    newest = store.releases(indicator)
    found: list[News] = []
    for reach in (least, 4 * least, len(newest)) if least else (len(newest),):
        if newest:
            found = since(store, newest[:reach][-1].key.day, indicator)
        if least and len(found) >= least:
            break
    return found


def default_first(store: Store) -> tuple[date, date] | None:
    """From which day on the page of changes looks by itself, and the day of the newest change."""
    found = lately(store, least=1)
    if not found:
        return None
    newest = found[0].key.day
    return newest - LATELY, newest


@dataclass(frozen=True)
class Flip:
    """A claim whose verdict reads otherwise than it did."""

    claim: StoredClaim
    before: Verdict
    now: Verdict


def before(first: date) -> date:
    """The day with whose end the time from `first` on begins."""
    return first - timedelta(days=1)


def flips(store: Store, first: date, indicators: Iterable[str]) -> list[Flip]:
    """Claims that had another verdict, or another label, as known on the day before `first`.

    `indicators`: those with changes since, for without one no verdict changes. Claims of articles
    that were not yet written are left out.
    """
    known_until = before(first)
    wanted = frozenset(indicators)
    claims = [c for c in store.claims() if c.indicator in wanted and c.article_date <= known_until]
    if not claims:
        return []
    old, now = store.assessments_on(known_until, wanted), store.assessments()
    return [
        Flip(claim, old[claim.id].now, now[claim.id].now)
        for claim in claims
        if claim.id in old
        and (old[claim.id].now.code, old[claim.id].label)
        != (now[claim.id].now.code, now[claim.id].label)
    ]


def gone(store: Store, name: str) -> datetime | date | None:
    """Since when a source has been failing, late or due; None where it is neither."""
    word, record = store.freshness(name), store.source_records()[name]
    if word is Freshness.FAILING:
        failing = failing_since(store, name)
        if failing:
            return failing[0]
        return record.last_run.started_at if record.last_run else None
    cadence = store.catalog.sources[name].cadence_days
    if word is Freshness.LATE and record.newest_release and cadence:
        return record.newest_release + timedelta(days=2 * cadence + 1)
    if word is Freshness.DUE and record.last_run and record.last_run.next_due:
        return record.last_run.next_due + GRACE
    return None


def day_of(moment: datetime | date) -> date:
    """The day of a moment, of which sometimes no more is known."""
    return moment.date() if isinstance(moment, datetime) else moment


# --- words ----------------------------------------------------------------------------------


def counts_words(counts: dict[ChangeKind, int], t: Translator) -> str:
    """`5 revised values, 32 new values`."""
    words = {
        "revised": lambda n: t.n("{n} revised value", "{n} revised values", n),
        "withdrawn": lambda n: t.n("{n} withdrawn value", "{n} withdrawn values", n),
        "reinstated": lambda n: t.n("{n} reinstated value", "{n} reinstated values", n),
        "new": lambda n: t.n("{n} new value", "{n} new values", n),
    }
    return ", ".join(words[kind](n) for kind, n in total([counts]).items())


def release_words(news: News, t: Translator) -> str:
    """The day of a release, as precisely as it is known."""
    return revisions.day_words(news.key.day, news.published_on, news.precision, t)


def source_name(catalog: Catalog, name: str, t: Translator) -> str:
    """A source by the short name of its provider."""
    return catalog.provider_of(name).short[t.language]


def as_change(row: ValueChange) -> revisions.Change:
    """For the functions that the table of revisions uses."""
    return revisions.Change(
        row.series,
        row.time_period,
        row.period_end,
        row.kind,
        row.before,
        row.after,
        row.at,
        None,
        None,
    )


def row_words(catalog: Catalog, row: ValueChange, among: Sequence[SeriesKey], t: Translator) -> str:
    """One change in a line: `Rate, Mexico · World Bank, 2019: 28.7 → 29.1, +0.4 (+1.4%)`."""
    measure = catalog.indicators[row.series.indicator].measures[row.series.measure]
    unit = catalog.units[measure.unit]
    change = as_change(row)
    decimals = revisions.digits(change, measure.decimals)
    name = labels.series_label(catalog, row.series, among, t)
    if len({key.measure for key in among}) == 1:
        name = f"{measure.name[t.language]}, {name}"
    where = f"{name}, {period(row.time_period, t.locale)}"
    after = number(row.after, decimals, t.locale)
    if row.kind == "withdrawn":
        gone_ = number(row.before, decimals, t.locale)
        return f"{where}: {gone_}, {revisions.kind_words(row.kind, t)}"
    if row.kind == "revised":
        told = revisions.difference(change, unit, decimals, t)
        return f"{where}: {number(row.before, decimals, t.locale)} → {after}, {told}"
    return f"{where}: {after}"


def address(language: str, news: News) -> str:
    """The page of the indicator with the series of a release: its revisions where it has some."""
    changed = [row.series for row in news.rows if row.kind != "new"]
    of_interest = list(dict.fromkeys(changed or news.series))
    if not of_interest:
        return addresses.indicator(language, news.key.indicator)
    measure = of_interest[0].measure
    chosen = sorted(str(key) for key in of_interest if key.measure == measure)[:MOST_SERIES]
    state = ViewState(measure=measure, series=tuple(chosen))
    fragment = "revisions" if changed else "table"
    return addresses.indicator(language, news.key.indicator, state, fragment)
