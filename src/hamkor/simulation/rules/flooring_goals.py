# SPDX-License-Identifier: Apache-2.0
"""The ground for people who come in: spots behind the gates where they appear, lines on which they have arrived."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from hamkor.simulation.rules.floors import Door, Floors
from hamkor.simulation.rules.laying_limits import LayingLimits, laying_limits

GOAL = "/in"
SIMPLER_M = 0.2
LEAST_LINE_M = 0.1
PROBE_M = 3.0
"""Ground is looked for so far on both sides of a gate."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Where people appear who come in by a gate.

    Args:
        gate: Id of the link.
        sheet: Index of the sheet.
        spots: Points in metres, next to each other along the gate.
    """

    gate: str
    sheet: int
    spots: tuple[tuple[float, float], ...]


def goal_id(place: str) -> str:
    """Returns the id of the lines on which people have arrived in a place."""
    return place + GOAL


def goal_place(door: str) -> str | None:
    """Returns the place in which people have arrived on a line, None when it is no such line.

    Args:
        door: Id of the line.
    """
    place = door.removesuffix(GOAL)
    return place if place != door else None


def turn_inwards(floors: Floors) -> Floors:
    """Returns the ground with nothing that leads out, and with lines on which people have arrived in their places.

    Args:
        floors: The ground of ingress, whose starts are the places people want to get to.

    Notes:
        The line runs round the whole place, so that nobody needs to know by which door people come to it.

    Source: `arrived_m` of `profiles/laying.yaml`.
    """
    goals = [
        Door(id=goal_id(start.place), sheet=start.sheet, line=line, is_goal=True)
        for start in floors.starts
        for line in _goal_lines(start.ground)
    ]
    inner = [door for door in floors.doors if not door.leads_out]
    return msgspec.structs.replace(floors, doors=(*inner, *goals), starts=())


def entries_of(floors: Floors, gates: Iterable[str]) -> dict[str, Entry]:
    """Returns where people appear behind gates, by the id of the gate; those the ground does not have are missing.

    Args:
        floors: The ground of ingress with its gates, as it was built.
        gates: Ids of the links people come in by.
    """
    wanted = set(gates)
    found: dict[str, Entry] = {}
    for door in floors.doors:
        if not door.leads_out or door.id not in wanted:
            continue
        spots = _spots(door, floors.sheets[door.sheet].walkable)
        known = found.get(door.id)
        if known is not None and known.sheet == door.sheet:
            spots = (*known.spots, *spots)
        if spots:
            found[door.id] = Entry(gate=door.id, sheet=door.sheet, spots=spots)
    return found


def _goal_lines(ground: Any) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    """Yields the sides of the ground that is left when its edge is taken away."""
    import shapely

    for part in shapely.get_parts(ground):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        radius_m = float(shapely.maximum_inscribed_circle(part).length)
        inner = part.buffer(-min(laying_limits().arrived_m, radius_m / 2), join_style="mitre")
        for ring in _rings(inner.simplify(SIMPLER_M)):
            points = [(float(x), float(y)) for x, y in ring.coords]
            yield from (
                (first, last) for first, last in pairwise(points) if math.dist(first, last) >= LEAST_LINE_M
            )


def _rings(shape: Any) -> Iterable[Any]:
    import shapely

    for polygon in shapely.get_parts(shape):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            yield polygon.exterior
            yield from polygon.interiors


def _spots(door: Door, walkable: Any) -> tuple[tuple[float, float], ...]:
    """Returns points behind a gate where somebody can stand, on the side that has more ground."""
    import shapely

    limits = laying_limits()
    (ax, ay), (bx, by) = door.line
    width_m = math.dist(*door.line)
    ux, uy = (bx - ax) / width_m, (by - ay) / width_m
    sides = [(-uy, ux), (uy, -ux)]

    def ground(side: tuple[float, float]) -> Any:
        far = [(x + PROBE_M * side[0], y + PROBE_M * side[1]) for x, y in ((bx, by), (ax, ay))]
        return shapely.Polygon([(ax, ay), (bx, by), *far]).intersection(walkable)

    inwards = max(sides, key=lambda side: float(ground(side).area))
    standing = walkable.buffer(-limits.person_width_m / 3)
    along = _along(width_m, limits)
    spots = [
        (ax + ux * at + inwards[0] * limits.entry_m, ay + uy * at + inwards[1] * limits.entry_m)
        for at in along
    ]
    free = tuple(spot for spot in spots if shapely.intersects_xy(standing, *spot))
    if free:
        return free
    rest = ground(inwards).intersection(standing)
    if rest.is_empty:
        return ()
    point = rest.representative_point()
    return ((float(point.x), float(point.y)),)


def _along(width_m: float, limits: LayingLimits) -> list[float]:
    """Returns where along a gate people appear: as many as find room beside each other, the same on both sides."""
    count = max(1, math.floor((width_m - limits.person_width_m) / limits.entry_step_m + 1e-6) + 1)
    first = (width_m - (count - 1) * limits.entry_step_m) / 2
    return [first + number * limits.entry_step_m for number in range(count)]
