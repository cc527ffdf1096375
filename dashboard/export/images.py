"""The chart of a view as a file, SVG or PNG. Unknown parameters are answered with 400."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, request

from dashboard import addresses
from dashboard.comparison import Asked, read_asked
from dashboard.export.compare import no_index, strict
from dashboard.export.parameters import BadParameterError, known, single_values
from dashboard.export.routes import strict_view
from dashboard.figures import picture, raster
from dashboard.i18n import Translator
from dashboard.i18n.formats import day
from dashboard.pages.compare import charts, comparison, frozen
from dashboard.sharing import caption, freeze, providers_of, source_words
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
        _need_font(ending)
        svg = _drawn(store, name, arguments, Translator(language), theme, width, ending)
        return _sent(svg, width, f"{name}.{ending}")

    @files.get("/<any(en, es):language>/compare.<any(svg, png):ending>")
    def compared(language: str, ending: str) -> Response:
        given = list(request.args.items(multi=True))
        options = single_values(
            {name: [v for n, v in given if n == name] for name, _ in given if name in OPTIONS}
        )
        theme = _theme(options.pop("theme", "light"))
        width = _width(options, ending)
        _need_font(ending)
        asked = read_asked(store, [pair for pair in given if pair[0] not in OPTIONS])
        svg = _drawn_comparison(store, asked, Translator(language), theme, width, ending)
        return _sent(svg, width, f"compare.{ending}")

    return files


def _need_font(ending: str) -> None:
    if ending == "png" and not raster.can_write():
        abort(503, "this machine has no font, so no text can be drawn; ask for the .svg")


def _drawn_comparison(
    store: Store, asked: Asked, t: Translator, theme: picture.Theme, width: int, ending: str
) -> str:
    """The first chart of a comparison: where units differ, that of the first series."""
    strict(asked)
    made = comparison(store, asked, t)
    if made.refusal:
        raise no_index(made.refusal)
    made = frozen(store, made, t)
    chart = charts(store, made, t)[0]
    known_on = made.state.asof
    assert known_on is not None, "the comparison is frozen"
    if asked.state.asof:
        title = t("{title}, as known on {day}", title=chart.title, day=day(known_on, t.locale))
        chart = replace(chart, title=title)
    if known_on < store.clock().date():
        # That a source is late today says nothing of the figures of an earlier day.
        chart = replace(chart, warnings=())
    drawn = {line.id for line in chart.lines}
    held = [key for key in made.keys if str(key) in drawn]
    names = providers_of(store, held, t, short=True)
    address = addresses.absolute(addresses.compare(t.language, made.state))
    units = raster.units(width) if ending == "png" else width
    said = picture.Caption(source_words(names, known_on, t), address)
    return picture.picture(chart, said, theme, units)


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
