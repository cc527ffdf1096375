"""Whether a percentage is a level or a change, and which way the change went.

A change has the unit `percent-change` (or stays `percentage-points`) and carries its sign: "fell 7
percent" is -7, and "fell by more than 10 percent" is less than -10.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import conjugated, words

_DOWN = words(
    """narrowed narrows narrowing downturn slowdown shrinkage devaluation depreciation downward
    devaluacion descensos fell fall falls falling fallen dropped drop drops dropping
    declined decline declines declining decreased decrease decreases decreasing cut cuts
    cutting down reduced reduce reduces reducing reduction reductions shrank shrunk shrink
    plunged plunge slid slide slipped slip tumbled tumble lost lose loses losing loss losses
    contracted contraction eased dipped dip sank lowered lower fewer less below contractions
    slumped slump weakened depreciated slashed trimmed shrinking shrinks caia caian bajaba
    bajaban bajara bajaran disminuia disminuian reducia caera caeran cayo caer caido cayeron
    cae caen caida caidas bajo bajar bajado bajaron baja bajan bajas disminuyo disminuir
    disminuido disminuyeron disminucion redujo reducir reducido redujeron reduce reducen
    reduccion reducciones descendio descender descendieron descenso desciende retrocedio
    retroceso desplomo desplomaron desplome contrajo contraccion perdio pierde perdida
    perdieron recorto recorte recortes menos menor inferior inferiores menores debajo merma
    depreciacion deprecio retrocedieron abarato bajara bajaran ceden cedio"""
)
_UP = words(
    """widened widens widening uptick upward rose risen rise rises rising raised raise raises
    increased increase increases increasing grew grown grow grows growing growth climbed
    climb climbs jumped jump jumps soared surged surge up gained gain gains expanded expand
    expansion hike hikes hiked boosted boost swelled rebounded rallied advanced improved
    accelerated strengthened appreciated higher more above greater larger faster spike
    spiked rallying ballooned upturn appreciation subia subian subira subiran crecia crecian
    aumentaba aumentaban incrementaba subio subir subido subieron sube suben subida subidas
    subimos aumento aumentar aumentado aumentaron aumenta aumentan aumentos aumentando
    crecio crecer crecido crecieron crece crecen crecimiento elevo elevar elevado elevaron
    incremento incrementar incrementado incrementaron incrementos incrementa repunto repunte
    avanzo avance avanzaron alza alzas escalo mas mayor superior superiores mayores encima
    gano ganado ganancia expandio expansion ampliacion apreciado aprecio encarecio
    encarecimiento aumentamos ganancias disparo dispararon incrementara aumentara crecera
    recupero recuperacion encarecieron apreciacion"""
)
_UP |= conjugated("aument elev increment escal avanz repunt", "crec", "sub")
_DOWN |= conjugated("baj recort", "descend retroced ca", "disminu reduc") | words("redujimos dejo")
_UP |= words("crezca crezcan suba suban")
_DOWN |= words("caiga caigan disminuya disminuyan reduzca reduzcan descienda desciendan")
_NOUNS = words(
    """raise raises increases rises decreases drops declines falls gains hikes cuts reductions
    fluctuation uptick upturn downturn shrinkage slowdown appreciation depreciation devaluation
    devaluacion caidas reducciones alzas bajas aumento descensos repuntes crecimientos
    increase decrease rise fall drop decline gain growth jump surge reduction cut loss hike
    slump dip climb improvement expansion contraction plunge change spike aumento alza
    incremento caida reduccion baja disminucion crecimiento descenso repunte subida avance
    retroceso variacion contraccion expansion desplome merma recorte apreciacion depreciacion
    encarecimiento bajada aumentos incrementos ganancia perdida"""
)
_FILLERS = words(
    """by a an the another further about only just nearly almost around roughly some over more than
    in by an additional year on month quarter un una otro otra en casi cerca de unos el solo
    apenas mas del hasta alrededor aproximadamente anual anuales mensual interanual trimestral
    real nominal promedio annual monthly yearly quarterly steep sharp slight modest overall net
    se ha han has have"""
)
_TO = words("to a al at hasta from desde")
_PHRASAL = words("made make makes making set sets took take taken ended give gave picked add adds")
_EXTREME = words("mayor mayores menor menores largest biggest steepest sharpest highest smallest")
_TURNED = words("percent percentage-points basis-points")
_LINKS = words("llego fue llega es was alcanzo")
_SAME = words("or o decir equivale")
_DEGREES = words(
    """more less fewer higher lower above below up down larger smaller greater faster mas menos
    mayor menor superior inferior superiores inferiores encima debajo menores mayores"""
)
_BETWEEN_NOUN = words(
    """- year annual anual month net real mensual interanual sharp nominal additional adicional
    monthly further overall yearly"""
)
_BLOCKING = words(
    """was were is are fue es son that which que and y while with con for para by por of los las
    reached alcanzo accounted represento represent at made llego"""
)
_BETWEEN = words(
    """anterior previo siguiente pasado before previous last next and y , by en un in then luego
    but pero e a while mientras another otro from on over respecto frente al compared with"""
)
_HELD = words("after tras versus vs against frente contra compared comparado luego following")
_HELD_FILLERS = words(
    "a al el del un una the with to con de in en of rise growth alza aumento"
) | frozenset([",", "("])
_ENDED = frozenset(["", ".", ",", ";"])
_BY_YEAR = {("year", "on", "year"), ("month", "on", "month"), ("year", "over", "year"),
            ("month", "over", "month"), ("year", "-", "on"), ("year", "-", "over"),
            ("a", "tasa", "anual"), ("a", "tasa", "interanual")}  # fmt: skip
FLIPPED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}
"""Comparators of a fall: "fell by more than 10 percent" is less than -10."""
_VARIATION = words("variacion variation")


def mark(
    tokens: Sequence[Token], drafts: Sequence[Draft], masked: bytearray, context: Context
) -> None:
    """Turns the percentages of a sentence that are changes, and gives them their sign."""
    for index, draft in enumerate(drafts):
        if draft.unit not in _TURNED or draft.form in {"vague", "share", "ratio"}:
            continue
        before = drafts[index - 1] if index else None
        draft.sign = (
            _after(tokens, draft)
            or _before(tokens, draft, masked)
            or _listed(tokens, draft, before, masked)
        )
        if not draft.sign and before is not None:
            draft.sign = _held(tokens, draft, before, masked)
        if draft.sign and draft.unit == "percent":
            draft.unit = "percent-change"


def _sign(fold: str) -> int:
    return (fold in _UP) - (fold in _DOWN)


def _listed(tokens: Sequence[Token], draft: Draft, before: Draft | None, masked: bytearray) -> int:
    """The sign that a percentage goes on with: of the figure before it, of a list."""
    lead = behind(tokens, draft.first, 1)[0]
    if before is not None:
        sign = _goes_on(tokens, draft, before, lead, masked)
        if sign:
            return sign
    following = ahead(tokens, draft.last, 3)
    if tuple(following) in _BY_YEAR or following[0] == "interanual":
        return before.sign if before is not None and before.sign else 1
    if lead == "," and following[0] in _ENDED:
        # "The decrease in deaths, 6.8 percent, is the largest ..."
        return _apposed(tokens, draft.first - 1)
    if lead not in {"con", "with", "at", "(", "de", "by"}:
        return 0
    # "The largest increase was that of clothing, with 10.6 %."
    for place in range(max(0, draft.first - 26), draft.first - 1):
        if tokens[place].fold in _EXTREME and tokens[place + 1].fold in _NOUNS:
            return -1 if tokens[place + 1].fold in _DOWN else 1
    return 0


def _held(tokens: Sequence[Token], draft: Draft, before: Draft, masked: bytearray) -> int:
    """The sign of a rate of change that another is held against: `grew 3.1 percent in 2022, after
    4.7 percent in 2021`; a level otherwise."""
    if before.unit != "percent-change" or not before.sign or before.unit == draft.unit:
        return 0
    if ahead(tokens, draft.last, 1)[0] in {"of", "de", "del"}:
        return 0
    gap = [tokens[place] for place in range(before.last, draft.first) if not masked[place]]
    if not gap or len(gap) > 6 or any(token.kind == "n" for token in gap):
        return 0
    held = {token.fold for token in gap} & _HELD
    return before.sign if held and {token.fold for token in gap} <= _HELD | _HELD_FILLERS else 0


def _apposed(tokens: Sequence[Token], comma: int) -> int:
    """The sign of the noun of change that a percentage between commas says again."""
    for place in range(comma - 1, max(0, comma - 9), -1):
        if tokens[place].text in ",;:." or tokens[place].kind == "n":
            return 0
        pointed = tokens[place - 1].fold in {"the", "a", "an", "la", "el", "un", "una"}
        if pointed and tokens[place].fold in _NOUNS:
            return -1 if tokens[place].fold in _DOWN else 1
    return 0


def _goes_on(
    tokens: Sequence[Token], draft: Draft, before: Draft, lead: str, masked: bytearray
) -> int:
    """`rose 6.2 % and 66.1 % cumulated`, `grew 3 % in 2022 and 1 % in 2023`, `up $1.2 billion, or
    2.6 percent`."""
    if before.sign and before.unit == "percent-change":
        gap = range(before.last, draft.first)
        if any(tokens[place].fold.startswith(("acumul", "cumul")) for place in gap):
            return before.sign
        whole = ahead(tokens, draft.last, 1)[0] in {"of", "de", "del"}
        tied = all(masked[place] or tokens[place].fold in _BETWEEN for place in gap)
        if gap and not whole and not tied and ahead(tokens, draft.last, 1)[0] in _ENDED:
            # "homicides fell 12 percent and robberies 8 percent"
            joints = [place for place in gap if tokens[place].fold in {"and", "y"}]
            rest = range(joints[-1] + 1, draft.first) if joints else range(0)
            tied = (
                bool(joints)
                and len(rest) <= 3
                and all(
                    tokens[place].kind == "w"
                    and tokens[place].fold not in _BLOCKING - {"los"}
                    and not tokens[place].text[0].isupper()
                    for place in rest
                )
            )
        return before.sign if gap and tied and not whole else 0
    if before.unit != "percent" and lead in _SAME and draft.first - before.last <= 4:
        return _sign(behind(tokens, before.first, 1)[0]) or _sign(ahead(tokens, before.last, 1)[0])
    return 0


def _after(tokens: Sequence[Token], draft: Draft) -> int:
    """`12 percent more`, `a 23 percent increase`, `9 % menos`, `3 puntos más`."""
    folds = ahead(tokens, draft.last, 5)
    for step in range(4):
        fold, following = folds[step], folds[step + 1]
        if fold == "por" and following in {"encima", "debajo"}:
            return 1 if following == "encima" else -1
        if fold in {"de", "of", "on", "over"}:
            named = fold == "de" and following in _NOUNS - {"avance"}
            if not named and (not step or folds[step - 1] not in {"-", "year", "month"}):
                return 0
            continue
        if fold in _BETWEEN_NOUN:
            continue
        if fold == "up" and following in {"front", "to", "for", "in", "at"}:
            return 0
        if (fold == "mas" and following == "de") or (fold in {"up", "down", "cut"} and step):
            return 0
        degree = fold in _DEGREES
        if degree and fold not in _NOUNS:
            draft.last += step + 1
        return _sign(fold) if degree or fold in _NOUNS else 0
    return 0


def _before(tokens: Sequence[Token], draft: Draft, masked: bytearray) -> int:
    """`rose by 12 percent`, `a drop of about 7 percent`, `cayeron en 2023 un 34,7 %`."""
    lead = draft.first - 1
    strong = lead >= 0 and tokens[lead].fold in {"by", "un", "una"}
    places = [place for place in range(lead, max(-1, lead - 20), -1) if not masked[place]][:9]
    for place in places:
        token = tokens[place]
        fold = token.fold
        if fold in _VARIATION:
            return 1
        if fold in {"up", "down"} and behind(tokens, place, 1)[0] in _PHRASAL:
            return 0
        if _sign(fold):
            return 0 if place == lead and fold in _DEGREES - {"up", "down"} else _sign(fold)
        if fold in {"of", "de", "del", "al", "a"}:
            return _change_noun(tokens, place, masked)
        if fold in {"at", "en"}:
            near = {token.fold for token in tokens[max(0, place - 6) : place]}
            if near & {"growth", "crecimiento"} or fold == "at":
                return 1 if near & {"growth", "crecimiento"} else 0
        if token.text == "," and places[0] != place and tokens[place + 1].fold == "by":
            # "rose for a fifth straight year, by 3.1%"
            return _verb_before(tokens, place)
        if fold in _TO or token.kind == "n" or token.text in ";:(),":
            return 0
        if fold in _FILLERS or fold.endswith(("ly", "mente")):
            continue
        # Words of a noun phrase may stand between verb and percentage: "cut homicides 12 percent",
        # "subimos el sueldo 40 por ciento".
        if fold in _BLOCKING or not (strong or (lead - place <= 3 and token.kind == "w")):
            return 0
    return 0


def _verb_before(tokens: Sequence[Token], place: int) -> int:
    """The sign of the nearest verb of change before a comma, within its clause."""
    for back in range(place - 1, max(-1, place - 16), -1):
        if tokens[back].text in ";:(),":
            return 0
        if _sign(tokens[back].fold) and tokens[back].fold not in _DEGREES:
            return _sign(tokens[back].fold)
    return 0


def _change_noun(tokens: Sequence[Token], place: int, masked: bytearray) -> int:
    """The sign of `an increase of`, `una caída anual de`, `la variación anual llegó al`."""
    places = [back for back in range(place - 1, max(-1, place - 12), -1) if not masked[back]][:5]
    for back in places:
        fold = tokens[back].fold
        if fold in _VARIATION:
            return 1
        if fold in _NOUNS:
            return -1 if fold in _DOWN else 1
        if fold in {"de", "en"} or (fold not in _FILLERS | _LINKS | {"a", "tasa", "ritmo"}):
            return 0
    return 0
