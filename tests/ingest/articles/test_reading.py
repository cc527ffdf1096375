from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import reading
from ingest.articles.dates import stated_day
from ingest.articles.reading import (
    BinaryError,
    DamagedError,
    EmptyError,
    EncryptedError,
    NoTextError,
    ReadingError,
    TooLargeError,
    paragraphs,
    read_bytes,
    read_file,
)
from tests.ingest.articles.stub import ARTICLE, a_page, a_pdf

LINES = [
    "The rate in Mexico was 8 homicides per 100,000 inhab-",
    "itants in 2007, and it rose to more than 29 homicides",
    "per 100,000 inhabitants in 2018.",
]


# --- plain text ---


def test_plain_text_stays_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    body = ARTICLE.replace("\n", "\r\n").encode()
    path.write_bytes(body)
    text = read_file(path)
    assert text.text.encode() == body
    assert text.sha256 == hashlib.sha256(body).hexdigest()


def test_the_head_of_a_text_says_title_author_and_day() -> None:
    text = read_bytes(ARTICLE.encode(), "a.txt")
    assert (text.title, text.author) == ("Two rates of homicide", "Ana López")
    assert text.published_on == date(2022, 5, 3)
    assert (text.canonical_url, text.language) == (None, None)


@pytest.mark.parametrize(
    "dateline",
    [
        "San Diego, March 3, 2024",
        "Ciudad de México, 3 de mayo de 2022",
        "By Ana López, March 3, 2024",
        "Published on March 3, 2024",
        "Washington D.C. 2024-03-03",
    ],
)
def test_a_dateline_is_no_title(dateline: str) -> None:
    title = "Homicides fell to 12 in the city"
    text = read_bytes(f"{dateline}\n\n{title}\n\nThey fell again.\n".encode(), "a.txt")
    assert text.title == title
    assert text.published_on is not None
    assert read_bytes(f"{dateline}\n\nThey fell again.\n".encode(), "a.txt").title is None


def test_a_title_may_name_a_day() -> None:
    title = "Homicides rose until March 3, 2024"
    assert read_bytes(f"{title}\n\nThey fell again.\n".encode(), "a.txt").title == title


def test_markdown_stays_as_given_and_its_front_matter_is_read() -> None:
    body = (
        '---\ntitle: "Tasas: dos"\nauthor: Ana López\ndate: 2021-02-03\n'
        "url: https://example.org/a\nlang: es-MX\n---\n\n# Otro título\n\nLa **tasa** fue de 8.\n"
    )
    text = read_bytes(body.encode(), "a.md")
    assert text.text == body
    assert (text.title, text.author, text.language) == ("Tasas: dos", "Ana López", "es")
    assert (text.published_on, text.canonical_url) == (date(2021, 2, 3), "https://example.org/a")


def test_markdown_without_front_matter_has_its_first_heading() -> None:
    assert read_bytes(b"Some words.\n\n# Rates\n\n8 of them.", "a.md").title == "Rates"


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        ("más de 3 años".encode(), None, "más de 3 años"),
        ("\ufeffmás de 3".encode(), None, "más de 3"),
        ("más de 3 años".encode("utf-16"), None, "más de 3 años"),
        ("más de 3 años".encode("latin-1"), None, "más de 3 años"),
        ("3 – más".encode("cp1252"), None, "3 – más"),
        ("больше трёх".encode("koi8-r"), "koi8-r", "больше трёх"),
        ("más de 3".encode(), "iso-8859-1", "más de 3"),
        ("más de 3".encode("latin-1"), "no-such-charset", "más de 3"),
    ],
)
def test_encodings(body: bytes, charset: str | None, expected: str) -> None:
    assert read_bytes(body, "a.txt", charset=charset).text == expected


# --- bad input ---


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\xef\xbb\xbf", b"--- 12 ---\n3,4"])
def test_nothing_in_it(body: bytes) -> None:
    with pytest.raises(EmptyError, match=r"a\.txt: "):
        read_bytes(body, "a.txt")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"PK\x03\x04rest", "a zip archive or an office document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08rest", "a compressed file"),
        (b"{\\rtf1 text}", "rich text"),
        (b"abc\x00def", "not text"),
        (bytes(range(1, 32)) * 10, "not text"),
        (b"\x81\x8d\x8f\x90", "not text"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.bin", "a.html"])
def test_a_binary_is_named_as_what_it_is(body: bytes, said: str, name: str) -> None:
    with pytest.raises(BinaryError, match=said) as caught:
        read_bytes(body, name)
    assert "plain text, Markdown, HTML and PDF are read" in str(caught.value)


def test_too_large_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 100)
    path = tmp_path / "a.txt"
    path.write_text("word " * 21)
    with pytest.raises(TooLargeError, match="larger than the limit of 100 bytes"):
        read_file(path)
    monkeypatch.setattr(reading, "MAX_CHARACTERS", 20)
    with pytest.raises(TooLargeError, match="longer than 20 characters"):
        read_bytes(b"word word word word word", "a.txt")


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a"]))
def test_any_bytes_are_a_text_or_a_clear_error(body: bytes, name: str) -> None:
    said, text = "", None
    try:
        text = read_bytes(body, name)
    except ReadingError as error:
        said = str(error)
    assert said.startswith(f"{name}: ") if text is None else text.text.strip()


# --- HTML ---


