# SPDX-License-Identifier: Apache-2.0
"""Changes: of fields, of the state, merging two incidents that are one, striking one that was none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.common.messages import N_, Message
from hamkor.discussions.rules import clean_reason
from hamkor.incidents.commands.alarming import Report, raised_by
from hamkor.incidents.commands.sending import by_id, get_own, require_sender
from hamkor.incidents.facts import (
    INCIDENT,
    INCIDENT_ADVANCED,
    INCIDENT_CHANGED,
    INCIDENT_MERGED,
    INCIDENT_STRUCK,
    MISSING_PERSON,
    IncidentAdvanced,
    IncidentChanged,
    IncidentMerged,
    IncidentStruck,
)
from hamkor.incidents.rules import (
    Incident,
    IncidentError,
    IncidentFields,
    IncidentState,
    Strike,
    children_of,
    missing_facts,
    shown_number,
)
from hamkor.incidents.rules.changing import (
    changed,
    clean_fields,
    clean_optional,
    differing,
    given,
    read_fields,
    with_priority,
)
from hamkor.incidents.rules.families import require_mergeable, require_parent
from hamkor.incidents.rules.incidents import ANSWER_MAX
from hamkor.incidents.rules.merging import merged
from hamkor.incidents.rules.progress import LACKS, lacks_to_close, require_transition
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import clean_place


def change_incident(
    store: Store, envelope: Envelope, *, viewer: Viewer, incident_id: str, fields: Mapping[str, Any]
) -> Result:
    """Changes some fields of an incident; what others change at the same moment in other fields stays.

    Args:
        store: Where the journal is kept.
        envelope: Who changes it, when.
        viewer: The same person with their rights.
        incident_id: Which incident.
        fields: New values by field, as in `IncidentFields`: answers, counts and parties are merged one by one.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone``, ``field-malformed``,
            ``agency-nobody``, ``too-many-answers``, ``parent-absent`` or ``parent-circle``.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``.

    Notes:
        The former value of what matters stays readable in the incident, of everything in the journal.
    """
    require_sender(envelope, viewer)
    asked = clean_fields(read_fields(fields, IncidentFields))

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_own(documents, incident_id, viewer)
        wanted = _placed(documents, asked)
        if isinstance(wanted.parent, str):
            require_parent(by_id(documents), wanted.parent, child=incident.id)
        differs = with_priority(incident, differing(incident, wanted))
        if not given(differs):
            return []
        at = in_utc(envelope.at)
        after = changed(incident, differs, at=at, by=envelope.by)
        raised, alarms = _raised_by_change(documents, after, differs, at=at)
        body = IncidentChanged(
            id=incident.id,
            at=at,
            by=envelope.by,
            fields=differs,
            missing_facts=missing_facts(after),
            alarms=alarms,
        )
        return [INCIDENT_CHANGED(body), *raised]

    sent = [incident_id, msgspec.to_builtins(asked)]
    return perform(store, envelope, decide, content=["change_incident", *sent])


def advance_incident(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    state: IncidentState,
    outcome: str | None = None,
    reason: str | None = None,
) -> Result:
    """Brings an incident to another state.

    Args:
        store: Where the journal is kept.
        envelope: Who does it, when.
        viewer: The same person with their rights.
        incident_id: Which incident.
        state: Where it goes; states may be left out, and some lead back.
        outcome: How it ended, when it is resolved or closed.
        reason: Why it is closed although something is missing, or why a closed one is opened again.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone``, ``transition-impossible``,
            ``reason-missing``; ``incident-unfinished``, naming what is missing to close it.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer)
    ended = clean_optional(outcome, ANSWER_MAX)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_own(documents, incident_id, viewer)
        if incident.state == state:
            return []
        require_transition(incident, state)
        if state == "closed" and why is None:
            _require_finished(documents, incident, outcome=ended)
        if incident.state == "closed" and why is None:
            template = N_("{number} is closed. Say why it is opened again.")
            raise IncidentError("reason-missing", template, number=shown_number(incident.number))
        body = IncidentAdvanced(
            id=incident.id, at=in_utc(envelope.at), by=envelope.by, state=state, outcome=ended, reason=why
        )
        return [INCIDENT_ADVANCED(body)]

    return perform(store, envelope, decide, content=["advance_incident", incident_id, state, ended, why])


