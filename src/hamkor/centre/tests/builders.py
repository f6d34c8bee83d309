# SPDX-License-Identifier: Apache-2.0
"""An evening with work, posts, units, incidents and messages for the tests of the centre; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hamkor.incidents.commands import report_incident
from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import check_in, open_operation
from hamkor.operation.rules.places import Place
from hamkor.orders.tests.builders import (
    AID,
    AUDITOR,
    COORDINATOR,
    DISPATCHER,
    FIRE,
    GATE,
    GUARD,
    MEDIC,
    OPERATOR,
    PARAMEDIC,
    PLAN,
    PLANNER,
    STRANGER,
    STREAM,
    TO_ALL,
    TO_TTY,
    WATCH,
    S,
    draft,
    envelope,
    sent,
    viewer,
)
from hamkor.orders.tests.builders import NOW as ORDERS_NOW
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Task

__all__ = [
    "AID",
    "AUDITOR",
    "COORDINATOR",
    "DISPATCHER",
    "FIRE",
    "GATE",
    "GUARD",
    "MEDIC",
    "MINUTE",
    "NOW",
    "OPERATOR",
    "PARAMEDIC",
    "PLANNER",
    "STRANGER",
    "STREAM",
    "TO_ALL",
    "TO_TTY",
    "WATCH",
    "S",
    "draft",
    "envelope",
    "evening",
    "incident",
    "local",
    "sent",
    "viewer",
]

NOW = ORDERS_NOW
MINUTE = timedelta(minutes=1)
# Tashkent is five hours ahead of UTC all year.
ZONE = timedelta(hours=5)


def local(at: datetime) -> datetime:
    """Returns a moment as the plan writes it."""
    return (at.astimezone(UTC) + ZONE).replace(tzinfo=None)


def plan_of_evening() -> Plan:
    starts, ends = local(NOW - timedelta(hours=1)), local(NOW + timedelta(hours=6))
    event = msgspec.structs.replace(PLAN.event, starts_at=starts, ends_at=ends)
    posts = tuple(
        msgspec.structs.replace(post, needed=2, critical=post.id == "gate-3", starts_at=starts, ends_at=ends)
        for post in PLAN.posts or ()
    )
    task = Task(
        id="check-gates",
        title="Check the gates",
        phase="conduct",
        agency="iib",
        starts_at=local(NOW + 5 * MINUTE),
        ends_at=local(NOW + 20 * MINUTE),
    )
    return msgspec.structs.replace(PLAN, event=event, posts=posts, tasks=(task,))


def evening() -> MemoryStore:
    """Returns a store with the plan, the operation opened, and gate 3 manned."""
    store = MemoryStore()
    record_plan(store, envelope(COORDINATOR), plan=plan_of_evening())
    open_operation(store, envelope(COORDINATOR), viewer=COORDINATOR, mode="real")
    check_in(store, envelope(OPERATOR), viewer=OPERATOR, post_id="gate-3", present=2)
    return store


def incident(
    store: MemoryStore, *, after: timedelta = timedelta(0), who: Any = OPERATOR, **values: Any
) -> str:
    """Reports an incident and returns its id."""
    given = {
        "type": "medical",
        "text": "Somebody fell.",
        "place": Place(words="at gate 3"),
        "source": "radio",
        **values,
    }
    order = envelope(who, after=after)
    report_incident(store, order, viewer=who, **given)
    return str(order.command_id)
