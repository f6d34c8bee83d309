# SPDX-License-Identifier: Apache-2.0
"""Reads of what is known about the places of the world."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

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
