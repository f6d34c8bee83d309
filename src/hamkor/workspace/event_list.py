# SPDX-License-Identifier: Apache-2.0
"""The events a person may see, with their days, phases and readiness."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

import msgspec

from hamkor.agencies.models import User
from hamkor.agencies.queries.people import list_streams_of
from hamkor.common.figures import KnownFigure
from hamkor.common.messages import show
from hamkor.events.facts import EVENT
from hamkor.events.rules import Attendance, Event
from hamkor.events.rules.days import days_to, first_day_of, local_day, phase_of
from hamkor.journal.queries import get_documents, list_documents
from hamkor.plans.queries import plan_of
from hamkor.printing.shown import figure
from hamkor.printing.words import word
from hamkor.workspace.checking import findings_of
from hamkor.workspace.models import Readiness
from hamkor.workspace.stores import journals

# A list never waits long for checks: the rest follows when the list is opened again.
CHECKED_AT_ONCE = 4


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event in the list.

    Args:
        stream: Id of the event.
        name: Its name.
        kind: What kind of event.
        place: Where.
        region: Region or city, for filtering.
        day: First day, None when unknown.
        starts_at: Start, local.
        days: Days from today, None when unknown.
        phase: Phase in words, empty when unknown.
        phase_code: ``preparation``, ``conduct``, ``analysis`` or empty.
        category: Category 1 to 3, None when unknown.
        people: Number expected, in words.
        red: Red findings, None when not counted yet.
        amber: Amber findings.
        is_mine: The person holds a role at it.
    """

    stream: UUID
    name: str
    kind: str
    place: str
    region: str
    day: date | None
    starts_at: datetime | None
    days: int | None
    phase: str
    phase_code: str
    category: int | None
    people: str
    red: int | None
    amber: int | None
    is_mine: bool


class CalendarDay(msgspec.Struct, frozen=True):
    """One day of a month.

    Args:
        day: The day.
        is_in_month: False for the days that fill up the first and last week.
        is_today: It is today.
        events: What begins on it.
    """

    day: date
    is_in_month: bool
    is_today: bool
    events: tuple[EventRow, ...]


def list_events(user: User, *, now: datetime, language: str) -> tuple[EventRow, ...]:
    """Returns the events a person holds a role at, the next one first; an administrator sees all of them.

    Args:
        user: Who looks.
        now: The present, aware.
        language: Language of names.
    """
    mine = {str(stream) for stream in list_streams_of(user, at=now)}
    events = [
        (stream, event)
        for stream, event in list_documents(journals(), EVENT)
        if stream in mine or user.is_administrator
    ]
    streams = [stream for stream, _ in events]
    readiness = {str(row.stream): row for row in Readiness.objects.filter(stream__in=streams)}
    counts = _Counts(readiness, budget=CHECKED_AT_ONCE)
    rows = [
        _row(UUID(stream), event, now=now, language=language, counts=counts, is_mine=stream in mine)
        for stream, event in events
    ]
    today = now.date()
    return tuple(sorted(rows, key=lambda row: _nearness(row, today)))


def month_of(rows: Sequence[EventRow], month: date, today: date) -> list[list[CalendarDay]]:
    """Returns the weeks of a month with the events that begin on each day.

    Args:
        rows: The events.
        month: Any day of the month.
        today: Today.
    """
    by_day: dict[date, tuple[EventRow, ...]] = {}
    for row in rows:
        if row.day is not None:
            by_day[row.day] = (*by_day.get(row.day, ()), row)
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
    return [
        [CalendarDay(day, day.month == month.month, day == today, by_day.get(day, ())) for day in week]
        for week in weeks
    ]


def next_month(month: date, step: int) -> date:
    """Returns the first day of the month before (-1) or after (1)."""
    first = month.replace(day=1)
    return (
        (first - timedelta(days=1)).replace(day=1)
        if step < 0
        else (first + timedelta(days=32)).replace(day=1)
    )


def filtered(
    rows: Iterable[EventRow], *, region: str = "", category: str = "", phase: str = ""
) -> list[EventRow]:
    """Returns the events that fit every filter that is given."""
    return [
        row
        for row in rows
        if region in {"", row.region}
        and category in {"", str(row.category)}
        and phase in {"", row.phase_code}
    ]


class _Counts:
    """Findings of events: from the cache where it is fresh, counted anew for a few."""

    def __init__(self, cached: dict[str, Readiness], *, budget: int) -> None:
        self._cached, self._budget = cached, budget

    def of(self, stream: UUID, number: int) -> tuple[int | None, int | None]:
        row = self._cached.get(str(stream))
        if row is not None and row.number == number:
            return row.red, row.amber
        if self._budget <= 0:
            return (None, None) if row is None else (row.red, row.amber)
        self._budget -= 1
        return count_findings(stream)


def count_findings(stream: UUID) -> tuple[int, int]:
    """Returns the numbers of red and amber findings now, and keeps them for lists."""
    documents = get_documents(journals(), stream)
    plan = plan_of(documents, {})
    if plan is None:
        return 0, 0
    report = findings_of(str(stream), documents.number, plan)
    red, amber = report.count("red"), report.count("amber")
    values = {"number": documents.number, "red": red, "amber": amber}
    Readiness.objects.update_or_create(stream=stream, defaults=values)
    return red, amber


def _row(
    stream: UUID, event: Event, *, now: datetime, language: str, counts: _Counts, is_mine: bool
) -> EventRow:
    documents = get_documents(journals(), stream)
    red, amber = counts.of(stream, documents.number)
    attendance = documents.get("attendance", "attendance")
    expected = cast("Attendance", attendance).expected if attendance is not None else None
    today = local_day(event, now) or now.date()
    phase = phase_of(event, now) or ""
    place = event.place
    return EventRow(
        stream=stream,
        name=show(event.name, language),
        kind=word(event.kind, language),
        place=show(place.name, language) if place is not None else "",
        region=show(place.region or place.city or "", language) if place is not None else "",
        day=first_day_of(event),
        starts_at=event.starts_at,
        days=days_to(event, today),
        phase=word(phase, language) if phase else "",
        phase_code=phase,
        category=event.category,
        people=_people(expected, language),
        red=red,
        amber=amber,
        is_mine=is_mine,
    )


def _people(expected: float | KnownFigure | None, language: str) -> str:
    return "" if expected is None else figure(expected, language)


def _nearness(row: EventRow, today: date) -> tuple[bool, int]:
    """Events to come first, the nearest first; then those that are over, the latest first."""
    if row.day is None:
        return True, 0
    is_over = row.day < today
    return is_over, (today - row.day).days if is_over else (row.day - today).days
