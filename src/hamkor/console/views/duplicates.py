# SPDX-License-Identifier: Apache-2.0
"""What may be the same incident as the one somebody is typing."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hamkor.agencies.rules import require
from hamkor.centre.rules.visibility import visible
from hamkor.console.opening import EventPage, event_view
from hamkor.console.presenting import encode, present
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.queries import possible_duplicates
from hamkor.operation.rules.places import Place, PlaceError, require_place
from hamkor.pages.languages import current_language

SHOWN_MAX = 5


@require_safe
@event_view("see_centre")
def duplicates(page: EventPage) -> HttpResponse:
    """Incidents that may be the same: ``?type=…&feature=…&point=69.2,41.3&card=…``, the likeliest first."""
    require(page.viewer, "report_incident")
    asked = page.request.GET
    seen = (visible(page.viewer, INCIDENT.kind, each) for each in page.documents.all(INCIDENT))
    found = possible_duplicates(
        page.documents,
        type=asked.get("type") or None,
        place=_place(page),
        at=page.now,
        card=asked.get("card") or None,
        # As this person sees them: the card of somebody else's incident must not be found out by asking.
        incidents=tuple(each for each in seen if each is not None),
    )
    shown = [present(each, current_language()) for each in found[:SHOWN_MAX]]
    answer = HttpResponse(encode({"incidents": shown}), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def _place(page: EventPage) -> Place | None:
    """Returns the place that was asked for, None when none was said or it is no place: somebody is still typing."""
    asked = page.request.GET
    given = {"feature": asked.get("feature"), "point": _point(asked.get("point", ""))}
    try:
        place = msgspec.convert({name: value for name, value in given.items() if value}, Place)
        return require_place(page.documents, place) if place.is_known else None
    except (msgspec.ValidationError, PlaceError):
        return None


def _point(text: str) -> list[float] | None:
    try:
        return [float(part) for part in text.split(",")] if text else None
    except ValueError:
        return None
