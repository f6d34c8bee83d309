# SPDX-License-Identifier: Apache-2.0
"""Taking a result into the record of the event, so that a signed plan may point at it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hamkor.agencies.rules import Viewer, require, require_same
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.scenarios.facts import SCENARIO, SCENARIO_ADOPTED, Cleared, Scenario, failing
from hamkor.scenarios.queries import Run, get_run
from hamkor.scenarios.rules.answers import worst_density
from hamkor.simulation.rules.outcome import Outcome


class NotKeptError(HamkorError):
    """This result cannot be taken into the record; says why."""


def keep_result(store: Store, envelope: Envelope, *, viewer: Viewer, run_id: UUID) -> Result:
    """Takes the answer of a run into the record: question, clearance, hash, why it fails, who took it.

    Args:
        store: Where the journal is kept.
        envelope: Who takes it, when.
        viewer: The same person with their rights: to change the plan.
        run_id: Which run of the event of the envelope.

    Raises:
        NotAllowedError: ``not-allowed``.
        ScenarioAbsentError: ``scenario-absent``.
        NotKeptError: ``scenario-without-answer`` or ``scenario-adopted``.
    """
    require_same(envelope, viewer)
    require(viewer, "edit_plan")
    stream = UUID(str(envelope.stream))
    run, answer = get_run(viewer, stream=stream, run_id=run_id, now=envelope.at)
    if answer is None or answer.outcome is None:
        template = N_("This run has no answer. Wait until it is done, or ask again.")
        raise NotKeptError("scenario-without-answer", template)
    base = answer.base.clearance_s if answer.base is not None else {}
    body = _body(run, answer.outcome, base, envelope=envelope, viewer=viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if documents.get(SCENARIO, body.id) is not None:
            raise NotKeptError("scenario-adopted", N_("This result is in the record of the event already."))
        return [SCENARIO_ADOPTED(body)]

    return perform(store, envelope, decide, content=["keep_result", str(run_id)])


def _body(
    run: Run, outcome: Outcome, base: dict[str, Any], *, envelope: Envelope, viewer: Viewer
) -> Scenario:
    return Scenario(
        id=str(run.id),
        about=run.number,
        question=run.options,
        inputs_hash=run.inputs_hash,
        engine=outcome.engine,
        people=outcome.people,
        left=outcome.left,
        cleared=_cleared(outcome.clearance_s),
        compared=_cleared(base),
        worst_density_per_m2=worst_density(outcome),
        fails=tuple(failing(message) for message in outcome.fails),
        by=envelope.by,
        agency=viewer.agency,
        at=in_utc(envelope.at),
    )


def _cleared(clearance_s: dict[str, Any]) -> tuple[Cleared, ...]:
    return tuple(
        Cleared(share=float(share), low_s=band.low, middle_s=band.middle, high_s=band.high)
        for share, band in sorted(clearance_s.items(), key=lambda item: float(item[0]))
    )
