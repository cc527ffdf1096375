"""What a number counts: percent, money, a rate, or the noun that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.numbers import number_at
from ingest.articles.quantities.tokens import Token

REACH = 7
"""Words that may stand between a number and its noun, in English; Spanish puts the noun first."""
_SIGNS = {"$": "", "€": "EUR", "£": "GBP", "¥": "JPY"}
_DOLLARS = {"us": "USD", "u.s.": "USD", "u.s": "USD", "mx": "MXN", "c": "CAD", "ca": "CAD",
            "can": "CAD", "a": "AUD", "r": "BRL", "usd": "USD", "mxn": "MXN", "mex": "MXN"}  # fmt: skip
_CODES = {"usd": "USD", "mxn": "MXN", "eur": "EUR", "cad": "CAD", "gbp": "GBP", "dls": "USD"}
_PEOPLE = {"inhabitants", "people", "residents", "population", "persons", "habitantes", "personas",
           "births", "nacimientos", "nacidos", "mujeres", "women", "hombres", "men", "vivos",
           "live", "adults", "children"}  # fmt: skip
_SCALE_NAMES = {1: "", 100: "100", 1000: "1k", 10_000: "10k", 100_000: "100k", 10**6: "million"}


def money_before(tokens: Sequence[Token], first: int, context: Context) -> tuple[str, int] | None:
    """The currency that stands before a number, and where it begins."""
    back = first - 1
    if back < 0:
        return None
    token = tokens[back]
    if token.text in _SIGNS:
        code = _SIGNS[token.text] or context.dollar_sign
        start = back
        if start and tokens[start - 1].text == "\\":
            start -= 1
        if start and tokens[start].glued and tokens[start - 1].fold in _DOLLARS:
            start -= 1
            code = _DOLLARS[tokens[start].fold] if token.text == "$" else code
        return code, start
    if token.fold in _CODES and token.kind == "w" and token.text.isupper():
        return _CODES[token.fold], back
    return None


def bind(tokens: Sequence[Token], draft: Draft, context: Context, masked: bytearray) -> None:
    """Finds the unit of a draft to the right of its number, and money to its left."""
    money = money_before(tokens, draft.number_first, context)
    if money is not None:
        draft.currency, start = money
        draft.unit = draft.currency.lower()
        draft.first = min(draft.first, start)
    at = draft.last
    if at < len(tokens):
        bound = _percent(tokens, at, draft, context) or _money_after(tokens, at, draft, context)
        if not bound and money is None and not draft.currency:
            _noun(tokens, at, draft, context, masked)
    _rate(tokens, draft, context, masked)
    _frequency(tokens, draft, context)


def _percent(tokens: Sequence[Token], at: int, draft: Draft, context: Context) -> bool:
    found = context.lexicon.percent.at(tokens, at)
    if found is None or draft.form in {"order", "ratio"}:
        return False
    if (
        found[1] == "percentage-points"
        and tokens[at].fold in {"points", "puntos"}
        and (found[0] == 1 and draft.place >= 1 and not _speaks_of_percent(tokens, at))
    ):
        return False
    draft.unit, draft.last = found[1], at + found[0]
    if draft.low == draft.low.to_integral_value() and draft.place > 1:
        draft.place = Decimal(1)
    return True


def _speaks_of_percent(tokens: Sequence[Token], at: int) -> bool:
    """Whether percentages stand near, so that points are points of them."""
    near = tokens[max(0, at - 20) : at + 12]
    return any(token.fold in {"%", "percent", "ciento", "cent", "percentage"} for token in near)


def _money_after(tokens: Sequence[Token], at: int, draft: Draft, context: Context) -> bool:
    if tokens[at].fold == "-" and at + 1 < len(tokens):
        at += 1
    if draft.form == "order" and tokens[at].fold in context.lexicon.of and at + 1 < len(tokens):
        at += 1
    found = context.lexicon.currencies.at(tokens, at)
    # "cinco millones de nuevos pesos", "3 billion in US dollars" are left to the noun.
    if found is None:
        return False
    code = found[1]
    if code == "MXN" and tokens[at + found[0] - 1].fold in {"pesos", "peso"}:
        code = context.peso
    if (
        tokens[at + found[0] - 1].fold in {"peso", "dollar"}
        and tokens[at - 1].fold != "-"
        and (draft.low != 1)
    ):
        return False
    draft.currency, draft.unit, draft.last = code, code.lower(), at + found[0]
    if draft.form in {"fraction", "share"}:
        draft.unit = draft.currency = None
        return False
    return True


def _noun(
    tokens: Sequence[Token], at: int, draft: Draft, context: Context, masked: bytearray
) -> None:
    search = _spanish_noun if context.lexicon.code == "es" else _english_noun
    found = search(tokens, at, draft, context, masked)
    if found is None:
        return
    place, unit, last = found
    draft.noun, draft.last = place, max(draft.last, last)
    if draft.unit is None:
        draft.unit = unit


def known(tokens: Sequence[Token], place: int, context: Context) -> tuple[int, str] | None:
    """(words, unit) of a thing counted that begins at a token: the catalogue's words first."""
    found = context.units.at(tokens, place)
    if found is not None:
        return found
    word = tokens[place].fold
    unit = context.lexicon.nouns.get(word) or context.lexicon.durations.get(word)
    return None if unit is None else (1, unit)


