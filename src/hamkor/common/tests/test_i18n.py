# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common import i18n
from hamkor.common.i18n import format_number, pick_name, translate

SaveCatalogue = Callable[[str, dict[str, str]], None]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7.0, "7"),
        (999, "999"),
        (1000, "1 000"),
        (1234567, "1 234 567"),
        (-1500, "-1 500"),
        (1234.56, "1 235"),
        (12.34, "12.3"),
        (12.04, "12"),
        (1.256, "1.26"),
        (0.5, "0.5"),
        (0.0833, "0.0833"),
        (999.96, "1 000"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers_have_groups_of_three_and_fitting_decimals(value: float, text: str) -> None:
    assert format_number(value) == text.replace(" ", i18n.NO_BREAK_SPACE)


@given(st.floats(0.1, 1e12))
def test_a_printed_number_is_within_five_percent_of_the_number(value: float) -> None:
    printed = float(format_number(value).replace(i18n.NO_BREAK_SPACE, ""))
    assert printed == pytest.approx(value, rel=0.05)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_lose_nothing(value: int) -> None:
    assert int(format_number(value).replace(i18n.NO_BREAK_SPACE, "")) == value


@pytest.mark.parametrize(
    ("names", "language", "name"),
    [
        ("North gate", "ru", "North gate"),
        ({"uz": "Shimoliy darvoza", "ru": "Северные ворота"}, "ru", "Северные ворота"),
        ({"uz": "Shimoliy darvoza"}, "uz-Cyrl", "Шимолий дарвоза"),
        ({"uz": "Shimoliy darvoza", "uz-Cyrl": "Шимол дарвозаси"}, "uz-Cyrl", "Шимол дарвозаси"),
        ({"ru": "Северные ворота", "en": "North gate"}, "uz-Cyrl", "Северные ворота"),
        ({"ru": "Северные ворота", "en": "North gate"}, "uz", "North gate"),
        ({"uz": "Shimoliy darvoza", "ru": "Северные ворота"}, "en", "Shimoliy darvoza"),
        ({"uz-Cyrl": "Шимол дарвозаси"}, "en", "Шимол дарвозаси"),
        ({}, "uz", ""),
    ],
)
def test_a_name_is_given_in_the_nearest_language(
    names: str | dict[str, str], language: str, name: str
) -> None:
    assert pick_name(names, language) == name


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_package_has_a_compiled_catalogue_for_every_language(language: str) -> None:
    assert translate("A text that no catalogue holds", language) == "A text that no catalogue holds"


def test_each_language_reads_its_own_folder(save_catalogue: SaveCatalogue) -> None:
    save_catalogue("uz", {"gate": "darvoza"})
    save_catalogue("uz@cyrillic", {"gate": "дарвоза"})
    save_catalogue("ru", {"gate": "ворота"})
    told = {language: translate("gate", language) for language in i18n.LANGUAGES}
    assert told == {"uz": "darvoza", "uz-Cyrl": "дарвоза", "ru": "ворота", "en": "gate"}


def test_a_text_missing_in_cyrillic_is_shown_in_latin_uzbek(save_catalogue: SaveCatalogue) -> None:
    save_catalogue("uz", {"gate": "darvoza"})
    save_catalogue("uz@cyrillic", {"zone": "зона"})
    assert translate("gate", "uz-Cyrl") == "darvoza"


def test_a_missing_catalogue_is_a_fault_not_silence(save_catalogue: SaveCatalogue) -> None:
    save_catalogue("uz", {"gate": "darvoza"})
    with pytest.raises(FileNotFoundError):
        translate("gate", "ru")


def test_nothing_is_translated_into_nothing() -> None:
    """An empty text would otherwise bring the header of the catalogue."""
    assert translate("", "ru") == ""
