# SPDX-License-Identifier: Apache-2.0
"""Density in cells of a metre, once a second, while a run goes on (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from hamkor.simulation.micro.raster import JIT
from hamkor.simulation.micro.shapes import INSIDE

LEAST_AREA_M2 = np.float32(0.4)
"""Cells with less ground around say nothing about density."""


@njit(**JIT)
def smooth(values: np.ndarray, out: np.ndarray) -> None:
    """Writes values averaged over the cells around, weighted 1 2 1 both ways.

    Args:
        values: float32 (rows, columns).
        out: The same shape; its border is 0.
    """
    rows, columns = values.shape
    out[:] = 0.0
    for row in range(1, rows - 1):
        for column in range(1, columns - 1):
            total = np.float32(4.0) * values[row, column]
            total += np.float32(2.0) * (values[row, column - 1] + values[row, column + 1])
            total += np.float32(2.0) * (values[row - 1, column] + values[row + 1, column])
            total += values[row - 1, column - 1] + values[row - 1, column + 1]
            total += values[row + 1, column - 1] + values[row + 1, column + 1]
            out[row, column] = total / np.float32(16.0)


@njit(**JIT)
def count_people(
    people: np.ndarray, active: int, sheet: int, corner: tuple[float, float], counts: np.ndarray
) -> None:
    """Counts the people of a sheet in cells of a metre.

    Args:
        people: `PERSON` (n).
        active: How many may be there.
        sheet: Which sheet.
        corner: South-west corner of the cells, metres from the origin.
        counts: float32 (rows, columns); overwritten.
    """
    counts[:] = 0.0
    rows, columns = counts.shape
    for i in range(active):
        if people[i].state != INSIDE or people[i].sheet != sheet:
            continue
        column, row = int(people[i].x - corner[0]), int(people[i].y - corner[1])
        if 0 <= column < columns and 0 <= row < rows:
            counts[row, column] += np.float32(1.0)


@njit(**JIT)
def add_second(counts: np.ndarray, areas: np.ndarray, levels: np.ndarray, grid: tuple, now: float) -> None:
    """Adds one second to a sheet's density grid.

    Args:
        counts: Smoothed people per cell, float32 (rows, columns).
        areas: Smoothed ground per cell in m².
        levels: Densities whose duration is kept, float32 (levels).
        grid: Peak, moment of the peak, seconds above (levels, rows, columns).
        now: Seconds from the start.
    """
    peak, peak_at, above = grid
    rows, columns = counts.shape
    for row in range(rows):
        for column in range(columns):
            if counts[row, column] <= 0.0 or areas[row, column] < LEAST_AREA_M2:
                continue
            density = counts[row, column] / areas[row, column]
            if density > peak[row, column]:
                peak[row, column] = density
                peak_at[row, column] = now
            for level in range(len(levels)):
                if density > levels[level]:
                    above[level, row, column] += 1.0
