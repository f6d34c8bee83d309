# SPDX-License-Identifier: Apache-2.0
"""Bars a crowd simulator must clear, measured corridor flows, and the guide as the upper bound of any result."""

from __future__ import annotations

from functools import cache

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, FlowProfile, Surface, resolve
from hamkor.crowd.rules.tables import Profile, read_table


class Bar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one measure of one test must lie between, both inclusive.

    Args:
        test: RiMEA number.
        measure: What is measured, with its unit.
        low: Lowest value that passes.
        high: Highest value that passes.
        setup: How to set the test up.
    """

    test: int
    measure: str
    low: float
    high: float
    setup: str


class VerificationData(Profile, frozen=True, kw_only=True):
    """Bars and measured flows; see ``profiles/verification.yaml``."""

    bars: tuple[Bar, ...]
    group_speeds_m_per_s: dict[str, tuple[float, float]]
    flow_margin: float
    hermes: dict[str, tuple[float, int, float, float, float]]
    hermes_tolerance: float
    inlet_limited_flow_per_s: tuple[tuple[float, float], ...]


@cache
def verification_data() -> VerificationData:
    """Returns bars and measured flows.

    Source: ``profiles/verification.yaml``.
    """
    return read_table("verification.yaml", VerificationData)


def passes_bar(measure: str, value: float) -> bool:
    """Returns whether a measured value clears its bar; a value that is no number never does.

    Args:
        measure: For example ``walking_time_s``.
        value: What the simulator gave.

    Raises:
        InputError: An unknown measure.

    Source: RiMEA 3.0, tests 1 to 6, 9 and 10; the bars of test 4 are ours.
    """
    bars = {bar.measure: bar for bar in verification_data().bars}
    require_choice("measure", measure, bars)
    return bars[measure].low <= value <= bars[measure].high


def passes_group_speed(group: str, speed_m_per_s: float) -> bool:
    """Returns whether an agent's speed fits its age group.

    Args:
        group: Age group; one of the keys in ``profiles/verification.yaml``.
        speed_m_per_s: Speed of one agent.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: RiMEA 3.0, test 7.
    """
    speeds = verification_data().group_speeds_m_per_s
    require_choice("group", group, speeds)
    low, high = speeds[group]
    return low <= speed_m_per_s <= high


def passes_two_bottlenecks(first_flow_per_s: float, second_flow_per_s: float) -> bool:
    """Returns whether people jam at the first of two equal bottlenecks and not at the second.

    Args:
        first_flow_per_s: People per second through the first bottleneck.
        second_flow_per_s: People per second through the second.

    Source: RiMEA 3.0, test 12: first flow at least the second less 0.05.
    """
    return first_flow_per_s >= second_flow_per_s - verification_data().flow_margin


def passes_stairs_jam(stairs_flow_per_s: float, corridor_flow_per_s: float) -> bool:
    """Returns whether people jam before stairs: flow on the stairs lower by more than 0.05.

    Args:
        stairs_flow_per_s: People per second on the stairs.
        corridor_flow_per_s: People per second in the corridor.

    Source: RiMEA 3.0, test 13.
    """
    return corridor_flow_per_s - stairs_flow_per_s > verification_data().flow_margin


def passes_corner(*, short_s: float, corner_s: float, long_s: float) -> bool:
    """Returns whether a corner takes longer than the short and less than the long straight corridor.

    Args:
        short_s: Seconds through the short straight corridor.
        corner_s: Seconds around the corner.
        long_s: Seconds through the long straight corridor.

    Source: RiMEA 3.0, test 15.
    """
    return short_s < corner_s < long_s


def is_near_hermes(run: str, flow_per_s: float) -> bool:
    """Returns whether a simulated flow is within 15 % of the measured one of a corridor run.

    Args:
        run: For example ``uo-180-180-120``.
        flow_per_s: Simulated people per second, above 0.

    Raises:
        InputError: An unknown run or a flow that cannot be meant.

    Source: computed from the open HERMES trajectories shipped with PedPy.
    """
    data = verification_data()
    require(flow_per_s=flow_per_s)
    require_choice("run", run, data.hermes)
    measured = data.hermes[run][3]
    return abs(flow_per_s - measured) <= data.hermes_tolerance * measured


def usable_flow_per_m_min(
    flow_per_m_min: float, surface: Surface = "level", profile: FlowProfile | str = DEFAULT_PROFILE
) -> float:
    """Returns the flow that may be planned with: never above the guide, whatever a simulation or laboratory gave.

    Args:
        flow_per_m_min: Simulated or measured, 0 to 1 000 people per metre and minute.
        surface: What people walk on.
        profile: Profile or its id.

    Raises:
        InputError: A flow that cannot be meant.

    Source: HERMES corridor exits gave 89 to 137, the Green Guide allows 82.
    """
    require(flow_per_m_min=flow_per_m_min)
    return min(flow_per_m_min, resolve(profile).flow_per_m_min(surface))
