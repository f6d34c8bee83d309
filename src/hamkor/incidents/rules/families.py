# SPDX-License-Identifier: Apache-2.0
"""Which incident belongs to which: parents without circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hamkor.common.messages import N_
from hamkor.incidents.rules.incidents import Incident, IncidentError, shown_number


def ancestors_of(incidents: Mapping[str, Incident], incident_id: str | None) -> tuple[str, ...]:
    """Returns an incident and all it belongs to, the nearest first.

    Args:
        incidents: All incidents by id.
        incident_id: Where to begin, or None.
    """
    found: list[str] = []
    while incident_id is not None and incident_id in incidents and incident_id not in found:
        found.append(incident_id)
        incident_id = incidents[incident_id].parent
    return tuple(found)


def children_of(incidents: Iterable[Incident], incident_id: str) -> tuple[Incident, ...]:
    """Returns what belongs to an incident at once, in the order of reporting; merged and struck ones left out."""
    return tuple(item for item in incidents if item.parent == incident_id and not item.is_gone)


def require_parent(incidents: Mapping[str, Incident], parent: str, *, child: str | None = None) -> None:
    """Returns when an incident may belong to another.

    Args:
        incidents: All incidents by id.
        parent: The larger one.
        child: The smaller one, None for one that is being reported.

    Raises:
        IncidentError: ``parent-absent`` or ``parent-circle``.
    """
    found = incidents.get(parent)
    if found is None or found.is_gone:
        template = N_("The larger incident is not there, or was merged or struck. Choose another one.")
        raise IncidentError("parent-absent", template)
    if child is not None and child in ancestors_of(incidents, parent):
        template = N_(
            "{number} belongs to this incident already. One of two can belong to the other, not both."
        )
        raise IncidentError("parent-circle", template, number=shown_number(found.number))


def require_mergeable(incidents: Mapping[str, Incident], *, into: Incident, taken: Incident) -> None:
    """Returns when an incident may take up another.

    Raises:
        IncidentError: ``merge-same``, or ``merge-upwards`` when the one to be taken up is the larger one.
    """
    if into.id == taken.id:
        raise IncidentError("merge-same", N_("Choose two different incidents to merge."))
    if taken.id in ancestors_of(incidents, into.id):
        template = N_("{small} belongs to {large}. Merge {small} into {large}, not the other way.")
        small, large = shown_number(into.number), shown_number(taken.number)
        raise IncidentError("merge-upwards", template, small=small, large=large)
