# SPDX-License-Identifier: Apache-2.0
"""How fast units get through a venue, in a named profile; and what a way is."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from hamkor.common.messages import N_
from hamkor.units.rules.units import UnitError

Floats = NDArray[np.float64]
Basis = Literal["network", "roads", "straight", "unknown"]
OUTSIDE_REGION = 0


class TravelProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Speeds and detours dispatch advice rests on.

    Args:
        id: Name of the profile.
        walk_m_s: On foot, on the level, without a crowd.
        stairs_m_s: On stairs, up.
        crowd_min_m_s: In the densest crowd: helpers are let through at a crawl.
        walk_detour: Way on foot inside one area against the straight line.
        outside_detour: The same outside of the venue, where one walks around it.
        vehicle_m_s: A vehicle where no roads are drawn, among people.
        road_m_s: A vehicle on a way kept clear for it.
        vehicle_detour: Way of a vehicle against the straight line where no roads are drawn.
        unknown_leg_m: Way through an area whose openings nobody drew.
        stale_s: A measured position older than this counts after what people said.
        post_s: What it costs to take a unit from its post, as seconds.
        second_choice_s: What it costs to send a unit that can do it but is made for something else.
        unknown_s: What a unit costs of which nobody knows where it is.
        unfilled_s: What it costs that nobody is sent: more than any way.
        weights: How much a second counts, by priority.
        source: Where the numbers come from.
    """

    id: str
    walk_m_s: float
    stairs_m_s: float
    crowd_min_m_s: float
    walk_detour: float
    outside_detour: float
    vehicle_m_s: float
    road_m_s: float
    vehicle_detour: float
    unknown_leg_m: float
    stale_s: float
    post_s: float
    second_choice_s: float
    unknown_s: float
    unfilled_s: float
    weights: dict[int, int]
    source: str


# Free walking speed and stairs after Weidmann (1993); density slows walkers by the same paper. Detours, speeds of
# vehicles among people, and what a post or a second choice costs are ours (decision 0022).
ON_SITE_TRAVEL = TravelProfile(
    id="on-site",
    walk_m_s=1.34,
    stairs_m_s=0.61,
    crowd_min_m_s=0.3,
    walk_detour=1.2,
    outside_detour=1.5,
    vehicle_m_s=4.0,
    road_m_s=8.0,
    vehicle_detour=1.4,
    unknown_leg_m=60.0,
    stale_s=300.0,
    post_s=60.0,
    second_choice_s=120.0,
    unknown_s=1800.0,
    unfilled_s=36_000.0,
    weights={1: 8, 2: 4, 3: 2, 4: 1},
    source="Weidmann 1993 (walking, stairs, density); the rest is Hamkor's planning value, decision 0022",
)
TRAVEL_PROFILES: dict[str, TravelProfile] = {profile.id: profile for profile in (ON_SITE_TRAVEL,)}


class Spot(msgspec.Struct, frozen=True):
    """Where something is on the network.

    Args:
        xy_m: East and north in the plane of the drawing, None where the drawing does not say.
        region: Index of the region of the network.
    """

    xy_m: tuple[float, float] | None
    region: int


class Way(msgspec.Struct, frozen=True):
    """How one gets from one spot to another.

    Args:
        seconds: How long it takes; infinite when there is no way.
        metres: How far it is.
        basis: What that rests on.
        is_guessed: True when a length on it is not drawn.
    """

    seconds: float
    metres: float
    basis: Basis
    is_guessed: bool = False


NO_WAY = Way(float("inf"), float("inf"), "unknown", is_guessed=True)


class Reached(msgspec.Struct):
    """What every node of a network is away from a start.

    Args:
        seconds: Time to each node; infinite where there is no way.
        metres: Way to each node.
        is_guessed: Where a length on the way is not drawn.
    """

    seconds: list[float]
    metres: list[float]
    is_guessed: list[bool]


def travel_profile(profile: str = ON_SITE_TRAVEL.id) -> TravelProfile:
    """Returns a profile by its name.

    Raises:
        UnitError: ``travel-profile-unknown``.

    Source: the profile's own.
    """
    if profile not in TRAVEL_PROFILES:
        template = N_("There is no profile of travel by the name “{profile}”. Choose one of: {known}.")
        raise UnitError("travel-profile-unknown", template, profile=profile, known=sorted(TRAVEL_PROFILES))
    return TRAVEL_PROFILES[profile]
