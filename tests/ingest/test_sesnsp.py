from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ingest.adapter import Adapter, BoundFeed, RawObservation
from ingest.errors import ContractError, FetchError, ParseError
from ingest.sources import _zip, sesnsp
from ingest.sources._links import Link
from ingest.sources.sesnsp import Sesnsp, download_url, newest_file
from tests.ingest.loopback import Loopback, Reply
from tests.ingest.replay import (
    a_payload,
    as_figures,
    by_key,
    case,
    client_for,
    figures,
    recorded,
    run,
    seeded,
    shipped,
    value_of,
)

PAGE = "/sesnsp/acciones-y-programas/incidencia-delictiva-del-fuero-comun-nueva-metodologia"
FILE = "/:u:/s/datos/estatal"
NAME = "IDEFC_NM_mar21.csv"
RECORDED = "IDEFC_NM_sep21_trimmed_homicidio_feminicidio.csv"
HOMICIDE = "crime=intentional-homicide;method=new"
FEMINICIDE = "crime=feminicide;method=new"
SOURCE, FEEDS = shipped("sesnsp")


def the_file() -> str:
    return case(f"sesnsp/idefc/{NAME}").decode("latin-1")


def zipped(body: bytes, name: str = NAME) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("leeme.txt", "short")
        archive.writestr(name, body)
    return buffer.getvalue()


def serve(server: Loopback, body: bytes) -> None:
    server.on(PAGE, Reply(case("sesnsp/idefc/landing.html"), media_type="text/html"))
    server.on(FILE, Reply(body, media_type="application/zip"), query={"e": "cc", "download": "1"})


def parse(body: bytes | str, feeds: list[BoundFeed] | None = None) -> list[RawObservation]:
    body = body.encode("latin-1") if isinstance(body, str) else body
    payload = a_payload(body, "https://example.sharepoint.com/x")
    return list(Sesnsp().parse(SOURCE, feeds or FEEDS, [payload]))


def test_it_is_an_adapter() -> None:
    adapter: Adapter = Sesnsp()
    assert adapter.recipe


def test_the_file_is_found_on_the_page_unpacked_and_added_up(provider_server: Loopback) -> None:
    serve(provider_server, zipped(the_file().encode("latin-1")))
    found = by_key(run(Sesnsp(), "sesnsp", provider_server))
    assert [asked.path for asked in provider_server.requests] == [PAGE, FILE]
    # Month i: (10 + 1) i in state 1 and nine times that in state 9.
    january = found["case-files", HOMICIDE, "MEX", None, "2020-01"]
    assert (january.value, january.note, january.locator) == ("110", "", "line 2 and others")
    assert january.origin == f"https://example.sharepoint.com{FILE}?e=cc&download=1"
    year = found["case-files", HOMICIDE, "MEX", None, "2020"]
    assert (year.value, year.note) == (str(110 * 78), "computed: sum of 12 months")
    assert found["case-files", FEMINICIDE, "MEX", None, "2021-03"].value == "60"
    # April 2021 is not reported, so the year is no figure.
    assert not {"2021-04", "2021-12", "2021"} & {key[4] for key in found}
    assert len(found) == 2 * (12 + 3 + 1)


def test_the_recorded_file_continues_the_table(provider_server: Loopback) -> None:
    serve(provider_server, zipped(recorded(f"inegi_sesnsp/{RECORDED}")))
    rows = run(Sesnsp(), "sesnsp", provider_server)
    assert as_figures(rows) == set(figures("homicide_counts__sesnsp", RECORDED))
    found = {key: (value_of(row), row.note) for key, row in by_key(rows).items()}
    assert found == seeded("homicide-count.sesnsp")


@pytest.mark.parametrize(
    "body",
    [
        the_file().encode("latin-1"),
        the_file().encode(),
        the_file().encode("utf-8-sig"),
        the_file().replace(",", ";").encode("latin-1"),
        zipped(the_file().encode("latin-1"), "carpeta/IDEFC_NM_mar21.CSV"),
    ],
    ids=["latin-1", "utf-8", "utf-8 with mark", "semicolons", "zip with folder"],
)
def test_forms_in_which_the_file_is_seen(body: bytes) -> None:
    assert len(parse(body)) == 32


def test_months_to_come_as_zero_are_not_reported() -> None:
    lines = [
        line.replace(",,,,,,,,,", ",0,0,0,0,0,0,0,0,0") if line.startswith("2021") else line
        for line in the_file().splitlines(keepends=True)
    ]
    assert parse("".join(lines)) == parse(the_file())


