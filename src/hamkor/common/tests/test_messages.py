# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hamkor.common.i18n import NO_BREAK_SPACE
from hamkor.common.messages import N_, Message, show

SaveCatalogue = Callable[[str, dict[str, str]], None]


def test_marking_changes_nothing() -> None:
    assert N_("Gate {gate}") == "Gate {gate}"


def test_values_take_their_places_in_any_order_of_words(save_catalogue: SaveCatalogue) -> None:
    text = "Gate {gate} passes {people} people."
    save_catalogue("uz", {text: "{people} kishi {gate} darvozasidan oʻtadi."})
    message = Message(text, {"gate": {"uz": "shimoliy", "en": "north"}, "people": 12000})
    assert message.in_english() == f"Gate north passes 12{NO_BREAK_SPACE}000 people."
    assert message.render("uz") == f"12{NO_BREAK_SPACE}000 kishi shimoliy darvozasidan oʻtadi."
    assert message.render() == message.render("uz")


def test_messages_within_messages_are_in_the_same_language(save_catalogue: SaveCatalogue) -> None:
    save_catalogue("ru", {"{a}, but {b}": "{a}, однако {b}", "open": "открыто", "narrow": "узко"})
    message = Message("{a}, but {b}", {"a": Message("open"), "b": Message("narrow")})
    assert message.render("ru") == "открыто, однако узко"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (1500, f"1{NO_BREAK_SPACE}500"),
        (2.345, "2,35"),
        (True, "True"),
        (None, "None"),
        (date(2027, 3, 21), "2027-03-21"),
        ({"uz": "sahna"}, "саҳна"),
        ([1, {"uz": "sahna"}, Message("{n} m", {"n": 2})], "1, саҳна, 2 m"),
        (("a", "b"), "a, b"),
        ([], ""),
    ],
)
def test_values_are_shown_as_people_read_them(save_catalogue: SaveCatalogue, value: Any, text: str) -> None:
    save_catalogue("uz@cyrillic", {})
    assert show(value, "uz-Cyrl") == text


def test_a_forgotten_value_is_a_fault() -> None:
    with pytest.raises(KeyError, match="people"):
        Message("{people} people").in_english()
