# SPDX-License-Identifier: Apache-2.0
"""Who is where and when: the times people are engaged, holes between shifts, and changes of shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.checks.rules.naming import duty_subject, is_vital, post_subject
from hamkor.plans.rules.roster import Duty, Post, Shift

Window = tuple[datetime, datetime]


class Held(msgspec.Struct, frozen=True):
    """A duty or post as something that is held by people in time.

    Args:
        subject: What it is.
        is_vital: Lives depend on it.
        place: Features of the drawing it names.
        shifts: People and hours, in order of time.
        window: When it must be held, as far as the plan says so itself.
        person: Person who holds it when there are no shifts.
        deputy: Who takes over.
        is_conduct: It belongs to the event itself.
    """

    subject: Subject
    is_vital: bool
    place: frozenset[str]
    shifts: tuple[Shift, ...]
    window: Window | None
    person: str | None = None
    deputy: str | None = None
    is_conduct: bool = True


class Engagement(msgspec.Struct, frozen=True):
    """One person engaged for one period, or for a period nobody wrote down.

    Args:
        person: Id of the person.
        held: What is held.
        window: From when until when; None when the plan does not say.
    """

    person: str
    held: Held
    window: Window | None


def held_duty(duty: Duty) -> Held:
    """Returns a duty as something held."""
    return Held(
        subject=duty_subject(duty),
        is_vital=is_vital(duty),
        place=frozenset(duty.place),
        shifts=_in_order(duty.shifts),
        window=period(duty.starts_at, duty.ends_at),
        person=None if duty.person == "none" else duty.person,
        deputy=None if duty.deputy == "none" else duty.deputy,
        is_conduct=duty.phase == "conduct",
    )


def held_post(post: Post) -> Held:
    """Returns a post as something held."""
    return Held(
        subject=post_subject(post),
        is_vital=post.critical,
        place=frozenset(post.place),
        shifts=_in_order(post.shifts),
        window=period(post.starts_at, post.ends_at),
    )


def all_held(context: Context) -> Iterator[Held]:
    """Yields every duty and every post."""
    yield from (held_duty(duty) for duty in context.plan.duties or ())
    yield from (held_post(post) for post in context.plan.posts or ())


def engagements(held: Held) -> Iterator[Engagement]:
    """Yields who holds something and when: its shifts, or its person for its own period."""
    for shift in held.shifts:
        if shift.ends_at > shift.starts_at:
            yield Engagement(shift.person, held, (shift.starts_at, shift.ends_at))
    if not held.shifts and held.person is not None:
        yield Engagement(held.person, held, held.window)


def event_window(context: Context) -> Window | None:
    """Returns the time with public: from the doors, or the start, until the end; None when not known."""
    event = context.event
    return period(event.doors_open_at or event.starts_at, event.ends_at)


def period(starts_at: datetime | None, ends_at: datetime | None) -> Window | None:
    """Returns the period between two moments, None when one is unknown or they do not follow each other."""
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    return starts_at, ends_at


def overlap(one: Window, other: Window) -> bool:
    """Returns True when two half-open periods have a moment in common."""
    return one[0] < other[1] and other[0] < one[1]


def holes(shifts: Sequence[Shift], window: Window) -> list[Window]:
    """Returns the parts of a period that no shift covers; shifts must be in order of their start."""
    found = []
    covered_until, end = window
    for shift in shifts:
        if shift.starts_at >= end:
            break
        if shift.starts_at > covered_until:
            found.append((covered_until, shift.starts_at))
        covered_until = max(covered_until, shift.ends_at)
    if covered_until < end:
        found.append((covered_until, end))
    return found


def hull(shifts: Sequence[Shift]) -> Window | None:
    """Returns the period from the first start to the last end, None without shifts."""
    if not shifts:
        return None
    return min(shift.starts_at for shift in shifts), max(shift.ends_at for shift in shifts)


def handovers(shifts: Iterable[Shift]) -> list[datetime]:
    """Returns the moments at which everyone on duty leaves and others begin.

    Notes:
        When somebody stays, because shifts overlap or only a part is relieved, knowledge stays too: no moment.
    """
    starting: dict[datetime, list[str]] = {}
    ending: dict[datetime, list[str]] = {}
    for shift in shifts:
        if shift.ends_at > shift.starts_at:
            starting.setdefault(shift.starts_at, []).append(shift.person)
            ending.setdefault(shift.ends_at, []).append(shift.person)
    moments = []
    on_duty = 0
    for moment in sorted({*starting, *ending}):
        leaving, coming = ending.get(moment, []), starting.get(moment, [])
        staying = on_duty - len(leaving)
        if leaving and coming and staying == 0 and not set(leaving) & set(coming):
            moments.append(moment)
        on_duty = staying + len(coming)
    return moments


def _in_order(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    return tuple(sorted(shifts, key=lambda shift: shift.starts_at))
