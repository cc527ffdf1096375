"""One sentence to drafts of its figures: numbers, ranges, shares, ratios, with their units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities import comparators, units
from ingest.articles.quantities.calendar import Period
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft, draft_of
from ingest.articles.quantities.exclusions import excluded
from ingest.articles.quantities.numbers import Number, number_at
from ingest.articles.quantities.tokens import Token

FRACTION_PLACE = Decimal(5)
_HUNDRED = Decimal(100)


def mask_of(tokens: Sequence[Token], periods: Sequence[Period]) -> bytearray:
    """1 for every token that belongs to a span of time or can be no figure."""
    masked = bytearray(len(tokens))
    for period in periods:
        if period.masked:
            for place in range(period.first, period.last):
                masked[place] = 1
    for place, token in enumerate(tokens):
        if token.kind in "xd":
            masked[place] = 1
    return masked


def read(tokens: Sequence[Token], masked: bytearray, context: Context) -> list[Draft]:
    """The drafts of a sentence in order of place, each with what stands next to it."""
    found: list[Draft] = []
    place = 0
    while place < len(tokens):
        if masked[place]:
            place += 1
            continue
        draft = _at(tokens, place, masked, context)
        if draft is None:
            place += 1
            continue
        if isinstance(draft, int):
            place = draft
            continue
        found.append(draft)
        place = max(draft.last, place + 1)
    comparators.scope(tokens, found, context)
    return found


def _at(
    tokens: Sequence[Token], place: int, masked: bytearray, context: Context
) -> Draft | int | None:
    """The draft that begins at a token; the token to go on from where a number is none."""
    lexicon = context.lexicon
    token = tokens[place]
    if token.kind == "w":
        if token.fold not in lexicon.openers:
            return None
        ratio = _ratio_word(tokens, place, context)
        if ratio is not None:
            return ratio
        fraction = _fraction(tokens, place, masked, context)
        if fraction is not None:
            return fraction
        vague = _vague(tokens, place, context)
        if vague is not None:
            return vague
    number = _half_unit(tokens, place, context) or number_at(tokens, place, lexicon, context.style)
    if number is None:
        return None
    if any(masked[k] for k in range(number.first, number.last)):
        return None
    share = _share(tokens, number, masked, context)
    if share is not None:
        return share
    if excluded(tokens, number, context):
        return number.last
    times = lexicon.times.at(tokens, number.last)
    if times is not None and number.form != "order":
        return _ratio(tokens, number, times[0], context)
    draft = draft_of(number)
    ranged = _range(tokens, draft, masked, context)
    if ranged is None:
        units.bind(tokens, draft, context, masked)
        draft = _plain(draft)
        ranged = _range(tokens, draft, masked, context)
    if ranged is not None:
        draft = ranged
    if draft.form != "order" or not draft.ranged:
        comparators.bind(tokens, draft, context)
    if _only_hyphen(tokens, draft, context) or _pointed_at(tokens, draft, context):
        return number.last
    return draft


_DEFINITE = frozenset(
    "the our these those its their both los las nuestros nuestras estos estas esos esas sus ambos"
    " ambas dichos dichas".split()
)
_PARTIES = {"countries", "governments", "leaders", "nations", "presidents", "parties", "partners",
            "sides", "neighbors", "neighbours", "administrations", "paises"}  # fmt: skip


def _pointed_at(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether the number only points at things known: `the two countries`, `at least one dose`."""
    if draft.scaled or draft.ranged or draft.currency:
        return False
    if draft.low == 1 and draft.comparator == "ge":
        return True
    if draft.number_last < len(tokens) and tokens[draft.number_last].text == "-":
        return False
    lead = tokens[draft.first - 1] if draft.first else None
    noun = tokens[draft.noun].fold if draft.noun is not None else ""
    if lead is None:
        return False
    if draft.form == "words" and draft.low <= 3 and lead.fold in _DEFINITE:
        return draft.low == 2 or (noun in _PARTIES and draft.low == 3 and lead.fold != "the")
    # "Minute 325 allows": a name, and a verb that looks like a plural.
    token = tokens[draft.number_first]
    named = lead.kind == "w" and lead.text[0].isupper() and lead.fold not in context.lexicon.stops
    return (
        named
        and token.text.isdigit()
        and draft.low < 1000
        and draft.noun is not None
        and lead.fold not in context.lexicon.articles
        and units.known(tokens, draft.noun, context) is None
    )


