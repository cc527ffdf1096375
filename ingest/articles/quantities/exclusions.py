"""Numbers that are no figures: names, references, ages, times, list and footnote numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.articles.quantities.calendar import year_of
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.numbers import Number
from ingest.articles.quantities.tokens import Token

_AGE_EN = {"old", "olds"}
_AGED = {"age", "ages", "aged", "edad", "edades"}
_BRACKETS = {"mayores", "menores", "mayor", "menor", "older", "younger"}
_TIMES = {"a.m.", "p.m.", "a.m", "p.m", "am", "pm", "o'clock", "hrs", "h"}
_SIGNS_BEFORE = {"#", "№", "§", "¶", "&", "/"}
_UNITS_GLUED = frozenset(
    "km kg mw gw kwh ha lb lbs mph m cm mm g ml l gb tb pc pct pp s c f percent bn mn k b tn"
    " mdd mdp mmdd mmdp bln mln trn plus x".split()
)


def excluded(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Whether a number names, orders or dates something instead of counting it."""
    if number.form == "digits":
        return (
            _glued(tokens, number, context)
            or _named(tokens, number, context)
            or (_around(tokens, number, context))
        )
    return (
        _words(tokens, number, context)
        or _around(tokens, number, context)
        or _named(tokens, number, context)
    )


