# SPDX-License-Identifier: Apache-2.0
"""The constants of laying a drawing out: tolerances, walls, what cannot be meant."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.crowd.rules.tables import Profile

PROFILE = Path(__file__).parent.parent / "profiles" / "laying.yaml"


class LayingLimits(Profile, frozen=True, kw_only=True):
    """Constants of laying out; what each means stands in `profiles/laying.yaml`."""

    simplify_m: float
    sliver_m2: float
    needless_vertices: int
    overlap_m2: float
    overlap_share: float
    twin_share: float
    most_people_per_m2: float
    most_people: float
    short_share: float
    widest_m: float
    person_width_m: float
    wall_m: float
    door_reach_m: float
    door_gap_m: float
    door_bite_m: float
    landing_m: float
    apron_m: float
    lane_m: float
    barrier_m: float
    least_ground_m2: float
    sheet_overlap_m2: float
    nook_m: float
    arrived_m: float
    entry_m: float
    entry_step_m: float


@cache
def laying_limits() -> LayingLimits:
    """Returns the constants of laying out.

    Raises:
        msgspec.ValidationError: The file does not match the type.

    Source: `profiles/laying.yaml`.
    """
    return msgspec.yaml.decode(PROFILE.read_bytes(), type=LayingLimits)
