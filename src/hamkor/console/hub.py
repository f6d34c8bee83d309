# SPDX-License-Identifier: Apache-2.0
"""The live pictures of this process: one per event that somebody listens to, whoever and however many they are."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.db import Error as DatabaseError
from psycopg_pool import PoolTimeout

from hamkor.agencies.rules import Viewer
from hamkor.centre.queries import forget_past
from hamkor.console.channel import Channel, in_thread
from hamkor.console.guarding import Asked, look_again
from hamkor.console.opening import (
    connection_parameters,
    give_back_connection,
    journals,
    listener,
    pool,
    tell_when_rewritten,
)
from hamkor.console.signals import SignalListener, read_signals

log = logging.getLogger("hamkor.web")
# How often it is asked whether those who listen still may; a role that ends is felt within this.
GUARD_S = 2.0
# A picture nobody looks at is kept for this long, so that who comes back goes on where they were.
LINGER_S = 120.0
WAIT_S = 1.0
# Between two readings of the newest values of one event.
SIGNALS_PAUSE_S = 0.25

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


class Hub:
    """Keeps one channel per event, and what wakes them; belongs to one event loop."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self._signals = SignalListener(self._signalled, **connection_parameters())
        self._dirty: set[str] = set()
        self._has_signals = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._journal: Any = None

    async def start(self) -> None:
        """Starts listening for all events."""
        self._journal = await listener()
        tell_when_rewritten(self._rewritten, loop=asyncio.get_running_loop())
        self._signals.start()
        self._tasks = [
            asyncio.create_task(self._guard(), name="console-guard"),
            asyncio.create_task(self._read_signals(), name="console-values"),
        ]

    async def open(self, stream: UUID) -> Channel:
        """Returns the live picture of an event, loaded when nobody looked at it before.

        Raises:
            HamkorError: ``journal-unreachable``.
        """
        key = str(stream)
        channel = self.channels.get(key)
        if channel is None:
            channel = self.channels[key] = Channel(
                stream,
                store=journals(),
                wait=lambda after: self._journal.wait(key, after=after, timeout_s=WAIT_S),
                links=self._links,
            )
            self._signalled(key)
        await channel.open()
        return channel

    def _links(self) -> dict[str, bool]:
        return {"journal": self._journal.is_connected, "telemetry": self._signals.is_connected}

    def _rewritten(self, stream: str) -> None:
        forget_past(journals(), stream)
        channel = self.channels.get(stream)
        if channel is not None:
            channel.rewrite()

    def _signalled(self, stream: str | None) -> None:
        self._dirty |= set(self.channels) if stream is None else {stream} & set(self.channels)
        if self._dirty:
            self._has_signals.set()

    async def _read_signals(self) -> None:
        """Reads the newest values of events that moved; one reading for all who listen."""
        while True:
            await self._has_signals.wait()
            self._has_signals.clear()
            dirty, self._dirty = self._dirty, set()
            for key in dirty:
                channel = self.channels.get(key)
                if channel is not None and channel.clients:
                    await self._read_signals_of(channel)
            await asyncio.sleep(SIGNALS_PAUSE_S)

    async def _read_signals_of(self, channel: Channel) -> None:
        viewer, since = next(iter(channel.clients)).viewer, channel.signals.received_at
        try:
            found = await in_thread(lambda: read_signals(pool(), viewer, channel.stream, since))
        except (psycopg.Error, PoolTimeout):
            self._signals.is_connected = False  # the heartbeat says so; it is read again at the next notice
            return
        if channel.signals.take(found):
            channel.wake_all()

    async def _guard(self) -> None:
        """Ends the streams of who may not listen any more, and closes pictures nobody looks at."""
        while True:
            await asyncio.sleep(GUARD_S)
            for key, channel in list(self.channels.items()):
                if channel.clients:
                    await self._look_again(channel)
                elif time.monotonic() - channel.left_at > LINGER_S:
                    del self.channels[key]
                    await channel.close()

    async def _look_again(self, channel: Channel) -> None:
        clients = list(channel.clients)
        asked = [(client.viewer.person, client.session_key) for client in clients]
        try:
            found = await in_thread(lambda: _look_again(channel.stream, asked))
        except DatabaseError:
            log.warning("the console cannot ask who may listen; asked again in %s s", GUARD_S)
            return
        channel.know((client, found[each]) for client, each in zip(clients, asked, strict=True))


def _look_again(stream: UUID, asked: list[Asked]) -> dict[Asked, Viewer | None]:
    try:
        return dict(look_again(stream, asked, at=datetime.now(UTC)))
    finally:
        give_back_connection()


async def hub() -> Hub:
    """Returns the hub of the running event loop; started with the first who listens."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = Hub()
        await found.start()
    return found
