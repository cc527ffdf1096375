"""CBP's files: their columns and labels, and how the newest of each kind is found on its page.

What is known of them, and how well, stands in `ingest.sources.cbp`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.sources._links import Link

MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")
"""In the order of the fiscal year."""
COMPONENTS = frozenset({"Office of Field Operations", "U.S. Border Patrol"})
_DEMOGRAPHICS = frozenset(
    {"Accompanied Minors", "FMUA", "Single Adults", "UAC", "UC / Single Minors"}
)
_AUTHORITIES = frozenset({"Title 42", "Title 8"})
_TYPES = frozenset({"Apprehensions", "Expulsions", "Inadmissibles"})
_GROUPINGS = frozenset({"FYTD", "Remaining"})
_LAND_REGIONS = frozenset({"Northern Land Border", "Other", "Southwest Land Border"})
_SOUTHWEST_CITIZENSHIPS = frozenset({"El Salvador", "Guatemala", "Honduras", "Mexico", "Other"})
_CITIZENSHIPS = frozenset(
    {
        "BRAZIL", "CANADA", "CHINA, PEOPLES REPUBLIC OF", "COLOMBIA", "CUBA", "ECUADOR",
        "EL SALVADOR", "GUATEMALA", "HAITI", "HONDURAS", "INDIA", "MEXICO", "MYANMAR (BURMA)",
        "NICARAGUA", "OTHER", "PERU", "PHILIPPINES", "ROMANIA", "RUSSIA", "TURKEY", "UKRAINE",
        "VENEZUELA",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Columns of one kind of file, in order, with the labels that they may hold (None: any)."""

    columns: Mapping[str, frozenset[str] | None]
    value: str
    citizenship: str | None = None
    event: str | None = None
    note: str = ""
    """Of every figure. Empty for southwest files: the figures that this series continues have none,
    and another note would be another reading of them."""


LAYOUTS: Mapping[tuple[str, str], Layout] = {
    ("sbo-encounters", ""): Layout(
        {
            "Fiscal Year": None,
            "Month Grouping": _GROUPINGS,
            "Month (abbv)": frozenset(MONTHS),
            "Component": COMPONENTS,
            "Demographic": _DEMOGRAPHICS,
            "Citizenship Grouping": _SOUTHWEST_CITIZENSHIPS,
            "Title of Authority": _AUTHORITIES,
            "Encounter Type": _TYPES,
            "Encounter Count": None,
        },
        value="Encounter Count",
        citizenship="Citizenship Grouping",
    ),
    ("nationwide-encounters", "aor"): Layout(
        {
            "Fiscal Year": None,
            "Month Grouping": _GROUPINGS,
            "Month (abbv)": frozenset(MONTHS),
            "Component": COMPONENTS,
            "Land Border Region": _LAND_REGIONS,
            "Area of Responsibility": None,
            "AOR (Abbv)": None,
            "Demographic": _DEMOGRAPHICS,
            "Citizenship": _CITIZENSHIPS,
            "Title of Authority": _AUTHORITIES,
            "Encounter Type": _TYPES,
            "Encounter Count": None,
        },
        value="Encounter Count",
        citizenship="Citizenship",
        note="computed: sum of the file's rows",
    ),
    ("nationwide-encounters", "state"): Layout(
        {
            "Fiscal Year": None,
            "Month Grouping": _GROUPINGS,
            "Month (abbv)": frozenset(MONTHS),
            "Land Border Region": _LAND_REGIONS,
            "State": None,
            "Demographic": _DEMOGRAPHICS,
            "Citizenship": _CITIZENSHIPS,
            "Title of Authority": _AUTHORITIES,
            "Encounter Count": None,
        },
        value="Encounter Count",
        citizenship="Citizenship",
        note="computed: sum of the file's rows",
    ),
    ("weapons-ammunition-seizures", ""): Layout(
        {
            "Fiscal Year": None,
            "Month (abbv)": frozenset(MONTHS),
            "Component": COMPONENTS,
            "Region": None,
            "Area of Responsibility": None,
            "Inbound/Outbound": frozenset({"INBOUND", "OTHER", "OUTBOUND"}),
            "Mode of Transportation": None,
            "Seizure Type": frozenset({"Ammunition & Gun Parts", "Weapons"}),
            "Category": None,
            "Event ID": None,
            "Quantity Seized": None,
        },
        value="Quantity Seized",
        event="Event ID",
    ),
}
"""By stem and cut of the file's name."""

_FOLDER = re.compile(r"/(20[0-9]{2})-([0-9]{2}|[a-z]{3})[a-z]*/[^/]*$", re.IGNORECASE)
_FILE = re.compile(
    r"(?P<stem>.+?)-fy(?:20)?(?P<first>[0-9]{2})-fy(?:20)?(?P<last>[0-9]{2})"
    # A file of ended years has no month, and its cut must not be taken for one.
    r"(?:-(?P<month>(?!aor|state)[a-z]{3})[a-z]*)?"
    r"(?:-(?P<cut>aor|state))?(?:_(?P<copy>[0-9]+|[a-z]+))?\.csv",
    re.IGNORECASE,
)


def newest_file(links: Iterable[Link], stem: str, cut: str) -> Link | None:
    """The link to the newest release of a file: by folder, then fiscal years, month and suffix."""
    found = [(age, link) for link in links if (age := _age(link, stem, cut)) is not None]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _age(link: Link, stem: str, cut: str) -> tuple[int, ...] | None:
    """What to sort files by; None for a link to something else."""
    name = _FILE.fullmatch(link.name)
    folder = _FOLDER.search(urlsplit(link.url).path)
    if not name or (name["stem"].lower(), (name["cut"] or "").lower()) != (stem, cut):
        return None
    written = (name["month"] or "").upper()
    # Without a month, the file holds ended years only: all twelve months of the last.
    month = MONTHS.index(written) + 1 if written in MONTHS else len(MONTHS) + (not written)
    copy = int(name["copy"]) + 1 if (name["copy"] or "").isdecimal() else 0
    # A link without the folder that CBP puts it in counts as older than any other.
    year, at = (int(folder[1]), _folder_month(folder[2])) if folder else (0, 0)
    return (year, at, int(name["last"]), month, copy)


def _folder_month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return (MONTHS.index(text.upper()) + 9) % 12 + 1 if text.upper() in MONTHS else 0
