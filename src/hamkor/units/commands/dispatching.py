# SPDX-License-Identifier: Apache-2.0
"""Dispatch: units are sent, arrive, are released or given to another incident; the incident moves with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.alarms.rules.raising import returned
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason
from hamkor.incidents.facts import (
    INCIDENT_ADVANCED,
    INCIDENT_CREWED,
    IncidentAdvanced,
    IncidentCrewed,
)
from hamkor.incidents.queries import find_standing
from hamkor.incidents.rules import Incident, IncidentError, IncidentState, require_there, shown_number
from hamkor.incidents.rules.changing import clean_optional
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import Place, clean_place
from hamkor.units.commands.sending import get_unit, require_sender
from hamkor.units.facts import (
    UNIT_ADVANCED,
    UNIT_RELEASED,
    UNIT_SENT,
    UnitAdvanced,
    UnitReleased,
    UnitSent,
)
from hamkor.units.rules import Unit, UnitError, UnitState
from hamkor.units.rules.permission import (
    require_crew,
    require_crewing,
    require_own_units,
)
from hamkor.units.rules.units import TASK_MAX, SortieEnd, require_free, require_in_service, require_transition

UNITS_MAX = 100


def dispatch_units(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    unit_ids: Sequence[str],
    task: str | None = None,
) -> Result:
    """Sends free units to an incident, all or none; their agencies support it from then on.

    Args:
        store: Where the journal is kept.
        envelope: Who sends them, when.
        viewer: The same person with their rights: an operator, or somebody who acts for the agency of every unit.
        incident_id: Where to; one that was merged stands for the one that took it up.
        unit_ids: Which units.
        task: What they are to do, in words.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``units-missing``, ``unit-absent``, ``unit-not-yours`` or ``unit-not-free``.
        IncidentError: ``incident-absent``, ``incident-gone`` or ``incident-over``.
        TextUnusableError: ``text-too-long``, for the task.
    """
    require_sender(envelope, viewer)
    wanted, words = _wanted(unit_ids), _task(task)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = _standing_incident(documents, incident_id)
        units = [get_unit(documents, unit_id) for unit_id in wanted]
        require_own_units(viewer, units)
        for unit in units:
            require_free(unit)
        return _sent(documents, incident, units, envelope=envelope, task=words)

    return perform(store, envelope, decide, content=["dispatch_units", incident_id, list(wanted), words])


def reassign_unit(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    unit_id: str,
    incident_id: str,
    task: str | None = None,
    reason: str | None = None,
) -> Result:
    """Takes a unit from the incident it works for and sends it to another, in one command.

    Args:
        store: Where the journal is kept.
        envelope: Who does it, when.
        viewer: The same person with their rights: an operator, or somebody who acts for the agency.
        unit_id: Which unit.
        incident_id: Where to.
        task: What it is to do there.
        reason: Why, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-absent``, ``unit-not-yours``, ``unit-retired``, ``unit-same-incident``; ``unit-not-free``,
            when it is busy or off duty.
        IncidentError: ``incident-absent``, ``incident-gone`` or ``incident-over``.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer)
    words, why = _task(task), clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident, unit = _standing_incident(documents, incident_id), get_unit(documents, unit_id)
        require_own_units(viewer, [unit])
        require_in_service(unit)
        if unit.incident is None:
            require_free(unit)
            return _sent(documents, incident, [unit], envelope=envelope, task=words)
        before = find_standing(documents, unit.incident)
        if before is not None and before.id == incident.id:
            template = N_("{unit} works for this incident already.")
            raise UnitError("unit-same-incident", template, unit=unit.call_sign)
        facts = _released(documents, unit, envelope=envelope, end="reassigned", reason=why)
        return [*facts, *_sent(documents, incident, [unit], envelope=envelope, task=words)]

    sent = [unit_id, incident_id, words, why]
    return perform(store, envelope, decide, content=["reassign_unit", *sent])


def set_unit_state(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    unit_id: str,
    state: UnitState,
    place: Place | None = None,
) -> Result:
    """Writes down what a unit does now: on the way, on scene, busy, free, off duty.

    Args:
        store: Where the journal is kept.
        envelope: Who says so, when.
        viewer: The same person with their rights: an operator, or anybody of its agency who answers orders.
        unit_id: Which unit.
        state: What it does. ``assigned`` comes of a dispatch only; ``free`` while it works for an incident releases it.
        place: Where it is, when that is told.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-absent``, ``unit-not-yours``, ``unit-retired`` or ``unit-transition-impossible``.
        PlaceError: ``place-absent`` or ``place-impossible``.
    """
    require_sender(envelope, viewer, require_crewing)

    def decide(documents: Documents) -> list[Fact[Any]]:
        unit = get_unit(documents, unit_id)
        require_crew(viewer, unit)
        require_in_service(unit)
        if unit.state == state:
            return []
        if state == "free" and unit.incident is not None:
            return _released(documents, unit, envelope=envelope)
        _require_possible(unit, state)
        return _advanced(documents, unit, state, envelope=envelope, place=clean_place(documents, place))

    sent = [unit_id, state, None if place is None else msgspec.to_builtins(place)]
    return perform(store, envelope, decide, content=["set_unit_state", *sent])


