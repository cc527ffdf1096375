"""Providers replayed by a stranger's server: the command must load what the figures list.

The server knows nothing of the adapters and little of the providers: it maps a path to a file, does
not look at queries, answers in its own manner. Seed tables hold the same figures, so they are taken
out of the catalogue here: what is loaded came through an adapter.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from typer.testing import CliRunner, Result

import twotrack
from db.engine import make_engine
from db.queries import ObservationQuery, observations
from tests.broken import CONFIG
from tests.ingest.replay import MATERIAL, case, recorded
from tests.ingest.workbook import workbook
from tests.processes import run_twotrack

Answers = Callable[[str, str], bytes | None]
"""Body by path and query; None for 404."""
Series = tuple[str, str, str]
"""Indicator, measure, facets."""
Figure = tuple[Series, str, str, str, Decimal, str]
"""Series, area, counterpart, period, value, status."""


# --- the stranger ---


@dataclass(frozen=True)
class Manner:
    """How a server answers, whatever it is asked for."""

    protocol: str = "HTTP/1.1"
    media_type: str | None = "text/html"
    chunked: bool = False
    zipped: bool = False
    length: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


PLAIN = Manner()
MANNERS = {
    "one connection an answer, no length": Manner("HTTP/1.0", length=False),
    "every file a stream of bytes": Manner(media_type="application/octet-stream"),
    "no media type": Manner(media_type=None),
    "text with a character set": Manner(media_type="Text/Plain; charset=ISO-8859-1"),
    "chunks": Manner(chunked=True, length=False),
    "compressed": Manner(zipped=True),
    "compressed in chunks": Manner(chunked=True, zipped=True, length=False),
    "an entity tag that is none": Manner(headers={"ETag": "x", "Last-Modified": "yesterday"}),
}


class Stranger(ThreadingHTTPServer):
    """On 127.0.0.1, at a port of its own."""

    def __init__(self, answers: Answers, manner: Manner = PLAIN) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.manner = answers, manner
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Stranger
    timeout = 10

    def do_GET(self) -> None:
        manner = self.server.manner
        self.protocol_version = manner.protocol
        self.close_connection = True
        address = urlsplit(self.path)
        self.server.asked.append(self.path)
        body = self.server.answers(unquote(address.path), unquote(address.query))
        if body is None:
            self.send_error(404)
            return
        body = gzip.compress(body) if manner.zipped else body
        self.send_response(200)
        sent = {
            **manner.headers,
            **({"Content-Type": manner.media_type} if manner.media_type else {}),
            **({"Content-Encoding": "gzip"} if manner.zipped else {}),
            **({"Transfer-Encoding": "chunked"} if manner.chunked else {}),
            **({"Content-Length": str(len(body))} if manner.length else {}),
            "Connection": "close",
        }
        for name, text in sent.items():
            self.send_header(name, text)
        self.end_headers()
        parts = [body[at : at + 5_000] for at in range(0, len(body), 5_000)]
        for part in [*parts, b""] if manner.chunked else parts:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if manner.chunked else part)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def by_path(files: Mapping[str, bytes]) -> Answers:
    """A file at a path, whatever the query."""
    return lambda path, _: files.get(path)


def always(body: bytes) -> Answers:
    """One file, whatever is asked for."""
    return lambda _path, _query: body


def by_name(*names: str) -> Answers:
    """Recorded files by the last part of the path, or by a parameter that names them."""

    def answer(path: str, query: str) -> bytes | None:
        words = {path.rpartition("/")[2], *(part.partition("=")[2] for part in query.split("&"))}
        for name in names:
            if {Path(name).name, Path(name).stem} & words:
                return recorded(name)
        return None

    return answer


def linked(text: str, file: str, body: bytes) -> Answers:
    """A page with one link at every path but that of the file, which may name the real host."""
    page = f'<html><body><p><a class="x" href="{file}">{text}</a></p></body></html>'.encode()
    at = unquote(urlsplit(file).path)
    return lambda path, _: body if path.endswith(at) else page


# --- what the providers would say ---


def world_bank() -> bytes:
    """The recorded CSV of the World Bank as one answer of its API."""
    text = recorded("worldbank/API_VC.IHR.PSRC.P5_DS2_en_csv_v2_4355130.csv").decode("utf-8-sig")
    lines = text.splitlines()
    codes = {"MEX": "MX", "USA": "US", "GTM": "GT", "HND": "HN", "SLV": "SV"}
    rows = [
        {
            "indicator": {"id": line["Indicator Code"], "value": line["Indicator Name"]},
            "country": {"id": codes[line["Country Code"]], "value": line["Country Name"]},
            "countryiso3code": line["Country Code"],
            "date": year,
            "value": float(line[year]) if line[year] else None,
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for line in csv.DictReader(lines[4:])
        if line["Country Code"] in codes
        for year in sorted((name for name in line if (name or "").isdecimal()), reverse=True)
    ]
    header = {
        "page": 1,
        "pages": 1,
        "per_page": "1000",
        "total": len(rows),
        "sourceid": "2",
        "lastupdated": "2022-07-20",
    }
    return json.dumps([header, rows]).encode()


def unhcr(path: str, _: str) -> bytes | None:
    """All rows of the published data in one answer, whatever country of asylum is asked for."""
    endpoint = path.rstrip("/").rpartition("/")[2]
    if endpoint == "asylum-decisions":
        return case("unhcr/latin-america/asylum-decisions-MEX-1.json")
    name = f"unhcr/derived_{endpoint}_coa-MEX_and_MEX-to-USA.csv"
    items = [
        {name: int(cell) if cell.isdecimal() and cell != "0" else cell or "-"
         for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(recorded(name).decode()))
    ]  # fmt: skip
    answer = {"page": 1, "short-url": "", "maxPages": 1, "total": [], "items": items}
    return json.dumps(answer).encode()


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return buffer.getvalue()


# --- what must be loaded ---


def aid(row: Mapping[str, str]) -> Series:
    stages = {
        "appropriated_planned": "appropriated",
        "budget_request": "requested",
        "disbursements": "disbursed",
        "initial_allocation": "allocated",
        "obligations": "obligated",
    }
    stage = f"stage={stages[row['indicator'].removeprefix('us_foreign_aid_')]}"
    if row["counterpart_area"] == "MEX":
        return "merida-spending", "aid", f"account=all;part=all;programme=all-aid;{stage}"
    return "central-america-aid", "aid", stage


def asylum(row: Mapping[str, str]) -> Series:
    name = row["indicator"].split("_")
    if name[:2] != ["asylum", "applications"]:
        return "asylum-cases", row["indicator"].replace("_", "-"), "procedure=all"
    if len(name) == 2:
        return "asylum-cases", "applications", "procedure=all"
    measure = {"persons": "applications", "cases": "applications-cases"}[name[3]]
    return "asylum-cases", measure, f"procedure={name[2]}"


def of(series: Mapping[str, Series]) -> Callable[[Mapping[str, str]], Series]:
    return lambda row: series[row["indicator"]]


@dataclass(frozen=True)
class Replay:
    """A source, the variable that leads it elsewhere, and the figures that it must arrive at."""

    source: str
    variable: str
    answers: Callable[[], Answers]
    figures: str
    payload: str
    series: Callable[[Mapping[str, str]], Series]


ENCOUNTERS = of(
    {
        "border_encounters_southwest": ("border-encounters", "encounters", "component=all"),
        "border_encounters_southwest_usbp": ("border-encounters", "encounters", "component=usbp"),
        "border_encounters_southwest_ofo": ("border-encounters", "encounters", "component=ofo"),
    }
)
RATE = of({"homicide_rate": ("homicide-rate", "rate", "source-type=compiled")})
CASES = of(
    {
        "feminicide_case_files": ("homicide-count", "case-files", "crime=feminicide;method=new"),
        "homicide_intentional_case_files": (
            "homicide-count",
            "case-files",
            "crime=intentional-homicide;method=new",
        ),
    }
)
PRODUCTS = "product=all"
DOSES = of(
    {
        "covid_people_fully_vaccinated": ("vaccine-doses", "people-fully-vaccinated", PRODUCTS),
        "covid_people_vaccinated": ("vaccine-doses", "people-vaccinated", PRODUCTS),
        "covid_vaccine_doses_given": ("vaccine-doses", "doses-given", PRODUCTS),
    }
)
MONEY = of(
    {
        "us_goods_exports": ("trade", "exports", ""),
        "us_goods_imports": ("trade", "imports", ""),
        "pesos_per_us_dollar_monthly_mean": ("exchange-rate", "monthly-mean", ""),
    }
)

SBO = "sbo-encounters-fy22-fy25-aug.csv"
KHSM = "KHSM-Encounters-USBP-fy25m11.xlsx"
IDEFC = "IDEFC_NM_sep21_trimmed_homicidio_feminicidio.csv"
AID = "us_foreign_aid_country_{}.csv"
AID_PATH = "/files.explorer.devtechlab.com/us_foreign_aid_country.csv"
CBP_FOLDER = "/sites/default/files/2025-09"
SHARE = "https://example.sharepoint.com/:u:/g/personal/datos/Ea1?e=b2"

SOUTHWEST = ("cbp", "CBP")
BORDER_PATROL = ("dhs-ohss", "DHS_OHSS")
STATES = ("sesnsp", "SESNSP")
REPLAYS = {
    "world-bank": Replay(
        "world-bank", "WORLDBANK", lambda: always(world_bank()),
        "homicide_rate__world_bank", "API_VC.IHR.PSRC.P5", RATE,
    ),
    "owid chart by its name": Replay(
        "owid-homicide", "OWID", lambda: by_name("owid/homicide-rate-unodc.csv"),
        "homicide_rate__owid_unodc", "homicide-rate-unodc.csv", RATE,
    ),
    "owid vaccinations, one file for all": Replay(
        "owid-vaccinations", "OWID",
        lambda: always(recorded("owid/vaccinations_2021-08-27_trimmed.csv")),
        "vaccinations__owid", "vaccinations_2021-08-27", DOSES,
    ),
    "cbp, a link that names the real host": Replay(
        *SOUTHWEST,
        lambda: linked("FY22", f"https://www.cbp.gov{CBP_FOLDER}/{SBO}", recorded(f"cbp/{SBO}")),
        "border_encounters__cbp_sbo", SBO, ENCOUNTERS,
    ),
    "cbp, a link without CBP's folders": Replay(
        *SOUTHWEST, lambda: linked("Download", f"/{SBO}", recorded(f"cbp/{SBO}")),
        "border_encounters__cbp_sbo", SBO, ENCOUNTERS,
    ),
    "cbp, the file in place of its page": Replay(
        *SOUTHWEST, lambda: always(recorded(f"cbp/{SBO}")),
        "border_encounters__cbp_sbo", SBO, ENCOUNTERS,
    ),
    "ohss, a link": Replay(
        *BORDER_PATROL, lambda: linked("Download", f"files/{KHSM}", recorded(f"cbp/{KHSM}")),
        "border_encounters__ohss_usbp", KHSM, ENCOUNTERS,
    ),
    "ohss, the workbook in place of its page": Replay(
        "dhs-ohss", "OHSS", lambda: always(recorded(f"cbp/{KHSM}")),
        "border_encounters__ohss_usbp", KHSM, ENCOUNTERS,
    ),
    "sesnsp, a link to SharePoint": Replay(
        *STATES,
        lambda: linked("Incidencia delictiva estatal", SHARE, zipped(
            ("leeme.txt", b"short"), (IDEFC, recorded(f"inegi_sesnsp/{IDEFC}")))),
        "homicide_counts__sesnsp", IDEFC, CASES,
    ),
    "sesnsp, a link to a bare file": Replay(
        *STATES, lambda: linked("Datos", f"/cms/{IDEFC}", recorded(f"inegi_sesnsp/{IDEFC}")),
        "homicide_counts__sesnsp", IDEFC, CASES,
    ),
    "sesnsp, a zip in place of its page": Replay(
        *STATES, lambda: always(zipped((IDEFC, recorded(f"inegi_sesnsp/{IDEFC}")))),
        "homicide_counts__sesnsp", IDEFC, CASES,
    ),
    "aid of 2021": Replay(
        "foreign-assistance", "FOREIGNASSISTANCE",
        lambda: by_path({AID_PATH: recorded(f"foreignassistance/{AID.format('2021vintage')}")}),
        "foreign_aid__foreignassistance_gov", AID.format("2021vintage"), aid,
    ),
    "aid of 2023": Replay(
        "foreign-assistance", "FOREIGN_ASSISTANCE",
        lambda: always(recorded(f"foreignassistance/{AID.format('2023vintage_trimmed')}")),
        "foreign_aid__foreignassistance_gov", AID.format("2023vintage_trimmed"), aid,
    ),
    "unhcr": Replay("unhcr", "UNHCR", lambda: unhcr, "asylum__unhcr", "unhcr/derived_", asylum),
    "fred, trade": Replay(
        "fred", "FRED", lambda: by_name("fred/EXPMX.csv", "fred/IMPMX.csv", "fred/DEXMXUS.csv"),
        "trade__fred", "fred/", MONEY,
    ),
    "fred, the peso": Replay(
        "fred", "FRED", lambda: by_name("fred/EXPMX.csv", "fred/IMPMX.csv", "fred/DEXMXUS.csv"),
        "exchange_rate__fred", "fred/", MONEY,
    ),
}  # fmt: skip


def wanted(replay: Replay) -> set[Figure]:
    """The collected figures that come from the replayed payload."""
    path = MATERIAL / "figures" / f"{replay.figures}.csv"
    if not path.exists():
        pytest.skip(f"no {path}")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (
                replay.series(row),
                row["ref_area"],
                row["counterpart_area"],
                row["time_period"],
                Decimal(row["obs_value"]) * (10**6 if "million" in row["unit"] else 1),
                row["obs_status"],
            )
            for row in csv.DictReader(file)
            if replay.payload in row["evidence"]
        }


# --- the command ---


@dataclass(frozen=True)
class Installation:
    """Two Track as somebody else has it: a home, a catalogue without seed tables, variables."""

    home: Path
    config: Path

    def environment(self, variable: str, url: str) -> dict[str, str]:
        return {
            "TWOTRACK_HOME": str(self.home),
            "TWOTRACK_CONFIG_DIR": str(self.config),
            f"TWOTRACK_BASE_URL_{variable}": url,
        }

    def run(self, *arguments: str, **variables: str) -> Result:
        paths = {"TWOTRACK_HOME": str(self.home), "TWOTRACK_CONFIG_DIR": str(self.config)}
        return CliRunner().invoke(twotrack.app, arguments, env=paths | variables)

    def loaded(self, source: str) -> set[Figure]:
        """What the database knows of a source now."""
        engine = make_engine(f"sqlite:///{self.home / 'twotrack.db'}", read_only=True)
        try:
            return {
                (
                    (row.series.indicator, row.series.measure, row.series.facets),
                    row.series.ref_area,
                    row.series.counterpart_area or "",
                    row.time_period,
                    row.value,
                    row.obs_status,
                )
                for row in observations(engine, ObservationQuery(source=source))
                if row.value is not None
            }
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def catalogue_without_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("catalogue") / "config"
    shutil.copytree(CONFIG, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", "tables"))
    for source in (copy / "sources").glob("*.yaml"):
        text = source.read_text(encoding="utf-8")
        source.write_text(re.sub(r"(?m)^delay_seconds:.*\n", "", text), encoding="utf-8")
    return copy


@pytest.fixture
def installation(tmp_path: Path, catalogue_without_tables: Path) -> Installation:
    return Installation(tmp_path / "home", catalogue_without_tables)


@pytest.fixture
def stranger() -> Iterator[Callable[..., Stranger]]:
    """Starts strangers, and ends them."""
    started: list[tuple[Stranger, threading.Thread]] = []

    def start(answers: Answers, manner: Manner = PLAIN) -> Stranger:
        server = Stranger(answers, manner)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        server.server_close()
        thread.join()


Start = Callable[..., Stranger]


@pytest.mark.parametrize("name", REPLAYS)
def test_replayed_payloads_give_the_collected_figures(
    name: str, installation: Installation, stranger: Start
) -> None:
    replay = REPLAYS[name]
    figures = wanted(replay)
    assert figures
    server = stranger(replay.answers())
    url = {f"TWOTRACK_BASE_URL_{replay.variable}": server.url}
    result = installation.run("ingest", "run", replay.source, **url)
    assert result.exit_code == 0, result.output
    assert figures - installation.loaded(replay.source) == set()


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS)
def test_the_manner_of_a_server_does_not_count(
    manner: Manner, installation: Installation, stranger: Start
) -> None:
    body = zipped((IDEFC, case("sesnsp/idefc/IDEFC_NM_mar21.csv")))
    url = {"TWOTRACK_BASE_URL_SESNSP": stranger(always(body), manner).url}
    for _ in range(2 if manner.headers else 1):
        result = installation.run("ingest", "run", "sesnsp", **url)
        assert result.exit_code == 0, result.output
    assert len(installation.loaded("sesnsp")) == 32


def test_a_process_of_its_own_loads_them_beside_the_seed_tables(
    tmp_path: Path, stranger: Start
) -> None:
    """With the catalogue as it is shipped, and a base URL that ends in a slash."""
    replay = REPLAYS["cbp, a link that names the real host"]
    installation = Installation(tmp_path / "home", CONFIG)
    server = stranger(replay.answers())
    environment = installation.environment(replay.variable, f"{server.url}/")
    done = run_twotrack(["ingest", "run", replay.source], environment)
    assert done.returncode == 0, done.stderr
    assert wanted(replay) <= installation.loaded(replay.source)
    assert [urlsplit(path).path for path in server.asked] == [
        "/document/stats/southwest-land-border-encounters",
        f"{CBP_FOLDER}/{SBO}",
    ]


@pytest.mark.parametrize(
    ("source", "page", "file", "excerpt", "count"),
    [
        (
            "cbp-nationwide",
            "landing_nationwide-encounters_2026-09-06.html",
            "nationwide-encounters-fy23-fy26-jul-aor.csv",
            "nationwide-encounters-fy23-fy26-jul-aor_excerpt.csv",
            15,
        ),
        (
            "cbp-weapons",
            "landing_weapons-and-ammunition-seizures_2026-09-12.html",
            "weapons-ammunition-seizures-fy23-fy26-jul.csv",
            "weapons-ammunition-seizures-fy23-fy26-jul_excerpt.csv",
            3,
        ),
    ],
)
def test_recorded_pages_lead_to_their_newest_file(
    source: str,
    page: str,
    file: str,
    excerpt: str,
    count: int,
    installation: Installation,
    stranger: Start,
) -> None:
    landing, body = recorded(f"cbp/{page}"), recorded(f"cbp/{excerpt}")

    def answer(path: str, _: str) -> bytes | None:
        if path.endswith(".csv"):
            return body if path == f"/sites/default/files/2026-08/{file}" else None
        return landing

    url = {"TWOTRACK_BASE_URL_CBP": stranger(answer).url}
    result = installation.run("ingest", "run", source, **url)
    assert result.exit_code == 0, result.output
    assert len(installation.loaded(source)) == count


def test_goods_of_one_kind_are_never_taken_for_all(
    installation: Installation, stranger: Start
) -> None:
    body = recorded("census/imports_8483408000_2026-06.json")
    url = {"TWOTRACK_BASE_URL_CENSUS": stranger(always(body)).url}
    result = installation.run("ingest", "run", "census", **url)
    assert result.exit_code == 1
    assert "a column ALL_VAL_MO; it has" in result.output
    assert installation.loaded("census") == set()


# --- without the collected material ---


def _sheets() -> bytes:
    names = ("Annual Region", "Monthly Region", "Annual Rgn and Citp")
    tables = {
        name: list(csv.reader(io.StringIO(case(f"ohss/workbook/{name}.csv").decode())))
        for name in names
    }
    return workbook(
        {
            name: [[float(cell) if cell.isdecimal() else cell for cell in row] for row in rows]
            for name, rows in tables.items()
        }
    )


def _weapons() -> bytes:
    """With whole quantities only, as all of those recorded are."""
    name = "cbp/weapons/weapons-ammunition-seizures-fy25-fy26-nov.csv"
    return case(name).replace(b"1000.5", b"1000.0")


def _unodc() -> bytes:
    rows = list(csv.reader(io.StringIO(case("unodc/workbook/rows.csv").decode())))
    return workbook({"data_cts_intentional_homicide": [["Intentional homicide"], [], *rows]})


def _unhcr(path: str, query: str) -> bytes | None:
    """Here a stranger who looks at the query."""
    endpoint = path.rstrip("/").rpartition("/")[2]
    asked = dict(part.split("=", 1) for part in query.split("&"))
    return case(f"unhcr/latin-america/{endpoint}-{asked['coa']}-{asked['page']}.json")


OWN: Mapping[str, tuple[str, str, Callable[[], Answers], int]] = {
    "world-bank": (
        "world-bank", "WORLD_BANK",
        lambda: lambda _, query: case(f"worldbank/homicide-mex-usa/page-{query[-1]}.json"), 4,
    ),
    "owid-homicide": (
        "owid-homicide", "OWID",
        lambda: always(case("owid/homicide/homicide-rate-unodc.csv")), 4,
    ),
    "owid-vaccinations": (
        "owid-vaccinations", "OWID",
        lambda: always(case("owid/vaccinations-2021/vaccinations.csv")), 12,
    ),
    "owid-vaccinations, maintained file": (
        "owid-vaccinations", "OWID_VACCINATIONS",
        lambda: always(case("owid/vaccinations-compact/compact.csv")), 12,
    ),
    "unodc, a page": (
        "unodc", "UNODC",
        lambda: linked("Data", "/files/2026-11/data_cts_intentional_homicide.xlsx", _unodc()), 6,
    ),
    "unodc, the workbook": ("unodc", "UNODC", lambda: always(_unodc()), 6),
    "sesnsp": (
        "sesnsp", "SESNSP",
        lambda: always(case("sesnsp/idefc/IDEFC_NM_mar21.csv")), 32,
    ),
    "foreign-assistance": (
        "foreign-assistance", "FOREIGNASSISTANCE_GOV",
        lambda: always(case("foreign-assistance/title-case/us_foreign_aid_country.csv")), 9,
    ),
    "cbp": (
        "cbp", "CBP",
        lambda: always(case("cbp/southwest/sbo-encounters-fy24-fy25-nov.csv")), 100,
    ),
    "cbp-nationwide": (
        "cbp-nationwide", "CBP",
        lambda: linked(
            "FY22 - FY25", "/sites/default/files/2025-11/nationwide-encounters-fy22-fy25-aor.csv",
            case("cbp/nationwide/nationwide-encounters-fy24-fy25-nov-aor.csv")), 12,
    ),
    "cbp-weapons": (
        "cbp-weapons", "CBP_WEAPONS",
        lambda: always(_weapons()), 8,
    ),
    "dhs-ohss": ("dhs-ohss", "DHS_OHSS", lambda: always(_sheets()), 24),
    "unhcr": ("unhcr", "UNHCR", lambda: _unhcr, 31),
    "unhcr-decisions": ("unhcr-decisions", "UNHCR", lambda: _unhcr, 21),
    "fred": (
        "fred", "FRED",
        lambda: lambda _, query: case(f"fred/new-header/{query.partition('=')[2]}.csv"), 7,
    ),
    "census": (
        "census", "CENSUS",
        lambda: lambda path, _: case(f"census/totals/{path.split('/')[-2]}.json"), 6,
    ),
}  # fmt: skip
"""Source, variable, answers, and how many observations they come to."""


@pytest.mark.parametrize("name", OWN)
def test_payloads_of_our_own(name: str, installation: Installation, stranger: Start) -> None:
    source, variable, answers, count = OWN[name]
    url = {f"TWOTRACK_BASE_URL_{variable}": stranger(answers()).url}
    result = installation.run("ingest", "run", source, **url)
    assert result.exit_code == 0, result.output
    assert len(installation.loaded(source)) == count


def test_a_key_goes_along_to_a_stranger_as_the_provider_asks(
    installation: Installation, stranger: Start
) -> None:
    server = stranger(always(case("banxico/sf43718/datos.json")))
    address = {"TWOTRACK_BASE_URL_BANXICO": server.url}
    without = installation.run("ingest", "run", "banxico", **address)
    assert (without.exit_code, server.asked) == (0, [])
    result = installation.run(
        "ingest", "run", "banxico", TWOTRACK_KEY_BANXICO="a-secret-of-mine", **address
    )
    assert result.exit_code == 0, result.output
    assert installation.loaded("banxico")
    assert "a-secret-of-mine" not in result.output + server.asked[0]


@pytest.mark.parametrize(
    ("source", "variable", "words"),
    [
        ("fred", "FRED", "columns DATE or observation_date"),
        ("cbp", "CBP", "columns of"),
        ("foreign-assistance", "FOREIGNASSISTANCE", "columns country_code"),
        ("sesnsp", "SESNSP", "columns Año"),
        ("owid-homicide", "OWID", "columns Entity, Code, Year"),
        ("dhs-ohss", "OHSS", "a workbook"),
        ("unodc", "UNODC", "a link to data_cts_intentional_homicide.xlsx"),
        ("unhcr", "UNHCR", "JSON"),
        ("census", "CENSUS", "a list of header and rows|JSON"),
    ],
)
def test_the_file_of_another_provider_is_refused_in_words(
    source: str, variable: str, words: str, installation: Installation, stranger: Start
) -> None:
    url = {f"TWOTRACK_BASE_URL_{variable}": stranger(always(b"name,count\nx,1\n")).url}
    result = installation.run("ingest", "run", source, **url)
    assert result.exit_code == 1
    assert any(word in result.output for word in words.split("|")), result.output
    assert "Traceback" not in result.output
