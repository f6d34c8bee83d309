# SPDX-License-Identifier: Apache-2.0
"""One time step for everybody: the collision-free speed model (compiled).

The speed of a person is `min(v0, max(0, (s - l) / T))`, with s the distance to the nearest person ahead, l the distance
of contact and T the time gap. The direction is that of `e0 + sum a exp((l - s) / D) n` over the people around, turned
off walls. Everybody sees the others as they stood when the step began, so the order, and the number of threads, play no
part.

Source: A. Tordeux, M. Chraibi, A. Seyfried, Collision-free speed model for pedestrian dynamics (2016), equations 2
to 6; Q. Xu, M. Chraibi, A. Tordeux, J. Zhang, Generalized collision-free velocity model for pedestrian dynamics (2019).
"""

from __future__ import annotations

import math

import numpy as np
from numba import config, njit, prange

from hamkor.simulation.micro.shapes import (
    ABSENT,
    CELLS,
    DOORS,
    INSIDE,
    LEAVING,
    NODES,
    OUT,
    SIGHT,
    WALLS,
    World,
)
from hamkor.simulation.micro.walking import (
    FAST,
    HALF,
    HOT,
    ONE,
    TINY,
    WHOLE,
    ZERO,
    bin_at,
    crosses,
    exit_way,
    field_way,
    is_cut,
    slide,
    turn_off_walls,
    unit,
)

config.THREADING_LAYER = "workqueue"
"""The other layers spin while they wait, which takes the second core from somebody else."""

MOST_NEIGHBOURS = 512
BLOCK = 128
IN_NARROWING, AT_DOOR = 1, 2
"""People between walls turn their shoulders; there and at doors they squeeze when they have stood for long."""
LONG_PATIENCE = 5
"""After so many times their patience people in an arch squeeze twice as far: no arch holds for ever."""
WIDE_OPEN = np.float32(1e6)
LEAST_EXPONENT, MOST_EXPONENT = np.float32(-8.0), np.float32(8.0)
SIXTEENTH, TWO = np.float32(1 / 16), np.float32(2.0)
C2, C3, C4, C5 = np.float32(1 / 2), np.float32(1 / 6), np.float32(1 / 24), np.float32(1 / 120)


DX, DY, OFF, CONTACT = 0, 1, 2, 3
"""Rows of what is known of the people near one person: metres east, metres north, distance, distance of touching."""


@njit(**FAST)
def sort_people(world: World, active: int) -> int:
    """Sorts the first people into cells as they stand now; returns how many of them are there.

    Args:
        world: Cells are filled.
        active: How many of the people may be there.
    """
    people, start, hot = world.people, world.cell_start, world.hot
    inverse = world.law[0].per_cell
    start[:] = 0
    last = len(start) - 2
    for i in range(active):
        person = people[i]
        if person.state == ABSENT or person.state == OUT:
            person.cell = last
            continue
        at = bin_at(world.windows[CELLS, person.sheet], inverse, person.x, person.y)
        person.cell = at
        start[at + 1] += 1
    # Counts lie one cell further on, so that filling a cell moves its beginning to where the next one begins.
    total = 0
    for at in range(last + 1):
        count = start[at + 1]
        start[at + 1] = total
        total += count
    for i in range(active):
        person = people[i]
        at = person.cell
        if at == last:
            continue
        k = start[at + 1]
        start[at + 1] = k + 1
        world.cell_items[k] = i
        hot[0, k] = person.x
        hot[1, k] = person.y
        hot[2, k] = person.radius
        hot[3, k] = np.float32(person.strip)
    return total


@njit(**FAST)
def _span(at: np.float32, reach: np.float32, inverse: np.float32, first: int, count: int) -> tuple[int, int]:
    """Returns the first cell in reach along an axis, and the one after the last."""
    low = max(0, int((at - reach) * inverse) - first)
    return low, min(count, int((at + reach) * inverse) - first + 1)


@njit(**HOT)
def _gather(world: World, sheet: int, me: int, looking: tuple, near: np.ndarray) -> int:
    """Collects the people of a sheet who are near enough; returns how many there are."""
    x, y, radius, reach = looking
    hot, start, window, inverse = (
        world.hot,
        world.cell_start,
        world.windows[CELLS, sheet],
        world.law[0].per_cell,
    )
    left, right = _span(x, reach, inverse, window[0], window[2])
    low, high = _span(y, reach, inverse, window[1], window[3])
    square = reach * reach
    count = 0
    for row in range(low, high):
        at = window[4] + row * window[2]
        for k in range(start[at + left], start[at + right]):
            dx = hot[0, k] - x
            dy = hot[1, k] - y
            off = dx * dx + dy * dy
            near[DX, count] = dx
            near[DY, count] = dy
            near[OFF, count] = off
            near[CONTACT, count] = radius + hot[2, k]
            count += 1 if (off < square) & (k != me) & (count < MOST_NEIGHBOURS - 8) else 0
    return count


