"""The thing that a number counts: the noun behind it, and the unit that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.spanish_things import PEOPLES
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

REACH = 7
"""Words that may stand between a number and its noun in English; Spanish puts the noun first."""
SPANISH_REACH = 4
_QUOTES = frozenset("\"“”'‘«")
_DETERMINERS = words("the these those its their our all")
_SPANISH_DETERMINERS = words("sus esos estos")
_OF_THESE = words("sus los las estos estas esos esas nuestros nuestras")
_BEFALLEN = words(
    """detained arrested killed deported hospitalized hospitalised displaced evacuated rescued
    kidnapped enrolled employed accused convicted infected vaccinated drowned abducted murdered
    imprisoned indicted sentenced returned apprehended freed jailed expelled repatriated"""
)
"""What befell the persons whom a number counts without a noun."""
_SHAPES = words("cubic square")
_SPANISH_SHAPES = {"cubicos": "cubic", "cubico": "cubic", "cuadrados": "square",
                   "cuadrado": "square", "cuadradas": "square"}  # fmt: skip
_PRONOUNS = words("them whom us which you those it")
_MEASURES = words("feet hours miles kilometers days years months")
_PLURALS = words(
    """people men women children police personnel staff troops crew cattle feet dead aircraft
    missing lives guards consortia"""
)
_IN_MOS = words("tramos ramos extremos reclamos racimos gramos sismos maximos minimos")
_NOW = words("currently now today")
_COMPOUNDS = words("seekers officers files")
_ENGLISH_PERSONS = (
    "ists", "ians", "men", "women", "folk", "workers", "keepers", "holders", "goers", "owners",
    "teachers", "players", "dwellers", "ologists", "crats", "drivers", "fighters", "makers",
)  # fmt: skip
_SPANISH_PERSONS = (
    "istas", "antes", "entes", "dores", "doras", "tores", "toras", "sores", "soras", "eros", "eras",
    "enses", "ies", "anos", "anas", "enos", "enas", "eses", "inos", "inas", "logos",
    "logas", "grafos", "iatras", "cratas",
)  # fmt: skip
"""How words for those who do something end."""
_NO_PERSONS = words(
    """restaurantes puentes accidentes incidentes fuentes corrientes vertientes dientes expedientes
    ambientes continentes volantes diamantes instantes variantes semblantes guantes estantes
    tractores motores sectores factores reactores sensores conectores vectores televisores
    procesadores contenedores refrigeradores ventiladores generadores transformadores computadoras
    calculadoras impresoras lavadoras secadoras grabadoras ordenadores elevadores indicadores
    valores errores rumores tumores dolares temblores colores olores sabores favores
    carreteras banderas fronteras maneras esferas aceras calderas carteras tijeras goteras
    ganaderas madereras petroleras mineras financieras aseguradoras distribuidoras exportadoras
    importadoras productoras constructoras consultoras operadoras armadoras empacadoras maquiladoras
    procesadoras gasolineras refresqueras cementeras tableros sombreros aguaceros ceros eneros
    febreros letreros cargueros petroleros cruceros helicopteros aguajeros numeros floreros
    basureros criaderos mataderos vertederos paraderos senderos potreros aserraderos
    excedentes componentes ingredientes pendientes afluentes antecedentes precedentes detergentes
    editoriales catalogos dialogos prologos monologos yacimientos lanzadores detonadores
    silenciadores cargadores supresores amortiguadores interceptores simuladores
    restantes importantes equivalentes correspondientes recientes siguientes presentes existentes
    vigentes faltantes sobrantes diferentes entrantes salientes competentes permanentes suficientes
    urgentes independientes provenientes procedentes constantes relevantes abundantes semejantes
    enteras enteros primeras primeros terceras terceros verdaderos ligeros pertenecientes
    distantes frecuentes evidentes crecientes decrecientes potentes exigentes eficientes
    series especies planicies superficies manos granos pianos planos organos veranos meses
    intereses escenas antenas cadenas venas truenos frenos caminos pinos vinos destinos casinos
    cocinas oficinas piscinas maquinas vitaminas campanas aduanas sotanas turbinas cortinas
    navegadores buscadores marcadores radiadores quemadores alimentadores
    radares"""
)
_SHARES = {"fraction", "share"}


class Noun(NamedTuple):
    place: int
    unit: str
    last: int
    """The token after it."""


def known(tokens: Sequence[Token], place: int, context: Context) -> tuple[int, str] | None:
    """(words, unit) of a thing counted that begins at a token: the catalogue's words first."""
    found = context.units.at(tokens, place)
    if found is not None:
        return found
    word = tokens[place].fold
    if word in {"metric", "metricas"} and place + 1 < len(tokens):
        # A metric ton is a tonne.
        return (2, "tonnes") if tokens[place + 1].fold in {"ton", "tons", "tonnes"} else None
    if word in _SHAPES and place + 1 < len(tokens):
        measure = context.lexicon.nouns.get(tokens[place + 1].fold)
        return None if measure is None else (2, f"{word}-{measure}")
    unit = context.lexicon.nouns.get(word) or context.lexicon.durations.get(word)
    shape = _SPANISH_SHAPES.get(tokens[place + 1].fold) if place + 1 < len(tokens) else None
    if unit is not None and shape is not None:
        return 2, f"{shape}-{unit}"
    return None if unit is None else (1, unit)


