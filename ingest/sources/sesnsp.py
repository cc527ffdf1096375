"""SESNSP (Mexico): case files of crimes under state jurisdiction, a zipped CSV file, no key.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded file.
*Seen*: in public code whose author says it was measured. *Unverified*: neither.

- seen: no API. The page `.../incidencia-delictiva-del-fuero-comun-nueva-metodologia` links zip
  files on SharePoint, to whose address `download=1` is added; the data are the largest member.
  Links to municipal files and to victims stand beside; they are told by their names and words.
  Unverified: on which SharePoint host. One that `allowed_hosts` does not list is refused.
- verified: `IDEFC_NM_<mes><yy>.csv`, latin-1, CRLF, the columns below. Seen: copies with `;`, and
  UTF-8 with a byte-order mark in 2026.
- verified: a month not yet reported is empty, not 0. Seen: months to come as 0 in files of 2026;
  so months at the end of the last year in which the whole file counts nothing are not reported.
- verified: counts are case files, not victims. All 32 states are in every year; national figures
  are added up here, and a month that any state leaves empty has none.
- verified: years since 2015 are in one file, and are restated.
- seen: from 2026 on, `RNID-Delitos_Estatal-*` with another catalogue of crimes, not to be joined
  with this series; these files are passed over. The years until 2025 are `Estatal-Delitos-*`.

A feed selects `tipo` and `subtipo`, as the columns have them.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from config.schema import Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ParseError
from ingest.http import Client
from ingest.sources._csv import check_header, lacking, read_rows
from ingest.sources._ignore import unknown_label, without
from ingest.sources._links import Link, links_of
from ingest.sources._reading import (
    beginning,
    listed,
    number,
    refuse,
    selected,
    url_of,
    what_instead,
)
from ingest.sources._zip import SIGNATURE, open_zip

MOST_BYTES = 512 * 2**20
"""Unpacked. The state file has some 3 MB a release."""
LABELS = ("Año", "Clave_Ent", "Entidad", "Bien jurídico afectado", "Tipo de delito",
          "Subtipo de delito", "Modalidad")  # fmt: skip
MONTHS = ("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto", "Septiembre",
          "Octubre", "Noviembre", "Diciembre")  # fmt: skip
STATES = frozenset(str(code) for code in range(1, 33))
SUBTYPES = {
    "Homicidio": ("Homicidio culposo", "Homicidio doloso"),
    "Feminicidio": ("Feminicidio",),
}
"""Of the types that are counted here (verified: in the file of September 2021)."""
MODALITIES = frozenset(
    {"Con arma blanca", "Con arma de fuego", "Con otro elemento", "En accidente de tránsito",
     "Feminicidio", "No especificado"}
)  # fmt: skip
"""Of homicide and feminicide. Another one may be a sum of these."""
OTHER_FILES = ("munic", "victim", "idm_nm", "idmfc", "idvfc", "rnid", "federal", "diccionario")
"""What names of links hold that lead to other files."""

_MONTH = re.compile(
    r"(ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)[a-z]*[ _-]*(?:de )?(?:20)?([0-9]{2})\b"
)
_SHORT = tuple(month[:3].lower() for month in MONTHS)


@dataclass
class _Year:
    """One subtype in one year: a sum for each month, None where a state left it empty."""

    line: int
    sums: list[int | None] = field(default_factory=lambda: [0] * 12)
    states: set[str] = field(default_factory=set)


class Sesnsp:
    """Adapter of the state file of the new method."""

    recipe = "sesnsp-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Find the file on the page and get it; the page itself where it has none."""
        _check_feeds(feeds)
        url = url_of(source, "url of a landing page")
        page = payload_of(client.get(url, provider=source.provider))
        newest = newest_file(links_of(page))
        if newest is None:
            yield page
        else:
            yield payload_of(client.get(download_url(newest), provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Add up one file, a row at a time. Raises ContractError, ParseError."""
        _check_feeds(feeds)
        if len(payloads) != 1:
            refuse(f"source {source.id}", "one file", f"{len(payloads)}")
        payload = payloads[0]
        with payload.open() as stream:
            if beginning(payload).startswith(SIGNATURE):
                with open_zip(payload.origin, stream, MOST_BYTES) as archive:
                    largest = _largest(payload.origin, archive)
                    yield from _parse(source, payload.origin, largest, feeds)
            else:
                _check_start(payload)
                yield from _parse(source, payload.origin, stream, feeds)


def newest_file(links: Sequence[Link]) -> Link | None:
    """The link to the state file with the latest data; of two alike, the one further below."""
    files = [link for link in links if _is_file(link)]
    files = [link for link in files if not any(word in _words(link) for word in OTHER_FILES)]
    named = [link for link in files if re.search(r"idefc|estatal", _words(link))]
    if not named:
        return files[0] if len(files) == 1 else None
    return max(enumerate(named), key=lambda pair: (_age(pair[1]), pair[0]))[1]


def _is_file(link: Link) -> bool:
    host = urlsplit(link.url).hostname or ""
    return host.endswith(".sharepoint.com") or bool(
        re.search(r"\.(zip|csv)$|^IDEFC_NM", link.name, re.IGNORECASE)
    )


def _words(link: Link) -> str:
    """Name and words of a link in lower case without accents."""
    text = unicodedata.normalize("NFKD", f"{link.name} {link.text}".lower())
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _age(link: Link) -> tuple[int, int]:
    words = _words(link)
    months = [(2000 + int(year), _SHORT.index(month) + 1) for month, year in _MONTH.findall(words)]
    years = [(int(year), 0) for year in re.findall(r"20[0-9]{2}", words)]
    return max([*months, *years], default=(0, 0))


def download_url(link: Link) -> str:
    """SharePoint shows a page about the file unless it is asked for the file."""
    if not (urlsplit(link.url).hostname or "").endswith(".sharepoint.com"):
        return link.url
    if "download=1" in link.url:
        return link.url
    return f"{link.url}{'&' if '?' in link.url else '?'}download=1"


def _check_feeds(feeds: Sequence[BoundFeed]) -> None:
    for bound in feeds:
        selected(bound, {"tipo": "Homicidio", "subtipo": "Homicidio doloso"})
        if bound.feed.freq not in {"A", "M"} or bound.feed.ref_areas != ["MEX"]:
            name = f"feed of {bound.indicator}, source {bound.feed.source}"
            refuse(name, "frequency A or M and ref_area MEX", listed(bound.feed.ref_areas))


def _check_start(payload: Payload) -> None:
    instead = what_instead(beginning(payload))
    if not instead.startswith("bytes"):
        refuse(payload.origin, "a zip file, a CSV file, or a link to one", instead)


def _largest(origin: str, archive: zipfile.ZipFile) -> BinaryIO:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        refuse(origin, "a CSV file in the zip file", "none")
    largest = max(members, key=lambda member: member.file_size)
    if not largest.filename.lower().endswith(".csv"):
        refuse(origin, "a CSV file in the zip file", largest.filename)
    return cast("BinaryIO", archive.open(largest))


def _parse(
    source: Source, origin: str, stream: BinaryIO, feeds: Sequence[BoundFeed]
) -> Iterator[RawObservation]:
    encoding, delimiter = _dialect(stream)
    rows = read_rows(origin, stream, encoding=encoding, delimiter=delimiter)
    years, reported = _read(source, origin, rows, {_crime(bound) for bound in feeds})
    for bound in feeds:
        for year, counted in sorted(years[_crime(bound)].items()):
            sums = [value if reported[year][month] else None
                    for month, value in enumerate(counted.sums)]  # fmt: skip
            values = [
                (f"{year}-{month:02}", value, "") for month, value in enumerate(sums, start=1)
            ]
            if bound.feed.freq == "A":
                whole = None if None in sums else sum(value or 0 for value in sums)
                values = [(str(year), whole, "computed: sum of 12 months")]
            for period, value, note in values:
                if value is not None:
                    yield _observation(origin, bound, period, value, counted.line, note)


def _dialect(stream: BinaryIO) -> tuple[str, str]:
    """Encoding and delimiter, by the first line."""
    line = stream.readline(2**16)
    stream.seek(0)
    if line.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    else:
        encoding = "utf-8" if "Año".encode() in line else "latin-1"
    return encoding, ";" if line.count(b";") > line.count(b",") else ","


def _crime(bound: BoundFeed) -> tuple[str, str]:
    return bound.feed.select["tipo"], bound.feed.select["subtipo"]


def _read(
    source: Source,
    origin: str,
    rows: Iterator[tuple[int, list[str]]],
    crimes: set[tuple[str, str]],
) -> tuple[dict[tuple[str, str], dict[int, _Year]], dict[int, list[bool]]]:
    """Sums of each crime by year, and which months of each year the file reports."""
    years: dict[tuple[str, str], dict[int, _Year]] = {crime: {} for crime in crimes}
    counts: dict[int, list[bool]] = {}
    found: set[tuple[str, str]] = set()
    seen: dict[tuple[str, ...], int] = {}
    rows = without(source, rows)
    header = next(rows)[1]
    columns = check_header(source, origin, header, [*LABELS, *MONTHS])
    label_at = [columns[name] for name in LABELS]
    month_at = [columns[name] for name in MONTHS]
    other_at = [at for at in range(len(header)) if at not in month_at]
    for line, cells in rows:
        labels = tuple([cells[at] for at in label_at])
        year = _year(origin, line, labels[0])
        anything = counts.setdefault(year, [False] * 12)
        for month, at in enumerate(month_at):
            if not anything[month] and cells[at] not in {"", "0"}:
                anything[month] = True
        crime = (labels[4], labels[5])
        if crime not in found:
            _check_crime(source, origin, line, crime)
            found.add(crime)
        if crime not in crimes:
            continue
        earlier = seen.setdefault(tuple([cells[at] for at in other_at]), line)
        if earlier != line:
            refuse(origin, "each row once", f"line {line} again after line {earlier}")
        _check_labels(source, origin, line, labels)
        counted = years[crime].setdefault(year, _Year(line))
        counted.states.add(labels[1])
        for month, at in enumerate(month_at):
            value = _count(f"line {line}, {MONTHS[month]}", cells[at])
            before = counted.sums[month]
            counted.sums[month] = None if value is None or before is None else before + value
    _check_whole(origin, years, found)
    return years, _reported(counts)


def _check_crime(source: Source, origin: str, line: int, crime: tuple[str, str]) -> None:
    """A subtype that comes new beside a known one may be a part of what was counted there."""
    valid = SUBTYPES.get(crime[0])
    if valid is not None and crime[1] not in valid:
        column = "Subtipo de delito"
        unknown_label(source, origin, f"{column} of", column, crime[1], valid, f"line {line}")


def _check_labels(source: Source, origin: str, line: int, labels: Sequence[str]) -> None:
    states = sorted(STATES, key=int)
    for column, label, valid in (
        ("Clave_Ent", labels[1], states),
        ("Modalidad", labels[6], sorted(MODALITIES)),
    ):
        if label not in valid:
            unknown_label(source, origin, f"{column} of", column, label, valid, f"line {line}")


def _check_whole(
    origin: str,
    years: dict[tuple[str, str], dict[int, _Year]],
    found: Iterable[tuple[str, str]],
) -> None:
    """Each crime is there, in the same states every year. Raises ContractError."""
    for crime, counted in years.items():
        if not counted:
            lacking(origin, f"rows of {crime[0]},", crime[1], {subtype for _, subtype in found})
        states: set[str] = set().union(*(year.states for year in counted.values()))
        for year, count in counted.items():
            if count.states != states:
                codes: list[str] = sorted(states - count.states, key=int)
                missing = listed(codes)
                refuse(origin, f"{crime[1]} in {len(states)} states every year",
                       f"none of Clave_Ent {missing} in {year}: cut off")  # fmt: skip


def _reported(counts: dict[int, list[bool]]) -> dict[int, list[bool]]:
    """Which months are reported: all but those at the end in which nothing at all is counted."""
    reported = {year: [True] * 12 for year in counts}
    last = max(counts)
    for month in range(11, -1, -1):
        if counts[last][month]:
            break
        reported[last][month] = False
    return reported


def _year(origin: str, line: int, text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}", text):
        refuse(origin, "a year like 2021 in Año", f"{text!r} at line {line}")
    return int(text)


def _count(locator: str, text: str) -> int | None:
    """A month's count; None where it is not reported."""
    if not text:
        return None
    value = number(locator, text)
    if value < 0 or value != value.to_integral_value():
        raise ParseError(locator, text, "must be a whole number, not below 0")
    return int(value)


def _observation(
    origin: str, bound: BoundFeed, period: str, value: int, line: int, note: str
) -> RawObservation:
    return RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=bound.feed.freq,
        ref_area="MEX",
        counterpart_area=None,
        time_period=period,
        value=str(value),
        locator=f"line {line} and others",
        origin=origin,
        note=note,
    )
