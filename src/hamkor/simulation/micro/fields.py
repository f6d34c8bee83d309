# SPDX-License-Identifier: Apache-2.0
"""Ways to sets of exits over the whole ground, with or without stairs."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from hamkor.simulation.micro.ground import Ground, windows_of
from hamkor.simulation.micro.marching import FAR, directions, march
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.rules.floors import Floors

ROWS = 128
FREE_SPEED_M_PER_S = 1.0
"""Walking times are only compared, so any speed will do."""


def walking_cost(floors: Floors, ground: Ground, profile: MotionProfile, *, uses_stairs: bool) -> np.ndarray:
    """Returns seconds to cross each lattice square, float32 (nodes); 0: blocked.

    Slower near walls, so that ways keep off them where there is room, and on stairs and ramps.

    Args:
        floors: For the surfaces of strips.
        ground: Free squares.
        profile: Wall clearance and factors of surfaces.
        uses_stairs: False blocks stairs.
    """
    cost = np.zeros(int(ground.nodes.base[-1]), np.float32)
    for index, free in enumerate(ground.free):
        base = int(ground.nodes.base[index])
        _write_level_cost(cost[base : base + free.size].reshape(free.shape), free, ground.step_m, profile)
    for number, strip in enumerate(floors.strips, start=1):
        is_on = ground.strips.at == number
        speed = (ground.strips.up_speed[number] + ground.strips.down_speed[number]) / 2
        cost[is_on] /= speed
        if strip.surface == "stairs" and not uses_stairs:
            cost[is_on] = 0.0
    return cost


def _write_level_cost(cost: np.ndarray, free: np.ndarray, step_m: float, profile: MotionProfile) -> None:
    """Writes seconds to cross the free squares of a sheet, some rows at a time: distances of all take much memory."""
    from scipy import ndimage

    reach = math.ceil(profile.wall_clearance_m / step_m) + 1
    for first in range(0, len(free), ROWS):
        low, last = max(0, first - reach), min(len(free), first + ROWS)
        off_wall = ndimage.distance_transform_edt(free[low : last + reach]) * step_m
        near = np.clip(1.0 - off_wall / profile.wall_clearance_m, 0.0, 1.0)[first - low : last - low]
        cost[first:last] = np.where(free[first:last] == 1, step_m * (1.0 + near), 0.0)


def twins(ground: Ground) -> np.ndarray:
    """Returns for each node beyond a switch line the node of the sheet people are on by then, else -1, int32 (nodes).

    Args:
        ground: With its strips; when none joins two sheets the result has one item.
    """
    strips = ground.strips
    if not (strips.lower >= 0).any():
        return np.full(1, -1, np.int32)
    twin = np.full(int(ground.nodes.base[-1]), -1, np.int32)
    windows = windows_of(ground.nodes)
    for number in np.flatnonzero(strips.lower >= 0):
        for here, there, sign in (
            (strips.lower[number], strips.upper[number], 1.0),
            (strips.upper[number], strips.lower[number], -1.0),
        ):
            x0, y0, columns, rows, base = windows[here]
            on = np.flatnonzero(strips.at[base : base + rows * columns] == number)
            column, row = on % columns + x0, on // columns + y0
            up = ((column + 0.5) * strips.up_x[number] + (row + 0.5) * strips.up_y[number]) * ground.step_m
            is_beyond = sign * (up - strips.level[number]) > 0
            other = windows[there]
            twin[base + on[is_beyond]] = (other[4] + (row - other[1]) * other[2] + column - other[0])[
                is_beyond
            ]
    return twin


def walking_times(
    floors: Floors, ground: Ground, *, exits: Collection[int], cost: np.ndarray, twin: np.ndarray
) -> np.ndarray:
    """Returns the time from each node to the nearest of some doors, float32 (nodes); `FAR` where none is in reach.

    Args:
        floors: Whose doors are meant.
        ground: The ground.
        exits: Indexes of the doors.
        cost: Seconds to cross a square (nodes).
        twin: See `twins`.
    """
    time = np.full(len(cost), FAR, np.float32)
    for index in exits:
        _start_front(time, cost, ground, floors.doors[index].sheet, index)
    march(time, cost, twin, ground.nodes.base, ground.nodes.columns)
    return time


def ways(ground: Ground, time: np.ndarray, twin: np.ndarray, out: np.ndarray) -> None:
    """Writes the directions that follow from walking times.

    Args:
        ground: The ground.
        time: Seconds (nodes).
        twin: See `twins`.
        out: int16 (nodes, 2).
    """
    directions(time, twin, ground.nodes.base, ground.nodes.columns, out)


def has_front(floors: Floors, ground: Ground, index: int, cost: np.ndarray) -> bool:
    """Returns True when people can come up to a door.

    Args:
        floors: Whose door is meant.
        ground: The ground.
        index: Of the door.
        cost: Seconds to cross a square (nodes).
    """
    time = np.full(len(cost), FAR, np.float32)
    _start_front(time, cost, ground, floors.doors[index].sheet, index)
    return bool((time < FAR).any())


def _start_front(time: np.ndarray, cost: np.ndarray, ground: Ground, sheet: int, index: int) -> None:
    """Gives free nodes close to a door their time to it; farther ones when there is none close."""
    step = ground.step_m
    lines = ground.doors
    a = np.array([lines.ax[index], lines.ay[index]], float)
    b = np.array([lines.bx[index], lines.by[index]], float)
    for reach in (1.0, 2.0, 3.0):
        nodes, points = _around(
            ground, sheet, np.minimum(a, b) - reach * step, np.maximum(a, b) + reach * step
        )
        along = b - a
        share = np.clip(((points - a) @ along) / max(float(along @ along), 1e-12), 0.0, 1.0)
        off = np.hypot(*(points - a - share[:, None] * along).T)
        is_near = (off <= reach * step) & (cost[nodes] > 0)
        if is_near.any():
            time[nodes[is_near]] = np.minimum(time[nodes[is_near]], off[is_near] / FREE_SPEED_M_PER_S)
            return


def _around(ground: Ground, sheet: int, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x0, y0, columns, rows, base = (int(value) for value in windows_of(ground.nodes)[sheet])
    first = np.maximum(np.floor(low / ground.step_m).astype(int) - (x0, y0), 0)
    last = np.minimum(np.ceil(high / ground.step_m).astype(int) - (x0, y0), (columns, rows))
    row, column = np.mgrid[first[1] : max(first[1], last[1]), first[0] : max(first[0], last[0])]
    nodes = (base + row * columns + column).ravel()
    points = np.stack([(column + x0 + 0.5).ravel(), (row + y0 + 0.5).ravel()], axis=1) * ground.step_m
    return nodes, points


def reachable(time: np.ndarray, ground: Ground, xy: np.ndarray, sheet: np.ndarray) -> np.ndarray:
    """Returns which points have a way, bool (n).

    Args:
        time: Seconds (nodes).
        ground: The ground.
        xy: Points in metres from the origin (n, 2).
        sheet: Sheet of each (n).
    """
    nodes = ground.nodes
    column = np.floor(xy[:, 0] * nodes.inverse).astype(np.int64) - nodes.x0[sheet]
    row = np.floor(xy[:, 1] * nodes.inverse).astype(np.int64) - nodes.y0[sheet]
    has_way = np.zeros(len(xy), bool)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            at = nodes.base[sheet] + (row + dy) * nodes.columns[sheet] + column + dx
            has_way |= time[np.clip(at, 0, len(time) - 1)] < FAR
    return has_way


def aims_of(floors: Floors, destinations: Sequence[Sequence[str]], shut: Collection[str]) -> np.ndarray:
    """Returns which doors each destination leads to, bool (destinations, doors).

    A destination whose exits are all shut leads to every exit that is open.

    Args:
        floors: Whose doors are meant.
        destinations: Sets of door ids; an empty one means every exit.
        shut: Ids nobody can pass.
    """
    is_open = np.array([door.id not in shut for door in floors.doors], bool)
    leads_out = np.array([door.leads_out for door in floors.doors], bool)
    aims = np.zeros((len(destinations), len(floors.doors)), bool)
    for row, ids in enumerate(destinations):
        wanted = np.array([door.id in ids for door in floors.doors], bool) if ids else leads_out
        aims[row] = wanted & is_open if (wanted & is_open).any() else leads_out & is_open
    return aims