def find(
    tokens: Sequence[Token],
    at: int,
    form: str,
    masked: bytearray,
    context: Context,
    *,
    one: bool,
    scaled: bool,
) -> Noun | None:
    """The noun of a number that ends before a token; `one` if the number is one, `scaled` if it
    has a scale word (after which Spanish puts "de")."""
    if context.lexicon.code == "es":
        return _spanish(tokens, at, form, masked, context, scaled=scaled)
    return _English(tokens, form, masked, context, one=one).find(at)


class _English:
    """Walks from the number over modifiers to the head noun, the last of a compound."""

    def __init__(
        self, tokens: Sequence[Token], form: str, masked: bytearray, context: Context, *, one: bool
    ) -> None:
        self.tokens, self.form, self.masked = tokens, form, masked
        self.context, self.one = context, one
        self.best: Noun | None = None
        self.spare: Noun | None = None
        """A word that looks like a plural, for want of a known one."""

    def find(self, start: int) -> Noun | None:
        place, end = start, min(len(self.tokens), start + REACH)
        while place < end:
            following = self._step(start, place)
            if following is None:
                break
            # What is joined by a hyphen counts as one word.
            end = min(len(self.tokens), end + max(0, following - place - 1))
            place = following
        return self.best or self.spare

    def _step(self, start: int, place: int) -> int | None:
        """The token to go on from; None at the end of the phrase."""
        token = self.tokens[place]
        if self.masked[place]:
            return place + 1 if token.fold in _NOW else None
        if token.kind != "w":
            return self._over_sign(place)
        if token.fold in {"and", "or"}:
            ended = self.best is not None or self.spare is not None or place == start
            return None if ended else place + 1
        if token.fold in self.context.lexicon.small and not _hyphened(self.tokens, place + 1):
            # "1.3 million two years ago"
            return None
        if place == start and token.fold in _BEFALLEN:
            # "12 killed and 40 injured", but "12 killed officers" too.
            self.best = Noun(place, "persons", place + 1)
            return place + 1
        found = known(self.tokens, place, self.context)
        if found is None and token.fold in self.context.lexicon.stops:
            return self._over_determiner(start, place)
        if token.fold == "of":
            if ahead(self.tokens, place + 1, 1)[0] in _PRONOUNS:
                return None
            return place + 1 if place == start or self.form in _SHARES else None
        last = place + (found[0] if found else 1)
        if _hyphened(self.tokens, last):
            return self._compound(place, last + 1)
        if found is not None:
            if self.best is not None and _is_verb_rather(self.tokens, self.best.place, place):
                return None
            self.best = Noun(place, found[1], last)
            return last
        return self._unknown(place)

    def _over_sign(self, place: int) -> int | None:
        text = self.tokens[place].text
        if self.best is not None:
            return None
        if text == "-":
            return place + 2
        return place + 1 if text == "&" or text in _QUOTES else None

    def _over_determiner(self, start: int, place: int) -> int | None:
        of = place > start and self.tokens[place - 1].fold == "of"
        determiner = self.tokens[place].fold in _DETERMINERS
        return place + 1 if of and determiner and self.best is None else None

    def _compound(self, place: int, second: int) -> int:
        """Of "acre-feet" both words are the unit, of "farm-workers" the second."""
        thing = known(self.tokens, second, self.context)
        word = self.tokens[second].fold
        if thing is None or not _many(word):
            return second + 1
        unit = f"{self.tokens[place].fold}-{word}" if word in _MEASURES else thing[1]
        self.best = Noun(place, unit, second + thing[0])
        return second + thing[0]

    def _unknown(self, place: int) -> int | None:
        token = self.tokens[place]
        modifier = token.fold in self.context.lexicon.modifiers
        plural = not modifier and _plural(token)
        if self.best is not None:
            # "5 school bullies": one word more after a noun in the singular.
            single = not self.one and not _many(self.tokens[self.best.place].fold)
            if single and plural and self.best.last == place:
                self.best = Noun(place, _unit_of(token.fold), place + 1)
            return None
        if self.spare is not None:
            return None
        if plural:
            self.spare = Noun(place, _unit_of(token.fold), place + 1)
        return place + 1


