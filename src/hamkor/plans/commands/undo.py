# SPDX-License-Identifier: Apache-2.0
"""Taking one command back: what was changed since is left alone and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hamkor.agencies.rules import NotAllowedError, Viewer, require_same
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Store, perform
from hamkor.journal.queries import get_documents, list_entries
from hamkor.journal.rules import Documents, Entry, Fact, Key, evolve_entries
from hamkor.plans.commands.conflicts import EditResult, Seen, changes_made, name_conflicts
from hamkor.plans.commands.edit import decide_draft
from hamkor.plans.rules.changes import Change, changes_of
from hamkor.plans.rules.concern import PLAN_KINDS
from hamkor.plans.rules.undoing import draft_inverse


def undo(store: Store, envelope: Envelope, *, viewer: Viewer, command_id: UUID) -> EditResult:
    """Takes one earlier command back, in a new one whose cause it is; undoing that one does it again.

    Args:
        store: Where the journal is kept.
        envelope: Who undoes, and when; its cause becomes the command undone.
        viewer: The same person. Coordinators may undo what anybody did, others what they did themselves.
        command_id: The command to take back.

    Returns:
        What was done; `conflicts` are the fields that were changed since and stay as they are. Names and phones are
        not in the journal and stay as they are too.

    Raises:
        HamkorError: ``command-unknown``; ``nothing-to-undo``; ``beginning-not-undone``, for the command the event
            began with.
        NotAllowedError: ``not-allowed``, for somebody else's command or an item that is not the person's to change.
    """
    require_same(envelope, viewer)
    stream = str(envelope.stream)
    envelope = msgspec.structs.replace(envelope, cause=command_id)
    changes = _changes_to_undo(store, stream, command_id, viewer)
    seen = Seen()

    def decide(documents: Documents) -> list[Fact[Any]]:
        seen.keep(documents)
        draft = draft_inverse(documents, changes)
        return decide_draft(draft, documents, viewer=viewer)

    result = perform(store, envelope, decide, content=["undo", str(command_id)])
    before = seen.before(store, stream, result)
    doubts = draft_inverse(before, changes).doubts
    return EditResult(
        result, name_conflicts(store, stream, doubts, before=before), changes_made(before, result)
    )


def _changes_to_undo(store: Store, stream: str, command_id: UUID, viewer: Viewer) -> tuple[Change, ...]:
    entries = [entry for entry in list_entries(store, stream) if entry.command_id == command_id]
    if not entries:
        raise HamkorError("command-unknown", N_("There is no such change in this plan."))
    if entries[0].by != viewer.person and "coordinator" not in viewer.roles:
        raise NotAllowedError(viewer, "finalise")
    changes = _changes_by(store, stream, entries)
    if not changes:
        raise HamkorError("nothing-to-undo", N_("This command changed nothing in the plan."))
    if any(change.kind == "event" and not change.path for change in changes):
        template = N_("The event began with this. It cannot be taken back.")
        raise HamkorError("beginning-not-undone", template)
    return changes


def _changes_by(store: Store, stream: str, entries: Sequence[Entry]) -> tuple[Change, ...]:
    """Returns what a command changed in the plan; what withheld entries said is not known and left out."""
    readable = [entry for entry in entries if not entry.is_withheld]
    before = get_documents(store, stream, until=entries[0].number - 1)
    touched = evolve_entries(before, readable)
    after = before.after(touched)
    keys: Mapping[Key, None] = dict.fromkeys(
        key for change in touched for key in change if key[0] in PLAN_KINDS
    )
    return tuple(
        change for key in keys for change in changes_of(*key, before=before.get(*key), after=after.get(*key))
    )
