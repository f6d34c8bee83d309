# SPDX-License-Identifier: Apache-2.0
"""Fields that somebody else changed meanwhile: told with both values, never refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from hamkor.journal.commands import Result, Store
from hamkor.journal.queries import get_documents, list_entries
from hamkor.journal.rules import Documents, evolve_entries
from hamkor.plans.queries.history import HistoryLine, find_last_change, history_of
from hamkor.plans.rules.changes import Change, changes_of
from hamkor.plans.rules.concern import PLAN_KINDS
from hamkor.plans.rules.drafting import Doubt


class Conflict(Struct, frozen=True):
    """A field that was not as the editor saw it. Both values are in the history.

    Args:
        kind: Kind of the document.
        id: Its id.
        path: Field inside it; empty when the document itself is gone or there again.
        seen: Value the editor saw; for an undo, the value the undone command gave.
        theirs: Value that stood there.
        yours: Value the editor gave. It stands now, except at an empty path and in an undo, where theirs stays.
        by: Who gave theirs; None when the journal does not tell.
        agency: Agency they acted for.
        at: When.
        number: Number of the entry.
    """

    kind: str
    id: str
    path: str
    seen: Any
    theirs: Any
    yours: Any
    by: str | None = None
    agency: str | None = None
    at: datetime | None = None
    number: int | None = None


class EditResult(Struct, frozen=True):
    """What an edit did.

    Args:
        result: What was appended.
        conflicts: Fields that somebody else had changed meanwhile.
        changes: What differs now.
    """

    result: Result
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]


class Seen:
    """The documents a command decided on, kept so that they need not be folded again."""

    def __init__(self) -> None:
        self._documents: Documents | None = None

    def keep(self, documents: Documents) -> None:
        """Keeps the documents of the newest try; an earlier one does not count."""
        self._documents = documents

    def before(self, store: Store, stream: str, result: Result) -> Documents:
        """Returns the documents a command decided on, also when it was performed at an earlier sending."""
        number = result.entries[0].number - 1 if result.entries else result.number
        if self._documents is not None and self._documents.number == number:
            return self._documents
        return get_documents(store, stream, until=number)

    def is_repeated(self, result: Result) -> bool:
        """True when the command had been performed at an earlier sending."""
        number = result.entries[0].number - 1 if result.entries else result.number
        return self._documents is None or self._documents.number != number


def changes_made(before: Documents, result: Result) -> tuple[Change, ...]:
    """Returns what a command changed in a plan."""
    touched = list(evolve_entries(before, result.entries))
    after = before.after(touched)
    keys = dict.fromkeys(key for change in touched for key in change if key[0] in PLAN_KINDS)
    return tuple(
        change for key in keys for change in changes_of(*key, before=before.get(*key), after=after.get(*key))
    )


def name_conflicts(
    store: Store, stream: str, doubts: Sequence[Doubt], *, before: Documents
) -> tuple[Conflict, ...]:
    """Returns the fields in doubt with who changed them last, and when.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        doubts: The fields.
        before: The documents they were compared with.
    """
    if not doubts:
        return ()
    kinds = {doubt.kind for doubt in doubts}
    only = next(iter(kinds)) if len(kinds) == 1 else None
    lines = list(history_of(list_entries(store, stream, until=before.number), kind=only))
    return tuple(_conflict(doubt, lines) for doubt in doubts)


def _conflict(doubt: Doubt, lines: Sequence[HistoryLine]) -> Conflict:
    line = find_last_change(lines, kind=doubt.kind, document_id=doubt.id, path=doubt.path)
    told = Conflict(doubt.kind, doubt.id, doubt.path, doubt.seen, doubt.theirs, doubt.yours)
    if line is None:
        return told
    return msgspec.structs.replace(told, by=line.by, agency=line.agency, at=line.at, number=line.number)
