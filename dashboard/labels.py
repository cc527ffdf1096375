"""Names of things for readers, from the catalogue, in one language. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from config.catalog import Catalog
from config.schema import Unit
from dashboard.i18n import Translator
from dashboard.i18n.formats import (
    DIGITS,
    MISSING,
    as_stated,
    compact,
    day,
    measure_value,
    short_month,
    shortest,
    stated_decimals,
)
from db.records import Observation, SeriesKey, StoredClaim

MOST_DIGITS = 12
"""Beyond the last one of a claim that are tried to tell an official value from it."""


def area(catalog: Catalog, code: str, t: Translator) -> str:
    """An area by its name; one that the catalogue does not know by its code."""
    known = catalog.areas.get(code)
    return known.name[t.language] if known else code


def frequency_words(t: Translator) -> dict[str, str]:
    """How often a series has a value, by the code of its frequency."""
    return {
        "A": t("yearly"),
        "A5": t("five years"),
        "Q": t("quarterly"),
        "M": t("monthly"),
        "W": t("weekly"),
        "D": t("daily"),
    }


def series_label(
    catalog: Catalog, key: SeriesKey, among: Sequence[SeriesKey], t: Translator
) -> str:
    """The name of one series among those that are shown with it, as in `series_names`."""
    return series_names(catalog, among, t)[key]


def series_names(
    catalog: Catalog, keys: Sequence[SeriesKey], t: Translator
) -> dict[SeriesKey, str]:
    """What tells the series of one indicator from each other; their source always. No two alike.

    `Mexico · World Bank`, `Guatemala · Obligated · ForeignAssistance.gov · quarterly`.
    """
    full = _named(catalog, keys, t, all_named=True)
    # «All» need not be said where nothing else has the name without it.
    short = _named(catalog, keys, t, all_named=False)
    often = Counter(short.values())
    return {key: full[key] if often[short[key]] > 1 else short[key] for key in keys}


def _named(
    catalog: Catalog, keys: Sequence[SeriesKey], t: Translator, *, all_named: bool
) -> dict[SeriesKey, str]:
    """`all_named`: the value «all» of a facet is said, which it is anyway where nothing else is."""
    facets = {key: key.facet_values for key in keys}
    measures = len({key.measure for key in keys}) > 1
    areas = len({key.ref_area for key in keys}) > 1
    others = len({key.counterpart_area for key in keys}) > 1
    freqs = len({key.freq for key in keys}) > 1
    differing = {
        name
        for each in facets.values()
        for name in each
        if len({values.get(name) for values in facets.values()}) > 1
    }
    found, words = {}, frequency_words(t)
    for key in keys:
        indicator = catalog.indicators[key.indicator]
        parts: list[str] = []
        if measures:
            parts.append(indicator.measures[key.measure].name[t.language])
        if areas:
            parts.append(area(catalog, key.ref_area, t))
        if others and key.counterpart_area:
            parts.append(area(catalog, key.counterpart_area, t))
        said = [
            (value, indicator.facets[name].values[value].name[t.language])
            for name, value in facets[key].items()
            if name in differing
        ]
        parts += [name for value, name in said if all_named or value != "all"]
        parts = parts or [name for _, name in said]
        parts = parts or [area(catalog, key.counterpart_area or key.ref_area, t)]
        parts.append(catalog.provider_of(key.source).short[t.language])
        if freqs:
            parts.append(words[key.freq])
        found[key] = " · ".join(parts)
    return found


def series_scope_short(catalog: Catalog, key: SeriesKey, t: Translator) -> str:
    """What a card's value is of: measure and area, and the counterpart where it is a country.

    `US imports from Mexico`, `Doses sent in all, United States – Mexico`: what the names of the
    indicator and the measure say is not said again.
    """
    indicator = catalog.indicators[key.indicator]
    measure = indicator.measures[key.measure].name[t.language]
    codes = [key.ref_area]
    if key.counterpart_area and not key.counterpart_area.startswith("_"):
        codes.append(key.counterpart_area)
    said = _named_areas(catalog, measure, t)
    title = _named_areas(catalog, indicator.name[t.language], t)
    # A title with other areas too does not say which of them this one is.
    said |= title if title <= set(codes) else title & {key.ref_area}
    places = " – ".join(area(catalog, code, t) for code in codes if code not in said)
    return f"{measure}, {places}" if places else measure


_QUOTED = re.compile('["“«][^"”»]*["”»]')


def _named_areas(catalog: Catalog, text: str, t: Translator) -> set[str]:
    """The areas whose names stand in a text, or their codes of two letters (`US imports`).

    What stands in quotation marks is the name of something else: "Remain in Mexico".
    """
    text = _QUOTED.sub(" ", text)
    words = set(text.split())
    return {
        code
        for code, known in catalog.areas.items()
        if known.name[t.language] in text or known.iso2 in words
    }


def unit_label(unit: Unit, t: Translator) -> str:
    """A unit as the title of an axis: its name for many."""
    return (unit.name.es if t.language == "es" else unit.name.en)[1]


def value(observation: Observation, unit: Unit, decimals: int, t: Translator) -> str:
    """A value as published, with its unit."""
    return measure_value(observation.value, unit, decimals, t.locale)


def short_value(
    number: object, unit: Unit, decimals: int, t: Translator, *, exact: bool = False
) -> str:
    """A value for a card: scaled by a word where it is large (`US$3.5 billion`).

    `exact`: `decimals` is the most that are written, and zeros at the end are dropped.
    """
    text = compact(number, t.locale, decimals=max(decimals, 2))  # type: ignore[arg-type]
    if text == MISSING:
        return text
    if unit.symbol is None or unit.symbol_before:
        return _with_unit(text, unit, t)
    if exact:
        decimals = next(
            d
            for d in range(decimals + 1)
            if d == decimals or shortest(number, t.locale, d) == shortest(number, t.locale)  # type: ignore[arg-type]
        )
    return measure_value(number, unit, decimals, t.locale)  # type: ignore[arg-type]


def _with_unit(text: str, unit: Unit, t: Translator) -> str:
    """A number that may end with a word for a power of ten, with a unit that may stand there."""
    if unit.symbol is not None:
        return f"{unit.symbol[t.language]}{text}"
    # Spanish puts «de» between a million and what is counted: 11.4 millones de personas.
    joint = " de " if t.language == "es" and text.endswith(("millón", "millones")) else " "
    return f"{text}{joint}{unit_label(unit, t)}"


def stated_value(number: Decimal, step: Decimal, unit: Unit, t: Translator) -> str:
    """A value with the digits that it was stated with; `step` is the place of the last one."""
    if unit.symbol is None or unit.symbol_before:
        return _with_unit(as_stated(number, step, t.locale), unit, t)
    return measure_value(number, unit, max(0, stated_decimals(number, step)), t.locale)


def apart_value(
    number: Decimal, claim: StoredClaim, unit: Unit, decimals: int, t: Translator
) -> str:
    """An official value that a claim in its unit differs from: with as many digits as the claim
    has, and as many more as it takes to see that they are not the same."""
    shown = short_value(number, unit, decimals, t)
    step = claim.rounding_unit
    ends = [end for end in (claim.value_low, claim.value_high) if end is not None]
    hidden = shown in {stated_value(end, step, unit, t) for end in ends}
    if number in ends or not (hidden or _is_finer(step, number, unit, decimals)):
        return shown
    place = step.adjusted()
    for exponent in range(place, place - MOST_DIGITS, -1):
        last = Decimal(1).scaleb(exponent)
        with localcontext(prec=DIGITS):
            rounded = number.quantize(last, ROUND_HALF_UP)
        if rounded not in ends:
            return stated_value(rounded, last, unit, t)
    return shown


def _is_finer(step: Decimal, number: Decimal, unit: Unit, decimals: int) -> bool:
    """Whether a claim has a digit more than `short_value` shows of a number."""
    scaled = unit.symbol is None or unit.symbol_before
    power = max((p for p in (0, 6, 9, 12) if number.adjusted() >= p), default=0) if scaled else 0
    return step.adjusted() < power - (max(decimals, 2) if scaled else decimals)


def cited_value(claim: StoredClaim, unit: Unit, t: Translator) -> str:
    """The normalised reading of a claim: comparator, value and unit, with the digits it has."""
    low, high, step = claim.value_low, claim.value_high, claim.rounding_unit
    if claim.comparator == "order":
        # Nobody wrote the ends of a band.
        step = high or low or step

    def bare(number: Decimal | None) -> str:
        return as_stated(number, step, t.locale)

    def say(number: Decimal | None) -> str:
        if claim.unit == "ratio":
            return t("{n} times as much", n=bare(number))
        return MISSING if number is None else stated_value(number, step, unit, t)

    comparator = claim.comparator
    if comparator == "range":
        return t("{low} to {high}", low=bare(low), high=say(high))
    if comparator == "order":
        # What is counted is named once; a currency belongs to each number.
        first = say(low) if unit.symbol else bare(low)
        return t("from {low} to under {high}", low=first, high=say(high))
    words = {
        "eq": "{value}",
        "approx": t("about {value}"),
        "gt": t("more than {value}"),
        "ge": t("at least {value}"),
        "lt": t("less than {value}"),
        "le": t("up to {value}"),
        "almost": t("almost {value}"),
    }
    return words[comparator].format(value=say(low if low is not None else high))


def claim_period(claim: StoredClaim, t: Translator) -> str:
    """The period that a claim speaks of, as short as its ends allow."""
    start, end = claim.period_start, claim.period_end
    if start is None and end is None:
        return t("period not stated")
    if start is None or end is None:
        only = day(start or end, t.locale)
        return t("from {day}", day=only) if end is None else t("until {day}", day=only)
    if start == end:
        return day(start, t.locale)
    whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if whole:
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    return t("{start} to {end}", start=day(start, t.locale), end=day(end, t.locale))


def claim_period_short(claim: StoredClaim, t: Translator) -> str:
    """The period for a label on a chart, by years or months; the card has its days."""
    start, end = claim.period_start, claim.period_end
    if start is None or end is None:
        return claim_period(claim, t)
    if start == end:
        return day(start, t.locale)
    if start.year != end.year:
        return f"{start.year}–{end.year}"
    if (start.month, end.month) == (1, 12):
        return str(start.year)
    if start.month == end.month:
        return short_month(start, t.locale)
    return f"{short_month(start, t.locale)} – {short_month(end, t.locale)}"


def status_words(code: str, t: Translator) -> str:
    """SDMX CL_OBS_STATUS in words; A, normal, needs none."""
    words = {
        "B": t("break in the series"),
        "D": t("definition differs"),
        "E": t("estimate, or stated in round words"),
        "F": t("forecast"),
        "M": t("no value published"),
        "P": t("provisional, or part of the period"),
        "Q": t("suppressed"),
        "U": t("low reliability"),
        "V": t("not checked against the provider's own file"),
    }
    return words.get(code, "")
