# SPDX-License-Identifier: Apache-2.0
"""Compiled loops of measuring."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hamkor.simulation.measures.tracks import Floats


@njit(cache=True)
def spread_people(
    x_m: Floats, y_m: Floats, weights: Floats, open_share: Floats, sizes: Floats, density: Floats
) -> None:
    """Adds every person to the cells around, so that each counts as their weight over the walkable ground.

    Args:
        x_m: Metres from the left edge of the cells; shape (people,).
        y_m: Metres from their lower edge; shape (people,).
        weights: What each counts; shape (people,).
        open_share: Walkable share of each cell; shape (rows, columns).
        sizes: Side of a cell, width and reach of the kernel in metres.
        density: What is added to, per m²; shape as `open_share`.
    """
    side, width, reach = sizes[0], sizes[1], sizes[2]
    rows, columns = open_share.shape
    east = np.empty(int(2 * reach / side) + 3)
    north = np.empty(len(east))
    for person in range(len(x_m)):
        left = _bell(x_m[person], side, width, reach, columns, east)
        low = _bell(y_m[person], side, width, reach, rows, north)
        high = min(rows, low + len(north))
        right = min(columns, left + len(east))
        total = _open_weight(open_share, east, north, (low, high, left, right))
        if total <= 0:
            continue
        each = weights[person] / (total * side * side)
        for row in range(low, high):
            for column in range(left, right):
                if open_share[row, column] > 0:
                    density[row, column] += each * north[row - low] * east[column - left]


@njit(cache=True)
def _bell(at_m: float, side: float, width: float, reach: float, count: int, weights: Floats) -> int:
    """Fills the weights of cells along one axis and returns the first cell they belong to."""
    first = max(0, min(count - 1, math.floor((at_m - reach) / side)))
    for index in range(len(weights)):
        away = ((first + index + 0.5) * side - at_m) / width
        weights[index] = math.exp(-0.5 * away * away) if abs(away) * width <= reach else 0.0
    return first


@njit(cache=True)
def _open_weight(open_share: Floats, east: Floats, north: Floats, window: tuple[int, int, int, int]) -> float:
    low, high, left, right = window
    total = 0.0
    for row in range(low, high):
        for column in range(left, right):
            total += open_share[row, column] * north[row - low] * east[column - left]
    return total
