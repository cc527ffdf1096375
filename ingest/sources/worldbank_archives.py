"""Past releases of the World Development Indicators: source 57 of the World Bank's API, JSON.

The releases are vintages of the very series that the World Bank's newest release states, so they
are loaded into those: same feeds, same indicator codes.

What is peculiar about them, and how far each point is known. *Documented*: on the World Bank's
page "Advanced Data API Queries" (datahelpdesk.worldbank.org, knowledge base 1886686), whose
examples ask source 57. *Verified*: in answers that a public repository recorded
(PursuitOfDataScience/countryatlas, tests/testthat/fixtures/wb-vintages.json and
wb-archive-202407.json). *Seen*: in public code whose author says it was measured. *Unverified*:
neither.

- documented: `/sources/57/country/ALB/series/AG.AGR.TRAC.NO/time/all/version/199704/data`, with
  `;` between several countries; `format`, `page` and `per_page` as everywhere.
- verified: an answer is an object with `page`, `pages`, `per_page`, `total`, `lastupdated` and
  `source{id, name, data}`; a row has `variable`, a list of `{concept, id, value}` for Country,
  Series, Time (`YR2015`) and Version in no fixed order, and `value`, a number or null. There is no
  status.
- verified: `/sources/57/version` lists the releases, as
  `source[{concept[{id: version, variable[{id: 202407, value: 2024 Jul}]}]}]`: 142 from April 1989
  to July 2026, none in some months.
- verified: a release is known by its month only, and by its id: the label of 199309 is "1994 Sep",
  those of 201703 and 201704 are swapped. It counts from the last day of its month, as everything
  of which the month alone is known.
- verified: `lastupdated` is not the day of the release (2025-10-29 for that of July 2024). What day
  it is instead is unverified.
- verified: old releases have some countries under codes of their own (`ADO` beside `AND`). Only
  the codes that feeds ask for are asked for.
- verified: the label of a series is not that of its release (2024 has "constant 2010 US$"), so the
  base year of a figure in constant prices must be found elsewhere before it is compared.
- seen: a release that lacks a series answers with XML, id 160 "Data not found.", though JSON was
  asked for (countryatlas; cyanheads, World Bank server). Only the data can tell it from a word in
  the address that is wrong.
- seen: a country that is not known is left out without a word (cyanheads).
- seen: years are listed one by one, a range is refused (countryatlas); so all are asked for, and
  the option `date` of a source does not count here.
- unverified: the status of the answer in XML, 200 wherever code reads it; quarters and months.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from config.schema import Source
from ingest.adapter import Archived, BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ContractError
from ingest.http import Client, Response
from ingest.sources import _worldbank as bank
from ingest.sources._ignore import check_fields
from ingest.sources._reading import beginning, listed, read_json, refuse, shape
from ingest.sources._worldbank import Page, Row, Rows

SOURCE = "57"
NOT_FOUND = "160"
FIELDS = ("variable", "value")
CONCEPTS = ("Country", "Series", "Time", "Version")

_VERSION = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])")
_ASKED = re.compile(
    rf"/sources/{SOURCE}/country/[^/]+/series/([^/]+)/time/all/version/([^/]+)/data"
)
_ERROR = re.compile(rb'<wb:message id="(\d+)" key="([^"]*)">([^<]*)</wb:message>')


class WorldBankArchives:
    """Adapter of the World Bank's past releases. The option `version` says which, like 202204."""

    recipe = "worldbank-archives-2"

    def versions(self, source: Source, client: Client) -> list[Archived]:
        """All releases that the archive lists, oldest first. Raises FetchError, ContractError."""
        url = f"{bank.base_url(source)}/sources/{SOURCE}/version"
        pages, found = 1, []
        number = 1
        while number <= pages:
            query = {"format": "json", "per_page": str(bank.PER_PAGE), "page": str(number)}
            payload = _get(client, source, url, query)
            header, listing = _opened(payload)
            ids = _versions(payload.origin, listing)
            page = bank.page_of(source, payload.origin, header, ids, ("source",))
            found.append(page)
            pages, number = found[0].pages, number + 1
        versions = {str(each): _archived(page.origin, each) for page in found for each in page.rows}
        bank.whole(found)
        return [versions[each] for each in sorted(versions)]

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        """Ask for each World Bank indicator once, all years of one release, page by page.

        As of the newest release, an answer that cannot be read is handed out for `parse` to refuse.
        Raises FetchError, and ContractError for a version that is none.
        """
        options = {name: value for name, value in source.options.items() if name != "version"}
        version = str(source.options.get("version", ""))
        _published_on(f"source {source.id}", version)
        rest = bank.options_of(source.model_copy(update={"options": options}))
        rest.pop("date", None)
        base = bank.base_url(source)
        for indicator, bound in bank.by_indicator(source, feeds).items():
            countries = ";".join(bank.areas_of(bound))
            url = (
                f"{base}/sources/{SOURCE}/country/{countries}/series/{indicator}"
                f"/time/all/version/{version}/data"
            )
            number, pages = 1, 1
            while number <= pages:
                query = {"format": "json", **rest, "page": str(number)}
                payload = _get(client, source, url, query)
                yield payload
                if number == 1:
                    pages = _pages_of(source, payload)
                number += 1

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read the pages of one release, in any order. Raises ContractError, ParseError.

        Nothing comes of an indicator that the release does not hold, and of years without figure.
        """
        wanted = bank.by_indicator(source, feeds)
        answers: dict[tuple[str, str], list[Payload]] = {}
        for payload in payloads:
            indicator, version = _asked_of(payload.origin)
            if indicator not in wanted:
                expected = f"an answer of the archive on {listed(wanted)}"
                refuse(payload.origin, expected, f"one on {indicator or 'nothing'}")
            answers.setdefault((indicator, version), []).append(payload)
        lacking = [each for each in wanted if each not in {indicator for indicator, _ in answers}]
        if lacking:
            refuse(f"source {source.id}", f"an answer of the archive on {lacking[0]}", "none")
        for (indicator, version), of_it in answers.items():
            if any(_is_not_found(payload) for payload in of_it):
                continue
            pages = bank.whole(_read_page(source, payload) for payload in of_it)
            published = _published_on(pages[0].origin, version)
            rows = Rows(wanted[indicator], published, "month")
            asked = bank.areas_of(wanted[indicator])
            for page in pages:
                for place, raw in enumerate(page.rows, start=1):
                    locator = f"page {page.number}, row {place}"
                    if not isinstance(raw, dict):
                        refuse(page.origin, f"an object at {locator}", shape(raw))
                    check_fields(source, page.origin, raw, FIELDS, (), locator)
                    row = _row(page.origin, locator, raw, indicator, version, asked)
                    yield from rows.observations(page.origin, row)


def _get(client: Client, source: Source, url: str, query: Mapping[str, str]) -> Payload:
    return payload_of(client.get(url, query, provider=source.provider, transient=_is_transient))


def _is_transient(response: Response) -> bool:
    return bank.is_transient(response) and _ERROR.search(response.body) is None


def _asked_of(origin: str) -> tuple[str, str]:
    """Indicator and release that an answer is about; empty where it is none of the archive."""
    found = _ASKED.search(urlsplit(origin).path)
    return (unquote(found[1]), found[2]) if found else ("", "")


def _published_on(origin: str, version: str) -> date:
    """The last day of the month of a release. Raises ContractError."""
    found = _VERSION.fullmatch(version)
    if found is None:
        refuse(origin, "version as year and month, like 202204", repr(version))
    year, month = int(found[1]), int(found[2])
    return date(year, month, calendar.monthrange(year, month)[1])


def _archived(origin: str, version: Any) -> Archived:
    return Archived(str(version), _published_on(origin, str(version)))


def _is_not_found(payload: Payload) -> bool:
    """Whether the archive says that it has no such data. Raises ContractError for other errors."""
    found = _ERROR.search(beginning(payload))
    if found is None:
        return False
    number, key, text = (each.decode("utf-8", "replace") for each in found.groups())
    if number != NOT_FOUND:
        said = f"an error of the World Bank: id {number} ({key}: {text})"
        refuse(payload.origin, "header and rows", said)
    return True


def _opened(payload: Payload) -> tuple[Mapping[str, Any], Any]:
    """The counts of an answer and what it says of source 57. Raises ContractError."""
    content = read_json(payload)
    # Errors come as a list of one, as from the rest of the API.
    header = content[0] if isinstance(content, list) and len(content) == 1 else content
    if not isinstance(header, dict):
        refuse(payload.origin, "an object with counts and source", shape(content))
    if "message" in header:
        said = f"an error of the World Bank: {bank.errors(header)}"
        refuse(payload.origin, "header and rows", said)
    return header, header.get("source")


def _read_page(source: Source, payload: Payload) -> Page:
    header, archive = _opened(payload)
    if not isinstance(archive, dict) or str(archive.get("id")) != SOURCE:
        refuse(payload.origin, f"source with id {SOURCE}", shape(archive))
    if "data" not in archive:
        refuse(payload.origin, "source with data", shape(archive))
    check_fields(source, payload.origin, archive, ("id", "data"), ("name",), "source")
    return bank.page_of(source, payload.origin, header, archive["data"], ("source",))


def _pages_of(source: Source, first: Payload) -> int:
    try:
        return _read_page(source, first).pages
    except ContractError:
        return 1


def _versions(origin: str, listing: Any) -> list[str]:
    """Ids of releases on one page of their list. Raises ContractError."""
    try:
        (source,) = listing
        (concept,) = source["concept"]
        ids = [each["id"] for each in concept["variable"]]
        whose = (str(source["id"]), concept["id"])
    except (TypeError, ValueError, KeyError):
        refuse(origin, "the list of releases of source 57", shape(listing))
    if whose != (SOURCE, "version") or not all(isinstance(each, str) for each in ids):
        refuse(origin, "the list of releases of source 57", f"{listed(whose)} with {shape(ids)}")
    return ids


def _row(
    origin: str,
    locator: str,
    raw: Mapping[str, Any],
    indicator: str,
    version: str,
    asked: Sequence[str],
) -> Row:
    concepts = _concepts(origin, locator, raw)
    area, year = concepts["Country"], concepts["Time"]
    for concept, expected in (("Series", indicator), ("Version", version)):
        if concepts[concept] != expected:
            refuse(origin, f"{concept} {expected}", f"{concepts[concept]} at {locator}")
    locator = f"{locator} ({area} {year})"
    if area not in asked:
        refuse(origin, f"rows of {listed(asked)} only", locator)
    if not year.startswith("YR"):
        refuse(origin, "a time like YR2020", f"{year!r} at {locator}")
    freq, time_period = bank.period_of(origin, locator, year.removeprefix("YR"))
    return Row(area, freq, time_period, bank.value_of(origin, locator, raw), "", locator)


def _concepts(origin: str, locator: str, raw: Mapping[str, Any]) -> dict[str, str]:
    """What a row is about, by concept. Raises ContractError."""
    variables = raw.get("variable")
    if not isinstance(variables, list) or not all(isinstance(each, dict) for each in variables):
        refuse(origin, f"a list variable at {locator}", shape(variables))
    found = {
        bank.text_of(origin, locator, each, "concept"): bank.text_of(origin, locator, each, "id")
        for each in variables
    }
    if set(found) != set(CONCEPTS) or len(found) != len(variables):
        refuse(origin, f"concepts {listed(CONCEPTS)} at {locator}", listed(found))
    return found
