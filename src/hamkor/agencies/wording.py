# SPDX-License-Identifier: Apache-2.0
"""Texts that libraries keep and show later, in the language of whoever sees them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy

from hamkor.common.i18n import translate
from hamkor.pages.languages import current_language


def _now(text: str) -> str:
    return translate(text, current_language())


_later = lazy(_now, str)


def said(text: str) -> Any:
    """Returns a text marked with N_ that is translated at the moment it is shown."""
    return _later(text)
