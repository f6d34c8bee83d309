# SPDX-License-Identifier: Apache-2.0
"""Writes what is latest where all processes read it, tells them, and keeps minutes and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from hamkor.telemetry.receiving.lanes import Lane, moment
from hamkor.telemetry.rules.minutes import Minute
from hamkor.telemetry.rules.tracking import Value

CHANNEL = "hamkor_signals"
_LATEST = (
    "INSERT INTO telemetry_latest AS kept (stream, kind, id, at, received_at, body)"
    " SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::jsonb[])"
    " ON CONFLICT (stream, kind, id) DO UPDATE"
    " SET at = excluded.at, received_at = excluded.received_at, body = excluded.body"
)
_NOTIFY = "SELECT pg_notify(%s, %s)"
_MINUTES = (
    "INSERT INTO telemetry_minute AS kept"
    " (stream, kind, id, measure, minute, first, last, low, high, total, samples)"
    " SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::float8[], %s::float8[],"
    " %s::float8[], %s::float8[], %s::float8[], %s::int[])"
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
        await connection.execute(_LATEST, [lane.stream, *_latest_columns(news, at_ms)])
        # Few a second for an event, in a transaction of its own: it hinders no commit of the journals for long.
        await connection.execute(_NOTIFY, [CHANNEL, lane.stream])
    if with_minutes:
        minutes = lane.minutes.pop()
        if minutes:
            await connection.execute(_MINUTES, [lane.stream, *_minute_columns(minutes)])
        marks = msgspec.json.encode(lane.marks()).decode()
        await connection.execute(_MARK, [lane.stream, lane.received_ms, marks])


def _latest_columns(news: Sequence[Value], at_ms: int) -> list[list[Any]]:
    now = moment(at_ms)
    return [
        [value.kind for value in news],
        [value.id for value in news],
        [moment(value.at_ms) for value in news],
        [now] * len(news),
        [msgspec.json.encode(value.body).decode() for value in news],
    ]


def _minute_columns(minutes: Sequence[Minute]) -> list[list[Any]]:
    return [
        [minute.kind for minute in minutes],
        [minute.id for minute in minutes],
        [minute.measure for minute in minutes],
        [moment(minute.minute_ms) for minute in minutes],
        [minute.first for minute in minutes],
        [minute.last for minute in minutes],
        [minute.low for minute in minutes],
        [minute.high for minute in minutes],
        [minute.total for minute in minutes],
        [minute.samples for minute in minutes],
    ]
