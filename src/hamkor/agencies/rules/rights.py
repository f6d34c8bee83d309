# SPDX-License-Identifier: Apache-2.0
"""Roles at an event and what each of them may do; decided here, asked by every command and query."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec

from hamkor.agencies.rules.parties import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message

Role = Literal[
    "coordinator",
    "planner",
    "liaison",
    "commission",
    "organiser",
    "venue",
    "legal",
    "operator",
    "dispatcher",
    "field",
    "controller",
    "auditor",
]
Right = Literal[
    "see_plan",
    "see_personal",
    "edit_plan",
    "edit_own",
    "comment",
    "accept_finding",
    "approve",
    "finalise",
    "override",
    "manage_people",
    "import_plan",
    "export_plan",
    "audit",
    "erase_personal",
    "see_centre",
    "report_incident",
    "operate",
    "operate_own",
    "answer_order",
    "see_medical",
    "stop_show",
    "run_operation",
    "edit_alarms",
    "manage_devices",
]
ROLES: tuple[Role, ...] = get_args(Role)
RIGHTS: tuple[Right, ...] = get_args(Right)

ROLE_NAMES: dict[Role, str] = {
    "coordinator": N_("coordinator"),
    "planner": N_("planner"),
    "liaison": N_("liaison officer"),
    "commission": N_("member of the commission"),
    "organiser": N_("organiser"),
    "venue": N_("venue administration"),
    "legal": N_("legal officer"),
    "operator": N_("operator"),
    "dispatcher": N_("dispatcher"),
    "field": N_("field officer"),
    "controller": N_("exercise controller"),
    "auditor": N_("auditor"),
}
RIGHT_NAMES: dict[Right, str] = {
    "see_plan": N_("read the plan"),
    "see_personal": N_("see names and phones"),
    "edit_plan": N_("change this part of the plan"),
    "edit_own": N_("change what concerns their own agency"),
    "comment": N_("write comments and ask questions"),
    "accept_finding": N_("accept a finding with a reason"),
    "approve": N_("approve for their agency"),
    "finalise": N_("put the plan to approval and close it"),
    "override": N_("approve in spite of red findings"),
    "manage_people": N_("invite people and give roles"),
    "import_plan": N_("import into the plan"),
    "export_plan": N_("print and export the plan"),
    "audit": N_("read the whole record"),
    "erase_personal": N_("erase personal details"),
    "see_centre": N_("see the live picture"),
    "report_incident": N_("report incidents"),
    "operate": N_("work at the console"),
    "operate_own": N_("act for their own agency at the console"),
    "answer_order": N_("answer orders"),
    "see_medical": N_("see medical details"),
    "stop_show": N_("stop the show"),
    "run_operation": N_("open and close the operation and change its phase"),
    "edit_alarms": N_("change the rules of alarms"),
    "manage_devices": N_("register devices and issue their keys"),
}

_READS: frozenset[Right] = frozenset({"see_plan"})
_WORKS: frozenset[Right] = _READS | {"see_personal", "comment", "export_plan"}
_TAKES_PART: frozenset[Right] = frozenset({"see_centre", "report_incident", "operate_own", "answer_order"})
_OPERATES: frozenset[Right] = frozenset({"see_centre", "report_incident", "operate", "answer_order"})
RIGHTS_OF_ROLE: dict[Role, frozenset[Right]] = {
    # Medical details are for those who help: not even the coordinator needs them to coordinate.
    "coordinator": frozenset(RIGHTS) - {"override", "see_medical"},
    "planner": _WORKS | {"edit_plan", "edit_own", "import_plan", "see_centre", "report_incident"},
    "liaison": _WORKS | _TAKES_PART | {"edit_own", "approve"},
    "commission": _WORKS | {"override", "audit", "see_centre"},
    "organiser": _WORKS | _TAKES_PART | {"edit_plan", "edit_own", "approve", "import_plan"},
    "venue": _WORKS | _TAKES_PART | {"edit_plan", "edit_own", "approve"},
    "legal": _WORKS | {"edit_plan", "audit", "see_centre"},
    "operator": _READS | _OPERATES | {"see_personal", "comment"},
    "dispatcher": _READS | _OPERATES | {"see_personal", "comment", "see_medical"},
    "field": _READS | {"report_incident", "answer_order"},
    "controller": _READS | {"comment", "export_plan", "see_centre", "run_operation"},
    "auditor": _READS | {"audit", "export_plan", "see_centre"},
}
# Parties whose liaison officers help the injured: they see medical details too.
MEDICAL_AGENCIES: frozenset[AgencyCode] = frozenset({"tty", "ses"})
# Parts of a plan a role may change as a whole; other parts only where they concern its own agency.
ALL_PARTS = "*"
PARTS_OF_ROLE: dict[Role, frozenset[str]] = {
    "coordinator": frozenset({ALL_PARTS}),
    "planner": frozenset({ALL_PARTS}),
    "organiser": frozenset({"event", "attendance", "legal", "venue", "history"}),
    "venue": frozenset({"venue", "inspections", "history"}),
    "legal": frozenset({"legal"}),
}


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role a person holds at one event.

    Args:
        role: The role.
        agency: Party the person acts for in it.
        starts_at: From this moment, aware; None for always.
        ends_at: Until before this moment, aware; None for no end.
    """

    role: Role
    agency: AgencyCode
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def is_in_force(self, at: datetime) -> bool:
        """True when the role may be exercised at the moment."""
        begun = self.starts_at is None or self.starts_at <= at
        return begun and (self.ends_at is None or at < self.ends_at)


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in person as one event sees them: the first argument of every command and query of a server.

    Args:
        person: Reference that may stand in a journal, such as ``person:0192…``; never a name.
        agency: Party the person belongs to, None for a rule or the system.
        grants: Roles at this event that are in force now.
        is_administrator: Keeps the installation: agencies, accounts, new events; no rights in a plan by that alone.
    """

    person: str
    agency: AgencyCode | None = None
    grants: tuple[Grant, ...] = ()
    is_administrator: bool = False

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles, without repetition, in the order of `ROLES`."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in ROLES if role in held)


class NotAllowedError(HamkorError):
    """The person may not do this at this event; says what is missing and who could do it."""

    def __init__(self, viewer: Viewer, right: Right) -> None:
        able = [Message(ROLE_NAMES[role]) for role in ROLES if right in RIGHTS_OF_ROLE[role]]
        held = [Message(ROLE_NAMES[role]) for role in viewer.roles] or [
            Message(N_("nobody with a role here"))
        ]
        template = N_("You may not {right}: you are {held}. This can be done by: {able}.")
        super().__init__("not-allowed", template, right=Message(RIGHT_NAMES[right]), held=held, able=able)


def may(viewer: Viewer, right: Right) -> bool:
    """True when a role of the person gives the right."""
    return any(right in RIGHTS_OF_ROLE[role] for role in viewer.roles)


def require(viewer: Viewer, right: Right) -> None:
    """Returns when the person has the right.

    Raises:
        NotAllowedError: ``not-allowed``, with what is missing and who could do it.
    """
    if not may(viewer, right):
        raise NotAllowedError(viewer, right)


def may_edit_part(viewer: Viewer, part: str) -> bool:
    """True when the person may change everything in a part of the plan.

    Args:
        viewer: Who.
        part: Name of the part, such as ``duties``.
    """
    allowed = [PARTS_OF_ROLE.get(role, frozenset()) for role in viewer.roles]
    return any(part in parts or ALL_PARTS in parts for parts in allowed)


def agencies_edited_by(viewer: Viewer) -> frozenset[AgencyCode]:
    """Returns the agencies for whose items the person may act, in parts that are not open to them as a whole."""
    return frozenset(grant.agency for grant in viewer.grants if "edit_own" in RIGHTS_OF_ROLE[grant.role])


def may_see_medical(viewer: Viewer) -> bool:
    """True when the person dispatches helpers, or acts for a party that treats the injured."""
    acts_for = {grant.agency for grant in viewer.grants if grant.role in ("liaison", "field")}
    return may(viewer, "see_medical") or not MEDICAL_AGENCIES.isdisjoint(acts_for)


def agencies_operated_by(viewer: Viewer) -> frozenset[AgencyCode]:
    """Returns the agencies for which the person may act at the console; who may `operate` acts for all."""
    return frozenset(grant.agency for grant in viewer.grants if "operate_own" in RIGHTS_OF_ROLE[grant.role])
