# SPDX-License-Identifier: Apache-2.0
"""The live stream: facts as they are journalled, values of sensors, and a heartbeat that proves the link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from hamkor.agencies.rules import Viewer, require
from hamkor.console.channel import Client
from hamkor.console.hub import hub
from hamkor.console.opening import open_event, stream_events
from hamkor.console.picture import parse_after
from hamkor.pages.languages import current_language
from hamkor.pages.metrics import LIVE_CLIENTS


@login_required
def live(request: HttpRequest, stream: UUID) -> HttpResponseBase:
    """Streams the picture of an event, then every change of it, as long as the person may see it.

    Notes:
        ``?after=n`` goes on after an entry when this process still knows what changed since. Whoever does not read
        is cut; a stream ends with the session or the role of its person.
    """
    page = open_event(request, stream)
    require(page.viewer, "see_centre")
    session_key = request.session.session_key or ""
    messages = _messages(
        stream,
        page.viewer,
        session_key,
        after=parse_after(request.GET.get("after", "")),
        language=current_language(),
    )
    return stream_events(messages)


async def _messages(
    stream: UUID, viewer: Viewer, session_key: str, *, after: int | None, language: str
) -> AsyncGenerator[bytes, None]:
    LIVE_CLIENTS.inc()
    try:
        channel = await (await hub()).open(stream)
        client = Client(viewer, language=language, session_key=session_key)
        client.task = asyncio.current_task()
        async with aclosing(channel.listen(client, after=after)) as listening:
            async for told in listening:
                yield told
    finally:
        LIVE_CLIENTS.dec()
