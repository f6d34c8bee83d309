# SPDX-License-Identifier: Apache-2.0
"""Reads of incidents: lists, what belongs together, what may be the same, names of missing people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol, cast

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer, require
from hamkor.common.messages import N_
from hamkor.incidents.facts import INCIDENT, MISSING_PERSON
from hamkor.incidents.rules import (
    Incident,
    IncidentError,
    IncidentState,
    IncidentType,
    PossibleDuplicate,
    children_of,
    resolved_id,
    type_of,
)
from hamkor.incidents.rules.details import MissingDetails, vault_reference
from hamkor.incidents.rules.nearness import find_possible_duplicates
from hamkor.journal.rules import Documents, Stream
from hamkor.operation.rules.places import Place
from hamkor.plans.rules.readiness import Contingency, HazardEntry

_decode = msgspec.json.Decoder(MissingDetails).decode


class Vault(Protocol):
    """What is needed of `hamkor.journal.vault`."""

    def find(self, stream: str, reference: str) -> bytes | None:
        """Returns a body, or None when none is kept."""


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with what belongs to it.

    Args:
        incident: The incident.
        parent: The larger one, or None.
        children: What belongs to it.
        merged: What it took up; their numbers stay readable.
    """

    incident: Incident
    parent: Incident | None = None
    children: tuple[Incident, ...] = ()
    merged: tuple[Incident, ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many incidents there are.

    Args:
        by_state: By state, merged and struck ones too.
        open: Somebody still has to do something.
        unassigned: Open ones to which nobody is sent.
        incomplete: Open ones about which something is still to be asked.
    """

    by_state: dict[IncidentState, int]
    open: int
    unassigned: int
    incomplete: int


def list_incidents(
    viewer: Viewer,
    documents: Documents,
    *,
    states: Collection[IncidentState] | None = None,
    agency: AgencyCode | None = None,
) -> tuple[Incident, ...]:
    """Returns incidents, the most urgent first, then the latest.

    Args:
        viewer: Who reads: to see the live picture.
        documents: Documents of the event.
        states: Only those in these states; all when None.
        agency: Only those the party owns or supports.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    found = [
        incident
        for incident in documents.all(INCIDENT)
        if (states is None or incident.state in states)
        and (agency is None or agency in (incident.agency, *incident.supporting))
    ]
    return tuple(
        sorted(found, key=lambda incident: (not incident.is_open, incident.priority, -incident.number))
    )


def get_family(viewer: Viewer, documents: Documents, incident_id: str) -> Family:
    """Returns an incident with what belongs to it.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``.
    """
    require(viewer, "see_centre")
    incident = documents.get(INCIDENT, incident_id)
    if incident is None:
        template = N_("There is no such incident. Load the page again.")
        raise IncidentError("incident-absent", template, id=incident_id)
    parent = None if incident.parent is None else documents.get(INCIDENT, incident.parent)
    taken = (documents.get(INCIDENT, each) for each in incident.merged)
    return Family(
        incident=incident,
        parent=parent,
        children=children_of(documents.all(INCIDENT), incident.id),
        merged=tuple(each for each in taken if each is not None),
    )


def count_incidents(viewer: Viewer, documents: Documents) -> Counts:
    """Returns how many incidents there are, by state and by what they lack.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    incidents = documents.all(INCIDENT)
    by_state: dict[IncidentState, int] = {}
    for incident in incidents:
        by_state[incident.state] = by_state.get(incident.state, 0) + 1
    open_ones = [incident for incident in incidents if incident.is_open]
    return Counts(
        by_state=by_state,
        open=len(open_ones),
        unassigned=sum(not incident.units for incident in open_ones),
        incomplete=sum(bool(incident.missing_facts) for incident in open_ones),
    )


def possible_duplicates(
    documents: Documents,
    *,
    type: str | None = None,
    place: Place | None = None,
    at: datetime,
    card: str | None = None,
    incidents: tuple[Incident, ...] | None = None,
) -> tuple[PossibleDuplicate, ...]:
    """Returns incidents that may be the one being reported, the likeliest first; asked while somebody types.

    Args:
        documents: Documents of the event.
        type: Type being reported, or None.
        place: Where, or None.
        at: When, aware.
        card: Number of a card of 112: the same number twice is told at any distance, and never refused.
        incidents: Those the person may see, as they may see them; all when None.
    """
    among = documents.all(INCIDENT) if incidents is None else incidents
    return find_possible_duplicates(documents, among, type=type, place=place, at=at, card=card)


def find_standing(documents: Documents, incident_id: str) -> Incident | None:
    """Returns the incident that stands for an id: itself, or what it was merged into; None when there is none."""
    incidents = {incident.id: incident for incident in documents.all(INCIDENT)}
    return incidents.get(resolved_id(incidents, incident_id))


def list_contingencies_of(documents: Documents, code: str | None) -> tuple[str, ...]:
    """Returns the ids of the plan's contingencies that answer a type of incident, in the order of the plan.

    Args:
        documents: Documents of the event.
        code: Code of the type, or None.
    """
    found: IncidentType | None = type_of(code)
    if found is None:
        return ()
    register = cast("tuple[HazardEntry, ...]", documents.all("hazard"))
    catalogue = {item.id: item.catalogue or item.id for item in register}
    contingencies = cast("tuple[Contingency, ...]", documents.all("contingency"))
    return tuple(
        item.id
        for item in contingencies
        if not {catalogue.get(hazard, hazard) for hazard in item.hazards}.isdisjoint(found.hazards)
    )


def find_missing_details(
    viewer: Viewer, documents: Documents, *, vault: Vault, stream: Stream, incident_id: str
) -> MissingDetails | None:
    """Returns name and phone of somebody who is looked for, or None when none are kept.

    Args:
        viewer: Who reads: to see names and phones.
        documents: Documents of the event.
        vault: Where they are kept.
        stream: Id of the event's journal.
        incident_id: Which incident.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_personal")
    missing = documents.get(MISSING_PERSON, incident_id)
    body = None if missing is None else vault.find(str(stream), vault_reference(missing))
    return None if body is None else _decode(body)
