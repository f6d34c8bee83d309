# SPDX-License-Identifier: Apache-2.0
"""Units as they stand: what they can do, what they are doing, and what they did for each incident."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.common.records import Id
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef

Capability = Literal[
    "patrol",
    "crowd",
    "medic",
    "ambulance",
    "fire",
    "rescue",
    "traffic",
    "technical",
    "search",
    "transport",
    "evacuation",
    "dog",
    "drone",
]
Travels = Literal["foot", "vehicle"]
UnitState = Literal["free", "assigned", "en_route", "on_scene", "busy", "off_duty"]
Late = Literal["turnout", "arrival"]
SortieEnd = Literal["released", "reassigned", "retired"]
CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
UNIT_STATES: tuple[UnitState, ...] = get_args(UnitState)
# States in which a unit works for an incident.
SENT_STATES: frozenset[UnitState] = frozenset({"assigned", "en_route", "on_scene"})

CALL_SIGN_MAX = 40
TASK_MAX = 500
PEOPLE_MAX = 10_000

# What a crew itself says it does now; only a dispatch assigns, and only a release or a dispatch takes away.
TRANSITIONS: Mapping[UnitState, frozenset[UnitState]] = {
    "free": frozenset({"busy", "off_duty"}),
    "assigned": frozenset({"en_route", "on_scene"}),
    "en_route": frozenset({"on_scene"}),
    # Busy after arrival: on the way to a hospital, for example; it is still the unit of that incident.
    "on_scene": frozenset({"busy", "en_route"}),
    "busy": frozenset({"free", "on_scene", "off_duty"}),
    "off_duty": frozenset({"free"}),
}
STATE_NAMES: Mapping[UnitState, str] = {
    "free": N_("free"),
    "assigned": N_("assigned"),
    "en_route": N_("on the way"),
    "on_scene": N_("on scene"),
    "busy": N_("busy"),
    "off_duty": N_("off duty"),
}


class UnitError(HamkorError):
    """A unit is not there, belongs to others, or is not in a state for this."""


class Unit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """People who are sent together: a patrol, an ambulance crew, a fire engine.

    Args:
        id: Id of the command that registered it.
        call_sign: As people call it on the radio; no two units in service share one.
        agency: Party it belongs to.
        capabilities: What it can do.
        travels: On foot, or by vehicle.
        size: How many people.
        state: What it is doing.
        incident: Id of the incident it is sent to, or None.
        task: What it is to do there, in words, or None.
        sortie: Id of what it is doing for that incident, or None.
        post: Id of the post of the plan it stands at, or None.
        home: Where it waits, or None.
        last_place: Where it was last known to be, or None; measured positions are not kept here.
        since: When its state began.
        moments: When each state of its present sortie was reached.
        retired_at: When it was taken out of the list, or None.
    """

    id: str
    call_sign: str
    agency: AgencyCode
    capabilities: tuple[Capability, ...] = ()
    travels: Travels
    size: int
    state: UnitState
    incident: str | None = None
    task: str | None = None
    sortie: str | None = None
    post: Id | None = None
    home: Place | None = None
    last_place: Place | None = None
    since: At
    moments: dict[UnitState, At] = {}
    retired_at: At | None = None


class Sortie(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one unit did for one incident, from being sent to being released.

    Args:
        id: Id of the command that sent it, with that of the unit.
        unit: Id of the unit.
        incident: Id of the incident.
        agency: Party of the unit.
        priority: How urgent the incident was when it was sent.
        reported_at: When the incident was reported.
        sent_at: When the unit was sent.
        sent_by: Who sent it.
        task: What it was to do, or None.
        en_route_at: When it set out, or None.
        on_scene_at: When it arrived, or None.
        ended_at: When it was released, or None.
        end: How it ended, or None.
        end_reason: Why, or None.
        late: What took longer than its limit, as noticed by the server.
    """

    id: str
    unit: str
    incident: str
    agency: AgencyCode
    priority: Annotated[int, Meta(ge=1, le=4)]
    reported_at: At
    sent_at: At
    sent_by: PersonRef
    task: str | None = None
    en_route_at: At | None = None
    on_scene_at: At | None = None
    ended_at: At | None = None
    end: SortieEnd | None = None
    end_reason: str | None = None
    late: tuple[Late, ...] = ()


def require_transition(unit: Unit, state: UnitState) -> None:
    """Returns when a unit may go from its state to another by what its crew says.

    Raises:
        UnitError: ``unit-transition-impossible``.
    """
    if state not in TRANSITIONS[unit.state]:
        template = N_(
            "{unit} is {state}; it cannot become “{wanted}” from there. Send or release it instead."
        )
        raise UnitError(
            "unit-transition-impossible",
            template,
            unit=unit.call_sign,
            state=Message(STATE_NAMES[unit.state]),
            wanted=Message(STATE_NAMES.get(state, state)),
        )


def require_free(unit: Unit) -> None:
    """Returns when a unit can be sent.

    Raises:
        UnitError: ``unit-not-free``, naming what it does.
    """
    if unit.state != "free" or unit.retired_at is not None:
        template = N_("{unit} is {state}. Choose another one, or give it to this incident from where it is.")
        state = Message(STATE_NAMES[unit.state])
        raise UnitError("unit-not-free", template, unit=unit.call_sign, state=state)


def require_in_service(unit: Unit) -> None:
    """Returns when a unit was not taken out of the list.

    Raises:
        UnitError: ``unit-retired``.
    """
    if unit.retired_at is not None:
        template = N_("{unit} was taken out of the list. Register it anew if it is back.")
        raise UnitError("unit-retired", template, unit=unit.call_sign)
