"""What a figure is to the reader: `core` is checked, the rest is shown on request.

`context` is beside the point (durations, distances, counts of places and papers), `vague` has no
anchor, `implicit` is said without a number.
"""

from __future__ import annotations

from typing import Literal

from ingest.articles.quantities.context import Context
from ingest.articles.quantities.draft import Draft
from ingest.articles.quantities.wordsets import words

FigureClass = Literal["core", "context", "vague", "implicit"]

_CORE = words(
    """persons incidents fires deaths cases case-files investigations reports firearms seizures
    doses encounters organizations applications jobs households families homes rounds tonnes
    tons kilograms barrels acre-feet hectares liters gallons kidnappings crimes extortions
    robberies thefts arrests detentions deportations removals returns repatriations
    disappearances attacks victims massacres shootings graves bodies births infections
    hospitalizations tests items pills grams pounds vehicles trucks crossings permits visas
    work-permits requests orders sentences convictions megawatts lives remittances per-100k
    percent percent-change percentage-points basis-points ratio mxn-per-usd ounces enrolments
    decisions removals grenades magazines explosives ammunition raids operations passengers
    tickets votes visas certificates complaints scholarships loans transfers expulsions
    extraditions users nights units"""
)
_SMALL = 13


def class_of(draft: Draft, context: Context) -> FigureClass:
    """The class of a figure that no indicator of the catalogue claims."""
    if draft.form == "vague":
        return "vague"
    unit = draft.unit or ""
    if unit in context.lexicon.durations.values() and unit != "nights":
        return "context"
    if draft.currency or draft.per or unit.startswith("per-") or unit in _CORE:
        minor = unit in {"vehicles", "trucks", "permits", "operations", "families", "orders",
                         "units", "nights", "requests", "scholarships"}  # fmt: skip
        if minor and draft.low < 1000 and not draft.per and draft.form != "order":
            return "core" if unit == "nights" else "context"
        return "core"
    return "context"
