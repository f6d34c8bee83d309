# SPDX-License-Identifier: Apache-2.0
"""From degrees to pixels, through metres, north up."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.venues.rules.features import Area, Feature, Route, Venue
from hamkor.venues.rules.geometry import Geometry, find_centre, plane_around

MARGIN_PX = 46
ASPECT_MIN, ASPECT_MAX = 0.42, 0.86
EXTENT_MIN_M = 30.0
ROUTE_REACH = 3.0
"""Routes may widen the picture to so many times the venue's size; what lies beyond is cut at the frame."""

CROWDED_FROM = 70
"""From so many things on a drawing, a close-up of its dense part is worth a second drawing."""
TRIMMED_SHARE = 0.05
INSIDE_SHARE = 0.5
CLOSER_FROM = 1.35
OVERVIEW_ASPECT_MAX = 0.6

Bounds = tuple[float, float, float, float]


class Placed(msgspec.Struct, frozen=True):
    """A feature with its shape in pixels (shapely)."""

    feature: Feature
    shape: Any


class Drawing(msgspec.Struct, frozen=True):
    """Everything that has coordinates, in pixels.

    Args:
        placed: Features in the order of the file.
        own: Ids of the features this drawing names; the others are only hinted at.
        px_per_m: Scale.
        width: Width in pixels.
        height: Height in pixels.
        frame: Box that another drawing shows closer, pixels; None when there is none.
    """

    placed: tuple[Placed, ...]
    own: frozenset[str]
    px_per_m: float
    width: float
    height: float
    frame: Bounds | None = None

    def named(self) -> list[Placed]:
        """Returns the features this drawing names."""
        return [item for item in self.placed if item.feature.id in self.own]


def is_drawn(venue: Venue | None) -> bool:
    """True when at least one feature has coordinates."""
    return venue is not None and any(feature.geometry is not None for feature in venue.features)


def project(venue: Venue, width_px: float) -> list[Drawing]:
    """Returns the drawings of a venue: one, or an overview and a close-up where most things lie close together.

    Args:
        venue: The venue; at least one feature must be drawn.
        width_px: Width of each drawing in pixels.
    """
    drawn = [(feature, feature.geometry) for feature in venue.features if feature.geometry is not None]
    features = [feature for feature, _ in drawn]
    shapes = _metric_shapes([geometry for _, geometry in drawn])
    everything = _view(shapes, features)
    core = _core(shapes, features, everything)
    all_ids = frozenset(feature.id for feature in features)
    if core is None:
        return [_drawing(features, shapes, everything, width_px, all_ids)]
    close_ids = frozenset(
        feature.id
        for feature, shape in zip(features, shapes, strict=True)
        if _contains(core, middle_of(shape))
    )
    overview = _drawing(features, shapes, everything, width_px, all_ids - close_ids, core)
    return [overview, _drawing(features, shapes, core, width_px, close_ids)]


def _drawing(
    features: list[Feature],
    shapes: list[Any],
    view: Bounds,
    width_px: float,
    own: frozenset[str],
    core: Bounds | None = None,
) -> Drawing:
    import shapely

    west, south, east, north = view
    aspect_max = ASPECT_MAX if core is None else OVERVIEW_ASPECT_MAX
    height_px = width_px * min(aspect_max, max(ASPECT_MIN, (north - south) / (east - west)))
    scale = min((width_px - 2 * MARGIN_PX) / (east - west), (height_px - 2 * MARGIN_PX) / (north - south))
    left = (width_px - scale * (east - west)) / 2
    top = (height_px - scale * (north - south)) / 2

    def to_pixels(xy_m: Any) -> Any:
        return (xy_m - (west, north)) * (scale, -scale) + (left, top)

    placed = tuple(
        Placed(feature, shapely.transform(shape, to_pixels))
        for feature, shape in zip(features, shapes, strict=True)
    )
    frame = None if core is None else shapely.transform(shapely.box(*core), to_pixels).bounds
    return Drawing(placed, own, scale, width_px, height_px, frame)


def _core(shapes: list[Any], features: list[Feature], everything: Bounds) -> Bounds | None:
    """Returns the part in which most things lie, metres, when a close-up of it would show much more."""
    middles = [
        middle_of(shape)
        for shape, feature in zip(shapes, features, strict=True)
        if not isinstance(feature.properties, Route)
    ]
    if len(middles) < CROWDED_FROM:
        return None
    xs, ys = sorted(x for x, _ in middles), sorted(y for _, y in middles)
    trimmed = int(len(middles) * TRIMMED_SHARE)
    west, east, south, north = xs[trimmed], xs[-1 - trimmed], ys[trimmed], ys[-1 - trimmed]
    spare = max(east - west, north - south) * 0.06 + 4
    core = _with_areas((west - spare, south - spare, east + spare, north + spare), shapes, features)
    gain = min(
        (everything[2] - everything[0]) / (core[2] - core[0]),
        (everything[3] - everything[1]) / (core[3] - core[1]),
    )
    return core if gain >= CLOSER_FROM else None


def _with_areas(core: Bounds, shapes: list[Any], features: list[Feature]) -> Bounds:
    """Returns the box widened to the areas that lie in it for a good part."""
    import shapely

    box = shapely.box(*core)
    inside = [
        shape.bounds
        for shape, feature in zip(shapes, features, strict=True)
        if isinstance(feature.properties, Area)
        and shape.area > 0
        and shapely.box(*shape.bounds).intersection(box).area > INSIDE_SHARE * shapely.box(*shape.bounds).area
    ]
    return _box([core, *inside])


def _contains(box: Bounds, point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


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
