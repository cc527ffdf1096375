"""The catalogue that the project ships, against the material that it was made from."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from config.catalog import Catalog, check_tables, read_checked_table
from config.schema import MAX_EXCERPT, Article, TableRow

MATERIAL = Path(__file__).parents[2].parent / "shared"
ARTICLES = MATERIAL / "articles"
FIGURES = MATERIAL / "figures"

TABLES_OF = {
    "asylum__unhcr": ["asylum-cases.unhcr"],
    "asylum_applications__comar": ["asylum-cases.comar"],
    "border_encounters__cbp_pages": ["border-encounters.cbp"],
    "border_encounters__cbp_sbo": ["border-encounters.cbp"],
    "border_encounters__ohss_usbp": ["border-encounters.dhs-ohss"],
    "exchange_rate__fred": ["exchange-rate.fred"],
    "firearms__atf_gao": ["arms-seizures.atf"],
    "foreign_aid__foreignassistance_gov": [
        "merida-spending.foreign-assistance",
        "central-america-aid.foreign-assistance",
    ],
    "homicide_counts__compiled": ["homicide-count.inegi-sesnsp-compiled"],
    "homicide_counts__sesnsp": ["homicide-count.sesnsp"],
    "homicide_rate__computed": ["homicide-rate.computed-homicide-rate"],
    "homicide_rate__owid_unodc": ["homicide-rate.owid-homicide"],
    "homicide_rate__world_bank": ["homicide-rate.world-bank"],
    "merida_appropriations__crs_embassy": [
        "merida-spending.crs",
        "merida-spending.us-embassy-mexico",
    ],
    "mpp_court_cases__trac": ["mpp-cases.trac"],
    "mpp_enrollments__cbp": ["mpp-cases.cbp"],
    "mpp_reported_attacks__human_rights_first": ["mpp-cases.human-rights-first"],
    "tariff_announced__white_house": ["tariff-threat.white-house"],
    "trade__fred": ["trade.fred"],
    "unauthorized_population__dhs": ["unauthorized-population.dhs-ois"],
    "unauthorized_population__pew": ["unauthorized-population.pew"],
    "vaccinations__owid": ["vaccine-doses.owid-vaccinations"],
    "vaccine_doses_us_to_mexico__embassy_press": ["vaccine-doses.vaccine-announcements"],
}
"""Collected figures, by file, to the tables that took them over."""

FigureKey = tuple[str, str, str, Decimal, str]
"""Area, counterpart, period, value in single units, published_on."""


def rows_of(catalog: Catalog, table: str) -> list[TableRow]:
    found = []
    for _, row in read_checked_table(catalog, catalog.root / "tables" / f"{table}.csv"):
        assert isinstance(row, TableRow), str(row)
        found.append(row)
    return found


def in_tables(catalog: Catalog, tables: list[str]) -> Counter[FigureKey]:
    found: Counter[FigureKey] = Counter()
    for row in (row for table in tables for row in rows_of(catalog, table)):
        assert row.value is not None
        period = row.time_period
        if row.freq == "A5":  # collected as the last of the five years
            period = str(int(period[:4]) + 4)
        value = row.value.scaleb(row.unit_mult)
        published = str(row.published_on or "")
        found[row.ref_area, row.counterpart_area or "", period, value, published] += 1
    return found


def collected(path: Path) -> Counter[FigureKey]:
    found: Counter[FigureKey] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            exponent = {"million": 6, "billion": 9}
            mult = next((exponent[word] for word in row["unit"].split() if word in exponent), 0)
            value = Decimal(row["obs_value"]).scaleb(mult)
            place = (row["ref_area"], row["counterpart_area"])
            found[*place, row["time_period"], value, row["published_on"]] += 1
    return found


def test_the_tables_are_sound(catalog: Catalog) -> None:
    assert [str(error) for error in check_tables(catalog)] == []


def test_every_row_has_evidence_and_some_date(catalog: Catalog) -> None:
    for path in sorted((catalog.root / "tables").glob("*.csv")):
        for row in rows_of(catalog, path.stem):
            document = catalog.documents[row.evidence]
            assert row.published_on or document.retrieved_on, (path.name, row.time_period)


def test_every_table_source_has_a_table(catalog: Catalog) -> None:
    sources = [source for source in catalog.sources.values() if source.adapter == "table"]
    assert [source.id for source in sources if not catalog.tables_of(source.id)] == []


def test_every_document_is_used(catalog: Catalog) -> None:
    tables = sorted((catalog.root / "tables").glob("*.csv"))
    used = {row.evidence for path in tables for row in rows_of(catalog, path.stem)}
    assert catalog.documents.keys() - used == set()


def test_headlines_and_charts_find_rows(catalog: Catalog) -> None:
    rows = [
        row
        for path in sorted((catalog.root / "tables").glob("*.csv"))
        for row in rows_of(catalog, path.stem)
    ]
    for indicator in catalog.indicators.values():
        selectors = [*indicator.chart, *([indicator.headline] if indicator.headline else [])]
        for selector in selectors:
            wanted = {k: v for k, v in vars(selector).items() if v is not None and k != "facets"}
            assert any(
                row.indicator == indicator.id
                and all(getattr(row, name) == value for name, value in wanted.items())
                and selector.facets.items() <= row.facets.items()
                for row in rows
            ), (indicator.id, selector)


def test_all_28_claims_are_core_reviewed_and_short(catalog: Catalog) -> None:
    claims = [claim for article in catalog.articles.values() for claim in article.claims]
    assert len(catalog.articles) == 5
    assert len(claims) == 28
    assert {claim.claim_class for claim in claims} == {"core"}
    assert {claim.review.state for claim in claims} == {"accepted"}


def test_no_excerpt_is_longer_than_allowed(catalog: Catalog) -> None:
    for article in catalog.articles.values():
        for excerpt in article.excerpts:
            assert len(excerpt.prefix + excerpt.exact + excerpt.suffix) <= MAX_EXCERPT


def test_indicators_without_official_series_have_no_table(catalog: Catalog) -> None:
    for indicator in catalog.indicators.values():
        tables = list((catalog.root / "tables").glob(f"{indicator.id}.*.csv"))
        assert bool(tables) is indicator.official, indicator.id


def test_both_languages_differ_or_are_names(catalog: Catalog) -> None:
    for indicator in catalog.indicators.values():
        assert indicator.definition.en != indicator.definition.es
        assert indicator.not_this.en != indicator.not_this.es


needs_articles = pytest.mark.skipif(
    not ARTICLES.is_dir(), reason="the articles' texts are not here"
)
needs_figures = pytest.mark.skipif(
    not FIGURES.is_dir(), reason="the collected figures are not here"
)


def text_of(article: Article) -> str:
    assert article.text_file is not None
    return (ARTICLES / article.text_file).read_text(encoding="utf-8")


@needs_articles
def test_the_texts_are_those_that_were_read(catalog: Catalog) -> None:
    for article in catalog.articles.values():
        body = (ARTICLES / (article.text_file or "")).read_bytes()
        assert hashlib.sha256(body).hexdigest() == article.text_sha256, article.id


@needs_articles
def test_every_excerpt_stands_verbatim_at_its_offset(catalog: Catalog) -> None:
    for article in catalog.articles.values():
        text = text_of(article)
        for excerpt in article.excerpts:
            start, end = excerpt.start, excerpt.start + len(excerpt.exact)
            assert text[start:end] == excerpt.exact, (article.id, excerpt.start)
            assert text[:start].endswith(excerpt.prefix), (article.id, excerpt.prefix)
            assert text[end:].startswith(excerpt.suffix), (article.id, excerpt.suffix)
            for claim in excerpt.claims:
                assert claim.quote in text, claim.id


@needs_articles
def test_every_core_figure_that_was_collected_is_a_claim(catalog: Catalog) -> None:
    with (ARTICLES / "figures.csv").open(encoding="utf-8", newline="") as file:
        core = [row for row in csv.DictReader(file) if "class=core" in row["note"]]
    by_file = {article.text_file: article for article in catalog.articles.values()}
    assert len(core) == 28
    for row in core:
        claims = by_file[row["seed_file"]].claims
        assert any(
            row["quote"] in claim.quote or claim.quote in row["quote"] for claim in claims
        ), row["quote"]


@needs_figures
def test_every_collected_file_has_its_tables(catalog: Catalog) -> None:
    assert {path.stem for path in FIGURES.glob("*.csv")} == TABLES_OF.keys()
    tables = {path.stem for path in (catalog.root / "tables").glob("*.csv")}
    assert {table for named in TABLES_OF.values() for table in named} <= tables


@needs_figures
@pytest.mark.parametrize("family", sorted({"+".join(tables) for tables in TABLES_OF.values()}))
def test_every_collected_figure_arrives_with_value_and_date(catalog: Catalog, family: str) -> None:
    tables = family.split("+")
    wanted: Counter[FigureKey] = Counter()
    for name, named in TABLES_OF.items():
        if named == tables:
            wanted += collected(FIGURES / f"{name}.csv")
    assert in_tables(catalog, tables) == wanted
