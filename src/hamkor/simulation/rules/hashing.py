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
    content = {
        "direction": layout.direction,
        "profile": layout.profile_id,
        "places": [_place(layout.places[name]) for name in sorted(layout.places)],
        "links": [_link(layout.links[name]) for name in sorted(layout.links)],
        "scenario": scenario,
        "more": more,
    }
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _place(place: Place) -> list[Any]:
    return [place.id, place.level, place.area_m2, place.holds, place.people, _shape(place.outline)]


def _link(link: Link) -> list[Any]:
    fields = [getattr(link, name) for name in link.__struct_fields__ if name != "line"]
    return [*fields, _shape(link.line)]


def _shape(shape: Any) -> str | None:
    """Well-known bytes of a shapely geometry, hexadecimal."""
    return None if shape is None else shape.wkb_hex
