# SPDX-License-Identifier: Apache-2.0
"""Flow profiles: how many people pass a width in a minute, answered by every norm and model alike."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.tables import Profile, read_table

Surface = Literal["level", "stairs", "ramp"]

SURFACES: tuple[Surface, ...] = ("level", "stairs", "ramp")
DEFAULT_PROFILE = "green-guide-2018"
MINUTES_PER_HOUR = 60


class UnknownProfileError(HamkorError):
    """A profile id nobody has defined."""


class FlowProfile(Profile, frozen=True, kw_only=True):
    """Constants of one norm or model of flow.

    Args:
        is_criterion: True for a limit that may decide a finding; False for a comparison only.
        level_flow_per_m_min: People per metre of usable width and minute on the level.
        stairs_flow_per_m_min: The same on stairs, in the slower direction where the source distinguishes.
        ramp_flow_per_m_min: The same on a ramp without steps.
        max_egress_time_min: Longest time for normal egress, or the nominal time of a rule without one.
        emergency_time_range_min: Shortest and longest time that may be assumed for emergency evacuation.
        standing_density_max_per_m2: Highest density of a standing crowd that does not move.
        min_route_width_m: Narrowest route.
        is_zero_below_min_width: True when a narrower route counts for nothing.
        width_step_m: Width counts only in whole steps of this size; None when every centimetre counts.
        small_use_persons_max: Up to this many users the next width is enough.
        small_use_min_width_m: Least width for few users.
        level_side_layer_m: Strip at each side that nobody walks in, on the level; also for stairs and ramps.
        two_way_factor: Share of the one-way flow left when people walk both ways.
        turnstile_rate_max_per_h: Highest rate that may be assumed for one turnstile.
        fill_time_max_h: Longest time to fill the section through its entrances.
        gangway_distance_max_m: Longest way to a gangway or exit in a standing area.
        barrier_gap_max_m: Widest gap in a line of crush barriers.
    """

    is_criterion: bool
    level_flow_per_m_min: float
    stairs_flow_per_m_min: float
    ramp_flow_per_m_min: float
    two_way_factor: float
    max_egress_time_min: float | None = None
    emergency_time_range_min: tuple[float, float] | None = None
    standing_density_max_per_m2: float | None = None
    min_route_width_m: float | None = None
    is_zero_below_min_width: bool = False
    width_step_m: float | None = None
    small_use_persons_max: int | None = None
    small_use_min_width_m: float | None = None
    level_side_layer_m: float = 0.0
    stairs_side_layer_m: float = 0.0
    ramp_side_layer_m: float = 0.0
    turnstile_rate_max_per_h: float | None = None
    fill_time_max_h: float | None = None
    gangway_distance_max_m: float | None = None
    barrier_gap_max_m: float | None = None

    def flow_per_m_min(self, surface: Surface) -> float:
        """Returns people per metre of usable width and minute on the surface.

        Args:
            surface: What people walk on.

        Source: the profile.
        """
        if surface == "level":
            return self.level_flow_per_m_min
        return self.stairs_flow_per_m_min if surface == "stairs" else self.ramp_flow_per_m_min

    def side_layer_m(self, surface: Surface) -> float:
        """Returns the strip at each side of the surface that nobody walks in, in metres.

        Args:
            surface: What people walk on.

        Source: the profile.
        """
        if surface == "level":
            return self.level_side_layer_m
        return self.stairs_side_layer_m if surface == "stairs" else self.ramp_side_layer_m


class FlowAnswer(msgspec.Struct, frozen=True):
    """What one profile says about one width.

    Args:
        profile_id: Which profile.
        is_criterion: Whether it may decide a finding.
        flow_per_min: People per minute.
        unsettled: Constants of the profile still to be checked against the publication.
    """

    profile_id: str
    is_criterion: bool
    flow_per_min: float
    unsettled: tuple[str, ...]


@cache
def _profiles() -> dict[str, FlowProfile]:
    return {profile.id: profile for profile in read_table("flow.yaml", list[FlowProfile])}


def list_profiles() -> tuple[FlowProfile, ...]:
    """Returns all flow profiles, the default one first.

    Source: ``profiles/flow.yaml``.
    """
    return tuple(_profiles().values())


def load_profile(profile_id: str = DEFAULT_PROFILE) -> FlowProfile:
    """Returns the flow profile with the id; cached, so asking thousands of times costs nothing.

    Args:
        profile_id: For example ``green-guide-2018``.

    Raises:
        UnknownProfileError: ``unknown-profile`` with the ids there are.

    Source: ``profiles/flow.yaml``.
    """
    profile = _profiles().get(profile_id)
    if profile is None:
        raise UnknownProfileError(
            "unknown-profile",
            N_("There is no profile “{profile}”; choose one of: {known}."),
            profile=profile_id,
            known=tuple(_profiles()),
        )
    return profile


def resolve(profile: FlowProfile | str) -> FlowProfile:
    """Returns the profile itself, or the one with that id.

    Args:
        profile: Profile or its id.

    Raises:
        UnknownProfileError: An unknown id.

    Source: ``profiles/flow.yaml``.
    """
    return load_profile(profile) if isinstance(profile, str) else profile


def usable_width_m(
    width_m: float,
    surface: Surface = "level",
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    persons: float | None = None,
) -> float:
    """Returns the part of a clear width that people may use, in metres; zero when it is too narrow.

    Args:
        width_m: Clear width, 0 to 500 m.
        surface: What people walk on.
        profile: Profile or its id.
        persons: Number who use it, where known; a few profiles accept a narrower route for few people.

    Raises:
        InputError: A width or number of persons that cannot be meant.

    Source: side layers SFPE chapter 59; steps and least width MVStättVO section 7 (4).
    """
    require(width_m=width_m)
    if persons is not None:
        require(persons=persons)
    rules = resolve(profile)
    if rules.is_zero_below_min_width and width_m < _least_width_m(rules, persons) - 1e-9:
        return 0.0
    width_left_m = max(0.0, width_m - 2 * rules.side_layer_m(surface))
    if rules.width_step_m is None:
        return width_left_m
    return math.floor(width_left_m / rules.width_step_m + 1e-9) * rules.width_step_m


def flow_capacity_per_min(
    width_m: float,
    surface: Surface = "level",
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    persons: float | None = None,
) -> float:
    """Returns how many people pass the width in a minute, one way, by the profile.

    Args:
        width_m: Clear width at the narrowest place, 0 to 500 m.
        surface: ``level``, ``stairs`` or ``ramp`` (without steps).
        profile: Profile or its id; the same question may be put to each.
        persons: Number who use it, where known; matters only where few people may use a narrower route.

    Returns:
        People per minute; zero where the profile does not count so narrow a route at all.

    Raises:
        InputError: A width that cannot be meant, or an unknown surface.
        UnknownProfileError: An unknown id.

    Source: the profile; conversions of rules without a time are explained in its note.
    """
    require_choice("surface", surface, SURFACES)
    rules = resolve(profile)
    return usable_width_m(width_m, surface, rules, persons=persons) * rules.flow_per_m_min(surface)


def flow_capacity_per_h(
    width_m: float,
    surface: Surface = "level",
    profile: FlowProfile | str = DEFAULT_PROFILE,
    *,
    is_two_way: bool = False,
) -> float:
    """Returns how many people pass the width in an hour, reduced when they walk both ways.

    Args:
        width_m: Clear width at the narrowest place, 0 to 500 m.
        surface: What people walk on.
        profile: Profile or its id.
        is_two_way: True when the same width serves both directions at once; the result is the sum of both.

    Raises:
        InputError: A width that cannot be meant, or an unknown surface.

    Source: counterflow factor 0.85, from memory; planned two-way use of a bottleneck is a finding anyway.
    """
    rules = resolve(profile)
    factor = rules.two_way_factor if is_two_way else 1.0
    return flow_capacity_per_min(width_m, surface, rules) * MINUTES_PER_HOUR * factor


def required_width_m(
    flow_per_min: float, surface: Surface = "level", profile: FlowProfile | str = DEFAULT_PROFILE
) -> float:
    """Returns the clear width that carries the flow, in metres: the inverse of ``flow_capacity_per_min``.

    Args:
        flow_per_min: People per minute, one way, 0 to 1 000 000.
        surface: What people walk on.
        profile: Profile or its id.

    Raises:
        InputError: A flow that cannot be meant, or an unknown surface.

    Source: the profile.
    """
    require(flow_per_min=flow_per_min)
    require_choice("surface", surface, SURFACES)
    rules = resolve(profile)
    if flow_per_min == 0:
        return 0.0
    width_m = flow_per_min / rules.flow_per_m_min(surface)
    if rules.width_step_m is not None:
        width_m = math.ceil(width_m / rules.width_step_m - 1e-9) * rules.width_step_m
    width_m += 2 * rules.side_layer_m(surface)
    return max(width_m, _least_width_m(rules, None)) if rules.is_zero_below_min_width else width_m


def compare_profiles(width_m: float, surface: Surface = "level") -> tuple[FlowAnswer, ...]:
    """Returns what every profile answers for the width, the default one first; for showing, never for mixing.

    Args:
        width_m: Clear width, 0 to 500 m.
        surface: What people walk on.

    Raises:
        InputError: A width that cannot be meant, or an unknown surface.

    Source: ``profiles/flow.yaml``.
    """
    return tuple(
        FlowAnswer(
            rules.id, rules.is_criterion, flow_capacity_per_min(width_m, surface, rules), rules.unsettled
        )
        for rules in list_profiles()
    )


def _least_width_m(rules: FlowProfile, persons: float | None) -> float:
    few = rules.small_use_persons_max
    if persons is not None and few is not None and persons <= few:
        return rules.small_use_min_width_m or 0.0
    return rules.min_route_width_m or 0.0
