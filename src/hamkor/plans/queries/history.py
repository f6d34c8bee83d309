# SPDX-License-Identifier: Apache-2.0
"""Who changed what in a plan, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hamkor.agencies.rules import Viewer, require
from hamkor.journal.queries import Store
from hamkor.journal.rules import Entry, Key, Stream, WorkingDocuments, get_fact_type, read_fact
from hamkor.plans.rules.changes import Change, changes_of
from hamkor.plans.rules.concern import PLAN_KINDS

LINES_USUAL = 100
_PLAN_KINDS = frozenset(PLAN_KINDS)


class HistoryLine(Struct, frozen=True):
    """What one command changed in a plan.

    Args:
        number: Number of its last entry.
        first: Number of its first entry.
        at: Moment of recording, aware, UTC.
        by: Reference to the person or rule that acted.
        agency: Agency acted for, or None.
        command_id: Id of the command.
        cause: What led to it: the command that was undone, or None.
        changes: What differed after it.
    """

    number: int
    first: int
    at: datetime
    by: str
    agency: str | None
    command_id: UUID
    cause: UUID | int | None
    changes: tuple[Change, ...]


def get_history(
    store: Store,
    stream: Stream,
    *,
    viewer: Viewer,
    kind: str | None = None,
    id: str | None = None,
    limit: int = LINES_USUAL,
    before_number: int | None = None,
) -> list[HistoryLine]:
    """Returns what was changed, newest first; commands that changed nothing are left out.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        viewer: Who asks.
        kind: Kind of document, such as `duty`; every kind of a plan when None.
        id: Id of one document of that kind; all of them when None.
        limit: Most lines to return.
        before_number: Only commands that ended before this entry, to read on; the newest when None.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    until = None if before_number is None else max(before_number - 1, 0)
    entries = store.list_entries(str(stream), until=until)
    lines = list(history_of(entries, kind=kind, document_id=id))
    return lines[::-1][: max(limit, 0)]


def history_of(
    entries: Iterable[Entry], *, kind: str | None = None, document_id: str | None = None
) -> Iterator[HistoryLine]:
    """Yields what each command changed, oldest first, in one pass over the entries.

    Args:
        entries: Entries from number 1 on.
        kind: Kind of document; every kind of a plan when None.
        document_id: Id of one document of that kind; all of them when None.
    """
    working = WorkingDocuments()
    for command in _commands(entries):
        states = _evolve(working, command, kind, document_id)
        changes = tuple(
            change
            for (each, key), (before, after) in states.items()
            for change in changes_of(each, key, before=before, after=after)
        )
        if changes:
            first, last = command[0], command[-1]
            yield HistoryLine(
                last.number,
                first.number,
                last.at,
                last.by,
                last.agency,
                last.command_id,
                last.cause,
                changes,
            )


def _commands(entries: Iterable[Entry]) -> Iterator[Sequence[Entry]]:
    """Yields the entries of each command together."""
    command: list[Entry] = []
    for entry in entries:
        if command and command[0].command_id != entry.command_id:
            yield command
            command = []
        command.append(entry)
    if command:
        yield command


def _evolve(
    working: WorkingDocuments, command: Sequence[Entry], kind: str | None, document_id: str | None
) -> dict[Key, tuple[Struct | None, Struct | None]]:
    """Brings documents up to date and returns those of a plan that were touched, before and after.

    Notes:
        A fact of a plan changes documents of its own kind only, so that the others need not be read.
    """
    states: dict[Key, tuple[Struct | None, Struct | None]] = {}
    for entry in command:
        about = get_fact_type(entry.type).kind
        if entry.is_withheld or (kind is not None and about in _PLAN_KINDS and about != kind):
            continue
        fact = read_fact(entry)
        changed = fact.type.evolve(working, fact)
        for key, document in changed.items():
            is_asked = key[0] in _PLAN_KINDS if kind is None else key[0] == kind
            if is_asked and (document_id is None or key[1] == document_id):
                before = states[key][0] if key in states else working.get(*key)
                states[key] = (before, document)
        working.apply(changed)
    return states


def find_last_change(
    lines: Sequence[HistoryLine], *, kind: str, document_id: str, path: str
) -> HistoryLine | None:
    """Returns the newest line that touched a field, or something inside or around it.

    Args:
        lines: Lines, oldest first.
        kind: Kind of the document.
        document_id: Its id.
        path: The field.
    """
    for line in reversed(lines):
        for change in line.changes:
            if (change.kind, change.id) == (kind, document_id) and _overlap(change.path, path):
                return line
    return None


def _overlap(one: str, other: str) -> bool:
    return not one or not other or f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
