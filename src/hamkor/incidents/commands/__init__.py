# SPDX-License-Identifier: Apache-2.0
"""The verbs of incidents. The id of what a command makes is the command's own id: sent again, it is made once."""

from hamkor.incidents.commands.changing import (
    advance_incident,
    change_incident,
    merge_incidents,
    strike_incident,
)
from hamkor.incidents.commands.details import describe_missing, erase_missing, find_missing, set_medical
from hamkor.incidents.commands.notes import add_note, strike_note
from hamkor.incidents.commands.reporting import link_report, report_incident

__all__ = [
    "add_note",
    "advance_incident",
    "change_incident",
    "describe_missing",
    "erase_missing",
    "find_missing",
    "link_report",
    "merge_incidents",
    "report_incident",
    "set_medical",
    "strike_incident",
    "strike_note",
]
