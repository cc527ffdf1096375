"""An adapter as simple as can be: lines `area,period,value` of homicide rates, no key, one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from config.schema import Checks, Source
from ingest.adapter import BoundFeed, Payload, RawObservation, payload_of
from ingest.errors import ContractError
from ingest.http import Client

HEADER = "area,period,value"


class Lines:
    """Reads `options.paths` of a source, `/rates.csv` where it names none.

    A first line `# 2024-05-01` is the day of release; without it the file states none.
    """

    recipe = "lines-1"

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterator[Payload]:
        for path in source.options.get("paths", ["/rates.csv"]):
            yield payload_of(client.get(f"{source.url}{path}", provider=source.provider))

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        for payload in payloads:
            lines = payload.body.decode("utf-8").splitlines()
            published = None
            if lines and lines[0].startswith("# "):
                published = date.fromisoformat(lines.pop(0)[2:])
            if not lines or lines[0] != HEADER:
                raise ContractError(payload.origin, HEADER, lines[0] if lines else "nothing")
            for number, line in enumerate(lines[1:], start=2):
                area, period, value = line.split(",")
                yield RawObservation(
                    indicator="homicide-rate",
                    measure="rate",
                    facets="source-type=compiled",
                    freq="A",
                    ref_area=area,
                    counterpart_area=None,
                    time_period=period,
                    value=value or None,
                    obs_status="A" if value else "M",
                    locator=f"line {number}",
                    origin=payload.origin,
                    published_on=published,
                )


def a_file(*figures: str, released: str | None = None) -> bytes:
    """The file with these lines, like `MEX,2020,28.1`."""
    first = [f"# {released}"] if released else []
    return "".join(f"{line}\n" for line in [*first, HEADER, *figures]).encode()


def a_source(source: Source, url: str, **changes: object) -> Source:
    """A shipped source, asked at `url` and read by this adapter, once `ADAPTERS` says so.

    Its checks are for the real figures, and are left out.
    """
    asked = {"url": url, "allowed_hosts": [], "options": {}, "complete": False, "checks": Checks()}
    return source.model_copy(update={**asked, **changes})
