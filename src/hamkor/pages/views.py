# SPDX-License-Identifier: Apache-2.0
"""Pages for requests that cannot be answered, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import N_
from hamkor.pages.refusals import refusal, wants_json

FAULT = {
    "type": "urn:hamkor:fault",
    "title": "fault",
    "status": 500,
    "detail": "A fault of ours. The header X-Request-Id leads the administrator to its line in the log.",
}


class FormStrangeError(HamkorError):
    """What was sent did not come from a page of ours that is still good."""

    def __init__(self) -> None:
        super().__init__(
            "form-strange",
            N_(
                "This page was opened too long ago, or before you signed in. Open it again and send it once more."
            ),
        )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request made no sense."""
    return render(request, "pages/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not see this."""
    return render(request, "pages/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or from a page opened before signing in; programs get problem details."""
    return refusal(request, FormStrangeError())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or none for this person."""
    return render(request, "pages/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the request's id leads to the line in the log."""
    if wants_json(request):
        return JsonResponse(FAULT, status=500, content_type="application/problem+json")
    return render(request, "pages/500.html", status=500)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language in a cookie, and with the person when signed in, and returns to where one was."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response
