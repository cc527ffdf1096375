"""Tools beside the schedule: older files, payloads for tests, and whether providers answer."""

from __future__ import annotations

import json
import mimetypes
import re
import time
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from config.schema import Source
from ingest.adapter import Archived, Payload
from ingest.content import Content
from ingest.errors import ContractError, FetchError, IngestError, NeedsKeyError
from ingest.http import Client, Response
from ingest.pipeline import (
    Context,
    Outcome,
    address_of,
    archived,
    ask,
    backfill,
    has_adapter,
)
from ingest.sources._reading import is_page, what_instead

_PAGE_BYTES = 8 * 2**20
_PAGE = what_instead(b"<")
_SILENT = "the adapter asks nothing"
_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# --- older files ---


class _Files(Client):
    """Answers with files, in their order, instead of asking anybody."""

    def __init__(self, *arguments: Any, files: Sequence[Path], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._files = list(files)

    def secret(self, provider: str) -> str | None:
        return super().secret(provider) or ""

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        provider: str = "",
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        transient: Callable[[Response], bool] | None = None,
    ) -> Response:
        shown = self.address(url, params)
        if not self._files:
            raise FetchError(shown, "no file is given for this address")
        path = self._files.pop(0)
        kind = mimetypes.guess_type(path.name)[0] or ""
        content = Content.of(path.read_bytes())
        return Response(200, shown, content, {}, kind, False, self.now())


def load_older(
    context: Context,
    source: Source,
    files: Sequence[Path],
    vintage: date,
    urls: Sequence[str] = (),
    *,
    dry_run: bool = False,
) -> Outcome:
    """Load files that a provider once served as its release of the day `vintage`.

    `urls` are their addresses, in the same order. Without them the files are taken for the answers
    to what the adapter asks, in its order; where it asks a page for links first, for what a file of
    that name would be. A file that tells where it was handed out needs neither. Raises OSError for
    a file that cannot be read, FetchError where the adapter asks for more than was given,
    ContractError for a file that is half known, and ValueError for a number of addresses that is
    another.
    """
    if urls and len(urls) != len(files):
        raise ValueError(f"{len(files)} files and {len(urls)} addresses: give one for each")
    now = context.clock()
    named = [
        Payload(
            urls[place] if urls else urljoin(f"{source.url or ''}/", path.name),
            Content.of(path.read_bytes()),
            now,
            mimetypes.guess_type(path.name)[0] or "",
        )
        for place, path in enumerate(files)
    ]
    handed_out = [] if urls else [address_of(context, source, each.content) for each in named]
    if urls:
        payloads = named
    elif all(handed_out):
        pairs = zip(named, handed_out, strict=True)
        payloads = [replace(each, origin=address or "") for each, address in pairs]
    else:
        try:
            payloads = ask(context, source, partial(_Files, files=files))
        except ContractError:  # what is no page of links cannot be read as one
            payloads = named
        if {p.content.sha256 for p in payloads} != {p.content.sha256 for p in named} or (
            _is_page_of_links(source, payloads)
        ):
            payloads = named
    return backfill(context, source, payloads, vintage, dry_run=dry_run)


EVERY = "all"
"""Asks for every past release that a provider keeps."""


def past_releases(context: Context, source: Source, names: Sequence[str]) -> list[Archived]:
    """Those past releases of a source's provider that are meant, oldest first.

    `names` are the provider's, or `EVERY`: then all whose day has come. Raises LookupError where
    the provider keeps none, none of a name, or one whose day has not come; and what fetching
    raises.
    """
    known = {each.id: each for each in archived(context, source)}
    if not known:
        raise LookupError(f"the provider of {source.id} keeps no past releases, as far as we know")
    today = context.clock().date()
    if EVERY in names:
        return [each for each in known.values() if each.published_on <= today]
    for name in names:
        if name not in known:
            ids = list(known)
            place = bisect(ids, name)
            around = " and ".join(ids[max(0, place - 1) : place + 1])
            raise LookupError(
                f"the provider of {source.id} keeps no release {name!r}; nearest are {around}"
            )
        if known[name].published_on > today:
            raise LookupError(
                f"the day of release {name} is not known; it counts from {known[name].published_on}"
            )
    return [each for each in known.values() if each.id in names]


