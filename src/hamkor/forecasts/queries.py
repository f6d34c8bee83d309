# SPDX-License-Identifier: Apache-2.0
"""Reads of forecasts: the newest, that of a moment of the past, and what would be if a way were shut."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from psycopg import Connection

from hamkor.agencies.rules import Viewer, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.forecasts.making import Maker, blank_of
from hamkor.forecasts.rules.forecast import TROUBLES, Forecast
from hamkor.forecasts.rules.measured import course_of, measure
from hamkor.forecasts.rules.profiles import forecast_profile
from hamkor.forecasts.rules.telling import Told, told
from hamkor.forecasts.rules.whatif import WhatIf, differences
from hamkor.journal.rules import Documents, Stream, in_utc
from hamkor.operation.rules.running import require_running
from hamkor.telemetry.queries import list_newest

EVENTS_KEPT = 8
_LATEST = "SELECT at, received_at, body FROM forecast_latest WHERE stream = %s"
_PAST = (
    "SELECT body FROM forecast_kept WHERE stream = %s AND made_at > %s AND made_at <= %s"
    " ORDER BY made_at DESC LIMIT 1"
)


class ForecastError(HamkorError):
    """A forecast that was asked for cannot be made."""


def find_newest(
    viewer: Viewer, connection: Connection[Any], stream: Stream, *, since: datetime | None = None
) -> Told | None:
    """Returns the newest forecast of an event as it is told; None when there is none written from a moment on.

    Args:
        viewer: Who reads.
        connection: To the database.
        stream: Id of the event.
        since: An aware moment; None for whenever it was written.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    query, values = _LATEST, [str(stream)]
    if since is not None:
        query, values = f"{_LATEST} AND received_at >= %s::timestamptz", [*values, in_utc(since).isoformat()]
    row = connection.execute(query.encode(), values).fetchone()
    return None if row is None else told(_read(row[2]), received_at=in_utc(row[1]))


def find_past(viewer: Viewer, connection: Connection[Any], stream: Stream, *, at: datetime) -> Told | None:
    """Returns the forecast people had before them at a moment of the past; None when there was none.

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
    lasts = timedelta(seconds=forecast_profile().shown_stale_s)
    row = connection.execute(_PAST, [str(stream), moment - lasts, moment]).fetchone()
    return None if row is None else told(_read(row[0]), received_at=None)


def find_whole(viewer: Viewer, connection: Connection[Any], stream: Stream) -> Forecast | None:
    """Returns the newest forecast with all it rests on; None when there is none.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    row = connection.execute(_LATEST.encode(), [str(stream)]).fetchone()
    return None if row is None else _read(row[2])


def try_factors(
    viewer: Viewer,
    connection: Connection[Any],
    stream: Stream,
    *,
    documents: Documents,
    factors: dict[str, float],
    at: datetime,
) -> WhatIf:
    """Returns what the next minutes would be with ways shut or narrowed, against those as things stand.

    Args:
        viewer: Who asks; must operate.
        connection: To the database.
        stream: Id of the event.
        documents: Its documents.
        factors: Share of the capacity that is left, by way: 0 shut.
        at: This moment, aware.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``operation-not-open``.
        ForecastError: ``way-unknown``, or ``no-forecast`` with the reason.

    Notes:
        Nothing is kept and nothing is journalled: it is a question, not a measure.
    """
    require(viewer, "operate")
    operation = require_running(documents)
    making = _maker(str(stream))
    course = course_of(documents, at=at, horizon_min=making.profile.horizon_min)
    assert course is not None  # noqa: S101 - the operation is open
    layout = making.layout(documents, course.direction)
    _require_known(layout.links, factors)
    measured = measure(list_newest(connection, stream), layout, at=at, profile=making.profile)
    blank = blank_of(operation, at, direction=course.direction, because=course.because, gaps=measured.gaps)
    trouble = making.trouble_of(layout, measured)
    if trouble is not None:
        raise ForecastError("no-forecast", TROUBLES[trouble[0]])
    as_is = making.answer(documents, layout, measured, course, blank=blank, quick=True)
    changed = making.answer(documents, layout, measured, course, blank=blank, factors=factors, quick=True)
    return differences(as_is, changed, factors, minute=making.profile.main_min)


def _require_known(links: Any, factors: dict[str, float]) -> None:
    unknown = [way for way in factors if way not in links]
    if unknown:
        template = N_(
            "Nobody goes this way now: {ways}. Choose a gate, an opening or a passage that is in use."
        )
        raise ForecastError("way-unknown", template, ways=unknown)


@lru_cache(maxsize=EVENTS_KEPT)
def _maker(stream: str) -> Maker:
    """Returns what keeps the layouts of an event between two questions."""
    del stream
    return Maker()


def _read(body: Any) -> Forecast:
    return msgspec.convert(body, Forecast, strict=False)