def test_a_page_gives_its_main_text_and_what_it_says_of_itself() -> None:
    head = (
        '<link rel="canonical" href="https://example.org/rates">'
        '<meta property="article:published_time" content="2022-05-03T10:00:00-05:00">'
        '<meta name="author" content="Ana López">'
    )
    text = read_bytes(
        a_page(head=head),
        "https://example.org/rates?x=1",
        "text/html",
        url="https://example.org/rates?x=1",
    )
    assert "8 homicides per 100,000 inhabitants in 2007" in text.text
    assert "World 24" not in text.text
    assert "555 1234" not in text.text
    assert text.title == "A headline of today"
    assert (text.author, text.publisher) == ("Ana López", "The Newspaper")
    assert text.published_on == date(2022, 5, 3)
    assert text.canonical_url == "https://example.org/rates"
    assert text.language == "en"


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.html", ""), ("a", "text/html"), ("a.txt", ""), ("", "")]
)
def test_a_page_is_one_by_its_name_its_type_or_its_beginning(name: str, media_type: str) -> None:
    text = read_bytes(a_page(), name, media_type)
    assert "<p>" not in text.text


def test_a_page_in_another_encoding() -> None:
    body = a_page(ARTICLE.replace("Ciudad", "Año"), language="es").decode()
    latin = body.replace("utf-8", "iso-8859-1").encode("iso-8859-1")
    assert "Año de México" in read_bytes(latin, "a.html").text


def test_the_year_of_a_copyright_line_is_no_day_of_publication() -> None:
    page = a_page(ARTICLE.replace("May 3, 2022", ""))
    assert read_bytes(page, "a.html").published_on is None


def test_a_page_without_an_article_is_no_text() -> None:
    page = b"<html><body><div id=root></div><p>Subscribe to read on.</p></body></html>"
    with pytest.raises(NoTextError, match="behind a subscription"):
        read_bytes(page, "a.html")


def test_a_teaser_of_a_page_that_is_not_free_is_no_text() -> None:
    closed = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    teaser = ARTICLE.split("\n\n")[2]
    with pytest.raises(NoTextError, match="behind a subscription"):
        read_bytes(a_page(teaser, head=closed), "a.html")
    assert read_bytes(a_page(teaser), "a.html").text


def test_a_page_of_data_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeError, match="more than 60,000 tags"):
        read_bytes(b"<html><table>" + b"<tr><td>1<td>2" * 30_000, "a.html")
    monkeypatch.setattr(reading, "MAX_PAGE_BYTES", 100)
    with pytest.raises(TooLargeError, match="limit of 100 bytes for a page"):
        read_bytes(a_page(), "a.html")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 50_000 + b"word " * 300,
        b"<html" * 10_000,
        b"<html " + b"lang " * 200_000,
        b"<!--" * 50_000,
        b"<html><script type=application/ld+json>" * 20_000,
        b"<html><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>" + b"&a;" * 100_000,
    ],
    ids=["nested", "openers", "attributes", "comments", "scripts", "entities"],
)
def test_a_hostile_page_is_a_clear_error_soon(body: bytes) -> None:
    with pytest.raises(ReadingError):
        read_bytes(body, "a.html")


# --- PDF ---


def test_a_pdf_gives_its_paragraphs() -> None:
    text = read_bytes(a_pdf([LINES]), "a.pdf")
    assert text.text == (
        "The rate in Mexico was 8 homicides per 100,000 inhabitants in 2007, and it rose to more "
        "than 29 homicides per 100,000 inhabitants in 2018."
    )


def test_an_encrypted_pdf_is_said_to_be_one() -> None:
    with pytest.raises(EncryptedError, match="save a copy without a password"):
        read_bytes(a_pdf([LINES], "secret"), "a.pdf")


def test_a_pdf_that_is_locked_against_printing_only_is_read() -> None:
    assert "29 homicides" in read_bytes(a_pdf([LINES], "", "secret"), "a.pdf").text


def test_a_pdf_of_pictures_is_said_to_be_one() -> None:
    with pytest.raises(NoTextError, match="OCR"):
        read_bytes(a_pdf([[], []]), "a.pdf")


@pytest.mark.parametrize("size", [8, 60, 400, -40])
def test_a_broken_pdf_is_a_clear_error(size: int) -> None:
    with pytest.raises((DamagedError, NoTextError)):
        read_bytes(a_pdf([LINES])[:size] if size < 300 else b"%PDF-1.4\n" + b"x" * size, "a.pdf")


def test_a_pdf_with_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PAGES", 2)
    with pytest.raises(TooLargeError, match="more than 2 pages"):
        read_bytes(a_pdf([LINES] * 3), "a.pdf")


def test_heads_feet_and_numbers_of_pages_are_left_out() -> None:
    page = "Office of Statistics\n{}\nText number {} goes on\nPage {} of 3"
    pages = [page.format(f"Line {n}.", n, n) for n in (1, 2, 3)]
    text = paragraphs(pages)
    assert "Office of Statistics" not in text
    assert "Page" not in text
    assert [f"Line {n}." in text for n in (1, 2, 3)] == [True] * 3


def test_a_sentence_over_two_pages_is_one() -> None:
    assert paragraphs(["It rose to 23", "in 2020."]) == "It rose to 23 in 2020."


# --- days ---


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Global Research, January 28, 2021", date(2021, 1, 28)),
        ("9 June 2021", date(2021, 6, 9)),
        ("Ciudad de México, a 3 de mayo de 2022", date(2022, 5, 3)),
        ("1º de diciembre del 2020", date(2020, 12, 1)),
        ("2021-03-18", date(2021, 3, 18)),
        ("2021-02-30", None),
        ("03/18/21", None),
        ("In 2021 there were 28 of them", None),
        ("x" * 160 + " January 28, 2021", None),
    ],
)
def test_stated_days(line: str, expected: date | None) -> None:
    assert stated_day([line]) == expected
