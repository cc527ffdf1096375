"""Spanish words of the grammar of figures: Mexico's first, with Spain's and South America's."""

from __future__ import annotations

from ingest.articles.quantities.lexicon import Lexicon, Phrases
from ingest.articles.quantities.spanish_nouns import (
    DURATIONS,
    MODIFIERS,
    NOUNS,
    NUMBERED,
    STOPS,
)
from ingest.articles.quantities.spanish_numbers import (
    SCALES,
    SHORT,
    SMALL,
    fractions,
    orders,
    ratios,
)
from ingest.articles.quantities.wordsets import coded, conjugated, marked, numbered, weekdays, words

_BEFORE = coded(
    {
        "gt": "mas de / mas del / mayor a / mayor de / mayores a / superior a / superiores a"
        " / superior al / superiores al / mayor al / arriba de / arriba del / por encima de"
        " / por encima del / por arriba de / por arriba del / supera / supero / superan"
        " / superaron / superando / superado / superar / rebasa / rebaso / rebasaron"
        " / rebasan / rebasado / rebasar / rebasando / excede / excedio / exceden"
        " / excedieron / poco mas de / un poco mas de / algo mas de / sobrepaso / sobrepasa"
        " / sobrepasaron / sobrepasan / mas alla de / poco mas del / muy por encima de"
        " / bastante mas de / mucho mas de / superaba / superaban / rebasaba / rebasaban"
        " / que supera / > / ligeramente superior a / mas que / bastante mas que",
        "ge": "al menos / por lo menos / cuando menos / como minimo / un minimo de / minimo de"
        " / no menos de / al menos un / ≥ / a lo menos / un piso de",
        "le": "hasta / no pasa de / no pasaba de / no pasa del / no pasaba del / no rebasa"
        " / no supera / no supero / no superan / no rebaso / no excede"
        " / a lo mas / a lo sumo / como maximo / un maximo de / no mas de / maximo de"
        " / maximo / tope de / un tope de / a lo mucho / hasta un / hasta el / ≤ / hasta por",
        "lt": "menos de / menos del / menor a / menor de / menor al / inferior a / inferior al"
        " / inferiores a / por debajo de / por debajo del / debajo de / debajo del / <"
        " / menores a / muy por debajo de / muy por debajo del / poco menos de"
        " / poco menos del / un poco menos de / algo menos de / apenas por debajo de"
        " / ligeramente inferior a / no llega a / no llego a / no llegan a / no llegaron a"
        " / no llegaba a / sin llegar a / ni / ni siquiera / no alcanza / no alcanzo"
        " / no alcanzan / no alcanzaron",
        "almost": "casi / practicamente / casi casi / rozo / roce / roza / rozan / rozaron"
        " / casi un / casi el / rozando / a punto de alcanzar / se acerco a / se acerca a"
        " / se acercan a"
        " / se acercaron a / se aproximo a / se aproxima a / bordea / bordeo / frisa",
        "approx": "alrededor de / alrededor del / cerca de / cerca del / unos / unas"
        " / aproximadamente / en torno a / en torno al / mas o menos / cercano a / cercana a"
        " / cercanos a / cercanas a / cercano al / cercana al / un estimado de"
        " / un aproximado de / del orden de / del orden del / ronda / rondan / rondo"
        " / anda por / andan por / andaba por"
        " / andaban por / anda en / rondaron / rondaba"
        " / aprox / aprox. / cosa de / ~ / ≈ / aproximadamente el"
        " / aproximadamente un / se calculan / se estiman"
        " / proximo a / proxima a / rondando / estimados / estimadas / se calcula en"
        " / se estima en / calculan en / estiman en / calcula en / estima en"
        " / un promedio cercano a / entorno a",
    }
)
_AFTER = coded(
    {
        "ge": "o mas / y mas / o superior / como minimo / al menos / cuando menos",
        "le": "o menos / como maximo / a lo mucho",
        "approx": "aproximadamente / mas o menos / aprox / aprox. / , aproximadamente"
        " / , mas o menos",
        "gt": "y pico / y tantos / y tantas / con creces / y fraccion",
    }
)
_CURRENCIES = coded(
    {
        "USD": "dolares / dolar / dolares estadounidenses / dolares americanos"
        " / dolares de ee.uu. / usd / dls / dlls / us$ / dolares de estados unidos"
        " / de dolares / de dolares estadounidenses / de dolares americanos / dlls. / dls.",
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
    "minute": ("minuto", ""),
    "second": ("segundo", ""),
}


def _frequencies() -> list[tuple[str, str]]:
    found = [
        ("per capita", "capita"),
        ("por habitante", "person"),
        ("por persona", "person"),
        ("por cabeza", "person"),
    ]
    for unit, (noun, adjectives) in _PERIODS.items():
        leads = ("al", "por", "cada", "a la", "por cada")
        found += [(f"{lead} {noun}", unit) for lead in leads]
        found += [(adjective, unit) for adjective in adjectives.split()]
    return found


_CHANGE = words(
    """paso pasar pasado pasaron pasando pasa pasan subio subir subido subieron sube suben subiendo
    aumento aumentar aumentado aumentaron aumenta aumentan aumentando cayo caer caido
    cayeron cae caen caida bajo bajar bajado bajaron baja bajan crecio crecer crecido
    crecieron crece crecen disminuyo disminuir disminuido disminuyeron disminucion redujo
    reducir reducido redujeron reduccion elevo elevar elevado elevaron eleva incremento
    incrementar incrementado incrementaron fue ido descendio descender descendieron descenso
    salto salta escalo avanzo avanzaron retrocedio alza repunto repunte retroceso
    crecimiento desplomo ampliar amplio ampliaron ampliado revisado reviso reviso movio
    cambio evoluciono transito moviendose modificar evolucionado bajara subira subiria
    pasara transitar desacelero duplico duplicaron duplicado duplicara triplico triplicaron
    triplicado cuadruplico cuadruplicaron quintuplico quintuplicaron contrajo acelero
    aprecio deprecio fortalecio debilito encarecio"""
)

_CHANGE |= conjugated(
    "aument elev increment baj pas salt escal avanz repunt recort",
    "crec descend retroced ca",
    "sub disminu reduc contra",
)

LEXICON = Lexicon(
    code="es",
    small=SMALL,
    hundred=frozenset(),
    scales=SCALES,
    short_scales=SHORT,
    money_scales={"mdd": "USD", "mdp": "MXN", "mmdd": "USD", "mmdp": "MXN", "mde": "EUR"},
    joints=words("y"),
    orders=Phrases(orders()),
    fractions=Phrases(fractions()),
    ratios=Phrases(ratios()),
    times=Phrases(
        marked(
            "veces mas / veces mayor / veces superior / veces la / veces el / veces lo"
            " / veces menos / veces los / veces las / veces menor / veces su / veces mayores"
            " / veces superiores"
        )
    ),
    halves=words("medio media"),
    indefinite=words("un una el la otra otro"),
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
            "mas que",
        }
    ),
    articles=words("el la los las un una unos unas lo"),
    and_=words("y e o u"),
    range_middle=words("a al - – — hasta"),
    range_from=words("de del desde"),
    between=words("entre"),
    change=_CHANGE,
    percent=Phrases(
        coded(
            {
                "percent": "por ciento / % / por cien / porciento / pct",
                "percentage-points": "puntos porcentuales / punto porcentual / pp / p.p."
                " / puntos porcentual / puntos de porcentaje / puntos / punto",
                "basis-points": "puntos base / puntos basicos",
            }
        )
    ),
    currencies=Phrases(_CURRENCIES),
    per=Phrases(marked("por cada / por / de cada / para cada / a cada")),
    frequencies=Phrases(_frequencies()),
    of=words("de"),
    stops=STOPS,
    modifiers=MODIFIERS,
    skipped=Phrases(
        marked(
            "uno de los / una de las / uno de / una de / uno de sus / una de sus / cada uno"
            " / cada una / uno a uno / una vez / una y otra vez / dia uno / a la una"
            " / uno por uno / una por una / uno u otro / unos y otros / uno mas / una mas"
            " / tolerancia cero / primera mitad / segunda mitad / primera plana / las dos partes"
            " / los dos paises / las dos naciones / ambos / un dos / de una vez / de una"
            " / otro tanto / a la mitad de / a la mitad del / a mitad de / uno solo / ni uno"
            " / hambre cero / kilometro cero / los dos gobiernos / en un dos por tres"
            " / entre uno y otro / los cuatro vientos / del tres al / al cien"
            " / mil veces / doble nacionalidad / alguna de las dos / cualquiera de las dos"
            " / estos dos"
            " / estas dos / esas dos"
        )
    ),
    nouns=NOUNS,
    durations=DURATIONS,
    numbered=NUMBERED,
    months=numbered(
        "enero ene",
        "febrero feb",
        "marzo mar",
        "abril abr",
        "mayo may",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept sep",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ),
    weekdays=weekdays("lunes martes miercoles jueves viernes sabado domingo"),
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
    },
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
        marked(
            "se compara con / se comparan con / contrasta con / frente a / frente al"
            " / respecto a / respecto al / respecto de / con respecto a"
            " / en comparacion con / comparado con / comparada con / comparados con / contra"
            " / en contraste con / desde / que / en lugar de / versus / vs / con relacion a"
            " / en relacion con / por debajo de / por encima de / luego de / cuando / ante"
            " / comparadas con / a diferencia de / en vez de"
        )
    ),
    statuses=Phrases(
        coded(
            {
                "promised": "prometio / prometido / promete / promesa / prometieron / prometidas"
                " / prometidos",
                "planned": "planea / preve / planes / plan / pretende / busca / proyecta / espera"
                " / destinara / invertira / entregara / enviara",
                "proposed": "propuso / propone / propuesta / propuesto / solicito / pidio"
                " / solicita",
                "committed": "comprometio / compromiso / comprometido / comprometieron"
                " / comprometidos",
                "threatened": "amenazo / amenaza / amenazas / amenazado / amenazando",
                "shipped": "envio / enviado / enviados / enviadas / envios / enviaron",
                "delivered": "entrego / entregado / entregados / entregadas / dono / donado"
                " / donadas / donacion / recibio / recibido / recibieron / entregaron"
                " / desembolso",
            }
        )
    ),
)
