# SPDX-License-Identifier: Apache-2.0
"""Who comes and who goes in the next minutes: the plan's profile, corrected by what is measured at the gates."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hamkor.common.figures import known
from hamkor.events.rules import Attendance, Interval
from hamkor.forecasts.rules.measured import Course, Measured, expected_of
from hamkor.forecasts.rules.profiles import ForecastProfile, forecast_profile

MINUTE = timedelta(minutes=1)
MINUTE_S = 60.0


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes and goes from now on.

    Args:
        arrivals: People who come in each following minute of the event.
        departures: People who set out to leave in each following minute; empty when all leave as fast as they can.
        is_planned: The plan has a profile; without one the flow measured now goes on.
    """

    arrivals: tuple[float, ...]
    departures: tuple[float, ...] = ()
    is_planned: bool = False


def demand_of(
    attendance: Attendance | None,
    measured: Measured,
    course: Course,
    *,
    local_at: datetime | None,
    profile: ForecastProfile | None = None,
) -> Demand:
    """Returns who comes and goes in the next minutes.

    Args:
        attendance: The crowd of the plan, None when nothing is known of it.
        measured: What is known now.
        course: What the crowd does.
        local_at: What the clocks at the event show, without zone as times of a plan; None when not known.
        profile: How far is looked, and how long the measured flow counts.

    Notes:
        At first the flow is the measured one; it gives way to the plan's in a straight line over `persist_min`
        minutes, and the plan's is corrected by the ratio between measured and planned of now, within bounds and less
        and less. More people than the plan expects do not come: what is left to come ends the arrivals.
    """
    rules = profile or forecast_profile()
    minutes = rules.horizon_min
    if course.direction == "evacuate":
        return Demand(arrivals=(0.0,) * minutes)
    comes, goes = (None, None) if attendance is None else (attendance.arrivals, attendance.departures)
    total = expected_of(attendance)
    planned_in = _planned(comes, total, local_at, minutes)
    planned_out = _planned(goes, total, local_at, minutes)
    arrivals = _corrected(planned_in, measured.in_per_min, rules)
    if course.entry_is_stopped:
        arrivals = (0.0,) * minutes
    elif total is not None and measured.inside is not None:
        arrivals = _at_most(arrivals, max(0.0, total - measured.inside))
    departures = _corrected(planned_out, measured.out_per_min, rules)
    if course.because == "ordered" or (course.direction != "ingress" and sum(departures) <= 0):
        departures = ()  # nothing says how they spread: they leave as fast as they can
    return Demand(
        arrivals=arrivals, departures=departures, is_planned=planned_in is not None or planned_out is not None
    )


def _planned(
    intervals: Sequence[Interval] | None, total: float | None, local_at: datetime | None, minutes: int
) -> tuple[float, ...] | None:
    """Returns people per following minute by the plan, None when it does not say."""
    if not intervals or local_at is None:
        return None
    spans = [(each.starts_at, each.ends_at, people) for each in intervals if (people := _people(each, total))]
    if not spans:
        return None
    return tuple(
        sum(
            _overlap(starts_at, ends_at, local_at + MINUTE * index) * people
            for starts_at, ends_at, people in spans
        )
        for index in range(minutes)
    )


def _overlap(starts_at: datetime, ends_at: datetime, minute: datetime) -> float:
    """Returns the share of a period that lies in the minute that begins at a moment."""
    shared = min(ends_at, minute + MINUTE) - max(starts_at, minute)
    length = ends_at - starts_at
    return max(0.0, shared / length) if length > timedelta(0) else 0.0


def _people(interval: Interval, total: float | None) -> float | None:
    figure: Any = interval.people
    if figure is not None:
        found = known(figure)
        return None if found is None else found.nominal
    return None if interval.share is None or total is None else interval.share * total


def _corrected(
    planned: tuple[float, ...] | None, measured_per_min: float | None, rules: ForecastProfile
) -> tuple[float, ...]:
    minutes = rules.horizon_min
    if planned is None:
        return (measured_per_min or 0.0,) * minutes
    if measured_per_min is None:
        return planned
    now = planned[0]
    trust = measured_per_min / now if now > 0 else 1.0
    trust = min(max(trust, rules.trust_least), rules.trust_most)
    found = []
    for index, per_min in enumerate(planned):
        weight = max(0.0, 1.0 - index / rules.persist_min)
        # What is off now is off less and less: at the end the plan stands as it was made.
        kept = 1.0 + (trust - 1.0) * (1.0 - index / minutes)
        found.append(weight * measured_per_min + (1.0 - weight) * per_min * kept)
    return tuple(found)


def _at_most(per_min: tuple[float, ...], left: float) -> tuple[float, ...]:
    found = []
    for each in per_min:
        taken = min(each, left)
        left -= taken
        found.append(taken)
    return tuple(found)
