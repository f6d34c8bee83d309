# SPDX-License-Identifier: Apache-2.0
"""Changes of a drawing as a person makes them on a map: each gives the changed features or says why not."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math
from typing import Any

import msgspec

from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.common.validation import explain
from hamkor.venues.rules.features import OUTSIDE, Area, Connection, Feature, Passage, Properties, Route, Venue
from hamkor.venues.rules.geometry import LineString, MultiPolygon, Point, Polygon, Position, plane_around
from hamkor.venues.rules.joining import Grounds
from hamkor.venues.rules.measuring import find_origin, measure_feature, plane_for
from hamkor.venues.rules.vertices import (
    EditRefusedError,
    Vertex,
    checked,
    geometry_of,
    put_together,
    ring_of,
    take_apart,
)
from hamkor.venues.rules.widths import follow_width, stretch_line

FARTHEST_MOVE_M = 60_000.0
WIDTH_RANGE_M = (0.1, 200.0)
LEAST_OF_LINE, LEAST_OF_RING = 2, 3


class Edited(msgspec.Struct, frozen=True):
    """What a change did.

    Args:
        features: Features that are new or changed, whole.
        removed: Ids of features that are gone.
    """

    features: tuple[Feature, ...] = ()
    removed: tuple[str, ...] = ()

    def as_builtins(self) -> dict[str, Any]:
        """Returns ``features`` as GeoJSON, ``removed``, and ``measures`` by id, for a browser."""
        return {
            "features": [msgspec.to_builtins(feature) for feature in self.features],
            "removed": list(self.removed),
            "measures": {
                feature.id: msgspec.to_builtins(measure_feature(feature)) for feature in self.features
            },
        }


def move_vertex(feature: Feature, vertex: Vertex, *, to: Position) -> Edited:
    """Puts one corner elsewhere; the clear width of an opening follows when it was the drawn one.

    Raises:
        EditRefusedError: It has no such corner, or the result cannot be used.
    """
    geometry = _drawn(feature)
    parts = take_apart(geometry)
    ring_of(parts, vertex, feature=feature.id)[vertex.index] = to
    changed = msgspec.structs.replace(feature, geometry=put_together(parts, geometry))
    return Edited((checked(follow_width(changed, before=feature)),))


def move_feature(
    feature: Feature, *, east_m: float, north_m: float, origin: Position | None = None
) -> Edited:
    """Moves a whole feature without turning or stretching it.

    Args:
        feature: The feature.
        east_m: How far to the east, metres.
        north_m: How far to the north, metres.
        origin: Centre of the metric plane; with the same one, moving back gives the same place.

    Raises:
        EditRefusedError: ``moved-too-far``, or it is not drawn.
    """
    geometry = _drawn(feature)
    if not math.hypot(east_m, north_m) <= FARTHEST_MOVE_M:
        raise EditRefusedError(
            "moved-too-far",
            N_("{feature} would move farther than {limit_km} km. Check the numbers."),
            feature=feature.id,
            limit_km=FARTHEST_MOVE_M / 1000,
        )
    plane = plane_for(feature, origin)
    parts = [
        [plane.to_positions([(x + east_m, y + north_m) for x, y in plane.to_xy_m(ring)]) for ring in rings]
        for rings in take_apart(geometry)
    ]
    return Edited((checked(msgspec.structs.replace(feature, geometry=put_together(parts, geometry))),))


def insert_vertex(feature: Feature, after: Vertex, *, at: Position) -> Edited:
    """Puts a new corner between one and the next.

    Raises:
        EditRefusedError: A point has no corners, or the result cannot be used.
    """
    geometry = _drawn(feature)
    if isinstance(geometry, Point):
        raise EditRefusedError(
            "point-has-no-corners",
            N_("{feature} is a point and has no corners. Draw it anew."),
            feature=feature.id,
        )
    parts = take_apart(geometry)
    ring_of(parts, after, feature=feature.id).insert(after.index + 1, at)
    return Edited((checked(msgspec.structs.replace(feature, geometry=put_together(parts, geometry))),))


def delete_vertex(feature: Feature, vertex: Vertex) -> Edited:
    """Takes a corner away.

    Raises:
        EditRefusedError: ``last-corners`` when too few would be left.
    """
    geometry = _drawn(feature)
    parts = take_apart(geometry)
    ring = ring_of(parts, vertex, feature=feature.id)
    least = LEAST_OF_RING if isinstance(geometry, (Polygon, MultiPolygon)) else LEAST_OF_LINE
    if isinstance(geometry, Point) or len(ring) <= least:
        raise EditRefusedError(
            "last-corners",
            N_("{feature} has only {count} corners and needs them. Delete the whole feature instead."),
            feature=feature.id,
            count=len(ring),
        )
    del ring[vertex.index]
    changed = msgspec.structs.replace(feature, geometry=put_together(parts, geometry))
    return Edited((checked(follow_width(changed, before=feature)),))


def set_opening_width(feature: Feature, *, width_m: float) -> Edited:
    """Sets a clear width; the line of an opening is stretched about its middle to that width.

    Notes:
        The line of a passage is its length, so only the number changes; so it does for points.

    Raises:
        EditRefusedError: ``no-width``, ``width-out-of-range``.
    """
    properties = feature.properties
    if not isinstance(properties, Connection):
        raise EditRefusedError(
            "no-width",
            N_("{feature} is no opening, passage or turnstile and has no clear width."),
            feature=feature.id,
        )
    least_m, most_m = WIDTH_RANGE_M
    if not least_m <= width_m <= most_m:
        raise EditRefusedError(
            "width-out-of-range",
            N_("A clear width of {width_m} m cannot be. Give one from {least_m} to {most_m} m."),
            width_m=width_m,
            least_m=least_m,
            most_m=most_m,
        )
    widened = msgspec.structs.replace(properties, clear_width_m=width_m)
    changed = msgspec.structs.replace(feature, properties=widened)
    if isinstance(feature.geometry, LineString) and not isinstance(properties, Passage):
        changed = msgspec.structs.replace(
            changed, geometry=stretch_line(feature, feature.geometry, width_m=width_m)
        )
    return Edited((checked(changed),))


def draw_feature(venue: Venue, properties: dict[str, Any], *, id_: str, points: list[Position]) -> Edited:
    """Draws a new area, opening, passage, route, post place, device or other thing from clicked points.

    Args:
        venue: The drawing; openings and passages without ``from`` and ``to`` get the areas beside them.
        properties: As in the file, with ``kind``.
        id_: Id of the new feature.
        points: Positions in degrees, in the order of the clicks; an outline need not be closed.

    Raises:
        EditRefusedError: ``id-taken``, ``bad-properties``, ``too-few-points``, ``joins-nothing``, or unusable.
    """
    if any(feature.id == id_ for feature in venue.features):
        raise EditRefusedError(
            "id-taken", N_("There is already a feature {feature}. Choose another id."), feature=id_
        )
    is_way = properties.get("kind") in {"opening", "passage", "turnstiles"}
    needs_sides = is_way and not {"from", "to"} <= properties.keys()
    first = {"from": OUTSIDE, "to": OUTSIDE} if needs_sides else {}
    try:
        feature = Feature(
            id=msgspec.convert(id_, Id), properties=msgspec.convert(properties | first, Properties)
        )
    except msgspec.ValidationError as error:
        raise EditRefusedError(
            "bad-properties",
            N_("{feature} cannot be drawn: {detail}"),
            feature=id_,
            detail=explain(error, Properties).message,
        ) from None
    geometry = geometry_of(feature.properties, points, feature=id_)
    feature = checked(msgspec.structs.replace(feature, geometry=geometry))
    return Edited((join_feature(venue, feature) if needs_sides else feature,))


def join_feature(venue: Venue, feature: Feature) -> Feature:
    """Returns an opening, passage or bank of turnstiles with the areas beside it, ``outside`` where none is drawn.

    Raises:
        EditRefusedError: ``joins-nothing`` when it lies on the border of no area, or within a single one.
    """
    properties, geometry = feature.properties, feature.geometry
    origin = find_origin(venue)
    sides: tuple[str | None, str | None] = (None, None)
    if isinstance(properties, Connection) and geometry is not None and origin is not None:
        areas = [
            (other.id, other.properties.level, other.geometry)
            for other in venue.features
            if isinstance(other.properties, Area) and isinstance(other.geometry, (Polygon, MultiPolygon))
        ]
        grounds = Grounds([*areas], plane_around(origin))
        if isinstance(properties, Passage) and isinstance(geometry, LineString):
            sides = grounds.find_ends(geometry, properties.level)
        else:
            sides = grounds.find_sides(geometry, properties.level)
    if sides[0] == sides[1] or not isinstance(properties, Connection):
        raise EditRefusedError(
            "joins-nothing",
            N_("{feature} leads from no area to another. Put it on the border of an area of its storey."),
            feature=feature.id,
        )
    joined = msgspec.structs.replace(
        properties,
        from_=sides[0] or sides[1] or OUTSIDE,
        to=sides[1] if sides[0] and sides[1] else OUTSIDE,
    )
    return msgspec.structs.replace(feature, properties=joined)


def delete_feature(venue: Venue, *, id_: str) -> Edited:
    """Removes a feature, and its id from the features that name it.

    Raises:
        EditRefusedError: ``no-such-feature``; ``area-in-use`` when openings lead to it.
    """
    if not any(feature.id == id_ for feature in venue.features):
        raise EditRefusedError("no-such-feature", N_("There is no feature {feature}."), feature=id_)
    leading = [
        feature.id
        for feature in venue.features
        if isinstance(feature.properties, Connection)
        and id_ in (feature.properties.from_, feature.properties.to)
    ]
    if leading:
        raise EditRefusedError(
            "area-in-use",
            N_(
                "{feature} cannot be deleted while ways lead to it: {ways}. Delete them or lead them elsewhere first."
            ),
            feature=id_,
            ways=leading,
        )
    changed = (_without_reference(feature, id_) for feature in venue.features if feature.id != id_)
    return Edited(tuple(feature for feature in changed if feature is not None), (id_,))


def _without_reference(feature: Feature, id_: str) -> Feature | None:
    """Returns the feature without the id in it, or None when it is not there."""
    properties = feature.properties
    changes: dict[str, Any] = {}
    for key in ("near", "covers"):
        named = getattr(properties, key, ())
        if id_ in named:
            changes[key] = tuple(other for other in named if other != id_)
    if isinstance(properties, Area) and properties.part_of == id_:
        changes["part_of"] = None
    if isinstance(properties, Route) and id_ in (properties.sections or ()):
        changes["sections"] = tuple(section for section in properties.sections or () if section != id_)
    if not changes:
        return None
    return msgspec.structs.replace(feature, properties=msgspec.structs.replace(properties, **changes))


def _drawn(feature: Feature) -> Any:
    if feature.geometry is None:
        raise EditRefusedError(
            "not-drawn",
            N_("{feature} is not on the map: its sizes are given as numbers. Draw it first."),
            feature=feature.id,
        )
    return feature.geometry
