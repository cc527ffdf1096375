"""The chart of a view as a file, SVG or PNG. Unknown parameters are answered with 400."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask import Blueprint, Response, abort, jsonify, request

from dashboard.export.parameters import BadParameterError, known, single_values
from dashboard.export.routes import strict_view
from dashboard.figures import picture, raster
from dashboard.i18n import Translator
from dashboard.sharing import caption, freeze
from dashboard.state import PARAMETERS
from dashboard.store import Store

OPTIONS = ("theme", "width")


def blueprint(store: Store) -> Blueprint:
    """Routes of the pictures."""
    files = Blueprint("pictures", __name__)

    @files.errorhandler(BadParameterError)
    def _bad(error: BadParameterError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @files.get("/<any(en, es):language>/indicators/<name>.<any(svg, png):ending>")
    def chart(language: str, name: str, ending: str) -> Response:
        if name not in store.catalog.indicators:
            abort(404)
        arguments = single_values(request.args.to_dict(flat=False), lists=())
        known(arguments, (*PARAMETERS, *OPTIONS))
        theme = _theme(arguments.pop("theme", "light"))
        width = _width(arguments, ending)
        if ending == "png" and not raster.can_write():
            abort(503, "this machine has no font, so no text can be drawn; ask for the .svg")
        svg = _drawn(store, name, arguments, Translator(language), theme, width, ending)
        return _sent(svg, width, f"{name}.{ending}")

    return files


def _drawn(
    store: Store,
    name: str,
    arguments: Mapping[str, str],
    t: Translator,
    theme: picture.Theme,
    width: int,
    ending: str,
) -> str:
    indicator = store.catalog.indicators[name]
    view = freeze(store, strict_view(store, indicator, arguments, t), t)
    units = raster.units(width) if ending == "png" else width
    return picture.picture(view.chart, caption(store, view, t), theme, units)


def _sent(svg: str, width: int, name: str) -> Response:
    """The drawing has all that a view and its data say, so it tells whether the file changed.

    A PNG that the browser still has is not drawn again.
    """
    tag = hashlib.sha256(f"{width} {name} {svg}".encode()).hexdigest()[:32]
    response = Response()
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if name.endswith(".png"):
        response.mimetype = "image/png"
        if not request.if_none_match.contains(tag):
            response.set_data(raster.png(svg, width))
    else:
        response.mimetype = "image/svg+xml"
        response.set_data(svg)
    response.make_conditional(request)
    return response


def _theme(text: str) -> picture.Theme:
    found = next((theme for theme in picture.THEMES if theme == text), None)
    if found is None:
        raise BadParameterError(f"theme={text} is unknown; valid are {', '.join(picture.THEMES)}")
    return found


def _width(arguments: dict[str, str], ending: str) -> int:
    """The width asked for, which is taken out of the arguments, or the usual one."""
    module = raster if ending == "png" else picture
    text = arguments.pop("width", str(module.WIDTH))
    least, most = module.NARROWEST, module.WIDEST
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not least <= number <= most:
        raise BadParameterError(f"width={text} is not understood: {least} to {most} pixels")
    return number