def test_a_month_that_one_state_leaves_empty_is_no_figure() -> None:
    text = the_file()
    row = next(line for line in text.splitlines() if line.startswith("2020,9,") and "dolo" in line)
    cells = row.split(",")
    cells[8] = ""
    found = by_key(parse(text.replace(row, ",".join(cells))))
    assert ("case-files", HOMICIDE, "MEX", None, "2020-02") not in found
    assert ("case-files", HOMICIDE, "MEX", None, "2020") not in found
    assert found["case-files", HOMICIDE, "MEX", None, "2020-03"].value == "330"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "", "a link to one, found nothing"),
        (lambda _: "<html>Challenge Validation</html>\n", "found a page of HTML"),
        (lambda text: text.partition("\n")[0] + "\n", "rows of .*, found none"),
        (lambda text: text.replace("Modalidad", "Modalidades", 1),
         "column 'Modalidad' missing, 'Modalidades' instead"),
        (lambda text: text.replace("Diciembre", "Diciembre,Total", 1), "unknown column 'Total'"),
        (lambda text: text[:-20], "19 columns in every line"),
        (lambda text: text[:-2], "cut off"),
        (lambda text: text.replace("Homicidio doloso", "Homicidio Doloso"),
         "Subtipo de delito of Homicidio culposo, Homicidio doloso, found 'Homicidio Doloso'"),
        (lambda text: text.replace("Con arma blanca", "Total", 1), "Modalidad of"),
        (lambda text: text.replace("2020,9,", "2020,99,"), "'99' at line"),
        (lambda text: text.replace("2020,1,", "20,1,", 1), "a year like 2021"),
        (lambda text: text + text.splitlines(keepends=True)[1], "line 18 again after line 2"),
        (lambda text: "".join(text.splitlines(keepends=True)[:-4]),
         "none of Clave_Ent 9 in 2021: cut off"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_documented_shape_is_refused(
    change: Callable[[str], str], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        parse(change(the_file()))


@pytest.mark.parametrize("cell", ["n/a", "-1", "2.5"])
def test_a_bad_count_is_told_with_line_and_month(cell: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(the_file().replace("arma de fuego,10,20,", f"arma de fuego,10,{cell},", 1))
    assert (caught.value.locator, caught.value.raw) == ("line 2, Febrero", cell)


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sesnsp, "MOST_BYTES", 1_000_000)
    with pytest.raises(ContractError, match="unpacks to at most 1,000,000 bytes, found more, in"):
        parse(zipped(b"0" * 5_000_000))


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    body = zipped(b"0" * 5_000_000)
    size = (5_000_000).to_bytes(4, "little")
    assert size in body
    with pytest.raises(ContractError, match="a damaged one"):
        parse(body.replace(size, (10).to_bytes(4, "little")))


def test_an_archive_of_too_many_files_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(_zip.MOST_MEMBERS + 1):
            archive.writestr(f"{number}.csv", "")
    with pytest.raises(ContractError, match="a zip file of at most 2000 files"):
        parse(buffer.getvalue())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (zipped(the_file().encode("latin-1"))[:-30], "a damaged one"),
        (zipped(b"x" * 100, "IDEFC_NM_mar21.xlsb"), "found IDEFC_NM_mar21.xlsb"),
        (b"PK\x05\x06" + b"\x00" * 18, "a CSV file in the zip file, found none"),
    ],
)
def test_an_archive_without_the_file_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(body)


def test_a_page_without_the_file_is_kept_and_refused(provider_server: Loopback) -> None:
    page = b"<html><a href='/sesnsp/otra'>Otra</a></html>"
    provider_server.on(PAGE, Reply(page, media_type="text/html"))
    with client_for(provider_server, SOURCE) as client:
        payloads = list(Sesnsp().fetch(SOURCE, FEEDS, client))
    assert [payload.body for payload in payloads] == [page]
    with pytest.raises(ContractError, match="or a link to one, found a page of HTML"):
        list(Sesnsp().parse(SOURCE, FEEDS, payloads))


def test_a_body_that_breaks_off_is_a_fetch_error(provider_server: Loopback) -> None:
    provider_server.on(PAGE, Reply(case("sesnsp/idefc/landing.html"), media_type="text/html"))
    provider_server.on(FILE, Reply(zipped(the_file().encode("latin-1")), truncate=100))
    with pytest.raises(FetchError):
        run(Sesnsp(), "sesnsp", provider_server)


