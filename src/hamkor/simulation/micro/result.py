# SPDX-License-Identifier: Apache-2.0
"""What a micro-simulation found: when everybody left and by which door, where it was dense, who was stuck."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hamkor.common.messages import Message
from hamkor.simulation.micro.crowd import Crowd

LEVELS_PER_M2 = (2.0, 3.0, 4.0, 5.0)
"""Densities whose duration is kept for each cell."""


@dataclass(kw_only=True)
class Frames:
    """Recorded positions; frame k holds the rows `offsets[k]:offsets[k + 1]`.

    Attributes:
        times_s: Seconds from the start, float32 (frames).
        offsets: First row of each frame, and one more at the end, int64 (frames + 1).
        ids: Index of the person in the crowd, int32 (rows).
        xy: Position in metres relative to `origin`, float32 (rows, 2).
        sheet: Sheet, uint8 (rows).
        speed: Speed in m/s, float32 (rows).
        origin: Metres to add to `xy` to come back to the plane of the floors.
        every_s: Seconds between frames; may be longer than asked, so that memory stays bounded.
    """

    times_s: np.ndarray
    offsets: np.ndarray
    ids: np.ndarray
    xy: np.ndarray
    sheet: np.ndarray
    speed: np.ndarray
    origin: tuple[float, float]
    every_s: float

    def __len__(self) -> int:
        """Returns the number of frames."""
        return len(self.times_s)

    def rows(self, frame: int) -> slice:
        """Returns the rows of a frame."""
        return slice(int(self.offsets[frame]), int(self.offsets[frame + 1]))


@dataclass(kw_only=True)
class Crossings:
    """Who crossed a door when.

    Attributes:
        times_s: Seconds from the start, rising, float32 (crossings).
        ids: Index of the person, int32 (crossings).
        side: 1 for one direction (left to right of the line from its first to its second end), -1 for the other,
            int8 (crossings).
    """

    times_s: np.ndarray
    ids: np.ndarray
    side: np.ndarray


@dataclass(kw_only=True)
class DensityGrid:
    """Density of one sheet in square cells, smoothed over the neighbouring cells, once a second.

    Attributes:
        origin: South-west corner in metres.
        cell_m: Side of a cell.
        area_m2: Ground of each cell people can walk on, float32 (rows, columns).
        peak: Highest density, people per m², float32 (rows, columns).
        peak_at_s: When it was highest, float32 (rows, columns).
        seconds_above: Seconds above `LEVELS_PER_M2`, float32 (4, rows, columns).
    """

    origin: tuple[float, float]
    cell_m: float
    area_m2: np.ndarray
    peak: np.ndarray
    peak_at_s: np.ndarray
    seconds_above: np.ndarray


@dataclass(kw_only=True)
class Run:
    """A finished micro-simulation of n people.

    Attributes:
        crowd: Who took part, as they stood at the start.
        out_s: When each person left, seconds; NaN while inside; float32 (n).
        exit: Index of the door each one left by, -1 while inside; int16 (n).
        door_ids: Ids of the doors, as `exit` counts them.
        crossings: By door id.
        waited_s: Full seconds in which each one came less far than the waiting speed of the profile, float32 (n).
        walked_m: Metres each one walked, float32 (n).
        end_xy: Last position of each in metres (n, 2).
        end_sheet: Last sheet of each, int16 (n).
        frames: Recorded positions, None unless asked for.
        densities: One grid per sheet.
        inside: Number of people who have not arrived at full seconds from 0 on, int32: inside, or still to come.
        stuck: Indexes of people who stood still although their way was free, int32.
        is_gridlock: Nobody moved any more when it ended.
        steps: Time steps done.
        agent_steps: Persons moved by one step, summed.
        ended_s: Simulated seconds.
        dt_s: Time step.
        cpu_s: Processor time of the run.
        profile_id: Motion profile.
        seed: Seed.
        assumptions: What it rests on, for people to read.
    """

    crowd: Crowd
    out_s: np.ndarray
    exit: np.ndarray
    door_ids: tuple[str, ...]
    crossings: dict[str, Crossings]
    waited_s: np.ndarray
    walked_m: np.ndarray
    end_xy: np.ndarray
    end_sheet: np.ndarray
    frames: Frames | None
    densities: tuple[DensityGrid, ...]
    inside: np.ndarray
    stuck: np.ndarray
    is_gridlock: bool
    steps: int
    agent_steps: int
    ended_s: float
    dt_s: float
    cpu_s: float
    profile_id: str
    seed: int
    assumptions: tuple[Message, ...] = field(default=())

    @property
    def left(self) -> int:
        """People still inside at the end."""
        return int(np.isnan(self.out_s).sum())

    @property
    def stuck_share(self) -> float:
        """Stuck people as a share of all."""
        return len(self.stuck) / max(1, len(self.out_s))

    def clearance_s(self, share: float = 1.0) -> float | None:
        """Returns when that share of all people had left, seconds; None when it never did.

        Args:
            share: From 0 to 1.
        """
        times = np.sort(self.out_s[~np.isnan(self.out_s)])
        wanted = int(np.ceil(share * len(self.out_s) - 1e-9))
        if wanted == 0:
            return 0.0
        return float(times[wanted - 1]) if wanted <= len(times) else None
