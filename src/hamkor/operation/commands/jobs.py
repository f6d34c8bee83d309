# SPDX-License-Identifier: Apache-2.0
"""Work: added, started, finished, skipped, opened again, given to somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer, require_same
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.discussions.rules import clean_reason
from hamkor.discussions.rules.talk import NOT_ASKED
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import planning, stamp
from hamkor.operation.facts import (
    JOB_ADDED,
    JOB_ASSIGNED,
    JOB_FINISHED,
    JOB_REOPENED,
    JOB_SKIPPED,
    JOB_STARTED,
    JobAdded,
    JobAssigned,
)
from hamkor.operation.rules.acting import OperationError, require_acting, require_acting_at_all
from hamkor.operation.rules.jobs import CALM_SOURCES, LEAD, TITLE_MAX, Job, find_job, require_open
from hamkor.operation.rules.places import Place, clean_place
from hamkor.operation.rules.planned import planned_jobs
from hamkor.operation.rules.posts import get_post, require_person
from hamkor.operation.rules.running import require_running
from hamkor.operation.rules.runs import require_incident
from hamkor.operation.rules.words import clean_words, require_reason

_Decided = Callable[[Job], list[Fact[Any]]]


def add_job(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    title: Text,
    agency: AgencyCode | None = None,
    due_at: datetime | None = None,
    place: Place | None = None,
    incident: str | None = None,
) -> Result:
    """Adds work; its id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who adds it, when.
        viewer: The same person with their rights.
        title: What is to be done.
        agency: Who does it; None when it is still to be given to somebody.
        due_at: Until which real moment, aware, or None.
        place: Where, or None.
        incident: Id of the incident it belongs to, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``not-your-agency``, ``agency-does-nothing``, ``due-naive``, ``operation-not-open`` or
            ``incident-absent``.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting(viewer, agency)
    _require_doing(agency)
    cleaned = clean_words(title, most=TITLE_MAX)
    until = _until(due_at)

    def decide(documents: Documents) -> list[Fact[Any]]:
        require_incident(documents, incident)
        if incident is None:
            require_running(documents)
        begins_at = None if until is None else until - LEAD
        is_early = begins_at is not None and begins_at > envelope.at
        job = Job(
            id=str(envelope.command_id),
            source="free" if incident is None else "incident",
            source_id=incident,
            title=cleaned,
            agency=agency,
            place=clean_place(documents, place),
            starts_at=begins_at,
            due_at=until,
            state="waiting" if is_early else "due",
            incident=incident,
        )
        return [JOB_ADDED(JobAdded(at=in_utc(envelope.at), by=envelope.by, job=job))]

    sent = [msgspec.to_builtins(cleaned), agency, None if until is None else until.isoformat()]
    more = [msgspec.to_builtins(place), incident]
    return perform(store, envelope, decide, content=["add_job", *sent, *more])


def start_job(store: Store, envelope: Envelope, *, viewer: Viewer, job_id: str) -> Result:
    """Says that work was begun, or that a duty is held; said twice it is said once.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``job-absent``, ``not-your-agency``, ``operation-not-open`` or ``job-settled``.
    """

    def begun(job: Job) -> list[Fact[Any]]:
        require_open(job)
        return [] if job.state == "started" else [JOB_STARTED(stamp(envelope, job_id))]

    return _change(
        store, envelope, viewer=viewer, job_id=job_id, decided=begun, content=["start_job", job_id]
    )


def finish_job(
    store: Store, envelope: Envelope, *, viewer: Viewer, job_id: str, note: str | None = None
) -> Result:
    """Says that work was done; said twice it is said once.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: As `start_job`; ``job-settled`` for work that was skipped.
        TextUnusableError: ``text-too-long``, for the note.
    """
    cleaned = clean_reason(note)

    def done(job: Job) -> list[Fact[Any]]:
        if job.state == "done":
            return []
        require_open(job)
        return [JOB_FINISHED(stamp(envelope, job_id, cleaned))]

    content = ["finish_job", job_id, cleaned]
    return _change(store, envelope, viewer=viewer, job_id=job_id, decided=done, content=content)


