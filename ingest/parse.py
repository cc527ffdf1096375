"""Text of providers to numbers and areas. Pure and strict: what is doubtful is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from config.schema import Area

_MAX_LENGTH = 60
_MAX_EXPONENT = 99


def _grammar(group: str, point: str) -> re.Pattern[str]:
    group, point = re.escape(group), re.escape(point)
    whole = rf"(?P<grouped>[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+)|(?P<plain>[0-9]+)"
    return re.compile(
        rf"(?P<sign>-?)(?:{whole})(?:{point}(?P<fraction>[0-9]+))?(?:[eE](?P<exponent>[+-]?[0-9]+))?"
    )


_GRAMMARS = {
    "en": (",", ".", _grammar(",", ".")),
    "es-MX": (",", ".", _grammar(",", ".")),
    "es": (".", ",", _grammar(".", ",")),
}
_EXAMPLES = {
    "en": "1234.5, 1,234.5, -3 or 1e3",
    "es-MX": "1234.5, 1,234.5, -3 or 1e3",
    "es": "1234,5, 1.234,5, -3 or 1e3",
}


def parse_number(text: str, locale: str = "en") -> Decimal:
    """Read a number with the digits that it has. Raises ValueError, which says what would be valid.

    `locale`: `en` and `es-MX` write 1,234.5, `es` writes 1.234,5. Nothing else is taken for a
    number: no empty text, no spaces, no `nan` or `inf`, no groups of other than three digits.
    """
    if locale not in _GRAMMARS:
        raise ValueError(f"{locale!r} is no locale of numbers; known are {', '.join(_GRAMMARS)}")
    group, _, grammar = _GRAMMARS[locale]
    match = grammar.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    exponent = int(match["exponent"] or 0) if match else 0
    if match is None or abs(exponent) > _MAX_EXPONENT or (match["grouped"] and match["exponent"]):
        raise ValueError(f"{text[:_MAX_LENGTH]!r} is no number; valid are {_EXAMPLES[locale]}")
    whole = (match["grouped"] or match["plain"]).replace(group, "")
    return Decimal(f"{match['sign']}{whole}.{match['fraction'] or ''}E{exponent}")


def area_from_iso2(code: str, areas: Mapping[str, Area]) -> str:
    """Id of the area with that ISO 3166-1 alpha-2 code. Raises ValueError where there is none."""
    for area in areas.values():
        if area.iso2 is not None and area.iso2 == code:
            return area.id
    raise ValueError(f"{code!r} is no two-letter code of an area of the catalogue")
