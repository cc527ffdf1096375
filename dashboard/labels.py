"""Names of things for readers, from the catalogue, in one language. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from config.catalog import Catalog
from config.schema import Unit
from dashboard.i18n import Translator
from dashboard.i18n.formats import (
    MISSING,
    compact,
    day,
    measure_value,
    short_month,
    shortest,
)
from db.records import Observation, SeriesKey, StoredClaim


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
    """What a card's value is of: measure and area, and the counterpart where it is a country."""
    indicator = catalog.indicators[key.indicator]
    parts = [indicator.measures[key.measure].name[t.language], area(catalog, key.ref_area, t)]
    if key.counterpart_area and not key.counterpart_area.startswith("_"):
        parts.append(area(catalog, key.counterpart_area, t))
    return ", ".join(parts)


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
    if unit.symbol is None:
        # Spanish puts «de» between a million and what is counted: 11.4 millones de personas.
        joint = " de " if t.language == "es" and text.endswith(("millón", "millones")) else " "
        return f"{text}{joint}{unit_label(unit, t)}"
    if unit.symbol_before:
        return f"{unit.symbol[t.language]}{text}"
    if exact:
        decimals = next(
            d
            for d in range(decimals + 1)
            if d == decimals or shortest(number, t.locale, d) == shortest(number, t.locale)  # type: ignore[arg-type]
        )
    return measure_value(number, unit, decimals, t.locale)  # type: ignore[arg-type]


def cited_value(claim: StoredClaim, unit: Unit, t: Translator) -> str:
    """The normalised reading of a claim: comparator, value and unit."""
    low, high = claim.value_low, claim.value_high
    decimals = 0 if claim.rounding_unit >= 1 else 2

    def say(number: object) -> str:
        if claim.unit == "ratio":
            return t("{n} times as much", n=shortest(number, t.locale))  # type: ignore[arg-type]
        return short_value(number, unit, decimals, t)

    comparator = claim.comparator
    if comparator == "range":
        return t("{low} to {high}", low=shortest(low, t.locale), high=say(high))
    if comparator == "order":
        # What is counted is named once; a currency belongs to each number.
        first = say(low) if unit.symbol else compact(low, t.locale, decimals)
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
