# SPDX-License-Identifier: Apache-2.0
"""Refusals to programs: problem details for everything, also for what the framework refuses by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.pages.refusals import problem, refusal
from hamkor.workspace.api.limits import TooOftenError
from hamkor.workspace.tokens import TokenUnknownError

MOST_ERRORS = 20


class AddressUnknownError(HamkorError):
    """Nothing is at this address."""

    def __init__(self) -> None:
        super().__init__(
            "not-found", N_("The interface has no such address. Its operations are listed at /interface.")
        )


class MethodWrongError(HamkorError):
    """The address does not take this method."""

    def __init__(self, allowed: str) -> None:
        template = N_("This address takes these methods: {allowed}.")
        super().__init__("method-not-allowed", template, allowed=allowed)


class ParameterWrongError(HamkorError):
    """A parameter in the address cannot be used."""

    def __init__(self, places: list[str]) -> None:
        template = N_("These parts of the address cannot be used: {places}.")
        super().__init__("parameter-wrong", template, places=places)


def handle_refusals(api: NinjaAPI) -> None:
    """Makes an interface answer every refusal with problem details.

    Source: RFC 9457; RFC 6750 for tokens.
    """
    api.add_exception_handler(HamkorError, _refused)
    api.add_exception_handler(AuthenticationError, _without_token)
    api.add_exception_handler(ValidationError, _wrong_parameters)
    api.add_exception_handler(Http404, lambda request, _error: _refused(request, AddressUnknownError()))
    api.add_exception_handler(HttpError, _by_framework)


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """The answer where nothing is."""
    return refusal(request, AddressUnknownError())


def with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Returns a view that explains a wrong method, too."""

    @wraps(view)
    def explained(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        if response.status_code != 405:
            return response
        allowed = response["Allow"]
        explained = refusal(request, MethodWrongError(allowed))
        explained["Allow"] = allowed
        return explained

    return explained


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    response = refusal(request, error)
    response["Cache-Control"] = "no-store"
    if isinstance(error, TokenUnknownError):
        response["WWW-Authenticate"] = 'Bearer realm="Hamkor"'
    if isinstance(error, TooOftenError):
        response["Retry-After"] = str(error.wait_s)
    return response


def _without_token(request: HttpRequest, _error: Any) -> HttpResponse:
    return _refused(request, TokenUnknownError())


def _wrong_parameters(request: HttpRequest, error: Any) -> HttpResponse:
    places = [str(each["loc"][-1]) for each in error.errors[:MOST_ERRORS]]
    details = problem(ParameterWrongError(places))
    errors = [
        {"place": place, "reason": each["msg"]} for place, each in zip(places, error.errors, strict=False)
    ]
    return JsonResponse({**details, "errors": errors}, status=422, content_type="application/problem+json")


def _by_framework(request: HttpRequest, error: Any) -> HttpResponse:
    details = {
        "type": "about:blank",
        "title": str(error),
        "status": error.status_code,
        "detail": str(error),
    }
    return JsonResponse(details, status=error.status_code, content_type="application/problem+json")