def _plain(draft: Draft) -> Draft:
    """Of small whole numbers the last digit counts, zero or not: rates, ratios, percent."""
    return draft


def _half_unit(tokens: Sequence[Token], place: int, context: Context) -> Number | None:
    """`half a peso`, `half a percentage point`, `medio punto`: the number 0.5."""
    lexicon = context.lexicon
    if tokens[place].fold not in lexicon.halves:
        return None
    last = place + 1
    if lexicon.code == "en":
        if last >= len(tokens) or tokens[last].fold not in {"a", "an"}:
            return None
        last += 1
    named = lexicon.currencies.at(tokens, last) or lexicon.percent.at(tokens, last)
    if named is None:
        return None
    return Number(_HALF, _HALF, Decimal("0.1"), place, last, "words")


_HALF = Decimal("0.5")
_HYPHENATED = frozenset(
    "year month week day hour minute page mile ton tonne acre member bed percent point strong"
    " kilometer kilometre foot meter metre pound kilogram kilo barrel mile million billion dollar"
    " trillion peso euro room seat decade megawatt gigawatt gram hectare person unit degree-x"
    " story-x basis percentage per thousand plus".split()
)


def _only_hyphen(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    """Whether a hyphen makes a name of the number: `two-track`, `single-dose`, `A-10`. Durations
    and measures count all the same: `four-year term`, `40-ton`."""
    at = draft.number_last
    if context.lexicon.code != "en" or at + 1 >= len(tokens) or draft.ranged:
        return False
    if tokens[at].text != "-" or not tokens[at].glued or not tokens[at + 1].glued:
        return False
    word = tokens[at + 1].fold
    if (
        draft.unit is not None
        and draft.last > at + 1
        and (draft.unit.startswith("percent") or draft.currency)
    ):
        return False
    if tokens[at + 1].kind != "w":
        return False
    if word not in _HYPHENATED:
        return True
    unit = context.lexicon.durations.get(word) or context.lexicon.nouns.get(word)
    if unit is None and word == "strong":
        unit = "persons"
    if unit is not None:
        draft.unit, draft.noun, draft.last = unit, at + 1, at + 2
        draft.currency = None
    return unit is None and word not in {"plus"}


# --- ratios -------------------------------------------------------------------------------


def _ratio_word(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """`tripled`, `twice as many`, `el doble de`."""
    lexicon = context.lexicon
    if lexicon.skipped.at(tokens, place) is not None:
        return None
    found = lexicon.ratios.at(tokens, place)
    if found is None:
        return None
    length, times = found
    last = place + length
    after = tokens[last].fold if last < len(tokens) else ""
    word = tokens[place].fold
    if word in {"twice", "thrice"} and after not in {"as", "the", "that", "what", "its", "their",
                                                     "those", "more", "over"}:  # fmt: skip
        return None
    if word == "doubled" and after == "down":
        return None
    first = place
    # "to double" and "will triple": the number is the verb alone.
    if length == 2 and tokens[place + 1].fold in {"double", "triple", "quadruple"}:
        first = place + 1
        if (
            place + 1
            and tokens[place].fold in {"to", "the"}
            and after in {"", "."}
            and (lexicon.before.before(tokens, place + 1) is None)
        ):
            first = place + 1
    if lexicon.code == "es" and tokens[place].fold in {"el", "al"}:
        if after in {"de", "que", "", ".", ",", "del", ";", "en"} or tokens[place].fold == "al":
            pass
        else:
            return None
    place_of = Decimal("0.1") if times < 1 else Decimal(1)
    draft = Draft(times, times, place_of, first, last, first, last, "ratio", unit="ratio")
    if tokens[place].fold == "del" and place and tokens[place - 1].fold in {"mas", "menos"}:
        draft.comparator = "gt" if tokens[place - 1].fold == "mas" else "lt"
        draft.first, draft.hedged = place - 1, True
        return draft
    comparators.bind(tokens, draft, context)
    return draft


def _ratio(tokens: Sequence[Token], number: Number, words: int, context: Context) -> Draft:
    """`three times as many`: 3; `300 percent more` is left a percentage."""
    draft = draft_of(number)
    draft.form, draft.unit, draft.place = "ratio", "ratio", min(number.place, Decimal(1))
    draft.last = number.last + words
    comparators.bind(tokens, draft, context)
    return draft


# --- fractions and shares -----------------------------------------------------------------

_NOT_HALF = {"first", "second", "other", "better", "primera", "segunda", "later", "latter", "'s",
             "back", "top-", "front", "otra", "mid"}  # fmt: skip


def _fraction(
    tokens: Sequence[Token], place: int, masked: bytearray, context: Context
) -> Draft | None:
    """`half of the victims`, `two thirds`, `la mitad`, `un tercio`."""
    lexicon = context.lexicon
    found = lexicon.fractions.at(tokens, place)
    if found is None or lexicon.skipped.at(tokens, place) is not None:
        return None
    length, percent = found
    last = place + length
    before = tokens[place - 1].fold if place else ""
    after = tokens[last].fold if last < len(tokens) else ""
    if before in _NOT_HALF or after in {"century", "siglo"}:
        return None
    half = percent == 50 and lexicon.code == "en"
    if half:
        if (
            after in {"a", "an"}
            and last + 1 < len(tokens)
            and (
                lexicon.currencies.at(tokens, last + 1) is not None
                or lexicon.percent.at(tokens, last + 1) is not None
                or tokens[last + 1].fold in lexicon.scales
                or tokens[last + 1].fold in lexicon.durations
            )
        ):
            return None
        if after in lexicon.scales or after in {"brother", "sister", "time", "way", "as"}:
            return None
        if after == "-" and tokens[last].glued:
            return None
    if lexicon.code == "es":
        if percent == 50 and (before == "a" or (before == "por" and False)):
            return None
        if tokens[place + length - 1].fold in {"cuarto", "quinto"} and after not in {"de", "del"}:
            return None
    elif (
        length == 2
        and tokens[place].fold == "a"
        and after
        not in lexicon.of
        | {
            "",
            ".",
            ",",
            ";",
            "in",
            "from",
            "to",
            "since",
            "over",
            "are",
            "were",
            "is",
            "was",
            "more",
            "less",
            "fewer",
            "higher",
            "lower",
            "and",
            "between",
            "on",
            "compared",
            "last",
            "this",
            ")",
        }
    ):
        return None
    scaled = _part_of_scale(tokens, place, last, percent, context)
    if scaled is not None:
        units.bind(tokens, scaled, context, masked)
        comparators.bind(tokens, scaled, context)
        return scaled
    if (
        before in {"and", "y"}
        and place >= 2
        and (tokens[place - 2].kind == "n" or tokens[place - 2].fold in lexicon.small)
        and half
    ):
        return None
    if half and after in {"the", "its", "their", "what"} and last + 1 < len(tokens):
        # "half the average" compares; "half the country" is a share.
        near = [token.fold for token in tokens[last + 1 : last + 5]]
        if {"average", "rate", "level", "price", "size", "cost", "pace", "figure", "amount"} & set(
            near
        ):
            draft = Draft(Decimal("0.5"), Decimal("0.5"), Decimal(1), place, last, place, last,
                          "ratio", unit="ratio")  # fmt: skip
            comparators.bind(tokens, draft, context)
            return draft
    draft = Draft(
        percent, percent, FRACTION_PLACE, place, last, place, last, "fraction", unit="percent"
    )
    comparators.bind(tokens, draft, context)
    _whole(tokens, draft, masked, context)
    return draft


def _part_of_scale(
    tokens: Sequence[Token], place: int, last: int, percent: Decimal, context: Context
) -> Draft | None:
    """`a quarter of a million`, `tres cuartos de millón`."""
    at = last
    if at >= len(tokens) or tokens[at].fold not in context.lexicon.of:
        return None
    at += 1
    if at < len(tokens) and tokens[at].fold in {"a", "un"}:
        at += 1
    scale = context.lexicon.scales.get(tokens[at].fold) if at < len(tokens) else None
    if scale is None:
        return None
    value = (percent * scale / _HUNDRED).quantize(Decimal(1))
    return Draft(value, value, scale / 100, place, at + 1, place, at + 1, "words", scaled=True)


def _whole(tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context) -> None:
    """Takes "of the victims" into the quote of a share."""
    at = draft.last
    if at >= len(tokens) or tokens[at].fold not in {"of", "de", "del", "the"}:
        return
    probe = Draft(draft.low, draft.high, draft.place, at, at, at, at, "fraction")
    units._noun(tokens, at, probe, context, masked)  # noqa: SLF001
    if probe.noun is not None:
        draft.noun, draft.last = probe.noun, probe.last


def _share(
    tokens: Sequence[Token], number: Number, masked: bytearray, context: Context
) -> Draft | None:
    """`one in five`, `three out of ten`, `3 de cada 10`, `de cada diez, dos`."""
    if number.form == "order" or number.low > 999 or number.low <= 0:
        return None
    lexicon, at = context.lexicon, number.last
    if lexicon.code == "es":
        first = number.first
        if first >= 2 and [t.fold for t in tokens[first - 2 : first]] == ["de", "cada"]:
            return _of_each(tokens, number, masked, context)
        if [t.fold for t in tokens[at : at + 2]] != ["de", "cada"]:
            return None
        at += 2
    else:
        at = _share_link(tokens, number, context)
        if at is None:
            return None
    if at >= len(tokens) or masked[at]:
        return None
    whole = number_at(tokens, at, lexicon, context.style)
    if whole is None or whole.low <= number.low or whole.low > 1000 or whole.form == "order":
        return None
    after = tokens[whole.last].fold if whole.last < len(tokens) else ""
    if after in lexicon.durations or after in {"%", "percent", "per"}:
        return None
    if whole.last < len(tokens) and tokens[whole.last].glued and tokens[whole.last].text == ":":
        return None
    draft = _of(number, whole, number.first, whole.last)
    comparators.bind(tokens, draft, context)
    probe = Draft(draft.low, draft.high, draft.place, draft.last, draft.last, draft.last,
                  draft.last, "words")  # fmt: skip
    if draft.last < len(tokens):
        units._noun(tokens, draft.last, probe, context, masked)  # noqa: SLF001
        if probe.noun is not None:
            draft.noun, draft.last = probe.noun, probe.last
    return draft


def _share_link(tokens: Sequence[Token], number: Number, context: Context) -> int | None:
    """The token after "in", "out of", "of every" between the two numbers of a share."""
    folds = [token.fold for token in tokens[number.last : number.last + 7]]
    for skipped in range(0, 4):
        rest = folds[skipped:]
        if rest[:3] == ["out", "of", "every"]:
            return number.last + skipped + 3
        if rest[:2] in (["out", "of"], ["in", "every"], ["of", "every"], ["for", "every"]):
            if rest[:2] == ["for", "every"] and skipped:
                return None
            return number.last + skipped + 2
        if rest[:1] == ["in"] and not skipped:
            return number.last + 1
        if rest[:1] == ["in"] and skipped == 1 and number.low == 1 and len(rest) > 1:
            whole = context.lexicon.small.get(rest[1], 0)
            alone = len(rest) < 3 or rest[2] not in context.lexicon.nouns
            return number.last + 2 if 1 < whole <= 12 and alone else None
        if not rest or rest[0] in {",", ".", ";"}:
            return None
    return None


def _of_each(
    tokens: Sequence[Token], whole: Number, masked: bytearray, context: Context
) -> Draft | None:
    """`De cada cien empleos nuevos, cincuenta y ocho`."""
    for at in range(whole.last, min(len(tokens), whole.last + 7)):
        if masked[at]:
            return None
        if at > whole.last or tokens[at].text == ",":
            part = number_at(tokens, at, context.lexicon, context.style)
            if part is not None and part.form != "order" and 0 < part.low < whole.low:
                draft = _of(part, whole, whole.first - 2, part.last)
                draft.number_first = part.first
                return draft
    return None


def _of(part: Number, whole: Number, first: int, last: int) -> Draft:
    percent = (part.low * _HUNDRED / whole.low).quantize(Decimal("0.01"))
    return Draft(percent, percent, FRACTION_PLACE, first, last, first, last, "share",
                 unit="percent")  # fmt: skip


# --- ranges -------------------------------------------------------------------------------


def _range(
    tokens: Sequence[Token], draft: Draft, masked: bytearray, context: Context
) -> Draft | None:
    """`60 to 70 percent`, `between 80 and 95 million`, `de 60 a 70 por ciento`."""
    lexicon, at = context.lexicon, draft.last
    if at + 1 >= len(tokens) or masked[at] or draft.form in {"order"} or draft.ranged:
        return None
    lead = draft.first - 1
    while lead >= 0 and tokens[lead].fold in lexicon.articles | {"some", "about", "roughly"}:
        lead -= 1
    before = tokens[lead].fold if lead >= 0 else ""
    middle = tokens[at].fold
    between = before in lexicon.between and middle in lexicon.and_ | {"a", "to"}
    if not between and middle not in lexicon.range_middle:
        return None
    start = at + 1
    while start < len(tokens) and tokens[start].fold in lexicon.articles | {"$", "€", "£", "us",
                                                                         "us$"}:  # fmt: skip
        start += 1
    if start >= len(tokens) or masked[start]:
        return None
    other = number_at(tokens, start, lexicon, context.style)
    if (
        other is None
        or other.form == "order"
        or any(masked[k] for k in range(other.first, other.last))
    ):
        return None
    if (
        not between
        and before not in lexicon.range_from
        and middle in {"a", "al"}
        and (draft.noun is not None or draft.form == "words" and other.form != "words")
    ):
        return None
    if not between and before not in lexicon.range_from and draft.noun is not None:
        return None
    if middle == "hasta" and before not in lexicon.range_from:
        return None
    if draft.unit is not None and not draft.currency and draft.noun is None:
        # "rose 12 percent to 3,400" are two figures: the units must agree.
        probe = draft_of(other)
        units.bind(tokens, probe, context, masked)
        if probe.unit != draft.unit:
            return None
    low, high, place = draft.low, other.high, draft.place
    if draft.scaled and low < 10**6 and high >= 10**9 and low * 10**6 <= high:
        # "de 20 mil a 35 mil millones"
        low, place = low * 10**6, place * 10**6
    if other.scaled and not draft.scaled and low < 1000:
        factor = _factor(other)
        if low * factor <= high:
            low, place = low * factor, place * factor
    if low >= high:
        return None
    if _changes(tokens, lead, context) and not between and before in lexicon.range_from:
        return None
    joined = Draft(
        low, high, min(place, other.place), draft.first, other.last, draft.number_first,
        other.last, "digits", comparator="range", ranged=True,
        scaled=draft.scaled or other.scaled, currency=draft.currency or other.currency,
        unit=draft.unit,
    )  # fmt: skip
    if between or before in lexicon.range_from:
        joined.first = lead
        if lead and tokens[lead - 1].fold == "anywhere":
            joined.first = lead - 1
    kept = joined.unit, joined.currency
    units.bind(tokens, joined, context, masked)
    if joined.unit is None or (kept[1] and not joined.currency):
        joined.unit, joined.currency = kept
    if joined.unit is None and middle in {"-", "–", "—"}:
        return None
    return joined


def _factor(number: Number) -> Decimal:
    """The scale word's worth in a number: a million for `2 million`."""
    factor = Decimal(1)
    for power in (3, 6, 9, 12):
        step = Decimal(10) ** power
        if number.low / step < 1:
            break
        factor = step
    return factor


def _changes(tokens: Sequence[Token], lead: int, context: Context) -> bool:
    """Whether a word of change stands before "from"."""
    return any(
        token.fold in context.lexicon.change for token in tokens[max(0, lead - 8) : max(0, lead)]
    )


# --- vague ---------------------------------------------------------------------------------

_MOST = {("most", "of"), ("la", "mayoria"), ("las", "mayoria"), ("la", "mayor")}
_LEADS = {"for", "de", "durante", "over", "hace", "desde", "por"}


def _vague(tokens: Sequence[Token], place: int, context: Context) -> Draft | None:
    """`most of them`, `for decades`, `weeks ago`."""
    folds = [token.fold for token in tokens[place : place + 4]] + ["", "", "", ""]
    if (folds[0], folds[1]) in _MOST:
        known = folds[2] in {"the", "them", "these", "those", "its", "their", "us", "de", "parte"}
        if known and (folds[1] != "mayor" or folds[2] == "parte"):
            fifty = Decimal(50)
            return Draft(fifty, fifty, FRACTION_PLACE, place, place + 2, place, place + 2, "vague",
                         comparator="gt", unit="percent")  # fmt: skip
    before = tokens[place - 1].fold if place else ""
    unit = context.lexicon.durations.get(folds[0])
    if unit is not None and folds[0].endswith("s") and folds[0] not in {"hours", "horas"}:
        ago = folds[1] == "ago"
        if (before in _LEADS and folds[1] not in {"to", "of", "de", "past", "come"}) or ago:
            low = Decimal(20) if unit == "decades" else Decimal(2)
            low = low if unit == "decades" else Decimal(2)
            if unit == "years" and not ago and before not in {"for", "durante", "hace", "desde"}:
                return None
            return Draft(low, low, Decimal(1), place, place + 1 + ago, place, place + 1 + ago,
                         "vague", comparator="ge",
                         unit="years" if unit == "decades" else unit)  # fmt: skip
    return None
