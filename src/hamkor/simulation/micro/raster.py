# SPDX-License-Identifier: Apache-2.0
"""Puts polygons and lines onto a lattice, and lists which lines are near each bin (compiled)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

JIT: dict[str, Any] = {"cache": True, "nogil": True}


@njit(**JIT)
def fill_polygon(edges: np.ndarray, step: float, x0: int, y0: int, out: np.ndarray) -> None:
    """Marks the lattice points whose centre lies inside rings, by the even-odd rule.

    Args:
        edges: Edges of all rings (n, 4) as ax, ay, bx, by in metres from the origin.
        step: Side of a lattice square in metres.
        x0: First column of the window.
        y0: First row of the window.
        out: Window (rows, columns) of uint8; set to 1 inside, else 0.
    """
    rows, columns = out.shape
    flips = np.zeros((rows, columns + 1), np.uint8)
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e]
        low, high = min(ay, by), max(ay, by)
        first = max(0, math.ceil(low / step - 0.5) - y0)
        for row in range(first, rows):
            y = (row + y0 + 0.5) * step
            if y >= high:
                break
            x = ax + (y - ay) / (by - ay) * (bx - ax)
            column = math.ceil(x / step - 0.5) - x0
            flips[row, min(max(column, 0), columns)] ^= 1
    for row in range(rows):
        inside = 0
        for column in range(columns):
            inside ^= flips[row, column]
            out[row, column] = inside


@njit(**JIT)
def mark_touched(edges: np.ndarray, step: float, x0: int, y0: int, out: np.ndarray) -> None:
    """Sets to 0 every lattice square of a window that a line touches.

    Args:
        edges: Lines (n, 4) in metres from the origin.
        step: Side of a square in metres.
        x0: First column of the window.
        y0: First row of the window.
        out: Window (rows, columns) of uint8.
    """
    rows, columns = out.shape
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e]
        if ay > by:
            ax, ay, bx, by = bx, by, ax, ay
        for row in range(max(0, math.floor(ay / step) - y0), min(rows - 1, math.floor(by / step) - y0) + 1):
            low, high = max(ay, (row + y0) * step), min(by, (row + y0 + 1) * step)
            left, right = ax, bx
            if by > ay:
                left = ax + (low - ay) / (by - ay) * (bx - ax)
                right = ax + (high - ay) / (by - ay) * (bx - ax)
            first = math.floor(min(left, right) / step) - x0
            last = math.floor(max(left, right) / step) - x0
            for column in range(max(0, first), min(columns - 1, last) + 1):
                out[row, column] = 0


@njit(**JIT)
def distance_to_line(px: float, py: float, line: np.ndarray) -> float:
    """Returns the distance in metres from a point to a line segment (4,)."""
    ux, uy = line[2] - line[0], line[3] - line[1]
    length2 = ux * ux + uy * uy
    t = 0.0
    if length2 > 0.0:
        t = min(1.0, max(0.0, ((px - line[0]) * ux + (py - line[1]) * uy) / length2))
    return math.hypot(px - line[0] - t * ux, py - line[1] - t * uy)


@njit(**JIT)
def _count_or_list(
    edges: np.ndarray,
    window: np.ndarray,
    side: float,
    reach: float,
    start: np.ndarray,
    items: np.ndarray,
    number: np.ndarray,
) -> None:
    x0, y0, columns, rows, base = window
    within = reach + side * 0.70711
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e]
        first_row = max(0, math.floor((min(ay, by) - reach) / side) - y0)
        last_row = min(rows - 1, math.floor((max(ay, by) + reach) / side) - y0)
        first = max(0, math.floor((min(ax, bx) - reach) / side) - x0)
        last = min(columns - 1, math.floor((max(ax, bx) + reach) / side) - x0)
        for row in range(first_row, last_row + 1):
            for column in range(first, last + 1):
                px, py = (column + x0 + 0.5) * side, (row + y0 + 0.5) * side
                if distance_to_line(px, py, edges[e]) <= within:
                    b = base + row * columns + column
                    if len(items):
                        items[start[b]] = number[e]
                    start[b] += 1


def list_near(
    edges: np.ndarray, sheet_of: np.ndarray, windows: np.ndarray, side: float, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns first items (bins + 1) and items: the lines within reach of each bin.

    Args:
        edges: Lines (n, 4) in metres from the origin.
        sheet_of: Sheet of each line (n).
        windows: Per sheet first column, first row, columns, rows, first bin; int64 (sheets, 5).
        side: Side of a bin in metres.
        reach: Metres from any point of the bin.
    """
    bin_count = int(sum(window[2] * window[3] for window in windows))
    counts = np.zeros(bin_count + 1, np.int32)
    numbers = np.arange(len(edges), dtype=np.int32)
    groups = [
        (np.ascontiguousarray(edges[sheet_of == s]), windows[s], numbers[sheet_of == s])
        for s in range(len(windows))
    ]
    for lines, window, number in groups:
        _count_or_list(lines, window, side, reach, counts, np.empty(0, np.int32), number)
    start = np.zeros(bin_count + 1, np.int32)
    np.cumsum(counts[:-1], out=start[1:])
    items = np.zeros(int(start[-1]), np.int32)
    cursor = start.copy()
    if len(items):
        for lines, window, number in groups:
            _count_or_list(lines, window, side, reach, cursor, items, number)
    return start, items


@njit(**JIT)
def see_through(
    edges: np.ndarray,
    free: np.ndarray,
    sizes: tuple[float, float, float],
    window: np.ndarray,
    bins: np.ndarray,
    lists: tuple[np.ndarray, np.ndarray],
    keep: np.ndarray,
) -> None:
    """Marks the bins in which a wall may stand between two people: some ground in reach lies behind the wall.

    Args:
        edges: Walls (n, 4), the ground to their left.
        free: Ground of the sheet (rows, columns) of uint8 on the lattice.
        sizes: Side of a lattice square, side of a bin, how far people look, in metres.
        window: First column, first row of `free`.
        bins: First column, first row, columns, rows, first bin of the sheet's bins.
        lists: First item of each bin; walls in reach of each bin.
        keep: Set to 1 for marked bins, uint8 (bins).
    """
    step, side, reach = sizes
    start, items = lists
    x0, y0, columns, rows, base = bins
    for row in range(rows):
        for column in range(columns):
            b = base + row * columns + column
            if start[b] == start[b + 1]:
                continue
            low_x, low_y = (column + x0) * side - reach, (row + y0) * side - reach
            size = side + 2 * reach
            keep[b] = _is_hidden(
                edges, free, step, window, (low_x, low_y, size), items[start[b] : start[b + 1]]
            )


@njit(**JIT)
def _is_hidden(
    edges: np.ndarray,
    free: np.ndarray,
    step: float,
    window: np.ndarray,
    square: tuple[float, float, float],
    near: np.ndarray,
) -> int:
    margin = 0.1
    rows, columns = free.shape
    low_x, low_y, size = square
    first_row, first_column = math.floor(low_y / step) - window[1], math.floor(low_x / step) - window[0]
    count = math.ceil(size / step)
    for row in range(max(0, first_row), min(rows, first_row + count)):
        y = (row + window[1] + 0.5) * step
        for column in range(max(0, first_column), min(columns, first_column + count)):
            if free[row, column] == 0:
                continue
            x = (column + window[0] + 0.5) * step
            for e in near:
                ax, ay, bx, by = edges[e]
                length = math.hypot(bx - ax, by - ay)
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) < -margin * length:
                    return 1
    return 0
