# SPDX-License-Identifier: Apache-2.0
"""What compiled code is given: flat arrays of the ground and of the people.

The arrays that change hands at every call are few and flat, because compiling takes time for each of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ABSENT, INSIDE, LEAVING, OUT = 0, 1, 2, 3
"""States of a person: not yet there, inside, behind an exit and still in the way, gone."""


class Bins(NamedTuple):
    """Square bins over all sheets, each sheet with its own window of one lattice, with lists of things in reach.

    Attributes:
        inverse: Bins per metre.
        x0: First column of each sheet's window, int32 (sheets).
        y0: First row of each sheet's window.
        columns: Columns of each sheet's window.
        rows: Rows of each sheet's window.
        base: First bin of each sheet, int32 (sheets + 1); the last value is the number of all bins.
        start: First item of each bin, int32 (bins + 1).
        items: Things in reach of the bins, one bin after the other, int32.
    """

    inverse: np.float32
    x0: np.ndarray
    y0: np.ndarray
    columns: np.ndarray
    rows: np.ndarray
    base: np.ndarray
    start: np.ndarray
    items: np.ndarray


class Lines(NamedTuple):
    """Line segments, with bins that list those in reach.

    Attributes:
        ax: First end, metres east of the origin, float32 (lines).
        ay: First end, metres north.
        bx: Second end.
        by: Second end.
        bins: Which are near.
    """

    ax: np.ndarray
    ay: np.ndarray
    bx: np.ndarray
    by: np.ndarray
    bins: Bins


class Strips(NamedTuple):
    """Stairs and ramps; index 0 is the level ground, so that each array has one more item than there are strips.

    Attributes:
        at: Strip under each node of the lattice, uint8 (nodes), or (1,) when there is none at all.
        up_x: Way up.
        up_y: Way up.
        up_speed: Factor of the free speed up.
        down_speed: Factor of the free speed down.
        time_gap: Factor of the time gap.
        lower: Sheet below the switch line, int32; -1: joins nothing.
        upper: Sheet above it.
        level: Where the switch line lies along the way up, metres.
    """

    at: np.ndarray
    up_x: np.ndarray
    up_y: np.ndarray
    up_speed: np.ndarray
    down_speed: np.ndarray
    time_gap: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    level: np.ndarray


NODES, WALLS, SIGHT, DOORS, CELLS = 0, 1, 2, 3, 4
"""Kinds of bins in `World.windows`."""

PERSON = np.dtype(
    [
        ("x", "f4"),  # metres east of the origin
        ("y", "f4"),
        ("way_x", "f4"),  # last direction
        ("way_y", "f4"),
        ("pace", "f4"),  # speed of the last step, m/s
        ("wanted", "f4"),  # speed the model allowed in the last step, before walls and doors
        ("speed", "f4"),  # free speed
        ("radius", "f4"),
        ("time_gap", "f4"),
        ("walked", "f4"),  # metres
        ("behind", "f4"),  # metres walked behind the exit
        ("old_x", "f4"),  # position before crossing a door
        ("old_y", "f4"),
        ("anchor_x", "f4"),  # where somebody was last seen moving
        ("anchor_y", "f4"),
        ("last_x", "f4"),  # position at the last full second
        ("last_y", "f4"),
        ("anchor_step", "i4"),
        ("starts", "i4"),  # step from which somebody walks
        ("appears", "i4"),  # step from which somebody is there
        ("waited", "i4"),  # seconds slower than the waiting speed
        ("left_at", "i4"),  # step of leaving, -1: not yet
        ("id", "i4"),  # index in the crowd
        ("cell", "i4"),
        ("blocked", "i4"),  # steps of standing still in a row
        ("served_at", "f8"),  # when the turnstile lane has served
        ("sheet", "i2"),
        ("strip", "i2"),
        ("field", "i2"),
        ("crossed", "i2"),  # door somebody is about to cross, -1: none
        ("serving", "i2"),  # door whose lane serves somebody, -1: none
        ("exit", "i2"),  # door somebody left by, -1: none
        ("state", "i2"),
        ("is_narrow", "i2"),  # walls stand between here and what is near
    ],
    align=True,
)
"""One person; people lie in the order of the cells they stood in at the last full second."""

DOOR = np.dtype(
    [
        ("ax", "f4"),
        ("ay", "f4"),
        ("bx", "f4"),
        ("by", "f4"),
        ("rate", "f4"),  # people per step, infinite: no limit
        ("tokens", "f4"),  # people who may cross now
        ("service", "f4"),  # mean service time of a lane, seconds
        ("servers", "i4"),  # lanes of a bank of turnstiles, 0: a door
        ("first_lane", "i4"),  # first lane in `World.free_at`
        ("leads_out", "i4"),
        ("is_goal", "i4"),
        ("is_shut", "i4"),
    ],
    align=True,
)

STRIP = np.dtype(
    [
        ("up_x", "f4"),
        ("up_y", "f4"),
        ("up_speed", "f4"),
        ("down_speed", "f4"),
        ("time_gap", "f4"),
        ("level", "f4"),  # where the switch line lies along the way up, metres
        ("lower", "i4"),  # sheet below the switch line, -1: joins nothing
        ("upper", "i4"),
    ],
    align=True,
)

LAW = np.dtype(
    [
        ("dt", "f4"),
        ("strength", "f4"),
        ("per_range", "f4"),
        ("reach", "f4"),
        ("wall_strength", "f4"),
        ("per_wall_range", "f4"),
        ("wall_reach", "f4"),
        ("off_wall", "f4"),
        ("noise", "f4"),
        ("unrest", "f4"),
        ("squeeze", "f4"),
        ("slim", "f4"),
        ("still", "f4"),
        ("most_radius", "f4"),
        ("leaving", "f4"),
        ("per_node", "f4"),  # bins per metre, by kind
        ("per_line_bin", "f4"),
        ("per_sight_bin", "f4"),
        ("per_cell", "f4"),
        ("patience", "i4"),  # steps
        ("second", "i4"),  # steps of a second
        ("seed", "i4"),
        ("first_door", "i4"),  # where doors begin in `World.lines`
        ("is_spread", "i4"),  # service times are exponential
        ("has_strips", "i4"),
    ],
    align=True,
)
"""Constants of the model as compiled code takes them; one row."""


class World(NamedTuple):
    """All that a step needs; arrays only.

    Attributes:
        people: `PERSON` (n).
        law: `LAW` (1).
        windows: First column, first row, columns, rows, first bin; int32 (kinds of bins, sheets, 5).
        lines: Walls, then doors, as ax, ay, bx, by; float32 (lines, 4).
        start: First item of each bin of walls, sight and doors, int32.
        items: Lines in reach of the bins, int32.
        strips: `STRIP`; row 0 is the level ground.
        strip_at: Strip under each node, uint8 (nodes) or (1,).
        way: Direction times `WAY_SCALE`, int16 (fields, nodes, 2).
        aims: The field leads to that door, bool (fields, doors).
        doors: `DOOR` (doors).
        free_at: When each turnstile lane is free again, seconds, float64 (lanes).
        cell_start: First person of each cell, int32 (cells + 2).
        cell_items: Indexes of people by cell, int32 (n).
        hot: Position, radius and strip of people by cell, as they stood when the step began; float32 (4, n).
    """

    people: np.ndarray
    law: np.ndarray
    windows: np.ndarray
    lines: np.ndarray
    start: np.ndarray
    items: np.ndarray
    strips: np.ndarray
    strip_at: np.ndarray
    way: np.ndarray
    aims: np.ndarray
    doors: np.ndarray
    free_at: np.ndarray
    cell_start: np.ndarray
    cell_items: np.ndarray
    hot: np.ndarray
