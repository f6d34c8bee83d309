# SPDX-License-Identifier: Apache-2.0
"""Whether what was written makes up a whole document, and if not, which field is wrong and what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from hamkor.common.messages import N_, Message
from hamkor.common.validation import explain
from hamkor.journal.rules import Key
from hamkor.plans.rules.concern import VENUE
from hamkor.plans.rules.edits import EditRefusedError
from hamkor.plans.rules.fields import SEPARATOR, is_path, plain, read_path, write_paths
from hamkor.plans.rules.plan import PARTS
from hamkor.venues.facts import Drawing
from hamkor.venues.rules.features import Feature

Tree = dict[str, Any]

BODIES: Mapping[str, type[Struct]] = {
    **{part.document: part.body for part in PARTS},
    "drawing": Drawing,
    "feature": Feature,
}
PART_OF_BODY: Mapping[str, str] = {
    **{part.document: part.name for part in PARTS},
    "drawing": VENUE,
    "feature": VENUE,
}
_BAD_MOMENT = re.compile(r"Invalid RFC3339 encoded datetime - at `\$(?P<at>[^`]*)`")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")


def whole(key: Key, tree: Tree) -> Struct:
    """Returns a document made of what JSON shows of it.

    Args:
        key: Its kind and id.
        tree: The document as JSON shows it.

    Raises:
        EditRefusedError: It is not a document of its kind.
    """
    body = BODIES[key[0]]
    try:
        document = _convert(tree, body)
    except msgspec.ValidationError as error:
        found = explain(error, body)
        path = _path_of(found.place, tree)
        item = None if key[0] == key[1] else key[1]
        raise EditRefusedError(
            found.code, found.message, part=PART_OF_BODY[key[0]], id=item, path=path
        ) from None
    twice = _find_twice(document)
    if twice is not None:
        text = N_("The id `{id}` stands twice in one list. Choose another.")
        reason = Message(text, {"id": twice})
        raise EditRefusedError("id-twice", reason, part=PART_OF_BODY[key[0]], id=key[1])
    return document


def _convert(tree: Tree, body: type[Struct]) -> Struct:
    """Returns the document; a moment written as people do, without seconds, is taken where one is wanted."""
    while True:
        try:
            return msgspec.convert(tree, body)
        except msgspec.ValidationError as error:
            said = _BAD_MOMENT.fullmatch(str(error))
            revived = None if said is None else _revive(tree, said["at"])
            if revived is None:
                raise
            tree = revived


def _revive(tree: Tree, at: str) -> Tree | None:
    """Returns the document with the moment at a place written in full; None when there is none."""
    copy = plain(tree)
    holder, steps = (
        copy,
        [int(step["index"]) if step["index"] else step["key"] for step in _STEP.finditer(at)],
    )
    try:
        for step in steps[:-1]:
            holder = holder[step]
        moment = datetime.fromisoformat(holder[steps[-1]].strip())
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None
    written = moment.isoformat()
    if moment.tzinfo is not None or written == holder[steps[-1]]:
        return None
    holder[steps[-1]] = written
    return copy  # type: ignore[no-any-return]  # what was a document stays one


def _path_of(place: str, tree: Tree) -> str:
    """Returns a place as msgspec writes it (`.channels[3].works`) as a path (`channels/radio-1/works`)."""
    steps: list[str] = []
    value: Any = tree
    for step in _STEP.finditer(place):
        if step["key"]:
            name, value = step["key"], value.get(step["key"]) if isinstance(value, dict) else None
        else:
            index = int(step["index"])
            value = value[index] if isinstance(value, list) and index < len(value) else None
            own_id = value.get("id") if isinstance(value, dict) else None
            name = own_id if isinstance(own_id, str) else str(index)
        steps.append(name)
    return SEPARATOR.join(steps)


def _find_twice(document: Struct) -> str | None:
    """Returns an id that stands twice in a list of a document, None when there is no such."""
    for name in document.__struct_fields__:
        listed = getattr(document, name)
        if not isinstance(listed, tuple):
            continue
        ids: list[str] = [item.id for item in listed if hasattr(item, "id")]
        if len(set(ids)) < len(ids):
            return next(item_id for item_id in ids if ids.count(item_id) > 1)
    return None


def as_written(document: Struct | None, body: type[Struct], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns values at paths as the journal would write them, so that they compare.

    Args:
        document: The document they were or will be in; None for a new one.
        body: Struct of the document.
        values: Value by path, as JSON shows it.
    """
    seen = dict(values)
    usual = {path: value for path, value in seen.items() if is_path(body, path)}
    try:
        then = _convert(write_paths({} if document is None else plain(document), body, usual), body)
    except msgspec.ValidationError:
        return seen
    return seen | {path: read_path(then, path) for path in usual}
