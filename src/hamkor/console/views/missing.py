# SPDX-License-Identifier: Apache-2.0
"""Name and phone of somebody who is looked for: asked for by a click, told to few, and written down each time."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from hamkor.console.opening import EventPage, event_view, log_access, vault
from hamkor.incidents.queries import find_missing_details

ID_MAX = 100


@event_view("see_centre")
def missing(page: EventPage) -> HttpResponse:
    """What the vault keeps of the missing person of an incident: ``?incident=…``."""
    asked = page.request.GET.get("incident", "")[:ID_MAX]
    found = find_missing_details(
        page.viewer, page.documents, vault=vault(), stream=page.stream, incident_id=asked
    )
    if found is not None:
        log_access(page.viewer, page.stream, f"missing person of {asked}", number=page.number)
    details = None if found is None else msgspec.structs.asdict(found)
    answer = HttpResponse(msgspec.json.encode({"details": details}), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
