# SPDX-License-Identifier: Apache-2.0
"""What can happen while an event runs: to the operation, its work, posts, contingencies, stops and shifts."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Id
from hamkor.journal.rules import Changes, Documents, Fact, Kind, declare_fact, declare_kind
from hamkor.operation.rules.gates import announcement_job
from hamkor.operation.rules.handovers import Handover
from hamkor.operation.rules.jobs import Job, JobId, replanned, settled_with
from hamkor.operation.rules.posts import Manning, PostState
from hamkor.operation.rules.running import OPERATION_ID, ClockSegment, LivePhase, Mode, Operation
from hamkor.operation.rules.runs import ContingencyRun
from hamkor.operation.rules.stops import ShowStop
from hamkor.operation.rules.system import At, PersonRef


class OperationOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The operation began, on this day or in this drill."""

    at: At
    by: PersonRef
    mode: Mode
    title: str | None = None
    clock: tuple[ClockSegment, ...] = ()


class PhaseEntered(msgspec.Struct, frozen=True, kw_only=True):
    """The crowd does something else from now on."""

    at: At
    by: PersonRef
    phase: LivePhase


class ClockSet(msgspec.Struct, frozen=True, kw_only=True):
    """The event's clock of a drill shows another moment, or runs at another rate."""

    at: At
    by: PersonRef
    segment: ClockSegment


