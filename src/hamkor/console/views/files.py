# SPDX-License-Identifier: Apache-2.0
"""Files of messages: sent up before the message, opened as downloads by who may read it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.console.limits import FORM_MAX_BYTES
from hamkor.console.opening import EventPage, as_download, event_view, files, journals, uploaded
from hamkor.discussions.commands import attach_file
from hamkor.discussions.facts import ATTACHMENT
from hamkor.discussions.rules import OF_MESSAGES
from hamkor.discussions.rules.uploads import FIELD, UploadRefusedError
from hamkor.orders.queries import read_file


class SentMalformedError(HamkorError):
    """A form of the page is not one of ours."""

    def __init__(self) -> None:
        super().__init__("form-malformed", N_("The form is not complete. Load the page and send it again."))


@require_POST
@event_view("report_incident")
def upload(page: EventPage) -> HttpResponse:
    """Keeps a file for a message; says its id, name and size.

    Notes:
        Whoever may send a message of any sort may send up a file. Until a message names it, only they can open it.
    """
    request = page.request
    if int(request.META.get("CONTENT_LENGTH") or 0) > FIELD.most_bytes + FORM_MAX_BYTES:
        raise UploadRefusedError("too-large", N_("The file is too large. Send a smaller one."))
    envelope = page.envelope(_command_id(page))
    result = attach_file(
        journals(),
        envelope,
        viewer=page.viewer,
        files=files(),
        about=OF_MESSAGES,
        upload=uploaded(request, FIELD),
    )
    # Read after it was recorded: the name as it is kept, and the size after a picture was drawn anew.
    kept = page.documents.get(ATTACHMENT, str(envelope.command_id))
    told = {"number": result.number, "id": str(envelope.command_id)}
    if kept is not None:
        told |= {"name": kept.name, "size_bytes": kept.size_bytes}
    return JsonResponse(told)


@require_safe
@event_view()
def file(page: EventPage, *, attachment: str) -> HttpResponse:
    """Sends a file of a message as a download to who may read the message."""
    found, content = read_file(
        page.viewer, page.documents, files=files(), stream=page.stream, attachment_id=attachment
    )
    return as_download(found, content)


def _command_id(page: EventPage) -> UUID:
    try:
        return UUID(page.request.POST.get("command_id", ""))
    except ValueError:
        raise SentMalformedError from None
