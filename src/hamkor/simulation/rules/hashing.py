# SPDX-License-Identifier: Apache-2.0
"""One number for a question: the same layout and scenario have the same hash, whatever the order of their parts."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.rules.scenario import Scenario


def hash_of(layout: Layout, scenario: Scenario, *more: object) -> str:
    """Returns the SHA-256 of a question, hexadecimal.

    Args:
        layout: Places and links; outlines and lines count by their coordinates.
        scenario: The question.
        more: Anything else the answer depends on, such as measured counts; structs, mappings, numbers, texts.

    Source: SHA-256 over JSON with sorted keys.
    """
    places = [layout.places[name] for name in sorted(layout.places)]
    links = [layout.links[name] for name in sorted(layout.links)]
    content = {
        "direction": layout.direction,
        "profile": layout.profile_id,
        "places": [_fields(place, "outline") for place in places],
        "outlines": _shapes([place.outline for place in places]),
        "links": [_fields(link, "line") for link in links],
        "lines": _shapes([link.line for link in links]),
        "scenario": scenario,
        "more": more,
    }
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _fields(part: Place | Link, shape: str) -> list[Any]:
    return [getattr(part, name) for name in part.__struct_fields__ if name != shape]


def _shapes(shapes: list[Any]) -> list[str | None]:
    """Well-known bytes of shapely geometries, hexadecimal."""
    if all(shape is None for shape in shapes):
        return []
    import numpy as np
    import shapely

    told: list[str | None] = shapely.to_wkb(np.array(shapes, dtype=object), hex=True).tolist()
    return told
