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

CORE = words(
    """persons incidents fires deaths cases case-files investigations reports firearms seizures
    doses encounters organizations applications jobs households families homes rounds tonnes
    tons kilograms barrels acre-feet hectares liters gallons kidnappings crimes extortions
    robberies thefts arrests detentions deportations removals returns repatriations
    disappearances attacks victims massacres shootings graves bodies births infections
    hospitalizations tests items pills grams pounds vehicles trucks crossings permits visas
    work-permits requests orders sentences convictions megawatts lives remittances per-100k
    percent percent-change percentage-points basis-points ratio mxn-per-usd ounces
    enrolments decisions removals grenades magazines explosives ammunition raids operations
    passengers tickets votes visas certificates complaints scholarships loans transfers
    expulsions extraditions users nights units cents cartridges bullets passports
    transplants donations homicides"""
)


_MINOR = words("vehicles trucks permits operations families orders units requests scholarships")
"""Small counts of these are beside the point."""
LARGE = 1000


def class_of(draft: Draft, context: Context) -> FigureClass:
    """The class of a figure that no indicator of the catalogue claims."""
    if draft.form == "vague":
        return "vague"
    unit = draft.unit or ""
    if unit in context.lexicon.durations.values() and unit != "nights":
        return "context"
    if draft.currency or draft.per or unit.startswith("per-"):
        return "core"
    if unit in _MINOR and draft.low < LARGE and draft.form != "order":
        return "context"
    return "core" if unit in CORE else "context"