def _glued(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Digits that stick to letters, to a footnote's place or to another number."""
    first, last = number.first, number.last
    token = tokens[first]
    if token.glued and first:
        before = tokens[first - 1]
        if before.kind in "wn" and before.fold not in {"us", "mx"}:
            return True
        if before.text in {"-", "–", "'", "’", "_"}:
            previous = tokens[first - 2] if first > 1 else None
            if previous is not None and before.glued and previous.kind == "w":
                return True
            if before.text in {"'", "’"}:
                return True
        if before.text in {".", "”", "’", ",", ";", ")", "]", "*"} and first > 1 and before.glued:
            return True
        if before.text == '"' and first > 1 and before.glued:
            return True
        if before.text in _SIGNS_BEFORE:
            return True
        if before.text == "[" and last < len(tokens) and tokens[last].text == "]":
            return True
    if last < len(tokens) and tokens[last].glued:
        after = tokens[last]
        if after.kind == "w" and after.fold not in _UNITS_GLUED | set(context.lexicon.short_scales):
            return True
        if after.kind == "w" and after.fold in {"s", "x", "c", "f"}:
            return True
        if after.text in {"/", "º", "ª", "°", "_", ":", "²", "³", "="}:
            return after.text != "°" or True
        if after.text == "-" and last + 1 < len(tokens) and tokens[last + 1].glued:
            following = tokens[last + 1]
            if following.kind == "w" and following.text.isupper() and len(following.text) < 4:
                return True
    return False


def _named(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """`Title 42`, `page 3`, `No. 5`, `Boeing 737`, `artículos 4 y 16`."""
    lexicon, first = context.lexicon, number.first
    if number.scaled and number.form != "digits":
        return False
    back = first - 1
    while back >= 0 and tokens[back].fold in {".", "º", "°", "(", "-"} and first - back < 4:
        back -= 1
    if back < 0:
        return False
    before = tokens[back]
    if number.form != "digits" and not before.text[0].isupper():
        return False
    if before.fold.rstrip(".") in lexicon.numbered:
        # "line 4 cases" is none, "class 300 students" hardly is: only with a unit that follows
        # may a word of this list be the end of something else.
        return not _counts(tokens, number, context, before)
    if before.text in {"±", "+"} and before.text == "+":
        return True
    # Lists: "Articles 4 and 16", "sections 3, 5 and 7".
    if tokens[first - 1].fold in {"and", "or", "y", "e", "o", ",", "to", "a", "al"} and first >= 2:
        steps = first - 2
        while (
            steps > 0
            and first - steps < 10
            and (
                tokens[steps].kind == "n"
                or tokens[steps].fold
                in {",", "and", "or", "y", "to", "a", "al", "-", "–"}  # fmt: skip
            )
        ):
            steps -= 1
        if steps < first - 2 + 1 and tokens[steps].fold in lexicon.numbered and steps != first - 1:
            return tokens[steps + 1].kind == "n"
    return False


def _counts(tokens: Sequence[Token], number: Number, context: Context, before: Token) -> bool:
    if before.fold in {"rank", "ranked", "age", "ages", "aged", "no", "num", "numero"} or (
        before.text[0].isupper()
    ):
        return (
            before.fold in {"no"}
            and before.text == "no"
            and number.last < len(tokens)
            and (tokens[number.last].fold in context.lexicon.nouns)
        )
    if before.fold in {"number", "numero"}:
        return False
    if number.last >= len(tokens):
        return False
    after = tokens[number.last]
    return (
        number.scaled
        or after.text == "%"
        or (
            before.fold
            in {
                "act",
                "bus",
                "train",
                "note",
                "order",
                "group",
                "class",
                "table",
                "grade",
                "parte",
                "zona",
                "zonas",
                "base",
                "grupo",
                "via",
                "linea",
                "bill",
                "code",
                "level",
                "ley",
                "phone",
                "chart",
                "category",
                "form",
                "rule",
                "line",
                "part",
                "step",
                "age",
                "piso",
                "punto",
            }  # fmt: skip
            and after.fold in context.lexicon.nouns
        )
    )


def _around(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Ages, clock times, list numbers, scores, index bases, degrees."""
    first, last = number.first, number.last
    lexicon = context.lexicon
    after = [token.fold for token in tokens[last : last + 5]] + [""] * 5
    before = [token.fold for token in tokens[max(0, first - 4) : first]]
    before = [""] * (4 - len(before)) + before
    # List numbers at the sentence's head: "1.", "2)", "(3)".
    if number.form == "digits" and first <= 1 and number.low < 100:
        if (
            last < len(tokens)
            and tokens[last].text in {".", ")"}
            and tokens[last].glued
            and (last + 1 < len(tokens) and (first == 0 or tokens[0].text == "("))
        ):
            return True
    # A footnote's number before its text: "1 Mexico's National Guard is ...".
    if (
        number.form == "digits"
        and first == 0
        and number.low < 10
        and last < len(tokens)
        and (
            tokens[last].kind == "w"
            and tokens[last].text[0].isupper()
            and number.low % 1 == 0
            and not number.scaled
        )
    ):
        return True
    if after[0] in _TIMES or after[:3] == ["a", ".", "m"] or after[:3] == ["p", ".", "m"]:
        return True
    if after[0] in {"horas", "hrs"} and before[-1] == "las":
        return True
    if (
        before[-2:] == ["a", "las"]
        and number.low < 25
        and after[0] not in lexicon.nouns
        and (after[0] not in lexicon.percent_words if hasattr(lexicon, "percent_words") else True)
        and not number.scaled
    ):
        return after[0] in {"de", "horas", "en", "", ",", ".", "y"}
    if _age(tokens, number, before, after, lexicon.code):
        return True
    if after[0] in {"°", "º"}:
        return True
    if after[0] == "=" or before[-1] == "=":
        return True
    if after[0] in {"am", "st", "th", "nd", "rd"} and tokens[last].glued:
        return True
    if _is_vote(tokens, number):
        return True
    if number.form == "digits" and after[0] in {"-", "–"} and last + 1 < len(tokens):
        # Scores: "won 3-1".
        other = tokens[last + 1]
        if other.kind == "n" and tokens[last].glued and other.glued and other.text.isdigit():
            if int(other.text[:9]) <= number.low and len(other.text) < 3:
                return True
    if (
        before[-1] in {"-", "–"}
        and number.form == "digits"
        and first > 1
        and (tokens[first - 2].kind == "n" and tokens[first].glued and tokens[first - 1].glued)
    ):
        return tokens[first - 2].text.isdigit() and Number_int(tokens[first - 2]) >= number.low
    # A calibre.
    if (
        before[-1] in {"calibre", "caliber", "cal"}
        or after[0] in {"caliber", "calibre"}
        or (after[0] == "-" and after[1] in {"caliber", "calibre"})
    ):
        return True
    year = year_of(tokens[first]) if number.form == "digits" and last == first + 1 else None
    if year is not None and after[0] in {"election", "elections", "law", "treaty", "census",
                                         "constitution", "act", "agreement", "convention",
                                         "summit", "budget", "report"}:  # fmt: skip
        return True
    return before[-1] in {"grado", "grados"} or after[0] in {"degrees", "grados", "bis"}


_VOTES = {"vote", "votes", "voted", "score", "won", "beat", "defeated", "passed", "tally", "lost",
          "marcador", "votacion", "gano", "vencio", "win", "victory", "tied", "margin"}  # fmt: skip


def _is_vote(tokens: Sequence[Token], number: Number) -> bool:
    """Both numbers of "by a vote of 61 to 38"."""
    if number.form != "digits" or number.scaled:
        return False
    first, last = number.first, number.last
    links = {"to", "-", "–", "a", "contra"}
    paired = (
        last + 1 < len(tokens) and tokens[last].fold in links and tokens[last + 1].kind == "n"
    ) or (first >= 2 and tokens[first - 1].fold in links and tokens[first - 2].kind == "n")
    return paired and any(token.fold in _VOTES for token in tokens[max(0, first - 7) : first])


def Number_int(token: Token) -> int:  # noqa: N802
    return int(token.text[:9]) if token.text.isdigit() else 0


def _age(
    tokens: Sequence[Token], number: Number, before: list[str], after: list[str], code: str
) -> bool:
    if number.low > 120 or number.scaled:
        return False
    if code == "en":
        if (
            after[0] == "-"
            and after[1] in {"year", "month", "week", "day"}
            and after[2] == "-"
            and (after[3] in _AGE_EN)
        ):
            return True
        if after[0] in {"years", "year", "months", "weeks"} and (
            after[1] in _AGE_EN or after[1:3] == ["of", "age"]
        ):
            return True
        if before[-1] in {"aged", "age", "ages"} or before[-2:] in (["age", "of"], ["ages", "of"]):
            return True
        if after[0] == "to" and before[-1] in _AGED:
            return True
        if (
            before[-1] == "to"
            and "aged" in before
            or ("ages" in before and before[-1] in {"to", "and", "-"})
        ):
            return True
        if (
            after[0] in {"and", "or"}
            and after[1] in {"older", "over", "under", "younger", "up"}
            and (number.form != "order")
        ):
            return not (tokens[number.first - 1].kind == "n" if number.first else False)
        if (
            before[-1] in {"over", "under", "below", "above"}
            and number.low < 100
            and (
                after[0] in {"-", "s"}
                or before[-2]
                in {
                    "children",
                    "people",
                    "adults",
                    "minors",
                    "those",
                    "anyone",
                    "women",
                    "men",
                    "aged",
                    "youths",
                    "persons",
                    "everyone",
                    "girls",
                    "boys",
                }  # fmt: skip
            )
        ):
            return True
        return bool(
            before[-1] == ","
            and after[0] == ","
            and number.form == "digits"
            and (
                number.first >= 2
                and tokens[number.first - 2].text[:1].isupper()
                and tokens[number.first - 2].kind == "w"
                and 10 <= number.low <= 110
            )
        )
    if after[0] in {"anos", "ano", "meses"}:
        if after[1:3] == ["de", "edad"] or after[1:3] == ["cumplidos", ","]:
            return True
        if after[1:3] in (["y", "mas"], ["o", "mas"]):
            return True
        if before[-2:-1] and before[-2] in _BRACKETS and before[-1] in {"de", "a"}:
            return True
        if before[-1] == "de" and number.first >= 2:
            previous = tokens[number.first - 2]
            person = previous.fold
            from ingest.articles.quantities.spanish_nouns import PERSONS  # noqa: PLC0415

            if person == "," or person in PERSONS:
                return True
            if previous.text[:1].isupper() and previous.kind == "w":
                return True
        if "mayores" in before or "menores" in before:
            return True
        if before[-1] in {"tiene", "tenia", "cumplio", "cumple", "tenian"}:
            return True
    if before[-2] in _BRACKETS and before[-1] == "de" and after[0] not in {"por", "%"}:
        return after[0] in {"", ",", ".", "y", "anos"}
    if after[0] in {"a", "y"} and after[2] == "anos" and before[-1] in {"de", "entre"}:
        # "jóvenes de 18 a 29 años", "entre 15 y 24 años"
        return number.low < 100 and _person_near(tokens, number)
    if before[-1] in {"a", "y"} and after[0] == "anos" and before[-2].isdigit():
        return _person_near(tokens, number)
    return before[-1] == "edad" or before[-2:] == ["edad", "de"]


def _person_near(tokens: Sequence[Token], number: Number) -> bool:
    from ingest.articles.quantities.spanish_nouns import PERSONS  # noqa: PLC0415

    return any(
        token.fold in PERSONS or token.fold in _AGED
        for token in tokens[max(0, number.first - 6) : number.first]
    )


def _words(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    """Number words in names and set phrases."""
    lexicon, first, last = context.lexicon, number.first, number.last
    token = tokens[first]
    if number.form == "order":
        return False
    if lexicon.skipped.at(tokens, first) or (
        first
        and lexicon.skipped.at(tokens, first - 1) is not None
        and (lexicon.skipped.at(tokens, first - 1) or (0, 0))[0] > 1
    ):
        return True
    # A capital inside a sentence, and another after it: a name.
    if first and token.text[0].isupper() and last < len(tokens):
        if (
            tokens[last].text[:1].isupper()
            and tokens[last].kind == "w"
            and not token.text.isupper()
        ):
            return tokens[first - 1].text not in {"“", '"', "«", "•", "-", "*", "–", "¿", "¡", ":"}
    # "one" and "un" are articles and pronouns more often than numbers.
    if number.low == 1 and not number.scaled and number.high == 1:
        return not _one_counts(tokens, number, context)
    if (
        last < len(tokens)
        and tokens[last].fold in {"-"}
        and last + 1 < len(tokens)
        and (
            tokens[last].glued
            and tokens[last + 1].fold
            in {
                "track",
                "way",
                "party",
                "sided",
                "fold",
                "star",
                "pronged",
                "part",
                "dose",
                "dimensional",
                "wheel",
                "wheeler",
                "shot",
                "time",
                "off",
                "door",
            }  # fmt: skip
        )
    ):
        return True
    return False


def _one_counts(tokens: Sequence[Token], number: Number, context: Context) -> bool:
    lexicon, last = context.lexicon, number.last
    if last >= len(tokens):
        return number.first > 0 and tokens[number.first - 1].fold in {"from", "to"}
    after = tokens[last].fold
    if lexicon.code == "en":
        if number.first and tokens[number.first - 1].fold in {"from", "to"} and after == "in":
            return True
        near = [token.fold for token in tokens[last : last + 3]]
        units = [lexicon.nouns.get(word) or lexicon.durations.get(word) for word in near]
        return (
            bool(units[0])
            or (
                len(near) > 1
                and near[0] in {"gun", "in", "out"}
                and (units[1] is not None or near[0] != "gun")
            )
            or near[0] in {"in", "out", "percent", "per", "%"}
        )
    word = tokens[number.first].fold
    # "un asesinato al día" counts, "un migrante" does not.
    if after in {"por", "punto"}:
        return True
    frequency = any(lexicon.frequencies.at(tokens, last + k) for k in (1, 2))
    if word in {"un", "una"}:
        return (
            (frequency and tokens[last].fold in lexicon.nouns)
            or after in {"de"}
            and (last + 1 < len(tokens) and tokens[last + 1].fold == "cada")
        )
    return after in {"de"} and last + 1 < len(tokens) and tokens[last + 1].fold == "cada"
