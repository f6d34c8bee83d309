# SPDX-License-Identifier: Apache-2.0
"""Whether everybody on the ground can reach an exit, and has room to stand."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.common.messages import N_
from hamkor.simulation.rules.floors import Floors, Segment, Start
from hamkor.simulation.rules.laying_faults import Faults
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.laying_shapes import polygons_of

Node = tuple[int, int]
NEAR_M = 0.3
"""A line belongs to the ground it lies on, or this near to."""
PROBES = (0.5, 0.25, 0.75, 0.1, 0.9)
LEAST_FREE_SHARE = 0.8
TOUCH_M = 0.05
LEAST_LOST_SHARE = 0.02
"""Ground cut off that is less than this share of a place is a nook, not worth a word."""


def check_floors(floors: Floors) -> Floors:
    """Returns floors with the faults of their ground added: cut off from every exit, too crowded.

    Args:
        floors: Floors, such as those built by hand.
    """
    faults = Faults({})
    faults.extend(floors.faults)
    mended = say_cut_off(floors, faults)
    say_crowding(mended, faults)
    say_blocked_doors(mended, faults)
    return msgspec.structs.replace(mended, faults=faults.listed())


def say_cut_off(floors: Floors, faults: Faults) -> Floors:
    """Returns floors on which nobody starts where no exit can be reached; says where whole areas are cut off.

    Args:
        floors: The floors.
        faults: Where faults are said.
    """
    import shapely

    parts = [list(shapely.get_parts(sheet.walkable)) for sheet in floors.sheets]
    reached = _reached(floors, parts)
    starts = []
    for start in floors.starts:
        free = [parts[start.sheet][index] for at, index in reached if at == start.sheet]
        ground = start.ground.intersection(shapely.union_all(free)) if free else None
        if ground is None or ground.area < laying_limits().least_ground_m2:
            faults.add(
                "no-way-on-floor",
                start.place,
                N_("On the ground no way leads from “{name}” with its {people} people to an exit."),
                remedy=N_("Draw its doors and stairs on its border, and their clear width."),
                is_fatal=True,
                people=start.people,
            )
            starts.append(start)
            continue
        starts.append(_kept(start, polygons_of(ground), faults))
    return msgspec.structs.replace(floors, starts=tuple(starts))


def say_crowding(floors: Floors, faults: Faults) -> None:
    """Says which places have more people than can stand on their ground.

    Args:
        floors: The floors.
        faults: Where faults are said.
    """
    most = laying_limits().most_people_per_m2
    for start in floors.starts:
        if start.people > most * start.ground.area:
            faults.add(
                "people-do-not-fit",
                start.place,
                N_("{people} people cannot stand on the {area_m2} m² of “{name}”."),
                remedy=N_("Correct the number of people or the outline; {most} people per m² is the most."),
                is_fatal=True,
                people=start.people,
                area_m2=round(start.ground.area, 1),
                most=most,
            )


def say_blocked_doors(floors: Floors, faults: Faults) -> None:
    """Says which doors open onto something people cannot walk on: a stage, a barrier, another area.

    Args:
        floors: The floors.
        faults: Where faults are said.
    """
    import shapely

    for door in floors.doors:
        line = shapely.LineString(door.line)
        free_m = float(line.intersection(floors.sheets[door.sheet].walkable.buffer(TOUCH_M)).length)
        if free_m < LEAST_FREE_SHARE * line.length:
            faults.add(
                "door-blocked",
                door.id,
                N_("Only {free_m} of the {width_m} m of “{name}” lie on free ground."),
                remedy=N_("People were let through what is free. Move what stands there, or the door."),
                free_m=round(free_m, 2),
                width_m=round(float(line.length), 2),
            )


def _kept(start: Start, ground: Any, faults: Faults) -> Start:
    """Returns a start on ground that leads out, and says when much of it is cut off."""
    lost_m2 = float(start.ground.area - ground.area)
    if lost_m2 <= LEAST_LOST_SHARE * start.ground.area:
        return msgspec.structs.replace(start, ground=ground) if lost_m2 > 0 else start
    faults.add(
        "ground-cut-off",
        start.place,
        N_("{area_m2} m² of “{name}” are cut off from every exit."),
        remedy=N_("Nobody was put there. Draw the door that leads there."),
        area_m2=round(lost_m2, 1),
    )
    return msgspec.structs.replace(start, ground=ground)


def _reached(floors: Floors, parts: list[list[Any]]) -> set[Node]:
    """Returns the connected pieces of ground, by sheet and index, from which an exit can be reached."""
    steps: dict[Node, set[Node]] = {}
    for strip in floors.strips:
        if strip.switch is None:
            continue
        low = _nodes_at(parts, strip.sheet, strip.switch)
        high = _nodes_at(parts, strip.upper_sheet, strip.switch)
        for first in low:
            for last in high:
                steps.setdefault(first, set()).add(last)
                steps.setdefault(last, set()).add(first)
    ahead = [
        node for door in floors.doors if door.leads_out for node in _nodes_at(parts, door.sheet, door.line)
    ]
    reached = set(ahead)
    while ahead:
        for node in steps.get(ahead.pop(), set()) - reached:
            reached.add(node)
            ahead.append(node)
    return reached


def _nodes_at(parts: list[list[Any]], sheet: int, line: Segment) -> list[Node]:
    """Returns the piece of ground a line lies on: the one under its middle, else under another point of it."""
    import shapely

    (first, last), grounds = line, parts[sheet]
    for share in PROBES:
        point = shapely.Point(*(a + (b - a) * share for a, b in zip(first, last, strict=True)))
        near = [index for index, ground in enumerate(grounds) if ground.distance(point) <= NEAR_M]
        if near:
            return [(sheet, min(near, key=lambda index: float(grounds[index].distance(point))))]
    return []
