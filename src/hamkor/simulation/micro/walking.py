# SPDX-License-Identifier: Apache-2.0
"""Where one person wants to go: the way of the field, exits close by, walls, lines in between (compiled)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from hamkor.simulation.micro.shapes import NODES, World

WHOLE: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
FAST = {**WHOLE, "_nrt": False}
"""Without counting who holds an array, which here would cost more than walking: nothing is allocated in between."""
HOT = {**FAST, "inline": "always"}
"""For what everybody does in every step: a call would copy the description of all arrays."""
ZERO, HALF, ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)
TINY = np.float32(1e-9)
AIM_M = np.float32(0.6)
AIM_MARGIN_M = np.float32(0.2)
LEAST_OFF_WALL_M = np.float32(0.08)
"""No centre of a body comes nearer to a wall."""
MOST_EXPONENT, NODE_SPREAD = np.float32(6.0), np.float32(0.05)


@njit(**FAST)
def bin_at(window: np.ndarray, inverse: np.float32, x: np.float32, y: np.float32) -> int:
    """Returns the bin of a point, clamped into the sheet's window (5,)."""
    column = int(x * inverse) - window[0]
    row = int(y * inverse) - window[1]
    column = min(max(column, 0), window[2] - 1)
    row = min(max(row, 0), window[3] - 1)
    return window[4] + row * window[2] + column


@njit(**FAST)
def crosses(line: np.ndarray, ax: np.float32, ay: np.float32, bx: np.float32, by: np.float32) -> bool:
    """Returns True when the way from a to b meets a line (4,)."""
    px, py, qx, qy = line[0], line[1], line[2], line[3]
    ux, uy = bx - ax, by - ay
    one = ux * (py - ay) - uy * (px - ax)
    two = ux * (qy - ay) - uy * (qx - ax)
    if (one > ZERO) == (two > ZERO):
        return False
    wx, wy = qx - px, qy - py
    three = wx * (ay - py) - wy * (ax - px)
    four = wx * (by - py) - wy * (bx - px)
    return (three > ZERO) != (four > ZERO)


@njit(**FAST)
def is_cut(
    lines: np.ndarray, near: np.ndarray, a: tuple[np.float32, np.float32], x: np.float32, y: np.float32
) -> bool:
    """Returns True when any of the lines near by lies between a and (x, y).

    Args:
        lines: All lines, float32 (lines, 4).
        near: Indexes of those to look at.
        a: One end.
        x: Other end.
        y: Other end.
    """
    for k in near:  # noqa: SIM110 - compiled code knows no generators
        if crosses(lines[k], a[0], a[1], x, y):
            return True
    return False


@njit(**FAST)
def unit(x: np.float32, y: np.float32) -> tuple[np.float32, np.float32]:
    """Returns a vector of length 1 in the same direction, (0, 0) for none."""
    square = x * x + y * y
    if square < TINY:
        return ZERO, ZERO
    one_by = ONE / np.float32(math.sqrt(square))
    return x * one_by, y * one_by


@njit(**HOT)
def field_way(
    world: World, field: int, sheet: int, at: tuple[np.float32, np.float32], b: int
) -> tuple[np.float32, np.float32]:
    """Returns the direction of the field, between the four nodes around; (0, 0) when none of them leads anywhere.

    Args:
        world: Everything.
        field: Which field.
        sheet: Sheet of the person.
        at: Position.
        b: Bin of the walls; nodes behind a wall do not count.
    """
    inverse, window, way = world.law[0].per_node, world.windows[NODES, sheet], world.way
    fx, fy = at[0] * inverse - HALF, at[1] * inverse - HALF
    column, row = int(fx), int(fy)
    columns = window[2]
    first = window[4] + (row - window[1]) * columns + column - window[0]
    if world.start[b + 1] > world.start[b]:
        near = world.items[world.start[b] : world.start[b + 1]]
        return way_beside_walls(way[field], world.lines, near, (first, columns, column, row, inverse), at)
    tx, ty = fx - np.float32(column), fy - np.float32(row)
    w00, w10 = (ONE - tx) * (ONE - ty), tx * (ONE - ty)
    w01, w11 = (ONE - tx) * ty, tx * ty
    second = first + columns
    ex = w00 * np.float32(way[field, first, 0]) + w10 * np.float32(way[field, first + 1, 0])
    ex += w01 * np.float32(way[field, second, 0]) + w11 * np.float32(way[field, second + 1, 0])
    ey = w00 * np.float32(way[field, first, 1]) + w10 * np.float32(way[field, first + 1, 1])
    ey += w01 * np.float32(way[field, second, 1]) + w11 * np.float32(way[field, second + 1, 1])
    return unit(ex, ey)


@njit(**FAST)
def way_beside_walls(
    way: np.ndarray, lines: np.ndarray, near: np.ndarray, node: tuple, at: tuple[np.float32, np.float32]
) -> tuple[np.float32, np.float32]:
    """Returns the direction from those nodes around that lie on the same side of all walls.

    Args:
        way: Of one field, int16 (nodes, 2).
        lines: All lines.
        near: Walls in reach.
        node: Index of the node south-west, nodes per row, its column and row, nodes per metre.
        at: Position.
    """
    for reach in range(2):
        ex, ey = _sum_of_nodes(way, lines, near, node, at, reach)
        if ex != ZERO or ey != ZERO:
            return unit(ex, ey)
    return ZERO, ZERO


