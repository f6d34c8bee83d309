# SPDX-License-Identifier: Apache-2.0
"""Hand-over of a shift: what is open, who gives, who takes, and that they said so."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import re
from datetime import datetime
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode, Viewer, agencies_operated_by, may
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError, require_acting_at_all
from hamkor.operation.rules.running import operation_of
from hamkor.operation.rules.system import At, PersonRef

HandoverState = Literal["prepared", "confirmed", "refused"]
# One entry holds at most a mebibyte.
IDS_MOST = 2000
Ids = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=IDS_MOST)]
NOTES_MAX = 4000
_PERSON = re.compile(r"person:[A-Za-z0-9._-]{1,100}")


class HandoverSummary(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a shift leaves behind.

    Args:
        counts: How many of what, by name, such as ``incidents_open``.
        incidents: Ids of open incidents.
        alarms: Ids of alarms that stand.
        messages: Ids of messages that await something.
        jobs: Ids of open work that is due or overdue.
        notes: What the giver wants to be known.
    """

    counts: Annotated[dict[Annotated[str, Meta(max_length=60)], int], Meta(max_length=100)] = {}
    incidents: Ids = ()
    alarms: Ids = ()
    messages: Ids = ()
    jobs: Ids = ()
    notes: str = ""


class Handover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shift gives over to the next.

    Args:
        id: Id of the command that prepared it.
        prepared_at: When.
        by: Who gives.
        to: Who is to take, None for anybody of the same agency or the operators.
        agency: Agency of the giver, or None.
        post: Post of the plan it concerns, or None.
        period_from: Since when the shift lasted.
        summary: What is open.
        state: Where it stands.
        confirmed_at: When it was confirmed or refused, or None.
        confirmed_by: Who did, or None.
        remarks: What they added, or None.
    """

    id: str
    prepared_at: At
    by: PersonRef
    to: PersonRef | None = None
    agency: AgencyCode | None = None
    post: Id | None = None
    period_from: At | None = None
    summary: HandoverSummary = HandoverSummary()
    state: HandoverState = "prepared"
    confirmed_at: At | None = None
    confirmed_by: PersonRef | None = None
    remarks: str | None = None


def recorded_handovers(documents: Documents) -> tuple[Handover, ...]:
    """Returns the hand-overs, the oldest first."""
    return cast("tuple[Handover, ...]", documents.all("handover"))


def shift_began(documents: Documents, agency: AgencyCode | None) -> datetime | None:
    """Returns since when the shift of an agency has lasted: its last confirmed hand-over, else the opening."""
    found = [
        handover.confirmed_at
        for handover in recorded_handovers(documents)
        if handover.agency == agency and handover.state == "confirmed" and handover.confirmed_at is not None
    ]
    operation = operation_of(documents)
    if operation is not None:
        found.append(operation.opened_at)
    return max(found, default=None)


def clean_summary(summary: HandoverSummary) -> HandoverSummary:
    """Returns a summary when it can be recorded.

    Raises:
        OperationError: ``summary-malformed``.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(summary), HandoverSummary)
    except msgspec.ValidationError:
        template = N_(
            "What is open cannot be written down as it was sent. Load the page and prepare it again."
        )
        raise OperationError("summary-malformed", template) from None


def require_taker(viewer: Viewer, to: str | None) -> None:
    """Returns when nobody is named to take a shift, or another person.

    Raises:
        OperationError: ``handover-own`` or ``taker-malformed``.
    """
    if to is None:
        return
    if to == viewer.person:
        raise _own()
    if _PERSON.fullmatch(to) is None:
        template = N_("It is not clear who takes the shift. Choose somebody from the list, or nobody.")
        raise OperationError("taker-malformed", template)


def require_taking(viewer: Viewer, handover: Handover) -> None:
    """Returns when the person may confirm a hand-over: who is named, else another of the agency or an operator.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``handover-own`` or ``handover-not-yours``.
    """
    require_acting_at_all(viewer)
    if viewer.person == handover.by:
        raise _own()
    if handover.to == viewer.person:
        return
    if handover.to is None and (may(viewer, "operate") or handover.agency in agencies_operated_by(viewer)):
        return
    template = N_("This shift is given to somebody else. Ask who gives it to prepare it for you.")
    raise OperationError("handover-not-yours", template)


def require_prepared(handover: Handover) -> None:
    """Returns when a hand-over awaits an answer.

    Raises:
        OperationError: ``handover-settled``.
    """
    if handover.state != "prepared":
        template = N_("This hand-over was answered already. Prepare a new one if something has changed.")
        raise OperationError("handover-settled", template)


def _own() -> OperationError:
    template = N_("A shift is not given to oneself. Somebody else takes it and confirms it.")
    return OperationError("handover-own", template)