def _english_noun(
    tokens: Sequence[Token], at: int, draft: Draft, context: Context, masked: bytearray
) -> tuple[int, str, int] | None:
    lexicon = context.lexicon
    best: tuple[int, str, int] | None = None
    spare: tuple[int, str, int] | None = None
    place, end = at, min(len(tokens), at + REACH)
    while place < end:
        token = tokens[place]
        if masked[place]:
            break
        if token.kind != "w":
            if token.text in {"-", "&"} and best is None:
                place += 2 if token.text == "-" else 1
                end = min(len(tokens), end + 1)
                continue
            if token.text in {'"', "“", "”", "'", "‘"} and best is None:
                place += 1
                continue
            break
        found = known(tokens, place, context)
        if token.fold in lexicon.stops and found is None:
            if (
                best is None
                and place > at
                and tokens[place - 1].fold == "of"
                and token.fold in {"the", "these", "those", "its", "their", "our", "all"}
            ):
                place += 1
                continue
            break
        if token.fold == "of":
            if place > at and not (draft.form in {"fraction", "share"}):
                break
            place += 1
            continue
        if token.fold in {"and", "or"}:
            if best is not None or spare is not None or place == at:
                break
            place += 1
            continue
        if _hyphened(tokens, place + (found[0] if found else 1)):
            # Of "acre-feet" both words are the unit, of "asylum-seekers" the second.
            second = place + (found[0] if found else 1) + 1
            thing = known(tokens, second, context)
            if thing is not None and _many(tokens[second].fold):
                joined = tokens[second].fold in _MEASURES
                unit = f"{token.fold}-{tokens[second].fold}" if joined else thing[1]
                best = (place, unit, second + thing[0])
                place = second + thing[0]
                continue
            place = second + 1
            end = min(len(tokens), end + 2)
            continue
        if found is not None:
            best = (place, found[1], place + found[0])
            place += found[0]
            continue
        if best is not None:
            # "5 school bullies": one word more after a noun in the singular.
            if (
                draft.low != 1
                and not _many(tokens[best[0]].fold)
                and best[2] == place
                and (_plural(token) and token.fold not in lexicon.modifiers)
            ):
                best = (place, _slug(token.fold), place + 1)
            break
        if token.fold not in lexicon.modifiers and _plural(token) and spare is None:
            spare = (place, _slug(token.fold), place + 1)
        elif spare is not None:
            break
        place += 1
    return best or spare


_MEASURES = {"feet", "hours", "miles", "kilometers", "days", "years", "months"}
_PLURALS = {"people", "men", "women", "children", "police", "personnel", "staff", "troops", "crew",
            "cattle", "feet", "dead", "aircraft", "missing", "lives", "guards", "consortia"}  # fmt: skip


def _many(word: str) -> bool:
    return word in _PLURALS or word.endswith("s")


