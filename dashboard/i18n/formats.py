"""Numbers, dates and periods as readers of en-US and es-MX write them. Mexico writes 1,234.5."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from config.periods import parse_period
from config.schema import Unit

MISSING = "–"
MINUS = "\u2212"
NO_BREAK = "\u00a0"
DIGITS = 400
"""Precision while rounding: the usual 28 digits refuse what a double may hold."""
MOST_DECIMALS = 3
"""Before a word for a power of ten; a figure that has more is written in full."""

# Words for powers of ten with their plural. Spanish counts in the long scale: mil millones is 10^9.
_SCALES = {
    "en": ((12, "trillion", "trillion"), (9, "billion", "billion"), (6, "million", "million")),
    "es": (
        (12, "billón", "billones"),
        (9, "mil millones", "mil millones"),
        (6, "millón", "millones"),
    ),
}
_DAY = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}
_MONTH = {"en": "MMMM y", "es": "MMMM 'de' y"}
_FISCAL = {"en": "FY {year}", "es": "año fiscal {year}"}
_WEEK = {"en": "week {week} of {year}", "es": "semana {week} de {year}"}
# CLDR has 3.º for Spanish; before a masculine noun it is apocopated (RAE, tercer trimestre).
_ORDINALS = ("1.er", "2.º", "3.er", "4.º")

Value = Decimal | float | None


def _language(locale: str) -> str:
    return locale.split("_", maxsplit=1)[0]


def _rounded(value: Value, decimals: int) -> Decimal | None:
    """Half up, as printed figures are rounded; None for what is no finite number."""
    if value is None or not math.isfinite(value):
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    with localcontext(prec=DIGITS):
        shifted = exact.scaleb(decimals).to_integral_value(ROUND_HALF_UP)
        rounded = shifted.scaleb(-decimals)
        return abs(rounded) if rounded == 0 else rounded


@lru_cache(65536)
def _write(value: Decimal, decimals: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    with localcontext(prec=DIGITS):
        text = format_decimal(abs(value), format=pattern, locale=locale)
    return MINUS + text if value < 0 else text


def number(value: Value, decimals: int, locale: str) -> str:
    """With grouping and a real minus sign: `1,234.5`, `−3`; `–` where there is no value."""
    rounded = _rounded(value, decimals)
    return MISSING if rounded is None else _write(rounded, decimals, locale)


def signed(value: Value, decimals: int, locale: str) -> str:
    """A difference: `+1,234.5`, `−3`, `0`; `–` where there is none."""
    rounded = _rounded(value, decimals)
    if rounded is None:
        return MISSING
    return ("+" if rounded > 0 else "") + _write(rounded, decimals, locale)


def shortest(value: Value, locale: str, decimals: int = 4) -> str:
    """As `number`, without zeros at the end: `7.5`, `23`."""
    rounded = _rounded(value, decimals)
    if rounded is None:
        return MISSING
    needed = next(d for d in range(decimals + 1) if rounded == _rounded(rounded, d))
    return _write(rounded, needed, locale)


def compact(value: Value, locale: str, decimals: int = 1) -> str:
    """For axes and cards: `3.3 billion`, `3.3 mil millones`. Below a million written in full.

    `decimals` is the most that are written; zeros at the end are dropped.
    """
    rounded = _rounded(value, decimals)
    if rounded is None:
        return MISSING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    for power, one, many in _SCALES[_language(locale)]:
        # 999,960,000 is 1,000.0 million once rounded, so the larger word is tried on what the
        # smaller one would show. Below a million the number itself is shown.
        shown = rounded.scaleb(-3) if power == 6 else _rounded(exact.scaleb(3 - power), decimals)
        scaled = _rounded(exact.scaleb(-power), decimals)
        if shown is not None and scaled is not None and abs(shown) >= 1000:
            return f"{shortest(scaled, locale, decimals)} {one if abs(scaled) == 1 else many}"
    return shortest(rounded, locale, decimals)


def stated_decimals(value: Decimal, step: Decimal) -> int:
    """How many decimals a figure was stated with whose last digit stands at the place of `step`.

    More where the value has more: five points are the step of "half a percent".
    """
    with localcontext(prec=DIGITS):
        last = value.normalize().as_tuple().exponent
    return max(-step.adjusted(), -last if isinstance(last, int) else 0)


def as_stated(value: Value, step: Decimal, locale: str) -> str:
    """A figure with the digits that it was stated with: `8.1`, `8.0`, `2.7 million`, `2,716,543`.

    `step` is the place of its last digit. A word for a power of ten is used where three decimals
    are enough with it.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    decimals = stated_decimals(exact, step)
    for power, one, many in _SCALES[_language(locale)]:
        needed = max(0, decimals + power)
        if abs(exact).adjusted() >= power and exact and needed <= MOST_DECIMALS:
            scaled = exact.scaleb(-power)
            return f"{number(scaled, needed, locale)} {one if abs(scaled) == 1 else many}"
    return number(exact, max(0, decimals), locale)


