# SPDX-License-Identifier: Apache-2.0
"""Events: the list, a new one, one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from hamkor.agencies.queries.people import list_streams_of
from hamkor.agencies.rules import RIGHTS, may
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.events.facts import EVENT
from hamkor.journal.queries import get_documents, get_head
from hamkor.workspace.api.access import open_page, token_of
from hamkor.workspace.api.answers import answer, read_body, tag_of, unchanged
from hamkor.workspace.api.openapi import described
from hamkor.workspace.api.shapes import Begun, EventRow, EventRows, EventShown, EventToBegin
from hamkor.workspace.beginning import begin_event
from hamkor.workspace.event_page import EventUnknownError
from hamkor.workspace.stores import journals

router = Router()
LIMIT = Query(50, ge=1, le=200, description="Most items to return.")
CURSOR = Query(None, max_length=64, description="`next_cursor` of the answer before.")


class CursorWrongError(HamkorError):
    """The cursor is none of ours."""

    def __init__(self) -> None:
        template = N_("The cursor is not one that was given. Begin again without it.")
        super().__init__("cursor-wrong", template)


@router.get("/events", **described("List events", tag="Events", scope="read", answer=EventRows))
def list_events(request: HttpRequest, cursor: str | None = CURSOR, limit: int = LIMIT) -> HttpResponse:
    """The events at which the person of the token holds a role now."""
    token = token_of(request, "read")
    streams = sorted(set(list_streams_of(token.user, at=datetime.now(UTC))))
    if token.stream is not None:
        streams = [stream for stream in streams if stream == token.stream]
    if cursor is not None:
        after = uuid_of(cursor)
        streams = [stream for stream in streams if stream > after]
    found = [row for row in map(_row, streams[: limit + 1]) if row is not None]
    more = len(streams) > limit
    return answer(
        EventRows(items=tuple(found[:limit]), next_cursor=str(streams[limit - 1]) if more else None)
    )


@router.post(
    "/events",
    **described("Begin an event", tag="Events", scope="edit", body=EventToBegin, answer=Begun, status=201),
)
def begin(request: HttpRequest) -> HttpResponse:
    """Needs an organiser, the police, the city or an administrator. The id of the event is that of the command."""
    token = token_of(request, "edit", cost=10)
    if token.stream is not None:
        raise EventUnknownError
    sent = read_body(request, EventToBegin)
    stream = begin_event(token.user, sent.event, command_id=sent.command_id, at=datetime.now(UTC))
    return answer(Begun(id=stream, number=get_head(journals(), stream).number), status=201)


@router.get(
    "/events/{uuid:stream}", **described("Get an event", tag="Events", scope="read", answer=EventShown)
)
def get_event(request: HttpRequest, stream: UUID) -> HttpResponse:
    """The event itself, its head, and what the person of the token may do there."""
    page = open_page(request, stream, "read")
    tag = tag_of(page, "event")
    known = unchanged(request, tag)
    if known is not None:
        return known
    shown = EventShown(
        id=stream,
        number=page.number,
        hash=get_head(journals(), stream).hash,
        event=page.plan.event,
        roles=page.viewer.roles,
        rights=tuple(right for right in RIGHTS if may(page.viewer, right)),
        red=page.red,
        amber=page.amber,
    )
    return answer(shown, tag=tag)


def uuid_of(cursor: str) -> UUID:
    """Returns the id in a cursor.

    Raises:
        CursorWrongError: ``cursor-wrong``.
    """
    try:
        return UUID(cursor)
    except ValueError:
        raise CursorWrongError from None


def _row(stream: UUID) -> EventRow | None:
    documents = get_documents(journals(), stream)
    events = documents.all(EVENT)
    if not events:
        return None
    event = events[0]
    return EventRow(
        id=stream,
        name=event.name,
        kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        number=documents.number,
    )
