# SPDX-License-Identifier: Apache-2.0
"""Two clocks: real moments, which everything is recorded by, and moments of the event, which a drill shifts.

In a real operation both are the same. Times written in a plan are local times of the event; they become moments of the
event by its time zone, and real moments by the clock of the operation.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamkor.events.rules import Event
from hamkor.operation.rules.running import ClockSegment, Operation

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def event_time(operation: Operation | None, real_at: datetime) -> datetime:
    """Returns what the event's clock shows at a real moment, aware, in UTC.

    Args:
        operation: Whose clock; None for none, then both clocks are the same.
        real_at: An aware moment.
    """
    at = real_at.astimezone(UTC)
    if operation is None or not operation.clock:
        return at
    begun = [segment for segment in operation.clock if segment.real_at <= at]
    segment = begun[-1] if begun else operation.clock[0]
    return _moved(segment.event_at, (at - segment.real_at).total_seconds() * segment.rate)


def real_time(operation: Operation | None, event_at: datetime) -> datetime:
    """Returns the real moment at which the event's clock shows a moment, aware, in UTC.

    Args:
        operation: Whose clock; None for none.
        event_at: An aware moment of the event.

    Notes:
        A clock that was set back shows some moments twice: the last time counts. Moments that were jumped over come
        when the clock jumped.
    """
    at = event_at.astimezone(UTC)
    if operation is None or not operation.clock:
        return at
    last = operation.clock[-1]
    if last.event_at <= at:
        return _real_in(last, at)
    for segment, following in reversed(tuple(pairwise(operation.clock))):
        if segment.event_at <= at:
            return min(_real_in(segment, at), following.real_at)
    return _real_in(operation.clock[0], at)


def moment_of(event: Event | None, local: datetime | None) -> datetime | None:
    """Returns the moment of the event a local time of its plan means; None when its zone is not known."""
    if event is None or local is None:
        return None
    try:
        return local.replace(tzinfo=ZoneInfo(event.time_zone)).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return None


def local_time(event: Event | None, event_at: datetime) -> datetime | None:
    """Returns what the clocks at the event show at a moment of it, without zone as times of a plan are."""
    if event is None:
        return None
    try:
        return event_at.astimezone(ZoneInfo(event.time_zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return None


def real_moment(operation: Operation | None, event: Event | None, local: datetime | None) -> datetime | None:
    """Returns the real moment of a local time of the plan; None when it cannot be known."""
    moment = moment_of(event, local)
    return None if moment is None else real_time(operation, moment)


def _real_in(segment: ClockSegment, event_at: datetime) -> datetime:
    return _moved(segment.real_at, (event_at - segment.event_at).total_seconds() / segment.rate)


def _moved(moment: datetime, seconds: float) -> datetime:
    """Returns a moment so many seconds later; the ends of the calendar where there is none."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return _LAST if seconds > 0 else _FIRST
