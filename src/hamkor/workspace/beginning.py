# SPDX-License-Identifier: Apache-2.0
"""A new event: from the application, from a program, or from an event folder."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hamkor.agencies.models import EventRole, User
from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import NotAllowedError, Role
from hamkor.common.ids import new_id
from hamkor.events.rules import Event
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import create_event, import_plan
from hamkor.plans.rules.plan import Plan
from hamkor.workspace.stores import journals, vault

CREATORS = frozenset({"org", "iib", "hok"})


def may_create(user: User) -> bool:
    """True when the person may apply for a new event: an organiser, the police, the hokimlik, an administrator."""
    return user.is_administrator or (user.body is not None and user.body.agency in CREATORS)


def begin_event(user: User, event: Event, *, command_id: UUID, at: datetime) -> UUID:
    """Begins an event; who begins it becomes its organiser or coordinator. Returns its id, which is the command's.

    Args:
        user: Who begins it.
        event: What is planned.
        command_id: Id made by the sender; sent again, the first event is found.
        at: Now, aware.

    Raises:
        NotAllowedError: ``not-allowed``.
        EventAlreadyRecordedError: ``event-already-recorded``.
    """
    viewer = get_viewer(user, stream=command_id, at=at)
    if not may_create(user):
        raise NotAllowedError(viewer, "edit_plan")
    envelope = Envelope(
        stream=command_id, command_id=command_id, at=at, by=viewer.person, agency=viewer.agency
    )
    create_event(journals(), envelope, viewer=viewer, event=event)
    agency = user.body.agency if user.body is not None else "iib"
    role: Role = "organiser" if agency == "org" else "coordinator"
    EventRole.objects.get_or_create(stream=command_id, user=user, role=role, agency=agency)
    return command_id


def begin_from_plan(user: User, plan: Plan, *, command_id: UUID, at: datetime) -> UUID:
    """Begins an event and takes over a whole plan, names and phones included. Returns the event's id.

    Args:
        user: Who begins it.
        plan: The plan; what the person's role may not change is refused, and nothing of the plan is taken then.
        command_id: Id made by the sender.
        at: Now, aware.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    stream = begin_event(user, plan.event, command_id=command_id, at=at)
    documents = get_documents(journals(), stream)
    if documents.number > 1:  # sent again after it was done
        return stream
    viewer = get_viewer(user, stream=stream, at=at)
    envelope = Envelope(
        stream=stream,
        command_id=new_id(at),
        at=at,
        by=viewer.person,
        agency=viewer.agency,
        cause=command_id,
    )
    import_plan(journals(), envelope, viewer=viewer, plan=plan, vault=vault())
    return stream
