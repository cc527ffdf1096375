"""CSV by RFC 4180, streamed: header always, rows in chunks, never cut."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version

from config.catalog import Catalog
from config.schema import Comparator
from dashboard.export.columns import CLAIM_COLUMNS, OBSERVATION_COLUMNS
from db import queries
from db.consistency import Internal, Pair
from db.engine import Engine
from db.queries import ObservationQuery
from db.records import Observation, StoredClaim
from db.verdicts import (
    Assessment,
    Caveat,
    Finding,
    Hint,
    HintKind,
    Interval,
    Verdict,
    accept_interval,
)

CHUNK = 5_000
RATIO_DECIMALS = 6
BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet takes for a formula (OWASP, CSV injection)."""
NUMBERS = frozenset(
    {"value", "value_low", "value_high", "accept_low", "accept_high", "rounding_unit",
     "difference_pct", "char_start", "char_end", "stated_ratio", "computed_ratio"}
)  # fmt: skip


def app_version() -> str:
    """Of Two-Track, as it is installed."""
    return version("two-track")


def lines(
    columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, spreadsheet: bool = False
) -> Iterator[str]:
    """CSV text in chunks. `spreadsheet`: with a byte-order mark, and text cells that a spreadsheet
    would run as a formula led by an apostrophe; numbers are left alone, negative ones too."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if spreadsheet:
        buffer.write(BOM)
    writer.writerow(columns)
    guarded = [name not in NUMBERS for name in columns]
    for count, row in enumerate(rows, start=1):
        if spreadsheet:
            writer.writerow(
                f"'{cell}" if text and cell.startswith(FORMULA) else cell
                for cell, text in zip(row, guarded, strict=True)
            )
        else:
            writer.writerow(row)
        if count % CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.isoformat().replace("+00:00", "Z")


def observation_lines(
    engine: Engine, catalog: Catalog, query: ObservationQuery, *, spreadsheet: bool = False
) -> Iterator[str]:
    """Official figures, one row per value and vintage."""
    rows = observation_rows(engine, catalog, query)
    return lines(OBSERVATION_COLUMNS, rows, spreadsheet=spreadsheet)


def observation_rows(
    engine: Engine, catalog: Catalog, query: ObservationQuery
) -> Iterator[tuple[str, ...]]:
    """The same as rows of `OBSERVATION_COLUMNS`."""
    build = app_version()
    asof = _text(query.as_of)
    for observation in queries.observations(engine, query):
        yield observation_row(catalog, observation, asof, build)


def observation_row(
    catalog: Catalog, observation: Observation, asof: str, build: str
) -> tuple[str, ...]:
    """One row of `OBSERVATION_COLUMNS`. `asof`: as asked for, or empty; `build`: the version."""
    key = observation.series
    source = catalog.sources.get(key.source)
    licence = catalog.provider_of(key.source).licence if source else None
    document = catalog.documents.get(observation.evidence or "")
    unit = catalog.units.get(observation.unit)
    retrieved = _moment(observation.retrieved_at)
    # A table's own hash would say nothing of the provider's file: name that file's, where known.
    sha256, url = observation.raw_sha256, observation.raw_url
    if document is not None:
        sha256, url = document.sha256, document.url
        retrieved = _text(document.retrieved_on)
    return (
        key.indicator,
        str(key),
        key.ref_area,
        observation.period_start.isoformat(),
        observation.period_end.isoformat(),
        _number(observation.value),
        observation.unit,
        _text(unit.currency if unit else None),
        observation.obs_status,
        key.facets,
        key.source,
        _text(url),
        "" if licence is None else _licence(licence.name.en, verified=licence.verified),
        _text(observation.published_on),
        _moment(observation.valid_from),
        _moment(observation.valid_to),
        retrieved,
        _text(sha256),
        "level",
        asof,
        build,
        key.measure,
        _text(key.counterpart_area),
        key.freq,
        observation.time_period,
        observation.precision,
        _text(observation.evidence),
        observation.note,
    )


def _licence(name: str, *, verified: bool) -> str:
    return name if verified else f"{name} (not verified)"


REVIEWS: Mapping[str, frozenset[str]] = {
    "accepted": frozenset({"accepted"}),
    "pending": frozenset({"pending"}),
    "all": frozenset({"accepted", "pending", "rejected"}),
}
"""What the parameter `review` asks for, to the states of review that it stands for."""


def claim_lines(
    engine: Engine,
    catalog: Catalog,
    assessments: Mapping[str, Assessment],
    *,
    indicator: str | None = None,
    article: str | None = None,
    review: str = "accepted",
    spreadsheet: bool = False,
) -> Iterator[str]:
    """Cited figures as CSV, with the verdicts of `assessments` by claim id.

    Only what a person has accepted, unless `review` is `pending` or `all`.
    """
    rows = claim_rows(
        engine, catalog, assessments, indicator=indicator, article=article, review=review
    )
    return lines(CLAIM_COLUMNS, rows, spreadsheet=spreadsheet)


def claim_rows(
    engine: Engine,
    catalog: Catalog,
    assessments: Mapping[str, Assessment],
    *,
    indicator: str | None = None,
    article: str | None = None,
    review: str = "accepted",
) -> Iterator[tuple[str, ...]]:
    """One row per claim that the catalogue knows, in the order of `CLAIM_COLUMNS`."""
    build = app_version()
    hashes = {stored.id: stored.text_sha256 for stored in queries.articles(engine)}
    for claim in queries.claims(engine, indicator=indicator, article=article):
        if claim.review_state in REVIEWS[review] and claim.id in assessments:
            sha256 = hashes[claim.article]
            yield _claim_row(catalog, claim, assessments[claim.id], sha256, build)


def json_lines(
    name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """The same rows as one JSON object with a list of objects, in chunks.

    Keys are the names of the columns. Columns of numbers hold numbers, with the digits of the CSV;
    an empty cell is null.
    """
    yield f'{{"{name}": ['
    between = ""
    for row in rows:
        cells = (f"{json.dumps(c)}: {_json(c, x)}" for c, x in zip(columns, row, strict=True))
        yield f"{between}{{{', '.join(cells)}}}"
        between = ",\n"
    yield "]}\n"


def _json(column: str, cell: str) -> str:
    if not cell:
        return "null"
    return cell if column in NUMBERS else json.dumps(cell, ensure_ascii=False)


def consistency_rows(
    found: Iterable[Pair], internal: Iterable[tuple[StoredClaim, Internal]]
) -> Iterator[tuple[str, ...]]:
    """How claims stand to each other, in the order of `CONSISTENCY_COLUMNS`."""
    build = app_version()
    for pair in found:
        comparison, steps = pair.comparison, pair.steps
        yield (
            pair.one.indicator,
            pair.one.id,
            pair.other.id,
            comparison.relation.value,
            ";".join(comparison.fields),
            comparison.amounts.value if comparison.amounts else "",
            str(steps.one.series) if steps else "",
            steps.one.time_period if steps else "",
            steps.other.time_period if steps else "",
            "",
            "",
            build,
        )
    for claim, check in internal:
        yield (
            claim.indicator,
            claim.id,
            f"{check.start.id};{check.end.id}",
            "INTERNAL",
            "count-against-rate" if check.count_against_rate else "",
            check.numeric.code.value,
            "",
            "",
            "",
            _number(claim.value_low),
            official_text(check.value),
            build,
        )


def official_text(value: Decimal | Interval | None) -> str:
    """An official value as a cell: a number, or `low..high` with an open end left out."""
    if isinstance(value, Interval):
        return f"{_number(value.low)}..{_number(value.high)}"
    # A ratio of two published values has no digits of its own: six decimals are shown.
    long = value is not None and -int(value.as_tuple().exponent) > RATIO_DECIMALS
    return _number(round(value, RATIO_DECIMALS) if value is not None and long else value)


def hint_text(hint: Hint) -> str:
    """A hint as one word: `PERIOD_SHIFT(-1)`, `ONLY_UNDER:<series>`, `STATUS(promised)`."""
    if hint.kind is HintKind.ONLY_UNDER:
        return f"{hint.kind.value}:{'+'.join(map(str, hint.series))}"
    return f"{hint.kind.value}({hint.detail})" if hint.detail else hint.kind.value


def caveat_text(caveat: Caveat) -> str:
    """A caveat as one word: `OTHER_REGION(XCA)`, `FACET_NOT_STATED(stage=appropriated)`."""
    return f"{caveat.kind.value}({caveat.detail})" if caveat.detail else caveat.kind.value


def lead(verdict: Verdict) -> Finding | None:
    """The definition that the verdict's official value was read from."""
    fitting = [one for one in verdict.tested if one.series == verdict.series]
    same = (one for one in fitting if one.official == verdict.official)
    return next(same, fitting[0] if fitting else None)


