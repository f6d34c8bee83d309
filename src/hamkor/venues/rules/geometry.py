# SPDX-License-Identifier: Apache-2.0
"""GeoJSON geometries and their measures on a metric plane."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]
Ring = Annotated[tuple[Position, ...], Meta(min_length=4)]
MAX_EXTENT_KM = 60.0
SMALLEST_AREA_M2 = 0.01


class _Geometry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Point(_Geometry, frozen=True, tag="Point"):
    """One position."""

    coordinates: Position


class LineString(_Geometry, frozen=True, tag="LineString"):
    """A line of two positions or more."""

    coordinates: Annotated[tuple[Position, ...], Meta(min_length=2)]


class Polygon(_Geometry, frozen=True, tag="Polygon"):
    """An outline and its holes; each ring is closed."""

    coordinates: Annotated[tuple[Ring, ...], Meta(min_length=1)]


class MultiPolygon(_Geometry, frozen=True, tag="MultiPolygon"):
    """Several outlines of one thing."""

    coordinates: Annotated[tuple[Annotated[tuple[Ring, ...], Meta(min_length=1)], ...], Meta(min_length=1)]


Geometry = Point | LineString | Polygon | MultiPolygon


def iter_positions(geometry: Geometry) -> Iterator[Position]:
    """Returns every position of a geometry, longitude first, in degrees."""
    match geometry:
        case Point():
            yield geometry.coordinates
        case LineString():
            yield from geometry.coordinates
        case Polygon():
            for ring in geometry.coordinates:
                yield from ring
        case MultiPolygon():
            for polygon in geometry.coordinates:
                for ring in polygon:
                    yield from ring


class MetricPlane:
    """A plane in metres around a place, true to area and length at the size of a venue.

    Args:
        centre: Longitude and latitude of its origin, degrees.

    Source: Lambert azimuthal equal-area projection on WGS 84 (PROJ operation ``laea``).
    """

    def __init__(self, centre: Position) -> None:
        from pyproj import Proj  # slow to import: only drawings with coordinates need it

        longitude_deg, latitude_deg = centre
        self._project = Proj(proj="laea", lat_0=latitude_deg, lon_0=longitude_deg, datum="WGS84", units="m")

    def to_xy_m(self, positions: Iterable[Position]) -> list[tuple[float, float]]:
        """Returns positions in degrees as metres east and north of the centre."""
        listed = list(positions)
        eastings, northings = self._project([p[0] for p in listed], [p[1] for p in listed])
        return list(zip(eastings, northings, strict=True))

    def to_positions(self, xy_m: Iterable[tuple[float, float]]) -> list[Position]:
        """Returns points in metres east and north of the centre as positions in degrees."""
        listed = list(xy_m)
        # The way back goes by a series that ends: it misses by some millimetres, which would add up at every change.
        missed = [
            (2 * x - found_x, 2 * y - found_y)
            for (x, y), (found_x, found_y) in zip(listed, self.to_xy_m(self._inverse(listed)), strict=True)
        ]
        return self._inverse(missed)

    def _inverse(self, xy_m: list[tuple[float, float]]) -> list[Position]:
        longitudes, latitudes = self._project([p[0] for p in xy_m], [p[1] for p in xy_m], inverse=True)
        return list(zip(longitudes, latitudes, strict=True))

    def to_shape(self, geometry: Geometry) -> Any:
        """Returns the geometry as a shapely shape in metres."""
        import shapely

        match geometry:
            case Point():
                return shapely.Point(self.to_xy_m([geometry.coordinates])[0])
            case LineString():
                return shapely.LineString(self.to_xy_m(geometry.coordinates))
            case Polygon():
                return self._polygon(geometry.coordinates)
            case MultiPolygon():
                return shapely.MultiPolygon([self._polygon(rings) for rings in geometry.coordinates])

    def _polygon(self, rings: tuple[Ring, ...]) -> Any:
        import shapely

        outline, *holes = [self.to_xy_m(ring) for ring in rings]
        return shapely.Polygon(outline, holes)


@lru_cache(maxsize=16)
def plane_around(centre: Position) -> MetricPlane:
    """Returns the metric plane of a centre, kept between calls."""
    return MetricPlane(centre)


def find_centre(geometries: Iterable[Geometry]) -> Position | None:
    """Returns the middle of everything drawn, degrees, or None when nothing is."""
    box = _bounds(geometries)
    if box is None:
        return None
    west, south, east, north = box
    return round((west + east) / 2, 4), round((south + north) / 2, 4)


def refuse_impossible_extent(geometries: Iterable[Geometry]) -> None:
    """Refuses drawings wider than a city: a sign of mixed or swapped coordinates.

    Raises:
        HamkorError: ``drawing-too-wide`` with the extent in kilometres.
    """
    box = _bounds(geometries)
    if box is None:
        return
    west, south, east, north = box
    extent_km = max(abs(east - west), abs(north - south)) * 111.32
    if extent_km > MAX_EXTENT_KM:
        raise HamkorError(
            "drawing-too-wide",
            N_(
                "The drawing is {extent_km} km wide, more than {limit_km} km. Check that every position is "
                "longitude first, then latitude, in degrees."
            ),
            extent_km=round(extent_km),
            limit_km=MAX_EXTENT_KM,
        )


def _bounds(geometries: Iterable[Geometry]) -> tuple[float, float, float, float] | None:
    positions = [position for geometry in geometries for position in iter_positions(geometry)]
    if not positions:
        return None
    longitudes = [position[0] for position in positions]
    latitudes = [position[1] for position in positions]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def find_shape_fault(geometry: Geometry, plane: MetricPlane) -> str | None:
    """Returns why an outline cannot be measured (shapely's reason), or None when it can."""
    import shapely

    if not isinstance(geometry, (Polygon, MultiPolygon)):
        return None
    polygons = [geometry.coordinates] if isinstance(geometry, Polygon) else list(geometry.coordinates)
    if any(ring[0] != ring[-1] for rings in polygons for ring in rings):
        return N_("the ring is not closed: its last position must repeat its first")
    shape = plane.to_shape(geometry)
    if shape.is_empty or shape.convex_hull.area < SMALLEST_AREA_M2:
        return N_("the outline encloses no area")
    return None if shape.is_valid else str(shapely.is_valid_reason(shape))
