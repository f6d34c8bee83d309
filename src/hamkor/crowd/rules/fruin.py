# SPDX-License-Identifier: Apache-2.0
"""Fruin's levels of service A to F, by space and by flow; exactly on a limit the worse level holds."""

from __future__ import annotations

from functools import cache
from typing import Literal

from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.tables import Profile, read_table

Level = Literal["A", "B", "C", "D", "E", "F"]
FruinPlace = Literal["walkway", "stairs", "queue"]

LEVELS: tuple[Level, ...] = ("A", "B", "C", "D", "E", "F")


class FruinTable(Profile, frozen=True, kw_only=True):
    """Limits between the levels.

    Args:
        space_m2_per_p: Five limits by place, falling.
        flow_per_m_min: Five limits by place, rising; queues have none.
    """

    space_m2_per_p: dict[str, tuple[float, float, float, float, float]]
    flow_per_m_min: dict[str, tuple[float, float, float, float, float]]


@cache
def fruin_table() -> FruinTable:
    """Returns the limits between the levels.

    Source: Fruin (1971) (from memory).
    """
    return read_table("fruin.yaml", FruinTable)


def fruin_level_by_space(area_per_person_m2: float, place: FruinPlace = "walkway") -> Level:
    """Returns the level of service for the space each person has; on a limit the worse level.

    Args:
        area_per_person_m2: Square metres per person, 0.067 to 1 000.
        place: Walkway, stairs or queue.

    Raises:
        InputError: A number that cannot be meant, or an unknown place.

    Source: Fruin (1971): exactly 0.93 m2 on a walkway is E.
    """
    limits = fruin_table().space_m2_per_p
    require(area_per_person_m2=area_per_person_m2)
    require_choice("place", place, limits)
    return LEVELS[sum(area_per_person_m2 <= limit + 1e-9 for limit in limits[place])]


def fruin_level_by_flow(flow_per_m_min: float, place: FruinPlace = "walkway") -> Level:
    """Returns the level of service for a flow; on a limit the worse level, so 82 on a walkway is F.

    Args:
        flow_per_m_min: People per metre and minute, 0 to 1 000.
        place: Walkway or stairs; a queue has no flow.

    Raises:
        InputError: A number that cannot be meant, or an unknown place.

    Source: Fruin (1971).
    """
    limits = fruin_table().flow_per_m_min
    require(flow_per_m_min=flow_per_m_min)
    require_choice("place", place, limits)
    return LEVELS[sum(flow_per_m_min >= limit - 1e-9 for limit in limits[place])]
