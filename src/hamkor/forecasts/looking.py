# SPDX-License-Identifier: Apache-2.0
"""Makes the forecast of an event that runs, keeps it, and tells who listens: once, however many processes look."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from hamkor.forecasts.making import Maker, blank_of
from hamkor.forecasts.rules.forecast import Forecast
from hamkor.forecasts.rules.profiles import forecast_profile
from hamkor.journal.rules import Documents, Stream, in_utc
from hamkor.operation.rules.running import operation_of
from hamkor.telemetry.queries import list_newest
from hamkor.telemetry.rules.tracking import Value

CHANNEL = "hamkor_signals"
# Of two processes that look at the same event one makes the forecast; the lock ends with the transaction.
# Another number than that of who follows the readings of an event.
_LOCK_NUMBER = 72_162
_CLAIM = "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))"
_NEWEST = "SELECT max(made_at) FROM forecast_kept WHERE stream = %s"
_EARLIER = "SELECT body FROM forecast_kept WHERE stream = %s AND made_at >= %s ORDER BY made_at"
_LATEST = (
    "INSERT INTO forecast_latest (stream, at, received_at, body) VALUES (%s, %s, clock_timestamp(), %s::jsonb)"
    " ON CONFLICT (stream) DO UPDATE SET at = excluded.at, received_at = excluded.received_at, body = excluded.body"
)
_KEEP = (
    "INSERT INTO forecast_kept (stream, made_at, body) VALUES (%s, %s, %s::jsonb)"
    " ON CONFLICT (stream, made_at) DO NOTHING"
)
_FORGET = "DELETE FROM forecast_kept WHERE made_at < %s"
_NOTIFY = "SELECT pg_notify(%s, %s)"
# A process that comes a little early is not sent away.
_EARLY = 0.8
# How far back earlier forecasts are read, real time: enough for the mean of their errors.
_LOOK_BACK = timedelta(hours=1)

log = logging.getLogger("hamkor.forecasts")


def look(
    connection: Connection[Any], stream: Stream, documents: Documents, *, maker: Maker, at: datetime
) -> Forecast | None:
    """Makes and keeps the forecast of a moment; None when it is not due, not ours to make, or nothing runs.

    Args:
        connection: To the database, outside a transaction.
        stream: Id of the event.
        documents: Its documents.
        maker: Makes forecasts of this event.
        at: This moment, aware.

    Notes:
        What fails is kept as “no forecast” with its reason, so that nobody takes the last one for the present.
    """
    if operation_of(documents) is None:
        return None
    with connection.transaction():
        row = connection.execute(_CLAIM, [_LOCK_NUMBER, str(stream)]).fetchone()
        if row is None or not row[0] or not _is_due(connection, stream, at):
            return None
        earlier = _earlier(connection, stream, at)
        values = list_newest(connection, stream)
        made = _made(maker, documents, values, at=at, earlier=earlier)
        if made is not None:
            _keep(connection, stream, made)
    return made


def forget_old(connection: Connection[Any], *, before: datetime) -> int:
    """Deletes forecasts made before a moment, and returns how many.

    Args:
        connection: To the database.
        before: An aware moment.
    """
    return connection.execute(_FORGET, [in_utc(before)]).rowcount


def _is_due(connection: Connection[Any], stream: Stream, at: datetime) -> bool:
    row = connection.execute(_NEWEST, [str(stream)]).fetchone()
    period = timedelta(seconds=forecast_profile().period_s * _EARLY)
    return row is None or row[0] is None or at - in_utc(row[0]) >= period


def _earlier(connection: Connection[Any], stream: Stream, at: datetime) -> list[Forecast]:
    rows = connection.execute(_EARLIER, [str(stream), in_utc(at) - _LOOK_BACK]).fetchall()
    return [msgspec.convert(body, Forecast, strict=False) for (body,) in rows]


def _made(
    maker: Maker, documents: Documents, values: Sequence[Value], *, at: datetime, earlier: Sequence[Forecast]
) -> Forecast | None:
    try:
        return maker.make(documents, values, at=at, earlier=earlier)
    except Exception:  # whatever fails is told: nobody may take an old forecast for the present
        log.exception("no forecast could be made")
        operation = operation_of(documents)
        return None if operation is None else blank_of(operation, at, trouble="failed")


def _keep(connection: Connection[Any], stream: Stream, made: Forecast) -> None:
    body = msgspec.json.encode(made).decode()
    connection.execute(_LATEST, [str(stream), made.made_at, body])
    if not made.trouble:
        # What says nothing is compared with nothing, and the next try need not wait for its turn.
        connection.execute(_KEEP, [str(stream), made.made_at, body])
    connection.execute(_NOTIFY, [CHANNEL, str(stream)])
