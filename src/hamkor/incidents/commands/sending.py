# SPDX-License-Identifier: Apache-2.0
"""What all verbs of incidents share: who sends, what is found, what is refused."""

from __future__ import annotations

from hamkor.agencies.rules import Right, Viewer, require, require_same
from hamkor.common.messages import N_
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.rules import Incident, IncidentError, require_acting, require_operating, require_there
from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents


def require_sender(envelope: Envelope, viewer: Viewer, right: Right | None = None) -> None:
    """Returns when the sender is the person looked at, and has the right.

    Args:
        envelope: Who sends.
        viewer: The person looked at.
        right: The right; that to act at the console, for everybody or for a party, when None.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    if right is None:
        require_operating(viewer)
    else:
        require(viewer, right)


def by_id(documents: Documents) -> dict[str, Incident]:
    """Returns all incidents by id."""
    return {incident.id: incident for incident in documents.all(INCIDENT)}


def get_incident(documents: Documents, incident_id: str) -> Incident:
    """Returns what a verb is about.

    Raises:
        IncidentError: ``incident-absent``, when there is no such incident.
    """
    found = documents.get(INCIDENT, incident_id)
    if found is None:
        template = N_("There is no such incident. Load the page again.")
        raise IncidentError("incident-absent", template, id=incident_id)
    return found


def get_own(documents: Documents, incident_id: str, viewer: Viewer) -> Incident:
    """Returns an incident the person may change, neither merged nor struck.

    Raises:
        IncidentError: ``incident-absent``, ``incident-not-yours`` or ``incident-gone``.
    """
    found = get_incident(documents, incident_id)
    require_acting(viewer, found)
    require_there(found)
    return found
