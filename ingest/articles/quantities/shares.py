"""Ratios, fractions and shares in words: `tripled`, `two thirds of`, `one in five`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities import comparators, nouns, units
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft, draft_of
from ingest.articles.quantities.numbers import Number, number_at
from ingest.articles.quantities.tokens import Token, ahead, behind
from ingest.articles.quantities.wordsets import words

FRACTION_PLACE = Decimal(5)
"""Rounding unit of a fraction in words, in points."""
HALF = Decimal("0.5")
_RATIO_PLACE = Decimal("0.05")
_HUNDRED = Decimal(100)
_TWICE_BEFORE = words("as the that what its their those more over")
_TIMES_OF = words("lo la el los las mas mayor superior su")
_MEASURED = words(
    """miles kilometers meters feet tons tonnes kilograms pounds liters gallons barrels hectares
    acres ounces"""
)
_JOINTS = words("- later after earlier despues antes before")
_NOT_HALF = words("first second other better primera segunda later latter 's back front otra mid")
_NO_SHARE_AFTER = words("century siglo brother sister time way as")
_AFTER_SHARE = words(
    """of in from to since over are were is was more less fewer higher lower and between on
    compared last this"""
) | frozenset(["", ".", ",", ";", ")"])
_COMPARED = words("record level figure rate average peak")
_RECORDED = words(
    """registrado observado reportado presupuestado previsto esperado anotado programado
    contabilizado habitual normal"""
)
_AVERAGES = words("average rate level price size cost pace figure amount")
_MOST = {("most", "of"), ("la", "mayoria"), ("las", "mayoria"), ("la", "mayor")}
_MOST_OF = words("the them these those its their us de parte")
_VAGUE_LEADS = words("for de durante over hace desde por")


def ratio_word(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """`tripled`, `twice as many`, `el doble de`."""
    lexicon = context.lexicon
    found = lexicon.ratios.at(tokens, place)
    if found is None or lexicon.skipped.at(tokens, place) is not None:
        return None
    length, times = found
    last, word = place + length, tokens[place].fold
    if word == "a" and (lexicon.before.before(tokens, place + 1) or (0, ""))[1] == "lt":
        # "no llegaba a la mitad"
        return None
    after = ahead(tokens, last, 1)[0]
    if word in {"twice", "thrice"} and after not in _TWICE_BEFORE:
        return None
    if word == "doubled" and after == "down":
        return None
    if word == "el" and after not in {"de", "que", "", ".", ",", "del", ";", "en"}:
        return None
    # "to double" and "will triple": the number is the verb alone.
    led = length == 2 and tokens[place + 1].fold in {"double", "triple", "quadruple"}
    first = place + led
    decimals = Decimal("0.1") if times < 1 else Decimal(1)
    draft = Draft(times, times, decimals, first, last, first, last, "ratio", unit="ratio")
    bound = {"mas": "gt", "menos": "lt"}.get(behind(tokens, place, 1)[0])
    if word == "del" and bound is not None:
        draft.comparator, draft.first, draft.hedged = bound, place - 1, True
    else:
        comparators.bind(tokens, draft, context)
    return draft


def times_as(tokens: Sequence[Token], number: Number, context: Context) -> Draft | None:
    """`three times as many`: 3; `300 percent more` is left a percentage."""
    found = context.lexicon.times.at(tokens, number.last)
    multiplied = _multiplied(tokens, number)
    halves = _and_a_half_times(tokens, number)
    if halves is not None:
        number = halves
        multiplied = True
    elif found is None and _times_of_another(tokens, number):
        found = (1, 1)
    if (found is None and not multiplied) or number.form == "order":
        return None
    draft = draft_of(number)
    draft.form, draft.unit, draft.place = "ratio", "ratio", min(number.place, Decimal(1))
    draft.last = number.last + (found[0] if found is not None else 0)
    comparators.bind(tokens, draft, context)
    return draft


def _times_of_another(tokens: Sequence[Token], number: Number) -> bool:
    """`20 times Canada's`."""
    at = number.last + 1
    if at >= len(tokens) or tokens[at - 1].fold != "times":
        return False
    return tokens[at].text[0].isupper() and tokens[at].fold.endswith(("'s", "s'"))


def _and_a_half_times(tokens: Sequence[Token], number: Number) -> Number | None:
    """`dos veces y media lo presupuestado`: 2.5."""
    folds = ahead(tokens, number.last, 4)
    if folds[:3] != ["veces", "y", "media"] or folds[3] not in _TIMES_OF:
        return None
    value = number.low + HALF
    return number._replace(low=value, high=value, place=Decimal("0.1"), last=number.last + 3)


def _multiplied(tokens: Sequence[Token], number: Number) -> bool:
    """`se multiplicaron por 2.5`, `multiplied by 3`, `grew by a factor of 4`."""
    verb, by = behind(tokens, number.first, 2)
    if by in {"por", "by"}:
        return verb.startswith(("multiplic", "multiplie"))
    return (verb, by) in {("factor", "of"), ("factor", "de")}


def tenths(tokens: Sequence[Token], number: Number, context: Context) -> Draft | None:
    """`tres décimas de punto`, `dos décimas más`: tenths of a percentage point."""
    word, one, two, three = ahead(tokens, number.last, 4)
    if word not in {"decimas", "decima"} or one in {"parte", "partes"} or number.low >= 10:
        return None
    last = number.last + 1
    if (one, two) == ("de", "punto"):
        last += 2 + (three == "porcentual")
    value, place = number.low / 10, Decimal("0.1")
    draft = Draft(value, value, place, number.first, last, number.first, last, "words",
                  unit="percentage-points")  # fmt: skip
    comparators.bind(tokens, draft, context)
    return draft


def half_unit(tokens: Sequence[Token], place: int, context: Context) -> Number | None:
    """`half a peso`, `half a percentage point`, `medio punto`: the number 0.5."""
    lexicon = context.lexicon
    if tokens[place].fold not in lexicon.halves:
        return None
    last = place + 1
    if lexicon.code == "en":
        if ahead(tokens, last, 1)[0] not in {"a", "an"}:
            return None
        last += 1
    named = lexicon.currencies.at(tokens, last) or lexicon.percent.at(tokens, last)
    return None if named is None else Number(HALF, HALF, Decimal("0.1"), place, last, "words")


def part_of_point(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """`a quarter point`, `half-point`, `three-quarters of a percentage point`, `medio punto`."""
    one, two, three, four = ahead(tokens, place, 4)
    if context.lexicon.code != "en" or one not in {"a", "one", "half", "quarter", "three"}:
        return None
    first = place
    if one in {"a", "one"}:
        place, one, two, three, four = place + 1, two, three, four, ahead(tokens, place + 4, 1)[0]
    if place > first and one == "percentage":
        # "a percentage point more"
        if two not in {"point"}:
            return None
        last = place + 2
        draft = Draft(Decimal(1), Decimal(1), Decimal(1), first, last, first, last, "words",
                      unit="percentage-points")  # fmt: skip
        comparators.bind(tokens, draft, context)
        return draft
    value = {"half": HALF, "quarter": Decimal("0.25"), "three": Decimal("0.75")}.get(one)
    if value is None:
        return None
    last = place + 1
    if one == "three":
        last += (two == "-") + 1
        if ahead(tokens, last - 1, 1)[0] not in {"quarter", "quarters"}:
            return None
    last += ahead(tokens, last, 1)[0] == "-"
    last += ahead(tokens, last, 1)[0] == "percentage"
    last += ahead(tokens, last, 1)[0] == "-"
    if ahead(tokens, last, 1)[0] not in {"point", "points"}:
        return None
    decimals = Decimal("0.1") if value == HALF else Decimal("0.01")
    draft = Draft(value, value, decimals, first, last + 1, first, last + 1, "words",
                  unit="percentage-points")  # fmt: skip
    comparators.bind(tokens, draft, context)
    return draft


def single(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """One of a measure, told by an article after a comparator: `less than a mile`, `casi un año`,
    `más de una tonelada`."""
    lexicon = context.lexicon
    if tokens[place].fold not in {"a", "an", "un", "una"} or place + 1 >= len(tokens):
        return None
    bound = lexicon.before.before(tokens, place)
    if bound is None or bound[1] not in {"gt", "ge", "lt", "almost"}:
        return None
    unit = lexicon.durations.get(tokens[place + 1].fold)
    if unit is None:
        unit = lexicon.nouns.get(tokens[place + 1].fold)
        unit = unit if unit in _MEASURED else None
    folds = ahead(tokens, place + 2, 3)
    if unit is None or unit in {"moments", "seasons", "generations"} or folds[0] in _JOINTS:
        return None
    if folds[0] in {"and", "y"} and (folds[1:] == ["a", "half"] or folds[1].startswith("medi")):
        return None
    years = 10 if unit == "decades" else 100 if unit == "centuries" else 1
    value, last = Decimal(years), place + 2
    draft = Draft(value, value, Decimal(years), place, last, place, last, "words",
                  unit="years" if years > 1 else unit)  # fmt: skip
    comparators.bind(tokens, draft, context)
    return draft if draft.hedged else None


def fraction(
    tokens: Sequence[Token], place: int, masked: bytearray, context: Context
) -> Draft | None:
    """`half of the victims`, `two thirds`, `la mitad`, `un tercio`."""
    lexicon = context.lexicon
    found = lexicon.fractions.at(tokens, place)
    if found is None or lexicon.skipped.at(tokens, place) is not None:
        return None
    length, percent = found
    last = place + length
    before, after = behind(tokens, place, 1)[0], ahead(tokens, last, 1)[0]
    if before in _NOT_HALF or after in _NO_SHARE_AFTER:
        return None
    accepts = _spanish_share if lexicon.code == "es" else _english_share
    if not accepts(tokens, place, last, percent, context):
        return None
    scaled = _part_of_scale(tokens, place, last, percent, context)
    if scaled is not None:
        units.bind(tokens, scaled, context, masked)
        comparators.bind(tokens, scaled, context)
        return scaled
    if percent == 50 and _halves(tokens, before, last, after):
        draft = Draft(HALF, HALF, Decimal(1), place, last, place, last, "ratio", unit="ratio")
        comparators.bind(tokens, draft, context)
        return draft
    points = _of_a_point(tokens, place, last, percent)
    if points is not None:
        comparators.bind(tokens, points, context)
        return points
    if _compared(tokens, last) and not _is_part_of_own(tokens, place, last, percent):
        times = percent / _HUNDRED
        draft = Draft(times, times, _RATIO_PLACE, place, last, place, last, "ratio", unit="ratio")
        comparators.bind(tokens, draft, context)
        return draft
    draft = Draft(
        percent, percent, FRACTION_PLACE, place, last, place, last, "fraction", unit="percent"
    )
    comparators.bind(tokens, draft, context)
    if percent == 50 and _fell_to(tokens, draft, context):
        # "cayó a menos de la mitad"
        draft.low = draft.high = HALF
        draft.place, draft.form, draft.unit = Decimal("0.1"), "ratio", "ratio"
        return draft
    if ahead(tokens, draft.last, 1)[0] in {"of", "de", "del", "the"}:
        _take_noun(tokens, draft, "fraction", masked, context)
    return draft


def _of_a_point(tokens: Sequence[Token], place: int, last: int, percent: Decimal) -> Draft | None:
    """`three tenths of a point`, `un cuarto de punto`."""
    folds = ahead(tokens, last, 4)
    at = 1 + (folds[1] in {"a", "un"})
    at += folds[at] == "percentage"
    if folds[0] not in {"of", "de"} or folds[at] not in {"point", "punto"}:
        return None
    end = last + at + 1
    end += ahead(tokens, end, 1)[0] == "porcentual"
    value = (percent / _HUNDRED).normalize()
    tenth = Decimal("0.1")
    return Draft(value, value, tenth, place, end, place, end, "words", unit="percentage-points")


def _compared(tokens: Sequence[Token], last: int) -> bool:
    """Whether a fraction is held against another figure: "an eighth of the record", "la décima
    parte del registrado un año antes". A fraction of a total is a share."""
    one, two, three, four = ahead(tokens, last, 4)
    if one == "of":
        if two in {"the", "its", "their"}:
            return three in _COMPARED or (four in _COMPARED | {"one"} and three.isalpha())
        return two == "what" or (two == "that" and three in {"of", "in", "recorded", "seen"})
    if one == "del":
        return two in _RECORDED or two in {"promedio", "nivel", "record", "maximo"}
    if one != "de":
        return False
    return (two == "lo" and (three == "que" or three in _RECORDED)) or (
        two in {"la", "los", "las", "el"} and three in {"de", "del"}
    )


