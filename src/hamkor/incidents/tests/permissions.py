# SPDX-License-Identifier: Apache-2.0
"""Who may send which command of incidents, for the table of all rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamkor.incidents import commands as incidents
from hamkor.incidents.rules.details import MissingDetails

# Letters and order of roles as in `tests/test_permissions_of_commands.py`. The incident is of an agency nobody here
# acts for: liaison, organiser and venue are refused for it (?) and not for lack of the right.
TABLE: dict[str, str] = {
    "incidents.report_incident": "...x..x...xx xx",
    "incidents.link_report": "...x..x...xx xx",
    "incidents.change_incident": ".x?x??x..xxx xx",
    "incidents.advance_incident": ".x?x??x..xxx xx",
    "incidents.merge_incidents": ".x?x??x..xxx xx",
    "incidents.strike_incident": ".x?x??x..xxx xx",
    "incidents.add_note": ".??x??x..?xx xx",
    "incidents.strike_note": ".??x??x..?xx xx",
    "incidents.set_medical": "xx.xxxxx.xxx xx",
    "incidents.describe_missing": ".x?x??x..xxx xx",
    "incidents.find_missing": ".x?x??x..xxx xx",
    "incidents.erase_missing": ".xxxxxxxxxxx xx",
}

WITHOUT_A_VIEWER: dict[str, str] = {}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns the commands of incidents, each about something another person reported."""
    store, viewer, other = desk.store, desk.viewer, desk.other

    def reported(text: str) -> str:
        sent = desk.sent(other)
        incidents.report_incident(store, sent, viewer=other, text=text, agency="mg")
        return str(sent.command_id)

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    one, into, taken, struck = (reported(text) for text in ("Push.", "Fall.", "The same.", "Nothing."))
    note = desk.sent(other)
    incidents.add_note(store, note, viewer=other, incident_id=one, text="Note.")
    details = {"details": MissingDetails(name="Invented"), "vault": desk.vault}
    described = desk.sent(other)
    incidents.describe_missing(store, described, viewer=other, incident_id=into, age="6", **details)
    strike = {"incident_id": one, "note_id": str(note.command_id), "reason": "Wrong."}
    erase = {"incident_id": into, "vault": desk.vault, "reason": "Found."}
    return {
        "incidents.report_incident": send(incidents.report_incident, text="Push."),
        "incidents.link_report": send(incidents.link_report, incident_id=one, text="The same."),
        "incidents.change_incident": send(incidents.change_incident, incident_id=one, fields={"priority": 1}),
        "incidents.advance_incident": send(incidents.advance_incident, incident_id=one, state="assessed"),
        "incidents.merge_incidents": send(incidents.merge_incidents, into_id=one, from_id=taken),
        "incidents.strike_incident": send(incidents.strike_incident, incident_id=struck, reason="None."),
        "incidents.add_note": send(incidents.add_note, incident_id=one, text="Note."),
        "incidents.strike_note": send(incidents.strike_note, **strike),
        "incidents.set_medical": send(incidents.set_medical, incident_id=one, patients=1),
        "incidents.describe_missing": send(incidents.describe_missing, incident_id=into, age="7"),
        "incidents.find_missing": send(incidents.find_missing, incident_id=into, state="found"),
        "incidents.erase_missing": send(incidents.erase_missing, **erase),
    }
