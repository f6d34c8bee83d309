# SPDX-License-Identifier: Apache-2.0
"""From degrees to pixels, through metres, north up."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.venues.rules.features import Feature, Route, Venue
from hamkor.venues.rules.geometry import Geometry, find_centre, plane_around

MARGIN_PX = 46
ASPECT_MIN, ASPECT_MAX = 0.42, 0.86
EXTENT_MIN_M = 30.0
ROUTE_REACH = 3.0
"""Routes may widen the picture to so many times the venue's size; what lies beyond is cut at the frame."""

Bounds = tuple[float, float, float, float]


class Placed(msgspec.Struct, frozen=True):
    """A feature with its shape in pixels (shapely)."""

    feature: Feature
    shape: Any


class Drawing(msgspec.Struct, frozen=True):
    """Everything that has coordinates, in pixels.

    Args:
        placed: Features in the order of the file.
        missing: Features without coordinates.
        px_per_m: Scale.
        width: Width in pixels.
        height: Height in pixels.
    """

    placed: tuple[Placed, ...]
    missing: tuple[Feature, ...]
    px_per_m: float
    width: float
    height: float


def is_drawn(venue: Venue | None) -> bool:
    """True when at least one feature has coordinates."""
    return venue is not None and any(feature.geometry is not None for feature in venue.features)


def project(venue: Venue, width_px: float) -> Drawing:
    """Returns the features of a venue in pixels of a picture of the width; at least one must be drawn."""
    import shapely

    drawn = [(feature, feature.geometry) for feature in venue.features if feature.geometry is not None]
    shapes = _metric_shapes([geometry for _, geometry in drawn])
    west, south, east, north = _view(shapes, [feature for feature, _ in drawn])
    height_px = width_px * min(ASPECT_MAX, max(ASPECT_MIN, (north - south) / (east - west)))
    scale = min((width_px - 2 * MARGIN_PX) / (east - west), (height_px - 2 * MARGIN_PX) / (north - south))
    left = (width_px - scale * (east - west)) / 2
    top = (height_px - scale * (north - south)) / 2

    def to_pixels(xy_m: Any) -> Any:
        return (xy_m - (west, north)) * (scale, -scale) + (left, top)

    placed = [
        Placed(feature, shapely.transform(shape, to_pixels))
        for (feature, _), shape in zip(drawn, shapes, strict=True)
    ]
    missing = tuple(feature for feature in venue.features if feature.geometry is None)
    return Drawing(tuple(placed), missing, scale, width_px, height_px)


def middle_of(shape: Any) -> tuple[float, float]:
    """Returns a point of a shape: the middle of a line, a point inside an outline."""
    if shape.geom_type.endswith("Polygon"):
        point = shape.representative_point()
    elif shape.geom_type == "LineString":
        point = shape.interpolate(0.5, normalized=True)
    else:
        point = shape
    return float(point.x), float(point.y)


def _metric_shapes(geometries: list[Geometry]) -> list[Any]:
    centre = find_centre(geometries)
    assert centre is not None, "the caller made sure that something is drawn"  # noqa: S101 - narrows the type
    plane = plane_around(centre)
    return [plane.to_shape(geometry) for geometry in geometries]


def _view(shapes: list[Any], features: list[Feature]) -> Bounds:
    """Returns the part of the plane to show: the venue, and its routes unless they run far away."""
    everything = _box([shape.bounds for shape in shapes])
    core = [
        shape.bounds
        for shape, feature in zip(shapes, features, strict=True)
        if not isinstance(feature.properties, Route)
    ]
    if core:
        inner = _box(core)
        size = max(inner[2] - inner[0], inner[3] - inner[1])
        if max(everything[2] - everything[0], everything[3] - everything[1]) > ROUTE_REACH * size:
            grown = size * (ROUTE_REACH - 1) / 4
            everything = (inner[0] - grown, inner[1] - grown, inner[2] + grown, inner[3] + grown)
    return everything


def _box(bounds: list[Bounds]) -> Bounds:
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    spare_x = max(0.0, EXTENT_MIN_M - (east - west)) / 2
    spare_y = max(0.0, EXTENT_MIN_M - (north - south)) / 2
    return west - spare_x, south - spare_y, east + spare_x, north + spare_y
