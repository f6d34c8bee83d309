# SPDX-License-Identifier: Apache-2.0
"""Numbers of forecasts in a named profile: how old a count may be, how far is looked, how an error is measured."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.crowd.rules.tables import Profile

_PATH = Path(__file__).parent.parent / "profiles" / "live.json"


class ForecastProfile(Profile, frozen=True, kw_only=True):
    """Numbers all forecasts rest on.

    Args:
        fresh_s: A value older than this is unknown, real seconds.
        period_s: A forecast is made every so many real seconds.
        shown_stale_s: A forecast older than this is called old, real seconds.
        main_min: The minute people ask for first.
        looked_at_min: Minutes that are told, the first is now.
        known_before_min: How long before a forecast must have been made to be compared with now.
        tolerance_min: How far from that it may have been made.
        compared_most: Over how many comparisons the error is averaged.
        worth_comparing_people: Fewer people than this are no measure of an error in per cent.
        persist_min: Minutes over which the measured flow gives way to the plan.
        trust_least: Smallest factor by which a measured flow may change what the plan says.
        trust_most: Largest.
        limits_per_m2: Densities whose moment is told, rising, people per m².
        members: Cases of which the band is made.
        packed_from_per_m2: From this density on, a sensor tells on how little ground people stand, people per m².
        waiting_from_per_m2: People this close together wait in front of the ways on, people per m².
        spread_coming: Standard deviation of how many come, as a share: in half an hour plans and gates are so far off.
        spread_present: Standard deviation of how many are there, as a share: counters miscount.

    Source: the profile itself.
    """

    fresh_s: float
    period_s: float
    shown_stale_s: float
    main_min: int
    looked_at_min: tuple[int, ...]
    known_before_min: float
    tolerance_min: float
    compared_most: int
    worth_comparing_people: float
    persist_min: float
    trust_least: float
    trust_most: float
    limits_per_m2: tuple[float, ...]
    members: int
    packed_from_per_m2: float
    waiting_from_per_m2: float
    spread_coming: float
    spread_present: float

    @property
    def horizon_min(self) -> int:
        """Minutes a forecast reaches.

        Source: the profile itself.
        """
        return self.looked_at_min[-1]


@cache
def forecast_profile() -> ForecastProfile:
    """Returns the profile of forecasts.

    Source: the profile itself.
    """
    return msgspec.json.decode(_PATH.read_bytes(), type=ForecastProfile)
