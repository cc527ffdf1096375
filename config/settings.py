"""Settings of one installation, from the environment. The only reader of `os.environ`.

| variable | meaning | default |
|---|---|---|
| `TWOTRACK_HOME` | folder of the database and the snapshots | `var` |
| `TWOTRACK_DATABASE_URL` | database | SQLite in `TWOTRACK_HOME` |
| `TWOTRACK_CONFIG_DIR` | the catalogue | the folder `config` of the installation |
| `TWOTRACK_CONTACT` | address in the User-Agent, as polite clients give | none |
| `TWOTRACK_BASE_URL_<PROVIDER>` | replaces scheme and host of a provider's addresses | none |
| `PORT`, `HOST` | where the dashboard is served | 8050, 127.0.0.1 |
| `WEB_CONCURRENCY` | server workers | 2 |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_URL_PREFIX = "TWOTRACK_BASE_URL_"


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
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("TWOTRACK_HOST", "HOST"))
    port: int = Field(8050, ge=1, le=65535, validation_alias=AliasChoices("TWOTRACK_PORT", "PORT"))
    workers: int = Field(
        2, ge=1, le=64, validation_alias=AliasChoices("TWOTRACK_WORKERS", "WEB_CONCURRENCY")
    )
    base_urls: Mapping[str, str] = Field(default_factory=dict)
    """Provider (lower case, as in the variable's name) to scheme and host."""

    @property
    def url(self) -> str:
        """The database's address: as set, else the SQLite file in `home`."""
        return self.database_url or f"sqlite:///{(self.home / 'twotrack.db').resolve()}"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"


def read_settings() -> Settings:
    """Settings from the environment. Raises pydantic's ValidationError for values out of range."""
    base_urls = {
        name.removeprefix(BASE_URL_PREFIX).lower(): value
        for name, value in os.environ.items()
        if name.startswith(BASE_URL_PREFIX) and value
    }
    return Settings(base_urls=base_urls)
