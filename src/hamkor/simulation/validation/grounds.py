# SPDX-License-Identifier: Apache-2.0
"""Grounds of the cases, built of boxes: floors with doors and the ground people start on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from hamkor.simulation.measures.tracks import Floats
from hamkor.simulation.rules.floors import Door, Floors, Segment, Sheet, Start, Strip

Point = tuple[float, float]


def door(door_id: str, line: Segment, *, leads_out: bool = True, sheet: int = 0) -> Door:
    """Returns a door that only bodies limit.

    Args:
        door_id: Its id.
        line: Its two ends in metres.
        leads_out: Who crosses it has arrived.
        sheet: Index of the sheet it lies on.
    """
    return Door(id=door_id, sheet=sheet, line=line, leads_out=leads_out)


def flat(walkable: Any, doors: tuple[Door, ...], *, starts: tuple[Start, ...] = ()) -> Floors:
    """Returns floors of one storey without stairs.

    Args:
        walkable: Shapely polygon in metres.
        doors: Doors on it.
        starts: Where people stand.
    """
    return Floors(sheets=(Sheet(level=0.0, walkable=walkable),), doors=doors, starts=starts)


def start(ground: Any, people: int, *, place: str = "start", sheet: int = 0) -> Start:
    """Returns ground on which people stand at the beginning.

    Args:
        ground: Shapely polygon in metres.
        people: How many.
        place: Id of the place.
        sheet: Its sheet.
    """
    return Start(place=place, sheet=sheet, ground=ground, people=people)


def corridor(length_m: float, width_m: float, *, before_m: float = 1.0) -> Floors:
    """Returns a corridor along x that people leave at its far end.

    Args:
        length_m: Way from x = 0 to the exit.
        width_m: From y = 0 upwards.
        before_m: Ground behind x = 0.
    """
    walkable = box(-before_m, 0.0, length_m, width_m)
    return flat(walkable, (door("end", ((length_m, 0.0), (length_m, width_m))),))


def room_with_exits(length_m: float, width_m: float, exits: dict[str, tuple[str, float, float]]) -> Floors:
    """Returns a rectangular room with exits in its walls.

    Args:
        length_m: Along x.
        width_m: Along y.
        exits: By id: wall (`west`, `east`, `south`, `north`), where along it the exit begins, and its width, metres.
    """
    doors = tuple(
        door(name, _in_wall(wall, (at, at + width), size=(length_m, width_m)))
        for name, (wall, at, width) in exits.items()
    )
    return flat(box(0, 0, length_m, width_m), doors)


def corner(leg_m: float, width_m: float) -> Floors:
    """Returns a corridor along x that turns left into one along y; people leave at its end.

    Args:
        leg_m: Outer length of each leg, metres.
        width_m: Width of both.
    """
    walkable = unary_union([box(0, 0, leg_m, width_m), box(leg_m - width_m, 0, leg_m, leg_m)])
    return flat(walkable, (door("end", ((leg_m - width_m, leg_m), (leg_m, leg_m))),))


def turned(floors: Floors, degrees: float) -> Floors:
    """Returns the same floors turned around the origin, anticlockwise.

    Args:
        floors: Floors of any kind.
        degrees: Angle.
    """
    from shapely.affinity import rotate

    def turn(shape: Any) -> Any:
        return rotate(shape, degrees, origin=(0, 0))

    def turn_line(line: Segment) -> Segment:
        first, second = (turn_point(end, degrees) for end in line)
        return (first, second)

    return Floors(
        sheets=tuple(Sheet(level=sheet.level, walkable=turn(sheet.walkable)) for sheet in floors.sheets),
        doors=tuple(
            Door(id=each.id, sheet=each.sheet, line=turn_line(each.line), leads_out=each.leads_out)
            for each in floors.doors
        ),
        starts=tuple(
            Start(place=each.place, sheet=each.sheet, ground=turn(each.ground), people=each.people)
            for each in floors.starts
        ),
    )


def turn_point(point: Point, degrees: float) -> Point:
    """Returns a point turned around the origin, anticlockwise."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (point[0] * cosine - point[1] * sine, point[0] * sine + point[1] * cosine)


