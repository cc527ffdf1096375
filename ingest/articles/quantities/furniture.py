"""Stretches of a page that are no text of the article: menus, notices, references."""

from __future__ import annotations

import re

_TAIL = re.compile(
    r"(?mi)^[ \t#*_]{0,8}(?:sources|references|bibliography|works cited|further reading|fuentes"
    r"|referencias|bibliograf[íi]a|note to readers|leave a comment|related articles"
    r"|notas relacionadas|lee tambi[ée]n|comentarios)[ \t:*_]{0,8}(?=$|[^\n]{0,3}please)"
)
_NOTICES = re.compile(
    r"""note\ to\ readers | © | all\ rights\ reserved | derechos\ reservados
    | follow\ us\b | \bsiguenos\b | click\ here | click\ the\ share | share\ buttons | haz\ clic
    | translate\ website | drop[ ]?down\ menu | \bmin(?:ute)?\ read\b
    | \b(?:min|minutos)\ de\ lectura | read\ more: | leer\ mas: | your\ email | photo\ credit
    | cross-?post | by\ activating | \bissn\b | \bisbn\b | \bsuscribete\b""",
    re.X,
)
"""What only a page says to its readers."""
_ADDRESSED = re.compile(
    r"""^\W*(?:please\ )?(?:subscribe|sign\ up|share\ this|newsletter|cookies|copyright|photo\ by)\b
    | ^\W*comparte\ esta\ (?:nota|noticia|publicacion|entrada|pagina|informacion)
    | ^\W*(?:advertisement|publicidad)\b.{0,40}$
    | \bcopyright\ (?:\(c\)|[12]\d{3})
    | \bsubscribe\ (?:to\ our|now|today|here)\b
    | \bsign\ up\ for\ (?:our|free|the\ [^.]{0,40}newsletter)
    | \b(?:our|my|this|free|daily|weekly)\ newsletter
    | \b(?:uses?|accept|our|these|usa|usamos|utiliza|utilizamos|aceptar?|nuestras|estas)
      \ (?:[a-z]+\ )?cookies\b
    | \b(?:use\ of|uso\ de)\ cookies\b
    | [(\[|]\ ?photo\ by\b | (?:[/(|–-]|\bvia|\bby)\ ?getty\ images | \bgetty\ images\W*$""",
    re.X,
)
"""The same with words that an article may use of others: "its newsletter has 20,000 readers"."""


def body_end(text: str) -> int:
    """Where the text of the article ends: at its list of sources, if that comes after its first
    third."""
    for match in _TAIL.finditer(text, len(text) // 3):
        return match.start()
    return len(text)


def is_notice(folded: str) -> bool:
    """Whether a sentence, folded, is a notice of the page."""
    return bool(_NOTICES.search(folded) or _ADDRESSED.search(folded))