@njit(**FAST)
def _gather_other_sheet(
    world: World, other: int, strip: int, looking: tuple, near: np.ndarray, count: int
) -> int:
    """Adds people on the same stairs who belong to the other sheet already, or still."""
    x, y, radius, reach = looking
    hot, window, inverse = world.hot, world.windows[CELLS, other], world.law[0].per_cell
    left, right = _span(x, reach, inverse, window[0], window[2])
    low, high = _span(y, reach, inverse, window[1], window[3])
    for row in range(low, high):
        at = window[4] + row * window[2]
        for k in range(world.cell_start[at + left], world.cell_start[at + right]):
            dx = hot[0, k] - x
            dy = hot[1, k] - y
            off = dx * dx + dy * dy
            if hot[3, k] != np.float32(strip) or off >= reach * reach or count >= MOST_NEIGHBOURS - 8:
                continue
            near[DX, count] = dx
            near[DY, count] = dy
            near[OFF, count] = off
            near[CONTACT, count] = radius + hot[2, k]
            count += 1
    return count


@njit(**FAST)
def _only_seen(
    lines: np.ndarray, walls: np.ndarray, at: tuple[np.float32, np.float32], near: np.ndarray, count: int
) -> int:
    """Leaves out people behind walls; returns how many are left."""
    kept = 0
    for q in range(count):
        if is_cut(lines, walls, at, at[0] + near[DX, q], at[1] + near[DY, q]):
            continue
        for row in range(4):
            near[row, kept] = near[row, q]
        kept += 1
    return kept


@njit(**FAST)
def _turned(
    near: np.ndarray,
    count: int,
    wish: tuple[np.float32, np.float32],
    strength: np.float32,
    per_range: np.float32,
) -> tuple[np.float32, np.float32]:
    """Returns the wish turned away from the people around; also replaces squares of distances by distances.

    The exponential is the fifth-order series of a sixteenth of the exponent, raised to the sixteenth power: 4e-4 off at
    most, and it runs on several people at once.
    """
    sx, sy = ZERO, ZERO
    dx, dy, offs, contact = near[DX], near[DY], near[OFF], near[CONTACT]
    for q in range(count):
        off = np.float32(math.sqrt(offs[q])) + TINY
        offs[q] = off
        z = (contact[q] - off) * per_range
        z = min(MOST_EXPONENT, max(LEAST_EXPONENT, z)) * SIXTEENTH
        w = ONE + z * (ONE + z * (C2 + z * (C3 + z * (C4 + z * C5))))
        w = w * w
        w = w * w
        w = w * w
        w = w * w * strength / off
        sx -= w * dx[q]
        sy -= w * dy[q]
    return wish[0] + sx, wish[1] + sy


@njit(**FAST)
def _room_ahead(
    near: np.ndarray, count: int, way: tuple[np.float32, np.float32], tight: np.float32, slim: np.float32
) -> np.float32:
    """Returns the distance to touching the nearest person ahead, metres; distances are overwritten.

    Args:
        near: People near.
        count: How many.
        way: Direction, of length 1.
        tight: Share of the distance of contact that is kept; below 1 for who squeezes through.
        slim: Square of the share of it that counts to the sides; below 1 for who turns the shoulders to pass.

    Two loops, because the first one then runs on several people at once.
    """
    ex, ey = way
    dx, dy, offs, contact = near[DX], near[DY], near[OFF], near[CONTACT]
    for q in range(count):
        ahead = ex * dx[q] + ey * dy[q]
        beside = ex * dy[q] - ey * dx[q]
        touch = contact[q] * tight
        room = offs[q] - touch
        is_off = (ahead < ZERO) | (beside * beside > touch * touch * slim)
        offs[q] = WIDE_OPEN if is_off else room
    least = WIDE_OPEN
    for q in range(count):
        least = min(least, offs[q])
    return least


@njit(**FAST)
def _impatience(blocked: int, patience: int) -> np.float32:
    """Returns 0 for who is moving or has just stopped, rising to 1 with standing still."""
    if blocked <= patience:
        return ZERO
    return min(ONE, np.float32(blocked - patience) / np.float32(patience))


