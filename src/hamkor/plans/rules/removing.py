# SPDX-License-Identifier: Apache-2.0
"""What becomes of references when the item they lead to is removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hamkor.common.messages import N_, Message
from hamkor.common.validation import shorten
from hamkor.journal.rules import Key
from hamkor.plans.rules.edits import EditRefusedError, RemoveItem
from hamkor.plans.rules.references import find_references, show_place, without_references

MOST_PLACES = 20

Tree = dict[str, Any]


def settle_references(trees: Mapping[Key, Tree], gone: Mapping[Key, RemoveItem]) -> dict[Key, Tree]:
    """Returns the documents that change because references are taken away.

    Args:
        trees: Every document that stays, as JSON shows it.
        gone: Kind and id of the removed items, `channel` for channels, and how each was asked to be removed.

    Raises:
        EditRefusedError: ``item-in-use``, when a reference to a removed item remains.
    """
    current, changed = dict(trees), dict[Key, Tree]()
    for (kind, item_id), edit in gone.items():
        if not edit.and_references:
            continue
        for place in list(find_references(current, target_kind=kind, target_ids={item_id})):
            holder = (place.kind, place.id)
            tree = without_references(current[holder], kind=place.kind, target_kind=kind, target_id=item_id)
            current[holder] = changed[holder] = tree
    for kind in dict.fromkeys(kind for kind, _ in gone):
        _refuse_remaining(current, gone, kind)
    return changed


def _refuse_remaining(trees: Mapping[Key, Tree], gone: Mapping[Key, RemoveItem], kind: str) -> None:
    ids = {item_id for each, item_id in gone if each == kind}
    found = list(find_references(trees, target_kind=kind, target_ids=ids))
    if not found:
        return
    target = found[0].target
    places = [show_place(place) for place in found if place.target == target]
    text = N_("`{item}` is still referred to by: {places}. Change these first, or take them away with it.")
    reason = Message(text, {"item": shorten(target), "places": places[:MOST_PLACES]})
    edit = gone[kind, target]
    raise EditRefusedError("item-in-use", reason, part=edit.part, id=edit.id)
