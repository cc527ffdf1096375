"""`twotrack articles`, as people and scripts use it: words, files, exit codes."""

from __future__ import annotations

import csv
import errno
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import twotrack
from db.engine import make_engine
from db.queries import claims, runs, series_keys
from ingest.articles import review
from ingest.articles.drafts import replace_file
from tests.broken import edit, pause_providers
from tests.ingest.articles import stub
from tests.ingest.articles.stub import ARTICLE, a_page, a_pdf
from tests.ingest.articles.test_tongues import OTHERS
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import MATERIAL
from tests.processes import Processes
from tests.stores import Loaded

ID = "lopez-2022-rates-homicide"
Command = Callable[..., Result]


@pytest.fixture
def command(
    tmp_path: Path, config_copy: Path, monkeypatch: pytest.MonkeyPatch, loaded: Loaded
) -> Command:
    """Runs the command with a home and a catalogue of its own, and a stand-in for the grammar."""
    home = tmp_path / "home"
    home.mkdir()
    loaded.copy(home).dispose()
    monkeypatch.setenv("TWOTRACK_HOME", str(home))
    monkeypatch.setenv("TWOTRACK_CONFIG_DIR", str(config_copy))
    monkeypatch.setenv("COLUMNS", "250")
    grammar: Any = ModuleType("ingest.articles.extract")
    grammar.extract, grammar.as_record = stub.extract, stub.as_record
    monkeypatch.setitem(sys.modules, "ingest.articles.extract", grammar)

    def run(*arguments: object, answers: str | bytes | None = None) -> Result:
        given = ["articles", *(str(each) for each in arguments)]
        return CliRunner().invoke(twotrack.app, given, input=answers)

    return run


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def home_files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "home").iterdir())


# --- extract ---


def test_extract_writes_lines_of_json_and_stores_nothing(
    command: Command, article: Path, tmp_path: Path
) -> None:
    before = home_files(tmp_path)
    result = command("extract", article)
    assert (result.exit_code, result.stderr) == (0, "")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["quote"] for each in records] == [
        "8 homicides per 100,000 inhabitants in 2007",
        "29 homicides per 100,000 inhabitants in 2018",
        "15 years",
    ]
    assert all(ARTICLE[each["start"] : each["end"]] == each["quote"] for each in records)
    assert home_files(tmp_path) == before


def test_extract_as_a_table(command: Command, article: Path) -> None:
    result = command("extract", article, "--format", "table")
    head, *rows = result.stdout.splitlines()
    assert head.split() == [
        "start", "quote", "comparator", "value_low", "value_high", "unit", "indicator", "class",
    ]  # fmt: skip
    assert len(rows) == 3
    assert "8 homicides per 100,000 inhabitants in 2007" in rows[0]


def test_extract_reads_standard_input(command: Command) -> None:
    result = command("extract", "-", answers=ARTICLE.encode())
    assert len(result.stdout.splitlines()) == 3
    result = command("extract", "-", answers=b"")
    assert (result.exit_code, result.stderr) == (1, "standard input: the file is empty\n")