@pytest.mark.parametrize(
    ("links", "newest"),
    [
        (["/a/IDEFC_NM_ago21.zip", "/a/IDEFC_NM_sep21.zip", "/a/IDMFC_NM_oct21.zip"], 1),
        (["/a/IDEFC_NM_ene22.zip", "/a/IDEFC_NM_dic21.zip"], 0),
        (["/Estatal-Delitos-2015-2025_ago2026.zip", "/RNID-Delitos_Estatal-2026-ago2026.zip"], 0),
        (["/a/Estatal-V%C3%ADctimas-2015-2025_ago2026.zip", "/a/DatosAbiertos.zip"], 1),
        (["/a/uno.zip", "/a/dos.zip"], None),
        (["/a/estatal.pdf"], None),
    ],
)  # fmt: skip
def test_which_link_is_taken(links: list[str], newest: int | None) -> None:
    found = newest_file([Link(f"https://www.gob.mx{link}", "") for link in links])
    assert (found and found.url) == (
        None if newest is None else f"https://www.gob.mx{links[newest]}"
    )


def test_sharepoint_is_asked_for_the_file() -> None:
    share = "https://example.sharepoint.com/:u:/s/x"
    assert download_url(Link(share, "")) == f"{share}?download=1"
    assert download_url(Link(f"{share}?e=a", "")) == f"{share}?e=a&download=1"
    assert download_url(Link(f"{share}?download=1", "")) == f"{share}?download=1"
    assert download_url(Link("https://www.gob.mx/a.zip", "")) == "https://www.gob.mx/a.zip"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"select": {"tipo": "Homicidio"}}, "select with subtipo"),
        ({"freq": "Q"}, "frequency A or M"),
        ({"ref_areas": ["USA"]}, "ref_area MEX"),
    ],
)
def test_a_feed_that_the_file_cannot_answer_is_refused(changes: dict[str, Any], words: str) -> None:
    feed = BoundFeed(FEEDS[0].indicator, FEEDS[0].feed.model_copy(update=changes))
    with pytest.raises(ContractError, match=words):
        parse(the_file(), [feed])


# --- other files of the same provider ---


def test_the_largest_of_several_members_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("carpeta/", "")
        archive.writestr("carpeta/Diccionario.pdf", b"%PDF")
        archive.writestr(NAME, the_file().encode("latin-1"))
        archive.writestr("__MACOSX/._" + NAME, b"\x00\x05")
    assert parse(buffer.getvalue()) == parse(the_file())


def test_counts_may_have_commas_for_thousands() -> None:
    text = the_file()
    assert ",1100,1200\r\n" in text
    quoted = text.replace(",1100,1200\r\n", ',"1,100","1,200"\r\n')
    homicide = quoted.replace(",110,120\r\n", ',110,"1,120"\r\n', 1)
    found = by_key(parse(homicide))
    assert found["case-files", HOMICIDE, "MEX", None, "2020-12"].value == str(110 * 12 + 1000)


def test_a_later_file_with_a_year_that_is_whole() -> None:
    later = the_file().replace(",,,,,,,,,\r\n", ",4,5,6,7,8,9,10,11,12\r\n")
    found = by_key(parse(later))
    assert found["case-files", HOMICIDE, "MEX", None, "2021"].note == "computed: sum of 12 months"


def test_the_files_of_2026_with_another_catalogue_are_refused() -> None:
    with pytest.raises(ContractError, match=r"found RNID-Delitos_Estatal-2026.xlsx"):
        parse(zipped(b"x" * 100, "RNID-Delitos_Estatal-2026.xlsx"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Con arma blanca", "Con arma artesanal", "Modalidad of"),
        (
            "Homicidio doloso",
            "Homicidio intencional",
            "Subtipo de delito of Homicidio culposo, Homicidio doloso, found",
        ),
        (
            ",Feminicidio,Feminicidio,",
            ",Feminicidio,Femicidio,",
            "Subtipo de delito of Feminicidio, found 'Femicidio'",
        ),
        ("Subtipo de delito", "Subtipo", "'Subtipo' instead"),
    ],
)
def test_a_label_that_nobody_knows_is_never_dropped(old: str, new: str, words: str) -> None:
    assert old in the_file()
    with pytest.raises(ContractError, match=words):
        parse(the_file().replace(old, new))
