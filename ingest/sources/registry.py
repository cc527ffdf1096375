"""The adapters, by the name that `adapter:` of `config/sources/*.yaml` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.catalog import Catalog
from ingest.adapter import Adapter
from ingest.sources.banxico import Banxico
from ingest.sources.cbp import Cbp
from ingest.sources.census import Census
from ingest.sources.foreign_assistance import ForeignAssistance
from ingest.sources.fred import Fred
from ingest.sources.inegi import Inegi
from ingest.sources.ohss import Ohss
from ingest.sources.owid import Owid
from ingest.sources.sesnsp import Sesnsp
from ingest.sources.unhcr import Unhcr
from ingest.sources.unodc import Unodc
from ingest.sources.worldbank import WorldBank
from ingest.sources.worldbank_archives import WorldBankArchives

ADAPTERS: Mapping[str, Callable[[Catalog], Adapter]] = {
    "banxico": lambda _: Banxico(),
    "cbp": lambda catalog: Cbp(catalog.areas),
    "census": lambda _: Census(),
    "foreign-assistance": lambda _: ForeignAssistance(),
    "fred": lambda _: Fred(),
    "inegi": lambda _: Inegi(),
    "ohss": lambda catalog: Ohss(catalog.areas),
    "owid": lambda catalog: Owid(catalog.areas),
    "sesnsp": lambda _: Sesnsp(),
    "unhcr": lambda _: Unhcr(),
    "unodc": lambda _: Unodc(),
    "worldbank": lambda catalog: WorldBank(catalog.areas),
    "worldbank-archives": lambda _: WorldBankArchives(),
}

ARCHIVES: Mapping[str, str] = {"worldbank": "worldbank-archives"}
"""Adapters of the past releases that a provider keeps, by that of its newest release."""
