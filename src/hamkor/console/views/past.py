# SPDX-License-Identifier: Apache-2.0
"""What was: minutes of a value for a chart, and the whole picture of any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict

from hamkor.centre.queries import replay
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.console.limits import MINUTES_MAX
from hamkor.console.opening import EventPage, event_view, journals, pool
from hamkor.console.picture import LIVE_KINDS
from hamkor.console.presenting import encode, present
from hamkor.console.signals import FORECAST
from hamkor.forecasts.queries import find_past
from hamkor.pages.languages import current_language
from hamkor.telemetry.queries import Latest, list_minutes, list_past

MINUTES = 60
NAME_MAX = 100


class AskedWronglyError(HamkorError):
    """A question about the past names no moment, or no thing."""


@event_view("see_centre")
def history(page: EventPage) -> HttpResponse:
    """One measure of one thing in the last minutes, for a chart."""
    asked = page.request.GET
    to = read_moment(asked, "to") or page.now
    minutes = _minutes(asked.get("minutes", ""))
    with pool().connection() as connection:
        found = list_minutes(
            page.viewer,
            connection,
            page.stream,
            kind=asked.get("kind", "")[:NAME_MAX],
            id=asked.get("id", "")[:NAME_MAX],
            measure=asked.get("measure", "")[:NAME_MAX],
            from_=to - timedelta(minutes=minutes),
            to=to,
        )
    return _json({"minutes": found})


@event_view("see_centre")
def past(page: EventPage) -> HttpResponse:
    """The live documents as they were at a moment, and the values of sensors of that minute."""
    at = read_moment(page.request.GET, "at")
    if at is None:
        raise AskedWronglyError(
            "moment-missing", N_("Say which moment: at=2027-03-21T19:40:00Z, with its time zone.")
        )
    documents = replay(page.viewer, journals(), page.stream, until=at)
    language = current_language()
    shown = [
        {"kind": kind, "id": key, "number": documents.number, "body": present(document, language)}
        for (kind, key), document in documents.items()
        if kind in LIVE_KINDS
    ]
    with pool().connection() as connection:
        values = list_past(page.viewer, connection, page.stream, at=at)
        told = find_past(page.viewer, connection, page.stream, at=at)
    if told is not None:
        values.append(Latest(FORECAST, "event", told.at, None, told.body))
    return _json({"at": at, "number": documents.number, "documents": shown, "values": values})


def read_moment(asked: QueryDict, name: str) -> datetime | None:
    """Returns a moment of an address as people and programs write it, None when there is none.

    Raises:
        AskedWronglyError: ``moment-unreadable``.
    """
    # A plus sign of a time zone that was not escaped arrives as a space.
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        return msgspec.convert(text, datetime).astimezone()
    except (msgspec.ValidationError, ValueError, OverflowError):
        template = N_("“{text}” is no moment. Write it as 2027-03-21T19:40:00Z.")
        raise AskedWronglyError("moment-unreadable", template, text=text[:60]) from None


def _minutes(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return min(max(1, int(text)), MINUTES_MAX) if is_number else MINUTES


def _json(found: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(encode(found), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
