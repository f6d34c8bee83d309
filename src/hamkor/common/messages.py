# SPDX-License-Identifier: Apache-2.0
"""Texts for people: marked where they are written, filled and translated where they are shown."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.common import i18n


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Returns the text unchanged; marks it for translation."""
    return text


class Message(msgspec.Struct, frozen=True):
    """A translatable sentence with its values.

    Args:
        template: English text with named placeholders such as ``{width_m}``.
        facts: Values: strings, numbers, dates, names in several languages, messages, or lists of these.
    """

    template: str
    facts: dict[str, Any] = {}

    def __hash__(self) -> int:
        """Returns a hash without the values, which may be mappings and lists."""
        return hash(self.template)

    def render(self, language: str = i18n.DEFAULT_LANGUAGE) -> str:
        """Returns the sentence in the language, with numbers grouped and names in that language."""
        values = {name: show(value, language) for name, value in self.facts.items()}
        return i18n.translate(self.template, language).format(**values)

    def in_english(self) -> str:
        """Returns the sentence in English, for logs and tests."""
        return self.render("en")


def show(value: Any, language: str) -> str:
    """Returns a value as people of that language read it."""
    if isinstance(value, Message):
        return value.render(language)
    if isinstance(value, dict):
        return i18n.pick_name(value, language)
    if isinstance(value, (list, tuple)):
        return ", ".join(show(item, language) for item in value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return i18n.format_number(value, language)
