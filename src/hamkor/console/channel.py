# SPDX-License-Identifier: Apache-2.0
"""One event in one process: its picture, who listens to it, and what each of them is told next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async

from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.console import messages
from hamkor.console.picture import Picture, Reader, reader_of
from hamkor.console.reading import read_all, read_changes
from hamkor.console.signals import SignalBoard
from hamkor.journal.queries import Store
from hamkor.journal.rules import Documents

HEARTBEAT_S = 2.0
# Values of sensors are sent at most this often to one client; facts never wait for them.
SIGNALS_EVERY_S = 0.5
# At least this long between two looks at the journal: what comes meanwhile is sent together.
TOGETHER_S = 0.02
# Whoever does not take what is sent for this long is cut; the browser comes back by itself.
SLOW_S = 10.0
TICK_S = 0.25
# A failure of the database is asked again after this; meanwhile the heartbeat says how far behind the picture is.
AGAIN_S = 0.5

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Does something that waits for the database, in a thread of the pool."""
    return await sync_to_async(work, thread_sensitive=False)()


class Client:
    """One browser window that listens.

    Args:
        viewer: The person, with the rights they had when last asked.
        language: Language of the documents.
        session_key: Session the person is signed in with.
    """

    def __init__(self, viewer: Viewer, *, language: str, session_key: str) -> None:
        self.session_key = session_key
        self.language = language
        self.number: int | None = None  # the last entry sent; None before the first message
        self.signal = 0
        self.is_cut = self.is_over = False
        self.heartbeat_at = self.signals_at = 0.0
        self.sent_at: float | None = None  # since when the last message has been on its way
        self.woken = asyncio.Event()
        self.task = asyncio.current_task()
        self.become(viewer)

    def become(self, viewer: Viewer) -> None:
        """Takes over rights; with others than before the picture begins anew."""
        self.viewer = viewer
        self.reader: Reader = reader_of(viewer, self.language)


