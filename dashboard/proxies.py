"""Which scheme and host a request came by, where a proxy stands in front."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def behind(server: Flask, proxies: int) -> None:
    """Take scheme and host from `X-Forwarded-Proto` and `-Host`, as that many proxies set them.

    With none, which is the default, these headers say nothing: any client can send them.
    """
    if proxies:
        server.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            server.wsgi_app, x_for=0, x_proto=proxies, x_host=proxies
        )
