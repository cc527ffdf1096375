from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.catalog import Catalog, load_catalog
from config.loader import read_yaml
from config.schema import Claim
from db.claims import of_files
from db.engine import make_engine
from db.migrations import upgrade
from db.queries import claims
from db.verdicts import Code, Verdict
from ingest.articles.drafts import Drafts
from ingest.articles.reading import printable
from ingest.articles.review import in_words
from tests.broken import edit
from tests.ingest.articles.desks import ID, Session, a_file
from tests.ingest.articles.stub import ARTICLE
from tests.ingest.replay import MATERIAL
from tests.stores import Loaded

FIRST, SECOND = "homicide-rate-2007", "homicide-rate-2018"


@pytest.fixture
def session(loaded: Loaded, config_copy: Path, tmp_path: Path) -> Iterator[Session]:
    """A reviewer before a full database, the catalogue, and a folder of drafts."""
    home = tmp_path / "home"
    home.mkdir()
    engine = loaded.copy(home)
    yield Session(config_copy, engine, Drafts(home / "drafts"))
    engine.dispose()


@pytest.fixture
def path(session: Session, catalog: Catalog) -> Path:
    """A draft with two pending claims."""
    return a_file(session.drafts, catalog)


def by_id(path: Path) -> dict[str, dict[str, Any]]:
    value = read_yaml(path.read_text(encoding="utf-8"), path.name).value
    return {c["id"]: c for excerpt in value["excerpts"] for c in excerpt["claims"]}


# --- what is shown ---


def test_a_claim_is_shown_with_its_context_its_reading_and_its_verdicts(
    session: Session, path: Path
) -> None:
    session()
    shown = session.shown
    assert "== Two rates of homicide" in shown
    assert "-- 1 of 2: " in shown
    assert ">>8 homicides per 100,000 inhabitants in 2007<<, according to the office" in shown
    assert "By Ana López" in shown
    assert "eq 8 per-100k, rounded to 1" in shown
    assert "2007-01-01 to 2007-12-31" in shown
    assert "homicide-rate.rate.A.MEX._Z.world-bank.source-type=compiled" in shown
    assert "   now        matches the official figure; official 8." in shown
    assert path.exists()


def test_where_no_figure_is_loaded_no_verdict_is_said(
    session: Session, path: Path, tmp_path: Path
) -> None:
    session.engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(session.engine)
    session("q")
    assert path.exists()
    assert "   official   no figure of homicide-rate is loaded yet" in session.shown
    assert "`twotrack ingest run world-bank " in session.shown
    assert "no official series" not in session.shown


@pytest.mark.parametrize(
    ("code", "difference", "said"),
    [
        (Code.DIFFERS, "0.0567", "differs; the cited one lies +5.7 % from it"),
        (Code.DIFFERS, "0.00012", "differs; the cited one lies +0.01 % from it"),
        (Code.NEAR, "-0.0000004", "close; the cited one lies -0.00004 % from it"),
        (Code.NEAR, "0", "close; the cited one lies less than 0.1 % from it"),
        (Code.MATCH, "0", "matches the official figure"),
    ],
)
def test_a_small_difference_is_not_called_none(code: Code, difference: str, said: str) -> None:
    assert in_words(Verdict(code, difference=Decimal(difference))) == said


def test_without_the_text_the_excerpts_surroundings_are_shown(session: Session, path: Path) -> None:
    path.with_suffix(".txt").unlink()
    session()
    assert "By Ana López" not in session.shown
    assert ">>8 homicides" in session.shown


