# SPDX-License-Identifier: Apache-2.0
"""Where every agency stands: what it approved, whether that still holds, and which change voided it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.approvals.rules.signing import Agreement, Approval, Objection, Scope
from hamkor.approvals.rules.trail import Touch, Trail

StandingState = Literal["none", "approved", "objected", "voided"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency says about its own part, or about the whole plan.

    Args:
        state: ``none``, ``approved``, ``voided``; ``objected`` for the whole only.
        approval: The approval that holds or held: who, when, entry number, head number and hash. One of the
            whole also covers the agency's own part.
        objection: The objection that stands.
        voided_by: The first change after the approval that touches it.
    """

    state: StandingState
    approval: Approval | None = None
    objection: Objection | None = None
    voided_by: Touch | None = None


class AgencyStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where an agency stands.

    Args:
        agency: The agency.
        own: On everything that concerns it.
        whole: On the whole plan.
    """

    agency: AgencyCode
    own: Standing
    whole: Standing


def judge_standings(
    agreement: Agreement, trail: Trail, agencies: Sequence[AgencyCode]
) -> tuple[AgencyStanding, ...]:
    """Returns where each of the agencies stands at the head of the trail.

    Args:
        agreement: What was signed.
        trail: The journal.
        agencies: Who must sign.
    """
    return tuple(
        AgencyStanding(
            agency=agency,
            own=_standing(_newest(agreement, agency, ("own", "whole")), trail, scope="own"),
            whole=_whole(agreement, trail, agency),
        )
        for agency in agencies
    )


def touches_in_scope(touches: Sequence[Touch], agency: str, scope: Scope) -> tuple[Touch, ...]:
    """Returns what touches an agency's own part, or the whole plan; a judged red finding touches every whole."""
    if scope == "whole":
        return tuple(touches)
    return tuple(touch for touch in touches if touch.does_concern(agency))


def list_touches_since_approval(
    agreement: Agreement, trail: Trail, *, agency: str, scope: Scope
) -> tuple[Touch, ...] | None:
    """Returns what happened since an agency last approved, None when it never did.

    Args:
        agreement: What was signed.
        trail: The journal.
        agency: The agency.
        scope: `own` for what concerns it; `whole` for everything.
    """
    scopes: tuple[Scope, ...] = ("whole",) if scope == "whole" else ("own", "whole")
    approval = _newest(agreement, agency, scopes)
    return None if approval is None else touches_in_scope(trail.after(approval.head_number), agency, scope)


def _whole(agreement: Agreement, trail: Trail, agency: str) -> Standing:
    standing = _standing(_newest(agreement, agency, ("whole",)), trail, scope="whole")
    objection = agreement.find_objection(agency)
    if objection is None:
        return standing
    return msgspec.structs.replace(standing, state="objected", objection=objection)


def _standing(approval: Approval | None, trail: Trail, *, scope: Scope) -> Standing:
    if approval is None:
        return Standing(state="none")
    later, agency = trail.after(approval.head_number), approval.agency
    touch = next((touch for touch in later if scope == "whole" or touch.does_concern(agency)), None)
    return Standing(state="approved" if touch is None else "voided", approval=approval, voided_by=touch)


def _newest(agreement: Agreement, agency: str, scopes: tuple[Scope, ...]) -> Approval | None:
    """Returns the approval in one of the scopes that covers most of the journal."""
    found = [item for item in agreement.approvals if item.agency == agency and item.scope in scopes]
    return max(found, key=lambda item: (item.head_number, item.number), default=None)