@njit(**FAST)
def _squeezing(blocked: int, patience: int) -> np.float32:
    """Returns 0 for who is moving, 1 for who has stood still for a while, up to 2 for who has for very long."""
    return _impatience(blocked, patience) + _impatience(blocked, LONG_PATIENCE * patience)


@njit(**FAST)
def _pad(near: np.ndarray, count: int) -> int:
    """Fills up with people too far to matter, so that loops end on a whole number of lanes; returns the new count."""
    full = (count + 7) & ~7
    for q in range(count, full):
        near[DX, q] = near[DY, q] = near[CONTACT, q] = ZERO
        near[OFF, q] = WIDE_OPEN
    return full


@njit(**FAST)
def draw(seed: int, one: int, two: int) -> np.float32:
    """Returns a number from 0 up to 1 that depends on nothing but the three given (32-bit mixing)."""
    mask = np.uint64(0xFFFFFFFF)
    h = np.uint64(seed) * np.uint64(0x9E3779B1) + np.uint64(one) * np.uint64(0x85EBCA77)
    h = (h + np.uint64(two) * np.uint64(0xC2B2AE3D)) & mask
    h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x7FEB352D)) & mask
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(0x846CA68B)) & mask
    h = h ^ (h >> np.uint64(16))
    return np.float32(h >> np.uint64(8)) * np.float32(1 / 16777216)


