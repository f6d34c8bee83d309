# SPDX-License-Identifier: Apache-2.0
"""Many browsers in one process: raw sockets that read a live stream, drop it, and come back. Run as a program.

Reads one order per line from standard input and answers each with one line of JSON:

- ``open N``: opens N streams and waits until every one of them is subscribed.
- ``until NUMBER``: waits until every stream has seen an entry; says what came when.
- ``drop COUNT SECONDS``: meanwhile drops and resumes streams at random moments.
- ``join COUNT SECONDS``: meanwhile opens and closes further streams at random moments.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from itertools import pairwise
from typing import Any

WAIT_S = 60.0


class Stream:
    """One client of a live stream.

    Args:
        host: Where the server is.
        path: What is asked for, with a place for the last number.
        headers: Further lines of the request.
    """

    def __init__(self, host: tuple[str, int], path: str, headers: str) -> None:
        self.host, self.path, self.headers = host, path, headers
        self.number = 0
        self.subscribed = asyncio.Event()
        self.arrivals: list[tuple[str, int, float]] = []
        self.numbers: list[int] = []
        self.snapshots = 0
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Opens the stream and waits for its first message."""
        self.subscribed.clear()
        self._task = asyncio.create_task(self._read())
        waiting = asyncio.create_task(self.subscribed.wait())
        await asyncio.wait({self._task, waiting}, timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not self.subscribed.is_set():
            if self._task.done():
                self._task.result()
            raise TimeoutError(f"{self.path} was not subscribed")

    async def close(self) -> None:
        """Cuts the connection as a lost network does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection(*self.host, limit=1 << 24)
        try:
            request = f"GET {self.path % self.number} HTTP/1.1\r\nHost: localhost\r\n{self.headers}\r\n"
            writer.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise RuntimeError(head.decode(errors="replace").splitlines()[0])
            is_chunked = b"chunked" in head
            await self._events(reader, is_chunked=is_chunked)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.transport.abort()

    async def _events(self, reader: asyncio.StreamReader, *, is_chunked: bool) -> None:
        left = b""
        while True:
            piece = await self._piece(reader) if is_chunked else await reader.read(1 << 20)
            if not piece:
                return
            arrived = time.monotonic()
            *events, left = (left + piece).split(b"\n\n")
            for event in events:
                kind, _, data = event.partition(b"\ndata: ")
                self._take(kind.removeprefix(b"event: ").decode(), data, arrived)

    async def _piece(self, reader: asyncio.StreamReader) -> bytes:
        size = int(await reader.readline() or b"0", 16)
        return (await reader.readexactly(size + 2))[:-2] if size else b""

    def _take(self, kind: str, data: bytes, arrived: float) -> None:
        if kind in {"subscribed", "update"}:
            told = json.loads(data)
            self.number = told["number"]
            self.numbers.append(told["number"])
            if kind == "subscribed":
                self.snapshots += bool(told.get("snapshot"))
                self.subscribed.set()
            if not told.get("snapshot"):
                self.arrivals += [
                    (each["id"], each["number"], arrived)
                    for each in told["documents"]
                    if each["kind"] == "message"
                ]


class Load:
    """All clients of one run."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.host = ("127.0.0.1", int(options["port"]))
        self.path: str = options["path"]
        self.headers: list[str] = options["headers"]
        self.streams: list[Stream] = []

    def _new(self) -> Stream:
        return Stream(self.host, self.path, self.headers[len(self.streams) % len(self.headers)])

    async def open(self, count: int) -> dict[str, Any]:
        """Opens streams, a few at a time, and waits until all are subscribed."""
        begun = time.monotonic()
        while len(self.streams) < count:
            some = []
            for _ in range(min(20, count - len(self.streams))):
                self.streams.append(self._new())
                some.append(self.streams[-1])
            await asyncio.gather(*(stream.open() for stream in some))
        for stream in self.streams:
            stream.arrivals.clear()
            stream.numbers.clear()
        return {"seconds": time.monotonic() - begun}

    async def until(self, number: int) -> dict[str, Any]:
        """Reads until every client has seen an entry, or has waited too long; says what came when."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and any(stream.number < number for stream in self.streams):
            await asyncio.sleep(0.1)
        return {
            "clients": [stream.arrivals for stream in self.streams],
            "in_order": all(_rises(stream.numbers) for stream in self.streams),
            "snapshots": sum(stream.snapshots for stream in self.streams),
        }

    async def drop(self, count: int, seconds: float) -> dict[str, Any]:
        """Drops streams at random moments and resumes them from where they were."""
        for stream in self.streams:
            stream.snapshots = 0
        pause = seconds / count
        for _ in range(count):
            await asyncio.sleep(random.uniform(0, 2 * pause))
            stream = random.choice(self.streams)
            await stream.close()
            await stream.open()
        return {"dropped": count}

    async def join(self, count: int, seconds: float) -> dict[str, Any]:
        """Opens further streams at random moments; each must hear the next fact soon after."""
        results = []
        for _ in range(count):
            await asyncio.sleep(random.uniform(0, 2 * seconds / count))
            results.append(asyncio.create_task(self._joined()))
        heard = await asyncio.gather(*results)
        return {"joined": count, "deaf": heard.count(False)}

    async def _joined(self) -> bool:
        stream = self._new()
        await stream.open()
        try:
            async with asyncio.timeout(10):
                while not stream.arrivals:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        finally:
            await stream.close()
        return True


def _rises(numbers: list[int]) -> bool:
    return all(one <= other for one, other in pairwise(numbers))


async def main() -> None:
    """Does what it is told until the input ends."""
    load = Load(json.loads(sys.argv[1]))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order, *values = line.split()
        answer = await getattr(load, order)(*(int(value) for value in values))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
