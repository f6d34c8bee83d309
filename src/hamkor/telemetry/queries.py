# SPDX-License-Identifier: Apache-2.0
"""Reads of telemetry: devices, what is latest, minutes for charts and the replay, readings for trying a rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from hamkor.agencies.rules import Viewer, require
from hamkor.journal.rules import Documents, Stream, in_utc
from hamkor.telemetry.facts import DEVICE, DEVICE_STATE
from hamkor.telemetry.rules.devices import Device, DeviceState
from hamkor.telemetry.rules.readings import Sample
from hamkor.telemetry.rules.tracking import Value

SAMPLES_MAX = 500_000
MINUTES_MAX = 24 * 60 * 7
# A value older than this says nothing about a minute of the past.
LAST_KNOWN = timedelta(minutes=3)
_LATEST = "SELECT kind, id, at, received_at, body FROM telemetry_latest WHERE stream = %s"
_MINUTES = (
    "SELECT minute, first, last, low, high, total / samples FROM telemetry_minute"
    " WHERE stream = %s AND kind = %s AND id = %s AND measure = %s AND minute >= %s AND minute < %s"
    " ORDER BY minute LIMIT %s"
)
_SAMPLES = (
    "SELECT at_ms, device, feature, measure, value, north FROM telemetry_sample"
    " WHERE stream = %s AND at_ms >= %s AND at_ms < %s AND measure = ANY(%s) ORDER BY at_ms LIMIT %s"
)
_PAST = (
    "SELECT DISTINCT ON (kind, id, measure) kind, id, measure, minute, last FROM telemetry_minute"
    " WHERE stream = %s AND minute > %s AND minute <= %s ORDER BY kind, id, measure, minute DESC"
)


class DeviceShown(msgspec.Struct, frozen=True):
    """A device with its state, None while it was never heard."""

    device: Device
    state: DeviceState | None


class Latest(msgspec.Struct, frozen=True):
    """The latest of one thing.

    Args:
        kind: `zone`, `opening`, `device`, `unit`, `weather` or `event`.
        id: Its id.
        at: When the newest reading in it was taken.
        received_at: When it was written; None in the past.
        body: What is known.
    """

    kind: str
    id: str
    at: datetime
    received_at: datetime | None
    body: dict[str, Any]


class MinuteShown(msgspec.Struct, frozen=True):
    """One minute of a chart."""

    minute: datetime
    first: float
    last: float
    low: float
    high: float
    mean: float


def list_devices(viewer: Viewer, documents: Documents) -> tuple[DeviceShown, ...]:
    """Returns the devices of an event with their states.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    return tuple(
        DeviceShown(device, documents.get(DEVICE_STATE, device.id)) for device in documents.all(DEVICE)
    )


def list_latest(
    viewer: Viewer, connection: Connection[Any], stream: Stream, *, since: datetime | None = None
) -> list[Latest]:
    """Returns what is latest of everything at an event, or what was written from a moment on.

    Args:
        viewer: Who reads.
        connection: To the database.
        stream: Id of the event.
        since: An aware moment; None for everything.

    Raises:
        NotAllowedError: ``not-allowed``.

    Notes:
        Ask again with the newest `received_at` seen: what was written at that very moment comes twice, nothing is
        left out.
    """
    require(viewer, "see_centre")
    query, values = _LATEST, [str(stream)]
    if since is not None:
        query, values = f"{_LATEST} AND received_at >= %s::timestamptz", [*values, in_utc(since).isoformat()]
    rows = connection.execute(query.encode(), values).fetchall()
    return [Latest(kind, id_, in_utc(at), in_utc(received), body) for kind, id_, at, received, body in rows]


def list_newest(connection: Connection[Any], stream: Stream) -> list[Value]:
    """Returns what is latest of everything at an event: for the server, which asks for no person.

    Args:
        connection: To the database.
        stream: Id of the event.
    """
    rows = connection.execute(_LATEST.encode(), [str(stream)]).fetchall()
    return [Value(kind, id_, _ms(at), body) for kind, id_, at, _received, body in rows]


def list_minutes(
    viewer: Viewer,
    connection: Connection[Any],
    stream: Stream,
    *,
    kind: str,
    id: str,
    measure: str,
    from_: datetime,
    to: datetime,
) -> list[MinuteShown]:
    """Returns one measure of one thing, minute by minute; minutes in which nothing was known are left out.

    Args:
        viewer: Who reads.
        connection: To the database.
        stream: Id of the event.
        kind: As of `Latest`.
        id: Its id.
        measure: Key of its body, such as `density`.
        from_: First minute, an aware moment.
        to: Before this moment.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    values = [str(stream), kind, id, measure, in_utc(from_), in_utc(to), MINUTES_MAX]
    rows = connection.execute(_MINUTES, values).fetchall()
    return [MinuteShown(in_utc(row[0]), *row[1:]) for row in rows]


def list_past(viewer: Viewer, connection: Connection[Any], stream: Stream, *, at: datetime) -> list[Latest]:
    """Returns what was latest in a minute of the past, for the replay: numbers only.

    Args:
        viewer: Who reads.
        connection: To the database.
        stream: Id of the event.
        at: An aware moment.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    moment = in_utc(at)
    rows = connection.execute(_PAST, [str(stream), moment - LAST_KNOWN, moment]).fetchall()
    found: dict[tuple[str, str], tuple[datetime, dict[str, Any]]] = {}
    for kind, id_, measure, minute, last in rows:
        newest, body = found.get((kind, id_), (minute, {}))
        found[kind, id_] = (max(newest, minute), {**body, measure: last})
    return [Latest(kind, id_, in_utc(minute), None, body) for (kind, id_), (minute, body) in found.items()]


def list_samples(
    viewer: Viewer,
    connection: Connection[Any],
    stream: Stream,
    *,
    from_: datetime,
    to: datetime | None = None,
    measures: Sequence[str] = (),
) -> list[Sample]:
    """Returns readings in the order of their moments, as a rule is tried on them.

    Args:
        viewer: Who reads.
        connection: To the database.
        stream: Id of the event.
        from_: From this moment, aware.
        to: Before this moment; now when None.
        measures: What was measured.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    until = datetime.now(UTC) if to is None else in_utc(to)
    values = [str(stream), _ms(from_), _ms(until), list(measures), SAMPLES_MAX]
    return [Sample(*row) for row in connection.execute(_SAMPLES, values).fetchall()]


def _ms(at: datetime) -> int:
    return int(in_utc(at).timestamp() * 1000)
