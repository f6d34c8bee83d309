# SPDX-License-Identifier: Apache-2.0
"""What a live picture reads of a journal: what changed since, or everything. It waits for the database."""

from __future__ import annotations

from uuid import UUID

from hamkor.journal.queries import Store, get_documents, get_head, list_entries
from hamkor.journal.rules import Changes, Documents, evolve_entries

# Above this, the documents of the store cost less than the entries one by one.
CATCH_UP_MAX = 2_000


def read_changes(
    store: Store, stream: UUID, documents: Documents
) -> tuple[list[tuple[int, Changes]], Documents, str] | None:
    """Returns what changed since some documents, and the documents and hash after; None when they must be read anew.

    Args:
        store: Where the journal is kept.
        stream: The event.
        documents: The documents as they were last seen.
    """
    entries = list_entries(store, stream, after=documents.number, limit=CATCH_UP_MAX + 1)
    if len(entries) > CATCH_UP_MAX or any(entry.is_withheld for entry in entries):
        return None
    if not entries:
        return [], documents, get_head(store, stream).hash
    changes = evolve_entries(documents, entries)
    number = entries[-1].number
    numbered = [(entry.number, changed) for entry, changed in zip(entries, changes, strict=True)]
    return numbered, documents.after(changes, number=number), entries[-1].hash


def read_all(store: Store, stream: UUID) -> tuple[Documents, str]:
    """Returns the documents at the head of a journal, and the hash of their last entry."""
    documents = get_documents(store, stream)
    head = get_head(store, stream)
    if head.number == documents.number:
        return documents, head.hash
    last = list_entries(store, stream, after=documents.number - 1, limit=1)
    return documents, last[0].hash if last else ""
