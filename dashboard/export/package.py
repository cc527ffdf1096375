"""The files of an indicator's view beside its CSV: what it shows in JSON, and all of it as a ZIP.

The same view, asked of the same data on the same day, gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from config.schema import Licence, LocalText, PluralText
from dashboard import addresses, labels
from dashboard.export.columns import OBSERVATION_COLUMNS, dictionary
from dashboard.export.csv import app_version, lines, observation_rows
from dashboard.export.made import made_rows
from dashboard.i18n import LANGUAGES, Translator
from dashboard.sharing import citation, freeze
from dashboard.store import Store
from dashboard.view import IndicatorView
from db.queries import ObservationQuery
from db.records import SeriesKey

Rows = Iterable[tuple[str, ...]]

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP can name. Of every file in it, so that nothing of the clock is."""
UNIX = 3
READABLE = 0o100644
"""A plain file that its owner may write and everybody read."""


def view_rows(store: Store, view: IndicatorView) -> Iterator[tuple[str, ...]]:
    """The rows of an indicator page: its series and values. Without a state, all series."""
    if not view.made.is_published:
        return made_rows(store.catalog, view)
    query = (
        _published(view) if view.state.query() else ObservationQuery(indicator=view.indicator.id)
    )
    return observation_rows(store.engine, store.catalog, query)


def _published(view: IndicatorView) -> ObservationQuery:
    state = view.state
    return ObservationQuery(
        indicator=view.indicator.id,
        # No series fits: ask for one that cannot exist, and the file has its header only.
        series=tuple(map(str, view.keys)) or ("-",),
        period_from=state.first,
        period_to=state.last,
        as_of=state.asof,
    )


def metadata(store: Store, view: IndicatorView, rows: Rows, t: Translator) -> dict[str, Any]:
    """What the rows of a view are: for programs, and for readers years later.

    Texts are in both languages; `citation` and `page` are in the language of the address.
    """
    catalog, indicator = store.catalog, view.indicator
    held = _rows_by_series(rows)
    keys = [SeriesKey.parse(text) for text in held]
    cited = citation(store, freeze(store, view, t), t)
    units = {catalog.unit_of(key.indicator, key.measure).id for key in keys} | {view.unit.id}
    return {
        "indicator": indicator.id,
        "name": _both(indicator.name),
        "definition": _both(indicator.definition),
        "not_this": _both(indicator.not_this),
        "caveats": list(map(_both, indicator.caveats)),
        "measures": {
            name: {
                "name": _both(measure.name),
                "unit": measure.unit,
                "kind": measure.kind,
                "definition": _both(measure.definition or indicator.definition),
            }
            for name, measure in indicator.measures.items()
        },
        "units": {
            name: {
                "name": _many(catalog.units[name].name),
                "currency": catalog.units[name].currency,
            }
            for name in sorted(units)
        },
        "view": {
            "parameters": dict(parse_qsl(view.state.query())),
            "asof": view.state.asof.isoformat() if view.state.asof else None,
            "page": addresses.absolute(addresses.indicator(t.language, indicator.id, view.state)),
            "chart": cited.title,
            "chart_content": cited.digest,
            "chart_known_on": cited.known_on.isoformat(),
        },
        "citation": cited.undated(t),
        "series": [
            {
                "series_id": str(key),
                "name": _series_name(store, key),
                "measure": key.measure,
                "source": key.source,
                "rows": held[str(key)],
            }
            for key in keys
        ],
        "sources": {name: _source(store, name) for name in sorted({k.source for k in keys})},
        "columns": _columns(OBSERVATION_COLUMNS),
        "rows": sum(held.values()),
        "app_version": app_version(),
    }


def _rows_by_series(rows: Rows) -> dict[str, int]:
    """How many rows each series has, in the order of the file."""
    place = OBSERVATION_COLUMNS.index("series_id")
    found: dict[str, int] = {}
    for row in rows:
        found[row[place]] = found.get(row[place], 0) + 1
    return found


def _both(text: LocalText) -> dict[str, str]:
    return {code: text[code] for code in LANGUAGES}


def _many(text: PluralText) -> dict[str, str]:
    return {"en": text.en[1], "es": text.es[1]}


def _series_name(store: Store, key: SeriesKey) -> dict[str, str]:
    among = store.series(key.indicator)
    return {
        code: labels.series_label(store.catalog, key, among, Translator(code)) for code in LANGUAGES
    }


def _source(store: Store, name: str) -> dict[str, Any]:
    provider = store.catalog.provider_of(name)
    return {
        "name": _both(store.catalog.sources[name].name),
        "provider": _both(provider.name),
        "url": provider.url,
        "licence": _licence(provider.licence),
    }


def _licence(licence: Licence) -> dict[str, Any]:
    return {
        "name": _both(licence.name),
        "url": licence.url,
        "cite": licence.cite,
        "verified": licence.verified,
    }


def _columns(names: Iterable[str]) -> dict[str, dict[str, str]]:
    words = {code: dictionary(Translator(code)) for code in LANGUAGES}
    return {name: {code: words[code][name] for code in LANGUAGES} for name in names}


def metadata_text(found: dict[str, Any]) -> str:
    """The metadata as a file."""
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def archive(store: Store, view: IndicatorView, t: Translator) -> bytes:
    """A ZIP with `data.csv`, `metadata.json`, `README.txt` and `SHA256SUMS`.

    `data.csv` has the bytes of the view's CSV.
    """
    rows = list(view_rows(store, view))
    found = metadata(store, view, rows, t)
    files = {
        "data.csv": "".join(lines(OBSERVATION_COLUMNS, rows)),
        "metadata.json": metadata_text(found),
        "README.txt": readme(found, t),
    }
    # As `sha256sum --check` reads it.
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items()
    )
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        for name, text in files.items():
            entry = ZipInfo(name, FIRST_DAY)
            entry.create_system = UNIX
            entry.external_attr = READABLE << 16
            entry.compress_type = ZIP_DEFLATED
            packed.writestr(entry, text.encode())
    return written.getvalue()


def readme(found: dict[str, Any], t: Translator) -> str:
    """What stands in an archive, in words."""
    language, view = t.language, found["view"]
    counted = t.n("{n} row", "{n} rows", found["rows"])
    sources = [_source_words(each, t) for each in found["sources"].values()]
    parts = [
        [f"Two-Track: {found['name'][language]}"],
        [found["definition"][language], found["not_this"][language]],
        *([found["caveats"][number][language]] for number in range(len(found["caveats"]))),
        [
            t("Files:"),
            f"- data.csv: {t('the official figures of this view')}, {counted}",
            f"- metadata.json: {t('what they are: series, sources, licences, columns')}",
            f"- SHA256SUMS: {t('to check the files, with sha256sum --check SHA256SUMS')}",
        ],
        [t("Page:"), view["page"]],
        [t("Sources and licences:"), *sources]
        if sources
        else [t("There is no official series in this view.")],
        [t("Cite as:"), found["citation"]],
        [f"Two-Track {found['app_version']}"],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _source_words(source: dict[str, Any], t: Translator) -> str:
    licence = source["licence"]
    name = licence["name"][t.language]
    if not licence["verified"]:
        name = f"{name} ({t('not verified')})"
    return f"- {source['name'][t.language]}: {name}. {licence['cite']}"
