# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions of a plan, for people to read."""

from __future__ import annotations

from typing import Literal, cast

from msgspec import Struct

from hamkor.agencies.rules import Viewer, require
from hamkor.common.records import Text
from hamkor.hazards.queries import list_hazards
from hamkor.journal.queries import Store, get_documents
from hamkor.journal.rules import Documents, Stream, Until
from hamkor.norms.queries import list_duties
from hamkor.plans.rules.changes import Change, list_changes
from hamkor.plans.rules.concern import part_of_kind
from hamkor.plans.rules.naming import title_of

State = Literal["added", "removed", "changed"]


class ItemDifference(Struct, frozen=True):
    """How one item differs.

    Args:
        kind: Kind of the document.
        id: Its id.
        title: What people call it.
        state: Whether it was added, removed or changed.
        changes: Its fields that differ; one with an empty path for an item added or removed.
    """

    kind: str
    id: str
    title: Text
    state: State
    changes: tuple[Change, ...]


class PartDifference(Struct, frozen=True):
    """How one part of a plan differs.

    Args:
        part: Its name.
        items: Its items that differ.
        opened: True when it was not known before; False when it is not known any more; None when that is as it was.
    """

    part: str
    items: tuple[ItemDifference, ...]
    opened: bool | None = None


def compare_versions(
    store: Store, stream: Stream, *, viewer: Viewer, before: Until, after: Until | None = None
) -> tuple[PartDifference, ...]:
    """Returns what differs between two versions of a plan, part by part.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        viewer: Who asks.
        before: Number of the entry, or moment, of the earlier version.
        after: The same of the later one; now when None.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    old = get_documents(store, stream, until=before)
    return differences(old, get_documents(store, stream, until=after))


def differences(before: Documents, after: Documents) -> tuple[PartDifference, ...]:
    """Returns what differs between two plans, part by part and item by item."""
    items: dict[str, dict[tuple[str, str], list[Change]]] = {}
    opened: dict[str, bool] = {}
    for change in list_changes(before, after):
        if change.kind == "part":
            opened[change.id] = change.after is not None
            items.setdefault(change.id, {})
        else:
            part = items.setdefault(part_of_kind(change.kind), {})
            part.setdefault((change.kind, change.id), []).append(change)
    return tuple(
        PartDifference(
            part,
            tuple(_item(key, changes, before=before, after=after) for key, changes in found.items()),
            opened.get(part),
        )
        for part, found in items.items()
    )


def find_title(kind: str, document: Struct | None, *, id: str) -> Text:
    """Returns what people call an item: its own title, or that of the catalogue it was taken from.

    Args:
        kind: Kind of the document.
        document: The document; None for one that is not there.
        id: Its id.
    """
    catalogue = getattr(document, "catalogue", None)
    if catalogue is not None and getattr(document, "title", None) is None:
        found = _catalogue_title(kind, catalogue)
        if found is not None:
            return found
    return title_of(document, fallback=id)


def _item(
    key: tuple[str, str], changes: list[Change], *, before: Documents, after: Documents
) -> ItemDifference:
    kind, document_id = key
    old, new = before.get(kind, document_id), after.get(kind, document_id)
    state: State = "added" if old is None else "removed" if new is None else "changed"
    title = find_title(kind, old if new is None else new, id=document_id)
    return ItemDifference(kind, document_id, title, state, tuple(changes))


def _catalogue_title(kind: str, catalogue: str) -> Text | None:
    titles: dict[str, dict[str, str]] = {}
    if kind == "duty":
        titles = {duty.id: duty.title for duty in list_duties()}
    elif kind == "hazard":
        titles = {hazard.id: hazard.names for hazard in list_hazards()}
    return cast("Text | None", titles.get(catalogue))
