"""The WSGI entry: `gunicorn dashboard.wsgi:server`. Settings come from the environment."""

from __future__ import annotations

from config.catalog import load_catalog
from config.settings import read_settings
from dashboard.app import create_app
from dashboard.proxies import behind
from db.engine import make_engine

_settings = read_settings()
server = create_app(
    load_catalog(_settings.config_dir), make_engine(_settings.url, read_only=True)
).server
behind(server, _settings.trusted_proxies)
