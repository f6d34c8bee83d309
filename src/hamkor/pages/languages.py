# SPDX-License-Identifier: Apache-2.0
"""The languages of pages: Django writes ``uz-cyrl`` where we write ``uz-Cyrl``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from hamkor.common.i18n import DEFAULT_LANGUAGE, LANGUAGES

_OURS = {language.lower(): language for language in LANGUAGES}


def current_language() -> str:
    """Returns the active language as the rest of the program writes it, such as ``uz-Cyrl``."""
    return _OURS.get(translation.get_language() or "", DEFAULT_LANGUAGE)


def language_of(request: HttpRequest) -> str:
    """Returns the language a request is answered in, as Django writes it."""
    user = getattr(request, "user", None)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if not chosen and user is not None and user.is_authenticated:
        chosen = user.language
    if chosen.lower() in _OURS:
        return chosen.lower()
    # The first language of the browser that we speak; Uzbek when there is none.
    for wanted in request.headers.get("Accept-Language", "").lower().split(","):
        code = wanted.split(";")[0].strip()
        for known in (code, code.split("-")[0]):
            if known in _OURS:
                return known
    return DEFAULT_LANGUAGE
