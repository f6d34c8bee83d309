# SPDX-License-Identifier: Apache-2.0
"""What happens to every request: it is logged, gets a language, and a refusal becomes a page that explains it."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from hamkor.common.errors import HamkorError
from hamkor.pages.languages import language_of
from hamkor.pages.metrics import count_request
from hamkor.pages.refusals import refusal

log = logging.getLogger("hamkor.web")
# Parts of addresses that open something by themselves: a calendar, a new password.
SECRET_PARTS = frozenset({"key", "uidb36"})


class RequestLog(MiddlewareMixin):
    """One line for each request: who asked for what, how it ended, how long it took; no names, no bodies."""

    def process_request(self, request: HttpRequest) -> None:
        """Notes when the request came and gives it an id."""
        request.META["hamkor.begun"] = time.perf_counter()
        request.META["hamkor.request_id"] = uuid4().hex

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Writes the line and counts the request."""
        seconds = time.perf_counter() - request.META.get("hamkor.begun", time.perf_counter())
        match = request.resolver_match
        route = match.route if match is not None else "-"
        is_secret = match is not None and not SECRET_PARTS.isdisjoint(match.kwargs)
        user = getattr(request, "user", None)
        response["X-Request-Id"] = request.META.get("hamkor.request_id", "")
        count_request(route, request.method or "", response.status_code, seconds)
        log.info(
            "request",
            extra={
                "request_id": response["X-Request-Id"],
                "method": request.method,
                "route": route,
                "path": None if is_secret else request.path,
                "status": response.status_code,
                "seconds": round(seconds, 4),
                "person": str(user.pk) if user is not None and user.is_authenticated else None,
            },
        )
        return response


class Language(MiddlewareMixin):
    """The language of the person, of their cookie or of their browser, in this order; Uzbek otherwise."""

    def process_request(self, request: HttpRequest) -> None:
        """Makes the language the active one."""
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Names the language in the answer."""
        language = translation.get_language() or settings.LANGUAGE_CODE
        response.headers.setdefault("Content-Language", language)
        return response


class Refusals(MiddlewareMixin):
    """An expected refusal is an answer, not a fault: a page for people, problem details for programs."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Returns the answer for an expected refusal, None for anything else."""
        return refusal(request, exception) if isinstance(exception, HamkorError) else None
