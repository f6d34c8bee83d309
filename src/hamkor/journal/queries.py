# SPDX-License-Identifier: Apache-2.0
"""Reads of a journal; rights are checked by the rooms above, which know what a journal is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules import (
    Documents,
    Entry,
    Fault,
    Head,
    Kind,
    Stream,
    Until,
    Verified,
    export_lines,
    fold,
    verify,
)
from hamkor.journal.store import Store

__all__ = [
    "Store",
    "export_journal",
    "get_documents",
    "get_head",
    "list_documents",
    "list_entries",
    "list_streams",
    "verify_journal",
]

B = TypeVar("B", bound=Struct)


def get_head(store: Store, stream: Stream) -> Head:
    """Returns where a journal ends; number 0 for one that was never written to."""
    return store.get_head(str(stream))


def list_entries(
    store: Store,
    stream: Stream,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int | None = None,
    newest_first: bool = False,
) -> Sequence[Entry]:
    """Returns entries in order.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        after: Number of the last entry already known; 0 for none.
        until: Number of the last entry wanted; up to the head when None.
        limit: How many entries at most; all of them when None.
        newest_first: From the newest back, as a page of history wants them.
    """
    return store.list_entries(str(stream), after=after, until=until, limit=limit, newest_first=newest_first)


def list_streams(store: Store) -> Sequence[str]:
    """Returns the ids of the journals that hold entries, sorted."""
    return store.list_streams()


def get_documents(
    store: Store, stream: Stream, *, until: Until | None = None, at_least: int | None = None
) -> Documents:
    """Returns the documents of a journal, now or as they were.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        until: Last number or last moment (aware) to take into account; now when None.
        at_least: A number the reader knows of: documents at it or later will do, which need no look at the
            database when they are at hand. The newest documents when None. Not together with `until`.

    Raises:
        HamkorError: `moment-naive`, `number-not-reached`, or a code of `fold`.
    """
    if until is None:
        return store.get_documents(str(stream), at_least=at_least)
    last = until if isinstance(until, int) else None
    return fold(store.list_entries(str(stream), until=last), until)


def list_documents(store: Store, kind: Kind[B]) -> Sequence[tuple[str, B]]:
    """Returns the documents of a kind in every journal, with the journal's id: journals sorted.

    Args:
        store: Where the journals are kept.
        kind: A declared kind, such as the event itself: for a list of all events in one read.
    """
    return cast("Sequence[tuple[str, B]]", store.list_documents(kind.kind))


def export_journal(store: Store, stream: Stream) -> bytes:
    """Returns a whole journal as JSON Lines, for people outside to keep and verify."""
    head = store.get_head(str(stream))
    return export_lines(head, store.list_entries(str(stream), until=head.number))


def verify_journal(store: Store, stream: Stream) -> Verified | Fault:
    """Returns what was verified, or the first fault of the chain as it is stored.

    Raises:
        HamkorError: `documents-differ`, when the chain is whole but the stored documents are not its fold.
    """
    documents = store.get_documents(str(stream))
    head = store.get_head(str(stream))
    entries = store.list_entries(str(stream), until=head.number)
    found = verify(entries, head=head)
    if isinstance(found, Verified) and fold(entries, documents.number) != documents:
        template = N_("The documents of {stream} are not those of its entries; rebuild them.")
        raise HamkorError("documents-differ", template, stream=str(stream))
    return found
