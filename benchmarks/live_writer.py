# SPDX-License-Identifier: Apache-2.0
"""Writes messages at a steady rate, into a journal or into the bare fan-out. Run as a program.

Reads orders ``COUNT RATE`` from standard input; answers each with ids, numbers and the moments before each was sent.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hamkor.common.ids import new_id

TEXT = "Gate 4 to the centre: the queue reaches the metro stairs, we open two more lanes."
Write = Callable[[], tuple[str, int]]


def journal_writer(options: dict[str, Any]) -> Write:
    """Returns what appends one message to a journal, durable before it returns."""
    from psycopg_pool import ConnectionPool

    from hamkor.agencies.rules import Grant, Viewer
    from hamkor.config.kinds import declare_all_kinds
    from hamkor.journal.live import Notifier
    from hamkor.journal.postgres import PostgresStore
    from hamkor.journal.rules import Envelope
    from hamkor.orders.commands import log_message

    declare_all_kinds()
    notifier = Notifier(options["url"])
    notifier.start()
    pool: Any = ConnectionPool(options["url"], min_size=1, max_size=4, open=True)
    store = PostgresStore(pool, on_commit=notifier.moved)
    viewer = Viewer(person=options["person"], agency="iib", grants=(Grant(role="operator", agency="iib"),))

    def write() -> tuple[str, int]:
        now = datetime.now(UTC)
        command_id = new_id(now)
        envelope = Envelope(
            stream=options["stream"], command_id=command_id, at=now, by=viewer.person, agency="iib"
        )
        done = log_message(store, envelope, viewer=viewer, text=TEXT, via="radio")
        return str(command_id), done.number

    return write


def floor_writer(options: dict[str, Any]) -> Write:
    """Returns what hands one message of the same size to the bare fan-out."""
    connection = socket.create_connection(("127.0.0.1", int(options["port"])))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"write\n")
    body = "x" * int(options["bytes"])
    count = 0

    def write() -> tuple[str, int]:
        nonlocal count
        count += 1
        key = str(new_id(datetime.now(UTC)))
        document = {"kind": "message", "id": key, "number": count, "body": body}
        connection.sendall(json.dumps({"number": count, "documents": [document]}).encode() + b"\n")
        return key, count

    return write


def main() -> None:
    """Writes what it is told until the input ends."""
    options = json.loads(sys.argv[1])
    write = journal_writer(options) if "stream" in options else floor_writer(options)
    print("ready", flush=True)
    for line in sys.stdin:
        count, rate = map(int, line.split())
        begun, written = time.monotonic(), []
        for place in range(count):
            time.sleep(max(0.0, begun + place / rate - time.monotonic()))
            sent = time.monotonic()
            written.append((*write(), sent))
        print(json.dumps(written), flush=True)


if __name__ == "__main__":
    main()
