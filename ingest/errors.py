"""What can go wrong between provider and database. Adapters raise; only the pipeline catches."""

from __future__ import annotations

from collections.abc import Sequence

from db.records import Issue


class IngestError(Exception):
    """Base of all errors that fail one run of one source and nothing else.

    `issues` are its findings, with the place and the raw text where they are known.
    """

    def __init__(self, message: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__(message)
        self.issues = issues


class FetchError(IngestError):
    """The bytes could not be had: `url` without secrets, `status` of HTTP where there was one."""

    def __init__(self, url: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{url}: {message}", [Issue("error", "fetch", message, url)])
        self.url = url
        self.status = status


class ContractError(IngestError):
    """A payload is not of the shape that its provider documents."""

    def __init__(self, origin: str, expected: str, found: str) -> None:
        message = f"expected {expected}, found {found}"
        super().__init__(f"{origin}: {message}", [Issue("error", "contract", message, origin)])
        self.origin = origin


class ParseError(IngestError):
    """One cell or row cannot be read. `locator` says where it stands, `raw` is its text."""

    def __init__(self, locator: str, raw: str, message: str) -> None:
        issue = Issue("error", "parse", message, locator, raw)
        super().__init__(f"{locator}: {message}, got {raw!r}", [issue])
        self.locator = locator
        self.raw = raw


class NeedsKeyError(IngestError):
    """The provider answers only to those who have a key, and none is set."""

    def __init__(self, provider: str, variable: str) -> None:
        super().__init__(f"{provider} needs a key: set {variable}", [])
        self.variable = variable


class ValidationFailed(IngestError):
    """At least one finding of severity error; nothing of the run was loaded."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        errors = [issue for issue in issues if issue.severity == "error"]
        first = f"{errors[0].locator}: {errors[0].message}" if errors else "no detail"
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{first}{more}", issues)
