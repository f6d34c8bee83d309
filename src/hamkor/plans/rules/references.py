# SPDX-License-Identifier: Apache-2.0
"""Which items of a plan refer to which, and how a reference is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

import msgspec

from hamkor.plans.rules.concern import part_of_kind

Tree = dict[str, Any]
Trees = Mapping[tuple[str, str], Tree]

_PLACE = (
    ("duty", "place/*"),
    ("task", "place/*"),
    ("post", "place/*"),
    ("mean", "place/*"),
    ("hazard", "place/*"),
    ("past_event", "place/*"),
    ("force_measure", "place/*"),
    ("warning", "about/*"),
    ("inspection", "about/*"),
    ("segregation", "groups/*/*"),
    ("effect", "area"),
    ("medical", "access_route"),
    ("event", "programme/*/place"),
    ("attendance", "by_area/*!/area"),
    ("feature", "properties/part_of"),
    ("feature", "properties/from"),
    ("feature", "properties/to"),
    ("feature", "properties/sections/*"),
    ("feature", "properties/covers/*"),
    ("feature", "properties/near/*"),
)
_HOLDERS = (
    ("contingency", "decides"),
    ("stop_authority", "holder"),
    ("stop_authority", "deputy"),
    ("stop_authority", "steps/*"),
    ("force_measure", "authorised_by"),
    ("warning", "answered_by"),
    ("communications", "links/*!/between/*"),
)
# Where ids of each kind stand. `*` is every item of a list or value of a group; `*!` the same, and the item goes with
# a reference it cannot be without.
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "person": (
        *_HOLDERS,
        ("event", "organiser/person"),
        ("event", "organiser/event_safety_manager"),
        ("event", "venue_operator/person"),
        ("event", "venue_operator/event_safety_manager"),
        ("event", "agencies/*/liaison"),
        ("duty", "person"),
        ("duty", "deputy"),
        ("duty", "shifts/*!/person"),
        ("task", "person"),
        ("post", "shifts/*!/person"),
        ("hazard", "person"),
        ("medical", "commander"),
        ("legal", "waivers/*/signed_by"),
    ),
    "post": (
        *_HOLDERS,
        ("feature", "properties/post"),
        ("feature", "properties/staffed_by/*"),
        ("feature", "properties/kept_clear_by/*"),
    ),
    "duty": (("task", "duty"),),
    "task": (("task", "after/*"),),
    "hazard": (("contingency", "hazards/*"),),
    "contingency": (("hazard", "contingencies/*"),),
    "channel": (
        ("communications", "links/*/primary"),
        ("communications", "links/*/alternate"),
        ("communications", "links/*/contingency"),
        ("communications", "links/*/emergency"),
        ("stop_authority", "channel"),
    ),
    "feature": _PLACE,
}
# Fields that are nothing without a value: a reference there is changed by a person, never taken away.
_NEEDED = frozenset({"properties/from", "properties/to", "properties/post", "holder"})


class Reference(msgspec.Struct, frozen=True):
    """A place where an id stands.

    Args:
        kind: Kind of the document that refers.
        id: Its id.
        path: Field inside it; items of lists without ids by their number from 0.
        target: Id that stands there.
    """

    kind: str
    id: str
    path: str
    target: str


def find_references(trees: Trees, *, target_kind: str, target_ids: Set[str]) -> Iterator[Reference]:
    """Yields the places that refer to items.

    Args:
        trees: Documents as JSON shows them, by kind and id.
        target_kind: Kind of the items; `channel` for channels inside `communications`.
        target_ids: Their ids. What an item says of itself is not yielded.
    """
    patterns: dict[str, list[list[str]]] = {}
    for kind, pattern in PLACES.get(target_kind, ()):
        patterns.setdefault(kind, []).append(pattern.split("/"))
    for (kind, document_id), tree in trees.items():
        for steps in patterns.get(kind, ()):
            for path, target in _walk(tree, steps, target_ids):
                if (kind, document_id) != (target_kind, target):
                    yield Reference(kind, document_id, path, target)


def show_place(place: Reference) -> str:
    """Returns where a reference stands, such as `posts › gate-3 › shifts/0/person`."""
    steps = (part_of_kind(place.kind), "" if place.id == place.kind else place.id, place.path)
    return " › ".join(step for step in steps if step)


def without_references(tree: Tree, *, kind: str, target_kind: str, target_id: str) -> Tree:
    """Returns a document as JSON shows it without its references to an item, where it can be without them.

    Args:
        tree: The document; not changed.
        kind: Its kind.
        target_kind: Kind of the item.
        target_id: Id of the item.
    """
    result = tree
    for place_kind, pattern in PLACES.get(target_kind, ()):
        if place_kind == kind and pattern not in _NEEDED:
            cleared = _clear(result, pattern.split("/"), target_id)
            result = cleared if isinstance(cleared, dict) else result
    return result


def _walk(value: Any, steps: list[str], sought: Set[str], path: str = "") -> Iterator[tuple[str, str]]:
    if not steps:
        if isinstance(value, str) and value in sought:
            yield path, value
        return
    for key, inner in _inner(value, steps[0]):
        yield from _walk(inner, steps[1:], sought, f"{path}/{key}" if path else key)


def _inner(value: Any, step: str) -> Iterator[tuple[str, Any]]:
    if step[0] != "*":
        if isinstance(value, dict) and step in value:
            yield step, value[step]
    elif isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield str(item["id"] if isinstance(item, dict) and "id" in item else index), item


_GONE = object()


def _clear(value: Any, steps: list[str], sought: str) -> Any:
    """Returns the value without the id at the end of the steps; `_GONE` when it is the id itself."""
    if not steps:
        return _GONE if value == sought else value
    step, rest = steps[0], steps[1:]
    if step[0] != "*":
        if not isinstance(value, dict) or step not in value:
            return value
        inner = _clear(value[step], rest, sought)
        kept = {key: each for key, each in value.items() if key != step}
        return kept if inner is _GONE else {**value, step: inner}
    if isinstance(value, dict):
        cleared = {key: _clear(each, rest, sought) for key, each in value.items()}
        return {key: each for key, each in cleared.items() if each is not _GONE}
    if not isinstance(value, list):
        return value
    if step == "*!":
        return [item for item in value if not any(_walk(item, rest, {sought}))]
    return [each for each in (_clear(item, rest, sought) for item in value) if each is not _GONE]
