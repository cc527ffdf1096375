"""ForeignAssistance.gov: US foreign aid by country, one CSV file, no key.

What is peculiar about it, and how far each point is known. *Verified*: in a recorded file.
*Seen*: in public code. *Unverified*: neither.

- verified: CRLF; a header in snake case in 2021, `Country Code,...,current_amount` in 2023: both
  are read as snake case. Seen, in the larger file of the same provider: `Current Dollar Amount`.
- verified: `fiscal_year` is text and holds `1976tq`, the quarter July to September 1976, after
  which the fiscal year begins in October.
- verified: codes may be `NULL` or empty. Amounts may be negative: money taken back.
- verified: five transaction types. They describe the same money at several stages and are never
  added. The file of 2021 has two of them only.
- verified: a country may have two rows of one type and year that differ in its income group (WLD
  2021); they are added. The same row twice is refused.
- verified: the file holds all years since 1946 and no date of its own. Recent years keep changing.
- `constant_amount` is not read: its base year moves with the release.

A feed selects `transaction` (the type's name); its counterpart_areas are country codes. The latest
fiscal year that has obligations or disbursements is not over when the file appears: status P.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from config.schema import ObsStatus, Source, format_facets
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.http import Client
from ingest.sources._csv import Repeats, check_header, read_rows
from ingest.sources._ignore import unknown_label, without
from ingest.sources._reading import listed, number, refuse, selected, unknown, url_of

TRANSACTIONS: Mapping[str, str] = {
    "Appropriated and Planned": "1",
    "Obligations": "2",
    "Disbursements": "3",
    "President's Budget Requests": "18",
    "Initial Allocations": "19",
}
"""Names and ids of the types."""
RUNNING = frozenset({"Obligations", "Disbursements"})
"""The types that record what was done; the others are plans, and whole when they are published."""
COLUMNS = ("country_code", "transaction_type_id", "transaction_type_name", "fiscal_year",
           "current_amount")  # fmt: skip
UNREAD = ("country_id", "country_name", "region_id", "region_name", "income_group_id",
          "income_group_acronym", "income_group_name", "constant_amount")  # fmt: skip
RENAMED = {
    "current_dollar_amount": "current_amount",
    "constant_dollar_amount": "constant_amount",
}
QUARTER = "1976tq"

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass
class _Entry:
    """One country, type and year."""

    line: int
    amount: str
    """As its first row writes it."""
    total: Decimal = Decimal()
    rows: int = 0
    """One, nearly always."""

    @property
    def value(self) -> str:
        return self.amount if self.rows == 1 else format(self.total, "f")


class ForeignAssistance:
    """Adapter of the country file."""

    recipe = "foreign-assistance-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Get the file. Raises FetchError, and ContractError for a wrong feed."""
        _check_feeds(feeds)
        url = url_of(source, "url of us_foreign_aid_country.csv")
        yield payload_of(client.get(url, provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read one file, a row at a time. Raises ContractError, ParseError."""
        _check_feeds(feeds)
        if len(payloads) != 1:
            refuse(f"source {source.id}", "one file", f"{len(payloads)}")
        countries = {area for bound in feeds for area in bound.feed.counterpart_areas}
        entries, running = _read(source, payloads[0], countries)
        for bound in feeds:
            for (country, transaction, year), entry in entries.items():
                quarter = year == QUARTER
                if (
                    country in bound.feed.counterpart_areas
                    and transaction == bound.feed.select["transaction"]
                    and quarter == (bound.feed.freq == "Q")
                ):
                    yield _observation(
                        payloads[0].origin, bound, country, year, entry, running=running
                    )


def _check_feeds(feeds: Sequence[BoundFeed]) -> None:
    for bound in feeds:
        name = f"feed of {bound.indicator}, source {bound.feed.source}"
        transaction = selected(bound, {"transaction": "Obligations"})["transaction"]
        if transaction not in TRANSACTIONS:
            unknown(name, "transaction of", transaction, TRANSACTIONS)
        if bound.feed.freq not in {"A", "Q"}:
            refuse(name, "frequency A, or Q for the quarter of 1976", bound.feed.freq)
        if len(bound.feed.ref_areas) != 1 or not bound.feed.counterpart_areas:
            refuse(name, "one ref_area and counterpart_areas", listed(bound.feed.ref_areas))


def _read(
    source: Source, payload: Payload, countries: set[str]
) -> tuple[dict[tuple[str, str, str], _Entry], str]:
    """Entries of the countries, and the last fiscal year in which any country has activity."""
    entries: dict[tuple[str, str, str], _Entry] = {}
    running = ""
    repeats = Repeats()
    rows = without(source, read_rows(payload.origin, payload.open()))
    header = next(rows)[1]
    columns = check_header(source, payload.origin, header, COLUMNS, UNREAD, _snake_case)
    country_at, id_at, type_at, year_at, amount_at = (columns[name] for name in COLUMNS)
    labels = itemgetter(
        *[at for at, name in enumerate(header) if not _snake_case(name).endswith("_amount")]
    )
    for line, cells in rows:
        transaction, year = cells[type_at], cells[year_at]
        if TRANSACTIONS.get(transaction) != cells[id_at]:
            _refuse_type(source, payload.origin, header[type_at], transaction, cells[id_at], line)
        if year != QUARTER:
            if not _YEAR.fullmatch(year):
                refuse(payload.origin, f"a fiscal year like 2020, or {QUARTER}",
                       f"{year!r} at line {line}")  # fmt: skip
            if transaction in RUNNING:
                running = max(running, year)
        country, amount = cells[country_at], cells[amount_at]
        if country not in countries:
            continue
        entry = entries.setdefault((country, transaction, year), _Entry(line, amount))
        entry.total += number(f"line {line} ({country} {transaction} {year})", amount)
        entry.rows += 1
        repeats.add(labels(cells))
    if not entries:
        refuse(payload.origin, f"rows of {listed(sorted(countries))}", "none")
    repeats.check(
        payload.origin,
        lambda: (
            (line, labels(cells))
            for line, cells in without(source, read_rows(payload.origin, payload.open()))
            if cells[country_at] in countries
        ),
    )
    return entries, running


def _refuse_type(
    source: Source, origin: str, column: str, transaction: str, number: str, line: int
) -> None:
    if transaction not in TRANSACTIONS:
        what, where = "transaction type of", f"line {line}"
        unknown_label(source, origin, what, column, transaction, TRANSACTIONS, where)
    expected = f"id {TRANSACTIONS[transaction]} for {transaction}"
    refuse(origin, expected, f"{number!r} at line {line}")


def _snake_case(column: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    return RENAMED.get(name, name)


def _observation(
    origin: str, bound: BoundFeed, country: str, year: str, entry: _Entry, *, running: str
) -> RawObservation:
    transaction = bound.feed.select["transaction"]
    notes = []
    if entry.rows > 1:
        notes.append(f"computed: sum of {entry.rows} rows")
    period, status = f"FY{year}", ObsStatus.NORMAL
    if year == QUARTER:
        period = "1976-Q3"
        notes.append(f"transition quarter, July to September 1976; {QUARTER} in the file")
    elif year == running and transaction in RUNNING:
        status = ObsStatus.PROVISIONAL
        notes.append("fiscal year not over at this vintage")
    return RawObservation(
        indicator=bound.indicator,
        measure=bound.feed.measure,
        facets=format_facets(bound.feed.facets),
        freq=bound.feed.freq,
        ref_area=bound.feed.ref_areas[0],
        counterpart_area=country,
        time_period=period,
        value=entry.value,
        locator=f"line {entry.line} ({country} {transaction} {year})",
        origin=origin,
        obs_status=status.value,
        note="; ".join(notes),
    )
