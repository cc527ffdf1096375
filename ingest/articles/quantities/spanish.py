"""Spanish words of the grammar of figures: Mexico's first, with Spain's and South America's."""

from __future__ import annotations

from decimal import Decimal

from ingest.articles.quantities.lexicon import Lexicon, Phrases, words
from ingest.articles.quantities.spanish_nouns import (
    DURATIONS,
    MINOR,
    MODIFIERS,
    NOUNS,
    NUMBERED,
    PERSONS,
    STOPS,
)

_D = Decimal


def _codes(groups: dict[str, str]) -> list[tuple[str, str]]:
    """`{code: "a phrase / another"}` to pairs."""
    return [(one.strip(), code) for code, text in groups.items() for one in text.split("/")]


def _marks(text: str) -> list[tuple[str, int]]:
    return [(one.strip(), 1) for one in text.split("/")]


_SMALL = {
    name: number
    for number, name in enumerate(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
        " dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres"
        " veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve".split()
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
for _stem, _value in (
    ("doscient", 200),
    ("trescient", 300),
    ("cuatrocient", 400),
    ("quinient", 500),
    ("seiscient", 600),
    ("setecient", 700),
    ("ochocient", 800),
    ("novecient", 900),
):
    _SMALL[f"{_stem}os"] = _SMALL[f"{_stem}as"] = _value

_SCALES = {
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
_SHORT = {
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


def _orders() -> list[tuple[str, tuple[Decimal, Decimal]]]:
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
    for names, power in ((("miles",), 3), (("millones",), 6), (("miles de millones",), 9)):
        one = _D(10) ** power
        for name in names:
            found.append((f"decenas de {name}", (20 * one, 100 * one)))
            found.append((f"docenas de {name}", (24 * one, 100 * one)))
            for many in ("cientos", "centenares", "centenas"):
                found.append((f"{many} de {name}", (200 * one, 1000 * one)))
            for few in ("varios", "unos cuantos", "algunos", "muchos", "unos pocos"):
                found.append((f"{few} {name}", (2 * one, 10 * one)))
    for few in ("varios", "unos cuantos", "algunos", "muchos"):
        found.append((f"{few} cientos", (_D(200), _D(1000))))
        found.append((f"{few} centenares", (_D(200), _D(1000))))
        found.append((f"{few} cientos de miles", (_D(200_000), _D(10) ** 6)))
    for few in ("varias", "unas cuantas", "algunas", "muchas"):
        found.append((f"{few} decenas", (_D(20), _D(100))))
        found.append((f"{few} docenas", (_D(24), _D(100))))
        found.append((f"{few} decenas de miles", (_D(20_000), _D(100_000))))
    return found


def _share(top: int, low: int) -> Decimal:
    """A fraction in percent, to a hundredth."""
    return (_D(100 * top) / _D(low)).quantize(_D("0.01")).normalize() + 0


def _fractions() -> list[tuple[str, Decimal]]:
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
            found.append((f"un {one}", _share(1, low)))
        for lead in ("la", "una"):
            found.append((f"{lead} {feminine} parte", _share(1, low)))
        for top, word in enumerate("dos tres cuatro cinco seis siete".split(), start=2):
            if top < low:
                found.append((f"{word} {many}", _share(top, low)))
                found.append((f"{word} {feminine}s partes", _share(top, low)))
    return found


def _ratios() -> list[tuple[str, Decimal]]:
    found = []
    for stem, times in (
        ("duplic", "2"),
        ("triplic", "3"),
        ("cuadruplic", "4"),
        ("quintuplic", "5"),
        ("sextuplic", "6"),
    ):
        value = _D(times)
        for ending in ("o", "aron", "ado", "ada", "ados", "adas", "a", "an", "aba", "ar", "ara",
                       "aran", "ando", "aria"):  # fmt: skip
            found.append((f"{stem}{ending}", value))
    for word, times in (("doble", 2), ("triple", 3), ("cuadruple", 4), ("quintuple", 5)):
        found.append((f"el {word}", _D(times)))
        found.append((f"al {word}", _D(times)))
        found.append((f"del {word}", _D(times)))
        found.append((f"{word} de", _D(times)))
        found.append((f"{word} que", _D(times)))
    found += [
        ("a la mitad", _D("0.5")),
        ("por la mitad", _D("0.5")),
    ]
    return found


_BEFORE = _codes(
    {
        "gt": "mas de / mas del / mayor a / mayor de / mayores a / superior a / superiores a"
        " / superior al / superiores al / mayor al / arriba de / arriba del / por encima de"
        " / por encima del / por arriba de / por arriba del / supera / supero / superan / superaron"
        " / superando / superado / superar / rebasa / rebaso / rebasaron / rebasan / rebasado"
        " / rebasar / rebasando / excede / excedio / exceden / excedieron / poco mas de"
        " / un poco mas de / algo mas de / sobrepaso / sobrepasa / sobrepasaron / sobrepasan"
        " / mas alla de / poco mas del / muy por encima de / bastante mas de / mucho mas de"
        " / superaba / superaban / rebasaba / rebasaban / que supera / > / ligeramente superior a",
        "ge": "al menos / por lo menos / cuando menos / como minimo / un minimo de / minimo de"
        " / no menos de / al menos un / ≥ / a lo menos / un piso de",
        "le": "hasta / no pasa de / no pasaba de / no pasa del / no pasaba del / no rebasa"
        " / no supera / no supero / no superan / no rebaso / no llega a / no excede / a lo mas / a lo sumo / como maximo / un maximo de / no mas de / maximo de"
        " / maximo / tope de / un tope de / a lo mucho / hasta un / hasta el / ≤ / hasta por",
        "lt": "menos de / menos del / menor a / menor de / menor al / inferior a / inferior al"
        " / inferiores a / por debajo de / por debajo del / debajo de / debajo del / < / menores a"
        " / muy por debajo de / muy por debajo del / poco menos de / poco menos del"
        " / un poco menos de / algo menos de / apenas por debajo de / ligeramente inferior a",
        "almost": "casi / practicamente / casi casi / rozo / roce"
        " / roza / rozan / rozaron / casi un / casi el / rozando / a punto de alcanzar",
        "approx": "alrededor de / alrededor del / cerca de / cerca del / unos / unas"
        " / aproximadamente / en torno a / en torno al / mas o menos / cercano a / cercana a"
        " / cercanos a / cercanas a / cercano al / cercana al / un estimado de / un aproximado de"
        " / del orden de / del orden del / ronda / rondan / rondo / rondaron / rondaba / aprox"
        " / aprox. / cosa de / ~ / ≈ / aproximadamente el / aproximadamente un / se calculan"
        " / se estiman / se estima que / se calcula que / proximo a / proxima a / rondando / estimados / estimadas"
        " / se calcula en / se estima en / calculan en / estiman en / calcula en / estima en"
        " / un promedio cercano a / entorno a",
    }
)
_AFTER = _codes(
    {
        "ge": "o mas / y mas / o superior / como minimo / al menos / cuando menos",
        "le": "o menos / como maximo / a lo mucho",
        "approx": "aproximadamente / mas o menos / aprox / aprox. / , aproximadamente"
        " / , mas o menos",
        "gt": "y pico / y tantos / y tantas",
    }
)
_CURRENCIES = _codes(
    {
        "USD": "dolares / dolar / dolares estadounidenses / dolares americanos / dolares de ee.uu."
        " / usd / dls / dlls / us$ / dolares de estados unidos / de dolares"
        " / de dolares estadounidenses / de dolares americanos / dlls. / dls.",
        "MXN": "pesos / peso / pesos mexicanos / de pesos / mxn / mn / m.n. / de pesos mexicanos",
        "EUR": "euros / euro / de euros / eur",
        "GBP": "libras esterlinas / de libras esterlinas / gbp",
        "CAD": "dolares canadienses / de dolares canadienses / cad",
        "COP": "pesos colombianos / de pesos colombianos / cop",
        "CLP": "pesos chilenos / de pesos chilenos / clp",
        "ARS": "pesos argentinos / de pesos argentinos / ars",
        "GTQ": "quetzales / de quetzales",
        "HNL": "lempiras / de lempiras",
        "PEN": "soles / de soles",
        "BRL": "reales brasilenos",
    }
)
_PERIODS = {
    "year": ("ano", "anuales anual anualmente"),
    "month": ("mes", "mensuales mensual mensualmente"),
    "week": ("semana", "semanales semanal"),
    "day": ("dia", "diarios diarias diario diaria diariamente"),
    "hour": ("hora", ""),
}


def _frequencies() -> list[tuple[str, str]]:
    found = [("per capita", "capita"), ("por habitante", "capita"), ("por persona", "capita")]
    for unit, (noun, adjectives) in _PERIODS.items():
        for lead in ("al", "por", "cada", "a la", "por cada"):
            found.append((f"{lead} {noun}", unit))
        found += [(adjective, unit) for adjective in adjectives.split()]
    return found


_CHANGE = words(
    """paso pasar pasado pasaron pasando pasa pasan subio subir subido subieron sube suben subiendo
    aumento aumentar aumentado aumentaron aumenta aumentan aumentando cayo caer caido cayeron cae
    caen caida bajo bajar bajado bajaron baja bajan crecio crecer crecido crecieron crece crecen
    disminuyo disminuir disminuido disminuyeron disminucion redujo reducir reducido redujeron
    reduccion elevo elevar elevado elevaron eleva incremento incrementar incrementado incrementaron
    fue ido descendio descender descendieron descenso salto salta escalo avanzo avanzaron
    retrocedio alza repunto repunte retroceso crecimiento desplomo ampliar amplio ampliaron
    ampliado revisado reviso reviso movio cambio evoluciono transito moviendose modificar
    evolucionado bajara subira subiria pasara transitar desacelero contrajo acelero aprecio deprecio fortalecio debilito encarecio"""
)

LEXICON = Lexicon(
    code="es",
    small=_SMALL,
    hundred=frozenset(),
    scales=_SCALES,
    short_scales=_SHORT,
    money_scales={"mdd": "USD", "mdp": "MXN", "mmdd": "USD", "mmdp": "MXN", "mde": "EUR"},
    joints=words("y"),
    orders=Phrases(_orders()),
    fractions=Phrases(_fractions()),
    ratios=Phrases(_ratios()),
    times=Phrases(
        _marks(
            "veces mas / veces mayor / veces superior / veces la / veces el / veces lo / veces menos"
            " / veces los / veces las / veces menor / veces su / veces mayores / veces superiores"
        )
    ),
    halves=words("medio media"),
    indefinite=words("un una el la otra"),
    several=words("varios varias algunos algunas"),
    before=Phrases(_BEFORE),
    after=Phrases(_AFTER),
    comparisons=frozenset(
        {
            "mayor a",
            "superior a",
            "menor a",
            "inferior a",
            "por encima de",
            "por encima del",
            "por debajo de",
            "por debajo del",
            "arriba de",
            "debajo de",
            "superiores a",
            "inferiores a",
            "mayor al",
            "superior al",
            "inferior al",
            "menor al",
        }
    ),  # fmt: skip
    articles=words("el la los las un una unos unas lo"),
    and_=words("y e o u"),
    range_middle=words("a al - – — hasta"),
    range_from=words("de del desde"),
    between=words("entre"),
    change=_CHANGE,
    percent=Phrases(
        _codes(
            {
                "percent": "por ciento / % / por cien / porciento / pct",
                "percentage-points": "puntos porcentuales / punto porcentual / pp / p.p."
                " / puntos porcentual / puntos de porcentaje / puntos",
                "basis-points": "puntos base / puntos basicos",
            }
        )
    ),
    currencies=Phrases(_CURRENCIES),
    per=Phrases(_marks("por cada / por / de cada / para cada / a cada")),
    frequencies=Phrases(_frequencies()),
    of=words("de"),
    stops=STOPS,
    modifiers=MODIFIERS,
    skipped=Phrases(
        _marks(
            "uno de los / una de las / uno de / una de / uno de sus / una de sus / cada uno"
            " / cada una / uno a uno / una vez / una y otra vez / dia uno / a la una / uno por uno"
            " / una por una / uno u otro / unos y otros / uno mas / una mas / tolerancia cero"
            " / primera mitad / segunda mitad / primera plana / las dos partes"
            " / los dos paises / las dos naciones / ambos / un dos / de una vez / de una"
            " / otro tanto / a la mitad de / a la mitad del / a mitad de / uno solo / ni uno"
            " / hambre cero / kilometro cero / los dos gobiernos / en un dos por tres"
            " / entre uno y otro / los cuatro vientos / del tres al / al cien / doble nacionalidad"
            " / alguna de las dos / cualquiera de las dos / estos dos / estas dos / esas dos"
        )
    ),
    nouns=NOUNS,
    durations=DURATIONS,
    minor=MINOR,
    numbered=NUMBERED,
    months={
        name: number
        for number, names in enumerate(
            "enero ene,febrero feb,marzo mar,abril abr,mayo may,junio jun,julio jul,agosto ago,"
            "septiembre setiembre sept sep,octubre oct,noviembre nov,diciembre dic".split(","),
            start=1,
        )
        for name in names.split()
    },
    weekdays={
        name: number
        for number, name in enumerate(
            "lunes martes miercoles jueves viernes sabado domingo".split()
        )
    },
    ordinals={
        "primer": 1,
        "primero": 1,
        "primera": 1,
        "primeros": 1,
        "segundo": 2,
        "segunda": 2,
        "tercer": 3,
        "tercero": 3,
        "tercera": 3,
        "cuarto": 4,
        "cuarta": 4,
        "ultimo": -1,
        "ultima": -1,
    },  # fmt: skip
    seasons={"primavera": (3, 5), "verano": (6, 8), "otono": (9, 11)},
    decades={
        "cincuenta": 50,
        "sesenta": 60,
        "setenta": 70,
        "ochenta": 80,
        "noventa": 90,
        "treinta": 30,
        "cuarenta": 40,
        "veinte": 20,
    },
    amounts=words(
        "fue era es son fueron eran sumo suman sumaron sumar total totalizo totalizaron alcanzo"
        " alcanza alcanzan alcanzaron alcanzado alcanzar llego llega llegan llegaron llegar llegado"
        " ubico ubica ubicaron situo situa situaron ascendio asciende ascienden ascendieron"
        " registro registra registraron registrado registrada contabilizo contabilizaron"
        " promedio promedia promediaron cerro cerraron quedo bajo subio cayo crecio aumento"
        " descendio disminuyo paso pasaron supero superaron rebaso rebasaron hubo hay habia"
        " mantuvo colocado colocó coloco ubico elevo redujo represento a en toco marco"
    ),
    contrasts=Phrases(
        _marks(
            "frente a / frente al / respecto a / respecto al / respecto de / con respecto a"
            " / en comparacion con / comparado con / comparada con / comparados con / contra"
            " / en contraste con / desde / que / en lugar de / versus / vs / con relacion a"
            " / en relacion con / por debajo de / por encima de / luego de / cuando / ante"
            " / comparadas con / a diferencia de / en vez de"
        )
    ),
    persons=PERSONS,
    statuses=Phrases(
        _codes(
            {
                "promised": "prometio / prometido / promete / promesa / prometieron / prometidas"
                " / prometidos",
                "planned": "planea / preve / planes / plan / pretende / busca / proyecta / espera"
                " / destinara / invertira / entregara / enviara",
                "proposed": "propuso / propone / propuesta / propuesto / solicito / pidio / solicita",
                "committed": "comprometio / compromiso / comprometido / comprometieron"
                " / comprometidos",
                "threatened": "amenazo / amenaza / amenazas / amenazado / amenazando",
                "shipped": "envio / enviado / enviados / enviadas / envios / enviaron",
                "delivered": "entrego / entregado / entregados / entregadas / dono / donado"
                " / donadas / donacion / recibio / recibido / recibieron / entregaron / desembolso",
            }
        )
    ),
    function_words=words(
        "el la los las de del que y en un una por con para se su sus es al lo como mas pero fue"
        " ha han este esta entre sobre tambien desde hasta son sin segun"
    ),
)
