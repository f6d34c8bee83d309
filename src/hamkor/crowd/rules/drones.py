# SPDX-License-Identifier: Apache-2.0
"""Where a drone may fly near people."""

from __future__ import annotations

from functools import cache

from hamkor.crowd.rules.inputs import require
from hamkor.crowd.rules.tables import Profile, read_table


class DroneLimits(Profile, frozen=True, kw_only=True):
    """Limits of the open category; see ``profiles/drones.yaml``."""

    height_max_m: float
    uninvolved_a2_m: float
    uninvolved_a2_slow_m: float
    built_up_a3_m: float
    height_to_distance: float


@cache
def drone_limits() -> DroneLimits:
    """Returns the limits of the open category.

    Source: ``profiles/drones.yaml``.
    """
    return read_table("drones.yaml", DroneLimits)


def drone_distance_min_m(height_m: float, *, is_slow_mode: bool = False) -> float | None:
    """Returns how far a drone must stay from uninvolved people; None where it may not fly at all.

    Args:
        height_m: Height above ground, 0 to 1 000 m; above 120 m it may not fly.
        is_slow_mode: True for low-speed mode.

    Returns:
        Metres: at least the height, and at least 30 m, or 5 m in slow mode. Over a crowd it may never fly.

    Raises:
        InputError: A height that cannot be meant.

    Source: EU 2019/947, subcategory A2, and the rule of one to one (from memory).
    """
    require(height_m=height_m)
    limits = drone_limits()
    if height_m > limits.height_max_m:
        return None
    least_m = limits.uninvolved_a2_slow_m if is_slow_mode else limits.uninvolved_a2_m
    return max(least_m, height_m * limits.height_to_distance)