def _is_page_of_links(source: Source, payloads: Sequence[Payload]) -> bool:
    """Whether a file was handed out in the place of a landing page: there its name is lost."""
    return (
        source.url in {payload.origin for payload in payloads}
        and not PurePosixPath(urlsplit(source.url or "").path).suffix
    )


# --- payloads for tests ---


class _Recorder(Client):
    """Notes every answer."""

    def __init__(self, *arguments: Any, answers: list[Response], **named: Any) -> None:
        super().__init__(*arguments, **{**named, "conditions": lambda _: None})
        self._answers = answers

    def get(self, *arguments: Any, **named: Any) -> Response:
        answer = super().get(*arguments, **named)
        self._answers.append(answer)
        return answer


def record(context: Context, source: Source, folder: Path) -> list[Path]:
    """Write what a provider answers now into `folder`, with `urls.json`: file name to address.

    Pages on the way to a file are among it; addresses are without secrets. Raises FileExistsError
    where the folder holds something, KeyError for a source without an adapter, IngestError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    answers: list[Response] = []
    ask(context, source, partial(_Recorder, answers=answers))
    folder.mkdir(parents=True, exist_ok=True)
    urls: dict[str, str] = {}
    for number, answer in enumerate(answers, start=1):
        name = _file_name(answer, number)
        if name in urls:
            name = f"{number}-{name}"
        (folder / name).write_bytes(answer.content.read())
        urls[name] = answer.url
    index = folder / "urls.json"
    index.write_text(json.dumps(urls, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*(folder / name for name in urls), index]


def is_case(name: str) -> bool:
    """Whether a name is one that a folder of payloads may have."""
    return _CASE.fullmatch(name) is not None


def _file_name(answer: Response, number: int) -> str:
    name = PurePosixPath(unquote(urlsplit(answer.url).path)).name
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or f"answer-{number}"
    suffix = mimetypes.guess_extension(answer.media_type) or ""
    return plain if PurePosixPath(plain).suffix else f"{plain}{suffix}"


# --- whether providers answer ---


@dataclass(frozen=True)
class Answer:
    """What one small request to a source came to."""

    source: str
    ok: bool
    status: str
    """`200`, `needs a key`, or what went wrong in plain words."""
    milliseconds: int
    released: date | None
    """What the provider says of the age of what it would send: its Last-Modified."""


class _AnsweredError(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__(response.url)
        self.response = response


class _Probe(Client):
    """Asks once, reads the beginning of the answer, and is content.

    Where the first answer is a page, it may be one of links to the file: the adapter gets it, and
    what it asks for next is the answer.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        never = {"conditions": lambda _: None, "retries": 0}
        super().__init__(*arguments, **{**named, **never})
        self._on_a_page = False

    def get(self, *arguments: Any, **named: Any) -> Response:
        answer = super().get(*arguments, **named)
        if self._on_a_page or not is_page(answer.body):
            raise _AnsweredError(answer)
        self._on_a_page = True
        return answer

    def _body(self, ask: Any, answer: Any) -> Content:
        parts = self._parts(ask, answer, _PAGE_BYTES)
        start = next(parts, b"")
        more = parts if is_page(start) and not self._on_a_page else ()
        return Content.of(b"".join((start, *more)))


def check_live(context: Context, source: Source) -> Answer:
    """Ask the first thing that the adapter of a source would ask; nothing is stored.

    Where that is a page, it is asked for the file that the page leads to. An answer that is none of
    data, but a page or nothing, is not ok.
    """
    start = time.monotonic()
    released = None
    try:
        payloads = ask(context, source, _Probe)
        ok, status = False, f"{_PAGE}, without what is looked for" if payloads else _SILENT
    except _AnsweredError as answered:
        response = answered.response
        ok, status = True, str(response.status)
        if is_page(response.body) or not response.content.size:
            ok, status = False, f"{what_instead(response.body)} instead of data"
        released = _day(response.headers.get("Last-Modified")) if ok else None
    except NeedsKeyError:
        ok, status = True, "needs a key"
    except FetchError as error:
        ok, status = False, error.issues[0].message
    except IngestError as error:
        ok, status = False, str(error)
    return Answer(source.id, ok, status, round((time.monotonic() - start) * 1000), released)


def _day(text: str | None) -> date | None:
    try:
        return parsedate_to_datetime(text).date() if text else None
    except ValueError:
        return None


def can_be_asked(source: Source) -> bool:
    """Whether a source has an adapter that asks a provider, and is not paused."""
    return has_adapter(source) and not source.paused
