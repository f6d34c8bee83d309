# SPDX-License-Identifier: Apache-2.0
"""People who come and go in each interval, and the queues they make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.common.figures import ZERO, Range, known
from hamkor.crowd.rules.ingress import QueueStep, queue_over_time
from hamkor.events.rules import Interval

SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60
HIGHEST_RATE_PER_MIN = 1e6
NEARLY_ALL = 0.9


class Span(msgspec.Struct, frozen=True):
    """People in one period.

    Args:
        starts_at: Beginning, local time.
        ends_at: End, local time.
        people: How many.
    """

    starts_at: datetime
    ends_at: datetime
    people: Range

    @property
    def minutes(self) -> float:
        """Length in minutes."""
        return (self.ends_at - self.starts_at).total_seconds() / SECONDS_PER_MINUTE

    @property
    def per_h(self) -> Range:
        """People per hour."""
        return self.people * (MINUTES_PER_HOUR / self.minutes)


def spans_of(intervals: tuple[Interval, ...] | None, visitors: Range | None) -> list[Span]:
    """Returns the intervals that can be used, in order of time: with a length, and people or a share of them."""
    spans = []
    for interval in intervals or ():
        people = known(interval.people)
        if people is None and interval.share is not None and visitors is not None:
            people = visitors * interval.share
        if people is not None and interval.ends_at > interval.starts_at:
            spans.append(Span(interval.starts_at, interval.ends_at, people))
    return sorted(spans, key=lambda span: span.starts_at)


def arrivals_of(context: Context) -> list[Span]:
    """Returns the arrival profile of the event."""
    attendance = context.plan.attendance
    return spans_of(attendance.arrivals if attendance else None, context.visitors)


def is_arrival_profile_whole(context: Context) -> bool:
    """Returns True when the arrival profile tells of nearly everyone who comes."""
    told = sum(span.people.nominal for span in arrivals_of(context))
    visitors = context.visitors
    return told > 0 and (visitors is None or told >= visitors.nominal * NEARLY_ALL)


def departures_of(context: Context) -> list[Span]:
    """Returns the departure profile of the event."""
    attendance = context.plan.attendance
    return spans_of(attendance.departures if attendance else None, context.visitors)


class TwoWay(msgspec.Struct, frozen=True):
    """People who come and who go at the same time, per hour.

    Args:
        starts_at: Beginning of the period.
        ends_at: End of the period.
        arriving_per_h: Who come.
        departing_per_h: Who go.
    """

    starts_at: datetime
    ends_at: datetime
    arriving_per_h: Range
    departing_per_h: Range

    @property
    def both_per_h(self) -> Range:
        """All who pass, either way."""
        return self.arriving_per_h + self.departing_per_h


def two_way_periods(context: Context) -> Iterator[TwoWay]:
    """Yields every period between two ends of intervals with its arrivals and departures."""
    arrivals, departures = arrivals_of(context), departures_of(context)
    ends = sorted({moment for span in arrivals + departures for moment in (span.starts_at, span.ends_at)})
    for starts_at, ends_at in pairwise(ends):
        yield TwoWay(starts_at, ends_at, _rate_at(arrivals, starts_at), _rate_at(departures, starts_at))


def busiest_period(context: Context) -> TwoWay | None:
    """Returns the period in which most people pass either way, None when no profile is known."""
    return max(two_way_periods(context), key=lambda period: period.both_per_h.nominal, default=None)


def _rate_at(spans: list[Span], moment: datetime) -> Range:
    rate = ZERO
    for span in spans:
        if span.starts_at <= moment < span.ends_at:
            rate = rate + span.per_h
    return rate


class Queue(msgspec.Struct, frozen=True):
    """The longest queue in front of an entrance.

    Args:
        at: When it is longest.
        step: Its length, wait and area.
    """

    at: datetime
    step: QueueStep


def longest_queue_of(
    spans: list[Span], *, share: float, rate_per_min: float, opens_at: datetime | None = None
) -> Queue | None:
    """Returns the longest queue when a share of the arrivals comes to an entrance, None when there is none.

    Args:
        spans: Arrivals, in order of time.
        share: Part of them that comes this way, 0 to 1.
        rate_per_min: People the entrance lets in per minute.
        opens_at: From when it lets people in; those who come earlier wait.

    Source: fluid queue, see ``hamkor.crowd.rules.ingress``; between intervals the queue is served on.
    """
    queue = 0.0
    longest: Queue | None = None
    for starts_at, ends_at in pairwise(_moments(spans, opens_at)):
        arriving = sum(
            span.people.nominal * share / span.minutes
            for span in spans
            if span.starts_at <= starts_at < span.ends_at
        )
        is_open = opens_at is None or starts_at >= opens_at
        (step,) = queue_over_time(
            [min(arriving, HIGHEST_RATE_PER_MIN)],
            min(rate_per_min, HIGHEST_RATE_PER_MIN) if is_open else 0.0,
            step_min=(ends_at - starts_at).total_seconds() / SECONDS_PER_MINUTE,
            initial_queue=queue,
        )
        queue = step.queue
        if queue > 0 and (longest is None or queue > longest.step.queue):
            wait_min = queue / rate_per_min if rate_per_min > 0 else float("inf")
            longest = Queue(ends_at, msgspec.structs.replace(step, wait_min=wait_min))
    return longest


def _moments(spans: list[Span], opens_at: datetime | None) -> list[datetime]:
    """Returns every moment at which arrivals or the entrance change, in order."""
    moments = {moment for span in spans for moment in (span.starts_at, span.ends_at)}
    if opens_at is not None and moments and min(moments) < opens_at:
        moments.add(opens_at)
    return sorted(moments)
