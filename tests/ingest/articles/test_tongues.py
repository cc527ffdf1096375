from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles.tongues import OtherLanguageError, language_of
from tests.ingest.articles.stub import ARTICLE

SPANISH = (
    "La tasa de homicidios en el país fue de 23 por cada 100 mil habitantes en 2020, y la "
    "autoridad dijo que es la más alta de los últimos años para una ciudad."
)
OTHERS = {
    "Portuguese": "A taxa de homicídios no país foi de 23 por 100 mil habitantes em 2020, disse a "
    "autoridade, que não quis comentar os dados de outros anos.",
    "French": "Le taux d'homicides est de 23 pour 100 000 habitants dans le pays, selon les "
    "chiffres du gouvernement, qui a refusé de commenter les données des autres années.",
    "Italian": "Il tasso di omicidi nel paese è stato di 23 per 100 mila abitanti nel 2020, ha "
    "detto il governo, che non ha voluto commentare i dati degli altri anni.",
    "Catalan": "La taxa d'homicidis al país va ser de 23 per cada 100 mil habitants el 2020, "
    "segons el govern, que no va voler comentar les dades dels altres anys amb els diaris.",
    "Galician": "A taxa de homicidios no país foi de 23 por cada 100 mil habitantes en 2020, dixo "
    "o goberno, que non quixo comentar os datos dos outros anos.",
    "German": "Der Anteil der Menschen, die in dem Land Asyl beantragt haben, ist im Jahr 2020 auf "
    "23 Prozent gestiegen, wie die Regierung am Montag mitteilte.",
    "Dutch": "Het aantal mensen dat in het land asiel heeft aangevraagd is in 2020 gestegen tot 23 "
    "procent, zo meldde de regering op maandag.",
    "Russian": "Число людей в стране выросло до 23 процентов в 2020 году.",
    "numbers": "23 25 27",
    "nothing": "",
}


def test_english_and_spanish() -> None:
    assert language_of(ARTICLE) == "en"
    assert language_of(SPANISH) == "es"


@pytest.mark.parametrize("name", OTHERS)
def test_other_languages_are_told_apart(name: str) -> None:
    with pytest.raises(OtherLanguageError, match="neither in English nor in Spanish"):
        language_of(OTHERS[name])


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text: str) -> None:
    with suppress(OtherLanguageError):
        assert language_of(text) in {"en", "es"}
