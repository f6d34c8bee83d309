# SPDX-License-Identifier: Apache-2.0
"""Languages: Uzbek in two scripts, Russian and English, through gettext."""

from __future__ import annotations

import gettext
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")
DEFAULT_LANGUAGE = "uz"
LOCALE_DIR = Path(__file__).parent.parent / "locale"
NO_BREAK_SPACE = "\u00a0"

_FOLDERS = {"uz": "uz", "uz-Cyrl": "uz@cyrillic", "ru": "ru"}
_NAME_ORDER = {
    "uz": ("uz", "en", "ru"),
    "uz-Cyrl": ("uz-Cyrl", "uz", "ru", "en"),
    "ru": ("ru", "en", "uz"),
    "en": ("en", "uz", "ru"),
}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in _FOLDERS:
        return gettext.NullTranslations()
    return gettext.translation("hamkor", str(LOCALE_DIR), languages=[_FOLDERS[language]])


def translate(text: str, language: str) -> str:
    """Returns the translation of an English text, or the text itself in English."""
    return _catalogue(language).gettext(text) if text else text


def pick_name(names: str | Mapping[str, str], language: str) -> str:
    """Returns a name in the language, or in the nearest one it was given in.

    Notes:
        A name given in Uzbek Latin only is transliterated for readers of Uzbek Cyrillic.
    """
    if isinstance(names, str):
        return names
    for candidate in _NAME_ORDER[language]:
        if candidate in names:
            wants_cyrillic = language == "uz-Cyrl" and candidate == "uz"
            return _in_cyrillic(names[candidate]) if wants_cyrillic else names[candidate]
    return next(iter(names.values()), "")


def _in_cyrillic(text: str) -> str:
    from hamkor.common.transliteration import to_cyrillic  # its tables are slow to build: only when needed

    return to_cyrillic(text)


def format_number(value: float, language: str = "en") -> str:
    """Returns a number with groups of three and as many decimals as its size deserves.

    Notes:
        Uzbek and Russian readers write a decimal comma, English ones a point.
    """
    text = _digits(value)
    return text if language == "en" else text.replace(".", ",")


def _digits(value: float) -> str:
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", NO_BREAK_SPACE)
    decimals = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    text = f"{value:,.{decimals}f}".replace(",", NO_BREAK_SPACE)
    return text.rstrip("0").rstrip(".") if decimals else text
