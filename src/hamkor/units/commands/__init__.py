# SPDX-License-Identifier: Apache-2.0
"""The verbs of units. The id of what a command makes is the command's own id: sent again, it is made once."""

from hamkor.units.commands.dispatching import dispatch_units, reassign_unit, release_unit, set_unit_state
from hamkor.units.commands.planned import register_planned_units
from hamkor.units.commands.registering import change_unit, register_unit, retire_unit
from hamkor.units.commands.rollcalls import (
    answer_roll_call,
    end_roll_call,
    mark_unanswered,
    start_roll_call,
)
from hamkor.units.commands.timing import mark_late

__all__ = [
    "answer_roll_call",
    "change_unit",
    "dispatch_units",
    "end_roll_call",
    "mark_late",
    "mark_unanswered",
    "reassign_unit",
    "register_planned_units",
    "register_unit",
    "release_unit",
    "retire_unit",
    "set_unit_state",
    "start_roll_call",
]
