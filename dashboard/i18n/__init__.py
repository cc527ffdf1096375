"""The words of the interface in English and in Mexican Spanish, with the meaning of gettext.

The message id is the English text, so a page that lacks a translation is still readable.
`es.po` is read as it stands: there is no compiled catalogue that could be out of date.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from dashboard.i18n.formats import number

LANGUAGES = ("en", "es")
LOCALES = {"en": "en_US", "es": "es_MX"}
CATALOGUE = Path(__file__).with_name("es.po")


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Translations by message id (of a plural: its singular); one form, or one for each plural.

    Fuzzy and empty entries are left out, as gettext leaves them out.
    """
    if language == "en":
        return {}
    with CATALOGUE.open("rb") as file:
        messages = read_po(file, locale=LOCALES[language])
    found = {}
    for message in messages:
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        string = message.string or ""
        forms = (string,) if isinstance(string, str) else tuple(string)
        if key and all(forms) and not message.fuzzy:
            found[key] = forms
    return found


class Translator:
    """Says a message in one language: `t("Sources")`, `t.n("{n} row", "{n} rows", count)`."""

    def __init__(self, language: str) -> None:
        """Raises ValueError for a language that is not in `LANGUAGES`."""
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is no language; known are {', '.join(LANGUAGES)}")
        self.language = language
        self.locale = LOCALES[language]

    def __call__(self, message: str, **params: object) -> str:
        """The message in this language, else in English; `{name}` is filled as by str.format.

        Without params the text is returned as it is, braces and all.
        """
        forms = catalogue(self.language).get(message)
        text = forms[0] if forms else message
        return text.format(**params) if params else text

    def n(self, singular: str, plural: str, n: int, **params: object) -> str:
        """The form for `n` things. `{n}` is the count with grouping unless params say otherwise."""
        forms = catalogue(self.language).get(singular)
        if forms is None or len(forms) < 2:
            forms = (singular, plural)
        # English and Spanish, in CLDR's terms: one form for 1, another for every other integer.
        text = forms[0] if n == 1 else forms[1]
        return text.format(**{"n": number(n, 0, self.locale), **params})
