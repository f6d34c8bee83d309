# SPDX-License-Identifier: Apache-2.0
"""What every template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from hamkor.pages.languages import current_language

NAMES = (
    ("uz", "Oʻz", "Oʻzbekcha"),
    ("uz-Cyrl", "Ўз", "Ўзбекча"),
    ("ru", "Ру", "Русский"),
    ("en", "En", "English"),
)


def page(request: HttpRequest) -> dict[str, object]:
    """Returns the language, the languages to choose from, and whether this is a demonstration."""
    return {"language": current_language(), "languages": NAMES, "is_demo": settings.ENVIRONMENT.demo}
