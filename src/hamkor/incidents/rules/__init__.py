# SPDX-License-Identifier: Apache-2.0
"""What holds of incidents, free of clock, network and database."""

from hamkor.incidents.rules.changing import IncidentFields, missing_facts
from hamkor.incidents.rules.families import children_of
from hamkor.incidents.rules.incidents import (
    GONE_STATES,
    OPEN_STATES,
    SOURCES,
    STATES,
    Affected,
    Incident,
    IncidentError,
    IncidentState,
    LinkedReport,
    MedicalDetail,
    MissingPerson,
    MissingState,
    Note,
    Source,
    Strike,
    Triage,
    shown_number,
)
from hamkor.incidents.rules.nearness import PossibleDuplicate
from hamkor.incidents.rules.progress import (
    TRANSITIONS,
    acts_on,
    require_acting,
    require_operating,
    require_there,
    resolved_id,
)
from hamkor.incidents.rules.types import (
    INCIDENT_CODES,
    INCIDENT_TYPES,
    IncidentCode,
    IncidentType,
    Priority,
    Prompt,
    type_of,
)

__all__ = [
    "GONE_STATES",
    "INCIDENT_CODES",
    "INCIDENT_TYPES",
    "OPEN_STATES",
    "SOURCES",
    "STATES",
    "TRANSITIONS",
    "Affected",
    "Incident",
    "IncidentCode",
    "IncidentError",
    "IncidentFields",
    "IncidentState",
    "IncidentType",
    "LinkedReport",
    "MedicalDetail",
    "MissingPerson",
    "MissingState",
    "Note",
    "PossibleDuplicate",
    "Priority",
    "Prompt",
    "Source",
    "Strike",
    "Triage",
    "acts_on",
    "children_of",
    "missing_facts",
    "require_acting",
    "require_operating",
    "require_there",
    "resolved_id",
    "shown_number",
    "type_of",
]
