# SPDX-License-Identifier: Apache-2.0
"""Doors after each step: who may cross, who waits, whom a lane serves; and the steps of one second (compiled)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from hamkor.simulation.micro.shapes import ABSENT, INSIDE, LEAVING, OUT, World
from hamkor.simulation.micro.stepping import draw, move_all, sort_people
from hamkor.simulation.micro.walking import FAST, ONE, ZERO

MOST_TOKENS = np.float32(1.5)
"""What a door that nobody crosses saves up; a little more than one, so that its rate is not lost between two people."""
UNLIMITED = np.float32(1e30)
"""A rate of a door above which nothing limits it."""


class Log(NamedTuple):
    """Crossings of the last steps, in order.

    Attributes:
        door: int16.
        id: Index in the crowd, int32.
        step: int32.
        side: int8.
        filled: How many there are, int64 (1,).
    """

    door: np.ndarray
    id: np.ndarray
    step: np.ndarray
    side: np.ndarray
    filled: np.ndarray


@njit(**FAST)
def _serve(world: World, i: int, number: int, now: float) -> bool:
    """Returns True when a turnstile lane has served a person; gives them a lane when one is free."""
    person, door, law, free_at = world.people[i], world.doors[number], world.law[0], world.free_at
    if person.serving == number:
        return now >= person.served_at
    best = -1
    for lane in range(door.first_lane, door.first_lane + door.servers):
        if free_at[lane] <= now and (best < 0 or free_at[lane] < free_at[best]):
            best = lane
    if best < 0:
        return False
    service = float(door.service)
    if law.is_spread:
        service *= -math.log(1.0 - float(draw(law.seed + 7, person.id, number)))
    ends = max(free_at[best], now - float(law.dt)) + service
    free_at[best] = ends
    person.serving = number
    person.served_at = ends
    return now >= ends


@njit(**FAST)
def _may_pass(world: World, i: int, number: int, now: float) -> bool:
    """Returns True when a person may cross a door now."""
    door = world.doors[number]
    if door.is_shut:
        return False
    if door.servers > 0:
        return _serve(world, i, number, now)
    if door.rate < UNLIMITED:
        if door.tokens < ONE:
            return False
        door.tokens -= ONE
    return True


@njit(**FAST)
def _is_left(world: World, i: int, number: int) -> bool:
    person, door = world.people[i], world.doors[number]
    return (door.bx - door.ax) * (person.y - door.ay) - (door.by - door.ay) * (person.x - door.ax) > ZERO


@njit(**FAST)
def _note(world: World, log: Log, i: int, number: int, step: int) -> None:
    at = log.filled[0]
    log.door[at] = number
    log.id[at] = world.people[i].id
    log.step[at] = step
    log.side[at] = -1 if _is_left(world, i, number) else 1
    log.filled[0] = at + 1


@njit(**FAST)
def _let_out(world: World, i: int, number: int, step: int) -> None:
    """Lets somebody leave: straight on over the line until they are out of the way."""
    person, door = world.people[i], world.doors[number]
    ux, uy = door.bx - door.ax, door.by - door.ay
    length = np.float32(math.sqrt(ux * ux + uy * uy))
    sign = ONE if _is_left(world, i, number) else -ONE
    person.way_x, person.way_y = -uy / length * sign, ux / length * sign
    person.state = LEAVING if world.law[0].leaving > ZERO else OUT
    person.behind = ZERO
    person.left_at = step
    person.exit = number


@njit(**FAST)
def settle(world: World, log: Log, active: int, step: int) -> None:
    """Settles all crossings of a step, in the order of the people.

    Args:
        world: After everybody moved.
        log: Crossings are added.
        active: How many people may be there.
        step: Number of the step that ends.
    """
    now = step * float(world.law[0].dt)
    for number in range(len(world.doors)):
        door = world.doors[number]
        if door.rate < UNLIMITED:
            door.tokens = min(door.tokens + door.rate, max(MOST_TOKENS, door.rate))
    for i in range(active):
        person = world.people[i]
        number = person.crossed
        if number < 0:
            continue
        person.crossed = -1
        if world.doors[number].is_goal and not world.aims[person.field, number]:
            continue
        if not _may_pass(world, i, number, now):
            person.x, person.y = person.old_x, person.old_y
            person.pace = ZERO
            person.wanted = ZERO
            continue
        person.serving = -1
        _note(world, log, i, number, step)
        if world.doors[number].leads_out or world.doors[number].is_goal:
            _let_out(world, i, number, step)


@njit(**FAST)
def appear(world: World, there: int, active: int, step: int) -> None:
    """Lets people appear whose time has come, when nobody stands in their place.

    Args:
        world: Everything.
        there: From which place on people wait to appear.
        active: How many people may be there, or wait.
        step: Number of the step that begins.
    """
    for i in range(there, active):
        person = world.people[i]
        if person.state == ABSENT and _is_room(world, i, active):
            person.state = INSIDE
            person.anchor_step = step


@njit(**FAST)
def _is_room(world: World, i: int, active: int) -> bool:
    person = world.people[i]
    for j in range(active):
        other = world.people[j]
        if other.state == ABSENT or other.state == OUT or other.sheet != person.sheet:
            continue
        dx, dy = other.x - person.x, other.y - person.y
        contact = person.radius + other.radius
        if dx * dx + dy * dy < contact * contact:
            return False
    return True


@njit(cache=True, nogil=True)
def advance(world: World, log: Log, active: int, first: int, last: int) -> int:
    """Does steps; returns the number of persons moved, summed over them.

    Args:
        world: Everything.
        log: Crossings; must have room for all people once per step.
        active: How many people may be there.
        first: Number of the first step.
        last: Number after the last step.
    """
    moved = 0
    for step in range(first, last):
        present = sort_people(world, active)
        move_all(world, present, step)
        settle(world, log, active, step + 1)
        moved += present
    return moved
