"""The scripts of a live chart, as small as they can be sent.

Set-up keeps two things in the environment, under `share/two-track`, and nothing is wrong where it
could not: Plotly's `basic` bundle, a quarter of the whole, marked to be compiled at once, which is
used if it is of the version that plotly.py carries; and copies of the scripts compressed once with
brotli's best and slowest quality, so that no request waits for a worse one.

    python -m dashboard.bundles      # make the copies
"""

from __future__ import annotations

import mimetypes
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import dash
import plotly
from flask import Blueprint, Response, request
from plotly.offline import get_plotlyjs_version

ASSETS = Path(__file__).parent / "assets"
SHARE = Path(sys.prefix) / "share" / "two-track"
BASIC = "plotly-basic.min.js"
BEST = 11
"""Of brotli (RFC 7932): 0 to 11."""
YEAR = 365 * 24 * 3600
EAGER = b"//# allFunctionsCalledOnLoad\n"
"""V8's explicit compile hint (https://v8.dev/blog/explicit-compile-hints): all functions are
compiled beside the page while the script arrives, and not one by one while the page waits for them.
Other engines read a comment."""
SCRIPTS = ("dash-renderer/build/*.min.js", "deps/prop-types*.min.js", "deps/react*.min.js")
"""What a page with a chart asks of the package `dash`."""
_VERSION = re.compile(rb"plotly\.js \(basic - minified\) v([0-9][0-9.]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SUITE = "/_dash-component-suites/dash/"
_FINGERPRINT = re.compile(r"\.v[0-9_a-z]+m[0-9]+(?=\.|$)")


@dataclass(frozen=True)
class Script:
    """A script as it is sent: as it is, or compressed with brotli where that is at hand."""

    plain: Path
    brotli: Path | None


@cache
def plotly_script() -> Script:
    """Plotly's basic bundle; the whole one, which plotly.py brings, where that is not at hand."""
    path = SHARE / BASIC
    if _version_of(path) != get_plotlyjs_version():
        path = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return Script(path, _copy_of(path))


def _version_of(path: Path) -> str:
    """The version in the head of a basic bundle; empty for anything else."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        found = _VERSION.search(file.read(500))
    return found[1].decode() if found else ""


def plotly_address() -> str:
    """Where the bundle is served. Its name changes with its version and its size."""
    size = plotly_script().plain.stat().st_size
    return f"/scripts/plotly-{get_plotlyjs_version()}-{size}.js"


@cache
def stylesheet() -> str:
    """The style of our pages, to stand in them: without comments and the space that leads a line.

    A page is painted by its first answer alone, with no second one to wait for.
    """
    text = _COMMENT.sub("", (ASSETS / "twotrack.css").read_text(encoding="utf-8"))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def blueprint() -> Blueprint:
    """Serves the compressed copies to browsers that take brotli, all others what they had."""
    routes = Blueprint("scripts", __name__)

    @routes.before_app_request
    def own_asset() -> Response | None:
        found = _assets().get(request.path)
        if found is None:
            return None
        plain, packed = found
        compressed = _takes_brotli()
        return _kept(
            packed if compressed else plain,
            str(mimetypes.guess_type(request.path)[0]),
            compressed=compressed,
        )

    @routes.before_app_request
    def copy_of_suite() -> Response | None:
        if not request.path.startswith(_SUITE) or not _takes_brotli():
            return None
        copy = _suites().get(_FINGERPRINT.sub("", request.path.removeprefix(_SUITE)))
        return _sent(copy, compressed=True) if copy else None

    @routes.get("/scripts/<name>")
    def plotly_bundle(name: str) -> Response:
        script = plotly_script()
        if f"/scripts/{name}" != plotly_address():
            return Response(status=404, mimetype="text/plain")
        if script.brotli is not None and _takes_brotli():
            return _sent(script.brotli, compressed=True)
        return _sent(script.plain, compressed=False)

    return routes


def _takes_brotli() -> bool:
    return request.accept_encodings.quality("br") > 0


def _sent(path: Path, *, compressed: bool) -> Response:
    return _kept(path.read_bytes(), "text/javascript", compressed=compressed)


def _kept(body: bytes, media_type: str, *, compressed: bool) -> Response:
    """An answer that may be kept for ever, for its address changes with its content."""
    response = Response(body, mimetype=media_type)
    if compressed:
        response.headers["Content-Encoding"] = "br"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@cache
def _assets() -> dict[str, tuple[bytes, bytes]]:
    """Our own assets by the path of their address, as they are and compressed."""
    bodies = {f"/assets/{path.name}": path.read_bytes() for path in sorted(ASSETS.glob("*"))}
    return {
        address: (body, brotli.compress(body, quality=BEST)) for address, body in bodies.items()
    }


@cache
def _suites() -> dict[str, Path]:
    found = {name: _copy_of(script) for name, script in _scripts()}
    return {name: copy for name, copy in found.items() if copy is not None}


def _scripts() -> Iterator[tuple[str, Path]]:
    root = Path(dash.__file__).parent
    for pattern in SCRIPTS:
        for script in sorted(root.glob(pattern)):
            yield script.relative_to(root).as_posix(), script


def _copy_of(script: Path) -> Path | None:
    copy = _place(script)
    return copy if copy.is_file() else None


def _place(script: Path) -> Path:
    """Where the copy lies: its name has the size, for a copy of an older script is none."""
    return SHARE / "br" / f"{script.name}.{script.stat().st_size}.br"


def main() -> None:
    """Mark the bundle, and make the copies that are missing."""
    (SHARE / "br").mkdir(parents=True, exist_ok=True)
    mark(SHARE / BASIC)
    scripts = [*(script for _, script in _scripts()), plotly_script().plain]
    for script in scripts:
        place = _place(script)
        if not place.is_file():
            _write(place, brotli.compress(script.read_bytes(), quality=BEST))


def mark(bundle: Path) -> None:
    """Put `EAGER` before a bundle that does not have it yet; nothing where there is no bundle."""
    if bundle.is_file():
        text = bundle.read_bytes()
        if not text.startswith(EAGER):
            _write(bundle, EAGER + text)


def _write(place: Path, body: bytes) -> None:
    """Whole or not at all."""
    part = place.with_suffix(".part")
    part.write_bytes(body)
    part.replace(place)


if __name__ == "__main__":
    main()