def _vintage(verdict: Verdict) -> str:
    """Moment from which all rows behind the official value were known."""
    finding = lead(verdict)
    return _moment(max((r.valid_from for r in finding.rows), default=None)) if finding else ""


def _periods(verdict: Verdict) -> str:
    finding = lead(verdict)
    periods = finding.periods if finding else ()
    return "/".join(dict.fromkeys((periods[0], periods[-1]))) if periods else ""


def _claim_row(
    catalog: Catalog, claim: StoredClaim, assessment: Assessment, sha256: str, build: str
) -> tuple[str, ...]:
    now = assessment.now
    unit = catalog.units[claim.unit]
    low, high = claim.value_low, claim.value_high
    interval = accept_interval(
        Comparator(claim.comparator), low, high, claim.rounding_unit, unit.minimum, unit.maximum
    )
    one = low if low == high else low if high is None else high if low is None else None
    article = catalog.articles.get(claim.article)
    return (
        claim.indicator,
        " ".join(map(str, now.series)),
        ";".join(claim.geography),
        _text(claim.period_start),
        _text(claim.period_end),
        _number(one),
        claim.unit,
        _text(claim.currency),
        claim.status,
        claim.facets,
        _text(claim.article_publisher),
        _text(claim.article_url),
        article.licence_note.en if article else "",
        claim.article_date.isoformat(),
        claim.article_date.isoformat(),
        "",
        "",
        sha256,
        "level",
        "",
        build,
        claim.article,
        claim.article_date.isoformat(),
        claim.quote,
        str(claim.char_start),
        str(claim.char_end),
        claim.comparator,
        _number(low),
        _number(high),
        _number(interval.low),
        _number(interval.high),
        assessment.then.code.value,
        now.code.value,
        "" if now.difference is None else f"{now.difference * 100:.1f}",
        ";".join(map(hint_text, now.hints)),
        claim.extractor,
        _text(claim.reviewer),
        claim.id,
        claim.measure,
        _number(claim.rounding_unit),
        claim.claim_class,
        claim.article_date_basis,
        claim.article_title,
        _text(claim.attributed_to),
        _text(claim.reviewed_on),
        official_text(assessment.then.official),
        official_text(now.official),
        assessment.label,
        " ".join(map(str, assessment.then.series)),
        _vintage(assessment.then),
        _vintage(now),
        _periods(now),
        ";".join(map(caveat_text, now.caveats)),
        claim.review_state,
    )
