# SPDX-License-Identifier: Apache-2.0
"""How the line of an opening and its clear width follow each other."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.rules.features import Connection, Feature
from hamkor.venues.rules.geometry import LineString
from hamkor.venues.rules.measuring import measure_feature, plane_for
from hamkor.venues.rules.vertices import EditRefusedError, put_together

FOLLOWS_WITHIN_M = 0.02
"""A clear width that equals the drawn one so exactly is meant to follow the line when its end is moved."""


def stretch_line(feature: Feature, line: LineString, *, width_m: float) -> LineString:
    """Returns the line of an opening, from end to end as long as a width, its middle where it was.

    Raises:
        EditRefusedError: ``line-without-width`` when it ends where it begins.
    """
    plane = plane_for(feature, None)
    points = plane.to_xy_m(line.coordinates)
    drawn_m = math.dist(points[0], points[-1])
    if not drawn_m > 0:
        raise EditRefusedError(
            "line-without-width",
            N_("The line of {feature} ends where it begins. Draw it anew across the opening."),
            feature=feature.id,
        )
    middle = ((points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2)
    share = width_m / drawn_m
    moved = [(middle[0] + (x - middle[0]) * share, middle[1] + (y - middle[1]) * share) for x, y in points]
    stretched = put_together([[plane.to_positions(moved)]], line)
    return stretched if isinstance(stretched, LineString) else line


def follow_width(changed: Feature, *, before: Feature) -> Feature:
    """Returns the changed feature; a clear width that was the drawn one is the drawn one again."""
    was, now = measure_feature(before), measure_feature(changed)
    if was.width_m is None or was.drawn_width_m is None or now.drawn_width_m is None:
        return changed
    if abs(was.width_m - was.drawn_width_m) > FOLLOWS_WITHIN_M or not isinstance(
        changed.properties, Connection
    ):
        return changed
    widened = msgspec.structs.replace(changed.properties, clear_width_m=round(now.drawn_width_m, 2))
    return msgspec.structs.replace(changed, properties=widened)
