# SPDX-License-Identifier: Apache-2.0
"""The plan comes alive: which tasks and duties are work of the day, when they are due by the real clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import cast

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Text
from hamkor.events.rules import Event, first_day_of, last_day_of
from hamkor.journal.rules import Documents
from hamkor.norms.queries import list_duties
from hamkor.operation.rules.clock import real_moment
from hamkor.operation.rules.jobs import (
    LEAD,
    PLAN_SOURCES,
    UNTOUCHED_STATES,
    Job,
    at_moment,
    find_job,
    is_called,
    is_overdue,
    recorded_jobs,
    replanned,
)
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.running import Operation, operation_of, watched_since
from hamkor.plans.rules.roster import Duty, Task


class PlanChange(msgspec.Struct, frozen=True):
    """What the plan changes in the recorded work.

    Args:
        jobs: New and changed jobs as the plan gives them.
        removed: Ids of jobs nobody has begun that are not in the plan any more.
    """

    jobs: tuple[Job, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """True when there is a change."""
        return bool(self.jobs or self.removed)


class _Day(msgspec.Struct, frozen=True):
    """What planned work is read with."""

    event: Event | None
    operation: Operation | None
    first: date | None
    last: date | None

    def real(self, local: datetime | None) -> datetime | None:
        return real_moment(self.operation, self.event, local)

    def has(self, work: Task | Duty) -> bool:
        """True for work of conduct, and for work with a time on a day of the event."""
        if work.phase == "conduct":
            return True
        if self.first is None or self.last is None:
            return False
        days = [moment.date() for moment in (work.starts_at, work.ends_at) if moment is not None]
        return any(self.first <= day <= self.last for day in days)


def event_of(documents: Documents) -> Event | None:
    """Returns the event, or None when nothing is known of it."""
    found = cast("tuple[Event, ...]", documents.all("event"))
    return found[0] if found else None


def planned_jobs(documents: Documents) -> tuple[Job, ...]:
    """Returns the tasks and duties of the day as jobs nobody has touched, in the order of the plan."""
    event = event_of(documents)
    day = _Day(
        event,
        operation_of(documents),
        None if event is None else first_day_of(event),
        None if event is None else last_day_of(event),
    )
    tasks = [task for task in cast("tuple[Task, ...]", documents.all("task")) if day.has(task)]
    duties = [duty for duty in cast("tuple[Duty, ...]", documents.all("duty")) if day.has(duty)]
    return (*_jobs_of_tasks(tasks, day), *_jobs_of_duties(duties, day))


def jobs_of(documents: Documents, at: datetime) -> tuple[Job, ...]:
    """Returns all work as it stands at a real moment: recorded, and of the plan; what is due first ahead.

    Args:
        documents: Documents of the event.
        at: A real moment, aware.
    """
    planned = {job.id: job for job in planned_jobs(documents)}
    found = dict(planned)
    for job in recorded_jobs(documents):
        if job.id in planned:
            found[job.id] = replanned(job, planned[job.id])
        elif not _is_left_over(job):
            found[job.id] = job
    return at_moment(found.values(), at, watched_since=watched_since(operation_of(documents)))


def plan_change(documents: Documents) -> PlanChange:
    """Returns what the plan, as it is now, changes in the recorded work; nothing when it was read already."""
    planned = planned_jobs(documents)
    ids = {job.id for job in planned}
    changed = tuple(job for job in planned if _is_new(find_job(documents, job.id), job))
    removed = tuple(job.id for job in recorded_jobs(documents) if job.id not in ids and _is_left_over(job))
    return PlanChange(changed, removed)


def newly_due(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of recorded jobs that have become due since somebody looked."""
    jobs = recorded_jobs(documents)
    settled = {job.id for job in jobs if not job.is_open}
    return tuple(job.id for job in jobs if is_called(job, at, settled=settled))


def newly_overdue(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of recorded jobs that have become overdue since somebody looked."""
    since = watched_since(operation_of(documents))
    return tuple(
        job.id
        for job in recorded_jobs(documents)
        if job.overdue_since is None and is_overdue(job, at, watched_since=since)
    )


def _is_new(recorded: Job | None, planned: Job) -> bool:
    return recorded is None or replanned(recorded, planned) != recorded


def _is_left_over(job: Job) -> bool:
    """True for planned work nobody has begun; it goes when its line of the plan goes."""
    return job.source in PLAN_SOURCES and job.state in UNTOUCHED_STATES


def _jobs_of_tasks(tasks: Sequence[Task], day: _Day) -> Iterator[Job]:
    ids = {task.id for task in tasks}
    for number, task in enumerate(tasks):
        length = timedelta(minutes=task.duration_min or 0)
        ends_at = task.ends_at or _later(task.starts_at, length)
        starts_at = task.starts_at or _later(ends_at, -max(length, LEAD))
        yield Job(
            id=f"task:{task.id}",
            source="task",
            source_id=task.id,
            title=task.title,
            agency=task.agency,
            person=task.person,
            place=_place(task.place),
            starts_at=day.real(starts_at),
            due_at=day.real(ends_at),
            waits_for=tuple(f"task:{each}" for each in task.after if each in ids),
            number_in_order=number,
        )


def _jobs_of_duties(duties: Iterable[Duty], day: _Day) -> Iterator[Job]:
    for number, duty in enumerate(duties):
        yield Job(
            id=f"duty:{duty.id}",
            source="duty",
            source_id=duty.id,
            title=_title(duty),
            agency=_only(duty.accountable),
            person=duty.person if duty.person != "none" else None,
            place=_place(duty.place),
            starts_at=day.real(_later(duty.starts_at, -LEAD)),
            due_at=day.real(duty.starts_at),
            critical=duty.critical,
            number_in_order=number,
        )


def _later(moment: datetime | None, by: timedelta) -> datetime | None:
    """Returns a moment so much later; the moment itself at the ends of the calendar."""
    try:
        return None if moment is None else moment + by
    except OverflowError:
        return moment


def _only(agencies: tuple[AgencyCode, ...] | None) -> AgencyCode | None:
    """Returns the one agency that answers; None when nobody does, or two claim it."""
    return agencies[0] if agencies and len(agencies) == 1 else None


def _place(features: tuple[str, ...]) -> Place | None:
    return Place(feature=features[0]) if features else None


def _title(duty: Duty) -> Text:
    if duty.title is not None:
        return duty.title
    return _catalogue_titles().get(duty.catalogue or "", duty.id)


@cache
def _catalogue_titles() -> dict[str, Text]:
    return {known.id: cast("Text", known.title) for known in list_duties()}
