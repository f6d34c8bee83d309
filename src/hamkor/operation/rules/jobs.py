# SPDX-License-Identifier: Apache-2.0
"""Work of the running event: tasks and duties of the plan, steps of contingencies and stops, and what was added."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, cast

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_
from hamkor.common.records import Id, Text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef

JobSource = Literal["task", "duty", "contingency", "show_stop", "incident", "free"]
JobState = Literal["waiting", "due", "started", "done", "skipped"]
JobId = Annotated[str, Meta(min_length=1, max_length=100)]
OPEN_STATES: Final[frozenset[JobState]] = frozenset({"waiting", "due", "started"})
UNTOUCHED_STATES: Final[frozenset[JobState]] = frozenset({"waiting", "due"})
# Work that waits for the operation to be opened; what an emergency needs never does.
PLAN_SOURCES: Final[frozenset[JobSource]] = frozenset({"task", "duty"})
CALM_SOURCES: Final[frozenset[JobSource]] = PLAN_SOURCES | {"free"}
# Ours: how long before its moment a piece of work is called, when the plan gives no start.
LEAD: Final = timedelta(minutes=15)
TITLE_MAX = 300
_NEVER = datetime.max.replace(tzinfo=UTC)


class Job(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A live piece of work.

    Args:
        id: ``task:<id of the plan>``, ``duty:<id of the plan>``, or a UUID.
        source: Where it comes from.
        source_id: Id of the task, duty, run, stop or incident it comes from, or None.
        title: What is to be done.
        agency: Who does it, None while nobody has taken it.
        person: Id of a person of the plan, or None.
        post: Id of a post of the plan, or None.
        place: Where, or None.
        starts_at: Real moment from which it is due, or None.
        due_at: Real moment until which it must be done, for a duty until which somebody must hold it, or None.
        waits_for: Ids of jobs that must be done before it is called.
        critical: Lives depend on it.
        state: Where it stands.
        overdue_since: Since when it should have been done, None while it is in time.
        started_at: When somebody began it, or None.
        started_by: Who, or None.
        done_at: When it was done or skipped, or None.
        done_by: Who said so, or None.
        note: What who did it added, or None.
        reason: Why it was skipped or opened again, or None.
        incident: Id of the incident it belongs to, or None.
        assigned_at: When somebody was put to it by hand; the plan does not move them any more then.
        number_in_order: Its place among those of its source.
    """

    id: JobId
    source: JobSource
    source_id: str | None = None
    title: Text
    agency: AgencyCode | None = None
    person: Id | None = None
    post: Id | None = None
    place: Place | None = None
    starts_at: At | None = None
    due_at: At | None = None
    waits_for: tuple[JobId, ...] = ()
    critical: bool = False
    state: JobState = "waiting"
    overdue_since: At | None = None
    started_at: At | None = None
    started_by: PersonRef | None = None
    done_at: At | None = None
    done_by: PersonRef | None = None
    note: str | None = None
    reason: str | None = None
    incident: str | None = None
    assigned_at: At | None = None
    number_in_order: int = 0

    @property
    def is_open(self) -> bool:
        """True until it is done or skipped."""
        return self.state in OPEN_STATES


def recorded_jobs(documents: Documents) -> tuple[Job, ...]:
    """Returns the jobs as they were recorded, in the order in which they appeared."""
    return cast("tuple[Job, ...]", documents.all("job"))


def find_job(documents: Documents, job_id: str) -> Job | None:
    """Returns a recorded job, or None."""
    return cast("Job | None", documents.get("job", job_id))


def is_called(job: Job, at: datetime, *, settled: Collection[str]) -> bool:
    """True when a waiting job has become due: its moment has come and what it waits for is done.

    Args:
        job: The job.
        at: A real moment.
        settled: Ids of jobs that are done or skipped.
    """
    if job.state != "waiting" or any(each not in settled for each in job.waits_for):
        return False
    return at >= job.starts_at if job.starts_at is not None else bool(job.waits_for)


def is_overdue(job: Job, at: datetime, *, watched_since: datetime | None) -> bool:
    """True when a job should have been done by the moment; a duty, when nobody has begun to hold it.

    Args:
        job: The job.
        at: A real moment.
        watched_since: Since when the clock has run on without a jump, None when it never did.

    Notes:
        A job that still waits for others is overdue all the same: that is why somebody must look. Planned work whose
        moment had passed before anybody watched is due, not overdue: an operation opened late, or a drill that jumps
        ahead, would else begin with an alarm for every line of the plan.
    """
    if job.due_at is None or not job.is_open or at <= job.due_at:
        return False
    if job.source in PLAN_SOURCES and (watched_since is None or job.due_at <= watched_since):
        return False
    return not (job.source == "duty" and job.state == "started")


def at_moment(jobs: Iterable[Job], at: datetime, *, watched_since: datetime | None) -> tuple[Job, ...]:
    """Returns the jobs as they stand at a moment, called and overdue as the clock says, what is due first ahead."""
    listed = tuple(jobs)
    settled = {job.id for job in listed if not job.is_open}
    standing = (_standing(job, at, settled, watched_since=watched_since) for job in listed)
    return tuple(sorted(standing, key=order_of))


def order_of(job: Job) -> tuple[datetime, int, str]:
    """Returns what jobs are sorted by: when they are due, then the order of the plan."""
    return job.due_at or job.starts_at or _NEVER, job.number_in_order, job.id


def next_due(jobs: Iterable[Job], at: datetime) -> Job | None:
    """Returns the open job that is due first from the moment on; None when none has a moment."""
    ahead = [job for job in jobs if job.is_open and job.due_at is not None and job.due_at >= at]
    return min(ahead, key=order_of, default=None)


def replanned(job: Job, planned: Job) -> Job:
    """Returns a recorded job as the plan has it now; what people did and decided stays.

    Args:
        job: As recorded.
        planned: The same as the plan gives it, untouched.
    """
    if not job.is_open:
        return job
    fields = ["title", "place", "starts_at", "due_at", "waits_for", "critical", "number_in_order"]
    if job.assigned_at is None:
        fields += ["agency", "person", "post"]
    changed = msgspec.structs.replace(job, **{name: getattr(planned, name) for name in fields})
    if (changed.starts_at, changed.due_at) == (job.starts_at, job.due_at):
        return changed
    state: JobState = "waiting" if job.state == "due" else job.state
    return msgspec.structs.replace(changed, state=state, overdue_since=None)


def settled_with(jobs: Iterable[Job], *, at: datetime, by: str, reason: str) -> dict[tuple[str, str], Job]:
    """Returns the changes when what jobs belong to is over: those nobody has begun are skipped with its reason."""
    return {
        ("job", job.id): msgspec.structs.replace(
            job, state="skipped", done_at=at, done_by=by, reason=reason, overdue_since=None
        )
        for job in jobs
        if job.state in UNTOUCHED_STATES
    }


def require_open(job: Job) -> None:
    """Returns when a job is neither done nor skipped.

    Raises:
        OperationError: ``job-settled``.
    """
    if not job.is_open:
        template = N_("This work was done or skipped already. Open it again with a reason, then go on.")
        raise OperationError("job-settled", template)


def _standing(job: Job, at: datetime, settled: Collection[str], *, watched_since: datetime | None) -> Job:
    state: JobState = "due" if is_called(job, at, settled=settled) else job.state
    is_late = job.overdue_since is None and is_overdue(job, at, watched_since=watched_since)
    since = job.due_at if is_late else job.overdue_since
    if (state, since) == (job.state, job.overdue_since):
        return job
    return msgspec.structs.replace(job, state=state, overdue_since=since)
