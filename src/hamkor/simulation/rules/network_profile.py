# SPDX-License-Identifier: Apache-2.0
"""The constants of the queueing network and of the best guidance."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.crowd.rules.tables import Profile

PROFILE = Path(__file__).parent.parent / "profiles" / "network.yaml"


class NetworkProfile(Profile, frozen=True, kw_only=True):
    """Constants of the network; what each means stands in `profiles/network.yaml`."""

    step_range_s: tuple[float, float]
    steps_aimed: int
    steps_aimed_of_many: int
    sample_s: float
    samples_aimed: int
    speed_share: dict[str, float]
    unknown_crossing_m: float
    origin_share: float
    spots: int
    first_start_s: float
    last_start_s: float
    arrivals_last_h: int
    detour_s: float
    choose_every_s: float
    choose_share: float
    choose_gain_s: float
    alternatives: int
    live_step_s: float
    live_sample_s: float
    saturated_queue_s: float
    rate_factor_range: tuple[float, float]
    guided_step_range_s: tuple[float, float]
    guided_steps_aimed: int
    least_split_share: float
    split_step: float
    hottest: int
    most_states: int
    quick_size: int

    def is_quick(self, places: int, links: int) -> bool:
        """Returns True when an answer about so many places and links takes a second or less."""
        return max(places, links) <= self.quick_size


@cache
def network_profile() -> NetworkProfile:
    """Returns the constants of the network.

    Raises:
        msgspec.ValidationError: The file does not match the type.

    Source: `profiles/network.yaml`.
    """
    return msgspec.yaml.decode(PROFILE.read_bytes(), type=NetworkProfile)
