# SPDX-License-Identifier: Apache-2.0
"""Notes of those who work on an incident: struck, never deleted; some for the next shift."""

from __future__ import annotations

from typing import Any

from hamkor.agencies.rules import Viewer, may
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_text
from hamkor.incidents.commands.changing import require_reason
from hamkor.incidents.commands.sending import get_incident, require_sender
from hamkor.incidents.facts import INCIDENT_NOTED, NOTE_STRUCK, IncidentNoted, NoteStruck
from hamkor.incidents.rules import (
    IncidentError,
    Note,
    Strike,
    require_acting,
    require_there,
    shown_number,
)
from hamkor.incidents.rules.incidents import NOTES_MAX
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc


def add_note(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    text: str,
    hand_over: bool = False,
) -> Result:
    """Writes a note to an incident; the id of the note is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who writes, when.
        viewer: The same person with their rights; whoever reported an incident may add to it.
        incident_id: Which incident.
        text: The note; no names and no medical details.
        hand_over: True when the next shift must read it.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-not-yours``, ``incident-gone`` or ``too-many-notes``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    require_sender(envelope, viewer, "report_incident")
    cleaned = clean_text(text)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_incident(documents, incident_id)
        if incident.reported_by != viewer.person:
            require_acting(viewer, incident)
        require_there(incident)
        if len(incident.notes) >= NOTES_MAX:
            template = N_("{number} has {most} notes already. Report what is new as an incident of its own.")
            number = shown_number(incident.number)
            raise IncidentError("too-many-notes", template, number=number, most=NOTES_MAX)
        note = Note(
            id=str(envelope.command_id),
            at=in_utc(envelope.at),
            by=envelope.by,
            agency=viewer.agency,
            text=cleaned,
            hand_over=hand_over,
        )
        return [INCIDENT_NOTED(IncidentNoted(id=incident.id, note=note))]

    return perform(store, envelope, decide, content=["add_note", incident_id, cleaned, hand_over])


def strike_note(
    store: Store, envelope: Envelope, *, viewer: Viewer, incident_id: str, note_id: str, reason: str
) -> Result:
    """Strikes one's own note, or as an operator anybody's; it stays readable.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``note-absent``, ``note-not-yours``, ``struck-already`` or
            ``reason-missing``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer, "report_incident")
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_incident(documents, incident_id)
        note = next((note for note in incident.notes if note.id == note_id), None)
        if note is None:
            raise IncidentError("note-absent", N_("There is no such note. Load the page again."))
        if note.by != viewer.person and not may(viewer, "operate"):
            template = N_("Somebody else wrote this note. Ask them or an operator to strike it.")
            raise IncidentError("note-not-yours", template)
        if note.strike is not None:
            raise IncidentError(
                "struck-already", N_("This was struck already. Write it anew if it is needed.")
            )
        strike = Strike(by=envelope.by, at=in_utc(envelope.at), reason=why)
        return [NOTE_STRUCK(NoteStruck(id=incident.id, note=note_id, strike=strike))]

    return perform(store, envelope, decide, content=["strike_note", incident_id, note_id, why])
