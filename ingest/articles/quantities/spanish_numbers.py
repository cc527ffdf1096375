"""Spanish number words, orders of magnitude, fractions and ratios."""

from __future__ import annotations

from decimal import Decimal

from ingest.articles.quantities.wordsets import listed, share

_D = Decimal


SMALL = {
    name: number
    for number, name in enumerate(
        listed(
            """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce
            quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos
            veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"""
        )
    )
} | {
    "una": 1,
    "un": 1,
    "veintiun": 21,
    "veintiuna": 21,
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "sesenta": 60,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
    "cien": 100,
    "ciento": 100,
}
for _stem, _hundreds in (
    ("doscient", 200),
    ("trescient", 300),
    ("cuatrocient", 400),
    ("quinient", 500),
    ("seiscient", 600),
    ("setecient", 700),
    ("ochocient", 800),
    ("novecient", 900),
):
    SMALL[f"{_stem}os"] = SMALL[f"{_stem}as"] = _hundreds

SCALES = {
    "mil": _D(10) ** 3,
    "millon": _D(10) ** 6,
    "millones": _D(10) ** 6,
    "millardo": _D(10) ** 9,
    "millardos": _D(10) ** 9,
    "billon": _D(10) ** 12,
    "billones": _D(10) ** 12,
    "docena": _D(12),
    "docenas": _D(12),
    "decena": _D(10),
    "decenas": _D(10),
    "veintena": _D(20),
    "quincena": _D(15),
    "treintena": _D(30),
    "cuarentena": _D(40),
    "cincuentena": _D(50),
    "centena": _D(100),
    "centenas": _D(100),
    "centenar": _D(100),
    "centenares": _D(100),
    "millar": _D(1000),
    "millares": _D(1000),
}
SHORT = {
    "k": _D(10) ** 3,
    "m": _D(10) ** 6,
    "mm": _D(10) ** 6,
    "mdd": _D(10) ** 6,
    "mdp": _D(10) ** 6,
    "mde": _D(10) ** 6,
    "mmdd": _D(10) ** 9,
    "mmdp": _D(10) ** 9,
    "bn": _D(10) ** 9,
    "mll": _D(10) ** 6,
}


def orders() -> list[tuple[str, tuple[Decimal, Decimal]]]:
    """Bands of verdicts, section 1: 2*10^k up to 10^(k+1), or 10^(k+3) for a bare scale."""
    found = [
        ("decenas", (_D(20), _D(100))),
        ("docenas", (_D(24), _D(100))),
        ("centenares", (_D(200), _D(1000))),
        ("centenas", (_D(200), _D(1000))),
        ("cientos", (_D(200), _D(1000))),
        ("miles", (_D(2000), _D(10) ** 6)),
        ("millares", (_D(2000), _D(10) ** 6)),
        ("millones", (_D(2) * 10**6, _D(10) ** 9)),
        ("miles de millones", (_D(2) * 10**9, _D(10) ** 12)),
        ("billones", (_D(2) * 10**12, _D(10) ** 15)),
        ("miles y miles", (_D(2000), _D(10) ** 6)),
        ("cientos y cientos", (_D(200), _D(1000))),
    ]
    for name, power in (("miles", 3), ("millones", 6), ("miles de millones", 9)):
        one = _D(10) ** power
        found.append((f"decenas de {name}", (20 * one, 100 * one)))
        found.append((f"docenas de {name}", (24 * one, 100 * one)))
        found += [
            (f"{many} de {name}", (200 * one, 1000 * one))
            for many in ("cientos", "centenares", "centenas")
        ]
        found += [
            (f"{few} {name}", (2 * one, 10 * one))
            for few in ("varios", "unos cuantos", "algunos", "muchos", "unos pocos")
        ]
    for few in ("varios", "unos cuantos", "algunos", "muchos"):
        found.append((f"{few} cientos", (_D(200), _D(1000))))
        found.append((f"{few} centenares", (_D(200), _D(1000))))
        found.append((f"{few} cientos de miles", (_D(200_000), _D(10) ** 6)))
    for few in ("varias", "unas cuantas", "algunas", "muchas"):
        found.append((f"{few} decenas", (_D(20), _D(100))))
        found.append((f"{few} docenas", (_D(24), _D(100))))
        found.append((f"{few} decenas de miles", (_D(20_000), _D(100_000))))
    return found


def fractions() -> list[tuple[str, Decimal]]:
    """Fractions, to percent."""
    found = [("la mitad", _D(50)), ("una mitad", _D(50))]
    for low, one, many, feminine in (
        (3, "tercio", "tercios", "tercera"),
        (4, "cuarto", "cuartos", "cuarta"),
        (5, "quinto", "quintos", "quinta"),
        (6, "sexto", "sextos", "sexta"),
        (7, "septimo", "septimos", "septima"),
        (8, "octavo", "octavos", "octava"),
        (10, "decimo", "decimos", "decima"),
    ):
        if low in {3, 4, 5}:
            found.append((f"un {one}", share(1, low)))
        found += [(f"{lead} {feminine} parte", share(1, low)) for lead in ("la", "una")]
        for top, word in enumerate(listed("dos tres cuatro cinco seis siete"), start=2):
            if top < low:
                found.append((f"{word} {many}", share(top, low)))
                found.append((f"{word} {feminine}s partes", share(top, low)))
    return found


_ENDINGS = listed("o aron ado ada ados adas a an aba ar ara aran ando aria")


def ratios() -> list[tuple[str, Decimal]]:
    """Verbs and nouns of multiplying, to how many times."""
    found = []
    for times, stem in enumerate(listed("duplic triplic cuadruplic quintuplic sextuplic"), start=2):
        found += [(f"{stem}{ending}", _D(times)) for ending in _ENDINGS]
    for word, times in (("doble", 2), ("triple", 3), ("cuadruple", 4), ("quintuple", 5)):
        phrases = (f"el {word}", f"al {word}", f"del {word}", f"{word} de", f"{word} que")
        found += [(phrase, _D(times)) for phrase in phrases]
    found += [
        ("a la mitad", _D("0.5")),
        ("por la mitad", _D("0.5")),
    ]
    return found
