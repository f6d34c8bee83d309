# SPDX-License-Identifier: Apache-2.0
"""PLAN: times follow each other and lie where the event is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Subject
from hamkor.checks.rules.naming import (
    duty_subject,
    listed,
    moment_shown,
    person_subject,
    post_subject,
    task_subject,
)
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.rota import Window, event_window
from hamkor.common.messages import N_, Message

PROGRAMME = "uz-cm-205-2014-annex1-def-programme"
ISO_22320 = "ISO 22320:2018, planning"
# People come and go outside the programme; farther than a day from it, a date is more likely mistyped.
MARGIN = timedelta(days=1)


class Period(msgspec.Struct, frozen=True):
    """A period written somewhere in the plan.

    Args:
        subject: What it belongs to.
        what: Name of the period.
        starts_at: Beginning, if written.
        ends_at: End, if written.
        is_of_event: It should lie near the event.
    """

    subject: Subject
    what: Message
    starts_at: datetime | None
    ends_at: datetime | None
    is_of_event: bool = True


def periods_of(context: Context) -> Iterator[Period]:
    """Yields every period of the plan beside the event's own."""
    yield from _of_event(context)
    yield from _of_roster(context)
    for person in context.plan.people or ():
        for away in person.unavailable:
            subject = person_subject(context, person.id)
            yield Period(subject, Message(N_("absence")), away.starts_at, away.ends_at, is_of_event=False)


def _of_event(context: Context) -> Iterator[Period]:
    for item in context.event.programme or ():
        subject = Subject("programme", item.id, item.title)
        yield Period(subject, Message(N_("programme item")), item.starts_at, item.ends_at)
    attendance = context.plan.attendance
    part = context.part_subject("attendance")
    if attendance is not None:
        for interval in attendance.arrivals or ():
            yield Period(part, Message(N_("arrivals")), interval.starts_at, interval.ends_at)
        for interval in attendance.departures or ():
            yield Period(part, Message(N_("departures")), interval.starts_at, interval.ends_at)
    for feature in context.features.values():
        for flow in getattr(feature.properties, "flows", ()):
            subject = context.subject("feature", feature.id)
            yield Period(subject, Message(N_("planned flow")), flow.starts_at, flow.ends_at)


def _of_roster(context: Context) -> Iterator[Period]:
    for duty in context.plan.duties or ():
        yield from _held(duty_subject(duty), duty, Message(N_("duty")), is_of_event=duty.phase == "conduct")
    for post in context.plan.posts or ():
        yield from _held(post_subject(post), post, Message(N_("post")), is_of_event=True)
    for task in context.plan.tasks or ():
        is_near = task.phase == "conduct"
        yield Period(task_subject(task), Message(N_("task")), task.starts_at, task.ends_at, is_near)


def _held(subject: Subject, item: Any, what: Message, *, is_of_event: bool) -> Iterator[Period]:
    yield Period(subject, what, item.starts_at, item.ends_at, is_of_event)
    for shift in item.shifts:
        yield Period(subject, Message(N_("shift")), shift.starts_at, shift.ends_at, is_of_event)


@rule(
    "PLAN-010",
    title=N_("The times of the event contradict each other"),
    says=N_("{subject}: {first} ({first_at}) comes after {second} ({second_at})."),
    do=N_("Correct {first} or {second}."),
    why=N_(
        "Everyone counts from these times. When they are wrong, so is every shift, flow and task in the plan."
    ),
    severity=N_("Red."),
    sources=(PROGRAMME, ISO_22320),
)
def contradicting_event_times(context: Context) -> Iterator[Found]:
    """Yields a finding for every two neighbouring times of the event that stand in the wrong order."""
    event = context.event
    moments = (
        (N_("opening of the doors"), event.doors_open_at),
        (N_("start"), event.starts_at),
        (N_("end"), event.ends_at),
        (N_("clear by"), event.clear_by),
    )
    told = [(name, moment) for name, moment in moments if moment is not None]
    for (first, first_at), (second, second_at) in pairwise(told):
        if first_at > second_at:
            yield Found(
                subject=context.event_subject,
                severity="red",
                facts={
                    "first": Message(first),
                    "first_at": moment_shown(first_at),
                    "second": Message(second),
                    "second_at": moment_shown(second_at),
                },
            )


@rule(
    "PLAN-011",
    title=N_("Something ends before it begins"),
    says=N_("“{subject}”: {what} begins {starts} and ends {ends}."),
    do=N_("Correct the times of {what} at “{subject}”."),
    why=N_(
        "A period that has no length is skipped by every check, and on the day nobody knows what was meant."
    ),
    severity=N_("Amber."),
    sources=(ISO_22320,),
)
def reversed_period(context: Context) -> Iterator[Found]:
    """Yields a finding for every period whose end is not after its start."""
    for period in periods_of(context):
        starts_at, ends_at = period.starts_at, period.ends_at
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            yield Found(
                subject=period.subject,
                severity="amber",
                facts={
                    "what": period.what,
                    "starts": moment_shown(starts_at),
                    "ends": moment_shown(ends_at),
                },
            )


@rule(
    "PLAN-012",
    title=N_("Times far from the event"),
    says=N_("More than a day away from {subject}: {periods}."),
    do=N_("Check the dates of: {periods}."),
    why=N_(
        "A wrong day is the easiest mistake in a table of times, and the shift it belongs to does not come."
    ),
    severity=N_("Amber."),
    sources=(ISO_22320,),
)
def distant_period(context: Context) -> Iterator[Found]:
    """Yields one finding for the periods that belong to the event and lie a day or more away from it."""
    window = _widened(context)
    if window is None:
        return
    distant = [
        Message(N_("“{subject}” ({what})"), {"subject": period.subject.shown(), "what": period.what})
        for period in periods_of(context)
        if period.is_of_event and _is_outside(period, window)
    ]
    if distant:
        facts = {"periods": listed(distant)}
        yield Found(subject=context.event_subject, severity="amber", facts=facts)


def _widened(context: Context) -> Window | None:
    window = event_window(context)
    if window is None:
        return None
    return window[0] - MARGIN, max(window[1], context.event.clear_by or window[1]) + MARGIN


def _is_outside(period: Period, window: Window) -> bool:
    first = period.starts_at or period.ends_at
    last = period.ends_at or period.starts_at
    return (first is not None and first >= window[1]) or (last is not None and last <= window[0])
