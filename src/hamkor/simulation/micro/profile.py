# SPDX-License-Identifier: Apache-2.0
"""How people walk, as data: constants of the model, and kinds of people with their speeds and sizes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.crowd.rules.tables import Profile

PROFILE_PATH = Path(__file__).parent.parent / "profiles" / "motion.yaml"
DEFAULT_MOTION = "hamkor-2026"


class UnknownMotionError(HamkorError):
    """A motion profile id nobody has defined."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of people.

    Args:
        id: Stable name, such as `adult`.
        speed_m_per_s: Mean free walking speed on the level.
        speed_sd_m_per_s: Its standard deviation.
        speed_range_m_per_s: Nobody is slower or faster than this.
        radius_m: Radius of the circle a body takes up.
        time_gap_s: Time gap to whoever walks in front.
        uses_stairs: False for people who need a way without stairs.
        source: Where the numbers come from.
    """

    id: str
    speed_m_per_s: float
    speed_sd_m_per_s: float
    speed_range_m_per_s: tuple[float, float]
    radius_m: float
    time_gap_s: float
    uses_stairs: bool = True
    source: str


class Surfaces(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a surface does to the free speed and the time gap, as factors of those on the level.

    Args:
        stairs_up: Speed up stairs, along the ground.
        stairs_down: Speed down stairs.
        ramp_up: Speed up a ramp.
        ramp_down: Speed down a ramp.
        stairs_time_gap: Time gap on stairs.
        ramp_time_gap: Time gap on a ramp.
    """

    stairs_up: float
    stairs_down: float
    ramp_up: float
    ramp_down: float
    stairs_time_gap: float
    ramp_time_gap: float


class Stuck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When somebody counts as stuck.

    Args:
        after_s: Seconds without moving.
        moved_m: Moving less than this is not moving.
        refused_share: A run with more stuck people than this share is refused.
        gridlock_s: Nobody at all moved for so long: all who are left are stuck.
    """

    after_s: float
    moved_m: float
    refused_share: float
    gridlock_s: float


class MotionProfile(Profile, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Constants of the collision-free speed model in its generalised form, one set.

    Args:
        neighbour_strength: How strongly people turn away from one another.
        neighbour_range_m: Over which distance that falls off.
        wall_strength: How strongly people turn away from walls.
        wall_range_m: Over which distance that falls off.
        most_off_wall: Most share of the wish with which a wall turns somebody away beyond letting them slide along
            it; a large number is the published form, in which people can freeze at corners.
        least_influence: A turning influence below this share of the wish to go ahead is left out.
        direction_noise: Largest sideways share in the wished direction, drawn anew for each person every second; it
            breaks ties in which people would block one another for ever.
        unrest: By so many times that share grows for who has stood still.
        squeeze: Share of the distance of contact people give up who have stood still at a narrowing; without it people
            who arch before a door block one another for ever.
        slim: Share of the distance of contact that counts to the sides at a narrowing: people turn their shoulders and
            pass in staggered files.
        still_m_per_s: Who is slower than this stands still.
        patience_s: Seconds of standing still before unrest and squeezing begin; they are full after twice that.
        wall_clearance_m: Ways keep this distance from walls where there is room.
        leaving_m: Who has left still takes up room for so many metres behind the exit.
        waiting_speed_m_per_s: Who comes less far than this in a second waits.
        narrowed_flow_per_m_s: Flow of a door of which a part is shut, people per metre and second, when it has no
            rate of its own.
        service: How long turnstiles take: the same for everybody, or exponentially spread.
        surfaces: What stairs and ramps do.
        stuck: When somebody counts as stuck.
        kinds: Kinds of people.
        composition: Share of each kind unless something else is asked for, by id.
    """

    neighbour_strength: float
    neighbour_range_m: float
    wall_strength: float
    wall_range_m: float
    most_off_wall: float
    least_influence: float
    direction_noise: float
    unrest: float
    squeeze: float
    slim: float
    still_m_per_s: float
    patience_s: float
    wall_clearance_m: float
    leaving_m: float
    waiting_speed_m_per_s: float
    narrowed_flow_per_m_s: float
    service: str
    surfaces: Surfaces
    stuck: Stuck
    kinds: tuple[Kind, ...]
    composition: dict[str, float]

    @property
    def kind_ids(self) -> tuple[str, ...]:
        """Ids of the kinds in the order their indexes count."""
        return tuple(kind.id for kind in self.kinds)

    def draw_speeds(self, kind: Kind, count: int, random: np.random.Generator) -> np.ndarray:
        """Returns free speeds of that many people in m/s, normal within the range of the kind (float32).

        Args:
            kind: One of `kinds`.
            count: How many.
            random: Generator to draw from.
        """
        low, high = kind.speed_range_m_per_s
        speeds = random.normal(kind.speed_m_per_s, kind.speed_sd_m_per_s, count)
        for _ in range(100):
            is_outside = (speeds < low) | (speeds > high)
            if not is_outside.any():
                break
            speeds[is_outside] = random.normal(
                kind.speed_m_per_s, kind.speed_sd_m_per_s, int(is_outside.sum())
            )
        return np.clip(speeds, low, high).astype(np.float32)


@cache
def list_motion_profiles() -> tuple[MotionProfile, ...]:
    """Returns all motion profiles, the default one first."""
    return msgspec.yaml.decode(PROFILE_PATH.read_bytes(), type=tuple[MotionProfile, ...])


def load_motion_profile(id: str = DEFAULT_MOTION) -> MotionProfile:
    """Returns the motion profile of that id.

    Args:
        id: Such as `hamkor-2026`.

    Raises:
        UnknownMotionError: Nobody has defined it.
    """
    for profile in list_motion_profiles():
        if profile.id == id:
            return profile
    known = ", ".join(profile.id for profile in list_motion_profiles())
    raise UnknownMotionError(
        "motion-unknown", N_("There is no motion profile “{id}”. Known are: {known}."), id=id, known=known
    )
