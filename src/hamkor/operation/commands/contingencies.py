# SPDX-License-Identifier: Apache-2.0
"""Contingencies of the plan: started, so that their steps become work, and ended."""

from __future__ import annotations

from typing import Any

from hamkor.agencies.rules import Viewer, require_same
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import stamp
from hamkor.operation.facts import CONTINGENCY_ENDED, CONTINGENCY_RUN, CONTINGENCY_STARTED, ContingencyStarted
from hamkor.operation.rules.acting import OperationError, require_acting_at_all
from hamkor.operation.rules.runs import (
    CAUSE_MAX,
    ContingencyRun,
    get_contingency,
    jobs_of_steps,
    require_deciding,
    require_incident,
    require_not_running,
)
from hamkor.operation.rules.words import require_reason


def start_contingency(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    contingency_id: str,
    cause: str | None = None,
    incident: str | None = None,
) -> Result:
    """Starts a contingency of the plan: its steps are work from now on. It never waits for an open operation.

    Args:
        store: Where the journal is kept.
        envelope: Who starts it, when.
        viewer: The same person with their rights: an operator, or who acts for the agency that decides.
        contingency_id: Which contingency of the plan.
        cause: Id of the alarm that led to it, or None.
        incident: Id of the incident it answers, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``contingency-absent``, ``contingency-not-yours``, ``incident-absent``,
            ``contingency-running`` or ``cause-malformed``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    if cause is not None and not 0 < len(cause) <= CAUSE_MAX:
        template = N_("The cause is not named as it must be. Start the contingency from the alarm again.")
        raise OperationError("cause-malformed", template)

    def decide(documents: Documents) -> list[Fact[Any]]:
        contingency = get_contingency(documents, contingency_id)
        require_deciding(documents, viewer, contingency)
        require_incident(documents, incident)
        require_not_running(documents, contingency, incident)
        at = in_utc(envelope.at)
        jobs = jobs_of_steps(contingency, run=envelope.command_id, at=at, incident=incident)
        run = ContingencyRun(
            id=str(envelope.command_id),
            contingency=contingency_id,
            started_at=at,
            started_by=envelope.by,
            cause=cause,
            incident=incident,
            jobs=tuple(job.id for job in jobs),
        )
        return [CONTINGENCY_STARTED(ContingencyStarted(run=run, jobs=jobs))]

    return perform(store, envelope, decide, content=["start_contingency", contingency_id, cause, incident])


def end_contingency(store: Store, envelope: Envelope, *, viewer: Viewer, run_id: str, reason: str) -> Result:
    """Ends a contingency; steps nobody has begun are skipped with its reason.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``run-absent``, ``contingency-not-yours``, ``run-ended`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        run = documents.get(CONTINGENCY_RUN, run_id)
        if run is None:
            template = N_("This contingency was not started. Load the page again.")
            raise OperationError("run-absent", template, run=run_id)
        require_deciding(documents, viewer, get_contingency(documents, run.contingency))
        if not run.is_running:
            raise OperationError("run-ended", N_("This contingency was ended already."))
        return [CONTINGENCY_ENDED(stamp(envelope, run_id, why))]

    return perform(store, envelope, decide, content=["end_contingency", run_id, why])
