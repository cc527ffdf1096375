"""The application on the loaded database, and pages as they arrive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import Site, create_app
from tests.dashboard.pages import Markup, parsed
from tests.stores import NOW, Loaded


@pytest.fixture(scope="session")
def site(loaded: Loaded) -> Site:
    """The application. It only reads."""
    return create_app(loaded.catalog, loaded.engine, lambda: NOW)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without scripts."""
    server: Flask = site.server
    return server.test_client()


@pytest.fixture(scope="session")
def page(site: Site) -> Callable[[str], Markup]:
    """Get an address, which must answer 200, if need be after a redirect; each is asked for once
    in a session."""
    client = site.server.test_client()
    known: dict[str, Markup] = {}

    def get(address: str) -> Markup:
        if address not in known:
            response = client.get(address, follow_redirects=True)
            assert response.status_code == 200, address
            known[address] = parsed(response.get_data(as_text=True))
        return known[address]

    return get
