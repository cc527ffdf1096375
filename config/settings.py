"""Settings of one installation, from the environment. The only reader of `os.environ`.

| variable | meaning | default |
|---|---|---|
| `TWOTRACK_HOME` | folder of the database and the snapshots | `var` |
| `TWOTRACK_DATABASE_URL` | database | SQLite in `TWOTRACK_HOME` |
| `TWOTRACK_CONFIG_DIR` | the catalogue | the folder `config` of the installation |
| `TWOTRACK_CONTACT` | address in the User-Agent, as polite clients give | none |
| `TWOTRACK_BASE_URL_<PROVIDER>` | replaces scheme and host of a provider's addresses | none |
| `TWOTRACK_KEY_<PROVIDER>` | key of a provider that asks for one | none |
| `TWOTRACK_DRAFTS` | folder of the articles that wait for review | `drafts` in the home |
| `TWOTRACK_REVIEWER` | who reviews claims | none |
| `TWOTRACK_ALLOW_PRIVATE_ADDRESSES` | 1: articles may lie at addresses that are not public | 0 |
| `TWOTRACK_TRUSTED_PROXIES` | how many proxies in front say scheme and host of a request | 0 |
| `TWOTRACK_KEPT_MEGABYTES` | memory of each server worker for answers kept ready | 32 |
| `PORT`, `HOST` | where the dashboard is served | 8050, 127.0.0.1 |
| `WEB_CONCURRENCY` | server workers | 2 |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_URL_PREFIX = "TWOTRACK_BASE_URL_"
KEY_PREFIX = "TWOTRACK_KEY_"


class Settings(BaseSettings):
    """Read once by the command and passed on; nothing below asks the environment."""

    # An empty variable counts as unset: an empty TWOTRACK_HOME would be the current folder.
    model_config = SettingsConfigDict(
        env_prefix="TWOTRACK_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    home: Path = Path("var")
    database_url: str = ""
    config_dir: Path = Path(__file__).parent
    contact: str = ""
    drafts: Path | None = None
    reviewer: str = ""
    allow_private_addresses: bool = False
    trusted_proxies: int = Field(0, ge=0, le=16)
    kept_megabytes: int = Field(32, ge=0, le=65_536)
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("TWOTRACK_HOST", "HOST"))
    port: int = Field(8050, ge=1, le=65535, validation_alias=AliasChoices("TWOTRACK_PORT", "PORT"))
    workers: int = Field(
        2, ge=1, le=64, validation_alias=AliasChoices("TWOTRACK_WORKERS", "WEB_CONCURRENCY")
    )
    base_urls: Mapping[str, str] = Field(default_factory=dict)
    """Provider (lower case, as in the variable's name) to scheme and host."""
    keys: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """Provider to its key. Left out where settings are printed."""

    @property
    def url(self) -> str:
        """The database's address: as set, else the SQLite file in `home`."""
        path = quote((self.home / "twotrack.db").resolve().as_posix(), safe="/:")
        return self.database_url or f"sqlite:///{path}"

    @property
    def drafts_dir(self) -> Path:
        """Where articles wait for review: as set, else in `home`."""
        return self.drafts or self.home / "drafts"

    @property
    def snapshots(self) -> Path:
        """Where the bytes of providers are kept."""
        return self.home / "snapshots"


def read_settings() -> Settings:
    """Settings from the environment. Raises pydantic's ValidationError for values out of range."""
    return Settings(base_urls=_named(BASE_URL_PREFIX), keys=_named(KEY_PREFIX))


def _named(prefix: str) -> dict[str, str]:
    """Variables that begin with `prefix`, by the rest of their name in lower case."""
    return {
        name.removeprefix(prefix).lower(): value
        for name, value in os.environ.items()
        if name.startswith(prefix) and value
    }