class Channel:
    """The live picture of one event, for all who listen to it in this process.

    Args:
        stream: The event.
        store: Where its journal is kept.
        wait: Waits until the journal moves above a number; returns its newest number, None when the time is up.
        links: Says which connections behind the picture work.
    """

    def __init__(
        self,
        stream: UUID,
        *,
        store: Store,
        wait: Callable[[int], Awaitable[int | None]],
        links: Callable[[], dict[str, bool]],
    ) -> None:
        self.stream = stream
        self.clients: set[Client] = set()
        self.signals = SignalBoard()
        self.left_at = time.monotonic()
        self._store, self._wait, self._links = store, wait, links
        self._documents = Documents()
        self.picture = Picture(self._documents)
        self._hash = ""
        self._head = 0
        self._must_reload = False
        self._is_ready = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._made: dict[tuple[str, str, int], bytes] = {}
        # Since which entry each person has had the group of readers they have.
        self._groups: dict[str, tuple[str, int]] = {}

    async def open(self) -> None:
        """Loads the picture the first time somebody comes, from the documents at hand, whatever the history holds.

        Raises:
            HamkorError: ``journal-unreachable``.
        """
        async with self._is_ready:
            if self._tasks:
                return
            await self._reload()
            self._tasks = [
                asyncio.create_task(self._follow(), name="console-follow"),
                asyncio.create_task(self._tick(), name="console-tick"),
            ]

    async def close(self) -> None:
        """Ends the tasks."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def rewrite(self) -> None:
        """Loads the documents anew: something was erased from the journal, or may have been."""
        self._must_reload = True

    async def listen(self, client: Client, *, after: int | None) -> AsyncGenerator[bytes, None]:
        """Yields what a client is told, until it is cut, or its session or role ends.

        Args:
            client: Who listens.
            after: The last entry the client saw before, None for none.
        """
        # Between here and the first message nothing is waited for: what comes after it is seen, whenever it comes.
        self.clients.add(client)
        begun = self._resumable(client, after)
        client.heartbeat_at = time.monotonic() + HEARTBEAT_S
        try:
            told: bytes | None = self._subscribed(client, begun)
            while told is not None:
                client.sent_at = time.monotonic()
                yield told
                client.sent_at = None
                told = await self._next(client)
            if client.is_cut:
                yield messages.message("cut")
        finally:
            self.clients.discard(client)
            self.left_at = time.monotonic()

    def wake_all(self) -> None:
        """Lets every client look what there is for it."""
        for client in self.clients:
            client.woken.set()

    def know(self, seen: Iterable[tuple[Client, Viewer | None]]) -> None:
        """Takes in what people may now: who may nothing any more is ended, who may something else begins anew."""
        for client, viewer in seen:
            if viewer is None:
                client.is_over = True
            elif viewer.grants != client.viewer.grants or viewer.agency != client.viewer.agency:
                client.become(viewer)
                self._resumable(client, None)
                client.number = None
            else:
                continue
            client.woken.set()

    def _resumable(self, client: Client, after: int | None) -> int | None:
        """Returns the entry a client can go on from: seen here, with the same rights."""
        person, group = client.viewer.person, client.reader.group
        known = self._groups.get(person)
        if known is None or known[0] != group:
            self._groups[person] = (group, self.picture.number + 1)
            return None
        if after is None or after < known[1] or not self.picture.can_resume(after):
            return None
        return after

    async def _next(self, client: Client) -> bytes | None:
        """Returns the next message of a client, None when there is nothing more to say."""
        while True:
            if client.is_over:
                return None
            told = self._facts(client) or self._beat(client) or self._values(client)
            if told is not None:
                return told
            if client.is_cut:
                return None
            client.woken.clear()
            await client.woken.wait()

    def _facts(self, client: Client) -> bytes | None:
        """Returns what happened; never less than everything."""
        if client.number is None:
            return self._subscribed(client, None, again=True)
        if client.number == self.picture.number:
            return None
        if client.number < self.picture.forgotten:
            client.is_cut = True
            client.number = self.picture.number
            return None
        key = (client.reader.group, client.language, client.number)
        if key not in self._made:
            self._made[key] = messages.update(self.picture, client.reader, after=client.number)
        client.number = self.picture.number
        return self._made[key]

    def _subscribed(self, client: Client, after: int | None, *, again: bool = False) -> bytes:
        client.number = self.picture.number
        client.signal = 0
        return messages.subscribed(self.picture, client.reader, hash_=self._hash, after=after, again=again)

    def _beat(self, client: Client) -> bytes | None:
        now = time.monotonic()
        if now < client.heartbeat_at:
            return None
        client.heartbeat_at = now + HEARTBEAT_S
        number = max(self._head, self.picture.number)
        return messages.message("heartbeat", number=number, now=messages.now_ms(), links=self._links())

    def _values(self, client: Client) -> bytes | None:
        """Returns the newest values of sensors the client has not seen; facts went before."""
        now = time.monotonic()
        if client.signal == self.signals.last or now < client.signals_at:
            return None
        client.signals_at = now + SIGNALS_EVERY_S
        values, client.signal = self.signals.since(client.signal, client.reader, self.picture)
        if not values:
            return None
        return b'event: signals\ndata: {"at":%d,"values":[%s]}\n\n' % (messages.now_ms(), b",".join(values))

    async def _follow(self) -> None:
        """Keeps the picture at the head of the journal; a fault of the database is waited out."""
        while True:
            number = await self._wait(self.picture.number)
            self._head = max(self._head, number or 0)
            if number is None and not self._must_reload:
                continue
            try:
                if self._must_reload:
                    await self._reload()
                else:
                    await self._catch_up()
            except HamkorError:
                await asyncio.sleep(AGAIN_S)
                continue
            self._made.clear()
            self.wake_all()
            await asyncio.sleep(TOGETHER_S)

    async def _catch_up(self) -> None:
        documents = self._documents
        read = await in_thread(lambda: read_changes(self._store, self.stream, documents))
        if read is None:
            await self._reload()
            return
        changes, self._documents, self._hash = read
        self.picture.apply(changes)

    async def _reload(self) -> None:
        self._must_reload = False
        documents, hash_ = await in_thread(lambda: read_all(self._store, self.stream))
        self._documents, self._hash = documents, hash_
        self.picture.load(documents)
        self._made.clear()
        for client in self.clients:
            client.number = None

    async def _tick(self) -> None:
        """Wakes who is due for a heartbeat or for values of sensors, and ends who takes nothing."""
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            for client in list(self.clients):
                if client.sent_at is not None and now - client.sent_at > SLOW_S and client.task is not None:
                    client.is_over = True
                    client.task.cancel()  # it waits for a browser that does not read: nothing else ends that
                elif now >= client.heartbeat_at or client.signal != self.signals.last:
                    client.woken.set()
