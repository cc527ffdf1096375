"""Every address of the site is made here, so that it is made one way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import quote, urlencode

from flask import request

from config.schema import Event
from dashboard.asked import DataState, SearchState
from dashboard.comparison import CompareState
from dashboard.filters import EventFilter, Since, years_around
from dashboard.state import ViewState
from db.records import StoredClaim


def _made(path: str, *queries: str, fragment: str = "") -> str:
    """A path with the parts of its query that say something, and the place on its page."""
    query = "&".join(filter(None, queries))
    return f"{path}{f'?{query}' if query else ''}{f'#{fragment}' if fragment else ''}"


def _bom(wanted: bool) -> str:
    """The parameter of a file for spreadsheets."""
    return "bom=yes" if wanted else ""


def home(language: str, state: ViewState | None = None) -> str:
    """The overview, as it is or as known on a day."""
    return _made(f"/{language}/", state.query() if state else "")


def page(language: str, name: str) -> str:
    """A page that needs no parameter: `about`, `data`, `indicators`, `sources`."""
    return f"/{language}/{name}"


def indicator(language: str, name: str, state: ViewState | None = None, fragment: str = "") -> str:
    """The page of an indicator, as it is or in a view."""
    query = state.query() if state else ""
    return _made(f"/{language}/indicators/{name}", query, fragment=fragment)


def indicator_csv(
    language: str, name: str, state: ViewState | None = None, *, bom: bool = False
) -> str:
    """The rows of an indicator's view. `bom`: for spreadsheets."""
    query = state.query() if state else ""
    return _made(f"/{language}/indicators/{name}.csv", query, _bom(bom))


def indicator_file(language: str, name: str, ending: str, state: ViewState | None = None) -> str:
    """The other files of an indicator's view: `json`, `metadata.json`, `zip`."""
    return _made(f"/{language}/indicators/{name}.{ending}", state.query() if state else "")


def article(
    language: str,
    name: str,
    claim: str | None = None,
    *,
    automatic: bool = False,
    asof: date | None = None,
) -> str:
    """`automatic`: with the readings that nobody has reviewed; `asof`: as known on that day."""
    anchor = claim_anchor(f"{name}/{claim}") if claim else ""
    return _with_readings(f"/{language}/articles/{name}", automatic, anchor, asof)


def articles(language: str, *, automatic: bool = False) -> str:
    """The list of articles, as `article`."""
    return _with_readings(f"/{language}/articles", automatic)


def ledger(language: str, *, automatic: bool = False) -> str:
    """The figures without an official series, as `article`."""
    return _with_readings(f"/{language}/ledger", automatic)


def _with_readings(path: str, automatic: bool, fragment: str = "", asof: date | None = None) -> str:
    state = ViewState(readings="automatic" if automatic else "reviewed", asof=asof)
    return _made(path, state.query(), fragment=fragment)


def of_claim(language: str, claim: StoredClaim, asof: date | None = None) -> str:
    """The claim's card on the page of its article, now or as known on a day."""
    name = claim.id.partition("/")[2]
    return article(language, claim.article, name, automatic=is_automatic(claim), asof=asof)


def is_automatic(claim: StoredClaim) -> bool:
    """Whether a claim is shown only to readers who ask for what nobody has reviewed."""
    return claim.review_state == "pending"


def indicator_picture(
    language: str, name: str, ending: str, state: ViewState | None = None, **options: object
) -> str:
    """The chart of a view as a file. `options`: `theme`, `width`."""
    query = state.query() if state else ""
    return _made(f"/{language}/indicators/{name}.{ending}", query, urlencode(options))


def embed(language: str, name: str, state: ViewState, digest: str) -> str:
    """A chart for the pages of others. `digest`: what it showed when it was embedded."""
    return _made(f"/{language}/embed/{name}", state.query(), f"hash={digest}")


def absolute(address: str) -> str:
    """With the scheme and host that this request came by."""
    return request.host_url.rstrip("/") + address


