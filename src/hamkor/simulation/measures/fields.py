# SPDX-License-Identifier: Apache-2.0
"""Maps of a storey: density, speed, Fruin's levels and seconds above a density, cell by cell."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hamkor.crowd.rules.fruin import LEVELS, FruinPlace, fruin_table
from hamkor.simulation.measures.kernels import spread_people
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.measures.tracks import Floats, Tracks

SAMPLES = 4
"""Points along each side of a cell by which its walkable share is told."""


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Square cells over a storey.

    Args:
        west_m: Left edge.
        south_m: Lower edge.
        cell_m: Side of a cell.
        open_share: Share of each cell people can walk on, 0 to 1; shape (rows northward, columns eastward).
    """

    west_m: float
    south_m: float
    cell_m: float
    open_share: Floats

    @property
    def extent_m(self) -> tuple[float, float, float, float]:
        """West, east, south and north edge in metres."""
        rows, columns = self.open_share.shape
        return (
            self.west_m,
            self.west_m + columns * self.cell_m,
            self.south_m,
            self.south_m + rows * self.cell_m,
        )

    def centre_of(self, cell: tuple[int, int]) -> tuple[float, float]:
        """Returns the middle of a cell (row, column) in metres."""
        row, column = cell
        return self.west_m + (column + 0.5) * self.cell_m, self.south_m + (row + 0.5) * self.cell_m


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in every cell of a storey; all shapes as the grid.

    Args:
        grid: The cells.
        worst_per_m2: Highest density.
        worst_at_s: When.
        mean_per_m2: Density on average over time.
        mean_speed_m_per_s: Speed of those who were there on average, NaN where nobody was.
        seconds_above: Seconds above each threshold; shape (thresholds, rows, columns).
        longest_above_s: Longest time without a break above the third threshold, seconds.
    """

    grid: Grid
    worst_per_m2: Floats
    worst_at_s: Floats
    mean_per_m2: Floats
    mean_speed_m_per_s: Floats
    seconds_above: Floats
    longest_above_s: Floats

    def above(self, density_per_m2: float) -> Floats:
        """Returns seconds above one of the thresholds, cell by cell."""
        return np.asarray(self.seconds_above[limits().thresholds_per_m2.index(density_per_m2)])


def lay_grid(walkable: Any, *, cell_m: float | None = None) -> Grid:
    """Returns the cells over walkable ground, each with the share of it people can walk on.

    Args:
        walkable: Shapely polygon or multipolygon in metres.
        cell_m: Side of a cell; by profile if not given.
    """
    import shapely

    side = limits().cell_m if cell_m is None else cell_m
    west, south, east, north = walkable.bounds
    columns = max(1, math.ceil((east - west) / side - 1e-9))
    rows = max(1, math.ceil((north - south) / side - 1e-9))
    finer = side / SAMPLES
    xs = west + (np.arange(columns * SAMPLES) + 0.5) * finer
    ys = south + (np.arange(rows * SAMPLES) + 0.5) * finer
    shapely.prepare(walkable)
    inside = shapely.contains_xy(walkable, *np.meshgrid(xs, ys))
    share = inside.reshape(rows, SAMPLES, columns, SAMPLES).mean(axis=(1, 3))
    return Grid(west_m=west, south_m=south, cell_m=side, open_share=share)


def density_of(grid: Grid, x_m: Floats, y_m: Floats, *, weights: Floats | None = None) -> Floats:
    """Returns people per m² in each cell at one moment; all of them together are the people given.

    Args:
        grid: The cells.
        x_m: Places eastward; shape (people,).
        y_m: Places northward; shape (people,).
        weights: What each person counts, such as a speed; None: 1 each.

    Source: Gaussian weights as in Helbing, Johansson, Al-Abideen (2007), made to sum up to one over the ground that can
    be walked on, so that a wall pushes nobody out of the picture.
    """
    profile = limits()
    density = np.zeros(grid.open_share.shape)
    spread_people(
        np.ascontiguousarray(x_m - grid.west_m, np.float64),
        np.ascontiguousarray(y_m - grid.south_m, np.float64),
        np.ones(len(x_m)) if weights is None else np.ascontiguousarray(weights, np.float64),
        np.ascontiguousarray(grid.open_share, np.float64),
        np.array([grid.cell_m, profile.kernel_m, profile.kernel_m * profile.kernel_reach]),
        density,
    )
    return density


def measure_fields(tracks: Tracks, grid: Grid, *, sheet: int = 0) -> Fields:
    """Returns the maps of one storey over a whole run.

    Args:
        tracks: Where everybody was.
        grid: Cells of the storey.
        sheet: Its index.

    Notes:
        A moment counts for the time until the next one; the last for as long as the one before it.
    """
    shape = grid.open_share.shape
    thresholds = np.array(limits().thresholds_per_m2)
    worst, worst_at = np.zeros(shape), np.zeros(shape)
    people_s, way = np.zeros(shape), np.zeros(shape)
    above, run, longest = np.zeros((len(thresholds), *shape)), np.zeros(shape), np.zeros(shape)
    lasts = np.append(np.diff(tracks.times_s), tracks.step_s)
    for (moment, rows), last_s in zip(tracks.frames(), lasts, strict=True):
        here = np.flatnonzero(tracks.sheets[rows] == sheet) + rows.start
        density = density_of(grid, tracks.x_m[here], tracks.y_m[here])
        speeds = np.nan_to_num(tracks.speed_m_per_s[here])
        way += density_of(grid, tracks.x_m[here], tracks.y_m[here], weights=speeds) * last_s
        people_s += density * last_s
        is_worse = density > worst
        worst[is_worse], worst_at[is_worse] = density[is_worse], moment
        above += (density[None] > thresholds[:, None, None]) * last_s
        run = np.where(density > thresholds[2], run + last_s, 0.0)
        np.maximum(longest, run, out=longest)
    speed = np.full(shape, np.nan)
    np.divide(way, people_s, out=speed, where=people_s > 1e-6)
    return Fields(
        grid=grid,
        worst_per_m2=worst,
        worst_at_s=worst_at,
        mean_per_m2=people_s / max(float(lasts.sum()), 1e-9),
        mean_speed_m_per_s=speed,
        seconds_above=above,
        longest_above_s=longest,
    )


def levels_of(density_per_m2: Floats, place: FruinPlace = "walkway") -> NDArray[np.str_]:
    """Returns Fruin's level of service of every cell, A to F; exactly on a limit the worse one.

    Args:
        density_per_m2: People per m², any shape.
        place: Walkway, stairs or queue.

    Source: Fruin (1971).
    """
    from_per_m2 = np.array([1 / (space + 1e-9) for space in fruin_table().space_m2_per_p[place]])
    return np.array(LEVELS)[np.searchsorted(from_per_m2, density_per_m2, side="right")]


def level_limits_per_m2(place: FruinPlace = "walkway") -> tuple[float, ...]:
    """Returns the five densities at which a worse level begins, people per m².

    Source: Fruin (1971).
    """
    return tuple(1 / space for space in fruin_table().space_m2_per_p[place])
