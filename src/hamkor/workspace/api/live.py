# SPDX-License-Identifier: Apache-2.0
"""A program that listens to the changes of an event, for as long as its token and its person's role hold."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from asgiref.sync import sync_to_async

from hamkor.agencies.rules import may
from hamkor.journal.queries import get_head
from hamkor.pages.metrics import LIVE_CLIENTS
from hamkor.workspace.api.access import viewer_at
from hamkor.workspace.models import ApiToken
from hamkor.workspace.stores import journals, listener
from hamkor.workspace.streaming import ask_database

HEARTBEAT_S = 3.0


class Listening:
    """One program that listens.

    Args:
        token: Its token.
        stream: The event.
    """

    def __init__(self, token: ApiToken, stream: UUID) -> None:
        self._token_id, self._stream = token.pk, stream

    async def messages(self, after: int) -> AsyncGenerator[bytes, None]:
        """Yields ``subscribed``, ``update`` and ``heartbeat``; ends when the token or the role does.

        Args:
            after: Number of the last entry that is known.
        """
        LIVE_CLIENTS.inc()
        try:
            head = await sync_to_async(get_head, thread_sensitive=False)(journals(), self._stream)
            yield _message("subscribed", number=head.number, hash=head.hash)
            known = min(after, head.number)
            heard = await listener()
            while await ask_database(self._is_open):
                number = await heard.wait(str(self._stream), after=known, timeout_s=HEARTBEAT_S)
                kind = "heartbeat" if number is None else "update"
                known = known if number is None else number
                yield _message(kind, number=known)
        finally:
            LIVE_CLIENTS.dec()

    def _is_open(self) -> bool:
        now = datetime.now(UTC)
        token = ApiToken.objects.select_related("user__body").filter(pk=self._token_id).first()
        if token is None or not token.is_open(now) or not token.user.is_active:
            return False
        viewer = viewer_at(token, self._stream, now)
        return viewer is not None and may(viewer, "see_plan")


def _message(kind: str, **values: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode(values))