def source(language: str, name: str) -> str:
    """The page of one source."""
    return f"/{language}/sources/{name}"


def claim_anchor(claim_id: str) -> str:
    """Id of a claim's card or highlight on any page (as in `dashboard.figures.model.Mark`)."""
    return "claim-" + claim_id.replace("/", "-")


def claim_on_chart(
    language: str,
    claim: StoredClaim,
    view: ViewState | None = None,
    *,
    asof: date | None = None,
) -> str:
    """The indicator's page with the chart at that claim, now or as known on a day. `view`: what
    of a view is kept there, its day too."""
    view = view or ViewState(asof=asof)
    state = replace(
        view,
        measure=claim.measure,
        claim=claim.id,
        readings="automatic" if is_automatic(claim) else view.readings,
    )
    return indicator(language, claim.indicator, state, "chart")


def compare(language: str, state: CompareState | None = None) -> str:
    """The page of a comparison, or that on which one is chosen."""
    return _made(f"/{language}/compare", state.query() if state else "")


def compare_csv(language: str, state: CompareState, *, bom: bool = False) -> str:
    """The rows of a comparison, as `indicator_csv`."""
    return _made(f"/{language}/compare.csv", state.query(), _bom(bom))


def compare_json(language: str, state: CompareState) -> str:
    """The same as JSON."""
    return _made(f"/{language}/compare.json", state.query())


def compare_picture(language: str, ending: str, state: CompareState, **options: object) -> str:
    """The first chart of a comparison as a file, as `indicator_picture`."""
    return _made(f"/{language}/compare.{ending}", state.query(), urlencode(options))


def asset(name: str, version: str) -> str:
    """One of our own files, which may be kept for ever: the version is of its content."""
    return f"/assets/{quote(name)}?v={version}"


def events(language: str, asked: EventFilter | None = None) -> str:
    """The list of events, all or those of a filter."""
    return _made(f"/{language}/events", asked.query() if asked else "")


def events_csv(asked: EventFilter) -> str:
    """The rows of the list of events."""
    return _made("/api/v1/events.csv", asked.query())


def changes(language: str, first: date | None = None) -> str:
    """`first`: changed since that day."""
    return _made(f"/{language}/changes", Since(first).query())


def changes_feed(language: str) -> str:
    """The Atom feed of all indicators."""
    return f"/{language}/changes.atom"


def indicator_feed(language: str, name: str) -> str:
    """The Atom feed of one indicator."""
    return f"/{language}/indicators/{name}.atom"


def event_on_chart(language: str, event: Event, indicator_id: str) -> str:
    """The indicator's page with the chart of the years around an event."""
    first, last = years_around(event)
    return indicator(language, indicator_id, ViewState(first=first, last=last), "chart")


def event(language: str, event_id: str) -> str:
    """The event in the list of all."""
    return f"{events(language)}#event-{event_id}"


def search(language: str, state: SearchState | None = None) -> str:
    """What was found, or the page on which something is looked for."""
    return _made(f"/{language}/search", state.query() if state else "")


def data(language: str, state: DataState | None = None, fragment: str = "") -> str:
    """The page about the files, with a choice of rows."""
    return _made(f"/{language}/data", state.query() if state else "", fragment=fragment)


def data_file(state: DataState, ending: str = "csv") -> str:
    """The file of a choice of rows."""
    return _made(f"/api/v1/{state.table}.{ending}", state.file_query())


def observations_csv(*, history: bool = False, **wanted: str) -> str:
    """Official figures of an `indicator` or a `source`. `history`: with every revision."""
    return _made("/api/v1/observations.csv", urlencode(wanted), "history=1" if history else "")


def claims_csv(indicator_id: str) -> str:
    """The cited figures of an indicator."""
    return f"/api/v1/claims.csv?indicator={indicator_id}"


def consistency_csv(indicator_id: str) -> str:
    """How the cited figures of an indicator stand to each other."""
    return f"/api/v1/consistency.csv?indicator={indicator_id}"
