# SPDX-License-Identifier: Apache-2.0
"""Which language the command line speaks."""

from __future__ import annotations

import os

from hamkor.common import i18n
from hamkor.common.messages import N_, Message

_BY_PREFIX = {"ru": "ru", "en": "en", "uz": "uz"}


def default_language() -> str:
    """Returns HAMKOR_LANG when it names a language, else the locale's, else Uzbek."""
    chosen = os.environ.get("HAMKOR_LANG", "")
    if chosen in i18n.LANGUAGES:
        return chosen
    locale_name = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    if locale_name.lower().startswith("uz") and "cyrl" in locale_name.lower():
        return "uz-Cyrl"
    return _BY_PREFIX.get(locale_name[:2].lower(), i18n.DEFAULT_LANGUAGE)


def spoken(text: str) -> str:
    """Returns a text marked with ``N_`` in the default language, for the help pages."""
    return i18n.translate(text, default_language())


def say(text: str, language: str, **facts: object) -> str:
    """Returns a text marked with ``N_`` in a language, with its values."""
    return Message(text, dict(facts)).render(language)


__all__ = ["N_", "default_language", "say", "spoken"]
