# SPDX-License-Identifier: Apache-2.0
"""Writes what is latest where all processes read it, tells them, and keeps minutes and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from hamkor.telemetry.receiving.lanes import Lane
from hamkor.telemetry.rules.tracking import Value

CHANNEL = "hamkor_signals"
_LATEST = (
    "INSERT INTO telemetry_latest AS kept (stream, kind, id, at, received_at, body)"
    " SELECT %s, e->>0, e->>1, to_timestamp((e->>2)::float8 / 1000), to_timestamp(%s::float8 / 1000), (e->3)::jsonb"
    " FROM json_array_elements(%s::json) AS e"
    " ON CONFLICT (stream, kind, id) DO UPDATE"
    " SET at = excluded.at, received_at = excluded.received_at, body = excluded.body"
)
_NOTIFY = "SELECT pg_notify(%s, %s)"
_MINUTES = (
    "INSERT INTO telemetry_minute AS kept"
    " (stream, kind, id, measure, minute, first, last, low, high, total, samples)"
    " SELECT %s, e->>0, e->>1, e->>2, to_timestamp((e->>3)::float8 / 1000), (e->>4)::float8, (e->>5)::float8,"
    " (e->>6)::float8, (e->>7)::float8, (e->>8)::float8, (e->>9)::int FROM json_array_elements(%s::json) AS e"
    " ON CONFLICT (stream, kind, id, measure, minute) DO UPDATE SET last = excluded.last,"
    " low = least(kept.low, excluded.low), high = greatest(kept.high, excluded.high),"
    " total = kept.total + excluded.total, samples = kept.samples + excluded.samples"
)
_MARK = (
    "INSERT INTO telemetry_mark (stream, received_ms, body) VALUES (%s, %s, %s::jsonb)"
    " ON CONFLICT (stream) DO UPDATE SET received_ms = excluded.received_ms, body = excluded.body"
)


async def publish(
    connection: AsyncConnection[Any],
    lane: Lane,
    news: Sequence[Value],
    *,
    at_ms: int,
    with_minutes: bool,
) -> None:
    """Writes the news of an event, and tells who listens once.

    Args:
        connection: The one that holds the lock of the event.
        lane: The event.
        news: Values that are not known outside yet.
        at_ms: Now.
        with_minutes: Also the minutes so far, and where the counters stand.
    """
    if news:
        rows = [(value.kind, value.id, value.at_ms, value.body) for value in news]
        await connection.execute(_LATEST, [lane.stream, at_ms, msgspec.json.encode(rows).decode()])
        # Few a second for an event, in a transaction of its own: it hinders no commit of the journals for long.
        await connection.execute(_NOTIFY, [CHANNEL, lane.stream])
    if with_minutes:
        minutes = lane.minutes.pop()
        if minutes:
            await connection.execute(_MINUTES, [lane.stream, msgspec.json.encode(minutes).decode()])
        marks = msgspec.json.encode(lane.marks()).decode()
        await connection.execute(_MARK, [lane.stream, lane.received_ms, marks])
