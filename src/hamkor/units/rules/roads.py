# SPDX-License-Identifier: Apache-2.0
"""Ways of vehicles: along the ways kept clear for them, the last part on foot; else a straight line with a detour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any

import numpy as np

from hamkor.units.rules.travel import NO_WAY, Floats, Reached, Spot, TravelProfile, Way
from hamkor.units.rules.walking import Drawing, WalkNetwork, network_of
from hamkor.venues.rules.features import Feature, Route
from hamkor.venues.rules.geometry import LineString

# Routes of these purposes are for vehicles.
VEHICLE_PURPOSES = frozenset({"emergency_access"})
STEP_M = 20.0
NODES_MOST = 800
# Ends of two ways this near to each other are one junction.
JUNCTION_M = 15.0


class Roads:
    """The ways of a drawing that are kept clear for vehicles.

    Args:
        features: Features of the drawing.
        walking: The network for people on foot, on whose plane everything lies.
    """

    def __init__(self, features: Sequence[Feature], walking: WalkNetwork) -> None:
        drawn = [item.geometry for item in features if _is_road(item)]
        lines = [walking.plane.to_shape(geometry) for geometry in drawn if geometry is not None]
        step_m = max(STEP_M, sum(line.length for line in lines) / NODES_MOST)
        points: list[tuple[float, float]] = []
        self._edges: list[list[tuple[int, float]]] = []
        starts: list[int] = []
        for line in lines:
            starts.append(len(points))
            steps = max(1, round(line.length / step_m))
            for step in range(steps + 1):
                point = line.interpolate(step / steps, normalized=True)
                points.append((float(point.x), float(point.y)))
                self._edges.append([])
                if step:
                    self._join(len(points) - 2, len(points) - 1, line.length / steps)
        self.xy_m: Floats = np.array(points, dtype=np.float64).reshape(-1, 2)
        self._join_junctions([*starts, len(points)])
        self.spots = tuple(walking.locate_xy(points))

    def _join(self, first: int, second: int, metres: float) -> None:
        self._edges[first].append((second, metres))
        self._edges[second].append((first, metres))

    def _join_junctions(self, starts: list[int]) -> None:
        """Joins ways that meet: each end with the nearest point of every other way."""
        spans = list(pairwise(starts))
        for begin, stop in spans:
            for end in dict.fromkeys((begin, stop - 1)):
                for other_begin, other_stop in spans:
                    if other_begin == begin:
                        continue
                    apart = np.hypot(*(self.xy_m[other_begin:other_stop] - self.xy_m[end]).T)
                    nearest = int(apart.argmin())
                    if apart[nearest] <= JUNCTION_M:
                        self._join(end, other_begin + nearest, float(apart[nearest]))

    def reach(self, on_foot: Sequence[Way], *, profile: TravelProfile) -> Reached:
        """Returns how far an incident is from every point of the roads, by road and then on foot.

        Args:
            on_foot: Way on foot from each point to the incident.
            profile: Speeds.

        Source: Dijkstra (1959).
        """
        seconds = [way.seconds for way in on_foot]
        metres = [way.metres for way in on_foot]
        guessed = [way.is_guessed for way in on_foot]
        queue = [(time, node) for node, time in enumerate(seconds) if math.isfinite(time)]
        heapify(queue)
        while queue:
            time, node = heappop(queue)
            if time > seconds[node]:
                continue
            for other, length_m in self._edges[node]:
                along = time + length_m / profile.road_m_s
                if along < seconds[other]:
                    seconds[other], metres[other] = along, metres[node] + length_m
                    guessed[other] = guessed[node]
                    heappush(queue, (along, other))
        return Reached(seconds, metres, guessed)

    def way(self, start: Spot, reached: Reached | None, end: Spot, *, profile: TravelProfile) -> Way:
        """Returns the way of a vehicle to an incident.

        Args:
            start: Where the vehicle is.
            reached: What `reach` returned for the incident; None where no roads are drawn.
            end: Where the incident is.
            profile: Speeds and detours.
        """
        if start.xy_m is None:
            return NO_WAY
        if reached is None:
            if end.xy_m is None:
                return NO_WAY
            metres = math.dist(start.xy_m, end.xy_m) * profile.vehicle_detour
            return Way(metres / profile.vehicle_m_s, metres, "straight")
        apart_m = np.hypot(self.xy_m[:, 0] - start.xy_m[0], self.xy_m[:, 1] - start.xy_m[1])
        apart_m *= profile.vehicle_detour
        seconds = apart_m / profile.vehicle_m_s + np.asarray(reached.seconds)
        node = int(seconds.argmin())
        if not np.isfinite(seconds[node]):
            return NO_WAY
        metres = float(apart_m[node]) + reached.metres[node]
        return Way(float(seconds[node]), metres, "roads", reached.is_guessed[node])


@lru_cache(maxsize=8)
def roads_of(drawing: Drawing) -> Roads:
    """Returns the roads of a drawing, kept while the drawing stays the same."""
    return Roads(drawing.features, network_of(drawing))


def _is_road(feature: Feature) -> bool:
    route: Any = feature.properties
    if not isinstance(route, Route) or not isinstance(feature.geometry, LineString):
        return False
    return route.purpose in VEHICLE_PURPOSES and route.usable is not False and not route.obstructed
