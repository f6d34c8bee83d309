# SPDX-License-Identifier: Apache-2.0
"""How an incident goes on: which state may follow which, what is missing before it may be closed, who acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hamkor.agencies.rules import NotAllowedError, Viewer, agencies_operated_by, may
from hamkor.common.messages import N_, Message
from hamkor.incidents.rules.incidents import (
    STATES,
    Incident,
    IncidentError,
    IncidentState,
    MissingPerson,
    shown_number,
)

_AHEAD: tuple[IncidentState, ...] = ("assessed", "dispatched", "on_scene", "resolved", "closed")
# A state may be left out: what is small is resolved by whoever reports it. Back only where something was wrong.
TRANSITIONS: Mapping[IncidentState, frozenset[IncidentState]] = {
    "reported": frozenset(_AHEAD),
    "assessed": frozenset({"dispatched", "on_scene", "resolved", "closed"}),
    "dispatched": frozenset({"assessed", "on_scene", "resolved", "closed"}),
    "on_scene": frozenset({"assessed", "dispatched", "resolved", "closed"}),
    "resolved": frozenset({"assessed", "dispatched", "on_scene", "closed"}),
    "closed": frozenset({"assessed"}),
    "merged": frozenset(),
    "struck": frozenset(),
}
STATE_NAMES: Mapping[IncidentState, str] = {
    "reported": N_("reported"),
    "assessed": N_("assessed"),
    "dispatched": N_("units sent"),
    "on_scene": N_("units on scene"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "merged": N_("merged"),
    "struck": N_("struck"),
}
LACKS: Mapping[str, str] = {
    "type": N_("its type"),
    "outcome": N_("how it ended"),
    "units": N_("the release of its units"),
    "children": N_("the end of what belongs to it"),
    "missing_person": N_("the hand-over of the missing person"),
}


def require_transition(incident: Incident, state: IncidentState) -> None:
    """Returns when an incident may go from its state to another.

    Raises:
        IncidentError: ``incident-gone`` or ``transition-impossible``.
    """
    require_there(incident)
    if state not in TRANSITIONS[incident.state]:
        template = N_("{number} is {state}; it cannot become {wanted} from there.")
        raise IncidentError(
            "transition-impossible",
            template,
            number=shown_number(incident.number),
            state=Message(STATE_NAMES[incident.state]),
            wanted=Message(STATE_NAMES.get(state, state)),
        )


def require_there(incident: Incident) -> None:
    """Returns when an incident was neither merged nor struck.

    Raises:
        IncidentError: ``incident-gone``.
    """
    if incident.is_gone:
        template = N_("{number} is {state}: nothing of it changes any more. Write to the one that stands.")
        raise IncidentError(
            "incident-gone",
            template,
            number=shown_number(incident.number),
            state=Message(STATE_NAMES[incident.state]),
        )


def lacks_to_close(
    incident: Incident, *, outcome: str | None, open_children: int, missing: MissingPerson | None
) -> tuple[str, ...]:
    """Returns what should be known or done before an incident is closed, as keys of `LACKS`.

    Args:
        incident: The incident.
        outcome: How it ended, when that is said with the closing.
        open_children: How many incidents that belong to it are open.
        missing: The person looked for, or None.
    """
    lacking = {
        "type": incident.type is None,
        "outcome": outcome is None and incident.outcome is None,
        "units": bool(incident.units),
        "children": open_children > 0,
        "missing_person": missing is not None and missing.state != "handed_over",
    }
    return tuple(name for name, is_lacking in lacking.items() if is_lacking)


def moments_after(incident: Incident, state: IncidentState, at: datetime) -> dict[IncidentState, datetime]:
    """Returns when each state was reached, those that follow a state it goes back to forgotten.

    Args:
        incident: As it stands.
        state: Where it goes.
        at: When.
    """
    order = STATES.index(state)
    kept = {name: moment for name, moment in incident.moments.items() if STATES.index(name) < order}
    return {**kept, state: at}


def acts_on(viewer: Viewer, incident: Incident) -> bool:
    """True when a person may change an incident: an operator, or for a party that owns or supports it.

    Args:
        viewer: Who.
        incident: The incident; whoever took its report may correct it too.
    """
    if may(viewer, "operate"):
        return True
    own = agencies_operated_by(viewer)
    is_reporter = may(viewer, "operate_own") and incident.reported_by == viewer.person
    return is_reporter or not own.isdisjoint({incident.agency, *incident.supporting})


def require_operating(viewer: Viewer) -> None:
    """Returns when a person may act at the console at all, for everybody or for a party.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not may(viewer, "operate") and not may(viewer, "operate_own"):
        raise NotAllowedError(viewer, "operate_own")


def require_acting(viewer: Viewer, incident: Incident) -> None:
    """Returns when a person may change an incident.

    Raises:
        IncidentError: ``incident-not-yours``.
    """
    if not acts_on(viewer, incident):
        template = N_(
            "{number} belongs to another agency. Ask an operator to add yours to those that support it."
        )
        raise IncidentError("incident-not-yours", template, number=shown_number(incident.number))


def resolved_id(incidents: Mapping[str, Incident], incident_id: str) -> str:
    """Returns the id of the incident that stands for one: itself, or what it was merged into.

    Args:
        incidents: All incidents by id.
        incident_id: Where to begin; returned unchanged when there is no such incident.
    """
    seen = {incident_id}
    found = incidents.get(incident_id)
    while found is not None and found.merged_into is not None and found.merged_into not in seen:
        seen.add(found.merged_into)
        found = incidents.get(found.merged_into)
    return incident_id if found is None else found.id
