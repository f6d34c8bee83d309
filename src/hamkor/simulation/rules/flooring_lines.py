# SPDX-License-Identifier: Apache-2.0
"""Lines and pieces of ground in metres: where a way meets an area, and the ground between."""

from __future__ import annotations

import math
from typing import Any

Point = tuple[float, float]
SHORTEST_M = 1e-6
TOUCH_M = 1e-3


def along(point: Point, direction: Point, distance_m: float) -> Point:
    """Returns the point at a distance from another in a direction."""
    return point[0] + direction[0] * distance_m, point[1] + direction[1] * distance_m


def direction_of(first: Point, last: Point) -> Point:
    """Returns the unit vector from one point to another; (0, 0) for the same."""
    span = math.dist(first, last)
    return ((last[0] - first[0]) / span, (last[1] - first[1]) / span) if span > SHORTEST_M else (0.0, 0.0)


def across(direction: Point) -> Point:
    """Returns the direction a quarter turn to the left."""
    return -direction[1], direction[0]


def reach_to(point: Point, direction: Point, room: Any, *, farthest_m: float) -> float | None:
    """Returns how far a room is from a point in a direction, metres; 0 inside of it, None when it is not met."""
    import shapely

    if shapely.intersects_xy(room, *point):
        return 0.0
    ray = shapely.LineString([point, along(point, direction, farthest_m)])
    met = shapely.get_coordinates(ray.intersection(room))
    if not len(met):
        return None
    return min(math.dist(point, (float(x), float(y))) for x, y in met)


def piece_towards(
    edge: tuple[Point, Point], direction: Point, room: Any, *, farthest_m: float, bite_m: float
) -> Any | None:
    """Returns the ground from an edge to a room, as far as needed at each of its ends; None when it is not met.

    Args:
        edge: The two ends of the edge in metres.
        direction: Unit vector towards the room.
        room: Shapely polygon it must reach.
        farthest_m: Farthest it may lie from the edge.
        bite_m: How far the ground reaches into the room.
    """
    import shapely

    middle = ((edge[0][0] + edge[1][0]) / 2, (edge[0][1] + edge[1][1]) / 2)
    centre_m = reach_to(middle, direction, room, farthest_m=farthest_m)
    if centre_m is None:
        return None
    most_m = centre_m + math.dist(*edge)
    ends = []
    for end in edge:
        met = reach_to(end, direction, room, farthest_m=most_m)
        ends.append(along(end, direction, (centre_m if met is None else met) + bite_m))
    return shapely.Polygon([edge[0], edge[1], ends[1], ends[0]])


def edge_across(point: Point, direction: Point, width_m: float) -> tuple[Point, Point]:
    """Returns the edge of a width with its middle at a point, across a direction."""
    side = across(direction)
    return along(point, side, width_m / 2), along(point, side, -width_m / 2)


def strip_along(line: Any, width_m: float) -> Any:
    """Returns the ground of a width along a line, flat at both ends."""
    return line.buffer(width_m / 2, cap_style="flat", join_style="mitre")


def end_directions(line: Any) -> tuple[Point, Point]:
    """Returns the unit vectors that lead out of a line at its beginning and its end."""
    coordinates = [(float(x), float(y)) for x, y in line.coords]
    return direction_of(coordinates[1], coordinates[0]), direction_of(coordinates[-2], coordinates[-1])


def edge_at(line: Any, distance_m: float, width_m: float) -> tuple[Point, Point]:
    """Returns the edge of a width across a line at a distance from its beginning."""
    before = line.interpolate(max(0.0, distance_m - TOUCH_M))
    after = line.interpolate(min(line.length, distance_m + TOUCH_M))
    middle = line.interpolate(distance_m)
    return edge_across((middle.x, middle.y), direction_of((before.x, before.y), (after.x, after.y)), width_m)


def part_of_line(line: Any, first_m: float, last_m: float) -> Any:
    """Returns the part of a line between two distances from its beginning."""
    import shapely.ops

    return shapely.ops.substring(line, max(0.0, first_m), min(line.length, last_m))
