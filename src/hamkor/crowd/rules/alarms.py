# SPDX-License-Identifier: Apache-2.0
"""Alarm rules for a live crowd: rising density, filling areas, narrow two-way streams, citizens' calls."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from hamkor.crowd.rules.density import Tier, density_table
from hamkor.crowd.rules.inputs import require


class Call(msgspec.Struct, frozen=True):
    """One citizen's call with words of crushing.

    Args:
        at_min: When, in minutes from any fixed moment.
        x_m: Where, in metres east in the plane of the venue.
        y_m: Where, in metres north.
    """

    at_min: float
    x_m: float
    y_m: float


class HeldTier(msgspec.Struct, frozen=True):
    """A tier shown to people, with the moment from which it may be lowered.

    Args:
        tier: What is shown.
        until_min: It is not lowered before this moment.
    """

    tier: Tier
    until_min: float


def is_rising_fast(rise_per_m2: float, window_min: float) -> bool:
    """Returns whether density rises by 1 person per m2 in 5 minutes or faster.

    Args:
        rise_per_m2: Change of density over the window, -15 to 15 people per m2.
        window_min: Length of the window, above 0.

    Raises:
        InputError: A number that cannot be meant.

    Source: alarm rule chosen by us from the course of Itaewon, 7.7 to 10.7 per m2 in 10 minutes.
    """
    table = density_table()
    require(rise_per_m2=rise_per_m2, window_min=window_min)
    return rise_per_m2 / window_min >= table.rise_per_m2 / table.rise_window_min - 1e-9


def is_narrow_two_way(width_m: float) -> bool:
    """Returns whether a width is too narrow to be used both ways: under 5 m.

    Args:
        width_m: Clear width, 0 to 500 m.

    Raises:
        InputError: A number that cannot be meant.

    Source: alarm rule chosen by us; Itaewon's two-way alley was 3.2 m wide.
    """
    require(width_m=width_m)
    return width_m < density_table().narrow_two_way_width_m


def minutes_until_full(remaining_persons: float, *, inflow_per_min: float, outflow_per_min: float) -> float:
    """Returns how long until the area is full; infinite while at least as many leave as come.

    Args:
        remaining_persons: Capacity still free, 0 to 10 000 000.
        inflow_per_min: People who come per minute.
        outflow_per_min: People who leave per minute; zero behind a cordon.

    Raises:
        InputError: A number that cannot be meant.

    Source: conservation of people; the cordons of Duisburg let in while nobody left.
    """
    require(
        remaining_persons=remaining_persons, inflow_per_min=inflow_per_min, outflow_per_min=outflow_per_min
    )
    if remaining_persons == 0:
        return 0.0
    net = inflow_per_min - outflow_per_min
    return remaining_persons / net if net > 0 else math.inf


def will_overfill(net_inflows: Sequence[float], remaining_persons: float) -> bool:
    """Returns whether inflow less outflow, summed over the intervals, ever exceeds the free capacity.

    Args:
        net_inflows: People who came less people who left in each interval, in order of time.
        remaining_persons: Capacity free at the beginning.

    Raises:
        InputError: A number that cannot be meant.

    Source: conservation of people.
    """
    require(remaining_persons=remaining_persons)
    inside = 0.0
    for net in net_inflows:
        require(net_persons=net)
        inside += net
        if inside > remaining_persons:
            return True
    return False


def calls_tier(calls: Sequence[Call]) -> Tier:
    """Returns the tier that citizens' calls of crushing demand: one is amber, three near each other are red.

    Args:
        calls: In any order; near means within 30 minutes and 100 m of one of them.

    Raises:
        InputError: A moment or place that cannot be meant.

    Source: rule chosen by us; at Itaewon it would have fired 75 minutes before the first death.
    """
    for call in calls:
        require(at_min=call.at_min, x_m=call.x_m, y_m=call.y_m)
    if not calls:
        return Tier.GREEN
    needed = density_table().red_calls
    return Tier.RED if max(len(_near(call, calls)) for call in calls) >= needed else Tier.AMBER


def hold_tier(shown: HeldTier, measured: Tier | None, *, at_min: float, hold_min: float) -> HeldTier:
    """Returns the tier to show: raised at once, lowered one step at a time and only after the hold.

    Args:
        shown: What is shown now.
        measured: What the sensors say; None when they say nothing, which is at least amber.
        at_min: Now.
        hold_min: How long a tier stays at least.

    Raises:
        InputError: A moment or place that cannot be meant.

    Source: alarm practice (ISA-18.2): hysteresis and a minimum hold; loss of a sensor is amber.
    """
    require(at_min=at_min, hold_min=hold_min)
    wanted = max(shown.tier, Tier.AMBER) if measured is None else measured
    if wanted >= shown.tier:
        return HeldTier(wanted, at_min + hold_min)
    if at_min < shown.until_min:
        return shown
    return HeldTier(Tier(shown.tier - 1), at_min + hold_min)


def _near(first: Call, calls: Sequence[Call]) -> list[Call]:
    table = density_table()
    return [
        call
        for call in calls
        if 0 <= call.at_min - first.at_min <= table.red_calls_window_min
        and math.dist((call.x_m, call.y_m), (first.x_m, first.y_m)) <= table.red_calls_radius_m
    ]
