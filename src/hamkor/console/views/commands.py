# SPDX-License-Identifier: Apache-2.0
"""Where the console sends what people do: one message, one command, one number back."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from hamkor.common.messages import N_
from hamkor.console.limits import BODY_MAX_BYTES
from hamkor.console.opening import EventPage, event_view
from hamkor.console.verbs import VerbUnknownError, perform_sent, read_sent

JSON_TYPE = "application/json"


@require_POST
@event_view()
def command(page: EventPage) -> HttpResponse:
    """Does one command; says its number, or why not as problem details.

    Notes:
        Whoever holds a role may send: what they may do is asked by the command.
    """
    request = page.request
    if request.content_type != JSON_TYPE:
        raise VerbUnknownError("media-type-wrong", N_("A command is sent as JSON."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MAX_BYTES:
        raise _too_large()
    try:
        body = request.body
    except RequestDataTooBig:
        raise _too_large() from None
    sent = read_sent(body)
    number = perform_sent(sent, page.envelope(sent.command_id), viewer=page.viewer)
    return JsonResponse({"number": number, "id": str(sent.command_id)})


def _too_large() -> VerbUnknownError:
    template = N_("A command may be {most} bytes long. Write less, or attach a file.")
    return VerbUnknownError("too-large", template, most=BODY_MAX_BYTES)
