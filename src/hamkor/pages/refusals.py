# SPDX-License-Identifier: Apache-2.0
"""A refusal on its way out: the one place where an error's code becomes an HTTP status."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from hamkor.common.errors import HamkorError
from hamkor.pages.languages import current_language

STATUS_OF_CODE = {
    "token-unknown": 401,
    "not-allowed": 403,
    "form-strange": 403,
    "scope-missing": 403,
    "incident-not-yours": 403,
    "note-not-yours": 403,
    "unit-not-yours": 403,
    "not-found": 404,
    "note-absent": 404,
    "unit-absent": 404,
    "roll-call-absent": 404,
    "event-unknown": 404,
    "item-unknown": 404,
    "part-unknown": 404,
    "number-not-reached": 404,
    "command-unknown": 404,
    "method-not-allowed": 405,
    "length-missing": 411,
    "too-large": 413,
    "media-type-wrong": 415,
    "too-many": 429,
    "command-id-reused": 409,
    "head-moved": 409,
    "event-already-recorded": 409,
    "not-your-agency": 403,
    "drill-only": 403,
    "stop-not-yours": 403,
    "stop-beyond-authority": 403,
    "contingency-not-yours": 403,
    "handover-own": 403,
    "handover-not-yours": 403,
    "job-absent": 404,
    "post-absent": 404,
    "person-absent": 404,
    "contingency-absent": 404,
    "run-absent": 404,
    "scenario-absent": 404,
    "scenario-not-yours": 403,
    "scenario-adopted": 409,
    "authority-absent": 404,
    "stop-absent": 404,
    "link-absent": 404,
    "handover-absent": 404,
    "incident-absent": 404,
    "operation-open": 409,
    "operation-not-open": 409,
    "drill-after-real": 409,
    "job-settled": 409,
    "job-open": 409,
    "contingency-running": 409,
    "run-ended": 409,
    "stop-standing": 409,
    "stop-lifted": 409,
    "handover-settled": 409,
    "file-absent": 404,
    "alarm-not-yours": 403,
    "alarm-absent": 404,
    "alarm-rule-absent": 404,
    "template-absent": 404,
    "alarm-over": 409,
    "alarm-rule-off": 409,
    "alarm-still-active": 409,
}
DEFAULT_STATUS = 422


def problem(error: HamkorError) -> dict[str, object]:
    """Returns problem details for programs.

    Source: RFC 9457.
    """
    status = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
    return {
        "type": f"urn:hamkor:{error.code}",
        "title": error.code,
        "status": status,
        "detail": error.message.render(current_language()),
    }


def refusal(request: HttpRequest, error: HamkorError) -> HttpResponse:
    """Returns the answer to a request that was refused: a page, or problem details when a program asks."""
    details = problem(error)
    status = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
    if wants_json(request):
        return JsonResponse(details, status=status, content_type="application/problem+json")
    return render(request, "pages/refusal.html", {"problem": details}, status=status)


def wants_json(request: HttpRequest) -> bool:
    """True when a program asks, not a person."""
    sends_json = request.content_type == "application/json"
    return (
        sends_json
        or request.path.startswith("/api/")
        or "application/json" in request.headers.get("Accept", "")
    )
