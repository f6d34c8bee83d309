# SPDX-License-Identifier: Apache-2.0
"""The ground of each storey: areas as rooms with walls between them, and the pieces of ways that join them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from hamkor.simulation.rules.floors import Door, Strip
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_shapes import polygons_of
from hamkor.simulation.rules.layout import Layout, Link
from hamkor.venues.rules.features import OUTSIDE, Feature


class Storey(msgspec.Struct):
    """One sheet while it is built.

    Args:
        level: Storey.
        rooms: Ground of each place on it, as drawn, without what stands in it.
        pieces: Ground of doors and strips that joins rooms or leads out.
        cuts: Walls along stairs that stand in a room.
    """

    level: float
    rooms: dict[str, Any] = {}
    pieces: list[Any] = []
    cuts: list[Any] = []


class Building(msgspec.Struct, kw_only=True):
    """Everything known while floors are built.

    Args:
        layout: Places and links.
        features: Features by id.
        faults: Where faults are said.
        storeys: Sheets so far.
        obstacles: Ground nobody can walk on, by storey.
        sheet_of: Sheet of each place with ground.
        doors: Doors so far.
        strips: Strips so far.
        ways: Ground of strips outside their areas by sheet: none may cross another.
    """

    layout: Layout
    features: dict[str, Feature]
    faults: Faults
    storeys: list[Storey]
    obstacles: dict[float, Any]
    sheet_of: dict[str, int]
    doors: list[Door] = []
    strips: list[Strip] = []
    ways: list[tuple[int, Any]] = []

    def is_outside(self, end: str) -> bool:
        """Returns True for the outside and for ways beyond the gates."""
        return end == OUTSIDE or end not in self.features

    def room_of(self, place: str) -> Any:
        """Returns the ground of a place, None when it is not drawn."""
        sheet = self.sheet_of.get(place)
        return None if sheet is None else self.storeys[sheet].rooms[place]

    def add_piece(self, sheet: int, piece: Any, own: Iterable[str]) -> None:
        """Adds ground to a sheet, as far as it lies in no area but its own and nothing stands there."""
        storey = self.storeys[sheet]
        others = [room for place, room in storey.rooms.items() if place not in own and room.intersects(piece)]
        for other in others:
            piece = piece.difference(other.buffer(laying_limits().wall_m / 2, join_style="mitre"))
        standing = self.obstacles.get(storey.level)
        if standing is not None:
            piece = piece.difference(standing)
        if not piece.is_empty:
            storey.pieces.append(piece)


def lay_rooms(layout: Layout, obstacles: dict[float, Any]) -> tuple[list[Storey], dict[str, int]]:
    """Returns a sheet for each storey with the ground of its places, and the sheet of each place.

    Notes:
        Areas nobody is in and no way leads to in this direction are left out.
    """
    used = {end for link in layout.links.values() for end in (link.tail, link.head)}
    drawn = [
        place
        for place in layout.places.values()
        if place.outline is not None and (place.id in used or place.people > 0)
    ]
    levels = sorted({place.level for place in drawn})
    storeys = [Storey(level, {}, [], []) for level in levels]
    sheet_of = {}
    for place in drawn:
        standing = obstacles.get(place.level)
        ground = place.outline if standing is None else polygons_of(place.outline.difference(standing))
        if ground.is_empty or ground.area < laying_limits().least_ground_m2:
            continue
        sheet_of[place.id] = levels.index(place.level)
        storeys[sheet_of[place.id]].rooms[place.id] = ground
    return storeys, sheet_of


def walled_rooms(storey: Storey) -> dict[str, Any]:
    """Returns the rooms of a sheet with a wall between any two that touch or nearly touch."""
    import shapely

    ids = list(storey.rooms)
    shapes = [storey.rooms[id_] for id_ in ids]
    if not shapes:
        return {}
    half_m = laying_limits().wall_m / 2
    swollen = [shape.buffer(half_m, join_style="mitre") for shape in shapes]
    tree = shapely.STRtree(swollen)
    cuts = shapely.union_all(storey.cuts) if storey.cuts else None
    walled = {}
    for index, id_ in enumerate(ids):
        near = [int(other) for other in tree.query(shapes[index], predicate="intersects") if other != index]
        ground = shapes[index]
        if near:
            ground = ground.difference(shapely.union_all([swollen[other] for other in near]))
        if cuts is not None:
            ground = ground.difference(cuts)
        walled[id_] = ground
    return walled


def walkable_of(storey: Storey, walled: dict[str, Any]) -> Any:
    """Returns the ground of a sheet: walled rooms joined by the pieces of its ways, nooks smoothed away."""
    import shapely

    limits = laying_limits()
    whole = shapely.union_all([*walled.values(), *storey.pieces])
    half_m = limits.nook_m / 2
    open_ground = whole.buffer(-half_m, join_style="mitre").buffer(half_m, join_style="mitre")
    return polygons_of(open_ground.simplify(limits.simplify_m), limits.least_ground_m2)


def door_of(link: Link, sheet: int, line: tuple[Any, Any], *, leads_out: bool) -> Door:
    """Returns the door of a link on a line: lanes serve people one by one, a stated rate limits, else only bodies."""
    rate = link.rate_per_s
    is_bank = link.kind == "turnstiles" and link.lanes > 0
    return Door(
        id=link.id,
        sheet=sheet,
        line=line,
        leads_out=leads_out,
        rate_per_s=rate if link.rate_is_stated and not is_bank else None,
        servers=link.lanes if is_bank else 0,
        service_s=link.lanes / rate if is_bank and rate else 0.0,
    )
