# SPDX-License-Identifier: Apache-2.0
"""Contingencies that are being carried out: the steps of the plan become work with a moment."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

import msgspec

from hamkor.agencies.rules import NotAllowedError, Viewer, agencies_operated_by, may
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.jobs import Job, JobId
from hamkor.operation.rules.parties import agency_of_word, word_shown
from hamkor.operation.rules.system import At, PersonRef
from hamkor.plans.rules.readiness import Contingency

CAUSE_MAX = 100


class ContingencyRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contingency of the plan that is being carried out, or was.

    Args:
        id: Id of the command that started it.
        contingency: Id in the plan.
        started_at: When it was started.
        started_by: Who started it.
        cause: Id of the alarm or entry that led to it, or None.
        incident: Id of the incident it answers, or None.
        jobs: Ids of the jobs its steps became, in order.
        ended_at: When it was ended, or None.
        ended_by: Who ended it, or None.
        end_reason: Why, or None.
    """

    id: str
    contingency: Id
    started_at: At
    started_by: PersonRef
    cause: str | None = None
    incident: str | None = None
    jobs: tuple[JobId, ...] = ()
    ended_at: At | None = None
    ended_by: PersonRef | None = None
    end_reason: str | None = None

    @property
    def is_running(self) -> bool:
        """True until it is ended."""
        return self.ended_at is None


def recorded_runs(documents: Documents) -> tuple[ContingencyRun, ...]:
    """Returns the contingencies that were started, the oldest first."""
    return cast("tuple[ContingencyRun, ...]", documents.all("contingency_run"))


def get_contingency(documents: Documents, contingency_id: str) -> Contingency:
    """Returns a contingency of the plan.

    Raises:
        OperationError: ``contingency-absent``.
    """
    found = cast("Contingency | None", documents.get("contingency", contingency_id))
    if found is None:
        template = N_("The plan has no contingency “{contingency}”. Choose one that it has.")
        raise OperationError("contingency-absent", template, contingency=contingency_id)
    return found


def require_deciding(documents: Documents, viewer: Viewer, contingency: Contingency) -> None:
    """Returns when the person may start and end a contingency: an operator, or who acts for the agency that decides.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``contingency-not-yours``.
    """
    if may(viewer, "operate"):
        return
    own = agencies_operated_by(viewer)
    if not own:
        raise NotAllowedError(viewer, "operate")
    if agency_of_word(documents, contingency.decides) in own:
        return
    if contingency.decides in (None, "none"):
        template = N_("The plan does not say who decides on “{contingency}”. Ask the operator to start it.")
        raise OperationError("contingency-not-yours", template, contingency=contingency.title)
    template = N_("In the plan {who} decides on “{contingency}”. Ask them, or the operator.")
    who = word_shown(documents, contingency.decides or "")
    raise OperationError("contingency-not-yours", template, who=who, contingency=contingency.title)


def require_not_running(documents: Documents, contingency: Contingency, incident: str | None) -> None:
    """Returns when a contingency is not under way for the same incident already.

    Raises:
        OperationError: ``contingency-running``.
    """
    for run in recorded_runs(documents):
        if run.is_running and run.contingency == contingency.id and run.incident == incident:
            template = N_("“{contingency}” is under way already. Its steps are among the work that is due.")
            raise OperationError("contingency-running", template, contingency=contingency.title)


def require_incident(documents: Documents, incident: str | None) -> None:
    """Returns when no incident is named, or one that is there.

    Raises:
        OperationError: ``incident-absent``.
    """
    if incident is not None and documents.get("incident", incident) is None:
        template = N_("This incident is not there. Choose it from the list again.")
        raise OperationError("incident-absent", template, incident=incident)


def jobs_of_steps(
    contingency: Contingency, *, run: UUID, at: datetime, incident: str | None
) -> tuple[Job, ...]:
    """Returns the steps of a contingency as work that is due within the minutes of the plan, from now.

    Args:
        contingency: Of the plan.
        run: Id of the run; the ids of the jobs follow from it.
        at: Real moment of its start.
        incident: Id of the incident it answers, or None.

    Notes:
        The minutes are real ones in a drill too: people do not run faster because a clock does.
    """
    return tuple(
        Job(
            id=str(uuid5(run, f"step-{number}")),
            source="contingency",
            source_id=str(run),
            title=step.action,
            agency=step.owner,
            due_at=None if step.within_min is None else at + timedelta(minutes=step.within_min),
            critical=True,
            state="due",
            incident=incident,
            number_in_order=number,
        )
        for number, step in enumerate(contingency.steps or ())
    )
