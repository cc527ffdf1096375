"""The review of claims in a terminal: quote in context, reading, what the verdict would be.

A decision changes the lines of its claim and nothing else of the file, and is written at once: a
review that is broken off has lost nothing. Where two review at once, none overwrites the other: a
claim that has changed since it was shown is shown again, or left to who decided it. An article
whose text has changed since it was read is asked again: its excerpts are looked for in the new
text, and its claims are pending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from config.catalog import Catalog, read_article
from config.loader import ConfigError, ConfigErrors, read_text
from config.schema import Article, Claim, Excerpt, Indicator, Review, format_facets, parse_facets
from db.claims import of_files
from db.engine import Engine
from db.intervals import Interval
from db.queries import ObservationQuery, observations
from db.records import Observation
from db.verdicts import EXCHANGE_RATE, Code, Verdict, assess
from ingest.articles.drafting import surroundings
from ingest.articles.drafts import Drafts, Filed, replace_file
from ingest.articles.reading import Text, printable
from ingest.articles.yaml_text import FIELDS, EditError, Path_, with_values

AROUND = 240
"""Characters of context shown before and after a quote."""
EDITABLE = (*FIELDS, "class", "caveat")
_LISTS = frozenset({"geography", "ref_areas", "counterpart_areas"})
_HELP = "[a]ccept, [e]dit, [r]eject, [s]kip, [q]uit"

_WORDS = {
    Code.MATCH: "matches the official figure",
    Code.MATCH_LOOSE: "the bound holds, the official figure lies far from it",
    Code.COMPATIBLE: "does not conflict; the official figure is a bound",
    Code.NEAR: "close",
    Code.BORDERLINE: "agrees only at this rounding",
    Code.DIFFERS: "differs",
    Code.DEFINITION_MISMATCH: "definitions do not match",
    Code.PARTIAL_COVERAGE: "official figures cover only part of the period",
    Code.NOT_YET_PUBLISHED: "not published when written",
    Code.UNKNOWN_VINTAGE: "the earlier official figure is not archived",
    Code.NO_OFFICIAL_SERIES: "no official series",
    Code.NOT_CHECKABLE: "cannot be checked",
}


class QuitError(Exception):
    """The reviewer has enough."""


@dataclass
class Desk:
    """What a review works with; the terminal is `ask` and `say`."""

    catalog: Catalog
    engine: Engine
    drafts: Drafts
    reviewer: str
    today: date
    ask: Callable[[str], str]
    """Raises EOFError or KeyboardInterrupt where nobody answers any more."""
    say: Callable[[str], None]
    publish: Callable[[], None]
    """Called when a file was changed, so that the database follows."""
    texts: Path | None = None
    """Where texts lie that are not beside the drafts."""
    _history: dict[str, list[Observation]] = field(default_factory=dict)

    def history(self, claim: Claim) -> list[Observation]:
        """All vintages of the series that may answer a claim."""
        names = [claim.indicator]
        if claim.currency is not None:
            names.append(EXCHANGE_RATE[0])
        for name in names:
            if name not in self._history:
                query = ObservationQuery(indicator=name, history=True)
                self._history[name] = list(observations(self.engine, query))
        return [row for name in dict.fromkeys(names) for row in self._history[name]]


@dataclass
class Tally:
    """What a review came to, in claims."""

    accepted: int = 0
    rejected: int = 0
    skipped: int = 0
    moved: list[str] = field(default_factory=list)
    """Articles that became part of the catalogue."""

    def count(self, decided: Review) -> None:
        """Add a decision that was written."""
        if decided.state == "accepted":
            self.accepted += 1
        else:
            self.rejected += 1


def review(desk: Desk, only: str | None = None) -> Tally:
    """Walk through all pending claims, or those of one article. Raises LookupError for an article
    that there is not, EditError, OSError."""
    tally = Tally()
    filed = list(_files(desk, only))
    if only is not None and not filed:
        raise LookupError(f"there is no article or draft {only!r}")
    try:
        for each in filed:
            _review_file(desk, each, tally)
    except (QuitError, EOFError, KeyboardInterrupt):
        desk.say("")
    return tally


def _files(desk: Desk, only: str | None) -> Iterator[Filed]:
    drafts, broken = desk.drafts.load(desk.catalog)
    for errors in broken:
        desk.say(f"left out, mend it by hand: {errors}")
    folder = desk.catalog.root / "articles"
    known = [Filed(folder / f"{name}.yaml", a) for name, a in desk.catalog.articles.items()]
    for filed in (*known, *drafts):
        if only in {None, filed.article.id}:
            yield filed


def _review_file(desk: Desk, filed: Filed, tally: Tally) -> None:
    text = desk.drafts.text_of(filed.article, desk.texts)
    if text is not None and text.sha256 != filed.article.text_sha256:
        with desk.drafts.writing():
            filed = desk.drafts.read(filed.path, desk.catalog)
            if text.sha256 != filed.article.text_sha256:
                filed = _asked_again(desk, filed, text)
        desk.publish()
    total, number = filed.pending, 0
    if not total:
        return
    desk.say(f"\n== {filed.article.title}")
    desk.say(f"   {_source_line(filed.article)}")
    changed = False
    try:
        for place, (excerpt, claim) in _claims(filed.article):
            if claim.review.state != "pending":
                continue
            number += 1
            desk.say(f"\n-- {number} of {total}: {filed.article.id}/{claim.id}")
            if _decide(desk, filed.path, place, excerpt, claim, text, tally):
                changed = True
    finally:
        if changed:
            try:
                _file_away(desk, filed.path, tally)
            finally:
                desk.publish()


def _claims(article: Article) -> Iterator[tuple[Path_, tuple[Excerpt, Claim]]]:
    for number, excerpt in enumerate(article.excerpts):
        for position, claim in enumerate(excerpt.claims):
            yield ("excerpts", number, "claims", position), (excerpt, claim)


def _source_line(article: Article) -> str:
    inferred = " (inferred)" if article.date_basis == "inferred" else ""
    parts = [article.author, article.publisher, f"{article.published_on}{inferred}", article.url]
    return ", ".join(part for part in parts if part)


# --- one claim ---


def _decide(
    desk: Desk,
    path: Path,
    place: Path_,
    excerpt: Excerpt,
    claim: Claim,
    text: Text | None,
    tally: Tally,
) -> bool:
    """Show a claim until it is decided. Returns whether the file was changed."""
    edits: list[tuple[Path_, object]] = []
    shown, before = True, claim
    while True:
        if shown and not edits:
            standing = _standing(desk, path, place, claim)
            if standing is None:
                desk.say("somebody else has decided it meanwhile")
                return False
            before = standing
        article = _as_edited(desk, path, edits)
        claim = _at(article, place)
        if shown:
            for line in presentation(desk, article, excerpt, claim, text):
                desk.say(line)
        shown = False
        answer = desk.ask(f"{_HELP} > ").strip().lower()[:1]
        if answer in {"a", "r"}:
            decided = _decision(desk, answer, claim)
            if decided is None:
                continue
            # What is edited and then rejected keeps the reading that was rejected.
            kept = edits if decided.state == "accepted" else []
            if _write(desk, path, place, before, kept, decided):
                tally.count(decided)
                return True
            edits, shown = [], True
        elif answer == "e":
            edits = _edited(desk, path, place, edits)
            shown = True
        elif answer == "s":
            tally.skipped += 1
            return False
        elif answer == "q":
            raise QuitError
        else:
            desk.say(_HELP)


def _decision(desk: Desk, answer: str, claim: Claim) -> Review | None:
    """What was decided; None for a rejection without a reason."""
    state: Literal["accepted", "rejected"] = "accepted" if answer == "a" else "rejected"
    note = claim.review.note if answer == "a" else desk.ask("reason > ").strip()
    if not note and state == "rejected":
        desk.say("a rejection needs a reason")
        return None
    return Review(state=state, reviewer=desk.reviewer, reviewed_on=desk.today, note=note)


def _as_edited(desk: Desk, path: Path, edits: Sequence[tuple[Path_, object]]) -> Article:
    """The article with edits that are not written yet. Raises ConfigErrors, EditError."""
    text = _with_edits(path, edits)
    return read_article(desk.catalog, text, path.name)


def _with_edits(path: Path, edits: Sequence[tuple[Path_, object]]) -> str:
    try:
        text = read_text(path, path.parent)
    except ConfigError as error:
        raise ConfigErrors([error]) from error
    return with_values(text, edits, path.name)


def _at(article: Article, place: Path_) -> Claim:
    return article.excerpts[int(place[1])].claims[int(place[3])]


def _standing(desk: Desk, path: Path, place: Path_, known: Claim) -> Claim | None:
    """A claim as its file has it now; None where it waits no longer."""
    try:
        claim = _at(_as_edited(desk, path, ()), place)
    except IndexError:
        return None
    except ConfigErrors:
        if path.exists():
            raise
        return None
    return claim if claim.id == known.id and claim.review.state == "pending" else None


def _write(
    desk: Desk,
    path: Path,
    place: Path_,
    before: Claim,
    edits: Sequence[tuple[Path_, object]],
    decided: Review,
) -> bool:
    """Write a decision. False: the claim is not what it was `before`, and nothing is written."""
    with desk.drafts.writing():
        if _standing(desk, path, place, before) != before:
            desk.say("the claim has changed since it was shown; nothing is written")
            return False
        text = _with_edits(path, [*edits, ((*place, "review"), decided)])
        read_article(desk.catalog, text, path.name)
        replace_file(path, text)
        return True


def _edited(
    desk: Desk, path: Path, place: Path_, edits: Sequence[tuple[Path_, object]]
) -> list[tuple[Path_, object]]:
    """Ask for changes until an empty line. All of them count, or none where they do not fit."""
    desk.say(f"one of {', '.join(EDITABLE)}")
    desk.say(
        "field = value; nothing behind = removes it; caveat = English | Spanish; empty line to end"
    )
    new = list(edits)
    while line := desk.ask("edit > ").strip():
        try:
            new.append(_change(place, line))
        except ValueError as error:
            desk.say(str(error))
    try:
        _as_edited(desk, path, new)
    except (ConfigErrors, EditError) as error:
        desk.say(f"{error}\nnothing is changed")
        return list(edits)
    return new


def _change(place: Path_, line: str) -> tuple[Path_, object]:
    """`value_low = 8` as a path and a value. Raises ValueError."""
    key, equals, raw = (part.strip() for part in line.partition("="))
    if not equals or key not in EDITABLE:
        raise ValueError(f"{key!r} is no field; write it like value_low = 8")
    if key == "caveat":
        en, bar, es = (part.strip() for part in raw.partition("|"))
        if not (bar and en and es):
            raise ValueError("a caveat is written in both languages: English | Spanish")
        return (*place, "caveats"), [{"en": en, "es": es}]
    value: object = raw or None
    if key in _LISTS:
        value = [part for part in raw.replace(",", " ").split() if part]
        if key != "ref_areas" and not value:
            value = None
    elif key == "facets" and raw:
        value = parse_facets(raw)
    elif raw and key in {"value_low", "value_high", "rounding_unit"}:
        try:
            value = Decimal(raw)
        except ArithmeticError:
            raise ValueError(f"{raw!r} is no number; write it like 1234.5") from None
        if not value.is_finite():
            raise ValueError(f"{raw!r} is no number; write it like 1234.5")
    elif raw and key in {"period_start", "period_end"}:
        try:
            value = date.fromisoformat(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is no day; write it like 2021-06-15") from None
    return (*place, key), value


# --- what is shown ---


def presentation(
    desk: Desk, article: Article, excerpt: Excerpt, claim: Claim, text: Text | None
) -> Iterator[str]:
    """A claim in lines: quote in context, its reading, and the verdicts that it would get."""
    yield in_context(excerpt, claim, text)
    yield ""
    yield f"   cites      {reading(claim)}"
    facets = f" ({format_facets(claim.facets)})" if claim.facets else ""
    yield f"   for        {claim.indicator} / {claim.measure}{facets}"
    yield f"   place      {', '.join(claim.geography)}"
    other = f", counterpart {', '.join(claim.counterpart_areas)}" if claim.counterpart_areas else ""
    yield f"   series of  {', '.join(claim.ref_areas) or '…'}{other}"
    yield f"   period     {claim.period_start or '…'} to {claim.period_end or '…'}"
    yield f"   status     {claim.status}; class {claim.claim_class}; read by {claim.extractor}"
    for caveat in claim.caveats:
        yield f"   caveat     {caveat.en}"
    if claim.review.note:
        yield f"   note       {claim.review.note}"
    history = desk.history(claim)
    missing = not_loaded(desk.catalog.indicators[claim.indicator], history)
    if missing:
        yield f"   official   {missing}"
        return
    stored = of_files(article, excerpt, claim)
    found = assess(stored, desk.catalog, history, article.published_on, desk.today)
    yield f"   then       {in_words(found.then)}"
    yield f"   now        {in_words(found.now)}"


def not_loaded(indicator: Indicator, history: Sequence[Observation]) -> str:
    """What to run where there are official figures and none is loaded: then there is no verdict,
    because each would say that there is no official series. Empty where some are loaded."""
    sources = dict.fromkeys(feed.source for feed in indicator.feeds)
    loaded = any(row.series.indicator == indicator.id for row in history)
    if loaded or not indicator.official or not sources:
        return ""
    said = f"no figure of {indicator.id} is loaded yet, so there is no verdict"
    return f"{said}; `twotrack ingest run {' '.join(sources)}` loads them"


def in_context(excerpt: Excerpt, claim: Claim, text: Text | None) -> str:
    """The quote between marks, with what stands around it."""
    offset = excerpt.exact.index(claim.quote)
    before, after = excerpt.exact[:offset], excerpt.exact[offset + len(claim.quote) :]
    start, end = excerpt.start, excerpt.start + len(excerpt.exact)
    if text is not None and text.text[start:end] == excerpt.exact:
        around = text.text[max(0, start - AROUND) : start], text.text[end : end + AROUND]
    else:
        around = excerpt.prefix, excerpt.suffix
    shown = f"…{around[0]}{before}>>{claim.quote}<<{after}{around[1]}…"
    return " ".join(printable(shown).split())


def reading(claim: Claim) -> str:
    """`gt 3000000000 usd (USD), rounded to 1000000000`."""
    low, high = claim.value_low, claim.value_high
    values = f"{low:,f}" if low is not None and low == high else None
    if values is None:
        ends = [f"{end:,f}" for end in (low, high) if end is not None]
        values = " to ".join(ends)
    currency = f" ({claim.currency})" if claim.currency else ""
    return (
        f"{claim.comparator} {values} {claim.unit}{currency}, rounded to {claim.rounding_unit:,f}"
    )


def in_words(verdict: Verdict) -> str:
    """A verdict with the official value, the difference and the series it was read from."""
    parts = [_WORDS[verdict.code]]
    if verdict.official is not None:
        parts.append(f"official {_value(verdict.official)}")
    if verdict.difference:
        parts.append(f"the cited one lies {_percent(verdict.difference)} from it")
    elif verdict.code is Code.NEAR:
        # Both are bounds, and touch: "more than half" against "slightly fewer than half".
        parts.append("the cited one lies less than 0.1 % from it")
    if verdict.series:
        parts.append(" + ".join(map(str, verdict.series)))
    elif verdict.reason:
        parts.append(verdict.reason)
    return "; ".join(parts)


def _percent(difference: Decimal) -> str:
    """`+5.7 %`; with as many decimals as it takes not to say 0 of what is not."""
    share, decimals = difference * 100, 1
    while round(share, decimals) == 0:
        decimals += 1
    return f"{share:+,.{decimals}f} %"


def _value(value: Interval | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value:,f}"
    low, high = (f"{end:,f}" if end is not None else "…" for end in (value.low, value.high))
    return f"{low} to {high}"


# --- a whole file ---


def _asked_again(desk: Desk, filed: Filed, text: Text) -> Filed:
    """The file for a text that has changed: excerpts at their new places, claims pending."""
    article = filed.article
    desk.say(f"\n== {article.title}\n   its text has changed since it was read: asking again")
    changes: list[tuple[Path_, object]] = [(("text_sha256",), text.sha256)]
    lost = 0
    for number, excerpt in enumerate(article.excerpts):
        found = _nearest(text.text, excerpt)
        if found is None:
            lost += 1
        else:
            end = found + len(excerpt.exact)
            prefix, suffix = surroundings(text.text, found, end)
            new = {"start": found, "prefix": prefix or None, "suffix": suffix or None}
            old = {"start": excerpt.start, "prefix": excerpt.prefix, "suffix": excerpt.suffix}
            changes += [
                (("excerpts", number, key), value)
                for key, value in new.items()
                if (value or "") != (old[key] or "")
            ]
        for position, claim in enumerate(excerpt.claims):
            if claim.review.state == "rejected":
                continue
            note = "no longer stands in the text" if found is None else claim.review.note
            path = ("excerpts", number, "claims", position, "review")
            changes.append((path, Review(state="pending", note=note)))
    if lost:
        desk.say(f"   {lost} of {len(article.excerpts)} excerpts no longer stand in it")
    replace_file(filed.path, _with_edits(filed.path, changes))
    again = read_article(desk.catalog, read_text(filed.path, filed.path.parent), filed.path.name)
    return replace(filed, article=again)


def _nearest(text: str, excerpt: Excerpt) -> int | None:
    """Where an excerpt stands now: the place nearest to where it stood."""
    places: list[int] = []
    place = text.find(excerpt.exact)
    while place >= 0 and len(places) < 100:
        places.append(place)
        place = text.find(excerpt.exact, place + 1)
    return min(places, key=lambda each: abs(each - excerpt.start), default=None)


def _file_away(desk: Desk, path: Path, tally: Tally) -> None:
    """Move a draft into the catalogue once all is decided and something is accepted."""
    if path.parent != desk.drafts.folder:
        return
    with desk.drafts.writing():
        if not path.exists():  # somebody else has decided the rest
            return
        body = read_text(path, path.parent)
        article = read_article(desk.catalog, body, path.name)
        states = {claim.review.state for claim in article.claims}
        if "pending" in states or "accepted" not in states:
            return
        target = desk.catalog.root / "articles" / path.name
        replace_file(target, body)
        path.unlink()
    tally.moved.append(article.id)
