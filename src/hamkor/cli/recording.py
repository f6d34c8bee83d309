# SPDX-License-Identifier: Apache-2.0
"""Recording a folder as an event's journal in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hamkor.common.ids import new_id
from hamkor.folder.queries import read_folder
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan


class Recorded(msgspec.Struct, frozen=True):
    """A plan and its journal.

    Args:
        plan: The plan, with names.
        number: Number of entries.
        hash: Head of the chain.
        lines: The journal as JSON Lines.
    """

    plan: Plan
    number: int
    hash: str
    lines: bytes


def record_folder(path: Path) -> Recorded:
    """Returns a folder's plan recorded in a new journal.

    Raises:
        FolderUnusableError: The folder cannot be used.
    """
    plan = read_folder(path)
    now = datetime.now(UTC)
    store = MemoryStore()
    stream = str(new_id(now))
    envelope = Envelope(
        stream=stream, command_id=new_id(now), at=now, by=f"person:{new_id(now)}", agency="org"
    )
    result = record_plan(store, envelope, plan=plan)
    return Recorded(plan, result.number, result.hash, export_journal(store, stream))
