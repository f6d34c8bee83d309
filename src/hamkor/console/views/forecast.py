# SPDX-License-Identifier: Apache-2.0
"""What the forecast of now rests on, and what would be if a gate were shut."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from django.http import HttpResponse

from hamkor.agencies.rules import require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.console.opening import EventPage, event_view, pool
from hamkor.console.presenting import encode
from hamkor.forecasts.queries import find_whole, try_factors
from hamkor.pages.languages import current_language


class AskedWhatIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: how much of a way's capacity is left.

    Args:
        way: Id of the gate, opening or passage.
        left: Per cent of its capacity: 0 shut, 50 half, 100 open.
    """

    way: Id
    left: Literal[0, 50, 100] = 0


class WhatIfUnreadableError(HamkorError):
    """A question that cannot be read."""


@event_view("see_centre")
def forecast(page: EventPage) -> HttpResponse:
    """What the newest forecast rests on; with POST, what the next minutes would be with a way shut: nothing is kept."""
    return _answer(_what_if(page) if page.request.method == "POST" else _rests_on(page))


def _rests_on(page: EventPage) -> dict[str, Any]:
    with pool().connection() as connection:
        found = find_whole(page.viewer, connection, page.stream)
    if found is None:
        return {"forecast": None}
    language = current_language()
    return {
        "forecast": {
            "made_at": found.made_at,
            "engine": found.engine,
            "profile": found.profile_id,
            "direction": found.direction,
            "assumptions": [message.render(language) for message in found.assumptions],
            "gaps": found.gaps,
            "about": found.about,
        }
    }


def _what_if(page: EventPage) -> dict[str, Any]:
    require(page.viewer, "operate")
    try:
        asked = msgspec.json.decode(page.request.body, type=AskedWhatIf)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        template = N_("The question cannot be read: {reason}. Choose the gate on the map again.")
        raise WhatIfUnreadableError("what-if-unreadable", template, reason=str(error)) from error
    with pool().connection() as connection:
        found = try_factors(
            page.viewer,
            connection,
            page.stream,
            documents=page.documents,
            factors={asked.way: asked.left / 100},
            at=page.now,
        )
    return {"what_if": found}


def _answer(found: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(encode(found), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