@njit(**FAST)
def _sum_of_nodes(
    way: np.ndarray,
    lines: np.ndarray,
    near: np.ndarray,
    node: tuple,
    at: tuple[np.float32, np.float32],
    reach: int,
) -> tuple[np.float32, np.float32]:
    first, columns, column, row, inverse = node
    step = ONE / inverse
    ex, ey = ZERO, ZERO
    for j in range(-reach, 2 + reach):
        for i in range(-reach, 2 + reach):
            wx = np.float32(way[first + j * columns + i, 0])
            wy = np.float32(way[first + j * columns + i, 1])
            nx, ny = (np.float32(column + i) + HALF) * step, (np.float32(row + j) + HALF) * step
            if (wx == ZERO and wy == ZERO) or is_cut(lines, near, at, nx, ny):
                continue
            off = (nx - at[0]) * (nx - at[0]) + (ny - at[1]) * (ny - at[1])
            weight = ONE / (off + step * step * NODE_SPREAD)
            ex += weight * wx
            ey += weight * wy
    return ex, ey


@njit(**HOT)
def exit_way(
    world: World, field: int, b: int, at: tuple[np.float32, np.float32]
) -> tuple[np.float32, np.float32]:
    """Returns the direction straight over an exit close by that is wanted, (0, 0) when there is none.

    Args:
        world: Everything.
        field: Field of the person.
        b: Bin of the doors.
        at: Position.
    """
    for item in range(world.start[b], world.start[b + 1]):
        line = world.items[item]
        if not world.aims[field, line - world.law[0].first_door]:
            continue
        ax, ay, bx, by = (
            world.lines[line, 0],
            world.lines[line, 1],
            world.lines[line, 2],
            world.lines[line, 3],
        )
        ux, uy = unit(bx - ax, by - ay)
        length = (bx - ax) * ux + (by - ay) * uy
        dx, dy = at[0] - ax, at[1] - ay
        along, off = dx * ux + dy * uy, ux * dy - uy * dx
        margin = min(AIM_MARGIN_M, HALF * length)
        if along < margin or along > length - margin or abs(off) > AIM_M:
            continue
        sign = ONE if off < ZERO else -ONE
        return -uy * sign, ux * sign
    return ZERO, ZERO


@njit(**FAST)
def to_wall(line: np.ndarray, x: np.float32, y: np.float32) -> tuple[np.float32, np.float32, np.float32]:
    """Returns the vector from the nearest point of a line (4,) to a point, and its length."""
    px, py = line[0], line[1]
    ux, uy = line[2] - px, line[3] - py
    t = ((x - px) * ux + (y - py) * uy) / max(TINY, ux * ux + uy * uy)
    t = min(ONE, max(ZERO, t))
    dx, dy = x - px - t * ux, y - py - t * uy
    return dx, dy, np.float32(math.sqrt(dx * dx + dy * dy))


@njit(**FAST)
def turn_off_walls(
    lines: np.ndarray,
    near: np.ndarray,
    at: tuple[np.float32, np.float32],
    wish: tuple[np.float32, np.float32],
    body: tuple[np.float32, np.float32, np.float32, np.float32, np.float32],
) -> tuple[np.float32, np.float32]:
    """Returns the wish turned away from walls that are touched, of length 1.

    The published term, except that a wall need not turn anybody back: what it adds is limited to sliding along it and
    so much away as the profile says. Without that people freeze where a wall and their way cancel.

    Args:
        lines: All lines.
        near: Walls in reach.
        at: Position.
        wish: Direction so far, of any length.
        body: Radius; strength, one by range, and reach of walls; most that a wall may turn anybody away.
    """
    radius, strength, per_range, reach, most_off = body
    ex, ey = wish
    size = max(ONE, np.float32(math.sqrt(ex * ex + ey * ey)))
    for k in near:
        dx, dy, off = to_wall(lines[k], at[0], at[1])
        if off > radius + reach or off < TINY:
            continue
        nx, ny = dx / off, dy / off
        push = strength * np.float32(math.exp(min(MOST_EXPONENT, (radius - off) * per_range)))
        towards = -(ex * nx + ey * ny)
        push = min(push, max(ZERO, towards + most_off * size))
        ex += push * nx
        ey += push * ny
    return unit(ex, ey)


@njit(**FAST)
def slide(
    lines: np.ndarray,
    near: np.ndarray,
    at: tuple[np.float32, np.float32],
    move: tuple[np.float32, np.float32],
) -> tuple[np.float32, np.float32]:
    """Returns the move of one step without the parts that would bring somebody too close to a wall, or through it.

    Args:
        lines: All lines.
        near: Walls in reach.
        at: Position.
        move: Metres of this step.
    """
    mx, my = move
    for k in near:
        dx, dy, off = to_wall(lines[k], at[0], at[1])
        if off < TINY:
            continue
        nx, ny = dx / off, dy / off
        towards = -(mx * nx + my * ny)
        most = max(ZERO, off - LEAST_OFF_WALL_M)
        if towards > most:
            mx += (towards - most) * nx
            my += (towards - most) * ny
    if is_cut(lines, near, at, at[0] + mx, at[1] + my):
        return ZERO, ZERO
    return mx, my
