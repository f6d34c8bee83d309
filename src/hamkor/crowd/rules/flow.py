# SPDX-License-Identifier: Apache-2.0
"""Models of speed and flow: SFPE, IMO and Weidmann; flow of a two-way section."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

from hamkor.crowd.rules.flow_models import flow_models
from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, FlowProfile, Surface, flow_capacity_per_h

SfpeElement = Literal["level", "stairs_190_254", "stairs_172_279", "stairs_165_305", "stairs_165_330"]
SfpeBoundary = Literal["stairs", "door", "corridor", "ramp", "handrail", "obstacle", "concourse", "bench"]
ImoPlace = Literal["door", "corridor", "stairs_down", "stairs_up"]


def sfpe_speed_m_per_s(density_per_m2: float, element: SfpeElement = "level") -> float:
    """Returns the walking speed at a density; zero from 3.76 people per m2, where the model ends.

    Args:
        density_per_m2: 0 to 15 people per m2. The model's end is not a safe limit.
        element: Level, or stairs by riser and tread in millimetres.

    Raises:
        InputError: A density that cannot be meant, or an unknown element.

    Source: SFPE Handbook, 5th edition, chapter 59: S = k (1 - a D), at most 0.85 k.
    """
    model = flow_models().sfpe
    require(density_per_m2=density_per_m2)
    require_choice("element", element, model.k_m_per_s)
    k = model.k_m_per_s[element]
    free_m_per_s = model.free_share * k
    if density_per_m2 < model.free_below_per_m2:
        return free_m_per_s
    return max(0.0, min(free_m_per_s, k - model.a_m2 * k * density_per_m2))


def sfpe_flow_per_m_s(density_per_m2: float, element: SfpeElement = "level") -> float:
    """Returns people per metre of effective width and second at a density: density times speed.

    Args:
        density_per_m2: People per square metre, 0 to 15.
        element: Level, or stairs by riser and tread in millimetres.

    Raises:
        InputError: A number that cannot be meant.

    Source: SFPE Handbook, 5th edition, chapter 59.
    """
    return density_per_m2 * sfpe_speed_m_per_s(density_per_m2, element)


def sfpe_max_flow_per_m_s(element: SfpeElement = "level") -> float:
    """Returns the largest specific flow of the model, reached at 1.88 people per m2.

    Args:
        element: Level, or stairs by riser and tread in millimetres.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: SFPE Handbook, 5th edition, chapter 59: k / (4 a).
    """
    model = flow_models().sfpe
    require_choice("element", element, model.k_m_per_s)
    return model.k_m_per_s[element] / (4 * model.a_m2)


def sfpe_effective_width_m(width_m: float, boundary: SfpeBoundary) -> float:
    """Returns the clear width less the boundary layer at both sides, never below zero.

    Args:
        width_m: Clear width, 0 to 500 m.
        boundary: What lies at both sides.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: SFPE Handbook, 5th edition, chapter 59.
    """
    model = flow_models().sfpe
    require(width_m=width_m)
    require_choice("boundary", boundary, model.boundary_m)
    return max(0.0, width_m - 2 * model.boundary_m[boundary])


def sfpe_flow_per_s(width_m: float, boundary: SfpeBoundary, element: SfpeElement = "level") -> float:
    """Returns the largest number of people per second through a clear width.

    Args:
        width_m: Clear width, 0 to 500 m.
        boundary: What lies at both sides.
        element: Level, or stairs by riser and tread in millimetres.

    Raises:
        InputError: A width that cannot be meant, or an unknown choice.

    Source: SFPE Handbook, 5th edition, chapter 59: Fc = Fs max times effective width.
    """
    return sfpe_max_flow_per_m_s(element) * sfpe_effective_width_m(width_m, boundary)


def passage_time_s(persons: float, flow_per_s: float) -> float:
    """Returns how long the people take to pass, in seconds.

    Args:
        persons: 0 to 10 000 000.
        flow_per_s: People per second, above 0.

    Raises:
        InputError: A number that cannot be meant.

    Source: conservation of people.
    """
    require(persons=persons, flow_per_s=flow_per_s)
    return persons / flow_per_s


def imo_max_flow_per_m_s(place: ImoPlace) -> float:
    """Returns the largest specific flow of a place: 1.3 doors and corridors, 1.1 stairs down, 0.88 up.

    Args:
        place: Where; one of the names of the type.

    Raises:
        InputError: A number that cannot be meant, or an unknown choice.

    Source: IMO MSC.1/Circ.1238, annex 1.
    """
    flows = flow_models().imo.max_flow_per_m_s
    require_choice("place", place, flows)
    return flows[place]


def imo_corridor_speed_m_per_s(flow_per_m_s: float, *, density_per_m2: float = 0.0) -> float:
    """Returns the speed in a corridor: 1.2 m/s up to a flow of 0.65, falling to 0.67 at 1.3; 0.10 in a jam.

    Args:
        flow_per_m_s: Specific flow, 0 to 17 people per metre and second.
        density_per_m2: From 3.5 people per m2 the jam speed holds whatever the flow.

    Raises:
        InputError: A number that cannot be meant.

    Source: IMO MSC.1/Circ.1238, annex 1; linear between the rows.
    """
    model = flow_models().imo
    require(flow_per_m_s=flow_per_m_s, density_per_m2=density_per_m2)
    if density_per_m2 >= model.jam_density_per_m2:
        return model.jam_speed_m_per_s
    return interpolate(model.corridor_speed_by_flow, flow_per_m_s)


def weidmann_speed_m_per_s(density_per_m2: float) -> float:
    """Returns the mean walking speed on the level; zero from 5.4 people per m2.

    Args:
        density_per_m2: 0 to 15 people per m2.

    Raises:
        InputError: A density that cannot be meant.

    Source: Weidmann (1993): v = 1.34 (1 - exp(-1.913 (1/rho - 1/5.4))).
    """
    model = flow_models().weidmann
    require(density_per_m2=density_per_m2)
    if density_per_m2 == 0:
        return model.free_speed_m_per_s
    if density_per_m2 >= model.jam_density_per_m2:
        return 0.0
    room = 1 / density_per_m2 - 1 / model.jam_density_per_m2
    return model.free_speed_m_per_s * (1 - math.exp(-model.exponent_per_m2 * room))


def weidmann_flow_per_m_s(density_per_m2: float) -> float:
    """Returns people per metre and second on the level; largest, 1.225, at 1.75 people per m2.

    Args:
        density_per_m2: People per square metre, 0 to 15.

    Raises:
        InputError: A number that cannot be meant.

    Source: Weidmann (1993).
    """
    return density_per_m2 * weidmann_speed_m_per_s(density_per_m2)


def two_way_capacity_per_h(
    width_m: float, surface: Surface = "level", profile: FlowProfile | str = DEFAULT_PROFILE
) -> float:
    """Returns the sum of both directions that a width carries in an hour.

    Args:
        width_m: Clear width, 0 to 500 m.
        surface: What people walk on.
        profile: Profile or its id; gives the counterflow factor, 0.85 unless stated.

    Raises:
        InputError: A width that cannot be meant, or an unknown surface.

    Source: counterflow factor from memory; planned two-way use of a bottleneck is a finding anyway.
    """
    return flow_capacity_per_h(width_m, surface, profile, is_two_way=True)


def load_ratio(demand_per_h: float, capacity_per_h: float) -> float:
    """Returns demand over capacity; above 1 the section cannot carry it.

    Args:
        demand_per_h: People per hour, both directions together.
        capacity_per_h: People per hour, above 0.

    Raises:
        InputError: A number that cannot be meant.

    Source: Still's analysis of Duisburg: 145 000 planned against 43 788.
    """
    require(demand_per_h=demand_per_h, capacity_per_h=capacity_per_h)
    return demand_per_h / capacity_per_h


def interpolate(rows: tuple[tuple[float, float], ...], x: float) -> float:
    """Returns y on the line through the rows, held constant before the first and after the last.

    Args:
        rows: Pairs of x and y by rising x, at least one.
        x: Where.

    Source: linear interpolation.
    """
    if x <= rows[0][0]:
        return rows[0][1]
    for (x0, y0), (x1, y1) in pairwise(rows):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return rows[-1][1]
