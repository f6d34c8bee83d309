# SPDX-License-Identifier: Apache-2.0
"""What a density means, crowd pressure, and when admission must stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require
from hamkor.crowd.rules.tables import Profile, read_table
from hamkor.crowd.rules.units import check_density_per_m2

TierName = Literal["green", "watch", "amber", "red", "black"]


class Tier(IntEnum):
    """How urgent: green nothing, watch, amber meter the inflow, red stop it and open relief, black rescue."""

    GREEN = 0
    WATCH = 1
    AMBER = 2
    RED = 3
    BLACK = 4


class TierRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the density table.

    Args:
        from_per_m2: Lowest density, inclusive.
        tier: Its tier.
        meaning: What it is like.
    """

    from_per_m2: float
    tier: TierName
    meaning: str


class DensityTable(Profile, frozen=True, kw_only=True):
    """Thresholds of density, pressure, rate and calls; see ``profiles/density.yaml``."""

    tiers: tuple[TierRow, ...]
    static_ceiling_per_m2: float
    turbulence_pressure_per_s2: float
    stop_and_go_speed_m_per_s: float
    stop_and_go_swings: int
    narrow_two_way_width_m: float
    rise_per_m2: float
    rise_window_min: float
    admission_stop_share: float
    red_calls: int
    red_calls_window_min: float
    red_calls_radius_m: float
    max_clearable_density_per_m2: float


class Pressure(msgspec.Struct, frozen=True):
    """Crowd pressure and whether it announces turbulence.

    Args:
        pressure_per_s2: Density times variance of velocity, in 1/s2.
        is_alarm: True from the threshold of turbulence, 0.02.
    """

    pressure_per_s2: float
    is_alarm: bool


@cache
def density_table() -> DensityTable:
    """Returns the thresholds.

    Source: ``profiles/density.yaml``.
    """
    return read_table("density.yaml", DensityTable)


def density_tier(density_per_m2: float, *, is_moving: bool = True) -> Tier:
    """Returns how urgent a density is.

    Args:
        density_per_m2: People per square metre, 0 to 15.
        is_moving: True for a crowd that walks or may have to; False for one that stands behind conforming barriers.

    Raises:
        InputError: ``unit-slip`` for a density no crowd can have.

    Source: Still; Green Guide 2018 for 4.7; Fruin 1971 and Haghani for 6 and more. On a limit the worse tier holds,
        but exactly 4.7 standing is still allowed by the guide.
    """
    table = density_table()
    check_density_per_m2(density_per_m2)
    row = max(
        (row for row in table.tiers if row.from_per_m2 <= density_per_m2), key=lambda row: row.from_per_m2
    )
    tier = Tier[row.tier.upper()]
    if density_per_m2 > table.static_ceiling_per_m2 + 1e-9:
        return max(tier, Tier.RED)
    return tier if is_moving else min(tier, Tier.WATCH)


def crowd_pressure(density_per_m2: float, *, velocity_variance_m2_per_s2: float) -> Pressure:
    """Returns the crowd pressure and whether turbulence is to be expected.

    Args:
        density_per_m2: People per square metre, 0 to 15.
        velocity_variance_m2_per_s2: Variance of the velocity in the place and the moment, 0 to 100.

    Raises:
        InputError: A number that cannot be meant.

    Source: Helbing, Johansson and Al-Abideen (2007): P = rho Var(v), turbulence from about 0.02 (from memory).
    """
    check_density_per_m2(density_per_m2)
    require(velocity_variance_m2_per_s2=velocity_variance_m2_per_s2)
    pressure = density_per_m2 * velocity_variance_m2_per_s2
    return Pressure(pressure, pressure >= density_table().turbulence_pressure_per_s2 - 1e-12)


def turbulence_speed_sd_m_per_s(density_per_m2: float) -> float:
    """Returns the standard deviation of velocity at which turbulence is to be expected; infinite for nobody.

    Args:
        density_per_m2: People per square metre, 0 to 15.

    Raises:
        InputError: ``unit-slip`` for a density no crowd can have.

    Source: Helbing, Johansson and Al-Abideen (2007): 0.058 m/s at 6, 0.050 at 8 people per m2.
    """
    check_density_per_m2(density_per_m2)
    if density_per_m2 == 0:
        return math.inf
    return math.sqrt(density_table().turbulence_pressure_per_s2 / density_per_m2)


def admission_stop_persons(capacity: float) -> float:
    """Returns the number inside at which admission to an open area stops: 75 % of its capacity.

    Args:
        capacity: People the area may hold, 0 to 10 000 000.

    Raises:
        InputError: A number that cannot be meant.

    Source: Munich 2006 practice, copied for the Hajj of 1427.
    """
    require(capacity=capacity)
    return capacity * density_table().admission_stop_share


def must_stop_admission(inside_persons: float, capacity: float) -> bool:
    """Returns whether admission to an open area must stop: from 75 % of its capacity.

    Args:
        inside_persons: Counted inside, 0 to 10 000 000.
        capacity: Capacity of the area.

    Raises:
        InputError: A number that cannot be meant.

    Source: Munich 2006 practice, copied for the Hajj of 1427.
    """
    require(inside_persons=inside_persons)
    return inside_persons >= admission_stop_persons(capacity) - 1e-9


def is_stop_and_go(speeds_m_per_s: Sequence[float]) -> bool:
    """Returns whether a stretch shows stop-and-go waves: mean speed under 0.3 m/s, stopping and starting repeatedly.

    Args:
        speeds_m_per_s: Mean speed of the stretch at equal intervals, 0 to 15 m/s each, in order of time.

    Raises:
        InputError: A speed that cannot be meant.

    Source: Helbing, Johansson and Al-Abideen (2007): stop-and-go preceded the falls by 37 minutes.
    """
    for speed_m_per_s in speeds_m_per_s:
        require(speed_m_per_s=speed_m_per_s)
    if not speeds_m_per_s:
        return False
    mean_m_per_s = sum(speeds_m_per_s) / len(speeds_m_per_s)
    sides = [speed > mean_m_per_s for speed in speeds_m_per_s if speed != mean_m_per_s]
    swings = sum(before != after for before, after in pairwise(sides))
    table = density_table()
    return mean_m_per_s < table.stop_and_go_speed_m_per_s and swings >= table.stop_and_go_swings


def may_simulation_clear(density_per_m2: float) -> bool:
    """Returns whether a simulation may speak for a plan at this density; above 4 per m2 it may only fail one.

    Args:
        density_per_m2: People per square metre, 0 to 15.

    Raises:
        InputError: ``unit-slip`` for a density no crowd can have.

    Source: speed-based models damp stop-and-go waves and cannot show turbulence.
    """
    check_density_per_m2(density_per_m2)
    return density_per_m2 <= density_table().max_clearable_density_per_m2
