# SPDX-License-Identifier: Apache-2.0
"""Coordinates of other programs made into geometries of ours: checked, closed, mended."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.rules.drawings import DrawingRefusedError
from hamkor.venues.rules.geometry import Geometry, LineString, MultiPolygon, Point, Polygon

DEGREES_DECIMALS = 8
MOST_TANGLED = 300
"""A crossing outline with more corners is left out: a scribble of 2,000 takes minutes to mend, and no hall is one."""
Pairs = list[tuple[float, float]]


class Shaped(msgspec.Struct):
    """What became of the coordinates of one thing.

    Args:
        geometries: None, one or several geometries of ours.
        is_mended: An outline crossed itself or was open.
        had_heights: Positions had a third number.
    """

    geometries: list[Geometry]
    is_mended: bool = False
    had_heights: bool = False


class Shaper:
    """Makes geometries and counts positions.

    Args:
        vertices: Most positions of all things together.
    """

    def __init__(self, vertices: int) -> None:
        self._most = vertices
        self._left = vertices
        self._makers: dict[str, Callable[[Any, str, Shaped], None]] = {
            "Point": self._point,
            "LineString": self._line,
            "Polygon": self._polygon,
            "MultiPolygon": self._polygons,
            "MultiLineString": partial(self._several, make=self._line),
            "MultiPoint": partial(self._several, make=self._point),
        }

    def shape(self, kind: str, coordinates: Any, place: str) -> Shaped:
        """Returns the geometries of a GeoJSON type and its coordinates in degrees.

        Args:
            kind: Type of GeoJSON, such as ``Polygon``.
            coordinates: Its coordinates, as read.
            place: What it is and where, for refusals.

        Raises:
            DrawingRefusedError: ``bad-position``, ``not-degrees``, ``too-many-vertices``.
        """
        shaped = Shaped([])
        make = self._makers.get(kind)
        if make is not None:
            make(coordinates, place, shaped)
        return shaped

    def _pair(self, raw: Any, place: str, shaped: Shaped) -> tuple[float, float]:
        self._left -= 1
        if self._left < 0:
            raise DrawingRefusedError(
                "too-many-vertices",
                N_("The drawing has more than {limit} positions. Simplify it, or import it part by part."),
                limit=self._most,
            )
        if not isinstance(raw, (list, tuple)) or not 2 <= len(raw) <= 4 or not all(map(_is_number, raw)):
            raise DrawingRefusedError(
                "bad-position",
                N_(
                    "{place}: a position is not two ordinary numbers. Export the drawing again, or correct it there."
                ),
                place=place,
            )
        longitude_deg, latitude_deg = float(raw[0]), float(raw[1])
        if abs(longitude_deg) > 180 or abs(latitude_deg) > 90:
            raise _not_degrees(longitude_deg, latitude_deg, place)
        shaped.had_heights |= len(raw) > 2
        return round(longitude_deg, DEGREES_DECIMALS), round(latitude_deg, DEGREES_DECIMALS)

    def _pairs(self, raw: Any, place: str, shaped: Shaped) -> Pairs:
        """Returns positions without those that repeat the one before."""
        if not isinstance(raw, (list, tuple)):
            raw = [raw]
        pairs: Pairs = []
        for item in raw:
            pair = self._pair(item, place, shaped)
            if not pairs or pair != pairs[-1]:
                pairs.append(pair)
        return pairs

    def _point(self, raw: Any, place: str, shaped: Shaped) -> None:
        shaped.geometries.append(Point(self._pair(raw, place, shaped)))

    def _line(self, raw: Any, place: str, shaped: Shaped) -> None:
        pairs = self._pairs(raw, place, shaped)
        if len(pairs) > 1:
            shaped.geometries.append(LineString(tuple(pairs)))

    def _polygon(self, raw: Any, place: str, shaped: Shaped) -> None:
        import shapely

        rings = [self._pairs(ring, place, shaped) for ring in (raw if isinstance(raw, (list, tuple)) else [])]
        shaped.is_mended |= any(ring and ring[0] != ring[-1] for ring in rings)
        rings = [ring for ring in rings if len(set(ring)) > 2]
        if not rings:
            return
        outline = shapely.Polygon(rings[0], rings[1:])
        if outline.is_valid and outline.area > 0:
            shaped.geometries.append(polygon_of(outline))
            return
        if sum(len(ring) for ring in rings) > MOST_TANGLED:
            return
        parts = _polygons_in(shapely.make_valid(outline, method="structure", keep_collapsed=False))
        shaped.is_mended |= bool(parts)
        if len(parts) == 1:
            shaped.geometries.append(polygon_of(parts[0]))
        elif parts:
            shaped.geometries.append(MultiPolygon(tuple(polygon_of(part).coordinates for part in parts)))

    def _polygons(self, raw: Any, place: str, shaped: Shaped) -> None:
        import shapely

        found = Shaped([])
        for rings in raw if isinstance(raw, (list, tuple)) else []:
            self._polygon(rings, place, found)
        joined = shapely.union_all([shape_of(geometry) for geometry in found.geometries])
        parts = _polygons_in(joined)
        shaped.is_mended, shaped.had_heights = found.is_mended, found.had_heights
        if len(parts) == 1:
            shaped.geometries.append(polygon_of(parts[0]))
        elif parts:
            shaped.geometries.append(MultiPolygon(tuple(polygon_of(part).coordinates for part in parts)))

    def _several(
        self, raw: Any, place: str, shaped: Shaped, *, make: Callable[[Any, str, Shaped], None]
    ) -> None:
        for item in raw if isinstance(raw, (list, tuple)) else []:
            make(item, place, shaped)


def shape_of(geometry: Geometry) -> Any:
    """Returns a geometry as a shapely shape in degrees."""
    import shapely

    match geometry:
        case Point():
            return shapely.Point(geometry.coordinates)
        case LineString():
            return shapely.LineString(geometry.coordinates)
        case Polygon():
            return shapely.Polygon(geometry.coordinates[0], geometry.coordinates[1:])
        case MultiPolygon():
            return shapely.MultiPolygon([(rings[0], list(rings[1:])) for rings in geometry.coordinates])


def polygon_of(shape: Any) -> Polygon:
    """Returns a shapely polygon in degrees as a geometry of ours."""
    rings = (shape.exterior, *shape.interiors)
    return Polygon(tuple(tuple((float(x), float(y)) for x, y, *_ in ring.coords) for ring in rings))


def _polygons_in(shape: Any) -> list[Any]:
    """Returns the parts of a mended outline that have an area, without slivers that rounding left."""
    parts = list(shape.geoms) if hasattr(shape, "geoms") else [shape]
    flat = [inner for part in parts for inner in (part.geoms if hasattr(part, "geoms") else [part])]
    polygons = [part for part in flat if part.geom_type == "Polygon" and part.area > 0]
    largest = max((part.area for part in polygons), default=0.0)
    return [part for part in polygons if part.area > largest * 1e-9]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _not_degrees(x: float, y: float, place: str) -> DrawingRefusedError:
    return DrawingRefusedError(
        "not-degrees",
        N_(
            "{place}: the position {x}, {y} is not in degrees; the drawing is probably in metres. "
            "Export it again with coordinates in degrees (WGS 84, EPSG:4326)."
        ),
        place=place,
        x=f"{x:.6g}",
        y=f"{y:.6g}",
    )