def merge_incidents(
    store: Store, envelope: Envelope, *, viewer: Viewer, into_id: str, from_id: str
) -> Result:
    """Merges an incident into another that is the same; both numbers stay readable.

    Args:
        store: Where the journal is kept.
        envelope: Who merges them, when.
        viewer: The same person with their rights, to change both.
        into_id: The one that stands.
        from_id: The one it takes up, with its reports, notes, units and alarms.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone``, ``merge-same``,
            ``merge-upwards``; ``merge-into-ended``, when the one that stands is over and the other is not.
    """
    require_sender(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        into, taken = get_own(documents, into_id, viewer), get_own(documents, from_id, viewer)
        require_mergeable(by_id(documents), into=into, taken=taken)
        if taken.is_open and not into.is_open:
            template = N_("{number} is over, the other is not. Open {number} again, or merge the other way.")
            raise IncidentError("merge-into-ended", template, number=shown_number(into.number))
        body = IncidentMerged(
            id=into.id,
            taken=taken.id,
            at=in_utc(envelope.at),
            by=envelope.by,
            missing_facts=missing_facts(merged(into, taken)),
        )
        return [INCIDENT_MERGED(body)]

    return perform(store, envelope, decide, content=["merge_incidents", into_id, from_id])


def strike_incident(
    store: Store, envelope: Envelope, *, viewer: Viewer, incident_id: str, reason: str
) -> Result:
    """Strikes an incident that was none; it stays readable under its number.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone``, ``reason-missing``;
            ``incident-has-units``, while units are sent to it.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_own(documents, incident_id, viewer)
        if incident.units:
            template = N_("Units are sent to {number}. Release them first, then strike it.")
            raise IncidentError("incident-has-units", template, number=shown_number(incident.number))
        strike = Strike(by=envelope.by, at=in_utc(envelope.at), reason=why)
        return [INCIDENT_STRUCK(IncidentStruck(id=incident.id, strike=strike))]

    return perform(store, envelope, decide, content=["strike_incident", incident_id, why])


def require_reason(reason: str | None) -> str:
    """Returns a reason as it is kept.

    Raises:
        IncidentError: ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    why = clean_reason(reason)
    if why is None:
        raise IncidentError("reason-missing", N_("Say why. Whoever reads this later has to understand it."))
    return why


def _placed(documents: Documents, fields: IncidentFields) -> IncidentFields:
    values = given(fields)
    if "place" not in values:
        return fields
    return msgspec.structs.replace(fields, place=clean_place(documents, values["place"]))


def _raised_by_change(
    documents: Documents, after: Incident, fields: IncidentFields, *, at: datetime
) -> tuple[list[Fact[Any]], tuple[str, ...]]:
    """Returns what new words raise; a changed type or priority is no new report."""
    words = given(fields)
    more = (words.get("title", ""), *filter(None, words.get("known", {}).values()))
    text = words.get("text", "")
    if not text and not any(more):
        return [], ()
    report = Report(id=after.id, text=text, place=after.place, at=at, type=after.type, is_new=False)
    return raised_by(documents, report, more=more)


def _require_finished(documents: Documents, incident: Incident, *, outcome: str | None) -> None:
    open_children = sum(
        child.state != "closed" for child in children_of(documents.all(INCIDENT), incident.id)
    )
    missing = documents.get(MISSING_PERSON, incident.id)
    lacking = lacks_to_close(incident, outcome=outcome, open_children=open_children, missing=missing)
    if lacking:
        template = N_(
            "{number} cannot be closed yet: {missing} is missing. Give it, or say why you close it."
        )
        raise IncidentError(
            "incident-unfinished",
            template,
            number=shown_number(incident.number),
            missing=[Message(LACKS[name]) for name in lacking],
        )
