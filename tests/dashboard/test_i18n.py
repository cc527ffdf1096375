"""The catalogue: every message that the code says is there, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import dashboard
from dashboard.i18n import CATALOGUE, Translator

ROOT = Path(dashboard.__file__).parent
Key = str | tuple[str, str]


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_translator(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "t") or (
        isinstance(node, ast.Attribute) and node.attr == "t"
    )


def messages_in(source: str) -> Iterator[Key]:
    """The literals of `t("...")`, `x.t("...")`, `Translator(...)("...")`, and plurals by `.n`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, text = node.func, literal(node.args[0])
        if text is None:
            continue
        made_here = (
            isinstance(called, ast.Call)
            and isinstance(called.func, ast.Name)
            and called.func.id == "Translator"
        )
        if is_translator(called) or made_here:
            yield text
        elif isinstance(called, ast.Attribute) and called.attr == "n" and len(node.args) > 2:
            plural = literal(node.args[1])
            if plural is not None and is_translator(called.value):
                yield text, plural


def said() -> dict[Key, Path]:
    return {
        key: path
        for path in sorted(ROOT.rglob("*.py"))
        for key in messages_in(path.read_text(encoding="utf-8"))
    }


def translated() -> dict[Key, Message]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="es_MX")
    return {
        tuple(m.id) if isinstance(m.id, list | tuple) else m.id: m  # type: ignore[misc]
        for m in catalogue
        if m.id
    }


def params(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_message_is_translated() -> None:
    known = translated()
    missing = [
        f"{path.relative_to(ROOT)}: {key}" for key, path in said().items() if key not in known
    ]
    assert not missing, "not in es.po:\n" + "\n".join(missing)


def test_every_translation_is_used() -> None:
    unused = [str(key) for key in translated().keys() - said().keys()]
    assert not unused, "no longer said by the code:\n" + "\n".join(unused)


def test_translations_are_whole_and_have_the_same_params() -> None:
    for key, message in translated().items():
        ids = [key] if isinstance(key, str) else list(key)
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert len(forms) == len(ids), key
        assert all(forms), f"empty: {key}"
        assert not message.fuzzy, f"fuzzy: {key}"
        # A singular may say "one" where the plural has a number, never the other way round.
        assert params(forms[-1]) == params(ids[-1]), key
        assert params(forms[0]) <= set().union(*map(params, ids)), key


def test_extraction_finds_all_ways_of_saying() -> None:
    source = (
        "t('a'); self.t('b'); t.n('{n} c', '{n} d', k); Translator(x)('e')\n"
        "t(name); t.n('f'); other('g'); t('h ' 'i')"
    )
    assert set(messages_in(source)) == {"a", "b", ("{n} c", "{n} d"), "e", "h i"}


def test_english_is_the_message_itself() -> None:
    say = Translator("en")
    assert say("Accepted: {low} or more", low="8") == "Accepted: 8 or more"
    assert say("{braces}") == "{braces}"
    assert say.locale == "en_US"


def test_spanish_is_read_from_the_catalogue() -> None:
    say = Translator("es")
    assert say("Accepted: {low} or more", low="8") == "Se acepta: 8 o más"
    assert say.locale == "es_MX"


def test_a_missing_translation_falls_back_to_english() -> None:
    say = Translator("es")
    assert say("Nobody says this {x}", x=1) == "Nobody says this 1"
    assert say.n("{n} odd thing", "{n} odd things", 2) == "2 odd things"


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (0, "0 cited figures are marked.", "0 cifras citadas están señaladas."),
        (1, "1 cited figure is marked.", "1 cifra citada está señalada."),
        (1200, "1,200 cited figures are marked.", "1,200 cifras citadas están señaladas."),
    ],
)
def test_plurals(count: int, english: str, spanish: str) -> None:
    forms = ("{n} cited figure is marked.", "{n} cited figures are marked.")
    assert Translator("en").n(*forms, count) == english
    assert Translator("es").n(*forms, count) == spanish


def test_other_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        Translator("fr")