def test_extract_reads_an_address_where_that_is_allowed(
    command: Command, provider_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider_server.on("/a", Reply(a_page(), media_type="text/html"))
    url = f"{provider_server.url}/a"
    refused = command("extract", url)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"{provider_server.url}/robots.txt: 127.0.0.1 is this machine, which is not asked unless "
        "TWOTRACK_ALLOW_PRIVATE_ADDRESSES is 1; no page is asked without its robots.txt\n"
    )
    assert provider_server.requests == []
    monkeypatch.setenv("TWOTRACK_ALLOW_PRIVATE_ADDRESSES", "1")
    monkeypatch.setenv("TWOTRACK_CONTACT", "ana@example.org")
    assert len(command("extract", url).stdout.splitlines()) == 3
    agent = provider_server.requests[-1].headers["user-agent"]
    assert agent == f"two-track/{twotrack.VERSION} (ana@example.org)"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.txt", b"", "a.txt: the file is empty"),
        ("a.bin", b"\x00\x01\x02", "a.bin: not text; plain text, Markdown, HTML and PDF are read"),
        ("a.pdf", a_pdf([["8 homicides"]], "secret"), "a.pdf: the PDF is encrypted"),
        ("a.html", b"<html><p>Subscribe.</p></html>", "a.html: no article on the page"),
        ("no-such.txt", None, "no-such.txt: No such file or directory"),
    ],
)
@pytest.mark.parametrize("word", ["extract", "suggest"])
def test_bad_input_is_a_clear_message_and_exit_1(
    command: Command, tmp_path: Path, word: str, name: str, body: bytes | None, said: str
) -> None:
    before = home_files(tmp_path)
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    result = command(word, path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert home_files(tmp_path) == before


@pytest.mark.parametrize("word", ["extract", "suggest"])
@pytest.mark.parametrize("name", ["Portuguese", "German", "Russian", "numbers"])
def test_a_text_in_another_language_is_exit_1(
    command: Command, article: Path, word: str, name: str
) -> None:
    article.write_text(f"{OTHERS[name]} Fin", encoding="utf-8")
    result = command(word, article, *(["--date", "2022-05-03"] if word == "suggest" else []))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("article.txt: the text is neither in English nor in Spanish")
    assert command("extract", article, "--language", "es").exit_code == 0


@pytest.mark.parametrize(
    "arguments", [("--date", "June"), ("--language", "fr"), ("--format", "xml")]
)
def test_bad_usage_is_exit_2(command: Command, article: Path, arguments: tuple[str, str]) -> None:
    result = command("extract", article, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")


# --- suggest and review ---


def test_suggest_drafts_and_review_decides(
    command: Command, article: Path, tmp_path: Path, config_copy: Path
) -> None:
    result = command("suggest", article)
    path = tmp_path / "home/drafts" / f"{ID}.yaml"
    assert (result.exit_code, result.stdout) == (0, f"{path}: 2 claims to review\n")
    assert "no claim of: 15 years\n" in result.stderr
    assert states(tmp_path) == ["pending", "pending"]
    again = command("suggest", article)
    assert (again.exit_code, again.stderr) == (1, f"article.txt: known already, as {ID}\n")

    result = command("review", "--reviewer", "Ana López", answers="a\nr\nis a plan\n")
    assert result.exit_code == 0
    assert "[a]ccept" in result.stdout
    moved = config_copy / "articles" / path.name
    assert f"{ID} is now in {moved.parent}\n" in result.stdout
    assert result.stdout.endswith("1 accepted, 1 rejected, 0 skipped\n")
    assert moved.is_file()
    assert states(tmp_path) == ["accepted", "rejected"]
    result = CliRunner().invoke(twotrack.app, ["export", "claims", "--article", ID])
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert {row["reviewer"] for row in rows} == {"Ana López"}


def states(tmp_path: Path) -> list[str]:
    engine = make_engine(f"sqlite:///{tmp_path / 'home/twotrack.db'}")
    found = [c.review_state for c in claims(engine) if c.article == ID]
    engine.dispose()
    return found


def test_suggest_can_only_print(command: Command, article: Path, tmp_path: Path) -> None:
    before = home_files(tmp_path)
    result = command("suggest", article, "--print", "--date", "2022-05-04", "--language", "en")
    assert result.exit_code == 0
    assert f"\nid: {ID}\n" in result.stdout
    assert "published_on: 2022-05-04" in result.stdout
    assert home_files(tmp_path) == before


def test_suggest_asks_for_the_day(command: Command, article: Path) -> None:
    edit(article, "Ciudad de México, May 3, 2022\n", "")
    result = command("suggest", article)
    assert result.exit_code == 1
    assert "the text states no day of publication; say it with --date YYYY-MM-DD" in result.stderr
    assert command("suggest", article, "--date", "2022-05-03").exit_code == 0


@pytest.mark.parametrize("first", ["suggest", "review"])
def test_what_comes_first_in_a_new_home_loads_the_figures(
    command: Command, article: Path, tmp_path: Path, loaded: Loaded, first: str
) -> None:
    """Held against nothing, a claim would seem to have no official series."""
    (tmp_path / "home/twotrack.db").unlink()
    command(first, article) if first == "suggest" else command(first, "--reviewer", "Ana")
    engine = make_engine(f"sqlite:///{tmp_path / 'home/twotrack.db'}")
    assert set(series_keys(engine)) == set(series_keys(loaded.engine))
    engine.dispose()
    if first == "review":
        command("suggest", article)
    shown = command("review", ID, "--reviewer", "Ana", answers="q\n").stdout
    assert "now        matches the official figure; official 8." in shown


def test_review_wants_a_name_and_an_article(
    command: Command, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = command("review")
    assert result.exit_code == 2
    assert "--reviewer NAME, or set TWOTRACK_REVIEWER" in result.stderr
    monkeypatch.setenv("TWOTRACK_REVIEWER", "ana")
    result = command("review")
    assert (result.exit_code, result.stdout) == (0, "0 accepted, 0 rejected, 0 skipped\n")
    result = command("review", "no-such")
    assert (result.exit_code, result.stderr) == (2, "there is no article or draft 'no-such'\n")


def test_a_catalogue_that_cannot_be_written_to_is_told_and_no_decision_is_lost(
    command: Command,
    article: Path,
    config_copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write(path: Path, text: str) -> None:
        if path.is_relative_to(config_copy):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        replace_file(path, text)

    command("suggest", article)
    monkeypatch.setattr(review, "replace_file", write)
    result = command("review", "--reviewer", "ana", answers="a\na\n")
    assert result.exit_code == 1
    assert "nothing more is changed: [Errno 30] Read-only file system" in result.stderr
    assert states(tmp_path) == ["accepted", "accepted"]
    assert (tmp_path / "home/drafts" / f"{ID}.yaml").is_file()


# --- watch ---


def test_watch_looks_once(command: Command, article: Path, tmp_path: Path) -> None:
    assert command("watch", "--once").stdout == "nothing new\n"
    inbox = tmp_path / "home/inbox"
    inbox.mkdir()
    shutil.copy(article, inbox)
    result = command("watch", "--once")
    assert result.exit_code == 0
    assert result.stdout == f"inbox  drafted  {ID}  article.txt  2 claims to review\n"
    assert states(tmp_path) == ["pending", "pending"]
    (inbox / "empty.txt").touch()
    result = command("watch", "--once")
    assert result.exit_code == 1
    assert result.stdout == "inbox  failed  empty.txt  empty.txt: the file is empty\n"


def test_the_schedule_looks_as_well(
    processes: Processes, config_copy: Path, tmp_path: Path, loaded: Loaded
) -> None:
    """With the grammar as it is: a process of its own."""
    pytest.importorskip("ingest.articles.extract")
    pause_providers(config_copy)
    home = tmp_path / "home"
    (home / "inbox").mkdir(parents=True)
    loaded.copy(home).dispose()
    (home / "inbox/article.txt").write_text(ARTICLE, encoding="utf-8")
    process = processes.python(
        "-m",
        "twotrack",
        "schedule",
        env={"TWOTRACK_HOME": str(home), "TWOTRACK_CONFIG_DIR": str(config_copy)},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "inbox drafted" in line:
            break
    else:
        pytest.fail("the schedule ended without looking")
    process.terminate()
    process.wait()
    assert states(tmp_path)
    assert set(states(tmp_path)) == {"pending"}


# --- check ---


def test_check_names_what_does_not_stand_in_its_text(
    command: Command, config_copy: Path, tmp_path: Path
) -> None:
    folder = MATERIAL / "articles"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    result = command("check", "--texts", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "ok: 20 excerpts of 5 articles stand in their texts\n"
    edit(config_copy / "articles/leiroz-2021-amlo-harris.yaml", "start: 2671", "start: 2672")
    result = command("check", "--texts", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("articles/leiroz-2021-amlo-harris.yaml:19: leiroz-2021-amlo")
    assert "'Biden, whose electoral base" in result.stderr
    assert result.stderr.endswith("stands at 2671, not at 2672\n")
    assert command("check", "--texts", tmp_path / "no-such").exit_code == 2


def test_check_says_which_text_is_not_at_hand(command: Command, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    result = command("check", "--texts", tmp_path / "texts")
    assert result.exit_code == 0
    assert "leiroz-2021-amlo-harris: its text is not at hand\n" in result.stderr


def test_no_run_is_noted_where_nothing_was_stored(
    command: Command, article: Path, tmp_path: Path
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'home/twotrack.db'}")
    before = runs(engine)
    command("extract", article)
    command("suggest", article, "--print")
    assert runs(engine) == before
    engine.dispose()
