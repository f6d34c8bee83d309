# SPDX-License-Identifier: Apache-2.0
"""Texts in one or several languages as they are kept."""

from __future__ import annotations

from typing import cast

from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.discussions.rules import clean_reason, clean_text
from hamkor.operation.rules.acting import OperationError


def clean_words(text: Text, *, most: int) -> Text:
    """Returns a text as it is kept: cleaned in each language, blank ones left out.

    Args:
        text: In one language, or in several by language.
        most: Most characters in each.

    Raises:
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    if isinstance(text, str):
        return clean_text(text, most=most)
    found = {language: clean_text(words, most=most) for language, words in text.items() if words.strip()}
    return cast("Text", found) if found else clean_text("", most=most)


def require_reason(reason: str | None) -> str:
    """Returns a reason as it is kept.

    Raises:
        OperationError: ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    cleaned = clean_reason(reason)
    if cleaned is None:
        raise OperationError("reason-missing", N_("Say why. It stays in the record beside what was decided."))
    return cleaned
