"""Every address of the site is made here, so that it is made one way."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from flask import request

from config.schema import Event
from dashboard.asked import DataState, SearchState
from dashboard.comparison import CompareState
from dashboard.filters import EventFilter, Since, years_around
from dashboard.state import ViewState
from db.records import StoredClaim

AUTOMATIC = ViewState(readings="automatic").query()
"""The query of a page that shows automatic readings, too."""


def home(language: str) -> str:
    return f"/{language}/"


def page(language: str, name: str) -> str:
    return f"/{language}/{name}"


def indicator(language: str, name: str, state: ViewState | None = None, fragment: str = "") -> str:
    query = state.query() if state else ""
    anchor = f"#{fragment}" if fragment else ""
    return f"/{language}/indicators/{name}{f'?{query}' if query else ''}{anchor}"


def indicator_csv(
    language: str, name: str, state: ViewState | None = None, *, bom: bool = False
) -> str:
    query = "&".join(
        part for part in (state.query() if state else "", "bom=yes" if bom else "") if part
    )
    return f"/{language}/indicators/{name}.csv{f'?{query}' if query else ''}"


def article(language: str, name: str, claim: str | None = None, *, automatic: bool = False) -> str:
    """`automatic`: with the readings that nobody has reviewed."""
    anchor = f"#{claim_anchor(f'{name}/{claim}')}" if claim else ""
    query = f"?{AUTOMATIC}" if automatic else ""
    return f"/{language}/articles/{name}{query}{anchor}"


def of_claim(language: str, claim: StoredClaim) -> str:
    """The claim's card on the page of its article."""
    name = claim.id.partition("/")[2]
    return article(language, claim.article, name, automatic=is_automatic(claim))


def is_automatic(claim: StoredClaim) -> bool:
    """Whether a claim is shown only to readers who ask for what nobody has reviewed."""
    return claim.review_state == "pending"


def indicator_picture(
    language: str, name: str, ending: str, state: ViewState | None = None, **options: object
) -> str:
    """The chart of a view as a file. `options`: `theme`, `width`."""
    query = "&".join(filter(None, (state.query() if state else "", urlencode(options))))
    return f"/{language}/indicators/{name}.{ending}{f'?{query}' if query else ''}"


def embed(language: str, name: str, state: ViewState, digest: str) -> str:
    """A chart for the pages of others. `digest`: what it showed when it was embedded."""
    query = "&".join(filter(None, (state.query(), f"hash={digest}")))
    return f"/{language}/embed/{name}?{query}"


def absolute(address: str) -> str:
    """With the scheme and host that this request came by."""
    return request.host_url.rstrip("/") + address


def source(language: str, name: str) -> str:
    return f"/{language}/sources/{name}"


def claim_anchor(claim_id: str) -> str:
    """Id of a claim's card or highlight on any page (as in `dashboard.figures.model.Mark`)."""
    return "claim-" + claim_id.replace("/", "-")


def claim_on_chart(language: str, claim: StoredClaim) -> str:
    """The indicator's page with the chart at that claim."""
    state = ViewState(
        measure=claim.measure,
        claim=claim.id,
        readings="automatic" if is_automatic(claim) else "reviewed",
    )
    return indicator(language, claim.indicator, state, "chart")


def compare(language: str, state: CompareState | None = None) -> str:
    query = state.query() if state else ""
    return f"/{language}/compare{f'?{query}' if query else ''}"


def compare_csv(language: str, state: CompareState, *, bom: bool = False) -> str:
    query = "&".join(part for part in (state.query(), "bom=yes" if bom else "") if part)
    return f"/{language}/compare.csv?{query}"


def asset(name: str, version: str) -> str:
    return f"/assets/{quote(name)}?v={version}"


def events(language: str, asked: EventFilter | None = None) -> str:
    query = asked.query() if asked else ""
    return f"/{language}/events{f'?{query}' if query else ''}"


def changes(language: str, first: date | None = None) -> str:
    """`first`: changed since that day."""
    query = Since(first).query()
    return f"/{language}/changes{f'?{query}' if query else ''}"


def changes_feed(language: str) -> str:
    return f"/{language}/changes.atom"


def indicator_feed(language: str, name: str) -> str:
    return f"/{language}/indicators/{name}.atom"


def event_on_chart(language: str, event: Event, indicator_id: str) -> str:
    """The indicator's page with the chart of the years around an event."""
    first, last = years_around(event)
    return indicator(language, indicator_id, ViewState(first=first, last=last), "chart")


def event(language: str, event_id: str) -> str:
    """The event in the list of all."""
    return f"{events(language)}#event-{event_id}"


def search(language: str, state: SearchState | None = None, fragment: str = "") -> str:
    query = state.query() if state else ""
    anchor = f"#{fragment}" if fragment else ""
    return f"/{language}/search{f'?{query}' if query else ''}{anchor}"


def data(language: str, state: DataState | None = None, fragment: str = "") -> str:
    """The page about the files, with a choice of rows."""
    query = state.query() if state else ""
    anchor = f"#{fragment}" if fragment else ""
    return f"/{language}/data{f'?{query}' if query else ''}{anchor}"


def data_file(state: DataState, ending: str = "csv") -> str:
    """The file of a choice of rows."""
    query = state.file_query()
    return f"/api/v1/{state.table}.{ending}{f'?{query}' if query else ''}"
