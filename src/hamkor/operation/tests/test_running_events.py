# SPDX-License-Identifier: Apache-2.0
"""Which events run: what the watch looks at."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.ids import new_id
from hamkor.journal.memory import MemoryStore
from hamkor.journal.rules import Envelope
from hamkor.operation.commands import close_operation, open_operation
from hamkor.operation.queries import list_running


def test_an_event_runs_from_opening_to_closing() -> None:
    store, now = MemoryStore(), datetime.now(UTC)
    person = f"person:{uuid4()}"
    viewer = Viewer(person=person, agency="iib", grants=(Grant(role="coordinator", agency="iib"),))
    streams = [str(new_id(now)) for _ in range(2)]

    def sent(stream: str) -> dict:
        envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by=person, agency="iib")
        return {"store": store, "envelope": envelope, "viewer": viewer}

    assert list_running(store) == ()
    for stream in streams:
        open_operation(**sent(stream), mode="real")
    assert set(list_running(store)) == set(streams)
    close_operation(**sent(streams[0]), reason="Over.")
    assert list_running(store) == (streams[1],)
