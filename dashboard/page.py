"""What every page has: the document around it, header, notices, footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dash import html

from dashboard import addresses, cards
from dashboard.cards import Card, ComparedCard
from dashboard.i18n import LANGUAGES, Translator
from dashboard.i18n.formats import day
from dashboard.render import markup, to_html, wild
from dashboard.search import MOST_CHARACTERS
from dashboard.state import Notice
from dashboard.store import Store

LANGUAGE_NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Page:
    """A rendered page before it meets its document."""

    title: str
    description: str
    body: Sequence[Any]
    path: str
    """Without the language: `indicators/homicide-rate`."""
    notices: Sequence[Notice] = ()
    status: int = 200
    live: bool = False
    """Whether the page has a chart that Dash takes over; only then its scripts are sent."""
    of_data: bool = True
    """False for a page that must be there without the database, too."""
    query: str = ""
    card: Card | ComparedCard | None = None
    """The chart that stands for the page where its link is shared."""
    shared: str = ""
    """What is said there of the page; empty: its description."""


def document(store: Store, page: Page, t: Translator, parts: Mapping[str, str]) -> str:
    """The whole HTML document. `parts`: `head` and `scripts` as Dash wants them, `style`
    and `version`."""
    title = f"{page.title} · Two-Track" if page.path or page.query else "Two-Track"
    links = "".join(
        f'<link rel="alternate" hreflang="{code}" href="{escape(_in_language(page, code))}">'
        for code in LANGUAGES
    )
    links += _feeds(page, t)
    script = addresses.asset("twotrack.js", parts["version"])
    body = to_html(
        [
            html.A(t("Skip to content"), href="#main", className="skip"),
            _header(store, page, t),
            html.Main(
                [notice_list(page.notices, t), *page.body],
                id="main",
                tabIndex="-1",
                className="wrap",
            ),
            _footer(store, page, t),
        ]
    )
    return f"""<!DOCTYPE html>
