# SPDX-License-Identifier: Apache-2.0
"""Clicked points drawn to corners and edges near them, so that neighbours share their border."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math
from typing import Literal

import msgspec

from hamkor.venues.rules.features import Feature, Venue
from hamkor.venues.rules.geometry import MetricPlane, MultiPolygon, Point, Polygon, Position, plane_around
from hamkor.venues.rules.vertices import round_position, take_apart

REACH_M = 1.0


class Snapped(msgspec.Struct, frozen=True):
    """Where a clicked point went.

    Args:
        position: The point, degrees.
        to: ``corner``, ``edge``, or None when nothing was near.
        feature: Id of the feature whose corner or edge it is.
        moved_m: How far it went, metres.
    """

    position: Position
    to: Literal["corner", "edge"] | None = None
    feature: str | None = None
    moved_m: float = 0.0


def snap(
    venue: Venue,
    position: Position,
    *,
    reach_m: float = REACH_M,
    level: float = 0,
    without: str | None = None,
) -> Snapped:
    """Returns the nearest corner within reach, else the nearest point of an edge within reach, else the point itself.

    Args:
        venue: The drawing.
        position: The clicked point, degrees.
        reach_m: How far it may be drawn, metres.
        level: Storey on which is drawn.
        without: Id of the feature being drawn, which is not snapped to.
    """
    plane = plane_around(round_position(position))
    corners: list[Snapped] = []
    edges: list[Snapped] = []
    for feature in venue.features:
        if feature.id == without or feature.properties.level != level or feature.geometry is None:
            continue
        if not isinstance(feature.geometry, Point):
            _look(feature, plane, corners=corners, edges=edges)
    for found in (corners, edges):
        nearest = min(found, key=lambda item: item.moved_m, default=None)
        if nearest is not None and nearest.moved_m <= reach_m:
            return msgspec.structs.replace(nearest, position=round_position(nearest.position))
    return Snapped(round_position(position))


def _look(feature: Feature, plane: MetricPlane, *, corners: list[Snapped], edges: list[Snapped]) -> None:
    """Adds the nearest corner and the nearest point of an edge of a feature; distances are from the plane's centre."""
    if feature.geometry is None:
        return
    is_outline = isinstance(feature.geometry, (Polygon, MultiPolygon))
    for rings in take_apart(feature.geometry):
        for ring in rings:
            points = plane.to_xy_m(ring)
            best = min(range(len(ring)), key=lambda index: math.hypot(*points[index]))
            corners.append(Snapped(ring[best], "corner", feature.id, math.hypot(*points[best])))
            ends = zip(points, [*points[1:], points[0]] if is_outline else points[1:], strict=False)
            x, y = min((_nearest(a, b) for a, b in ends), key=lambda point: math.hypot(*point))
            edges.append(Snapped(plane.to_positions([(x, y)])[0], "edge", feature.id, math.hypot(x, y)))


def _nearest(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Returns the point of an edge nearest to the zero of the plane."""
    east, north = end[0] - start[0], end[1] - start[1]
    square = east * east + north * north
    share = 0.0 if square == 0 else max(0.0, min(1.0, -(start[0] * east + start[1] * north) / square))
    return start[0] + share * east, start[1] + share * north
