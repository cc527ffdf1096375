"""Every address of the site is made here, so that it is made one way."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.state import ViewState


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


def article(language: str, name: str, claim: str | None = None) -> str:
    anchor = f"#{claim_anchor(f'{name}/{claim}')}" if claim else ""
    return f"/{language}/articles/{name}{anchor}"


def source(language: str, name: str) -> str:
    return f"/{language}/sources/{name}"


def claim_anchor(claim_id: str) -> str:
    """Id of a claim's card or highlight on any page (as in `dashboard.figures.model.Mark`)."""
    return "claim-" + claim_id.replace("/", "-")


def claim_on_chart(language: str, indicator_id: str, claim_id: str, measure: str) -> str:
    """The indicator's page with the chart at that claim."""
    state = ViewState(measure=measure, claim=claim_id)
    return indicator(language, indicator_id, state, "chart")


def asset(name: str, version: str) -> str:
    return f"/assets/{quote(name)}?v={version}"
