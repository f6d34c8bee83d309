# SPDX-License-Identifier: Apache-2.0
"""How many people get out in a time, in normal use and in an emergency with the largest exit lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import require, whole
from hamkor.crowd.rules.profiles import (
    DEFAULT_PROFILE,
    FlowProfile,
    Surface,
    flow_capacity_per_min,
    resolve,
)


class CapacityError(HamkorError):
    """An assumption the guide does not allow."""


class Exit(msgspec.Struct, frozen=True):
    """One way out at its narrowest place.

    Args:
        width_m: Clear width, 0 to 500 m.
        surface: What people walk on.
    """

    width_m: float
    surface: Surface = "level"


def exit_capacity(
    exits: Iterable[Exit], time_min: float, profile: FlowProfile | str = DEFAULT_PROFILE
) -> int:
    """Returns how many people get out through the exits in the normal time.

    Args:
        exits: Each route at its narrowest place.
        time_min: Time to get out, above 0 and not above the profile's longest (8 min in the Green Guide).
        profile: Profile or its id.

    Raises:
        InputError: A number that cannot be meant.
        CapacityError: ``egress-time-too-long`` above the profile's longest time.

    Source: Green Guide, 6th edition 2018, chapter 10; Football Licensing Authority, capacity page.
    """
    require(time_min=time_min)
    rules = resolve(profile)
    if rules.max_egress_time_min is not None and time_min > rules.max_egress_time_min + 1e-9:
        raise CapacityError(
            "egress-time-too-long",
            N_("{time} min to leave is above the {limit} min of {norm}: plan more exits or fewer people."),
            time=time_min,
            limit=rules.max_egress_time_min,
            norm=f"{rules.title}, {rules.edition}",
        )
    return whole(time_min * exits_flow_per_min(exits, rules))


def emergency_capacity(
    exits: Sequence[Exit],
    emergency_time_min: float,
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    is_largest_lost: bool,
) -> int:
    """Returns how many people get out in the emergency time, with the largest exit lost or with all of them.

    Args:
        exits: Each route at its narrowest place.
        emergency_time_min: Time by risk assessment, in the profile's range (2.5 to 8 min in the Green Guide).
        profile: Profile or its id.
        is_largest_lost: True to leave out the exit with the largest flow; the guide asks for this case too.

    Raises:
        InputError: A number that cannot be meant.
        CapacityError: ``emergency-time-out-of-range`` outside the profile's range.

    Source: Green Guide, 6th edition 2018, chapters 2 and 10; 2.5 min for high and 8 min for low fire risk.
    """
    require(emergency_time_min=emergency_time_min)
    rules = resolve(profile)
    if rules.emergency_time_range_min is not None:
        low, high = rules.emergency_time_range_min
        if not low - 1e-9 <= emergency_time_min <= high + 1e-9:
            raise CapacityError(
                "emergency-time-out-of-range",
                N_("{time} min to evacuate is outside {low} to {high} min of {norm}: assess the risk again."),
                time=emergency_time_min,
                low=low,
                high=high,
                norm=f"{rules.title}, {rules.edition}",
            )
    remaining = without_largest(exits, rules) if is_largest_lost else exits
    return whole(emergency_time_min * exits_flow_per_min(remaining, rules))


def exits_flow_per_min(exits: Iterable[Exit], profile: FlowProfile | str = DEFAULT_PROFILE) -> float:
    """Returns how many people leave per minute through all exits together.

    Args:
        exits: Each route at its narrowest place.
        profile: Profile or its id.

    Raises:
        InputError: A number that cannot be meant.

    Source: Green Guide, 6th edition 2018, chapter 10.
    """
    rules = resolve(profile)
    return sum(flow_capacity_per_min(way.width_m, way.surface, rules) for way in exits)


def without_largest(exits: Sequence[Exit], profile: FlowProfile | str = DEFAULT_PROFILE) -> tuple[Exit, ...]:
    """Returns the exits less the one with the largest flow; empty for one exit or none.

    Args:
        exits: Each route at its narrowest place.
        profile: Profile or its id.

    Raises:
        InputError: A number that cannot be meant.

    Source: Green Guide, 6th edition 2018, chapter 10; NIST recommendation 5 after The Station fire.
    """
    rules = resolve(profile)
    flows = [flow_capacity_per_min(way.width_m, way.surface, rules) for way in exits]
    lost = flows.index(max(flows)) if flows else -1
    return tuple(way for number, way in enumerate(exits) if number != lost)


def narrowest(route: Sequence[Exit], profile: FlowProfile | str = DEFAULT_PROFILE) -> Exit:
    """Returns the part of a route with the least flow: the one to count.

    Args:
        route: Parts passed one after another, at least one.
        profile: Profile or its id.

    Raises:
        CapacityError: ``empty-route`` for a route without parts.

    Source: Green Guide, 6th edition 2018, chapter 10.
    """
    if not route:
        raise CapacityError("empty-route", N_("A route without parts has no width: name at least one part."))
    rules = resolve(profile)
    return min(route, key=lambda part: flow_capacity_per_min(part.width_m, part.surface, rules))
