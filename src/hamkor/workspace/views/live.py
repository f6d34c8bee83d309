# SPDX-License-Identifier: Apache-2.0
"""The stream of changes: a browser hears the number of every new entry, and a heartbeat that proves the link."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from hamkor.agencies.models import User
from hamkor.journal.queries import get_head
from hamkor.pages.languages import current_language
from hamkor.pages.metrics import LIVE_CLIENTS
from hamkor.workspace.event_page import is_still_open, open_event
from hamkor.workspace.presence import people_here
from hamkor.workspace.stores import journals, listener
from hamkor.workspace.streaming import ask_database, stream_events

HEARTBEAT_S = 3.0
LONGEST_NUMBER = 16


@login_required
def updates(request: HttpRequest, stream: UUID) -> HttpResponseBase:
    """Streams ``subscribed``, ``update`` and ``heartbeat`` messages after an entry.

    Notes:
        With every heartbeat it is asked whether the person is still signed in and still holds a role: the stream
        ends when not.
    """
    page = open_event(request, stream)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else page.number
    client = _Client(request, stream, place=request.GET.get("at", "")[:120], language=current_language())
    return stream_events(client.messages(after))


class _Client:
    """One browser that listens."""

    def __init__(self, request: HttpRequest, stream: UUID, *, place: str, language: str) -> None:
        self.request, self.stream, self.place, self.language = request, stream, place, language

    async def messages(self, after: int) -> AsyncGenerator[bytes, None]:
        LIVE_CLIENTS.inc()
        try:
            head = await sync_to_async(get_head, thread_sensitive=False)(journals(), self.stream)
            known = max(after, head.number)
            yield _message("subscribed", number=head.number, hash=head.hash, people=await self._people())
            heard = await listener()
            while True:
                number = await heard.wait(str(self.stream), after=known, timeout_s=HEARTBEAT_S)
                if number is not None:
                    known = number
                    yield _message("update", number=number)
                    continue
                if not await ask_database(is_still_open, self.request, self.stream):
                    return
                yield _message("heartbeat", number=known, people=await self._people())
        finally:
            LIVE_CLIENTS.dec()

    async def _people(self) -> list[dict[str, str]]:
        return await ask_database(self._look_around)

    def _look_around(self) -> list[dict[str, str]]:
        user = self.request.user
        if not isinstance(user, User):
            return []
        return people_here(self.stream, user, place=self.place, language=self.language)


def _message(kind: str, **values: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode(values))
