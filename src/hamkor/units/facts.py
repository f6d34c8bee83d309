# SPDX-License-Identifier: Apache-2.0
"""What can happen to units: registered, changed, sent, moving on, released, late, retired; and to roll calls."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Id
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef
from hamkor.units.rules.changing import UnitFields, differing_fields
from hamkor.units.rules.rollcalls import Answer, RollCall, Scope
from hamkor.units.rules.units import (
    Capability,
    Late,
    Sortie,
    SortieEnd,
    Travels,
    Unit,
    UnitState,
)


class UnitRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit came into the list; it is free."""

    id: str
    at: At
    by: PersonRef
    call_sign: str
    agency: AgencyCode
    capabilities: tuple[Capability, ...] = ()
    travels: Travels = "foot"
    size: int = 1
    post: Id | None = None
    home: Place | None = None
    last_place: Place | None = None


class UnitChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Some fields of a unit were changed; the others are as they were."""

    id: str
    at: At
    by: PersonRef
    fields: UnitFields


class UnitRetired(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit was taken out of the list; it stays readable."""

    id: str
    at: At
    by: PersonRef
    reason: str | None = None


class UnitSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit was sent to an incident.

    Args:
        id: Id of the unit.
        at: When.
        by: Who sent it.
        sortie: Id of what it does there.
        incident: Id of the incident.
        priority: How urgent that is.
        reported_at: Since when somebody waits there.
        task: What it is to do, or None.
    """

    id: str
    at: At
    by: PersonRef
    sortie: str
    incident: str
    priority: Annotated[int, Meta(ge=1, le=4)]
    reported_at: At
    task: str | None = None


class UnitAdvanced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit does something else now.

    Args:
        id: Id of the unit.
        at: When.
        by: Who said so.
        state: What it does.
        place: Where it is since then, when that is known.
    """

    id: str
    at: At
    by: PersonRef
    state: UnitState
    place: Place | None = None


