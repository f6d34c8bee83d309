# SPDX-License-Identifier: Apache-2.0
"""Small drawings in metres, as features on the earth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import shapely

from hamkor.events.rules import AreaAttendance, Attendance
from hamkor.folder.queries import read_folder
from hamkor.plans.rules.plan import Plan
from hamkor.venues.rules.features import Area, Feature, Opening, Passage, Structure, Turnstiles
from hamkor.venues.rules.geometry import (
    LineString,
    MetricPlane,
    MultiPolygon,
    Point,
    Polygon,
    find_centre,
    plane_around,
)

EXAMPLES = Path(__file__).parents[4] / "examples"
CENTRE = (69.25, 41.3)
PLANE = MetricPlane(CENTRE)
XY = tuple[float, float]


def plan_of(name: str) -> Plan:
    return read_folder(EXAMPLES / name)


def outline(*corners: XY) -> Polygon:
    positions = PLANE.to_positions(corners)
    return Polygon(((*positions, positions[0]),))


def box(west: float, south: float, east: float, north: float) -> Polygon:
    return outline((west, south), (east, south), (east, north), (west, north))


def line(*points: XY) -> LineString:
    return LineString(tuple(PLANE.to_positions(points)))


def point(x: float, y: float) -> Point:
    return Point(PLANE.to_positions([(x, y)])[0])


def point_of(xy: XY) -> Any:
    """Returns a shapely point in metres."""
    return shapely.Point(xy)


def area(id_: str, geometry: Any = None, *, use: str = "hall", **more: Any) -> Feature:
    return Feature(id=id_, geometry=geometry, properties=Area(use=use, **more))


def door(id_: str, ends: str, geometry: Any = None, **more: Any) -> Feature:
    more.setdefault("clear_width_m", 2.0)
    tail, head = ends.split(">")
    return Feature(id=id_, geometry=geometry, properties=Opening(from_=tail, to=head, **more))


def bank(id_: str, ends: str, geometry: Any = None, *, lanes: int = 4, **more: Any) -> Feature:
    tail, head = ends.split(">")
    return Feature(id=id_, geometry=geometry, properties=Turnstiles(from_=tail, to=head, lanes=lanes, **more))


def passage(id_: str, ends: str, geometry: Any = None, *, form: str = "stairs", **more: Any) -> Feature:
    more.setdefault("clear_width_m", 2.0)
    tail, head = ends.split(">")
    return Feature(id=id_, geometry=geometry, properties=Passage(from_=tail, to=head, form=form, **more))


def structure(id_: str, geometry: Any, kind: str = "stage") -> Feature:
    return Feature(id=id_, geometry=geometry, properties=Structure(structure=kind))


def hall(**more: Any) -> list[Feature]:
    """Returns a hall of 20 by 10 m with a door of 2 m in its eastern wall."""
    more.setdefault("stated_capacity", 100)
    return [area("hall", box(0, 0, 20, 10), **more), door("exit", "hall>outside", point(20, 5))]


def crowd(people: float | None = None, **by_area: float) -> Attendance:
    rows = tuple(AreaAttendance(area=id_.replace("_", "-"), people=number) for id_, number in by_area.items())
    return Attendance(peak=people, by_area=rows or None)


def redrawn(features: Iterable[Feature], *, turn_deg: float = 0.0, finer: int = 1) -> list[Feature]:
    """Returns the same drawing turned around its middle, with more vertices on every line."""
    listed = list(features)
    plane = plane_around(find_centre(f.geometry for f in listed if f.geometry is not None) or CENTRE)
    turned = math.radians(turn_deg)

    def move(positions: Iterable[Any]) -> tuple[Any, ...]:
        points = plane.to_xy_m(positions)
        if len(points) > 1:
            points = _finer(points, finer)
        cos, sin = math.cos(turned), math.sin(turned)
        return tuple(plane.to_positions([(x * cos - y * sin, x * sin + y * cos) for x, y in points]))

    return [
        msgspec.structs.replace(feature, geometry=feature.geometry and _moved(feature.geometry, move))
        for feature in listed
    ]


def _finer(points: list[XY], finer: int) -> list[XY]:
    result = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        result += [(x0 + (x1 - x0) * k / finer, y0 + (y1 - y0) * k / finer) for k in range(finer)]
    return [*result, points[-1]]


def _moved(geometry: Any, move: Callable[[Iterable[Any]], tuple[Any, ...]]) -> Any:
    match geometry:
        case Point():
            return Point(move([geometry.coordinates])[0])
        case LineString():
            return LineString(move(geometry.coordinates))
        case Polygon():
            return Polygon(tuple(move(ring) for ring in geometry.coordinates))
        case MultiPolygon():
            return MultiPolygon(tuple(tuple(move(ring) for ring in rings) for rings in geometry.coordinates))
    return geometry
