"""The unit of a number: percent, money, a rate, or the noun that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.articles.quantities import nouns, rates
from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.tokens import Token, ahead
from ingest.articles.quantities.wordsets import words

_SIGNS = {"$": "", "€": "EUR", "£": "GBP", "¥": "JPY"}
_DOLLARS = dict.fromkeys(("us", "u.s.", "u.s", "usd"), "USD") | {
    "mx": "MXN",
    "mxn": "MXN",
    "mex": "MXN",
    "c": "CAD",
    "ca": "CAD",
    "can": "CAD",
    "a": "AUD",
    "r": "BRL",
}
"""What stands before a dollar sign and tells whose dollars, or that they are pesos."""
_CODES = {"usd": "USD", "mxn": "MXN", "eur": "EUR", "cad": "CAD", "gbp": "GBP", "dls": "USD"}
_HALVED = words("tonnes tons kilograms kilometers miles meters liters hectares acres pounds")
_PERCENT_WORDS = words("% percent ciento cent percentage")


def _and_half(tokens: Sequence[Token], draft: Draft, context: Context) -> None:
    """`tres años y medio`, `two years and a half`."""
    measured = draft.unit in context.lexicon.durations.values() or draft.unit in _HALVED
    if not measured or draft.ranged:
        return
    folds = ahead(tokens, draft.last, 3)
    length = 2 if folds[0] == "y" and folds[1] in {"medio", "media"} else 0
    length = 3 if folds == ["and", "a", "half"] else length
    if length:
        half = Decimal("0.5")
        draft.low, draft.high = draft.low + half, draft.high + half
        draft.place, draft.last = Decimal("0.1"), draft.last + length


_SPANS = {"decades": 10, "lustrums": 5, "centuries": 100}


def bind(tokens: Sequence[Token], draft: Draft, context: Context, masked: bytearray) -> None:
    """Finds the unit of a draft to the right of its number, and money to its left."""
    money = _money_before(tokens, draft.number_first, context)
    if money is not None:
        draft.currency, start = money
        draft.unit = draft.currency.lower()
        draft.first = min(draft.first, start)
    bound = draft.last < len(tokens) and (
        _percent(tokens, draft, context) or _money_after(tokens, draft, context)
    )
    if not bound and draft.currency is None:
        _noun(tokens, draft, context, masked)
    years = _SPANS.get(draft.unit or "")
    if years is not None and draft.form in {"words", "digits"}:
        # "three decades" are thirty years.
        draft.unit, draft.low, draft.high = "years", draft.low * years, draft.high * years
        draft.place *= years
    _and_half(tokens, draft, context)
    rates.bind_rate(tokens, draft, context, masked)
    rates.bind_frequency(tokens, draft, context)


def _money_before(tokens: Sequence[Token], first: int, context: Context) -> tuple[str, int] | None:
    """The currency that stands before a number, and where it begins."""
    start = first - 1
    if start < 0:
        return None
    token = tokens[start]
    if token.text not in _SIGNS:
        named = token.kind == "w" and token.text.isupper() and token.fold in _CODES
        return (_CODES[token.fold], start) if named else None
    code = _SIGNS[token.text] or context.dollar_sign
    if start and tokens[start - 1].text == "\\":
        # A sign escaped in Markdown: `US\$3 billion`.
        start -= 1
    if start and tokens[start].glued and tokens[start - 1].fold in _DOLLARS:
        start -= 1
        code = _DOLLARS[tokens[start].fold] if token.text == "$" else code
    return code, start


def _percent(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    found = context.lexicon.percent.at(tokens, draft.last)
    if found is None or draft.form in {"order", "ratio"}:
        return False
    plain = found[0] == 1 and tokens[draft.last].fold in {"points", "puntos", "point", "punto"}
    if plain and draft.place >= 1 and not _speaks_of_percent(tokens, draft.last):
        return False
    draft.unit, draft.last = found[1], draft.last + found[0]
    return True


def _speaks_of_percent(tokens: Sequence[Token], at: int) -> bool:
    """Whether percentages stand near, so that points are points of them."""
    return any(token.fold in _PERCENT_WORDS for token in tokens[max(0, at - 20) : at + 12])


def _money_after(tokens: Sequence[Token], draft: Draft, context: Context) -> bool:
    at = draft.last
    lead = ahead(tokens, at, 1)[0]
    if lead == "-" or (draft.form == "order" and lead in context.lexicon.of):
        at += 1
    found = context.lexicon.currencies.at(tokens, at)
    if found is None or draft.form in {"fraction", "share"}:
        return False
    code, word = found[1], tokens[at + found[0] - 1].fold
    if word in {"peso", "dollar"} and lead != "-" and draft.low not in {1, Decimal("0.5")}:
        # "300 peso notes": the singular names something else.
        return False
    if code == "MXN" and word in {"pesos", "peso"}:
        code = context.peso
    draft.currency, draft.unit, draft.last = code, code.lower(), at + found[0]
    return True


def _noun(tokens: Sequence[Token], draft: Draft, context: Context, masked: bytearray) -> None:
    found = nouns.find(
        tokens, draft.last, draft.form, masked, context, one=draft.low == 1, scaled=draft.scaled
    )
    if found is not None:
        draft.noun, draft.last = found.place, max(draft.last, found.last)
        draft.unit = draft.unit or found.unit