def test_a_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\u202e c") == "a�[2Jb� c"


def test_the_verdicts_are_those_of_what_is_stored(catalog: Catalog, loaded: Loaded) -> None:
    """The claim as it is shown is the claim as the database has it."""
    mine = [
        of_files(article, excerpt, claim)
        for article in catalog.articles.values()
        for excerpt in article.excerpts
        for claim in excerpt.claims
    ]
    assert sorted(mine, key=lambda c: c.id) == sorted(claims(loaded.engine), key=lambda c: c.id)


# --- two at once ---


def test_of_two_reviewers_neither_loses_what_the_other_decides(
    session: Session, path: Path
) -> None:
    """The other one decides the first claim while it is shown here."""
    other = Session(session.root, session.engine, session.drafts)
    answers = iter(["r", "not mine", "q"])

    def meanwhile(_question: str) -> str:
        answer = next(answers)
        if answer == "r":
            other("a", "s")
        return answer

    tally = session.answered_by(meanwhile)
    assert "the claim has changed since it was shown; nothing is written" in session.shown
    assert "somebody else has decided it meanwhile" in session.shown
    assert (tally.accepted, tally.rejected) == (0, 0)
    first = session.drafts.read(path, load_catalog(session.root)).article.claims[0]
    assert (first.review.state, first.review.note) == ("accepted", None)


def test_a_draft_that_another_has_filed_away_is_left_to_them(session: Session, path: Path) -> None:
    other = Session(session.root, session.engine, session.drafts)

    def meanwhile(_question: str) -> str:
        if path.exists():
            other("a", "a")
        return "a"

    tally = session.answered_by(meanwhile)
    assert (tally.accepted, tally.moved) == (0, [])
    assert session.shown.count("somebody else has decided it meanwhile") == 2
    assert (session.root / "articles" / path.name).is_file()


def test_a_draft_that_is_no_text_is_left_out(session: Session, path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    session("a")
    assert "left out, mend it by hand" in session.shown


# --- decisions ---


def test_what_is_accepted_moves_into_the_catalogue(session: Session, path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    tally = session("a", "a")
    assert (tally.accepted, tally.rejected, tally.skipped, tally.moved) == (2, 0, 0, [ID])
    assert not path.exists()
    moved = session.root / "articles" / path.name
    assert {c["review"]["state"] for c in by_id(moved).values()} == {"accepted"}
    decided = '{state: accepted, reviewer: "Ana López", reviewed_on: 2026-11-22}'
    assert moved.read_text(encoding="utf-8") == body.replace("{state: pending}", decided)
    assert session.published == 1
    assert ID in load_catalog(session.root).articles
    assert session().accepted == 0
    assert session.asked == []


def test_a_rejection_needs_a_reason(session: Session, path: Path) -> None:
    tally = session("r", "", "r", "speaks of a plan", "s")
    assert (tally.rejected, tally.skipped) == (1, 1)
    assert "a rejection needs a reason" in session.shown
    review = by_id(path)[FIRST]["review"]
    assert (review["state"], review["note"]) == ("rejected", "speaks of a plan")
    assert by_id(path)[SECOND]["review"] == {"state": "pending"}


def test_an_article_of_which_nothing_is_accepted_stays_out_of_the_catalogue(
    session: Session, path: Path
) -> None:
    tally = session("r", "no", "r", "no")
    assert (tally.rejected, tally.moved) == (2, [])
    assert path.exists()
    assert session().rejected == 0


@pytest.mark.parametrize("end", [("q",), ()])
def test_a_review_that_is_broken_off_keeps_what_was_decided(
    session: Session, path: Path, end: tuple[str, ...]
) -> None:
    assert session("a", *end).accepted == 1
    assert by_id(path)[FIRST]["review"]["state"] == "accepted"
    assert session.published == 1
    tally = session("a")
    assert (tally.accepted, tally.moved) == (1, [ID])
    assert "-- 1 of 1: " in session.shown


def test_another_answer_shows_what_can_be_answered(session: Session, path: Path) -> None:
    session("?", "", "q")
    assert session.said.count("[a]ccept, [e]dit, [r]eject, [s]kip, [q]uit") == 2
    assert session.published == 0
    assert path.exists()


def test_one_article_alone_is_reviewed(session: Session, path: Path, catalog: Catalog) -> None:
    other = a_file(session.drafts, catalog, ARTICLE.replace("29 homicides", "27 homicides"))
    assert other.stem == f"{ID}-2"
    assert session("a", "a", "a", "a", only=other.stem).moved == [other.stem]
    assert path.exists()
    with pytest.raises(LookupError, match="no article or draft 'nothing'"):
        session(only="nothing")


def test_comments_and_the_rest_of_a_file_stay(session: Session) -> None:
    """A file of the catalogue that people edited, with a claim that somebody set to pending."""
    path = session.root / "articles/leiroz-2021-amlo-harris.yaml"
    old = "review: {state: accepted, reviewer: two-track, reviewed_on: 2026-11-21}\n"
    edit(path, old, "# To be seen.\n        review: {state: pending}  # ?\n")
    before = path.read_text(encoding="utf-8")
    assert session("a").accepted == 1
    decided = '{state: accepted, reviewer: "Ana López", reviewed_on: 2026-11-22}'
    assert path.read_text(encoding="utf-8") == before.replace("{state: pending}", decided)


# --- edits ---


def test_an_edit_is_shown_and_written_when_it_is_accepted(session: Session, path: Path) -> None:
    edits = ["value_low = 8.1", "value_high=8.1", "rounding_unit = 0.1", "period_start =", ""]
    tally = session("e", *edits, "a", "q")
    assert tally.accepted == 1
    assert "eq 8.1 per-100k, rounded to 0.1" in session.shown
    claim = by_id(path)[FIRST]
    assert (str(claim["value_low"]), str(claim["rounding_unit"])) == ("8.1", "0.1")
    assert "period_start" not in claim
    assert by_id(path)[SECOND]["value_low"] == 29


def test_every_kind_of_field_can_be_edited(session: Session, path: Path) -> None:
    edits = [
        "comparator = gt", "value_high =", "unit = deaths", "geography = MEX, USA",
        "ref_areas = USA", "facets = source-type=deaths", "period_end = 2008-12-31",
        "status = planned", "class = context", "attributed_to = INEGI, 2020",
        "caveat = Counts deaths. | Cuenta defunciones.",
    ]  # fmt: skip
    assert session("e", *edits, "", "a", "q").accepted == 1
    raw = by_id(path)[FIRST]
    claim = Claim.model_validate(raw)
    assert (claim.comparator, claim.value_high, claim.unit) == ("gt", None, "deaths")
    assert (claim.geography, claim.ref_areas) == (["MEX", "USA"], ["USA"])
    assert (claim.facets, claim.claim_class) == ({"source-type": "deaths"}, "context")
    assert (claim.status, claim.attributed_to) == ("planned", "INEGI, 2020")
    assert claim.caveats[0].es == "Cuenta defunciones."
    assert list(raw)[-1] == "review"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("value_low: 8", "is no field; write it like value_low = 8"),
        ("quote = other", "'quote' is no field"),
        ("value_low = eight", "'eight' is no number"),
        ("value_low = NaN", "'NaN' is no number"),
        ("period_end = 2008", "'2008' is no day"),
        ("caveat = English only", "in both languages"),
        ("facets = deaths", "is not of the form facet=value"),
        ("value_low = 9", "value_low is above value_high"),
        ("comparator = about", "'about' is not allowed"),
        ("indicator = homicide-rates", "did you mean 'homicide-rate'?"),
        ("unit = deaths", "add a caveat"),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing(
    session: Session, path: Path, line: str, said: str
) -> None:
    before = path.read_text(encoding="utf-8")
    session("e", line, "", "q")
    assert said in session.shown
    assert path.read_text(encoding="utf-8") == before


# --- texts that have changed ---


def test_a_text_that_has_changed_is_asked_again(session: Session, path: Path) -> None:
    session("a", "a")
    moved = session.root / "articles" / path.name
    text = session.drafts.folder / f"{ID}.txt"
    new = text.read_text(encoding="utf-8").replace("By Ana", "Corrected.\nBy Ana")
    text.write_text(new, encoding="utf-8")
    tally = session("a", "r", "the correction says otherwise")
    assert "its text has changed since it was read: asking again" in session.shown
    assert (tally.accepted, tally.rejected) == (1, 1)
    value = read_yaml(moved.read_text(encoding="utf-8"), "a").value
    (excerpt,) = value["excerpts"]
    assert new[excerpt["start"] :].startswith(excerpt["exact"])
    assert excerpt["start"] == ARTICLE.index("The rate in Mexico") + len("Corrected.\n")
    session()
    assert session.asked == []


def test_an_excerpt_that_is_gone_is_said_to_be(session: Session, path: Path) -> None:
    session("a", "a")
    (session.drafts.folder / f"{ID}.txt").write_text(
        ARTICLE.replace("it rose to 29", "it fell to 29"), encoding="utf-8"
    )
    session("q")
    assert "1 of 1 excerpts no longer stand in it" in session.shown
    assert "note       no longer stands in the text" in session.shown
    moved = session.root / "articles" / path.name
    assert {c["review"]["state"] for c in by_id(moved).values()} == {"pending"}
    assert session.published == 2


def test_the_texts_of_the_catalogue_are_unchanged(session: Session) -> None:
    folder = MATERIAL / "articles"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    session.texts = folder
    session()
    assert session.said == []
    assert session.published == 0


def test_a_draft_that_does_not_load_is_named_and_left_out(session: Session, path: Path) -> None:
    (session.drafts.folder / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    assert session("q").accepted == 0
    assert "left out, mend it by hand: broken.yaml:1" in session.shown
    assert path.stem in session.shown
