# SPDX-License-Identifier: Apache-2.0
"""Answers that do not end: server-sent events, without a connection of the database while nothing is asked of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.http import StreamingHttpResponse

T = TypeVar("T")


class EventStream(StreamingHttpResponse):
    """Server-sent events, closed with the answer wherever they stand.

    Args:
        told: The messages.

    Notes:
        The iterator of the library is closed when a browser is gone, but leaves what it iterates over to the collector:
        whoever was cut while a message was on its way would count as a listener for an unknown time.
    """

    def __init__(self, told: AsyncGenerator[bytes, None]) -> None:
        super().__init__(told, content_type="text/event-stream")
        self._told = told
        self["Cache-Control"] = "no-store"
        self["X-Accel-Buffering"] = "no"

    def __aiter__(self) -> AsyncGenerator[bytes, None]:
        return self._told


def stream_events(told: AsyncGenerator[bytes, None]) -> EventStream:
    """Returns an answer that tells messages until they end; the connection its view has used is given back."""
    give_back_connection()
    return EventStream(told)


async def ask_database(work: Callable[..., T], *values: Any) -> T:
    """Does something with the database in the thread of the answer, and gives its connection back."""

    def asked() -> T:
        try:
            return work(*values)
        finally:
            give_back_connection()

    return await sync_to_async(asked)()


def give_back_connection() -> None:
    """Gives the connection of this thread back to the pool: an answer that never ends must not hold one."""
    if connection.in_atomic_block:
        return  # somebody around us decides
    close_old_connections()
    connection.close()
