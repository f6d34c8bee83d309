# SPDX-License-Identifier: Apache-2.0
"""The days of an event and the phase it is in by the clock; times of an event are local, moments are not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamkor.common.records import Phase
from hamkor.events.rules.event import Event

# A concert that ends in the small hours still belongs to the evening before.
NIGHT = timedelta(hours=6)


def first_day_of(event: Event) -> date | None:
    """Returns the day on which visitors first come, None when not known."""
    first = event.doors_open_at or event.starts_at
    return first.date() if first is not None else None


def last_day_of(event: Event) -> date | None:
    """Returns the last day of the event, an evening that ends after midnight counting as one day."""
    first = first_day_of(event)
    if first is None or event.ends_at is None:
        return first
    try:
        return max(first, (event.ends_at - NIGHT).date())
    except OverflowError:  # an end on the first day of the calendar
        return first


def days_to(event: Event, today: date) -> int | None:
    """Returns the days until visitors first come: 0 on the day, below 0 after it; None when it is not known.

    Args:
        event: The event.
        today: The day it is where the event takes place, as `local_day` gives it.
    """
    first = first_day_of(event)
    return None if first is None else (first - today).days


def local_day(event: Event, now: datetime) -> date | None:
    """Returns the day it is where the event takes place, None when its time zone is not known.

    Args:
        event: The event.
        now: An aware moment.
    """
    local = _local(event, now)
    return None if local is None else local.date()


def phase_of(event: Event, now: datetime) -> Phase | None:
    """Returns the phase of the event by the clock; None when its beginning or its time zone is not known.

    Args:
        event: The event.
        now: An aware moment.

    Notes:
        Preparation lasts until the first visitors are let in, or the programme begins; conduct until the last
        visitor should have left, or the programme ends. When no end is known, conduct lasts to six in the
        morning after the first day: nobody may think an event is over because its end was not written down.
    """
    starts_at, local = event.doors_open_at or event.starts_at, _local(event, now)
    if starts_at is None or local is None:
        return None
    if local < starts_at:
        return "preparation"
    return "conduct" if local < _end_of(event, starts_at) else "analysis"


def _end_of(event: Event, starts_at: datetime) -> datetime:
    """Returns when conduct ends, in local time; never before the programme itself has ended."""
    ends = [moment for moment in (event.clear_by, event.ends_at) if moment is not None]
    if ends:
        return max(ends)
    midnight = datetime.combine(starts_at.date(), time.min)
    try:
        return midnight + timedelta(days=1) + NIGHT
    except OverflowError:  # the last day of the calendar
        return datetime.max  # noqa: DTZ901 - local times of an event have no zone


def _local(event: Event, now: datetime) -> datetime | None:
    """Returns a moment as the clocks at the event show it, without zone as all times of an event."""
    try:
        return now.astimezone(ZoneInfo(event.time_zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return None
