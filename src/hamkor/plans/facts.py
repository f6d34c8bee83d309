# SPDX-License-Identifier: Apache-2.0
"""What can happen to a plan: parts are opened and closed, what stands in them is recorded, changed or removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from hamkor.events.facts import ATTENDANCE_RECORDED, EVENT, LEGAL_RECORDED
from hamkor.journal.rules import (
    Changes,
    DocumentKind,
    Documents,
    Fact,
    FactType,
    Removed,
    declare_document,
    declare_fact,
    declare_kind,
    declare_single,
    find_kind,
)
from hamkor.plans.rules.fields import plain, write_paths
from hamkor.plans.rules.plan import PARTS
from hamkor.venues.facts import DRAWING_RECORDED, FEATURE


class PartOpened(msgspec.Struct, frozen=True):
    """A list part exists, even if nothing stands in it yet: what it does not hold is known to be absent.

    Args:
        id: Name of the part, such as ``warnings``.
    """

    id: str


class FieldsChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some fields of a document were changed; the others are as they were.

    Args:
        id: Id of the document; its kind for one of which an event has one.
        values: New value of each field as JSON shows it, by path (`hamkor.plans.rules.fields`).
        unset: Paths of fields that are not given any more, and of items removed from inside the document.
    """

    id: str
    values: dict[str, Any] = {}
    unset: tuple[str, ...] = ()


class PersonErased(msgspec.Struct, frozen=True):
    """Name and phone of a person were erased; nothing of them was ever in the journal.

    Args:
        id: Id of the person.
    """

    id: str


class PersonDetailed(msgspec.Struct, frozen=True):
    """Name or phone of a person was given, changed or taken back; what they are is never in the journal.

    Args:
        id: Id of the person.
        fields: Which of the two: ``name``, ``phone``.
    """

    id: str
    fields: tuple[str, ...]


def _open(_documents: Documents, fact: Fact[PartOpened]) -> Changes:
    return {("part", fact.body.id): fact.body}


def _close(_documents: Documents, fact: Fact[PartOpened]) -> Changes:
    return {("part", fact.body.id): None}


def _change(kind: str, body: type[msgspec.Struct]) -> Callable[[Documents, Fact[FieldsChanged]], Changes]:
    """Returns the function that changes fields of a document.

    Notes:
        A document that is absent stays absent, and one that would not be whole stays as it is: both happen only when
        an entry above is withheld, because commands check the whole document.
    """

    def change(documents: Documents, fact: Fact[FieldsChanged]) -> Changes:
        document = documents.get(kind, fact.body.id)
        if document is None:
            return {}
        paths = {**fact.body.values, **dict.fromkeys(fact.body.unset)}
        tree = write_paths(plain(document), body, paths)
        try:
            changed = msgspec.convert(tree, body)
        except msgspec.ValidationError:
            return {}
        is_same = getattr(changed, "id", fact.body.id) == fact.body.id
        return {(kind, fact.body.id): changed} if is_same else {}

    return change


def _declare_changed(kind: str) -> FactType[FieldsChanged]:
    declared = find_kind(kind)
    assert declared is not None  # noqa: S101 - declared above or in a room below; a fault of this file otherwise
    return declare_fact(f"{kind}.changed.v1", FieldsChanged, _change(kind, declared.body))


def _declare_removed(kind: str) -> FactType[Removed]:
    """Returns `<kind>.removed.v1`, declared here for a document of which an event has one."""
    declared = find_kind(kind)
    if isinstance(declared, DocumentKind):
        return declared.removed

    def remove(_documents: Documents, _fact: Fact[Removed]) -> Changes:
        return {(kind, kind): None}

    return declare_fact(f"{kind}.removed.v1", Removed, remove)


PART = declare_kind("part", PartOpened)
PART_OPENED = declare_fact("part.opened.v1", PartOpened, _open)
PART_CLOSED = declare_fact("part.closed.v1", PartOpened, _close)

_ELSEWHERE: dict[str, FactType[Any]] = {
    "event": EVENT.recorded,
    "attendance": ATTENDANCE_RECORDED,
    "legal": LEGAL_RECORDED,
}


def _recorded(part_name: str, document: str, body: type[msgspec.Struct], *, is_list: bool) -> FactType[Any]:
    if part_name in _ELSEWHERE:
        return _ELSEWHERE[part_name]
    return declare_document(document, body).recorded if is_list else declare_single(document, body)


RECORDED: dict[str, FactType[Any]] = {
    part.name: _recorded(part.name, part.document, part.body, is_list=part.is_list) for part in PARTS
}
PERSON_ERASED = declare_fact("person.erased.v1", PersonErased, lambda _documents, _fact: {})
PERSON_DETAILED = declare_fact("person.detailed.v1", PersonDetailed, lambda _documents, _fact: {})

# The facts of each kind of document of a plan, beside `part`.
RECORDED_BY_KIND: dict[str, FactType[Any]] = {
    **{part.document: RECORDED[part.name] for part in PARTS},
    "drawing": DRAWING_RECORDED,
    "feature": FEATURE.recorded,
}
CHANGED_BY_KIND: dict[str, FactType[FieldsChanged]] = {
    kind: _declare_changed(kind) for kind in RECORDED_BY_KIND
}
REMOVED_BY_KIND: dict[str, FactType[Removed]] = {kind: _declare_removed(kind) for kind in RECORDED_BY_KIND}
