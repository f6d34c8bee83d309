# SPDX-License-Identifier: Apache-2.0
"""Words of crushing are found in every form people write, and not in what means something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.alarms.rules.words import CRUSHING, WORD_LISTS, UnknownWordsError, crush_words
from hamkor.common.transliteration import to_cyrillic

SAID = [
    "Odamlar ezilib ketyapti!",
    "Bu yerda nafas ololmayapmiz",
    "NAFAS OLIB BO‘LMAYAPTI",
    "bogilyapmiz yordam bering",
    "Sahna oldida tiqilinch, qisilib qoldik",
    "Bolalar toptalyapti",
    "Бу ерда нафас ололмаяпмиз",
    "одамлар бўғиляпти",
    "одамлар бугиляпти",
    "Здесь ДАВКА у сцены",
    "люди задыхаются",
    "мы не можем дышать",
    "дышать уже совсем нечем",
    "нас прижали к забору",
    "меня сейчас раздавят",
    "Людей затоптали",
    "people are being crushed by the gate",
    "I can’t breathe",
    "we cannot really breathe here",
    "there is a STAMPEDE",
    "too many people, they keep pushing from behind",
    "people fell on top of each other",
]
NOT_SAID = [
    "crush barrier 12 needs paint",
    "Crushed ice is out at bar 2",
    "lost wallet at gate 4",
    "power surge in the tent",
    "Потерян кошелёк",
    "раздают подарки у входа, хочу задать вопрос",
    "ребёнок потерялся",
    "hamyon yoʻqoldi",
    "bola yo'qoldi",
    "Suv tugadi, navbat uzun",
    "Дарвоза ёпиқ",
    "",
    "12345 !!!",
]


@pytest.mark.parametrize("text", SAID)
def test_words_are_found(text: str) -> None:
    assert crush_words(text)


@pytest.mark.parametrize("text", NOT_SAID)
def test_other_words_are_not(text: str) -> None:
    assert crush_words(text) == ()


def test_several_texts_are_read_and_each_phrase_is_told_once() -> None:
    assert crush_words("crush", None, "давка, crushing") == ("crush", "давк")


def test_both_scripts_of_uzbek_have_the_same_phrases() -> None:
    latin, cyrillic = CRUSHING.phrases["uz"], CRUSHING.phrases["uz-Cyrl"]
    assert len(latin) == len(cyrillic)
    assert to_cyrillic("siqil") == "сиқил"
    assert CRUSHING.source


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(UnknownWordsError) as caught:
        crush_words("a", words="none")
    assert caught.value.code == "words-unknown"
    assert list(WORD_LISTS) == ["crushing"]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert crush_words(text + " давка ") or len(text) > 200
