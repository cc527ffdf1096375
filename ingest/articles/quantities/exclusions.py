"""Numbers that are no figures: names, references, times, scores, list and footnote numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities import nouns, rates
from ingest.articles.quantities.ages import is_age
from ingest.articles.quantities.calendar import year_of
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.numbers import Number
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

_TIMES = words("a.m. p.m. a.m p.m am pm o'clock hrs h")
_MARKS_BEFORE = frozenset("#№§¶&/'’")
_CLOSERS = frozenset('.”’,;)]*"')
_MARKS_AFTER = frozenset("/ºª°_²³=")
_DAY_PARTS = words("manana tarde noche madrugada mediodia")
_OPEN = words("open opens opened hours abierto abierta abre abren horario")
_CALLED = words("telefono telefonos llame llamen marque marquen whatsapp")
_UNITS_GLUED = words(
    """km kg mw gw kwh ha lb lbs mph m cm mm g ml l gb tb pc pct pp percent bn mn k b tn mdd mdp
    mmdd mmdp bln mln trn plus"""
)
_LIST_JOINTS = words("and or y e o , to a al - –")
_SHARED = words(
    """act bus train note order group class table grade parte zona zonas base grupo via linea bill
    code level ley phone chart category form rule line part step piso punto"""
)
"""Words of `numbered` before which a count may stand all the same: "part 300 people"."""
_ALWAYS = words("rank ranked no num numero")
_DATED_THINGS = words(
    """election elections law treaty census constitution act agreement convention summit budget
    report"""
)
_VOTES = words(
    """vote votes voted score won beat defeated passed tally lost marcador votacion gano vencio
    win victory tied margin"""
)
_HYPHENED = words(
    """track way party sided fold star pronged part dose dimensional wheel wheeler shot time off
    door"""
)
_COUNTRIES = words("u.s. u.s u.k. u.k e.u. e.u ee.uu. ee.uu n.y. d.c.")
_CODES_AFTER = words("u.s.c. u.s.c c.f.r. c.f.r usc cfr stat f.2d f.3d fed")
_AT_WORK = words("lunes viernes sabado horario atencion atiende abierto informacion informes")
_STRETCHES = words("days weeks hours minutes dias semanas horas minutos")
_MARGIN = 12
"""Characters of space and marks before a line's first word, at most."""
_OPENERS = frozenset('“"«•-*–¿¡:')


