# SPDX-License-Identifier: Apache-2.0
"""What the forms for work, units, the clock of a drill and the end of a session say."""

from __future__ import annotations

from hamkor.common.messages import N_

JOBS: dict[str, str] = {
    "job.many": N_("Tasks"),
    "job.add": N_("Add a task"),
    "job.add_title": N_("A task that is not in the plan"),
    "job.added": N_("Task added: {title}"),
    "job.what": N_("What is to be done"),
    "job.agency": N_("Who does it"),
    "job.agency_later": N_("not said yet"),
    "job.due_in": N_("Due in how many minutes"),
    "job.due_hint": N_(
        "Minutes of real time, as with the steps of a contingency card. Empty: no time limit."
    ),
    "job.incident": N_("Belongs to an incident"),
    "job.incident_hint": N_("Number or title; empty for none"),
    "job.give": N_("Give"),
    "job.give_that": N_("Give to somebody: {title}"),
    "job.give_title": N_("Who is to do it"),
    "job.given": N_("{title}: given to {whom}"),
    "job.gone": N_("This task is not there any more."),
    "job.post": N_("Post"),
    "job.post_hint": N_("Empty for none"),
    "job.person": N_("Person of the plan"),
    "job.person_hint": N_("Empty for none"),
}
UNITS: dict[str, str] = {
    "unit.change_that": N_("Change {unit}"),
    "unit.changed": N_("{unit} is changed"),
    "unit.gone": N_("This unit is not in service any more."),
    "unit.home": N_("Where it waits"),
    "unit.leave_post": N_("Belongs to no post"),
    "unit.move": N_("Move to another incident"),
    "unit.works_for": N_("Works for"),
    "unit.move_to": N_("To which incident"),
    "unit.do_move": N_("Send there now"),
    "unit.move_here": N_("Move here"),
    "unit.moved": N_("{unit} is sent to {number} instead"),
    "unit.end": N_("End of its service"),
    "unit.retire": N_("Take out of service"),
    "unit.retire_hint": N_("It is listed and proposed no more; what it did stays in the record."),
    "unit.ask_retire": N_("Why is {unit} taken out of service?"),
    "unit.retired": N_("{unit} is out of service"),
}
CLOCK: dict[str, str] = {
    "drill.clock": N_("Clock of the drill"),
    "drill.clock_says": N_("Work of the plan moves with it. In a real operation nobody can set the clock."),
    "drill.jump": N_("Jump to"),
    "drill.stay": N_("stay where it is"),
    "drill.at_doors_open_at": N_("opening of the doors, {time}"),
    "drill.at_starts_at": N_("beginning, {time}"),
    "drill.at_ends_at": N_("end, {time}"),
    "drill.at_clear_by": N_("venue empty, {time}"),
    "drill.time": N_("Or to this time of the same day"),
    "drill.pace": N_("Pace"),
    "drill.pace_of": N_("{count} times as fast"),
    "drill.pace_real": N_("as in reality"),
    "drill.set": N_("Set the clock"),
}
KEYS: dict[str, str] = {
    "keys.report": N_("Situation report of the last hour"),
    "keys.report_shift": N_("Situation report of the shift"),
    "keys.task": N_("Add a task"),
    "keys.replay": N_("Show the past"),
    "missing.erase": N_("Erase the name and the phone"),
    "missing.ask_erase": N_("Why are the name and the phone erased?"),
    "missing.erase_hint": N_("This cannot be undone. That and when it was done stays in the record."),
    "missing.erased": N_("Name and phone are erased"),
}
FORMS: dict[str, str] = {**JOBS, **UNITS, **CLOCK, **KEYS}