def with_vertices(floors: Floors, times: int) -> Floors:
    """Returns the same floors with every edge of the ground drawn in more pieces.

    Args:
        floors: Floors of one storey.
        times: Pieces of each edge.
    """
    sheet = floors.sheets[0]
    fine = Polygon(
        _in_pieces(sheet.walkable.exterior, times),
        [_in_pieces(hole, times) for hole in sheet.walkable.interiors],
    )
    return Floors(sheets=(Sheet(level=sheet.level, walkable=fine),), doors=floors.doors, starts=floors.starts)


def stand_in_lattice(ground: Any, per_m2: float, *, seed: int, jitter: float = 0.03) -> Floats:
    """Returns places of people spread evenly: a triangular lattice, each moved a little at random; shape (people, 2).

    Args:
        ground: Shapely polygon in metres; people keep inside it.
        per_m2: Density.
        seed: Of the random moves.
        jitter: Standard deviation of a move, as a share of the spacing.
    """
    spacing = math.sqrt(2 / (math.sqrt(3) * per_m2))
    west, south, east, north = ground.bounds
    rows = max(1, round((north - south) / (spacing * math.sqrt(3) / 2)))
    height = (north - south) / rows
    width = 1 / (per_m2 * height)
    places = []
    for row in range(rows):
        x = np.arange(west + width * (0.25 + 0.5 * (row % 2)), east, width)
        places.append(np.column_stack([x, np.full(len(x), south + (row + 0.5) * height)]))
    found = np.vstack(places)
    found += np.random.default_rng(seed).normal(0, jitter * min(width, height), found.shape)
    return np.asarray(found[shapely.contains_xy(ground, found[:, 0], found[:, 1])])


def strip(strip_id: str, ground: Any, *, sheets: tuple[int, int] = (0, 0), **more: Any) -> Strip:
    """Returns stairs or a ramp.

    Args:
        strip_id: Its id.
        ground: Shapely polygon in metres.
        sheets: Sheet of its lower and of its upper end.
        more: Other fields of `Strip`.
    """
    return Strip(id=strip_id, sheet=sheets[0], upper_sheet=sheets[1], ground=ground, **more)


def _in_wall(wall: str, span: tuple[float, float], *, size: tuple[float, float]) -> Segment:
    first, last = span
    at = {"west": 0.0, "east": size[0], "south": 0.0, "north": size[1]}[wall]
    if wall in ("west", "east"):
        return ((at, first), (at, last))
    return ((first, at), (last, at))


def _in_pieces(ring: Any, times: int) -> Floats:
    corners = np.asarray(ring.coords)
    shares = np.arange(times) / times
    edges = corners[1:] - corners[:-1]
    points = corners[:-1, None, :] + shares[None, :, None] * edges[:, None, :]
    return np.asarray(points).reshape(-1, 2)


def with_yards(floors: Floors, *, wall_m: float = 0.2, depth_m: float = 3.0, aside_m: float = 1.5) -> Floors:
    """Returns the same floors with a yard behind every exit, whose far side is the exit now.

    So nothing that an engine does with people who have left can reach back into the door.

    Args:
        floors: Floors of one storey around their middle; exits in straight walls.
        wall_m: How thick the wall is.
        depth_m: How deep a yard is.
        aside_m: How much wider than the door it is on each side.
    """
    sheet = floors.sheets[0]
    middle = np.array(sheet.walkable.centroid.coords[0])
    parts, doors = [sheet.walkable], []
    for each in floors.doors:
        first, last = np.array(each.line)
        aside = (last - first) / np.linalg.norm(last - first)
        out = np.array([aside[1], -aside[0]])
        out *= np.sign(out @ ((first + last) / 2 - middle))
        near, far = out * wall_m, out * (wall_m + depth_m)
        corners = (first - aside * aside_m, last + aside * aside_m)
        parts.append(
            Polygon([first - out * 0.01, last - out * 0.01, last + near * 1.05, first + near * 1.05])
        )
        parts.append(Polygon([corners[0] + near, corners[1] + near, corners[1] + far, corners[0] + far]))
        line = (tuple((corners[0] + far).tolist()), tuple((corners[1] + far).tolist()))
        doors.append(door(each.id, line))
    return flat(unary_union(parts), tuple(doors), starts=floors.starts)
