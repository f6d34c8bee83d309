# SPDX-License-Identifier: Apache-2.0
"""People at their desks: editors with rights, a store, a vault, and an event to plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hamkor.agencies.rules import AgencyCode, Grant, Role, Viewer
from hamkor.common.ids import new_id
from hamkor.events.rules import Event
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, Envelope
from hamkor.journal.vault import MemoryVault
from hamkor.plans.commands import EditResult, edit_plan, undo
from hamkor.plans.rules.edits import AddItem, Edit, RemoveItem, SetFields

EXAMPLES = Path(__file__).parents[4] / "examples"
FOLDERS = sorted(path for path in (EXAMPLES / "cases").iterdir() if path.is_dir())
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
STREAM = "11111111-1111-7111-8111-111111111111"
EVENT = Event(format="hamkor-event-1", id="fair", name="Fair", kind="fair")


def person(role: Role, agency: AgencyCode, *, name: str = "") -> Viewer:
    return Viewer(
        person=f"person:{name or role}-{agency}", agency=agency, grants=(Grant(role=role, agency=agency),)
    )


COORDINATOR = person("coordinator", "hok")
PLANNER = person("planner", "iib")
LIAISON = person("liaison", "tty")
ORGANISER = person("organiser", "org")


class Desk:
    """A plan with people who change it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.vault = MemoryVault()
        self.at = NOW

    def envelope(self, viewer: Viewer = PLANNER, *, command_id: UUID | None = None) -> Envelope:
        self.at += timedelta(seconds=1)
        return Envelope(
            stream=STREAM,
            command_id=command_id or new_id(self.at),
            at=self.at,
            by=viewer.person,
            agency=viewer.agency,
        )

    def edit(self, *edits: Edit, viewer: Viewer = PLANNER) -> EditResult:
        return edit_plan(self.store, self.envelope(viewer), viewer=viewer, edits=edits, vault=self.vault)

    def add(self, part: str, viewer: Viewer = PLANNER, **body: Any) -> EditResult:
        return self.edit(AddItem(part=part, body=body), viewer=viewer)

    def set(
        self,
        part: str,
        item: str | None = None,
        /,
        *,
        viewer: Viewer = PLANNER,
        seen: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> EditResult:
        return self.edit(SetFields(part=part, id=item, fields=fields, seen=dict(seen or {})), viewer=viewer)

    def remove(self, part: str, item: str | None = None, *, viewer: Viewer = PLANNER) -> EditResult:
        return self.edit(RemoveItem(part=part, id=item), viewer=viewer)

    def undo(self, done: EditResult, *, viewer: Viewer = PLANNER) -> EditResult:
        return undo(
            self.store,
            self.envelope(viewer),
            viewer=viewer,
            command_id=done.result.entries[0].command_id,
        )

    def documents(self) -> Documents:
        return get_documents(self.store, STREAM)

    def get(self, kind: str, item: str | None = None) -> Any:
        return self.documents().get(kind, item or kind)


def contents(documents: Documents) -> dict[tuple[str, str], Any]:
    """Returns documents without the order in which they first appeared."""
    return dict(documents.items())


def facts_of(done: EditResult) -> Sequence[str]:
    return [entry.type for entry in done.result.entries]
