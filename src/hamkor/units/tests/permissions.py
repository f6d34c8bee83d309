# SPDX-License-Identifier: Apache-2.0
"""Who may send which command of units, for the table of all rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamkor.incidents.commands import report_incident
from hamkor.units import commands as units

# Letters and order of roles as in `tests/test_permissions_of_commands.py`. The units are of an agency nobody here acts
# for: liaison, organiser, venue and field are refused for them (?) and not for lack of the right.
TABLE: dict[str, str] = {
    "units.register_unit": ".x?x??x..xxx xx",
    "units.register_planned_units": ".x.x??x..xxx xx",
    "units.change_unit": ".x?x??x..xxx xx",
    "units.retire_unit": ".x?x??x..xxx xx",
    "units.dispatch_units": ".x?x??x..xxx xx",
    "units.reassign_unit": ".x?x??x..xxx xx",
    "units.set_unit_state": ".x?x??x..?xx xx",
    "units.release_unit": ".x?x??x..?xx xx",
    "units.start_roll_call": ".x?x??x..xxx xx",
    "units.answer_roll_call": ".x?x??x..?xx xx",
    "units.end_roll_call": ".x?x??x..xxx xx",
    "units.mark_late": "xxxxxxxxxxxx xx",
    "units.mark_unanswered": "xxxxxxxxxxxx xx",
}

WITHOUT_A_VIEWER: dict[str, str] = {}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns the commands of units, each about something another person registered, sent or asked."""
    store, viewer, other = desk.store, desk.viewer, desk.other

    def registered(call_sign: str) -> str:
        sent = desk.sent(other)
        units.register_unit(store, sent, viewer=other, call_sign=call_sign, agency="mg")
        return str(sent.command_id)

    def reported(text: str) -> str:
        sent = desk.sent(other)
        report_incident(store, sent, viewer=other, text=text, agency="mg")
        return str(sent.command_id)

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    free, moving, sent_out, released, retired = (registered(f"MG-{number}") for number in range(5))
    first, second = reported("Push."), reported("Fall.")
    away = [moving, sent_out, released]
    units.dispatch_units(store, desk.sent(other), viewer=other, incident_id=first, unit_ids=away)
    roll_call = desk.sent(other)
    units.start_roll_call(store, roll_call, viewer=other)
    asked = {"roll_call_id": str(roll_call.command_id)}
    own = {"call_sign": "OWN-1", "agency": "iib"}
    return {
        "units.register_unit": send(units.register_unit, **own),
        "units.register_planned_units": send(units.register_planned_units),
        "units.change_unit": send(units.change_unit, unit_id=free, fields={"size": 4}),
        "units.retire_unit": send(units.retire_unit, unit_id=retired),
        "units.dispatch_units": send(units.dispatch_units, incident_id=first, unit_ids=[free]),
        "units.reassign_unit": send(units.reassign_unit, unit_id=sent_out, incident_id=second),
        "units.set_unit_state": send(units.set_unit_state, unit_id=moving, state="en_route"),
        "units.release_unit": send(units.release_unit, unit_id=released),
        "units.start_roll_call": send(units.start_roll_call, scope={"units": [free]}),
        "units.answer_roll_call": send(units.answer_roll_call, unit_id=moving, answer="ok", **asked),
        "units.end_roll_call": send(units.end_roll_call, reason="All seen.", **asked),
        "units.mark_late": send(units.mark_late, unit_ids=[moving]),
        "units.mark_unanswered": send(units.mark_unanswered, roll_call_ids=[asked["roll_call_id"]]),
    }