def release_unit(
    store: Store, envelope: Envelope, *, viewer: Viewer, unit_id: str, reason: str | None = None
) -> Result:
    """Releases a unit from the incident it works for; it is free. An incident nobody arrived at awaits units again.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``unit-absent``, ``unit-not-yours``; ``unit-not-sent``, when it works for none.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer, require_crewing)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        unit = get_unit(documents, unit_id)
        require_crew(viewer, unit)
        if unit.incident is None:
            template = N_("{unit} works for no incident.")
            raise UnitError("unit-not-sent", template, unit=unit.call_sign)
        return _released(documents, unit, envelope=envelope, reason=why)

    return perform(store, envelope, decide, content=["release_unit", unit_id, why])


def _wanted(unit_ids: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(unit_ids))
    if not wanted or len(wanted) > UNITS_MAX:
        template = N_("Choose the units to send: one to {most}.")
        raise UnitError("units-missing", template, most=UNITS_MAX)
    return wanted


def _task(task: str | None) -> str | None:
    return clean_optional(task, TASK_MAX)


def _standing_incident(documents: Documents, incident_id: str) -> Incident:
    """Returns the incident units can be sent to, through merges."""
    incident = find_standing(documents, incident_id)
    if incident is None:
        template = N_("There is no such incident. Load the page again.")
        raise IncidentError("incident-absent", template, id=incident_id)
    require_there(incident)
    if not incident.is_open:
        template = N_("{number} is over. Open it again before units are sent.")
        raise IncidentError("incident-over", template, number=shown_number(incident.number))
    return incident


def _sent(
    documents: Documents,
    incident: Incident,
    units: Sequence[Unit],
    *,
    envelope: Envelope,
    task: str | None,
) -> list[Fact[Any]]:
    """Returns the facts of units sent: theirs, that of the incident, and the end of alarms that nobody was sent."""
    at, by = in_utc(envelope.at), envelope.by
    facts: list[Fact[Any]] = [
        UNIT_SENT(
            UnitSent(
                id=unit.id,
                at=at,
                by=by,
                sortie=f"{envelope.command_id}:{unit.id}",
                incident=incident.id,
                priority=incident.priority,
                reported_at=incident.waits_since,
                task=task,
            )
        )
        for unit in units
    ]
    crewed = IncidentCrewed(
        id=incident.id,
        at=at,
        by=by,
        sent=tuple(unit.id for unit in units),
        supporting=tuple(dict.fromkeys(unit.agency for unit in units if unit.agency != incident.agency)),
    )
    facts.append(INCIDENT_CREWED(crewed))
    facts += _moved(incident, "dispatched", before=("reported", "assessed"), envelope=envelope)
    return facts + returned(documents, "overdue", subject_kind="incident", subject=incident.id, at=at)


def _released(
    documents: Documents,
    unit: Unit,
    *,
    envelope: Envelope,
    end: SortieEnd = "released",
    reason: str | None = None,
) -> list[Fact[Any]]:
    at, by = in_utc(envelope.at), envelope.by
    facts: list[Fact[Any]] = [UNIT_RELEASED(UnitReleased(id=unit.id, at=at, by=by, end=end, reason=reason))]
    incident = None if unit.incident is None else find_standing(documents, unit.incident)
    if incident is not None and unit.id in incident.units:
        facts.append(INCIDENT_CREWED(IncidentCrewed(id=incident.id, at=at, by=by, released=(unit.id,))))
        if incident.units == (unit.id,):
            # Nobody came: an incident that waits must not look as if somebody were on the way.
            facts += _moved(incident, "assessed", before=("dispatched",), envelope=envelope)
    return facts + _told_over(documents, [unit], at)


def _advanced(
    documents: Documents, unit: Unit, state: UnitState, *, envelope: Envelope, place: Place | None
) -> list[Fact[Any]]:
    incident = None if unit.incident is None else find_standing(documents, unit.incident)
    arrives = state == "on_scene" and incident is not None
    where = place or (incident.place if arrives and incident is not None else None)
    at = in_utc(envelope.at)
    facts: list[Fact[Any]] = [
        UNIT_ADVANCED(UnitAdvanced(id=unit.id, at=at, by=envelope.by, state=state, place=where))
    ]
    if arrives and incident is not None:
        before: tuple[IncidentState, ...] = ("reported", "assessed", "dispatched")
        facts += _moved(incident, "on_scene", before=before, envelope=envelope)
    return facts + _told_over(documents, [unit], at)


def _moved(
    incident: Incident, state: IncidentState, *, before: Iterable[IncidentState], envelope: Envelope
) -> list[Fact[Any]]:
    """Returns the fact that brings an incident to a state, none when it is further on."""
    if incident.state not in before:
        return []
    body = IncidentAdvanced(id=incident.id, at=in_utc(envelope.at), by=envelope.by, state=state)
    return [INCIDENT_ADVANCED(body)]


def _told_over(documents: Documents, units: Sequence[Unit], at: datetime) -> list[Fact[Any]]:
    """Returns the end of alarms that a unit is late: it has moved."""
    return [
        fact
        for unit in units
        for fact in returned(documents, "overdue", subject_kind="unit", subject=unit.id, at=at)
    ]


def _require_possible(unit: Unit, state: UnitState) -> None:
    require_transition(unit, state)
    if state == "off_duty" and unit.incident is not None:
        template = N_("{unit} works for an incident. Release it first.")
        raise UnitError("unit-transition-impossible", template, unit=unit.call_sign)
