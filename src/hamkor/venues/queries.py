# SPDX-License-Identifier: Apache-2.0
"""Reads of drawings made elsewhere, and of what is known about the places of the world."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.venues.rules.drawings import ONE_VENUE, DrawingOptions, Imported, Limits

Box = tuple[float, float, float, float]


class _Boxes(msgspec.Struct, frozen=True):
    about: str
    source: str
    boxes: dict[str, Box]


def find_country_box(country: str) -> Box | None:
    """Returns the west, south, east and north end of a country in degrees, or None when it is not in the table.

    Args:
        country: ISO 3166 code of two letters, such as ``UZ``.

    Source: Natural Earth, Admin 0 countries (public domain), rounded outward to whole degrees.
    """
    return _boxes().get(country)


@cache
def _boxes() -> dict[str, Box]:
    content = Path(__file__).with_name("country_boxes.json").read_bytes()
    return msgspec.json.decode(content, type=_Boxes).boxes


def import_drawing(
    content: bytes, *, name: str, options: DrawingOptions | None = None, limits: Limits = ONE_VENUE
) -> Imported:
    """Returns a drawing of another program (GeoJSON, IMDF, OSM XML, DXF) as features, with what was taken for granted.

    Args:
        content: The file; its form is told by its content.
        name: Name of the file, kept as the source of every feature.
        options: What the drawing does not say itself: layers, unit, place, storey.
        limits: How large it may be.

    Raises:
        DrawingRefusedError: With what is wrong, where (feature, element, line or handle), and how to mend it.
    """
    from hamkor.venues.imports.reading import read_drawing  # the readers are needed by few and slow to import

    return read_drawing(content, name=name, options=options or DrawingOptions(), limits=limits)