def excluded(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Whether a number names, orders or dates something instead of counting it."""
    if number.form == "order":
        return False
    own = _stuck if number.form == "digits" else _in_words
    return (
        own(tokens, number, context)
        or _opens_line(tokens, number, context)
        or _is_time(tokens, number, context)
        or is_age(tokens, number, context.lexicon.code)
        or _is_score(tokens, number)
        or _is_measure_name(tokens, number)
        or _is_named(tokens, number, context)
        or _is_telephone(tokens, number)
        or _is_short_year(tokens, number)
        or _is_first_days(tokens, number)
        or rates.is_base(tokens, number, context)
    )


def _stuck(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Digits that stick to letters, to a footnote's place or to another number."""
    return _stuck_before(tokens, number) or _stuck_after(tokens, number, context)


def _stuck_before(tokens: Sequence[Token], number: Number) -> bool:
    first = number.first
    text = tokens[first].text
    if text[0] == "0" and text[1:2].isdigit():
        # "0304.41", "073": no count begins so.
        return True
    if not first or not tokens[first].glued:
        return False
    before = tokens[first - 1]
    if before.kind in "wn":
        return before.fold not in {"us", "mx"}
    if before.text in _MARKS_BEFORE:
        return True
    if before.text in {"-", "–", "_"}:
        return first > 1 and before.glued and tokens[first - 2].kind == "w"
    if before.text == "[":
        return number.last < len(tokens) and tokens[number.last].text == "]"
    return before.text in _CLOSERS and before.glued and first > 1


def _stuck_after(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    last = number.last
    if last >= len(tokens) or not tokens[last].glued:
        return False
    after = tokens[last]
    if after.kind == "w":
        return after.fold not in _UNITS_GLUED and after.fold not in context.lexicon.short_scales
    if after.text == "-" and last + 1 < len(tokens) and tokens[last + 1].glued:
        # "737-MAX", but "25-percent".
        name = tokens[last + 1]
        return name.kind == "w" and name.text.isupper() and len(name.text) < 4
    if after.text == ":":
        # "3:1", but "more than 35 thousand: they ...".
        return last + 1 < len(tokens) and tokens[last + 1].glued
    return after.text in _MARKS_AFTER


def _in_words(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Number words in names and set phrases."""
    lexicon, first, last = context.lexicon, number.first, number.last
    phrase = lexicon.skipped.at(tokens, first - 1) if first else None
    if lexicon.skipped.at(tokens, first) is not None or (phrase is not None and phrase[0] > 1):
        return True
    if number.low == number.high == 1 and not number.scaled:
        return not _one_counts(tokens, number, context)
    if _is_capital_name(tokens, number):
        return tokens[first - 1].text not in _OPENERS
    after = ahead(tokens, last, 2)
    return after[0] == "-" and tokens[last].glued and after[1] in _HYPHENED


def _is_capital_name(tokens: Sequence[Token], number: Number) -> bool:
    """A capital inside a sentence, and another after it: "the Seven Sisters"."""
    first, last = number.first, number.last
    if not first or last >= len(tokens):
        return False
    word, after = tokens[first].text, tokens[last]
    return (
        word[0].isupper() and not word.isupper() and after.kind == "w" and after.text[0].isupper()
    )


def _one_counts(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Whether "one" and "un" are a number: they are articles and pronouns more often."""
    lexicon, last = context.lexicon, number.last
    before, after = behind(tokens, number.first, 1)[0], ahead(tokens, last, 2)
    if lexicon.code == "en":
        if after[1] in {"may", "can", "could", "might", "must", "should"}:
            # "One file may hold several victims" speaks of any file.
            return False
        if before in {"from", "to"} and after[0] in {"", "in"}:
            return True
        counted = after[0] in lexicon.nouns or after[0] in lexicon.durations
        return counted or after[0] in {"in", "out", "percent", "per", "%"}
    if after[0] in {"por", "punto"} or after == ["de", "cada"]:
        return True
    # "un asesinato al día" counts, "un migrante" does not.
    often = any(lexicon.frequencies.at(tokens, last + k) is not None for k in (1, 2))
    return often and tokens[number.first].fold in {"un", "una"} and after[0] in lexicon.nouns


def _opens_line(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """A list's number ("1.", "2)", "(3)") or a footnote's ("1 Mexico's National Guard is ...").

    A footnote begins a line: within a paragraph, "5 Mexicans were among them" counts.
    """
    first, last = number.first, number.last
    if number.form != "digits" or first > 1 or number.low >= 100 or last >= len(tokens):
        return False
    after = tokens[last]
    if after.text in {".", ")"} and after.glued and last + 1 < len(tokens):
        return first == 0 or tokens[0].text == "("
    note = first == 0 and number.low < 10 and number.low % 1 == 0 and not number.scaled
    if not note or after.kind != "w" or not after.text[0].isupper():
        return False
    return _begins_line(context.text, tokens[0].start)


def _begins_line(text: str, start: int) -> bool:
    """Whether nothing but space and the marks of Markdown stands before a place in its line."""
    least = max(0, start - _MARGIN)
    return start == 0 or not text[max(least, text.rfind("\n", least, start)) : start].strip(
        " \t\r\n*_#>"
    )


def _is_time(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    after, before = ahead(tokens, number.last, 3), behind(tokens, number.first, 2)
    if after[0] in _TIMES or after in (["a", ".", "m"], ["p", ".", "m"]):
        return True
    if _is_hour(tokens, number) or _is_open_hour(tokens, number):
        return True
    if before != ["a", "las"] or number.scaled:
        return after[0] in {"horas", "hrs"} and before[-1] == "las"
    return number.low < 25 and after[0] in {"de", "horas", "en", "", ",", ".", "y"}


def _is_hour(tokens: Sequence[Token], number: Number) -> bool:
    """`de 4 a 10 de la mañana`, `open 9 to 5`."""
    if number.low > 24 or number.scaled:
        return False
    after, before = ahead(tokens, number.last, 5), behind(tokens, number.first, 4)
    for part in (after, after[2:] if after[0] in {"a", "y", "-", "–"} else []):
        if part[:2] == ["de", "la"] and part[2:3] and part[2] in _DAY_PARTS:
            return True
    if after[0] in {"to", "a", "-", "–"} and after[1].isdigit():
        return not _OPEN.isdisjoint(before[-2:])
    return before[-1] in {"to", "a", "-", "–"} and not _OPEN.isdisjoint(before[:3])


def _is_open_hour(tokens: Sequence[Token], number: Number) -> bool:
    """`de 9 a 14 horas` where a line or an office is open, at the end of a sentence."""
    after, before = ahead(tokens, number.last, 4), behind(tokens, number.first, 2)
    first = before[-1] == "de" and after[0] == "a" and after[2] == "horas"
    last = before[-1] == "a" and after[0] == "horas" and before[-2].isdigit()
    if number.low > 24 or not (first or last):
        return False
    lead = behind(tokens, number.first, 12)
    return not _AT_WORK.isdisjoint(lead) or behind(tokens, number.first - 1, 1)[0] == ","


def _is_first_days(tokens: Sequence[Token], number: Number) -> bool:
    """`los primeros veinte días`, `the first 100 days`: a stretch of the calendar."""
    after, before = ahead(tokens, number.last, 1)[0], behind(tokens, number.first, 1)[0]
    return before in {"first", "primeros", "primeras"} and after in _STRETCHES


def _is_telephone(tokens: Sequence[Token], number: Number) -> bool:
    """`llame al 912 140 505`: groups set apart by spaces, with nothing counted behind."""
    first, last = number.first, number.last
    if number.form != "digits" or number.scaled or last - first < 3 or number.low < 10**8:
        return not _CALLED.isdisjoint(behind(tokens, first, 3)[-2:]) and number.form == "digits"
    after = tokens[last] if last < len(tokens) else None
    return after is None or after.kind == "s" or not _CALLED.isdisjoint(behind(tokens, first, 8))


def _is_short_year(tokens: Sequence[Token], number: Number) -> bool:
    """`el Mundial del 94`, `the class of 94`."""
    first, last = number.first, number.last
    if first < 2 or last != first + 1 or len(tokens[first].text) != 2 or number.low < 40:
        return False
    ended = last >= len(tokens) or tokens[last].kind == "s"
    led = tokens[first - 1].fold == "del" and tokens[first - 2].text[0].isupper()
    return ended and led and ahead(tokens, last, 1)[0] not in {"%", "-", "("}


def _is_score(tokens: Sequence[Token], number: Number) -> bool:
    """Scores and votes: `3-1`, "by a vote of 61 to 38"."""
    first, last = number.first, number.last
    if number.form != "digits" or number.scaled:
        return False
    after = last + 1 < len(tokens) and tokens[last + 1].kind == "n"
    before = first >= 2 and tokens[first - 2].kind == "n"
    links = {"to", "-", "–", "a", "contra"}
    on = after and tokens[last].fold in links
    back = before and tokens[first - 1].fold in links
    if (on or back) and any(token.fold in _VOTES for token in tokens[max(0, first - 7) : first]):
        return True
    if on and tokens[last].text in {"-", "–"} and tokens[last].glued:
        other = tokens[last + 1].text
        return other.isdigit() and len(other) < 3 and int(other) <= number.low
    if back and tokens[first - 1].text in {"-", "–"} and tokens[first].glued:
        other = tokens[first - 2].text
        return (
            tokens[first - 1].glued
            and len(other) < 9
            and (other.isdigit() and int(other) >= number.low)
        )
    return False


def _is_measure_name(tokens: Sequence[Token], number: Number) -> bool:
    """Calibres, degrees, index bases, ordinals in digits, `the 1944 Treaty`."""
    after, before = ahead(tokens, number.last, 2), behind(tokens, number.first, 1)[0]
    if after[0] in _CODES_AFTER:
        # "8 U.S.C. 1158"
        return True
    if before in {"calibre", "caliber", "cal", "grado", "grados", "="}:
        return True
    if after[0] in {"caliber", "calibre", "degrees", "grados", "bis", "°", "º", "="}:
        return True
    if after[0] == "-" and after[1] in {"caliber", "calibre"}:
        return True
    year = number.form == "digits" and number.last == number.first + 1
    return year and year_of(tokens[number.first]) is not None and after[0] in _DATED_THINGS


def _is_named(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """`Title 42`, `page 3`, `No. 5`, `Boeing 737`, `artículos 4 y 16`."""
    numbered, first = context.lexicon.numbered, number.first
    back = first - 1
    while back >= 0 and first - back < 4 and tokens[back].fold in {".", "º", "°", "(", "-"}:
        back -= 1
    if back < 0:
        return False
    before = tokens[back]
    if number.form != "digits" and (number.scaled or not before.text[0].isupper()):
        return False
    if before.fold.rstrip(".") in numbered:
        return not _counts_after(tokens, number, context, before)
    if before.text == "+":
        return True
    if "." in before.text and before.text.isupper() and before.fold not in _COUNTRIES:
        # "P.L. 116-260"
        return number.form == "digits" and not number.scaled
    if tokens[first - 1].fold not in _LIST_JOINTS:
        return False
    # Lists: "Articles 4 and 16", "sections 3, 5 and 7".
    back = first - 2
    while (
        back > 0
        and first - back < 10
        and (tokens[back].kind == "n" or tokens[back].fold in _LIST_JOINTS)
    ):
        back -= 1
    listed = back >= 0 and tokens[back].fold in numbered and tokens[back + 1].kind == "n"
    return listed and not _counts_things(tokens, number, context)


def _counts_things(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Whether a thing counted follows: "en la Línea 8 y 93 personas acabaron ..."."""
    at = number.last
    return at < len(tokens) and nouns.known(tokens, at, context) is not None


def _counts_after(tokens: Sequence[Token], number: Number, context: Context, before: Token) -> bool:
    """Whether a number counts although a word that takes numbers stands before it."""
    after = tokens[number.last] if number.last < len(tokens) else None
    lexicon = context.lexicon
    counted = after is not None and after.fold in lexicon.nouns.keys() | lexicon.durations
    if before.text.endswith("ó"):
        # "pasó 72 horas": the verb.
        return True
    if before.fold in _ALWAYS or before.text[0].isupper():
        return before.text == "no" and counted
    if before.fold == "number":
        return True
    percent = after is not None and after.text == "%"
    return number.scaled or percent or (before.fold in _SHARED and counted)
