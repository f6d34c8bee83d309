# SPDX-License-Identifier: Apache-2.0
"""Who may send which command of the operation: rows of the table of all rooms, and what is sent to try them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hamkor.operation import commands
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import AddItem

# Letters as in the table of all rooms: coordinator, planner, liaison, commission, organiser, venue, legal, operator,
# dispatcher, field, controller, auditor; then somebody without a role, and an administrator without one.
TABLE: dict[str, str] = {
    # The coordinator runs the real operation; a controller runs drills, and this one is real.
    "operation.open_operation": "?xxxxxxxxx?x xx",
    "operation.enter_phase": ".xxxxxxxxx?x xx",
    "operation.set_clock": "?xxxxxxxxx?x xx",
    "operation.close_operation": ".xxxxxxxxx?x xx",
    # Operators for all, agencies for their own; this work is the ambulance's.
    "operation.add_job": ".x.x..x..xxx xx",
    "operation.start_job": ".x.x??x..xxx xx",
    "operation.finish_job": ".x.x??x..xxx xx",
    "operation.skip_job": ".x.x??x..xxx xx",
    "operation.reopen_job": ".x.x??x..xxx xx",
    "operation.assign_job": ".x.x??x..xxx xx",
    # People of the agency in the field too; these here are of another.
    "operation.check_in": ".x.x??x..?xx xx",
    "operation.leave_post": ".x.x??x..?xx xx",
    "operation.hear_post": ".x.x??x..?xx xx",
    # Operators, and the agency that decides in the plan.
    "operation.start_contingency": ".x.x??x..xxx xx",
    "operation.end_contingency": ".x.x??x..xxx xx",
    # The agency of the holder, and the coordinator; the others at the console are told who may.
    "operation.order_stop": ".x.x??x??xxx xx",
    "operation.lift_stop": ".x.x??x??xxx xx",
    "operation.tell_link": ".x.x..x..xxx xx",
    "operation.confirm_link": ".x.x..x..xxx xx",
    "operation.announce_stop": ".x.x..x..xxx xx",
    "operation.take_effect": ".x.x..x..xxx xx",
    # Given by one, taken by another of the same agency or an operator.
    "operation.prepare_handover": ".x.x..x..xxx xx",
    "operation.confirm_handover": ".x.x??x..xxx xx",
    "operation.refuse_handover": ".x.x??x..xxx xx",
    # The server itself.
    "operation.plan_jobs": "xxxxxxxxxxxx xx",
    "operation.mark_due": "xxxxxxxxxxxx xx",
    "operation.mark_overdue": "xxxxxxxxxxxx xx",
    "operation.mark_silent": "xxxxxxxxxxxx xx",
}
WITHOUT_A_VIEWER: dict[str, str] = {}

_CONTINGENCY = {
    "id": "crush",
    "title": "Crush",
    "decides": "tty",
    "steps": [{"action": "Stop", "owner": "org"}],
}
_AUTHORITY = {
    "id": "stop",
    "holder": "aid",
    "agency": "tty",
    "may": ["stop_show", "evacuate"],
    "steps": ["aid"],
}


_STOP = {"authority_id": "stop", "action": "evacuate", "confirm": "evacuate", "sign": "Waves"}


def _begun(desk: Any) -> dict[str, str]:
    """Opens an operation with work, stops, a contingency and shifts, sent by somebody else; returns their ids."""
    store, other = desk.store, desk.other
    # Prepared in the name of the ambulance, whose liaison takes it.
    giver = type(other)(person="person:giver", agency="tty", grants=other.grants)

    def begin(name: str, viewer: Any = other, **values: Any) -> str:
        sent = desk.sent(viewer)
        getattr(commands, name)(store, sent, viewer=viewer, **values)
        return str(sent.command_id)

    edits = [AddItem(part="contingencies", body=_CONTINGENCY | {"id": name}) for name in ("crush", "other")]
    edits.append(AddItem(part="stop", body=_AUTHORITY))
    edit_plan(store, desk.sent(other), viewer=other, edits=edits, vault=desk.vault)
    begin("open_operation", mode="real")
    ids = {name: begin("add_job", title="Fence", agency="tty") for name in ("job", "settled", "skipped")}
    begin("finish_job", job_id=ids["settled"])
    return ids | {
        "stop": begin("order_stop", **_STOP),
        "own_word": begin("order_stop", **(_STOP | {"authority_id": None})),
        "run": begin("start_contingency", contingency_id="other"),
        "taken": begin("prepare_handover", giver),
        "refused": begin("prepare_handover", giver),
    }


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns the commands, each with something to say at an operation somebody else has opened.

    Args:
        desk: A desk of the table of all rooms: one person at an event of their own.
    """
    store, viewer = desk.store, desk.viewer

    def send(name: str, **values: Any) -> Callable[[], object]:
        command: Callable[..., object] = getattr(commands, name)
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    begun = _begun(desk)
    return {
        f"operation.{name}": send(name, **values)
        for name, values in {
            "open_operation": {"mode": "real"},
            "enter_phase": {"phase": "show"},
            "set_clock": {"event_at": desk.now + timedelta(hours=1)},
            "add_job": {"title": "Fence", "agency": viewer.agency},
            "start_job": {"job_id": begun["job"]},
            "finish_job": {"job_id": begun["job"]},
            "skip_job": {"job_id": begun["skipped"], "reason": "Because."},
            "reopen_job": {"job_id": begun["settled"], "reason": "Because."},
            "assign_job": {"job_id": begun["settled"], "agency": "tty"},
            "check_in": {"post_id": "aid", "present": 1},
            "leave_post": {"post_id": "aid", "reason": "Because."},
            "hear_post": {"post_id": "aid"},
            "start_contingency": {"contingency_id": "crush"},
            "end_contingency": {"run_id": begun["run"], "reason": "Because."},
            "order_stop": _STOP | {"action": "stop_show", "confirm": "stop_show"},
            "tell_link": {"stop_id": begun["stop"], "index": 0},
            "confirm_link": {"stop_id": begun["stop"], "index": 0},
            "announce_stop": {"stop_id": begun["own_word"]},
            "take_effect": {"stop_id": begun["own_word"]},
            "lift_stop": {"stop_id": begun["stop"], "reason": "Because."},
            "prepare_handover": {},
            "confirm_handover": {"handover_id": begun["taken"]},
            "refuse_handover": {"handover_id": begun["refused"], "reason": "Because."},
            "plan_jobs": {},
            "mark_due": {"job_ids": [begun["job"]]},
            "mark_overdue": {"job_ids": [begun["job"]]},
            "mark_silent": {"post_ids": ["aid"]},
            "close_operation": {"reason": "Because."},
        }.items()
    }
