# SPDX-License-Identifier: Apache-2.0
"""The floor: a bare fan-out of bytes to every open socket, in as few lines as it takes. Run as a program."""

from __future__ import annotations

import asyncio
import sys

_writers: set[asyncio.StreamWriter] = set()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Whoever says GET listens; whoever says anything else has each of its lines sent to all who listen."""
    line = await reader.readline()
    if line.startswith(b"GET"):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        writer.write(b'event: subscribed\ndata: {"number":0,"snapshot":true,"documents":[]}\n\n')
        _writers.add(writer)
        await reader.read()
        _writers.discard(writer)
        writer.close()
        return
    while line := await reader.readline():
        for each in _writers:
            each.write(b"event: update\ndata: " + line + b"\n")


async def main() -> None:
    """Serves at the port given as argument."""
    server = await asyncio.start_server(_serve, "127.0.0.1", int(sys.argv[1]), limit=1 << 24)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
