"""Atom feeds (RFC 4287) of what changed: one for all indicators, one for each.

An entry is a release: what one source made known of one indicator on one day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, jsonify, request

from config.schema import Indicator
from dashboard import addresses, news
from dashboard.export.parameters import BadParameterError
from dashboard.i18n import LANGUAGES, Translator
from dashboard.news import News
from dashboard.store import Store

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
MOST_ENTRIES = 50
MOST_TOLD = 5
"""Changes of a release that its summary tells."""
AUTHORITY = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
"""What RFC 4151 takes for the name of whoever makes a tag."""
TAGGED = "2026"
"""The year from which the tags count (RFC 4151 wants a date)."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


def blueprint(store: Store) -> Blueprint:
    """Routes of the feeds. A parameter is answered with 400: they take none."""
    feeds = Blueprint("feeds", __name__)

    @feeds.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @feeds.get("/<language>/changes.atom")
    def all_changes(language: str) -> Response:
        return _answer(store, language, None)

    @feeds.get("/<language>/indicators/<name>.atom")
    def of_indicator(language: str, name: str) -> Response:
        if name not in store.catalog.indicators:
            abort(404)
        return _answer(store, language, store.catalog.indicators[name])

    return feeds


def _answer(store: Store, language: str, indicator: Indicator | None) -> Response:
    if language not in LANGUAGES:
        abort(404)
    for name in request.args:
        raise BadParameterError(f"unknown parameter {name!r}; a feed takes none")
    t = Translator(language)
    root = feed(store, indicator, request.host_url.rstrip("/"), t)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Language"] = t.locale.replace("_", "-")
    response.headers["Cache-Control"] = "no-cache"
    response.last_modified = datetime.fromisoformat(str(root.findtext("updated")))
    response.add_etag()
    response.make_conditional(request)
    return response


def feed(store: Store, indicator: Indicator | None, host: str, t: Translator) -> ET.Element:
    """The feed of one indicator, or of all. `host`: scheme and host of its addresses."""
    language = t.language
    found = news.lately(store, indicator.id if indicator else None)[:MOST_ENTRIES]
    if indicator:
        title = t("Two-Track: changes of {name}", name=indicator.name[language])
        own = addresses.indicator_feed(language, indicator.id)
        page = addresses.indicator(language, indicator.id)
    else:
        title = t("Two-Track: changes of all indicators")
        own, page = addresses.changes_feed(language), addresses.changes(language)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": t.locale.replace("_", "-")})
    _text(root, "id", tag(host, own))
    _text(root, "title", title)
    _text(root, "subtitle", t("New, revised and withdrawn values, one entry for each release."))
    _text(root, "updated", _moment(_feed_updated(store, found)))
    _link(root, "self", host + own, MEDIA_TYPE, language)
    _link(root, "alternate", host + page, "text/html", language)
    _text(ET.SubElement(root, "author"), "name", "Two-Track")
    _text(root, "generator", "Two-Track")
    _text(root, "rights", t("Each source's figures under its own licence."))
    for each in found:
        root.append(_entry(store, each, host, t))
    return root


def tag(host: str, path: str) -> str:
    """A name that stays when addresses do not (RFC 4151): `tag:example.org,2026:/en/changes.atom`.

    The host that a feed is asked of gives the name; one that is no name of a host, such as an
    address of IPv6, is called localhost.
    """
    name = host.partition("://")[2].lower()
    name = name if name.startswith("[") else name.partition(":")[0]
    authority = name if AUTHORITY.fullmatch(name) else "localhost"
    return f"tag:{authority},{TAGGED}:{path}"


def _entry(store: Store, each: News, host: str, t: Translator) -> ET.Element:
    key, language = each.key, t.language
    entry = ET.Element("entry")
    # The same in the feed of all and in that of the indicator: it is the same entry.
    name = f"/{language}/indicators/{key.indicator}/{key.source}/{key.day.isoformat()}"
    _text(entry, "id", tag(host, name))
    _text(
        entry,
        "title",
        t(
            "{indicator}: {source}, {day}",
            indicator=store.catalog.indicators[key.indicator].name[language],
            source=news.source_name(store.catalog, key.source, t),
            day=news.release_words(each, t),
        ),
    )
    _text(entry, "updated", _moment(_updated(each)))
    _text(entry, "published", _moment(datetime.combine(key.day, time.min, UTC)))
    _link(entry, "alternate", host + news.address(language, each), "text/html", language)
    ET.SubElement(
        entry,
        "category",
        {
            "term": key.indicator,
            "label": store.catalog.indicators[key.indicator].name[language],
        },
    )
    _text(entry, "summary", summary(store, each, t))
    return entry


def summary(store: Store, each: News, t: Translator) -> str:
    """Counts, and the most important changes: what was revised, most of all by share."""
    told = sorted(each.rows, key=_weight, reverse=True)[:MOST_TOLD]
    among = each.series
    lines = [f"{news.counts_words(each.counts, t)}."]
    lines += [news.row_words(store.catalog, row, among, t) for row in told]
    rest = sum(each.counts.values()) - len(told)
    if rest:
        lines.append(t.n("{n} more change.", "{n} more changes.", rest))
    return "\n".join(lines)


def _weight(row: Any) -> tuple[bool, float]:
    """What was known before weighs more than what is new; of it, what changed by a larger share."""
    known = row.kind != "new"
    if row.before is None or row.after is None or not row.before:
        return known, 0.0
    return known, abs(float((row.after - row.before) / row.before))


def _updated(each: News) -> datetime:
    """When the entry came to be as it is: a release of an earlier day may be read much later."""
    released = datetime.combine(each.key.day, time.min, UTC)
    return max(released, each.read_at) if each.read_at else released


def _feed_updated(store: Store, found: Sequence[News]) -> datetime:
    if found:
        return max(map(_updated, found))
    return store.last_loaded() or datetime(1970, 1, 1, tzinfo=UTC)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _CONTROL.sub("", text)


def _link(parent: ET.Element, relation: str, address: str, media: str, language: str) -> None:
    ET.SubElement(
        parent, "link", {"rel": relation, "type": media, "hreflang": language, "href": address}
    )
