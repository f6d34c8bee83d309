# SPDX-License-Identifier: Apache-2.0
"""Ways on foot through a venue: the quickest from one spot to every node, slower where it is dense."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any

import numpy as np

from hamkor.crowd.rules.flow import weidmann_speed_m_per_s
from hamkor.units.rules.linking import Region, link_features, middle_of
from hamkor.units.rules.travel import (
    NO_WAY,
    OUTSIDE_REGION,
    Reached,
    Spot,
    TravelProfile,
    Way,
)
from hamkor.venues.rules.features import Area, Connection, Feature
from hamkor.venues.rules.geometry import Position, find_centre, plane_around

XY = tuple[float, float]
# A way to a node: its index, seconds, metres, and whether its length is guessed.
Leg = tuple[int, float, float, bool]
GRAPHS_KEPT = 4
# A point outside of all areas belongs to the nearest one this near: drawings and satellites are not more exact.
NEAR_M = 30.0
DENSITY_MOST = 15.0


class Drawing:
    """The features of a drawing, compared by identity: a document that did not change is the same object.

    Args:
        features: The features.
    """

    __slots__ = ("_hash", "_ids", "features")

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self._ids = tuple(map(id, self.features))
        self._hash = hash(self._ids)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Drawing) and self._ids == other._ids


class WalkNetwork:
    """A drawing as people on foot use it.

    Args:
        features: Features of the drawing.

    Notes:
        Nothing drawn at all is one region, the world outside, on a plane around the origin of degrees.
    """

    def __init__(self, features: Sequence[Feature]) -> None:
        import shapely

        geometries = [feature.geometry for feature in features if feature.geometry is not None]
        self.plane = plane_around(find_centre(geometries) or (0.0, 0.0))
        self._features = {feature.id: feature for feature in features}
        self.regions, xy_m, grounds, self._where = link_features(features, self.plane)
        self.xy_m: list[XY] = [(east, north) for east, north in xy_m.tolist()]
        self._graphs: dict[object, WalkGraph] = {}
        drawn = [ground for ground in grounds if ground.shape is not None]
        self._drawn = sorted(drawn, key=lambda ground: (ground.shape.area, ground.id))
        self._tree = shapely.STRtree([ground.shape for ground in self._drawn])

    def locate(self, position: Position) -> Spot:
        """Returns where a position is: in the smallest area around it, in one nearby, or outside."""
        return self.locate_all([position])[0]

    def locate_all(self, positions: Sequence[Position]) -> list[Spot]:
        """Returns where positions are."""
        return self.locate_xy(self.plane.to_xy_m(positions)) if positions else []

    def locate_xy(self, xy_m: Sequence[XY]) -> list[Spot]:
        """Returns where points in metres are: in the smallest area around each, in one nearby, or outside.

        Args:
            xy_m: East and north of each.
        """
        import shapely

        if not self._drawn or not xy_m:
            return [Spot(point, OUTSIDE_REGION) for point in xy_m]
        points = shapely.points(np.asarray(xy_m, dtype=np.float64))
        found: list[int | None] = [None] * len(xy_m)
        # The areas are in the order of their size: the first one found is the smallest.
        for which, area in sorted(self._tree.query(points, predicate="intersects").T.tolist(), reverse=True):
            found[which] = area
        lost = [which for which, area in enumerate(found) if area is None]
        near = self._tree.query_nearest(points[lost], max_distance=NEAR_M).T.tolist() if lost else []
        for which, area in sorted(near, reverse=True):
            found[lost[which]] = area
        return [
            Spot(point, OUTSIDE_REGION if area is None else self._drawn[area].region)
            for point, area in zip(xy_m, found, strict=True)
        ]

    def spot_of(self, feature_id: str) -> Spot | None:
        """Returns where a feature is, None when neither its outline nor its neighbours say so."""
        feature = self._features.get(feature_id)
        if feature is None:
            return None
        xy_m = middle_of(feature, self.plane)
        properties: Any = feature.properties
        if isinstance(properties, Area):
            return Spot(xy_m, self._where[feature.id])
        if isinstance(properties, Connection):
            sides = [self._where[side] for side in (properties.to, properties.from_) if side in self._where]
            inner = [side for side in sides if side != OUTSIDE_REGION] or sides
            return Spot(xy_m, inner[0]) if inner else None
        return None if xy_m is None else self.locate_xy([xy_m])[0]

    def area_of(self, spot: Spot) -> str:
        """Returns the id of the area of a spot; `outside` for the world."""
        return self.regions[spot.region].id

    def graph(self, densities: Mapping[str, float], profile: TravelProfile) -> WalkGraph:
        """Returns the times of the network for the densities of now, kept while they stay the same.

        Args:
            densities: People per m² by the id of the area, where it is known.
            profile: Speeds and detours.
        """
        key = (profile.id, tuple(sorted(densities.items())))
        if key not in self._graphs:
            if len(self._graphs) >= GRAPHS_KEPT:
                self._graphs.clear()
            self._graphs[key] = WalkGraph(self, densities, profile)
        return self._graphs[key]


class WalkGraph:
    """A network with times: where it is dense one gets through more slowly.

    Args:
        network: The network.
        densities: People per m² by the id of the area.
        profile: Speeds and detours.
    """

    def __init__(self, network: WalkNetwork, densities: Mapping[str, float], profile: TravelProfile) -> None:
        self._network, self._profile = network, profile
        self._kept: tuple[tuple[Spot, ...], tuple[tuple[Leg, ...], ...]] | None = None
        self._pace = [_pace(region, densities, profile) for region in network.regions]
        self._legs: list[list[Leg]] = [[] for _ in network.xy_m]
        for index, region in enumerate(network.regions):
            for first, row in zip(region.nodes, region.legs_m.tolist(), strict=True):
                for second, metres in zip(region.nodes, row, strict=True):
                    if first != second:
                        self._legs[first].append(self._leg(second, metres, index))

    def approaches(self, spots: tuple[Spot, ...]) -> tuple[tuple[Leg, ...], ...]:
        """Returns the legs from spots that stay where they are, such as the points of a road; kept."""
        if self._kept is None or self._kept[0] is not spots:
            self._kept = (spots, tuple(self.approach(spot) for spot in spots))
        return self._kept[1]

    def approach(self, spot: Spot) -> tuple[Leg, ...]:
        """Returns the legs from a spot to the nodes of its region."""
        nodes = self._network.regions[spot.region].nodes
        if spot.xy_m is None:
            return tuple(self._leg(node, math.nan, spot.region) for node in nodes)
        east, north = spot.xy_m
        places = self._network.xy_m
        return tuple(
            self._leg(node, math.hypot(places[node][0] - east, places[node][1] - north), spot.region)
            for node in nodes
        )

    def reach(self, start: Spot) -> Reached:
        """Returns how far every node is from a start, by the quickest way.

        Args:
            start: Where to begin.

        Source: Dijkstra (1959).
        """
        count = len(self._legs)
        reached = Reached([math.inf] * count, [math.inf] * count, [False] * count)
        queue: list[tuple[float, int]] = []
        for leg in self.approach(start):
            _improve(reached, queue, leg, at=(0.0, 0.0, False))
        while queue:
            seconds, node = heappop(queue)
            if seconds > reached.seconds[node]:
                continue
            at = (seconds, reached.metres[node], reached.is_guessed[node])
            for leg in self._legs[node]:
                _improve(reached, queue, leg, at=at)
        return reached

    def way(self, start: Spot, reached: Reached, end: Spot, *, approach: Sequence[Leg] | None = None) -> Way:
        """Returns the way from the start that was reached from to a spot.

        Args:
            start: Where `reached` begins.
            reached: What `reach` returned.
            end: Where to.
            approach: What `approach` returned for the end, when that is known already.
        """
        best = self._direct(start, end) if start.region == end.region else NO_WAY
        found = None
        seconds = best.seconds
        for leg in self.approach(end) if approach is None else approach:
            time = reached.seconds[leg[0]] + leg[1]
            if time < seconds:
                seconds, found = time, leg
        if found is None:
            return best
        node, _, metres, guessed = found
        return Way(
            seconds, reached.metres[node] + metres, "network", bool(guessed or reached.is_guessed[node])
        )

    def _direct(self, start: Spot, end: Spot) -> Way:
        """Returns the way inside one region."""
        apart = math.nan if start.xy_m is None or end.xy_m is None else math.dist(start.xy_m, end.xy_m)
        _, seconds, metres, guessed = self._leg(-1, apart, start.region)
        return Way(seconds, metres, "network", guessed)

    def _leg(self, node: int, metres: float, region: int) -> Leg:
        """Returns a leg through a region, its length guessed where that is not drawn."""
        guessed = math.isnan(metres)
        if guessed:
            metres = self._profile.unknown_leg_m
        elif not self._network.regions[region].is_way:
            is_outside = region == OUTSIDE_REGION
            metres *= self._profile.outside_detour if is_outside else self._profile.walk_detour
        return node, metres * self._pace[region], metres, guessed


@lru_cache(maxsize=8)
def network_of(drawing: Drawing) -> WalkNetwork:
    """Returns the network of a drawing, kept while the drawing stays the same."""
    return WalkNetwork(drawing.features)


def _improve(
    reached: Reached, queue: list[tuple[float, int]], leg: Leg, *, at: tuple[float, float, bool]
) -> None:
    node, seconds, metres, guessed = leg
    time = at[0] + seconds
    if time < reached.seconds[node]:
        reached.seconds[node] = time
        reached.metres[node] = at[1] + metres
        reached.is_guessed[node] = at[2] or guessed
        heappush(queue, (time, node))


def _pace(region: Region, densities: Mapping[str, float], profile: TravelProfile) -> float:
    """Returns seconds per metre in a region."""
    if region.is_slow:
        return 1 / profile.stairs_m_s
    density = densities.get(region.id)
    if not density:
        return 1 / profile.walk_m_s
    share = weidmann_speed_m_per_s(min(max(0.0, density), DENSITY_MOST)) / weidmann_speed_m_per_s(0.0)
    return 1 / max(profile.crowd_min_m_s, profile.walk_m_s * share)
