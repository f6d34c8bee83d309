# SPDX-License-Identifier: Apache-2.0
"""Recording a plan: one command, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.plans.facts import PART_OPENED, RECORDED, PartOpened
from hamkor.plans.rules.personal import set_apart
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.facts import DRAWING_RECORDED, FEATURE, Drawing


class EventAlreadyRecordedError(HamkorError):
    """The journal holds another event."""


def record_plan(store: Store, envelope: Envelope, *, plan: Plan) -> Result:
    """Records a whole plan as the beginning of an event's journal.

    Args:
        store: Where the journal is kept.
        envelope: Who records it, when and why.
        plan: The plan. Names and phones of people do not enter the journal.

    Raises:
        EventAlreadyRecordedError: ``event-already-recorded``, when the journal already has an event.
    """
    nameless, _details = set_apart(plan)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if documents.all("event"):
            raise EventAlreadyRecordedError(
                "event-already-recorded",
                N_("This journal already holds the event {event}. Record the plan in a new one."),
                event=plan.event.name,
            )
        return list(_facts_of(nameless))

    return perform(store, envelope, decide, content=["record_plan", msgspec.to_builtins(nameless)])


def _facts_of(plan: Plan) -> Iterator[Fact[Any]]:
    for part in PARTS:
        value = getattr(plan, part.name)
        if value is None:
            continue
        if part.is_list:
            yield PART_OPENED(PartOpened(part.name))
        for body in value if part.is_list else (value,):
            yield RECORDED[part.name](body)
    if plan.venue is not None:
        yield DRAWING_RECORDED(Drawing(plan.venue.name))
        for feature in plan.venue.features:
            yield FEATURE.recorded(feature)
