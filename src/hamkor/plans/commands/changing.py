# SPDX-License-Identifier: Apache-2.0
"""From the documents that should be to the facts that make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from hamkor.agencies.rules import Viewer
from hamkor.journal.rules import Changes, Documents, Fact, Key, Removed
from hamkor.plans.facts import (
    CHANGED_BY_KIND,
    PART_CLOSED,
    PART_OPENED,
    RECORDED_BY_KIND,
    REMOVED_BY_KIND,
    FieldsChanged,
    PartOpened,
)
from hamkor.plans.rules.changes import Change, changes_of
from hamkor.plans.rules.fields import diff
from hamkor.plans.rules.permission import require_may_change

Targets = Mapping[Key, Struct | None]


def documents_with(documents: Documents, targets: Targets, parts: Mapping[str, bool]) -> Documents:
    """Returns the documents as they would be.

    Args:
        documents: The plan before.
        targets: Documents by kind and id, None for removed ones.
        parts: List parts that are opened or, when False, closed.
    """
    marks: Changes = {
        ("part", name): PartOpened(name) if is_open else None for name, is_open in parts.items()
    }
    return documents.after([marks, targets])


def decide_targets(
    documents: Documents,
    targets: Targets,
    parts: Mapping[str, bool],
    *,
    viewer: Viewer,
    besides: Iterable[Change] = (),
) -> list[Fact[Any]]:
    """Returns the facts that turn a plan into what it should be, when the person may make them.

    Args:
        documents: The plan before.
        targets: Documents by kind and id, None for removed ones.
        parts: List parts that are opened or, when False, closed.
        viewer: Who asks.
        besides: Changes that leave no fact, such as those of names and phones.

    Raises:
        EditNotAllowedError: ``not-allowed``, for the first item that is not the person's to change.
    """
    after = documents_with(documents, targets, parts)
    changes = [
        change
        for kind, key in (*(("part", name) for name in parts), *targets)
        for change in changes_of(kind, key, before=documents.get(kind, key), after=after.get(kind, key))
    ]
    require_may_change(viewer, [*changes, *besides], before=documents, after=after)
    return list(facts_between(documents, targets, parts))


def facts_between(documents: Documents, targets: Targets, parts: Mapping[str, bool]) -> Iterator[Fact[Any]]:
    """Yields the facts that turn a plan into what it should be; nothing for what is so already.

    Args:
        documents: The plan before.
        targets: Documents by kind and id, None for removed ones.
        parts: List parts that are opened or, when False, closed.
    """
    for name, is_open in parts.items():
        if is_open and ("part", name) not in documents:
            yield PART_OPENED(PartOpened(name))
    for (kind, document_id), target in targets.items():
        yield from _facts_of(kind, document_id, before=documents.get(kind, document_id), after=target)
    for name, is_open in parts.items():
        if not is_open and ("part", name) in documents:
            yield PART_CLOSED(PartOpened(name))


def _facts_of(
    kind: str, document_id: str, *, before: Struct | None, after: Struct | None
) -> Iterator[Fact[Any]]:
    if after is None:
        if before is not None:
            yield REMOVED_BY_KIND[kind](Removed(document_id))
    elif before is None:
        yield RECORDED_BY_KIND[kind](after)
    elif before != after:
        fields = [(path, became) for path, _, became in diff(before, after)]
        values = {path: value for path, value in fields if value is not None}
        unset = tuple(path for path, value in fields if value is None)
        yield CHANGED_BY_KIND[kind](FieldsChanged(document_id, values, unset))
