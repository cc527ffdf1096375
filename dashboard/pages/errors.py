"""What a reader is told where there is no page, or none can be made: what happened, and ways on."""

from __future__ import annotations

from datetime import datetime

from dash import html

from dashboard import addresses
from dashboard.components.sources import moment
from dashboard.i18n import Translator
from dashboard.page import Page


def not_found(path: str, t: Translator) -> Page:
    """404: what was asked for. `path`: without the language."""
    said = t("There is no page at {path}.", path=addresses.page(t.language, path))
    return _page(t("Not found"), t("There is no such page."), [html.P(said), *_ways(t)], path, 404)


def only_read(path: str, t: Translator) -> Page:
    """405: a page was sent something, or asked for in another way than browsers ask."""
    said = t("This address shows a page. It can be read, and takes nothing that is sent to it.")
    back = html.P(html.A(t("Read this page"), href=addresses.page(t.language, path)))
    return _page(t("Nothing can be sent here"), said, [html.P(said), back, *_ways(t)], path, 405)


def not_answered(path: str, status: int, t: Translator) -> Page:
    """Any other request that cannot be answered, 4xx."""
    said = t("The server does not understand what was asked for (HTTP {status}).", status=status)
    return _page(t("Not understood"), said, [html.P(said), *_ways(t)], path, status)


def no_database(path: str, when: datetime, t: Translator) -> Page:
    """503: the database is out of reach for the moment. `when`: in UTC, as in the log."""
    said = t(
        "The collection cannot be read at this moment. Nothing of it is lost; it will be back "
        "without you doing anything."
    )
    return _page(t("Out of reach"), said, _ours(said, path, when, t), path, 503)


def broken(path: str, when: datetime, t: Translator) -> Page:
    """500: an error of ours. `when`: in UTC, as in the log."""
    said = t("This page could not be made: an error of ours, not of yours.")
    return _page(t("Something went wrong"), said, _ours(said, path, when, t), path, 500)


def _page(title: str, said: str, body: list[html.P], path: str, status: int) -> Page:
    return Page(
        title=title,
        description=said,
        body=[html.H1(title), *body],
        path=path,
        status=status,
        of_data=False,
    )


def _ours(said: str, path: str, when: datetime, t: Translator) -> list[html.P]:
    noted = t("It stands in the server's log at {when} UTC.", when=f"{moment(when, t)}:{when:%S}")
    again = html.A(t("Try again"), href=addresses.page(t.language, path))
    return [html.P(said), html.P([noted, " ", again, "."]), *_ways(t)]


def _ways(t: Translator) -> list[html.P]:
    return [
        html.P(html.A(t("All indicators"), href=addresses.page(t.language, "indicators"))),
        html.P(html.A(t("All articles"), href=addresses.articles(t.language))),
    ]
