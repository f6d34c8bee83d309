# SPDX-License-Identifier: Apache-2.0
"""The inverse of earlier changes, as far as nobody changed the same since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hamkor.journal.rules import Documents, Key
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.concern import kind_of_part
from hamkor.plans.rules.drafting import Doubt, Draft
from hamkor.plans.rules.edits import EditRefusedError
from hamkor.plans.rules.fields import find_missing_item, read_path, write_paths
from hamkor.plans.rules.references import find_references
from hamkor.plans.rules.wholeness import BODIES, whole


def draft_inverse(documents: Documents, changes: Sequence[Change]) -> Draft:
    """Returns the plan with earlier changes taken back; its doubts are the changes that had to be left.

    Args:
        documents: The plan now.
        changes: What an earlier command changed.

    Notes:
        A change is left when its field was changed since, when its item is needed by another one now, or when the
        document would not be whole without it.
    """
    draft = Draft(documents)
    by_document: dict[Key, list[Change]] = {}
    for change in changes:
        by_document.setdefault((change.kind, change.id), []).append(change)
    for key, found in by_document.items():
        if key[0] != "part":
            _invert(draft, documents, key, found)
    _leave_what_is_needed(draft, documents, changes)
    for (kind, part), found in by_document.items():
        if kind == "part":
            _invert_part(draft, documents, part, found[0])
    return draft


def _invert(draft: Draft, documents: Documents, key: Key, changes: list[Change]) -> None:
    tree = draft.tree(key)
    whole_change = next((change for change in changes if not change.path), None)
    if whole_change is not None:
        if tree == whole_change.after:
            draft.write(key, whole_change.before)
        elif tree != whole_change.before:
            _leave(draft, [whole_change], documents)
        return
    if tree is None:
        _leave(draft, changes, documents)
        return
    document, body = documents.get(*key), BODIES[key[0]]
    free = [change for change in changes if read_path(document, change.path) == change.after]
    result = tree
    for change in free:  # one after the other: items of a list come back in the order they had
        result = write_paths(result, body, {change.path: change.before})
    lost = [change for change in free if find_missing_item(result, body, change.path) is not None]
    changed = [
        change for change in changes if read_path(document, change.path) not in (change.after, change.before)
    ]
    try:
        whole(key, result)
    except EditRefusedError:
        _leave(draft, changes, documents)
        return
    _leave(draft, [*changed, *lost], documents)
    if free:
        draft.write(key, result)


def _leave_what_is_needed(draft: Draft, documents: Documents, changes: Sequence[Change]) -> None:
    """Puts items back whose addition was taken back while others refer to them now."""
    added = [change for change in changes if not change.path and change.before is None]
    added += [
        change
        for change in changes
        if change.kind == "communications" and change.path.startswith("channels/") and change.before is None
    ]
    targets = {_target(change): change for change in added if change.path.count("/") <= 1}
    if not targets:
        return
    trees = draft.all_trees()
    for kind in dict.fromkeys(kind for kind, _ in targets):
        gone = {item for each, item in targets if each == kind and not _is_there(trees, each, item)}
        needed = {place.target for place in find_references(trees, target_kind=kind, target_ids=gone)}
        for item in needed:
            change = targets[kind, item]
            key = (change.kind, change.id)
            restored = change.after
            if change.path:
                restored = write_paths(
                    draft.tree(key) or {}, BODIES[change.kind], {change.path: change.after}
                )
            draft.write(key, restored)
            _leave(draft, [change], documents)


def _target(change: Change) -> Key:
    return ("channel", change.path.split("/")[1]) if change.path else (change.kind, change.id)


def _is_there(trees: dict[Key, dict[str, object]], kind: str, item: str) -> bool:
    if kind != "channel":
        return (kind, item) in trees
    listed = trees.get(("communications", "communications"), {}).get("channels")
    return isinstance(listed, list) and any(each["id"] == item for each in listed)


def _invert_part(draft: Draft, documents: Documents, part: str, change: Change) -> None:
    is_open = ("part", part) in documents
    if change.after is None:
        draft.parts[part] = True
    elif is_open and any(kind == kind_of_part(part) for kind, _ in draft.all_trees()):
        _leave(draft, [change], documents)
    elif is_open:
        draft.parts[part] = False


def _leave(draft: Draft, changes: Iterable[Change], documents: Documents) -> None:
    for change in changes:
        document = documents.get(change.kind, change.id)
        theirs = read_path(document, change.path)
        if theirs != change.before:
            draft.doubts.append(
                Doubt(
                    change.kind,
                    change.id,
                    change.path,
                    seen=change.after,
                    theirs=theirs,
                    yours=change.before,
                )
            )