def skip_job(store: Store, envelope: Envelope, *, viewer: Viewer, job_id: str, reason: str) -> Result:
    """Says that work will not be done, and why.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: As `start_job`; ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    why = require_reason(reason)

    def skipped(job: Job) -> list[Fact[Any]]:
        require_open(job)
        return [JOB_SKIPPED(stamp(envelope, job_id, why))]

    content = ["skip_job", job_id, why]
    return _change(store, envelope, viewer=viewer, job_id=job_id, decided=skipped, content=content)


def reopen_job(store: Store, envelope: Envelope, *, viewer: Viewer, job_id: str, reason: str) -> Result:
    """Opens work again that was done or skipped, and says why.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``job-absent``, ``not-your-agency``, ``operation-not-open``, ``reason-missing`` or
            ``job-open``.
        TextUnusableError: ``text-too-long``.
    """
    why = require_reason(reason)

    def reopened(job: Job) -> list[Fact[Any]]:
        if job.is_open:
            raise OperationError("job-open", N_("This work is open. Nothing has to be opened again."))
        return [JOB_REOPENED(stamp(envelope, job_id, why))]

    content = ["reopen_job", job_id, why]
    return _change(store, envelope, viewer=viewer, job_id=job_id, decided=reopened, content=content)


def assign_job(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    job_id: str,
    agency: AgencyCode,
    person: str | None = None,
    post: str | None = None,
) -> Result:
    """Gives work to an agency, or within it to a person or post of the plan; the plan does not move it any more.

    Args:
        store: Where the journal is kept.
        envelope: Who gives it, when.
        viewer: The same person with their rights: an operator, or who acts for the agency whose work it stays.
        job_id: Which work.
        agency: To which agency.
        person: Id of a person of the plan, or None.
        post: Id of a post of the plan, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``job-absent``, ``not-your-agency``, ``agency-does-nothing``, ``operation-not-open``,
            ``job-settled``, ``person-absent`` or ``post-absent``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    _require_doing(agency)

    def decide(documents: Documents) -> list[Fact[Any]]:
        job, first = _job_and_plan(documents, viewer, job_id, envelope=envelope)
        require_acting(viewer, agency)
        require_open(job)
        if person is not None:
            require_person(documents, person)
        if post is not None:
            get_post(documents, post)
        if (job.agency, job.person, job.post) == (agency, person, post) and job.assigned_at is not None:
            return []
        at = in_utc(envelope.at)
        body = JobAssigned(id=job_id, at=at, by=envelope.by, agency=agency, person=person, post=post)
        return [*first, JOB_ASSIGNED(body)]

    return perform(store, envelope, decide, content=["assign_job", job_id, agency, person, post])


def _change(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    job_id: str,
    decided: _Decided,
    content: Sequence[object],
) -> Result:
    """Does what a verb decides about one job, recording it first when only the plan has it."""
    require_same(envelope, viewer)
    require_acting_at_all(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        job, first = _job_and_plan(documents, viewer, job_id, envelope=envelope)
        facts = decided(job)
        return [*first, *facts] if facts else []

    return perform(store, envelope, decide, content=content)


def _job_and_plan(
    documents: Documents, viewer: Viewer, job_id: str, *, envelope: Envelope
) -> tuple[Job, list[Fact[Any]]]:
    """Returns a job the person may change, and the facts that record it first when only the plan has it.

    Raises:
        OperationError: ``job-absent``, ``not-your-agency`` or ``operation-not-open``.
    """
    job, first = find_job(documents, job_id), []
    if job is None:
        job = next((each for each in planned_jobs(documents) if each.id == job_id), None)
        first = list[Fact[Any]](planning(documents, envelope.at))
    if job is None:
        template = N_("This work is not there any more. Load the page again.")
        raise OperationError("job-absent", template, job=job_id)
    require_acting(viewer, job.agency)
    if job.source in CALM_SOURCES:
        require_running(documents)
    return job, first


def _require_doing(agency: AgencyCode | None) -> None:
    """Returns when an agency can be given work.

    Raises:
        OperationError: ``agency-does-nothing``, for everybody at once and for the public.
    """
    if agency in NOT_ASKED:
        template = N_("What all are to do, nobody does. Give it to one agency.")
        raise OperationError("agency-does-nothing", template)


def _until(due_at: datetime | None) -> datetime | None:
    if due_at is None:
        return None
    if due_at.tzinfo is None:
        raise OperationError("due-naive", N_("Give the moment with its time zone, so that it is one moment."))
    return in_utc(due_at)