@njit(**HOT)
def _wish(world: World, i: int, step: int, wall_bin: int) -> tuple[np.float32, np.float32]:
    """Returns where a person wants to go, of length 1 or almost."""
    person, law = world.people[i], world.law[0]
    at = (person.x, person.y)
    ex, ey = ZERO, ZERO
    b = bin_at(world.windows[DOORS, person.sheet], law.per_line_bin, at[0], at[1])
    if world.start[b + 1] > world.start[b]:
        ex, ey = exit_way(world, person.field, b, at)
    if ex == ZERO and ey == ZERO:
        ex, ey = field_way(world, person.field, person.sheet, at, wall_bin)
    if ex == ZERO and ey == ZERO:
        ex, ey = person.way_x, person.way_y
    if law.noise > ZERO:
        aside = law.noise * (ONE + law.unrest * _impatience(person.blocked, law.patience))
        aside *= (draw(law.seed, person.id, step // law.second) - HALF) * TWO
        ex, ey = ex - aside * ey, ey + aside * ex
    return ex, ey


@njit(**HOT)
def _pace_factors(world: World, i: int) -> tuple[np.float32, np.float32]:
    """Returns the factors of speed and time gap where a person stands, by the way they last went."""
    person = world.people[i]
    if person.strip == 0:
        return ONE, ONE
    strip = world.strips[person.strip]
    climb = person.way_x * strip.up_x + person.way_y * strip.up_y
    share = HALF * (ONE + climb)
    return share * strip.up_speed + (ONE - share) * strip.down_speed, strip.time_gap


@njit(**HOT)
def _is_at_door(world: World, i: int) -> bool:
    """True for who stands close to a door."""
    person = world.people[i]
    b = bin_at(world.windows[DOORS, person.sheet], world.law[0].per_line_bin, person.x, person.y)
    return world.start[b + 1] > world.start[b]


@njit(**HOT)
def _look(world: World, k: int, i: int, reach: np.float32, near: np.ndarray) -> int:
    """Collects the people a person sees within reach; returns how many."""
    person, law = world.people[i], world.law[0]
    looking = (person.x, person.y, person.radius, reach)
    person.is_narrow = 0
    count = _gather(world, person.sheet, k, looking, near)
    if person.strip != 0 and world.strips[person.strip].lower >= 0:
        other = world.strips[person.strip].lower + world.strips[person.strip].upper - person.sheet
        count = _gather_other_sheet(world, other, person.strip, looking, near, count)
    b = bin_at(world.windows[SIGHT, person.sheet], law.per_sight_bin, person.x, person.y)
    if world.start[b] != world.start[b + 1]:
        person.is_narrow = IN_NARROWING
        walls = world.items[world.start[b] : world.start[b + 1]]
        count = _only_seen(world.lines, walls, (person.x, person.y), near, count)
    elif _is_at_door(world, i):
        person.is_narrow = AT_DOOR
    return _pad(near, count)


@njit(**HOT)
def _walk(world: World, k: int, i: int, step: int, near: np.ndarray) -> None:
    """Moves one person by one step."""
    person, law = world.people[i], world.law[0]
    at = (person.x, person.y)
    wall_bin = bin_at(world.windows[WALLS, person.sheet], law.per_line_bin, at[0], at[1])
    walls = world.items[world.start[wall_bin] : world.start[wall_bin + 1]]
    wish = _wish(world, i, step, wall_bin)
    pace_factor, gap_factor = _pace_factors(world, i)
    speed, gap = person.speed * pace_factor, person.time_gap * gap_factor
    count = _look(world, k, i, person.radius + law.most_radius + max(speed * gap, law.reach), near)
    way = _turned(near, count, wish, law.strength, law.per_range)
    if len(walls):
        body = (person.radius, law.wall_strength, law.per_wall_range, law.wall_reach, law.off_wall)
        way = turn_off_walls(world.lines, walls, at, way, body)
    else:
        way = unit(way[0], way[1])
    tight, slim = ONE, ONE
    if person.is_narrow == IN_NARROWING:
        slim = law.slim * law.slim
    if person.is_narrow:
        tight -= law.squeeze * _squeezing(person.blocked, law.patience)
    wanted = min(speed, max(ZERO, _room_ahead(near, count, way, tight, slim) / gap))
    person.blocked = person.blocked + 1 if wanted < law.still else 0
    if way[0] == ZERO and way[1] == ZERO:
        wanted = ZERO
    person.wanted = wanted
    person.way_x, person.way_y = way[0], way[1]
    move = (wanted * law.dt * way[0], wanted * law.dt * way[1])
    if len(walls):
        move = slide(world.lines, walls, at, move)
    _put(world, i, move)


@njit(**HOT)
def _put(world: World, i: int, move: tuple[np.float32, np.float32]) -> None:
    """Writes the new position, and which door lies on the way there."""
    person, law = world.people[i], world.law[0]
    x, y = person.x, person.y
    mx, my = move
    b = bin_at(world.windows[DOORS, person.sheet], law.per_line_bin, x, y)
    for item in range(world.start[b], world.start[b + 1]):
        if crosses(world.lines[world.items[item]], x, y, x + mx, y + my):
            person.crossed = world.items[item] - law.first_door
            person.old_x, person.old_y = x, y
            break
    off = np.float32(math.sqrt(mx * mx + my * my))
    person.x, person.y = x + mx, y + my
    person.pace = off / law.dt
    person.walked += off
    if law.has_strips:
        _note_strip(world, i)


@njit(**FAST)
def _note_strip(world: World, i: int) -> None:
    """Notes the strip under a person, and the sheet when a switch line was crossed."""
    person = world.people[i]
    at = bin_at(world.windows[NODES, person.sheet], world.law[0].per_node, person.x, person.y)
    number = world.strip_at[at]
    person.strip = number
    if number != 0:
        strip = world.strips[number]
        if strip.lower >= 0:
            up = person.x * strip.up_x + person.y * strip.up_y
            person.sheet = strip.upper if up > strip.level else strip.lower


@njit(**FAST)
def _leave(world: World, k: int, i: int, near: np.ndarray) -> None:
    """Moves somebody on behind an exit, straight ahead, and takes them out of the way after a while."""
    person, law = world.people[i], world.law[0]
    reach = person.radius + law.most_radius + person.speed * person.time_gap
    count = _gather(world, person.sheet, k, (person.x, person.y, person.radius, reach), near)
    for q in range(count):
        near[OFF, q] = np.float32(math.sqrt(near[OFF, q]))
    room = _room_ahead(near, count, (person.way_x, person.way_y), ONE, ONE)
    pace = max(HALF * person.speed, min(person.speed, room / person.time_gap))
    person.x += pace * law.dt * person.way_x
    person.y += pace * law.dt * person.way_y
    person.behind += pace * law.dt
    if person.behind >= law.leaving:
        person.state = OUT


@njit(**FAST)
def _move_block(world: World, first: int, last: int, step: int, near: np.ndarray) -> None:
    for k in range(first, last):
        i = world.cell_items[k]
        state = world.people[i].state
        if state == LEAVING:
            _leave(world, k, i, near)
        elif state == INSIDE and step >= world.people[i].starts:
            _walk(world, k, i, step, near)
        else:
            world.people[i].pace = ZERO


@njit(parallel=True, **WHOLE)
def move_all(world: World, present: int, step: int) -> None:
    """Moves everybody who is there by one step.

    Args:
        world: With cells sorted.
        present: How many are there.
        step: Number of the step.
    """
    blocks = (present + BLOCK - 1) // BLOCK
    for block in prange(blocks):
        near = np.empty((4, MOST_NEIGHBOURS), np.float32)
        _move_block(world, block * BLOCK, min(present, (block + 1) * BLOCK), step, near)
