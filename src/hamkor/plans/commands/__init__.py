# SPDX-License-Identifier: Apache-2.0
"""What people do to a plan."""

from hamkor.plans.commands.begin import create_event, import_plan
from hamkor.plans.commands.conflicts import Conflict, EditResult
from hamkor.plans.commands.details import Vault, erase_person, list_details
from hamkor.plans.commands.edit import edit_plan
from hamkor.plans.commands.record import EventAlreadyRecordedError, record_plan
from hamkor.plans.commands.undo import undo

__all__ = [
    "Conflict",
    "EditResult",
    "EventAlreadyRecordedError",
    "Vault",
    "create_event",
    "edit_plan",
    "erase_person",
    "import_plan",
    "list_details",
    "record_plan",
    "undo",
]