def _is_verb_rather(tokens: Sequence[Token], before: int, place: int) -> bool:
    """ "32 states account for ...", "11 firms report": a word without its plural after one in the
    plural is the verb."""
    return _many(tokens[before].fold) and not _many(tokens[place].fold)


def _many(word: str) -> bool:
    return word in _PLURALS or word.endswith("s")


def _hyphened(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word goes on with a hyphen: `family-owned` is no family."""
    if place + 1 >= len(tokens):
        return False
    hyphen, word = tokens[place], tokens[place + 1]
    glued = hyphen.text == "-" and hyphen.glued and word.glued
    return glued and word.kind == "w" and word.fold not in _COMPOUNDS


def _plural(token: Token) -> bool:
    word = token.fold
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s"))
        and word.isascii()
        and not token.text[0].isupper()
    )


def _slug(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word).strip("-")


def _unit_of(word: str) -> str:
    """The unit of an English plural that no list has: who does something is a person."""
    return "persons" if word.endswith(_ENGLISH_PERSONS) else _slug(word)


def _spanish_unit(word: str) -> str:
    """The unit of a Spanish plural that no list has, told by its ending where that tells."""
    if word in PEOPLES or (word.endswith(_SPANISH_PERSONS) and word not in _NO_PERSONS):
        return "persons"
    return _slug(word)


def _spanish(
    tokens: Sequence[Token],
    at: int,
    form: str,
    masked: bytearray,
    context: Context,
    *,
    scaled: bool,
) -> Noun | None:
    start = _after_de(tokens, at, form, context, scaled=scaled)
    spare: Noun | None = None
    for place in range(start, min(len(tokens), start + SPANISH_REACH)):
        token = tokens[place]
        if token.kind != "w" or masked[place]:
            if token.text in _QUOTES and not masked[place]:
                continue
            break
        found = known(tokens, place, context)
        modifier = token.fold in context.lexicon.modifiers
        if found is not None and not (modifier and _noun_follows(tokens, place, context)):
            return Noun(place, found[1], place + found[0])
        if modifier:
            continue
        if token.fold in context.lexicon.stops or token.fold == "de":
            break
        if token.fold in context.lexicon.small:
            break
        participle = token.fold.endswith(("ados", "adas", "idos", "idas"))
        verb = token.fold.endswith(("amos", "emos", "imos")) and tokens[place - 1].kind != "w"
        if (
            spare is not None
            or not _plural(token)
            or (verb and token.fold not in _IN_MOS)
            or context.lexicon.frequencies.at(tokens, place) is not None
            or (participle and tokens[place - 1].fold != "de")
        ):
            break
        spare = Noun(place, _spanish_unit(token.fold), place + 1)
    return spare


def _after_de(
    tokens: Sequence[Token], at: int, form: str, context: Context, *, scaled: bool
) -> int:
    """The token after "de" and "de los", where the number takes one before its noun."""
    folds = [token.fold for token in tokens[at : at + 2]]
    if (
        folds[:1] == ["de"]
        and folds[1:]
        and folds[1] in _OF_THESE
        and _noun_follows(tokens, at + 1, context)
    ):
        # "9 mil de sus compatriotas", "12 de los detenidos"
        return at + 2
    takes = scaled or form in {"fraction", "share", "order"}
    if not takes or at >= len(tokens) or tokens[at].fold not in {"de", "del"}:
        return at
    at += 1
    if form in {"digits", "words"}:
        return at
    while at < len(tokens) and tokens[at].fold in context.lexicon.articles | _SPANISH_DETERMINERS:
        at += 1
    return at


def _noun_follows(tokens: Sequence[Token], place: int, context: Context) -> bool:
    return place + 1 < len(tokens) and known(tokens, place + 1, context) is not None
