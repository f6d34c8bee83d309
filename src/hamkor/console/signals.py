# SPDX-License-Identifier: Apache-2.0
"""Values of sensors on their way to browsers: the newest of each, never numbered, never before facts."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg_pool import ConnectionPool

from hamkor.agencies.rules import Viewer
from hamkor.centre.rules.visibility import visible
from hamkor.console.presenting import encode
from hamkor.forecasts.queries import find_newest
from hamkor.telemetry.queries import Latest, list_latest

if TYPE_CHECKING:
    from hamkor.console.picture import Picture, Reader

CHANNEL = "hamkor_signals"
# Whatever was notified, the table is looked at this often: a notification may be lost.
POLL_S = 3.0
BACK_OFF_S = 2.0
# Forecasts and values are written by two processes: one may be committed a little after a newer one of the other.
OVERLAP = timedelta(seconds=2)
FORECAST = "forecast"
ANSWER_MAX_S = 10.0


class SignalBoard:
    """The newest values of one event, in the order in which they came."""

    def __init__(self) -> None:
        self._newest: OrderedDict[tuple[str, str], tuple[int, Latest, bytes]] = OrderedDict()
        self._made: dict[tuple[str, int], list[bytes]] = {}
        self.last = 0
        self.received_at: datetime | None = None

    def take(self, signals: Iterable[Latest]) -> bool:
        """Takes in values; returns True when any of them is news."""
        before = self.last
        for signal in signals:
            key = (signal.kind, signal.id)
            known = self._newest.pop(key, None)
            if known is not None and known[1] == signal:
                self._newest[key] = known
                continue
            self.last += 1
            shown = {"kind": signal.kind, "id": signal.id, "at": signal.at, "body": signal.body}
            self._newest[key] = (self.last, signal, encode(shown))
            received = signal.received_at
            if received is not None and (self.received_at is None or received > self.received_at):
                self.received_at = received
        self._made.clear()
        return self.last > before

    def since(self, place: int, reader: Reader, picture: Picture) -> tuple[list[bytes], int]:
        """Returns the values after a place, as JSON, and the place to go on from.

        Args:
            place: Where the reader was; 0 for the beginning.
            reader: Who reads: the place of a unit only goes to who may see the unit.
            picture: The documents.
        """
        key = (reader.group, place)
        if key not in self._made:
            self._made[key] = self._newer(place, reader, picture)
        return self._made[key], self.last

    def _newer(self, place: int, reader: Reader, picture: Picture) -> list[bytes]:
        found = []
        for number, signal, shown in reversed(self._newest.values()):
            if number <= place:
                break
            if _is_open(signal, reader, picture):
                found.append(shown)
        return found


def _is_open(signal: Latest, reader: Reader, picture: Picture) -> bool:
    if signal.kind != "unit":
        return True
    unit = picture.get("unit", signal.id)
    return unit is not None and visible(reader.viewer, "unit", unit) is not None


def read_signals(
    pool: ConnectionPool[Connection[Any]], viewer: Viewer, stream: UUID, since: datetime | None
) -> list[Latest]:
    """Returns the values written from a moment on; all of them for None.

    Args:
        pool: Connections to the database.
        viewer: One of those who listen.
        stream: The event.
        since: An aware moment.
    """
    with pool.connection() as connection:
        found = list_latest(viewer, connection, stream, since=since)
        told = find_newest(viewer, connection, stream, since=None if since is None else since - OVERLAP)
    if told is not None:
        found.append(Latest(FORECAST, "event", told.at, told.received_at, told.body))
    return found


class SignalListener:
    """Wakes whoever waits for values of sensors, over one connection of this process.

    Args:
        moved: Called with the event whose values moved; with None when any may have.
        connection_options: Parameters of the connection.
    """

    def __init__(self, moved: Callable[[str | None], None], **connection_options: Any) -> None:
        self._moved, self._options = moved, connection_options
        self._task: asyncio.Task[None] | None = None
        self.is_connected = False

    def start(self) -> None:
        """Starts listening in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="console-signals")

    async def stop(self) -> None:
        """Stops listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWER_MAX_S):
                    connection = await AsyncConnection.connect(autocommit=True, **self._options)
                async with connection:
                    await self._listen(connection)
            except (psycopg.Error, TimeoutError):
                self.is_connected = False
            await asyncio.sleep(BACK_OFF_S)

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        self.is_connected = True
        while True:
            self._moved(None)
            async for notice in connection.notifies(timeout=POLL_S):
                self._moved(notice.payload)
