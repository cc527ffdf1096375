from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loader import read_yaml
from config.schema import Review
from ingest.articles.yaml_text import EditError, _block, quoted, scalar, with_values

FILE = """\
# A file that people edit.
id: an-article
excerpts:
  - exact: "8 in 2008"   # verbatim
    start: 10
    claims:
      - id: first   # the first
        quote: "8"
        value_low: 8   # as stated
        facets: {source-type: compiled}
        caveats:
          - en: >-
              A long
              caveat.
            es: Otra.

        # What was decided:
        review: {state: pending}   # not yet
      - id: second
        review:
          state: accepted
          reviewer: two-track
          reviewed_on: 2026-01-02

# The end.
text_sha256: "00"
"""
FIRST = ("excerpts", 0, "claims", 0)
SECOND = ("excerpts", 0, "claims", 1)
ACCEPTED = Review(state="accepted", reviewer="Ana López", reviewed_on=date(2026, 11, 22))
DECIDED = '{state: accepted, reviewer: "Ana López", reviewed_on: 2026-11-22}'


def value(text: str) -> Any:
    return read_yaml(text, "a.yaml").value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    assert value(f"v: {quoted(text)}\n") == {"v": text}
    assert value(f"v: {scalar(text)}\n") == {"v": text}


@given(st.lists(st.text("ab:#-'\"&*%@!? .\x1b\u200b\ufeff", min_size=1, max_size=40), max_size=12))
def test_a_long_text_is_read_as_it_was_written(words: list[str]) -> None:
    text = " ".join(" ".join(words).split())
    assert value("\n".join(_block("v", text, 0))) == {"v": text}


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        (None, "null"),
        (Decimal("1E+9"), "1000000000"),
        (Decimal("0.10"), "0.10"),
        (date(2021, 6, 9), "2021-06-09"),
        (["MEX", "USA"], "[MEX, USA]"),
        ({"stage": "obligated"}, "{stage: obligated}"),
        ("true", '"true"'),
        ("2021-06-09", '"2021-06-09"'),
        ("Ana López", '"Ana López"'),
        ("Ana Lopez", "Ana Lopez"),
    ],
)
def test_scalars(given_: object, written: str) -> None:
    assert scalar(given_) == written


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    return [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]


def test_a_decision_changes_one_line() -> None:
    text = with_values(FILE, [((*FIRST, "review"), ACCEPTED)], "a.yaml")
    assert changed_lines(FILE, text) == [
        (
            "        review: {state: pending}   # not yet",
            f"        review: {DECIDED}  # not yet",
        )
    ]


def test_a_decision_in_block_style_is_replaced_whole() -> None:
    text = with_values(FILE, [((*SECOND, "review"), Review(state="pending"))], "a.yaml")
    assert text == FILE.replace(
        """        review:
          state: accepted
          reviewer: two-track
          reviewed_on: 2026-01-02
""",
        "        review: {state: pending}\n",
    )


def test_a_long_reason_is_written_in_block_style() -> None:
    reason = "It counts registered files, while the article speaks of victims: " * 3
    rejected = Review(state="rejected", reviewer="ana", reviewed_on=date(2026, 1, 2), note=reason)
    text = with_values(FILE, [((*FIRST, "review"), rejected)], "a.yaml")
    assert max(map(len, text.splitlines())) <= 100
    assert value(text)["excerpts"][0]["claims"][0]["review"]["note"] == reason.strip()


def test_values_are_changed_added_and_removed() -> None:
    changes = [
        ((*FIRST, "value_low"), Decimal("8.5")),
        ((*FIRST, "currency"), "USD"),
        ((*FIRST, "facets"), None),
        ((*FIRST, "caveats"), [{"en": "A.", "es": "B."}]),
        ((*FIRST, "id"), "renamed"),
        (("text_sha256",), "ff" * 32),
    ]
    text = with_values(FILE, changes, "a.yaml")
    claim = value(text)["excerpts"][0]["claims"][0]
    assert list(claim) == ["id", "quote", "value_low", "caveats", "currency", "review"]
    assert claim["caveats"] == [{"en": "A.", "es": "B."}]
    for comment in ("# A file", "# verbatim", "# the first", "# as stated", "# What was", "# The"):
        assert comment in text


def test_line_ends_stay() -> None:
    text = with_values(FILE.replace("\n", "\r\n"), [((*FIRST, "review"), ACCEPTED)], "a.yaml")
    assert text.count("\n") == text.count("\r\n") == FILE.count("\n")


@pytest.mark.parametrize("path", [(*FIRST, "facets", "source-type"), ("nothing", 0, "a"), ("id",)])
def test_what_cannot_be_changed_line_by_line_is_refused(path: tuple[Any, ...]) -> None:
    """Flow style, a path that is not there, and the first key, which carries its mapping."""
    with pytest.raises(EditError):
        with_values(FILE, [(path, None if path == ("id",) else "x")], "a.yaml")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([FIRST, SECOND]),
            st.sampled_from(["value_low", "currency", "facets", "quote", "caveats", "unit"]),
            st.none() | st.integers(0, 10**9).map(Decimal) | st.text("ab:#é\n \"'", max_size=150),
        ),
        max_size=8,
    )
)
def test_any_changes_are_what_was_asked_for(changes: list[tuple[Any, str, object]]) -> None:
    text = FILE
    for place, key, new in changes:
        before = value(text)
        text = with_values(text, [((*place, key), new)], "a.yaml")
        claim = before["excerpts"][0]["claims"][place[3]]
        if new is None:
            claim.pop(key, None)
        else:
            claim[key] = new
        assert value(text) == before
        assert "# A file" in text
        assert "# The end." in text
