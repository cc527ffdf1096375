"""What tests of drafting, review and watch extract with: no grammar, one kind of sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from config.catalog import Catalog

ARTICLE = """Two rates of homicide

By Ana López
Ciudad de México, May 3, 2022

The rate in Mexico was 8 homicides per 100,000 inhabitants in 2007, according to the office, and \
it rose to 29 homicides per 100,000 inhabitants in 2018. It has been discussed for 15 years.

The authorities that have been in office since that time say that the measures which were taken \
are beginning to work, and that the number of victims is going to fall in the years to come.
"""
_RATE = re.compile(r"(more than )?(\d+) homicides per 100,000 inhabitants(?: in (\d{4}))?")
_OTHER = re.compile(r"\d+ years")


@dataclass(frozen=True)
class Figure:
    """The fields of what the grammar of figures gives."""

    quote: str
    start: int
    end: int
    value_low: Decimal | None
    value_high: Decimal | None
    comparator: str = "eq"
    rounding_unit: Decimal = Decimal(1)
    unit: str | None = "per-100k"
    currency: str | None = None
    geography: tuple[str, ...] = ("MEX",)
    period_start: date | None = None
    period_end: date | None = None
    claim_class: str = "core"
    indicator: str = "homicide-rate"
    measure: str = "rate"
    facets: Mapping[str, str] = field(default_factory=dict)
    ref_areas: tuple[str, ...] = ("MEX",)
    counterpart_areas: tuple[str, ...] = ()
    status: str = "stated"
    confidence: float = 0.9


def extract(
    text: str, language: str | None, published_on: date | None, catalog: Catalog
) -> list[Any]:
    """Homicide rates, and durations, which belong to no indicator."""
    found = []
    for match in _RATE.finditer(text):
        year = int(match[3]) if match[3] else None
        value = Decimal(match[2])
        found.append(
            Figure(
                match[0],
                *match.span(),
                value,
                None if match[1] else value,
                "gt" if match[1] else "eq",
                period_start=date(year, 1, 1) if year else None,
                period_end=date(year, 12, 31) if year else None,
            )
        )
    for match in _OTHER.finditer(text):
        value = Decimal(match[0].split()[0])
        span = match.span()
        found.append(Figure(match[0], *span, value, value, unit="years", indicator="", measure=""))
    return sorted(found, key=lambda each: each.start)


def as_record(found: Figure) -> dict[str, object]:
    return {
        "quote": found.quote,
        "start": found.start,
        "end": found.end,
        "value_low": str(found.value_low),
        "value_high": str(found.value_high),
        "comparator": found.comparator,
        "unit": found.unit,
        "indicator": found.indicator,
        "class": found.claim_class,
    }


def a_page(text: str = ARTICLE, head: str = "", language: str = "en") -> bytes:
    """A page of a newspaper, with menu and footer around the article."""
    paragraphs = "".join(f"<p>{part}</p>\n" for part in text.split("\n\n") if part.strip())
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>A headline of today</title>
<meta property="og:site_name" content="The Newspaper">
{head}</head><body>
<nav><ul><li><a href="/a">World 24</a></li><li><a href="/b">Top 10</a></li></ul></nav>
<article><h1>A headline of today</h1>{paragraphs}</article>
<footer>Copyright 2020. Call 555 1234.</footer></body></html>""".encode()


def a_pdf(pages: list[list[str]], password: str | None = None, owner: str | None = None) -> bytes:
    """A PDF with these lines on its pages, encrypted where a password is given."""
    from pypdf import PdfWriter  # noqa: PLC0415
    from pypdf.generic import (  # noqa: PLC0415
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
    )

    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        stream = DecodedStreamObject()
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream.set_data(f"BT /F1 11 Tf 14 TL 40 760 Td {shown} ET".encode("cp1252"))
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password is not None:
        writer.encrypt(password, owner, algorithm="RC4-128")
    body = BytesIO()
    writer.write(body)
    return body.getvalue()
