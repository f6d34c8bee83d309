# SPDX-License-Identifier: Apache-2.0
"""What is kept while a run goes on: density grids, frames, crossings, people inside."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hamkor.simulation.micro.ground import Ground, windows_of
from hamkor.simulation.micro.maps import add_second, count_people, smooth
from hamkor.simulation.micro.result import LEVELS_PER_M2, Crossings, DensityGrid, Frames
from hamkor.simulation.micro.shapes import INSIDE, LEAVING

MOST_FRAME_BYTES = 192_000_000
ROW_BYTES = 17


class DensityMaps:
    """Density grids of all sheets.

    Args:
        ground: Whose lattice tells how much ground a cell has.
    """

    def __init__(self, ground: Ground) -> None:
        per_cell = round(1.0 / ground.step_m)
        self._grids: list[DensityGrid] = []
        self._corners: list[tuple[float, float]] = []
        self._areas: list[np.ndarray] = []
        for index, window in enumerate(windows_of(ground.nodes)):
            x0, y0 = int(window[0]) // per_cell, int(window[1]) // per_cell
            shift = (int(window[1]) - y0 * per_cell, int(window[0]) - x0 * per_cell)
            rows = -(-(shift[0] + int(window[3])) // per_cell) + 1
            columns = -(-(shift[1] + int(window[2])) // per_cell) + 1
            squares = np.zeros((rows * per_cell, columns * per_cell), np.float32)
            inside = ground.inside[index]
            squares[shift[0] : shift[0] + inside.shape[0], shift[1] : shift[1] + inside.shape[1]] = inside
            area = squares.reshape(rows, per_cell, columns, per_cell).sum(axis=(1, 3)) * ground.step_m**2
            smoothed = np.zeros_like(area)
            smooth(area, smoothed)
            self._areas.append(smoothed)
            self._corners.append((float(x0), float(y0)))
            shape = (rows, columns)
            self._grids.append(
                DensityGrid(
                    origin=(ground.origin[0] + x0, ground.origin[1] + y0),
                    cell_m=1.0,
                    area_m2=area,
                    peak=np.zeros(shape, np.float32),
                    peak_at_s=np.zeros(shape, np.float32),
                    seconds_above=np.zeros((len(LEVELS_PER_M2), *shape), np.float32),
                )
            )

    def add(self, people: np.ndarray, active: int, now_s: float) -> None:
        """Adds one second.

        Args:
            people: `PERSON` (n).
            active: How many may be there.
            now_s: Seconds from the start.
        """
        levels = np.array(LEVELS_PER_M2, np.float32)
        for sheet, grid in enumerate(self._grids):
            counts, smoothed = np.zeros_like(grid.peak), np.zeros_like(grid.peak)
            count_people(people, active, sheet, self._corners[sheet], counts)
            smooth(counts, smoothed)
            add_second(
                smoothed, self._areas[sheet], levels, (grid.peak, grid.peak_at_s, grid.seconds_above), now_s
            )

    def finish(self) -> tuple[DensityGrid, ...]:
        """Returns the grids."""
        return tuple(self._grids)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the arrays that change, by name; a checkpoint keeps them and fills them again."""
        named = {}
        for index, grid in enumerate(self._grids):
            named[f"peak-{index}"] = grid.peak
            named[f"peak_at-{index}"] = grid.peak_at_s
            named[f"above-{index}"] = grid.seconds_above
        return named


@dataclass(kw_only=True)
class FrameStore:
    """Frames of bounded size: when they grow too large every second one goes, and fewer are taken from then on.

    Attributes:
        every_s: Seconds between frames.
        times: Moments of the frames kept.
        parts: Rows of each: ids, positions, sheets, speeds.
        size: Bytes kept.
        limit: Bytes that may be kept.
    """

    every_s: float
    times: list[float] = field(default_factory=list)
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    size: int = 0
    limit: int = MOST_FRAME_BYTES

    def is_due(self, now_s: float) -> bool:
        """Returns True when a frame is to be taken now."""
        return not self.times or now_s >= self.times[-1] + self.every_s - 1e-6

    def take(self, people: np.ndarray, active: int, now_s: float) -> None:
        """Keeps where everybody inside stands.

        Args:
            people: `PERSON` (n).
            active: How many may be there.
            now_s: Seconds from the start.
        """
        state = people["state"][:active]
        rows = np.flatnonzero((state == INSIDE) | (state == LEAVING))
        xy = np.stack([people["x"][rows], people["y"][rows]], axis=1)
        part = (
            people["id"][rows].copy(),
            xy,
            people["sheet"][rows].astype(np.uint8),
            people["pace"][rows].copy(),
        )
        self.add(now_s, part)

    def add(self, now_s: float, part: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Keeps a frame; thins out all of them when they have grown too large."""
        self.times.append(now_s)
        self.parts.append(part)
        self.size += len(part[0]) * ROW_BYTES
        if self.size > self.limit and len(self.times) > 2:
            self.times, self.parts = self.times[::2], self.parts[::2]
            self.every_s *= 2
            self.size = sum(len(each[0]) for each in self.parts) * ROW_BYTES

    def finish(self, origin: tuple[float, float]) -> Frames:
        """Returns the frames in one piece.

        Args:
            origin: Metres of the plane that are 0 in the positions.
        """
        counts = [len(part[0]) for part in self.parts]
        empty = (
            np.empty(0, np.int32),
            np.empty((0, 2), np.float32),
            np.empty(0, np.uint8),
            np.empty(0, np.float32),
        )
        ids, xy, sheet, speed = (
            np.concatenate([part[k] for part in self.parts]) if self.parts else empty[k] for k in range(4)
        )
        return Frames(
            times_s=np.array(self.times, np.float32),
            offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            ids=ids,
            xy=xy,
            sheet=sheet,
            speed=speed,
            origin=origin,
            every_s=self.every_s,
        )


@dataclass(kw_only=True)
class Passages:
    """Crossings of all doors, in order.

    Attributes:
        parts: Door, id, step and side of crossings.
    """

    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)

    def whole(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Returns door, id, step and side of all crossings."""
        kinds = (np.int16, np.int32, np.int32, np.int8)
        columns = [
            np.concatenate([part[k] for part in self.parts]) if self.parts else np.empty(0, kind)
            for k, kind in enumerate(kinds)
        ]
        return columns[0], columns[1], columns[2], columns[3]

    def finish(self, door_ids: tuple[str, ...], dt_s: float) -> dict[str, Crossings]:
        """Returns crossings by door id.

        Args:
            door_ids: In the order doors are counted.
            dt_s: Time step in seconds.
        """
        door, ids, step, side = self.whole()
        found = {}
        for door_id in dict.fromkeys(door_ids):
            rows = np.isin(door, [index for index, other in enumerate(door_ids) if other == door_id])
            found[door_id] = Crossings(
                times_s=(step[rows] * dt_s).astype(np.float32), ids=ids[rows], side=side[rows]
            )
        return found
