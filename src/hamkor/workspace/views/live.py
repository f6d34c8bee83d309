# SPDX-License-Identifier: Apache-2.0
"""The stream of changes: a browser hears the number of every new entry, and a heartbeat that proves the link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from hamkor.journal.queries import get_head
from hamkor.pages.metrics import LIVE_CLIENTS
from hamkor.workspace.event_page import open_event
from hamkor.workspace.stores import journals

HEARTBEAT_S = 3.0
LOOK_S = 0.25


@login_required
def updates(request: HttpRequest, stream: UUID) -> HttpResponseBase:
    """Streams ``subscribed``, ``update`` and ``heartbeat`` messages after an entry."""
    page = open_event(request, stream)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else page.number
    response = StreamingHttpResponse(_messages(stream, after), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _messages(stream: UUID, after: int) -> AsyncIterator[bytes]:
    LIVE_CLIENTS.inc()
    try:
        head = await _head(stream)
        yield _message("subscribed", number=head.number, hash=head.hash)
        beat = asyncio.get_running_loop().time()
        known = head.number
        while True:
            await asyncio.sleep(LOOK_S)
            head = await _head(stream)
            now = asyncio.get_running_loop().time()
            if head.number > known:
                known = head.number
                beat = now
                yield _message("update", number=known)
            elif now - beat >= HEARTBEAT_S:
                beat = now
                yield _message("heartbeat", number=known)
    finally:
        LIVE_CLIENTS.dec()


async def _head(stream: UUID):  # type: ignore[no-untyped-def]
    return await sync_to_async(get_head, thread_sensitive=False)(journals(), stream)


def _message(kind: str, **values: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode(values))
