"""A cited figure against the official one, as known then and as known now: pure functions.

`assess` takes a claim, the catalogue and the observations of all vintages, and answers in codes and
exact numbers; words are made where they are shown. A verdict speaks of a figure, never of its
author.
"""

from db.intervals import Interval, accept_interval
from db.verdicts.assessment import assess, label
from db.verdicts.case import RATIO, CatalogView, cited_by
from db.verdicts.codes import (
    AGREE,
    NUMERIC,
    Assessment,
    Caveat,
    CaveatKind,
    Code,
    Finding,
    Hint,
    HintKind,
    Numeric,
    Verdict,
)
from db.verdicts.combine import combine
from db.verdicts.definitions import answering
from db.verdicts.numeric import numeric_verdict
from db.verdicts.reading import EXCHANGE_RATE, other_currency

__all__ = [
    "AGREE",
    "EXCHANGE_RATE",
    "NUMERIC",
    "RATIO",
    "Assessment",
    "CatalogView",
    "Caveat",
    "CaveatKind",
    "Code",
    "Finding",
    "Hint",
    "HintKind",
    "Interval",
    "Numeric",
    "Verdict",
    "accept_interval",
    "answering",
    "assess",
    "cited_by",
    "combine",
    "label",
    "numeric_verdict",
    "other_currency",
]
