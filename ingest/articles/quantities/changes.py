"""Whether a percentage is a level or a change, and which way the change went.

A change has the unit `percent-change` (or stays `percentage-points`) and carries its sign: "fell 7
percent" is -7, and "fell by more than 10 percent" is less than -10.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.lexicon import words
from ingest.articles.quantities.tokens import Token

_DOWN = words(
    """fell fall falls falling fallen dropped drop drops dropping declined decline declines
    declining decreased decrease decreases decreasing cut cuts cutting down reduced reduce reduces
    reducing reduction reductions shrank shrunk shrink plunged plunge slid slide slipped slip
    tumbled tumble lost lose loses losing loss losses contracted contraction eased dipped dip sank
    lowered lower fewer less below contractions slumped slump weakened depreciated slashed trimmed
    cayo caer caido cayeron cae caen caida caidas bajo bajar bajado bajaron baja bajan bajas
    disminuyo disminuir disminuido disminuyeron disminucion redujo reducir reducido redujeron reduce
    reducen reduccion reducciones descendio descender descendieron descenso desciende retrocedio
    retroceso desplomo desplomaron desplome contrajo contraccion perdio pierde perdida perdieron
    recorto recorte recortes menos menor inferior inferiores menores debajo merma depreciacion
    deprecio retrocedieron abarato bajara bajaran ceden cedio"""
)
_UP = words(
    """rose risen rise rises rising raised raise raises increased increase increases increasing
    grew grown grow grows growing growth climbed climb climbs jumped jump jumps soared surged surge
    up gained gain gains expanded expand expansion hike hikes hiked boosted boost swelled rebounded
    rallied advanced improved accelerated strengthened appreciated higher more above greater larger
    faster spike spiked rallying ballooned upturn
    subio subir subido subieron sube suben subida subidas subimos aumento aumentar aumentado
    aumentaron aumenta aumentan aumentos aumentando crecio crecer crecido crecieron crece crecen
    crecimiento elevo elevar elevado elevaron incremento incrementar incrementado incrementaron
    incrementos incrementa repunto repunte avanzo avance avanzaron alza alzas escalo mas mayor
    superior superiores mayores encima gano ganado ganancia expandio expansion ampliacion apreciado
    aprecio encarecio encarecimiento aumentamos ganancias disparo dispararon incrementara
    aumentara crecera recupero recuperacion encarecieron apreciacion"""
)
_NOUNS = words(
    """increase decrease rise fall drop decline gain growth jump surge reduction cut loss hike
    slump dip climb improvement expansion contraction plunge change spike
    aumento alza incremento caida reduccion baja disminucion crecimiento descenso repunte subida
    avance retroceso variacion contraccion expansion desplome merma recorte apreciacion
    depreciacion encarecimiento bajada aumentos incrementos ganancia perdida"""
)
_FILLERS = words(
    """by a an the another further about only just nearly almost around roughly some over more than
    in by an additional year on month quarter
    un una otro otra en casi cerca de unos el solo apenas mas del hasta alrededor aproximadamente
    anual anuales mensual interanual trimestral real nominal promedio annual monthly yearly quarterly
    steep sharp slight modest overall net se ha han has have"""
)
_TO = words("to a al at hasta from desde")
_PHRASAL = words("made make makes making set sets took take taken ended give gave picked add adds")
_EXTREME = words("mayor mayores menor menores largest biggest steepest sharpest highest smallest")
_VARIATION = words("variacion variation")


def mark(
    tokens: Sequence[Token], drafts: Sequence[Draft], masked: bytearray, context: Context
) -> None:
    """Turns the percentages of a sentence that are changes, and gives them their sign."""
    for index, draft in enumerate(drafts):
        before = drafts[index - 1] if index else None
        if draft.unit not in {"percent", "percentage-points", "basis-points"}:
            continue
        if draft.form in {"vague", "share", "ratio"}:
            continue
        sign = (
            _after(tokens, draft, context)
            or _before(tokens, draft, masked, context)
            or _listed(tokens, draft, before, masked)
        )
        if not sign:
            continue
        draft.sign = sign
        if draft.unit == "percent":
            draft.unit = "percent-change"


_BY_YEAR = {("year", "on", "year"), ("month", "on", "month"), ("year", "over", "year"),
            ("month", "over", "month"), ("year", "-", "on"), ("year", "-", "over"),
            ("a", "tasa", "anual"), ("a", "tasa", "interanual")}  # fmt: skip
_BETWEEN = words("and y , by en un in then luego but pero e a while mientras another otro")


def _listed(tokens: Sequence[Token], draft: Draft, before: Draft | None, masked: bytearray) -> int:
    """`the largest increase was that of clothing, with 10.6 %`; `... and 66.1 % cumulated`."""
    lead = tokens[draft.first - 1].fold if draft.first else ""
    if before is not None and before.sign and before.unit == "percent-change":
        gap = tokens[before.last : draft.first]
        if any(token.fold.startswith(("acumul", "cumul")) for token in gap):
            return before.sign
        whole = tokens[draft.last].fold if draft.last < len(tokens) else ""
        if (
            gap
            and whole not in {"of", "de", "del"}
            and all(
                masked[place] or tokens[place].fold in _BETWEEN
                for place in range(before.last, draft.first)
            )
        ):
            return before.sign
    if before is not None and before.unit != "percent" and lead in {"or", "o", "decir", "equivale"}:
        up = tokens[before.first - 1].fold if before.first else ""
        more = tokens[before.last].fold if before.last < len(tokens) else ""
        if draft.first - before.last <= 4:
            for word in (up, more):
                if word in _UP or word in _DOWN:
                    return 1 if word in _UP else -1
    following = tuple(token.fold for token in tokens[draft.last : draft.last + 3])
    if following in _BY_YEAR or following[:1] == ("interanual",):
        return before.sign if before is not None and before.sign else 1
    if lead not in {"con", "with", "at", "(", "de", "by"}:
        return 0
    for place in range(max(0, draft.first - 26), draft.first - 1):
        if tokens[place].fold in _EXTREME and tokens[place + 1].fold in _NOUNS:
            return -1 if tokens[place + 1].fold in _DOWN else 1
    return 0


def _after(tokens: Sequence[Token], draft: Draft, context: Context) -> int:
    """`12 percent more`, `a 23 percent increase`, `9 % menos`, `3 puntos más`."""
    at = draft.last
    folds = [token.fold for token in tokens[at : at + 4]]
    for steps, fold in enumerate(folds):
        if fold in {"-", "year", "on", "annual", "anual", "month", "over", "de", "of", "net", "real",
                    "mensual", "interanual", "sharp", "nominal", "additional", "adicional",
                    "monthly", "further", "overall", "yearly"}:  # fmt: skip
            if (
                fold in {"de", "of", "on", "over"}
                and steps + 1 < len(folds)
                and not (
                    (fold == "de" and folds[steps + 1] in _NOUNS)
                    or (steps and folds[steps - 1] in {"-", "year", "month"})
                )
            ):
                return 0
            continue
        if fold in {"up", "down", "cut", "baja", "alza", "over"} and steps:
            return 0
        if fold in {"fall", "rise", "drop"} and steps == 0 and draft.first == 0:
            return 0
        sign = (fold in _UP) - (fold in _DOWN)
        noun = fold in _NOUNS
        degree = fold in {"more", "less", "fewer", "higher", "lower", "above", "below", "mas",
                          "menos", "mayor", "menor", "superior", "inferior", "larger", "smaller",
                          "greater", "up", "down", "superiores", "inferiores", "faster", "encima",
                          "debajo", "menores", "mayores", "por"}  # fmt: skip
        if fold == "por" and folds[steps + 1 : steps + 2] in (["encima"], ["debajo"]):
            return 1 if folds[steps + 1] == "encima" else -1
        if fold == "mas" and folds[steps + 1 : steps + 2] == ["de"]:
            return 0
        if sign and (noun or degree):
            if noun and steps == 0 and fold in {"change"}:
                return 1
            if degree and not noun:
                draft.last = at + steps + 1
            return sign
        return 0
    return 0


def _before(tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context) -> int:
    """`rose by 12 percent`, `a drop of about 7 percent`, `cayeron en 2023 un 34,7 %`."""
    lead = draft.first - 1
    strong = lead >= 0 and tokens[lead].fold in {"by", "un", "una"}
    steps = 0
    place = lead
    while place >= 0 and steps < 9:
        token = tokens[place]
        if masked[place]:
            place -= 1
            continue
        fold = token.fold
        if fold in _VARIATION:
            return 1
        if fold in {"up", "down"} and place and tokens[place - 1].fold in _PHRASAL:
            return 0
        if fold in _UP or fold in _DOWN:
            if place == lead and fold in {"mas", "more", "menos", "less", "fewer", "mayor"}:
                return 0
            return 1 if fold in _UP else -1
        if fold in {"of", "de", "del", "al", "a"} or (fold in {"to", "at"} and False):
            near = _change_noun(tokens, place, masked)
            if near:
                return near
            if fold in {"de"} and place and tokens[place - 1].fold in {"cerca", "mas", "menos",
                                                                       "alrededor"}:  # fmt: skip
                place -= 1
                steps += 1
                continue
            return 0
        if fold in _TO:
            return 0
        if token.kind == "n" or token.text in ";:()":
            return 0
        if token.text == ",":
            return 0 if not strong and place != lead else _beyond(tokens, place, masked)
        if fold not in _FILLERS and not fold.endswith(("ly", "mente")):
            if not strong and not _object(tokens, place, lead, context):
                return 0
            if fold in {"was", "were", "is", "are", "fue", "es", "son", "that", "which", "que", "and",
                        "y", "while", "with", "con"}:  # fmt: skip
                return 0
        place -= 1
        steps += 1
    return 0


def _object(tokens: Sequence[Token], place: int, lead: int, context: Context) -> bool:
    """Up to three words of a noun phrase may stand between verb and percentage: `cut homicides 12
    percent`, `subimos el sueldo 40 por ciento`."""
    token = tokens[place]
    if lead - place > 3 or token.kind != "w":
        return False
    blocked = {"was", "were", "is", "are", "with", "que", "con", "and", "y", "for", "para", "by",
               "por", "reached", "alcanzo", "accounted", "represento", "represent", "at", "that",
               "made", "llego", "fue", "es", "of", "los", "las"}  # fmt: skip
    return token.fold not in blocked


def _beyond(tokens: Sequence[Token], place: int, masked: bytearray) -> int:
    return 0


def _change_noun(tokens: Sequence[Token], place: int, masked: bytearray) -> int:
    """The sign of `an increase of`, `una caída anual de`, `la variación anual llegó al`."""
    steps, back = 0, place - 1
    while back >= 0 and steps < 5:
        if masked[back]:
            back -= 1
            continue
        fold = tokens[back].fold
        if fold in _VARIATION:
            return 1
        if fold in _NOUNS:
            return -1 if fold in _DOWN else 1
        allowed = fold in _FILLERS or fold in {"llego", "fue", "llega", "es", "was", "alcanzo"}
        if not allowed or fold in {"de", "en"}:
            return 0
        back -= 1
        steps += 1
    return 0


FLIPPED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}
