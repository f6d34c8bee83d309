# SPDX-License-Identifier: Apache-2.0
"""When people come and go: curves from the attendance of a plan, or those of an event nobody described."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from hamkor.common.figures import Figure, range_of
from hamkor.crowd.rules.ingress import entry_rates
from hamkor.events.rules.attendance import Attendance, Interval
from hamkor.simulation.rules.network_profile import network_profile

Points = tuple[tuple[float, float], ...]
"""(seconds from the start, people until then), rising."""
SECONDS_PER_HOUR = 3600.0


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes, goes and is there, beside what the layout says.

    Args:
        arrivals: People who came until each moment; empty: not known.
        departures: People who left until each moment; empty: not known.
        present: People already in a place when the simulation starts, by its id (ingress only).
    """

    arrivals: Points = ()
    departures: Points = ()
    present: dict[str, float] = {}


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """People who come in by one gate on their way to one place.

    Args:
        gate: Id of the link that leads in from outside.
        place: Id of the place they want to get to.
        passed: People through the gate until each moment, beginning with nobody.
    """

    gate: str
    place: str
    passed: Points


def demand_of(attendance: Attendance, starts_at: datetime) -> Demand:
    """Returns the curves of a plan, seconds counted from a moment.

    Args:
        attendance: The plan's part about the crowd.
        starts_at: Second 0; what comes before it counts as having happened before.

    Source: each period spreads its people evenly.
    """
    expected = None if attendance.expected is None else range_of(attendance.expected).nominal
    return Demand(
        arrivals=curve_of(attendance.arrivals or (), starts_at, expected=expected),
        departures=curve_of(attendance.departures or (), starts_at, expected=expected),
    )


def curve_of(intervals: Sequence[Interval], starts_at: datetime, *, expected: float | None) -> Points:
    """Returns how many people came, or left, until each moment.

    Args:
        intervals: Periods with people or shares, which may overlap.
        starts_at: Second 0.
        expected: All people, for periods that give a share; such a period counts nothing when it is not known.

    Returns:
        Points at every beginning and end of a period; empty when no period has people.

    Source: definition.
    """
    spans = []
    for interval in intervals:
        people = _people(interval, expected)
        begin = (interval.starts_at - starts_at).total_seconds()
        end = (interval.ends_at - starts_at).total_seconds()
        if people > 0 and end > begin:
            spans.append((begin, end, people))
    moments = sorted({moment for begin, end, _ in spans for moment in (begin, end)})
    return tuple((moment, sum(_until(moment, span) for span in spans)) for moment in moments)


def default_arrivals(people: float) -> Points:
    """Returns the arrivals of an event without a plan for them, second 0 being when the first people come.

    Args:
        people: How many.

    Source: 60 to 70 % come in the last hour (profiles/ingress.yaml); the rest evenly in the hours before.
    """
    hours = network_profile().arrivals_last_h
    low, high = entry_rates().peak_share_range
    before = people * (1 - (low + high) / 2)
    return (0.0, 0.0), ((hours - 1) * SECONDS_PER_HOUR, before), (hours * SECONDS_PER_HOUR, people)


def _people(interval: Interval, expected: float | None) -> float:
    figure: Figure | None = interval.people
    if figure is not None:
        return range_of(figure).nominal
    return 0.0 if interval.share is None or expected is None else interval.share * expected


def _until(moment: float, span: tuple[float, float, float]) -> float:
    begin, end, people = span
    return people * min(1.0, max(0.0, (moment - begin) / (end - begin)))