<html lang="{t.locale.replace("_", "-")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<meta name="description" content="{escape(page.description)}">
<meta name="color-scheme" content="light dark">
<script>{THEME_SCRIPT}</script>
<style>{parts["style"]}</style>
<link rel="icon" type="image/svg+xml" href="{addresses.asset("icon.svg", parts["version"])}">
{links}{_shared(page, title, t)}
<script src="{script}" defer></script>
{parts.get("head", "")}</head>
<body>
{body}
{parts.get("scripts", "")}
</body>
</html>
"""


THEME_SCRIPT = (
    "try{var t=localStorage.getItem('theme');"
    "if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch(e){}"
    "if(!location.hash)document.documentElement.classList.add('starting')"
)
"""Before first paint, so that no page flashes in the other theme, and so that what is below the
first screen does not hold it up: `twotrack.js` ends that."""


def _shared(page: Page, title: str, t: Translator) -> str:
    if page.status != 200:
        return ""
    said = page.shared or page.description
    address = _in_language(page, t.language)
    is_article = page.path.startswith("articles/")
    return "\n" + cards.head(title, said, page.card, address, t, article=is_article)


def _feeds(page: Page, t: Translator) -> str:
    """The feeds that a reader of this page may want: of its indicator, and of all."""
    found = [(t("Changes of all indicators"), addresses.changes_feed(t.language))]
    section_, _, name = page.path.partition("/")
    if section_ == "indicators" and name and page.status == 200:
        feed = addresses.indicator_feed(t.language, name)
        found.insert(0, (t("Changes of this indicator"), feed))
    return "".join(
        f'<link rel="alternate" type="application/atom+xml" title="{escape(title)}"'
        f' href="{escape(address)}">'
        for title, address in found
    )


def _in_language(page: Page, language: str) -> str:
    query = f"?{page.query}" if page.query else ""
    return f"/{language}/{page.path}{query}"


def _header(store: Store, page: Page, t: Translator) -> html.Header:
    section = page.path.split("/")[0]
    names = (
        ("", t("Overview")),
        ("indicators", t("Indicators")),
        ("articles", t("Articles")),
        ("compare", t("Compare")),
        ("data", t("Data")),
    )
    links = [
        html.Li(
            html.A(
                name,
                href=addresses.page(t.language, path),
                **wild(aria_current="page" if path == section else None),
            )
        )
        for path, name in names
    ]
    other = next(code for code in LANGUAGES if code != t.language)
    switch = html.A(
        LANGUAGE_NAMES[other],
        href=_in_language(page, other),
        lang=other,
        hrefLang=other,
        className="switch",
    )
    theme = html.Button(
        [html.Span("◐", **wild(aria_hidden="true")), html.Span(t("Dark theme"), className="word")],
        type="button",
        id="theme-switch",
        className="switch",
        hidden=True,
    )
    pair = store.catalog.pair.name[t.language]
    asks = section != "search"
    return html.Header(
        html.Div(
            [
                html.A(
                    [html.Span("Two-Track", className="brand"), html.Span(pair, className="pair")],
                    href=addresses.home(t.language),
                    className="home",
                ),
                html.Nav(html.Ul(links), **wild(aria_label=t("Main"))),
                # The search page has its form in the page itself.
                _search_form(t) if asks else None,
                html.Div([_search_link(t, here=not asks), switch, theme], className="switches"),
            ],
            className="wrap bar",
        ),
        className="top",
    )


LENS = (
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
    '<circle cx="6.5" cy="6.5" r="4.75" fill="none" stroke="currentColor" stroke-width="1.75"/>'
    '<path d="M10.2 10.2 14.5 14.5" stroke="currentColor" stroke-width="1.75"/></svg>'
)


def _search_form(t: Translator) -> html.Form:
    """For wide screens; narrow ones have the link to the page of search instead."""
    return html.Form(
        [
            html.Label(t("Words to look for"), htmlFor="site-search", className="hidden"),
            markup(
                f'<input type="search" name="q" id="site-search" maxlength="{MOST_CHARACTERS}" '
                'autocomplete="off">'
            ),
            html.Button([markup(LENS), html.Span(t("Search"), className="hidden")], type="submit"),
        ],
        action=addresses.search(t.language),
        method="get",
        role="search",
        className="site-search",
    )


def _search_link(t: Translator, *, here: bool) -> html.A:
    return html.A(
        [markup(LENS), html.Span(t("Search"), className="hidden")],
        href=addresses.search(t.language),
        className="to-search",
        **wild(aria_current="page" if here else None),
    )


def notice_list(notices: Sequence[Notice], t: Translator) -> html.Div | None:
    """What of an address was not understood; None where all of it was."""
    if not notices:
        return None
    items = [html.Li(_notice_words(notice, t)) for notice in notices]
    return html.Div(html.Ul(items), className="notice", role="status")


def _notice_words(notice: Notice, t: Translator) -> str:
    if notice.repeated:
        return t(
            "The address has {parameter} more than once: the first counts, {value} was left out.",
            parameter=notice.parameter,
            value=notice.value or "“”",
        )
    if notice.reason:
        return t(
            "{parameter}={value} is not shown: {why}",
            parameter=notice.parameter,
            value=notice.value,
            why=notice.reason,
        )
    text = t(
        "The address has {parameter}={value}, which is not understood and was left out.",
        parameter=notice.parameter,
        value=notice.value,
    )
    if notice.near:
        return f"{text} {t('Perhaps {word} was meant.', word=notice.near)}"
    if notice.valid:
        return f"{text} {t('Valid: {words}.', words=', '.join(notice.valid))}"
    return text


def _footer(store: Store, page: Page, t: Translator) -> html.Footer:
    here = addresses.page(t.language, page.path)
    when = _loaded(store, t) if page.of_data else None
    ways = (
        (t("Sources and status"), addresses.page(t.language, "sources")),
        (t("Changes"), addresses.changes(t.language)),
        (t("Events"), addresses.events(t.language)),
        (t("About and method"), addresses.page(t.language, "about")),
        (t("Data and API"), addresses.data(t.language)),
    )
    links = [
        html.Li(html.A(name, href=to, **wild(aria_current="page" if to == here else None)))
        for name, to in ways
    ]
    return html.Footer(
        html.Div(
            [
                html.Nav(html.Ul(links), **wild(aria_label=t("More"))),
                html.P(
                    [
                        t(
                            "Two-Track shows figures that articles cite beside those that "
                            "official sources record. It speaks of figures, never of "
                            "authors."
                        ),
                        " ",
                        when,
                    ]
                ),
                html.P(
                    t("Code under the MIT licence; each source's figures under its own licence.")
                ),
                html.P(
                    t(
                        "Address of this page: {address}",
                        address=addresses.absolute(_in_language(page, t.language)),
                    ),
                    className="on-paper",
                ),
            ],
            className="wrap",
        )
    )


def _loaded(store: Store, t: Translator) -> str:
    loaded = store.last_loaded()
    if loaded is None:
        return t("No data has been loaded yet.")
    return t("Data loaded on {day}.", day=day(loaded.date(), t.locale))


def section(title: str, children: Sequence[Any], anchor: str) -> html.Section:
    """A part of a page with its heading, linkable."""
    heading = f"{anchor}-heading"
    return html.Section(
        [html.H2(title, id=heading), *children], id=anchor, **wild(aria_labelledby=heading)
    )


def table(
    caption: str,
    head: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    *,
    row_heads: bool = True,
    label: str = "",
) -> html.Div:
    """A data table with caption and scopes, which alone may scroll sideways.

    `label`: the name of the place that scrolls, where the caption is the name of another.
    """
    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(html.Tr([html.Th(cell, scope="col") for cell in head])),
                html.Tbody(
                    [
                        html.Tr(
                            [
                                html.Th(cell, scope="row") if row_heads and not i else html.Td(cell)
                                for i, cell in enumerate(row)
                            ]
                        )
                        for row in rows
                    ]
                ),
            ]
        ),
        className="scroll",
        tabIndex="0",
        role="region",
        **wild(aria_label=label or caption),
    )


def terms(rows: Sequence[tuple[Any, Any]], class_name: str | None = None) -> html.Dl:
    """Terms with what is said of each."""
    parts = [part for term, said in rows for part in (html.Dt(term), html.Dd(said))]
    return html.Dl(parts, className=class_name)


def buttons(links: Sequence[tuple[str, str]], label: str | None = None) -> html.Ul:
    """Links to files and the like, each by its text and address. `label`: names the list."""
    return html.Ul(
        [html.Li(html.A(text, href=address)) for text, address in links],
        className="buttons",
        **wild(aria_label=label),
    )


def svg(text: str, class_name: str) -> html.Div:
    """A drawing of our own."""
    return html.Div(markup(text), className=class_name)
