"""The WSGI entry: `gunicorn dashboard.wsgi:server`. Settings come from the environment."""

from __future__ import annotations

from config.catalog import load_catalog
from config.settings import read_settings
from dashboard.app import create_app
from dashboard.proxies import behind
from db.engine import make_engine

_settings = read_settings()
_app = create_app(
    load_catalog(_settings.config_dir),
    make_engine(_settings.url, read_only=True),
    keep=_settings.kept_megabytes * 1_000_000,
)
server = _app.server
behind(server, _settings.trusted_proxies)
# Workers are forked from here, and SQLite's connections do not bear that.
_app.store.close()