class Stamped(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something was said about a thing: by whom, when, in which words."""

    id: str
    at: At
    by: PersonRef
    words: str | None = None


class JobsPlanned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The plan was read: new and changed work, and work that is not planned any more."""

    at: At
    jobs: tuple[Job, ...] = ()
    removed: tuple[JobId, ...] = ()


class JobAdded(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody added work."""

    at: At
    by: PersonRef
    job: Job


class JobAssigned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Work was given to somebody."""

    id: JobId
    at: At
    by: PersonRef
    agency: AgencyCode
    person: Id | None = None
    post: Id | None = None


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """The watch saw by the clock that something holds for these from now on."""

    at: At
    ids: tuple[str, ...]


class PostCheckedIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post said how many are there."""

    id: Id
    at: At
    by: PersonRef
    present: int
    people: tuple[Id, ...] = ()
    state: Manning
    note: str | None = None


class ContingencyStarted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contingency was started; its steps became work."""

    run: ContingencyRun
    jobs: tuple[Job, ...] = ()


class StopOrdered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stop was ordered; what must be done became work."""

    stop: ShowStop
    jobs: tuple[Job, ...] = ()


class LinkMarked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the chain of a stop was told, or said the word back."""

    id: str
    index: int
    at: At
    by: PersonRef


class HandoverPrepared(msgspec.Struct, frozen=True, kw_only=True):
    """A shift was made ready to be given over."""

    handover: Handover


OPERATION = declare_kind("operation", Operation)
JOB = declare_kind("job", Job)
POST_STATE = declare_kind("post_state", PostState)
CONTINGENCY_RUN = declare_kind("contingency_run", ContingencyRun)
SHOW_STOP = declare_kind("show_stop", ShowStop)
HANDOVER = declare_kind("handover", Handover)

# What a drill leaves behind, and what holds for one day only.
_OF_A_DRILL = (JOB, POST_STATE, CONTINGENCY_RUN, SHOW_STOP, HANDOVER)
_OF_A_DAY = (POST_STATE,)


def _replaced(documents: Documents, kind: Kind[Any], document_id: str, **values: Any) -> Changes:
    """Returns the change of a document; nothing for one that is absent."""
    found = documents.get(kind, document_id)
    return {} if found is None else {(kind.kind, document_id): msgspec.structs.replace(found, **values)}


def _with_jobs(key: tuple[str, str], made: msgspec.Struct, jobs: Iterable[Job]) -> Changes:
    return {key: made, **{("job", job.id): job for job in jobs}}


def _found(documents: Documents, kind: Kind[Any], ids: Iterable[str]) -> list[Any]:
    found = [documents.get(kind, each) for each in ids]
    return [each for each in found if each is not None]


def _open(documents: Documents, fact: Fact[OperationOpened]) -> Changes:
    body, before = fact.body, documents.get(OPERATION, OPERATION_ID)
    gone = _OF_A_DRILL if before is not None and before.is_drill else _OF_A_DAY
    opened = Operation(
        mode=body.mode,
        title=body.title,
        phase_since=body.at,
        clock=body.clock,
        opened_at=body.at,
        opened_by=body.by,
    )
    cleared: dict[tuple[str, str], msgspec.Struct | None] = {
        (kind.kind, found.id): None for kind in gone for found in documents.all(kind)
    }
    return {**cleared, ("operation", OPERATION_ID): opened}


def _enter(documents: Documents, fact: Fact[PhaseEntered]) -> Changes:
    values = {"phase": fact.body.phase, "phase_since": fact.body.at}
    return _replaced(documents, OPERATION, OPERATION_ID, **values)


def _set_clock(documents: Documents, fact: Fact[ClockSet]) -> Changes:
    before = documents.get(OPERATION, OPERATION_ID)
    clock = () if before is None else before.clock
    return _replaced(documents, OPERATION, OPERATION_ID, clock=(*clock, fact.body.segment))


def _close(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body = fact.body
    values = {"state": "closed", "closed_at": body.at, "closed_by": body.by, "close_reason": body.words}
    return _replaced(documents, OPERATION, OPERATION_ID, **values)


def _plan(documents: Documents, fact: Fact[JobsPlanned]) -> Changes:
    changes: dict[tuple[str, str], msgspec.Struct | None] = {
        ("job", job_id): None for job_id in fact.body.removed
    }
    for job in fact.body.jobs:
        before = documents.get(JOB, job.id)
        changes["job", job.id] = job if before is None else replanned(before, job)
    return changes


def _add(_documents: Documents, fact: Fact[JobAdded]) -> Changes:
    return {("job", fact.body.job.id): fact.body.job}


def _start(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body = fact.body
    values = {"state": "started", "started_at": body.at, "started_by": body.by}
    return _replaced(documents, JOB, body.id, **values)


def _settle(state: str, field: str) -> Callable[[Documents, Fact[Stamped]], Changes]:
    def settle(documents: Documents, fact: Fact[Stamped]) -> Changes:
        body = fact.body
        values = {"state": state, "done_at": body.at, "done_by": body.by, "overdue_since": None}
        return _replaced(documents, JOB, body.id, **values, **{field: body.words})

    return settle


def _reopen(documents: Documents, fact: Fact[Stamped]) -> Changes:
    nobody = dict.fromkeys(("started_at", "started_by", "done_at", "done_by", "overdue_since"))
    return _replaced(documents, JOB, fact.body.id, state="due", reason=fact.body.words, **nobody)


def _assign(documents: Documents, fact: Fact[JobAssigned]) -> Changes:
    body = fact.body
    values = {"agency": body.agency, "person": body.person, "post": body.post, "assigned_at": body.at}
    return _replaced(documents, JOB, body.id, **values)


def _call(documents: Documents, fact: Fact[Noticed]) -> Changes:
    waiting = [job for job in _found(documents, JOB, fact.body.ids) if job.state == "waiting"]
    return {("job", job.id): msgspec.structs.replace(job, state="due") for job in waiting}


def _delay(documents: Documents, fact: Fact[Noticed]) -> Changes:
    late = [job for job in _found(documents, JOB, fact.body.ids) if job.is_open]
    return {
        ("job", job.id): msgspec.structs.replace(job, overdue_since=job.due_at or fact.body.at)
        for job in late
    }


def _check_in(_documents: Documents, fact: Fact[PostCheckedIn]) -> Changes:
    body = fact.body
    state = PostState(
        id=body.id,
        present=body.present,
        people=body.people,
        state=body.state,
        checked_in_at=body.at,
        heard_at=body.at,
        by=body.by,
        note=body.note,
    )
    return {("post_state", body.id): state}


def _leave(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body = fact.body
    before = documents.get(POST_STATE, body.id) or PostState(id=body.id)
    left = msgspec.structs.replace(
        before,
        present=0,
        people=(),
        state="left",
        checked_in_at=body.at,
        heard_at=body.at,
        by=body.by,
        silent_since=None,
        note=body.words,
    )
    return {("post_state", body.id): left}


def _hear(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body = fact.body
    before = documents.get(POST_STATE, body.id) or PostState(id=body.id)
    heard = msgspec.structs.replace(before, heard_at=body.at, by=body.by, silent_since=None)
    return {("post_state", body.id): heard}


def _silence(documents: Documents, fact: Fact[Noticed]) -> Changes:
    return {
        ("post_state", state.id): msgspec.structs.replace(state, silent_since=state.heard_at or fact.body.at)
        for state in _found(documents, POST_STATE, fact.body.ids)
    }


def _start_run(_documents: Documents, fact: Fact[ContingencyStarted]) -> Changes:
    return _with_jobs(("contingency_run", fact.body.run.id), fact.body.run, fact.body.jobs)


def _end_run(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body, run = fact.body, documents.get(CONTINGENCY_RUN, fact.body.id)
    if run is None:
        return {}
    ended = msgspec.structs.replace(run, ended_at=body.at, ended_by=body.by, end_reason=body.words)
    jobs = _found(documents, JOB, run.jobs)
    settled = settled_with(jobs, at=body.at, by=body.by, reason=body.words or "")
    return {("contingency_run", run.id): ended, **settled}


def _order(_documents: Documents, fact: Fact[StopOrdered]) -> Changes:
    return _with_jobs(("show_stop", fact.body.stop.id), fact.body.stop, fact.body.jobs)


def _mark_link(*, is_confirmed: bool) -> Callable[[Documents, Fact[LinkMarked]], Changes]:
    def mark(documents: Documents, fact: Fact[LinkMarked]) -> Changes:
        body, stop = fact.body, documents.get(SHOW_STOP, fact.body.id)
        if stop is None or not 0 <= body.index < len(stop.chain):
            return {}
        link = stop.chain[body.index]
        values: dict[str, Any] = {}
        if link.told_at is None or not is_confirmed:
            values |= {"told_at": body.at, "told_by": body.by}
        if is_confirmed:
            values |= {"confirmed_at": body.at, "confirmed_by": body.by}
        chain = list(stop.chain)
        chain[body.index] = msgspec.structs.replace(link, **values)
        return _replaced(documents, SHOW_STOP, stop.id, chain=tuple(chain))

    return mark


def _announce(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body, stop = fact.body, documents.get(SHOW_STOP, fact.body.id)
    if stop is None:
        return {}
    announced = msgspec.structs.replace(stop, announced_at=body.at, announced_by=body.by)
    job = documents.get(JOB, announcement_job(stop) or "")
    done = {} if job is None or not job.is_open else _settle("done", "note")(documents, _about(fact, job.id))
    return {("show_stop", stop.id): announced, **done}


def _about(fact: Fact[Stamped], document_id: str) -> Fact[Stamped]:
    return Fact(fact.type, msgspec.structs.replace(fact.body, id=document_id))


def _take_effect(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body = fact.body
    values = {"state": "in_force", "in_force_at": body.at, "in_force_by": body.by}
    return _replaced(documents, SHOW_STOP, body.id, **values)


def _lift(documents: Documents, fact: Fact[Stamped]) -> Changes:
    body, stop = fact.body, documents.get(SHOW_STOP, fact.body.id)
    if stop is None:
        return {}
    lifted = msgspec.structs.replace(
        stop, state="lifted", lifted_at=body.at, lifted_by=body.by, lift_reason=body.words
    )
    jobs = _found(documents, JOB, stop.jobs)
    settled = settled_with(jobs, at=body.at, by=body.by, reason=body.words or "")
    return {("show_stop", stop.id): lifted, **settled}


def _prepare(_documents: Documents, fact: Fact[HandoverPrepared]) -> Changes:
    return {("handover", fact.body.handover.id): fact.body.handover}


def _answer(state: str) -> Callable[[Documents, Fact[Stamped]], Changes]:
    def answer(documents: Documents, fact: Fact[Stamped]) -> Changes:
        body = fact.body
        values = {"state": state, "confirmed_at": body.at, "confirmed_by": body.by, "remarks": body.words}
        return _replaced(documents, HANDOVER, body.id, **values)

    return answer


OPERATION_OPENED = declare_fact("operation.opened.v1", OperationOpened, _open)
PHASE_ENTERED = declare_fact("operation.advanced.v1", PhaseEntered, _enter)
CLOCK_SET = declare_fact("operation.timed.v1", ClockSet, _set_clock)
OPERATION_CLOSED = declare_fact("operation.closed.v1", Stamped, _close)
JOBS_PLANNED = declare_fact("job.planned.v1", JobsPlanned, _plan)
JOB_ADDED = declare_fact("job.added.v1", JobAdded, _add)
JOB_STARTED = declare_fact("job.started.v1", Stamped, _start)
JOB_FINISHED = declare_fact("job.finished.v1", Stamped, _settle("done", "note"))
JOB_SKIPPED = declare_fact("job.skipped.v1", Stamped, _settle("skipped", "reason"))
JOB_REOPENED = declare_fact("job.reopened.v1", Stamped, _reopen)
JOB_ASSIGNED = declare_fact("job.assigned.v1", JobAssigned, _assign)
JOBS_CALLED = declare_fact("job.called.v1", Noticed, _call)
JOBS_DELAYED = declare_fact("job.delayed.v1", Noticed, _delay)
POST_CHECKED_IN = declare_fact("post_state.checked_in.v1", PostCheckedIn, _check_in)
POST_LEFT = declare_fact("post_state.left.v1", Stamped, _leave)
POST_HEARD = declare_fact("post_state.heard.v1", Stamped, _hear)
POSTS_SILENCED = declare_fact("post_state.silenced.v1", Noticed, _silence)
CONTINGENCY_STARTED = declare_fact("contingency_run.started.v1", ContingencyStarted, _start_run)
CONTINGENCY_ENDED = declare_fact("contingency_run.ended.v1", Stamped, _end_run)
STOP_ORDERED = declare_fact("show_stop.ordered.v1", StopOrdered, _order)
LINK_TOLD = declare_fact("show_stop.passed_on.v1", LinkMarked, _mark_link(is_confirmed=False))
LINK_CONFIRMED = declare_fact("show_stop.confirmed.v1", LinkMarked, _mark_link(is_confirmed=True))
STOP_ANNOUNCED = declare_fact("show_stop.announced.v1", Stamped, _announce)
STOP_EFFECTIVE = declare_fact("show_stop.enforced.v1", Stamped, _take_effect)
STOP_LIFTED = declare_fact("show_stop.lifted.v1", Stamped, _lift)
HANDOVER_PREPARED = declare_fact("handover.prepared.v1", HandoverPrepared, _prepare)
HANDOVER_CONFIRMED = declare_fact("handover.confirmed.v1", Stamped, _answer("confirmed"))
HANDOVER_REFUSED = declare_fact("handover.refused.v1", Stamped, _answer("refused"))