class UnitReleased(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit works for its incident no longer; it is free."""

    id: str
    at: At
    by: PersonRef
    end: SortieEnd = "released"
    reason: str | None = None


class UnitMarkedLate(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a unit's sortie took longer than it may.

    Args:
        id: Id of the unit.
        at: When that was noticed.
        late: Which step.
        limit_s: Seconds it may take.
    """

    id: str
    at: At
    late: Late
    limit_s: float


class RollCallStarted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Units are asked whether everybody is accounted for."""

    id: str
    at: At
    by: PersonRef
    scope: Scope = Scope()
    units: tuple[str, ...]
    deadline_at: At


class RollCallAnswered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit answered a roll call, or corrected its answer.

    Args:
        id: Id of the roll call.
        at: When.
        by: Who wrote it down.
        unit: Id of the unit.
        answer: What it said.
        present: How many people it counted, or None.
        words: What it added, or None.
    """

    id: str
    at: At
    by: PersonRef
    unit: str
    answer: Answer
    present: int | None = None
    words: str | None = None


class RollCallMarkedOverdue(msgspec.Struct, frozen=True, kw_only=True):
    """The time of a roll call passed and units had not answered."""

    id: str
    at: At
    unanswered: tuple[str, ...]


class RollCallEnded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A roll call was ended."""

    id: str
    at: At
    by: PersonRef
    reason: str | None = None


UNIT = declare_kind("unit", Unit)
SORTIE = declare_kind("sortie", Sortie)
ROLL_CALL = declare_kind("roll_call", RollCall)
_replace = msgspec.structs.replace


def _register(_documents: Documents, fact: Fact[UnitRegistered]) -> Changes:
    values = msgspec.structs.asdict(fact.body)
    at, _by = values.pop("at"), values.pop("by")
    unit = Unit(**values, state="free", since=at)
    return {("unit", unit.id): unit}


def _change(documents: Documents, fact: Fact[UnitChanged]) -> Changes:
    unit = documents.get(UNIT, fact.body.id)
    if unit is None:
        return {}
    return {("unit", unit.id): _replace(unit, **differing_fields(unit, fact.body.fields))}


def _ended(documents: Documents, unit: Unit, **values: Any) -> Changes:
    """Returns the present sortie of a unit with its end."""
    sortie = None if unit.sortie is None else documents.get(SORTIE, unit.sortie)
    return {} if sortie is None else {("sortie", sortie.id): _replace(sortie, **values)}


def _freed(unit: Unit, state: UnitState, at: Any) -> Unit:
    return _replace(unit, state=state, since=at, incident=None, task=None, sortie=None, moments={})


def _retire(documents: Documents, fact: Fact[UnitRetired]) -> Changes:
    unit, body = documents.get(UNIT, fact.body.id), fact.body
    if unit is None:
        return {}
    retired = _replace(_freed(unit, "off_duty", body.at), retired_at=body.at)
    ended = _ended(documents, unit, ended_at=body.at, end="retired", end_reason=body.reason)
    return {("unit", unit.id): retired, **ended}


def _send(documents: Documents, fact: Fact[UnitSent]) -> Changes:
    unit, body = documents.get(UNIT, fact.body.id), fact.body
    if unit is None:
        return {}
    sent = _replace(
        unit,
        state="assigned",
        since=body.at,
        incident=body.incident,
        task=body.task,
        sortie=body.sortie,
        moments={"assigned": body.at},
    )
    sortie = Sortie(
        id=body.sortie,
        unit=unit.id,
        incident=body.incident,
        agency=unit.agency,
        priority=body.priority,
        reported_at=body.reported_at,
        sent_at=body.at,
        sent_by=body.by,
        task=body.task,
    )
    return {("unit", unit.id): sent, ("sortie", sortie.id): sortie}


def _advance(documents: Documents, fact: Fact[UnitAdvanced]) -> Changes:
    unit, body = documents.get(UNIT, fact.body.id), fact.body
    if unit is None:
        return {}
    moved = _replace(
        unit,
        state=body.state,
        since=body.at,
        last_place=body.place or unit.last_place,
        moments={**unit.moments, body.state: body.at} if unit.incident is not None else {},
    )
    changes: dict[tuple[str, str], msgspec.Struct] = {("unit", unit.id): moved}
    sortie = None if unit.sortie is None else documents.get(SORTIE, unit.sortie)
    if sortie is not None:
        changes["sortie", sortie.id] = _moved_on(sortie, body)
    return changes


def _moved_on(sortie: Sortie, body: UnitAdvanced) -> Sortie:
    """Returns a sortie with the first time it reached a state: leaving again is no second arrival."""
    if body.state == "en_route" and sortie.en_route_at is None and sortie.on_scene_at is None:
        return _replace(sortie, en_route_at=body.at)
    if body.state == "on_scene" and sortie.on_scene_at is None:
        return _replace(sortie, on_scene_at=body.at)
    return sortie


def _release(documents: Documents, fact: Fact[UnitReleased]) -> Changes:
    unit, body = documents.get(UNIT, fact.body.id), fact.body
    if unit is None:
        return {}
    ended = _ended(documents, unit, ended_at=body.at, end=body.end, end_reason=body.reason)
    return {("unit", unit.id): _freed(unit, "free", body.at), **ended}


def _mark_late(documents: Documents, fact: Fact[UnitMarkedLate]) -> Changes:
    unit, body = documents.get(UNIT, fact.body.id), fact.body
    sortie = None if unit is None or unit.sortie is None else documents.get(SORTIE, unit.sortie)
    if sortie is None or body.late in sortie.late:
        return {}
    return {("sortie", sortie.id): _replace(sortie, late=(*sortie.late, body.late))}


def _start(_documents: Documents, fact: Fact[RollCallStarted]) -> Changes:
    values = msgspec.structs.asdict(fact.body)
    at = values.pop("at")
    roll_call = RollCall(**values, asked_at=at)
    return {("roll_call", roll_call.id): roll_call}


def _answer(documents: Documents, fact: Fact[RollCallAnswered]) -> Changes:
    found, body = documents.get(ROLL_CALL, fact.body.id), fact.body
    if found is None:
        return {}
    answered = _replace(
        found,
        answers={**found.answers, body.unit: body.answer},
        answered_at={**found.answered_at, body.unit: body.at},
        present=_put(found.present, body.unit, body.present),
        words=_put(found.words, body.unit, body.words),
    )
    return {("roll_call", found.id): answered}


def _put(known: dict[str, Any], unit: str, value: Any) -> dict[str, Any]:
    rest = {key: each for key, each in known.items() if key != unit}
    return rest if value is None else {**rest, unit: value}


def _mark_overdue(documents: Documents, fact: Fact[RollCallMarkedOverdue]) -> Changes:
    found = documents.get(ROLL_CALL, fact.body.id)
    return {} if found is None else {("roll_call", found.id): _replace(found, overdue_at=fact.body.at)}


def _end(documents: Documents, fact: Fact[RollCallEnded]) -> Changes:
    found, body = documents.get(ROLL_CALL, fact.body.id), fact.body
    if found is None:
        return {}
    ended = _replace(found, ended_at=body.at, ended_by=body.by, end_reason=body.reason)
    return {("roll_call", found.id): ended}


UNIT_REGISTERED = declare_fact("unit.registered.v1", UnitRegistered, _register)
UNIT_CHANGED = declare_fact("unit.changed.v1", UnitChanged, _change)
UNIT_RETIRED = declare_fact("unit.retired.v1", UnitRetired, _retire)
UNIT_SENT = declare_fact("unit.sent.v1", UnitSent, _send)
UNIT_ADVANCED = declare_fact("unit.advanced.v1", UnitAdvanced, _advance)
UNIT_RELEASED = declare_fact("unit.released.v1", UnitReleased, _release)
UNIT_MARKED_LATE = declare_fact("unit.marked_late.v1", UnitMarkedLate, _mark_late)
ROLL_CALL_STARTED = declare_fact("roll_call.started.v1", RollCallStarted, _start)
ROLL_CALL_ANSWERED = declare_fact("roll_call.answered.v1", RollCallAnswered, _answer)
ROLL_CALL_MARKED_OVERDUE = declare_fact("roll_call.marked_overdue.v1", RollCallMarkedOverdue, _mark_overdue)
ROLL_CALL_ENDED = declare_fact("roll_call.ended.v1", RollCallEnded, _end)
