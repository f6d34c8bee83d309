# SPDX-License-Identifier: Apache-2.0
"""Live: who waits for a journal learns that its head moved, in this process and in others.

NOTIFY inside every commit would serialise the commits of the whole server. So one thread of each process sends them
afterwards, many at once, and only the newest number of each journal. A notification may be lost: every few seconds
each listener looks at the heads of the journals that somebody waits for.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from threading import Condition, Thread
from typing import Any

import psycopg
from psycopg import AsyncConnection, Connection

CHANNEL = "hamkor_journal"
# Sent by the database itself when a body was erased: rare, so it may come with the transaction.
REWRITTEN_CHANNEL = "hamkor_journal_rewritten"
POLL_S = 3.0
BACK_OFF_MIN_S = 0.1
BACK_OFF_MAX_S = 5.0
ANSWER_MAX_S = 10.0
# A page of notifications in one statement; more wait for the next.
SENT_TOGETHER_MAX = 500
# Journals nobody waited for lately are forgotten above this; who waits for one again is told after a look at its head.
WATCHED_MAX = 1_024

LONGEST_NUMBER = 17

Moved = Callable[[str, int], None]

_NOTIFY = "SELECT pg_notify(%s, sent) FROM unnest(%s::text[]) AS sent"
_HEADS = "SELECT stream, number FROM journal_head WHERE stream = ANY(%s)"


class Notifier:
    """Tells all processes that heads moved, from one thread with one connection; give `moved` to the store.

    Args:
        conninfo: Connection string of the database.
        also: Called at once with journal and number, as the listener of the same process.
        connection_options: Further parameters of the connection.

    Notes:
        While the database is away the newest number of each journal waits.
    """

    def __init__(self, conninfo: str = "", *, also: Moved | None = None, **connection_options: Any) -> None:
        self._conninfo = conninfo
        self._options = connection_options
        self._also = also
        self._waiting: dict[str, int] = {}
        self._changed = Condition()
        self._is_stopping = False
        self._thread: Thread | None = None

    def moved(self, stream: str, number: int) -> None:
        """Takes note that a head moved; returns at once."""
        if self._also is not None:
            self._also(stream, number)
        with self._changed:
            self._waiting[stream] = max(number, self._waiting.get(stream, 0))
            self._changed.notify()

    def start(self) -> None:
        """Starts the thread."""
        self._is_stopping = False
        self._thread = Thread(target=self._run, name="journal-notifier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and waits for it; what was not sent yet is sent if the database answers."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Notifier:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        failures = 0
        while not self._is_finished():
            try:
                with psycopg.connect(self._conninfo, autocommit=True, **self._options) as connection:
                    failures = 0
                    self._send_while_connected(connection)
            except psycopg.Error:
                failures += 1
                with self._changed:
                    if self._is_stopping:
                        return
                    self._changed.wait_for(lambda: self._is_stopping, back_off_s(failures))

    def _is_finished(self) -> bool:
        with self._changed:
            return self._is_stopping and not self._waiting

    def _send_while_connected(self, connection: Connection[Any]) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_stopping)
                load = dict(list(self._waiting.items())[:SENT_TOGETHER_MAX])
                for stream in load:
                    del self._waiting[stream]
            if not load:
                return
            try:
                sent = [f"{number} {stream}" for stream, number in load.items()]
                connection.execute(_NOTIFY, [CHANNEL, sent])
            except psycopg.Error:
                with self._changed:
                    for stream, number in load.items():
                        self._waiting[stream] = max(number, self._waiting.get(stream, 0))
                raise


class _Watch:
    __slots__ = ("moved", "number", "waiting")

    def __init__(self) -> None:
        self.number = -1
        self.waiting = 0
        self.moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def tell(self, number: int) -> None:
        if number > self.number:
            self.number = number
            told, self.moved = self.moved, asyncio.get_running_loop().create_future()
            if not told.done():
                told.set_result(None)


class Listener:
    """Lets any number of coroutines of one process wait for journals, over one connection that listens.

    Args:
        conninfo: Connection string of the database.
        poll_s: How often the heads of watched journals are looked at, whatever was notified.
        on_rewritten: Called with a journal whose documents changed otherwise than by new entries, or may have while
            nobody listened; give it the store's `forget`.
        connection_options: Further parameters of the connection.

    Notes:
        Belongs to the event loop it was started in; only `moved` may be called from other threads.
    """

    def __init__(
        self,
        conninfo: str = "",
        *,
        poll_s: float = POLL_S,
        on_rewritten: Callable[[str], None] | None = None,
        **connection_options: Any,
    ) -> None:
        self._conninfo = conninfo
        self._on_rewritten = on_rewritten
        self._options = connection_options
        self._poll_s = poll_s
        self._watches: dict[str, _Watch] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._must_look = True
        self.is_connected = False

    async def start(self) -> None:
        """Starts listening; it is not waited for the database."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="journal-listener")

    async def stop(self) -> None:
        """Stops listening; who waits goes on waiting until the time is up."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._task = self._loop = None

    async def __aenter__(self) -> Listener:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def moved(self, stream: str, number: int) -> None:
        """Tells those who wait in this process; from any thread, also when nobody listens yet."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(self._tell, stream, number)

    async def wait(self, stream: str, *, after: int, timeout_s: float) -> int | None:
        """Returns the newest number of a journal once it is above `after`; None when the time is up before."""
        watch = self._watch(stream)
        watch.waiting += 1
        try:
            async with asyncio.timeout(timeout_s):
                while watch.number <= after:
                    await asyncio.shield(watch.moved)
                return watch.number
        except TimeoutError:
            return None
        finally:
            watch.waiting -= 1

    async def numbers(self, stream: str, *, after: int, every_s: float) -> AsyncIterator[int]:
        """Yields the newest number each time it moves, and the last one again when nothing moved for `every_s`."""
        last = after
        while True:
            number = await self.wait(stream, after=last, timeout_s=every_s)
            last = last if number is None else number
            yield last

    def _watch(self, stream: str) -> _Watch:
        watch = self._watches.get(stream)
        if watch is None:
            if len(self._watches) >= WATCHED_MAX:
                self._watches = {of: kept for of, kept in self._watches.items() if kept.waiting}
            watch = self._watches[stream] = _Watch()
            self._must_look = True
            self._wake.set()
        return watch

    def _tell(self, stream: str, number: int) -> None:
        watch = self._watches.get(stream)
        if watch is not None:
            watch.tell(number)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with await self._connect() as connection:
                    failures = 0
                    await self._listen(connection)
            except (psycopg.Error, TimeoutError):
                failures += 1
            finally:
                self.is_connected = False
            await asyncio.sleep(back_off_s(failures))

    async def _connect(self) -> AsyncConnection[Any]:
        async with asyncio.timeout(ANSWER_MAX_S):
            return await AsyncConnection.connect(self._conninfo, autocommit=True, **self._options)

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        connection.add_notify_handler(lambda notice: self._take(notice.channel, notice.payload))
        await self._ask(connection, f"LISTEN {CHANNEL}; LISTEN {REWRITTEN_CHANNEL}")
        for stream in self._watches:
            self._take(REWRITTEN_CHANNEL, stream)
        self.is_connected = self._must_look = True
        while True:
            self._wake.clear()
            if self._must_look:
                self._must_look = False
                for stream, number in await self._ask(connection, _HEADS, [list(self._watches)]):
                    self._tell(stream, number)
            await self._wait_for_news(connection)

    async def _wait_for_news(self, connection: AsyncConnection[Any]) -> None:
        """Takes in what was notified, and asks for a look at the heads when nothing was for a while."""
        loop, descriptor = asyncio.get_running_loop(), connection.fileno()
        loop.add_reader(descriptor, self._wake.set)
        try:
            async with asyncio.timeout(self._poll_s * random.uniform(0.8, 1.2)):  # noqa: S311 - not a secret
                await self._wake.wait()
        except TimeoutError:
            self._must_look = True
        finally:
            loop.remove_reader(descriptor)
        connection.pgconn.consume_input()
        while (notice := connection.pgconn.notifies()) is not None:
            self._take(notice.relname.decode(), notice.extra.decode(errors="replace"))

    async def _ask(self, connection: AsyncConnection[Any], query: str, values: Any = None) -> list[Any]:
        async with asyncio.timeout(ANSWER_MAX_S):
            cursor = await connection.execute(query.encode(), values)
            return await cursor.fetchall() if cursor.description else []

    def _take(self, channel: str, payload: str) -> None:
        if channel == REWRITTEN_CHANNEL:
            if self._on_rewritten is not None:
                self._on_rewritten(payload)
            return
        number, _, stream = payload.partition(" ")
        if number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER:
            self._tell(stream, int(number))


def back_off_s(failures: int) -> float:
    """Returns how long to wait before the next try: doubling, with a chance part, so that not all come at once."""
    longest: float = min(BACK_OFF_MAX_S, BACK_OFF_MIN_S * 2.0 ** min(failures, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