def _fell_to(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether a verb of change leads to a bounded half: `fell to less than half`."""
    to, before = draft.first - 1, behind(tokens, draft.first - 1, 6)
    ended = ahead(tokens, draft.last, 1)[0] not in {"of", "de", "del", "the"}
    led = draft.hedged and to >= 0 and tokens[to].fold in {"a", "to"}
    return led and ended and not context.lexicon.change.isdisjoint(before)


def _is_part_of_own(tokens: Sequence[Token], place: int, last: int, percent: Decimal) -> bool:
    """`fewer than a fifth of what Mexico ships`, `la mitad de lo que exportamos`: a share."""
    one, two, three, four = ahead(tokens, last, 4)
    if (one, two) == ("of", "what"):
        return percent != 50 and three not in {"it", "they", "was", "were"}
    return (one, two, three) == ("de", "lo", "que") and four.endswith("mos")


def _halves(tokens: Sequence[Token], before: str, last: int, after: str) -> bool:
    """ "half the average" compares, "cut in half" halves; "half the country" is a share."""
    averages = after in {"the", "its", "their", "what"} and _AVERAGES & set(
        ahead(tokens, last + 1, 4)
    )
    one = after in {"the", "its", "their"} and "one" in ahead(tokens, last + 1, 3)
    if after == "that" and ahead(tokens, last + 1, 1)[0] in {"", ".", ",", ";"}:
        return True
    held = after in {"that", "what"} and percent_of_other(ahead(tokens, last + 1, 1)[0])
    return before == "in" or bool(averages) or one or held


def percent_of_other(following: str) -> bool:
    """ "half that of 2015", "half what it was"."""
    return following in {"of", "in", "it", "they", "was", "were", "rate", "level", "number"}


def _spanish_share(
    tokens: Sequence[Token], place: int, last: int, percent: Decimal, context: Context
) -> bool:
    """Not "a la mitad", which halves, nor "un cuarto" that is a room."""
    bound = context.lexicon.before.before(tokens, place)
    if percent == 50 and behind(tokens, place, 1)[0] == "a" and bound is None:
        return False
    room = tokens[last - 1].fold in {"cuarto", "quinto"}
    return not room or ahead(tokens, last, 1)[0] in {"de", "del"}


def _english_share(
    tokens: Sequence[Token], place: int, last: int, percent: Decimal, context: Context
) -> bool:
    """Not "half a million", "half-hour", "three and a half", nor "a third man"."""
    lexicon = context.lexicon
    after, second = ahead(tokens, last, 2)
    if percent != 50 and lexicon.before.before(tokens, place) is not None:
        # "less than a tenth reached ..."
        return True
    if percent != 50:
        return last - place != 2 or tokens[place].fold != "a" or after in _AFTER_SHARE
    if after in lexicon.scales or (after == "-" and tokens[last].glued):
        return False
    if after in {"a", "an"} and (
        second in lexicon.scales
        or second in lexicon.durations
        or second == "point"
        or lexicon.currencies.at(tokens, last + 1) is not None
        or lexicon.percent.at(tokens, last + 1) is not None
    ):
        return False
    if place < 2 or tokens[place - 1].fold != "and":
        return True
    one = tokens[place - 2]
    return one.kind != "n" and one.fold not in lexicon.small and one.fold not in lexicon.durations


def _part_of_scale(
    tokens: Sequence[Token], place: int, last: int, percent: Decimal, context: Context
) -> Draft | None:
    """`a quarter of a million`, `tres cuartos de millón`."""
    of, article, _ = ahead(tokens, last, 3)
    if of not in context.lexicon.of:
        return None
    at = last + 1 + (article in {"a", "un"})
    scale = context.lexicon.scales.get(tokens[at].fold) if at < len(tokens) else None
    if scale is None:
        return None
    value = (percent * scale / _HUNDRED).quantize(Decimal(1))
    return Draft(value, value, scale / 100, place, at + 1, place, at + 1, "words", scaled=True)


def _take_noun(
    tokens: Sequence[Token], draft: Draft, form: str, masked: bytearray, context: Context
) -> None:
    """Takes "of the victims" into the quote of a share."""
    found = nouns.find(tokens, draft.last, form, masked, context, one=False, scaled=False)
    if found is not None:
        draft.noun, draft.last = found.place, max(draft.last, found.last)


def share(
    tokens: Sequence[Token], number: Number, masked: bytearray, context: Context
) -> Draft | None:
    """`one in five`, `three out of ten`, `3 de cada 10`, `de cada diez, dos`."""
    if number.form == "order" or not 0 < number.low <= 999:
        return None
    lexicon = context.lexicon
    if lexicon.code == "es":
        if behind(tokens, number.first, 2) == ["de", "cada"]:
            return _of_each(tokens, number, masked, context)
        link = number.last + 2 if ahead(tokens, number.last, 2) == ["de", "cada"] else None
    else:
        before = behind(tokens, number.first, 2)
        if before[0] == "of" and before[1] in {"every", "each"}:
            return _of_each(tokens, number, masked, context)
        link = _link(tokens, number, context)
    if link is None or link >= len(tokens) or masked[link]:
        return None
    whole = number_at(tokens, link, lexicon, context.style)
    following = ahead(tokens, link + 1, 1)[0]
    if whole is None and tokens[link].fold in lexicon.hundred and following not in lexicon.scales:
        # "one in every hundred cases"
        whole = Number(_HUNDRED, _HUNDRED, _HUNDRED, link, link + 1, "words")
    if whole is None or whole.form == "order" or not number.low < whole.low <= 1000:
        return None
    after = ahead(tokens, whole.last, 1)[0]
    if after in lexicon.durations or after in {"%", "percent", "per", ":"}:
        return None
    draft = _of(number, whole, number.first, whole.last)
    comparators.bind(tokens, draft, context)
    _take_noun(tokens, draft, "words", masked, context)
    return draft


def _link(tokens: Sequence[Token], number: Number, context: Context) -> int | None:
    """The token after "in", "out of", "of every" between the two numbers of a share."""
    folds = ahead(tokens, number.last, 7)
    if folds[0] == "in":
        return number.last + 1 + (folds[1] == "every")
    if folds[:2] == ["for", "every"]:
        return number.last + 2
    for skipped in range(4):
        at, rest = number.last + skipped, folds[skipped : skipped + 3]
        if rest == ["out", "of", "every"]:
            return at + 3
        if rest[:2] in (["out", "of"], ["in", "every"], ["of", "every"]):
            return at + 2
        if rest[0] == "in" and skipped == 1 and number.low == 1:
            # "One truck in four", but not "one man in two cars".
            whole = context.lexicon.small.get(rest[1], 0)
            whole = int(rest[1]) if rest[1].isdigit() and len(rest[1]) < 4 else whole
            counts = rest[2] in context.lexicon.nouns or rest[2] in context.lexicon.durations
            few = 1 < whole <= 12 or (rest[1].isdigit() and 1 < whole <= 100)
            return at + 1 if few and not counts and rest[2] not in {"%", "percent"} else None
        if rest[0] in {"", ",", ".", ";"}:
            return None
    return None


def _of_each(
    tokens: Sequence[Token], whole: Number, masked: bytearray, context: Context
) -> Draft | None:
    """`De cada cien empleos nuevos, cincuenta y ocho`."""
    for at in range(whole.last, min(len(tokens), whole.last + 7)):
        if masked[at]:
            return None
        part = number_at(tokens, at, context.lexicon, context.style)
        if part is not None and part.form != "order" and 0 < part.low < whole.low:
            draft = _of(part, whole, whole.first - 2, part.last)
            draft.number_first = part.first
            return draft
    return None


def _of(part: Number, whole: Number, first: int, last: int) -> Draft:
    percent = (part.low * _HUNDRED / whole.low).quantize(Decimal("0.01"))
    return Draft(
        percent, percent, FRACTION_PLACE, first, last, first, last, "share", unit="percent"
    )


def _and_half(tokens: Sequence[Token], place: int, unit: str, context: Context) -> Draft | None:
    """`año y medio`, `a year and a half`: 1.5."""
    folds = ahead(tokens, place + 1, 3)
    spanish = context.lexicon.code == "es" and folds[0] == "y" and folds[1] in {"medio", "media"}
    if not spanish and folds != ["and", "a", "half"]:
        return None
    first = place - (behind(tokens, place, 1)[0] in {"a", "un", "una"})
    last, value = place + (3 if spanish else 4), Decimal("1.5")
    return Draft(value, value, Decimal("0.1"), first, last, first, last, "words", unit=unit)


def vague(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """`most of them`, `for decades`, `weeks ago`."""
    one, two, three = ahead(tokens, place, 3)
    if (one, two) in _MOST and three in _MOST_OF and (two != "mayor" or three == "parte"):
        fifty = Decimal(50)
        return Draft(fifty, fifty, FRACTION_PLACE, place, place + 2, place, place + 2, "vague",
                     comparator="gt", unit="percent")  # fmt: skip
    unit = context.lexicon.durations.get(one)
    if unit is not None and not one.endswith("s"):
        return _and_half(tokens, place, unit, context)
    if unit is None or not one.endswith("s") or unit == "hours":
        return None
    before, ago = behind(tokens, place, 1)[0], two == "ago"
    led = before in _VAGUE_LEADS and two not in {"to", "of", "de", "past", "come"}
    if unit == "years":
        led = led and before in {"for", "durante", "hace", "desde"}
    if not (led or ago):
        return None
    low = Decimal(20 if unit == "decades" else 2)
    last = place + 1 + ago
    return Draft(low, low, Decimal(1), place, last, place, last, "vague", comparator="ge",
                 unit="years" if unit == "decades" else unit)  # fmt: skip
