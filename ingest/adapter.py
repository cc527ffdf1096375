"""What an adapter is: `fetch` (bytes in) and `parse` (pure: bytes to raw observations)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Protocol, runtime_checkable

from config.schema import Feed, Source
from db.records import Precision
from ingest.content import Content
from ingest.http import Client, Response


@dataclass(frozen=True)
class BoundFeed:
    """A feed together with the indicator whose file declares it."""

    indicator: str
    feed: Feed


@dataclass(frozen=True)
class Payload:
    """The exact bytes of one answer or file."""

    origin: str
    """URL without secrets, or the name of a file under config/."""
    content: Content
    retrieved_at: datetime
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None

    def open(self) -> BinaryIO:
        """The bytes as a stream from their beginning."""
        return self.content.open()

    @property
    def body(self) -> bytes:
        """All bytes in memory. For what is known to be small."""
        return self.content.read()


@dataclass(frozen=True)
class RawObservation:
    """One figure as the payload has it: text, not yet numbers, with the place where it stands."""

    indicator: str
    measure: str
    facets: str
    freq: str
    ref_area: str
    counterpart_area: str | None
    time_period: str
    value: str | None
    """None where the provider says that there is no value. Never a stand-in for zero.
    Without an `obs_status` nothing is stored of it: a figure that was known is withdrawn."""
    locator: str
    origin: str
    """The payload that holds it."""
    unit_mult: int = 0
    obs_status: str = "A"
    note: str = ""
    published_on: date | None = None
    evidence: str | None = None
    precision: Precision = "day"
    """How far `published_on` is known; of a month it is the last day. A document knows better."""

    @property
    def absent(self) -> bool:
        """Whether the provider says that there is no figure, and nothing of why."""
        return self.value is None and not self.obs_status


def payload_of(answer: Response) -> Payload:
    """An answer as what is kept of it."""
    return Payload(
        origin=answer.url,
        content=answer.content,
        retrieved_at=answer.retrieved_at,
        media_type=answer.media_type,
        etag=answer.headers.get("ETag"),
        last_modified=answer.headers.get("Last-Modified"),
    )


class Adapter(Protocol):
    """One provider format. `recipe` changes when `parse` would read the same bytes otherwise."""

    recipe: str

    def fetch(
        self, source: Source, feeds: Sequence[BoundFeed], client: Client
    ) -> Iterable[Payload]:
        """Ask the provider for everything that the feeds need. Raises FetchError, ContractError."""
        ...

    def parse(
        self, source: Source, feeds: Sequence[BoundFeed], payloads: Sequence[Payload]
    ) -> Iterator[RawObservation]:
        """Read payloads of one run. Pure. Raises ContractError or ParseError."""
        ...


@dataclass(frozen=True)
class Archived:
    """A past release that a provider keeps."""

    id: str
    """As the provider names it."""
    published_on: date
    """Where only the month is stated, its last day."""


@runtime_checkable
class Archive(Adapter, Protocol):
    """An adapter of past releases: `fetch` gets the one that the option `version` names."""

    def versions(self, source: Source, client: Client) -> list[Archived]:
        """All that the provider keeps, oldest first. Raises FetchError, ContractError."""
        ...


@runtime_checkable
class HandsOut(Protocol):
    """An adapter of a provider that hands out files, too, which its API would not answer with."""

    def address_of(self, source: Source, content: Content) -> str | None:
        """Where the provider hands out such a file; None for what its API answers.

        Raises ContractError for a file that is not of the known form.
        """
        ...
