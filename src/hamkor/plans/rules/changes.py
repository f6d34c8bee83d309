# SPDX-License-Identifier: Apache-2.0
"""What differs between two states of a plan, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from hamkor.journal.rules import Documents
from hamkor.plans.rules.concern import PLAN_KINDS
from hamkor.plans.rules.fields import diff, plain


class Change(msgspec.Struct, frozen=True):
    """One difference.

    Args:
        kind: Kind of the document: `duty`.
        id: Its id; the kind itself for a document of which an event has one.
        path: Field inside it, as `hamkor.plans.rules.fields` writes it; empty for the document itself.
        before: Value before as JSON shows it; None when it was not given. At the empty path: it was added.
        after: Value after; None when it is not given any more. At the empty path: it was removed.
    """

    kind: str
    id: str
    path: str
    before: Any
    after: Any


def list_changes(
    before: Documents, after: Documents, *, kinds: Iterable[str] | None = None
) -> tuple[Change, ...]:
    """Returns what differs, in the order of the plan's parts and of the documents.

    Args:
        before: Earlier documents.
        after: Later documents.
        kinds: Kinds of documents to compare; those that make up a plan when None.

    Notes:
        Where documents stand among others of their kind is no difference.
    """
    chosen = PLAN_KINDS if kinds is None else tuple(kinds)
    return tuple(change for kind in chosen for change in _changes_of(kind, before, after))


def _changes_of(kind: str, before: Documents, after: Documents) -> Iterator[Change]:
    olds, news = by_id(before, kind), by_id(after, kind)
    for document_id in dict.fromkeys((*olds, *news)):
        yield from changes_of(kind, document_id, before=olds.get(document_id), after=news.get(document_id))


def changes_of(
    kind: str, document_id: str, *, before: Struct | None, after: Struct | None
) -> tuple[Change, ...]:
    """Returns what differs between two states of one document; None for one that is not there."""
    if before is after:
        return ()
    if before is None or after is None:
        return (Change(kind, document_id, "", plain(before), plain(after)),)
    return tuple(Change(kind, document_id, path, was, became) for path, was, became in diff(before, after))


def by_id(documents: Documents, kind: str) -> dict[str, Struct]:
    """Returns the documents of a kind by their ids, in order; one of which an event has one by its kind."""
    return {getattr(document, "id", kind): document for document in documents.all(kind)}
