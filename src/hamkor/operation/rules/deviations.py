# SPDX-License-Identifier: Apache-2.0
"""Where the running event is not as planned: posts, work and stops, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.planned import jobs_of
from hamkor.operation.rules.posts import PostLine, posts_of
from hamkor.operation.rules.stops import ShowStop, recorded_stops
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Post

DeviationSort = Literal[
    "stop_late", "post_left", "post_unmanned", "post_silent", "post_short", "job_overdue", "job_unowned"
]
_NEVER = datetime.max.replace(tzinfo=UTC)


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as planned.

    Args:
        sort: What is wrong.
        subject: Id of the post, job or stop.
        title: What people call it; the action for a stop.
        agency: Who must mend it, None when nobody was named.
        is_critical: Lives depend on it.
        since: Since when, or None.
        planned: People the plan asks for, of a post.
        actual: People there, of a post.
    """

    sort: DeviationSort
    subject: str
    title: Text
    agency: AgencyCode | None
    is_critical: bool
    since: datetime | None
    planned: int | None = None
    actual: int | None = None


def deviations(documents: Documents, at: datetime) -> tuple[Deviation, ...]:
    """Returns what is not as planned at a real moment: what is critical first, then what has lasted longest.

    Args:
        documents: Documents of the event.
        at: A real moment, aware.
    """
    found = [
        *(each for stop in recorded_stops(documents) for each in _of_stop(stop, at)),
        *(each for line in posts_of(documents, at) for each in _of_post(line)),
        *(each for job in jobs_of(documents, at) for each in _of_job(job)),
    ]
    return tuple(sorted(found, key=_gravity))


def plan_as_staffed(plan: Plan, documents: Documents, at: datetime) -> Plan:
    """Returns the plan as it is really staffed now, so that it can be checked again.

    Args:
        plan: The plan of the event.
        documents: Documents of the event.
        at: A real moment, aware.

    Notes:
        A post that must be manned now has as many people confirmed as are there; the others stay as planned.
    """
    if plan.posts is None:
        return plan
    present = {line.post.id: line.present for line in posts_of(documents, at) if line.is_due}

    def staffed(post: Post) -> Post:
        if post.id not in present:
            return post
        return msgspec.structs.replace(post, confirmed=float(present[post.id]))

    return msgspec.structs.replace(plan, posts=tuple(staffed(post) for post in plan.posts))


def _gravity(each: Deviation) -> tuple[bool, bool, datetime, str]:
    """Returns what deviations are sorted by: a stop that does not take effect stands above all."""
    return each.sort != "stop_late", not each.is_critical, each.since or _NEVER, each.subject


def _of_stop(stop: ShowStop, at: datetime) -> Iterator[Deviation]:
    until = stop.must_stand_at
    if stop.state == "ordered" and until is not None and until < at:
        yield Deviation(
            sort="stop_late",
            subject=stop.id,
            title=stop.action,
            agency=stop.agency,
            is_critical=True,
            since=until,
        )


def _of_post(line: PostLine) -> Iterator[Deviation]:
    sorts: list[tuple[DeviationSort, datetime | None]] = []
    if line.is_due and line.standing == "left":
        sorts.append(("post_left", line.since))
    elif line.is_due and line.standing == "unmanned":
        sorts.append(("post_unmanned", line.since))
    elif line.is_due and line.standing == "short":
        sorts.append(("post_short", line.since))
    if line.is_due and line.silent_since is not None:
        sorts.append(("post_silent", line.silent_since))
    for sort, since in sorts:
        yield Deviation(
            sort=sort,
            subject=line.post.id,
            title=line.post.title,
            agency=line.post.agency,
            is_critical=line.post.critical,
            since=since,
            planned=line.needed,
            actual=line.present,
        )


def _of_job(job: Job) -> Iterator[Deviation]:
    if not job.is_open:
        return
    sorts: list[tuple[DeviationSort, datetime | None]] = []
    if job.overdue_since is not None:
        sorts.append(("job_overdue", job.overdue_since))
    if job.agency is None and job.state == "due":
        sorts.append(("job_unowned", job.starts_at or job.due_at))
    for sort, since in sorts:
        yield Deviation(
            sort=sort,
            subject=job.id,
            title=job.title,
            agency=job.agency,
            is_critical=job.critical,
            since=since,
        )
