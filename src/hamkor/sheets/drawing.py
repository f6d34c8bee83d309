# SPDX-License-Identifier: Apache-2.0
"""The drawing of the venue for other programs: plain GeoJSON (RFC 7946) with flat properties."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from hamkor.common.figures import KnownFigure, range_of
from hamkor.plans.rules.plan import Plan
from hamkor.sheets.rules import plain
from hamkor.sheets.words import Words
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import Geometry, MultiPolygon, Polygon, Position

_IN_WORDS = frozenset({"name", "from", "to", "wind_action"})
_LEFT_OUT = frozenset({"note", "source", "grade"})


def venue_geojson(plan: Plan, language: str) -> bytes:
    """Returns the drawing as a FeatureCollection; one without features when the plan has no drawing.

    Args:
        plan: The plan.
        language: Language of the names.

    Notes:
        Unlike `venue.geojson` of an event folder, which holds everything and is read back, this has one text, number
        or truth value per property, names in one language, figures by their nominal value, and outer rings
        counter-clockwise (RFC 7946, 3.1.6): what geographic programs ask for.
    """
    words = Words(plan, language)
    features = [_feature(feature, words) for feature in (plan.venue.features if plan.venue else ())]
    collection = {"type": "FeatureCollection", "features": features}
    return msgspec.json.format(msgspec.json.encode(collection), indent=2)


def _feature(feature: Feature, words: Words) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": str(feature.properties.__struct_config__.tag)}
    for field in msgspec.structs.fields(type(feature.properties)):
        value = getattr(feature.properties, field.name)
        if value is None or field.encode_name in _LEFT_OUT:
            continue
        flat = _flat(value, words, is_text=field.encode_name in _IN_WORDS)
        if flat is not None:
            properties[field.encode_name] = flat
    geometry = None if feature.geometry is None else _geometry(feature.geometry)
    return {"type": "Feature", "id": feature.id, "geometry": geometry, "properties": properties}


def _flat(value: Any, words: Words, *, is_text: bool) -> Any:
    """Returns a value as one text, number or truth value; None for what has no such form."""
    if isinstance(value, KnownFigure):
        return range_of(value).nominal
    if isinstance(value, dict) and is_text:
        return words.say(value)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, tuple) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return None


def _geometry(geometry: Geometry) -> dict[str, Any]:
    coordinates: Any = geometry.coordinates
    if isinstance(geometry, Polygon):
        coordinates = _rings(geometry.coordinates)
    elif isinstance(geometry, MultiPolygon):
        coordinates = [_rings(rings) for rings in geometry.coordinates]
    return {"type": str(geometry.__struct_config__.tag), "coordinates": coordinates}


def _rings(rings: Sequence[Sequence[Position]]) -> list[Sequence[Position]]:
    """Returns the outer ring counter-clockwise and the holes clockwise."""
    return [
        ring if (_doubled_area(ring) > 0) == (index == 0) else tuple(reversed(ring))
        for index, ring in enumerate(rings)
    ]


def _doubled_area(ring: Sequence[Position]) -> float:
    """Returns twice the signed area of a ring in square degrees: positive when it runs counter-clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
