# SPDX-License-Identifier: Apache-2.0
"""What an imported drawing would change: replaced by it, or added to what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from hamkor.plans.rules.edits import AddItem, Edit, RemoveItem, SetFields
from hamkor.plans.rules.fields import diff, plain
from hamkor.plans.rules.naming import free_id
from hamkor.venues.rules.features import Feature, Venue

Mode = Literal["replace", "add"]
_ONE = ("from", "to", "part_of")
_SEVERAL = ("near", "covers", "sections")


class Comparison(msgspec.Struct, frozen=True):
    """What would become of a drawing.

    Args:
        added: Features that are new.
        changed: Features that are there and would differ: before and after.
        same: Number of features that are there just so.
        removed: Features that would be gone.
    """

    added: tuple[Feature, ...] = ()
    changed: tuple[tuple[Feature, Feature], ...] = ()
    same: int = 0
    removed: tuple[Feature, ...] = ()

    def edits(self, *, and_references: bool = False) -> list[Edit]:
        """Returns the edits that make it so.

        Args:
            and_references: Takes removed features also out of everything that refers to them.
        """
        edits: list[Edit] = [AddItem(part="venue", body=plain(feature)) for feature in self.added]
        for before, after in self.changed:
            fields = {path: new for path, _, new in diff(before, after)}
            edits.append(SetFields(part="venue", id=after.id, fields=fields))
        edits += [
            RemoveItem(part="venue", id=feature.id, and_references=and_references) for feature in self.removed
        ]
        return edits


def compare(before: Venue | None, imported: Venue, mode: Mode) -> Comparison:
    """Returns what would become of a drawing.

    Args:
        before: The drawing as it is, None when there is none.
        imported: What was read from the file.
        mode: ``replace`` leaves what the file holds and nothing else; ``add`` leaves everything and adds to it what
            is not there yet, under new ids where the file's ids are taken by something else.
    """
    there = {feature.id: feature for feature in before.features} if before is not None else {}
    if mode == "add":
        features = _renamed(imported, there)
        return Comparison(
            added=tuple(feature for feature in features if feature.id not in there),
            same=sum(feature.id in there for feature in features),
        )
    brought = {feature.id: feature for feature in imported.features}
    return Comparison(
        added=tuple(feature for feature in imported.features if feature.id not in there),
        changed=tuple(
            (there[id_], new) for id_, new in brought.items() if id_ in there and there[id_] != new
        ),
        same=sum(there.get(id_) == new for id_, new in brought.items()),
        removed=tuple(feature for id_, feature in there.items() if id_ not in brought),
    )


def _renamed(imported: Venue, there: Mapping[str, Feature]) -> tuple[Feature, ...]:
    """Returns imported features with free ids where theirs are taken by something else, references following."""
    taken = {*there, *(feature.id for feature in imported.features)}
    names: dict[str, str] = {}
    for feature in imported.features:
        if feature.id in there and there[feature.id] != feature:
            names[feature.id] = free_id(feature.id, fallback="feature", taken=taken)
            taken.add(names[feature.id])
    if not names:
        return imported.features
    return tuple(_with_names(feature, names) for feature in imported.features)


def _with_names(feature: Feature, names: Mapping[str, str]) -> Feature:
    tree: dict[str, Any] = plain(feature)
    properties = tree["properties"]
    # A route says in free words where it begins and ends; only ways between areas refer to them.
    one = () if properties["kind"] == "route" else _ONE
    for key in one:
        if isinstance(properties.get(key), str):
            properties[key] = names.get(properties[key], properties[key])
    for key in _SEVERAL:
        if properties.get(key):
            properties[key] = [
                names.get(item, item) if isinstance(item, str) else item for item in properties[key]
            ]
    tree["id"] = names.get(feature.id, feature.id)
    return msgspec.convert(tree, Feature)
