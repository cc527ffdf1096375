"""Stretches of a page that are no text of the article: menus, notices, references."""

from __future__ import annotations

import re

_TAIL = re.compile(
    r"(?mi)^[ \t#*_]{0,8}(?:sources|references|bibliography|works cited|further reading|fuentes"
    r"|referencias|bibliograf[íi]a|note to readers|leave a comment|related articles"
    r"|notas relacionadas|lee tambi[ée]n|comentarios)[ \t:*_]{0,8}(?=$|[^\n]{0,3}please)"
)
_NOTICES = (
    "note to readers",
    "copyright",
    "©",
    "all rights reserved",
    "derechos reservados",
    "subscribe",
    "suscribete",
    "follow us",
    "siguenos",
    "click here",
    "click the share",
    "share this",
    "share buttons",
    "cookies",
    "translate website",
    "drop down menu",
    "dropdown menu",
    "min read",
    "minute read",
    "min de lectura",
    "minutos de lectura",
    "read more:",
    "leer mas:",
    "your email",
    "sign up for",
    "newsletter",
    "advertisement",
    "photo by",
    "photo credit",
    "getty images",
    "crosspost",
    "cross-post",
    "by activating",
    "issn",
    "isbn",
    "haz clic",
    "comparte esta",
)


def body_end(text: str) -> int:
    """Where the text of the article ends: at its list of sources, if that is in its second
    half."""
    for match in _TAIL.finditer(text, len(text) // 3):
        return match.start()
    return len(text)


def is_notice(folded: str) -> bool:
    """Whether a sentence, folded, is a notice of the page."""
    return any(notice in folded for notice in _NOTICES)
