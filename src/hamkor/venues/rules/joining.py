# SPDX-License-Identifier: Apache-2.0
"""Which areas an opening joins, and which area another is a part of, as the geometry says."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from hamkor.venues.rules.geometry import Geometry, LineString, MetricPlane

REACHES_M = (0.05, 0.15, 0.3, 0.6, 1.0)
"""How far to both sides of an opening areas are looked for: walls are drawn as gaps of up to two metres."""
SPARE_M = 0.05
"""How far a part may stick out of the area it lies in: drawings are not more exact."""
SHORTEST_LINE_M = 1e-6
NEARLY_AS_LARGE = 0.999
MOST_PAIRS = 300_000
"""Areas over each other that are compared at most: thousands that lie in each other are no venue."""


class Ground(msgspec.Struct):
    """An area with its shape in metres."""

    id: str
    level: float
    shape: Any
    area_m2: float


class Grounds:
    """Areas that can be asked what lies where.

    Args:
        areas: Id, storey and outline of each area.
        plane: Metric plane of the drawing.
    """

    def __init__(self, areas: list[tuple[str, float, Geometry]], plane: MetricPlane) -> None:
        import shapely

        self._plane = plane
        self._grounds = [
            Ground(id_, level, shape, shape.area)
            for id_, level, geometry in areas
            for shape in [plane.to_shape(geometry)]
        ]
        for ground in self._grounds:
            shapely.prepare(ground.shape)
        self._tree = shapely.STRtree([ground.shape for ground in self._grounds])

    def find_sides(self, geometry: Geometry, level: float) -> tuple[str | None, str | None]:
        """Returns the areas on both sides of an opening; None where none is drawn; the same twice inside of one."""
        import shapely

        shape = self._plane.to_shape(geometry)
        middle = (
            shape.interpolate(0.5, normalized=True) if isinstance(geometry, LineString) else shape.centroid
        )
        normal = _normal(shape) if isinstance(geometry, LineString) else self._border_normal(middle, level)
        if normal is None:
            return None, None
        sides: list[str | None] = []
        for sign in (1, -1):
            probes = (
                shapely.Point(middle.x + sign * reach * normal[0], middle.y + sign * reach * normal[1])
                for reach in REACHES_M
            )
            sides.append(next((found for probe in probes if (found := self.smallest_at(probe, level))), None))
        return sides[0], sides[1]

    def find_ends(self, geometry: LineString, level: float) -> tuple[str | None, str | None]:
        """Returns the areas at both ends of a way, the first metre beyond each end included."""
        import shapely

        coordinates = list(self._plane.to_shape(geometry).coords)
        ends: list[str | None] = []
        for end, before in ((coordinates[0], coordinates[1]), (coordinates[-1], coordinates[-2])):
            length_m = max(math.dist(end, before), SHORTEST_LINE_M)
            along = ((end[0] - before[0]) / length_m, (end[1] - before[1]) / length_m)
            probes = (
                shapely.Point(end[0] + reach * along[0], end[1] + reach * along[1])
                for reach in (0.0, *REACHES_M)
            )
            ends.append(next((found for probe in probes if (found := self.smallest_at(probe, level))), None))
        return ends[0], ends[1]

    def smallest_at(self, point: Any, level: float) -> str | None:
        """Returns the smallest area of a storey around a point in metres, or None."""
        found = [
            ground
            for index in self._tree.query(point, predicate="intersects")
            if (ground := self._grounds[index]).level == level
        ]
        return min(found, key=lambda ground: (ground.area_m2, ground.id)).id if found else None

    def list_parents(self) -> dict[str, str]:
        """Returns for each area that lies in a larger one of its storey the smallest such."""
        import shapely

        order = sorted(range(len(self._grounds)), key=lambda index: (self._grounds[index].area_m2, index))
        inner = shapely.buffer([ground.shape for ground in self._grounds], -SPARE_M)
        rank = {index: place for place, index in enumerate(order)}
        parents: dict[str, str] = {}
        left = MOST_PAIRS
        for index in order:
            ground = self._grounds[index]
            around = [
                other
                for other in self._tree.query(ground.shape)
                if self._grounds[other].level == ground.level
                and ground.area_m2 < self._grounds[other].area_m2 * NEARLY_AS_LARGE
            ]
            left -= len(around) + 1
            if left < 0:
                break
            for other in sorted(around, key=rank.__getitem__):
                if inner[index].within(self._grounds[other].shape):
                    parents[ground.id] = self._grounds[other].id
                    break
        return parents

    def area_at(self, geometry: Geometry, level: float) -> str | None:
        """Returns the smallest area in which the middle of a thing lies, or None."""
        return self.smallest_at(self._plane.to_shape(geometry).centroid, level)

    def _border_normal(self, middle: Any, level: float) -> tuple[float, float] | None:
        """Returns the direction across the nearest border within reach of a point, or None."""
        near = [
            self._grounds[index].shape.boundary
            for index in self._tree.query(middle.buffer(REACHES_M[-1]))
            if self._grounds[index].level == level
        ]
        borders = [border for border in near if border.distance(middle) <= REACHES_M[-1]]
        if not borders:
            return None
        border = min(borders, key=lambda item: float(item.distance(middle)))
        lines = list(border.geoms) if hasattr(border, "geoms") else [border]
        line = min(lines, key=lambda item: float(item.distance(middle)))
        at = line.project(middle)
        first = line.interpolate(max(0.0, at - SPARE_M))
        last = line.interpolate(min(line.length, at + SPARE_M))
        return _across(last.x - first.x, last.y - first.y)


def _normal(line: Any) -> tuple[float, float] | None:
    first, last = line.coords[0], line.coords[-1]
    return _across(last[0] - first[0], last[1] - first[1])


def _across(east_m: float, north_m: float) -> tuple[float, float] | None:
    length_m = math.hypot(east_m, north_m)
    return (-north_m / length_m, east_m / length_m) if length_m > SHORTEST_LINE_M else None