def _hyphened(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word goes on with a hyphen: `family-owned` is no family."""
    return (
        place + 1 < len(tokens)
        and tokens[place].text == "-"
        and tokens[place].glued
        and tokens[place + 1].glued
        and tokens[place + 1].kind == "w"
        and tokens[place + 1].fold not in {"seekers", "officers", "files"}
    )


def _plural(token: Token) -> bool:
    word = token.fold
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s", "ous"))
        and word.isascii()
        and not token.text[0].isupper()
    )


def _slug(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word).strip("-")


def _spanish_noun(
    tokens: Sequence[Token], at: int, draft: Draft, context: Context, masked: bytearray
) -> tuple[int, str, int] | None:
    lexicon = context.lexicon
    place = at
    if (
        place < len(tokens)
        and tokens[place].fold in {"de", "del"}
        and (draft.scaled or draft.form in {"fraction", "share", "order"})
    ):
        place += 1
        while place < len(tokens) and tokens[place].fold in lexicon.articles | {"sus", "esos",
                                                                              "estos"}:  # fmt: skip
            if draft.form in {"digits", "words"}:
                break
            place += 1
    spare: tuple[int, str, int] | None = None
    for step in range(place, min(len(tokens), place + 4)):
        token = tokens[step]
        if token.kind != "w" or masked[step]:
            if token.text in {"“", '"', "«"}:
                continue
            break
        found = known(tokens, step, context)
        if found is not None and token.fold in lexicon.modifiers and spare is None:
            following = known(tokens, step + 1, context) if step + 1 < len(tokens) else None
            if following is not None:
                continue
        if found is not None:
            return step, found[1], step + found[0]
        if token.fold in lexicon.modifiers:
            continue
        if token.fold in lexicon.stops or token.fold == "de":
            break
        if token.fold.endswith(("ados", "adas", "idos", "idas")) and tokens[step - 1].fold != "de":
            break
        if spare is None and _plural(token):
            spare = (step, _slug(token.fold), step + 1)
            continue
        break
    return spare


def base_of_rate(
    tokens: Sequence[Token], place: int, context: Context
) -> tuple[Decimal, int] | None:
    """(100000, token after) of `per 100,000 inhabitants`, `por cada 100 mil habitantes`."""
    found = context.lexicon.per.at(tokens, place)
    if found is None:
        return None
    at = place + found[0]
    if at >= len(tokens):
        return None
    if tokens[at].fold in {"a", "un", "una", "one", "every", "each"} and at + 1 < len(tokens):
        at += tokens[at].fold in {"every", "each"}
    number = number_at(tokens, at, context.lexicon, context.style)
    if number is None:
        word = context.lexicon.scales.get(tokens[at].fold)
        if word is None:
            return None
        value, last = word, at + 1
    else:
        value, last = number.low, number.last
    if value not in {1000, 10_000, 100_000, 1_000_000}:
        return None
    for _ in range(3):
        if last < len(tokens) and (
            tokens[last].fold in _PEOPLE
            or (
                tokens[last].fold == "de"
                and last + 1 < len(tokens)
                and tokens[last + 1].fold in _PEOPLE
            )
        ):
            last += 1
    return value, last


def _rate(tokens: Sequence[Token], draft: Draft, context: Context, masked: bytearray) -> None:
    """`8 homicides for every 100,000 inhabitants` is a rate, whatever its noun."""
    if draft.form in {"ratio", "order"} or (draft.unit or "").startswith("percent"):
        return
    for place in range(draft.last, min(len(tokens), draft.last + 5)):
        if masked[place] or (tokens[place].kind == "s" and tokens[place].text not in "()"):
            return
        base = base_of_rate(tokens, place, context)
        if base is not None:
            draft.unit = f"per-{_SCALE_NAMES[int(base[0])]}"
            draft.currency, draft.last = None, base[1]
            if draft.low == draft.low.to_integral_value():
                draft.place = Decimal(1)
            return
        if tokens[place].fold in context.lexicon.stops and tokens[place].fold not in {"per", "por",
                                                                                      "for"}:  # fmt: skip
            return
        if tokens[place].kind == "n":
            return


def extend(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """Reads what stands behind a figure that took its unit over: `1.8 billion every single day`."""
    _frequency(tokens, draft, context)


def _each_before(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`each year 500,000 guns cross`: the frequency stands before."""
    unit = draft.unit or ""
    if unit in context.lexicon.durations.values() or unit.startswith("percent"):
        return False
    for place in range(draft.first - 2, max(-1, draft.first - 10), -1):
        token = tokens[place]
        if token.text in ",;:" or token.kind == "n":
            return False
        if token.fold in {"each", "every", "cada"}:
            found = context.lexicon.frequencies.at(tokens, place)
            if found is not None and found[0] == 2:
                draft.per = found[1]
            return found is not None
    return False


def _each_after(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """`95 people were killed each day`: verbs may stand between."""
    unit = draft.unit or ""
    if draft.noun is None or unit in context.lexicon.durations.values():
        return False
    for place in range(draft.last, min(len(tokens), draft.last + 5)):
        found = context.lexicon.frequencies.at(tokens, place)
        if found is not None and tokens[place].fold in {"each", "every", "cada", "daily", "al",
                                                        "diarios", "diarias"}:  # fmt: skip
            draft.per = found[1]
            return True
        if tokens[place].kind != "w" or tokens[place].fold in {"in", "on", "to", "from", "en",
                                                               "de", "and", "y", "with"}:  # fmt: skip
            return False
    return False


_SINGULAR = {"boxes": "box", "countries": "country", "families": "family", "cities": "city",
             "doses": "dose", "persons": "person", "lives": "life", "kilograms": "kilogram",
             "deaths": "death", "municipalities": "municipality"}  # fmt: skip


def _frequency(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """`trucks a day`, `dollars per barrel`: what the unit is said per."""
    if draft.unit is None or draft.unit.startswith(("per-", "percent")):
        return
    lexicon, at = context.lexicon, draft.last
    if (
        at < len(tokens)
        and tokens[at].fold in {"every", "each"}
        and at + 1 < len(tokens)
        and (tokens[at + 1].fold == "single")
    ):
        following = lexicon.durations.get(tokens[at + 2].fold) if at + 2 < len(tokens) else None
        if following:
            draft.per, draft.last = following.rstrip("s"), at + 3
        return
    found = lexicon.frequencies.at(tokens, at)
    if (
        found is not None
        and at + found[0] < len(tokens)
        and tokens[at + found[0]].fold
        in {"earlier", "before", "ago", "prior", "later", "antes", "despues", "atras"}
    ):
        return
    if found is not None:
        draft.per, draft.last = found[1], at + found[0]
        return
    if draft.noun is not None and at + 1 < len(tokens) and lexicon.frequencies.at(tokens, at + 1):
        # One word more between: "homicidios dolosos al día", "miles of track a day".
        between = tokens[at]
        if between.kind == "w" and between.fold not in lexicon.stops | lexicon.of:
            length, unit = lexicon.frequencies.at(tokens, at + 1) or (0, "")
            draft.per, draft.last = unit, at + 1 + length
            return
    if _each_before(tokens, draft, context) or _each_after(tokens, draft, context):
        return
    if at + 1 >= len(tokens):
        return
    lead = tokens[at].fold
    if lead in {"per", "por", "a", "an", "la", "el", "each"} or (lead == "to" and (
        tokens[at + 1].fold == "the")):  # fmt: skip
        place = at + 1 + (tokens[at + 1].fold in {"cada", "the", "every"})
        if place >= len(tokens):
            return
        word = tokens[place].fold
        if word in {"dollar", "dolar", "usd"} and draft.currency == "MXN":
            draft.unit, draft.currency, draft.per = "mxn-per-usd", None, None
            draft.last = place + 1
            return
        if lexicon.code == "es" and lead in {"la", "el"}:
            thing = known(tokens, place, context)
            weighed = {"pounds", "kilograms", "tonnes", "liters", "barrels", "hours", "grams"}
            if draft.currency and thing is not None and thing[1] in weighed:
                draft.per, draft.last = thing[1].removesuffix("s"), place + thing[0]
            return
        if lead not in {"per", "por", "a", "an"} or (lead == "a" and lexicon.code == "es"):
            return
        if draft.currency is None and lead != "per" and word not in lexicon.durations:
            return
        thing = known(tokens, place, context)
        if thing is not None and (not word.endswith("s") or word == "dosis"):
            draft.per = _SINGULAR.get(thing[1], thing[1].removesuffix("s"))
            draft.last = place + thing[0]
