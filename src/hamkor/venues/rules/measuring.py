# SPDX-License-Identifier: Apache-2.0
"""Read-outs of a feature: how long, how large, how wide."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math

import msgspec

from hamkor.common.figures import known
from hamkor.venues.rules.features import Connection, Feature, Venue
from hamkor.venues.rules.geometry import (
    LineString,
    MetricPlane,
    MultiPolygon,
    Polygon,
    Position,
    find_centre,
    plane_around,
)

DECIMALS = 3


class Measures(msgspec.Struct, frozen=True, omit_defaults=True):
    """What can be read off a feature; None where there is no such thing or nobody knows.

    Args:
        length_m: Length of a line along its bends.
        area_m2: Area of an outline without its holes.
        perimeter_m: Length of an outline with its holes.
        drawn_width_m: From end to end of the line of an opening, as drawn.
        width_m: Clear width as stated; the middle value where it is a range.
    """

    length_m: float | None = None
    area_m2: float | None = None
    perimeter_m: float | None = None
    drawn_width_m: float | None = None
    width_m: float | None = None


def measure_feature(feature: Feature, *, origin: Position | None = None) -> Measures:
    """Returns the measures of a feature.

    Args:
        feature: The feature, with or without geometry.
        origin: Centre of the metric plane, degrees; its own middle if not given.
    """
    properties = feature.properties
    width = known(properties.clear_width_m) if isinstance(properties, Connection) else None
    width_m = None if width is None else round(width.nominal, DECIMALS)
    geometry = feature.geometry
    if geometry is None:
        return Measures(width_m=width_m)
    shape = plane_for(feature, origin).to_shape(geometry)
    if isinstance(geometry, (Polygon, MultiPolygon)):
        return Measures(
            area_m2=round(shape.area, DECIMALS), perimeter_m=round(shape.length, DECIMALS), width_m=width_m
        )
    if isinstance(geometry, LineString):
        is_crossed = isinstance(properties, Connection) and properties.__struct_config__.tag != "passage"
        drawn_m = round(math.dist(shape.coords[0], shape.coords[-1]), DECIMALS) if is_crossed else None
        return Measures(length_m=round(shape.length, DECIMALS), drawn_width_m=drawn_m, width_m=width_m)
    return Measures(width_m=width_m)


def plane_for(feature: Feature, origin: Position | None) -> MetricPlane:
    """Returns the metric plane around the origin, or around the middle of the feature."""
    own = find_centre([feature.geometry]) if feature.geometry is not None else None
    return plane_around(origin or own or (0.0, 0.0))


def find_origin(venue: Venue) -> Position | None:
    """Returns the origin of a venue's metric plane, degrees; None when nothing is drawn."""
    return find_centre(feature.geometry for feature in venue.features if feature.geometry is not None)
