# SPDX-License-Identifier: Apache-2.0
"""Areas that are parts of others: which stay places of their own, and which only say more of the whole."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hamkor.venues.rules.features import Area, Connection, Feature


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Which areas become places.

    Args:
        stands_for: For each area the place its people are counted in: itself, or the whole it is merged into.
        parents: For each place that is a part of another place, that place.
        named: Areas that an opening, passage or bank of turnstiles leads to.
    """

    stands_for: dict[str, str]
    parents: dict[str, str]
    named: frozenset[str] = frozenset()

    def merged_into(self, place: str) -> list[str]:
        """Returns the areas that are merged into a place, without itself."""
        return [id_ for id_, whole in self.stands_for.items() if whole == place and id_ != place]

    def parts_of(self, place: str) -> list[str]:
        """Returns the places that are parts of a place."""
        return [id_ for id_, whole in self.parents.items() if whole == place]


def resolve_parts(features: Mapping[str, Feature]) -> Parts:
    """Returns which areas are places of their own.

    Notes:
        A part that no opening, passage or bank of turnstiles names cannot be reached but with its whole: it is merged
        into it. Areas that are parts of each other in a circle are parts of nothing.
    """
    areas = {id_: f.properties for id_, f in features.items() if isinstance(f.properties, Area)}
    named = {
        end
        for feature in features.values()
        if isinstance(feature.properties, Connection)
        for end in (feature.properties.from_, feature.properties.to)
    }
    wholes = {
        id_: area.part_of
        for id_, area in areas.items()
        if area.part_of in areas and not _is_part_of_itself(id_, areas)
    }
    stands_for = {id_: _climb(id_, wholes, named) for id_ in areas}
    parents = {}
    for id_, place in stands_for.items():
        whole = wholes.get(id_)
        if place == id_ and whole is not None and stands_for[whole] != id_:
            parents[id_] = stands_for[whole]
    return Parts(stands_for=stands_for, parents=parents, named=frozenset(named))


def _is_part_of_itself(id_: str, areas: Mapping[str, Area]) -> bool:
    """Returns True when the wholes of an area lead back to it, or into a circle that never ends."""
    seen, whole = {id_}, areas[id_].part_of
    while whole in areas and whole is not None:
        if whole in seen:
            return True
        seen.add(whole)
        whole = areas[whole].part_of
    return False


def _climb(id_: str, wholes: Mapping[str, str | None], named: set[str]) -> str:
    """Returns the nearest whole, from the area itself upwards, that is a place of its own."""
    whole = wholes.get(id_)
    while id_ not in named and whole is not None:
        id_, whole = whole, wholes.get(whole)
    return id_