@lru_cache(16384)
def day(value: date, locale: str) -> str:
    """`15 June 2021`, `15 de junio de 2021`."""
    return format_date(value, _DAY[_language(locale)], locale=locale)


@lru_cache(16384)
def month(value: date, locale: str) -> str:
    """`June 2021`, `junio de 2021`."""
    return format_date(value, _MONTH[_language(locale)], locale=locale)


@lru_cache(16384)
def short_month(value: date, locale: str) -> str:
    """For axes: `Jun 2021`, `jun 2021`."""
    return format_date(value, "MMM y", locale=locale)


@lru_cache(16384)
def short_day(value: date, locale: str) -> str:
    """For axes: `15 Jun`, `15 jun`."""
    return format_date(value, "d MMM", locale=locale)


@lru_cache(16384)
def period(text: str, locale: str) -> str:
    """A time period for readers: `FY2020` is `FY 2020` and `año fiscal 2020`.

    Raises ValueError where `text` is no period (`config.periods`).
    """
    parsed = parse_period(text)
    language = _language(locale)
    if parsed.freq.startswith("A") and len(parsed.freq) > 1:
        return _span(parsed.start, parsed.end, locale)
    if parsed.fiscal:
        return _FISCAL[language].format(year=parsed.text.removeprefix("FY"))
    if parsed.freq == "Q":
        quarter = (parsed.start.month - 1) // 3
        if language == "es":
            return f"{_ORDINALS[quarter]} trimestre de {parsed.start.year}"
        return f"Q{quarter + 1} {parsed.start.year}"
    if parsed.freq == "M":
        return month(parsed.start, locale)
    if parsed.freq == "W":
        year, week, _ = parsed.start.isocalendar()
        return _WEEK[language].format(week=week, year=year)
    return day(parsed.start, locale) if parsed.freq == "D" else parsed.text


def _span(start: date, end: date, locale: str) -> str:
    """`2014–2018` for whole calendar years, else by the months at both ends."""
    after = end + timedelta(days=1)
    if (start.month, start.day, after.month, after.day) != (1, 1, 1, 1):
        return f"{month(start, locale)} – {month(end, locale)}"
    return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"


@lru_cache(8)
def percent_space(locale: str) -> str:
    """What stands between a number and its percent sign: CLDR has nothing for en-US and es-MX."""
    pattern = Locale.parse(locale).percent_formats[None].pattern
    return NO_BREAK if pattern.rstrip("%") != pattern.rstrip("%").rstrip() else ""


@lru_cache(65536)
def _singular(shown: str, locale: str) -> bool:
    # As text: 1 and 1.0 are one key as numbers, and not one plural.
    return Locale.parse(locale).plural_form(Decimal(shown)) == "one"


def measure_value(value: Value, unit: Unit, decimals: int, locale: str) -> str:
    """A value with its unit: `US$3,000`, `65.8%`, `1 death`, `1,100 deaths`; `–` if there is none.

    The symbol is taken where the unit has one, else the name in the form for this count.
    """
    rounded = _rounded(value, decimals)
    if rounded is None:
        return MISSING
    language = _language(locale)
    if unit.symbol is None:
        one, other = unit.name.es if language == "es" else unit.name.en
        # English says 1.0 deaths, Spanish 1.0 defunción: CLDR rules, asked with the decimals shown.
        singular = _singular(format(abs(rounded), f".{decimals}f"), locale)
        return f"{_write(rounded, decimals, locale)} {one if singular else other}"
    symbol = unit.symbol[language]
    if unit.symbol_before:
        text = _write(abs(rounded), decimals, locale)
        return f"{MINUS if rounded < 0 else ''}{symbol}{text}"
    space = percent_space(locale) if symbol == "%" else NO_BREAK
    return f"{_write(rounded, decimals, locale)}{space}{symbol}"


def percent_change(old: Value, new: Value, locale: str, decimals: int = 1) -> str:
    """Change from `old` to `new` in percent of `old`: `+12.3%`, `−4.0%`, `0.0%`.

    `–` where a value is missing or `old` is zero: there is no percentage of nothing.
    """
    if old is None or new is None or not math.isfinite(old) or not math.isfinite(new) or old == 0:
        return MISSING
    before, after = Decimal(str(old)), Decimal(str(new))
    change = _rounded((after - before) / abs(before) * 100, decimals)
    if change is None:
        return MISSING
    sign = "+" if change > 0 else ""
    return f"{sign}{_write(change, decimals, locale)}{percent_space(locale)}%"
