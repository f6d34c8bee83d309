# SPDX-License-Identifier: Apache-2.0
"""Who walks: arrays with one value per person, and how people are put onto the ground they start from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import numpy as np

from hamkor.simulation.micro.profile import MotionProfile


class Premovement(msgspec.Struct, frozen=True, kw_only=True):
    """How long people stay before they start to walk.

    Args:
        law: `none`; `uniform` from low to high; `lognormal` with median `low_s` and 95th percentile `high_s`.
        low_s: Seconds, see `law`.
        high_s: Seconds, see `law`.
    """

    law: str = "none"
    low_s: float = 0.0
    high_s: float = 0.0


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """People who are sent to other exits at a moment.

    Args:
        at_s: Seconds from the start.
        to: Index into the crowd's destinations.
        of: Index of the destination they had until then; None: everybody.
        place: Only those who started from this place, by id; None: from any.
    """

    at_s: float
    to: int
    of: int | None = None
    place: str | None = None


@dataclass(kw_only=True)
class Crowd:
    """People as arrays of one length n; positions in metres of the floors' plane.

    Attributes:
        x: Easting in metres, float64 (n).
        y: Northing in metres, float64 (n).
        sheet: Index of the sheet somebody stands on, int16 (n).
        speed: Free walking speed on the level in m/s, float32 (n).
        radius: Radius of a body in metres, float32 (n).
        time_gap: Time gap in seconds, float32 (n).
        premovement_s: When somebody starts to walk, float32 (n); until then they stand.
        appears_s: When somebody comes into the picture, float32 (n); 0: there from the start.
        destination: Index into `destinations`, int16 (n).
        group: Index of the kind in the motion profile, int16 (n).
        place: Index into `places`, int16 (n).
        uses_stairs: False for people who need a way without stairs, bool (n).
        destinations: Sets of exits by door id; an empty set means every exit.
        places: Ids of the places people start from.
        kinds: Ids of the kinds.
    """

    x: np.ndarray
    y: np.ndarray
    sheet: np.ndarray
    speed: np.ndarray
    radius: np.ndarray
    time_gap: np.ndarray
    premovement_s: np.ndarray
    appears_s: np.ndarray
    destination: np.ndarray
    group: np.ndarray
    place: np.ndarray
    uses_stairs: np.ndarray
    destinations: tuple[tuple[str, ...], ...] = ((),)
    places: tuple[str, ...] = ("",)
    kinds: tuple[str, ...] = field(default=("adult",))

    def __len__(self) -> int:
        """Returns the number of people."""
        return len(self.x)

    def with_destinations(self, destinations: tuple[tuple[str, ...], ...], of: np.ndarray) -> Crowd:
        """Returns the same people on their way to other exits.

        Args:
            destinations: Sets of exits by door id; an empty set means every exit.
            of: Index into them for each person (n).
        """
        return replace(self, destinations=destinations, destination=np.asarray(of, np.int16))


def crowd_at(
    xy: Any,
    *,
    profile: MotionProfile,
    sheet: int = 0,
    kind: str | None = None,
    speed: float | None = None,
    seed: int = 1,
) -> Crowd:
    """Returns a crowd of one kind standing at given points, for tests and recorded experiments.

    Args:
        xy: Positions in metres (n, 2).
        profile: Motion profile.
        sheet: Index of their sheet.
        kind: Id of their kind, None for the first one.
        speed: Free speed of all of them in m/s; None: drawn.
        seed: Seed of the speeds drawn.
    """
    points = np.asarray(xy, np.float64).reshape(-1, 2)
    count = len(points)
    index = profile.kind_ids.index(kind) if kind else 0
    chosen = profile.kinds[index]
    drawn = profile.draw_speeds(chosen, count, np.random.default_rng(seed))
    return Crowd(
        x=points[:, 0].copy(),
        y=points[:, 1].copy(),
        sheet=np.full(count, sheet, np.int16),
        speed=drawn if speed is None else np.full(count, speed, np.float32),
        radius=np.full(count, chosen.radius_m, np.float32),
        time_gap=np.full(count, chosen.time_gap_s, np.float32),
        premovement_s=np.zeros(count, np.float32),
        appears_s=np.zeros(count, np.float32),
        destination=np.zeros(count, np.int16),
        group=np.full(count, index, np.int16),
        place=np.zeros(count, np.int16),
        uses_stairs=np.full(count, chosen.uses_stairs),
        kinds=profile.kind_ids,
    )
