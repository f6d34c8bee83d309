# SPDX-License-Identifier: Apache-2.0
"""A drawing for a map on a screen: metres instead of degrees, layers, storeys, labels, read-outs."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections import Counter, deque
from typing import Any

import msgspec

from hamkor.common.i18n import DEFAULT_LANGUAGE, translate
from hamkor.common.messages import N_, show
from hamkor.venues.rules.features import OUTSIDE, Area, Connection, Feature, Passage, Venue
from hamkor.venues.rules.geometry import (
    LineString,
    MetricPlane,
    Point,
    Position,
    plane_around,
)
from hamkor.venues.rules.measuring import find_origin, measure_feature
from hamkor.venues.rules.vertices import take_apart

CENTIMETRES = 2
LAYERS = {
    "areas": N_("Areas"),
    "stairs": N_("Stairs and ramps"),
    "passages": N_("Passages"),
    "openings": N_("Gates and doors"),
    "routes": N_("Routes"),
    "structures": N_("Structures"),
    "safe_places": N_("Assembly areas and shelters"),
    "attractors": N_("What draws people"),
    "posts": N_("Posts"),
    "devices": N_("Devices"),
}
"""Layers from the ground up: the order in which they are painted."""
_LAYER_OF_KIND = {
    "area": "areas",
    "opening": "openings",
    "turnstiles": "openings",
    "passage": "passages",
    "route": "routes",
    "post_place": "posts",
    "device": "devices",
    "assembly_area": "safe_places",
    "shelter": "safe_places",
    "structure": "structures",
    "attractor": "attractors",
}
_STEPS = frozenset({"stairs", "ramp", "escalator"})
_SORT_KEYS = ("use", "form", "purpose", "device", "structure", "post")
OUTSIDE_NAME = N_("outside")


def drawing_for_screen(venue: Venue, *, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Returns a venue as plain values for a map a browser paints itself.

    ``show_as`` tells how: ``drawing`` (paint ``features`` by their ``paths``), ``schematic`` (nothing has coordinates:
    paint the areas of ``schematic.boxes`` as boxes in columns and ``schematic.links`` as lines between them, say that
    it is not to scale, and allow no editing by dragging), ``mixed`` (paint the drawing; list ``undrawn`` beside it).
    ``x`` runs to the east and ``y`` to the south, in metres from ``origin`` (longitude, latitude), so that an SVG may
    use them as they are; :func:`to_position` leads back. Closed paths do not repeat their first point.

    Args:
        venue: The venue.
        language: Language of labels and layers.
    """
    origin = find_origin(venue)
    drawn = [feature for feature in venue.features if feature.geometry is not None]
    undrawn = [feature for feature in venue.features if feature.geometry is None]
    shown = [_feature(feature, origin, language) for feature in venue.features]
    layers = Counter(item["layer"] for item in shown)
    levels = Counter(item["level"] for item in shown)
    return {
        "name": venue.name,
        "show_as": "schematic" if not drawn else "mixed" if undrawn else "drawing",
        "origin": None if origin is None else list(origin),
        "bounds_m": _bounds(shown),
        "features": shown,
        "undrawn": [feature.id for feature in undrawn],
        "layers": [
            {"id": id_, "name": translate(name, language), "count": layers[id_]}
            for id_, name in LAYERS.items()
            if layers[id_]
        ],
        "levels": [{"level": level, "count": levels[level]} for level in sorted(levels)],
        "schematic": None if drawn else _schematic(venue, language),
    }


def to_position(origin: Position, x: float, y: float) -> Position:
    """Returns a point of the screen's plane (metres east and south of the origin) in degrees."""
    return plane_around(origin).to_positions([(x, -y)])[0]


def to_xy(origin: Position, position: Position) -> tuple[float, float]:
    """Returns a position in degrees as metres east and south of the origin."""
    ((east_m, north_m),) = plane_around(origin).to_xy_m([position])
    return east_m, -north_m


def layer_of(feature: Feature) -> str:
    """Returns the layer a feature is painted on."""
    properties = feature.properties
    if isinstance(properties, Passage) and properties.form in _STEPS:
        return "stairs"
    return _LAYER_OF_KIND[str(properties.__struct_config__.tag)]


def _feature(feature: Feature, origin: Position | None, language: str) -> dict[str, Any]:
    properties = feature.properties
    sort = next(
        (value for key in _SORT_KEYS if isinstance(value := getattr(properties, key, None), str)), None
    )
    item: dict[str, Any] = {
        "id": feature.id,
        "kind": str(properties.__struct_config__.tag),
        "sort": sort,
        "layer": layer_of(feature),
        "label": show(properties.name, language) if properties.name else feature.id,
        "level": properties.level,
        "shape": None,
        "paths": [],
        "measures": msgspec.to_builtins(measure_feature(feature, origin=origin)),
    }
    if isinstance(properties, Connection):
        item["between"] = [properties.from_, properties.to]
        item["is_width_known"] = properties.clear_width_m is not None
    if feature.geometry is not None and origin is not None:
        item["shape"] = _shape(feature)
        item["paths"] = _paths(feature, plane_around(origin))
    return item


def _shape(feature: Feature) -> str:
    match feature.geometry:
        case Point():
            return "point"
        case LineString():
            return "line"
        case _:
            return "outline"


def _paths(feature: Feature, plane: MetricPlane) -> list[list[list[list[float]]]]:
    """Returns parts, their rings (the outline, then its holes), their points in metres east and south."""
    if feature.geometry is None:
        return []
    return [
        [
            [
                [round(east_m, CENTIMETRES), round(-north_m, CENTIMETRES)]
                for east_m, north_m in plane.to_xy_m(ring)
            ]
            for ring in rings
        ]
        for rings in take_apart(feature.geometry)
    ]


def _bounds(shown: list[dict[str, Any]]) -> list[float] | None:
    """Returns left, top, right and bottom of everything drawn, metres; None when nothing is."""
    points = [point for item in shown for rings in item["paths"] for ring in rings for point in ring]
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return [min(xs), min(ys), max(xs), max(ys)]


def _schematic(venue: Venue, language: str) -> dict[str, Any]:
    """Returns areas in columns by how many of them lie between a place and the world outside, and what joins them."""
    links = [
        {"id": feature.id, "from": feature.properties.from_, "to": feature.properties.to}
        for feature in venue.features
        if isinstance(feature.properties, Connection)
    ]
    areas = {feature.id: feature for feature in venue.features if isinstance(feature.properties, Area)}
    steps = _steps_from_outside([*areas], [(link["from"], link["to"]) for link in links])
    boxes = [{"id": OUTSIDE, "label": translate(OUTSIDE_NAME, language), "column": 0}] if links else []
    for id_, feature in areas.items():
        name = feature.properties.name
        boxes.append({"id": id_, "label": show(name, language) if name else id_, "column": steps.get(id_)})
    return {"boxes": boxes, "links": links}


def _steps_from_outside(ids: list[str], links: list[tuple[str, str]]) -> dict[str, int]:
    """Returns the number of ways from outside to each area; areas that cannot be reached are not in it."""
    neighbours: dict[str, list[str]] = {id_: [] for id_ in (*ids, OUTSIDE)}
    for first, second in links:
        if first in neighbours and second in neighbours:
            neighbours[first].append(second)
            neighbours[second].append(first)
    steps, waiting = {OUTSIDE: 0}, deque([OUTSIDE])
    while waiting:
        id_ = waiting.popleft()
        for other in neighbours[id_]:
            if other not in steps:
                steps[other] = steps[id_] + 1
                waiting.append(other)
    return steps
