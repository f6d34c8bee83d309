# SPDX-License-Identifier: Apache-2.0
"""Geometries taken apart into vertices and put together again."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.venues.rules.features import Area, Feature, Properties, Route
from hamkor.venues.rules.geometry import (
    Geometry,
    LineString,
    MetricPlane,
    MultiPolygon,
    Point,
    Polygon,
    Position,
    plane_around,
)

DEGREES_DECIMALS = 8
"""About a millimetre: what a person can draw is coarser."""
SMALLEST_AREA_M2 = 0.5
SHORTEST_LINE_M = 0.05
MOST_VERTICES = 5000
LATITUDE_MAX_DEG = 85.0

Parts = list[list[list[Position]]]


class Vertex(msgspec.Struct, frozen=True):
    """Which vertex of a geometry is meant.

    Args:
        index: Its number along the line or ring, from 0; the last position of a ring is its first.
        ring: 0 for the outline, from 1 its holes.
        part: Which outline of several.
    """

    index: int
    ring: int = 0
    part: int = 0


class EditRefusedError(HamkorError):
    """A change of the drawing is not possible: says why and what to do instead."""


def take_apart(geometry: Geometry) -> Parts:
    """Returns parts, their rings, their positions; rings without the last position that repeats the first."""
    match geometry:
        case Point():
            return [[[geometry.coordinates]]]
        case LineString():
            return [[list(geometry.coordinates)]]
        case Polygon():
            return [[list(ring[:-1]) for ring in geometry.coordinates]]
        case MultiPolygon():
            return [[list(ring[:-1]) for ring in rings] for rings in geometry.coordinates]


def put_together(parts: Parts, like: Geometry) -> Geometry:
    """Returns the geometry of the same type with other positions, rounded to a millimetre."""
    rounded = [[[round_position(position) for position in ring] for ring in rings] for rings in parts]
    match like:
        case Point():
            return Point(rounded[0][0][0])
        case LineString():
            return LineString(tuple(rounded[0][0]))
        case Polygon():
            return Polygon(_closed(rounded[0]))
        case MultiPolygon():
            return MultiPolygon(tuple(_closed(rings) for rings in rounded))


def _closed(rings: list[list[Position]]) -> tuple[tuple[Position, ...], ...]:
    return tuple((*ring, ring[0]) for ring in rings)


def round_position(position: Position) -> Position:
    """Returns a position rounded to a millimetre.

    Raises:
        EditRefusedError: ``no-place`` when it is no place for a venue.
    """
    longitude_deg, latitude_deg = position
    is_number = math.isfinite(longitude_deg) and math.isfinite(latitude_deg)
    if not is_number or abs(longitude_deg) > 180 or abs(latitude_deg) > LATITUDE_MAX_DEG:
        raise EditRefusedError(
            "no-place",
            N_("{longitude}, {latitude} is no place for a venue. Give longitude, then latitude, in degrees."),
            longitude=longitude_deg,
            latitude=latitude_deg,
        )
    return round(longitude_deg, DEGREES_DECIMALS), round(latitude_deg, DEGREES_DECIMALS)


def ring_of(parts: Parts, vertex: Vertex, *, feature: str) -> list[Position]:
    """Returns the line or ring a vertex stands on.

    Raises:
        EditRefusedError: ``no-such-vertex``.
    """
    is_there = 0 <= vertex.part < len(parts) and 0 <= vertex.ring < len(parts[vertex.part])
    if not is_there or not 0 <= vertex.index < len(parts[vertex.part][vertex.ring]):
        raise EditRefusedError(
            "no-such-vertex",
            N_("{feature} has no corner number {index}. Somebody changed it meanwhile: load the map again."),
            feature=feature,
            index=vertex.index,
        )
    return parts[vertex.part][vertex.ring]


def checked(feature: Feature) -> Feature:
    """Returns the feature when its geometry can be used.

    Raises:
        EditRefusedError: ``too-many-vertices``, ``too-short``, ``too-small``, ``crosses-itself``.
    """
    geometry = feature.geometry
    if geometry is None or isinstance(geometry, Point):
        return feature
    parts = take_apart(geometry)
    count = sum(len(ring) for rings in parts for ring in rings)
    if count > MOST_VERTICES:
        raise EditRefusedError(
            "too-many-vertices",
            N_("{feature} would have {count} corners; at most {limit} are kept. Draw it simpler."),
            feature=feature.id,
            count=count,
            limit=MOST_VERTICES,
        )
    plane = plane_around(parts[0][0][0])
    if isinstance(geometry, LineString):
        _check_line(feature, geometry, plane)
    else:
        _check_outline(feature, geometry, plane)
    return feature


def _check_line(feature: Feature, line: LineString, plane: MetricPlane) -> None:
    length_m = plane.to_shape(line).length
    if not length_m >= SHORTEST_LINE_M:
        raise EditRefusedError(
            "too-short",
            N_("{feature} would be {length_m} m long; the least is {least_m} m. Draw it longer."),
            feature=feature.id,
            length_m=round(length_m, 3),
            least_m=SHORTEST_LINE_M,
        )


def _check_outline(feature: Feature, geometry: Geometry, plane: MetricPlane) -> None:
    shape = plane.to_shape(geometry)
    if not shape.is_valid:
        raise EditRefusedError(
            "crosses-itself",
            N_("The outline of {feature} would cross or touch itself. Put the corner elsewhere."),
            feature=feature.id,
        )
    if not shape.area >= SMALLEST_AREA_M2:
        raise EditRefusedError(
            "too-small",
            N_("{feature} would have {area_m2} m²; the least is {least_m2} m². Draw it larger."),
            feature=feature.id,
            area_m2=round(shape.area, 3),
            least_m2=SMALLEST_AREA_M2,
        )


def geometry_of(properties: Properties, points: list[Position], *, feature: str) -> Geometry:
    """Returns what clicked points draw: an outline for grounds, a line for ways, a point for single things.

    Raises:
        EditRefusedError: ``too-few-points`` with how many are needed.
    """
    least, most_as_line = _points_needed(properties)
    if len(points) < least:
        raise EditRefusedError(
            "too-few-points",
            N_("{feature} needs {least} points or more; {count} were given. Click on the map again."),
            feature=feature,
            least=least,
            count=len(points),
        )
    clean = [round_position(point) for point in points]
    if len(clean) == 1:
        return Point(clean[0])
    if len(clean) <= most_as_line:
        return LineString(tuple(clean))
    return Polygon(_closed([clean]))


def _points_needed(properties: Properties) -> tuple[int, int]:
    """Returns the least number of points, and up to which number they are a line and no outline."""
    match properties:
        case Area():
            return 3, 2
        case Route():
            return 2, MOST_VERTICES
        case _ if properties.__struct_config__.tag == "passage":
            return 2, MOST_VERTICES
        case _ if properties.__struct_config__.tag in {"opening", "turnstiles"}:
            return 1, MOST_VERTICES
        case _:
            return 1, 2
